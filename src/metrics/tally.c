#include "metrics/tally.h"

#include <string.h>

void
dbk_tally_init(struct dbk_tally *tally)
{
	dbk_series_init(&tally->amounts);
	dbk_series_init(&tally->facts);
	memset(&tally->evidence, 0, sizeof tally->evidence);
}

void
dbk_tally_fini(struct dbk_tally *tally)
{
	dbk_series_fini(&tally->amounts);
	dbk_series_fini(&tally->facts);
}

enum dbk_err
dbk_tally_add(struct dbk_tally *tally, int32_t day, int64_t amount, uint64_t position)
{
	enum dbk_err err = dbk_series_add(&tally->amounts, day, amount);

	if (err == DBK_OK)
		err = dbk_series_add(&tally->facts, day, 1);
	if (err == DBK_OK)
		dbk_evidence_add(&tally->evidence, position, day);
	return err;
}

int64_t
dbk_tally_sum(const struct dbk_tally *tally, int32_t from, int32_t to)
{
	return dbk_series_sum(&tally->amounts, from, to);
}

uint64_t
dbk_tally_facts(const struct dbk_tally *tally, int32_t from, int32_t to)
{
	return (uint64_t)dbk_series_sum(&tally->facts, from, to);
}
