"""Invoices of the data, and which of their rows can enter the book.

What needs no history is decided here: fees, write-offs, free goods, carriage.  Rows
that stay out are placed in the row account with their reason; the others are left on
their invoice for trade.py.
"""

import collections

from row_account import Disposition

CARRIAGE = {"POST", "DOT", "C2"}

NOT_GOODS = {
    "M": Disposition.MANUAL,
    "m": Disposition.MANUAL,
    "D": Disposition.DISCOUNT,
    "S": Disposition.SAMPLES,
    "BANK CHARGES": Disposition.BANK,
    "AMAZONFEE": Disposition.MARKETPLACE,
    "CRUK": Disposition.CHARITY,
    "B": Disposition.BAD_DEBT,
}

# Units of goods bought over the whole data; who bought as many is taken for a reseller.
RESELLER_UNITS = 1000

EU_2011 = {
    "Austria", "Belgium", "Cyprus", "Czech Republic", "Denmark", "EIRE",
    "European Community", "Finland", "France", "Germany", "Greece", "Italy",
    "Lithuania", "Malta", "Netherlands", "Poland", "Portugal", "Spain", "Sweden",
}


def fee_disposition(sku):
    """Where a row goes that is neither goods nor carriage; None for the others."""
    if sku.startswith("gift_"):
        return Disposition.VOUCHER
    return NOT_GOODS.get(sku)


def is_goods(sku):
    return sku not in CARRIAGE and fee_disposition(sku) is None


class Invoice:
    def __init__(self, first, reseller):
        self.number = first.invoice
        self.at = first.at  # 43 invoices span two times: the first counts
        self.customer = first.customer
        self.country = first.country
        self.reseller = reseller  # the customer is an agent who buys stock
        self.is_cancellation = first.is_cancellation
        self.rows = []
        self.goods = []  # rows that can enter the book
        self.carriage = []

    @property
    def has_free_goods(self):
        return any(row.price == 0 for row in self.goods)

    @property
    def channel(self):
        """Only the web shop charges DOT carriage; other orders go by country."""
        if any(row.sku == "DOT" for row in self.rows):
            return "web"
        if self.country in ("United Kingdom", "Channel Islands"):
            return "uk"
        return "eu" if self.country in EU_2011 else "world"


def find_resellers(rows):
    units = collections.Counter()
    for row in rows:
        if row.customer and row.qty > 0 and is_goods(row.sku):
            units[row.customer] += row.qty
    return {customer for customer, bought in units.items() if bought >= RESELLER_UNITS}


def group(rows, resellers):
    """The invoices in the order of their time, then of the file."""
    invoices = {}
    for row in rows:
        invoice = invoices.get(row.invoice)
        if invoice is None:
            invoice = invoices[row.invoice] = Invoice(row, row.customer in resellers)
        invoice.rows.append(row)
    return sorted(invoices.values(), key=lambda invoice: invoice.at)


def sift(invoice, account):
    """Split the rows of INVOICE into goods, carriage and what stays out."""
    if invoice.is_cancellation:
        sift_cancellation(invoice, account)
    else:
        sift_sale(invoice, account)


def sift_cancellation(invoice, account):
    for row in invoice.rows:
        fee = fee_disposition(row.sku)
        if fee is not None:
            account.place(row, fee)
        elif not row.customer:
            account.place(row, Disposition.RETURN_ANONYMOUS)
        elif row.sku not in CARRIAGE:
            invoice.goods.append(row)
        elif invoice.reseller:
            account.place(row, Disposition.SELL_IN_CARRIAGE)
        else:
            invoice.carriage.append(row)


def sift_sale(invoice, account):
    free = []
    for row in invoice.rows:
        fee = fee_disposition(row.sku)
        if row.qty < 0:
            account.place(row, Disposition.WRITE_OFF)
        elif fee is not None:
            account.place(row, fee)
        elif row.sku in CARRIAGE and row.price == 0:
            account.place(row, Disposition.CARRIAGE_FREE)
        elif row.sku in CARRIAGE:
            invoice.carriage.append(row)
        elif row.price > 0:
            invoice.goods.append(row)
        elif row.customer:
            free.append(row)
        else:
            account.place(row, Disposition.FOUND)
    settle_free_goods(invoice, free, account)
    settle_carriage(invoice, account)


def settle_free_goods(invoice, free, account):
    """A gift goes along with what was paid for; an order of gifts alone is no sale."""
    if invoice.goods:
        invoice.goods = sorted(invoice.goods + free)
        return
    for row in free:
        account.place(row, Disposition.FREE_ALONE)


def settle_carriage(invoice, account):
    if invoice.goods and not invoice.reseller:
        return
    reason = (Disposition.SELL_IN_CARRIAGE if invoice.goods
              else Disposition.CARRIAGE_ALONE)
    for row in invoice.carriage:
        account.place(row, reason)
    invoice.carriage = []


def prepare(rows, account):
    """(invoices in time order with their rows sifted, the set of resellers)"""
    resellers = find_resellers(rows)
    invoices = group(rows, resellers)
    for invoice in invoices:
        sift(invoice, account)
    return invoices, resellers
