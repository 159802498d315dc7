/*
 * test_journal.c -- all postings in order, in pages of any size.  Random books are
 * compared in test_view.c.
 */

#include <string.h>

#include <daybook/limits.h>

#include "query/journal.h"

#include "../tests/lib/check.h"
#include "../tests/lib/hand_ledger.h"

#define T0 1700000000000000LL

static struct dbk_journal_page
ask(struct hand_ledger *h, struct dbk_journal_query q)
{
	struct dbk_journal_page out = { .n_events = 0 };

	dbk_arena_reset(&h->arena);
	CHECK(dbk_journal_read(h->view, &q, &h->arena, &out, &h->error) == DBK_OK);
	return out;
}

/* An event of N postings of 1, 2, 3... on ACCOUNT. */
static struct dbk_effect *
event(struct hand_ledger *h, uint32_t account, uint32_t n)
{
	struct dbk_effect *effect =
	    hand_event(h, DBK_EVENT_SALE_RECORDED, h->clock + 1);

	for (uint32_t i = 1; i <= n; i++)
		hand_post(h, account, DBK_CAUSE_MATURED, i, i);
	return effect;
}

static void
test_empty(void)
{
	struct dbk_journal_query q = { .to_size = 0 };
	struct dbk_journal_page page;
	struct hand_ledger h;

	hand_open(&h);
	page = ask(&h, q);
	CHECK(page.at_end);
	CHECK_INT(page.n_events, 0);
	CHECK_INT(page.next.position, 0);
	hand_close(&h);
}

static void
test_events(void)
{
	struct dbk_journal_query q = { .to_size = 0 };
	struct dbk_journal_page page;
	struct dbk_effect *effect;
	struct hand_ledger h;
	uint32_t bank;

	hand_open(&h);
	bank = hand_account(&h, DBK_BANK, "bank");
	h.clock = T0;
	(void)event(&h, bank, 0);
	effect = event(&h, bank, 2);
	effect->order = 5;
	effect->prior_period = true;
	effect = event(&h, bank, 1);
	effect->rule = DBK_RULE_ORDER_UNKNOWN;
	(void)event(&h, bank, 0);
	hand_apply(&h);
	page = ask(&h, q);
	CHECK(page.at_end);
	CHECK_INT(page.size, 4);
	CHECK_INT(page.next.position, 4);
	CHECK_INT(page.n_events, 2);
	CHECK_INT(page.n_postings, 3);
	CHECK_INT(page.events[0].position, 1);
	CHECK_INT(page.events[0].order, 5);
	CHECK(page.events[0].prior_period && !page.events[0].late);
	CHECK_INT(page.events[1].rule, DBK_RULE_ORDER_UNKNOWN);
	CHECK_INT(page.events[1].first_posting, 2);
	CHECK_INT(page.postings[1].ref, 2);
	CHECK_INT(page.postings[1].cause, DBK_CAUSE_MATURED);
	CHECK_INT(page.postings[1].balance, 3);
	CHECK(dbk_str_equal(page.postings[1].owner, dbk_str_of("bank")));
	/* Up to a size, and from the middle of a record. */
	q.to_size = 2;
	page = ask(&h, q);
	CHECK(page.at_end);
	CHECK_INT(page.n_events, 1);
	CHECK_INT(page.next.position, 2);
	q.from = (struct dbk_journal_place){ 1, 1 };
	page = ask(&h, q);
	CHECK_INT(page.n_postings, 1);
	CHECK_INT(page.postings[0].amount, 2);
	CHECK(page.events[0].begun && !page.events[0].unfinished);
	hand_close(&h);
}

/* Events of 3, 5000 (many parts, more than a chunk) and 2 postings. */
static void
test_breaking_events(void)
{
	static const uint32_t maxima[] = { 1, 2, 3, 4, 7, 64, 65, 4999, 5000, 5003 };
	struct hand_ledger h;
	uint32_t bank;

	hand_open(&h);
	bank = hand_account(&h, DBK_BANK, "bank");
	(void)event(&h, bank, 3);
	(void)event(&h, bank, 5000);
	(void)event(&h, bank, 2);
	hand_apply(&h);
	for (unsigned m = 0; m < sizeof maxima / sizeof maxima[0]; m++) {
		struct dbk_journal_query q = { .postings_max = maxima[m] };
		uint32_t counts[3] = { 0, 0, 0 };
		struct dbk_journal_page page;

		do {
			page = ask(&h, q);
			CHECK(page.n_postings <= maxima[m]);
			CHECK(page.n_postings > 0 || page.at_end);
			for (uint32_t i = 0; i < page.n_events; i++) {
				const struct dbk_journal_event *e = &page.events[i];

				CHECK_INT(e->begun, counts[e->position] > 0);
				CHECK(!e->unfinished || page.n_events == 1);
				CHECK_INT(page.postings[e->first_posting].ref,
					  counts[e->position] + 1);
				counts[e->position] += e->n_postings;
			}
			q.from = page.next;
		} while (!page.at_end);
		CHECK_INT(counts[0], 3);
		CHECK_INT(counts[1], 5000);
		CHECK_INT(counts[2], 2);
	}
	hand_close(&h);
}

/* A month falls due at once: three pages of the largest size, several slices of work.
 */
static void
test_huge_event(void)
{
	struct dbk_journal_query q = { .to_size = 0 };
	struct dbk_journal_page page;
	uint32_t postings = 0, pages = 0;
	struct hand_ledger h;
	uint32_t bank;

	hand_open(&h);
	bank = hand_account(&h, DBK_BANK, "bank");
	(void)event(&h, bank, 2);
	(void)event(&h, bank, 25000);
	(void)event(&h, bank, 2);
	hand_apply(&h);
	do {
		page = ask(&h, q);
		CHECK(page.n_postings <= DBK_JOURNAL_POSTINGS_MAX);
		postings += page.n_postings;
		q.from = page.next;
	} while (++pages < 9 && !page.at_end);
	CHECK_INT(postings, 25004);
	CHECK_INT(pages, 4);
	hand_close(&h);
}

static void
test_bytes(void)
{
	struct dbk_journal_query q = { .bytes_max = 1 };
	struct dbk_journal_page page;
	struct hand_ledger h;
	uint32_t bank;

	hand_open(&h);
	bank = hand_account(&h, DBK_BANK, "bank");
	(void)event(&h, bank, 3);
	hand_apply(&h);
	for (unsigned i = 0; i < 3; i++) {
		page = ask(&h, q);
		CHECK_INT(page.n_postings, 1);
		CHECK_INT(page.events[0].unfinished, i < 2);
		q.from = page.next;
	}
	q.from = (struct dbk_journal_place){ 0, 0 };
	q.bytes_max = 10000;
	CHECK_INT(ask(&h, q).n_postings, 3);
	hand_close(&h);
}

/* Records without postings, more than one page looks through. */
static void
test_long_silence(void)
{
	struct dbk_journal_query q = { .to_size = 0 };
	struct dbk_journal_page page;
	unsigned pages = 0;
	struct hand_ledger h;
	uint32_t bank;

	hand_open(&h);
	bank = hand_account(&h, DBK_BANK, "bank");
	for (unsigned i = 0; i < DBK_PAGE_CHUNKS_MAX * 65536u / 10; i++)
		hand_event(&h, DBK_EVENT_SALE_RECORDED, T0)->rule =
		    DBK_RULE_ORDER_UNKNOWN;
	(void)event(&h, bank, 1);
	hand_apply(&h);
	for (;;) {
		page = ask(&h, q);
		pages++;
		if (page.at_end || pages > 9)
			break;
		CHECK_INT(page.n_events, 0);
		CHECK(page.next.position > q.from.position);
		q.from = page.next;
	}
	CHECK_INT(pages, 2);
	CHECK_INT(page.n_events, 1);
	hand_close(&h);
}

static void
test_wrong_questions(void)
{
	struct dbk_journal_query q = { .to_size = 2 };
	struct dbk_journal_page page = { .n_events = 77 };
	struct hand_ledger h;
	uint32_t bank;

	hand_open(&h);
	bank = hand_account(&h, DBK_BANK, "bank");
	(void)event(&h, bank, 3);
	hand_apply(&h);
	CHECK(dbk_journal_read(h.view, &q, &h.arena, &page, &h.error) ==
	      DBK_FAILED_STATE);
	q.to_size = 0;
	q.from.position = 2;
	CHECK(dbk_journal_read(h.view, &q, &h.arena, &page, &h.error) ==
	      DBK_FAILED_STATE);
	CHECK_INT(page.n_events, 77);
	/* At the end, and past what a record has. */
	q.from.position = 1;
	page = ask(&h, q);
	CHECK(page.at_end && page.next.position == 1);
	q.from = (struct dbk_journal_place){ 0, 99 };
	page = ask(&h, q);
	CHECK(page.at_end && page.next.position == 1 && page.next.postings == 0);
	CHECK_INT(page.n_events, 0);
	hand_close(&h);
}

int
main(void)
{
	check_run("an empty book has an empty journal", test_empty);
	check_run("events have their postings in order", test_events);
	check_run("only an event that does not fit one page is broken",
		  test_breaking_events);
	check_run("an event of more postings than a page is read whole",
		  test_huge_event);
	check_run("a page is bounded in bytes, but has a posting", test_bytes);
	check_run("a page that finds nothing for long ends empty", test_long_silence);
	check_run("places and sizes of the future are refused", test_wrong_questions);
	return check_end();
}
