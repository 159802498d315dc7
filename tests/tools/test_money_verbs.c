#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "agent_statement.h"
#include "lint_table.h"
#include "names.h"
#include "payout/bank_file.h"
#include "payout/payees.h"
#include "report/buckets.h"

/* ----------------------------------------------------------------- does it foot? */

static Daybook__V1__AgentMoney opening, change[2], closing;
static Daybook__V1__AgentStatementSum sums[2];
static Daybook__V1__AgentStatementSum *sum_list[] = { &sums[0], &sums[1] };

static Daybook__V1__AgentMoney
money(int64_t pending, int64_t available, int64_t receivable, int64_t total)
{
	Daybook__V1__AgentMoney out = DAYBOOK__V1__AGENT_MONEY__INIT;

	out.pending = pending;
	out.available = available;
	out.receivable = receivable;
	out.total = total;
	return out;
}

/* 10 pending and 5 owed; 7 mature, of which 5 are netted. */
static Daybook__V1__AgentStatement
sound_statement(void)
{
	Daybook__V1__AgentStatement out = DAYBOOK__V1__AGENT_STATEMENT__INIT;

	opening = money(10, 0, 5, 5);
	change[0] = money(-7, 7, 0, 0);
	change[1] = money(0, -5, -5, 0);
	closing = money(3, 2, 0, 5);
	for (int i = 0; i < 2; i++) {
		daybook__v1__agent_statement_sum__init(&sums[i]);
		sums[i].change = &change[i];
	}
	out.opening = &opening;
	out.closing = &closing;
	out.sums = sum_list;
	out.n_sums = 2;
	return out;
}

static void
test_statement_off(void)
{
	Daybook__V1__AgentStatement statement = sound_statement();

	closing.pending++;
	CHECK(!agent_statement_foots(&statement));
	closing.available--; /* the total is right again, two states are not */
	CHECK(!agent_statement_foots(&statement));
	statement = sound_statement();
	change[0].total = 1;
	CHECK(!agent_statement_foots(&statement));
	statement = sound_statement();
	statement.n_sums = 1;
	CHECK(!agent_statement_foots(&statement));
	statement = sound_statement();
	opening = money(INT64_MAX, 0, 0, INT64_MAX);
	change[0] = money(1, 0, 0, 1);
	CHECK(!agent_statement_foots(&statement));
}

static void
test_statement_foots(void)
{
	Daybook__V1__AgentStatement statement = sound_statement();

	CHECK(agent_statement_foots(&statement));
	statement = (Daybook__V1__AgentStatement)DAYBOOK__V1__AGENT_STATEMENT__INIT;
	CHECK(agent_statement_foots(&statement));
	opening = closing = money(INT64_MAX, 0, INT64_MAX, 0);
	statement.opening = &opening;
	statement.closing = &closing;
	CHECK(agent_statement_foots(&statement));
}

/* -------------------------------------------------------------------------- buckets */

static void
test_bad_days(void)
{
	static const char *const bad[] = { "",
					   ",",
					   "30,",
					   ",30",
					   "30,30",
					   "60,30",
					   "x",
					   "-1",
					   "30,60,x",
					   "1.5",
					   "1,2,3,4,5,6,7,8,9",
					   "4294967296" };
	struct buckets buckets;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!buckets_parse(bad[i], &buckets));
}

static void
test_days(void)
{
	struct buckets buckets;
	char name[BUCKETS_NAME_BYTES];

	CHECK(buckets_parse("1,2,3,4,5,6,7,8", &buckets) && buckets.count == 8);
	CHECK(buckets_parse("30,60", &buckets) && buckets.count == 2);
	buckets_name(&buckets, 0, name);
	CHECK(strcmp(name, "0-30") == 0);
	buckets_name(&buckets, 1, name);
	CHECK(strcmp(name, "31-60") == 0);
	buckets_name(&buckets, 2, name);
	CHECK(strcmp(name, "over 60") == 0);
	CHECK_INT(buckets_find(&buckets, -5), 0);
	CHECK_INT(buckets_find(&buckets, 31 * 86400 - 1), 0);
	CHECK_INT(buckets_find(&buckets, 31 * 86400), 1);
	CHECK_INT(buckets_find(&buckets, 61 * 86400 - 1), 1);
	CHECK_INT(buckets_find(&buckets, 61 * 86400), 2);
	CHECK_INT(buckets_find(&buckets, INT64_MAX), 2);
}

/* --------------------------------------------------------------------------- payees */

static ProtobufCBinaryData
bytes_of(const char *text)
{
	ProtobufCBinaryData out = { strlen(text), (uint8_t *)(uintptr_t)text };

	return out;
}

static bool
hash_is(const struct payees *payees, const char *name, const char *want)
{
	const ProtobufCBinaryData *hash = payees_find(payees, name);

	return hash != NULL && hash->len == strlen(want) &&
	       memcmp(hash->data, want, hash->len) == 0;
}

static void
test_payees(void)
{
	struct payees payees = { 0 };

	payees_sort(&payees);
	CHECK(payees_find(&payees, "a") == NULL);
	payees_add(&payees, "b", bytes_of("old"));
	payees_add(&payees, "c", bytes_of("c"));
	payees_add(&payees, "b", bytes_of("older"));
	payees_add(&payees, "b", bytes_of("new"));
	payees_sort(&payees);
	CHECK(hash_is(&payees, "b", "new") && hash_is(&payees, "c", "c"));
	CHECK(payees_find(&payees, "a") == NULL && payees_find(&payees, "bb") == NULL &&
	      payees_find(&payees, "d") == NULL);
	payees_free(&payees);
}

/* ---------------------------------------------------------------------- a bank's file
 */

static char folder[] = "/tmp/test_money_verbs.XXXXXX";

static Daybook__V1__Payout
payout_of(const char *name, const char *agent, int64_t gross)
{
	Daybook__V1__Payout out = DAYBOOK__V1__PAYOUT__INIT;

	out.payout = (char *)(uintptr_t)name;
	out.agent = (char *)(uintptr_t)agent;
	out.gross = gross;
	return out;
}

static bool
file_is(const char *path, const char *want)
{
	char got[512] = "";
	FILE *file = fopen(path, "r");
	size_t size;

	if (file == NULL)
		return false;
	size = fread(got, 1, sizeof got - 1, file);
	got[size] = '\0';
	(void)fclose(file);
	if (strcmp(got, want) == 0)
		return true;
	printf("got:\n%s", got);
	return false;
}

static void
test_bank_file(void)
{
	Daybook__V1__Payout one = payout_of("p1", "a,1", 100000);
	Daybook__V1__Payout two = payout_of("p2", "b", 5);
	ProtobufCBinaryData hash = bytes_of("\x01\xff");
	struct bank_row rows[] = { { &one, &hash, 4000 }, { &two, &hash, 0 } };
	struct dbk_error error = { DBK_OK, "" };
	unsigned char got[DBK_DIGEST_BYTES], want[DBK_DIGEST_BYTES];
	static const char text[] = "payout,agent,payee_hash,gross,tax,net\n"
				   "p1,\"a,1\",01ff,1000.00,40.00,960.00\n"
				   "p2,b,01ff,0.05,0.00,0.05\n";
	struct dbk_digest digest;
	struct stat status;
	char path[64];

	(void)snprintf(path, sizeof path, "%s/bank.csv", folder);
	CHECK_INT(bank_file_write(path, rows, 2, 2, got, &error), DBK_OK);
	CHECK(file_is(path, text));
	dbk_digest_init(&digest);
	dbk_digest_update(&digest, text, strlen(text));
	dbk_digest_final(&digest, want);
	CHECK(memcmp(got, want, sizeof got) == 0);
	CHECK(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600);
	(void)unlink(path);
}

static void
test_bank_file_fails(void)
{
	struct dbk_error error = { DBK_OK, "" };
	unsigned char hash[DBK_DIGEST_BYTES];
	char path[64];

	CHECK_INT(bank_file_write("/nonexistent/x.csv", NULL, 0, 2, hash, &error),
		  DBK_FAILED_IO);
	CHECK(strcmp(error.text, "cannot create /nonexistent/x.csv.tmp: No such file "
				 "or directory") == 0);
	/* A folder stands in its place: nothing is left beside it. */
	(void)snprintf(path, sizeof path, "%s/in.csv", folder);
	CHECK_INT(mkdir(path, 0700), 0);
	CHECK_INT(bank_file_write(path, NULL, 0, 2, hash, &error), DBK_FAILED_IO);
	CHECK(strstr(error.text, "cannot replace") != NULL);
	CHECK_INT(rmdir(path), 0);
	(void)snprintf(path, sizeof path, "%s/in.csv.tmp", folder);
	CHECK(access(path, F_OK) != 0);
}

/* ----------------------------------------------------------------------------- words
 */

static void
test_words(void)
{
	const ProtobufCEnumDescriptor *states = &daybook__v1__payout_state__descriptor;
	Daybook__V1__Refusal refusal = DAYBOOK__V1__REFUSAL__INIT;
	Daybook__V1__PayoutState state;
	char memory[NAMES_BYTES], text[NAMES_REFUSAL_BYTES];
	const char *nearest = NULL;

	CHECK(strcmp(names_cause(DAYBOOK__V1__CAUSE__CAUSE_WRITTEN_OFF, memory),
		     "written off") == 0);
	CHECK(strcmp(names_cause((Daybook__V1__Cause)999, memory), "999") == 0);
	CHECK(strcmp(names_basis(DAYBOOK__V1__BASIS__BASIS_SELL_IN, memory),
		     "sell in") == 0);
	/* The list of names is the proto's. */
	for (unsigned i = 0; i < states->n_values; i++) {
		const ProtobufCEnumValue *value = &states->values[i];
		const char *name;

		if (value->value == 0)
			continue;
		name =
		    names_payout_state((Daybook__V1__PayoutState)value->value, memory);
		CHECK(strcasecmp(value->name + strlen("PAYOUT_"), name) == 0);
		CHECK(names_payout_state_parse(name, &state, &nearest) &&
		      (int)state == value->value);
	}
	CHECK(!names_payout_state_parse("setled", &state, &nearest));
	CHECK(nearest != NULL && strcmp(nearest, "settled") == 0);
	refusal.rule = DAYBOOK__V1__RULE__PERIOD_GAP;
	refusal.field = (char *)"from";
	refusal.measured = 5;
	names_refusal(&refusal, text);
	CHECK(strcmp(text, "PERIOD_GAP from (measured 5, limit 0)") == 0);
	names_event_fault(NULL, text);
	CHECK(strcmp(text, "-") == 0);
}

/* ---------------------------------------------------------------------------- tables
 */

static char *printed;
static size_t printed_size;

static bool
came_out(struct table *table, FILE *out, const char *want)
{
	table_close(table);
	(void)fclose(out);
	if (strcmp(printed, want) == 0)
		return true;
	printf("got:\n%s\nwant:\n%s\n", printed, want);
	return false;
}

static FILE *
begin(void)
{
	free(printed);
	printed = NULL;
	return open_memstream(&printed, &printed_size);
}

static void
test_findings(void)
{
	const struct table_style style = { .colour = true };
	const struct lint_row alarm = {
		"p", 1, "alarm", "PAYS_ON_RECRUITING", "enrol_reward", 3, "Bad."
	};
	const struct lint_row note = { "p", 1, "note", "NO_TAX_TABLE", "", 0, "So." };
	FILE *out = begin();
	struct table *table = lint_table_open(out, style, false);

	lint_table_put(table, &alarm);
	lint_table_put(table, &note);
	CHECK(came_out(table, out,
		       "\033[1mseverity\033[0m  \033[1mcode\033[0m                "
		       "\033[1mparameter\033[0m     \033[1mtext\033[0m\n"
		       "\033[31malarm\033[0m     "
		       "\033[31mPAYS_ON_RECRUITING\033[0m  enrol_reward  Bad.\n"
		       "note      NO_TAX_TABLE                      So.\n"));
	CHECK(lint_table_is_alarm("alarm") && !lint_table_is_alarm("warning"));
}

static void
test_rates(void)
{
	static const struct table_column columns[] = { { "rate", TABLE_NUMBER,
							 false } };
	static const uint32_t rates[] = { 0, 1, 25000, 125000, 1000000, 333333 };
	struct table_style style = { .csv = false };
	FILE *out = begin();
	struct table *table = table_open(out, style, columns, 1);

	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		table_rate(table, rates[i]);
		table_end_row(table);
	}
	CHECK(came_out(table, out,
		       "    rate\n      0%\n 0.0001%\n    2.5%\n   12.5%\n"
		       "    100%\n33.3333%\n"));
	style.csv = true;
	out = begin();
	table = table_open(out, style, columns, 1);
	table_rate(table, 25000);
	table_end_row(table);
	CHECK(came_out(table, out, "rate\n25000\n"));
}

static void
test_days_and_hashes(void)
{
	static const struct table_column columns[] = { { "day", TABLE_TEXT, false },
						       { "hash", TABLE_TEXT, false } };
	Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	struct table_style style = { .csv = false };
	FILE *out = begin();
	struct table *table = table_open(out, style, columns, 2);

	time.seconds = 1293840000;
	table_day(table, &time);
	table_hex(table, "\x00\xab", 2);
	table_end_row(table);
	table_day(table, NULL);
	table_end_row(table);
	CHECK(came_out(table, out, "day         hash\n2011-01-01  00ab\n\n"));
	style.csv = true;
	out = begin();
	table = table_open(out, style, columns, 2);
	table_day(table, &time);
	table_end_row(table);
	CHECK(came_out(table, out, "day,hash\n2011-01-01T00:00:00Z,\n"));
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		return 1;
	check_run("a statement that is off is found", test_statement_off);
	check_run("a statement foots", test_statement_foots);
	check_run("days that are no rising numbers are none", test_bad_days);
	check_run("an age finds its bucket", test_days);
	check_run("the newest payee counts", test_payees);
	check_run("a bank's file is whole, private, and has its hash", test_bank_file);
	check_run("a bank's file that cannot be written leaves nothing",
		  test_bank_file_fails);
	check_run("states, causes and refusals have words", test_words);
	check_run("an alarm is red", test_findings);
	check_run("a rate has the digits that it has", test_rates);
	check_run("a day and a hash are cells", test_days_and_hashes);
	free(printed);
	(void)rmdir(folder);
	return check_end();
}
