#ifndef DBK_BOOKS_CORE_H
#define DBK_BOOKS_CORE_H

/*
 * core.h -- what the files of src/books share: the tables, and the decision under way.
 * Not for use outside this folder.
 */

#include "base/names.h"
#include "base/rows.h"
#include "books/accounts.h"
#include "books/books.h"
#include "books/foresee.h"
#include "books/rows.h"
#include "books/save.h"

#include <daybook/limits.h>

#define DBK_LATELY 64
#define DBK_TIERS_LATELY 1024
#define DBK_SKUS_LATELY 4096 /* a catalogue of some thousands */

struct dbk_books {
	struct dbk_journal journal;
	struct dbk_names names; /* and the index of all composite keys */
	struct dbk_rows book;	/* one row */
	struct dbk_rows tags, agents, customers, bindings, skus, lots, locations;
	struct dbk_rows holders, goods, positions, accounts, controls;
	struct dbk_rows orders, lines, shipments, refunds, sources, replies;
	struct dbk_rows order_extras, line_extras, chargebacks;
	struct dbk_rows plans, plan_terms, costs, reports;
	struct dbk_rows earnings, holds, dues, due_seconds, due_runs, due_heap;
	struct dbk_rows purses, payouts, payout_items, payout_batches, tax_months;
	struct dbk_rows periods, overrides, adjustments;
	struct dbk_rows contests, scores, teams, members;
	struct dbk_rows flows, sku_days, tiers, cohorts, edges;
	struct dbk_rows guard_sets, guard_terms, bands, territories;
	struct dbk_rows requests, buybacks, timers, findings, evidence;
	struct dbk_rows serials, sightings, watches, source_keys, source_rights;
	struct dbk_plan_scalars defaults; /* of no plan */
	struct dbk_guard_scalars no_guards; /* of no guard set */
	/* Ids looked for lately: where to look first, never more than that. */
	uint32_t lately[DBK_SKUS_LATELY], goods_lately[DBK_SKUS_LATELY];
	/* Windows by sku, of this round; by which record used, its position + 1. */
	struct dbk_window_lately windows_lately[DBK_SKUS_LATELY];
	uint32_t windows_used[DBK_SKUS_LATELY];
	uint32_t windows_used_last, windows_round;
	/* The same: by code the account, and the cost of the first earning of an order. */
	uint32_t near_accounts[DBK_ACCOUNT_CODES];
	uint32_t near_cost;
	/* The same: by sku and tier its row, by month of enrolment that of the cohort. */
	uint32_t tiers_lately[DBK_TIERS_LATELY], cohorts_lately[DBK_LATELY];
	uint32_t near_day, near_month; /* a day, plus one, and its month */
	dbk_books_history_fn *history;
	void *history_context;

	/* The save that runs. */
	dbk_books_spill_fn *save_spill;
	void *save_context;
	uint32_t save_table;
};

/* One event being decided. */
struct dbk_decision {
	struct dbk_books *books;
	const struct dbk_event *event;
	const struct dbk_foresight *foresight; /* of the event, or NULL */
	struct dbk_effects *effects;
	struct dbk_refusal *refusal;
	uint32_t position;
	uint32_t order; /* concerned, 0: none */
	uint32_t day;	/* local, of the event */
	bool due;	/* not the event, but something that fell due */
	const unsigned char *digest; /* DigestRecorded where it says: of the books before */
	/* Touched for this event already, or NULL. */
	struct dbk_row_controls *controls;
};

/* A step of a decision: true to go on; false: refused, *d->refusal says why.  A step may
 * change the books before it refuses, the caller undoes that. */
typedef bool dbk_decide_fn(struct dbk_decision *d);

/* decide.c: the rules of the event's type. */
dbk_decide_fn dbk_decide_event;

/* Fill in the refusal; gives false, so that `return dbk_refuse(...)` reads well. */
bool dbk_refuse(struct dbk_decision *d, enum dbk_rule rule, struct dbk_field field,
		struct dbk_str value);
bool dbk_refuse_measured(struct dbk_decision *d, enum dbk_rule rule,
			 struct dbk_field field, int64_t measured, int64_t limit);

static inline struct dbk_field
dbk_field(const char *name)
{
	struct dbk_field field = { name, DBK_NO_INDEX, NULL };

	return field;
}

static inline struct dbk_field
dbk_field_of(const char *name, uint32_t index, const char *member)
{
	struct dbk_field field = { name, index, member };

	return field;
}

/* The row of a table, typed. */
#define DBK_ROW(books, table, type, id)                                                \
	((const struct dbk_row_##type *)dbk_rows_row_sized(                            \
	    &(books)->table, (id), sizeof(struct dbk_row_##type)))
#define DBK_TOUCH(books, table, type, id)                                              \
	((struct dbk_row_##type *)dbk_rows_touch_sized(&(books)->table, (id),          \
						       sizeof(struct dbk_row_##type)))

/* The book's clock.  What guards money goes by it and not by the effective_at that a
 * source gives: who asks late is not asked less. */
static inline int64_t
dbk_clock(const struct dbk_books *books)
{
	return DBK_ROW(books, book, book, 1)->clock;
}

/* The id of NAME in SPACE, made if need be; 0 with *d->refusal set at the limit.  An
 * empty name is id 0 and is not made. */
bool dbk_intern(struct dbk_decision *d, uint32_t space, struct dbk_str name,
		uint32_t *out_id);

/* The same for a NAME, not empty, that SPACE is known not to have. */
bool dbk_name_make(struct dbk_decision *d, uint32_t space, struct dbk_str name,
		   uint32_t *out_id);

/* The id of NAME in SPACE, 0 if it is not there; looks first where the foresight says,
 * and for tags and skus where they were found lately. */
uint32_t dbk_name_find(struct dbk_decision *d, uint32_t space, struct dbk_str name);

/* The id, if NAME is among those of tags and skus that were found lately, else 0. */
uint32_t dbk_name_lately(const struct dbk_books *books, uint32_t space,
			 struct dbk_str name);

/* Have TABLE and the index room for one row more?  If not, LIMIT_REACHED. */
bool dbk_row_room(struct dbk_decision *d, const struct dbk_rows *table);

/* ---- catalogue.c, network.c, customers.c: reference data and people */
dbk_decide_fn dbk_decide_book_opened, dbk_decide_sku_defined, dbk_decide_lot_registered;
dbk_decide_fn dbk_decide_agent_enrolled, dbk_decide_agent_verified;
dbk_decide_fn dbk_decide_sponsor_changed, dbk_decide_rank_changed, dbk_decide_agent_step;
dbk_decide_fn dbk_decide_customer_bound, dbk_decide_customer_unbound;
dbk_decide_fn dbk_decide_referral_recorded;

/* An agent by name who must be enrolled, and active if ACTIVE. */
bool dbk_agent_find(struct dbk_decision *d, struct dbk_field field, struct dbk_str name,
		    bool active, uint32_t *out_agent);
bool dbk_customer_intern(struct dbk_decision *d, struct dbk_str name, uint32_t *out);

/* The agent whom CUSTOMER (0: nobody) is bound to at TIME, 0: none. */
uint32_t dbk_customer_agent(const struct dbk_books *books, uint32_t customer,
			    int64_t time);

/* The good of a sku and, if not empty, a lot, by name. */
bool dbk_good_find(struct dbk_decision *d, struct dbk_field sku_field,
		   struct dbk_field lot_field, struct dbk_str sku, struct dbk_str lot,
		   uint32_t *out_good);

/* ---- accounts.c: postings.  CAUSE and REF as in effects.h */
bool dbk_post(struct dbk_decision *d, enum dbk_account_code code, uint32_t owner,
	      int64_t amount);
bool dbk_post_for(struct dbk_decision *d, enum dbk_account_code code, uint32_t owner,
		  int64_t amount, enum dbk_cause cause, uint32_t ref);
bool dbk_post_order(struct dbk_decision *d, enum dbk_account_code code, uint32_t order,
		    int64_t amount);

/* The balance of an account, debit positive; 0 if it has never been posted to. */
int64_t dbk_account_balance(const struct dbk_books *books, enum dbk_account_code code,
			    uint32_t owner);

/* Under which a composite KEY of N words stands in the index.  Its first word is its
 * enum dbk_space. */
uint64_t dbk_composite_hash(const struct dbk_books *books, const uint32_t *key,
			    size_t n);

/* ---- plans.c: what was published, and which holds */
dbk_decide_fn dbk_decide_plan_published;

/* The plan in force at TIME (microseconds), 0: none.  Of all versions with valid_from <=
 * TIME < valid_to the one with the latest valid_from, of these the latest published. */
uint32_t dbk_plan_at(struct dbk_books *books, int64_t time);

/* Its scalars; those of the defaults for plan 0.  Borrowed. */
const struct dbk_plan_scalars *dbk_plan_scalars(const struct dbk_books *books,
						uint32_t plan);

/* The most specific term of KIND (enum dbk_term_kind) for LEVEL, SKU and RANK (tag);
 * NULL: none, the scalars count. */
const struct dbk_row_plan_term *dbk_plan_term(const struct dbk_books *books,
					      uint32_t plan, uint32_t kind,
					      uint32_t level, uint32_t sku, uint32_t rank);

/* What a term is narrowed to; 0: any. */
struct dbk_term_scope {
	uint32_t sku, category, rank;
};

#define DBK_TERM_SCOPES 5

/* The I-th scope, of DBK_TERM_SCOPES, under which a term for ASKED may stand, the most
 * specific first; false: it would say nothing that a later one does not say. */
bool dbk_term_scope_at(uint32_t i, const struct dbk_term_scope *asked,
		       struct dbk_term_scope *out);

/* Refuse the event, whose PARAMETERS cannot stand by FAULT; without a rule it fails.
 * Gives false. */
bool dbk_parameters_refuse(struct dbk_decision *d,
			   const struct dbk_parameter *parameters,
			   const struct dbk_parameter_fault *fault);

/* Is every sku that one of the N PARAMETERS, which can stand, is narrowed to defined?
 * Refuses SKU_UNKNOWN. */
bool dbk_parameters_know_skus(struct dbk_decision *d,
			      const struct dbk_parameter *parameters, uint32_t n);

/* The tag that owns the accounts of PLAN: its name; for plan 0 the tag "none". */
bool dbk_plan_tag(struct dbk_decision *d, uint32_t plan, uint32_t *out_tag);

/* ---- dues.c: what falls due */

/* Rows of due_runs, all there from the start. */
#define DBK_DUE_RUNS 16u

/* WHAT (a line row, an earning with DBK_DUE_EARNING or a timer with DBK_DUE_TIMER) falls
 * due at SECOND since 1970. */
bool dbk_due_schedule(struct dbk_decision *d, uint32_t what, uint32_t second);

/* Do everything that is due at the book's clock; DBK_DUES_MAX at most.  Never refuses;
 * effects may fail for memory as always. */
void dbk_dues_run(struct dbk_decision *d);

/* Rows of due_seconds that come due until SECOND, earliest first, MAX at most; how many.
 * For foresight: those in the heap, which are few, are left out. */
uint32_t dbk_dues_ahead(const struct dbk_books *books, int64_t second, uint32_t *rows,
			uint32_t max);

/* The earliest second that something falls due in; 0: nothing is scheduled. */
uint32_t dbk_due_next(const struct dbk_books *books);

/* TIME in seconds, rounded up, within uint32_t. */
uint32_t dbk_due_second(int64_t time);

/* Local day and month of a time by the book's offset: days since 1970, months since
 * January 1970; nothing is before that. */
uint32_t dbk_local_day(const struct dbk_books *books, int64_t time);
uint32_t dbk_local_month(const struct dbk_books *books, int64_t time);

/* ---- commission.c, people.c: accrual */

/* ORDER has just been paid whole: settle its plan, accrue what accrues now. */
bool dbk_commission_accrue(struct dbk_decision *d, uint32_t order);

/* LINE_ROWS of ORDER, paid whole, have just been recognised (RESTOCK: received): accrue
 * them if the plan has it so. */
bool dbk_commission_accrue_received(struct dbk_decision *d, uint32_t order,
				    const uint32_t *line_rows, uint32_t n_lines);

/* LINE_ROWS of ORDER have just been recognised: their cost meets its revenue and goes
 * from deferred to expense. */
bool dbk_commission_recognise(struct dbk_decision *d, uint32_t order,
			      const uint32_t *line_rows, uint32_t n_lines);

/* Pay for AGENT's joining (FEE_AMOUNT 0) or for a fee of it, if the plan does. */
bool dbk_commission_recruit(struct dbk_decision *d, uint32_t agent, int64_t fee_amount);

/* ---- costs.c: what commission cost */

/* EARNING (kind 1, posted), one of ORDER's, has accrued.  *NEAR is what the earning
 * before left there, 0 at first: levels of one order nearly always stand side by side. */
bool dbk_cost_accrue(struct dbk_decision *d, uint32_t order, uint32_t earning,
		     uint32_t *near);

/* AMOUNT of EARNING (kind 1, posted), one of ORDER's, was taken back. */
void dbk_cost_reverse(struct dbk_decision *d, uint32_t order, uint32_t earning,
		      int64_t amount);

/* ---- proceeds.c: a consumer's money for an agent's own goods */

/* The lines LINE_ROWS of ORDER have been recognised: what they brought leaves escrow for
 * the seller, one earning a line. */
bool dbk_proceeds_recognise(struct dbk_decision *d, uint32_t order,
			    const uint32_t *line_rows, uint32_t n_lines);

/* ---- earnings.c: the life of a claim */

/* Append INIT (agent, cause, kind, amounts...; state PENDING, MATURED, UNASSIGNED or
 * EXPECTED); LINE_ROW != 0 puts it on that line.  Posts nothing. */
bool dbk_earning_add(struct dbk_decision *d, const struct dbk_row_earning *init,
		     uint32_t line_row, uint32_t *out);

/* Put EARNING where its holds say it must be; posts what that takes. */
bool dbk_earning_settle(struct dbk_decision *d, uint32_t earning);

/* The return window of EARNING is over: available, or held.  Nets what is owed. */
bool dbk_earning_mature(struct dbk_decision *d, uint32_t earning);

/* Every earning of a line that has come due. */
bool dbk_line_mature(struct dbk_decision *d, uint32_t line_row);

/* LINE is received and its order paid whole: when will it mature? */
bool dbk_line_schedule(struct dbk_decision *d, uint32_t order, uint32_t line_row);

/* A credit that is available at once (bonus, adjustment): a new earning of KIND, posted
 * against nothing: the caller posts the other side.  Nets what is owed. */
bool dbk_earning_credit(struct dbk_decision *d, uint32_t agent, uint8_t kind,
			uint8_t basis, int64_t amount, enum dbk_cause cause);

/* The order of an earning, 0: none; and that of a line. */
uint32_t dbk_earning_order(const struct dbk_books *books, uint32_t earning);
uint32_t dbk_line_order(const struct dbk_books *books, uint32_t line_row);

/* Where dbk_line_order() looks first; reads nothing. */
uint32_t dbk_line_order_guess(const struct dbk_books *books, uint32_t line_row);

/* The earnings of a line in the order they were made; how many.  Every level may be cut
 * by a cap, level 1 is divided among who brought the order about, and there may be
 * proceeds. */
#define DBK_LINE_EARNINGS_MAX (2 * (DBK_ATTRIBUTIONS_MAX + DBK_LEVELS_MAX) + 1)
uint32_t dbk_line_earnings(const struct dbk_books *books, uint32_t line_row,
			   uint32_t out[DBK_LINE_EARNINGS_MAX]);

/* Has EARNING a hold of its own, its order one or, if it is mature, its agent? */
bool dbk_earning_is_held(const struct dbk_books *books, uint32_t earning);

/* AMOUNT less of EARNING is open; posts nothing.  Mature and nothing left: DRAWN. */
void dbk_earning_take(struct dbk_books *books, uint32_t earning, int64_t amount);

/* AMOUNT more of EARNING, which is mature, is open and has just been posted to
 * comm.available; if HELD it goes on to comm.held. */
bool dbk_earning_put(struct dbk_decision *d, uint32_t earning, int64_t amount, bool held);

/* A new earning without a line, MATURED, or HELD if its agent is; posts nothing. */
bool dbk_earning_add_other(struct dbk_decision *d, uint32_t agent, uint8_t kind,
			   uint8_t basis, int64_t amount, uint32_t *out);

/* On AGENT's chain TO comes after AFTER (0: first) from now on. */
void dbk_chain_link(struct dbk_books *books, uint32_t agent, uint32_t after,
		    uint32_t to);

/* AMOUNT of a line has matured (negative: was refunded): open contests score, if it
 * matured and they count such lines. */
bool dbk_line_score(struct dbk_decision *d, uint32_t order, uint32_t line_row,
		    int64_t amount);

/* ---- drawing.c: who takes money out of what is available, and who puts it back */

/* Take up to AMOUNT from AGENT's matured earnings, newest first, and post it off
 * comm.available; *OUT_LEFT is what was not there. */
bool dbk_draw_newest(struct dbk_decision *d, uint32_t agent, int64_t amount,
		     enum dbk_cause cause, uint32_t ref, int64_t *out_left);

/* The same, but posts nothing; what was taken. */
int64_t dbk_draw_take(struct dbk_books *books, uint32_t agent, int64_t amount);

/* Take exactly AMOUNT, which is there, oldest first, noting an item of PAYOUT for each.
 * Posts nothing.  Refuses PAYOUT_ITEMS. */
bool dbk_draw_payout(struct dbk_decision *d, uint32_t agent, uint32_t payout,
		     int64_t amount);

/* AMOUNT of PAYOUT (at most its gross) is the agent's again: its items, in their order, are open
 * again up to AMOUNT; what the items cannot take becomes an earning TAX_BACK.
 * Nets what is owed if NET.  Posts the netting only. */
bool dbk_draw_back(struct dbk_decision *d, uint32_t payout, int64_t amount, bool net);

/* AMOUNT has just become available by EARNINGS (oldest first): pay off what AGENT owes. */
bool dbk_net(struct dbk_decision *d, uint32_t agent, const uint32_t *earnings, uint32_t n,
	     int64_t amount);

/* AGENT owes AMOUNT more. */
bool dbk_owe(struct dbk_decision *d, uint32_t agent, int64_t amount, enum dbk_cause cause,
	     uint32_t ref);

/* AGENT owes AMOUNT less (paid or written off); the caller posts the other side. */
bool dbk_owe_less(struct dbk_decision *d, uint32_t agent, int64_t amount,
		  enum dbk_cause cause);

/* ---- reversals.c: a refund or a chargeback takes AMOUNT of LINE_ROW back */

/* The line's `refunded` has just grown from BEFORE: reverse its commissions. */
bool dbk_reverse_line(struct dbk_decision *d, uint32_t order, uint32_t line_row,
		      int64_t before);

/* Of AMOUNT refunded of a recognised HOLDER_SHIP line, BEFORE which so much was, the
 * seller bears what its proceeds bring back, the platform's fee the rest; posts the
 * debits of AMOUNT. */
bool dbk_reverse_proceeds(struct dbk_decision *d, uint32_t order, uint32_t line_row,
			  int64_t before, int64_t amount);

/* ---- holds.c, chargebacks.c */
dbk_decide_fn dbk_decide_commission_held, dbk_decide_hold_released;
dbk_decide_fn dbk_decide_order_flagged, dbk_decide_order_cleared;
dbk_decide_fn dbk_decide_chargeback_opened, dbk_decide_chargeback_won;
dbk_decide_fn dbk_decide_chargeback_lost;

/* One hold more on every earning of ORDER, or one less.  LIMIT_REACHED above 255. */
bool dbk_order_hold(struct dbk_decision *d, uint32_t order);
bool dbk_order_release(struct dbk_decision *d, uint32_t order);

/* ---- payouts.c, payout_steps.c, withholding.c */
dbk_decide_fn dbk_decide_payout_requested, dbk_decide_payout_step;
dbk_decide_fn dbk_decide_payout_batched, dbk_decide_payout_sent;
dbk_decide_fn dbk_decide_payout_settled, dbk_decide_payout_returned;
dbk_decide_fn dbk_decide_tax_remitted;

/* Cancel AGENT's payouts that have not been sent, newest first, until NEEDED is available
 * again; for claw-backs under a plan that says so. */
bool dbk_payout_cancel_unsent(struct dbk_decision *d, uint32_t agent, int64_t needed);

/* PAYOUT reaches STATE: notes by which record, and counts. */
void dbk_payout_enter(struct dbk_decision *d, uint32_t payout,
		      enum dbk_payout_state state);

/* PAYOUT no longer counts in what its agent asked for that day and month. */
void dbk_payout_leave_sums(struct dbk_decision *d, uint32_t payout);

/* PAYOUT, which has not been batched, ends in STATE: all of it is the agent's again. */
bool dbk_payout_give_back(struct dbk_decision *d, uint32_t payout,
			  enum dbk_payout_state state, bool net);

/* Withhold the tax on PAYOUT from what is reserved; an employee's is not taxed here. */
bool dbk_tax_withhold(struct dbk_decision *d, uint32_t payout);

/* The tag that MONTH (since January 1970) has as an owner of tax.withheld, 0: none. */
uint32_t dbk_tax_month_tag(const struct dbk_books *books, uint32_t month);

/* PAYOUT has come back whole: *OUT_BACK of its month's tax is the agent's again, and
 * posted. */
bool dbk_tax_back(struct dbk_decision *d, uint32_t payout, int64_t *out_back);

/* ---- purses.c: what few need to know of an agent */

/* The row of AGENT's purse, made if need be; 0 of find: none yet. */
uint32_t dbk_purse_find(const struct dbk_books *books, uint32_t agent);
bool dbk_purse_need(struct dbk_decision *d, uint32_t agent, uint32_t *out);

/* What a purse keeps of PAYEE_HASH, never zeros unless that is empty. */
void dbk_purse_payee(struct dbk_str payee_hash, uint64_t out[2]);

/* ---- deposits.c, adjustments.c, bonuses.c, contests.c, reports.c, periods.c, overrides.c */
dbk_decide_fn dbk_decide_deposit_received, dbk_decide_deposit_returned;
dbk_decide_fn dbk_decide_fee_charged;
dbk_decide_fn dbk_decide_clawback_repaid, dbk_decide_clawback_written_off;
dbk_decide_fn dbk_decide_bonus_awarded, dbk_decide_manual_adjustment;
dbk_decide_fn dbk_decide_team_formed, dbk_decide_team_member_changed;
dbk_decide_fn dbk_decide_contest_opened, dbk_decide_contest_closed;
dbk_decide_fn dbk_decide_commission_reported;
dbk_decide_fn dbk_decide_period_closed, dbk_decide_override_granted;

/* The row of AGENT's membership of TEAM, in force or over; 0: never. */
uint32_t dbk_member_find(const struct dbk_books *books, uint32_t team, uint32_t agent);

/* AGENT sold goods of AMOUNT (negative: they came back) that matured at SECOND. */
bool dbk_contest_score(struct dbk_decision *d, uint32_t agent, uint32_t second,
		       int64_t amount);

/* Use up an override of GUARD for the agent of PURSE, if one holds at the event's time. */
bool dbk_override_use(struct dbk_decision *d, uint32_t purse, enum dbk_rule guard);

/* Two different names, else APPROVERS_NOT_TWO. */
bool dbk_two_approvers(struct dbk_decision *d, struct dbk_str first,
		       struct dbk_str second);

/* A reason is written down, else REASON_MISSING. */
bool dbk_reason_given(struct dbk_decision *d, struct dbk_str reason);

/* ---- audit_money.c: assert what holds between events about agents' money */
void dbk_audit_money(const struct dbk_books *books);

/* ---- positions.c: movements; all quantities above 0 unless said */

/* A holder by what an event says; supply is 0.  Locations are made, agents must exist
 * and be active if ACTIVE. */
bool dbk_holder_find(struct dbk_decision *d, struct dbk_field field,
		     const struct dbk_holder *holder, bool active, uint32_t *out_holder);
bool dbk_agent_holder(struct dbk_decision *d, uint32_t agent, uint32_t *out_holder);

/* The position of a holder, 0: there is none. */
uint32_t dbk_position_known(const struct dbk_books *books, uint32_t holder, uint32_t good,
			    uint32_t place);

/* The position, made if need be.  HOLDER 0 gives position 0: the supply. */
bool dbk_position_find(struct dbk_decision *d, uint32_t holder, uint32_t good,
		       uint32_t place, uint32_t *out_position);

/* Add UNITS to SUM, the supply or the difference of a good: the sides that goods come
 * from.  Refuses AMOUNT_OVERFLOW on FIELD. */
bool dbk_good_bring(struct dbk_decision *d, struct dbk_field field, int64_t *sum,
		    int64_t units);

/* Change on_hand of POSITION by AMOUNT for reason KIND; position 0 changes the good's
 * supply instead.  Refuses STOCK_INSUFFICIENT on FIELD below 0. */
bool dbk_move(struct dbk_decision *d, struct dbk_field field, enum dbk_movement kind,
	      uint32_t position, uint32_t good, int64_t amount, int64_t units,
	      int64_t value);

/* ---- trade */
dbk_decide_fn dbk_decide_sale_recorded, dbk_decide_order_placed;
dbk_decide_fn dbk_decide_order_cancelled, dbk_decide_order_paid, dbk_decide_psp_settled;
dbk_decide_fn dbk_decide_goods_shipped, dbk_decide_receipt_confirmed;
dbk_decide_fn dbk_decide_refund_requested, dbk_decide_refund_rejected;
dbk_decide_fn dbk_decide_refund_approved, dbk_decide_refund_paid;

/* AMOUNT of a line goes back to the buyer, through refund.payable or, if PSP is not 0,
 * straight out of that clearing; with it go the commissions.  There is that much. */
bool dbk_line_refund(struct dbk_decision *d, uint32_t order, uint32_t line_row,
		     int64_t amount, uint32_t psp);

/* Enter a new order with its lines. */
bool dbk_order_place(struct dbk_decision *d, const struct dbk_sale *sale,
		     uint32_t *out_order);

/* What is received and paid: its revenue, its cost, and when it matures; nothing before
 * the order is paid whole. */
bool dbk_order_recognise(struct dbk_decision *d, uint32_t order);

/* An order by name; refuses unknown and cancelled ones.  Ties the event to it. */
bool dbk_order_refer(struct dbk_decision *d, struct dbk_str name, uint32_t *out_order);

/* The same for a step of its trade; refuses ORDER_ISSUED as well. */
bool dbk_order_find(struct dbk_decision *d, struct dbk_str name, uint32_t *out_order);

/* The row of line number LINE of ORDER, 0 if there is none. */
uint32_t dbk_order_line(const struct dbk_books *books, uint32_t order, uint32_t line);

/* The row of what few orders have, 0: it has none; and made if need be. */
uint32_t dbk_order_extra_find(const struct dbk_books *books, uint32_t order);
bool dbk_order_extra_need(struct dbk_decision *d, uint32_t order, uint32_t *out);

/* The same of a line, where its flags say that it has one. */
const struct dbk_row_line_extra *dbk_line_extra(const struct dbk_books *books,
						uint32_t line_row);

/* Money for ORDER has come in by psp.  The key of the payment is free (checked). */
bool dbk_order_pay(struct dbk_decision *d, uint32_t order, struct dbk_str psp,
		   int64_t amount);

/* What a receipt took that nobody had reported as shipped: units, and of which lines. */
struct dbk_receipt {
	int64_t unshipped;
	uint32_t n_lines;
	uint32_t line_rows[DBK_LINES_MAX];
};

/* Receive every line that is open (LINE_ROW 0) or one. */
bool dbk_order_receive(struct dbk_decision *d, uint32_t order, uint32_t line_row,
		       struct dbk_receipt *out);

/* Put UNITS of a line that are in transit back where they came from. */
bool dbk_line_unship(struct dbk_decision *d, uint32_t line_row, int64_t units);

/* The account that a line's revenue goes to, and that a return is taken from; what is
 * sold from an agent's own goods has proceeds instead. */
void dbk_order_revenue(const struct dbk_books *books, uint32_t order, bool returns,
		       enum dbk_account_code *out_code, uint32_t *out_owner);

/* ---- under which things that have no name stand in the index */
uint32_t dbk_good_lately(const struct dbk_books *books, uint32_t sku, uint32_t lot);
uint64_t dbk_good_hash(const struct dbk_books *books, uint32_t sku, uint32_t lot);
uint64_t dbk_position_hash(const struct dbk_books *books, uint32_t holder, uint32_t good,
			   uint32_t place);

/* ---- documents.c: stock */
dbk_decide_fn dbk_decide_stock_issued, dbk_decide_stock_transferred;
dbk_decide_fn dbk_decide_stock_consumed, dbk_decide_stock_returned;
dbk_decide_fn dbk_decide_stock_counted;

/* ---- keys.c */

enum dbk_key_state { DBK_KEY_FREE, DBK_KEY_HELD, DBK_KEY_UNREADABLE };

struct dbk_key;

/* The hash of the event's payment KEY. */
uint64_t dbk_payment_hash(const struct dbk_decision *d, const struct dbk_key *key);

/* True for the events whose key is the name of the order that they place. */
bool dbk_key_is_order(const struct dbk_event *event);

/* Who holds the own KEY of the event; as dbk_key_find(). */
enum dbk_key_state dbk_key_find_own(struct dbk_decision *d,
				    const struct dbk_key *key, uint64_t hash,
				    struct dbk_arena *arena,
				    uint64_t *out_position,
				    struct dbk_event *out_original);

/* Who holds KEY, which has HASH; *OUT_ORIGINAL is that event, opened in ARENA. */
enum dbk_key_state dbk_key_find(struct dbk_books *books, const struct dbk_key *key,
				uint64_t hash, struct dbk_arena *arena,
				uint64_t *out_position,
				struct dbk_event *out_original);
uint64_t dbk_key_hash(const struct dbk_books *books, const struct dbk_key *key);
void dbk_key_add(struct dbk_books *books, uint64_t hash, uint64_t position);

#endif
