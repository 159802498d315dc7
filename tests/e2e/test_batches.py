"""Batches: sequence, repeats, atomic, dry runs, and limits of calls."""

import unittest

import grpc

from daybook_client import (DAY, T0, Daemon, append_request, batch_of, digest_of, event,
                            failure_of, opened, record_pb2, sale, service_pb2)

ACCEPTED, DUPLICATE = record_pb2.ACCEPTED, record_pb2.DUPLICATE
REFUSED, INVALID = record_pb2.REFUSED, record_pb2.INVALID
EVENTS_MAX = 10_000
MESSAGE_MAX = 4 * 1024 * 1024 + 64 * 1024


class Batches(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.stub, self.size = opened(self.daemon)

    def status(self):
        return self.stub.GetStatus(service_pb2.GetStatusRequest())

    def test_a_gap_is_refused_with_the_number_that_is_next(self):
        for seq, expected in ((2, "1"), (7, "1")):
            failed = failure_of(self.stub.Append, append_request([sale(1)], "s", seq))
            self.assertEqual((failed.code.name, failed.reason),
                             ("FAILED_PRECONDITION", "BATCH_GAP"))
            self.assertEqual(failed.fields, {"batch_seq": str(seq), "expected": expected})
        self.stub.Append(append_request([sale(1)], "s", 1))
        failed = failure_of(self.stub.Append, append_request([sale(2)], "s", 3))
        self.assertEqual(failed.fields["expected"], "2")
        self.assertEqual(self.status().size, self.size + 1)

    def test_a_repeat_gets_the_first_reply_also_after_a_restart(self):
        request = append_request([sale(1), sale(1), sale(2, paid=1), sale(3, qty=-1)],
                                 "s", 1)
        first = self.stub.Append(request)
        self.assertFalse(first.repeated_batch)
        self.assertEqual([result.outcome for result in first.results],
                         [ACCEPTED, DUPLICATE, REFUSED, INVALID])
        for kill in (None, False, True):
            if kill is not None:
                self.daemon.restart(kill=kill)
                self.stub = self.daemon.stub()
            again = self.stub.Append(request)
            self.assertTrue(again.repeated_batch)
            again.repeated_batch = False
            self.assertEqual(again.results, first.results)
            self.assertEqual(again, first)
        self.assertEqual(self.status().size, self.size + 2)

    def test_a_repeat_of_long_ago_is_said_to_be_forgotten(self):
        def requests():
            for seq in range(1, 260):
                yield append_request([sale(seq)], "s", seq)
        self.assertEqual(len(list(self.stub.AppendStream(requests()))), 259)
        failed = failure_of(self.stub.Append, append_request([sale(1)], "s", 1))
        self.assertEqual((failed.code.name, failed.reason),
                         ("OUT_OF_RANGE", "BATCH_FORGOTTEN"))
        self.assertTrue(self.stub.Append(append_request([sale(200)], "s", 200))
                        .repeated_batch)

    def test_a_source_can_ask_where_it_stands(self):
        unknown = self.stub.GetSource(service_pb2.GetSourceRequest(source="s"))
        self.assertFalse(unknown.known)
        self.stub.Append(append_request([sale(1), sale(1), sale(2, paid=1),
                                         sale(3, qty=-1)], "s", 1))
        self.stub.Append(append_request([sale(4)], "s", 2))
        for _ in range(2):
            source = self.stub.GetSource(service_pb2.GetSourceRequest(source="s"))
            self.assertEqual((source.known, source.last_batch_seq, source.batches,
                              source.accepted, source.duplicates, source.refused,
                              source.invalid), (True, 2, 2, 2, 1, 1, 1))
            self.daemon.restart(kill=True)
            self.stub = self.daemon.stub()

    def test_atomic_is_all_or_none(self):
        before = digest_of(self.stub)
        reply = self.stub.Append(append_request([sale(1), sale(2, paid=1)], "s", 1,
                                                atomic=True))
        self.assertTrue(reply.rolled_back)
        self.assertEqual(reply.results[1].outcome, REFUSED)
        self.assertEqual(digest_of(self.stub), before)
        again = self.stub.Append(append_request([sale(1), sale(2, paid=1)], "s", 1,
                                                atomic=True))
        self.assertTrue(again.repeated_batch and again.rolled_back)
        reply = self.stub.Append(append_request([sale(1), sale(1), sale(3)], "s", 2,
                                                atomic=True))
        self.assertFalse(reply.rolled_back)
        self.assertEqual([result.outcome for result in reply.results],
                         [ACCEPTED, DUPLICATE, ACCEPTED])
        self.assertEqual(self.status().size, self.size + 2)

    def test_a_dry_run_decides_and_leaves_no_trace(self):
        before = digest_of(self.stub)
        reply = self.stub.Append(append_request(
            [sale(1), sale(2, paid=1),
             event(T0 + DAY, agent_enrolled=dict(agent="n", sponsor="root")),
             sale(3, seller="n")], "s", 1, dry_run=True))
        self.assertTrue(reply.dry_run)
        self.assertEqual([result.outcome for result in reply.results],
                         [ACCEPTED, REFUSED, ACCEPTED, ACCEPTED])
        self.assertEqual(digest_of(self.stub), before)
        self.assertFalse(self.stub.GetSource(
            service_pb2.GetSourceRequest(source="s")).known)
        real = self.stub.Append(append_request([sale(1)], "s", 1))
        self.assertEqual(real.results[0].outcome, ACCEPTED)
        self.daemon.restart(kill=True)
        self.assertEqual(digest_of(self.daemon.stub())[0], self.size + 1)

    def test_a_batch_of_10000_is_taken_and_one_more_is_not(self):
        events = [sale(number) for number in range(EVENTS_MAX + 1)]
        failed = failure_of(self.stub.Append, append_request(events, "s", 1))
        self.assertEqual((failed.code.name, failed.reason),
                         ("INVALID_ARGUMENT", "BATCH_TOO_LARGE"))
        self.assertEqual(failed.fields["limit"], str(EVENTS_MAX))
        reply = self.stub.Append(append_request(events[:-1], "s", 1))
        self.assertEqual({result.outcome for result in reply.results}, {ACCEPTED})
        again = self.stub.Append(append_request(events[:-1], "s", 1))
        self.assertEqual(again.results, reply.results)

    def test_a_message_above_the_limit_is_turned_down_and_others_are_served(self):
        for size in (MESSAGE_MAX + 1, 3 * MESSAGE_MAX):
            failed = failure_of(self.stub.Append, append_request(b"\0" * size))
            self.assertEqual(failed.code.name, "RESOURCE_EXHAUSTED")
        self.assertEqual(self.stub.Append(append_request([sale(1)])).results[0].outcome,
                         ACCEPTED)

    def test_a_compressed_message_is_turned_down(self):
        for kind in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            failed = failure_of(self.stub.Append, append_request([sale(1)] * 99),
                                compression=kind)
            self.assertEqual(failed.code.name, "UNIMPLEMENTED")
            self.assertIn("compressed", failed.text)

    def test_what_is_no_batch_is_told_so(self):
        for batch in (b"", b"\xff", b"\x0a\xff\xff\xff\xff\x0f", b"\x08\x01",
                      batch_of(sale(1))[:-2]):
            failed = failure_of(self.stub.Append, service_pb2.AppendRequest(
                source="s", batch_seq=1, batch=batch))
            self.assertEqual((failed.code.name, failed.reason),
                             ("INVALID_ARGUMENT", "MALFORMED_BATCH"), batch)
        self.assertEqual(self.status().size, self.size)

    def test_an_unknown_method_is_unimplemented(self):
        channel = self.daemon.channel()
        for path in ("/daybook.v1.Daybook/Nothing", "/other.Service/Append", "/x"):
            call = channel.unary_unary(path)
            self.assertEqual(failure_of(call, b"").code.name, "UNIMPLEMENTED")

    def test_an_unknown_field_of_a_request_to_append_is_refused(self):
        channel = self.daemon.channel()
        call = channel.unary_unary("/daybook.v1.Daybook/Append")
        request = append_request([sale(1)]).SerializeToString() + b"\x50\x01"
        failed = failure_of(call, request)
        self.assertEqual((failed.code.name, failed.reason, failed.fields.get("field")),
                         ("INVALID_ARGUMENT", "UNKNOWN_FIELD", "10"))

    def test_pipelined_batches_are_answered_in_their_order(self):
        def requests():
            for seq in range(1, 201):
                yield append_request([sale(seq * 10 + i) for i in range(5)], "s", seq)
        replies = list(self.stub.AppendStream(requests()))
        self.assertEqual([reply.batch_seq for reply in replies], list(range(1, 201)))
        positions = [result.position for reply in replies for result in reply.results]
        self.assertEqual(positions, list(range(self.size, self.size + 1000)))

    def test_a_bad_batch_ends_its_stream_after_the_replies_before_it(self):
        def requests():
            yield append_request([sale(1)], "s", 1)
            yield append_request([sale(2)], "s", 2)
            yield append_request([sale(4)], "s", 4)
        got = []
        with self.assertRaises(grpc.RpcError) as caught:
            for reply in self.stub.AppendStream(requests()):
                got.append(reply.batch_seq)
        self.assertEqual(got, [1, 2])
        self.assertEqual(caught.exception.code().name, "FAILED_PRECONDITION")


if __name__ == "__main__":
    unittest.main()
