#ifndef DBK_QUERY_AS_OF_H
#define DBK_QUERY_AS_OF_H

/*
 * as_of.h -- at which point of the book a question is asked.
 *
 *   NOW	   everything that the view holds
 *   SIZE	   the first SIZE records, as it was known then
 *   TIME	   all records known now whose effective_at is not later than the time,
 *		   late ones among them: as it was in the world
 *
 * A SIZE above that of the view fails with STATE: the caller waits for the view.
 */

#include <stdint.h>

enum dbk_as_of_kind { DBK_AS_OF_NOW = 0, DBK_AS_OF_SIZE, DBK_AS_OF_TIME };

struct dbk_as_of {
	enum dbk_as_of_kind kind;
	uint64_t size;	      /* SIZE */
	int64_t effective_at; /* TIME, microseconds since 1970 */
};

#endif
