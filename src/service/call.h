#ifndef DBK_SERVICE_CALL_H
#define DBK_SERVICE_CALL_H

/*
 * call.h -- one call under way: what the methods of this folder share.
 * Not for use outside this folder.
 *
 * A method opens its request, asks the books or a view, builds a reply in the arena
 * and packs it.  Memory that is not granted is remembered in the call and asked for
 * once, by dbk_call_reply(); the texts and arrays meanwhile are harmless to fill and
 * read.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/hash.h"
#include "books/effects.h"
#include "books/rows.h"
#include "daybook/v1/service.pb-c.h"
#include "event/event.h"
#include "event/record.h"
#include "query/as_of.h"
#include "query/page.h"
#include "service/service.h"

/* The book's currency, which never changes once the book is open. */
struct dbk_call_currency {
	bool known;
	char letters[sizeof((struct dbk_row_book *)0)->currency + 1];
	uint32_t exponent;
};

/* The last digest that was made: until the book grows it is the same. */
struct dbk_call_digest {
	uint64_t size;
	bool made;
	unsigned char bytes[DBK_DIGEST_BYTES];
};

struct dbk_call {
	const struct dbk_service_port *port;
	struct dbk_log_reader *log_reader;
	struct dbk_arena *arena;
	struct dbk_call_currency *currency; /* of the service */
	struct dbk_call_digest *digest;	    /* of the service */
	const struct dbk_caller *caller;    /* NULL: somebody with role admin */
	struct dbk_str request;
	int64_t deadline_ns;
	struct dbk_buf *reply;
	struct dbk_service_answer *answer;
	struct dbk_view *view; /* held, or NULL */
	bool exhausted;	       /* the arena has said no */
};

/* A method; false: the answer says why. */
typedef bool dbk_call_fn(struct dbk_call *call);

dbk_call_fn dbk_call_get_source, dbk_call_get_status, dbk_call_get_digest;
dbk_call_fn dbk_call_list_refusals, dbk_call_get_trial_balance;
dbk_call_fn dbk_call_list_balances, dbk_call_get_statement;
dbk_call_fn dbk_call_list_stock, dbk_call_list_movements;
dbk_call_fn dbk_call_get_agent, dbk_call_list_agents, dbk_call_get_order;
dbk_call_fn dbk_call_get_agent_statement, dbk_call_list_payouts, dbk_call_get_payout;
dbk_call_fn dbk_call_list_clawbacks, dbk_call_list_escrow, dbk_call_list_costs;
dbk_call_fn dbk_call_list_reports, dbk_call_list_plans, dbk_call_list_holds;
dbk_call_fn dbk_call_get_contest, dbk_call_list_periods, dbk_call_check_close;
dbk_call_fn dbk_call_list_findings, dbk_call_list_guard_sets, dbk_call_list_network;
dbk_call_fn dbk_call_list_tiers, dbk_call_list_cohorts, dbk_call_get_scorecard;
dbk_call_fn dbk_call_list_goods, dbk_call_list_restocks, dbk_call_list_buybacks;
dbk_call_fn dbk_call_get_lot, dbk_call_list_mismatches;
dbk_call_fn dbk_call_get_checkpoint, dbk_call_get_inclusion_proof;
dbk_call_fn dbk_call_get_consistency_proof, dbk_call_get_receipts;
dbk_call_fn dbk_call_list_source_keys, dbk_call_get_caller;
dbk_call_fn dbk_call_create_token, dbk_call_revoke_token, dbk_call_list_tokens;
dbk_call_fn dbk_call_list_access, dbk_call_seal_text, dbk_call_open_sealed;

/* ---------------------------------------------------------------- request, reply */

/* The request as a message of DESCRIPTOR, in the arena; NULL: the answer says why. */
void *dbk_call_request(struct dbk_call *call,
		       const ProtobufCMessageDescriptor *descriptor);

/* UNIMPLEMENTED METHOD: what this daemon has not been given.  Gives false. */
bool dbk_call_not_served(struct dbk_call *call);

/* Append MESSAGE to the reply. */
bool dbk_call_reply(struct dbk_call *call, const ProtobufCMessage *message);

/* ------------------------------------------------------------------------- memory */

/* N things of SIZE, zeroed; NULL, remembered, if the arena has no room. */
void *dbk_call_take(struct dbk_call *call, size_t n, size_t size);

/* N empty messages of DESCRIPTOR as the array of pointers that a repeated field is. */
void *dbk_call_messages(struct dbk_call *call, size_t n,
			const ProtobufCMessageDescriptor *descriptor);

/* TEXT with a terminator; never NULL. */
char *dbk_call_text(struct dbk_call *call, struct dbk_str text);

/* ----------------------------------------------------------------------- requests */

/* The text of a request's field, borrowed from it. */
static inline struct dbk_str
dbk_call_str(const char *text)
{
	return dbk_str_of(text);
}

/* A text that must not be empty: INVALID_ARGUMENT FIELD_MISSING. */
bool dbk_call_needs(struct dbk_call *call, const char *field, const char *text);

/* PAGE_SIZE and PAGE_TOKEN of a request. */
bool dbk_call_page(struct dbk_call *call, uint32_t rows_max, const char *token,
		   struct dbk_page *out);

/* A time of a request in microseconds, one that is finer rounded UP or down;
 * DBK_TIME_ABSENT where it is NULL.  INVALID_ARGUMENT TIME. */
bool dbk_call_time(struct dbk_call *call, const char *field,
		   const Google__Protobuf__Timestamp *time, bool up, int64_t *out_us);

/* Microseconds as a message; NULL for DBK_TIME_ABSENT. */
Google__Protobuf__Timestamp *dbk_call_timestamp(struct dbk_call *call, int64_t us);

/* ---------------------------------------------------------------- books and views */

/* UNAVAILABLE STOPPING. */
bool dbk_call_ask(struct dbk_call *call,
		  void (*question)(const struct dbk_books *books, void *answer),
		  void *answer);

/* Wait until the books hold SIZE records: what is in the log, they have. */
bool dbk_call_wait_books(struct dbk_call *call, uint64_t at_least_size);

/* Hold a view of AT_LEAST_SIZE records, and of those that AS_OF (may be NULL) speaks
 * of; sets *OUT, which may be NULL. */
bool dbk_call_wait_view(struct dbk_call *call, uint64_t at_least_size,
			const Daybook__V1__AsOf *as_of, struct dbk_as_of *out);

/* A question to the view failed.  INPUT is its page token, because everything else
 * of the request has been looked at before.  Gives false. */
bool dbk_call_view_failed(struct dbk_call *call, enum dbk_err err,
			  const struct dbk_error *error, struct dbk_str token);

/* NOT_FOUND: VALUE of FIELD.  Gives false. */
bool dbk_call_not_found(struct dbk_call *call, const char *reason, const char *field,
			struct dbk_str value);

/* NOT_FOUND AGENT_UNKNOWN where the books know no agent of the name AGENT in FIELD. */
bool dbk_call_needs_agent(struct dbk_call *call, const char *field,
			  struct dbk_str agent);

/* INVALID_ARGUMENT: VALUE of FIELD, and what is wrong with it.  Gives false. */
bool dbk_call_bad(struct dbk_call *call, const char *reason, const char *field,
		  struct dbk_str value, const char *wrong);

/* See to it that call->currency is filled; it stays empty before the book is open. */
bool dbk_call_know_currency(struct dbk_call *call);

/* ---------------------------------------------------- names and records from the log */

/* The record at POSITION, borrowed until the next one is read; DATA_LOSS DAMAGED behind
 * the end. */
bool dbk_call_record(struct dbk_call *call, uint64_t position, struct dbk_str *out);

/* The event of the record at POSITION: lists in the call's arena, texts borrowed until
 * the next record is read.  False, and nothing is said, if it cannot be read. */
bool dbk_call_peek(struct dbk_call *call, uint64_t position, struct dbk_event *out);

/* An order by dense id, and a record that concerns it; DBK_POSITION_NONE
 * (query/order_position.h) where none is known. */
struct dbk_order_at {
	uint32_t order;
	uint64_t position;
};

/* The names of N orders, in the arena; NAMES[i] of id 0 is "". */
bool dbk_call_order_names(struct dbk_call *call, const struct dbk_order_at *orders,
			  uint32_t n, char **names);

/* A line of a statement: the order of its event, and what its cause refers to. */
struct dbk_line_at {
	uint64_t position;
	uint32_t order;
	enum dbk_cause cause;
	uint32_t ref;
};

/* The order that a line is about: the cause's, else the event's; and the payout. */
struct dbk_line_names {
	char *order, *payout;
};

/* The names of N lines, in the arena; "" where there is none. */
bool dbk_call_line_names(struct dbk_call *call, const struct dbk_line_at *lines,
			 uint32_t n, struct dbk_line_names *names);

/* The event of the record at POSITION: lists in ARENA, texts borrowed until the next
 * record is read.  DATA_LOSS DAMAGED, also if it is none of TYPES (NONE ends them; NULL:
 * any). */
bool dbk_call_event(struct dbk_call *call, struct dbk_arena *arena, uint64_t position,
		    const enum dbk_event_type *types, struct dbk_event *out);

/*
 * Append to the reply, as field NUMBER, the records at N positions: the last ones that
 * fit DBK_SERVICE_ORDER_BYTES_MAX.  *OUT_LEFT of them, the first, did not.
 */
bool dbk_call_put_records(struct dbk_call *call, unsigned number,
			  const uint64_t *positions, uint32_t n, uint32_t *out_left);

/* ---------------------------------------------------------------------------- goods */

/* "agent", "location"; of enum dbk_holder_kind. */
const char *dbk_holder_kind_name(uint8_t kind);

/* What a line of movements.h says, but for whose it is; ORDER is its order's name. */
struct dbk_movement_line;
void dbk_movement_fill(struct dbk_call *call, const struct dbk_movement_line *from,
		       char *order, Daybook__V1__MovementLine *out);

/* ------------------------------------------------------------------------- earnings */

/* What EARNING says; ORDER is its order, or 0 to have it looked for.  On the books'
 * thread. */
void dbk_earning_fill(struct dbk_call *call, const struct dbk_books *books,
		      uint32_t earning, uint32_t order, Daybook__V1__Earning *out);

/* The records that moved a payout, oldest first, each once: at most DBK_PAYOUT_STATES.
 * Gives how many. */
uint32_t dbk_payout_positions(const struct dbk_row_payout *row, uint64_t *positions);

/* All earnings of ORDER, line by line and oldest first, into OUT. */
bool dbk_earning_list(struct dbk_call *call, uint32_t order, Daybook__V1__Order *out);

/* N parameters of a plan or a guard set as messages; *OUT_N of them. */
Daybook__V1__Parameter **dbk_parameters_fill(struct dbk_call *call,
					     const struct dbk_parameter *parameters,
					     uint32_t n, size_t *out_n);

/* Name and version of PLAN, nothing for 0.  On the books' thread. */
void dbk_plan_fill(struct dbk_call *call, const struct dbk_books *books, uint32_t plan,
		   char **out_name, uint32_t *out_version);

#endif
