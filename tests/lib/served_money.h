#ifndef DAYBOOK_TESTS_SERVED_MONEY_H
#define DAYBOOK_TESTS_SERVED_MONEY_H

/*
 * served_money.h -- a served book with agents' money, and questions to it whose answers
 * are known.
 */

#include "served_book.h"

#define TIME_01 "'2026-01-01T00:00:00Z'"
#define TIME_02 "'2026-01-02T00:00:00Z'"
#define TIME_03 "'2026-01-03T00:00:00Z'"
#define TIME_04 "'2026-01-04T00:00:00Z'"
#define TIME_05 "'2026-01-05T00:00:00Z'"
#define TIME_06 "'2026-01-06T00:00:00Z'"
#define TIME_07 "'2026-01-07T00:00:00Z'"
#define TIME_08 "'2026-01-08T00:00:00Z'"
#define TIME_09 "'2026-01-09T00:00:00Z'"
#define TIME_10 "'2026-01-10T00:00:00Z'"
#define TIME_11 "'2026-01-11T00:00:00Z'"
#define TIME_20 "'2026-01-20T00:00:00Z'"
#define DAY_01 "'effectiveAt':" TIME_01
#define DAY_02 "'effectiveAt':" TIME_02
#define DAY_03 "'effectiveAt':" TIME_03
#define DAY_04 "'effectiveAt':" TIME_04
#define DAY_05 "'effectiveAt':" TIME_05
#define DAY_06 "'effectiveAt':" TIME_06
#define DAY_07 "'effectiveAt':" TIME_07
#define DAY_08 "'effectiveAt':" TIME_08
#define DAY_09 "'effectiveAt':" TIME_09
#define DAY_10 "'effectiveAt':" TIME_10
#define DAY_11 "'effectiveAt':" TIME_11
#define CNY "'currency':'CNY','exponent':2"

/* The members of events. */
#define SALE(order, amount, more)                                                      \
	"'saleRecorded':{'order':'" order "','seller':'bea','buyer':'kim',"            \
	"'channel':'live','lines':[{'line':1,'sku':'oolong','qty':1,'unitPrice'"       \
	":" amount "}],'paid':" amount ",'psp':'wx','pspTxn':'" order "'" more "}"
#define REPORT(name, payee, amount, distance)                                          \
	"'commissionReported':{'commission':'" name "','payee':'" payee                \
	"','amount':" amount ",'basis':'BASIS_RETAIL','distance':" distance            \
	",'causeOrder':'o1','causeLine':1}"

/* ann, an employee, sponsors bea; level 1 gets 10 %, level 2 gets 2 %, three days after
 * receipt. */
void served_money_open(struct served_book *book);

/* o1 matures on the 5th; o2 waits for its goods, is held once and flagged; what was
 * paid for o1 is reported three times. */
void served_money_trade(struct served_book *book);

/* bea draws 6,000 of the 10,000 from o1, which is given back when they are on the way.
 */
void served_money_payout(struct served_book *book);

/* The answer is WANT, has PART, or is a reply (of a book with records) without PART. */
void served_money_expect(struct served_book *book, const char *method,
			 const char *request, const char *want);
void served_money_expect_part(struct served_book *book, const char *method,
			      const char *request, const char *part);
void served_money_expect_without(struct served_book *book, const char *method,
				 const char *request, const char *part);

#endif
