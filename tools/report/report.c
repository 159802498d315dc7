/* report.c -- what finance asks of the whole book. */

#include "verbs.h"

static const struct cli_common defaults = { .timeout_s = 0 };

static const struct cli_verb *const below[] = {
	&verb_report_clawbacks,
	&verb_report_escrow,
	&verb_report_costs,
	&verb_report_differences,
	&verb_report_payouts,
	&verb_report_periods,
	NULL,
};

const struct cli_verb verb_report = {
	.name = "report",
	.group = CLI_READ,
	.operands = "",
	.summary = "claw-backs and escrow by age, costs, payouts, periods",
	.about = "Reports about the book as a whole. Each has a help of its own.",
	.examples = "  daybook report clawbacks --days 30,60,90\n"
		    "  daybook report costs --by level\n"
		    "  daybook help report escrow",
	.options_bytes = sizeof(struct cli_common),
	.defaults = &defaults,
	.below = below,
};
