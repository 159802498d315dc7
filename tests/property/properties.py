"""What must hold of the core for every stream of events.

A property takes a random generator and a stream; it gives None, or a text that says
what does not hold.  It draws nothing that the same seed would not draw again.
"""

import copy

import driver
import model_digest
from event_rules import BODIES
from model import Model
from model_money import RESTOCK
from model_state import ORDER_OWNED
from streams import START, Generator, to_json

DIGEST_EVERY = 10

# The rules whose measured value and limit src/books/README.md defines.
MEASURED = {
    "BEFORE_BOOK", "SKU_REVISION_GAP", "AGENT_REVISION_GAP", "PAYMENT_EXCEEDS_ORDER",
    "AMOUNT_MISMATCH", "SHIPMENT_EXCEEDS_LINE", "REFUND_EXCEEDS_PAID",
    "REFUND_EXCEEDS_LINE", "RETURN_EXCEEDS_LINE", "REFUND_EXCEEDS_REQUEST",
    "STOCK_INSUFFICIENT", "LIMIT_REACHED", "PLAN_VERSION_GAP", "PLAN_PARAMETER_VALUE",
    "ENROLL_DEPTH", "ATTRIBUTION_WEIGHTS", "CLAWBACK_EXCEEDED", "DEPOSIT_EXCEEDED",
    "WRITEOFF_LIMIT", "POOL_EXCEEDED", "CHARGEBACK_EXCEEDS_PAID", "AVAILABLE_INSUFFICIENT",
    "PAYOUT_MINIMUM", "PAYOUT_DAILY_LIMIT", "PAYOUT_MONTHLY_LIMIT", "PAYEE_CHANGED",
    "PAYOUT_STATE", "TAX_EXCEEDED", "RETURN_EXCEEDS_PAYOUT", "PERIOD_GAP", "PERIOD_AHEAD"}

# As src/books/effects.h numbers them.
CAUSES = ("", "ACCRUED", "PROCEEDS", "RECOGNISED", "MATURED", "HELD", "RELEASED",
          "REVERSED", "NETTED", "BONUS", "ADJUSTED", "RECRUITED", "REPAID", "WRITTEN_OFF",
          "DRAWN", "GIVEN_BACK", "TAX", "TAX_BACK", "SENT", "PAID", "RETURNED")


# ------------------------------------------------------------- the core and the model

def differing(expected, answer):
    """The first thing in which the core's ANSWER is not what the model EXPECTED."""
    if "wrong" in answer:
        return "wrong"
    for name, value in expected.items():
        there = answer.get(name)
        if name == "postings" and isinstance(there, list):
            if len(there) != len(value) or not all(map(same_posting, value, there)):
                return name
        elif name in ("measured", "limit"):
            if expected["rule"] in MEASURED and not same_measure(value, there):
                return name
        elif there != value:
            return name
    return None


def same_measure(value, there):
    """None may be anything, and several may be any one of them."""
    return value is None or there == value or (isinstance(value, tuple) and there in value)


def same_posting(wanted, there):
    """[number, owner, amount, cause, ref]: a ref of 0 is the order of the event."""
    cause, ref = wanted[3:]
    return (wanted[:3] == there[:3] and cause in (None, CAUSES[there[3]]) and
            (ref is None or there[4] in (0, ref)))


def in_short(answer):
    """What an answer is, in a word or two: the kind of a failure."""
    if "digest" in answer:
        return "digest"
    return answer.get("rule") or answer.get("fault") or answer.get("outcome")


def crash(answers):
    return "crash: " + answers[-1]["stderr"].strip()


def balances_of(state):
    """What the driver answers to #balances, as sorted lists."""
    owned = [(number, name) for name in state.orders for number in ORDER_OWNED
             if state.balance(number, name)]
    accounts = [[*account, state.balance(*account)] for account in state.accounts + owned]
    kinds = dict(agent=1, location=2)
    positions = [[kinds[kind], holder, sku, lot, place, state.units_at(position)]
                 for position in state.positions
                 for _, kind, holder, place, sku, lot in [position]]
    return dict(accounts=sorted(accounts), positions=sorted(positions))


def agreement(rng, events, model=None):
    """The core and the model answer every event alike and end in the same state."""
    model = model or Model()
    lines, expected = [], []
    for i, event in enumerate(events):
        lines.append(event)
        expected.append(model.take(event))
        if i % DIGEST_EVERY == DIGEST_EVERY - 1 or i == len(events) - 1:
            lines.append("#digest")
            expected.append(dict(digest=model.digest()))
    lines += ["#balances", "#check"]
    answers = driver.run(lines, str(rng.random()))
    for line, want, answer in zip(lines, expected, answers):
        if answer.get("outcome") == "CRASH":
            break
        name = differing(want, answer)
        if name is not None:
            return (f"{name}: core {in_short(answer)}, model {in_short(want)}\n"
                    f"  core  {answer}\n  model {want}")
    if driver.crash_in(answers):
        return crash(answers)
    balances = {name: sorted(rows) for name, rows in answers[len(expected)].items()}
    want = balances_of(model.state)
    return None if balances == want else f"balances\n  core  {balances}\n  model {want}"


# ------------------------------------------------------------------ books that balance

def soundness(rng, events):
    """The invariants between events, on the state that core and model agree on."""
    model = Model()
    for event in events:
        model.take(event)
    state = model.state
    for wrong in (wrong_sums(state), wrong_forest(state), wrong_orders(state)):
        if wrong:
            return wrong
    return None


def wrong_sums(state):
    if sum(amount for _, _, amount in state.postings):
        return "the trial balance is not 0"
    for number, owner in set(posting[:2] for posting in state.postings):
        balance = state.balance(number, owner)
        if number in (2010, 2015, 2110, 2190) and balance > 0:
            return f"{number} of {owner} is a debit balance"
    for good in state.goods:
        places = sum(state.units_of_good(good, place) for place in model_digest.PLACES)
        held = sum(state.units_at(p) for p in state.positions if p[-2:] == good)
        if places + held:
            return f"units of {good} come from nowhere"
    if any(state.units_at(position) < 0 for position in state.positions):
        return "a position is negative"
    return None


def wrong_forest(state):
    for name in state.agents:
        seen, at = set(), name
        while at:
            if at in seen:
                return f"{name} stands below itself"
            seen.add(at)
            at = state.agents[at]["sponsor"]
    return None


def wrong_orders(state):
    for name, order in state.orders.items():
        if state.paid(order) > order["total"]:
            return f"{name} is paid more than whole"
        if state.refunded(order) > state.paid(order):
            return f"{name} is refunded beyond what was paid"
        for number, line in order["lines"].items():
            if not (0 <= line["refunded"] <= line["amount"] and
                    0 <= line["returned"] + state.in_transit(name, number) <= line["qty"]):
                return f"{name} line {number} is refunded, returned or shipped too far"
        if order["direct"] or order["kind"] == RESTOCK:
            left = 0
        else:
            left = state.paid(order) - state.refunded(order) - sum(
                line["amount"] - line["refunded"] for line in order["lines"].values()
                if line["recognised"])
        if -state.balance(2010, name) != left:
            return f"{name}: escrow is not paid - recognised - refunded"
    return None


# --------------------------------------------------------------------- metamorphic ones

def without_place(answer):
    """An answer without what depends on where in the log it stands."""
    return {name: value for name, value in answer.items()
            if name not in ("position", "late", "other")}


def duplicates(rng, events):
    """An accepted event told again, up to five times, changes nothing at all."""
    plain = driver.run([*events, "#digest"])
    if driver.crash_in(plain):
        return crash(plain)
    lines, answers, waiting = [], [], []
    for event, answer in zip(events, plain):
        lines.append(event)
        answers.append(answer)
        if answer["outcome"] == "ACCEPTED":
            waiting += [(event, answer["position"])] * rng.randint(0, 5)
        rng.shuffle(waiting)
        while waiting and rng.random() < 0.7:
            again, position = waiting.pop()
            lines.append(again)
            answers.append(dict(outcome="DUPLICATE", position=position))
    lines.append("#digest")
    answers.append(plain[-1])
    for line, want, answer in zip(lines, answers, driver.run(lines)):
        if want != answer:
            return f"told again: {line}\n  want {want}\n  got  {answer}"
    return None


def refused_leave_no_trace(rng, events):
    """Without the refused, duplicate and invalid events the books come out the same."""
    plain = driver.run([*events, "#balances"])
    if driver.crash_in(plain):
        return crash(plain)
    accepted = [event for event, answer in zip(events, plain)
                if answer["outcome"] == "ACCEPTED"]
    wanted = [without_place(answer) for answer in plain
              if answer.get("outcome") == "ACCEPTED"]
    model, all_model = Model(), Model()
    wrong = agreement(rng, accepted, model)
    if wrong:
        return wrong
    answers = driver.run([*accepted, "#balances"])
    if [without_place(answer) for answer in answers[:-1]] != wanted:
        return "an accepted event has other effects without the refused ones"
    if answers[-1] != plain[-1]:
        return f"balances\n  all      {plain[-1]}\n  accepted {answers[-1]}"
    for event in events:
        all_model.take(event)
    if model_digest.section_bytes(model.state) != model_digest.section_bytes(
            all_model.state):
        return "the sections of the digest differ"
    return None


def undo(rng, events):
    """What is undone never was: digest, balances and all later answers."""
    plain = driver.run([*events, "#digest", "#balances"])
    if driver.crash_in(plain):
        return crash(plain)
    lines, wanted = [], []
    for event, answer in zip(events, plain):
        if rng.random() < 0.1:
            excursion = rng.sample(events, rng.randint(0, min(20, len(events))))
            lines += ["#digest", "#mark", *excursion, "#check", "#rewind", "#digest",
                      "#check"]
            wanted += ["before", *[None] * (len(excursion) + 3), "after", None]
        lines.append(event)
        wanted.append(answer)
    lines += ["#digest", "#balances"]
    wanted += plain[len(events):]
    answers = driver.run(lines)
    if driver.crash_in(answers):
        return crash(answers)
    before = None
    for line, want, answer in zip(lines, wanted, answers):
        before = answer if want == "before" else before
        want = before if want == "after" else want
        if want not in (None, "before") and want != answer:
            return f"after undoing: {line}\n  want {want}\n  got  {answer}"
    return None


def noise(rng, events):
    """No line, however damaged, brings the core down."""
    lines = []
    for event in events:
        text = to_json(event)
        for _ in range(rng.choice((0, 0, 1, 1, 4))):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(("", "0", '"', "{", "-", "9" * 20, "\\u0000",
                                           "null", "é")) + text[at + rng.randint(0, 2):]
        lines.append(text.replace("\n", " ").replace("#", ""))
        if rng.random() < 0.1:
            lines.append("#raw " + rng.randbytes(rng.randint(0, 40)).hex())
    answers = driver.run([*lines, "#check"])
    return crash(answers) if driver.crash_in(answers) else None


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
        elif spec["kind"] == "lines":
            value = [prefixed(prefix, line, spec["of"]) for line in value]
        out[name] = value
    return out


def group(rng, prefix, length):
    """A stream that shares no id with those of another prefix."""
    events, _ = Generator(rng).run(length)
    out = []
    for raw in events:
        raw = copy.deepcopy(raw)
        kind = next((name for name in raw if name in BODIES), "clock_advanced")
        if kind not in ("clock_advanced", "book_opened"):
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
        dict(agent_enrolled=dict(agent="a")),
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
    wanted = {line["line"]: (rng.randint(0, line["qty"] * line["unit_price"]),
                             rng.randint(0, line["qty"])) for line in lines}
    return events, wanted | {0: (rng.randint(0, 5), 0)}


def refunds(rng):
    """Refunds in any order and any splits leave the same line and the same balances."""
    events, wanted = an_order(rng)
    restock_to = rng.choice((None, {"location": "w"}, {"location": "v"}, {"agent": "a"}))
    seen = []
    for _ in range(2):
        stream = [dict(body, effective_at=START)
                  for body in events + refunds_of(rng, wanted, restock_to)]
        model = Model()
        wrong = agreement(rng, stream, model)
        if wrong or model.refused:
            lines = "\n    ".join(to_json(event) for event in stream)
            return f"{wrong or 'a refund is refused'}\n    {lines}"
        seen.append((model_digest.order_rows(model.state), balances_of(model.state)))
    return None if seen[0] == seen[1] else f"ends differ\n  {seen[0]}\n  {seen[1]}"


# ------------------------------------------------------------------- limits of the core

def at_start(*bodies):
    return [dict(body, effective_at=START) for body in bodies]


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


STREAM_PROPERTIES = (agreement, soundness, duplicates, refused_leave_no_trace, undo, noise)
OWN_PROPERTIES = (independence, refunds)
LIMITS = (depth_limit, overflow, issued_order)
