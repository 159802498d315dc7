#include "report/page_private.h"

/* Bytes of one position in a list, at most: 20 digits and a space. */
#define POSITION_BYTES 21
/* Bytes of what stands around the positions of a list, about. */
#define LIST_BYTES 900
#define POSITIONS_MAX 200
/* Fewer than so many of the first and the last tell nothing. */
#define POSITIONS_MIN 8

void
dbk_page_evidence_count(struct dbk_html *html, size_t count)
{
	size_t most = DBK_PAGE_EVIDENCE_LISTS_MAX;

	html->evidence_count = (uint32_t)(count < most ? count : most);
}

void
dbk_page_evidence_mark(struct dbk_html *html, uint32_t number)
{
	if (number == 0 || number > html->evidence_count)
		return;
	dbk_html_link(html, number);
	dbk_html_markupf(html, "№ %u", number);
	dbk_html_link_end(html, number);
}

static void
put_positions(struct dbk_html *html, const Daybook__Report__V1__EvidenceSet *set,
	      size_t most)
{
	size_t shown = set->n_positions < most ? set->n_positions : most;
	size_t first = set->n_positions == set->count && shown == set->n_positions
			   ? shown
			   : (shown + 1) / 2;

	if (shown == 0)
		return;
	dbk_html_markup(html, "<p class=\"positions\">");
	for (size_t i = 0; i < shown; i++) {
		size_t at = i < first ? i : set->n_positions - shown + i;

		if (i == first)
			dbk_html_markup(html, "… ");
		dbk_html_markupf(html, "%llu%s", (unsigned long long)set->positions[at],
				 i + 1 < shown ? " " : "");
	}
	dbk_html_markup(html, "</p>\n");
}

static void
put_list(struct dbk_html *html, const Daybook__Report__V1__EvidenceSet *set,
	 uint32_t number, size_t most, dbk_page_back_fn *back, const void *report)
{
	dbk_html_markupf(html, "<div class=\"list\" id=\"e%u\"><h3><span>№ %u</span> ",
			 number, number);
	dbk_html_markup(html, "<span>");
	dbk_html_count(html, set->count);
	dbk_html_pair(html, set->count == 1 ? " record" : " records", " 条记录");
	dbk_html_markup(html, "</span></h3>\n");
	if (back) {
		dbk_html_markup(html, "<p class=\"back\">");
		back(html, report, number);
		dbk_html_markup(html, "</p>\n");
	}
	put_positions(html, set, most);
	dbk_html_markup(html, "</div>\n");
}

static void
put_manual(struct dbk_html *html)
{
	dbk_html_markup(html, "<p>");
	dbk_html_pair(
	    html,
	    "Each list has the positions of records in the log, the first and the "
	    "last hundred where there are more. To see the record at a position:",
	    "各清单列示记录在日志中之位置；超出时仅列首尾各一百条。"
	    "查看某一位置之记录"
	    "：");
	dbk_html_markup(html,
			"</p><pre>daybook log --from POSITION --limit 1</pre><p>");
	dbk_html_pair(
	    html,
	    "To have it proved that it is in the log under the checkpoint above, out "
	    "of the export or, without --export, by the daemon; whoever has the "
	    "public key checks the receipt, offline:",
	    "取自导出目录（不带 --export 则由守护进程出具），"
	    "证明该记录在上述检查点所涵盖之日志中；"
	    "持公钥者可离线核验：");
	dbk_html_markup(
	    html, "</p><pre>daybook receipt position POSITION --export DIR --out FILE\n"
		  "daybook verify FILE</pre>\n");
}

void
dbk_page_evidence(struct dbk_html *html, Daybook__Report__V1__EvidenceSet *const *sets,
		  size_t count, dbk_page_back_fn *back, const void *report)
{
	static const struct dbk_words title = { "Evidence", "证据清单" };
	static const struct dbk_words nothing = { "No lists.", "无清单。" };
	size_t size = html->out->size - html->start;
	size_t room = size < DBK_PAGE_EVIDENCE_END ? DBK_PAGE_EVIDENCE_END - size : 0;
	size_t lists = html->evidence_count;
	size_t most = POSITIONS_MAX;
	size_t shown = 0;

	if (lists > 0 && room / lists < LIST_BYTES + POSITIONS_MAX * POSITION_BYTES)
		most = room / lists > LIST_BYTES
			   ? (room / lists - LIST_BYTES) / POSITION_BYTES
			   : POSITIONS_MIN;
	if (most < POSITIONS_MIN)
		most = POSITIONS_MIN;
	dbk_html_section(html, "evidence", &title, NULL);
	put_manual(html);
	if (count == 0)
		dbk_html_nothing(html, &nothing);
	for (; shown < lists; shown++) {
		bool room_left = dbk_page_has_room(html, DBK_PAGE_EVIDENCE_END);

		put_list(html, sets[shown], (uint32_t)shown + 1, room_left ? most : 0,
			 room_left ? back : NULL, report);
	}
	dbk_html_left_out(html, count - shown);
	dbk_html_section_end(html);
}
