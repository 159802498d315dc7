#include "answers.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "diag.h"
#include "gates.h"
#include "json_rows.h"
#include "session.h"

bool
answers_begin(struct answers *answers, enum cli_format format)
{
	memset(answers, 0, sizeof *answers);
	if (format == CLI_TABLE || format == CLI_CSV)
		return true;
	answers->spool = tmpfile();
	if (answers->spool == NULL)
		diag_error("cannot make a file for the answers: %s", strerror(errno));
	return answers->spool != NULL;
}

/* A copy without its postings, which are told elsewhere. */
static Daybook__V1__EventResult *
copy(const Daybook__V1__EventResult *result)
{
	Daybook__V1__EventResult slim = *result;
	ProtobufCMessage *out;
	struct dbk_buf bytes;

	slim.n_postings = 0;
	dbk_buf_init(&bytes);
	session_pack(&slim.base, &bytes);
	out = protobuf_c_message_unpack(result->base.descriptor, NULL, bytes.size,
					bytes.bytes);
	dbk_assert(out != NULL);
	dbk_buf_fini(&bytes);
	return (Daybook__V1__EventResult *)out;
}

static void
spool(struct answers *answers, uint64_t line, const Daybook__V1__EventResult *result)
{
	Daybook__V1__EventResult slim = *result;
	struct dbk_buf text;

	slim.n_postings = 0;
	dbk_buf_init(&text);
	json_rows_write(&slim.base, true, &text);
	(void)fprintf(answers->spool, "%s\n{\"line\":\"%" PRIu64 "\",%.*s",
		      answers->spooled ? "," : "", line, (int)text.size - 1,
		      (const char *)text.bytes + 1);
	dbk_buf_fini(&text);
	answers->spooled = true;
}

void
answers_put(struct answers *answers, uint64_t line,
	    const Daybook__V1__EventResult *result)
{
	bool restock = gates_were_asked(result), found = result->n_findings > 0;
	uint64_t at;

	if (!restock && !found)
		return;
	if (answers->spool != NULL) {
		spool(answers, line, result);
		return;
	}
	if (restock) {
		at = answers->restock_count++;
		if (at < ANSWERS_MAX) {
			answers->restocks[at].line = line;
			answers->restocks[at].result = copy(result);
		}
	}
	if (found) {
		at = answers->found_count++;
		if (at < ANSWERS_MAX) {
			answers->found[at].line = line;
			answers->found[at].result = copy(result);
		}
	}
}

bool
answers_any(const struct answers *answers)
{
	return answers->restock_count + answers->found_count > 0;
}

/* ------------------------------------------------------------------------ as tables */

static void
print_more(uint64_t count, const char *what)
{
	if (count > ANSWERS_MAX)
		(void)printf("(%" PRIu64 " more %s; --format json tells of all)\n",
			     count - ANSWERS_MAX, what);
}

static void
print_restocks(const struct answers *answers, struct table_style style,
	       unsigned exponent)
{
	for (uint64_t i = 0; i < answers->restock_count && i < ANSWERS_MAX; i++) {
		const Daybook__V1__EventResult *result = answers->restocks[i].result;
		char sentence[GATES_SENTENCE_BYTES];

		gates_sentence(result, exponent, sentence);
		(void)printf("line %" PRIu64 ": %s\n", answers->restocks[i].line,
			     sentence);
		if (result->n_checks > 0)
			gates_print(stdout, result, style, exponent);
		(void)fputc('\n', stdout);
	}
	print_more(answers->restock_count, "restocks");
}

/* "3 17 18" */
static void
put_numbers(struct table *table, const Daybook__V1__EventResult *result)
{
	struct dbk_buf text;
	char number[24];

	dbk_buf_init(&text);
	for (size_t i = 0; i < result->n_findings; i++) {
		int size = snprintf(number, sizeof number, "%s%" PRIu64,
				    i == 0 ? "" : " ", result->findings[i]);

		dbk_buf_put(&text, number, (size_t)size);
	}
	dbk_buf_put_u8(&text, '\0');
	dbk_assert(!dbk_buf_failed(&text));
	table_text(table, (const char *)text.bytes);
	dbk_buf_fini(&text);
}

static void
print_found(const struct answers *answers, struct table_style style)
{
	static const struct table_column columns[] = {
		{ "line", TABLE_NUMBER, false },
		{ "position", TABLE_NUMBER, false },
		{ "findings", TABLE_TEXT, false },
	};
	struct table *table;

	if (answers->found_count == 0)
		return;
	table = table_open(stdout, style, columns, sizeof columns / sizeof columns[0]);
	for (uint64_t i = 0; i < answers->found_count && i < ANSWERS_MAX; i++) {
		table_u64(table, answers->found[i].line);
		table_u64(table, answers->found[i].result->position);
		put_numbers(table, answers->found[i].result);
		table_end_row(table);
	}
	table_close(table);
	print_more(answers->found_count, "records with findings");
	(void)fputc('\n', stdout);
}

void
answers_print(const struct answers *answers, struct table_style style,
	      unsigned exponent)
{
	print_restocks(answers, style, exponent);
	print_found(answers, style);
}

/* -------------------------------------------------------------------------- as JSON */

void
answers_print_json(struct answers *answers)
{
	char bytes[BUFSIZ];
	size_t size;

	(void)fputs("\"answers\":[", stdout);
	rewind(answers->spool);
	while ((size = fread(bytes, 1, sizeof bytes, answers->spool)) > 0)
		(void)fwrite(bytes, 1, size, stdout);
	(void)fputs(answers->spooled ? "\n]," : "],", stdout);
}

void
answers_free(struct answers *answers)
{
	for (uint64_t i = 0; i < ANSWERS_MAX; i++) {
		if (answers->restocks[i].result != NULL)
			protobuf_c_message_free_unpacked(
			    &answers->restocks[i].result->base, NULL);
		if (answers->found[i].result != NULL)
			protobuf_c_message_free_unpacked(
			    &answers->found[i].result->base, NULL);
	}
	if (answers->spool != NULL)
		(void)fclose(answers->spool);
	memset(answers, 0, sizeof *answers);
}
