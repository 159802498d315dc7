#include "served_money.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

void
served_money_open(struct served_book *book)
{
	served_book_open(book);
	served_book_append(
	    book, "erp",
	    "{" DAY_01 ",'bookOpened':{'book':'tea','currency':'CNY','exponent':2}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'oolong','revision':1}},"
	    "{" DAY_01 ",'planPublished':{'plan':'std','version':1,'approver':'desk',"
	    "'parameters':[{'name':'pay_max_depth','value':2},"
	    "{'name':'rate_ppm','value':100000,'level':1},"
	    "{'name':'rate_ppm','value':20000,'level':2},"
	    "{'name':'window_days','value':3}]}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'ann','rank':'gold','employee':true}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'bea','sponsor':'ann'}},"
	    "{" DAY_01 ",'agentVerified':{'agent':'bea','revision':1,"
	    "'payeeHash':'AQID'}}");
}

void
served_money_trade(struct served_book *book)
{
	served_money_open(book);
	served_book_append(
	    book, "shop",
	    "{" DAY_02 "," SALE("o1", "100000", ",'deliveredAt':" TIME_02) "},"
	    "{" DAY_03 "," SALE("o2", "50000", "") "},"
	    "{" DAY_03 ",'commissionHeld':{'hold':'h1','order':'o2','line':1,"
	    "'level':2}},"
	    "{" DAY_03 ",'orderFlagged':{'order':'o2','rule':'FAST','revision':3}},"
	    "{" DAY_06 ",'clockAdvanced':{}},"
	    "{" DAY_06 "," REPORT("r1", "bea", "10000", "0") "},"
	    "{" DAY_06 "," REPORT("r2", "ann", "1999", "1") "},"
	    "{" DAY_06 "," REPORT("r3", "zed", "1", "1") "}");
}

void
served_money_payout(struct served_book *book)
{
	served_money_trade(book);
	served_book_append(book, "app",
			   "{" DAY_07 ",'payoutRequested':{'payout':'p1','agent':'bea',"
			   "'gross':6000,'method':'BANK','payeeHash':'AQID'}}");
	served_book_append(
	    book, "fin",
	    "{" DAY_07 ",'payoutApproved':{'payout':'p1','action':'a1'}},"
	    "{" DAY_08 ",'payoutSent':{'payout':'p1','provider':'bk',"
	    "'requestNo':'n1'}}");
	served_book_append(book, "shop",
			   "{" DAY_09 ",'refundApproved':{'refund':'f1','order':'o1',"
			   "'line':1,'amount':100000,'qty':1}}");
}

void
served_money_expect(struct served_book *book, const char *method, const char *request,
		    const char *want)
{
	const char *got = served_book_call(book, method, request);

	if (!CHECK(strcmp(got, want) == 0))
		fprintf(stderr, "%s %s\n   got %s\n  want %s\n", method, request, got,
			want);
}

void
served_money_expect_part(struct served_book *book, const char *method,
			 const char *request, const char *part)
{
	const char *got = served_book_call(book, method, request);

	if (!CHECK(strstr(got, part) != NULL))
		fprintf(stderr, "%s %s\n   got %s\n  want %s\n", method, request, got,
			part);
}

void
served_money_expect_without(struct served_book *book, const char *method,
			    const char *request, const char *part)
{
	const char *got = served_book_call(book, method, request);

	if (!CHECK(strstr(got, part) == NULL && strstr(got, "'size'") != NULL))
		fprintf(stderr, "%s %s\n  got %s\n  without %s\n", method, request, got,
			part);
}
