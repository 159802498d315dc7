#include "replay/replay.h"

#include <stdlib.h>

struct dbk_record_replay {
	struct dbk_books *books;
	struct dbk_again again;
	struct dbk_replay_watcher watcher; /* ours: counts, then tells the caller's */
	struct dbk_replay_watcher told;
	dbk_record_again_fn *look_back;
	void *look_back_context;
	struct dbk_replay_sum sum;
};

/* The event of an earlier record; a dbk_books_history_fn. */
static bool
history(void *context, uint64_t position, struct dbk_str *out)
{
	struct dbk_record_replay *replay = context;
	struct dbk_record record;
	struct dbk_str bytes;

	if (!replay->look_back(replay->look_back_context, position, &bytes) ||
	    !dbk_record_decode(bytes, &record))
		return false;
	*out = record.event;
	return true;
}

static enum dbk_err
on_before(void *context, const struct dbk_record *record, const struct dbk_event *event)
{
	struct dbk_record_replay *replay = context;

	if (replay->told.before == NULL)
		return DBK_OK;
	return replay->told.before(replay->told.context, record, event);
}

static enum dbk_err
on_after(void *context, const struct dbk_record *record, const struct dbk_event *event,
	 const struct dbk_verdict *verdict, const struct dbk_effects *effects)
{
	struct dbk_record_replay *replay = context;
	struct dbk_replay_sum *sum = &replay->sum;
	bool accepted = verdict->outcome == DBK_ACCEPTED;

	if (sum->records++ == 0)
		sum->first_recorded_at = record->recorded_at_us;
	sum->last_recorded_at = record->recorded_at_us;
	sum->accepted += accepted;
	sum->refused += !accepted;
	sum->digests += accepted && event->type == DBK_EVENT_DIGEST_RECORDED;
	sum->closes += accepted && event->type == DBK_EVENT_PERIOD_CLOSED;
	if (replay->told.after == NULL)
		return DBK_OK;
	return replay->told.after(replay->told.context, record, event, verdict,
				  effects);
}

enum dbk_err
dbk_record_replay_open(const unsigned char key[DBK_HASH_KEY_BYTES],
		       dbk_record_again_fn *again, void *context,
		       const struct dbk_replay_watcher *watcher,
		       struct dbk_record_replay **out, struct dbk_error *error)
{
	struct dbk_record_replay *replay = calloc(1, sizeof *replay);

	if (replay == NULL || dbk_books_open(key, &replay->books) != DBK_OK) {
		free(replay);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "books to replay into");
	}
	replay->look_back = again;
	replay->look_back_context = context;
	if (watcher != NULL)
		replay->told = *watcher;
	replay->watcher = (struct dbk_replay_watcher){ on_before, on_after, replay };
	dbk_books_set_history(replay->books, history, replay);
	dbk_again_init(&replay->again, replay->books, &replay->watcher);
	*out = replay;
	return DBK_OK;
}

void
dbk_record_replay_close(struct dbk_record_replay *replay)
{
	if (replay == NULL)
		return;
	dbk_again_fini(&replay->again);
	dbk_books_close(replay->books);
	free(replay);
}

enum dbk_err
dbk_record_replay_feed(struct dbk_record_replay *replay, const struct dbk_str *records,
		       uint32_t n, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	for (uint32_t i = 0; err == DBK_OK && i < n; i += DBK_FORESEE_EVENTS) {
		uint32_t some = n - i < DBK_FORESEE_EVENTS ? n - i : DBK_FORESEE_EVENTS;

		dbk_effects_reset(&replay->again.effects,
				  dbk_books_size(replay->books));
		err = dbk_again_decide(&replay->again, records + i, some, error);
	}
	return err;
}

const struct dbk_books *
dbk_record_replay_books(const struct dbk_record_replay *replay)
{
	return replay->books;
}

struct dbk_replay_sum
dbk_record_replay_sum(const struct dbk_record_replay *replay)
{
	return replay->sum;
}
