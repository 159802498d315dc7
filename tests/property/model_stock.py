"""Documents of goods: the rules of 6xx in src/books/README.md."""

from event_rules import SUPPLY, line_amount
from model_money import RESTOCK
from model_state import DIFFERENCE, PHYSICAL, must, place_of


class Stock:
    """Needs state, a State; mixed into Model."""

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
        answers = body["order"] in self.state.orders
        if body["order"] and (answers or body["order"] not in self.state.requests):
            order = self.named_order(body["order"])
            must(order["kind"] == RESTOCK, "ORDER_KIND_MISMATCH", "order")
            must(self.state.paid(order) == 0, "ORDER_PAID", "order")
            for number, line in order["lines"].items():
                must(not line["received"] and
                     not self.state.in_transit(order["name"], number),
                     "ALREADY_RECEIVED", "order")
            order["issued"] = True
        before = self.cloud_before_lines(body)
        self.move_lines(body, lambda *good: place_of(source, PHYSICAL, *good),
                        lambda *good: place_of(to, body["place"], *good))
        if body["psp"]:
            must(to[0] == "agent", "HOLDER_KIND", "to")
            total = sum(line_amount(line) for line in body["lines"])
            must(body["paid"] == total, "AMOUNT_MISMATCH", "paid", body["paid"], total)
            if total:
                self.state.post((1020, body["psp"]), (4020, to[1]), total)
        self.request_issued(body)
        if to[0] == "agent":
            self.count_issued(body, source, to)
            self.guard_issued(body, to[1], answers)
        self.cloud_guard(before, self.line_fields(body))

    def line_fields(self, body):
        return [(line["sku"], f"lines[{i}].qty") for i, line in enumerate(body["lines"])]

    def cloud_before_lines(self, body):
        known = [line["sku"] for line in body["lines"] if line["sku"] in self.state.skus]
        return self.cloud_before(known)

    def count_issued(self, body, source, to):
        for line in body["lines"]:
            good = line["sku"], line["lot"]
            self.goods_reached(place_of(source, PHYSICAL, *good),
                               place_of(to, body["place"], *good), line["qty"],
                               line_amount(line))
            self.sku_fact("issued", line["sku"], line["qty"])

    def guard_issued(self, body, agent, answers):
        for line, (sku, field) in zip(body["lines"], self.line_fields(body)):
            self.goods_out_check(agent, sku, line["lot"], field)
        if not answers:
            self.joining(agent, sum(line_amount(line) for line in body["lines"]), "paid")
        for sku, field in self.line_fields(body):
            self.network_check(sku, field)

    def on_stock_transferred(self, body, at):
        source, to = body["from"], body["to"]
        for field in ("from", "to"):
            must(body[field] != SUPPLY, "HOLDER_KIND", field)
        for field in ("from", "to"):
            self.known_holder(body[field], field)
        must(source != to or body["from_place"] != body["to_place"], "SAME_HOLDER", "to")
        self.transfer_lines(body, source, to)

    def transfer_lines(self, body, source, to):
        """Guards of a line come before its movement."""
        before = self.cloud_before_lines(body)
        to_agent = to[0] == "agent" and source != to
        from_agent = to_agent and source[0] == "agent"

        def place_before(line):
            return place_of(source, body["from_place"], line["sku"], line["lot"])

        def place_after(line):
            return place_of(to, body["to_place"], line["sku"], line["lot"])

        for i, line in enumerate(body["lines"]):
            good, field = (line["sku"], line["lot"]), f"lines[{i}]."
            self.known_good(*good, field)
            if to_agent:
                self.goods_out_check(to[1], *good, field + "qty")
                self.push_down_check(to[1], line["sku"], line["qty"], field + "qty")
            self.state.move(*good, place_before(line), place_after(line), line["qty"],
                            field + "qty", line["unit_price"])
            self.goods_reached(place_before(line), place_after(line), line["qty"],
                               line_amount(line))
            if from_agent:
                self.sku_fact("passed", line["sku"], line["qty"])
        if to_agent:
            self.joining(to[1], sum(line_amount(line) for line in body["lines"]), "lines")
        if from_agent:
            self.cycle_transfer(source[1], to[1], self.event.effective_at)
            for sku, _ in self.line_fields(body):
                self.multi_count_check(sku)
        self.cloud_guard(before, self.line_fields(body))

    def on_stock_consumed(self, body, at):
        must(body["holder"] != SUPPLY, "HOLDER_KIND", "holder")
        self.known_holder(body["holder"], "holder")
        if body["order"]:
            self.named_order(body["order"])
        before = self.cloud_before_lines(body)
        self.move_lines(body, lambda *good: place_of(body["holder"], body["place"], *good),
                        lambda *good: ("consumed", body["kind"]))
        self.cloud_guard(before, self.line_fields(body))

    def on_stock_returned(self, body, at):
        agent = ("agent", body["agent"])
        must(body["to"][0] != "agent", "HOLDER_KIND", "to")
        self.known_agent(body["agent"], "agent")
        self.move_lines(body, lambda *good: place_of(agent, body["place"], *good),
                        lambda *good: place_of(body["to"], PHYSICAL, *good))
        for line in body["lines"]:
            self.sku_fact("returned", line["sku"], line["qty"])
        credit = sum(line_amount(line) for line in body["lines"])
        if credit:
            self.state.post((4095, body["agent"]), (2190, body["agent"]), credit)

    def on_stock_counted(self, body, at):
        must(body["holder"] != SUPPLY, "HOLDER_KIND", "holder")
        self.known_holder(body["holder"], "holder")
        good = (body["sku"], body["lot"])
        self.known_good(*good, "")
        position = place_of(body["holder"], body["place"], *good)
        before = self.cloud_before([good[0]])
        found = body["counted"] - self.state.units_at(position)
        if found >= 0:
            self.state.move(*good, DIFFERENCE, position, found, "counted")
        else:
            self.state.move(*good, position, DIFFERENCE, -found, "counted")
        self.cloud_guard(before, [(good[0], "counted")])
        self.count_check(body["holder"], found)
