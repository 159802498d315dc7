#include "replay/examine.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/secret.h"
#include "clock.h"
#include "diag.h"
#include "progress.h"
#include "replay/bundles.h"
#include "text_file.h"
#include "verify/trust.h"
#include "verify/verify.h"

#define KEY_FILE "daybook/key"

struct examination {
	const struct examine_options *options;
	struct examined *out;
	struct verify verify;
	struct dbk_note_key key;
	struct dbk_policy *policy;
	struct progress progress;
};

static double
seconds_since(int64_t begun)
{
	return (double)(clock_ns() - begun) / (double)CLOCK_NS_PER_SECOND;
}

/* ----------------------------------------------------------------------- the proof */

/* Nobody is vouched for by the user: by the export itself, then, which proves that it
 * is of one piece and not whose it is. */
static int
take_own_key(struct examination *e)
{
	char path[4096];

	if (snprintf(path, sizeof path, "%s/%s", e->options->path, KEY_FILE) >=
	    (int)sizeof path) {
		diag_error("%.80s...: the path is too long", e->options->path);
		return EXIT_USAGE;
	}
	return trust_load_key(path, &e->key);
}

static int
take_trust(struct examination *e)
{
	const struct examine_options *o = e->options;
	int code = EXIT_OK;

	if (o->key != NULL)
		code = trust_load_key(o->key, &e->key);
	if (code == EXIT_OK && o->policy != NULL)
		code = trust_load_policy(o->policy, &e->policy);
	e->out->is_vouched =
	    o->key != NULL || (e->policy != NULL && dbk_policy_logs(e->policy) > 0);
	if (code == EXIT_OK && !e->out->is_vouched)
		code = take_own_key(e);
	e->verify.policy = e->policy;
	if (o->key != NULL || !e->out->is_vouched)
		e->verify.key = &e->key;
	return code;
}

static int
open_folder(struct examination *e)
{
	struct stat found;
	struct verify *v = &e->verify;

	v->fd = open(v->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (v->fd < 0) {
		diag_error("%s: %s", v->path, strerror(errno));
		return EXIT_FAILED;
	}
	if (fstatat(v->fd, "checkpoint", &found, 0) != 0) {
		diag_error("%s is no export: it has no checkpoint; daybook export "
			   "DIR writes one",
			   v->path);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int
prove(struct examination *e)
{
	struct verify *v = &e->verify;
	struct examined *out = e->out;
	int64_t begun = clock_ns();

	progress_begin(&v->progress, !e->options->quiet);
	if (verify_read(v, "checkpoint", DBK_NOTE_BYTES_MAX, &out->checkpoint) ==
	    VERIFY_READ)
		verify_export(v);
	progress_clear(&v->progress);
	out->proof_seconds = seconds_since(begun);
	memcpy(out->origin, v->origin, sizeof v->origin);
	out->size = v->size;
	out->root = v->root;
	out->seals = v->sum.seals;
	if (v->findings.count == 0)
		return v->unread ? EXIT_FAILED : EXIT_OK;
	findings_print(&v->findings, false, stderr);
	diag_error("%s: %" PRIu64 " findings: damaged or forged, and so not replayed",
		   v->path, v->findings.count);
	return EXIT_DAMAGED;
}

/* ---------------------------------------------------------------------- the replay */

static void
show(struct examination *e, uint64_t done)
{
	const struct progress_state state = {
		.what = "replay",
		.done = done,
		.total = e->out->size,
		.count = done,
		.unit = "records",
		.note = "",
	};

	progress_show(&e->progress, &state);
}

static enum dbk_err
feed_all(struct examination *e, struct bundles *bundles, struct dbk_error *error)
{
	const struct dbk_str *records;
	uint64_t done = 0;
	uint32_t n = 1;
	enum dbk_err err = DBK_OK;

	while (err == DBK_OK && n > 0) {
		err = bundles_next(bundles, &records, &n, error);
		if (err == DBK_OK)
			err = dbk_record_replay_feed(e->out->replay, records, n, error);
		done += n;
		show(e, done);
	}
	return err;
}

static int
differs(struct examination *e, enum dbk_err err, const struct dbk_error *error)
{
	if (err == DBK_OK)
		return EXIT_OK;
	if (err != DBK_FAILED_DAMAGED)
		return diag_failure(error);
	e->out->difference = *error;
	diag_error("%s: %s", e->options->path, error->text);
	return EXIT_DAMAGED;
}

static int
replay(struct examination *e)
{
	unsigned char key[DBK_HASH_KEY_BYTES];
	struct dbk_error error = { DBK_OK, "" };
	struct examined *out = e->out;
	int64_t begun = clock_ns();
	struct bundles bundles;
	enum dbk_err err;
	int code = EXIT_OK;

	dbk_secret_random(key, sizeof key);
	bundles_open(&bundles, e->verify.fd, out->size);
	progress_begin(&e->progress, !e->options->quiet);
	err = dbk_record_replay_open(key, bundles_again, &bundles, e->options->watcher,
				     &out->replay, &error);
	if (err == DBK_OK && e->options->begin != NULL)
		code = e->options->begin(e->options->context,
					 dbk_record_replay_books(out->replay));
	if (err == DBK_OK && code == EXIT_OK)
		err = feed_all(e, &bundles, &error);
	progress_clear(&e->progress);
	bundles_close(&bundles);
	if (out->replay != NULL)
		out->sum = dbk_record_replay_sum(out->replay);
	out->replay_seconds = seconds_since(begun);
	return code != EXIT_OK ? code : differs(e, err, &error);
}

/* ------------------------------------------------------------------------ together */

int
examine(const struct examine_options *options, struct examined *out)
{
	struct examination e = { .options = options, .out = out };
	int code;

	memset(out, 0, sizeof *out);
	dbk_buf_init(&out->checkpoint);
	e.verify.path = options->path;
	e.verify.fd = -1;
	if (!dbk_secret_start()) {
		diag_error("no cryptography without a source of chance");
		return EXIT_FAILED;
	}
	code = open_folder(&e);
	if (code == EXIT_OK)
		code = take_trust(&e);
	if (code == EXIT_OK)
		code = prove(&e);
	if (code == EXIT_OK)
		code = replay(&e);
	if (e.verify.fd >= 0)
		(void)close(e.verify.fd);
	findings_free(&e.verify.findings);
	dbk_policy_free(e.policy);
	return code;
}

void
examined_free(struct examined *examined)
{
	dbk_record_replay_close(examined->replay);
	dbk_buf_fini(&examined->checkpoint);
	memset(examined, 0, sizeof *examined);
}

void
examined_digest(const struct examined *examined, char out[EXAMINED_HEX_BYTES])
{
	unsigned char digest[DBK_DIGEST_BYTES];

	dbk_books_digest(dbk_record_replay_books(examined->replay), digest);
	for (unsigned i = 0; i < sizeof digest; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", digest[i]);
}
