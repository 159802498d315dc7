#include "bench/bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/process.h"

int64_t
bench_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

double
bench_now(void)
{
	return (double)bench_now_ns() / 1e9;
}

double
bench_cpu(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void
bench_sleep(double seconds)
{
	struct timespec pause = { (time_t)seconds,
				  (long)((seconds - (double)(time_t)seconds) * 1e9) };

	(void)nanosleep(&pause, NULL);
}

void
bench_die(const char *format, ...)
{
	va_list args;

	(void)fflush(stdout);
	(void)fputs("daybook-bench: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	process_kill_all();
	exit(1);
}

void
bench_must(enum dbk_err err, const struct dbk_error *error, const char *what)
{
	if (err == DBK_OK)
		return;
	bench_die("%s: %s: %s", what, dbk_err_text(err),
		  error == NULL ? "" : error->text);
}

double
bench_median(const double v[3])
{
	double low = v[0] < v[1] ? v[0] : v[1], high = v[0] < v[1] ? v[1] : v[0];

	if (v[2] < low)
		return low;
	return v[2] > high ? high : v[2];
}

void
bench_table(struct bench *bench, const char *section)
{
	bench->section = section;
	if (!bench->json)
		printf("\n%-48s %14s %-10s %9s  %s\n", section, "", "", "of floor",
		       "goal");
	(void)fflush(stdout);
}

static void
print_json(struct bench *bench, const char *what, double value, const char *unit,
	   const struct bench_scale *scale)
{
	printf("%s\n{\"section\":\"%s\",\"what\":\"%s\",\"value\":%.6g,\"unit\":\"%s\"",
	       bench->n_rows == 0 ? "[" : ",", bench->section, what, value, unit);
	if (scale->floor > 0)
		printf(",\"floor\":%.6g", scale->floor);
	if (scale->goal > 0)
		printf(",\"%s\":%.6g", scale->goal_is_max ? "at_most" : "at_least",
		       scale->goal);
	printf("}");
}

static void
print_text(const char *what, double value, const char *unit,
	   const struct bench_scale *scale)
{
	bool met = scale->goal_is_max ? value <= scale->goal : value >= scale->goal;

	printf("%-48s %14.*f %-10s", what, value < 1000 ? 2 : 0, value, unit);
	if (scale->floor > 0)
		printf(" %8.1f%%", 100 * value / scale->floor);
	else
		printf(" %9s", "");
	if (scale->goal > 0)
		printf("  %s %.10g %s", scale->goal_is_max ? "<=" : ">=", scale->goal,
		       met ? "met" : "NOT MET");
	printf("\n");
}

void
bench_row(struct bench *bench, const char *what, double value, const char *unit,
	  const struct bench_scale *scale)
{
	static const struct bench_scale none;

	if (scale == NULL)
		scale = &none;
	if (bench->json)
		print_json(bench, what, value, unit, scale);
	else
		print_text(what, value, unit, scale);
	bench->n_rows++;
	(void)fflush(stdout);
}
