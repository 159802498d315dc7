"""What must hold of the core in streams that are made for one purpose.

Each property takes a random generator, or nothing, and gives None or what does not hold.
"""

import copy
import random

import driver
import ed25519
import model_digest
from bodies import HOUR
from bodies_trust import coded
from event_rules import BODIES
from model import Model
from model_money import RESTOCK
from properties import agreement, balances_of, crash, without_place
from streams import START, Generator, to_json

DAYS = 24 * HOUR

# ------------------------------------------------------ streams made for one property

def prefixed(prefix, fields, specs):
    """The same body with PREFIX before every id."""
    out = {}
    for spec in specs:
        name, value = spec["name"], fields.get(spec["name"])
        if value is None:
            continue
        if spec["kind"] == "id" and value:
            value = prefix + value
        elif spec["kind"] == "holder":
            value = {kind: holder and prefix + holder for kind, holder in value.items()}
        elif spec["kind"] in ("lines", "parts"):
            value = [prefixed(prefix, line, spec["of"]) for line in value]
        out[name] = value
    return out


def group(rng, prefix, length):
    """A stream of goods that shares no id with those of another prefix.

    It is over before anything falls due, which is when others would matter: the clock is
    everybody's, and so are plans.
    """
    events, _ = Generator(rng, money=False, jumps=False).run(length)
    out = []
    for raw in events:
        raw = copy.deepcopy(raw)
        kind = next((name for name in raw if name in BODIES), "clock_advanced")
        at = raw.get("effective_at")
        if isinstance(at, int) and at > START + 4 * DAYS:
            continue
        # Whoever counts the records of all, or digests them, depends on all.
        if kind not in ("clock_advanced", "book_opened", "digest_recorded"):
            raw[kind] = prefixed(prefix, raw[kind], BODIES[kind])
            out.append(raw)
    return out


def shuffled(rng, groups):
    """All events of GROUPS; those of one group keep their order."""
    turns = [i for i, events in enumerate(groups) for _ in events]
    rng.shuffle(turns)
    left = [iter(events) for events in groups]
    return [(i, next(left[i])) for i in turns]


def independence(rng):
    """Events that have nothing to do with each other may arrive in any order."""
    opening = {"effective_at": START - 1000 * 3_600_000_000,
               "book_opened": dict(book="book", currency="CNY")}
    groups = [group(rng, prefix, 40) for prefix in "ABC"]
    seen = []
    for _ in range(2):
        order = shuffled(rng, groups)
        answers = driver.run([opening, *(event for _, event in order), "#balances"])
        if driver.crash_in(answers):
            return crash(answers)
        by_group = [[without_place(answer) for (j, _), answer in zip(order, answers[1:])
                     if j == i] for i in range(len(groups))]
        seen.append((by_group, {name: sorted(rows) for name, rows in answers[-1].items()}))
    if seen[0][0] != seen[1][0]:
        return "an event is answered otherwise when others come before it"
    if seen[0][1] != seen[1][1]:
        return f"balances\n  {seen[0][1]}\n  {seen[1][1]}"
    return None


def parts(rng, whole, count):
    """WHOLE as the sum of COUNT numbers that are not negative."""
    cuts = sorted(rng.randint(0, whole) for _ in range(count - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, whole])]


def refunds_of(rng, wanted, restock_to):
    """The refunds WANTED, {line: (amount, qty)}, split at will and in any order."""
    approvals = []
    for line, (amount, qty) in wanted.items():
        count = rng.randint(1, 4)
        approvals += [(line, a, q) for a, q in zip(parts(rng, amount, count),
                                                   parts(rng, qty, count)) if a or q]
    rng.shuffle(approvals)
    out = []
    for i, (line, amount, qty) in enumerate(approvals):
        out.append(dict(refund_approved=dict(refund=f"r{i}", order="o", line=line,
                                             amount=amount, qty=qty,
                                             restock_to=restock_to)))
        if amount:
            out.append(dict(refund_paid=dict(refund=f"r{i}", psp="p", psp_ref=f"q{i}")))
    return out


def a_plan(rng):
    """Two levels, and what a refund of them can meet."""
    rates = dict(zip((1, 2), rng.sample((0, 25_000, 125_000, 333_333), 2)))
    parameters = [dict(name="pay_max_depth", value=2),
                  dict(name="window_days", value=rng.choice((1, 30))),
                  dict(name="accrue_on", choice=rng.choice(("PAID", "RECEIVED"))),
                  dict(name="platform_fee_ppm", value=rng.choice((0, 66_667))),
                  dict(name="approval_above", value=10**9)]
    parameters += [dict(name="rate_ppm", level=level, value=rate)
                   for level, rate in rates.items()]
    for name in ("holder_ship_commission", "pays_on_sell_in", "pays_on_self"):
        parameters.append(dict(name=name, value=rng.choice((0, 1))))
    parameters.append(dict(name="acknowledge", choice="SELL_IN"))
    return dict(plan_published=dict(plan="pl", version=1, parameters=parameters))


def a_payout(rng, events):
    """What may have become of the money by the time it is taken back."""
    later = [dict(effective_at=START + 5 * DAYS, clock_advanced={})]
    model = Model()
    for event in [*events, *later]:
        model.take(event)
    available = -model.state.balance(2120, "a")
    if available and rng.random() < 0.7:
        gross = rng.choice((available, max(1, available // 2)))
        later.append(dict(payout_requested=dict(payout="p", agent="a", gross=gross,
                                                payee_hash="AAEC")))
        if rng.random() < 0.5:
            later.append(dict(payout_sent=dict(payout="p", provider="b",
                                               request_no="1")))
    return [{"effective_at": START + 5 * DAYS, **event} for event in later]


def an_order(rng):
    """Events up to a paid order with two lines and shipping, in any state of delivery."""
    kind = rng.choice((1, 2, 3, 4))
    by_holder = kind != RESTOCK and rng.random() < 0.4
    shelf = {"agent": "a"} if by_holder else {"location": "w"}
    lines = [dict(line=n, sku="s", qty=rng.randint(1, 9), unit_price=rng.choice((7, 100)))
             for n in (1, 2)]
    total = sum(line["qty"] * line["unit_price"] for line in lines) + 5
    events = [
        dict(book_opened=dict(book="book", currency="CNY")),
        dict(sku_defined=dict(sku="s", revision=1)),
        dict(agent_enrolled=dict(agent="b")),
        dict(agent_enrolled=dict(agent="a", sponsor="b")),
        dict(agent_verified=dict(agent="a", revision=1, payee_hash="AAEC")),
        a_plan(rng),
        dict(stock_issued=dict(transfer="t", to=shelf,
                               lines=[dict(line=1, sku="s", qty=100)])),
        dict(order_placed=dict(order="o", kind=kind, seller="a", buyer="a", channel="ch",
                               fulfilment=2 if by_holder else 1, lines=lines, shipping=5,
                               ship_from=rng.choice((None, shelf)))),
        dict(order_paid=dict(order="o", psp="p", psp_txn="t", amount=total))]
    for line in lines:
        for i, qty in enumerate(parts(rng, rng.randint(0, line["qty"]), 3)):
            if qty:
                events.append(dict(goods_shipped=dict(
                    order="o", shipment=f"h{i}", line=line["line"], qty=qty,
                    holder=rng.choice((None, shelf)))))
    for line in lines:
        if rng.random() < 0.5:
            events.append(dict(receipt_confirmed=dict(order="o", line=line["line"])))
    events = [dict(event, effective_at=START) for event in events]
    if rng.random() < 0.5:
        events += a_payout(rng, events)
    wanted = {line["line"]: (rng.randint(0, line["qty"] * line["unit_price"]),
                             rng.randint(0, line["qty"])) for line in lines}
    return events, wanted | {0: (rng.randint(0, 5), 0)}


def refunds(rng):
    """Refunds in any order and any splits leave the same line and the same balances."""
    events, wanted = an_order(rng)
    restock_to = rng.choice((None, {"location": "w"}, {"location": "v"}, {"agent": "a"}))
    seen = []
    for _ in range(2):
        stream = events + [dict(body, effective_at=START + 6 * DAYS)
                           for body in refunds_of(rng, wanted, restock_to)]
        model = Model()
        wrong = agreement(rng, stream, model)
        if wrong or model.refused:
            lines = "\n    ".join(to_json(event) for event in stream)
            return f"{wrong or 'a refund is refused'}\n    {lines}"
        kept = [(e["agent"], e["accrued"], e["reversed"]) for e in model.state.earnings]
        seen.append((model_digest.order_rows(model.state), balances_of(model.state), kept))
    return None if seen[0] == seen[1] else f"ends differ\n  {seen[0]}\n  {seen[1]}"


def changes(rng):
    """What must not touch the earnings of a sale that is paid."""
    every = [
        dict(rank_changed=dict(agent="a", period="m", old_rank="gold", new_rank="tin")),
        dict(sponsor_changed=dict(change="k", agent="a", old_sponsor="b", new_sponsor="c",
                                  approver1="ann", approver2="bob")),
        dict(plan_published=dict(plan="pl", version=2, parameters=[
            dict(name="rate_ppm", level=1, value=1), dict(name="window_days", value=30)])),
        dict(sku_defined=dict(sku="s", revision=2, not_commissionable=True,
                              list_price=9, factory_price=8, category="tea")),
        dict(customer_unbound=dict(binding="b", customer="x")),
        dict(agent_suspended=dict(agent="b", action="1"))]
    return rng.sample(every, rng.randint(1, len(every)))


def the_past_stays(rng):
    """Rank, sponsor, plan, sku and standing of today are nothing to yesterday's sale."""
    plan = a_plan(rng)
    plan["plan_published"]["parameters"] += [
        dict(name="rate_ppm", level=1, rank="gold", value=200_000),
        dict(name="base", choice=rng.choice(("PAID", "LIST", "MARGIN")))]
    plan["plan_published"]["parameters"] = [
        p for p in plan["plan_published"]["parameters"] if p["name"] != "accrue_on"]
    before = at_start(
        dict(book_opened=dict(book="book", currency="CNY")),
        dict(sku_defined=dict(sku="s", revision=1, list_price=500, factory_price=20)),
        *[dict(agent_enrolled=dict(agent=name)) for name in "bc"],
        dict(agent_enrolled=dict(agent="a", sponsor="b", rank="gold")),
        dict(customer_bound=dict(binding="b", customer="x", agent="a")), plan,
        dict(sale_recorded=dict(
            order="o", buyer="x", psp="p", psp_txn="1", paid=1399,
            lines=[dict(line=1, sku="s", qty=1, unit_price=400),
                   dict(line=2, sku="s", qty=3, unit_price=333)])))
    after = [dict(event, effective_at=START + DAYS * day) for day, event in (
        (2, dict(receipt_confirmed=dict(order="o"))),
        (3, dict(refund_approved=dict(refund="r", order="o", line=2, amount=100))),
        (40, dict(clock_advanced={})))]
    seen = []
    for between in ([], [dict(event, effective_at=START + DAYS) for event in changes(rng)]):
        model = Model()
        wrong = agreement(rng, before + between + after, model)
        if wrong or model.refused:
            return wrong or "a change is refused"
        seen.append([dict(e, number=0) for e in model.state.earnings])
    return None if seen[0] == seen[1] else f"earnings differ\n  {seen[0]}\n  {seen[1]}"


def large_amounts(rng):
    """Near to what int64 holds sums are refused, and what falls due still has room."""
    most = 9_200_000_000_000
    stream = at_start(
        dict(book_opened=dict(book="book", currency="CNY")),
        dict(sku_defined=dict(sku="s", revision=1, list_price=most, factory_price=most)),
        dict(agent_enrolled=dict(agent="b")),
        dict(agent_enrolled=dict(agent="a", sponsor="b")),
        dict(agent_verified=dict(agent="a", revision=1, payee_hash="AAEC")),
        dict(plan_published=dict(plan="pl", version=1, parameters=[
            dict(name="pay_max_depth", value=2), dict(name="window_days", value=1),
            dict(name="base", choice=rng.choice(("PAID", "LIST", "MARGIN"))),
            dict(name="approval_above", value=most),
            dict(name=rng.choice(("fixed_amount", "rate_ppm")), level=1, value=900_000),
            dict(name="fixed_amount", level=2, value=rng.choice((1, most)))])))
    for i in range(25):
        at = START + rng.randint(0, 9) * DAYS
        qty = rng.choice((1, 1000, 250_000, 500_000, 1_000_000, 1_002_000))
        kind = rng.choice(("sale", "sale", "adjust", "refund", "payout"))
        line = dict(line=1, sku="s", qty=qty, unit_price=most // qty)
        if kind == "sale":
            event = dict(sale_recorded=dict(
                order=f"o{i}", seller="a", psp="p", psp_txn=str(i), lines=[line],
                paid=qty * (most // qty), delivered_at=rng.choice((None, at))))
        elif kind == "adjust":
            event = dict(manual_adjustment=dict(
                adjustment=f"j{i}", agent="a", amount=most, deduct=rng.random() < 0.5,
                reason="why", approver1="ann", approver2="bob"))
        elif kind == "refund":
            event = dict(refund_approved=dict(
                refund=f"r{i}", order=f"o{rng.randint(0, i)}", line=1, amount=most // 3))
        else:
            event = dict(payout_requested=dict(payout=f"p{i}", agent="a", gross=most,
                                               payee_hash="AAEC"))
        stream.append(dict(event, effective_at=at))
    wrong = agreement(rng, stream)
    if wrong:
        return wrong + "".join(f"\n    {to_json(event)}" for event in stream)
    return None


# ------------------------------------------------------------------- limits of the core

def at_start(*bodies):
    return [{"effective_at": START, **body} for body in bodies]


def depth_limit():
    """A chain of sponsors has an end: LIMIT_REACHED."""
    chain = [dict(agent_enrolled=dict(agent=f"a{i}", sponsor=f"a{i - 1}" if i else ""))
             for i in range(4097)]
    stream = at_start(dict(book_opened=dict(book="book", currency="CNY")), *chain)
    *rest, last, check = driver.run([*stream, "#check"])
    if any(answer["outcome"] != "ACCEPTED" for answer in rest):
        return "a chain of 4096 agents is refused", None
    if last.get("rule") != "LIMIT_REACHED" or last["limit"] != 4096:
        return f"4097 agents in a chain: {last}", None
    return None, "LIMIT_REACHED"


def overflow():
    """A shelf that int64 cannot count refuses, and stays as it was: AMOUNT_OVERFLOW."""
    lines = [dict(line=n, sku="s", qty=9_200_000_000_000) for n in range(1, 1001)]
    issue = to_json(dict(effective_at=START, stock_issued=dict(
        transfer="@", to={"location": "w"}, lines=lines)))
    texts = [issue.replace("@", f"t{i}") for i in range(1003)]
    stream = at_start(dict(book_opened=dict(book="book", currency="CNY")),
                      dict(sku_defined=dict(sku="s", revision=1)))
    answers = driver.run([*stream, *texts, "#check"])
    last = answers[-2]
    if driver.crash_in(answers) or last.get("rule") != "AMOUNT_OVERFLOW":
        return f"a shelf beyond int64: {last}", None
    return None, "AMOUNT_OVERFLOW"


def issued_order():
    """A restock order that stock documents have answered is not traded again."""
    lines = [dict(line=1, sku="s", qty=3, unit_price=7)]
    issue = dict(to={"agent": "a"}, lines=lines, order="o", paid=21, psp="p")
    stream = at_start(
        dict(book_opened=dict(book="book", currency="CNY")),
        dict(sku_defined=dict(sku="s", revision=1)),
        dict(agent_enrolled=dict(agent="a")),
        dict(order_placed=dict(order="o", kind=RESTOCK, buyer="a", lines=lines)),
        dict(stock_issued=dict(issue, transfer="t1", psp_txn="x1")),
        dict(stock_issued=dict(issue, transfer="t2", psp_txn="x2")),
        dict(order_paid=dict(order="o", psp="p", psp_txn="x3", amount=21)),
        dict(receipt_confirmed=dict(order="o")))
    answers = driver.run([*stream, "#check"])
    if driver.crash_in(answers) or any(a["outcome"] != "ACCEPTED" for a in answers[:6]):
        return f"an order answered by two issues: {answers}", None
    if any(a.get("rule") != "ORDER_ISSUED" for a in answers[6:8]):
        return f"an issued order is traded: {answers[6:8]}", None
    return None, "ORDER_ISSUED"


def payout_items():
    """A payout draws on 65,536 earnings at the most: PAYOUT_ITEMS."""
    stream = at_start(
        dict(book_opened=dict(book="book", currency="CNY")),
        dict(agent_enrolled=dict(agent="a")),
        dict(agent_verified=dict(agent="a", revision=1, payee_hash="AAEC")),
        *[dict(bonus_awarded=dict(bonus="b", period=str(i), metric="TRAINING", pool=1000,
                                  shares=[dict(agent="a", amount=1)] * 1000))
          for i in range(66)],
        *[dict(payout_requested=dict(payout=f"p{gross}", agent="a", gross=gross,
                                     payee_hash="AAEC"))
          for gross in (65_537, 65_536)])
    *_, refused, accepted, check = driver.run([*stream, "#check"])
    if refused.get("rule") != "PAYOUT_ITEMS" or refused["limit"] != 65_536:
        return f"65,537 earnings in a payout: {refused}", None
    if accepted["outcome"] != "ACCEPTED":
        return f"65,536 earnings in a payout: {accepted}", None
    return None, "PAYOUT_ITEMS"


# ------------------------------------------------------------- what few streams meet

TWO = dict(approver1="ann", approver2="bob", reason="why")
ASKS = dict(payout_requested=dict(payout="p", agent="a", gross=100, payee_hash="AAEC"))
SENDS = dict(payout_sent=dict(payout="p", provider="b", request_no="1"))
SETTLES = dict(payout_settled=dict(payout="p", provider="b", provider_ref="1"))
SALE = dict(sale_recorded=dict(order="o", seller="a", psp="p", psp_txn="1", paid=100,
                               lines=[dict(line=1, sku="s", qty=1, unit_price=100)]))
DISPUTES = dict(chargeback_opened=dict(chargeback="k", order="o", amount=100, psp="p"))
REFUNDS = dict(refund_approved=dict(refund="r", order="o", line=1, amount=100))
PLACES = dict(order_placed=dict(order="o", lines=[dict(line=1, sku="s", qty=1)]))


def says(name, value=0, **more):
    return dict(name=name, value=value, **more)


def publishes(*parameters, **more):
    return dict(plan_published=dict(plan="pm", version=1, parameters=parameters, **more))


def closes(period, begins, ends):
    return {"effective_at": START + DAYS, "period_closed": {
        "period": period, "from": begins, "to": ends}}


def awards(pool):
    return dict(bonus_awarded=dict(bonus="x", period=str(pool), pool=pool,
                                   metric="TRAINING",
                                   shares=[dict(agent="a", amount=pool)]))


def adjusts(name, amount, **more):
    return dict(manual_adjustment=dict(adjustment=name, agent="a", amount=amount, **TWO,
                                       **more))


def writes_off(amount):
    return dict(clawback_written_off=dict(agent="a", amount=amount, ref=str(amount), **TWO))


def registers(revision, n=0, **more):
    return dict(source_registered=dict(source="shop", revision=revision,
                                       ed25519_public_key=coded(ed25519.KEYS[n]), **more))


def revokes(revision, source="shop"):
    return dict(source_key_revoked=dict(source=source, revision=revision))


# The rule that the last event meets, None if it is accepted; parameters; events.
SELDOM = (
    ("WRITEOFF_LIMIT", [says("writeoff_limit", 3)], adjusts("k", 510, deduct=True),
     writes_off(3), writes_off(4)),
    ("PERIOD_OPEN_ITEMS", [], ASKS, SENDS,
     dict(payout_unknown=dict(payout="p", action="1")), closes("m", START, START + 1)),
    ("BALANCES_DIFFER", [], closes("m", START, START + 1)),
    ("PAYEE_CHANGED", [says("payee_unchanged_days", 1)], ASKS),
    ("PAYOUT_OPEN", [says("one_open_payout", 1)], ASKS,
     dict(payout_requested=dict(ASKS["payout_requested"], payout="q"))),
    ("PAYOUT_DAILY_LIMIT", [says("payout_daily_limit", 99)], ASKS),
    ("PAYOUT_MONTHLY_LIMIT", [says("payout_monthly_limit", 99)], ASKS),
    ("PROVIDER_DIFFERS", [], ASKS, SENDS,
     dict(payout_settled=dict(SETTLES["payout_settled"], provider="c"))),
    ("RETURN_EXCEEDS_PAYOUT", [], ASKS, SENDS, SETTLES, dict(payout_returned=dict(
        SETTLES["payout_settled"], amount=101))),
    (None, [says("tax_bracket_rate_ppm", 200_000, level=1)], ASKS, SENDS,
     dict(tax_remitted=dict(period="2023-11", ref="1", amount=20))),
    ("TAX_EXCEEDED", [], dict(tax_remitted=dict(period="2023-11", ref="1", amount=1))),
    ("CONTEST_UNKNOWN", [], dict(contest_closed=dict(contest="x"))),
    ("POOL_EXCEEDED", [], {"contest_opened": {
        "contest": "x", "metric": "MATURED_RETAIL", "pool": 9, "from": START - 9,
        "to": START}}, dict(contest_closed=dict(contest="x")), awards(5), awards(6)),
    ("ADJUSTMENT_UNKNOWN", [], adjusts("k", 1, reverses="nobody")),
    ("TEAM_UNKNOWN", [], dict(team_member_changed=dict(team="x", change="1", member="a"))),
    ("PLAN_PARAMETER_UNKNOWN", [], publishes(says("nothing"))),
    ("PLAN_PARAMETER_VALUE", [], publishes(says("binding_days", -1))),
    ("PLAN_PARAMETER_SCOPE", [], publishes(says("min_payout", 5, level=1))),
    ("PLAN_CONTRADICTION", [], publishes(says("rate_ppm", 5, level=2))),
    ("PLAN_RISK", [], publishes(says("pays_on_self", 1))),
    ("PLAN_VALIDITY", [], publishes(valid_to=START)),
    ("ENROLL_DEPTH", [says("enroll_max_depth", 1)],
     dict(agent_enrolled=dict(agent="b", sponsor="a"))),
    ("CHARGEBACK_UNKNOWN", [], dict(chargeback_won=dict(chargeback="k"))),
    ("CHARGEBACK_STATE", [], SALE, DISPUTES, dict(chargeback_won=dict(chargeback="k")),
     dict(chargeback_lost=dict(chargeback="k"))),
    ("NOTHING_TO_REVERSE", [], SALE, DISPUTES, REFUNDS,
     dict(chargeback_lost=dict(chargeback="k"))),
    ("REFUND_UNKNOWN", [], dict(refund_rejected=dict(refund="r"))),
    ("ORDER_CANCELLED", [], PLACES, dict(order_cancelled=dict(order="o")),
     dict(receipt_confirmed=dict(order="o"))),
    ("ORDER_KIND_MISMATCH", [], dict(order_placed=dict(
        PLACES["order_placed"], kind=RESTOCK, fulfilment=2, seller="a", buyer="a"))),
    ("LOT_OF_OTHER_SKU", [], dict(sku_defined=dict(sku="t", revision=1)),
     dict(lot_registered=dict(lot="l", sku="t", qty=1)), dict(order_placed=dict(
         order="o", lines=[dict(line=1, sku="s", qty=1, lot="l")]))),
    ("SOURCE_REVISION_GAP", [], registers(1), registers(3)),
    ("SOURCE_UNKNOWN", [], registers(1), revokes(1, "till")),
    ("SOURCE_STATE", [], registers(1), registers(2, 1), revokes(1)),
    ("SOURCE_STATE", [], registers(1), revokes(1), revokes(2)),
    (None, [], registers(1, may_send=[300, 713]), revokes(1), registers(2, 1), revokes(2),
     registers(3, 1), registers(4, 1, may_send=[700] * 64)),
    ("DIGEST_SIZE", [], dict(digest_recorded=dict(size=5, digest=coded(bytes(32))))),
    ("DIGEST_DIFFERS", [], dict(digest_recorded=dict(size=6, digest=coded(bytes(32))))),
)


def seldom(rule, parameters, bodies):
    """A stream that ends in RULE, by the core and by the model: wrong, events, verdicts."""
    stream = at_start(
        dict(book_opened=dict(book="book", currency="CNY")),
        dict(sku_defined=dict(sku="s", revision=1)),
        dict(agent_enrolled=dict(agent="a")),
        dict(agent_verified=dict(agent="a", revision=1, payee_hash="AAEC")),
        publishes(says("approval_above", 1000), *parameters), adjusts("j", 500), *bodies)
    stream[4]["plan_published"]["plan"] = "pl"
    wrong = agreement(random.Random(0), stream)
    model = Model()
    verdicts = [model.take(event) for event in stream]
    if not wrong and [v.get("rule") for v in verdicts if v["outcome"] != "ACCEPTED"] != (
            [rule] if rule else []):
        wrong = f"{rule} is not met: {verdicts[-1]}"
    return wrong, stream, verdicts


OWN_PROPERTIES = (independence, refunds, the_past_stays, large_amounts)
LIMITS = (depth_limit, overflow, issued_order, payout_items)
