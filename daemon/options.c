#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READERS_DEFAULT 2
#define READERS_MAX 16
#define SAVE_EVERY_DEFAULT 1000000
#define DIGEST_EVERY_DEFAULT 86400
#define DIGEST_EVERY_MAX (366 * UINT64_C(86400))
#define ACCESS_DAYS_DEFAULT 3650
#define ACCESS_DAYS_MAX 36500
#define LINE_BYTES 4200

static const char help[] =
    "usage: daybookd --data DIR [options]\n"
    "\n"
    "The daybook daemon: keeps one book in DIR and serves it over gRPC.\n"
    "\n"
    "  --data DIR              the data directory; made if it is missing\n"
    "  --listen ADDRESS        unix:PATH or HOST:PORT, several times if wanted;\n"
    "                          cleartext on Unix sockets and loopback only\n"
    "                          (default unix:DIR/daybook.sock)\n"
    "  --config FILE           lines `name = value` with the names of these options\n"
    "  --readers N             threads that answer questions, 1 to 16 (default 2)\n"
    "  --save-every N          save the books after so many records (default 1000000)\n"
    "  --max-log-bytes N       refuse to append above this size of the log; K, M, G, "
    "T\n"
    "  --no-clock              let the book's clock be moved by events alone, for "
    "books of\n"
    "                          other times; otherwise the daemon appends "
    "ClockAdvanced\n"
    "                          when something is due\n"
    "\n"
    "Keys and checkpoints:\n"
    "  --keys DIR              signing key, keys of subjects, tokens; never in a "
    "backup\n"
    "                          (default DIR/keys of the data directory)\n"
    "  --key-file FILE         the master key: 64 hex digits or 32 bytes\n"
    "  --passphrase-file FILE  or its first line makes the master key\n"
    "  --origin NAME           name of the log in its checkpoints, when the key is "
    "made\n"
    "  --adopt                 sign from this place from now on: the keys were moved "
    "or\n"
    "                          copied here, and the other place will never run again\n"
    "  --witness-policy FILE   publish checkpoints that its quorum has cosigned only\n"
    "  --digest-every SECONDS  log the digest of the books (default 86400, 0 never)\n"
    "  --access-days N         keep the access record so long (default 3650, 0 for "
    "ever)\n"
    "\n"
    "TLS, for addresses beyond loopback:\n"
    "  --tls-certificate FILE, --tls-key FILE\n"
    "                          what the daemon shows, PEM, with its chain\n"
    "  --client-ca FILE        take certificates of clients that this one signed\n"
    "  --client-crl FILE       but not those on this list\n"
    "  --client-certificates-required\n"
    "                          turn away whoever shows none\n"
    "\n"
    "Process:\n"
    "  --user NAME             become this user when everything is open\n"
    "  --allow-core-files      let a crash leave a core file, which may hold secrets\n"
    "  --help, --version\n"
    "\n"
    "Signals: SIGTERM and SIGINT stop gracefully.  A killed daemon loses nothing that\n"
    "was acknowledged; the next start replays what was not saved.\n"
    "\n"
    "Exit status: 0 stopped, 1 failed to start or run, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  daybookd --data /var/lib/daybook --listen 127.0.0.1:7400 &\n"
    "  daybook --server 127.0.0.1:7400 status\n";

void
options_print_help(void)
{
	(void)fputs(help, stdout);
}

/* A whole number with an optional K, M, G or T. */
static bool
parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	static const char units[] = "KMGT";
	unsigned long long value;
	const char *unit;
	char *end;

	errno = 0;
	if (!isdigit((unsigned char)text[0]))
		return false;
	value = strtoull(text, &end, 10);
	unit = *end == '\0' ? NULL : strchr(units, toupper((unsigned char)*end));
	if (errno != 0 || (*end != '\0' && (unit == NULL || end[1] != '\0')))
		return false;
	if (unit != NULL) {
		unsigned shift = 10u * (unsigned)(unit - units + 1);

		if (value > UINT64_MAX >> shift)
			return false;
		value <<= shift;
	}
	*out = value;
	return value >= min && value <= max;
}

static enum dbk_err
set_number(const char *name, const char *value, uint64_t min, uint64_t max,
	   uint64_t *out, struct dbk_error *error)
{
	if (!parse_number(value, min, max, out))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s: \"%s\" is not a number from %llu to %llu",
				     name, value, (unsigned long long)min,
				     (unsigned long long)max);
	return DBK_OK;
}

static enum dbk_err
add_listen(struct options *options, const char *value, struct dbk_error *error)
{
	if (options->n_listen == OPTIONS_LISTEN_MAX)
		return dbk_error_set(error, DBK_FAILED_INPUT, "listen: more than %d",
				     OPTIONS_LISTEN_MAX);
	options->listen[options->n_listen] = strdup(value);
	if (options->listen[options->n_listen] == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "listen");
	options->n_listen++;
	return DBK_OK;
}

/* A switch: without a value on the command line, yes or no in the file. */
static enum dbk_err
set_switch(const char *name, const char *value, bool *out, struct dbk_error *error)
{
	*out = value == NULL || strcmp(value, "yes") == 0;
	if (*out || strcmp(value, "no") == 0)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "%s: \"%s\" is neither yes nor no", name, value);
}

/* The options that are a text; what is said later wins. */
static char **
text_of(struct options *options, const char *name)
{
	const struct {
		const char *name;
		char **text;
	} texts[] = {
		{ "keys", &options->keys },
		{ "key-file", &options->key_file },
		{ "passphrase-file", &options->passphrase_file },
		{ "origin", &options->origin },
		{ "witness-policy", &options->witness_policy },
		{ "tls-certificate", &options->tls_certificate },
		{ "tls-key", &options->tls_key },
		{ "client-ca", &options->client_ca },
		{ "client-crl", &options->client_crl },
		{ "user", &options->user },
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (strcmp(name, texts[i].name) == 0)
			return texts[i].text;
	return NULL;
}

static enum dbk_err
set_text(const char *name, const char *value, char **out, struct dbk_error *error)
{
	char *copy;

	if (*value == '\0')
		return dbk_error_set(error, DBK_FAILED_INPUT, "%s: there is no value",
				     name);
	copy = strdup(value);
	if (copy == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s", name);
	free(*out);
	*out = copy;
	return DBK_OK;
}

/* One option by its long name, from the command line or the file. */
static enum dbk_err
set_option(struct options *options, const char *name, const char *value,
	   struct dbk_error *error)
{
	char **text = text_of(options, name);
	uint64_t number;
	enum dbk_err err;

	if (text != NULL)
		return set_text(name, value, text, error);
	if (strcmp(name, "listen") == 0)
		return add_listen(options, value, error);
	if (strcmp(name, "readers") == 0) {
		err = set_number(name, value, 1, READERS_MAX, &number, error);
		if (err == DBK_OK)
			options->readers = (unsigned)number;
		return err;
	}
	if (strcmp(name, "save-every") == 0)
		return set_number(name, value, 1, UINT32_MAX, &options->save_every,
				  error);
	if (strcmp(name, "max-log-bytes") == 0)
		return set_number(name, value, 1 << 20, UINT64_MAX >> 1,
				  &options->max_log_bytes, error);
	if (strcmp(name, "no-clock") == 0)
		return set_switch(name, value, &options->no_clock, error);
	if (strcmp(name, "digest-every") == 0)
		return set_number(name, value, 0, DIGEST_EVERY_MAX,
				  &options->digest_every, error);
	if (strcmp(name, "access-days") == 0)
		return set_number(name, value, 0, ACCESS_DAYS_MAX,
				  &options->access_days, error);
	if (strcmp(name, "client-certificates-required") == 0)
		return set_switch(name, value, &options->client_certificates_required,
				  error);
	if (strcmp(name, "allow-core-files") == 0)
		return set_switch(name, value, &options->allow_core_files, error);
	return dbk_error_set(error, DBK_FAILED_INPUT, "there is no option \"%s\"",
			     name);
}

static char *
trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static enum dbk_err
read_line(struct options *options, char *line, unsigned number, struct dbk_error *error)
{
	char *comment = strchr(line, '#');
	char *equals;
	enum dbk_err err;

	if (comment != NULL)
		*comment = '\0';
	line = trim(line);
	if (*line == '\0')
		return DBK_OK;
	equals = strchr(line, '=');
	if (equals == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s:%u: \"%s\" is not `name = value`",
				     options->config, number, line);
	*equals = '\0';
	err = set_option(options, trim(line), trim(equals + 1), error);
	if (err != DBK_OK)
		dbk_error_prepend(error, "%s:%u", options->config, number);
	return err;
}

static enum dbk_err
read_config(struct options *options, struct dbk_error *error)
{
	FILE *file = fopen(options->config, "r");
	char line[LINE_BYTES];
	enum dbk_err err = DBK_OK;
	unsigned number = 0;

	if (file == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT, "config: %s: %s",
				     options->config, strerror(errno));
	while (err == DBK_OK && fgets(line, sizeof line, file) != NULL)
		err = read_line(options, line, ++number, error);
	(void)fclose(file);
	return err;
}

static const struct option longs[] = {
	{ "data", required_argument, NULL, 'd' },
	{ "config", required_argument, NULL, 'c' },
	{ "listen", required_argument, NULL, 'o' },
	{ "readers", required_argument, NULL, 'o' },
	{ "save-every", required_argument, NULL, 'o' },
	{ "max-log-bytes", required_argument, NULL, 'o' },
	{ "no-clock", no_argument, NULL, 'o' },
	{ "keys", required_argument, NULL, 'o' },
	{ "key-file", required_argument, NULL, 'o' },
	{ "passphrase-file", required_argument, NULL, 'o' },
	{ "origin", required_argument, NULL, 'o' },
	{ "adopt", no_argument, NULL, 'a' },
	{ "witness-policy", required_argument, NULL, 'o' },
	{ "digest-every", required_argument, NULL, 'o' },
	{ "access-days", required_argument, NULL, 'o' },
	{ "tls-certificate", required_argument, NULL, 'o' },
	{ "tls-key", required_argument, NULL, 'o' },
	{ "client-ca", required_argument, NULL, 'o' },
	{ "client-crl", required_argument, NULL, 'o' },
	{ "client-certificates-required", no_argument, NULL, 'o' },
	{ "user", required_argument, NULL, 'o' },
	{ "allow-core-files", no_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

/* One walk over the command line: first what tells where to look, then the rest. */
static enum dbk_err
walk(struct options *out, int argc, char **argv, bool values, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;
	int which, c;

	optind = 1;
	opterr = 0;
	while (err == DBK_OK &&
	       (c = getopt_long(argc, argv, "", longs, &which)) != -1) {
		if (c == 'd')
			out->data = optarg;
		else if (c == 'c')
			out->config = optarg;
		else if (c == 'a')
			out->adopt = true;
		else if (c == 'h')
			out->help = true;
		else if (c == 'v')
			out->version = true;
		else if (c == '?')
			return dbk_error_set(error, DBK_FAILED_INPUT,
					     "\"%s\" is no option, or wants a value; "
					     "see --help",
					     argv[optind - 1]);
		else if (values)
			err = set_option(out, longs[which].name, optarg, error);
	}
	if (err == DBK_OK && optind < argc)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "\"%s\" is one word too many; see --help",
				     argv[optind]);
	return err;
}

/* What goes only together, or not together. */
static enum dbk_err
check_together(const struct options *options, struct dbk_error *error)
{
	if (options->key_file != NULL && options->passphrase_file != NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "key-file and passphrase-file are given, and the "
				     "master key can be but one of them");
	if ((options->tls_certificate == NULL) != (options->tls_key == NULL))
		return dbk_error_set(
		    error, DBK_FAILED_INPUT, "%s is given without %s",
		    options->tls_key == NULL ? "tls-certificate" : "tls-key",
		    options->tls_key == NULL ? "tls-key" : "tls-certificate");
	if (options->client_ca != NULL && options->tls_certificate == NULL)
		return dbk_error_set(
		    error, DBK_FAILED_INPUT,
		    "client-ca: clients show certificates over TLS, which "
		    "needs tls-certificate and tls-key");
	if (options->client_ca == NULL &&
	    (options->client_crl != NULL || options->client_certificates_required))
		return dbk_error_set(error, DBK_FAILED_INPUT, "%s needs client-ca",
				     options->client_crl != NULL
					 ? "client-crl"
					 : "client-certificates-required");
	return DBK_OK;
}

static enum dbk_err
set_default_keys(struct options *options, struct dbk_error *error)
{
	size_t size = strlen(options->data) + sizeof "/keys";

	if (options->keys != NULL)
		return DBK_OK;
	options->keys = malloc(size);
	if (options->keys == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "keys");
	(void)snprintf(options->keys, size, "%s/keys", options->data);
	return DBK_OK;
}

enum dbk_err
options_parse(struct options *out, int argc, char **argv, struct dbk_error *error)
{
	enum dbk_err err;

	memset(out, 0, sizeof *out);
	out->readers = READERS_DEFAULT;
	out->save_every = SAVE_EVERY_DEFAULT;
	out->digest_every = DIGEST_EVERY_DEFAULT;
	out->access_days = ACCESS_DAYS_DEFAULT;
	err = walk(out, argc, argv, false, error);
	if (err != DBK_OK || out->help || out->version)
		return err;
	if (out->data == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "--data DIR is missing; see --help");
	if (out->config != NULL)
		err = read_config(out, error);
	if (err == DBK_OK)
		err = walk(out, argc, argv, true, error);
	if (err == DBK_OK)
		err = check_together(out, error);
	if (err == DBK_OK)
		err = set_default_keys(out, error);
	return err;
}

void
options_fini(struct options *options)
{
	for (unsigned i = 0; i < options->n_listen; i++)
		free(options->listen[i]);
	options->n_listen = 0;
	free(options->keys);
	free(options->key_file);
	free(options->passphrase_file);
	free(options->origin);
	free(options->witness_policy);
	free(options->tls_certificate);
	free(options->tls_key);
	free(options->client_ca);
	free(options->client_crl);
	free(options->user);
}
