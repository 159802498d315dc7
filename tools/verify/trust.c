#include "verify/trust.h"

#include <unistd.h>

#include "base/buf.h"
#include "diag.h"
#include "text_file.h"

#define KEY_BYTES_MAX ((size_t)4096)
#define POLICY_BYTES_MAX ((size_t)1024 * 1024)

int
trust_load_key(const char *text, struct dbk_note_key *out)
{
	struct dbk_error error = { DBK_OK, "" }, of_file = { DBK_OK, "" };
	struct dbk_buf file;
	int code = EXIT_OK;

	if (dbk_note_key_parse(dbk_str_of(text), out, &error) == DBK_OK &&
	    out->type == DBK_NOTE_ED25519)
		return EXIT_OK;
	if (access(text, F_OK) != 0) {
		diag_error("--key: \"%.80s\" is neither a verifier key nor a file",
			   text);
		return EXIT_USAGE;
	}
	dbk_buf_init(&file);
	code = text_file_read(text, KEY_BYTES_MAX, &file);
	if (code == EXIT_OK && file.size > 0 && file.bytes[file.size - 1] == '\n')
		file.size--;
	if (code == EXIT_OK && (dbk_note_key_parse(dbk_str_make(file.bytes, file.size),
						   out, &of_file) != DBK_OK ||
				out->type != DBK_NOTE_ED25519)) {
		diag_error("--key: %.80s holds no verifier key of a log: %s", text,
			   of_file.text);
		code = EXIT_USAGE;
	}
	dbk_buf_fini(&file);
	return code;
}

int
trust_load_policy(const char *path, struct dbk_policy **out)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_buf file;
	int code;

	dbk_buf_init(&file);
	code = text_file_read(path, POLICY_BYTES_MAX, &file);
	if (code == EXIT_OK && dbk_policy_parse(dbk_str_make(file.bytes, file.size),
						out, &error) != DBK_OK) {
		diag_error("--policy: %s: %s", path, error.text);
		code = EXIT_USAGE;
	}
	dbk_buf_fini(&file);
	return code;
}
