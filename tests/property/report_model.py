"""Metrics from facts: src/metrics/METRICS.md sections 2 to 4, plainly.

Every figure is a walk over the list of all facts.  A reading is (state, numerator,
denominator); a metric is its strict and its lenient reading.
"""

import datetime

from report_model_facts import (ANONYMOUS, AS_CUSTOMER, DIRECT, DOUBTED, FORMER,
                                RANK_PURCHASES, SELF_USE, VERIFIED)

MILLION = 1_000_000
LENIENT = (VERIFIED, ANONYMOUS, DIRECT, FORMER)
EPOCH = datetime.date(1970, 1, 1)
EMPTY = ("EMPTY", 0, 0)
OUTSIDE = ("OUTSIDE", 0, 0)
RETAIL = ("OWN_RETAIL", "DOWN_RETAIL")
PURCHASES = ("OWN_PURCHASE", "DOWN_PURCHASE")
RECRUITING = ("JOIN_FEE", "HEADCOUNT")


def number(value):
    return ("KNOWN", value, 1)


def share(numerator, denominator):
    return ("KNOWN", numerator, denominator) if denominator > 0 else EMPTY


def both(reading):
    return reading, reading


def month_of(day):
    date = EPOCH + datetime.timedelta(days=day)
    return (date.year - 1970) * 12 + date.month - 1


def first_day_of(month):
    return (datetime.date(1970 + month // 12, month % 12 + 1, 1) - EPOCH).days


class Base:
    """FACTS in log order; the window is [FROM_DAY, TO_DAY) if they are given, the part is
    what stands at or below TOPS."""

    def __init__(self, facts, from_day=None, to_day=None, market=0, tops=()):
        self.every = facts
        self.tops, self.market = set(tops), market
        self.begin = -10**9 if from_day is None else from_day
        self.bound = 10**9 if to_day is None else to_day  # of what is before the cut
        self.facts = self.of_part()
        self.cut = self.bound  # the window's end
        if to_day is None:
            self.cut = 1 + max((fact.day for fact in self.facts
                                if fact.day >= self.begin and fact.kind != "PLAN"),
                               default=-1)
        self.interval(self.begin, self.cut)

    def of_part(self):
        """Facts whose agent is, at that moment, one of the tops or below one."""
        if not self.tops:
            return list(self.every)
        found, above = [], {}
        for fact in self.every:
            if fact.kind in ("JOINED", "MOVED") and fact.day < self.bound:
                above[fact.agent] = fact.other
            if self.is_inside(fact.agent, above):
                found.append(fact)
        return found

    def is_inside(self, agent, above):
        while agent and agent not in self.tops:
            agent = above.get(agent, "")
        return bool(agent) or not self.tops

    def interval(self, begin, end):
        """Of the figures that are asked for next."""
        self.first, self.end = max(begin, self.begin), min(end, self.cut)
        self.until = self.bound if self.end == self.cut else self.end

    def of(self, *kinds):
        """Facts of the interval."""
        return [fact for fact in self.facts
                if fact.kind in kinds and self.first <= fact.day < self.end]

    def in_window(self, *kinds):
        return [fact for fact in self.facts
                if fact.kind in kinds and self.begin <= fact.day < self.cut]

    def counted(self):
        """All facts of the window and the part that have an agent, or need none."""
        return [fact for fact in self.facts
                if self.begin <= fact.day < self.cut and fact.kind != "PLAN"]

    def before_cut(self, *kinds):
        return [fact for fact in self.facts if fact.kind in kinds and fact.day < self.cut]

    def of_everybody(self, *kinds):
        """Before the cut, in the part or not."""
        return [fact for fact in self.every if fact.kind in kinds and fact.day < self.bound]

    def before_end(self, *kinds):
        """Of people, who are as they stand at the end of the interval."""
        return [fact for fact in self.every if fact.kind in kinds and fact.day < self.until]

    # -------------------------------------------------------------------------- people

    def accounts(self):
        """In the order they joined; of a part those who are in it at the cut."""
        above = {fact.agent: fact.other for fact in self.of_everybody("JOINED", "MOVED")}
        return [fact.agent for fact in self.before_end("JOINED")
                if self.is_inside(fact.agent, above)]

    def person_of(self):
        """account -> the account of the same person that joined first."""
        identity = {fact.agent: fact.name for fact in self.of_everybody("IDENTITY")}
        first, found = {}, {}
        for account in self.accounts():
            key = identity.get(account)
            found[account] = account if key is None else first.setdefault(key, account)
        return found

    def sponsors(self):
        """account -> its sponsor at the cut."""
        found = {fact.agent: fact.other for fact in self.of_everybody("JOINED", "MOVED")}
        return {account: found[account] for account in self.accounts()}

    def forest(self):
        """person -> the person above it or ""; in the order they joined."""
        person, sponsors = self.person_of(), self.sponsors()
        above = {}
        for account in self.accounts():
            me = person[account]
            other = person.get(sponsors[account], "")
            if me not in above:
                above[me] = ""
            if not above[me] and other and other != me:
                above[me] = other
        return self.without_circles(above)

    def without_circles(self, above):
        """A circle loses the edge of who joined last in it."""
        order = list(above)
        for start in order:
            way, at = [], start
            while at and at not in way:
                way.append(at)
                at = above[at]
            if at:
                circle = way[way.index(at):]
                above[max(circle, key=order.index)] = ""
        return above

    def ways_up(self):
        """person -> itself and all above it."""
        above, found = self.forest(), {}
        for person in above:
            way, at = [], person
            while at:
                way.append(at)
                at = above[at]
            found[person] = way
        return found

    def participants(self):
        person, up = self.person_of(), self.ways_up()
        paying = {person[fact.agent] for fact in self.before_end(
                      "FEE", "DEPOSIT", "BOUGHT", "GOODS")
                  if fact.agent in person and (fact.kind != "GOODS" or (
                      fact.code == "RECEIVED" and fact.other and fact.amount > 0))}
        return {one for payer in paying for one in up[payer]}

    def branches(self):
        """person -> (participants in its branch, levels, depth)."""
        up, people = self.ways_up(), self.participants()
        person, pay = self.person_of(), {}
        for fact in self.rewarded():
            me = person.get(fact.agent)
            pay[me] = max(pay.get(me, 0), fact.distance + 1)
        found = {}
        for one in up:
            below = [other for other in people if one in up[other]]
            levels = max((up[other].index(one) + 1 for other in below), default=0)
            found[one] = len(below), levels, max(levels, pay.get(one, 0))
        return found

    def rewarded(self):
        return self.before_end("REWARD")

    def marked(self):
        person = self.person_of()
        return {person[fact.agent] for fact in self.before_end("MARKED")
                if fact.agent in person}

    def recruits(self):
        """person -> how many stand right below it."""
        found = {}
        for one, above in self.forest().items():
            if above:
                found[above] = found.get(above, 0) + 1
        return found

    def left(self):
        return {fact.agent for fact in self.before_end("LEFT")}


class People(Base):
    def m_accounts(self):
        return both(number(len(self.accounts())))

    def m_persons(self):
        return both(number(len(self.forest())))

    def m_participants(self):
        return both(number(len(self.participants())))

    def m_organisers(self, persons=0, levels=0, marked=0):
        who = self.marked()
        return both(number(sum(
            1 for one, (n, _, depth) in self.branches().items()
            if n >= persons and depth >= levels and (not marked or one in who))))

    def m_largest_persons(self, levels=0, marked=0):
        who = self.marked()
        return both(number(max((n for one, (n, _, depth) in self.branches().items()
                                if depth >= levels and (not marked or one in who)),
                               default=0)))

    def m_largest_levels(self):
        return both(number(max((depth for _, _, depth in self.branches().values()),
                               default=0)))

    def m_max_paid_distance(self):
        found = [fact.distance for fact in self.of("REWARD")]
        return both(number(max(found)) if found else EMPTY)

    def m_leaf_share(self):
        people, recruits = self.participants(), self.recruits()
        return both(share(sum(1 for one in people if not recruits.get(one)), len(people)))

    def m_sponsored_share(self):
        joined = self.of("JOINED")
        return both(share(sum(1 for fact in joined if fact.other), len(joined)))

    def m_sponsor_tail(self, degree=0):
        people, recruits = self.participants(), self.recruits()
        return both(share(sum(1 for one in people if recruits.get(one, 0) >= degree),
                          len(people)))

    def m_cooling_off_short(self, days=0):
        told = [fact for fact in self.of("JOINED") if fact.qty]
        return both(share(sum(1 for fact in told if fact.qty < days), len(told)))


class Flows(People):
    def retail(self, *classes):
        """Sales to consumers of CLASSES, net."""
        sign = dict(SOLD=1, RECLASSED=1, SOLD_BACK=-1)
        whole = sum(sign[fact.kind] * fact.amount
                    for fact in self.of("SOLD", "RECLASSED", "SOLD_BACK")
                    if fact.cls in classes)
        return whole - sum(fact.amount for fact in self.of("RECLASSED")
                           if fact.was in classes)

    def purchases(self, *codes):
        sign = dict(BOUGHT=1, BOUGHT_BACK=-1)
        return sum(sign[fact.kind] * fact.amount for fact in self.of("BOUGHT", "BOUGHT_BACK")
                   if not codes or fact.code in codes)

    def fees(self, conditions_alone=False):
        return sum(fact.amount for fact in self.of("FEE")
                   if fact.is_condition or not conditions_alone)

    def ranked(self):
        return sum(fact.amount for fact in self.of("RANKED") if fact.code == RANK_PURCHASES)

    def u(self):
        return self.retail(VERIFIED), self.retail(*LENIENT)

    def all_retail(self):
        return self.retail(*LENIENT, DOUBTED)

    def revenue(self):
        return self.all_retail() + self.purchases() + self.fees()

    def self_use(self):
        return self.purchases(SELF_USE, AS_CUSTOMER)

    def m_entry_payments(self):
        deposits = sum(fact.amount for fact in self.of("DEPOSIT"))
        deposits -= sum(fact.amount for fact in self.of("DEPOSIT_BACK"))
        known = self.fees(True) + self.ranked()
        return number(known + max(0, deposits)), number(known)

    def m_fees(self):
        return both(number(self.fees()))

    def m_revenue(self):
        return both(number(self.revenue()))

    def m_external_ratio(self):
        strict, lenient = self.u()
        return (share(strict, self.revenue()),
                share(lenient + self.self_use(), self.revenue()))

    def m_retail_share(self):
        strict, lenient = self.u()
        whole = self.revenue() - self.fees()
        return share(strict, whole), share(lenient + self.self_use(), whole)

    def m_package_share(self):
        return (share(self.fees() + self.ranked(), self.revenue()),
                share(self.fees(True), self.revenue()))

    def m_verified_retail_share(self, cap=0):
        strict, lenient = self.u()
        whole, by_month = self.revenue() - self.fees(), {}
        person = self.person_of()
        for fact in self.in_window("BOUGHT", "BOUGHT_BACK"):
            month = month_of(fact.day)
            if (fact.code in (SELF_USE, AS_CUSTOMER) and fact.agent in person and
                    self.first <= first_day_of(month) < self.end):
                key = person[fact.agent], month
                amount = fact.amount if fact.kind == "BOUGHT" else -fact.amount
                by_month[key] = by_month.get(key, 0) + amount
        kept = sum(max(0, min(cap, amount)) for amount in by_month.values()) if cap else 0
        return share(strict + kept, whole), share(lenient + kept, whole)

    def m_doubted_share(self):
        doubted, whole = self.retail(DOUBTED), self.all_retail()
        return share(doubted + self.retail(DIRECT), whole), share(doubted, whole)

    def m_former_share(self):
        return both(share(self.retail(FORMER), self.all_retail()))

    def m_linked_share(self):
        return both(share(self.retail(DOUBTED), self.all_retail()))

    def m_first_days_excess(self, days=180, amount=0):
        joined = self.of("JOINED")

        def paid(of, kinds):
            return sum(fact.amount for fact in self.in_window(*kinds)
                       if fact.agent == of.agent and of.day <= fact.day < of.day + days)
        return tuple(share(sum(1 for fact in joined if paid(fact, kinds) > amount),
                           len(joined)) for kinds in (("FEE", "BOUGHT"), ("FEE",)))

    def m_price_max(self):
        found = [fact.amount for fact in self.of("PRICE")]
        return both(number(max(found)) if found else EMPTY)

    def buyers(self):
        """Customers, and agents, of whom bought anything."""
        customers, agents = set(), set()
        for fact in self.of("SOLD"):
            if fact.former:
                agents.add(fact.former)
            elif fact.other:
                customers.add(fact.other)
        agents |= {fact.agent for fact in self.of("BOUGHT", "FEE")}
        return customers, agents

    def m_customer_head_share(self):
        customers, agents = self.buyers()
        n = len(customers) + len(agents)
        return (share(len(customers), n),
                share(len(customers) + len(agents & self.left()), n))

    def m_reclassified(self):
        customers, agents = self.buyers()
        renamed = {fact.agent for fact in self.of("BOUGHT", "FEE")} & self.left()
        return both(share(len(renamed), len(customers) + len(agents)))


class Rewards(Flows):
    def pay(self, which=lambda fact: True):
        sign = dict(REWARD=1, REWARD_BACK=-1)
        return sum(sign[fact.kind] * fact.amount for fact in self.of("REWARD", "REWARD_BACK")
                   if which(fact))

    def pay_on(self, *bases):
        return self.pay(lambda fact: fact.basis in bases)

    def pay_on_retail(self, classes, least=0):
        """(strict, lenient): pay on retail of CLASSES, pools by what other pay is."""
        def amount(of, is_pool):
            return self.pay(lambda fact: fact.basis in RETAIL and fact.cls in of and
                            fact.is_pool == is_pool and fact.distance >= least)
        every = (*LENIENT, DOUBTED)
        plain, whole, pool = amount(classes, False), amount(every, False), amount(every, True)
        if whole > 0:
            traced = pool * plain // whole
            return plain + traced, plain + traced
        return plain, plain + pool

    def pay_on_own_use(self, least=0):
        return self.pay(lambda fact: fact.basis in PURCHASES and fact.distance >= least and
                        fact.code in (SELF_USE, AS_CUSTOMER))

    def m_rewards(self):
        return both(number(self.pay()))

    def m_headcount_pay(self):
        return both(number(self.pay_on(*RECRUITING)))

    def m_team_pay(self, distance=1):
        return both(number(self.pay(lambda fact: fact.distance >= distance and
                                    fact.basis in ("DOWN_RETAIL", "DOWN_PURCHASE"))))

    def traced(self):
        return (self.pay_on_retail((VERIFIED,))[0],
                self.pay_on_retail(LENIENT)[1] + self.pay_on_own_use())

    def m_untraced_share(self):
        strict, lenient = self.traced()
        return share(self.pay() - strict, self.pay()), share(self.pay() - lenient, self.pay())

    def m_traced_share(self):
        return tuple(share(traced, self.pay()) for traced in self.traced())

    def m_recruit_share(self):
        return (share(self.pay_on(*RECRUITING, *PURCHASES), self.pay()),
                share(self.pay_on(*RECRUITING), self.pay()))

    def m_not_own_retail(self):
        return both(number(self.pay() - self.pay_on("OWN_RETAIL")))

    def m_not_consumer_share(self):
        whole = self.pay(lambda fact: fact.distance >= 1)
        other = self.pay(lambda fact: fact.distance >= 1 and
                         fact.basis in (*PURCHASES, *RECRUITING))
        return (share(whole - self.pay_on_retail((VERIFIED,), 1)[0], whole),
                share(other + self.pay_on_retail((DOUBTED,), 1)[0], whole))

    def m_own_purchase_pay(self):
        own = self.pay_on("OWN_PURCHASE")
        return number(own + self.ranked()), number(own)

    def m_allowance_share(self):
        return (share(self.pay(), self.all_retail() + self.purchases()),
                share(self.pay(), self.revenue()))

    def m_entrant_money_share(self):
        return (share(self.fees() + self.ranked(), self.pay()),
                share(self.fees(True), self.pay()))

    def m_receipted_share(self):
        def amount(*classes):
            return self.pay(lambda fact: fact.basis in RETAIL and fact.cls in classes and
                            not fact.is_pool)
        whole = amount(*LENIENT, DOUBTED)
        return share(amount(VERIFIED), whole), share(amount(VERIFIED, DIRECT), whole)

    def m_self_use_pay_share(self):
        own = self.pay_on_own_use()
        return (share(own, own + self.pay_on_retail((VERIFIED,))[0]),
                share(own, own + self.pay_on_retail(LENIENT)[1]))
