"""Orders, payments, shipments, receipts, refunds: 3xx in src/books/README.md."""

from event_rules import SUPPLY, line_amount
from model_money import HOLDER_SHIP, RESTOCK, RETAIL, SAMPLE, SELF
from model_state import PHYSICAL, must, place_of, position_of, second_of

CONSUMED_AS = {RETAIL: 1, SELF: 2, SAMPLE: 3}  # order kind -> consume kind


class Trade:
    """Needs state, a State; mixed into Model."""

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

    def check_attributions(self, attributions):
        names = []
        for i, part in enumerate(attributions):
            field = f"attributions[{i}].agent"
            self.active_agent(part["agent"], field)
            must(part["agent"] not in names, "ATTRIBUTION_WEIGHTS", field, None, None)
            names.append(part["agent"])
        whole = sum(part["weight_ppm"] for part in attributions)
        must(not attributions or whole == 1_000_000, "ATTRIBUTION_WEIGHTS", "attributions",
             whole, 1_000_000)

    def make_order(self, body, is_direct):
        self.check_parties(body)
        for i, line in enumerate(body["lines"]):
            self.known_good(line["sku"], line["lot"], f"lines[{i}].")
        self.check_attributions(body["attributions"])
        lines = {}
        if body["shipping"] > 0:
            lines[0] = dict(sku="", lot="", qty=0, amount=body["shipping"], tax=0,
                            discount=0)
        for line in body["lines"]:
            self.state.name_good(line["sku"], line["lot"])
            lines[line["line"]] = dict(sku=line["sku"], lot=line["lot"], qty=line["qty"],
                                       amount=line_amount(line), tax=line["tax"],
                                       discount=line["discount"])
        for line in lines.values():
            line.update(received=False, recognised=False, returned=0, refunded=0,
                        shipments=[], accrued=False, settled=False, scheduled=False,
                        matured=False, when=0, sold=False, counted=False, unshipped=0)
        by_holder = body["fulfilment"] == HOLDER_SHIP
        order = dict(
            name=body["order"], kind=body["kind"], fulfilment=body["fulfilment"],
            seller=body["seller"], buyer=body["buyer"], channel=body["channel"],
            region=body["region"], request=body["request"],
            cancelled=False, issued=False, direct=is_direct, payments=[], lines=lines,
            paid_by_balance=0, attributions=body["attributions"], holds=0, plan=0,
            accrued=False, linked=False, score=0, scored=[], paid_second=0,
            total=sum(line["amount"] for line in lines.values()),
            shipper=("agent", body["seller"]) if by_holder else body["ship_from"])
        if body["kind"] in (RETAIL, SAMPLE):
            self.state.name_customer(body["buyer"])
        self.state.orders[body["order"]] = order
        if order["shipper"] != SUPPLY:
            self.state.name_holder(*order["shipper"])
        self.link(order, payee=body["buyer_payee_hash"], device=body["buyer_device_hash"],
                  address=body["buyer_address_hash"])
        return order

    def guard_order(self, order, body, at):
        """The guards of an order that has just been placed."""
        self.request_order(order, body)
        self.check_bands(order, at)
        self.check_territory(order, at)
        if order["kind"] == RESTOCK:
            self.joining(order["buyer"], order["total"], "paid")

    def on_order_placed(self, body, at):
        self.guard_order(self.make_order(body, is_direct=False), body, at)

    def on_sale_recorded(self, body, at):
        order = self.make_order(body, is_direct=not body["psp"])
        must(body["paid"] == order["total"], "AMOUNT_MISMATCH", "paid", body["paid"],
             order["total"])
        before = self.cloud_before(line["sku"] for line in body["lines"])
        self.guard_order(order, body, at)
        self.pay(order, body, body["paid"], at)
        self.paid_whole(order, at, "paid")
        if body["delivered_at"] is not None:
            for i, line in enumerate(body["lines"]):
                self.receive(order, line["line"], f"lines[{i}].qty", body["delivered_at"])
        self.recognise(order, at)
        self.cloud_guard(before, [(line["sku"], f"lines[{i}].qty")
                                  for i, line in enumerate(body["lines"])])
        self.after_payment(order, at)

    def paid_whole(self, order, at, field):
        if self.is_paid_whole(order) and not order["direct"]:
            self.forgery_paid(order, at, field)

    def after_payment(self, order, at):
        self.exposure_payment(order)
        if self.is_paid_whole(order) and not order["direct"]:
            self.matching_paid(order, at)

    def pay(self, order, body, amount, at):
        self.link(order, payer=body.get("payer_hash", b""))
        order["payments"].append(amount)
        order["paid_by_balance"] += body["paid_by_balance"]
        if not order["direct"]:
            to = ((4020, order["buyer"]) if order["kind"] == RESTOCK
                  else (2010, order["name"]))
            self.state.post((1020, body["psp"]), to, amount)
            if self.is_paid_whole(order):
                self.on_paid_whole(order, at)

    def on_order_paid(self, body, at):
        order = self.open_order(body["order"])
        open_amount = order["total"] - self.state.paid(order)
        must(body["amount"] <= open_amount, "PAYMENT_EXCEEDS_ORDER", "amount",
             body["amount"], open_amount)
        self.pay(order, body, body["amount"], at)
        self.recognise(order, at)
        self.paid_whole(order, at, "amount")
        self.after_payment(order, at)

    def sale_account(self, order):
        if order["kind"] == SELF:
            return (4020, order["buyer"])
        return (4010, order["channel"])

    def return_account(self, order):
        if order["kind"] in (SELF, RESTOCK):
            return (4095, order["buyer"])
        return (4090, order["channel"])

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
        before = self.cloud_before([line["sku"]])
        source = place_of(holder, PHYSICAL, line["sku"], lot)
        transit = ("transit", order["name"], body["line"], body["shipment"])
        state.move(line["sku"], lot, source, transit, body["qty"], "qty")
        line["shipments"].append(dict(source=source, transit=transit, lot=lot,
                                      delivered=0))
        self.goods_out_check("", line["sku"], lot, "lot")
        self.cloud_guard(before, [(line["sku"], "qty")])
        self.matching_shipped(order, at)

    def destination(self, order, sku, lot):
        if order["kind"] == RESTOCK:
            return position_of(("agent", order["buyer"]), PHYSICAL, sku, lot)
        return ("consumed", CONSUMED_AS[order["kind"]])

    def receive(self, order, number, field, at):
        """Units that no shipment was reported for."""
        state, line, name = self.state, order["lines"][number], order["name"]
        never_shipped = line["qty"] - line["returned"] - state.in_transit(name, number)
        for shipment, units in reversed(state.on_the_way(name, number)):
            if units:
                to = self.destination(order, line["sku"], shipment["lot"])
                state.deliver(shipment, line["sku"], to, units)
                shipment["delivered"] = units
                self.restocked(order, shipment["source"], to, units)
        line["unshipped"] = never_shipped
        if never_shipped:
            good = (line["sku"], line["lot"])
            source, to = (place_of(order["shipper"], PHYSICAL, *good),
                          self.destination(order, *good))
            state.move(*good, source, to, never_shipped, field)
            self.restocked(order, source, to, never_shipped)
        line.update(received=True, when=second_of(at), received_at=second_of(at))
        lines = order["lines"]
        if 0 in lines and all(lines[n]["received"] for n in lines if n):
            lines[0].update(received=True, when=second_of(at), received_at=second_of(at))
        return never_shipped

    def restocked(self, order, source, position, units):
        """UNITS of a RESTOCK order have come to its buyer."""
        if order["kind"] == RESTOCK:
            self.goods_reached(source, position, units)
            self.sku_fact("issued", position[4], units)
            if order["request"]:
                self.arrive(order["request"], units)

    def on_receipt_confirmed(self, body, at):
        order = self.open_order(body["order"])
        numbers = [n for n in order["lines"] if n]
        if body["line"]:
            self.goods_line(order, body["line"])
            numbers = [body["line"]]
        still_open = [n for n in numbers if not order["lines"][n]["received"]]
        must(still_open, "ALREADY_RECEIVED", "line")
        skus = [order["lines"][number]["sku"] for number in still_open]
        before = self.cloud_before(skus)
        unshipped = [self.receive(order, number, "line", at) for number in still_open]
        self.recognise(order, at)
        self.cloud_guard(before, [(sku, "line") for sku, units in zip(skus, unshipped)
                                  if units])
        if sum(unshipped):
            self.matching_received(order, sum(unshipped))
            self.forgery_unscanned(order)

    def on_psp_settled(self, body, at):
        psp, net = body["psp"], body["gross"] - body["fee"]
        must(net >= 0, "AMOUNT_MISMATCH", "fee", body["fee"], body["gross"])
        for number, amount in ((1010, net), (5030, body["fee"]), (1020, -body["gross"])):
            self.state.post_one(number, psp, amount)

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
        line["returned"] += body["qty"]
        self.refund_amount(order, body["line"], body["amount"], (2015, order["name"]))
        self.put_refund(body, "APPROVED" if body["amount"] else "PAID")
        self.matching_refunded(order, body["line"])
        self.forgery_refund(order, at)

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
        if body["restock_to"] != SUPPLY:
            self.state.name_holder(*body["restock_to"])
        units = body["qty"]
        for shipment in reversed(line["shipments"]):
            part = min(units, shipment["delivered"])
            shipment["delivered"] -= part
            units -= part
            if part:
                self.take_part_back(order, line["sku"], shipment["lot"],
                                    shipment["source"], body["restock_to"], part)
                self.verified_return(line, shipment["source"], part)
        if units:
            sold_from = place_of(order["shipper"], PHYSICAL, line["sku"], line["lot"])
            self.take_part_back(order, line["sku"], line["lot"], sold_from,
                                body["restock_to"], units)
            self.verified_return(line, sold_from, units)

    def take_part_back(self, order, sku, lot, sold_from, restock_to, units):
        source = self.destination(order, sku, lot)
        target = place_of(restock_to, PHYSICAL, sku, lot)
        if order["kind"] == RESTOCK:
            self.state.give_back(sku, lot, source, target, units)
            self.sku_fact("returned", sku, units)
        else:
            self.state.take_back(sku, lot, source, target, sold_from, units)

    def on_refund_paid(self, body, at):
        refund = self.known_refund(body["refund"], "APPROVED")
        refund["state"] = "PAID"
        if not self.state.orders[refund["order"]]["direct"]:
            self.state.post((2015, refund["order"]), (1020, body["psp"]), refund["amount"])
