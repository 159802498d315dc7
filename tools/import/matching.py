"""Which purchase a return takes back.

A cancellation does not name the invoice that it cancels.  So the units of a return
are taken from the earlier purchases of the same customer and the same code, oldest
first, until they are covered or no purchase is left.
"""

import collections


class Match:
    """What one row of a cancellation takes back."""

    def __init__(self, parts, rest):
        self.parts = parts  # (row of the purchase, units), oldest purchase first
        self.rest = rest  # units without a purchase in the data


class Matching:
    def __init__(self):
        self.of = {}  # number of the return's row: Match
        # By number of the purchase's row: (time, units) of what comes back.
        self.back = collections.defaultdict(list)

    def units_back(self, purchase):
        return sum(units for _, units in self.back.get(purchase.number, ()))


def take(open_purchases, wanted):
    """Take WANTED units from the front of a deque of [row, units left]."""
    parts = []
    while wanted and open_purchases:
        entry = open_purchases[0]
        units = min(wanted, entry[1])
        parts.append((entry[0], units))
        wanted -= units
        entry[1] -= units
        if not entry[1]:
            open_purchases.popleft()
    return Match(parts, wanted)


def match_returns(invoices):
    """Match the sifted INVOICES, which come in time order."""
    purchases = collections.defaultdict(collections.deque)
    matching = Matching()
    for invoice in invoices:
        for row in invoice.goods + invoice.carriage:
            key = row.customer, row.sku
            if not invoice.is_cancellation:
                if row.customer:
                    purchases[key].append([row, row.qty])
                continue
            match = matching.of[row.number] = take(purchases[key], -row.qty)
            for purchase, units in match.parts:
                matching.back[purchase.number].append((invoice.at, units))
    return matching
