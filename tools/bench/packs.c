/*
 * packs.c -- the rule packs on ten million agents and a hundred million events, on one
 * core, in a process of its own so that its memory is told apart.
 *
 * Events are as a book would tell them in two years: who joins hangs below somebody who
 * was there before; goods are bought, sold and never sold twice; a sale is rewarded at
 * two levels.  What deciding them again costs is not in it: see replay.
 */

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "bench/bench.h"
#include "books/effects.h"
#include "metrics/column.h"
#include "metrics/study.h"
#include "rules/judge.h"
#include "rules/pack.h"

#define EVENTS UINT64_C(100000000)
#define AGENTS 10000000u
#define CUSTOMERS 40000000u
#define DAYS 730
#define DAY_US (86400 * INT64_C(1000000))
#define BEGIN_US (19723 * DAY_US) /* 2024-01-01 */
#define ARENA_BYTES ((size_t)1 << 30)
#define GOAL_MINUTES 10.0
#define GOAL_GB 16.0

struct agent {
	uint32_t sponsor, stock;
};

struct world {
	struct dbk_study *study;
	uint64_t random;
	uint32_t joined;
	struct dbk_column agents; /* struct agent */
	uint64_t facts;
	struct dbk_fact fact; /* position and time of the event at hand */
};

struct figures {
	double take_seconds, end_seconds, judge_seconds;
	uint64_t facts, rules, met;
};

/* SplitMix64, so that the stream is the same everywhere. */
static uint32_t
draw(struct world *w, uint32_t below)
{
	uint64_t z = w->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(((z ^ z >> 31) >> 32) * below >> 32);
}

static struct agent *
agent_of(const struct world *w, uint32_t agent)
{
	return dbk_column_row(&w->agents, agent);
}

/* Who was there first does more: the square of an even draw. */
static uint32_t
draw_agent(struct world *w)
{
	uint64_t u = draw(w, UINT32_MAX);

	return 1 + (uint32_t)((u * u >> 32) * w->joined >> 32);
}

static void
tell(struct world *w, struct dbk_fact fact)
{
	fact.position = w->fact.position;
	fact.at = w->fact.at;
	bench_must(dbk_study_add(w->study, &fact), NULL, "study");
	w->facts++;
}

static void
join(struct world *w)
{
	uint32_t agent = w->joined + 1, sponsor = w->joined > 0 ? draw_agent(w) : 0;

	w->joined = agent;
	agent_of(w, agent)->sponsor = sponsor;
	tell(w, (struct dbk_fact){
		    .kind = DBK_FACT_JOINED, .agent = agent, .other = sponsor });
}

static void
buy(struct world *w)
{
	uint32_t agent = draw_agent(w), units = 1 + draw(w, 20);

	tell(w, (struct dbk_fact){ .kind = DBK_FACT_BOUGHT,
				   .agent = agent,
				   .amount = units * 600,
				   .qty = units });
	tell(w, (struct dbk_fact){ .kind = DBK_FACT_GOODS,
				   .agent = agent,
				   .code = DBK_MOVE_RECEIVED,
				   .amount = units * 600,
				   .qty = units,
				   .tier = 1,
				   .hash = 1 + draw(w, 50) });
	agent_of(w, agent)->stock += units;
}

static enum dbk_sale_class
draw_class(struct world *w)
{
	uint32_t of = draw(w, 100);

	return of < 80	 ? DBK_SALE_VERIFIED
	       : of < 92 ? DBK_SALE_ANONYMOUS
	       : of < 97 ? DBK_SALE_DIRECT
			 : DBK_SALE_DOUBTED;
}

static void
reward(struct world *w, uint32_t agent, uint32_t seller, uint8_t distance,
       enum dbk_sale_class class, int64_t amount)
{
	if (agent == 0)
		return;
	tell(w, (struct dbk_fact){ .kind = DBK_FACT_REWARD,
				   .agent = agent,
				   .other = seller,
				   .basis = distance == 0 ? DBK_REWARD_OWN_RETAIL
							  : DBK_REWARD_DOWN_RETAIL,
				   .distance = distance,
				   .sale_class = (uint8_t) class,
				   .amount = amount });
}

static void
sell(struct world *w)
{
	uint32_t seller = draw_agent(w);
	enum dbk_sale_class class = draw_class(w);
	bool own = agent_of(w, seller)->stock > 0;
	int64_t price = 1000 + draw(w, 9000);

	tell(w, (struct dbk_fact){
		    .kind = DBK_FACT_SOLD,
		    .agent = seller,
		    .other = class == DBK_SALE_ANONYMOUS ? 0 : 1 + draw(w, CUSTOMERS),
		    .sale_class = (uint8_t) class,
		    .is_own_goods = own,
		    .amount = price,
		    .qty = 1 });
	tell(w, (struct dbk_fact){
		    .kind = DBK_FACT_PRICE, .agent = seller, .amount = price });
	if (own) {
		agent_of(w, seller)->stock--;
		tell(w, (struct dbk_fact){ .kind = DBK_FACT_GOODS,
					   .agent = seller,
					   .code = DBK_MOVE_SOLD,
					   .qty = 1,
					   .tier = 1,
					   .hash = 1 + draw(w, 50) });
	}
	reward(w, seller, seller, 0, class, price / 10);
	reward(w, agent_of(w, seller)->sponsor, seller, 1, class, price / 20);
}

static void
something(struct world *w)
{
	uint32_t of = draw(w, 100);

	if (w->joined == 0 || (of < 10 && w->joined < AGENTS))
		join(w);
	else if (of < 20)
		tell(w, (struct dbk_fact){ .kind = DBK_FACT_IDENTITY,
					   .agent = draw_agent(w),
					   .hash = 1 + w->random });
	else if (of < 28)
		tell(w, (struct dbk_fact){ .kind = DBK_FACT_FEE,
					   .agent = draw_agent(w),
					   .amount = 19900,
					   .code = 1,
					   .is_condition = true });
	else if (of < 40)
		buy(w);
	else if (of < 99)
		sell(w);
	else
		tell(w, (struct dbk_fact){ .kind = DBK_FACT_PAID_OUT,
					   .agent = draw_agent(w),
					   .amount = 5000 });
}

static void
judge(struct world *w, const char *name, struct figures *out)
{
	const struct dbk_judge_options how = { .currency = dbk_str_of("CNY"),
					       .exponent = 2,
					       .law_day = INT32_MIN };
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_judged *judged;
	struct dbk_arena arena;
	struct dbk_pack pack;
	uint32_t number = 0, n;

	while (!dbk_str_equal(dbk_pack_builtin_name(number), dbk_str_of(name)))
		number++;
	dbk_arena_init(&arena, ARENA_BYTES);
	bench_must(dbk_pack_parse(dbk_pack_builtin_text(number), &pack, &error), &error,
		   name);
	bench_must(dbk_judge(&pack, w->study, &how, &arena, &judged, &n), NULL, name);
	out->rules += n;
	for (uint32_t i = 0; i < n; i++)
		out->met += judged[i].verdict == DAYBOOK__REPORT__V1__VERDICT_WORD__MET;
	dbk_pack_fini(&pack);
	dbk_arena_fini(&arena);
}

static void
examine(struct figures *out)
{
	const struct dbk_study_options options = { .from_day = INT32_MIN,
						   .to_day = INT32_MAX,
						   .utc_offset_minutes = 480 };
	struct world w = { .random = 1 };
	double begin = bench_cpu();

	*out = (struct figures){ 0 };
	dbk_column_init(&w.agents, sizeof(struct agent), AGENTS + 2);
	bench_must(dbk_column_reach(&w.agents, AGENTS + 1), NULL, "agents");
	bench_must(dbk_study_open(&options, &w.study), NULL, "study");
	for (uint64_t i = 0; i < EVENTS; i++) {
		w.fact.position = i;
		w.fact.at = BEGIN_US + (int64_t)(i * DAYS / EVENTS) * DAY_US +
			    (int64_t)(i % 86400) * 1000000;
		something(&w);
	}
	out->take_seconds = bench_cpu() - begin;
	begin = bench_cpu();
	bench_must(dbk_study_end(w.study), NULL, "study");
	out->end_seconds = bench_cpu() - begin;
	begin = bench_cpu();
	judge(&w, "cn", out);
	judge(&w, "us", out);
	out->judge_seconds = bench_cpu() - begin;
	out->facts = w.facts;
	dbk_study_close(w.study);
	dbk_column_fini(&w.agents);
}

static void
print(struct bench *bench, const struct figures *figures, long peak_kb)
{
	double seconds =
	    figures->take_seconds + figures->end_seconds + figures->judge_seconds;
	struct bench_scale goal = { .goal = GOAL_MINUTES, .goal_is_max = true };

	bench_row(bench, "facts that the events tell", (double)figures->facts / 1e6,
		  "million", NULL);
	bench_row(bench, "taking them", (double)EVENTS / figures->take_seconds,
		  "events/s", NULL);
	bench_row(bench, "forest, sums, order", figures->end_seconds, "s", NULL);
	bench_row(bench, "judging the rules of cn and us", figures->judge_seconds, "s",
		  NULL);
	bench_row(bench, "rules judged", (double)figures->rules, "rules", NULL);
	bench_row(bench, "all of it", seconds / 60, "minutes", &goal);
	goal.goal = GOAL_GB;
	bench_row(bench, "memory at most", (double)peak_kb / 1048576, "GiB", &goal);
}

/* The figures of a child, and its memory. */
void
bench_packs(struct bench *bench)
{
	struct figures figures = { 0 };
	struct rusage usage;
	int ends[2], status;
	pid_t child;

	bench_table(bench, "packs: cn and us on 10 million agents, 100 million events");
	(void)fflush(stdout);
	if (pipe(ends) != 0 || (child = fork()) < 0)
		bench_die("no process for the packs");
	if (child == 0) {
		examine(&figures);
		_exit(write(ends[1], &figures, sizeof figures) == sizeof figures ? 0
										 : 1);
	}
	(void)close(ends[1]);
	if (read(ends[0], &figures, sizeof figures) != sizeof figures ||
	    wait4(child, &status, 0, &usage) != child || status != 0)
		bench_die("the packs came to no end");
	(void)close(ends[0]);
	print(bench, &figures, usage.ru_maxrss);
}
