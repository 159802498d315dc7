"""The life of an earning: made, held, mature, drawn on, taken back.

Written from src/books/MONEY.md, "Earnings", "Reversal" and "Holds".
"""

from model_state import (DRAWN, EXPECTED, HELD, HELD_PENDING, MATURED, PENDING, UNASSIGNED,
                         ASKED, APPROVED, must)
from plan_model import MILLION, retained

# Where the open amount of an earning is.
ACCOUNT = {PENDING: 2110, HELD_PENDING: 2130, HELD: 2130, MATURED: 2120}
HOLDS_MAX, AGENT_HOLDS_MAX = 255, 65_535


class Earnings:
    """Needs state, a State; mixed into Model."""

    def add_earning(self, agent, kind, state, accrued, **more):
        rank = self.state.agents[agent]["rank"] if agent else ""
        e = dict(dict(number=len(self.state.earnings) + 1, agent=agent, order="",
                      line=self.size, kind=kind, level=0, distance=0, basis=0, rank=rank,
                      plan=0, rate=0, base=0, state=state, holds=0, accrued=accrued,
                      reversed=0, open=0), **more)
        if state not in (UNASSIGNED, EXPECTED):
            e["open"] = accrued - e["reversed"]
        self.state.earnings.append(e)
        return e

    def is_posted(self, e):
        return e["state"] not in (UNASSIGNED, EXPECTED)

    def chain(self, agent):
        """Numbers of matured earnings, newest first."""
        return self.state.agents[agent]["chain"]

    def drawable(self, agent):
        """MATURED earnings of the chain, newest first."""
        chain = [self.state.earning(number) for number in self.chain(agent)]
        return [e for e in chain if e["state"] == MATURED]

    def is_held(self, e):
        order = self.state.orders.get(e["order"])
        if e["holds"] or (order and order["holds"]):
            return True
        return (e["state"] in (HELD, MATURED, DRAWN) and
                self.state.agents[e["agent"]]["holds"] > 0)

    def lower(self, e, amount):
        e["open"] -= amount
        assert e["open"] >= 0
        if e["open"] == 0 and e["state"] in (HELD, MATURED):
            e["state"] = DRAWN
            self.chain(e["agent"]).remove(e["number"])

    def move_open(self, e, to, cause):
        post, agent = self.state.post, e["agent"]
        post((ACCOUNT[e["state"]], agent), (ACCOUNT[to], agent), e["open"], cause,
             e["order"])
        e["state"] = to

    def settle(self, e):
        """Put the earning where its holds say it must be."""
        held = self.is_held(e)
        if e["state"] == PENDING and held:
            self.move_open(e, HELD_PENDING, "HELD")
        elif e["state"] == HELD_PENDING and not held:
            self.move_open(e, PENDING, "RELEASED")
        elif e["state"] == MATURED and held:
            self.move_open(e, HELD, "HELD")
        elif e["state"] == HELD and not held:
            self.move_open(e, MATURED, "RELEASED")
            self.net(e["agent"], [e], e["open"])

    def settle_order(self, name):
        for e in self.state.earnings_of(name):
            self.settle(e)

    def mature(self, e):
        """The return window of an earning is over."""
        if e["state"] == PENDING:
            to = HELD if self.state.agents[e["agent"]]["holds"] else MATURED
            self.move_open(e, to, "MATURED")
        elif e["state"] == HELD_PENDING:
            e["state"] = HELD
        else:
            return
        if not e["open"]:
            e["state"] = DRAWN
            return
        self.chain(e["agent"]).insert(0, e["number"])
        if e["state"] == MATURED:
            self.net(e["agent"], [e], e["open"])

    def credit(self, agent, kind, basis, amount, cause):
        """Money that is available at once; the caller posts the other side."""
        e = self.add_earning(agent, kind, MATURED, amount, basis=basis)
        if self.is_held(e):
            e["state"] = HELD
        self.state.post_one(ACCOUNT[e["state"]], agent, -amount, cause)
        self.chain(agent).insert(0, e["number"])
        if e["state"] == MATURED:
            self.net(agent, [e], amount)

    def owed(self, agent):
        return self.state.balance(1110, agent)

    def net(self, agent, earnings, amount):
        """AMOUNT became available by EARNINGS, oldest first: pay off what is owed."""
        plan = self.state.plan_at(self.state.clock)
        part = min(self.owed(agent),
                   amount * plan.value("clawback_recovery_ppm") // MILLION)
        if part <= 0:
            return
        ref = earnings[0]["order"] if len(earnings) == 1 else None
        self.state.post((2120, agent), (1110, agent), part, "NETTED", ref)
        for e in earnings:
            share = min(part, e["open"])
            self.lower(e, share)
            part -= share
        assert part == 0

    def draw_newest(self, agent, amount):
        """Take up to AMOUNT from MATURED earnings; what was not there."""
        for e in self.drawable(agent):
            part = min(amount, e["open"])
            if part:
                self.lower(e, part)
            amount -= part
        return amount

    def take_from(self, e, amount):
        """AMOUNT of an earning goes back: the debits of a reversal."""
        state, agent, why = self.state, e["agent"], ("REVERSED", e["order"])
        left = amount
        if e["state"] in (PENDING, HELD_PENDING, HELD):
            part = min(left, e["open"])
            state.post_one(ACCOUNT[e["state"]], agent, part, *why)
            self.lower(e, part)
            left -= part
        before = left
        if e["state"] == MATURED:
            part = min(left, e["open"])
            self.lower(e, part)
            left -= part
        left = self.draw_newest(agent, left)
        state.post_one(2120, agent, before - left, *why)
        plan = state.plan_at(state.clock)
        if left and plan.value("cancel_unsent_on_clawback"):
            before = left
            for payout in self.unsent_newest(agent):
                if -state.balance(2120, agent) >= left:
                    break
                self.give_up(payout, 8, False)
            left = self.draw_newest(agent, left)
            state.post_one(2120, agent, before - left, *why)
        state.post_one(1110, agent, left, *why)

    def unsent_newest(self, agent):
        return [p for p in reversed(self.state.payouts.values())
                if p["agent"] == agent and p["state"] in (ASKED, APPROVED)]

    def reverse(self, e, amount):
        """AMOUNT of a commission is not earned after all."""
        e["reversed"] += amount
        assert e["reversed"] <= e["accrued"]
        if not self.is_posted(e) or not amount:
            return
        order = self.state.orders[e["order"]]
        line = order["lines"][e["line"]]
        self.take_from(e, amount)
        if line["recognised"] or order["kind"] == 3:
            self.state.post_one(5010, self.state.plan(e["plan"]).name, -amount, "REVERSED",
                                e["order"])
        else:
            self.state.post_one(1140, e["order"], -amount)

    def reverse_line(self, order, number, before):
        line = order["lines"][number]
        for e in self.state.earnings_of(order["name"], number):
            if e["kind"] == 1:
                self.reverse(e, retained(e["accrued"], line["amount"], before) -
                             retained(e["accrued"], line["amount"], line["refunded"]))

    def reverse_proceeds(self, order, number, amount):
        """The debits of a refund of a recognised line of an agent's own goods."""
        line = order["lines"][number]
        back = 0
        for e in self.state.earnings_of(order["name"], number):
            if e["kind"] == 2:
                now = line["refunded"] + amount
                back = (retained(e["accrued"], line["amount"], line["refunded"]) -
                        retained(e["accrued"], line["amount"], now))
                e["reversed"] += back
                self.take_from(e, back)
        self.state.post_one(4050, self.state.plan(order["plan"]).name, amount - back, None)

    # --------------------------------------------------------------------------- holds

    def hold_order(self, order, by):
        order["holds"] += by
        must(order["holds"] <= HOLDS_MAX, "LIMIT_REACHED", "order")
        self.settle_order(order["name"])

    def hold_agent(self, name, by):
        agent = self.state.agents[name]
        agent["holds"] += by
        must(agent["holds"] <= AGENT_HOLDS_MAX, "LIMIT_REACHED", "agent")
        for number in list(agent["chain"]):
            self.settle(self.state.earning(number))

    def add_hold(self, **what):
        self.state.holds.append(dict(dict(name="", agent="", order="", line=0, level=0,
                                          released=0, rule="", revision=0), **what))

    def held_by(self, hold):
        """The earnings that a hold of lines and levels is about."""
        line = hold["line"] or None
        return [e for e in self.state.earnings_of(hold["order"], line)
                if e["kind"] in (1, 2) and hold["level"] in (0, e["level"]) and
                self.is_posted(e)]

    def on_commission_held(self, body, at):
        if body["agent"]:
            self.known_agent(body["agent"], "agent")
            self.add_hold(name=body["hold"], agent=body["agent"])
            self.hold_agent(body["agent"], 1)
            return
        order = self.named_order(body["order"])
        must(not body["line"] or body["line"] in order["lines"], "ORDER_LINE_UNKNOWN",
             "line")
        hold = dict(name=body["hold"], order=body["order"], line=body["line"],
                    level=body["level"])
        self.add_hold(**hold)
        if not body["line"] and not body["level"]:
            self.hold_order(order, 1)
            return
        earnings = [e for e in self.held_by(hold) if e["state"] != DRAWN]
        must(earnings, "EARNING_UNKNOWN", "line")
        for e in earnings:
            e["holds"] += 1
            must(e["holds"] <= HOLDS_MAX, "LIMIT_REACHED", "order")
            self.settle(e)

    def on_hold_released(self, body, at):
        named = [hold for hold in self.state.holds if hold["name"] == body["hold"]]
        must(named, "HOLD_UNKNOWN", "hold")
        hold = named[0]
        must(not hold["released"], "HOLD_STATE", "hold")
        hold["released"] = 1
        if hold["agent"]:
            self.hold_agent(hold["agent"], -1)
        elif not hold["line"] and not hold["level"]:
            self.hold_order(self.state.orders[hold["order"]], -1)
        else:
            for e in self.held_by(hold):
                if e["holds"]:
                    e["holds"] -= 1
                    self.settle(e)

    def on_order_flagged(self, body, at):
        self.flag_order(self.named_order(body["order"]), body["rule"], body["revision"])

    def flag_order(self, order, rule, revision):
        """Once, whoever says it first."""
        had = [hold for hold in self.state.holds
               if (hold["order"], hold["rule"], hold["revision"]) ==
               (order["name"], rule, revision)]
        if not had:
            self.add_hold(order=order["name"], rule=rule, revision=revision)
            self.hold_order(order, 1)
            self.verified_flag(order)

    def flags_of(self, name):
        return [hold for hold in self.state.holds
                if hold["order"] == name and hold["rule"] and not hold["released"]]

    def on_order_cleared(self, body, at):
        order = self.named_order(body["order"])
        flags = [flag for flag in self.flags_of(body["order"])
                 if (flag["rule"], flag["revision"]) == (body["rule"], body["revision"])]
        must(flags, "FLAG_STATE", "revision")
        flags[0]["released"] = 1
        self.hold_order(order, -1)
        self.verified_clear(order)

    # --------------------------------------------------------------------- chargebacks

    def on_chargeback_opened(self, body, at):
        order = self.open_order(body["order"])
        most = 0
        if not order["direct"]:
            most = self.state.paid(order) - self.state.refunded(order)
        must(body["amount"] <= most, "CHARGEBACK_EXCEEDS_PAID", "amount", body["amount"],
             most)
        self.state.chargebacks[body["chargeback"]] = dict(
            order=body["order"], state=1, amount=body["amount"], reversed=0,
            psp=body["psp"])
        self.hold_order(order, 1)

    def end_chargeback(self, body, to):
        name = body["chargeback"]
        must(name in self.state.chargebacks, "CHARGEBACK_UNKNOWN", "chargeback")
        case = self.state.chargebacks[name]
        must(case["state"] == 1, "CHARGEBACK_STATE", "chargeback")
        case["state"] = to
        return case, self.state.orders[case["order"]]

    def on_chargeback_won(self, body, at):
        _, order = self.end_chargeback(body, 2)
        self.hold_order(order, -1)

    def on_chargeback_lost(self, body, at):
        case, order = self.end_chargeback(body, 3)
        psp = (1020, case["psp"])
        amount = min(case["amount"], self.state.paid(order) - self.state.refunded(order))
        must(amount > 0, "NOTHING_TO_REVERSE", "chargeback")
        case["reversed"] = amount
        for number, part in zip(order["lines"], self.parts_of(order, amount)):
            self.refund_amount(order, number, part, psp)
        self.state.post((5050, case["psp"]), psp, case["amount"] - amount)
        self.hold_order(order, -1)
