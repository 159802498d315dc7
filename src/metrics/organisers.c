#include "metrics/metric.h"
#include "metrics/people_private.h"
#include "metrics/reading.h"

/* Which persons are asked for; zeroed: all. */
struct wanted {
	uint32_t top; /* in the branch of this person */
	int64_t persons, levels, recruits;
	bool participants, marked, leaves;
	bool conditions; /* persons, levels and mark */
};

static const struct dbk_forest *
forest_of(const struct dbk_study *study, const struct dbk_metric_question *question)
{
	return dbk_people_forest_at(study->people, question->to_day);
}

static bool
meets(const struct dbk_forest_row *row, const struct wanted *wanted)
{
	return row->participants >= wanted->persons &&
	       dbk_forest_depth(row) >= wanted->levels &&
	       (!wanted->marked || row->is_marked);
}

static bool
is_below(const struct dbk_forest *forest, uint32_t top,
	 const struct dbk_forest_row *row)
{
	const struct dbk_forest_row *above;

	if (top == 0)
		return false;
	above = dbk_forest_row(forest, top);
	return dbk_forest_is_participant(row) &&
	       row->preorder - above->preorder < above->branch;
}

static bool
is_wanted(const struct dbk_forest *forest, const struct dbk_forest_row *row,
	  const struct wanted *wanted)
{
	if (is_below(forest, wanted->top, row))
		return true;
	if (wanted->top != 0 && !wanted->conditions)
		return false;
	if (wanted->conditions && !meets(row, wanted))
		return false;
	if (wanted->participants && !dbk_forest_is_participant(row))
		return false;
	return row->recruits >= wanted->recruits &&
	       (!wanted->leaves || row->recruits == 0);
}

/* The records by which their first accounts joined. */
static void
show(const struct dbk_people *people, const struct dbk_forest *forest,
     const struct wanted *wanted, struct dbk_value *out)
{
	struct dbk_evidence evidence = { .count = 0 };
	uint32_t agent;

	for (uint32_t i = 0; (agent = dbk_people_joined(people, i)) != 0; i++) {
		const struct dbk_account *account = dbk_people_account(people, agent);
		const struct dbk_forest_row *row;

		if (account->person == 0)
			continue;
		row = dbk_forest_row(forest, account->person);
		if (row->agent == agent && is_wanted(forest, row, wanted))
			dbk_evidence_add(&evidence, account->joined_position,
					 account->joined_day);
	}
	dbk_evidence_list(&evidence, INT32_MIN, INT32_MAX, &out->evidence);
}

/* How many there are, and the one with most persons, the first of them. */
static uint32_t
count(const struct dbk_forest *forest, const struct wanted *wanted,
      uint32_t *out_largest)
{
	uint32_t n = 0, most = 0;

	*out_largest = 0;
	for (uint32_t person = 1; person < forest->limit; person++) {
		const struct dbk_forest_row *row = dbk_forest_row(forest, person);

		if (row->agent == 0 || !is_wanted(forest, row, wanted))
			continue;
		n++;
		if (row->participants > most) {
			most = row->participants;
			*out_largest = person;
		}
	}
	return n;
}

/* ----------------------------------------------------------------------------- heads
 */

static void
measure_accounts(const struct dbk_study *study,
		 const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_forest *forest = forest_of(study, question);
	struct dbk_evidence evidence = { .count = 0 };
	uint32_t agent;

	dbk_reading_plain(out, forest->accounts, forest->accounts);
	out->population = forest->accounts;
	for (uint32_t i = 0; (agent = dbk_people_joined(study->people, i)) != 0; i++) {
		const struct dbk_account *account =
		    dbk_people_account(study->people, agent);

		if (account->person != 0 && account->joined_day < forest->cut)
			dbk_evidence_add(&evidence, account->joined_position,
					 account->joined_day);
	}
	dbk_evidence_list(&evidence, INT32_MIN, INT32_MAX, &out->evidence);
}

static void
measure_persons(const struct dbk_study *study,
		const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_forest *forest = forest_of(study, question);
	const struct wanted wanted = { .top = 0 };

	dbk_reading_plain(out, forest->persons, forest->persons);
	out->population = forest->persons;
	show(study->people, forest, &wanted, out);
}

static void
measure_participants(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_forest *forest = forest_of(study, question);
	const struct wanted wanted = { .participants = true };

	dbk_reading_plain(out, forest->participants, forest->participants);
	out->population = forest->persons;
	show(study->people, forest, &wanted, out);
}

/* -------------------------------------------------------------------------- branches
 */

static void
measure_organisers(const struct dbk_study *study,
		   const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_forest *forest = forest_of(study, question);
	struct wanted wanted = { .conditions = true,
				 .persons = question->parameters[0],
				 .levels = question->parameters[1],
				 .marked = question->parameters[2] != 0 };
	uint32_t largest, n = count(forest, &wanted, &largest);

	dbk_reading_plain(out, n, n);
	out->population = forest->participants;
	wanted.top = largest;
	if (n > 0)
		show(study->people, forest, &wanted, out);
}

static void
measure_largest_persons(const struct dbk_study *study,
			const struct dbk_metric_question *question,
			struct dbk_value *out)
{
	const struct dbk_forest *forest = forest_of(study, question);
	struct wanted wanted = { .conditions = true,
				 .levels = question->parameters[0],
				 .marked = question->parameters[1] != 0 };
	struct wanted branch = { .top = 0 };
	uint32_t persons = 0;

	(void)count(forest, &wanted, &branch.top);
	if (branch.top != 0) {
		persons = dbk_forest_row(forest, branch.top)->participants;
		show(study->people, forest, &branch, out);
	}
	dbk_reading_plain(out, persons, persons);
	out->population = forest->participants;
}

static void
measure_largest_levels(const struct dbk_study *study,
		       const struct dbk_metric_question *question,
		       struct dbk_value *out)
{
	const struct dbk_forest *forest = forest_of(study, question);
	struct wanted deepest = { .conditions = true };

	for (uint32_t person = 1; person < forest->limit; person++) {
		const struct dbk_forest_row *row = dbk_forest_row(forest, person);

		if (dbk_forest_depth(row) > deepest.levels)
			deepest.levels = dbk_forest_depth(row);
	}
	dbk_reading_plain(out, deepest.levels, deepest.levels);
	out->population = forest->participants;
	if (deepest.levels > 0)
		show(study->people, forest, &deepest, out);
}

static void
measure_paid_distance(const struct dbk_study *study,
		      const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct dbk_peak peak = { .count = 0 };
	struct dbk_evidence evidence = { .count = 0 };

	if (!dbk_peaks_highest(&study->people->distances, question->from_day,
			       question->to_day, &peak)) {
		out->strict_state = out->lenient_state = DBK_VALUE_EMPTY;
		return;
	}
	dbk_reading_plain(out, peak.amount, peak.amount);
	out->population = peak.count;
	dbk_evidence_add(&evidence, peak.position, peak.day);
	dbk_evidence_list(&evidence, INT32_MIN, INT32_MAX, &out->evidence);
}

/* ------------------------------------------------------------------------- recruiting
 */

/* Of all participants. */
static void
share_of_participants(const struct dbk_study *study,
		      const struct dbk_metric_question *question,
		      const struct wanted *wanted, struct dbk_value *out)
{
	const struct dbk_forest *forest = forest_of(study, question);
	uint32_t largest, n = count(forest, wanted, &largest);

	dbk_reading_strict(out, n, forest->participants);
	dbk_reading_lenient(out, n, forest->participants);
	out->population = forest->participants;
	show(study->people, forest, wanted, out);
}

static void
measure_leaf_share(const struct dbk_study *study,
		   const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct wanted wanted = { .participants = true, .leaves = true };

	share_of_participants(study, question, &wanted, out);
}

static void
measure_sponsor_tail(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct wanted wanted = { .participants = true,
				       .recruits = question->parameters[0] };

	share_of_participants(study, question, &wanted, out);
}

static bool
is_sponsored(const struct dbk_account *account, int64_t unused)
{
	(void)unused;
	return account->joined_sponsored;
}

static bool
is_bound_early(const struct dbk_account *account, int64_t days)
{
	return account->cooling_days < days;
}

static bool
is_anybody(const struct dbk_account *account)
{
	(void)account;
	return true;
}

static bool
was_told_a_time(const struct dbk_account *account)
{
	return account->cooling_days > 0;
}

/* Of those who joined in the interval and are asked about. */
static void
share_of_joined(const struct dbk_study *study,
		const struct dbk_metric_question *question,
		bool (*is_asked)(const struct dbk_account *account),
		bool (*counts)(const struct dbk_account *account, int64_t parameter),
		struct dbk_value *out)
{
	struct dbk_evidence evidence = { .count = 0 };
	uint32_t agent;
	int64_t n = 0;

	for (uint32_t i = 0; (agent = dbk_people_joined(study->people, i)) != 0; i++) {
		const struct dbk_account *account =
		    dbk_people_account(study->people, agent);

		if (!account->joined_counts ||
		    account->joined_day < question->from_day ||
		    account->joined_day >= question->to_day || !is_asked(account))
			continue;
		out->population++;
		if (!counts(account, question->parameters[0]))
			continue;
		n++;
		dbk_evidence_add(&evidence, account->joined_position,
				 account->joined_day);
	}
	dbk_reading_strict(out, n, (int64_t)out->population);
	dbk_reading_lenient(out, n, (int64_t)out->population);
	dbk_evidence_list(&evidence, INT32_MIN, INT32_MAX, &out->evidence);
}

static void
measure_sponsored_share(const struct dbk_study *study,
			const struct dbk_metric_question *question,
			struct dbk_value *out)
{
	share_of_joined(study, question, is_anybody, is_sponsored, out);
}

static void
measure_cooling_off(const struct dbk_study *study,
		    const struct dbk_metric_question *question, struct dbk_value *out)
{
	share_of_joined(study, question, was_told_a_time, is_bound_early, out);
}

const struct dbk_metric dbk_people_metrics[] = {
	{ .name = "accounts",
	  .unit = DBK_UNIT_COUNT,
	  .is_listed = true,
	  .en = "Accounts opened",
	  .zh = "账户数",
	  .measure = measure_accounts },
	{ .name = "persons",
	  .unit = DBK_UNIT_COUNT,
	  .is_listed = true,
	  .en = "Natural persons behind the accounts",
	  .zh = "账户背后的自然人数",
	  .measure = measure_persons },
	{ .name = "participants",
	  .unit = DBK_UNIT_COUNT,
	  .is_listed = true,
	  .en = "Participants: persons who paid, or have such below",
	  .zh = "参与人数（本人或下线曾付款）",
	  .measure = measure_participants },
	{ .name = "organisers",
	  .unit = DBK_UNIT_COUNT,
	  .en = "Persons at the head of such a branch",
	  .zh = "达到该人数与层级的组织者",
	  .parameters = { { "persons", 0, false },
			  { "levels", 0, false },
			  { "marked", 0, false } },
	  .measure = measure_organisers },
	{ .name = "largest_persons",
	  .unit = DBK_UNIT_COUNT,
	  .is_listed = true,
	  .en = "Participants in the largest branch",
	  .zh = "最大分支的参与人数",
	  .parameters = { { "levels", 0, false }, { "marked", 0, false } },
	  .measure = measure_largest_persons },
	{ .name = "largest_levels",
	  .unit = DBK_UNIT_LEVELS,
	  .is_listed = true,
	  .en = "Levels of the deepest branch, recruited or paid",
	  .zh = "最深分支的层级数（发展或计酬）",
	  .measure = measure_largest_levels },
	{ .name = "max_paid_distance",
	  .unit = DBK_UNIT_LEVELS,
	  .is_listed = true,
	  .en = "Largest distance of a reward from the deed",
	  .zh = "计酬的最远层距",
	  .measure = measure_paid_distance },
	{ .name = "leaf_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of participants who recruited nobody",
	  .zh = "未发展任何下线的参与者占比",
	  .measure = measure_leaf_share },
	{ .name = "sponsored_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of joiners who came through a sponsor",
	  .zh = "经推荐加入者占比",
	  .measure = measure_sponsored_share },
	{ .name = "sponsor_tail",
	  .unit = DBK_UNIT_SHARE,
	  .en = "Share of participants with so many recruits of their own",
	  .zh = "直接下线达到该数的参与者占比",
	  .parameters = { { "degree", 0, false } },
	  .measure = measure_sponsor_tail },
	{ .name = "cooling_off_short",
	  .unit = DBK_UNIT_SHARE,
	  .en = "Share of joiners with too short a time to withdraw",
	  .zh = "冷静期短于规定的加入者占比",
	  .parameters = { { "days", 0, false } },
	  .measure = measure_cooling_off },
	{ .name = NULL },
};
