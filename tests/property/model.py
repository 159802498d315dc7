"""A second opinion on the core: the rules of src/books/README.md, plainly.

State is dicts and lists.  Every balance and every stock figure is added up anew from
the list of postings and the list of movements whenever it is asked for; every event is
tried on the state itself, and a refused one puts the saved state back.  Slow, and meant
to be obviously right.  Nothing here is taken from src/books/*.c.
"""

import pickle

import model_digest
from event_rules import SUPPLY, Event, Fault, first_difference, line_amount
from model_keys import key_of, payment_key_of
from model_state import (DIFFERENCE, PHYSICAL, Refused, State, is_position, must,
                         place_of, position_of)

RETAIL, SELF, RESTOCK, SAMPLE = 1, 2, 3, 4
BRAND_SHIP, HOLDER_SHIP, STORE_PICKUP = 1, 2, 3
CONSUMED_AS = {RETAIL: 1, SELF: 2, SAMPLE: 3}  # order kind -> consume kind

DEPTH_MAX = 4096


def flat_move(move):
    """As the driver prints it."""
    kind, (_, holder_kind, holder, place, sku, lot), *figures = move
    return [kind, 1 if holder_kind == "agent" else 2, holder, sku, lot, place, *figures]


class Model:
    def __init__(self):
        self.state = State()
        self.size = 0  # records
        self.accepted = 0
        self.refused = 0
        self.held = {}  # key -> (position, event)

    # ------------------------------------------------------------ the way of one event

    def take(self, raw):
        try:
            event = Event(raw)
        except Fault as fault:
            return dict(outcome="INVALID", fault=fault.fault, field=fault.field)
        before = pickle.dumps(self.state)
        n_postings, n_moves = len(self.state.postings), len(self.state.moves)
        was_late = self.state.book is not None and event.effective_at < self.state.clock
        try:
            duplicate_of = self.look_up(event)
            if duplicate_of is not None:
                return dict(outcome="DUPLICATE", position=duplicate_of)
            self.decide(event)
        except Refused as refused:
            self.state = pickle.loads(before)
            return self.refuse(event, refused)
        self.held[key_of(event)] = (self.size, event)
        if payment_key_of(event):
            self.held[payment_key_of(event)] = (self.size, event)
        self.accepted += 1
        self.end_record(event)
        return dict(outcome="ACCEPTED", position=self.size - 1, late=was_late,
                    postings=[list(p) for p in self.state.postings[n_postings:]],
                    moves=[flat_move(m) for m in self.state.moves[n_moves:]])

    def refuse(self, event, refused):
        self.refused += 1
        self.end_record(event)
        return dict(outcome="REFUSED", position=self.size - 1, rule=refused.rule,
                    field=refused.field, measured=refused.measured, limit=refused.limit,
                    other=refused.other)

    def end_record(self, event):
        self.size += 1
        if self.state.book is not None:
            self.state.clock = max(self.state.clock, event.effective_at)

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

    # ------------------------------------------------------------------- 1xx reference

    def on_book_opened(self, body, at):
        self.state.book = dict(body, opened_at=at, semantics=body["semantics"] or 1)

    def on_sku_defined(self, body, at):
        last = self.state.skus.get(body["sku"], {}).get("revision", 0)
        must(body["revision"] == last + 1, "SKU_REVISION_GAP", "revision",
             body["revision"], last + 1)
        if body["superseded_by"]:
            must(body["superseded_by"] in self.state.skus, "SKU_UNKNOWN", "superseded_by")
        self.state.skus[body["sku"]] = body

    def on_lot_registered(self, body, at):
        must(body["sku"] in self.state.skus, "SKU_UNKNOWN", "sku")
        if body["custodian"][0] == "agent":
            self.active_agent(body["custodian"][1], "custodian")
        self.state.lots[body["lot"]] = body

    # --------------------------------------------------------------------- 2xx network

    def check_depth(self, sponsor, field, name=None):
        above = len(self.state.sponsors_above(sponsor)) + 1
        below = [1]  # the agent itself
        if name:
            for other in self.state.agents:
                chain = [other] + self.state.sponsors_above(other)
                if name in chain:
                    below.append(chain.index(name) + 1)
        depth = above + max(below)
        must(depth <= DEPTH_MAX, "LIMIT_REACHED", field, depth, DEPTH_MAX)

    def on_agent_enrolled(self, body, at):
        sponsor = body["sponsor"]
        must(sponsor != body["agent"], "SPONSOR_CYCLE", "sponsor")
        if sponsor:
            must(sponsor in self.state.agents, "SPONSOR_UNKNOWN", "sponsor")
            must(self.state.agents[sponsor]["state"] == 1, "SPONSOR_NOT_ACTIVE", "sponsor")
            self.check_depth(sponsor, "sponsor")
        self.state.agents[body["agent"]] = dict(
            sponsor=sponsor, rank=body["rank"], state=1, revision=0, enrolled_at=at)
        self.state.name_customer(body["customer"])

    def on_agent_verified(self, body, at):
        agent = self.known_agent(body["agent"], "agent")
        expected = agent["revision"] + 1
        must(body["revision"] == expected, "AGENT_REVISION_GAP", "revision",
             body["revision"], expected)
        must(agent["state"] != 3, "AGENT_NOT_ACTIVE", "agent")
        agent["revision"] = body["revision"]

    def on_sponsor_changed(self, body, at):
        name, new = body["agent"], body["new_sponsor"]
        agent = self.known_agent(name, "agent")
        must(agent["state"] != 3, "AGENT_NOT_ACTIVE", "agent")
        must(body["old_sponsor"] == agent["sponsor"], "SPONSOR_STALE", "old_sponsor")
        must(body["approver1"] and body["approver2"] and
             body["approver1"] != body["approver2"], "APPROVERS_NOT_TWO", "approver2")
        if new:
            must(new in self.state.agents, "SPONSOR_UNKNOWN", "new_sponsor")
            must(self.state.agents[new]["state"] == 1, "SPONSOR_NOT_ACTIVE", "new_sponsor")
            must(new != name and name not in self.state.sponsors_above(new),
                 "SPONSOR_CYCLE", "new_sponsor")
            self.check_depth(new, "new_sponsor", name)
        agent["sponsor"] = new

    def on_rank_changed(self, body, at):
        agent = self.known_agent(body["agent"], "agent")
        must(body["old_rank"] == agent["rank"], "RANK_STALE", "old_rank")
        agent["rank"] = body["new_rank"]

    def agent_step(self, body, allowed, to):
        agent = self.known_agent(body["agent"], "agent")
        must(agent["state"] in allowed, "AGENT_STATE", "agent")
        agent["state"] = to

    def on_agent_suspended(self, body, at):
        self.agent_step(body, (1,), 2)

    def on_agent_reinstated(self, body, at):
        self.agent_step(body, (2,), 1)

    def on_agent_terminated(self, body, at):
        self.agent_step(body, (1, 2), 3)

    def set_referrer(self, customer, agent="", referrer=""):
        row = self.state.customers[customer]
        if not row["referrer_customer"] and not row["referrer_agent"]:
            row["referrer_agent"], row["referrer_customer"] = agent, referrer

    def on_customer_bound(self, body, at):
        state, name, referrer = self.state, body["customer"], body["referrer_customer"]
        must(referrer != name, "SELF_REFERENCE", "referrer_customer")
        if body["agent"]:
            self.active_agent(body["agent"], "agent")
        now = state.customers.get(name)
        if now and now["binding"]:
            must(now["expires_at"] is not None and now["expires_at"] <= at,
                 "BINDING_EXISTS", "customer")
        state.bindings.append(body["binding"])
        state.name_customer(name)
        state.name_customer(referrer)
        state.customers[name].update(agent=body["agent"], binding=body["binding"],
                                     expires_at=body["expires_at"])
        self.set_referrer(name, referrer=referrer)

    def on_customer_unbound(self, body, at):
        must(body["binding"] in self.state.bindings, "BINDING_UNKNOWN", "binding")
        row = self.state.customers.get(body["customer"])
        must(row and row["binding"] == body["binding"], "BINDING_UNKNOWN", "customer")
        row.update(agent="", binding="", expires_at=None)

    def on_referral_recorded(self, body, at):
        for kind in ("agent", "customer"):
            both = body["referrer_" + kind], body["referred_" + kind]
            must(not both[0] or both[0] != both[1], "SELF_REFERENCE", "referred_" + kind)
        for side in ("referrer_agent", "referred_agent"):
            if body[side]:
                self.known_agent(body[side], side)
        self.state.name_customer(body["referrer_customer"])
        self.state.name_customer(body["referred_customer"])
        if body["referred_customer"]:
            self.set_referrer(body["referred_customer"], body["referrer_agent"],
                              body["referrer_customer"])

    # ----------------------------------------------------------------------- 3xx trade

    def check_parties(self, body):
        kind, by_holder = body["kind"], body["fulfilment"] == HOLDER_SHIP
        if body["seller"]:
            self.active_agent(body["seller"], "seller")
        must(body["seller"] or not by_holder, "SELLER_REQUIRED", "seller")
        if kind in (SELF, RESTOCK):
            must(body["buyer"], "SELLER_REQUIRED", "buyer")
            self.active_agent(body["buyer"], "buyer")
        must(kind != RESTOCK or not by_holder, "ORDER_KIND_MISMATCH", "fulfilment")
        source = body["ship_from"]
        if by_holder:
            must(source in (SUPPLY, ("agent", body["seller"])), "HOLDER_KIND", "ship_from")
        else:
            must(source[0] != "agent", "HOLDER_KIND", "ship_from")

    def make_order(self, body, is_direct):
        self.check_parties(body)
        for i, line in enumerate(body["lines"]):
            self.known_good(line["sku"], line["lot"], f"lines[{i}].")
        lines = {}
        if body["shipping"] > 0:
            lines[0] = dict(sku="", lot="", qty=0, amount=body["shipping"])
        for line in body["lines"]:
            self.state.name_good(line["sku"], line["lot"])
            lines[line["line"]] = dict(sku=line["sku"], lot=line["lot"], qty=line["qty"],
                                       amount=line_amount(line))
        for line in lines.values():
            line.update(received=False, recognised=False, returned=0, refunded=0,
                        shipments=[])
        by_holder = body["fulfilment"] == HOLDER_SHIP
        order = dict(
            name=body["order"], kind=body["kind"], fulfilment=body["fulfilment"],
            seller=body["seller"], buyer=body["buyer"], channel=body["channel"],
            cancelled=False, issued=False, direct=is_direct, payments=[], lines=lines,
            total=sum(line["amount"] for line in lines.values()),
            shipper=("agent", body["seller"]) if by_holder else body["ship_from"])
        if body["kind"] in (RETAIL, SAMPLE):
            self.state.name_customer(body["buyer"])
        self.state.orders[body["order"]] = order
        return order

    def on_order_placed(self, body, at):
        self.make_order(body, is_direct=False)

    def on_sale_recorded(self, body, at):
        order = self.make_order(body, is_direct=not body["psp"])
        must(body["paid"] == order["total"], "AMOUNT_MISMATCH", "paid", body["paid"],
             order["total"])
        self.pay(order, body["psp"], body["paid"])
        if body["delivered_at"] is not None:
            for i, line in enumerate(body["lines"]):
                self.receive(order, line["line"], f"lines[{i}].qty")
            self.receive_shipping(order)
        self.recognise(order)

    def pay(self, order, psp, amount):
        order["payments"].append(amount)
        if not order["direct"]:
            to = ((4020, order["buyer"]) if order["kind"] == RESTOCK
                  else (2010, order["name"]))
            self.state.post((1020, psp), to, amount)

    def on_order_paid(self, body, at):
        order = self.open_order(body["order"])
        open_amount = order["total"] - self.state.paid(order)
        must(body["amount"] <= open_amount, "PAYMENT_EXCEEDS_ORDER", "amount",
             body["amount"], open_amount)
        self.pay(order, body["psp"], body["amount"])
        self.recognise(order)

    def sale_account(self, order):
        if order["fulfilment"] == HOLDER_SHIP:
            return (2110, order["seller"])
        if order["kind"] == SELF:
            return (4020, order["buyer"])
        return (4010, order["channel"])

    def return_account(self, order):
        if order["fulfilment"] == HOLDER_SHIP:
            return (2110, order["seller"])
        if order["kind"] in (SELF, RESTOCK):
            return (4095, order["buyer"])
        return (4090, order["channel"])

    def recognise(self, order):
        if (order["direct"] or order["kind"] == RESTOCK or
                self.state.paid(order) != order["total"]):
            return
        amount = 0
        for line in order["lines"].values():
            if line["received"] and not line["recognised"]:
                line["recognised"] = True
                amount += line["amount"] - line["refunded"]
        if amount > 0:
            self.state.post((2010, order["name"]), self.sale_account(order), amount)

    def on_order_cancelled(self, body, at):
        order = self.open_order(body["order"])
        must(self.state.paid(order) == 0, "ORDER_PAID", "order")
        must(not any(line["received"] for line in order["lines"].values()),
             "ALREADY_RECEIVED", "order")
        for number in order["lines"]:
            self.turn_back(order, number, self.state.in_transit(order["name"], number))
        order["cancelled"] = True

    def goods_line(self, order, number):
        must(number != 0 and number in order["lines"], "ORDER_LINE_UNKNOWN", "line")
        return order["lines"][number]

    def shipper_of(self, order, holder):
        if holder == SUPPLY:
            return order["shipper"]
        if order["fulfilment"] == HOLDER_SHIP:
            must(holder == ("agent", order["seller"]), "HOLDER_KIND", "holder")
        else:
            must(holder[0] == "location", "HOLDER_KIND", "holder")
        return holder

    def on_goods_shipped(self, body, at):
        state, order = self.state, self.open_order(body["order"])
        line = self.goods_line(order, body["line"])
        must(not line["received"], "ALREADY_RECEIVED", "line")
        left = (line["qty"] - line["returned"] -
                state.in_transit(order["name"], body["line"]))
        must(body["qty"] <= left, "SHIPMENT_EXCEEDS_LINE", "qty", body["qty"], left)
        holder = self.shipper_of(order, body["holder"])
        lot = body["lot"] or line["lot"]
        self.known_lot(line["sku"], lot, "")
        source = place_of(holder, PHYSICAL, line["sku"], lot)
        transit = ("transit", order["name"], body["line"], body["shipment"])
        state.move(line["sku"], lot, source, transit, body["qty"], "qty")
        line["shipments"].append(dict(source=source, transit=transit, lot=lot,
                                      delivered=0))

    def destination(self, order, sku, lot):
        if order["kind"] == RESTOCK:
            return position_of(("agent", order["buyer"]), PHYSICAL, sku, lot)
        return ("consumed", CONSUMED_AS[order["kind"]])

    def receive(self, order, number, field):
        state, line, name = self.state, order["lines"][number], order["name"]
        never_shipped = line["qty"] - line["returned"] - state.in_transit(name, number)
        for shipment, units in reversed(state.on_the_way(name, number)):
            if units:
                to = self.destination(order, line["sku"], shipment["lot"])
                state.deliver(shipment, line["sku"], to, units)
                shipment["delivered"] = units
        if never_shipped:
            good = (line["sku"], line["lot"])
            state.move(*good, place_of(order["shipper"], PHYSICAL, *good),
                       self.destination(order, *good), never_shipped, field)
        line["received"] = True

    def receive_shipping(self, order):
        lines = order["lines"]
        if 0 in lines and all(lines[n]["received"] for n in lines if n):
            lines[0]["received"] = True

    def on_receipt_confirmed(self, body, at):
        order = self.open_order(body["order"])
        numbers = [n for n in order["lines"] if n]
        if body["line"]:
            self.goods_line(order, body["line"])
            numbers = [body["line"]]
        still_open = [n for n in numbers if not order["lines"][n]["received"]]
        must(still_open, "ALREADY_RECEIVED", "line")
        for number in still_open:
            self.receive(order, number, "line")
        self.receive_shipping(order)
        self.recognise(order)

    def on_psp_settled(self, body, at):
        psp, net = body["psp"], body["gross"] - body["fee"]
        must(net >= 0, "AMOUNT_MISMATCH", "fee", body["fee"], body["gross"])
        for number, amount in ((1010, net), (5030, body["fee"]), (1020, -body["gross"])):
            if amount:
                self.state.name_account(number, psp)
                self.state.postings.append((number, psp, amount))

    # --------------------------------------------------------------------- 3xx refunds

    def refund_line(self, body):
        order = self.open_order(body["order"])
        must(body["line"] in order["lines"], "ORDER_LINE_UNKNOWN", "line")
        line = order["lines"][body["line"]]
        left = line["amount"] - line["refunded"]
        must(body["amount"] <= left, "REFUND_EXCEEDS_LINE", "amount", body["amount"], left)
        left = line["qty"] - line["returned"]
        must(body["qty"] <= left, "RETURN_EXCEEDS_LINE", "qty", body["qty"], left)
        return order, line

    def on_refund_requested(self, body, at):
        must(body["refund"] not in self.state.refunds, "REFUND_STATE", "refund")
        self.refund_line(body)
        self.put_refund(body, "REQUESTED")

    def put_refund(self, body, step):
        self.state.refunds.setdefault(body["refund"], {}).update(
            order=body["order"], line=body["line"], amount=body["amount"],
            qty=body["qty"], state=step)

    def known_refund(self, name, step):
        must(name in self.state.refunds, "REFUND_UNKNOWN", "refund")
        refund = self.state.refunds[name]
        must(refund["state"] == step, "REFUND_STATE", "refund")
        return refund

    def on_refund_rejected(self, body, at):
        self.known_refund(body["refund"], "REQUESTED")["state"] = "REJECTED"

    def on_refund_approved(self, body, at):
        state = self.state
        order, line = self.refund_line(body)
        asked = state.refunds.get(body["refund"])
        if asked:
            must(asked["state"] == "REQUESTED" and asked["order"] == body["order"] and
                 asked["line"] == body["line"], "REFUND_STATE", "refund")
            for part in ("amount", "qty"):
                must(body[part] <= asked[part], "REFUND_EXCEEDS_REQUEST", part, body[part],
                     asked[part])
        left = state.paid(order) - state.refunded(order)
        must(body["amount"] <= left, "REFUND_EXCEEDS_PAID", "amount", body["amount"], left)
        if body["qty"] and line["received"]:
            self.take_back(order, line, body)
        elif body["qty"]:
            in_transit = state.in_transit(order["name"], body["line"])
            never_shipped = line["qty"] - line["returned"] - in_transit
            self.turn_back(order, body["line"], max(0, body["qty"] - never_shipped))
        self.post_refund(order, line, body["amount"])
        line["returned"] += body["qty"]
        line["refunded"] += body["amount"]
        self.put_refund(body, "APPROVED" if body["amount"] else "PAID")

    def post_refund(self, order, line, amount):
        if not amount or order["direct"]:
            return
        if line["recognised"] or order["kind"] == RESTOCK:
            source = self.return_account(order)
        else:
            source = (2010, order["name"])
        self.state.post(source, (2015, order["name"]), amount)

    def turn_back(self, order, number, units):
        """Units on the way go back where they came from, newest shipment first."""
        line = order["lines"][number]
        for shipment, there in reversed(self.state.on_the_way(order["name"], number)):
            part = min(units, there)
            self.state.turn_back(shipment, line["sku"], part)
            units -= part

    def take_back(self, order, line, body):
        """Units that the buyer had go to restock_to."""
        self.known_holder(body["restock_to"], "restock_to")
        units = body["qty"]
        for shipment in reversed(line["shipments"]):
            part = min(units, shipment["delivered"])
            shipment["delivered"] -= part
            units -= part
            if part:
                self.take_part_back(order, line["sku"], shipment["lot"],
                                    shipment["source"], body["restock_to"], part)
        if units:
            sold_from = place_of(order["shipper"], PHYSICAL, line["sku"], line["lot"])
            self.take_part_back(order, line["sku"], line["lot"], sold_from,
                                body["restock_to"], units)

    def take_part_back(self, order, sku, lot, sold_from, restock_to, units):
        source = self.destination(order, sku, lot)
        target = place_of(restock_to, PHYSICAL, sku, lot)
        if order["kind"] == RESTOCK:
            self.state.give_back(sku, lot, source, target, units)
        else:
            self.state.take_back(sku, lot, source, target, sold_from, units)

    def on_refund_paid(self, body, at):
        refund = self.known_refund(body["refund"], "APPROVED")
        refund["state"] = "PAID"
        if not self.state.orders[refund["order"]]["direct"]:
            self.state.post((2015, refund["order"]), (1020, body["psp"]), refund["amount"])

    # ----------------------------------------------------------------------- 6xx stock

    def move_lines(self, body, source, target):
        """SOURCE and TARGET make the place of a good from (sku, lot)."""
        for i, line in enumerate(body["lines"]):
            good, at = (line["sku"], line["lot"]), f"lines[{i}]."
            self.known_good(*good, at)
            self.state.move(*good, source(*good), target(*good), line["qty"], at + "qty",
                            line["unit_price"])

    def on_stock_issued(self, body, at):
        source, to = body["from"], body["to"]
        must(source[0] != "agent", "HOLDER_KIND", "from")
        if to[0] == "agent":
            self.active_agent(to[1], "to")
        must(source != to, "SAME_HOLDER", "to")
        if body["order"]:
            order = self.named_order(body["order"])
            must(order["kind"] == RESTOCK, "ORDER_KIND_MISMATCH", "order")
            must(self.state.paid(order) == 0, "ORDER_PAID", "order")
            for number, line in order["lines"].items():
                must(not line["received"] and
                     not self.state.in_transit(order["name"], number),
                     "ALREADY_RECEIVED", "order")
            order["issued"] = True
        self.move_lines(body, lambda *good: place_of(source, PHYSICAL, *good),
                        lambda *good: place_of(to, body["place"], *good))
        if body["psp"]:
            must(to[0] == "agent", "HOLDER_KIND", "to")
            total = sum(line_amount(line) for line in body["lines"])
            must(body["paid"] == total, "AMOUNT_MISMATCH", "paid", body["paid"], total)
            if total:
                self.state.post((1020, body["psp"]), (4020, to[1]), total)

    def on_stock_transferred(self, body, at):
        source, to = body["from"], body["to"]
        for field in ("from", "to"):
            must(body[field] != SUPPLY, "HOLDER_KIND", field)
        for field in ("from", "to"):
            self.known_holder(body[field], field)
        must(source != to or body["from_place"] != body["to_place"], "SAME_HOLDER", "to")
        self.move_lines(body, lambda *good: place_of(source, body["from_place"], *good),
                        lambda *good: place_of(to, body["to_place"], *good))

    def on_stock_consumed(self, body, at):
        must(body["holder"] != SUPPLY, "HOLDER_KIND", "holder")
        self.known_holder(body["holder"], "holder")
        if body["order"]:
            self.named_order(body["order"])
        self.move_lines(body, lambda *good: place_of(body["holder"], body["place"], *good),
                        lambda *good: ("consumed", body["kind"]))

    def on_stock_returned(self, body, at):
        agent = ("agent", body["agent"])
        must(body["to"][0] != "agent", "HOLDER_KIND", "to")
        self.known_agent(body["agent"], "agent")
        self.move_lines(body, lambda *good: place_of(agent, body["place"], *good),
                        lambda *good: place_of(body["to"], PHYSICAL, *good))
        credit = sum(line_amount(line) for line in body["lines"])
        if credit:
            self.state.post((4095, body["agent"]), (2190, body["agent"]), credit)

    def on_stock_counted(self, body, at):
        must(body["holder"] != SUPPLY, "HOLDER_KIND", "holder")
        self.known_holder(body["holder"], "holder")
        good = (body["sku"], body["lot"])
        self.known_good(*good, "")
        position = place_of(body["holder"], body["place"], *good)
        found = body["counted"] - self.state.units_at(position)
        if found >= 0:
            self.state.move(*good, DIFFERENCE, position, found, "counted")
        else:
            self.state.move(*good, position, DIFFERENCE, -found, "counted")

    def on_clock_advanced(self, body, at):
        pass
