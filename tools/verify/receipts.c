/* receipts.c -- a file of receipts, and what the records in it say. */

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <daybook/v1/service.pb-c.h>

#include "base/assert.h"
#include "json_rows.h"
#include "log_table.h"
#include "proof/receipt.h"
#include "verify/verify.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1\n"
#define US_PER_SECOND 1000000
#define NANOS_PER_US 1000

struct printer {
	enum cli_format format;
	struct table *table;
	struct json_rows json;
};

static void
printer_begin(struct printer *p, enum cli_format format)
{
	struct table_style style = { .csv = format == CLI_CSV,
				     .colour = table_wants_colour(STDOUT_FILENO) };
	Daybook__V1__SubscribeReply none;

	p->format = format;
	p->table = NULL;
	if (format == CLI_TABLE || format == CLI_CSV) {
		p->table = log_table_open(stdout, style);
		return;
	}
	daybook__v1__subscribe_reply__init(&none);
	json_rows_init(&p->json, stdout, format == CLI_JSONL, false);
	json_rows_begin(&p->json, &none.base, "events");
}

static void
printer_row(struct printer *p, const Daybook__V1__LoggedEvent *row)
{
	if (p->table != NULL)
		log_table_row(p->table, row);
	else
		json_rows_put(&p->json, &row->base);
}

static void
printer_end(struct printer *p)
{
	if (p->table != NULL)
		table_close(p->table);
	else
		json_rows_end(&p->json, NULL);
}

/* The record as a message has it; its bytes are a Record, as the check has seen. */
static void
print_record(struct printer *p, struct dbk_str bytes)
{
	Daybook__V1__Record *record =
	    daybook__v1__record__unpack(NULL, bytes.size, (const uint8_t *)bytes.bytes);
	Daybook__V1__LoggedEvent row = DAYBOOK__V1__LOGGED_EVENT__INIT;

	dbk_assert(record != NULL);
	row.position = record->position;
	row.recorded_at = record->recorded_at;
	row.source = record->source;
	row.batch_seq = record->batch_seq;
	row.index = record->index;
	row.outcome = record->outcome;
	row.refusal = record->refusal;
	row.seal = record->seal;
	row.event =
	    daybook__v1__event__unpack(NULL, record->event.len, record->event.data);
	printer_row(p, &row);
	if (row.event != NULL)
		daybook__v1__event__free_unpacked(row.event, NULL);
	daybook__v1__record__free_unpacked(record, NULL);
}

/* Where the next receipt begins, behind one that is none. */
static size_t
find_next(struct dbk_str text, size_t from)
{
	const char *found = from + 1 >= text.size
				? NULL
				: memmem(text.bytes + from + 1, text.size - from - 1,
					 "\n" FIRST_LINE, strlen("\n" FIRST_LINE));

	return found == NULL ? text.size : (size_t)(found - text.bytes) + 1;
}

/* Signatures of the checkpoint that no key was given for. */
static void
count_unchecked(struct verify *v, struct dbk_str receipt)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_proof proof;
	struct dbk_buf extra;
	struct dbk_note note;
	size_t size;

	dbk_buf_init(&extra);
	if (v->policy == NULL &&
	    dbk_proof_parse(receipt, &extra, &proof, &size, &error) == DBK_OK &&
	    dbk_note_parse(proof.note, &note, &error) == DBK_OK)
		v->unchecked += note.n_signatures - 1;
	dbk_buf_fini(&extra);
}

void
verify_receipts(struct verify *v, struct dbk_str text)
{
	uint64_t number = 0;
	struct printer printer;
	struct dbk_buf bytes;
	size_t at = 0;

	v->kind = "receipts";
	dbk_buf_init(&bytes);
	printer_begin(&printer, v->format);
	do {
		struct dbk_str rest = dbk_str_make(text.bytes + at, text.size - at);
		struct dbk_error error = { DBK_OK, "" };
		struct dbk_receipt receipt;
		size_t size;

		number++;
		if (dbk_receipt_check(rest, v->key, v->policy, &bytes, &receipt, &size,
				      &error) == DBK_OK) {
			print_record(&printer, dbk_str_make(bytes.bytes, bytes.size));
			count_unchecked(v, rest);
			v->sum.records++;
			at += size;
			continue;
		}
		dbk_assert(error.code != DBK_FAILED_MEMORY);
		findings_add(&v->findings, v->path, FINDINGS_NO_RECORD,
			     "receipt %" PRIu64 ", from byte %zu on: %s", number, at,
			     error.text);
		at = find_next(text, at);
	} while (at < text.size);
	printer_end(&printer);
	dbk_buf_fini(&bytes);
}
