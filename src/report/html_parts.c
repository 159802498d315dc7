#include "report/html.h"

#include <string.h>

#include "base/embedded.h"

/* What a page looks like and what its pictures look like. */
static const char *const styles[] = { "src/report/style.css", "src/report/draw.css" };

static void
put_style(struct dbk_html *html)
{
	dbk_html_markup(html, "<style>\n");
	for (size_t s = 0; s < sizeof styles / sizeof *styles; s++)
		for (uint32_t i = 0; i < dbk_embedded_count; i++)
			if (strcmp(dbk_embedded[i].name, styles[s]) == 0)
				dbk_buf_put(html->out, dbk_embedded[i].bytes,
					    dbk_embedded[i].size);
	dbk_html_markup(html, "</style>\n");
}

static void
put_switch(struct dbk_html *html, const char *id, const char *label, bool checked)
{
	dbk_html_markupf(html,
			 "<input type=\"radio\" name=\"language\" id=\"lang-%s\"%s />"
			 "<label for=\"lang-%s\" lang=\"%s\">%s</label>\n",
			 id, checked ? " checked=\"checked\"" : "", id, id, label);
}

void
dbk_html_begin(struct dbk_html *html, const struct dbk_words *title, const char *book)
{
	bool chinese = html->first == DBK_CHINESE;

	dbk_html_markup(html, "<!DOCTYPE html>\n");
	dbk_html_markupf(html, "<html lang=\"%s\">\n<head>\n",
			 chinese ? "zh-Hans" : "en");
	dbk_html_markup(
	    html, "<meta charset=\"utf-8\" />\n"
		  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		  "'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
		  "form-action 'none'\" />\n"
		  "<meta name=\"viewport\" content=\"width=device-width, "
		  "initial-scale=1\" />\n"
		  "<meta name=\"referrer\" content=\"no-referrer\" />\n<title>");
	dbk_html_both(html, title);
	dbk_html_markup(html, " · ");
	dbk_html_text(html, book);
	dbk_html_markup(html, "</title>\n");
	put_style(html);
	dbk_html_markup(html, "</head>\n<body>\n");
	put_switch(html, "en", "English", !chinese);
	put_switch(html, "zh", "中文", chinese);
	dbk_html_markup(html, "<main>\n");
}

void
dbk_html_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</main>\n</body>\n</html>\n");
}

void
dbk_html_section(struct dbk_html *html, const char *id, const struct dbk_words *title,
		 const struct dbk_words *lead)
{
	dbk_html_markupf(html, "<section id=\"%s\">\n<h2>", id);
	dbk_html_words(html, title);
	dbk_html_markup(html, "</h2>\n");
	if (!lead)
		return;
	dbk_html_markup(html, "<p class=\"lead\">");
	dbk_html_words(html, lead);
	dbk_html_markup(html, "</p>\n");
}

void
dbk_html_section_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</section>\n");
}

void
dbk_html_picture(struct dbk_html *html, const char *id, const struct dbk_words *title)
{
	dbk_html_markupf(html, "<figure id=\"%s\">\n<h3>", id);
	dbk_html_words(html, title);
	dbk_html_markup(html, "</h3>\n<div class=\"picture\">\n");
}

void
dbk_html_picture_end(struct dbk_html *html, const struct dbk_words *caption)
{
	dbk_html_markup(html, "</div>\n");
	if (caption) {
		dbk_html_markup(html, "<figcaption>");
		dbk_html_words(html, caption);
		dbk_html_markup(html, "</figcaption>\n");
	}
	dbk_html_markup(html, "</figure>\n");
}

void
dbk_html_head(struct dbk_html *html, const struct dbk_html_column *columns, size_t count)
{
	dbk_html_markup(html, "<thead><tr>");
	for (size_t i = 0; i < count; i++) {
		dbk_html_markup(html, columns[i].kind == DBK_COLUMN_NUMBER
					  ? "<th scope=\"col\" class=\"n\">"
					  : "<th scope=\"col\">");
		dbk_html_words(html, &columns[i].title);
		dbk_html_markup(html, "</th>");
	}
	dbk_html_markup(html, "</tr></thead>\n");
}

void
dbk_html_table(struct dbk_html *html, const struct dbk_words *caption,
	       const struct dbk_html_column *columns, size_t count)
{
	dbk_html_markup(html, "<div class=\"table\"><table>\n");
	if (caption) {
		dbk_html_markup(html, "<caption>");
		dbk_html_words(html, caption);
		dbk_html_markup(html, "</caption>\n");
	}
	dbk_html_head(html, columns, count);
	dbk_html_markup(html, "<tbody>\n");
}

void
dbk_html_table_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</tbody></table></div>\n");
}

void
dbk_html_row(struct dbk_html *html)
{
	dbk_html_markup(html, "<tr>");
}

void
dbk_html_row_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</tr>\n");
}

void
dbk_html_cell_begin(struct dbk_html *html, enum dbk_column_kind kind)
{
	dbk_html_markup(html, kind == DBK_COLUMN_NUMBER ? "<td class=\"n\">" : "<td>");
}

void
dbk_html_cell_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</td>");
}

void
dbk_html_cell_name(struct dbk_html *html, const char *name)
{
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_name(html, name);
	dbk_html_cell_end(html);
}

void
dbk_html_cell_text(struct dbk_html *html, const char *text)
{
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_text(html, text);
	dbk_html_cell_end(html);
}

void
dbk_html_cell_words(struct dbk_html *html, const struct dbk_words *words)
{
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_words(html, words);
	dbk_html_cell_end(html);
}

void
dbk_html_cell_count(struct dbk_html *html, uint64_t value)
{
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_html_count(html, value);
	dbk_html_cell_end(html);
}

void
dbk_html_cell_amount(struct dbk_html *html, int64_t amount)
{
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_html_amount(html, amount);
	dbk_html_cell_end(html);
}

void
dbk_html_nothing(struct dbk_html *html, const struct dbk_words *words)
{
	dbk_html_markup(html, "<p class=\"nothing\">");
	dbk_html_words(html, words);
	dbk_html_markup(html, "</p>\n");
}

void
dbk_html_left_out(struct dbk_html *html, uint64_t count)
{
	if (count == 0)
		return;
	dbk_html_markup(html, "<p class=\"nothing\">");
	dbk_html_markup(html, "<span class=\"en\" lang=\"en\">… and ");
	dbk_html_count(html, count);
	dbk_html_markup(html,
			" more.</span><span class=\"zh\" lang=\"zh-Hans\">……另有 ");
	dbk_html_count(html, count);
	dbk_html_markup(html, " 行未列出。</span></p>\n");
}
