/*
 * drive.c -- a fuzz target without an engine: every file of a corpus, and seeded
 * mutations of each.  usage: fuzz_NAME CORPUS [ROUNDS].  SEED= repeats a run.
 *
 * What a mutation finds it finds again with the same seed; an engine (make fuzz) finds
 * more.
 */

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define INPUT_BYTES_MAX ((size_t)1 << 20)
#define ROUNDS_DEFAULT 3000

static uint64_t state;

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t
next_random(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* One small damage; gives the new size. */
static size_t
mutate(uint8_t *bytes, size_t size)
{
	size_t at = size == 0 ? 0 : next_random() % size;
	size_t run = size == 0 ? 0 : next_random() % (size - at) + 1;

	switch (next_random() % 6) {
	case 0: /* a bit */
		if (size > 0)
			bytes[at] ^= (uint8_t)(1u << (next_random() % 8));
		return size;
	case 1: /* a byte */
		if (size > 0)
			bytes[at] = (uint8_t)next_random();
		return size;
	case 2: /* cut off */
		return at;
	case 3: /* take out */
		if (size > 0)
			memmove(bytes + at, bytes + at + run, size - at - run);
		return size - run;
	case 4: /* twice */
		if (size + run > INPUT_BYTES_MAX)
			return size;
		memmove(bytes + at + run, bytes + at, size - at);
		return size + run;
	default: /* large numbers where small ones stood */
		if (size > 0)
			memset(bytes + at, 0xff, run < 9 ? run : 9);
		return size;
	}
}

static size_t
read_file(const char *path, uint8_t *out)
{
	FILE *file = fopen(path, "rb");
	size_t size;

	if (file == NULL)
		return 0;
	size = fread(out, 1, INPUT_BYTES_MAX, file);
	(void)fclose(file);
	return size;
}

/* Exactly SIZE bytes on the heap, so that reading past them is seen. */
static void
run_input(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size == 0 ? 1 : size);

	if (copy == NULL)
		abort();
	memcpy(copy, bytes, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void
run_file(const char *path, unsigned long rounds, uint8_t *seed, uint8_t *work)
{
	size_t size = read_file(path, seed);

	run_input(seed, size);
	for (unsigned long i = 0; i < rounds; i++) {
		size_t now = size;

		memcpy(work, seed, size);
		for (uint64_t k = next_random() % 4 + 1; k > 0; k--)
			now = mutate(work, now);
		run_input(work, now);
	}
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : ROUNDS_DEFAULT;
	const char *seed_text = getenv("SEED");
	uint8_t *seed = malloc(INPUT_BYTES_MAX), *work = malloc(INPUT_BYTES_MAX * 2);
	struct dirent *entry;
	unsigned files = 0;
	uint64_t first;
	char path[4096];
	DIR *dir;

	if (argc < 2 || seed == NULL || work == NULL ||
	    (dir = opendir(argv[1])) == NULL) {
		(void)fprintf(stderr, "usage: %s CORPUS [ROUNDS]\n", argv[0]);
		return 2;
	}
	first = seed_text != NULL ? strtoull(seed_text, NULL, 10) : (uint64_t)time(NULL);
	state = first;
	printf("%s: SEED=%llu\n", program_invocation_short_name,
	       (unsigned long long)first);
	(void)fflush(stdout);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
		run_file(path, rounds, seed, work);
		files++;
	}
	(void)closedir(dir);
	free(seed);
	free(work);
	printf("%s: %u passed, %d failed\n", program_invocation_short_name, files,
	       files == 0);
	return files == 0;
}
