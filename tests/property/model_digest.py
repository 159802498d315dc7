"""The canonical form of a model and its digest: "The digest" in src/books/README.md."""

import hashlib

CONSUMERS_ORDER = (1, 4)  # RETAIL and SAMPLE: kinds of orders that a consumer places
STEPS = ("REQUESTED", "REJECTED", "APPROVED", "PAID")
HOLDERS = dict(agent=1, location=2)
PLACES = (("supply",), ("transit",), ("consumed", 1), ("consumed", 2), ("consumed", 3),
          ("consumed", 4), ("difference",))


def digest(model):
    return hashlib.blake2b(digest_bytes(model), digest_size=32).hexdigest()


def digest_bytes(model):
    return b"daybook books 1\n" + book_bytes(model) + section_bytes(model.state)


def ints(*values):
    return b"".join(int(value).to_bytes(8, "little", signed=True) for value in values)


def names(*values):
    return b"".join(bytes([len(name.encode())]) + name.encode() for name in values)


def book_bytes(model):
    book = model.state.book
    if book is None:
        head = names("") + bytes(3) + ints(0, 0, 0, 0)
    else:
        head = (names(book["book"]) + book["currency"].encode() +
                ints(book["exponent"], book["utc_offset_minutes"], book["semantics"],
                     book["opened_at"]))
    return b"B" + head + ints(model.state.clock, model.accepted, model.refused)


def section_bytes(state):
    """All sections but B, which alone knows of refused events."""
    sections = (("A", agent_rows), ("C", customer_rows), ("S", sku_rows), ("L", lot_rows),
                ("G", good_rows), ("P", position_rows), ("M", account_rows),
                ("O", order_rows), ("R", refund_rows))
    out = b""
    for letter, rows_of in sections:
        rows = rows_of(state)
        out += letter.encode() + ints(len(rows)) + b"".join(rows)
    return out


def agent_rows(state):
    return [names(name, agent["sponsor"], agent["rank"]) +
            ints(agent["state"], agent["revision"],
                 sum(other["sponsor"] == name for other in state.agents.values()),
                 sum(row["agent"] == name for row in state.customers.values()),
                 agent["enrolled_at"])
            for name, agent in state.agents.items()]


def customer_rows(state):
    return [names(name, row["agent"], row["binding"], row["referrer_customer"],
                  row["referrer_agent"]) +
            ints(sum(order["buyer"] == name and order["kind"] in CONSUMERS_ORDER
                     for order in state.orders.values()), row["expires_at"] or 0)
            for name, row in state.customers.items()]


def sku_rows(state):
    return [names(name) + ints(sku["revision"], sku["list_price"],
                               sku["return_window_days"], sku["not_commissionable"])
            for name, sku in state.skus.items()]


def lot_rows(state):
    return [names(name, lot["sku"]) + ints(lot["qty"]) for name, lot in state.lots.items()]


def good_rows(state):
    return [names(*good) + ints(*(state.units_of_good(good, place) for place in PLACES))
            for good in state.goods]


def position_rows(state):
    rows = []
    for position in state.positions:
        _, kind, holder, place, sku, lot = position
        rows.append(ints(HOLDERS[kind]) + names(holder, sku, lot) +
                    ints(place, state.units_at(position), state.in_transit_from(position)))
    return rows


def account_rows(state):
    return [ints(account[0]) + names(account[1]) +
            ints(state.debits(account), state.credits(account))
            for account in state.accounts]


def order_rows(state):
    return [order_row(state, order) for order in state.orders.values()]


def order_row(state, order):
    name = order["name"]
    row = (names(name) +
           ints(order["kind"], order["fulfilment"],
                order["cancelled"] + 2 * order["direct"] + 4 * order["issued"]) +
           names(order["seller"], order["buyer"]) +
           ints(order["total"], state.paid(order), -state.balance(2010, name),
                -state.balance(2015, name), state.refunded(order), len(order["lines"])))
    for number, line in order["lines"].items():
        row += ints(number, line["received"] + 2 * line["recognised"], line["qty"],
                    line["amount"], state.in_transit(name, number), line["returned"],
                    line["refunded"])
    return row


def refund_rows(state):
    return [names(name, refund["order"]) +
            ints(refund["line"], STEPS.index(refund["state"]) + 1, refund["amount"],
                 refund["qty"])
            for name, refund in state.refunds.items()]
