"""What stands in the book before the first trade: the book, its skus, its agents."""

import collections

from retail_rows import EXPONENT, seconds

BOOK = "online-retail"
OPENED = seconds("2010-11-01 00:00:00")

# The network joins over November 2010, one event every two minutes.
JOINING_STARTS = OPENED + 3600
JOINING_PACE = 120

FIRST_TRADE = seconds("2010-12-01 00:00:00")


def open_book(stream):
    stream.add(OPENED, "bookOpened",
               {"book": BOOK, "currency": "GBP", "exponent": EXPONENT})


def list_prices(invoices):
    """For every code that can occur in an event, the price it was sold at most often
    (the lowest of several).  Codes that only come back take their price from there;
    one that was only ever given away has none."""
    sold, returned, codes = {}, {}, set()
    for invoice in invoices:
        prices = returned if invoice.is_cancellation else sold
        for row in invoice.goods:
            codes.add(row.sku)
            if row.price:
                prices.setdefault(row.sku, collections.Counter())[row.price] += 1
    result = {}
    for sku in sorted(codes):
        counts = sold.get(sku) or returned.get(sku) or {0: 1}
        result[sku] = min(counts, key=lambda price: (-counts[price], price))
    return result


def define_skus(stream, prices):
    for sku, price in prices.items():
        body = {"sku": sku, "revision": 1}
        if price:
            body["listPrice"] = str(price)
        stream.add(OPENED, "skuDefined", body)


def enrol(stream, steps):
    """Send STEPS of the network; returns {agent: time} in the order of joining."""
    if JOINING_STARTS + len(steps) * JOINING_PACE > FIRST_TRADE:
        raise AssertionError(f"{len(steps)} steps do not fit before the first trade")
    joined = {}
    for number, step in enumerate(steps):
        at = JOINING_STARTS + number * JOINING_PACE
        if step.kind == "enrolled":
            joined[step.agent] = at
            body = {"agent": step.agent}
            if step.sponsor:
                body["sponsor"] = step.sponsor
            stream.add(at, "agentEnrolled", body)
        else:
            stream.add(at, "sponsorChanged", link(step),
                       refused="SPONSOR_CYCLE" if step.kind == "refused" else None)
    return joined


def link(step):
    return {"change": f"EDGE-{step.seq}", "agent": step.agent,
            "newSponsor": step.sponsor, "reason": "the referrer joined later",
            "approver1": "import-a", "approver2": "import-b"}
