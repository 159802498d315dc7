"""What seldom happens to goods that are sold on: flags, lots, and tiers of no origin."""

import random

from properties import agreement
from scenarios_goods import pays, places, stream_of

LOTS = [(0, dict(stock_issued=dict(transfer="tl", to={"agent": "b"},
                                   lines=[dict(line=1, sku="s", lot="l", qty=5)]))),
        (0, dict(stock_transferred={"transfer": "tm", "from": {"agent": "b"},
                                    "to": {"agent": "a"},
                                    "lines": [dict(line=1, sku="s", lot="l", qty=5)]}))]


def ships(shipment, qty, lot="", day=0):
    return day, dict(goods_shipped=dict(order="o", shipment=shipment, line=1, qty=qty,
                                        lot=lot))


def receives(day):
    return day, dict(receipt_confirmed=dict(order="o"))


def flags(rule, day):
    return day, dict(order_flagged=dict(order="o", rule=rule, revision=1))


def clears(rule, day):
    return day, dict(order_cleared=dict(order="o", rule=rule, revision=1, approver="ann",
                                        reason="why"))


def returns(name, qty, day, to):
    return day, dict(refund_approved=dict(refund=name, order="o", line=1, amount=qty,
                                          qty=qty, restock_to=to))


def counts(agent, counted, line):
    return 0, dict(stock_counted=dict(count="n", line=line, holder={"agent": agent}, sku="s",
                                      counted=counted))


def hands_on(name, giver, receiver, day):
    return day, dict(stock_transferred={
        "transfer": name, "from": {"agent": giver}, "to": {"agent": receiver},
        "lines": [dict(line=1, sku="s", qty=1, unit_price=7)]})


ORDERED = [places("o", qty=6), pays("o", 600)]
STREAMS = (
    # Flagged before it is received: not sold until the last flag is gone.
    [*ORDERED, flags("x", 0), flags("y", 1), receives(2), clears("x", 3), clears("y", 4),
     flags("z", 5), returns("r1", 2, 6, {}), clears("z", 7), returns("r2", 1, 8, {})],
    # Of two lots, whose places have other tiers, and the rest of the line's own place.
    [*LOTS, *ORDERED, ships("h1", 2, "l", 1), ships("h2", 1, "", 2), receives(3),
     returns("r1", 2, 4, {"agent": "a"}), flags("x", 5), clears("x", 6)],
    [*LOTS, *ORDERED, ships("h1", 2, "", 1), ships("h2", 3, "l", 2), receives(3),
     returns("r1", 4, 4, {"agent": "b"}), returns("r2", 2, 5, {})],
    # Found by a count, or brought back by a consumer: no tier yet; then handed on.
    [counts("b", 3, 1), hands_on("t1", "b", "a", 1), *ORDERED, receives(1),
     returns("r1", 2, 2, {"agent": "b"}), hands_on("t2", "b", "a", 3),
     hands_on("t3", "a", "b", 4), hands_on("t4", "b", "a", 5)],
    # Years later: ages of more than twelve months, days that no window reaches.
    [*ORDERED, receives(3), hands_on("t1", "a", "b", 30), hands_on("t2", "a", "b", 364),
     hands_on("t3", "a", "b", 369), hands_on("t4", "a", "b", 3), returns("r", 1, 370, {}),
     hands_on("t5", "b", "a", 800), hands_on("t6", "a", "b", 434),
     hands_on("t7", "a", "b", 435), returns("r2", 1, 801, {})])


def verified_sales():
    """Core and model agree of what was sold to whom, by which tier, at which age."""
    for bodies in STREAMS:
        wrong = agreement(random.Random(0), stream_of([], bodies))
        if wrong:
            return wrong, None
    return None, None
