#!/usr/bin/python3
"""Tests of what the demo knows of money: tools/import/{commission,bank,compare_balances}."""

import collections
import csv
import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tools", "import"))

import bank  # noqa: E402
import compare_balances  # noqa: E402
from commission import Commission, split  # noqa: E402
from plan import RATES_PPM  # noqa: E402


class Shares(unittest.TestCase):
    def test_the_pool_is_divided_whole(self):
        self.assertEqual(split(19900, (125000, 25000)), [2488, 497])
        self.assertEqual(split(125, (100000, 50000, 20000)), [13, 6, 2])
        self.assertEqual(split(124, (100000, 50000, 20000)), [12, 6, 3])

    def test_shares_never_differ_from_the_pool_or_by_a_unit_from_their_own(self):
        for base in range(3000):
            shares = split(base, RATES_PPM)
            self.assertEqual(sum(shares), base * 150000 // 1000000)
            for share, rate in zip(shares, RATES_PPM):
                self.assertLess(abs(share * 1000000 - base * rate), 1000000)

    def commission(self):
        return Commission({"a": "b", "b": ""}, (125000, 25000))

    def test_what_nobody_gets_is_no_cost(self):
        commission = self.commission()
        commission.sale("1", "b", "uk", [19900])
        self.assertEqual(commission.costs(), [
            {"level": 1, "channel": "uk", "earnings": 1, "accrued": 2488,
             "reversed": 0}])
        self.assertEqual((commission.pool, commission.unassigned), (2985, 497))
        self.assertEqual(*commission.check()[1:])

    def test_refunds_in_any_parts_take_back_the_same(self):
        taken = set()
        for parts in ((9950,), (1, 9949), (3333, 3333, 3284), (9949, 1)):
            commission = self.commission()
            commission.sale("1", "a", "uk", [19900])
            for part in parts:
                commission.refund("1", 1, part)
            taken.add(tuple(cost["reversed"] for cost in commission.costs()))
        self.assertEqual(taken, {(2488 - 1244, 497 - 248)})

    def test_lines_that_pay_nothing_give_nothing_back(self):
        commission = self.commission()
        commission.sale("1", "a", "uk", [0, 5])
        commission.refund("other", 1, 100)
        commission.refund("1", 0, 100)
        commission.refund("1", 1, 0)
        self.assertEqual(commission.costs(), [])


class Bank(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def statement(self, payouts):
        arguments = ["--state", self.path("state"), "--out", self.path("out")]
        if payouts:
            with open(self.path("file"), "w", encoding="utf-8") as out:
                writer = csv.DictWriter(out, ("payout", "net"))
                writer.writeheader()
                writer.writerows({"payout": name, "net": "1.50"} for name in payouts)
            arguments += ["--file", self.path("file")]
        self.assertEqual(bank.main(arguments), 0)
        with open(self.path("out"), newline="", encoding="utf-8") as text:
            return list(csv.DictReader(text))

    def test_every_payout_comes_to_an_end_and_only_once(self):
        names = [f"P{number}" for number in range(4000)]
        first, second, third = (self.statement(names), self.statement([]),
                                self.statement([]))
        self.assertEqual(third, [])
        ends = collections.Counter(row["status"] for row in first + second)
        self.assertGreater(min(ends["failed"], ends["returned"]), 10)
        self.assertEqual(ends["failed"] + ends["settled"], 4000)
        self.assertLess(len(first), 4000)
        self.assertEqual({row["request_no"] for row in first + second}, set(names))
        settled = {row["request_no"] for row in first if row["status"] == "settled"}
        for row in second:
            self.assertEqual(row["status"] == "returned", row["request_no"] in settled)

    def test_the_same_payouts_have_the_same_fate(self):
        names = [f"P{number}" for number in range(300)]
        first = self.statement(names)
        os.remove(self.path("state"))
        self.assertEqual(self.statement(names), first)


class Balances(unittest.TestCase):
    TRIAL = [{"name": "bank", "kind": "asset", "balance": "12345"},
             {"name": "escrow", "kind": "liability", "balance": "-12345"}]

    def read(self, rows, exponent=3):
        with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as out:
            out.write("\n".join(['"account","balance"', *rows]) + "\n")
            out.flush()
            return compare_balances.read_hledger(out.name, exponent)

    def test_amounts_are_exact(self):
        for text, exponent, value in (("12.345 GBP", 3, 12345), ("-0.001 GBP", 3, -1),
                                      ("0", 3, 0), ("1,000.5 GBP", 3, 1000500),
                                      ("-7. JPY", 0, -7), ("7 JPY", 0, 7)):
            self.assertEqual(compare_balances.minor_units(text, exponent), value, text)
        with self.assertRaises(ValueError):
            compare_balances.minor_units("1.2345 GBP", 3)

    def test_names_come_decoded(self):
        found = self.read(['"assets:bank:%20a%3Ab","1.000 GBP"',
                           '"assets:bank:%","2.000 GBP"'])
        self.assertEqual(found, {("asset", "bank", " a:b"): 1000,
                                 ("asset", "bank", ""): 2000})

    def test_a_balance_that_differs_is_named(self):
        good = {("asset", "bank", "a"): 12345, ("liability", "escrow", "1"): -12000,
                ("liability", "escrow", "2"): -345}
        owners = [{"name": "bank", "owner": "a", "balance": "12345"},
                  {"name": "bank", "owner": "empty", "balance": "0"}]
        self.assertEqual(compare_balances.compare(good, self.TRIAL, owners), [])
        bad = dict(good)
        bad["liability", "escrow", "2"] = -344
        self.assertEqual(compare_balances.compare(bad, self.TRIAL, owners),
                         [("escrow", -12344, -12345)])
        bad = dict(good)
        bad["asset", "bank", "b"] = bad.pop(("asset", "bank", "a"))
        self.assertEqual(compare_balances.compare(bad, self.TRIAL, owners),
                         [("bank a", 0, 12345)])
        bad = {**good, ("income", "other", "x"): 5}
        self.assertEqual(compare_balances.compare(bad, self.TRIAL, owners),
                         [("other", 5, 0)])


if __name__ == "__main__":
    unittest.main()
