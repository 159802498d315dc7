"""Each guard once at its limit and once beyond it: a short stream for every rule.

The last event of a stream meets the rule, as a refusal or as a finding; none before does.
"""

import random

from model import Model
from model_guards import GUARDS, NUMBERS
from properties import agreement
from streams import START

DAY = 24 * 3_600_000_000


def says(**parameters):
    """Modes are texts, numbers are numbers."""
    return [dict(name=name, choice=value) if isinstance(value, str)
            else dict(name=name, value=value) for name, value in parameters.items()]


def sells(order, qty=1, price=100, day=0, kind=1, **more):
    body = dict(order=order, kind=kind, seller="a", buyer="c1", fulfilment=2, psp="p",
                psp_txn=order, paid=qty * price, delivered_at=START + day * DAY,
                lines=[dict(line=1, sku="s", qty=qty, unit_price=price)]) | more
    return day, dict(sale_recorded={k: v for k, v in body.items() if v is not None})


def places(order, day=0, **more):
    body = sells(order, **more)[1]["sale_recorded"]
    for name in ("psp", "psp_txn", "paid", "delivered_at"):
        del body[name]
    return day, dict(order_placed=body)


def pays(order, amount, day=0):
    return day, dict(order_paid=dict(order=order, psp="p", psp_txn=order, amount=amount))


def asks(request, qty, day=0, **more):
    return day, dict(restock_requested=dict(dict(
        request=request, agent="a", sku="s", qty=qty, unit_price=60), **more))


def issues(transfer, qty, day=0, to="a", **more):
    return day, dict(stock_issued=dict(dict(
        transfer=transfer, to={"agent": to},
        lines=[dict(line=1, sku="s", qty=qty, unit_price=60)]), **more))


def passes(transfer, giver, receiver, qty, day=0, **more):
    return day, dict(stock_transferred={
        "transfer": transfer, "from": {"agent": giver}, "to": {"agent": receiver},
        "lines": [dict(line=1, sku="s", qty=qty)]} | more)


def scans(scan, **more):
    return 0, dict(custody_scanned=dict(dict(scan=scan, lot="l", serial="k15"), **more))


def refunds(name, order, amount, qty=0, day=0):
    return day, dict(refund_approved=dict(refund=name, order=order, line=1, amount=amount,
                                          qty=qty))


EXPIRED = (0, dict(lot_registered=dict(lot="m", sku="s", qty=9, expires_on=START)))


def sends(shipment, order, lot):
    return 0, dict(goods_shipped=dict(order=order, shipment=shipment, line=1, qty=1,
                                      lot=lot))


def publishes(*parameters, version=2):
    return 0, dict(guard_set_published=dict(guard_set="g", version=version,
                                            parameters=list(parameters)))


def on(day, **body):
    return day, body


PAID = dict(psp="p", psp_txn="x1", paid=60)
BAND = on(0, price_band_set=dict(band="b", revision=1, min_price=50, max_price=100,
                                 mode="FLAG"))
SHOP = dict(fulfilment=3, ship_from={"location": "w0"})
REFUSED = (  # 20 units of s are with a
    ("RESTOCK_STANDING", says(standing="REFUSE", agreement_version=2),
     asks("r1", 1), asks("r2", 1, agent="b")),
    ("RESTOCK_STANDING", says(standing="REFUSE", agreement_version=1),
     on(0, agent_enrolled=dict(agent="z")),
     on(0, agent_verified=dict(agent="z", revision=1)), asks("r1", 1, agent="b"),
     asks("r2", 1, agent="z")),
    ("RESTOCK_STANDING", says(standing="REFUSE"), on(0, agent_enrolled=dict(agent="z")),
     asks("r1", 1, agent="b"), asks("r2", 1, agent="z")),
    ("RESTOCK_STANDING", says(standing="REFUSE", entry_fee="FLAG", entry_fee_limit=5),
     asks("r1", 1), on(0, fee_charged=dict(fee="f", agent="a", kind=1, amount=6,
                                           is_condition=True)),
     asks("r2", 1, agent="b"), asks("r3", 1)),
    ("RESTOCK_RECEIVABLE", says(receivable="REFUSE", receivable_limit=5),
     on(0, manual_adjustment=dict(adjustment="j", agent="a", amount=5, deduct=True,
                                  reason="why", approver1="ann", approver2="bob")),
     asks("r1", 1),
     on(0, manual_adjustment=dict(adjustment="k", agent="a", amount=1, deduct=True,
                                  reason="why", approver1="ann", approver2="bob")),
     asks("r2", 1)),
    ("RESTOCK_STARTER", says(starter="REFUSE", starter_units=30, starter_days=3),
     asks("r1", 10), asks("r2", 11, day=3), asks("r3", 1, agent="d", day=3),
     asks("r4", 30, agent="d", day=3)),
    ("RESTOCK_SELL_THROUGH", says(sell_through="REFUSE", min_sell_through_ppm=250_000,
                                  free_units=5),
     sells("o1", 5), asks("r1", 1), issues("t1", 1), asks("r2", 1)),
    ("RESTOCK_SELL_THROUGH", says(sell_through="REFUSE", min_units=0, free_units=0),
     asks("r1", 1, agent="b"), asks("r2", 1)),
    ("RESTOCK_COVER", says(cover="REFUSE", max_cover_days=45, window_days=30,
                           free_units=0),
     sells("o1", 10), asks("r1", 5), asks("r2", 1)),
    ("RESTOCK_HOLDING", says(holding="REFUSE", max_units=22), asks("r1", 2),
     asks("r2", 1)),
    ("RESTOCK_HOLDING", says(holding="REFUSE", max_units=24), asks("r1", 2),
     places("o1", qty=2, kind=3, seller=None, buyer="a", fulfilment=1, request="r1"),
     issues("t1", 2, order="o1"), asks("r2", 2), asks("r3", 1)),
    ("RESTOCK_HOLDING", says(holding="REFUSE", max_units=0), asks("r1", 1, agent="b")),
    ("RESTOCK_HOLDING", says(holding="REFUSE", max_value=0),
     on(0, sku_defined=dict(sku="u", revision=1)), asks("r1", 1, agent="b", sku="u"),
     asks("r2", 1, agent="b")),
    ("RESTOCK_HOLDING", says(holding="REFUSE", max_value=2_000),
     on(0, sku_defined=dict(sku="u", revision=1)), asks("r1", 1, sku="u"),
     issues("t1", 1), asks("r2", 1, sku="u")),
    ("RESTOCK_HOLDING", says(holding="REFUSE", max_value=2_200), asks("r1", 2),
     asks("r2", 1)),
    ("RESTOCK_FREQUENCY", says(frequency="REFUSE", max_restocks=2, restock_period_days=3),
     asks("r1", 1), asks("r2", 1, day=2), asks("r3", 1, day=3), asks("r4", 1, day=4)),
    ("RESTOCK_FREQUENCY", says(frequency="REFUSE", restock_interval_days=2),
     asks("r1", 1), asks("r2", 1, day=2), asks("r3", 1, day=3)),
    ("RESTOCK_GOODS_STATE", says(goods_state="REFUSE"), asks("r1", 1),
     on(0, sku_defined=dict(sku="s", revision=2, superseded_by="s")), asks("r2", 1)),
    ("RESTOCK_AGED", says(aged="REFUSE", aged_days=3), asks("r1", 1, day=2),
     asks("r2", 1, day=3)),
    ("RESTOCK_AGED", says(aged="REFUSE", aged_days=3),
     on(0, buyback_requested=dict(request="q", agent="a", sku="s", qty=20)),
     on(0, buyback_settled=dict(document="d", agent="a", sku="s", qty=5, request="q")),
     asks("r1", 1, day=3), on(3, stock_counted=dict(
         count="n", line=1, holder={"agent": "a"}, sku="s", counted=16)),
     asks("r2", 1, day=3)),
    ("RESTOCK_PRICE", says(restock_price="REFUSE"), BAND, asks("r1", 1, unit_price=100),
     asks("r2", 1, unit_price=101)),
    ("RESTOCK_RANK_BUY", says(rank_buy="REFUSE", rank_buy_factor_ppm=1_500_000),
     asks("r1", 9), asks("r2", 2), asks("r3", 3), asks("r4", 4), asks("r5", 5)),
    ("RESTOCK_NOT_ASKED", says(needs_request="REFUSE"), asks("r1", 1),
     issues("t1", 1, order="r1", **PAID), issues("t2", 1, **PAID | dict(psp_txn="x2"))),
    ("RESTOCK_EXCEEDED", [], asks("r1", 2), issues("t1", 2, order="r1"),
     issues("t2", 1, order="r1")),
    ("JOINING_PURCHASE", says(joining="REFUSE", joining_value=1_800, joining_days=3),
     issues("t1", 10), issues("t2", 40, day=3), issues("t3", 30, to="d", day=3),
     issues("t4", 1, to="d", day=5)),
    *(("ENTRY_FEE", says(entry_fee="REFUSE", entry_fee_limit=5), *(
        on(0, fee_charged=dict(fee=f"f{i}", agent="a", kind=kind, amount=amount,
                               is_condition=is_condition))
        for i, (kind, amount, is_condition) in enumerate((
            (1, 5, True), (2, 5, True), (3, 6, True), (last, 6, False), (last, 6, True)))))
      for last in (1, 2)),
    ("PRICE_BAND", [], on(0, price_band_set=dict(
        band="b", revision=1, min_price=50, max_price=100, mode="REFUSE")),
     sells("o1"), sells("o2", price=101)),
    ("TERRITORY", says(territory="REFUSE"), on(0, territory_assigned=dict(
        assignment="m", agent="b", region="north", exclusive=True)),
     sells("o1", region="south"), sells("o2", region="north")),
    ("CLOUD_COVERAGE", says(cloud="REFUSE"), issues("t1", 30, place=2),
     issues("t2", 1, place=2)),
    ("FAKE_ORDER", says(fake_order="REFUSE", fake_limit=30, fake_repeat_orders=3),
     sells("o1"), sells("o2"), sells("o3")),
    ("FAKE_ORDER", says(fake_order="REFUSE", fake_limit=30, fake_repeat_orders=2,
                        fake_repeat_days=2), sells("o1"), sells("o2", day=3),
     sells("o3", seller="b", fulfilment=1, day=3), sells("o4", day=3),
     sells("o5", day=5)),
    ("FAKE_ORDER", says(fake_order="REFUSE", fake_limit=60), sells("o1"),
     sells("o2", buyer="pd"), sells("o3", buyer="pb")),
    ("FAKE_ORDER", says(fake_order="REFUSE"), sells("o1", buyer_payee_hash="AwQF"),
     sells("o2", buyer_payee_hash="AAEC")),
    ("FAKE_ORDER", says(fake_order="REFUSE", fake_limit=10, fake_contest_days=1),
     *(on(0, contest_opened={"contest": f"n{days}", "metric": "MATURED_RETAIL", "pool": 1,
                             "from": START, "to": START + days * DAY})
       for days in (1, 4)), on(1, contest_closed=dict(contest="n1")),
     sells("o1", day=2), sells("o2", day=3)),
    ("EXPOSURE", says(exposure="REFUSE"),
     on(0, manual_adjustment=dict(adjustment="j", agent="a", amount=101, reason="why",
                                  approver1="ann", approver2="bob")),
     places("o1"), pays("o1", 100),
     *(on(0, payout_requested=dict(payout=name, agent="a", gross=1, payee_hash="AAEC"))
       for name in "yz")),
    ("GOODS_CYCLE", says(cycle="REFUSE", cycle_length=3), passes("t1", "a", "b", 9),
     passes("t2", "b", "d", 5), passes("t3", "d", "e", 3), passes("t4", "e", "a", 1),
     passes("t5", "d", "a", 1)),
    ("GOODS_CYCLE", says(cycle="REFUSE", cycle_days=3), passes("t1", "a", "b", 9),
     passes("t2", "b", "a", 1, day=3), passes("t3", "a", "b", 1, day=5)),
    ("FAKE_ORDER", says(fake_order="REFUSE", fake_related=0, cycle_length=2),
     *(sells(f"o{i}", fulfilment=1, seller=seller, buyer=buyer)
       for i, (seller, buyer) in enumerate((("a", "pb"), ("d", "pa"), ("b", "pd"),
                                            ("a", "pd"))))),
    ("BINDINGS_PER_DAY", says(bindings="REFUSE", max_bindings=2),
     *(on(0, customer_bound=dict(binding=f"b{i}", customer=f"x{i}", agent="a"))
       for i in range(3))),
    ("NETWORK_SELL_THROUGH", says(network="REFUSE", network_min_units=22),
     issues("t1", 1), issues("t2", 1)),
    ("NETWORK_SELL_THROUGH", says(network="REFUSE", network_min_units=1,
                                  network_alarm_ppm=250_000),
     sells("o1", 6), issues("t1", 4), issues("t2", 1)),
    ("NETWORK_SELL_THROUGH", says(network="REFUSE", network_min_units=1, window_days=1),
     sells("o1", 6), refunds("r", "o1", 1, 6, day=1),
     publishes(*says(network="REFUSE", network_min_units=1, network_alarm_ppm=0,
                     window_days=1)), issues("t1", 4, day=1),
     publishes(*says(network="REFUSE", network_min_units=1, window_days=1), version=3),
     issues("t2", 1, day=1)),
    ("PUSHED_DOWN", says(push_down="REFUSE", free_units=0,
                         max_purchase_to_sales_ppm=2_000_000),
     issues("t1", 5, to="b"), sells("o1", 5, seller="b"), passes("t2", "a", "b", 5),
     passes("t3", "a", "b", 1)),
    ("PUSHED_DOWN", says(push_down="REFUSE", free_units=5), passes("t1", "a", "b", 5),
     passes("t2", "a", "b", 1)),
    ("GOODS_STATE", says(goods_out="REFUSE"), EXPIRED, places("o1", qty=2, fulfilment=1),
     sends("h1", "o1", "l"), sends("h2", "o1", "m")),
    ("GOODS_STATE", says(goods_out="REFUSE"), issues("t1", 1),
     on(0, sku_defined=dict(sku="s", revision=2, superseded_by="s")), issues("t2", 1)),
    ("GOODS_STATE", says(goods_out="REFUSE"),
     on(0, lot_registered=dict(lot="m", sku="s", qty=9, expires_on=START + 3 * DAY)),
     *(issues(f"t{day}{seen}", 0, day=day, lines=[dict(line=1, sku="s", lot="m", qty=1)])
       for seen, day in enumerate((0, 2))), on(3, clock_advanced={}),
     issues("t3", 0, day=1, lines=[dict(line=1, sku="s", lot="m", qty=1)])),
    ("PROFITEERING", says(profiteering="REFUSE", max_markup_ppm=2_500_000),
     on(0, sku_defined=dict(sku="s", revision=2, list_price=100, factory_price=40)),
     on(0, sku_defined=dict(sku="s", revision=3, list_price=3, factory_price=1))),
    ("BUYBACK_INELIGIBLE", says(buyback="REFUSE", buyback_days=3),
     on(2, buyback_requested=dict(request="q", agent="a", sku="s", qty=19)),
     on(3, buyback_requested=dict(request="r", agent="a", sku="s", qty=1))),
    ("BUYBACK_INELIGIBLE", says(buyback="REFUSE"),
     on(0, lot_registered=dict(lot="m", sku="s", qty=9, expires_on=START + 3 * DAY)),
     issues("t1", 0, lines=[dict(line=1, sku="s", lot="m", qty=5)]),
     *(on(day, buyback_requested=dict(request=f"q{day}", agent="a", sku="s", lot="m",
                                      qty=1)) for day in (2, 3))),
    ("BUYBACK_INELIGIBLE", says(buyback="REFUSE"),
     on(0, lot_registered=dict(lot="m", sku="s", qty=9, expires_on=START + 3 * DAY)),
     issues("t1", 0, lines=[dict(line=1, sku="s", lot="m", qty=5)]),
     on(3, clock_advanced={}), on(2, buyback_requested=dict(
         request="q", agent="a", sku="s", lot="m", qty=1))),
    ("BUYBACK_INELIGIBLE", says(buyback="REFUSE", buyback_lot=1),
     issues("t1", 0, lines=[dict(line=1, sku="s", lot="l", qty=5)]),
     *(on(0, buyback_requested=dict(request=f"q{lot}", agent="a", sku="s", lot=lot, qty=1))
       for lot in ("l", ""))),
    ("BUYBACK_PRICE", says(buyback="REFUSE"),
     *(on(0, buyback_settled=dict(document=f"d{ppm}", agent="a", sku="s", qty=10,
                                  unit_price_paid=100, price_ppm=ppm, amount=ppm // 1000))
       for ppm in (900_000, 899_000))),
    ("LOT_EXCEEDED", [], *(issues(f"t{i}", 0, lines=[
        dict(line=1, sku="s", lot="l", qty=5)]) for i in range(3))),
    ("REQUEST_UNKNOWN", [], places("o1", seller=None, kind=3, buyer="a", fulfilment=1,
                                   request="nobody")),
    ("BUYBACK_UNKNOWN", [], on(0, buyback_settled=dict(
        document="d", agent="a", sku="s", qty=1, request="nobody"))),
    ("FINDING_UNKNOWN", [], places("o1", qty=3), on(0, receipt_confirmed=dict(order="o1")),
     refunds("r", "o1", 0, 1), pays("o1", 300),
     on(0, finding_acknowledged=dict(finding="1", action="x"))),
    ("TERRITORY_UNKNOWN", [], on(0, territory_revoked=dict(assignment="m"))),
    ("TERRITORY_OVERLAP", [], *(on(0, territory_assigned=dict(
        assignment=agent + region, agent=agent, region=region, exclusive=True))
        for agent, region in (("a", "north"), ("b", "south"), ("a", "south")))),
    ("TERRITORY_STATE", [], on(0, territory_assigned=dict(
        assignment="m", agent="a", region="north", valid_to=START))),
    ("FINDING_STATE", says(custody="FLAG"), scans("n1", seal_broken=True),
     *(on(0, finding_acknowledged=dict(finding="1", action=action)) for action in "xy")),
    ("FINDING_STATE", says(custody="FLAG"), scans("n1", seal_broken=True),
     *(on(0, finding_resolved=dict(finding="1", action=action, reason="why"))
       for action in "xy")),
    ("BUYBACK_STATE", [], on(0, buyback_requested=dict(request="q", agent="a", sku="s",
                                                       qty=2)),
     *(on(0, buyback_settled=dict(document=f"d{i}", agent="a", sku="s", qty=1,
                                  request="q")) for i in range(3))),
    ("BAND_REVISION_GAP", [], BAND, on(0, price_band_set=dict(BAND[1]["price_band_set"],
                                                              revision=3))),
    *((rule, [], publishes(*parameters)) for rule, *parameters in (
        ("GUARD_PARAMETER_UNKNOWN", dict(name="cover", choice="FLAG"), dict(name="x")),
        ("GUARD_PARAMETER_VALUE", dict(name="cover", choice="REFUSED")),
        ("GUARD_PARAMETER_VALUE", dict(name="window_days", value=366),
         dict(name="cycle_days", value=367)),
        ("GUARD_PARAMETER_SCOPE", dict(name="free_units", value=1, rank="gold"),
         dict(name="window_days", value=1, rank="gold")),
        ("GUARD_CONTRADICTION", dict(name="free_units", value=5),
         dict(name="max_units", value=5, rank="gold"),
         dict(name="free_units", value=6, rank="gold")))),
    ("GUARD_VERSION_GAP", [], publishes(version=3)))
FLAGGED = (
    ("GOODS_STATE", says(goods_out="FLAG"), EXPIRED, places("o1", qty=2, fulfilment=1),
     sends("h1", "o1", "l"), sends("h2", "o1", "m")),
    ("PRICE_SIGHTED", says(sightings="FLAG", min_sightings=2, sighting_sources=1,
                           sighting_days=3), BAND,
     *(on(day, price_observed=dict(observation=f"n{day}", sku="s", price=101,
                                   holder={"agent": "a"})) for day in (0, 3, 5))),
    ("PAID_NOT_SHIPPED", says(match="FLAG", ship_days=2), places("o1"), pays("o1", 100),
     on(2, clock_advanced={})),
    ("SHIPPED_NOT_PAID", says(match="FLAG", pay_days=2), places("o1"),
     on(0, goods_shipped=dict(order="o1", shipment="h", line=1, qty=1)),
     on(2, clock_advanced={})),
    ("RECEIVED_UNSHIPPED", says(match="FLAG"), places("o1"),
     on(0, receipt_confirmed=dict(order="o1"))),
    ("REFUNDED_NOT_RETURNED", says(match="FLAG"), sells("o1", 2),
     refunds("r", "o1", 150), refunds("q", "o1", 50)),
    ("REFUNDED_NOT_RETURNED", says(match="FLAG"), sells("o1", paid=1, lines=[
        dict(line=1, sku="s", qty=3, unit_price=0), dict(line=2, sku="s", qty=1,
                                                         unit_price=1)]),
     refunds("r", "o1", 0, 1), on(0, refund_approved=dict(refund="q", order="o1", line=2,
                                                          amount=1))),
    ("FLOODING", says(flooding="REFUSE", max_shares=2),
     *(on(0, observation_recorded=dict(observation=f"n{i}", code="SHARE", subject="a"))
       for i in range(3))),
    ("MULTI_COUNT", says(multi_count="FLAG", network_min_units=1,
                         max_multi_count_ppm=25_000_000),
     sells("o1", 1), passes("t1", "a", "b", 5), passes("t2", "a", "b", 1)),
    ("SERIAL_TWICE", says(custody="FLAG"), scans("n1", actor_class="CONSUMER"),
     scans("n2", actor_class="STORE"), scans("n3", actor_class="CONSUMER")),
    ("DIVERSION", says(custody="FLAG"), scans("n1", region="north"),
     scans("n2", region="south")),
    *(("CUSTODY_CHAIN", says(custody="FLAG"), scans("n1"), scans("n2", serial="k20"),
       scans("n3", serial="k10"), scans("n4", serial=serial))
      for serial in ("k9", "k21", "k0", "k100")),
    ("CUSTODY_CHAIN", says(custody="FLAG"), issues("t1", 0, lines=[
        dict(line=1, sku="s", lot="l", qty=5)]), scans("n1", claimed_seller="a"),
     scans("n2", claimed_seller="b")),
    ("SEAL_BROKEN", says(custody="FLAG"), scans("n1"), scans("n2", seal_broken=True)),
    ("FRIEND_PRICE", says(friend_price="FLAG", friend_min_units=2),
     on(0, customer_bound=dict(binding="b", customer="c1", agent="a")),
     sells("o1", buyer="c2"), sells("o2", price=500), sells("o3", buyer="c2"),
     sells("o4", price=105), sells("o5", price=106)),
    ("COUNT_DIFFERENCE", says(count="FLAG", count_tolerance=2),
     *(on(0, stock_counted=dict(count=f"n{i}", line=1, holder={"agent": "a"}, sku="s",
                                counted=i)) for i in (22, 19))),
    ("BUYBACK_OVERDUE", says(buyback_exit="FLAG"), on(0, agent_terminated=dict(
        agent="a", action="x", buyback_due=START + 2 * DAY)), on(2, clock_advanced={})),
    ("BUYBACK_OVERDUE", says(buyback_exit="FLAG"),
     *(on(0, agent_terminated=dict(agent=agent, action="x", buyback_due=START + days * DAY))
       for agent, days in (("b", 1), ("a", 2))), on(1, clock_advanced={}),
     on(1, stock_returned=dict(document="d", agent="a", lines=[
         dict(line=1, sku="s", qty=19)])), on(2, clock_advanced={})),
    ("CLOUD_COVERAGE", says(cloud="FLAG"), issues("t1", 30, place=2), issues(
        "t2", 1, **{"from": {"location": "w0"}})),
    ("EXPOSURE", says(exposure="REFUSE", max_exposure=100), places("o1"),
     pays("o1", 100), places("o2"), pays("o2", 1)),
    ("FAKE_ORDER", says(fake_order="FLAG", fake_limit=40), sells("o1"),
     refunds("r", "o1", 1, day=2), sells("o2", day=2), refunds("q", "o2", 1, day=3)),
    ("FAKE_ORDER", says(fake_order="FLAG", fake_limit=40), sells("o1"),
     on(9, clock_advanced={}), refunds("r", "o1", 1, day=1)),
    ("FAKE_ORDER", says(fake_order="FLAG", fake_limit=20),
     sells("o1", delivered_at=None, **SHOP), on(0, receipt_confirmed=dict(order="o1")),
     sells("o2", delivered_at=None), on(0, receipt_confirmed=dict(order="o2"))))

STREAMS = REFUSED + FLAGGED


def small_world(parameters):
    """Events before those of a stream, on its first day."""
    everything = dict(lines=[dict(line=1, sku="s", qty=30)])
    return [
        dict(book_opened=dict(book="book", currency="CNY")),
        dict(sku_defined=dict(sku="s", revision=1, list_price=100, factory_price=40)),
        dict(lot_registered=dict(lot="l", sku="s", qty=10, serial_from="k10",
                                 serial_to="k20", intended_region="north")),
        *(dict(agent_enrolled=dict(agent=agent, sponsor=sponsor, agreement_version=version,
                                   customer="p" + agent))
          for agent, sponsor, version in (("a", "", 2), ("b", "a", 1))),
        *(dict(agent_verified=dict(agent=agent, revision=1, payee_hash="AAEC"))
          for agent in "ab"),
        dict(stock_issued=dict(everything, transfer="w", to={"location": "w0"})),
        dict(stock_issued=dict(transfer="t", to={"agent": "a"},
                               lines=[dict(line=1, sku="s", qty=20)])),
        dict(guard_set_published=dict(guard_set="g", version=1, parameters=parameters))]


def newcomers(day):
    """Who joins on the day of the first event that needs them."""
    return [(day, dict(agent_enrolled=dict(agent=agent, agreement_version=2,
                                           customer="p" + agent)))
            for agent in "de"] + [(day, dict(agent_verified=dict(
                agent=agent, revision=1, payee_hash="AAEC"))) for agent in "de"]


def stream_of(parameters, bodies):
    events = [(0, body) for body in small_world(parameters)]
    for day, body in bodies:
        text = str(body)
        if ("'d'" in text or "'e'" in text) and not any(
                "'d'" in str(before) for _, before in events):
            events += newcomers(day)
        events.append((day, body))
    return [dict(body, effective_at=START + day * DAY) for day, body in events]


def once(rule, parameters, bodies):
    """What is wrong, the events and the model's verdicts."""
    events = stream_of(parameters, bodies)
    wrong, model = agreement(random.Random(0), events), Model()
    verdicts = [model.take(event) for event in events]
    met = [[verdict.get("rule"), *verdict.get("raised", ())] for verdict in verdicts]
    if not wrong and rule not in met[-1]:
        wrong = f"{rule} is not met: {verdicts[-1]}"
    others = [(event, found) for event, found in zip(events, met[:-1])
              if rule in found or found[0]]
    if not wrong and others:
        wrong = f"{rule}: before it there is {others[0]}"
    return wrong, events, verdicts


def catalogue():
    """Every parameter of a guard set at its bounds, beyond them, and in every scope."""
    said = [dict(name=name, choice=choice) for name in GUARDS
            for choice in ("OFF", "FLAG", "REFUSE", "ON")]
    for name, (_, least, most, _) in NUMBERS.items():
        said += [dict(name=name, value=value)
                 for value in (least - 1, least, most, most + 1)]
        said += [dict(dict(name=name, value=most), **scope) for scope in (
            dict(sku="s"), dict(category="tea"), dict(rank="gold"),
            dict(sku="s", rank="gold"), dict(category="tea", rank="gold"))]
    events, model = stream_of([], []), Model()
    for event in events:
        model.take(event)
    version = 2
    for parameter in said:
        event = dict(publishes(parameter, version=version)[1], effective_at=START)
        events.append(event)
        version += model.take(event)["outcome"] == "ACCEPTED"
    return agreement(random.Random(0), events), ""


LIMITS = (catalogue,)
