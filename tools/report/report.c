/* report.c -- what is asked of the whole book. */

#include "verbs.h"

static const struct cli_common defaults = { .timeout_s = 0 };

static const struct cli_verb *const below[] = {
	&verb_report_pyramid,
	&verb_report_finance,
	&verb_report_disclosure,
	&verb_report_clawbacks,
	&verb_report_escrow,
	&verb_report_costs,
	&verb_report_differences,
	&verb_report_payouts,
	&verb_report_periods,
	&verb_report_stock,
	&verb_report_network,
	&verb_report_waterfall,
	&verb_report_cohorts,
	&verb_report_scorecard,
	&verb_report_mismatches,
	&verb_report_buybacks,
	NULL,
};

const struct cli_verb verb_report = {
	.name = "report",
	.group = CLI_READ,
	.operands = "",
	.summary =
	    "rules and evidence; money by age and cost; goods, network, prices",
	.about = "Reports about the book as a whole. Each has a help of its own.",
	.examples = "  daybook report pyramid --pack cn,us --format html --out r.html\n"
		    "  daybook report clawbacks --days 30,60,90\n"
		    "  daybook report costs --by level\n"
		    "  daybook report stock\n"
		    "  daybook report mismatches --older 14\n"
		    "  daybook help report escrow",
	.options_bytes = sizeof(struct cli_common),
	.defaults = &defaults,
	.below = below,
};
