#include "condition.h"

#include <time.h>

#define NS_PER_SECOND 1000000000

void
condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(condition, &attributes);
	(void)pthread_condattr_destroy(&attributes);
}

void
condition_wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_ns)
{
	const struct timespec at = { until_ns / NS_PER_SECOND,
				     until_ns % NS_PER_SECOND };

	(void)pthread_cond_timedwait(condition, lock, &at);
}
