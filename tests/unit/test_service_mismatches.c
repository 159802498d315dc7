/*
 * test_service_mismatches.c -- orders whose payment, shipment and receipt do not meet.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "base/buf.h"
#include "daybook/v1/service.pb-c.h"

static struct served_book book;

#define PLACE(order, more)                                                             \
	"'orderPlaced':{'order':'" order "','seller':'bea','buyer':'kim','lines':["    \
	"{'line':1,'sku':'oolong','qty':4,'unitPrice':25}]" more "}"
#define PAY(order, amount)                                                             \
	"'orderPaid':{'order':'" order "','psp':'wx','pspTxn':'" order                 \
	"','amount':" amount "}"
#define SHIP(order, shipment, qty)                                                     \
	"'goodsShipped':{'order':'" order "','shipment':'" shipment                    \
	"','line':1,'holder':{'location':'depot'},'qty':" qty "}"
#define RECEIVE(order) "'receiptConfirmed':{'order':'" order "','line':1}"
#define REFUND(order, amount, qty)                                                     \
	"'refundApproved':{'refund':'" order "','order':'" order                       \
	"','line':1,'amount':" amount ",'qty':" qty "}"

static void
open_book(void)
{
	served_money_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" DAY_01 ",'agentEnrolled':{'agent':'cy','sponsor':'ann'}},"
	    "{" DAY_01 ",'stockIssued':{'transfer':'t','to':{'location':'depot'},"
	    "'lines':[{'line':1,'sku':'oolong','qty':100}]}}");
}

static void
send(const char *events)
{
	served_book_append(&book, "shop", events);
}

#define ROW(order, kinds)                                                              \
	"{'order':'" order "','kinds':[" kinds "],'seller':'bea','buyer':'kim','"      \
	"total':'100',"

/* Each stage of an order, and what is wrong with it there. */
static void
test_stages(void)
{
	open_book();
	served_money_expect(&book, "ListMismatches", "{}", "{'size':'8'," CNY "}");
	send("{" DAY_02 "," PLACE("o", "") "}");
	served_money_expect(&book, "ListMismatches", "{}", "{'size':'9'," CNY "}");
	send("{" DAY_03 "," SHIP("o", "s1", "1") "}");
	served_money_expect(&book, "ListMismatches", "{}",
			    "{'size':'10','orders':[" ROW(
				"o", "'MISMATCH_SHIPPED_NOT_PAID','MISMATCH_SHIPPED_"
				     "NOT_RECEIVED'") "'units':'4','unitsShipped':'1','"
						      "ageDays':'1'}]," CNY "}");
	send("{" DAY_04 "," PAY("o", "100") "}");
	served_money_expect_part(&book, "ListMismatches", "{}",
				 ROW("o",
				     "'MISMATCH_PAID_NOT_SHIPPED','MISMATCH_SHIPPED_"
				     "NOT_RECEIVED'") "'"
						      "paid':'100','units':'4','"
						      "unitsShipped':'1','ageDays':'2'"
						      "}");
	send("{" DAY_04 "," SHIP("o", "s2", "1") "},{" DAY_05 "," RECEIVE("o") "}");
	served_money_expect_part(
	    &book, "ListMismatches", "{}",
	    ROW("o",
		"'MISMATCH_RECEIVED_UNSHIPPED'") "'paid':'100','units':'4','"
						 "unitsShipped':'2','unitsReceived':'4'"
						 ",'ageDays':'3'}");
	send("{" DAY_06 "," REFUND("o", "100", "1") "}");
	served_money_expect_part(
	    &book, "ListMismatches", "{}",
	    "'kinds':['MISMATCH_RECEIVED_UNSHIPPED','MISMATCH_REFUNDED_NOT_RETURNED'],"
	    "'seller':'bea','buyer':'kim','total':'100','paid':'100','units':'4','"
	    "unitsShipped':'1','unitsReceived':'3','unitsReturned':'1','refunded':'100'"
	    ",'ageDays':'4'}");
	served_book_close(&book);
}

static void
test_received_not_paid(void)
{
	open_book();
	send("{" DAY_02 "," PLACE("o", "") "},{" DAY_02 "," SHIP(
	    "o", "s", "4") "},"
			   "{" DAY_03 "," RECEIVE("o") "}");
	served_money_expect_part(&book, "ListMismatches", "{}",
				 ROW("o",
				     "'MISMATCH_SHIPPED_NOT_PAID','MISMATCH_RECEIVED_"
				     "NOT_PAID'") "'"
						  "units':'4','unitsShipped':'4','"
						  "unitsReceived':'4','ageDays':'1'}");
	send("{" DAY_04 "," PAY("o", "100") "}");
	served_money_expect_without(&book, "ListMismatches", "{}", "'orders'");
	served_book_close(&book);
}

/* What is as it should be, and what nobody expects anything of. */
static void
test_nothing_wrong(void)
{
	open_book();
	send("{" DAY_02 "," PLACE(
	    "pickup",
	    ",'fulfilment':'STORE_PICKUP'") "},"
					    "{" DAY_02 "," PAY(
						"pickup",
						"100") "},"
						       "{" DAY_02 "," RECEIVE(
							   "pickup") "},"
								     "{" DAY_02
								     "," PLACE(
									 "gone",
									 "") "},"
									     "{" DAY_02
									     "," SHIP(
										 "gone",
										 "s1",
										 "1") "},"
										      "{" DAY_02
										      ",'orderCancelled':{'order':'gone'}},"
										      "{" DAY_02
										      "," SALE(
											  "told",
											  "9",
											  ",'deliveredAt':" TIME_02) "},"
														     "{" DAY_02
														     ",'saleRecorded':{'order':'direct','seller':'bea','lines':[{"
														     "'line':1,'sku':'oolong','qty':1,'unitPrice':9}],'paid':9}},"
														     "{" DAY_02
														     ",'orderPlaced':{'order':'asked','kind':'RESTOCK','buyer':"
														     "'cy','lines':[{'line':1,'sku':'oolong','qty':1,'unitPrice':9}]}},"
														     "{" DAY_02
														     ",'stockIssued':{'transfer':'t2','to':{'agent':'cy'},'order':"
														     "'asked','lines':[{'line':1,'sku':'oolong','qty':1,'unitPrice':9}]}}");
	served_money_expect(&book, "ListMismatches", "{}", "{'size':'18'," CNY "}");
	/* A sale that was not told with its receipt is like an order. */
	send("{" DAY_03 "," SALE("late", "9", "") "},{" DAY_04 "," RECEIVE("late") "}");
	served_money_expect_part(&book, "ListMismatches", "{}",
				 "[{'order':'late','kinds':['MISMATCH_RECEIVED_"
				 "UNSHIPPED']");
	served_book_close(&book);
}

static void
test_filters(void)
{
	open_book();
	send("{" DAY_02 "," PLACE("a", "") "},{" DAY_02 "," PAY(
	    "a", "100") "},"
			"{" DAY_05 "," PLACE("b", "") "},{" DAY_05 "," SHIP(
			    "b", "s", "4") "},"
					   "{" DAY_08 ",'clockAdvanced':{}}");
	served_money_expect_part(&book, "ListMismatches",
				 "{'kind':'MISMATCH_PAID_NOT_SHIPPED'}",
				 "'orders':[{'order':'a',");
	served_money_expect_without(&book, "ListMismatches",
				    "{'kind':'MISMATCH_PAID_NOT_SHIPPED'}",
				    "'order':'b'");
	served_money_expect_without(&book, "ListMismatches",
				    "{'kind':'MISMATCH_RECEIVED_NOT_PAID'}",
				    "'orders'");
	served_money_expect_without(&book, "ListMismatches", "{'olderThanDays':7}",
				    "'orders'");
	served_money_expect_without(&book, "ListMismatches", "{'olderThanDays':6}",
				    "'order':'b'");
	served_money_expect_part(&book, "ListMismatches", "{'olderThanDays':6}",
				 "'order':'a'");
	served_money_expect_part(&book, "ListMismatches", "{'olderThanDays':3}",
				 "'order':'b'");
	served_money_expect_without(&book, "ListMismatches", "{'seller':'cy'}",
				    "'orders'");
	served_money_expect_part(&book, "ListMismatches", "{'seller':'bea'}",
				 "'order':'b'");
	served_money_expect(&book, "ListMismatches", "{'seller':'zed'}",
			    "NOT_FOUND AGENT_UNKNOWN seller=zed");
	served_money_expect(&book, "ListMismatches", "{'pageToken':'e.1.1'}",
			    "INVALID_ARGUMENT PAGE_TOKEN page_token=e.1.1");
	served_money_expect(&book, "ListMismatches", "{'pageSize':1001}",
			    "INVALID_ARGUMENT PAGE_SIZE page_size=1001");
	served_money_expect(&book, "ListMismatches", "{'kind':7}",
			    "INVALID_ARGUMENT KIND kind=7");
	served_book_close(&book);
}

/* Pages foot, also where most orders of a step are looked at and left out. */
static void
test_pages(void)
{
	struct dbk_buf events;
	char token[64] = "", request[128];
	unsigned n = 0, pages = 0;

	open_book();
	dbk_buf_init(&events);
	for (unsigned i = 0; i < 300; i++)
		dbk_buf_printf(&events,
			       "%s{" DAY_02 ",'saleRecorded':{'order':'o%u','lines':[{"
			       "'line':1,'sku':'oolong','qty':1,'unitPrice':9}],'paid':"
			       "9,'psp':'w','pspTxn':'%u'%s}}",
			       i == 0 ? "" : ",", i, i,
			       i % 10 == 3 ? "" : ",'deliveredAt':" TIME_02);
	dbk_buf_put_u8(&events, '\0');
	send((const char *)events.bytes);
	dbk_buf_fini(&events);
	do {
		Daybook__V1__ListMismatchesReply *reply;

		(void)snprintf(request, sizeof request,
			       "{'pageSize':7,'pageToken':'%s'}", token);
		(void)served_book_call(&book, "ListMismatches", request);
		reply = daybook__v1__list_mismatches_reply__unpack(
		    NULL, book.reply.size, book.reply.bytes);
		if (!CHECK(reply != NULL))
			return;
		for (size_t i = 0; i < reply->n_orders; i++, n++) {
			(void)snprintf(request, sizeof request, "o%u", 10 * n + 3);
			CHECK(strcmp(reply->orders[i]->order, request) == 0);
		}
		(void)snprintf(token, sizeof token, "%s", reply->next_page_token);
		daybook__v1__list_mismatches_reply__free_unpacked(reply, NULL);
		pages++;
	} while (token[0] != '\0' && pages < 20);
	CHECK_INT(n, 30);
	CHECK_INT(pages, 5);
	served_book_close(&book);
}

int
main(void)
{
	check_run("an order on its way and what is wrong with it", test_stages);
	check_run("goods that arrived and were never paid", test_received_not_paid);
	check_run("orders that are as they should be are not listed",
		  test_nothing_wrong);
	check_run("by kind, seller and age", test_filters);
	check_run("pages of few among many", test_pages);
	return check_end();
}
