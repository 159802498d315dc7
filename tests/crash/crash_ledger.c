/*
 * crash_ledger.c -- a child appends batches to a ledger, saves its books now and then,
 * and acknowledges through a pipe until it is killed at a random moment.  Opened again,
 * everything acknowledged is there, the last batch is answered as it was, the books are
 * those of a replay from the beginning, and the next child goes on in the same
 * directory.
 *
 * Four books: sales alone; sales with commission, of which much falls due in every
 * batch; all of agents' money; and goods under guards, with findings and restocks; the
 * last two out of order and with refusals among it.  SEED= repeats a run, RUNS= makes
 * it longer.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../tests/lib/bookkeeper.h"
#include "../tests/lib/check.h"
#include "../tests/lib/goods_events.h"
#include "../tests/lib/money_events.h"
#include "../tests/lib/sales.h"
#include "books/accounts.h"
#include "books/look.h"
#include "books/look_guards.h"
#include "books/sources.h"

#define RUNS_DEFAULT 40
#define RUNS_PER_DIR 20
#define REPLY_BYTES_MAX 4096
#define BATCHES_A_GROUP 3

/* A batch of the stream: what is in it follows from its number alone. */
struct batch {
	uint64_t first;
	uint32_t n;
};

/* Events that follow from their numbers, with refusals among them. */
struct stream {
	uint64_t (*opening_size)(void);
	void (*put_many)(uint64_t first, uint32_t n, struct dbk_buf *out);
};

static const struct stream all_money = { money_events_opening_size,
					 money_events_put_many };
static const struct stream all_goods = { goods_events_opening_size,
					 goods_events_put_many };

/* What the child says of a batch that is on the disk.  Below PIPE_BUF, so written
 * whole. */
struct acknowledgement {
	uint64_t batch_seq;
	uint64_t size; /* of the log */
	uint32_t reply_size;
	unsigned char reply[REPLY_BYTES_MAX - 20];
};

_Static_assert(sizeof(struct acknowledgement) <= REPLY_BYTES_MAX, "written at once");

static struct sales sales;
static const struct stream *stream; /* in place of SALES */
static struct bookkeeper keeper;
static struct dbk_buf events;
static unsigned seed;

/* What was seen in the directories of one test. */
static struct {
	unsigned loaded;  /* starts from saved books */
	unsigned matured; /* starts after something fell due */
	uint32_t payouts, findings;
} seen;

/* Batches of 1 to 40 events.  Each goes back over some of the one before: duplicates.
 */
static struct batch
batch_of(uint64_t batch_seq)
{
	static const uint32_t sizes[] = { 40, 1, 7, 40, 3, 25, 1, 1, 38, 12 };
	struct batch batch = { 0, 0 };

	batch.n = (uint32_t)(stream != NULL ? stream->opening_size()
					    : sales_opening_size(&sales));
	if (batch_seq > 1) {
		batch.first = batch.n + batch_seq * 20;
		batch.n = sizes[batch_seq % 10];
	}
	return batch;
}

static const struct dbk_buf *
events_of(uint64_t batch_seq)
{
	struct batch batch = batch_of(batch_seq);

	dbk_buf_reset(&events);
	if (stream != NULL)
		stream->put_many(batch.first, batch.n, &events);
	else
		sales_put_many(&sales, batch.first, batch.n, &events);
	return &events;
}

static void
acknowledge(int pipe_fd, struct acknowledgement *acks, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		acks[i].size = bookkeeper_size(&keeper);
		if (write(pipe_fd, &acks[i], sizeof acks[i]) != (ssize_t)sizeof acks[i])
			_exit(4);
	}
}

static void
append_group(int pipe_fd, uint64_t *next_seq)
{
	struct acknowledgement acks[BATCHES_A_GROUP];
	unsigned n = 1 + (unsigned)(*next_seq % BATCHES_A_GROUP);

	memset(acks, 0, sizeof acks);
	bookkeeper_begin(&keeper);
	for (unsigned i = 0; i < n; i++, (*next_seq)++) {
		if (bookkeeper_admit(&keeper, "shop", *next_seq, events_of(*next_seq),
				     0) != DBK_ADMITTED ||
		    keeper.reply.size > sizeof acks[i].reply)
			_exit(2);
		acks[i].batch_seq = *next_seq;
		acks[i].reply_size = (uint32_t)keeper.reply.size;
		memcpy(acks[i].reply, keeper.reply.bytes, keeper.reply.size);
	}
	if (dbk_ledger_commit(keeper.ledger, &keeper.error) != DBK_OK)
		_exit(3);
	acknowledge(pipe_fd, acks, n);
}

static void
append_until_killed(int pipe_fd, uint64_t next_seq)
{
	if (bookkeeper_open(&keeper) != DBK_OK)
		_exit(2);
	for (unsigned group = 1;; group++) {
		append_group(pipe_fd, &next_seq);
		if (group % 8 == 0)
			bookkeeper_save(&keeper);
	}
}

/* The last acknowledgement of CHILD, which lives for some of them and a moment. */
static struct acknowledgement
watch(int pipe_fd, pid_t child, struct acknowledgement last)
{
	unsigned acks = (unsigned)rand_r(&seed) % 100;
	struct timespec moment = { 0, rand_r(&seed) % 3000000 };
	struct acknowledgement got;
	int status;

	for (unsigned i = 0; i < acks; i++) {
		if (read(pipe_fd, &got, sizeof got) != (ssize_t)sizeof got)
			break;
		last = got;
	}
	(void)nanosleep(&moment, NULL);
	CHECK(kill(child, SIGKILL) == 0);
	while (read(pipe_fd, &got, sizeof got) == (ssize_t)sizeof got)
		last = got;
	CHECK(waitpid(child, &status, 0) == child);
	if (!CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
		fprintf(stderr, "the child ended with %x\n", (unsigned)status);
	return last;
}

static struct acknowledgement
run_child(uint64_t next_seq, struct acknowledgement last)
{
	int ends[2];
	pid_t child;

	(void)fflush(stdout);
	if (pipe(ends) != 0 || (child = fork()) < 0) {
		perror("fork");
		abort();
	}
	if (child == 0) {
		(void)close(ends[0]);
		append_until_killed(ends[1], next_seq);
	}
	(void)close(ends[1]);
	last = watch(ends[0], child, last);
	(void)close(ends[0]);
	return last;
}

/* The reply to the last acknowledged batch, now with repeated_batch (field 5) in it. */
static void
check_answer(const struct acknowledgement *last)
{
	struct dbk_buf want;
	bool same = false;

	if (last->batch_seq == 0)
		return;
	CHECK_INT(bookkeeper_send(&keeper, "shop", last->batch_seq,
				  events_of(last->batch_seq), 0),
		  DBK_ADMITTED_REPEAT);
	dbk_buf_init(&want);
	dbk_buf_put(&want, last->reply, last->reply_size);
	dbk_buf_put(&want, "\x28\x01", 2);
	same = want.size == keeper.reply.size &&
	       memcmp(want.bytes, keeper.reply.bytes, want.size) == 0;
	CHECK(same);
	dbk_buf_fini(&want);
}

/* Nothing of SALES may be refused. */
static void
look_at_books(void)
{
	const struct dbk_books *books = dbk_ledger_books(keeper.ledger);
	uint32_t shop = dbk_source_find(books, dbk_str_of("shop"));

	seen.loaded += keeper.start.loaded_size > 0;
	seen.matured += dbk_look_control(books, DBK_COMMISSION_AVAILABLE).credits > 0;
	seen.payouts = dbk_look_newest(books, DBK_LOOK_PAYOUTS);
	seen.findings = dbk_look_guards_newest(books, DBK_LOOK_FINDINGS);
	CHECK(shop == 0 || stream != NULL || dbk_source_row(books, shop)->refused == 0);
}

/* Returns the number of the batch that comes next. */
static uint64_t
check_reopened(const struct acknowledgement *last)
{
	uint64_t next_seq = last->batch_seq + 1, expected;

	if (!CHECK_INT(bookkeeper_open(&keeper), DBK_OK)) {
		fprintf(stderr, "%s\n", keeper.error.text);
		abort();
	}
	CHECK_INT(keeper.start.not_loaded.code, DBK_OK);
	CHECK(bookkeeper_size(&keeper) >= last->size);
	CHECK(bookkeeper_is_replayed(&keeper));
	look_at_books();
	check_answer(last);
	/* The group under way may be on the disk, too: ask for a number far ahead. */
	CHECK_INT(bookkeeper_send(&keeper, "shop", UINT64_MAX, events_of(1), 0),
		  DBK_BATCH_GAP);
	expected = keeper.expected;
	CHECK(expected >= next_seq && expected < next_seq + BATCHES_A_GROUP + 1);
	bookkeeper_close(&keeper);
	return expected;
}

static void
run_directory(unsigned runs)
{
	struct acknowledgement last = { 0 };
	uint64_t next_seq = 1, size = 0;

	bookkeeper_init(&keeper, sales_time_us(&sales, 10000000));
	dbk_buf_init(&events);
	for (unsigned i = 0; i < runs; i++) {
		/* The child is in a time of its own: the parent's goes on the same. */
		keeper.now_us += INT64_C(3600000000);
		last = run_child(next_seq, last);
		next_seq = check_reopened(&last);
		CHECK(last.size >= size);
		size = last.size;
	}
	CHECK(size > 100);
	dbk_buf_fini(&events);
	bookkeeper_fini(&keeper);
}

static void
run_kills(const struct sales *from)
{
	const char *text = getenv("RUNS");
	unsigned runs = text != NULL ? (unsigned)atoi(text) : RUNS_DEFAULT;

	memset(&seen, 0, sizeof seen);
	sales = *from;
	sales.agents = 100;
	sales.skus = 10;
	sales.customers = 1000;
	for (unsigned done = 0; done < runs; done += RUNS_PER_DIR)
		run_directory(runs - done < RUNS_PER_DIR ? runs - done : RUNS_PER_DIR);
	CHECK(seen.loaded > runs / 4);
}

static void
test_sales(void)
{
	struct sales from = sales_default();

	run_kills(&from);
	CHECK_INT(seen.matured, 0);
}

/* Five minutes from sale to sale: what matures was sold 288 sales ago. */
static void
test_commission(void)
{
	struct sales from = sales_with_commission();

	from.us_per_event = 300000000;
	run_kills(&from);
	CHECK(seen.matured > 0);
}

static void
test_all_money(void)
{
	struct sales from = sales_default();

	stream = &all_money;
	run_kills(&from);
	CHECK(seen.matured > 0);
	CHECK(seen.payouts > 0);
}

static void
test_all_goods(void)
{
	struct sales from = sales_default();

	stream = &all_goods;
	run_kills(&from);
	CHECK(seen.findings > 10);
}

int
main(void)
{
	const char *text = getenv("SEED");

	seed = text != NULL ? (unsigned)atoi(text) : (unsigned)time(NULL);
	printf("crash_ledger: SEED=%u\n", seed);
	check_run("a killed writer of sales loses nothing acknowledged", test_sales);
	check_run("a killed writer of commission loses nothing acknowledged",
		  test_commission);
	check_run("a killed writer of agents' money loses nothing acknowledged",
		  test_all_money);
	check_run("a killed writer of goods loses no finding and no restock",
		  test_all_goods);
	return check_end();
}
