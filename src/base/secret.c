#include "base/secret.h"

#include <unistd.h>

#include <sodium.h>

#define VERSION 1
#define ALIGNMENT ((size_t)16)

_Static_assert(DBK_SECRET_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
		   DBK_SECRET_NONCE_BYTES ==
		       crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
		   DBK_SECRET_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES,
	       "as libsodium has it");
_Static_assert(DBK_SECRET_SALT_BYTES == crypto_pwhash_SALTBYTES, "as libsodium has it");

/* libsodium ends the program where the kernel gives no chance, so we ask it first. */
bool
dbk_secret_start(void)
{
	unsigned char byte;

	return getentropy(&byte, sizeof byte) == 0 && sodium_init() >= 0;
}

/* libsodium puts the last byte next to the guard page: a size that is not a multiple of
 * the alignment would give memory that is not aligned. */
void *
dbk_secret_take(size_t size)
{
	size_t whole = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	void *bytes = whole < size ? NULL : sodium_malloc(whole);

	if (bytes != NULL)
		sodium_memzero(bytes, whole);
	return bytes;
}

void
dbk_secret_give(void *secret)
{
	sodium_free(secret);
}

void
dbk_secret_wipe(void *bytes, size_t size)
{
	sodium_memzero(bytes, size);
}

bool
dbk_secret_equal(const void *a, const void *b, size_t size)
{
	return sodium_memcmp(a, b, size) == 0;
}

void
dbk_secret_random(void *out, size_t size)
{
	randombytes_buf(out, size);
}

void
dbk_secret_hash(const unsigned char *key, const void *bytes, size_t size,
		unsigned char out[32])
{
	(void)crypto_generichash(out, 32, bytes, size, key,
				 key == NULL ? 0 : DBK_SECRET_KEY_BYTES);
}

enum dbk_err
dbk_secret_from_passphrase(struct dbk_str passphrase,
			   const unsigned char salt[DBK_SECRET_SALT_BYTES],
			   unsigned char out[DBK_SECRET_KEY_BYTES])
{
	unsigned char key[DBK_SECRET_KEY_BYTES];
	/* Memory is all that it can fail for. */
	bool made = crypto_pwhash(key, sizeof key, passphrase.bytes, passphrase.size,
				  salt, crypto_pwhash_OPSLIMIT_MODERATE,
				  crypto_pwhash_MEMLIMIT_MODERATE,
				  crypto_pwhash_ALG_ARGON2ID13) == 0;

	if (made)
		memcpy(out, key, sizeof key);
	sodium_memzero(key, sizeof key);
	return made ? DBK_OK : DBK_FAILED_MEMORY;
}

void
dbk_secret_seal(const unsigned char key[DBK_SECRET_KEY_BYTES],
		const unsigned char *nonce, struct dbk_str about, struct dbk_str text,
		struct dbk_buf *out)
{
	unsigned char *box;

	if (!dbk_buf_reserve(out, DBK_SECRET_BOX_OVERHEAD + (size_t)text.size))
		return;
	box = out->bytes + out->size;
	box[0] = VERSION;
	if (nonce != NULL)
		memcpy(box + 1, nonce, DBK_SECRET_NONCE_BYTES);
	else
		randombytes_buf(box + 1, DBK_SECRET_NONCE_BYTES);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
	    box + 1 + DBK_SECRET_NONCE_BYTES, NULL, (const unsigned char *)text.bytes,
	    text.size, (const unsigned char *)about.bytes, about.size, NULL, box + 1,
	    key);
	out->size += DBK_SECRET_BOX_OVERHEAD + (size_t)text.size;
}

bool
dbk_secret_open(const unsigned char key[DBK_SECRET_KEY_BYTES], struct dbk_str about,
		struct dbk_str box, unsigned char *out)
{
	const unsigned char *p = (const unsigned char *)box.bytes;

	if (box.size < DBK_SECRET_BOX_OVERHEAD || p[0] != VERSION)
		return false;
	return crypto_aead_xchacha20poly1305_ietf_decrypt(
		   out, NULL, NULL, p + 1 + DBK_SECRET_NONCE_BYTES,
		   box.size - 1 - DBK_SECRET_NONCE_BYTES,
		   (const unsigned char *)about.bytes, about.size, p + 1, key) == 0;
}
