#ifndef DBK_SERVICE_FILTER_H
#define DBK_SERVICE_FILTER_H

/*
 * filter.h -- which records a subscription wants.
 *
 * Which fields of an event name an agent or an order follows from their names in
 * event.proto, looked up in the tables of event/schema.h; so a new event is filtered
 * once it is in the tables.
 *
 * Thread: belongs to one thread at a time.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/limits.h>

#include "base/arena.h"
#include "base/str.h"
#include "event/event.h"
#include "event/record.h"

/* Numbers of Event.body are below this. */
#define DBK_FILTER_TYPES 1000

/* An id to look for; size 0: any. */
struct dbk_filter_id {
	char bytes[DBK_ID_BYTES_MAX];
	uint32_t size;
};

struct dbk_filter {
	struct dbk_filter_id agent, order, source;
	bool include_refused;
	bool some_types; /* only those whose bit is set */
	unsigned char types[DBK_FILTER_TYPES / 8];
};

/* Let TYPE pass, or with a multiple of 100 its family; false if there is none such. */
bool dbk_filter_add_type(struct dbk_filter *filter, uint32_t type);

/* Let only ID pass; an empty one is any.  False if it cannot be an id. */
bool dbk_filter_set_id(struct dbk_filter_id *filter_id, struct dbk_str id);

/*
 * Does RECORD pass?  ARENA is for the event, if it has to be opened.  *OUT_DAMAGED
 * tells that it could not be: what the log keeps passed the same decoding once.
 */
bool dbk_filter_passes(const struct dbk_filter *filter, const struct dbk_record *record,
		       struct dbk_arena *arena, bool *out_damaged);

/* True if EVENT names this agent, or this order. */
bool dbk_filter_names_agent(const struct dbk_event *event, struct dbk_str agent);
bool dbk_filter_names_order(const struct dbk_event *event, struct dbk_str order);

/* The order that EVENT names; empty if it names none. */
struct dbk_str dbk_filter_order_of(const struct dbk_event *event);

#endif
