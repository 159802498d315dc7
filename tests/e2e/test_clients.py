"""Clients that vanish, dawdle, crowd in or ask too much: all others are served."""

import collections
import resource
import shutil
import socket
import struct
import threading
import unittest

import grpc
import raw_http2 as h2
from daybook_client import (DAY, SLOW, T0, Daemon, Failure, append_request, event,
                            failure_of, opened, read_log, record_pb2, sale, service_pb2,
                            until)
from raw_http2 import Raw, bearer, frame, message, request_headers

APPEND_STREAM = "/daybook.v1.Daybook/AppendStream"
ACCEPTED = record_pb2.ACCEPTED


class Clients(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.stub, self.size = opened(self.daemon)

    def status(self):
        return self.stub.GetStatus(service_pb2.GetStatusRequest(), timeout=20)

    def fill(self, records, per_batch=2000, text=""):
        def requests():
            for at in range(0, records, per_batch):
                yield append_request([
                    event(T0 + DAY, agent_enrolled=dict(agent=f"g{at + i}{text}",
                                                        sponsor="root"))
                    for i in range(min(per_batch, records - at))], "filler",
                    at // per_batch + 1)
        for reply in self.stub.AppendStream(requests()):
            self.assertEqual(reply.results[-1].outcome, ACCEPTED)

    def test_a_client_that_vanishes_in_the_middle_of_a_batch_appends_nothing(self):
        whole = message(append_request([sale(i) for i in range(100)], "van", 1)
                        .SerializeToString())
        for reset in (False, True):
            for share in (1, 5, len(whole) // 2, len(whole) - 1):
                raw = Raw(self.daemon)
                raw.send(frame(h2.HEADERS, h2.END_HEADERS, 1,
                               request_headers(APPEND_STREAM, bearer(self.daemon))) +
                         frame(h2.DATA, 0, 1, whole[:share]))
                raw.close(reset)
                raw = Raw(self.daemon)  # and half a frame
                raw.send(frame(h2.HEADERS, h2.END_HEADERS, 1,
                               request_headers(APPEND_STREAM, bearer(self.daemon))) +
                         frame(h2.DATA, 0, 1, whole)[:9 + share])
                raw.close(reset)
        self.assertEqual(self.status().size, self.size)
        self.assertFalse(self.stub.GetSource(
            service_pb2.GetSourceRequest(source="van")).known)

    def test_a_client_that_vanishes_before_its_answer_finds_its_batch_later(self):
        for turn in range(20):
            raw = Raw(self.daemon)
            raw.call(APPEND_STREAM, message(append_request(
                [sale(turn)], "late", turn + 1).SerializeToString()))
            if turn % 2:
                raw.send(frame(h2.RST_STREAM, 0, 1, b"\0\0\0\x08"))
            until(lambda n=turn: self.stub.GetSource(service_pb2.GetSourceRequest(
                source="late")).last_batch_seq == n + 1)
            raw.close(reset=turn % 3 == 0)
            again = self.stub.Append(append_request([sale(turn)], "late", turn + 1))
            self.assertTrue(again.repeated_batch)

    def test_a_subscriber_that_does_not_read_costs_little_and_loses_nothing(self):
        self.fill(60_000 if not SLOW else 20_000, text="x" * 40)
        size = self.status().size
        before = self.daemon.resident_kib()
        sleepers = []
        for _ in range(20):
            raw = Raw(self.daemon, window=2**31 - 1)
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            raw.send(frame(h2.WINDOW_UPDATE, 0, 0, struct.pack(">I", 2**30)))
            raw.call("/daybook.v1.Daybook/Subscribe", message(
                service_pb2.SubscribeRequest(stop_at_head=True).SerializeToString()))
            sleepers.append(raw)
            self.addCleanup(raw.close)
        for number in range(100):
            reply = self.stub.Append(append_request([sale(number)]), timeout=10)
            self.assertEqual(reply.results[0].outcome, ACCEPTED)
        grown = self.daemon.resident_kib() - before
        if not SLOW:
            self.assertLess(grown, 20 * 6 * 1024)  # two messages and buffers each
        for raw in sleepers[:2]:
            self.assertGreaterEqual(self.read_all(raw), size - 1)

    def read_all(self, raw):
        """Positions read on RAW, which must come without a gap."""
        stream, expected = b"", 0
        for kind, flags, _, payload in raw.frames():
            if kind == h2.HEADERS and flags & h2.END_STREAM:
                break
            if kind != h2.DATA:
                continue
            stream += payload
            while len(stream) >= 5 and len(stream) >= 5 + int.from_bytes(stream[1:5], "big"):
                end = 5 + int.from_bytes(stream[1:5], "big")
                reply = service_pb2.SubscribeReply.FromString(stream[5:end])
                stream = stream[end:]
                for logged in reply.events:
                    self.assertEqual(logged.position, expected)
                    expected += 1
        return expected

    def test_a_thousand_idle_connections_do_not_slow_appends(self):
        count = 1000
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < count + 200:
            self.skipTest(f"only {hard} files allowed")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        before = self.daemon.resident_kib()
        idle = [Raw(self.daemon) for _ in range(count)]
        self.addCleanup(lambda: [raw.close() for raw in idle])
        for raw in idle[::100]:
            self.assertIsNotNone(raw.wait_for(h2.SETTINGS))
        for number in range(200):
            reply = self.stub.Append(append_request([sale(number)]), timeout=5)
            self.assertEqual(reply.results[0].outcome, ACCEPTED)
        if not SLOW:
            self.assertLess((self.daemon.resident_kib() - before) / count, 120)
        idle[0].call("/daybook.v1.Daybook/GetStatus", message(b""))
        self.assertEqual(idle[0].wait_for(h2.DATA, h2.GOAWAY)[0], h2.DATA)

    def test_more_connections_than_the_daemon_takes_are_closed(self):
        count = 4096
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < count + 300:
            self.skipTest(f"only {hard} files allowed")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        crowd = [Raw(self.daemon) for _ in range(count + 50)]
        self.addCleanup(lambda: [raw.close() for raw in crowd])
        self.assertIsNone(crowd[-1].wait_for(h2.SETTINGS))
        reply = self.stub.Append(append_request([sale(1)]), timeout=5)
        self.assertEqual(reply.results[0].outcome, ACCEPTED)
        for raw in crowd:
            raw.close()
        until(lambda: self.can_connect())

    def can_connect(self):
        with Raw(self.daemon) as raw:
            return raw.wait_for(h2.SETTINGS)

    @unittest.skipUnless(shutil.which("prlimit"), "no prlimit")
    def test_a_daemon_without_files_to_spare_serves_whom_it_has(self):
        class Poor(Daemon):
            def arguments(self):
                return ["prlimit", "--nofile=64:64", "--", *super().arguments()]
        with Poor() as daemon:
            stub, size = opened(daemon)
            crowd = [Raw(daemon) for _ in range(150)]
            for number in range(20):
                stub.Append(append_request([sale(number)]), timeout=5)
            for raw in crowd:
                raw.close()
            reply = until(lambda: daemon.stub().GetDigest(service_pb2.GetDigestRequest(),
                                                          timeout=5))
            self.assertEqual(reply.size, size + 20)
            self.assertEqual(daemon.stop(), 0)

    def test_a_stream_of_batches_that_rests_ends_at_its_deadline(self):
        with Raw(self.daemon) as raw:
            raw.call(APPEND_STREAM, message(append_request([sale(1)]).SerializeToString()),
                     1, ("grpc-timeout", "300m"), end=False)
            self.assertEqual(raw.wait_for(h2.DATA, h2.GOAWAY)[0], h2.DATA)
            got = raw.wait_for(h2.HEADERS, h2.RST_STREAM, h2.GOAWAY)
            self.assertTrue(got[0] == h2.HEADERS and got[1] & h2.END_STREAM, got)

    def test_a_deadline_that_has_passed_is_answered_so_and_nothing_is_written(self):
        channel = self.daemon.channel()
        for text in ("0n", "1n", "0S", "0m"):
            with Raw(self.daemon) as raw:
                raw.call("/daybook.v1.Daybook/Append", message(append_request(
                    [sale(1)], "soon", 1).SerializeToString()), 1, ("grpc-timeout", text))
                self.assertNotEqual(raw.wait_for(h2.HEADERS, h2.RST_STREAM, h2.DATA)[0],
                                    h2.DATA)
        self.assertFalse(self.stub.GetSource(
            service_pb2.GetSourceRequest(source="soon")).known)
        channel.close()

    def test_a_question_that_waits_for_more_records_ends_at_its_deadline(self):
        for call, request in (
                (self.stub.GetTrialBalance, service_pb2.GetTrialBalanceRequest(
                    at_least_size=self.size + 1)),
                (self.stub.GetAgent, service_pb2.GetAgentRequest(
                    agent="a1", at_least_size=self.size + 1)),
                (self.stub.ListStock, service_pb2.ListStockRequest(
                    at_least_size=10**15))):
            failed = failure_of(call, request, timeout=0.2)
            self.assertEqual(failed.code.name, "DEADLINE_EXCEEDED")
        self.assertEqual(self.status().size, self.size)

    def test_questions_about_the_future_do_not_keep_others_from_answers(self):
        """There are two readers: one may wait, the last one not for long."""
        waiting = [self.stub.GetAgent.future(service_pb2.GetAgentRequest(
            agent="a1", at_least_size=self.size + 1), timeout=20) for _ in range(6)]
        for _ in range(3):
            self.stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(), timeout=5)
        reply = self.stub.Append(append_request([sale(1)]), timeout=5)
        self.assertEqual(reply.results[0].outcome, ACCEPTED)
        answered = 0
        for future in waiting:
            try:
                self.assertEqual(future.result().agent, "a1")
                answered += 1
            except grpc.RpcError as error:
                failed = Failure(error)
                self.assertEqual((failed.code.name, failed.reason),
                                 ("DEADLINE_EXCEEDED", "VIEW_BEHIND"))
        self.assertGreater(answered, 0)

    def test_a_flood_of_batches_is_answered_or_turned_down_and_memory_is_bounded(self):
        before = self.daemon.resident_kib()
        events = [sale(i, psp_txn="t" * 40 + str(i)) for i in range(9000)]
        batch = append_request(events, "x").batch
        outcomes = collections.Counter()
        lock = threading.Lock()

        def flood(number):
            stub = self.daemon.stub(ready=True)
            futures = [stub.Append.future(service_pb2.AppendRequest(
                source=f"flood{number}", batch=batch, dry_run=True), timeout=60)
                for _ in range(20 if SLOW else 30)]
            for future in futures:
                try:
                    outcome = len(future.result().results)
                except grpc.RpcError as error:
                    failed = Failure(error)
                    outcome = f"{failed.code.name} {failed.reason}"
                with lock:
                    outcomes[outcome] += 1

        threads = [threading.Thread(target=flood, args=(i,)) for i in range(6)]
        for thread in threads:
            thread.start()
        peak = 0
        while any(thread.is_alive() for thread in threads):
            peak = max(peak, self.daemon.resident_kib())
            threads[0].join(0.02)
        self.assertLessEqual(set(outcomes), {9000, "RESOURCE_EXHAUSTED BUSY"}, outcomes)
        self.assertGreater(outcomes[9000], 0)
        if not SLOW:
            self.assertLess(peak - before, 700 * 1024)
        self.assertEqual(self.status().size, self.size)

    def test_a_client_that_takes_no_replies_costs_little(self):
        """Empty events are small to send and have long answers."""
        before = self.daemon.resident_kib()
        asked = message(service_pb2.AppendRequest(
            source="mute", batch=b"\x0a\x00" * 10_000, dry_run=True).SerializeToString())
        ten = asked * 10
        with Raw(self.daemon, window=0) as raw:
            for stream in range(1, 200, 2):
                raw.send(frame(h2.HEADERS, h2.END_HEADERS, stream,
                               request_headers(APPEND_STREAM, bearer(self.daemon))))
                for at in range(0, len(ten), 16_000):
                    raw.send(frame(h2.DATA, 0, stream, ten[at:at + 16_000]))
            reply = self.stub.Append(append_request([sale(1)]), timeout=10)
            self.assertEqual(reply.results[0].outcome, ACCEPTED)
            if not SLOW:
                self.assertLess(self.daemon.resident_kib() - before, 150 * 1024)

    def test_a_stream_that_is_turned_down_can_resume_where_it_was(self):
        done, seq = 0, 1
        while done < 20:
            last = self.stub.GetSource(service_pb2.GetSourceRequest(source="r"))
            self.assertEqual(last.last_batch_seq, done)
            seq = last.last_batch_seq + 1

            def requests(start=seq):
                for number in range(start, start + 7):
                    if number == start + 5:
                        number += 1  # a gap ends the stream
                    yield append_request([sale(number)], "r", number)
            try:
                for _ in self.stub.AppendStream(requests()):
                    done += 1
            except grpc.RpcError:
                pass
        self.assertEqual(len(read_log(self.stub, source="r")), done)


if __name__ == "__main__":
    unittest.main()
