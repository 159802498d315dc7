/*
 * test_facts_sums.c -- facts of long streams of events: their sums are those of the
 * books, and the same events give the same facts.
 */

#include <stdlib.h>
#include <string.h>

#include "books/look_goods.h"
#include "facts/facts.h"

#include "../tests/lib/check.h"
#include "../tests/lib/goods_events.h"
#include "../tests/lib/money_events.h"
#include "../tests/lib/sales.h"
#include "event/decode.h"

#define AGENTS_MAX 1024
#define PER_BATCH 500

/* What facts say, or the books; agent 0: the brand. */
struct sums {
	int64_t rewards[AGENTS_MAX], sold[AGENTS_MAX], goods[AGENTS_MAX];
	int64_t stock[AGENTS_MAX], self[AGENTS_MAX], fees;
	int64_t classes[DBK_SALE_CLASSES];
	uint64_t kinds[DBK_FACT_KINDS];
};

/* Books that are fed bytes of batches, and what was told of them. */
struct feed {
	struct dbk_books *books;
	struct dbk_facts *facts;
	struct dbk_effects effects;
	struct dbk_arena arena, back;
	struct dbk_buf kept; /* events that have a record */
	size_t *starts;	     /* in KEPT, by position; one more than there are */
	struct sums told;
	struct dbk_digest digest;
};

static const unsigned char key[DBK_HASH_KEY_BYTES] = "a key of a test";

/* --------------------------------------------------------------------------- told */

static int64_t
sign_of(uint32_t movement)
{
	switch ((enum dbk_movement)movement) {
	case DBK_MOVE_RECEIVED:
	case DBK_MOVE_TAKEN_BACK:
	case DBK_MOVE_COUNTED:
		return 1;
	case DBK_MOVE_SOLD:
	case DBK_MOVE_PASSED_DOWN:
	case DBK_MOVE_SELF_USED:
	case DBK_MOVE_SAMPLED:
	case DBK_MOVE_LOST:
	case DBK_MOVE_RETURNED:
		return -1;
	case DBK_MOVE_NONE:
	case DBK_MOVE_SHIPPED:
	case DBK_MOVE_UNSHIPPED:
	case DBK_MOVE_RELOCATED:
	case DBK_MOVE_KINDS:
		break;
	}
	CHECK(false);
	return 0;
}

static void
add_sale(struct sums *sums, const struct dbk_fact *fact, int64_t sign)
{
	sums->sold[fact->agent] += sign * fact->amount;
	sums->classes[fact->sale_class] += sign * fact->amount;
}

static void
add_purchase(struct sums *sums, const struct dbk_fact *fact, int64_t sign)
{
	if (fact->code == DBK_PURCHASE_STOCK)
		sums->stock[fact->agent] += sign * fact->amount;
	else
		sums->self[fact->agent] += sign * fact->amount;
}

static void
add(struct sums *sums, const struct dbk_fact *fact)
{
	sums->kinds[fact->kind]++;
	if (fact->kind == DBK_FACT_REWARD)
		sums->rewards[fact->agent] += fact->amount;
	else if (fact->kind == DBK_FACT_REWARD_BACK)
		sums->rewards[fact->agent] -= fact->amount;
	else if (fact->kind == DBK_FACT_SOLD)
		add_sale(sums, fact, 1);
	else if (fact->kind == DBK_FACT_SOLD_BACK)
		add_sale(sums, fact, -1);
	else if (fact->kind == DBK_FACT_BOUGHT)
		add_purchase(sums, fact, 1);
	else if (fact->kind == DBK_FACT_BOUGHT_BACK)
		add_purchase(sums, fact, -1);
	else if (fact->kind == DBK_FACT_GOODS)
		sums->goods[fact->agent] += sign_of(fact->code) * fact->qty;
	else if (fact->kind == DBK_FACT_FEE)
		sums->fees += fact->amount;
	if (fact->kind == DBK_FACT_RECLASSED) {
		sums->classes[fact->sale_class] += fact->amount;
		sums->classes[fact->hash] -= fact->amount;
	}
}

static void
digest_number(struct dbk_digest *digest, uint64_t number)
{
	dbk_digest_update(digest, &number, sizeof number);
}

static enum dbk_err
tell(void *context, const struct dbk_fact *fact)
{
	struct feed *feed = context;

	if (!CHECK(fact->agent < AGENTS_MAX))
		return DBK_FAILED_MEMORY;
	CHECK_INT(fact->position, dbk_books_size(feed->books) - 1);
	add(&feed->told, fact);
	digest_number(&feed->digest, fact->kind);
	digest_number(&feed->digest, fact->agent);
	digest_number(&feed->digest, fact->other);
	digest_number(&feed->digest, fact->code);
	digest_number(&feed->digest, (uint64_t)fact->amount);
	digest_number(&feed->digest, (uint64_t)fact->qty);
	digest_number(&feed->digest, fact->hash);
	return DBK_OK;
}

/* ------------------------------------------------------------------------ the books */

static bool
is_reward(const struct dbk_row_earning *row)
{
	return row->kind != DBK_EARNING_PROCEEDS && row->kind != DBK_EARNING_TAX_BACK &&
	       row->state != DBK_EARNING_UNASSIGNED &&
	       row->state != DBK_EARNING_EXPECTED;
}

static void
sum_earnings(const struct dbk_books *books, struct sums *out)
{
	uint32_t n = dbk_look_newest(books, DBK_LOOK_EARNINGS);

	for (uint32_t id = 1; id <= n; id++) {
		struct dbk_row_earning row = dbk_look_earning(books, id);

		if (is_reward(&row))
			out->rewards[row.agent] += row.accrued - row.reversed;
	}
}

/* Without the shipping, less what was refunded. */
static int64_t
left_of(const struct dbk_books *books, const struct dbk_row_order *row)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < row->n_lines; i++) {
		const struct dbk_row_line *line =
		    dbk_look_line(books, row->first_line + i);

		if (line->line != 0)
			sum += line->amount - line->refunded;
	}
	return sum;
}

/* No agent of these streams is a consumer, too. */
static enum dbk_sale_class
class_of(const struct dbk_row_order *row)
{
	if (row->flags & (DBK_ORDER_FLAGGED | DBK_ORDER_LINKED))
		return DBK_SALE_DOUBTED;
	if (row->flags & DBK_ORDER_DIRECT)
		return DBK_SALE_DIRECT;
	return row->buyer == 0 ? DBK_SALE_ANONYMOUS : DBK_SALE_VERIFIED;
}

static void
sum_orders(const struct dbk_books *books, struct sums *out)
{
	uint32_t n = (uint32_t)dbk_look_count(books, DBK_SPACE_ORDER);

	for (uint32_t id = 1; id <= n; id++) {
		const struct dbk_row_order *row = dbk_look_order(books, id);
		int64_t left = left_of(books, row);

		if (row->paid != row->total)
			continue;
		if (row->kind == DBK_ORDER_RETAIL) {
			out->sold[row->seller] += left;
			out->classes[class_of(row)] += left;
		} else if (row->kind == DBK_ORDER_SELF) {
			out->self[row->buyer] += left;
		}
	}
}

static void
sum_goods(const struct dbk_books *books, struct sums *out)
{
	uint32_t n = (uint32_t)dbk_look_count(books, DBK_SPACE_POSITION);

	for (uint32_t id = 1; id <= n; id++) {
		struct dbk_row_position row = dbk_look_position(books, id);
		struct dbk_row_holder holder = dbk_look_holder(books, row.holder);

		if (holder.kind == DBK_HOLDER_AGENT)
			out->goods[holder.owner] += row.on_hand + row.in_transit;
	}
}

static void
compare(const struct feed *feed)
{
	struct sums *books = calloc(1, sizeof *books);

	check_must(books == NULL ? DBK_FAILED_MEMORY : DBK_OK, NULL, "sums");
	sum_earnings(feed->books, books);
	sum_orders(feed->books, books);
	sum_goods(feed->books, books);
	for (uint32_t agent = 0; agent < AGENTS_MAX; agent++) {
		CHECK_INT(feed->told.rewards[agent], books->rewards[agent]);
		CHECK_INT(feed->told.sold[agent], books->sold[agent]);
		CHECK_INT(feed->told.self[agent], books->self[agent]);
		CHECK_INT(feed->told.goods[agent], books->goods[agent]);
	}
	for (unsigned class = 0; class < DBK_SALE_CLASSES; class ++)
		CHECK_INT(feed->told.classes[class], books->classes[class]);
	free(books);
}

/* -------------------------------------------------------------------------- feeding */

static bool
history(void *context, uint64_t position, struct dbk_str *out)
{
	const struct feed *feed = context;

	*out = dbk_str_make((const char *)feed->kept.bytes + feed->starts[position],
			    feed->starts[position + 1] - feed->starts[position]);
	return true;
}

static void
feed_open(struct feed *feed, uint64_t events_max)
{
	memset(feed, 0, sizeof *feed);
	check_must(dbk_books_open(key, &feed->books), NULL, "books");
	check_must(dbk_facts_open(feed->books, tell, feed, &feed->facts), NULL,
		   "facts");
	dbk_books_set_history(feed->books, history, feed);
	dbk_effects_init(&feed->effects);
	dbk_arena_init(&feed->arena, 1 << 22);
	dbk_arena_init(&feed->back, 1 << 22);
	dbk_buf_init(&feed->kept);
	dbk_digest_init(&feed->digest);
	feed->starts = calloc(events_max + 1, sizeof *feed->starts);
	check_must(feed->starts == NULL ? DBK_FAILED_MEMORY : DBK_OK, NULL, "starts");
}

static void
feed_close(struct feed *feed)
{
	free(feed->starts);
	dbk_buf_fini(&feed->kept);
	dbk_arena_fini(&feed->arena);
	dbk_arena_fini(&feed->back);
	dbk_effects_fini(&feed->effects);
	dbk_facts_close(feed->facts);
	dbk_books_close(feed->books);
}

static void
feed_one(struct feed *feed, struct dbk_str bytes)
{
	uint64_t position = dbk_books_size(feed->books);
	struct dbk_event_fault fault;
	struct dbk_verdict verdict;
	struct dbk_event event;

	dbk_arena_reset(&feed->arena);
	dbk_arena_reset(&feed->back);
	dbk_effects_reset(&feed->effects, position);
	if (!CHECK(dbk_event_decode(bytes, &feed->arena, &event, &fault)) ||
	    !CHECK(dbk_event_check(&event, &fault)))
		return;
	event.source = dbk_str_of("shop");
	check_must(dbk_facts_before(feed->facts, &event), NULL, "before");
	check_must(dbk_books_decide(feed->books, &event, &feed->effects, &feed->back,
				    &verdict),
		   NULL, "decide");
	if (verdict.outcome == DBK_DUPLICATE)
		return;
	check_must(dbk_facts_after(feed->facts, &event, &verdict, &feed->effects), NULL,
		   "after");
	dbk_books_commit(feed->books);
	dbk_buf_put(&feed->kept, bytes.bytes, bytes.size);
	feed->starts[position + 1] = feed->kept.size;
}

/* The members of a batch: field 1, of some length. */
static void
feed_batch(struct feed *feed, const struct dbk_buf *batch)
{
	const unsigned char *at = (const unsigned char *)batch->bytes;
	const unsigned char *end = at + batch->size;

	while (at < end) {
		size_t size = 0;
		unsigned shift = 0;

		CHECK_INT(*at++, 0x0a);
		for (; *at & 0x80; shift += 7)
			size |= (size_t)(*at++ & 0x7f) << shift;
		size |= (size_t)*at++ << shift;
		feed_one(feed, dbk_str_make((const char *)at, size));
		at += size;
	}
}

typedef void put_many_fn(uint64_t first, uint32_t n, struct dbk_buf *out);

static void
put_sales(uint64_t first, uint32_t n, struct dbk_buf *out)
{
	struct sales sales = sales_with_commission();

	sales.agents = 40;
	sales.skus = 4;
	sales.skus_held = 4;
	sales.customers = 100;
	sales_put_many(&sales, first, n, out);
}

/* N events of PUT; what was told, into OUT, and its digest. */
static void
run(put_many_fn *put, uint64_t n, struct sums *out, unsigned char digest[32])
{
	static struct feed feed;
	struct dbk_buf batch;

	feed_open(&feed, n);
	dbk_buf_init(&batch);
	for (uint64_t first = 0; first < n; first += PER_BATCH) {
		dbk_buf_reset(&batch);
		put(first, PER_BATCH, &batch);
		feed_batch(&feed, &batch);
		compare(&feed);
	}
	*out = feed.told;
	dbk_digest_final(&feed.digest, digest);
	dbk_buf_fini(&batch);
	feed_close(&feed);
}

static void
run_twice(put_many_fn *put, uint64_t n, struct sums *out)
{
	unsigned char first[32], second[32];

	run(put, n, out, first);
	run(put, n, out, second);
	CHECK(memcmp(first, second, sizeof first) == 0);
}

static void
test_money(void)
{
	static struct sums told;

	run_twice(money_events_put_many, 10000, &told);
	CHECK(told.kinds[DBK_FACT_REWARD_BACK] > 100);
	CHECK(told.kinds[DBK_FACT_PAID_OUT] > 100);
}

static void
test_goods(void)
{
	static struct sums told;

	run_twice(goods_events_put_many, 10000, &told);
	CHECK(told.kinds[DBK_FACT_GOODS] > 1000);
	CHECK(told.kinds[DBK_FACT_SOLD] > 300);
	CHECK(told.kinds[DBK_FACT_RECLASSED] > 100);
	CHECK(told.kinds[DBK_FACT_FINDING] > 10);
}

static void
test_sales(void)
{
	static struct sums told;

	run_twice(put_sales, 5000, &told);
	CHECK(told.kinds[DBK_FACT_SOLD] > 4000);
	CHECK(told.kinds[DBK_FACT_REWARD] > 4000);
}

int
main(void)
{
	check_run("sums of agents' money are those of the books", test_money);
	check_run("sums of goods are those of the books", test_goods);
	check_run("sums of sales are those of the books", test_sales);
	return check_end();
}
