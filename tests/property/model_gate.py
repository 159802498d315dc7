"""The gate of restocks, requests and who claims them, joining, and buying back.

Written from src/books/GOODS.md.
"""

from event_rules import SUPPLY, line_amount
from model_goods import INT64_MAX, MILLION
from model_guards import AGENT, GUARDS, REFUSE
from model_money import RESTOCK
from model_state import must, position_of

QTY_MAX = 9_200_000_000_000
RECENT = 11  # quantities that the median is taken of
NOTHING = None, 0, 0  # passes, and has nothing to tell
UNLIMITED = 2**200


def within(number):
    return min(number, INT64_MAX)


class Asked:
    """A restock that is asked for: what the gates look at."""

    def __init__(self, model, body):
        state = model.state
        self.model, self.body = model, body
        self.agent, self.sku, self.qty = body["agent"], body["sku"], body["qty"]
        self.rank = state.agents[self.agent]["rank"]
        self.window = model.guard_number("window_days")
        self.measures = model.measure(self.agent, self.sku, self.window)
        self.incoming = model.incoming(self.agent, self.sku)
        self.after = self.measures["stock"] + self.incoming + self.qty
        self.before = [r for r in state.requests.values()
                       if (r["agent"], r["sku"]) == (self.agent, self.sku)]
        age = model.today() - state.local_day(state.agents[self.agent]["enrolled_at"])
        self.is_starting = (model.guard_is_on("starter") and
                            age < model.guard_number("starter_days"))

    def term(self, name, by_sku=True):
        return self.model.guard_number(name, self.sku if by_sku else "", self.rank)

    # Each gate: (None or does it fail, measured, limit).

    def standing(self):
        model = self.model
        if not model.state.agents[self.agent]["revision"]:
            return True, 0, 1
        wanted = self.term("agreement_version", False)
        has = model.state.agents[self.agent]["agreement_version"]
        if 0 < wanted and has < wanted:
            return True, has, wanted
        red = model.red_findings(self.agent)
        return red > 0, red, 0

    def receivable(self):
        owed, limit = self.model.owed(self.agent), self.term("receivable_limit", False)
        return owed > limit, owed, limit

    def starter(self):
        if not self.is_starting:
            return NOTHING
        model = self.model
        there = model.units_of(self.agent) + model.incoming(self.agent) + self.qty
        limit = self.term("starter_units", False)
        return there > limit, within(there), limit

    def sell_through(self):
        share = self.measures["sell_through"]
        if self.is_starting or share is None:
            return NOTHING
        limit = self.term("min_sell_through_ppm")
        if share >= limit:
            return False, share, limit
        return self.measures["stock"] > self.term("free_units"), share, limit

    def cover(self):
        if self.is_starting:
            return NOTHING
        limit, sold = self.term("max_cover_days"), self.measures["sold"]
        left = self.after * self.window
        days = within(left // sold) if sold else INT64_MAX
        return (left > limit * sold and self.after > self.term("free_units"), days, limit)

    def value(self):
        model = self.model
        return sum(model.state.units_at(p) * model.state.skus[p[4]]["list_price"]
                   for p in model.positions_of(self.agent))

    def price(self):
        return self.model.state.skus[self.sku]["list_price"]

    def holding(self):
        units, value = self.term("max_units"), self.term("max_value", False)
        told = NOTHING
        if units >= 0:
            told = self.after > units, within(self.after), units
        if value >= 0 and not told[0]:
            worth = self.value() + (self.incoming + self.qty) * self.price()
            told = worth > value, within(worth), value
        return told

    def frequency(self):
        model, most = self.model, self.term("max_restocks", False)
        days = self.term("restock_period_days", False)
        recent = sum(model.in_window(r["asked"], days) for r in self.before)
        if recent >= most:
            return True, recent, most
        if self.before:
            since = model.today() - self.before[-1]["asked"]
            limit = self.term("restock_interval_days", False)
            if since < limit:
                return True, since, limit
        return False, recent, most

    def goods_state(self):
        is_old = bool(self.model.state.skus[self.sku]["superseded_by"])
        return is_old, int(is_old), 0

    def aged(self):
        model = self.model
        left = model.aged(self.agent, self.sku, self.term("aged_days", False)) - sum(
            b["qty"] - b["settled"] for b in model.state.buybacks.values()
            if (b["agent"], b["sku"]) == (self.agent, self.sku))
        return left > 0, left, 0

    def restock_price(self):
        model, price = self.model, self.body["unit_price"]
        band = model.band_of(model.state.clock, sku=self.sku, rank=self.rank, region="",
                             channel="")
        bound = model.bound_broken(band, price)
        return bound is not None, price, bound or 0

    def usual(self):
        """What rank_buy lets pass, None if too few were allowed before."""
        if len(self.before) < 3:
            return None
        last = sorted(r["qty"] for r in self.before[-RECENT:])
        median = last[(len(last) - 1) // 2]
        return median * self.term("rank_buy_factor_ppm", False) // MILLION

    def rank_buy(self):
        limit = self.usual()
        return NOTHING if limit is None else (self.qty > limit, self.qty, within(limit))

    def most(self, gate):
        """The largest quantity that GATE lets pass."""
        model, stock = self.model, self.measures["stock"]
        if gate == "starter" and self.is_starting:
            return (self.term("starter_units", False) - model.units_of(self.agent) -
                    model.incoming(self.agent))
        if gate == "cover" and not self.is_starting:
            by_sales = self.term("max_cover_days") * self.measures["sold"] // self.window
            return max(by_sales, self.term("free_units")) - stock - self.incoming
        if gate == "holding":
            units, value = self.term("max_units"), self.term("max_value", False)
            left = units - stock - self.incoming if units >= 0 else UNLIMITED
            if value >= 0 and self.price():
                left = min(left, (value - self.value()) // self.price() - self.incoming)
            elif value >= 0 and self.value() > value:
                left = 0
            return left
        if gate == "rank_buy" and self.usual() is not None:
            return self.usual()
        return UNLIMITED


GATES = {
    "standing": ("RESTOCK_STANDING", "agent"), "receivable": ("RESTOCK_RECEIVABLE", "agent"),
    "starter": ("RESTOCK_STARTER", "agent"),
    "sell_through": ("RESTOCK_SELL_THROUGH", "qty"), "cover": ("RESTOCK_COVER", "qty"),
    "holding": ("RESTOCK_HOLDING", "qty"), "frequency": ("RESTOCK_FREQUENCY", "agent"),
    "goods_state": ("RESTOCK_GOODS_STATE", "sku"), "aged": ("RESTOCK_AGED", "sku"),
    "restock_price": ("RESTOCK_PRICE", "unit_price"),
    "rank_buy": ("RESTOCK_RANK_BUY", "agent")}
OF_QUANTITY = ("starter", "cover", "holding", "rank_buy")
OF_WINDOW = ("sell_through", "cover")


class Gate:
    """Needs state, a State; mixed into Model."""

    # ------------------------------------------------------------------------ the gate

    def incoming(self, agent, sku=None):
        days = self.guard_number("request_days")
        return sum(r["qty"] - r["arrived"] for r in self.state.requests.values()
                   if r["agent"] == agent and sku in (None, r["sku"]) and
                   self.in_window(r["asked"], days))

    def on_restock_requested(self, body, at):
        state = self.state
        self.active_agent(body["agent"], "agent")
        must(body["sku"] in state.skus, "SKU_UNKNOWN", "sku")
        asked = Asked(self, body)
        found = [(gate, self.guard_mode(gate), *getattr(asked, gate)()) for gate in GATES
                 if self.guard_is_on(gate)]
        self.checks = [[GUARDS.index(gate), mode, not fails, measured, limit]
                       for gate, mode, fails, measured, limit in found]
        if found:
            self.would_pass = self.most_of(asked, found)
        for gate, mode, fails, measured, limit in found:
            if fails:
                self.guard_fail(gate, *GATES[gate], (AGENT, body["agent"]), measured,
                                limit, body["agent"],
                                asked.window if gate in OF_WINDOW else 0)
        state.name_holder("agent", body["agent"])
        state.requests[body["request"]] = dict(
            agent=body["agent"], sku=body["sku"], place=body["place"], qty=body["qty"],
            unit_price=body["unit_price"], claimed=0, arrived=0, asked=self.today())

    def most_of(self, asked, found):
        refusing = [(gate, fails) for gate, mode, fails, *_ in found if mode == REFUSE]
        if any(fails for gate, fails in refusing if gate not in OF_QUANTITY):
            return 0
        return max(0, min([QTY_MAX] + [asked.most(gate) for gate, _ in refusing]))

    # ---------------------------------------------------------------------- who claims

    def claim(self, request, sku, qty, field):
        is_old = not self.in_window(request["asked"], self.guard_number("request_days"))
        must(sku == request["sku"], "RESTOCK_EXCEEDED", field, qty, 0)
        left = 0 if is_old else request["qty"] - request["claimed"]
        must(qty <= left, "RESTOCK_EXCEEDED", field, qty, left)
        request["claimed"] += qty

    def arrive(self, name, units):
        request = self.state.requests[name]
        request["arrived"] = min(request["claimed"], request["arrived"] + units)

    def request_issued(self, body):
        """StockIssued: claim, needs_request."""
        to, name, lines = body["to"], body["order"], body["lines"]
        if name and name not in self.state.orders:
            request = self.state.requests[name]
            must(to == ("agent", request["agent"]), "HOLDER_KIND", "to")
            for i, line in enumerate(lines):
                self.claim(request, line["sku"], line["qty"], f"lines[{i}].qty")
                self.arrive(name, line["qty"])
        elif name and self.state.orders[name]["request"]:
            request = self.state.orders[name]["request"]
            for line in lines:
                if line["sku"] == self.state.requests[request]["sku"]:
                    self.arrive(request, line["qty"])
        total = sum(line_amount(line) for line in lines)
        if (to[0] == "agent" and body["psp"] and total and not name and
                self.guard_is_on("needs_request")):
            self.guard_fail("needs_request", "RESTOCK_NOT_ASKED", "order", (AGENT, to[1]),
                            0, 0, to[1])

    def request_order(self, order, body):
        """An order has just been placed: needs_request or claim."""
        name = body["request"]
        if name:
            must(name in self.state.requests, "REQUEST_UNKNOWN", "request")
            request = self.state.requests[name]
            must(order["kind"] == RESTOCK and request["agent"] == order["buyer"],
                 "ORDER_KIND_MISMATCH", "request")
            for i, line in enumerate(body["lines"]):
                self.claim(request, line["sku"], line["qty"], f"lines[{i}].qty")
        elif order["kind"] == RESTOCK and self.guard_is_on("needs_request"):
            self.guard_fail("needs_request", "RESTOCK_NOT_ASKED", "request",
                            (AGENT, order["buyer"]), 0, 0, order["buyer"])

    def joining(self, agent, value, field):
        """Goods of VALUE count as bought by AGENT."""
        if value <= 0:
            return
        state = self.state
        bought = state.bought.get(agent, 0)
        age = self.today() - state.local_day(state.agents[agent]["enrolled_at"])
        if self.guard_is_on("joining") and age < self.guard_number("joining_days"):
            limit = self.guard_number("joining_value", rank=state.agents[agent]["rank"])
            if bought + value > limit:
                self.guard_fail("joining", "JOINING_PURCHASE", field, (AGENT, agent),
                                within(bought + value), limit, agent)
        state.name_holder("agent", agent)
        state.bought[agent] = within(bought + value)

    # ----------------------------------------------------------------------- buy-backs

    def buyback_asked(self, agent, sku, lot):
        """What open requests of AGENT for the good still ask."""
        return sum(b["qty"] - b["settled"] for b in self.state.buybacks.values()
                   if (b["agent"], b["sku"], b["lot"]) == (agent, sku, lot))

    def on_buyback_requested(self, body, at):
        state, agent, good = self.state, body["agent"], (body["sku"], body["lot"])
        self.known_agent(agent, "agent")
        self.known_good(*good, "")
        position = position_of(("agent", agent), 1, *good)
        asked = self.buyback_asked(agent, *good)
        left = state.units_at(position) - asked
        must(body["qty"] <= left, "STOCK_INSUFFICIENT", "qty", body["qty"], left)
        if self.guard_is_on("buyback"):
            self.check_buyback(body, position, asked)
        state.name_holder("agent", agent)
        state.name_good(*good)
        state.buybacks[body["request"]] = dict(
            agent=agent, sku=good[0], lot=good[1], qty=body["qty"], settled=0)

    def check_buyback(self, body, position, asked):
        agent, lot = body["agent"], self.state.lots.get(body["lot"])
        received = self.sum_of("received", position, self.guard_number("buyback_days"))
        if body["qty"] + asked > received:
            told = "qty", body["qty"] + asked, received
        elif lot and lot["expires_on"] is not None and (
                lot["expires_on"] <= self.state.clock):
            told = "lot", 0, 0
        elif not lot and self.guard_number("buyback_lot"):
            told = "lot", 0, 0
        else:
            return
        self.guard_fail("buyback", "BUYBACK_INELIGIBLE", told[0], (AGENT, agent), told[1],
                        told[2], agent)

    def on_buyback_settled(self, body, at):
        state, agent, good = self.state, body["agent"], (body["sku"], body["lot"])
        qty, amount = body["qty"], body["amount"]
        self.known_agent(agent, "agent")
        self.known_good(*good, "")
        request = None
        if body["request"]:
            request = state.buybacks.get(body["request"])
            must(request, "BUYBACK_UNKNOWN", "request")
            must(request["agent"] == agent and (request["sku"], request["lot"]) == good,
                 "BUYBACK_STATE", "request", None, None)
            left = request["qty"] - request["settled"]
            must(qty <= left, "BUYBACK_STATE", "qty", qty, left)
        whole = qty * body["unit_price_paid"]
        must(whole <= INT64_MAX, "AMOUNT_OVERFLOW", "unit_price_paid")
        expected = whole * body["price_ppm"] // MILLION - body["deductions"]
        must(amount == expected, "AMOUNT_MISMATCH", "amount", amount, expected)
        order = self.buyback_order(body)
        least = self.guard_number("buyback_ppm")
        if self.guard_is_on("buyback") and body["price_ppm"] < least:
            self.guard_fail("buyback", "BUYBACK_PRICE", "price_ppm", (AGENT, agent),
                            body["price_ppm"], least)
        state.move(*good, position_of(("agent", agent), 1, *good), SUPPLY, qty, "qty")
        self.sku_fact("returned", good[0], qty)
        if request:
            request["settled"] += qty
        state.post_one(4095, agent, whole)
        state.post_one(2190, agent, -amount)
        state.post_one(4030, agent, amount - whole)
        if order:
            self.undo_restock(order, body["line"], qty)

    def buyback_order(self, body):
        if not body["order"]:
            return None
        order = self.named_order(body["order"])
        must(order["kind"] == RESTOCK and order["buyer"] == body["agent"],
             "ORDER_KIND_MISMATCH", "order")
        self.goods_line(order, body["line"])
        return order

    def undo_restock(self, order, number, qty):
        """Counts as refunded, without money."""
        line = order["lines"][number]
        paid = self.state.paid(order) - self.state.refunded(order)
        part = min(line["amount"] * qty // line["qty"], line["amount"] - line["refunded"],
                   paid)
        before = line["refunded"]
        line["refunded"] += part
        self.reverse_line(order, number, before)
