#include "../tests/lib/hand_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(enum dbk_err err, const struct dbk_error *error)
{
	if (err == DBK_OK)
		return;
	fprintf(stderr, "%s: %s\n", dbk_err_text(err), error->text);
	abort();
}

void
hand_open(struct hand_ledger *hand)
{
	struct dbk_view_options fast = { .no_sync = true };

	memset(hand, 0, sizeof *hand);
	tmpdir_make(hand->dir);
	(void)snprintf(hand->view_dir, sizeof hand->view_dir, "%s/view", hand->dir);
	must(dbk_view_open(hand->view_dir, &fast, &hand->view, &hand->error),
	     &hand->error);
	dbk_arena_init(&hand->arena, (size_t)64 << 20);
	dbk_effects_init(&hand->group);
	dbk_effects_reset(&hand->group, 0);
}

void
hand_close(struct hand_ledger *hand)
{
	dbk_view_close(hand->view);
	dbk_effects_fini(&hand->group);
	dbk_arena_fini(&hand->arena);
	tmpdir_remove(hand->dir);
}

uint32_t
hand_account(struct hand_ledger *hand, enum dbk_account_code code, const char *owner)
{
	struct dbk_named named = { .kind = DBK_NAMED_ACCOUNT,
				   .code = (uint8_t)code,
				   .id = ++hand->n_accounts };

	if (named.id >= HAND_ACCOUNTS_MAX)
		abort();
	hand->codes[named.id] = named.code;
	dbk_effects_name(&hand->group, named, dbk_str_of(owner));
	return named.id;
}

struct dbk_effect *
hand_event(struct hand_ledger *hand, enum dbk_event_type type, int64_t effective_at)
{
	struct dbk_effect *effect =
	    dbk_effects_begin(&hand->group, hand->group.size_after);

	if (effect == NULL)
		abort();
	effect->type = type;
	effect->effective_at = effective_at;
	effect->late = effective_at < hand->clock;
	if (!effect->late)
		hand->clock = effective_at;
	effect->clock = hand->clock;
	return effect;
}

void
hand_post(struct hand_ledger *hand, uint32_t account, enum dbk_cause cause,
	  uint32_t ref, int64_t amount)
{
	struct dbk_posting posting = { .code = hand->codes[account],
				       .cause = (uint8_t)cause,
				       .account = account,
				       .ref = ref,
				       .amount = amount };

	posting.balance = hand->balances[account] += amount;
	dbk_effects_post(&hand->group, posting);
}

void
hand_apply(struct hand_ledger *hand)
{
	if (hand->group.failed)
		abort();
	must(dbk_view_apply(hand->view, &hand->group, &hand->error), &hand->error);
	dbk_effects_reset(&hand->group, hand->group.size_after);
}
