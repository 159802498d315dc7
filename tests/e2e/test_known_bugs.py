"""What went wrong with agents' money in other systems, each bug as a test that names it,
against a running daemon."""

import collections
import itertools
import random
import threading
import unittest

from daybook_client import (DAY, OUTCOME, T0, Event, append_request, digest_of, event,
                            read_log, record_pb2, service_pb2, set_time, us_of)
from money_client import (ACCEPTED, DUPLICATE, PATHS, REFUSED, SERIAL, STATES, MoneyTest,
                          adjustment, amount_paths, clock, filled, lr1, plan, received, refund,
                          request, retained, sold, step)

# Every step of a payout that is possible.
STEPS = {("requested", "approved"): "approved", ("requested", "rejected"): "rejected",
         ("requested", "cancelled"): "cancelled", ("approved", "cancelled"): "cancelled",
         ("approved", "batched"): "batched", ("approved", "sent"): "sent",
         ("batched", "sent"): "sent", ("sent", "settled"): "settled",
         ("sent", "unknown"): "unknown", ("sent", "failed"): "failed",
         ("sent", "failed_once"): "unknown", ("unknown", "settled"): "settled",
         ("unknown", "failed"): "failed", ("unknown", "failed_once"): "unknown",
         ("settled", "returned"): "returned"}


class KnownBugs(MoneyTest):
    def earned(self, *amounts, **named):
        """bea has sold for each of AMOUNTS, orders o-1 and on; all of it has matured."""
        self.start(**named)
        self.append("shop", *[sold(i, T0 + DAY, amount)
                              for i, amount in enumerate(amounts, 1)], clock(T0 + 2 * DAY))

    def accounts(self, **fields):
        """Balances of the chart that are not 0, debit positive."""
        lines = self.ask("GetTrialBalance", at_least_size=self.size(), **fields).lines
        return {line.code: line.balance for line in lines if line.balance}

    def earnings(self, order):
        return self.ask("GetOrder", order=order).earnings

    def bring(self, payout, state, at, gross=100, agent="bea"):
        """A payout in STATE; who asks for it and who moves it are two."""
        self.append("maker", request(payout, at, gross, agent))
        for kind in PATHS[state]:
            self.append("checker", step(kind, payout, at, gross))

    def state(self, payout):
        return service_pb2.PayoutState.Name(self.payout(payout).payout.state)[7:].lower()

    def items(self, payout):
        out, token = [], ""
        while True:
            page = self.ask("GetPayout", payout=payout, page_token=token)
            out += page.items
            token = page.next_page_token
            if not token:
                return out

    # ------------------------------------------------- what is paid more than once

    def notifications(self):
        """Sales and payments as providers report them; none needs one of another order."""
        out = [sold(i, T0 + DAY + i, 10_000 + 7 * i, delivered=i % 2 == 0)
               for i in range(8)]
        for i in range(4):
            at = T0 + 2 * DAY + i
            out.append(event(at, order_placed=dict(
                order=f"p{i}", seller="bea", buyer=f"c{i}", channel="shop",
                lines=[dict(line=1, sku="s1", qty=3, unit_price=5_000)])))
            out += [event(at, order_paid=dict(order=f"p{i}", psp="pay", psp_txn=f"x{i}{part}",
                                              amount=amount))
                    for part, amount in enumerate((4_000, 11_000))]
            out.append(received(f"p{i}", at))
        return out

    def deliver_in_order_with_repeats(self, story, rng):
        queue = []
        for at, one in enumerate(story):
            queue.append((at, one))
            queue += [(rng.uniform(at + 0.5, len(story)), one)
                      for _ in range(rng.randrange(5))]
        queue = [one for _, one in sorted(queue, key=lambda pair: pair[0])]
        outcomes = collections.Counter()
        while queue:
            some = [queue.pop(0) for _ in range(min(len(queue), rng.randint(1, 9)))]
            for result in self.send(rng.choice(("pay", "shop", "relay")), *some).results:
                outcomes[result.outcome] += 1
        self.assertEqual(outcomes[ACCEPTED], len(story))
        self.assertEqual(set(outcomes), {ACCEPTED, DUPLICATE})

    def deliver_in_any_order(self, story, rng):
        """Whoever gets a refusal sends again, as providers do."""
        queue = [one for one in story for _ in range(rng.randint(1, 5))]
        missing = {one.SerializeToString() for one in story}
        while missing:
            rng.shuffle(queue)
            for one, result in zip(queue, self.send("pay", *queue).results):
                if result.outcome == ACCEPTED:
                    missing.discard(one.SerializeToString())

    def test_a_payment_notification_that_comes_five_times_pays_no_commission_twice(self):
        rng = random.Random(2336)
        story = self.notifications()
        story += [refund(f"r{i}", f"o-{i}", 1_000 + i, T0 + 3 * DAY) for i in range(4)]
        self.start()
        self.append("pay", *story)
        want, accounts = digest_of(self.stub), self.accounts()
        self.assertEqual(accounts[2110], -sum(
            sum(e.open for e in self.earnings(o) if e.state == "pending")
            for o in [f"o-{i}" for i in range(8)] + [f"p{i}" for i in range(4)]))
        for _ in range(2):
            self.start()
            self.deliver_in_order_with_repeats(story, rng)
            self.assertEqual(digest_of(self.stub), want)
        # The same payment told with another amount is no second payment.
        other = sold(1, T0 + DAY + 1, 999)
        self.refused("CONFLICT", "pay", other)
        other.sale_recorded.order = "else"
        self.refused("PAYMENT_KEY_USED", "pay", other)
        self.assertEqual(self.accounts(), accounts)

    def test_notifications_in_any_order_come_to_the_same_money(self):
        rng = random.Random(403)
        story, results = self.notifications(), []
        for deliver in (lambda: self.append("pay", *story),
                        lambda: self.deliver_in_any_order(story, rng),
                        lambda: self.deliver_in_any_order(story, rng)):
            self.start()
            deliver()
            self.append("office", clock(T0 + 9 * DAY))
            results.append((self.accounts(), self.money("ann"), self.money("bea")))
        self.assertEqual(results[1], results[0])
        self.assertEqual(results[2], results[0])

    def test_a_payout_paid_then_unpaid_then_paid_makes_no_ghost_payout(self):
        self.earned(100_000)
        at = T0 + 3 * DAY
        self.bring("p1", "settled", at, 4_000)
        paid = self.accounts()
        back = [kind for kind in ("approved", "rejected", "cancelled", "batched", "sent",
                                  "settled", "unknown", "failed", "failed_once")]
        for kind in back:
            self.refused("PAYOUT_STATE", "checker", step(kind, "p1", at, 4_000))
        self.refused("CONFLICT", "maker", request("p1", at, 3_000))
        self.assertEqual((self.accounts(), self.state("p1")), (paid, "settled"))
        self.append("bank", step("returned", "p1", at, 4_000))
        for kind in back + ["returned"]:
            self.refused("PAYOUT_STATE", "checker", step(kind, "p1", at, 4_000))
        # What came back is paid by a payout of its own.
        self.bring("p2", "settled", at, 4_000)
        self.assertEqual(self.accounts(), paid)
        self.assertEqual(len(self.ask("ListPayouts", agent="bea").payouts), 2)

    def test_a_failed_or_unknown_payout_is_not_paid_again_while_its_money_is_in_flight(self):
        self.earned(100_000)
        at = T0 + 3 * DAY
        for kind, name in (("unknown", "p1"), ("failed_once", "p2")):
            self.bring(name, "sent", at, 4_500)
            self.append("bank", step(kind, name, at))
            self.assertEqual(self.state(name), "unknown")
        for kind in ("approved", "rejected", "cancelled", "batched", "sent", "unknown",
                     "returned"):
            self.refused("PAYOUT_STATE", "checker", step(kind, "p1", at, 4_500))
        money = self.money()
        self.assertEqual((money.available, money.in_transit), (1_000, 9_000))
        short = self.refused("AVAILABLE_INSUFFICIENT", "maker", request("p3", at, 1_001))
        self.assertEqual((short.measured, short.limit), (1_001, 1_000))
        # A second "perhaps" changes nothing; only the provider's last word does.
        self.append("bank", step("failed_once", "p1", at))
        self.assertEqual(self.money(), money)
        self.refused("PROVIDER_DIFFERS", "bank", step("settled", "p1", at, provider="b2"))
        self.append("bank", step("settled", "p1", at), step("failed", "p2", at))
        money = self.money()
        self.assertEqual((money.available, money.in_transit, money.total),
                         (5_500, 0, 5_500))

    # --------------------------------------------------------------- one balance

    def test_64_withdrawals_at_once_never_overdraw_a_balance(self):
        self.earned(100_000)
        rng, at, size = random.Random(145), T0 + 3 * DAY, self.size()
        amounts = [rng.randint(1, 900) for _ in range(64)]
        results = self.at_once([(f"app{i}", [request(f"p{i}", at, amount)])
                                for i, amount in enumerate(amounts)])
        taken = sum(amount for amount, (result,) in zip(amounts, results)
                    if result.outcome == ACCEPTED)
        money = self.money()
        self.assertEqual((money.available, money.reserved), (10_000 - taken, taken))
        self.assertGreater(max(amounts), money.available)
        # Each was decided on exactly what the ones before it in the log had left.
        left = 10_000
        for record in read_log(self.stub, from_position=size, include_refused=True):
            gross = record.event.payout_requested.gross
            self.assertEqual(record.outcome == ACCEPTED, gross <= left)
            if record.outcome == ACCEPTED:
                left -= gross
            else:
                self.assertEqual((record.refusal.measured, record.refusal.limit),
                                 (gross, left))

    def test_two_exits_of_one_balance_never_both_get_it(self):
        self.earned(*[10_000] * 10)
        at, batches = T0 + 3 * DAY, []
        for i in range(64):
            one = (request(f"p{i}", at, 900), adjustment(f"a{i}", at, 300),
                   request(f"q{i}", at, 70), clock(at + i))[i % 4]
            if i < 40 and i % 4 == 3:
                one = refund(f"r{i}", f"o-{i // 4 + 1}", 10_000, at)
            batches.append((f"app{i}", [one]))
        rules = collections.Counter()
        for result, in self.at_once(batches):
            rules[record_pb2.Rule.Name(result.refusal.rule)] += 1
        self.assertEqual(set(rules), {"RULE_UNSPECIFIED", "AVAILABLE_INSUFFICIENT"})
        payouts = self.ask("ListPayouts", agent="bea").payouts
        money = self.money()
        self.assertEqual(money.reserved, sum(p.gross for p in payouts))
        self.assertLessEqual(money.reserved, 10_000)
        self.assertGreaterEqual(money.available, 0)
        # All was earned, all of it was taken back, and 16 * 300 besides.
        self.assertEqual(money.total, 10_000 - 10_000 - 16 * 300)
        self.assertEqual(sum(i.amount for p in payouts for i in self.items(p.payout)),
                         money.reserved)
        for order in range(1, 11):
            for earning in self.earnings(f"o-{order}"):
                self.assertGreaterEqual(earning.open, 0)
                self.assertEqual(earning.reversed, earning.accrued)

    def test_a_decision_never_reads_a_stale_balance(self):
        self.start()
        self.append("shop", *[sold(f"x{i}", T0 + DAY, 1) for i in range(3_000)])
        stop = threading.Event()

        def keep_the_view_behind():
            stub = self.daemon.stub()
            while not stop.is_set():
                for _ in stub.RebuildView(service_pb2.RebuildViewRequest()):
                    pass

        thread = threading.Thread(target=keep_the_view_behind)
        thread.start()
        try:
            # Batch after batch on one stream, none waits for the answer before it.
            batches = [[sold(i, T0 + 2 * DAY, 1_000), clock(T0 + 2 * DAY + 10 + i)]
                       if part == 0 else [request(f"{part}-{i}", T0 + 3 * DAY, gross)]
                       for i in range(40) for part, gross in enumerate((0, 60, 60, 40, 1))]
            replies = self.stub.AppendStream(iter(
                [append_request(events, "app", n) for n, events in enumerate(batches, 1)]))
            outcomes = [[result.outcome == ACCEPTED for result in reply.results]
                        for reply in replies]
        finally:
            stop.set()
            thread.join()
        self.assertEqual(outcomes, [[True, True], [True], [False], [True], [False]] * 40)
        self.assertEqual(self.money().available, 0)

    # ------------------------------------------------------------------- amounts

    def test_a_negative_amount_is_never_taken_for_the_other_direction(self):
        self.start()
        before, tried = digest_of(self.stub), 0
        for body in Event.DESCRIPTOR.oneofs_by_name["body"].fields:
            # A measure is no amount; the values of plans and guards have bounds of their own.
            if body.name in ("rank_changed", "plan_published", "guard_set_published",
                             "observation_recorded"):
                continue
            for path, text in amount_paths(body.message_type):
                for amount in (-1, -2**63):
                    one = Event()
                    set_time(one.effective_at, T0 + DAY)
                    getattr(one, body.name).CopyFrom(filled(body.message_type, path, amount))
                    result = self.send("x", one).results[0]
                    fault = record_pb2.Fault.Name(result.fault.fault)
                    self.assertEqual(result.outcome, record_pb2.INVALID, one)
                    if fault != "NOT_SUPPORTED":
                        self.assertEqual((fault, result.fault.field, result.fault.value),
                                         ("AMOUNT_NEGATIVE", text, str(amount)))
                        tried += 1
        self.assertEqual(digest_of(self.stub), before)
        self.assertGreater(tried, 80)
        for name in ("min_payout", "agent_period_cap", "approval_above", "writeoff_limit"):
            self.refused("PLAN_PARAMETER_VALUE", "office",
                         plan(T0 + DAY, version=2, **{name: -1}))

    def test_a_payout_is_the_sum_of_its_items_beyond_64_of_them(self):
        self.earned(*[1_000] * 1_100)
        at = T0 + 3 * DAY
        self.bring("p1", "settled", at, 104_950)
        self.bring("p2", "requested", at, 5_050)
        first, second = self.items("p1"), self.items("p2")
        self.assertEqual((len(first), len(second)), (1_050, 51))
        self.assertEqual([sum(i.amount for i in items) for items in (first, second)],
                         [104_950, 5_050])
        self.assertEqual(len({i.earning.earning for i in first}), 1_050)
        drawn = collections.Counter()
        for item in first + second:
            drawn[item.earning.order] += item.amount
        self.assertEqual(drawn, {f"o-{i}": 100 for i in range(1, 1_101)})
        self.assertEqual([item.earning.order for item in first],
                         [f"o-{i}" for i in range(1, 1_051)])
        self.refused("AVAILABLE_INSUFFICIENT", "maker", request("p3", at, 1))
        # Rejected, its items are free again, and only its own.
        self.append("checker", step("rejected", "p2", at))
        self.bring("p3", "requested", at, 5_050)
        self.assertEqual([(i.earning.order, i.amount) for i in self.items("p3")],
                         [(i.earning.order, i.amount) for i in second])

    def test_commission_is_not_paid_on_what_the_buyer_paid_from_a_stored_balance(self):
        self.start()
        cases = [(100_000, 0, 0), (100_000, 0, 30_000), (100_000, 0, 100_000),
                 (99_999, 0, 33_333), (90_000, 10_000, 50_000), (7, 0, 3), (1, 0, 1)]
        for version in (1, 2):
            at = T0 + version * DAY
            for number, (amount, shipping, balance) in enumerate(cases):
                name = f"{version}{number}"
                total = amount + shipping
                self.append("shop", sold(name, at, amount, shipping=shipping, paid=total,
                                         paid_by_balance=balance))
                base = amount * (total - balance) // total if version == 1 else amount
                want = [part for part in lr1(base, (100_000, 20_000)) if part]
                got = self.earnings("o-" + name)
                self.assertEqual([e.accrued for e in got], want, cases[number])
                self.assertEqual({e.computed_on for e in got}, {base} if want else set())
            # From here on the plan says that it is.
            self.append("office", plan(at, version=2, include_paid_by_balance=1)
                        if version == 1 else clock(at))

    def test_commission_moved_about_is_never_counted_as_revenue(self):
        self.earned(*[50_000] * 4)
        at = T0 + 3 * DAY

        def revenue():
            return {code: amount for code, amount in self.accounts().items()
                    if 4000 <= code < 4090}

        want = {4010: -200_000}
        self.assertEqual(revenue(), want)
        self.assertEqual(self.accounts()[5010], 24_000)
        for state in STATES:
            self.bring(f"p{state}", state, at, 1_000)
            self.assertEqual((state, revenue()), (state, want))
        for one in (event(at, commission_held=dict(hold="h", agent="bea")),
                    refund("r", "o-1", 50_000, at),
                    event(at, hold_released=dict(hold="h")),
                    sold(5, at, 10_000, delivered=False),
                    adjustment("a", at, 99), adjustment("b", at, 99, deduct=False)):
            self.append("office", one)
            self.assertEqual(revenue(), want)
        # Claw-back lowers the cost; what the consumer gets back is no negative revenue.
        accounts = self.accounts()
        self.assertEqual((accounts[5010], accounts[4090]), (18_000, 50_000))
        self.assertEqual(sum(accounts.values()), 0)

    def test_the_parts_of_a_commission_add_up_to_its_pool(self):
        rates = (124_999, 33_333, 7)
        people = (("top", ""), ("ann", "top"), ("bea", "ann"))
        self.start(plan=dict(rates=rates, people=people))
        rng = random.Random(3324)
        amounts = [1, 7, 29, 125, 126, 19_900] + [rng.randint(1, 10**7) for _ in range(60)]
        self.append("shop", *[sold(i, T0 + DAY, amount) for i, amount in enumerate(amounts)])
        shared = [dict(agent=agent, weight_ppm=weight) for agent, weight in
                  (("bea", 333_333), ("ann", 333_333), ("top", 333_334))]
        for number, amount in enumerate(amounts):
            got = [e.accrued for e in self.earnings(f"o-{number}")]
            self.assertEqual(got, [part for part in lr1(amount, rates) if part], amount)
            self.assertEqual(sum(got), amount * sum(rates) // 1_000_000)
            self.append("shop", sold(f"s{number}", T0 + DAY, amount, attributions=shared))
            level1 = [e.accrued for e in self.earnings(f"o-s{number}") if e.level == 1]
            self.assertEqual(sum(level1), lr1(amount, rates)[0])

        def bonus(period, *parts):
            return event(T0 + DAY, bonus_awarded=dict(
                bonus="b", period=period, pool=1_000, metric="TRAINING",
                shares=[dict(agent=agent, amount=part)
                        for agent, part in zip(("top", "ann", "bea"), parts)]))

        self.refused("AMOUNT_MISMATCH", "office", bonus("1", 333, 333, 333))
        self.refused("AMOUNT_MISMATCH", "office", bonus("1", 334, 334, 334))
        self.append("office", bonus("1", 333, 333, 334))
        self.assertEqual(self.accounts()[5015], 1_000)

    # ----------------------------------------------------------------- the way back

    def test_a_claw_back_is_taken_in_full_at_every_stage_of_the_money(self):
        stages = ["pending", "held pending", "held", "available", *STATES]
        self.start(plan=dict(people=[(f"a{i}", "") for i in range(len(stages))]))
        at, out = T0 + 2 * DAY, {"settled": 10_000}
        for i, stage in enumerate(stages):
            self.append("shop", sold(i, T0 + DAY, 100_000, seller=f"a{i}",
                                     delivered="pending" not in stage))
        self.append("office", clock(at))
        for i, stage in enumerate(stages):
            if "held" in stage:
                self.append("office", event(at, commission_held=dict(hold=f"h{i}",
                                                                     order=f"o-{i}")))
            if stage in PATHS:
                self.bring(f"p{i}", stage, at, 10_000, f"a{i}")
        for i, stage in enumerate(stages):
            for part, amount in enumerate((30_000, 70_000)):
                before = self.money(f"a{i}").total
                self.append("shop", refund(f"r{i}{part}", f"o-{i}", amount, at))
                self.assertEqual(self.money(f"a{i}").total, before - amount // 10, stage)
            money = self.money(f"a{i}")
            self.assertEqual(money.total, -out.get(stage, 0), stage)
            on_the_way = stage in ("requested", "approved", "batched", "sent", "unknown")
            self.assertEqual((money.reserved + money.in_transit, money.receivable),
                             (10_000 * on_the_way, 10_000 * (on_the_way or stage in out)),
                             stage)
        owed = {c.agent: c.owed for c in self.ask("ListClawbacks").clawbacks}
        self.assertEqual(sum(owed.values()), 6 * 10_000)
        # It is not forgotten: what comes next pays it first, to the last unit.
        i = stages.index("settled")
        self.append("shop", sold("n", at, 99_990, seller=f"a{i}"), clock(at + DAY))
        self.assertEqual(self.money(f"a{i}").receivable, 1)
        self.append("shop", sold("m", at + DAY, 1_000, seller=f"a{i}"), clock(at + 2 * DAY))
        money = self.money(f"a{i}")
        self.assertEqual((money.receivable, money.available), (0, 99))

    def test_a_claw_back_is_never_subtracted_twice_nor_for_money_that_was_never_paid(self):
        self.start(plan=dict(clawback_recovery_ppm=700_000, window=1))
        rng, at, paid, sums = random.Random(511), T0 + DAY, 0, {}
        for turn in range(250):
            at += rng.randrange(DAY // 4)
            if len(sums) < 2 or rng.random() < 0.2:
                amount = rng.randint(1, 90_000)
                sums[turn] = [amount, 0]
                self.append("shop", sold(turn, at, amount, delivered=rng.random() < 0.8))
            elif rng.random() < 0.3:
                available = self.money().available
                if available > 1:
                    gross = rng.randint(1, available)
                    self.bring(f"p{turn}", rng.choice(STATES), at, gross)
                    paid += gross if self.state(f"p{turn}") == "settled" else 0
            else:
                order = rng.choice(list(sums))
                amount = rng.randint(1, 60_000)
                back = refund(f"r{turn}", f"o-{order}", amount, at)
                results = self.send("shop", back, back).results
                fits = sum(sums[order]) - sums[order][1] >= amount + sums[order][1]
                self.assertEqual([r.outcome for r in results], [ACCEPTED, DUPLICATE] if fits
                                 else [REFUSED, REFUSED])
                sums[order][1] += amount * fits
            # By the definition, from scratch: what was earned on what was kept.
            earned = sum(retained(lr1(amount, (100_000, 20_000))[0], amount, refunded)
                         for amount, refunded in sums.values())
            self.assertEqual(self.money().total, earned - paid)
        self.assertGreater(paid, 0)

    def test_a_full_refund_leaves_nothing_and_never_has_the_wrong_sign(self):
        self.start(plan=dict(holder_ship_commission=1, platform_fee_ppm=50_000))
        self.append("office", event(T0, stock_issued=dict(
            transfer="t", to=dict(agent="bea"), lines=[dict(line=1, sku="s1", qty=9)])))
        lines = [dict(line=i, sku="s1", qty=1, unit_price=price)
                 for i, price in ((1, 19_900), (2, 3_333))]
        kinds = [dict(delivered=False), dict(), dict(fulfilment=2), dict(lines=lines)]
        clean = self.accounts()
        for i, kind in enumerate(kinds):
            kind = {"amount": 23_233, "qty": 1, **kind}
            self.append("shop", sold(i, T0 + DAY, **kind, paid=23_233))
            if i == 1:
                self.append("shop", clock(T0 + DAY + DAY // 2))
            for line in kind.get("lines", [dict(line=1, unit_price=23_233)]):
                self.append("shop", refund(f"r{i}{line['line']}", f"o-{i}",
                                           line["unit_price"], T0 + 2 * DAY, line["line"]))
            for earning in self.earnings(f"o-{i}"):
                self.assertEqual((earning.accrued - earning.reversed, earning.open), (0, 0))
                self.assertGreater(earning.accrued, 0)
            for line in self.ask("GetOrder", order=f"o-{i}").lines:
                self.append("shop", event(T0 + 2 * DAY, refund_paid=dict(
                    refund=f"r{i}{line.line}", psp="pay", psp_ref=f"b{i}{line.line}")))
            left = self.accounts()
            # Sold and returned stand beside each other; all else is as it was before.
            self.assertEqual(left.pop(4010, 0) + left.pop(4090, 0), 0)
            self.assertEqual(left, clean)
        result = self.send("shop", refund("x", "o-1", -1, T0 + 2 * DAY)).results[0]
        self.assertEqual(result.outcome, record_pb2.INVALID)

    def test_a_refund_and_a_dispute_of_one_order_do_not_both_take_the_commission(self):
        for turns in itertools.permutations(("refund", "open", "lost")):
            if turns.index("open") > turns.index("lost"):
                continue
            for back, disputed in ((60_000, 100_000), (100_000, 100_000), (30_000, 50_000)):
                with self.subTest(turns=turns, back=back, disputed=disputed):
                    self.check_overlap(turns, back, disputed)

    def check_overlap(self, turns, back, disputed):
        self.earned(100_000)
        at = T0 + 3 * DAY
        self.bring("p1", "settled", at, 10_000)
        story = {"refund": refund("r", "o-1", back, at),
                 "open": event(at, chargeback_opened=dict(
                     chargeback="c", order="o-1", psp="pay", amount=disputed)),
                 "lost": event(at, chargeback_lost=dict(chargeback="c"))}
        refunded = 0
        for turn in turns:
            outcome = self.send("shop", story[turn]).results[0].outcome
            if turn == "refund":
                self.assertEqual(outcome == ACCEPTED, refunded + back <= 100_000)
                refunded += back if outcome == ACCEPTED else 0
            elif turn == "lost" and outcome == ACCEPTED:
                refunded += min(disputed, 100_000 - refunded)
            for earning in self.earnings("o-1"):
                self.assertEqual(earning.reversed, earning.accrued - retained(
                    earning.accrued, 100_000, refunded))
                self.assertLessEqual(earning.reversed, earning.accrued)
        self.assertEqual(self.money().total, -refunded // 10)
        self.assertEqual(self.ask("GetOrder", order="o-1").refunded, refunded)

    def test_a_reversal_acts_at_once_and_waits_for_no_holding_period(self):
        self.earned(100_000, plan=dict(window=30))
        at = T0 + 3 * DAY
        self.append("office", event(at, commission_held=dict(hold="h", order="o-1")))
        for left, hold in ((7_000, True), (4_000, False)):
            size = self.append("shop", refund(f"r{left}", "o-1", 30_000, at))
            money = self.money()
            self.assertEqual((money.total, money.held, money.pending),
                             (left, left * hold, left * (not hold)))
            entry = [e for chunk in self.stub.ReadJournal(service_pb2.ReadJournalRequest(
                from_position=size - 1)) for e in chunk.entries]
            self.assertEqual([(p.code, p.amount) for p in entry[0].postings
                              if p.owner == "bea"], [(2130 if hold else 2110, 3_000)])
            if hold:
                self.append("office", event(at, hold_released=dict(hold="h")))
        self.append("office", clock(T0 + 40 * DAY))
        self.assertEqual(self.money().available, 4_000)

    def test_nothing_is_released_before_the_return_window_ends_nor_by_a_late_receipt(self):
        self.start(plan=dict(window=7))
        start = T0 + DAY
        self.append("shop", sold(1, start), sold(2, start + 1, delivered=False),
                    sold(3, start + 2, delivered=False))

        def money():
            return tuple(sum(e.open for e in self.earnings(f"o-{i}") if e.state == "matured")
                         for i in (1, 2, 3))

        # The window is counted from the receipt, in whole seconds rounded up.
        for at, want in ((start + 7 * DAY - 1, (0, 0, 0)), (start + 7 * DAY, (12_000, 0, 0))):
            self.append("office", clock(at))
            self.assertEqual(money(), want)
        self.append("shop", received("o-2", start + 20 * DAY))
        for at, want in ((27 * DAY - 1, (12_000, 0, 0)), (27 * DAY, (12_000, 12_000, 0))):
            self.append("office", clock(start + at))
            self.assertEqual(money(), want)
            self.assertEqual({us_of(e.matures_at) for e in self.earnings("o-2")},
                             {start + 27 * DAY})
        # Told late: received on day 22, so until day 29, however late it is told.
        self.append("shop", received("o-3", start + 22 * DAY))
        for at, want in ((29 * DAY - 1, 0), (29 * DAY, 12_000)):
            self.append("office", clock(start + at))
            self.assertEqual(money()[2], want)

    def test_a_refund_is_never_refused_because_its_commission_was_paid(self):
        self.earned(*[100_000] * 4)
        at = T0 + 3 * DAY
        self.bring("p1", "settled", at, 40_000)
        for number, blow in enumerate((
                clock(at), event(at, commission_held=dict(hold="h", agent="bea")),
                event(at, agent_suspended=dict(agent="bea", action="s")),
                event(at, agent_terminated=dict(agent="bea", action="t"))), 1):
            self.append("office", blow)
            self.append("shop", refund(f"r{number}", f"o-{number}", 100_000, at),
                        event(at, refund_paid=dict(refund=f"r{number}", psp="pay",
                                                   psp_ref=f"b{number}")))
            self.assertEqual(self.money().receivable, number * 10_000)
        self.assertEqual(self.accounts()[1110], 40_000)

    def test_a_partial_refund_takes_its_part_in_any_order_and_not_the_whole_line(self):
        self.start()
        parts, accrued = (1, 3_333, 20_000, 50_000, 26_665), lr1(99_999, (100_000, 20_000))
        for number, turns in enumerate(itertools.islice(itertools.permutations(parts), 0, 120,
                                                        17)):
            # Some before the money matures, some after.
            self.append("shop", sold(number, T0 + number * DAY, 99_999))
            gone = 0
            for turn, part in enumerate(turns):
                self.append("shop", refund(f"r{number}{turn}", f"o-{number}", part,
                                           T0 + number * DAY + turn % 2 * DAY // 2))
                gone += part
                self.assertEqual([e.accrued - e.reversed for e in
                                  self.earnings(f"o-{number}")],
                                 [retained(a, 99_999, gone) for a in accrued])
            self.assertEqual(gone, 99_999)
        self.assertEqual((self.money().total, self.money("ann").total), (0, 0))

    # ----------------------------------------------------------------- history

    def test_history_does_not_change_with_a_rank_an_upline_or_a_rate(self):
        self.earned(100_000, 33_333, plan=dict(parameters=[
            dict(name="rate_ppm", value=50_000, level=1, rank="low")]))
        at = T0 + 3 * DAY
        self.bring("p1", "settled", at, 5_000)
        size = self.size()

        def past():
            cut = service_pb2.AsOf(size=size)
            orders = [self.ask("GetOrder", order=f"o-{i}") for i in (1, 2)]
            return ([(list(o.earnings), list(o.events)) for o in orders],
                    list(self.items("p1")), list(self.ask("GetTrialBalance", as_of=cut).lines),
                    self.ask("GetAgentStatement", agent="bea", as_of=cut).lines,
                    read_log(self.stub, limit=size))

        want = past()
        self.append(
            "office", event(at, agent_enrolled=dict(agent="cat")),
            event(at, rank_changed=dict(agent="bea", period="1", new_rank="low")),
            event(at, sponsor_changed=dict(change="c", agent="bea", old_sponsor="ann",
                                           new_sponsor="cat", approver1="x", approver2="y")),
            plan(at, version=2, rates=(10_000,)),
            event(at, sku_defined=dict(sku="s1", revision=2, list_price=7,
                                       not_commissionable=True)),
            event(at, agent_terminated=dict(agent="ann", action="t")))
        self.assertEqual(past(), want)
        # What is taken back is what was given then, from whom it was given to.
        self.append("shop", refund("r", "o-1", 50_000, at))
        self.assertEqual([(e.agent, e.rank, e.rate_ppm, e.accrued, e.reversed)
                          for e in self.earnings("o-1")],
                         [("bea", "", 100_000, 10_000, 5_000),
                          ("ann", "", 20_000, 2_000, 1_000)])
        self.assertEqual(self.money("cat").total, 0)

    def test_no_cycle_of_sponsors_comes_about_not_of_one_nor_of_three(self):
        names = [f"n{i}" for i in range(12)]
        self.start(plan=dict(people=()))
        self.append("office", *[event(T0, agent_enrolled=dict(agent=name)) for name in names])
        self.refused("SPONSOR_CYCLE", "office", event(T0, agent_enrolled=dict(
            agent="x", sponsor="x")))
        sponsors = dict.fromkeys(names, "")

        def above(agent):
            while agent:
                yield agent
                agent = sponsors[agent]

        def move(agent, sponsor):
            one = event(T0, sponsor_changed=dict(
                change=f"c{next(SERIAL)}", agent=agent, old_sponsor=sponsors[agent],
                new_sponsor=sponsor, approver1="x", approver2="y"))
            if agent in above(sponsor):
                self.refused("SPONSOR_CYCLE", "office", one)
            else:
                self.append("office", one)
                sponsors[agent] = sponsor

        for agent, sponsor in (("n0", "n0"), ("n1", "n0"), ("n0", "n1"), ("n2", "n1"),
                               ("n0", "n2"), ("n3", "n2"), ("n0", "n3"), ("n1", "n3")):
            move(agent, sponsor)
        self.assertEqual(sponsors["n3"], "n2")
        rng = random.Random(3925)
        for _ in range(250):
            move(rng.choice(names), rng.choice(names + [""]))
        for name in names:
            agent = self.ask("GetAgent", agent=name)
            self.assertEqual([name, *agent.upline], list(above(name)))
            self.assertEqual(agent.level, len(agent.upline) + 1)

    def test_a_back_dated_entry_changes_no_balance_of_a_closed_period(self):
        self.earned(100_000)
        close = service_pb2.ClosePeriodRequest(period="january")
        set_time(getattr(close, "from"), T0)
        set_time(close.to, T0 + 31 * DAY)
        self.assertEqual(self.stub.ClosePeriod(close).results[0].outcome, ACCEPTED)
        size = self.size()

        def closed():
            cut = service_pb2.AsOf(size=size)
            return (list(self.ask("GetTrialBalance", as_of=cut, at_least_size=size).lines),
                    list(self.ask("ListBalances", as_of=cut).balances),
                    self.ask("GetAgentStatement", agent="bea", as_of=cut).lines,
                    list(self.ask("ListPeriods").periods))

        def lines():
            return list(reversed(self.ask("GetStatement", code=2120, owner="bea",
                                          at_least_size=self.size()).lines))

        want, before = closed(), lines()
        self.append("shop", sold(2, T0 + 5 * DAY), refund("r", "o-1", 40_000, T0 + 6 * DAY),
                    sold(3, T0 + 40 * DAY), clock(T0 + 50 * DAY))
        self.bring("p1", "settled", T0 + 7 * DAY, 1_000)
        self.assertEqual(closed(), want)
        # They stand behind what was there, and are marked; running balances go on.
        after = lines()
        self.assertEqual(after[:len(before)], before)
        late = [line.position for line in after if line.prior_period]
        self.assertEqual(len(late), 3)
        self.assertGreaterEqual(min(late), size)
        running = 0
        for line in after:
            running += line.amount
            self.assertEqual(line.balance, running)
        close.period = "again"
        self.assertEqual(record_pb2.Rule.Name(
            self.stub.ClosePeriod(close).results[0].refusal.rule), "PERIOD_GAP")
        self.assertEqual(closed(), want)

    # ------------------------------------------------------------------- payouts

    def test_a_payout_foots_with_its_fee_its_tax_and_what_was_netted(self):
        tax = dict(tax_flat_allowance=80_000, tax_flat_allowance_up_to=400_000,
                   tax_share_allowance_ppm=200_000)
        rate = [dict(name="tax_bracket_rate_ppm", value=200_000, level=1)]
        self.earned(10_000_000, plan=dict(fee_bearer="AGENT", parameters=rate, **tax))
        at = T0 + 3 * DAY
        self.bring("p1", "sent", at, 500_000)
        self.append("bank", step("settled", "p1", at, fee=500))
        self.refused("RETURN_EXCEEDS_PAYOUT", "bank", step("returned", "p1", at, 419_501))
        # All that is left is drawn, most of it is clawed back, the next sale is netted.
        self.bring("p2", "settled", at, 500_000)
        self.append("shop", refund("r", "o-1", 2_500_000, at), sold(2, at, 2_000_000),
                    clock(at + DAY))
        self.append("office", plan(at + DAY, version=2, fee_bearer="PLATFORM"))
        self.append("shop", refund("q", "o-1", 7_500_000, at + DAY),
                    sold(3, at + DAY, 9_000_000), clock(at + 2 * DAY))
        self.bring("p3", "sent", at + 2 * DAY, 100_000)
        self.append("bank", step("settled", "p3", at + 2 * DAY, fee=700))
        self.append("bank", step("returned", "p3", at + 2 * DAY, 40_000))
        taxes = {}
        for name in ("p1", "p2", "p3"):
            payout = self.payout(name).payout
            taxes[name] = payout.tax
            self.assertEqual(payout.gross, payout.tax + payout.net)
            self.assertEqual(sum(i.amount for i in self.items(name)), payout.gross)
        self.assertEqual(taxes, {"p1": 80_000, "p2": 80_000, "p3": 0})
        accounts = self.accounts()
        self.assertEqual(accounts[1010], -(420_000 + 420_000 + 100_000 + 700 - 40_000))
        self.assertEqual((accounts[2160], accounts[5035]), (-160_000, 700))
        self.assertEqual(sum(accounts.values()), 0)
        self.check_statement_foots()

    def check_statement_foots(self):
        statement = self.ask("GetAgentStatement", agent="bea", page_size=1_000,
                             at_least_size=self.size())
        states = [field.name for field in service_pb2.AgentMoney.DESCRIPTOR.fields]
        causes = {service_pb2.Cause.Name(s.cause)[6:] for s in statement.sums}
        self.assertLessEqual({"NETTED", "TAX", "DRAWN", "PAID", "REVERSED", "RETURNED"},
                             causes)
        for state in states:
            self.assertEqual(getattr(statement.opening, state) + sum(
                getattr(s.change, state) for s in statement.sums),
                getattr(statement.closing, state), state)
        closing = statement.closing
        self.assertEqual(closing.total, closing.pending + closing.available + closing.held +
                         closing.reserved + closing.in_transit - closing.receivable)
        self.assertEqual(sum(line.amount for line in statement.lines), closing.total)

    def test_every_step_of_a_payout_is_the_one_of_the_table_or_is_refused(self):
        kinds = sorted({kind for _, kind in STEPS})
        self.earned(1_000_000)
        at, names, asked, moved, tried = T0 + 3 * DAY, {}, [], [], []
        for state, kind in itertools.product(STATES, kinds):
            name = names[state, kind] = f"{state}-{kind}"
            asked.append(request(name, at, 100))
            moved += [step(path, name, at) for path in PATHS[state]]
            tried.append(step(kind, name, at))
        self.append("maker", *asked)
        self.append("checker", *moved)
        before = {p.payout: p for p in self.payouts()}
        results = dict(zip(names, self.send("checker", *tried).results))
        after = {p.payout: p for p in self.payouts()}
        for (state, kind), name in names.items():
            result, want = results[state, kind], STEPS.get((state, kind))
            if want is None:
                rule = record_pb2.Rule.Name(result.refusal.rule)
                self.assertEqual((name, rule, result.refusal.measured),
                                 (name, "PAYOUT_STATE", before[name].state))
                self.assertEqual(after[name], before[name])
            else:
                self.assertEqual((name, OUTCOME.Name(result.outcome)), (name, "ACCEPTED"))
            self.assertEqual(after[name].state, service_pb2.PayoutState.Value(
                "PAYOUT_" + (want or state).upper()), name)
        self.assertEqual(set(service_pb2.PayoutState.keys()), {
            "PAYOUT_STATE_UNSPECIFIED", *("PAYOUT_" + s.upper() for s in STATES)})
        here = collections.Counter(p.state for p in after.values())
        money = self.money()
        self.assertEqual(
            (money.available, money.reserved, money.in_transit),
            (100_000 - 100 * sum(here[s] for s in range(1, 7)),
             100 * sum(here[s] for s in (1, 2, 3)), 100 * (here[4] + here[5])))

    def payouts(self):
        out, token = [], ""
        while True:
            page = self.ask("ListPayouts", page_size=1_000, page_token=token)
            out += page.payouts
            token = page.next_page_token
            if not token:
                return out


if __name__ == "__main__":
    unittest.main()
