#include "channel_private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "endpoint.h"

#define NS_PER_MS 1000000

int64_t
channel_instant(int64_t timeout_ns)
{
	int64_t instant;

	if (timeout_ns < 0 || __builtin_add_overflow(clock_ns(), timeout_ns, &instant))
		return CHANNEL_NO_TIMEOUT;
	return instant;
}

bool
channel_is_past(int64_t instant_ns)
{
	return instant_ns >= 0 && clock_ns() >= instant_ns;
}

void
channel_lose(struct channel *channel, const char *why)
{
	struct dbk_h2client *client = channel->client;

	if (client == NULL)
		return;
	if (channel->lost.code == DBK_OK)
		(void)dbk_error_set(&channel->lost, DBK_FAILED_NETWORK,
				    "connection to the server was lost: %s", why);
	channel->client = NULL;
	dbk_h2client_close(client);
}

/* Nothing can be written any more; what the server said last may tell why. */
static void
lose_writing(struct channel *channel)
{
	int reason = errno;

	channel_read(channel);
	channel_lose(channel, strerror(reason));
}

/* How much of BYTES the socket takes; 0: none now, or the connection is lost. */
static size_t
send_some(struct channel *channel, const unsigned char *bytes, size_t size)
{
	for (;;) {
		ssize_t sent = send(channel->fd, bytes, size, MSG_NOSIGNAL);

		if (sent >= 0)
			return (size_t)sent;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			lose_writing(channel);
		return 0;
	}
}

/* What is encrypted goes out; false if not everything did. */
static bool
send_encrypted(struct channel *channel)
{
	const unsigned char *bytes;
	size_t size, sent;

	while ((size = dbk_tls_output(channel->tls, &bytes)) > 0) {
		sent = send_some(channel, bytes, size);
		if (sent == 0)
			return false;
		dbk_tls_output_done(channel->tls, sent);
	}
	return true;
}

/* More is encrypted only when what was is gone, so that nothing piles up. */
static void
write_encrypted(struct channel *channel)
{
	const unsigned char *bytes;
	size_t size;

	while (send_encrypted(channel) && channel->client != NULL &&
	       (size = dbk_h2client_output(channel->client, &bytes)) > 0) {
		if (dbk_tls_write(channel->tls, bytes, size) != DBK_OK) {
			channel_lose(channel, "TLS");
			return;
		}
		dbk_h2client_output_done(channel->client, size);
	}
}

void
channel_write(struct channel *channel)
{
	const unsigned char *bytes;
	size_t size, sent;

	if (channel->client != NULL && channel->tls != NULL) {
		write_encrypted(channel);
		return;
	}
	while (channel->client != NULL &&
	       (size = dbk_h2client_output(channel->client, &bytes)) > 0) {
		sent = send_some(channel, bytes, size);
		if (sent == 0)
			return;
		dbk_h2client_output_done(channel->client, sent);
	}
}

bool
channel_has_output(struct channel *channel)
{
	const unsigned char *bytes;

	return (channel->tls != NULL && dbk_tls_output(channel->tls, &bytes) > 0) ||
	       dbk_h2client_has_output(channel->client);
}

/* SIZE bytes of INPUT came. */
static void
take_input(struct channel *channel, size_t size)
{
	const unsigned char *bytes = channel->input;
	struct dbk_error error = { DBK_OK, "" };
	enum dbk_err err = DBK_OK;

	channel->heard = true;
	if (channel->tls != NULL) {
		dbk_buf_reset(&channel->plain);
		err = dbk_tls_feed(channel->tls, bytes, size, &channel->plain, &error);
		bytes = channel->plain.bytes;
		size = channel->plain.size;
	}
	if (size > 0 && dbk_h2client_feed(channel->client, bytes, size) != DBK_OK)
		channel_lose(channel, "the server does not speak HTTP/2; does it want "
				      "tls:HOST:PORT?");
	else if (err != DBK_OK)
		channel_lose(channel, error.text);
	else if (channel->tls != NULL && dbk_tls_is_closed(channel->tls))
		channel_lose(channel, "closed by the server");
}

void
channel_read(struct channel *channel)
{
	while (channel->client != NULL) {
		ssize_t size =
		    recv(channel->fd, channel->input, sizeof channel->input, 0);

		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (size < 0)
			channel_lose(channel, strerror(errno));
		else if (size == 0)
			channel_lose(channel,
				     channel->heard
					 ? "closed by the server"
					 : "closed by the server before it said "
					   "anything; does it want tls:HOST:PORT?");
		else
			take_input(channel, (size_t)size);
		if (size < (ssize_t)sizeof channel->input)
			return;
	}
}

int
channel_poll_ms(int64_t until_ns)
{
	int64_t left;

	if (until_ns < 0)
		return -1;
	left = until_ns - clock_ns();
	if (left <= 0)
		return 0;
	left = left / NS_PER_MS + 1;
	return left > INT32_MAX ? INT32_MAX : (int)left;
}

/* One round of the handshake, at most until UNTIL_NS. */
static enum dbk_err
shake(struct channel *channel, int64_t until_ns, struct dbk_error *error)
{
	struct pollfd ready = { channel->fd, POLLIN, 0 };
	const unsigned char *bytes;
	enum dbk_err err;
	ssize_t size;

	if (!send_encrypted(channel) && dbk_tls_output(channel->tls, &bytes) > 0)
		ready.events |= POLLOUT;
	if (poll(&ready, 1, channel_poll_ms(until_ns)) < 0 && errno != EINTR)
		return dbk_error_set(error, DBK_FAILED_NETWORK, "%s", strerror(errno));
	if (channel_is_past(until_ns))
		return dbk_error_set(error, DBK_FAILED_TIMEOUT, "no answer in time");
	size = recv(channel->fd, channel->input, sizeof channel->input, 0);
	if (size == 0)
		return dbk_error_set(error, DBK_FAILED_NETWORK,
				     "the server hung up; does it speak TLS there?");
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return DBK_OK;
	if (size < 0)
		return dbk_error_set(error, DBK_FAILED_NETWORK, "%s", strerror(errno));
	err = dbk_tls_feed(channel->tls, channel->input, (size_t)size, &channel->plain,
			   error);
	/* What is said last may be why. */
	(void)send_encrypted(channel);
	return err == DBK_FAILED_INPUT ? (enum dbk_err)DBK_FAILED_NETWORK : err;
}

static enum dbk_err
open_tls(const struct channel_options *options, const char *host, struct dbk_tls **out,
	 struct dbk_error *error)
{
	struct dbk_tls_client_options files = { options->ca, options->crl,
						options->certificate,
						options->certificate_key };
	struct dbk_tls_context *context;
	enum dbk_err err = dbk_tls_client_open(&files, &context, error);

	if (err != DBK_OK)
		return err;
	err = dbk_tls_open(context, host, out, error);
	dbk_tls_context_close(context);
	return err;
}

/* Agree with the server who it is.  What it says of us may come later. */
static enum dbk_err
shake_hands(struct channel *channel, const char *address, struct dbk_error *error)
{
	int64_t until_ns = channel_instant(channel->options.connect_timeout_ns);
	enum dbk_err err = DBK_OK;

	while (err == DBK_OK && !dbk_tls_is_ready(channel->tls))
		err = shake(channel, until_ns, error);
	if (err == DBK_OK)
		return DBK_OK;
	error->code = err;
	dbk_error_prepend(error, "cannot connect to %s", address);
	return err;
}

enum dbk_err
channel_open_way(struct channel *channel, const char *address,
		 const struct channel_options *options, struct dbk_error *error)
{
	char host[ENDPOINT_HOST_BYTES];
	bool secure = endpoint_wants_tls(address, host);
	enum dbk_err err = DBK_OK;

	if (secure)
		err = open_tls(options, host, &channel->tls, error);
	if (err == DBK_OK)
		err = endpoint_connect(address, options->connect_timeout_ns,
				       &channel->fd, error);
	if (err == DBK_OK && secure)
		err = shake_hands(channel, address, error);
	return err;
}

void
channel_close_way(struct channel *channel)
{
	if (channel->tls != NULL) {
		dbk_tls_shutdown(channel->tls);
		if (channel->fd >= 0)
			(void)send_encrypted(channel);
	}
	dbk_tls_close(channel->tls);
	dbk_buf_fini(&channel->plain);
	if (channel->fd >= 0)
		(void)close(channel->fd);
}
