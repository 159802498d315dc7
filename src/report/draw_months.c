#include "report/draw.h"

#include "report/timeline.h"

/* A count that no int64 holds is no count of a book. */
static int64_t
whole(uint64_t count)
{
	return count < INT64_MAX ? (int64_t)count : INT64_MAX;
}

void
dbk_draw_months(struct dbk_html *html, Daybook__Report__V1__MonthRow *const *rows,
		size_t count)
{
	enum { JOINED, LEFT, VERIFIED, OTHER, PURCHASES, FEES, REWARDS };
	static const struct dbk_timeline_panel panels[] = {
		{ { "Joins", "加入" },
		  false,
		  { "persons", "人" },
		  2,
		  { { "d-joined", { "joined", "加入" }, JOINED, false },
		    { "d-left", { "left", "退出" }, LEFT, true } } },
		{ { "Retail", "零售" },
		  true,
		  { "", "" },
		  2,
		  { { "d-verified",
		      { "to verified consumers", "已核实消费者" },
		      VERIFIED,
		      false },
		    { "d-direct", { "other retail", "其他零售" }, OTHER, false } } },
		{ { "Paid in by agents", "代理投入" },
		  true,
		  { "", "" },
		  2,
		  { { "d-purchase", { "purchases", "进货" }, PURCHASES, false },
		    { "d-recruit", { "fees", "费用" }, FEES, false } } },
		{ { "Rewards of agents", "代理报酬" },
		  true,
		  { "", "" },
		  1,
		  { { "d-rewards", { "rewards", "报酬" }, REWARDS, false } } },
	};
	struct dbk_timeline timeline = {
		.id = "picture-months",
		.heading = { "Joins against retail", "加入与零售对照" },
		.description = { "Panels by month: persons who joined and left, "
				 "retail, what agents paid in, and their rewards.",
				 "按月分栏："
				 "加入与退出人数、零售额、代理投入及代理报酬。" },
		.caption = { "All panels of money have the same scale. Rewards that "
			     "follow retail speak of selling; rewards that follow "
			     "joins and payments of agents while retail does not speak "
			     "of recruiting.",
			     "各金额栏采用同一比例。报酬随零售而动，说明以销售获利；"
			     "报酬随加入与"
			     "代理投入而动而零售不动，则指向以发展人员获利。" },
		.panels = panels,
		.n_panels = sizeof panels / sizeof *panels,
	};

	dbk_timeline_init(&timeline, count);
	for (size_t i = 0; i < count; i++) {
		int64_t values[DBK_TIMELINE_SERIES_MAX] = {
			[JOINED] = whole(rows[i]->joined),
			[LEFT] = whole(rows[i]->left),
			[VERIFIED] = rows[i]->verified_retail,
			[OTHER] = rows[i]->other_retail,
			[PURCHASES] = rows[i]->purchases,
			[FEES] = rows[i]->fees,
			[REWARDS] = rows[i]->rewards,
		};

		dbk_timeline_add(&timeline, i, rows[i]->month, values);
	}
	dbk_timeline_draw(&timeline, html);
}

void
dbk_draw_payout_months(struct dbk_html *html,
		       Daybook__Report__V1__PayoutMonthRow *const *rows, size_t count)
{
	enum { NET, TAX, FEES, RETURNED, SETTLED, FAILED, DENIED };
	static const struct dbk_timeline_panel panels[] = {
		{ { "Money", "金额" },
		  true,
		  { "", "" },
		  4,
		  { { "d-verified", { "paid to agents", "实付代理" }, NET, false },
		    { "d-direct", { "tax", "代扣税" }, TAX, false },
		    { "d-purchase", { "fees", "手续费" }, FEES, false },
		    { "d-loss", { "came back", "退回" }, RETURNED, true } } },
		{ { "Payouts", "笔数" },
		  false,
		  { "payouts", "笔" },
		  3,
		  { { "d-joined", { "settled", "已结清" }, SETTLED, false },
		    { "d-left", { "failed", "失败" }, FAILED, true },
		    { "d-recruit", { "denied", "已拒绝" }, DENIED, true } } },
	};
	struct dbk_timeline timeline = {
		.id = "picture-payouts",
		.heading = { "Payouts by month", "每月提现" },
		.description = { "Panels by month: what agents were paid with tax and "
				 "fees, and how many payouts were settled, failed or "
				 "were denied.",
				 "按月分栏：实付代理、税款与手续费；"
				 "已结清、失败及被拒笔数。" },
		.caption = { "Below the line: what came back, failed or was denied.",
			     "线下为退回、失败及被拒部分。" },
		.panels = panels,
		.n_panels = sizeof panels / sizeof *panels,
	};

	dbk_timeline_init(&timeline, count);
	for (size_t i = 0; i < count; i++) {
		int64_t values[DBK_TIMELINE_SERIES_MAX] = {
			[NET] = rows[i]->net,
			[TAX] = rows[i]->tax,
			[FEES] = rows[i]->fees,
			[RETURNED] = rows[i]->returned,
			[SETTLED] = whole(rows[i]->settled),
			[FAILED] = whole(rows[i]->failed),
			[DENIED] = whole(rows[i]->denied),
		};

		dbk_timeline_add(&timeline, i, rows[i]->month, values);
	}
	dbk_timeline_draw(&timeline, html);
}

void
dbk_draw_earnings(struct dbk_html *html,
		  Daybook__Report__V1__CauseMonthRow *const *rows, size_t count)
{
	enum { ACCRUED, REVERSED, MATURED, PAID, CLAWED };
	static const struct dbk_timeline_panel panels[] = {
		{ { "Earned", "计提" },
		  true,
		  { "", "" },
		  2,
		  { { "d-verified", { "accrued", "计提" }, ACCRUED, false },
		    { "d-loss", { "reversed", "冲回" }, REVERSED, true } } },
		{ { "Matured", "成熟" },
		  true,
		  { "", "" },
		  1,
		  { { "d-direct", { "matured", "成熟" }, MATURED, false } } },
		{ { "Paid", "支付" },
		  true,
		  { "", "" },
		  2,
		  { { "d-rewards", { "paid out", "已支付" }, PAID, false },
		    { "d-recruit", { "clawed back", "已追回" }, CLAWED, true } } },
	};
	struct dbk_timeline timeline = {
		.id = "picture-earnings",
		.heading = { "Earnings by month", "每月收益" },
		.description = { "Panels by month: earnings accrued and reversed, "
				 "matured, paid out and clawed back.",
				 "按月分栏：收益的计提与冲回、成熟、支付与追回。" },
		.caption = { "All panels have the same scale.", "各栏采用同一比例。" },
		.panels = panels,
		.n_panels = sizeof panels / sizeof *panels,
	};

	dbk_timeline_init(&timeline, count);
	for (size_t i = 0; i < count; i++) {
		int64_t values[DBK_TIMELINE_SERIES_MAX] = {
			[ACCRUED] = rows[i]->accrued,	 [REVERSED] = rows[i]->reversed,
			[MATURED] = rows[i]->matured,	 [PAID] = rows[i]->paid,
			[CLAWED] = rows[i]->clawed_back,
		};

		dbk_timeline_add(&timeline, i, rows[i]->month, values);
	}
	dbk_timeline_draw(&timeline, html);
}
