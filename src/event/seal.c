#include "event/seal.h"

#include "base/base64.h"

void
dbk_seal_digest_init(struct dbk_seal_digest *digest)
{
	dbk_sha256_init(&digest->hash);
}

void
dbk_seal_digest_event(struct dbk_seal_digest *digest, struct dbk_str event)
{
	unsigned char hash[DBK_SHA256_BYTES];

	dbk_sha256(event.bytes, event.size, hash);
	dbk_seal_digest_hash(digest, hash);
}

void
dbk_seal_digest_hash(struct dbk_seal_digest *digest,
		     const unsigned char hash[DBK_SHA256_BYTES])
{
	dbk_sha256_update(&digest->hash, hash, DBK_SHA256_BYTES);
}

void
dbk_seal_digest_final(struct dbk_seal_digest *digest,
		      unsigned char out[DBK_SHA256_BYTES])
{
	dbk_sha256_final(&digest->hash, out);
}

static void
put_line(struct dbk_buf *out, struct dbk_str line)
{
	dbk_buf_put(out, line.bytes, line.size);
	dbk_buf_put_u8(out, '\n');
}

void
dbk_seal_put_text(const struct dbk_seal_text *text, struct dbk_buf *out)
{
	put_line(out, dbk_str_of("daybook batch v1"));
	put_line(out, text->book);
	put_line(out, text->source);
	dbk_buf_printf(out, "%llu\n%d\n%lu\n", (unsigned long long)text->batch_seq,
		       text->atomic ? 1 : 0, (unsigned long)text->events);
	dbk_base64_put(out, text->digest, sizeof text->digest);
	dbk_buf_put_u8(out, '\n');
}

bool
dbk_seal_verify(const struct dbk_seal_text *text,
		const unsigned char key[DBK_SIGN_PUBLIC_BYTES],
		const unsigned char signature[DBK_SIGNATURE_BYTES])
{
	struct dbk_buf lines;
	bool good;

	dbk_buf_init(&lines);
	dbk_seal_put_text(text, &lines);
	good = !dbk_buf_failed(&lines) &&
	       dbk_sign_verify(key, lines.bytes, lines.size, signature);
	dbk_buf_fini(&lines);
	return good;
}
