#ifndef DBK_RPC_REFLECTION_H
#define DBK_RPC_REFLECTION_H

/*
 * reflection.h -- the answers of grpc.reflection.v1 and v1alpha, as request bytes to
 * reply bytes.  The two protocols differ in their package name only.
 *
 * The descriptors are a serialized google.protobuf.FileDescriptorSet that protoc made
 * at build time (build/proto/descriptors.c); it is walked once for the names in it and
 * files are answered verbatim.
 *
 * Thread: after open everything is read only and may be shared.
 */

#include <stdbool.h>
#include <stddef.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"

#define DBK_REFLECTION_V1_PATH                                                         \
	"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
#define DBK_REFLECTION_V1ALPHA_PATH                                                    \
	"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"

struct dbk_reflection;

/* build/proto/descriptors.c: all files of proto/ and what they import. */
extern const unsigned char dbk_descriptors[];
extern const size_t dbk_descriptors_size;

/*
 * Index SET, a FileDescriptorSet, which is borrowed.  DBK_FAILED_MEMORY, or
 * DBK_FAILED_INPUT if it is not well-formed.
 */
enum dbk_err dbk_reflection_open(struct dbk_str set,
				 struct dbk_reflection **out_reflection) DBK_MUST_CHECK;

/* NULL is nothing. */
void dbk_reflection_close(struct dbk_reflection *reflection);

/*
 * Append to OUT the ServerReflectionResponse to REQUEST, a ServerReflectionRequest.
 * What is not there is an ErrorResponse NOT_FOUND inside of it.  False if REQUEST is
 * not well-formed: end the call with INVALID_ARGUMENT.
 */
bool dbk_reflection_answer(const struct dbk_reflection *reflection,
			   struct dbk_str request, struct dbk_buf *out);

#endif
