#include "rpc/tls_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>

/* A chain that clients show: some certificates of a few KiB. */
#define CHAIN_BYTES_MAX (32 * 1024)

static enum dbk_err
bad_file(const char *path, struct dbk_error *error)
{
	return dbk_error_set(error, DBK_FAILED_INPUT, "%s: %s", path, dbk_tls_reason());
}

/* ------------------------------------------------------------------------- files */

/* A key that needs a passphrase has nobody here to ask for it. */
static int
no_passphrase(char *out, int size, int writing, void *user)
{
	(void)out, (void)size, (void)writing;
	*(bool *)user = true;
	return 0;
}

static enum dbk_err
open_key(const char *path, FILE **out, struct dbk_error *error)
{
	FILE *file = fopen(path, "re");
	struct stat st;

	if (file == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT, "%s: %s", path,
				     strerror(errno));
	if (fstat(fileno(file), &st) == 0 && (st.st_mode & S_IRWXO) == 0) {
		*out = file;
		return DBK_OK;
	}
	(void)fclose(file);
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "%s: is a key that everybody on this machine may read or "
			     "write; chmod o= it",
			     path);
}

static enum dbk_err
take_key(SSL_CTX *ssl, const char *path, struct dbk_error *error)
{
	bool encrypted = false;
	FILE *file = NULL;
	EVP_PKEY *key;
	enum dbk_err err = open_key(path, &file, error);
	int taken;

	if (err != DBK_OK)
		return err;
	/* Unbuffered: no copy of the key stays behind in the C library. */
	(void)setvbuf(file, NULL, _IONBF, 0);
	key = PEM_read_PrivateKey(file, NULL, no_passphrase, &encrypted);
	(void)fclose(file);
	if (key == NULL && encrypted)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s: is encrypted, and there is nobody to ask for "
				     "a passphrase",
				     path);
	if (key == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s: holds no key in PEM: %s", path,
				     dbk_tls_reason());
	taken = SSL_CTX_use_PrivateKey(ssl, key);
	EVP_PKEY_free(key);
	if (taken != 1 || SSL_CTX_check_private_key(ssl) != 1) {
		ERR_clear_error();
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s: is the key of another certificate", path);
	}
	return DBK_OK;
}

static enum dbk_err
take_chain(SSL_CTX *ssl, const char *path, struct dbk_error *error)
{
	const X509 *certificate;

	if (SSL_CTX_use_certificate_chain_file(ssl, path) != 1)
		return bad_file(path, error);
	certificate = SSL_CTX_get0_certificate(ssl);
	if (X509_cmp_time(X509_get0_notAfter(certificate), NULL) < 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s: the certificate has expired", path);
	if (X509_cmp_time(X509_get0_notBefore(certificate), NULL) > 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s: the certificate is not yet valid", path);
	return DBK_OK;
}

static enum dbk_err
take_pair(SSL_CTX *ssl, const char *certificate, const char *key,
	  struct dbk_error *error)
{
	enum dbk_err err;

	if (certificate == NULL || key == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "a certificate and its key go together");
	err = take_chain(ssl, certificate, error);
	return err != DBK_OK ? err : take_key(ssl, key, error);
}

static enum dbk_err
take_ca(SSL_CTX *ssl, const char *path, struct dbk_error *error)
{
	if (SSL_CTX_load_verify_file(ssl, path) == 1)
		return DBK_OK;
	return bad_file(path, error);
}

static enum dbk_err
take_crl(SSL_CTX *ssl, const char *path, struct dbk_error *error)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ssl);
	X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());

	if (lookup == NULL || X509_load_crl_file(lookup, path, X509_FILETYPE_PEM) <= 0)
		return bad_file(path, error);
	if (X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) != 1)
		return bad_file(path, error);
	return DBK_OK;
}

/* ------------------------------------------------------------------------- rules */

/* Who does not offer h2 is told so before a certificate is shown or asked for. */
static int
hello_came(SSL *ssl, int *alert, void *user)
{
	const unsigned char *bytes;
	size_t size;

	(void)user;
	if (SSL_client_hello_get0_ext(
		ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &bytes,
		&size) == 1)
		return SSL_CLIENT_HELLO_SUCCESS;
	*alert = SSL_AD_NO_APPLICATION_PROTOCOL;
	return SSL_CLIENT_HELLO_ERROR;
}

static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_size,
		const unsigned char *offered, unsigned size, void *user)
{
	(void)ssl, (void)user;
	for (unsigned at = 0; at < size; at += 1u + offered[at]) {
		if (offered[at] != 2 || size - at < DBK_TLS_ALPN_BYTES ||
		    memcmp(offered + at + 1, "h2", 2) != 0)
			continue;
		*out = offered + at + 1;
		*out_size = 2;
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static bool
set_rules(SSL_CTX *ssl)
{
	/* Nothing is resumed, so a certificate that is revoked or replaced counts from
	 * the next connection on. */
	(void)SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
					   SSL_OP_NO_COMPRESSION);
	(void)SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
	/* The chain is what the file says, not what the CA of clients would add. */
	(void)SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_set_max_cert_list(ssl, CHAIN_BYTES_MAX);
	SSL_CTX_set_security_level(ssl, 2);
	return SSL_CTX_set_num_tickets(ssl, 0) == 1 &&
	       SSL_CTX_set_min_proto_version(ssl, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_max_early_data(ssl, 0) == 1;
}

static enum dbk_err
context_new(bool server, struct dbk_tls_context **out, struct dbk_error *error)
{
	struct dbk_tls_context *context = calloc(1, sizeof *context);

	if (context == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for TLS");
	ERR_clear_error();
	context->server = server;
	context->ssl = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
	if (context->ssl == NULL || !set_rules(context->ssl)) {
		dbk_tls_context_close(context);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "TLS: %s",
				     dbk_tls_reason());
	}
	*out = context;
	return DBK_OK;
}

static enum dbk_err
take_clients(SSL_CTX *ssl, const struct dbk_tls_server_options *options,
	     struct dbk_error *error)
{
	int mode = SSL_VERIFY_PEER;
	enum dbk_err err;

	if (options->client_ca == NULL) {
		if (options->client_crl == NULL && !options->client_required)
			return DBK_OK;
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "client certificates are asked for without a CA "
				     "that signs them");
	}
	err = take_ca(ssl, options->client_ca, error);
	if (err == DBK_OK && options->client_crl != NULL)
		err = take_crl(ssl, options->client_crl, error);
	if (err != DBK_OK)
		return err;
	SSL_CTX_set_client_CA_list(ssl, SSL_load_client_CA_file(options->client_ca));
	if (options->client_required)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	SSL_CTX_set_verify(ssl, mode, NULL);
	return DBK_OK;
}

enum dbk_err
dbk_tls_server_open(const struct dbk_tls_server_options *options,
		    struct dbk_tls_context **out, struct dbk_error *error)
{
	struct dbk_tls_context *context;
	enum dbk_err err = context_new(true, &context, error);

	if (err != DBK_OK)
		return err;
	SSL_CTX_set_client_hello_cb(context->ssl, hello_came, NULL);
	SSL_CTX_set_alpn_select_cb(context->ssl, choose_protocol, NULL);
	err = take_pair(context->ssl, options->certificate, options->key, error);
	if (err == DBK_OK)
		err = take_clients(context->ssl, options, error);
	if (err != DBK_OK) {
		dbk_tls_context_close(context);
		return err;
	}
	*out = context;
	return DBK_OK;
}

static enum dbk_err
take_servers(SSL_CTX *ssl, const struct dbk_tls_client_options *options,
	     struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	if (options->ca != NULL)
		err = take_ca(ssl, options->ca, error);
	else if (SSL_CTX_set_default_verify_paths(ssl) != 1)
		err = dbk_error_set(error, DBK_FAILED_INPUT,
				    "the system's certificates: %s", dbk_tls_reason());
	if (err == DBK_OK && options->crl != NULL)
		err = take_crl(ssl, options->crl, error);
	if (err == DBK_OK && (options->certificate != NULL || options->key != NULL))
		err = take_pair(ssl, options->certificate, options->key, error);
	return err;
}

enum dbk_err
dbk_tls_client_open(const struct dbk_tls_client_options *options,
		    struct dbk_tls_context **out, struct dbk_error *error)
{
	struct dbk_tls_context *context;
	enum dbk_err err = context_new(false, &context, error);

	if (err != DBK_OK)
		return err;
	SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER, dbk_tls_verified);
	err = take_servers(context->ssl, options, error);
	if (err == DBK_OK &&
	    SSL_CTX_set_alpn_protos(context->ssl, (const unsigned char *)DBK_TLS_ALPN,
				    DBK_TLS_ALPN_BYTES) != 0)
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for TLS");
	if (err != DBK_OK) {
		dbk_tls_context_close(context);
		return err;
	}
	*out = context;
	return DBK_OK;
}

void
dbk_tls_context_close(struct dbk_tls_context *context)
{
	if (context == NULL)
		return;
	SSL_CTX_free(context->ssl);
	free(context);
}
