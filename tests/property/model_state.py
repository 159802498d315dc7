"""What the model knows: facts as they were sent, and lists of what happened.

No figure is kept: balances are added up from the list of postings and stock from the
list of movements whenever they are asked for.
"""

from event_rules import SUPPLY

PHYSICAL, CLOUD = 1, 2
DIFFERENCE = ("difference", "")
ORDER_OWNED = (2010, 2015)  # accounts that live in the order's own row

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
        self.postings = []  # (number, owner, amount), debit positive
        self.moves = []  # (kind, position, amount, units, on hand, value)

    # ------------------------------------------------------------- sums over the lists

    def balance(self, number, owner):
        return sum(p[2] for p in self.postings if p[:2] == (number, owner))

    def debits(self, account):
        return sum(p[2] for p in self.postings if p[:2] == account and p[2] > 0)

    def credits(self, account):
        return -sum(p[2] for p in self.postings if p[:2] == account and p[2] < 0)

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
                                        referrer_customer="", referrer_agent="")

    def name_good(self, sku, lot):
        if (sku, lot) not in self.goods:
            self.goods.append((sku, lot))

    def name_place(self, place):
        if is_position(place) and place not in self.positions:
            self.positions.append(place)

    def name_account(self, number, owner):
        if number not in ORDER_OWNED and (number, owner) not in self.accounts:
            self.accounts.append((number, owner))

    # ------------------------------------------------------------------------- changes

    def post(self, debit, credit, amount):
        for account, signed in ((debit, amount), (credit, -amount)):
            self.name_account(*account)
            self.postings.append((*account, signed))

    def transfer(self, sku, lot, source, target, qty, field):
        """STOCK_INSUFFICIENT at FIELD if the source is a position without the units."""
        if is_position(source):
            there = self.units_at(source)
            must(qty <= there, "STOCK_INSUFFICIENT", field, qty, there)
        self.name_good(sku, lot)
        self.name_place(source)
        self.name_place(target)
        if qty:
            self.movements.append((sku, lot, source, target, qty))

    def note(self, kind, position, amount, units, value=0):
        """A move on the chain of a position, which may leave on_hand alone."""
        if units:
            self.moves.append((kind, position, amount, units, self.units_at(position),
                               value))

    def move(self, sku, lot, source, target, qty, field, unit_price=0):
        """Units from place to place, seen from every position they leave or come to."""
        before = dict((place, self.units_at(place)) for place in (source, target))
        self.transfer(sku, lot, source, target, qty, field)
        if is_position(source) and qty:
            kind = kind_of_leaving(source, target)
            self.moves.append((kind, source, -qty, -qty if kind == COUNTED else qty,
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
        self.moves.append((RETURNED, source, -units, units, there - units, 0))
        if is_position(target):
            self.note(RECEIVED, target, units, units)
