"""Published cases (tests/cases) as their courts and authorities judged them, and how
persons and levels are counted: generator, daemon, export, report."""

import unittest

from report_client import Exported, tests_of

import america
import china
import counting
import europe
from case import ALL

Cases = type("Cases", (unittest.TestCase,), tests_of(america, china, counting, europe))


class SameBytes(unittest.TestCase):
    def test_a_report_that_is_made_again_has_the_same_bytes(self):
        with Exported(ALL["amway_1979"].stream().ordered()) as export:
            for form in ("json", "text", "html"):
                first, second = (export.command(
                    "pyramid", export.folder, "--pack", "cn,us,eu,science", "--format", form)
                                 for _ in range(2))
                self.assertEqual(first, second)


if __name__ == "__main__":
    unittest.main()
