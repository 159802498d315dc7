/* override.c -- two people let one agent pass one guard, once. */

#include <stdio.h>
#include <string.h>

#include "event_send.h"
#include "fresh_id.h"
#include "guard/guard.h"
#include "listing.h"
#include "verbs.h"

struct options {
	struct event_send_options send;
	const char *override;
	const char *approver1;
	const char *approver2;
	const char *reason;
	struct cli_time expires;
};

static const struct options defaults = { .override = NULL };

static const struct cli_option options[] = {
	{ "expires", "TIME", "until when it may be used", CLI_INSTANT,
	  offsetof(struct options, expires), 0, 0 },
	{ "approver1", "NAME", "who allows it", CLI_TEXT,
	  offsetof(struct options, approver1), 0, 0 },
	{ "approver2", "NAME", "and who else", CLI_TEXT,
	  offsetof(struct options, approver2), 0, 0 },
	{ "reason", "TEXT", "why, in the event", CLI_TEXT,
	  offsetof(struct options, reason), 0, 0 },
	{ "override", "ID", "the override's name (default V and the time)", CLI_TEXT,
	  offsetof(struct options, override), 0, 0 },
	EVENT_SEND_OPTIONS,
	CLI_OPTION_END
};

/* The rule that GUARD means: its own name, or that of a guard, as in guard sets. */
static const char *
rule_of(const char *guard)
{
	for (int i = 0; i < DBK_GUARDS; i++) {
		const struct dbk_guard_kind *kind = dbk_guard_kind((enum dbk_guard)i);

		if (strcmp(guard, kind->name) == 0)
			return dbk_rule_name(kind->rule);
	}
	return guard;
}

static const char *
missing(const struct options *o)
{
	if (!o->expires.given)
		return "--expires TIME";
	if (o->approver1 == NULL)
		return "--approver1 NAME";
	if (o->approver2 == NULL)
		return "--approver2 NAME";
	return o->reason == NULL ? "--reason TEXT" : NULL;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__OverrideGranted body = DAYBOOK__V1__OVERRIDE_GRANTED__INIT;
	const char *parts[] = { call->operands[0], call->operands[1], o->approver1,
				o->approver2, o->reason };
	Google__Protobuf__Timestamp expires;
	char name[FRESH_ID_BYTES], words[96];
	Daybook__V1__Event event;
	struct event_out out;

	if (missing(o) != NULL) {
		diag_error("%s is missing", missing(o));
		return EXIT_USAGE;
	}
	event_out_init(&out, &o->send.out);
	event = event_out_make(&out);
	fresh_id('V', &out.at, parts, sizeof parts / sizeof parts[0], name);
	body.override = o->override == NULL ? name : (char *)o->override;
	body.guard = (char *)rule_of(call->operands[0]);
	body.subject = call->operands[1];
	body.approver1 = (char *)o->approver1;
	body.approver2 = (char *)o->approver2;
	body.reason = (char *)o->reason;
	body.expires_at = listing_time(&o->expires, &expires);
	event.body_case = DAYBOOK__V1__EVENT__BODY_OVERRIDE_GRANTED;
	event.override_granted = &body;
	(void)snprintf(words, sizeof words, "override %.64s is granted", body.override);
	return event_send_alone(&o->send, &event, words);
}

const struct cli_verb verb_override_grant = {
	.name = "override grant",
	.group = CLI_WRITE,
	.operands = "GUARD AGENT",
	.summary = "let an agent pass a guard, once",
	.about = "Sends an OverrideGranted: GUARD, a rule as in RESTOCK_COVER or the "
		 "name of a\n"
		 "guard as in cover, lets AGENT pass once, before it expires. Two "
		 "different\n"
		 "people approve it, and the reason stands in the log. Ends with 3 if "
		 "the book\n"
		 "refuses.",
	.examples = "  daybook override grant cover A17 --expires 2011-07-01 \\\n"
		    "    --approver1 ms-lin --approver2 mr-wu --reason 'fair in July'",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 2,
	.operands_max = 2,
	.run = run,
};

static const struct cli_common word_defaults = { .timeout_s = 0 };

static const struct cli_verb *const below[] = { &verb_override_grant, NULL };

const struct cli_verb verb_override = {
	.name = "override",
	.group = CLI_WRITE,
	.operands = "",
	.summary = "let an agent pass a guard, once",
	.about = "Grants an exception from a guard to one agent.",
	.examples = "  daybook help override grant",
	.options_bytes = sizeof(struct cli_common),
	.defaults = &word_defaults,
	.below = below,
};
