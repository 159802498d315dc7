#include "fresh_id.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"

/* Bytes of the hash that an id shows. */
#define SHOWN_BYTES 8

void
fresh_id(char letter, const Google__Protobuf__Timestamp *at, const char *const *parts,
	 size_t count, char out[FRESH_ID_BYTES])
{
	time_t seconds = (time_t)at->seconds;
	unsigned char hash[DBK_DIGEST_BYTES];
	struct dbk_digest digest;
	char time[24], when[48];
	size_t size;
	struct tm tm;

	(void)gmtime_r(&seconds, &tm);
	(void)strftime(time, sizeof time, "%Y%m%d-%H%M%S", &tm);
	(void)snprintf(when, sizeof when, "%lld.%09d", (long long)at->seconds,
		       (int)at->nanos);
	dbk_digest_init(&digest);
	dbk_digest_update(&digest, when, strlen(when) + 1);
	for (size_t i = 0; i < count; i++) {
		const char *part = parts[i] == NULL ? "" : parts[i];

		dbk_digest_update(&digest, part, strlen(part) + 1);
	}
	dbk_digest_final(&digest, hash);
	size = (size_t)snprintf(out, FRESH_ID_BYTES, "%c%s-", letter, time);
	for (size_t i = 0; i < SHOWN_BYTES && size < FRESH_ID_BYTES; i++)
		size += (size_t)snprintf(out + size, FRESH_ID_BYTES - size, "%02x",
					 hash[i]);
}
