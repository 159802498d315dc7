#!/usr/bin/python3
"""Tests of tools/import: python3 tests/import/test_online_retail.py

The checks against event.proto need the protobuf package for Python and protoc; without
them they are skipped, and say so.  DAYBOOK_FULL=1 runs them on all 541,909 rows.
"""

import collections
import filecmp
import importlib
import io
import json
import math
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CONVERTER = os.path.join(ROOT, "tools", "import", "online_retail.py")
sys.path.insert(0, os.path.dirname(CONVERTER))
sys.path.insert(1, HERE)

import house  # noqa: E402
import online_retail  # noqa: E402
import opening  # noqa: E402
from book_simulation import Book  # noqa: E402
from agent_stock import DAY  # noqa: E402
from draw import Draw  # noqa: E402
from goods_figures import GoodsFigures  # noqa: E402
from invoices import prepare  # noqa: E402
from matching import match_returns  # noqa: E402
from referral_forest import BadRow, Edge, plan_network  # noqa: E402
from retail_rows import Row, minor_units, parse_row, seconds  # noqa: E402
from row_account import Disposition, RowAccount  # noqa: E402
from sell_in import LINES_MAX, RESTOCK_UNITS, numbered  # noqa: E402

EVENT_BYTES_MAX = 64000
ID_BYTES_MAX = 64

FULL = bool(os.environ.get("DAYBOOK_FULL"))


def row(number, invoice, sku, qty, at=0, price=1000, customer="C-1"):
    return Row(number, invoice, sku, qty, at, price, customer, "France")


def edge(seq, referrer, referred, referred_position, referrer_position=-1):
    return Edge(seq, referrer, referred, referred_position, referrer_position)


def converted(rows, edges=None, seed=1):
    edges = edges or [edge(0, "A", "B", 1, 2)]
    return online_retail.Conversion(rows, edges, seed, {})


def bodies(run, kind):
    events = [json.loads(line) for line in run.stream.lines()]
    return [event[kind] for event in events if kind in event]


def open_and_read(path):
    with open(path, "rb") as source:
        return source.read()


def run_converter(*arguments, hash_seed="0"):
    return subprocess.run([sys.executable, CONVERTER, *arguments],
                          env=dict(os.environ, PYTHONHASHSEED=hash_seed),
                          capture_output=True, check=False)


class BadInput(unittest.TestCase):
    FIELDS = ["536365", "85123A", "", "6", "2010-12-01 08:26:00", "2.55",
              "17850.0", "United Kingdom"]

    def test_an_amount_finer_than_the_book_is_refused(self):
        for text in ("1.2345", "1,5", "", "1e3", "."):
            with self.assertRaises(ValueError, msg=text):
                minor_units(text)

    def test_a_bad_field_is_named_with_its_row(self):
        for place, bad in ((3, "6.5"), (4, "01/12/2010"), (5, "free"), (6, "x")):
            fields = list(self.FIELDS)
            fields[place] = bad
            with self.assertRaisesRegex(BadRow, "data row 42.*" + bad):
                parse_row(41, fields)

    def test_a_row_with_a_field_missing_is_refused(self):
        with self.assertRaises(BadRow):
            parse_row(0, self.FIELDS[:-1])

    def test_a_person_with_two_referrers_is_refused(self):
        with self.assertRaisesRegex(BadRow, "B has two referrers"):
            plan_network([edge(0, "A", "B", 1), edge(1, "C", "B", 1)])

    def test_a_row_cannot_be_placed_twice(self):
        only = row(0, "1", "K", 1)
        account = RowAccount([only])
        account.place(only, Disposition.SELL_IN)
        with self.assertRaises(AssertionError):
            account.place(only, Disposition.REFUND)

    def test_more_resellers_than_agents_is_an_error(self):
        rows = [row(n, str(n), "K", 1000, customer=f"C-{n}") for n in range(3)]
        with self.assertRaisesRegex(BadRow, "3 resellers, but only 2 agents"):
            converted(rows)


class Program(unittest.TestCase):
    """The converter as a command, with data that somebody has changed."""

    def setUp(self):
        self.data = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.data)
        for name in online_retail.FILES["sample"]:
            target = os.path.join(self.data, name)
            os.makedirs(os.path.dirname(target))
            shutil.copy(os.path.join(online_retail.DATA, name), target)
        self.retail = os.path.join(self.data, online_retail.FILES["sample"][0])
        self.out = os.path.join(self.data, "events.jsonl")

    def convert(self):
        return run_converter("--sample", "--data", self.data, "--out", self.out)

    def test_a_lost_row_is_found_and_nothing_is_written(self):
        with open(self.retail, encoding="utf-8") as text:
            lines = text.readlines()
        with open(self.retail, "w", encoding="utf-8") as text:
            text.writelines(lines[:100] + lines[101:])
        result = self.convert()
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"does not come out even: rows of the published file: "
                      b"expected 5000, found 4999", result.stderr)
        self.assertFalse(os.path.exists(self.out))

    def test_another_header_is_refused(self):
        with open(self.retail, "w", encoding="utf-8") as text:
            text.write("a,b,c\n")
        result = self.convert()
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"the first line is ['a', 'b', 'c']", result.stderr)

    def test_a_missing_file_is_named(self):
        os.remove(self.retail)
        result = self.convert()
        self.assertEqual(result.returncode, 1)
        self.assertIn(self.retail.encode(), result.stderr)
        self.assertNotIn(b"Traceback", result.stderr)

    def test_a_damaged_archive_is_an_error(self):
        archive = os.path.join(self.data, online_retail.FILES["full"][0])
        with open(archive, "wb") as out:
            out.write(b"\x28\xb5\x2f\xfd damaged")
        result = run_converter("--data", self.data, "--out", self.out)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"online_retail: ", result.stderr)
        self.assertFalse(os.path.exists(self.out))

    def test_a_pipe_is_written_to_and_stays_a_pipe(self):
        pipe = os.path.join(self.data, "pipe")
        os.mkfifo(pipe)
        read = []
        reader = threading.Thread(target=lambda: read.append(open_and_read(pipe)))
        reader.start()
        result = run_converter("--sample", "--out", pipe)
        reader.join()
        self.assertEqual(result.returncode, 0)
        self.assertTrue(stat.S_ISFIFO(os.stat(pipe).st_mode))
        self.assertGreater(len(read[0]), 100000)

    def test_a_link_stays_a_link_and_its_file_is_written(self):
        link = os.path.join(self.data, "link")
        os.symlink(self.out, link)
        self.assertEqual(run_converter("--sample", "--out", link).returncode, 0)
        self.assertTrue(os.path.islink(link))
        self.assertGreater(os.path.getsize(self.out), 100000)

    def test_two_runs_give_the_same_bytes(self):
        summaries = [os.path.join(self.data, name) for name in ("one", "two")]
        runs = [run_converter("--sample", "--summary", summary, hash_seed=seed)
                for summary, seed in zip(summaries, ("1", "2"))]
        self.assertEqual([run.returncode for run in runs], [0, 0])
        self.assertGreater(len(runs[0].stdout), 100000)
        self.assertEqual(runs[0].stdout, runs[1].stdout)
        self.assertTrue(filecmp.cmp(*summaries, shallow=False))

    def test_another_seed_assigns_otherwise_and_still_comes_out_even(self):
        first, second = (run_converter("--sample", "--seed", seed) for seed in "12")
        self.assertEqual([first.returncode, second.returncode], [0, 0])
        self.assertNotEqual(first.stdout, second.stdout)

    def test_without_a_terminal_there_is_no_progress(self):
        self.assertNotIn(b"reading", self.convert().stderr)


class Money(unittest.TestCase):
    def test_prices_are_exact_thousandths(self):
        cases = {"2.55": 2550, "0.001": 1, "0.0": 0, "-11062.06": -11062060, "7": 7000}
        for text, value in cases.items():
            self.assertEqual(minor_units(text), value)

    def test_times_are_taken_as_utc(self):
        self.assertEqual(seconds("1970-01-02 00:00:00"), 86400)


class Returns(unittest.TestCase):
    def match(self, *rows):
        invoices, _ = prepare(list(rows), RowAccount(list(rows)))
        return match_returns(invoices)

    def parts(self, matching, number):
        match = matching.of[number]
        return [(part.number, units) for part, units in match.parts], match.rest

    def test_a_return_before_the_purchase_finds_nothing(self):
        matching = self.match(row(0, "C1", "K", -1, at=1), row(1, "2", "K", 1, at=2))
        self.assertEqual(self.parts(matching, 0), ([], 1))

    def test_another_customer_or_code_does_not_count(self):
        matching = self.match(row(0, "1", "K", 9, customer="C-2"), row(1, "2", "k", 9),
                              row(2, "C3", "K", -1, at=3))
        self.assertEqual(self.parts(matching, 2), ([], 1))

    def test_oldest_purchases_are_used_up_first(self):
        matching = self.match(row(0, "1", "K", 2, at=1), row(1, "2", "K", 2, at=2),
                              row(2, "C3", "K", -3, at=3), row(3, "C4", "K", -3, at=4))
        self.assertEqual(self.parts(matching, 2), ([(0, 2), (1, 1)], 0))
        self.assertEqual(self.parts(matching, 3), ([(1, 1)], 2))
        self.assertEqual(matching.back, {0: [(3, 2)], 1: [(3, 1), (4, 1)]})

    def test_a_refund_never_exceeds_the_price_paid(self):
        run = converted([row(0, "1", "K", 2, at=1, price=500),
                         row(1, "C2", "K", -2, at=2, price=900)])
        (refund,) = bodies(run, "refundApproved")
        self.assertEqual((refund["amount"], refund["qty"]), ("1000", "2"))
        self.assertTrue(run.balanced)

    def test_an_agents_return_beyond_his_purchases_is_split_and_refused(self):
        run = converted([row(0, "1", "K", 1000, at=1), row(1, "C2", "K", -1001, at=2)])
        first, second = bodies(run, "stockReturned")
        self.assertEqual((first["document"], first["lines"][0]["qty"]), ("C2", "1000"))
        self.assertEqual((second["document"], second["lines"][0]["qty"]), ("C2-U", "1"))
        self.assertEqual(run.stream.refusals["STOCK_INSUFFICIENT"], 1)
        self.assertTrue(run.balanced)


class Receipts(unittest.TestCase):
    """Twenty customers each, of whom some receive at once."""

    def orders(self, returned_at, units):
        end = row(99, "99", "K", 1, at=30 * DAY, customer="")
        rows = [[row(n, str(n), "K", 2, customer=f"C-{n}"),
                 row(n + 20, f"C{n}", "K", -units, at=returned_at, customer=f"C-{n}")]
                for n in range(20)]
        rows = sorted(sum(rows, [])) + [end._replace(number=40)]
        run = converted(rows)
        waiting = [sale["order"] for sale in bodies(run, "saleRecorded")
                   if "deliveredAt" not in sale and sale["order"] != "99"]
        self.assertTrue(0 < len(waiting) < 20)
        return run, waiting

    def test_nothing_arrives_of_an_order_cancelled_on_its_day(self):
        run, _ = self.orders(returned_at=DAY - 1, units=2)
        self.assertEqual(bodies(run, "receiptConfirmed"), [])

    def test_the_rest_of_an_order_cancelled_in_part_arrives(self):
        run, waiting = self.orders(returned_at=DAY - 1, units=1)
        received = [body["order"] for body in bodies(run, "receiptConfirmed")]
        self.assertEqual(sorted(received), sorted(waiting))

    def test_goods_arrive_before_they_come_back(self):
        run, waiting = self.orders(returned_at=DAY, units=1)
        lines = run.stream.lines()
        for order in waiting:
            places = [number for number, line in enumerate(lines)
                      if f'"order":"{order}"' in line and "saleRecorded" not in line]
            self.assertIn("receiptConfirmed", lines[places[0]])
            self.assertIn("refundApproved", lines[places[1]])


class Orders(unittest.TestCase):
    def test_an_invoice_beyond_the_lines_of_an_event_is_split(self):
        for lines, expected in ((LINES_MAX, ["1"]), (LINES_MAX + 1, ["1", "1-2"])):
            pieces = list(numbered("1", list(range(lines))))
            self.assertEqual([name for name, _ in pieces], expected)
            self.assertEqual(sum(len(rows) for _, rows in pieces), lines)

    def test_carriage_is_shipping_and_fees_stay_out(self):
        run = converted([row(0, "1", "K", 1), row(1, "1", "POST", 2, price=300),
                         row(2, "1", "M", 1, price=7)])
        (sale,) = bodies(run, "saleRecorded")
        self.assertEqual((sale["shipping"], sale["paid"]), ("600", "1600"))
        self.assertEqual(len(sale["lines"]), 1)
        self.assertTrue(run.balanced)

    def test_repeated_rows_stay_two_lines(self):
        run = converted([row(0, "1", "K", 1), row(1, "1", "K", 1)])
        (sale,) = bodies(run, "saleRecorded")
        self.assertEqual(len(sale["lines"]), 2)

    def test_a_gift_goes_along_only_with_paid_goods(self):
        run = converted([row(0, "1", "K", 1, price=0), row(1, "2", "K", 1, price=0),
                         row(2, "2", "T", 1)])
        (sale,) = bodies(run, "saleRecorded")
        self.assertEqual([line["sku"] for line in sale["lines"]], ["K", "T"])
        self.assertEqual(sale["paid"], "1000")


class Restocks(unittest.TestCase):
    """One reseller, C-1, from a month and a half after the network joined."""

    START = opening.OPENED + 60 * DAY

    def restocks(self, *rows):
        return converted([row(number, str(number), "K", qty, at=self.START + day * DAY,
                              customer=customer)
                          for number, (day, customer, qty) in enumerate(rows)],
                         edges=[edge(n, "A", f"B{n}", 9 - n, 10) for n in range(9)])

    def test_what_the_gate_refuses_was_sold_all_the_same(self):
        run = self.restocks((0, "C-1", 1000))
        (asked,) = bodies(run, "restockRequested")
        (issued,) = bodies(run, "stockIssued")
        self.assertEqual(run.stream.refusals, {"RESTOCK_COVER": 1})
        self.assertEqual((asked["request"], asked["qty"]), ("0-R1", "1000"))
        self.assertEqual(issued["transfer"], "0")
        self.assertNotIn("order", issued)
        self.assertTrue(run.balanced)

    def test_what_the_gate_allows_is_delivered_to_the_request(self):
        run = self.restocks((0, "C-1", 200), (200, "C-1", 999))
        first, second = bodies(run, "stockIssued")
        self.assertEqual((first["transfer"], first["order"], first["paid"]),
                         ("0-R1", "0-R1", "200000"))
        self.assertNotIn("order", second)
        self.assertEqual(run.gate.units, {"": 200, "RESTOCK_COVER": 999})

    def test_a_small_line_is_not_asked_for(self):
        run = self.restocks(*[(0, "C-1", RESTOCK_UNITS - 1)] * 7)
        self.assertEqual(bodies(run, "restockRequested"), [])
        run = self.restocks(*[(0, "C-1", RESTOCK_UNITS)] * 7)
        self.assertEqual(len(bodies(run, "restockRequested")), 7)

    def test_old_goods_stand_in_the_way_of_a_few_more(self):
        run = self.restocks((0, "C-1", 10), (house.AGED_DAYS, "C-1", 144),
                            (house.AGED_DAYS + 1, "C-1", 1000))
        self.assertEqual(run.stream.refusals, {"RESTOCK_AGED": 1, "RESTOCK_COVER": 1})
        run = self.restocks((1, "C-1", 10), (house.AGED_DAYS, "C-1", 144),
                            (house.AGED_DAYS + 1, "C-1", 1000))
        self.assertEqual(run.stream.refusals["RESTOCK_AGED"], 0)

    def test_all_predictions_agree_with_a_book_that_knows_the_rules(self):
        run = self.restocks((0, "C-1", 150), (1, "C-2", 40), (2, "C-1", 30),
                            (3, "C-2", 7), (9, "C-1", 144), (9, "C-1", 200),
                            (40, "C-1", 160), (41, "C-3", 90), (42, "C-1", 800))
        book = Book()
        for line in run.stream.lines():
            book.take(line)
        self.assertEqual(book.refused, run.stream.refusals)
        self.assertEqual(book.goods.findings(), run.goods.findings())


class Network(unittest.TestCase):
    def kinds(self, *edges):
        return [(step.kind, step.agent, step.sponsor) for step in plan_network(edges)]

    def test_two_who_refer_each_other_close_a_circle(self):
        self.assertEqual(
            self.kinds(edge(0, "A", "B", 1, 2), edge(1, "B", "A", 2, 1)),
            [("enrolled", "A", ""), ("enrolled", "B", "A"), ("refused", "A", "B")])

    def test_a_circle_of_three_loses_one_link(self):
        self.assertEqual(
            self.kinds(edge(0, "A", "B", 3, 1), edge(1, "B", "C", 2, 3),
                       edge(2, "C", "A", 1, 2)),
            [("enrolled", "B", ""), ("enrolled", "C", "B"), ("enrolled", "A", "C"),
             ("refused", "B", "A")])

    def test_a_referrer_without_a_place_joins_before_his_first(self):
        self.assertEqual(
            self.kinds(edge(0, "R", "A", 1), edge(1, "R", "B", 5),
                       edge(2, "B", "Z", 9, 5)),
            [("enrolled", "Z", ""), ("enrolled", "R", ""), ("enrolled", "B", "R"),
             ("linked", "Z", "B"), ("enrolled", "A", "R")])


class Choices(unittest.TestCase):
    def test_a_draw_is_the_same_in_every_python(self):
        self.assertEqual(Draw(1).number("seller", "C-1"), 17940881558097441058)
        self.assertNotEqual(Draw(1).number("x"), Draw(2).number("x"))


class Data(GoodsFigures):
    """The published files, whole: the sample, or all rows with DAYBOOK_FULL=1."""

    @classmethod
    def setUpClass(cls):
        options = online_retail.parse_arguments([] if FULL else ["--sample"])
        cls.run_done, cls.summary = online_retail.convert(options)
        cls.lines = cls.run_done.stream.lines()

    def test_every_row_and_every_pound_is_accounted_for(self):
        failed = [check for check in self.summary["checks"] if not check["ok"]]
        self.assertEqual(failed, [])
        self.assertEqual(len(self.summary["checks"]), 13)
        self.assertEqual(sum(entry["rows"] for entry in self.summary["rows"]),
                         541909 if FULL else 5000)

    def test_a_book_that_knows_the_rules_decides_as_predicted(self):
        book = Book()
        for line in self.lines:
            book.take(line)
        expected = self.summary["events"]["expected"]
        self.assertEqual(book.refused, expected["refused_by_rule"])
        self.assertEqual(book.accepted, expected["accepted"])
        self.assertGreaterEqual(min(book.stock.values()), 0)
        self.compare_goods(book.goods, self.summary["goods"])
        self.assertGreater(len(book.goods.findings()), 8 if FULL else 1)

    def test_the_table_for_people_adds_up(self):
        out = io.StringIO()
        online_retail.print_table(self.summary, out)
        total = "541,909      9,747,747.934" if FULL else "5,000         68,808.470"
        self.assertIn(total + "  all rows, GBP", out.getvalue())
        self.assertIn("13 of 13 checks come out even", out.getvalue())

    def test_months_hold_every_line_in_the_order_of_sending(self):
        months = list(self.run_done.stream.months())
        names = [month for month, _ in months]
        self.assertEqual(names, sorted(set(names)))
        self.assertEqual(names[0], "2010-11")
        self.assertEqual(sum((lines for _, lines in months), []), self.lines)

    def test_commission_is_what_a_plain_reading_of_the_events_gives(self):
        """Read from the events alone, with fractions, and not from the rows."""
        costs = plain_costs(self.lines)
        self.assertGreater(len(costs), 4)
        self.assertEqual({(cost["level"], cost["channel"]): (
            cost["earnings"], cost["accrued"], cost["reversed"])
            for cost in self.summary["commission"]["costs"]}, costs)

    def test_few_events_are_told_late(self):
        times = [line[16:36] for line in self.lines]
        late = sum(time < newest for time, newest
                   in zip(times, running_maximum(times)))
        self.assertLess(late, len(times) // 500)

    @unittest.skipUnless(FULL, "known for all rows only")
    def test_returns_match_as_measured_by_others(self):
        rows = collections.Counter()
        for entry in self.summary["rows"]:
            rows[entry["disposition"]] += entry["rows"]
        self.assertEqual(rows["SELL_IN_RETURN"] + rows["REFUND"], 7432)
        self.assertEqual(rows["SELL_IN_RETURN_PART"] + rows["REFUND_PART"], 51)
        self.assertEqual(rows["SELL_IN_RETURN_UNKNOWN"] + rows["REFUND_UNKNOWN"]
                         + rows["REFUND_UNKNOWN_SENT"], 1056)
        self.assertEqual(self.summary["network"]["closes_circle"], 355)


def plain_costs(lines):
    """{(level, channel): (earnings, accrued, reversed)}, the shares by fractions."""
    rates = (Fraction(125, 1000), Fraction(25, 1000))
    sponsor, line_of = {}, {}
    earned, taken = collections.defaultdict(list), collections.Counter()
    for text in lines:
        event = json.loads(text)
        if "agentEnrolled" in event:
            body = event["agentEnrolled"]
            sponsor[body["agent"]] = body.get("sponsor", "")
        elif "sponsorChanged" in event:
            body = event["sponsorChanged"]
            above = body["newSponsor"]
            while above and above != body["agent"]:
                above = sponsor[above]
            if not above:
                sponsor[body["agent"]] = body["newSponsor"]
        elif "saleRecorded" in event:
            body = event["saleRecorded"]
            if body["fulfilment"] == "HOLDER_SHIP":
                continue
            for line in body["lines"]:
                amount = int(line["qty"]) * int(line.get("unitPrice", 0))
                exact = [amount * rate for rate in rates]
                shares = [math.floor(share) for share in exact]
                while sum(shares) < math.floor(sum(exact)):
                    worst = max((0, 1), key=lambda i: exact[i] - shares[i])
                    shares[worst] += 1
                if not sponsor[body["seller"]]:
                    shares[1] = 0
                line_of[body["order"], line["line"]] = [
                    body["channel"], amount, shares, 0]
                for level in (1, 2):
                    if shares[level - 1]:
                        earned[level, body["channel"]].append(shares[level - 1])
        elif "refundApproved" in event:
            body = event["refundApproved"]
            line_of.get((body["order"], body.get("line", 0)), [0] * 4)[3] += int(
                body.get("amount", 0))
    for channel, amount, shares, refunded in line_of.values():
        for level in (1, 2):
            if refunded:
                share = shares[level - 1]
                taken[level, channel] += share - math.floor(
                    Fraction(share * (amount - refunded), amount))
    return {key: (len(shares), sum(shares), taken[key])
            for key, shares in earned.items()}


def running_maximum(values):
    newest = ""
    for value in values:
        newest = max(newest, value)
        yield newest


class Schema(unittest.TestCase):
    """Every event against the compiled event.proto."""

    @classmethod
    def setUpClass(cls):
        try:
            cls.json_format = importlib.import_module("google.protobuf.json_format")
        except ImportError:
            raise unittest.SkipTest("no protobuf for this Python") from None
        if shutil.which("protoc") is None:
            raise unittest.SkipTest("no protoc") from None
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        proto = os.path.join(ROOT, "proto")
        subprocess.run(["protoc", "-I", proto, "--python_out", cls.folder,
                        os.path.join(proto, "daybook/v1/event.proto")], check=True)
        sys.path.insert(0, cls.folder)
        cls.event = importlib.import_module("daybook.v1.event_pb2").Event
        options = online_retail.parse_arguments([] if FULL else ["--sample"])
        cls.lines = online_retail.convert(options)[0].stream.lines()

    def test_a_field_that_event_proto_does_not_have_is_found(self):
        with self.assertRaises(self.json_format.ParseError):
            self.json_format.Parse('{"skuDefined":{"colour":"red"}}', self.event())

    def test_every_line_is_an_event_within_the_limits(self):
        for line in self.lines:
            self.assertTrue(line.endswith("}\n") and line.count("\n") == 1)
            event = self.json_format.Parse(line, self.event())
            self.assertTrue(event.HasField("effective_at"))
            body = getattr(event, event.WhichOneof("body"))
            self.assertLess(event.ByteSize(), EVENT_BYTES_MAX)
            self.check_ids(body)
            self.check_lines(getattr(body, "lines", []))

    def test_the_json_is_what_protobuf_itself_would_write(self):
        for line in self.lines[::97]:
            event = self.json_format.Parse(line, self.event())
            self.assertEqual(self.json_format.MessageToDict(event), json.loads(line))

    def check_ids(self, message):
        for field, value in message.ListFields():
            if field.type == field.TYPE_STRING:
                self.assertLessEqual(len(value.encode()), ID_BYTES_MAX)
                self.assertTrue(value.isprintable(), value)

    def check_lines(self, lines):
        numbers = [line.line for line in lines]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertLessEqual(len(numbers), LINES_MAX)
        for line in lines:
            self.assertTrue(line.sku and line.qty > 0 and line.unit_price >= 0)


if __name__ == "__main__":
    unittest.main()
