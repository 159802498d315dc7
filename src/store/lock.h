#ifndef DBK_STORE_LOCK_H
#define DBK_STORE_LOCK_H

/*
 * lock.h -- one process at a time in a directory.
 *
 * The file LOCK is held with flock(2) for as long as the object lives and carries the
 * process id as text, for people and for the error message.  The kernel lets go when
 * the process ends, however it ends, so a left-over file means nothing.  A second
 * taking in the same process is refused as well.
 */

#include <daybook/error.h>

struct dbk_lock;

/* Take the lock of DIR, which exists.  LOCKED names the process that has it; IO. */
DBK_MUST_CHECK enum dbk_err dbk_lock_take(const char *dir, struct dbk_lock **out_lock,
					  struct dbk_error *error);

/* NULL is nothing. */
void dbk_lock_release(struct dbk_lock *lock);

#endif
