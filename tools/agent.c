/* agent.c -- one agent with those above, and lists of agents. */

#include <string.h>

#include "base/assert.h"
#include "facts.h"
#include "listing.h"
#include "verbs.h"

/* ------------------------------------------------------------------ lists of agents */

static const struct table_column columns[] = {
	{ "agent", TABLE_TEXT, false },
	{ "sponsor", TABLE_TEXT, false },
	{ "state", TABLE_TEXT, false },
	{ "rank", TABLE_TEXT, false },
	{ "level", TABLE_NUMBER, false },
	{ "direct_recruits", TABLE_NUMBER, false },
	{ "bound_customers", TABLE_NUMBER, false },
	{ "verified", TABLE_TEXT, false },
	{ "employee", TABLE_TEXT, true },
	{ "holds", TABLE_NUMBER, true },
	{ "enrolled_at", TABLE_TEXT, false },
	{ "enrolled_position", TABLE_NUMBER, true },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Agent *agent = (const Daybook__V1__Agent *)row;

	(void)reply;
	(void)context;
	table_text(table, agent->agent);
	table_text(table, agent->sponsor);
	table_text(table, agent->state);
	table_text(table, agent->rank);
	table_u64(table, agent->level);
	table_u64(table, agent->direct_recruits);
	table_u64(table, agent->bound_customers);
	table_flag(table, agent->verified, "yes");
	table_flag(table, agent->employee, "yes");
	table_u64(table, agent->holds);
	table_time(table, agent->enrolled_at);
	table_u64(table, agent->enrolled_position);
}

static int
list_agents(const struct cli_listing *o, const char *sponsor)
{
	Daybook__V1__ListAgentsRequest request = DAYBOOK__V1__LIST_AGENTS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListAgents",
		.request = &request.base,
		.reply = &daybook__v1__list_agents_reply__descriptor,
		.rows = "agents",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.sponsor = (char *)sponsor;
	request.at_least_size = o->at_least;
	return listing_run_alone(&listing, o);
}

static const struct cli_listing agents_defaults = { .limit = CLI_LIMIT_DEFAULT };

static const struct cli_option agents_options[] = { CLI_OPTION_LIMIT,
						    CLI_OPTION_AT_LEAST,
						    CLI_OPTION_FORMAT, CLI_OPTION_WIDE,
						    CLI_OPTION_END };

static int
run_agents(struct cli_call *call)
{
	return list_agents(call->options, NULL);
}

const struct cli_verb verb_agents = {
	.name = "agents",
	.group = CLI_READ,
	.operands = "",
	.summary = "all agents, in the order of enrolment",
	.about =
	    "Lists every agent with sponsor, state, rank, level (1 is a root) and the "
	    "numbers of\ndirect recruits and of consumers bound to the agent. How many "
	    "stand below an agent\nat any distance is counted by `daybook agent`.",
	.examples = "  daybook agents\n"
		    "  daybook agents --limit 0 --format csv >agents.csv\n"
		    "  daybook agent A17 --downline   # the direct recruits of one",
	.options = agents_options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &agents_defaults,
	.run = run_agents,
};

/* ------------------------------------------------------------------------ one agent */

struct options {
	struct cli_listing listing;
	bool downline;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "downline", NULL, "list the direct recruits", CLI_FLAG,
	  offsetof(struct options, downline), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

/* "A3 < A2 < A1": the sponsor, its sponsor, up to the root. */
static void
join_upline(const Daybook__V1__Agent *agent, struct dbk_buf *out)
{
	for (size_t i = 0; i < agent->n_upline; i++) {
		if (i > 0)
			dbk_buf_put(out, " < ", 3);
		dbk_buf_put(out, agent->upline[i], strlen(agent->upline[i]));
	}
	dbk_buf_put_u8(out, '\0');
	dbk_assert(!dbk_buf_failed(out));
}

static void
print_facts(const Daybook__V1__Agent *agent, struct table_style style)
{
	struct dbk_buf upline;
	struct facts facts;

	dbk_buf_init(&upline);
	join_upline(agent, &upline);
	facts_init(&facts);
	facts_text(&facts, "agent", agent->agent);
	facts_text(&facts, "state", agent->state);
	facts_text(&facts, "rank", agent->rank);
	facts_text(&facts, "sponsor", agent->sponsor);
	facts_text(&facts, "upline", (const char *)upline.bytes);
	facts_u64(&facts, "level", agent->level);
	facts_u64(&facts, "direct_recruits", agent->direct_recruits);
	facts_u64(&facts, "downline", agent->downline);
	facts_flag(&facts, "downline_truncated", agent->downline_truncated);
	facts_u64(&facts, "deepest_level_below", agent->deepest_level_below);
	facts_u64(&facts, "bound_customers", agent->bound_customers);
	facts_flag(&facts, "verified", agent->verified);
	facts_flag(&facts, "employee", agent->employee);
	facts_u64(&facts, "holds", agent->holds);
	facts_time(&facts, "enrolled_at", agent->enrolled_at);
	facts_u64(&facts, "enrolled_position", agent->enrolled_position);
	facts_print(&facts, style);
	dbk_buf_fini(&upline);
}

static int
show_agent(const struct cli_listing *o, char *name)
{
	Daybook__V1__GetAgentRequest request = DAYBOOK__V1__GET_AGENT_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code;

	request.agent = name;
	request.at_least_size = o->at_least;
	code = session_call_alone(&o->common, "GetAgent", &request.base,
				  &daybook__v1__agent__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	if (o->format == CLI_JSON || o->format == CLI_JSONL)
		json_rows_message(stdout, reply);
	else
		print_facts((const Daybook__V1__Agent *)reply, listing_style(o));
	protobuf_c_message_free_unpacked(reply, NULL);
	return EXIT_OK;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;

	return o->downline ? list_agents(&o->listing, call->operands[0])
			   : show_agent(&o->listing, call->operands[0]);
}

const struct cli_verb verb_agent = {
	.name = "agent",
	.group = CLI_READ,
	.operands = "AGENT",
	.summary = "one agent, those above and the size of what is below",
	.about =
	    "Shows state, rank, sponsor and upline (nearest first) of an agent, with "
	    "the number\nof direct recruits and of everybody below, and how many holds "
	    "keep its earnings from\nbeing paid. --downline lists the direct recruits, "
	    "newest first. `daybook statement`\nhas its money.",
	.examples = "  daybook agent A17\n"
		    "  daybook agent A17 --downline --limit 0\n"
		    "  daybook agent A17 --format json",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
