/*
 * reports.c -- what a platform says it paid, beside what the books work out.
 *
 * The report is a fact and is taken as it is; the difference that is found is kept with
 * it.  One report is compared once, with the books as they stand then.
 */

#include "books/core.h"

struct comparison {
	const struct dbk_commission_reported *event;
	struct dbk_row_report row;
	bool again; /* reported before */
};

static uint64_t
report_hash(const struct dbk_books *books, const struct dbk_row_report *row)
{
	uint32_t key[4] = { DBK_SPACE_REPORT, row->line, row->payee, row->distance };

	return dbk_composite_hash(books, key, 4);
}

static bool
is_reported(const struct dbk_books *books, const struct dbk_row_report *row)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, report_hash(books, row));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_report *other;

		if (id >= books->reports.count)
			continue;
		other = DBK_ROW(books, reports, report, id);
		if (other->line == row->line && other->payee == row->payee &&
		    other->distance == row->distance)
			return true;
	}
	return false;
}

/* The earning of the line at this distance: the payee's first, else anybody's first. */
static uint32_t
earning_meant(const struct dbk_books *books, const struct dbk_row_report *report)
{
	uint32_t at = DBK_ROW(books, lines, line, report->line)->earning;
	uint32_t own = 0, any = 0;

	while (at != 0) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, at);

		if (row->kind == DBK_EARNING_COMMISSION &&
		    row->state != DBK_EARNING_UNASSIGNED &&
		    row->distance == report->distance) {
			any = at;
			if (row->agent == report->payee)
				own = at;
		}
		at = row->sibling;
	}
	return own != 0 ? own : any;
}

/* The line that the report is about, if the books have it. */
static void
find_line(struct dbk_decision *d, struct comparison *c)
{
	struct dbk_books *books = d->books;

	d->order =
	    dbk_names_find(&books->names, DBK_SPACE_ORDER, c->event->cause_order);
	if (d->order != 0 && c->event->cause_line != 0)
		c->row.line = dbk_order_line(books, d->order, c->event->cause_line);
	c->again = c->row.line != 0 && c->row.payee != 0 && is_reported(books, &c->row);
}

/* Something that the books know pays for this; fills in the earning, if it is one. */
static bool
has_cause(struct dbk_decision *d, struct comparison *c)
{
	struct dbk_books *books = d->books;
	uint32_t plan;

	if (c->event->basis == DBK_BASIS_RECRUITING) {
		plan = dbk_plan_at(books, d->event->effective_at);
		return (dbk_plan_scalars(books, plan)->risks & DBK_RISK_RECRUITING) !=
		       0;
	}
	if (c->event->basis == DBK_BASIS_OTHER || c->row.line == 0 ||
	    !(DBK_ROW(books, orders, order, d->order)->flags & DBK_ORDER_ACCRUED))
		return false;
	c->row.earning = earning_meant(books, &c->row);
	return c->row.earning != 0;
}

static enum dbk_difference
compare(struct dbk_decision *d, struct comparison *c)
{
	const struct dbk_row_earning *earning;
	uint32_t payee = c->row.payee;

	if (!has_cause(d, c))
		return DBK_DIFFERENCE_NO_CAUSE;
	earning = DBK_ROW(d->books, earnings, earning, c->row.earning);
	c->row.expected = earning->accrued - earning->reversed;
	if (payee == 0 ||
	    DBK_ROW(d->books, agents, agent, payee)->state != DBK_AGENT_ACTIVE)
		return DBK_DIFFERENCE_NO_STANDING;
	if (c->row.earning == 0)
		return DBK_DIFFERENCE_NONE;
	if (c->again)
		return DBK_DIFFERENCE_DUPLICATE;
	if (earning->agent != payee)
		return DBK_DIFFERENCE_WRONG_PAYEE;
	return c->row.amount == c->row.expected ? DBK_DIFFERENCE_NONE
						: DBK_DIFFERENCE_WRONG_AMOUNT;
}

bool
dbk_decide_commission_reported(struct dbk_decision *d)
{
	struct comparison c = { .event = &d->event->u.commission_reported };
	uint32_t id;

	c.row.position = d->position;
	c.row.payee = dbk_names_find(&d->books->names, DBK_SPACE_AGENT, c.event->payee);
	c.row.basis = (uint8_t)c.event->basis;
	c.row.distance = c.event->distance;
	c.row.amount = c.event->amount;
	find_line(d, &c);
	c.row.difference = (uint8_t)compare(d, &c);
	if (!dbk_row_room(d, &d->books->reports))
		return false;
	id = dbk_rows_append(&d->books->reports, 1);
	*DBK_TOUCH(d->books, reports, report, id) = c.row;
	if (c.row.line != 0 && c.row.payee != 0 && !c.again)
		dbk_index_add(&d->books->names.index, report_hash(d->books, &c.row),
			      id);
	return true;
}
