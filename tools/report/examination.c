#include "report/examination.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "base/secret.h"
#include "books/look.h"
#include "diag.h"
#include "event/json.h"
#include "export/out_file.h"

#define DAY_US (86400 * INT64_C(1000000))

/* ---------------------------------------------------------------------- the options */

/* TEXT among CHOICES, its place; -1 and words if it is none of them. */
static int
choose(const char *option, const char *text, const char *const *choices, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text == NULL || strcmp(text, choices[i]) == 0)
			return (int)i;
	}
	diag_error("--%s: \"%.40s\" is none of %s, %s%s%s", option, text, choices[0],
		   choices[1], n > 2 ? ", " : "", n > 2 ? choices[2] : "");
	return -1;
}

static bool
day_of(const char *option, const struct cli_time *time, int32_t absent, int32_t *out)
{
	*out = absent;
	if (!time->given)
		return true;
	if (time->us % DAY_US != 0) {
		diag_error("--%s: a day of the book, as in 2026-01-31", option);
		return false;
	}
	*out = (int32_t)(time->us / DAY_US);
	return true;
}

int
examination_begin(const struct report_options *o, struct examination *out)
{
	static const char *const forms[] = { "text", "json", "html" };
	static const char *const languages[] = { "en", "zh" };
	struct dbk_study_options *study = &out->study_options;
	int form = choose("format", o->form, forms, 3);
	int language = choose("language", o->language, languages, 2);

	memset(out, 0, sizeof *out);
	out->options = o;
	if (form < 0 || language < 0 ||
	    !day_of("from", &o->from, INT32_MIN, &study->from_day) ||
	    !day_of("to", &o->to, INT32_MAX, &study->to_day))
		return EXIT_USAGE;
	out->form = (enum report_form)form;
	out->language = language == 1 ? DBK_CHINESE : DBK_ENGLISH;
	if (study->from_day >= study->to_day) {
		diag_error("--to must be a later day than --from");
		return EXIT_USAGE;
	}
	study->is_part = o->agents.count > 0;
	study->market = (int64_t)o->market;
	return EXIT_OK;
}

/* ------------------------------------------------------------------------- the run */

/* An agent that was named has joined. */
static enum dbk_err
find_top(struct examination *e, const struct dbk_fact *fact)
{
	struct dbk_str name = dbk_look_name(e->books, DBK_SPACE_AGENT, fact->agent);

	for (size_t i = 0; i < e->options->agents.count; i++) {
		if (dbk_str_equal(name, dbk_str_of(e->options->agents.items[i]))) {
			e->tops_found++;
			return dbk_study_add_top(e->study, fact->agent);
		}
	}
	return DBK_OK;
}

static enum dbk_err
take_fact(void *context, const struct dbk_fact *fact)
{
	struct examination *e = context;
	enum dbk_err err = DBK_OK;

	if (fact->kind == DBK_FACT_JOINED)
		err = find_top(e, fact);
	return err == DBK_OK ? dbk_study_add(e->study, fact) : err;
}

static int
begin(void *context, const struct dbk_books *books)
{
	struct examination *e = context;

	e->books = books;
	dbk_assert(dbk_facts_open(books, take_fact, e, &e->facts) == DBK_OK);
	if (e->also_begin != NULL)
		return e->also_begin(e->also->context, books);
	return EXIT_OK;
}

/* A study is of local days, so it begins when the book says where it is. */
static enum dbk_err
need_study(struct examination *e)
{
	if (e->study != NULL)
		return DBK_OK;
	e->study_options.utc_offset_minutes =
	    dbk_look_book(e->books)->utc_offset_minutes;
	return dbk_study_open(&e->study_options, &e->study);
}

static enum dbk_err
before(void *context, const struct dbk_record *record, const struct dbk_event *event)
{
	struct examination *e = context;
	enum dbk_err err = dbk_facts_before(e->facts, event);

	if (err == DBK_OK && e->also != NULL && e->also->before != NULL)
		err = e->also->before(e->also->context, record, event);
	return err;
}

static enum dbk_err
after(void *context, const struct dbk_record *record, const struct dbk_event *event,
      const struct dbk_verdict *verdict, const struct dbk_effects *effects)
{
	struct examination *e = context;
	enum dbk_err err = DBK_OK;

	if (dbk_look_book(e->books)->open) {
		err = need_study(e);
		if (err == DBK_OK)
			err = dbk_facts_after(e->facts, event, verdict, effects);
	}
	if (err == DBK_OK && e->also != NULL && e->also->after != NULL)
		err = e->also->after(e->also->context, record, event, verdict, effects);
	return err;
}

static int
end_study(struct examination *e)
{
	if (e->study == NULL) {
		diag_error("the book has not been opened: there is nothing to report");
		return EXIT_NOT_FOUND;
	}
	if (e->tops_found < e->options->agents.count) {
		diag_error("%zu of the agents named by --agent never joined",
			   e->options->agents.count - e->tops_found);
		return EXIT_NOT_FOUND;
	}
	/* All records from the first on, under a root that came out (examine.h). */
	dbk_study_log_is_whole(e->study);
	dbk_assert(dbk_study_end(e->study) == DBK_OK);
	return EXIT_OK;
}

int
examination_run(struct examination *e, const char *path)
{
	const struct dbk_replay_watcher watcher = { before, after, e };
	struct examine_options options = { .path = path,
					   .key = e->options->key,
					   .policy = e->options->policy,
					   .quiet = e->options->quiet,
					   .begin = begin,
					   .watcher = &watcher,
					   .context = e };
	int code = EXIT_OK;

	if (path == NULL) {
		code = live_export_make(&e->options->common, true, &e->live);
		options.path = e->live.dir;
	}
	if (code == EXIT_OK)
		code = examine(&options, &e->examined);
	live_export_remove(&e->live);
	return code == EXIT_OK ? end_study(e) : code;
}

void
examination_end(struct examination *e)
{
	live_export_remove(&e->live);
	dbk_study_close(e->study);
	dbk_facts_close(e->facts);
	examined_free(&e->examined);
}

/* ---------------------------------------------------------------------- the answer */

static int
form_message(const struct examination *e, const ProtobufCMessage *message,
	     const struct report_forms *forms, struct dbk_buf *out)
{
	const struct dbk_json_options json = { .emit_defaults = true, .indent = 2 };
	struct dbk_error error = { DBK_OK, "" };
	enum dbk_err err = DBK_OK;

	switch (e->form) {
	case REPORT_TEXT:
		forms->text(message, e->language, out);
		break;
	case REPORT_HTML:
		forms->html(message, e->language, out);
		break;
	case REPORT_JSON:
		err = dbk_json_write(message, &json, out, &error);
		dbk_buf_put_u8(out, '\n');
		break;
	}
	dbk_assert(err != DBK_FAILED_MEMORY && !dbk_buf_failed(out));
	return err == DBK_OK ? EXIT_OK : diag_failure(&error);
}

static int
write_out(const struct examination *e, const struct dbk_buf *bytes)
{
	const char *path = e->options->out == NULL ? "-" : e->options->out;
	struct out_file out;
	int code;

	if (strcmp(path, "-") == 0) {
		(void)fwrite(bytes->bytes, 1, bytes->size, stdout);
		return EXIT_OK;
	}
	code = out_file_name(&out, path);
	if (code == EXIT_OK)
		code = out_file_create(&out);
	if (code != EXIT_OK)
		return code;
	if (fwrite(bytes->bytes, 1, bytes->size, out.file) != bytes->size)
		code = out_file_failed(&out, errno);
	return out_file_end(&out, code);
}

int
examination_write(struct examination *e, const ProtobufCMessage *message,
		  const struct report_forms *forms)
{
	struct dbk_buf bytes;
	int code;

	dbk_buf_init(&bytes);
	code = form_message(e, message, forms, &bytes);
	if (code == EXIT_OK)
		code = write_out(e, &bytes);
	dbk_buf_fini(&bytes);
	return code;
}
