/*
 * test_service_money.c -- questions about agents' money: what was earned, what happened
 * to it, and payouts.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "query/page.h"

static struct served_book book;

/* --------------------------------------------------------------------------- orders */

#define EARNING_1                                                                      \
	"{'earning':'1','agent':'bea','order':'o1','line':1,'kind':'commission','"     \
	"state':'drawn','level':1,'basis':'BASIS_RETAIL','plan':'std','planVersion':"  \
	"1,'ratePpm':100000,'computedOn':'100000','accrued':'10000','reversed':'"      \
	"10000','maturesAt':" TIME_05 "}"

static void
test_orders(void)
{
	served_money_payout(&book);
	served_money_expect_part(&book, "GetOrder", "{'order':'o1'}",
				 "'earnings':[" EARNING_1
				 ",{'earning':'2','agent':'ann','order':'o1','line':1,'"
				 "kind':'commission','state':'drawn','level':2,'"
				 "distance':1,'basis':'BASIS_RETAIL','rank':'gold',");
	served_money_expect_part(
	    &book, "GetOrder", "{'order':'o2'}",
	    "'state':'held_pending','level':1,'basis':'BASIS_RETAIL','plan':'std','"
	    "planVersion':1,'ratePpm':100000,'computedOn':'50000','accrued':'5000','"
	    "open':'5000'}");
	served_money_expect_part(&book, "GetOrder", "{'order':'o2'}",
				 "'deferred':'6000','holds':1,'flagged':true}");
	served_money_expect_part(&book, "GetAgent", "{'agent':'ann'}",
				 "'employee':true");
	served_money_expect_without(&book, "GetAgent", "{'agent':'bea'}", "'employee'");
	served_book_append(&book, "erp",
			   "{" DAY_10 ",'commissionHeld':{'hold':'h2','agent':'bea'}}");
	served_money_expect_part(&book, "GetAgent", "{'agent':'bea'}", "'holds':1");
	served_book_close(&book);
}

/* What nobody gets, and what other events bring. */
static void
test_other_earnings(void)
{
	served_money_open(&book);
	served_book_append(
	    &book, "shop",
	    "{" DAY_02 ",'agentEnrolled':{'agent':'cy','sponsor':'bea'}},{" DAY_02
	    ",'agentSuspended':{'agent':'ann','action':'s1'}},{" DAY_02 "," SALE(
		"o1", "1000",
		"") "},{" DAY_03
		    ",'bonusAwarded':{'bonus':'b1','period':'jan','pool':70,'metric':'"
		    "TRAINING','shares':[{'agent':'bea','amount':70}]}},{" DAY_03
		    ",'payoutRequested':{'payout':'p1','agent':'bea','gross':50,'"
		    "payeeHash':'AQID'}}");
	served_money_expect_part(
	    &book, "GetOrder", "{'order':'o1'}",
	    "'agent':'ann','order':'o1','line':1,'kind':'commission','state':'"
	    "unassigned','why':'ineligible','level':2,'distance':1");
	served_money_expect_part(
	    &book, "GetPayout", "{'payout':'p1'}",
	    "'items':[{'earning':{'earning':'3','agent':'bea','position':'9','kind':'"
	    "bonus','state':'matured','basis':'BASIS_OTHER','accrued':'70','open':'20'}"
	    ",'amount':'50'}]");
	served_book_close(&book);
}

/* ----------------------------------------------------------------------- statements */

static void
test_agent_statement(void)
{
	served_money_payout(&book);
	served_money_expect(
	    &book, "GetAgentStatement",
	    "{'agent':'bea','figuresOnly':true,'from':" TIME_07 "}",
	    "{'size':'18','agent':'bea','opening':{'available':'10000','held':'5000','"
	    "total':'15000'},'closing':{'held':'5000','inTransit':'6000','receivable':'"
	    "6000','total':'5000'},'sums':[{'cause':'CAUSE_REVERSED','change':{'"
	    "available':'-4000','receivable':'6000','total':'-10000'},'lines':'2'},{'"
	    "cause':'CAUSE_DRAWN','change':{'available':'-6000','reserved':'6000'},'"
	    "lines':'2'},{'cause':'CAUSE_SENT','change':{'reserved':'-6000','inTransit'"
	    ":'6000'},'lines':'2'}]," CNY "}");
	served_money_expect_part(
	    &book, "GetAgentStatement", "{'agent':'bea','pageSize':3}",
	    "'lines':[{'position':'17','effectiveAt':" TIME_09
	    ",'type':310,'typeName':'RefundApproved','cause':'CAUSE_REVERSED','order':'"
	    "o1','code':1110,'amount':'-6000','balance':'6000'},{'position':'17','"
	    "effectiveAt':" TIME_09
	    ",'type':310,'typeName':'RefundApproved','cause':'CAUSE_REVERSED','order':'"
	    "o1','code':2120,'amount':'-4000'},{'position':'16','effectiveAt':" TIME_08
	    ",'type':506,'typeName':'PayoutSent','cause':'CAUSE_SENT','payout':'p1','"
	    "code':2150,'amount':'6000','balance':'6000'}],'nextPageToken':'");
	/* Matured by the clock: the order is the cause's, not the event's. */
	served_money_expect_part(
	    &book, "GetAgentStatement", "{'agent':'bea','to':" TIME_07 "}",
	    "'typeName':'ClockAdvanced','cause':'CAUSE_MATURED','order':'o1','code':"
	    "2120,'amount':'10000','balance':'10000'}");
	served_money_expect(
	    &book, "GetAgentStatement", "{'agent':'bea','asOf':{'size':'6'}}",
	    "{'size':'6','agent':'bea','opening':{},'closing':{}," CNY "}");
	served_money_expect(&book, "GetAgentStatement", "{}",
			    "INVALID_ARGUMENT FIELD_MISSING agent=");
	served_money_expect(&book, "GetAgentStatement", "{'agent':'zed'}",
			    "NOT_FOUND AGENT_UNKNOWN agent=zed");
	served_money_expect(&book, "GetAgentStatement",
			    "{'agent':'bea','pageToken':'zz'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=zz");
	served_book_append(&book, "erp", "{" DAY_10 ",'agentEnrolled':{'agent':'cy'}}");
	served_money_expect(&book, "GetAgentStatement", "{'agent':'cy'}",
			    "{'size':'19','agent':'cy','opening':{},'closing':{}," CNY
			    "}");
	served_book_close(&book);
}

/* The books' thread may be busy: names that the log has are not asked for. */
static void
test_statement_asks_nobody(void)
{
	unsigned asked;

	served_money_payout(&book);
	served_money_expect_part(&book, "GetAgentStatement", "{'agent':'bea'}",
				 "'payout':'p1'");
	asked = book.asked;
	served_money_expect_part(
	    &book, "GetAgentStatement", "{'agent':'bea'}",
	    "'typeName':'ClockAdvanced','cause':'CAUSE_MATURED','order':'o1'");
	/* Nor where the page has no other line of that order. */
	served_money_expect_part(
	    &book, "GetStatement", "{'code':2120,'owner':'bea','asOf':{'size':'11'}}",
	    "'typeName':'ClockAdvanced','order':'o1'");
	CHECK_INT(book.asked, asked);
	/* What is given back may be of any payout; another line of the page names it. */
	served_book_append(&book, "erp",
			   "{" DAY_10 ",'payoutFailed':{'payout':'p1','action':'f',"
			   "'code':'NAME','final':true}}");
	served_money_expect_part(&book, "GetAgentStatement", "{'agent':'bea'}",
				 "'cause':'CAUSE_GIVEN_BACK','payout':'p1'");
	CHECK_INT(book.asked, asked);
	/* Alone on its page it is asked for. */
	served_money_expect_part(&book, "GetAgentStatement",
				 "{'agent':'bea','from':" TIME_10 "}",
				 "'cause':'CAUSE_GIVEN_BACK','payout':'p1'");
	CHECK_INT(book.asked, asked + 1);
	served_book_close(&book);
}

static void
test_statement_names_causes(void)
{
	served_money_payout(&book);
	served_money_expect_part(
	    &book, "GetStatement", "{'code':2120,'owner':'bea'}",
	    "'typeName':'RefundApproved','order':'o1','amount':'4000','cause':'CAUSE_"
	    "REVERSED'},{'position':'14','effectiveAt':" TIME_07
	    ",'type':501,'typeName':'PayoutRequested','amount':'6000','balance':'-4000'"
	    ",'cause':'CAUSE_DRAWN','payout':'p1'},{'position':'10','effectiveAt'"
	    ":" TIME_06 ",'type':701,'typeName':'ClockAdvanced','order':'o1','amount':'"
			"-10000','balance':'-10000','cause':'CAUSE_MATURED'}]," CNY
	    "}");
	/* As a whole, a code names whose account it is. */
	served_money_expect_part(&book, "GetStatement", "{'code':1140}",
				 "'order':'o2','amount':'6000','balance':'");
	served_money_expect_part(&book, "GetStatement",
				 "{'code':2110,'pageSize':1,'asOf':{'size':'8'}}",
				 "'owner':'ann','cause':'CAUSE_ACCRUED'}");
	served_book_close(&book);
}

/* -------------------------------------------------------------------------- payouts */

#define PAYOUT_1                                                                       \
	"{'payout':'p1','agent':'bea','state':'PAYOUT_SENT','method':'BANK',"          \
	"'provider':'bk','requestNo':'n1','maker':'app','requestedAt':" TIME_07        \
	",'gross':'6000','net':'6000','items':1,'requestedPosition':'14',"             \
	"'statePosition':'16'}"

static void
test_payouts(void)
{
	served_money_payout(&book);
	served_money_expect(&book, "ListPayouts", "{}",
			    "{'size':'18','payouts':[" PAYOUT_1 "]," CNY "}");
	served_money_expect(&book, "ListPayouts", "{'agent':'ann'}",
			    "{'size':'18'," CNY "}");
	served_money_expect(&book, "ListPayouts", "{'provider':'zed'}",
			    "{'size':'18'," CNY "}");
	served_money_expect(&book, "ListPayouts", "{'state':'PAYOUT_SETTLED'}",
			    "{'size':'18'," CNY "}");
	served_money_expect_part(&book, "ListPayouts",
				 "{'agent':'bea','provider':'bk','state':4}", PAYOUT_1);
	served_money_expect(&book, "ListPayouts", "{'state':11}",
			    "INVALID_ARGUMENT STATE state=11");
	served_money_expect(&book, "ListPayouts", "{'state':-1}",
			    "INVALID_ARGUMENT STATE state=-1");
	served_money_expect(&book, "ListPayouts", "{'agent':'zed'}",
			    "NOT_FOUND AGENT_UNKNOWN agent=zed");
	served_money_expect(&book, "ListPayouts", "{'batch':'zed'}",
			    "NOT_FOUND BATCH_UNKNOWN batch=zed");
	served_money_expect(&book, "ListPayouts", "{'pageToken':'o.1.2'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=o.1.2");
	served_money_expect(&book, "ListPayouts", "{'pageToken':'y.1.1'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=y.1.1");
	served_money_expect(&book, "ListPayouts", "{'agent':'ann','pageToken':'y.1.1'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=y.1.1");
	served_money_expect_part(&book, "ListPayouts",
				 "{'agent':'bea','pageToken':'y.1.1'}", PAYOUT_1);
	served_money_expect_part(&book, "GetPayout", "{'payout':'p1'}",
				 "{'size':'18','payout':" PAYOUT_1
				 ",'items':[{'earning':" EARNING_1
				 ",'amount':'6000'}],'events':[{'position':'14',");
	served_money_expect_without(&book, "GetPayout",
				    "{'payout':'p1','pageToken':'i.1.1'}", "'events'");
	served_money_expect(&book, "GetPayout", "{'payout':'p1','pageToken':'i.1.2'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=i.1.2");
	served_money_expect(&book, "GetPayout", "{'payout':'p2'}",
			    "NOT_FOUND PAYOUT_UNKNOWN payout=p2");
	served_money_expect(&book, "GetPayout", "{}",
			    "INVALID_ARGUMENT FIELD_MISSING payout=");
	served_book_close(&book);
}

/* Three pages of an agent's payouts, newest first, and of all, as they were asked for.
 */
static void
test_payouts_in_pages(void)
{
	static const char *const orders[2][3] = { { "p3", "p2", "p1" },
						  { "p1", "p2", "p3" } };
	char request[96];

	served_money_trade(&book);
	served_book_append(&book, "app",
			   "{" DAY_07 ",'payoutRequested':{'payout':'p1','agent':'bea',"
				      "'gross':10,'payeeHash':'AQID'}},{" DAY_07
			   ",'payoutRequested':{'payout':'p2','agent':'bea','gross':10,"
			   "'payeeHash':'AQID'}},{" DAY_07
			   ",'payoutRequested':{'payout':'p3','agent':'bea','gross':10,"
			   "'payeeHash':'AQID'}}");
	for (unsigned all = 0; all < 2; all++) {
		char token[DBK_TOKEN_BYTES] = "";

		for (unsigned i = 0; i < 3; i++) {
			const char *got, *next;
			char part[32];

			(void)snprintf(request, sizeof request,
				       "{'agent':'%s','pageSize':1,'pageToken':'%s'}",
				       all ? "" : "bea", token);
			(void)snprintf(part, sizeof part, "[{'payout':'%s'",
				       orders[all][i]);
			got = served_book_call(&book, "ListPayouts", request);
			CHECK(strstr(got, part) != NULL);
			next = strstr(got, "'nextPageToken':'");
			CHECK((next != NULL) == (i < 2));
			if (next != NULL)
				(void)snprintf(token, sizeof token, "%.*s",
					       (int)strcspn(next + 17, "'"), next + 17);
		}
	}
	served_book_close(&book);
}

int
main(void)
{
	check_run("an order shows who earns by it", test_orders);
	check_run("unassigned shares and bonuses are earnings, too",
		  test_other_earnings);
	check_run("an agent's statement adds up by state and cause",
		  test_agent_statement);
	check_run("a statement asks nobody for names that the log has",
		  test_statement_asks_nobody);
	check_run("a statement names causes and payouts", test_statement_names_causes);
	check_run("payouts are listed, and lead back to sales", test_payouts);
	check_run("payouts come in pages", test_payouts_in_pages);
	return check_end();
}
