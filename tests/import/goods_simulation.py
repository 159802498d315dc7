"""What guards and measures say of a tiny book's goods, by the rules of
src/books/GOODS.md: every number is summed up anew from what happened whenever it is
asked for.

It shares no code with the converter, and takes the numbers of the guards from the event
that publishes them.
"""

import collections
import datetime

GATES = ("standing", "starter", "sell_through", "cover", "holding", "frequency", "aged",
         "rank_buy")
MILLION = 1000000


def day_of(text):
    return datetime.date.fromisoformat(text[:10]).toordinal()


class Goods:
    def __init__(self):
        self.now = ""
        self.today = 0  # of the book's clock
        self.day = 0  # of the event
        self.valid_from = "9999"
        self.mode = {}
        self.number = {}
        self.list_price = {}
        self.joined = {}
        self.verified = set()
        self.territory = {}
        self.band = {}
        self.lot = {}
        self.scanned = collections.Counter()
        self.bought = collections.Counter()
        self.requests = collections.defaultdict(list)  # (day, qty) allowed
        # Of (agent, sku), in order: (day, {"received": 6, "change": 6}), ...
        self.moves = collections.defaultdict(list)
        self.skus_of = collections.defaultdict(set)
        self.by_day = collections.defaultdict(collections.Counter)  # of (sku, day)
        self.found = {}  # times, by (rule, subject)
        self.noted = set()  # of this event

    def begin(self, time):
        self.now, self.day = time, day_of(time)
        self.today = max(self.today, self.day)
        self.noted = set()

    def note(self, rule, subject):
        if (rule, subject) not in self.noted:
            self.noted.add((rule, subject))
            self.found[rule, subject] = self.found.get((rule, subject), 0) + 1

    def flags(self, guard):
        return self.now >= self.valid_from and self.mode.get(guard) == "FLAG"

    def publish(self, body):
        self.valid_from = body["validFrom"]
        for parameter in body["parameters"]:
            assert not parameter.keys() - {"name", "value", "choice"}
            if "choice" in parameter:
                self.mode[parameter["name"]] = parameter["choice"]
            else:
                self.number[parameter["name"]] = int(parameter["value"])

    # ------------------------------------------------------------------------- measures

    def move(self, agent, sku, **units):
        self.moves[agent, sku].append((self.day, units))
        self.skus_of[agent].add(sku)

    def count(self, sku, **units):
        self.by_day[sku, self.day].update(units)

    def stock(self, agent, sku):
        return sum(units["change"] for _, units in self.moves.get((agent, sku), ()))

    def summed(self, agent, sku, what, days):
        return sum(units.get(what, 0) for day, units in self.moves.get((agent, sku), ())
                   if self.today - days < day <= self.today)

    def sold(self, agent, sku, days):
        return max(0, self.summed(agent, sku, "sold", days))

    def to_sell(self, agent, sku, days):
        """What stood there when the window began, and what came since."""
        return (self.stock(agent, sku) - self.summed(agent, sku, "change", days)
                + self.summed(agent, sku, "received", days))

    def older_than(self, agent, sku, days):
        return max(0, self.stock(agent, sku)
                   - max(0, self.summed(agent, sku, "received", days)))

    def of_network(self, sku):
        total = collections.Counter()
        for back in range(self.number["window_days"]):
            total.update(self.by_day.get((sku, self.today - back), {}))
        return total

    # ------------------------------------------------------------------------- the gate

    def ask(self, agent, sku, qty):
        """The rule by which a restock is refused, "" if it is allowed."""
        rules = [gate for gate in GATES if self.mode.get(gate) == "REFUSE"
                 and not getattr(self, "passes_" + gate)(agent, sku, qty)]
        if not rules:
            self.requests[agent, sku].append((self.today, qty))
            return ""
        return "RESTOCK_" + rules[0].upper()

    def passes_standing(self, agent, _sku, _qty):
        return agent in self.verified

    def is_new(self, agent, days):
        return self.today - self.joined[agent] < self.number[days]

    def passes_starter(self, agent, _sku, qty):
        units = sum(self.stock(agent, sku) for sku in self.skus_of[agent])
        return (not self.is_new(agent, "starter_days")
                or units + qty <= self.number["starter_units"])

    def passes_sell_through(self, agent, sku, _qty):
        days = self.number["window_days"]
        to_sell = self.to_sell(agent, sku, days)
        if self.is_new(agent, "starter_days") or to_sell <= 0:
            return True
        rate = self.sold(agent, sku, days) * MILLION // to_sell
        return (rate >= self.number["min_sell_through_ppm"]
                or self.stock(agent, sku) <= self.number["free_units"])

    def passes_cover(self, agent, sku, qty):
        days = self.number["window_days"]
        units = self.stock(agent, sku) + qty
        return (self.is_new(agent, "starter_days")
                or units <= self.number["free_units"]
                or units * days <= self.number["max_cover_days"]
                * self.sold(agent, sku, days))

    def passes_holding(self, agent, sku, qty):
        value = sum(self.stock(agent, held) * self.list_price[held]
                    for held in self.skus_of[agent])
        return value + qty * self.list_price[sku] <= self.number["max_value"]

    def passes_frequency(self, agent, sku, _qty):
        lately = [day for day, _ in self.requests[agent, sku]
                  if self.today - day < self.number["restock_period_days"]]
        return len(lately) < self.number["max_restocks"]

    def passes_aged(self, agent, sku, _qty):
        return self.older_than(agent, sku, self.number["aged_days"]) <= 0

    def passes_rank_buy(self, agent, sku, qty):
        before = sorted(units for _, units in self.requests[agent, sku][-11:])
        if len(before) < 3:
            return True
        middle = before[(len(before) - 1) // 2]
        return qty <= middle * self.number["rank_buy_factor_ppm"] // MILLION

    # ------------------------------------------------------------------- what is bought

    def buy(self, agent, value):
        if not value:
            return
        self.bought[agent] += value
        if (self.flags("joining") and self.is_new(agent, "joining_days")
                and self.bought[agent] > self.number["joining_value"]):
            self.note("JOINING_PURCHASE", agent)

    def issue(self, agent, lines, paid):
        for line in lines:
            sku, qty = line["sku"], int(line["qty"])
            self.move(agent, sku, received=qty, change=qty)
            self.count(sku, issued=qty)
        self.buy(agent, paid)
        if self.flags("network"):
            for line in lines:
                self.look_at_network(line["sku"])

    def look_at_network(self, sku):
        if ("NETWORK_SELL_THROUGH", sku) in self.noted:
            return
        total = self.of_network(sku)
        kept = total["issued"] - total["returned"]
        if (kept >= self.number["network_min_units"]
                and max(0, total["sold"]) * MILLION // kept
                < self.number["network_alarm_ppm"]):
            self.note("NETWORK_SELL_THROUGH", sku)

    def give_back(self, agent, lines):
        for line in lines:
            qty = int(line["qty"])
            self.move(agent, line["sku"], received=-qty, change=-qty)
            self.count(line["sku"], returned=qty)

    def transfer(self, giver, receiver, lines):
        for line in lines:
            sku, qty = line["sku"], int(line["qty"])
            self.look_at_push(receiver, sku, qty)
            self.move(giver, sku, passed=qty, change=-qty)
            self.move(receiver, sku, received=qty, change=qty)
            self.count(sku, passed=qty)
        self.buy(receiver, sum(int(line["qty"]) * int(line["unitPrice"])
                               for line in lines))
        for line in lines:
            self.look_at_counts(line["sku"])

    def look_at_push(self, agent, sku, qty):
        days = self.number["window_days"]
        bought = self.summed(agent, sku, "received", days) + qty
        if (self.flags("push_down")
                and bought * MILLION > self.number["max_purchase_to_sales_ppm"]
                * self.sold(agent, sku, days)
                and self.stock(agent, sku) + qty > self.number["free_units"]):
            self.note("PUSHED_DOWN", agent)

    def look_at_counts(self, sku):
        total = self.of_network(sku)
        if (self.flags("multi_count")
                and total["retail"] >= self.number["network_min_units"]
                and (total["issued"] + total["passed"]) * MILLION // total["retail"]
                > self.number["max_multi_count_ppm"]):
            self.note("MULTI_COUNT", sku)

    # --------------------------------------------------------------------- what is sold

    def place(self, sale):
        for line in sale["lines"]:
            price, band = int(line.get("unitPrice", 0)), self.band.get(line["sku"])
            if band and band["channel"] == sale["channel"] and not (
                    int(band["minPrice"]) <= price <= int(band["maxPrice"])):
                self.note("PRICE_BAND", sale["seller"])
        alone = self.territory.get(sale["region"])
        if self.flags("territory") and alone not in (None, sale["seller"]):
            self.note("TERRITORY", sale["seller"])

    def reach(self, order, sku, qty):
        """QTY units of an ORDER arrive."""
        self.count(sku, retail=qty)
        self.hand_over(order, sku, qty)

    def hand_over(self, order, sku, qty):
        """From who sells from stock to the buyer, or back: QTY is below 0."""
        if not order.holder:
            return
        sold = qty if order.buyer else 0
        self.move(order.holder, sku, sold=sold, change=-qty)
        self.count(sku, sold=sold)

    def scan(self, body):
        lot = self.lot[body["lot"]]
        assert lot["serialFrom"] <= body["serial"] <= lot["serialTo"]
        self.scanned[body["serial"]] += 1
        if not self.flags("custody"):
            return
        if self.scanned[body["serial"]] > 1:
            self.note("SERIAL_TWICE", body["lot"])
        if body["region"] != lot["intendedRegion"]:
            self.note("DIVERSION", body["lot"])
        if lot["sku"] not in self.skus_of[body["claimedSeller"]]:
            self.note("CUSTODY_CHAIN", body["lot"])

    # ------------------------------------------------------------------------ summaries

    def findings(self):
        result = {}
        for (rule, _), times in self.found.items():
            row = result.setdefault(rule, {"findings": 0, "times": 0})
            row["findings"] += 1
            row["times"] += times
        return result

    def network(self):
        months = collections.defaultdict(collections.Counter)
        for (_, day), units in self.by_day.items():
            months[datetime.date.fromordinal(day).isoformat()[:7]].update(units)
        return months

    def holder(self, agent, days):
        """The measures of all that AGENT has, TODAY's as they stand."""
        row = collections.Counter()
        for sku in self.skus_of[agent]:
            stock = self.stock(agent, sku)
            row.update(stock=stock, value=stock * self.list_price[sku],
                       sold=self.sold(agent, sku, days),
                       to_sell=self.to_sell(agent, sku, days), **{
                           what: self.summed(agent, sku, what, days)
                           for what in ("received", "passed")})
            older = [stock]
            for age in (30, 60, 90, 180):  # what came back may make them look more
                older.append(min(older[-1], self.older_than(agent, sku, age)))
            for place, (more, less) in enumerate(zip(older, older[1:] + [0])):
                row["aged", place] += more - less
        return row
