#ifndef DBK_DAEMON_SUPERVISOR_H
#define DBK_DAEMON_SUPERVISOR_H

/*
 * supervisor.h -- what systemd (or who speaks its protocols) is told and gives:
 * sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3).  Without one all of it is
 * nothing.
 *
 * Thread: sockets by the first; telling by any.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

/* A listening socket that was handed over. */
struct dbk_handed {
	int fd;
	bool is_unix;
	bool is_loopback;  /* of 127.0.0.0/8 or ::1; true for a Unix socket */
	char address[128]; /* "unix:/run/daybook.sock", "127.0.0.1:7401" */
};

#define DBK_HANDED_MAX 8

/* Sockets that were handed over, closed on exec; the environment forgets them.  INPUT:
 * one that does not listen or is of another family. */
DBK_MUST_CHECK enum dbk_err dbk_supervisor_sockets(struct dbk_handed *out,
						   unsigned *out_count,
						   struct dbk_error *error);

void dbk_supervisor_status(const char *text);
void dbk_supervisor_ready(void);
void dbk_supervisor_reloading(void);
void dbk_supervisor_stopping(void);

/* How often a sign of life is expected, in us; 0: none. */
uint64_t dbk_supervisor_watchdog_us(void);
void dbk_supervisor_alive(void);

#endif
