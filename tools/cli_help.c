#include "cli.h"

#include <string.h>

/* "--as-of=SIZE|TIME" and a little air. */
#define OPTION_COLUMN 22

void
cli_help_options(const struct cli_option *options, FILE *out)
{
	for (; options != NULL && options->name != NULL; options++) {
		int size = fprintf(out, "  --%s%s%s", options->name,
				   options->argument == NULL ? "" : " ",
				   options->argument == NULL ? "" : options->argument);

		(void)fprintf(out, "%*s  %s\n",
			      size < OPTION_COLUMN ? OPTION_COLUMN - size : 0, "",
			      options->help);
	}
}

void
cli_help(const struct cli_verb *verb, FILE *out)
{
	bool operands = verb->operands[0] != '\0';

	(void)fprintf(out,
		      "daybook %s -- %s\n\nUsage: daybook %s%s%s [options]\n\n%s\n",
		      verb->name, verb->summary, verb->name, operands ? " " : "",
		      verb->operands, verb->about);
	if (verb->options != NULL && verb->options->name != NULL) {
		(void)fputs("\nOptions:\n", out);
		cli_help_options(verb->options, out);
	}
	(void)fputs("\nCommon options:\n", out);
	cli_help_options(cli_common_options, out);
	(void)fprintf(out, "\nExamples:\n%s\n", verb->examples);
}
