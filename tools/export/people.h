#ifndef TOOLS_EXPORT_PEOPLE_H
#define TOOLS_EXPORT_PEOPLE_H

/*
 * people.h -- agents, their balances and their payouts, as tables of SQLite.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include "export/chart.h"
#include "export/sqlite.h"

/* Each fills its tables; gives the exit code. */
int people_put_agents(struct session *session, struct sqlite *db);
int people_put_payouts(struct session *session, struct sqlite *db);

/* Balances as the daemon states them at the end of the part, beside which those of the
 * postings can be laid. */
int people_put_balances(struct session *session, const struct chart *chart,
			struct sqlite *db);

/* "2010-12-01T08:26:00.000000Z", of one length, so that texts sort as times. */
#define PEOPLE_TIME_BYTES 32
const char *people_time(const Google__Protobuf__Timestamp *at,
			char out[PEOPLE_TIME_BYTES]);

#endif
