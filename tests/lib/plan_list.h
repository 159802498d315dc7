#ifndef DAYBOOK_TESTS_PLAN_LIST_H
#define DAYBOOK_TESTS_PLAN_LIST_H

/*
 * plan_list.h -- a plan written down parameter by parameter, compiled and looked at.
 *
 *	plan_list_start();
 *	plan_list_add("rate_ppm", 125000)->level = 1;
 *	CHECK(plan_list_compile());
 *
 * One list at a time; texts are borrowed.
 */

#include "plan/plan.h"

extern struct dbk_plan plan_list_plan;
extern struct dbk_parameter_fault plan_list_fault;

void plan_list_start(void);
struct dbk_parameter *plan_list_add(const char *name, int64_t value);
struct dbk_parameter *plan_list_choose(const char *name, const char *choice);

/* Into plan_list_plan and plan_list_fault. */
bool plan_list_compile(void);

/* Does it refuse the list by RULE, naming MEMBER of parameter INDEX? */
bool plan_list_is_refused(enum dbk_rule rule, uint32_t index, const char *member);

const struct dbk_plan_published *plan_list_published(void);

/* Give the memory back. */
void plan_list_end(void);

#endif
