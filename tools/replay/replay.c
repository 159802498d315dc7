/* replay.c -- an export decided again, on a machine without the daemon. */

#include <inttypes.h>

#include "base/base64.h"
#include "diag.h"
#include "json_rows.h"
#include "replay/examine.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *key;
	const char *policy;
	bool quiet;
};

static const struct options defaults = { .listing = { .format = CLI_TABLE } };

static const struct cli_option options[] = {
	{ "key", "KEY|FILE", "the verifier key of the log, or a file with it", CLI_TEXT,
	  offsetof(struct options, key), 0, 0 },
	{ "policy", "FILE",
	  "a witness policy (C2SP tlog-policy), which cosignatures have to meet",
	  CLI_TEXT, offsetof(struct options, policy), 0, 0 },
	{ "quiet", NULL, "no progress, and words only where something is wrong",
	  CLI_FLAG, offsetof(struct options, quiet), 0, 0 },
	{ "format", "FORMAT", "table (default) or json", CLI_FORMATS,
	  offsetof(struct options, listing.format), 0, 0 },
	CLI_OPTION_END
};

static void
put_root(const struct examined *e, char out[64])
{
	struct dbk_buf root;

	dbk_buf_init(&root);
	dbk_base64_put(&root, e->root.bytes, sizeof e->root.bytes);
	(void)snprintf(out, 64, "%.*s", (int)root.size, (const char *)root.bytes);
	dbk_buf_fini(&root);
}

static uint64_t
per_second(uint64_t n, double seconds)
{
	return seconds > 0 ? (uint64_t)((double)n / seconds) : 0;
}

static void
print_words(const char *path, const struct examined *e)
{
	char digest[EXAMINED_HEX_BYTES], root[64];

	examined_digest(e, digest);
	put_root(e, root);
	(void)printf("%s: the log of %s, %" PRIu64 " records\n", path, e->origin,
		     e->size);
	(void)printf("  proof    tree of root %s\n", root);
	(void)printf("           %s; %" PRIu64 " signed batches\n",
		     e->is_vouched
			 ? "signed by the key that was named"
			 : "signed by the key in the export, which nobody vouched for "
			   "(--key)",
		     e->seals);
	(void)printf("           %.2f s, %" PRIu64 " records a second\n",
		     e->proof_seconds, per_second(e->size, e->proof_seconds));
	(void)printf("  replay   %" PRIu64 " accepted, %" PRIu64
		     " refused: each comes out as it was written\n",
		     e->sum.accepted, e->sum.refused);
	(void)printf("           %" PRIu64 " recorded digests and %" PRIu64
		     " closes compared\n",
		     e->sum.digests, e->sum.closes);
	(void)printf("           %.2f s, %" PRIu64 " records a second\n",
		     e->replay_seconds, per_second(e->size, e->replay_seconds));
	(void)printf("  digest   %s\n", digest);
}

static void
print_object(const char *path, const struct examined *e)
{
	char digest[EXAMINED_HEX_BYTES] = "", root[64];

	put_root(e, root);
	if (e->replay != NULL && e->difference.code == DBK_OK)
		examined_digest(e, digest);
	(void)printf("{\"path\":");
	json_rows_string(stdout, dbk_str_of(path));
	(void)printf(",\"origin\":");
	json_rows_string(stdout, dbk_str_of(e->origin));
	(void)printf(",\"size\":\"%" PRIu64 "\",\"root\":\"%s\",\"proof\":\"%s\","
		     "\"seals\":\"%" PRIu64 "\",\"records\":\"%" PRIu64
		     "\",\"accepted\":\"%" PRIu64 "\",\"refused\":\"%" PRIu64
		     "\",\"digests\":\"%" PRIu64 "\",\"closes\":\"%" PRIu64
		     "\",\"digest\":\"%s\",\"difference\":",
		     e->size, root, e->is_vouched ? "PROVED" : "UNVOUCHED", e->seals,
		     e->sum.records, e->sum.accepted, e->sum.refused, e->sum.digests,
		     e->sum.closes, digest);
	json_rows_string(stdout, dbk_str_of(e->difference.text));
	(void)printf(",\"proofSeconds\":%.3f,\"replaySeconds\":%.3f}\n",
		     e->proof_seconds, e->replay_seconds);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	const struct examine_options examination = { .path = call->operands[0],
						     .key = o->key,
						     .policy = o->policy,
						     .quiet = o->quiet };
	struct examined examined;
	int code = examine(&examination, &examined);

	if (examined.replay != NULL && o->listing.format != CLI_TABLE)
		print_object(call->operands[0], &examined);
	else if (code == EXIT_OK && !o->quiet)
		print_words(call->operands[0], &examined);
	examined_free(&examined);
	return code;
}

const struct cli_verb verb_replay = {
	.name = "replay",
	.group = CLI_OPERATE,
	.operands = "EXPORT",
	.summary = "decide an export again, and compare all that was written",
	.about =
	    "EXPORT is a folder that daybook export has written. No daemon is asked "
	    "and "
	    "nothing is\nwritten.\n\nFirst every byte is checked, as daybook verify "
	    "does: tree, checkpoint, signed batches.\nThen every record is decided "
	    "again by books that are made here from nothing, and each\noutcome, each "
	    "reason of a refusal with its figures, each digest and each close has to\n"
	    "come out as it was written; the first that does not is named. Both are "
	    "timed apart.\n\nThe key is the log's verifier key; take it from a place "
	    "that whoever made EXPORT cannot\nchange. Without one the export is "
	    "checked by the key that lies in it: it is then of one\npiece, but nobody "
	    "has vouched for whose it is.\n\nExit: 0 all comes out, 1 could not be "
	    "read, 2 usage, 6 damaged, forged, or decided\notherwise.",
	.examples = "  daybook replay export --key log.vkey\n"
		    "  daybook replay export --format json\n",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
