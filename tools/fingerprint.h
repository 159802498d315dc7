#ifndef TOOLS_FINGERPRINT_H
#define TOOLS_FINGERPRINT_H

/*
 * fingerprint.h -- the SHA-256 of a certificate, by which a daemon knows a client.
 */

#include <daybook/error.h>

#include "base/sha256.h"

/* Of the first certificate in the PEM file PATH (RFC 7468), over its DER.  INPUT: there
 * is no such file, or no certificate in it. */
DBK_MUST_CHECK enum dbk_err fingerprint_of_pem(const char *path,
					       unsigned char out[DBK_SHA256_BYTES],
					       struct dbk_error *error);

#endif
