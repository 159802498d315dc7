#include "views/cause.h"

static const struct {
	const char *name;
	enum dbk_cause_refers refers;
} causes[DBK_CAUSES] = {
	[DBK_CAUSE_EVENT] = { "event", DBK_REFERS_TO_NOTHING },
	[DBK_CAUSE_ACCRUED] = { "accrued", DBK_REFERS_TO_ORDER },
	[DBK_CAUSE_PROCEEDS] = { "proceeds", DBK_REFERS_TO_ORDER },
	[DBK_CAUSE_RECOGNISED] = { "recognised", DBK_REFERS_TO_ORDER },
	[DBK_CAUSE_MATURED] = { "matured", DBK_REFERS_TO_ORDER },
	[DBK_CAUSE_HELD] = { "held", DBK_REFERS_TO_ORDER },
	[DBK_CAUSE_RELEASED] = { "released", DBK_REFERS_TO_ORDER },
	[DBK_CAUSE_REVERSED] = { "reversed", DBK_REFERS_TO_ORDER },
	[DBK_CAUSE_NETTED] = { "netted", DBK_REFERS_TO_ORDER },
	[DBK_CAUSE_BONUS] = { "bonus", DBK_REFERS_TO_NOTHING },
	[DBK_CAUSE_ADJUSTED] = { "adjusted", DBK_REFERS_TO_NOTHING },
	[DBK_CAUSE_RECRUITED] = { "recruited", DBK_REFERS_TO_NOTHING },
	[DBK_CAUSE_REPAID] = { "repaid", DBK_REFERS_TO_NOTHING },
	[DBK_CAUSE_WRITTEN_OFF] = { "written_off", DBK_REFERS_TO_NOTHING },
	[DBK_CAUSE_DRAWN] = { "drawn", DBK_REFERS_TO_PAYOUT },
	[DBK_CAUSE_GIVEN_BACK] = { "given_back", DBK_REFERS_TO_PAYOUT },
	[DBK_CAUSE_TAX] = { "tax", DBK_REFERS_TO_PAYOUT },
	[DBK_CAUSE_TAX_BACK] = { "tax_back", DBK_REFERS_TO_PAYOUT },
	[DBK_CAUSE_SENT] = { "sent", DBK_REFERS_TO_PAYOUT },
	[DBK_CAUSE_PAID] = { "paid", DBK_REFERS_TO_PAYOUT },
	[DBK_CAUSE_RETURNED] = { "returned", DBK_REFERS_TO_PAYOUT },
};

enum dbk_cause_refers
dbk_cause_refers(enum dbk_cause cause)
{
	return (unsigned)cause < DBK_CAUSES ? causes[cause].refers
					    : DBK_REFERS_TO_NOTHING;
}

const char *
dbk_cause_name(enum dbk_cause cause)
{
	return (unsigned)cause < DBK_CAUSES ? causes[cause].name : "?";
}
