"""Goods and guards in trouble: goods that are not there, serials and lots that cannot be,
guard sets that contradict themselves, days at the edges of the calendar, overrides that
are used up, many at once."""

import collections
import unittest

from daybook_client import (DAY, T0, digest_of, event, record_pb2, service_pb2, set_time,
                            until)
from goods_client import (ACCEPTED, OFFICE, REFUSED, GoodsTest, agent, asked, clock,
                          consumed, counted, fresh, guard_set, issued, location, lot,
                          modes, numbers, override, passed, retail, returned, scanned)
from money_client import DUPLICATE, now_us

LEAP_DAY = T0 + 59 * DAY  # 2024-02-29


class Goods(GoodsTest):
    # --------------------------------------------------- goods that are not there

    def test_nobody_moves_goods_that_it_has_not_got(self):
        self.begin()
        at = self.at(1)
        self.append("tell", issued(at, "ann", 10), issued(at, location("depot"), 5))
        moves = [
            lambda qty: passed(at, "ann", "bea", qty),
            lambda qty: returned(at, "ann", qty),
            lambda qty: consumed(at, "ann", qty),
            lambda qty: retail(at, "ann", qty),
            lambda qty: event(at, buyback_requested=dict(
                request=fresh("b"), agent="ann", sku="s1", qty=qty)),
            lambda qty: event(at, buyback_settled=dict(
                document=fresh("b"), agent="ann", sku="s1", qty=qty, unit_price_paid=100,
                price_ppm=900_000, amount=qty * 90))]
        before = self.everything()[3:]
        for move in moves:
            told = self.refusal(move(11), "STOCK_INSUFFICIENT", None, 11, 10).refusal
            self.assertIn(told.field, ("lines[0].qty", "qty"))
        self.refusal(passed(at, location("depot"), "ann", 6), "STOCK_INSUFFICIENT",
                     "lines[0].qty", 6, 5)
        # In another place, of another sku, of a lot: there is nothing either.
        self.refusal(passed(at, "ann", "bea", 1, "CLOUD"), "STOCK_INSUFFICIENT",
                     "lines[0].qty", 1, 0)
        self.refusal(passed(at, "ann", "bea", 1, sku="s2"), "STOCK_INSUFFICIENT",
                     "lines[0].qty", 1, 0)
        self.refusal(passed(at, "dan", "bea", 1), "STOCK_INSUFFICIENT", "lines[0].qty", 1, 0)
        after = self.everything()[3:]
        self.assertEqual(list(before[0].positions), list(after[0].positions))
        self.assertEqual(list(before[1].goods), list(after[1].goods))
        for move in moves[:2]:
            self.accepted(move(5))
        self.assertEqual((self.stock("ann"), self.stock("bea")), (0, 5))
        self.same_when_decided_again()

    def test_a_document_that_fails_in_its_last_line_moves_nothing(self):
        self.begin()
        at = self.at(1)
        self.append("tell", issued(at, "ann", 10), issued(at, "ann", 10, sku="s2"))
        both = [dict(line=1, sku="s1", qty=10), dict(line=2, sku="s2", qty=11)]
        for name, body in (("stock_transferred", dict(transfer="t", to=agent("bea"))),
                           ("stock_returned", dict(document="r", agent="ann"))):
            one = event(at, **{name: dict(lines=both, **body)})
            if name == "stock_transferred":
                getattr(one.stock_transferred, "from").agent = "ann"
            before = digest_of(self.stub)
            dry = self.one(one, dry_run=True)
            self.assertEqual((dry.outcome, dry.refusal.field), (REFUSED, "lines[1].qty"))
            self.assertEqual(digest_of(self.stub), before)
            self.refusal(one, "STOCK_INSUFFICIENT", "lines[1].qty", 11, 10)
            self.assertEqual((self.stock("ann"), self.stock("bea")), (20, 0))
        # Two lines of one sku share what is there.
        self.refusal(event(at, stock_returned=dict(document="r2", agent="ann", lines=[
            dict(line=1, sku="s1", qty=6), dict(line=2, sku="s1", qty=5)])),
            "STOCK_INSUFFICIENT", "lines[1].qty", 5, 4)

    # ------------------------------------------------------------ serials and lots

    def test_a_serial_that_two_consumers_scan_is_found_twice(self):
        self.begin()
        self.guards(self.at(1), modes(custody="REFUSE"))
        self.append("tell", lot(self.at(1), "L1", 100, serial_from="A000",
                                serial_to="A999", intended_region="north"),
                    issued(self.at(1), "ann", 10, lot="L1"))
        once = dict(lot="L1", serial="A001", region="north", actor_class="CONSUMER",
                    claimed_seller="ann")
        self.append("scan", scanned(self.at(2), **once))
        self.append("scan", scanned(self.at(2), **{**once, "actor_class": "CARRIER"}))
        self.assertEqual(self.findings(), [])
        first = scanned(self.at(3), **once)
        self.assertEqual(list(self.accepted(first).findings), [1])
        self.assertEqual(self.one(first).outcome, DUPLICATE)
        self.assertEqual(self.findings(), [("SERIAL_TWICE", "L1", 1, 2, 1)])
        self.append("scan", scanned(self.at(4), serial="A001", actor_class="CONSUMER"))
        self.assertEqual(self.findings(), [("SERIAL_TWICE", "L1", 2, 3, 1)])
        # Each wrong at once: another region, a seller who never had it, a strange serial.
        self.append("scan", scanned(self.at(5), lot="L1", serial="B1", region="south",
                                    claimed_seller="dan", seal_broken=True))
        self.assertEqual(collections.Counter(one[0] for one in self.findings()), {
            "SERIAL_TWICE": 1, "DIVERSION": 1, "CUSTODY_CHAIN": 1, "SEAL_BROKEN": 1})
        # A serial without a lot has the book for its subject.
        for _ in range(2):
            self.append("scan", scanned(self.at(6), serial="ZZ", actor_class="CONSUMER"))
        self.assertIn(("SERIAL_TWICE", "", 1, 2, 1), self.findings())
        self.same_when_decided_again()

    def test_a_count_that_disagrees_is_kept_and_found(self):
        self.begin()
        self.guards(self.at(1), modes(count="REFUSE"), numbers(count_tolerance=2))
        self.append("tell", issued(self.at(1), "ann", 40))
        self.accepted(counted(self.at(2), "ann", 38))
        self.assertEqual((self.findings(), self.stock("ann")), ([], 38))
        self.accepted(counted(self.at(2), "ann", 40))
        self.assertEqual(self.findings(), [])
        self.accepted(counted(self.at(3), "ann", 37))
        self.assertEqual(self.findings(), [("COUNT_DIFFERENCE", "ann", 1, 3, 2)])
        self.accepted(counted(self.at(4), "ann", 41))
        self.assertEqual(self.findings(), [("COUNT_DIFFERENCE", "ann", 2, 4, 2)])
        # What a count finds is there, but it was neither received nor sold.
        goods = self.goods("ann", window=10)
        self.assertEqual((goods.stock, goods.received, goods.sold), (41, 40, 0))
        self.same_when_decided_again()

    def test_a_lot_that_never_existed_goes_nowhere(self):
        self.begin()
        at = self.at(1)
        self.append("tell", lot(at, "L1", 10), issued(at, "ann", 5, lot="L1"))
        for move in (issued(at, "ann", 1, lot="L9"), passed(at, "ann", "bea", 1, lot="L9"),
                     returned(at, "ann", 1, lot="L9"), scanned(at, lot="L9"),
                     counted(at, "ann", 1, lot="L9"), retail(at, "ann", 1, lot="L9"),
                     event(at, buyback_requested=dict(request="b", agent="ann", sku="s1",
                                                      lot="L9", qty=1))):
            told = self.refusal(move, "LOT_UNKNOWN").refusal
            self.assertEqual(told.value, "L9")
        self.refusal(issued(at, "ann", 1, lot="L1", sku="s2"), "LOT_OF_OTHER_SKU")
        self.refusal(event(at, buyback_requested=dict(
            request="b", agent="ann", sku="s2", lot="L1", qty=1)), "LOT_OF_OTHER_SKU")

    def test_a_lot_never_sends_more_than_was_made(self):
        self.begin()
        at = self.at(1)
        self.append("tell", lot(at, "L1", 100), issued(at, "ann", 60, lot="L1"),
                    issued(at, location("depot"), 40, lot="L1"))
        self.refusal(issued(at, "bea", 1, lot="L1"), "LOT_EXCEEDED", None, 101, 100)
        # What comes back may go out again, and no more than that.
        self.append("tell", returned(at, "ann", 10, lot="L1"))
        self.refusal(issued(at, "bea", 11, lot="L1"), "LOT_EXCEEDED", None, 101, 100)
        self.append("tell", issued(at, "bea", 10, lot="L1"))
        chain = self.ask("GetLot", lot="L1", at_least_size=self.size())
        self.assertEqual((chain.issued, sum(one.on_hand for one in chain.holders)),
                         (100, 100))
        results = self.at_once_as("lot", [issued(at, "cid", 7, lot="L2")
                                          for _ in range(3)])
        self.assertEqual({result[0].outcome for result in results}, {REFUSED})
        self.append("tell", lot(at, "L2", 20))
        results = self.at_once_as("more", [issued(at, "cid", 7, lot="L2")
                                           for _ in range(8)])
        self.assertEqual(sum(result[0].outcome == ACCEPTED for result in results), 2)

    # ------------------------------------------------------------------ guard sets

    def test_a_guard_set_that_cannot_hold_is_refused_and_the_one_in_force_stays(self):
        self.begin()
        at = self.at(1)
        self.guards(at, modes(holding="REFUSE"), numbers(max_units=30))
        wrong = [
            ("GUARD_PARAMETER_UNKNOWN", "name", modes(holdings="REFUSE")),
            ("GUARD_PARAMETER_UNKNOWN", "name", numbers(max_unit=1)),
            ("GUARD_PARAMETER_UNKNOWN", "name", [dict(name="HOLDING", choice="REFUSE")]),
            ("GUARD_PARAMETER_VALUE", "choice", modes(holding="refuse")),
            ("GUARD_PARAMETER_VALUE", "choice", [dict(name="holding")]),
            ("GUARD_PARAMETER_VALUE", "value",
             [dict(name="holding", choice="REFUSE", value=1)]),
            ("GUARD_PARAMETER_VALUE", "choice", [dict(name="max_units", choice="OFF")]),
            ("GUARD_PARAMETER_VALUE", "value", numbers(window_days=0)),
            ("GUARD_PARAMETER_VALUE", "value", numbers(window_days=367)),
            ("GUARD_PARAMETER_VALUE", "value", numbers(min_sell_through_ppm=1_000_001)),
            ("GUARD_PARAMETER_VALUE", "value", numbers(cycle_length=1)),
            ("GUARD_PARAMETER_VALUE", "value", numbers(max_units=-2)),
            ("GUARD_PARAMETER_SCOPE", "sku", [dict(name="max_value", value=1, sku="s1")]),
            ("GUARD_PARAMETER_SCOPE", "rank", [dict(name="window_days", value=9,
                                                    rank="gold")]),
            ("GUARD_PARAMETER_SCOPE", "category",
             [dict(name="max_units", value=9, sku="s1", category="c")]),
            ("GUARD_PARAMETER_SCOPE", "channel", [dict(name="max_units", value=9,
                                                       channel="shop")]),
            ("GUARD_PARAMETER_SCOPE", "region", [dict(name="max_units", value=9,
                                                      region="north")]),
            ("GUARD_PARAMETER_SCOPE", "level", [dict(name="max_units", value=9, level=1)]),
            ("GUARD_PARAMETER_SCOPE", "sku", [dict(name="holding", choice="FLAG",
                                                   sku="s1")]),
            ("SKU_UNKNOWN", "sku", [dict(name="max_units", value=9, sku="s9")]),
        ]
        for rule, member, parameters in wrong:
            with self.subTest(parameters=parameters):
                # Among good ones it is named by its place.
                one = guard_set(at, 2, modes(cover="FLAG"), parameters)
                self.refusal(one, rule, f"parameters[1].{member}")
        self.check_contradictions(at)
        for version in (1, 3):
            one = guard_set(at, version, modes(cover="OFF"))
            rule = "CONFLICT" if version == 1 else "GUARD_VERSION_GAP"
            self.refusal(one, rule)
        sets = self.ask("ListGuardSets", at_least_size=self.size()).guard_sets
        self.assertEqual([(one.version, one.in_force) for one in sets], [(1, True)])
        self.refusal(asked(at, "ann", 31), "RESTOCK_HOLDING", "qty", 31, 30)
        self.same_when_decided_again()

    def check_contradictions(self, at):
        pairs = [
            (modes(holding="FLAG") + modes(holding="REFUSE"), "name", 1, 0),
            (numbers(max_units=5) + numbers(max_units=5), "name", 1, 0),
            ([dict(name="max_units", value=5, sku="s1")] * 2, "name", 1, 0),
            (numbers(max_units=9, starter_units=10), "value", 10, 9),
            (numbers(starter_units=10, max_units=9), "value", 9, 10),
            (numbers(free_units=10, max_units=9), "value", 9, 10),
            (numbers(restock_period_days=9, restock_interval_days=10), "value", 10, 9),
            ([dict(name="free_units", value=10, sku="s1"),
              dict(name="max_units", value=9, sku="s1")], "value", 9, 10)]
        for parameters, member, measured, limit in pairs:
            with self.subTest(parameters=parameters):
                self.refusal(guard_set(at, 2, parameters), "GUARD_CONTRADICTION",
                             f"parameters[1].{member}", measured, limit)
        # Of two scopes it is no contradiction, and at the limit neither.
        for parameters in (numbers(free_units=10, max_units=10),
                           [dict(name="free_units", value=10, sku="s1"),
                            dict(name="max_units", value=9)]):
            self.assertEqual(self.one(guard_set(at, 2, parameters),
                                      dry_run=True).outcome, ACCEPTED)

    # --------------------------------------------------------- days at the edges

    def window(self, offset):
        """A window of 30 local days: sold at the first and last moment of it counts, a
        microsecond before does not."""
        self.begin(offset=offset)
        shift = offset * 60_000_000
        midnight = T0 + 100 * DAY - shift
        self.append("tell", issued(self.at(2), "ann", 1000),
                    clock(midnight + 30 * DAY - 1))
        self.append("tell", retail(midnight - 1, "ann", 1),
                    retail(midnight, "ann", 10), retail(midnight + 30 * DAY - 1, "ann", 100))
        goods = self.goods("ann", window=30)
        self.assertEqual((goods.sold, goods.open, goods.received), (110, 999, 0), offset)
        # A microsecond on, the first day has left the window.
        self.append("tell", clock(midnight + 30 * DAY))
        goods = self.goods("ann", window=30)
        self.assertEqual((goods.sold, goods.open), (100, 989), offset)
        rows = self.ask("ListNetwork", period=service_pb2.NETWORK_DAY,
                        at_least_size=self.size()).rows
        self.assertEqual([(row.period, row.sold) for row in rows if row.sold],
                         [("2024-04-09", 1), ("2024-04-10", 10), ("2024-05-09", 100)])
        return digest_of(self.stub)

    def test_a_window_ends_at_midnight_of_the_book_wherever_it_is(self):
        for offset in (840, 0, OFFICE, -720, 345, -570):
            with self.subTest(offset=offset):
                self.window(offset)
        self.same_when_decided_again()

    def test_the_29th_of_february_is_a_day_like_any_other(self):
        for offset in (840, -720):
            self.begin(offset=offset)
            self.guards(self.at(1), modes(bindings="REFUSE", frequency="REFUSE"),
                        numbers(max_bindings=1, max_restocks=1, restock_period_days=2))
            midnight = LEAP_DAY - offset * 60_000_000

            def bound(at):
                return event(at, customer_bound=dict(binding=fresh("k"), agent="ann",
                                                     customer=fresh("c")))
            for at in (midnight - 1, midnight, midnight + DAY - 1, midnight + DAY):
                result = self.one(bound(at))
                self.assertEqual(result.outcome == ACCEPTED, at != midnight + DAY - 1)
            self.append("tell", asked(midnight + DAY, "ann", 1))
            asked_on = self.ask("ListRestocks", at_least_size=self.size()).restocks[0].asked
            self.assertEqual(asked_on, "2024-03-01")
            self.append("tell", issued(midnight + DAY, "ann", 5),
                        retail(midnight + DAY - 1, "ann", 2))
            rows = self.ask("ListNetwork", period=service_pb2.NETWORK_DAY,
                            at_least_size=self.size()).rows
            self.assertEqual([(row.period, row.sold) for row in rows if row.sold],
                             [("2024-02-29", 2)])
            rows = self.ask("ListNetwork", at_least_size=self.size()).rows
            self.assertEqual([(row.period, row.sold, row.issued) for row in rows],
                             [("2024-02", 2, 0), ("2024-03", 0, 5)])

    def test_a_window_of_366_days_is_a_leap_year_and_no_day_more(self):
        self.begin()
        self.guards(self.at(1), numbers(window_days=366))
        self.append("tell", issued(self.at(1), "ann", 100), retail(self.at(1), "ann", 1),
                    retail(self.at(2), "ann", 10), clock(self.at(366)))
        # 2024 has the days 0 to 365: a year later the first of January has left it.
        self.assertEqual(self.goods("ann").sold, 11)
        self.clock(367)
        self.assertEqual((self.goods("ann").sold, self.goods("ann").open), (10, 99))
        self.clock(368)
        self.assertEqual((self.goods("ann").sold, self.goods("ann").open), (0, 89))
        # A fact of a year ago that is told now counts on its own day, or in no window.
        self.append("late", retail(self.at(3), "ann", 5), retail(self.at(2), "ann", 5))
        self.assertEqual((self.goods("ann").sold, self.goods("ann").stock), (5, 79))
        self.same_when_decided_again()

    # ------------------------------------------------------------------ overrides

    def gated(self):
        self.begin()
        self.guards(self.at(1), modes(holding="REFUSE"), numbers(max_units=10))
        self.clock(20)
        return self.at(20)

    def test_an_override_lets_one_request_pass_and_no_second(self):
        at = self.gated()
        self.refusal(asked(at, "ann", 11), "RESTOCK_HOLDING", "qty", 11, 10)
        self.append("office", override(at, "RESTOCK_HOLDING", "ann"))
        dry = self.one(asked(at, "ann", 11), dry_run=True)
        self.assertEqual((dry.outcome, dry.checks[0].passed), (ACCEPTED, False))
        # Not for another agent, nor used up by one who is within the limit.
        self.refusal(asked(at, "bea", 11), "RESTOCK_HOLDING", "qty", 11, 10)
        self.accepted(asked(at, "ann", 4))
        once = asked(at, "ann", 11)
        self.accepted(once)
        self.assertEqual(self.one(once).outcome, DUPLICATE)
        self.refusal(asked(at, "ann", 1), "RESTOCK_HOLDING", "qty", 16, 10)
        self.assertEqual(self.findings(), [])
        self.same_when_decided_again()

    def test_an_override_is_of_two_people_for_a_guard_and_for_some_time(self):
        at = self.gated()
        self.refusal(override(at, "RESTOCK_HOLDING", "ann", ("x", "x")),
                     "APPROVERS_NOT_TWO")
        self.refusal(override(at, "RESTOCK_HOLDING", "eve"), "AGENT_UNKNOWN", "subject")
        for guard in ("holding", "CLOUD_COVERAGE", "ENTRY_FEE", "FAKE_ORDER", "NO_SUCH"):
            self.refusal(override(at, guard, "ann"), "OVERRIDE_GUARD", "guard")
        self.refusal(override(at, "RESTOCK_HOLDING", "ann", days=0), "OVERRIDE_EXPIRED")
        # Of another guard; of another agent; one that has expired.
        self.append("office", override(at, "RESTOCK_COVER", "ann"),
                    override(at, "RESTOCK_HOLDING", "bea"),
                    override(at, "RESTOCK_HOLDING", "ann", days=2, name="short"))
        self.clock(22)
        self.refusal(asked(self.at(22), "ann", 11), "RESTOCK_HOLDING", "qty", 11, 10)
        self.accepted(asked(self.at(22), "bea", 11))
        self.refusal(asked(self.at(22), "bea", 1), "RESTOCK_HOLDING")

    def test_an_override_that_expires_at_the_clock_has_expired(self):
        at = self.gated()
        self.append("office", override(at, "RESTOCK_HOLDING", "ann", days=2),
                    clock(at + 2 * DAY - 1))
        request = asked(at, "ann", 11)
        self.assertEqual(self.one(request, dry_run=True).outcome, ACCEPTED)
        self.append("clock", clock(at + 2 * DAY))
        self.refusal(request, "RESTOCK_HOLDING")

    def test_one_override_among_64_at_once_lets_one_pass(self):
        at = self.gated()
        self.append("office", override(at, "RESTOCK_HOLDING", "ann"))
        results = self.at_once_as("gate", [asked(at, "ann", 11) for _ in range(64)])
        self.assertEqual(collections.Counter(result[0].outcome for result in results),
                         {ACCEPTED: 1, REFUSED: 63})
        self.same_when_decided_again()

    # ------------------------------------------------- what was taken back again

    def test_a_batch_that_is_rolled_back_uses_no_override_and_raises_no_finding(self):
        at = self.gated()
        self.append("office", override(at, "RESTOCK_HOLDING", "ann"))
        self.guards(at, modes(holding="REFUSE", count="FLAG"), numbers(max_units=10))
        before = digest_of(self.stub)
        bad = asked(at, "nobody", 1)
        for flags in (dict(atomic=True), dict(dry_run=True)):
            reply = self.send("shop", asked(at, "ann", 11), issued(at, "ann", 9),
                              counted(at, "ann", 5), bad, **flags)
            self.assertEqual(reply.results[-1].outcome, REFUSED)
            self.assertEqual((digest_of(self.stub), self.findings()), (before, []))
        self.accepted(asked(at, "ann", 11))
        self.accepted(counted(at, "bea", 5))
        self.assertEqual([one.finding for one in self.finding_rows()], [1])
        self.same_when_decided_again()

    def test_a_guard_set_that_is_rolled_back_guards_nothing(self):
        at = self.gated()
        wider = guard_set(at, 2, modes(holding="REFUSE"), numbers(max_units=99))
        for flags in (dict(atomic=True), dict(dry_run=True)):
            reply = self.send("shop", wider, asked(at, "ann", 99),
                              asked(at, "nobody", 1), **flags)
            if not reply.rolled_back:
                self.assertEqual(reply.results[1].outcome, ACCEPTED)
            self.refusal(asked(at, "ann", 11), "RESTOCK_HOLDING", "qty", 11, 10)
        self.accepted(wider)
        self.accepted(asked(at, "ann", 99))

    def test_a_clock_that_is_taken_back_takes_back_the_guards_in_force(self):
        self.begin("--save-every", "1")
        self.guards(self.at(1), modes(holding="REFUSE"), numbers(max_units=10))
        later = guard_set(self.at(2), next(self.versions), modes(holding="REFUSE"),
                          numbers(max_units=3))
        set_time(later.guard_set_published.valid_from, self.at(30))
        self.append("office", later)
        at, tick = self.at(20), clock(self.at(30))
        for flags in (dict(atomic=True), dict(dry_run=True)):
            reply = self.send("shop", tick, asked(self.at(30), "ann", 4),
                              asked(at, "nobody", 1), **flags)
            self.assertEqual((reply.results[1].refusal.measured,
                              reply.results[1].refusal.limit), (4, 3))
            self.assertEqual(self.one(asked(at, "ann", 4), dry_run=True).outcome, ACCEPTED)
        self.append("clock", clock(self.at(30) - 1))
        self.accepted(asked(self.at(30) - 1, "ann", 4))
        self.restart(kill=True)
        self.append("clock", tick)
        self.refusal(asked(self.at(30), "bea", 4), "RESTOCK_HOLDING", "qty", 4, 3)
        # One that is published for a time that has passed is not in force.
        late = guard_set(self.at(31), next(self.versions), modes(holding="OFF"))
        set_time(late.guard_set_published.valid_from, self.at(30) - 1)
        self.append("office", late)
        self.refusal(asked(self.at(31), "bea", 4), "RESTOCK_HOLDING", "qty", 4, 3)
        self.same_when_decided_again()

    def test_goods_that_are_due_back_are_found_by_the_daemons_own_clock(self):
        now = now_us()
        self.begin(at=now - 100 * DAY, clock=True)
        self.guards(now - DAY, modes(buyback_exit="FLAG", match="FLAG"),
                    numbers(ship_days=1))
        self.append("tell", issued(now - DAY, "dan", 7))
        left = event(now, agent_terminated=dict(agent="dan", action="t", reason="left"))
        set_time(left.agent_terminated.buyback_due, now + 2_000_000)
        # A day ago, less two seconds: it shall be on its way two seconds from now.
        order = dict(order="o", seller="bea", buyer="c", channel="shop",
                     lines=[dict(line=1, sku="s1", qty=2, unit_price=50)])
        at = now - DAY + 2_000_000
        self.append("tell", event(at, order_placed=order), event(at, order_paid=dict(
            order="o", psp="pay", psp_txn="o", amount=100)), left)
        self.assertEqual(self.findings(), [])
        until(lambda: len(self.findings()) == 2)
        self.assertEqual(sorted(self.findings()), [("BUYBACK_OVERDUE", "dan", 1, 7, 0),
                                                   ("PAID_NOT_SHIPPED", "o", 1, 2, 0)])
        self.assertLess(now_us(), now + 20_000_000)

    # ---------------------------------------------------------------- many at once

    def test_of_64_scans_of_one_serial_at_once_all_but_the_first_are_found(self):
        self.begin()
        self.guards(self.at(1), modes(custody="FLAG"))
        self.append("tell", lot(self.at(1), "L1", 100))
        self.at_once_as("scan", [scanned(self.at(2), lot="L1", serial="A",
                                         actor_class="CONSUMER") for _ in range(64)])
        self.assertEqual(self.findings(), [("SERIAL_TWICE", "L1", 63, 64, 1)])
        self.assertEqual(len(self.finding_rows()[0].evidence), 16)
        self.same_when_decided_again()

    def test_of_64_restocks_at_once_no_more_pass_than_the_limit(self):
        at = self.gated()
        results = self.at_once_as("gate", [asked(at, "ann", 3) for _ in range(64)])
        allowed = [one for one in results if one[0].outcome == ACCEPTED]
        self.assertEqual(len(allowed), 3)
        for result in results:
            told = result[0]
            if told.outcome == REFUSED:
                self.assertEqual((told.refusal.measured, told.refusal.limit,
                                  told.refusal.would_pass_plus_one - 1), (12, 10, 1))
        self.assertEqual(sum(one.qty for one in self.ask(
            "ListRestocks", agent="ann", at_least_size=self.size()).restocks), 9)
        self.accepted(asked(at, "ann", 1))
        self.refusal(asked(at, "ann", 1), "RESTOCK_HOLDING", "qty", 11, 10)
        self.same_when_decided_again()

    def test_of_64_restocks_at_once_no_more_pass_than_so_many_a_period(self):
        self.begin()
        self.guards(self.at(1), modes(frequency="REFUSE"), numbers(max_restocks=4))
        for who in ("ann", "bea"):
            results = self.at_once_as(who, [asked(self.at(2), who, 1) for _ in range(64)])
            self.assertEqual(collections.Counter(one[0].outcome for one in results),
                             {ACCEPTED: 4, REFUSED: 60})
            self.assertEqual(sorted(one[0].checks[0].measured for one in results)[:5],
                             [0, 1, 2, 3, 4])
        self.same_when_decided_again()

    def test_what_64_claim_of_one_request_at_once_is_never_more_than_was_allowed(self):
        at = self.gated()
        self.append("office", asked(at, "ann", 10, request="q"))
        claims = []
        for _ in range(64):
            claims.append(issued(at, "ann", 3, price=500))
            claims[-1].stock_issued.order = "q"
        results = self.at_once_as("claim", claims)
        self.assertEqual(collections.Counter(
            record_pb2.Rule.Name(one[0].refusal.rule) for one in results),
            {"RULE_UNSPECIFIED": 3, "RESTOCK_EXCEEDED": 61})
        restock = self.ask("ListRestocks", at_least_size=self.size()).restocks[0]
        self.assertEqual((restock.claimed, restock.arrived, self.stock("ann")), (9, 9, 9))
        for qty in (2, 1):
            last = issued(at, "ann", qty, price=500)
            last.stock_issued.order = "q"
            if qty == 2:
                self.refusal(last, "RESTOCK_EXCEEDED", "lines[0].qty", 2, 1)
            else:
                self.accepted(last)


if __name__ == "__main__":
    unittest.main()
