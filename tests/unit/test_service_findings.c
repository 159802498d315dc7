/*
 * test_service_findings.c -- what guards found, listed; and the guard sets.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "query/page.h"

static struct served_book book;

#define SCAN(name, lot)                                                                \
	"'custodyScanned':{'scan':'" name "','lot':'" lot "','region':'south'}"
#define COUNT(name, agent, counted)                                                    \
	"'stockCounted':{'count':'" name "','line':1,'holder':{'agent':'" agent        \
	"'},'sku':'oolong','counted':" counted "}"
#define KIT_FEE(name, agent, amount)                                                   \
	"'feeCharged':{'fee':'" name "','agent':'" agent                               \
	"','kind':'KIT','amount':" amount ",'isCondition':true}"

/* Lots are meant for the north, counts are to be right, joining is to be free; from
 * record 7 on guards are in force. */
static void
open_book(void)
{
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY_01 ",'bookOpened':{'book':'tea','currency':'CNY','exponent':2}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'oolong','revision':1}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'ann'}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'bea','sponsor':'ann'}},"
	    "{" DAY_01 ",'lotRegistered':{'lot':'L1','sku':'oolong','qty':9,"
	    "'intendedRegion':'north'}},"
	    "{" DAY_01 ",'lotRegistered':{'lot':'L2','sku':'oolong','qty':9,"
	    "'intendedRegion':'north'}},"
	    "{" DAY_01 ",'guardSetPublished':{'guardSet':'strict','version':1,"
	    "'approver':'desk','parameters':[{'name':'custody','choice':'FLAG'},"
	    "{'name':'count','choice':'FLAG'},{'name':'entry_fee','choice':'FLAG'}]}}");
}

/* Findings 1 to 3: L1 astray (red), ann's count (twice), ann's fee (red). */
static void
open_findings(void)
{
	open_book();
	served_book_append(
	    &book, "desk",
	    "{" DAY_02 "," SCAN("s1", "L1") "},{" DAY_02 "," COUNT(
		"c1", "ann", "5") "},{" DAY_03
				  "," KIT_FEE("f1", "ann", "100") "},"
								  "{" DAY_04
								  "," COUNT("c2", "ann",
									    "2") "}");
}

/* L1's first finding is resolved, and there is a second one, 4. */
static void
open_chain(void)
{
	open_findings();
	served_book_append(
	    &book, "desk",
	    "{" DAY_05 ",'findingAcknowledged':{'finding':'1','action':'a1','reason':'"
	    "we look'}},{" DAY_06 ",'findingResolved':{'finding':'1','action':'a2','"
	    "reason':'a friend took it','approver':'zoe'}},{" DAY_07
	    "," SCAN("s2", "L1") "}");
}

/* The numbers of the findings in a reply, each followed by a space. */
static const char *
numbers_of(const char *got)
{
	static char out[256];
	size_t n = 0;

	out[0] = '\0';
	while ((got = strstr(got, "'finding':'")) != NULL) {
		got += strlen("'finding':'");
		n += (size_t)snprintf(out + n, sizeof out - n, "%.*s ",
				      (int)strcspn(got, "'"), got);
	}
	return out;
}

static void
expect_numbers(const char *request, const char *want)
{
	const char *got = served_book_call(&book, "ListFindings", request);

	if (!CHECK(strcmp(numbers_of(got), want) == 0 && strstr(got, "'size'") != NULL))
		fprintf(stderr, "%s\n   got %s\n  want %s\n", request, got, want);
}

static void
expect(const char *method, const char *request, const char *want)
{
	served_money_expect(&book, method, request, want);
}

/* ------------------------------------------------------------------------ a finding */

#define FINDING_2                                                                      \
	"{'finding':'2','rule':'COUNT_DIFFERENCE','guard':'count','guardSet':'strict'" \
	",'guardSetVersion':1,'subjectKind':'agent','subject':'ann','state':'FINDING_" \
	"OPEN','count':'2','position':'8','lastPosition':'10','raisedAt':" TIME_02     \
	",'measured':'3','evidence':['8','10']}"

static void
test_a_finding(void)
{
	open_findings();
	served_money_expect(&book, "ListFindings", "{'rule':'COUNT_DIFFERENCE'}",
			    "{'size':'11','findings':[" FINDING_2 "]}");
	served_money_expect_part(
	    &book, "ListFindings", "{}",
	    "{'finding':'1','rule':'DIVERSION','guard':'custody','guardSet':'strict','"
	    "guardSetVersion':1,'subjectKind':'lot','subject':'L1','red':true,'state':'"
	    "FINDING_OPEN','count':'1','position':'7','lastPosition':'7','raisedAt'"
	    ":" TIME_02 ",'measured':'1','evidence':['7']}");
	served_money_expect_part(
	    &book, "ListFindings", "{}",
	    "'rule':'ENTRY_FEE','guard':'entry_fee','guardSet':'strict','"
	    "guardSetVersion':1,'subjectKind':'agent','subject':'ann','red':true");
	served_book_close(&book);
}

static void
test_steps(void)
{
	open_findings();
	served_book_append(&book, "desk",
			   "{" DAY_05 ",'findingAcknowledged':{'finding':'2','action':"
			   "'a1','reason':'we look'}}");
	served_money_expect_part(
	    &book, "ListFindings", "{'state':'FINDING_ACKNOWLEDGED'}",
	    "'acknowledgedPositionPlusOne':'12','reason':'we look'}");
	served_book_append(&book, "desk",
			   "{" DAY_06 ",'findingResolved':{'finding':'2','action':'a2'"
			   ",'reason':'found them'}}");
	served_money_expect_part(
	    &book, "ListFindings", "{'state':'FINDING_RESOLVED'}",
	    "'state':'FINDING_RESOLVED','count':'2','position':'8','lastPosition':'10'"
	    ",'raisedAt':" TIME_02 ",'measured':'3','evidence':['8','10'],'"
	    "acknowledgedPositionPlusOne':'12','resolvedPositionPlusOne':'13','reason'"
	    ":'found them'}");
	served_book_close(&book);
}

static void
test_bands(void)
{
	open_book();
	served_book_append(
	    &book, "shop",
	    "{" DAY_02 ",'priceBandSet':{'band':'b','revision':1,'sku':'oolong','"
	    "minPrice':50,'mode':'FLAG'}},"
	    "{" DAY_03 "," SALE("o1", "10", ",'deliveredAt':" TIME_03) "}");
	served_money_expect_part(
	    &book, "ListFindings", "{}",
	    "'findings':[{'finding':'1','rule':'PRICE_BAND','subjectKind':'agent','"
	    "subject':'bea','state':'FINDING_OPEN','count':'1','position':'8','"
	    "lastPosition':'8','raisedAt':" TIME_03
	    ",'measured':'10','limit':'50','evidence':['8']}]");
	served_book_close(&book);
}

/* Sixteen are kept. */
static void
test_evidence(void)
{
	char event[192];

	open_book();
	for (unsigned i = 1; i <= 18; i++) {
		(void)snprintf(event, sizeof event,
			       "{" DAY_02 ",'custodyScanned':{'scan':'s%u','lot':'L1',"
			       "'region':'south'}}",
			       i);
		served_book_append(&book, "desk", event);
	}
	served_money_expect_part(&book, "ListFindings", "{}",
				 "'count':'18','position':'7','lastPosition':'24'");
	served_money_expect_part(&book, "ListFindings", "{}", "'21','22']}]}");
	served_book_close(&book);
}

/* ---------------------------------------------------------------------- the listing */

static void
test_filters(void)
{
	open_chain();
	expect_numbers("{}", "4 3 2 ");
	expect_numbers("{'all':true}", "4 3 2 1 ");
	expect_numbers("{'redOnly':true}", "4 3 ");
	expect_numbers("{'redOnly':true,'all':true}", "4 3 1 ");
	expect_numbers("{'state':'FINDING_RESOLVED'}", "1 ");
	expect_numbers("{'state':'FINDING_OPEN','all':true}", "4 3 2 ");
	expect_numbers("{'state':'FINDING_ACKNOWLEDGED'}", "");
	expect_numbers("{'rule':'DIVERSION'}", "4 ");
	expect_numbers("{'rule':'FAKE_ORDER'}", "");
	expect_numbers("{'subjectKind':'agent','subject':'ann'}", "3 2 ");
	expect_numbers("{'subjectKind':'agent','subject':'bea'}", "");
	expect_numbers("{'subjectKind':'book'}", "");
	/* One rule and subject: the newest, and those before it. */
	expect_numbers("{'rule':'DIVERSION','subjectKind':'lot','subject':'L1'}", "4 ");
	expect_numbers(
	    "{'rule':'DIVERSION','subjectKind':'lot','subject':'L1','all':true}",
	    "4 1 ");
	expect_numbers(
	    "{'rule':'DIVERSION','subjectKind':'lot','subject':'L2','all':true}", "");
	expect_numbers("{'rule':'ENTRY_FEE','subjectKind':'agent','subject':'ann'}",
		       "3 ");
	served_book_close(&book);
}

static void
test_bad_requests(void)
{
	open_chain();
	expect("ListFindings", "{'rule':'SKU_UNKNOWN'}",
	       "INVALID_ARGUMENT RULE rule=20");
	expect("ListFindings", "{'rule':'RESTOCK_EXCEEDED'}",
	       "INVALID_ARGUMENT RULE rule=202");
	expect("ListFindings", "{'rule':-1}", "INVALID_ARGUMENT RULE rule=-1");
	expect("ListFindings", "{'state':4}", "INVALID_ARGUMENT STATE state=4");
	expect("ListFindings", "{'state':-1}", "INVALID_ARGUMENT STATE state=-1");
	expect("ListFindings", "{'subject':'ann'}",
	       "INVALID_ARGUMENT FIELD_MISSING subject_kind=");
	expect("ListFindings", "{'subjectKind':'agent'}",
	       "INVALID_ARGUMENT FIELD_MISSING subject=");
	expect("ListFindings", "{'subjectKind':'team','subject':'t'}",
	       "INVALID_ARGUMENT SUBJECT_KIND subject_kind=team");
	expect("ListFindings", "{'subjectKind':'book','subject':'tea'}",
	       "INVALID_ARGUMENT SUBJECT subject=tea");
	expect("ListFindings", "{'subjectKind':'agent','subject':'zed'}",
	       "NOT_FOUND AGENT_UNKNOWN subject=zed");
	expect("ListFindings", "{'subjectKind':'sku','subject':'zed'}",
	       "NOT_FOUND SKU_UNKNOWN subject=zed");
	expect("ListFindings", "{'subjectKind':'lot','subject':'zed'}",
	       "NOT_FOUND LOT_UNKNOWN subject=zed");
	expect("ListFindings", "{'subjectKind':'order','subject':'zed'}",
	       "NOT_FOUND ORDER_UNKNOWN subject=zed");
	expect("ListFindings", "{'subjectKind':'location','subject':'zed'}",
	       "NOT_FOUND HOLDER_UNKNOWN subject=zed");
	expect("ListFindings", "{'pageSize':1001}",
	       "INVALID_ARGUMENT PAGE_SIZE page_size=1001");
	expect("ListFindings", "{'pageToken':'f.1.5'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=f.1.5");
	expect("ListFindings", "{'pageToken':'g.1.1'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=g.1.1");
	/* Of another chain. */
	expect("ListFindings",
	       "{'rule':'DIVERSION','subjectKind':'lot','subject':'L1','pageToken':'"
	       "g.1.2'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=g.1.2");
	expect("ListFindings", "{'atLeastSize':'99'}",
	       "DEADLINE_EXCEEDED VIEW_BEHIND at_least_size=99");
	served_book_close(&book);
	served_book_open(&book);
	expect("ListFindings", "{}", "{}");
	served_book_close(&book);
}

/* What all pages of QUESTION (members of a request) give. */
static void
expect_pages(const char *question, const char *want)
{
	char token[DBK_TOKEN_BYTES] = "", request[256], all[64] = "";
	const char *next;
	unsigned pages = 0;

	do {
		const char *got;

		(void)snprintf(request, sizeof request,
			       "{%s'pageSize':1,'pageToken':'%s'}", question, token);
		got = served_book_call(&book, "ListFindings", request);
		(void)snprintf(all + strlen(all), sizeof all - strlen(all), "%s",
			       numbers_of(got));
		next = strstr(got, "'nextPageToken':'");
		if (next != NULL)
			(void)snprintf(token, sizeof token, "%.*s",
				       (int)strcspn(next + 17, "'"), next + 17);
	} while (next != NULL && ++pages < 9);
	if (!CHECK(strcmp(all, want) == 0))
		fprintf(stderr, "%s\n   got %s\n  want %s\n", question, all, want);
}

static void
test_pages(void)
{
	open_chain();
	expect_pages("'all':true,", "4 3 2 1 ");
	expect_pages("", "4 3 2 ");
	expect_pages(
	    "'all':true,'rule':'DIVERSION','subjectKind':'lot','subject':'L1',",
	    "4 1 ");
	served_book_close(&book);
}

/* ----------------------------------------------------------------------- guard sets */

#define SET_1                                                                          \
	"{'guardSet':'strict','version':1,'position':'6','validFrom':" TIME_01         \
	",'approver':'desk','parameters':[{'name':'custody','choice':'FLAG'},{'name'"  \
	":'count','choice':'FLAG'},{'name':'entry_fee','choice':'FLAG'}]"
#define SET_2                                                                          \
	"{'guardSet':'strict','version':2,'position':'7','validFrom':" TIME_05         \
	",'parameters':[{'name':'max_units','value':'9','sku':'oolong'}]"
#define SET_OTHER "{'guardSet':'mild','version':1,'position':'8','validFrom':" TIME_03

static void
test_guard_sets(void)
{
	open_book();
	expect("ListGuardSets", "{}",
	       "{'size':'7','guardSets':[" SET_1 ",'inForce':true}]}");
	served_book_append(
	    &book, "erp",
	    "{" DAY_02 ",'guardSetPublished':{'guardSet':'strict','version':2,'"
	    "validFrom':" TIME_05 ",'parameters':[{'name':'max_units','value':9,'sku'"
	    ":'oolong'}]}},{" DAY_03 ",'guardSetPublished':{'guardSet':'mild','version'"
	    ":1}}");
	expect("ListGuardSets", "{}",
	       "{'size':'9','guardSets':[" SET_1 "}," SET_2 "}," SET_OTHER
	       ",'inForce':true}]}");
	expect("ListGuardSets", "{'guardSet':'strict'}",
	       "{'size':'9','guardSets':[" SET_1 "}," SET_2 "}]}");
	/* What begins later takes over by the clock. */
	served_book_append(&book, "erp", "{" DAY_05 ",'clockAdvanced':{}}");
	expect("ListGuardSets", "{'guardSet':'strict'}",
	       "{'size':'10','guardSets':[" SET_1 "}," SET_2 ",'inForce':true}]}");
	expect("ListGuardSets", "{'guardSet':'zed'}",
	       "NOT_FOUND GUARD_SET_UNKNOWN guard_set=zed");
	/* A word of the book that is no guard set. */
	expect("ListGuardSets", "{'guardSet':'FLAG'}",
	       "NOT_FOUND GUARD_SET_UNKNOWN guard_set=FLAG");
	served_book_close(&book);
	served_book_open(&book);
	expect("ListGuardSets", "{}", "{}");
	served_book_close(&book);
}

int
main(void)
{
	check_run("a finding says who, what, since when, and by which records",
		  test_a_finding);
	check_run("what was done about a finding is told with its reason", test_steps);
	check_run("a finding of a price band has no guard set", test_bands);
	check_run("the first sixteen records are evidence", test_evidence);
	check_run("findings are listed by rule, subject, state and colour",
		  test_filters);
	check_run("requests that cannot be meant are told", test_bad_requests);
	check_run("findings come in pages, newest first", test_pages);
	check_run("guard sets show what they say and which one is in force",
		  test_guard_sets);
	return check_end();
}
