"""The model of reports alone, against figures worked out by hand."""

from report_model_facts import facts_of
from report_model_results import Study

DAY = 86_400_000_000
START = 1_577_836_800_000_000  # 2020-01-01
PARAMETERS = [dict(name="pay_max_depth", value=2), dict(name="window_days", value=0),
              dict(name="rate_ppm", value=100_000, level=1),
              dict(name="rate_ppm", value=50_000, level=2),
              dict(name="acknowledge", choice="RECRUITING"),
              dict(name="fee_rate_ppm", value=200_000, level=1)]


def on(day, event, **body):
    return START + day * DAY, event, body


def sold(day, name, amount, **more):
    at = START + day * DAY
    return at, "sale_recorded", dict(dict(
        order=name, psp="pay", psp_txn=name, paid=amount, delivered_at=at,
        lines=[dict(line=1, sku="s", qty=1, unit_price=amount)]), **more)


OPENING = [
    on(0, "book_opened", book="b", currency="CNY", exponent=2),
    on(0, "sku_defined", sku="s", revision=1),
    on(0, "plan_published", plan="p", version=1, parameters=PARAMETERS),
    on(0, "agent_enrolled", agent="ann"),
    on(1, "agent_enrolled", agent="bea", sponsor="ann", customer="bea's"),
    on(2, "agent_enrolled", agent="cid", sponsor="bea"),
    on(3, "agent_enrolled", agent="dan", sponsor="bea")]


def measured(events, *metrics, **options):
    taker, accepted = facts_of(OPENING + events)
    assert all(accepted), accepted
    study = Study(taker.facts, **options)
    return [study.measure(metric, {}) for metric in metrics]


def same(found, strict, lenient=None):
    lenient = strict if lenient is None else lenient
    expected = ("KNOWN", *strict), ("KNOWN", *lenient)
    assert found == expected, (found, expected)


def one_reading(found, value):
    same(found, (value, 1))


def fees_and_their_pay():
    """cid's fee of 1,000 pays bea 200, and ann nothing."""
    events = [on(4, "fee_charged", fee="f", agent="cid", kind="KIT", amount=1_000,
                 psp="pay", psp_txn="f", is_condition=True)]
    entry, heads, recruit, people, deepest, tail = measured(
        events, "entry_payments", "headcount_pay", "recruit_share", "participants",
        "largest_levels", "leaf_share")
    one_reading(entry, 1_000)
    one_reading(heads, 200)
    same(recruit, (200, 200))
    one_reading(people, 3)  # cid, bea and ann; dan has paid nothing
    one_reading(deepest, 3)
    same(tail, (1, 3))


def retail_of_each_class():
    """A sale to a stranger, one to bea herself, one to who was bea, one flagged."""
    events = [sold(5, "o1", 1_000, seller="bea", buyer="stranger"),
              sold(6, "o2", 300, seller="ann", buyer="bea's"),
              on(7, "agent_terminated", agent="bea", action="x"),
              sold(8, "o3", 200, seller="ann", buyer="bea's"),
              sold(9, "o4", 500, seller="ann", buyer="other"),
              on(10, "order_flagged", order="o4", rule="r", revision=1)]
    ratio, doubted, heads, renamed, pay, untraced = measured(
        events, "external_ratio", "doubted_share", "customer_head_share", "reclassified",
        "rewards", "untraced_share")
    # V = 1,000 + 300 + 200 + 500; only the first is verified, o2 was own use of bea.
    same(ratio, (1_000, 2_000), (1_500, 2_000))
    same(doubted, (500, 1_700))
    # Buyers: stranger, other; bea, who has left.
    same(heads, (2, 3), (3, 3))
    same(renamed, (1, 3))
    # o1: 100 and 50; o2: 30; o3: 20; o4: 50. o1 is verified, o4 was when it was paid.
    one_reading(pay, 250)
    same(untraced, (50, 250), (0, 250))


def goods_and_their_owner():
    """bea buys 10 for 1,000, sells 4 for 600, passes 5 to cid for 550, uses 1."""
    holder = {"from": dict(agent="bea"), "to": dict(agent="cid")}
    events = [on(20, "stock_issued", transfer="i", to=dict(agent="bea"), psp="pay",
                 psp_txn="i", paid=1_000,
                 lines=[dict(line=1, sku="s", qty=10, unit_price=100)]),
              sold(21, "o1", 600, seller="bea", buyer="x", fulfilment="HOLDER_SHIP",
                   lines=[dict(line=1, sku="s", qty=4, unit_price=150)]),
              on(22, "stock_transferred", transfer="t", **holder,
                 lines=[dict(line=1, sku="s", qty=5, unit_price=110)]),
              on(23, "stock_consumed", document="d", holder=dict(agent="bea"),
                 kind="CONSUMED_SELF_USE", lines=[dict(line=1, sku="s", qty=1)])]
    through, aged, split, lost = measured(
        events, "sell_through", "aged_share", "bunching", "loss_share",
        to_day=START // DAY + 800)
    assert through[0] == ("EMPTY", 0, 0)  # nothing came in during the last three months
    same(aged, (5, 5))
    same(split, (0, 1_000 * 3))
    # bea: 600 + 550 - 1,000 = 150, cid: -550; ann, above them, is a participant, too.
    same(lost, (1, 3))
    through, = measured(events, "sell_through")
    same(through, (4, 10), (5, 10))


EXAMPLES = (fees_and_their_pay, retail_of_each_class, goods_and_their_owner)

if __name__ == "__main__":
    for example in EXAMPLES:
        example()
        print(example.__name__.replace("_", " "), "as by hand")
