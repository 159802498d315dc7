/*
 * test_service_goods.c -- questions about stock: who sits on what, a lot and its chain,
 * restocks and buy-backs that were asked for.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "base/buf.h"
#include "daybook/v1/service.pb-c.h"

static struct served_book book;

#define AFTER_30 "'effectiveAt':'2026-02-05T00:00:00Z'"

#define ISSUE(name, agent, sku, lot, qty)                                              \
	"'stockIssued':{'transfer':'" name "','to':{'agent':'" agent                   \
	"'},'lines':[{'line':1,'sku':'" sku "','lot':'" lot "','qty':" qty             \
	",'unitPrice':60}]}"
#define PASS(name, from, to, sku, lot, qty)                                            \
	"'stockTransferred':{'transfer':'" name "','from':{'agent':'" from             \
	"'},'to':{'agent':'" to "'},'lines':[{'line':1,'sku':'" sku "','lot':'" lot    \
	"','qty':" qty "}]}"
#define SELL(order, seller, sku, lot, qty, paid)                                       \
	"'saleRecorded':{'order':'" order "','seller':'" seller                        \
	"','buyer':'kim','fulfilment':'HOLDER_SHIP','lines':[{'line':1,'sku':'" sku    \
	"','lot':'" lot "','qty':" qty ",'unitPrice':100}],'paid':" paid               \
	",'psp':'wx','pspTxn':'" order "','deliveredAt':" TIME_08 "}"

/* ann has tea of two lots, bea has some of it from her, and sold; cy has nothing. */
static void
open_book(void)
{
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY_01 ",'bookOpened':{'book':'tea','currency':'CNY','exponent':2}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'oolong','revision':1,'listPrice':100}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'puer','revision':1,'listPrice':7}},"
	    "{" DAY_01 ",'skuDefined':{'sku':'mate','revision':1}},"
	    "{" DAY_01 ",'lotRegistered':{'lot':'L1','sku':'oolong','qty':50,"
	    "'expiresOn':" TIME_20 ",'serialFrom':'s1','serialTo':'s9',"
	    "'intendedRegion':'north'}},"
	    "{" DAY_01 ",'lotRegistered':{'lot':'L2','sku':'oolong','qty':9}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'ann'}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'bea','sponsor':'ann'}},"
	    "{" DAY_01 ",'agentEnrolled':{'agent':'cy','sponsor':'ann'}}");
	served_book_append(
	    &book, "shop",
	    "{" DAY_02
	    "," ISSUE("t1", "ann", "oolong", "L1",
		      "20") "},"
			    "{" DAY_03
			    "," PASS("t2", "ann", "bea", "oolong", "L1",
				     "8") "},"
					  "{" DAY_04 "," ISSUE(
					      "t3", "ann", "oolong", "L2",
					      "5") "},"
						   "{" DAY_05 "," ISSUE(
						       "t4", "ann", "puer", "",
						       "3") "},"
							    "{" DAY_08 "," SELL(
								"o1", "bea", "oolong",
								"L1", "6", "600") "}");
}

#define OF_ANN                                                                         \
	"{'agent':'ann','sku':'oolong','stock':'17','received':'25','passed':'8','"    \
	"coverDays':'-1','purchaseToSalesPpm':'-1','aged':['17','0','0','0','0'],'"    \
	"tier':1,'value':'1700'}"
#define OF_BEA                                                                         \
	"{'agent':'bea','sku':'oolong','stock':'2','received':'8','sold':'6','"        \
	"sellThroughPpm':'750000','coverDays':'10','purchaseToSalesPpm':'1333333','"   \
	"aged':['2','0','0','0','0'],'tier':2,'value':'200'}"
#define OF_PUER                                                                        \
	"{'agent':'ann','sku':'puer','stock':'3','received':'3','coverDays':'-1','"    \
	"purchaseToSalesPpm':'-1','aged':['3','0','0','0','0'],'tier':1,'value':'21'}"
#define ALL_OF_ANN                                                                     \
	"{'agent':'ann','stock':'20','received':'28','passed':'8','coverDays':'-1','"  \
	"purchaseToSalesPpm':'-1','aged':['20','0','0','0','0'],'value':'1721'}"
#define HEAD "{'size':'14','windowDays':30,'goods':["

static void
test_goods(void)
{
	open_book();
	served_money_expect(&book, "ListGoods", "{}",
			    HEAD OF_ANN "," OF_PUER "," OF_BEA "]," CNY "}");
	served_money_expect(&book, "ListGoods", "{'agent':'bea'}",
			    HEAD OF_BEA "]," CNY "}");
	served_money_expect(&book, "ListGoods", "{'sku':'oolong'}",
			    HEAD OF_ANN "," OF_BEA "]," CNY "}");
	served_money_expect(&book, "ListGoods", "{'agent':'ann','byAgent':true}",
			    HEAD ALL_OF_ANN "]," CNY "}");
	served_money_expect(&book, "ListGoods",
			    "{'byAgent':true,'sku':'oolong','agent':'bea'}",
			    HEAD OF_BEA "]," CNY "}");
	served_money_expect(&book, "ListGoods", "{'agent':'cy'}",
			    "{'size':'14','windowDays':30," CNY "}");
	served_money_expect(&book, "ListGoods", "{'sku':'mate'}",
			    "{'size':'14','windowDays':30," CNY "}");
	served_book_close(&book);
}

static void
test_largest(void)
{
	open_book();
	served_money_expect(&book, "ListGoods", "{'largestFirst':true}",
			    HEAD OF_ANN "," OF_PUER "," OF_BEA "]," CNY "}");
	served_money_expect(&book, "ListGoods", "{'largestFirst':true,'pageSize':1}",
			    HEAD OF_ANN "]," CNY "}");
	served_money_expect(&book, "ListGoods",
			    "{'largestFirst':true,'pageSize':1,'byAgent':true}",
			    HEAD ALL_OF_ANN "]," CNY "}");
	served_money_expect(&book, "ListGoods",
			    "{'largestFirst':true,'byAgent':true,'sku':'puer'}",
			    HEAD OF_PUER "]," CNY "}");
	served_money_expect(&book, "ListGoods", "{'largestFirst':true,'agent':'cy'}",
			    "{'size':'14','windowDays':30," CNY "}");
	served_money_expect(&book, "ListGoods",
			    "{'largestFirst':true,'pageToken':'g.e.100000000'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=g.e.100000000");
	served_book_close(&book);
}

static void
test_goods_pages(void)
{
	open_book();
	served_money_expect(&book, "ListGoods", "{'pageSize':1}",
			    HEAD OF_ANN "],'nextPageToken':'g.e.100000002'," CNY "}");
	served_money_expect(&book, "ListGoods",
			    "{'pageSize':1,'pageToken':'g.e.100000002'}",
			    HEAD OF_PUER "],'nextPageToken':'g.e.200000001'," CNY "}");
	served_money_expect(&book, "ListGoods",
			    "{'pageSize':1,'pageToken':'g.e.200000001'}",
			    HEAD OF_BEA "]," CNY "}");
	served_money_expect(
	    &book, "ListGoods", "{'byAgent':true,'pageSize':1,'agent':''}",
	    HEAD ALL_OF_ANN "],'nextPageToken':'g.e.200000000'," CNY "}");
	served_money_expect(&book, "ListGoods", "{'pageToken':'g.e.ffffffff00000000'}",
			    "{'size':'14','windowDays':30," CNY "}");
	served_book_close(&book);
}

static void
test_bad_goods(void)
{
	open_book();
	served_money_expect(&book, "ListGoods", "{'agent':'zed'}",
			    "NOT_FOUND AGENT_UNKNOWN agent=zed");
	served_money_expect(&book, "ListGoods", "{'sku':'zed'}",
			    "NOT_FOUND SKU_UNKNOWN sku=zed");
	served_money_expect(&book, "ListGoods", "{'windowDays':367}",
			    "INVALID_ARGUMENT DAYS window_days=367");
	served_money_expect_part(&book, "ListGoods", "{'windowDays':366}",
				 "'windowDays':366");
	served_money_expect(&book, "ListGoods", "{'pageSize':1001}",
			    "INVALID_ARGUMENT PAGE_SIZE page_size=1001");
	served_money_expect(&book, "ListGoods", "{'pageToken':'g.e.7'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=g.e.7");
	served_money_expect(&book, "ListGoods", "{'pageToken':'s.1.1'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=s.1.1");
	served_money_expect(&book, "ListGoods",
			    "{'agent':'bea','pageToken':'g.e.100000001'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=g.e.100000001");
	book.is_stopping = true;
	served_money_expect(&book, "ListGoods", "{}", "UNAVAILABLE STOPPING");
	book.is_stopping = false;
	served_book_close(&book);
}

/* A window looks at what moved in it, ages at what came since. */
static void
test_windows(void)
{
	open_book();
	served_book_append(&book, "shop", "{" AFTER_30 ",'clockAdvanced':{}}");
	served_money_expect_part(
	    &book, "ListGoods", "{'agent':'bea','windowDays':29}",
	    "'stock':'2','open':'8','sold':'6','sellThroughPpm':'750000','coverDays':'"
	    "9','aged':['0','2','0','0','0']");
	served_money_expect_part(
	    &book, "ListGoods", "{'agent':'bea','windowDays':28}",
	    "'stock':'2','open':'2','coverDays':'-1','purchaseToSalesPpm':'-1','aged':"
	    "['0','2','0','0','0']");
	served_book_append(&book, "desk",
			   "{" AFTER_30
			   ",'guardSetPublished':{'guardSet':'g','version':1,"
			   "'parameters':[{'name':'window_days','value':5}]}}");
	served_money_expect_part(&book, "ListGoods", "{}", "'windowDays':5,");
	served_book_close(&book);
}

/* --------------------------------------------------------------------------- a lot */

#define LOT_HEAD                                                                       \
	"{'size':'14','lot':'L1','sku':'oolong','qty':'50','expiresOn':" TIME_20       \
	",'intendedRegion':'north','serialFrom':'s1','serialTo':'s9','issued':'20','"  \
	"consumed':'6',"
#define LOT_HOLDERS                                                                    \
	"'holders':[{'holder':'ann','holderKind':'agent','place':'PHYSICAL','onHand':" \
	"'12','received':'20'},{'holder':'bea','holderKind':'agent','place':'PHYSICAL" \
	"','onHand':'2','received':'8','sold':'6'}],"
#define LINE_4                                                                         \
	"'order':'o1','sku':'oolong','lot':'L1','place':'PHYSICAL','qty':'-6','"       \
	"balance':'2','reason':'sold','units':'6','holder':'bea','holderKind':'agent'" \
	",'buyer':'kim'}]"

static void
test_lot(void)
{
	open_book();
	served_money_expect_part(&book, "GetLot", "{'lot':'L1'}",
				 LOT_HEAD LOT_HOLDERS "'lines':[{'position':'9',");
	served_money_expect_part(&book, "GetLot", "{'lot':'L1'}",
				 "'reason':'passed_down','units':'8','holder':'ann','"
				 "holderKind':'agent'},{");
	served_money_expect_part(&book, "GetLot", "{'lot':'L1'}",
				 "'reason':'received','units':'8','holder':'bea','"
				 "holderKind':'agent'},{");
	served_money_expect_part(&book, "GetLot", "{'lot':'L1'}",
				 LINE_4 ",'position':'4'}");
	served_money_expect_part(&book, "GetLot", "{'lot':'L1','pageSize':1}",
				 "'nextPageToken':'l.e.");
	served_money_expect(&book, "GetLot", "{'lot':'L9'}",
			    "NOT_FOUND LOT_UNKNOWN lot=L9");
	served_money_expect(&book, "GetLot", "{}",
			    "INVALID_ARGUMENT FIELD_MISSING lot=");
	served_money_expect(&book, "GetLot", "{'lot':'L1','pageToken':'g.1.1'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=g.1.1");
	served_money_expect(&book, "GetLot", "{'lot':'L1','pageToken':'l.ff.1'}",
			    "FAILED_PRECONDITION VIEW_BEHIND");
	/* A forged place names another one in the same chain, or none. */
	served_money_expect_part(&book, "GetLot", "{'lot':'L1','pageToken':'l.e.1'}",
				 "'lines':[{'position':'9',");
	served_money_expect(&book, "GetLot",
			    "{'lot':'L1','pageToken':'l.e.ffffffffffffffff'}",
			    LOT_HEAD LOT_HOLDERS "'position':'4'}");
	served_book_append(&book, "erp",
			   "{" DAY_09
			   ",'lotRegistered':{'lot':'L3','sku':'mate','qty':1}}");
	served_money_expect(
	    &book, "GetLot", "{'lot':'L3'}",
	    "{'size':'15','lot':'L3','sku':'mate','qty':'1','position':'14'}");
	served_book_close(&book);
}

static void
test_stock_of_lot(void)
{
	open_book();
	served_money_expect_part(&book, "ListStock", "{'lot':'L1','pageSize':1}",
				 "{'size':'14','positions':[{'holder':'ann','"
				 "holderKind':'agent','sku':'oolong','lot':'L1','place'"
				 ":'PHYSICAL','onHand':'12'");
	served_money_expect_part(&book, "ListStock", "{'lot':'L1','holder':'bea'}",
				 "'lot':'L1','place':'PHYSICAL','onHand':'2'");
	served_money_expect_without(&book, "ListStock", "{'lot':'L1'}", "'L2'");
	served_money_expect_part(&book, "ListStock",
				 "{'lot':'L1','byHolder':true,'largestFirst':true}",
				 "[{'holder':'ann','holderKind':'agent','sku':'oolong'"
				 ",'lot':'L1','onHand':'12'");
	served_money_expect(&book, "ListStock", "{'lot':'L1','sku':'puer'}",
			    "{'size':'14'}");
	served_money_expect(&book, "ListStock", "{'lot':'L9'}",
			    "NOT_FOUND LOT_UNKNOWN lot=L9");
	served_book_close(&book);
}

/* ------------------------------------------------------------------------ very many */

/* EVENT, a body, among others that are sent by the 500. */
static void
collect(struct dbk_buf *events, const char *event, bool is_last)
{
	static unsigned n;

	dbk_buf_printf(events, "%s{" DAY_09 ",%s}", events->size == 0 ? "" : ",",
		       event);
	if (++n % 500 != 0 && !is_last)
		return;
	dbk_buf_put_u8(events, '\0');
	served_book_append(&book, "erp", (const char *)events->bytes);
	dbk_buf_reset(events);
}

/* A unit of lot L4 to each of the depots FIRST to LAST; i + 1 of them to depot i < 10.
 */
static void
send_to_depots(unsigned first, unsigned last)
{
	struct dbk_buf events;
	char event[200];

	dbk_buf_init(&events);
	for (unsigned i = first; i <= last; i++) {
		(void)snprintf(event, sizeof event,
			       "'stockIssued':{'transfer':'d%u','to':{'location':'d%u'"
			       "},'lines':[{'line':1,'sku':'mate','lot':'L4','qty':%u}"
			       "]}",
			       i, i, i < 10 ? i + 1 : 1);
		collect(&events, event, i == last);
	}
	dbk_buf_fini(&events);
}

static Daybook__V1__Lot *
get_lot_4(void)
{
	Daybook__V1__Lot *lot;

	(void)served_book_call(&book, "GetLot", "{'lot':'L4','pageSize':1}");
	lot = daybook__v1__lot__unpack(NULL, book.reply.size, book.reply.bytes);
	if (!CHECK(lot != NULL))
		exit(1);
	return lot;
}

/* The thousand largest holders are named; too many chains are not merged. */
static void
test_lot_everywhere(void)
{
	Daybook__V1__Lot *lot;

	open_book();
	served_book_append(&book, "erp",
			   "{" DAY_09
			   ",'lotRegistered':{'lot':'L4','sku':'mate','qty':9000}}");
	send_to_depots(0, 999);
	lot = get_lot_4();
	CHECK_INT(lot->n_holders, 1000);
	CHECK(!lot->holders_truncated);
	CHECK_INT(lot->holders[0]->on_hand, 10);
	CHECK(strcmp(lot->holders[0]->holder, "d9") == 0);
	CHECK(strcmp(lot->holders[9]->holder, "d0") == 0);
	CHECK(strcmp(lot->holders[999]->holder, "d999") == 0);
	daybook__v1__lot__free_unpacked(lot, NULL);
	send_to_depots(1000, 4095);
	lot = get_lot_4();
	CHECK_INT(lot->n_holders, 1000);
	CHECK(lot->holders_truncated);
	CHECK(strcmp(lot->lines[0]->holder, "d0") == 0);
	daybook__v1__lot__free_unpacked(lot, NULL);
	send_to_depots(4096, 4096);
	served_money_expect(&book, "GetLot", "{'lot':'L4'}",
			    "RESOURCE_EXHAUSTED LIMIT");
	served_money_expect_part(&book, "ListStock", "{'lot':'L4','holder':'d4096'}",
				 "'onHand':'1'");
	served_book_close(&book);
}

/* cy has a unit each of 11,000 lots, and bea of one more. */
static void
send_lots(void)
{
	struct dbk_buf events;
	char event[200];

	dbk_buf_init(&events);
	for (unsigned i = 0; i <= 11000; i++) {
		(void)snprintf(event, sizeof event,
			       "'lotRegistered':{'lot':'m%u','sku':'mate','qty':1}", i);
		collect(&events, event, false);
		(void)snprintf(event, sizeof event,
			       "'stockIssued':{'transfer':'m%u','to':{'agent':'%s'},'"
			       "lines':[{'line':1,'sku':'mate','lot':'m%u','qty':1}]}",
			       i, i < 11000 ? "cy" : "bea", i);
		collect(&events, event, i == 11000);
	}
	dbk_buf_fini(&events);
}

#define OF_CY                                                                          \
	"{'agent':'cy','sku':'mate','stock':'11000','received':'11000','coverDays':'-" \
	"1','purchaseToSalesPpm':'-1','aged':['11000','0','0','0','0'],'tier':1}"
#define MATE_OF_BEA                                                                    \
	"{'agent':'bea','sku':'mate','stock':'1','received':'1','coverDays':'-1','"    \
	"purchaseToSalesPpm':'-1','aged':['1','0','0','0','0'],'tier':1}"

/* What one agent has is walked in several steps, and is one row. */
static void
test_goods_in_steps(void)
{
	open_book();
	send_lots();
	book.asked = 0;
	served_money_expect_part(&book, "ListGoods", "{'sku':'mate'}",
				 "[" MATE_OF_BEA "," OF_CY "]");
	CHECK(book.asked >= 4);
	served_money_expect_part(&book, "ListGoods", "{'largestFirst':true}",
				 "[" OF_CY "," OF_ANN ",");
	served_money_expect_part(&book, "ListGoods",
				 "{'largestFirst':true,'sku':'mate','byAgent':true}",
				 "[" OF_CY "," MATE_OF_BEA "]");
	served_money_expect_part(&book, "ListGoods", "{'agent':'cy','pageSize':1}",
				 "[" OF_CY "]");
	served_money_expect_without(&book, "ListGoods", "{'agent':'cy','pageSize':1}",
				    "nextPageToken");
	served_book_close(&book);
}

/* ------------------------------------------------------------------- what was asked */

#define ASK(name, agent, sku, qty)                                                     \
	"'restockRequested':{'request':'" name "','agent':'" agent "','sku':'" sku     \
	"','qty':" qty ",'unitPrice':60,'place':'PHYSICAL'}"
#define BACK(name, agent, lot, qty)                                                    \
	"'buybackRequested':{'request':'" name "','agent':'" agent                     \
	"','sku':'oolong','lot':'" lot "','qty':" qty "}"

static void
test_restocks(void)
{
	open_book();
	served_book_append(
	    &book, "app",
	    "{" DAY_09 "," ASK(
		"r1", "ann", "oolong",
		"9") "},"
		     "{" DAY_10 "," ASK(
			 "r2", "bea", "oolong",
			 "4") "},"
			      "{" DAY_11 "," ASK(
				  "r3", "ann", "puer",
				  "2") "},"
				       "{" DAY_11
				       ",'stockIssued':{'transfer':'t9','to':{'agent':'"
				       "ann'},'order':'r1','lines':[{'line':1,'sku':'"
				       "oolong','qty'"
				       ":5,'unitPrice':60}]}}");
#define R1                                                                             \
	"{'request':'r1','agent':'ann','sku':'oolong','qty':'9','unitPrice':'60','"    \
	"claimed':'5','arrived':'5','asked':'2026-01-09'}"
#define R2                                                                             \
	"{'request':'r2','agent':'bea','sku':'oolong','qty':'4','unitPrice':'60','"    \
	"asked':'2026-01-10'}"
#define R3                                                                             \
	"{'request':'r3','agent':'ann','sku':'puer','qty':'2','unitPrice':'60','"      \
	"asked':'2026-01-11'}"
	served_money_expect(&book, "ListRestocks", "{}",
			    "{'size':'18','restocks':[" R1 "," R2 "," R3 "]}");
	served_money_expect(&book, "ListRestocks", "{'agent':'ann'}",
			    "{'size':'18','restocks':[" R3 "," R1 "]}");
	served_money_expect(&book, "ListRestocks", "{'agent':'ann','pageSize':1}",
			    "{'size':'18','restocks':[" R3
			    "],'nextPageToken':'j.12.1'}");
	served_money_expect(&book, "ListRestocks",
			    "{'agent':'ann','pageToken':'j.12.1'}",
			    "{'size':'18','restocks':[" R1 "]}");
	served_money_expect(&book, "ListRestocks",
			    "{'agent':'ann','pageToken':'j.12.2'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=j.12.2");
	served_money_expect(&book, "ListRestocks",
			    "{'agent':'ann','pageToken':'j.12.9'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=j.12.9");
	served_money_expect(&book, "ListRestocks", "{'agent':'cy'}", "{'size':'18'}");
	served_money_expect(&book, "ListRestocks", "{'agent':'zed'}",
			    "NOT_FOUND AGENT_UNKNOWN agent=zed");
	served_money_expect_part(&book, "ListGoods", "{'agent':'ann','sku':'oolong'}",
				 "'stock':'22','incoming':'4',");
	served_money_expect_part(&book, "ListGoods", "{'agent':'ann','byAgent':true}",
				 "'stock':'25','incoming':'6',");
	served_book_close(&book);
}

static void
test_buybacks(void)
{
	open_book();
	served_money_expect(&book, "ListBuybacks", "{}", "{'size':'14'}");
	served_book_append(
	    &book, "app",
	    "{" DAY_09 "," BACK(
		"b1", "ann", "L1",
		"4") "},"
		     "{" DAY_10 "," BACK(
			 "b2", "ann", "L2",
			 "1") "},"
			      "{" DAY_11
			      ",'buybackSettled':{'document':'d1','request':'"
			      "b1','agent':'ann','sku':'oolong','lot':'L1','qty':3,'"
			      "unitPricePaid':60,'pricePpm':1000000,'amount':180}}");
	served_money_expect(&book, "ListBuybacks", "{}",
			    "{'size':'17','buybacks':[{'request':'b1','agent':'ann','"
			    "sku':'oolong','lot':'L1','qty':'4','settled':'3'},{'"
			    "request':'b2','agent':'ann','sku':'oolong','lot':'L2','"
			    "qty':'1'}]}");
	served_money_expect(&book, "ListBuybacks", "{'agent':'ann','pageSize':1}",
			    "{'size':'17','buybacks':[{'request':'b2','agent':'ann','"
			    "sku':'oolong','lot':'L2','qty':'1'}],'nextPageToken':'v."
			    "11.1'}");
	served_money_expect(&book, "ListBuybacks", "{'agent':'bea'}", "{'size':'17'}");
	served_money_expect(&book, "ListBuybacks", "{'agent':'zed'}",
			    "NOT_FOUND AGENT_UNKNOWN agent=zed");
	served_book_close(&book);
}

int
main(void)
{
	check_run("an agent and a sku are a row, or all skus of an agent", test_goods);
	check_run("the largest stocks come first", test_largest);
	check_run("pages of goods follow each other", test_goods_pages);
	check_run("questions about goods that make no sense", test_bad_goods);
	check_run("a window has the days asked for, or those of the guard set",
		  test_windows);
	check_run("a lot has holders and a chain of custody", test_lot);
	check_run("stock of one lot", test_stock_of_lot);
	check_run("a lot at very many places", test_lot_everywhere);
	check_run("an agent with very many positions", test_goods_in_steps);
	check_run("restocks that were allowed, all or an agent's", test_restocks);
	check_run("goods that agents asked to give back", test_buybacks);
	return check_end();
}
