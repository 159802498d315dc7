"""The command's verbs of money, against a daemon: from a plan to what a bank confirmed."""

import base64
import csv
import hashlib
import io
import json
import os
import subprocess
import tempfile
import unittest

from google.protobuf import json_format

from daybook_client import (COMMAND, DAY, Daemon, T0, event, opening, sale)

PLAN = [("pay_max_depth", 2, 0), ("rate_ppm", 125000, 1), ("rate_ppm", 25000, 2),
        ("window_days", 7, 0), ("min_payout", 1, 0), ("approval_above", 0, 0),
        ("tax_flat_allowance", 80000, 0), ("tax_flat_allowance_up_to", 400000, 0),
        ("tax_share_allowance_ppm", 200000, 0), ("tax_bracket_rate_ppm", 200000, 1)]


def lines(*events):
    return "".join(json_format.MessageToJson(event, indent=None) + "\n" for event in events)


def plan(version=1, more=()):
    parameters = [dict(name=name, value=value, level=level)
                  for name, value, level in PLAN] + list(more)
    return event(T0 + 10, plan_published=dict(plan="p", version=version,
                                              parameters=parameters))


def verified(agent, payee=None, revision=1):
    return event(T0 + 11, agent_verified=dict(agent=agent, revision=revision,
                                              payee_hash=(payee or agent).encode()))


def at(days):
    """A time of the book as the command takes it."""
    return f"2024-01-{1 + days:02}T00:00:00Z"


def clock(days):
    return event(T0 + days * DAY, clock_advanced={})


def delivered(number, day=1, **more):
    """A sale of DAY that its buyer has received."""
    when = {"seconds": (T0 + day * DAY) // 1_000_000}
    return sale(number, at=day * DAY - DAY, delivered_at=when, **more)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


class Verbs(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon("--no-clock")
        self.addCleanup(self.daemon.close)
        self.folder = tempfile.TemporaryDirectory(prefix="daybook-e2e-")
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_it(self, *arguments, status=0, text=None):
        done = subprocess.run([COMMAND, "--server", self.daemon.address, *arguments],
                              input=text, capture_output=True, text=True, timeout=60,
                              check=False, env={**self.daemon.environment(), "NO_COLOR": "1"})
        self.assertEqual(done.returncode, status, (arguments, done.stdout, done.stderr))
        self.said = done.stderr
        return done.stdout

    def append(self, text, source="platform", status=0):
        return self.run_it("append", "--source", source, "--format", "json", "-",
                           text=text, status=status)

    def trade(self, *more):
        """A book in which a1 and its sponsor root have earned something."""
        self.append(lines(*opening(), plan(), verified("a1", "payee of a1"),
                          verified("root"), *more))
        self.append(lines(*(delivered(i, qty=10) for i in range(10)), clock(10)))

    def rows_of(self, *arguments):
        return rows(self.run_it(*arguments, "--format", "csv"))

    def pay(self, days, provider="bank", prefix="p", statement=True):
        """Everybody through all steps, as three sources; the bank's file."""
        step = ("--at", at(days))
        self.append(self.run_it("payout", "propose", "--min", "1", "--prefix", prefix,
                                *step), "maker")
        self.append(self.run_it("payout", "approve", *step), "checker")
        self.append(self.run_it("payout", "batch", "--batch", prefix, "--out",
                                self.path(prefix), *step), "maker")
        self.append(self.run_it("payout", "send", "--batch", prefix, "--provider",
                                provider, *step), "maker")
        with open(self.path(prefix), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def statement_of(self, *lines_of):
        with open(self.path("statement"), "w", encoding="utf-8") as file:
            file.write("request_no,provider_ref,status,amount,fee\n")
            file.write("".join(line + "\n" for line in lines_of))
        return self.path("statement")


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class Payouts(Verbs):
    def test_who_has_enough_and_a_payee_is_proposed_for_all_of_it(self):
        # 10 sales of 100.00: a1 has 12.50 of each, root 2.50; a2 has no payee.
        self.trade(verified("a1", "its second payee", 2))
        self.append(lines(delivered(50, seller="a2", qty=8), clock(11)))
        out = self.run_it("payout", "propose", "--min", "10", "--at", at(10))
        asked = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([(one["effectiveAt"], one["payoutRequested"]["payout"],
                           one["payoutRequested"]["gross"]) for one in asked],
                         [(at(10), "P20240111-a1", "12700"),
                          (at(10), "P20240111-root", "2500")])
        self.assertIn("(2 payouts of 152.00 CNY in all)", self.said)
        self.assertIn("(1 more agents have 10.00 CNY and no verified payee)", self.said)
        self.append(out, "maker")
        self.assertEqual([(row["payout"], row["gross"], row["maker"])
                          for row in self.rows_of("payout", "list")],
                         [("P20240111-a1", "127.00", "maker"),
                          ("P20240111-root", "25.00", "maker")])
        # Nothing is left, so a second run asks for nothing.
        self.assertEqual(self.run_it("payout", "propose", "--min", "10"), "")

    def test_only_those_above_the_least_amount_are_proposed(self):
        self.trade()
        for least, count in (("25.01", 1), ("25.00", 2), ("125", 1), ("125.01", 0)):
            out = self.run_it("payout", "propose", "--min", least)
            self.assertEqual(len(out.splitlines()), count, least)
        self.run_it("payout", "propose", "--min", "0", status=2)
        self.run_it("payout", "propose", "--min", "1.001", status=2)
        self.run_it("payout", "propose", status=2)
        out = self.run_it("payout", "propose", "--min", "1", "--agent", "root",
                          "--method", "BANK", "--actor", "ms-lin")
        self.assertEqual([(one["actor"], one["payoutRequested"]["agent"],
                           one["payoutRequested"]["method"])
                          for one in map(json.loads, out.splitlines())],
                         [("ms-lin", "root", "BANK")])

    def test_an_agent_with_a_long_name_gets_an_id_that_fits(self):
        name = "x" * 64
        self.trade(event(T0 + 5, agent_enrolled=dict(agent=name)), verified(name))
        self.append(lines(delivered(60, seller=name, qty=10), clock(11)))
        out = self.run_it("payout", "propose", "--min", "1", "--agent", name)
        payout = json.loads(out)["payoutRequested"]["payout"]
        self.assertLessEqual(len(payout), 64)
        again = self.run_it("payout", "propose", "--min", "1", "--agent", name)
        self.assertEqual(json.loads(again)["payoutRequested"]["payout"], payout)
        self.append(out, "maker")
        self.run_it("payout", payout)

    def test_the_same_source_does_not_approve_what_it_asked_for(self):
        self.trade()
        self.append(self.run_it("payout", "propose", "--min", "1"), "maker")
        approvals = self.run_it("payout", "approve")
        self.assertEqual(len(approvals.splitlines()), 2)
        self.append(approvals, "maker", status=3)
        self.append(approvals, "checker")
        self.assertEqual({row["state"] for row in self.rows_of("payout", "list")},
                         {"approved"})

    def test_named_payouts_are_all_there_or_nothing_is_printed(self):
        self.trade()
        self.append(self.run_it("payout", "propose", "--min", "1", "--prefix", "p"),
                    "maker")
        self.assertEqual(self.run_it("payout", "approve", "p-a1", "p-nobody", status=5),
                         "")
        self.assertIn("p-nobody is no payout in state requested", self.said)
        self.run_it("payout", "approve", "--state", "setled", status=2)
        self.assertIn("did you mean settled?", self.said)
        with open(self.path("ids"), "w", encoding="utf-8") as file:
            file.write("payout,why\np-a1,looks good\np-a1\n")
        out = self.run_it("payout", "approve", "--ids", self.path("ids"))
        self.assertEqual(len(out.splitlines()), 1)
        self.append(out, "checker")
        out = self.run_it("payout", "reject", "p-root", "--reason", "wrong account")
        self.assertEqual(json.loads(out)["payoutRejected"]["reason"], "wrong account")
        self.append(out, "checker")
        self.append(self.run_it("payout", "cancel", "--state", "approved"), "maker")
        self.assertEqual({row["payout"]: row["state"]
                          for row in self.rows_of("payout", "list")},
                         {"p-a1": "cancelled", "p-root": "rejected"})
        self.assertEqual(self.run_it("payout", "approve"), "")

    def test_the_banks_file_has_what_is_sent_and_the_book_its_hash(self):
        self.append(lines(*opening(), plan(), verified("a1", "payee of a1"),
                          verified("root")))
        self.append(lines(delivered(1, qty=100, price=10000), clock(10)))
        file = self.pay(10)
        # A fifth of what is above 800.00 is tax.
        self.assertEqual([dict(row) for row in file], [
            dict(payout="p-a1", agent="a1", payee_hash=b"payee of a1".hex(),
                 gross="1250.00", tax="90.00", net="1160.00"),
            dict(payout="p-root", agent="root", payee_hash=b"root".hex(),
                 gross="250.00", tax="0.00", net="250.00")])
        with open(self.path("p"), "rb") as raw:
            want = hashlib.blake2b(raw.read(), digest_size=32).digest()
        events = json.loads(self.run_it("payout", "p-a1", "--format", "json"))["events"]
        batched = [one["event"]["payoutBatched"] for one in events
                   if "payoutBatched" in one["event"]]
        self.assertEqual(batched[0]["total"], "141000")
        self.assertEqual(base64.b64decode(batched[0]["fileHash"]), want)
        self.assertEqual(os.stat(self.path("p")).st_mode & 0o777, 0o600)
        self.assertEqual({row["state"] for row in self.rows_of("payout", "list")},
                         {"sent"})

    def test_a_batch_that_the_book_would_refuse_writes_no_file(self):
        self.trade()
        self.assertEqual(self.run_it("payout", "batch", "--batch", "b", "--out",
                                     self.path("b")), "")
        self.assertFalse(os.path.exists(self.path("b")))
        self.pay(10)
        self.append(lines(delivered(90, day=11, qty=10), clock(19)))
        self.append(self.run_it("payout", "propose", "--min", "1", "--prefix", "q"),
                    "maker")
        self.append(self.run_it("payout", "approve"), "checker")
        self.run_it("payout", "batch", "--batch", "p", "--out", self.path("b"), status=3)
        self.assertIn("CONFLICT", self.said)
        self.assertFalse(os.path.exists(self.path("b")))
        self.run_it("payout", "batch", "--batch", "q", "--out", self.path("no/b"),
                    status=1)
        self.run_it("payout", "batch", "--batch", "x" * 65, "--out", self.path("b"),
                    status=2)

    def test_more_payouts_than_one_batch_holds_become_several(self):
        agents = [f"b{i}" for i in range(510)]
        self.append(lines(*opening(), plan()))
        self.append(lines(*(event(T0 + 12, agent_enrolled=dict(agent=name))
                            for name in agents),
                          *(verified(name) for name in agents)))
        self.append(lines(*(delivered(1000 + i, seller=name, qty=100, price=10000)
                            for i, name in enumerate(agents)), clock(9)))
        first = self.run_it("payout", "propose", "--min", "1", "--prefix", "first",
                            "--at", at(9))
        # The first agent is also in the last batch: what tax it pays there depends on
        # the batch before.
        self.append(first, "maker")
        self.append(lines(delivered(5000, day=9, seller="b0", qty=100, price=10000),
                          clock(17)))
        self.append(self.run_it("payout", "propose", "--min", "1", "--prefix", "second",
                                "--at", at(17)), "maker")
        self.append(self.run_it("payout", "approve", "--at", at(17)), "checker")
        out = self.run_it("payout", "batch", "--batch", "b", "--out", self.path("b"),
                          "--at", at(18))
        self.assertEqual([(one["payoutBatched"]["batch"],
                           len(one["payoutBatched"]["payouts"]))
                          for one in map(json.loads, out.splitlines())],
                         [("b-1", 500), ("b-2", 11)])
        with open(self.path("b"), encoding="utf-8", newline="") as file:
            written = {row["payout"]: row for row in csv.DictReader(file)}
        self.assertEqual(len(written), 511)
        # 1,250.00 twice in one month: tax of the sum, less what the first one paid.
        self.assertEqual(written["first-b0"]["tax"], "90.00")
        self.assertEqual(written["second-b0"]["tax"], "250.00")
        self.append(out, "maker")
        self.assertEqual({row["payout"]: (row["tax"], row["net"])
                          for row in self.rows_of("payout", "list")},
                         {name: (row["tax"], row["net"])
                          for name, row in written.items()})
        sent = self.run_it("payout", "send", "--provider", "bank", "--batch", "b-2")
        self.assertEqual(len(sent.splitlines()), 11)
        sent = self.run_it("payout", "send", "--provider", "bank", "--request-prefix",
                           "D/")
        self.assertEqual(len(sent.splitlines()), 511)
        self.assertEqual(json.loads(sent.splitlines()[0])["payoutSent"]["requestNo"],
                         "D/first-b0")
        self.run_it("payout", "send", "--provider", "bank", "--request-prefix", "x" * 60,
                    status=2)

    def test_a_statement_is_compared_both_ways(self):
        self.trade()
        self.pay(10)
        path = self.statement_of("p-a1,r1,settled,124.99,0.50", "other,r2,settled,1.00,0")
        out = rows(self.run_it("payout", "reconcile", "--provider", "bank", path,
                               "--format", "csv", status=3))
        self.assertEqual([(row["difference"], row["line"], row["request_no"],
                           row["payout"]) for row in out],
                         [("amount differs", "2", "p-a1", "p-a1"),
                          ("not in the book", "3", "other", ""),
                          ("not in the statement", "", "p-root", "p-root")])
        parsed = json.loads(self.run_it("payout", "reconcile", "--provider", "bank", path,
                                        "--format", "json", status=3))
        self.assertEqual(len(parsed["differences"]), 3)
        # Nothing agrees, so there is nothing to book.
        self.assertEqual(self.run_it("payout", "reconcile", "--provider", "bank", path,
                                     "--events", status=3), "")
        self.assertIn("0 agree", self.said)
        self.run_it("payout", "reconcile", "--provider", "bank",
                    self.statement_of("p-a1,r1,paid,1,0"), status=4)

    def test_what_agrees_is_booked_and_agrees_again(self):
        self.trade()
        self.pay(10)
        path = self.statement_of("p-root,r2,failed,25.00,", "p-a1,r3,returned,125.00,",
                                 "p-a1,r1,settled,125.00,0.50")
        out = self.run_it("payout", "reconcile", "--provider", "bank", path, "--events",
                          "--at", at(12))
        self.assertEqual([next(key for key in json.loads(line) if key != "effectiveAt")
                          for line in out.splitlines()],
                         ["payoutSettled", "payoutFailed", "payoutReturned"])
        self.append(out, "clerk")
        self.assertEqual({row["payout"]: (row["state"], row["fee"], row["returned"])
                          for row in self.rows_of("payout", "list")},
                         {"p-a1": ("returned", "0.50", "125.00"),
                          "p-root": ("failed", "0.00", "0.00")})
        again = self.run_it("payout", "reconcile", "--provider", "bank", path, "--events")
        self.assertEqual(again, "")
        self.assertIn("3 booked before; 0 differ", self.said)

    def test_a_payout_leads_back_to_its_sales(self):
        self.trade()
        self.pay(10)
        items = self.rows_of("payout", "p-a1")
        self.assertEqual([(row["order"], row["level"], row["rate"], row["computed_on"],
                           row["amount"]) for row in items],
                         [(f"o{i}", "1", "125000", "100.00", "12.50") for i in range(10)])
        out = self.run_it("payout", "p-a1", "--limit", "2")
        self.assertIn("10 items add up to 125.00, which is gross; --limit 0 shows all",
                      out)
        for word in ("PayoutRequested", "PayoutApproved", "PayoutBatched", "PayoutSent"):
            self.assertIn(word, out)
        whole = json.loads(self.run_it("payout", "p-a1", "--format", "json"))
        self.assertEqual((len(whole["items"]), whole["payout"]["gross"]), (10, "12500"))
        self.run_it("payout", "nothing", status=5)
        self.run_it("payout", status=2)

    def test_the_register_is_summed_by_state_beyond_the_limit(self):
        self.trade()
        self.pay(10)
        out = self.run_it("report", "payouts", "--limit", "1")
        self.assertIn("(the first 1 rows; --limit 0 for all)", self.said)
        sums = [line.split() for line in out.split("\n\n")[1].splitlines()]
        self.assertEqual(sums[1:], [["sent", "2", "150.00", "0.00", "150.00", "0.00", "0.00"],
                                    ["all", "2", "150.00", "0.00", "150.00", "0.00",
                                     "0.00"]])


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class Money(Verbs):
    def refund(self, number, when=12):
        return event(T0 + when * DAY, refund_approved=dict(
            refund=f"r{number}", order=f"o{number}", line=1, amount=10000, qty=10))

    def test_a_statement_foots_and_names_what_was_taken_back(self):
        self.trade()
        self.pay(10)
        self.append(lines(self.refund(1), self.refund(2)))
        self.append(lines(delivered(70, day=13, qty=20), clock(21)))
        out = self.run_it("statement", "a1", "--from", at(5))
        self.assertIn("foots: opening and", out)
        figures = {row["what"]: row for row in self.rows_of("statement", "a1",
                                                            "--figures")}
        self.assertEqual(figures["accrued"]["total"], "150.00")
        self.assertEqual(figures["reversed"]["receivable"], "25.00")
        self.assertEqual((figures["netted"]["available"], figures["netted"]["receivable"],
                          figures["netted"]["total"]), ("-25.00", "-25.00", "0.00"))
        # What was sent is still on its way.
        self.assertEqual((figures["closing"]["in_transit"], figures["closing"]["total"]),
                         ("125.00", "125.00"))
        found = self.rows_of("statement", "a1", "--lines", "3")
        self.assertEqual(len(found), 3)
        self.assertEqual(found[0]["what"], "netted")
        self.assertEqual(len(self.rows_of("statement", "a1", "--lines", "0")),
                         sum(int(row["lines"] or 0) for row in figures.values()))
        whole = json.loads(self.run_it("statement", "a1", "--format", "json"))
        self.assertEqual(whole["closing"]["total"], "12500")
        self.assertTrue(whole["lines"])

    def test_statements_of_accounts_are_still_there(self):
        self.trade()
        by_operands = self.run_it("statement", "2120", "a1", "--format", "csv")
        self.assertEqual(self.run_it("statement", "--code", "2120", "--owner", "a1",
                                     "--format", "csv"), by_operands)
        self.assertEqual({row["cause"] for row in rows(by_operands)}, {"matured"})
        owners = {row["owner"] for row in self.rows_of("statement", "2120")}
        self.assertEqual(owners, {"a1", "root"})
        self.assertEqual({row["code"] for row in self.rows_of("statement", "pay")},
                         {"1020"})
        self.assertEqual({row["code"] for row in self.rows_of("statement", "--owner",
                                                              "a1")},
                         {"2110", "2120"})
        self.run_it("statement", "nobody", status=5)
        self.run_it("statement", status=2)
        self.run_it("statement", "a1", "--owner", "a2", status=2)
        self.run_it("statement", "2120", "--figures", status=2)

    def test_figures_as_of_a_size_and_a_time(self):
        self.trade()
        size = int(json.loads(self.run_it("status", "--format", "json"))["size"])
        self.append(lines(delivered(80, day=11, qty=10), clock(20)))
        for point in (str(size), at(10)):
            closing = self.rows_of("statement", "a1", "--figures", "--as-of", point)[-1]
            self.assertEqual(closing["available"], "125.00", point)
            codes = {row["code"]: row["balance"]
                     for row in self.rows_of("trial-balance", "--as-of", point)}
            self.assertEqual(codes["2120"], "-150.00", point)
        now = {row["code"]: row["balance"] for row in self.rows_of("trial-balance")}
        self.assertEqual(now["2120"], "-165.00")

    def test_what_is_owed_and_what_waits_is_told_by_age(self):
        self.trade()
        self.pay(10)
        self.append(lines(self.refund(1)))
        self.append(lines(event(T0 + 11 * DAY, order_placed=dict(
            order="wait", seller="a1", buyer="c", channel="shop",
            lines=[dict(line=1, sku="s1", qty=1, unit_price=1000)])),
            event(T0 + 11 * DAY, order_paid=dict(order="wait", psp="pay", psp_txn="w",
                                                 amount=1000)), clock(28)))
        owed = {row["agent"]: row for row in self.rows_of("report", "clawbacks", "--days",
                                                          "3,20")}
        self.assertEqual((owed["a1"]["owed"], owed["a1"]["0-3"], owed["a1"]["4-20"],
                          owed["a1"]["over 20"]), ("12.50", "0.00", "12.50", "0.00"))
        waits = self.rows_of("report", "escrow", "--days", "3,20")
        self.assertEqual([(row["order"], row["age"], row["escrow"]) for row in waits],
                         [("wait", "4-20", "10.00")])
        table = self.run_it("report", "escrow")
        self.assertEqual(table.splitlines()[-1].split(), ["all", "1", "10.00"])
        self.run_it("report", "clawbacks", "--days", "9,3", status=2)

    def test_costs_are_summed_by_level(self):
        self.trade()
        self.append(lines(self.refund(1)))
        found = self.rows_of("report", "costs", "--by", "level")
        self.assertEqual([(row["level"], row["accrued"], row["reversed"], row["cost"])
                          for row in found],
                         [("1", "125.00", "12.50", "112.50"), ("2", "25.00", "2.50",
                                                               "22.50")])
        found = self.rows_of("report", "costs")
        self.assertEqual({(row["plan"], row["version"], row["channel"]) for row in found},
                         {("p", "1", "shop")})
        self.run_it("report", "costs", "--by", "colour", status=2)

    def test_a_plan_is_shown_and_linted_with_and_without_a_daemon(self):
        bad = plan(2, [dict(name="enrol_reward", value=100, level=1),
                       dict(name="acknowledge", choice="RECRUITING")])
        self.trade(bad)
        listed = self.rows_of("plan")
        self.assertEqual([(row["version"], row["alarms"]) for row in listed],
                         [("1", "0"), ("2", "1")])
        self.assertIn("PAYS_ON_RECRUITING", self.run_it("plan", "p"))
        self.assertNotIn("PAYS_ON_RECRUITING", self.run_it("plan", "p", "1"))
        self.assertEqual(len(self.rows_of("plan", "p", "1")), len(PLAN))
        self.run_it("plan", "q", status=5)
        self.run_it("plan", "p", "9", status=5)
        self.daemon.stop()
        self.run_it("plan", "lint", "-", text=lines(plan()))
        out = self.run_it("plan", "lint", "-", "--format", "csv", text=lines(bad),
                          status=3)
        self.assertIn(("alarm", "PAYS_ON_RECRUITING", "enrol_reward"),
                      [(row["severity"], row["code"], row["parameter"])
                       for row in rows(out)])
        wrong = lines(plan(1, [dict(name="no_such_parameter", value=1)]))
        out = self.run_it("plan", "lint", "-", text=wrong, status=4)
        self.assertIn("PLAN_PARAMETER_UNKNOWN", out)
        self.run_it("plan", "lint", "-", text="nonsense\n", status=4)
        self.run_it("plan", "lint", "-", text="", status=4)
        names = {row["parameter"] for row in self.rows_of("plan", "parameters")}
        self.assertTrue({name for name, _, _ in PLAN} <= names)

    def test_an_order_tells_who_earns_and_who_does_not(self):
        self.trade()
        self.append(lines(delivered(40, seller="root", qty=10)))
        found = self.rows_of("order", "o40", "--earnings")
        self.assertEqual([(row["agent"], row["level"], row["accrued"], row["state"],
                           row["why"]) for row in found],
                         [("root", "1", "12.50", "pending", ""),
                          ("", "2", "2.50", "unassigned", "no_upline")])
        self.assertIn("no_upline", self.run_it("order", "o40"))

    def test_holds_are_listed_until_they_are_released(self):
        self.trade(event(T0 + 20, commission_held=dict(hold="h1", agent="a1",
                                                       approver="x")))
        found = self.rows_of("holds")
        self.assertEqual([(row["kind"], row["hold"], row["agent"], row["state"])
                          for row in found], [("hold", "h1", "a1", "in force")])
        facts = json.loads(self.run_it("agent", "a1", "--format", "json"))
        self.assertEqual((facts["holds"], facts["employee"]), (1, False))
        self.append(lines(event(T0 + 11 * DAY, hold_released=dict(hold="h1",
                                                                  approver="x"))))
        self.assertEqual(self.rows_of("holds"), [])
        self.assertEqual([row["state"] for row in self.rows_of("holds", "--all")],
                         ["released"])

    def test_a_contest_has_places(self):
        begin, end = ({"seconds": (T0 + day * DAY) // 1_000_000} for day in (0, 20))
        self.append(lines(*opening(), plan(), event(T0 + 12, contest_opened={
            "contest": "c", "metric": "MATURED_RETAIL", "from": begin, "to": end,
            "pool": 5000})))
        self.append(lines(delivered(1, qty=10), delivered(2, seller="a2", qty=10),
                          delivered(3, seller="a3", qty=5), clock(10)))
        self.assertEqual([(row["place"], row["score"])
                          for row in self.rows_of("contest", "c")],
                         [("1", "100.00"), ("1", "100.00"), ("3", "50.00")])
        self.run_it("contest", "none", status=5)

    def test_a_period_is_checked_and_closed_once(self):
        self.trade()
        period = ("close", "jan", "--from", at(0), "--to", at(5))
        self.assertIn("can be closed", self.run_it(*period, "--check"))
        self.assertIn("period jan is closed", self.run_it(*period))
        gap = ("close", "feb", "--from", at(6), "--to", at(7))
        self.assertIn("cannot be closed", self.run_it(*gap, "--check", status=3))
        self.run_it(*gap, status=3)
        self.assertIn("PERIOD_GAP", self.said)
        self.assertEqual([row["period"] for row in self.rows_of("report", "periods")],
                         ["jan"])
        self.run_it("close", "mar", "--from", at(5), status=2)

    def test_a_dry_run_tells_what_would_be_posted(self):
        self.trade()
        text = lines(delivered(30, day=10, qty=10))
        out = self.run_it("append", "--dry-run", "-", text=text)
        self.assertIn("comm.pending", out)
        self.assertIn("dry run, nothing was written", out)
        whole = json.loads(self.run_it("append", "--dry-run", "-", "--format", "json",
                                       text=text))
        self.assertEqual(sum(int(one["amount"]) for one in whole["postings"]), 0)
        self.assertEqual({one["line"] for one in whole["postings"]}, {"1"})
        self.assertEqual(whole["accepted"], "1")
        none = json.loads(self.run_it("append", "--dry-run", "-", "--format", "json",
                                      text=lines(sale(31, paid=1)), status=3))
        self.assertEqual(none["postings"], [])

    def test_reports_of_platforms_are_compared(self):
        self.append(lines(*opening(), plan(1, [dict(name="engine", choice="PLATFORM")])))
        self.append(lines(delivered(1, qty=10)))
        report = dict(commission="x1", payee="a1", amount=1250, basis=1, distance=0,
                      cause_order="o1", cause_line=1)
        self.append(lines(event(T0 + 2 * DAY, commission_reported=report),
                          event(T0 + 2 * DAY, commission_reported=dict(
                              report, commission="x2", amount=2, payee="root",
                              distance=1))))
        found = self.rows_of("report", "differences")
        self.assertEqual([(row["commission"], row["amount"], row["expected"],
                           row["difference"]) for row in found],
                         [("x2", "0.02", "2.50", "wrong_amount")])
        self.assertEqual(len(self.rows_of("report", "differences", "--all")), 2)

    def test_words_below_a_verb_have_help_and_near_words(self):
        for words in (("payout", "list"), ("report", "costs"), ("plan", "lint")):
            self.assertIn(f"daybook {' '.join(words)} --", self.run_it("help", *words))
            self.assertIn("Examples:", self.run_it(*words, "--help"))
        self.run_it("report", status=2)
        self.run_it("report", "cost", status=2)
        self.assertIn("did you mean costs?", self.said)
        self.assertIn("Words:", self.run_it("payout", "--help"))


if __name__ == "__main__":
    unittest.main()
