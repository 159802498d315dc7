#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/opened_event.h"

/* The events of money, each with every field. */

#define TIME OPENED_TIME
#define TIME_US OPENED_TIME_US
#define LATER "2024-03-01T00:00:00Z"
#define LATER_US 1709251200000000
#define HASH "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define HASH_BYTES                                                                     \
	"\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27\30\31\32"    \
	"\33\34\35\36\37"

static struct dbk_arena arena;
static struct dbk_event event;

static bool
same(struct dbk_str ours, const char *want)
{
	return dbk_str_equal(ours, dbk_str_of(want));
}

static bool
same_hash(struct dbk_str ours)
{
	return dbk_str_equal(ours, dbk_str_make(HASH_BYTES, 32));
}

static bool
opens(enum dbk_event_type type, const char *body)
{
	return opened_event(type, body, &arena, &event);
}

/* ------------------------------------------------------------- plans and the network
 */

static void
test_plans_are_opened_whole(void)
{
	const struct dbk_plan_published *p = &event.u.plan_published;
	const struct dbk_parameter *narrow;

	CHECK(
	    opens(DBK_EVENT_PLAN_PUBLISHED,
		  "\"planPublished\":{\"plan\":\"P\",\"version\":3,"
		  "\"validFrom\":\"" TIME "\",\"validTo\":\"" LATER "\","
		  "\"parameters\":[{\"name\":\"rate\",\"value\":\"-7\",\"sku\":\"S\","
		  "\"category\":\"C\",\"rank\":\"R\",\"channel\":\"wx\","
		  "\"region\":\"GD\",\"level\":16,\"choice\":\"x\"},"
		  "{\"name\":\"mode\",\"choice\":\"levels\"}],\"approver\":\"boss\"}"));
	CHECK(same(p->plan, "P") && p->version == 3 && same(p->approver, "boss"));
	CHECK(p->valid_from == TIME_US && p->valid_to == LATER_US);
	CHECK_INT(p->n_parameters, 2);
	narrow = &p->parameters[0];
	CHECK(same(narrow->name, "rate") && narrow->value == -7);
	CHECK(same(narrow->sku, "S") && same(narrow->category, "C"));
	CHECK(same(narrow->rank, "R") && same(narrow->channel, "wx"));
	CHECK(same(narrow->region, "GD") && narrow->level == 16);
	CHECK(same(narrow->choice, "x"));
	CHECK(same(p->parameters[1].name, "mode") && p->parameters[1].value == 0);
	CHECK(same(p->parameters[1].choice, "levels") && p->parameters[1].level == 0);
	CHECK(p->parameters[1].sku.size == 0);
	CHECK(opens(DBK_EVENT_PLAN_PUBLISHED,
		    "\"planPublished\":{\"plan\":\"P\",\"version\":1}"));
	CHECK(p->valid_from == DBK_TIME_ABSENT && p->valid_to == DBK_TIME_ABSENT);
	CHECK_INT(p->n_parameters, 0);
}

static void
test_teams_are_opened_whole(void)
{
	CHECK(opens(DBK_EVENT_TEAM_FORMED,
		    "\"teamFormed\":{\"team\":\"T\",\"leader\":\"A\"}"));
	CHECK(same(event.u.team_formed.team, "T") &&
	      same(event.u.team_formed.leader, "A"));
	CHECK(opens(DBK_EVENT_TEAM_MEMBER_CHANGED,
		    "\"teamMemberChanged\":{\"team\":\"T\",\"change\":\"X\","
		    "\"member\":\"A\",\"removed\":true}"));
	CHECK(same(event.u.team_member_changed.team, "T"));
	CHECK(same(event.u.team_member_changed.change, "X"));
	CHECK(same(event.u.team_member_changed.member, "A"));
	CHECK(event.u.team_member_changed.removed);
}

static bool
is_agent_money(void)
{
	return same(event.u.agent_money.agent, "A") &&
	       event.u.agent_money.amount == 500 && same(event.u.agent_money.ref, "R");
}

static void
test_deposits_and_fees_are_opened_whole(void)
{
	const struct dbk_fee_charged *fee = &event.u.fee_charged;

	CHECK(opens(
	    DBK_EVENT_DEPOSIT_RECEIVED,
	    "\"depositReceived\":{\"agent\":\"A\",\"amount\":\"500\",\"ref\":\"R\"}"));
	CHECK(is_agent_money());
	CHECK(opens(
	    DBK_EVENT_DEPOSIT_RETURNED,
	    "\"depositReturned\":{\"agent\":\"A\",\"amount\":\"500\",\"ref\":\"R\"}"));
	CHECK(is_agent_money());
	CHECK(opens(DBK_EVENT_FEE_CHARGED,
		    "\"feeCharged\":{\"fee\":\"F\",\"agent\":\"A\",\"kind\":\"KIT\","
		    "\"amount\":\"500\",\"psp\":\"wx\",\"pspTxn\":\"T\","
		    "\"isCondition\":true}"));
	CHECK(same(fee->fee, "F") && same(fee->agent, "A") && fee->amount == 500);
	CHECK_INT(fee->kind, DBK_FEE_KIT);
	CHECK(same(fee->psp, "wx") && same(fee->psp_txn, "T") && fee->is_condition);
}

/* ------------------------------------------------------------------------- trade */

#define ORDER "{\"order\":\"O\",\"lines\":[{\"line\":1,\"sku\":\"S\",\"qty\":\"1\"}],"
#define PARTS                                                                          \
	"\"attributions\":[{\"agent\":\"A\",\"weightPpm\":400000},"                    \
	"{\"agent\":\"B\",\"weightPpm\":600000}]}"

static void
test_attributions_of_sales_and_orders_are_opened_whole(void)
{
	const struct dbk_sale *sale = &event.u.sale;

	for (int i = 0; i < 2; i++) {
		CHECK(i == 0 ? opens(DBK_EVENT_SALE_RECORDED,
				     "\"saleRecorded\":" ORDER "\"paid\":\"5\"," PARTS)
			     : opens(DBK_EVENT_ORDER_PLACED,
				     "\"orderPlaced\":" ORDER PARTS));
		CHECK_INT(sale->n_attributions, 2);
		CHECK(same(sale->attributions[0].agent, "A"));
		CHECK_INT(sale->attributions[0].weight_ppm, 400000);
		CHECK(same(sale->attributions[1].agent, "B"));
		CHECK_INT(sale->attributions[1].weight_ppm, 600000);
	}
	CHECK(opens(DBK_EVENT_SALE_RECORDED,
		    "\"saleRecorded\":{\"order\":\"O\",\"lines\":[{\"line\":1,"
		    "\"sku\":\"S\",\"qty\":\"1\"}],\"paid\":\"5\"}"));
	CHECK(sale->n_attributions == 0 && sale->attributions == NULL);
}

static void
test_chargebacks_are_opened_whole(void)
{
	const struct dbk_chargeback_step *step = &event.u.chargeback_step;

	CHECK(opens(DBK_EVENT_CHARGEBACK_OPENED,
		    "\"chargebackOpened\":{\"chargeback\":\"X\",\"order\":\"O\","
		    "\"amount\":\"500\",\"psp\":\"wx\"}"));
	CHECK(same(step->chargeback, "X") && same(step->order, "O"));
	CHECK(step->amount == 500 && same(step->psp, "wx"));
	CHECK(opens(DBK_EVENT_CHARGEBACK_WON,
		    "\"chargebackWon\":{\"chargeback\":\"X\"}"));
	CHECK(same(step->chargeback, "X") && step->order.size == 0);
	CHECK(opens(DBK_EVENT_CHARGEBACK_LOST,
		    "\"chargebackLost\":{\"chargeback\":\"X\"}"));
	CHECK(same(step->chargeback, "X") && step->amount == 0);
}

static void
test_flags_are_opened_whole(void)
{
	const struct dbk_order_flag *flag = &event.u.order_flag;

	CHECK(opens(DBK_EVENT_ORDER_FLAGGED,
		    "\"orderFlagged\":{\"order\":\"O\",\"rule\":\"R\",\"revision\":2,"
		    "\"evidence\":[\"0\",\"18446744073709551615\",\"300\"]}"));
	CHECK(same(flag->order, "O") && same(flag->rule, "R") && flag->revision == 2);
	CHECK_INT(flag->n_evidence, 3);
	CHECK(flag->evidence[0] == 0 && flag->evidence[1] == UINT64_MAX);
	CHECK(flag->evidence[2] == 300 && flag->approver.size == 0);
	CHECK(opens(DBK_EVENT_ORDER_CLEARED,
		    "\"orderCleared\":{\"order\":\"O\",\"rule\":\"R\",\"revision\":2,"
		    "\"approver\":\"boss\",\"reason\":\"seen\"}"));
	CHECK(same(flag->order, "O") && same(flag->rule, "R") && flag->revision == 2);
	CHECK(same(flag->approver, "boss") && same(flag->reason, "seen"));
	CHECK(flag->n_evidence == 0 && flag->evidence == NULL);
}

/* -------------------------------------------------------------------- commission */

static void
test_reported_commission_is_opened_whole(void)
{
	const struct dbk_commission_reported *c = &event.u.commission_reported;

	CHECK(opens(DBK_EVENT_COMMISSION_REPORTED,
		    "\"commissionReported\":{\"commission\":\"C\",\"payee\":\"A\","
		    "\"amount\":\"500\",\"basis\":\"BASIS_RECRUITING\",\"distance\":2,"
		    "\"causeOrder\":\"O\",\"causeLine\":7,\"causeAgent\":\"B\"}"));
	CHECK(same(c->commission, "C") && same(c->payee, "A") && c->amount == 500);
	CHECK_INT(c->basis, DBK_BASIS_RECRUITING);
	CHECK(c->distance == 2 && same(c->cause_order, "O"));
	CHECK(c->cause_line == 7 && same(c->cause_agent, "B"));
}

static void
test_holds_are_opened_whole(void)
{
	const struct dbk_commission_held *held = &event.u.commission_held;
	const struct dbk_hold_released *released = &event.u.hold_released;

	CHECK(opens(DBK_EVENT_COMMISSION_HELD,
		    "\"commissionHeld\":{\"hold\":\"H\",\"order\":\"O\",\"line\":7,"
		    "\"level\":2,\"reason\":\"odd\",\"approver\":\"boss\"}"));
	CHECK(same(held->hold, "H") && held->agent.size == 0 && same(held->order, "O"));
	CHECK(held->line == 7 && held->level == 2);
	CHECK(same(held->reason, "odd") && same(held->approver, "boss"));
	CHECK(opens(DBK_EVENT_COMMISSION_HELD,
		    "\"commissionHeld\":{\"hold\":\"H\",\"agent\":\"A\"}"));
	CHECK(same(held->agent, "A") && held->order.size == 0);
	CHECK(opens(DBK_EVENT_HOLD_RELEASED,
		    "\"holdReleased\":{\"hold\":\"H\",\"reason\":\"fine\","
		    "\"approver\":\"boss\"}"));
	CHECK(same(released->hold, "H") && same(released->reason, "fine"));
	CHECK(same(released->approver, "boss"));
}

static void
test_clawbacks_are_opened_whole(void)
{
	const struct dbk_clawback_written_off *off = &event.u.clawback_written_off;

	CHECK(opens(
	    DBK_EVENT_CLAWBACK_REPAID,
	    "\"clawbackRepaid\":{\"agent\":\"A\",\"amount\":\"500\",\"ref\":\"R\"}"));
	CHECK(is_agent_money());
	CHECK(opens(DBK_EVENT_CLAWBACK_WRITTEN_OFF,
		    "\"clawbackWrittenOff\":{\"agent\":\"A\",\"amount\":\"500\","
		    "\"ref\":\"R\",\"approver1\":\"x\",\"approver2\":\"y\","
		    "\"reason\":\"gone\"}"));
	CHECK(same(off->agent, "A") && off->amount == 500 && same(off->ref, "R"));
	CHECK(same(off->approver1, "x") && same(off->approver2, "y"));
	CHECK(same(off->reason, "gone"));
}

static void
test_bonuses_and_adjustments_are_opened_whole(void)
{
	const struct dbk_bonus_awarded *bonus = &event.u.bonus_awarded;
	const struct dbk_manual_adjustment *a = &event.u.manual_adjustment;

	CHECK(opens(DBK_EVENT_BONUS_AWARDED,
		    "\"bonusAwarded\":{\"bonus\":\"B\",\"period\":\"P\",\"pool\":\"9\","
		    "\"metric\":\"m\",\"shares\":[{\"agent\":\"A\",\"amount\":\"4\"},"
		    "{\"agent\":\"B\",\"amount\":\"5\"}]}"));
	CHECK(same(bonus->bonus, "B") && same(bonus->period, "P"));
	CHECK(bonus->pool == 9 && same(bonus->metric, "m"));
	CHECK_INT(bonus->n_shares, 2);
	CHECK(same(bonus->shares[0].agent, "A") && bonus->shares[0].amount == 4);
	CHECK(same(bonus->shares[1].agent, "B") && bonus->shares[1].amount == 5);
	CHECK(opens(DBK_EVENT_MANUAL_ADJUSTMENT,
		    "\"manualAdjustment\":{\"adjustment\":\"J\",\"agent\":\"A\","
		    "\"deduct\":true,\"amount\":\"500\",\"reason\":\"slip\","
		    "\"approver1\":\"x\",\"approver2\":\"y\",\"reverses\":\"I\"}"));
	CHECK(same(a->adjustment, "J") && same(a->agent, "A") && a->deduct);
	CHECK(a->amount == 500 && same(a->reason, "slip"));
	CHECK(same(a->approver1, "x") && same(a->approver2, "y"));
	CHECK(same(a->reverses, "I"));
}

/* ------------------------------------------------------------------------ payout */

static void
test_requests_of_payouts_are_opened_whole(void)
{
	const struct dbk_payout_requested *r = &event.u.payout_requested;

	CHECK(opens(DBK_EVENT_PAYOUT_REQUESTED,
		    "\"payoutRequested\":{\"payout\":\"P\",\"agent\":\"A\","
		    "\"gross\":\"500\",\"method\":\"bank\",\"payeeHash\":\"" HASH
		    "\"}"));
	CHECK(same(r->payout, "P") && same(r->agent, "A") && r->gross == 500);
	CHECK(same(r->method, "bank") && same_hash(r->payee_hash));
}

static void
test_steps_of_payouts_are_opened_whole(void)
{
	static const struct {
		enum dbk_event_type type;
		const char *body, *reason, *code;
		bool final;
	} steps[] = {
		{ DBK_EVENT_PAYOUT_APPROVED,
		  "\"payoutApproved\":{\"payout\":\"P\",\"action\":\"X\"}", "", "",
		  false },
		{ DBK_EVENT_PAYOUT_REJECTED,
		  "\"payoutRejected\":{\"payout\":\"P\",\"action\":\"X\","
		  "\"reason\":\"no\"}",
		  "no", "", false },
		{ DBK_EVENT_PAYOUT_CANCELLED,
		  "\"payoutCancelled\":{\"payout\":\"P\",\"action\":\"X\","
		  "\"reason\":\"late\"}",
		  "late", "", false },
		{ DBK_EVENT_PAYOUT_UNKNOWN,
		  "\"payoutUnknown\":{\"payout\":\"P\",\"action\":\"X\"}", "", "",
		  false },
		{ DBK_EVENT_PAYOUT_FAILED,
		  "\"payoutFailed\":{\"payout\":\"P\",\"action\":\"X\","
		  "\"code\":\"E7\",\"final\":true}",
		  "", "E7", true },
	};
	const struct dbk_payout_step *step = &event.u.payout_step;

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		CHECK(opens(steps[i].type, steps[i].body));
		CHECK(same(step->payout, "P") && same(step->action, "X"));
		CHECK(same(step->reason, steps[i].reason));
		CHECK(same(step->code, steps[i].code));
		CHECK_INT(step->final, steps[i].final);
	}
}

static void
test_batches_of_payouts_are_opened_whole(void)
{
	const struct dbk_payout_batched *batch = &event.u.payout_batched;
	const struct dbk_payout_sent *sent = &event.u.payout_sent;

	CHECK(opens(DBK_EVENT_PAYOUT_BATCHED,
		    "\"payoutBatched\":{\"batch\":\"B\",\"payouts\":[\"P-1\",\"P-2\"],"
		    "\"total\":\"500\",\"fileHash\":\"" HASH "\"}"));
	CHECK(same(batch->batch, "B") && batch->total == 500);
	CHECK_INT(batch->n_payouts, 2);
	CHECK(same(batch->payouts[0], "P-1") && same(batch->payouts[1], "P-2"));
	CHECK(same_hash(batch->file_hash));
	CHECK(opens(DBK_EVENT_PAYOUT_SENT,
		    "\"payoutSent\":{\"payout\":\"P\",\"provider\":\"bk\","
		    "\"requestNo\":\"N\"}"));
	CHECK(same(sent->payout, "P") && same(sent->provider, "bk"));
	CHECK(same(sent->request_no, "N"));
}

static void
test_answers_of_providers_are_opened_whole(void)
{
	const struct dbk_payout_answer *answer = &event.u.payout_answer;

	CHECK(opens(DBK_EVENT_PAYOUT_SETTLED,
		    "\"payoutSettled\":{\"payout\":\"P\",\"provider\":\"bk\","
		    "\"providerRef\":\"R\",\"fee\":\"3\"}"));
	CHECK(same(answer->payout, "P") && same(answer->provider, "bk"));
	CHECK(same(answer->provider_ref, "R"));
	CHECK(answer->fee == 3 && answer->amount == 0);
	CHECK(opens(DBK_EVENT_PAYOUT_RETURNED,
		    "\"payoutReturned\":{\"payout\":\"P\",\"provider\":\"bk\","
		    "\"providerRef\":\"R\",\"amount\":\"500\"}"));
	CHECK(same(answer->payout, "P") && same(answer->provider, "bk"));
	CHECK(same(answer->provider_ref, "R"));
	CHECK(answer->fee == 0 && answer->amount == 500);
	CHECK(opens(
	    DBK_EVENT_TAX_REMITTED,
	    "\"taxRemitted\":{\"period\":\"P\",\"ref\":\"R\",\"amount\":\"500\"}"));
	CHECK(same(event.u.tax_remitted.period, "P"));
	CHECK(same(event.u.tax_remitted.ref, "R"));
	CHECK_INT(event.u.tax_remitted.amount, 500);
}

/* ----------------------------------------------------------------------- control */

static void
test_periods_and_overrides_are_opened_whole(void)
{
	const struct dbk_period_closed *closed = &event.u.period_closed;
	const struct dbk_override_granted *o = &event.u.override_granted;

	CHECK(opens(DBK_EVENT_PERIOD_CLOSED,
		    "\"periodClosed\":{\"period\":\"2024-02\",\"from\":\"" TIME "\","
		    "\"to\":\"" LATER "\",\"balancesHash\":\"" HASH "\"}"));
	CHECK(same(closed->period, "2024-02"));
	CHECK(closed->from == TIME_US && closed->to == LATER_US);
	CHECK(same_hash(closed->balances_hash));
	CHECK(opens(DBK_EVENT_OVERRIDE_GRANTED,
		    "\"overrideGranted\":{\"override\":\"V\",\"guard\":\"G\","
		    "\"subject\":\"A\",\"approver1\":\"x\",\"approver2\":\"y\","
		    "\"expiresAt\":\"" LATER "\",\"reason\":\"once\"}"));
	CHECK(same(o->override, "V") && same(o->guard, "G") && same(o->subject, "A"));
	CHECK(same(o->approver1, "x") && same(o->approver2, "y"));
	CHECK(o->expires_at == LATER_US && same(o->reason, "once"));
	CHECK(opens(DBK_EVENT_OVERRIDE_GRANTED,
		    "\"overrideGranted\":{\"override\":\"V\",\"guard\":\"G\","
		    "\"subject\":\"A\"}"));
	CHECK(o->expires_at == DBK_TIME_ABSENT);
}

static void
test_contests_are_opened_whole(void)
{
	const struct dbk_contest_opened *contest = &event.u.contest_opened;

	CHECK(opens(DBK_EVENT_CONTEST_OPENED,
		    "\"contestOpened\":{\"contest\":\"C\",\"metric\":\"m\","
		    "\"from\":\"" TIME "\",\"to\":\"" LATER "\",\"pool\":\"500\"}"));
	CHECK(same(contest->contest, "C") && same(contest->metric, "m"));
	CHECK(contest->from == TIME_US && contest->to == LATER_US);
	CHECK_INT(contest->pool, 500);
	CHECK(opens(DBK_EVENT_CONTEST_CLOSED, "\"contestClosed\":{\"contest\":\"C\"}"));
	CHECK(same(event.u.contest_closed.contest, "C"));
}

int
main(void)
{
	dbk_arena_init(&arena, (size_t)1 << 20);
	check_run("plans are opened whole", test_plans_are_opened_whole);
	check_run("teams are opened whole", test_teams_are_opened_whole);
	check_run("deposits and fees are opened whole",
		  test_deposits_and_fees_are_opened_whole);
	check_run("attributions of sales and orders are opened whole",
		  test_attributions_of_sales_and_orders_are_opened_whole);
	check_run("chargebacks are opened whole", test_chargebacks_are_opened_whole);
	check_run("flags are opened whole", test_flags_are_opened_whole);
	check_run("reported commission is opened whole",
		  test_reported_commission_is_opened_whole);
	check_run("holds are opened whole", test_holds_are_opened_whole);
	check_run("clawbacks are opened whole", test_clawbacks_are_opened_whole);
	check_run("bonuses and adjustments are opened whole",
		  test_bonuses_and_adjustments_are_opened_whole);
	check_run("requests of payouts are opened whole",
		  test_requests_of_payouts_are_opened_whole);
	check_run("steps of payouts are opened whole",
		  test_steps_of_payouts_are_opened_whole);
	check_run("batches of payouts are opened whole",
		  test_batches_of_payouts_are_opened_whole);
	check_run("answers of providers are opened whole",
		  test_answers_of_providers_are_opened_whole);
	check_run("periods and overrides are opened whole",
		  test_periods_and_overrides_are_opened_whole);
	check_run("contests are opened whole", test_contests_are_opened_whole);
	dbk_arena_fini(&arena);
	return check_end();
}
