#include "access/denials.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/hash.h"
#include "base/secret.h"

#define SETS 64
#define WAYS 4
#define MINUTE_NS ((int64_t)60 * 1000000000)

struct denied {
	uint64_t hash;	  /* of who and why */
	int64_t began_ns; /* 0: an empty place */
	uint64_t count;
	struct dbk_access_entry last;
};

struct dbk_denials {
	struct dbk_access_log *log;
	unsigned char key[DBK_HASH_KEY_BYTES];
	struct denied sets[SETS][WAYS];
};

struct dbk_denials *
dbk_denials_make(struct dbk_access_log *log)
{
	struct dbk_denials *denials = calloc(1, sizeof *denials);

	if (denials == NULL)
		return NULL;
	denials->log = log;
	dbk_secret_random(denials->key, sizeof denials->key);
	return denials;
}

void
dbk_denials_free(struct dbk_denials *denials)
{
	free(denials);
}

/* The minute is over: what it did not tell each, it tells now. */
static void
end_minute(struct dbk_denials *denials, struct denied *denied)
{
	struct dbk_access_entry *entry = &denied->last;

	if (denied->count > DBK_DENIALS_MAX) {
		(void)snprintf(entry->about, sizeof entry->about,
			       "%" PRIu64 " more within a minute",
			       denied->count - DBK_DENIALS_MAX);
		(void)dbk_access_log_add(denials->log, entry);
	}
	*denied = (struct denied){ 0 };
}

static struct denied *
find(struct dbk_denials *denials, uint64_t hash, int64_t now_ns)
{
	struct denied *set = denials->sets[hash % SETS], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].began_ns != 0 && set[i].hash == hash) {
			oldest = &set[i];
			break;
		}
		if (set[i].began_ns < oldest->began_ns)
			oldest = &set[i];
	}
	if (oldest->began_ns != 0 &&
	    (oldest->hash != hash || now_ns - oldest->began_ns >= MINUTE_NS))
		end_minute(denials, oldest);
	if (oldest->began_ns == 0) {
		oldest->hash = hash;
		oldest->began_ns = now_ns;
	}
	return oldest;
}

void
dbk_denials_note(struct dbk_denials *denials, struct dbk_str who, struct dbk_str reason,
		 const struct dbk_access_entry *entry, int64_t now_ns)
{
	uint64_t why = dbk_hash_short(reason.bytes, reason.size, denials->key);
	uint64_t whose = dbk_hash_in_space(1, who.bytes, who.size, denials->key);
	struct denied *denied = find(denials, whose ^ why, now_ns);

	if (denied->count++ < DBK_DENIALS_MAX)
		(void)dbk_access_log_add(denials->log, entry);
	else
		denied->last = *entry;
}

void
dbk_denials_settle(struct dbk_denials *denials, int64_t now_us, int64_t now_ns)
{
	for (unsigned i = 0; i < SETS * WAYS; i++) {
		struct denied *denied = &denials->sets[i / WAYS][i % WAYS];

		if (denied->began_ns != 0 && now_ns - denied->began_ns >= MINUTE_NS) {
			denied->last.at_us = now_us;
			end_minute(denials, denied);
		}
	}
}
