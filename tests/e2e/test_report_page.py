"""The HTML reports in a browser: desktop, phone and paper, both languages, without a word on
the console and without a network.  Pictures are left in $REPORT_PICTURES if that is set."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import browser
from daybook_client import COMMAND, Daemon, T0, append_request, event, record_pb2
from money_client import opening, sold

DAY_US = 86_400_000_000
AGENTS = 2000
SIZES = {"desktop": (1280, 900, False), "phone": (390, 844, True)}
REPORTS = ("pyramid", "finance", "disclosure")
BYTES_MAX = 3_000_000
# A name that wants to be markup, and one that wants to be read from the right.
STRANGE = ("<img src=x onerror=alert(1)>", "\u202eevil\u202c", "代理甲", "a&b\"c'd")


def name(i):
    return STRANGE[i] if i < len(STRANGE) else f"agent{i}"


def events():
    people = [(name(i), name((i - 1) // 3) if i > 0 else "") for i in range(AGENTS)]
    yield from opening(T0, people[:2])
    for i, (agent, sponsor) in enumerate(people):
        at = T0 + (i * 300 // AGENTS) * DAY_US
        if i >= 2:
            yield event(at, agent_enrolled=dict(agent=agent, sponsor=sponsor))
        if i % 3 == 0:
            yield event(at, fee_charged=dict(fee=f"f{i}", agent=agent, kind="JOINING",
                                             amount=36_500, psp="pay", psp_txn=f"f{i}",
                                             is_condition=True))
        if i % 2 == 0:
            yield sold(i, at, 10_000 + i, seller=agent)
        if i % 10 == 5:
            yield event(at, stock_issued=dict(
                transfer=f"t{i}", to=dict(agent=agent), paid=50 * 600, psp="pay",
                psp_txn=f"t{i}", lines=[dict(line=1, sku="s1", qty=50, unit_price=600)]))


@unittest.skipUnless(browser.program(), "there is no Chromium")
class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="daybook-e2e-page-")
        cls.addClassCleanup(shutil.rmtree, cls.place, True)
        with Daemon() as daemon:
            stub, sent = daemon.stub(), list(events())
            for seq in range(0, len(sent), 1000):
                reply = stub.Append(append_request(sent[seq:seq + 1000], "shop",
                                                   seq // 1000 + 1))
                bad = [one for one in reply.results
                       if one.outcome != record_pb2.ACCEPTED]
                assert not bad, bad[:3]
            for report in REPORTS:
                packs = ("--pack", "cn,us,eu,science") if report == "pyramid" else ()
                done = subprocess.run(
                    [COMMAND, "--server", f"unix:{daemon.socket}", "report", report,
                     *packs, "--format", "html", "--out", cls.path(report)],
                    capture_output=True, check=False, timeout=120)
                assert done.returncode == 0, done
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    @classmethod
    def path(cls, report):
        return os.path.join(cls.place, f"{report}.html")

    def keep(self, file):
        folder = os.environ.get("REPORT_PICTURES")
        if folder:
            os.makedirs(folder, exist_ok=True)
            shutil.copy(file, folder)

    def choose(self, language):
        """As a reader does, by a click on the word."""
        self.assertTrue(self.browser.run(
            "(() => { const at = [...document.querySelectorAll('label')].find("
            f"one => one.textContent.trim() === '{language}');"
            " if (!at) return false; at.click(); return true; })()"))

    def shown(self):
        return self.browser.run("document.body.innerText")

    def test_no_word_on_the_console_and_nothing_from_elsewhere(self):
        for report in REPORTS:
            for width, height, phone in SIZES.values():
                self.browser.open(self.path(report), width, height, phone)
                self.assertEqual(self.browser.complaints(), [], report)
            with open(self.path(report), encoding="utf-8") as file:
                text = file.read()
            self.assertLess(len(text.encode()), BYTES_MAX)
            self.assertIn("Content-Security-Policy", text)
            self.assertNotRegex(text, r"<script|<link|@import|url\((?!['\"]?(#|data:))|<iframe")
            links = self.browser.run(
                "[...document.querySelectorAll('[href], [src]')].map(one =>"
                " one.getAttribute('href') ?? one.getAttribute('src'))")
            self.assertGreater(len(links), 5)
            self.assertEqual([one for one in links if not one.startswith("#")], [])

    def test_nothing_is_wider_than_the_window(self):
        for report in REPORTS:
            for size, (width, height, phone) in SIZES.items():
                self.browser.open(self.path(report), width, height, phone)
                for language in ("English", "中文"):
                    self.choose(language)
                    self.assertLessEqual(
                        self.browser.run("document.documentElement.scrollWidth"), width,
                        (report, size, language))
                    picture = os.path.join(self.place, f"{report}-{size}-"
                                           f"{'en' if language == 'English' else 'zh'}.png")
                    self.browser.picture(picture)
                    self.assertGreater(os.path.getsize(picture), 20_000)
                    self.keep(picture)

    def test_one_language_at_a_time(self):
        self.browser.open(self.path("pyramid"), 1280)
        self.choose("English")
        english = self.shown()
        self.choose("中文")
        chinese = self.shown()
        for word in ("Pyramid report", "Summary", "Evidence"):
            self.assertTrue(word in english and word not in chinese, word)
        for word in ("传销特征审查报告", "摘要", "证据清单", "未见"):
            self.assertTrue(word in chinese and word not in english, word)

    def test_every_link_leads_somewhere(self):
        for report in REPORTS:
            self.browser.open(self.path(report), 1280)
            self.assertEqual(self.browser.run(
                "[...document.querySelectorAll('a[href^=\"#\"]')].filter(one =>"
                " !document.getElementById(decodeURIComponent(one.hash.slice(1))))"
                ".map(one => one.hash)"), [], report)
            self.assertEqual(self.browser.run(
                "(() => { const seen = new Set(); return [...document.querySelectorAll("
                "'[id]')].map(one => one.id).filter(id => seen.size === seen.add(id).size)"
                "; })()"), [], f"{report}: the same id twice")

    def test_names_are_text(self):
        self.browser.open(self.path("pyramid"), 1280)
        self.assertEqual(self.browser.run("document.images.length"), 0)
        self.assertEqual(self.browser.run("document.scripts.length"), 0)
        text = self.browser.run("document.body.textContent")
        self.assertTrue("onerror" in text)
        self.assertFalse("\u202e" in text)

    def test_on_paper(self):
        for report in REPORTS:
            self.browser.open(self.path(report), 1280)
            for language in ("English", "中文"):
                self.choose(language)
                paper = os.path.join(self.place, f"{report}-"
                                     f"{'en' if language == 'English' else 'zh'}.pdf")
                self.browser.print(paper)
                with open(paper, "rb") as file:
                    pages = len(re.findall(rb"/Type\s*/Page\b", file.read()))
                self.assertGreaterEqual(pages, 2, report)
                self.assertLess(pages, 120, report)
                self.keep(paper)


if __name__ == "__main__":
    unittest.main()
