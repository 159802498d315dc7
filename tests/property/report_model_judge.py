"""Verdicts from figures: src/rules/RULES.md, plainly.

The figures are those that a report shows (test_report.py compares them with the model by
themselves); rules are read from the packs, and what becomes of them is worked out again.
"""

import datetime
import glob
import json
import os
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
PACKS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "src", "rules", "packs")
EPOCH = datetime.date(1970, 1, 1)
COMPARISONS = dict(ABOVE=lambda a, b: a > b, AT_LEAST=lambda a, b: a >= b,
                   BELOW=lambda a, b: a < b, AT_MOST=lambda a, b: a <= b)


def rules():
    """Of all packs that are built in, by their names."""
    found = {}
    for path in glob.glob(os.path.join(PACKS, "*.json")):
        with open(path, encoding="utf-8") as file:
            found |= {rule["id"]: rule for rule in json.load(file)["rules"]}
    return found


def day_of(text, absent):
    return (datetime.date.fromisoformat(text) - EPOCH).days if text else absent


class Judge:
    """Of one report; FACTS are those that count, HAS_LICENCE says whether the log has one.
    MEASURED: (rule, number of the condition) -> (readings, population, unit)."""

    def __init__(self, book, facts, has_licence, measured):
        self.book, self.has_licence, self.measured = book, has_licence, measured
        days = [fact.day for fact in facts]
        self.extent = (min(days), max(days) + 1) if days else None
        self.rules, self.words = rules(), {}

    def in_force(self, rule):
        """How many days of the extent the rule was in force."""
        first = max(day_of(rule.get("validFrom"), -10**9), self.extent[0])
        return min(day_of(rule.get("validTo"), 10**9), self.extent[1]) - first

    def word(self, name):
        if name not in self.words:
            self.words[name] = self.judge(self.rules[name])
        return self.words[name]

    def judge(self, rule):
        if rule.get("currency", self.book["currency"]) != self.book["currency"]:
            return "NOT_APPLICABLE"
        if rule.get("requiresMark") and not self.has_licence:
            return "NOT_APPLICABLE"
        if not self.extent:
            return "INSUFFICIENT"
        if self.in_force(rule) <= 0:
            return "NOT_APPLICABLE"
        every = rule.get("all", []) + rule.get("any", [])
        words = [self.condition(rule, condition, number)
                 for number, condition in enumerate(every)]
        n = len(rule.get("all", []))
        if words[n:]:
            words[n:] = [worst(words[n:], "MET", "AT_RISK", "INSUFFICIENT", "NOT_MET")]
        return worst(words, "NOT_MET", "INSUFFICIENT", "AT_RISK", "MET")

    def condition(self, rule, condition, number):
        if condition.get("rule"):
            word, named = self.word(condition["rule"]), condition["is"]
            if word == "INSUFFICIENT" and word not in named:
                return word
            return "MET" if word in named else "NOT_MET"
        readings, population, is_amount = self.measured[rule["id"], number]
        threshold = Fraction(int(condition.get("numerator", 0)),
                             int(condition.get("denominator", 1)))
        if is_amount:
            threshold *= 10**self.book["exponent"]
        is_element = (rule["force"] in ("STATUTE", "INTERPRETATION") and
                      condition["comparison"] == "ABOVE" and threshold == 0)
        values = [Fraction(n, d) for state, n, d in readings if state == "KNOWN"]
        if not values:
            return "INSUFFICIENT"
        if not is_element and (population < rule.get("minimumPopulation", 0) or
                               self.in_force(rule) < rule.get("minimumDays", 0)):
            return "INSUFFICIENT"
        holds = [COMPARISONS[condition["comparison"]](value, threshold) for value in values]
        if all(holds):
            return "MET"
        margin = threshold * int(condition.get("marginPpm", 0)) / 10**6
        near = any(abs(value - threshold) < margin for value in values)
        return "AT_RISK" if any(holds) or near else "NOT_MET"


def worst(words, *order):
    return next(word for word in order if word in words)
