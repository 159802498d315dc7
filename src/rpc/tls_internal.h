#ifndef DBK_RPC_TLS_INTERNAL_H
#define DBK_RPC_TLS_INTERNAL_H

/*
 * tls_internal.h -- what tls.c (sessions), tls_context.c (files and rules) and
 * tls_words.c (what OpenSSL's errors mean) share.
 */

#include <stdatomic.h>
#include <stdbool.h>

#include <openssl/ssl.h>

#include "rpc/tls.h"

/* "h2" as ALPN writes it: its length first. */
#define DBK_TLS_ALPN "\x02h2"
#define DBK_TLS_ALPN_BYTES 3

struct dbk_tls_context {
	SSL_CTX *ssl; /* counted; sessions hold it themselves */
	bool server;
};

/* Of a certificate's names, as many as a sentence holds. */
#define DBK_TLS_NAMES_BYTES 128

/* Called by OpenSSL for each certificate of a server's chain; notes whom the
 * certificate is of in the application data of the session, DBK_TLS_NAMES_BYTES of it.
 */
int dbk_tls_verified(int good, X509_STORE_CTX *look);

/*
 * Why the handshake or a record of SSL failed, from OpenSSL's queue of errors, which is
 * empty afterwards.  NAME is whom the certificate should have been of; NULL: anybody.
 * MEMORY or INPUT.
 */
enum dbk_err dbk_tls_words(SSL *ssl, const char *name, struct dbk_error *error);

/* The oldest error of the queue, in OpenSSL's words; the queue is empty afterwards. */
const char *dbk_tls_reason(void);

#endif
