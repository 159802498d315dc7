/*
 * Any bytes as a plan: decoded, checked, compiled, linted.  What compiles keeps what
 * the catalogue promises, and the plan that comes back from JSON is the same plan,
 * or is refused for the same reason.
 *
 * An even first byte is followed by a PlanPublished event as it is on the wire.  After
 * an odd one comes a list of parameters written in a few bytes each, so that mutations
 * find other plans and not only other broken messages.
 */

#include <stdint.h>
#include <string.h>

#include <daybook/v1/event.pb-c.h>

#include "../tests/lib/fuzz_input.h"
#include "event/decode.h"
#include "plan/lint.h"
#include "plan/split.h"

#define ARENA_BYTES ((size_t)8 << 20)
#define FINDINGS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* An event of a plan, and what came of it. */
struct subject {
	struct dbk_arena arena;
	struct dbk_event event;
	struct dbk_plan plan;
	struct dbk_parameter_fault fault;
	bool opened, compiled;
	struct dbk_lint found[FINDINGS_MAX];
	uint32_t n_found;
};

/* ------------------------------------------------------ plans in a few bytes */

/* Word NUMBER of WORDS, or what is in no list; 32 bytes of TEXT are enough. */
static char *
word_of(const char *words, unsigned number, char *text)
{
	size_t size;

	for (; words != NULL && number > 0; number--) {
		words = strchr(words, ' ');
		words = words != NULL ? words + 1 : NULL;
	}
	size = words != NULL ? strcspn(words, " ") : 0;
	fuzz_demand(size < 32);
	memcpy(text, size > 0 ? words : "ODD", size > 0 ? size : 3);
	text[size > 0 ? size : 3] = '\0';
	return text;
}

/* A parameter's number; what it has, as bits; then the value, level and choice. */
static void
read_parameter(struct fuzz_reader *reader, Daybook__V1__Parameter *out, char *text)
{
	uint32_t n_kinds;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n_kinds);
	unsigned kind = fuzz_next(reader) % (n_kinds + 1), has = fuzz_next(reader);

	daybook__v1__parameter__init(out);
	out->name = kind < n_kinds ? (char *)(uintptr_t)kinds[kind].name : "no_such";
	out->value = fuzz_next_value(reader, has & 3);
	if ((has & 4) != 0)
		out->level = fuzz_next(reader) % 20;
	out->sku = (has & 8) != 0 ? "K1" : out->sku;
	out->category = (has & 16) != 0 ? "SHOES" : out->category;
	out->rank = (has & 32) != 0 ? ((has & 1) != 0 ? "gold" : "silver") : out->rank;
	out->channel = (has & 192) == 192 ? "shop" : out->channel;
	if ((has & 192) == 64 && kind < n_kinds)
		out->choice = word_of(kinds[kind].choices, fuzz_next(reader) % 9, text);
}

static void
write_event(struct fuzz_reader *reader, struct dbk_buf *out)
{
	static Daybook__V1__Parameter parameters[DBK_PARAMETERS_MAX + 1];
	static Daybook__V1__Parameter *list[DBK_PARAMETERS_MAX + 1];
	static char texts[DBK_PARAMETERS_MAX + 1][32];
	Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	Daybook__V1__PlanPublished plan = DAYBOOK__V1__PLAN_PUBLISHED__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;

	plan.plan = "p";
	plan.version = 1;
	plan.parameters = list;
	while (reader->at < reader->end && plan.n_parameters <= DBK_PARAMETERS_MAX) {
		size_t i = plan.n_parameters++;

		list[i] = &parameters[i];
		read_parameter(reader, list[i], texts[i]);
	}
	time.seconds = 1704067200;
	event.effective_at = &time;
	event.body_case = DAYBOOK__V1__EVENT__BODY_PLAN_PUBLISHED;
	event.plan_published = &plan;
	fuzz_pack(&event.base, out);
}

/* ------------------------------------------------------------- one plan */

/* Is it a plan that a daemon would look at? */
static bool
open_subject(struct subject *s, struct dbk_str bytes)
{
	struct dbk_event_fault fault = { 0 };
	const struct dbk_plan_published *published = &s->event.u.plan_published;

	memset(s, 0, sizeof *s);
	dbk_arena_init(&s->arena, ARENA_BYTES);
	s->opened = dbk_event_decode(bytes, &s->arena, &s->event, &fault) &&
		    dbk_event_check(&s->event, &fault) &&
		    s->event.type == DBK_EVENT_PLAN_PUBLISHED;
	if (!s->opened)
		return false;
	s->compiled = dbk_plan_compile(published, &s->arena, &s->plan, &s->fault);
	if (s->compiled)
		s->n_found = dbk_plan_lint(published, &s->plan, s->found, FINDINGS_MAX);
	return true;
}

static void
check_refused(const struct subject *s)
{
	const struct dbk_parameter_fault *fault = &s->fault;

	fuzz_demand(fault->rule == DBK_RULE_PLAN_PARAMETER_UNKNOWN ||
		    fault->rule == DBK_RULE_PLAN_PARAMETER_VALUE ||
		    fault->rule == DBK_RULE_PLAN_PARAMETER_SCOPE ||
		    fault->rule == DBK_RULE_PLAN_CONTRADICTION ||
		    fault->rule == DBK_RULE_PLAN_RISK ||
		    fault->rule == DBK_RULE_LIMIT_REACHED);
	fuzz_demand(fault->index < s->event.u.plan_published.n_parameters);
	fuzz_demand(fault->member != NULL && fault->member[0] != '\0');
}

/* The largest rate of LEVEL for whatever goods and ranks, first or later. */
static int64_t
largest_rate(const struct dbk_plan *plan, unsigned level)
{
	const struct dbk_plan_scalars *scalars = &plan->scalars;
	int64_t most = scalars->rate_ppm[level];

	if (scalars->later_rate_ppm[level] != UINT32_MAX &&
	    scalars->later_rate_ppm[level] > most)
		most = scalars->later_rate_ppm[level];
	for (uint32_t i = 0; i < plan->n_terms; i++) {
		const struct dbk_plan_term *term = &plan->terms[i];

		if ((term->kind == DBK_TERM_RATE ||
		     term->kind == DBK_TERM_LATER_RATE) &&
		    term->level == level + 1 && term->value > most)
			most = term->value;
	}
	return most;
}

/* Nobody can be promised more than the whole, and the parts are the whole. */
static void
check_pay(const struct dbk_plan *plan)
{
	struct dbk_claim claims[DBK_LEVELS_MAX];
	int64_t amounts[DBK_LEVELS_MAX], sum = 0, pool;
	int64_t ppm = 0;

	for (unsigned i = 0; i < DBK_LEVELS_MAX; i++) {
		int64_t most = largest_rate(plan, i);

		fuzz_demand(most == 0 || i < plan->scalars.pay_max_depth);
		ppm += most;
		claims[i] =
		    (struct dbk_claim){ DBK_AMOUNT_MAX, plan->scalars.rate_ppm[i] };
	}
	fuzz_demand(ppm <= DBK_PPM_MAX);
	pool = dbk_split_claims(claims, DBK_LEVELS_MAX, amounts);
	for (unsigned i = 0; i < DBK_LEVELS_MAX; i++)
		sum += amounts[i];
	fuzz_demand(sum == pool && pool <= DBK_AMOUNT_MAX);
}

static void
check_tax(const struct dbk_tax_table *table)
{
	static const int64_t grosses[] = { 0,	     1,	     99999,
					   400000,   400001, DBK_AMOUNT_MAX,
					   INT64_MAX };

	for (size_t i = 0; i < sizeof grosses / sizeof grosses[0]; i++) {
		int64_t due = dbk_tax_due(table, grosses[i]);

		fuzz_demand(due >= 0 && due <= grosses[i]);
	}
}

static void
check_findings(const struct subject *s)
{
	uint32_t n = s->n_found < FINDINGS_MAX ? s->n_found : FINDINGS_MAX;
	struct dbk_lint first;

	for (uint32_t i = 0; i < n; i++) {
		fuzz_demand(dbk_lint_severity_name(s->found[i].severity)[0] != '?');
		fuzz_demand(i == 0 || s->found[i].severity <= s->found[i - 1].severity);
		fuzz_demand(s->found[i].index == DBK_NO_INDEX ||
			    s->found[i].index < s->event.u.plan_published.n_parameters);
	}
	fuzz_demand(dbk_plan_lint(&s->event.u.plan_published, &s->plan, &first, 1) ==
		    s->n_found);
	fuzz_demand(n == 0 || (first.code == s->found[0].code &&
			       first.index == s->found[0].index));
}

static void
check_compiled(const struct subject *s)
{
	const struct dbk_plan_scalars *scalars = &s->plan.scalars;

	fuzz_demand(scalars->pay_max_depth >= 1 &&
		    scalars->pay_max_depth <= DBK_LEVELS_MAX);
	fuzz_demand((scalars->risks & ~scalars->acknowledged) == 0);
	fuzz_demand(scalars->n_methods <= DBK_PAYOUT_METHODS_MAX);
	fuzz_demand(scalars->tax.n_brackets <= DBK_TAX_BRACKETS_MAX);
	fuzz_demand(scalars->clawback_recovery_ppm >= 1 && scalars->min_payout >= 1);
	for (uint32_t i = 0; i < s->plan.n_terms; i++) {
		const struct dbk_plan_term *term = &s->plan.terms[i];

		fuzz_demand(term->kind > 0 && term->kind < DBK_TERM_KINDS);
		fuzz_demand(scalars->has_terms[term->kind] == 1);
		fuzz_demand(term->sku.size == 0 || term->category.size == 0);
		fuzz_demand(term->sku.size + term->category.size + term->rank.size > 0);
	}
	check_pay(&s->plan);
	check_tax(&scalars->tax);
	check_findings(s);
}

/* --------------------------------------------------------- there and back */

static void
demand_same_terms(const struct dbk_plan *a, const struct dbk_plan *b)
{
	fuzz_demand(a->n_terms == b->n_terms);
	for (uint32_t i = 0; i < a->n_terms; i++) {
		const struct dbk_plan_term *of_a = &a->terms[i], *of_b = &b->terms[i];

		fuzz_demand(of_a->kind == of_b->kind && of_a->level == of_b->level &&
			    of_a->index == of_b->index && of_a->value == of_b->value);
		fuzz_demand(dbk_str_equal(of_a->sku, of_b->sku) &&
			    dbk_str_equal(of_a->category, of_b->category) &&
			    dbk_str_equal(of_a->rank, of_b->rank));
	}
	for (unsigned i = 0; i < a->scalars.n_methods; i++)
		fuzz_demand(dbk_str_equal(a->methods[i], b->methods[i]));
}

static void
demand_same(const struct subject *a, const struct subject *b)
{
	fuzz_demand(b->opened && a->compiled == b->compiled);
	if (!a->compiled) {
		fuzz_demand(a->fault.rule == b->fault.rule &&
			    a->fault.index == b->fault.index &&
			    strcmp(a->fault.member, b->fault.member) == 0 &&
			    a->fault.measured == b->fault.measured &&
			    a->fault.limit == b->fault.limit);
		return;
	}
	fuzz_demand(
	    memcmp(&a->plan.scalars, &b->plan.scalars, sizeof a->plan.scalars) == 0);
	demand_same_terms(&a->plan, &b->plan);
	fuzz_demand(a->n_found == b->n_found);
	for (uint32_t i = 0; i < a->n_found && i < FINDINGS_MAX; i++)
		fuzz_demand(a->found[i].code == b->found[i].code &&
			    a->found[i].index == b->found[i].index);
}

static void
examine(struct dbk_str bytes)
{
	static struct subject subject, again;
	struct dbk_buf back;

	if (open_subject(&subject, bytes)) {
		if (subject.compiled)
			check_compiled(&subject);
		else
			check_refused(&subject);
		dbk_buf_init(&back);
		fuzz_json_and_back(bytes, &back);
		(void)open_subject(&again, dbk_str_make(back.bytes, back.size));
		demand_same(&subject, &again);
		dbk_arena_fini(&again.arena);
		dbk_buf_fini(&back);
	}
	dbk_arena_fini(&subject.arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct fuzz_reader reader;
	struct dbk_buf event;

	if (size == 0)
		return 0;
	if ((bytes[0] & 1) == 0) {
		examine(dbk_str_make(bytes + 1, size - 1));
		return 0;
	}
	reader = (struct fuzz_reader){ bytes + 1, bytes + size };
	dbk_buf_init(&event);
	write_event(&reader, &event);
	examine(dbk_str_make(event.bytes, event.size));
	dbk_buf_fini(&event);
	return 0;
}
