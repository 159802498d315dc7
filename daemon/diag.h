#ifndef DAYBOOKD_DIAG_H
#define DAYBOOKD_DIAG_H

/*
 * diag.h -- the daemon's words to its operator, on standard error.
 *
 * One line each, without a time: whoever collects them (a terminal, the journal) has
 * one.  Never the contents of events.
 *
 * Thread: any.
 */

void diag_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void diag_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
