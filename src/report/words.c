#include "report/words.h"

#include <string.h>

static const struct dbk_words unknown = { "?", "?" };

struct dbk_words
dbk_words_of(const Daybook__Report__V1__Words *words)
{
	struct dbk_words out = { "", "" };

	if (words && words->en)
		out.en = words->en;
	if (words && words->zh)
		out.zh = words->zh;
	return out;
}

/* Element AT of COUNT words, of which some may have no text. */
static const struct dbk_words *
pick(const struct dbk_words *words, size_t count, int at)
{
	if (at < 0 || (size_t)at >= count || !words[at].en)
		return &unknown;
	return &words[at];
}

#define PICK(words, at) pick(words, sizeof(words) / sizeof *(words), (int)(at))

const struct dbk_words *
dbk_words_verdict(Daybook__Report__V1__VerdictWord verdict)
{
	static const struct dbk_words words[] = {
		[DAYBOOK__REPORT__V1__VERDICT_WORD__MET] = { "Met", "已见" },
		[DAYBOOK__REPORT__V1__VERDICT_WORD__NOT_MET] = { "Not met", "未见" },
		[DAYBOOK__REPORT__V1__VERDICT_WORD__AT_RISK] = { "At risk", "临界" },
		[DAYBOOK__REPORT__V1__VERDICT_WORD__INSUFFICIENT] = { "Insufficient",
								      "证据不足" },
		[DAYBOOK__REPORT__V1__VERDICT_WORD__NOT_APPLICABLE] = { "Not "
									"applicable",
									"不适用" },
	};

	return PICK(words, verdict);
}

const struct dbk_words *
dbk_words_force(Daybook__Report__V1__Force force)
{
	static const struct dbk_words words[] = {
		[DAYBOOK__REPORT__V1__FORCE__STATUTE] = { "Statute", "法律法规" },
		[DAYBOOK__REPORT__V1__FORCE__INTERPRETATION] = { "Interpretation",
								 "司法解释" },
		[DAYBOOK__REPORT__V1__FORCE__CASE_LAW] = { "Case law", "判例" },
		[DAYBOOK__REPORT__V1__FORCE__CONSENT_ORDER] = { "Consent order",
								"和解令" },
		[DAYBOOK__REPORT__V1__FORCE__PLATFORM_RULE] = { "Platform rule",
								"平台规则" },
		[DAYBOOK__REPORT__V1__FORCE__INDUSTRY_CODE] = { "Industry code",
								"行业准则" },
		[DAYBOOK__REPORT__V1__FORCE__INDICATOR] = { "Indicator", "参考指标" },
		[DAYBOOK__REPORT__V1__FORCE__POLICY] = { "Policy", "内部政策" },
	};

	return PICK(words, force);
}

const struct dbk_words *
dbk_words_force_note(Daybook__Report__V1__Force force)
{
	static const struct dbk_words words[] = {
		[DAYBOOK__REPORT__V1__FORCE__STATUTE] = { "A bright line or an element "
							  "in legislation.",
							  "法律、行政法规中的明确界限或"
							  "构成要素。" },
		[DAYBOOK__REPORT__V1__FORCE__INTERPRETATION] = { "A judicial "
								 "interpretation or a "
								 "standard of "
								 "prosecution.",
								 "司法解释或立案追诉标"
								 "准。" },
		[DAYBOOK__REPORT__V1__FORCE__CASE_LAW] = { "Courts weigh many factors; "
							   "no number binds.",
							   "法院综合多种因素判断，"
							   "任何数字均无约束力。" },
		[DAYBOOK__REPORT__V1__FORCE__CONSENT_ORDER] = { "Binds only the "
								"company it names; a "
								"benchmark for others.",
								"仅约束其所列公司，"
								"对他人只是参照。" },
		[DAYBOOK__REPORT__V1__FORCE__PLATFORM_RULE] = { "A rule of a platform, "
								"not of law.",
								"平台规则，并非法律。" },
		[DAYBOOK__REPORT__V1__FORCE__INDUSTRY_CODE] = { "What an industry asks "
								"of its members.",
								"行业对其成员的要求"
								"。" },
		[DAYBOOK__REPORT__V1__FORCE__INDICATOR] = { "A statistic from the "
							    "literature; never a "
							    "verdict alone.",
							    "文献中的统计指标，"
							    "不单独作为结论。" },
		[DAYBOOK__REPORT__V1__FORCE__POLICY] = { "A default of Daybook where "
							 "the law only says "
							 "\"reasonable\".",
							 "法律仅称“合理”之处，由 "
							 "Daybook 取的默认值。" },
	};

	return PICK(words, force);
}

const struct dbk_words *
dbk_words_sense(Daybook__Report__V1__Sense sense)
{
	static const struct dbk_words words[] = {
		[DAYBOOK__REPORT__V1__SENSE__CONCERN] = { "Concern", "关注" },
		[DAYBOOK__REPORT__V1__SENSE__SAFEGUARD] = { "Safeguard", "保障" },
		[DAYBOOK__REPORT__V1__SENSE__CONTEXT] = { "Context", "背景" },
	};

	return PICK(words, sense);
}

const struct dbk_words *
dbk_words_proof(Daybook__Report__V1__ProofState proof)
{
	static const struct dbk_words words[] = {
		[DAYBOOK__REPORT__V1__PROOF_STATE__PROVED] = { "Proved: the checkpoint "
							       "is signed by the key "
							       "that the reader named, "
							       "and "
							       "the tree over the "
							       "records comes out.",
							       "已证明："
							       "检查点由读者指定的密钥"
							       "签名，"
							       "且由记录重算所得的树与"
							       "之一致。" },
		[DAYBOOK__REPORT__V1__PROOF_STATE__UNVOUCHED] = { "Unvouched: the tree "
								  "over the records "
								  "comes out, but "
								  "nobody vouched for "
								  "the key that signed "
								  "the checkpoint.",
								  "未经担保："
								  "由记录重算所得的树一"
								  "致，"
								  "但签署检查点的密钥无"
								  "人担保。" },
	};

	return PICK(words, proof);
}

const struct dbk_words *
dbk_words_basis(Daybook__Report__V1__RewardBasis basis)
{
	static const struct dbk_words words[] = {
		[DAYBOOK__REPORT__V1__REWARD_BASIS__OWN_RETAIL] = { "Own retail sales",
								    "本人零售" },
		[DAYBOOK__REPORT__V1__REWARD_BASIS__DOWN_RETAIL] = { "Retail sales "
								     "below",
								     "下线零售" },
		[DAYBOOK__REPORT__V1__REWARD_BASIS__OWN_PURCHASE] = { "Own purchases",
								      "本人进货" },
		[DAYBOOK__REPORT__V1__REWARD_BASIS__DOWN_PURCHASE] = { "Purchases "
								       "below",
								       "下线进货" },
		[DAYBOOK__REPORT__V1__REWARD_BASIS__JOIN_FEE] = { "Fees of recruits",
								  "被推荐人费用" },
		[DAYBOOK__REPORT__V1__REWARD_BASIS__HEADCOUNT] = { "Head counts",
								   "发展人数" },
		[DAYBOOK__REPORT__V1__REWARD_BASIS__OTHER_BASIS] = { "Other", "其他" },
	};

	return PICK(words, basis);
}

const struct dbk_words *
dbk_words_class(Daybook__Report__V1__SaleClass sale_class)
{
	static const struct dbk_words words[] = {
		[DAYBOOK__REPORT__V1__SALE_CLASS__VERIFIED] = { "Verified consumer",
								"已核实消费者" },
		[DAYBOOK__REPORT__V1__SALE_CLASS__ANONYMOUS] = { "Anonymous buyer",
								 "匿名买方" },
		[DAYBOOK__REPORT__V1__SALE_CLASS__DIRECT] = { "Paid outside",
							      "场外收款" },
		[DAYBOOK__REPORT__V1__SALE_CLASS__FORMER] = { "Former agent",
							      "已退出代理" },
		[DAYBOOK__REPORT__V1__SALE_CLASS__DOUBTED] = { "Doubted", "存疑" },
	};

	return PICK(words, sale_class);
}

const char *
dbk_words_comparison(Daybook__Report__V1__Comparison comparison)
{
	static const char *const signs[] = {
		[DAYBOOK__REPORT__V1__COMPARISON__ABOVE] = ">",
		[DAYBOOK__REPORT__V1__COMPARISON__AT_LEAST] = ">=",
		[DAYBOOK__REPORT__V1__COMPARISON__BELOW] = "<",
		[DAYBOOK__REPORT__V1__COMPARISON__AT_MOST] = "<=",
	};

	if ((int)comparison < 1 || (size_t)comparison >= sizeof signs / sizeof *signs)
		return "?";
	return signs[comparison];
}

struct entry {
	const char *word;
	struct dbk_words words;
};

static struct dbk_words
find(const struct entry *entries, size_t count, const char *word)
{
	struct dbk_words out = { word, word };

	for (size_t i = 0; i < count; i++)
		if (strcmp(entries[i].word, word) == 0)
			return entries[i].words;
	return out;
}

struct dbk_words
dbk_words_jurisdiction(const char *letters)
{
	static const struct entry known[] = {
		{ "", { "Science", "学术文献" } },
		{ "CN", { "China", "中国" } },
		{ "US", { "United States", "美国" } },
		{ "EU", { "European Union", "欧盟" } },
		{ "GB", { "United Kingdom", "英国" } },
		{ "UK", { "United Kingdom", "英国" } },
		{ "IN", { "India", "印度" } },
		{ "MY", { "Malaysia", "马来西亚" } },
		{ "TW", { "Taiwan", "台湾地区" } },
		{ "KR", { "South Korea", "韩国" } },
	};

	return find(known, sizeof known / sizeof *known, letters ? letters : "");
}

struct dbk_words
dbk_words_plain(const char *word)
{
	static const struct entry known[] = {
		{ "pending", { "Pending", "待成熟" } },
		{ "held", { "Held", "冻结" } },
		{ "available", { "Available", "可提现" } },
		{ "clawback", { "To be clawed back", "待追回" } },
		{ "escrow", { "In escrow", "托管中" } },
		{ "payout under way", { "Payout under way", "提现处理中" } },
		{ "asset", { "Asset", "资产" } },
		{ "liability", { "Liability", "负债" } },
		{ "equity", { "Equity", "权益" } },
		{ "income", { "Income", "收入" } },
		{ "revenue", { "Revenue", "收入" } },
		{ "expense", { "Expense", "费用" } },
		{ "requested", { "Requested", "已申请" } },
		{ "approved", { "Approved", "已批准" } },
		{ "denied", { "Denied", "已拒绝" } },
		{ "settled", { "Settled", "已结清" } },
		{ "failed", { "Failed", "失败" } },
		{ "returned", { "Returned", "已退回" } },
		{ "batched", { "In a batch", "已编批" } },
		{ "sent", { "Sent to the bank", "已发送银行" } },
		{ "unknown", { "Outcome unknown", "结果未明" } },
		{ "rejected", { "Rejected", "已驳回" } },
		{ "cancelled", { "Cancelled", "已取消" } },
	};

	return find(known, sizeof known / sizeof *known, word ? word : "");
}

struct dbk_words
dbk_words_account(const char *name)
{
	static const struct entry known[] = {
		{ "bank", { "Bank", "银行存款" } },
		{ "psp.clearing", { "Payment providers, clearing", "支付机构清算款" } },
		{ "clawback.receivable", { "Owed by agents", "应收代理追偿款" } },
		{ "comm.deferred", { "Commission, deferred", "待摊佣金" } },
		{ "escrow", { "Paid for orders, not yet earned", "订单托管款" } },
		{ "refund.payable", { "Refunds to be paid", "应付退款" } },
		{ "comm.pending", { "Commission, pending", "待成熟佣金" } },
		{ "comm.available", { "Commission, available", "可提现佣金" } },
		{ "comm.held", { "Commission, held", "冻结佣金" } },
		{ "payout.reserved", { "Payouts, reserved", "已预留提现" } },
		{ "payout.in_transit", { "Payouts, in transit", "在途提现" } },
		{ "tax.withheld", { "Tax withheld", "代扣税款" } },
		{ "deposit", { "Deposits", "保证金" } },
		{ "buyback.payable", { "Buy-backs to be paid", "应付回购款" } },
		{ "sales.retail", { "Retail sales", "零售收入" } },
		{ "sales.sell_in", { "Sales to agents", "代理进货收入" } },
		{ "buyback.discount", { "Kept at buy-backs", "回购折让收益" } },
		{ "sales.returns", { "Retail returns", "零售退货" } },
		{ "sell_in.returns", { "Returns by agents", "代理退货" } },
		{ "comm.expense", { "Commission", "佣金费用" } },
		{ "bonus.expense", { "Bonuses", "奖金费用" } },
		{ "clawback.writeoff", { "Claw-backs written off", "追偿核销" } },
		{ "psp.fee", { "Fees of payment providers", "支付手续费" } },
		{ "buyback.loss", { "Loss on buy-backs", "回购损失" } },
		{ "rounding", { "Rounding", "尾差" } },
		{ "platform.fee", { "Fees of the platform", "平台服务费收入" } },
		{ "fees", { "Fees of agents", "代理费用收入" } },
		{ "adjustments", { "Adjustments", "调整" } },
		{ "chargeback.loss", { "Loss on chargebacks", "拒付损失" } },
		{ "payout.fee", { "Fees of payouts", "提现手续费" } },
	};

	return find(known, sizeof known / sizeof *known, name ? name : "");
}
