#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_book.h"
#include "daybook/v1/service.pb-c.h"

#define ON "'effectiveAt':'2026-01-02T00:00:00Z'"
#define BATCH_EVENTS 10000u

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
open_book(void)
{
	served_book_open(&book);
	served_book_append(&book, "erp",
			   "{" ON ",'bookOpened':{'book':'tea','currency':'CNY'}},"
			   "{" ON ",'skuDefined':{'sku':'oolong','revision':1}}");
}

static Daybook__V1__Agent *
get_agent(const char *agent)
{
	char request[100];
	Daybook__V1__Agent *got;

	(void)snprintf(request, sizeof request, "{'agent':'%s'}", agent);
	(void)served_book_call(&book, "GetAgent", request);
	got = daybook__v1__agent__unpack(NULL, book.reply.size, book.reply.bytes);
	if (!CHECK(got != NULL))
		exit(1);
	return got;
}

/* One "aN" enrolled below "aM", M = PARENT(N); a0 is a root. */
static void
put_agent(struct dbk_buf *batch, uint32_t number, uint32_t sponsor)
{
	Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	Daybook__V1__AgentEnrolled enrolled = DAYBOOK__V1__AGENT_ENROLLED__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;
	uint8_t bytes[200];
	char agent[16], above[16];
	size_t size;

	at.seconds = 1767312000;
	(void)snprintf(agent, sizeof agent, "a%u", number);
	(void)snprintf(above, sizeof above, "a%u", sponsor);
	enrolled.agent = agent;
	if (number != 0)
		enrolled.sponsor = above;
	event.effective_at = &at;
	event.body_case = DAYBOOK__V1__EVENT__BODY_AGENT_ENROLLED;
	event.agent_enrolled = &enrolled;
	size = daybook__v1__event__pack(&event, bytes);
	dbk_buf_put_varint(batch, 1 << 3 | 2);
	dbk_buf_put_varint(batch, size);
	dbk_buf_put(batch, bytes, size);
}

/* N agents a0 to aN-1; each but the first has the sponsor that SPONSOR_OF says. */
static void
enrol(uint32_t n, uint32_t (*sponsor_of)(uint32_t number))
{
	struct dbk_buf batch;

	dbk_buf_init(&batch);
	for (uint32_t i = 0; i < n; i++) {
		put_agent(&batch, i, i == 0 ? 0 : sponsor_of(i));
		if ((i + 1) % BATCH_EVENTS != 0 && i + 1 < n)
			continue;
		served_book_append_bytes(&book, "erp",
					 dbk_str_make(batch.bytes, batch.size));
		dbk_buf_reset(&batch);
	}
	dbk_buf_fini(&batch);
}

static uint32_t
one_before(uint32_t number)
{
	return number - 1;
}

static uint32_t
the_first(uint32_t number)
{
	(void)number;
	return 0;
}

static uint32_t
half(uint32_t number)
{
	return (number - 1) / 2;
}

/* -------------------------------------------------------------------------- agents */

static void
test_chain(void)
{
	Daybook__V1__Agent *agent;

	open_book();
	enrol(150, one_before);
	agent = get_agent("a149");
	CHECK_INT(agent->level, 150);
	CHECK_INT(agent->n_upline, DBK_SERVICE_UPLINE_MAX);
	CHECK(strcmp(agent->upline[0], "a148") == 0);
	CHECK(strcmp(agent->upline[99], "a49") == 0);
	CHECK_INT(agent->downline, 0);
	CHECK_INT(agent->deepest_level_below, 0);
	daybook__v1__agent__free_unpacked(agent, NULL);

	agent = get_agent("a100");
	CHECK_INT(agent->n_upline, 100);
	CHECK_INT(agent->downline, 49);
	CHECK_INT(agent->deepest_level_below, 49);
	CHECK_INT(agent->direct_recruits, 1);
	daybook__v1__agent__free_unpacked(agent, NULL);

	agent = get_agent("a0");
	CHECK_INT(agent->level, 1);
	CHECK_INT(agent->n_upline, 0);
	CHECK(strcmp(agent->sponsor, "") == 0);
	CHECK_INT(agent->downline, 149);
	CHECK(!agent->downline_truncated);
	daybook__v1__agent__free_unpacked(agent, NULL);
	served_book_close(&book);
}

static void
test_states(void)
{
	open_book();
	served_book_append(
	    &book, "erp",
	    "{" ON ",'agentEnrolled':{'agent':'ann','rank':'gold'}},"
	    "{" ON ",'agentEnrolled':{'agent':'bea','sponsor':'ann'}},"
	    "{" ON ",'agentVerified':{'agent':'bea','revision':1}},"
	    "{" ON ",'customerBound':{'binding':'b','customer':'k','agent':'bea'}},"
	    "{" ON ",'agentSuspended':{'agent':'bea','action':'1'}}");
	expect("GetAgent", "{'agent':'ann'}",
	       "{'size':'7','agent':'ann','state':'active','rank':'gold',"
	       "'enrolledPosition':'2','enrolledAt':'2026-01-02T00:00:00Z','level':1,"
	       "'directRecruits':1,'downline':'1','deepestLevelBelow':1}");
	expect("GetAgent", "{'agent':'bea'}",
	       "{'size':'7','agent':'bea','sponsor':'ann','state':'suspended',"
	       "'enrolledPosition':'3','enrolledAt':'2026-01-02T00:00:00Z','level':2,"
	       "'boundCustomers':'1','verified':true,'upline':['ann']}");
	served_book_append(&book, "erp",
			   "{" ON ",'agentTerminated':{'agent':'bea','action':'2'}}");
	expect("ListAgents", "{'sponsor':'ann'}",
	       "{'size':'8','agents':[{'size':'8','agent':'bea','sponsor':'ann',"
	       "'state':'terminated','enrolledPosition':'3',"
	       "'enrolledAt':'2026-01-02T00:00:00Z','level':2,'boundCustomers':'1',"
	       "'verified':true}]}");
	expect("ListAgents", "{'sponsor':'bea'}", "{'size':'8'}");
	served_book_close(&book);
}

static void
test_steps(void)
{
	Daybook__V1__Agent *agent;

	open_book();
	book.view_lags = true;
	enrol(4 * DBK_SERVICE_ASK_ROWS_MAX, half);
	book.asked = 0;
	agent = get_agent("a0");
	CHECK_INT(agent->downline, 4 * DBK_SERVICE_ASK_ROWS_MAX - 1);
	CHECK_INT(agent->deepest_level_below, 15);
	CHECK_INT(book.asked, 5); /* the agent, and four steps of the walk */
	daybook__v1__agent__free_unpacked(agent, NULL);
	agent = get_agent("a2");
	CHECK_INT(agent->deepest_level_below, 13);
	daybook__v1__agent__free_unpacked(agent, NULL);
	served_book_close(&book);
}

/* During a walk over a wide downline its first recruit moves away with his own. */
static void
move_in_the_middle(struct served_book *moved)
{
	if (moved->asked != 3)
		return;
	moved->before_ask = NULL;
	served_book_append(moved, "erp",
			   "{" ON ",'sponsorChanged':{'change':'c','agent':'a9',"
			   "'oldSponsor':'a0','newSponsor':'a8','approver1':'x',"
			   "'approver2':'y'}}");
}

static void
test_moving(void)
{
	const uint32_t n = 3 * DBK_SERVICE_ASK_ROWS_MAX;
	Daybook__V1__Agent *agent;

	open_book();
	book.view_lags = true;
	enrol(n, the_first);
	book.asked = 0;
	book.before_ask = move_in_the_middle;
	agent = get_agent("a0");
	/* Newest first: a9 had not been reached, and is found behind a8 now. */
	CHECK_INT(agent->downline, n - 1);
	CHECK_INT(agent->deepest_level_below, 2);
	daybook__v1__agent__free_unpacked(agent, NULL);
	served_book_close(&book);
}

/* The agent that the walk is to go on with moves away, again and again. */
static void
move_the_waiting(struct served_book *moved)
{
	static unsigned change;
	char events[300];

	/* The first question finds the agent; then two begin each walk. */
	if (moved->asked % 2 == 0 || moved->asked < 3)
		return;
	(void)snprintf(events, sizeof events,
		       "{" ON ",'sponsorChanged':{'change':'c%u','agent':'a%u',"
		       "'oldSponsor':'a0','newSponsor':'a1','approver1':'x',"
		       "'approver2':'y'}}",
		       change, 2 * DBK_SERVICE_ASK_ROWS_MAX - 1 - change);
	change++;
	served_book_append(moved, "erp", events);
}

static void
test_losing_the_way(void)
{
	const uint32_t n = 3 * DBK_SERVICE_ASK_ROWS_MAX;
	Daybook__V1__Agent *agent;

	open_book();
	book.view_lags = true;
	enrol(n, the_first);
	book.asked = 0;
	book.before_ask = move_the_waiting;
	agent = get_agent("a0");
	CHECK_INT(book.asked, 7);
	CHECK(agent->downline_truncated);
	CHECK_INT(agent->downline, DBK_SERVICE_ASK_ROWS_MAX);
	daybook__v1__agent__free_unpacked(agent, NULL);

	book.before_ask = NULL;
	agent = get_agent("a0");
	CHECK(!agent->downline_truncated);
	CHECK_INT(agent->downline, n - 1);
	CHECK_INT(agent->deepest_level_below, 2);
	daybook__v1__agent__free_unpacked(agent, NULL);
	served_book_close(&book);
}

static void
test_too_many(void)
{
	Daybook__V1__Agent *agent;

	open_book();
	book.view_lags = true;
	enrol(DBK_SERVICE_DOWNLINE_MAX + 2, the_first);
	agent = get_agent("a0");
	CHECK_INT(agent->downline, DBK_SERVICE_DOWNLINE_MAX);
	CHECK(agent->downline_truncated);
	CHECK_INT(agent->direct_recruits, DBK_SERVICE_DOWNLINE_MAX + 1);
	daybook__v1__agent__free_unpacked(agent, NULL);

	served_book_append(&book, "erp",
			   "{" ON ",'sponsorChanged':{'change':'c','agent':'a9',"
			   "'oldSponsor':'a0','approver1':'x','approver2':'y'}}");
	agent = get_agent("a0");
	CHECK_INT(agent->downline, DBK_SERVICE_DOWNLINE_MAX);
	CHECK(!agent->downline_truncated);
	daybook__v1__agent__free_unpacked(agent, NULL);
	served_book_close(&book);
}

/* Every page of a listing; the number of agents, and the last one's name. */
static uint32_t
list_all(const char *fields, char last[16])
{
	char request[200], token[32] = "";
	uint32_t n = 0;

	do {
		Daybook__V1__ListAgentsReply *page;

		(void)snprintf(request, sizeof request, "{%s'pageToken':'%s'}", fields,
			       token);
		(void)served_book_call(&book, "ListAgents", request);
		page = daybook__v1__list_agents_reply__unpack(NULL, book.reply.size,
							      book.reply.bytes);
		if (!CHECK(page != NULL && page->n_agents > 0))
			exit(1);
		n += (uint32_t)page->n_agents;
		(void)snprintf(last, 16, "%s", page->agents[page->n_agents - 1]->agent);
		(void)snprintf(token, sizeof token, "%s", page->next_page_token);
		daybook__v1__list_agents_reply__free_unpacked(page, NULL);
	} while (token[0] != '\0');
	return n;
}

static void
test_pages(void)
{
	char last[16];

	open_book();
	enrol(2001, the_first);
	CHECK_INT(list_all("", last), 2001);
	CHECK(strcmp(last, "a2000") == 0);
	CHECK_INT(list_all("'pageSize':667,", last), 2001);
	CHECK_INT(list_all("'pageSize':1000,'sponsor':'a0',", last), 2000);
	CHECK(strcmp(last, "a1") == 0);
	expect("ListAgents", "{'pageToken':'a7d2'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=a7d2");
	expect("ListAgents", "{'pageToken':'a0'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=a0");
	expect("ListAgents", "{'pageToken':'a1ffffffff'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=a1ffffffff");
	expect("ListAgents", "{'pageToken':'aX'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=aX");
	expect("ListAgents", "{'pageToken':'r2'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=r2");
	expect("ListAgents", "{'sponsor':'a0','pageToken':'a2'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=a2");
	/* Number 1 is a0, who is nobody's recruit. */
	expect("ListAgents", "{'sponsor':'a0','pageToken':'r1'}",
	       "INVALID_ARGUMENT PAGE_TOKEN page_token=r1");
	served_book_close(&book);
}

static uint32_t
deep_comb(uint32_t number)
{
	return number < 4000 ? number - 1 : 3999;
}

static void
leave_the_list(struct served_book *moved)
{
	if (moved->asked != 3)
		return;
	moved->before_ask = NULL;
	for (int i = 0; i < 9; i++) {
		char events[300];

		(void)snprintf(events, sizeof events,
			       "{" ON ",'sponsorChanged':{'change':'c%d',"
			       "'agent':'a%d','oldSponsor':'a3999','newSponsor':'a8',"
			       "'approver1':'x','approver2':'y'}}",
			       i, 4000 + i);
		served_book_append(moved, "erp", events);
	}
}

/* The level of each costs four thousand steps up: a page takes many questions. */
static void
test_deep_page(void)
{
	open_book();
	book.view_lags = true;
	enrol(4009, deep_comb);
	book.asked = 0;
	(void)served_book_call(&book, "ListAgents", "{'sponsor':'a3999'}");
	CHECK_INT(book.asked, 4);
	CHECK(strstr((const char *)book.text.bytes, "'level':4001}") != NULL);
	CHECK(strstr((const char *)book.text.bytes, "'level':4002") == NULL);
	book.asked = 0;
	book.before_ask = leave_the_list;
	expect("ListAgents", "{'sponsor':'a3999'}", "ABORTED NETWORK_CHANGED");
	served_book_close(&book);
}

/* -------------------------------------------------------------------------- orders */

static void
test_order(void)
{
	open_book();
	served_book_append(
	    &book, "shop",
	    "{" ON ",'orderPlaced':{'order':'o','buyer':'kim','channel':'live',"
	    "'lines':[{'line':3,'sku':'oolong','qty':2,'unitPrice':50},"
	    "{'line':7,'sku':'oolong','qty':1,'unitPrice':60,'discount':10}],"
	    "'shipping':8}},"
	    "{" ON ",'skuDefined':{'sku':'x','revision':1}},"
	    "{" ON ",'orderPaid':{'order':'o','psp':'wx','pspTxn':'1','amount':100}},"
	    "{" ON ",'goodsShipped':{'order':'o','shipment':'s','line':3,'qty':1}}");
	expect("GetOrder", "{'order':'o'}",
	       "{'size':'6','order':'o','kind':'RETAIL','buyer':'kim',"
	       "'channel':'live','fulfilment':'BRAND_SHIP','total':'158',"
	       "'shipping':'8','paid':'100','escrow':'100','lines':["
	       "{'line':3,'sku':'oolong','qty':'2','unitPrice':'50',"
	       "'amount':'100','shipped':'1'},"
	       "{'line':7,'sku':'oolong','qty':'1','unitPrice':'60',"
	       "'amount':'50'}],'events':["
	       "{'position':'2','recordedAt':'2027-01-15T08:00:00.000002Z',"
	       "'source':'shop','outcome':'ACCEPTED','event':{"
	       "'effectiveAt':'2026-01-02T00:00:00Z','orderPlaced':{'order':'o',"
	       "'buyer':'kim','channel':'live','lines':[{'line':3,'sku':'oolong',"
	       "'qty':'2','unitPrice':'50'},{'line':7,'sku':'oolong','qty':'1',"
	       "'unitPrice':'60','discount':'10'}],'shipping':'8'}}},"
	       "{'position':'4','recordedAt':'2027-01-15T08:00:00.000002Z',"
	       "'source':'shop','index':2,'outcome':'ACCEPTED','event':{"
	       "'effectiveAt':'2026-01-02T00:00:00Z','orderPaid':{'order':'o',"
	       "'psp':'wx','pspTxn':'1','amount':'100'}}},"
	       "{'position':'5','recordedAt':'2027-01-15T08:00:00.000002Z',"
	       "'source':'shop','index':3,'outcome':'ACCEPTED','event':{"
	       "'effectiveAt':'2026-01-02T00:00:00Z','goodsShipped':{'order':'o',"
	       "'shipment':'s','line':3,'qty':'1'}}}],'currency':'CNY'}");
	served_book_close(&book);
}

static void
test_order_states(void)
{
	Daybook__V1__Order *got;

	open_book();
	served_book_append(
	    &book, "shop",
	    "{" ON ",'agentEnrolled':{'agent':'ann'}},"
	    "{" ON ",'orderPlaced':{'order':'o','kind':'RESTOCK','buyer':'ann',"
	    "'lines':[{'line':1,'sku':'oolong','qty':2,'unitPrice':50}]}},"
	    "{" ON ",'orderCancelled':{'order':'o'}},"
	    "{" ON ",'saleRecorded':{'order':'p','seller':'ann','fulfilment':"
	    "'STORE_PICKUP','lines':[{'line':1,'sku':'oolong','qty':2,"
	    "'unitPrice':50}],'paid':100,'deliveredAt':'2026-01-02T00:00:00Z'}}");
	(void)served_book_call(&book, "GetOrder", "{'order':'o'}");
	got = daybook__v1__order__unpack(NULL, book.reply.size, book.reply.bytes);
	if (!CHECK(got != NULL))
		exit(1);
	CHECK(got->cancelled && !got->direct);
	CHECK_INT(got->kind, DAYBOOK__V1__ORDER_KIND__RESTOCK);
	CHECK(strcmp(got->buyer, "ann") == 0);
	CHECK_INT(got->n_events, 2);
	daybook__v1__order__free_unpacked(got, NULL);

	(void)served_book_call(&book, "GetOrder", "{'order':'p'}");
	got = daybook__v1__order__unpack(NULL, book.reply.size, book.reply.bytes);
	if (!CHECK(got != NULL))
		exit(1);
	CHECK(!got->cancelled && got->direct);
	CHECK(strcmp(got->seller, "ann") == 0 && strcmp(got->buyer, "") == 0);
	CHECK_INT(got->fulfilment, DAYBOOK__V1__FULFILMENT__STORE_PICKUP);
	CHECK(got->n_lines == 1 && got->lines[0]->received);
	daybook__v1__order__free_unpacked(got, NULL);
	served_book_close(&book);
}

/* Requests for refunds with the longest reason, more than an answer may hold. */
static void
test_long_order(void)
{
	const uint32_t n = 2000;
	char reason[DBK_TEXT_BYTES_MAX + 1];
	struct dbk_buf events;
	Daybook__V1__Order *got;

	open_book();
	served_book_append(&book, "shop",
			   "{" ON ",'orderPlaced':{'order':'o','lines':[{'line':1,"
			   "'sku':'oolong','qty':1,'unitPrice':5}]}}");
	memset(reason, 'r', DBK_TEXT_BYTES_MAX);
	reason[DBK_TEXT_BYTES_MAX] = '\0';
	dbk_buf_init(&events);
	for (uint32_t i = 0; i < n; i++)
		dbk_buf_printf(&events,
			       "%s{" ON ",'refundRequested':{'refund':'r%u',"
			       "'order':'o','line':1,'amount':1,'reason':'%s'}}",
			       i == 0 ? "" : ",", i, reason);
	dbk_buf_put_u8(&events, '\0');
	served_book_append(&book, "shop", (const char *)events.bytes);
	dbk_buf_fini(&events);
	(void)served_book_call(&book, "GetOrder", "{'order':'o'}");
	CHECK(book.reply.size > DBK_SERVICE_ORDER_BYTES_MAX - 2048);
	CHECK(book.reply.size < DBK_SERVICE_ORDER_BYTES_MAX + 16384);
	got = daybook__v1__order__unpack(NULL, book.reply.size, book.reply.bytes);
	if (!CHECK(got != NULL && got->n_events > 0))
		exit(1);
	CHECK(got->events_truncated);
	CHECK(got->n_events < n);
	CHECK_INT(got->events[got->n_events - 1]->position, n + 2);
	CHECK_INT(got->events[0]->position, n + 3 - got->n_events);
	CHECK_INT(got->lines[0]->unit_price, 5);
	daybook__v1__order__free_unpacked(got, NULL);
	served_book_close(&book);
}

int
main(void)
{
	check_run("an agent far below shows a hundred sponsors", test_chain);
	check_run("agents in every state", test_states);
	check_run("a downline is counted in steps", test_steps);
	check_run("a recruit that moves during the walk does not lead astray",
		  test_moving);
	check_run("a walk whose way is lost begins anew, and says so at the end",
		  test_losing_the_way);
	check_run("a downline is counted up to a million", test_too_many);
	check_run("pages of agents and of recruits", test_pages);
	check_run("a page of deep levels, and a recruit that leaves it",
		  test_deep_page);
	check_run("an order with its three flows", test_order);
	check_run("orders cancelled, direct and of agents", test_order_states);
	check_run("an order with too many records shows the newest", test_long_order);
	return check_end();
}
