#include "report/packs.h"

#include <stdio.h>
#include <string.h>

#include "diag.h"
#include "text_file.h"

#define NAME_BYTES 4096

static bool
is_file(const char *name)
{
	size_t size = strlen(name);

	return strchr(name, '/') != NULL ||
	       (size > 5 && strcmp(name + size - 5, ".json") == 0);
}

static int
unknown(const char *name)
{
	char known[256] = "";

	for (uint32_t i = 0; i < dbk_pack_builtin_count(); i++)
		(void)snprintf(known + strlen(known), sizeof known - strlen(known),
			       "%s%.*s", i > 0 ? ", " : "",
			       (int)dbk_pack_builtin_name(i).size,
			       dbk_pack_builtin_name(i).bytes);
	diag_error("--pack: there is no pack \"%.60s\"; there are %s, and files", name,
		   known);
	return EXIT_USAGE;
}

static int
parse(const char *name, struct dbk_str text, struct dbk_pack *out)
{
	struct dbk_error error = { DBK_OK, "" };

	if (dbk_pack_parse(text, out, &error) == DBK_OK)
		return EXIT_OK;
	diag_error("--pack: %s: %s", name, error.text);
	return EXIT_USAGE;
}

static int
load_file(const char *name, struct dbk_pack *out)
{
	struct dbk_buf text;
	int code;

	dbk_buf_init(&text);
	code = text_file_read(name, DBK_PACK_BYTES_MAX, &text);
	if (code == EXIT_OK)
		code = parse(name, dbk_str_make(text.bytes, text.size), out);
	dbk_buf_fini(&text);
	return code;
}

static int
load_one(const char *name, struct dbk_pack *out)
{
	if (is_file(name))
		return load_file(name, out);
	for (uint32_t i = 0; i < dbk_pack_builtin_count(); i++)
		if (dbk_str_equal(dbk_str_of(name), dbk_pack_builtin_name(i)))
			return parse(name, dbk_pack_builtin_text(i), out);
	return unknown(name);
}

static int
add(const char *name, struct packs *out)
{
	int code;

	if (out->n == DBK_PACKS_MAX) {
		diag_error("--pack: more than %d packs", DBK_PACKS_MAX);
		return EXIT_USAGE;
	}
	code = load_one(name, &out->all[out->n]);
	if (code != EXIT_OK)
		return code;
	for (size_t i = 0; i < out->n; i++) {
		if (strcmp(out->all[i].message->pack, out->all[out->n].message->pack) !=
		    0)
			continue;
		diag_error("--pack: %s is named twice", out->all[i].message->pack);
		dbk_pack_fini(&out->all[out->n]);
		return EXIT_USAGE;
	}
	out->n++;
	return EXIT_OK;
}

int
packs_load(const char *list, struct packs *out)
{
	int code = EXIT_OK;

	out->n = 0;
	while (code == EXIT_OK && list != NULL) {
		const char *comma = strchr(list, ',');
		size_t size = comma == NULL ? strlen(list) : (size_t)(comma - list);
		char name[NAME_BYTES];

		if (size == 0 || size >= sizeof name) {
			diag_error("--pack: an empty name, or one that is too long");
			return EXIT_USAGE;
		}
		memcpy(name, list, size);
		name[size] = '\0';
		code = add(name, out);
		list = comma == NULL ? NULL : comma + 1;
	}
	return code;
}

void
packs_free(struct packs *packs)
{
	while (packs->n > 0)
		dbk_pack_fini(&packs->all[--packs->n]);
}
