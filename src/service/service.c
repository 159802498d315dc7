#include "service/service.h"

#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "service/call.h"
#include "service/opening.h"

struct dbk_service {
	const struct dbk_service_port *port;
	struct dbk_log_reader *log_reader;
	struct dbk_arena arena;
	struct dbk_call_currency currency;
	struct dbk_call_digest digest;
};

#define SERVICE_PATH "/daybook.v1.Daybook/"

struct method {
	const char *path;
	dbk_call_fn *call;
};

static const struct method methods[] = {
	{ SERVICE_PATH "GetSource", dbk_call_get_source },
	{ SERVICE_PATH "GetStatus", dbk_call_get_status },
	{ SERVICE_PATH "GetDigest", dbk_call_get_digest },
	{ SERVICE_PATH "GetTrialBalance", dbk_call_get_trial_balance },
	{ SERVICE_PATH "ListBalances", dbk_call_list_balances },
	{ SERVICE_PATH "GetStatement", dbk_call_get_statement },
	{ SERVICE_PATH "ListStock", dbk_call_list_stock },
	{ SERVICE_PATH "ListMovements", dbk_call_list_movements },
	{ SERVICE_PATH "GetAgent", dbk_call_get_agent },
	{ SERVICE_PATH "ListAgents", dbk_call_list_agents },
	{ SERVICE_PATH "GetOrder", dbk_call_get_order },
	{ SERVICE_PATH "ListRefusals", dbk_call_list_refusals },
	{ SERVICE_PATH "GetAgentStatement", dbk_call_get_agent_statement },
	{ SERVICE_PATH "ListPayouts", dbk_call_list_payouts },
	{ SERVICE_PATH "GetPayout", dbk_call_get_payout },
	{ SERVICE_PATH "ListClawbacks", dbk_call_list_clawbacks },
	{ SERVICE_PATH "ListEscrow", dbk_call_list_escrow },
	{ SERVICE_PATH "ListCosts", dbk_call_list_costs },
	{ SERVICE_PATH "ListReports", dbk_call_list_reports },
	{ SERVICE_PATH "ListPlans", dbk_call_list_plans },
	{ SERVICE_PATH "ListHolds", dbk_call_list_holds },
	{ SERVICE_PATH "GetContest", dbk_call_get_contest },
	{ SERVICE_PATH "ListPeriods", dbk_call_list_periods },
	{ SERVICE_PATH "CheckClose", dbk_call_check_close },
	{ SERVICE_PATH "ListFindings", dbk_call_list_findings },
	{ SERVICE_PATH "ListGuardSets", dbk_call_list_guard_sets },
	{ SERVICE_PATH "ListNetwork", dbk_call_list_network },
	{ SERVICE_PATH "ListTiers", dbk_call_list_tiers },
	{ SERVICE_PATH "ListCohorts", dbk_call_list_cohorts },
	{ SERVICE_PATH "GetScorecard", dbk_call_get_scorecard },
	{ SERVICE_PATH "ListGoods", dbk_call_list_goods },
	{ SERVICE_PATH "GetLot", dbk_call_get_lot },
	{ SERVICE_PATH "ListRestocks", dbk_call_list_restocks },
	{ SERVICE_PATH "ListMismatches", dbk_call_list_mismatches },
	{ SERVICE_PATH "ListBuybacks", dbk_call_list_buybacks },
	{ SERVICE_PATH "GetCheckpoint", dbk_call_get_checkpoint },
	{ SERVICE_PATH "GetInclusionProof", dbk_call_get_inclusion_proof },
	{ SERVICE_PATH "GetConsistencyProof", dbk_call_get_consistency_proof },
	{ SERVICE_PATH "GetReceipts", dbk_call_get_receipts },
	{ SERVICE_PATH "ListSourceKeys", dbk_call_list_source_keys },
	{ SERVICE_PATH "GetCaller", dbk_call_get_caller },
	{ SERVICE_PATH "CreateToken", dbk_call_create_token },
	{ SERVICE_PATH "RevokeToken", dbk_call_revoke_token },
	{ SERVICE_PATH "ListTokens", dbk_call_list_tokens },
	{ SERVICE_PATH "ListAccess", dbk_call_list_access },
	{ SERVICE_PATH "SealText", dbk_call_seal_text },
	{ SERVICE_PATH "OpenSealed", dbk_call_open_sealed },
};

static const struct method *
find_method(struct dbk_str path)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (dbk_str_equal(dbk_str_of(methods[i].path), path))
			return &methods[i];
	return NULL;
}

bool
dbk_service_serves(struct dbk_str method_path)
{
	return find_method(method_path) != NULL;
}

enum dbk_err
dbk_service_open(const struct dbk_service_port *port, struct dbk_service **out_service,
		 struct dbk_error *error)
{
	struct dbk_service *service = calloc(1, sizeof *service);
	enum dbk_err err;

	if (service == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory to answer questions");
	service->port = port;
	dbk_arena_init(&service->arena, DBK_SERVICE_ARENA_BYTES_MAX);
	err = dbk_log_reader_open(port->log, &service->log_reader, error);
	if (err != DBK_OK) {
		free(service);
		return err;
	}
	*out_service = service;
	return DBK_OK;
}

void
dbk_service_close(struct dbk_service *service)
{
	if (service == NULL)
		return;
	dbk_log_reader_close(service->log_reader);
	dbk_arena_fini(&service->arena);
	free(service);
}

struct dbk_log_reader *
dbk_service_log_reader(struct dbk_service *service)
{
	return service->log_reader;
}

/* Nothing that one question held on to may wait for the next one. */
static void
end_call(struct dbk_service *service, struct dbk_call *call)
{
	if (call->view != NULL)
		service->port->release_view(service->port->context, call->view);
	dbk_log_reader_rest(service->log_reader);
	dbk_arena_reset(&service->arena);
}

static struct dbk_call
begin_call(struct dbk_service *service, struct dbk_str request, int64_t deadline_ns,
	   struct dbk_buf *reply, struct dbk_service_answer *answer)
{
	dbk_answer_clear(answer);
	return (struct dbk_call){
		.port = service->port,
		.log_reader = service->log_reader,
		.arena = &service->arena,
		.currency = &service->currency,
		.digest = &service->digest,
		.request = request,
		.deadline_ns = deadline_ns,
		.reply = reply,
		.answer = answer,
	};
}

enum dbk_grpc_code
dbk_service_call(struct dbk_service *service, const struct dbk_caller *caller,
		 struct dbk_str method_path, struct dbk_str request,
		 int64_t deadline_ns, struct dbk_buf *reply,
		 struct dbk_service_answer *answer)
{
	const struct method *method = find_method(method_path);
	size_t before = reply->size;
	struct dbk_call call = begin_call(service, request, deadline_ns, reply, answer);

	call.caller = caller;
	if (method == NULL) {
		(void)dbk_answer_set(answer, DBK_GRPC_UNIMPLEMENTED, "METHOD",
				     "there is no such method");
		return dbk_answer_field(answer, "method", method_path);
	}
	if (!dbk_opening_fits(request.size, answer))
		return answer->status.code;
	if (!method->call(&call))
		reply->size = before;
	end_call(service, &call);
	return answer->status.code;
}

enum dbk_grpc_code
dbk_service_read_journal(struct dbk_service *service, struct dbk_journal_feed *feed,
			 int64_t deadline_ns, size_t bytes_max, struct dbk_buf *reply,
			 bool *out_done, struct dbk_service_answer *answer)
{
	size_t before = reply->size;
	struct dbk_call call =
	    begin_call(service, dbk_str_of(""), deadline_ns, reply, answer);

	if (!dbk_journal_feed_next(&call, feed, bytes_max, out_done))
		reply->size = before;
	end_call(service, &call);
	return answer->status.code;
}

enum dbk_grpc_code
dbk_service_read_log(struct dbk_service *service, struct dbk_log_feed *feed,
		     int64_t deadline_ns, size_t bytes_max, struct dbk_buf *reply,
		     bool *out_done, struct dbk_service_answer *answer)
{
	size_t before = reply->size;
	struct dbk_call call =
	    begin_call(service, dbk_str_of(""), deadline_ns, reply, answer);

	if (!dbk_log_feed_next(&call, feed, bytes_max, out_done))
		reply->size = before;
	end_call(service, &call);
	return answer->status.code;
}

enum dbk_grpc_code
dbk_service_watch_findings(struct dbk_service *service, struct dbk_findings_feed *feed,
			   struct dbk_buf *reply, bool *out_at_head, bool *out_done,
			   struct dbk_service_answer *answer)
{
	size_t before = reply->size;
	struct dbk_call call =
	    begin_call(service, dbk_str_of(""), INT64_MAX, reply, answer);

	if (!dbk_findings_feed_next(&call, feed, out_at_head, out_done))
		reply->size = before;
	end_call(service, &call);
	return answer->status.code;
}
