#include "views/gate.h"

#include <string.h>

#include "base/assert.h"

enum dbk_err
dbk_gate_init(struct dbk_gate *gate)
{
	memset(gate, 0, sizeof *gate);
	if (pthread_mutex_init(&gate->mutex, NULL) != 0)
		return DBK_FAILED_MEMORY;
	if (pthread_cond_init(&gate->readers_turn, NULL) != 0)
		goto destroy_mutex;
	if (pthread_cond_init(&gate->writer_turn, NULL) != 0)
		goto destroy_readers_turn;
	return DBK_OK;

destroy_readers_turn:
	(void)pthread_cond_destroy(&gate->readers_turn);
destroy_mutex:
	(void)pthread_mutex_destroy(&gate->mutex);
	return DBK_FAILED_MEMORY;
}

void
dbk_gate_fini(struct dbk_gate *gate)
{
	(void)pthread_cond_destroy(&gate->writer_turn);
	(void)pthread_cond_destroy(&gate->readers_turn);
	(void)pthread_mutex_destroy(&gate->mutex);
}

static void
lock(struct dbk_gate *gate)
{
	dbk_assert(pthread_mutex_lock(&gate->mutex) == 0);
}

static void
unlock(struct dbk_gate *gate)
{
	dbk_assert(pthread_mutex_unlock(&gate->mutex) == 0);
}

void
dbk_gate_read_enter(struct dbk_gate *gate)
{
	lock(gate);
	if (gate->writing || gate->writer_waits) {
		uint64_t turn = gate->turn;

		/* The writer that leaves counts those who wait as inside. */
		gate->waiting++;
		while (gate->turn == turn)
			(void)pthread_cond_wait(&gate->readers_turn, &gate->mutex);
	} else {
		gate->reading++;
	}
	unlock(gate);
}

void
dbk_gate_read_leave(struct dbk_gate *gate)
{
	lock(gate);
	dbk_assert(gate->reading > 0);
	gate->reading--;
	if (gate->reading == 0 && gate->writer_waits)
		(void)pthread_cond_signal(&gate->writer_turn);
	unlock(gate);
}

void
dbk_gate_write_enter(struct dbk_gate *gate)
{
	lock(gate);
	dbk_assert(!gate->writing && !gate->writer_waits);
	gate->writer_waits = true;
	while (gate->reading > 0)
		(void)pthread_cond_wait(&gate->writer_turn, &gate->mutex);
	gate->writer_waits = false;
	gate->writing = true;
	unlock(gate);
}

void
dbk_gate_write_leave(struct dbk_gate *gate)
{
	lock(gate);
	dbk_assert(gate->writing);
	gate->writing = false;
	gate->turn++;
	gate->reading += gate->waiting;
	gate->waiting = 0;
	(void)pthread_cond_broadcast(&gate->readers_turn);
	unlock(gate);
}
