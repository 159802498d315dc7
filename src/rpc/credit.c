#include "rpc/credit.h"

#include "base/assert.h"

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

void
dbk_credit_receive(struct dbk_credit_session *session, struct dbk_credit *call,
		   size_t size)
{
	call->stream_taken += size;
	call->session_taken += size;
	session->taken += size;
}

void
dbk_credit_hold(struct dbk_credit_session *session, struct dbk_credit *call,
		size_t size)
{
	call->held += size;
	session->held += size;
}

void
dbk_credit_release(struct dbk_credit_session *session, struct dbk_credit *call,
		   size_t size)
{
	dbk_assert(size <= call->held);
	dbk_assert(size <= session->held);
	call->held -= size;
	session->held -= size;
}

struct dbk_credit_due
dbk_credit_settle(struct dbk_credit_session *session, struct dbk_credit *call)
{
	size_t bound = call->held + call->partial;
	size_t stream_left = call->held == 0 ? 0 : smaller(call->stream_taken, bound);
	size_t session_left =
	    session->held == 0 ? 0 : smaller(call->session_taken, bound);
	struct dbk_credit_due due = { call->stream_taken - stream_left,
				      call->session_taken - session_left };

	call->stream_taken = stream_left;
	call->session_taken = session_left;
	session->taken -= due.session;
	return due;
}

bool
dbk_credit_must_settle_all(const struct dbk_credit_session *session)
{
	return session->held == 0 && session->taken > 0;
}

size_t
dbk_credit_close(struct dbk_credit_session *session, struct dbk_credit *call)
{
	size_t kept = smaller(call->session_taken, call->held);
	size_t due = call->session_taken - kept;

	session->taken -= call->session_taken;
	session->orphan_taken += kept;
	session->orphan_held += call->held;
	*call = (struct dbk_credit){ 0, 0, 0, 0 };
	return due;
}

size_t
dbk_credit_release_orphan(struct dbk_credit_session *session, size_t size)
{
	size_t left, due;

	dbk_assert(size <= session->orphan_held);
	session->orphan_held -= size;
	session->held -= size;
	left = session->held == 0
		   ? 0
		   : smaller(session->orphan_taken, session->orphan_held);
	due = session->orphan_taken - left;
	session->orphan_taken = left;
	return due;
}
