#!/usr/bin/env python3
"""Daybook events from two public data sets: a year of a giftware wholesaler's sales,
and a referral forest for its agents.  Writes proto3 JSON, one event a line, ready for
`daybook append -`.  README.md beside this file has every rule."""

import argparse
import collections
import gc
import json
import os
import sys

import house
import opening
import plan
from agent_stock import AgentStock
from commission import Commission
from draw import Draw
from event_stream import EventStream
from gate import Gate
from goods_prediction import GoodsFacts, GoodsPrediction
from invoices import RESELLER_UNITS, prepare
from matching import match_returns
from referral_forest import plan_network, read_edges, recruits, sponsors
from retail_rows import EXPONENT, BadRow, read_rows
from row_account import KNOWN, Disposition, RowAccount
from scans import Scans
from sell_in import RESTOCK_UNITS, SellIn
from trade import SELLING_AGENTS_PERCENT, Trade

DATA = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                     "..", "..", "tests", "data"))
FILES = {
    "full": ("online-retail/online-retail.csv.zst", "referral-forest/edges.csv.zst"),
    "sample": ("online-retail/online-retail-sample-5000.csv",
               "referral-forest/edges-sample.csv"),
}


class Conversion:
    """One run: `stream` holds the events, `summary` says what became of the input."""

    def __init__(self, rows, edges, seed, known, say=lambda text: None):
        self.stream = EventStream()
        self.account = RowAccount(rows)
        say(f"{len(rows)} rows, {len(edges)} referrals read; matching returns")
        invoices, resellers = prepare(rows, self.account)
        matching = match_returns(invoices)
        self.steps = plan_network(edges)
        sponsor_of = sponsors(self.steps)
        opening.open_book(self.stream)
        list_price = opening.list_prices(invoices)
        self.skus = len(list_price)
        opening.define_skus(self.stream, list_price)
        joined = opening.enrol(self.stream, self.steps)
        agents = list(joined)
        draw = Draw(seed)
        plan.publish(self.stream)
        verified = plan.verify(self.stream, agents, draw)
        self.verified = len(verified)
        self.agent_of = assign(draw, agents, resellers)
        lot_of, bands, alone = set_up_house(self.stream, invoices, list_price,
                                            self.agent_of)
        self.commission = Commission(sponsor_of, plan.RATES_PPM)
        stock = AgentStock(lambda agent:
                           draw.percent("sells on", agent) < SELLING_AGENTS_PERCENT)
        self.gate = Gate(stock, joined, verified, list_price)
        facts = GoodsFacts()
        say(f"{len(invoices)} invoices become events")
        self.sell_in = SellIn(draw, self.agent_of, recruits(sponsor_of), matching,
                              stock, self.gate, lot_of, self.account, self.stream,
                              facts)
        self.trade = Trade(draw, agents, matching, stock, self.sell_in,
                           Scans(draw, agents, stock, lot_of, self.stream, facts),
                           self.account, self.commission, self.stream, facts)
        self.trade.run(invoices)
        say("what guards will find")
        self.goods = GoodsPrediction(facts, stock, joined, list_price, lot_of, bands,
                                     alone)
        self.differences = collections.Counter(
            {**self.sell_in.differences, **self.trade.differences})
        self.checks = (self.account.checks(known) + money_checks(self)
                       + [edge_check(self.steps, edges), self.commission.check()])

    @property
    def balanced(self):
        return all(expected == found for _, expected, found in self.checks)


def assign(draw, agents, resellers):
    """Every reseller is an agent of the forest, by a seeded permutation."""
    if len(resellers) > len(agents):
        raise BadRow(f"{len(resellers)} resellers, but only {len(agents)} agents")
    return dict(zip(sorted(resellers), draw.shuffled(agents, "reseller")))


def set_up_house(stream, invoices, list_price, agent_of):
    """({sku: lot}, {sku: price band}, {region: who sells there alone})"""
    house.publish_guards(stream)
    lot_of = house.register_lots(stream, invoices)
    return (lot_of, house.set_bands(stream, lot_of, list_price),
            house.assign_territories(stream, invoices, agent_of))


def money_checks(run):
    """What the events carry, against the rows that they came from."""
    sums, money = run.stream.sums, run.account.money_of
    differences = run.differences
    d = Disposition
    refunds = money(d.REFUND, d.REFUND_PART, d.SHIPPING_REFUND, d.SHIPPING_REFUND_PART)
    credits = money(d.SELL_IN_RETURN, d.SELL_IN_RETURN_PART)
    return [
        ("paid in StockIssued, of the sell-in rows", money(d.SELL_IN),
         sums["stockIssued", "paid"]),
        ("paid in SaleRecorded, of the retail rows",
         money(d.RETAIL_BRAND, d.RETAIL_HOLDER, d.RETAIL_SHIPPING),
         sums["saleRecorded", "paid"]),
        ("RefundApproved and named differences, of the return rows", refunds,
         differences["returns priced above the purchase"]
         + differences["retail returns beyond the purchases"]
         - sums["refundApproved", "amount"]),
        ("StockReturned and named differences, of the return rows", credits,
         differences["agents' returns credited at the price paid"]
         + differences["agents' returns beyond their purchases"]
         - run.sell_in.credited),
    ]


def edge_check(steps, edges):
    """Every edge of the forest is in exactly one step."""
    seen = sorted(step.seq for step in steps if step.seq >= 0)
    expected = sorted(edge.seq for edge in edges)
    return ("referrals in the network's events", len(expected),
            len(seen) if seen == expected else -len(seen))


def summarize(run, source, seed):
    kinds = collections.Counter(step.kind for step in run.steps)
    roots = sum(step.kind == "enrolled" and not step.sponsor for step in run.steps)
    refused = sum(run.stream.refusals.values())
    return {
        "source": source,
        "seed": seed,
        "currency": "GBP",
        "exponent": EXPONENT,
        "events": {
            "sent": len(run.stream),
            "by_type": dict(sorted(run.stream.sent.items())),
            "expected": {
                "accepted": len(run.stream) - refused,
                "refused": refused,
                "refused_by_rule": dict(sorted(run.stream.refusals.items())),
            },
        },
        "rows": [
            {"disposition": which.name, "outcome": which.outcome, "text": which.text,
             "rows": rows, "money": money}
            for which, rows, money in run.account.totals()],
        "differences": dict(sorted(run.differences.items())),
        "network": {
            "agents": kinds["enrolled"], "enrolled_under_sponsor":
            kinds["enrolled"] - roots, "sponsor_set_later": kinds["linked"],
            "closes_circle": kinds["refused"], "verified": run.verified},
        "commission": {
            "plan": plan.PLAN, "costs": run.commission.costs(),
            "pools": run.commission.pool, "unassigned": run.commission.unassigned},
        "restocks": {
            "from_units": RESTOCK_UNITS, "units": dict(sorted(run.gate.units.items()))},
        "goods": run.goods.summary(),
        "skus": run.skus,
        "reseller_units": RESELLER_UNITS,
        "reseller_is_agent": run.agent_of,
        "checks": [
            {"check": what, "expected": expected, "found": found,
             "ok": expected == found} for what, expected, found in run.checks],
    }


def pounds(money):
    sign = "-" if money < 0 else ""
    whole, part = divmod(abs(money), 10 ** EXPONENT)
    return f"{sign}{whole:,}.{part:0{EXPONENT}}"


def print_table(summary, out):
    """The account of every row, for people."""
    total_rows = total_money = 0
    for outcome in dict.fromkeys(entry["outcome"] for entry in summary["rows"]):
        print(f"\n{outcome}", file=out)
        for entry in summary["rows"]:
            if entry["outcome"] == outcome:
                total_rows += entry["rows"]
                total_money += entry["money"]
                print(f"{entry['rows']:>9,} {pounds(entry['money']):>18}  "
                      f"{entry['text']}", file=out)
    print(f"\n{total_rows:>9,} {pounds(total_money):>18}  all rows, GBP", file=out)
    print("\nmoney that events put otherwise than rows", file=out)
    for text, money in summary["differences"].items():
        print(f"{'':>9} {pounds(money):>18}  {text}", file=out)
    events = summary["events"]
    print(f"\n{events['sent']:>9,} {'':>18}  events sent", file=out)
    print(f"{events['expected']['accepted']:>9,} {'':>18}  expected accepted", file=out)
    for rule, count in events["expected"]["refused_by_rule"].items():
        print(f"{count:>9,} {'':>18}  expected refused: {rule}", file=out)
    print_commission(summary["commission"], out)
    failed = [entry for entry in summary["checks"] if not entry["ok"]]
    for entry in failed:
        print(f"does not come out even: {entry['check']}: expected "
              f"{entry['expected']}, found {entry['found']}", file=out)
    print(f"\n{len(summary['checks']) - len(failed)} of {len(summary['checks'])} "
          "checks come out even", file=out)


def print_commission(commission, out):
    sums = collections.Counter()
    for cost in commission["costs"]:
        for name in ("earnings", "accrued", "reversed"):
            sums[name] += cost[name]
    print(f"\n{sums['earnings']:>9,} {pounds(sums['accrued']):>18}  expected earnings "
          f"under the plan {commission['plan']}, commission accrued", file=out)
    print(f"{'':>9} {pounds(sums['reversed']):>18}  of it reversed by returns", file=out)
    print(f"{'':>9} {pounds(commission['unassigned']):>18}  not accrued, because nobody "
          "stands above the seller", file=out)


def write_file(path, lines):
    """All of it or nothing: an unfinished file never has the name PATH.  A pipe or a
    device is written to, never replaced: a rename would destroy it."""
    path = os.path.realpath(path)
    replace = os.path.isfile(path) or not os.path.exists(path)
    target = path + ".part" if replace else path
    with open(target, "w", encoding="utf-8") as out:
        out.writelines(lines)
    if replace:
        os.replace(target, path)


def write_lines(path, lines):
    if path != "-":
        write_file(path, lines)
        return
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.writelines(lines)
    sys.stdout.flush()


def write_months(folder, stream):
    """A file for every month in which something is sent: 2010-11.jsonl, ..."""
    os.makedirs(folder, exist_ok=True)
    for month, lines in stream.months():
        write_file(os.path.join(folder, month + ".jsonl"), lines)


def progress(text):
    if sys.stderr.isatty():
        print(f"online_retail: {text}", file=sys.stderr)


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(prog="online_retail.py", description=__doc__)
    parser.add_argument("--sample", action="store_true",
                        help="convert the small samples instead of all")
    parser.add_argument("--out", default="-", metavar="FILE",
                        help="where the events go; - is the standard output (default)")
    parser.add_argument("--months", metavar="DIR",
                        help="write a file for every month instead, DIR/2010-11.jsonl")
    parser.add_argument("--summary", metavar="FILE",
                        help="write the account of rows and the expectations as JSON")
    parser.add_argument("--seed", type=int, default=1, metavar="N",
                        help="of every assigned choice (default: 1)")
    parser.add_argument("--data", default=DATA, metavar="DIR",
                        help="the folder of both data sets (default: tests/data)")
    return parser.parse_args(arguments)


def convert(options, say=lambda text: None):
    source = "sample" if options.sample else "full"
    retail, forest = (os.path.join(options.data, name) for name in FILES[source])
    say(f"reading {retail}")
    run = Conversion(read_rows(retail), read_edges(forest), options.seed,
                     KNOWN[source], say)
    return run, summarize(run, source, options.seed)


def main(arguments):
    gc.disable()  # a million small objects, all of them needed to the end
    options = parse_arguments(arguments)
    run, summary = convert(options, progress)
    print_table(summary, sys.stderr)
    if options.summary:
        write_file(options.summary, [json.dumps(summary, indent=1) + "\n"])
    if not run.balanced:
        return 1
    if options.months:
        write_months(options.months, run.stream)
    else:
        write_lines(options.out, run.stream.lines())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit("online_retail: the reader of the events went away")
    except (BadRow, OSError) as error:
        sys.exit(f"online_retail: {error}")
