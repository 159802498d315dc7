#include "rpc/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "../lib/check.h"

/* Two sessions against each other, or one against OpenSSL alone; bytes cross in pieces
 * of any size.  The files are made by tests/lib/certificates.sh. */

static char dir[100];

static const char *
path(const char *name)
{
	static char paths[32][128];
	static unsigned next;
	char *out = paths[next++ % 32];

	(void)snprintf(out, sizeof paths[0], "%s/%s", dir, name);
	return out;
}

static struct dbk_tls_context *
server_context(const char *name, const char *ca, const char *crl, bool required)
{
	struct dbk_tls_server_options options = { .client_required = required };
	struct dbk_tls_context *context = NULL;
	struct dbk_error error = { 0 };
	char certificate[160], key[160];

	(void)snprintf(certificate, sizeof certificate, "%s/%s.pem", dir, name);
	(void)snprintf(key, sizeof key, "%s/%s.key", dir, name);
	options.certificate = certificate;
	options.key = key;
	options.client_ca = ca == NULL ? NULL : path(ca);
	options.client_crl = crl == NULL ? NULL : path(crl);
	if (!CHECK(dbk_tls_server_open(&options, &context, &error) == DBK_OK))
		(void)printf("%s\n", error.text);
	return context;
}

static struct dbk_tls_context *
client_context(const char *ca, const char *crl, const char *name)
{
	struct dbk_tls_client_options options = { 0 };
	struct dbk_tls_context *context = NULL;
	struct dbk_error error = { 0 };
	char certificate[160], key[160];

	options.ca = path(ca);
	options.crl = crl == NULL ? NULL : path(crl);
	if (name != NULL) {
		(void)snprintf(certificate, sizeof certificate, "%s/%s.pem", dir, name);
		(void)snprintf(key, sizeof key, "%s/%s.key", dir, name);
		options.certificate = certificate;
		options.key = key;
	}
	if (!CHECK(dbk_tls_client_open(&options, &context, &error) == DBK_OK))
		(void)printf("%s\n", error.text);
	return context;
}

/* One end, and what it heard. */
struct end {
	struct dbk_tls *tls;
	struct dbk_buf plain;
	struct dbk_error error; /* of the first feed that failed */
};

static void
end_open(struct end *end, struct dbk_tls_context *context, const char *name)
{
	struct dbk_error error = { 0 };

	memset(end, 0, sizeof *end);
	CHECK(dbk_tls_open(context, name, &end->tls, &error) == DBK_OK);
}

static void
end_close(struct end *end)
{
	dbk_tls_close(end->tls);
	dbk_buf_fini(&end->plain);
}

static void
end_feed(struct end *end, const void *bytes, size_t size)
{
	struct dbk_error error = { 0 };

	if (dbk_tls_feed(end->tls, bytes, size, &end->plain, &error) != DBK_OK &&
	    end->error.code == DBK_OK)
		end->error = error;
}

/* What FROM has to say goes to TO in pieces of PIECE bytes; false if there was nothing.
 */
static bool
cross(struct end *from, struct end *to, size_t piece)
{
	const unsigned char *bytes;
	size_t size = dbk_tls_output(from->tls, &bytes);

	if (size == 0)
		return false;
	for (size_t at = 0; at < size; at += piece)
		end_feed(to, bytes + at, size - at < piece ? size - at : piece);
	dbk_tls_output_done(from->tls, size);
	return true;
}

static void
talk(struct end *a, struct end *b, size_t piece)
{
	bool moved = true;

	while (moved) {
		moved = cross(a, b, piece);
		moved = cross(b, a, piece) || moved;
	}
}

struct pair {
	struct end client, server;
};

static void
pair_open(struct pair *pair, struct dbk_tls_context *client,
	  struct dbk_tls_context *server, const char *name)
{
	end_open(&pair->client, client, name);
	end_open(&pair->server, server, NULL);
	/* Sessions keep what they need of a context. */
	dbk_tls_context_close(client);
	dbk_tls_context_close(server);
}

static void
pair_close(struct pair *pair)
{
	end_close(&pair->client);
	end_close(&pair->server);
}

static void
say(struct end *end, const char *text)
{
	CHECK(dbk_tls_write(end->tls, text, strlen(text)) == DBK_OK);
}

static bool
heard(const struct end *end, const char *text)
{
	return end->plain.size == strlen(text) &&
	       memcmp(end->plain.bytes, text, end->plain.size) == 0;
}

static bool
has(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return true;
	(void)printf("\"%s\" lacks \"%s\"\n", text, part);
	return false;
}

/* ---------------------------------------------------------------------- good ends */

static void
test_every_cut(void)
{
	for (size_t piece = 1; piece < 2000; piece += piece < 40 ? 1 : 97) {
		struct pair pair;

		pair_open(&pair, client_context("ca.pem", NULL, NULL),
			  server_context("server", NULL, NULL, false), "localhost");
		talk(&pair.client, &pair.server, piece);
		CHECK(dbk_tls_is_ready(pair.client.tls) &&
		      dbk_tls_is_ready(pair.server.tls));
		say(&pair.client, "from the client");
		say(&pair.server, "from the server");
		talk(&pair.client, &pair.server, piece);
		CHECK(heard(&pair.server, "from the client"));
		CHECK(heard(&pair.client, "from the server"));
		dbk_tls_shutdown(pair.client.tls);
		talk(&pair.client, &pair.server, piece);
		CHECK(dbk_tls_is_closed(pair.server.tls));
		CHECK(!dbk_tls_is_closed(pair.client.tls));
		pair_close(&pair);
	}
}

static void
test_names(void)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "::1" };

	for (unsigned i = 0; i < 3; i++) {
		struct pair pair;

		pair_open(&pair, client_context("ca.pem", NULL, NULL),
			  server_context("server", NULL, NULL, false), names[i]);
		talk(&pair.client, &pair.server, SIZE_MAX / 2);
		CHECK(dbk_tls_is_ready(pair.client.tls));
		CHECK(pair.client.error.code == DBK_OK);
		pair_close(&pair);
	}
}

static void
test_megabytes(void)
{
	size_t size = 3 * 1024 * 1024 + 17;
	unsigned char *bytes = malloc(size);
	struct pair pair;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(i * 31 >> 3);
	pair_open(&pair, client_context("ca.pem", NULL, NULL),
		  server_context("server", NULL, NULL, false), "localhost");
	talk(&pair.client, &pair.server, 4096);
	CHECK(dbk_tls_write(pair.client.tls, bytes, size) == DBK_OK);
	CHECK(dbk_tls_write(pair.client.tls, bytes, 0) == DBK_OK);
	talk(&pair.client, &pair.server, 1000);
	CHECK_INT(pair.server.plain.size, size);
	CHECK(memcmp(pair.server.plain.bytes, bytes, size) == 0);
	pair_close(&pair);
	free(bytes);
}

/* An asynchronous write may be under way while more is fed and written. */
static void
test_output_stays(void)
{
	static unsigned char more[100000];
	const unsigned char *bytes, *again;
	unsigned char *copy;
	struct pair pair;
	size_t size;

	pair_open(&pair, client_context("ca.pem", NULL, NULL),
		  server_context("server", NULL, NULL, false), "localhost");
	talk(&pair.client, &pair.server, 4096);
	say(&pair.client, "first");
	size = dbk_tls_output(pair.client.tls, &bytes);
	copy = malloc(size);
	memcpy(copy, bytes, size);
	CHECK(dbk_tls_write(pair.client.tls, more, sizeof more) == DBK_OK);
	CHECK_INT(dbk_tls_output(pair.client.tls, &again), size);
	CHECK(again == bytes && memcmp(bytes, copy, size) == 0);
	end_feed(&pair.server, bytes, 1);
	dbk_tls_output_done(pair.client.tls, 1);
	CHECK_INT(dbk_tls_output(pair.client.tls, &again), size - 1);
	talk(&pair.client, &pair.server, 4096);
	CHECK_INT(pair.server.plain.size, 5 + sizeof more);
	pair_close(&pair);
	free(copy);
}

static void
test_client_certificate(void)
{
	unsigned char peer[32], same[32];
	struct pair pair;

	for (int round = 0; round < 2; round++) {
		pair_open(&pair, client_context("ca.pem", NULL, "client"),
			  server_context("server", "ca.pem", "crl.pem", round == 0),
			  "localhost");
		talk(&pair.client, &pair.server, 999);
		CHECK(dbk_tls_is_ready(pair.server.tls));
		CHECK(dbk_tls_peer(pair.server.tls, round == 0 ? peer : same));
		pair_close(&pair);
	}
	CHECK(memcmp(peer, same, 32) == 0);
	pair_open(&pair, client_context("ca.pem", NULL, "client-2"),
		  server_context("server", "ca.pem", NULL, false), "localhost");
	talk(&pair.client, &pair.server, 999);
	CHECK(dbk_tls_peer(pair.server.tls, same) && memcmp(peer, same, 32) != 0);
	pair_close(&pair);
	pair_open(&pair, client_context("ca.pem", NULL, NULL),
		  server_context("server", "ca.pem", NULL, false), "localhost");
	talk(&pair.client, &pair.server, 999);
	CHECK(dbk_tls_is_ready(pair.server.tls));
	CHECK(!dbk_tls_peer(pair.server.tls, same));
	pair_close(&pair);
}

/* ------------------------------------------------------------ who is not let in */

/* The client refuses the server, in these words. */
static void
refused_by_client(const char *ca, const char *crl, const char *server, const char *name,
		  const char *words)
{
	struct pair pair;

	pair_open(&pair, client_context(ca, crl, NULL),
		  server_context(server, NULL, NULL, false), name);
	talk(&pair.client, &pair.server, 700);
	CHECK(pair.client.error.code == DBK_FAILED_INPUT);
	CHECK(has(pair.client.error.text, words));
	CHECK(!dbk_tls_is_ready(pair.client.tls));
	/* The server hears why, and takes nothing afterwards. */
	CHECK(has(pair.server.error.text, "the other side says: "));
	CHECK(dbk_tls_feed(pair.server.tls, "x", 1, &pair.server.plain, NULL) ==
	      DBK_FAILED_INPUT);
	CHECK_INT(pair.server.plain.size, 0);
	pair_close(&pair);
}

static void
test_client_refuses(void)
{
	refused_by_client("ca.pem", NULL, "server", "example.com",
			  "the certificate is of localhost, 127.0.0.1, ::1, not "
			  "example.com");
	refused_by_client("ca.pem", NULL, "other", "localhost",
			  "the certificate is of other.example, 192.0.2.1, not "
			  "localhost");
	refused_by_client("ca.pem", NULL, "other", "127.0.0.1",
			  "the certificate is of other.example, 192.0.2.1, not "
			  "127.0.0.1");
	refused_by_client("ca.pem", NULL, "stranger", "localhost",
			  "not from a CA that is trusted");
	refused_by_client("ca.pem", NULL, "self", "localhost", "self-signed");
	refused_by_client("ca.pem", "crl.pem", "revoked", "localhost",
			  "the certificate is revoked");
	refused_by_client(
	    "ca.pem", "other-crl.pem", "server", "localhost",
	    "list of revoked certificates is not of the certificate's CA");
	refused_by_client("ca.pem", "old-crl.pem", "server", "localhost",
			  "CRL has expired");
	/* A certificate of a client is none of a server. */
	refused_by_client("ca.pem", NULL, "client", "client", "purpose");
}

/* The server refuses the client, and each has its words. */
static void
refused_by_server(const char *client, const char *crl, bool required, const char *words,
		  const char *client_words)
{
	struct pair pair;

	pair_open(&pair, client_context("ca.pem", NULL, client),
		  server_context("server", "ca.pem", crl, required), "localhost");
	talk(&pair.client, &pair.server, 700);
	CHECK(pair.server.error.code == DBK_FAILED_INPUT);
	CHECK(has(pair.server.error.text, words));
	CHECK(!dbk_tls_is_ready(pair.server.tls));
	CHECK(has(pair.client.error.text, client_words));
	pair_close(&pair);
}

static void
test_server_refuses(void)
{
	refused_by_server(NULL, NULL, true, "the client shows no certificate",
			  "it wants a client certificate");
	refused_by_server("client-gone", "crl.pem", false, "the certificate is revoked",
			  "our certificate is revoked");
	refused_by_server("client", "old-crl.pem", false, "CRL has expired",
			  "our cert");
	refused_by_server("stranger", NULL, false, "not from a CA that is trusted",
			  "not from a CA that it trusts");
	refused_by_server("self", NULL, false, "self-signed", "CA that it trusts");
	refused_by_server("server", NULL, false, "purpose", "our certificate is not");
}

static void
test_not_revoked_by_another_list(void)
{
	struct pair pair;

	pair_open(&pair, client_context("ca.pem", "empty-crl.pem", "client-gone"),
		  server_context("server", "ca.pem", "empty-crl.pem", true),
		  "localhost");
	talk(&pair.client, &pair.server, 700);
	CHECK(dbk_tls_is_ready(pair.server.tls));
	pair_close(&pair);
}

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
raw_send(struct raw *raw, struct end *end)
{
	char *bytes;
	long size = BIO_get_mem_data(raw->out, &bytes);

	if (size > 0)
		end_feed(end, bytes, (size_t)size);
	(void)BIO_reset(raw->out);
}

static void
raw_talk(struct raw *raw, struct end *end)
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
server_against(struct raw *raw, struct end *server)
{
	struct dbk_tls_context *context = server_context("server", NULL, NULL, false);

	end_open(server, context, NULL);
	dbk_tls_context_close(context);
	raw_start(raw, false);
	raw_talk(raw, server);
}

static void
test_old_versions(void)
{
	static const int versions[] = { TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION };

	for (unsigned i = 0; i < 3; i++) {
		struct end server;
		struct raw raw;

		raw_open(&raw, TLS_client_method());
		SSL_CTX_set_security_level(raw.context, 0);
		(void)SSL_CTX_set_min_proto_version(raw.context, versions[i]);
		(void)SSL_CTX_set_max_proto_version(raw.context, versions[i]);
		(void)SSL_CTX_set_alpn_protos(raw.context,
					      (const unsigned char *)"\x02h2", 3);
		server_against(&raw, &server);
		CHECK(has(server.error.text, "does not speak TLS 1.3"));
		CHECK(!dbk_tls_is_ready(server.tls));
		CHECK(!SSL_is_init_finished(raw.ssl));
		raw_close(&raw);
		end_close(&server);
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
		struct end server;
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
			CHECK(has(server.error.text, "does not offer HTTP/2"));
		/* Nothing to resume with is handed out. */
		if (offers[i].good)
			CHECK(SSL_SESSION_has_ticket(SSL_get0_session(raw.ssl)) == 0);
		raw_close(&raw);
		end_close(&server);
	}
}

/* A server of OpenSSL's, which chooses no protocol; WORDS of our client. */
static void
client_against(const char *name, int version, const char *words)
{
	struct dbk_tls_context *context = client_context("ca.pem", NULL, NULL);
	char certificate[160], key[160];
	struct end client;
	struct raw raw;

	(void)snprintf(certificate, sizeof certificate, "%s/%s.pem", dir, name);
	(void)snprintf(key, sizeof key, "%s/%s.key", dir, name);
	raw_open(&raw, TLS_server_method());
	(void)SSL_CTX_set_max_proto_version(raw.context, version);
	CHECK(SSL_CTX_use_certificate_chain_file(raw.context, certificate) == 1);
	CHECK(SSL_CTX_use_PrivateKey_file(raw.context, key, SSL_FILETYPE_PEM) == 1);
	end_open(&client, context, "localhost");
	dbk_tls_context_close(context);
	raw_start(&raw, true);
	raw_talk(&raw, &client);
	CHECK(has(client.error.text, words));
	CHECK(!dbk_tls_is_ready(client.tls));
	raw_close(&raw);
	end_close(&client);
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
		    server_context("server", NULL, NULL, false);
		struct end server;

		end_open(&server, context, NULL);
		end_feed(&server, texts[i], 18);
		CHECK(has(server.error.text, "does not speak TLS"));
		end_close(&server);
		dbk_tls_context_close(context);
		context = client_context("ca.pem", NULL, NULL);
		end_open(&server, context, "localhost");
		end_feed(&server, texts[i], 18);
		CHECK(has(server.error.text, "does not speak TLS"));
		end_close(&server);
		dbk_tls_context_close(context);
	}
}

static void
raw_ready(struct raw *raw, struct end *server)
{
	raw_open(raw, TLS_client_method());
	(void)SSL_CTX_set_alpn_protos(raw->context, (const unsigned char *)"\x02h2", 3);
	server_against(raw, server);
	CHECK(dbk_tls_is_ready(server->tls));
}

static void
test_key_updates(void)
{
	struct end server;
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
	say(&server, "hello");
	raw_talk(&raw, &server);
	CHECK(server.error.code == DBK_OK);
	CHECK(SSL_key_update(raw.ssl, SSL_KEY_UPDATE_REQUESTED) == 1);
	CHECK(SSL_write(raw.ssl, "x", 1) == 1);
	raw_send(&raw, &server);
	CHECK(has(server.error.text, "updates its keys too often"));
	raw_close(&raw);
	end_close(&server);
}

static void
test_damage(void)
{
	char *bytes;
	long size;

	for (long at = 0; at < 27; at++) {
		struct end server;
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
		end_close(&server);
	}
}

/* Whatever a hello is cut or bent to, the answer is a refusal or patience. */
static void
test_bent_hellos(void)
{
	struct dbk_tls_context *client = client_context("ca.pem", NULL, NULL);
	struct dbk_tls_context *context = server_context("server", NULL, NULL, false);
	unsigned char hello[1024];
	const unsigned char *bytes;
	struct end end;
	size_t size;

	end_open(&end, client, "localhost");
	size = dbk_tls_output(end.tls, &bytes);
	CHECK(size < sizeof hello);
	memcpy(hello, bytes, size);
	end_close(&end);
	for (size_t at = 0; at < size; at++) {
		for (unsigned bit = 0; bit < 8; bit += 3) {
			hello[at] ^= (unsigned char)(1u << bit);
			end_open(&end, context, NULL);
			end_feed(&end, hello, size);
			CHECK(!dbk_tls_is_ready(end.tls));
			CHECK_INT(end.plain.size, 0);
			end_close(&end);
			hello[at] ^= (unsigned char)(1u << bit);
		}
		end_open(&end, context, NULL);
		end_feed(&end, hello, at);
		CHECK(end.error.code == DBK_OK);
		CHECK_INT(dbk_tls_output(end.tls, &bytes), 0);
		end_close(&end);
	}
	dbk_tls_context_close(client);
	dbk_tls_context_close(context);
}

/* -------------------------------------------------------------------------- files */

static void
bad_server(const char *certificate, const char *key, const char *ca, const char *crl,
	   bool required, const char *words)
{
	struct dbk_tls_server_options options = { certificate, key, ca, crl, required };
	struct dbk_tls_context *context = NULL;
	struct dbk_error error = { 0 };

	CHECK(dbk_tls_server_open(&options, &context, &error) == DBK_FAILED_INPUT);
	CHECK(has(error.text, words));
	CHECK(context == NULL);
}

static void
test_server_files(void)
{
	const char *pem = path("server.pem"), *key = path("server.key");

	bad_server(path("none.pem"), key, NULL, NULL, false, "none.pem: No such file");
	bad_server(pem, path("none.key"), NULL, NULL, false, "none.key: No such file");
	bad_server(pem, NULL, NULL, NULL, false, "go together");
	bad_server(pem, path("client.key"), NULL, NULL, false,
		   "client.key: is the key of another certificate");
	bad_server(pem, pem, NULL, NULL, false, "server.pem: holds no key in PEM");
	bad_server(key, key, NULL, NULL, false, "server.key: ");
	bad_server(path("expired.pem"), path("expired.key"), NULL, NULL, false,
		   "expired.pem: the certificate has expired");
	bad_server(path("early.pem"), path("early.key"), NULL, NULL, false,
		   "early.pem: the certificate is not yet valid");
	bad_server(pem, key, path("none.pem"), NULL, false, "none.pem: ");
	bad_server(pem, key, path("ca.pem"), path("none.pem"), false, "none.pem: ");
	bad_server(pem, key, path("ca.pem"), path("ca.pem"), false, "ca.pem: ");
	bad_server(pem, key, NULL, path("crl.pem"), false, "without a CA");
	bad_server(pem, key, NULL, NULL, true, "without a CA");
}

static void
test_key_for_everybody(void)
{
	static const mode_t modes[] = { 0604, 0602, 0601, 0644, 0666 };
	struct dbk_tls_context *context;

	for (unsigned i = 0; i < 5; i++) {
		CHECK(chmod(path("renewed.key"), modes[i]) == 0);
		bad_server(path("renewed.pem"), path("renewed.key"), NULL, NULL, false,
			   "everybody on this machine may");
	}
	CHECK(chmod(path("renewed.key"), 0640) == 0);
	context = server_context("renewed", NULL, NULL, false);
	dbk_tls_context_close(context);
	CHECK(chmod(path("renewed.key"), 0600) == 0);
}

static void
test_encrypted_key(void)
{
	char command[512];

	(void)snprintf(command, sizeof command,
		       "umask 077; openssl pkey -in %s/server.key -aes256 -passout "
		       "pass:x -out %s/locked.key",
		       dir, dir);
	CHECK(system(command) == 0);
	bad_server(path("server.pem"), path("locked.key"), NULL, NULL, false,
		   "locked.key: is encrypted");
}

static void
test_client_files(void)
{
	struct dbk_tls_client_options options = { .ca = path("none.pem") };
	struct dbk_tls_context *context = NULL;
	struct dbk_error error = { 0 };
	struct dbk_tls *tls = NULL;

	CHECK(dbk_tls_client_open(&options, &context, &error) == DBK_FAILED_INPUT);
	CHECK(has(error.text, "none.pem: "));
	options.ca = NULL;
	options.certificate = path("client.pem");
	CHECK(dbk_tls_client_open(&options, &context, &error) == DBK_FAILED_INPUT);
	CHECK(has(error.text, "go together"));
	options.certificate = NULL;
	CHECK(dbk_tls_client_open(&options, &context, &error) == DBK_OK);
	CHECK(dbk_tls_open(context, "a name", &tls, &error) == DBK_OK ||
	      error.code == DBK_FAILED_INPUT);
	dbk_tls_close(tls);
	dbk_tls_context_close(context);
}

int
main(void)
{
	char command[160];

	(void)snprintf(dir, sizeof dir, "%s/daybook-tls-XXXXXX",
		       getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 2;
	(void)snprintf(command, sizeof command, "tests/lib/certificates.sh %s", dir);
	if (system(command) != 0)
		return 2;
	check_run("a server's files that cannot be used", test_server_files);
	check_run("a key that everybody may read is not used", test_key_for_everybody);
	check_run("an encrypted key is said to be", test_encrypted_key);
	check_run("a client's files that cannot be used", test_client_files);
	check_run("a client refuses servers", test_client_refuses);
	check_run("a server refuses clients", test_server_refuses);
	check_run("who is in no list is not revoked", test_not_revoked_by_another_list);
	check_run("no version before 1.3 is spoken", test_old_versions);
	check_run("h2 must be offered", test_protocols);
	check_run("servers that others wrote are refused", test_other_servers);
	check_run("plain text is not TLS", test_plain_text);
	check_run("key updates are counted", test_key_updates);
	check_run("a bit that changed on the way", test_damage);
	check_run("hellos that are bent or cut", test_bent_hellos);
	check_run("bytes are cut anywhere", test_every_cut);
	check_run("names and addresses", test_names);
	check_run("megabytes arrive", test_megabytes);
	check_run("output stays while more is written", test_output_stays);
	check_run("the client's certificate is known by its hash",
		  test_client_certificate);
	(void)snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command) == 0 ? check_end() : 2;
}
