#!/usr/bin/env python3
"""Plays the bank: reads the file that payouts are to be paid from, writes a statement.

    bank.py --file BATCH.csv --state STATE.json --out STATEMENT.csv

What becomes of a payout follows from its name alone: most are settled at a fee, a few
fail, a few are settled and come back a month later, and of a few the statement says
nothing before the next month.  STATE keeps what is for the next statement."""

import argparse
import csv
import hashlib
import json
import os
import sys

COLUMNS = ("request_no", "provider_ref", "status", "amount", "fee", "code")
FEE = "0.250"

FAILED, COMES_BACK, TOLD_LATE = 12, 8, 5  # of 1,000 each


def fate(payout):
    number = int.from_bytes(hashlib.sha256(payout.encode()).digest()[:8], "big") % 1000
    for name, share in (("failed", FAILED), ("returned", COMES_BACK),
                        ("late", TOLD_LATE)):
        if number < share:
            return name
        number -= share
    return "settled"


def row(payout, status, amount, code=""):
    prefix = {"settled": "S-", "returned": "R-", "failed": ""}[status]
    fee = FEE if status == "settled" else ""
    return {"request_no": payout, "provider_ref": prefix and prefix + payout,
            "status": status, "amount": amount, "fee": fee, "code": code}


def pay(payments, kept):
    """(rows of the statement, rows for the next one)"""
    now, later = list(kept), []
    for payment in payments:
        payout, amount = payment["payout"], payment["net"]
        what = fate(payout)
        if what == "failed":
            now.append(row(payout, "failed", amount, "ACCOUNT_CLOSED"))
            continue
        (later if what == "late" else now).append(row(payout, "settled", amount))
        if what == "returned":
            later.append(row(payout, "returned", amount, "UNKNOWN_PAYEE"))
    return now, later


def read_json(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as text:
        return json.load(text)


def main(arguments):
    parser = argparse.ArgumentParser(prog="bank.py", description=__doc__)
    parser.add_argument("--file", help="what is to be paid; none: only what is left")
    parser.add_argument("--state", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args(arguments)
    payments = []
    if options.file:
        with open(options.file, newline="", encoding="utf-8") as text:
            payments = list(csv.DictReader(text))
    now, later = pay(payments, read_json(options.state))
    with open(options.out, "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(now)
    with open(options.state, "w", encoding="utf-8") as out:
        json.dump(later, out)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (KeyError, OSError, ValueError) as error:
        sys.exit(f"bank: {error!r}")
