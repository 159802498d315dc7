#include "report/page_private.h"

static const struct dbk_words nobody = { "Nobody.", "无。" };

static void
put_sum(struct dbk_html *html, const char *en, const char *zh, uint64_t count)
{
	struct dbk_words label = { en, zh };

	dbk_html_row(html);
	dbk_html_cell_words(html, &label);
	dbk_html_cell_count(html, count);
	dbk_html_row_end(html);
}

static void
put_persons(struct dbk_html *html, const Daybook__Report__V1__Appraisal *appraisal)
{
	static const struct dbk_words caption = { "1. Persons", "表一 人员数量" };
	static const struct dbk_html_column columns[] = {
		{ { "What is counted", "统计项目" }, DBK_COLUMN_TEXT },
		{ { "Number", "数量" }, DBK_COLUMN_NUMBER },
	};

	dbk_html_table(html, &caption, columns, 2);
	put_sum(html, "Accounts", "账户", appraisal->accounts);
	put_sum(html, "Natural persons behind them", "账户所属自然人",
		appraisal->persons);
	put_sum(html, "Participants: paid a fee, bought, or have such a person below",
		"参加者：曾付费、购货，或其下线中有此类人员", appraisal->participants);
	put_sum(html, "Persons without a sponsor", "无推荐人者", appraisal->roots);
	dbk_html_table_end(html);
}

static void
put_levels(struct dbk_html *html, const Daybook__Report__V1__Appraisal *appraisal)
{
	static const struct dbk_words caption = { "2. Levels in all", "表二 层级总数" };
	static const struct dbk_html_column columns[] = {
		{ { "What is counted", "统计项目" }, DBK_COLUMN_TEXT },
		{ { "Number", "数量" }, DBK_COLUMN_NUMBER },
	};

	dbk_html_table(html, &caption, columns, 2);
	put_sum(html, "Levels, the first one included", "层级（含本级）",
		appraisal->levels);
	dbk_html_table_end(html);
}

static void
put_level_rows(struct dbk_html *html, const Daybook__Report__V1__Appraisal *appraisal)
{
	static const struct dbk_words caption = { "3. Persons per level",
						  "表三 各层级人数" };
	static const struct dbk_html_column columns[] = {
		{ { "Level", "层级" }, DBK_COLUMN_NUMBER },
		{ { "Persons", "自然人" }, DBK_COLUMN_NUMBER },
		{ { "Accounts", "账户" }, DBK_COLUMN_NUMBER },
		{ { "Participants", "参加者" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	dbk_html_table(html, &caption, columns, 4);
	for (; shown < appraisal->n_level_rows && shown < DBK_PAGE_ROWS_MAX; shown++) {
		const Daybook__Report__V1__LevelRow *row = appraisal->level_rows[shown];

		if (!dbk_page_has_room(html, DBK_PAGE_TABLES_END))
			break;
		dbk_html_row(html);
		dbk_html_cell_count(html, row->level);
		dbk_html_cell_count(html, row->persons);
		dbk_html_cell_count(html, row->accounts);
		dbk_html_cell_count(html, row->participants);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	dbk_html_left_out(html, appraisal->n_level_rows - shown);
}

static void
put_link(struct dbk_html *html, const Daybook__Report__V1__PersonRow *row)
{
	dbk_html_row(html);
	dbk_html_cell_name(html, row->agent);
	dbk_html_cell_count(html, row->accounts);
	dbk_html_cell_count(html, row->level);
	dbk_html_cell_name(html, row->sponsor);
	dbk_html_cell_count(html, row->recruits);
	dbk_html_cell_count(html, row->persons_below);
	dbk_html_cell_count(html, row->levels);
	dbk_html_cell_count(html, row->pay_levels);
	dbk_html_cell_count(html, row->joined_position);
	dbk_html_row_end(html);
}

static void
put_links(struct dbk_html *html, const struct dbk_words *caption,
	  Daybook__Report__V1__PersonRow *const *rows, size_t count, uint64_t left_out)
{
	static const struct dbk_html_column columns[] = {
		{ { "Person", "人员" }, DBK_COLUMN_TEXT },
		{ { "Accounts", "账户数" }, DBK_COLUMN_NUMBER },
		{ { "Level", "层级" }, DBK_COLUMN_NUMBER },
		{ { "Sponsor", "上线" }, DBK_COLUMN_TEXT },
		{ { "Recruits", "直接下线" }, DBK_COLUMN_NUMBER },
		{ { "Persons in branch", "分支人数" }, DBK_COLUMN_NUMBER },
		{ { "Levels", "分支层级" }, DBK_COLUMN_NUMBER },
		{ { "Paid levels", "计酬层级" }, DBK_COLUMN_NUMBER },
		{ { "Joined at position", "加入记录位置" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	dbk_html_table(html, caption, columns, sizeof columns / sizeof *columns);
	for (; shown < count && shown < DBK_PAGE_ROWS_MAX; shown++) {
		if (!dbk_page_has_room(html, DBK_PAGE_TABLES_END))
			break;
		put_link(html, rows[shown]);
	}
	dbk_html_table_end(html);
	if (count == 0)
		dbk_html_nothing(html, &nobody);
	dbk_html_left_out(html, count - shown + left_out);
}

static void
put_commission(struct dbk_html *html, const Daybook__Report__V1__PersonRow *row)
{
	dbk_html_row(html);
	dbk_html_cell_name(html, row->agent);
	dbk_html_cell_count(html, row->level);
	dbk_html_cell_amount(html, row->rewards);
	dbk_html_cell_amount(html, row->recruit_rewards);
	dbk_html_cell_amount(html, row->fees);
	dbk_html_cell_amount(html, row->bought);
	dbk_html_cell_amount(html, row->net_strict);
	dbk_html_cell_amount(html, row->net_lenient);
	dbk_html_row_end(html);
}

static void
put_commissions(struct dbk_html *html, const struct dbk_words *caption,
		Daybook__Report__V1__PersonRow *const *rows, size_t count)
{
	static const struct dbk_html_column columns[] = {
		{ { "Person", "人员" }, DBK_COLUMN_TEXT },
		{ { "Level", "层级" }, DBK_COLUMN_NUMBER },
		{ { "Commissions", "佣金合计" }, DBK_COLUMN_NUMBER },
		{ { "of them for recruiting", "其中发展人员" }, DBK_COLUMN_NUMBER },
		{ { "Fees paid", "已付费用" }, DBK_COLUMN_NUMBER },
		{ { "Bought", "购货" }, DBK_COLUMN_NUMBER },
		{ { "Net, strict", "净额（严格）" }, DBK_COLUMN_NUMBER },
		{ { "Net, lenient", "净额（宽松）" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	dbk_html_table(html, caption, columns, sizeof columns / sizeof *columns);
	for (; shown < count && shown < DBK_PAGE_ROWS_MAX; shown++) {
		if (!dbk_page_has_room(html, DBK_PAGE_TABLES_END))
			break;
		put_commission(html, rows[shown]);
	}
	dbk_html_table_end(html);
	if (count == 0)
		dbk_html_nothing(html, &nobody);
	dbk_html_left_out(html, count - shown);
}

void
dbk_page_appraisal(struct dbk_html *html,
		   const Daybook__Report__V1__PyramidReport *report)
{
	static const struct dbk_words title = { "Appraisal tables", "鉴定五表" };
	static const struct dbk_words lead = {
		"The five tables that Chinese authorities ask of an appraisal: "
		"persons, levels "
		"in all, persons per level, up and down links, commissions. Accounts "
		"of one "
		"natural person are one; persons and levels of a branch include its "
		"head.",
		"办案机关要求之五项鉴定内容："
		"人员数量、层级总数、各层级人数、上下线关系、佣金数额。"
		"同一自然人之多个账户合并为一人；"
		"分支之人数与层级均含其本人及本级。"
	};
	static const struct dbk_words nothing = { "There is no appraisal.",
						  "无鉴定数据。" };
	static const struct dbk_words branches = {
		"4a. Up and down links: the largest branches",
		"表四之一 上下线关系：最大分支"
	};
	static const struct dbk_words links = { "4b. Up and down links: persons",
						"表四之二 上下线关系：人员" };
	static const struct dbk_words best = { "5a. Commissions: the best paid",
					       "表五之一 佣金数额：最高者" };
	static const struct dbk_words heads = {
		"5b. Commissions: heads of the largest branches",
		"表五之二 佣金数额：最大分支之首"
	};
	const Daybook__Report__V1__Appraisal *a = report->appraisal;

	dbk_html_section(html, "appraisal", &title, &lead);
	if (!a) {
		dbk_html_nothing(html, &nothing);
		dbk_html_section_end(html);
		return;
	}
	put_persons(html, a);
	put_levels(html, a);
	put_level_rows(html, a);
	put_links(html, &branches, a->organisers, a->n_organisers, 0);
	put_commissions(html, &best, a->best_paid, a->n_best_paid);
	put_commissions(html, &heads, a->organisers, a->n_organisers);
	put_links(html, &links, a->links, a->n_links, a->links_left_out);
	dbk_html_section_end(html);
}
