#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/logbook.h"
#include "../tests/lib/served_book.h"
#include "daybook/v1/service.pb-c.h"
#include "service/feed.h"

#define AT "'effectiveAt':'2026-01-02T00:00:00Z'"
#define LINE "'lines':[{'line':1,'sku':'oolong','qty':1,'unitPrice':9}]"
#define BYTES_MAX ((size_t)64 * 1024)

static struct served_book book;

/* What a feed gave, until it came to the head or was done. */
struct taken {
	uint64_t positions[64];
	uint32_t n, replies;
	uint64_t next_position, size;
	bool at_head, done;
};

static void
open_book(void)
{
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    /* 0 */
	    "{" AT ",'bookOpened':{'book':'tea','currency':'CNY'}},"
	    "{" AT ",'skuDefined':{'sku':'oolong','revision':1}},"
	    "{" AT ",'agentEnrolled':{'agent':'ann'}},"
	    "{" AT ",'agentEnrolled':{'agent':'bea','sponsor':'ann'}},"
	    "{" AT ",'agentEnrolled':{'agent':'annex'}},"
	    /* 5 */ "{" AT ",'agentVerified':{'agent':'ann','revision':1}},"
	    "{" AT ",'sponsorChanged':{'change':'ann','agent':'bea',"
	    "'oldSponsor':'ann','newSponsor':'annex','approver1':'x',"
	    "'approver2':'y'}},"
	    "{" AT ",'customerBound':{'binding':'b','customer':'ann'}},"
	    "{" AT ",'referralRecorded':{'referral':'f','referrerAgent':'ann',"
	    "'referredCustomer':'kim'}}");
	served_book_append(
	    &book, "shop",
	    /* 9 */
	    "{" AT ",'stockIssued':{'transfer':'t','to':{'agent':'ann'}," LINE "}},"
	    "{" AT ",'saleRecorded':{'order':'o1','seller':'ann','buyer':'kim',"
	    "'fulfilment':'HOLDER_SHIP'," LINE ",'paid':9,'psp':'w',"
	    "'pspTxn':'1'}},"
	    "{" AT ",'orderPlaced':{'order':'o2','kind':'SELF','buyer':'ann'"
	    "," LINE "}},"
	    "{" AT ",'orderPlaced':{'order':'o3','buyer':'ann'," LINE "}},"
	    /* 13: refused */ "{" AT ",'orderCancelled':{'order':'o1'}},"
	    "{" AT ",'orderCancelled':{'order':'o2'}},"
	    /* 15 */ "{" AT ",'refundRequested':{'refund':'r','order':'o1','line':1,"
	    "'amount':1}},"
	    "{" AT ",'refundRejected':{'refund':'r','reason':'o1'}},"
	    "{" AT ",'stockConsumed':{'document':'d','holder':{'location':"
	    "'ann'},'kind':'CONSUMED_LOSS'," LINE "}}");
}

static enum dbk_grpc_code
try_open(const char *request, struct dbk_feed **out)
{
	struct dbk_buf bytes;
	enum dbk_grpc_code code;

	dbk_buf_init(&bytes);
	served_book_message("SubscribeRequest", request, &bytes);
	code = dbk_feed_open(dbk_str_make(bytes.bytes, bytes.size),
			     served_book_size(&book), out, &book.answer);
	dbk_buf_fini(&bytes);
	return code;
}

static struct dbk_feed *
open_feed(const char *request)
{
	struct dbk_feed *feed = NULL;

	if (!CHECK_INT(try_open(request, &feed), DBK_GRPC_OK))
		exit(1);
	return feed;
}

static void
expect_failure(const char *request, const char *want)
{
	struct dbk_feed *feed = NULL;
	const char *got;

	CHECK(try_open(request, &feed) != DBK_GRPC_OK);
	CHECK(feed == NULL);
	got = served_book_status(&book, &book.answer);
	if (!CHECK(strcmp(got, want) == 0))
		fprintf(stderr, "  got %s\n  want %s\n", got, want);
}

/* The bytes of the event of a record, as protobuf-c sees them, must be in the log. */
static void
check_event(const Daybook__V1__LoggedEvent *event)
{
	struct dbk_log_reader *reader = dbk_service_log_reader(book.service);
	struct dbk_error error;
	struct dbk_str record;
	unsigned char bytes[1000];
	size_t size = daybook__v1__logged_event__get_packed_size(event);

	CHECK_INT(dbk_log_reader_find(reader, event->position, &record, &error),
		  DBK_OK);
	CHECK(size <= sizeof bytes && size == record.size);
	(void)daybook__v1__logged_event__pack(event, bytes);
	CHECK(memcmp(bytes, record.bytes, size) == 0);
	dbk_log_reader_rest(reader);
}

static void
take_reply(struct taken *taken, bool check_events)
{
	Daybook__V1__SubscribeReply *reply = daybook__v1__subscribe_reply__unpack(
	    NULL, book.reply.size, book.reply.bytes);

	if (!CHECK(reply != NULL))
		exit(1);
	for (size_t i = 0; i < reply->n_events; i++) {
		if (taken->n < 64)
			taken->positions[taken->n] = reply->events[i]->position;
		taken->n++;
		if (check_events)
			check_event(reply->events[i]);
	}
	CHECK(reply->next_position >= taken->next_position);
	CHECK(reply->size >= reply->next_position);
	taken->next_position = reply->next_position;
	taken->size = reply->size;
	taken->replies++;
	daybook__v1__subscribe_reply__free_unpacked(reply, NULL);
}

static void
take(struct dbk_feed *feed, size_t bytes_max, struct taken *taken)
{
	struct dbk_log_reader *reader = dbk_service_log_reader(book.service);
	struct dbk_error error = { 0 };

	memset(taken, 0, sizeof *taken);
	do {
		dbk_buf_reset(&book.reply);
		if (!CHECK_INT(dbk_feed_next(feed, reader, served_book_size(&book),
					     bytes_max, &book.reply, &taken->at_head,
					     &taken->done, &error),
			       DBK_OK))
			exit(1);
		if (book.reply.size > 0)
			take_reply(taken, served_book_size(&book) < 100);
	} while (!taken->at_head && !taken->done);
}

/* REQUEST gives these positions, in numbers with a blank behind each. */
static void
expect(const char *request, const char *want)
{
	struct dbk_feed *feed = open_feed(request);
	struct taken taken;
	char got[300] = "";
	int size = 0;

	take(feed, BYTES_MAX, &taken);
	for (uint32_t i = 0; i < taken.n; i++)
		size += snprintf(got + size, sizeof got - (size_t)size, "%d ",
				 (int)taken.positions[i]);
	if (!CHECK(strcmp(got, want) == 0))
		fprintf(stderr, "%s\n  got %s\n  want %s\n", request, got, want);
	dbk_feed_close(feed);
}

/* ------------------------------------------------------------------------- opening */

static void
test_same_message(void)
{
	const ProtobufCMessageDescriptor *record = &daybook__v1__record__descriptor;
	const ProtobufCMessageDescriptor *logged =
	    &daybook__v1__logged_event__descriptor;

	if (!CHECK_INT(record->n_fields, logged->n_fields))
		return;
	for (unsigned i = 0; i < record->n_fields; i++) {
		const ProtobufCFieldDescriptor *a = &record->fields[i];
		const ProtobufCFieldDescriptor *b = &logged->fields[i];

		CHECK_INT(a->id, b->id);
		CHECK(strcmp(a->name, b->name) == 0);
		CHECK_INT(a->label, b->label);
		if (strcmp(a->name, "event") == 0) {
			CHECK_INT(a->type, PROTOBUF_C_TYPE_BYTES);
			CHECK_INT(b->type, PROTOBUF_C_TYPE_MESSAGE);
		} else {
			CHECK_INT(a->type, b->type);
			CHECK(a->descriptor == b->descriptor);
		}
	}
}

static void
test_bad_requests(void)
{
	static char large[DBK_SERVICE_REQUEST_BYTES_MAX + 1];
	char request[200], types[2100] = "{'types':[101";
	struct dbk_feed *feed = NULL;

	open_book();
	CHECK_INT(dbk_feed_open(dbk_str_make("\x08", 1), 18, &feed, &book.answer),
		  DBK_GRPC_INVALID_ARGUMENT);
	CHECK(strcmp(served_book_status(&book, &book.answer),
		     "INVALID_ARGUMENT MALFORMED_REQUEST") == 0);
	CHECK_INT(
	    dbk_feed_open(dbk_str_make(large, sizeof large), 18, &feed, &book.answer),
	    DBK_GRPC_RESOURCE_EXHAUSTED);
	expect_failure("{'fromPosition':19}",
		       "OUT_OF_RANGE POSITION from_position=19 size=18");
	expect_failure("{'types':[0]}", "INVALID_ARGUMENT TYPES types=0");
	expect_failure("{'types':[301,99]}", "INVALID_ARGUMENT TYPES types=99");
	expect_failure("{'types':[317]}", "INVALID_ARGUMENT TYPES types=317");
	expect_failure("{'types':[800]}", "INVALID_ARGUMENT TYPES types=800");
	expect_failure("{'types':[4294967200]}",
		       "INVALID_ARGUMENT TYPES types=4294967200");
	expect_failure("{'agent':'\\u0007'}", "INVALID_ARGUMENT AGENT agent=\a");
	(void)snprintf(request, sizeof request, "{'order':'%065d'}", 1);
	expect_failure(request,
		       "INVALID_ARGUMENT ORDER order=0000000000000000000000000000000"
		       "0000000000000000000000000000000001");
	(void)snprintf(request, sizeof request, "{'source':'%064d'}", 1);
	expect(request, "");
	for (int i = 1; i < DBK_FEED_TYPES_MAX; i++)
		strcat(types, ",101");
	strcat(types, "]}");
	expect(types, "0 ");
	types[strlen(types) - 2] = '\0';
	strcat(types, ",101]}");
	expect_failure(types, "INVALID_ARGUMENT TYPES types=257");
	served_book_close(&book);
}

/* ------------------------------------------------------------------------- filters */

static void
test_everything(void)
{
	open_book();
	expect("{}", "0 1 2 3 4 5 6 7 8 9 10 11 12 14 15 16 ");
	expect("{'fromPosition':15}", "15 16 ");
	expect("{'fromPosition':18}", "");
	expect("{'includeRefused':true,'fromPosition':12}", "12 13 14 15 16 17 ");
	expect("{'source':'erp','fromPosition':7}", "7 8 ");
	expect("{'source':'er'}", "");
	served_book_close(&book);
}

static void
test_types(void)
{
	open_book();
	expect("{'types':[201]}", "2 3 4 ");
	expect("{'types':[200]}", "2 3 4 5 6 7 8 ");
	expect("{'types':[600,101],'includeRefused':true}", "0 9 17 ");
	expect("{'types':[700]}", "");
	expect("{'types':[401]}", "");
	served_book_close(&book);
}

static void
test_names(void)
{
	open_book();
	/* Not the change, the customer, the consumer or the location of this name. */
	expect("{'agent':'ann'}", "2 3 5 6 8 9 10 11 ");
	expect("{'agent':'annex'}", "4 6 ");
	expect("{'agent':'bea'}", "3 6 ");
	expect("{'agent':'an'}", "");
	expect("{'order':'o1'}", "10 15 ");
	expect("{'order':'o1','includeRefused':true}", "10 13 15 ");
	expect("{'order':'o2','agent':'ann'}", "11 ");
	expect("{'order':'o2','agent':'ann','types':[303]}", "");
	expect("{'order':'o','includeRefused':true}", "");
	served_book_close(&book);
}

/* Agents in lists, and under the names that events of money have for them. */
static void
test_names_of_money(void)
{
	open_book();
	served_book_append(
	    &book, "erp",
	    "{" AT ",'agentEnrolled':{'agent':'eve'}},"
	    "{" AT ",'teamFormed':{'team':'t','leader':'eve'}},"
	    "{" AT ",'teamMemberChanged':{'team':'t','change':'c','member':'bea'}},"
	    "{" AT ",'bonusAwarded':{'bonus':'b','period':'p','pool':9,'metric':"
	    "'TRAINING','shares':[{'agent':'bea','amount':4},"
	    "{'agent':'eve','amount':5}]}},"
	    "{" AT ",'saleRecorded':{'order':'o9','lines':[{'line':1,'sku':'oolong',"
	    "'qty':1,'unitPrice':1}],'paid':1,'psp':'w','pspTxn':'9','attributions':"
	    "[{'agent':'eve','weightPpm':1000000}]}},"
	    "{" AT ",'commissionReported':{'commission':'r','payee':'eve','amount':1,"
	    "'basis':'BASIS_RETAIL','causeOrder':'o9','causeLine':1}}");
	expect("{'agent':'eve'}", "18 19 21 22 23 ");
	expect("{'agent':'bea','fromPosition':18}", "20 21 ");
	expect("{'order':'o9'}", "22 23 ");
	expect("{'types':[400],'order':'o9'}", "23 ");
	served_book_close(&book);
}

/* --------------------------------------------------------------------------- steps */

static void
test_limits(void)
{
	struct dbk_feed *feed;
	struct taken taken;

	open_book();
	expect("{'limit':3}", "0 1 2 ");
	expect("{'limit':2,'agent':'bea'}", "3 6 ");
	expect("{'limit':100,'fromPosition':14}", "14 15 16 ");
	feed = open_feed("{'limit':3}");
	take(feed, BYTES_MAX, &taken);
	CHECK(taken.done && !taken.at_head);
	CHECK_INT(taken.next_position, 3);
	CHECK_INT(taken.size, 18);
	dbk_feed_close(feed);
	served_book_close(&book);
}

static void
test_head(void)
{
	struct dbk_feed *live, *stopping;
	struct taken taken;

	open_book();
	live = open_feed("{'fromPosition':17}");
	stopping = open_feed("{'fromPosition':15,'stopAtHead':true}");
	take(live, BYTES_MAX, &taken);
	CHECK(taken.at_head && !taken.done);
	CHECK_INT(taken.n, 0);
	CHECK_INT(taken.replies, 1);
	CHECK_INT(taken.next_position, 18);
	take(live, BYTES_MAX, &taken);
	CHECK(taken.at_head && !taken.done);
	CHECK_INT(taken.replies, 0);
	dbk_buf_reset(&book.reply);
	dbk_feed_heartbeat(live, 18, &book.reply);
	CHECK(strcmp(served_book_text(&book, "SubscribeReply",
				      dbk_str_make(book.reply.bytes, book.reply.size)),
		     "{'size':'18','nextPosition':'18'}") == 0);

	served_book_append(&book, "erp", "{" AT ",'agentEnrolled':{'agent':'eve'}}");
	take(live, BYTES_MAX, &taken);
	CHECK_INT(taken.n, 1);
	CHECK_INT(taken.positions[0], 18);
	CHECK_INT(dbk_feed_position(live), 19);
	/* What came after the question is not part of the answer. */
	take(stopping, BYTES_MAX, &taken);
	CHECK(taken.done);
	CHECK_INT(taken.n, 2);
	CHECK_INT(taken.next_position, 18);
	CHECK_INT(taken.size, 19);
	dbk_feed_close(live);
	dbk_feed_close(stopping);
	dbk_feed_close(NULL);

	stopping = open_feed("{'fromPosition':19,'stopAtHead':true}");
	take(stopping, BYTES_MAX, &taken);
	CHECK(taken.done);
	CHECK_INT(taken.replies, 1);
	CHECK_INT(taken.next_position, 19);
	dbk_feed_close(stopping);
	served_book_close(&book);
}

static void
test_small_replies(void)
{
	struct dbk_feed *feed;
	struct taken taken;

	open_book();
	for (size_t bytes = 0; bytes < 300; bytes += 17) {
		feed = open_feed("{'includeRefused':true}");
		take(feed, bytes, &taken);
		CHECK_INT(taken.n, 18);
		for (uint32_t i = 0; i < taken.n; i++)
			CHECK_INT(taken.positions[i], i);
		CHECK(taken.at_head);
		dbk_feed_close(feed);
		if (bytes <= 17)
			CHECK_INT(taken.replies, 18);
	}
	served_book_close(&book);
}

/* Batches of duplicates make groups without a record. */
static void
test_empty_groups(void)
{
	struct taken taken;
	struct dbk_feed *feed;

	open_book();
	feed = open_feed("{'fromPosition':17,'includeRefused':true}");
	for (int i = 0; i < 100; i++)
		served_book_append(&book, "erp",
				   "{" AT ",'agentEnrolled':{'agent':'ann'}}");
	CHECK_INT(served_book_size(&book), 18);
	served_book_append(&book, "erp", "{" AT ",'agentEnrolled':{'agent':'eve'}}");
	take(feed, BYTES_MAX, &taken);
	CHECK_INT(taken.n, 2);
	CHECK_INT(taken.replies, 1);
	CHECK_INT(taken.positions[1], 18);
	dbk_feed_close(feed);
	served_book_close(&book);
}

/* Twice as many records as one step looks at, none of which passes but the last. */
static void
test_many(void)
{
	struct dbk_buf events;
	struct dbk_feed *feed;
	struct taken taken;

	open_book();
	book.view_lags = true;
	dbk_buf_init(&events);
	for (int batch = 0; batch < 4; batch++) {
		dbk_buf_reset(&events);
		for (int i = 0; i < 8192; i++)
			dbk_buf_printf(&events,
				       "%s{" AT ",'agentEnrolled':{'agent':'%d-%d'}}",
				       i == 0 ? "" : ",", batch, i);
		dbk_buf_put_u8(&events, '\0');
		served_book_append(&book, "erp", (const char *)events.bytes);
	}
	dbk_buf_fini(&events);
	CHECK_INT(served_book_size(&book), 18 + 2 * DBK_FEED_RECORDS_MAX);
	feed = open_feed("{'agent':'3-8191'}");
	take(feed, BYTES_MAX, &taken);
	CHECK_INT(taken.n, 1);
	CHECK_INT(taken.positions[0], 17 + 2 * DBK_FEED_RECORDS_MAX);
	CHECK_INT(taken.replies, 3);
	dbk_feed_close(feed);
	feed = open_feed("{}");
	take(feed, BYTES_MAX, &taken);
	CHECK_INT(taken.n, 16 + 2 * DBK_FEED_RECORDS_MAX);
	dbk_feed_close(feed);
	served_book_close(&book);
}

/* Records that are none, of a group whose checksum is right. */
static void
test_damage(void)
{
	struct dbk_log *log;
	struct dbk_log_group group;
	struct dbk_log_reader *reader;
	struct dbk_error error = { 0 };
	struct dbk_feed *feed;
	bool at_head = false, done = false;

	open_book();
	log = dbk_ledger_log(book.ledger);
	reader = dbk_service_log_reader(book.service);
	dbk_log_group_init(&group);
	logbook_fill(&group, 18, 3);
	group.recorded_at_us = dbk_log_recorded_at_us(log);
	CHECK_INT(dbk_log_append(log, &group, &error), DBK_OK);
	dbk_log_group_fini(&group);
	feed = open_feed("{'fromPosition':17}");
	dbk_buf_reset(&book.reply);
	dbk_buf_put(&book.reply, "kept", 4);
	CHECK_INT(dbk_feed_next(feed, reader, dbk_log_size(log), BYTES_MAX, &book.reply,
				&at_head, &done, &error),
		  DBK_FAILED_DAMAGED);
	CHECK_INT(book.reply.size, 4);
	CHECK_INT(dbk_feed_position(feed), 17);
	CHECK(strstr(error.text, "position 18") != NULL);
	CHECK_INT(dbk_answer_error(&book.answer, DBK_FAILED_DAMAGED, &error),
		  DBK_GRPC_DATA_LOSS);
	dbk_feed_close(feed);
	served_book_close(&book);
}

int
main(void)
{
	check_run("a record is a LoggedEvent", test_same_message);
	check_run("requests that cannot be met are turned down", test_bad_requests);
	check_run("every accepted record, and refused ones if asked", test_everything);
	check_run("types and families", test_types);
	check_run("agents and orders that an event names", test_names);
	check_run("shares, payees and members are names", test_names_of_money);
	check_run("a limit ends the feed", test_limits);
	check_run("the head, and what comes behind it", test_head);
	check_run("small replies make the same feed", test_small_replies);
	check_run("groups without records are passed over", test_empty_groups);
	check_run("a filter that lets nothing pass shows how far it got", test_many);
	check_run("a damaged record ends the feed", test_damage);
	return check_end();
}
