#include "notary.h"

#include <string.h>

enum dbk_err
notary_open(const struct notary_options *options, struct notary **out,
	    struct dbk_error *error)
{
	(void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "%s: nothing is signed",
			     options->dir);
}

enum dbk_err
notary_start(struct notary *notary, struct dbk_error *error)
{
	(void)notary;
	return dbk_error_set(error, DBK_FAILED_STATE, "nothing is signed");
}

void
notary_stop(struct notary *notary)
{
	(void)notary;
}

void
notary_grown(struct notary *notary, uint64_t size)
{
	(void)notary;
	(void)size;
}

bool
notary_published(struct notary *notary, struct dbk_published *out, struct dbk_buf *note)
{
	(void)notary;
	(void)out;
	(void)note;
	return false;
}

struct dbk_hashes *
notary_hashes(struct notary *notary)
{
	(void)notary;
	return NULL;
}

bool
notary_wait_published(struct notary *notary, uint64_t size, int64_t deadline_ns)
{
	(void)notary;
	(void)size;
	(void)deadline_ns;
	return false;
}

void
notary_status(struct notary *notary, struct notary_status *out)
{
	(void)notary;
	memset(out, 0, sizeof *out);
}

bool
notary_is_stale(struct notary *notary)
{
	(void)notary;
	return false;
}
