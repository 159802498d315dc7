"""The model alone, against figures of goods worked out by hand.

An agent has 34 units when the window of 30 days begins, gets 30 and sells 24 to verified
consumers: 40 are left.  Of goods in the cloud 9,500 units are promised and 8,000 are
there.  30 units that were bought for 80.00 go back for nine tenths.
"""

import datetime

from model import Model
from model_guards import GUARDS

DAY = 86_400 * 1_000_000
START = 19_740 * DAY  # 18 January 2024: the window of the example has a leap day in it


class Shelf:
    """A book with one sku and one agent, enrolled on day 0."""

    def __init__(self, *parameters):
        self.model, self.n = Model(), 0
        self.tell(0, "book_opened", book="b", currency="CNY", exponent=2)
        self.tell(0, "sku_defined", sku="s", revision=1, list_price=10_000)
        self.tell(0, "agent_enrolled", agent="a")
        self.tell(0, "guard_set_published", guard_set="g", version=1,
                  parameters=[dict(name=name, choice=said) if isinstance(said, str) else
                              dict(name=name, value=said) for name, said in parameters])

    def take(self, day, kind, **body):
        return self.model.take({"effective_at": START + day * DAY, kind: body})

    def tell(self, day, kind, **body):
        verdict = self.take(day, kind, **body)
        assert verdict["outcome"] == "ACCEPTED", (kind, verdict)
        return verdict

    def name(self):
        self.n += 1
        return f"n{self.n}"

    def issue(self, day, qty, price=0, **more):
        return self.tell(day, "stock_issued", **dict(dict(
            transfer=self.name(), to={"agent": "a"},
            lines=[dict(line=1, sku="s", qty=qty, unit_price=price)]), **more))

    def sell(self, day, qty):
        name = self.name()
        return self.tell(day, "sale_recorded", order=name, seller="a", buyer="c",
                         fulfilment=2, paid=qty * 100, psp="p", psp_txn=name,
                         lines=[dict(line=1, sku="s", qty=qty, unit_price=100)],
                         delivered_at=START + day * DAY)

    def ask(self, day, qty):
        return self.take(day, "restock_requested", request=self.name(), agent="a", sku="s",
                         qty=qty, unit_price=100)


def check_of(verdict, gate):
    """(passed, measured, limit) of a gate."""
    found = [check[2:] for check in verdict["checks"] if GUARDS[check[0]] == gate]
    return tuple(found[0]) if found else None


def the_gate():
    shelf = Shelf(("sell_through", "REFUSE"), ("cover", "REFUSE"))
    shelf.issue(2, 34)
    shelf.issue(13, 30)  # the oldest day of a window of 30 that ends on day 42
    shelf.sell(20, 24)
    verdict = shelf.ask(42, 1)
    measures = shelf.model.measure("a", "s", 30)
    assert measures == dict(stock=40, received=30, sold=24, passed=0, open=34,
                            sell_through=375_000)
    assert (verdict["rule"], verdict["field"]) == ("RESTOCK_SELL_THROUGH", "qty")
    assert (verdict["measured"], verdict["limit"]) == (375_000, 600_000)
    assert check_of(verdict, "cover") == (False, 41 * 30 // 24, 45)
    assert verdict["would_pass"] == 0
    # A day later the 30 were there before the window: 24 of 64 stays what it is.
    shelf.ask(43, 1)
    measures = shelf.model.measure("a", "s", 30)
    assert (measures["open"], measures["received"]) == (64, 0)


def told_late():
    """A sale of a day in the window counts, told whenever; one before it does not."""
    shelf = Shelf(("sell_through", "REFUSE"))
    shelf.issue(0, 100)
    shelf.ask(60, 1)
    shelf.sell(30, 10)
    assert shelf.model.measure("a", "s", 30)["sold"] == 0
    shelf.sell(31, 10)
    assert shelf.model.measure("a", "s", 30)["sold"] == 10


def a_leap_day():
    """366 days are a year with its 29 February, and 29 February is a day of its own."""
    shelf = Shelf(("aged", "REFUSE"), ("aged_days", 366))
    leap = (datetime.date(2024, 2, 29) - datetime.date(1970, 1, 1)).days - START // DAY
    shelf.issue(leap, 5)
    assert shelf.ask(leap + 365, 1)["outcome"] == "ACCEPTED"
    assert shelf.model.sum_of("received", ("position", "agent", "a", 1, "s", ""), 366) == 5
    verdict = shelf.ask(leap + 366, 1)
    assert (verdict["rule"], verdict["measured"]) == ("RESTOCK_AGED", 5)


def first_in_first_out():
    shelf = Shelf(("aged", "FLAG"), ("aged_days", 10))
    shelf.issue(0, 20)
    shelf.issue(50, 15)
    shelf.sell(51, 12)
    assert shelf.model.aged("a", "s", 10) == 8  # 20 old ones, 12 of them sold
    verdict = shelf.ask(52, 1)
    assert check_of(verdict, "aged") == (False, 8, 0)
    shelf.sell(53, 8)
    assert shelf.model.aged("a", "s", 10) == 0


def the_cloud():
    shelf = Shelf(("cloud", "FLAG"))
    shelf.issue(0, 8_000, to={"location": "w"})
    verdict = shelf.issue(1, 8_000, place="CLOUD")
    assert verdict["findings"] == []
    verdict = shelf.issue(2, 1_500, place="CLOUD")
    assert verdict["findings"] == [1]
    finding = shelf.model.state.findings[0]
    assert (finding["rule"], finding["measured"], finding["limit"]) == (
        "CLOUD_COVERAGE", 842_105, 1_000_000)


def bought_back():
    shelf = Shelf(("buyback", "REFUSE"))
    shelf.issue(0, 30, 8_000)
    shelf.tell(9, "buyback_requested", request="r", agent="a", sku="s", qty=30)
    verdict = shelf.tell(10, "buyback_settled", document="d", request="r", agent="a",
                         sku="s", qty=30, unit_price_paid=8_000, price_ppm=900_000,
                         amount=216_000)
    assert [tuple(posting[:3]) for posting in verdict["postings"]] == [
        (4095, "a", 240_000), (2190, "a", -216_000), (4030, "a", -24_000)]
    assert shelf.model.units_of("a") == 0


EXAMPLES = (the_gate, told_late, a_leap_day, first_in_first_out, the_cloud, bought_back)

if __name__ == "__main__":
    for example in EXAMPLES:
        example()
