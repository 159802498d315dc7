#include "report/basis.h"

#include "base/base64.h"
#include "base/hash.h"
#include "books/look.h"

static void
fill_book(struct dbk_maker *maker, const struct dbk_books *books,
	  Daybook__Report__V1__ReportBasis *basis)
{
	const struct dbk_row_book *book = dbk_look_book(books);
	unsigned char digest[DBK_DIGEST_BYTES];

	dbk_books_digest(books, digest);
	basis->book =
	    dbk_maker_text(maker, dbk_look_name(books, DBK_SPACE_TAG, book->name));
	basis->currency = dbk_maker_text(maker, dbk_str_make(book->currency, 3));
	basis->exponent = book->exponent;
	basis->utc_offset_minutes = book->utc_offset_minutes;
	basis->digest = dbk_maker_code(maker, digest, sizeof digest, dbk_hex_put);
}

static void
fill_window(struct dbk_maker *maker, const struct dbk_report_source *source,
	    Daybook__Report__V1__ReportBasis *basis)
{
	struct dbk_study_extent extent = dbk_study_extent(source->study);

	basis->from = dbk_maker_day(maker, source->options.from_day);
	basis->to = dbk_maker_day(maker, source->options.to_day);
	if (extent.facts > 0) {
		basis->first_day = dbk_maker_day(maker, extent.first_day);
		basis->last_day = dbk_maker_day(maker, extent.last_day);
	}
	basis->facts = extent.facts;
	basis->tops = source->n_tops == 0 ?
			  NULL :
			  dbk_arena_zalloc(maker->arena, source->n_tops * sizeof(char *));
	for (size_t i = 0; basis->tops != NULL && i < source->n_tops; i++) {
		basis->tops[i] = dbk_maker_text(maker, dbk_str_of(source->tops[i]));
		basis->n_tops = source->n_tops;
	}
}

Daybook__Report__V1__ReportBasis *
dbk_basis_make(struct dbk_maker *maker, const struct dbk_report_source *source)
{
	Daybook__Report__V1__ReportBasis *basis =
	    dbk_maker_message(maker, &daybook__report__v1__report_basis__descriptor);

	if (basis == NULL)
		return NULL;
	fill_book(maker, source->books, basis);
	fill_window(maker, source, basis);
	basis->origin = dbk_maker_text(maker, source->origin);
	basis->size = source->size;
	basis->root = dbk_maker_code(maker, source->root.bytes, sizeof source->root.bytes,
				dbk_base64_put);
	basis->checkpoint = dbk_maker_text(maker, source->checkpoint);
	basis->proof = source->is_vouched ?
			   DAYBOOK__REPORT__V1__PROOF_STATE__PROVED :
			   DAYBOOK__REPORT__V1__PROOF_STATE__UNVOUCHED;
	basis->accepted = source->accepted;
	basis->refused = source->refused;
	basis->first_recorded_at = dbk_maker_time(maker, source->first_recorded_at);
	basis->last_recorded_at = dbk_maker_time(maker, source->last_recorded_at);
	basis->program = dbk_maker_text(maker, dbk_str_of(source->program));
	return basis;
}
