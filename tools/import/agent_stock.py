"""What agents hold, as the daemon will see it: the simulation behind predictions.

Goods that the data shows coming back later are set aside and never sold on, so that
every return with a purchase behind it finds its goods.  What is not set aside is free.
"""

import collections

# Stockists asked whether they can ship an order's largest line.
PROBES = 16


class AgentStock:
    def __init__(self, sells_on):
        """SELLS_ON(agent): whether an agent passes goods on at all, or hoards."""
        self._sells_on = sells_on
        self._on_hand = collections.Counter()
        self._free = collections.Counter()
        self._stockists = collections.defaultdict(dict)  # by sku; dict keeps the order

    def buy(self, agent, sku, qty, aside):
        self._on_hand[agent, sku] += qty
        self._free[agent, sku] += qty - aside
        if self._sells_on(agent):
            self._stockists[sku].setdefault(agent)

    def on_hand(self, agent, sku):
        return self._on_hand[agent, sku]

    def free(self, agent, sku):
        return self._free[agent, sku]

    def sell(self, agent, sku, qty):
        assert qty <= self._free[agent, sku]
        self._on_hand[agent, sku] -= qty
        self._free[agent, sku] -= qty

    def take_back(self, agent, sku, qty):
        self._on_hand[agent, sku] += qty
        self._free[agent, sku] += qty

    def give_back(self, agent, units):
        """Whether AGENT can give back UNITS, a dict by sku; if so, it is done."""
        if any(self._on_hand[agent, sku] < qty for sku, qty in units.items()):
            return False
        for sku, qty in units.items():
            self._on_hand[agent, sku] -= qty
        return True

    def candidates(self, sku, qty, start):
        """The agents with QTY free units of SKU, of those asked from place START on."""
        names = list(self._stockists.get(sku, ()))
        asked = (names[(start + step) % len(names)]
                 for step in range(min(PROBES, len(names))))
        return [agent for agent in asked if self._free[agent, sku] >= qty]
