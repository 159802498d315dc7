#ifndef TOOLS_BENCH_PROCESS_H
#define TOOLS_BENCH_PROCESS_H

/*
 * process.h -- the daemon under measurement as a child process, and what the kernel
 * tells about it.
 *
 * Thread: main.
 */

#include <stdint.h>
#include <sys/types.h>

#include "bench/bench.h"

struct process {
	pid_t pid;
	int messages; /* its stderr */
	char data[BENCH_PATH_BYTES + 64];
	char tcp[64]; /* "127.0.0.1:PORT" */
	char tls[64]; /* "tls:127.0.0.1:PORT", if the bench has certificates */
	char unix_socket[BENCH_PATH_BYTES + 80];
	char token[80];		 /* an admin's */
	double ready_seconds;	 /* from the start to the ready line */
	double loaded, replayed; /* records, as that line says */
};

/* Start the daemon on BENCH's dir/NAME, which may hold a book, and wait for its ready
 * line. */
void process_start(struct bench *bench, const char *name, struct process *out);

/* SIGTERM or SIGKILL, and wait. */
void process_stop(struct process *process);
void process_kill(struct process *process);

/* SIGKILL to every daemon that still runs. */
void process_kill_all(void);

/* Seconds of CPU of process PID so far; 0: this one. */
double process_cpu(pid_t pid);

/* Bytes resident, mapped files aside: the page cache is not the daemon's. */
double process_resident(pid_t pid);

/* Bytes that the files below the data directory's folder NAME occupy. */
double process_disk(const struct process *process, const char *name);

/*
 * Run the program ARGS[0], which lies beside the daemon, to its good end; what it
 * prints on standard output is dropped.  Seconds that it took, and *OUT_CPU of CPU.
 */
double process_run(struct bench *bench, char *const args[], double *out_cpu);

/* Delete the data directory of a stopped daemon. */
void process_remove(struct process *process);

#endif
