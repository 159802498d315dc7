/*
 * cohorts.c -- what became of those who joined in the same month.
 */

#include <stdio.h>
#include <stdlib.h>

#include <daybook/limits.h>

#include "books/look_guards.h"
#include "service/call.h"

#define MONTHS_A_YEAR 12u
#define FIRST_YEAR 1970u

struct cohorts_question {
	struct dbk_call *call;
	uint32_t this_month;
	uint64_t size;
	struct dbk_row_cohort *rows;
	uint32_t n;
};

static void
look_cohorts(const struct dbk_books *books, void *answer)
{
	struct cohorts_question *q = answer;
	uint32_t newest = dbk_look_guards_newest(books, DBK_LOOK_COHORTS);

	q->size = dbk_books_size(books);
	q->this_month = dbk_look_this_month(books);
	for (uint32_t id = 1; id <= newest && q->n < DBK_SERVICE_COHORTS_MAX; id++)
		q->rows[q->n++] = *dbk_look_cohort(books, id);
}

static int
by_month(const void *a, const void *b)
{
	const struct dbk_row_cohort *left = a, *right = b;

	return (left->month > right->month) - (left->month < right->month);
}

static void
fill_ages(struct dbk_call *call, const struct dbk_row_cohort *row, uint32_t this_month,
	  Daybook__V1__Cohort *out)
{
	uint32_t ages = this_month < row->month ? 0 : this_month - row->month + 1;

	if (ages > DBK_COHORT_AGES)
		ages = DBK_COHORT_AGES;
	out->ages = dbk_call_messages(call, ages, &daybook__v1__cohort_age__descriptor);
	for (uint32_t age = 0; out->ages != NULL && age < ages; age++) {
		Daybook__V1__CohortAge *at = out->ages[out->n_ages++];

		at->age = age;
		at->bought = row->bought[age];
		at->sold = row->sold[age];
		at->active = row->active[age];
	}
}

static void
fill_cohort(struct dbk_call *call, const struct dbk_row_cohort *row,
	    uint32_t this_month, Daybook__V1__Cohort *out)
{
	char month[16];

	(void)snprintf(month, sizeof month, "%04u-%02u",
		       FIRST_YEAR + row->month / MONTHS_A_YEAR,
		       row->month % MONTHS_A_YEAR + 1);
	out->month = dbk_call_text(call, dbk_str_of(month));
	out->agents = row->agents;
	fill_ages(call, row, this_month, out);
}

bool
dbk_call_list_cohorts(struct dbk_call *call)
{
	const Daybook__V1__ListCohortsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_cohorts_request__descriptor);
	Daybook__V1__ListCohortsReply reply = DAYBOOK__V1__LIST_COHORTS_REPLY__INIT;
	struct cohorts_question q = { .call = call };

	if (request == NULL || !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.rows = dbk_call_take(call, DBK_SERVICE_COHORTS_MAX, sizeof *q.rows);
	if (q.rows != NULL && !dbk_call_ask(call, look_cohorts, &q))
		return false;
	reply.cohorts = dbk_call_messages(call, q.n, &daybook__v1__cohort__descriptor);
	if (reply.cohorts != NULL && q.n > 0) {
		qsort(q.rows, q.n, sizeof *q.rows, by_month);
		for (uint32_t i = 0; i < q.n; i++)
			fill_cohort(call, &q.rows[i], q.this_month, reply.cohorts[i]);
		reply.n_cohorts = q.n;
	}
	reply.size = q.size;
	return dbk_call_reply(call, &reply.base);
}
