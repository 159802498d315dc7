#ifndef DAYBOOK_ERROR_H
#define DAYBOOK_ERROR_H

/*
 * error.h -- what can go wrong, in three kinds that are never mixed.
 *
 *   refusal   the request was understood and turned down.  Not an error code at
 *             all: it is an answer, see enum dbk_outcome in event/event.h.
 *   failure   the environment did not do its part: disk, memory, a damaged file.
 *             Returned as one of the codes below.
 *   bug       an invariant does not hold.  dbk_assert() of base/assert.h: message
 *             and abort, in release builds too.
 *
 * Every function that can fail returns enum dbk_err; outputs stay untouched then.
 * Words for the operator travel in a struct dbk_error which the outermost caller
 * owns; each layer may prepend what it was doing.  The library never prints.
 */

#define DBK_MUST_CHECK __attribute__((warn_unused_result))

enum dbk_err {
	DBK_OK = 0,
	DBK_FAILED_MEMORY = -1,    /* an allocation was not granted */
	DBK_FAILED_IO = -2,	   /* the disk or file system reported an error */
	DBK_FAILED_DISK_FULL = -3, /* no room on the file system */
	DBK_FAILED_MAP_FULL = -4,  /* the database reached its configured size */
	DBK_FAILED_DAMAGED = -5,   /* stored bytes are not what was written */
	DBK_FAILED_VERSION = -6,   /* written by another daybook */
	DBK_FAILED_LOCKED = -7,	   /* another process has it */
	DBK_FAILED_NOT_FOUND = -8, /* there is nothing under this key */
	DBK_FAILED_LIMIT = -9,	   /* a bound of limits.h */
	DBK_FAILED_INPUT = -10,	   /* the bytes given are not well-formed */
	DBK_FAILED_STATE = -11,	   /* not possible now, for example while read-only */
	DBK_FAILED_NETWORK = -12,  /* the peer is gone or does not answer */
	DBK_FAILED_TIMEOUT = -13   /* the deadline passed */
};

/* Room for one sentence and the names in it. */
#define DBK_ERROR_TEXT_BYTES 256

/* Words for the operator.  Owner: the outermost caller.  Zeroed is "no error". */
struct dbk_error {
	enum dbk_err code;
	char text[DBK_ERROR_TEXT_BYTES];
};

/* A short text for CODE; static memory. */
const char *dbk_err_text(enum dbk_err code);

/*
 * Write CODE and a printf-style sentence into ERROR (may be NULL) and return CODE,
 * so that `return dbk_error_set(...)` is one line.  Text that is too long is cut.
 */
enum dbk_err dbk_error_set(struct dbk_error *error, enum dbk_err code,
			   const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What the system's ERROR_NUMBER (errno) is here: MEMORY, DISK_FULL, NOT_FOUND or IO. */
enum dbk_err dbk_err_of_errno(int error_number);

/* Put "PREFIX: " before the text that is already there. */
void dbk_error_prepend(struct dbk_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
