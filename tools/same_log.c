#include "same_log.h"

#include <inttypes.h>
#include <string.h>

#include <daybook/v1/service.pb-c.h>

static bool
take_hash(const ProtobufCBinaryData *from, struct dbk_tree_hash *out)
{
	if (from->len != DBK_TREE_HASH_BYTES)
		return false;
	memcpy(out->bytes, from->data, DBK_TREE_HASH_BYTES);
	return true;
}

static bool
take_proof(const Daybook__V1__ConsistencyProof *reply, struct dbk_tree_proof *proof,
	   struct dbk_tree_hash *root)
{
	if (reply->n_hashes > DBK_TREE_PROOF_MAX || !take_hash(&reply->to_root, root))
		return false;
	proof->count = (unsigned)reply->n_hashes;
	for (unsigned i = 0; i < proof->count; i++)
		if (!take_hash(&reply->hashes[i], &proof->hashes[i]))
			return false;
	return true;
}

int
same_log_check(struct session *session, const char *where, uint64_t size,
	       const struct dbk_tree_hash *root)
{
	Daybook__V1__GetConsistencyProofRequest request =
	    DAYBOOK__V1__GET_CONSISTENCY_PROOF_REQUEST__INIT;
	const Daybook__V1__ConsistencyProof *reply;
	struct dbk_tree_hash theirs;
	struct dbk_tree_proof proof;
	ProtobufCMessage *message;
	int code;

	if (size == 0)
		return EXIT_OK;
	request.from_size = size;
	code = session_call(session, "GetConsistencyProof", &request.base,
			    &daybook__v1__consistency_proof__descriptor, &message);
	if (code != EXIT_OK)
		return code;
	reply = (const Daybook__V1__ConsistencyProof *)message;
	if (!take_proof(reply, &proof, &theirs) ||
	    !dbk_tree_check_consistency(size, root, reply->to_size, &theirs, &proof)) {
		diag_error("%s: the daemon's log does not contain the %" PRIu64
			   " records that are there; nothing was written",
			   where, size);
		code = EXIT_FAILED;
	}
	protobuf_c_message_free_unpacked(message, NULL);
	return code;
}
