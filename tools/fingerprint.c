#include "fingerprint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

/* Chains of a few certificates; the first one counts. */
#define PEM_BYTES_MAX ((size_t)64 * 1024)

static enum dbk_err
read_file(const char *path, char *out, size_t *out_size, struct dbk_error *error)
{
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT, "%s: %s", path,
				     strerror(errno));
	*out_size = fread(out, 1, PEM_BYTES_MAX - 1, file);
	out[*out_size] = '\0';
	(void)fclose(file);
	return DBK_OK;
}

/* The letters between the two lines, without line ends, in their place. */
static bool
find_letters(char *text, struct dbk_str *out)
{
	char *begin = strstr(text, BEGIN), *end, *to;

	if (begin == NULL)
		return false;
	begin += strlen(BEGIN);
	end = strstr(begin, END);
	if (end == NULL)
		return false;
	to = begin;
	for (const char *from = begin; from < end; from++)
		if (strchr(" \t\r\n", *from) == NULL)
			*to++ = *from;
	*out = dbk_str_make(begin, (size_t)(to - begin));
	return true;
}

enum dbk_err
fingerprint_of_pem(const char *path, unsigned char out[DBK_SHA256_BYTES],
		   struct dbk_error *error)
{
	static unsigned char der[PEM_BYTES_MAX];
	static char text[PEM_BYTES_MAX];
	struct dbk_str letters;
	size_t size;
	enum dbk_err err = read_file(path, text, &size, error);

	if (err != DBK_OK)
		return err;
	if (strlen(text) != size || !find_letters(text, &letters) ||
	    !dbk_base64_decode(letters, der, sizeof der, &size) || size == 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s: holds no certificate in PEM", path);
	dbk_sha256(der, size, out);
	return DBK_OK;
}
