#include "guard/guard.h"

#include <string.h>

#include "base/assert.h"
#include "guard/compile.h"

/* -------------------------------------------------------- one parameter by itself */

static bool
wrong_value(const struct dbk_guard_compile *compile, uint32_t i, const char *member,
	    int64_t measured, int64_t limit)
{
	return dbk_guard_compile_refuse(compile, DBK_RULE_GUARD_PARAMETER_VALUE, i,
					member, measured, limit);
}

/* The mode that CHOICE says, 0: none. */
static uint8_t
mode_of(struct dbk_str choice)
{
	static const struct {
		const char *word;
		uint8_t mode;
	} words[] = {
		{ "OFF", DBK_GUARD_OFF },
		{ "FLAG", DBK_GUARD_FLAG },
		{ "REFUSE", DBK_GUARD_REFUSE },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (dbk_str_equal(choice, dbk_str_of(words[i].word)))
			return words[i].mode;
	return 0;
}

static bool
check_mode(const struct dbk_guard_compile *compile, uint32_t i)
{
	const struct dbk_parameter *p = &compile->parameters[i];

	if (p->choice.size == 0)
		return wrong_value(compile, i, "choice", 0, 1);
	if (mode_of(p->choice) == 0)
		return wrong_value(compile, i, "choice", 0, 0);
	return p->value == 0 || wrong_value(compile, i, "value", p->value, 0);
}

static bool
check_number(const struct dbk_guard_compile *compile, uint32_t i,
	     const struct dbk_guard_number_kind *kind)
{
	const struct dbk_parameter *p = &compile->parameters[i];

	if (p->choice.size > 0)
		return wrong_value(compile, i, "choice", p->choice.size, 0);
	if (p->value < kind->least)
		return wrong_value(compile, i, "value", p->value, kind->least);
	return p->value <= kind->most ||
	       wrong_value(compile, i, "value", p->value, kind->most);
}

static bool
wrong_scope(const struct dbk_guard_compile *compile, uint32_t i, const char *member,
	    int64_t measured)
{
	return dbk_guard_compile_refuse(compile, DBK_RULE_GUARD_PARAMETER_SCOPE, i,
					member, measured, 0);
}

static bool
check_scope(const struct dbk_guard_compile *compile, uint32_t i, uint32_t scopes)
{
	const struct dbk_parameter *p = &compile->parameters[i];
	bool has_goods = (scopes & DBK_GUARD_SCOPE_GOODS) != 0;
	const char *member = NULL;

	if (p->sku.size > 0 && !has_goods)
		member = "sku";
	else if (p->category.size > 0 && (!has_goods || p->sku.size > 0))
		member = "category";
	else if (p->rank.size > 0 && (scopes & DBK_GUARD_SCOPE_RANK) == 0)
		member = "rank";
	else if (p->channel.size > 0)
		member = "channel";
	else if (p->region.size > 0)
		member = "region";
	if (member != NULL)
		return wrong_scope(compile, i, member, 0);
	return p->level == 0 || wrong_scope(compile, i, "level", p->level);
}

static bool
check_alone(const struct dbk_guard_compile *compile, uint32_t i)
{
	struct dbk_guard_name *name = &compile->names[i];
	const struct dbk_guard_number_kind *kind;

	if (!dbk_guard_name_find(compile->parameters[i].name, name))
		return dbk_guard_compile_refuse(
		    compile, DBK_RULE_GUARD_PARAMETER_UNKNOWN, i, "name", 0, 0);
	if (!name->is_number)
		return check_mode(compile, i) && check_scope(compile, i, 0);
	kind = dbk_guard_number_kind((enum dbk_guard_number)name->id);
	return check_number(compile, i, kind) && check_scope(compile, i, kind->scopes);
}

/* ---------------------------------------------------------------- keeping them */

/* What cannot be refused any more reads as FLAG here, so that nobody asks later. */
static void
keep_mode(struct dbk_guard_scalars *scalars, enum dbk_guard guard, uint8_t mode)
{
	bool can_refuse = dbk_guard_kind(guard)->can_refuse;

	scalars->modes[guard] =
	    mode == DBK_GUARD_REFUSE && !can_refuse ? (uint8_t)DBK_GUARD_FLAG : mode;
}

static void
keep(const struct dbk_guard_compile *compile, uint32_t i)
{
	const struct dbk_parameter *p = &compile->parameters[i];
	const struct dbk_guard_name *name = &compile->names[i];
	struct dbk_guards *guards = compile->guards;

	if (!name->is_number) {
		keep_mode(&guards->scalars, (enum dbk_guard)name->id,
			  mode_of(p->choice));
	} else if (dbk_parameter_is_narrowed(p)) {
		guards->terms[guards->n_terms++] =
		    (struct dbk_guard_term){ .number = name->id,
					     .index = i,
					     .value = p->value,
					     .sku = p->sku,
					     .category = p->category,
					     .rank = p->rank };
		guards->scalars.has_terms[name->id] = 1;
	} else {
		guards->scalars.numbers[name->id] = p->value;
	}
}

static bool
keep_all(const struct dbk_guard_compile *compile, struct dbk_arena *arena)
{
	struct dbk_guards *guards = compile->guards;
	uint32_t n_narrowed = 0;

	for (uint32_t i = 0; i < compile->n; i++)
		n_narrowed += dbk_parameter_is_narrowed(&compile->parameters[i]);
	if (n_narrowed > 0) {
		guards->terms =
		    dbk_arena_alloc(arena, n_narrowed * sizeof *guards->terms);
		if (guards->terms == NULL)
			return dbk_guard_compile_refuse(compile, DBK_RULE_NONE, 0, NULL,
							0, 0);
	}
	for (uint32_t i = 0; i < compile->n; i++)
		keep(compile, i);
	return true;
}

void
dbk_guards_defaults(struct dbk_guard_scalars *out)
{
	memset(out, 0, sizeof *out);
	for (unsigned i = 0; i < DBK_GUARDS; i++)
		out->modes[i] = DBK_GUARD_OFF;
	for (unsigned i = 0; i < DBK_GUARD_NUMBERS; i++)
		out->numbers[i] =
		    dbk_guard_number_kind((enum dbk_guard_number)i)->initial;
}

bool
dbk_guards_compile(const struct dbk_guard_set_published *published,
		   struct dbk_arena *arena, struct dbk_guards *out,
		   struct dbk_parameter_fault *out_fault)
{
	struct dbk_guard_compile compile = { .parameters = published->parameters,
					     .n = published->n_parameters,
					     .guards = out,
					     .fault = out_fault };

	memset(out, 0, sizeof *out);
	dbk_guards_defaults(&out->scalars);
	if (compile.n == 0)
		return true;
	compile.names = dbk_arena_alloc(arena, compile.n * sizeof *compile.names);
	if (compile.names == NULL)
		return dbk_guard_compile_refuse(&compile, DBK_RULE_NONE, 0, NULL, 0, 0);
	for (uint32_t i = 0; i < compile.n; i++)
		if (!check_alone(&compile, i))
			return false;
	return dbk_guard_contradictions_check(&compile) && keep_all(&compile, arena);
}
