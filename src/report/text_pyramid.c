/* text_pyramid.c -- the pyramid report as text. */

#include <stdio.h>

#include "report/number.h"
#include "report/page.h"
#include "report/text_private.h"

#define COUNT(columns) (sizeof(columns) / sizeof(columns)[0])

/* Positions of a set that a text shows; the JSON has all that are kept. */
#define POSITIONS_MAX 8

/* Levels and months that are told one by one; a log may reach from 1970 to 9999. */
#define LEVELS_MAX 40
#define MONTHS_MAX 240

static const struct dbk_words title = { "Pyramid report", "传销特征审查报告" };

/* ------------------------------------------------------------------------ verdicts */

static void
put_packs(struct dbk_text *text, const Daybook__Report__V1__PyramidReport *report)
{
	static const struct dbk_words pack = { "rule pack", "规则包" };
	static const struct dbk_words law = { "law", "适用法律" };

	for (size_t i = 0; i < report->n_packs; i++) {
		const Daybook__Report__V1__PackUsed *used = report->packs[i];
		char words[160];

		(void)snprintf(words, sizeof words, "%.30s %.30s, SHA-256 %.64s",
			       used->pack, used->version, used->sha256);
		dbk_text_field(text, &pack, words);
	}
	dbk_text_field(text, &law,
		       report->law_of[0] != '\0' ? report->law_of
		       : text->language == DBK_CHINESE ? "各事实发生之日有效之法律"
						       : "of the day of each fact");
	dbk_text_put(text, "\n");
	dbk_text_paragraph(
	    text,
	    text->language == DBK_CHINESE
		? "Daybook 从不认定任何行为违法，仅逐条说明记录所示之事实；"
		  "是否违反法律，由主管机关或法院认定。"
		: "Daybook never says that anything is illegal. It says, "
		  "rule by rule, what the records show; whether a law was "
		  "broken is for an authority or a court to decide.",
	    0);
}

/* The comparison that came out as the rule did: a row that says NOT MET must not show a
 * figure beyond its threshold.  NULL: the rule compared nothing. */
static const Daybook__Report__V1__ComparedFigure *
deciding(const Daybook__Report__V1__RuleVerdict *verdict)
{
	for (size_t i = 0; i < verdict->n_compared; i++)
		if (verdict->compared[i]->verdict == verdict->verdict)
			return verdict->compared[i];
	return verdict->n_compared > 0 ? verdict->compared[0] : NULL;
}

/* What the verdict follows from is that of another rule, or nothing. */
static void
put_rule_cells(struct dbk_text *text,
	       const Daybook__Report__V1__ComparedFigure *compared)
{
	dbk_text_cell(text, "");
	dbk_text_cell(text, "");
	dbk_text_cell(text, compared == NULL ? "" : compared->rule);
	dbk_text_cell(text, "");
}

static void
put_verdict_row(struct dbk_text *text, const Daybook__Report__V1__RuleVerdict *verdict)
{
	const Daybook__Report__V1__ComparedFigure *compared = deciding(verdict);
	char evidence[16] = "";

	dbk_text_cell(text, verdict->rule);
	dbk_text_cell_words(text, dbk_words_verdict(verdict->verdict));
	dbk_text_cell_words(text, dbk_words_force(verdict->force));
	if (compared == NULL || compared->figure == NULL) {
		put_rule_cells(text, compared);
		return;
	}
	dbk_text_cell_reading(text, compared->figure, compared->figure->strict);
	dbk_text_cell_reading(text, compared->figure, compared->figure->lenient);
	dbk_text_cell_threshold(text, compared);
	if (compared->figure->evidence > 0)
		(void)snprintf(evidence, sizeof evidence, "#%u",
			       compared->figure->evidence);
	dbk_text_cell(text, evidence);
}

static void
put_verdicts(struct dbk_text *text, const Daybook__Report__V1__PyramidReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("rule", "规则", 18),
		DBK_TEXT_LABEL("verdict", "要件事实", 0),
		DBK_TEXT_LABEL("force", "效力", 0),
		DBK_TEXT_NUMBER("strict", "严格口径"),
		DBK_TEXT_NUMBER("lenient", "宽松口径"),
		DBK_TEXT_NUMBER("threshold", "界限"),
		DBK_TEXT_LABEL("evidence", "证据", 0),
	};

	dbk_text_section(text, "Verdicts", "逐条结论");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_verdicts; i++)
		put_verdict_row(text, report->verdicts[i]);
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_wording(struct dbk_text *text, const Daybook__Report__V1__RuleVerdict *verdict)
{
	const struct dbk_words name = dbk_words_of(verdict->title);
	const struct dbk_words wording = dbk_words_of(verdict->wording);
	const struct dbk_words citation = dbk_words_of(verdict->citation);

	dbk_text_putf(text, "\n%s  ", verdict->rule);
	dbk_text_words(text, dbk_words_verdict(verdict->verdict));
	dbk_text_put(text, "  ");
	dbk_text_words(text, &name);
	dbk_text_put(text, "\n");
	dbk_text_paragraph(text, dbk_words_in(&wording, text->language), 2);
	dbk_text_paragraph(text, dbk_words_in(&citation, text->language), 2);
	if (verdict->unconfirmed)
		dbk_text_paragraph(text,
				   text->language == DBK_CHINESE
				       ? "数值来源未能核实。"
				       : "The source of the number is not confirmed.",
				   2);
}

static void
put_wordings(struct dbk_text *text, const Daybook__Report__V1__PyramidReport *report)
{
	dbk_text_section(text, "What the records show, where a rule applies",
			 "适用规则之记录所示");
	for (size_t i = 0; i < report->n_verdicts; i++)
		if (report->verdicts[i]->verdict !=
		    DAYBOOK__REPORT__V1__VERDICT_WORD__NOT_APPLICABLE)
			put_wording(text, report->verdicts[i]);
}

/* ----------------------------------------------------------------------- appraisal */

static void
put_levels(struct dbk_text *text, const Daybook__Report__V1__Appraisal *appraisal)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_NUMBER("level", "层级"),
		DBK_TEXT_NUMBER("persons", "人数"),
		DBK_TEXT_NUMBER("accounts", "账户"),
		DBK_TEXT_NUMBER("participants", "参加者"),
		DBK_TEXT_LABEL("", "", 40),
	};
	size_t n =
	    appraisal->n_level_rows < LEVELS_MAX ? appraisal->n_level_rows : LEVELS_MAX;
	uint64_t most = 1;

	for (size_t i = 0; i < n; i++)
		if (appraisal->level_rows[i]->persons > most)
			most = appraisal->level_rows[i]->persons;
	dbk_text_table(text);
	for (size_t i = 0; i < n; i++) {
		const Daybook__Report__V1__LevelRow *row = appraisal->level_rows[i];

		dbk_text_cell_count(text, row->level);
		dbk_text_cell_count(text, row->persons);
		dbk_text_cell_count(text, row->accounts);
		dbk_text_cell_count(text, row->participants);
		dbk_text_cell_bar(text, (int64_t)row->persons, (int64_t)most, 40);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
	dbk_text_left_out(text, appraisal->n_level_rows - n);
}

static void
put_persons(struct dbk_text *text, Daybook__Report__V1__PersonRow *const *rows,
	    size_t n)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("agent", "代理", 20),
		DBK_TEXT_LABEL("sponsor", "上线", 14),
		DBK_TEXT_NUMBER("level", "层级"),
		DBK_TEXT_NUMBER("direct", "直接下线"),
		DBK_TEXT_NUMBER("branch", "分支人数"),
		DBK_TEXT_NUMBER("levels", "分支层级"),
		DBK_TEXT_NUMBER("paid", "计酬层级"),
		DBK_TEXT_NUMBER("rewards", "报酬"),
		DBK_TEXT_NUMBER("net", "净结果"),
	};

	dbk_text_table(text);
	for (size_t i = 0; i < n; i++) {
		dbk_text_cell(text, rows[i]->agent);
		dbk_text_cell(text, rows[i]->sponsor);
		dbk_text_cell_count(text, rows[i]->level);
		dbk_text_cell_count(text, rows[i]->recruits);
		dbk_text_cell_count(text, rows[i]->persons_below);
		dbk_text_cell_count(text, rows[i]->levels);
		dbk_text_cell_count(text, rows[i]->pay_levels);
		dbk_text_cell_amount(text, rows[i]->rewards);
		dbk_text_cell_amount(text, rows[i]->net_lenient);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_total(struct dbk_text *text, const char *en, const char *zh, uint64_t value)
{
	const struct dbk_words label = { en, zh };
	char number[DBK_NUMBER_BYTES];

	dbk_number_count(value, number);
	dbk_text_field(text, &label, number);
}

static void
put_appraisal(struct dbk_text *text, const Daybook__Report__V1__Appraisal *appraisal)
{
	if (appraisal == NULL)
		return;
	dbk_text_section(text, "Appraisal 1 and 2: persons, levels in all",
			 "鉴定表一、二：人数、层级总数");
	put_total(text, "accounts", "账户", appraisal->accounts);
	put_total(text, "persons", "自然人", appraisal->persons);
	put_total(text, "participants", "参加者", appraisal->participants);
	put_total(text, "levels", "层级", appraisal->levels);
	put_total(text, "roots", "顶层", appraisal->roots);
	dbk_text_section(text, "Appraisal 3: persons per level",
			 "鉴定表三：各层级人数");
	put_levels(text, appraisal);
	dbk_text_section(text, "Appraisal 4: up and down links, the largest branches",
			 "鉴定表四：上下线关系（最大分支）");
	put_persons(text, appraisal->organisers, appraisal->n_organisers);
	dbk_text_section(text, "Appraisal 5: commissions, the best paid",
			 "鉴定表五：佣金（最高者）");
	put_persons(text, appraisal->best_paid, appraisal->n_best_paid);
}

/* ----------------------------------------------------------------- goods and income */

static void
put_goods(struct dbk_text *text, const Daybook__Report__V1__GoodsFlow *goods)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_NUMBER("tier", "级"),
		DBK_TEXT_NUMBER("holders", "持货人"),
		DBK_TEXT_NUMBER("from brand", "自品牌"),
		DBK_TEXT_NUMBER("from above", "自上级"),
		DBK_TEXT_NUMBER("passed down", "转下级"),
		DBK_TEXT_NUMBER("to consumers", "售予消费者"),
		DBK_TEXT_NUMBER("used", "自用"),
		DBK_TEXT_NUMBER("stayed", "留存"),
	};

	if (goods == NULL)
		return;
	dbk_text_section(text, "Goods from the brand to consumers, in units",
			 "货物流向（件）");
	put_total(
	    text, "sold by the brand itself", "品牌直售",
	    (uint64_t)(goods->brand_to_consumers > 0 ? goods->brand_to_consumers : 0));
	dbk_text_table(text);
	for (size_t i = 0; i < goods->n_tiers; i++) {
		const Daybook__Report__V1__TierFlow *tier = goods->tiers[i];
		const int64_t units[] = { tier->from_brand,  tier->from_above,
					  tier->passed_down, tier->to_consumers,
					  tier->used,	     tier->stayed };
		char number[DBK_NUMBER_BYTES];

		dbk_text_cell_count(text, tier->tier);
		dbk_text_cell_count(text, tier->holders);
		for (size_t j = 0; j < sizeof units / sizeof units[0]; j++) {
			dbk_number_whole(units[j], number);
			dbk_text_cell(text, number);
		}
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_income(struct dbk_text *text, const Daybook__Report__V1__PyramidReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("paid for", "计酬依据", 40),
		DBK_TEXT_NUMBER("distance", "距离"),
		DBK_TEXT_LABEL("sale", "销售类别", 24),
		DBK_TEXT_NUMBER("amount", "金额"),
		DBK_TEXT_NUMBER("rewards", "笔数"),
	};

	dbk_text_section(text, "Income by cause", "报酬来源");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_income; i++) {
		const Daybook__Report__V1__IncomeRow *row = report->income[i];
		bool retail =
		    row->basis == DAYBOOK__REPORT__V1__REWARD_BASIS__OWN_RETAIL ||
		    row->basis == DAYBOOK__REPORT__V1__REWARD_BASIS__DOWN_RETAIL;

		dbk_text_cell_words(text, dbk_words_basis(row->basis));
		dbk_text_cell_count(text, row->distance);
		if (retail)
			dbk_text_cell_words(text, dbk_words_class(row->sale_class));
		else
			dbk_text_cell(text, "");
		dbk_text_cell_amount(text, row->amount);
		dbk_text_cell_count(text, row->rewards);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_months(struct dbk_text *text, const Daybook__Report__V1__PyramidReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("month", "月份", 0),
		DBK_TEXT_NUMBER("joined", "加入"),
		DBK_TEXT_NUMBER("left", "退出"),
		DBK_TEXT_NUMBER("verified retail", "经核实零售"),
		DBK_TEXT_NUMBER("other retail", "其他零售"),
		DBK_TEXT_NUMBER("purchases", "代理购货"),
		DBK_TEXT_NUMBER("fees", "费用"),
		DBK_TEXT_NUMBER("rewards", "报酬"),
	};

	size_t n = report->n_months < MONTHS_MAX ? report->n_months : MONTHS_MAX;

	dbk_text_section(text, "Joins against retail", "加入人数与零售");
	dbk_text_table(text);
	for (size_t i = 0; i < n; i++) {
		const Daybook__Report__V1__MonthRow *row = report->months[i];

		dbk_text_cell(text, row->month);
		dbk_text_cell_count(text, row->joined);
		dbk_text_cell_count(text, row->left);
		dbk_text_cell_amount(text, row->verified_retail);
		dbk_text_cell_amount(text, row->other_retail);
		dbk_text_cell_amount(text, row->purchases);
		dbk_text_cell_amount(text, row->fees);
		dbk_text_cell_amount(text, row->rewards);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
	dbk_text_left_out(text, report->n_months - n);
}

/* -------------------------------------------------------------- figures and evidence
 */

static const struct dbk_text_column figure_columns[] = {
	DBK_TEXT_LABEL("figure", "指标", 58),
	DBK_TEXT_NUMBER("strict", "严格口径"),
	DBK_TEXT_NUMBER("lenient", "宽松口径"),
	DBK_TEXT_LABEL("evidence", "证据", 0),
};

static void
put_figure(struct dbk_text *text, const Daybook__Report__V1__Figure *figure)
{
	const struct dbk_words label = dbk_words_of(figure->label);
	char evidence[16] = "";

	dbk_text_cell_words(text, &label);
	dbk_text_cell_reading(text, figure, figure->strict);
	dbk_text_cell_reading(text, figure, figure->lenient);
	if (figure->evidence > 0)
		(void)snprintf(evidence, sizeof evidence, "#%u", figure->evidence);
	dbk_text_cell(text, evidence);
}

static void
put_abstentions(struct dbk_text *text, const Daybook__Report__V1__PyramidReport *report)
{
	dbk_text_section(text, "The eight abstentions", "八项自律");
	for (size_t i = 0; i < report->n_abstentions; i++) {
		const Daybook__Report__V1__AbstentionRow *row = report->abstentions[i];
		const struct dbk_words name = dbk_words_of(row->name);

		dbk_text_put(text, "\n");
		dbk_text_words(text, &name);
		dbk_text_put(text, "\n");
		dbk_text_table(text);
		for (size_t j = 0; j < row->n_figures; j++)
			put_figure(text, row->figures[j]);
		dbk_text_table_end(text, figure_columns, COUNT(figure_columns));
	}
}

static void
put_figures(struct dbk_text *text, const Daybook__Report__V1__PyramidReport *report)
{
	dbk_text_section(text, "All figures", "全部指标");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_figures; i++)
		put_figure(text, report->figures[i]);
	dbk_text_table_end(text, figure_columns, COUNT(figure_columns));
}

static void
put_evidence(struct dbk_text *text, const Daybook__Report__V1__PyramidReport *report)
{
	dbk_text_section(text, "Evidence", "证据清单");
	dbk_text_paragraph(
	    text,
	    text->language == DBK_CHINESE
		? "每一位置为一条记录；daybook receipt position N 出具其证明，"
		  "daybook log --from N --limit 1 显示其内容。全部位置见 JSON。"
		: "Each number is the position of a record: daybook receipt position N "
		  "proves it, daybook log --from N --limit 1 shows it. The JSON form "
		  "has "
		  "all positions that are kept.",
	    0);
	for (size_t i = 0; i < report->n_evidence; i++) {
		const Daybook__Report__V1__EvidenceSet *set = report->evidence[i];
		char count[DBK_NUMBER_BYTES];

		dbk_number_count(set->count, count);
		dbk_text_putf(text, "#%u (%s)", set->number, count);
		for (size_t j = 0; j < set->n_positions && j < POSITIONS_MAX; j++)
			dbk_text_putf(text, " %llu",
				      (unsigned long long)set->positions[j]);
		dbk_text_put(text, set->count > POSITIONS_MAX ? " ...\n" : "\n");
	}
}

void
dbk_pyramid_text(const Daybook__Report__V1__PyramidReport *report,
		 enum dbk_language language, struct dbk_buf *out)
{
	struct dbk_text text;

	dbk_text_init(&text, out, language, report->basis);
	dbk_text_heading(&text, &title, 1);
	dbk_text_basis(&text, report->basis);
	put_packs(&text, report);
	put_verdicts(&text, report);
	put_wordings(&text, report);
	put_abstentions(&text, report);
	put_appraisal(&text, report->appraisal);
	put_goods(&text, report->goods);
	put_income(&text, report);
	put_months(&text, report);
	put_figures(&text, report);
	put_evidence(&text, report);
	dbk_text_fini(&text);
}
