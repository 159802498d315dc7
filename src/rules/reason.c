#include "rules/reason.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "rules/day.h"

static void
put(struct dbk_buf *out, const char *text)
{
	dbk_buf_put(out, text, strlen(text));
}

/* "from 2010-05-07 until 2022-05-15", the last day not included. */
static void
put_validity(const Daybook__Report__V1__Rule *rule, bool is_zh, struct dbk_buf *out)
{
	if (rule->valid_from[0] != '\0')
		dbk_buf_printf(out, is_zh ? "自%s起" : " from %s", rule->valid_from);
	if (rule->valid_to[0] != '\0')
		dbk_buf_printf(out, is_zh ? "至%s前" : " until %s", rule->valid_to);
}

static void
put_currency(const struct dbk_reason *reason, bool is_zh, struct dbk_buf *out)
{
	struct dbk_str own = reason->options->currency;

	put(out, is_zh ? "本规则金额以" : "The amounts of the rule are in ");
	put(out, reason->rule->currency);
	put(out, is_zh ? "计，账簿记账币种为" : "; the book is kept in ");
	dbk_buf_put(out, own.bytes, own.size);
	put(out, is_zh ? "，不适用。" : ".");
}

static void
put_window(const struct dbk_reason *reason, bool is_zh, struct dbk_buf *out)
{
	char first[DBK_DAY_TEXT_BYTES], last[DBK_DAY_TEXT_BYTES];

	dbk_day_format(reason->extent.first_day, first);
	dbk_day_format(reason->extent.last_day, last);
	put(out, is_zh ? "本规则" : "The rule is in force");
	put_validity(reason->rule, is_zh, out);
	dbk_buf_printf(out,
		       is_zh ? "有效；窗口内事实发生于%s至%s，不适用。"
			     : "; the facts of the window are of %s to %s.",
		       first, last);
}

static void
put_law(const struct dbk_reason *reason, bool is_zh, struct dbk_buf *out)
{
	char day[DBK_DAY_TEXT_BYTES];

	dbk_day_format(reason->options->law_day, day);
	put(out, is_zh ? "本规则" : "The rule is in force");
	put_validity(reason->rule, is_zh, out);
	dbk_buf_printf(out,
		       is_zh ? "有效；本次按%s之规则衡量，不适用。"
			     : "; the law of %s was asked for.",
		       day);
}

void
dbk_reason_bar(const struct dbk_reason *reason, enum dbk_bar bar,
	       enum dbk_tongue tongue, struct dbk_buf *out)
{
	bool is_zh = tongue == DBK_TONGUE_ZH;

	switch (bar) {
	case DBK_BAR_CURRENCY:
		put_currency(reason, is_zh, out);
		return;
	case DBK_BAR_MARK:
		put(out, is_zh ? "本规则仅适用于取得直销经营许可之企业；"
				 "记录中无此标记，亦未作此假定，不适用。"
			       : "The rule is for holders of a direct selling licence; "
				 "none is in the records, and none is supposed.");
		return;
	case DBK_BAR_WINDOW:
		put_window(reason, is_zh, out);
		return;
	case DBK_BAR_LAW:
		put_law(reason, is_zh, out);
		return;
	case DBK_BAR_NO_FACTS:
		put(out, is_zh ? "窗口内无任何事实，证据不足。"
			       : "There are no facts in the window.");
		return;
	case DBK_BAR_NONE:
		break;
	}
}

static void
put_rule(const struct dbk_compared *compared, bool is_zh, struct dbk_buf *out)
{
	dbk_buf_printf(out,
		       is_zh ? "所依据之规则%s证据不足，本规则不能判断。"
			     : "Not decided, because rule %s is not.",
		       compared->condition->rule);
}

static void
put_population(const struct dbk_compared *compared, uint32_t minimum, bool is_zh,
	       struct dbk_buf *out)
{
	dbk_buf_printf(
	    out,
	    is_zh ? "样本数%" PRIu64 "，低于本规则要求之%" PRIu32 "，证据不足。"
		  : "the population is %" PRIu64 ", and the rule asks for %" PRIu32 ".",
	    compared->value.population, minimum);
}

void
dbk_reason_thin(const struct dbk_reason *reason, const struct dbk_compared *compared,
		enum dbk_thinness thinness, int64_t days, enum dbk_tongue tongue,
		struct dbk_buf *out)
{
	const Daybook__Report__V1__Rule *rule = reason->rule;
	bool is_zh = tongue == DBK_TONGUE_ZH;

	if (compared->metric == NULL) {
		put_rule(compared, is_zh, out);
		return;
	}
	dbk_buf_printf(out, is_zh ? "%s:" : "%s: ",
		       is_zh ? compared->metric->zh : compared->metric->en);
	switch (thinness) {
	case DBK_THIN_OUTSIDE:
		put(out, is_zh ? "不在账簿记录范围内，证据不足。"
			       : "the records do not have it.");
		return;
	case DBK_THIN_EMPTY:
		put(out, is_zh ? "无可计量之事实，证据不足。"
			       : "there is nothing to measure.");
		return;
	case DBK_THIN_POPULATION:
		put_population(compared, rule->minimum_population, is_zh, out);
		return;
	case DBK_THIN_DAYS:
		dbk_buf_printf(out,
			       is_zh ? "事实仅跨%" PRId64 "日，本规则要求%" PRIu32
				       "日，证据不足。"
				     : "the facts are of %" PRId64
				       " days, and the rule asks for %" PRIu32 ".",
			       days, rule->minimum_days);
		return;
	case DBK_THIN_NOT:
		break;
	}
	dbk_assert(thinness != DBK_THIN_NOT);
}
