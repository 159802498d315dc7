"""What is counted of goods, sales to verified consumers, and measures.

Written from src/books/GOODS.md.  Nothing is summed up before it is asked for: state.facts
has what happened to a position, a sku, a tier or a cohort on which day, and every sum of
a window is a walk over all of them.
"""

from model_money import HOLDER_SHIP, RETAIL
from model_state import CLOUD, PHYSICAL, is_position, place_of

MILLION = 1_000_000
INT64_MAX = 2**63 - 1
FLOW_DAYS = 366
AGES = 13
TIER_MAX = 255


class Goods:
    """Needs state, a State; mixed into Model."""

    def today(self):
        return self.state.local_day(self.state.clock)

    def event_day(self):
        return self.state.local_day(self.event.effective_at)

    def in_window(self, day, days):
        return self.today() - day < min(days, FLOW_DAYS)

    # --------------------------------------------------------------------------- sums

    def sum_of(self, what, key, days):
        """Of facts WHAT of KEY in the window of DAYS."""
        return sum(x for fact, of, day, x in self.state.facts
                   if fact == what and of == key and self.in_window(day, days))

    def measure(self, agent, sku, days):
        """Over all positions of AGENT of goods of SKU; undefined: None."""
        mine = self.positions_of(agent, sku)
        stock = sum(self.state.units_at(position) for position in mine)
        received, sold, passed, change = (
            sum(self.sum_of(what, position, days) for position in mine)
            for what in ("received", "sold", "passed", "change"))
        sold, begun = max(0, sold), stock - change
        there = begun + received
        is_defined = there > 0 and there >= self.guard_number("min_units")
        return dict(stock=stock, received=received, sold=sold, passed=passed, open=begun,
                    sell_through=sold * MILLION // there if is_defined else None)

    def positions_of(self, agent, sku=None):
        return [p for p in self.state.positions
                if p[1:3] == ("agent", agent) and sku in (None, p[4])]

    def units_of(self, agent):
        return sum(self.state.units_at(position) for position in self.positions_of(agent))

    def aged(self, agent, sku, days):
        """Units that were not received in the last DAYS days, first in, first out."""
        mine = self.positions_of(agent, sku)
        whole = 0
        for good in {p[4:] for p in mine}:
            places = [p for p in mine if p[4:] == good]
            there = sum(self.state.units_at(p) for p in places)
            lately = sum(self.sum_of("received", p, days) for p in places)
            whole += max(0, there - max(0, lately))
        return whole

    def network(self, sku, days):
        """What moved of SKU in the window, the whole network."""
        return {what: self.sum_of("sku " + what, sku, days)
                for what in ("issued", "returned", "passed", "sold", "retail")}

    def strangers(self, sku, day):
        """Units and amount of strangers on DAY."""
        return tuple(sum(x for fact, of, on, x in self.state.facts
                         if (fact, of, on) == ("sku stranger " + what, sku, day))
                     for what in ("units", "amount"))

    def cloud_of(self, sku):
        return sum(self.state.units_at(p) for p in self.state.positions
                   if p[1] == "agent" and p[3:5] == (CLOUD, sku))

    def brand_of(self, sku):
        return sum(self.state.units_at(p) for p in self.state.positions
                   if p[1] == "location" and p[3:5] == (PHYSICAL, sku))

    # -------------------------------------------------------------------- what happens

    def goods_reached(self, giver, position, units, value=None):
        """POSITION, an agent's, got goods from the place GIVER; VALUE: what was asked."""
        if not is_position(position) or position[1] != "agent":
            return
        state = self.state
        if is_position(giver) and giver[1:3] == position[1:3]:
            if state.tiers.get(giver):
                state.tiers[position] = state.tiers[giver]
                state.first_days.setdefault(position, self.event_day() + 1)
            return
        is_passed = is_position(giver) and giver[1] == "agent"
        tier = min(state.tiers.get(giver, 0) + 1, TIER_MAX) if is_passed else 1
        if value is not None and is_passed:
            state.tier_facts.append((position[4], state.tiers.get(giver, 0), "passed",
                                     units, value))
        state.tiers[position] = tier
        state.first_days.setdefault(position, self.event_day() + 1)
        if value is not None:
            state.tier_facts.append((position[4], tier, "bought", units, value))

    def sku_fact(self, what, sku, x):
        if x:
            self.state.facts.append(("sku " + what, sku, self.event_day(), x))

    # ------------------------------------------------------------------ verified sales

    def is_linked(self, seller, payee=b"", device=b"", address=b"", payer=b""):
        if not seller:
            return False
        purse = self.state.purses.get(seller, dict(payee=b"", device=b"", address=b""))
        return any(mine and mine == other for mine, other in (
            (purse["payee"], payee), (purse["payee"], payer), (purse["device"], device),
            (purse["address"], address)))

    def link(self, order, **hashes):
        if self.is_linked(order["seller"], **hashes):
            order["linked"] = True

    def is_verified(self, order, line):
        return (order["kind"] == RETAIL and order["fulfilment"] == HOLDER_SHIP and
                not order["direct"] and line["recognised"] and bool(line["sku"]) and
                bool(order["buyer"]) and not self.flags_of(order["name"]) and
                not order["linked"] and
                not self.state.customers[order["buyer"]]["person"])

    def places_left(self, order, line):
        """(position, units) of what the buyer has of a line."""
        left = line["qty"] - line["returned"]
        found = []
        for shipment in line["shipments"]:
            found.append((shipment["source"], shipment["delivered"]))
            left -= shipment["delivered"]
        found.append((self.origin(order, line), left))
        return [(place, units) for place, units in found if units]

    def origin(self, order, line):
        return place_of(order["shipper"], PHYSICAL, line["sku"], line["lot"])

    def sold(self, place, units):
        """UNITS that left PLACE are with a verified consumer, or come back."""
        if not is_position(place):
            return
        self.state.facts.append(("sold", place, self.event_day(), units))
        self.sku_fact("sold", place[4], units)
        if place[1] == "agent":
            self.state.cohort_count(place[2], "sold", units)

    def count_sold(self, order, line):
        if not self.is_verified(order, line):
            return
        line["sold"] = True
        for place, units in self.places_left(order, line):
            self.sold(place, units)
        self.count_tier(order, line)

    def count_tier(self, order, line):
        """What the tier sold that the line's units left."""
        shipments = line["shipments"]
        units, value = line["qty"] - line["returned"], line["amount"] - line["refunded"]
        place = shipments[-1]["source"] if shipments else self.origin(order, line)
        if ((shipments or line["unshipped"]) and is_position(place) and
                (units or value) and not line["counted"]):
            line["counted"] = True
            self.state.tier_facts.append((
                line["sku"], self.state.tiers.get(place, 0), "sold", units, value))

    def verified_recognise(self, order, numbers, at):
        """Lines have just been recognised."""
        for number in numbers:
            line = order["lines"][number]
            if not line["sku"] or not line["recognised"]:
                continue
            units, amount = line["qty"] - line["returned"], line["amount"] - line["refunded"]
            if order["kind"] == RETAIL:
                self.sku_fact("retail", line["sku"], units)
                if order["seller"] and order["buyer"]:
                    self.count_buyer(order, number, units, amount, at)
            self.count_sold(order, line)

    def count_buyer(self, order, number, units, amount, at):
        sku = order["lines"][number]["sku"]
        is_friend = self.bound_agent(order, at) == order["seller"]
        if is_friend:
            self.friend_price_check(order, number, units, amount, self.event_day())
        kind = "friend" if is_friend else "stranger"
        self.sku_fact(kind + " units", sku, units)
        self.sku_fact(kind + " amount", sku, amount)

    def verified_return(self, line, place, units):
        """UNITS of a line, which left PLACE, have come back."""
        if line["sold"]:
            self.sold(place, -units)

    def verified_flag(self, order):
        for line in order["lines"].values():
            if line["sold"]:
                line["sold"] = False
                for place, units in self.places_left(order, line):
                    self.sold(place, -units)

    def verified_clear(self, order):
        if not self.flags_of(order["name"]):
            for line in order["lines"].values():
                self.count_sold(order, line)

    # --------------------------------------------------------------------------- cloud

    def cloud_before(self, skus):
        return {sku: (self.cloud_of(sku), self.brand_of(sku)) for sku in skus}

    def cloud_guard(self, before, fields):
        """After all movements: FIELDS are (sku, field), line by line."""
        for sku, field in fields:
            cloud, brand = self.cloud_of(sku), self.brand_of(sku)
            if cloud > before[sku][0] or brand < before[sku][1]:
                self.cloud_check(sku, cloud > before[sku][0], field)
