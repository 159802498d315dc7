#include "goods_events.h"

#include <stddef.h>

#include "event_text.h"

#define AGENTS 10u
#define FIRST_US INT64_C(1717200000000000)
#define US_PER_EVENT INT64_C(432000000) /* 200 a day */
#define AGO 14u

#define GUARDS                                                                         \
	"{'name':'standing','choice':'FLAG'},"                                         \
	"{'name':'receivable','choice':'FLAG'},"                                       \
	"{'name':'sell_through','choice':'FLAG'},"                                     \
	"{'name':'cover','choice':'FLAG'},"                                            \
	"{'name':'goods_state','choice':'FLAG'},"                                      \
	"{'name':'aged','choice':'FLAG'},"                                             \
	"{'name':'restock_price','choice':'FLAG'},"                                    \
	"{'name':'rank_buy','choice':'FLAG'},"                                         \
	"{'name':'needs_request','choice':'FLAG'},"                                    \
	"{'name':'joining','choice':'FLAG'},"                                          \
	"{'name':'entry_fee','choice':'FLAG'},"                                        \
	"{'name':'territory','choice':'FLAG'},"                                        \
	"{'name':'sightings','choice':'FLAG'},"                                        \
	"{'name':'cloud','choice':'FLAG'},"                                            \
	"{'name':'match','choice':'FLAG'},"                                            \
	"{'name':'fake_order','choice':'FLAG'},"                                       \
	"{'name':'exposure','choice':'FLAG'},"                                         \
	"{'name':'cycle','choice':'FLAG'},"                                            \
	"{'name':'bindings','choice':'FLAG'},"                                         \
	"{'name':'flooding','choice':'FLAG'},"                                         \
	"{'name':'network','choice':'FLAG'},"                                          \
	"{'name':'multi_count','choice':'FLAG'},"                                      \
	"{'name':'push_down','choice':'FLAG'},"                                        \
	"{'name':'custody','choice':'FLAG'},"                                          \
	"{'name':'goods_out','choice':'FLAG'},"                                        \
	"{'name':'friend_price','choice':'FLAG'},"                                     \
	"{'name':'count','choice':'FLAG'},"                                            \
	"{'name':'buyback','choice':'FLAG'},"                                          \
	"{'name':'buyback_exit','choice':'FLAG'},"                                     \
	"{'name':'holding','choice':'REFUSE'},"                                        \
	"{'name':'frequency','choice':'REFUSE'},"                                      \
	"{'name':'max_units','value':150},"                                            \
	"{'name':'free_units','value':0},"                                             \
	"{'name':'max_restocks','value':2},"                                           \
	"{'name':'restock_period_days','value':2},"                                    \
	"{'name':'min_sightings','value':2},"                                          \
	"{'name':'sighting_sources','value':1},"                                       \
	"{'name':'fake_limit','value':10},"                                            \
	"{'name':'ship_days','value':1},"                                              \
	"{'name':'pay_days','value':1},"                                               \
	"{'name':'network_min_units','value':1},"                                      \
	"{'name':'max_multi_count_ppm','value':0}"

static const char *const opening[] = {
	"'bookOpened':{'book':'g','currency':'CNY','exponent':2,'utcOffsetMinutes':"
	"480}",
	"'skuDefined':{'sku':'K','revision':1,'listPrice':1000,'factoryPrice':50}",
	"'lotRegistered':{'lot':'L','sku':'K','qty':9000000,'intendedRegion':'north',"
	"'serialFrom':'S0','serialTo':'S9'}",
	"'priceBandSet':{'band':'b','revision':1,'sku':'K','minPrice':400,'maxPrice':"
	"900,"
	"'mode':'FLAG'}",
	"'guardSetPublished':{'guardSet':'g','version':1,'parameters':[" GUARDS "]}",
};

#define FIXED (sizeof opening / sizeof opening[0])

static const char root[] = "'agentEnrolled':{'agent':'A@','agreementVersion':1}";
static const char enrolled[] = "'agentEnrolled':{'agent':'A@','sponsor':'A^'}";
static const char verified[] =
    "'agentVerified':{'agent':'A@','revision':1,'payeeHash':'AQID'}";

/* Round after round, these in turn; of two the second in odd rounds. */
static const char *const bodies[GOODS_EVENTS_ROUND][2] = {
	{ "'restockRequested':{'request':'q#','agent':'A@','sku':'K','qty':5,"
	  "'unitPrice':500}",
	  NULL },
	{ "'stockIssued':{'transfer':'i#','to':{'agent':'A@'},'order':'q#','paid':2500,"
	  "'psp':'pay','pspTxn':'i#','lines':[{'line':1,'sku':'K','qty':5,"
	  "'unitPrice':500}]}",
	  "'orderPlaced':{'order':'R#','kind':'RESTOCK','buyer':'A@','channel':'app',"
	  "'request':'q#','lines':[{'line':1,'sku':'K','qty':3,'unitPrice':500}]}" },
	{ "'stockIssued':{'transfer':'j#','to':{'agent':'A@'},'lines':[{'line':1,"
	  "'sku':'K','lot':'L','qty':14,'unitPrice':450}]}",
	  NULL },
	{ "'stockTransferred':{'transfer':'t#','from':{'agent':'A@'},'to':{'agent':'A^'"
	  "},"
	  "'lines':[{'line':1,'sku':'K','lot':'L','qty':4,'unitPrice':550}]}",
	  NULL },
	{ "'stockTransferred':{'transfer':'u#','from':{'agent':'A^'},'to':{'agent':'A@'"
	  "},"
	  "'lines':[{'line':1,'sku':'K','lot':'L','qty':1,'unitPrice':600}]}",
	  NULL },
	{ "'saleRecorded':{'order':'S#','seller':'A@','buyer':'C#','channel':'app',"
	  "'fulfilment':'HOLDER_SHIP','lines':[{'line':1,'sku':'K','lot':'L','qty':6,"
	  "'unitPrice':800}],'paid':4800,'psp':'pay','pspTxn':'S#','deliveredAt':'%'}",
	  NULL },
	{ "'saleRecorded':{'order':'T#','seller':'A@','buyer':'F@','channel':'app',"
	  "'region':'north','fulfilment':'HOLDER_SHIP','lines':[{'line':1,'sku':'K',"
	  "'lot':'L','qty':2,'unitPrice':950}],'paid':1900,'psp':'pay','pspTxn':'T#',"
	  "'buyerPayeeHash':'AQID','deliveredAt':'%'}",
	  NULL },
	{ "'orderPlaced':{'order':'O#','seller':'A@','buyer':'C@','channel':'app',"
	  "'fulfilment':'HOLDER_SHIP','lines':[{'line':1,'sku':'K','lot':'L','qty':2,"
	  "'unitPrice':700}]}",
	  NULL },
	{ "'orderPaid':{'order':'O#','psp':'pay','pspTxn':'O#','amount':1400}",
	  "'goodsShipped':{'shipment':'h#','order':'O#','line':1,'qty':1,'lot':'L',"
	  "'holder':{'agent':'A@'}}" },
	{ "'receiptConfirmed':{'order':'O$'}", NULL },
	{ "'refundApproved':{'refund':'f#','order':'O$','line':1,'amount':1400}",
	  "'refundApproved':{'refund':'f#','order':'S$','line':1,'amount':800,'qty':"
	  "1}" },
	{ "'custodyScanned':{'scan':'x#','lot':'L','serial':'S@','region':'south',"
	  "'actorClass':'CONSUMER','claimedSeller':'X$'}",
	  NULL },
	{ "'priceObserved':{'observation':'z#','sku':'K','holder':{'agent':'A@'},"
	  "'price':1}",
	  NULL },
	{ "'buybackRequested':{'request':'b#','agent':'A@','sku':'K','lot':'L','qty':"
	  "2}",
	  NULL },
	{ "'buybackSettled':{'document':'d#','request':'b#','agent':'A@','sku':'K',"
	  "'lot':'L','qty':1,'unitPricePaid':450,'pricePpm':800000,'amount':360}",
	  NULL },
	{ "'customerBound':{'binding':'k#','customer':'F#','agent':'A@'}", NULL },
	{ "'observationRecorded':{'observation':'w#','code':'SHARE','subject':'A@'}",
	  NULL },
	{ "'feeCharged':{'fee':'e#','agent':'A@','kind':'JOINING','isCondition':true,"
	  "'amount':100,'psp':'pay','pspTxn':'e#'}",
	  NULL },
	{ "'overrideGranted':{'override':'v#','guard':'RESTOCK_HOLDING','subject':'A@',"
	  "'approver1':'x','approver2':'y','expiresAt':'2030-01-01T00:00:00Z',"
	  "'reason':'asked'}",
	  "'stockCounted':{'count':'n#','line':1,'holder':{'agent':'A@'},'sku':'K',"
	  "'lot':'L','counted':3}" },
	{ "'restockRequested':{'request':'r#','agent':'A@','sku':'K','qty':150,"
	  "'unitPrice':1}",
	  NULL },
	{ "'findingAcknowledged':{'finding':'#','action':'a','reason':'look'}", NULL },
	{ "'findingResolved':{'finding':'$','action':'r','reason':'seen','approver':'x'"
	  "}",
	  NULL },
	{ "'stockReturned':{'document':'y#','agent':'A@','lines':[{'line':1,'sku':'K',"
	  "'lot':'L','qty':1,'unitPrice':300}],'reason':'unsold'}",
	  NULL },
	{ "'agentEnrolled':{'agent':'X#','sponsor':'A@'}", NULL },
	{ "'stockIssued':{'transfer':'m#','to':{'agent':'X#'},'lines':[{'line':1,"
	  "'sku':'K','qty':9}]}",
	  NULL },
	{ "'agentTerminated':{'agent':'X$','action':'t','reason':'left',"
	  "'buybackDue':'%'}",
	  NULL },
	{ "'stockIssued':{'transfer':'c#','to':{'agent':'A@'},'place':'CLOUD','lines':["
	  "{'line':1,'sku':'K','qty':2}]}",
	  "'stockIssued':{'transfer':'l#','to':{'location':'depot'},'lines':[{'line':1,"
	  "'sku':'K','qty':1}]}" },
	{ "'territoryAssigned':{'assignment':'T#','agent':'A^','region':'north',"
	  "'exclusive':true}",
	  "'territoryRevoked':{'assignment':'T$','reason':'over'}" },
	{ "'guardSetPublished':{'guardSet':'g#','version':1,'parameters':[" GUARDS "]}",
	  NULL },
	{ "'restockRequested':{'request':'s#','agent':'A@','sku':'M','qty':5}", NULL },
	{ "'orderFlagged':{'order':'S#','rule':'seen','revision':1}",
	  "'orderCleared':{'order':'S$','rule':'seen','revision':1}" },
	{ "'clockAdvanced':{}", NULL },
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

	if (number < goods_events_opening_size())
		return body_of_opening(number, signs);
	number -= goods_events_opening_size();
	signs->round = number / GOODS_EVENTS_ROUND;
	signs->ago = signs->round > AGO ? signs->round - AGO : 0;
	signs->agent = signs->round % AGENTS;
	signs->sponsor = (signs->agent + 1) % AGENTS;
	both = bodies[number % GOODS_EVENTS_ROUND];
	return both[1] != NULL && signs->round % 2 == 1 ? both[1] : both[0];
}

uint64_t
goods_events_opening_size(void)
{
	return FIXED + 2 * AGENTS;
}

void
goods_events_put_many(uint64_t first, uint32_t n, struct dbk_buf *out)
{
	for (uint64_t number = first; number < first + n; number++) {
		struct event_signs signs = { .time_us = FIRST_US + (int64_t)number *
								       US_PER_EVENT };
		const char *body = body_of(number, &signs);

		event_text_put(body, &signs, out);
	}
}
