/*
 * test_ledger_answers.c -- what the answer to a batch tells of gates and findings: the
 * first time, again, and in a dry run.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daybook/v1/service.pb-c.h"

#include "../tests/lib/bookkeeper.h"
#include "../tests/lib/check.h"
#include "event/json.h"

#define NOW_US 1767225600000000 /* 2026-01-01 */
#define NOW "'effectiveAt':'2026-01-01T00:00:00Z',"
#define ASK(request, qty)                                                              \
	"{" NOW "'restockRequested':{'request':'" request                              \
	"','agent':'ann','sku':'tea','qty':" qty "}}"

static struct bookkeeper keeper;

static void
must(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "test_ledger_answers: %s\n", what);
	abort();
}

/* TEXT with ' for ", as JSON; gives it back. */
static char *
json_of(const char *text)
{
	char *json = strdup(text);

	for (char *at = json; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	return json;
}

/* EVENTS, members of a JSON array, as the bytes of a batch. */
static void
make_batch(const char *events, struct dbk_buf *out)
{
	struct dbk_error error = { 0 };
	ProtobufCMessage *message;
	struct dbk_buf text;
	char *json;

	dbk_buf_init(&text);
	dbk_buf_printf(&text, "{'events':[%s]}", events);
	dbk_buf_put_u8(&text, '\0');
	json = json_of((const char *)text.bytes);
	must(dbk_json_parse(dbk_str_of(json), &daybook__v1__event_batch__descriptor,
			    &message, &error) == DBK_OK,
	     error.text);
	dbk_buf_init(out);
	dbk_buf_reserve(out, protobuf_c_message_get_packed_size(message));
	out->size = protobuf_c_message_pack(message, out->bytes);
	protobuf_c_message_free_unpacked(message, NULL);
	free(json);
	dbk_buf_fini(&text);
}

static enum dbk_admission
send(uint64_t batch_seq, const char *events, unsigned flags)
{
	enum dbk_admission admission;
	struct dbk_buf batch;

	make_batch(events, &batch);
	admission = bookkeeper_send(&keeper, "shop", batch_seq, &batch, flags);
	dbk_buf_fini(&batch);
	return admission;
}

/* The last reply has RESULTS, as JSON. */
static bool
answered(const char *results)
{
	Daybook__V1__AppendReply *reply = daybook__v1__append_reply__unpack(
	    NULL, keeper.reply.size, keeper.reply.bytes);
	struct dbk_error error = { 0 };
	struct dbk_buf text;
	char *want;
	bool same;

	must(reply != NULL, "no reply");
	dbk_buf_init(&text);
	for (size_t i = 0; i < reply->n_results; i++) {
		if (i > 0)
			dbk_buf_put_u8(&text, '\n');
		must(dbk_json_write(&reply->results[i]->base, NULL, &text, &error) ==
			 DBK_OK,
		     error.text);
	}
	dbk_buf_put_u8(&text, '\0');
	want = json_of(results);
	same = strcmp((const char *)text.bytes, want) == 0;
	if (!same)
		fprintf(stderr, "answered:\n%s\n", (const char *)text.bytes);
	free(want);
	dbk_buf_fini(&text);
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	return CHECK(same);
}

/* ann may have ten pieces of tea; that it is no newcomer any more is only noted. */
static void
begin(void)
{
	bookkeeper_init(&keeper, NOW_US);
	CHECK_INT(bookkeeper_open(&keeper), DBK_OK);
	CHECK_INT(
	    send(1,
		 "{" NOW "'bookOpened':{'book':'b','currency':'CNY','exponent':2}},"
		 "{" NOW "'skuDefined':{'sku':'tea','revision':1,'listPrice':100}},"
		 "{" NOW "'agentEnrolled':{'agent':'ann'}},"
		 "{" NOW "'guardSetPublished':{'guardSet':'g','version':1,"
		 "'parameters':[{'name':'holding','choice':'REFUSE'},"
		 "{'name':'max_units','value':10},"
		 "{'name':'standing','choice':'FLAG'}]}}",
		 0),
	    DBK_ADMITTED);
	CHECK(answered("{'outcome':'ACCEPTED'}\n"
		       "{'outcome':'ACCEPTED','position':'1'}\n"
		       "{'outcome':'ACCEPTED','position':'2'}\n"
		       "{'outcome':'ACCEPTED','position':'3'}"));
}

static void
end(void)
{
	bookkeeper_fini(&keeper);
}

#define STANDING                                                                       \
	"{'guard':'standing','rule':'RESTOCK_STANDING','mode':'FLAG','limit':'1'}"

static const char two_asked[] = ASK("q1", "4") "," ASK("q2", "7");

static void
test_dry_run(void)
{
	begin();
	CHECK_INT(send(0, two_asked, BOOKKEEPER_DRY_RUN), DBK_ADMITTED_DRY);
	CHECK(answered(
	    "{'outcome':'ACCEPTED','position':'4','checks':[" STANDING
	    ",{'guard':'holding','rule':'RESTOCK_HOLDING','mode':'REFUSE',"
	    "'passed':true,'measured':'4','limit':'10'}],'wouldPassPlusOne':'11'}\n"
	    "{'outcome':'REFUSED','position':'5','refusal':{'rule':'RESTOCK_HOLDING',"
	    "'field':'qty','measured':'11','limit':'10','wouldPassPlusOne':'7'},"
	    "'checks':[" STANDING
	    ",{'guard':'holding','rule':'RESTOCK_HOLDING','mode':'REFUSE',"
	    "'measured':'11','limit':'10'}],'wouldPassPlusOne':'7'}"));
	end();
}

static void
test_answer(void)
{
	begin();
	CHECK_INT(send(2, two_asked, 0), DBK_ADMITTED);
	CHECK(answered(
	    "{'outcome':'ACCEPTED','position':'4','checks':[" STANDING
	    ",{'guard':'holding','rule':'RESTOCK_HOLDING','mode':'REFUSE',"
	    "'passed':true,'measured':'4','limit':'10'}],'wouldPassPlusOne':'11',"
	    "'findings':['1']}\n"
	    "{'outcome':'REFUSED','position':'5','refusal':{'rule':'RESTOCK_HOLDING',"
	    "'field':'qty','measured':'11','limit':'10','wouldPassPlusOne':'7'},"
	    "'checks':[" STANDING
	    ",{'guard':'holding','rule':'RESTOCK_HOLDING','mode':'REFUSE',"
	    "'measured':'11','limit':'10'}],'wouldPassPlusOne':'7'}"));
	end();
}

/* The same bytes, also after a restart; other events under the number are a conflict.
 */
static void
test_repeat(void)
{
	struct dbk_buf first;

	begin();
	CHECK_INT(send(2, two_asked, 0), DBK_ADMITTED);
	dbk_buf_init(&first);
	dbk_buf_put(&first, keeper.reply.bytes, keeper.reply.size);
	for (unsigned round = 0; round < 2; round++) {
		CHECK_INT(send(2, two_asked, 0), DBK_ADMITTED_REPEAT);
		/* But for the mark of a repeat at the end. */
		CHECK_INT(keeper.reply.size, first.size + 2);
		CHECK(memcmp(keeper.reply.bytes, first.bytes, first.size) == 0);
		CHECK_INT(send(2, ASK("q1", "4"), 0), DBK_BATCH_CONFLICT);
		CHECK_INT(send(2, ASK("q1", "5") "," ASK("q2", "7"), 0),
			  DBK_BATCH_CONFLICT);
		bookkeeper_restart(&keeper);
	}
	CHECK(bookkeeper_is_replayed(&keeper));
	dbk_buf_fini(&first);
	end();
}

int
main(void)
{
	check_run("a dry run tells what gates said", test_dry_run);
	check_run("an answer tells what gates said and what was found", test_answer);
	check_run("a repeat tells the same", test_repeat);
	return check_end();
}
