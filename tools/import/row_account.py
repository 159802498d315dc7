"""What became of every row: the account that must come out even.

A row is placed exactly once.  The sums over all dispositions are compared with sums
taken while reading, and with what is known of the published data.
"""

import collections
import enum

IMPORTED = "imported"
IN_PART = "imported in part"
REFUSED = "sent, refusal expected"
SKIPPED = "skipped"


class Disposition(enum.Enum):
    """(outcome, what it became or why not)"""

    SELL_IN = IMPORTED, "goods bought by an agent: line of StockIssued"
    SELL_IN_RETURN = IMPORTED, "goods given back by an agent: line of StockReturned"
    RETAIL_BRAND = IMPORTED, "retail from the brand's supply: line of SaleRecorded"
    RETAIL_HOLDER = IMPORTED, "retail from an agent's stock: line of SaleRecorded"
    RETAIL_SHIPPING = IMPORTED, "carriage of a retail order: shipping of SaleRecorded"
    REFUND = IMPORTED, "retail return: RefundApproved"
    SHIPPING_REFUND = IMPORTED, "carriage given back: RefundApproved of line 0"

    SELL_IN_RETURN_PART = (
        IN_PART, "agent's return larger than his purchases: rest sent, to be refused")
    REFUND_PART = IN_PART, "retail return larger than the purchases: rest left out"
    SHIPPING_REFUND_PART = IN_PART, "carriage given back beyond what was paid"

    SELL_IN_RETURN_UNKNOWN = (
        REFUSED, "agent's return without a purchase: STOCK_INSUFFICIENT")
    REFUND_UNKNOWN_SENT = (
        REFUSED, "retail return without a purchase, one in ten: ORDER_UNKNOWN")

    REFUND_UNKNOWN = SKIPPED, "retail return without a purchase in the data"
    RETURN_ANONYMOUS = SKIPPED, "return by an unknown customer: nothing to match"
    WRITE_OFF = SKIPPED, "write-off without a warehouse count"
    FOUND = SKIPPED, "goods at price 0 without a customer: found or corrected stock"
    FREE_ALONE = SKIPPED, "free goods on an invoice without paid goods"
    SELL_IN_CARRIAGE = SKIPPED, "carriage of a sell-in: StockIssued carries goods only"
    CARRIAGE_ALONE = SKIPPED, "carriage without goods on the invoice"
    CARRIAGE_FREE = SKIPPED, "carriage at price 0: nothing to record"
    CARRIAGE_REFUND_UNKNOWN = SKIPPED, "carriage given back, none in the data"
    MANUAL = SKIPPED, "manual entry (M): no goods named"
    DISCOUNT = SKIPPED, "discount (D): no order named"
    SAMPLES = SKIPPED, "samples (S): no goods named"
    BANK = SKIPPED, "bank charges: not trade with goods"
    MARKETPLACE = SKIPPED, "marketplace fee (AMAZONFEE): not trade with goods"
    CHARITY = SKIPPED, "charity commission (CRUK): not trade with goods"
    VOUCHER = SKIPPED, "gift voucher: money held, not goods"
    BAD_DEBT = SKIPPED, "bad debt adjustment (B): not trade with goods"

    @property
    def outcome(self):
        return self.value[0]

    @property
    def text(self):
        return self.value[1]


# Of the published files, measured once and for all: rows, and thousandths of a pound.
# "gross" is every line above 0, "returned" every line with a negative quantity,
# "adjusted" the lines with a negative price.
KNOWN = {
    "full": {"rows": 541909, "gross": 10666684544, "returned": -896812490,
             "adjusted": -22124120, "net": 9747747934},
    "sample": {"rows": 5000, "gross": 70299500, "returned": -1491030,
               "adjusted": 0, "net": 68808470},
}


def measure(rows):
    """The sums of KNOWN, taken from the rows alone."""
    return {
        "rows": len(rows),
        "gross": sum(row.amount for row in rows if row.amount > 0),
        "returned": sum(row.amount for row in rows if row.qty < 0),
        "adjusted": sum(row.amount for row in rows if row.price < 0),
        "net": sum(row.amount for row in rows),
    }


class RowAccount:
    def __init__(self, rows):
        self._read = measure(rows)
        self._placed = bytearray(len(rows))
        self._count = collections.Counter()
        self._money = collections.Counter()

    def place(self, row, disposition):
        if self._placed[row.number]:
            raise AssertionError(f"row {row.number} is placed twice")
        self._placed[row.number] = 1
        self._count[disposition] += 1
        self._money[disposition] += row.amount

    def totals(self):
        """(disposition, rows, money) in the order of the enum, without empty ones."""
        return [(which, self._count[which], self._money[which])
                for which in Disposition if self._count[which]]

    def money_of(self, *dispositions):
        return sum(money for which, _, money in self.totals() if which in dispositions)

    def checks(self, known):
        """(what, expected, found): rows and money placed, read, and known before."""
        read = self._read
        totals = self.totals()
        result = [
            ("rows placed, of rows read", read["rows"], sum(n for _, n, _ in totals)),
            ("money placed, of money read", read["net"], sum(m for _, _, m in totals)),
        ]
        for name, value in known.items():
            result.append((f"{name} of the published file", value, read[name]))
        return result
