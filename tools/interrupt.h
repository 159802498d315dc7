#ifndef TOOLS_INTERRUPT_H
#define TOOLS_INTERRUPT_H

/*
 * interrupt.h -- Ctrl-C asks a long command to stop; a second one does not ask.
 *
 * Thread: the main thread.
 */

#include <stdbool.h>

/* From now on SIGINT and SIGTERM are kept once instead of ending the program. */
void interrupt_keep(void);

/* True once such a signal came. */
bool interrupt_came(void);

/* End the program by the signal that came, so that the caller's shell knows. */
void interrupt_die(void);

#endif
