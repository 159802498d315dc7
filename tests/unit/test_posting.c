/*
 * test_posting.c -- postings as messages, against protobuf-c's own reading of them; and
 * what a dry run tells.
 */

#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "daybook/v1/service.pb-c.h"
#include "ledger/posting.h"

/* An EventResult has postings as field 5. */
#define POSTINGS 5

typedef Daybook__V1__EventResult event_result;
typedef Daybook__V1__AppendReply append_reply;

static event_result *
open_result(const struct dbk_buf *bytes)
{
	event_result *result =
	    daybook__v1__event_result__unpack(NULL, bytes->size, bytes->bytes);

	if (!CHECK(result != NULL))
		abort();
	return result;
}

static void
check_posting(const struct dbk_posting_text *posting)
{
	struct dbk_buf bytes;
	event_result *result;
	Daybook__V1__Posting *got;

	dbk_buf_init(&bytes);
	dbk_posting_put(&bytes, POSTINGS, posting);
	dbk_posting_put(&bytes, POSTINGS, posting);
	result = open_result(&bytes);
	CHECK_INT(result->n_postings, 2);
	got = result->postings[1];
	CHECK_INT(got->code, dbk_account_kind(posting->code)->number);
	CHECK(strcmp(got->name, dbk_account_kind(posting->code)->name) == 0);
	CHECK_INT(got->amount, posting->amount);
	CHECK_INT(got->cause, posting->cause);
	CHECK(dbk_str_equal(dbk_str_of(got->owner), posting->owner));
	CHECK(dbk_str_equal(dbk_str_of(got->order), posting->order));
	CHECK(dbk_str_equal(dbk_str_of(got->payout), posting->payout));
	/* Shortest: what protobuf-c writes has the same length. */
	CHECK_INT(daybook__v1__event_result__get_packed_size(result), bytes.size);
	daybook__v1__event_result__free_unpacked(result, NULL);
	dbk_buf_fini(&bytes);
}

static void
test_messages(void)
{
	static const int64_t amounts[] = {
		1, -1, 127, 128, -128, INT64_MAX, INT64_MIN
	};
	char longest[DBK_ID_BYTES_MAX + 1];

	memset(longest, 'x', DBK_ID_BYTES_MAX);
	longest[DBK_ID_BYTES_MAX] = '\0';
	for (unsigned code = 1; code < DBK_ACCOUNT_CODES; code++)
		for (unsigned i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
			struct dbk_posting_text posting = {
				.code = (enum dbk_account_code)code,
				.cause = (enum dbk_cause)(code % DBK_CAUSES),
				.amount = amounts[i],
				.owner = dbk_str_of(i % 2 == 0 ? "" : longest),
				.order = dbk_str_of(i % 3 == 0 ? longest : ""),
				.payout = dbk_str_of(i % 4 == 0 ? "p" : ""),
			};

			check_posting(&posting);
		}
}

/* ------------------------------------------------------------------------ dry runs */

static append_reply *
dry_run(struct served_book *book, const char *events)
{
	struct dbk_buf json, batch, reply;
	struct dbk_ledger_batch admitted = { .source = dbk_str_of("dry"),
					     .dry_run = true };
	struct dbk_error error = { 0 };
	append_reply *out;
	uint64_t expected;

	dbk_buf_init(&json);
	dbk_buf_init(&batch);
	dbk_buf_init(&reply);
	dbk_buf_printf(&json, "{'events':[%s]}", events);
	dbk_buf_put_u8(&json, '\0');
	served_book_message("EventBatch", (const char *)json.bytes, &batch);
	admitted.events = dbk_str_make(batch.bytes, batch.size);
	dbk_ledger_begin(book->ledger, INT64_C(1800000000000000));
	CHECK_INT(dbk_ledger_admit(book->ledger, &admitted, &reply, &expected, &error),
		  DBK_ADMITTED_DRY);
	CHECK(dbk_ledger_is_empty(book->ledger));
	out = daybook__v1__append_reply__unpack(NULL, reply.size, reply.bytes);
	if (!CHECK(out != NULL))
		abort();
	dbk_buf_fini(&json);
	dbk_buf_fini(&batch);
	dbk_buf_fini(&reply);
	return out;
}

static int64_t
sum_of(const event_result *result)
{
	int64_t sum = 0;

	for (size_t i = 0; i < result->n_postings; i++)
		sum += result->postings[i]->amount;
	return sum;
}

static void
test_dry_run_names(void)
{
	struct served_book book;
	append_reply *reply;
	const event_result *result;

	served_money_payout(&book);
	reply =
	    dry_run(&book, "{" DAY_10
			   "," SALE("o9", "700",
				    "") "},"
					"{" DAY_10 ",'payoutSettled':{'payout':'p1',"
					"'provider':'bk','providerRef':'x','fee':3}},"
					"{" DAY_10 ",'payoutSettled':{'payout':'p1',"
					"'provider':'bk','providerRef':'y'}}");
	CHECK_INT(reply->n_results, 3);
	CHECK(reply->dry_run);
	/* A name that only this dry run has brought about. */
	result = reply->results[0];
	CHECK_INT(result->n_postings, 5);
	CHECK_INT(sum_of(result), 0);
	CHECK(strcmp(result->postings[0]->owner, "wx") == 0);
	CHECK(strcmp(result->postings[1]->owner, "o9") == 0);
	CHECK(strcmp(result->postings[3]->owner, "bea") == 0);
	CHECK_INT(result->postings[3]->amount, -70);
	result = reply->results[1];
	CHECK_INT(sum_of(result), 0);
	CHECK(strcmp(result->postings[0]->payout, "p1") == 0);
	CHECK_INT(result->postings[0]->cause, DBK_CAUSE_PAID);
	/* Refused: it would post nothing. */
	result = reply->results[2];
	CHECK_INT(result->outcome, DBK_REFUSED);
	CHECK_INT(result->n_postings, 0);
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	CHECK(strstr(served_book_call(&book, "GetOrder", "{'order':'o9'}"),
		     "NOT_FOUND") != NULL);
	served_book_close(&book);
}

/* 700 sales mature at once: 1,000 of 2,800 postings are told. */
static void
test_dry_run_is_bounded(void)
{
	struct served_book book;
	append_reply *reply;
	struct dbk_buf sales;

	served_money_open(&book);
	dbk_buf_init(&sales);
	for (unsigned i = 0; i < 700; i++)
		dbk_buf_printf(&sales,
			       "%s{" DAY_02 ",'saleRecorded':{'order':'o%u','seller':"
			       "'bea','lines':[{'line':1,'sku':'oolong','qty':1,"
			       "'unitPrice':100}],'paid':100,'psp':'wx','pspTxn':'%u',"
			       "'deliveredAt':" TIME_02 "}}",
			       i == 0 ? "" : ",", i, i);
	dbk_buf_put_u8(&sales, '\0');
	served_book_append(&book, "shop", (const char *)sales.bytes);
	reply = dry_run(&book, "{" DAY_10 ",'clockAdvanced':{}}");
	CHECK_INT(reply->results[0]->n_postings, DBK_DRY_RUN_POSTINGS_MAX);
	CHECK(strcmp(reply->results[0]->postings[0]->order, "o0") == 0);
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	dbk_buf_fini(&sales);
	served_book_close(&book);
}

int
main(void)
{
	check_run("a posting is the message that it looks like", test_messages);
	check_run("a dry run names what it would make", test_dry_run_names);
	check_run("a dry run tells so much and no more", test_dry_run_is_bounded);
	return check_end();
}
