#ifndef DAYBOOK_TESTS_TLS_PAIR_H
#define DAYBOOK_TESTS_TLS_PAIR_H

/*
 * tls_pair.h -- two sessions of TLS against each other; bytes cross in pieces of any
 * size.  The files are made by certificates.sh, whose names are used here.
 */

#include "base/buf.h"
#include "rpc/tls.h"

/* Make the files in a new folder, tls_dir, and delete it; the program ends if it
 * cannot. */
void tls_make_files(void);
void tls_remove_files(void);
extern char tls_dir[100];

/* The path of file NAME there; static memory, for a while. */
const char *tls_file(const char *name);

/* A server of certificate NAME; CA and CRL are files, or NULL. */
struct dbk_tls_context *tls_server_files(const char *name, const char *ca,
					 const char *crl, bool required);

/* A client that shows certificate NAME, NULL: none. */
struct dbk_tls_context *tls_client_files(const char *ca, const char *crl,
					 const char *name);

/* One end, and what it heard. */
struct tls_end {
	struct dbk_tls *tls;
	struct dbk_buf plain;
	struct dbk_error error; /* of the first feed that failed */
};

void tls_end_open(struct tls_end *end, struct dbk_tls_context *context,
		  const char *name);
void tls_end_close(struct tls_end *end);
void tls_end_feed(struct tls_end *end, const void *bytes, size_t size);

/* What FROM has to say goes to TO in pieces of PIECE bytes; false if there was nothing.
 */
bool tls_cross(struct tls_end *from, struct tls_end *to, size_t piece);

/* Both ways until nothing moves. */
void tls_talk(struct tls_end *a, struct tls_end *b, size_t piece);

struct tls_pair {
	struct tls_end client, server;
};

/* Takes the contexts. */
void tls_pair_open(struct tls_pair *pair, struct dbk_tls_context *client,
		   struct dbk_tls_context *server, const char *name);
void tls_pair_close(struct tls_pair *pair);

void tls_say(struct tls_end *end, const char *text);
bool tls_heard(const struct tls_end *end, const char *text);

/* TEXT has PART in it; else says what it is. */
bool tls_has(const char *text, const char *part);

#endif
