#!/usr/bin/env python3
"""Prints from the JSON of `daybook report pyramid` what the records show, rule by rule:

    show_verdicts.py pyramid.json

How many rules came out how, then those whose element is in the records, or may be."""

import collections
import json
import sys

SHOWN = ("MET", "AT_RISK")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    counts = collections.defaultdict(collections.Counter)
    for verdict in report["verdicts"]:
        counts[verdict["pack"]][verdict["verdict"]] += 1
    for pack, words in counts.items():
        print(f"{pack:8}", ", ".join(f"{n} {word}" for word, n in sorted(words.items())))
    print()
    for verdict in report["verdicts"]:
        if verdict["verdict"] in SHOWN:
            kind = verdict["sense"].lower()
            print(f"{verdict['verdict']:8} {kind:10} {verdict['rule']:14} "
                  f"{verdict['wording']['en']}")


if __name__ == "__main__":
    sys.exit(main())
