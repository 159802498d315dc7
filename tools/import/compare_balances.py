#!/usr/bin/env python3
"""Compares the balances that hledger works out with those of the daemon.

    daybook export --hledger book.journal
    hledger -f book.journal balance --flat --no-total -O csv >hledger.csv
    daybook trial-balance --format json >trial.json
    daybook balances --limit 0 --format json >balances.json
    compare_balances.py hledger.csv trial.json balances.json

Every code by its sum, every account of the daemon's list by itself (those of orders are
in their codes' sums alone); hledger leaves out what is 0.  Ends with 0 if all agree."""

import collections
import csv
import json
import sys
import urllib.parse

ROOTS = {"assets": "asset", "liabilities": "liability", "income": "income",
         "expenses": "expense"}


def minor_units(text, exponent):
    """"-12.345 GBP" in an int; "0" alone is what hledger prints for nothing."""
    number = text.split(" ")[0].replace(",", "")
    whole, _, part = number.partition(".")
    if len(part) > exponent:
        raise ValueError(f"{text} has more than {exponent} digits")
    sign = -1 if whole.startswith("-") else 1
    return int(whole + part.ljust(exponent, "0")) if exponent else sign * abs(int(whole))


def read_hledger(path, exponent):
    """{(kind, name, owner): balance}; names come decoded."""
    result = {}
    with open(path, newline="", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            root, name, owner = row["account"].split(":")
            owner = "" if owner == "%" else urllib.parse.unquote(owner)
            result[ROOTS[root], name, owner] = minor_units(row["balance"], exponent)
    return result


def read_json(path):
    with open(path, encoding="utf-8") as text:
        return json.load(text)


def compare(hledger, trial, balances):
    """Lines that differ: (account, balance of hledger, balance of the daemon)."""
    by_code = collections.Counter()
    by_owner = collections.Counter()
    for (kind, name, owner), balance in hledger.items():
        by_code[kind, name] += balance
        by_owner[name, owner] += balance
    differing = []
    for line in trial:
        found = by_code.pop((line["kind"], line["name"]), 0)
        if found != int(line["balance"]):
            differing.append((line["name"], found, int(line["balance"])))
    differing += [(name, balance, 0) for (_, name), balance in by_code.items()
                  if balance]
    for line in balances:
        found = by_owner[line["name"], line["owner"]]
        if found != int(line["balance"]):
            differing.append((f"{line['name']} {line['owner']}", found,
                              int(line["balance"])))
    return differing


def main(arguments):
    hledger, trial, balances = arguments
    trial, balances = read_json(trial), read_json(balances)["balances"]
    exponent = trial.get("exponent", 0)
    differing = compare(read_hledger(hledger, exponent), trial["lines"], balances)
    for account, found, wanted in differing[:20]:
        print(f"{account}: hledger {found}, Daybook {wanted}")
    if differing:
        print(f"hledger and Daybook differ on {len(differing)} accounts")
        return 1
    print(f"hledger and Daybook agree on {len(trial['lines'])} codes and "
          f"{len(balances):,} accounts")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (KeyError, OSError, ValueError) as error:
        sys.exit(f"compare_balances: {error!r}")
