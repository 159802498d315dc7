"""`daybook report pyramid | finance | disclosure`: from a running book and from an export,
whole and in part, and what is said of options that cannot be."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from daybook_client import COMMAND, Daemon, T0, append_request, event, record_pb2
from money_client import opening, sold

DAY_US = 86_400_000_000
REPORTS = ("pyramid", "finance", "disclosure")


def fee(name, agent, amount, at):
    return event(at, fee_charged=dict(fee=name, agent=agent, kind="JOINING", amount=amount,
                                      psp="pay", psp_txn=name, is_condition=True))


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="daybook-e2e-report-")
        cls.addClassCleanup(shutil.rmtree, cls.place, True)
        cls.daemon = Daemon()
        cls.addClassCleanup(cls.daemon.close)
        stub = cls.daemon.stub()
        people = [("ann", ""), ("bea", "ann"), ("cai", "bea"), ("dan", "ann"), ("eve", "")]
        events = opening(T0, people)
        events += [fee(f"f{i}", agent, 36_500, T0 + (i + 1) * DAY_US)
                   for i, (agent, _) in enumerate(people)]
        events += [sold(i, T0 + (10 + i) * DAY_US, 10_000 + i,
                        seller=("bea", "cai", "eve")[i % 3]) for i in range(30)]
        reply = stub.Append(append_request(events, "shop", 1))
        assert all(one.outcome == record_pb2.ACCEPTED for one in reply.results), reply
        cls.export = os.path.join(cls.place, "x")
        done = cls.run_it("export", cls.export)
        assert done.returncode == 0, done
        cls.key = os.path.join(cls.daemon.data, "keys", "log.vkey")

    @classmethod
    def run_it(cls, *arguments):
        environment = dict(os.environ, TMPDIR=cls.place)
        return subprocess.run([COMMAND, "--server", f"unix:{cls.daemon.socket}",
                               *arguments], capture_output=True, timeout=120, check=False,
                              env=environment)

    def report(self, *arguments, status=0):
        done = self.run_it("report", *arguments)
        self.assertEqual(done.returncode, status, done)
        return done.stderr.decode() if status else done.stdout

    def figures(self, *arguments):
        report = json.loads(self.report("pyramid", *arguments, "--format", "json"))
        return {figure["metric"]: int(figure["strict"]["numerator"])
                for figure in report["figures"]}, report

    def test_a_running_book_and_its_export_give_the_same_bytes(self):
        for report in REPORTS:
            for form in ("text", "json", "html"):
                live = self.report(report, "--format", form)
                self.assertEqual(live, self.report(report, self.export, "--format", form),
                                 (report, form))
                self.assertEqual(live, self.report(report, "--format", form))
                self.assertGreater(len(live), 500, (report, form))
        self.assertEqual([name for name in os.listdir(self.place) if name != "x"], [],
                         "a folder was left behind")

    def test_figures_are_those_of_the_trade(self):
        figures, report = self.figures()
        self.assertEqual(figures["accounts"], 5)
        self.assertEqual(figures["entry_payments"], 5 * 36_500)
        self.assertEqual(figures["largest_levels"], 3)
        self.assertEqual(figures["max_paid_distance"], 1)
        self.assertEqual(report["basis"]["proof"], "UNVOUCHED")
        self.assertEqual([one["pack"] for one in report["packs"]], ["cn", "us", "science"])
        verdicts = {one["rule"]: one["verdict"] for one in report["verdicts"]}
        self.assertEqual(verdicts["CN-A7-2"], "MET")
        self.assertEqual(verdicts["CN-A7-3"], "MET")
        self.assertEqual(verdicts["CN-A7-1"], "NOT_MET")

    def test_a_branch_and_a_window(self):
        whole, _ = self.figures()
        part, report = self.figures("--agent", "bea")
        self.assertEqual(report["basis"]["tops"], ["bea"])
        self.assertEqual((part["accounts"], part["entry_payments"]), (2, 73_000))
        both, _ = self.figures("--agent", "ann", "--agent", "eve")
        self.assertEqual(both["revenue"], whole["revenue"])
        first = self.day(2)
        early, report = self.figures("--to", first)
        late, _ = self.figures("--from", first)
        self.assertEqual(report["basis"]["to"], first)
        for metric in ("revenue", "rewards", "entry_payments"):
            self.assertEqual(early[metric] + late[metric], whole[metric], metric)
        self.assertLess(early["entry_payments"], whole["entry_payments"])

    @staticmethod
    def day(number):
        done = subprocess.run(["date", "-u", "-d", f"@{T0 // 1_000_000 + number * 86400}",
                               "+%F"], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def test_the_law_of_a_day(self):
        _, report = self.figures("--pack", "cn", "--law", "2004-12-31")
        self.assertEqual({one["verdict"] for one in report["verdicts"]},
                         {"NOT_APPLICABLE"})
        self.assertEqual(report["lawOf"], "2004-12-31")
        _, report = self.figures("--pack", "cn", "--law", "today")
        words = {one["rule"]: one["verdict"] for one in report["verdicts"]}
        self.assertEqual(words["CN-A7-2"], "MET")
        self.assertEqual(words["CN-DS-14"], "NOT_APPLICABLE")
        _, report = self.figures("--pack", "cn", "--law", "today", "--suppose",
                                 "direct_selling_licence")
        words = {one["rule"]: one["verdict"] for one in report["verdicts"]}
        self.assertEqual(words["CN-DS-14"], "MET")

    def test_a_pack_of_ones_own_is_named_by_its_hash(self):
        path = os.path.join(self.place, "x", "..", "mine.json")
        self.addCleanup(os.unlink, path)
        pack = {"schema": "daybook-rules/1", "pack": "mine", "version": "1",
                "title": {"en": "Mine", "zh": "自定"}, "notice": {"en": "n", "zh": "注"},
                "rules": [{"id": "M-1", "title": {"en": "t", "zh": "题"},
                           "force": "POLICY", "sense": "CONCERN",
                           "citation": {"en": "c", "zh": "引"},
                           "wording": {"en": "{value} of {threshold}",
                                       "zh": "{value},{threshold}"},
                           "caution": {"en": "c", "zh": "慎"},
                           "all": [{"metric": "accounts", "comparison": "AT_LEAST",
                                    "numerator": "5"}]}]}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(pack, file)
        _, report = self.figures("--pack", path)
        self.assertEqual(report["verdicts"][0]["verdict"], "MET", report["verdicts"])
        with open(path, "rb") as file:
            self.assertEqual(report["packs"][0]["sha256"],
                             hashlib.sha256(file.read()).hexdigest())
        pack["rules"][0]["all"][0]["metric"] = "acounts"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(pack, file)
        words = self.report("pyramid", "--pack", path, status=2)
        self.assertIn("M-1", words)
        self.assertIn("acounts", words)

    def test_what_cannot_be(self):
        for arguments, words in (
                (("pyramid", "--pack", "cm"), "cm"),
                (("pyramid", "--pack", "cn,cn"), "twice"),
                (("pyramid", "--format", "pdf"), "pdf"),
                (("pyramid", "--language", "fr"), "fr"),
                (("pyramid", "--law", "yesterday"), "yesterday"),
                (("pyramid", "--suppose", "innocence"), "innocence"),
                (("finance", "--from", "2026-02-01", "--to", "2026-01-01"), "--to"),
                (("finance", "--agent", "ann"), "--agent"),
                (("disclosure", "--from", "2026-02-01T10:00:00Z"), "--from")):
            self.assertIn(words, self.report(*arguments, status=2), arguments)
        self.assertIn("never joined", self.report("pyramid", "--agent", "zoe", status=5))
        self.assertIn("checkpoint", self.report("finance", self.place, status=2))

    def test_the_key_vouches_or_does_not(self):
        report = json.loads(self.report("pyramid", self.export, "--key", self.key,
                                        "--format", "json"))
        self.assertEqual(report["basis"]["proof"], "PROVED")
        copy = os.path.join(self.place, "x", "..", "copy")
        shutil.copytree(self.export, copy)
        self.addCleanup(shutil.rmtree, copy, True)
        bundle = next(os.path.join(at, name) for at, _, names in
                      os.walk(os.path.join(copy, "tile", "entries")) for name in names)
        with open(bundle, "r+b") as file:
            file.seek(500)
            byte = file.read(1)
            file.seek(500)
            file.write(bytes([byte[0] ^ 1]))
        words = self.report("pyramid", copy, "--key", self.key, status=6)
        self.assertIn("not replayed", words)

    def test_a_file_is_there_whole_or_not_at_all(self):
        out = os.path.join(self.place, "x", "..", "r.html")
        self.addCleanup(lambda: os.path.exists(out) and os.unlink(out))
        self.assertEqual(self.report("pyramid", "--format", "html", "--out", out), b"")
        with open(out, "rb") as file:
            self.assertEqual(file.read(), self.report("pyramid", "--format", "html"))
        self.report("pyramid", "--out", os.path.join(self.place, "none", "r"), status=1)

    def test_finance_foots(self):
        report = json.loads(self.report("finance", "--format", "json"))
        self.assertEqual(sum(int(row["balance"]) for row in report["trialBalance"]), 0)
        self.assertGreater(len(report["trialBalance"]), 4)


if __name__ == "__main__":
    unittest.main()
