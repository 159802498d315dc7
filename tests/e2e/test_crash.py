"""Stopped, killed, rebuilt: what was acknowledged is there, and comes out the same."""

import os
import random
import shutil
import tempfile
import threading
import time
import unittest

import grpc

from daybook_client import (DAY, SLOW, T0, Daemon, Failure, append_request, digest_of,
                            event, failure_of, opened, opening, read_log, record_pb2, sale,
                            service_pb2, until)

ROUNDS = 5 if SLOW else 16
Rebuild = service_pb2.RebuildViewRequest


class Source(threading.Thread):
    """Appends until the daemon is gone; knows what was acknowledged."""

    def __init__(self, daemon, name, per_batch, seq=1):
        super().__init__()
        self.stub, self.name, self.per_batch = daemon.stub(), name, per_batch
        self.source, self.seq = name, seq
        self.acknowledged = []  # (request, reply)
        self.unanswered = []
        self.codes = set()
        self.end = False

    def request(self, seq):
        first = seq * self.per_batch
        return append_request([sale(f"{self.source}-{first + i}", at=first + i)
                               for i in range(self.per_batch)], self.source, seq)

    def run(self):
        def requests():
            while not self.end:
                # The daemon keeps the last 256 replies of a source.
                while len(self.unanswered) >= 100 and not self.end:
                    time.sleep(0.001)
                self.unanswered.append(self.request(self.seq))
                self.seq += 1
                yield self.unanswered[-1]
        while not self.end:
            try:
                for reply in self.stub.AppendStream(requests(), timeout=60):
                    self.acknowledged.append((self.unanswered.pop(0), reply))
            except grpc.RpcError as error:
                self.codes.add(Failure(error).code.name)
                return


def everything(stub, size):
    """What must not depend on how the daemon came to be where it is."""
    balance = stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(at_least_size=size))
    lines = [stub.GetStatement(service_pb2.GetStatementRequest(
        code=code, owner=owner, page_size=1000))
        for code, owner in ((1020, "pay"), (2010, ""), (1020, ""))]
    stock = stub.ListStock(service_pb2.ListStockRequest(page_size=1000))
    return digest_of(stub), balance, lines, stock


class Crash(unittest.TestCase):
    def daemon(self, *options, **named):
        daemon = Daemon(*options, **named)
        self.addCleanup(daemon.close)
        return daemon

    def check_acknowledged(self, daemon, sources):
        """Every acknowledged event is at its position; repeats get the same outcomes."""
        stub = daemon.stub()
        log = {logged.position: logged.event
               for logged in read_log(stub, include_refused=True)}
        self.assertEqual(sorted(log), list(range(len(log))))
        for source in sources:
            for request, reply in source.acknowledged:
                sent = service_pb2.EventBatch.FromString(request.batch).events
                for was, result in zip(sent, reply.results):
                    self.assertEqual(log[result.position], was)
            if source.acknowledged:
                request, reply = source.acknowledged[-1]
                again = stub.Append(request)
                self.assertTrue(again.repeated_batch)
                self.assertEqual(again.results, reply.results)
            known = stub.GetSource(service_pb2.GetSourceRequest(source=source.source))
            self.assertGreaterEqual(known.last_batch_seq, len(source.acknowledged))
            self.assertLessEqual(known.last_batch_seq, source.seq - 1)
        return len(log)

    def check_same_when_replayed(self, daemon, *dropped):
        """A copy of the directory without DROPPED gives the same."""
        stub = daemon.stub()
        size = digest_of(stub)[0]
        before = everything(stub, size)
        daemon.restart()
        data = tempfile.mkdtemp(prefix="daybook-e2e-copy-")
        self.addCleanup(shutil.rmtree, data, True)
        self.assertEqual(daemon.stop(), 0, daemon.diag())
        copy = os.path.join(data, "copy")
        shutil.copytree(daemon.data, copy,
                        ignore=lambda _, names: [n for n in names if n.endswith(".sock")])
        daemon.start()
        for name in dropped:
            shutil.rmtree(os.path.join(copy, name))
        other = self.daemon("--adopt", data=copy)
        self.assertEqual(everything(other.stub(), size), before)
        other.close()

    def test_everything_acknowledged_survives_sigterm_under_load(self):
        for _ in range(2 if SLOW else 4):
            daemon = self.daemon()
            opened(daemon)
            sources = [Source(daemon, f"s{i}", 1 + 40 * i) for i in range(3)]
            for source in sources:
                source.start()
            until(lambda s=sources: all(len(source.acknowledged) > 5 for source in s))
            self.assertEqual(daemon.stop(), 0, daemon.diag())
            self.assertIn("stopped", daemon.diag())
            for source in sources:
                source.end = True
                source.join()
            daemon.restart()
            self.assertIn("0 replayed", daemon.diag())
            self.check_acknowledged(daemon, sources)
            daemon.close()

    def test_everything_acknowledged_survives_kills_at_random_moments(self):
        rng = random.Random(5)
        daemon = self.daemon("--save-every", "300")
        opened(daemon)
        done = {}
        for turn in range(ROUNDS):
            sources = [Source(daemon, f"k{i}", size, done.get(f"k{i}", 0) + 1)
                       for i, size in enumerate((1, 7, 60))]
            rebuilder = threading.Thread(target=self.rebuild_quietly, args=(daemon,))
            for source in sources:
                source.start()
            if turn % 3 == 0:
                rebuilder.start()
            time.sleep(rng.uniform(0.01, 0.25))
            daemon.kill()
            for source in sources:
                source.end = True
                source.join()
            if turn % 3 == 0:
                rebuilder.join()
            daemon.restart()
            stub = daemon.stub()
            for source in sources:
                for request, reply in source.acknowledged[-1:]:
                    again = stub.Append(request)
                    self.assertTrue(again.repeated_batch)
                    self.assertEqual(again.results, reply.results)
                known = stub.GetSource(service_pb2.GetSourceRequest(source=source.source))
                self.assertGreaterEqual(
                    known.last_batch_seq,
                    done.get(source.source, 0) + len(source.acknowledged))
                done[source.source] = known.last_batch_seq
        size = len(read_log(stub, include_refused=True))
        self.assertEqual(size, digest_of(stub)[0])
        for dropped in (("views",), ("books",), ("views", "books")):
            self.check_same_when_replayed(daemon, *dropped)

    def rebuild_quietly(self, daemon):
        try:
            for _ in daemon.stub().RebuildView(Rebuild(), timeout=20):
                pass
        except grpc.RpcError:
            pass

    def filled(self, *options, records=6000):
        daemon = self.daemon(*options)
        stub, size = opened(daemon)
        for seq in range(records // 2000):
            stub.Append(append_request([sale(seq * 2000 + i) for i in range(2000)],
                                       "fill", seq + 1))
        return daemon, stub, size + records // 2000 * 2000

    def test_a_rebuild_while_appends_and_questions_run(self):
        daemon, stub, size = self.filled()
        source = Source(daemon, "busy", 20)
        source.start()
        wrong, asked, end = [], [0], threading.Event()

        def ask():
            mine = daemon.stub()
            while not end.is_set():
                balance = mine.GetTrialBalance(service_pb2.GetTrialBalanceRequest(
                    as_of=service_pb2.AsOf(size=size)))
                asked[0] += 1
                if balance.difference or balance.lines[0].debits != 6000 * 1000:
                    wrong.append(balance)
        asker = threading.Thread(target=ask)
        asker.start()
        try:
            for _ in range(3):
                progress = list(stub.RebuildView(Rebuild(), timeout=60))
                self.assertTrue(progress[-1].done)
                self.assertGreaterEqual(progress[-1].of_size, size)
        finally:
            source.end = True
            source.join()
            end.set()
            asker.join()
        self.assertEqual(wrong, [])
        self.assertGreater(asked[0], 3)
        before = everything(stub, digest_of(stub)[0])
        self.assertTrue(list(stub.RebuildView(Rebuild()))[-1].done)
        self.assertEqual(everything(stub, before[0][0]), before)
        daemon.restart(kill=True)
        self.assertEqual(everything(daemon.stub(), before[0][0]), before)

    def test_two_rebuilds_at_once_and_one_that_is_cancelled(self):
        daemon, stub, size = self.filled(records=20_000)
        before = everything(stub, size)
        first = stub.RebuildView(Rebuild())
        until(lambda: stub.GetStatus(service_pb2.GetStatusRequest()).views[0].rebuilding)
        failed = failure_of(stub.RebuildView, Rebuild())
        self.assertEqual((failed.code.name, failed.reason), ("ALREADY_EXISTS", "REBUILDING"))
        first.cancel()
        until(lambda: not stub.GetStatus(
            service_pb2.GetStatusRequest()).views[0].rebuilding)
        self.assertEqual(everything(stub, size), before)
        self.assertEqual(failure_of(stub.RebuildView, Rebuild(view="nil")).code.name,
                         "NOT_FOUND")
        self.assertTrue(list(stub.RebuildView(Rebuild(view="ledger")))[-1].done)
        self.assertEqual(everything(stub, size), before)

    def test_stopped_and_killed_in_the_middle_of_a_rebuild(self):
        daemon, stub, size = self.filled(records=20_000)
        before = everything(stub, size)
        for turn in range(2 if SLOW else 8):
            call = stub.RebuildView(Rebuild())
            until(lambda: stub.GetStatus(
                service_pb2.GetStatusRequest()).views[0].rebuilding)
            time.sleep(0.01 * turn)
            if turn % 2:
                daemon.kill()
                daemon.restart()
            else:
                self.assertEqual(daemon.stop(), 0, daemon.diag())
                daemon.restart()
            del call
            stub = daemon.stub()
            self.assertEqual(everything(stub, size), before)

    def test_the_newest_save_is_used_and_what_follows_is_replayed(self):
        daemon, stub, size = self.filled("--save-every", "1000")
        until(lambda: stub.GetStatus(service_pb2.GetStatusRequest()).saved_books_size
              >= 1000)
        digest = digest_of(stub)
        daemon.restart(kill=True)
        self.assertNotIn("(0 loaded", daemon.diag())
        self.assertEqual(digest_of(daemon.stub()), digest)
        self.assertEqual(digest[0], size)

    def test_a_book_that_was_never_written_to_comes_back_empty(self):
        daemon = self.daemon()
        for kill in (True, False, True):
            daemon.restart(kill=kill)
            self.assertEqual(digest_of(daemon.stub())[0], 0)
        reply = daemon.stub().Append(append_request(opening()))
        self.assertEqual(reply.results[0].outcome, record_pb2.ACCEPTED)

    def test_a_late_event_and_a_restart_keep_the_clock(self):
        daemon = self.daemon()
        stub, _ = opened(daemon)
        stub.Append(append_request([sale(1, at=9 * DAY), sale(2, at=DAY)]))
        clock = stub.GetStatus(service_pb2.GetStatusRequest()).clock
        daemon.restart(kill=True)
        self.assertEqual(daemon.stub().GetStatus(
            service_pb2.GetStatusRequest()).clock, clock)
        self.assertEqual(clock.seconds, (T0 + 10 * DAY) // 10**6)
        self.assertTrue(event(T0).HasField("effective_at"))


if __name__ == "__main__":
    unittest.main()
