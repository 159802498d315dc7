#include "export/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/time.h"
#include "names.h"

#define SECONDS_PER_DAY 86400

const char *
people_time(const Google__Protobuf__Timestamp *at, char out[PEOPLE_TIME_BYTES])
{
	int64_t second;
	int year, month, day;

	out[0] = '\0';
	if (at == NULL || at->seconds < 0)
		return out;
	second = at->seconds % SECONDS_PER_DAY;
	dbk_time_civil_of_days(at->seconds / SECONDS_PER_DAY, &year, &month, &day);
	(void)snprintf(out, PEOPLE_TIME_BYTES, "%04u-%02u-%02uT%02d:%02d:%02d.%06dZ",
		       (unsigned)year % 10000, (unsigned)month % 100,
		       (unsigned)day % 100, (int)(second / 3600),
		       (int)(second / 60 % 60), (int)(second % 60), at->nanos / 1000);
	return out;
}

/* Keep NEXT as the token of the next page; false if there is none. */
static bool
keep_token(char **token, const char *next)
{
	free(*token);
	*token = strdup(next);
	dbk_assert(*token != NULL);
	return (*token)[0] != '\0';
}

/* ------------------------------------------------------------------------- agents */

static void
put_agent(struct sqlite_insert *insert, const Daybook__V1__Agent *agent)
{
	char at[PEOPLE_TIME_BYTES];

	sqlite_put_text(insert, agent->agent);
	sqlite_put_name(insert, agent->sponsor);
	sqlite_put_text(insert, agent->state);
	sqlite_put_name(insert, agent->rank);
	sqlite_put_number(insert, agent->level);
	sqlite_put_text(insert, people_time(agent->enrolled_at, at));
	sqlite_put_number(insert, agent->direct_recruits);
	sqlite_put_number(insert, (int64_t)agent->bound_customers);
	sqlite_put_number(insert, agent->verified);
	sqlite_put_number(insert, agent->employee);
	sqlite_put_number(insert, agent->holds);
	sqlite_put_row(insert);
}

int
people_put_agents(struct session *session, struct sqlite *db)
{
	Daybook__V1__ListAgentsRequest request = DAYBOOK__V1__LIST_AGENTS_REQUEST__INIT;
	struct sqlite_insert *insert = sqlite_insert_begin(
	    db, "INSERT INTO agents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	char *token = NULL;
	int code;
	bool more;

	request.page_size = DBK_PAGE_ROWS_MAX;
	do {
		const Daybook__V1__ListAgentsReply *page;
		ProtobufCMessage *reply;

		request.page_token = token;
		code =
		    session_call(session, "ListAgents", &request.base,
				 &daybook__v1__list_agents_reply__descriptor, &reply);
		if (code != EXIT_OK)
			break;
		page = (const Daybook__V1__ListAgentsReply *)reply;
		for (size_t i = 0; i < page->n_agents; i++)
			put_agent(insert, page->agents[i]);
		more = keep_token(&token, page->next_page_token);
		protobuf_c_message_free_unpacked(reply, NULL);
	} while (more && sqlite_is_good(db));
	free(token);
	sqlite_insert_end(insert);
	return code;
}

/* ----------------------------------------------------------------------- balances */

int
people_put_balances(struct session *session, const struct chart *chart,
		    struct sqlite *db)
{
	Daybook__V1__ListBalancesRequest request =
	    DAYBOOK__V1__LIST_BALANCES_REQUEST__INIT;
	Daybook__V1__AsOf as_of = DAYBOOK__V1__AS_OF__INIT;
	struct sqlite_insert *insert =
	    sqlite_insert_begin(db, "INSERT INTO balances VALUES (?, ?, ?, ?, ?)");
	char *token = NULL;
	int code;
	bool more;

	as_of.kind_case = DAYBOOK__V1__AS_OF__KIND_SIZE;
	as_of.size = chart->to;
	request.as_of = &as_of;
	request.page_size = DBK_PAGE_ROWS_MAX;
	do {
		const Daybook__V1__ListBalancesReply *page;
		ProtobufCMessage *reply;

		request.page_token = token;
		code =
		    session_call(session, "ListBalances", &request.base,
				 &daybook__v1__list_balances_reply__descriptor, &reply);
		if (code != EXIT_OK)
			break;
		page = (const Daybook__V1__ListBalancesReply *)reply;
		for (size_t i = 0; i < page->n_balances; i++) {
			sqlite_put_number(insert, page->balances[i]->code);
			sqlite_put_text(insert, page->balances[i]->owner);
			sqlite_put_number(insert, page->balances[i]->debits);
			sqlite_put_number(insert, page->balances[i]->credits);
			sqlite_put_number(insert, page->balances[i]->balance);
			sqlite_put_row(insert);
		}
		more = keep_token(&token, page->next_page_token);
		protobuf_c_message_free_unpacked(reply, NULL);
	} while (more && sqlite_is_good(db));
	free(token);
	sqlite_insert_end(insert);
	return code;
}

/* ------------------------------------------------------------------------ payouts */

struct payouts {
	struct session *session;
	struct sqlite *db;
	struct sqlite_insert *payout;
	struct sqlite_insert *item;
};

static void
put_payout(struct sqlite_insert *insert, const Daybook__V1__Payout *payout)
{
	char at[PEOPLE_TIME_BYTES], state[NAMES_BYTES];

	sqlite_put_text(insert, payout->payout);
	sqlite_put_text(insert, payout->agent);
	sqlite_put_text(insert, names_payout_state(payout->state, state));
	sqlite_put_name(insert, payout->method);
	sqlite_put_name(insert, payout->provider);
	sqlite_put_name(insert, payout->request_no);
	sqlite_put_name(insert, payout->batch);
	sqlite_put_text(insert, payout->maker);
	sqlite_put_text(insert, people_time(payout->requested_at, at));
	sqlite_put_number(insert, payout->gross);
	sqlite_put_number(insert, payout->tax);
	sqlite_put_number(insert, payout->net);
	sqlite_put_number(insert, payout->fee);
	sqlite_put_number(insert, payout->returned);
	sqlite_put_number(insert, (int64_t)payout->requested_position);
	sqlite_put_number(insert, (int64_t)payout->state_position);
	sqlite_put_row(insert);
}

static void
put_item(struct sqlite_insert *insert, const char *payout, int64_t number,
	 const Daybook__V1__PayoutItem *item)
{
	static const Daybook__V1__Earning none = DAYBOOK__V1__EARNING__INIT;
	const Daybook__V1__Earning *earning =
	    item->earning == NULL ? &none : item->earning;

	sqlite_put_text(insert, payout);
	sqlite_put_number(insert, number);
	sqlite_put_number(insert, item->amount);
	sqlite_put_number(insert, (int64_t)earning->earning);
	sqlite_put_text(insert, earning->kind);
	sqlite_put_name(insert, earning->order);
	sqlite_put_number(insert, earning->line);
	sqlite_put_number(insert, earning->level);
	sqlite_put_number(insert, earning->rate_ppm);
	sqlite_put_number(insert, earning->computed_on);
	sqlite_put_number(insert, earning->accrued);
	sqlite_put_number(insert, earning->reversed);
	sqlite_put_name(insert, earning->plan);
	sqlite_put_number(insert, earning->plan_version);
	sqlite_put_row(insert);
}

static int
put_items(struct payouts *p, char *payout)
{
	Daybook__V1__GetPayoutRequest request = DAYBOOK__V1__GET_PAYOUT_REQUEST__INIT;
	int64_t number = 0;
	char *token = NULL;
	int code;
	bool more;

	request.payout = payout;
	do {
		const Daybook__V1__PayoutDetail *page;
		ProtobufCMessage *reply;

		request.page_token = token;
		code = session_call(p->session, "GetPayout", &request.base,
				    &daybook__v1__payout_detail__descriptor, &reply);
		if (code != EXIT_OK)
			break;
		page = (const Daybook__V1__PayoutDetail *)reply;
		for (size_t i = 0; i < page->n_items; i++)
			put_item(p->item, payout, number++, page->items[i]);
		more = keep_token(&token, page->next_page_token);
		protobuf_c_message_free_unpacked(reply, NULL);
	} while (more && sqlite_is_good(p->db));
	free(token);
	return code;
}

static int
put_page(struct payouts *p, const Daybook__V1__ListPayoutsReply *page)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < page->n_payouts && code == EXIT_OK; i++) {
		put_payout(p->payout, page->payouts[i]);
		code = put_items(p, page->payouts[i]->payout);
	}
	return code;
}

static int
put_pages(struct payouts *p)
{
	Daybook__V1__ListPayoutsRequest request =
	    DAYBOOK__V1__LIST_PAYOUTS_REQUEST__INIT;
	char *token = NULL;
	int code;
	bool more;

	request.page_size = DBK_PAGE_ROWS_MAX;
	do {
		const Daybook__V1__ListPayoutsReply *page;
		ProtobufCMessage *reply;

		request.page_token = token;
		code =
		    session_call(p->session, "ListPayouts", &request.base,
				 &daybook__v1__list_payouts_reply__descriptor, &reply);
		if (code != EXIT_OK)
			break;
		page = (const Daybook__V1__ListPayoutsReply *)reply;
		code = put_page(p, page);
		more = keep_token(&token, page->next_page_token);
		protobuf_c_message_free_unpacked(reply, NULL);
	} while (more && code == EXIT_OK && sqlite_is_good(p->db));
	free(token);
	return code;
}

int
people_put_payouts(struct session *session, struct sqlite *db)
{
	struct payouts p = { .session = session, .db = db };
	int code;

	p.payout = sqlite_insert_begin(db, "INSERT INTO payouts VALUES (?, ?, ?, ?, ?, "
					   "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	p.item = sqlite_insert_begin(db, "INSERT INTO payout_items VALUES (?, ?, ?, ?, "
					 "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	code = put_pages(&p);
	sqlite_insert_end(p.payout);
	sqlite_insert_end(p.item);
	return code;
}
