#!/usr/bin/python3
"""`daybook export` in the eyes of other people's programs: hledger, ledger and SQLite.

Both sides must come to the same balances, to the unit, in a book that has every kind of
posting under names that are hard to export.  A program that is not installed is named
and left out.
"""

import contextlib
import io
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import unittest
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(1, os.path.join(HERE, "..", "..", "tools", "import"))

import compare_balances  # noqa: E402
from book_of_everything import ANN, BOB, BOSS, EVE, UNUSED_CODES, Book  # noqa: E402

HLEDGER = shutil.which("hledger")
LEDGER = shutil.which("ledger")
UTF8 = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC")

CAUSES = {None, "accrued", "proceeds", "recognised", "matured", "held", "released",
          "reversed", "netted", "bonus", "adjusted", "recruited", "repaid", "written off",
          "drawn", "given back", "tax", "tax back", "sent", "paid", "returned"}
CODES = {1010, 1020, 1110, 1140, 2010, 2015, 2110, 2120, 2130, 2140, 2150, 2160, 2180,
         2190, 4010, 4020, 4030, 4040, 4050, 4090, 4095, 5010, 5015, 5016, 5020, 5030,
         5035, 5040, 5050, 5900}


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=False,
                          env=UTF8)
    if done.returncode != 0:
        raise AssertionError(f"{arguments[:4]}: {done.returncode}: {done.stderr}")
    return done.stdout


class Everything(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.book = Book()
        cls.addClassCleanup(shutil.rmtree, cls.book.folder)
        cls.addClassCleanup(cls.stop)
        cls.book.fill()
        cls.journal = cls.book.path("book.journal")
        cls.database = cls.book.path("book.db")
        cls.book.daybook("export", "--hledger", cls.journal)
        cls.book.daybook("export", "--sqlite", cls.database)
        cls.trial = cls.book.json("trial-balance")
        cls.size = int(cls.trial["size"])

    @classmethod
    def stop(cls):
        status = cls.book.close()
        with open(cls.book.path("diag"), encoding="utf-8") as text:
            assert status == 0, text.read()

    def sql(self, statement, database=None):
        with contextlib.closing(sqlite3.connect(database or self.database)) as db:
            return db.execute(statement).fetchall()

    def sums(self):
        return {line["code"]: int(line["balance"]) for line in self.trial["lines"]}

    # ------------------------------------------------------------------ the book itself

    def test_the_book_has_every_code_and_every_cause(self):
        codes = {code for code, in self.sql("SELECT DISTINCT code FROM postings")}
        self.assertEqual(codes, CODES - UNUSED_CODES)
        causes = {cause for cause, in self.sql("SELECT DISTINCT cause FROM postings")}
        self.assertEqual(causes, CAUSES)

    # ------------------------------------------------------------------------ refusals

    def refused(self, status, words, *arguments, **more):
        done = self.book.daybook("export", *arguments, check=False, **more)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(words, done.stderr)

    def test_what_is_not_an_export_is_said(self):
        self.refused(2, "name DIR, --hledger FILE or --sqlite FILE")
        self.refused(2, "exclude each other", "--hledger", "a", "--sqlite", "b")
        self.refused(2, "exclude each other", "somewhere", "--sqlite", "b")
        self.refused(2, "a log is exported whole", "somewhere", "--from", "1")
        self.assertFalse(os.path.exists("somewhere"))
        self.refused(2, "a database needs a regular file", "--sqlite", "/dev/null")
        self.refused(2, f"the log has {self.size} records", "--hledger", "-", "--to",
                     str(self.size + 1))
        self.refused(2, "--from 9 lies behind the end, 3", "--hledger", "-", "--from", "9",
                     "--to", "3")

    def test_a_full_disk_is_named(self):
        self.refused(1, "cannot write /dev/full: No space left", "--hledger", "/dev/full")

    def test_a_failure_leaves_what_was_there(self):
        def small():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

        for option in ("--hledger", "--sqlite"):
            path = self.book.path("kept")
            with open(path, "w", encoding="utf-8") as out:
                out.write("before")
            self.refused(1, path + ".tmp", option, path, preexec_fn=small)
            with open(path, encoding="utf-8") as text:
                self.assertEqual(text.read(), "before")
            self.assertFalse(os.path.exists(path + ".tmp"))
        self.refused(1, "nowhere/x.tmp", "--hledger", self.book.path("nowhere/x"))

    # ------------------------------------------------------------------------- hledger

    def agrees(self, journal):
        out = self.book.path("hledger.csv")
        with open(out, "w", encoding="utf-8") as text:
            text.write(run(HLEDGER, "-f", journal, "balance", "--flat", "--no-total", "-E",
                           "-O", "csv"))
        return compare_balances.read_hledger(out, self.trial["exponent"])

    @unittest.skipUnless(HLEDGER, "hledger is not installed")
    def test_hledger_takes_the_journal_under_its_strict_checks(self):
        run(HLEDGER, "-f", self.journal, "check")
        run(HLEDGER, "-f", self.journal, "check", "accounts", "commodities")

    @unittest.skipUnless(HLEDGER, "hledger is not installed")
    def test_hledger_comes_to_the_same_balances_and_names(self):
        found = self.agrees(self.journal)
        balances = self.book.json("balances", "--limit", "0")["balances"]
        self.assertEqual(compare_balances.compare(found, self.trial["lines"], balances),
                         [])
        # Accounts of orders are in no list.
        of_orders = {"escrow", "refund.payable", "comm.deferred"}
        self.assertEqual({(name, owner) for _, name, owner in found
                          if name not in of_orders},
                         {(row["name"], row["owner"]) for row in balances})
        for agent in (ANN, BOB, BOSS, EVE):
            self.assertIn(("liability", "comm.available", agent), found)

    @unittest.skipUnless(HLEDGER, "hledger is not installed")
    def test_a_part_begins_with_what_was_before(self):
        for begin in (1, self.size // 2, self.size):
            part = self.book.path("part.journal")
            self.book.daybook("export", "--hledger", part, "--from", str(begin))
            run(HLEDGER, "-f", part, "check", "accounts", "commodities")
            self.assertEqual(compare_balances.compare(self.agrees(part),
                                                      self.trial["lines"], []), [])

    @unittest.skipUnless(HLEDGER, "hledger is not installed")
    def test_a_comparison_that_fails_says_so(self):
        found = self.agrees(self.journal)
        account = next(iter(found))
        found[account] += 1
        self.assertEqual(len(compare_balances.compare(found, self.trial["lines"], [])), 1)

    def test_transactions_stand_on_the_books_own_day(self):
        """The last day of trade is 2024-01-24 in UTC; the book is eight hours ahead."""
        with open(self.journal, encoding="utf-8") as text:
            titles = [line.rstrip("\n") for line in text if line.startswith("2024")]
        self.assertTrue(titles[-1].startswith(f"2024-01-25 ({self.size - 1}) TaxRemitted"))
        late = [title for title in titles if "late: yes" in title]
        self.assertEqual(late, [])

    def test_tags_give_back_the_names_that_they_stand_for(self):
        with open(self.journal, encoding="utf-8") as text:
            tags = {urllib.parse.unquote(line.rpartition("payout: ")[2].rstrip("\n"))
                    for line in text if "payout: " in line}
        self.assertEqual(tags, {payout for payout, in
                                self.sql("SELECT payout FROM payouts")})

    @unittest.skipUnless(LEDGER, "ledger is not installed")
    def test_ledger_takes_the_journal_and_comes_to_nothing(self):
        lines = run(LEDGER, "-f", self.journal, "--strict", "--pedantic",
                    "balance").splitlines()
        self.assertGreater(len(lines), len(CODES))
        self.assertEqual(lines[-1].strip(), "0")

    # -------------------------------------------------------------------------- SQLite

    def test_the_database_is_whole(self):
        self.assertEqual(self.sql("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.sql("PRAGMA foreign_key_check"), [])
        self.assertEqual(self.sql("SELECT book, currency, exponent, utc_offset_minutes, "
                                  "from_size, to_size FROM book"),
                         [("all: of it", "CNY", 2, 480, 0, self.size)])

    def test_sums_of_the_database_are_the_trial_balance(self):
        found = {code: tuple(rest) for code, *rest in
                 self.sql("SELECT code, debits, credits, balance FROM trial_balance")}
        self.assertEqual(found, {line["code"]: (int(line["debits"]), int(line["credits"]),
                                                int(line["balance"]))
                                 for line in self.trial["lines"]})

    def test_every_entry_of_the_database_sums_to_zero(self):
        self.assertEqual(self.sql("SELECT position FROM postings GROUP BY position "
                                  "HAVING sum(amount) <> 0"), [])

    def test_agents_of_the_database_have_what_their_statements_say(self):
        rows = self.sql("SELECT * FROM agent_balances")
        self.assertEqual({row[0] for row in rows}, {ANN, BOB, BOSS, EVE})
        names = ("pending", "available", "held", "reserved", "inTransit", "receivable",
                 "total")
        for agent, *figures in rows:
            closing = self.book.json("statement", agent, "--figures")["closing"]
            self.assertEqual(figures, [int(closing.get(name, 0)) for name in names])

    def test_items_of_the_database_add_up_to_their_payouts(self):
        self.assertEqual(self.sql(
            "SELECT payout FROM payouts JOIN payout_items USING (payout) "
            "GROUP BY payout HAVING sum(amount) <> gross"), [])
        self.assertEqual(self.sql("SELECT count(*) FROM payouts WHERE payout NOT IN "
                                  "(SELECT payout FROM payout_items)"), [(0,)])

    def test_a_part_of_the_database_has_the_whole_trial_balance(self):
        path = self.book.path("part.db")
        self.book.daybook("export", "--sqlite", path, "--from", str(self.size // 2))
        found = dict(self.sql("SELECT code, balance FROM trial_balance", path))
        self.assertEqual(found, self.sums())
        self.assertEqual(self.sql("SELECT min(position) >= "
                                  f"{self.size // 2} FROM entries", path), [(1,)])

    def test_an_earlier_size_has_the_balances_of_then(self):
        half = self.size // 2
        path = self.book.path("early.db")
        self.book.daybook("export", "--sqlite", path, "--to", str(half))
        then = self.book.json("trial-balance", "--as-of", str(half))
        self.assertEqual(dict(self.sql("SELECT code, balance FROM trial_balance", path)),
                         {line["code"]: int(line["balance"]) for line in then["lines"]})

    def test_two_exports_are_the_same_bytes(self):
        first = self.book.daybook("export", "--hledger", "-").stdout
        with open(self.journal, encoding="utf-8") as text:
            self.assertEqual(text.read(), first)


def main():
    result = unittest.TextTestRunner(stream=io.StringIO(), verbosity=0).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(Everything))
    for test, words in result.failures + result.errors:
        print(f"--- {test}\n{words}")
    for test, reason in result.skipped:
        print(f"skipped: {test}: {reason}")
    failed = len(result.failures) + len(result.errors)
    passed = result.testsRun - failed - len(result.skipped)
    print(f"export: {passed} passed, {failed} failed, {len(result.skipped)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
