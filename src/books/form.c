#include "books/form.h"

static void
flush(struct dbk_form *form)
{
	dbk_digest_update(&form->digest, form->bytes, form->used);
	form->used = 0;
}

void
dbk_form_begin(struct dbk_form *form, const struct dbk_books *books)
{
	form->books = books;
	form->used = 0;
	dbk_digest_init(&form->digest);
}

void
dbk_form_end(struct dbk_form *form, unsigned char out[DBK_DIGEST_BYTES])
{
	flush(form);
	dbk_digest_final(&form->digest, out);
}

void
dbk_form_put(struct dbk_form *form, const void *bytes, size_t size)
{
	dbk_assert(size <= sizeof form->bytes);
	if (form->used + size > sizeof form->bytes)
		flush(form);
	if (size > 0)
		memcpy(form->bytes + form->used, bytes, size);
	form->used += size;
}

void
dbk_form_int(struct dbk_form *form, int64_t value)
{
	unsigned char bytes[8];

	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
	dbk_form_put(form, bytes, sizeof bytes);
}

void
dbk_form_text(struct dbk_form *form, struct dbk_str text)
{
	unsigned char size = (unsigned char)text.size;

	dbk_assert(text.size <= UINT8_MAX);
	dbk_form_put(form, &size, 1);
	dbk_form_put(form, text.bytes, text.size);
}

void
dbk_form_name(struct dbk_form *form, uint32_t space, uint32_t id)
{
	dbk_form_text(form, dbk_names_get(&form->books->names, space, id));
}

void
dbk_form_section(struct dbk_form *form, char letter, uint64_t rows)
{
	dbk_form_put(form, &letter, 1);
	dbk_form_int(form, (int64_t)rows);
}
