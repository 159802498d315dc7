#include "postings.h"

#include <inttypes.h>
#include <stdio.h>

#include "json_rows.h"
#include "names.h"

static const struct table_column columns[] = {
	{ "line", TABLE_NUMBER, false },  { "code", TABLE_NUMBER, false },
	{ "account", TABLE_TEXT, false }, { "owner", TABLE_TEXT, false },
	{ "debit", TABLE_NUMBER, false }, { "credit", TABLE_NUMBER, false },
	{ "cause", TABLE_TEXT, false },	  { "for", TABLE_TEXT, false },
};

void
postings_begin(struct postings *postings, enum cli_format format,
	       struct table_style style, unsigned exponent)
{
	*postings = (struct postings){ .exponent = exponent, .first = true };
	if (format == CLI_TABLE)
		postings->table = table_open(stdout, style, columns,
					     sizeof columns / sizeof columns[0]);
	else
		(void)fputs("{\"postings\":[", stdout);
}

static void
put_row(struct postings *postings, uint64_t line, const Daybook__V1__Posting *posting)
{
	struct table *table = postings->table;
	char cause[NAMES_BYTES];

	table_u64(table, line);
	table_u64(table, posting->code);
	table_text(table, posting->name);
	table_text(table, posting->owner);
	if (posting->amount >= 0) {
		table_money(table, posting->amount, postings->exponent);
		table_text(table, NULL);
	} else {
		table_text(table, NULL);
		/* -INT64_MIN has no int64; no account can hold it either. */
		table_money(table,
			    posting->amount == INT64_MIN ? INT64_MAX : -posting->amount,
			    postings->exponent);
	}
	table_text(table, posting->cause == DAYBOOK__V1__CAUSE__CAUSE_EVENT
			      ? NULL
			      : names_cause(posting->cause, cause));
	table_text(table,
		   posting->payout[0] != '\0' ? posting->payout : posting->order);
	table_end_row(table);
}

static void
put_json(struct postings *postings, uint64_t line, const Daybook__V1__Posting *posting)
{
	struct dbk_buf text;

	dbk_buf_init(&text);
	json_rows_write(&posting->base, true, &text);
	(void)printf("%s\n{\"line\":\"%" PRIu64 "\",%.*s", postings->first ? "" : ",",
		     line, (int)text.size - 1, (const char *)text.bytes + 1);
	dbk_buf_fini(&text);
	postings->first = false;
}

void
postings_put(struct postings *postings, uint64_t line,
	     const Daybook__V1__EventResult *result)
{
	if (result->outcome != DAYBOOK__V1__OUTCOME__ACCEPTED)
		return;
	postings->told += result->n_postings > 0 ? 1 : 0;
	for (size_t i = 0; i < result->n_postings; i++) {
		if (postings->table != NULL)
			put_row(postings, line, result->postings[i]);
		else
			put_json(postings, line, result->postings[i]);
	}
}

void
postings_end(struct postings *postings)
{
	if (postings->table == NULL) {
		(void)fputs(postings->first ? "]," : "\n],", stdout);
		return;
	}
	if (postings->told == 0) {
		table_discard(postings->table);
		return;
	}
	table_close(postings->table);
	(void)fputc('\n', stdout);
}
