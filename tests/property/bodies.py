"""The bodies of random events, drawn with an eye on what a model knows.

Each method makes the body of one type of event and has its name.
"""

from bodies_goods import GoodsBodies
from bodies_guards import GuardBodies
from bodies_money import MoneyBodies
from bodies_plan import CATEGORIES, RANKS
from bodies_trust import TrustBodies
from bodies_watch import WatchBodies
from event_rules import AMOUNT_MAX, line_amount
from model_money import HOLDER_SHIP, RESTOCK, SELF

HOUR = 3_600_000_000


class Bodies(MoneyBodies, GoodsBodies, GuardBodies, WatchBodies, TrustBodies):
    """Needs of whoever inherits it: rng, model, now, the time of the stream, at, that of
    the event, focus, an order, and is_huge: amounts near to what int64 holds."""

    # -------------------------------------------------------------------------- id pools

    def pool(self, name):
        state = self.model.state
        numbered = dict(
            order="o", refund="r", sku="s", lot="l", seller="a", agent="a", sponsor="a",
            customer="c", binding="b", shipment="h", transfer="t", document="d", count="n",
            psp="p", batch="g", change="k", referral="f", action="x", channel="ch")
        if name in ("buyer", "old_sponsor", "new_sponsor", "referrer_agent",
                    "referred_agent"):
            return ["a0", "a1", "a2", "c0", "c1", "nobody"]
        if name.startswith(("referrer", "referred")):
            return ["c0", "c1", "c2"]
        if name == "superseded_by":
            return list(state.skus) + ["nobody", ""]
        if name in ("approver1", "approver2"):
            return ["ann", "bob", ""]
        letter = numbered.get(name, "z")
        return [f"{letter}{i}" for i in range(3)]

    def maybe(self, share, value, other=""):
        return value if self.rng.random() < share else other

    def new(self, letter, count, known=()):
        """A name of the pool, most of the time one that is not in KNOWN."""
        names = [f"{letter}{i}" for i in range(count)]
        unknown = [name for name in names if name not in known]
        return self.rng.choice(unknown if unknown and self.rng.random() < 0.85 else names)

    def known(self, table, stranger="nobody"):
        if table and self.rng.random() < 0.985:
            return self.rng.choice(list(table))
        return stranger

    def agent(self):
        return self.known(self.model.state.agents, self.rng.choice(("a6", "nobody")))

    def location(self):
        return {"location": self.rng.choice(("w0", "w0", "w1"))}

    def holder(self):
        chance = self.rng.random()
        if chance < 0.55:
            return {"agent": self.agent()}
        return self.location() if chance < 0.9 else {}

    def place(self):
        return self.rng.choice((None, None, "PHYSICAL", "CLOUD", "PLACE_UNSPECIFIED"))

    def price(self):
        if self.is_huge and self.rng.random() < 0.3:
            return self.rng.choice((AMOUNT_MAX, AMOUNT_MAX // 9, 10**9))
        return self.rng.choice((0, 10, 99, 99, 250, 1234, 19_900))

    def good(self):
        state, rng = self.model.state, self.rng
        sku = self.known(state.skus)
        lots = [name for name, lot in state.lots.items() if lot["sku"] == sku]
        lot = rng.choice(lots) if lots and rng.random() < 0.4 else ""
        return dict(sku=sku, lot=self.maybe(0.97, lot, rng.choice(("l0", "l1", "nolot"))))

    def numbers(self, most):
        """Rising line numbers."""
        count = self.rng.choice((1, 1, 1, 2, 2, most))
        return sorted(self.rng.sample(range(1, 6), count))

    # ------------------------------------------------------------------ 1xx, 2xx bodies

    def book_opened(self):
        return dict(book=self.rng.choice(("book", "book2")), currency="CNY", exponent=2)

    def sku_defined(self):
        rng, skus = self.rng, self.model.state.skus
        sku = self.new("s", 3)
        last = skus.get(sku, {}).get("revision", 0)
        return dict(sku=sku, revision=last + rng.choice((1, 1, 1, 1, 0, 2)),
                    list_price=rng.choice((0, 100, 200, 12_345)),
                    return_window_days=rng.choice((0, 0, 2, 7)) if self.money else 7,
                    factory_price=rng.choice((0, 3, 60)),
                    category=self.maybe(0.6, rng.choice(CATEGORIES)),
                    not_commissionable=rng.random() < 0.12,
                    superseded_by=self.maybe(0.2, rng.choice((sku, "s0", "nobody"))),
                    documents=rng.sample(["d1", "d2"], rng.randint(0, 2)))

    def lot_registered(self):
        return dict(lot=self.new("l", 5, self.model.state.lots),
                    sku=self.known(self.model.state.skus), qty=self.rng.randint(1, 9),
                    custodian=self.maybe(0.4, self.holder(), None))

    def agent_enrolled(self):
        agents = self.model.state.agents
        return dict(agent=self.new("a", 7, agents),
                    rank=self.maybe(0.6, self.rng.choice(RANKS)),
                    sponsor=self.maybe(0.8, self.agent()),
                    employee=self.rng.random() < 0.1,
                    customer=self.maybe(0.3, self.new("c", 4)))

    def agent_verified(self):
        name = self.agent()
        last = self.model.state.agents.get(name, {}).get("revision", 0)
        return dict(agent=name, revision=last + self.rng.choice((1, 1, 1, 0, 2)),
                    id_hash="AAEC",
                    payee_hash=self.rng.choice(("AAEC", "AAEC", "AwQF", "")))

    def sponsor_changed(self):
        rng, name = self.rng, self.agent()
        now = self.model.state.agents.get(name, {}).get("sponsor", "")
        return dict(change=self.new("k", 30), agent=name,
                    old_sponsor=self.maybe(0.9, now, self.agent()),
                    new_sponsor=self.maybe(0.85, self.agent()), approver1="ann",
                    approver2=rng.choice(("bob", "bob", "bob", "bob", "ann", "")))

    def rank_changed(self):
        name = self.agent()
        now = self.model.state.agents.get(name, {}).get("rank", "")
        return dict(agent=name, period=self.new("m", 9),
                    new_rank=self.rng.choice(RANKS),
                    old_rank=self.maybe(0.8, now, "gold"), value=self.rng.randint(-3, 3))

    def agent_step(self):
        return dict(agent=self.agent(), action=self.new("x", 20))

    agent_suspended = agent_reinstated = agent_terminated = agent_step

    def customer_bound(self):
        rng = self.rng
        expires = self.now + rng.choice((-HOUR, 0, 1, HOUR, 100 * HOUR))
        return dict(binding=self.new("b", 20), customer=self.new("c", 4),
                    agent=self.maybe(0.8, self.agent()),
                    expires_at=rng.choice((None, expires, expires)),
                    referrer_customer=self.maybe(0.4, self.new("c", 5)))

    def customer_unbound(self):
        state = self.model.state
        customer = self.known(state.customers)
        now = state.customers.get(customer, {}).get("binding", "")
        return dict(binding=self.maybe(0.85, now, self.new("b", 20)) or "b0",
                    customer=self.maybe(0.9, customer, "c1"))

    def referral_recorded(self):
        body = dict(referral=self.new("f", 20))
        for side in ("referrer", "referred"):
            if self.rng.random() < 0.4:
                body[side + "_agent"] = self.agent()
            else:
                body[side + "_customer"] = self.new("c", 5)
        return body

    # ---------------------------------------------------------------------- 3xx bodies

    def order_line(self, number, shipper):
        rng, qty, price = self.rng, self.rng.choice((1, 2, 5, 9)), self.price()
        there = self.stock_of(shipper) if shipper else []
        good = self.good()
        if there and rng.random() < 0.8:
            *_, sku, lot = rng.choice(there)
            good = dict(sku=sku, lot=self.maybe(0.7, lot))
        return dict(line=number, **good, qty=qty, unit_price=price,
                    discount=self.maybe(0.25, rng.randint(0, qty * price), 0),
                    tax=self.maybe(0.25, rng.randint(0, qty * price // 8 + 1), 0))

    def stock_of(self, holder, place=1):
        """The positions of a holder that hold something."""
        kind, name = next(iter(holder.items()), ("supply", ""))
        return [p for p in self.model.state.positions
                if p[1:4] == (kind, name, place) and self.model.state.units_at(p)]

    def shipper(self, by_holder, seller):
        chance = self.rng.random()
        if chance < 0.05:
            return {"agent": self.agent()}
        if by_holder:
            return {"agent": seller} if seller and chance < 0.4 else None
        place = self.location()
        if self.money and chance < 0.9:
            return None
        return place if chance < 0.6 and (self.stock_of(place) or chance < 0.1) else None

    def stocked_agent(self):
        """An agent who can ship goods, if there is one."""
        names = [p[2] for p in self.model.state.positions
                 if p[1] == "agent" and p[3] == 1 and self.model.state.units_at(p)]
        return self.rng.choice(names) if names and self.rng.random() < 0.8 else self.agent()

    def order_placed(self):
        rng = self.rng
        kind = rng.choice((0, 1, 1, 1, SELF, SELF, RESTOCK, RESTOCK, 4))
        fulfilment = rng.choice((0, 1, HOLDER_SHIP, HOLDER_SHIP, 3))
        if self.money:
            kind = rng.choice((0, 1, 1, 1, 1, 1, 1, SELF, RESTOCK, 4))
            fulfilment = rng.choice((0, 1, 1, 1, 3, HOLDER_SHIP))
        if kind == RESTOCK and fulfilment == HOLDER_SHIP and rng.random() < 0.9:
            fulfilment = 1
        by_holder = fulfilment == HOLDER_SHIP
        seller = self.maybe(0.7, self.agent())
        if seller and self.rng.random() < 0.5:
            seller = list(self.model.state.agents or [seller])[-1]
        if by_holder:
            seller = self.maybe(0.95, self.stocked_agent())
        shipper = self.shipper(by_holder, seller)
        source = {"agent": seller} if by_holder else shipper
        buyer = self.maybe(0.7, rng.choice(("c0", "c1", "c2", "c3", "a0")))
        if kind in (SELF, RESTOCK):
            buyer = self.maybe(0.95, self.agent())
        return dict(order=self.new("o", 60, self.model.state.orders), kind=kind,
                    seller=seller, buyer=buyer, channel=rng.choice(("", "ch0", "ch1")),
                    fulfilment=fulfilment,
                    lines=[self.order_line(n, source) for n in self.numbers(3)],
                    shipping=self.maybe(0.3, rng.choice((5, 12)), 0),
                    ship_from=shipper, attributions=self.maybe(
                        0.15, self.attributions(), None))

    def attributions(self):
        rng, left = self.rng, 1_000_000
        names = [self.agent() for _ in range(rng.choice((1, 2, 2, 3)))]
        if rng.random() < 0.95:
            names = list(dict.fromkeys(names))
        parts = []
        for name in names[:-1]:
            weight = rng.choice((1, 250_000, 333_333))
            parts.append(dict(agent=name, weight_ppm=weight))
            left -= weight
        parts.append(dict(agent=names[-1], weight_ppm=left))
        if rng.random() < 0.05:
            parts[0]["weight_ppm"] -= 1
        return parts

    def sale_recorded(self):
        rng, body = self.rng, self.order_placed()
        total = sum(line_amount(line) for line in body["lines"]) + body["shipping"]
        body["paid"] = max(1, total + rng.choice((0,) * 20 + (1, -1)))
        if rng.random() < (0.95 if self.money else 0.8):
            body |= self.payment()
        body["paid_by_balance"] = self.maybe(0.15, rng.randint(0, body["paid"]), 0)
        body["delivered_at"] = self.maybe(0.5, self.now - rng.choice((0, 0, 1, HOUR)), None)
        return body

    def payment(self):
        """Names of a payment, at times one that paid something before."""
        used = [key for key in self.model.held if key[0] == "payment"]
        if used and self.rng.random() < 0.08:
            _, psp, psp_txn = self.rng.choice(used)
            return dict(psp=psp, psp_txn=psp_txn)
        return dict(psp=self.new("p", 2), psp_txn=self.new("t", 200))

    def order(self):
        return self.known(self.model.state.orders)

    def order_cancelled(self):
        state = self.model.state
        unpaid = [name for name, order in state.orders.items() if not order["payments"]]
        return dict(order=self.known(unpaid) if self.rng.random() < 0.6 else self.order(),
                    reason=self.maybe(0.3, "why"))

    def order_paid(self):
        state, rng = self.model.state, self.rng
        owing = [name for name, order in state.orders.items()
                 if state.paid(order) < order["total"] and not order["cancelled"]]
        name = rng.choice(owing) if owing and rng.random() < 0.9 else self.order()
        name = self.focus if self.focus in owing else name
        amount = 5
        if name in state.orders:
            order = state.orders[name]
            amount = self.part(order["total"] - state.paid(order))
        amount = max(1, amount)
        return dict(order=name, **self.payment(), amount=amount,
                    paid_by_balance=self.maybe(0.15, self.rng.randint(0, amount), 0))

    def part(self, whole):
        """Most of the time some or all of WHOLE, at times too much."""
        return self.rng.choice(
            (whole, whole, whole, whole, whole // 2, whole // 3, 0, 1, whole + 1))

    def psp_settled(self):
        gross = self.rng.choice((0, 100, 500))
        return dict(psp=self.new("p", 3), batch=self.new("g", 20), gross=gross,
                    fee=self.rng.choice((0, gross // 10, gross, gross + 1)))

    def line_of(self, name, wanted=lambda order, line: True):
        """A line of an order, one that is WANTED if there is one."""
        order = self.model.state.orders.get(name)
        if not order or self.rng.random() < 0.04:
            return self.rng.randint(0, 6)
        fitting = [n for n, line in order["lines"].items() if wanted(order, line)]
        return self.rng.choice(fitting or list(order["lines"]))

    def alive(self, wanted):
        """An order with a line that is WANTED, if there is one."""
        orders = [name for name, order in self.model.state.orders.items()
                  if not order["cancelled"] and
                  any(wanted(order, line) for line in order["lines"].values())]
        if self.focus in orders and self.rng.random() < 0.6:
            return self.focus
        if orders and self.rng.random() < 0.85:
            return self.rng.choice(orders)
        return self.order()

    def goods_shipped(self):
        state, rng = self.model.state, self.rng

        def open_line(order, line):
            return line["sku"] and not line["received"]
        name = self.alive(open_line)
        number = self.line_of(name, open_line)
        body = dict(order=name, shipment=self.new("h", 9), line=number, qty=1)
        order = state.orders.get(name)
        if order and number in order["lines"]:
            line = order["lines"][number]
            left = line["qty"] - line["returned"] - state.in_transit(name, number)
            body["qty"] = max(1, rng.randint(1, max(1, left)) if rng.random() < 0.8
                              else self.part(left))
            body |= self.where_from(order, line)
        if rng.random() < 0.06:
            body[rng.choice(("holder", "lot"))] = None
        return body | self.maybe(0.06, dict(holder=self.holder(), lot=rng.choice(
            ("l0", "l1", "nolot"))), {})

    def where_from(self, order, line):
        """Holder and lot of a shipment: a shelf that has the goods, or supply."""
        state, rng = self.model.state, self.rng
        holder_ships = order["fulfilment"] == HOLDER_SHIP
        there = [p for p in state.positions if p[4] == line["sku"] and state.units_at(p) and
                 (p[2] == order["seller"] if holder_ships else p[1] == "location")]
        lots = [name for name, lot in state.lots.items() if lot["sku"] == line["sku"]]
        if there and rng.random() < 0.7:
            position = rng.choice(there)
            return dict(holder={position[1]: position[2]}, lot=position[-1])
        return dict(holder=None, lot=rng.choice(lots + ["", ""]))

    def receipt_confirmed(self):
        name = self.alive(lambda order, line: not line["received"])
        return dict(order=name, method="USER", line=self.maybe(0.4, 0, self.line_of(
            name, lambda order, line: line["sku"] and not line["received"])))

    def refund_terms(self, refund):
        state, rng = self.model.state, self.rng

        def refundable(order, line):
            return (state.paid(order) and
                    (line["refunded"] < line["amount"] or line["returned"] < line["qty"]))
        asked = state.refunds.get(refund)
        if asked and rng.random() < 0.9:
            name, number = asked["order"], asked["line"]
        else:
            name = self.alive(refundable)
            number = self.line_of(name, refundable)
        amount, qty = 1, 0
        line = state.orders.get(name, {}).get("lines", {}).get(number)
        if line:
            amount = self.part(line["amount"] - line["refunded"])
            qty = self.part(line["qty"] - line["returned"]) if number else 0
            qty = self.maybe(0.5, qty, 0)
        if asked and rng.random() < 0.8:
            amount, qty = self.part(asked["amount"]), self.part(asked["qty"])
        if not qty and rng.random() < 0.95:
            amount = max(1, amount)
        return dict(refund=refund, order=name, line=number, amount=amount,
                    qty=qty, reason=self.maybe(0.1, "why"))

    def refund_requested(self):
        return self.refund_terms(self.new("r", 30, self.model.state.refunds))

    def refund_in(self, *steps):
        fitting = [name for name, refund in self.model.state.refunds.items()
                   if refund["state"] in steps]
        if fitting and self.rng.random() < 0.85:
            return self.rng.choice(fitting)
        return self.known(self.model.state.refunds)

    def refund_rejected(self):
        return dict(refund=self.refund_in("REQUESTED"))

    def refund_approved(self):
        refund = (self.new("r", 30, self.model.state.refunds)
                  if self.rng.random() < 0.6 else self.refund_in("REQUESTED"))
        return self.refund_terms(refund) | dict(
            restock_to=self.maybe(0.6, self.holder(), None))

    def refund_paid(self):
        return dict(refund=self.refund_in("APPROVED"), psp=self.new("p", 2),
                    psp_ref=self.new("q", 60))

    # ---------------------------------------------------------------------- 6xx bodies

    def plenty(self):
        """Goods for a shelf that orders will be shipped from."""
        lines = [dict(line=i + 1, **self.good(), qty=self.rng.randint(5, 30), unit_price=10)
                 for i in range(4)]
        to = self.location() if self.rng.random() < 0.6 else {"agent": self.agent()}
        return dict(transfer=self.new("t", 40), to=to, lines=lines)

    def stock_line(self, number, most=6):
        return dict(line=number, **self.good(), qty=self.rng.randint(1, most),
                    unit_price=self.price())

    def stock_lines(self, holder=None, place=1):
        """Lines, often of goods that HOLDER has."""
        state, rng = self.model.state, self.rng
        lines = [self.stock_line(n, 20 if holder is None else 6) for n in self.numbers(3)]
        if holder:
            there = self.stock_of(holder, place)
            for line in lines:
                if there and rng.random() < 0.9:
                    position = rng.choice(there)
                    line |= dict(sku=position[4], lot=position[5],
                                 qty=max(1, self.part(state.units_at(position))))
        return lines

    def stocked_holder(self, agents_only=False):
        state, rng = self.model.state, self.rng
        there = [p for p in state.positions if state.units_at(p) and
                 (p[1] == "agent" or not agents_only)]
        if there and rng.random() < 0.85:
            position = rng.choice(there)
            return {position[1]: position[2]}, position[3]
        return self.holder(), rng.choice((1, 2))

    def stock_issued(self):
        rng = self.rng
        source = rng.choice((None, None, None, {}, self.location(), self.holder()))
        restock = [name for name, order in self.model.state.orders.items()
                   if order["kind"] == RESTOCK]
        body = dict(transfer=self.new("t", 40), to=self.holder(), place=self.place(),
                    lines=self.stock_lines(source), channel=self.maybe(0.1, "ch0"),
                    order=self.maybe(0.15, self.known(restock) if rng.random() < 0.7
                                     else self.order()))
        body["from"] = source
        if rng.random() < 0.5:
            total = sum(line_amount(line) for line in body["lines"])
            body |= dict(**self.payment(),
                         paid=max(0, total + rng.choice((0,) * 12 + (1, -1))))
        return body

    def stock_transferred(self):
        source, place = self.stocked_holder()
        to = self.holder() if self.rng.random() < 0.85 else source
        return {"transfer": self.new("t", 40), "from": source, "to": to,
                "from_place": place, "to_place": self.place(),
                "lines": self.stock_lines(source, place)}

    def stock_consumed(self):
        holder, place = self.stocked_holder()
        return dict(document=self.new("d", 30), holder=holder, place=place,
                    kind=self.rng.randint(1, 4), lines=self.stock_lines(holder, place),
                    order=self.maybe(0.2, self.order()))

    def stock_returned(self):
        holder, place = self.stocked_holder(agents_only=True)
        return dict(document=self.new("d", 30), agent=holder.get("agent", "a0"),
                    place=place, lines=self.stock_lines(holder, place),
                    to=self.maybe(0.5, self.location(),
                                  self.maybe(0.1, self.holder(), None)))

    def stock_counted(self):
        return dict(count=self.new("n", 30), line=self.rng.randint(1, 2),
                    holder=self.holder(), place=self.place(), **self.good(),
                    counted=self.rng.choice((0, 1, 3, 8)))

    def clock_advanced(self):
        return {}
