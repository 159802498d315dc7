"""Questions of every kind against a brute-force fold in Python.

Random streams and the model that decides them come from tests/property: a second
opinion on every outcome.  What a question must answer is summed up anew from the
model's postings and moves, for any size of the log and any time.
"""

import collections
import itertools
import json
import os
import random
import sys
import unittest

from google.protobuf import json_format

from daybook_client import (ROOT, Daemon, Event, append_request, digest_of, failure_of,
                            read_log, record_pb2, service_pb2, set_time, us_of)

sys.path.insert(0, os.path.join(ROOT, "tests", "property"))
try:
    import streams
except ImportError:
    streams = None

LENGTH = 220
Figures = collections.namedtuple("Figures", "debits credits")
(RECEIVED, SHIPPED, SOLD, PASSED_DOWN, SELF_USED, SAMPLED, LOST, RETURNED, TAKEN_BACK,
 UNSHIPPED, COUNTED, RELOCATED) = range(1, 13)
ORDER_OWNED = (1140, 2010, 2015)


def as_of(size=None, time=None):
    out = service_pb2.AsOf()
    if size is not None:
        out.size = size
    if time is not None:
        set_time(out.effective_at, time)
    return out


class Fold:
    """All records with their postings and moves, in the order of the log."""

    def __init__(self):
        self.records = []  # (position, effective_at, postings, moves)

    def add(self, position, at, verdict):
        self.records.append((position, at, verdict["postings"], verdict["moves"]))

    def cut(self, size=None, time=None):
        return [record for record in self.records
                if (size is None or record[0] < size) and (time is None or record[1] <= time)]

    def accounts(self, **cut):
        """(code, owner) -> [debits, credits, postings], in order of appearance."""
        out = {}
        for _, _, postings, _ in self.cut(**cut):
            for code, owner, amount, *_ in postings:
                row = out.setdefault((code, owner), [0, 0, 0])
                row[0 if amount > 0 else 1] += abs(amount)
                row[2] += 1
        return out

    def codes(self, **cut):
        out = {}
        for (code, _), (debits, credits, _) in self.accounts(**cut).items():
            was = out.get(code, (0, 0))
            out[code] = (was[0] + debits, was[1] + credits)
        return out

    def lines(self, code, owner, **cut):
        """(position, amount, balance, cause) of an account or, without owner, a code."""
        out, balances = [], 0
        counted = self.cut(**cut)
        for position, _, postings, _ in self.records:
            for posted_code, posted_owner, amount, cause, _ in postings:
                if posted_code != code or owner not in ("", posted_owner):
                    continue
                balances += amount
                out.append((position, amount, balances, cause))
        wanted = {record[0] for record in counted}
        return [line for line in out if line[0] in wanted]

    def stock(self, **cut):
        """position -> Counter of figures."""
        out = {}
        for _, _, _, moves in self.cut(**cut):
            for kind, *key, amount, units, _, value in moves:
                row = out.setdefault(tuple(key), collections.Counter())
                row["on_hand"] += amount
                row["value"] += value
                row[kind] += units
                if kind == SHIPPED:
                    row["in_transit"] += units
                elif kind == UNSHIPPED or (amount == 0 and kind != TAKEN_BACK):
                    row["in_transit"] -= units
        return out


@unittest.skipIf(streams is None, "tests/property is not there")
class Questions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.books = [cls.make(seed) for seed in (11, 12, 13)]

    @classmethod
    def tearDownClass(cls):
        for book in cls.books:
            book.daemon.close()

    @classmethod
    def make(cls, seed):
        book = type("Book", (), {})()
        book.rng = random.Random(seed)
        generator = streams.Generator(book.rng)
        sent, verdicts = generator.run(LENGTH)
        book.fold, book.pairs = Fold(), []
        for raw, verdict in zip(sent, verdicts):
            text = streams.to_json(raw)
            source, text = text[1:].split(" ", 1) if text[0] == "@" else ("s", text)
            try:
                event = json_format.Parse(text, Event())
            except (json_format.ParseError, ValueError, UnicodeError):
                if verdict["outcome"] != "INVALID":
                    raise AssertionError(json.dumps(raw)) from None
                continue
            book.pairs.append((event, verdict, source))
            # A refused one posts what fell due before it.
            if verdict["outcome"] in ("ACCEPTED", "REFUSED"):
                book.fold.add(verdict["position"], us_of(event.effective_at), verdict)
        book.size = generator.model.size
        book.digest = generator.model.digest()
        book.model = generator.model
        book.daemon = Daemon(*(("--save-every", "40") if seed % 2 else ()))
        book.stub = book.daemon.stub()
        book.sent = book.good = False
        return book

    def send_all(self, book):
        if book.sent:
            self.assertTrue(book.good, "another test says why")
            return
        book.sent = True
        rest, seqs = list(book.pairs), collections.Counter()
        while rest:
            source = rest[0][2]
            part = list(itertools.takewhile(lambda pair: pair[2] == source, rest[:17]))
            rest = rest[len(part):]
            seqs[source] += 1
            reply = book.stub.Append(append_request([pair[0] for pair in part], source,
                                                    seqs[source]))
            for result, (event, verdict, _) in zip(reply.results, part):
                self.check_outcome(result, verdict, event)
        book.good = True

    def check_outcome(self, result, verdict, event):
        self.assertEqual(record_pb2.Outcome.Name(result.outcome), verdict["outcome"],
                         (event, result, verdict))
        if "position" in verdict:
            self.assertEqual(result.position, verdict["position"])
        if verdict["outcome"] == "REFUSED":
            refusal = result.refusal
            self.assertEqual((record_pb2.Rule.Name(refusal.rule), refusal.field,
                              refusal.other_position_plus_one - 1),
                             (verdict["rule"], verdict["field"], verdict["other"]), event)
            # The model has figures only where the rules name them, or several that may be.
            limits = verdict["limit"]
            if verdict["measured"] or limits:
                limits = limits if isinstance(limits, (list, tuple)) else (limits,)
                self.assertEqual(refusal.measured, verdict["measured"], event)
                self.assertIn(refusal.limit, limits, event)
        if verdict["outcome"] == "INVALID":
            self.assertEqual((record_pb2.Fault.Name(result.fault.fault),
                              result.fault.field), (verdict["fault"], verdict["field"]),
                             event)

    def each(self):
        for book in self.books:
            self.send_all(book)
            yield book

    def cuts(self, book, count=14):
        yield {}
        for _ in range(count):
            yield dict(size=book.rng.randint(0, book.size))
        times = [record[1] for record in book.fold.records]
        for _ in range(count):
            yield dict(time=book.rng.choice(times) + book.rng.choice((-1, 0, 0, 1)))
        yield dict(size=book.size)
        yield dict(time=max(times))

    def pages(self, call, request, field):
        """All rows of a listing, in pages of a few."""
        rows = []
        while True:
            reply = call(request)
            rows += getattr(reply, field)
            self.assertLessEqual(len(getattr(reply, field)), request.page_size)
            if not reply.next_page_token:
                return rows, reply
            request.page_token = reply.next_page_token

    # ------------------------------------------------------------------------- tests

    def test_every_outcome_and_the_digest_are_the_models(self):
        for book in self.each():
            self.assertEqual(digest_of(book.stub), (book.size, book.digest))

    def test_trial_balances_of_any_size_and_time(self):
        for book in self.each():
            for cut in self.cuts(book):
                balance = book.stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(
                    as_of=as_of(**cut), at_least_size=book.size))
                got = {line.code: (line.debits, line.credits) for line in balance.lines}
                self.assertEqual(got, book.fold.codes(**cut), cut)
                self.assertEqual(balance.difference, 0)
                for line in balance.lines:
                    self.assertEqual(line.balance, line.debits - line.credits)

    def test_balances_of_any_size_and_time_in_pages(self):
        for book in self.each():
            for cut in self.cuts(book, 5):
                want = {key: row for key, row in book.fold.accounts(**cut).items()
                        if key[0] not in ORDER_OWNED}
                request = service_pb2.ListBalancesRequest(
                    as_of=as_of(**cut), at_least_size=book.size,
                    page_size=book.rng.randint(1, 5))
                rows, _ = self.pages(book.stub.ListBalances, request, "balances")
                self.assertEqual(len(rows), len(want))
                self.assertEqual({(row.code, row.owner):
                                  [row.debits, row.credits, row.postings]
                                  for row in rows}, want, cut)

    def test_the_largest_balances_come_first(self):
        for book in self.each():
            want = sorted((abs(row[0] - row[1]) for key, row in book.fold.accounts().items()
                           if key[0] not in ORDER_OWNED), reverse=True)
            reply = book.stub.ListBalances(service_pb2.ListBalancesRequest(
                largest_first=True, page_size=3, at_least_size=book.size))
            self.assertEqual([abs(row.balance) for row in reply.balances], want[:3])

    def test_statements_of_any_size_and_time_in_pages(self):
        for book in self.each():
            accounts = list(book.fold.accounts())
            controls = [(code, "") for code in book.fold.codes()]
            for cut in self.cuts(book, 2):
                for code, owner in accounts + controls:
                    want = [line[:3] + (line[3] or "EVENT",)
                            for line in book.fold.lines(code, owner, **cut)]
                    request = service_pb2.GetStatementRequest(
                        code=code, owner=owner, as_of=as_of(**cut),
                        at_least_size=book.size, page_size=book.rng.randint(1, 9))
                    rows, last = self.pages(book.stub.GetStatement, request, "lines")
                    got = [(row.position, row.amount, row.balance,
                            service_pb2.Cause.Name(row.cause)[6:]) for row in rows]
                    self.assertEqual(got, want[::-1], (code, owner, cut))
                    self.assertEqual(last.balance, sum(line[1] for line in want))

    def test_statements_between_two_times(self):
        for book in self.each():
            times = sorted(record[1] for record in book.fold.records)
            at = {record[0]: record[1] for record in book.fold.records}
            for code, owner in list(book.fold.accounts())[:6]:
                first, last = sorted(book.rng.sample(times, 2))
                request = service_pb2.GetStatementRequest(code=code, owner=owner,
                                                          page_size=100)
                set_time(getattr(request, "from"), first)
                set_time(request.to, last)
                rows, _ = self.pages(book.stub.GetStatement, request, "lines")
                want = [line for line in book.fold.lines(code, owner)
                        if first <= at[line[0]] < last]
                self.assertEqual([(row.position, row.amount, row.balance) for row in rows],
                                 [line[:3] for line in want[::-1]])

    def test_stock_of_any_size_and_time_in_pages(self):
        for book in self.each():
            for cut in self.cuts(book, 6):
                request = service_pb2.ListStockRequest(
                    as_of=as_of(**cut), at_least_size=book.size,
                    page_size=book.rng.randint(1, 7))
                rows, _ = self.pages(book.stub.ListStock, request, "positions")
                got = {(1 if row.holder_kind == "agent" else 2, row.holder, row.sku,
                        row.lot, row.place): row for row in rows}
                want = book.fold.stock(**cut)
                self.assertEqual(set(got), set(want), cut)
                for key, row in got.items():
                    sums = want[key]
                    self.assertEqual(
                        (row.on_hand, row.in_transit, row.received, row.sold,
                         row.passed_down, row.self_used, row.sampled, row.lost,
                         row.returned, row.count_difference, row.taken_back,
                         row.received_value),
                        (sums["on_hand"], sums["in_transit"], sums[RECEIVED], sums[SOLD],
                         sums[PASSED_DOWN], sums[SELF_USED], sums[SAMPLED], sums[LOST],
                         sums[RETURNED], sums[COUNTED], sums[TAKEN_BACK], sums["value"]),
                        (key, cut))

    def test_movements_of_a_holder_in_pages(self):
        for book in self.each():
            for holder in {key[1] for key in book.fold.stock()}:
                want = [(record[0], move[6], move[8]) for record in book.fold.records
                        for move in record[3] if move[2] == holder]
                request = service_pb2.ListMovementsRequest(
                    holder=holder, at_least_size=book.size, page_size=4)
                rows, last = self.pages(book.stub.ListMovements, request, "lines")
                self.assertEqual(sorted((row.position, row.qty, row.balance)
                                        for row in rows), sorted(want))
                self.assertEqual([row.position for row in rows],
                                 sorted((row.position for row in rows), reverse=True))
                self.assertEqual(last.on_hand, sum(line[1] for line in want))

    def test_agents_refusals_and_orders_are_the_models(self):
        for book in self.each():
            state = book.model.state
            request = service_pb2.ListAgentsRequest(page_size=2, at_least_size=book.size)
            rows, _ = self.pages(book.stub.ListAgents, request, "agents")
            self.assertEqual({row.agent: (row.sponsor, row.rank) for row in rows},
                             {name: (agent["sponsor"], agent["rank"])
                              for name, agent in state.agents.items()})
            reply = book.stub.ListRefusals(service_pb2.ListRefusalsRequest(
                at_least_size=book.size))
            rules = collections.Counter(
                verdict["rule"] for _, verdict, _ in book.pairs
                if verdict["outcome"] == "REFUSED")
            self.assertEqual({record_pb2.Rule.Name(row.rule): row.count
                              for row in reply.counts}, dict(rules))
            for name, order in state.orders.items():
                got = book.stub.GetOrder(service_pb2.GetOrderRequest(
                    order=name, at_least_size=book.size))
                self.assertEqual((got.paid, got.refunded, got.cancelled),
                                 (state.paid(order), state.refunded(order),
                                  bool(order["cancelled"])), name)

    def test_the_log_holds_what_was_sent(self):
        for book in self.each():
            sent = [event for event, verdict, _ in book.pairs
                    if verdict["outcome"] in ("ACCEPTED", "REFUSED")]
            got = [logged.event for logged in read_log(book.stub, include_refused=True)]
            self.assertEqual(got, sent)

    def test_questions_about_the_future_and_bad_pages_are_told(self):
        book = next(iter(self.each()))
        failed = failure_of(book.stub.GetTrialBalance, service_pb2.GetTrialBalanceRequest(
            as_of=as_of(size=10**9)), timeout=2)
        self.assertEqual((failed.code.name, failed.reason), ("OUT_OF_RANGE", "AS_OF"))
        for request, reason in (
                (service_pb2.ListBalancesRequest(page_token="AAAA"), "PAGE_TOKEN"),
                (service_pb2.ListBalancesRequest(page_size=10**6), "PAGE_SIZE"),
                (service_pb2.ListBalancesRequest(code=7), "CODE")):
            failed = failure_of(book.stub.ListBalances, request)
            self.assertEqual((failed.code.name, failed.reason),
                             ("INVALID_ARGUMENT", reason))
        for call, request, reason in (
                (book.stub.GetAgent, service_pb2.GetAgentRequest(agent="nil"),
                 "AGENT_UNKNOWN"),
                (book.stub.GetOrder, service_pb2.GetOrderRequest(order="nil"),
                 "ORDER_UNKNOWN"),
                (book.stub.GetStatement, service_pb2.GetStatementRequest(
                    code=1020, owner="nil"), "ACCOUNT_UNKNOWN"),
                (book.stub.ListMovements, service_pb2.ListMovementsRequest(holder="nil"),
                 "HOLDER_UNKNOWN")):
            failed = failure_of(call, request)
            self.assertEqual((failed.code.name, failed.reason), ("NOT_FOUND", reason))

    def test_zz_everything_is_the_same_after_views_and_books_are_dropped(self):
        book = next(iter(self.each()))
        question = service_pb2.GetTrialBalanceRequest(at_least_size=book.size)
        before = book.stub.GetTrialBalance(question)
        for dropped in (["views"], ["books"], ["views", "books"]):
            book.daemon.close_channels()
            self.assertEqual(book.daemon.stop(), 0)
            book.daemon.drop(*dropped)
            book.daemon.start()
            book.stub = book.daemon.stub()
            self.assertEqual(digest_of(book.stub), (book.size, book.digest), dropped)
            self.assertEqual(book.stub.GetTrialBalance(question), before)
            self.test_statements_between_two_times()
            self.test_stock_of_any_size_and_time_in_pages()


if __name__ == "__main__":
    unittest.main()
