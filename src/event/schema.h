#ifndef DBK_EVENT_SCHEMA_H
#define DBK_EVENT_SCHEMA_H

/*
 * schema.h -- the events that the books take, as tables.
 *
 * One table a message says where each field of proto/daybook/v1/event.proto lives in
 * the structs of event.h and what may stand in it.  Decoding, checking and comparing
 * walk the same tables, so a field that is added is added once.
 * tests/unit/test_schema.c compares them with the descriptors of the .proto files.
 *
 * Static data without pointers to anything that changes; any thread.
 */

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "event/verdict.h"

/* What a field is on the wire, in its struct and to the checks. */
enum dbk_field_kind {
	DBK_FIELD_ID,	  /* string -> dbk_str: opaque id */
	DBK_FIELD_TEXT,	  /* string -> dbk_str: free text */
	DBK_FIELD_HASH,	  /* bytes -> dbk_str */
	DBK_FIELD_BYTES,  /* bytes -> dbk_str: .min to .max of them */
	DBK_FIELD_MONEY,  /* int64 -> int64_t: 0 to DBK_AMOUNT_MAX */
	DBK_FIELD_QTY,	  /* int64 -> int64_t: 0 to DBK_QTY_MAX */
	DBK_FIELD_SIGNED, /* int64 -> int64_t: any */
	DBK_FIELD_U32,	  /* uint32 -> uint32_t: 0 to .max */
	DBK_FIELD_U64,	  /* uint64 -> uint64_t: any */
	DBK_FIELD_I32,	  /* int32 -> int32_t: -.max to .max */
	DBK_FIELD_BOOL,	  /* bool -> bool */
	DBK_FIELD_ENUM,	  /* enum -> uint32_t: 0 to .max, 0 keeps the blank's value */
	DBK_FIELD_TIME,	  /* Timestamp -> int64_t microseconds */
	DBK_FIELD_HOLDER, /* Holder -> struct dbk_holder */
	/* The rest repeat: an array of them, and a uint32_t count of up to .max. */
	DBK_FIELD_TEXTS,   /* repeated string -> struct dbk_str *: free texts */
	DBK_FIELD_IDS,	   /* repeated string -> struct dbk_str *: opaque ids */
	DBK_FIELD_NUMBERS, /* repeated uint64 -> uint64_t *, packed or not */
	DBK_FIELD_RIGHTS,  /* repeated uint32 -> uint64_t *, packed or not: numbers of
			    * Event.body, and of its families */
	DBK_FIELD_LINES,   /* repeated message -> structs that begin with a number,
			    * which rises */
	DBK_FIELD_PARTS	   /* repeated message -> structs in any order */
};

/* Marks of a field. */
enum {
	DBK_FIELD_REQUIRED = 1, /* not empty, absent, 0 (enum) or the supply (holder);
				 * of a list: at least one */
	DBK_FIELD_POSITIVE = 2	/* at least 1 */
};

struct dbk_schema;

struct dbk_schema_field {
	const char *name; /* as in the .proto; NULL: this number is not in use */
	const struct dbk_schema *message; /* of HOLDER, LINES and PARTS */
	uint32_t once;	       /* bits of the numbers that exclude it: its own and, in a
				* oneof, the others'; 0 if it may repeat */
	uint32_t max;	       /* of U32, I32, ENUM, BYTES; of lists, how many */
	uint16_t offset;       /* in the struct */
	uint16_t count_offset; /* of the uint32_t beside a list */
	uint8_t tag;	       /* number and wire type, as the first byte(s) say them */
	uint8_t kind;	       /* enum dbk_field_kind */
	uint8_t marks;
	uint8_t min; /* of BYTES */
};

struct dbk_schema {
	const char *name;		       /* of the message, "SaleRecorded" */
	const struct dbk_schema_field *fields; /* by field number, 0 is never used */
	const void *blank; /* the struct without any field sent; NULL if size is 0 */
	uint32_t n_fields; /* largest number plus one, at most 32 */
	uint32_t size;	   /* of the struct */
	uint32_t needed;   /* bits of the numbers of the fields that have marks */
};

extern const struct dbk_schema dbk_schema_holder;
extern const struct dbk_schema dbk_schema_order_line;
extern const struct dbk_schema dbk_schema_stock_line;
extern const struct dbk_schema dbk_schema_attribution;
extern const struct dbk_schema dbk_schema_share;
extern const struct dbk_schema dbk_schema_parameter;
extern const struct dbk_schema dbk_schema_sealed;

/* Event.sealed, in struct dbk_event. */
extern const struct dbk_schema_field *const dbk_schema_event_sealed;

/* The message behind field NUMBER of Event.body; NULL if the books do not take it. */
const struct dbk_schema *dbk_schema_find(uint32_t number);

/* True if FIELD may repeat, and has a count beside it. */
static inline bool
dbk_schema_is_list(const struct dbk_schema_field *field)
{
	return field->name != NULL && field->once == 0;
}

/* True if FIELD is a list of numbers, which are sent in one piece. */
static inline bool
dbk_schema_is_packed(const struct dbk_schema_field *field)
{
	return field->kind == DBK_FIELD_NUMBERS || field->kind == DBK_FIELD_RIGHTS;
}

/* Bytes of one element of FIELD, which is a list. */
static inline size_t
dbk_schema_element_bytes(const struct dbk_schema_field *field)
{
	if (field->message != NULL)
		return field->message->size;
	return dbk_schema_is_packed(field) ? sizeof(uint64_t) : sizeof(struct dbk_str);
}

/* True if event.proto has NUMBER in Event.body, whether the books take it or not. */
bool dbk_schema_knows(uint32_t number);

/* The same, or that of a whole family: a multiple of 100. */
bool dbk_schema_is_right(uint64_t number);

/*
 * The path of field MEMBER of a message that stands at OUTER; OUTER without a name is
 * the body itself.  MEMBER NULL is the message as a whole.
 */
static inline struct dbk_field
dbk_schema_path(struct dbk_field outer, const char *member)
{
	struct dbk_field path = { member, DBK_NO_INDEX, NULL };

	if (outer.name == NULL)
		return path;
	outer.member = member;
	return outer;
}

#endif
