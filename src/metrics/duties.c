#include "metrics/duties.h"

#include <stdlib.h>
#include <string.h>

#include "metrics/column.h"
#include "metrics/holdings.h"
#include "metrics/reading.h"
#include "metrics/sample.h"
#include "metrics/study_private.h"
#include "metrics/tally.h"

#define AGENTS_MAX (UINT32_C(1) << 27)
#define SETTLED_MAX (UINT32_C(1) << 27)
#define ASKED_MAX (UINT32_C(1) << 27)
#define DAYS 367 /* of a request, 0 to 366; later ones are asked about by nobody */
#define BUYBACK_WAIT 30

/* Requests by how many days after payment they came. */
struct requests {
	struct dbk_tally *of_days[DAYS];
};

struct settled {
	uint64_t position;
	int32_t day;
	uint32_t agent;
	uint32_t ppm; /* of the price paid */
};

/* A request for a buy-back, by its dense id. */
struct asked {
	uint64_t after; /* one more than the position, 0: asks for nothing here */
	int64_t open;	/* units not settled so far */
	int32_t day, settled_day; /* the latter of the last settlement */
};

struct left {
	uint64_t after; /* one more than the position, 0: has not left */
	int32_t day;
	bool was_settled; /* within BUYBACK_WAIT days */
};

struct dbk_duties {
	struct dbk_study *study;
	struct dbk_tally units_asked, units_settled;
	struct dbk_tally payouts_denied, payouts_unexplained;
	struct requests refunds_asked, refunds_denied;
	struct dbk_column settled, left, asked; /* the second by agent */
};

enum dbk_err
dbk_duties_open(struct dbk_study *study, struct dbk_duties **out)
{
	struct dbk_duties *duties = calloc(1, sizeof *duties);

	if (duties == NULL)
		return DBK_FAILED_MEMORY;
	duties->study = study;
	dbk_tally_init(&duties->units_asked);
	dbk_tally_init(&duties->units_settled);
	dbk_tally_init(&duties->payouts_denied);
	dbk_tally_init(&duties->payouts_unexplained);
	dbk_column_init(&duties->settled, sizeof(struct settled), SETTLED_MAX);
	dbk_column_init(&duties->left, sizeof(struct left), AGENTS_MAX);
	dbk_column_init(&duties->asked, sizeof(struct asked), ASKED_MAX);
	*out = duties;
	return DBK_OK;
}

static void
free_requests(struct requests *requests)
{
	for (int i = 0; i < DAYS; i++) {
		if (requests->of_days[i] != NULL)
			dbk_tally_fini(requests->of_days[i]);
		free(requests->of_days[i]);
	}
}

void
dbk_duties_close(struct dbk_duties *duties)
{
	if (duties == NULL)
		return;
	dbk_tally_fini(&duties->units_asked);
	dbk_tally_fini(&duties->units_settled);
	dbk_tally_fini(&duties->payouts_denied);
	dbk_tally_fini(&duties->payouts_unexplained);
	free_requests(&duties->refunds_asked);
	free_requests(&duties->refunds_denied);
	dbk_column_fini(&duties->settled);
	dbk_column_fini(&duties->left);
	dbk_column_fini(&duties->asked);
	free(duties);
}

static enum dbk_err
add_request(struct requests *requests, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	int64_t days = fact->qty < 0 ? 0 : fact->qty;
	struct dbk_tally **tally;

	if (days >= DAYS)
		return DBK_OK;
	tally = &requests->of_days[days];
	if (*tally == NULL) {
		*tally = malloc(sizeof **tally);
		if (*tally == NULL)
			return DBK_FAILED_MEMORY;
		dbk_tally_init(*tally);
	}
	return dbk_tally_add(*tally, taken->day, 1, fact->position);
}

static enum dbk_err
add_asked(struct dbk_duties *duties, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err =
	    dbk_tally_add(&duties->units_asked, taken->day, fact->qty, fact->position);
	struct asked *asked;

	if (err != DBK_OK || fact->hash >= ASKED_MAX)
		return err == DBK_OK ? DBK_FAILED_MEMORY : err;
	err = dbk_column_reach(&duties->asked, (uint32_t)fact->hash);
	if (err != DBK_OK)
		return err;
	asked = dbk_column_row(&duties->asked, (uint32_t)fact->hash);
	*asked = (struct asked){ .after = fact->position + 1,
				 .open = fact->qty,
				 .day = taken->day,
				 .settled_day = INT32_MIN };
	return DBK_OK;
}

/* What was asked for in the part is settled by whatever settles it. */
static void
settle(struct dbk_duties *duties, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	struct asked *asked;

	if (fact->kind != DBK_FACT_BUYBACK_SETTLED || !taken->before_end ||
	    fact->hash == 0 || fact->hash >= duties->asked.count)
		return;
	asked = dbk_column_row(&duties->asked, (uint32_t)fact->hash);
	asked->open -= fact->qty;
	if (taken->day > asked->settled_day)
		asked->settled_day = taken->day;
}

static enum dbk_err
add_settled(struct dbk_duties *duties, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	uint32_t number = duties->settled.count;
	enum dbk_err err = dbk_column_reach(&duties->settled, number);
	struct settled *settled;

	if (err != DBK_OK)
		return err;
	settled = dbk_column_row(&duties->settled, number);
	*settled = (struct settled){ .position = fact->position,
				     .day = taken->day,
				     .agent = fact->agent,
				     .ppm = fact->code };
	return dbk_tally_add(&duties->units_settled, taken->day, fact->qty,
			     fact->position);
}

static enum dbk_err
add_left(struct dbk_duties *duties, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err = dbk_column_reach(&duties->left, fact->agent);
	struct left *left;

	if (err != DBK_OK)
		return err;
	left = dbk_column_row(&duties->left, fact->agent);
	*left = (struct left){ .after = fact->position + 1, .day = taken->day };
	return DBK_OK;
}

static enum dbk_err
add_denied_payout(struct dbk_duties *duties, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err =
	    dbk_tally_add(&duties->payouts_denied, taken->day, 1, fact->position);

	if (err == DBK_OK && fact->code == 0)
		err = dbk_tally_add(&duties->payouts_unexplained, taken->day, 1,
				    fact->position);
	return err;
}

enum dbk_err
dbk_duties_add(struct dbk_duties *duties, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;

	settle(duties, taken);
	if (!taken->counts)
		return DBK_OK;
	switch (fact->kind) {
	case DBK_FACT_LEFT:
		return add_left(duties, taken);
	case DBK_FACT_BUYBACK_ASKED:
		return add_asked(duties, taken);
	case DBK_FACT_BUYBACK_SETTLED:
		return add_settled(duties, taken);
	case DBK_FACT_REFUND_ASKED:
		return add_request(&duties->refunds_asked, taken);
	case DBK_FACT_REFUND_DENIED:
		return add_request(&duties->refunds_denied, taken);
	case DBK_FACT_PAYOUT_DENIED:
		return add_denied_payout(duties, taken);
	default:
		return DBK_OK;
	}
}

enum dbk_err
dbk_duties_end(struct dbk_duties *duties)
{
	const struct settled *settled;
	struct left *left;
	int64_t since;

	for (uint32_t i = 0; i < duties->settled.count; i++) {
		settled = dbk_column_row(&duties->settled, i);
		if (settled->agent >= duties->left.count)
			continue;
		left = dbk_column_row(&duties->left, settled->agent);
		since = (int64_t)settled->day - left->day;
		if (left->after != 0 && since >= 0 && since <= BUYBACK_WAIT)
			left->was_settled = true;
	}
	return DBK_OK;
}

/* What PART counts of what WHOLE counts. */
static void
share_of(const struct dbk_tally *part, const struct dbk_tally *whole,
	 const struct dbk_metric_question *question, struct dbk_value *out)
{
	int32_t from = question->from_day, to = question->to_day;
	int64_t numerator = dbk_tally_sum(part, from, to);
	int64_t denominator = dbk_tally_sum(whole, from, to);

	dbk_reading_strict(out, numerator, denominator);
	dbk_reading_lenient(out, numerator, denominator);
	out->population = dbk_tally_facts(whole, from, to);
	dbk_evidence_list(&part->evidence, from, to, &out->evidence);
}

static void
measure_honoured(const struct dbk_study *study,
		 const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_duties *duties = study->duties;

	share_of(&duties->units_settled, &duties->units_asked, question, out);
}

/* Whether goods stayed with one who left, though there was time to take them. */
static bool
is_stranded(const struct dbk_study *study, uint32_t agent, const struct left *left)
{
	return !left->was_settled &&
	       (int64_t)left->day + BUYBACK_WAIT < dbk_study_cut(study) &&
	       dbk_holdings_on_hand(study->holdings, agent) > 0;
}

static uint64_t
count_low(const struct dbk_duties *duties, const struct dbk_metric_question *question,
	  struct dbk_value *out)
{
	const struct settled *settled;
	uint64_t low = 0;

	for (uint32_t i = 0; i < duties->settled.count; i++) {
		settled = dbk_column_row(&duties->settled, i);
		if (settled->day < question->from_day ||
		    settled->day >= question->to_day)
			continue;
		out->population++;
		if (settled->ppm >= question->parameters[0])
			continue;
		low++;
		dbk_sample_add(&out->evidence, settled->position);
	}
	return low;
}

static uint64_t
count_stranded(const struct dbk_study *study,
	       const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_column *column = &study->duties->left;
	const struct left *left;
	uint64_t stranded = 0;

	for (uint32_t i = 1; i < column->count; i++) {
		left = dbk_column_row(column, i);
		if (left->after == 0 || left->day < question->from_day ||
		    left->day >= question->to_day || !is_stranded(study, i, left))
			continue;
		stranded++;
		dbk_sample_add(&out->evidence, left->after - 1);
	}
	out->population += stranded;
	return stranded;
}

static void
measure_low(const struct dbk_study *study, const struct dbk_metric_question *question,
	    struct dbk_value *out)
{
	uint64_t low = count_low(study->duties, question, out);

	low += count_stranded(study, question, out);
	dbk_reading_strict(out, low, out->population);
	dbk_reading_lenient(out, low, out->population);
}

/* Whether ASKED took longer than DAYS, or will, however it is settled. */
static bool
is_late(const struct asked *asked, int64_t days, int32_t cut)
{
	int64_t due = days > INT32_MAX ? INT64_MAX : (int64_t)asked->day + days;

	return due < (asked->open > 0 ? cut : asked->settled_day);
}

static void
measure_late(const struct dbk_study *study, const struct dbk_metric_question *question,
	     struct dbk_value *out)
{
	const struct dbk_column *column = &study->duties->asked;
	int32_t cut = dbk_study_cut(study);
	uint64_t late = 0, open = 0;
	const struct asked *asked;

	for (uint32_t i = 1; i < column->count; i++) {
		asked = dbk_column_row(column, i);
		if (asked->after == 0 || asked->day < question->from_day ||
		    asked->day >= question->to_day)
			continue;
		out->population++;
		if (!is_late(asked, question->parameters[0], cut))
			continue;
		late++;
		open += asked->open > 0;
		dbk_sample_add(&out->evidence, asked->after - 1);
	}
	dbk_reading_strict(out, late, out->population);
	dbk_reading_lenient(out, late - open, out->population);
}

/* Of requests of at most the days that are asked for; OUT may be NULL. */
static int64_t
count_requests(const struct requests *requests,
	       const struct dbk_metric_question *question,
	       struct dbk_evidence_list *out)
{
	int64_t count = 0;

	for (int i = 0; i < DAYS && i <= question->parameters[0]; i++) {
		if (requests->of_days[i] == NULL)
			continue;
		count += dbk_tally_sum(requests->of_days[i], question->from_day,
				       question->to_day);
		if (out != NULL)
			dbk_evidence_list(&requests->of_days[i]->evidence,
					  question->from_day, question->to_day, out);
	}
	return count;
}

static void
measure_early_returns(const struct dbk_study *study,
		      const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_duties *duties = study->duties;
	int64_t asked = count_requests(&duties->refunds_asked, question, NULL);
	int64_t denied =
	    count_requests(&duties->refunds_denied, question, &out->evidence);

	dbk_reading_strict(out, denied, asked);
	dbk_reading_lenient(out, denied, asked);
	out->population = (uint64_t)asked;
}

static void
measure_unexplained(const struct dbk_study *study,
		    const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_duties *duties = study->duties;

	share_of(&duties->payouts_unexplained, &duties->payouts_denied, question, out);
}

static void
measure_log_whole(const struct dbk_study *study,
		  const struct dbk_metric_question *question, struct dbk_value *out)
{
	(void)question;
	dbk_reading_plain(out, study->options.log_is_whole,
			  study->options.log_is_whole);
	out->population = study->extent.facts;
}

static void
measure_outside(const struct dbk_study *study,
		const struct dbk_metric_question *question, struct dbk_value *out)
{
	(void)study, (void)question;
	out->strict_state = out->lenient_state = DBK_VALUE_OUTSIDE;
}

const struct dbk_metric dbk_duties_metrics[] = {
	{ .name = "buyback_honoured",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Units bought back of those offered for it",
	  .zh = "回购申请的履行比例",
	  .measure = measure_honoured },
	{ .name = "buyback_low",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of buy-backs below the due price or not made",
	  .zh = "低于应付价格或未履行的回购占比",
	  .parameters = { { "ppm", 900000, false } },
	  .measure = measure_low },
	{ .name = "buyback_late",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of buy-backs settled late or still open",
	  .zh = "逾期办理或未办理的回购占比",
	  .parameters = { { "days", 7, false } },
	  .measure = measure_late },
	{ .name = "early_returns_denied",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of returns within the first days that were denied",
	  .zh = "期限内退货申请被拒占比",
	  .parameters = { { "days", 7, false } },
	  .measure = measure_early_returns },
	{ .name = "unexplained_denials",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of denied payouts without a reason",
	  .zh = "无理由拒付占拒付比例",
	  .measure = measure_unexplained },
	{ .name = "log_whole",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Whether the log is whole and unaltered",
	  .zh = "记录是否完整未改",
	  .measure = measure_log_whole },
	{ .name = "outside",
	  .unit = DBK_UNIT_COUNT,
	  .en = "Not in the records",
	  .zh = "记录之外的事项",
	  .measure = measure_outside },
	{ .name = NULL },
};
