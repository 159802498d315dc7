"""Every rule that a stream can drive, at, below and above its number: tests/cases,
thresholds.py."""

import unittest

from report_client import tests_of

import thresholds

Edges = type("Edges", (unittest.TestCase,), tests_of(thresholds))


if __name__ == "__main__":
    unittest.main()
