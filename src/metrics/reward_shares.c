#include "metrics/flows.h"
#include "metrics/reading.h"
#include "metrics/rewards_private.h"
#include "metrics/study_private.h"

#define BIT(value) DBK_REWARDS_BIT(value)
#define EVERY DBK_REWARDS_EVERY
#define RETAIL DBK_REWARDS_RETAIL
#define PURCHASE (BIT(DBK_REWARD_OWN_PURCHASE) | BIT(DBK_REWARD_DOWN_PURCHASE))
#define RECRUITING (BIT(DBK_REWARD_JOIN_FEE) | BIT(DBK_REWARD_HEADCOUNT))
#define TEAM (BIT(DBK_REWARD_DOWN_RETAIL) | BIT(DBK_REWARD_DOWN_PURCHASE))
#define FARTHEST 256 /* beyond all that there are */

/* What is asked about, so that a measure reads as its formula. */
struct asked {
	const struct dbk_rewards *rewards;
	const struct dbk_flows *flows;
	int32_t from, to;
};

static struct asked
asked_of(const struct dbk_study *study, const struct dbk_metric_question *question)
{
	return (struct asked){ study->rewards, study->flows, question->from_day,
			       question->to_day };
}

static int64_t
sum(const struct asked *asked, struct dbk_reward_choice choice)
{
	return dbk_rewards_chosen(asked->rewards, choice, asked->from, asked->to);
}

static int64_t
sum_of_bases(const struct asked *asked, unsigned bases)
{
	return sum(asked, dbk_rewards_of_bases(bases));
}

static int64_t
flow(const struct asked *asked, enum dbk_flow of)
{
	return dbk_flows_sum(asked->flows, of, asked->from, asked->to);
}

static void
show(const struct asked *asked, struct dbk_reward_choice choice, struct dbk_value *out)
{
	dbk_rewards_show(asked->rewards, choice, asked->from, asked->to,
			 &out->evidence);
}

static void
show_flow(const struct asked *asked, enum dbk_flow flow, struct dbk_value *out)
{
	dbk_evidence_list(dbk_flows_evidence(asked->flows, flow), asked->from,
			  asked->to, &out->evidence);
}

static void
count(const struct asked *asked, struct dbk_reward_choice choice, struct dbk_value *out)
{
	out->population =
	    dbk_rewards_facts(asked->rewards, choice, asked->from, asked->to);
}

/* All records but those that lead to a verified sale. */
static void
show_untraced(const struct asked *asked, uint32_t distance, struct dbk_value *out)
{
	struct dbk_reward_choice others = dbk_rewards_of_bases(EVERY & ~RETAIL);
	struct dbk_reward_choice pools = dbk_rewards_of_bases(RETAIL);

	others.distance = pools.distance = distance;
	pools.with_others = false;
	show(asked, others, out);
	show(asked, pools, out);
	show(asked, dbk_rewards_of_classes(EVERY & ~BIT(DBK_SALE_VERIFIED), distance),
	     out);
}

static void
measure_amount(const struct asked *asked, struct dbk_reward_choice choice,
	       struct dbk_value *out)
{
	dbk_reading_plain(out, sum(asked, choice), sum(asked, choice));
	show(asked, choice, out);
	count(asked, choice, out);
}

static void
measure_rewards(const struct dbk_study *study,
		const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);

	measure_amount(&asked, dbk_rewards_of_bases(EVERY), out);
}

static void
measure_headcount_pay(const struct dbk_study *study,
		      const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);

	measure_amount(&asked, dbk_rewards_of_bases(RECRUITING), out);
}

static void
measure_team_pay(const struct dbk_study *study,
		 const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	struct dbk_reward_choice team = dbk_rewards_of_bases(TEAM);
	int64_t distance = question->parameters[0];

	if (distance > FARTHEST)
		distance = FARTHEST;
	team.distance = distance < 0 ? 0 : (uint32_t)distance;
	measure_amount(&asked, team, out);
}

static void
measure_not_own_retail(const struct dbk_study *study,
		       const struct dbk_metric_question *question,
		       struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	unsigned bases = EVERY & ~BIT(DBK_REWARD_OWN_RETAIL);

	measure_amount(&asked, dbk_rewards_of_bases(bases), out);
}

/* Rewards on what participants bought for themselves. */
static struct dbk_reward_choice
self_use(void)
{
	struct dbk_reward_choice own = dbk_rewards_of_bases(PURCHASE);

	own.in_purchases = BIT(DBK_PURCHASE_SELF) | BIT(DBK_PURCHASE_AS_CUSTOMER);
	return own;
}

/* R that does not come from consumers as STRICT reads it. */
static dbk_wide
untraced(const struct asked *asked, bool strict)
{
	dbk_wide rest =
	    (dbk_wide)sum_of_bases(asked, EVERY) -
	    dbk_rewards_traced(asked->rewards, strict, asked->from, asked->to);

	return strict ? rest : rest - sum(asked, self_use());
}

static void
measure_untraced_share(const struct dbk_study *study,
		       const struct dbk_metric_question *question,
		       struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	int64_t all = sum_of_bases(&asked, EVERY);

	dbk_reading_strict(out, untraced(&asked, true), all);
	dbk_reading_lenient(out, untraced(&asked, false), all);
	show_untraced(&asked, 0, out);
	count(&asked, dbk_rewards_of_bases(EVERY), out);
}

static void
measure_traced_share(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	int64_t all = sum_of_bases(&asked, EVERY);

	dbk_reading_strict(out, all - untraced(&asked, true), all);
	dbk_reading_lenient(out, all - untraced(&asked, false), all);
	show(&asked, dbk_rewards_of_classes(BIT(DBK_SALE_VERIFIED), 0), out);
	count(&asked, dbk_rewards_of_bases(EVERY), out);
}

static void
measure_recruit_share(const struct dbk_study *study,
		      const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	int64_t all = sum_of_bases(&asked, EVERY);

	dbk_reading_strict(out, sum_of_bases(&asked, RECRUITING | PURCHASE), all);
	dbk_reading_lenient(out, sum_of_bases(&asked, RECRUITING), all);
	show(&asked, dbk_rewards_of_bases(RECRUITING | PURCHASE), out);
	count(&asked, dbk_rewards_of_bases(EVERY), out);
}

static void
measure_not_consumer(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	struct dbk_reward_choice team = dbk_rewards_of_bases(EVERY);
	struct dbk_reward_choice not_retail =
	    dbk_rewards_of_bases(PURCHASE | RECRUITING);
	struct dbk_reward_choice retail = dbk_rewards_of_bases(RETAIL);
	dbk_wide doubted;

	team.distance = not_retail.distance = retail.distance = 1;
	doubted =
	    (dbk_wide)sum(&asked, retail) -
	    dbk_rewards_traced_from(asked.rewards, false, 1, asked.from, asked.to);
	dbk_reading_strict(
	    out,
	    (dbk_wide)sum(&asked, team) -
		dbk_rewards_traced_from(asked.rewards, true, 1, asked.from, asked.to),
	    sum(&asked, team));
	dbk_reading_lenient(out, doubted + sum(&asked, not_retail), sum(&asked, team));
	show_untraced(&asked, 1, out);
	count(&asked, team, out);
}

static void
measure_own_purchase_pay(const struct dbk_study *study,
			 const struct dbk_metric_question *question,
			 struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	struct dbk_reward_choice own =
	    dbk_rewards_of_bases(BIT(DBK_REWARD_OWN_PURCHASE));

	dbk_reading_plain(out, (dbk_wide)sum(&asked, own) + flow(&asked, DBK_FLOW_RANK),
			  sum(&asked, own));
	show(&asked, own, out);
	show_flow(&asked, DBK_FLOW_RANK, out);
	count(&asked, own, out);
	out->population +=
	    dbk_flows_facts(asked.flows, DBK_FLOW_RANK, asked.from, asked.to);
}

static void
measure_allowance_share(const struct dbk_study *study,
			const struct dbk_metric_question *question,
			struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	int64_t all = sum_of_bases(&asked, EVERY);
	int64_t revenue = dbk_flows_revenue(asked.flows, asked.from, asked.to);
	dbk_wide goods =
	    (dbk_wide)dbk_flows_retail_all(asked.flows, asked.from, asked.to) +
	    dbk_flows_purchases(asked.flows, asked.from, asked.to);

	dbk_reading_strict(out, all, goods);
	dbk_reading_lenient(out, all, revenue);
	show(&asked, dbk_rewards_of_bases(EVERY), out);
	for (int i = 0; i <= DBK_FLOW_AS_CUSTOMER; i++)
		out->population += dbk_flows_facts(asked.flows, (enum dbk_flow)i,
						   asked.from, asked.to);
}

static void
measure_entrant_money(const struct dbk_study *study,
		      const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	int64_t all = sum_of_bases(&asked, EVERY);

	dbk_reading_strict(
	    out, (dbk_wide)flow(&asked, DBK_FLOW_FEE) + flow(&asked, DBK_FLOW_RANK),
	    all);
	dbk_reading_lenient(out, flow(&asked, DBK_FLOW_FEE_CONDITION), all);
	show_flow(&asked, DBK_FLOW_FEE, out);
	show_flow(&asked, DBK_FLOW_RANK, out);
	count(&asked, dbk_rewards_of_bases(EVERY), out);
}

static void
measure_receipted_share(const struct dbk_study *study,
			const struct dbk_metric_question *question,
			struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	unsigned verified = BIT(DBK_SALE_VERIFIED);
	unsigned vouched = verified | BIT(DBK_SALE_DIRECT);
	struct dbk_reward_choice all = dbk_rewards_of_classes(EVERY, 0);

	dbk_reading_strict(out, sum(&asked, dbk_rewards_of_classes(verified, 0)),
			   sum(&asked, all));
	dbk_reading_lenient(out, sum(&asked, dbk_rewards_of_classes(vouched, 0)),
			    sum(&asked, all));
	show(&asked, dbk_rewards_of_classes(verified, 0), out);
	count(&asked, all, out);
}

static void
measure_self_use_pay(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct asked asked = asked_of(study, question);
	dbk_wide own = sum(&asked, self_use());

	dbk_reading_strict(
	    out, own,
	    own + dbk_rewards_traced(asked.rewards, true, asked.from, asked.to));
	dbk_reading_lenient(
	    out, own,
	    own + dbk_rewards_traced(asked.rewards, false, asked.from, asked.to));
	show(&asked, self_use(), out);
	count(&asked, self_use(), out);
	out->population += dbk_rewards_facts(
	    asked.rewards, dbk_rewards_of_bases(RETAIL), asked.from, asked.to);
}

const struct dbk_metric dbk_rewards_metrics[] = {
	{ .name = "rewards",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Rewards to agents",
	  .zh = "代理所得报酬",
	  .measure = measure_rewards },
	{ .name = "headcount_pay",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Rewards for recruits and their fees",
	  .zh = "按发展人数及入门费计付的报酬",
	  .measure = measure_headcount_pay },
	{ .name = "team_pay",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Rewards on sales and purchases of agents below",
	  .zh = "按下线业绩计付的报酬",
	  .parameters = { { "distance", 1, false } },
	  .measure = measure_team_pay },
	{ .name = "untraced_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of rewards not traced to consumers' purchases",
	  .zh = "未能追溯至终端消费的报酬占比",
	  .measure = measure_untraced_share },
	{ .name = "traced_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of rewards traced to consumers' purchases",
	  .zh = "可追溯至终端消费的报酬占比",
	  .measure = measure_traced_share },
	{ .name = "recruit_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of rewards for recruiting and agents' purchases",
	  .zh = "因发展人员及代理购货所得报酬占比",
	  .measure = measure_recruit_share },
	{ .name = "not_own_retail",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Rewards other than on an agent's own retail",
	  .zh = "本人直接零售以外的报酬",
	  .measure = measure_not_own_retail },
	{ .name = "not_consumer_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of team rewards that did not come from consumers",
	  .zh = "团队报酬中非来自消费者的占比",
	  .measure = measure_not_consumer },
	{ .name = "own_purchase_pay",
	  .unit = DBK_UNIT_AMOUNT,
	  .is_listed = true,
	  .en = "Rewards and ranks for an agent's own purchases",
	  .zh = "因本人购货所得报酬及晋级购货额",
	  .measure = measure_own_purchase_pay },
	{ .name = "allowance_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Rewards as a share of product sales",
	  .zh = "报酬占商品销售额比例",
	  .measure = measure_allowance_share },
	{ .name = "entrant_money_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Fees and rank purchases as a share of rewards",
	  .zh = "入门费及晋级购货额相当于报酬的比例",
	  .measure = measure_entrant_money },
	{ .name = "receipted_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of retail rewards on sales with a named buyer and proof of "
		"payment",
	  .zh = "零售报酬中买方具名且有支付凭证的占比",
	  .measure = measure_receipted_share },
	{ .name = "self_use_pay_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of participants' own use in rewards on what was used",
	  .zh = "就消费所计报酬中来自参加者自用的占比",
	  .measure = measure_self_use_pay },
	{ .name = NULL },
};
