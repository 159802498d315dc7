"""May this agent restock? Each gate below, at and above its limit, in its three modes,
through Append: what is refused, what is answered, and that asking changes nothing."""

import collections
import unittest

from daybook_client import digest_of, event, record_pb2
from goods_client import (ACCEPTED, REFUSED, GoodsTest, asked, guard_set, issued, modes,
                          newcomer, numbers, retail)

TODAY = 200
MOST = 9_200_000_000_000
NEVER = 9_223_372_036_854_775_807
MODES = {"OFF": 1, "FLAG": 2, "REFUSE": 3}

# A request of QTY at PRICE by an agent about whom WORLD tells, and what the gate makes of
# it. WOULD_PASS is in mode REFUSE. Who JOINS does so by WORLD, all others long before.
Case = collections.namedtuple("Case", "world qty passes measured limit would_pass price sku "
                              "joins", defaults=(500, "s1", False))


def bought(test, who, *deliveries):
    return [issued(test.at(day), who, qty) for day, qty in deliveries if qty]


def traded(test, who, stock, sold):
    """STOCK units came and SOLD of them went within the last 30 days."""
    return bought(test, who, (TODAY - 20, stock)) + (
        [retail(test.at(TODAY - 10), who, sold, price=800)] if sold else [])


def unverified(test, who):
    return [event(test.at(5), agent_enrolled=dict(agent=who, sponsor="ann"))]


def agreed(version):
    def world(test, who):
        return [event(test.at(5), agent_enrolled=dict(agent=who, sponsor="ann",
                                                      agreement_version=version)),
                event(test.at(5), agent_verified=dict(agent=who, revision=1))]
    return world


def owes(amount):
    def world(test, who):
        return [event(test.at(100), manual_adjustment=dict(
            adjustment=who, agent=who, deduct=True, amount=amount, reason="a mistake",
            approver1="x", approver2="y"))]
    return world


def joined(day):
    def world(test, who):
        return newcomer(test.at(day), who) + bought(test, who,
                                                             (TODAY - 5, 10))
    return world


def sells(stock, sold):
    return lambda test, who: traded(test, who, stock, sold)


def has(qty, day=TODAY - 5):
    return lambda test, who: bought(test, who, (day, qty))


def asked_before(*quantities):
    return lambda test, who: [asked(test.at(TODAY), who, qty) for qty in quantities]


def awaits(stock, sold, *quantities):
    """Besides, what was asked for and has not come yet."""
    return lambda test, who: traded(test, who, stock, sold) + asked_before(
        *quantities)(test, who)


def nothing(test, who):
    return []


def old_stock(units, offered=0):
    """UNITS that came 95 days ago, 10 that came lately; OFFERED to be bought back."""
    def world(test, who):
        out = bought(test, who, (TODAY - 95, units), (TODAY - 5, 10))
        if offered:
            out.append(event(test.at(TODAY - 1), buyback_requested=dict(
                request="b-" + who, agent=who, sku="s1", qty=offered)))
        return out
    return world


# What is passed below, at and above the limit. The limit itself is inside.
GATES = {
    "standing": ("RESTOCK_STANDING", "agent", numbers(agreement_version=3), [
        Case(unverified, 5, False, 0, 1, 0, joins=True),
        Case(agreed(2), 5, False, 2, 3, 0, joins=True),
        Case(agreed(3), 5, True, 0, 0, MOST, joins=True),
        Case(agreed(4), 5, True, 0, 0, MOST, joins=True)]),
    "receivable": ("RESTOCK_RECEIVABLE", "agent", numbers(receivable_limit=500), [
        Case(owes(499), 5, True, 499, 500, MOST), Case(owes(500), 5, True, 500, 500, MOST),
        Case(owes(501), 5, False, 501, 500, 0)]),
    "starter": ("RESTOCK_STARTER", "agent", numbers(starter_days=30, starter_units=20), [
        Case(joined(TODAY - 29), 9, True, 19, 20, 10, joins=True),
        Case(joined(TODAY - 29), 10, True, 20, 20, 10, joins=True),
        Case(joined(TODAY - 29), 11, False, 21, 20, 10, joins=True),
        Case(joined(TODAY - 30), 11, True, 0, 0, MOST, joins=True)]),
    "sell_through": ("RESTOCK_SELL_THROUGH", "qty", [], [
        Case(sells(100, 59), 5, False, 590_000, 600_000, 0),
        Case(sells(100, 60), 5, True, 600_000, 600_000, MOST),
        Case(sells(100, 61), 5, True, 610_000, 600_000, MOST),
        Case(sells(20, 9), 5, False, 450_000, 600_000, 0),
        Case(sells(20, 10), 5, True, 500_000, 600_000, MOST),
        Case(nothing, 5, True, 0, 0, MOST)]),
    "cover": ("RESTOCK_COVER", "qty", [], [
        Case(sells(40, 20), 9, True, 43, 45, 10), Case(sells(40, 20), 10, True, 45, 45, 10),
        Case(sells(40, 20), 11, False, 46, 45, 10),
        Case(awaits(40, 20, 4), 6, True, 45, 45, 6),
        Case(awaits(40, 20, 4), 7, False, 46, 45, 6),
        Case(nothing, 10, True, NEVER, 45, 10), Case(nothing, 11, False, NEVER, 45, 10)]),
    "holding": ("RESTOCK_HOLDING", "qty", numbers(max_units=30, max_value=29_000), [
        Case(has(20), 8, True, 28_000, 29_000, 9), Case(has(20), 9, True, 29_000, 29_000, 9),
        Case(awaits(20, 0, 3, 1), 5, True, 29_000, 29_000, 5),
        Case(awaits(20, 0, 3, 1), 6, False, 30_000, 29_000, 5),
        Case(has(20), 10, False, 30_000, 29_000, 9), Case(has(20), 11, False, 31, 30, 9)]),
    "frequency": ("RESTOCK_FREQUENCY", "agent", numbers(max_restocks=2), [
        Case(asked_before(1), 5, True, 1, 2, MOST),
        Case(asked_before(1, 1), 5, False, 2, 2, 0),
        Case(asked_before(1, 1, 1), 5, False, 3, 2, 0)]),
    "goods_state": ("RESTOCK_GOODS_STATE", "sku", [], [
        Case(nothing, 5, True, 0, 0, MOST),
        Case(nothing, 5, False, 1, 0, 0, sku="old")]),
    "aged": ("RESTOCK_AGED", "sku", [], [
        Case(old_stock(0), 5, True, 0, 0, MOST), Case(old_stock(1), 5, False, 1, 0, 0),
        Case(old_stock(7, 6), 5, False, 1, 0, 0), Case(old_stock(7, 7), 5, True, 0, 0, MOST)]),
    "restock_price": ("RESTOCK_PRICE", "unit_price", [], [
        Case(nothing, 5, False, 499, 500, 0, 499), Case(nothing, 5, True, 500, 0, MOST, 500),
        Case(nothing, 5, True, 800, 0, MOST, 800), Case(nothing, 5, False, 801, 800, 0, 801)]),
    "rank_buy": ("RESTOCK_RANK_BUY", "agent", numbers(rank_buy_factor_ppm=2_500_000), [
        Case(asked_before(7, 10, 30), 24, True, 24, 25, 25),
        Case(asked_before(7, 10, 30), 25, True, 25, 25, 25),
        Case(asked_before(7, 10, 30), 26, False, 26, 25, 25),
        Case(asked_before(7, 10), 26, True, 0, 0, MOST)]),
}


class Gates(GoodsTest):
    def open(self, *agents):
        self.begin(agents=("ann", *agents))
        self.append("office", event(self.at(1), sku_defined=dict(
            sku="old", revision=1, list_price=1000, superseded_by="s1")))
        self.append("office", event(self.at(1), price_band_set=dict(
            band="restocks", revision=1, sku="s1", min_price=500, max_price=800,
            mode="FLAG")))
        self.clock(TODAY)

    def check(self, result):
        """What the only gate that is not off said: None without any."""
        if not result.checks:
            self.assertEqual(result.would_pass_plus_one, 0)
            return None
        one = result.checks[0]
        self.assertEqual(len(result.checks), 1)
        return (one.guard, record_pb2.Rule.Name(one.rule), one.mode, one.passed,
                one.measured, one.limit, result.would_pass_plus_one - 1)

    def twice(self, request):
        """The same answer dry and for good; the dry one leaves everything as it was."""
        before = digest_of(self.stub), self.findings(), self.stock(
            request.restock_requested.agent)
        dry = self.one(request, dry_run=True)
        self.assertEqual((digest_of(self.stub), self.findings(),
                          self.stock(request.restock_requested.agent)), before)
        result = self.one(request)
        self.assertEqual((dry.outcome, dry.refusal, list(dry.checks),
                          dry.would_pass_plus_one),
                         (result.outcome, result.refusal, list(result.checks),
                          result.would_pass_plus_one))
        self.assertEqual(list(dry.findings), [])
        return result

    def run_case(self, gate, mode, who, case):
        rule, field = GATES[gate][:2]
        at = self.at(TODAY)
        self.append("tell", guard_set(at, next(self.versions)), *case.world(self, who),
                    guard_set(at, next(self.versions), modes(**{gate: mode}),
                              GATES[gate][2]))
        result = self.twice(asked(self.at(TODAY), who, case.qty, case.price, case.sku))
        would_pass = case.would_pass if mode == "REFUSE" else MOST
        self.assertEqual(self.check(result), None if mode == "OFF" else (
            gate, rule, MODES[mode], case.passes, case.measured, case.limit, would_pass))
        found = [one for one in self.findings() if one[1] == who]
        if mode != "REFUSE" or case.passes:
            self.assertEqual(result.outcome, ACCEPTED, result)
            self.assertEqual(found, [] if mode != "FLAG" or case.passes else [
                (rule, who, 1, case.measured, case.limit)])
            return
        told = result.refusal
        self.assertEqual((record_pb2.Rule.Name(told.rule), told.field, told.measured,
                          told.limit, told.would_pass_plus_one - 1),
                         (rule, field, case.measured, case.limit, case.would_pass))
        self.assertEqual((result.outcome, found), (REFUSED, []))
        self.what_would_pass_passes(who, case)

    def what_would_pass_passes(self, who, case):
        if case.would_pass == 0:
            return
        more = asked(self.at(TODAY), who, case.would_pass + 1, case.price, case.sku)
        self.assertEqual(self.one(more).outcome, REFUSED)
        self.accepted(asked(self.at(TODAY), who, case.would_pass, case.price, case.sku))

    def gate(self, gate):
        cases = [(f"{mode.lower()}{i}", mode, case) for mode in MODES
                 for i, case in enumerate(GATES[gate][3])]
        self.open(*[who for who, _, case in cases if not case.joins])
        for who, mode, case in cases:
            with self.subTest(gate=gate, mode=mode, case=case):
                self.run_case(gate, mode, who, case)
        self.same_when_decided_again()


def _add_gates():
    for name in GATES:
        def test(self, name=name):
            self.gate(name)
        setattr(Gates, f"test_{name}_below_at_and_above_its_limit_in_three_modes", test)


_add_gates()


if __name__ == "__main__":
    unittest.main()
