#include "failures.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <daybook/limits.h>

#include "base/hash.h"

#define SETS 1024
#define WAYS 4
#define MINUTE_NS ((int64_t)60 * 1000000000)

/* IPv4 as it is written within IPv6, or the upper half of IPv6; zeroes: Unix. */
struct address {
	unsigned char bytes[16];
};

struct failing {
	struct address address;
	int64_t began_ns; /* 0: an empty place */
	unsigned count;
	bool told;
};

struct failures {
	unsigned char key[DBK_HASH_KEY_BYTES];
	struct failing sets[SETS][WAYS];
};

struct failures *
failures_make(void)
{
	struct failures *failures = calloc(1, sizeof *failures);

	if (failures != NULL && getrandom(failures->key, sizeof failures->key, 0) !=
				    (ssize_t)sizeof failures->key) {
		free(failures);
		return NULL;
	}
	return failures;
}

void
failures_free(struct failures *failures)
{
	free(failures);
}

static struct address
address_of(const char *peer)
{
	const char *colon = strrchr(peer, ':');
	struct address out = { { 0 } };
	char host[64] = "";
	size_t size = colon == NULL ? 0 : (size_t)(colon - peer);

	if (size == 0 || size >= sizeof host)
		return out;
	if (peer[0] == '[') {
		memcpy(host, peer + 1, size - 1);
		host[size - 2] = '\0';
		if (inet_pton(AF_INET6, host, out.bytes) == 1 &&
		    !IN6_IS_ADDR_V4MAPPED((struct in6_addr *)(void *)out.bytes))
			memset(out.bytes + 8, 0, 8);
		return out;
	}
	memcpy(host, peer, size);
	if (inet_pton(AF_INET, host, out.bytes + 12) == 1)
		out.bytes[10] = out.bytes[11] = 0xff;
	return out;
}

/* The place of PEER's minute, begun anew if the last one is over. */
static struct failing *
find(struct failures *failures, const char *peer, int64_t now_ns)
{
	struct address address = address_of(peer);
	uint64_t hash = dbk_hash_short(address.bytes, sizeof address, failures->key);
	struct failing *set = failures->sets[hash % SETS], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].began_ns != 0 &&
		    memcmp(&set[i].address, &address, sizeof address) == 0) {
			oldest = &set[i];
			break;
		}
		if (set[i].began_ns < oldest->began_ns)
			oldest = &set[i];
	}
	if (oldest->began_ns == 0 || now_ns - oldest->began_ns >= MINUTE_NS ||
	    memcmp(&oldest->address, &address, sizeof address) != 0)
		*oldest = (struct failing){ .address = address, .began_ns = now_ns };
	return oldest;
}

void
failures_note(struct failures *failures, const char *peer, int64_t now_ns)
{
	struct failing *failing = find(failures, peer, now_ns);

	if (failing->count <= DBK_AUTH_FAILURES_MAX)
		failing->count++;
}

bool
failures_are_too_many(struct failures *failures, const char *peer, int64_t now_ns)
{
	return find(failures, peer, now_ns)->count > DBK_AUTH_FAILURES_MAX;
}

bool
failures_tell(struct failures *failures, const char *peer, int64_t now_ns)
{
	struct failing *failing = find(failures, peer, now_ns);
	bool told = failing->told;

	failing->told = true;
	return !told;
}
