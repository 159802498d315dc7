"""Invoices become events: what consumers buy, who sells it to them, and what they send
back.  What agents buy is in sell_in.py.

The rules are in README.md; their numbers stand here.
"""

import collections

from agent_stock import DAY
from event_stream import rfc3339
from goods_prediction import Order
from invoices import is_goods
from row_account import Disposition
from sell_in import numbered

SELLING_AGENTS_PERCENT = 70  # the others never pass on what they bought
HOLDER_TRIES_PERCENT = 90  # retail invoices that look for an agent with the goods
AT_ONCE_PERCENT = 30  # brand-shipped orders received the moment they are paid
RECEIPT_DAYS_MAX = 7  # the others are received after 1 to 7 days
LATE_PERCENT = 1  # receipts that are told a day late
REFUND_PAID_AFTER = 2 * DAY
UNKNOWN_SENT_PERCENT = 10  # retail returns without a purchase that are sent anyway


def units_of(rows):
    return sum(row.qty for row in rows)


class Trade:
    def __init__(self, draw, agents, matching, stock, sell_in, scans, account,
                 commission, stream, facts):
        self._draw = draw
        self._agents = agents  # who may be a seller
        self._matching = matching
        self._stock = stock
        self._sell_in = sell_in
        self._scans = scans
        self._account = account
        self._commission = commission
        self._stream = stream
        self._facts = facts
        self._sold_as = {}  # number of a retail row: (order, line, holder or "")
        self._end = 0
        # Money that the events leave out or put otherwise than the rows, by reason.
        self.differences = collections.Counter()

    def run(self, invoices):
        self._end = max((invoice.at for invoice in invoices), default=0)
        for invoice in invoices:
            if invoice.is_cancellation:
                act = self._sell_in.give_back if invoice.reseller else self._refund
            else:
                act = self._sell_in.buy if invoice.reseller else self._sell
            act(invoice)

    def _sell(self, invoice):
        if not invoice.goods:
            return
        holder, held = self._find_holder(invoice)
        chosen = {row.number for row in held}
        rest = [row for row in invoice.goods if row.number not in chosen]
        who = invoice.customer or invoice.number
        seller = self._draw.one_of(self._agents, "seller", who)
        carriage = invoice.carriage
        for order, rows in numbered(invoice.number, rest):
            self._record_sale(invoice, order, rows, carriage, seller, "")
            carriage = []
        for order, rows in numbered(invoice.number + "-H", held):
            self._record_sale(invoice, order, rows, carriage, holder, holder)
            carriage = []

    def _find_holder(self, invoice):
        """An agent who ships part of INVOICE from stock, and the rows that he ships:
        ("", []) if none does.  Asked is for the largest line that anybody asked has;
        of those who have it, the one who can ship most of the invoice gets it."""
        if (invoice.has_free_goods or
                self._draw.percent("holder", invoice.number) >= HOLDER_TRIES_PERCENT):
            return "", []
        start = self._draw.number("stockist", invoice.number)
        for row in sorted(invoice.goods, key=lambda row: (-row.qty, row.number)):
            agents = self._stock.candidates(row.sku, row.qty, start)
            if agents:
                offers = [(agent, self._offer(agent, invoice)) for agent in agents]
                agent, held = max(offers, key=lambda offer: units_of(offer[1]))
                for mine in held:
                    self._stock.sell(invoice.at, agent, mine.sku, mine.qty,
                                     bool(invoice.customer))
                return agent, held
        return "", []

    def _offer(self, agent, invoice):
        """The rows of INVOICE that AGENT has in full, the first ones first."""
        left, held = {}, []
        for row in invoice.goods:
            free = left.get(row.sku, self._stock.free(agent, row.sku))
            if free >= row.qty:
                left[row.sku] = free - row.qty
                held.append(row)
        return held

    def _record_sale(self, invoice, order, rows, carriage, seller, holder):
        shipping = sum(row.amount for row in carriage)
        body = {
            "order": order, "kind": "RETAIL", "seller": seller,
            "buyer": invoice.customer, "channel": invoice.channel,
            "region": invoice.country,
            "fulfilment": "HOLDER_SHIP" if holder else "BRAND_SHIP",
            "lines": self._sell_in.lines_of(rows), "shipping": str(shipping),
            "paid": str(shipping + sum(row.amount for row in rows)),
            "psp": "card", "pspTxn": "T" + order}
        if not invoice.customer:
            del body["buyer"]
        if not shipping:
            del body["shipping"]
        at_once = self._draw.percent("at once", order) < AT_ONCE_PERCENT
        if holder or at_once:
            body["deliveredAt"] = rfc3339(invoice.at)
        self._stream.add(invoice.at, "saleRecorded", body)
        self._facts.add(invoice.at, "ordered", order,
                        Order(seller, holder, invoice.customer, rows), invoice.channel,
                        invoice.country, "deliveredAt" in body)
        self._remember(order, rows, carriage, holder)
        if holder:
            self._scans.sold(invoice, order, rows, holder)
        if not holder:
            self._commission.sale(order, seller, invoice.channel,
                                  [row.amount for row in rows])
        if not holder and not at_once:
            self._confirm_receipt(invoice, order, rows)

    def _remember(self, order, rows, carriage, holder):
        kind = Disposition.RETAIL_HOLDER if holder else Disposition.RETAIL_BRAND
        for line, row in enumerate(rows, 1):
            self._sold_as[row.number] = order, line, holder
            self._account.place(row, kind)
        for row in carriage:
            self._sold_as[row.number] = order, 0, ""
            self._account.place(row, Disposition.RETAIL_SHIPPING)

    def _confirm_receipt(self, invoice, order, rows):
        days = 1 + self._draw.number("receipt", order) % RECEIPT_DAYS_MAX
        at = send_at = invoice.at + days * DAY
        if self._draw.percent("late", order) < LATE_PERCENT:
            send_at += DAY
        backs = [(back_at, units) for row in rows
                 for back_at, units in self._matching.back.get(row.number, ())]
        same_day = sum(units for back_at, units in backs
                       if back_at // DAY == invoice.at // DAY)
        later = [back_at for back_at, _ in backs if back_at // DAY != invoice.at // DAY]
        if later:  # what comes back has arrived, whatever was drawn
            at, send_at = min(at, *later), min(send_at, *later)
        if same_day == units_of(rows) or send_at > self._end:
            return  # nothing left to arrive, or on its way when the data ends
        method = "AUTO" if days == RECEIPT_DAYS_MAX else ("USER", "CARRIER")[days % 2]
        self._stream.add(at, "receiptConfirmed", {"order": order, "method": method},
                         send_at=send_at)
        self._facts.add(at, "received", order, send_at=send_at)

    def _refund(self, invoice):
        count = 0
        for row in invoice.goods + invoice.carriage:
            match = self._matching.of[row.number]
            for purchase, units in match.parts:
                count += 1
                refund = f"{invoice.number}-{count}"
                self._approve(invoice, refund, row, purchase, units)
            self._place_refund(invoice, row, match)

    def _approve(self, invoice, refund, row, purchase, units):
        """Give back UNITS at the price of the return, never above the price paid."""
        order, line, holder = self._sold_as[purchase.number]
        amount = units * min(row.price, purchase.price)
        self.differences["returns priced above the purchase"] -= (
            units * row.price - amount)
        body = {"refund": refund, "order": order, "reason": "cancelled invoice"}
        if amount:
            body["amount"] = str(amount)
        if line:
            body["line"] = line
            body["qty"] = str(units)
        if holder:
            body["restockTo"] = {"agent": holder}
            self._stock.take_back(invoice.at, holder, row.sku, units)
        self._stream.add(invoice.at, "refundApproved", body)
        if line:
            self._facts.add(invoice.at, "refunded", order, line, units)
        self._commission.refund(order, line, amount)
        paid_at = invoice.at + REFUND_PAID_AFTER
        if amount and paid_at <= self._end:
            self._stream.add(paid_at, "refundPaid",
                             {"refund": refund, "psp": "card", "pspRef": "P" + refund})

    def _place_refund(self, invoice, row, match):
        goods = is_goods(row.sku)
        if match.parts and match.rest:
            self.differences["retail returns beyond the purchases"] -= (
                match.rest * row.price)
            which = (Disposition.REFUND_PART if goods
                     else Disposition.SHIPPING_REFUND_PART)
        elif match.parts:
            which = Disposition.REFUND if goods else Disposition.SHIPPING_REFUND
        elif not goods:
            which = Disposition.CARRIAGE_REFUND_UNKNOWN
        elif self._draw.percent("unknown", row.number) < UNKNOWN_SENT_PERCENT:
            which = Disposition.REFUND_UNKNOWN_SENT
            self._claim_unknown(invoice, row)
        else:
            which = Disposition.REFUND_UNKNOWN
        self._account.place(row, which)

    def _claim_unknown(self, invoice, row):
        """The customer sends back what he bought before the book was opened."""
        self._stream.add(invoice.at, "refundApproved", {
            "refund": f"{invoice.number}-U{row.number}",
            "order": f"before-{invoice.customer}", "line": 1,
            "amount": str(-row.amount), "qty": str(-row.qty),
            "reason": "bought before the data begins"}, refused="ORDER_UNKNOWN")
