#include "cli.h"

#include <string.h>

/* "--certificate-key FILE". */
#define OPTION_COLUMN 24

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

/* The second word of a verb below another one. */
static const char *
second_word(const struct cli_verb *below)
{
	const char *blank = strchr(below->name, ' ');

	return blank == NULL ? below->name : blank + 1;
}

const struct cli_verb *
cli_below(const struct cli_verb *verb, const char *word)
{
	for (size_t i = 0; verb->below != NULL && verb->below[i] != NULL; i++) {
		if (strcmp(second_word(verb->below[i]), word) == 0)
			return verb->below[i];
	}
	return NULL;
}

static void
print_usage(const struct cli_verb *verb, FILE *out)
{
	bool operands = verb->operands[0] != '\0';
	const char *lead = "Usage:";

	if (verb->run != NULL) {
		(void)fprintf(out, "%s daybook %s%s%s [options]\n", lead, verb->name,
			      operands ? " " : "", verb->operands);
		lead = "      ";
	}
	if (verb->below != NULL)
		(void)fprintf(out, "%s daybook %s WORD ...\n", lead, verb->name);
}

static void
print_below(const struct cli_verb *verb, FILE *out)
{
	if (verb->below == NULL)
		return;
	(void)fputs("\nWords:\n", out);
	for (size_t i = 0; verb->below[i] != NULL; i++)
		(void)fprintf(out, "  %-14s %s\n", second_word(verb->below[i]),
			      verb->below[i]->summary);
}

void
cli_help(const struct cli_verb *verb, FILE *out)
{
	(void)fprintf(out, "daybook %s -- %s\n\n", verb->name, verb->summary);
	print_usage(verb, out);
	(void)fprintf(out, "\n%s\n", verb->about);
	print_below(verb, out);
	if (verb->options != NULL && verb->options->name != NULL) {
		(void)fputs("\nOptions:\n", out);
		cli_help_options(verb->options, out);
	}
	(void)fputs("\nCommon options:\n", out);
	cli_help_options(cli_common_options, out);
	(void)fprintf(out, "\nExamples:\n%s\n", verb->examples);
}
