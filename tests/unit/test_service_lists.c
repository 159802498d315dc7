/*
 * test_service_lists.c -- what finance lists: claw-backs, escrow, costs, reports,
 * plans, holds, contests; and what stands in the way of a close.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"

static struct served_book book;

/* --------------------------------------------------------------- what is listed whole
 */

static void
test_clawbacks(void)
{
	served_money_payout(&book);
	served_money_expect(&book, "ListClawbacks", "{}",
			    "{'size':'18','clawbacks':[{'agent':'bea','owed':'6000','"
			    "buckets':['6000','0','0','0'],'oldest':" TIME_09
			    ",'oldestPosition':'17'}],'days':[30,60,90]," CNY "}");
	served_money_expect(&book, "ListClawbacks",
			    "{'days':[1,2],'asOf':{'effectiveAt':" TIME_11 "}}",
			    "{'size':'18','clawbacks':[{'agent':'bea','owed':'6000','"
			    "buckets':['0','6000','0'],'oldest':" TIME_09
			    ",'oldestPosition':'17'}],'days':[1,2]," CNY "}");
	served_money_expect(&book, "ListClawbacks", "{'asOf':{'size':'17'}}",
			    "{'size':'17','days':[30,60,90]," CNY "}");
	served_money_expect(&book, "ListClawbacks", "{'days':[3,3]}",
			    "INVALID_ARGUMENT DAYS days=3");
	served_money_expect(&book, "ListClawbacks", "{'days':[1,2,3,4,5,6,7,8,9]}",
			    "INVALID_ARGUMENT DAYS days=9");
	served_money_expect(&book, "ListClawbacks", "{'pageToken':'zz'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=zz");
	served_book_close(&book);
}

static void
test_escrow(void)
{
	served_money_payout(&book);
	served_money_expect(&book, "ListEscrow", "{}",
			    "{'size':'18','clock':" TIME_09
			    ",'lines':[{'order':'o2','seller':'bea','escrow':'50000','"
			    "placedAt':" TIME_03 ",'position':'7'}]," CNY "}");
	served_money_expect(&book, "ListEscrow", "{'pageToken':'e.1.3'}",
			    "{'size':'18','clock':" TIME_09 "," CNY "}");
	served_money_expect(&book, "ListEscrow", "{'pageToken':'e.1.0'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=e.1.0");
	served_money_expect(&book, "ListEscrow", "{'pageToken':'h.1.1'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=h.1.1");
	served_book_close(&book);
}

static void
test_costs_and_reports(void)
{
	served_money_payout(&book);
	served_money_expect(
	    &book, "ListCosts", "{}",
	    "{'size':'18','costs':[{'plan':'std','planVersion':1,'level':1,'channel':'"
	    "live','earnings':'2','accrued':'15000','reversed':'10000'},{'plan':'std','"
	    "planVersion':1,'level':2,'channel':'live','earnings':'2','accrued':'3000',"
	    "'reversed':'2000'}]," CNY "}");
	served_money_expect(
	    &book, "ListReports", "{'pageSize':1}",
	    "{'size':'18','reports':[{'position':'11','commission':'r1','payee':'bea','"
	    "order':'o1','line':1,'basis':'BASIS_RETAIL','amount':'10000','expected':'"
	    "10000','expectedPayee':'bea'}],'nextPageToken':'r.12.2'," CNY "}");
	served_money_expect(
	    &book, "ListReports", "{'differencesOnly':true}",
	    "{'size':'18','reports':[{'position':'12','commission':'r2','payee':'ann','"
	    "order':'o1','line':1,'basis':'BASIS_RETAIL','distance':1,'amount':'1999','"
	    "expected':'2000','expectedPayee':'ann','difference':'wrong_amount'},{'"
	    "position':'13','commission':'r3','payee':'zed','order':'o1','line':1,'"
	    "basis':'BASIS_RETAIL','distance':1,'amount':'1','expected':'2000','"
	    "expectedPayee':'ann','difference':'no_standing'}]," CNY "}");
	served_book_close(&book);
}

static void
test_plans(void)
{
	served_money_payout(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY_09 ",'planPublished':{'plan':'std','version':2,'validFrom':" TIME_20
	    ",'parameters':[]}},{" DAY_09
	    ",'planPublished':{'plan':'new','version':1,'validTo':" TIME_10
	    ",'parameters':[{'name':'enrol_reward','value':5,'level':1},{'name':'"
	    "acknowledge','choice':'RECRUITING'}]}}");
	served_money_expect_part(
	    &book, "ListPlans", "{'plan':'std','version':1}",
	    "{'plan':'std','version':1,'position':'2','validFrom':" TIME_01
	    ",'approver':'desk','parameters':[{'name':'pay_max_depth','value':'2'},{'"
	    "name':'rate_ppm','value':'100000','level':1},{'name':'rate_ppm','value':'"
	    "20000','level':2},{'name':'window_days','value':'3'}],'findings':[");
	/* The newest that holds is in force; each version has its findings. */
	served_money_expect_part(
	    &book, "ListPlans", "{}",
	    "{'plan':'new','version':1,'position':'19','validFrom':" TIME_09
	    ",'validTo':" TIME_10
	    ",'findings':[{'severity':'alarm','code':'PAYS_ON_RECRUITING','text':");
	served_money_expect_without(&book, "ListPlans", "{'plan':'std'}", "'inForce'");
	served_money_expect_without(&book, "ListPlans", "{'plan':'std'}",
				    "'parameters'");
	served_money_expect_part(&book, "ListPlans", "{'plan':'new'}",
				 "'inForce':true");
	served_money_expect(&book, "ListPlans", "{'plan':'zed'}",
			    "NOT_FOUND PLAN_UNKNOWN plan=zed");
	served_money_expect(&book, "ListPlans", "{'plan':'std','version':3}",
			    "NOT_FOUND PLAN_UNKNOWN plan=std");
	served_money_expect(&book, "ListPlans", "{'version':3}",
			    "INVALID_ARGUMENT FIELD_MISSING plan=");
	served_book_append(&book, "erp", "{" DAY_11 ",'clockAdvanced':{}}");
	served_money_expect_part(&book, "ListPlans", "{'plan':'std','version':1}",
				 "'inForce':true");
	served_book_close(&book);
}

static void
test_holds(void)
{
	static const char both[] =
	    "{'size':'14','holds':[{'hold':'h1','order':'o2','line':1,'level':2,'"
	    "position':'8'},{'order':'o2','rule':'FAST','revision':3,'position':'9'}]}";

	served_money_trade(&book);
	served_money_expect(&book, "ListHolds", "{}", both);
	served_money_expect(&book, "ListHolds", "{'inForceOnly':true}", both);
	served_book_append(&book, "erp",
			   "{" DAY_10 ",'holdReleased':{'hold':'h1'}},{" DAY_10
			   ",'commissionHeld':{'hold':'h2','agent':'ann'}}");
	served_money_expect(&book, "ListHolds", "{'inForceOnly':true,'pageSize':1}",
			    "{'size':'16','holds':[{'order':'o2','rule':'FAST','"
			    "revision':3,'position':'9'}],'nextPageToken':'h.10.3'}");
	served_money_expect(
	    &book, "ListHolds", "{'pageToken':'h.10.3'}",
	    "{'size':'16','holds':[{'hold':'h2','agent':'ann','position':'15'}]}");
	served_money_expect_part(&book, "ListHolds", "{'pageSize':1}",
				 "'released':true");
	served_book_close(&book);
}

static void
test_contests(void)
{
	served_money_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY_01 ",'agentEnrolled':{'agent':'cy','sponsor':'bea'}},{" DAY_01
	    ",'teamFormed':{'team':'t1','leader':'ann'}},{" DAY_01
	    ",'teamFormed':{'team':'t2','leader':'bea'}},{" DAY_01
	    ",'teamFormed':{'team':'t3','leader':'ann'}},{" DAY_01
	    ",'teamMemberChanged':{'team':'t2','change':'c1','member':'cy'}},{" DAY_01
	    ",'teamMemberChanged':{'team':'t2','change':'c2','member':'cy','removed':"
	    "true}},{" DAY_01 ",'contestOpened':{'contest':'one','metric':'MATURED_"
			      "RETAIL','from':" TIME_01 ",'to':" TIME_20
	    ",'pool':500}},{" DAY_01
	    ",'contestOpened':{'contest':'two','metric':'TEAM_RETAIL','from':" TIME_01
	    ",'to':" TIME_20 ",'pool':700}}");
	served_book_append(
	    &book, "shop",
	    "{" DAY_02
	    "," SALE("o1", "300",
		     ",'deliveredAt':" TIME_02) "},{" DAY_02
						",'saleRecorded':{'order':'o2','seller'"
						":'cy','buyer':'lee','lines':[{'line':"
						"1,'sku':'oolong','qty':1,'unitPrice':"
						"800}],'paid':800,'psp':'wx','pspTxn':'"
						"x','deliveredAt':" TIME_02
						"}},{" DAY_06 ",'clockAdvanced':{}}");
	served_money_expect(
	    &book, "GetContest", "{'contest':'one'}",
	    "{'size':'17','contest':'one','metric':'MATURED_RETAIL','from':" TIME_01
	    ",'to':" TIME_20 ",'pool':'500','scores':[{'name':'cy','score':'800'},{'"
			     "name':'bea','score':'300'}]," CNY "}");
	/* A former member's sales are not the team's. */
	served_money_expect_part(
	    &book, "GetContest", "{'contest':'two'}",
	    "'scores':[{'name':'t2','score':'300'},{'name':'t1'},{'name':'t3'}]," CNY
	    "}");
	served_money_expect_part(&book, "GetContest", "{'contest':'two','pageSize':1}",
				 "'scores':[{'name':'t2','score':'300'}]," CNY "}");
	served_money_expect(&book, "GetContest", "{'contest':'zed'}",
			    "NOT_FOUND CONTEST_UNKNOWN contest=zed");
	served_money_expect(&book, "GetContest", "{'contest':'one','pageSize':1001}",
			    "INVALID_ARGUMENT PAGE_SIZE page_size=1001");
	served_book_close(&book);
}

/* -------------------------------------------------------------------------- periods */

#define JANUARY_8 "{'period':'w1','from':" TIME_01 ",'to':" TIME_08 "}"

static void
test_check_of_a_close(void)
{
	served_money_payout(&book);
	served_money_expect_part(
	    &book, "CheckClose", JANUARY_8,
	    "{'size':'18','items':[{'item':'trial_balance','ok':true,'required':true,'"
	    "text':'debits less credits of all "
	    "accounts'},{'item':'period_gap','ok':true,'required':true,");
	served_money_expect_part(&book, "CheckClose", JANUARY_8,
				 "{'item':'payouts_open','measured':'1','text':'");
	served_money_expect_part(&book, "CheckClose", JANUARY_8,
				 "{'item':'holds','measured':'2','text':'");
	served_money_expect_part(&book, "CheckClose", JANUARY_8, "'canClose':true}");
	book.now_us = INT64_C(1767225600000000); /* the 1st */
	served_money_expect_part(
	    &book, "CheckClose", "{'period':'w1','from':" TIME_01 ",'to':" TIME_10 "}",
	    "{'item':'period_ahead','required':true,'measured':'86400',");
	served_money_expect_without(
	    &book, "CheckClose", "{'period':'w1','from':" TIME_01 ",'to':" TIME_10 "}",
	    "'canClose'");
	served_money_expect_without(
	    &book, "CheckClose", "{'period':'w1','from':" TIME_09 ",'to':" TIME_08 "}",
	    "'canClose'");
	served_money_expect(&book, "CheckClose", "{}",
			    "INVALID_ARGUMENT FIELD_MISSING period=");
	served_money_expect(&book, "CheckClose", "{'period':'x'}",
			    "INVALID_ARGUMENT FIELD_MISSING from=");
	served_money_expect(&book, "CheckClose", "{'period':'x','from':" TIME_01 "}",
			    "INVALID_ARGUMENT FIELD_MISSING to=");
	served_money_expect(&book, "ListPeriods", "{}", "{'size':'18'}");
	served_book_close(&book);
}

static void
test_check_before_the_book(void)
{
	served_book_open(&book);
	served_money_expect_part(&book, "CheckClose", JANUARY_8,
				 "'text':'the book is not open'}");
	CHECK(strstr(served_book_call(&book, "CheckClose", JANUARY_8), "'canClose'") ==
	      NULL);
	served_money_expect(&book, "ListPayouts", "{}", "{}");
	served_money_expect(&book, "ListEscrow", "{}", "{}");
	served_money_expect(&book, "ListPlans", "{}", "{}");
	served_money_expect(&book, "ListCosts", "{}", "{}");
	served_book_close(&book);
}

static void
test_not_there(void)
{
	static const char *const of_books[] = { "ListPayouts", "ListEscrow",
						"ListCosts",   "ListReports",
						"ListPlans",   "ListHolds",
						"ListPeriods" };
	char request[] = "{'atLeastSize':'19'}";

	served_money_payout(&book);
	for (size_t i = 0; i < sizeof of_books / sizeof of_books[0]; i++)
		served_money_expect(&book, of_books[i], request,
				    "DEADLINE_EXCEEDED VIEW_BEHIND at_least_size=19");
	book.is_stopping = true;
	for (size_t i = 0; i < sizeof of_books / sizeof of_books[0]; i++)
		served_money_expect(&book, of_books[i], "{}", "UNAVAILABLE STOPPING");
	served_money_expect(&book, "GetPayout", "{'payout':'p1'}",
			    "UNAVAILABLE STOPPING");
	served_money_expect(&book, "GetContest", "{'contest':'x'}",
			    "UNAVAILABLE STOPPING");
	book.is_stopping = false;
	book.has_no_view = true;
	served_money_expect(&book, "GetAgentStatement", "{'agent':'bea'}",
			    "UNAVAILABLE VIEW_REBUILDING");
	served_money_expect(&book, "ListClawbacks", "{}",
			    "UNAVAILABLE VIEW_REBUILDING");
	served_money_expect(&book, "CheckClose", JANUARY_8,
			    "UNAVAILABLE VIEW_REBUILDING");
	served_money_expect_part(&book, "ListPayouts", "{}", "'requestNo':'n1'");
	served_book_close(&book);
}

int
main(void)
{
	check_run("claw-backs have an age", test_clawbacks);
	check_run("escrow is listed by order", test_escrow);
	check_run("costs and reports", test_costs_and_reports);
	check_run("plans with what is to be said about them", test_plans);
	check_run("holds and flags", test_holds);
	check_run("contests of agents and of teams", test_contests);
	check_run("what stands in the way of a close", test_check_of_a_close);
	check_run("a book that is not open has nothing", test_check_before_the_book);
	check_run("questions that cannot be answered now", test_not_there);
	return check_end();
}
