#!/usr/bin/python3
"""The core against a naive model, over random streams of events.

SEED=  the first seed (default: drawn, and printed)      N=  streams (200)
LENGTH=  events of a stream (120)
BOOKS_DRIVER= the program (build/tests/books_driver)

A stream that breaks a property is cut down to what is needed and printed as JSON
lines, ready for the driver.
"""

import collections
import os
import random
import re
import sys
import time

import driver
import properties
import scenarios
import scenarios_buyback
import scenarios_goods
import scenarios_large
import scenarios_verified
import worked_example
import worked_goods
from streams import to_json
from worlds_goods import a_stream

SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
N = int(os.environ.get("N", 200))
LENGTH = int(os.environ.get("LENGTH", 120))
FAILURES_SHOWN = 6
SHRINK_SECONDS = 60

# Rules that no stream can meet, and why.
NEVER = {"AGENT_EXISTS": "who enrols twice meets the key first: DUPLICATE or CONFLICT",
         "HOLD_STATE": "a second release has the key of the first: CONFLICT"}

# Each property runs on every so many streams; they cost several runs of the driver each.
EVERY = {"agreement": 1, "soundness": 4, "duplicates": 4, "refused_leave_no_trace": 8,
         "undo": 8, "noise": 8, "independence": 8, "refunds": 2, "the_past_stays": 4,
         "large_amounts": 4, "bought_back": 4}


class Report:
    def __init__(self):
        self.runs = collections.Counter()
        self.failures = collections.Counter()
        self.shown = set()

    def add(self, name, seed, wrong, events):
        self.runs[name] += 1
        if wrong is None:
            return
        self.failures[name] += 1
        kind = kind_of(wrong)
        if len(self.shown) < FAILURES_SHOWN and kind not in self.shown:
            self.shown.add(kind)
            if events is not None:
                events = shrink(name, seed, events)
                wrong = holds(name, seed, events)
            self.show(name, seed, wrong, events)

    def show(self, name, seed, wrong, events):
        print(f"\nFAILED {name}, SEED={seed}: {wrong}", flush=True)
        if events is not None:
            print("The smallest stream that shows it:")
            for event in events:
                print("   ", to_json(event))
        print(flush=True)


def kind_of(wrong):
    """The first line without its numbers: failures of one kind are shown once."""
    return re.sub(r"\d+", "", wrong.splitlines()[0]) if wrong else None


def holds(name, seed, events):
    """None if the property holds; drawn again from the same seed every time."""
    return getattr(properties, name)(random.Random(seed), events)


def shrink(name, seed, events):
    """Drop events, many at once first, while the same thing stays wrong, for a minute."""
    kind = kind_of(holds(name, seed, events))
    size = len(events) // 2
    ends = time.monotonic() + SHRINK_SECONDS
    while size:
        before = len(events)
        for at in range(len(events) - size, -1, -size):
            if time.monotonic() > ends:
                return events
            less = events[:at] + events[at + size:]
            if less and kind_of(holds(name, seed, less)) == kind:
                events = less
        if size > 1 or len(events) == before:
            size //= 2
    return events


class Coverage:
    def __init__(self):
        self.rules = collections.Counter()
        self.findings = collections.Counter()  # by rule
        self.faults = collections.Counter()
        self.accepted = collections.Counter()
        self.outcomes = collections.Counter()

    def add(self, events, verdicts):
        for event, verdict in zip(events, verdicts):
            self.outcomes[verdict["outcome"]] += 1
            self.findings.update(verdict.get("raised", ()))
            if verdict["outcome"] == "REFUSED":
                self.rules[verdict["rule"]] += 1
            elif verdict["outcome"] == "INVALID":
                self.faults[verdict["fault"]] += 1
            elif verdict["outcome"] == "ACCEPTED":
                self.accepted[next(k for k in event if k in properties.BODIES)] += 1

    def missing(self):
        seen = set(self.rules) | set(self.findings)
        rules = set(rules_of_the_proto()) - set(NEVER) - seen
        return sorted(rules | (set(properties.BODIES) - set(self.accepted)))

    def show(self):
        for title, counts in (("outcomes", self.outcomes), ("accepted", self.accepted),
                              ("rules", self.rules), ("findings", self.findings),
                              ("faults", self.faults)):
            listed = ", ".join(f"{name} {n}" for name, n in sorted(counts.items()))
            print(f"{title}: {listed}")


def rules_of_the_proto():
    path = os.path.join(driver.ROOT, "proto/daybook/v1/record.proto")
    with open(path, encoding="utf-8") as file:
        body = re.search(r"enum Rule \{(.*?)\n\}", file.read(), re.S).group(1)
    names = re.findall(r"^\s*([A-Z_]+) = \d+;", body, re.M)
    return [name for name in names if name != "RULE_UNSPECIFIED"]


def test_stream(seed, number, report, coverage):
    events, verdicts = a_stream(random.Random(seed), LENGTH)
    coverage.add(events, verdicts)
    for check in properties.STREAM_PROPERTIES:
        name = check.__name__
        if number % EVERY[name] == 0:
            report.add(name, seed, holds(name, seed, events), events)
    for check in (*scenarios.OWN_PROPERTIES, scenarios_buyback.bought_back):
        if number % EVERY[check.__name__] == 0:
            wrong = check(random.Random(seed))
            report.add(check.__name__, seed, wrong, None)


def test_limits(report, coverage):
    for check in worked_example.EXAMPLES + worked_goods.EXAMPLES:
        check()
    for rule, parameters, *bodies in scenarios.SELDOM:
        wrong, events, verdicts = scenarios.seldom(rule, parameters, bodies)
        report.add("seldom", SEED, wrong, None)
        coverage.add(events, verdicts)
    for rule, parameters, *bodies in scenarios_goods.STREAMS:
        wrong, events, verdicts = scenarios_goods.once(rule, parameters, bodies)
        report.add("once_each_guard", SEED, wrong, None)
        coverage.add(events, verdicts)
    for check in (*scenarios.LIMITS, *scenarios_goods.LIMITS, scenarios_large.large_goods):
        wrong, rule = check()
        report.add(check.__name__, SEED, wrong, None)
        if rule:
            coverage.rules[rule] += 1


def main():
    began = time.monotonic()
    report, coverage = Report(), Coverage()
    print(f"SEED={SEED} N={N} LENGTH={LENGTH}", flush=True)
    for number in range(N):
        test_stream(SEED + number, number, report, coverage)
    test_limits(report, coverage)
    coverage.show()
    for name, runs in report.runs.items():
        print(f"{name}: {runs - report.failures[name]} of {runs} hold")
    print(f"{time.monotonic() - began:.0f} s, {time.process_time():.0f} s of CPU without "
          "the driver's")
    missing = coverage.missing() if N >= 200 else []
    if missing:
        print("never seen in this run:", ", ".join(missing))
    return 1 if missing or report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
