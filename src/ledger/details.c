#include "ledger/details.h"

#include <daybook/limits.h>

#include "guard/guard.h"

/* EventResult and GateCheck in the wire format; every tag is one byte. */
enum {
	TAG_CHECK = 6 << 3 | 2,
	TAG_WOULD_PASS = 7 << 3,
	TAG_FINDINGS = 8 << 3 | 2,
	TAG_GUARD = 1 << 3 | 2,
	TAG_RULE = 2 << 3,
	TAG_MODE = 3 << 3,
	TAG_PASSED = 4 << 3,
	TAG_MEASURED = 5 << 3,
	TAG_LIMIT = 6 << 3
};

/* The longest GateCheck: five numbers and a name; and what one number may ask for. */
#define CHECK_BYTES_MAX 128
#define NUMBER_BYTES_MAX 10

/* A number that is not the default. */
static void
put_number(struct dbk_buf *out, uint8_t tag, uint64_t value)
{
	if (value == 0)
		return;
	dbk_buf_put_u8(out, tag);
	dbk_buf_put_varint(out, value);
}

static void
put_check(struct dbk_buf *out, const struct dbk_check *check)
{
	const struct dbk_guard_kind *kind =
	    dbk_guard_kind((enum dbk_guard)check->guard);
	struct dbk_str name = dbk_str_of(kind->name);
	unsigned char bytes[CHECK_BYTES_MAX];
	struct dbk_buf body = { bytes, 0, sizeof bytes, false };

	dbk_buf_put_u8(&body, TAG_GUARD);
	dbk_buf_put_varint(&body, name.size);
	dbk_buf_put(&body, name.bytes, name.size);
	put_number(&body, TAG_RULE, kind->rule);
	put_number(&body, TAG_MODE, check->mode);
	put_number(&body, TAG_PASSED, check->passed);
	put_number(&body, TAG_MEASURED, (uint64_t)check->measured);
	put_number(&body, TAG_LIMIT, (uint64_t)check->limit);
	dbk_buf_put_u8(out, TAG_CHECK);
	dbk_buf_put_varint(out, body.size);
	dbk_buf_put(out, body.bytes, body.size);
}

void
dbk_details_put_checks(struct dbk_buf *out, const struct dbk_effects *effects,
		       const struct dbk_effect *effect)
{
	if (effect->n_checks == 0)
		return;
	for (uint32_t i = 0; i < effect->n_checks; i++)
		put_check(out, &effects->checks[effect->first_check + i]);
	put_number(out, TAG_WOULD_PASS, (uint64_t)effect->would_pass + 1);
}

void
dbk_details_put_findings(struct dbk_buf *out, const struct dbk_effects *effects,
			 const struct dbk_effect *effect)
{
	unsigned char bytes[DBK_REPLY_FINDINGS_MAX * 5 + NUMBER_BYTES_MAX];
	struct dbk_buf numbers = { bytes, 0, sizeof bytes, false };

	if (effect->n_findings == 0)
		return;
	for (uint32_t i = 0; i < effect->n_findings && i < DBK_REPLY_FINDINGS_MAX; i++)
		dbk_buf_put_varint(&numbers,
				   effects->findings[effect->first_finding + i]);
	dbk_buf_put_u8(out, TAG_FINDINGS);
	dbk_buf_put_varint(out, numbers.size);
	dbk_buf_put(out, numbers.bytes, numbers.size);
}
