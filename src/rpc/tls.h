#ifndef DBK_RPC_TLS_H
#define DBK_RPC_TLS_H

/*
 * tls.h -- TLS 1.3 (RFC 8446) as bytes in and bytes out, with ALPN "h2" (RFC 7301), by
 * OpenSSL.  It owns no socket; certificates are read from files when a context is made,
 * and a context that is replaced lives on in its sessions.
 *
 * Thread: a context is shared by any; a session belongs to one at a time.
 */

#include <stdbool.h>
#include <stddef.h>

#include <daybook/error.h>

#include "base/buf.h"

struct dbk_tls_context;
struct dbk_tls;

struct dbk_tls_server_options {
	const char *certificate; /* PEM, with its chain */
	const char *key;	 /* PEM */
	const char *client_ca;	 /* PEM; NULL: clients show no certificates */
	const char *client_crl;	 /* PEM; NULL: none are revoked by a list */
	bool client_required;	 /* else a client may show one */
};

struct dbk_tls_client_options {
	const char *ca;	  /* PEM; NULL: the system's */
	const char *crl;  /* PEM; NULL: none */
	const char *certificate, *key; /* PEM; NULL: the client shows none */
};

/* INPUT names the file and what OpenSSL says of it: a key of another certificate, an
 * expired one, one that others may read (a key file must not be readable by the world). */
DBK_MUST_CHECK enum dbk_err
dbk_tls_server_open(const struct dbk_tls_server_options *options,
		    struct dbk_tls_context **out, struct dbk_error *error);
DBK_MUST_CHECK enum dbk_err
dbk_tls_client_open(const struct dbk_tls_client_options *options,
		    struct dbk_tls_context **out, struct dbk_error *error);

/* Sessions hold the context, too. */
void dbk_tls_context_close(struct dbk_tls_context *context);

/* NAME (client only; else NULL) is what the server's certificate must be of: a DNS name
 * or an IP address. */
DBK_MUST_CHECK enum dbk_err dbk_tls_open(struct dbk_tls_context *context,
					 const char *name, struct dbk_tls **out,
					 struct dbk_error *error);
void dbk_tls_close(struct dbk_tls *tls);

/*
 * Take SIZE bytes of the socket; what they open to is appended to PLAIN, what has to be
 * sent is in the output.  INPUT says why the other side is not let in, in words for the
 * operator ("certificate has expired"); an alert may be in the output still.
 */
DBK_MUST_CHECK enum dbk_err dbk_tls_feed(struct dbk_tls *tls, const void *bytes,
					 size_t size, struct dbk_buf *plain,
					 struct dbk_error *error);

/* Encrypt SIZE bytes into the output; only after the handshake. */
DBK_MUST_CHECK enum dbk_err dbk_tls_write(struct dbk_tls *tls, const void *bytes,
					  size_t size);

/* Bytes for the socket, which stay until output_done; 0 if there are none. */
size_t dbk_tls_output(struct dbk_tls *tls, const unsigned char **out_bytes);
void dbk_tls_output_done(struct dbk_tls *tls, size_t size);

/* The handshake is over, and the other side speaks h2. */
bool dbk_tls_is_ready(const struct dbk_tls *tls);

/* The other side said goodbye. */
bool dbk_tls_is_closed(const struct dbk_tls *tls);

/* Say goodbye. */
void dbk_tls_shutdown(struct dbk_tls *tls);

/* SHA-256 of the certificate (DER) that the other side showed and that was verified. */
bool dbk_tls_peer(const struct dbk_tls *tls, unsigned char out[32]);

#endif
