#ifndef DBK_ACCESS_VAULT_H
#define DBK_ACCESS_VAULT_H

/*
 * vault.h -- the folder of keys and the master key; src/proof/TRUST.md section 8.
 *
 * Thread: opened by one; sealing and opening by any.
 */

#include <stdbool.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/str.h"

struct dbk_vault;

struct dbk_vault_options {
	const char *dir;	     /* KEYS; made, 0700, if missing */
	const char *key_file;	     /* 64 hex digits or 32 bytes; NULL: not given */
	const char *passphrase_file; /* its first line; NULL: not given */
	bool read_only;		     /* make nothing */
};

/* INPUT: a key file that holds no key, both files given, or the wrong passphrase or key
 * for what is there (a check value tells).  *OUT_FRESH: the folder was empty. */
DBK_MUST_CHECK enum dbk_err dbk_vault_open(const struct dbk_vault_options *options,
					   struct dbk_vault **out, bool *out_fresh,
					   struct dbk_error *error);
void dbk_vault_close(struct dbk_vault *vault);

const char *dbk_vault_dir(const struct dbk_vault *vault);

/* The master key lies in the folder itself, which the operator should hear of. */
bool dbk_vault_is_beside(const struct dbk_vault *vault);

/* Boxes at rest, bound to ABOUT. */
void dbk_vault_seal(const struct dbk_vault *vault, struct dbk_str about,
		    struct dbk_str text, struct dbk_buf *out);
bool dbk_vault_unseal(const struct dbk_vault *vault, struct dbk_str about,
		      struct dbk_str box, unsigned char *out);

/* File NAME of the folder as a box: written whole, synchronized, 0600, renamed into
 * place; read into OUT of SIZE bytes.  NOT_FOUND, DAMAGED (not of this key). */
DBK_MUST_CHECK enum dbk_err dbk_vault_write(const struct dbk_vault *vault,
					    const char *name, const void *secret,
					    size_t size, struct dbk_error *error);
DBK_MUST_CHECK enum dbk_err dbk_vault_read(const struct dbk_vault *vault,
					   const char *name, unsigned char *out,
					   size_t size, struct dbk_error *error);

#endif
