#ifndef DAYBOOKD_GATE_H
#define DAYBOOKD_GATE_H

/*
 * gate.h -- who a call is from, whether he may call this, and the record of it;
 * src/proof/TRUST.md section 9.
 *
 *	a call begins	  gate_let_in(): token, user of this machine or certificate;
 *role its message comes gate_note(): an entry of the access record, if the method is
 *			  recorded
 *	it ends		  gate_ended(): how, and an entry of what was denied later
 *	it goes on	  gate_is_still_in(): its token may have died meanwhile
 *
 * Thread: loop.
 */

#include <stdbool.h>
#include <stdint.h>

#include "access/access_log.h"
#include "access/tokens.h"
#include "asker.h"
#include "base/str.h"
#include "rpc/grpc_status.h"
#include "service/answer.h"

struct conn;
struct gate;

/* TOKENS and LOG are borrowed and outlive the gate; NULL without memory. */
struct gate *gate_make(struct dbk_tokens *tokens, struct dbk_access_log *log);
void gate_free(struct gate *gate);

/*
 * May a call of PATH begin, over CONN and with this authorization header (may be
 * empty)? True: *OUT is who calls, held; NULL where nobody has to say.  False: ANSWER
 * says why not, and the denial is in the record.
 */
bool gate_let_in(struct gate *gate, struct conn *conn, struct dbk_str path,
		 struct dbk_str authorization, struct asker **out,
		 struct dbk_service_answer *answer);

/* May one who shows AUTHORIZATION over CONN hear that there is no such method?  False:
 * ANSWER says why not. */
bool gate_knows(struct gate *gate, struct conn *conn, struct dbk_str authorization,
		struct dbk_service_answer *answer);

/* REQUEST has come for a call of PATH that was let in.  False: it must not be answered,
 * since it cannot be recorded.  *OUT_NUMBER: the entry's, 0: the method is not
 * recorded. */
bool gate_note(struct gate *gate, const struct asker *asker, struct dbk_str path,
	       struct dbk_str request, uint64_t *out_number);

/* The call has ended with CODE; NUMBER is its entry or 0. */
void gate_ended(struct gate *gate, const struct asker *asker, struct dbk_str path,
		uint64_t number, enum dbk_grpc_code code);

/* Tell of denials that were counted within minutes that are over, or ALL. */
void gate_settle(struct gate *gate, bool all);

/* May a call of ASKER's go on?  False: ANSWER says why not. */
bool gate_is_still_in(struct gate *gate, const struct asker *asker,
		      struct dbk_service_answer *answer);

#endif
