/*
 * proofs.c -- the published checkpoint, and the hashes that lead to it.
 *
 * A tree that has not been signed yet is waited for, like any answer that is to cover
 * what the caller has just written; one that is larger than the log is a mistake.
 */

#include <inttypes.h>

#include "service/published.h"

static bool
failed(struct dbk_call *call, enum dbk_err err, const struct dbk_error *error)
{
	(void)dbk_answer_error(call->answer, err, error);
	return false;
}

/* OUT_OF_RANGE: VALUE of FIELD, of which there are only LIMIT. */
static bool
out_of_range(struct dbk_call *call, const char *reason, const char *field,
	     uint64_t value, const char *whose, uint64_t limit)
{
	(void)dbk_answer_set(call->answer, DBK_GRPC_OUT_OF_RANGE, reason,
			     "%s %" PRIu64 ": %s has %" PRIu64 " records", field, value,
			     whose, limit);
	(void)dbk_answer_number(call->answer, field, value);
	return false;
}

/* ----------------------------------------------------------------- GetCheckpoint */

bool
dbk_call_get_checkpoint(struct dbk_call *call)
{
	const Daybook__V1__GetCheckpointRequest *request =
	    dbk_call_request(call, &daybook__v1__get_checkpoint_request__descriptor);
	Daybook__V1__Checkpoint reply = DAYBOOK__V1__CHECKPOINT__INIT;
	struct dbk_published published;
	struct dbk_buf note;
	bool done;

	if (request == NULL)
		return false;
	dbk_buf_init(&note);
	done = dbk_call_published_of(call, "at_least_size", request->at_least_size,
				     &published, &note);
	if (done) {
		dbk_call_checkpoint(call, &published, &note, &reply);
		done = dbk_call_reply(call, &reply.base);
	}
	dbk_buf_fini(&note);
	return done;
}

/* --------------------------------------------------------------------- the proofs */

/* The size of the tree that FIELD asks for, 0 meaning the published one, which is to
 * have at least LEAST records. */
static bool
settle_size(struct dbk_call *call, const char *field, uint64_t asked, uint64_t least,
	    uint64_t *out)
{
	uint64_t log_size = dbk_log_size(call->port->log);
	struct dbk_published published;

	if (asked > log_size)
		return out_of_range(call, "SIZE", field, asked, "the log", log_size);
	if (!dbk_call_published_of(call, field, asked > 0 ? asked : least, &published,
				   NULL))
		return false;
	*out = asked > 0 ? asked : published.size;
	return true;
}

static struct dbk_tree_reader
tree_of(struct dbk_call *call)
{
	return dbk_hashes_reader(call->port->hashes(call->port->context));
}

/* Views of the hashes of PROOF, which outlives them. */
static ProtobufCBinaryData *
fill_hashes(struct dbk_call *call, const struct dbk_tree_proof *proof)
{
	ProtobufCBinaryData *out = dbk_call_take(call, proof->count, sizeof *out);

	for (unsigned i = 0; out != NULL && i < proof->count; i++)
		out[i] = dbk_call_hash(&proof->hashes[i]);
	return out;
}

static bool
check_position(struct dbk_call *call, const Daybook__V1__GetInclusionProofRequest *r)
{
	uint64_t log_size = dbk_log_size(call->port->log);

	if (r->position >= log_size)
		return out_of_range(call, "POSITION", "position", r->position,
				    "the log", log_size);
	if (r->size > 0 && r->position >= r->size)
		return out_of_range(call, "POSITION", "position", r->position,
				    "the tree", r->size);
	return true;
}

bool
dbk_call_get_inclusion_proof(struct dbk_call *call)
{
	const Daybook__V1__GetInclusionProofRequest *request = dbk_call_request(
	    call, &daybook__v1__get_inclusion_proof_request__descriptor);
	Daybook__V1__InclusionProof reply = DAYBOOK__V1__INCLUSION_PROOF__INIT;
	struct dbk_tree_hash leaf, root;
	struct dbk_tree_reader tree;
	struct dbk_tree_proof proof;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	if (request == NULL || !check_position(call, request) ||
	    !settle_size(call, "size", request->size, request->position + 1,
			 &reply.size))
		return false;
	tree = tree_of(call);
	err = dbk_tree_prove_inclusion(&tree, request->position, reply.size, &proof,
				       &error);
	if (err == DBK_OK)
		err = tree.read(tree.context, 0, request->position, 1, &leaf, &error);
	if (err == DBK_OK)
		err = dbk_tree_root(&tree, reply.size, &root, &error);
	if (err != DBK_OK)
		return failed(call, err, &error);
	reply.position = request->position;
	reply.leaf_hash = dbk_call_hash(&leaf);
	reply.hashes = fill_hashes(call, &proof);
	reply.n_hashes = proof.count;
	reply.root = dbk_call_hash(&root);
	return dbk_call_reply(call, &reply.base);
}

bool
dbk_call_get_consistency_proof(struct dbk_call *call)
{
	const Daybook__V1__GetConsistencyProofRequest *request = dbk_call_request(
	    call, &daybook__v1__get_consistency_proof_request__descriptor);
	Daybook__V1__ConsistencyProof reply = DAYBOOK__V1__CONSISTENCY_PROOF__INIT;
	struct dbk_tree_hash from_root, to_root;
	struct dbk_tree_reader tree;
	struct dbk_tree_proof proof;
	struct dbk_error error = { 0 };
	uint64_t from;
	enum dbk_err err;

	if (request == NULL)
		return false;
	from = request->from_size;
	if (request->to_size > 0 && from > request->to_size)
		return out_of_range(call, "SIZE", "from_size", from, "the later tree",
				    request->to_size);
	if (from > dbk_log_size(call->port->log))
		return out_of_range(call, "SIZE", "from_size", from, "the log",
				    dbk_log_size(call->port->log));
	if (!settle_size(call, "to_size", request->to_size, from, &reply.to_size))
		return false;
	tree = tree_of(call);
	err = dbk_tree_prove_consistency(&tree, from, reply.to_size, &proof, &error);
	if (err == DBK_OK)
		err = dbk_tree_root(&tree, from, &from_root, &error);
	if (err == DBK_OK)
		err = dbk_tree_root(&tree, reply.to_size, &to_root, &error);
	if (err != DBK_OK)
		return failed(call, err, &error);
	reply.from_size = from;
	reply.from_root = dbk_call_hash(&from_root);
	reply.to_root = dbk_call_hash(&to_root);
	reply.hashes = fill_hashes(call, &proof);
	reply.n_hashes = proof.count;
	return dbk_call_reply(call, &reply.base);
}
