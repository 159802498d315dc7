#ifndef DAYBOOKD_PROJECTOR_PRIVATE_H
#define DAYBOOKD_PROJECTOR_PRIVATE_H

/* projector_private.h -- shared by projector.c and rebuild.c. */

#include <pthread.h>

#include "projector.h"

/* Groups that may wait for the view: enough for those of the time that a flush takes, or
 * the writer stands still meanwhile. */
#define BLOCKS 32
#define PATH_BYTES 4096

struct block {
	struct dbk_effects effects; /* first: a block is known by its effects */
	struct block *next;
};

struct projector {
	char dir[PATH_BYTES];	  /* of the view that answers */
	char next_dir[PATH_BYTES]; /* of the one being rebuilt */
	struct dbk_log *log;
	unsigned char key[DBK_HASH_KEY_BYTES];
	pthread_t thread;
	bool started;

	/* Under LOCK. */
	pthread_mutex_t lock;
	pthread_cond_t block_free;  /* writer waits */
	pthread_cond_t block_full;  /* worker waits */
	pthread_cond_t grown;	    /* readers and saver wait */
	pthread_cond_t let_go;	    /* rebuild waits for readers to release */
	struct block *free_blocks;
	struct block *first, *last; /* full ones */
	uint64_t size, durable_size;
	struct dbk_view *view;
	unsigned holders; /* of VIEW; the worker holds it while it applies */
	bool swapping;	  /* nobody may take hold now */
	bool closed;
	bool choked;
	char trouble[256];
	struct projector_rebuild rebuild;

	struct block blocks[BLOCKS];
};

/* How every view of this process is opened. */
struct dbk_view_options projector_view_options(const struct projector *projector);

/* Hold the view without waiting for a swap to end; see projector_hold(). */
struct dbk_view *projector_hold_locked(struct projector *projector);

#endif
