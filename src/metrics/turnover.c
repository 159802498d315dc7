#include <stddef.h>

#include "base/money.h"
#include "metrics/holdings_private.h"
#include "metrics/metric.h"
#include "metrics/reading.h"
#include "metrics/sample.h"

#define QUARTER 3
#define PPM 1000000

/* Days [from, to). */
struct span {
	int32_t from, to;
};

/* The last N months of QUESTION, N at least 1. */
static struct span
last_months(const struct dbk_study *study, const struct dbk_metric_question *question,
	    int64_t n)
{
	int32_t cut = dbk_study_cut(study);
	struct span span = { question->from_day,
			     question->to_day < cut ? question->to_day : cut };
	int32_t month = dbk_month_of_day(span.to - 1);
	int32_t first;

	if (n < 1 || n > month)
		return span;
	first = dbk_month_first_day(month - (int32_t)n + 1);
	if (first > span.from)
		span.from = first;
	return span;
}

/* The quarter before the one that begins with the day FROM. */
static struct span
quarter_before(const struct dbk_metric_question *question, int32_t from)
{
	struct span span = { dbk_month_first_day(dbk_month_of_day(from) - QUARTER),
			     from };

	if (span.from < question->from_day)
		span.from = question->from_day;
	return span;
}

static int64_t
sum(const struct dbk_study *study, enum dbk_turnover what, struct span span)
{
	return dbk_series_sum(&study->holdings->turnover[what], span.from, span.to);
}

static void
set(struct dbk_value *out, struct dbk_ratio strict, struct dbk_ratio lenient)
{
	dbk_reading_strict(out, strict.numerator, strict.denominator);
	dbk_reading_lenient(out, lenient.numerator, lenient.denominator);
}

static void
sell_through(const struct dbk_study *study, const struct dbk_metric_question *question,
	     struct dbk_value *out)
{
	struct span span = last_months(study, question, question->parameters[0]);
	int64_t came = sum(study, DBK_TURNOVER_FROM_BRAND, span);
	int64_t sold = sum(study, DBK_TURNOVER_TO_CONSUMERS, span);
	int64_t used = sum(study, DBK_TURNOVER_USED, span);

	set(out, (struct dbk_ratio){ sold, came },
	    (struct dbk_ratio){ dbk_money_sum(sold, used), came });
	out->population = (uint64_t)sum(study, DBK_TURNOVER_RECEIPTS, span);
	dbk_evidence_list(&study->holdings->sold, span.from, span.to, &out->evidence);
}

/* What a holder did in the last three months of the window. */
static struct dbk_stockist_month
lately(const struct dbk_stockist *holder, int32_t cut)
{
	struct dbk_stockist_month all = { 0, 0, 0 };
	int32_t oldest = dbk_month_of_day(cut - 1) - QUARTER + 1;

	for (int32_t i = 0; i < DBK_STOCKIST_MONTHS && holder->month != INT32_MIN;
	     i++) {
		if (holder->month - i < oldest)
			break;
		all.received = dbk_money_sum(all.received, holder->months[i].received);
		all.sold = dbk_money_sum(all.sold, holder->months[i].sold);
		all.used = dbk_money_sum(all.used, holder->months[i].used);
	}
	return all;
}

/* Days of the last three months of the window. */
static int32_t
days_lately(const struct dbk_study *study, int32_t cut)
{
	int32_t month = dbk_month_of_day(cut - 1);
	int32_t from = month < QUARTER ? 0 : dbk_month_first_day(month - QUARTER + 1);

	return cut - (from > study->options.from_day ? from : study->options.from_day);
}

/* Of those who received goods lately: how many sit on them, by one test or by both. */
struct loaded {
	int64_t any, both, all;
};

static void
test_load(const struct dbk_holdings *holdings, const struct dbk_stockist *holder,
	  const struct dbk_metric_question *question, int32_t cut,
	  struct loaded *loaded, struct dbk_evidence_list *evidence)
{
	struct dbk_stockist_month did = lately(holder, cut);
	int64_t on_hand = dbk_layers_on_hand(&holdings->layers, holder->agent);
	dbk_wide out = (dbk_wide)did.sold + did.used;
	int64_t days = question->parameters[0], share = question->parameters[1];
	bool lasts, unsold;

	if (did.received <= 0)
		return;
	lasts = on_hand > 0 &&
		(out <= 0 ||
		 (dbk_wide)on_hand * days_lately(holdings->study, cut) > out * days);
	unsold = (dbk_wide)did.sold * PPM < (dbk_wide)did.received * share;
	loaded->all++;
	loaded->any += lasts || unsold;
	loaded->both += lasts && unsold;
	if (lasts || unsold)
		dbk_sample_add(evidence, holder->received_at);
}

static void
loaded_share(const struct dbk_study *study, const struct dbk_metric_question *question,
	     struct dbk_value *out)
{
	const struct dbk_holdings *holdings = study->holdings;
	struct loaded loaded = { 0, 0, 0 };

	for (uint32_t i = 1; i < holdings->holders.count; i++)
		test_load(holdings, dbk_column_row(&holdings->holders, i), question,
			  dbk_study_cut(study), &loaded, &out->evidence);
	set(out, (struct dbk_ratio){ loaded.any, loaded.all },
	    (struct dbk_ratio){ loaded.both, loaded.all });
	out->population = (uint64_t)loaded.all;
}

static void
aged_share(const struct dbk_study *study, const struct dbk_metric_question *question,
	   struct dbk_value *out)
{
	const struct dbk_holdings *holdings = study->holdings;
	struct dbk_ratio share = { 0, 0 };
	int64_t days = question->parameters[0];

	for (uint32_t i = 1; i < holdings->holders.count; i++) {
		const struct dbk_stockist *holder =
		    dbk_column_row(&holdings->holders, i);
		int64_t on_hand = dbk_holdings_on_hand(holdings, holder->agent);
		int64_t aged;

		if (on_hand == 0)
			continue;
		aged = dbk_holdings_aged(holdings, holder->agent,
					 days < 0	    ? 0
					 : days > INT32_MAX ? INT32_MAX
							    : (uint32_t)days);
		out->population++;
		share.numerator = dbk_money_sum(share.numerator, aged);
		share.denominator = dbk_money_sum(share.denominator, on_hand);
		if (aged > 0)
			dbk_sample_add(&out->evidence, holder->received_at);
	}
	set(out, share, share);
}

/* Both by the same power of two until they fit. */
static struct dbk_ratio
fit(dbk_wide numerator, dbk_wide denominator)
{
	if (denominator <= 0)
		return (struct dbk_ratio){ 0, 0 };
	while (numerator > INT64_MAX || denominator > INT64_MAX ||
	       numerator < INT64_MIN) {
		numerator /= 2;
		denominator /= 2;
	}
	return (struct dbk_ratio){ (int64_t)numerator, (int64_t)denominator };
}

static void
bunching(const struct dbk_study *study, const struct dbk_metric_question *question,
	 struct dbk_value *out)
{
	const struct dbk_holdings *holdings = study->holdings;
	struct span span = last_months(study, question, 0);
	int32_t from =
	    span.from > study->extent.first_day ? span.from : study->extent.first_day;
	int64_t days = question->parameters[0] < 1    ? 1
		       : question->parameters[0] > 31 ? 31
						      : question->parameters[0];
	dbk_wide numerator = 0, denominator = 0;

	for (int32_t month = dbk_month_of_day(from);; month++) {
		struct span whole = { dbk_month_first_day(month),
				      dbk_month_first_day(month + 1) };
		struct span last = { whole.to - (int32_t)days, whole.to };

		if (whole.to > span.to)
			break;
		if (whole.from < span.from)
			continue;
		if (last.from < whole.from)
			last.from = whole.from;
		numerator += (dbk_wide)sum(study, DBK_TURNOVER_SELL_IN, last) *
			     (whole.to - whole.from);
		denominator += (dbk_wide)sum(study, DBK_TURNOVER_SELL_IN, whole) * days;
		out->population += (uint64_t)sum(study, DBK_TURNOVER_PURCHASES, whole);
		dbk_evidence_list(&holdings->bought, last.from, last.to,
				  &out->evidence);
	}
	set(out, fit(numerator, denominator), fit(numerator, denominator));
}

static void
stuffing(const struct dbk_study *study, const struct dbk_metric_question *question,
	 struct dbk_value *out)
{
	struct span last = last_months(study, question, QUARTER);
	struct span before = quarter_before(question, last.from);
	dbk_wide pushed = (dbk_wide)sum(study, DBK_TURNOVER_SELL_IN, last) *
			  sum(study, DBK_TURNOVER_SELL_THROUGH, before);
	dbk_wide pulled = (dbk_wide)sum(study, DBK_TURNOVER_SELL_IN, before) *
			  sum(study, DBK_TURNOVER_SELL_THROUGH, last);

	set(out, fit(pushed, pulled), fit(pushed, pulled));
	out->population = (uint64_t)sum(study, DBK_TURNOVER_PURCHASES, last);
	dbk_evidence_list(&study->holdings->bought, last.from, last.to, &out->evidence);
}

const struct dbk_metric dbk_holdings_metrics[] = {
	{ .name = "sell_through",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en =
	      "Units sold on to consumers of units taken from the brand, last quarter",
	  .zh = "最近一季终端动销率（售予消费者数量占自品牌进货数量）",
	  .parameters = { { "months", QUARTER, false } },
	  .measure = sell_through },
	{ .name = "loaded_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Agents who bought lately and sit on unsold stock",
	  .zh = "近期进货且囤货的代理占比",
	  .parameters = { { "days", 90, false }, { "share", 500000, false } },
	  .measure = loaded_share },
	{ .name = "aged_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Agents' stock that is old (of more than 90 days, if not said)",
	  .zh = "代理库存中超龄者占比（未注明天数者为 90 天）",
	  .parameters = { { "days", 90, false } },
	  .measure = aged_share },
	{ .name = "bunching",
	  .unit = DBK_UNIT_RATIO,
	  .is_listed = true,
	  .en = "Sell-in in the last days of months against an even pace",
	  .zh = "月末集中进货倍数（1 为均匀）",
	  .parameters = { { "days", 3, false } },
	  .measure = bunching },
	{ .name = "stuffing",
	  .unit = DBK_UNIT_RATIO,
	  .is_listed = true,
	  .en = "Growth of sell-in against growth of sell-through",
	  .zh = "进货增速与动销增速之比",
	  .measure = stuffing },
	{ .name = NULL },
};
