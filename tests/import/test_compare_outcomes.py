#!/usr/bin/python3
"""Tests of tools/import/compare_outcomes.py."""

import io
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tools", "import"))

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


if __name__ == "__main__":
    unittest.main()
