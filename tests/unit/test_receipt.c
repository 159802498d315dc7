#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "proof/receipt.h"
#include "tlog/checkpoint.h"
#include "tlog/cosignature.h"

#define ORIGIN "daybook/0123456789abcdef"

/* A sale with a delivery address in a box: larger than most records. */
#define EVENT_BYTES 600

/*
 * A tree of any size in no memory: all of its leaves are the same record.  Level L has
 * the one hash that all complete subtrees of 256^L such leaves have.
 */
struct uniform {
	struct dbk_tree_hash levels[DBK_TREE_LEVELS_MAX];
};

static struct dbk_error error;
static struct dbk_note_key key, other, witness;
static const unsigned char seed[DBK_SIGN_SEED_BYTES] = { 1 };
static const unsigned char other_seed[DBK_SIGN_SEED_BYTES] = { 2 };
static const unsigned char witness_seed[DBK_SIGN_SEED_BYTES] = { 3 };

static void
make_key(const char *name, uint8_t type, const unsigned char *from,
	 struct dbk_note_key *out)
{
	unsigned char public[DBK_SIGN_PUBLIC_BYTES];

	dbk_sign_public(from, public);
	if (!dbk_note_key_make(dbk_str_of(name), type, public, out))
		abort();
}

static enum dbk_err
read_uniform(void *context, unsigned level, uint64_t index, unsigned count,
	     struct dbk_tree_hash *out, struct dbk_error *unused)
{
	const struct uniform *tree = context;

	(void)index;
	(void)unused;
	for (unsigned i = 0; i < count; i++)
		out[i] = tree->levels[level];
	return DBK_OK;
}

static void
grow(struct uniform *tree, struct dbk_str record)
{
	struct dbk_tree_hash row[256];

	tree->levels[0] = dbk_tree_leaf(record);
	for (unsigned level = 1; level < DBK_TREE_LEVELS_MAX; level++) {
		for (unsigned i = 0; i < 256; i++)
			row[i] = tree->levels[level - 1];
		tree->levels[level] = dbk_tree_fold(row, 256);
	}
}

static void
put_record(uint64_t position, struct dbk_buf *out)
{
	static const char event[EVENT_BYTES] = { 0 };
	struct dbk_record record = {
		.position = position,
		.recorded_at_us = 1800000000000000,
		.source = dbk_str_of("shop-eu-central"),
		.batch_seq = 123456789,
		.index = 999,
		.outcome = DBK_ACCEPTED,
		.event = dbk_str_make(event, sizeof event),
	};

	dbk_record_encode(&record, out);
}

/* A receipt of the record at POSITION as one of SIZE, signed by the key and a witness.
 */
static void
make_receipt(uint64_t position, uint64_t size, struct dbk_buf *out)
{
	struct dbk_buf record = { 0 }, text = { 0 }, note = { 0 };
	struct uniform tree;
	const struct dbk_tree_reader reader = { read_uniform, &tree };
	struct dbk_tree_hash root;

	put_record(position, &record);
	grow(&tree, dbk_str_make(record.bytes, record.size));
	CHECK_INT(dbk_tree_root(&reader, size, &root, &error), DBK_OK);
	dbk_checkpoint_put(dbk_str_of(ORIGIN), size, &root, &text);
	dbk_note_sign(dbk_str_make(text.bytes, text.size), &key, seed, &note);
	dbk_cosignature_put(dbk_str_make(text.bytes, text.size), &witness, witness_seed,
			    1800000000, &note);
	CHECK_INT(dbk_receipt_put(&reader, position, size,
				  dbk_str_make(record.bytes, record.size),
				  dbk_str_make(note.bytes, note.size), out, &error),
		  DBK_OK);
	dbk_buf_fini(&record);
	dbk_buf_fini(&text);
	dbk_buf_fini(&note);
}

static enum dbk_err
check(const struct dbk_buf *text, const struct dbk_note_key *by,
      const struct dbk_policy *policy, struct dbk_receipt *out, size_t *out_size)
{
	static struct dbk_buf bytes;

	dbk_buf_fini(&bytes);
	return dbk_receipt_check(dbk_str_make(text->bytes, text->size), by, policy,
				 &bytes, out, out_size, &error);
}

static void
test_sizes(void)
{
	static const uint64_t sizes[] = { 1, 2, 3, 255, 256, 257, 65535, 65536, 65537 };
	struct dbk_receipt receipt;
	size_t size;

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		for (unsigned turn = 0; turn < 3; turn++) {
			uint64_t position = turn * (sizes[i] - 1) / 2;
			struct dbk_buf text = { 0 };

			make_receipt(position, sizes[i], &text);
			CHECK_INT(check(&text, &key, NULL, &receipt, &size), DBK_OK);
			CHECK_INT(size, text.size);
			CHECK_INT(receipt.size, sizes[i]);
			CHECK_INT(receipt.record.position, position);
			CHECK_INT(receipt.record.event.size, EVENT_BYTES);
			dbk_buf_fini(&text);
		}
}

/* A year of a very large programme, the longest proof, a witness: below 4 KiB. */
static void
test_bytes(void)
{
	struct dbk_receipt receipt;
	struct dbk_buf text = { 0 };
	unsigned hashes = 0;
	size_t size;

	make_receipt(0, 100000000, &text);
	for (size_t i = 0; i + 1 < text.size; i++) {
		if (text.bytes[i] == '\n' && text.bytes[i + 1] == '\n')
			break;
		hashes += text.bytes[i] == '\n';
	}
	/* The lines in front of the hashes end in three newlines. */
	CHECK_INT(hashes - 2, 27);
	CHECK(text.size < 4096);
	printf(
	    "  a receipt of one in 100,000,000 records: %zu bytes with a record of %d "
	    "and a witness\n",
	    text.size, EVENT_BYTES);
	CHECK_INT(check(&text, &key, NULL, &receipt, &size), DBK_OK);
	dbk_buf_fini(&text);
}

static void
test_several(void)
{
	struct dbk_buf text = { 0 };
	struct dbk_receipt receipt;
	size_t size, first;

	make_receipt(3, 10, &text);
	first = text.size;
	make_receipt(4, 11, &text);
	CHECK_INT(check(&text, &key, NULL, &receipt, &size), DBK_OK);
	CHECK_INT(size, first);
	memmove(text.bytes, text.bytes + size, text.size - size);
	text.size -= size;
	CHECK_INT(check(&text, &key, NULL, &receipt, &size), DBK_OK);
	CHECK_INT(receipt.record.position, 4);
	CHECK_INT(size, text.size);
	dbk_buf_fini(&text);
}

/* Every changed byte is noticed, but for those of the witness's line without a policy
 * and those that only make it another one's. */
static void
test_changes(void)
{
	struct dbk_buf text = { 0 };
	struct dbk_receipt receipt;
	size_t size, end, missed = 0;

	make_receipt(5, 9, &text);
	for (end = text.size - 1; text.bytes[end - 1] != '\n'; end--)
		;
	for (size_t i = 0; i < end; i++) {
		text.bytes[i] ^= 1;
		missed += check(&text, &key, NULL, &receipt, &size) == DBK_OK;
		text.bytes[i] ^= 1;
	}
	CHECK_INT(missed, 0);
	for (size_t cut = 0; cut < end; cut++) {
		struct dbk_buf part = { text.bytes, cut, cut, false };

		missed += check(&part, &key, NULL, &receipt, &size) == DBK_OK;
	}
	CHECK_INT(missed, 0);
	CHECK_INT(check(&text, &key, NULL, &receipt, &size), DBK_OK);
	dbk_buf_fini(&text);
}

static void
test_keys(void)
{
	struct dbk_buf text = { 0 };
	struct dbk_receipt receipt;
	struct dbk_note_key renamed;
	size_t size;

	make_receipt(5, 9, &text);
	CHECK_INT(check(&text, &other, NULL, &receipt, &size), DBK_FAILED_DAMAGED);
	make_key("daybook/other", DBK_NOTE_ED25519, seed, &renamed);
	CHECK_INT(check(&text, &renamed, NULL, &receipt, &size), DBK_FAILED_DAMAGED);
	CHECK_INT(check(&text, NULL, NULL, &receipt, &size), DBK_FAILED_DAMAGED);
	dbk_buf_fini(&text);
}

static struct dbk_policy *
policy_of(const struct dbk_note_key *log, const struct dbk_note_key *of)
{
	struct dbk_policy *policy = NULL;
	struct dbk_buf text = { 0 };

	dbk_buf_printf(&text, "log ");
	dbk_note_key_put(log, &text);
	dbk_buf_printf(&text, "\nwitness w ");
	dbk_note_key_put(of, &text);
	dbk_buf_printf(&text, "\nquorum w\n");
	if (dbk_policy_parse(dbk_str_make(text.bytes, text.size), &policy, &error) !=
	    DBK_OK) {
		fprintf(stderr, "%s\n", error.text);
		abort();
	}
	dbk_buf_fini(&text);
	return policy;
}

static void
test_policy(void)
{
	struct dbk_note_key unknown;
	struct dbk_policy *good = policy_of(&key, &witness), *bad;
	struct dbk_buf text = { 0 };
	struct dbk_receipt receipt;
	size_t size, at;

	make_key("w.example/unknown", DBK_NOTE_COSIGNATURE, other_seed, &unknown);
	bad = policy_of(&other, &unknown);
	make_receipt(5, 9, &text);
	CHECK_INT(check(&text, NULL, good, &receipt, &size), DBK_OK);
	CHECK_INT(check(&text, &other, good, &receipt, &size), DBK_OK);
	CHECK_INT(check(&text, &key, bad, &receipt, &size), DBK_FAILED_DAMAGED);
	CHECK_INT(check(&text, NULL, bad, &receipt, &size), DBK_FAILED_DAMAGED);
	for (at = text.size - 2; text.bytes[at] != ' '; at--)
		;
	text.bytes[at + 30] = text.bytes[at + 30] == 'A' ? 'B' : 'A';
	CHECK_INT(check(&text, &key, good, &receipt, &size), DBK_FAILED_DAMAGED);
	dbk_policy_free(good);
	dbk_policy_free(bad);
	dbk_buf_fini(&text);
}

/* A proof of the right tree for a record that says it stands elsewhere. */
static void
test_other_position(void)
{
	struct dbk_buf record = { 0 }, text = { 0 }, note = { 0 }, out = { 0 };
	struct uniform tree;
	const struct dbk_tree_reader reader = { read_uniform, &tree };
	struct dbk_tree_hash root;
	struct dbk_receipt receipt;
	size_t size;

	put_record(4, &record);
	for (unsigned turn = 0; turn < 2; turn++) {
		if (turn == 1) {
			dbk_buf_reset(&record);
			dbk_buf_printf(&record, "no record");
		}
		grow(&tree, dbk_str_make(record.bytes, record.size));
		CHECK_INT(dbk_tree_root(&reader, 8, &root, &error), DBK_OK);
		dbk_buf_reset(&text);
		dbk_buf_reset(&note);
		dbk_buf_reset(&out);
		dbk_checkpoint_put(dbk_str_of(ORIGIN), 8, &root, &text);
		dbk_note_sign(dbk_str_make(text.bytes, text.size), &key, seed, &note);
		CHECK_INT(dbk_receipt_put(
			      &reader, 5, 8, dbk_str_make(record.bytes, record.size),
			      dbk_str_make(note.bytes, note.size), &out, &error),
			  DBK_OK);
		CHECK_INT(check(&out, &key, NULL, &receipt, &size), DBK_FAILED_DAMAGED);
	}
	dbk_buf_fini(&record);
	dbk_buf_fini(&text);
	dbk_buf_fini(&note);
	dbk_buf_fini(&out);
}

int
main(void)
{
	make_key(ORIGIN, DBK_NOTE_ED25519, seed, &key);
	make_key(ORIGIN, DBK_NOTE_ED25519, other_seed, &other);
	make_key("w.example/w", DBK_NOTE_COSIGNATURE, witness_seed, &witness);
	check_run("a changed or shortened receipt proves nothing", test_changes);
	check_run("a receipt proves nothing by another key", test_keys);
	check_run("a record that says it stands elsewhere is no proof",
		  test_other_position);
	check_run("a policy asks for its log and its witnesses", test_policy);
	check_run("receipts of trees of any size verify", test_sizes);
	check_run("several receipts stand one after the other", test_several);
	check_run("a receipt of one in a hundred million is below 4 KiB", test_bytes);
	return check_end();
}
