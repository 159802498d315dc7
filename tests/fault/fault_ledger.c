/*
 * fault_ledger.c -- the n-th step of the log's store, write or allocation fails, for
 * n = 1, 2, ... until the run is no longer touched.
 *
 * Three scenarios, always the same.  Sales: an opening, sales, duplicates, refusals, a
 * rolled back batch, a dry run, a group without records, a save, a restart, a repeat.
 * Money: a plan, sales that accrue and fall due, refunds, payouts with every end, in
 * two batches of one group, a rolled back one among them.  Goods: restocks allowed and
 * refused, movements, orders that hang, findings raised, added to and resolved.  After
 * each failure books and log are as before the group, the same group works when it is
 * tried again, and in the end every answer and the digest are those of an undisturbed
 * run.
 *
 * This program defines pwrite, writev and malloc itself; liblmdb's calls come here,
 * too, because a program's own symbols come first.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_events.h"
#include "../tests/lib/money_events.h"
#include "../tests/lib/signed_book.h"
#include "../tests/lib/small_book.h"
#include "books/accounts.h"
#include "books/look.h"
#include "books/look_guards.h"
#include "ledger/saved.h"

/* The sanitizers bring an allocator of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define OWN_MALLOC 0
#else
#define OWN_MALLOC 1
#endif

enum kind { STEP, WRITE_NO_SPACE, ALLOCATION };

/* What is to fail: the LEFT-th from now of KIND; ARMED only while the ledger works. */
static struct {
	enum kind kind;
	long left;
	bool armed;
	bool struck;
} plan;

static bool
strikes(enum kind kind)
{
	if (!plan.armed || plan.kind != kind || --plan.left != 0)
		return false;
	plan.struck = true;
	return true;
}

static enum dbk_err
ask(void *context, enum dbk_store_step step)
{
	(void)context;
	(void)step;
	return strikes(STEP) ? DBK_FAILED_IO : DBK_OK;
}

ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	if (!strikes(WRITE_NO_SPACE))
		return (ssize_t)syscall(SYS_pwrite64, fd, bytes, size, offset);
	errno = ENOSPC;
	return -1;
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	if (!strikes(WRITE_NO_SPACE))
		return (ssize_t)syscall(SYS_writev, fd, parts, count);
	errno = ENOSPC;
	return -1;
}

#if OWN_MALLOC

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static void *
denied(void)
{
	errno = ENOMEM;
	return NULL;
}

void *
malloc(size_t size)
{
	return strikes(ALLOCATION) ? denied() : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return strikes(ALLOCATION) ? denied() : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	return strikes(ALLOCATION) ? denied() : __libc_realloc(old, size);
}

#endif

/* ------------------------------------------------------------------- the scenario */

#define ANSWERS_MAX 16

static struct small_book book;
static struct dbk_buf
    answers[ANSWERS_MAX]; /* of the undisturbed run, 0: not made yet */
static struct bookkeeper_digest end;
static unsigned n_answers;
static bool undisturbed;

/* An answer is what it was without faults; a repeat says so, else it is the same. */
static void
check_answer(enum dbk_admission admission)
{
	struct dbk_buf *want = &answers[n_answers++];

	if (undisturbed)
		small_book_keep_reply(&book, want);
	else if (admission == DBK_ADMITTED_REPEAT &&
		 want->size != book.keeper.reply.size)
		small_book_check_repeat(want, &book.keeper.reply);
	else
		CHECK(want->size == book.keeper.reply.size &&
		      memcmp(want->bytes, book.keeper.reply.bytes, want->size) == 0);
}

static bool
is_failure(enum dbk_err err)
{
	switch (plan.kind) {
	case STEP:
		return err == DBK_FAILED_IO;
	case WRITE_NO_SPACE:
		return err == DBK_FAILED_DISK_FULL;
	case ALLOCATION:
		/* An original that cannot be read again for want of memory is IO. */
		return err == DBK_FAILED_MEMORY || err == DBK_FAILED_IO;
	}
	return false;
}

/* EVENTS as a batch of the open group; once more if memory is refused while it is
 * decided. */
static void
admit_events(const char *source, uint64_t seq, const struct dbk_buf *events,
	     unsigned flags)
{
	enum dbk_admission admission;

	plan.armed = true;
	admission = bookkeeper_admit(&book.keeper, source, seq, events, flags);
	plan.armed = false;
	if (admission == DBK_ADMISSION_FAILED) {
		CHECK(is_failure(book.keeper.error.code));
		CHECK(book.keeper.error.text[0] != '\0');
		admission = bookkeeper_admit(&book.keeper, source, seq, events, flags);
	}
	CHECK(admission == DBK_ADMITTED || admission == DBK_ADMITTED_REPEAT ||
	      admission == DBK_ADMITTED_DRY);
	check_answer(admission);
}

static void
admit(const char *source, uint64_t seq, const struct sales *from, uint64_t first,
      uint32_t n, unsigned flags)
{
	admit_events(source, seq, small_book_take(&book, from, first, n), flags);
}

static void
admit_money(const char *source, uint64_t seq, uint64_t first, uint32_t n,
	    unsigned flags)
{
	dbk_buf_reset(&book.events);
	money_events_put_many(first, n, &book.events);
	admit_events(source, seq, &book.events, flags);
}

static void
group_opening(void)
{
	admit("office", 1, &book.sales, 0, SMALL_BOOK_OPENING, 0);
}

static void
group_of_many(void)
{
	admit("a", 1, &book.sales, SMALL_BOOK_OPENING, 40, 0);
	admit("b", 1, &book.sales, SMALL_BOOK_OPENING + 20, 40, 0);
	admit("c", 1, &book.strange, small_book_strange_sale(&book) + 500, 5, 0);
	admit("c", 2, &book.strange, small_book_strange_sale(&book) + 500, 5,
	      BOOKKEEPER_ATOMIC);
	admit("d", 0, &book.sales, SMALL_BOOK_OPENING + 100, 900, BOOKKEEPER_DRY_RUN);
	admit("b", 2, &book.other, SMALL_BOOK_OPENING, 3, 0);
}

static void
group_of_nothing(void)
{
	admit("a", 2, &book.future, SMALL_BOOK_OPENING, 3, 0);
}

/* Looks back at the log, for duplicates and for replies. */
static void
group_of_repeats(void)
{
	admit("a", 1, &book.sales, SMALL_BOOK_OPENING, 40, 0);
	admit("a", 3, &book.sales, SMALL_BOOK_OPENING + 10, 90, 0);
}

static void
group_money_opening(void)
{
	admit_money("office", 1, 0, (uint32_t)money_events_opening_size(), 0);
}

/* The first rounds; nothing has matured, so the rolled back ones ask in vain. */
static void
group_of_money(void)
{
	uint64_t first = money_events_opening_size();

	admit_money("shop", 1, first, 4 * MONEY_EVENTS_ROUND, 0);
	admit_money("desk", 1, first + 4 * MONEY_EVENTS_ROUND, MONEY_EVENTS_ROUND,
		    BOOKKEEPER_ATOMIC);
	admit_money("desk", 0, first + 20 * MONEY_EVENTS_ROUND, MONEY_EVENTS_ROUND,
		    BOOKKEEPER_DRY_RUN);
}

/* Agents whose earlier rounds fall due on the way, and whose turn to be paid it is. */
static void
group_of_payouts(void)
{
	uint64_t first = money_events_opening_size();

	admit_money("shop", 2, first + 20 * MONEY_EVENTS_ROUND, 3 * MONEY_EVENTS_ROUND,
		    0);
	admit_money("shop", 1, first, 4 * MONEY_EVENTS_ROUND, 0);
	admit_money("desk", 2, first + 22 * MONEY_EVENTS_ROUND, 2 * MONEY_EVENTS_ROUND,
		    0);
}

static void
admit_goods(const char *source, uint64_t seq, uint64_t first, uint32_t n,
	    unsigned flags)
{
	dbk_buf_reset(&book.events);
	goods_events_put_many(first, n, &book.events);
	admit_events(source, seq, &book.events, flags);
}

static void
group_goods_opening(void)
{
	admit_goods("office", 1, 0, (uint32_t)goods_events_opening_size(), 0);
}

static void
group_of_goods(void)
{
	uint64_t first = goods_events_opening_size();

	admit_goods("shop", 1, first, 2 * GOODS_EVENTS_ROUND, 0);
	admit_goods("desk", 1, first + 2 * GOODS_EVENTS_ROUND, GOODS_EVENTS_ROUND,
		    BOOKKEEPER_ATOMIC);
	admit_goods("desk", 0, first + 20 * GOODS_EVENTS_ROUND, GOODS_EVENTS_ROUND,
		    BOOKKEEPER_DRY_RUN);
}

/* Rounds that find again what was found, resolve some of it, and in which the timers of
 * earlier orders come. */
static void
group_of_findings(void)
{
	uint64_t first = goods_events_opening_size();

	admit_goods("shop", 2, first + 10 * GOODS_EVENTS_ROUND, 2 * GOODS_EVENTS_ROUND,
		    0);
	admit_goods("shop", 1, first, 2 * GOODS_EVENTS_ROUND, 0);
	admit_goods("desk", 2, first + 14 * GOODS_EVENTS_ROUND, 2 * GOODS_EVENTS_ROUND,
		    0);
}

/* EVENTS with the signature of the key that group_of_keys() registers. */
static void
admit_signed(uint64_t seq, unsigned flags)
{
	struct dbk_seal_text text = signed_book_text(
	    "till", seq, &book.events, (flags & BOOKKEEPER_ATOMIC) != 0);
	unsigned char signature[DBK_SIGNATURE_BYTES];

	signed_book_signature('a', &text, signature);
	book.keeper.signature = dbk_str_make(signature, sizeof signature);
	admit_events("till", seq, &book.events, flags);
	book.keeper.signature = dbk_str_make("", 0);
}

static void
group_of_keys(void)
{
	dbk_buf_reset(&book.events);
	signed_book_put_key_at(sales_time_us(&book.sales, SMALL_BOOK_OPENING), "till",
			       1, 'a', "301", &book.events);
	admit_events("office", 2, &book.events, 0);
}

/* With hashes of what is not logged; duplicates alone; rolled back. */
static void
group_of_signed(void)
{
	dbk_buf_reset(&book.events);
	dbk_buf_put(&book.events, "\x0a\x01?", 3);
	sales_put_many(&book.sales, SMALL_BOOK_OPENING, 30, &book.events);
	sales_put_many(&book.sales, SMALL_BOOK_OPENING, 20, &book.events);
	admit_signed(1, 0);
	(void)small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 9);
	admit_signed(2, 0);
	(void)small_book_take(&book, &book.strange,
			      small_book_strange_sale(&book) + 500, 5);
	admit_signed(3, BOOKKEEPER_ATOMIC);
}

static void
reopen(void)
{
	bookkeeper_close(&book.keeper);
	plan.armed = true;
	if (bookkeeper_open(&book.keeper) != DBK_OK) {
		plan.armed = false;
		CHECK(is_failure(book.keeper.error.code));
		CHECK(book.keeper.ledger == NULL);
		CHECK_INT(bookkeeper_open(&book.keeper), DBK_OK);
	}
	plan.armed = false;
}

/* Begin, admit, commit: is the group on the disk? */
static bool
try_group(void (*group)(void))
{
	struct bookkeeper_digest before = bookkeeper_digest(&book.keeper);
	uint64_t size = bookkeeper_size(&book.keeper);
	enum dbk_err err;

	bookkeeper_begin(&book.keeper);
	group();
	plan.armed = true;
	err = dbk_ledger_commit(book.keeper.ledger, &book.keeper.error);
	plan.armed = false;
	if (err == DBK_OK)
		return true;
	CHECK(plan.struck && (is_failure(err) || err == DBK_FAILED_STATE));
	CHECK(bookkeeper_same_digest(before, bookkeeper_digest(&book.keeper)));
	CHECK_INT(bookkeeper_size(&book.keeper), size);
	if (plan.kind != WRITE_NO_SPACE)
		CHECK(bookkeeper_is_replayed(&book.keeper));
	return false;
}

/*
 * The group until it is on the disk.  The page that names the newest commit may be the
 * one that was not written: then all that follows fails, and only when the log is
 * opened again it is known what is in it.  The numbers of the batches sort that out.
 */
static void
run_group(void (*group)(void))
{
	unsigned n = n_answers;

	if (try_group(group))
		return;
	n_answers = n;
	if (plan.kind == WRITE_NO_SPACE)
		reopen();
	CHECK(try_group(group));
	CHECK(bookkeeper_is_replayed(&book.keeper));
}

/* One save as the daemon makes it; what fails is made up for by the next one. */
static enum dbk_err
try_save(void)
{
	struct dbk_books *books = dbk_ledger_books(book.keeper.ledger);
	struct dbk_saved_point point = { bookkeeper_size(&book.keeper),
					 bookkeeper_groups(&book.keeper) };
	struct dbk_error error = { 0 };
	struct dbk_books_page page;
	struct dbk_saved *saved = NULL;
	struct dbk_buf meta;
	char path[TMPDIR_BYTES + 8];
	enum dbk_err err;

	(void)snprintf(path, sizeof path, "%s/books", book.keeper.dir);
	dbk_buf_init(&meta);
	err = dbk_saved_open(path, &saved, &error);
	if (err == DBK_OK)
		err = dbk_saved_begin(saved, true, &error);
	if (err == DBK_OK) {
		dbk_books_save_begin(books, NULL, NULL, &meta);
		while (dbk_books_save_next(books, &page))
			dbk_saved_put(saved, &page);
		if (dbk_buf_failed(&meta)) {
			dbk_saved_abort(saved);
			err = DBK_FAILED_MEMORY;
		} else {
			err = dbk_saved_commit(
			    saved, point, dbk_str_make(meta.bytes, meta.size), &error);
		}
		if (err != DBK_OK)
			dbk_books_save_abandon(books);
	}
	dbk_saved_close(saved);
	dbk_buf_fini(&meta);
	return err;
}

static void
save(void)
{
	enum dbk_err err;

	plan.armed = true;
	err = try_save();
	plan.armed = false;
	if (err == DBK_OK)
		return;
	CHECK(plan.struck && is_failure(err));
	CHECK_INT(try_save(), DBK_OK);
}

static struct dbk_row_control
control(enum dbk_account_code code)
{
	return dbk_look_control(dbk_ledger_books(book.keeper.ledger), code);
}

static void
sales_scenario(void)
{
	run_group(group_opening);
	run_group(group_of_many);
	run_group(group_of_nothing);
	save();
	run_group(group_of_repeats);
	reopen();
	CHECK(bookkeeper_is_replayed(&book.keeper));
	run_group(group_of_repeats);
}

static void
money_scenario(void)
{
	run_group(group_money_opening);
	run_group(group_of_money);
	save();
	run_group(group_of_payouts);
	reopen();
	CHECK(bookkeeper_is_replayed(&book.keeper));
	run_group(group_of_payouts);
	/* What it is about has happened. */
	CHECK(control(DBK_COMMISSION_AVAILABLE).credits > 0);
	CHECK(control(DBK_PAYOUT_IN_TRANSIT).debits > 0);
	CHECK(control(DBK_CLAWBACK_RECEIVABLE).debits > 0);
}

static void
goods_scenario(void)
{
	run_group(group_goods_opening);
	run_group(group_of_goods);
	save();
	run_group(group_of_findings);
	reopen();
	CHECK(bookkeeper_is_replayed(&book.keeper));
	run_group(group_of_findings);
	CHECK(dbk_look_guards_newest(dbk_ledger_books(book.keeper.ledger),
				     DBK_LOOK_FINDINGS) > 10);
}

static void
signed_scenario(void)
{
	run_group(group_opening);
	run_group(group_of_keys);
	run_group(group_of_signed);
	save();
	reopen();
	CHECK(bookkeeper_is_replayed(&book.keeper));
	run_group(group_of_signed);
}

static void (*scenario)(void); /* of the test that runs, and what fails in it */
static enum kind fault;

static void
run_scenario(void)
{
	n_answers = 0;
	reopen();
	scenario();
	if (undisturbed)
		end = bookkeeper_digest(&book.keeper);
	CHECK(bookkeeper_same_digest(end, bookkeeper_digest(&book.keeper)));
}

/* One run from an empty directory; true if the fault struck. */
static bool
run_once(enum kind kind, long n)
{
	plan.kind = kind;
	plan.left = n;
	plan.struck = false;
	small_book_init(&book);
	book.keeper.options.log.fault.ask = ask;
	run_scenario();
	small_book_close(&book);
	return plan.struck;
}

static void
run_all(void)
{
	long n = 1;

	if (fault == ALLOCATION && !OWN_MALLOC)
		return;
	undisturbed = true;
	CHECK(!run_once(fault, 0));
	undisturbed = false;
	while (run_once(fault, n) && n < 10000)
		n++;
	if (!CHECK(n > 10 && n < 10000))
		fprintf(stderr, "%ld runs\n", n);
	for (unsigned i = 0; i < ANSWERS_MAX; i++)
		dbk_buf_fini(&answers[i]);
}

/* ----------------------------------------------------------- every fault, everywhere */

static const struct {
	const char *what;
	void (*scenario)(void);
} scenarios[] = { { "sales", sales_scenario },
		  { "money", money_scenario },
		  { "goods", goods_scenario },
		  { "signed batches", signed_scenario } };

#define SCENARIOS (sizeof scenarios / sizeof scenarios[0])

static const char *const test_names[] = {
	[STEP] = "any step of a group of %s may fail",
	[WRITE_NO_SPACE] = "any write of %s may find no space",
	[ALLOCATION] = "any allocation for %s may fail",
};

static void
run_test(unsigned number, enum kind kind)
{
	char name[80];

	fault = kind;
	scenario = scenarios[number].scenario;
	(void)snprintf(name, sizeof name, test_names[kind], scenarios[number].what);
	check_run(name, run_all);
}

int
main(void)
{
	if (access("/dev/shm", W_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	for (unsigned i = 0; i < SCENARIOS; i++) {
		run_test(i, STEP);
		run_test(i, WRITE_NO_SPACE);
		run_test(i, ALLOCATION);
	}
	return check_end();
}
