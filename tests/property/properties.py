"""What must hold of the core for every stream of events.

A property takes a random generator and a stream; it gives None, or a text that says
what does not hold.  It draws nothing that the same seed would not draw again.
"""

import copy

import driver
import invariants
import model_digest
from event_rules import BODIES
from model import Model
from model_money import RESTOCK
from model_state import ORDER_OWNED
from model_trust import wrong_keys
from streams import START, Generator, to_json

DIGEST_EVERY = 10

# The rules whose measured value and limit src/books defines.
MEASURED = {
    "BEFORE_BOOK", "SKU_REVISION_GAP", "AGENT_REVISION_GAP", "PAYMENT_EXCEEDS_ORDER",
    "AMOUNT_MISMATCH", "SHIPMENT_EXCEEDS_LINE", "REFUND_EXCEEDS_PAID",
    "REFUND_EXCEEDS_LINE", "RETURN_EXCEEDS_LINE", "REFUND_EXCEEDS_REQUEST",
    "STOCK_INSUFFICIENT", "LIMIT_REACHED", "PLAN_VERSION_GAP", "PLAN_PARAMETER_VALUE",
    "ENROLL_DEPTH", "ATTRIBUTION_WEIGHTS", "CLAWBACK_EXCEEDED", "DEPOSIT_EXCEEDED",
    "WRITEOFF_LIMIT", "POOL_EXCEEDED", "CHARGEBACK_EXCEEDS_PAID", "AVAILABLE_INSUFFICIENT",
    "PAYOUT_MINIMUM", "PAYOUT_DAILY_LIMIT", "PAYOUT_MONTHLY_LIMIT", "PAYEE_CHANGED",
    "PAYOUT_STATE", "TAX_EXCEEDED", "RETURN_EXCEEDS_PAYOUT", "PERIOD_GAP", "PERIOD_AHEAD",
    "RESTOCK_STANDING", "RESTOCK_RECEIVABLE", "RESTOCK_STARTER", "RESTOCK_SELL_THROUGH",
    "RESTOCK_COVER", "RESTOCK_HOLDING", "RESTOCK_FREQUENCY", "RESTOCK_GOODS_STATE",
    "RESTOCK_AGED", "RESTOCK_PRICE", "RESTOCK_RANK_BUY", "RESTOCK_NOT_ASKED",
    "RESTOCK_EXCEEDED", "JOINING_PURCHASE", "ENTRY_FEE", "PRICE_BAND", "TERRITORY",
    "CLOUD_COVERAGE", "FAKE_ORDER", "EXPOSURE", "GOODS_CYCLE", "BINDINGS_PER_DAY",
    "NETWORK_SELL_THROUGH", "PUSHED_DOWN", "GOODS_STATE", "PROFITEERING",
    "BUYBACK_INELIGIBLE", "BUYBACK_PRICE", "BUYBACK_STATE", "GUARD_VERSION_GAP",
    "GUARD_PARAMETER_VALUE", "BAND_REVISION_GAP", "LOT_EXCEEDED", "SOURCE_REVISION_GAP",
    "DIGEST_SIZE"}

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
        if name == "raised":
            continue  # the model's alone: rules of findings
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
    """The invariants after every event, on the state that core and model agree on."""
    model, watch = Model(), invariants.Watch()
    for i, event in enumerate(events):
        model.take(event)
        wrong = watch.look(model)
        if wrong:
            return f"{wrong} (after event {i})"
    state = model.state
    for wrong in (wrong_goods(state), wrong_forest(state), wrong_orders(state),
                  wrong_keys(state)):
        if wrong:
            return wrong
    return None


def wrong_goods(state):
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
    out = {name: value for name, value in answer.items()
           if name not in ("position", "late", "other")}
    out["postings"] = [posting[:4] for posting in answer.get("postings", ())]
    return out


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
    """Of a refused event nothing counts but its time: any other one would have done."""
    plain = driver.run([*events, "#digest"])
    if driver.crash_in(plain):
        return crash(plain)
    lines, wanted = [], []
    for event, answer in zip(events, plain):
        if answer["outcome"] == "ACCEPTED":
            lines.append(event)
            wanted.append(answer)
        elif answer["outcome"] == "REFUSED":
            lines.append({"effective_at": event["effective_at"],
                          "refund_rejected": dict(refund="no such refund")})
            wanted.append(None)
    answers = driver.run([*lines, "#digest"])
    for line, want, answer in zip(lines, wanted, answers):
        if want not in (None, answer):
            return f"a refused event left a trace: {line}\n  want {want}\n  got  {answer}"
    if answers[-1] != plain[-1]:
        return "the digest knows more of refused events than their number"
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


STREAM_PROPERTIES = (agreement, soundness, duplicates, refused_leave_no_trace, undo, noise)
