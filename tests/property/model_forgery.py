"""Cycles of goods and money, forged orders, exposure: written from src/books/GOODS.md."""

from model_findings import OF_AGENT, OF_ORDER
from model_money import HOLDER_SHIP, RETAIL
from model_state import DAY, second_of

GOODS, MONEY = 1, 2  # kinds of edges
EDGES_LOOKED_AT = 1_000
RELATED_WITHIN = 16
SCORE_MAX = 65_535
FAKE, FAKE_REVISION = "FAKE_ORDER", 1
STORE_PICKUP = 3


class Forgery:
    """Needs state, a State; mixed into Model."""

    # ---------------------------------------------------------------------------- edges

    def make_edge(self, kind, giver, receiver, at):
        edges, key = self.state.edges, (kind, giver, receiver)
        day = self.state.local_day(at)
        edges[key] = max(edges.get(key, day), day)
        self.state.name_holder("agent", giver)

    def edges_from(self, kind, agent):
        """(where, day) of an agent's edges, those made last first."""
        return [(to, day) for (k, giver, to), day in reversed(self.state.edges.items())
                if k == kind and giver == agent]

    def way(self, kind, start, end, most):
        """The length of a way of at most MOST edges, None if there is none."""
        first = self.state.local_day(self.state.clock) - self.guard_number("cycle_days") + 1
        seen, level, looked_at = {start}, [start], 0
        for length in range(1, most + 1):
            below = []
            for agent in level:
                for to, day in self.edges_from(kind, agent):
                    looked_at += 1
                    if looked_at > EDGES_LOOKED_AT:
                        return None
                    if day < first or to in seen:
                        continue
                    if to == end:
                        return length
                    seen.add(to)
                    below.append(to)
            level = below
        return None

    def cycle_transfer(self, giver, receiver, at):
        """StockTransferred from agent to agent: GOODS_CYCLE, and the edge of goods."""
        most = self.guard_number("cycle_length")
        way = self.way(GOODS, receiver, giver, most - 1)
        if way:
            self.broken("cycle", "GOODS_CYCLE", (OF_AGENT, giver), way + 1, most,
                        field="to")
        self.make_edge(GOODS, giver, receiver, at)

    # --------------------------------------------------------------------- forged orders

    def may_be_forged(self, order):
        return (order["kind"] == RETAIL and order["seller"] and order["buyer"] and
                not order["direct"])

    def forgery_paid(self, order, at, field):
        """A payment made ORDER paid whole: row of orders, edge of money, FAKE_ORDER."""
        order["paid_second"] = second_of(at)
        if not self.may_be_forged(order):
            return
        row = self.count_row(order, at)
        person = self.other_person(order)
        score = self.score_when_paid(order, row, person)
        if person:
            self.make_edge(MONEY, person, order["seller"], at)
        if self.guard_is_on("fake_order"):
            self.raise_score(order, score, field)

    def count_row(self, order, at):
        """The buyer's row of orders with this seller."""
        customer = self.state.customers[order["buyer"]]
        seller, number, first = customer["row"]
        today = self.state.local_day(self.state.clock)
        if (seller != order["seller"] or
                today - first > self.guard_number("fake_repeat_days")):
            seller, number, first = order["seller"], 0, self.state.local_day(at)
        customer["row"] = (seller, number + 1, first)
        return number + 1

    def other_person(self, order):
        """The buyer's person, if that is an agent other than the seller."""
        person = self.state.customers[order["buyer"]]["person"]
        return person if person != order["seller"] else ""

    def is_related(self, person, seller):
        return (person in self.state.sponsors_above(seller)[:RELATED_WITHIN] or
                seller in self.state.sponsors_above(person)[:RELATED_WITHIN])

    def score_when_paid(self, order, row, person):
        number, seller = self.guard_number, order["seller"]
        latest = self.state.clock + number("fake_contest_days") * DAY
        found = dict(
            fake_related=person and self.is_related(person, seller),
            fake_shared_hash=order["linked"],
            fake_repeat=row >= number("fake_repeat_orders"),
            fake_cycle=person and self.way(MONEY, seller, person,
                                           number("cycle_length") - 1),
            fake_contest=any(not contest["closed"] and contest["to"] <= latest
                             for contest in self.state.contests.values()))
        return sum(number(name) for name, holds in found.items() if holds)

    def forgery_unscanned(self, order):
        """Units were received that no shipment was reported for."""
        self.score_once(order, "fake_unscanned", order["fulfilment"] != STORE_PICKUP)

    def forgery_refund(self, order, at):
        """A refund of ORDER was approved."""
        paid, hours = order["paid_second"], self.guard_number("fake_refund_hours")
        self.score_once(order, "fake_quick_refund",
                        paid and second_of(at) - paid <= hours * 3_600)

    def score_once(self, order, name, holds):
        if (holds and self.may_be_forged(order) and self.guard_is_on("fake_order") and
                name not in order["scored"]):
            order["scored"].append(name)
            self.raise_score(order, self.guard_number(name))

    def raise_score(self, order, by, field=None):
        """FIELD: what a payment says of the money, which may be refused."""
        order["score"] = min(SCORE_MAX, order["score"] + by)
        limit = self.guard_number("fake_limit")
        if not by or order["score"] < limit:
            return
        self.broken("fake_order", FAKE, (OF_ORDER, order["name"]), order["score"],
                    limit, field=field or "", may_refuse=field is not None)
        self.flag_order(order, FAKE, FAKE_REVISION)

    # -------------------------------------------------------------------------- exposure

    def exposure_of(self, agent):
        balance = self.state.balance
        undelivered = sum(-balance(2010, name) for name, order in self.state.orders.items()
                          if order["seller"] == agent and
                          order["fulfilment"] == HOLDER_SHIP)
        measured = undelivered + sum(balance(number, agent)
                                     for number in (1110, 2180, 2120, 2130))
        return max(-2**63, min(2**63 - 1, measured))

    def exposure_check(self, agent, field, may_refuse):
        measured = self.exposure_of(agent)
        most = self.guard_number(
            "max_exposure", rank=self.state.agents[agent]["rank"])
        if measured > most:
            self.broken("exposure", "EXPOSURE", (OF_AGENT, agent), measured, most,
                        field=field, agent=agent, may_refuse=may_refuse)

    def exposure_payment(self, order):
        """A payment of ORDER, at the end of the event's own trade: EXPOSURE."""
        if (order["kind"] == RETAIL and order["fulfilment"] == HOLDER_SHIP and
                order["seller"] and -self.state.balance(2010, order["name"]) > 0):
            self.exposure_check(order["seller"], "", False)

    def exposure_payout(self, agent):
        """PayoutRequested, after its other rules: EXPOSURE."""
        self.exposure_check(agent, "gross", True)
