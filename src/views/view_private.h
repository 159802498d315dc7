#ifndef DBK_VIEWS_VIEW_PRIVATE_H
#define DBK_VIEWS_VIEW_PRIVATE_H

/*
 * view_private.h -- the view's inside, for the files of this folder.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "views/gate.h"
#include "views/heads.h"
#include "views/roster.h"
#include "views/shelf.h"
#include "views/stream.h"
#include "views/view.h"

struct dbk_view {
	struct dbk_shelf *shelf;

	/* Changed by the worker inside the gate, read inside the gate. */
	struct dbk_gate gate;
	struct dbk_heads heads;
	struct dbk_roster roster;
	struct dbk_stream stream;

	/* Changed by the worker, read by all. */
	_Atomic uint64_t size;
	_Atomic uint64_t durable_size;
	_Atomic uint64_t heads_size;
	_Atomic uint64_t
	    disk_bytes; /* when the heads were saved last, or at the start */

	/* The worker's own. */
	struct dbk_buf new_names; /* not yet on disk */
	struct dbk_buf note;	  /* scratch */
	uint32_t n_names;	  /* runs of names on disk */
	uint32_t disk_chunk;	  /* the newest chunk on disk, full or not; 0: none */
	uint64_t disk_end;	  /* where the history on disk ends */
	bool failed;		  /* an apply broke off: nothing follows */
};

#endif
