#ifndef DBK_VIEWS_GATE_H
#define DBK_VIEWS_GATE_H

/*
 * gate.h -- many readers or one writer, in turns.
 *
 * A writer that waits keeps new readers out; a writer that leaves lets in all readers
 * that wait by then, before it can come back.  So neither side starves: a reader waits
 * for at most one turn of the writer, the writer for the readers of one turn.  (The
 * kinds of pthread_rwlock_t that glibc has each starve one side.)
 *
 * A thread enters once at a time.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

struct dbk_gate {
	pthread_mutex_t mutex;
	pthread_cond_t readers_turn;
	pthread_cond_t writer_turn;
	uint64_t turn;	  /* of the writer; rises when it leaves */
	uint32_t reading; /* inside */
	uint32_t waiting; /* readers at the door */
	bool writing;
	bool writer_waits;
};

DBK_MUST_CHECK enum dbk_err dbk_gate_init(struct dbk_gate *gate);
void dbk_gate_fini(struct dbk_gate *gate);

void dbk_gate_read_enter(struct dbk_gate *gate);
void dbk_gate_read_leave(struct dbk_gate *gate);

/* One writer thread only. */
void dbk_gate_write_enter(struct dbk_gate *gate);
void dbk_gate_write_leave(struct dbk_gate *gate);

#endif
