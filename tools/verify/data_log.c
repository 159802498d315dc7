/* data_log.c -- the groups of a log, their records, and the tree over them. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "ledger/gaps.h"
#include "log/log_reader.h"
#include "store/pages.h"
#include "verify/data.h"
#include "verify/isolate.h"
#include "verify/tree_files.h"

#define LOG "log/data.mdb"

struct walk {
	struct verify *verify;
	const struct marks *marks;
	struct dbk_log *log;
	struct dbk_tree_front front;
	struct tree_files files;
	struct dbk_scrutiny *scrutiny;
};

static void
check_marks(struct walk *w)
{
	for (unsigned i = 0; i < w->marks->count; i++) {
		const struct mark *mark = &w->marks->all[i];
		struct dbk_tree_hash root;

		if (mark->size != w->front.size)
			continue;
		root = dbk_tree_front_root(&w->front);
		if (!dbk_tree_hash_equal(&root, &mark->root))
			findings_add(&w->verify->findings, mark->file,
				     FINDINGS_NO_RECORD,
				     "its root is not that of the log's first %" PRIu64
				     " records",
				     mark->size);
	}
}

static void
check_marks_behind(struct walk *w)
{
	for (unsigned i = 0; i < w->marks->count; i++) {
		const struct mark *mark = &w->marks->all[i];

		if (mark->size > w->front.size)
			findings_add(&w->verify->findings, LOG, FINDINGS_NO_RECORD,
				     "has %" PRIu64
				     " records, and %s says that %" PRIu64
				     " were signed",
				     w->front.size, mark->file, mark->size);
	}
}

static void
take_gaps(struct walk *w, const struct dbk_log_slice *group)
{
	struct dbk_cursor at = dbk_log_slice_batches(group);
	struct dbk_log_batch batch;
	const unsigned char *hash;
	struct dbk_gaps gaps;
	uint32_t index;

	while (dbk_log_slice_next_batch(&at, &batch)) {
		if (!dbk_gaps_of_reply(batch.reply, &gaps)) {
			findings_add(&w->verify->findings, LOG, group->first_position,
				     "the reply to batch %" PRIu64 " in group %" PRIu64
				     " cannot be read",
				     batch.batch_seq, group->number);
			continue;
		}
		while (dbk_gaps_next(&gaps, &index, &hash))
			dbk_scrutiny_gap(w->scrutiny, gaps.position, index, hash);
	}
}

static void
take_group(struct walk *w, const struct dbk_log_slice *group)
{
	take_gaps(w, group);
	for (uint32_t i = 0; i < group->n_records; i++) {
		struct dbk_str record = dbk_log_slice_record(group, i);
		struct dbk_tree_hash leaf = dbk_tree_leaf(record);

		dbk_tree_front_add(&w->front, &leaf, tree_files_compare, &w->files);
		dbk_scrutiny_record(w->scrutiny, record);
		check_marks(w);
	}
}

static void
found_in_record(void *context, uint64_t position, const char *words)
{
	struct walk *w = context;

	findings_add(&w->verify->findings, LOG, position, "%s", words);
}

/* A commit of several groups has all of them. */
static void
walk_groups(struct walk *w, struct dbk_log_reader *reader)
{
	struct verify *v = w->verify;
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_log_slice group;
	bool continues = false;
	enum dbk_err err;

	check_marks(w);
	while ((err = dbk_log_reader_next(reader, &group, &error)) == DBK_OK) {
		take_group(w, &group);
		continues = group.continues;
		verify_show(v, w->front.size, dbk_log_size(w->log));
	}
	dbk_scrutiny_end(w->scrutiny, &v->sum);
	if (err != DBK_FAILED_NOT_FOUND) {
		data_failed(v, LOG, err, &error);
		findings_add(&v->findings, LOG, w->front.size,
			     "nothing is checked from here on");
		return;
	}
	if (continues)
		findings_add(&v->findings, LOG, FINDINGS_NO_RECORD,
			     "the last commit has no end");
	if (v->sum.cut > 0)
		findings_add(&v->findings, LOG, FINDINGS_NO_RECORD,
			     "%" PRIu32 " events of the last signed batch are missing",
			     v->sum.cut);
	check_marks_behind(w);
	tree_files_close(&w->files, w->front.size);
}

static void
walk_log(struct walk *w)
{
	const struct dbk_log_options options = { .read_only = true };
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_log_reader *reader = NULL;
	char path[4096];
	enum dbk_err err;

	(void)snprintf(path, sizeof path, "%s/log", w->verify->path);
	err = dbk_log_open(path, &options, &w->log, &error);
	if (err == DBK_OK)
		err = dbk_log_reader_open(w->log, &reader, &error);
	if (err == DBK_OK)
		walk_groups(w, reader);
	else
		data_failed(w->verify, LOG, err, &error);
	dbk_log_reader_close(reader);
	dbk_log_close(w->log);
}

static void
check_records(struct verify *v, const char *file)
{
	struct walk *w = calloc(1, sizeof *w);

	(void)file;
	dbk_assert(w != NULL);
	w->verify = v;
	w->marks = v->marks;
	dbk_tree_front_init(&w->front);
	tree_files_open(&w->files, v, v->size);
	w->scrutiny = dbk_scrutiny_new(found_in_record, w);
	dbk_assert(w->scrutiny != NULL);
	walk_log(w);
	dbk_assert(!v->sum.no_memory);
	dbk_scrutiny_free(w->scrutiny);
	free(w);
}

static void
check_pages(struct verify *v, const char *file)
{
	struct dbk_error error = { DBK_OK, "" };
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/log", v->path);
	data_failed(v, file, dbk_store_check_pages(path, &error), &error);
}

void
data_check_log(struct verify *v, const struct marks *marks)
{
	struct stat found = { .st_size = 0 };

	if (fstatat(v->fd, LOG, &found, 0) != 0) {
		findings_add(&v->findings, LOG, FINDINGS_NO_RECORD, "is missing");
		return;
	}
	v->marks = marks;
	isolate(v, LOG, (uint64_t)found.st_size, check_pages);
	isolate(v, LOG, (uint64_t)found.st_size, check_records);
}
