#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ssl.h>

#include "../lib/check.h"
#include "../lib/tls_pair.h"

/* OpenSSL alone at one end, with rules of its own; and bytes that nobody sends. */

/* ------------------------------------------------------------ OpenSSL at one end */

/* A peer with rules of its own: its SSL is between two memory BIOs. */
struct raw {
	SSL_CTX *context;
	SSL *ssl;
	BIO *in, *out;
};

static void
raw_open(struct raw *raw, const SSL_METHOD *method)
{
	raw->context = SSL_CTX_new(method);
	raw->ssl = NULL;
	SSL_CTX_set_verify(raw->context, SSL_VERIFY_NONE, NULL);
}

static void
raw_start(struct raw *raw, bool server)
{
	raw->ssl = SSL_new(raw->context);
	raw->in = BIO_new(BIO_s_mem());
	raw->out = BIO_new(BIO_s_mem());
	SSL_set_bio(raw->ssl, raw->in, raw->out);
	if (server)
		SSL_set_accept_state(raw->ssl);
	else
		SSL_set_connect_state(raw->ssl);
}

static void
raw_close(struct raw *raw)
{
	SSL_free(raw->ssl);
	SSL_CTX_free(raw->context);
}

static void
raw_send(struct raw *raw, struct tls_end *end)
{
	char *bytes;
	long size = BIO_get_mem_data(raw->out, &bytes);

	if (size > 0)
		tls_end_feed(end, bytes, (size_t)size);
	(void)BIO_reset(raw->out);
}

static void
raw_talk(struct raw *raw, struct tls_end *end)
{
	const unsigned char *bytes;

	for (int i = 0; i < 6; i++) {
		char plain[64];
		size_t size;

		(void)SSL_read(raw->ssl, plain, sizeof plain);
		raw_send(raw, end);
		size = dbk_tls_output(end->tls, &bytes);
		if (size > 0)
			CHECK(BIO_write(raw->in, bytes, (int)size) == (int)size);
		dbk_tls_output_done(end->tls, size);
	}
}

static void
server_against(struct raw *raw, struct tls_end *server)
{
	struct dbk_tls_context *context = tls_server_files("server", NULL, NULL, false);

	tls_end_open(server, context, NULL);
	dbk_tls_context_close(context);
	raw_start(raw, false);
	raw_talk(raw, server);
}

static void
test_old_versions(void)
{
	static const int versions[] = { TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION };

	for (unsigned i = 0; i < 3; i++) {
		struct tls_end server;
		struct raw raw;

		raw_open(&raw, TLS_client_method());
		SSL_CTX_set_security_level(raw.context, 0);
		(void)SSL_CTX_set_min_proto_version(raw.context, versions[i]);
		(void)SSL_CTX_set_max_proto_version(raw.context, versions[i]);
		(void)SSL_CTX_set_alpn_protos(raw.context,
					      (const unsigned char *)"\x02h2", 3);
		server_against(&raw, &server);
		CHECK(tls_has(server.error.text, "does not speak TLS 1.3"));
		CHECK(!dbk_tls_is_ready(server.tls));
		CHECK(!SSL_is_init_finished(raw.ssl));
		raw_close(&raw);
		tls_end_close(&server);
	}
}

static void
test_protocols(void)
{
	static const struct {
		const char *offer;
		unsigned size;
		bool good;
	} offers[] = {
		{ NULL, 0, false },
		{ "\x08http/1.1", 9, false },
		{ "\x02h3\x03h2c\x01h", 9, false },
		{ "\x08http/1.1\x02h2", 12, true },
		{ "\x02h2\x08http/1.1", 12, true },
	};

	for (unsigned i = 0; i < sizeof offers / sizeof offers[0]; i++) {
		struct tls_end server;
		struct raw raw;

		raw_open(&raw, TLS_client_method());
		if (offers[i].offer != NULL)
			(void)SSL_CTX_set_alpn_protos(
			    raw.context, (const unsigned char *)offers[i].offer,
			    offers[i].size);
		server_against(&raw, &server);
		CHECK(dbk_tls_is_ready(server.tls) == offers[i].good);
		CHECK(SSL_is_init_finished(raw.ssl) == offers[i].good);
		if (!offers[i].good)
			CHECK(tls_has(server.error.text, "does not offer HTTP/2"));
		/* Nothing to resume with is handed out. */
		if (offers[i].good)
			CHECK(SSL_SESSION_has_ticket(SSL_get0_session(raw.ssl)) == 0);
		raw_close(&raw);
		tls_end_close(&server);
	}
}

/* A server of OpenSSL's, which chooses no protocol; WORDS of our client. */
static void
client_against(const char *name, int version, const char *words)
{
	struct dbk_tls_context *context = tls_client_files("ca.pem", NULL, NULL);
	char certificate[160], key[160];
	struct tls_end client;
	struct raw raw;

	(void)snprintf(certificate, sizeof certificate, "%s/%s.pem", tls_dir, name);
	(void)snprintf(key, sizeof key, "%s/%s.key", tls_dir, name);
	raw_open(&raw, TLS_server_method());
	(void)SSL_CTX_set_max_proto_version(raw.context, version);
	CHECK(SSL_CTX_use_certificate_chain_file(raw.context, certificate) == 1);
	CHECK(SSL_CTX_use_PrivateKey_file(raw.context, key, SSL_FILETYPE_PEM) == 1);
	tls_end_open(&client, context, "localhost");
	dbk_tls_context_close(context);
	raw_start(&raw, true);
	raw_talk(&raw, &client);
	CHECK(tls_has(client.error.text, words));
	CHECK(!dbk_tls_is_ready(client.tls));
	raw_close(&raw);
	tls_end_close(&client);
}

static void
test_other_servers(void)
{
	client_against("expired", TLS1_3_VERSION, "certificate has expired");
	client_against("early", TLS1_3_VERSION, "certificate is not yet valid");
	client_against("server", TLS1_2_VERSION, "it does not speak TLS 1.3");
	client_against("server", TLS1_3_VERSION, "does not speak HTTP/2 (ALPN)");
}

static void
test_plain_text(void)
{
	static const char *const texts[] = {
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"\0\0\0\4\0\0\0\0\0 settings of HTTP/2",
		"SSH-2.0-OpenSSH_9.2\r\n",
	};

	for (unsigned i = 0; i < 4; i++) {
		struct dbk_tls_context *context =
		    tls_server_files("server", NULL, NULL, false);
		struct tls_end server;

		tls_end_open(&server, context, NULL);
		tls_end_feed(&server, texts[i], 18);
		CHECK(tls_has(server.error.text, "does not speak TLS"));
		tls_end_close(&server);
		dbk_tls_context_close(context);
		context = tls_client_files("ca.pem", NULL, NULL);
		tls_end_open(&server, context, "localhost");
		tls_end_feed(&server, texts[i], 18);
		CHECK(tls_has(server.error.text, "does not speak TLS"));
		tls_end_close(&server);
		dbk_tls_context_close(context);
	}
}

static void
raw_ready(struct raw *raw, struct tls_end *server)
{
	raw_open(raw, TLS_client_method());
	(void)SSL_CTX_set_alpn_protos(raw->context, (const unsigned char *)"\x02h2", 3);
	server_against(raw, server);
	CHECK(dbk_tls_is_ready(server->tls));
}

static void
test_key_updates(void)
{
	struct tls_end server;
	struct raw raw;

	raw_ready(&raw, &server);
	for (int i = 0; i < 32; i++) {
		CHECK(SSL_key_update(raw.ssl, SSL_KEY_UPDATE_REQUESTED) == 1);
		CHECK(SSL_write(raw.ssl, "x", 1) == 1);
	}
	raw_send(&raw, &server);
	CHECK(server.error.code == DBK_OK);
	CHECK_INT(server.plain.size, 32);
	/* Its own keys follow. */
	tls_say(&server, "hello");
	raw_talk(&raw, &server);
	CHECK(server.error.code == DBK_OK);
	CHECK(SSL_key_update(raw.ssl, SSL_KEY_UPDATE_REQUESTED) == 1);
	CHECK(SSL_write(raw.ssl, "x", 1) == 1);
	raw_send(&raw, &server);
	CHECK(tls_has(server.error.text, "updates its keys too often"));
	raw_close(&raw);
	tls_end_close(&server);
}

static void
test_damage(void)
{
	char *bytes;
	long size;

	for (long at = 0; at < 27; at++) {
		struct tls_end server;
		struct raw raw;

		raw_ready(&raw, &server);
		CHECK(SSL_write(raw.ssl, "12345", 5) == 5);
		size = BIO_get_mem_data(raw.out, &bytes);
		CHECK_INT(size, 27);
		bytes[at] ^= 4;
		raw_send(&raw, &server);
		CHECK_INT(server.plain.size, 0);
		/* But for one that says it is longer: that is waited for. */
		CHECK(server.error.code == DBK_FAILED_INPUT || at == 4 || at == 3);
		raw_close(&raw);
		tls_end_close(&server);
	}
}

/* Whatever a hello is cut or bent to, the answer is a refusal or patience. */
static void
test_bent_hellos(void)
{
	struct dbk_tls_context *client = tls_client_files("ca.pem", NULL, NULL);
	struct dbk_tls_context *context = tls_server_files("server", NULL, NULL, false);
	unsigned char hello[1024];
	const unsigned char *bytes;
	struct tls_end end;
	size_t size;

	tls_end_open(&end, client, "localhost");
	size = dbk_tls_output(end.tls, &bytes);
	CHECK(size < sizeof hello);
	memcpy(hello, bytes, size);
	tls_end_close(&end);
	for (size_t at = 0; at < size; at++) {
		for (unsigned bit = 0; bit < 8; bit += 3) {
			hello[at] ^= (unsigned char)(1u << bit);
			tls_end_open(&end, context, NULL);
			tls_end_feed(&end, hello, size);
			CHECK(!dbk_tls_is_ready(end.tls));
			CHECK_INT(end.plain.size, 0);
			tls_end_close(&end);
			hello[at] ^= (unsigned char)(1u << bit);
		}
		tls_end_open(&end, context, NULL);
		tls_end_feed(&end, hello, at);
		CHECK(end.error.code == DBK_OK);
		CHECK_INT(dbk_tls_output(end.tls, &bytes), 0);
		tls_end_close(&end);
	}
	dbk_tls_context_close(client);
	dbk_tls_context_close(context);
}

int
main(void)
{
	tls_make_files();
	check_run("no version before 1.3 is spoken", test_old_versions);
	check_run("h2 must be offered", test_protocols);
	check_run("servers that others wrote are refused", test_other_servers);
	check_run("plain text is not TLS", test_plain_text);
	check_run("key updates are counted", test_key_updates);
	check_run("a bit that changed on the way", test_damage);
	check_run("hellos that are bent or cut", test_bent_hellos);
	tls_remove_files();
	return check_end();
}
