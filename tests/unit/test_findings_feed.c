/*
 * test_findings_feed.c -- WatchFindings, step by step.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "service/findings_feed.h"
#include <daybook/limits.h>

static struct served_book book;

/* The last step. */
static bool at_head, done;

/* A red finding on LOT. */
#define SCAN(name, lot)                                                                \
	"'custodyScanned':{'scan':'" name "','lot':'" lot "','region':'south'}"
/* An amber one. */
#define UNSEAL(name, lot)                                                              \
	"'custodyScanned':{'scan':'" name "','lot':'" lot "','sealBroken':true}"

/* Six records; lots L1 to L3 are meant for the north. */
static void
open_book(void)
{
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY_01 ",'bookOpened':{'book':'tea','currency':'CNY','exponent':2}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'oolong','revision':1}},"
	    "{" DAY_01 ",'lotRegistered':{'lot':'L1','sku':'oolong','qty':9,"
	    "'intendedRegion':'north'}},"
	    "{" DAY_01 ",'lotRegistered':{'lot':'L2','sku':'oolong','qty':9,"
	    "'intendedRegion':'north'}},"
	    "{" DAY_01 ",'lotRegistered':{'lot':'L3','sku':'oolong','qty':9,"
	    "'intendedRegion':'north'}},"
	    "{" DAY_01 ",'guardSetPublished':{'guardSet':'strict','version':1,"
	    "'parameters':[{'name':'custody','choice':'FLAG'}]}}");
}

/* 1 on L1 (red), 2 on L2 (amber), 3 on L3 (red), by records 6 to 8. */
static void
open_findings(void)
{
	open_book();
	served_book_append(&book, "desk",
			   "{" DAY_02 "," SCAN("s1", "L1") "},{" DAY_02 "," UNSEAL(
			       "s2", "L2") "},{" DAY_02 "," SCAN("s3", "L3") "}");
}

static void
acknowledge(const char *finding)
{
	char event[160];

	(void)snprintf(event, sizeof event,
		       "{" DAY_03 ",'findingAcknowledged':{'finding':'%s','action':"
		       "'a%s'}}",
		       finding, finding);
	served_book_append(&book, "desk", event);
}

static void
resolve(const char *finding)
{
	char event[160];

	(void)snprintf(event, sizeof event,
		       "{" DAY_03 ",'findingResolved':{'finding':'%s','action':'r%s',"
		       "'reason':'done'}}",
		       finding, finding);
	served_book_append(&book, "desk", event);
}

static struct dbk_findings_feed *
open_feed(const char *request)
{
	struct dbk_findings_feed *feed = NULL;
	struct dbk_buf bytes;

	dbk_buf_init(&bytes);
	served_book_message("WatchFindingsRequest", request, &bytes);
	CHECK_INT(dbk_findings_feed_open(dbk_str_make(bytes.bytes, bytes.size),
					 served_book_size(&book), &feed, &book.answer),
		  DBK_GRPC_OK);
	dbk_buf_fini(&bytes);
	if (feed == NULL)
		abort();
	return feed;
}

/* One step: the chunk as JSON, "-" if there was none. */
static const char *
step(struct dbk_findings_feed *feed)
{
	dbk_buf_reset(&book.reply);
	if (dbk_service_watch_findings(book.service, feed, &book.reply, &at_head, &done,
				       &book.answer) != DBK_GRPC_OK)
		return served_book_status(&book, &book.answer);
	if (book.reply.size == 0)
		return "-";
	return served_book_text(&book, "FindingsChunk",
				dbk_str_make(book.reply.bytes, book.reply.size));
}

/* The numbers of the findings of the next step, and where to resume: "1 3 @9". */
static const char *
step_short(struct dbk_findings_feed *feed)
{
	static char out[4096];
	const char *got = step(feed), *at = got;
	size_t n = 0;

	if (strcmp(got, "-") == 0 || strstr(got, "'nextPosition'") == NULL)
		return got;
	out[0] = '\0';
	while ((at = strstr(at, "{'finding':'")) != NULL) {
		at += strlen("{'finding':'");
		n += (size_t)snprintf(out + n, sizeof out - n, "%.*s ",
				      (int)strcspn(at, "'"), at);
	}
	at = strstr(got, "'nextPosition':'") + strlen("'nextPosition':'");
	(void)snprintf(out + n, sizeof out - n, "@%.*s", (int)strcspn(at, "'"), at);
	return out;
}

static void
expect_step(struct dbk_findings_feed *feed, const char *want)
{
	const char *got = step_short(feed);

	if (!CHECK(strcmp(got, want) == 0))
		fprintf(stderr, "   got %s\n  want %s\n", got, want);
}

/* --------------------------------------------------------------------------- opening
 */

static void
expect_refused(const char *bytes, size_t size, const char *want)
{
	struct dbk_findings_feed *feed = NULL;

	CHECK(dbk_findings_feed_open(dbk_str_make(bytes, size), served_book_size(&book),
				     &feed, &book.answer) != DBK_GRPC_OK);
	CHECK(feed == NULL);
	if (!CHECK(strcmp(served_book_status(&book, &book.answer), want) == 0))
		fprintf(stderr, "   got %s\n", (const char *)book.text.bytes);
}

static void
test_bad_requests(void)
{
	static char large[DBK_SERVICE_REQUEST_BYTES_MAX + 1];

	open_book();
	expect_refused("\x08\x07", 2, "OUT_OF_RANGE POSITION from_position=7 size=6");
	expect_refused("\x08", 1, "INVALID_ARGUMENT MALFORMED_REQUEST");
	expect_refused(large, sizeof large, "RESOURCE_EXHAUSTED LIMIT request=65537");
	dbk_findings_feed_close(NULL);
	served_book_close(&book);
}

/* ------------------------------------------------------------------------- watching */

static void
test_nothing_found(void)
{
	struct dbk_findings_feed *feed;

	open_book();
	feed = open_feed("{}");
	expect_step(feed, "@6");
	CHECK(at_head && !done);
	expect_step(feed, "-");
	CHECK(at_head && !done);
	CHECK_INT(dbk_findings_feed_position(feed), 6);
	dbk_findings_feed_close(feed);
	served_book_close(&book);

	served_book_open(&book);
	feed = open_feed("{'once':true}");
	CHECK(strcmp(step(feed), "-") == 0);
	CHECK(at_head && done);
	dbk_findings_feed_close(feed);
	served_book_close(&book);
}

static void
test_changes(void)
{
	struct dbk_findings_feed *feed;

	open_findings();
	feed = open_feed("{}");
	expect_step(feed, "1 2 3 @9");
	CHECK(at_head && !done);
	expect_step(feed, "-");
	/* Added to; acknowledged; resolved; raised again. */
	served_book_append(&book, "desk", "{" DAY_03 "," UNSEAL("s4", "L2") "}");
	expect_step(feed, "2 @10");
	acknowledge("3");
	expect_step(feed, "3 @11");
	resolve("1");
	expect_step(feed, "1 @12");
	served_book_append(&book, "desk", "{" DAY_03 "," SCAN("s5", "L1") "}");
	expect_step(feed, "4 @13");
	/* What changes nothing is not told, but has been looked at. */
	served_book_append(&book, "desk", "{" DAY_03 ",'clockAdvanced':{}}");
	expect_step(feed, "-");
	CHECK_INT(dbk_findings_feed_position(feed), 14);
	/* All at once come in the order of their numbers. */
	acknowledge("4");
	resolve("3");
	acknowledge("2");
	expect_step(feed, "2 3 4 @17");
	dbk_findings_feed_close(feed);
	served_book_close(&book);
}

static void
test_as_they_stand(void)
{
	struct dbk_findings_feed *feed;
	const char *got;

	open_findings();
	resolve("3");
	feed = open_feed("{'fromPosition':'8','once':true}");
	got = step(feed);
	if (!CHECK(strcmp(got,
			  "{'nextPosition':'10','findings':[{'finding':'3','rule':'"
			  "DIVERSION','guard':'custody','guardSet':'strict','"
			  "guardSetVersion':1,'subjectKind':'lot','subject':'L3','red'"
			  ":true,'state':'FINDING_RESOLVED','count':'1','position':'8'"
			  ",'lastPosition':'8','raisedAt':" TIME_02
			  ",'measured':'1','evidence':['8'],'"
			  "resolvedPositionPlusOne':'10','reason':'done'}]}") == 0))
		fprintf(stderr, "   got %s\n", got);
	CHECK(at_head && done);
	dbk_findings_feed_close(feed);
	served_book_close(&book);
}

static void
test_from(void)
{
	static const struct {
		const char *request, *want;
	} cases[] = {
		{ "{'fromPosition':'0','once':true}", "1 2 3 @10" },
		{ "{'fromPosition':'6','once':true}", "1 2 3 @10" },
		{ "{'fromPosition':'7','once':true}", "1 2 3 @10" },
		{ "{'fromPosition':'8','once':true}", "1 3 @10" },
		{ "{'fromPosition':'9','once':true}", "1 @10" },
		{ "{'fromPosition':'10','once':true}", "@10" },
		{ "{'redOnly':true,'once':true}", "1 3 @10" },
	};

	open_findings();
	acknowledge("1");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dbk_findings_feed *feed = open_feed(cases[i].request);

		expect_step(feed, cases[i].want);
		CHECK(at_head && done);
		dbk_findings_feed_close(feed);
	}
	served_book_close(&book);
}

/* What was resolved is not gone through again, whatever stands behind it. */
static void
test_resolved_ones(void)
{
	struct dbk_findings_feed *feed;

	open_findings();
	resolve("1");
	feed = open_feed("{}");
	expect_step(feed, "1 2 3 @10");
	resolve("2");
	expect_step(feed, "2 @11");
	served_book_append(&book, "desk", "{" DAY_03 "," SCAN("s4", "L3") "}");
	expect_step(feed, "3 @12");
	resolve("3");
	expect_step(feed, "3 @13");
	served_book_append(&book, "desk",
			   "{" DAY_03 "," SCAN("s5", "L3") "},{" DAY_03
							   "," SCAN("s6", "L1") "}");
	expect_step(feed, "4 5 @15");
	dbk_findings_feed_close(feed);
	served_book_close(&book);
}

/* --------------------------------------------------------------------- many findings
 */

#define LOTS 250u

/* A finding on each of LOTS lots. */
static void
open_lots(void)
{
	struct dbk_buf events;

	open_book();
	dbk_buf_init(&events);
	for (unsigned i = 0; i < LOTS; i++)
		dbk_buf_printf(
		    &events,
		    "%s{" DAY_01 ",'lotRegistered':{'lot':'M%u','sku':'oolong','qty':9,"
		    "'intendedRegion':'north'}},{" DAY_02
		    ",'custodyScanned':{'scan':'m%u','lot':'M%u','region':'south'}}",
		    i == 0 ? "" : ",", i, i, i);
	dbk_buf_put_u8(&events, '\0');
	served_book_append(&book, "desk", (const char *)events.bytes);
	dbk_buf_fini(&events);
}

/* How many findings a reply has. */
static unsigned
count_found(const char *got)
{
	unsigned n = 0;

	while ((got = strstr(got, "{'finding':'")) != NULL) {
		got++;
		n++;
	}
	return n;
}

/* A change between the steps of a pass, of a finding that the pass has told. */
static void
change_first(struct served_book *served)
{
	served->before_ask = NULL;
	acknowledge("1");
}

static void
test_many(void)
{
	struct dbk_findings_feed *feed;

	open_lots();
	feed = open_feed("{}");
	CHECK_INT(count_found(step(feed)), 100);
	CHECK(!at_head && !done);
	/* Until the pass is through, a watch that breaks off begins again. */
	CHECK_INT(dbk_findings_feed_position(feed), 0);
	book.before_ask = change_first;
	CHECK_INT(count_found(step(feed)), 100);
	CHECK_INT(count_found(step(feed)), 50);
	CHECK(at_head);
	CHECK_INT(dbk_findings_feed_position(feed), 6 + 2 * LOTS);
	/* What changed behind its back comes with the next pass. */
	expect_step(feed, "1 @507");
	expect_step(feed, "-");
	dbk_findings_feed_close(feed);
	served_book_close(&book);
}

static void
test_failures(void)
{
	struct dbk_findings_feed *feed;
	struct dbk_buf reply;

	open_findings();
	feed = open_feed("{}");
	book.is_stopping = true;
	CHECK(strcmp(step(feed), "UNAVAILABLE STOPPING") == 0);
	CHECK_INT(book.reply.size, 0);
	book.is_stopping = false;
	expect_step(feed, "1 2 3 @9");
	dbk_buf_init(&reply);
	dbk_findings_feed_heartbeat(feed, &reply);
	CHECK(strcmp(served_book_text(&book, "FindingsChunk",
				      dbk_str_make(reply.bytes, reply.size)),
		     "{'nextPosition':'9'}") == 0);
	dbk_buf_fini(&reply);
	dbk_findings_feed_close(feed);
	served_book_close(&book);
}

int
main(void)
{
	check_run("a watch begins within the log", test_bad_requests);
	check_run("a watch says once that there is nothing", test_nothing_found);
	check_run("every step in the life of a finding is told", test_changes);
	check_run("findings are told as they stand", test_as_they_stand);
	check_run("a watch begins where the client left off", test_from);
	check_run("resolved findings are left behind", test_resolved_ones);
	check_run("many findings come in chunks, and none is missed", test_many);
	check_run("a step that fails can be taken again", test_failures);
	return check_end();
}
