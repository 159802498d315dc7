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
