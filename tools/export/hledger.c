#include "export/hledger.h"

#include <inttypes.h>
#include <string.h>

#include <daybook/version.h>

#include "base/assert.h"
#include "base/money.h"
#include "base/time.h"
#include "export/account_name.h"
#include "export/declared.h"
#include "export/entries.h"
#include "names.h"

#define US_PER_SECOND 1000000LL
#define US_PER_DAY (86400 * US_PER_SECOND)

/* Where the amounts of a transaction stand, so that they read as a column. */
#define AMOUNT_COLUMN 60

/* Of the balances before the first record of a part. */
#define OPENING_OWNER "opening balances"

struct writer {
	struct chart *chart;
	FILE *file;
	struct declared declared;
	struct dbk_buf name;
	struct dbk_buf text; /* of one transaction */
	bool opened;	     /* the balances before the part are written */
};

/* "2010-12-01" in the book's own days. */
static void
put_day(struct dbk_buf *out, const struct chart *chart,
	const Google__Protobuf__Timestamp *at)
{
	int64_t us = chart->offset_us;
	int year, month, day;

	if (at != NULL)
		us += at->seconds * US_PER_SECOND + at->nanos / 1000;
	dbk_time_civil_of_days(us < 0 ? 0 : us / US_PER_DAY, &year, &month, &day);
	dbk_buf_printf(out, "%04d-%02d-%02d", year, month, day);
}

/* "order: 536365" behind what stands there. */
static void
put_tag(struct dbk_buf *out, const char *tag, const char *value, bool *any)
{
	if (value == NULL || value[0] == '\0')
		return;
	dbk_buf_printf(out, "%s%s: ", *any ? ", " : "  ; ", tag);
	account_name_put(out, dbk_str_of(value));
	*any = true;
}

/* The name of an account in w->name, declared if it is new. */
static void
name_account(struct writer *w, const struct chart_code *code, const char *owner)
{
	struct dbk_str name;

	dbk_buf_reset(&w->name);
	account_name_make(&w->name, code->kind, code->name, dbk_str_of(owner));
	name = dbk_str_make(w->name.bytes, w->name.size);
	if (declared_add(&w->declared, name))
		(void)fprintf(w->file, "account %.*s\n", (int)name.size, name.bytes);
}

static void
put_posting(struct writer *w, const struct chart_code *code, const char *owner,
	    int64_t amount)
{
	char money[DBK_MONEY_TEXT_BYTES];
	size_t size = dbk_money_format(amount, w->chart->exponent, money);
	size_t used;

	name_account(w, code, owner);
	used = w->name.size + size;
	dbk_buf_printf(&w->text, "    %.*s  %*s%s %s", (int)w->name.size,
		       (char *)w->name.bytes,
		       used < AMOUNT_COLUMN ? (int)(AMOUNT_COLUMN - used) : 0, "",
		       money, w->chart->currency);
}

static void
put_entry_posting(struct writer *w, const Daybook__V1__Posting *posting)
{
	char memory[NAMES_BYTES];
	bool any = false;

	put_posting(w, chart_find(w->chart, posting->code), posting->owner,
		    posting->amount);
	if (posting->cause != 0)
		put_tag(&w->text, "cause", names_cause(posting->cause, memory), &any);
	put_tag(&w->text, "order", posting->order, &any);
	put_tag(&w->text, "payout", posting->payout, &any);
	dbk_buf_put_u8(&w->text, '\n');
}

/* "2010-12-01 (17502) SaleRecorded  ; order: 536365" */
static void
put_title(struct writer *w, const Daybook__V1__JournalEntry *entry)
{
	bool any = false;

	(void)fputc('\n', w->file);
	put_day(&w->text, w->chart, entry->effective_at);
	dbk_buf_printf(&w->text, " (%" PRIu64 ") %s", entry->position,
		       entry->type_name);
	put_tag(&w->text, "order", entry->order, &any);
	put_tag(&w->text, "late", entry->late ? "yes" : "", &any);
	put_tag(&w->text, "prior-period", entry->prior_period ? "yes" : "", &any);
	dbk_buf_put_u8(&w->text, '\n');
}

static bool
flush_text(struct writer *w)
{
	dbk_assert(!dbk_buf_failed(&w->text) && !dbk_buf_failed(&w->name));
	(void)fwrite(w->text.bytes, 1, w->text.size, w->file);
	dbk_buf_reset(&w->text);
	return !ferror(w->file);
}

/* A record that goes on in the next entry stays in memory until it is whole, because
 * the declarations of its accounts stand before it. */
static bool
take_entry(void *context, const Daybook__V1__JournalEntry *entry, bool begins)
{
	struct writer *w = context;

	if (begins)
		put_title(w, entry);
	for (size_t i = 0; i < entry->n_postings; i++)
		put_entry_posting(w, entry->postings[i]);
	return entry->unfinished || flush_text(w);
}

/* --------------------------------------------------------------------- the beginning
 */

static void
write_head(struct writer *w)
{
	const struct chart *chart = w->chart;
	char unit[DBK_MONEY_TEXT_BYTES];
	int64_t thousand = 1000;

	for (unsigned i = 0; i < chart->exponent; i++)
		thousand *= 10;
	(void)dbk_money_format(thousand, chart->exponent, unit);
	(void)fprintf(w->file,
		      "; A daybook, records %" PRIu64 " to %" PRIu64
		      ", by daybook %s.\n"
		      "; The code of a transaction is the position of its record; "
		      "names are percent-encoded.\n\n"
		      "commodity %s\n    format %s%s %s\n\n"
		      "tag order\ntag payout\ntag cause\ntag late\ntag prior-period\n",
		      chart->from, chart->to, DAYBOOK_VERSION, chart->currency, unit,
		      chart->exponent == 0 ? "." : "", chart->currency);
}

/* What stood in the book before the first record of this part, code by code. */
static void
write_opening(struct writer *w, const Google__Protobuf__Timestamp *at)
{
	(void)fputc('\n', w->file);
	put_day(&w->text, w->chart, at);
	dbk_buf_printf(&w->text, " opening balances\n");
	for (size_t i = 0; i < w->chart->count; i++) {
		const struct chart_code *code = &w->chart->codes[i];

		if (code->opening == 0)
			continue;
		put_posting(w, code, OPENING_OWNER, code->opening);
		dbk_buf_put_u8(&w->text, '\n');
	}
	(void)flush_text(w);
	w->opened = true;
}

/* The opening has the day of the first record behind it. */
static bool
take_first(void *context, const Daybook__V1__JournalEntry *entry, bool begins)
{
	struct writer *w = context;

	if (w->chart->from > 0 && !w->opened)
		write_opening(w, entry->effective_at);
	return take_entry(context, entry, begins);
}

int
hledger_write(struct session *session, struct chart *chart, FILE *file, bool quiet)
{
	struct writer w = { .chart = chart, .file = file };
	const struct entries_sink sink = { .context = &w, .take = take_first };
	int code;

	declared_init(&w.declared);
	dbk_buf_init(&w.name);
	dbk_buf_init(&w.text);
	write_head(&w);
	code = entries_read(session, chart, &sink, quiet);
	if (code == EXIT_OK && chart->from > 0 && !w.opened)
		write_opening(&w, &chart->opened_at);
	declared_fini(&w.declared);
	dbk_buf_fini(&w.name);
	dbk_buf_fini(&w.text);
	return code;
}
