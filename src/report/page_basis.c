#include "report/page_private.h"

#include <stdlib.h>
#include <string.h>

/* Tops of a part that are named. */
#define TOPS_MAX 20

static bool
is_there(const char *text)
{
	return text && *text != '\0';
}

static void
put_window(struct dbk_html *html, const Daybook__Report__V1__ReportBasis *basis)
{
	dbk_html_markup(html, "<p class=\"span\">");
	if (is_there(basis->from) || is_there(basis->to)) {
		dbk_html_pair(html, "Days from ", "期间：");
		dbk_html_text(html,
			      is_there(basis->from) ? basis->from : basis->first_day);
		dbk_html_pair(html, " to before ", " 起，");
		dbk_html_text(html, is_there(basis->to) ? basis->to : basis->last_day);
		dbk_html_pair(html, "", "（不含）止");
	} else {
		dbk_html_pair(html, "All days of the book: ", "全部期间：");
		dbk_html_text(html, basis->first_day);
		dbk_html_pair(html, " to ", " 至 ");
		dbk_html_text(html, basis->last_day);
	}
	dbk_html_markup(html, " · ");
	if (basis->n_tops == 0)
		dbk_html_pair(html, "the whole book", "全书");
	for (size_t i = 0; i < basis->n_tops && i < TOPS_MAX; i++) {
		if (i == 0)
			dbk_html_pair(html, "only the branches of ",
				      "仅下列代理及其下线：");
		else
			dbk_html_pair(html, ", ", "、");
		dbk_html_name(html, basis->tops[i]);
	}
	if (basis->n_tops > TOPS_MAX) {
		dbk_html_pair(html, " and more: ", " 等，共 ");
		dbk_html_count(html, basis->n_tops);
	}
	dbk_html_markup(html, "</p>\n");
}

void
dbk_page_masthead(struct dbk_html *html, const struct dbk_words *title,
		  const Daybook__Report__V1__ReportBasis *basis)
{
	dbk_html_markup(html, "<header class=\"masthead\">\n<h1>");
	dbk_html_words(html, title);
	dbk_html_markup(html, "</h1>\n");
	if (basis) {
		dbk_html_markup(html, "<p class=\"book\">");
		dbk_html_name(html, basis->book);
		dbk_html_markup(html, "</p>\n");
		put_window(html, basis);
	}
	dbk_html_markup(html, "</header>\n");
}

void
dbk_page_nav(struct dbk_html *html, const struct dbk_page_place *places, size_t count)
{
	dbk_html_markup(html, "<nav>");
	for (size_t i = 0; i < count; i++) {
		dbk_html_markupf(html, "<a href=\"#%s\">", places[i].id);
		dbk_html_words(html, &places[i].words);
		dbk_html_markup(html, "</a> ");
	}
	dbk_html_markup(html, "</nav>\n");
}

void
dbk_page_keys(struct dbk_html *html)
{
	dbk_html_markup(html, "<div class=\"key\">\n");
}

void
dbk_page_key(struct dbk_html *html, const char *en, const char *zh)
{
	dbk_html_markup(html, "<div><span class=\"of\">");
	dbk_html_pair(html, en, zh);
	dbk_html_markup(html, "</span><br /><span class=\"figure\">");
}

void
dbk_page_key_note(struct dbk_html *html)
{
	dbk_html_markup(html, "</span><br /><span class=\"of\">");
}

void
dbk_page_key_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</span></div>\n");
}

void
dbk_page_keys_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</div>\n");
}

static void
begin_item(struct dbk_html *html, const char *en, const char *zh)
{
	dbk_html_markup(html, "<dt>");
	dbk_html_pair(html, en, zh);
	dbk_html_markup(html, "</dt><dd>");
}

static void
end_item(struct dbk_html *html)
{
	dbk_html_markup(html, "</dd>\n");
}

static void
put_hash(struct dbk_html *html, const char *en, const char *zh, const char *hash)
{
	begin_item(html, en, zh);
	dbk_html_markup(html, "<span class=\"hash\">");
	dbk_html_text(html, hash);
	dbk_html_markup(html, "</span>");
	end_item(html);
}

static void
put_log(struct dbk_html *html, const Daybook__Report__V1__ReportBasis *basis)
{
	bool proved = basis->proof == DAYBOOK__REPORT__V1__PROOF_STATE__PROVED;

	begin_item(html, "Proof", "证明状态");
	dbk_html_markup(html, proved ? "<div class=\"proved\">"
				     : "<div class=\"unvouched\">");
	dbk_html_words(html, dbk_words_proof(basis->proof));
	dbk_html_markup(html, "</div>");
	end_item(html);
	begin_item(html, "Log", "日志");
	dbk_html_name(html, basis->origin);
	dbk_html_markup(html, " · ");
	dbk_html_count(html, basis->size);
	dbk_html_pair(html, " records, of which ", " 条记录，其中接受 ");
	dbk_html_count(html, basis->accepted);
	dbk_html_pair(html, " accepted and ", " 条、拒绝 ");
	dbk_html_count(html, basis->refused);
	dbk_html_pair(html, " refused", " 条");
	end_item(html);
	begin_item(html, "Recorded", "记录时间");
	dbk_html_moment(html, basis->first_recorded_at, basis->utc_offset_minutes);
	dbk_html_markup(html, " – ");
	dbk_html_moment(html, basis->last_recorded_at, basis->utc_offset_minutes);
	dbk_html_markupf(
	    html, " (UTC%c%02d:%02d)", basis->utc_offset_minutes < 0 ? '-' : '+',
	    abs(basis->utc_offset_minutes / 60), abs(basis->utc_offset_minutes % 60));
	end_item(html);
	put_hash(html, "Root of the tree", "树根", basis->root);
	put_hash(html, "Digest of the books", "账簿摘要", basis->digest);
}

static void
put_packs(struct dbk_html *html, Daybook__Report__V1__PackUsed *const *packs,
	  size_t count)
{
	begin_item(html, "Rule packs", "规则包");
	for (size_t i = 0; i < count && i < DBK_PAGE_ROWS_MAX; i++) {
		dbk_html_markup(html, "<div>");
		dbk_html_message(html, packs[i]->title);
		dbk_html_markup(html, " · <code>");
		dbk_html_text(html, packs[i]->pack);
		dbk_html_markup(html, "</code> ");
		dbk_html_text(html, packs[i]->version);
		dbk_html_markup(html, " · SHA-256 <span class=\"hash\">");
		dbk_html_text(html, packs[i]->sha256);
		dbk_html_markup(html, "</span></div>\n");
		if (!dbk_page_has_room(html, DBK_PAGE_SUMMARY_END))
			break;
	}
	end_item(html);
}

static void
put_notices(struct dbk_html *html, Daybook__Report__V1__PackUsed *const *packs,
	    size_t count)
{
	if (count == 0)
		return;
	dbk_html_markup(html, "<details class=\"basis\"><summary>");
	dbk_html_pair(html, "What the rule packs say of themselves", "规则包说明");
	dbk_html_markup(html, "</summary>\n");
	for (size_t i = 0; i < count && i < DBK_PAGE_ROWS_MAX; i++) {
		struct dbk_words notice = dbk_words_of(packs[i]->notice);

		if (!dbk_page_has_room(html, DBK_PAGE_SUMMARY_END))
			break;
		if (*notice.en == '\0' && *notice.zh == '\0')
			continue;
		dbk_html_markup(html, "<p class=\"small\"><code>");
		dbk_html_text(html, packs[i]->pack);
		dbk_html_markup(html, "</code> ");
		dbk_html_words(html, &notice);
		dbk_html_markup(html, "</p>\n");
	}
	dbk_html_markup(html, "</details>\n");
}

static void
put_law(struct dbk_html *html, const char *law_of)
{
	begin_item(html, "Law", "适用法律");
	if (is_there(law_of)) {
		dbk_html_pair(html, "as of ", "以下日期之法律：");
		dbk_html_text(html, law_of);
		dbk_html_pair(html, ", for the whole window", "，适用于整个期间");
	} else {
		dbk_html_pair(html, "of the day of each fact",
			      "各事实发生之日有效之法律");
	}
	end_item(html);
}

void
dbk_page_basis(struct dbk_html *html, const Daybook__Report__V1__ReportBasis *basis,
	       Daybook__Report__V1__PackUsed *const *packs, size_t n_packs,
	       const char *law_of)
{
	static const struct dbk_words title = { "What this was made from", "报告依据" };

	if (!basis)
		return;
	dbk_html_section(html, "basis", &title, NULL);
	dbk_html_markup(html, "<div class=\"basis\"><dl>\n");
	put_log(html, basis);
	if (law_of) {
		put_packs(html, packs, n_packs);
		put_law(html, law_of);
	}
	begin_item(html, "Facts that counted", "计入之事实");
	dbk_html_count(html, basis->facts);
	dbk_html_markup(html, " · ");
	dbk_html_text(html, basis->first_day);
	dbk_html_markup(html, " – ");
	dbk_html_text(html, basis->last_day);
	end_item(html);
	begin_item(html, "Currency", "币种");
	dbk_html_text(html, basis->currency);
	dbk_html_pair(html, "; all amounts are in its major units",
		      "；金额均以其主单位列示");
	end_item(html);
	begin_item(html, "Program", "程序");
	dbk_html_text(html, basis->program);
	end_item(html);
	dbk_html_markup(html, "</dl>\n<details><summary>");
	dbk_html_pair(html, "The checkpoint as it was signed", "检查点签名原文");
	dbk_html_markup(html, "</summary>");
	dbk_html_lines(html, basis->checkpoint);
	dbk_html_markup(html, "</details></div>\n");
	put_notices(html, packs, n_packs);
	dbk_html_section_end(html);
}

void
dbk_page_footer(struct dbk_html *html, const Daybook__Report__V1__ReportBasis *basis)
{
	dbk_html_markup(html, "<footer>");
	if (basis) {
		dbk_html_name(html, basis->book);
		dbk_html_markup(html, " · ");
		dbk_html_text(html, basis->program);
		dbk_html_markup(html, " · ");
	}
	dbk_html_pair(
	    html,
	    "The same log, packs and options give this file again, byte for byte.",
	    "同一日志、规则包与选项，将逐字节重现本文件。");
	dbk_html_markup(html, "</footer>\n");
}
