#ifndef TOOLS_EXPORT_COMBINED_H
#define TOOLS_EXPORT_COMBINED_H

/*
 * combined.h -- the postings of one record, in which those that differ in nothing but
 * their amount are one.
 *
 * An order with a hundred lines gives each agent a hundred small earnings; a reader of
 * a journal wants the sum.  Debits and credits of one account stay two postings.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct combined_posting {
	size_t at; /* of the words, in the texts */
	uint32_t account_bytes, tags_bytes;
	int64_t amount;
};

struct combined {
	struct combined_posting *postings; /* in the order of their first */
	size_t count, capacity;
	uint32_t *slots; /* index plus one; a power of two of them */
	size_t room;
	struct dbk_buf texts;
};

void combined_init(struct combined *set);
void combined_fini(struct combined *set);

/* Forget all postings. */
void combined_reset(struct combined *set);

/* Count AMOUNT, not 0, on ACCOUNT with TAGS. */
void combined_add(struct combined *set, struct dbk_str account, struct dbk_str tags,
		  int64_t amount);

/* The words of a posting; borrowed until the next one is added. */
struct dbk_str combined_account(const struct combined *set,
				const struct combined_posting *posting);
struct dbk_str combined_tags(const struct combined *set,
			     const struct combined_posting *posting);

#endif
