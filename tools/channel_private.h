#ifndef TOOLS_CHANNEL_PRIVATE_H
#define TOOLS_CHANNEL_PRIVATE_H

/*
 * channel_private.h -- what channel.c (calls) and channel_wire.c (bytes between session
 * and socket, in TLS or not) share.
 */

#include "channel.h"
#include "rpc/h2client.h"
#include "rpc/tls.h"

#define CHANNEL_READ_BYTES ((size_t)256 * 1024)

struct channel {
	int fd;
	struct dbk_h2client *client; /* NULL once the connection is lost */
	struct channel_options options;
	char *authorization;  /* "Bearer TOKEN", or NULL */
	struct dbk_tls *tls;  /* NULL: in cleartext */
	bool heard;	      /* the server has said something */
	struct dbk_buf plain; /* what TLS opened */
	struct dbk_error lost;
	unsigned char input[CHANNEL_READ_BYTES];
};

/* The instant TIMEOUT_NS from now; CHANNEL_NO_TIMEOUT stays. */
int64_t channel_instant(int64_t timeout_ns);
bool channel_is_past(int64_t instant_ns);

/* What poll() waits until UNTIL_NS. */
int channel_poll_ms(int64_t until_ns);

/* A socket at ADDRESS, and TLS over it where that is spoken. */
DBK_MUST_CHECK enum dbk_err channel_open_way(struct channel *channel,
					     const char *address,
					     const struct channel_options *options,
					     struct dbk_error *error);

/* Say goodbye in TLS, and close the socket. */
void channel_close_way(struct channel *channel);

/* End every call and remember why. */
void channel_lose(struct channel *channel, const char *why);

/* Write as much as the socket takes. */
void channel_write(struct channel *channel);
bool channel_has_output(struct channel *channel);

/* Read what is there. */
void channel_read(struct channel *channel);

#endif
