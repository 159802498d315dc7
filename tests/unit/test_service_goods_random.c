/*
 * test_service_goods_random.c -- ListGoods against the measures that guards go by, and
 * a lot's chain against the movements of its holders, on goods that moved by chance.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "../tests/lib/served_book.h"
#include "base/time.h"
#include "books/goods_core.h"
#include "books/look.h"
#include "daybook/v1/service.pb-c.h"

#define AGENTS 5u
#define SKUS 3u
#define EVENTS 400u
#define ROWS_MAX 64u
#define LINES_MAX 16384u

/* 2025-01-01. */
#define FIRST_DAY 20089

static struct served_book book;
static struct random_source chance;
static unsigned serial, day;
static unsigned seen_sold, seen_old, seen_lines; /* the tests look at something */

static unsigned
pick(unsigned below)
{
	return (unsigned)random_below(&chance, below);
}

/* ------------------------------------------------------------------------ the world */

/* EVENT, a body, on the newest day. */
static void
put(struct dbk_buf *events, const char *event)
{
	int year, month, day_of_month;

	dbk_time_civil_of_days(FIRST_DAY + day, &year, &month, &day_of_month);
	dbk_buf_printf(events, "%s{'effectiveAt':'%04d-%02d-%02dT00:00:00Z',%s}",
		       events->size == 0 ? "" : ",", year, month, day_of_month, event);
}

static void
send(struct dbk_buf *events)
{
	dbk_buf_put_u8(events, '\0');
	served_book_append(&book, "shop", (const char *)events->bytes);
	dbk_buf_reset(events);
}

static void
open_book(void)
{
	struct dbk_buf events;
	char event[160];

	served_book_open(&book);
	serial = day = 0;
	dbk_buf_init(&events);
	put(&events, "'bookOpened':{'book':'tea','currency':'CNY'}");
	for (unsigned i = 0; i < SKUS; i++) {
		(void)snprintf(event, sizeof event,
			       "'skuDefined':{'sku':'s%u','revision':1,'listPrice':%u}",
			       i, 10 + i);
		put(&events, event);
		(void)snprintf(
		    event, sizeof event,
		    "'lotRegistered':{'lot':'l%u','sku':'s%u','qty':1000000}", i, i);
		put(&events, event);
	}
	for (unsigned i = 0; i < AGENTS; i++) {
		(void)snprintf(event, sizeof event, "'agentEnrolled':{'agent':'a%u'}",
			       i);
		put(&events, event);
	}
	send(&events);
	dbk_buf_fini(&events);
}

/* Something moves, or is refused. */
static void
put_chance(struct dbk_buf *events, bool with_returns)
{
	unsigned sku = pick(SKUS), from = pick(AGENTS), to = pick(AGENTS), price = 5;
	unsigned qty = 1 + pick(9), n = serial++;
	const char *place = pick(3) == 0 ? "CLOUD" : "PHYSICAL";
	char line[120], event[400], lot[16] = "";

	if (pick(2) == 0)
		(void)snprintf(lot, sizeof lot, "l%u", sku);
	(void)snprintf(line, sizeof line,
		       "'lines':[{'line':1,'sku':'s%u','lot':'%s','qty':%u,"
		       "'unitPrice':%u}]",
		       sku, lot, qty, price);
	switch (pick(with_returns ? 6 : 5)) {
	case 0:
	case 1:
		(void)snprintf(event, sizeof event,
			       "'stockIssued':{'transfer':'t%u','to':{'agent':'a%u'},"
			       "'place':'%s',%s}",
			       n, to, place, line);
		break;
	case 2:
		(void)snprintf(
		    event, sizeof event,
		    "'saleRecorded':{'order':'o%u','seller':'a%u','buyer':'c%u',"
		    "'fulfilment':'HOLDER_SHIP',%s,'paid':%u,'psp':'w','pspTxn':'%u',"
		    "'deliveredAt':'2025-01-01T00:00:00Z'}",
		    n, from, pick(4), line, qty * price, n);
		break;
	case 3:
		(void)snprintf(event, sizeof event,
			       "'stockTransferred':{'transfer':'t%u','from':{'agent':"
			       "'a%u'},'to':{'agent':'a%u'},'fromPlace':'%s',%s}",
			       n, from, to, place, line);
		break;
	case 4:
		(void)snprintf(event, sizeof event,
			       "'stockConsumed':{'document':'d%u','holder':{'agent':"
			       "'a%u'},'kind':'CONSUMED_SAMPLE',%s}",
			       n, from, line);
		break;
	default:
		(void)snprintf(event, sizeof event,
			       "'stockReturned':{'document':'d%u','agent':'a%u',%s}", n,
			       from, line);
	}
	put(events, event);
}

static void
move_goods(unsigned n, bool with_returns)
{
	struct dbk_buf events;

	dbk_buf_init(&events);
	for (unsigned i = 0; i < n; i++) {
		if (pick(3) == 0)
			day += pick(8) == 0 ? pick(90) : pick(4);
		put_chance(&events, with_returns);
		if (pick(8) == 0 || i + 1 == n)
			send(&events);
	}
	dbk_buf_fini(&events);
}

/* ------------------------------------------------------------------------ ListGoods */

struct rows {
	Daybook__V1__Goods *rows[ROWS_MAX];
	Daybook__V1__ListGoodsReply *replies[ROWS_MAX];
	unsigned n, n_replies;
};

/* All rows of a request whose members are WHAT, page by page. */
static void
list_goods(const char *what, bool paged, struct rows *out)
{
	char request[256], token[64] = "";

	memset(out, 0, sizeof *out);
	do {
		Daybook__V1__ListGoodsReply *reply;

		(void)snprintf(request, sizeof request, "{%s,'pageSize':%u%s%s%s}",
			       what, paged ? 1 + pick(4) : ROWS_MAX,
			       token[0] == '\0' ? "" : ",'pageToken':'", token,
			       token[0] == '\0' ? "" : "'");
		(void)served_book_call(&book, "ListGoods", request);
		reply = daybook__v1__list_goods_reply__unpack(NULL, book.reply.size,
							      book.reply.bytes);
		if (!CHECK(reply != NULL && out->n_replies < ROWS_MAX &&
			   out->n + reply->n_goods <= ROWS_MAX))
			exit(1);
		out->replies[out->n_replies++] = reply;
		for (size_t i = 0; i < reply->n_goods; i++)
			out->rows[out->n++] = reply->goods[i];
		(void)snprintf(token, sizeof token, "%s", reply->next_page_token);
	} while (token[0] != '\0');
}

static void
forget(struct rows *rows)
{
	for (unsigned i = 0; i < rows->n_replies; i++)
		daybook__v1__list_goods_reply__free_unpacked(rows->replies[i], NULL);
}

static bool
has_sku(const struct dbk_books *books, uint32_t holder, uint32_t sku)
{
	uint32_t at = DBK_ROW(books, holders, holder, holder)->first_position;

	for (; at != 0; at = DBK_ROW(books, positions, position, at)->next)
		if (DBK_ROW(books, goods, good,
			    DBK_ROW(books, positions, position, at)->good)
			->sku == sku)
			return true;
	return false;
}

/* A ratio that guards read as infinite is told as -1. */
static void
check_ratio(int64_t got, int64_t want, int64_t sold)
{
	CHECK_INT(got, sold == 0 ? -1 : want);
}

static void
check_row(const struct dbk_books *books, uint32_t holder, uint32_t sku, uint32_t days,
	  bool with_returns, const Daybook__V1__Goods *row)
{
	static const uint32_t ages[] = { 30, 60, 90, 180 };
	struct dbk_measures want;
	int64_t older = 0;

	dbk_measure(books, holder, sku, days, &want);
	CHECK_INT(row->stock, want.stock);
	CHECK_INT(row->open, want.open);
	CHECK_INT(row->received, want.received);
	CHECK_INT(row->sold, want.sold);
	CHECK_INT(row->passed, want.passed);
	CHECK_INT(row->sell_through_ppm, want.sell_through_ppm);
	check_ratio(row->cover_days, want.cover_days, want.sold);
	check_ratio(row->purchase_to_sales_ppm, want.purchase_to_sales_ppm, want.sold);
	seen_sold += want.sold > 0;
	seen_old += row->n_aged == 5 && row->aged[3] > 0;
	CHECK_INT(row->value, want.stock * (9 + (int64_t)sku));
	if (!CHECK_INT(row->n_aged, 5))
		return;
	for (unsigned i = 4; i > 0; i--) {
		int64_t aged = dbk_measure_aged(books, holder, sku, ages[i - 1]);

		CHECK(row->aged[i] >= 0);
		older += row->aged[i];
		CHECK(with_returns ? older <= aged : older == aged);
	}
	CHECK_INT(older + row->aged[0], want.stock);
}

/* Each agent and sku has the row that it should, in the order of both. */
static void
check_rows(uint32_t days, bool with_returns)
{
	const struct dbk_books *books = dbk_ledger_books(book.ledger);
	char what[64], name[16];
	struct rows rows;
	unsigned at = 0;

	(void)snprintf(what, sizeof what, "'windowDays':%u", days);
	list_goods(what, true, &rows);
	for (uint32_t agent = 1; agent <= AGENTS; agent++) {
		uint32_t holder = dbk_look_agent(books, agent)->holder;

		for (uint32_t sku = 1; holder != 0 && sku <= SKUS; sku++) {
			if (!has_sku(books, holder, sku))
				continue;
			if (!CHECK(at < rows.n))
				break;
			(void)snprintf(name, sizeof name, "a%u", agent - 1);
			CHECK(strcmp(rows.rows[at]->agent, name) == 0);
			(void)snprintf(name, sizeof name, "s%u", sku - 1);
			CHECK(strcmp(rows.rows[at]->sku, name) == 0);
			check_row(books, holder, sku, days, with_returns,
				  rows.rows[at++]);
		}
	}
	CHECK_INT(at, rows.n);
	forget(&rows);
}

/* The largest are those of all that are the largest; agents are sums of their skus. */
static void
check_largest_and_sums(void)
{
	struct rows all, largest, agents;
	int64_t stock = 0, aged = 0, value = 0, sums[3] = { 0, 0, 0 };

	list_goods("'windowDays':30", false, &all);
	list_goods("'windowDays':30,'largestFirst':true", false, &largest);
	list_goods("'windowDays':30,'byAgent':true", true, &agents);
	CHECK_INT(largest.n, all.n);
	for (unsigned i = 0; i < largest.n; i++) {
		CHECK(i == 0 || largest.rows[i]->stock <= largest.rows[i - 1]->stock);
		stock += largest.rows[i]->stock;
		aged += largest.rows[i]->aged[4];
		value += largest.rows[i]->value;
	}
	for (unsigned i = 0; i < agents.n; i++) {
		sums[0] += agents.rows[i]->stock;
		sums[1] += agents.rows[i]->aged[4];
		sums[2] += agents.rows[i]->value;
	}
	CHECK_INT(sums[0], stock);
	CHECK_INT(sums[1], aged);
	CHECK_INT(sums[2], value);
	forget(&all);
	forget(&largest);
	forget(&agents);
}

static void
test_measures(void)
{
	static const uint32_t windows[] = { 1, 7, 30, 200, 366 };

	random_start(&chance, "goods");
	for (unsigned world = 0; world < 6; world++) {
		bool with_returns = world % 2 != 0;

		open_book();
		for (unsigned i = 0; i < 4; i++) {
			move_goods(EVENTS / 4, with_returns);
			for (unsigned w = 0; w < 5; w++)
				check_rows(windows[w], with_returns);
			check_largest_and_sums();
		}
		served_book_close(&book);
	}
	CHECK(seen_sold > 0 && seen_old > 0);
}

/* --------------------------------------------------------------------------- lots */

struct line {
	uint64_t position;
	int64_t qty, balance;
	char holder[8], reason[16];
};

struct lines {
	struct line *lines;
	unsigned n;
};

static void
keep_lines(struct lines *out, Daybook__V1__MovementLine **lines, size_t n,
	   const char *holder)
{
	if (!CHECK(out->n + n <= LINES_MAX))
		exit(1);
	for (size_t i = 0; i < n; i++) {
		struct line *line = &out->lines[out->n++];
		const char *of = holder == NULL ? lines[i]->holder : holder;

		memset(line, 0, sizeof *line);
		line->position = lines[i]->position;
		line->qty = lines[i]->qty;
		line->balance = lines[i]->balance;
		(void)snprintf(line->holder, sizeof line->holder, "%s", of);
		(void)snprintf(line->reason, sizeof line->reason, "%s",
			       lines[i]->reason);
	}
}

/* The whole chain of lot l0; more may come between its pages, which does not show. */
static void
list_chain(struct lines *out, unsigned rows, bool grows)
{
	char request[160], token[64] = "";

	out->n = 0;
	do {
		Daybook__V1__Lot *lot;

		(void)snprintf(request, sizeof request,
			       "{'lot':'l0','pageSize':%u,'pageToken':'%s'}",
			       1 + pick(rows), token);
		(void)served_book_call(&book, "GetLot", request);
		lot = daybook__v1__lot__unpack(NULL, book.reply.size, book.reply.bytes);
		if (!CHECK(lot != NULL))
			exit(1);
		keep_lines(out, lot->lines, lot->n_lines, NULL);
		(void)snprintf(token, sizeof token, "%s", lot->next_page_token);
		daybook__v1__lot__free_unpacked(lot, NULL);
		if (grows && pick(8) == 0)
			move_goods(1 + pick(4), true);
	} while (token[0] != '\0');
}

/* The movements of lot l0 of one agent as of SIZE, newest first. */
static void
list_movements(struct lines *out, unsigned agent, uint64_t size)
{
	char request[200], token[64] = "", name[16];

	out->n = 0;
	(void)snprintf(name, sizeof name, "a%u", agent);
	do {
		Daybook__V1__ListMovementsReply *reply;

		(void)snprintf(request, sizeof request,
			       "{'holder':'%s','lot':'l0','pageSize':1000,'pageToken':"
			       "'%s','asOf':{'size':'%" PRIu64 "'}}",
			       name, token, size);
		(void)served_book_call(&book, "ListMovements", request);
		reply = daybook__v1__list_movements_reply__unpack(NULL, book.reply.size,
								  book.reply.bytes);
		if (!CHECK(reply != NULL))
			exit(1);
		keep_lines(out, reply->lines, reply->n_lines, name);
		(void)snprintf(token, sizeof token, "%s", reply->next_page_token);
		daybook__v1__list_movements_reply__free_unpacked(reply, NULL);
	} while (token[0] != '\0');
}

static void
check_chain(unsigned rows, bool grows)
{
	struct lines chain = { calloc(LINES_MAX, sizeof(struct line)), 0 };
	struct lines of_agent = { calloc(LINES_MAX, sizeof(struct line)), 0 };
	uint64_t size = served_book_size(&book);
	unsigned sum = 0;

	list_chain(&chain, rows, grows);
	for (unsigned i = 1; i < chain.n; i++)
		CHECK(chain.lines[i].position >= chain.lines[i - 1].position);
	for (unsigned agent = 0; agent < AGENTS; agent++) {
		unsigned at;

		list_movements(&of_agent, agent, size);
		at = of_agent.n;
		sum += at;
		for (unsigned i = 0; i < chain.n && at > 0; i++)
			if (strcmp(chain.lines[i].holder,
				   of_agent.lines[at - 1].holder) == 0)
				CHECK(memcmp(&chain.lines[i], &of_agent.lines[--at],
					     sizeof(struct line)) == 0);
		CHECK_INT(at, 0);
	}
	CHECK_INT(sum, chain.n);
	seen_lines += sum;
	free(chain.lines);
	free(of_agent.lines);
}

static void
test_chains(void)
{
	random_start(&chance, "chains");
	open_book();
	for (unsigned i = 0; i < 8; i++) {
		move_goods(100, true);
		check_chain(40, false);
		check_chain(6, true);
	}
	served_book_close(&book);
}

/* Thousands of movements of few positions: chains with marks on two levels. */
static void
test_long_chain(void)
{
	struct dbk_buf events;
	char event[200];

	random_start(&chance, "long chains");
	open_book();
	dbk_buf_init(&events);
	put(&events, "'stockIssued':{'transfer':'t','to':{'agent':'a0'},'lines':[{"
		     "'line':1,'sku':'s0','lot':'l0','qty':9,'unitPrice':1}]}");
	for (unsigned i = 0; i < 2600; i++) {
		(void)snprintf(event, sizeof event,
			       "'stockTransferred':{'transfer':'p%u','from':{'agent':"
			       "'a%u'},'to':{'agent':'a%u'},'lines':[{'line':1,'sku':"
			       "'s0','lot':'l0','qty':1}]}",
			       i, i % 2, (i + 1) % 2);
		put(&events, event);
		if (i % 200 == 199)
			send(&events);
	}
	dbk_buf_fini(&events);
	check_chain(1000, false);
	check_chain(90, false);
	CHECK(seen_lines > 2 * 5200);
	served_book_close(&book);
}

int
main(void)
{
	check_run("rows of goods are the measures that guards go by", test_measures);
	check_run("a lot's chain is the movements of its holders", test_chains);
	check_run("a long chain of few positions", test_long_chain);
	return check_end();
}
