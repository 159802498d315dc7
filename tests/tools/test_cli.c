#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "cli.h"

struct options {
	struct cli_listing listing;
	const char *owner;
	bool nonzero;
	uint64_t batch;
	struct cli_time from;
	struct cli_list types;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT,
					 .batch = 1000 };

static const struct cli_option options[] = {
	{ "owner", "NAME", "", CLI_TEXT, offsetof(struct options, owner), 0, 0 },
	{ "nonzero", NULL, "", CLI_FLAG, offsetof(struct options, nonzero), 0, 0 },
	{ "batch", "N", "", CLI_COUNT, offsetof(struct options, batch), 1, 10000 },
	{ "from", "TIME", "", CLI_INSTANT, offsetof(struct options, from), 0, 0 },
	{ "type", "TYPE", "", CLI_MANY, offsetof(struct options, types), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AS_OF,
	CLI_OPTION_FORMAT,
	CLI_OPTION_END
};

static const struct cli_verb verb = {
	.name = "try",
	.operands = "CODE [OWNER]",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 2,
};

static struct options got;
static struct cli_call call;
static struct dbk_error error;
static char words[16][64];
static char *argv[16];

/* Parse "try LINE", split at blanks. */
static enum dbk_err
parse(const char *line)
{
	int argc = 1;

	got = defaults;
	error = (struct dbk_error){ DBK_OK, "" };
	(void)strcpy(words[0], "try");
	argv[0] = words[0];
	while (*line != '\0') {
		size_t size = strcspn(line, " ");

		memcpy(words[argc], line, size);
		words[argc][size] = '\0';
		argv[argc] = words[argc];
		argc++;
		line += size + (line[size] == ' ' ? 1 : 0);
	}
	argv[argc] = NULL;
	return cli_parse(&verb, argc, argv, &got, &call, &error);
}

static bool
fails(const char *line, const char *text)
{
	if (parse(line) == DBK_FAILED_INPUT && strcmp(error.text, text) == 0)
		return true;
	printf("%s: got \"%s\"\n", line, error.text);
	return false;
}

static void
test_unknown_options(void)
{
	CHECK(fails("--limt 3 1010", "unknown option --limt; did you mean --limit?"));
	CHECK(fails("1010 --ownre=x", "unknown option --ownre; did you mean --owner?"));
	CHECK(fails("1010 --frobnicate", "unknown option --frobnicate"));
	CHECK(fails("1010 -x", "unknown option -x"));
	CHECK(fails("1010 --non=1", "--nonzero takes no value"));
	CHECK(fails("1010 --f x", "--f is ambiguous"));
	CHECK(fails("1010 --nonzero=1", "--nonzero takes no value"));
	CHECK(fails("1010 --owner", "--owner needs a value"));
}

static void
test_bad_values(void)
{
	CHECK(fails("1010 --batch 0", "--batch: 0 is not between 1 and 10000"));
	CHECK(fails("1010 --batch 10001", "--batch: 10001 is not between 1 and 10000"));
	CHECK(fails("1010 --batch -1", "--batch: \"-1\" is not a number"));
	CHECK(fails("1010 --batch 1x", "--batch: \"1x\" is not a number"));
	CHECK(fails("1010 --format xml",
		    "--format: \"xml\" is not one of table, csv, json, jsonl"));
	CHECK(fails("1010 --from 2011-02-30",
		    "--from: \"2011-02-30\" is not a time such as 2011-01-31 or "
		    "2011-01-31T09:00:00Z"));
	CHECK(fails("1010 --as-of never",
		    "--as-of: \"never\" is not a number of records "
		    "or a time such as 2011-01-31"));
}

static void
test_operands(void)
{
	CHECK(fails("", "CODE [OWNER] is missing"));
	CHECK(fails("1 2 3", "unexpected \"3\""));
	CHECK_INT(parse("1010 --nonzero A17"), DBK_OK);
	CHECK_INT(call.operand_count, 2);
	CHECK(strcmp(call.operands[0], "1010") == 0);
	CHECK(strcmp(call.operands[1], "A17") == 0);
	CHECK(got.nonzero);
	CHECK_INT(parse("-- --owner"), DBK_OK);
	CHECK(strcmp(call.operands[0], "--owner") == 0 && got.owner == NULL);
	CHECK_INT(parse("-"), DBK_OK);
	CHECK(strcmp(call.operands[0], "-") == 0);
}

static void
test_values(void)
{
	CHECK_INT(parse("1 --batch 10000 --owner=a=b --limit 0 --form csv"), DBK_OK);
	CHECK_INT(got.batch, 10000);
	CHECK(strcmp(got.owner, "a=b") == 0);
	CHECK_INT(got.listing.limit, 0);
	CHECK_INT(got.listing.format, CLI_CSV);
	CHECK_INT(parse("1"), DBK_OK);
	CHECK_INT(got.batch, 1000);
	CHECK(got.listing.limit == CLI_LIMIT_DEFAULT);
	CHECK_INT(got.listing.as_of.kind, CLI_NOW);
	CHECK_INT(parse("1 --server unix:x --data d --timeout 5"), DBK_OK);
	CHECK(strcmp(got.listing.common.server, "unix:x") == 0);
	CHECK_INT(got.listing.common.timeout_s, 5);
}

static void
test_as_of(void)
{
	CHECK_INT(parse("1 --as-of 100000"), DBK_OK);
	CHECK_INT(got.listing.as_of.kind, CLI_SIZE);
	CHECK_INT(got.listing.as_of.size, 100000);
	CHECK_INT(parse("1 --as-of 1970-01-02"), DBK_OK);
	CHECK_INT(got.listing.as_of.kind, CLI_TIME);
	CHECK_INT(got.listing.as_of.time_us, 86400000000);
	CHECK_INT(parse("1 --from 1970-01-01T01:00:00.5+01:00"), DBK_OK);
	CHECK(got.from.given);
	CHECK_INT(got.from.us, 500000);
}

static void
test_repeated(void)
{
	CHECK_INT(parse("1 --type a --type b"), DBK_OK);
	CHECK_INT(got.types.count, 2);
	CHECK(strcmp(got.types.items[1], "b") == 0);
}

static void
test_help(void)
{
	CHECK_INT(parse("--help"), DBK_OK);
	CHECK(got.listing.common.help);
	CHECK_INT(parse("-h --nonsense"), DBK_OK);
	CHECK(got.listing.common.help);
}

static void
test_before_verb(void)
{
	char *line[] = { "daybook", "--server", "unix:x", "log", "--follow", NULL };
	struct cli_common common = { .timeout_s = 60 };
	int at = 0;

	CHECK_INT(cli_parse_common(5, line, &common, &at, &error), DBK_OK);
	CHECK_INT(at, 3);
	CHECK(strcmp(common.server, "unix:x") == 0);
}

static void
test_counts(void)
{
	uint64_t count = 7;

	CHECK(!cli_count_parse("", &count));
	CHECK(!cli_count_parse("18446744073709551616", &count));
	CHECK(!cli_count_parse("+1", &count));
	CHECK_INT(count, 7);
	CHECK(cli_count_parse("18446744073709551615", &count));
	CHECK(count == UINT64_MAX);
}

static const struct cli_verb one_below = { .name = "try one" };
static const struct cli_verb two_below = { .name = "try two" };
static const struct cli_verb *const all_below[] = { &one_below, &two_below, NULL };
static const struct cli_verb above = { .name = "try", .below = all_below };

static void
test_below(void)
{
	CHECK(cli_below(&verb, "one") == NULL);
	CHECK(cli_below(&above, "three") == NULL);
	CHECK(cli_below(&above, "try") == NULL);
	CHECK(cli_below(&above, "") == NULL);
	CHECK(cli_below(&above, "two") == &two_below);
}

static void
test_nearest(void)
{
	static const char *const names[] = { "balances", "statement", "stock", "log" };

	CHECK(cli_nearest("frobnicate", names, 4) == NULL);
	CHECK(cli_nearest("", names, 4) == NULL);
	CHECK(strcmp(cli_nearest("balacnes", names, 4), "balances") == 0);
	CHECK(strcmp(cli_nearest("stok", names, 4), "stock") == 0);
	CHECK(strcmp(cli_nearest("lgo", names, 4), "log") == 0);
	CHECK(strcmp(cli_nearest("bal", names, 4), "balances") == 0);
	CHECK(cli_nearest("a-word-of-more-than-forty-letters-is-none-of-ours", names,
			  4) == NULL);
}

int
main(void)
{
	check_run("an unknown option is named, and the nearest one",
		  test_unknown_options);
	check_run("a bad value is named with its option", test_bad_values);
	check_run("operands are counted and stand anywhere", test_operands);
	check_run("values reach their places, others keep the defaults", test_values);
	check_run("as-of is a size or a time", test_as_of);
	check_run("a repeated option keeps all its values", test_repeated);
	check_run("help comes before everything else", test_help);
	check_run("options before the verb end at the verb", test_before_verb);
	check_run("a count is digits that fit", test_counts);
	check_run("a verb of two words is found below the first", test_below);
	check_run("the nearest word is near", test_nearest);
	return check_end();
}
