#ifndef DAYBOOKD_OPTIONS_H
#define DAYBOOKD_OPTIONS_H

/*
 * options.h -- the command line and the configuration file, checked.
 *
 * The file has lines `name = value` with the long options' names; # begins a comment.
 * What the command line says wins.
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
	bool no_clock; /* the book's clock moves by events from outside only */
	bool help, version;
};

/* Fill in OUT; INPUT with a sentence that names the option and its value. */
DBK_MUST_CHECK enum dbk_err options_parse(struct options *out, int argc, char **argv,
					  struct dbk_error *error);
void options_fini(struct options *options);

void options_print_help(void);

#endif
