#include "interrupt.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t interrupt_signal;

static void
keep(int number)
{
	interrupt_signal = number;
}

void
interrupt_keep(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = keep;
	/* No SA_RESTART: whoever waits is to look at interrupt_came(). */
	action.sa_flags = (int)SA_RESETHAND;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

bool
interrupt_came(void)
{
	return interrupt_signal != 0;
}

void
interrupt_die(void)
{
	(void)signal(interrupt_signal, SIG_DFL);
	(void)raise(interrupt_signal);
}
