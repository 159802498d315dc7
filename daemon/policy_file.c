#include "policy_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "diag.h"

#define POLICY_BYTES_MAX (1u << 20)

static enum dbk_err
read_policy(const char *file, struct dbk_policy **out, struct dbk_error *error)
{
	FILE *stream = fopen(file, "re");
	enum dbk_err err = DBK_OK;
	struct dbk_buf text;
	size_t n = 1;

	if (stream == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT, "witness-policy: %s: %s",
				     file, strerror(errno));
	dbk_buf_init(&text);
	while (n > 0 && text.size <= POLICY_BYTES_MAX && dbk_buf_reserve(&text, 4096)) {
		n = fread(text.bytes + text.size, 1, 4096, stream);
		text.size += n;
	}
	if (dbk_buf_failed(&text) || n > 0 || ferror(stream))
		err = dbk_error_set(error, DBK_FAILED_INPUT, "it cannot be read");
	(void)fclose(stream);
	if (err == DBK_OK)
		err = dbk_policy_parse(dbk_str_make(text.bytes, text.size), out, error);
	if (err != DBK_OK)
		dbk_error_prepend(error, "witness-policy: %s", file);
	dbk_buf_fini(&text);
	return err;
}

static enum dbk_err
check_log(const struct dbk_policy *policy, const struct dbk_note_key *key,
	  struct dbk_error *error)
{
	unsigned count = dbk_policy_logs(policy);

	for (unsigned i = 0; i < count; i++) {
		const struct dbk_note_key *log = &dbk_policy_log_at(policy, i)->key;

		if (log->id == key->id && strcmp(log->name, key->name) == 0)
			return DBK_OK;
	}
	if (count == 0)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "witness-policy: it names logs, and %s is not among them",
			     key->name);
}

static bool
is_near(const char *host)
{
	static const char *const near[] = { "localhost", "[::1]" };
	size_t size = strncmp(host, "127.", 4) == 0 ? strspn(host, "0123456789.") : 0;

	for (size_t i = 0; i < sizeof near / sizeof near[0] && size == 0; i++)
		if (strncasecmp(host, near[i], strlen(near[i])) == 0)
			size = strlen(near[i]);
	return size > 0 && strchr(":/", host[size]) != NULL;
}

/* Signatures cannot be forged on the way, but answers can be kept back. */
static void
warn_of_cleartext(const struct dbk_policy_witness *policy)
{
	static const char scheme[] = "http://";
	size_t size = sizeof scheme - 1;

	if (strncasecmp(policy->url, scheme, size) != 0 || is_near(policy->url + size))
		return;
	diag_warn("witness %s: %s is spoken to in cleartext, give its https address",
		  policy->name, policy->url);
}

static void
warn_of_all(const struct dbk_policy *policy)
{
	for (unsigned i = 0; i < dbk_policy_witnesses(policy); i++)
		warn_of_cleartext(dbk_policy_witness_at(policy, i));
}

enum dbk_err
policy_file_read(const char *file, const struct dbk_note_key *key,
		 struct dbk_policy **out, struct dbk_error *error)
{
	struct dbk_policy *policy;
	enum dbk_err err = read_policy(file, &policy, error);

	if (err != DBK_OK)
		return err;
	err = check_log(policy, key, error);
	if (err != DBK_OK) {
		dbk_policy_free(policy);
		return err;
	}
	warn_of_all(policy);
	*out = policy;
	return DBK_OK;
}
