"""A book with guards for end-to-end tests of the command: goods from the brand through
a1 to a2 and to consumers, orders that hang, a lot that went the wrong way."""

from google.protobuf import json_format

from daybook_client import DAY, T0, event

TODAY = 40
AGENTS = (("root", ""), ("a1", "root"), ("a2", "a1"), ("a3", "a1"))
GUARDS = (("sell_through", "REFUSE"), ("cover", "REFUSE"), ("holding", "FLAG"),
          ("frequency", "REFUSE"), ("cycle", "FLAG"), ("custody", "FLAG"),
          ("match", "FLAG"), ("entry_fee", "FLAG"))


def lines(*events):
    return "".join(json_format.MessageToJson(event, indent=None) + "\n" for event in events)


def day(number, **bodies):
    return event(T0 + number * DAY, **bodies)


def stamp(number):
    return {"seconds": T0 // 1_000_000 + number * 86400}


def line(qty, sku="s1", lot="", price=500):
    return dict(line=1, sku=sku, lot=lot, qty=qty, unit_price=price)


def issued(name, to, qty, at, **more):
    return day(at, stock_issued=dict(transfer=name, to=dict(agent=to),
                                     lines=[line(qty, **more)]))


def passed(name, giver, to, qty, at, **more):
    return day(at, stock_transferred={
        "transfer": name, "from": dict(agent=giver), "to": dict(agent=to),
        "lines": [line(qty, **more)]})


def sold(name, seller, buyer, qty, at, price=1000, **more):
    return day(at, sale_recorded=dict(
        order=name, seller=seller, buyer=buyer, channel="shop", psp="pay",
        psp_txn=f"t-{name}", fulfilment="HOLDER_SHIP", paid=qty * price,
        delivered_at=stamp(at), lines=[line(qty, price=price, **more)]))


def placed(name, at, seller="a1", qty=2):
    return day(at, order_placed=dict(order=name, seller=seller, buyer="c9",
                                     channel="shop", lines=[line(qty, price=1000)]))


def paid(name, at, amount):
    return day(at, order_paid=dict(order=name, psp="pay", psp_txn=f"p-{name}",
                                   amount=amount))


def guards(version=1, parameters=GUARDS, more=()):
    body = [dict(name=name, choice=choice) for name, choice in parameters]
    return day(1, guard_set_published=dict(guard_set="house", version=version,
                                           approver="desk", parameters=[*body, *more]))


def asked(name, agent="a1", sku="s1", qty=5, at=TODAY, **more):
    return day(at, restock_requested=dict(request=name, agent=agent, sku=sku, qty=qty,
                                          unit_price=500, **more))


def opening():
    yield day(0, book_opened=dict(book="shop", currency="CNY", exponent=2))
    for sku in ("s1", "s2"):
        yield day(0, sku_defined=dict(sku=sku, revision=1, list_price=1000,
                                      factory_price=100))
    yield day(0, lot_registered=dict(lot="L1", sku="s2", qty=100, expires_on=stamp(400),
                                     intended_region="north", serial_from="A000",
                                     serial_to="A999"))
    for agent, sponsor in AGENTS:
        yield day(0, agent_enrolled=dict(agent=agent, sponsor=sponsor))


def trade():
    """Of a1 and s1 there were 34, came 30, went 24 in the window: 37.5 % of 64."""
    yield guards()
    yield issued("i1", "a1", 34, 2)
    yield issued("i2", "a1", 30, 15)
    yield sold("o1", "a1", "c1", 24, 20)
    yield issued("i3", "a2", 20, 3, sku="s2", lot="L1", price=400)
    yield passed("t1", "a2", "a3", 8, 5, sku="s2", lot="L1", price=600)
    yield passed("t2", "a3", "a2", 1, 6, sku="s2", lot="L1", price=600)
    yield sold("o2", "a3", "c2", 3, 25, sku="s2", lot="L1", price=1200)
    yield day(26, custody_scanned=dict(scan="x1", lot="L1", serial="A001",
                                       region="south", actor_class="CONSUMER"))
    yield placed("late", 20)
    yield paid("late", 20, 2000)
    yield placed("open", 30)
    yield day(31, buyback_requested=dict(request="b1", agent="a3", sku="s2", lot="L1",
                                         qty=2))
    yield day(TODAY, clock_advanced={})
