/*
 * Any bytes as proofs, one behind another.  What parses prints back the same; a leaf
 * that is proved is proved again after that, and with one bit changed anywhere it is
 * not.
 */

#include <stdint.h>

#include "../tests/lib/fuzz_input.h"
#include "tlog/checkpoint.h"
#include "tlog/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* PROOF holds for the root of its checkpoint. */
static void
damage(struct dbk_proof *proof, const struct dbk_checkpoint *checkpoint)
{
	struct dbk_tree_hash leaf = dbk_tree_leaf(proof->extra);
	struct dbk_tree_hash root = checkpoint->root;

	leaf.bytes[5] ^= 4;
	fuzz_demand(!dbk_tree_check_inclusion(&leaf, proof->index, checkpoint->size,
					      &root, &proof->inclusion));
	leaf.bytes[5] ^= 4;
	root.bytes[31] ^= 128;
	fuzz_demand(!dbk_tree_check_inclusion(&leaf, proof->index, checkpoint->size,
					      &root, &proof->inclusion));
	root.bytes[31] ^= 128;
	for (unsigned i = 0; i < proof->inclusion.count; i++) {
		proof->inclusion.hashes[i].bytes[i % DBK_TREE_HASH_BYTES] ^= 1;
		fuzz_demand(!dbk_tree_check_inclusion(
		    &leaf, proof->index, checkpoint->size, &root, &proof->inclusion));
		proof->inclusion.hashes[i].bytes[i % DBK_TREE_HASH_BYTES] ^= 1;
	}
	fuzz_demand(dbk_tree_check_inclusion(&leaf, proof->index, checkpoint->size,
					     &root, &proof->inclusion));
}

static void
use(struct dbk_proof *proof)
{
	struct dbk_tree_hash leaf = dbk_tree_leaf(proof->extra);
	struct dbk_checkpoint checkpoint;
	struct dbk_note note;

	if (dbk_note_parse(proof->note, &note, NULL) != DBK_OK ||
	    dbk_checkpoint_parse(note.text, &checkpoint, NULL) != DBK_OK)
		return;
	if (dbk_tree_check_inclusion(&leaf, proof->index, checkpoint.size,
				     &checkpoint.root, &proof->inclusion))
		damage(proof, &checkpoint);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct dbk_str rest = dbk_str_make(bytes, size);
	struct dbk_buf extra = { 0 }, again = { 0 };
	struct dbk_error error = { .text = "" };
	struct dbk_proof proof;
	size_t taken;

	while (dbk_proof_parse(rest, &extra, &proof, &taken, &error) == DBK_OK) {
		fuzz_demand(taken > 0 && taken <= rest.size);
		dbk_buf_reset(&again);
		dbk_proof_put(&proof, &again);
		fuzz_demand(dbk_str_equal(dbk_str_make(again.bytes, again.size),
					  dbk_str_make(rest.bytes, taken)));
		use(&proof);
		rest = dbk_str_make(rest.bytes + taken, rest.size - taken);
		dbk_buf_reset(&extra);
	}
	fuzz_demand(error.text[0] != '\0');
	dbk_buf_fini(&extra);
	dbk_buf_fini(&again);
	return 0;
}
