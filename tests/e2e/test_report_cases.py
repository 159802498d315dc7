"""Published cases (tests/cases) as their courts and authorities judged them, end to end:
generator, daemon, export, report."""

import unittest

from report_client import Exported, figures, verdicts

import america                                                      # noqa: F401
import china                                                        # noqa: F401
import counting                                                     # noqa: F401
import europe                                                       # noqa: F401
from case import ALL


def both_readings(expected):
    """Of figures that are given once for both readings, or for each."""
    return expected if isinstance(expected[0], tuple) else (expected, expected)


class Cases(unittest.TestCase):
    def judged(self, case):
        with Exported(case.stream().ordered()) as export:
            report = export.pyramid(case.packs, *case.options)
        found = verdicts(report)
        wrong = [(rule, words, found.get(rule)) for rule, words in case.verdicts.items()
                 if found.get(rule) not in ((words,) if isinstance(words, str) else words)]
        measured = figures(report)
        for metric, expected in case.figures.items():
            known = tuple(("KNOWN", *ratio) for ratio in both_readings(expected))
            if measured.get(metric) != known:
                wrong.append((metric, known, measured.get(metric)))
        self.assertEqual(wrong, [], "(what, expected, found)")


def add_test(case):
    def test(self):
        self.judged(case)
    test.__doc__ = f"{case.name}, generator {case.version}, seed {case.seed}"
    setattr(Cases, f"test_{case.name}", test)


for one in ALL.values():
    add_test(one)


if __name__ == "__main__":
    unittest.main()
