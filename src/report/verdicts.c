#include "report/verdicts.h"

#include "base/base64.h"

static char *
make_hex(struct dbk_maker *maker, const unsigned char *bytes, size_t size)
{
	struct dbk_buf text;
	char *made;

	dbk_buf_init(&text);
	dbk_hex_put(&text, bytes, size);
	maker->failed |= dbk_buf_failed(&text);
	made = dbk_maker_text(maker, dbk_str_make(text.bytes, text.size));
	dbk_buf_fini(&text);
	return made;
}

static void
fill_pack(struct dbk_maker *maker, const struct dbk_pack *pack,
	  Daybook__Report__V1__PackUsed *used)
{
	used->pack = pack->message->pack;
	used->version = pack->message->version;
	used->sha256 = make_hex(maker, pack->sha256, sizeof pack->sha256);
	used->title = pack->message->title;
	used->notice = pack->message->notice;
}

static void
fill_compared(struct dbk_maker *maker, const struct dbk_compared *compared,
	      const struct dbk_judged_pack *pack,
	      Daybook__Report__V1__ComparedFigure *figure)
{
	const Daybook__Report__V1__Condition *condition = compared->condition;

	figure->comparison = condition->comparison;
	figure->verdict = compared->verdict;
	if (compared->metric != NULL) {
		figure->figure = dbk_maker_figure(maker, compared->metric,
						  &compared->question, &compared->value);
		figure->threshold_numerator = compared->threshold.numerator;
		figure->threshold_denominator = compared->threshold.denominator;
		return;
	}
	figure->rule = condition->rule;
	for (uint32_t i = 0; i < pack->n; i++) {
		if (dbk_str_equal(dbk_str_of(pack->judged[i].rule->id),
				  dbk_str_of(condition->rule)))
			figure->rule_verdict = pack->judged[i].verdict;
	}
}

static void
fill_verdict(struct dbk_maker *maker, const struct dbk_judged_pack *pack,
	     const struct dbk_judged *judged, Daybook__Report__V1__RuleVerdict *verdict)
{
	const Daybook__Report__V1__Rule *rule = judged->rule;

	verdict->pack = pack->pack->message->pack;
	verdict->rule = rule->id;
	verdict->title = rule->title;
	verdict->force = rule->force;
	verdict->sense = rule->sense;
	verdict->jurisdiction = rule->jurisdiction;
	verdict->citation = rule->citation;
	verdict->wording = dbk_maker_words(maker, judged->en, judged->zh);
	verdict->caution = rule->caution;
	verdict->verdict = judged->verdict;
	verdict->unconfirmed = rule->unconfirmed;
	if (judged->from_day < judged->to_day) {
		verdict->in_force_from = dbk_maker_day(maker, judged->from_day);
		verdict->in_force_to = dbk_maker_day(maker, judged->to_day);
	}
	verdict->compared =
	    dbk_maker_list(maker, judged->n_compared,
			   &daybook__report__v1__compared_figure__descriptor);
	for (uint32_t i = 0; verdict->compared != NULL && i < judged->n_compared; i++) {
		fill_compared(maker, &judged->compared[i], pack, verdict->compared[i]);
		verdict->n_compared = i + 1;
	}
}

void
dbk_verdicts_make(struct dbk_maker *maker, const struct dbk_judged_pack *packs,
		  size_t n, Daybook__Report__V1__PyramidReport *report)
{
	size_t rules = 0;

	for (size_t i = 0; i < n; i++)
		rules += packs[i].n;
	report->packs =
	    dbk_maker_list(maker, n, &daybook__report__v1__pack_used__descriptor);
	report->verdicts = dbk_maker_list(
	    maker, rules, &daybook__report__v1__rule_verdict__descriptor);
	for (size_t i = 0; i < n && report->packs != NULL; i++) {
		fill_pack(maker, packs[i].pack, report->packs[i]);
		report->n_packs = i + 1;
		for (uint32_t j = 0; j < packs[i].n && report->verdicts != NULL; j++)
			fill_verdict(maker, &packs[i], &packs[i].judged[j],
				     report->verdicts[report->n_verdicts++]);
	}
}
