/*
 * proof.c -- what it takes to hand a log over and to check it: an export of the book
 * just ingested, `daybook verify` of it and of the data directory, and the size of
 * receipts.
 */

#include <stdio.h>

#include "../tests/lib/tmpdir.h"
#include "bench/ask.h"
#include "bench/load.h"
#include "bench/process.h"

#define GOAL_RECORDS_PER_SECOND 500000.0
#define GOAL_RECEIPT_BYTES 4096.0

/* A receipt has a line for each hash on the way to the root. */
#define LARGE_LOG UINT64_C(100000000)
#define LINE_BYTES 45.0

#define RECEIPTS 256u

struct book {
	char folder[BENCH_PATH_BYTES + 32]; /* of the export */
	char key[400];
	uint64_t size;
};

static void
ingest(struct bench *bench, struct process *process)
{
	struct load load;

	load_open(&load, bench, process->tcp, 0);
	load_opening(&load);
	if (bench->sign)
		load_sign(&load, 0);
	load_shape(&load, 1000, 8);
	(void)load_run(&load, UINT64_MAX, bench->seconds, NULL);
	load_close(&load);
}

/* What the log holds now, all of it under a checkpoint. */
static void
learn_book(struct ask *ask, struct book *book)
{
	Daybook__V1__GetCheckpointRequest request =
	    DAYBOOK__V1__GET_CHECKPOINT_REQUEST__INIT;
	Daybook__V1__Status *status = ask_status(ask);

	request.at_least_size = book->size = status->size;
	(void)snprintf(book->key, sizeof book->key, "%s", status->verifier_key);
	ask_call(ask, "GetCheckpoint", &request.base);
	daybook__v1__status__free_unpacked(status, NULL);
}

static unsigned
height_of(uint64_t size)
{
	unsigned height = 0;

	while (UINT64_C(1) << height < size)
		height++;
	return height;
}

static void
measure_receipts(struct bench *bench, struct ask *ask, const struct book *book)
{
	struct bench_scale goal = { .goal = GOAL_RECEIPT_BYTES, .goal_is_max = true };
	Daybook__V1__GetReceiptsRequest request =
	    DAYBOOK__V1__GET_RECEIPTS_REQUEST__INIT;
	Daybook__V1__GetReceiptsReply *reply;
	double begin = bench_now(), largest = 0;
	double more =
	    LINE_BYTES * (double)(height_of(LARGE_LOG) - height_of(book->size));

	request.of_case = DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_POSITION;
	for (unsigned i = 0; i < RECEIPTS; i++) {
		request.position = book->size - 1 - i * (book->size / 2 / RECEIPTS);
		ask_call(ask, "GetReceipts", &request.base);
		reply = daybook__v1__get_receipts_reply__unpack(NULL, ask->reply.size,
								ask->reply.bytes);
		if (reply == NULL || reply->n_receipts != 1)
			bench_die("GetReceipts: not a receipt");
		if ((double)reply->receipts[0]->proof.len > largest)
			largest = (double)reply->receipts[0]->proof.len;
		daybook__v1__get_receipts_reply__free_unpacked(reply, NULL);
	}
	bench_row(bench, "a receipt, from question to answer",
		  (bench_now() - begin) / RECEIPTS * 1e3, "ms", NULL);
	bench_row(bench, "the largest of 256 receipts", largest, "bytes", &goal);
	bench_row(bench, "  were there 100 million records", largest + more, "bytes",
		  &goal);
}

static void
measure_export(struct bench *bench, const struct process *process, struct book *book)
{
	char *const args[] = { "daybook",  "export",
			       "--server", (char *)process->unix_socket,
			       "--quiet",  book->folder,
			       NULL };
	double seconds[3], cpu[3];

	for (unsigned i = 0; i < 3; i++) {
		if (i > 0)
			tmpdir_remove(book->folder);
		seconds[i] = process_run(bench, args, &cpu[i]);
	}
	bench_row(bench, "export into an empty folder",
		  (double)book->size / bench_median(seconds), "records/s", NULL);
	bench_row(bench, "  CPU of the verb, a record",
		  bench_median(cpu) / (double)book->size * 1e6, "us", NULL);
	bench_row(bench, "export once more, nothing new",
		  process_run(bench, args, &cpu[0]), "s", NULL);
}

/* On one core: records a second of CPU time, which neighbours do not take away. */
static void
measure_verify(struct bench *bench, const struct book *book, const char *path,
	       const char *what)
{
	struct bench_scale goal = { .goal = GOAL_RECORDS_PER_SECOND };
	char *const args[] = { "daybook",	  "verify",  (char *)path, "--key",
			       (char *)book->key, "--quiet", NULL };
	double seconds[3], cpu[3];

	for (unsigned i = 0; i < 3; i++)
		seconds[i] = process_run(bench, args, &cpu[i]);
	bench_row(bench, what, (double)book->size / bench_median(cpu), "records/s",
		  &goal);
	bench_row(bench, "  by the clock on the wall",
		  (double)book->size / bench_median(seconds), "records/s", NULL);
}

void
bench_proof(struct bench *bench)
{
	struct process process;
	struct book book;
	struct ask ask;

	bench_table(bench, bench->sign
			       ? "proof: handed over and verified, signed batches"
			       : "proof: handed over and verified");
	(void)snprintf(book.folder, sizeof book.folder, "%s/export", bench->dir);
	process_start(bench, "proof", &process);
	ask_open(&ask, process.tcp);
	ingest(bench, &process);
	learn_book(&ask, &book);
	bench_row(bench, "records in the log", (double)book.size, "records", NULL);
	measure_receipts(bench, &ask, &book);
	measure_export(bench, &process, &book);
	ask_close(&ask);
	process_stop(&process);
	measure_verify(bench, &book, book.folder, "verify the export, one core");
	measure_verify(bench, &book, process.data,
		       "verify the data directory, one core");
	tmpdir_remove(book.folder);
	process_remove(&process);
}
