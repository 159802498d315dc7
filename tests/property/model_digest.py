"""The canonical form of a model and its digest: "The digest" in src/books/README.md."""

import hashlib

import model_digest_goods as goods
import model_digest_watch as watch
import model_trust
from canonical import ints, names, section
from model_state import CHART, COMMISSION, EXPECTED, OPEN_PAYOUT, UNASSIGNED

CONSUMERS_ORDER = (1, 4)  # RETAIL and SAMPLE: kinds of orders that a consumer places
STEPS = ("REQUESTED", "REJECTED", "APPROVED", "PAID")
HOLDERS = dict(agent=1, location=2)
PLACES = (("supply",), ("transit",), ("consumed", 1), ("consumed", 2), ("consumed", 3),
          ("consumed", 4), ("difference",))


def digest(model):
    return hashlib.blake2b(digest_bytes(model), digest_size=32).hexdigest()


def digest_bytes(model):
    return b"daybook books 3\n" + book_bytes(model) + section_bytes(model.state)


def book_bytes(model):
    book = model.state.book
    if book is None:
        head = names("") + bytes(3) + ints(0, 0, 0, 0)
    else:
        head = (names(book["book"]) + book["currency"].encode() +
                ints(book["exponent"], book["utc_offset_minutes"], book["semantics"],
                     book["opened_at"]))
    return b"B" + head + ints(model.state.clock, model.accepted, model.refused,
                              model.state.closed_until or 0)


def section_bytes(state):
    """All sections but B, which alone knows of refused events."""
    sections = (("A", agent_rows), ("C", customer_rows), ("S", sku_rows), ("L", lot_rows),
                ("G", good_rows), ("P", position_rows), ("M", account_rows),
                ("O", order_rows), ("R", refund_rows), ("F", plan_rows),
                ("E", earning_rows), ("H", hold_rows), ("K", chargeback_rows),
                ("W", payout_rows), ("T", tax_rows), ("Q", period_rows),
                ("V", override_rows), ("J", adjustment_rows), ("X", contest_rows),
                ("Y", member_rows), ("Z", report_rows), ("D", cost_rows),
                ("U", purse_rows), *goods.COUNTED, ("e", watch.edge_rows), *goods.ASKED,
                ("n", watch.serial_rows), ("v", goods.sighting_rows),
                ("w", watch.watch_rows), ("x", watch.timer_rows),
                ("i", watch.finding_rows))
    if state.source_keys:
        sections += (("z", model_trust.key_rows),)
    return b"".join(section(letter, rows_of(state)) for letter, rows_of in sections)


def balances_hash(state, name, begins, ends):
    """What PeriodClosed must say: of every number of the chart, then section M."""
    controls = b"".join(ints(number, *state.control(number)) for number in CHART)
    text = (b"daybook balances 1\n" + names(name) + ints(begins, ends) + controls +
            section("M", account_rows(state)))
    return hashlib.blake2b(text, digest_size=32).digest()


def agent_rows(state):
    return [names(name, agent["sponsor"], agent["rank"]) +
            ints(agent["state"], agent["employee"] + 2 * (state.balance(1110, name) > 0),
                 agent["holds"], agent["revision"],
                 sum(other["sponsor"] == name for other in state.agents.values()),
                 sum(row["agent"] == name for row in state.customers.values()),
                 agent["enrolled_at"])
            for name, agent in state.agents.items()]


def customer_rows(state):
    return [names(name, row["agent"], row["binding"], row["referrer_customer"],
                  row["referrer_agent"]) +
            ints(sum(order["buyer"] == name and order["kind"] in CONSUMERS_ORDER
                     for order in state.orders.values()), row["expires_at"] or 0) +
            names(row["person"]) + ints(row["first_day"]) + row_of_orders(row)
            for name, row in state.customers.items()]


def row_of_orders(customer):
    seller, number, first = watch.row_of_orders(customer)
    return names(seller) + ints(number, first + 1 if number else 0)


def sku_rows(state):
    return [names(name) + ints(sku["revision"], sku["list_price"],
                               sku["return_window_days"], sku["not_commissionable"]) +
            names(sku["category"]) + goods.sku_more(state, name, sku)
            for name, sku in state.skus.items()]


def lot_rows(state):
    return [names(name, lot["sku"]) + ints(lot["qty"]) + names(lot["intended_region"])
            for name, lot in state.lots.items()]


def good_rows(state):
    return [names(*good) + ints(*(state.units_of_good(good, place) for place in PLACES))
            for good in state.goods]


def position_rows(state):
    rows = []
    for position in state.positions:
        _, kind, holder, place, sku, lot = position
        rows.append(ints(HOLDERS[kind]) + names(holder, sku, lot) +
                    ints(place, state.units_at(position),
                         state.in_transit_from(position)) +
                    goods.flows_of(state, position))
    return rows


def account_rows(state):
    return [ints(account[0]) + names(account[1]) +
            ints(state.debits(account), state.credits(account))
            for account in state.accounts if account in state.posted]


def order_rows(state):
    return [order_row(state, order) for order in state.orders.values()]


def order_row(state, order):
    name = order["name"]
    row = (names(name) +
           ints(order["kind"], order["fulfilment"],
                order["cancelled"] + 2 * order["direct"] + 4 * order["issued"] +
                16 * is_flagged(state, name) + 32 * order["accrued"] +
                64 * order["linked"], order["holds"], *watch.forgery_of(order)) +
           names(order["seller"], order["buyer"]) +
           ints(order["plan"], order["total"], state.paid(order),
                -state.balance(2010, name), -state.balance(2015, name),
                state.refunded(order), state.balance(1140, name)) +
           names(order["request"]) + ints(len(order["lines"])))
    for number, line in order["lines"].items():
        row += ints(number, line["received"] + 2 * line["recognised"] +
                    4 * line["accrued"] + 8 * line["scheduled"] + 16 * line["matured"] +
                    32 * line["sold"],
                    line["qty"], line["amount"], state.in_transit(name, number),
                    line["returned"], line["refunded"], line["when"])
    return row


def is_flagged(state, name):
    return any(hold["order"] == name and hold["rule"] and not hold["released"]
               for hold in state.holds)


def refund_rows(state):
    return [names(name, refund["order"]) +
            ints(refund["line"], STEPS.index(refund["state"]) + 1, refund["amount"],
                 refund["qty"])
            for name, refund in state.refunds.items()]


def plan_rows(state):
    return [names(plan.name) + ints(plan.version, plan.valid_from, plan.valid_to or 0)
            for plan in state.plans]


def earning_rows(state):
    return [names(e["agent"], e["order"]) +
            ints(e["line"], e["kind"], e["level"], e["distance"], e["basis"]) +
            names(e["rank"]) +
            ints(e["plan"], e["rate"], e["base"], e["state"], e["holds"], e["accrued"],
                 e["reversed"], e["open"])
            for e in state.earnings]


def hold_rows(state):
    return [names(hold["name"], hold["agent"], hold["order"]) +
            ints(hold["line"], hold["level"], hold["released"]) + names(hold["rule"]) +
            ints(hold["revision"])
            for hold in state.holds]


def chargeback_rows(state):
    return [names(name, case["order"]) +
            ints(case["state"], case["amount"], case["reversed"])
            for name, case in state.chargebacks.items()]


def payout_rows(state):
    rows = []
    for name, p in state.payouts.items():
        items = b"".join(ints(number, amount) for number, amount in p["items"])
        rows.append(names(name, p["agent"]) + ints(p["state"]) +
                    names(p["method"], p["provider"], p["batch"]) +
                    ints(p["gross"], p["tax"], p["fee"], p["returned"], len(p["items"])) +
                    items)
    return rows


def tax_rows(state):
    return [names(agent) + ints(month, sums["gross"], sums["tax"])
            for (agent, month), sums in state.tax_months.items()]


def period_rows(state):
    return [names(name) + ints(p["closed"], p["remitted"], p["from"], p["to"]) + p["hash"]
            for name, p in state.periods.items()]


def override_rows(state):
    return [names(name) + ints(watch.RULES[o["guard"]]) + names(o["subject"]) +
            ints(0 if o["used"] is None else o["used"] + 1, o["expires_at"])
            for name, o in state.overrides.items()]


def adjustment_rows(state):
    return [names(name, a["agent"]) + ints(a["deduct"], a["amount"], a["reversed"])
            for name, a in state.adjustments.items()]


def contest_rows(state):
    rows = []
    for name, c in state.contests.items():
        scores = b"".join(names(agent) + ints(score)
                          for agent, score in c["scores"].items())
        rows.append(names(name) + ints(c["metric"], c["closed"], c["from"], c["to"],
                                       c["pool"], c["awarded"], len(c["scores"])) + scores)
    return rows


def member_rows(state):
    return [names(*key) + ints(removed) for key, removed in state.members.items()]


def report_rows(state):
    return [ints(r["position"]) + names(r["payee"]) +
            ints(r["earning"], r["basis"], r["distance"], r["difference"], r["amount"],
                 r["expected"])
            for r in state.reports]


def cost_rows(state):
    costs = {}
    for e in state.earnings:
        if e["kind"] == COMMISSION and e["state"] not in (UNASSIGNED, EXPECTED):
            key = e["plan"], e["level"], state.orders[e["order"]]["channel"]
            costs.setdefault(key, []).append(e)
    return [ints(plan, level) + names(channel) +
            ints(len(earnings), sum(e["accrued"] for e in earnings),
                 sum(e["reversed"] for e in earnings))
            for (plan, level, channel), earnings in costs.items()]


def purse_rows(state):
    return [names(agent) +
            ints(sum(payout["agent"] == agent and payout["state"] in OPEN_PAYOUT
                     for payout in state.payouts.values()), p["payee_since"], p["day"],
                 p["month"], p["day_sum"], p["month_sum"], p["cap_month"],
                 p["cap_accrued"], p["cap_retail"])
            for agent, p in state.purses.items()]
