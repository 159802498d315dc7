"""Goods, guards and findings told again: late, five times and in any order; decided again
from the log; opened again by a newer daemon. And the figures that one can do in one's
head, through the whole stack."""

import collections
import json
import os
import random
import shutil
import tarfile
import tempfile
import unittest

from google.protobuf import json_format

from daybook_client import DAY, ROOT, T0, Daemon, digest_of, event, service_pb2
from goods_client import (ACCEPTED, EVERY_GUARD, REFUSED, GoodsTest, asked, bought_back,
                          clock, flow, flow_opening, issued, location, modes, numbers,
                          passed, retail)
from money_client import DUPLICATE, MoneyTest

BEFORE = os.path.join(ROOT, "tests", "e2e", "book_before_goods.tar.xz")
TURNS = 4


class Again(GoodsTest):
    def tell(self, *parameters):
        """A book with guards; the story that it shall hear."""
        self.begin()
        self.guards(self.at(1), *parameters)
        self.append("office", *flow_opening(self.at(1)))

    def story(self):
        return [one for turn in range(TURNS) for one in flow(self.at(2 + turn), turn)]

    def deliver(self, story, rng):
        """In order, each once to five times, in batches of any size from any source."""
        queue = []
        for at, one in enumerate(story):
            queue.append((at, one))
            queue += [(rng.uniform(at + 0.5, len(story)), one)
                      for _ in range(rng.randrange(5))]
        queue = [one for _, one in sorted(queue, key=lambda pair: pair[0])]
        outcomes = collections.Counter()
        while queue:
            some = [queue.pop(0) for _ in range(min(len(queue), rng.randint(1, 9)))]
            for result in self.send("relay", *some).results:
                outcomes[result.outcome] += 1
        self.assertEqual(outcomes[ACCEPTED], len(story))
        self.assertEqual(set(outcomes), {ACCEPTED, DUPLICATE})

    def test_deliveries_that_come_up_to_five_times_find_everything_once(self):
        rng = random.Random(4)
        self.tell(EVERY_GUARD)
        story = self.story()
        self.append("relay", *story)
        want = self.everything()
        rules = {one[0] for one in self.findings()}
        self.assertGreaterEqual(len(rules), 25, rules)
        for _ in range(3):
            self.tell(EVERY_GUARD)
            self.deliver(story, rng)
            self.assertEqual(self.everything(), want)
        # One that comes another time by another hand, in a batch that is rolled back or
        # dry, is no news either.
        size = self.size()
        for flags in (dict(atomic=True), dict(dry_run=True), {}):
            results = self.send("late", *rng.sample(story, 30), **flags).results
            self.assertEqual({one.outcome for one in results}, {DUPLICATE})
        self.assertEqual((self.size(), self.everything()), (size, want))
        self.same_when_decided_again()
        self.restart(kill=True)
        self.assertEqual(self.everything(), want)

    def figures(self):
        """What does not depend on the order in which it was told."""
        size = self.size()
        out = []
        for row in self.ask("ListGoods", window_days=30, at_least_size=size).goods:
            out.append((row.agent, row.sku, row.stock, row.open, row.received, row.sold,
                        row.passed, row.sell_through_ppm, row.cover_days))
        network = self.ask("ListNetwork", period=service_pb2.NETWORK_DAY,
                           at_least_size=size).rows
        return (sorted(out), [(row.period, row.issued, row.returned, row.passed, row.sold,
                               row.retail) for row in network],
                [(one.month, one.agents, [(age.bought, age.sold) for age in one.ages])
                 for one in self.ask("ListCohorts", at_least_size=size).cohorts])

    def test_in_any_order_the_same_goods_were_received_and_sold(self):
        rng = random.Random(11)
        self.tell()
        plain = [one for turn in range(TURNS) for one in flow(self.at(2 + turn), turn)
                 if one.WhichOneof("body") in ("stock_issued", "stock_transferred",
                                               "sale_recorded", "stock_returned",
                                               "custody_scanned", "order_placed")]
        self.append("relay", *plain, clock(self.at(20)))
        want = self.figures()
        for _ in range(3):
            self.tell()
            queue = [one for one in plain for _ in range(rng.randint(1, 5))]
            missing = {one.SerializeToString() for one in plain}
            self.clock(20)
            while missing:
                rng.shuffle(queue)
                for one, result in zip(queue, self.send("relay", *queue).results):
                    if result.outcome == ACCEPTED:
                        missing.discard(one.SerializeToString())
            self.assertEqual(self.figures(), want)
        self.same_when_decided_again()

    # ---------------------------------------------- what one can do in one's head

    def test_34_and_30_and_24_are_375000_ppm_and_0_would_pass(self):
        self.begin()
        self.append("tell", issued(self.at(1), "ann", 34), issued(self.at(45), "ann", 30),
                    retail(self.at(50), "ann", 24), clock(self.at(60)))
        self.guards(self.at(60), modes(sell_through="REFUSE", cover="REFUSE"))
        goods = self.goods("ann")
        self.assertEqual((goods.open, goods.received, goods.sold, goods.stock,
                          goods.sell_through_ppm, goods.cover_days),
                         (34, 30, 24, 40, 375_000, 50))
        for dry in (True, False):
            before = digest_of(self.stub)
            result = self.one(asked(self.at(60), "ann", 10), dry_run=dry)
            told = result.refusal
            self.assertEqual((told.field, told.measured, told.limit,
                              told.would_pass_plus_one), ("qty", 375_000, 600_000, 1))
            self.assertEqual([(one.guard, one.passed, one.measured, one.limit)
                              for one in result.checks],
                             [("sell_through", False, 375_000, 600_000),
                              ("cover", False, 62, 45)])
            self.assertEqual(dry, digest_of(self.stub) == before)
        # Without the first gate the second would let floor(45 * 24 / 30) - 40 pass: none.
        self.guards(self.at(60), modes(cover="REFUSE"))
        told = self.refusal(asked(self.at(60), "ann", 1), "RESTOCK_COVER").refusal
        self.assertEqual(told.would_pass_plus_one, 1)
        self.same_when_decided_again()

    def test_8000_of_9500_are_842105_ppm(self):
        for mode in ("OFF", "FLAG", "REFUSE"):
            self.begin()
            self.guards(self.at(1), modes(cloud=mode))
            at = self.at(2)
            self.append("tell", issued(at, location("depot"), 8000),
                        issued(at, "ann", 8000, "CLOUD"))
            self.assertEqual(self.findings(), [])
            more = issued(at, "bea", 1500, "CLOUD")
            if mode == "REFUSE":
                self.refusal(more, "CLOUD_COVERAGE", "lines[0].qty", 842_105, 1_000_000)
                self.refusal(issued(at, "bea", 1, "CLOUD"), "CLOUD_COVERAGE", None, 999_875)
                continue
            self.accepted(more)
            self.assertEqual(self.findings(), [] if mode == "OFF" else [
                ("CLOUD_COVERAGE", "s1", 1, 842_105, 1_000_000)])
            # What covers them again is no failure, and resolves nothing by itself.
            self.accepted(issued(at, location("depot"), 1500))
            self.assertEqual(len(self.findings()), mode == "FLAG")
        self.same_when_decided_again()

    def test_30_units_at_80_00_are_bought_back_for_2160_00(self):
        self.begin()
        self.guards(self.at(1), modes(buyback="REFUSE"))
        self.append("tell", issued(self.at(2), "ann", 40, price=8000), event(
            self.at(3), buyback_requested=dict(request="b", agent="ann", sku="s1", qty=30)))
        for wrong in (215_999, 216_001):
            self.refusal(bought_back(self.at(4), "ann", 30, 8000, request="b",
                                     amount=wrong), "AMOUNT_MISMATCH", "amount", wrong,
                         216_000)
        self.refusal(bought_back(self.at(4), "ann", 30, 8000, 899_999, request="b"),
                     "BUYBACK_PRICE", "price_ppm", 899_999, 900_000)
        one = bought_back(self.at(4), "ann", 30, 8000, request="b")
        dry = self.one(one, dry_run=True)
        self.assertEqual([(post.code, post.owner, post.amount) for post in dry.postings],
                         [(4095, "ann", 240_000), (2190, "ann", -216_000),
                          (4030, "ann", -24_000)])
        self.accepted(one)
        self.assertEqual(self.one(one).outcome, DUPLICATE)
        self.assertEqual(self.stock("ann"), 10)
        self.refusal(bought_back(self.at(4), "ann", 1, 8000, request="b"), "BUYBACK_STATE",
                     "qty", 1, 0)
        accounts = {line.code: line.balance for line in self.ask(
            "GetTrialBalance", at_least_size=self.size()).lines if line.balance}
        self.assertEqual(accounts, {4095: 240_000, 2190: -216_000, 4030: -24_000})
        # More than was received in a year is not bought back, nor what came before.
        self.refusal(event(self.at(5), buyback_requested=dict(
            request="c", agent="ann", sku="s1", qty=11)), "STOCK_INSUFFICIENT")
        self.clock(400)
        self.refusal(event(self.at(400), buyback_requested=dict(
            request="c", agent="ann", sku="s1", qty=10)), "BUYBACK_INELIGIBLE", "qty", 10, 0)
        self.same_when_decided_again()


class Before(MoneyTest):
    """book_before_goods.tar.xz is the directory of a daemon that knew no goods, stopped, and
    what it answered (answers.json)."""

    def unpack(self, *dropped):
        folder = tempfile.mkdtemp(prefix="daybook-e2e-before-")
        self.addCleanup(shutil.rmtree, folder, True)
        with tarfile.open(BEFORE) as archive:
            archive.extractall(folder)
        with open(os.path.join(folder, "answers.json"), encoding="ascii") as text:
            answers = json.load(text)
        for name in dropped:
            shutil.rmtree(os.path.join(folder, "book", name))
        self.daemon = Daemon(data=os.path.join(folder, "book"))
        self.addCleanup(self.daemon.close)
        self.stub = self.daemon.stub()
        return answers

    def answered(self, method, told):
        kind = next(one for one in service_pb2.DESCRIPTOR.services_by_name[
            "Daybook"].methods if one.name == method)
        question = json_format.ParseDict(told["request"], kind.input_type._concrete_class())
        reply = getattr(self.stub, method)(question)
        was = json_format.ParseDict(told["reply"], kind.output_type._concrete_class())
        self.assertEqual(reply, was, method)

    def test_a_book_from_before_there_were_goods_opens_and_answers_as_it_did(self):
        digests = set()
        for dropped in ((), ("books",), ("views",), ("books", "views")):
            for method, told in self.unpack(*dropped).items():
                self.answered(method, told)
            digests.add(digest_of(self.stub))
            self.assertEqual(len(self.ask("ListFindings", all=True).findings), 0)
            self.restart()
            digests.add(digest_of(self.stub))
        self.assertEqual(len(digests), 1)

    def test_a_book_from_before_there_were_goods_goes_on_with_guards(self):
        self.unpack()
        at = T0 + 30 * DAY
        # What was told before goods were counted is counted all the same.
        rows = {row.agent: row for row in self.ask("ListGoods", sku="s2").goods}
        self.assertEqual({who: (row.stock, row.tier) for who, row in rows.items()},
                         {"a2": (22, 1), "a3": (14, 2)})
        self.append("office", event(at, guard_set_published=dict(
            guard_set="house", version=1, parameters=[
                *modes(holding="REFUSE", cycle="FLAG"), *numbers(max_units=20)])))
        result = self.send("shop", asked(at, "a3", 7, sku="s2")).results[0]
        self.assertEqual((result.outcome, result.refusal.measured), (REFUSED, 21))
        self.append("shop", asked(at, "a3", 6, sku="s2"),
                    passed(at, "a3", "a2", 1, sku="s2", lot="L1"))
        findings = self.ask("ListFindings", at_least_size=self.size()).findings
        self.assertEqual([(one.subject, one.measured) for one in findings], [("a3", 2)])
        want = digest_of(self.stub)
        self.daemon.close_channels()
        self.assertEqual(self.daemon.stop(), 0)
        self.daemon.drop("books", "views")
        self.restart()
        self.assertEqual(digest_of(self.stub), want)


if __name__ == "__main__":
    unittest.main()
