#include "report/page_private.h"

#include <string.h>

#define VERDICT(name) DAYBOOK__REPORT__V1__VERDICT_WORD__##name
#define SENSE(name) DAYBOOK__REPORT__V1__SENSE__##name
#define FORCE(name) DAYBOOK__REPORT__V1__FORCE__##name

#define VERDICT_WORDS 6
#define FORCES 9
/* Jurisdictions that get a card. */
#define CARDS_MAX 40

void
dbk_page_shapes(struct dbk_html *html)
{
	static const char *const shapes[VERDICT_WORDS] = {
		"<path d=\"M6 1L11 11H1Z\" fill=\"none\"/>",
		"<rect x=\"1.5\" y=\"1.5\" width=\"9\" height=\"9\" "
		"fill=\"currentColor\"/>",
		"<circle cx=\"6\" cy=\"6\" r=\"4.3\" fill=\"none\" "
		"stroke=\"currentColor\" "
		"stroke-width=\"1.6\"/>",
		"<path d=\"M6 1.6L10.8 10.4H1.2Z\" fill=\"none\" "
		"stroke=\"currentColor\" "
		"stroke-width=\"1.4\"/><path d=\"M6 1.6L10.8 10.4H6Z\" "
		"fill=\"currentColor\"/>",
		"<circle cx=\"6\" cy=\"6\" r=\"4.3\" fill=\"none\" "
		"stroke=\"currentColor\" "
		"stroke-width=\"1.4\" stroke-dasharray=\"1.8 1.6\"/>",
		"<path d=\"M2 6H10\" stroke=\"currentColor\" stroke-width=\"1.6\"/>",
	};

	dbk_html_markup(html,
			"<svg width=\"0\" height=\"0\" style=\"position:absolute\" "
			"aria-hidden=\"true\"><defs>\n");
	for (int i = 0; i < VERDICT_WORDS; i++) {
		dbk_html_markupf(html, "<symbol id=\"s%d\" viewBox=\"0 0 12 12\">", i);
		dbk_html_markup(html, shapes[i]);
		dbk_html_markup(html, "</symbol>\n");
	}
	dbk_html_markup(html, "</defs></svg>\n");
}

void
dbk_page_shape(struct dbk_html *html, Daybook__Report__V1__VerdictWord verdict)
{
	int number = (int)verdict;

	if (number < 0 || number >= VERDICT_WORDS)
		number = 0;
	dbk_html_markupf(
	    html, "<svg aria-hidden=\"true\"><use href=\"#s%d\"></use></svg>", number);
}

const char *
dbk_page_tone(Daybook__Report__V1__VerdictWord verdict,
	      Daybook__Report__V1__Sense sense)
{
	bool met = verdict == VERDICT(MET);

	if (verdict == VERDICT(AT_RISK) && sense != SENSE(CONTEXT))
		return "risk";
	if (!met && verdict != VERDICT(NOT_MET))
		return "none";
	if (sense == SENSE(CONCERN))
		return met ? "concern" : "fine";
	if (sense == SENSE(SAFEGUARD))
		return met ? "fine" : "concern";
	return "none";
}

void
dbk_page_chip(struct dbk_html *html, Daybook__Report__V1__VerdictWord verdict,
	      Daybook__Report__V1__Sense sense)
{
	dbk_html_markupf(html, "<span class=\"chip %s\">",
			 dbk_page_tone(verdict, sense));
	dbk_page_shape(html, verdict);
	dbk_html_words(html, dbk_words_verdict(verdict));
	dbk_html_markup(html, "</span>");
}

bool
dbk_page_leads(Daybook__Report__V1__Force force)
{
	return force == FORCE(STATUTE) || force == FORCE(INTERPRETATION) ||
	       force == FORCE(CASE_LAW) || force == FORCE(CONSENT_ORDER);
}

/* The first verdict that leads in each jurisdiction, in the order of the report. */
struct cards {
	const char *letters[CARDS_MAX];
	size_t count;
};

static const char *
letters_of(const Daybook__Report__V1__RuleVerdict *verdict)
{
	return verdict->jurisdiction ? verdict->jurisdiction : "";
}

static void
find_cards(const Daybook__Report__V1__PyramidReport *report, struct cards *cards)
{
	cards->count = 0;
	for (size_t i = 0; i < report->n_verdicts; i++) {
		const char *letters = letters_of(report->verdicts[i]);
		size_t k = 0;

		if (!dbk_page_leads(report->verdicts[i]->force))
			continue;
		while (k < cards->count && strcmp(cards->letters[k], letters) != 0)
			k++;
		if (k == cards->count && k < CARDS_MAX)
			cards->letters[cards->count++] = letters;
	}
}

static void
put_tally(struct dbk_html *html, const Daybook__Report__V1__PyramidReport *report,
	  const char *letters)
{
	static const Daybook__Report__V1__VerdictWord order[] = {
		VERDICT(MET), VERDICT(AT_RISK), VERDICT(NOT_MET), VERDICT(INSUFFICIENT),
		VERDICT(NOT_APPLICABLE)
	};
	uint64_t counts[VERDICT_WORDS] = { 0 };
	bool first = true;

	for (size_t i = 0; i < report->n_verdicts; i++) {
		const Daybook__Report__V1__RuleVerdict *v = report->verdicts[i];

		if (dbk_page_leads(v->force) && strcmp(letters_of(v), letters) == 0 &&
		    (int)v->verdict > 0 && (int)v->verdict < VERDICT_WORDS)
			counts[v->verdict]++;
	}
	dbk_html_markup(html, "<p class=\"tally\">");
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (counts[order[i]] == 0)
			continue;
		dbk_html_markup(html, first ? "" : " · ");
		dbk_html_words(html, dbk_words_verdict(order[i]));
		dbk_html_markup(html, " ");
		dbk_html_count(html, counts[order[i]]);
		first = false;
	}
	dbk_html_markup(html, "</p>\n");
}

static void
put_line(struct dbk_html *html, const Daybook__Report__V1__RuleVerdict *verdict,
	 size_t number)
{
	dbk_html_markupf(html, "<a class=\"line %s\" href=\"#",
			 dbk_page_tone(verdict->verdict, verdict->sense));
	if (number < html->verdicts_shown)
		dbk_html_markupf(html, "v%zu\">", number + 1);
	else
		dbk_html_markup(html, "verdicts\">");
	dbk_page_shape(html, verdict->verdict);
	dbk_html_markup(html, "<span class=\"what\">");
	dbk_html_message(html, verdict->title);
	dbk_html_markup(html, "</span><span class=\"word\">");
	dbk_html_words(html, dbk_words_verdict(verdict->verdict));
	dbk_html_markup(html, "</span></a>\n");
}

/* What asks for attention comes first. */
enum rank {
	RANK_CONCERN,
	RANK_RISK,
	RANK_CONTEXT,
	RANK_FINE,
	RANK_INSUFFICIENT,
	RANK_NOT_APPLICABLE,
};

static enum rank
rank_of(const Daybook__Report__V1__RuleVerdict *verdict)
{
	const char *tone = dbk_page_tone(verdict->verdict, verdict->sense);

	if (verdict->verdict == VERDICT(NOT_APPLICABLE))
		return RANK_NOT_APPLICABLE;
	if (strcmp(tone, "concern") == 0)
		return RANK_CONCERN;
	if (strcmp(tone, "risk") == 0)
		return RANK_RISK;
	if (strcmp(tone, "fine") == 0)
		return RANK_FINE;
	return verdict->verdict == VERDICT(MET) ||
		       verdict->verdict == VERDICT(NOT_MET) ||
		       verdict->verdict == VERDICT(AT_RISK)
		   ? RANK_CONTEXT
		   : RANK_INSUFFICIENT;
}

/* Rules of one jurisdiction and force that have one rank; counts them, and writes them
 * unless HTML is NULL. */
static size_t
put_ranked(struct dbk_html *html, const Daybook__Report__V1__PyramidReport *report,
	   const char *letters, Daybook__Report__V1__Force force, enum rank rank)
{
	size_t count = 0;

	for (size_t i = 0; i < report->n_verdicts; i++) {
		const Daybook__Report__V1__RuleVerdict *v = report->verdicts[i];

		if (v->force != force || strcmp(letters_of(v), letters) != 0 ||
		    rank_of(v) != rank)
			continue;
		if (html && !dbk_page_has_room(html, DBK_PAGE_SUMMARY_END))
			return count;
		if (html)
			put_line(html, v, i);
		count++;
	}
	return count;
}

/* The rules of one force in a card, but for those that do not apply. */
static void
put_force(struct dbk_html *html, const Daybook__Report__V1__PyramidReport *report,
	  const char *letters, Daybook__Report__V1__Force force)
{
	size_t count = 0;

	for (int rank = 0; rank < RANK_NOT_APPLICABLE; rank++)
		count += put_ranked(NULL, report, letters, force, (enum rank)rank);
	if (count == 0)
		return;
	dbk_html_markup(html, "<h4>");
	dbk_html_words(html, dbk_words_force(force));
	dbk_html_markup(html, "</h4>\n");
	for (int rank = 0; rank < RANK_NOT_APPLICABLE; rank++)
		put_ranked(html, report, letters, force, (enum rank)rank);
}

static void
put_not_applicable(struct dbk_html *html,
		   const Daybook__Report__V1__PyramidReport *report,
		   const char *letters)
{
	size_t count = 0;

	for (int force = 1; force < FORCES; force++)
		if (dbk_page_leads((Daybook__Report__V1__Force)force))
			count += put_ranked(NULL, report, letters,
					    (Daybook__Report__V1__Force)force,
					    RANK_NOT_APPLICABLE);
	if (count == 0)
		return;
	dbk_html_markup(html, "<details class=\"aside\"><summary>");
	dbk_html_words(html, dbk_words_verdict(VERDICT(NOT_APPLICABLE)));
	dbk_html_markup(html, " ");
	dbk_html_count(html, count);
	dbk_html_markup(html, "</summary>\n");
	for (int force = 1; force < FORCES; force++)
		if (dbk_page_leads((Daybook__Report__V1__Force)force))
			put_ranked(html, report, letters,
				   (Daybook__Report__V1__Force)force,
				   RANK_NOT_APPLICABLE);
	dbk_html_markup(html, "</details>\n");
}

static void
put_card(struct dbk_html *html, const Daybook__Report__V1__PyramidReport *report,
	 const char *letters)
{
	struct dbk_words name = dbk_words_jurisdiction(letters);

	dbk_html_markup(html, "<div class=\"card\"><h3>");
	dbk_html_words(html, &name);
	dbk_html_markup(html, "</h3>\n");
	put_tally(html, report, letters);
	for (int force = 1; force < FORCES; force++)
		if (dbk_page_leads((Daybook__Report__V1__Force)force))
			put_force(html, report, letters,
				  (Daybook__Report__V1__Force)force);
	put_not_applicable(html, report, letters);
	dbk_html_markup(html, "</div>\n");
}

static void
put_legend(struct dbk_html *html)
{
	static const struct {
		Daybook__Report__V1__VerdictWord verdict;
		struct dbk_words says;
	} rows[] = {
		{ VERDICT(MET),
		  { "both readings reach the threshold", "两种口径均达到界限" } },
		{ VERDICT(AT_RISK),
		  { "one reading does, or is near to it",
		    "仅一种口径达到，或接近界限" } },
		{ VERDICT(NOT_MET), { "neither does", "两种口径均未达到" } },
		{ VERDICT(INSUFFICIENT), { "too little data", "数据不足" } },
		{ VERDICT(NOT_APPLICABLE),
		  { "the rule does not bind here", "规则不适用" } },
	};

	dbk_html_markup(html, "<p class=\"legend\">");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		dbk_html_markup(html, "<span class=\"item\">");
		dbk_page_chip(html, rows[i].verdict, SENSE(CONTEXT));
		dbk_html_words(html, &rows[i].says);
		dbk_html_markup(html, "</span> ");
	}
	dbk_html_markup(html, "</p>\n<p class=\"small\">");
	dbk_html_pair(
	    html,
	    "The strict reading counts only what is proved to have gone to consumers; "
	    "the lenient one also what may have. Red marks what speaks for concern, "
	    "green what speaks against it.",
	    "严格口径仅计已核实售予消费者者；"
	    "宽松口径并计可能售予消费者者。"
	    "红色示需关注，绿色示相反。");
	dbk_html_markup(html, "</p>\n");
}

void
dbk_page_summary(struct dbk_html *html,
		 const Daybook__Report__V1__PyramidReport *report)
{
	static const struct dbk_words title = { "Summary", "摘要" };
	static const struct dbk_words lead = {
		"Verdicts under legislation, judicial interpretation, case law and "
		"consent "
		"orders. Indicators and policies are further below; none is a verdict "
		"alone.",
		"以下为法律法规、司法解释、判例与和解令项下之结论。"
		"参考指标与内部政策列"
		"于其后，"
		"不单独作为结论。"
	};
	static const struct dbk_words nothing = { "No rule of these kinds was judged.",
						  "未对此类规则作出判断。" };
	struct cards cards;

	dbk_html_section(html, "summary", &title, &lead);
	dbk_html_markup(html, "<p class=\"pledge\">");
	dbk_html_pair(
	    html,
	    "Daybook never says that anything is illegal. It says, rule by rule, what "
	    "the records show; whether a law was broken is for an authority or a court "
	    "to decide.",
	    "Daybook 从不认定任何行为违法，仅逐条说明记录所示之事实；"
	    "是否违反法律，由主管机关或法院认定。");
	dbk_html_markup(html, "</p>\n");
	find_cards(report, &cards);
	if (cards.count == 0)
		dbk_html_nothing(html, &nothing);
	dbk_html_markup(html, "<div class=\"glance\">\n");
	for (size_t i = 0; i < cards.count; i++)
		put_card(html, report, cards.letters[i]);
	dbk_html_markup(html, "</div>\n");
	put_legend(html);
	dbk_html_section_end(html);
}
