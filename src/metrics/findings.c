#include "metrics/findings.h"

#include <stdlib.h>

#include "event/verdict.h"
#include "metrics/metric.h"
#include "metrics/reading.h"
#include "metrics/study_private.h"
#include "metrics/tally.h"

/* Findings of what, and the sales that they are set against. */
enum found {
	FOUND_ALL = 0,
	FOUND_RED,
	FOUND_CUSTODY,
	FOUND_COUNTS,
	FOUND_FORGED,
	FOUND_FEES,
	FOUND_PRICES,
	FOUND_TERRITORY,
	FOUND_DIVERSION,
	FOUND_PROFITEERING,
	FOUND_FLOODING,
	FOUND_BINDINGS,
	FOUND_FRIENDS,
	FOUND_SALES,
	FOUND_KINDS
};

struct dbk_findings {
	struct dbk_study *study;
	struct dbk_tally tallies[FOUND_KINDS];
};

enum dbk_err
dbk_findings_open(struct dbk_study *study, struct dbk_findings **out)
{
	struct dbk_findings *findings = calloc(1, sizeof *findings);

	if (findings == NULL)
		return DBK_FAILED_MEMORY;
	findings->study = study;
	for (int i = 0; i < FOUND_KINDS; i++)
		dbk_tally_init(&findings->tallies[i]);
	*out = findings;
	return DBK_OK;
}

void
dbk_findings_close(struct dbk_findings *findings)
{
	if (findings == NULL)
		return;
	for (int i = 0; i < FOUND_KINDS; i++)
		dbk_tally_fini(&findings->tallies[i]);
	free(findings);
}

/* FOUND_KINDS: of all findings alone. */
static enum found
found_by(int64_t rule)
{
	static const struct {
		enum dbk_rule rule;
		enum found found;
	} kinds[] = {
		{ DBK_RULE_SERIAL_TWICE, FOUND_CUSTODY },
		{ DBK_RULE_CUSTODY_CHAIN, FOUND_CUSTODY },
		{ DBK_RULE_SEAL_BROKEN, FOUND_CUSTODY },
		{ DBK_RULE_COUNT_DIFFERENCE, FOUND_COUNTS },
		{ DBK_RULE_FAKE_ORDER, FOUND_FORGED },
		{ DBK_RULE_ENTRY_FEE, FOUND_FEES },
		{ DBK_RULE_PRICE_BAND, FOUND_PRICES },
		{ DBK_RULE_TERRITORY, FOUND_TERRITORY },
		{ DBK_RULE_DIVERSION, FOUND_DIVERSION },
		{ DBK_RULE_PROFITEERING, FOUND_PROFITEERING },
		{ DBK_RULE_FLOODING, FOUND_FLOODING },
		{ DBK_RULE_BINDINGS_PER_DAY, FOUND_BINDINGS },
		{ DBK_RULE_FRIEND_PRICE, FOUND_FRIENDS },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if ((int64_t)kinds[i].rule == rule)
			return kinds[i].found;
	return FOUND_KINDS;
}

static enum dbk_err
count(struct dbk_findings *findings, enum found what, const struct dbk_taken *taken)
{
	return dbk_tally_add(&findings->tallies[what], taken->day, 1,
			     taken->fact->position);
}

enum dbk_err
dbk_findings_add(struct dbk_findings *findings, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum found what;
	enum dbk_err err;

	if (!taken->counts)
		return DBK_OK;
	if (fact->kind == DBK_FACT_SOLD)
		return count(findings, FOUND_SALES, taken);
	if (fact->kind != DBK_FACT_FINDING)
		return DBK_OK;
	what = found_by(fact->qty);
	err = count(findings, FOUND_ALL, taken);
	if (err == DBK_OK && fact->amount != 0)
		err = count(findings, FOUND_RED, taken);
	if (err == DBK_OK && what != FOUND_KINDS)
		err = count(findings, what, taken);
	return err;
}

enum dbk_err
dbk_findings_end(struct dbk_findings *findings)
{
	(void)findings;
	return DBK_OK;
}

/* --------------------------------------------------------------------------- metrics
 */

static int64_t
sum(const struct dbk_study *study, enum found what,
    const struct dbk_metric_question *question)
{
	return dbk_tally_sum(&study->findings->tallies[what], question->from_day,
			     question->to_day);
}

static void
number(const struct dbk_study *study, enum found what,
       const struct dbk_metric_question *question, struct dbk_value *out)
{
	int64_t n = sum(study, what, question);

	dbk_reading_plain(out, n, n);
	out->population = (uint64_t)n;
	dbk_evidence_list(&study->findings->tallies[what].evidence, question->from_day,
			  question->to_day, &out->evidence);
}

static void
per_sale(const struct dbk_study *study, enum found what,
	 const struct dbk_metric_question *question, struct dbk_value *out)
{
	int64_t sales = sum(study, FOUND_SALES, question);

	number(study, what, question, out);
	dbk_reading_strict(out, sum(study, what, question), sales);
	dbk_reading_lenient(out, sum(study, what, question), sales);
	out->population = (uint64_t)sales;
}

#define NUMBER(name, what)                                                             \
	static void name(const struct dbk_study *study,                                \
			 const struct dbk_metric_question *question,                   \
			 struct dbk_value *out)                                        \
	{                                                                              \
		number(study, what, question, out);                                    \
	}

#define PER_SALE(name, what)                                                           \
	static void name(const struct dbk_study *study,                                \
			 const struct dbk_metric_question *question,                   \
			 struct dbk_value *out)                                        \
	{                                                                              \
		per_sale(study, what, question, out);                                  \
	}

NUMBER(sales, FOUND_SALES)
NUMBER(all, FOUND_ALL)
NUMBER(red, FOUND_RED)
PER_SALE(red_per_sale, FOUND_RED)
NUMBER(custody, FOUND_CUSTODY)
NUMBER(counts, FOUND_COUNTS)
PER_SALE(forged_per_sale, FOUND_FORGED)
NUMBER(entry_fees, FOUND_FEES)
PER_SALE(prices_per_sale, FOUND_PRICES)
PER_SALE(territory_per_sale, FOUND_TERRITORY)
NUMBER(diversion, FOUND_DIVERSION)
NUMBER(profiteering, FOUND_PROFITEERING)
NUMBER(flooding, FOUND_FLOODING)
NUMBER(bindings, FOUND_BINDINGS)
NUMBER(friends, FOUND_FRIENDS)

#define COUNTED(name_, measure_, en_, zh_)                                             \
	{                                                                              \
		.name = name_, .unit = DBK_UNIT_COUNT, .en = en_, .zh = zh_,           \
		.measure = measure_                                                    \
	}

#define SHARED(name_, measure_, en_, zh_)                                              \
	{                                                                              \
		.name = name_, .unit = DBK_UNIT_SHARE, .en = en_, .zh = zh_,           \
		.measure = measure_                                                    \
	}

const struct dbk_metric dbk_findings_metrics[] = {
	COUNTED("sales", sales, "Sales to consumers", "向消费者销售的笔数"),
	COUNTED("findings", all, "Findings of guards", "风控发现总数"),
	COUNTED("red_findings", red, "Red findings", "红色（严重）发现"),
	SHARED("red_per_sale", red_per_sale, "Red findings per sale",
	       "每笔销售的红色发现"),
	COUNTED("custody_findings", custody,
		"Scans that do not fit: serials seen twice, broken chains or seals",
		"扫码不符：序列号重复、流转断链或封签破损"),
	COUNTED("count_findings", counts, "Counts that differ from the book",
		"盘点与账面不符"),
	SHARED("forged_per_sale", forged_per_sale, "Orders found forged, per sale",
	       "每笔销售中被认定为虚假订单者"),
	COUNTED("entry_fee_findings", entry_fees, "Findings of entry fees",
		"入门费发现"),
	SHARED("price_band_per_sale", prices_per_sale,
	       "Prices found outside their band, per sale", "每笔销售的价格越界发现"),
	SHARED("territory_per_sale", territory_per_sale,
	       "Sales found in another agent's territory, per sale",
	       "每笔销售的跨区发现"),
	COUNTED("diversion_findings", diversion,
		"Lots found in another region than intended", "窜货发现"),
	COUNTED("profiteering_findings", profiteering,
		"List prices found too far above the factory price",
		"定价超出厂价过高的发现"),
	COUNTED("flooding_findings", flooding,
		"Agents found sharing too often in a day", "单日分享过频的发现"),
	COUNTED("bindings_findings", bindings,
		"Agents found binding too many customers in a day",
		"单日绑定客户过多的发现"),
	COUNTED("friend_price_findings", friends,
		"Bound customers found paying more than strangers",
		"绑定客户付价高于陌生客户的发现"),
	{ .name = NULL },
};
