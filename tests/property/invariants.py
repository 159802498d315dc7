"""What must hold of the money in every state, whatever the rules say.

The numbers are those of the list of invariants in the project's reference: 1 a sum of 0,
2 and 3 sub-ledgers and signs, 4 to 7 earnings, 9 refunds, 12 the past stays, 14 windows,
15 and 16 payouts, 17 rounding, 23 tax.  Each check gives None or what is wrong.
"""

import invariants_goods
from model_state import (COMMISSION, DRAWN, EXPECTED, HELD, HELD_PENDING, MATURED,
                         PENDING, REJECTED, RETURNED_WHOLE, SECOND, SENT,
                         SETTLED, UNASSIGNED, UNKNOWN)
from plan_model import MILLION, retained

CREDITS = (2010, 2015, 2110, 2120, 2130, 2140, 2150, 2160, 2180, 2190)
DEBITS = (1110, 1140)
STEPS = {1: (2, 7, 8), 2: (3, 4, 8), 3: (4,), 4: (5, 6, 9), 5: (6, 9), 6: (10,)}
# What an earning was made from.
MADE_FROM = ("agent", "order", "line", "kind", "level", "distance", "basis", "rank", "plan",
             "rate", "base", "accrued")


def wrong_trial_balance(state):
    if sum(posting[2] for posting in state.postings):
        return "1: the trial balance is not 0"
    if any(number == 5900 for number, _ in state.posted):
        return "17: something was posted to rounding"
    return None


def wrong_signs(state):
    for number, owner in state.posted:
        balance = state.balance(number, owner)
        if (number in CREDITS and balance > 0) or (number in DEBITS and balance < 0):
            return f"3: {number} of {owner} has the wrong sign: {balance}"
    return None


def wrong_ledgers(state):
    """2: what is open of earnings is what accounts hold, and what the orders defer."""
    for name, agent in state.agents.items():
        mine = [e for e in state.earnings if e["agent"] == name]
        for number, states in ((2110, (PENDING,)), (2130, (HELD_PENDING, HELD)),
                               (2120, (MATURED,))):
            there = sum(e["open"] for e in mine if e["state"] in states)
            if there != -state.balance(number, name):
                return f"2: {number} of {name} is not what is open of earnings"
        chained = sorted(e["number"] for e in mine if e["state"] in (HELD, MATURED))
        if sorted(agent["chain"]) != chained:
            return f"2: the chain of {name} is {agent['chain']}, not {chained}"
        for number, states in ((2140, (1, 2, 3)), (2150, (4, 5))):
            there = sum(p["gross"] - (p["tax"] if p["state"] > 2 else 0)
                        for p in state.payouts.values()
                        if p["agent"] == name and p["state"] in states)
            if there != -state.balance(number, name):
                return f"2: {number} of {name} is not what its payouts hold"
    for name, order in state.orders.items():
        there = 0 if order["kind"] == 3 else sum(
            e["accrued"] - e["reversed"] for e in state.earnings
            if e["order"] == name and e["kind"] == COMMISSION and
            e["state"] not in (UNASSIGNED, EXPECTED) and
            not order["lines"][e["line"]]["recognised"])
        if there != state.balance(1140, name):
            return f"2: comm.deferred of {name} is not its commission without revenue"
    return None


def wrong_earnings(state):
    for e in state.earnings:
        name = f"earning {e['number']}"
        if not 0 <= e["reversed"] <= e["accrued"]:
            return f"4: {name} is reversed beyond what was accrued"
        if e["state"] in (PENDING, HELD_PENDING) and (
                e["open"] != e["accrued"] - e["reversed"]):
            return f"4: {name} is pending, and open is not what is left of it"
        if (e["open"] < 0 or (e["open"] == 0) != (e["state"] == DRAWN) and
                e["state"] in (HELD, MATURED, DRAWN)):
            return f"4: {name} in state {e['state']} has {e['open']} open"
        if e["state"] in (UNASSIGNED, EXPECTED) and e["open"]:
            return f"4: {name} is nobody's, and open"
        if e["order"]:
            line = state.orders[e["order"]]["lines"][e["line"]]
            kept = retained(e["accrued"], line["amount"], line["refunded"])
            if e["accrued"] - e["reversed"] != kept:
                return f"7, 8, 9: {name} does not keep what its line keeps"
    return None


def wrong_agents(state):
    """5: what an agent earned is paid, taxed, there, or on its way."""
    for name in state.agents:
        earned = sum(e["accrued"] - e["reversed"] for e in state.earnings
                     if e["agent"] == name and e["kind"] != 6 and
                     e["state"] not in (UNASSIGNED, EXPECTED))
        earned -= sum(a["amount"] for a in state.adjustments.values()
                      if a["agent"] == name and a["deduct"])
        earned += sum(-amount for number, owner, amount, cause, _ in state.postings
                      if (number, owner) == (1110, name) and
                      cause in ("REPAID", "WRITTEN_OFF"))
        paid = sum(p["gross"] - p["tax"] - p["returned"] for p in state.payouts.values()
                   if p["agent"] == name and p["state"] in (SETTLED, RETURNED_WHOLE))
        tax = sum(sums["tax"] for (agent, _), sums in state.tax_months.items()
                  if agent == name)
        there = -sum(state.balance(number, name)
                     for number in (1110, 2110, 2120, 2130, 2140, 2150))
        if earned != paid + tax + there:
            return f"5: {name} earned {earned}, got {paid}, {tax} tax, has {there}"
    return None


def wrong_lines(state):
    """6: of a line no more is shared out than its rates make of their bases."""
    lines = {(e["order"], e["line"]) for e in state.earnings
             if e["kind"] == COMMISSION and e["rate"]}
    for order, line in lines:
        mine = [e for e in state.earnings_of(order, line)
                if e["kind"] == COMMISSION and e["rate"]]
        claims = {e["level"]: e["rate"] * e["base"] for e in mine}
        pool, shared = sum(claims.values()) // MILLION, sum(e["accrued"] for e in mine)
        plan = state.plan(state.orders[order]["plan"])
        # Claims below half a unit leave no earning, but take part.
        missing = plan.value("pay_max_depth") - len(claims)
        is_cut = plan.value("order_pool_cap_ppm")
        if shared > pool + missing or (shared < pool and not missing and not is_cut):
            return f"6: line {line} of {order} shares {shared} of a pool of {pool}"
    return None


def wrong_payouts(state):
    for name, p in state.payouts.items():
        if sum(amount for _, amount in p["items"]) != p["gross"]:
            return f"16: {name} is not the sum of its items"
        if not 0 <= p["tax"] <= p["gross"] or p["returned"] > p["gross"] - p["tax"]:
            return f"16: {name} has more tax or returns than money"
    for (agent, month), sums in state.tax_months.items():
        if not 0 <= sums["tax"] <= sums["gross"]:
            return f"23: tax of {agent} in month {month}: {sums}"
        if len(state.plans) == 1 and state.plans[0].valid_to is None and (
                sums["tax"] > state.plans[0].tax_due(sums["gross"]) and
                not any(p["remitted"] for p in state.periods.values())):
            return f"23: tax of {agent} in month {month} is not that of the sum: {sums}"
    return None


def wrong_windows(state):
    for name, order in state.orders.items():
        for number, line in order["lines"].items():
            if line["matured"] and not (line["received"] and line["scheduled"] and
                                        line["received_at"] <= line["when"] and
                                        line["when"] * SECOND <= state.clock):
                return f"14: line {number} of {name} matured before its time"
    return None


CHECKS = (wrong_trial_balance, wrong_signs, wrong_ledgers, wrong_earnings, wrong_agents,
          wrong_lines, wrong_payouts, wrong_windows, *invariants_goods.CHECKS)


class Watch:
    """Looks at a model after every event."""

    def __init__(self):
        self.earnings, self.payouts, self.settled = [], {}, set()

    def look(self, model):
        for check in CHECKS:
            wrong = check(model.state)
            if wrong:
                return wrong
        return self.wrong_past(model.state) or self.wrong_steps(model.state)

    def wrong_past(self, state):
        now = [tuple(e[name] for name in MADE_FROM) for e in state.earnings]
        wrong = now[:len(self.earnings)] != self.earnings
        self.earnings = now
        return "12: an earning is not what it was" if wrong else None

    def wrong_steps(self, state):
        for name, payout in state.payouts.items():
            before, after = self.payouts.get(name, payout["state"]), payout["state"]
            passed = after in (2, 7, 8) and before == 1
            if before != after and after not in STEPS.get(before, ()) and not passed:
                return f"15: {name} went from {before} to {after}"
            if after == SETTLED and before != SETTLED:
                if name in self.settled or before not in (SENT, UNKNOWN):
                    return f"15: {name} is settled twice"
                self.settled.add(name)
            if before >= REJECTED and before != after:
                return f"15: {name} left its last state {before}"
            self.payouts[name] = after
        return None
