#include "tls_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "diag.h"

/* Certificate, key, CA and list of revoked ones. */
#define FILES 4

/* What tells a file from the one that was there before. */
struct stamp {
	struct timespec changed;
	ino_t inode;
	off_t size;
};

struct tls_files {
	char *paths[FILES]; /* NULL: not given */
	struct stamp stamps[FILES];
	bool client_required;
	struct dbk_tls_context *context;
};

static void
stamp_all(const struct tls_files *files, struct stamp out[FILES])
{
	struct stat st;

	memset(out, 0, FILES * sizeof *out);
	for (unsigned i = 0; i < FILES; i++)
		if (files->paths[i] != NULL && stat(files->paths[i], &st) == 0)
			out[i] = (struct stamp){ st.st_mtim, st.st_ino, st.st_size };
}

static bool
is_same(const struct stamp *a, const struct stamp *b)
{
	return a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec && a->inode == b->inode &&
	       a->size == b->size;
}

/* The stamps are of before the files are read, so that a change meanwhile is seen. */
static enum dbk_err
read_all(struct tls_files *files, struct dbk_tls_context **out, struct dbk_error *error)
{
	struct dbk_tls_server_options options = { files->paths[0], files->paths[1],
						  files->paths[2], files->paths[3],
						  files->client_required };

	stamp_all(files, files->stamps);
	return dbk_tls_server_open(&options, out, error);
}

static bool
copy(const char *text, char **out)
{
	*out = text == NULL ? NULL : strdup(text);
	return text == NULL || *out != NULL;
}

enum dbk_err
tls_files_open(const struct options *options, struct tls_files **out,
	       struct dbk_error *error)
{
	struct tls_files *files;
	enum dbk_err err;

	if (options->tls_certificate == NULL)
		return DBK_OK;
	files = calloc(1, sizeof *files);
	if (files == NULL || !copy(options->tls_certificate, &files->paths[0]) ||
	    !copy(options->tls_key, &files->paths[1]) ||
	    !copy(options->client_ca, &files->paths[2]) ||
	    !copy(options->client_crl, &files->paths[3])) {
		tls_files_close(files);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "TLS");
	}
	files->client_required = options->client_certificates_required;
	err = read_all(files, &files->context, error);
	if (err != DBK_OK) {
		tls_files_close(files);
		return err;
	}
	*out = files;
	return DBK_OK;
}

void
tls_files_close(struct tls_files *files)
{
	if (files == NULL)
		return;
	dbk_tls_context_close(files->context);
	for (unsigned i = 0; i < FILES; i++)
		free(files->paths[i]);
	free(files);
}

struct dbk_tls_context *
tls_files_context(const struct tls_files *files)
{
	return files->context;
}

void
tls_files_reload(struct tls_files *files)
{
	struct dbk_tls_context *context = NULL;
	struct dbk_error error = { 0 };

	if (read_all(files, &context, &error) != DBK_OK) {
		diag_warn("the certificate in use stays: %s", error.text);
		return;
	}
	dbk_tls_context_close(files->context);
	files->context = context;
	diag_info("%s was read again", files->paths[0]);
}

void
tls_files_look(struct tls_files *files)
{
	struct stamp now[FILES];

	if (files == NULL)
		return;
	stamp_all(files, now);
	for (unsigned i = 0; i < FILES; i++)
		if (!is_same(&now[i], &files->stamps[i])) {
			tls_files_reload(files);
			return;
		}
}
