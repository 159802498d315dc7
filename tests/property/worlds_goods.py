"""Small worlds in which guards look at goods: few agents, small limits, days that jump.

A world leans towards a few guards; its sets always say something of them.  Some worlds
begin before a leap day, their books east or west of Greenwich.
"""

import copy

from bodies_guards import GUARDS
from bodies_plan import CATEGORIES, RANKS
from bodies_watch import REGIONS
from event_rules import BODIES, line_amount
from model_gate import GATES
from model_payout import OVERRIDABLE
from model_state import DAY
from streams import START, Generator
from worlds import World

LEAP = 1_835_222_400_000_000  # 26 February 2028
GOODS_WEIGHTS = dict(
    sale_recorded=26, order_placed=9, order_paid=8, order_cancelled=1, goods_shipped=9,
    receipt_confirmed=9, refund_approved=10, refund_requested=1, stock_issued=14,
    stock_transferred=12, stock_consumed=2, stock_returned=4, stock_counted=3,
    restock_requested=8, buyback_requested=3, buyback_settled=3, custody_scanned=4,
    price_band_set=3, price_observed=4, territory_assigned=3, territory_revoked=1,
    guard_set_published=3, lot_registered=2, sku_defined=2, agent_enrolled=2,
    agent_verified=2, agent_suspended=0.4, agent_reinstated=3, agent_terminated=0.3,
    rank_changed=2, customer_bound=4, customer_unbound=1, observation_recorded=3,
    finding_acknowledged=2, finding_resolved=2, override_granted=3, fee_charged=2,
    order_flagged=2, order_cleared=3, contest_opened=1, contest_closed=1,
    deposit_received=1, deposit_returned=1, manual_adjustment=1, payout_requested=3,
    clock_advanced=4, plan_published=1, chargeback_opened=1, chargeback_lost=1,
    sponsor_changed=1, commission_held=1, hold_released=1, source_registered=1,
    source_key_revoked=1, subject_erased=0.5, digest_recorded=1)
# Guards, and the beginnings of the kinds of events that they look at.
GOODS_LEANINGS = (
    (tuple(GATES), ("restock", "stock_i", "sale", "manual", "sku")),
    (("standing", "starter", "holding"), ("restock", "agent_e", "agent_v", "override")),
    (("receivable", "restock_price"), ("restock", "manual", "price_b", "override")),
    (("sell_through", "cover", "aged"), ("restock", "stock_i", "sale", "buyback")),
    (("frequency", "rank_buy", "goods_state"), ("restock", "sku", "override")),
    (("needs_request", "joining"), ("restock", "stock_i", "order_p", "override")),
    (("territory",), ("territory", "sale", "order_p", "override")),
    (("sightings", "restock_price"), ("price", "restock")),
    (("cloud", "goods_out"), ("stock", "goods", "lot", "sku")),
    (("network", "multi_count", "push_down"), ("stock_i", "stock_t", "sale", "override")),
    (("multi_count",), ("stock_t", "sale")),
    (("cycle", "push_down"), ("stock_t",)),
    (("match",), ("order_p", "goods_s", "receipt", "refund", "clock")),
    (("fake_order",), ("sale", "order_pa", "refund_a", "receipt", "contest_o", "order_c")),
    (("fake_order", "exposure"), ("sale", "order_pa", "order_p", "payout", "deposit")),
    (("bindings", "flooding"), ("customer_b", "observation")),
    (("custody", "count"), ("custody", "lot", "stock_c", "finding")),
    (("friend_price",), ("sale", "customer_b")),
    (("entry_fee", "profiteering"), ("fee", "sku", "finding")),
    (("buyback", "buyback_exit"), ("buyback", "agent_t", "stock_i", "override")),
    ((), ("source", "subject", "digest", "sale")),
    ((), ("sale", "refund_a", "order_f", "order_c", "customer_b", "agent_v")))
OF_ONE_DAY = ("bindings", "flooding", "friend_price")
HASHES = ("AAEC", "AwQF", "ZGV2", "")


class GoodsWorld(World):
    def __init__(self, rng):
        super().__init__(rng)
        leanings = rng.sample(GOODS_LEANINGS, rng.choice((1, 2, 2)))
        hot = [guard for guards, _ in leanings for guard in guards]
        kinds = tuple(kind for _, starts in leanings for kind in starts)
        if len(hot) > 7:
            hot = rng.sample(hot, rng.choice((2, 3, 5, 11)))
        self.hot = tuple(hot) + tuple(rng.sample(GUARDS, rng.choice((0, 1, 3))))
        self.weights = {kind: weight * (6 if kind.startswith(kinds) else 0.7)
                        for kind, weight in GOODS_WEIGHTS.items()}
        self.begins = rng.choice((START, START, LEAP))
        self.now = self.at = self.begins
        quick = any(guard in hot for guard in OF_ONE_DAY)
        self.pace = rng.choice((0, DAY // 8) if quick else (DAY // 8, DAY // 2, DAY))
        self.hero = rng.choice(("a0", "a1"))  # whom most restocks are for
        self.is_rough = rng.random() < 0.3  # where names and fields are often wrong

    def tick(self):
        """Whole and half days, at times a jump to the edge of a window."""
        rng = self.rng
        if len(self.sent) < 18:
            return
        self.now += rng.choice((0, 0, 0, 0, self.pace // 2, self.pace))
        if rng.random() < 0.06:
            self.now += self.some_days() * DAY
        self.at = self.now
        if rng.random() < 0.14:
            self.at = max(self.begins, self.at - self.some_days() * DAY)

    def some_days(self):
        """Often as many as a guard in force looks back, one more or one less."""
        rng = self.rng
        windows = [p["value"] for p in self.model.guard_set().parameters
                   if p["name"].endswith("_days")]
        if windows and rng.random() < 0.6:
            return max(0, rng.choice(windows) + rng.choice((-1, 0, 0, 1)))
        return rng.choice((1, 1, 1, 2, 3, 7, 29, 30, 31, 90, 365, 366))

    def next(self):
        again = self.again() if self.rng.random() < 0.05 else None
        if self.is_rough and self.rng.random() < 0.3:
            return self.rng.choice((super(World, self).next, self.bent))()
        return again or super().next()

    def bent(self):
        """A new event with one field that is something else."""
        raw = self.fresh(self.pick_kind())
        kind = next(name for name in raw if name in BODIES)
        if BODIES[kind]:
            self.alter(raw[kind], BODIES[kind])
        return raw

    def known(self, table, stranger="nobody"):
        if self.is_rough and self.rng.random() < 0.05:
            return stranger
        return super().known(table, stranger)

    def again(self):
        """What was refused, once more, now that there is an override for it."""
        granted = [(o["guard"], o["subject"]) for o in self.model.state.overrides.values()
                   if o["used"] is None]
        for raw, verdict in reversed(list(zip(self.sent, self.verdicts))):
            wish = self.wish(raw, verdict)
            if wish in granted:
                self.tick()
                raw = copy.deepcopy(dict(raw, effective_at=self.at))
                body = next(v for v in raw.values() if isinstance(v, dict))
                for key in ("transfer", "order", "request", "payout", "psp_txn"):
                    if body.get(key) and not (key == "order" and "transfer" in body):
                        body[key] = self.new("again", 40)
                return raw
        return None

    def makes_sense(self, kind):
        state = self.model.state
        needed = dict(finding_acknowledged=state.findings, finding_resolved=state.findings,
                      territory_revoked=state.territories, price_observed=state.bands)
        if kind in needed:
            return bool(needed[kind])
        return super().makes_sense(kind)

    # -------------------------------------------------------------------- what there is

    def opening(self):
        rng = self.rng
        yield self.event("book_opened", dict(
            book="book", currency="CNY", exponent=2,
            utc_offset_minutes=rng.choice((0, 480, -300, 840))))
        skus = rng.choice((1, 2, 2, 3))
        for i in range(skus):
            yield self.event("sku_defined", dict(
                sku=f"s{i}", revision=1, list_price=rng.choice((0, 100, 250)),
                factory_price=rng.choice((0, 40)), category=rng.choice(("", *CATEGORIES)),
                return_window_days=rng.choice((0, 2))))
        for i in range(rng.choice((0, 1, 2))):
            yield self.event("lot_registered", self.lot_body(f"l{i}", f"s{i % skus}"))
        if rng.random() < 0.8:
            yield self.event("guard_set_published", self.guard_set_published())
        if rng.random() < 0.6:
            yield self.event("plan_published", self.plan_published())
        yield self.event("stock_issued", dict(
            transfer="t-w0", to={"location": "w0"},
            lines=[dict(line=i + 1, sku=f"s{i}", qty=rng.choice((5, 30)))
                   for i in range(skus)]))
        for i in range(rng.choice((2, 3, 4, 5))):
            yield from self.opening_agent(i, skus)

    def opening_agent(self, i, skus):
        rng = self.rng
        yield self.event("agent_enrolled", dict(
            agent=f"a{i}", sponsor=f"a{i - 1}" if i and rng.random() < 0.8 else "",
            rank=rng.choice(RANKS[:3]), customer=f"c{i}" if i % 2 else "",
            agreement_version=rng.choice((0, 1, 2))))
        if rng.random() < 0.9:
            yield self.event("agent_verified", dict(agent=f"a{i}", revision=1,
                                                    payee_hash="AAEC",
                                                    device_hash=rng.choice(HASHES)))
        if rng.random() < 0.75:
            yield self.event("stock_issued", dict(
                transfer=f"t{i}", to={"agent": f"a{i}"}, place=rng.choice((1, 1, 1, 2)),
                lines=[dict(line=n + 1, sku=f"s{n}", qty=rng.choice((5, 9, 30, 90)),
                            unit_price=rng.choice((0, 60))) for n in range(skus)]))

    def lot_body(self, lot, sku):
        expires = self.rng.choice((None, None, self.now, self.now + 2 * DAY,
                                   self.now + 30 * DAY))
        return dict(lot=lot, sku=sku, qty=self.rng.choice((4, 30, 90)),
                    expires_on=expires, **self.custody_of_lot())

    # ------------------------------------------------------------------ people and goods

    def lot_registered(self):
        return self.lot_body(self.new("l", 6, self.model.state.lots),
                             self.known(self.model.state.skus))

    def agent_enrolled(self):
        return super().agent_enrolled() | dict(
            agreement_version=self.rng.choice((0, 1, 2, 3)))

    def agent_verified(self):
        return super().agent_verified() | dict(
            device_hash=self.rng.choice(HASHES), address_hash=self.rng.choice(HASHES))

    def agent_terminated(self):
        return super().agent_terminated() | dict(buyback_due=self.rng.choice(
            (None, self.at - DAY, self.at + DAY, self.at + 3 * DAY)))

    def customer_bound(self):
        body = super().customer_bound()
        body |= dict(customer=self.new("c", 12), expires_at=None
                     if self.rng.random() < 0.5 else body["expires_at"])
        if any(guard in self.hot for guard in OF_ONE_DAY) and self.rng.random() < 0.7:
            body["agent"] = self.hero
        return body

    def observation_recorded(self):
        body = super().observation_recorded()
        return body | (dict(subject=self.hero) if self.rng.random() < 0.5 else {})

    def sku_defined(self):
        state = self.model.state
        return super().sku_defined() | dict(
            superseded_by=self.maybe(0.3, self.known(state.skus)))

    def fee_charged(self):
        rng, limit = self.rng, self.model.guard_number("entry_fee_limit")
        body = super().fee_charged()
        if "entry_fee" in self.hot:
            body |= dict(kind=rng.choice((1, 1, 2, 3)), is_condition=rng.random() < 0.8,
                         amount=max(1, limit + rng.choice((-1, 0, 1, 1, 9))))
        return body

    def manual_adjustment(self):
        return super().manual_adjustment() | dict(
            agent=self.maybe(0.7, self.hero, self.agent()), deduct=self.rng.random() < 0.7)

    def restock_requested(self):
        body = super().restock_requested()
        if self.rng.random() < 0.6:
            body |= dict(agent=self.hero, sku="s0")
        return body

    def small_line(self, number):
        return super().small_line(number) | dict(discount=0 if self.rng.random() < 0.9
                                                 else 33)

    def order_placed(self):
        rng, body = self.rng, super().order_placed()
        body["region"] = self.maybe(0.6, rng.choice(REGIONS))
        for name in ("buyer_device_hash", "buyer_address_hash", "buyer_payee_hash"):
            body[name] = rng.choice(HASHES) if rng.random() < 0.08 else ""
        if "friend_price" in self.hot and rng.random() < 0.7:
            body |= dict(kind=1, seller=self.hero, buyer=rng.choice(("c4", "c5", "c6")),
                         fulfilment=1)
        elif body["kind"] == 1 and rng.random() < 0.6:
            body = self.shipped_by_agent(body)
        if body["kind"] == 3 and rng.random() < 0.6:
            body |= self.for_request(body)
        elif body["kind"] != 2 and body["fulfilment"] != 2 and rng.random() < 0.4:
            body["ship_from"] = {"location": "w0"}
        if body["fulfilment"] == 1 and rng.random() < 0.15:
            body["fulfilment"] = 3
        return body

    def shipped_by_agent(self, body):
        seller = self.stocked_agent()
        there = [p for p in self.stock_of({"agent": seller})]
        for line in body["lines"]:
            if there:
                position = self.rng.choice(there)
                there_now = self.model.state.units_at(position)
                line |= dict(sku=position[4], lot=position[5])
                if line["discount"] == 0 and self.rng.random() < 0.8:
                    line["qty"] = min(line["qty"], there_now)
        return body | dict(seller=seller, fulfilment=2, ship_from=None,
                           buyer=self.rng.choice(("c0", "c1", "c2", "c2", "c4", "c5")))

    def for_request(self, body):
        name = self.request_of()
        request = self.model.state.requests.get(name)
        if not request:
            return dict(request=self.maybe(0.3, name or "nobody"))
        left = request["qty"] - request["claimed"]
        line = dict(body["lines"][0], sku=request["sku"], lot="", discount=0, tax=0,
                    qty=min(200, max(1, self.part(left))))
        return dict(request=name, buyer=self.maybe(0.95, request["agent"], self.agent()),
                    lines=[line])

    def stock_issued(self):
        rng, name = self.rng, self.request_of() if self.rng.random() < 0.35 else ""
        to = {"agent": self.agent()} if rng.random() < 0.85 else self.location()
        body = {"transfer": self.new("t", 40), "to": to, "place": rng.choice((1, 1, 1, 2)),
                "from": self.maybe(0.4, self.location(), None), "lines": [
                    dict(self.stock_line(n), qty=rng.choice((1, 2, 5, 9)),
                         unit_price=rng.choice((0, 10, 60, 100)))
                    for n in rng.choice(((1,), (1,), (1, 2)))]}
        request = self.model.state.requests.get(name)
        if request:
            left = request["qty"] - request["claimed"]
            body["lines"] = [dict(body["lines"][0], lot="",
                                  sku=self.maybe(0.95, request["sku"], "s0"),
                                  qty=min(200, max(1, self.part(left))))]
            body |= dict(order=name,
                         to=self.maybe(0.95, {"agent": request["agent"]}, to))
        elif rng.random() < 0.05:
            body["order"] = self.order()
        if "agent" in body["to"] and rng.random() < 0.6:
            body |= dict(**self.payment(), paid=sum(
                line_amount(line) for line in body["lines"]))
        return body

    def stock_transferred(self):
        body = super().stock_transferred()
        others = [name for name in self.model.state.agents
                  if body["from"] != {"agent": name}]
        if others and self.rng.random() < 0.75:
            body["to"] = {"agent": self.rng.choice(others)}
        for line in body["lines"] if self.rng.random() < 0.6 else ():
            line["qty"] = max(1, line["qty"] // 3)
        return body

    # ------------------------------------------------------------------ things to lean on

    def price_band_set(self):
        body = super().price_band_set()
        if "restock_price" in self.hot and self.rng.random() < 0.6:
            body |= dict(channel="", region="")
        return body

    def order_cleared(self):
        flags = [hold for hold in self.model.state.holds
                 if hold["rule"] and not hold["released"]]
        if not flags or self.rng.random() < 0.1:
            return super().order_cleared()
        flag = self.rng.choice(flags)
        return dict(order=flag["order"], rule=flag["rule"], revision=flag["revision"])

    @property
    def wishes(self):
        """(rule, agent) of what an override would have let pass."""
        found = [self.wish(raw, verdict)
                 for raw, verdict in zip(self.sent, self.verdicts)]
        return [wish for wish in found if wish]

    def wish(self, raw, verdict):
        if verdict.get("rule") not in OVERRIDABLE:
            return None
        body = next(v for v in raw.values() if isinstance(v, dict))
        to = (body.get("to") or {}).get("agent")
        agent = body.get("agent") or to or body.get("seller") or body.get("buyer")
        if verdict["rule"] in ("RESTOCK_NOT_ASKED", "JOINING_PURCHASE"):
            agent = to or body.get("buyer")
        return (verdict["rule"], agent) if agent else None


def a_stream(rng, length):
    """Events and the model's verdicts on them."""
    kind = rng.choices((Generator, World, GoodsWorld), (3, 3, 6))[0]
    return kind(rng).run(length)
