/* unseal.c -- sealed texts, opened. */

#include "diag.h"
#include "verbs.h"

static const struct cli_common defaults = { .timeout_s = 0 };

static const struct cli_option options[] = { CLI_OPTION_END };

static int
run(struct cli_call *call)
{
	diag_error("%s: this version cannot do it", call->verb->name);
	return EXIT_FAILED;
}

const struct cli_verb verb_unseal = {
	.name = "unseal",
	.group = CLI_READ,
	.operands = "POSITION",
	.summary = "open sealed texts",
	.about = "",
	.examples = "",
	.options = options,
	.options_bytes = sizeof(struct cli_common),
	.defaults = &defaults,
	.operands_min = 0,
	.operands_max = 16,
	.run = run,
};
