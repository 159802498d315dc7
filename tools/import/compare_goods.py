#!/usr/bin/env python3
"""Compares what a converter predicted of goods with what the daemon says.

    daybook report stock --window 365 --format json >stock.json
    daybook findings --all --limit 0 --format json >findings.json
    compare_goods.py SUMMARY.json stock.json findings.json

SUMMARY.json is what the converter wrote with --summary.  Prints the findings by rule,
how many there are and how often they were found, and what differs of the network's
months and of the largest holders; ends with 0 if all is equal, with 1 if not."""

import collections
import json
import sys

MONTH = {"issued": "issued", "returned": "returned", "passed": "passed", "sold": "sold",
         "retail": "retail", "sell_through_ppm": "sellThroughPpm"}
HOLDER = {"stock": "stock", "open": "open", "received": "received", "sold": "sold",
          "passed": "passed", "value": "value", "sell_through_ppm": "sellThroughPpm",
          "cover_days": "coverDays"}


class BadInput(Exception):
    pass


def figures(rows, name, members):
    """[(name, {figure: value}), ...] of ROWS of the daemon."""
    try:
        result = []
        for row in rows:
            values = {ours: int(row[theirs]) for ours, theirs in members.items()}
            if "aged" in row:
                values["aged"] = [int(units) for units in row["aged"]]
            result.append((row[name], values))
        return result
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"not the JSON of daybook report stock: {error!r}") from None


def predicted(rows, name):
    return [(row[name], {figure: value for figure, value in row.items()
                         if figure != name}) for row in rows]


def differing(expected, found):
    """Lines that name what is not as expected; rows are compared in their order."""
    lines = []
    if [name for name, _ in expected] != [name for name, _ in found]:
        lines.append(f"predicted {', '.join(name for name, _ in expected)}; "
                     f"found {', '.join(name for name, _ in found)}")
    for (name, wanted), (_, given) in zip(expected, found):
        lines += [f"{name} {figure}: predicted {value}, found {given.get(figure)}"
                  for figure, value in wanted.items() if given.get(figure) != value]
    return lines


def by_rule(rows):
    """{rule: (findings, times)}"""
    try:
        result = collections.defaultdict(lambda: (0, 0))
        for row in rows:
            findings, times = result[row["rule"]]
            result[row["rule"]] = findings + 1, times + int(row["count"])
        return dict(result)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"not the JSON of daybook findings: {error!r}") from None


def compare_findings(expected, found, out):
    names = sorted(expected.keys() | found.keys())
    width = max(map(len, names), default=4)
    print(f"{'rule':<{width}}  {'predicted':>9}  {'found':>7}  {'times':>9}  "
          f"{'found':>9}", file=out)
    for name in names:
        (wanted, wanted_times), (given, times) = (
            expected.get(name, (0, 0)), found.get(name, (0, 0)))
        remark = "" if (wanted, wanted_times) == (given, times) else "  differs"
        print(f"{name:<{width}}  {wanted:>9,}  {given:>7,}  {wanted_times:>9,}  "
              f"{times:>9,}{remark}", file=out)
    return expected == found


def read(path):
    with open(path, encoding="utf-8") as text:
        return json.load(text)


def compare(goods, stock, findings, out):
    """Whether all is as GOODS of the summary says."""
    expected = {rule: (row["findings"], row["times"])
                for rule, row in goods["findings"].items()}
    same = compare_findings(expected, by_rule(findings["findings"]), out)
    months = figures(stock["network"]["rows"], "period", MONTH)
    holders = figures(stock["holders"]["goods"], "agent", HOLDER)
    different = (differing(predicted(goods["network"], "period"), months)
                 + differing(predicted(goods["holders"], "agent"), holders))
    print(file=out)
    for line in different:
        print(line, file=out)
    if same and not different:
        print(f"as predicted, to the last finding, and to the last unit of "
              f"{len(months)} months and {len(holders)} holders", file=out)
    return same and not different


def main(arguments):
    summary, stock, findings = map(read, arguments)
    return 0 if compare(summary["goods"], stock, findings, sys.stdout) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (BadInput, KeyError, OSError, ValueError) as error:
        sys.exit(f"compare_goods: {error!r}")
