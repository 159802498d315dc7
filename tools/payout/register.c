#include "register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "names.h"

static void
keep_page(struct payout_register *payouts, ProtobufCMessage *reply)
{
	const Daybook__V1__ListPayoutsReply *page =
	    (const Daybook__V1__ListPayoutsReply *)reply;

	payouts->pages = reallocarray(payouts->pages, payouts->page_count + 1,
				      sizeof *payouts->pages);
	payouts->payouts =
	    reallocarray(payouts->payouts, payouts->count + page->n_payouts + 1,
			 sizeof *payouts->payouts);
	dbk_assert(payouts->pages != NULL && payouts->payouts != NULL);
	if (payouts->page_count == 0) {
		(void)snprintf(payouts->currency, sizeof payouts->currency, "%s",
			       page->currency);
		payouts->exponent = page->exponent;
		payouts->size = page->size;
	}
	payouts->pages[payouts->page_count++] = reply;
	for (size_t i = 0; i < page->n_payouts; i++)
		payouts->payouts[payouts->count++] = page->payouts[i];
}

int
register_fetch(struct session *session, Daybook__V1__ListPayoutsRequest *request,
	       struct payout_register *out)
{
	memset(out, 0, sizeof *out);
	request->page_size = DBK_PAGE_ROWS_MAX;
	do {
		ProtobufCMessage *reply;
		int code =
		    session_call(session, "ListPayouts", &request->base,
				 &daybook__v1__list_payouts_reply__descriptor, &reply);

		if (code != EXIT_OK)
			return code;
		keep_page(out, reply);
		request->page_token =
		    ((const Daybook__V1__ListPayoutsReply *)reply)->next_page_token;
	} while (request->page_token[0] != '\0');
	return EXIT_OK;
}

void
register_free(struct payout_register *payouts)
{
	for (size_t i = 0; i < payouts->page_count; i++)
		protobuf_c_message_free_unpacked(payouts->pages[i], NULL);
	free(payouts->pages);
	free(payouts->payouts);
	memset(payouts, 0, sizeof *payouts);
}

int
register_state(const char *text, Daybook__V1__PayoutState *out)
{
	const char *nearest;

	*out = DAYBOOK__V1__PAYOUT_STATE__PAYOUT_STATE_UNSPECIFIED;
	if (text == NULL || names_payout_state_parse(text, out, &nearest))
		return EXIT_OK;
	if (nearest == NULL)
		diag_error("--state: no payout is ever \"%.40s\"; see daybook help "
			   "payout list",
			   text);
	else
		diag_error("--state: no payout is ever \"%.40s\"; did you mean %s?",
			   text, nearest);
	return EXIT_USAGE;
}

bool
register_is_of_batch(const Daybook__V1__Payout *payout, const char *const *names,
		     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(payout->batch, names[i]) == 0)
			return true;
	}
	return count == 0;
}
