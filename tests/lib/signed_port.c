#include "signed_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "log/log_reader.h"
#include "proof/hashes.h"
#include "tlog/checkpoint.h"

#define ORIGIN "daybook/test"
#define SIGNED_AT_US 1800000000000000

/* What holds of a port is found by its service port's context, which is another's. */
static struct signed_port *the_port;

static bool
published(void *context, struct dbk_published *out, struct dbk_buf *note)
{
	const struct signed_port *port = the_port;

	(void)context;
	if (!port->has_published)
		return false;
	*out = port->published;
	if (note != NULL) {
		dbk_buf_reset(note);
		dbk_buf_put(note, port->note.bytes, port->note.size);
	}
	return true;
}

static bool
wait_published(void *context, uint64_t size, int64_t deadline_ns)
{
	struct signed_port *port = the_port;

	(void)context;
	(void)deadline_ns;
	port->waited++;
	port->waited_for = size;
	if (!port->lags)
		signed_port_sign(port);
	return port->has_published && port->published.size >= size;
}

static struct dbk_hashes *
hashes(void *context)
{
	(void)context;
	return the_port->hashes;
}

void
signed_port_open(struct signed_port *port, struct dbk_log *log,
		 struct dbk_service_port *service_port)
{
	unsigned char public[DBK_SIGN_PUBLIC_BYTES];
	struct dbk_error error = { 0 };

	memset(port, 0, sizeof *port);
	the_port = port;
	tmpdir_make(port->dir);
	port->log = log;
	memset(port->seed, 5, sizeof port->seed);
	dbk_sign_public(port->seed, public);
	if (!dbk_note_key_make(dbk_str_of(ORIGIN), DBK_NOTE_ED25519, public,
			       &port->key))
		abort();
	dbk_note_key_put(&port->key, &port->vkey);
	dbk_buf_put_u8(&port->vkey, '\0');
	check_must(dbk_hashes_open(port->dir, 0, false, &port->hashes, &error), &error,
		   "hashes");
	service_port->published = published;
	service_port->wait_published = wait_published;
	service_port->hashes = hashes;
	service_port->verifier_key = (const char *)port->vkey.bytes;
}

void
signed_port_close(struct signed_port *port)
{
	dbk_hashes_close(port->hashes);
	dbk_buf_fini(&port->vkey);
	dbk_buf_fini(&port->note);
	tmpdir_remove(port->dir);
	the_port = NULL;
}

static void
hash_rest(struct signed_port *port)
{
	struct dbk_log_reader *reader;
	struct dbk_error error = { 0 };
	struct dbk_str record;

	check_must(dbk_log_reader_open(port->log, &reader, &error), &error, "reader");
	for (uint64_t at = dbk_hashes_size(port->hashes); at < dbk_log_size(port->log);
	     at++) {
		struct dbk_tree_hash leaf;

		check_must(dbk_log_reader_find(reader, at, &record, &error), &error,
			   "find");
		leaf = dbk_tree_leaf(record);
		check_must(dbk_hashes_add(port->hashes, &leaf, 1, &error), &error,
			   "add");
	}
	check_must(dbk_hashes_flush(port->hashes, &error), &error, "flush");
	dbk_log_reader_close(reader);
}

void
signed_port_sign(struct signed_port *port)
{
	struct dbk_buf text;

	hash_rest(port);
	dbk_buf_init(&text);
	dbk_buf_reset(&port->note);
	port->published = (struct dbk_published){ .size = dbk_log_size(port->log),
						  .root = dbk_hashes_root(port->hashes),
						  .signed_at_us = SIGNED_AT_US };
	dbk_checkpoint_put(dbk_str_of(ORIGIN), port->published.size,
			   &port->published.root, &text);
	dbk_note_sign(dbk_str_make(text.bytes, text.size), &port->key, port->seed,
		      &port->note);
	dbk_buf_fini(&text);
	port->has_published = true;
}
