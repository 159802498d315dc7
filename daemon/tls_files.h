#ifndef DAYBOOKD_TLS_FILES_H
#define DAYBOOKD_TLS_FILES_H

/*
 * tls_files.h -- the daemon's certificate and whom it trusts, read again when they are
 * renewed.  Connections that are there keep what they began with.
 *
 * Thread: loop.
 */

#include <daybook/error.h>

#include "options.h"
#include "rpc/tls.h"

struct tls_files;

/* As OPTIONS say, whose texts are copied; *OUT is NULL without --tls-certificate. INPUT
 * names the file and what is wrong with it. */
DBK_MUST_CHECK enum dbk_err tls_files_open(const struct options *options,
					   struct tls_files **out,
					   struct dbk_error *error);

/* NULL is nothing. */
void tls_files_close(struct tls_files *files);

/* For the next session; borrowed until the next reload. */
struct dbk_tls_context *tls_files_context(const struct tls_files *files);

/* Read all of them; what cannot be used changes nothing.  Either is said to the
 * operator. */
void tls_files_reload(struct tls_files *files);

/* The same if one of them is another than when it was read last.  NULL is nothing. */
void tls_files_look(struct tls_files *files);

#endif
