#include "views/movement.h"

const char *
dbk_movement_name(enum dbk_movement kind)
{
	switch (kind) {
	case DBK_MOVE_RECEIVED:
		return "received";
	case DBK_MOVE_SHIPPED:
		return "shipped";
	case DBK_MOVE_SOLD:
		return "sold";
	case DBK_MOVE_PASSED_DOWN:
		return "passed_down";
	case DBK_MOVE_SELF_USED:
		return "self_used";
	case DBK_MOVE_SAMPLED:
		return "sampled";
	case DBK_MOVE_LOST:
		return "lost";
	case DBK_MOVE_RETURNED:
		return "returned";
	case DBK_MOVE_TAKEN_BACK:
		return "taken_back";
	case DBK_MOVE_UNSHIPPED:
		return "unshipped";
	case DBK_MOVE_COUNTED:
		return "counted";
	case DBK_MOVE_RELOCATED:
		return "relocated";
	case DBK_MOVE_NONE:
	case DBK_MOVE_KINDS:
		break;
	}
	return "?";
}
