"""The bodies of random events about prices, territories, restocks and buy-backs."""

from bodies_plan import RANKS
from bodies_watch import REGIONS
from model_gate import GATES, Asked
from model_state import DAY

MODES = ("OFF", "FLAG", "REFUSE")
CHANNELS = ("web", "shop")
MILLION = 1_000_000


class GoodsBodies:
    """Needs what Bodies needs, and Bodies itself."""

    # --------------------------------------------------------------- prices, territories

    def price_band_set(self):
        rng, state = self.rng, self.model.state
        name = self.new("band", 3)
        last = max([b["revision"] for b in state.bands if b["band"] == name], default=0)
        low, high = rng.choice((0, 50, 100, 150)), rng.choice((0, 0, 100, 199, 1_234))
        if rng.random() < 0.95 and 0 < high < low:
            high = low
        return dict(band=name, revision=last + rng.choice((1,) * 12 + (2,)),
                    sku=self.maybe(0.5, self.known(state.skus)),
                    channel=self.maybe(0.25, rng.choice(CHANNELS)),
                    region=self.maybe(0.25, rng.choice(REGIONS)),
                    rank=self.maybe(0.3, rng.choice(RANKS)), min_price=low, max_price=high,
                    mode=rng.choice(MODES + ("FLAG", "REFUSE", None)),
                    valid_from=rng.choice((None, None, self.now - DAY, self.now + DAY)))

    def price_observed(self):
        rng = self.rng
        return dict(observation=self.new("seen", 60), sku=self.known(self.model.state.skus),
                    holder=self.maybe(0.85, self.holder(), None),
                    channel=self.maybe(0.4, rng.choice(CHANNELS)),
                    price=rng.choice((1, 60, 100, 199, 5_000)),
                    evidence_hash=self.maybe(0.2, "AAEC"))

    def territory_assigned(self):
        rng = self.rng
        begins = rng.choice((None, None, self.now - 2 * DAY, self.now + DAY))
        ends = (begins or self.at) + rng.choice((0, DAY // 2, DAY, 9 * DAY))
        return dict(assignment=self.new("terr", 20), agent=self.agent(),
                    region=rng.choice(REGIONS), channel=self.maybe(
                        0.4, rng.choice(CHANNELS)), exclusive=rng.random() < 0.75,
                    valid_from=begins, valid_to=self.maybe(0.4, ends, None))

    def territory_revoked(self):
        there = self.model.state.territories
        holding = [name for name, t in there.items() if t["revoked_at"] is None]
        name = self.rng.choice(holding) if holding and self.rng.random() < 0.9 else (
            self.known(there if self.rng.random() < 0.8 else ()))
        return dict(assignment=name, reason=self.maybe(0.2, "why"))

    # ------------------------------------------------------------------------- restocks

    def restock_requested(self):
        rng, model = self.rng, self.model
        body = dict(request=self.new("req", 60), agent=self.agent(),
                    sku=self.known(model.state.skus), place=self.place(),
                    unit_price=rng.choice((0, 60, 100, 150, 300)))
        body["qty"] = rng.choice((1, 2, 5, 9, 20))
        if rng.random() < 0.5:
            body["qty"] = self.restock_limit(body) + rng.choice((0, 0, 1, 1, -1))
        body["qty"] = min(50, max(1, body["qty"]))
        return body

    def restock_limit(self, body):
        """What the gates would let pass, as far as they look at the quantity."""
        model = self.model
        if body["agent"] not in model.state.agents or body["sku"] not in model.state.skus:
            return 1
        asked = Asked(model, body)
        found = [(gate, model.guard_mode(gate), *getattr(asked, gate)()) for gate in GATES
                 if model.guard_is_on(gate)]
        return model.most_of(asked, found)

    def request_of(self, agent=None):
        """A request with something left to claim, if there is one."""
        requests = self.model.state.requests
        names = [name for name, r in requests.items()
                 if r["claimed"] < r["qty"] and agent in (None, r["agent"])]
        if names and self.rng.random() < 0.93:
            return self.rng.choice(names)
        return self.known(requests) if requests else ""

    # ------------------------------------------------------------------------ buy-backs

    def stocked_good(self):
        """An agent, and a good that it has, if there is one; and how much."""
        state = self.model.state
        there = [p for p in state.positions
                 if p[1] == "agent" and p[3] == 1 and state.units_at(p)]
        if there and self.rng.random() < 0.95:
            position = self.rng.choice(there)
            return position[2], position[4], position[5], state.units_at(position)
        good = self.good()
        return self.agent(), good["sku"], good["lot"], 3

    def buyback_requested(self):
        agent, sku, lot, there = self.stocked_good()
        asked = sum(b["qty"] - b["settled"] for b in self.model.state.buybacks.values()
                    if (b["agent"], b["sku"], b["lot"]) == (agent, sku, lot))
        return dict(request=self.new("bb", 40), agent=agent, sku=sku, lot=lot,
                    qty=max(1, self.part(there - asked)))

    def buyback_settled(self):
        rng, state = self.rng, self.model.state
        agent, sku, lot, there = self.stocked_good()
        asked = [name for name, b in state.buybacks.items() if b["settled"] < b["qty"]]
        name = rng.choice(asked) if asked and rng.random() < 0.8 else ""
        if name and rng.random() < 0.95:
            b = state.buybacks[name]
            agent, sku, lot, there = b["agent"], b["sku"], b["lot"], b["qty"] - b["settled"]
        price, ppm = rng.choice((0, 10, 99, 333)), rng.choice(
            (900_000, 899_999, 1_000_000, 800_000, 333_333, 0))
        qty = max(1, self.part(there))
        worth = qty * price * ppm // MILLION
        less = min(worth, rng.choice((0, 0, 0, 5)))
        body = dict(document=self.new("d", 40), request=self.maybe(0.97, name, "nobody"),
                    agent=agent, sku=sku, lot=lot, qty=qty, unit_price_paid=price,
                    price_ppm=ppm, deductions=less,
                    amount=max(0, worth - less + rng.choice((0,) * 14 + (1, -1))))
        return body | self.line_undone(agent)

    def line_undone(self, agent):
        rng, orders = self.rng, self.model.state.orders
        mine = [name for name, o in orders.items() if o["kind"] == 3 and o["buyer"] == agent]
        if not mine or rng.random() < 0.3:
            return dict(order=self.order(), line=1) if orders and rng.random() < 0.1 else {}
        name = rng.choice(mine)
        return dict(order=name, line=self.line_of(name))

