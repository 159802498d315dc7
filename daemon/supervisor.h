#ifndef DAYBOOKD_SUPERVISOR_H
#define DAYBOOKD_SUPERVISOR_H

/*
 * supervisor.h -- what systemd, or who speaks its protocols, is told and gives:
 * sd_listen_fds(3), sd_notify(3).  Where there is none all of
 * it is nothing.
 *
 * Thread: main.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

/* A listening socket that was handed over. */
struct supervisor_socket {
	int fd;
	bool is_unix;
	bool is_loopback;  /* an address of this machine alone; so is a Unix socket */
	char address[128]; /* "unix:/run/daybook.sock", "127.0.0.1:7401" */
};

#define SUPERVISOR_SOCKETS_MAX 8

/* Sockets that were handed over, *OUT_COUNT of them; children do not inherit them, and
 * the environment forgets them.  INPUT: one is no stream socket that listens, or of
 * another family than Unix and IP; LIMIT. */
DBK_MUST_CHECK enum dbk_err
supervisor_sockets(struct supervisor_socket out[SUPERVISOR_SOCKETS_MAX],
		   unsigned *out_count, struct dbk_error *error);

/* A line for people, under "Status". */
void supervisor_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Calls are answered from now on; files are read anew, until ready is said again; no
 * more calls are taken. */
void supervisor_ready(void);
void supervisor_reloading(void);
void supervisor_stopping(void);

/* A sign of life of the loop, every second: a watchdog is set to some more than that.
 */
void supervisor_alive(void);

#endif
