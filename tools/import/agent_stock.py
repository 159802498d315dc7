"""What agents hold, as the daemon will see it: the simulation behind predictions.

Goods that the data shows coming back later are set aside and never sold on, so that
every return with a purchase behind it finds its goods.  What is not set aside is free.
What moved on which day is kept, for the gate of a restock.
"""

import collections
import functools

# Stockists asked whether they can ship an order's largest line.
PROBES = 16

DAY = 86400


class Shelf:
    """What an agent has of a sku."""

    def __init__(self):
        self.on_hand = 0
        self._days = []  # (day, received, change, sold, passed), rising

    def move(self, day, change, received=0, sold=0, passed=0):
        self.on_hand += change
        self._days.append((day, received, change, sold, passed))

    def window(self, today, days):
        """(received, change, sold, passed) of the DAYS days that end with TODAY."""
        received = change = sold = passed = 0
        for day, more, moved, gone, handed in reversed(self._days):
            if day <= today - days:
                break
            received += more
            change += moved
            sold += gone
            passed += handed
        return received, change, max(0, sold), passed


class AgentStock:
    def __init__(self, sells_on):
        """SELLS_ON(agent): whether an agent passes goods on at all, or hoards."""
        self._sells_on = functools.lru_cache(maxsize=None)(sells_on)
        self._shelves = collections.defaultdict(Shelf)
        self._free = collections.Counter()
        self._skus_of = collections.defaultdict(dict)  # by agent; keeps the order
        self._stockists = collections.defaultdict(dict)  # by sku; keeps the order

    def shelf(self, agent, sku):
        return self._shelves[agent, sku]

    def shelves(self, agent):
        """(sku, shelf), ... of all that AGENT ever had."""
        return [(sku, self._shelves[agent, sku]) for sku in self._skus_of[agent]]

    def had(self, agent, sku):
        return sku in self._skus_of.get(agent, ())

    def holders(self):
        """{agent: units} of all who ever had something."""
        return {agent: sum(shelf.on_hand for _, shelf in self.shelves(agent))
                for agent in list(self._skus_of)}

    def buy(self, at, agent, sku, qty, aside):
        self._shelves[agent, sku].move(at // DAY, qty, received=qty)
        self._free[agent, sku] += qty - aside
        self._skus_of[agent].setdefault(sku)
        if self._sells_on(agent):
            self._stockists[sku].setdefault(agent)

    def free(self, agent, sku):
        return self._free[agent, sku]

    def sell(self, at, agent, sku, qty, counts):
        """COUNTS: a sale to somebody who is named, which proves that goods are used."""
        shelf = self._take(agent, sku, qty)
        shelf.move(at // DAY, -qty, sold=qty if counts else 0)

    def pass_on(self, at, giver, receiver, sku, qty):
        self._take(giver, sku, qty).move(at // DAY, -qty, passed=qty)
        self.buy(at, receiver, sku, qty, 0)

    def _take(self, agent, sku, qty):
        assert qty <= self._free[agent, sku]
        self._free[agent, sku] -= qty
        return self._shelves[agent, sku]

    def take_back(self, at, agent, sku, qty):
        """A named consumer sends back what AGENT sold to him."""
        self._shelves[agent, sku].move(at // DAY, qty, sold=-qty)
        self._free[agent, sku] += qty

    def give_back(self, at, agent, units):
        """Whether AGENT can give back UNITS, a dict by sku; if so, it is done."""
        shelves = {sku: self._shelves.get((agent, sku)) for sku in units}
        if any(shelf is None or shelf.on_hand < units[sku]
               for sku, shelf in shelves.items()):
            return False
        for sku, shelf in shelves.items():
            shelf.move(at // DAY, -units[sku], received=-units[sku])
        return True

    def candidates(self, sku, qty, start):
        """The agents with QTY free units of SKU, of those asked from place START on."""
        names = list(self._stockists.get(sku, ()))
        asked = (names[(start + step) % len(names)]
                 for step in range(min(PROBES, len(names))))
        return [agent for agent in asked if self._free[agent, sku] >= qty]
