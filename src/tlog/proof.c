#include "tlog/proof.h"

#include <inttypes.h>

#include "base/assert.h"
#include "base/base64.h"
#include "tlog/lines.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define DASH "\xe2\x80\x94 " /* what a signature line begins with */

void
dbk_proof_put(const struct dbk_proof *proof, struct dbk_buf *out)
{
	dbk_buf_printf(out, FIRST_LINE "\n");
	if (proof->has_extra) {
		dbk_buf_printf(out, "extra ");
		dbk_base64_put(out, proof->extra.bytes, proof->extra.size);
		dbk_buf_put_u8(out, '\n');
	}
	dbk_buf_printf(out, "index %" PRIu64 "\n", proof->index);
	dbk_assert(proof->inclusion.count <= DBK_TREE_PROOF_MAX);
	for (unsigned i = 0; i < proof->inclusion.count; i++)
		dbk_lines_put_hash(out, &proof->inclusion.hashes[i]);
	dbk_buf_put_u8(out, '\n');
	dbk_buf_put(out, proof->note.bytes, proof->note.size);
}

static enum dbk_err
wrong(const struct dbk_lines *lines, const char *what, struct dbk_error *error)
{
	return dbk_error_set(error, DBK_FAILED_INPUT, "proof: line %u: %s",
			     lines->number, what);
}

/* LINE, whose word "extra" is taken off. */
static enum dbk_err
read_extra(struct dbk_str line, const struct dbk_lines *lines, struct dbk_buf *bytes,
	   struct dbk_proof *proof, struct dbk_error *error)
{
	size_t room = (size_t)line.size / 4 * 3, size;

	if (!dbk_buf_reserve(bytes, room + 1))
		return dbk_error_set(error, DBK_FAILED_MEMORY, "proof: out of memory");
	if (!dbk_base64_decode(line, bytes->bytes + bytes->size, room, &size))
		return wrong(lines, "no base64 of extra data", error);
	proof->has_extra = true;
	proof->extra = dbk_str_make(bytes->bytes + bytes->size, size);
	return DBK_OK;
}

/* Up to and with the empty line in front of the note. */
static enum dbk_err
read_hashes(struct dbk_lines *lines, struct dbk_tree_proof *out,
	    struct dbk_error *error)
{
	struct dbk_str line;

	for (out->count = 0; dbk_lines_next(lines, &line); out->count++) {
		if (line.size == 0)
			return DBK_OK;
		if (out->count == DBK_TREE_PROOF_MAX)
			return wrong(lines, "more hashes than a proof has", error);
		if (!dbk_lines_hash(line, &out->hashes[out->count]))
			return wrong(lines, "no hash", error);
	}
	lines->number++;
	return wrong(lines, "ends before the checkpoint", error);
}

/* A checkpoint has no empty lines but the one before its signatures, so the note ends
 * where no further signature begins. */
static enum dbk_err
read_note(struct dbk_lines *lines, struct dbk_str *out, struct dbk_error *error)
{
	struct dbk_str begin = lines->rest, line, next;
	unsigned signatures = 0;

	do {
		if (!dbk_lines_next(lines, &line)) {
			lines->number++;
			return wrong(lines, "ends within the checkpoint", error);
		}
	} while (line.size > 0);
	while (next = lines->rest, dbk_lines_skip(&next, DASH)) {
		if (!dbk_lines_next(lines, &line)) {
			lines->number++;
			return wrong(lines, "does not end in a newline", error);
		}
		signatures++;
	}
	if (signatures == 0)
		return wrong(lines, "no signature behind it", error);
	*out = dbk_str_make(begin.bytes, begin.size - lines->rest.size);
	return DBK_OK;
}

enum dbk_err
dbk_proof_parse(struct dbk_str text, struct dbk_buf *extra_bytes, struct dbk_proof *out,
		size_t *out_size, struct dbk_error *error)
{
	struct dbk_lines lines = dbk_lines_of(text);
	struct dbk_proof made = { .has_extra = false };
	struct dbk_str line = { NULL, 0 };
	enum dbk_err err = DBK_OK;

	if (!dbk_lines_next(&lines, &line) ||
	    !dbk_str_equal(line, dbk_str_of(FIRST_LINE)))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "proof: line 1: not " FIRST_LINE);
	if (dbk_lines_next(&lines, &line) && dbk_lines_skip(&line, "extra ")) {
		err = read_extra(line, &lines, extra_bytes, &made, error);
		if (err == DBK_OK && !dbk_lines_next(&lines, &line))
			line.size = 0;
	}
	if (err == DBK_OK &&
	    (!dbk_lines_skip(&line, "index ") || !dbk_lines_number(line, &made.index)))
		err = wrong(&lines, "no index", error);
	if (err == DBK_OK)
		err = read_hashes(&lines, &made.inclusion, error);
	if (err == DBK_OK)
		err = read_note(&lines, &made.note, error);
	if (err != DBK_OK)
		return err;
	extra_bytes->size += made.extra.size;
	*out_size = text.size - lines.rest.size;
	*out = made;
	return DBK_OK;
}
