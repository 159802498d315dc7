#include "report/downline.h"

Daybook__Report__V1__Downline *
dbk_downline_make(struct dbk_maker *maker, const struct dbk_study *study)
{
	(void)study;
	return dbk_maker_message(maker, &daybook__report__v1__downline__descriptor);
}
