"""The command's verbs of goods, guards and findings, against a daemon."""

import csv
import io
import json
import os
import subprocess
import unittest

import goods_world
from daybook_client import COMMAND, READY_S, Daemon, until
from goods_world import TODAY, asked, guards, issued, lines, placed

NOW = "2024-02-10T00:00:00Z"
SENTENCE = ("RESTOCK_SELL_THROUGH: 375,000 ppm, at least 600,000; "
            "the largest quantity that would pass is 0")


class Verbs(unittest.TestCase):
    """Each test has a daemon with the book of goods_world."""

    def setUp(self):
        self.daemon = Daemon("--no-clock")
        self.addCleanup(self.daemon.close)
        self.append(*goods_world.opening(), *goods_world.trade())

    def run_it(self, *arguments, status=0, text=None):
        done = subprocess.run([COMMAND, "--server", self.daemon.address, *arguments],
                              input=text, capture_output=True, text=True, timeout=60,
                              check=False, env={**self.daemon.environment(), "NO_COLOR": "1"})
        self.assertEqual(done.returncode, status, (arguments, done.stdout, done.stderr))
        self.said = done.stderr
        return done.stdout

    def append(self, *events, status=0, options=("--format", "json")):
        return self.run_it("append", "-", *options, text=lines(*events), status=status)

    def json_of(self, *arguments):
        return json.loads(self.run_it(*arguments, "--format", "json"))

    def rows_of(self, *arguments):
        return list(csv.DictReader(io.StringIO(
            self.run_it(*arguments, "--format", "csv"))))

    def columns_of(self, rows, *names):
        return [tuple(row[name] for name in names) for row in rows]


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class Gates(Verbs):
    def test_append_tells_why_a_restock_is_refused_and_what_would_pass(self):
        for options in ((), ("--dry-run",)):
            out = self.append(asked("r1"), status=3, options=options)
            self.assertIn(f"line 1: {SENTENCE}\n", out)
            self.assertRegex(out, r"sell_through +REFUSE +37\.5% +60\.0% +no\n")
            self.assertRegex(out, r"cover +REFUSE +56 +45 +days +no\n")
            self.assertRegex(out, r"frequency +REFUSE +0 +4 +yes\n")
        self.assertNotIn("RESTOCK_SELL_THROUGH:",
                         self.append(asked("r2"), status=3, options=("--quiet",)))

    def test_json_has_every_gate_in_a_dry_run_and_out_of_it(self):
        for name, options in (("r1", ("--dry-run",)), ("r2", ())):
            out = json.loads(self.append(asked(name), asked(name + "b", "a3", "s2", 3),
                                         status=3,
                                         options=("--format", "json", *options)))
            refused, allowed = out["answers"]
            self.assertEqual((refused["line"], refused["outcome"],
                              refused["wouldPassPlusOne"]), ("1", "REFUSED", "1"))
            self.assertEqual([(one["guard"], one["mode"], one["passed"], one["measured"],
                               one["limit"]) for one in refused["checks"]],
                             [("sell_through", "REFUSE", False, "375000", "600000"),
                              ("cover", "REFUSE", False, "56", "45"),
                              ("holding", "FLAG", True, "0", "0"),
                              ("frequency", "REFUSE", True, "0", "4")])
            self.assertEqual((allowed["line"], allowed["outcome"]), ("2", "ACCEPTED"))
            self.assertTrue(all(one["passed"] for one in allowed["checks"]))
            self.assertEqual(out["refused"], "1")

    def test_append_names_the_findings_that_records_raise(self):
        events = (issued("i9", "a1", 1, TODAY),
                  goods_world.passed("t9", "a3", "a2", 1, TODAY, sku="s2", lot="L1"))
        out = json.loads(self.append(*events))
        self.assertEqual([(one["line"], one["findings"]) for one in out["answers"]],
                         [("2", ["1"])])
        again = goods_world.passed("t10", "a3", "a2", 1, TODAY, sku="s2", lot="L1")
        self.assertRegex(self.append(again, options=()),
                         r"line +position +findings\n +1 +\d+ +1\n")
        self.assertEqual(json.loads(self.append(
            goods_world.passed("t11", "a3", "a2", 1, TODAY, sku="s2", lot="L1"),
            options=("--format", "json", "--dry-run")))["answers"], [])

    def test_a_table_tells_of_some_restocks_and_json_of_all(self):
        events = [asked(f"m{i}") for i in range(60)]
        out = self.append(*events, status=3, options=("--dry-run",))
        self.assertEqual(out.count(SENTENCE), 50)
        self.assertIn("(10 more restocks; --format json tells of all)\n", out)
        out = json.loads(self.append(*events, status=3))
        self.assertEqual([one["line"] for one in out["answers"]],
                         [str(i + 1) for i in range(60)])

    def test_a_restock_is_asked_for_refused_and_allowed(self):
        out = self.run_it("restock", "ask", "a1", "s1", "5", "--at", NOW, "--dry-run",
                          status=3)
        self.assertTrue(out.startswith(SENTENCE + "\n"), out)
        self.assertEqual(self.rows_of("restock", "list"), [])
        out = self.run_it("restock", "ask", "a3", "s2", "3", "--at", NOW, "--dry-run")
        self.assertIn("would be accepted; dry run", out)
        self.assertEqual(self.rows_of("restock", "list"), [])
        ask = ("restock", "ask", "a3", "s2", "3", "--at", NOW, "--price", "4.25")
        self.assertRegex(self.run_it(*ask), r"^allowed; the largest quantity that would "
                         r"pass is 6\n\ngate +mode[\s\S]+request R20240210-000000-"
                         r"[0-9a-f]{16} is allowed by the record at position \d+\n$")
        self.assertIn("is allowed already", self.run_it(*ask))
        self.run_it("restock", "ask", "a3", "s2", "1", "--at", NOW, "--request", "mine")
        self.assertEqual(sorted(self.columns_of(self.rows_of("restock", "list", "a3"),
                                                "agent", "sku", "qty", "unit_price")),
                         [("a3", "s2", "1", "0.00"), ("a3", "s2", "3", "4.25")])
        self.assertEqual(self.rows_of("restock", "list", "a1"), [])
        answer = json.loads(self.run_it("restock", "ask", "a1", "s1", "5", "--at", NOW,
                                        "--format", "json", status=3))
        self.assertEqual((answer["outcome"], len(answer["checks"])), ("REFUSED", 4))

    def test_what_a_restock_cannot_be_is_said(self):
        self.run_it("restock", "ask", "nobody", "s1", "5", "--at", NOW, status=3)
        self.assertIn("refused: AGENT_UNKNOWN agent nobody", self.said)
        for arguments in (("a1", "s1"), ("a1", "s1", "0"), ("a1", "s1", "-1"),
                          ("a1", "s1", "9223372036854775808"),
                          ("a1", "s1", "1", "--price", "1.001"),
                          ("a1", "s1", "1", "--place", "moon"),
                          ("a1", "s1", "1", "--source", "")):
            self.run_it("restock", "ask", *arguments, status=2)
        self.run_it("restock", status=2)
        self.run_it("restock", "list", "nobody", status=5)

    def test_an_override_lets_an_agent_pass_once(self):
        grant = ("override", "grant", "sell_through", "a1", "--expires", "2024-03-01",
                 "--approver1", "lin", "--approver2", "wu", "--reason", "fair", "--at", NOW)
        self.assertIn("is granted by the record", self.run_it(*grant))
        self.run_it("override", "grant", "RESTOCK_COVER", "a1", *grant[4:])
        self.run_it("restock", "ask", "a1", "s1", "5", "--at", NOW)
        self.run_it("restock", "ask", "a1", "s1", "6", "--at", NOW, status=3)
        self.run_it("override", "grant", "no_guard", "a1", *grant[4:], status=3)
        self.assertIn("OVERRIDE_GUARD", self.said)
        self.run_it(*grant[:-4], status=2)
        self.assertIn("--reason TEXT is missing", self.said)


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class Stock(Verbs):
    def test_measures_are_those_that_the_gates_see(self):
        row, = self.rows_of("stock", "--measures", "a1")
        self.assertEqual(self.columns_of([row], "sku", "stock", "open", "received", "sold",
                                         "sell_through", "cover_days", "to_30", "to_60",
                                         "older"),
                         [("s1", "40", "34", "30", "24", "375000", "50", "30", "10", "0")])
        self.assertRegex(self.run_it("stock", "--measures", "a1"),
                         r"a1 +s1 +40 +30 +24 +37\.5% +50 +30 +10 +0 +0 +0\n")
        row, = self.rows_of("stock", "--measures", "a1", "--window", "366")
        self.assertEqual((row["received"], row["open"]), ("64", "0"))
        rows = self.rows_of("stock", "--measures", "--by-agent", "--largest")
        self.assertEqual(self.columns_of(rows, "agent", "stock"),
                         [("a1", "40"), ("a2", "13"), ("a3", "4")])
        self.assertEqual(self.columns_of(self.rows_of("stock", "--measures", "--sku", "s2"),
                                         "agent", "cover_days"), [("a2", ""), ("a3", "40")])

    def test_positions_stay_what_stock_lists(self):
        self.assertEqual(self.columns_of(self.rows_of("stock", "a2"), "holder", "lot",
                                         "on_hand"), [("a2", "L1", "13")])
        self.assertEqual(self.columns_of(self.rows_of("stock", "--lot", "L1"), "holder"),
                         [("a2",), ("a3",)])
        for arguments in (("a2", "--holder", "a3"), ("--window", "3"), ("--by-agent",),
                          ("--measures", "--lot", "L1"), ("--measures", "--as-of", "3"),
                          ("--measures", "--window", "367"), ("--measures", "--window", "0")):
            self.run_it("stock", *arguments, status=2)
        self.run_it("stock", "--measures", "nobody", status=5)
        self.run_it("stock", "--lot", "nothing", status=5)

    def test_many_agents_come_page_by_page_and_each_once(self):
        agents = [f"p{i:04}" for i in range(1100)]
        self.append(*(goods_world.day(TODAY, agent_enrolled=dict(agent=name))
                      for name in agents))
        self.append(*(issued(f"q{name}", name, 1, TODAY) for name in agents))
        rows = self.rows_of("stock", "--measures", "--sku", "s1")
        self.assertEqual(sorted(row["agent"] for row in rows), ["a1", *agents])
        goods = self.json_of("stock", "--measures", "--sku", "s1")
        self.assertEqual((len(goods["goods"]), goods["nextPageToken"]), (1101, ""))
        self.assertEqual(len(self.rows_of("stock", "--measures", "--limit", "3")), 3)

    def test_a_lot_shows_through_whose_hands_it_went(self):
        chain = [("12", "StockIssued", "a2", "received", "20", "20", ""),
                 ("13", "StockTransferred", "a2", "passed_down", "8", "12", ""),
                 ("13", "StockTransferred", "a3", "received", "8", "8", ""),
                 ("14", "StockTransferred", "a3", "passed_down", "1", "7", ""),
                 ("14", "StockTransferred", "a2", "received", "1", "13", ""),
                 ("15", "SaleRecorded", "a3", "sold", "3", "4", "c2")]
        self.assertEqual(self.columns_of(self.rows_of("lot", "L1"), "position", "type",
                                         "holder", "reason", "units", "balance", "buyer"),
                         chain)
        out = self.run_it("lot", "L1", "--limit", "1")
        self.assertIn("intended_region  north\n", out)
        self.assertRegex(out, r"a3 +agent +PHYSICAL +4 +0 +8 +3\n")
        self.assertIn("(the first 1 rows", self.said)
        self.assertEqual(self.columns_of(self.rows_of("lot", "L1", "--holders"), "holder",
                                         "on_hand"), [("a2", "13"), ("a3", "4")])
        lot = self.json_of("lot", "L1")
        self.assertEqual((lot["issued"], lot["consumed"], len(lot["lines"])),
                         ("20", "3", 6))
        self.run_it("lot", "nothing", status=5)

    def test_an_order_says_how_old_each_flow_is(self):
        for order, placing, money, goods in (
                ("late", "20 days ago", r"paid +20 days ago", r"not shipped +for 20 days"),
                ("open", "10 days ago", r"unpaid +for 10 days", r"not shipped +for 10 days"),
                ("o1", "20 days ago", r"paid +20 days ago", r"received +20 days ago")):
            self.assertRegex(self.run_it("order", order),
                             rf"placed +{placing} +\|  {money} +\|  {goods}\n")
        self.append(goods_world.day(39, goods_shipped=dict(order="late", shipment="s",
                                                           line=1, qty=2)),
                    placed("new", TODAY),
                    goods_world.day(TODAY, order_cancelled=dict(order="open")))
        self.assertRegex(self.run_it("order", "late"), r"\|  on the way +for 1 day\n")
        self.assertRegex(self.run_it("order", "new"), r"placed +today +\|  unpaid +since today")
        self.assertRegex(self.run_it("order", "open"), r"placed +10 days ago +\| +\| *\n")


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class Findings(Verbs):
    def found(self, *arguments):
        return self.columns_of(self.rows_of("findings", *arguments), "finding", "rule",
                               "subject_kind", "subject", "state")

    def test_findings_are_listed_by_rule_subject_state_and_colour(self):
        cycle = ("1", "GOODS_CYCLE", "agent", "a3", "open")
        lot = ("2", "DIVERSION", "lot", "L1", "open")
        late = ("3", "PAID_NOT_SHIPPED", "order", "late", "open")
        self.assertEqual(self.found(), [late, lot, cycle])
        self.assertEqual(self.found("--red"), [lot, cycle])
        self.assertEqual(self.found("--rule", "goods-cycle"), [cycle])
        self.assertEqual(self.found("--subject", "order:late"), [late])
        self.assertEqual(self.found("--subject", "agent:a2"), [])
        self.assertEqual(self.found("--subject", "book"), [])
        self.assertEqual(self.found("--state", "acknowledged"), [])
        for arguments in (("--rule", "GOODS_CYCL"), ("--state", "closed"),
                          ("--subject", "agent"), ("--subject", "agent:"),
                          ("--subject", "book:x"), ("--subject", "a3"), ("--subject", "")):
            self.run_it("findings", *arguments, status=2)

    def test_findings_are_acknowledged_and_resolved(self):
        self.assertIn("finding 1 is acknowledged by the record at",
                      self.run_it("findings", "ack", "1", "--at", NOW, "--actor", "lin"))
        self.assertIn("already", self.run_it("findings", "ack", "1", "--at", NOW,
                                             "--actor", "lin"))
        self.run_it("findings", "ack", "1", "--action", "again", "--at", NOW, status=3)
        self.assertIn("refused: FINDING_STATE", self.said)
        self.run_it("findings", "ack", "01", "--at", NOW, status=3)
        self.run_it("findings", "ack", "99", "--at", NOW, status=3)
        self.assertIn("refused: FINDING_UNKNOWN", self.said)
        self.run_it("findings", "resolve", "2", "--at", NOW, status=2)
        self.assertIn("--reason TEXT is missing", self.said)
        self.assertIn("dry run", self.run_it("findings", "resolve", "2", "--at", NOW,
                                             "--reason", "x", "--dry-run"))
        self.run_it("findings", "resolve", "2", "--at", NOW, "--reason", "sent back",
                    "--approver", "wu")
        self.assertEqual([row[::4] for row in self.found()],
                         [("3", "open"), ("1", "acknowledged")])
        row, = self.rows_of("findings", "--state", "resolved")
        self.assertEqual((row["finding"], row["reason"]), ("2", "sent back"))
        self.assertEqual(len(self.found("--all")), 3)

    def test_following_shows_what_stands_and_then_what_comes(self):
        process = subprocess.Popen(
            [COMMAND, "--server", self.daemon.address, "findings", "--follow", "--format",
             "jsonl"], stdout=subprocess.PIPE, text=True, env=self.daemon.environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

        def next_one():
            one = json.loads(process.stdout.readline())
            return one["finding"], one["state"], one["count"]

        self.assertEqual([next_one() for _ in range(3)],
                         [(number, "FINDING_OPEN", "1") for number in "123"])
        self.append(goods_world.passed("t9", "a3", "a2", 1, TODAY, sku="s2", lot="L1"))
        self.assertEqual(next_one(), ("1", "FINDING_OPEN", "2"))
        self.run_it("findings", "resolve", "3", "--at", NOW, "--reason", "sent")
        self.assertEqual(next_one(), ("3", "FINDING_RESOLVED", "1"))
        self.assertIsNone(process.poll())

    def test_following_passes_over_what_is_resolved_and_ends_at_the_limit(self):
        self.run_it("findings", "resolve", "1", "--at", NOW, "--reason", "once")
        out = self.run_it("findings", "--follow", "--limit", "2", "--format", "csv")
        self.assertEqual([row["finding"] for row in csv.DictReader(io.StringIO(out))],
                         ["2", "3"])
        out = self.run_it("findings", "--follow", "--all", "--red", "--limit", "2",
                          "--format", "csv")
        self.assertEqual([row["finding"] for row in csv.DictReader(io.StringIO(out))],
                         ["1", "2"])
        out = self.run_it("findings", "--follow", "--rule", "paid_not_shipped", "--limit",
                          "1")
        self.assertRegex(out, r"\n +3 +PAID_NOT_SHIPPED +order late ")

    def test_following_survives_no_daemon(self):
        process = subprocess.Popen(
            [COMMAND, "--server", self.daemon.address, "findings", "--follow"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.daemon.environment())
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        until(lambda: "PAID_NOT_SHIPPED" in process.stdout.readline(), READY_S)
        self.daemon.stop()
        self.assertEqual(process.wait(READY_S), 1)
        self.assertIn("daybook: findings: ", process.stderr.read())


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class GuardSets(Verbs):
    def test_the_set_in_force_is_shown_and_others_by_name(self):
        out = self.run_it("guards")
        self.assertIn("guard_set   house\nversion     1\nin_force    true\n", out)
        self.assertRegex(out, r"cover +REFUSE +A restock lasts ")
        numbers = [dict(name="max_cover_days", value=60, rank="gold"),
                   dict(name="min_sell_through_ppm", value=700000),
                   dict(name="max_exposure", value=123456)]
        self.append(guards(2, (("cover", "FLAG"),), numbers))
        out = self.run_it("guards")
        self.assertRegex(out, r"max_cover_days +60 +days +gold\n")
        self.assertRegex(out, r"min_sell_through_ppm +70\.0% +ppm\n")
        self.assertRegex(out, r"max_exposure +1234\.56 +amount\n")
        self.assertEqual(self.columns_of(self.rows_of("guards"), "parameter", "value",
                                         "choice"),
                         [("cover", "", "FLAG"), ("max_cover_days", "60", ""),
                          ("min_sell_through_ppm", "700000", ""),
                          ("max_exposure", "1234.56", "")])
        self.assertEqual(len(self.rows_of("guards", "house", "1")), 8)
        self.assertEqual(self.columns_of(self.rows_of("guards", "--all"), "version",
                                         "in_force"), [("1", "false"), ("2", "true")])
        self.assertEqual(self.json_of("guards", "house")["version"], 2)
        self.run_it("guards", "house", "3", status=5)
        self.run_it("guards", "other", status=5)
        self.run_it("guards", "house", "x", status=2)

    def test_lint_says_what_cannot_stand_without_a_daemon(self):
        self.daemon.stop()
        good = lines(guards())
        self.assertIn("1 guard set: 0 notes; 0 cannot stand",
                      self.run_it("guards", "lint", "-", text=good))
        out = self.run_it("guards", "lint", "-", "--format", "csv", status=4, text=lines(
            guards(1, (("sel_through", "REFUSE"),)), guards(2, (("cover", "MAYBE"),)),
            guards(3, (), [dict(name="max_units", value=5), dict(name="free_units",
                                                                value=6)]),
            guards(4, (("custody", "REFUSE"),))) + "{\n")
        self.assertEqual(self.columns_of(csv.DictReader(io.StringIO(out)), "line",
                                         "severity", "code", "parameter", "place"),
                         [("1", "broken", "GUARD_PARAMETER_UNKNOWN", "sel_through", "1"),
                          ("2", "broken", "GUARD_PARAMETER_VALUE", "cover", "1"),
                          ("3", "broken", "GUARD_CONTRADICTION", "free_units", "2"),
                          ("4", "note", "READS_AS_FLAG", "custody", "1"),
                          ("5", "broken", "MALFORMED", "", "")])
        out = self.run_it("guards", "lint", "-", "--format", "json", text=good)
        self.assertEqual(json.loads(out), {"remarks": []})
        self.run_it("guards", "lint", "-", status=4, text=lines(placed("x", 3)))
        self.run_it("guards", "lint", "/nonexistent", status=1)

    def test_the_catalogue_has_every_guard_and_number(self):
        rows = self.rows_of("guards", "parameters")
        names = [row["parameter"] for row in rows]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(len([row for row in rows if row["unit"] == "mode"]), 33)
        self.assertIn(("max_units", "none"), self.columns_of(rows, "parameter", "default"))
        self.assertEqual(len(self.json_of("guards", "parameters")["parameters"]), len(rows))
        self.run_it("guards", "parameters", "--wide")

    def test_a_book_without_a_set_says_so(self):
        with Daemon("--no-clock") as empty:
            done = subprocess.run([COMMAND, "--server", empty.address, "guards"],
                                  capture_output=True, text=True, check=False,
                                  env=empty.environment())
        self.assertEqual(done.returncode, 5)
        self.assertIn("no guard set is in force", done.stderr)


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class Reports(Verbs):
    def test_stock_has_the_months_and_those_who_keep_most(self):
        out = self.run_it("report", "stock", "--holders", "2")
        self.assertRegex(out, r"2024-01 +84 +0 +9 +27 +27 +32\.1% +344\.4%\n")
        self.assertRegex(out, r"\na1 +40 [\s\S]+\na2 +13 ")
        self.assertNotIn("\na3 ", out)
        both = self.json_of("report", "stock")
        self.assertEqual([one["agent"] for one in both["holders"]["goods"]],
                         ["a1", "a2", "a3"])
        self.assertEqual(both["network"]["rows"][0]["sellThroughPpm"], "321428")
        self.assertEqual(self.columns_of(self.rows_of("report", "stock"), "agent"),
                         [("a1",), ("a2",), ("a3",)])

    def test_the_network_comes_by_month_day_whole_and_sku(self):
        names = ("period", "sku", "issued", "sold", "sell_through")
        self.assertEqual(self.columns_of(self.rows_of("report", "network"), *names),
                         [("2024-01", "", "84", "27", "321428")])
        self.assertEqual(self.columns_of(self.rows_of("report", "network", "--by", "whole",
                                                      "--by-sku"), *names),
                         [("", "s1", "64", "24", "375000"), ("", "s2", "20", "3", "150000")])
        rows = self.rows_of("report", "network", "--by", "day", "--from", "2024-01-16",
                            "--to", "2024-01-21")
        self.assertEqual(self.columns_of(rows, "period", "issued", "sell_through"),
                         [("2024-01-16", "30", "0"), ("2024-01-21", "0", "")])
        self.run_it("report", "network", "--by", "year", status=2)
        self.run_it("report", "network", "--sku", "nothing", status=5)

    def test_the_waterfall_shows_prices_from_tier_to_tier(self):
        names = ("tier", "holders", "bought_units", "bought_at", "passed_at", "sold_at")
        self.assertEqual(self.columns_of(self.rows_of("report", "waterfall", "s2"), *names),
                         [("1", "0", "20", "4.00", "6.00", ""),
                          ("2", "1", "8", "6.00", "6.00", "12.00"),
                          ("3", "1", "1", "6.00", "", "")])
        self.assertIn("sku s2: factory price 1.00, list price 10.00 (CNY)",
                      self.run_it("report", "waterfall", "s2"))
        self.assertIn("all skus (CNY)", self.run_it("report", "waterfall"))
        self.run_it("report", "waterfall", "nothing", status=5)

    def test_cohorts_are_a_triangle_for_people_and_long_for_programs(self):
        self.assertRegex(self.run_it("report", "cohorts"), r"2024-01 +4 +3 +0\n")
        self.assertRegex(self.run_it("report", "cohorts", "--show", "share"),
                         r"2024-01 +4 +75% +0%\n")
        self.assertRegex(self.run_it("report", "cohorts", "--show", "sold"),
                         r"2024-01 +4 +27 +0\n")
        self.assertEqual(self.columns_of(self.rows_of("report", "cohorts"), "month", "age",
                                         "active", "sold"),
                         [("2024-01", "0", "3", "27"), ("2024-01", "1", "0", "0")])
        self.run_it("report", "cohorts", "--show", "all", status=2)

    def test_the_scorecard_has_the_eight_abstentions(self):
        rows = self.rows_of("report", "scorecard")
        self.assertEqual(list(dict.fromkeys(row["abstention"] for row in rows)),
                         ["rules", "fakes", "pyramid", "disorder", "hoarding",
                          "profiteering", "flooding", "friends"])
        self.assertTrue(all(row["help"] for row in rows))
        self.assertIn(("sell_through", "321428", "ppm"),
                      self.columns_of(rows, "number", "value", "unit"))
        self.assertRegex(self.run_it("report", "scorecard"), r"sell_through +32\.1% *\n")

    def test_mismatches_and_buybacks_are_listed(self):
        names = ("order", "mismatch", "age_days", "paid", "units", "shipped", "seller")
        late = ("late", "paid not shipped", "20", "20.00", "2", "0", "a1")
        for arguments, want in (((), [late]), (("--older", "20"), [late]),
                                (("--older", "21"), []), (("--seller", "a2"), []),
                                (("--kind", "paid-not-shipped"), [late]),
                                (("--kind", "SHIPPED_NOT_PAID"), [])):
            self.assertEqual(self.columns_of(self.rows_of("report", "mismatches",
                                                          *arguments), *names), want)
        self.run_it("report", "mismatches", "--kind", "paid-not-shiped", status=2)
        self.assertIn("did you mean PAID_NOT_SHIPPED?", self.said)
        self.assertEqual(self.columns_of(self.rows_of("report", "buybacks"), "request",
                                         "agent", "qty", "open"), [("b1", "a3", "2", "2")])
        self.assertEqual(self.rows_of("report", "buybacks", "--agent", "a1"), [])

    def test_no_table_is_wider_than_a_terminal(self):
        for words in ("stock --measures", "stock --measures --by-agent", "findings",
                      "findings --all", "guards --all", "lot L1", "order o1", "order late",
                      "restock list", "report stock", "report network",
                      "report network --by-sku", "report waterfall", "report cohorts",
                      "report scorecard", "report mismatches", "report buybacks"):
            for text in self.run_it(*words.split()).splitlines():
                self.assertLessEqual(len(text), 100, words)


if __name__ == "__main__":
    unittest.main()
