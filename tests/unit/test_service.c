#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_book.h"
#include "daybook/v1/service.pb-c.h"

#define DAY1 "'effectiveAt':'2026-01-01T00:00:00Z'"
#define DAY2 "'effectiveAt':'2026-01-02T00:00:00Z'"
#define DAY3 "'effectiveAt':'2026-01-03T00:00:00Z'"
#define DAY4 "'effectiveAt':'2026-01-04T00:00:00Z'"
#define DAY5 "'effectiveAt':'2026-01-05T00:00:00Z'"
#define DAY6 "'effectiveAt':'2026-01-06T00:00:00Z'"

static struct served_book book;

static void
expect(const char *method, const char *request, const char *want)
{
	const char *got = served_book_call(&book, method, request);

	if (!CHECK(strcmp(got, want) == 0))
		fprintf(stderr, "%s %s\n   got %s\n  want %s\n", method, request, got,
			want);
}

static void
expect_part(const char *method, const char *request, const char *part)
{
	const char *got = served_book_call(&book, method, request);

	if (!CHECK(strstr(got, part) != NULL))
		fprintf(stderr, "%s %s\n   got %s\n  want %s\n", method, request, got,
			part);
}

static void
expect_without(const char *method, const char *request, const char *part)
{
	const char *got = served_book_call(&book, method, request);

	if (!CHECK(strstr(got, part) == NULL && strstr(got, "'size'") != NULL))
		fprintf(stderr, "%s %s\n  got %s\n  without %s\n", method, request, got,
			part);
}

/* The fields of a request, to which the token of the last reply is added. */
static const char *
next_page(const char *fields)
{
	static char out[200];
	const char *name = "'nextPageToken':'";
	const char *token = strstr((const char *)book.text.bytes, name);

	if (!CHECK(token != NULL))
		return "{}";
	token += strlen(name);
	(void)snprintf(out, sizeof out, "{%s,'pageToken':'%.*s'}", fields,
		       (int)strcspn(token, "'"), token);
	return out;
}

/* The people: ann sponsors bea and dan, bea sponsors cy. */
static void
open_book(void)
{
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY1 ",'bookOpened':{'book':'tea','currency':'CNY','exponent':2}},"
	    "{" DAY1 ",'skuDefined':{'sku':'oolong','revision':1}},"
	    "{" DAY1 ",'agentEnrolled':{'agent':'ann','rank':'gold'}},"
	    "{" DAY1 ",'agentEnrolled':{'agent':'bea','sponsor':'ann'}},"
	    "{" DAY1 ",'agentEnrolled':{'agent':'cy','sponsor':'bea'}},"
	    "{" DAY1 ",'agentEnrolled':{'agent':'dan','sponsor':'ann'}},"
	    "{" DAY1 ",'agentVerified':{'agent':'ann','revision':1}},"
	    "{" DAY2 ",'customerBound':{'binding':'b1','customer':'kim',"
	    "'agent':'bea'}}");
}

/* Goods to bea; o1 from her stock, half of it given back; o2 from the brand, on its
 * way, and its cancellation refused; a unit passed down to cy. */
static void
open_trade(void)
{
	open_book();
	served_book_append(
	    &book, "shop",
	    "{" DAY2 ",'stockIssued':{'transfer':'t1','to':{'agent':'bea'},'lines':"
	    "[{'line':1,'sku':'oolong','qty':10,'unitPrice':60}],'paid':600,"
	    "'psp':'wx','pspTxn':'1'}},"
	    "{" DAY3 ",'saleRecorded':{'order':'o1','seller':'bea','buyer':'kim',"
	    "'channel':'live','fulfilment':'HOLDER_SHIP','lines':"
	    "[{'line':1,'sku':'oolong','qty':2,'unitPrice':120}],'paid':240,"
	    "'psp':'wx','pspTxn':'2','deliveredAt':'2026-01-03T00:00:00Z'}},"
	    "{" DAY4 ",'saleRecorded':{'order':'o2','seller':'cy','buyer':'lee',"
	    "'channel':'live','lines':[{'line':1,'sku':'oolong','qty':3,"
	    "'unitPrice':120,'discount':10}],'shipping':5,'paid':355,"
	    "'psp':'wx','pspTxn':'3'}},"
	    "{" DAY5 ",'goodsShipped':{'order':'o2','shipment':'s1','line':1,"
	    "'qty':2}},"
	    "{" DAY5 ",'refundRequested':{'refund':'r1','order':'o1','line':1,"
	    "'amount':120,'qty':1}},"
	    "{" DAY5 ",'refundApproved':{'refund':'r1','order':'o1','line':1,"
	    "'amount':120,'qty':1}},"
	    "{" DAY6 ",'refundPaid':{'refund':'r1','psp':'wx','pspRef':'9'}},"
	    "{" DAY3 ",'orderCancelled':{'order':'o2'}},"
	    "{" DAY6 ",'stockTransferred':{'transfer':'t2','from':{'agent':'bea'},"
	    "'to':{'agent':'cy'},'lines':[{'line':1,'sku':'oolong','qty':1,"
	    "'unitPrice':70}]}}");
}

/* ------------------------------------------------------------ what is no question */

static enum dbk_grpc_code
call_bytes(const char *path, const void *bytes, size_t size)
{
	return dbk_service_call(book.service, NULL, dbk_str_of(path),
				dbk_str_make(bytes, size), INT64_MAX, &book.reply,
				&book.answer);
}

static void
test_paths(void)
{
	open_book();
	CHECK(!dbk_service_serves(dbk_str_of("")));
	CHECK(!dbk_service_serves(dbk_str_of("/daybook.v1.Daybook/Append")));
	CHECK(!dbk_service_serves(dbk_str_of("/daybook.v1.Daybook/Subscribe")));
	CHECK(!dbk_service_serves(dbk_str_of("/daybook.v1.Daybook/GetStatusX")));
	CHECK(!dbk_service_serves(dbk_str_of("/daybook.v2.Daybook/GetStatus")));
	CHECK(dbk_service_serves(dbk_str_of("/daybook.v1.Daybook/GetStatus")));
	CHECK(dbk_service_serves(dbk_str_of("/daybook.v1.Daybook/ListRefusals")));
	CHECK_INT(call_bytes("/daybook.v1.Daybook/RebuildView", "", 0),
		  DBK_GRPC_UNIMPLEMENTED);
	CHECK(strcmp(served_book_status(&book, &book.answer),
		     "UNIMPLEMENTED METHOD method=/daybook.v1.Daybook/RebuildView") ==
	      0);
	CHECK_INT(book.reply.size, 0);
	served_book_close(&book);
}

static void
test_malformed(void)
{
	static char large[DBK_SERVICE_REQUEST_BYTES_MAX + 1];
	static const char unknown[] = "\xfa\x07\x03"
				      "abc\x0a\x03"
				      "ann"; /* field 127, then agent */
	size_t size;

	open_book();
	CHECK_INT(call_bytes("/daybook.v1.Daybook/GetAgent", "\x0a\x05xy", 4),
		  DBK_GRPC_INVALID_ARGUMENT);
	CHECK(strcmp(served_book_status(&book, &book.answer),
		     "INVALID_ARGUMENT MALFORMED_REQUEST") == 0);
	CHECK_INT(call_bytes("/daybook.v1.Daybook/GetStatus", "\xff", 1),
		  DBK_GRPC_INVALID_ARGUMENT);
	CHECK_INT(call_bytes("/daybook.v1.Daybook/GetAgent", large, sizeof large),
		  DBK_GRPC_RESOURCE_EXHAUSTED);
	CHECK_INT(call_bytes("/daybook.v1.Daybook/GetAgent", large, sizeof large - 1),
		  DBK_GRPC_INVALID_ARGUMENT);
	CHECK_INT(book.reply.size, 0);

	/* A question of a later client, and a reply behind other bytes. */
	dbk_buf_put(&book.reply, "kept", 4);
	CHECK_INT(
	    call_bytes("/daybook.v1.Daybook/GetAgent", unknown, sizeof unknown - 1),
	    DBK_GRPC_OK);
	size = book.reply.size;
	CHECK(size > 4 && memcmp(book.reply.bytes, "kept", 4) == 0);
	CHECK_INT(call_bytes("/daybook.v1.Daybook/GetOrder", "\x0a\x01x", 3),
		  DBK_GRPC_NOT_FOUND);
	CHECK_INT(book.reply.size, size);
	served_book_close(&book);
}

static void
test_bad_fields(void)
{
	open_trade();
	expect("GetSource", "{}", "INVALID_ARGUMENT FIELD_MISSING source=");
	expect("GetAgent", "{}", "INVALID_ARGUMENT FIELD_MISSING agent=");
	expect("GetOrder", "{}", "INVALID_ARGUMENT FIELD_MISSING order=");
	expect("ListMovements", "{}", "INVALID_ARGUMENT FIELD_MISSING holder=");
	expect("GetStatement", "{}", "INVALID_ARGUMENT CODE code=0");
	expect("GetStatement", "{'code':1021}", "INVALID_ARGUMENT CODE code=1021");
	expect("ListBalances", "{'code':7}", "INVALID_ARGUMENT CODE code=7");
	expect("ListBalances", "{'pageSize':1001}",
	       "INVALID_ARGUMENT PAGE_SIZE page_size=1001");
	expect_part("ListBalances", "{'pageSize':1000}", "{'size':'17'");
	expect("ListBalances", "{'pageToken':'x'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=x");
	expect("ListStock", "{'pageToken':'b.1.1'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=b.1.1");
	expect("ListStock", "{'pageToken':'b.1.1','largestFirst':true}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=b.1.1");
	expect("GetStatement", "{'code':1020,'pageToken':'zz'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=zz");
	expect("ListMovements", "{'holder':'bea','place':3}",
	       "INVALID_ARGUMENT PLACE place=3");
	expect("ListMovements", "{'holder':'bea','place':-1}",
	       "INVALID_ARGUMENT PLACE place=-1");
	expect("ListAgents", "{'pageSize':4000000000}",
	       "INVALID_ARGUMENT PAGE_SIZE page_size=4000000000");
	served_book_close(&book);
}

static void
test_bad_times(void)
{
	/* GetStatement: code 1020, from of -1 s; to of 2^31-1 ns. */
	static const char before[] = "\x08\xfc\x07\x32\x0b\x08\xff\xff\xff\xff"
				     "\xff\xff\xff\xff\xff\x01";
	static const char torn[] = "\x08\xfc\x07\x3a\x06\x10\xff\xff\xff\xff\x07";

	open_trade();
	CHECK_INT(
	    call_bytes("/daybook.v1.Daybook/GetStatement", before, sizeof before - 1),
	    DBK_GRPC_INVALID_ARGUMENT);
	CHECK(strcmp(served_book_status(&book, &book.answer),
		     "INVALID_ARGUMENT TIME from=-1 s 0 ns") == 0);
	CHECK_INT(call_bytes("/daybook.v1.Daybook/GetStatement", torn, sizeof torn - 1),
		  DBK_GRPC_INVALID_ARGUMENT);
	CHECK(strcmp(served_book_status(&book, &book.answer),
		     "INVALID_ARGUMENT TIME to=0 s 2147483647 ns") == 0);
	served_book_close(&book);
}

static void
test_unknown(void)
{
	char request[300], id[201] = { 0 };

	open_trade();
	expect("GetAgent", "{'agent':'zed'}", "NOT_FOUND AGENT_UNKNOWN agent=zed");
	expect("ListAgents", "{'sponsor':'zed'}",
	       "NOT_FOUND AGENT_UNKNOWN sponsor=zed");
	expect("GetOrder", "{'order':'o3'}", "NOT_FOUND ORDER_UNKNOWN order=o3");
	expect("GetStatement", "{'code':2010,'owner':'o3'}",
	       "NOT_FOUND ORDER_UNKNOWN owner=o3");
	expect("GetStatement", "{'code':2110,'owner':'wx'}",
	       "NOT_FOUND ACCOUNT_UNKNOWN owner=wx");
	expect("GetStatement", "{'code':1020,'owner':'bea'}",
	       "NOT_FOUND ACCOUNT_UNKNOWN owner=bea");
	expect("ListMovements", "{'holder':'zed'}",
	       "NOT_FOUND HOLDER_UNKNOWN holder=zed");
	expect("ListMovements", "{'holder':'bea','sku':'x'}",
	       "NOT_FOUND SKU_UNKNOWN sku=x");
	expect("ListMovements", "{'holder':'bea','lot':'x'}",
	       "NOT_FOUND LOT_UNKNOWN lot=x");

	/* An answer shows the beginning of what is far too long for an id. */
	memset(id, 'y', 200);
	(void)snprintf(request, sizeof request, "{'agent':'%s'}", id);
	id[DBK_VERDICT_VALUE_BYTES_MAX] = '\0';
	expect_part("GetAgent", request, id);
	CHECK_INT(book.answer.status.fields[0].value.size, DBK_VERDICT_VALUE_BYTES_MAX);
	served_book_close(&book);
}

/* ----------------------------------------------------------- the daemon's own state */

static void
test_not_there(void)
{
	open_trade();
	book.has_no_view = true;
	expect("GetTrialBalance", "{}", "UNAVAILABLE VIEW_REBUILDING");
	expect("ListBalances", "{}", "UNAVAILABLE VIEW_REBUILDING");
	expect("GetStatement", "{'code':1020}", "UNAVAILABLE VIEW_REBUILDING");
	expect("ListStock", "{}", "UNAVAILABLE VIEW_REBUILDING");
	expect("ListMovements", "{'holder':'bea'}", "UNAVAILABLE VIEW_REBUILDING");
	expect("GetOrder", "{'order':'o1'}", "UNAVAILABLE VIEW_REBUILDING");
	expect("ListRefusals", "{'atLeastSize':99}", "UNAVAILABLE VIEW_REBUILDING");
	CHECK_INT(book.waited, 0);
	expect_part("GetAgent", "{'agent':'bea'}", "'agent':'bea'");
	expect_part("GetDigest", "{}", "'size':'17'");

	book.has_no_view = false;
	book.is_stopping = true;
	expect("GetSource", "{'source':'erp'}", "UNAVAILABLE STOPPING");
	expect("GetStatus", "{}", "UNAVAILABLE STOPPING");
	expect("GetDigest", "{}", "UNAVAILABLE STOPPING");
	expect("GetAgent", "{'agent':'bea'}", "UNAVAILABLE STOPPING");
	expect("ListAgents", "{}", "UNAVAILABLE STOPPING");
	expect("GetOrder", "{'order':'o1'}", "UNAVAILABLE STOPPING");
	/* What the log itself names needs no books; an order that its refund does not
	 * name, another record does. */
	expect_part("GetStatement", "{'code':1020}",
		    "'typeName':'RefundPaid','order':'o1'");
	expect_part("ListMovements", "{'holder':'bea'}", "'order':'o1'");
	served_book_close(&book);
}

static void
test_waiting(void)
{
	open_book();
	book.view_lags = true;
	served_book_append(&book, "erp", "{" DAY3 ",'agentEnrolled':{'agent':'eve'}}");
	expect("ListStock", "{'atLeastSize':9}",
	       "DEADLINE_EXCEEDED VIEW_BEHIND at_least_size=9");
	CHECK_INT(book.waited_for, 9);
	CHECK_INT(book.waited_until, 12345);
	expect("GetTrialBalance", "{'asOf':{'size':9}}",
	       "DEADLINE_EXCEEDED VIEW_BEHIND at_least_size=9");
	expect("ListBalances", "{'asOf':{'size':10}}",
	       "OUT_OF_RANGE AS_OF as_of.size=10");
	expect("ListStock", "{}", "{'size':'8'}");

	/* The books have what the log has, whatever the view has. */
	book.waited = 0;
	expect_part("GetAgent", "{'agent':'eve','atLeastSize':9}", "'size':'9'");
	expect_part("ListAgents", "{'sponsor':'eve','atLeastSize':9}", "'size':'9'");
	CHECK_INT(book.waited, 0);
	expect("GetAgent", "{'agent':'eve','atLeastSize':10}",
	       "DEADLINE_EXCEEDED VIEW_BEHIND at_least_size=10");

	book.view_lags = false;
	expect("ListStock", "{'atLeastSize':9}", "{'size':'9'}");
	CHECK_INT(book.waited, 2);
	expect("ListRefusals", "{'atLeastSize':9}", "{'size':'9'}");
	CHECK_INT(book.waited, 2);
	CHECK_INT(book.held, book.released);
	served_book_close(&book);
}

/* ------------------------------------------------------------------ the book itself */

static void
test_empty(void)
{
	served_book_open(&book);
	expect("GetStatus", "{}", "{}");
	expect_part("GetDigest", "{}", "{'digest':'");
	expect("GetTrialBalance", "{}", "{}");
	expect("GetStatement", "{'code':1020}", "{'code':1020,'name':'psp.clearing'}");
	expect("ListAgents", "{}", "{}");
	expect("ListAgents", "{'pageToken':'a1'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=a1");
	expect("ListRefusals", "{}", "{}");
	served_book_append(&book, "erp",
			   "{" DAY1 ",'bookOpened':{'book':'tea','currency':'CNY'}}");
	expect("GetTrialBalance", "{}", "{'size':'1','currency':'CNY'}");
	served_book_close(&book);
}

static void
test_status(void)
{
	open_trade();
	expect("GetStatus", "{}",
	       "{'book':'tea','currency':'CNY','exponent':2,'size':'17',"
	       "'clock':'2026-01-06T00:00:00Z',"
	       "'lastRecordedAt':'2027-01-15T08:00:00.000008Z','accepted':'16',"
	       "'refused':'1','agents':'4','customers':'2','skus':'1','orders':'2',"
	       "'positions':'2'}");
	book.status = (struct dbk_service_status){
		.views = { { "ledger", 17, true, 5 } },
		.n_views = 1,
		.log_bytes = 1,
		.views_bytes = 2,
		.books_bytes = 3,
		.saved_books_size = 4,
		.read_only = true,
		.read_only_reason = "the disk is full",
		.version = "0.1",
		.duplicates = 6,
		.invalid = 7,
	};
	expect_part(
	    "GetStatus", "{}",
	    "'views':[{'view':'ledger','size':'17','rebuilding':true,"
	    "'rebuiltSize':'5'}],'logBytes':'1','viewsBytes':'2','booksBytes':'3',"
	    "'readOnly':true,'readOnlyReason':'the disk is full',"
	    "'savedBooksSize':'4','version':'0.1','duplicates':'6','invalid':'7'}");
	served_book_close(&book);
}

static void
test_sources(void)
{
	open_trade();
	expect("GetSource", "{'source':'nobody'}", "{'source':'nobody'}");
	expect("GetSource", "{'source':'shop'}",
	       "{'source':'shop','known':true,'batches':'1','accepted':'8',"
	       "'refused':'1'}");
	expect("ListRefusals", "{}",
	       "{'size':'17','counts':[{'rule':'ORDER_PAID','count':'1',"
	       "'firstPosition':'15','lastPosition':'15'}]}");
	served_book_close(&book);
}

static void
test_digest(void)
{
	unsigned char want[DBK_DIGEST_BYTES];
	Daybook__V1__Digest *got;

	open_trade();
	(void)served_book_call(&book, "GetDigest", "{}");
	got = daybook__v1__digest__unpack(NULL, book.reply.size, book.reply.bytes);
	if (CHECK(got != NULL)) {
		dbk_books_digest(dbk_ledger_books(book.ledger), want);
		CHECK_INT(got->size, 17);
		CHECK_INT(got->digest.len, sizeof want);
		CHECK(memcmp(got->digest.data, want, sizeof want) == 0);
		daybook__v1__digest__free_unpacked(got, NULL);
	}
	served_book_close(&book);
}

/* --------------------------------------------------------------------------- money */

static void
test_trial_balance(void)
{
	open_trade();
	expect("GetTrialBalance", "{}",
	       "{'size':'17','lines':["
	       "{'code':1020,'name':'psp.clearing','debits':'1195','credits':'120',"
	       "'balance':'1075','kind':'asset'},"
	       "{'code':2010,'name':'escrow','debits':'240','credits':'595',"
	       "'balance':'-355','kind':'liability'},"
	       "{'code':2015,'name':'refund.payable','debits':'120','credits':'120',"
	       "'kind':'liability'},"
	       "{'code':2110,'name':'comm.pending','debits':'120','credits':'240',"
	       "'balance':'-120','kind':'liability'},"
	       "{'code':4020,'name':'sales.sell_in','credits':'600',"
	       "'balance':'-600','kind':'income'}],"
	       "'totalDebits':'1675','totalCredits':'1675','currency':'CNY',"
	       "'exponent':2}");
	expect("GetTrialBalance", "{'asOf':{'size':9}}",
	       "{'size':'9','lines':["
	       "{'code':1020,'name':'psp.clearing','debits':'600','balance':'600',"
	       "'kind':'asset'},"
	       "{'code':4020,'name':'sales.sell_in','credits':'600',"
	       "'balance':'-600','kind':'income'}],"
	       "'totalDebits':'600','totalCredits':'600','currency':'CNY',"
	       "'exponent':2}");
	expect_part("GetTrialBalance",
		    "{'asOf':{'effectiveAt':'2026-01-02T00:00:00.0000009Z'}}",
		    "'totalDebits':'600'");
	expect_part("GetTrialBalance", "{'asOf':{'size':0}}", "'currency':'CNY'");
	served_book_close(&book);
}

static void
test_balances(void)
{
	open_trade();
	expect("ListBalances", "{}",
	       "{'size':'17','balances':["
	       "{'code':1020,'name':'psp.clearing','owner':'wx','debits':'1195',"
	       "'credits':'120','balance':'1075','postings':'4'},"
	       "{'code':4020,'name':'sales.sell_in','owner':'bea','credits':'600',"
	       "'balance':'-600','postings':'1'},"
	       "{'code':2110,'name':'comm.pending','owner':'bea','debits':'120',"
	       "'credits':'240','balance':'-120','postings':'2'}],"
	       "'currency':'CNY','exponent':2}");
	expect_part("ListBalances", "{'pageSize':1}",
		    "'postings':'4'}],'nextPageToken':'b.11.");
	expect_without("ListBalances", "{'owner':'bea'}", "psp.clearing");
	expect_without("ListBalances", "{'code':2110}", "sales.sell_in");
	expect_part("ListBalances", "{'largestFirst':true,'pageSize':1}",
		    "{'size':'17','balances':[{'code':1020");
	expect("ListBalances", "{'owner':'zed'}",
	       "{'size':'17','currency':'CNY','exponent':2}");
	served_book_close(&book);
}

static void
test_statement(void)
{
	open_trade();
	expect_part("GetStatement", "{'code':1020,'owner':'wx','pageSize':2}",
		    "{'size':'17','code':1020,'name':'psp.clearing','owner':'wx',"
		    "'balance':'1075','lines':["
		    "{'position':'14','effectiveAt':'2026-01-06T00:00:00Z','type':311,"
		    "'typeName':'RefundPaid','order':'o1','amount':'-120',"
		    "'balance':'1075'},"
		    "{'position':'10','effectiveAt':'2026-01-04T00:00:00Z','type':301,"
		    "'typeName':'SaleRecorded','order':'o2','amount':'355',"
		    "'balance':'1195'}],'nextPageToken':'");
	expect_part("GetStatement", next_page("'code':1020,'owner':'wx'"),
		    "'lines':[{'position':'9'");
	expect_part("GetStatement", "{'code':1020}", "'balance':'1075','owner':'wx'}");
	expect_without("GetStatement",
		       "{'code':1020,'from':'2026-01-03T00:00:00Z',"
		       "'to':'2026-01-04T00:00:00Z'}",
		       "'position':'10'");
	expect_without("GetStatement",
		       "{'code':1020,'from':'2026-01-03T00:00:00.0000001Z'}",
		       "'position':'9'");
	expect("GetStatement", "{'code':2110,'owner':'ann','asOf':{'size':9}}",
	       "{'size':'9','code':2110,'name':'comm.pending','owner':'ann',"
	       "'currency':'CNY','exponent':2}");
	served_book_close(&book);
}

static void
test_statement_of_orders(void)
{
	open_trade();
	expect("GetStatement", "{'code':2010,'owner':'o1'}",
	       "{'size':'17','code':2010,'name':'escrow','owner':'o1','lines':["
	       "{'position':'9','effectiveAt':'2026-01-03T00:00:00Z','type':301,"
	       "'typeName':'SaleRecorded','order':'o1','amount':'240'},"
	       "{'position':'9','effectiveAt':'2026-01-03T00:00:00Z','type':301,"
	       "'typeName':'SaleRecorded','order':'o1','amount':'-240',"
	       "'balance':'-240'}],'currency':'CNY','exponent':2}");
	expect_part("GetStatement", "{'code':2010,'pageSize':1}",
		    "'balance':'-355','lines':[{'position':'10',"
		    "'effectiveAt':'2026-01-04T00:00:00Z','type':301,"
		    "'typeName':'SaleRecorded','order':'o2','amount':'-355',"
		    "'balance':'-355','owner':'o2'}]");
	served_book_close(&book);
}

/* --------------------------------------------------------------------------- goods */

static void
test_stock(void)
{
	open_trade();
	expect("ListStock", "{'holder':'bea'}",
	       "{'size':'17','positions':[{'holder':'bea','holderKind':'agent',"
	       "'sku':'oolong','place':'PHYSICAL','onHand':'7','received':'10',"
	       "'sold':'2','passedDown':'1','sellThroughPpm':'100000',"
	       "'receivedValue':'600','takenBack':'1'}]}");
	expect_part("ListStock", "{'byHolder':true,'largestFirst':true}",
		    "{'size':'17','positions':[{'holder':'bea','holderKind':'agent',"
		    "'onHand':'7'");
	expect_part("ListStock", "{'pageSize':1}", "'nextPageToken':'");
	expect_without("ListStock", "{'asOf':{'size':16}}", "'cy'");
	expect("ListStock", "{'holder':'zed'}", "{'size':'17'}");
	served_book_close(&book);
}

static void
test_movements(void)
{
	open_trade();
	expect_part("ListMovements", "{'holder':'bea','sku':'oolong','pageSize':2}",
		    "{'size':'17','holder':'bea','onHand':'7','lines':["
		    "{'position':'16','effectiveAt':'2026-01-06T00:00:00Z','type':603,"
		    "'typeName':'StockTransferred','sku':'oolong','place':'PHYSICAL',"
		    "'qty':'-1','balance':'7','reason':'passed_down','units':'1'},"
		    "{'position':'13','effectiveAt':'2026-01-05T00:00:00Z','type':310,"
		    "'typeName':'RefundApproved','order':'o1','sku':'oolong',"
		    "'place':'PHYSICAL','balance':'8','reason':'taken_back',"
		    "'units':'1'}],'nextPageToken':'");
	expect_part("ListMovements", next_page("'holder':'bea','sku':'oolong'"),
		    "'lines':[{'position':'9'");
	expect_without("ListMovements", "{'holder':'bea','to':'2026-01-03T00:00:00Z'}",
		       "'position':'9'");
	expect("ListMovements", "{'holder':'ann'}", "{'size':'17','holder':'ann'}");
	expect("ListMovements", "{'holder':'bea','place':'CLOUD','asOf':{'size':10}}",
	       "{'size':'10','holder':'bea'}");
	served_book_close(&book);
}

int
main(void)
{
	check_run("other paths are not served", test_paths);
	check_run("requests that are none, or too large", test_malformed);
	check_run("fields that are out of range are named", test_bad_fields);
	check_run("times that are none are named", test_bad_times);
	check_run("what the book does not know is named", test_unknown);
	check_run("without a view, and while stopping", test_not_there);
	check_run("a question waits for the view, not for ever", test_waiting);
	check_run("an empty book answers", test_empty);
	check_run("the status is the books' and the daemon's", test_status);
	check_run("sources and refusals are counted", test_sources);
	check_run("the digest is that of the books", test_digest);
	check_run("the trial balance, now and as of", test_trial_balance);
	check_run("balances of accounts", test_balances);
	check_run("the statement of an account", test_statement);
	check_run("the statement of an order's account", test_statement_of_orders);
	check_run("stock positions", test_stock);
	check_run("movements of a holder", test_movements);
	return check_end();
}
