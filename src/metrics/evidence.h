#ifndef DBK_METRICS_EVIDENCE_H
#define DBK_METRICS_EVIDENCE_H

/*
 * evidence.h -- the records behind a figure: the first and the last hundred of them in
 * log order, and how many there are.  Each can be proved by its receipt.
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>

#define DBK_EVIDENCE_ENDS 100

/* Of what is between them every so-and-so-manyth is kept, so that shorter intervals
 * have evidence as well. */
#define DBK_EVIDENCE_BETWEEN 256

struct dbk_evidence_entry {
	uint64_t position;
	int32_t day;
};

/* Zeroed: empty. */
struct dbk_evidence {
	uint64_t count; /* records, each once */
	uint64_t last_position;
	uint32_t n_first, n_last;
	uint32_t next_last;		 /* where the ring of the last goes on */
	uint32_t n_between, stride_bits; /* every 2^stride_bits-th record of all */
	struct dbk_evidence_entry first[DBK_EVIDENCE_ENDS];
	struct dbk_evidence_entry last[DBK_EVIDENCE_ENDS];
	struct dbk_evidence_entry between[DBK_EVIDENCE_BETWEEN];
};

/* Positions never fall; the same again counts once. */
void dbk_evidence_add(struct dbk_evidence *evidence, uint64_t position, int32_t day);

/* What a figure shows: positions in rising order, each once. */
struct dbk_evidence_list {
	uint64_t count; /* of the figure, of which POSITIONS may be a part */
	uint32_t n;
	uint64_t positions[2 * DBK_EVIDENCE_ENDS];
};

/* Those of EVIDENCE on days [from, to), added to OUT, merged.  Of all days the count is
 * exact, and so it is up to 200 records; else it is what lies between the first and the
 * last of the interval that were kept. */
void dbk_evidence_list(const struct dbk_evidence *evidence, int32_t from, int32_t to,
		       struct dbk_evidence_list *out);

#endif
