"""What the daemon will say of goods: what guards find, how much of what went into the
network consumers bought, month by month, and who keeps the most.

Worked out from what happens to goods, in the order of sending, by the rules of
src/books/GOODS.md, as far as this book needs them: agents keep all goods in one place
and a sku in one lot, orders are paid when they are placed, an agent hands over at once
what he sells from stock, and the guards are in force before the first trade.
"""

import collections
import datetime
import functools

import house
from agent_stock import DAY

PPM = 1000000

HOLDERS = 10
HOLDERS_WINDOW = 365
AGES = (30, 60, 90, 180)

# What is counted of a sku and a day: units.
WHAT = ("issued", "returned", "passed", "sold", "retail")
ISSUED, RETURNED, PASSED, SOLD, RETAIL = range(len(WHAT))


def civil(day):
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=day)


@functools.lru_cache(maxsize=None)
def month_of(day):
    return civil(day).strftime("%Y-%m")


def month_end(at):
    """The first day of the month after the one of AT: agents are paid then."""
    date = civil(at // DAY)
    first = datetime.date(date.year + date.month // 12, date.month % 12 + 1, 1)
    return (first - datetime.date(1970, 1, 1)).days


class Rolling:
    """issued - returned and sold of the last days of a sku."""

    def __init__(self):
        self._entries = collections.deque()
        self._net = self._sold = 0

    def add(self, day, net, sold):
        self._entries.append((day, net, sold))
        self._net += net
        self._sold += sold

    def is_low(self, today):
        """Whether consumers buy too little of what agents do."""
        before = today - house.WINDOW_DAYS
        while self._entries and self._entries[0][0] <= before:
            _, net, sold = self._entries.popleft()
            self._net -= net
            self._sold -= sold
        return (self._net >= house.NETWORK_MIN_UNITS
                and max(0, self._sold) * PPM // self._net < house.NETWORK_ALARM_PPM)


class Order:
    def __init__(self, seller, holder, named, rows):
        self.seller = seller
        # HOLDER is "" if the brand ships; only who is NAMED proves that goods are used.
        self.counts = bool(holder and named)
        self.rows = rows
        self.returned = {}  # units by line


class GoodsFacts:
    """What happens to goods, in any order; it is told in that of the sending."""

    def __init__(self):
        self._facts = []

    def add(self, at, what, *about, send_at=None):
        self._facts.append((at if send_at is None else send_at, len(self._facts),
                            at, what, about))

    def __iter__(self):
        return iter(sorted(self._facts))


class GoodsPrediction:
    def __init__(self, facts, stock, joined, list_price, lot_of, bands, alone):
        """STOCK: what agents hold after all FACTS; JOINED: {agent: time}; LOT_OF:
        {sku: lot}; BANDS: {sku: (low, high)}; ALONE: {region: agent}."""
        self._stock = stock
        self._joined = joined
        self._list_price = list_price
        self._lot_of = lot_of
        self._bands = bands
        self._alone = alone
        self._rolling = collections.defaultdict(Rolling)  # by sku
        self._days = collections.defaultdict(lambda: [0] * len(WHAT))  # by (sku, day)
        self._orders = {}
        self._bought = collections.Counter()
        self._scanned = collections.Counter()
        self._day = self._today = 0
        self._of_record = set()  # what one event made the guards find
        self._found = collections.Counter()  # times, by (rule, subject)
        end = 0
        for end, _, at, what, about in facts:
            self._day = at // DAY
            self._today = max(self._today, self._day)
            getattr(self, "_" + what)(*about)
            if self._of_record:
                self._found.update(self._of_record)
                self._of_record.clear()
        self._today = month_end(end)

    def _find(self, rule, subject, fails):
        if fails:
            self._of_record.add((rule, subject))

    # ------------------------------------------------------------- agents and the brand

    def _buys(self, agent, value):
        self._bought[agent] += value
        new = self._today - self._joined[agent] // DAY < house.JOINING_DAYS
        self._find("JOINING_PURCHASE", agent, new and value and self._bought[agent] >
                   int(house.minor(house.JOINING_VALUE)))

    def _issued(self, agent, rows, paid):
        day, skus = self._day, set()
        for row in rows:
            sku, units = row.sku, row.qty
            self._days[sku, day][ISSUED] += units
            self._rolling[sku].add(day, units, 0)
            skus.add(sku)
        self._buys(agent, paid)
        for sku in skus:
            self._find("NETWORK_SELL_THROUGH", sku,
                       self._rolling[sku].is_low(self._today))

    def _returned(self, lines):
        for sku, units, _ in lines:
            self._days[sku, self._day][RETURNED] += units
            self._rolling[sku].add(self._day, -units, 0)

    def _passed(self, receiver, sku, units, price, pushed):
        self._find("PUSHED_DOWN", receiver, pushed)
        self._days[sku, self._day][PASSED] += units
        self._buys(receiver, units * price)
        self._multi_count(sku)

    def _multi_count(self, sku):
        sums = [0] * len(WHAT)
        for back in range(house.WINDOW_DAYS):
            day = self._days.get((sku, self._today - back), ())
            for what, units in enumerate(day):
                sums[what] += units
        self._find("MULTI_COUNT", sku, (
            sums[RETAIL] >= house.NETWORK_MIN_UNITS
            and (sums[ISSUED] + sums[PASSED]) * PPM // sums[RETAIL]
            > house.MAX_MULTI_COUNT_PPM))

    # ------------------------------------------------------------------------ consumers

    def _ordered(self, name, order, channel, region, at_once):
        self._orders[name] = order
        if channel == house.BAND_CHANNEL:
            for row in order.rows:
                if row.sku in self._bands:
                    low, high = self._bands[row.sku]
                    self._find("PRICE_BAND", order.seller, not low <= row.price <= high)
        alone = self._alone.get(region, order.seller)
        self._find("TERRITORY", order.seller, alone != order.seller)
        if at_once:
            self._received(name)

    def _received(self, name):
        order, day = self._orders[name], self._day
        for line, row in enumerate(order.rows, 1):
            units = row.qty - order.returned.get(line, 0)
            self._days[row.sku, day][RETAIL] += units
            if order.counts:
                self._sell(row.sku, units)

    def _sell(self, sku, units):
        self._days[sku, self._day][SOLD] += units
        self._rolling[sku].add(self._day, 0, units)

    def _refunded(self, name, line, units):
        order = self._orders[name]
        order.returned[line] = order.returned.get(line, 0) + units
        if order.counts:
            self._sell(order.rows[line - 1].sku, -units)

    def _scan(self, sku, serial, region, seller_had_it):
        lot = self._lot_of[sku]
        self._scanned[serial] += 1
        self._find("SERIAL_TWICE", lot, self._scanned[serial] > 1)
        self._find("DIVERSION", lot, region != house.LOT_REGION)
        self._find("CUSTODY_CHAIN", lot, not seller_had_it)

    # -------------------------------------------------------------------------- figures

    def findings(self):
        """By rule: how many there are, and how often what they found was found."""
        rules = collections.defaultdict(lambda: {"findings": 0, "times": 0})
        for (rule, _), times in self._found.items():
            rules[rule]["findings"] += 1
            rules[rule]["times"] += times
        return dict(sorted(rules.items()))

    def network(self):
        months = collections.defaultdict(lambda: [0] * len(WHAT))
        for (_, day), counted in self._days.items():
            sums = months[month_of(day)]
            for what, units in enumerate(counted):
                sums[what] += units
        return [{"period": month, **dict(zip(WHAT, sums)), "sell_through_ppm": ratio(
            max(0, sums[SOLD]), PPM, sums[ISSUED] - sums[RETURNED])}
                for month, sums in sorted(months.items())]

    def holders(self):
        """The agents with most units, of equals the one who joined first."""
        units = self._stock.holders()
        order = {agent: place for place, agent in enumerate(self._joined)}
        largest = sorted(units, key=lambda agent: (-units[agent], order[agent]))
        return [self._holder(agent) for agent in largest[:HOLDERS]]

    def _holder(self, agent):
        row = collections.Counter()
        ages = [0] * (len(AGES) + 1)
        for sku, shelf in self._stock.shelves(agent):
            received, change, sold, passed = shelf.window(self._today, HOLDERS_WINDOW)
            row.update(stock=shelf.on_hand, open=shelf.on_hand - change,
                       received=received, sold=sold, passed=passed,
                       value=shelf.on_hand * self._list_price[sku])
            ages = [sum(pair) for pair in zip(ages, ages_of(shelf, self._today))]
        return {"agent": agent, **row, "sell_through_ppm": ratio(
            row["sold"], PPM, row["open"] + row["received"]),
                "cover_days": ratio(row["stock"], HOLDERS_WINDOW, row["sold"]),
                "aged": ages}

    def summary(self):
        return {"today": civil(self._today).isoformat(), "network": self.network(),
                "holders_window": HOLDERS_WINDOW, "holders": self.holders(),
                "findings": self.findings()}


def ratio(a, b, c):
    """Rounded down; -1 where there is nothing to divide by."""
    return a * b // c if c > 0 else -1


def ages_of(shelf, today):
    """Units of up to 30, 60, ... days, and of more: first in, first out."""
    older, result = shelf.on_hand, []
    for days in AGES:
        received = shelf.window(today, days)[0]
        left = min(older, max(0, shelf.on_hand - max(0, received)))
        result.append(older - left)
        older = left
    return result + [older]
