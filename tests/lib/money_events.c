#include "../tests/lib/money_events.h"

#include <stddef.h>

#include "event_text.h"

#define AGENTS 20u
#define FIRST_US INT64_C(1717200000000000)
#define US_PER_EVENT (INT64_C(86400000000) / MONEY_EVENTS_WINDOW)
#define AGO 14u

/* The bodies of events, with signs; a round AGO is one whose money has matured since.
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

static const char *
body_of_opening(uint64_t number, struct event_signs *signs)
{
	if (number < FIXED)
		return opening[number];
	signs->agent = (number - FIXED) % AGENTS;
	signs->sponsor = (signs->agent + 1) / 2 - (signs->agent > 0);
	if (number >= FIXED + AGENTS)
		return verified;
	return signs->agent == 0 ? root : enrolled;
}

static const char *
body_of(uint64_t number, struct event_signs *signs)
{
	const char *const *both;

	if (number < money_events_opening_size())
		return body_of_opening(number, signs);
	number -= money_events_opening_size();
	signs->round = number / MONEY_EVENTS_ROUND;
	signs->ago = signs->round > AGO ? signs->round - AGO : 0;
	signs->agent = signs->round % AGENTS;
	signs->sponsor = (signs->agent + 1) % AGENTS;
	both = bodies[number % MONEY_EVENTS_ROUND];
	return both[1] != NULL && signs->round % 2 == 1 ? both[1] : both[0];
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
	for (uint64_t number = first; number < first + n; number++) {
		struct event_signs signs = { .time_us = money_events_time_us(number) };
		const char *body = body_of(number, &signs);

		event_text_put(body, &signs, out);
	}
}
