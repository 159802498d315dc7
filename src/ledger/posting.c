#include "ledger/posting.h"

#include "books/look.h"

/* Posting in the wire format; every tag is one byte. */
enum {
	TAG_CODE = 1 << 3,
	TAG_NAME = 2 << 3 | 2,
	TAG_OWNER = 3 << 3 | 2,
	TAG_AMOUNT = 4 << 3,
	TAG_CAUSE = 5 << 3,
	TAG_ORDER = 6 << 3 | 2,
	TAG_PAYOUT = 7 << 3 | 2
};

static uint32_t
size_of_number(uint64_t value)
{
	uint32_t size = 1;

	while (value >= 0x80) {
		value >>= 7;
		size++;
	}
	return size;
}

/* Names have fewer than 128 bytes, so their length is one. */
static uint32_t
size_of_text(struct dbk_str text)
{
	return text.size == 0 ? 0 : 2 + text.size;
}

static void
put_text(struct dbk_buf *out, uint8_t tag, struct dbk_str text)
{
	if (text.size == 0)
		return;
	dbk_buf_put_u8(out, tag);
	dbk_buf_put_varint(out, text.size);
	dbk_buf_put(out, text.bytes, text.size);
}

void
dbk_posting_put(struct dbk_buf *out, unsigned number,
		const struct dbk_posting_text *posting)
{
	const struct dbk_account_kind *kind = dbk_account_kind(posting->code);
	struct dbk_str name = dbk_str_of(kind->name);
	uint64_t amount = (uint64_t)posting->amount;
	uint32_t size = 1 + size_of_number(kind->number) + 1 + size_of_number(amount) +
			size_of_text(name) + size_of_text(posting->owner) +
			size_of_text(posting->order) + size_of_text(posting->payout);

	if (posting->cause != DBK_CAUSE_EVENT)
		size += 2;
	dbk_buf_put_u8(out, (uint8_t)(number << 3 | 2));
	dbk_buf_put_varint(out, size);
	dbk_buf_put_u8(out, TAG_CODE);
	dbk_buf_put_varint(out, kind->number);
	put_text(out, TAG_NAME, name);
	put_text(out, TAG_OWNER, posting->owner);
	dbk_buf_put_u8(out, TAG_AMOUNT);
	dbk_buf_put_varint(out, amount);
	if (posting->cause != DBK_CAUSE_EVENT) {
		dbk_buf_put_u8(out, TAG_CAUSE);
		dbk_buf_put_u8(out, (uint8_t)posting->cause);
	}
	put_text(out, TAG_ORDER, posting->order);
	put_text(out, TAG_PAYOUT, posting->payout);
}

static struct dbk_str
owner_of(const struct dbk_books *books, const struct dbk_posting *posting,
	 const struct dbk_effect *effect)
{
	struct dbk_row_account account;
	bool of_agent;

	if (posting->account == 0)
		return dbk_look_name(books, DBK_SPACE_ORDER, effect->order);
	account = dbk_look_account(books, posting->account);
	of_agent = dbk_account_kind(account.code)->owner == DBK_OWNER_AGENT;
	return dbk_look_name(books, of_agent ? DBK_SPACE_AGENT : DBK_SPACE_TAG,
			     account.owner);
}

void
dbk_posting_put_all(struct dbk_buf *out, unsigned number, uint32_t max,
		    const struct dbk_books *books, const struct dbk_effects *effects,
		    const struct dbk_effect *effect)
{
	for (uint32_t i = 0; i < effect->n_postings && i < max; i++) {
		const struct dbk_posting *posting =
		    &effects->postings[effect->first_posting + i];
		struct dbk_posting_text text = { .code = posting->code,
						 .cause = posting->cause,
						 .amount = posting->amount };

		text.owner = owner_of(books, posting, effect);
		if (posting->cause >= DBK_CAUSE_DRAWN)
			text.payout =
			    dbk_look_name(books, DBK_SPACE_PAYOUT, posting->ref);
		else if (posting->ref != effect->order)
			text.order =
			    dbk_look_name(books, DBK_SPACE_ORDER, posting->ref);
		dbk_posting_put(out, number, &text);
	}
}
