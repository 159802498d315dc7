#include "told_facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

#define TEXT_BYTES 16384

static char text[TEXT_BYTES];
static size_t size;
static struct dbk_fact last;

static const char *const kinds[DBK_FACT_KINDS] = {
	NULL,
	"JOINED",
	"MOVED",
	"LEFT",
	"IDENTITY",
	"RANKED",
	"MARKED",
	"FEE",
	"BOUGHT",
	"BOUGHT_BACK",
	"SOLD",
	"SOLD_BACK",
	"RECLASSED",
	"GOODS",
	"REWARD",
	"REWARD_BACK",
	"PAID_OUT",
	"REFUND_ASKED",
	"REFUND_DENIED",
	"BUYBACK_ASKED",
	"BUYBACK_SETTLED",
	"PAYOUT_DENIED",
	"FINDING",
	"PLAN",
	"PRICE",
	"DEPOSIT",
	"DEPOSIT_BACK",
};

static const char *const classes[DBK_SALE_CLASSES] = { "VERIFIED", "ANONYMOUS",
						       "DIRECT", "FORMER", "DOUBTED" };

static const char *const bases[DBK_REWARD_BASES] = {
	"?",	    "OWN_RETAIL", "DOWN_RETAIL", "OWN_PURCHASE", "DOWN_PURCHASE",
	"JOIN_FEE", "HEADCOUNT",  "OTHER",
};

static const char *const movements[DBK_MOVE_KINDS] = {
	"?",	     "RECEIVED", "SHIPPED",   "SOLD",	  "PASSED_DOWN",
	"SELF_USED", "SAMPLED",	 "LOST",      "RETURNED", "TAKEN_BACK",
	"UNSHIPPED", "COUNTED",	 "RELOCATED",
};

static void __attribute__((format(printf, 1, 2))) put(const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text + size, TEXT_BYTES - size, format, args);
	va_end(args);
	if (n > 0 && size + (size_t)n < TEXT_BYTES)
		size += (size_t)n;
}

static bool
is_sale(const struct dbk_fact *fact)
{
	return fact->kind == DBK_FACT_SOLD || fact->kind == DBK_FACT_SOLD_BACK ||
	       fact->kind == DBK_FACT_RECLASSED || fact->kind == DBK_FACT_PRICE;
}

static void
put_name(const struct money_book *book, enum dbk_space space, uint32_t id)
{
	struct dbk_str name = dbk_look_name(book->books, space, id);

	put("%.*s", (int)name.size, name.bytes);
}

static void
put_people(const struct money_book *book, const struct dbk_fact *fact)
{
	bool to_customer = is_sale(fact) || fact->kind == DBK_FACT_REFUND_ASKED ||
			   fact->kind == DBK_FACT_REFUND_DENIED;

	put("%s ", kinds[fact->kind]);
	if (fact->agent == 0)
		put("-");
	else
		put_name(book, DBK_SPACE_AGENT, fact->agent);
	if (fact->other == 0)
		return;
	put(" (");
	put_name(book, to_customer ? DBK_SPACE_CUSTOMER : DBK_SPACE_AGENT, fact->other);
	put(")");
}

static void
put_kind(const struct dbk_fact *fact)
{
	bool is_reward =
	    fact->kind == DBK_FACT_REWARD || fact->kind == DBK_FACT_REWARD_BACK;
	bool on_retail = is_reward && (fact->basis == DBK_REWARD_OWN_RETAIL ||
				       fact->basis == DBK_REWARD_DOWN_RETAIL);

	if (fact->kind == DBK_FACT_GOODS)
		put(" %s", movements[fact->code]);
	else if (fact->code != 0)
		put(" #%u", fact->code);
	if (is_reward)
		put(" %s +%u", bases[fact->basis], fact->distance);
	if (fact->kind == DBK_FACT_RECLASSED)
		put(" %s ->", classes[fact->hash]);
	if (is_sale(fact) || on_retail)
		put(" %s", classes[fact->sale_class]);
}

static enum dbk_err
tell(void *context, const struct dbk_fact *fact)
{
	const struct money_book *book = context;

	put_people(book, fact);
	if (fact->amount != 0 && fact->kind != DBK_FACT_FINDING)
		put(" =%lld", (long long)fact->amount);
	if (fact->qty != 0 && fact->kind != DBK_FACT_FINDING)
		put(" x%lld", (long long)fact->qty);
	put_kind(fact);
	if (fact->is_condition)
		put(" condition");
	if (fact->is_own_goods)
		put(" own goods");
	if (fact->is_pool)
		put(" pool");
	if (fact->kind == DBK_FACT_GOODS && fact->tier != 0)
		put(" tier %u", fact->tier);
	put("\n");
	CHECK_INT(fact->position, dbk_books_size(book->books) - 1);
	last = *fact;
	return DBK_OK;
}

void
told_facts_open(struct money_book *book)
{
	told_facts_forget();
	check_must(dbk_facts_open(book->books, tell, book, &book->facts), NULL,
		   "facts cannot be opened");
}

void
told_facts_close(struct money_book *book)
{
	dbk_facts_close(book->facts);
	book->facts = NULL;
}

bool
told_facts(const char *expected)
{
	bool same = strcmp(text, expected) == 0;

	if (!same)
		fprintf(stderr, "  told:\n%s  expected:\n%s", text, expected);
	told_facts_forget();
	return CHECK(same);
}

void
told_facts_forget(void)
{
	size = 0;
	text[0] = '\0';
}

struct dbk_fact
told_facts_last(void)
{
	return last;
}
