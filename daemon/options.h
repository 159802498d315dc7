#ifndef DAYBOOKD_OPTIONS_H
#define DAYBOOKD_OPTIONS_H

/*
 * options.h -- the command line and the configuration file, checked.
 *
 * The file has lines `name = value` with the long options' names; # begins a comment.
 * What the command line says wins.  --adopt is for one start, so the file may not say
 * it.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#define OPTIONS_LISTEN_MAX 16

struct options {
	const char *data;
	const char *config;
	char *listen[OPTIONS_LISTEN_MAX];
	unsigned n_listen;
	unsigned readers;
	uint64_t save_every;
	uint64_t max_log_bytes; /* 0: what the disk has */
	bool no_clock;		/* the book's clock moves by events from outside only */

	/* Keys and checkpoints; src/proof/TRUST.md.  NULL where not given, but for
	 * KEYS. */
	char *keys;
	char *key_file, *passphrase_file;
	char *origin;
	bool adopt;
	char *witness_policy;
	uint64_t digest_every; /* seconds; 0: never */
	uint64_t access_days;  /* that the access record is kept; 0: for ever */

	/* TLS: certificate and key are there both or neither. */
	char *tls_certificate, *tls_key;
	char *client_ca, *client_crl;
	bool client_certificates_required;

	char *user; /* to become when everything is open; NULL: stay */
	bool allow_core_files;
	bool help, version;
};

/* Fill in OUT; INPUT with a sentence that names the option and its value. */
DBK_MUST_CHECK enum dbk_err options_parse(struct options *out, int argc, char **argv,
					  struct dbk_error *error);
void options_fini(struct options *options);

void options_print_help(void);

#endif
