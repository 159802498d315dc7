/*
 * main.c -- daybook-bench: which sections, how long, where.
 */

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/lib/tmpdir.h"
#include "bench/bench.h"
#include "bench/floor.h"
#include "bench/raw.h"

#define SECONDS_DEFAULT 5.0
#define SECONDS_LONG 30.0
#define EVENTS_DEFAULT 10000000u
#define EVENTS_MIN 1000000u

static const char help[] =
    "usage: daybook-bench [all|floor|ingest|single|query|checkpoint|proof|replay|"
    "packs|restart|stock]... [options]\n"
    "\n"
    "Speed of daybookd against what this machine's disk and LMDB give at best.\n"
    "\n"
    "  --seconds N           of one sustained turn, of which there are three "
    "(default 5)\n"
    "  --long                --seconds 30\n"
    "  --plain               sales without commission (default: two paid levels)\n"
    "  --guards              every guard on, each flags\n"
    "  --sign                ingest, proof: the source has a key and signs its "
    "batches\n"
    "  --events N            in the book that is killed (default 10000000)\n"
    "  --certificates DIR    TLS, too, with what tests/lib/certificates.sh made there\n"
    "  --daemon FILE         what to measure (default: daybookd beside this program)\n"
    "  --dir DIR             where to write (default: bench beside this program)\n"
    "  --format table|json   (default table)\n"
    "\n"
    "Nothing stays behind.  Exit status: 0 measured, 1 something failed, 2 wrong "
    "usage;\n"
    "a goal that is not met is no failure.\n";

static void
run_floor(struct bench *bench)
{
	raw_table(bench);
	if (!bench->json && bench_floor(bench->dir, 0.5, stdout) != 0)
		bench_die("the floor could not be measured");
}

static const struct {
	const char *name;
	void (*run)(struct bench *bench);
} sections[] = {
	{ "floor", run_floor },	    { "ingest", bench_ingest },
	{ "single", bench_single }, { "query", bench_query },
	{ "checkpoint", bench_checkpoint }, { "proof", bench_proof },
	{ "replay", bench_replay }, { "packs", bench_packs },
	{ "restart", bench_restart },
	{ "stock", bench_stock },
};

#define SECTIONS (sizeof sections / sizeof sections[0])

static _Noreturn void
usage(void)
{
	(void)fputs(help, stderr);
	exit(2);
}

static const struct option longs[] = {
	{ "seconds", required_argument, NULL, 's' },
	{ "long", no_argument, NULL, 'l' },
	{ "plain", no_argument, NULL, 'p' },
	{ "guards", no_argument, NULL, 'g' },
	{ "sign", no_argument, NULL, 'S' },
	{ "events", required_argument, NULL, 'e' },
	{ "certificates", required_argument, NULL, 'c' },
	{ "daemon", required_argument, NULL, 'x' },
	{ "dir", required_argument, NULL, 'd' },
	{ "format", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static double
number(const char *text, double min, double max)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' || !(value >= min && value <= max)) {
		fprintf(stderr, "daybook-bench: \"%s\" is not a number from %g to %g\n",
			text, min, max);
		exit(2);
	}
	return value;
}

static void
keep_path(char out[BENCH_PATH_BYTES], const char *path)
{
	if (snprintf(out, BENCH_PATH_BYTES, "%s", path) >= BENCH_PATH_BYTES - 64)
		bench_die("%s: the path is too long", path);
}

static void
set_option(struct bench *bench, int letter, const char *value)
{
	switch (letter) {
	case 's':
		bench->seconds = number(value, 0.1, 3600);
		break;
	case 'l':
		bench->seconds = SECONDS_LONG;
		break;
	case 'p':
		bench->sales = sales_default();
		break;
	case 'g':
		bench->guards = true;
		break;
	case 'S':
		bench->sign = true;
		break;
	case 'e':
		bench->restart_events = (uint64_t)number(value, EVENTS_MIN, 4e9);
		break;
	case 'c':
		keep_path(bench->certificates, value);
		break;
	case 'x':
		keep_path(bench->daemon, value);
		break;
	case 'd':
		keep_path(bench->dir, value);
		break;
	case 'f':
		bench->json = strcmp(value, "json") == 0;
		if (!bench->json && strcmp(value, "table") != 0)
			usage();
		break;
	case 'h':
		(void)fputs(help, stdout);
		exit(0);
	default:
		usage();
	}
}

/* The folder of this program, where the daemon is too. */
static void
set_defaults(struct bench *bench)
{
	char here[BENCH_PATH_BYTES / 2];
	ssize_t size = readlink("/proc/self/exe", here, sizeof here - 1);
	char *slash;

	memset(bench, 0, sizeof *bench);
	bench->seconds = SECONDS_DEFAULT;
	bench->restart_events = EVENTS_DEFAULT;
	bench->sales = sales_with_commission();
	if (size <= 0)
		bench_die("cannot tell where this program is");
	here[size] = '\0';
	slash = strrchr(here, '/');
	if (slash != NULL)
		*slash = '\0';
	(void)snprintf(bench->daemon, sizeof bench->daemon, "%s/daybookd", here);
	(void)snprintf(bench->dir, sizeof bench->dir, "%s/bench", here);
}

static bool
is_wanted(const char *name, int argc, char **argv)
{
	bool wanted = optind == argc;

	for (int i = optind; i < argc; i++)
		wanted =
		    wanted || strcmp(argv[i], name) == 0 || strcmp(argv[i], "all") == 0;
	return wanted;
}

static void
check_names(int argc, char **argv)
{
	for (int i = optind; i < argc; i++) {
		bool known = strcmp(argv[i], "all") == 0;

		for (unsigned s = 0; s < SECTIONS; s++)
			known = known || strcmp(argv[i], sections[s].name) == 0;
		if (!known)
			usage();
	}
}

/* Write below a folder of our own, made with those above it. */
static void
make_dir(struct bench *bench)
{
	size_t used = strlen(bench->dir);

	if (mkdir(bench->dir, 0700) != 0 && errno != EEXIST)
		bench_die("%s: %s", bench->dir, strerror(errno));
	(void)snprintf(bench->dir + used, sizeof bench->dir - used, "/run-%d",
		       (int)getpid());
	if (mkdir(bench->dir, 0700) != 0)
		bench_die("%s: %s", bench->dir, strerror(errno));
}

int
main(int argc, char **argv)
{
	struct bench bench;
	int letter;

	set_defaults(&bench);
	while ((letter = getopt_long(argc, argv, "", longs, NULL)) != -1)
		set_option(&bench, letter, optarg);
	bench.sales.guards = bench.guards;
	check_names(argc, argv);
	(void)signal(SIGPIPE, SIG_IGN);
	make_dir(&bench);
	for (unsigned i = 0; i < SECTIONS; i++)
		if (is_wanted(sections[i].name, argc, argv))
			sections[i].run(&bench);
	if (bench.json)
		printf("\n]\n");
	tmpdir_remove(bench.dir);
	return 0;
}
