#include "gate_book.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

void
gate_book_open(struct money_book *book)
{
	money_book_open(book);
	CHECK_INT(money_book_enrol(book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(book, "a1", "payee"), DBK_RULE_NONE);
}

void
gate_book_publish(struct money_book *book)
{
	CHECK_INT(goods_book_guard(book), DBK_RULE_NONE);
}

struct dbk_event
gate_book_asking(struct money_book *book, const char *agent, int64_t qty, int64_t price)
{
	static char names[4][16];
	char *name = names[++book->serial % 4];
	struct dbk_event event = money_book_event(book, DBK_EVENT_RESTOCK_REQUESTED);

	(void)snprintf(name, sizeof names[0], "q%u", book->serial);
	event.u.restock_requested =
	    (struct dbk_restock_requested){ .request = dbk_str_of(name),
					    .agent = dbk_str_of(agent),
					    .sku = dbk_str_of("soap"),
					    .qty = qty,
					    .unit_price = price,
					    .place = DBK_PLACE_PHYSICAL };
	return event;
}

enum dbk_rule
gate_book_ask(struct money_book *book, int64_t qty)
{
	struct dbk_event event = gate_book_asking(book, "a1", qty, 100);

	return money_book_send(book, &event);
}

void
gate_book_refused(const struct money_book *book, const char *name, int64_t measured,
		  int64_t limit)
{
	const struct dbk_field *field = &book->verdict.refusal.field;

	CHECK(field->name != NULL && strcmp(field->name, name) == 0 &&
	      field->member == NULL);
	CHECK(money_book_measured(book, measured, limit));
}

int64_t
gate_book_would_pass(const struct money_book *book)
{
	const struct dbk_effect *effect = &book->effects.effects[0];

	if (book->verdict.outcome == DBK_REFUSED)
		CHECK_INT(book->verdict.refusal.would_pass_plus_one,
			  effect->would_pass + 1);
	return effect->would_pass;
}

bool
gate_book_checked(const struct money_book *book, const char *expected)
{
	static const char *const modes[] = { "?", "off", "flag", "refuse" };
	char text[2048] = "";
	size_t at = 0;

	for (uint32_t i = 0; i < book->effects.n_checks; i++) {
		const struct dbk_check *c = &book->effects.checks[i];

		at +=
		    (size_t)snprintf(text + at, sizeof text - at, "%s %s %lld %lld%s\n",
				     dbk_guard_kind((enum dbk_guard)c->guard)->name,
				     modes[c->mode], (long long)c->measured,
				     (long long)c->limit, c->passed ? "" : " fails");
	}
	if (strcmp(text, expected) == 0)
		return true;
	fprintf(stderr, "checks were\n%s", text);
	return CHECK(strcmp(text, expected) == 0);
}

void
gate_book_found(const struct money_book *book, enum dbk_rule rule, uint32_t count,
		int64_t measured, int64_t limit)
{
	CHECK(goods_book_found(book, rule, DBK_SUBJECT_AGENT, "a1", count, measured,
			       limit));
}
