#include "metrics/flows.h"

#include <stdlib.h>

#include "base/assert.h"
#include "metrics/buyers.h"
#include "metrics/entrance.h"
#include "metrics/months.h"
#include "metrics/peaks.h"
#include "metrics/reading.h"
#include "metrics/study_private.h"
#include "metrics/tally.h"

_Static_assert((int)DBK_FLOW_STOCK == (int)DBK_SALE_CLASSES, "classes, then purchases");
_Static_assert((int)DBK_FLOW_FEE == (int)DBK_FLOW_STOCK + (int)DBK_PURCHASES,
	       "purchases, then fees");

struct dbk_flows {
	struct dbk_study *study;
	struct dbk_tally tallies[DBK_FLOW_KINDS];
	struct dbk_buyers buyers;
	struct dbk_entrance entrance;
	struct dbk_peaks prices;
};

enum dbk_err
dbk_flows_open(struct dbk_study *study, struct dbk_flows **out)
{
	struct dbk_flows *flows = calloc(1, sizeof *flows);

	if (flows == NULL)
		return DBK_FAILED_MEMORY;
	flows->study = study;
	for (int i = 0; i < DBK_FLOW_KINDS; i++)
		dbk_tally_init(&flows->tallies[i]);
	dbk_buyers_init(&flows->buyers);
	dbk_entrance_init(&flows->entrance);
	*out = flows;
	return DBK_OK;
}

void
dbk_flows_close(struct dbk_flows *flows)
{
	if (flows == NULL)
		return;
	for (int i = 0; i < DBK_FLOW_KINDS; i++)
		dbk_tally_fini(&flows->tallies[i]);
	dbk_buyers_fini(&flows->buyers);
	dbk_entrance_fini(&flows->entrance);
	dbk_peaks_fini(&flows->prices);
	free(flows);
}

static int64_t
less(int64_t amount)
{
	return amount == INT64_MIN ? INT64_MAX : -amount;
}

static enum dbk_err
tally(struct dbk_flows *flows, uint64_t flow, const struct dbk_taken *taken,
      int64_t amount)
{
	dbk_assert(flow < DBK_FLOW_KINDS);
	return dbk_tally_add(&flows->tallies[flow], taken->day, amount,
			     taken->fact->position);
}

static enum dbk_err
add_fee(struct dbk_flows *flows, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err = tally(flows, DBK_FLOW_FEE, taken, fact->amount);

	if (err == DBK_OK && fact->is_condition)
		err = tally(flows, DBK_FLOW_FEE_CONDITION, taken, fact->amount);
	if (err == DBK_OK)
		err = dbk_entrance_paid(&flows->entrance, fact->agent, taken->day,
					fact->amount, true);
	if (err == DBK_OK)
		err = dbk_buyers_agent(&flows->buyers, fact->agent, taken->day);
	return err;
}

static enum dbk_err
add_purchase(struct dbk_flows *flows, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err =
	    tally(flows, DBK_FLOW_STOCK + fact->code, taken, fact->amount);

	if (err == DBK_OK)
		err = dbk_entrance_paid(&flows->entrance, fact->agent, taken->day,
					fact->amount, false);
	if (err == DBK_OK)
		err = dbk_buyers_agent(&flows->buyers, fact->agent, taken->day);
	return err;
}

static enum dbk_err
add_sale(struct dbk_flows *flows, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err = tally(flows, fact->sale_class, taken, fact->amount);

	if (err != DBK_OK)
		return err;
	/* Who was an agent is one, whatever else is said of the sale. */
	if (fact->code != 0)
		return dbk_buyers_former(&flows->buyers, fact->code, taken->day);
	if (fact->other == 0)
		return DBK_OK;
	return dbk_buyers_customer(&flows->buyers, fact->other, taken->day,
				   fact->position);
}

static enum dbk_err
add_reclassed(struct dbk_flows *flows, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err = tally(flows, fact->hash, taken, less(fact->amount));

	return err == DBK_OK ? tally(flows, fact->sale_class, taken, fact->amount)
			     : err;
}

static enum dbk_err
add_counted(struct dbk_flows *flows, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;

	switch (fact->kind) {
	case DBK_FACT_JOINED:
		return dbk_entrance_joined(&flows->entrance, fact->agent, taken->day,
					   fact->position);
	case DBK_FACT_RANKED:
		return fact->code == DBK_RANK_PURCHASES
			   ? tally(flows, DBK_FLOW_RANK, taken, fact->amount)
			   : DBK_OK;
	case DBK_FACT_FEE:
		return add_fee(flows, taken);
	case DBK_FACT_BOUGHT:
		return add_purchase(flows, taken);
	case DBK_FACT_BOUGHT_BACK:
		return tally(flows, DBK_FLOW_STOCK + fact->code, taken,
			     less(fact->amount));
	case DBK_FACT_SOLD:
		return add_sale(flows, taken);
	case DBK_FACT_SOLD_BACK:
		return tally(flows, fact->sale_class, taken, less(fact->amount));
	case DBK_FACT_RECLASSED:
		return add_reclassed(flows, taken);
	case DBK_FACT_DEPOSIT:
		return tally(flows, DBK_FLOW_DEPOSIT, taken, fact->amount);
	case DBK_FACT_DEPOSIT_BACK:
		return tally(flows, DBK_FLOW_DEPOSIT, taken, less(fact->amount));
	case DBK_FACT_PRICE:
		return dbk_peaks_add(&flows->prices, taken->day, fact->amount,
				     fact->position);
	default:
		return DBK_OK;
	}
}

enum dbk_err
dbk_flows_add(struct dbk_flows *flows, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;

	/* Who bought in the part may leave outside of it. */
	if (fact->kind == DBK_FACT_LEFT && taken->before_end)
		return dbk_buyers_left(&flows->buyers, fact->agent, taken->day,
				       fact->position);
	return taken->counts ? add_counted(flows, taken) : DBK_OK;
}

void
dbk_flows_foresee(const struct dbk_flows *flows, const struct dbk_fact *fact,
		  unsigned step)
{
	switch (fact->kind) {
	case DBK_FACT_SOLD:
		dbk_buyers_foresee_customer(&flows->buyers, fact->other, step);
		return;
	case DBK_FACT_FEE:
	case DBK_FACT_BOUGHT:
		dbk_buyers_foresee_agent(&flows->buyers, fact->agent, step);
		dbk_entrance_foresee(&flows->entrance, fact->agent, step);
		return;
	case DBK_FACT_JOINED:
		dbk_entrance_foresee(&flows->entrance, fact->agent, step);
		return;
	default:
		return;
	}
}

enum dbk_err
dbk_flows_end(struct dbk_flows *flows)
{
	(void)flows;
	return DBK_OK;
}

int64_t
dbk_flows_sum(const struct dbk_flows *flows, enum dbk_flow flow, int32_t from,
	      int32_t to)
{
	return dbk_tally_sum(&flows->tallies[flow], from, to);
}

uint64_t
dbk_flows_facts(const struct dbk_flows *flows, enum dbk_flow flow, int32_t from,
		int32_t to)
{
	return dbk_tally_facts(&flows->tallies[flow], from, to);
}

const struct dbk_evidence *
dbk_flows_evidence(const struct dbk_flows *flows, enum dbk_flow flow)
{
	return &flows->tallies[flow].evidence;
}

/* Sets of flows, a bit each. */
#define BIT(flow) (1u << (flow))
#define LENIENT                                                                        \
	(BIT(DBK_FLOW_VERIFIED) | BIT(DBK_FLOW_ANONYMOUS) | BIT(DBK_FLOW_DIRECT) |     \
	 BIT(DBK_FLOW_FORMER))
#define RETAIL (LENIENT | BIT(DBK_FLOW_DOUBTED))
#define SELF (BIT(DBK_FLOW_SELF) | BIT(DBK_FLOW_AS_CUSTOMER))
#define PURCHASES (BIT(DBK_FLOW_STOCK) | SELF)
#define FEES BIT(DBK_FLOW_FEE)
#define REVENUE (RETAIL | PURCHASES | FEES)

static int64_t
sum_of(const struct dbk_flows *flows, unsigned set, int32_t from, int32_t to)
{
	dbk_wide sum = 0;

	for (unsigned i = 0; i < DBK_FLOW_KINDS; i++) {
		if (set & BIT(i))
			sum += dbk_flows_sum(flows, (enum dbk_flow)i, from, to);
	}
	return dbk_money_bound(sum);
}

int64_t
dbk_flows_retail_lenient(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	return sum_of(flows, LENIENT, from, to);
}

int64_t
dbk_flows_retail_all(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	return sum_of(flows, RETAIL, from, to);
}

int64_t
dbk_flows_purchases(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	return sum_of(flows, PURCHASES, from, to);
}

int64_t
dbk_flows_self(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	return sum_of(flows, SELF, from, to);
}

int64_t
dbk_flows_revenue(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	return sum_of(flows, REVENUE, from, to);
}

static int64_t
asked(const struct dbk_study *study, unsigned set, const struct dbk_metric_question *of)
{
	return sum_of(study->flows, set, of->from_day, of->to_day);
}

/* What a value about SET shows: the records of it, and how many facts it is OF. */
static void
show(const struct dbk_study *study, const struct dbk_metric_question *question,
     unsigned set, unsigned of, struct dbk_value *out)
{
	for (unsigned i = 0; i < DBK_FLOW_KINDS; i++) {
		if (set & BIT(i))
			dbk_evidence_list(&study->flows->tallies[i].evidence,
					  question->from_day, question->to_day,
					  &out->evidence);
		if (of & BIT(i))
			out->population +=
			    dbk_flows_facts(study->flows, (enum dbk_flow)i,
					    question->from_day, question->to_day);
	}
}

/* An amount that is the same in both readings. */
static void
measure_amount(const struct dbk_study *study,
	       const struct dbk_metric_question *question, unsigned set,
	       struct dbk_value *out)
{
	int64_t sum = asked(study, set, question);

	dbk_reading_plain(out, sum, sum);
	show(study, question, set, set, out);
}

static void
measure_entry_payments(const struct dbk_study *study,
		       const struct dbk_metric_question *question,
		       struct dbk_value *out)
{
	unsigned set = BIT(DBK_FLOW_FEE_CONDITION) | BIT(DBK_FLOW_RANK);
	int64_t lenient = asked(study, set, question);
	int64_t deposits = asked(study, BIT(DBK_FLOW_DEPOSIT), question);

	/* What came in before the interval and went back in it pays no fee of it. */
	if (deposits < 0)
		deposits = 0;
	if (deposits != 0)
		set |= BIT(DBK_FLOW_DEPOSIT);
	dbk_reading_plain(out, dbk_money_bound((dbk_wide)lenient + deposits), lenient);
	show(study, question, set, set, out);
}

static void
measure_fees(const struct dbk_study *study, const struct dbk_metric_question *question,
	     struct dbk_value *out)
{
	measure_amount(study, question, FEES, out);
}

static void
measure_revenue(const struct dbk_study *study,
		const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_amount(study, question, REVENUE, out);
}

/* Shares of one sum, OF. */
static void
measure_share(const struct dbk_study *study, const struct dbk_metric_question *question,
	      unsigned strict, unsigned lenient, unsigned of, struct dbk_value *out)
{
	int64_t whole = asked(study, of, question);

	dbk_reading_strict(out, asked(study, strict, question), whole);
	dbk_reading_lenient(out, asked(study, lenient, question), whole);
	show(study, question, strict, of, out);
}

static void
measure_external_ratio(const struct dbk_study *study,
		       const struct dbk_metric_question *question,
		       struct dbk_value *out)
{
	measure_share(study, question, BIT(DBK_FLOW_VERIFIED), LENIENT | SELF, REVENUE,
		      out);
}

static void
measure_retail_share(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, BIT(DBK_FLOW_VERIFIED), LENIENT | SELF,
		      RETAIL | PURCHASES, out);
}

static void
measure_package_share(const struct dbk_study *study,
		      const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, FEES | BIT(DBK_FLOW_RANK),
		      BIT(DBK_FLOW_FEE_CONDITION), REVENUE, out);
}

static void
measure_verified_retail(const struct dbk_study *study,
			const struct dbk_metric_question *question,
			struct dbk_value *out)
{
	dbk_wide own = dbk_months_self_capped(study->months, question->parameters[0],
					      question->from_day, question->to_day);
	int64_t whole = asked(study, RETAIL | PURCHASES, question);

	dbk_reading_strict(out, asked(study, BIT(DBK_FLOW_VERIFIED), question) + own,
			   whole);
	dbk_reading_lenient(out, asked(study, LENIENT, question) + own, whole);
	show(study, question, BIT(DBK_FLOW_VERIFIED) | (own != 0 ? SELF : 0),
	     RETAIL | PURCHASES, out);
}

static void
measure_doubted_share(const struct dbk_study *study,
		      const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, BIT(DBK_FLOW_DOUBTED) | BIT(DBK_FLOW_DIRECT),
		      BIT(DBK_FLOW_DOUBTED), RETAIL, out);
}

static void
measure_former_share(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, BIT(DBK_FLOW_FORMER), BIT(DBK_FLOW_FORMER),
		      RETAIL, out);
}

static void
measure_first_days(const struct dbk_study *study,
		   const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct dbk_entrance_count count = dbk_entrance_count(
	    &study->flows->entrance, question->from_day, question->to_day,
	    question->parameters[0], question->parameters[1], &out->evidence);

	dbk_reading_strict(out, count.above, count.joined);
	dbk_reading_lenient(out, count.above_by_fees, count.joined);
	out->population = count.joined;
}

static void
measure_price_max(const struct dbk_study *study,
		  const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct dbk_peak peak;

	if (!dbk_peaks_highest(&study->flows->prices, question->from_day,
			       question->to_day, &peak)) {
		out->strict_state = out->lenient_state = DBK_VALUE_EMPTY;
		return;
	}
	dbk_reading_plain(out, peak.amount, peak.amount);
	out->population = peak.count;
	out->evidence.count = out->evidence.n = 1;
	out->evidence.positions[0] = peak.position;
}

static void
measure_customer_heads(const struct dbk_study *study,
		       const struct dbk_metric_question *question,
		       struct dbk_value *out)
{
	struct dbk_buyers_heads heads = dbk_buyers_heads(
	    &study->flows->buyers, question->from_day, question->to_day);

	dbk_reading_strict(out, heads.customers, heads.all);
	dbk_reading_lenient(out, (dbk_wide)heads.customers + heads.gone, heads.all);
	out->population = heads.all;
	dbk_evidence_list(&study->flows->buyers.named, question->from_day,
			  question->to_day, &out->evidence);
}

static void
measure_reclassified(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct dbk_buyers_heads heads = dbk_buyers_heads(
	    &study->flows->buyers, question->from_day, question->to_day);

	dbk_reading_strict(out, heads.reclassified, heads.all);
	dbk_reading_lenient(out, heads.reclassified, heads.all);
	out->population = heads.all;
	if (heads.reclassified != 0)
		dbk_evidence_list(&study->flows->buyers.gone, INT32_MIN, INT32_MAX,
				  &out->evidence);
}

const struct dbk_metric dbk_flows_metrics[] = {
	{ .name = "entry_payments",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Payments required to join, stay or rise",
	  .zh = "入门及晋级所需缴费",
	  .measure = measure_entry_payments },
	{ .name = "fees",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Fees paid by participants",
	  .zh = "参与者缴纳的费用",
	  .measure = measure_fees },
	{ .name = "revenue",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Revenue from all sources",
	  .zh = "全部收入",
	  .measure = measure_revenue },
	{ .name = "external_ratio",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of revenue from outside consumers",
	  .zh = "外部消费者收入占比",
	  .measure = measure_external_ratio },
	{ .name = "retail_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of product sales made to consumers",
	  .zh = "商品销售中零售占比",
	  .measure = measure_retail_share },
	{ .name = "package_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of revenue from fees and rank packages",
	  .zh = "费用及晋级套餐收入占比",
	  .measure = measure_package_share },
	{ .name = "verified_retail_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of product sales verified as retail or capped own use",
	  .zh = "经核实零售及限额内自用占商品销售比",
	  .parameters = { { "cap", 0, true } },
	  .measure = measure_verified_retail },
	{ .name = "doubted_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of retail sales in doubt or without proof of payment",
	  .zh = "存疑或无支付凭证的零售占比",
	  .measure = measure_doubted_share },
	{ .name = "former_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of retail sales to former agents",
	  .zh = "售予前代理的零售占比",
	  .measure = measure_former_share },
	{ .name = "first_days_excess",
	  .unit = DBK_UNIT_SHARE,
	  .en = "Share of joiners who paid above the limit soon after joining",
	  .zh = "加入初期缴费超限者占比",
	  .parameters = { { "days", 180, false }, { "amount", 0, true } },
	  .measure = measure_first_days },
	{ .name = "price_max",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Highest unit price to a consumer",
	  .zh = "消费者订单最高单价",
	  .measure = measure_price_max },
	{ .name = "customer_head_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of buyers who were never agents",
	  .zh = "从未成为代理的购买者占比",
	  .measure = measure_customer_heads },
	{ .name = "reclassified",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of buyers who bought as agents and no longer are",
	  .zh = "曾以代理身份购买、现非代理者占比",
	  .measure = measure_reclassified },
	{ .name = NULL },
};
