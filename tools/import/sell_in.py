"""Goods between the brand and its agents, and from agent to agent: what resellers buy
and give back, whether a gate would have let them, and what they pass down.

The rules are in README.md; their numbers stand here and in house.py.
"""

import collections

from event_stream import order_line
from row_account import Disposition

# Of the daybook: DBK_LINES_MAX in include/daybook/limits.h.
LINES_MAX = 1000

RESTOCK_UNITS = 144  # a line of a gross or more is a restock that the gate is asked for

PASS_DOWN_PERCENT = 20  # invoices of agents with recruits, of which they pass on
PASS_DOWN_PRICE_PERCENT = 110  # of what they paid


def numbered(name, rows):
    """ROWS in pieces that fit an event: (name, rows), (name-2, rows), ..."""
    for start in range(0, len(rows), LINES_MAX):
        piece = start // LINES_MAX + 1
        yield (name if piece == 1 else f"{name}-{piece}"), rows[start:start + LINES_MAX]


class SellIn:
    def __init__(self, draw, agent_of, recruits_of, matching, stock, gate, lot_of,
                 account, stream, facts):
        self._draw = draw
        self._agent_of = agent_of  # the agent that a reseller is
        self._recruits_of = recruits_of
        self._matching = matching
        self._stock = stock
        self._gate = gate
        self._lot_of = lot_of
        self._account = account
        self._stream = stream
        self._facts = facts
        # Money that the events put otherwise than the rows, by reason.
        self.differences = collections.Counter()
        self.credited = 0  # to agents, for goods given back

    def lines_of(self, rows):
        return [self._line(number, row.sku, row.qty, row.price)
                for number, row in enumerate(rows, 1)]

    def _line(self, number, sku, qty, price):
        return order_line(number, sku, qty, price, self._lot_of.get(sku, ""))

    # -------------------------------------------------------------------- buying

    def buy(self, invoice):
        agent = self._agent_of[invoice.customer]
        rest = []
        for place, row in enumerate(invoice.goods, 1):
            request = f"{invoice.number}-R{place}"
            if row.price and row.qty >= RESTOCK_UNITS and (
                    self._ask(invoice, request, agent, row)):
                self._issue(invoice, request, agent, [row], request)
            else:  # what the gate refuses was sold all the same
                rest.append(row)
        for transfer, rows in numbered(invoice.number, rest):
            self._issue(invoice, transfer, agent, rows, "")
        self._pass_down(invoice, agent)

    def _ask(self, invoice, request, agent, row):
        """Whether the gate will allow it."""
        rule = self._gate.ask(invoice.at, agent, row.sku, row.qty)
        self._stream.add(invoice.at, "restockRequested", {
            "request": request, "agent": agent, "sku": row.sku, "qty": str(row.qty),
            "unitPrice": str(row.price)}, refused=rule or None)
        return not rule

    def _issue(self, invoice, transfer, agent, rows, request):
        paid = sum(row.amount for row in rows)
        body = {"transfer": transfer, "to": {"agent": agent},
                "lines": self.lines_of(rows)}
        if paid:
            body.update(paid=str(paid), psp="invoice", pspTxn="I" + transfer)
        body["channel"] = "wholesale"
        if request:
            body["order"] = request
        self._stream.add(invoice.at, "stockIssued", body)
        self._facts.add(invoice.at, "issued", agent, rows, paid)
        for row in rows:
            aside = self._matching.units_back(row)
            self._stock.buy(invoice.at, agent, row.sku, row.qty, aside)
            self._account.place(row, Disposition.SELL_IN)

    def _pass_down(self, invoice, agent):
        """Half of the largest line that is free goes to somebody whom AGENT brought."""
        recruits = self._recruits_of.get(agent)
        if not recruits or (self._draw.percent("passes down", invoice.number)
                            >= PASS_DOWN_PERCENT):
            return
        paid = [row for row in invoice.goods if row.price]
        row = max(paid, key=lambda row: row.qty, default=None)
        units = row and min(row.qty, self._stock.free(agent, row.sku)) // 2
        if not units:
            return
        receiver = self._draw.one_of(recruits, "recruit", invoice.number)
        price = row.price * PASS_DOWN_PRICE_PERCENT // 100
        pushed = self._gate.pushes(invoice.at, receiver, row.sku, units)
        self._stock.pass_on(invoice.at, agent, receiver, row.sku, units)
        self._stream.add(invoice.at, "stockTransferred", {
            "transfer": invoice.number + "-D", "from": {"agent": agent},
            "to": {"agent": receiver}, "lines": [self._line(1, row.sku, units, price)]})
        self._facts.add(invoice.at, "passed", receiver, row.sku, units, price, pushed)

    # --------------------------------------------------------------- giving back

    def give_back(self, invoice):
        bought, unknown = [], []  # (sku, units, price)
        for row in invoice.goods:
            match = self._matching.of[row.number]
            for purchase, units in match.parts:
                bought.append((row.sku, units, purchase.price))
                self.credited += units * purchase.price
                self.differences["agents' returns credited at the price paid"] += (
                    units * (purchase.price - row.price))
            if match.rest:
                unknown.append((row.sku, match.rest, row.price))
            self._place(row, match)
        self._return(invoice, invoice.number, bought, None)
        self._return(invoice, invoice.number + "-U", unknown, "STOCK_INSUFFICIENT")

    def _place(self, row, match):
        if match.parts and match.rest:
            self.differences["agents' returns beyond their purchases"] -= (
                match.rest * row.price)
            self._account.place(row, Disposition.SELL_IN_RETURN_PART)
        elif match.parts:
            self._account.place(row, Disposition.SELL_IN_RETURN)
        else:
            self._account.place(row, Disposition.SELL_IN_RETURN_UNKNOWN)

    def _return(self, invoice, document, returned, refused):
        """One StockReturned.  REFUSED as expected by the matching is compared with what
        the simulated stock says; the two may never differ."""
        if not returned:
            return
        agent = self._agent_of[invoice.customer]
        units = collections.Counter()
        for sku, qty, _ in returned:
            units[sku] += qty
        if self._stock.give_back(invoice.at, agent, units) != (refused is None):
            raise AssertionError(f"{document}: the stock of {agent} says otherwise")
        lines = [self._line(number, *line) for number, line in enumerate(returned, 1)]
        self._stream.add(invoice.at, "stockReturned",
                         {"document": document, "agent": agent, "lines": lines,
                          "reason": "cancelled invoice"}, refused=refused)
        if not refused:
            self._facts.add(invoice.at, "returned", returned)
