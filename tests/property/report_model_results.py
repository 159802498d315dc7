"""Metrics from facts: src/metrics/METRICS.md sections 5 and 6, plainly."""

import math
from fractions import Fraction

from report_model import (EMPTY, LENIENT, MILLION, OUTSIDE, PURCHASES, Rewards, both,
                          first_day_of, month_of, number, share)
from report_model_facts import (ANONYMOUS, AS_CUSTOMER, DOUBTED, FORMER, SELF_USE, STOCK,
                                VERIFIED)

ALL = (*LENIENT, DOUBTED)
IN = ("RECEIVED", "TAKEN_BACK")


def goods(facts, *codes):
    return sum(fact.qty for fact in facts if fact.code in codes)


class Months(Rewards):
    def of_months(self, *kinds):
        """Facts of the months whose first day is in the interval."""
        return [fact for fact in self.in_window(*kinds)
                if self.first <= first_day_of(month_of(fact.day)) < self.end]

    def agent_months(self):
        """(account, month) with anything in it."""
        person = self.person_of()
        return sorted({(fact.agent, month_of(fact.day)) for fact in self.of_months(
            "GOODS", "SOLD", "SOLD_BACK", "RECLASSED", "BOUGHT", "BOUGHT_BACK", "REWARD",
            "REWARD_BACK") if fact.agent in person})

    def of_one(self, agent, month, *kinds):
        return [fact for fact in self.in_window(*kinds)
                if fact.agent == agent and month_of(fact.day) == month]

    def pay_of(self, agent, month):
        return sum(fact.amount if fact.kind == "REWARD" else -fact.amount
                   for fact in self.of_one(agent, month, "REWARD", "REWARD_BACK"))

    def paid_months(self):
        return [one for one in self.agent_months() if self.pay_of(*one) > 0]

    def units(self, agent, month):
        """Bought, resold to anybody, to consumers."""
        facts = self.of_one(agent, month, "GOODS")
        consumers = goods(facts, "SOLD") - goods(facts, "TAKEN_BACK")
        return (goods(facts, "RECEIVED") - goods(facts, "RETURNED"),
                consumers + goods(facts, "PASSED_DOWN"), consumers)

    def resold(self, one, strict, least):
        bought, anybody, consumers = self.units(*one)
        return (consumers if strict else anybody) * MILLION >= least * bought

    def has_buyers(self, one, least):
        return len({fact.other for fact in self.of_one(*one, "SOLD")
                    if fact.cls == VERIFIED}) >= least

    def m_resale_70_share(self, share_ppm=700_000):
        which = [one for one in self.paid_months() if self.units(*one)[0] > 0]
        return tuple(share(sum(self.resold(one, strict, share_ppm) for one in which),
                           len(which)) for strict in (True, False))

    def m_ten_customers_share(self, buyers=10):
        which = self.paid_months()
        return both(share(sum(self.has_buyers(one, buyers) for one in which), len(which)))

    def m_enforcement_share(self, share_ppm=700_000, buyers=10):
        which = [one for one in self.agent_months() if self.units(*one)[0] > 0]
        strict = [one for one in which if not self.resold(one, True, share_ppm) or
                  not self.has_buyers(one, buyers)]
        lenient = [one for one in which if not self.resold(one, False, share_ppm)]
        return tuple(share(sum(self.pay_of(*one) <= 0 for one in failed), len(failed))
                     for failed in (strict, lenient))

    def retail_of(self, facts, classes):
        sign = dict(SOLD=1, RECLASSED=1, SOLD_BACK=-1)
        return sum(sign[fact.kind] * fact.amount for fact in facts if fact.kind in sign and
                   fact.cls in classes) - sum(
                       fact.amount for fact in facts
                       if fact.kind == "RECLASSED" and fact.was in classes)

    def m_outside_half_failed(self):
        person, up, which = self.person_of(), self.ways_up(), self.paid_months()

        def fails(agent, month, classes):
            mine = [fact for fact in self.in_window(
                "SOLD", "SOLD_BACK", "RECLASSED", "BOUGHT", "BOUGHT_BACK", "FEE")
                    if month_of(fact.day) == month and fact.agent in person and
                    person[agent] in up[person[fact.agent]]]
            retail = self.retail_of(mine, classes)
            other = sum(fact.amount * dict(BOUGHT=1, FEE=1, BOUGHT_BACK=-1).get(fact.kind, 0)
                        for fact in mine)
            return 2 * retail <= retail + other
        return tuple(share(sum(fails(*one, classes) for one in which), len(which))
                     for classes in ((VERIFIED,), LENIENT))

    def m_own_sales_cap_failed(self, share_ppm=300_000):
        which = self.paid_months()

        def fails(one, classes):
            sales = self.retail_of(self.of_one(*one, "SOLD", "SOLD_BACK", "RECLASSED"),
                                   classes)
            return self.pay_of(*one) * MILLION > share_ppm * sales
        return tuple(share(sum(fails(one, classes) for one in which), len(which))
                     for classes in ((VERIFIED,), LENIENT))

    def m_self_use_over(self, amount=0):
        used = {}
        for one in self.agent_months():
            facts = self.of_one(*one, "BOUGHT", "BOUGHT_BACK")
            used[one] = sum(fact.amount if fact.kind == "BOUGHT" else -fact.amount
                            for fact in facts if fact.code in (SELF_USE, AS_CUSTOMER))
        which = [one for one in used if used[one] > 0]
        return both(share(sum(used[one] > amount for one in which), len(which)))

    def m_pay_gap_days(self):
        which = self.paid_months()
        if not which:
            return both(EMPTY)
        return both(number(max(self.gap(*one) for one in which)))

    def gap(self, agent, month):
        last = first_day_of(month + 1) - 1
        paid = [fact.day for fact in self.in_window("PAID_OUT")
                if fact.agent == agent and fact.amount > 0 and fact.day > last]
        return max(0, min(paid, default=self.cut - 1) - last)


class Layers:
    """Units of one agent and sku, first in first out: [day, units, what was paid for
    them]."""

    def __init__(self):
        self.layers = []

    def take(self, fact):
        """What was paid for the units that go out, 0 if some come in."""
        if fact.code in IN or (fact.code == "COUNTED" and fact.qty > 0):
            amount = fact.amount if fact.code == "RECEIVED" else 0
            self.layers.append([fact.day, fact.qty, amount])
            return 0
        left, paid = abs(fact.qty), 0
        for layer in self.layers:
            units = min(left, layer[1])
            if not units:
                continue
            part = layer[2] * units // layer[1]
            paid += part
            layer[1] -= units
            layer[2] -= part
            left -= units
        return paid


class Results(Months):
    def worth(self):
        """account -> (strict, lenient) net result of the window."""
        strict, lenient = {}, {}

        def add(to, agent, amount):
            to[agent] = to.get(agent, 0) + amount
        for fact in self.in_window("REWARD", "REWARD_BACK", "BOUGHT", "BOUGHT_BACK", "FEE"):
            sign = 1 if fact.kind in ("REWARD", "BOUGHT_BACK") else -1
            add(strict, fact.agent, sign * fact.amount)
            if fact.kind.startswith("BOUGHT") and fact.code in (SELF_USE, AS_CUSTOMER):
                add(lenient, fact.agent, -sign * fact.amount)
        for fact in self.in_window("GOODS"):
            if fact.code == "PASSED_DOWN":
                add(strict, fact.agent, fact.amount)
            if fact.code == "RECEIVED" and fact.other:
                add(strict, fact.agent, -fact.amount)
        for fact in self.in_window("SOLD", "SOLD_BACK", "RECLASSED"):
            if fact.is_own_goods:
                sign = -1 if fact.kind == "SOLD_BACK" else 1
                add(self.side(fact.cls, strict, lenient), fact.agent, sign * fact.amount)
                if fact.kind == "RECLASSED":
                    add(self.side(fact.was, strict, lenient), fact.agent, -fact.amount)
        for agent, day, amount in self.used():
            if self.begin <= day < self.cut:
                add(lenient, agent, amount)
        return {account: (strict.get(account, 0),
                          strict.get(account, 0) + lenient.get(account, 0))
                for account in self.accounts()}

    def side(self, cls, strict, lenient):
        return strict if cls in (VERIFIED, ANONYMOUS, FORMER) else lenient

    def used(self):
        """(account, day, what was paid) of goods that accounts used themselves."""
        layers, found = {}, []
        for fact in self.before_cut("GOODS"):
            paid = layers.setdefault((fact.agent, fact.sku), Layers()).take(fact)
            if fact.code == "SELF_USED":
                found.append((fact.agent, fact.day, paid))
        return found

    def on_hand(self):
        """(account, day it came in, units) at the cut."""
        layers = {}
        for fact in self.before_cut("GOODS"):
            layers.setdefault((fact.agent, fact.sku), Layers()).take(fact)
        return [(agent, day, units) for (agent, _), one in layers.items()
                for day, units, *_ in one.layers if units]

    def by_person(self, of_account):
        person, found = self.person_of(), {one: 0 for one in self.participants()}
        for account, amount in of_account.items():
            if person.get(account) in found:
                found[person[account]] += amount
        return found

    def rewards_by_person(self):
        found = {account: 0 for account in self.accounts()}
        for fact in self.in_window("REWARD", "REWARD_BACK"):
            if fact.agent in found:
                found[fact.agent] += fact.amount if fact.kind == "REWARD" else -fact.amount
        return self.by_person(found)

    def whole_months(self, day):
        """From DAY to the window's end."""
        months = month_of(self.cut) - month_of(day)
        same = day - first_day_of(month_of(day)) > self.cut - first_day_of(month_of(self.cut))
        return months - (1 if same else 0)

    def m_loss_share(self, months=12):
        joined = {}
        person = self.person_of()
        for fact in self.of_everybody("JOINED"):
            if fact.agent in person:
                joined.setdefault(person[fact.agent], fact.day)
        worth = self.worth()
        found = []
        for reading in (0, 1):
            of_person = self.by_person({name: both[reading] for name, both in worth.items()})
            old = [one for one in of_person if self.whole_months(joined[one]) >= months]
            found.append(share(sum(of_person[one] < 0 for one in old), len(old)))
        return tuple(found)

    def m_never_paid_share(self):
        pay = self.rewards_by_person()
        return both(share(sum(amount <= 0 for amount in pay.values()), len(pay)))

    def m_gini(self):
        pay = sorted(max(0, amount) for amount in self.rewards_by_person().values())
        n, whole = len(pay), sum(pay)
        if not whole:
            return both(EMPTY)
        weighed = sum(i * amount for i, amount in enumerate(pay, 1))
        return both(share((2 * weighed - (n + 1) * whole) * MILLION // (n * whole), MILLION))

    def m_top_share(self, ppm=10_000):
        pay = sorted((max(0, x) for x in self.rewards_by_person().values()), reverse=True)
        best = max(1, ppm * len(pay) // MILLION)
        return both(share(sum(pay[:best]), sum(pay)))

    def m_recouped_share(self):
        pay, fees = self.rewards_by_person(), {}
        for fact in self.in_window("FEE"):
            fees[fact.agent] = fees.get(fact.agent, 0) + fact.amount
        fees = {one: amount for one, amount in self.by_person(fees).items() if amount > 0}
        return both(share(sum(pay[one] >= fees[one] for one in fees), len(fees)))

    # ---------------------------------------------------------------------------- goods

    def last_months(self, months, skip=0):
        """[first month, month behind] of the interval's last ones."""
        behind = month_of(self.end - 1) + 1 - skip
        return behind - months, behind

    def in_months(self, between, *kinds):
        return [fact for fact in self.of(*kinds)
                if between[0] <= month_of(fact.day) < between[1]]

    def m_sell_through(self, months=3):
        facts = self.in_months(self.last_months(months), "GOODS")
        bought = sum(fact.qty for fact in facts if fact.code == "RECEIVED" and
                     not fact.other) - goods(facts, "RETURNED")
        sold = goods(facts, "SOLD") - goods(facts, "TAKEN_BACK")
        return share(sold, bought), share(sold + goods(facts, "SELF_USED"), bought)

    def m_loaded_share(self, days=90, share_ppm=500_000):
        behind = month_of(self.cut - 1) + 1
        first = max(self.begin, first_day_of(behind - 3))
        length = self.cut - first
        mine, held = {}, {}
        for fact in self.in_window("GOODS"):
            if fact.day >= first:
                mine.setdefault(fact.agent, []).append(fact)
        for agent, _, units in self.on_hand():
            held[agent] = held.get(agent, 0) + units
        which = [agent for agent in mine if goods(mine[agent], "RECEIVED") > 0]
        strict = lenient = 0
        for agent in which:
            facts, stock = mine[agent], held.get(agent, 0)
            sold = goods(facts, "SOLD") - goods(facts, "TAKEN_BACK")
            lasts = stock > 0 and stock * length > days * (sold + goods(facts, "SELF_USED"))
            stays = sold * MILLION < share_ppm * goods(facts, "RECEIVED")
            strict += lasts or stays
            lenient += lasts and stays
        return share(strict, len(which)), share(lenient, len(which))

    def m_aged_share(self, days=0):
        held = self.on_hand()
        return both(share(sum(units for _, day, units in held if self.cut - day > days),
                          sum(units for *_, units in held)))

    def sell_in(self, facts):
        return sum(fact.amount for fact in facts
                   if fact.kind == "BOUGHT" and fact.code == STOCK)

    def m_bunching(self, days=3):
        last = whole = 0
        for month in sorted({month_of(fact.day) for fact in self.of("BOUGHT")}):
            first, behind = first_day_of(month), first_day_of(month + 1)
            if self.first <= first and behind <= self.end:
                facts = [fact for fact in self.of("BOUGHT") if first <= fact.day < behind]
                last += (behind - first) * self.sell_in(
                    [fact for fact in facts if fact.day >= behind - days])
                whole += self.sell_in(facts) * days
        return both(share(last, whole))

    def own_sold(self, between, classes=ALL):
        return self.retail_of([fact for fact in self.in_months(between, "SOLD", "SOLD_BACK")
                               if fact.is_own_goods], classes)

    def m_stuffing(self):
        now, before = self.last_months(3), self.last_months(3, 3)
        return both(share(
            self.sell_in(self.in_months(now, "BOUGHT")) * self.own_sold(before),
            self.sell_in(self.in_months(before, "BOUGHT")) * self.own_sold(now)))

    def m_wash_count(self):
        washed = [fact for fact in self.of("SOLD") if fact.by_flag]
        washed += [fact for fact in self.of("RECLASSED") if fact.cls == DOUBTED]
        washed += [fact for fact in self.of("FINDING") if fact.name == "GOODS_CYCLE"]
        return both(number(len(washed)))

    def m_circular_share(self):
        passed = [fact for fact in self.in_window("GOODS")
                  if fact.code == "PASSED_DOWN" and fact.other]
        edges = {(fact.agent, fact.other) for fact in passed}

        def within(start):
            found, new = set(), {start}
            while new:
                found |= new
                new = {b for a, b in edges if a in new} - found
            return found
        is_known = any(fact.amount for fact in passed)
        value = [(fact.agent in within(fact.other), fact.amount if is_known else fact.qty)
                 for fact in passed]
        return both(share(sum(x for inside, x in value if inside),
                          sum(x for _, x in value)))

    def m_retail_split(self):
        w = self.purchases(STOCK)
        c = self.pay_on(*PURCHASES, "DOWN_RETAIL")
        u = self.u()[0], self.u()[1] + self.self_use()
        bought = [fact for fact in self.of("BOUGHT") if fact.code == STOCK]
        units = sum(fact.qty for fact in bought)
        found = []
        for retail, classes in zip(u, ((VERIFIED, ANONYMOUS, FORMER), ALL)):
            own = [fact for fact in self.of("SOLD", "SOLD_BACK", "RECLASSED")
                   if fact.is_own_goods]
            s = self.retail_of(own, classes)
            qty = self.units_of(own, classes)
            k = max(0, qty) * self.sell_in(bought) // units if units else 0
            margin = max(0, (s - k) * MILLION // k) if k else 0
            if w <= 0 or c <= 0:
                found.append(EMPTY)
            else:
                found.append(share(retail * margin // c + 2 * retail * MILLION // w,
                                   MILLION))
        return tuple(found)

    def m_resale_ratio(self):
        bought = [fact for fact in self.of("BOUGHT") if fact.code == STOCK]
        own = [fact for fact in self.of("SOLD", "SOLD_BACK", "RECLASSED")
               if fact.is_own_goods]
        return tuple(share(
            self.retail_of(own, classes) * sum(fact.qty for fact in bought),
            self.units_of(own, classes) * self.sell_in(bought))
                     for classes in ((VERIFIED, ANONYMOUS, FORMER), ALL))

    def units_of(self, facts, classes):
        return sum(fact.qty * (-1 if fact.kind == "SOLD_BACK" else 1) for fact in facts
                   if fact.cls in classes) - sum(
                       fact.qty for fact in facts
                       if fact.kind == "RECLASSED" and fact.was in classes)


class Duties(Results):
    def m_buyback_honoured(self):
        return both(share(sum(fact.qty for fact in self.of("BUYBACK_SETTLED")),
                          sum(fact.qty for fact in self.of("BUYBACK_ASKED"))))

    def m_buyback_low(self, ppm=900_000):
        settled = self.of("BUYBACK_SETTLED")
        held = {agent for agent, *_ in self.on_hand()}
        waiting = [fact for fact in self.of("LEFT") if fact.agent in held and
                   fact.day + 30 < self.cut and not any(
                       other.agent == fact.agent and fact.day <= other.day <= fact.day + 30
                       for other in self.in_window("BUYBACK_SETTLED"))]
        low = sum(fact.code < ppm for fact in settled)
        return both(share(low + len(waiting), len(settled) + len(waiting)))

    def m_buyback_late(self, days=7):
        asked, late, waiting = self.of("BUYBACK_ASKED"), 0, 0
        for fact in asked:
            settled = [other for other in self.of_everybody("BUYBACK_SETTLED")
                       if other.name == fact.name]
            if sum(other.qty for other in settled) < fact.qty:
                waiting += fact.day + days < self.cut
            else:
                late += fact.day + days < max(other.day for other in settled)
        return share(late + waiting, len(asked)), share(late, len(asked))

    def m_early_returns_denied(self, days=7):
        return both(share(sum(fact.qty <= days for fact in self.of("REFUND_DENIED")),
                          sum(fact.qty <= days for fact in self.of("REFUND_ASKED"))))

    def m_unexplained_denials(self):
        denied = self.of("PAYOUT_DENIED")
        return both(share(sum(not fact.code for fact in denied), len(denied)))

    def m_log_whole(self):
        return both(share(1, 1))

    def m_outside(self):
        return both(OUTSIDE)


OWN_DEEDS = ("IDENTITY", "FEE", "DEPOSIT", "BOUGHT", "SOLD", "GOODS", "BUYBACK_ASKED")
STOP_DAYS = 90


class Growth(Duties):
    def m_churn_year(self):
        begin, mine = self.cut - 365, set(self.accounts())
        left = {}
        for fact in self.of_everybody("LEFT"):
            left[fact.agent] = min(left.get(fact.agent, fact.day), fact.day)
        there = [fact.agent for fact in self.of_everybody("JOINED") if fact.agent in mine and
                 fact.day < begin and left.get(fact.agent, begin) >= begin]
        active = {fact.agent for fact in self.of_everybody(*OWN_DEEDS) if fact.day >= begin}
        active |= {fact.other for fact in self.of_everybody("JOINED") if fact.day >= begin}
        gone = sum(agent in left or agent not in active for agent in there)
        return both(share(gone, len(there)))

    def m_growth_months(self, market=0):
        market = market or self.market
        behind = first_day_of(month_of(self.cut - 1) - 2)
        joined = [fact.day for fact in self.before_cut("JOINED")]
        a, b = len(joined), sum(day < behind for day in joined)
        if not market or b in (0, a):
            return both(EMPTY)
        n, months = a, 0
        while n < market and months < 1_200:
            n += max(1, n * (a - b) // (3 * b))
            months += 1
        return both(number(months))

    def months_of_window(self):
        """From that of the first fact to that of the last."""
        days = [fact.day for fact in self.facts
                if self.begin <= fact.day < self.cut and fact.kind != "PLAN"]
        return list(range(month_of(min(days)), month_of(max(days)) + 1)) if days else []

    def m_bass_ratio(self):
        joined = [fact.day for fact in self.before_cut("JOINED")]
        months = self.months_of_window()
        before = [sum(day < first_day_of(month) or day < self.begin for day in joined)
                  for month in months]
        new = [sum(month_of(day) == month and day >= self.begin for day in joined)
               for month in months]
        if len(months) < 12 or not joined:
            return both(EMPTY)
        last = before[-1] + new[-1]
        return both(self.bass([1000 * n // last for n in before], new))

    def bass(self, x, y):
        """q / p of y = a + b x + c x^2."""
        def total(power, values=None):
            return sum(one**power * other for one, other in zip(x, values or [1] * len(x)))
        rows = [[total(i + j) for j in range(3)] for i in range(3)]
        right = [total(i, y) for i in range(3)]

        def determinant(m):
            return (m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
                    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
                    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]))
        if determinant(rows) <= 0:
            return EMPTY
        found = [determinant([[right[i] if j == column else rows[i][j] for j in range(3)]
                              for i in range(3)]) for column in range(3)]
        while any(abs(value) >= 2**50 for value in found):
            found = [abs(value) // 2 * (1 if value > 0 else -1) for value in found]
        a, b, c = found
        if a <= 0 or c >= 0:
            return EMPTY
        root = math.isqrt(b * b - 4 * a * c)
        return share(MILLION * (b + root)**2 // (-4 * a * c), MILLION)

    def m_stop_fall(self):
        falls = []
        plans = self.of_everybody("PLAN")
        for plan in plans:
            if plan.ends is None:
                continue
            day = plan.end_day
            if not (self.first <= day < self.end and self.begin <= day - STOP_DAYS and
                    day + STOP_DAYS <= self.cut):
                continue
            ends = plan.ends + STOP_DAYS * 86_400 * 1_000_000
            if any(other.begins < ends and (other.ends is None or other.ends > plan.ends)
                   for other in plans):
                continue
            falls.append((self.revenue_between(day - STOP_DAYS, day),
                          self.revenue_between(day, day + STOP_DAYS)))
        falls = [(before - behind, before) for before, behind in falls if before > 0]
        if not falls:
            return both(EMPTY)
        return both(share(*max(falls, key=lambda fall: Fraction(*fall))))

    def revenue_between(self, first, end):
        was = self.first, self.end
        self.first, self.end = first, end
        revenue = self.revenue()
        self.first, self.end = was
        return revenue

    def m_pay_follows_joins(self):
        was = self.first, self.end
        months = [month for month in self.months_of_window()
                  if self.first <= first_day_of(month) < self.end]
        rose = followed = 0
        figures = {}
        for month in {m for one in months for m in (one, one - 1)}:
            self.first = max(self.begin, first_day_of(month))
            self.end = min(self.cut, first_day_of(month + 1))
            figures[month] = (self.pay(), len(self.of("JOINED")), self.u()[0])
        self.first, self.end = was
        for month in months[1:]:
            now, before = figures[month], figures[month - 1]
            if now[0] > before[0]:
                rose += 1
                followed += now[1] > before[1] and now[2] <= before[2]
        return both(share(followed, rose))


class Study(Growth):
    def measure(self, metric, parameters):
        """Strict and lenient reading; None: this model does not know the metric."""
        one = getattr(self, "m_" + metric, None)
        if one is None:
            return None
        named = {"share_ppm" if name == "share" else name: value
                 for name, value in parameters.items()}
        return one(**named)
