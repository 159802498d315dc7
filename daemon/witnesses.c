#include "witnesses.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/assert.h"
#include "diag.h"
#include "job.h"
#include "policy_file.h"
#include "proof/kept_note.h"
#include "tlog/cosignature.h"
#include "tlog/policy.h"

#define TIMEOUT_MS 5000L
#define CONNECT_TIMEOUT_MS 3000L

/* After a failure a witness is left alone for so long, twice as long each time. */
#define BACK_OFF_NS ((int64_t)1000000000)
#define BACK_OFF_TIMES_MAX 6

/* A witness that signed something else is asked again at once, with a proof from there:
 * so often for one note. */
#define CONFLICTS_MAX 2

#define ANSWER_BYTES_MAX ((size_t)64 * 1024)
#define REMEMBER_NS ((int64_t)1000000000)
#define MEMORY_FILE "witnesses"
#define MEMORY_BYTES_MAX 65536

struct witness {
	struct witnesses *all;
	const struct dbk_policy_witness *policy;
	CURL *easy;
	uint64_t known;	   /* it signed last, as far as is known */
	uint64_t cosigned; /* the size of the note whose cosignature is in LINES */
	struct dbk_buf lines;

	/* The request under way. */
	bool busy;
	uint64_t asked;
	struct dbk_buf text; /* of the note that it is asked for */
	struct dbk_buf request, answer;

	unsigned failures;  /* in a row */
	unsigned conflicts; /* over the current note */
	int64_t rests_until_ns;
	char trouble[120];
};

struct witnesses {
	struct dbk_policy *policy;
	CURLM *multi;
	struct curl_slist *headers;
	struct witness *list;
	unsigned count;
	char *dir;
	bool changed; /* what is known has to be written */
	int64_t remembered_ns;

	/* What is offered. */
	bool offered, fresh; /* FRESH: cosignatures came since the last take */
	uint64_t size;
	struct dbk_buf note, text;
	struct dbk_tree_reader tree;
};

/* ------------------------------------------------------------------------- memory */

/* Lines of "SIZE VKEY": a key tells a witness apart, not its name in the policy. */
static void
remember(struct witnesses *witnesses)
{
	struct dbk_error error = { 0 };
	struct dbk_buf text;

	dbk_buf_init(&text);
	for (unsigned i = 0; i < witnesses->count; i++) {
		dbk_buf_printf(&text, "%" PRIu64 " ", witnesses->list[i].known);
		dbk_note_key_put(&witnesses->list[i].policy->key, &text);
		dbk_buf_put_u8(&text, '\n');
	}
	if (!dbk_buf_failed(&text) &&
	    dbk_kept_note_write(witnesses->dir, MEMORY_FILE,
				dbk_str_make(text.bytes, text.size), &error) != DBK_OK)
		diag_warn("%s", error.text);
	dbk_buf_fini(&text);
	witnesses->changed = false;
	witnesses->remembered_ns = job_clock_ns();
}

static void
recall_line(struct witnesses *witnesses, char *line)
{
	char *space = strchr(line, ' ');
	struct dbk_note_key key;
	unsigned long long size;

	if (space == NULL)
		return;
	*space = '\0';
	size = strtoull(line, NULL, 10);
	if (dbk_note_key_parse(dbk_str_of(space + 1), &key, NULL) != DBK_OK)
		return;
	for (unsigned i = 0; i < witnesses->count; i++) {
		const struct dbk_note_key *own = &witnesses->list[i].policy->key;

		if (own->id == key.id && strcmp(own->name, key.name) == 0)
			witnesses->list[i].known = size;
	}
}

/* It only saves a request each: whatever is wrong with it a witness puts right. */
static void
recall(struct witnesses *witnesses)
{
	char path[PATH_MAX], *text = malloc(MEMORY_BYTES_MAX), *rest = NULL;
	FILE *file;
	size_t size;

	(void)snprintf(path, sizeof path, "%s/tree/" MEMORY_FILE, witnesses->dir);
	file = fopen(path, "re");
	if (file != NULL && text != NULL) {
		size = fread(text, 1, MEMORY_BYTES_MAX - 1, file);
		text[size] = '\0';
		for (char *line = strtok_r(text, "\n", &rest); line != NULL;
		     line = strtok_r(NULL, "\n", &rest))
			recall_line(witnesses, line);
	}
	if (file != NULL)
		(void)fclose(file);
	free(text);
}

/* -------------------------------------------------------------------------- asking */

static void
rest(struct witness *witness, const char *why)
{
	unsigned times = witness->failures < BACK_OFF_TIMES_MAX ? witness->failures
								: BACK_OFF_TIMES_MAX;

	if (witness->failures == 0 || strcmp(witness->trouble, why) != 0)
		diag_warn("witness %s: %s", witness->policy->name, why);
	(void)snprintf(witness->trouble, sizeof witness->trouble, "%s", why);
	witness->failures++;
	witness->rests_until_ns = job_clock_ns() + (BACK_OFF_NS << times);
}

static bool
make_request(struct witness *witness)
{
	struct witnesses *all = witness->all;
	struct dbk_tree_proof proof = { .count = 0 };
	struct dbk_error error = { 0 };

	if (dbk_tree_prove_consistency(&all->tree, witness->known, all->size, &proof,
				       &error) != DBK_OK) {
		rest(witness, error.text);
		return false;
	}
	dbk_buf_reset(&witness->request);
	dbk_buf_reset(&witness->answer);
	dbk_buf_reset(&witness->text);
	dbk_witness_put_request(witness->known, &proof,
				dbk_str_make(all->note.bytes, all->note.size),
				&witness->request);
	dbk_buf_put(&witness->text, all->text.bytes, all->text.size);
	if (!dbk_buf_failed(&witness->request) && !dbk_buf_failed(&witness->text))
		return true;
	rest(witness, "no memory to ask it");
	return false;
}

static void
ask(struct witness *witness)
{
	struct witnesses *all = witness->all;

	if (!make_request(witness))
		return;
	witness->asked = all->size;
	(void)curl_easy_setopt(witness->easy, CURLOPT_POSTFIELDS,
			       witness->request.bytes);
	(void)curl_easy_setopt(witness->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			       (curl_off_t)witness->request.size);
	if (curl_multi_add_handle(all->multi, witness->easy) == CURLM_OK)
		witness->busy = true;
	else
		rest(witness, "libcurl takes no request");
}

static bool
may_ask(const struct witness *witness)
{
	return witness->easy != NULL && witness->all->offered && !witness->busy &&
	       witness->cosigned != witness->all->size &&
	       witness->known <= witness->all->size;
}

static void
ask_all(struct witnesses *witnesses)
{
	int64_t now = job_clock_ns();

	for (unsigned i = 0; i < witnesses->count; i++)
		if (may_ask(&witnesses->list[i]) &&
		    witnesses->list[i].rests_until_ns <= now)
			ask(&witnesses->list[i]);
}

/* ------------------------------------------------------------------------- answers */

static void
take_cosignature(struct witness *witness)
{
	struct witnesses *all = witness->all;
	struct dbk_buf lines;
	struct dbk_str text = dbk_str_make(witness->text.bytes, witness->text.size);
	unsigned count;

	dbk_buf_init(&lines);
	count = dbk_witness_take_answer(
	    dbk_str_make(witness->answer.bytes, witness->answer.size), text,
	    &witness->policy->key, &lines);
	if (count == 0 || dbk_buf_failed(&lines)) {
		rest(witness, "its answer holds no cosignature that verifies");
		dbk_buf_fini(&lines);
		return;
	}
	if (witness->failures > 0)
		diag_info("witness %s: cosigns again", witness->policy->name);
	witness->failures = 0;
	witness->trouble[0] = '\0';
	witness->known = witness->asked;
	all->changed = true;
	/* One that came too late is good for nothing but knowing where it is. */
	if (witness->asked == all->size) {
		dbk_buf_fini(&witness->lines);
		witness->lines = lines;
		witness->cosigned = all->size;
		all->fresh = true;
	} else {
		dbk_buf_fini(&lines);
	}
}

static void
take_conflict(struct witness *witness)
{
	uint64_t size = 0;

	if (!dbk_witness_parse_size(
		dbk_str_make(witness->answer.bytes, witness->answer.size), &size)) {
		rest(witness, "it says 409 without a size");
		return;
	}
	if (witness->known == size || witness->conflicts >= CONFLICTS_MAX) {
		rest(witness, "it says 409 again and again");
		return;
	}
	witness->conflicts++;
	witness->known = size;
	witness->all->changed = true;
}

static void
take_answer(struct witness *witness, CURLcode code)
{
	char why[120];
	long status = 0;

	(void)curl_easy_getinfo(witness->easy, CURLINFO_RESPONSE_CODE, &status);
	if (code != CURLE_OK) {
		rest(witness, curl_easy_strerror(code));
	} else if (status == 200) {
		take_cosignature(witness);
	} else if (status == 409) {
		take_conflict(witness);
	} else if (status == 422) {
		rest(witness, "it has signed another tree than this one (422)");
	} else {
		(void)snprintf(why, sizeof why, "it answers with HTTP status %ld%s",
			       status,
			       status == 404   ? ", it does not know this log"
			       : status == 403 ? ", it does not trust this log's key"
					       : "");
		rest(witness, why);
	}
}

static void
take_answers(struct witnesses *witnesses)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(witnesses->multi, &left)) != NULL) {
		char *private = NULL;
		struct witness *witness;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
					&private);
		witness = (struct witness *)(void *)private;
		(void)curl_multi_remove_handle(witnesses->multi, witness->easy);
		witness->busy = false;
		take_answer(witness, code);
	}
}

static size_t
on_bytes(char *bytes, size_t size, size_t count, void *context)
{
	struct witness *witness = context;
	size_t more = size * count;

	if (more > ANSWER_BYTES_MAX - witness->answer.size)
		return 0;
	dbk_buf_put(&witness->answer, bytes, more);
	return dbk_buf_failed(&witness->answer) ? 0 : more;
}

/* --------------------------------------------------------------------------- open */

static enum dbk_err
open_witness(struct witness *witness, struct dbk_error *error)
{
	char url[DBK_POLICY_URL_BYTES_MAX + 32];
	size_t size = strlen(witness->policy->url);

	if (size == 0)
		return DBK_OK;
	while (size > 0 && witness->policy->url[size - 1] == '/')
		size--;
	(void)snprintf(url, sizeof url, "%.*s/add-checkpoint", (int)size,
		       witness->policy->url);
	witness->easy = curl_easy_init();
	if (witness->easy == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for witnesses");
	(void)curl_easy_setopt(witness->easy, CURLOPT_PRIVATE, (char *)witness);
	(void)curl_easy_setopt(witness->easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(witness->easy, CURLOPT_HTTPHEADER,
			       witness->all->headers);
	(void)curl_easy_setopt(witness->easy, CURLOPT_USERAGENT, "daybookd");
	(void)curl_easy_setopt(witness->easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(witness->easy, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
	(void)curl_easy_setopt(witness->easy, CURLOPT_CONNECTTIMEOUT_MS,
			       CONNECT_TIMEOUT_MS);
	(void)curl_easy_setopt(witness->easy, CURLOPT_WRITEFUNCTION, on_bytes);
	(void)curl_easy_setopt(witness->easy, CURLOPT_WRITEDATA, witness);
	if (curl_easy_setopt(witness->easy, CURLOPT_PROTOCOLS_STR, "http,https") !=
		CURLE_OK ||
	    curl_easy_setopt(witness->easy, CURLOPT_URL, url) != CURLE_OK)
		return dbk_error_set(error, DBK_FAILED_INPUT, "witness %s: bad URL",
				     witness->policy->name);
	return DBK_OK;
}

static enum dbk_err
open_all(struct witnesses *witnesses, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	witnesses->count = dbk_policy_witnesses(witnesses->policy);
	witnesses->list = calloc(witnesses->count + 1, sizeof *witnesses->list);
	/* A witness may answer a long body with "100 Continue" only after a while. */
	witnesses->headers = curl_slist_append(NULL, "Expect:");
	witnesses->multi = curl_multi_init();
	if (witnesses->list == NULL || witnesses->headers == NULL ||
	    witnesses->multi == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for witnesses");
	for (unsigned i = 0; err == DBK_OK && i < witnesses->count; i++) {
		witnesses->list[i].all = witnesses;
		witnesses->list[i].policy = dbk_policy_witness_at(witnesses->policy, i);
		err = open_witness(&witnesses->list[i], error);
	}
	return err;
}

enum dbk_err
witnesses_open(const char *file, const char *dir, const struct dbk_note_key *key,
	       struct witnesses **out, struct dbk_error *error)
{
	struct witnesses *witnesses = calloc(1, sizeof *witnesses);
	enum dbk_err err;

	if (witnesses == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(witnesses);
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for witnesses");
	}
	witnesses->dir = strdup(dir);
	err = witnesses->dir == NULL
		  ? dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for witnesses")
		  : policy_file_read(file, key, &witnesses->policy, error);
	if (err == DBK_OK)
		err = open_all(witnesses, error);
	if (err != DBK_OK) {
		witnesses_close(witnesses);
		return err;
	}
	recall(witnesses);
	*out = witnesses;
	return DBK_OK;
}

static void
close_witness(struct witness *witness)
{
	if (witness->busy)
		(void)curl_multi_remove_handle(witness->all->multi, witness->easy);
	if (witness->easy != NULL)
		curl_easy_cleanup(witness->easy);
	dbk_buf_fini(&witness->lines);
	dbk_buf_fini(&witness->text);
	dbk_buf_fini(&witness->request);
	dbk_buf_fini(&witness->answer);
}

void
witnesses_close(struct witnesses *witnesses)
{
	if (witnesses == NULL)
		return;
	if (witnesses->changed)
		remember(witnesses);
	for (unsigned i = 0; witnesses->list != NULL && i < witnesses->count; i++)
		close_witness(&witnesses->list[i]);
	free(witnesses->list);
	if (witnesses->multi != NULL)
		(void)curl_multi_cleanup(witnesses->multi);
	curl_slist_free_all(witnesses->headers);
	dbk_policy_free(witnesses->policy);
	dbk_buf_fini(&witnesses->note);
	dbk_buf_fini(&witnesses->text);
	free(witnesses->dir);
	free(witnesses);
	curl_global_cleanup();
}

/* ------------------------------------------------------------------ offer and take */

enum dbk_err
witnesses_offer(struct witnesses *witnesses, struct dbk_str note, uint64_t size,
		const struct dbk_tree_reader *tree, struct dbk_error *error)
{
	static const char blank[] = "\n\n";
	const char *end = memmem(note.bytes, note.size, blank, sizeof blank - 1);

	dbk_assert(end != NULL);
	dbk_buf_reset(&witnesses->note);
	dbk_buf_reset(&witnesses->text);
	dbk_buf_put(&witnesses->note, note.bytes, note.size);
	dbk_buf_put(&witnesses->text, note.bytes, (size_t)(end - note.bytes) + 1);
	witnesses->offered = false;
	if (dbk_buf_failed(&witnesses->note) || dbk_buf_failed(&witnesses->text))
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for witnesses");
	for (unsigned i = 0; i < witnesses->count; i++) {
		witnesses->list[i].conflicts = 0;
		witnesses->list[i].cosigned = UINT64_MAX;
		dbk_buf_reset(&witnesses->list[i].lines);
	}
	witnesses->size = size;
	witnesses->tree = *tree;
	witnesses->offered = true;
	witnesses->fresh = true; /* a quorum may be of none */
	ask_all(witnesses);
	return DBK_OK;
}

void
witnesses_turn(struct witnesses *witnesses, int64_t until_ns)
{
	int64_t now = job_clock_ns();
	int running;

	/* What is known changes with every round, and only saves a round when lost. */
	if (witnesses->changed && now - witnesses->remembered_ns >= REMEMBER_NS)
		remember(witnesses);
	ask_all(witnesses);
	(void)curl_multi_perform(witnesses->multi, &running);
	if (until_ns > now && !witnesses->fresh)
		(void)curl_multi_poll(witnesses->multi, NULL, 0,
				      (int)((until_ns - now + 999999) / 1000000), NULL);
	(void)curl_multi_perform(witnesses->multi, &running);
	take_answers(witnesses);
}

void
witnesses_wake(struct witnesses *witnesses)
{
	(void)curl_multi_wakeup(witnesses->multi);
}

static bool
is_met(const struct witnesses *witnesses, struct dbk_str bytes)
{
	struct dbk_note *note = malloc(sizeof *note);
	bool forged = false, met = false;

	if (note != NULL && dbk_note_parse(bytes, note, NULL) == DBK_OK)
		met = dbk_policy_is_met(witnesses->policy, note, &forged);
	free(note);
	return met && !forged;
}

bool
witnesses_take(struct witnesses *witnesses, struct dbk_buf *note)
{
	if (!witnesses->offered || !witnesses->fresh)
		return false;
	witnesses->fresh = false;
	dbk_buf_reset(note);
	dbk_buf_put(note, witnesses->note.bytes, witnesses->note.size);
	for (unsigned i = 0; i < witnesses->count; i++)
		dbk_buf_put(note, witnesses->list[i].lines.bytes,
			    witnesses->list[i].lines.size);
	return !dbk_buf_failed(note) &&
	       is_met(witnesses, dbk_str_make(note->bytes, note->size));
}

bool
witnesses_are_through(const struct witnesses *witnesses)
{
	int64_t now = job_clock_ns();

	for (unsigned i = 0; i < witnesses->count; i++)
		if ((witnesses->list[i].busy &&
		     witnesses->list[i].asked == witnesses->size) ||
		    (may_ask(&witnesses->list[i]) &&
		     witnesses->list[i].rests_until_ns <= now))
			return false;
	return true;
}

uint64_t
witnesses_ahead(const struct witnesses *witnesses, uint64_t size)
{
	bool ahead[DBK_POLICY_WITNESSES_MAX] = { false };
	uint64_t largest = size;

	for (unsigned i = 0; i < witnesses->count; i++) {
		const struct witness *witness = &witnesses->list[i];

		ahead[i] = witness->known > size;
		if (witness->known > largest)
			largest = witness->known;
	}
	return dbk_policy_can_be_met(witnesses->policy, ahead) ? size : largest;
}

void
witnesses_trouble(const struct witnesses *witnesses, char out[DBK_ERROR_TEXT_BYTES])
{
	size_t at = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < witnesses->count && at < DBK_ERROR_TEXT_BYTES; i++)
		if (witnesses->list[i].trouble[0] != '\0') {
			int n = snprintf(out + at, DBK_ERROR_TEXT_BYTES - at,
					 "%switness %s: %s", at == 0 ? "" : "; ",
					 witnesses->list[i].policy->name,
					 witnesses->list[i].trouble);

			at += n > 0 ? (size_t)n : 0;
		}
}
