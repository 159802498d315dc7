"""A second opinion on the core: src/books/README.md and MONEY.md, plainly.

State is dicts and lists.  Every balance and every stock figure is added up anew from
postings and movements whenever it is asked for; every event is tried on the state itself,
and a refused one puts the saved state back.  Slow, and meant to be obviously right.
Nothing here is taken from src/books/*.c.
"""

import pickle

import model_digest
from event_rules import Event, Fault, first_difference
from model_control import Control
from model_earnings import Earnings
from model_gate import Gate
from model_goods import Goods
from model_guards import Guards
from model_keys import key_of, payment_key_of
from model_money import Money
from model_payout import Payouts
from model_people import People
from model_state import Refused, State, must
from model_stock import Stock
from model_trade import Trade
from model_trust import Trust
from model_watch import Watching


# Causes of postings that refer to a payout.
OF_PAYOUTS = ("DRAWN", "GIVEN_BACK", "TAX", "TAX_BACK", "SENT", "PAID", "RETURNED")


def flat_move(move):
    """As the driver prints it."""
    kind, (_, holder_kind, holder, place, sku, lot), *figures = move
    return [kind, 1 if holder_kind == "agent" else 2, holder, sku, lot, place, *figures]


class Model(People, Trade, Stock, Money, Earnings, Payouts, Control, Goods, Guards, Gate,
            Watching, Trust):
    def __init__(self):
        self.state = State()
        self.size = 0  # records
        self.accepted = 0
        self.refused = 0
        self.held = {}  # key -> (position, event)
        self.event = None  # the one that is decided
        self.digest_before = None  # of the state before it, if it is to say that
        self.found = []  # numbers of findings that it raised or added to
        self.checks, self.would_pass = [], 0  # what the gates said of it

    # ------------------------------------------------------------ the way of one event

    def take(self, raw):
        try:
            event = Event(raw)
        except Fault as fault:
            return dict(outcome="INVALID", fault=fault.fault, field=fault.field)
        conflict = None
        try:
            duplicate_of = self.look_up(event)
        except Refused as refused:
            duplicate_of, conflict = None, refused
        if duplicate_of is not None:
            return dict(outcome="DUPLICATE", position=duplicate_of)
        return self.record(event, conflict)

    def record(self, event, conflict):
        """The answer to an event that is no duplicate; CONFLICT: why its key refuses it."""
        state, self.event = self.state, event
        marks = dict(late=state.book is not None and event.effective_at < state.clock,
                     prior=state.closed_until is not None and
                     event.effective_at < state.closed_until)
        n_postings, n_moves = len(state.postings), len(state.moves)
        self.found, self.checks, self.would_pass = [], [], 0
        if event.kind == "digest_recorded":
            self.digest_before = self.digest()
        self.move_clock(event)
        before, n_found = state.save(), len(self.found)
        try:
            if conflict:
                raise conflict
            self.decide(event)
        except Refused as refused:
            self.state.restore(before)
            del self.found[n_found:]
            verdict = self.refuse(refused)
        else:
            verdict = self.accept(event)
            self.state.clock = max(self.state.clock, event.effective_at)
        verdict |= marks
        verdict |= dict(position=self.size, checks=self.checks, findings=self.found,
                        would_pass=self.would_pass,
                        raised=[self.state.findings[n - 1]["rule"] for n in self.found])
        verdict["postings"] = [self.flat_posting(*p)
                               for p in self.state.postings[n_postings:]]
        verdict["moves"] = [flat_move(m) for m in self.state.moves[n_moves:]]
        self.size += 1
        return verdict

    def flat_posting(self, number, owner, amount, cause, ref):
        """As the driver prints it, with the number of the order or payout as the ref."""
        table = self.state.payouts if cause in OF_PAYOUTS else self.state.orders
        return [number, owner, amount, cause, None if ref is None else
                list(table).index(ref) + 1 if ref else 0]

    def move_clock(self, event):
        """To the event, and do what is due by then."""
        if self.state.book is not None:
            self.state.at = event.effective_at
            self.state.clock = max(self.state.clock, event.effective_at)
            self.run_dues()

    def accept(self, event):
        self.held[key_of(event)] = (self.size, event)
        if payment_key_of(event):
            self.held[payment_key_of(event)] = (self.size, event)
        self.accepted += 1
        return dict(outcome="ACCEPTED")

    def refuse(self, refused):
        self.refused += 1
        return dict(outcome="REFUSED", rule=refused.rule, field=refused.field,
                    measured=refused.measured, limit=refused.limit, other=refused.other)

    def look_up(self, event):
        """The position of the same event, or None if nobody holds its keys."""
        if key_of(event) in self.held:
            position, original = self.held[key_of(event)]
            differs = first_difference(event, original)
            if differs is None:
                return position
            raise Refused("CONFLICT", differs, other=position)
        if payment_key_of(event) in self.held:
            position, _ = self.held[payment_key_of(event)]
            raise Refused("PAYMENT_KEY_USED", "psp_txn", other=position)
        return None

    def decide(self, event):
        state = self.state
        if event.kind == "book_opened":
            must(state.book is None, "BOOK_ALREADY_OPEN", "book")
        else:
            must(state.book is not None, "BOOK_NOT_OPEN", "")
            must(event.effective_at >= state.book["opened_at"], "BEFORE_BOOK",
                 "effective_at", event.effective_at, state.book["opened_at"])
        getattr(self, "on_" + event.kind)(event.body, event.effective_at)

    def digest(self):
        return model_digest.digest(self)

    # ---------------------------------------------------------------- shared questions

    def known_agent(self, name, field):
        must(name in self.state.agents, "AGENT_UNKNOWN", field)
        return self.state.agents[name]

    def active_agent(self, name, field):
        agent = self.known_agent(name, field)
        must(agent["state"] == 1, "AGENT_NOT_ACTIVE", field)
        return agent

    def known_holder(self, holder, field):
        if holder[0] == "agent":
            self.known_agent(holder[1], field)

    def known_good(self, sku, lot, at):
        must(sku in self.state.skus, "SKU_UNKNOWN", at + "sku")
        self.known_lot(sku, lot, at)

    def known_lot(self, sku, lot, at):
        if lot:
            must(lot in self.state.lots, "LOT_UNKNOWN", at + "lot")
            must(self.state.lots[lot]["sku"] == sku, "LOT_OF_OTHER_SKU", at + "lot")

    def named_order(self, name, field="order"):
        must(name in self.state.orders, "ORDER_UNKNOWN", field)
        order = self.state.orders[name]
        must(not order["cancelled"], "ORDER_CANCELLED", field)
        return order

    def open_order(self, name, field="order"):
        order = self.named_order(name, field)
        must(not order["issued"], "ORDER_ISSUED", field)
        return order

    def on_clock_advanced(self, body, at):
        pass
