"""The converter's figures of goods, compared with those of goods_simulation.py."""

import collections
import math
import unittest
from fractions import Fraction

from goods_simulation import day_of


def share(part, whole):
    return math.floor(Fraction(part * 1000000, whole)) if whole > 0 else -1


class GoodsFigures(unittest.TestCase):
    def compare_goods(self, goods, expected):
        self.assertEqual(goods.findings(), expected["findings"])
        months = goods.network()
        self.assertEqual([row["period"] for row in expected["network"]], sorted(months))
        for row in expected["network"]:
            month = months[row["period"]]
            self.assertEqual(row["sell_through_ppm"], share(
                max(0, month["sold"]), month["issued"] - month["returned"]))
            for what in ("issued", "returned", "passed", "sold", "retail"):
                self.assertEqual(row[what], month[what], row["period"])
        self.compare_holders(goods, expected)

    def compare_holders(self, goods, expected):
        goods.today = day_of(expected["today"])
        units = collections.Counter()
        for (agent, sku) in goods.moves:
            units[agent] += goods.stock(agent, sku)
        self.assertEqual([row["stock"] for row in expected["holders"]],
                         [most for _, most in units.most_common(10)])
        days = expected["holders_window"]
        for row in expected["holders"]:
            found = goods.holder(row["agent"], days)
            self.assertEqual(row["aged"], [found["aged", age] for age in range(5)])
            self.assertEqual(row["open"], found["to_sell"] - found["received"])
            self.assertEqual(row["sell_through_ppm"],
                             share(found["sold"], found["to_sell"]))
            self.assertEqual(row["cover_days"], found["stock"] * days // found["sold"]
                             if found["sold"] else -1)
            for what in ("stock", "received", "sold", "passed", "value"):
                self.assertEqual(row[what], found[what], what)
