#include "money_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "views/cause.h"

#define OPENED_US ((1793491200LL - 8 * 3600) * 1000000LL) /* 2026-11-01 00:00 +08:00   \
							   */
#define TEXT_BYTES 16384

static const unsigned char key[DBK_HASH_KEY_BYTES] = "a key of a book";

static struct dbk_str
text(const char *of)
{
	return dbk_str_of(of);
}

static void
must(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "money_book: %s\n", what);
	abort();
}

static void
open_book(struct money_book *book)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_BOOK_OPENED);

	event.u.book_opened = (struct dbk_book_opened){ .book = text("book"),
							.currency = text("CNY"),
							.exponent = 2,
							.utc_offset_minutes = 480 };
	must(money_book_send(book, &event) == DBK_RULE_NONE, "no book");
	event = money_book_event(book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined = (struct dbk_sku_defined){ .sku = text("soap"),
							.revision = 1,
							.list_price = 10000,
							.return_window_days = 7 };
	must(money_book_send(book, &event) == DBK_RULE_NONE, "no soap");
}

void
money_book_open(struct money_book *book)
{
	*book =
	    (struct money_book){ .source = "shop", .actor = "", .now_us = OPENED_US };
	must(dbk_books_open(key, &book->books) == DBK_OK, "no books");
	dbk_effects_init(&book->effects);
	dbk_arena_init(&book->arena, 1 << 20);
	open_book(book);
}

void
money_book_close(struct money_book *book)
{
	dbk_effects_fini(&book->effects);
	dbk_arena_fini(&book->arena);
	dbk_books_close(book->books);
}

struct dbk_event
money_book_event(const struct money_book *book, enum dbk_event_type type)
{
	struct dbk_event event = { .type = type, .effective_at = book->now_us };

	if (type == DBK_EVENT_AGENT_ENROLLED)
		event.u.agent_enrolled.cooling_off_until = DBK_TIME_ABSENT;
	if (type == DBK_EVENT_CUSTOMER_BOUND)
		event.u.customer_bound.expires_at = DBK_TIME_ABSENT;
	if (type == DBK_EVENT_SALE_RECORDED)
		event.u.sale.delivered_at = DBK_TIME_ABSENT;
	if (type == DBK_EVENT_PLAN_PUBLISHED)
		event.u.plan_published.valid_from = event.u.plan_published.valid_to =
		    DBK_TIME_ABSENT;
	if (type == DBK_EVENT_OVERRIDE_GRANTED)
		event.u.override_granted.expires_at = DBK_TIME_ABSENT;
	if (type == DBK_EVENT_AGENT_TERMINATED)
		event.u.agent_step.buyback_due = DBK_TIME_ABSENT;
	return event;
}

static void
decide(struct money_book *book, const struct dbk_event *event,
       unsigned char digest[DBK_DIGEST_BYTES])
{
	dbk_effects_reset(&book->effects, dbk_books_size(book->books));
	dbk_arena_reset(&book->arena);
	must(dbk_books_decide(book->books, event, &book->effects, &book->arena,
			      &book->verdict) == DBK_OK,
	     "not decided");
	dbk_books_check(book->books);
	dbk_books_digest(book->books, digest);
}

enum dbk_rule
money_book_send(struct money_book *book, const struct dbk_event *event)
{
	unsigned char before[DBK_DIGEST_BYTES], first[DBK_DIGEST_BYTES];
	unsigned char undone[DBK_DIGEST_BYTES], second[DBK_DIGEST_BYTES];
	struct dbk_event sent = *event;
	struct dbk_mark mark;

	sent.source = text(book->source);
	sent.actor = text(book->actor);
	if (book->facts != NULL)
		must(dbk_facts_before(book->facts, &sent) == DBK_OK, "not noted");
	dbk_books_digest(book->books, before);
	dbk_books_mark(book->books, &mark);
	decide(book, &sent, first);
	dbk_books_rewind(book->books, &mark);
	dbk_books_digest(book->books, undone);
	CHECK(memcmp(before, undone, sizeof before) == 0);
	decide(book, &sent, second);
	CHECK(memcmp(first, second, sizeof first) == 0);
	dbk_books_commit(book->books);
	if (book->facts != NULL)
		must(dbk_facts_after(book->facts, &sent, &book->verdict,
				     &book->effects) == DBK_OK,
		     "not told");
	return book->verdict.outcome == DBK_REFUSED ? book->verdict.refusal.rule
						    : DBK_RULE_NONE;
}

bool
money_book_measured(const struct money_book *book, int64_t measured, int64_t limit)
{
	return CHECK_INT(book->verdict.refusal.measured, measured) &&
	       CHECK_INT(book->verdict.refusal.limit, limit);
}

struct dbk_parameter *
money_book_set(struct money_book *book, const char *name, int64_t value)
{
	struct dbk_parameter *to = &book->parameters[book->n_parameters++];

	*to = (struct dbk_parameter){ .name = text(name), .value = value };
	return to;
}

struct dbk_parameter *
money_book_choose(struct money_book *book, const char *name, const char *choice)
{
	struct dbk_parameter *to = money_book_set(book, name, 0);

	to->choice = text(choice);
	return to;
}

enum dbk_rule
money_book_publish(struct money_book *book)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_PLAN_PUBLISHED);
	struct dbk_plan_published *e = &event.u.plan_published;

	e->plan = text("plan");
	e->version = ++book->version;
	e->parameters = book->parameters;
	e->n_parameters = book->n_parameters;
	book->n_parameters = 0;
	return money_book_send(book, &event);
}

void
money_book_wait_us(struct money_book *book, int64_t us)
{
	struct dbk_event event;

	book->now_us += us;
	event = money_book_event(book, DBK_EVENT_CLOCK_ADVANCED);
	must(money_book_send(book, &event) == DBK_RULE_NONE, "time stands still");
}

void
money_book_wait_days(struct money_book *book, int days)
{
	money_book_wait_us(book, days * MONEY_BOOK_DAY_US);
}

enum dbk_rule
money_book_enrol(struct money_book *book, const char *agent, const char *sponsor)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_AGENT_ENROLLED);

	event.u.agent_enrolled.agent = text(agent);
	event.u.agent_enrolled.sponsor = text(sponsor);
	return money_book_send(book, &event);
}

enum dbk_rule
money_book_verify(struct money_book *book, const char *agent, const char *payee)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_AGENT_VERIFIED);
	uint32_t id = dbk_look_find(book->books, DBK_SPACE_AGENT, text(agent));

	event.u.agent_verified.agent = text(agent);
	event.u.agent_verified.payee_hash = text(payee);
	event.u.agent_verified.revision =
	    id == 0 ? 1 : dbk_look_agent(book->books, id)->revision + 1;
	return money_book_send(book, &event);
}

/* A name that was not used before; good until the next one of its kind is asked for. */
static struct dbk_str
new_name(struct money_book *book, char out[16])
{
	(void)snprintf(out, 16, "n%u", ++book->serial);
	return text(out);
}

enum dbk_rule
money_book_step(struct money_book *book, enum dbk_event_type type, const char *agent)
{
	struct dbk_event event = money_book_event(book, type);
	char action[16];

	event.u.agent_step.agent = text(agent);
	event.u.agent_step.action = new_name(book, action);
	return money_book_send(book, &event);
}

enum dbk_rule
money_book_sell(struct money_book *book, const char *order, const char *seller,
		int64_t amount)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_SALE_RECORDED);
	struct dbk_order_line line = {
		.line = 1, .sku = text("soap"), .qty = 1, .unit_price = amount
	};
	struct dbk_sale *e = &event.u.sale;

	e->order = text(order);
	e->kind = DBK_ORDER_RETAIL;
	e->seller = text(seller);
	e->channel = text("web");
	e->fulfilment = DBK_BRAND_SHIP;
	e->lines = &line;
	e->n_lines = 1;
	e->paid = amount;
	e->psp = text("psp");
	e->psp_txn = text(order);
	e->delivered_at = book->now_us;
	return money_book_send(book, &event);
}

enum dbk_rule
money_book_refund(struct money_book *book, const char *order, int64_t amount)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_REFUND_APPROVED);
	char refund[16];

	event.u.refund_step.refund = new_name(book, refund);
	event.u.refund_step.order = text(order);
	event.u.refund_step.line = 1;
	event.u.refund_step.amount = amount;
	return money_book_send(book, &event);
}

void
money_book_give(struct money_book *book, const char *agent, int64_t amount)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_MANUAL_ADJUSTMENT);
	char name[16];

	event.u.manual_adjustment = (struct dbk_manual_adjustment){
		.adjustment = new_name(book, name),
		.agent = text(agent),
		.amount = amount,
		.reason = text("to have something"),
		.approver1 = text("p"),
		.approver2 = text("q"),
	};
	must(money_book_send(book, &event) == DBK_RULE_NONE, "nothing given");
}

enum dbk_rule
money_book_request(struct money_book *book, const char *payout, const char *agent,
		   int64_t gross)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_PAYOUT_REQUESTED);

	event.u.payout_requested =
	    (struct dbk_payout_requested){ .payout = text(payout),
					   .agent = text(agent),
					   .gross = gross,
					   .method = text("card"),
					   .payee_hash = text("payee") };
	return money_book_send(book, &event);
}

int64_t
money_book_balance(const struct money_book *book, uint32_t number, const char *owner)
{
	enum dbk_account_code code = dbk_account_of_number(number);
	bool agents = dbk_account_kind(code)->owner == DBK_OWNER_AGENT;
	uint32_t id = dbk_look_find(
	    book->books, agents ? DBK_SPACE_AGENT : DBK_SPACE_TAG, text(owner));

	return dbk_look_balance(book->books, code, id);
}

int64_t
money_book_credit(const struct money_book *book, uint32_t number, const char *owner)
{
	return -money_book_balance(book, number, owner);
}

static struct dbk_str
owner_of(const struct money_book *book, const struct dbk_posting *posting)
{
	struct dbk_row_account row;

	if (posting->account == 0)
		return text("");
	row = dbk_look_account(book->books, posting->account);
	return dbk_look_name(
	    book->books,
	    dbk_account_kind((enum dbk_account_code)posting->code)->owner ==
		    DBK_OWNER_AGENT
		? DBK_SPACE_AGENT
		: DBK_SPACE_TAG,
	    row.owner);
}

bool
money_book_posted(const struct money_book *book, const char *expected)
{
	char got[TEXT_BYTES] = "";
	size_t used = 0;

	for (uint32_t i = 0; i < book->effects.n_postings; i++) {
		const struct dbk_posting *posting = &book->effects.postings[i];
		struct dbk_str owner = owner_of(book, posting);
		uint16_t number =
		    dbk_account_kind((enum dbk_account_code)posting->code)->number;

		used += (size_t)snprintf(
		    got + used, sizeof got - used, "%u%s%.*s %lld %s\n", number,
		    owner.size == 0 ? "" : " ", (int)owner.size, owner.bytes,
		    (long long)posting->amount,
		    dbk_cause_name((enum dbk_cause)posting->cause));
		must(used < sizeof got, "too many postings");
	}
	if (CHECK(strcmp(got, expected) == 0))
		return true;
	fprintf(stderr, "expected:\n%sposted:\n%s", expected, got);
	return false;
}
