#ifndef DBK_RULES_PACK_H
#define DBK_RULES_PACK_H

/*
 * pack.h -- rule packs: read, checked, hashed; RULES.md is the specification.
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>
#include <daybook/report/v1/rules.pb-c.h>

#include "base/sha256.h"
#include "base/str.h"

#define DBK_PACK_BYTES_MAX ((size_t)1024 * 1024)
#define DBK_PACK_RULES_MAX 500
#define DBK_PACK_CONDITIONS_MAX 16 /* of a rule */
#define DBK_PACKS_MAX 16

struct dbk_pack {
	Daybook__Report__V1__RulePack *message; /* owned */
	unsigned char sha256[DBK_SHA256_BYTES];
};

/* Read and check TEXT.  INPUT: it is no pack; ERROR names rule, field and value. */
DBK_MUST_CHECK enum dbk_err dbk_pack_parse(struct dbk_str text, struct dbk_pack *out,
					   struct dbk_error *error);
void dbk_pack_fini(struct dbk_pack *pack);

/* The packs that are built in, by number from 0, in the order of their names; name and
 * text are static. */
uint32_t dbk_pack_builtin_count(void);
struct dbk_str dbk_pack_builtin_name(uint32_t number);
struct dbk_str dbk_pack_builtin_text(uint32_t number);

#endif
