"""Guards of goods where sums, or what they are multiplied by, come near to int64."""

import random

from properties import agreement
from scenarios_goods import says
from streams import START

MOST = 9_200_000_000_000
DAY = 24 * 3_600_000_000


def begins(**parameters):
    return [dict(book_opened=dict(book="book", currency="CNY")),
            dict(sku_defined=dict(sku="s", revision=1, list_price=MOST, factory_price=1)),
            *(dict(agent_enrolled=dict(agent=agent)) for agent in "ab"),
            *(dict(agent_verified=dict(agent=agent, revision=1)) for agent in "ab"),
            dict(guard_set_published=dict(guard_set="g", version=1,
                                          parameters=says(**parameters)))]


def issues(name, lines=1, qty=MOST, to="a", price=0, **more):
    return dict(stock_issued=dict(dict(
        transfer=name, to={"agent": to},
        lines=[dict(line=i + 1, sku="s", qty=qty, unit_price=price)
               for i in range(lines)]), **more))


def asks(name, qty=MOST):
    return dict(restock_requested=dict(request=name, agent="a", sku="s", qty=qty,
                                       unit_price=MOST))


def passes(name, lines):
    return dict(stock_transferred={
        "transfer": name, "from": {"agent": "a"}, "to": {"agent": "b"},
        "lines": [dict(line=i + 1, sku="s", qty=MOST) for i in range(lines)]})


def settles(name, qty, price, ppm, amount, agent="a", **more):
    return dict(buyback_settled=dict(dict(
        document=name, agent=agent, sku="s", qty=qty, unit_price_paid=price, price_ppm=ppm,
        amount=amount), **more))


SELLS = dict(sale_recorded=dict(
    order="o", seller="b", buyer="c", fulfilment=2, paid=10, psp="p", psp_txn="x",
    lines=[dict(line=1, sku="s", qty=1, unit_price=10)], delivered_at=START))
PACKED = dict(transfer="w", to={"location": "w"},
              lines=[dict(line=i + 1, sku="s", qty=MOST) for i in range(9)])

WORLDS = (
    [*begins(holding="REFUSE", max_value=100), asks("r1"), asks("r2", 1)],
    [*begins(holding="FLAG", max_value=100, cover="FLAG", starter_days=0,
             sell_through="FLAG"), asks("r1"), asks("r2"), issues("t", 20), asks("r3")],
    [*begins(cover="REFUSE", max_cover_days=36_500, network="FLAG", network_min_units=1),
     *(issues(f"t{i}", 1000) for i in range(3)), asks("r")],
    [*begins(starter="FLAG", starter_units=MOST), issues("t", 1000), asks("r1"), asks("r2")],
    [*begins(push_down="FLAG", max_purchase_to_sales_ppm=1_000_000_000, multi_count="FLAG",
             network_min_units=1, cover="FLAG"),
     issues("t1", 9), issues("t2", to="b", qty=1), SELLS, passes("t3", 4), asks("r", 1),
     passes("t4", 4)],
    [*begins(joining="FLAG", joining_value=MOST),
     *(issues(f"t{i}", qty=1, price=MOST) for i in range(3)),
     issues("t", price=1, psp="p", psp_txn="y", paid=MOST)],
    [*begins(rank_buy="FLAG", rank_buy_factor_ppm=1_000_000_000, aged="FLAG", aged_days=1),
     issues("t", 5), *(asks(f"r{i}") for i in range(5))],
    [*begins(cloud="FLAG", min_coverage_ppm=10_000_000), issues("t1", 5, place="CLOUD"),
     dict(stock_issued=PACKED), issues("t2", place="CLOUD")],
    [*begins(buyback="FLAG", buyback_ppm=0), issues("t", 2),
     settles("d1", MOST, MOST, 0, 0), settles("d2", MOST, MOST, 5, 7),
     settles("d3", 1, MOST, 1_000_000, MOST), settles("d4", 2, MOST, 1, 0, deductions=MOST),
     settles("d5", MOST, 1_000_000, 0, 0), settles("d6", 1, 10, 0, 0, agent="nobody"),
     dict(buyback_requested=dict(request="r1", agent="nobody", sku="s", qty=1)),
     *(dict(buyback_requested=dict(request=f"r{i}", agent="a", sku="s", qty=MOST))
       for i in range(2, 4))])


def large_goods():
    """What int64 cannot hold is the largest it can, or refused; and who is unknown."""
    for bodies in WORLDS:
        wrong = agreement(random.Random(0), [
            dict(body, effective_at=START + i * DAY // 2) for i, body in enumerate(bodies)])
        if wrong:
            return wrong, None
    return None, "AMOUNT_OVERFLOW"
