#include "report/abstentions.h"

#define FIGURES_MAX 8

struct abstention {
	const char *name, *en, *zh;
	const char *metrics[FIGURES_MAX]; /* NULL: no more */
};

static const struct abstention abstentions[] = {
	{ "rules",
	  "No breach of rules",
	  "戒违规",
	  { "sales", "findings", "red_findings", "red_per_sale", "early_returns_denied",
	    "unexplained_denials" } },
	{ "fakes",
	  "No fakes",
	  "戒伪劣",
	  { "custody_findings", "count_findings", "forged_per_sale", "wash_count",
	    "linked_share" } },
	{ "pyramid",
	  "No pyramid",
	  "戒传销",
	  { "max_paid_distance", "recruit_share", "untraced_share", "external_ratio",
	    "entry_payments", "entry_fee_findings", "circular_share" } },
	{ "disorder",
	  "No disorder in the market",
	  "不乱市",
	  { "price_band_per_sale", "territory_per_sale", "diversion_findings" } },
	{ "hoarding",
	  "No hoarding",
	  "不囤货",
	  { "sell_through", "aged_share", "loaded_share", "bunching", "stuffing",
	    "resale_70_share" } },
	{ "profiteering",
	  "No profiteering",
	  "不暴利",
	  { "resale_ratio", "price_max", "profiteering_findings" } },
	{ "flooding",
	  "No flooding",
	  "不刷屏",
	  { "flooding_findings", "bindings_findings" } },
	{ "friends",
	  "No exploiting of friends",
	  "不杀熟",
	  { "friend_price_findings", "loss_share", "never_paid_share" } },
};

#define ABSTENTIONS (sizeof abstentions / sizeof abstentions[0])

static void
put_row(struct dbk_maker *maker, const struct dbk_study *study,
	const struct abstention *abstention, Daybook__Report__V1__AbstentionRow *row)
{
	size_t n = 0;

	while (n < FIGURES_MAX && abstention->metrics[n] != NULL)
		n++;
	row->abstention = (char *)(uintptr_t)abstention->name;
	row->name = dbk_maker_words(maker, abstention->en, abstention->zh);
	row->figures =
	    dbk_maker_list(maker, n, &daybook__report__v1__figure__descriptor);
	for (size_t i = 0; row->figures != NULL && i < n; i++) {
		row->figures[i] =
		    dbk_maker_measured(maker, study, abstention->metrics[i]);
		row->n_figures = row->figures[i] == NULL ? i : i + 1;
	}
}

Daybook__Report__V1__AbstentionRow **
dbk_abstentions_make(struct dbk_maker *maker, const struct dbk_study *study,
		     size_t *out_n)
{
	Daybook__Report__V1__AbstentionRow **rows = dbk_maker_list(
	    maker, ABSTENTIONS, &daybook__report__v1__abstention_row__descriptor);

	*out_n = rows == NULL ? 0 : ABSTENTIONS;
	for (size_t i = 0; i < *out_n; i++)
		put_row(maker, study, &abstentions[i], rows[i]);
	return rows;
}
