#ifndef DBK_BASE_ASSERT_H
#define DBK_BASE_ASSERT_H

/*
 * assert.h -- the third kind of error: a bug.
 *
 * dbk_assert(CONDITION) says that CONDITION cannot be false unless this program is
 * wrong.  It stays on in release builds: a ledger that has lost an invariant must
 * stop before it writes.  CONDITION is evaluated exactly once.
 */

void dbk_assert_failed(const char *condition, const char *file, int line)
	__attribute__((noreturn, cold));

#define dbk_assert(condition)                                                  \
	((condition) ? (void)0                                                 \
		     : dbk_assert_failed(#condition, __FILE__, __LINE__))

#endif
