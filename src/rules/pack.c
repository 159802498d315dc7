#include "rules/pack.h"

#include <string.h>

#include "base/embedded.h"
#include "event/json.h"
#include "rules/pack_check.h"

#define PACKS_FOLDER "src/rules/packs/"
#define PACK_ENDING ".json"

enum dbk_err
dbk_pack_parse(struct dbk_str text, struct dbk_pack *out, struct dbk_error *error)
{
	ProtobufCMessage *message;
	enum dbk_err err;

	if (text.size > DBK_PACK_BYTES_MAX)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "a rule pack of %u bytes, the limit is %zu",
				     (unsigned)text.size, DBK_PACK_BYTES_MAX);
	err = dbk_json_parse(text, &daybook__report__v1__rule_pack__descriptor,
			     &message, error);
	if (err != DBK_OK)
		return err == DBK_FAILED_LIMIT ? DBK_FAILED_INPUT : err;
	err = dbk_pack_check((const Daybook__Report__V1__RulePack *)message, error);
	if (err != DBK_OK) {
		protobuf_c_message_free_unpacked(message, NULL);
		return err;
	}
	out->message = (Daybook__Report__V1__RulePack *)message;
	dbk_sha256(text.bytes, text.size, out->sha256);
	return DBK_OK;
}

void
dbk_pack_fini(struct dbk_pack *pack)
{
	if (pack->message != NULL)
		protobuf_c_message_free_unpacked(&pack->message->base, NULL);
	pack->message = NULL;
}

/* ------------------------------------------------------------------- built in */

/* FILE as a pack: what stands between the folder and the ending; false: it is none. */
static bool
name_of(const struct dbk_embedded *file, struct dbk_str *out)
{
	size_t size = strlen(file->name), ends = strlen(PACK_ENDING);
	size_t begins = strlen(PACKS_FOLDER);

	if (size <= begins + ends || strncmp(file->name, PACKS_FOLDER, begins) != 0 ||
	    strcmp(file->name + size - ends, PACK_ENDING) != 0)
		return false;
	*out = dbk_str_make(file->name + begins, size - begins - ends);
	return true;
}

/* The pack of that number among the files; NULL: there are no more. */
static const struct dbk_embedded *
find(uint32_t number, struct dbk_str *name)
{
	for (uint32_t i = 0; i < dbk_embedded_count; i++)
		if (name_of(&dbk_embedded[i], name) && number-- == 0)
			return &dbk_embedded[i];
	return NULL;
}

uint32_t
dbk_pack_builtin_count(void)
{
	struct dbk_str name;
	uint32_t n = 0;

	while (find(n, &name) != NULL)
		n++;
	return n;
}

struct dbk_str
dbk_pack_builtin_name(uint32_t number)
{
	struct dbk_str name = { NULL, 0 };

	(void)find(number, &name);
	return name;
}

struct dbk_str
dbk_pack_builtin_text(uint32_t number)
{
	struct dbk_str name;
	const struct dbk_embedded *file = find(number, &name);

	return file != NULL ? dbk_str_make(file->bytes, file->size)
			    : dbk_str_make(NULL, 0);
}
