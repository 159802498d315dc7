#ifndef DBK_RULES_PACK_CHECK_H
#define DBK_RULES_PACK_CHECK_H

/*
 * pack_check.h -- is a message a rule pack?  RULES.md, "A pack".
 *
 * Thread: any; nothing is kept.
 */

#include <daybook/error.h>
#include <daybook/report/v1/rules.pb-c.h>

/* INPUT: it is none; ERROR names the rule, the field and the value. */
DBK_MUST_CHECK enum dbk_err dbk_pack_check(const Daybook__Report__V1__RulePack *pack,
					   struct dbk_error *error);

/* The place of a rule in the pack, -1: there is none of this id. */
int dbk_pack_rule(const Daybook__Report__V1__RulePack *pack, const char *id);

#endif
