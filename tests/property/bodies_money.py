"""The bodies of random events about the money of agents, 2xx to 7xx.

Each method makes the body of one type of event and has its name.
"""

import base64

from bodies_plan import Plans
from event_rules import AMOUNT_MAX
from model_state import (APPROVED, ASKED, BATCHED, DAY, MATURED, SENT, SETTLED, UNASSIGNED,
                         UNKNOWN, Refused)

METRICS = ("MATURED_RETAIL", "MATURED_RETAIL", "TRAINING", "TEAM_RETAIL", "HEAD_COUNT",
           "PURCHASE_VOLUME", "REPEAT_RATE", "")
GUARDS = ("PAYOUT_MINIMUM", "PAYOUT_DAILY_LIMIT", "PAYOUT_MONTHLY_LIMIT", "PAYEE_CHANGED",
          "PAYOUT_OPEN", "SECOND_PERSON")
PAYEES = ("AAEC", "AwQF")
PAYOUT_STEPS = dict(
    payout_approved=(ASKED,), payout_rejected=(ASKED,), payout_cancelled=(ASKED, APPROVED),
    payout_batched=(APPROVED,), payout_sent=(APPROVED, BATCHED),
    payout_settled=(SENT, UNKNOWN), payout_unknown=(SENT,), payout_failed=(SENT, UNKNOWN),
    payout_returned=(SETTLED,))


class MoneyBodies(Plans):
    """Needs what Bodies needs, and Bodies itself."""

    def two(self):
        """Two approvers, or nearly."""
        return dict(approver1="ann", approver2=self.rng.choice(("bob",) * 25 + ("ann", "")))

    def why(self):
        return self.maybe(0.93, "why")

    def some(self, most):
        """An amount that MOST allows, most of the time."""
        if self.is_huge and self.rng.random() < 0.1:
            return self.rng.choice((AMOUNT_MAX, AMOUNT_MAX - 1))
        return max(1, self.part(most))

    # --------------------------------------------------------------- teams and deposits

    def team_formed(self):
        return dict(team=self.new("team", 6), leader=self.agent())

    def team_member_changed(self):
        state, rng = self.model.state, self.rng
        team = self.known(state.teams)
        members = [name for (of, name), gone in state.members.items()
                   if of == team and not gone]
        removed = bool(members) and rng.random() < 0.4
        member = rng.choice(members) if members and rng.random() < (
            0.9 if removed else 0.1) else self.agent()
        return dict(team=team, change=self.new("k", 40), member=member, removed=removed)

    def deposit_received(self):
        return dict(agent=self.agent(), amount=self.some(50), ref=self.new("v", 60))

    def balance_of(self, number, sign):
        """An agent with a balance on an account, and how much it is."""
        state = self.model.state
        there = [(name, sign * state.balance(number, name)) for name in state.agents]
        there = [pair for pair in there if pair[1] > 0]
        if there and self.rng.random() < 0.9:
            return self.rng.choice(there)
        return self.agent(), 5

    def deposit_returned(self):
        agent, amount = self.balance_of(2180, -1)
        return dict(agent=agent, amount=self.some(amount), ref=self.new("v", 60))

    def fee_charged(self):
        body = dict(fee=self.new("fee", 30), agent=self.agent(),
                    kind=self.rng.randint(1, 5), amount=self.some(300),
                    is_condition=self.rng.random() < 0.5)
        return body | (self.payment() if self.rng.random() < 0.7 else {})

    # -------------------------------------------------------------- disputes and holds

    def paid_order(self):
        return self.alive(lambda order, line: order["payments"] and not order["direct"])

    def chargeback_opened(self):
        state, name = self.model.state, self.paid_order()
        order = state.orders.get(name)
        left = state.paid(order) - state.refunded(order) if order else 9
        return dict(chargeback=self.new("cb", 20, state.chargebacks), order=name,
                    amount=self.some(left), psp=self.new("p", 2))

    def chargeback(self):
        cases = self.model.state.chargebacks
        open_ones = [name for name, case in cases.items() if case["state"] == 1]
        return dict(chargeback=self.rng.choice(open_ones) if open_ones and
                    self.rng.random() < 0.9 else self.known(cases))

    chargeback_won = chargeback_lost = chargeback

    def order_flagged(self):
        return dict(order=self.paid_order(), rule=self.new("rule", 2),
                    revision=self.rng.randint(0, 2),
                    evidence=[self.rng.randint(0, 99) for _ in range(3)])

    def order_cleared(self):
        flags = [hold for hold in self.model.state.holds if hold["rule"]]
        if not flags or self.rng.random() < 0.1:
            return dict(order=self.order(), rule="rule0", revision=1)
        flag = self.rng.choice(flags)
        return dict(order=flag["order"], rule=flag["rule"], revision=flag["revision"],
                    approver="ann", reason="why")

    def commission_held(self):
        rng = self.rng
        body = dict(hold=self.new("hold", 30), reason="why", approver="ann")
        if rng.random() < 0.35:
            return body | dict(agent=self.agent())
        return body | dict(order=self.paid_order(), line=rng.choice((0, 0, 1, 1, 2, 3)),
                           level=rng.choice((0, 0, 0, 1, 2, 3)))

    def hold_released(self):
        names = [hold["name"] for hold in self.model.state.holds
                 if hold["name"] and (not hold["released"] or self.rng.random() < 0.1)]
        return dict(hold=self.known(names), reason="why", approver="ann")

    # -------------------------------------------------------------- commission reported

    def commission_reported(self):
        rng, state = self.rng, self.model.state
        body = dict(commission=self.new("com", 60), payee=self.agent(),
                    amount=self.some(30), basis=rng.choice((1, 1, 1, 2, 3, 4)),
                    distance=rng.choice((0, 0, 1, 2, 999)), cause_order=self.order(),
                    cause_line=rng.choice((0, 1, 1, 2)))
        earnings = [e for e in state.earnings if e["kind"] == 1 and
                    (e["state"] != UNASSIGNED or rng.random() < 0.2)]
        if earnings and rng.random() < 0.8:
            e = rng.choice(earnings)
            body |= dict(cause_order=e["order"], cause_line=e["line"],
                         distance=e["distance"], basis=rng.choice((1, 1, 1, 2)),
                         amount=self.some(e["accrued"] - e["reversed"]),
                         payee=self.maybe(0.85, e["agent"], self.agent()) or self.agent())
        return body

    # ------------------------------------------------------------ claw-backs, by hand

    def clawback_repaid(self):
        agent, amount = self.balance_of(1110, 1)
        return dict(agent=agent, amount=self.some(amount), ref=self.new("v", 60))

    def clawback_written_off(self):
        return self.clawback_repaid() | self.two() | dict(reason=self.why())

    def bonus_awarded(self):
        rng, contests = self.rng, self.model.state.contests
        shares = [dict(agent=self.agent(), amount=self.some(rng.choice((7, 40, 500))))
                  for _ in range(rng.choice((1, 1, 2, 3)))]
        pool = sum(share["amount"] for share in shares)
        name = self.new("bonus", 4)
        if contests and rng.random() < 0.4:
            name = rng.choice(list(contests))
        return dict(bonus=name, period=self.new("m", 9),
                    pool=max(1, pool + rng.choice((0,) * 12 + (1, -1))),
                    metric=rng.choice(METRICS), shares=shares)

    def manual_adjustment(self):
        rng, adjustments = self.rng, self.model.state.adjustments
        body = dict(adjustment=self.new("adj", 40), agent=self.agent(),
                    deduct=rng.random() < 0.45, amount=self.some(rng.choice((5, 60, 900))),
                    reason=self.why(), **self.two())
        if adjustments and rng.random() < 0.4:
            name = rng.choice(list(adjustments))
            other = adjustments[name]
            body |= dict(reverses=self.maybe(0.95, name, "nobody"),
                         deduct=not other["deduct"] or rng.random() < 0.05,
                         agent=self.maybe(0.95, other["agent"], self.agent()),
                         amount=self.maybe(0.95, other["amount"], 3))
        return body

    # ------------------------------------------------------------------------- payouts

    def payout_requested(self):
        state, rng = self.model.state, self.rng
        name, available = self.balance_of(2120, -1)
        payees = [agent for agent in state.purses if state.purses[agent]["payee"] and
                  state.balance(2120, agent)]
        if payees and self.rng.random() < 0.9:
            name = self.rng.choice(payees)
            available = -state.balance(2120, name)
        payee = state.purses[name]["payee"] if name in state.purses else b""
        return dict(payout=self.new("pay", 40, state.payouts), agent=name,
                    gross=self.some(available),
                    method=rng.choice(("bank", "bank", "card", "")),
                    payee_hash=self.maybe(0.93, base64.b64encode(payee).decode(),
                                          rng.choice(PAYEES)))

    def payout_in(self, *states):
        payouts = self.model.state.payouts
        fitting = [name for name, p in payouts.items() if p["state"] in states]
        if fitting and self.rng.random() < 0.9:
            return self.rng.choice(fitting)
        return self.known(payouts)

    def payout_step(self, kind):
        return dict(payout=self.payout_in(*PAYOUT_STEPS[kind]), action=self.new("x", 99))

    def payout_approved(self):
        return self.payout_step("payout_approved")

    def payout_rejected(self):
        return self.payout_step("payout_rejected") | dict(reason="why")

    def payout_cancelled(self):
        return self.payout_step("payout_cancelled") | dict(reason="why")

    def payout_unknown(self):
        return self.payout_step("payout_unknown")

    def payout_failed(self):
        return self.payout_step("payout_failed") | dict(
            code="no", final=self.rng.random() < 0.75)

    def payout_batched(self):
        state, rng = self.model.state, self.rng
        fitting = [name for name, p in state.payouts.items() if p["state"] == APPROVED]
        names = rng.sample(fitting, min(len(fitting), rng.choice((1, 2, 3))))
        if not names or rng.random() < 0.08:
            names.append(self.known(state.payouts))
        body = dict(batch=self.new("bat", 30), payouts=names, total=1)
        body["total"] = max(1, self.total_of(body) + rng.choice((0,) * 12 + (1, -1)))
        return body

    def total_of(self, body):
        """What the model expects of a batch."""
        model = self.model
        before = model.state.save()
        try:
            model.on_payout_batched(dict(body, total=0), self.at)
            total = 0
        except Refused as refused:
            total = refused.limit if refused.rule == "AMOUNT_MISMATCH" else 0
        model.state.restore(before)
        return total

    def payout_sent(self):
        return dict(payout=self.payout_in(APPROVED, BATCHED), provider=self.new("bk", 2),
                    request_no=self.new("rq", 60))

    def answered(self, *states):
        name = self.payout_in(*states)
        provider = self.model.state.payouts.get(name, {}).get("provider")
        return dict(payout=name, provider=self.maybe(0.94, provider, "bk9") or "bk0",
                    provider_ref=self.new("rf", 80))

    def payout_settled(self):
        return self.answered(SENT, UNKNOWN) | dict(
            fee=self.rng.choice((0, 0, 1, 3, 50)))

    def payout_returned(self):
        body = self.answered(SETTLED)
        payout = self.model.state.payouts.get(body["payout"])
        most = payout["gross"] - payout["tax"] - payout["borne"] if payout else 5
        return body | dict(amount=self.some(most))

    def tax_remitted(self):
        state = self.model.state
        months = [owner for number, owner in state.posted if number == 2160]
        name = self.known(months, "2024-02")
        return dict(period=name, ref=self.new("v", 40),
                    amount=self.some(-state.balance(2160, name)))

    # ------------------------------------------------------------------------- control

    def period_closed(self):
        rng, state = self.rng, self.model.state
        begins = self.book_opened_at()
        if state.closed_until is not None:
            begins = state.closed_until + rng.choice((0,) * 5 + (1,))
        clock = max(state.clock, self.at)
        ends = rng.choice((clock, clock, clock - DAY, clock - DAY, clock + 1))
        if ends <= begins:
            ends = begins + rng.choice((1, DAY, 0))
        name = self.new("per", 30)
        digest = self.model.hash_after(self.at, name, begins, ends)
        if rng.random() < 0.08:
            digest = rng.choice((b"", bytes(32), digest[:31]))
        return {"period": name, "from": begins, "to": ends,
                "balances_hash": base64.b64encode(digest).decode()}

    def book_opened_at(self):
        book = self.model.state.book
        return book["opened_at"] if book else 0

    def override_granted(self):
        rng = self.rng
        return dict(override=self.new("ov", 30), guard=rng.choice(GUARDS),
                    subject=self.agent(), reason="why", **self.two(),
                    expires_at=rng.choice((None, self.at, self.at + 1, self.at + DAY,
                                           self.at + 9 * DAY, self.at + 9 * DAY)))

    def contest_opened(self):
        rng = self.rng
        begins = self.now - rng.choice((0, 3, 30)) * DAY
        return {"contest": self.new("con", 5), "pool": self.some(100), "from": begins,
                "to": begins + rng.choice((0, 1, 20 * DAY, 40 * DAY)),
                "metric": rng.choice(("MATURED_RETAIL", "MATURED_RETAIL", "TEAM_RETAIL",
                                      "TRAINING"))}

    def contest_closed(self):
        contests = self.model.state.contests
        over = [name for name, c in contests.items() if not c["closed"]
                and c["to"] <= self.at]
        return dict(contest=self.rng.choice(over) if over and self.rng.random() < 0.85
                    else self.known(contests))

    # -------------------------------------------------------------------- what is there

    def money_makes_sense(self, kind):
        """False if what KIND works on does not exist; None if it is not about money."""
        state = self.model.state
        if kind == "payout_requested":
            return any(e["state"] == MATURED for e in state.earnings)
        if kind in PAYOUT_STEPS:
            return any(p["state"] in PAYOUT_STEPS[kind] for p in state.payouts.values())
        needed = {
            "chargeback": state.chargebacks,
            "hold_released": state.holds, "order_cleared": state.holds,
            "contest_closed": state.contests, "team_member": state.teams,
            "tax": state.tax_months, "order_flagged": state.orders,
            "commission": state.orders}
        if kind == "chargeback_opened":
            return bool(state.orders)
        for start, table in needed.items():
            if kind.startswith(start):
                return bool(table)
        if kind.startswith("clawback"):
            return any(account[0] == 1110 for account in state.posted)
        return None
