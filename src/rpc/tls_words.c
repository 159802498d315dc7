#include "rpc/tls_internal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

const char *
dbk_tls_reason(void)
{
	unsigned long code = ERR_peek_error();
	const char *text = ERR_reason_error_string(code);

	if (ERR_SYSTEM_ERROR(code))
		text = strerror(ERR_GET_REASON(code));
	ERR_clear_error();
	return text == NULL ? "unknown error" : text;
}

/* RFC 8446 section 6.2, for alerts that the other side sent. */
static const char *
alert_words(int alert)
{
	switch (alert) {
	case SSL_AD_BAD_CERTIFICATE:
		return "our certificate is bad";
	case SSL_AD_CERTIFICATE_REVOKED:
		return "our certificate is revoked";
	case SSL_AD_CERTIFICATE_EXPIRED:
		return "our certificate has expired";
	case SSL_AD_CERTIFICATE_UNKNOWN:
	case SSL_AD_UNSUPPORTED_CERTIFICATE:
		return "our certificate is not one that it takes";
	case SSL_AD_UNKNOWN_CA:
		return "our certificate is not from a CA that it trusts";
	case SSL_AD_ACCESS_DENIED:
		return "access denied";
	case SSL_AD_PROTOCOL_VERSION:
		return "it does not speak TLS 1.3";
	case SSL_AD_NO_APPLICATION_PROTOCOL:
		return "it does not speak HTTP/2 (ALPN)";
	case TLS13_AD_CERTIFICATE_REQUIRED:
		return "it wants a client certificate";
	case SSL_AD_UNRECOGNIZED_NAME:
		return "it is not of that name";
	default:
		return SSL_alert_desc_string_long(alert);
	}
}

/* Append NAME, as far as there is room. */
static void
add_name(char *out, size_t bytes, const char *name, size_t size)
{
	size_t used = strlen(out);

	(void)snprintf(out + used, bytes - used, "%s%.*s", used == 0 ? "" : ", ",
		       (int)size, name);
	for (char *at = out + used; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
}

static void
add_alternative(char *out, size_t bytes, const GENERAL_NAME *name)
{
	char text[INET6_ADDRSTRLEN];

	if (name->type == GEN_DNS) {
		add_name(out, bytes,
			 (const char *)ASN1_STRING_get0_data(name->d.dNSName),
			 (size_t)ASN1_STRING_length(name->d.dNSName));
	} else if (name->type == GEN_IPADD) {
		int size = ASN1_STRING_length(name->d.iPAddress);
		const void *address = ASN1_STRING_get0_data(name->d.iPAddress);

		if ((size == 4 || size == 16) &&
		    inet_ntop(size == 4 ? AF_INET : AF_INET6, address, text,
			      sizeof text) != NULL)
			add_name(out, bytes, text, strlen(text));
	}
}

/* "other.example, 192.0.2.1": whom a certificate is of. */
static void
names_of(X509 *certificate, char out[DBK_TLS_NAMES_BYTES])
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	char common[64] = "";

	out[0] = '\0';
	for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num(names); i++)
		add_alternative(out, DBK_TLS_NAMES_BYTES,
				sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
	if (out[0] != '\0')
		return;
	if (X509_NAME_get_text_by_NID(X509_get_subject_name(certificate),
				      NID_commonName, common, sizeof common) > 0)
		add_name(out, DBK_TLS_NAMES_BYTES, common, strlen(common));
	else
		add_name(out, DBK_TLS_NAMES_BYTES, "nobody", 6);
}

/* Whom a certificate of another name is of is known only while it is looked at. */
int
dbk_tls_verified(int good, X509_STORE_CTX *look)
{
	SSL *ssl =
	    X509_STORE_CTX_get_ex_data(look, SSL_get_ex_data_X509_STORE_CTX_idx());
	int result = X509_STORE_CTX_get_error(look);

	if (result == X509_V_ERR_HOSTNAME_MISMATCH ||
	    result == X509_V_ERR_IP_ADDRESS_MISMATCH)
		names_of(X509_STORE_CTX_get_current_cert(look), SSL_get_app_data(ssl));
	return good;
}

static enum dbk_err
not_verified(SSL *ssl, const char *name, struct dbk_error *error)
{
	long result = SSL_get_verify_result(ssl);

	switch (result) {
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "the certificate is of %s, not %s",
				     (const char *)SSL_get_app_data(ssl), name);
	case X509_V_ERR_CERT_REVOKED:
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "the certificate is revoked");
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "the certificate is not from a CA that is trusted "
				     "here");
	case X509_V_ERR_UNABLE_TO_GET_CRL:
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "the list of revoked certificates is not of the "
				     "certificate's CA");
	default:
		return dbk_error_set(error, DBK_FAILED_INPUT, "%s",
				     X509_verify_cert_error_string(result));
	}
}

/* What is known of a failure by its reason alone; NULL: see OpenSSL. */
static const char *
protocol_words(int reason)
{
	switch (reason) {
	case SSL_R_HTTP_REQUEST:
	case SSL_R_HTTPS_PROXY_REQUEST:
	case SSL_R_WRONG_VERSION_NUMBER:
		return "the other side does not speak TLS";
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_VERSION_TOO_LOW:
		return "the other side does not speak TLS 1.3";
	case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
		return "the client shows no certificate";
	case SSL_R_NO_APPLICATION_PROTOCOL:
	case SSL_R_CALLBACK_FAILED:
		return "the other side does not offer HTTP/2 (ALPN)";
	default:
		return NULL;
	}
}

enum dbk_err
dbk_tls_words(SSL *ssl, const char *name, struct dbk_error *error)
{
	unsigned long code = ERR_peek_error();
	int reason = ERR_GET_REASON(code);
	const char *words = protocol_words(reason);

	if (reason == ERR_R_MALLOC_FAILURE) {
		ERR_clear_error();
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for TLS");
	}
	if (ERR_GET_LIB(code) == ERR_LIB_SSL &&
	    reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
		ERR_clear_error();
		return not_verified(ssl, name, error);
	}
	if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET) {
		ERR_clear_error();
		return dbk_error_set(error, DBK_FAILED_INPUT, "the other side says: %s",
				     alert_words(reason - SSL_AD_REASON_OFFSET));
	}
	if (ERR_GET_LIB(code) != ERR_LIB_SSL || words == NULL)
		words = dbk_tls_reason();
	ERR_clear_error();
	return dbk_error_set(error, DBK_FAILED_INPUT, "%s", words);
}
