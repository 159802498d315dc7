#ifndef DAYBOOK_LIMITS_H
#define DAYBOOK_LIMITS_H

/*
 * limits.h -- every bound in the system, with its reason.  Tested at its edge.
 */

/* Ids are printed in tables and keys; 64 bytes hold a UUID, a URN or an address. */
#define DBK_ID_BYTES_MAX 64

/* Free texts (reason, tracking, actor) explain, they do not store documents. */
#define DBK_TEXT_BYTES_MAX 512

/* Keyed hashes: SHA-512 at most. */
#define DBK_HASH_BYTES_MAX 64

/* A record is a leaf of a C2SP tile bundle, which counts its bytes in 16 bits. */
#define DBK_RECORD_BYTES_MAX 65535

/* Room in a record for what stands beside the event: source, times, refusal. */
#define DBK_RECORD_OVERHEAD_BYTES_MAX 1024

#define DBK_EVENT_BYTES_MAX                                                    \
	(DBK_RECORD_BYTES_MAX - DBK_RECORD_OVERHEAD_BYTES_MAX)

/* Lines of one order or stock document; keeps one event's work bounded. */
#define DBK_LINES_MAX 1000

/* Other repeated members of an event: documents, shares, parameters, evidence. */
#define DBK_REPEATED_MAX 1000

/* Events of one batch; a group of full batches still commits in milliseconds. */
#define DBK_BATCH_EVENTS_MAX 10000

/* Bytes of one batch, and so of one gRPC message with its frame around it. */
#define DBK_BATCH_BYTES_MAX (4 * 1024 * 1024)
#define DBK_MESSAGE_BYTES_MAX (DBK_BATCH_BYTES_MAX + 64 * 1024)

/* Amounts: 9.2e12 minor units times 1,000,000 ppm stays inside int64. */
#define DBK_AMOUNT_MAX 9200000000000LL

/* Quantities in base units; the same reasoning as for amounts. */
#define DBK_QTY_MAX 9200000000000LL

/* Positions and dense ids are 32 bits wide in resident rows. */
#define DBK_RECORDS_MAX 4294967280LL

/* A source may run ahead of the daemon's clock by this much before its events are
 * invalid: clocks of servers differ by seconds, not by minutes. */
#define DBK_CLOCK_SKEW_US (120LL * 1000000LL)

/* Times accepted at all: years 1970 to 9999, as RFC 3339 can write them. */
#define DBK_TIME_US_MIN 0LL
#define DBK_TIME_US_MAX 253402300799999999LL

/* Original replies kept for repeats, per source: far above any sane pipeline. */
#define DBK_SOURCE_REPLIES_KEPT 256

/* Producers of one book. */
#define DBK_SOURCES_MAX 65536

/* Sponsors above an agent; bounds every walk up the forest. */
#define DBK_NETWORK_DEPTH_MAX 4096

/* Rows of one page of a listing. */
#define DBK_PAGE_ROWS_DEFAULT 100
#define DBK_PAGE_ROWS_MAX 1000

_Static_assert(DBK_EVENT_BYTES_MAX < DBK_BATCH_BYTES_MAX,
	       "a batch holds at least one event of any size");
_Static_assert(DBK_AMOUNT_MAX <= 9223372036854775807LL / 1000000LL,
	       "an amount times a rate in ppm fits int64");

#endif
