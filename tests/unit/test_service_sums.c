/*
 * test_service_sums.c -- questions about the network as a whole: sell-in against
 * sell-through, tiers, cohorts, and the score card.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "query/page.h"

static struct served_book book;

#define ISSUE(name, agent, sku, qty, price, more)                                      \
	"'stockIssued':{'transfer':'" name "','to':{'agent':'" agent                   \
	"'},'lines':[{'line':1,'sku':'" sku "','qty':" qty ",'unitPrice':" price       \
	"}]" more "}"
#define PASS(name, from, to, sku, qty, price)                                          \
	"'stockTransferred':{'transfer':'" name "','from':{'agent':'" from             \
	"'},'to':{'agent':'" to "'},'lines':[{'line':1,'sku':'" sku "','qty':" qty     \
	",'unitPrice':" price "}]}"
#define SELL(order, seller, buyer, sku, qty, price, paid, at)                          \
	"'saleRecorded':{'order':'" order "','seller':'" seller "','buyer':'" buyer    \
	"','fulfilment':'HOLDER_SHIP','lines':[{'line':1,'sku':'" sku "','qty':" qty   \
	",'unitPrice':" price "}],'paid':" paid ",'psp':'wx','pspTxn':'" order         \
	"','deliveredAt':" at "}"
#define MARCH "'2026-03-04T00:00:00Z'"

/*
 * ann (enrolled in January) gets 20 oolong at 60 on the 2nd, passes 8 on to bea
 * (February) at 80 on February 1st, who sells 2 at 100 to kim, a stranger, and 1 at 120
 * to lou, who is bound to her, on the same day, March 4th; ann gets 5 puer at 10 then,
 * in the cloud.
 */
static void
open_book(void)
{
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY_01 ",'bookOpened':{'book':'tea','currency':'CNY','exponent':2}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'oolong','revision':1,'listPrice':150,"
	    "'factoryPrice':30}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'puer','revision':1,'listPrice':9}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'ann'}},"
	    "{" DAY_02 "," ISSUE(
		"t1", "ann", "oolong", "20", "60",
		"") "},"
		    "{'effectiveAt':'2026-02-01T00:00:00Z','agentEnrolled':{'agent':'"
		    "bea'}},"
		    "{'effectiveAt':'2026-02-01T00:00:00Z'," PASS(
			"t2", "ann", "bea", "oolong", "8",
			"80") "},"
			      "{'effectiveAt':'2026-02-02T00:00:00Z','customerBound':{'"
			      "binding':'b1',"
			      "'customer':'lou','agent':'bea'}},"
			      "{'effectiveAt':" MARCH "," SELL(
				  "o1", "bea", "kim", "oolong", "2", "100", "200",
				  MARCH) "},"
					 "{'effectiveAt':" MARCH "," SELL(
					     "o2", "bea", "lou", "oolong", "1", "120",
					     "120",
					     MARCH) "},"
						    "{'effectiveAt':" MARCH "," ISSUE(
							"t3", "ann", "puer", "5", "10",
							",'place':'CLOUD'") "}");
}

static void
expect(const char *method, const char *request, const char *want)
{
	served_money_expect(&book, method, request, want);
}

/* ----------------------------------------------------------------------- the network
 */

#define JANUARY                                                                        \
	"{'period':'2026-01','issued':'20','multiCountPpm':'-1','friendPrice':'-1','"  \
	"strangerPrice':'-1'}"
#define FEBRUARY                                                                       \
	"{'period':'2026-02','passed':'8','sellThroughPpm':'-1','multiCountPpm':'-1'," \
	"'friendPrice':'-1','strangerPrice':'-1'}"
#define MARCH_ROW                                                                      \
	"{'period':'2026-03','issued':'5','sold':'3','retail':'3','sellThroughPpm':"   \
	"'600000','multiCountPpm':'1666666','friendPrice':'120','strangerPrice':'100'" \
	"}"

static void
test_network(void)
{
	open_book();
	expect("ListNetwork", "{}",
	       "{'size':'11','rows':[" JANUARY "," FEBRUARY "," MARCH_ROW "]," CNY "}");
	expect("ListNetwork", "{'period':'NETWORK_WHOLE'}",
	       "{'size':'11','rows':[{'issued':'25','passed':'8','sold':'3','retail':'3"
	       "','sellThroughPpm':'120000','multiCountPpm':'11000000','friendPrice':'"
	       "120','strangerPrice':'100'}]," CNY "}");
	expect("ListNetwork", "{'period':'NETWORK_WHOLE','bySku':true}",
	       "{'size':'11','rows':[{'sku':'oolong','issued':'20','passed':'8','sold':"
	       "'3','retail':'3','sellThroughPpm':'150000','multiCountPpm':'9333333','"
	       "friendPrice':'120','strangerPrice':'100'},{'sku':'puer','issued':'5','"
	       "multiCountPpm':'-1','friendPrice':'-1','strangerPrice':'-1'}]," CNY
	       "}");
	expect("ListNetwork", "{'sku':'puer','period':'NETWORK_DAY'}",
	       "{'size':'11','rows':[{'period':'2026-03-04','sku':'puer','issued':'5','"
	       "multiCountPpm':'-1','friendPrice':'-1','strangerPrice':'-1'}]," CNY
	       "}");
	served_book_close(&book);
}

static void
test_network_days(void)
{
	open_book();
	expect("ListNetwork", "{'from':'2026-02-01','to':'2026-02-01'}",
	       "{'size':'11','rows':[" FEBRUARY "]," CNY "}");
	expect("ListNetwork", "{'to':'2026-01-31'}",
	       "{'size':'11','rows':[" JANUARY "]," CNY "}");
	expect("ListNetwork", "{'from':'2026-03-05'}", "{'size':'11'," CNY "}");
	expect("ListNetwork", "{'from':'2026-03-01','to':'2026-02-01'}",
	       "{'size':'11'," CNY "}");
	expect("ListNetwork", "{'from':'2026-02-30'}",
	       "INVALID_ARGUMENT TIME from=2026-02-30");
	expect("ListNetwork", "{'to':'2026-2-3'}", "INVALID_ARGUMENT TIME to=2026-2-3");
	expect("ListNetwork", "{'to':'2026-02-03T'}",
	       "INVALID_ARGUMENT TIME to=2026-02-03T");
	expect("ListNetwork", "{'period':4}", "INVALID_ARGUMENT PERIOD period=4");
	expect("ListNetwork", "{'period':-1}", "INVALID_ARGUMENT PERIOD period=-1");
	expect("ListNetwork", "{'sku':'zed'}", "NOT_FOUND SKU_UNKNOWN sku=zed");
	expect("ListNetwork", "{'pageToken':'m.1.1'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=m.1.1");
	served_book_close(&book);
}

/* Rows come into being in another order than their days. */
static void
test_network_pages(void)
{
	static const char *const days[] = { "2026-01-02 oolong", "2026-02-01 oolong",
					    "2026-03-04 oolong", "2026-03-04 puer" };
	char token[DBK_TOKEN_BYTES] = "", request[160];
	unsigned n = 0;

	open_book();
	/* Late: January has nothing new, but a row of the 2nd more. */
	served_book_append(&book, "erp",
			   "{" DAY_02
			   "," ISSUE("t4", "ann", "oolong", "1", "60", "") "}");
	do {
		const char *got, *next;
		char want[64];

		(void)snprintf(request, sizeof request,
			       "{'period':'NETWORK_DAY','bySku':true,'pageSize':1,'"
			       "pageToken':'%s'}",
			       token);
		got = served_book_call(&book, "ListNetwork", request);
		(void)snprintf(want, sizeof want, "[{'period':'%.10s','sku':'%s'",
			       days[n], days[n] + 11);
		if (!CHECK(strstr(got, want) != NULL))
			fprintf(stderr, "   got %s\n  want %s\n", got, want);
		next = strstr(got, "'nextPageToken':'");
		token[0] = '\0';
		if (next != NULL)
			(void)snprintf(token, sizeof token, "%.*s",
				       (int)strcspn(next + 17, "'"), next + 17);
	} while (++n < 4 && token[0] != '\0');
	CHECK_INT(n, 4);
	CHECK(token[0] == '\0');
	served_book_close(&book);
}

/* ----------------------------------------------------------------------------- tiers
 */

#define TIER_1                                                                         \
	"{'tier':1,'holders':'1','stock':'12','boughtUnits':'20','boughtValue':'1200'" \
	",'passedUnits':'8','passedValue':'640','boughtAt':'60','passedAt':'80','"     \
	"soldAt':'-1'}"
#define TIER_2                                                                         \
	"{'tier':2,'holders':'1','stock':'5','boughtUnits':'8','boughtValue':'640','"  \
	"soldUnits':'3','soldValue':'320','boughtAt':'80','passedAt':'-1','soldAt':'"  \
	"106','daysToReach':'30'}"

static void
test_tiers(void)
{
	open_book();
	expect("ListTiers", "{'sku':'oolong'}",
	       "{'size':'11','tiers':[" TIER_1 "," TIER_2
	       "],'factoryPrice':'30','listPrice':'150'," CNY "}");
	expect("ListTiers", "{}",
	       "{'size':'11','tiers':[{'tier':1,'holders':'1','stock':'17','"
	       "boughtUnits':'25','boughtValue':'1250','passedUnits':'8','passedValue':"
	       "'640','boughtAt':'50','passedAt':'80','soldAt':'-1'}," TIER_2 "]," CNY
	       "}");
	expect("ListTiers", "{'sku':'zed'}", "NOT_FOUND SKU_UNKNOWN sku=zed");
	served_book_close(&book);
	served_book_open(&book);
	expect("ListTiers", "{}", "{}");
	served_book_close(&book);
}

/* Of two the lower one; a second place or lot of a holder counts once, the first. */
static void
test_medians(void)
{
	open_book();
	served_book_append(
	    &book, "erp",
	    "{'effectiveAt':" MARCH ",'agentEnrolled':{'agent':'cy'}},"
	    "{'effectiveAt':'2026-03-14T00:00:00Z'," ISSUE(
		"t5", "cy", "oolong", "1", "60",
		"") "},"
		    "{'effectiveAt':'2026-03-15T00:00:00Z'," ISSUE(
			"t6", "cy", "oolong", "1", "60", ",'place':'CLOUD'") "}");
	/* ann: 0 days, cy: 71 */
	served_money_expect_part(&book, "ListTiers", "{'sku':'oolong'}",
				 "{'tier':1,'holders':'2','stock':'14',");
	served_money_expect_part(&book, "ListTiers", "{'sku':'oolong'}",
				 "'passedAt':'80','soldAt':'-1'},{'tier':2");
	served_book_append(
	    &book, "erp",
	    "{'effectiveAt':'2026-03-16T00:00:00Z','agentEnrolled':{'agent':'di'}},"
	    "{'effectiveAt':'2026-03-16T00:00:00Z'," ISSUE("t7", "di", "oolong", "1",
							   "60", "") "}");
	served_money_expect_part(&book, "ListTiers", "{'sku':'oolong'}",
				 "'soldAt':'-1','daysToReach':'71'},{'tier':2");
	served_book_close(&book);
}

/* --------------------------------------------------------------------------- cohorts
 */

static void
test_cohorts(void)
{
	open_book();
	expect("ListCohorts", "{}",
	       "{'size':'11','cohorts':[{'month':'2026-01','agents':1,'ages':[{'bought'"
	       ":'20','active':1},{'age':1},{'age':2,'bought':'5','active':1}]},{'month"
	       "':'2026-02','agents':1,'ages':[{'bought':'8','active':1},{'age':1,'sold"
	       "':'3','active':1}]}]}");
	served_book_close(&book);

	/* Thirteen ages at most; an earlier month that is told later stands first. */
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    "{'effectiveAt':'2025-01-01T00:00:00Z','bookOpened':{'book':'tea',"
	    "'currency':'CNY','exponent':2}},"
	    "{'effectiveAt':'2026-12-31T00:00:00Z','agentEnrolled':{'agent':'ann'}},"
	    "{'effectiveAt':'2025-02-01T00:00:00Z','agentEnrolled':{'agent':'bea'}}");
	expect("ListCohorts", "{}",
	       "{'size':'3','cohorts':[{'month':'2025-02','agents':1,'ages':[{},{'age':"
	       "1},{'age':2},{'age':3},{'age':4},{'age':5},{'age':6},{'age':7},{'age':8"
	       "},{'age':9},{'age':10},{'age':11},{'age':12}]},{'month':'2026-12','"
	       "agents':1,'ages':[{}]}]}");
	served_book_close(&book);
	served_book_open(&book);
	expect("ListCohorts", "{}", "{}");
	served_book_close(&book);
}

/* -------------------------------------------------------------------------- the card
 */

/* NUMBER of the card is VALUE. */
static void
expect_number(const char *number, const char *value)
{
	char with[96], without[96];
	const char *got = served_book_call(&book, "GetScorecard", "{}"), *at;
	bool fits;

	(void)snprintf(with, sizeof with, "'value':'%s'", value);
	(void)snprintf(without, sizeof without, "{'name':'%s','unit':'", number);
	at = strstr(got, without);
	if (!CHECK(at != NULL)) {
		fprintf(stderr, "no %s in %s\n", number, got);
		return;
	}
	at += strlen(without);
	at += strcspn(at, ",") + 1;
	/* Zero is left out. */
	fits = strcmp(value, "0") == 0 ? strncmp(at, "'help'", 6) == 0
				       : strncmp(at, with, strlen(with)) == 0;
	if (!CHECK(fits))
		fprintf(stderr, "%s: got %.40s, want %s\n", number, at, value);
}

static void
test_card_of_nothing(void)
{
	static const char *const none[] = {
		"findings_per_1000_orders",	 "fake_orders_per_1000_orders",
		"recruiting_commission",	 "sell_in_commission",
		"price_band_per_1000_orders",	 "territory_per_1000_orders",
		"diversion_per_1000_orders",	 "sell_through",
		"sell_through_window",		 "worst_cloud_coverage",
		"highest_list_to_factory_price", "highest_consumer_to_first_tier_price",
		"friend_to_stranger_price",
	};
	static const char *const zero[] = {
		"orders",
		"findings_open",
		"red_findings_open",
		"custody_findings",
		"count_findings",
		"fake_orders",
		"deepest_paid_level",
		"entry_fee_findings",
		"units_with_agents",
		"flooding_findings",
		"bindings_findings",
		"units_aged_over_90_days",
	};

	served_book_open(&book);
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		expect_number(none[i], "-1");
	for (size_t i = 0; i < sizeof zero / sizeof zero[0]; i++)
		expect_number(zero[i], "0");
	expect_number("window", "30");
	served_book_close(&book);
}

static void
test_card_of_goods(void)
{
	open_book();
	served_money_expect_part(&book, "GetScorecard", "{}",
				 "'rows':[{'abstention':'rules','name':'戒违规',");
	expect_number("orders", "2");
	expect_number("sell_through", "120000");
	/* February 3rd to March 4th. */
	expect_number("sell_through_window", "600000");
	expect_number("units_with_agents", "22");
	expect_number("units_aged_over_90_days", "0");
	/* puer: five in the cloud, none at the brand. */
	expect_number("worst_cloud_coverage", "0");
	expect_number("highest_list_to_factory_price", "5000000");
	/* 106 by 60 */
	expect_number("highest_consumer_to_first_tier_price", "1766666");
	expect_number("friend_to_stranger_price", "1200000");
	served_book_append(&book, "erp",
			   "{'effectiveAt':'2026-05-02T00:00:00Z','clockAdvanced':{}}");
	/* bea's came on the day before the last ninety, ann's oolong long before. */
	expect_number("units_aged_over_90_days", "17");
	expect_number("sell_through_window", "-1");
	served_book_close(&book);
}

/* Goods of the first of the last ninety days are not aged yet. */
static void
test_card_of_age(void)
{
	open_book();
	served_book_append(&book, "erp",
			   "{'effectiveAt':'2026-05-01T00:00:00Z','clockAdvanced':{}}");
	expect_number("units_aged_over_90_days", "12");
	served_book_append(&book, "erp",
			   "{'effectiveAt':'2026-06-02T00:00:00Z','clockAdvanced':{}}");
	expect_number("units_aged_over_90_days", "22");
	served_book_close(&book);
}

#define SCAN(name)                                                                     \
	"'custodyScanned':{'scan':'" name "','lot':'L1','region':'south',"             \
	"'sealBroken':true}"

static void
test_card_of_findings(void)
{
	open_book();
	served_book_append(
	    &book, "erp",
	    "{'effectiveAt':" MARCH ",'lotRegistered':{'lot':'L1','sku':'oolong','qty':"
	    "9,'intendedRegion':'north'}},{'effectiveAt':" MARCH
	    ",'guardSetPublished':{'guardSet':'strict','version':1,'parameters':[{'name"
	    "':'custody','choice':'FLAG'},{'name':'count','choice':'FLAG'},{'name':'"
	    "entry_fee','choice':'FLAG'},{'name':'window_days','value':7}]}},"
	    "{'effectiveAt':" MARCH
	    "," SCAN("s1") "},{'effectiveAt':" MARCH
			   ",'stockCounted':{'count':'c1','line':1,'holder':{'agent':'"
			   "ann'},'sku':'"
			   "oolong','counted':11}},{'effectiveAt':" MARCH
			   ",'feeCharged':{'fee':'f1','agent':'ann','kind':'KIT','"
			   "amount':5,'"
			   "isCondition':true}},{'effectiveAt':" MARCH
			   ",'findingResolved':{'finding':"
			   "'1','action':'a1','reason':'done'}}");
	expect_number("window", "7");
	expect_number("findings_open", "3");
	expect_number("red_findings_open", "1");
	/* Four findings, two orders. */
	expect_number("findings_per_1000_orders", "2000");
	expect_number("custody_findings", "1");
	expect_number("diversion_findings", "1");
	expect_number("diversion_per_1000_orders", "500");
	expect_number("price_band_findings", "0");
	expect_number("territory_findings", "0");
	expect_number("count_findings", "1");
	expect_number("entry_fee_findings", "1");
	served_book_close(&book);
}

/* An order is forged once, however often that is found. */
static void
test_card_of_forgery(void)
{
	open_book();
	served_book_append(
	    &book, "erp",
	    "{'effectiveAt':" MARCH
	    ",'guardSetPublished':{'guardSet':'strict','version':1,'parameters':[{'name"
	    "':'fake_order','choice':'FLAG'},{'name':'fake_limit','value':1},{'name':'"
	    "fake_repeat_orders','value':2},{'name':'fake_repeat','value':5},{'name':'"
	    "fake_quick_refund','value':9}]}},{'effectiveAt':" MARCH
	    "," SELL("o3", "bea", "kim", "oolong", "1", "100", "100",
		     MARCH) "},{'effectiveAt':" MARCH
			    ",'findingResolved':{'finding':'1','action':'a1','reason':'"
			    "done'}},{'effectiveAt':" MARCH
			    ",'refundApproved':{'refund':'r1','order':'o3','line':1,'"
			    "amount':100,'qty':1}}");
	served_money_expect_part(&book, "ListFindings", "{}",
				 "'findings':[{'finding':'2','rule':'FAKE_ORDER'");
	expect_number("fake_orders", "1");
	expect_number("fake_orders_per_1000_orders", "333");
	expect_number("findings_per_1000_orders", "666");
	served_book_close(&book);
}

static void
test_card_of_commission(void)
{
	served_money_trade(&book);
	expect_number("deepest_paid_level", "2");
	expect_number("recruiting_commission", "0");
	expect_number("sell_in_commission", "0");
	served_book_close(&book);
}

/* 100 are earned by bringing bea, 100 on what she buys for stock, 200 on what she
 * sells; the last are taken back. */
static void
test_card_of_recruiting(void)
{
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY_01 ",'bookOpened':{'book':'tea','currency':'CNY','exponent':2}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'oolong','revision':1}},"
	    "{" DAY_01 ",'planPublished':{'plan':'std','version':1,'parameters':["
	    "{'name':'pay_max_depth','value':2},"
	    "{'name':'rate_ppm','value':100000,'level':1},"
	    "{'name':'enrol_reward','value':100,'level':1},"
	    "{'name':'pays_on_sell_in','value':1},"
	    "{'name':'acknowledge','choice':'RECRUITING'},"
	    "{'name':'acknowledge','choice':'SELL_IN'}]}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'ann'}},"
	    "{" DAY_02 ",'agentEnrolled':{'agent':'bea','sponsor':'ann'}}");
	expect_number("recruiting_commission", "1000000");
	expect_number("sell_in_commission", "0");
	expect_number("deepest_paid_level", "1");
	served_book_append(
	    &book, "shop",
	    "{" DAY_03
	    "," SALE("o1", "2000",
		     ",'deliveredAt':" TIME_03) "},"
						"{" DAY_03
						",'saleRecorded':{'order':'o2','kind':'"
						"RESTOCK','seller':'bea',"
						"'buyer':'bea','lines':[{'line':1,'sku'"
						":'oolong','qty':1,'unitPrice':1000}]"
						",'paid':1000,'psp':'wx','pspTxn':'o2',"
						"'deliveredAt':" TIME_03 "}}");
	expect_number("recruiting_commission", "250000");
	expect_number("sell_in_commission", "250000");
	served_book_append(&book, "shop",
			   "{" DAY_04 ",'refundApproved':{'refund':'f1','order':'o1','"
			   "line':1,'amount':2000,'qty':1}}");
	expect_number("recruiting_commission", "500000");
	expect_number("sell_in_commission", "500000");
	served_book_close(&book);
}

/* -------------------------------------------------------------------- in many steps */

#define AGENTS 1200u

/* Many agents with 2 oolong each, from the 2nd on. */
static void
open_crowd(void)
{
	struct dbk_buf events;

	open_book();
	dbk_buf_init(&events);
	for (unsigned i = 0; i < AGENTS; i++)
		dbk_buf_printf(
		    &events,
		    "%s{" DAY_02 ",'agentEnrolled':{'agent':'a%u'}},{" DAY_02
		    ",'stockIssued':{'transfer':'x%u','to':{'agent':'a%u'},'lines':[{"
		    "'line':1,'sku':'oolong','qty':2,'unitPrice':60}]}}",
		    i == 0 ? "" : ",", i, i, i);
	dbk_buf_put_u8(&events, '\0');
	served_book_append(&book, "erp", (const char *)events.bytes);
	dbk_buf_fini(&events);
}

static void
test_many(void)
{
	unsigned asked;

	open_crowd();
	asked = book.asked;
	expect_number("units_with_agents", "2422");
	/* Currency, the book, six tables, and two more steps for the positions. */
	CHECK_INT(book.asked - asked, 10);
	served_money_expect_part(&book, "ListTiers", "{'sku':'oolong'}",
				 "{'tier':1,'holders':'1201','stock':'2412',");
	served_money_expect_part(&book, "ListNetwork", "{'to':'2026-01-31'}",
				 "{'period':'2026-01','issued':'2420',");
	served_book_close(&book);
}

/* ------------------------------------------------------------------------- bad times
 */

static void
test_stopping(void)
{
	static const char *const methods[] = { "ListNetwork",	"ListTiers",
					       "ListCohorts",	"GetScorecard",
					       "ListGuardSets", "ListFindings" };

	open_book();
	book.is_stopping = true;
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		expect(methods[i], "{}", "UNAVAILABLE STOPPING");
		expect(methods[i], "{'atLeastSize':'99'}",
		       strcmp(methods[i], "ListNetwork") == 0 ||
			       strcmp(methods[i], "ListTiers") == 0 ||
			       strcmp(methods[i], "GetScorecard") == 0
			   ? "UNAVAILABLE STOPPING"
			   : "DEADLINE_EXCEEDED VIEW_BEHIND at_least_size=99");
	}
	served_book_close(&book);
}

int
main(void)
{
	check_run("the network is added up by period and sku", test_network);
	check_run("days of the network are narrowed, and looked at", test_network_days);
	check_run("the network comes in pages in the order of days",
		  test_network_pages);
	check_run("tiers show prices and how fast goods got there", test_tiers);
	check_run("the median counts every holder once", test_medians);
	check_run("cohorts show the ages that have begun", test_cohorts);
	check_run("a card of an empty book has nothing to measure",
		  test_card_of_nothing);
	check_run("a card shows goods and prices", test_card_of_goods);
	check_run("goods are aged after ninety days", test_card_of_age);
	check_run("a card counts findings by rule", test_card_of_findings);
	check_run("a forged order is counted once", test_card_of_forgery);
	check_run("a card shows what commission is paid for", test_card_of_commission);
	check_run("a card shows pay for recruits and for stock",
		  test_card_of_recruiting);
	check_run("sums over many rows are taken in steps", test_many);
	check_run("sums end when the daemon does", test_stopping);
	return check_end();
}
