#include "rpc/flood.h"

#include <daybook/limits.h>

#define TICKS_TO_FULL 10

void
dbk_flood_init(struct dbk_flood *flood)
{
	flood->control_left = DBK_RPC_CONTROL_FRAMES_MAX;
	flood->resets_left = DBK_RPC_RESETS_MAX;
}

static bool
spend(unsigned *left)
{
	if (*left == 0)
		return false;
	(*left)--;
	return true;
}

bool
dbk_flood_count_control(struct dbk_flood *flood)
{
	return spend(&flood->control_left);
}

bool
dbk_flood_count_reset(struct dbk_flood *flood)
{
	return spend(&flood->resets_left);
}

static void
earn(unsigned *left, unsigned count, unsigned max)
{
	*left = *left + count > max ? max : *left + count;
}

void
dbk_flood_earn_control(struct dbk_flood *flood)
{
	earn(&flood->control_left, 1, DBK_RPC_CONTROL_FRAMES_MAX);
}

void
dbk_flood_earn_reset(struct dbk_flood *flood)
{
	earn(&flood->resets_left, 1, DBK_RPC_RESETS_MAX);
}

void
dbk_flood_tick(struct dbk_flood *flood)
{
	earn(&flood->control_left, DBK_RPC_CONTROL_FRAMES_MAX / TICKS_TO_FULL,
	     DBK_RPC_CONTROL_FRAMES_MAX);
	earn(&flood->resets_left, DBK_RPC_RESETS_MAX / TICKS_TO_FULL,
	     DBK_RPC_RESETS_MAX);
}
