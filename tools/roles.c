#include "roles.h"

#include "access/caller.h"

void
roles_put(const Daybook__V1__Role *roles, size_t n, struct dbk_buf *out)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = dbk_role_name((enum dbk_role)roles[i]);

		dbk_buf_printf(out, "%s", i == 0 ? "" : " ");
		if (name != NULL)
			dbk_buf_printf(out, "%s", name);
		else
			dbk_buf_printf(out, "%d", (int)roles[i]);
	}
	dbk_buf_put_u8(out, '\0');
}

void
roles_put_sources(char *const *sources, size_t n, struct dbk_buf *out)
{
	for (size_t i = 0; i < n; i++)
		dbk_buf_printf(out, "%s%s", i == 0 ? "" : " ", sources[i]);
	if (n == 0)
		dbk_buf_printf(out, "any");
	dbk_buf_put_u8(out, '\0');
}

static void
cell(struct table *table, struct dbk_buf *text)
{
	table_text(table, dbk_buf_failed(text) ? "" : (const char *)text->bytes);
	dbk_buf_fini(text);
}

void
roles_cell(struct table *table, const Daybook__V1__Role *roles, size_t n)
{
	struct dbk_buf text;

	dbk_buf_init(&text);
	roles_put(roles, n, &text);
	cell(table, &text);
}

void
roles_sources_cell(struct table *table, char *const *sources, size_t n)
{
	struct dbk_buf text;

	dbk_buf_init(&text);
	roles_put_sources(sources, n, &text);
	cell(table, &text);
}
