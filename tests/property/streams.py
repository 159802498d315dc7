"""Random streams of events: plausible, and hostile where it hurts.

Pools of ids are small, so that keys collide, goods run out and orders are refunded in
every state.  The generator looks at a model that has taken the events before, because
a stream of blind guesses is refused almost as a whole.
"""

import copy
import datetime
import json

from bodies import HOUR, Bodies
from bodies_trust import RIGHTS, coded
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
    stock_consumed=5, stock_returned=5, stock_counted=4, clock_advanced=1,
    source_registered=3, source_key_revoked=2, subject_erased=2, digest_recorded=2)
MONEY_WEIGHTS = dict(
    sale_recorded=24, receipt_confirmed=16, clock_advanced=4, plan_published=3, team_formed=2, team_member_changed=3, deposit_received=2,
    deposit_returned=2, fee_charged=3, chargeback_opened=3, chargeback_won=2,
    chargeback_lost=3, order_flagged=3, order_cleared=3, commission_reported=6,
    commission_held=5, hold_released=6, clawback_repaid=3, clawback_written_off=3,
    bonus_awarded=4, manual_adjustment=5, payout_requested=20, payout_approved=12,
    payout_rejected=3, payout_cancelled=3, payout_batched=6, payout_sent=24,
    payout_settled=14, payout_unknown=5, payout_failed=10, payout_returned=9,
    tax_remitted=5, period_closed=3, override_granted=4, contest_opened=3,
    contest_closed=2)
# What a stream is about: the other kinds of events are seldom then.
PROFILES = (
    ("",),
    ("agent", "sponsor", "rank", "customer", "referral"),
    ("sale", "order", "psp", "goods", "receipt", "refund", "stock_issued"),
    ("sale", "order_p", "goods", "receipt", "refund_a"),
    ("stock", "lot", "sku"))
# The same of streams about money: sales are always a part of them.
SALES = ("sale", "order_pa", "receipt", "refund_a", "clock")
MONEY_PROFILES = (
    ("",),
    (*SALES, "plan", "rank", "sponsor", "customer", "order", "agent"),
    (*SALES, "payout", "tax", "claw", "override", "agent_v"),
    (*SALES, "payout_r", "payout_s", "refund", "chargeback", "commission", "hold", "claw"),
    (*SALES, "bonus", "contest", "team", "manual", "period", "order_f", "order_c"))

# What a line must be like for an event to have something to do.
LINES_WANTED = dict(
    order_paid=lambda state, order, line: state.paid(order) < order["total"],
    goods_shipped=lambda state, order, line: line["sku"] and not line["received"],
    receipt_confirmed=lambda state, order, line: line["sku"] and not line["received"],
    refund_requested=lambda state, order, line: line["refunded"] < line["amount"],
    refund_approved=lambda state, order, line: (line["refunded"] < line["amount"] and
                                                state.paid(order)))

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


def make_room(body, name):
    """Take the other member of NAME's oneof away; JSON takes one alone."""
    if name.startswith(("referrer_", "referred_")):
        for other in ("agent", "customer"):
            body.pop(name.partition("_")[0] + "_" + other, None)


def only_known(body, old, new):
    """What of BODY, made of the fields OLD, an event of the fields NEW has, too."""
    kinds = {spec["name"]: spec["kind"] for spec in old}
    old_lines = {spec["name"]: spec.get("of") for spec in old}
    new = {spec["name"]: spec for spec in new}
    return {name: [only_known(line, old_lines[name], new[name]["of"]) for line in value]
            if kinds[name] in ("lines", "parts") else value
            for name, value in body.items()
            if name in new and new[name]["kind"] == kinds[name]}


class Generator(Bodies):
    """Streams of goods alone, or, with MONEY, of all there is; without JUMPS within days."""

    def __init__(self, rng, money=None, jumps=True):
        self.rng = rng
        self.model = Model()
        self.money = rng.random() < 0.8 if money is None else money
        self.is_huge = rng.random() < 0.04
        self.steps = (0, 0, 1, HOUR, 24 * HOUR) if jumps else (0, 0, 1, HOUR)
        if self.money and jumps:
            self.steps = (0, 0, 1, 60_000_001, HOUR, HOUR, 7 * HOUR, 24 * HOUR)
        self.now = self.at = START
        self.focus = None  # the order that most of trade is about for a while
        self.sent, self.verdicts = [], []
        self.orders_wanted = rng.choice((2, 4, 15))
        self.weights = dict(WEIGHTS, **(MONEY_WEIGHTS if self.money else {}))
        profile = rng.choice(MONEY_PROFILES if self.money else PROFILES)
        if self.money:
            self.orders_wanted = rng.choice((4, 15, 40))
        for kind in self.weights:
            if not kind.startswith(profile):
                self.weights[kind] *= 0.1

    def run(self, length):
        opening = self.opening()
        while len(self.sent) < length:
            raw = next(opening, None) or self.next()
            self.sent.append(raw)
            self.verdicts.append(self.model.take(raw))
        return self.sent, self.verdicts

    def opening(self):
        """What most streams begin with, so that something can happen at all."""
        rng = self.rng
        if rng.random() < 0.2:
            yield self.fresh(self.pick_kind())
        yield self.event("book_opened", dict(
            book="book", currency="CNY", exponent=2, semantics=rng.choice((0, 1)),
            utc_offset_minutes=rng.choice((0, 480, -300))))
        least = 1 if self.money else 0
        for i in range(rng.randint(least, 3)):
            yield self.event("sku_defined", dict(sku=f"s{i}", revision=1, list_price=100))
        for i in range(rng.choice((0, 0, 2, 4))):
            yield self.event("lot_registered", dict(lot=f"l{i}", sku=f"s{i % 2}", qty=9))
        for i in range(rng.randint(2 * least, 5)):
            above = max(0, i - rng.choice((1, 1, 1, 2)))
            yield self.event("agent_enrolled",
                             dict(agent=f"a{i}", sponsor=f"a{above}" if i else ""))
        for i in range(rng.randint(0, 5)):
            yield self.event("stock_issued", self.plenty())
        if self.money and rng.random() < 0.95:
            yield from self.money_opening()

    def money_opening(self):
        rng = self.rng
        for name in list(self.model.state.agents):
            if rng.random() < 0.9:
                yield self.event("agent_verified", dict(agent=name, revision=1,
                                                        payee_hash="AAEC"))
        for i in range(rng.randint(0, 3)):
            yield self.fresh("customer_bound")
        yield self.fresh("plan_published")
        if rng.random() < 0.5:
            yield self.event("manual_adjustment", dict(
                adjustment="adj0", agent="a0", amount=rng.choice((10, 500, 9_000)),
                reason="why", approver1="ann", approver2="bob"))

    def pick_kind(self):
        while True:
            kind = self.rng.choices(list(self.weights), list(self.weights.values()))[0]
            if self.makes_sense(kind) or self.rng.random() < 0.03:
                return kind

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
        makes_sense = self.money_makes_sense(kind)
        if makes_sense is not None:
            return makes_sense
        if kind in ("refund_rejected", "refund_paid"):
            wanted = "REQUESTED" if kind == "refund_rejected" else "APPROVED"
            return any(refund["state"] == wanted for refund in state.refunds.values())
        if kind in LINES_WANTED:
            return any(LINES_WANTED[kind](state, order, line)
                       for order in state.orders.values() if not order["cancelled"]
                       for line in order["lines"].values())
        if kind == "agent_enrolled":
            return len(state.agents) < 7
        if kind in ("agent_reinstated", "agent_suspended"):
            wanted = 2 if kind == "agent_reinstated" else 1
            return any(agent["state"] == wanted for agent in state.agents.values())
        if kind == "customer_unbound":
            return any(row["binding"] for row in state.customers.values())
        if kind.startswith(("order_c", "order_pai", "goods", "receipt", "refund")):
            return bool(state.orders)
        if kind.startswith(("agent_", "sponsor", "rank")):
            return bool(state.agents)
        if kind in ("sale_recorded", "order_placed"):
            orders = [order for order in state.orders.values() if not order["cancelled"]]
            return bool(state.skus) and len(orders) < self.orders_wanted
        if kind.startswith(("stock", "lot")):
            return bool(state.skus)
        return True

    def fresh(self, kind):
        self.tick()
        body = getattr(self, kind)()
        return self.event(kind, {name: value for name, value in body.items()
                                 if value not in (None, "", 0) or self.rng.random() < 0.1
                                 and value is not None}, ticks=False)

    def tick(self):
        """On to the time of the next event, which may have happened before."""
        rng = self.rng
        self.now += rng.choice(self.steps)
        if self.money and len(self.steps) > 5 and rng.random() < 0.04:
            self.now += rng.choice((7, 9, 30)) * 24 * HOUR
        self.at = self.now
        if rng.random() < 0.12:
            self.at -= rng.randint(0, 48) * HOUR

    def event(self, kind, body, ticks=True):
        rng = self.rng
        if ticks:
            self.tick()
        raw = {"effective_at": self.at, kind: body}
        if rng.random() < 0.1:
            raw["actor"] = rng.choice(("ann", "bob"))
        if rng.random() < 0.04:
            raw["sealed"] = self.sealed()
        if self.money:
            raw["source"] = rng.choice(("shop", "shop", "desk"))
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
        elif chance < 0.2:
            raw["sealed"] = self.sealed()
        elif chance < 0.3 and kind in BODIES:
            other = self.pick_kind()
            raw[other] = only_known(raw.pop(kind), BODIES[kind], BODIES[other])
        elif BODIES.get(kind):
            self.alter(raw[kind], BODIES[kind])
        return raw

    def alter(self, body, specs):
        spec = self.rng.choice(specs)
        name, kind = spec["name"], spec["kind"]
        make_room(body, name)
        if kind in ("lines", "parts") and body.get(name):
            if kind == "lines" and self.rng.random() < 0.3:
                extra = dict(body[name][-1])
                extra["line"] = min(65535, extra.get("line", 0) + 1)
                body[name].append(extra)
            else:
                self.alter(self.rng.choice(body[name]), spec["of"])
        elif kind not in ("lines", "parts"):
            body[name] = self.any_value(spec)

    def any_value(self, spec):
        rng, kind = self.rng, spec["kind"]
        if kind in ("id", "text"):
            return rng.choice(self.pool(spec["name"]) + ["other"])
        if kind == "hash":
            return rng.choice(("", "AAEC", "AwQF"))
        if kind == "bytes":
            return self.public_key()
        if kind == "rights":
            return list(rng.choice(RIGHTS))
        if kind == "time":
            return START + rng.randint(0, 100) * HOUR
        if kind == "enum":
            return rng.choice(spec["values"])
        if kind == "holder":
            return self.holder()
        if kind == "texts":
            return rng.sample(["d1", "d2", "d3"], rng.randint(0, 3))
        if kind == "ids":
            return rng.sample(["pay0", "pay1", "pay2"], rng.randint(1, 3))
        if kind == "numbers":
            return [rng.randint(0, 9) for _ in range(rng.randint(0, 3))]
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
            raw["semantics_adopted"] = {}
        elif chance < 0.2:
            raw["sealed"] = self.broken_sealed()
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
        elif kind == "bytes":
            body[name] = coded(bytes(rng.choice((0, 1, spec["least"] - 1, spec["least"],
                                                 spec["most"] + 1))))
        elif kind == "rights":
            body[name] = rng.choice(([300] * 64, [300] * 65, [0], [1], [800], [714],
                                     [300, 399], [2**32 - 1], [109, 500]))
        elif kind == "u64":
            body[name] = rng.choice((0, str(2**63), str(2**64 - 1)))
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
        elif kind in ("lines", "parts"):
            self.break_lines(body, spec)
        elif kind == "texts":
            body[name] = ["ok", rng.choice(("", "t" * 513))]
        elif kind == "ids":
            body[name] = rng.choice(([], ["ok", ""], ["x" * 65]))
        elif kind == "numbers":
            body[name] = [1] * rng.choice((256, 257))
        elif kind == "time" and spec["required"]:
            body.pop(name, None)

    def break_lines(self, body, spec):
        lines = body.get(spec["name"])
        if not lines or self.rng.random() < 0.2:
            body[spec["name"]] = []
        elif self.rng.random() < 0.3:
            lines.append(dict(lines[-1]))
        elif spec["kind"] == "parts" and self.rng.random() < 0.2:
            body[spec["name"]] = [lines[0]] * (spec["most"] + 1)
        else:
            self.break_field(self.rng.choice(lines), self.rng.choice(spec["of"]))
