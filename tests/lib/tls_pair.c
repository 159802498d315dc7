#include "tls_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

char tls_dir[100];

const char *
tls_file(const char *name)
{
	static char paths[32][128];
	static unsigned next;
	char *out = paths[next++ % 32];

	(void)snprintf(out, sizeof paths[0], "%s/%s", tls_dir, name);
	return out;
}

struct dbk_tls_context *
tls_server_files(const char *name, const char *ca, const char *crl, bool required)
{
	struct dbk_tls_server_options options = { .client_required = required };
	struct dbk_tls_context *context = NULL;
	struct dbk_error error = { 0 };
	char certificate[160], key[160];

	(void)snprintf(certificate, sizeof certificate, "%s/%s.pem", tls_dir, name);
	(void)snprintf(key, sizeof key, "%s/%s.key", tls_dir, name);
	options.certificate = certificate;
	options.key = key;
	options.client_ca = ca == NULL ? NULL : tls_file(ca);
	options.client_crl = crl == NULL ? NULL : tls_file(crl);
	if (!CHECK(dbk_tls_server_open(&options, &context, &error) == DBK_OK))
		(void)printf("%s\n", error.text);
	return context;
}

struct dbk_tls_context *
tls_client_files(const char *ca, const char *crl, const char *name)
{
	struct dbk_tls_client_options options = { 0 };
	struct dbk_tls_context *context = NULL;
	struct dbk_error error = { 0 };
	char certificate[160], key[160];

	options.ca = tls_file(ca);
	options.crl = crl == NULL ? NULL : tls_file(crl);
	if (name != NULL) {
		(void)snprintf(certificate, sizeof certificate, "%s/%s.pem", tls_dir,
			       name);
		(void)snprintf(key, sizeof key, "%s/%s.key", tls_dir, name);
		options.certificate = certificate;
		options.key = key;
	}
	if (!CHECK(dbk_tls_client_open(&options, &context, &error) == DBK_OK))
		(void)printf("%s\n", error.text);
	return context;
}

void
tls_end_open(struct tls_end *end, struct dbk_tls_context *context, const char *name)
{
	struct dbk_error error = { 0 };

	memset(end, 0, sizeof *end);
	CHECK(dbk_tls_open(context, name, &end->tls, &error) == DBK_OK);
}

void
tls_end_close(struct tls_end *end)
{
	dbk_tls_close(end->tls);
	dbk_buf_fini(&end->plain);
}

void
tls_end_feed(struct tls_end *end, const void *bytes, size_t size)
{
	struct dbk_error error = { 0 };

	if (dbk_tls_feed(end->tls, bytes, size, &end->plain, &error) != DBK_OK &&
	    end->error.code == DBK_OK)
		end->error = error;
}

/* What FROM has to say goes to TO in pieces of PIECE bytes; false if there was nothing.
 */
bool
tls_cross(struct tls_end *from, struct tls_end *to, size_t piece)
{
	const unsigned char *bytes;
	size_t size = dbk_tls_output(from->tls, &bytes);

	if (size == 0)
		return false;
	for (size_t at = 0; at < size; at += piece)
		tls_end_feed(to, bytes + at, size - at < piece ? size - at : piece);
	dbk_tls_output_done(from->tls, size);
	return true;
}

void
tls_talk(struct tls_end *a, struct tls_end *b, size_t piece)
{
	bool moved = true;

	while (moved) {
		moved = tls_cross(a, b, piece);
		moved = tls_cross(b, a, piece) || moved;
	}
}

void
tls_pair_open(struct tls_pair *pair, struct dbk_tls_context *client,
	      struct dbk_tls_context *server, const char *name)
{
	tls_end_open(&pair->client, client, name);
	tls_end_open(&pair->server, server, NULL);
	/* Sessions keep what they need of a context. */
	dbk_tls_context_close(client);
	dbk_tls_context_close(server);
}

void
tls_pair_close(struct tls_pair *pair)
{
	tls_end_close(&pair->client);
	tls_end_close(&pair->server);
}

void
tls_say(struct tls_end *end, const char *text)
{
	CHECK(dbk_tls_write(end->tls, text, strlen(text)) == DBK_OK);
}

bool
tls_heard(const struct tls_end *end, const char *text)
{
	return end->plain.size == strlen(text) &&
	       memcmp(end->plain.bytes, text, end->plain.size) == 0;
}

bool
tls_has(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return true;
	(void)printf("\"%s\" lacks \"%s\"\n", text, part);
	return false;
}

void
tls_make_files(void)
{
	const char *tmp = getenv("TMPDIR");
	char command[160];

	(void)snprintf(tls_dir, sizeof tls_dir, "%s/daybook-tls-XXXXXX",
		       tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(tls_dir) == NULL)
		exit(2);
	(void)snprintf(command, sizeof command, "tests/lib/certificates.sh %s",
		       tls_dir);
	if (system(command) != 0)
		exit(2);
}

void
tls_remove_files(void)
{
	char command[160];

	(void)snprintf(command, sizeof command, "rm -rf %s", tls_dir);
	if (system(command) != 0)
		exit(2);
}
