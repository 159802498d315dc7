#!/usr/bin/python3
"""Tests of tools/import/compare_outcomes.py and compare_goods.py."""

import copy
import io
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tools", "import"))

import compare_goods  # noqa: E402
from compare_goods import HOLDER, MONTH, by_rule  # noqa: E402
from compare_outcomes import (  # noqa: E402
    BadInput, accepted_count, compare, cost_figures, listing, refused_counts)


class CompareOutcomes(unittest.TestCase):
    def test_what_is_no_list_of_refusals_is_an_error(self):
        for text in ("{", "[1]", '[{"rule":"A"}]', '[{"rule":"A","count":"x"}]'):
            with self.assertRaises(BadInput, msg=text):
                refused_counts(text)

    def test_a_status_without_its_count_is_an_error(self):
        for text in ("", "{", "{}", "[]", '{"accepted":"many"}'):
            with self.assertRaises(BadInput, msg=text):
                accepted_count(text)

    def test_a_count_that_differs_or_is_missing_is_marked(self):
        out = io.StringIO()
        self.assertFalse(compare({"A": 1, "B": 2}, {"A": 1, "B": 3}, out))
        self.assertRegex(out.getvalue(), r"B +2 +3  differs")
        self.assertFalse(compare({"A": 1}, {}, out))
        self.assertFalse(compare({}, {"A": 1}, out))

    def test_costs_that_are_none_are_an_error(self):
        for rows in ([1], [{}], [{"channel": "c", "level": 1, "earnings": "x",
                                  "accrued": "1", "reversed": "0"}]):
            with self.assertRaises(BadInput, msg=rows):
                cost_figures(rows, "p")

    def test_costs_of_other_plans_are_left_out(self):
        text = ('{"costs":[{"plan":"p","level":1,"channel":"c","earnings":"2",'
                '"accrued":"10","reversed":"1"},{"plan":"q","level":1,"channel":"c",'
                '"earnings":"9","accrued":"9","reversed":"9"}]}')
        self.assertEqual(cost_figures(listing(text), "p"), {
            "c level 1 earnings": 2, "c level 1 accrued": 10, "c level 1 reversed": 1})

    def test_equal_counts_pass(self):
        self.assertTrue(compare({"A": 1}, {"A": 1}, io.StringIO()))
        self.assertTrue(compare({}, {}, io.StringIO()))

    def test_all_shapes_of_a_listing_are_read(self):
        row = '{"rule":"A","count":"355"}'
        for text in (f"[{row}]", f'{{"size":"9","counts":[{row}]}}', row, row + "\n"):
            self.assertEqual(refused_counts(text), {"A": 355}, text)
        self.assertEqual(refused_counts(row + "\n" + row.replace("A", "B")),
                         {"A": 355, "B": 355})
        for text in ("", "[]", "{}", '{"counts":[]}', '{"size":"9"}'):
            self.assertEqual(refused_counts(text), {}, text)
        for text in ('{"accepted":"7"}', '[{"accepted":7}]'):
            self.assertEqual(accepted_count(text), 7)


GOODS = {
    "findings": {"TERRITORY": {"findings": 2, "times": 5}},
    "network": [{"period": "2011-01", **{name: 7 for name in MONTH}}],
    "holders": [{"agent": agent, **{name: 9 for name in HOLDER}, "aged": [1, 2]}
                for agent in "AB"]}

STOCK = {
    "network": {"rows": [
        {"period": "2011-01", **{name: "7" for name in MONTH.values()}}]},
    "holders": {"goods": [
        {"agent": agent, **{name: "9" for name in HOLDER.values()}, "aged": ["1", "2"]}
        for agent in "AB"]}}

FINDINGS = {"findings": [{"rule": "TERRITORY", "count": "2"},
                         {"rule": "TERRITORY", "count": "3"}]}


class CompareGoods(unittest.TestCase):
    def setUp(self):
        self.stock, self.found = copy.deepcopy(STOCK), copy.deepcopy(FINDINGS)
        self.out = io.StringIO()

    def compare(self):
        return compare_goods.compare(GOODS, self.stock, self.found, self.out)

    def test_what_is_no_list_of_findings_is_an_error(self):
        for rows in ([1], [{"rule": "A"}], [{"rule": "A", "count": "x"}]):
            with self.assertRaises(compare_goods.BadInput, msg=rows):
                by_rule(rows)

    def test_a_holder_without_a_figure_is_an_error(self):
        del self.stock["holders"]["goods"][1]["coverDays"]
        with self.assertRaises(compare_goods.BadInput):
            self.compare()

    def test_a_finding_too_many_or_found_too_often_is_marked(self):
        self.found["findings"][0]["count"] = "3"
        self.assertFalse(self.compare())
        self.assertRegex(self.out.getvalue(), r"TERRITORY +2 +2 +5 +6  differs")
        self.found["findings"] = FINDINGS["findings"][:1]
        self.assertFalse(self.compare())

    def test_a_rule_that_nobody_predicted_is_marked(self):
        self.found["findings"].append({"rule": "GOODS_CYCLE", "count": "1"})
        self.assertFalse(self.compare())
        self.assertRegex(self.out.getvalue(), r"GOODS_CYCLE +0 +1 +0 +1  differs")

    def test_a_figure_that_differs_is_named(self):
        self.stock["network"]["rows"][0]["sold"] = "8"
        self.stock["holders"]["goods"][1]["aged"] = ["1", "3"]
        self.assertFalse(self.compare())
        self.assertIn("2011-01 sold: predicted 7, found 8", self.out.getvalue())
        self.assertIn("B aged: predicted [1, 2], found [1, 3]", self.out.getvalue())

    def test_a_holder_who_is_missing_or_in_another_place_is_named(self):
        self.stock["holders"]["goods"].reverse()
        self.assertFalse(self.compare())
        self.assertIn("predicted A, B; found B, A", self.out.getvalue())
        self.stock["holders"]["goods"] = []
        self.assertFalse(self.compare())

    def test_equal_figures_pass(self):
        self.assertTrue(self.compare())
        self.assertIn("of 1 months and 2 holders", self.out.getvalue())


if __name__ == "__main__":
    unittest.main()
