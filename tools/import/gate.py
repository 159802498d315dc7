"""What the gate of a restock will say, and who gets too much from another agent: by the
rules of src/books/GOODS.md and the numbers of house.py, from the simulated stock.

Everything that is allowed is delivered at once, so nothing is ever on its way.
"""

import collections

import house
from agent_stock import DAY

PPM = 1000000
REMEMBERED, REMEMBERED_LEAST = 11, 3


class Gate:
    def __init__(self, stock, joined, verified, list_price):
        """JOINED: {agent: time}; VERIFIED: who showed where he is paid to."""
        self._stock = stock
        self._joined = joined
        self._verified = set(verified)
        self._list_price = list_price
        self._allowed = collections.defaultdict(list)  # (day, units), oldest first
        self.units = collections.Counter()  # asked for, by rule; "" is allowed

    def ask(self, at, agent, sku, qty):
        """The rule by which AGENT does not get QTY of SKU; "" if he does."""
        rule = next((rule for rule, stands in self._rules(at // DAY, agent, sku, qty)
                     if stands), "")
        if not rule:
            self._allowed[agent, sku].append((at // DAY, qty))
        self.units[rule] += qty
        return rule

    def pushes(self, at, agent, sku, qty):
        """Whether QTY of SKU is more than AGENT sells, who gets it from another."""
        shelf = self._stock.shelf(agent, sku)
        received, _, sold, _ = shelf.window(at // DAY, house.WINDOW_DAYS)
        return ((received + qty) * PPM > house.MAX_PURCHASE_TO_SALES_PPM * sold
                and shelf.on_hand + qty > house.FREE_UNITS)

    def _rules(self, today, agent, sku, qty):
        yield "RESTOCK_STANDING", agent not in self._verified
        if today - self._joined[agent] // DAY < house.STARTER_DAYS:
            units = sum(shelf.on_hand for _, shelf in self._stock.shelves(agent))
            yield "RESTOCK_STARTER", units + qty > house.STARTER_UNITS
        else:
            yield from self._speed(today, self._stock.shelf(agent, sku), qty)
        yield "RESTOCK_HOLDING", self._value(agent, sku, qty) > int(
            house.minor(house.MAX_VALUE))
        before = self._allowed[agent, sku]
        recent = sum(today - day < house.RESTOCK_PERIOD_DAYS for day, _ in before)
        yield "RESTOCK_FREQUENCY", recent >= house.MAX_RESTOCKS
        shelf = self._stock.shelf(agent, sku)
        lately = shelf.window(today, house.AGED_DAYS)[0]
        yield "RESTOCK_AGED", shelf.on_hand > max(0, lately)
        yield "RESTOCK_RANK_BUY", self._beyond_rank(before, qty)

    @staticmethod
    def _speed(today, shelf, qty):
        received, change, sold, _ = shelf.window(today, house.WINDOW_DAYS)
        supply = shelf.on_hand - change + received
        yield "RESTOCK_SELL_THROUGH", (
            supply > 0 and sold * PPM // supply < house.MIN_SELL_THROUGH_PPM
            and shelf.on_hand > house.FREE_UNITS)
        units = shelf.on_hand + qty
        yield "RESTOCK_COVER", (
            units * house.WINDOW_DAYS > house.MAX_COVER_DAYS * sold
            and units > house.FREE_UNITS)

    def _value(self, agent, sku, qty):
        return qty * self._list_price[sku] + sum(
            shelf.on_hand * self._list_price[held]
            for held, shelf in self._stock.shelves(agent))

    @staticmethod
    def _beyond_rank(before, qty):
        if len(before) < REMEMBERED_LEAST:
            return False
        units = sorted(units for _, units in before[-REMEMBERED:])
        return qty > units[(len(units) - 1) // 2] * house.RANK_BUY_FACTOR
