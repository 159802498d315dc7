#ifndef DBK_RULES_WORDING_H
#define DBK_RULES_WORDING_H

/*
 * wording.h -- sentences of a rule with figures in braces; RULES.md has the words.
 *
 * Thread: any; nothing is kept.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "metrics/metric.h"

enum dbk_tongue { DBK_TONGUE_EN = 0, DBK_TONGUE_ZH, DBK_TONGUES };

/* One compared metric. */
struct dbk_wording_figure {
	const struct dbk_metric *metric;
	const struct dbk_value *value;
	struct dbk_ratio threshold; /* amounts in minor units */
};

struct dbk_wording {
	const struct dbk_wording_figure *figures; /* in the order of the conditions */
	uint32_t n_figures;
	struct dbk_str currency;
	uint32_t exponent;
};

/* True if every brace of TEXT holds a word for a rule with N_FIGURES metrics; else
 * *WRONG is the first that does not, with its brace. */
bool dbk_wording_check(struct dbk_str text, uint32_t n_figures, struct dbk_str *wrong);

/* Append TEXT, which was checked, with its braces filled in. */
void dbk_wording_fill(const struct dbk_wording *wording, struct dbk_str text,
		      enum dbk_tongue tongue, struct dbk_buf *out);

#endif
