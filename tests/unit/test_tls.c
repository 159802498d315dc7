#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/check.h"
#include "../lib/tls_pair.h"

/* Two of our ends: what crosses, who is refused, which files are no use. */

/* ---------------------------------------------------------------------- good ends */

static void
test_every_cut(void)
{
	for (size_t piece = 1; piece < 2000; piece += piece < 40 ? 1 : 97) {
		struct tls_pair pair;

		tls_pair_open(&pair, tls_client_files("ca.pem", NULL, NULL),
			      tls_server_files("server", NULL, NULL, false),
			      "localhost");
		tls_talk(&pair.client, &pair.server, piece);
		CHECK(dbk_tls_is_ready(pair.client.tls) &&
		      dbk_tls_is_ready(pair.server.tls));
		tls_say(&pair.client, "from the client");
		tls_say(&pair.server, "from the server");
		tls_talk(&pair.client, &pair.server, piece);
		CHECK(tls_heard(&pair.server, "from the client"));
		CHECK(tls_heard(&pair.client, "from the server"));
		dbk_tls_shutdown(pair.client.tls);
		tls_talk(&pair.client, &pair.server, piece);
		CHECK(dbk_tls_is_closed(pair.server.tls));
		CHECK(!dbk_tls_is_closed(pair.client.tls));
		tls_pair_close(&pair);
	}
}

static void
test_names(void)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "::1" };

	for (unsigned i = 0; i < 3; i++) {
		struct tls_pair pair;

		tls_pair_open(&pair, tls_client_files("ca.pem", NULL, NULL),
			      tls_server_files("server", NULL, NULL, false), names[i]);
		tls_talk(&pair.client, &pair.server, SIZE_MAX / 2);
		CHECK(dbk_tls_is_ready(pair.client.tls));
		CHECK(pair.client.error.code == DBK_OK);
		tls_pair_close(&pair);
	}
}

static void
test_megabytes(void)
{
	size_t size = 3 * 1024 * 1024 + 17;
	unsigned char *bytes = malloc(size);
	struct tls_pair pair;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(i * 31 >> 3);
	tls_pair_open(&pair, tls_client_files("ca.pem", NULL, NULL),
		      tls_server_files("server", NULL, NULL, false), "localhost");
	tls_talk(&pair.client, &pair.server, 4096);
	CHECK(dbk_tls_write(pair.client.tls, bytes, size) == DBK_OK);
	CHECK(dbk_tls_write(pair.client.tls, bytes, 0) == DBK_OK);
	tls_talk(&pair.client, &pair.server, 1000);
	CHECK_INT(pair.server.plain.size, size);
	CHECK(memcmp(pair.server.plain.bytes, bytes, size) == 0);
	tls_pair_close(&pair);
	free(bytes);
}

/* An asynchronous write may be under way while more is fed and written. */
static void
test_output_stays(void)
{
	static unsigned char more[100000];
	const unsigned char *bytes, *again;
	unsigned char *copy;
	struct tls_pair pair;
	size_t size;

	tls_pair_open(&pair, tls_client_files("ca.pem", NULL, NULL),
		      tls_server_files("server", NULL, NULL, false), "localhost");
	tls_talk(&pair.client, &pair.server, 4096);
	tls_say(&pair.client, "first");
	size = dbk_tls_output(pair.client.tls, &bytes);
	copy = malloc(size);
	memcpy(copy, bytes, size);
	CHECK(dbk_tls_write(pair.client.tls, more, sizeof more) == DBK_OK);
	CHECK_INT(dbk_tls_output(pair.client.tls, &again), size);
	CHECK(again == bytes && memcmp(bytes, copy, size) == 0);
	tls_end_feed(&pair.server, bytes, 1);
	dbk_tls_output_done(pair.client.tls, 1);
	CHECK_INT(dbk_tls_output(pair.client.tls, &again), size - 1);
	tls_talk(&pair.client, &pair.server, 4096);
	CHECK_INT(pair.server.plain.size, 5 + sizeof more);
	tls_pair_close(&pair);
	free(copy);
}

static void
test_client_certificate(void)
{
	unsigned char peer[32], same[32];
	struct tls_pair pair;

	for (int round = 0; round < 2; round++) {
		tls_pair_open(
		    &pair, tls_client_files("ca.pem", NULL, "client"),
		    tls_server_files("server", "ca.pem", "crl.pem", round == 0),
		    "localhost");
		tls_talk(&pair.client, &pair.server, 999);
		CHECK(dbk_tls_is_ready(pair.server.tls));
		CHECK(dbk_tls_peer(pair.server.tls, round == 0 ? peer : same));
		tls_pair_close(&pair);
	}
	CHECK(memcmp(peer, same, 32) == 0);
	tls_pair_open(&pair, tls_client_files("ca.pem", NULL, "client-2"),
		      tls_server_files("server", "ca.pem", NULL, false), "localhost");
	tls_talk(&pair.client, &pair.server, 999);
	CHECK(dbk_tls_peer(pair.server.tls, same) && memcmp(peer, same, 32) != 0);
	tls_pair_close(&pair);
	tls_pair_open(&pair, tls_client_files("ca.pem", NULL, NULL),
		      tls_server_files("server", "ca.pem", NULL, false), "localhost");
	tls_talk(&pair.client, &pair.server, 999);
	CHECK(dbk_tls_is_ready(pair.server.tls));
	CHECK(!dbk_tls_peer(pair.server.tls, same));
	tls_pair_close(&pair);
}

/* ------------------------------------------------------------ who is not let in */

/* The client refuses the server, in these words. */
static void
refused_by_client(const char *ca, const char *crl, const char *server, const char *name,
		  const char *words)
{
	struct tls_pair pair;

	tls_pair_open(&pair, tls_client_files(ca, crl, NULL),
		      tls_server_files(server, NULL, NULL, false), name);
	tls_talk(&pair.client, &pair.server, 700);
	CHECK(pair.client.error.code == DBK_FAILED_INPUT);
	CHECK(tls_has(pair.client.error.text, words));
	CHECK(!dbk_tls_is_ready(pair.client.tls));
	/* The server hears why, and takes nothing afterwards. */
	CHECK(tls_has(pair.server.error.text, "the other side says: "));
	CHECK(dbk_tls_feed(pair.server.tls, "x", 1, &pair.server.plain, NULL) ==
	      DBK_FAILED_INPUT);
	CHECK_INT(pair.server.plain.size, 0);
	tls_pair_close(&pair);
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
	struct tls_pair pair;

	tls_pair_open(&pair, tls_client_files("ca.pem", NULL, client),
		      tls_server_files("server", "ca.pem", crl, required), "localhost");
	tls_talk(&pair.client, &pair.server, 700);
	CHECK(pair.server.error.code == DBK_FAILED_INPUT);
	CHECK(tls_has(pair.server.error.text, words));
	CHECK(!dbk_tls_is_ready(pair.server.tls));
	CHECK(tls_has(pair.client.error.text, client_words));
	tls_pair_close(&pair);
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
	struct tls_pair pair;

	tls_pair_open(&pair, tls_client_files("ca.pem", "empty-crl.pem", "client-gone"),
		      tls_server_files("server", "ca.pem", "empty-crl.pem", true),
		      "localhost");
	tls_talk(&pair.client, &pair.server, 700);
	CHECK(dbk_tls_is_ready(pair.server.tls));
	tls_pair_close(&pair);
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
	CHECK(tls_has(error.text, words));
	CHECK(context == NULL);
}

static void
test_server_files(void)
{
	const char *pem = tls_file("server.pem"), *key = tls_file("server.key");

	bad_server(tls_file("none.pem"), key, NULL, NULL, false,
		   "none.pem: No such file");
	bad_server(pem, tls_file("none.key"), NULL, NULL, false,
		   "none.key: No such file");
	bad_server(pem, NULL, NULL, NULL, false, "go together");
	bad_server(pem, tls_file("client.key"), NULL, NULL, false,
		   "client.key: is the key of another certificate");
	bad_server(pem, pem, NULL, NULL, false, "server.pem: holds no key in PEM");
	bad_server(key, key, NULL, NULL, false, "server.key: ");
	bad_server(tls_file("expired.pem"), tls_file("expired.key"), NULL, NULL, false,
		   "expired.pem: the certificate has expired");
	bad_server(tls_file("early.pem"), tls_file("early.key"), NULL, NULL, false,
		   "early.pem: the certificate is not yet valid");
	bad_server(pem, key, tls_file("none.pem"), NULL, false, "none.pem: ");
	bad_server(pem, key, tls_file("ca.pem"), tls_file("none.pem"), false,
		   "none.pem: ");
	bad_server(pem, key, tls_file("ca.pem"), tls_file("ca.pem"), false, "ca.pem: ");
	bad_server(pem, key, NULL, tls_file("crl.pem"), false, "without a CA");
	bad_server(pem, key, NULL, NULL, true, "without a CA");
}

static void
test_key_for_everybody(void)
{
	static const mode_t modes[] = { 0604, 0602, 0601, 0644, 0666 };
	struct dbk_tls_context *context;

	for (unsigned i = 0; i < 5; i++) {
		CHECK(chmod(tls_file("renewed.key"), modes[i]) == 0);
		bad_server(tls_file("renewed.pem"), tls_file("renewed.key"), NULL, NULL,
			   false, "everybody on this machine may");
	}
	CHECK(chmod(tls_file("renewed.key"), 0640) == 0);
	context = tls_server_files("renewed", NULL, NULL, false);
	dbk_tls_context_close(context);
	CHECK(chmod(tls_file("renewed.key"), 0600) == 0);
}

static void
test_encrypted_key(void)
{
	char command[512];

	(void)snprintf(command, sizeof command,
		       "umask 077; openssl pkey -in %s/server.key -aes256 -passout "
		       "pass:x -out %s/locked.key",
		       tls_dir, tls_dir);
	CHECK(system(command) == 0);
	bad_server(tls_file("server.pem"), tls_file("locked.key"), NULL, NULL, false,
		   "locked.key: is encrypted");
}

static void
test_client_files(void)
{
	struct dbk_tls_client_options options = { .ca = tls_file("none.pem") };
	struct dbk_tls_context *context = NULL;
	struct dbk_error error = { 0 };
	struct dbk_tls *tls = NULL;

	CHECK(dbk_tls_client_open(&options, &context, &error) == DBK_FAILED_INPUT);
	CHECK(tls_has(error.text, "none.pem: "));
	options.ca = NULL;
	options.certificate = tls_file("client.pem");
	CHECK(dbk_tls_client_open(&options, &context, &error) == DBK_FAILED_INPUT);
	CHECK(tls_has(error.text, "go together"));
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
	tls_make_files();
	check_run("a server's files that cannot be used", test_server_files);
	check_run("a key that everybody may read is not used", test_key_for_everybody);
	check_run("an encrypted key is said to be", test_encrypted_key);
	check_run("a client's files that cannot be used", test_client_files);
	check_run("a client refuses servers", test_client_refuses);
	check_run("a server refuses clients", test_server_refuses);
	check_run("who is in no list is not revoked", test_not_revoked_by_another_list);
	check_run("bytes are cut anywhere", test_every_cut);
	check_run("names and addresses", test_names);
	check_run("megabytes arrive", test_megabytes);
	check_run("output stays while more is written", test_output_stays);
	check_run("the client's certificate is known by its hash",
		  test_client_certificate);
	tls_remove_files();
	return check_end();
}
