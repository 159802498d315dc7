/*
 * Any bytes as a policy.  One that parses stays within its limits, asks for the same
 * each time, with a remark behind it, too, and is never less content with more
 * cosignatures; a second quorum, or a last newline that is missing, makes it none.
 *
 * The seeds name the witnesses whose cosignatures are made here.
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../tests/lib/fuzz_input.h"
#include "tlog/policy.h"

#define WITNESSES 4
#define CHECKPOINT "example.com/log\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A note with the cosignatures of the witnesses in SET, a bit each; made once. */
static void
make_note(unsigned set, struct dbk_buf *out)
{
	unsigned char seed[DBK_SIGN_SEED_BYTES], public[DBK_SIGN_PUBLIC_BYTES];
	struct dbk_note_key key;
	char name[32];

	dbk_buf_printf(out, CHECKPOINT "\n\xe2\x80\x94 other AAAAAAA=\n");
	for (unsigned i = 0; i < WITNESSES; i++) {
		if ((set >> i & 1) == 0)
			continue;
		memset(seed, (int)i + 1, sizeof seed);
		dbk_sign_public(seed, public);
		(void)snprintf(name, sizeof name, "witness.example/w%u", i + 1);
		fuzz_demand(dbk_note_key_make(dbk_str_of(name), DBK_NOTE_COSIGNATURE,
					      public, &key));
		dbk_cosignature_put(dbk_str_of(CHECKPOINT), &key, seed, 1000, out);
	}
}

static bool
is_met(const struct dbk_policy *policy, unsigned set)
{
	static struct dbk_buf notes[1u << WITNESSES];
	struct dbk_note note;
	bool forged, met;

	if (notes[set].size == 0)
		make_note(set, &notes[set]);
	fuzz_demand(dbk_note_parse(dbk_str_make(notes[set].bytes, notes[set].size),
				   &note, NULL) == DBK_OK);
	met = dbk_policy_is_met(policy, &note, &forged);
	fuzz_demand(!forged);
	return met;
}

static void
use(const struct dbk_policy *policy)
{
	unsigned logs = dbk_policy_logs(policy), n = dbk_policy_witnesses(policy);

	fuzz_demand(logs <= DBK_POLICY_LOGS_MAX && n <= DBK_POLICY_WITNESSES_MAX);
	for (unsigned i = 0; i < logs; i++)
		fuzz_demand(dbk_policy_log_at(policy, i)->key.type == DBK_NOTE_ED25519);
	for (unsigned i = 0; i < n; i++) {
		const struct dbk_policy_witness *w = dbk_policy_witness_at(policy, i);

		fuzz_demand(w->key.type == DBK_NOTE_COSIGNATURE && w->name[0] != '\0');
		for (unsigned k = 0; k < i; k++)
			fuzz_demand(strcmp(dbk_policy_witness_at(policy, k)->name,
					   w->name) != 0);
	}
	for (unsigned set = 0; set < 1u << WITNESSES; set++)
		for (unsigned i = 0; i < WITNESSES; i++)
			fuzz_demand(!is_met(policy, set) ||
				    is_met(policy, set | 1u << i));
}

/* BYTES and TAIL as a policy; NULL if they are none. */
static struct dbk_policy *
with_tail(struct dbk_str bytes, const char *tail)
{
	struct dbk_policy *policy = NULL;
	struct dbk_buf text = { 0 };
	enum dbk_err err;

	dbk_buf_put(&text, bytes.bytes, bytes.size);
	dbk_buf_printf(&text, "%s", tail);
	err = dbk_policy_parse(dbk_str_make(text.bytes, text.size), &policy, NULL);
	fuzz_demand((err == DBK_OK) == (policy != NULL));
	dbk_buf_fini(&text);
	return policy;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct dbk_str text = dbk_str_make(bytes, size);
	struct dbk_policy *policy, *again;
	struct dbk_error error = { .text = "" };

	if (dbk_policy_parse(text, &policy, &error) != DBK_OK) {
		fuzz_demand(error.text[0] != '\0');
		return 0;
	}
	use(policy);
	again = with_tail(text, "# remark\n\n");
	fuzz_demand(again != NULL);
	for (unsigned set = 0; set < 1u << WITNESSES; set++)
		fuzz_demand(is_met(policy, set) == is_met(again, set));
	dbk_policy_free(again);
	fuzz_demand(with_tail(text, "quorum none\n") == NULL);
	fuzz_demand(with_tail(text, "#") == NULL);
	dbk_policy_free(policy);
	return 0;
}
