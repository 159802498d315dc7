#ifndef DBK_EVENT_TRUST_H
#define DBK_EVENT_TRUST_H

/*
 * trust.h -- the events about keys of sources, erased subjects and digests, opened; and
 * sealed texts.  Part of event.h, whose words hold here too; include that.
 */

#include <stdint.h>

#include "base/str.h"

/* The source of what the daemon itself records. */
#define DBK_SOURCE_OF_DAEMON "daybook"

/* A personal text that only the key of its subject opens. */
struct dbk_sealed {
	struct dbk_str subject;
	struct dbk_str box;
};

struct dbk_source_registered {
	struct dbk_str source;
	uint32_t revision;
	struct dbk_str ed25519_public_key;
	uint64_t *may_send; /* numbers of Event.body, and of families; none: all */
	uint32_t n_may_send;
};

struct dbk_source_key_revoked {
	struct dbk_str source;
	uint32_t revision;
	struct dbk_str reason;
};

struct dbk_subject_erased {
	struct dbk_str subject;
	struct dbk_str reason;
};

struct dbk_digest_recorded {
	uint64_t size;
	struct dbk_str digest;
};

#endif
