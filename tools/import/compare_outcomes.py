#!/usr/bin/env python3
"""Compares the outcomes that a converter predicted with those of the daemon.

    daybook status --format json >status.json
    daybook refusals --format json >refusals.json
    compare_outcomes.py SUMMARY.json status.json refusals.json

SUMMARY.json is what the converter wrote with --summary.  Prints a line for accepted
events and one for every rule; ends with 0 if all counts are equal, with 1 if not."""

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
    around = [document[name] for name in ("counts", "rows") if name in document]
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


def compare(expected, found, out):
    names = sorted(expected.keys() | found.keys())
    width = max(map(len, names), default=7)
    print(f"{'outcome':<{width}}  predicted      found", file=out)
    for name in names:
        wanted, given = expected.get(name, 0), found.get(name, 0)
        remark = "" if wanted == given else "  differs"
        print(f"{name:<{width}}  {wanted:>9,}  {given:>9,}{remark}", file=out)
    return expected == found


def read(path):
    with open(path, encoding="utf-8") as text:
        return text.read()


def main(arguments):
    if len(arguments) != 3:
        raise BadInput("usage: compare_outcomes.py SUMMARY.json STATUS.json "
                       "REFUSALS.json")
    summary, status, refusals = map(read, arguments)
    predicted = json.loads(summary)["events"]["expected"]
    expected = {"accepted": predicted["accepted"], **predicted["refused_by_rule"]}
    found = {"accepted": accepted_count(status), **refused_counts(refusals)}
    if not compare(expected, found, sys.stdout):
        return 1
    print("as predicted, to the last event")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (BadInput, OSError) as error:
        sys.exit(f"compare_outcomes: {error}")
