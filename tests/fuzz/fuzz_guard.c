/*
 * Any bytes as a guard set: decoded, checked, compiled.  What compiles keeps what the
 * catalogue promises and does not contradict itself, and the set that comes back from
 * JSON is the same set, or is refused for the same reason.
 *
 * An even first byte is followed by a GuardSetPublished event as it is on the wire.
 * After an odd one comes a list of parameters written in a few bytes each, so that
 * mutations find other sets and not only other broken messages.
 */

#include <stdint.h>
#include <string.h>

#include <daybook/limits.h>
#include <daybook/v1/event.pb-c.h>

#include "../tests/lib/fuzz_input.h"
#include "event/decode.h"
#include "guard/guard.h"

#define ARENA_BYTES ((size_t)8 << 20)
#define KINDS (DBK_GUARDS + DBK_GUARD_NUMBERS)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* An event of a guard set, and what came of it. */
struct subject {
	struct dbk_arena arena;
	struct dbk_event event;
	struct dbk_guards guards;
	struct dbk_parameter_fault fault;
	bool opened, compiled;
};

/* -------------------------------------------------------- sets in a few bytes */

static const char *
name_of(unsigned kind)
{
	if (kind < DBK_GUARDS)
		return dbk_guard_kind((enum dbk_guard)kind)->name;
	if (kind < KINDS)
		return dbk_guard_number_kind((enum dbk_guard_number)(kind - DBK_GUARDS))
		    ->name;
	return "no_such";
}

/* A parameter's kind; what it has, as bits; then its choice, value and level. */
static void
read_parameter(struct fuzz_reader *reader, Daybook__V1__Parameter *out)
{
	static const char *const choices[] = { "OFF", "FLAG", "REFUSE", "ODD" };
	unsigned kind = fuzz_next(reader) % (KINDS + 1), has = fuzz_next(reader);

	daybook__v1__parameter__init(out);
	out->name = (char *)(uintptr_t)name_of(kind);
	if ((has & 192) == 64)
		out->choice = (char *)(uintptr_t)choices[fuzz_next(reader) % 4];
	out->value = fuzz_next_value(reader, has & 3);
	out->level = (has & 4) != 0 ? fuzz_next(reader) % 3 : 0;
	out->sku = (has & 8) != 0 ? "K1" : out->sku;
	out->category = (has & 16) != 0 ? "SHOES" : out->category;
	out->rank = (has & 32) != 0 ? ((has & 1) != 0 ? "gold" : "silver") : out->rank;
	out->region = (has & 192) == 128 ? "north" : out->region;
	out->channel = (has & 192) == 192 ? "shop" : out->channel;
}

static void
write_event(struct fuzz_reader *reader, struct dbk_buf *out)
{
	static Daybook__V1__Parameter parameters[DBK_PARAMETERS_MAX + 1];
	static Daybook__V1__Parameter *list[DBK_PARAMETERS_MAX + 1];
	Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	Daybook__V1__GuardSetPublished set = DAYBOOK__V1__GUARD_SET_PUBLISHED__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;

	set.guard_set = "g";
	set.version = 1;
	set.parameters = list;
	while (reader->at < reader->end && set.n_parameters <= DBK_PARAMETERS_MAX) {
		size_t i = set.n_parameters++;

		list[i] = &parameters[i];
		read_parameter(reader, list[i]);
	}
	time.seconds = 1704067200;
	event.effective_at = &time;
	event.body_case = DAYBOOK__V1__EVENT__BODY_GUARD_SET_PUBLISHED;
	event.guard_set_published = &set;
	fuzz_pack(&event.base, out);
}

/* -------------------------------------------------------------------- one set */

/* Is it a set that a daemon would look at? */
static bool
open_subject(struct subject *s, struct dbk_str bytes)
{
	struct dbk_event_fault fault = { 0 };

	memset(s, 0, sizeof *s);
	dbk_arena_init(&s->arena, ARENA_BYTES);
	s->opened = dbk_event_decode(bytes, &s->arena, &s->event, &fault) &&
		    dbk_event_check(&s->event, &fault) &&
		    s->event.type == DBK_EVENT_GUARD_SET_PUBLISHED;
	if (s->opened)
		s->compiled = dbk_guards_compile(&s->event.u.guard_set_published,
						 &s->arena, &s->guards, &s->fault);
	return s->opened;
}

static void
check_refused(const struct subject *s)
{
	const struct dbk_parameter_fault *fault = &s->fault;

	fuzz_demand(fault->rule == DBK_RULE_GUARD_PARAMETER_UNKNOWN ||
		    fault->rule == DBK_RULE_GUARD_PARAMETER_VALUE ||
		    fault->rule == DBK_RULE_GUARD_PARAMETER_SCOPE ||
		    fault->rule == DBK_RULE_GUARD_CONTRADICTION);
	fuzz_demand(fault->index < s->event.u.guard_set_published.n_parameters);
	fuzz_demand(fault->rule != DBK_RULE_GUARD_CONTRADICTION || fault->index > 0);
	fuzz_demand(fault->member != NULL && fault->member[0] != '\0');
}

static bool
have_one_scope(const struct dbk_parameter *a, const struct dbk_parameter *b)
{
	return dbk_str_equal(a->sku, b->sku) &&
	       dbk_str_equal(a->category, b->category) &&
	       dbk_str_equal(a->rank, b->rank);
}

/* A is no more than B, if these are their names. */
static void
check_order(const struct dbk_parameter *a, const char *low,
	    const struct dbk_parameter *b, const char *high)
{
	if (dbk_str_equal(a->name, dbk_str_of(low)) &&
	    dbk_str_equal(b->name, dbk_str_of(high)))
		fuzz_demand(a->value <= b->value);
}

static void
check_no_contradiction(const struct dbk_guard_set_published *set)
{
	for (uint32_t i = 0; i < set->n_parameters; i++)
		for (uint32_t j = 0; j < set->n_parameters; j++) {
			const struct dbk_parameter *a = &set->parameters[i];
			const struct dbk_parameter *b = &set->parameters[j];

			if (i == j || !have_one_scope(a, b))
				continue;
			fuzz_demand(!dbk_str_equal(a->name, b->name));
			check_order(a, "starter_units", b, "max_units");
			check_order(a, "free_units", b, "max_units");
			check_order(a, "restock_interval_days", b,
				    "restock_period_days");
		}
}

static void
check_modes(const struct dbk_guard_scalars *scalars)
{
	for (unsigned i = 0; i < DBK_GUARDS; i++) {
		unsigned mode = scalars->modes[i];

		fuzz_demand(mode == DBK_GUARD_OFF || mode == DBK_GUARD_FLAG ||
			    mode == DBK_GUARD_REFUSE);
		fuzz_demand(mode != DBK_GUARD_REFUSE ||
			    dbk_guard_kind((enum dbk_guard)i)->can_refuse);
	}
}

static bool
is_within(enum dbk_guard_number number, int64_t value)
{
	const struct dbk_guard_number_kind *kind = dbk_guard_number_kind(number);

	return value >= kind->least && value <= kind->most;
}

static void
check_term(const struct subject *s, const struct dbk_guard_term *term)
{
	enum dbk_guard_number number = (enum dbk_guard_number)term->number;
	uint32_t scopes;

	fuzz_demand(term->number < DBK_GUARD_NUMBERS);
	scopes = dbk_guard_number_kind(number)->scopes;
	fuzz_demand(is_within(number, term->value));
	fuzz_demand(s->guards.scalars.has_terms[number] == 1);
	fuzz_demand(term->index < s->event.u.guard_set_published.n_parameters);
	fuzz_demand(term->sku.size == 0 || term->category.size == 0);
	fuzz_demand(term->sku.size + term->category.size + term->rank.size > 0);
	fuzz_demand(term->sku.size + term->category.size == 0 ||
		    (scopes & DBK_GUARD_SCOPE_GOODS) != 0);
	fuzz_demand(term->rank.size == 0 || (scopes & DBK_GUARD_SCOPE_RANK) != 0);
}

static void
check_compiled(const struct subject *s)
{
	const struct dbk_guard_scalars *scalars = &s->guards.scalars;
	uint32_t n_with_terms = 0;

	check_modes(scalars);
	for (unsigned i = 0; i < DBK_GUARD_NUMBERS; i++) {
		enum dbk_guard_number number = (enum dbk_guard_number)i;

		fuzz_demand(is_within(number, scalars->numbers[i]) ||
			    scalars->numbers[i] ==
				dbk_guard_number_kind(number)->initial);
		n_with_terms += scalars->has_terms[i];
	}
	fuzz_demand(n_with_terms <= s->guards.n_terms);
	for (uint32_t i = 0; i < s->guards.n_terms; i++)
		check_term(s, &s->guards.terms[i]);
	check_no_contradiction(&s->event.u.guard_set_published);
}

static void
demand_same_terms(const struct dbk_guards *a, const struct dbk_guards *b)
{
	fuzz_demand(a->n_terms == b->n_terms);
	for (uint32_t i = 0; i < a->n_terms; i++) {
		const struct dbk_guard_term *of_a = &a->terms[i], *of_b = &b->terms[i];

		fuzz_demand(of_a->number == of_b->number &&
			    of_a->index == of_b->index && of_a->value == of_b->value);
		fuzz_demand(dbk_str_equal(of_a->sku, of_b->sku) &&
			    dbk_str_equal(of_a->category, of_b->category) &&
			    dbk_str_equal(of_a->rank, of_b->rank));
	}
}

static void
demand_same(const struct subject *a, const struct subject *b)
{
	fuzz_demand(b->opened && a->compiled == b->compiled);
	if (!a->compiled) {
		fuzz_demand(a->fault.rule == b->fault.rule &&
			    a->fault.index == b->fault.index &&
			    strcmp(a->fault.member, b->fault.member) == 0 &&
			    a->fault.measured == b->fault.measured &&
			    a->fault.limit == b->fault.limit);
		return;
	}
	fuzz_demand(memcmp(&a->guards.scalars, &b->guards.scalars,
			   sizeof a->guards.scalars) == 0);
	demand_same_terms(&a->guards, &b->guards);
}

static void
examine(struct dbk_str bytes)
{
	static struct subject subject, again;
	struct dbk_buf back;

	if (open_subject(&subject, bytes)) {
		if (subject.compiled)
			check_compiled(&subject);
		else
			check_refused(&subject);
		dbk_buf_init(&back);
		fuzz_json_and_back(bytes, &back);
		(void)open_subject(&again, dbk_str_make(back.bytes, back.size));
		demand_same(&subject, &again);
		dbk_arena_fini(&again.arena);
		dbk_buf_fini(&back);
	}
	dbk_arena_fini(&subject.arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct fuzz_reader reader;
	struct dbk_buf event;

	if (size == 0)
		return 0;
	if ((bytes[0] & 1) == 0) {
		examine(dbk_str_make(bytes + 1, size - 1));
		return 0;
	}
	reader = (struct fuzz_reader){ bytes + 1, bytes + size };
	dbk_buf_init(&event);
	write_event(&reader, &event);
	examine(dbk_str_make(event.bytes, event.size));
	dbk_buf_fini(&event);
	return 0;
}
