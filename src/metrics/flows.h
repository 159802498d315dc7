#ifndef DBK_METRICS_FLOWS_H
#define DBK_METRICS_FLOWS_H

/*
 * flows.h -- money that comes in, by local day, and who brought it; METRICS.md
 * section 3.
 *
 * Days are [from, to); INT32_MIN and INT32_MAX: all there are.
 *
 * Thread: one.
 */

#include <stdint.h>

#include "metrics/evidence.h"
#include "metrics/study.h"

struct dbk_flows;

/* Net of what was given back.  The first five stand in the order of enum
 * dbk_sale_class, the next three in that of enum dbk_purchase. */
enum dbk_flow {
	DBK_FLOW_VERIFIED = 0,
	DBK_FLOW_ANONYMOUS,
	DBK_FLOW_DIRECT,
	DBK_FLOW_FORMER,
	DBK_FLOW_DOUBTED,
	DBK_FLOW_STOCK,
	DBK_FLOW_SELF,
	DBK_FLOW_AS_CUSTOMER,
	DBK_FLOW_FEE,		/* F: all of them */
	DBK_FLOW_FEE_CONDITION, /* F_c: of those the ones that are a condition */
	DBK_FLOW_RANK,		/* C: ranks reached by purchases */
	DBK_FLOW_DEPOSIT,	/* may be below 0: what came before went back */
	DBK_FLOW_KINDS
};

int64_t dbk_flows_sum(const struct dbk_flows *flows, enum dbk_flow flow, int32_t from,
		      int32_t to);

/* Facts behind such a sum. */
uint64_t dbk_flows_facts(const struct dbk_flows *flows, enum dbk_flow flow,
			 int32_t from, int32_t to);
const struct dbk_evidence *dbk_flows_evidence(const struct dbk_flows *flows,
					      enum dbk_flow flow);

/* U_s is dbk_flows_sum() of VERIFIED. */
int64_t dbk_flows_retail_lenient(const struct dbk_flows *flows, int32_t from,
				 int32_t to); /* U_l */
int64_t dbk_flows_retail_all(const struct dbk_flows *flows, int32_t from,
			     int32_t to); /* U_l + DOUBTED */
int64_t dbk_flows_purchases(const struct dbk_flows *flows, int32_t from,
			    int32_t to); /* P */
int64_t dbk_flows_self(const struct dbk_flows *flows, int32_t from,
		       int32_t to); /* P_self */
int64_t dbk_flows_revenue(const struct dbk_flows *flows, int32_t from,
			  int32_t to); /* V */

#endif
