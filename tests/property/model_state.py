"""What the model knows: facts as they were sent, and lists of what happened.

No figure is kept: balances are added up from the list of postings and stock from the
list of movements whenever they are asked for.
"""

import datetime
import pickle

import plan_model
from event_rules import SUPPLY

PHYSICAL, CLOUD = 1, 2
DIFFERENCE = ("difference", "")
ORDER_OWNED = (1140, 2010, 2015)  # accounts that live in the order's own row

# All accounts in the order of the chart, src/books/accounts.h.
CHART = (1010, 1020, 1110, 1140, 2010, 2015, 2110, 2120, 2130, 2140, 2150, 2160, 2180, 2190,
         4010, 4020, 4030, 4090, 4095, 5010, 5015, 5020, 5030, 5040, 5900, 4050, 4040, 5016,
         5050, 5035)
# What falls due posts to these and is never refused: all else may use half of a side.
HALF = (1110, 2110, 2120, 2130)
SIDE_MAX = 2**63 - 1

EPOCH = datetime.date(1970, 1, 1)
SECOND = 1_000_000
DAY = 86_400 * SECOND
SECONDS_MAX = 2**32 - 1

# States of an earning.
PENDING, HELD_PENDING, HELD, MATURED, DRAWN, UNASSIGNED, EXPECTED = range(1, 8)
# Kinds of earnings, and what they are computed on.
COMMISSION, PROCEEDS, BONUS, ADJUSTMENT, RECRUITING, TAX_BACK = range(1, 7)
ON_RETAIL, ON_SELL_IN, ON_RECRUITING, ON_OTHER = range(1, 5)
# States of a payout.
(ASKED, APPROVED, BATCHED, SENT, UNKNOWN, SETTLED, REJECTED, CANCELLED, FAILED,
 RETURNED_WHOLE) = range(1, 11)
OPEN_PAYOUT = (ASKED, APPROVED, BATCHED, SENT, UNKNOWN)

# Kinds of moves on the chain of a position, numbered as in src/books/effects.h.
RECEIVED, SHIPPED, SOLD, PASSED_DOWN, SELF_USED, SAMPLED, LOST, RETURNED = range(1, 9)
TAKEN_BACK, UNSHIPPED, COUNTED, RELOCATED = range(9, 13)


class Refused(Exception):
    def __init__(self, rule, field="", measured=0, limit=0, other=-1):
        super().__init__(rule, field)
        self.rule, self.field = rule, field
        self.measured, self.limit, self.other = measured, limit, other


def must(condition, rule, field, measured=0, limit=0):
    if not condition:
        raise Refused(rule, field, measured, limit)


# Places of goods are tuples: SUPPLY, DIFFERENCE, ("consumed", kind),
# ("transit", order, line, shipment) and
# ("position", holder kind, holder, place, sku, lot).

def position_of(holder, place, sku, lot):
    return ("position", *holder, place, sku, lot)


def place_of(holder, place, sku, lot):
    """Supply, or a position: where a stock document takes from or puts to."""
    return SUPPLY if holder == SUPPLY else position_of(holder, place, sku, lot)


def is_position(place):
    return place[0] == "position"


def same_holder(a, b):
    return is_position(a) and is_position(b) and a[1:3] == b[1:3]


def kind_of_leaving(source, target):
    """How a position sees units leave towards TARGET."""
    if target[0] == "transit":
        return SHIPPED
    if target[0] == "consumed":
        return (SOLD, SELF_USED, SAMPLED, LOST)[target[1] - 1]
    if target == DIFFERENCE:
        return COUNTED
    if same_holder(source, target):
        return RELOCATED
    if target == SUPPLY or (source[1] == "agent" and target[1] == "location"):
        return RETURNED
    return PASSED_DOWN


def kind_of_coming(source, target):
    if source == DIFFERENCE:
        return COUNTED
    return RELOCATED if same_holder(source, target) else RECEIVED


GROW = ("postings", "movements", "moves", "plans", "reports", "bindings", "facts",
        "tier_facts", "cohort_facts", "guard_sets", "bands", "sightings")


def second_of(us):
    """Seconds since 1970, rounded up."""
    return min(-(-us // SECOND), SECONDS_MAX)


class State:
    def __init__(self):
        self.book = None
        self.clock = 0
        self.agents, self.customers = {}, {}
        self.bindings = []  # all that ever were
        self.skus, self.lots = {}, {}
        self.orders, self.refunds = {}, {}
        self.goods = []  # (sku, lot) in order of appearance
        self.positions = []
        self.accounts = []  # (number, owner)
        self.movements = []  # (sku, lot, source, target, qty)
        self.postings = []  # (number, owner, amount, cause, ref), debit positive
        self.posted = {}  # the same amounts by account
        self.plans = []
        self.earnings = []  # number n stands at [n - 1]
        self.dues = []  # (second, order of scheduling, what), done or not
        self.n_due = 0
        self.holds = []
        self.chargebacks, self.payouts = {}, {}
        self.tax_months, self.periods = {}, {}
        self.overrides, self.adjustments, self.contests = {}, {}, {}
        self.members = {}  # (team, agent) -> removed
        self.teams, self.reports, self.purses = {}, [], {}
        self.findings, self.timers = [], []  # number n stands at [n - 1]
        self.watches, self.serials = {}, {}
        self.source_keys = []
        self.edges = {}  # (kind, from, to) -> the latest day
        self.closed_until = None
        self.is_large = False  # sums may come near to what int64 holds
        self.is_due = False  # what is posted now fell due
        self.moves = []  # (kind, position, amount, units, on hand, value)
        self.init_goods()

    def init_goods(self):
        """What goods, guards and findings need."""
        self.facts = []  # (what, of whom, day, how much)
        self.tier_facts = []  # (sku, tier, what, units, value)
        self.cohort_facts = []  # (month of enrolment, age, what, how many)
        self.at = 0  # effective_at of the event
        self.tiers, self.first_days = {}, {}  # of positions
        self.active_months, self.bought = {}, {}  # of agents
        self.holders = {}  # (kind, name) in order of appearance
        self.guard_sets, self.bands, self.sightings = [], [], []
        self.territories, self.requests, self.buybacks = {}, {}, {}

    # ------------------------------------------------------------------------ undoing

    def save(self):
        """What restore() puts back; lists that only grow are cut instead."""
        facts = {name: value for name, value in vars(self).items() if name not in GROW and
                 name != "posted"}
        return pickle.dumps(facts), {name: len(getattr(self, name)) for name in GROW}

    def restore(self, saved):
        facts, lengths = saved
        for name, length in lengths.items():
            del getattr(self, name)[length:]
        vars(self).update(pickle.loads(facts))
        self.posted = {}
        for number, owner, amount, *_ in self.postings:
            self.posted.setdefault((number, owner), []).append(amount)

    # ------------------------------------------------------------- sums over the lists

    def balance(self, number, owner):
        return sum(self.posted.get((number, owner), ()))

    def debits(self, account):
        return sum(amount for amount in self.posted.get(account, ()) if amount > 0)

    def credits(self, account):
        return -sum(amount for amount in self.posted.get(account, ()) if amount < 0)

    def control(self, number):
        """Debits and credits of all owners of a number."""
        accounts = [account for account in self.posted if account[0] == number]
        return (sum(self.debits(account) for account in accounts),
                sum(self.credits(account) for account in accounts))

    def units_at(self, place):
        """Units at a place that belongs to one good: a position or a shipment."""
        return (sum(m[4] for m in self.movements if m[3] == place) -
                sum(m[4] for m in self.movements if m[2] == place))

    def units_of_good(self, good, kind):
        """Units of GOOD at all places whose tuple starts with KIND."""
        size = len(kind)
        mine = [m for m in self.movements if m[:2] == good]
        return (sum(m[4] for m in mine if m[3][:size] == kind) -
                sum(m[4] for m in mine if m[2][:size] == kind))

    def on_the_way(self, order, line):
        """Shipments of a line, oldest first, with the units still on the way."""
        return [(shipment, self.units_at(shipment["transit"]))
                for shipment in self.orders[order]["lines"][line]["shipments"]]

    def in_transit(self, order, line):
        return sum(units for _, units in self.on_the_way(order, line))

    def in_transit_from(self, position):
        return sum(units for order in self.orders.values() for line in order["lines"]
                   for shipment, units in self.on_the_way(order["name"], line)
                   if shipment["source"] == position)

    def paid(self, order):
        return sum(order["payments"])

    def refunded(self, order):
        return sum(line["refunded"] for line in order["lines"].values())

    def plan_at(self, time):
        """The plan in force: the latest valid_from, of these the latest published."""
        holds = [plan for plan in self.plans if plan.valid_from <= time and
                 (plan.valid_to is None or time < plan.valid_to)]
        return max(holds, key=lambda plan: (plan.valid_from, plan.number),
                   default=plan_model.Plan())

    def plan(self, number):
        return self.plans[number - 1] if number else plan_model.Plan()

    def local_day(self, time):
        """Days since 1970; what is before counts as the first."""
        return max(0, (time + self.book["utc_offset_minutes"] * 60 * SECOND) // DAY)

    def local_month(self, time):
        """Months since January 1970."""
        date = EPOCH + datetime.timedelta(days=self.local_day(time))
        return (date.year - 1970) * 12 + date.month - 1

    def earning(self, number):
        return self.earnings[number - 1]

    def earnings_of(self, order, line=None):
        """Of the lines of an order in turn, as they were made; line None: of all."""
        mine = [e for e in self.earnings if e["order"] == order]
        lines = sorted({e["line"] for e in mine}) if line is None else [line]
        return [e for number in lines for e in mine if e["line"] == number]

    def sponsors_above(self, name):
        above = []
        while self.agents[name]["sponsor"]:
            name = self.agents[name]["sponsor"]
            above.append(name)
        return above

    # --------------------------------------------------------------------------- names

    def name_customer(self, name):
        if name and name not in self.customers:
            self.customers[name] = dict(agent="", binding="", expires_at=None,
                                        referrer_customer="", referrer_agent="",
                                        person="", first_day=0, row=("", 0, 0))

    def purse(self, agent):
        return self.purses.setdefault(agent, dict(
            payee=b"", payee_since=0, day=0, month=0, day_sum=0, month_sum=0,
            cap_month=0, cap_accrued=0, cap_retail=0, device=b"", address=b""))

    def name_holder(self, kind, name):
        self.holders.setdefault((kind, name))

    def name_good(self, sku, lot):
        if (sku, lot) not in self.goods:
            self.goods.append((sku, lot))

    def name_place(self, place):
        if is_position(place) and place not in self.positions:
            self.name_holder(*place[1:3])
            self.positions.append(place)

    def name_account(self, number, owner):
        if number in ORDER_OWNED or (number, owner) in self.accounts:
            return
        pair = (2110, 2120) if number in (2110, 2120) else (number,)
        self.accounts += [(n, owner) for n in pair]

    # ------------------------------------------------------------------------- changes

    def post_one(self, number, owner, amount, cause="", ref=""):
        """CAUSE None: it may be any.  REF: the name of an order or a payout."""
        if not amount:
            return
        if number in ORDER_OWNED:
            cause = ""
        self.name_account(number, owner)
        self.postings.append((number, owner, amount, cause, ref))
        self.posted.setdefault((number, owner), []).append(amount)
        if abs(amount) > 2**50 or self.is_large:
            self.is_large = True
            self.check_sides(number, owner, amount)

    def check_sides(self, number, owner, amount):
        most = SIDE_MAX // 2 if number in HALF and not self.is_due else SIDE_MAX
        both = (self.debits((number, owner)), self.credits((number, owner)))
        for side in (*both, *self.control(number)):
            must(side <= most, "AMOUNT_OVERFLOW", "amount")

    def post(self, debit, credit, amount, cause="", ref=""):
        self.post_one(*debit, amount, cause, ref)
        self.post_one(*credit, -amount, cause, ref)

    def transfer(self, sku, lot, source, target, qty, field):
        """STOCK_INSUFFICIENT at FIELD if the source is a position without the units."""
        if is_position(source):
            there = self.units_at(source)
            must(qty <= there, "STOCK_INSUFFICIENT", field, qty, there)
        if source == SUPPLY and lot:
            out = qty - self.units_of_good((sku, lot), SUPPLY[:1])
            most = self.lots[lot]["qty"]
            must(out <= most, "LOT_EXCEEDED", field, out, most)
        self.name_good(sku, lot)
        self.name_place(source)
        self.name_place(target)
        if qty:
            self.movements.append((sku, lot, source, target, qty))

    def note(self, kind, position, amount, units, value=0):
        """A move on the chain of a position, which may leave on_hand alone."""
        if units:
            self.add_move((kind, position, amount, units, self.units_at(position), value))

    def add_move(self, move):
        kind, position, amount, units, *_ = move
        self.moves.append(move)
        if position[1] != "agent" or not amount:
            return
        day = self.local_day(self.at)
        self.facts.append(("change", position, day, amount))
        if kind == RECEIVED:
            self.facts.append(("received", position, day, units))
            self.cohort_count(position[2], "bought", units)
        elif kind == RETURNED:
            self.facts.append(("received", position, day, -units))
        elif kind == PASSED_DOWN:
            self.facts.append(("passed", position, day, units))

    def cohort_count(self, agent, what, units):
        """For the month in which AGENT was enrolled, by its age on the event's day."""
        month = self.local_month(self.at)
        joined = self.local_month(self.agents[agent]["enrolled_at"])
        age = max(0, month - joined)
        self.cohort_facts.append((joined, age, what, units))
        if units > 0 and month + 1 > self.active_months.get(agent, 0):
            self.active_months[agent] = month + 1
            self.cohort_facts.append((joined, age, "active", 1))

    def move(self, sku, lot, source, target, qty, field, unit_price=0):
        """Units from place to place, seen from every position they leave or come to."""
        before = dict((place, self.units_at(place)) for place in (source, target))
        self.transfer(sku, lot, source, target, qty, field)
        if is_position(source) and qty:
            kind = kind_of_leaving(source, target)
            self.add_move((kind, source, -qty, -qty if kind == COUNTED else qty,
                           before[source] - qty, 0))
        if is_position(target):
            kind = kind_of_coming(source, target)
            value = qty * unit_price if kind == RECEIVED else 0
            self.note(kind, target, qty, qty, value)

    def deliver(self, shipment, sku, target, units):
        """Units on the way arrive; the position that sent them sees what became of them."""
        self.transfer(sku, shipment["lot"], shipment["transit"], target, units, "")
        if is_position(shipment["source"]):
            self.note(kind_of_leaving(shipment["source"], target), shipment["source"], 0,
                      units)
        if is_position(target):
            self.note(RECEIVED, target, units, units)

    def turn_back(self, shipment, sku, units):
        self.transfer(sku, shipment["lot"], shipment["transit"], shipment["source"], units,
                      "")
        if is_position(shipment["source"]):
            self.note(UNSHIPPED, shipment["source"], units, units)

    def take_back(self, sku, lot, source, target, sold_from, units):
        """A consumer's units go to TARGET; the position that sold them sees it too."""
        self.transfer(sku, lot, source, target, units, "qty")
        if is_position(sold_from):
            self.note(TAKEN_BACK, sold_from, units if sold_from == target else 0, units)
        if is_position(target) and sold_from != target:
            self.note(RECEIVED, target, units, units)

    def give_back(self, sku, lot, source, target, units):
        """Units that an agent had restocked go to TARGET."""
        there = self.units_at(source)
        self.transfer(sku, lot, source, target, units, "qty")
        self.add_move((RETURNED, source, -units, units, there - units, 0))
        if is_position(target):
            self.note(RECEIVED, target, units, units)
