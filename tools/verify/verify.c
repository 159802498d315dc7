/* verify.c -- exports, backups, data directories and receipts, checked. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/secret.h"
#include "diag.h"
#include "json_rows.h"
#include "text_file.h"
#include "verbs.h"
#include "verify/trust.h"
#include "verify/verify.h"

#define RECEIPTS_BYTES_MAX ((size_t)1024 * 1024 * 1024)

struct options {
	struct cli_listing listing;
	const char *key;
	const char *policy;
	const char *keys;
	bool quiet;
};

static const struct options defaults = { .listing = { .format = CLI_TABLE } };

static const struct cli_option options[] = {
	{ "key", "KEY|FILE", "the verifier key of the log, or a file with it", CLI_TEXT,
	  offsetof(struct options, key), 0, 0 },
	{ "policy", "FILE",
	  "a witness policy (C2SP tlog-policy), which cosignatures have to meet",
	  CLI_TEXT, offsetof(struct options, policy), 0, 0 },
	{ "keys", "DIR", "of a data directory: its keys (default: keys in it)",
	  CLI_TEXT, offsetof(struct options, keys), 0, 0 },
	{ "quiet", NULL, "no progress, and words only where something is wrong",
	  CLI_FLAG, offsetof(struct options, quiet), 0, 0 },
	CLI_OPTION_FORMAT,
	CLI_OPTION_END
};

/* ---------------------------------------------------------------------- what is there
 */

static bool
has(const struct verify *v, const char *name)
{
	struct stat found;

	return fstatat(v->fd, name, &found, 0) == 0;
}

static int
verify_folder(struct verify *v)
{
	v->fd = open(v->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (v->fd < 0) {
		diag_error("%s: %s", v->path, strerror(errno));
		return EXIT_FAILED;
	}
	if (has(v, "log") || has(v, "tree")) {
		verify_data(v);
	} else if (has(v, "checkpoint") || has(v, "tile") || has(v, "daybook")) {
		verify_export(v);
	} else {
		diag_error("%s is neither an export nor a data directory", v->path);
		v->unread = true;
	}
	(void)close(v->fd);
	return EXIT_OK;
}

static int
verify_file(struct verify *v)
{
	struct dbk_buf text;
	int code;

	dbk_buf_init(&text);
	code = text_file_read(v->path, RECEIPTS_BYTES_MAX, &text);
	if (code == EXIT_OK)
		verify_receipts(v, dbk_str_make(text.bytes, text.size));
	dbk_buf_fini(&text);
	return code;
}

static int
verify_path(struct verify *v)
{
	struct stat found;

	if (strcmp(v->path, "-") == 0)
		return verify_file(v);
	if (stat(v->path, &found) != 0) {
		diag_error("%s: %s", v->path, strerror(errno));
		return EXIT_FAILED;
	}
	return S_ISDIR(found.st_mode) ? verify_folder(v) : verify_file(v);
}

/* -------------------------------------------------------------------- what was found
 */

static void
say_result(const struct verify *v)
{
	if (v->findings.count > 0)
		diag_error("%s: %" PRIu64 " findings: damaged or forged", v->path,
			   v->findings.count);
	if (v->findings.count > v->findings.n_kept)
		diag_error("only the first %" PRIu32 " are shown", v->findings.n_kept);
	if (v->unread)
		diag_error("%s: not all of it could be read", v->path);
}

static void
print_words(const struct verify *v)
{
	struct dbk_buf root;

	dbk_buf_init(&root);
	dbk_base64_put(&root, v->root.bytes, sizeof v->root.bytes);
	(void)printf("%s: %s of %s, %" PRIu64 " records: all is as signed\n", v->path,
		     v->kind, v->origin, v->sum.records);
	(void)printf("  checkpoint of %" PRIu64 " records, root %.*s\n", v->size,
		     (int)root.size, (const char *)root.bytes);
	if (v->sum.records > v->size)
		(void)printf("  %" PRIu64
			     " records behind it are not signed by the log "
			     "yet\n",
			     v->sum.records - v->size);
	if (v->sum.keys > 0)
		(void)printf("  %" PRIu64 " signed batches, %" PRIu32
			     " sources with a key\n",
			     v->sum.seals, v->sum.keys);
	if (v->sum.cut > 0)
		(void)printf("  the last batch has %" PRIu32
			     " more events, behind the end\n",
			     v->sum.cut);
	if (v->unchecked > 0)
		(void)printf("  %u cosignatures were not checked: no --policy\n",
			     v->unchecked);
	if (v->keys_unchecked != NULL)
		(void)printf("  keys were not opened: %s\n", v->keys_unchecked);
	dbk_buf_fini(&root);
}

static void
print_object(const struct verify *v)
{
	(void)printf("{\"path\":");
	json_rows_string(stdout, dbk_str_of(v->path));
	(void)printf(",\"kind\":\"%s\",\"origin\":", v->kind == NULL ? "" : v->kind);
	json_rows_string(stdout, dbk_str_of(v->origin));
	(void)printf(",\"size\":\"%" PRIu64 "\",\"records\":\"%" PRIu64
		     "\",\"seals\":\"%" PRIu64 "\",\"keys\":%" PRIu32
		     ",\"unchecked\":%u,\"findings\":[",
		     v->size, v->sum.records, v->sum.seals, v->sum.keys, v->unchecked);
	findings_print_json(&v->findings, false, stdout);
	(void)printf("],\"count\":\"%" PRIu64 "\"}\n", v->findings.count);
}

/* Receipts have printed their records, and what is wrong goes to stderr with CSV. */
static void
print_result(const struct verify *v, bool quiet)
{
	bool receipts = v->kind != NULL && strcmp(v->kind, "receipts") == 0;

	if (receipts) {
		for (uint32_t i = 0; i < v->findings.n_kept; i++)
			diag_error("%s", v->findings.kept[i].text);
		if (v->unchecked > 0 && !quiet)
			diag_error("%u cosignatures were not checked: no --policy",
				   v->unchecked);
	} else if (v->format == CLI_JSON) {
		print_object(v);
	} else if (v->format == CLI_JSONL) {
		findings_print_json(&v->findings, true, stdout);
	} else if (v->format == CLI_CSV || v->findings.count > 0) {
		findings_print(&v->findings, v->format == CLI_CSV, stdout);
	} else if (!quiet && !v->unread) {
		print_words(v);
	}
	say_result(v);
}

static int
exit_code(const struct verify *v, int code)
{
	if (v->findings.count > 0)
		return EXIT_DAMAGED;
	return v->unread ? EXIT_FAILED : code;
}

static int
check(const struct options *o, struct verify *v)
{
	int code;

	if (!dbk_secret_start()) {
		diag_error("no cryptography without a source of chance");
		return EXIT_FAILED;
	}
	progress_begin(&v->progress, !o->quiet);
	code = verify_path(v);
	progress_clear(&v->progress);
	if (code == EXIT_OK)
		print_result(v, o->quiet);
	code = exit_code(v, code);
	findings_free(&v->findings);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct verify v = { .path = call->operands[0],
			    .fd = -1,
			    .keys = o->keys,
			    .format = o->listing.format };
	struct dbk_policy *policy = NULL;
	struct dbk_note_key key;
	int code = EXIT_OK;

	if (o->key != NULL)
		code = trust_load_key(o->key, &key);
	if (code == EXIT_OK && o->policy != NULL)
		code = trust_load_policy(o->policy, &policy);
	v.key = o->key == NULL ? NULL : &key;
	v.policy = policy;
	if (code == EXIT_OK && v.key == NULL &&
	    (policy == NULL || dbk_policy_logs(policy) == 0)) {
		diag_error("needs --key, or a --policy that names the log");
		code = EXIT_USAGE;
	}
	if (code == EXIT_OK)
		code = check(o, &v);
	dbk_policy_free(policy);
	return code;
}

const struct cli_verb verb_verify = {
	.name = "verify",
	.group = CLI_OPERATE,
	.operands = "PATH",
	.summary = "check an export, a backup, a data directory or receipts",
	.about =
	    "PATH is what export, backup or receipt has written, or the data directory "
	    "of a daemon\nthat does not run; - is receipts on standard input. The key "
	    "is the log's verifier key, as\ndaybook status shows it and DIR/keys/"
	    "log.vkey has it; take it from a place that whoever\nmade PATH cannot "
	    "change.\n\nEvery byte is checked: the checkpoint's signature, every "
	    "record against its hash and all\nhashes up to the root, the place and "
	    "time of every record, every signed batch down to\nits last event, that "
	    "no file is missing and none too many; of a data directory also\n"
	    "checksums, saved books, view, keys and tokens. Of receipts the records "
	    "are printed.\nNothing is written, and no daemon is asked.\n\nExit: 0 all "
	    "is as signed, 1 could not be read, 2 usage, 6 damaged or forged.",
	.examples =
	    "  daybook verify export --key log.vkey\n"
	    "  daybook receipt payout P7 | daybook verify - --key log.vkey\n"
	    "  daybook verify /backup/daybook --key log.vkey --policy witnesses.txt\n",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
