"""Goods bought for stock with commission, and bought back: money and chains agree."""

from properties import agreement
from streams import START

DAY = 24 * 3_600_000_000
RATE = dict(name="rate_ppm", level=1, value=125_000)


def opening(rng):
    pays = [dict(name="acknowledge", choice="SELL_IN"), dict(name="pays_on_sell_in", value=1),
            dict(name="pay_max_depth", value=2), RATE, dict(RATE, level=2, value=33_333),
            dict(name="window_days", value=rng.choice((0, 3))),
            dict(name="accrue_on", choice=rng.choice(("PAID", "RECEIVED")))]
    guards = [dict(name="buyback", choice=rng.choice(("OFF", "FLAG"))),
              dict(name="buyback_days", value=rng.choice((1, 365))),
              dict(name="joining", choice="FLAG"), dict(name="network", choice="FLAG"),
              dict(name="network_min_units", value=1)]
    yield 0, dict(book_opened=dict(book="book", currency="CNY"))
    yield 0, dict(sku_defined=dict(sku="s", revision=1, list_price=100))
    for agent, sponsor in (("top", ""), ("up", "top"), ("a", "up"), ("b", "up")):
        yield 0, dict(agent_enrolled=dict(agent=agent, sponsor=sponsor))
        yield 0, dict(agent_verified=dict(agent=agent, revision=1, payee_hash="AAEC"))
    yield 0, dict(plan_published=dict(plan="p", version=1, parameters=pays))
    yield 0, dict(guard_set_published=dict(guard_set="g", version=1, parameters=guards))


def an_order(rng, name, buyer):
    """A restock order: paid, sometimes in two parts or not wholly, mostly received."""
    lines = [dict(line=n, sku="s", qty=rng.choice((1, 3, 7, 30)),
                  unit_price=rng.choice((33, 80, 101))) for n in range(1, rng.choice((2, 3)))]
    total = sum(line["qty"] * line["unit_price"] for line in lines)
    yield dict(order_placed=dict(order=name, kind=3, buyer=buyer, lines=lines))
    for i, part in enumerate(rng.choice(((total,), (total,), (total // 2, total - total // 2),
                                         (total // 3,)))):
        if part:
            yield dict(order_paid=dict(order=name, psp="p", psp_txn=f"{name}{i}",
                                       amount=part))
    if rng.random() < 0.9:
        yield dict(receipt_confirmed=dict(order=name))


def goes_back(rng, orders, n):
    """Something of a line: bought back, or refunded like any order."""
    body = rng.choice(orders)["order_placed"]
    line = rng.choice(body["lines"])
    qty = rng.choice((1, 2, line["qty"], line["qty"], line["qty"] + 1))
    if rng.random() < 0.2:
        return dict(refund_approved=dict(
            refund=f"r{n}", order=body["order"], line=line["line"],
            amount=rng.choice((1, line["unit_price"])), qty=rng.choice((0, 1))))
    ppm, less = rng.choice((900_000, 333_333, 1_000_000)), rng.choice((0, 0, 5))
    settled = dict(document=f"d{n}", agent=body["buyer"], sku="s", qty=qty,
                   unit_price_paid=line["unit_price"], price_ppm=ppm, deductions=less,
                   amount=max(0, qty * line["unit_price"] * ppm // 1_000_000 - less))
    if rng.random() < 0.9:
        settled |= dict(order=body["order"], line=line["line"])
    return dict(buyback_settled=settled)


def bought_back(rng):
    """A plan that pays on stock: what is bought back takes its commission along."""
    events = list(opening(rng))
    orders, day = [], 0
    for n in range(rng.choice((1, 2, 3))):
        day += rng.choice((0, 1, 5))
        order = list(an_order(rng, f"o{n}", rng.choice("ab")))
        orders.append(order[0])
        events += [(day, body) for body in order]
    for n in range(rng.choice((2, 4, 8))):
        day += rng.choice((0, 0, 1, 4))
        if rng.random() < 0.2:
            events.append((day, dict(payout_requested=dict(
                payout=f"pay{n}", agent="up", gross=rng.choice((1, 20, 300)),
                payee_hash="AAEC"))))
        events.append((day, goes_back(rng, orders, n)))
    return agreement(rng, [dict(body, effective_at=START + day * DAY)
                           for day, body in events])
