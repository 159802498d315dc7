/*
 * query.c -- questions while another connection appends as fast as it can.
 */

#include <stdio.h>

#include "bench/ask.h"
#include "bench/load.h"
#include "bench/payout.h"
#include "bench/process.h"

#define GOAL_P99_MS 5.0
#define PAUSE_SECONDS 0.001
#define ESCROW_CODE 2010
#define CLEARING_CODE 1020

static void
ask_balance(struct ask *ask, char *agent)
{
	Daybook__V1__ListBalancesRequest request =
	    DAYBOOK__V1__LIST_BALANCES_REQUEST__INIT;

	request.owner = agent;
	ask_call(ask, "ListBalances", &request.base);
}

static void
ask_statement(struct ask *ask, char *agent)
{
	Daybook__V1__GetStatementRequest request =
	    DAYBOOK__V1__GET_STATEMENT_REQUEST__INIT;
	static char psp[] = "bankpay";

	(void)agent;
	request.code = CLEARING_CODE;
	request.owner = psp;
	request.page_size = 100;
	ask_call(ask, "GetStatement", &request.base);
}

static void
ask_control(struct ask *ask, char *agent)
{
	Daybook__V1__GetStatementRequest request =
	    DAYBOOK__V1__GET_STATEMENT_REQUEST__INIT;

	(void)agent;
	request.code = ESCROW_CODE;
	request.page_size = 100;
	ask_call(ask, "GetStatement", &request.base);
}

static void
ask_stock(struct ask *ask, char *agent)
{
	Daybook__V1__ListStockRequest request = DAYBOOK__V1__LIST_STOCK_REQUEST__INIT;

	request.holder = agent;
	ask_call(ask, "ListStock", &request.base);
}

static void
ask_movements(struct ask *ask, char *agent)
{
	Daybook__V1__ListMovementsRequest request =
	    DAYBOOK__V1__LIST_MOVEMENTS_REQUEST__INIT;

	request.holder = agent;
	request.page_size = 100;
	ask_call(ask, "ListMovements", &request.base);
}

static void
ask_agent_statement(struct ask *ask, char *agent)
{
	Daybook__V1__GetAgentStatementRequest request =
	    DAYBOOK__V1__GET_AGENT_STATEMENT_REQUEST__INIT;

	request.agent = agent;
	request.page_size = 100;
	ask_call(ask, "GetAgentStatement", &request.base);
}

static const struct {
	const char *name;
	void (*ask)(struct ask *ask, char *agent);
} questions[] = {
	{ "balances of an agent", ask_balance },
	{ "statement of an agent", ask_agent_statement },
	{ "statement page of an account", ask_statement },
	{ "statement page of a control account", ask_control },
	{ "stock of an agent", ask_stock },
	{ "movements of an agent", ask_movements },
};

#define QUESTIONS (sizeof questions / sizeof questions[0])

static void
ask_round(struct bench *bench, struct ask *ask, uint64_t turn,
	  struct latency latencies[QUESTIONS])
{
	char agent[16];

	(void)snprintf(agent, sizeof agent, "A%08u",
		       (unsigned)(turn * 7919 % bench->sales.agents));
	for (unsigned i = 0; i < QUESTIONS; i++) {
		int64_t begin = bench_now_ns();

		questions[i].ask(ask, agent);
		latency_add(&latencies[i], bench_now_ns() - begin);
		bench_sleep(PAUSE_SECONDS);
	}
}

/* A request for a payout is no question: it is decided and on disk when it returns. */
static void
ask_payout(struct bench *bench, struct ask *ask, uint64_t turn, struct latency *latency)
{
	int64_t begin = bench_now_ns();

	payout_request(ask, &bench->sales, turn);
	latency_add(latency, bench_now_ns() - begin);
	bench_sleep(PAUSE_SECONDS);
}

void
bench_query(struct bench *bench)
{
	static struct latency latencies[QUESTIONS], payouts;
	static struct load_flood flood;
	struct process process;
	struct ask ask;
	double until;

	bench_table(bench, "query: one question at a time under full ingest");
	process_start(bench, "query", &process);
	load_open(&flood.load, bench, process.tcp, 0);
	ask_open(&ask, process.tcp);
	load_opening(&flood.load);
	payout_prepare(&ask, &bench->sales);
	load_flood_start(&flood);
	until = bench_now() + bench->seconds;
	for (uint64_t turn = 0; bench_now() < until; turn++) {
		ask_round(bench, &ask, turn, latencies);
		ask_payout(bench, &ask, turn, &payouts);
	}
	load_flood_stop(&flood, bench);
	for (unsigned i = 0; i < QUESTIONS; i++)
		latency_rows(&latencies[i], bench, questions[i].name, GOAL_P99_MS);
	latency_rows(&payouts, bench, "request for a payout, decided and on disk",
		     GOAL_P99_MS);
	load_close(&flood.load);
	ask_close(&ask);
	process_stop(&process);
	process_remove(&process);
}
