#ifndef DAYBOOKD_FAILURES_H
#define DAYBOOKD_FAILURES_H

/*
 * failures.h -- failed tokens of an address within a minute, so that nobody guesses on
 * and on.
 *
 * A table of fixed size: addresses that nobody has failed from for a while make room,
 * and where very many fail at once the one that began first is forgotten.
 *
 * Thread: loop.
 */

#include <stdbool.h>
#include <stdint.h>

struct failures;

struct failures *failures_make(void);
void failures_free(struct failures *failures);

/* PEER as struct conn has it: "192.0.2.7:4711", "[2001:db8::7]:4711", "unix".  One
 * address is one IPv4 address, one /64 of IPv6, or all Unix sockets. */

/* A token of PEER has failed at NOW_NS. */
void failures_note(struct failures *failures, const char *peer, int64_t now_ns);

/* Have more than DBK_AUTH_FAILURES_MAX within the minute that began with the first? */
bool failures_are_too_many(struct failures *failures, const char *peer, int64_t now_ns);

/* True once in a minute for each address: what would fill a record is told once. */
bool failures_tell(struct failures *failures, const char *peer, int64_t now_ns);

#endif
