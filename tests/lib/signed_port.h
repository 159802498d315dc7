#ifndef DAYBOOK_TESTS_SIGNED_PORT_H
#define DAYBOOK_TESTS_SIGNED_PORT_H

/*
 * signed_port.h -- checkpoints for a service under test: the tree over a log and a key,
 * without the daemon's seat and threads.
 *
 * Whatever goes wrong in setting up aborts.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "service/service.h"
#include "tlog/note.h"

#include "tmpdir.h"

struct signed_port {
	char dir[TMPDIR_BYTES];
	struct dbk_log *log;
	struct dbk_hashes *hashes;
	struct dbk_note_key key;
	unsigned char seed[DBK_SIGN_SEED_BYTES];
	struct dbk_buf vkey; /* with a terminator */
	struct dbk_buf note;
	struct dbk_published published;
	bool has_published;
	bool lags; /* nothing new is signed by waiting for it */
	unsigned waited;
	uint64_t waited_for;
};

/* Let SERVICE_PORT, of which LOG is the log, publish what is signed; nothing is yet. */
void signed_port_open(struct signed_port *port, struct dbk_log *log,
		      struct dbk_service_port *service_port);
void signed_port_close(struct signed_port *port);

/* Sign and publish the tree over everything that the log has. */
void signed_port_sign(struct signed_port *port);

#endif
