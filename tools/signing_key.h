#ifndef TOOLS_SIGNING_KEY_H
#define TOOLS_SIGNING_KEY_H

/*
 * signing_key.h -- the key that a source signs its batches with, in a file: the 64 hex
 * digits of an Ed25519 seed (RFC 8032) and a newline, for nobody else to read.
 *
 * Whatever goes wrong is said on stderr once, here; the functions give an exit code.
 *
 * Thread: any.
 */

#include "base/sign.h"

/* The seed in PATH, in secret memory: give it back with dbk_secret_give(). */
int signing_key_read(const char *path, unsigned char **out_seed);

/* Make a key in PATH, which must not exist, with mode 0600; its public half. */
int signing_key_make(const char *path, unsigned char out_public[DBK_SIGN_PUBLIC_BYTES]);

/* The public key that TEXT is, as 64 hex digits, or else the one of the key in the file
 * TEXT. */
int signing_key_public(const char *text,
		       unsigned char out_public[DBK_SIGN_PUBLIC_BYTES]);

#endif
