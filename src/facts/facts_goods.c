/*
 * facts_goods.c -- goods on their way through agents' hands.
 *
 * The effects of a record have its movements one after another: the two sides of a
 * transfer stand side by side, and what an order moved comes in the order of its lines.
 */

#include "base/money.h"
#include "books/look_goods.h"
#include "facts/facts_private.h"

/* Where in the lines of an order its movements have come to. */
struct walk {
	const struct dbk_row_order *order; /* NULL: the record moves no order's goods */
	uint32_t line;			   /* of its lines, from 0 */
	int64_t units;			   /* of that line, told already */
};

static const bool is_told[DBK_MOVE_KINDS] = {
	[DBK_MOVE_RECEIVED] = true,    [DBK_MOVE_SOLD] = true,
	[DBK_MOVE_PASSED_DOWN] = true, [DBK_MOVE_SELF_USED] = true,
	[DBK_MOVE_SAMPLED] = true,     [DBK_MOVE_LOST] = true,
	[DBK_MOVE_RETURNED] = true,    [DBK_MOVE_TAKEN_BACK] = true,
	[DBK_MOVE_COUNTED] = true,
};

static uint32_t
sku_of(const struct dbk_books *books, uint32_t good)
{
	return dbk_look_good(books, good)->sku;
}

/* The agent whose position this is, 0: a location's. */
static uint32_t
agent_of(const struct dbk_books *books, const struct dbk_row_position *position)
{
	struct dbk_row_holder holder = dbk_look_holder(books, position->holder);

	return holder.kind == DBK_HOLDER_AGENT ? holder.owner : 0;
}

/* The agent on the other side of movement I of the record, which is N movements away,
 * if that one is of KIND; 0: none.  Goods taken back that stay with their seller have
 * no other side. */
static uint32_t
neighbour(const struct dbk_facts *f, uint32_t i, int32_t n, enum dbk_movement kind)
{
	int64_t at = (int64_t)i + n;
	const struct dbk_position_move *move;
	struct dbk_row_position position;

	if (at < 0 || at >= f->effect->n_moves)
		return 0;
	move = &f->effects->moves[f->effect->first_move + (uint32_t)at];
	if (move->kind != kind || (kind == DBK_MOVE_TAKEN_BACK && move->amount != 0))
		return 0;
	position = dbk_look_position(f->books, move->position);
	return agent_of(f->books, &position);
}

/* ------------------------------------------------------------- what an order's cost */

static struct walk
walk_of(const struct dbk_facts *f)
{
	bool arrives = f->event->type == DBK_EVENT_SALE_RECORDED ||
		       f->event->type == DBK_EVENT_RECEIPT_CONFIRMED;

	return (struct walk){ arrives ? dbk_look_order(f->books, f->effect->order)
				      : NULL,
			      0, 0 };
}

/* Can UNITS more of SKU have come by the line that WALK has come to? */
static const struct dbk_row_line *
line_here(const struct dbk_facts *f, const struct walk *walk, uint32_t sku,
	  int64_t units)
{
	const struct dbk_row_line *line =
	    dbk_look_line(f->books, walk->order->first_line + walk->line);
	uint32_t asked = f->event->type == DBK_EVENT_RECEIPT_CONFIRMED
			     ? f->event->u.receipt_confirmed.line
			     : 0;

	if (line->line == 0 || (asked != 0 && line->line != asked) ||
	    sku_of(f->books, line->good) != sku ||
	    units > line->qty - line->returned - walk->units)
		return NULL;
	return line;
}

/* What the order says that UNITS of SKU cost. */
static int64_t
paid_for(const struct dbk_facts *f, struct walk *walk, uint32_t sku, int64_t units)
{
	if (walk->order == NULL)
		return 0;
	for (; walk->line < walk->order->n_lines; walk->line++, walk->units = 0) {
		const struct dbk_row_line *line = line_here(f, walk, sku, units);

		if (line == NULL)
			continue;
		walk->units += units;
		return dbk_money_muldiv(line->amount, units, line->qty);
	}
	return 0;
}

/* ---------------------------------------------------------------------- movements */

static void
fill_received(const struct dbk_facts *f, struct walk *walk, uint32_t i,
	      const struct dbk_position_move *move, struct dbk_fact *fact)
{
	fact->other = neighbour(f, i, -1, DBK_MOVE_PASSED_DOWN);
	if (fact->other == 0)
		fact->other = neighbour(f, i, -1, DBK_MOVE_TAKEN_BACK);
	fact->amount = move->value;
	if (walk->order != NULL && walk->order->kind == DBK_ORDER_RESTOCK)
		fact->amount = paid_for(f, walk, (uint32_t)fact->hash, move->units);
}

static void
fill_passed_down(const struct dbk_facts *f, uint32_t i,
		 const struct dbk_position_move *move, struct dbk_fact *fact)
{
	fact->other = neighbour(f, i, 1, DBK_MOVE_RECEIVED);
	if (fact->other != 0)
		fact->amount = move[1].value;
}

/* A refund pays for what is taken back, as far as it has goods. */
static int64_t
given_for(const struct dbk_event *event, int64_t units)
{
	const struct dbk_refund_step *e = &event->u.refund_step;

	if (event->type != DBK_EVENT_REFUND_APPROVED || e->qty == 0)
		return 0;
	return dbk_money_muldiv(e->amount, units, e->qty);
}

/* A consumer gave to somebody else what FACT's agent had sold: it went back through the
 * hands of that one. */
static enum dbk_err
tell_gone_on(const struct dbk_facts *f, uint32_t i, struct dbk_fact fact)
{
	fact.other = neighbour(f, i, 1, DBK_MOVE_RECEIVED);
	fact.code = fact.other != 0 ? DBK_MOVE_PASSED_DOWN : DBK_MOVE_RETURNED;
	fact.amount = 0;
	return dbk_facts_tell(f, &fact);
}

static enum dbk_err
tell_move(const struct dbk_facts *f, struct walk *walk, uint32_t i)
{
	const struct dbk_position_move *move =
	    &f->effects->moves[f->effect->first_move + i];
	struct dbk_row_position position = dbk_look_position(f->books, move->position);
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_GOODS);
	enum dbk_err err;

	fact.agent = agent_of(f->books, &position);
	if (fact.agent == 0)
		return DBK_OK;
	fact.code = move->kind;
	fact.qty = move->units;
	fact.tier = position.tier;
	fact.hash = sku_of(f->books, position.good);
	if (move->kind == DBK_MOVE_RECEIVED)
		fill_received(f, walk, i, move, &fact);
	else if (move->kind == DBK_MOVE_PASSED_DOWN)
		fill_passed_down(f, i, move, &fact);
	else if (move->kind == DBK_MOVE_SOLD)
		fact.amount = paid_for(f, walk, (uint32_t)fact.hash, move->units);
	else if (move->kind == DBK_MOVE_TAKEN_BACK)
		fact.amount = given_for(f->event, move->units);
	err = dbk_facts_tell(f, &fact);
	if (err != DBK_OK || move->kind != DBK_MOVE_TAKEN_BACK || move->amount != 0)
		return err;
	return tell_gone_on(f, i, fact);
}

enum dbk_err
dbk_facts_goods(struct dbk_facts *f)
{
	const struct dbk_position_move *moves =
	    &f->effects->moves[f->effect->first_move];
	enum dbk_err err = DBK_OK;
	struct walk walk;

	if (f->effect->n_moves == 0)
		return DBK_OK;
	walk = walk_of(f);
	for (uint32_t i = 0; err == DBK_OK && i < f->effect->n_moves; i++)
		if (is_told[moves[i].kind])
			err = tell_move(f, &walk, i);
	return err;
}
