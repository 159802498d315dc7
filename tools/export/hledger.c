#include "export/hledger.h"

#include <inttypes.h>
#include <string.h>

#include <daybook/version.h>

#include "base/assert.h"
#include "base/money.h"
#include "base/time.h"
#include "export/account_name.h"
#include "export/combined.h"
#include "export/declared.h"
#include "export/entries.h"
#include "names.h"

#define US_PER_SECOND 1000000LL
#define US_PER_DAY (86400 * US_PER_SECOND)

/* Where amounts end, so that they read as a column. */
#define AMOUNT_COLUMN 60

/* Of the balances before the first record of a part. */
#define OPENING_OWNER "opening balances"

struct writer {
	struct chart *chart;
	FILE *file;
	struct declared declared;
	struct combined combined;
	struct dbk_buf title; /* of the transaction */
	struct dbk_buf name;  /* of an account */
	struct dbk_buf tags;  /* of a posting */
	bool opened;	      /* the balances before the part are written */
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

/* Count AMOUNT on an account, with what stands in w->tags. */
static void
add_posting(struct writer *w, const struct chart_code *code, const char *owner,
	    int64_t amount)
{
	dbk_buf_reset(&w->name);
	account_name_make(&w->name, code->kind, code->name, dbk_str_of(owner));
	dbk_assert(!dbk_buf_failed(&w->name) && !dbk_buf_failed(&w->tags));
	combined_add(&w->combined, dbk_str_make(w->name.bytes, w->name.size),
		     dbk_str_make(w->tags.bytes, w->tags.size), amount);
}

static void
add_entry_posting(struct writer *w, const Daybook__V1__Posting *posting)
{
	char memory[NAMES_BYTES];
	bool any = false;

	dbk_buf_reset(&w->tags);
	if (posting->cause != 0)
		put_tag(&w->tags, "cause", names_cause(posting->cause, memory), &any);
	put_tag(&w->tags, "order", posting->order, &any);
	put_tag(&w->tags, "payout", posting->payout, &any);
	add_posting(w, chart_find(w->chart, posting->code), posting->owner,
		    posting->amount);
}

/* "2010-12-01 (17502) SaleRecorded  ; order: 536365" */
static void
set_title(struct writer *w, const Daybook__V1__JournalEntry *entry)
{
	bool any = false;

	dbk_buf_reset(&w->title);
	put_day(&w->title, w->chart, entry->effective_at);
	dbk_buf_printf(&w->title, " (%" PRIu64 ") %s", entry->position,
		       entry->type_name);
	put_tag(&w->title, "order", entry->order, &any);
	put_tag(&w->title, "late", entry->late ? "yes" : "", &any);
	put_tag(&w->title, "prior-period", entry->prior_period ? "yes" : "", &any);
}

static void
write_posting(struct writer *w, const struct combined_posting *posting)
{
	struct dbk_str account = combined_account(&w->combined, posting);
	struct dbk_str tags = combined_tags(&w->combined, posting);
	char money[DBK_MONEY_TEXT_BYTES];
	size_t used = dbk_money_format(posting->amount, w->chart->exponent, money);

	used += account.size;
	(void)fprintf(w->file, "    %.*s  %*s%s %s%.*s\n", (int)account.size,
		      account.bytes,
		      used < AMOUNT_COLUMN ? (int)(AMOUNT_COLUMN - used) : 0, "", money,
		      w->chart->currency, (int)tags.size, tags.bytes);
}

/* The title and what was counted, behind the declarations of what is new. */
static bool
write_transaction(struct writer *w)
{
	const struct combined *combined = &w->combined;

	dbk_assert(!dbk_buf_failed(&w->title));
	(void)fputc('\n', w->file);
	for (size_t i = 0; i < combined->count; i++) {
		struct dbk_str name =
		    combined_account(combined, &combined->postings[i]);

		if (declared_add(&w->declared, name))
			(void)fprintf(w->file, "account %.*s\n", (int)name.size,
				      name.bytes);
	}
	(void)fprintf(w->file, "%.*s\n", (int)w->title.size, (char *)w->title.bytes);
	for (size_t i = 0; i < combined->count; i++)
		write_posting(w, &combined->postings[i]);
	combined_reset(&w->combined);
	return !ferror(w->file);
}

static bool
take_entry(void *context, const Daybook__V1__JournalEntry *entry, bool begins)
{
	struct writer *w = context;

	if (begins)
		set_title(w, entry);
	for (size_t i = 0; i < entry->n_postings; i++)
		add_entry_posting(w, entry->postings[i]);
	return entry->unfinished || write_transaction(w);
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
	dbk_buf_reset(&w->title);
	dbk_buf_reset(&w->tags);
	put_day(&w->title, w->chart, at);
	dbk_buf_printf(&w->title, " opening balances");
	for (size_t i = 0; i < w->chart->count; i++) {
		const struct chart_code *code = &w->chart->codes[i];

		if (code->opening != 0)
			add_posting(w, code, OPENING_OWNER, code->opening);
	}
	(void)write_transaction(w);
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
	combined_init(&w.combined);
	dbk_buf_init(&w.title);
	dbk_buf_init(&w.name);
	dbk_buf_init(&w.tags);
	write_head(&w);
	code = entries_read(session, chart, &sink, quiet);
	if (code == EXIT_OK && chart->from > 0 && !w.opened)
		write_opening(&w, &chart->opened_at);
	declared_fini(&w.declared);
	combined_fini(&w.combined);
	dbk_buf_fini(&w.title);
	dbk_buf_fini(&w.name);
	dbk_buf_fini(&w.tags);
	return code;
}
