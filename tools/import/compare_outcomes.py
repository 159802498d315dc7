#!/usr/bin/env python3
"""Compares the outcomes that a converter predicted with those of the daemon.

    daybook status --format json >status.json
    daybook refusals --format json >refusals.json
    daybook report costs --format json >costs.json
    compare_outcomes.py SUMMARY.json status.json refusals.json [--costs costs.json]
                        [--more N]

SUMMARY.json is what the converter wrote with --summary.  --more: so many events were
sent besides, and must have been accepted.  Prints a line for accepted events and one
for every rule, with --costs also for earnings, commission accrued and commission taken
back by level and channel, in minor units; ends with 0 if all is equal, with 1 if not."""

import argparse
import json
import sys


class BadInput(Exception):
    pass


def listing(text):
    """The rows of a listing: an array, an object around one, a row, or a row a line."""
    try:
        document = json.loads(text or "[]")
    except json.JSONDecodeError:
        document = [json.loads(line) for line in text.splitlines() if line.strip()]
    if not isinstance(document, dict):
        return document
    around = [document[name] for name in ("counts", "costs", "rows")
              if name in document]
    return around[0] if around else [document]


def refused_counts(text):
    """{rule: count} of `daybook refusals --format json`; no refusals, no list."""
    try:
        return {row["rule"]: int(row["count"]) for row in listing(text)
                if row.keys() - {"size"}}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"not the JSON of daybook refusals: {error!r}") from None


def accepted_count(text):
    """Of `daybook status --format json`."""
    try:
        (row,) = listing(text)
        return int(row["accepted"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"not the JSON of daybook status: {error!r}") from None


def cost_figures(rows, plan):
    """{"uk level 1 accrued": minor units, ...} of the rows of PLAN, or of no plan."""
    try:
        return {f"{row['channel']} level {row['level']} {name}": int(row[name])
                for row in rows if row.get("plan", plan) == plan
                for name in ("earnings", "accrued", "reversed")}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"not the JSON of daybook report costs: {error!r}") from None


def compare(expected, found, out):
    names = sorted(expected.keys() | found.keys())
    width = max(map(len, names), default=7)
    print(f"{'outcome':<{width}}  {'predicted':>11}  {'found':>11}", file=out)
    for name in names:
        wanted, given = expected.get(name, 0), found.get(name, 0)
        remark = "" if wanted == given else "  differs"
        print(f"{name:<{width}}  {wanted:>11,}  {given:>11,}{remark}", file=out)
    return expected == found


def read(path):
    with open(path, encoding="utf-8") as text:
        return text.read()


def main(arguments):
    parser = argparse.ArgumentParser(prog="compare_outcomes.py", description=__doc__)
    parser.add_argument("files", nargs=3, metavar="FILE")
    parser.add_argument("--costs")
    parser.add_argument("--more", type=int, default=0)
    options = parser.parse_args(arguments)
    summary, status, refusals = map(read, options.files)
    summary = json.loads(summary)
    predicted = summary["events"]["expected"]
    expected = {"accepted": predicted["accepted"] + options.more,
                **predicted["refused_by_rule"]}
    found = {"accepted": accepted_count(status), **refused_counts(refusals)}
    same = compare(expected, found, sys.stdout)
    if options.costs:
        commission = summary["commission"]
        print()
        plan, costs = commission["plan"], listing(read(options.costs))
        same &= compare(cost_figures(commission["costs"], plan),
                        cost_figures(costs, plan), sys.stdout)
    if not same:
        return 1
    print("as predicted, to the last event"
          + (" and the last unit" if options.costs else ""))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (BadInput, OSError) as error:
        sys.exit(f"compare_outcomes: {error}")
