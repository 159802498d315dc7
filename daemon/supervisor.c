#include "supervisor.h"

enum dbk_err
dbk_supervisor_sockets(struct dbk_handed *out, unsigned *out_count,
		       struct dbk_error *error)
{
	(void)out, (void)error;
	*out_count = 0;
	return DBK_OK;
}

void
dbk_supervisor_status(const char *text)
{
	(void)text;
}

void
dbk_supervisor_ready(void)
{
}

void
dbk_supervisor_reloading(void)
{
}

void
dbk_supervisor_stopping(void)
{
}

uint64_t
dbk_supervisor_watchdog_us(void)
{
	return 0;
}

void
dbk_supervisor_alive(void)
{
}
