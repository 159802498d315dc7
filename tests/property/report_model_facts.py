"""What records say, as facts: src/metrics/METRICS.md section 1, plainly.

The books once more (model.py) take the events; a fact is what is different behind an
accepted event, found by looking at the whole state before and after it.
"""

import base64
from types import SimpleNamespace

from model import Model
from model_money import HOLDER_SHIP, RESTOCK, RETAIL, SELF
from model_state import (BONUS, COMMISSION, COUNTED, EXPECTED, LOST, ON_RETAIL, ON_SELL_IN,
                         PASSED_DOWN, PROCEEDS, RECEIVED, RECRUITING, RETURNED, SAMPLED,
                         SELF_USED, SOLD, TAKEN_BACK, TAX_BACK, UNASSIGNED)

DAY = 86_400_000_000
SECOND = 1_000_000
VERIFIED, ANONYMOUS, DIRECT, FORMER, DOUBTED = range(5)
STOCK, SELF_USE, AS_CUSTOMER = range(3)
RANK_OTHER, RANK_RETAIL, RANK_PURCHASES, RANK_HEADS = range(4)
RANK_GROUNDS = dict(PURCHASE_VOLUME=RANK_PURCHASES, HEAD_COUNT=RANK_HEADS,
                    MATURED_RETAIL=RANK_RETAIL, TEAM_RETAIL=RANK_RETAIL,
                    REPEAT_RATE=RANK_RETAIL)
MOVEMENTS = {RECEIVED: "RECEIVED", SOLD: "SOLD", PASSED_DOWN: "PASSED_DOWN",
             SELF_USED: "SELF_USED", SAMPLED: "SAMPLED", LOST: "LOST",
             RETURNED: "RETURNED", TAKEN_BACK: "TAKEN_BACK", COUNTED: "COUNTED"}
PURCHASE_OF = {RESTOCK: STOCK, SELF: SELF_USE}


def for_model(event):
    """(microseconds, kind, body) as the model reads it."""
    at, kind, body = event
    body = {name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for name, value in body.items()}
    return dict(effective_at=at, **{kind: body})


def fact(kind, **more):
    return SimpleNamespace(**(dict(
        kind=kind, agent="", other="", amount=0, qty=0, code=0, cls=0, basis="", distance=0,
        is_condition=False, is_own_goods=False, is_pool=False, sku="", name="") | more))


class Orders:
    """What orders are to an examiner, between two events."""

    def __init__(self, model):
        state = model.state
        self.paid = {name for name, order in state.orders.items()
                     if not order["cancelled"] and (
                         order["direct"] or state.paid(order) == order["total"])}
        self.refunded = {(name, number): (line["refunded"], line["returned"])
                         for name, order in state.orders.items()
                         for number, line in order["lines"].items() if number}
        self.flagged = {name for name in state.orders if model.flags_of(name)}


class Facts:
    """Takes events; FACTS of what was accepted, in log order."""

    def __init__(self):
        self.model = Model()
        self.facts = []
        self.sold = {}  # order -> class by the rights of its buyer, whatever flags say
        self.bought = {}  # order -> (agent, purchase)
        self.asked_after = {}  # refund -> days from payment to the request
        self.paid_at = {}
        self.earnings = {}  # number -> the REWARD
        self.fees = set()

    def take(self, event):
        """True: it was accepted."""
        model, (at, kind, _) = self.model, event
        before = Orders(model)
        n_moves, n_earnings = len(model.state.moves), len(model.state.earnings)
        reversed_before = [e["reversed"] for e in model.state.earnings]
        n_findings = len(model.state.findings)
        payouts = {name: p["state"] for name, p in model.state.payouts.items()}
        verdict = model.take(for_model(event))
        if verdict["outcome"] != "ACCEPTED":
            return False
        first = len(self.facts)
        body = model.event.body
        self.tell_event(kind, body, at)
        self.tell_paid(before, at)
        self.tell_refunds(before, kind)
        self.tell_flags(before)
        self.tell_moves(model.state.moves[n_moves:], kind, body)
        self.tell_earnings(n_earnings, reversed_before, body)
        self.tell_payouts(payouts, body)
        for finding in model.state.findings[n_findings:]:
            kind, subject = finding["subject"]
            self.add("FINDING", name=finding["rule"], agent=subject if kind == 1 else "")
        for told in self.facts[first:]:
            told.at, told.position = at, verdict["position"]
            told.day = model.state.local_day(at)
        return True

    def add(self, kind, **more):
        self.facts.append(fact(kind, **more))
        return self.facts[-1]

    # ------------------------------------------------------------ what an event says itself

    def tell_event(self, kind, body, at):
        tell = getattr(self, "on_" + kind, None)
        if tell:
            tell(body, at)

    def on_agent_enrolled(self, body, at):
        until = body["cooling_off_until"]
        days = max(1, (until - at) // DAY) if until is not None else 0
        self.add("JOINED", agent=body["agent"], other=body["sponsor"], qty=days)

    def on_sponsor_changed(self, body, at):
        self.add("MOVED", agent=body["agent"], other=body["new_sponsor"])

    def on_agent_terminated(self, body, at):
        self.add("LEFT", agent=body["agent"])

    def on_agent_verified(self, body, at):
        if body["id_hash"]:
            self.add("IDENTITY", agent=body["agent"], name=body["id_hash"])

    def on_rank_changed(self, body, at):
        self.add("RANKED", agent=body["agent"], amount=body["value"],
                 code=RANK_GROUNDS.get(body["metric"], RANK_OTHER))

    def on_observation_recorded(self, body, at):
        is_agent = body["subject"] in self.model.state.agents
        if body["value"] and body["code"] == "prior_sanction" and is_agent:
            self.add("MARKED", agent=body["subject"], name="prior_sanction")
        if body["value"] and body["code"] == "direct_selling_licence" and not is_agent:
            self.add("MARKED", name="licence")

    def on_fee_charged(self, body, at):
        self.fees.add(body["fee"])
        self.add("FEE", agent=body["agent"], amount=body["amount"],
                 is_condition=body["is_condition"])

    def on_deposit_received(self, body, at):
        self.add("DEPOSIT", agent=body["agent"], amount=body["amount"])

    def on_deposit_returned(self, body, at):
        self.add("DEPOSIT_BACK", agent=body["agent"], amount=body["amount"])

    def on_stock_issued(self, body, at):
        kind, agent = body["to"]
        if kind == "agent" and body["paid"] > 0:
            self.add("BOUGHT", agent=agent, amount=body["paid"], code=STOCK,
                     qty=sum(line["qty"] for line in body["lines"]))

    def on_stock_returned(self, body, at):
        credit = sum(line["qty"] * line["unit_price"] for line in body["lines"])
        if credit:
            self.add("BOUGHT_BACK", agent=body["agent"], code=STOCK, amount=credit,
                     qty=sum(line["qty"] for line in body["lines"]))

    def on_buyback_requested(self, body, at):
        self.add("BUYBACK_ASKED", agent=body["agent"], qty=body["qty"],
                 name=body["request"])

    def on_buyback_settled(self, body, at):
        self.add("BOUGHT_BACK", agent=body["agent"], code=STOCK, amount=body["amount"],
                 qty=body["qty"])
        self.add("BUYBACK_SETTLED", agent=body["agent"], qty=body["qty"],
                 amount=body["amount"], code=body["price_ppm"], name=body["request"])

    def on_refund_requested(self, body, at):
        if body["order"] in self.sold and body["line"]:
            days = (at // SECOND - self.paid_at[body["order"]] // SECOND) // 86_400
            self.asked_after[body["refund"]] = max(0, days)
            self.add("REFUND_ASKED", qty=max(0, days), agent=self.seller(body["order"]))

    def on_refund_rejected(self, body, at):
        if body["refund"] in self.asked_after:
            order = self.model.state.refunds[body["refund"]]["order"]
            self.add("REFUND_DENIED", qty=self.asked_after[body["refund"]],
                     agent=self.seller(order))

    def seller(self, order):
        return self.model.state.orders[order]["seller"]

    def on_payout_rejected(self, body, at):
        agent = self.model.state.payouts[body["payout"]]["agent"]
        self.add("PAYOUT_DENIED", agent=agent, code=1 if body["reason"] else 0)

    def on_plan_published(self, body, at):
        plan = self.model.state.plans[-1]
        self.add("PLAN", begins=plan.valid_from, ends=plan.valid_to,
                 end_day=None if plan.valid_to is None else
                 self.model.state.local_day(plan.valid_to))

    def on_commission_reported(self, body, at):
        state, payee = self.model.state, body["payee"]
        plan = state.plan_at(at)
        if payee not in state.agents or (
                plan.number and plan.value("engine") != "PLATFORM"):
            return
        order = state.orders.get(body["cause_order"])
        self.add("REWARD", agent=payee, amount=body["amount"],
                 distance=min(body["distance"], 255),
                 **self.ground_of_report(body["basis"], body, order))

    def ground_of_report(self, basis, body, order):
        if basis in (1, 2):
            return self.ground(basis == 1, body["distance"], order)
        if basis == 3:
            return dict(basis="JOIN_FEE" if body["cause_order"] in self.fees
                        else "HEADCOUNT")
        return dict(basis="OTHER")

    def ground(self, is_retail, distance, order):
        """Basis, class and purchase of pay on an order, or None if it is not known."""
        name = order["name"] if order else ""
        if name in self.bought:
            code = self.bought[name][1]
        elif order and order["kind"] != RETAIL:
            code = PURCHASE_OF.get(order["kind"], STOCK)
        elif order and name not in self.sold and self.rights_of_buyer(order)[0] is None:
            code = AS_CUSTOMER
        else:
            code = None if is_retail or order else STOCK
        if code is not None:
            return dict(basis="DOWN_PURCHASE" if distance else "OWN_PURCHASE", code=code)
        cls = self.class_now(order) if order else ANONYMOUS
        return dict(basis="DOWN_RETAIL" if distance else "OWN_RETAIL", cls=cls)

    # ------------------------------------------------------------------------- trade

    def rights_of_buyer(self, order):
        """(class by the buyer's rights, agent if it is one now or was one)."""
        state, buyer = self.model.state, order["buyer"]
        agent = ""
        if buyer:
            agent = state.customers.get(buyer, {}).get("person") or (
                buyer if buyer in state.agents else "")
        if agent and state.agents[agent]["state"] != 3:
            return None, agent
        if agent:
            return FORMER, agent
        if order["direct"]:
            return DIRECT, ""
        return (VERIFIED if buyer else ANONYMOUS), ""

    def class_now(self, order):
        if order["linked"] or self.model.flags_of(order["name"]):
            return DOUBTED
        if order["name"] in self.sold:
            return self.sold[order["name"]]
        cls = self.rights_of_buyer(order)[0]
        return ANONYMOUS if cls == VERIFIED else cls

    def left(self, order):
        lines = [line for number, line in order["lines"].items() if number]
        return dict(amount=sum(line["amount"] - line["refunded"] for line in lines),
                    qty=sum(line["qty"] - line["returned"] for line in lines))

    def sale(self, order, kind, **more):
        former = self.sold[order["name"]] == FORMER
        return self.add(kind, agent=order["seller"], other=order["buyer"], **(dict(
            cls=self.class_now(order), is_own_goods=order["fulfilment"] == HOLDER_SHIP,
            former=self.rights_of_buyer(order)[1] if former else "",
            name=order["name"]) | more))

    def tell_paid(self, before, at):
        for name in Orders(self.model).paid - before.paid:
            order = self.model.state.orders[name]
            self.paid_at[name] = at
            if order["kind"] in PURCHASE_OF:
                self.bought[name] = order["buyer"], PURCHASE_OF[order["kind"]]
            elif order["kind"] == RETAIL:
                cls, agent = self.rights_of_buyer(order)
                if cls is None:
                    self.bought[name] = agent, AS_CUSTOMER
                else:
                    self.sold[name] = cls
            if name in self.bought:
                agent, code = self.bought[name]
                self.add("BOUGHT", agent=agent, code=code, **self.left(order))
            elif name in self.sold:
                self.sale(order, "SOLD", **self.left(order),
                          by_flag=bool(self.model.flags_of(name)))
                for number, line in order["lines"].items():
                    if number and line["qty"]:
                        self.add("PRICE", agent=order["seller"],
                                 amount=line["amount"] // line["qty"])

    def tell_refunds(self, before, kind):
        if kind not in ("refund_approved", "chargeback_lost"):
            return
        for (name, number), was in before.refunded.items():
            order = self.model.state.orders[name]
            line = order["lines"][number]
            amount, qty = line["refunded"] - was[0], line["returned"] - was[1]
            if (not amount and not qty) or name not in before.paid:
                continue
            if name in self.bought:
                agent, code = self.bought[name]
                self.add("BOUGHT_BACK", agent=agent, code=code, amount=amount, qty=qty)
            elif name in self.sold:
                self.sale(order, "SOLD_BACK", amount=amount, qty=qty)

    def tell_flags(self, before):
        now = Orders(self.model)
        for name in sorted(before.flagged ^ now.flagged):
            order = self.model.state.orders[name]
            if name not in before.paid or name not in self.sold or order["linked"]:
                continue
            was, becomes = DOUBTED, self.sold[name]
            if name in now.flagged:
                was, becomes = becomes, DOUBTED
            self.sale(order, "RECLASSED", cls=becomes, was=was, **self.left(order))

    # -------------------------------------------------------------------------- goods

    def tell_moves(self, moves, event, body):
        prices = {}
        if event in ("stock_issued", "stock_transferred"):
            prices = {(line["sku"], line["lot"]): line["unit_price"]
                      for line in body["lines"]}
        giver = body.get("from", ("", ""))
        for i, (kind, position, change, units, _, value) in enumerate(moves):
            _, holder_kind, holder, _, sku, lot = position
            if holder_kind != "agent" or kind not in MOVEMENTS:
                continue
            amount, other = value if kind == RECEIVED else 0, ""
            if kind == PASSED_DOWN:
                amount, other = units * prices.get((sku, lot), 0), body["to"][1]
            if kind == RECEIVED and event in ("sale_recorded", "receipt_confirmed"):
                amount = self.cost_of_restock(body["order"], sku, units)
            if kind == RECEIVED and giver[0] == "agent":
                other = giver[1]
            if kind == RECEIVED and i and moves[i - 1][0] == TAKEN_BACK and (
                    not moves[i - 1][2] and moves[i - 1][1][1] == "agent"):
                other = moves[i - 1][1][2]
            self.add("GOODS", agent=holder, code=MOVEMENTS[kind], qty=units, sku=sku,
                     amount=amount, other=other)
            if kind == TAKEN_BACK and not change:
                self.gone_on(holder, sku, units, moves[i + 1:i + 2])

    def gone_on(self, giver, sku, units, next_move):
        """A consumer gave to somebody else what GIVER had sold."""
        taker = ""
        if next_move and next_move[0][0] == RECEIVED and next_move[0][1][1] == "agent":
            taker = next_move[0][1][2]
        self.add("GOODS", agent=giver, code="PASSED_DOWN" if taker else "RETURNED",
                 qty=units, sku=sku, other=taker)

    def cost_of_restock(self, name, sku, units):
        """What the order says of the line that the units came by; streams have one line
        of a sku in an order."""
        order = self.model.state.orders[name]
        if order["kind"] != RESTOCK:
            return 0
        for line in order["lines"].values():
            if line["sku"] == sku:
                return line["amount"] * units // line["qty"]
        return 0

    # --------------------------------------------------------------------------- pay

    def tell_earnings(self, n_before, reversed_before, body):
        earnings = self.model.state.earnings
        for e in earnings[n_before:]:
            if e["kind"] in (PROCEEDS, TAX_BACK) or e["state"] in (UNASSIGNED, EXPECTED):
                continue
            self.earnings[e["number"]] = self.add(
                "REWARD", agent=e["agent"], amount=e["accrued"],
                **self.ground_of_earning(e, body))
        for number, e in enumerate(earnings, 1):
            was = reversed_before[number - 1] if number <= n_before else 0
            if e["reversed"] > was and number in self.earnings:
                back = dict(vars(self.earnings[number]))
                back.update(kind="REWARD_BACK", amount=e["reversed"] - was)
                self.facts.append(SimpleNamespace(**back))

    def ground_of_earning(self, e, body):
        if e["kind"] == COMMISSION:
            order = self.model.state.orders[e["order"]]
            found = self.ground(e["basis"] == ON_RETAIL, e["distance"], order)
            return dict(found, distance=e["distance"])
        if e["kind"] == RECRUITING:
            return dict(basis="JOIN_FEE" if e["rate"] else "HEADCOUNT",
                        distance=e["distance"])
        if e["kind"] == BONUS:
            basis = dict(HEAD_COUNT="HEADCOUNT", PURCHASE_VOLUME="DOWN_PURCHASE",
                         TRAINING="OTHER").get(body["metric"], "DOWN_RETAIL")
            return dict(basis=basis, is_pool=True)
        return dict(basis="OTHER")

    def tell_payouts(self, before, body):
        for name, payout in self.model.state.payouts.items():
            now, was = payout["state"], before.get(name)
            if now == was:
                continue
            net = payout["gross"] - payout["tax"] - payout["borne"]
            if now == 6:
                self.add("PAID_OUT", agent=payout["agent"], amount=net)
            elif now == 10:
                self.add("PAID_OUT", agent=payout["agent"], amount=-payout["returned"])


assert ON_SELL_IN == 2


def facts_of(events):
    """Facts of EVENTS, (microseconds, kind, body), and which of them were accepted."""
    taker = Facts()
    accepted = [taker.take(event) for event in events]
    return taker, accepted
