#include "proof/notary.h"

enum dbk_err
dbk_notary_open(const struct dbk_notary_options *options, struct dbk_notary **out,
		struct dbk_error *error)
{
	(void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "%s: nothing is signed",
			     options->dir);
}

void
dbk_notary_close(struct dbk_notary *notary)
{
	(void)notary;
}

enum dbk_err
dbk_notary_follow(struct dbk_notary *notary, unsigned max, bool *out_at_head,
		  struct dbk_error *error)
{
	(void)notary;
	(void)max;
	(void)out_at_head;
	return dbk_error_set(error, DBK_FAILED_STATE, "nothing is signed");
}

uint64_t
dbk_notary_size(const struct dbk_notary *notary)
{
	(void)notary;
	return 0;
}

uint64_t
dbk_notary_signed_size(const struct dbk_notary *notary)
{
	(void)notary;
	return 0;
}

enum dbk_err
dbk_notary_sign(struct dbk_notary *notary, struct dbk_buf *note,
		struct dbk_error *error)
{
	(void)notary;
	(void)note;
	return dbk_error_set(error, DBK_FAILED_STATE, "nothing is signed");
}

enum dbk_err
dbk_notary_publish(struct dbk_notary *notary, struct dbk_str note, int64_t now_us,
		   struct dbk_error *error)
{
	(void)notary;
	(void)note;
	(void)now_us;
	return dbk_error_set(error, DBK_FAILED_STATE, "nothing is signed");
}

bool
dbk_notary_published(struct dbk_notary *notary, struct dbk_published *out,
		     struct dbk_buf *note)
{
	(void)notary;
	(void)out;
	(void)note;
	return false;
}

struct dbk_hashes *
dbk_notary_hashes(struct dbk_notary *notary)
{
	(void)notary;
	return NULL;
}
