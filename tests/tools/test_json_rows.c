#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/v1/service.pb-c.h>

#include "../tests/lib/check.h"
#include "json_rows.h"
#include "names.h"
#include "progress.h"

static char *printed;
static size_t printed_size;
static FILE *out;

static void
begin(void)
{
	free(printed);
	printed = NULL;
	out = open_memstream(&printed, &printed_size);
}

static bool
came_out(const char *want)
{
	(void)fclose(out);
	if (strcmp(printed, want) == 0)
		return true;
	printf("got:\n%s\nwant:\n%s\n", printed, want);
	return false;
}

static void
test_pages_are_one_object(void)
{
	Daybook__V1__ListRefusalsReply reply = DAYBOOK__V1__LIST_REFUSALS_REPLY__INIT;
	Daybook__V1__RefusalCount count = DAYBOOK__V1__REFUSAL_COUNT__INIT;
	struct json_rows rows;

	begin();
	json_rows_init(&rows, out, false, false);
	reply.size = 7;
	json_rows_begin(&rows, &reply.base, "counts");
	count.rule = DAYBOOK__V1__RULE__CONFLICT;
	json_rows_put(&rows, &count.base);
	json_rows_begin(&rows, &reply.base, "counts");
	json_rows_put(&rows, &count.base);
	json_rows_end(&rows, NULL);
	CHECK(came_out("{\"size\":\"7\",\"counts\":[\n"
		       "{\"rule\":\"CONFLICT\",\"count\":\"0\",\"firstPosition\":\"0\","
		       "\"lastPosition\":\"0\"},\n"
		       "{\"rule\":\"CONFLICT\",\"count\":\"0\",\"firstPosition\":\"0\","
		       "\"lastPosition\":\"0\"}\n"
		       "]}\n"));
}

static void
test_token_and_tail(void)
{
	Daybook__V1__ListBalancesReply reply = DAYBOOK__V1__LIST_BALANCES_REPLY__INIT;
	struct json_rows rows;

	begin();
	json_rows_init(&rows, out, false, true);
	reply.currency = "\"balances\":[]";
	reply.next_page_token = "first";
	json_rows_begin(&rows, &reply.base, "balances");
	CHECK(strcmp(reply.next_page_token, "first") == 0);
	json_rows_end(&rows, "the \"next\"");
	CHECK(came_out("{\"size\":\"0\",\"balances\":[],\"nextPageToken\":"
		       "\"the \\\"next\\\"\",\"currency\":\"\\\"balances\\\":[]\","
		       "\"exponent\":0}\n"));
}

static void
test_events_as_sent(void)
{
	Daybook__V1__LoggedEvent record = DAYBOOK__V1__LOGGED_EVENT__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;
	Daybook__V1__AgentEnrolled body = DAYBOOK__V1__AGENT_ENROLLED__INIT;
	struct json_rows rows;

	body.agent = "A";
	event.body_case = DAYBOOK__V1__EVENT__BODY_AGENT_ENROLLED;
	event.agent_enrolled = &body;
	record.event = &event;
	begin();
	json_rows_init(&rows, out, true, false);
	json_rows_put(&rows, &record.base);
	json_rows_end(&rows, NULL);
	CHECK(record.event == &event);
	CHECK(came_out(
	    "{\"position\":\"0\",\"source\":\"\",\"batchSeq\":\"0\",\"index\":0,"
	    "\"outcome\":\"OUTCOME_UNSPECIFIED\","
	    "\"event\":{\"agentEnrolled\":{\"agent\":\"A\"}}}\n"));
}

static void
test_strings(void)
{
	begin();
	json_rows_string(out, dbk_str_of("a\"b\\c\n\x01"));
	json_rows_string(out, dbk_str_of("\xc3\xa9"));
	json_rows_string(out, dbk_str_of("\xff"));
	CHECK(came_out("\"a\\\"b\\\\c\\u000a\\u0001\"\"\xc3\xa9\"\"?\""));
}

static void
test_event_names(void)
{
	const char *nearest = NULL;

	CHECK_INT(names_event_number("SaleRecorded", &nearest), 301);
	CHECK_INT(names_event_number("sale_recorded", &nearest), 301);
	CHECK_INT(names_event_number("301", &nearest), 301);
	CHECK_INT(names_event_number("300", &nearest), 300);
	CHECK_INT(names_event_number("999", &nearest), 0);
	CHECK_INT(names_event_number("900", &nearest), 0);
	CHECK_INT(names_event_number("2", &nearest), 0);
	CHECK_INT(names_event_number("SaleRecoded", &nearest), 0);
	CHECK(nearest != NULL && strcmp(nearest, "SaleRecorded") == 0);
}

static void
test_unknown_numbers(void)
{
	char memory[NAMES_BYTES];

	CHECK(strcmp(names_rule((Daybook__V1__Rule)9999, memory), "9999") == 0);
	CHECK(strcmp(names_rule(DAYBOOK__V1__RULE__CONFLICT, memory), "CONFLICT") == 0);
	CHECK(strcmp(names_event_type(NULL), "-") == 0);
	CHECK(strcmp(names_event_id(NULL), "") == 0);
}

static void
test_progress_line(void)
{
	struct progress_state state = { "append", 50, 100, 1000, "events", "" };
	char line[128];

	progress_format(&state, 2.0, 80, line, sizeof line);
	CHECK(strcmp(line, "append  [##########----------]  50%  1000 events  500/s  "
			   "0:02 left") == 0);
	progress_format(&state, 2.0, 20, line, sizeof line);
	CHECK_INT(strlen(line), 19);
	state.total = 0;
	state.note = "3 refused";
	progress_format(&state, 2.0, 80, line, sizeof line);
	CHECK(strcmp(line, "append  1000 events  500/s  3 refused") == 0);
	state.total = 10; /* the file has grown meanwhile */
	progress_format(&state, 2.0, 80, line, sizeof line);
	CHECK(strstr(line, "100%") != NULL);
}

int
main(void)
{
	check_run("the pages of a listing are one object", test_pages_are_one_object);
	check_run("what stands behind the rows stays, with the token",
		  test_token_and_tail);
	check_run("an event in a row is as it was sent", test_events_as_sent);
	check_run("a string is escaped", test_strings);
	check_run("an event is found by name, number and family", test_event_names);
	check_run("a number without name is a number", test_unknown_numbers);
	check_run("a progress line fits", test_progress_line);
	free(printed);
	return check_end();
}
