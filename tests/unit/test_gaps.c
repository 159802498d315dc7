/*
 * test_gaps.c -- hashes of what a signed batch had and the log has not, in stored
 * replies.
 */

#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "ledger/gaps.h"
#include "ledger/reply.h"

static struct dbk_reply reply;
static struct dbk_buf stored;

static const struct dbk_refusal refusal = { .rule = DBK_RULE_SKU_UNKNOWN };
static const struct dbk_event_fault fault = { .fault = DBK_FAULT_MALFORMED };

/* A hash that says of which event it is. */
static const unsigned char *
hash_of(uint32_t index)
{
	static unsigned char hash[DBK_SHA256_BYTES];

	memset(hash, (int)(index % 251), sizeof hash);
	memcpy(hash, &index, sizeof index);
	return hash;
}

static void
setup(void)
{
	dbk_reply_init(&reply);
	dbk_buf_init(&stored);
}

static void
teardown(void)
{
	dbk_reply_fini(&reply);
	dbk_buf_fini(&stored);
}

/* The next event of the batch: 'a'ccepted, 'A' with details, 'r'efused, 'd'uplicate,
 * 'i'nvalid; accepted and refused ones get positions from 70 on. */
static void
add(char what, uint64_t *position)
{
	uint32_t index = reply.n_events;
	struct dbk_buf details;

	dbk_buf_init(&details);
	if (what == 'a')
		dbk_reply_accepted(&reply, (*position)++);
	else if (what == 'A')
		dbk_reply_accepted_with(&reply, (*position)++, &details);
	else if (what == 'r')
		dbk_reply_refused(&reply, (*position)++, &refusal, NULL);
	else if (what == 'd')
		dbk_reply_duplicate(&reply, 3);
	else
		dbk_reply_invalid(&reply, &fault);
	if (what == 'd' || what == 'i')
		dbk_reply_gap(&reply, hash_of(index));
	dbk_buf_fini(&details);
}

static struct dbk_str
store(const char *events, unsigned flags)
{
	uint64_t position = 70;

	dbk_reply_reset(&reply);
	dbk_buf_reset(&stored);
	for (const char *at = events; *at != '\0'; at++)
		add(*at, &position);
	dbk_reply_store(&reply, position, flags, &stored);
	return dbk_str_make(stored.bytes, stored.size);
}

/* The gaps of EVENTS are its 'd' and 'i', in order. */
static void
check_gaps(const char *events)
{
	const unsigned char *hash;
	struct dbk_gaps gaps;
	uint32_t index, missing = 0;

	CHECK(dbk_gaps_of_reply(store(events, 0), &gaps));
	for (uint32_t i = 0; events[i] != '\0'; i++) {
		if (events[i] != 'd' && events[i] != 'i')
			continue;
		missing++;
		CHECK(dbk_gaps_next(&gaps, &index, &hash));
		CHECK_INT(index, i);
		CHECK(memcmp(hash, hash_of(i), DBK_SHA256_BYTES) == 0);
	}
	CHECK(!dbk_gaps_next(&gaps, &index, &hash));
	CHECK_INT(gaps.count, missing);
	CHECK_INT(gaps.position, 70);
}

static void
test_gaps(void)
{
	setup();
	check_gaps("ad");
	check_gaps("da");
	check_gaps("ir");
	check_gaps("dA");
	check_gaps("a");
	check_gaps("aaadaaaidddaaarrAAid");
	check_gaps("iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiia");
	teardown();
}

static void
check_none(struct dbk_str bytes)
{
	const unsigned char *hash;
	struct dbk_gaps gaps;
	uint32_t index;

	CHECK(dbk_gaps_of_reply(bytes, &gaps));
	CHECK_INT(gaps.count, 0);
	CHECK(!dbk_gaps_next(&gaps, &index, &hash));
}

/* No record, no seal, no use for hashes. */
static void
test_no_gaps(void)
{
	uint64_t position = 9;

	setup();
	check_none(store("", 0));
	check_none(store("ddii", 0));
	check_none(store("aadr", DBK_REPLY_ROLLED_BACK));
	check_none(store("aadr", DBK_REPLY_DRY_RUN));
	dbk_reply_reset(&reply);
	dbk_buf_reset(&stored);
	add('a', &position);
	dbk_reply_duplicate(&reply, 3);
	dbk_reply_store(&reply, 10, 0, &stored);
	check_none(dbk_str_make(stored.bytes, stored.size));
	teardown();
}

/* A reply of before there were signatures. */
static void
test_older_reply(void)
{
	static const unsigned char bytes[] = { 9, 0, 2 << 2, 7, 1 << 2 | 1, 3 };
	static const unsigned char spelled[] = { 0x0a, 1,  's',	 0x10, 1,    0x1a, 4,
						 8,    1,  16,	 7,    0x1a, 4,	   8,
						 1,    16, 8,	 0x1a, 4,    8,	   2,
						 16,   3,  0x20, 9 };
	struct dbk_buf out;

	setup();
	dbk_buf_init(&out);
	check_none(dbk_str_make(bytes, sizeof bytes));
	CHECK(dbk_reply_spell(dbk_str_make(bytes, sizeof bytes), dbk_str_of("s"), 1,
			      false, &out));
	CHECK(out.size == sizeof spelled && memcmp(out.bytes, spelled, out.size) == 0);
	dbk_buf_fini(&out);
	teardown();
}

static bool
count_logged(void *context, uint32_t index, uint64_t position)
{
	(void)index, (void)position;
	++*(unsigned *)context;
	return true;
}

/* What is answered does not tell of hashes. */
static void
test_answer_is_the_same(void)
{
	static const char events[] = "aadiarAdda";
	struct dbk_buf with, without;
	struct dbk_batch_counts counts;
	unsigned logged = 0;
	struct dbk_str bytes;

	setup();
	dbk_buf_init(&with);
	dbk_buf_init(&without);
	bytes = store(events, 0);
	CHECK(dbk_reply_spell(bytes, dbk_str_of("s"), 1, false, &with));
	CHECK(dbk_reply_count(bytes, &counts));
	CHECK_INT(counts.accepted, 5);
	CHECK_INT(counts.duplicates, 3);
	CHECK_INT(counts.refused, 1);
	CHECK_INT(counts.invalid, 1);
	CHECK(dbk_reply_visit_logged(bytes, count_logged, &logged));
	CHECK_INT(logged, 6);
	dbk_buf_reset(&reply.gaps);
	dbk_buf_reset(&stored);
	dbk_reply_store(&reply, 76, 0, &stored);
	CHECK(dbk_reply_spell(dbk_str_make(stored.bytes, stored.size), dbk_str_of("s"),
			      1, false, &without));
	CHECK(with.size == without.size &&
	      memcmp(with.bytes, without.bytes, with.size) == 0);
	dbk_buf_fini(&with);
	dbk_buf_fini(&without);
	teardown();
}

static void
test_largest(void)
{
	char events[DBK_BATCH_EVENTS_MAX + 1];

	setup();
	for (unsigned round = 0; round < 3; round++) {
		memset(events,
		       round == 0   ? 'd'
		       : round == 1 ? 'i'
				    : 'r',
		       DBK_BATCH_EVENTS_MAX);
		events[DBK_BATCH_EVENTS_MAX] = '\0';
		events[5000] = 'a';
		CHECK(store(events, 0).size <= DBK_LOG_REPLY_BYTES_MAX);
		if (round < 2) {
			struct dbk_gaps gaps;

			CHECK(dbk_gaps_of_reply(store(events, 0), &gaps));
			CHECK_INT(gaps.count, DBK_BATCH_EVENTS_MAX - 1);
		}
	}
	teardown();
}

/* Read all that is there; false if nothing of it may be believed. */
static bool
read_all(const unsigned char *bytes, size_t size)
{
	/* A copy of its own, so that reading past the end is seen. */
	unsigned char *copy = malloc(size == 0 ? 1 : size);
	const unsigned char *hash;
	struct dbk_gaps gaps;
	uint32_t index, n = 0, last = 0;
	volatile unsigned char read = 0; /* every byte is there */
	bool good;

	memcpy(copy, bytes, size);
	good = dbk_gaps_of_reply(dbk_str_make(copy, size), &gaps);
	while (good && dbk_gaps_next(&gaps, &index, &hash)) {
		CHECK(n == 0 || index > last);
		for (unsigned i = 0; i < DBK_SHA256_BYTES; i++)
			read ^= hash[i];
		last = index;
		n++;
	}
	CHECK(!good || n == gaps.count);
	free(copy);
	return good;
}

static void
test_damage(void)
{
	struct random_source random;
	struct dbk_str bytes;

	setup();
	bytes = store("aadiarAddaiidaaaaa", 0);
	CHECK(read_all(stored.bytes, stored.size));
	for (size_t size = 0; size < bytes.size; size++)
		(void)read_all(stored.bytes, size);
	/* The flag alone, no hashes, and more than there are. */
	CHECK(!read_all((const unsigned char *)"\x09\x04", 2));
	CHECK(!read_all((const unsigned char *)"\x09\x04\x00\x08\x07", 5));
	CHECK(!read_all((const unsigned char *)"\x09\x04\x01\x05\x03", 5));
	stored.bytes[2]--;
	CHECK(!read_all(stored.bytes, stored.size));
	stored.bytes[2] += 2;
	CHECK(!read_all(stored.bytes, stored.size));
	random_start(&random, "damaged gaps");
	for (unsigned i = 0; i < 20000; i++) {
		bytes = store("aadiarAddaiidaaaaa", 0);
		stored.bytes[random_below(&random, bytes.size)] ^=
		    (unsigned char)(1u << random_below(&random, 8));
		(void)read_all(stored.bytes, stored.size);
	}
	teardown();
}

int
main(void)
{
	check_run("a damaged reply is read as far as it goes, or not at all",
		  test_damage);
	check_run("gaps are the events without a record, in order", test_gaps);
	check_run("without a seal there are no gaps", test_no_gaps);
	check_run("a reply of before is read as ever", test_older_reply);
	check_run("hashes change nothing in the answer", test_answer_is_the_same);
	check_run("the largest batch keeps within the bound", test_largest);
	return check_end();
}
