#ifndef DAEMON_CONDITION_H
#define DAEMON_CONDITION_H

/*
 * condition.h -- condition variables that wait by the clock of job_clock_ns(), so that
 * setting the time of day neither cuts a wait short nor draws it out.
 */

#include <pthread.h>
#include <stdint.h>

void condition_init(pthread_cond_t *condition);

/* Wait until CONDITION is signalled or UNTIL_NS has come; may return before either.  The
 * caller holds LOCK. */
void condition_wait_until(pthread_cond_t *condition, pthread_mutex_t *lock,
			  int64_t until_ns);

#endif
