#include "plan/lint.h"

#include "base/assert.h"
#include "plan/ceiling.h"

/* Below this, money matures before a buyer's right to return ends: 7 days for what is
 * bought at a distance, article 25 of China's Consumer Protection Law. */
#define RETURN_DAYS 7

/* More than half of a price paid on to the network. */
#define HIGH_POOL_PPM 500000

/* What to say of a parameter whose number, for a choice its place, is within bounds. */
struct remark {
	enum dbk_parameter_id id;
	uint32_t least_level;
	int64_t least, most;
	enum dbk_lint_severity severity;
	const char *code;
	const char *text;
};

static const struct remark remarks[] = {
	{ DBK_PARAMETER_ENROL_REWARD, 0, 1, INT64_MAX, DBK_LINT_ALARM,
	  "PAYS_ON_RECRUITING", "Somebody is paid because somebody joined." },
	{ DBK_PARAMETER_FEE_RATE, 0, 1, INT64_MAX, DBK_LINT_ALARM, "PAYS_ON_RECRUITING",
	  "Somebody is paid out of the fees of those who joined." },
	{ DBK_PARAMETER_PAYS_ON_SELL_IN, 0, 1, INT64_MAX, DBK_LINT_ALARM,
	  "PAYS_ON_STOCK_PURCHASE",
	  "Commission is paid on goods that agents buy as stock, sold or not." },
	{ DBK_PARAMETER_PAYS_ON_SELF, 0, 1, INT64_MAX, DBK_LINT_ALARM,
	  "PAYS_ON_STOCK_PURCHASE",
	  "Commission is paid on goods that agents buy themselves." },
	{ DBK_PARAMETER_RANK_CRITERION, 0, DBK_CRITERION_PURCHASE_VOLUME,
	  DBK_CRITERION_PURCHASE_VOLUME, DBK_LINT_ALARM, "RANK_BY_PURCHASE",
	  "A rank can be bought." },
	{ DBK_PARAMETER_RANK_CRITERION, 0, DBK_CRITERION_HEAD_COUNT,
	  DBK_CRITERION_HEAD_COUNT, DBK_LINT_ALARM, "RANK_BY_HEAD_COUNT",
	  "A rank comes from the number of people recruited." },
	{ DBK_PARAMETER_PAY_MAX_DEPTH, 0, 2, INT64_MAX, DBK_LINT_WARNING, "PAID_DEPTH",
	  "Sponsors may be paid on the sales of those below them." },
	{ DBK_PARAMETER_RATE, 2, 1, INT64_MAX, DBK_LINT_WARNING, "PAID_DEPTH",
	  "A sponsor is paid on the sales of those below." },
	{ DBK_PARAMETER_FIXED, 2, 1, INT64_MAX, DBK_LINT_WARNING, "PAID_DEPTH",
	  "A sponsor is paid on the sales of those below." },
	{ DBK_PARAMETER_LATER_RATE, 2, 1, INT64_MAX, DBK_LINT_WARNING, "PAID_DEPTH",
	  "A sponsor is paid on the sales of those below." },
	{ DBK_PARAMETER_SELF_PURCHASE, 0, DBK_SELF_PURCHASE_COMMISSION,
	  DBK_SELF_PURCHASE_COMMISSION, DBK_LINT_WARNING, "SELF_PURCHASE_COMMISSION",
	  "Agents earn on what they buy for themselves." },
	{ DBK_PARAMETER_MODE, 0, DBK_MODE_DIFFERENTIAL, DBK_MODE_DIFFERENTIAL,
	  DBK_LINT_WARNING, "DIFFERENTIAL_PAY",
	  "Ranks are paid the difference on the sales of lower ranks below them." },
	{ DBK_PARAMETER_WINDOW_DAYS, 0, 0, RETURN_DAYS - 1, DBK_LINT_WARNING,
	  "NO_WINDOW", "Earnings mature before the buyer's right to return ends." },
	{ DBK_PARAMETER_APPROVAL_ABOVE, 0, 1, INT64_MAX, DBK_LINT_NOTE,
	  "NO_SECOND_PERSON", "Payouts up to this amount need no second person." },
	{ DBK_PARAMETER_CLAWBACK_RECOVERY, 0, 0, DBK_PPM_MAX - 1, DBK_LINT_NOTE,
	  "PARTIAL_RECOVERY",
	  "What an agent owes is taken from a part of new earnings." },
	{ DBK_PARAMETER_ENGINE, 0, DBK_ENGINE_PLATFORM, DBK_ENGINE_PLATFORM,
	  DBK_LINT_NOTE, "ENGINE_PLATFORM",
	  "The platform pays; the books only recompute what it reports." },
};

/* Findings as they come: all are counted, those that have room are kept. */
struct findings {
	struct dbk_lint *out;
	uint32_t max, count;
};

static void
find(struct findings *findings, enum dbk_lint_severity severity, const char *code,
     const char *text, uint32_t index)
{
	if (findings->count < findings->max)
		findings->out[findings->count] = (struct dbk_lint){
			.severity = severity, .code = code, .text = text, .index = index
		};
	findings->count++;
}

static void
remark_on(const struct dbk_parameter *parameter, enum dbk_parameter_id id,
	  uint32_t index, enum dbk_lint_severity severity, struct findings *findings)
{
	int choice = dbk_catalogue_choice(id, parameter->choice);
	int64_t number = choice >= 0 ? choice : parameter->value;

	for (uint32_t k = 0; k < sizeof remarks / sizeof remarks[0]; k++) {
		const struct remark *r = &remarks[k];

		if (r->id == id && r->severity == severity && number >= r->least &&
		    number <= r->most && parameter->level >= r->least_level)
			find(findings, severity, r->code, r->text, index);
	}
}

static void
remark_on_plan(const struct dbk_plan_scalars *scalars, int64_t ceiling_ppm,
	       enum dbk_lint_severity severity, struct findings *findings)
{
	if (severity == DBK_LINT_WARNING && ceiling_ppm > HIGH_POOL_PPM)
		find(findings, severity, "HIGH_POOL",
		     "More than half of a price can be paid as commission.",
		     DBK_NO_INDEX);
	if (severity == DBK_LINT_NOTE && scalars->tax.n_brackets == 0)
		find(findings, severity, "NO_TAX_TABLE",
		     "Nothing is withheld for tax from payouts.", DBK_NO_INDEX);
}

uint32_t
dbk_plan_lint(const struct dbk_plan_published *published, const struct dbk_plan *plan,
	      struct dbk_lint *out, uint32_t max)
{
	struct findings findings = { .out = out, .max = max };
	struct dbk_ceiling ceiling = { 0 };

	for (int severity = DBK_LINT_ALARM; severity >= DBK_LINT_NOTE; severity--) {
		for (uint32_t i = 0; i < published->n_parameters; i++) {
			const struct dbk_parameter *p = &published->parameters[i];
			enum dbk_parameter_id id;
			bool is_known = dbk_catalogue_find(p->name, &id);

			dbk_assert(is_known);
			remark_on(p, id, i, (enum dbk_lint_severity)severity,
				  &findings);
			dbk_ceiling_raise(&ceiling, id, p);
		}
		remark_on_plan(&plan->scalars, dbk_ceiling_sale_ppm(&ceiling),
			       (enum dbk_lint_severity)severity, &findings);
	}
	return findings.count;
}

const char *
dbk_lint_severity_name(enum dbk_lint_severity severity)
{
	switch (severity) {
	case DBK_LINT_NOTE:
		return "note";
	case DBK_LINT_WARNING:
		return "warning";
	case DBK_LINT_ALARM:
		return "alarm";
	}
	return "?";
}
