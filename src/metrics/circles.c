#include "metrics/circles.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/money.h"
#include "books/effects.h"
#include "guard/guard.h"
#include "metrics/column.h"
#include "metrics/flows.h"
#include "metrics/metric.h"
#include "metrics/reading.h"
#include "metrics/study_private.h"
#include "metrics/tally.h"

#define AGENTS_MAX (UINT32_C(1) << 27)
#define EDGES_MAX (UINT32_C(1) << 28)
#define FIRST_SLOTS 1024u

/* FROM passed goods to TO, in the window. */
struct edge {
	uint32_t from, to;
	uint32_t next; /* of the same FROM, 0: none */
	int32_t day;   /* of the first */
	int64_t value, units;
	uint64_t position; /* of the first */
};

/* An agent in the search of Tarjan (1972).  Zeroed: not seen. */
struct node {
	uint32_t first;	 /* its edges */
	uint32_t number; /* from 1, in the order they were seen */
	uint32_t low;	 /* the least number that is reached from here */
	uint32_t caller; /* from where the search came */
	uint32_t at;	 /* the edge that the search stands at */
	uint32_t below;	 /* on the stack of those without a set yet */
	uint32_t set;	 /* the agent after whom the strongly connected set is named */
};

struct dbk_circles {
	struct dbk_study *study;
	struct dbk_column edges; /* struct edge, from 1 */
	struct dbk_column nodes; /* struct node, by agent */
	uint32_t *slots;	 /* edges by their ends, 0: free */
	uint32_t n_slots;	 /* a power of two, more than twice the edges */
	uint32_t seen, stack;	 /* of the search */
	struct dbk_tally
	    doubts; /* a flag made a sale DOUBTED, goods went in a circle */
	int64_t value, units, circular_value, circular_units;
	uint64_t facts;
	struct dbk_evidence circular;
};

enum dbk_err
dbk_circles_open(struct dbk_study *study, struct dbk_circles **out)
{
	struct dbk_circles *circles = calloc(1, sizeof *circles);
	enum dbk_err err;

	if (circles == NULL)
		return DBK_FAILED_MEMORY;
	circles->study = study;
	dbk_column_init(&circles->edges, sizeof(struct edge), EDGES_MAX);
	dbk_column_init(&circles->nodes, sizeof(struct node), AGENTS_MAX);
	dbk_tally_init(&circles->doubts);
	err = dbk_column_reach(&circles->edges, 0); /* which means none */
	if (err != DBK_OK) {
		dbk_circles_close(circles);
		return err;
	}
	*out = circles;
	return DBK_OK;
}

void
dbk_circles_close(struct dbk_circles *circles)
{
	if (circles == NULL)
		return;
	dbk_column_fini(&circles->edges);
	dbk_column_fini(&circles->nodes);
	dbk_tally_fini(&circles->doubts);
	free(circles->slots);
	free(circles);
}

static struct edge *
edge_of(const struct dbk_circles *circles, uint32_t number)
{
	return dbk_column_row(&circles->edges, number);
}

static struct node *
node_of(const struct dbk_circles *circles, uint32_t agent)
{
	return dbk_column_row(&circles->nodes, agent);
}

/* ---------------------------------------------------------------------------- facts */

/* Spreads the ends over the slots (the finalizer of MurmurHash3). */
static uint64_t
spread(uint32_t from, uint32_t to)
{
	uint64_t x = (uint64_t)from << 32 | to;

	x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

/* Where the edge is, or would be. */
static uint32_t *
slot_of(const struct dbk_circles *circles, uint32_t from, uint32_t to)
{
	uint32_t last = circles->n_slots - 1;
	uint32_t at = (uint32_t)spread(from, to) & last;

	while (circles->slots[at] != 0) {
		const struct edge *edge = edge_of(circles, circles->slots[at]);

		if (edge->from == from && edge->to == to)
			break;
		at = (at + 1) & last;
	}
	return &circles->slots[at];
}

static enum dbk_err
grow_slots(struct dbk_circles *circles)
{
	uint32_t n = circles->n_slots == 0 ? FIRST_SLOTS : circles->n_slots * 2;
	uint32_t *slots = calloc(n, sizeof *slots);

	if (slots == NULL)
		return DBK_FAILED_MEMORY;
	free(circles->slots);
	circles->slots = slots;
	circles->n_slots = n;
	for (uint32_t i = 1; i < circles->edges.count; i++) {
		const struct edge *edge = edge_of(circles, i);

		*slot_of(circles, edge->from, edge->to) = i;
	}
	return DBK_OK;
}

static enum dbk_err
make_edge(struct dbk_circles *circles, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	uint32_t number = circles->edges.count;
	enum dbk_err err = dbk_column_reach(&circles->edges, number);
	struct node *node;

	if (err == DBK_OK)
		err = dbk_column_reach(&circles->nodes, fact->agent);
	if (err == DBK_OK)
		err = dbk_column_reach(&circles->nodes, fact->other);
	if (err != DBK_OK)
		return err;
	node = node_of(circles, fact->agent);
	*edge_of(circles, number) = (struct edge){ .from = fact->agent,
						   .to = fact->other,
						   .next = node->first,
						   .day = taken->day,
						   .position = fact->position };
	node->first = number;
	*slot_of(circles, fact->agent, fact->other) = number;
	return DBK_OK;
}

static enum dbk_err
take_passed(struct dbk_circles *circles, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err = DBK_OK;
	struct edge *edge;

	circles->value = dbk_money_sum(circles->value, fact->amount);
	circles->units = dbk_money_sum(circles->units, fact->qty);
	circles->facts++;
	if (fact->other == 0 || fact->other == fact->agent)
		return DBK_OK;
	if (circles->edges.count >= circles->n_slots / 2)
		err = grow_slots(circles);
	if (err == DBK_OK && *slot_of(circles, fact->agent, fact->other) == 0)
		err = make_edge(circles, taken);
	if (err != DBK_OK)
		return err;
	edge = edge_of(circles, *slot_of(circles, fact->agent, fact->other));
	edge->value = dbk_money_sum(edge->value, fact->amount);
	edge->units = dbk_money_sum(edge->units, fact->qty);
	return DBK_OK;
}

static bool
is_doubt(const struct dbk_fact *fact)
{
	switch (fact->kind) {
	case DBK_FACT_SOLD:
		return fact->sale_class == DBK_SALE_DOUBTED && fact->hash != 0;
	case DBK_FACT_RECLASSED:
		return fact->sale_class == DBK_SALE_DOUBTED;
	case DBK_FACT_FINDING:
		return fact->code == DBK_GUARD_CYCLE;
	}
	return false;
}

enum dbk_err
dbk_circles_add(struct dbk_circles *circles, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;

	if (!taken->counts)
		return DBK_OK;
	if (fact->kind == DBK_FACT_GOODS && fact->code == DBK_MOVE_PASSED_DOWN)
		return take_passed(circles, taken);
	if (is_doubt(fact))
		return dbk_tally_add(&circles->doubts, taken->day, 1, fact->position);
	return DBK_OK;
}

/* --------------------------------------------------------------------------- search */

static void
enter(struct dbk_circles *circles, uint32_t agent, uint32_t caller)
{
	struct node *node = node_of(circles, agent);

	node->number = node->low = ++circles->seen;
	node->caller = caller;
	node->at = node->first;
	node->below = circles->stack;
	circles->stack = agent;
}

/* The next edge of AGENT; the agent at whom the search goes on. */
static uint32_t
follow(struct dbk_circles *circles, uint32_t agent)
{
	struct node *node = node_of(circles, agent), *other;
	const struct edge *edge = edge_of(circles, node->at);

	node->at = edge->next;
	other = node_of(circles, edge->to);
	if (other->number == 0) {
		enter(circles, edge->to, agent);
		return edge->to;
	}
	if (other->set == 0 && other->number < node->low)
		node->low = other->number;
	return agent;
}

/* AGENT has no edges left: whoever stands above him on the stack and reaches no lower
 * makes a set with him. */
static uint32_t
leave(struct dbk_circles *circles, uint32_t agent)
{
	const struct node *node = node_of(circles, agent);
	struct node *caller = node_of(circles, node->caller), *top;

	if (node->low == node->number) {
		do {
			top = node_of(circles, circles->stack);
			circles->stack = top->below;
			top->set = agent;
		} while (top != node);
	}
	if (node->caller != 0 && node->low < caller->low)
		caller->low = node->low;
	return node->caller;
}

enum dbk_err
dbk_circles_end(struct dbk_circles *circles)
{
	for (uint32_t agent = 1; agent < circles->nodes.count; agent++) {
		uint32_t at = agent;

		if (node_of(circles, agent)->number != 0)
			continue;
		enter(circles, agent, 0);
		while (at != 0)
			at = node_of(circles, at)->at != 0 ? follow(circles, at)
							   : leave(circles, at);
	}
	for (uint32_t i = 1; i < circles->edges.count; i++) {
		const struct edge *edge = edge_of(circles, i);

		if (node_of(circles, edge->from)->set !=
		    node_of(circles, edge->to)->set)
			continue;
		circles->circular_value =
		    dbk_money_sum(circles->circular_value, edge->value);
		circles->circular_units =
		    dbk_money_sum(circles->circular_units, edge->units);
		dbk_evidence_add(&circles->circular, edge->position, edge->day);
	}
	return DBK_OK;
}

/* -------------------------------------------------------------------------- measures
 */

static void
measure_circular_share(const struct dbk_study *study,
		       const struct dbk_metric_question *question,
		       struct dbk_value *out)
{
	const struct dbk_circles *circles = study->circles;
	bool by_value = circles->value > 0;
	int64_t inside = by_value ? circles->circular_value : circles->circular_units;
	int64_t all = by_value ? circles->value : circles->units;

	(void)question;
	dbk_reading_strict(out, inside, all);
	dbk_reading_lenient(out, inside, all);
	out->population = circles->facts;
	dbk_evidence_list(&circles->circular, INT32_MIN, INT32_MAX, &out->evidence);
}

static uint64_t
sales_of(const struct dbk_study *study, const struct dbk_metric_question *question)
{
	uint64_t n = 0;

	for (int i = DBK_FLOW_VERIFIED; i <= DBK_FLOW_DOUBTED; i++)
		n += dbk_flows_facts(study->flows, (enum dbk_flow)i, question->from_day,
				     question->to_day);
	return n;
}

static void
measure_wash_count(const struct dbk_study *study,
		   const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_tally *doubts = &study->circles->doubts;
	int64_t n = dbk_tally_sum(doubts, question->from_day, question->to_day);

	dbk_reading_plain(out, n, n);
	out->population = sales_of(study, question);
	dbk_evidence_list(&doubts->evidence, question->from_day, question->to_day,
			  &out->evidence);
}

static void
measure_linked_share(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	int32_t from = question->from_day, to = question->to_day;
	int64_t doubted = dbk_flows_sum(study->flows, DBK_FLOW_DOUBTED, from, to);
	int64_t all = dbk_flows_retail_all(study->flows, from, to);

	dbk_reading_strict(out, doubted, all);
	dbk_reading_lenient(out, doubted, all);
	out->population = sales_of(study, question);
	dbk_evidence_list(dbk_flows_evidence(study->flows, DBK_FLOW_DOUBTED), from, to,
			  &out->evidence);
}

const struct dbk_metric dbk_circles_metrics[] = {
	{ .name = "circular_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of goods passed among agents in circles",
	  .zh = "代理之间循环流转的货物占比",
	  .measure = measure_circular_share },
	{ .name = "wash_count",
	  .unit = DBK_UNIT_COUNT,
	  .is_listed = true,
	  .en = "Sales flagged as doubtful, and goods that went in circles",
	  .zh = "被标记存疑的销售及货物循环次数",
	  .measure = measure_wash_count },
	{ .name = "linked_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of retail sales to buyers linked with the seller, or in doubt",
	  .zh = "买方与卖方关联或存疑的零售占比",
	  .measure = measure_linked_share },
	{ .name = NULL },
};
