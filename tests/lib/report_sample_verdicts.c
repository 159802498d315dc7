#include "report_sample.h"

struct seed {
	const char *pack, *rule, *jurisdiction;
	int force, sense, verdict, comparison, unit;
	int64_t strict, lenient, denominator; /* of the readings */
	int64_t threshold, threshold_denominator;
	const char *en, *zh; /* title */
	const char *citation_en, *citation_zh;
	const char *wording_en, *wording_zh;
};

static const struct seed seeds[] = {
	{ "cn", "CN-A7-1", "CN", 1, 1, 1, 1, 2, 50400000, 50400000, 1, 0, 1,
	  "Pay by number of persons developed", "以发展人员数量为依据计酬",
	  "Regulation on Prohibition of Chuanxiao (State Council Decree 444), article "
	  "7(1)",
	  "《禁止传销条例》(国务院令第444号)第七条第(一)项",
	  "Pay of CNY 504,000.00 was computed on the number of persons developed.",
	  "记录中见以发展人员数量为依据计算之报酬人民币 504,000.00 元。" },
	{ "cn", "CN-A7-2", "CN", 1, 1, 2, 1, 2, 0, 0, 1, 0, 1,
	  "Fee or purchase as a condition of entry", "交纳费用或认购商品作为加入条件",
	  "Decree 444, article 7(2)", "《禁止传销条例》第七条第(二)项",
	  "No fee and no purchase that was a condition of joining is in the records.",
	  "记录中未见作为加入条件之费用或认购。" },
	{ "cn", "CN-A7-3", "CN", 1, 1, 1, 1, 2, 390100750, 390100750, 1, 0, 1,
	  "Team pay on the sales of a downline", "以下线销售业绩计提报酬",
	  "Decree 444, article 7(3)", "《禁止传销条例》第七条第(三)项",
	  "Pay of CNY 3,901,007.50 was computed on sales of persons below.",
	  "记录中见以下线销售业绩为依据之报酬人民币 3,901,007.50 元。" },
	{ "cn", "CN-37-30x3", "CN", 2, 1, 3, 2, 1, 611, 24, 1, 30, 1,
	  "Thirty persons at three levels", "三十人以上且层级三级以上",
	  "Gong Tong Zi (2013) No. 37, section 1", "公通字〔2013〕37号第一条",
	  "The largest branch has 611 persons (lenient 24); the remaining elements are "
	  "not "
	  "judged.",
	  "最大分支 611 人(宽松口径 24 人);其余要件未予判断。" },
	{ "us", "US-KOSCOT-2", "US", 3, 1, 3, 1, 3, 412, 377, 1000, 1, 2,
	  "Rewards unrelated to sales to ultimate users", "与向最终用户销售无关之报酬",
	  "In re Koscot Interplanetary, 86 F.T.C. 1106 (1975)",
	  "Koscot 案,86 F.T.C. 1106(1975)",
	  "Rewards not traced to sales to ultimate users: strict 41.20%, lenient "
	  "37.70%.",
	  "未能追溯至最终用户销售之报酬:严格口径 41.20%,宽松口径 37.70%。" },
	{ "us", "US-HLF-80", "US", 4, 2, 1, 2, 3, 812, 871, 1000, 4, 5,
	  "Eighty per cent of product revenue from retail", "产品收入八成来自零售",
	  "FTC v. Herbalife, C.D. Cal. (2016-07-25)", "FTC 诉 Herbalife(2016-07-25)",
	  "81.20% of product revenue came from verified retail sales.",
	  "产品收入之 81.20% 来自已核实零售。" },
	{ "us", "US-VEM-50", "US", 4, 2, 2, 1, 3, 381, 420, 1000, 1, 2,
	  "More than half of revenue from non-participants", "收入过半来自非参加者",
	  "FTC v. Vemma, D. Ariz. (2016-12)", "FTC 诉 Vemma(2016-12)",
	  "38.10% of agent-months had more than half from outside.",
	  "38.10% 之代理月份收入过半来自外部。" },
	{ "eu", "EU-14", "EU", 1, 1, 4, 1, 3, 0, 0, 0, 1, 2,
	  "Consideration primarily for introducing others", "主要因介绍他人而获取对价",
	  "Directive 2005/29/EC, annex I, no. 14", "第2005/29/EC号指令附件一第14项",
	  "There were no fees to compare with.", "无可比较之费用。" },
	{ "eu", "IN-10", "IN", 1, 1, 5, 1, 1, 0, 0, 1, 0, 1, "Direct Selling Rules",
	  "直销规则", "Consumer Protection (Direct Selling) Rules 2021, rule 10",
	  "《消费者保护(直销)规则2021》第10条",
	  "The rule was in force on no day of the window.",
	  "规则于窗口内任何一日均未生效。" },
	{ "cn", "CN-WX-2", "CN", 5, 1, 1, 1, 5, 3, 3, 1, 2, 1,
	  "More than two paid levels", "计酬层级超过两级",
	  "WeChat announcement of 2016-09-12", "微信公告(2016-09-12)",
	  "The largest distance of a reward is 3.", "报酬最大距离为 3。" },
	{ "science", "SCI-GINI", "", 7, 1, 1, 1, 3, 8712, 8712, 10000, 9, 10,
	  "Concentration of rewards", "报酬集中度", "Gini (1912)", "基尼(1912)",
	  "Gini of rewards is 87.12%.", "报酬之基尼系数为 87.12%。" },
	{ "cn", "CN-37-5", "CN", 8, 2, 3, 2, 3, 771, 812, 1000, 4, 5, "Pure team pay",
	  "单纯的团队计酬", "Gong Tong Zi (2013) No. 37, section 5",
	  "公通字〔2013〕37号第五条", "77.10% of rewards were traced to retail sales.",
	  "77.10% 之报酬可追溯至零售。" },
};

#define SEEDS (sizeof seeds / sizeof *seeds)

static void
fill(struct report_sample *sample, Daybook__Report__V1__RuleVerdict *v,
     const struct seed *s, uint32_t evidence)
{
	Daybook__Report__V1__ComparedFigure *c;
	Daybook__Report__V1__Figure *f;

	v->pack = (char *)s->pack;
	v->rule = (char *)s->rule;
	v->jurisdiction = (char *)s->jurisdiction;
	v->title = report_sample_words(sample, s->en, s->zh);
	v->force = (Daybook__Report__V1__Force)s->force;
	v->sense = (Daybook__Report__V1__Sense)s->sense;
	v->verdict = (Daybook__Report__V1__VerdictWord)s->verdict;
	v->citation = report_sample_words(sample, s->citation_en, s->citation_zh);
	v->wording = report_sample_words(sample, s->wording_en, s->wording_zh);
	v->caution = report_sample_words(
	    sample, "Ranks are not levels, and accounts are not persons.",
	    "职级并非层级,账户并非自然人。");
	v->in_force_from = s->verdict == 5 ? "" : "2025-01-01";
	v->in_force_to = s->verdict == 5 ? "" : "2026-01-01";
	v->unconfirmed = s->force == 5;
	v->n_compared = 1;
	v->compared = report_sample_list(
	    sample, 2, &daybook__report__v1__compared_figure__descriptor);
	c = v->compared[0];
	c->comparison = (Daybook__Report__V1__Comparison)s->comparison;
	c->threshold_numerator = s->threshold;
	c->threshold_denominator = s->threshold_denominator;
	c->verdict = v->verdict;
	f = report_sample_figure(sample, "metric", s->en, s->zh, s->unit);
	f->strict->numerator = s->strict;
	f->lenient->numerator = s->lenient;
	f->strict->denominator = f->lenient->denominator = s->denominator;
	if (s->denominator == 0)
		f->strict->state = f->lenient->state =
		    DAYBOOK__REPORT__V1__FIGURE_STATE__EMPTY;
	f->evidence = evidence;
	c->figure = f;
	if (s->force == 2) {
		v->n_compared = 2;
		v->compared[1]->rule = "CN-A7-1";
		v->compared[1]->rule_verdict = DAYBOOK__REPORT__V1__VERDICT_WORD__MET;
		v->compared[1]->verdict = DAYBOOK__REPORT__V1__VERDICT_WORD__MET;
	}
}

static void
figures(struct report_sample *sample)
{
	static const struct {
		const char *metric, *en, *zh;
		int unit;
		int64_t strict, lenient, denominator;
	} rows[] = {
		{ "accounts", "Accounts", "账户", 1, 1260, 1260, 1 },
		{ "persons", "Persons", "自然人", 1, 1204, 1204, 1 },
		{ "participants", "Participants", "参加者", 1, 1117, 1117, 1 },
		{ "largest_levels", "Most levels", "最多层级", 5, 6, 6, 1 },
		{ "fees", "Fees", "费用", 2, 6174000, 6174000, 1 },
		{ "revenue", "Revenue", "收入", 2, 912345678, 912345678, 1 },
		{ "external_ratio", "Revenue from outside", "外部收入占比", 3,
		  512345678, 561234567, 912345678 },
		{ "untraced_share", "Rewards not traced to retail", "未追溯之报酬", 3,
		  412, 377, 1000 },
		{ "pay_gap_days", "Longest wait for pay", "最长付款间隔", 4, 47, 47,
		  1 },
		{ "growth_months", "Months to saturation", "至饱和之月数", 6, 31, 31,
		  1 },
		{ "loss_share", "Participants with a net loss", "净亏损参加者占比", 3,
		  611, 498, 1117 },
		{ "bass_ratio", "Imitation over innovation", "模仿与创新之比", 7, 0, 0,
		  0 },
		{ "outside", "What the records do not hold", "记录之外", 1, 0, 0, 1 },
	};
	Daybook__Report__V1__PyramidReport *r = sample->pyramid;
	size_t count = sizeof rows / sizeof *rows;

	r->n_figures = count;
	r->figures =
	    report_sample_list(sample, count, &daybook__report__v1__figure__descriptor);
	for (size_t i = 0; i < count; i++) {
		Daybook__Report__V1__Figure *f = report_sample_figure(
		    sample, rows[i].metric, rows[i].en, rows[i].zh, rows[i].unit);

		f->strict->numerator = rows[i].strict;
		f->lenient->numerator = rows[i].lenient;
		f->strict->denominator = f->lenient->denominator = rows[i].denominator;
		if (rows[i].denominator == 0)
			f->strict->state = f->lenient->state =
			    DAYBOOK__REPORT__V1__FIGURE_STATE__EMPTY;
		if (i + 1 == count)
			f->strict->state = f->lenient->state =
			    DAYBOOK__REPORT__V1__FIGURE_STATE__OUTSIDE;
		f->evidence = (uint32_t)(i % 9);
		r->figures[i] = f;
	}
}

void
report_sample_verdicts(struct report_sample *sample)
{
	Daybook__Report__V1__PyramidReport *r = sample->pyramid;

	r->n_verdicts = SEEDS;
	r->verdicts = report_sample_list(
	    sample, SEEDS, &daybook__report__v1__rule_verdict__descriptor);
	for (size_t i = 0; i < SEEDS; i++)
		fill(sample, r->verdicts[i], &seeds[i], (uint32_t)(i % 9 + 1));
	figures(sample);
}
