"""Random streams of events: plausible, and hostile where it hurts.

Pools of ids are small, so that keys collide, goods run out and orders are refunded in
every state.  The generator looks at a model that has taken the events before, because
a stream of blind guesses is refused almost as a whole.
"""

import copy
import datetime
import json

from bodies import HOUR, Bodies
from event_rules import BODIES, ENVELOPE
from model import Model

START = 1_700_000_000_000_000  # microseconds
WEIGHTS = dict(
    book_opened=1, sku_defined=5, lot_registered=4, agent_enrolled=8, agent_verified=3,
    sponsor_changed=6, rank_changed=3, agent_suspended=2, agent_reinstated=3,
    agent_terminated=1, customer_bound=5, customer_unbound=3, referral_recorded=4,
    sale_recorded=12, order_placed=9, order_cancelled=3, order_paid=11, psp_settled=3,
    goods_shipped=14, receipt_confirmed=12, refund_requested=8, refund_rejected=3,
    refund_approved=16, refund_paid=8, stock_issued=10, stock_transferred=7,
    stock_consumed=5, stock_returned=5, stock_counted=4, clock_advanced=1)
# What a stream is about: the other kinds of events are seldom then.
PROFILES = (
    ("",),
    ("agent", "sponsor", "rank", "customer", "referral"),
    ("sale", "order", "psp", "goods", "receipt", "refund", "stock_issued"),
    ("sale", "order_p", "goods", "receipt", "refund_a"),
    ("stock", "lot", "sku"))

UNHEARD = ["", "nobody", "x" * 64, "名字", "tab\tid", "x" * 65]


def text_of_time(us):
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)
    return when.isoformat() + "Z"


def to_json(value):
    """One event as a line for the driver, proto3 JSON behind its source if it has one.

    Integers under a time's name are times.
    """
    times = {spec["name"] for specs in BODIES.values() for spec in specs
             if spec["kind"] == "time"} | {"effective_at"}

    def convert(item):
        if isinstance(item, dict):
            return {key: text_of_time(part) if key in times and isinstance(part, int)
                    else convert(part) for key, part in item.items()}
        if isinstance(item, list):
            return [convert(part) for part in item]
        return item
    text = json.dumps(convert({name: part for name, part in value.items()
                               if name != "source"}), ensure_ascii=False)
    return f"@{value['source']} {text}" if value.get("source") else text


def stream(rng, length):
    """LENGTH events and the model's verdicts on them."""
    return Generator(rng).run(length)


def make_room(body, name):
    """Take the other member of NAME's oneof away; JSON takes one alone."""
    if name.startswith(("referrer_", "referred_")):
        for other in ("agent", "customer"):
            body.pop(name.partition("_")[0] + "_" + other, None)


def only_known(body, specs):
    """What of BODY another type of event has, too."""
    specs = {spec["name"]: spec for spec in specs}
    return {name: [only_known(line, specs[name]["of"]) for line in value]
            if specs[name]["kind"] == "lines" else value
            for name, value in body.items() if name in specs}


class Generator(Bodies):
    def __init__(self, rng):
        self.rng = rng
        self.model = Model()
        self.now = START
        self.focus = None  # the order that most of trade is about for a while
        self.sent = []
        self.orders_wanted = rng.choice((2, 4, 15))
        self.weights = dict(WEIGHTS)
        profile = rng.choice(PROFILES)
        for kind in self.weights:
            if not kind.startswith(profile):
                self.weights[kind] *= 0.1

    def run(self, length):
        verdicts = []
        opening = list(self.opening())
        while len(self.sent) < length:
            raw = opening.pop(0) if opening else self.next()
            self.sent.append(raw)
            verdicts.append(self.model.take(raw))
        return self.sent, verdicts

    def opening(self):
        """What most streams begin with, so that something can happen at all."""
        rng = self.rng
        if rng.random() < 0.1:
            yield self.fresh(self.pick_kind())
        yield self.event("book_opened", dict(
            book="book", currency="CNY", exponent=2, semantics=rng.choice((0, 1)),
            utc_offset_minutes=rng.choice((0, 480, -300))))
        for i in range(rng.randint(0, 3)):
            yield self.event("sku_defined", dict(sku=f"s{i}", revision=1, list_price=100))
        for i in range(rng.choice((0, 0, 2, 4))):
            yield self.event("lot_registered", dict(lot=f"l{i}", sku=f"s{i % 2}", qty=9))
        for i in range(rng.randint(0, 4)):
            yield self.event("agent_enrolled",
                             dict(agent=f"a{i}", sponsor="a0" if i else ""))
        for i in range(rng.randint(0, 5)):
            yield self.event("stock_issued", self.plenty())

    def pick_kind(self):
        kinds = [kind for kind in self.weights
                 if self.makes_sense(kind) or self.rng.random() < 0.03]
        return self.rng.choices(kinds, [self.weights[kind] for kind in kinds])[0]

    def next(self):
        orders = self.model.state.orders
        if orders and self.rng.random() < 0.06:
            self.focus = self.rng.choice(list(orders))
        chance = self.rng.random()
        if chance < 0.06:
            return copy.deepcopy(self.rng.choice(self.sent))
        if chance < 0.12:
            return self.altered(self.rng.choice(self.sent))
        if chance < 0.14:
            return self.broken(self.fresh(self.pick_kind()))
        return self.fresh(self.pick_kind())

    def makes_sense(self, kind):
        """False if what KIND works on does not exist yet."""
        state = self.model.state
        if kind in ("refund_rejected", "refund_paid"):
            return bool(state.refunds)
        if kind.startswith(("order_c", "order_pai", "goods", "receipt", "refund")):
            return bool(state.orders)
        if kind.startswith(("agent_", "sponsor", "rank")):
            return bool(state.agents) or kind == "agent_enrolled"
        if kind in ("sale_recorded", "order_placed"):
            orders = [order for order in state.orders.values() if not order["cancelled"]]
            return bool(state.skus) and len(orders) < self.orders_wanted
        if kind.startswith(("stock", "lot")):
            return bool(state.skus)
        return True

    def fresh(self, kind):
        body = getattr(self, kind)()
        return self.event(kind, {name: value for name, value in body.items()
                                 if value not in (None, "", 0) or self.rng.random() < 0.1
                                 and value is not None})

    def event(self, kind, body):
        rng = self.rng
        self.now += rng.choice((0, 0, 1, HOUR, 24 * HOUR))
        at = self.now
        if rng.random() < 0.12:
            at -= rng.randint(0, 48) * HOUR
        raw = {"effective_at": at, kind: body}
        if rng.random() < 0.1:
            raw["actor"] = rng.choice(("ann", "bob"))
        return raw

    # ------------------------------------------------------------------- hostile events

    def altered(self, raw):
        """The same event with one field changed: same key, most of the time."""
        raw = copy.deepcopy(raw)
        kind = next((name for name in raw if name not in ENVELOPE), "")
        chance = self.rng.random()
        if chance < 0.1:
            raw["effective_at"] = START + self.rng.randint(0, 500) * HOUR
        elif chance < 0.15:
            raw["actor"] = self.rng.choice(("ann", "bob", ""))
        elif chance < 0.25 and kind in BODIES:
            other = self.pick_kind()
            raw[other] = only_known(raw.pop(kind), BODIES[other])
        elif BODIES.get(kind):
            self.alter(raw[kind], BODIES[kind])
        return raw

    def alter(self, body, specs):
        spec = self.rng.choice(specs)
        name, kind = spec["name"], spec["kind"]
        make_room(body, name)
        if kind == "lines" and body.get(name):
            if self.rng.random() < 0.3:
                extra = dict(body[name][-1])
                extra["line"] = min(65535, extra.get("line", 0) + 1)
                body[name].append(extra)
            else:
                self.alter(self.rng.choice(body[name]), spec["of"])
        elif kind != "lines":
            body[name] = self.any_value(spec)

    def any_value(self, spec):
        rng, kind = self.rng, spec["kind"]
        if kind in ("id", "text"):
            return rng.choice(self.pool(spec["name"]) + ["other"])
        if kind == "hash":
            return rng.choice(("", "AAEC", "AwQF"))
        if kind == "time":
            return START + rng.randint(0, 100) * HOUR
        if kind == "enum":
            return rng.choice(spec["values"])
        if kind == "holder":
            return self.holder()
        if kind == "texts":
            return rng.sample(["d1", "d2", "d3"], rng.randint(0, 3))
        if kind == "bool":
            return rng.random() < 0.5
        if kind == "i32":
            return rng.choice((0, 60, -60))
        if kind == "u32":
            return min(spec["most"], rng.randint(0, 4))
        return rng.randint(0, 5)

    def broken(self, raw):
        """One thing that makes an event invalid, or nearly so."""
        kind = next(name for name in raw if name not in ENVELOPE)
        rng, body, specs = self.rng, raw[kind], BODIES[kind]
        chance = rng.random()
        if chance < 0.05 or not specs:
            raw.pop(rng.choice(("effective_at", kind)))
        elif chance < 0.1:
            raw["effective_at"] = text_of_time(self.now).rstrip("Z") + (
                ".000001000Z" if self.now % 1_000_000 == 0 and rng.random() < 0.5
                else ".0000001Z" if self.now % 1_000_000 == 0 else "1Z")
        elif chance < 0.15:
            del raw[kind]
            raw[rng.choice(("team_formed", "period_closed"))] = {}
        else:
            self.break_field(body, rng.choice(specs))
        return raw

    def break_field(self, body, spec):
        rng, name, kind = self.rng, spec["name"], spec["kind"]
        make_room(body, name)
        if kind == "id":
            body[name] = rng.choice(UNHEARD)
        elif kind == "text":
            body[name] = "t" * rng.choice((512, 513))
        elif kind == "hash":
            body[name] = "AAAA" * rng.choice((21, 22))
        elif kind in ("money", "qty"):
            body[name] = rng.choice((-1, 0, 9_200_000_000_000, 9_200_000_000_001,
                                     2**63 - 1, -2**63))
        elif kind == "u32":
            body[name] = rng.choice((0, spec["most"], min(spec["most"] + 1, 2**32 - 1)))
        elif kind == "i32":
            body[name] = rng.choice((-spec["most"] - 1, spec["most"] + 1))
        elif kind == "enum":
            body[name] = rng.choice((0, len(spec["values"]), 99))
        elif kind == "holder":
            body[name] = {rng.choice(("agent", "location")): rng.choice(UNHEARD)}
        elif kind == "lines":
            self.break_lines(body, spec)
        elif kind == "texts":
            body[name] = ["ok", rng.choice(("", "t" * 513))]

    def break_lines(self, body, spec):
        lines = body.get(spec["name"])
        if not lines or self.rng.random() < 0.2:
            body[spec["name"]] = []
        elif self.rng.random() < 0.3:
            lines.append(dict(lines[-1]))
        else:
            self.break_field(self.rng.choice(lines), self.rng.choice(spec["of"]))
