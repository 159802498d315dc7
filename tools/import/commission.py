"""What the plan makes of the trade, worked out here and not asked of the daemon: a
second opinion, to which the book's cost of commission is compared unit by unit.

A line that the brand ships pays its seller and the seller's sponsor: the pool is the
sum of both rates rounded down, each gets his own rounded down, and what is left goes to
the larger remainders, the earlier level first.  What a refund leaves of a share is
share * (amount - refunded) / amount, rounded down.
"""

import collections

PPM = 1000000


def split(base, rates):
    """Largest remainder over RATES of BASE."""
    shares = [base * rate // PPM for rate in rates]
    left = base * sum(rates) // PPM - sum(shares)
    by_remainder = sorted(range(len(rates)),
                          key=lambda level: (-(base * rates[level] % PPM), level))
    for level in by_remainder[:left]:
        shares[level] += 1
    return shares


class Line:
    def __init__(self, amount, channel, shares):
        self.amount = amount
        self.channel = channel
        self.shares = shares  # by level; None where nobody is
        self.refunded = 0

    def retained(self, share):
        return share * (self.amount - self.refunded) // self.amount


class Commission:
    def __init__(self, sponsor_of, rates):
        self._sponsor_of = sponsor_of
        self._rates = rates
        self._lines = {}  # by (order, line)
        self.pool = 0  # of all lines
        self.unassigned = 0
        self.earnings = collections.Counter()  # by (level, channel)
        self.accrued = collections.Counter()
        self.reversed = collections.Counter()

    def _people(self, seller):
        person = seller
        for _ in self._rates:
            yield person
            person = self._sponsor_of.get(person, "")

    def sale(self, order, seller, channel, amounts):
        """AMOUNTS of the goods' lines, from line 1 on, shipped by the brand."""
        people = list(self._people(seller))
        for number, amount in enumerate(amounts, 1):
            shares = split(amount, self._rates)
            self.pool += sum(shares)
            for level, person in enumerate(people):
                if not person:
                    self.unassigned += shares[level]
                    shares[level] = None
                elif shares[level]:
                    self.earnings[level + 1, channel] += 1
                    self.accrued[level + 1, channel] += shares[level]
            self._lines[order, number] = Line(amount, channel, shares)

    def refund(self, order, number, amount):
        """Of a line that pays nothing: nothing."""
        line = self._lines.get((order, number))
        if line is None or not amount:
            return
        before = [line.retained(share or 0) for share in line.shares]
        line.refunded += amount
        for level, share in enumerate(line.shares):
            if share:
                self.reversed[level + 1, line.channel] += (
                    before[level] - line.retained(share))

    def costs(self):
        return [{"level": level, "channel": channel, "earnings": count,
                 "accrued": self.accrued[level, channel],
                 "reversed": self.reversed[level, channel]}
                for (level, channel), count in sorted(self.earnings.items())]

    def check(self):
        return ("commission accrued and unassigned, of the pools", self.pool,
                sum(self.accrued.values()) + self.unassigned)
