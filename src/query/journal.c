/*
 * journal.c -- chunks of the history read forward.
 */

#include "query/journal.h"

#include <string.h>

#include <daybook/limits.h>

#include "query/cut.h"
#include "query/page.h"
#include "query/sweep.h"

/* A chunk full of postings takes some 0.2 ms: more than a sweep counts for. */
#define STEPS_OF_CHUNK 8192u

/* Owners' names that the page has already. */
#define KNOWN_OWNERS 256u

struct known_owner {
	uint32_t account;
	struct dbk_str name;
};

struct teller {
	struct dbk_reader reader;
	struct dbk_sweep sweep;
	uint64_t end;  /* loc: events from here on are not asked for */
	uint64_t skip; /* postings of the record at NEXT still to be passed over */
	uint32_t postings_max, bytes_max;
	uint32_t bytes; /* of the page */
	bool full;
	bool started; /* an event was seen */
	struct known_owner owners[KNOWN_OWNERS];
	struct dbk_arena *arena;
	struct dbk_journal_page *out;
	struct dbk_error *error;
};

/* ------------------------------------------------------------------------ postings */

static enum dbk_err
name_owner(struct teller *t, uint32_t account, struct dbk_str *out)
{
	const struct dbk_roster *roster = t->reader.roster;
	struct known_owner *known = &t->owners[account % KNOWN_OWNERS];
	enum dbk_err err;

	if (known->account != account) {
		if (account > dbk_roster_count(roster, DBK_NAMED_ACCOUNT))
			return dbk_reader_damaged(&t->reader, t->sweep.entry.loc);
		err = dbk_page_keep(
		    t->arena,
		    dbk_roster_party_name(roster,
					  dbk_roster_account(roster, account)->party),
		    &known->name, t->error);
		if (err != DBK_OK)
			return err;
		known->account = account;
		t->bytes += known->name.size;
	}
	*out = known->name;
	return DBK_OK;
}

static enum dbk_err
put_posting(struct teller *t)
{
	const struct dbk_chunk_entry *entry = &t->sweep.entry;
	struct dbk_journal_posting *posting = &t->out->postings[t->out->n_postings++];

	posting->code = (enum dbk_account_code)entry->kind;
	posting->cause = (enum dbk_cause)entry->cause;
	posting->account = entry->id;
	posting->ref = entry->ref;
	posting->amount = entry->amount;
	posting->balance = entry->balance;
	posting->owner = dbk_str_make("", 0);
	t->bytes += (uint32_t)sizeof *posting;
	return entry->id == 0 ? DBK_OK : name_owner(t, entry->id, &posting->owner);
}

/* Room for a posting; one that is alone always has it. */
static bool
has_room(const struct teller *t)
{
	return t->out->n_postings == 0 ||
	       (t->out->n_postings < t->postings_max && t->bytes < t->bytes_max);
}

/* -------------------------------------------------------------------------- events */

/* The event on the page that the sweep's part belongs to. */
static struct dbk_journal_event *
open_event(struct teller *t)
{
	const struct dbk_chunk_event *from = &t->sweep.event;
	struct dbk_journal_page *out = t->out;
	struct dbk_journal_event *event = &out->events[out->n_events];

	if (out->n_events > 0 && event[-1].position == from->position)
		return event - 1;
	event->position = from->position;
	event->effective_at = from->effective_at;
	event->type = (enum dbk_event_type)from->type;
	event->rule = (enum dbk_rule)from->rule;
	event->order = from->order;
	event->late = from->late;
	event->prior_period = from->prior_period;
	event->begun = out->next.postings > 0;
	event->unfinished = false;
	event->first_posting = out->n_postings;
	event->n_postings = 0;
	out->n_events++;
	t->bytes += (uint32_t)sizeof *event;
	return event;
}

/* The page is full inside EVENT: it moves to the next one, or goes on there if it is
 * the only one. */
static void
break_event(struct teller *t, struct dbk_journal_event *event)
{
	struct dbk_journal_page *out = t->out;

	t->full = true;
	if (out->n_events == 1) {
		event->unfinished = true;
		return;
	}
	out->next.postings = 0;
	out->n_postings = event->first_posting;
	out->n_events--;
}

/* The postings of a part that are not yet read. */
static enum dbk_err
read_part(struct teller *t)
{
	struct dbk_journal_event *event;

	if (t->skip >= t->sweep.event.n_postings) {
		t->skip -= t->sweep.event.n_postings;
		return DBK_OK;
	}
	event = open_event(t);
	for (;;) {
		bool found;
		enum dbk_err err = dbk_sweep_posting(&t->sweep, &found);

		if (err != DBK_OK || !found)
			return err;
		if (t->skip > 0) {
			t->skip--;
			continue;
		}
		if (!has_room(t)) {
			break_event(t, event);
			return DBK_OK;
		}
		err = put_posting(t);
		if (err != DBK_OK)
			return err;
		event->n_postings++;
		t->out->next.postings++;
	}
}

/* Records follow one another, so that a reader always gets on, whatever is damaged. */
static bool
follows(const struct teller *t)
{
	const struct dbk_chunk_event *event = &t->sweep.event;
	uint64_t last = t->out->next.position;

	return event->position == (t->started && !event->continued ? last + 1 : last);
}

/* Chunk NUMBER, from byte AT on or from its first event.  *CHUNKS have been read
 * before; only between records may a page end for their number. */
static enum dbk_err
read_chunk(struct teller *t, uint32_t number, uint32_t at, uint32_t chunks)
{
	struct dbk_journal_page *out = t->out;
	enum dbk_err err = dbk_sweep_begin(&t->sweep, &t->reader, number);

	if (err == DBK_OK && at != 0)
		dbk_sweep_seek(&t->sweep, at);
	while (err == DBK_OK && !t->full) {
		const struct dbk_chunk_event *event = &t->sweep.event;
		bool found;

		err = dbk_sweep_event(&t->sweep, &found);
		if (err != DBK_OK || !found)
			return err;
		if (event->loc >= t->end) {
			t->full = out->at_end = true;
			return DBK_OK;
		}
		if (!follows(t))
			return dbk_reader_damaged(&t->reader, event->loc);
		t->started = true;
		if (event->position != out->next.position) {
			out->next.position = event->position;
			out->next.postings = 0;
			t->skip = 0;
			t->full = chunks >= DBK_PAGE_CHUNKS_MAX;
		}
		if (!t->full)
			err = read_part(t);
	}
	return err;
}

static enum dbk_err
read_page(struct teller *t, uint64_t from_loc)
{
	uint32_t number = dbk_chunk_of(from_loc);
	uint32_t last = dbk_heads_last_chunk(t->reader.heads);
	uint32_t at = dbk_chunk_at(from_loc);
	enum dbk_err err = DBK_OK;

	for (uint32_t chunks = 0; err == DBK_OK && !t->full; chunks++) {
		if (number > last) {
			t->out->at_end = true;
			break;
		}
		err = read_chunk(t, number++, at, chunks);
		at = 0;
		dbk_reader_step(&t->reader, STEPS_OF_CHUNK);
	}
	return err;
}

/* --------------------------------------------------------------------- the question */

static enum dbk_err
check_size(const struct teller *t, const char *field, uint64_t size)
{
	if (size <= t->reader.size)
		return DBK_OK;
	return dbk_error_set(t->error, DBK_FAILED_STATE,
			     "%s: the ledger view holds %llu records, not yet %llu",
			     field, (unsigned long long)t->reader.size,
			     (unsigned long long)size);
}

static enum dbk_err
answer(struct teller *t, const struct dbk_journal_query *query)
{
	struct dbk_journal_page *out = t->out;
	uint64_t to = query->to_size == 0 ? t->reader.size : query->to_size;
	uint64_t from_loc;
	enum dbk_err err = check_size(t, "to_size", to);

	if (err == DBK_OK)
		err = check_size(t, "from", query->from.position);
	if (err != DBK_OK)
		return err;
	out->size = t->reader.size;
	out->next = query->from;
	t->skip = query->from.postings;
	if (query->from.position >= to) {
		out->at_end = true;
		return DBK_OK;
	}
	err = dbk_cut_loc_of_size(&t->reader, to, &t->end);
	if (err == DBK_OK)
		err = dbk_cut_loc_of_size(&t->reader, query->from.position, &from_loc);
	if (err == DBK_OK)
		err = read_page(t, from_loc);
	if (err == DBK_OK && out->at_end)
		out->next = (struct dbk_journal_place){ .position = to };
	return err;
}

static uint32_t
bounded(uint32_t asked, uint32_t max)
{
	return asked == 0 || asked > max ? max : asked;
}

enum dbk_err
dbk_journal_read(struct dbk_view *view, const struct dbk_journal_query *query,
		 struct dbk_arena *arena, struct dbk_journal_page *out,
		 struct dbk_error *error)
{
	struct dbk_journal_page result = { .n_events = 0 };
	struct teller t = { .postings_max =
				bounded(query->postings_max, DBK_JOURNAL_POSTINGS_MAX),
			    .bytes_max =
				bounded(query->bytes_max, DBK_JOURNAL_BYTES_MAX),
			    .arena = arena,
			    .out = &result,
			    .error = error };
	enum dbk_err err;

	/* An event more than has a posting: the one that finds no room. */
	result.events = dbk_page_alloc(arena, (size_t)t.postings_max + 1,
				       sizeof *result.events, error);
	result.postings =
	    dbk_page_alloc(arena, t.postings_max, sizeof *result.postings, error);
	if (result.events == NULL || result.postings == NULL)
		return DBK_FAILED_MEMORY;
	dbk_reader_begin(&t.reader, view, error);
	err = answer(&t, query);
	dbk_reader_end(&t.reader);
	if (err == DBK_OK)
		*out = result;
	return err;
}
