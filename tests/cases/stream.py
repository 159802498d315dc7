"""A stream of events in the making: what the published cases are written with.

An event is (microseconds, kind, body); bodies are as in proto3 JSON with the names of the
.proto, times within them are microseconds.  Days are those of the book, counted from its
first; money is in minor units.
"""

import datetime
import random

SECOND = 1_000_000
DAY = 86_400 * SECOND
ENGINE_OF_PLATFORM = dict(name="engine", choice="PLATFORM")


def microseconds(date, utc_offset_minutes=0):
    """Local midnight of YYYY-MM-DD."""
    days = datetime.date.fromisoformat(date).toordinal() - datetime.date(1970, 1, 1).toordinal()
    return days * DAY - utc_offset_minutes * 60 * SECOND


class Stream:
    def __init__(self, book, currency, start, exponent=2, seed=1, utc_offset_minutes=0):
        self.rng = random.Random(seed)
        self.start = microseconds(start, utc_offset_minutes)
        self.first_date = datetime.date.fromisoformat(start)
        self.events = []
        self.day = 0
        self.clock = self.start
        self.counts = {}
        self.add("book_opened", book=book, currency=currency, exponent=exponent,
                 utc_offset_minutes=utc_offset_minutes)

    # ---------------------------------------------------------------------- the way of it

    def at(self, day):
        """What is added from here on happens on DAY."""
        self.day = day
        self.clock = self.start + day * DAY

    def time(self):
        """A second after the last event, within the day."""
        self.clock = min(self.clock + SECOND, self.start + (self.day + 1) * DAY - SECOND)
        return self.clock

    def time_of(self, day):
        return self.start + day * DAY

    def name(self, kind):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{kind}{self.counts[kind]}"

    def add(self, event, **body):
        self.events.append((self.time(), event, body))

    def ordered(self):
        """By time; what happens at the same time stays as it was added."""
        return sorted(self.events, key=lambda event: event[0])

    # -------------------------------------------------------------------------- reference

    def sku(self, sku="goods", price=0, **more):
        self.add("sku_defined", sku=sku, revision=1, list_price=price, **more)

    def plan(self, *parameters, plan="plan", version=1, **more):
        self.add("plan_published", plan=plan, version=version, parameters=list(parameters),
                 **more)

    def mark(self, code, subject="number 1"):
        self.add("observation_recorded", observation=self.name("mark"), code=code,
                 subject=subject, value=1)

    # ----------------------------------------------------------------------------- people

    def join(self, agent, sponsor="", **more):
        self.add("agent_enrolled", agent=agent, sponsor=sponsor, **more)
        return agent

    def identity(self, agent, person, revision=1):
        self.add("agent_verified", agent=agent, revision=revision,
                 id_hash=person.encode().ljust(32, b"."))

    def fee(self, agent, amount, kind="JOINING", is_condition=True):
        name = self.name("fee")
        self.add("fee_charged", fee=name, agent=agent, kind=kind, amount=amount, psp="pay",
                 psp_txn=name, is_condition=is_condition)
        return name

    def deposit(self, agent, amount, is_back=False):
        self.add("deposit_returned" if is_back else "deposit_received", agent=agent,
                 amount=amount, ref=self.name("deposit"))

    def rank(self, agent, rank, metric, value, old=""):
        self.add("rank_changed", agent=agent, period=self.name("rank"), old_rank=old,
                 new_rank=rank, metric=metric, value=value)

    def leave(self, agent, reason="left"):
        self.add("agent_terminated", agent=agent, action=self.name("end"), reason=reason)

    # ------------------------------------------------------------------------------ trade

    def sale(self, amount, seller="", buyer="", qty=1, sku="goods", kind="RETAIL",
             is_direct=False, **more):
        """Paid and received at once; AMOUNT is of the whole."""
        assert amount % qty == 0
        name = self.name("order")
        body = dict(order=name, kind=kind, seller=seller, buyer=buyer, channel="shop",
                    paid=amount, lines=[dict(line=1, sku=sku, qty=qty,
                                             unit_price=amount // qty)])
        if not is_direct:
            body.update(psp="pay", psp_txn=name)
        body.update(more)
        now = self.time()
        self.events.append((now, "sale_recorded", dict(body, delivered_at=now)))
        return name

    def own_goods(self, seller, buyer, qty, unit_price, **more):
        """A sale of goods that the seller had bought before."""
        return self.sale(qty * unit_price, seller, buyer, qty, fulfilment="HOLDER_SHIP",
                         **more)

    def restock(self, agent, qty, unit_price, sku="goods"):
        """Goods from the brand, paid."""
        name = self.name("issue")
        self.add("stock_issued", transfer=name, to=dict(agent=agent), psp="pay",
                 psp_txn=name, paid=qty * unit_price,
                 lines=[dict(line=1, sku=sku, qty=qty, unit_price=unit_price)])
        return name

    def transfer(self, giver, taker, qty, unit_price, sku="goods"):
        self.add("stock_transferred", transfer=self.name("transfer"),
                 to=dict(agent=taker), **{"from": dict(agent=giver)},
                 lines=[dict(line=1, sku=sku, qty=qty, unit_price=unit_price)])

    def use(self, agent, qty, sku="goods"):
        self.add("stock_consumed", document=self.name("use"), holder=dict(agent=agent),
                 kind="CONSUMED_SELF_USE", lines=[dict(line=1, sku=sku, qty=qty)])

    def refund(self, order, amount, qty=0, line=1):
        self.add("refund_approved", refund=self.name("refund"), order=order, line=line,
                 amount=amount, qty=qty)

    def buyback(self, agent, qty, unit_price_paid, price_ppm, days=5, sku="goods"):
        """Asked for today, settled some DAYS later."""
        name = self.name("buyback")
        self.add("buyback_requested", request=name, agent=agent, sku=sku, qty=qty)
        later = self.clock + days * DAY
        amount = qty * unit_price_paid * price_ppm // 1_000_000
        self.events.append((later, "buyback_settled", dict(
            document=name, request=name, agent=agent, sku=sku, qty=qty,
            unit_price_paid=unit_price_paid, price_ppm=price_ppm, amount=amount)))

    # ------------------------------------------------------------------------------- pay

    def report(self, payee, amount, basis, distance=0, order="", agent=""):
        """What the platform's engine says it paid; BASIS without its prefix."""
        self.add("commission_reported", commission=self.name("commission"), payee=payee,
                 amount=amount, basis="BASIS_" + basis, distance=distance,
                 cause_order=order, cause_line=1 if order else 0, cause_agent=agent)


def chain_of_sponsors(names, width):
    """(name, sponsor) of a tree in breadth: everybody brings WIDTH, the first nobody."""
    for number, name in enumerate(names):
        yield name, names[(number - 1) // width] if number else ""
