"""Sections e n w x i of the digest, and what orders and customers have of forgery."""

import os
import re

from canonical import ints, names
from model_findings import OF_AGENT, OF_BOOK, RED, RESOLVED

PROTO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                     "proto/daybook/v1/record.proto")


def rule_numbers():
    """Rules by name, as record.proto numbers them."""
    with open(PROTO, encoding="utf-8") as file:
        body = re.search(r"enum Rule \{(.*?)\n\}", file.read(), re.S).group(1)
    return {name: int(number)
            for name, number in re.findall(r"^\s*([A-Z_]+) = (\d+);", body, re.M)}


RULES = rule_numbers()


def edge_rows(state):
    return [ints(kind) + names(giver, to) + ints(day)
            for (kind, giver, to), day in state.edges.items()]


def serial_rows(state):
    return [names(name, serial["lot"]) + ints(serial["scans"])
            for name, serial in state.serials.items()]


def red_of(state, agent):
    return sum(f["subject"] == (OF_AGENT, agent) and f["severity"] == RED and
               f["state"] != RESOLVED for f in state.findings)


def watch_rows(state):
    return [names(name) +
            ints(w["agreement_version"], w["binding_day"], w["bindings"], w["share_day"],
                 w["shares"], w["breach_day"], w["breaches"], red_of(state, name))
            for name, w in state.watches.items()]


def timer_rows(state):
    return [ints(t["kind"]) + names(t["name"]) + ints(t["second"], t["done"])
            for t in state.timers]


def finding_rows(state):
    rows = []
    for f in state.findings:
        kind, subject = f["subject"]
        rows.append(
            ints(RULES[f["rule"]], kind) + names("" if kind == OF_BOOK else subject) +
            ints(f["severity"], f["state"], f["count"], f["first"], f["last"],
                 f["measured"], f["limit"], f["window"]) + names(f["guard_set"]) +
            ints(f["version"], len(f["evidence"]), *f["evidence"]))
    return rows


def forgery_of(order):
    """Score and second paid whole."""
    return order["score"], order["paid_second"]


def row_of_orders(customer):
    """Name of the seller, number, first day."""
    return customer["row"]
