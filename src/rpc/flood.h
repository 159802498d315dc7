#ifndef DBK_RPC_FLOOD_H
#define DBK_RPC_FLOOD_H

/*
 * flood.h -- allowances against clients that make work without doing any: frames that
 * carry nothing, and calls that are reset as soon as they are opened ("rapid reset").
 *
 * Without a clock here, an allowance is earned back by honest traffic and by ticks of
 * the owner.
 */

#include <stdbool.h>

struct dbk_flood {
	unsigned control_left;
	unsigned resets_left;
};

/* Full allowances: DBK_RPC_CONTROL_FRAMES_MAX and DBK_RPC_RESETS_MAX. */
void dbk_flood_init(struct dbk_flood *flood);

/* A frame that carries nothing, a reset call.  False: the allowance is used up. */
bool dbk_flood_count_control(struct dbk_flood *flood);
bool dbk_flood_count_reset(struct dbk_flood *flood);

/* A message in either direction pays for one frame, a call to its end for one reset. */
void dbk_flood_earn_control(struct dbk_flood *flood);
void dbk_flood_earn_reset(struct dbk_flood *flood);

/* A tenth of both. */
void dbk_flood_tick(struct dbk_flood *flood);

#endif
