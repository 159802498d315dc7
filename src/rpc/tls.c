#include "rpc/tls.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/assert.h"
#include "rpc/tls_internal.h"

/* The largest plaintext of a record: RFC 8446 section 5.1. */
#define RECORD_BYTES ((size_t)16384)

/* Output that a session keeps room for while it has nothing to send. */
#define KEPT_BYTES ((size_t)64 * 1024)

/* Key updates cost the other side nothing: RFC 8446 section 4.6.3 has no rate.  So many
 * are free, then one each 64 KiB of data; libraries make one in 2^24 records. */
#define KEY_UPDATES_FREE 32
#define KEY_UPDATE_BYTES ((uint64_t)64 * 1024)

/*
 * OpenSSL reads from the bytes that dbk_tls_feed() was given, where they lie, and
 * writes into PENDING.  What is handed out for the socket is SENDING, which nobody
 * touches; the two change places when it is gone.
 */
struct dbk_tls {
	SSL *ssl;
	char *name;			 /* whom the server's certificate must be of */
	char names[DBK_TLS_NAMES_BYTES]; /* whom it is of instead */
	struct dbk_cursor input;
	struct dbk_buf pending, sending;
	size_t sending_head;
	BIO_METHOD *method;
	uint64_t plain_bytes, key_updates;
	bool ready, closed;
	bool has_peer;
	unsigned char peer[32];
	enum dbk_err failed;	 /* sticky */
	struct dbk_error reason; /* of FAILED */
};

static bool
updates_keys_too_often(const struct dbk_tls *tls)
{
	return tls->key_updates >
	       KEY_UPDATES_FREE + tls->plain_bytes / KEY_UPDATE_BYTES;
}

/* -------------------------------------------------------------------- OpenSSL's I/O */

static int
bio_write(BIO *bio, const char *bytes, size_t size, size_t *out_done)
{
	struct dbk_tls *tls = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	dbk_buf_put(&tls->pending, bytes, size);
	if (dbk_buf_failed(&tls->pending))
		return 0;
	*out_done = size;
	return 1;
}

static int
bio_read(BIO *bio, char *out, size_t size, size_t *out_done)
{
	struct dbk_tls *tls = BIO_get_data(bio);
	size_t left = dbk_cursor_left(&tls->input);

	BIO_clear_retry_flags(bio);
	/* OpenSSL comes back here after each record, data or not. */
	if (updates_keys_too_often(tls))
		return 0;
	if (left == 0) {
		BIO_set_retry_read(bio);
		return 0;
	}
	if (size > left)
		size = left;
	memcpy(out, dbk_cursor_take(&tls->input, size), size);
	*out_done = size;
	return 1;
}

static long
bio_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio, (void)number, (void)pointer;
	return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static int
bio_create(BIO *bio)
{
	BIO_set_init(bio, 1);
	return 1;
}

/* Made for each session: a method is a few words, and a shared one would be state of
 * the process. */
static BIO *
bio_new(struct dbk_tls *tls)
{
	BIO *bio = NULL;

	tls->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "dbk_tls");
	if (tls->method != NULL && BIO_meth_set_write_ex(tls->method, bio_write) == 1 &&
	    BIO_meth_set_read_ex(tls->method, bio_read) == 1 &&
	    BIO_meth_set_ctrl(tls->method, bio_control) == 1 &&
	    BIO_meth_set_create(tls->method, bio_create) == 1)
		bio = BIO_new(tls->method);
	if (bio != NULL)
		BIO_set_data(bio, tls);
	return bio;
}

static void
message_passed(int sent, int version, int type, const void *bytes, size_t size,
	       SSL *ssl, void *user)
{
	struct dbk_tls *tls = user;

	(void)version, (void)ssl;
	if (sent == 0 && type == SSL3_RT_HANDSHAKE && size > 0 &&
	    *(const unsigned char *)bytes == SSL3_MT_KEY_UPDATE)
		tls->key_updates++;
}

/* ----------------------------------------------------------------------- sessions */

static enum dbk_err
fail(struct dbk_tls *tls, struct dbk_error *error)
{
	if (tls->failed == DBK_OK && dbk_buf_failed(&tls->pending))
		tls->failed =
		    dbk_error_set(&tls->reason, DBK_FAILED_MEMORY, "no memory for TLS");
	else if (tls->failed == DBK_OK && updates_keys_too_often(tls))
		tls->failed =
		    dbk_error_set(&tls->reason, DBK_FAILED_INPUT,
				  "the other side updates its keys too often");
	else if (tls->failed == DBK_OK)
		tls->failed = dbk_tls_words(tls->ssl, tls->name, &tls->reason);
	ERR_clear_error();
	return dbk_error_set(error, tls->failed, "%s", tls->reason.text);
}

/* True if OpenSSL waits for more input and nothing is wrong. */
static bool
is_waiting(struct dbk_tls *tls, int result)
{
	return SSL_get_error(tls->ssl, result) == SSL_ERROR_WANT_READ &&
	       !dbk_buf_failed(&tls->pending);
}

static bool
expect_name(struct dbk_tls *tls)
{
	X509_VERIFY_PARAM *rules = SSL_get0_param(tls->ssl);
	unsigned char address[sizeof(struct in6_addr)];

	X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (inet_pton(AF_INET, tls->name, address) == 1 ||
	    inet_pton(AF_INET6, tls->name, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(rules, tls->name) == 1;
	return X509_VERIFY_PARAM_set1_host(rules, tls->name, 0) == 1 &&
	       SSL_set_tlsext_host_name(tls->ssl, tls->name) == 1;
}

/* Make SSL with its ends; false: no memory. */
static bool
make_session(struct dbk_tls *tls, const struct dbk_tls_context *context)
{
	BIO *bio;

	ERR_clear_error();
	tls->ssl = SSL_new(context->ssl);
	bio = tls->ssl == NULL ? NULL : bio_new(tls);
	if (bio == NULL)
		return false;
	SSL_set_bio(tls->ssl, bio, bio);
	SSL_set_app_data(tls->ssl, tls->names);
	SSL_set_msg_callback(tls->ssl, message_passed);
	SSL_set_msg_callback_arg(tls->ssl, tls);
	if (context->server)
		SSL_set_accept_state(tls->ssl);
	else
		SSL_set_connect_state(tls->ssl);
	return true;
}

enum dbk_err
dbk_tls_open(struct dbk_tls_context *context, const char *name, struct dbk_tls **out,
	     struct dbk_error *error)
{
	struct dbk_tls *tls = calloc(1, sizeof *tls);
	enum dbk_err err = DBK_OK;

	dbk_assert(context->server == (name == NULL));
	if (tls == NULL || !make_session(tls, context)) {
		dbk_tls_close(tls);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for TLS");
	}
	tls->name = name == NULL ? NULL : strdup(name);
	if (name != NULL && tls->name == NULL)
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for TLS");
	else if (name != NULL && !expect_name(tls))
		err = dbk_error_set(error, DBK_FAILED_INPUT,
				    "\"%s\" is no name of a server", name);
	/* The client speaks first. */
	else if (name != NULL && !is_waiting(tls, SSL_do_handshake(tls->ssl)))
		err = fail(tls, error);
	if (err != DBK_OK) {
		dbk_tls_close(tls);
		return err;
	}
	*out = tls;
	return DBK_OK;
}

void
dbk_tls_close(struct dbk_tls *tls)
{
	if (tls == NULL)
		return;
	SSL_free(tls->ssl);
	BIO_meth_free(tls->method);
	dbk_buf_fini(&tls->pending);
	dbk_buf_fini(&tls->sending);
	free(tls->name);
	free(tls);
}

static void
note_peer(struct dbk_tls *tls)
{
	const X509 *certificate = SSL_get0_peer_certificate(tls->ssl);
	unsigned size = sizeof tls->peer;

	tls->has_peer = certificate != NULL &&
			SSL_get_verify_result(tls->ssl) == X509_V_OK &&
			X509_digest(certificate, EVP_sha256(), tls->peer, &size) == 1;
}

/* The handshake is over.  A server has refused who does not offer h2 already; a client
 * sees what was chosen only now. */
static enum dbk_err
settle(struct dbk_tls *tls, struct dbk_error *error)
{
	const unsigned char *chosen;
	unsigned size;

	SSL_get0_alpn_selected(tls->ssl, &chosen, &size);
	if (size != 2 || memcmp(chosen, "h2", 2) != 0) {
		tls->failed =
		    dbk_error_set(&tls->reason, DBK_FAILED_INPUT,
				  "the other side does not speak HTTP/2 (ALPN)");
		return fail(tls, error);
	}
	note_peer(tls);
	tls->ready = true;
	return DBK_OK;
}

static enum dbk_err
read_plain(struct dbk_tls *tls, struct dbk_buf *plain, struct dbk_error *error)
{
	while (!tls->closed) {
		size_t size = 0;
		int result;

		if (!dbk_buf_reserve(plain, RECORD_BYTES)) {
			tls->failed = dbk_error_set(&tls->reason, DBK_FAILED_MEMORY,
						    "no memory for TLS");
			return fail(tls, error);
		}
		result = SSL_read_ex(tls->ssl, plain->bytes + plain->size, RECORD_BYTES,
				     &size);
		plain->size += size;
		tls->plain_bytes += size;
		if (result == 1)
			continue;
		if (is_waiting(tls, result))
			return DBK_OK;
		if (SSL_get_error(tls->ssl, result) != SSL_ERROR_ZERO_RETURN)
			return fail(tls, error);
		tls->closed = true;
	}
	return DBK_OK;
}

enum dbk_err
dbk_tls_feed(struct dbk_tls *tls, const void *bytes, size_t size, struct dbk_buf *plain,
	     struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	if (tls->failed != DBK_OK)
		return fail(tls, error);
	ERR_clear_error();
	tls->input = dbk_cursor_make(bytes, size);
	if (!tls->ready) {
		int result = SSL_do_handshake(tls->ssl);

		if (result == 1)
			err = settle(tls, error);
		else if (!is_waiting(tls, result))
			err = fail(tls, error);
	}
	if (err == DBK_OK && tls->ready)
		err = read_plain(tls, plain, error);
	tls->input = dbk_cursor_make(NULL, 0);
	return err;
}

enum dbk_err
dbk_tls_write(struct dbk_tls *tls, const void *bytes, size_t size)
{
	size_t done;

	dbk_assert(tls->ready);
	if (tls->failed != DBK_OK)
		return tls->failed;
	if (size == 0)
		return DBK_OK;
	ERR_clear_error();
	if (SSL_write_ex(tls->ssl, bytes, size, &done) != 1)
		return fail(tls, NULL);
	dbk_assert(done == size);
	return DBK_OK;
}

size_t
dbk_tls_output(struct dbk_tls *tls, const unsigned char **out_bytes)
{
	struct dbk_buf swap = tls->sending;

	if (tls->sending_head == tls->sending.size) {
		tls->sending = tls->pending;
		tls->pending = swap;
		dbk_buf_reset(&tls->pending);
		tls->sending_head = 0;
	}
	*out_bytes = tls->sending.bytes + tls->sending_head;
	return tls->sending.size - tls->sending_head;
}

void
dbk_tls_output_done(struct dbk_tls *tls, size_t size)
{
	dbk_assert(size <= tls->sending.size - tls->sending_head);
	tls->sending_head += size;
	if (tls->sending_head < tls->sending.size ||
	    tls->sending.capacity <= KEPT_BYTES)
		return;
	dbk_buf_fini(&tls->sending);
	tls->sending_head = 0;
}

bool
dbk_tls_is_ready(const struct dbk_tls *tls)
{
	return tls->ready;
}

bool
dbk_tls_is_closed(const struct dbk_tls *tls)
{
	return tls->closed;
}

void
dbk_tls_shutdown(struct dbk_tls *tls)
{
	if (!tls->ready || tls->failed != DBK_OK)
		return;
	ERR_clear_error();
	/* Sent once, whatever it says. */
	(void)SSL_shutdown(tls->ssl);
	ERR_clear_error();
}

bool
dbk_tls_peer(const struct dbk_tls *tls, unsigned char out[32])
{
	if (tls->has_peer)
		memcpy(out, tls->peer, sizeof tls->peer);
	return tls->has_peer;
}
