#include "../tests/lib/plan_list.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

#define PARAMETERS_MAX 1000

static struct dbk_parameter parameters[PARAMETERS_MAX];
static struct dbk_plan_published published = { .parameters = parameters };
static struct dbk_arena arena = { .cap_bytes = (size_t)1 << 20 };

struct dbk_plan plan_list_plan;
struct dbk_parameter_fault plan_list_fault;

void
plan_list_start(void)
{
	published.n_parameters = 0;
	dbk_arena_reset(&arena);
}

struct dbk_parameter *
plan_list_add(const char *name, int64_t value)
{
	struct dbk_parameter *parameter = &parameters[published.n_parameters];

	dbk_assert(published.n_parameters < PARAMETERS_MAX);
	published.n_parameters++;
	memset(parameter, 0, sizeof *parameter);
	parameter->name = dbk_str_of(name);
	parameter->value = value;
	return parameter;
}

struct dbk_parameter *
plan_list_choose(const char *name, const char *choice)
{
	struct dbk_parameter *parameter = plan_list_add(name, 0);

	parameter->choice = dbk_str_of(choice);
	return parameter;
}

bool
plan_list_compile(void)
{
	return dbk_plan_compile(&published, &arena, &plan_list_plan, &plan_list_fault);
}

bool
plan_list_is_refused(enum dbk_rule rule, uint32_t index, const char *member)
{
	if (plan_list_compile()) {
		fprintf(stderr, "the list compiles\n");
		return false;
	}
	if (plan_list_fault.rule == rule && plan_list_fault.index == index &&
	    strcmp(plan_list_fault.member, member) == 0)
		return true;
	fprintf(stderr, "refused by %s: parameters[%u].%s\n",
		dbk_rule_name(plan_list_fault.rule), plan_list_fault.index,
		plan_list_fault.member);
	return false;
}

const struct dbk_plan_published *
plan_list_published(void)
{
	return &published;
}

void
plan_list_end(void)
{
	dbk_arena_fini(&arena);
}
