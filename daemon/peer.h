#ifndef DAYBOOKD_PEER_H
#define DAYBOOKD_PEER_H

/*
 * peer.h -- where a connection comes from: its address, its user, how many like it
 * there are.
 *
 * Thread: loop.
 */

#include <stdbool.h>
#include <sys/socket.h>

/* An address of IPv6; one of IPv4 as ::ffff:a.b.c.d. */
struct peer_address {
	unsigned char bytes[16];
};

void peer_address_of(const struct sockaddr_storage *address, struct peer_address *out);

/* 127.0.0.0/8 and ::1. */
bool peer_is_loopback(const struct peer_address *address);

/* Whoever has one address of these has the other: the same, or of one /64 of IPv6. */
bool peer_is_same(const struct peer_address *a, const struct peer_address *b);

struct conn;

/* Fill in what struct conn says of the other end of its socket, but for the
 * certificate. */
void peer_note(struct conn *conn);

/* There are not too many of the same address already. */
bool peer_has_room(const struct conn *conn);

#endif
