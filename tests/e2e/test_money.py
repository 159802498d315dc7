"""Agents' money from the sale to the bank: the daemon's own clock, payouts by two people,
concurrent requests for one balance, dry runs, the close, and all of it again after a
restart and after kill -9."""

import collections
import time
import unittest

from daybook_client import (DAY, HOUR, OUTCOME, T0, digest_of, event, failure_of, grpc,
                            read_log, record_pb2, service_pb2, set_time, until, us_of)
from money_client import (ACCEPTED, DUPLICATE, REFUSED, MoneyTest, now_us, request, sold)


class Money(MoneyTest):
    # ------------------------------------------------------------------------ clock

    def test_money_matures_by_the_clock_without_traffic(self):
        self.start(clock=True, at=now_us() - HOUR)
        self.append("shop", sold(1, now_us()))
        after = self.money()
        self.assertEqual(after.total, 10_000)
        until(lambda: self.money().available == 10_000, 10)
        self.assertEqual(self.money("ann").available, 2_000)
        own = [r for r in read_log(self.stub) if r.source == "daybook"]
        self.assertEqual({r.event.WhichOneof("body") for r in own}, {"clock_advanced"})
        for record in own:
            self.assertLessEqual(us_of(record.event.effective_at),
                                 us_of(record.recorded_at))
        # Nothing more is due, so nothing more is sent.
        size = self.size()
        time.sleep(1.5)
        self.assertEqual(self.size(), size)
        before = digest_of(self.stub)
        self.restart(kill=True)
        self.assertEqual(digest_of(self.stub), before)

    def test_the_clock_waits_for_what_is_due_later(self):
        self.start(clock=True, at=now_us() - HOUR)
        # Delivered two seconds from now: sources may run ahead a little.
        ahead = sold(1, now_us() + 2_000_000)
        size = self.append("shop", ahead)
        time.sleep(0.8)
        self.assertEqual(self.size(), size)
        until(lambda: self.money().available == 10_000, 10)
        self.assertGreaterEqual(now_us(), us_of(ahead.effective_at))

    def test_what_came_due_while_the_daemon_was_down_matures_at_the_start(self):
        self.start(clock=False, at=now_us() - HOUR)
        self.append("shop", sold(1, now_us() - HOUR // 2))
        self.daemon.options.remove("--no-clock")
        self.assertEqual(self.money().pending, 10_000)
        self.restart()
        until(lambda: self.money().available == 10_000, 10)

    def test_without_the_clock_nothing_moves(self):
        self.start()
        size = self.append("shop", sold(1, T0 + DAY))
        time.sleep(1.5)
        self.assertEqual(self.size(), size)
        self.assertEqual(self.money().pending, 10_000)
        self.append("shop", event(T0 + DAY + 1, clock_advanced={}))
        self.assertEqual(self.money().available, 10_000)

    def test_nobody_speaks_in_the_name_of_the_daemon(self):
        self.start()
        for flags in ({}, {"dry_run": True}):
            failure = failure_of(self.send, "daybook",
                                 event(T0 + DAY, clock_advanced={}), **flags)
            self.assertEqual((failure.code, failure.reason),
                             (grpc.StatusCode.PERMISSION_DENIED, "SOURCE_RESERVED"))
            self.assertEqual(failure.fields["source"], "daybook")

    # ---------------------------------------------------------------------- payouts

    def matured(self, amount=100_000, **named):
        """bea has a tenth of AMOUNT available."""
        self.start(**named)
        self.append("shop", sold(1, T0 + DAY, amount),
                    event(T0 + DAY + 1, clock_advanced={}))
        self.assertEqual(self.money().available, amount // 10)

    def test_a_payout_takes_two_people_and_leads_back_to_the_sale(self):
        self.matured()
        at = T0 + 2 * DAY
        self.append("bea-app", request("p1", at, 6_000))
        approve = event(at + 1, payout_approved=dict(payout="p1", action="a1"))
        self.refused("SECOND_PERSON", "bea-app", approve)
        self.append("finance", approve)
        self.append("finance", event(at + 2, payout_sent=dict(
            payout="p1", provider="bank", request_no="r-77")))
        self.assertEqual(self.money().in_transit, 6_000)
        self.append("bank", event(at + 3, payout_settled=dict(
            payout="p1", provider="bank", provider_ref="x1", fee=100)))
        money = self.money()
        self.assertEqual((money.available, money.reserved, money.in_transit, money.total),
                         (4_000, 0, 0, 4_000))
        detail = self.payout("p1")
        self.assertEqual(detail.payout.state, service_pb2.PAYOUT_SETTLED)
        self.assertEqual((detail.payout.maker, detail.payout.request_no,
                          detail.payout.gross, detail.payout.net, detail.payout.fee),
                         ("bea-app", "r-77", 6_000, 6_000, 100))
        self.assertEqual([r.event.WhichOneof("body") for r in detail.events],
                         ["payout_requested", "payout_approved", "payout_sent",
                          "payout_settled"])
        self.assertEqual([(i.amount, i.earning.order, i.earning.line, i.earning.level)
                          for i in detail.items], [(6_000, "o-1", 1, 1)])
        order = self.ask("GetOrder", order="o-1")
        self.assertEqual([(e.agent, e.accrued, e.open, e.state) for e in order.earnings],
                         [("bea", 10_000, 4_000, "matured"),
                          ("ann", 2_000, 2_000, "matured")])
        lines = self.ask("GetAgentStatement", agent="bea").lines
        self.assertEqual([(service_pb2.Cause.Name(line.cause)[6:], line.code, line.amount,
                           line.payout) for line in lines if line.payout],
                         [("PAID", 2150, -6_000, "p1"), ("SENT", 2150, 6_000, "p1"),
                          ("SENT", 2140, -6_000, "p1"), ("DRAWN", 2140, 6_000, "p1"),
                          ("DRAWN", 2120, -6_000, "p1")])

    def test_an_unknown_payout_keeps_its_money_over_kill_9(self):
        self.matured()
        at = T0 + 2 * DAY
        self.append("bea-app", request("p1", at, 6_000))
        self.append("finance",
                    event(at, payout_approved=dict(payout="p1", action="a1")),
                    event(at, payout_sent=dict(payout="p1", provider="bank",
                                               request_no="r1")),
                    event(at, payout_unknown=dict(payout="p1", action="u1")))
        before = digest_of(self.stub)
        for kill in (True, False, True):
            self.restart(kill)
            self.assertEqual(digest_of(self.stub), before)
            self.assertEqual(self.payout("p1").payout.state, service_pb2.PAYOUT_UNKNOWN)
            self.assertEqual(self.money().in_transit, 6_000)
        self.refused("AVAILABLE_INSUFFICIENT", "bea-app", request("p2", at, 4_001))
        self.append("bank", event(at + 9, payout_failed=dict(payout="p1", action="f1",
                                                             final=True)))
        self.assertEqual(self.money().available, 10_000)

    def test_64_requests_at_once_never_overdraw(self):
        self.matured()
        at = T0 + 2 * DAY
        outcomes = collections.Counter()
        for result, in self.at_once([(f"app{i}", [request(f"p{i}", at, 900)])
                                     for i in range(64)]):
            outcomes[OUTCOME.Name(result.outcome),
                     record_pb2.Rule.Name(result.refusal.rule)] += 1
        self.assertEqual(outcomes, {("ACCEPTED", "RULE_UNSPECIFIED"): 11,
                                    ("REFUSED", "AVAILABLE_INSUFFICIENT"): 53})
        money = self.money()
        self.assertEqual((money.available, money.reserved), (100, 9_900))
        payouts = self.ask("ListPayouts", agent="bea").payouts
        self.assertEqual(sum(p.gross for p in payouts), 9_900)
        items = [i for p in payouts for i in self.payout(p.payout).items]
        self.assertEqual(sum(i.amount for i in items), 9_900)
        before = digest_of(self.stub)
        self.restart(kill=True)
        self.assertEqual(digest_of(self.stub), before)

    def test_payouts_are_listed_by_agent_provider_batch_and_state(self):
        self.matured()
        at = T0 + 2 * DAY
        for number in range(1, 8):
            self.append("app", request(f"p{number}", at + number, 100,
                                       "ann" if number == 4 else "bea"))
        for number in (1, 2, 3):
            self.append("finance", event(at + 20, payout_approved=dict(
                payout=f"p{number}", action="a")))
        self.append("finance", event(at + 21, payout_batched=dict(
            batch="b1", payouts=["p1", "p2"], total=200)))
        self.append("finance", event(at + 22, payout_sent=dict(
            payout="p2", provider="bank", request_no="r2")))

        def names(**fields):
            out, token = [], ""
            while True:
                page = self.ask("ListPayouts", page_size=2, page_token=token, **fields)
                out += [p.payout for p in page.payouts]
                token = page.next_page_token
                if not token:
                    return out

        self.assertEqual(names(), [f"p{i}" for i in range(1, 8)])
        self.assertEqual(names(agent="bea"), ["p7", "p6", "p5", "p3", "p2", "p1"])
        self.assertEqual(names(batch="b1"), ["p1", "p2"])
        self.assertEqual(names(provider="bank"), ["p2"])
        self.assertEqual(names(provider="nobody"), [])
        self.assertEqual(names(state=service_pb2.PAYOUT_APPROVED), ["p3"])
        self.assertEqual(self.ask("ListPayouts", provider="bank").payouts[0].request_no,
                         "r2")
        for fields, reason in ((dict(agent="zed"), "AGENT_UNKNOWN"),
                               (dict(batch="zed"), "BATCH_UNKNOWN"),
                               (dict(page_token="zed"), "PAGE_TOKEN")):
            self.assertEqual(failure_of(self.ask, "ListPayouts", **fields).reason, reason)
        self.assertEqual(failure_of(self.ask, "GetPayout", payout="zed").reason,
                         "PAYOUT_UNKNOWN")

    # ---------------------------------------------------------------------- dry run

    def test_a_dry_run_shows_what_would_be_posted(self):
        self.start()
        before, digest = self.size(), digest_of(self.stub)
        reply = self.send("shop", sold(1, T0 + DAY, delivered=False), dry_run=True)
        postings = [(p.code, p.owner, p.amount, service_pb2.Cause.Name(p.cause)[6:])
                    for p in reply.results[0].postings]
        self.assertEqual(postings, [
            (1020, "pay", 100_000, "EVENT"), (2010, "o-1", -100_000, "EVENT"),
            (1140, "o-1", 12_000, "EVENT"), (2110, "bea", -10_000, "ACCRUED"),
            (2110, "ann", -2_000, "ACCRUED")])
        self.assertEqual(reply.results[0].postings[0].name, "psp.clearing")
        self.assertEqual((self.size(), digest_of(self.stub)), (before, digest))
        real = self.send("shop", sold(1, T0 + DAY, delivered=False))
        self.assertFalse(real.results[0].postings)
        refused = self.send("shop", sold(2, T0 + DAY, paid=1), dry_run=True)
        self.assertEqual(refused.results[0].outcome, REFUSED)
        self.assertFalse(refused.results[0].postings)

    def test_a_dry_run_names_orders_and_payouts_of_causes(self):
        self.matured()
        at = T0 + 2 * DAY
        reply = self.send("app", request("p1", at, 500),
                          event(at, payout_cancelled=dict(payout="p1", action="c")),
                          dry_run=True)
        for result in reply.results:
            self.assertEqual({p.payout for p in result.postings}, {"p1"})
            self.assertEqual(sum(p.amount for p in result.postings), 0)
        self.append("shop", sold(2, at))
        matured = self.send("x", event(at + HOUR, clock_advanced={}), dry_run=True)
        self.assertEqual({(p.order, p.cause) for p in matured.results[0].postings},
                         {("o-2", service_pb2.CAUSE_MATURED)})

    # ------------------------------------------------------------------------ close

    def bounds(self, first, last):
        out = service_pb2.ClosePeriodRequest(period=f"d{first}")
        set_time(getattr(out, "from"), T0 + first * DAY)
        set_time(out.to, T0 + last * DAY)
        return out

    def test_a_period_closes_once_and_marks_what_comes_late(self):
        self.start()
        self.append("shop", sold(1, T0 + DAY))
        january = self.bounds(0, 31)
        check = self.stub.CheckClose(january)
        self.assertTrue(check.can_close, check)
        self.assertEqual([i.item for i in check.items], [
            "trial_balance", "period_gap", "period_ahead", "payouts_unknown",
            "payouts_open", "holds", "late_facts"])
        size = self.size()
        reply = self.stub.ClosePeriod(january)
        self.assertEqual([r.outcome for r in reply.results], [ACCEPTED])
        self.assertEqual(reply.source, "daybook")
        # The clock went to the end of the period first, and what was due was done.
        records = read_log(self.stub, from_position=size)
        self.assertEqual([r.event.WhichOneof("body") for r in records],
                         ["clock_advanced", "period_closed"])
        self.assertEqual(us_of(records[0].event.effective_at), T0 + 31 * DAY)
        self.assertEqual(self.money().available, 10_000)
        periods = self.ask("ListPeriods").periods
        self.assertEqual([(p.period, p.position) for p in periods],
                         [("d0", reply.results[0].position)])
        self.assertEqual(len(periods[0].balances_hash), 32)
        again = self.stub.ClosePeriod(january).results[0]
        self.assertEqual((again.outcome, again.position),
                         (DUPLICATE, reply.results[0].position))
        self.assertFalse(self.stub.CheckClose(january).can_close)

        self.append("shop", sold(2, T0 + 2 * DAY), event(T0 + 32 * DAY, clock_advanced={}))
        lines = self.ask("GetAgentStatement", agent="bea",
                         at_least_size=self.size()).lines
        self.assertEqual({line.prior_period for line in lines if line.order == "o-2"
                          and line.position == self.size() - 2}, {True})
        check = self.stub.CheckClose(self.bounds(31, 32))
        self.assertTrue(check.can_close)
        late = next(i for i in check.items if i.item == "late_facts")
        self.assertEqual((late.ok, late.required, late.measured), (False, False, 1))

    def test_a_close_with_a_gap_or_ahead_of_time_is_refused_and_moves_nothing(self):
        self.start()
        self.append("shop", sold(1, T0 + DAY))
        self.assertEqual(self.stub.ClosePeriod(self.bounds(0, 2)).results[0].outcome,
                         ACCEPTED)
        clock = self.ask("GetStatus").clock
        gap = self.stub.ClosePeriod(self.bounds(3, 4)).results[0].refusal
        self.assertEqual(record_pb2.Rule.Name(gap.rule), "PERIOD_GAP")
        ahead = self.bounds(2, 3)
        set_time(ahead.to, now_us() + DAY)
        result = self.stub.ClosePeriod(ahead).results[0]
        self.assertEqual(record_pb2.Rule.Name(result.refusal.rule), "PERIOD_AHEAD")
        self.assertEqual(self.ask("GetStatus").clock, clock)
        items = {i.item: i for i in self.stub.CheckClose(ahead).items}
        self.assertFalse(items["period_ahead"].ok)
        self.assertTrue(items["period_gap"].ok)
        bad = self.stub.ClosePeriod(service_pb2.ClosePeriodRequest(period="x"))
        self.assertEqual(bad.results[0].outcome, record_pb2.INVALID)
        raw = self.daemon.channel().unary_unary("/daybook.v1.Daybook/ClosePeriod")
        for data in (b"\x08\x01", b"\x0a\x05x", b"\x12\x02\x10\x01", b"\x22\x01x"):
            self.assertEqual(failure_of(raw, data).reason, "MALFORMED_REQUEST", data)

    def test_a_payout_of_unknown_fate_stands_in_the_way_of_the_close(self):
        self.matured()
        at = T0 + 2 * DAY
        self.append("app", request("p1", at, 500))
        self.append("finance", event(at, payout_approved=dict(payout="p1", action="a")),
                    event(at, payout_sent=dict(payout="p1", provider="b", request_no="1")),
                    event(at, payout_unknown=dict(payout="p1", action="u")))
        check = self.stub.CheckClose(self.bounds(0, 3))
        self.assertFalse(check.can_close)
        items = {i.item: i.measured for i in check.items}
        self.assertEqual((items["payouts_unknown"], items["payouts_open"]), (1, 1))
        result = self.stub.ClosePeriod(self.bounds(0, 3)).results[0]
        self.assertEqual(record_pb2.Rule.Name(result.refusal.rule), "PERIOD_OPEN_ITEMS")

    # ---------------------------------------------------------------------- journal

    def journal(self, **fields):
        request_of = service_pb2.ReadJournalRequest(**fields)
        return [entry for chunk in self.stub.ReadJournal(request_of)
                for entry in chunk.entries]

    def test_the_journal_is_the_trial_balance(self):
        self.start()
        events = [sold(i, T0 + DAY + i) for i in range(3000)]
        for start in range(0, len(events), 500):
            self.append("shop", *events[start:start + 500])
        self.append("shop", event(T0 + 3 * DAY, clock_advanced={}))
        lines = self.ask("GetTrialBalance", at_least_size=self.size()).lines
        entries = self.journal()
        sums, parts = collections.Counter(), collections.Counter()
        for entry in entries:
            for posting in entry.postings:
                sums[posting.code] += posting.amount
                parts[entry.position] += posting.amount
        self.assertEqual(set(parts.values()), {0})
        self.assertEqual({line.code: line.balance for line in lines if line.balance},
                         {code: amount for code, amount in sums.items() if amount})
        first = entries[0]
        self.assertEqual((first.type_name, first.order, first.postings[1].owner),
                         ("SaleRecorded", "o-0", "o-0"))
        last = entries[-1]
        self.assertEqual(last.type_name, "ClockAdvanced")
        self.assertIn("o-2999", {p.order for e in entries if e.position == last.position
                                 for p in e.postings})
        some = self.journal(from_position=100, to_size=110)
        self.assertEqual([e.position for e in some], list(range(100, 110)))
        self.assertEqual(self.journal(from_position=self.size()), [])
        failure = failure_of(self.journal, from_position=self.size() + 1)
        self.assertEqual((failure.code, failure.reason),
                         (grpc.StatusCode.OUT_OF_RANGE, "POSITION"))

    def test_a_slow_reader_of_the_journal_holds_nobody_up(self):
        self.start()
        for start in range(0, 4000, 1000):
            self.append("shop", *[sold(i, T0 + DAY + i) for i in range(start, start + 1000)])
        slow = self.stub.ReadJournal(service_pb2.ReadJournalRequest())
        next(slow)
        for number in range(20):
            self.append("shop", sold(f"x{number}", T0 + 2 * DAY))
            self.ask("GetTrialBalance", at_least_size=self.size())
        self.assertGreater(sum(len(chunk.entries) for chunk in slow), 1000)
        cancelled = self.stub.ReadJournal(service_pb2.ReadJournalRequest())
        next(cancelled)
        cancelled.cancel()
        self.assertTrue(self.daemon.is_alive())


if __name__ == "__main__":
    unittest.main()
