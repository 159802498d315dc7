#include "../tests/lib/money_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/v1/event.pb-c.h>

#include "base/time.h"
#include "event/json.h"

#define AGENTS 20u
#define FIRST_US INT64_C(1717200000000000)
#define US_PER_EVENT (INT64_C(86400000000) / MONEY_EVENTS_WINDOW)
#define EVENT_BYTES_MAX 2048
#define AGO 14u

/*
 * The bodies of events: ' stands for ", # for the number of the round, $ for that of a
 * round whose money has matured since, @ for the agent and ^ for the sponsor, both by
 * number, % for the time.
 */
static const char *const opening[] = {
	"'bookOpened':{'book':'m','currency':'CNY','exponent':2}",
	"'skuDefined':{'sku':'K','revision':1,'listPrice':3333}",
	"'planPublished':{'plan':'p','version':1,'parameters':["
	"{'name':'pay_max_depth','value':2},{'name':'rate_ppm','value':125000,'level':"
	"1},"
	"{'name':'rate_ppm','value':25000,'level':2},{'name':'window_days','value':1},"
	"{'name':'approval_above','value':1000},"
	"{'name':'clawback_recovery_ppm','value':600000},"
	"{'name':'cancel_unsent_on_clawback','value':1},"
	"{'name':'tax_share_allowance_ppm','value':200000},"
	"{'name':'tax_bracket_rate_ppm','value':200000,'level':1}]}",
};

#define FIXED (sizeof opening / sizeof opening[0])

static const char root[] = "'agentEnrolled':{'agent':'A@'}";
static const char enrolled[] = "'agentEnrolled':{'agent':'A@','sponsor':'A^'}";
static const char verified[] =
    "'agentVerified':{'agent':'A@','revision':1,'payeeHash':'AQID'}";

/* Round after round, these in turn; of two the second in odd rounds. */
static const char *const bodies[MONEY_EVENTS_ROUND][2] = {
	{ "'saleRecorded':{'order':'S#','seller':'A@','buyer':'C#','channel':'app',"
	  "'lines':[{'line':1,'sku':'K','qty':3,'unitPrice':3333},"
	  "{'line':2,'sku':'K','qty':1,'unitPrice':5001,'discount':2}],'paid':14998,"
	  "'psp':'pay','pspTxn':'S#','deliveredAt':'%'}",
	  NULL },
	{ "'saleRecorded':{'order':'T#','seller':'A@','buyer':'C#','channel':'app',"
	  "'lines':[{'line':1,'sku':'K','qty':1,'unitPrice':7777}],'paid':8877,"
	  "'shipping':1100,'psp':'pay','pspTxn':'T#'}",
	  NULL },
	{ "'payoutRequested':{'payout':'P#','agent':'A@','gross':777,'method':'BANK',"
	  "'payeeHash':'AQID'}",
	  NULL },
	{ "'payoutRequested':{'payout':'Q#','agent':'A@','gross':1500,'method':'BANK',"
	  "'payeeHash':'AQID'}",
	  NULL },
	{ "'payoutSent':{'payout':'P#','provider':'bank','requestNo':'R#'}", NULL },
	{ "'payoutSettled':{'payout':'P#','provider':'bank','providerRef':'S#','fee':"
	  "3}",
	  "'payoutUnknown':{'payout':'P#','action':'u'}" },
	{ "'refundApproved':{'refund':'F#','order':'S#','line':1,'amount':5000,'qty':"
	  "1}",
	  NULL },
	{ "'receiptConfirmed':{'order':'T#','line':0,'method':'USER'}", NULL },
	{ "'refundApproved':{'refund':'G#','order':'S$','line':1,'amount':4999,'qty':"
	  "2}",
	  NULL },
	{ "'refundPaid':{'refund':'F#','psp':'pay','pspRef':'F#'}", NULL },
	{ "'commissionHeld':{'hold':'H#','order':'T#','reason':'look'}",
	  "'commissionHeld':{'hold':'H#','agent':'A@','reason':'look'}" },
	{ "'payoutReturned':{'payout':'P#','provider':'bank','providerRef':'B#',"
	  "'amount':600}",
	  "'payoutFailed':{'payout':'P#','action':'f','code':'NAME','final':true}" },
	{ "'payoutRejected':{'payout':'Q#','action':'j'}",
	  "'payoutCancelled':{'payout':'Q#','action':'c'}" },
	{ "'bonusAwarded':{'bonus':'b','period':'#','pool':101,'metric':'TRAINING',"
	  "'shares':[{'agent':'A@','amount':100},{'agent':'A^','amount':1}]}",
	  "'manualAdjustment':{'adjustment':'J#','agent':'A@','deduct':true,"
	  "'amount':250,'reason':'twice','approver1':'x','approver2':'y'}" },
	{ "'chargebackOpened':{'chargeback':'D#','order':'T$','amount':500,"
	  "'psp':'pay'}",
	  "'holdReleased':{'hold':'H$'}" },
	{ "'chargebackLost':{'chargeback':'D#'}", "'clockAdvanced':{}" },
};

/* What the signs of a body stand for. */
struct meaning {
	uint64_t round, ago, agent, sponsor;
	char time[DBK_TIME_TEXT_BYTES];
};

static const char *
text_of(char sign, const struct meaning *meaning, char number[24])
{
	uint64_t value = 0;

	switch (sign) {
	case '\'':
		return "\"";
	case '%':
		return meaning->time;
	case '#':
		value = meaning->round;
		break;
	case '$':
		value = meaning->ago;
		break;
	case '@':
		value = meaning->agent;
		break;
	case '^':
		value = meaning->sponsor;
		break;
	default:
		return NULL;
	}
	(void)snprintf(number, 24, "%llu", (unsigned long long)value);
	return number;
}

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "money_events: %s\n", what);
	abort();
}

static void
expand(const char *body, const struct meaning *meaning, struct dbk_buf *out)
{
	char number[24];

	dbk_buf_put(out, "{\"effectiveAt\":\"", 16);
	dbk_buf_put(out, meaning->time, strlen(meaning->time));
	dbk_buf_put(out, "\",", 2);
	for (; *body != '\0'; body++) {
		const char *text = text_of(*body, meaning, number);

		dbk_buf_put(out, text != NULL ? text : body,
			    text != NULL ? strlen(text) : 1);
	}
	dbk_buf_put(out, "}", 1);
}

/* The event as a member of an EventBatch: field 1, its length, its bytes. */
static void
put_event(struct dbk_str json, struct dbk_buf *out)
{
	ProtobufCMessage *event;
	struct dbk_error error = { 0 };
	unsigned char bytes[EVENT_BYTES_MAX];
	unsigned char head[3] = { 0x0a };
	size_t size;

	must(dbk_json_parse(json, &daybook__v1__event__descriptor, &event, &error) ==
		 DBK_OK,
	     error.text);
	size = protobuf_c_message_get_packed_size(event);
	must(size >= 8 && size <= sizeof bytes, "an event of another size");
	(void)protobuf_c_message_pack(event, bytes);
	protobuf_c_message_free_unpacked(event, NULL);
	head[1] = (unsigned char)(size < 0x80 ? size : (size & 0x7f) | 0x80);
	head[2] = (unsigned char)(size >> 7);
	dbk_buf_put(out, head, size < 0x80 ? 2 : 3);
	dbk_buf_put(out, bytes, size);
}

static const char *
body_of_opening(uint64_t number, struct meaning *meaning)
{
	if (number < FIXED)
		return opening[number];
	meaning->agent = (number - FIXED) % AGENTS;
	meaning->sponsor = (meaning->agent + 1) / 2 - (meaning->agent > 0);
	if (number >= FIXED + AGENTS)
		return verified;
	return meaning->agent == 0 ? root : enrolled;
}

static const char *
body_of(uint64_t number, struct meaning *meaning)
{
	const char *const *both;

	if (number < money_events_opening_size())
		return body_of_opening(number, meaning);
	number -= money_events_opening_size();
	meaning->round = number / MONEY_EVENTS_ROUND;
	meaning->ago = meaning->round > AGO ? meaning->round - AGO : 0;
	meaning->agent = meaning->round % AGENTS;
	meaning->sponsor = (meaning->agent + 1) % AGENTS;
	both = bodies[number % MONEY_EVENTS_ROUND];
	return both[1] != NULL && meaning->round % 2 == 1 ? both[1] : both[0];
}

uint64_t
money_events_opening_size(void)
{
	return FIXED + 2 * AGENTS;
}

int64_t
money_events_time_us(uint64_t number)
{
	return FIRST_US + (int64_t)number * US_PER_EVENT;
}

void
money_events_put_many(uint64_t first, uint32_t n, struct dbk_buf *out)
{
	struct dbk_buf json;

	dbk_buf_init(&json);
	for (uint64_t number = first; number < first + n; number++) {
		struct meaning meaning = { 0 };

		(void)dbk_time_format(money_events_time_us(number), meaning.time);
		dbk_buf_reset(&json);
		expand(body_of(number, &meaning), &meaning, &json);
		must(!dbk_buf_failed(&json), "no memory");
		put_event(dbk_str_make(json.bytes, json.size), out);
	}
	dbk_buf_fini(&json);
}
