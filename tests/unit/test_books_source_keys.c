/*
 * test_books_source_keys.c -- keys of sources: registered, followed, revoked; erased
 * subjects; digests that are recorded.
 */

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"
#include "books/core.h"
#include "books/save.h"
#include "books/source_keys.h"

static struct money_book book;
static struct dbk_source_key key;
static uint64_t rights[DBK_RIGHTS_MAX];

/* Books never look at what a key is; each is told by the letter it is made of. */
static struct dbk_event
registration(const char *source, uint32_t revision, char letter, uint32_t n_rights)
{
	static char bytes[32];
	struct dbk_event event = money_book_event(&book, DBK_EVENT_SOURCE_REGISTERED);

	memset(bytes, letter, sizeof bytes);
	event.u.source_registered =
	    (struct dbk_source_registered){ .source = dbk_str_of(source),
					    .revision = revision,
					    .ed25519_public_key =
						dbk_str_make(bytes, sizeof bytes),
					    .may_send = rights,
					    .n_may_send = n_rights };
	return event;
}

static enum dbk_rule
enter(const char *source, uint32_t revision, char letter)
{
	struct dbk_event event = registration(source, revision, letter, 0);

	return money_book_send(&book, &event);
}

static enum dbk_rule
withdraw(const char *source, uint32_t revision)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_SOURCE_KEY_REVOKED);

	event.u.source_key_revoked.source = dbk_str_of(source);
	event.u.source_key_revoked.revision = revision;
	return money_book_send(&book, &event);
}

static enum dbk_source_key_state
state_of(const char *source)
{
	bool is_in_force =
	    dbk_source_key_in_force(book.books, dbk_str_of(source), &key);

	CHECK_INT(is_in_force, key.state == DBK_SOURCE_KEY_IN_FORCE);
	return key.state;
}

static bool
is_listed(uint32_t number, const char *source, uint32_t revision,
	  enum dbk_source_key_state state)
{
	dbk_source_key_at(book.books, number, &key);
	return CHECK(dbk_str_equal(key.source, dbk_str_of(source))) &&
	       CHECK_INT(key.revision, revision) && CHECK_INT(key.state, state);
}

static void
begin(void)
{
	money_book_open(&book);
}

static void
end(void)
{
	money_book_close(&book);
}

/* ------------------------------------------------------------------------- keys */

static void
test_refused(void)
{
	begin();
	CHECK_INT(enter("shop", 2, 'a'), DBK_RULE_SOURCE_REVISION_GAP);
	CHECK(money_book_measured(&book, 2, 1));
	CHECK_INT(withdraw("shop", 1), DBK_RULE_SOURCE_UNKNOWN);
	CHECK_INT(state_of("shop"), DBK_SOURCE_KEY_NONE);
	CHECK_INT(enter("shop", 1, 'a'), DBK_RULE_NONE);
	CHECK_INT(enter("shop", 3, 'b'), DBK_RULE_SOURCE_REVISION_GAP);
	CHECK(money_book_measured(&book, 3, 2));
	CHECK_INT(enter("shop", UINT32_MAX, 'b'), DBK_RULE_SOURCE_REVISION_GAP);
	CHECK_INT(withdraw("shop", 2), DBK_RULE_SOURCE_STATE);
	CHECK_INT(withdraw("other", 1), DBK_RULE_SOURCE_UNKNOWN);
	CHECK_INT(enter("shop", 2, 'b'), DBK_RULE_NONE);
	CHECK_INT(withdraw("shop", 1), DBK_RULE_SOURCE_STATE);
	CHECK_INT(withdraw("shop", 2), DBK_RULE_NONE);
	CHECK_INT(withdraw("shop", 3), DBK_RULE_SOURCE_STATE);
	CHECK_INT(dbk_source_keys_count(book.books), 2);
	end();
}

static void
test_life(void)
{
	uint64_t at;

	begin();
	at = dbk_books_size(book.books);
	CHECK_INT(enter("shop", 1, 'a'), DBK_RULE_NONE);
	CHECK_INT(state_of("shop"), DBK_SOURCE_KEY_IN_FORCE);
	CHECK(key.revision == 1 && key.key[31] == 'a' && key.position == at);
	CHECK(key.ended_position_plus_one == 0);
	CHECK_INT(enter("shop", 2, 'b'), DBK_RULE_NONE);
	CHECK_INT(state_of("shop"), DBK_SOURCE_KEY_IN_FORCE);
	CHECK(key.revision == 2 && key.key[0] == 'b' && key.position == at + 1);
	CHECK_INT(withdraw("shop", 2), DBK_RULE_NONE);
	CHECK_INT(state_of("shop"), DBK_SOURCE_KEY_REVOKED);
	CHECK(key.ended_position_plus_one == at + 3);
	CHECK_INT(enter("shop", 3, 'c'), DBK_RULE_NONE);
	CHECK_INT(state_of("shop"), DBK_SOURCE_KEY_IN_FORCE);
	CHECK(key.revision == 3 && key.key[0] == 'c');
	CHECK_INT(enter("till", 1, 'd'), DBK_RULE_NONE);
	CHECK_INT(dbk_source_keys_count(book.books), 4);
	CHECK(is_listed(1, "shop", 1, DBK_SOURCE_KEY_FOLLOWED));
	CHECK_INT(key.ended_position_plus_one, at + 2);
	CHECK(is_listed(2, "shop", 2, DBK_SOURCE_KEY_REVOKED));
	CHECK_INT(key.ended_position_plus_one, at + 3);
	CHECK(is_listed(3, "shop", 3, DBK_SOURCE_KEY_IN_FORCE));
	CHECK(is_listed(4, "till", 1, DBK_SOURCE_KEY_IN_FORCE));
	end();
}

static void
test_names(void)
{
	static char long_name[DBK_ID_BYTES_MAX + 1];

	begin();
	memset(long_name, 'x', sizeof long_name);
	CHECK_INT(enter("shop", 1, 'a'), DBK_RULE_NONE);
	CHECK_INT(state_of("sho"), DBK_SOURCE_KEY_NONE);
	CHECK_INT(state_of(""), DBK_SOURCE_KEY_NONE);
	CHECK(!dbk_source_key_in_force(
	    book.books, dbk_str_make(long_name, sizeof long_name), &key));
	end();
}

static void
test_rights(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(enter("all", 1, 'a'), DBK_RULE_NONE);
	CHECK_INT(state_of("all"), DBK_SOURCE_KEY_IN_FORCE);
	CHECK_INT(key.n_rights, 0);
	CHECK(dbk_source_key_may_send(&key, DBK_EVENT_BOOK_OPENED));
	CHECK(dbk_source_key_may_send(&key, DBK_EVENT_DIGEST_RECORDED));
	rights[0] = 300;
	rights[1] = 503;
	event = registration("some", 1, 'b', 2);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	for (uint32_t i = 0; i < DBK_RIGHTS_MAX; i++)
		rights[i] = 700;
	event = registration("many", 1, 'b', DBK_RIGHTS_MAX);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(state_of("some"), DBK_SOURCE_KEY_IN_FORCE);
	CHECK_INT(key.n_rights, 2);
	CHECK(key.rights[0] == 300 && key.rights[1] == 503);
	CHECK(dbk_source_key_may_send(&key, DBK_EVENT_SALE_RECORDED));
	CHECK(dbk_source_key_may_send(&key, DBK_EVENT_ORDER_CLEARED));
	CHECK(dbk_source_key_may_send(&key, DBK_EVENT_PAYOUT_REJECTED));
	CHECK(!dbk_source_key_may_send(&key, DBK_EVENT_PAYOUT_APPROVED));
	CHECK(!dbk_source_key_may_send(&key, DBK_EVENT_FEE_CHARGED));
	CHECK(!dbk_source_key_may_send(&key, DBK_EVENT_COMMISSION_REPORTED));
	CHECK_INT(state_of("many"), DBK_SOURCE_KEY_IN_FORCE);
	CHECK_INT(key.n_rights, DBK_RIGHTS_MAX);
	CHECK_INT(key.rights[DBK_RIGHTS_MAX - 1], 700);
	end();
}

/* Also what is undone leaves no trace: neither a key nor the end of one. */
static void
test_undone(void)
{
	struct dbk_mark mark;

	begin();
	CHECK_INT(enter("shop", 1, 'a'), DBK_RULE_NONE);
	dbk_books_mark(book.books, &mark);
	rights[0] = 100;
	for (int i = 0; i < 2; i++) {
		struct dbk_event event = registration("shop", 2, 'b', 1);

		dbk_effects_reset(&book.effects, dbk_books_size(book.books));
		CHECK(dbk_books_decide(book.books, &event, &book.effects, &book.arena,
				       &book.verdict) == DBK_OK);
		CHECK_INT(book.verdict.outcome, DBK_ACCEPTED);
		event = registration("new", 1, 'c', 1);
		CHECK(dbk_books_decide(book.books, &event, &book.effects, &book.arena,
				       &book.verdict) == DBK_OK);
		CHECK_INT(state_of("new"), DBK_SOURCE_KEY_IN_FORCE);
		dbk_books_rewind(book.books, &mark);
		dbk_books_check(book.books);
		CHECK_INT(state_of("new"), DBK_SOURCE_KEY_NONE);
		CHECK_INT(state_of("shop"), DBK_SOURCE_KEY_IN_FORCE);
		CHECK_INT(key.revision, 1);
		CHECK_INT(dbk_source_keys_count(book.books), 1);
	}
	end();
}

/* -------------------------------------------------------------------- the digest */

/* Does EVENT, accepted, change more than the number of accepted ones? */
static bool
changes_digest(const struct dbk_event *event)
{
	unsigned char before[DBK_DIGEST_BYTES], after[DBK_DIGEST_BYTES];
	struct dbk_row_book *row;

	dbk_books_digest(book.books, before);
	CHECK_INT(money_book_send(&book, event), DBK_RULE_NONE);
	row = DBK_TOUCH(book.books, book, book, 1);
	row->accepted--;
	dbk_books_digest(book.books, after);
	row->accepted++;
	return memcmp(before, after, sizeof before) != 0;
}

static void
test_digest(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_SUBJECT_ERASED);
	event.u.subject_erased.subject = dbk_str_of("c1");
	CHECK(!changes_digest(&event));
	event = registration("shop", 1, 'a', 0);
	CHECK(changes_digest(&event));
	event = registration("shop", 2, 'a', 0);
	CHECK(changes_digest(&event));
	event = money_book_event(&book, DBK_EVENT_SOURCE_KEY_REVOKED);
	event.u.source_key_revoked.source = dbk_str_of("shop");
	event.u.source_key_revoked.revision = 2;
	CHECK(changes_digest(&event));
	end();
}

/* ---------------------------------------------------------------- recorded digests */

static enum dbk_rule
record_digest(uint64_t size, const unsigned char digest[DBK_DIGEST_BYTES])
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_DIGEST_RECORDED);

	event.u.digest_recorded.size = size;
	event.u.digest_recorded.digest = dbk_str_make(digest, DBK_DIGEST_BYTES);
	return money_book_send(&book, &event);
}

static void
test_recorded_digests(void)
{
	unsigned char digest[DBK_DIGEST_BYTES];
	uint64_t size;

	begin();
	CHECK_INT(enter("shop", 1, 'a'), DBK_RULE_NONE);
	size = dbk_books_size(book.books);
	dbk_books_digest(book.books, digest);
	CHECK_INT(record_digest(size - 1, digest), DBK_RULE_DIGEST_SIZE);
	CHECK(money_book_measured(&book, (int64_t)size - 1, (int64_t)size));
	size = dbk_books_size(book.books);
	dbk_books_digest(book.books, digest);
	CHECK_INT(record_digest(size + 1, digest), DBK_RULE_DIGEST_SIZE);
	CHECK_INT(record_digest(0, digest), DBK_RULE_DIGEST_SIZE);
	CHECK_INT(record_digest((UINT64_C(1) << 32) + size + 2, digest),
		  DBK_RULE_DIGEST_SIZE);
	CHECK_INT(record_digest(UINT64_MAX, digest), DBK_RULE_DIGEST_SIZE);
	CHECK_INT(book.verdict.refusal.measured, INT64_MAX);
	size = dbk_books_size(book.books);
	CHECK_INT(record_digest(size, digest), DBK_RULE_DIGEST_DIFFERS);
	CHECK(strcmp(book.verdict.refusal.field.name, "digest") == 0);
	size = dbk_books_size(book.books);
	dbk_books_digest(book.books, digest);
	CHECK_INT(record_digest(size, digest), DBK_RULE_NONE);
	CHECK_INT(book.verdict.position, size);
	end();
}

/* Time that goes by with the event itself is not in the digest. */
static void
test_a_digest_is_of_the_books_before_it(void)
{
	unsigned char digest[DBK_DIGEST_BYTES];

	begin();
	money_book_set(&book, "rate_ppm", 125000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o1", "a1", 19900), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 0);
	dbk_books_digest(book.books, digest);
	book.now_us += 8 * MONEY_BOOK_DAY_US;
	CHECK_INT(record_digest(dbk_books_size(book.books), digest), DBK_RULE_NONE);
	CHECK(money_book_credit(&book, 2120, "a1") > 0);
	dbk_books_digest(book.books, digest);
	digest[31] ^= 1;
	CHECK_INT(record_digest(dbk_books_size(book.books), digest),
		  DBK_RULE_DIGEST_DIFFERS);
	end();
}

/* ------------------------------------------------------------- saved, and audited */

static void
never(void *context, const struct dbk_books_page *page)
{
	(void)context;
	(void)page;
	CHECK(!"nothing changes while it is saved here");
}

static void
test_saved(void)
{
	unsigned char one[DBK_DIGEST_BYTES], other[DBK_DIGEST_BYTES];
	unsigned char secret[DBK_HASH_KEY_BYTES];
	struct dbk_books *before, *loaded;
	struct dbk_books_page page;
	struct dbk_event event;
	struct dbk_buf meta;
	struct dbk_str saved;

	begin();
	rights[0] = 300;
	event = registration("shop", 1, 'a', 1);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(enter("shop", 2, 'b'), DBK_RULE_NONE);
	CHECK_INT(withdraw("shop", 2), DBK_RULE_NONE);
	dbk_buf_init(&meta);
	dbk_books_save_begin(book.books, never, NULL, &meta);
	saved = dbk_str_make(meta.bytes, meta.size);
	CHECK_INT(dbk_books_load_key(saved, secret), DBK_OK);
	if (dbk_books_open(secret, &loaded) != DBK_OK)
		abort();
	CHECK_INT(dbk_books_load_begin(loaded, saved), DBK_OK);
	while (dbk_books_save_next(book.books, &page))
		CHECK_INT(dbk_books_load_page(loaded, page.table, page.page,
					      dbk_str_make(page.rows, page.size)),
			  DBK_OK);
	dbk_books_check(loaded);
	before = book.books;
	CHECK_INT(enter("shop", 3, 'c'), DBK_RULE_NONE);
	dbk_books_digest(before, one);
	book.books = loaded;
	CHECK_INT(enter("shop", 3, 'c'), DBK_RULE_NONE);
	dbk_books_digest(loaded, other);
	CHECK(memcmp(one, other, sizeof one) == 0);
	CHECK(is_listed(1, "shop", 1, DBK_SOURCE_KEY_FOLLOWED));
	CHECK(key.n_rights == 1 && key.rights[0] == 300);
	dbk_buf_fini(&meta);
	dbk_books_close(before);
	end();
}

typedef void damage_fn(struct dbk_row_source_key *first,
		       struct dbk_row_source_key *second);

static void
nothing(struct dbk_row_source_key *first, struct dbk_row_source_key *second)
{
	(void)first;
	(void)second;
}

static void
revision_off(struct dbk_row_source_key *first, struct dbk_row_source_key *second)
{
	(void)first;
	second->revision++;
}

static void
two_in_force(struct dbk_row_source_key *first, struct dbk_row_source_key *second)
{
	(void)second;
	first->state = DBK_SOURCE_KEY_IN_FORCE;
	first->ended = 0;
}

static void
followed_by_nothing(struct dbk_row_source_key *first, struct dbk_row_source_key *second)
{
	second->state = DBK_SOURCE_KEY_FOLLOWED;
	second->ended = first->ended + 1;
}

static void
ended_late(struct dbk_row_source_key *first, struct dbk_row_source_key *second)
{
	(void)second;
	first->ended++;
}

static void
right_lost(struct dbk_row_source_key *first, struct dbk_row_source_key *second)
{
	(void)second;
	first->n_rights = 0;
}

static void
of_nobody(struct dbk_row_source_key *first, struct dbk_row_source_key *second)
{
	(void)first;
	second->source = 0;
}

/* How a process ends that damages the books and audits them. */
static bool
is_seen(damage_fn *damage)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		(void)close(STDERR_FILENO);
		damage(DBK_TOUCH(book.books, source_keys, source_key, 1),
		       DBK_TOUCH(book.books, source_keys, source_key, 2));
		dbk_books_check(book.books);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return CHECK(!"a process");
	return WIFSIGNALED(status);
}

static void
test_audit(void)
{
	struct dbk_event event;

	begin();
	rights[0] = 300;
	event = registration("shop", 1, 'a', 1);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(enter("shop", 2, 'b'), DBK_RULE_NONE);
	CHECK(!is_seen(nothing));
	CHECK(is_seen(revision_off));
	CHECK(is_seen(two_in_force));
	CHECK(is_seen(followed_by_nothing));
	CHECK(is_seen(ended_late));
	CHECK(is_seen(right_lost));
	CHECK(is_seen(of_nobody));
	end();
}

int
main(void)
{
	check_run("gaps, strangers and what is over are refused", test_refused);
	check_run("a key is followed, revoked, and followed again", test_life);
	check_run("no other name has a key", test_names);
	check_run("rights are events and families", test_rights);
	check_run("keys can be undone", test_undone);
	check_run("the digest covers keys and no erasure", test_digest);
	check_run("a digest stands where it says, and is right", test_recorded_digests);
	check_run("a digest is of the books before it",
		  test_a_digest_is_of_the_books_before_it);
	check_run("keys come back as they were saved", test_saved);
	check_run("the audit sees keys that do not fit", test_audit);
	return check_end();
}
