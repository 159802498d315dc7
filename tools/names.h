#ifndef TOOLS_NAMES_H
#define TOOLS_NAMES_H

/*
 * names.h -- numbers of the protos as the names that the protos give them.
 *
 * A newer daemon may send numbers that this program does not know; they are shown as
 * numbers.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/v1/service.pb-c.h>

/* Room for a number where there is no name. */
#define NAMES_BYTES 16

/* "STOCK_INSUFFICIENT"; static memory, or MEMORY. */
const char *names_rule(Daybook__V1__Rule rule, char memory[NAMES_BYTES]);
const char *names_fault(Daybook__V1__Fault fault, char memory[NAMES_BYTES]);
const char *names_outcome(Daybook__V1__Outcome outcome, char memory[NAMES_BYTES]);
const char *names_order_kind(Daybook__V1__OrderKind kind, char memory[NAMES_BYTES]);
const char *names_fulfilment(Daybook__V1__Fulfilment value, char memory[NAMES_BYTES]);

/* "retail", "sell in": basis and cause in lower case, words apart by a blank. */
const char *names_basis(Daybook__V1__Basis basis, char memory[NAMES_BYTES]);
const char *names_cause(Daybook__V1__Cause cause, char memory[NAMES_BYTES]);

/* "requested" */
const char *names_payout_state(Daybook__V1__PayoutState state,
			       char memory[NAMES_BYTES]);

/* "AMOUNT_MISMATCH total (measured 5, limit 7)", cut where OUT ends. */
#define NAMES_REFUSAL_BYTES 256
void names_refusal(const Daybook__V1__Refusal *refusal, char out[NAMES_REFUSAL_BYTES]);

/* The same of a fault: "TIME_IN_FUTURE effective_at". */
void names_event_fault(const Daybook__V1__EventFault *fault,
		       char out[NAMES_REFUSAL_BYTES]);

/* True if TEXT is the name of a state, in any case; else *OUT_NEAREST is the nearest
 * one, or NULL. */
bool names_payout_state_parse(const char *text, Daybook__V1__PayoutState *out,
			      const char **out_nearest);

/* "open", "acknowledged", "resolved" */
const char *names_finding_state(Daybook__V1__FindingState state,
				char memory[NAMES_BYTES]);

/* "OFF", "FLAG", "REFUSE"; what is not given is OFF. */
const char *names_guard_mode(Daybook__V1__GuardMode mode, char memory[NAMES_BYTES]);

/* "paid not shipped" */
#define NAMES_MISMATCH_BYTES 24
const char *names_mismatch(Daybook__V1__Mismatch kind,
			   char memory[NAMES_MISMATCH_BYTES]);

/*
 * The value of DESCRIPTOR whose name is PREFIX and TEXT, in any case and with blanks or
 * hyphens for '_'; false if there is none.  Zero, which is "unspecified", is no such
 * value.  *OUT_NEAREST is then the nearest name without its prefix, or NULL.
 */
bool names_parse(const ProtobufCEnumDescriptor *descriptor, const char *prefix,
		 const char *text, int *out, const char **out_nearest);

/* "SaleRecorded"; "-" for an event without body. */
const char *names_event_type(const Daybook__V1__Event *event);

/* The id that an event is about: the first text of its body; the empty text if none. */
const char *names_event_id(const Daybook__V1__Event *event);

/*
 * The number of Event.body that TEXT means: "SaleRecorded", "sale_recorded" or "301"; a
 * multiple of 100 is a family.  0 if it is none; *OUT_NEAREST is then the nearest name,
 * or NULL.
 */
uint32_t names_event_number(const char *text, const char **out_nearest);

/* The way back: "SaleRecorded", or the number of a family. */
const char *names_event_right(uint32_t number, char memory[NAMES_BYTES]);

#endif
