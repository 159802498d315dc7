"""Bytes that no decent client sends: the daemon keeps serving all others."""

import random
import struct
import unittest

import raw_http2 as h2
from daybook_client import (Daemon, append_request, opened, read_log, record_pb2, sale,
                            service_pb2, until)
from raw_http2 import Raw, bearer, frame, literal, message, request_headers

APPEND = "/daybook.v1.Daybook/Append"
STATUS = "/daybook.v1.Daybook/GetStatus"


class Wire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.stub, cls.size = opened(cls.daemon)
        cls.number = 0

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()

    def tearDown(self):
        """Whatever a test did: a good client is still answered, and exactly."""
        self.assertTrue(self.daemon.is_alive(), self.daemon.diag())
        reply = self.stub.Append(append_request([self.sale()]), timeout=10)
        self.assertEqual(reply.results[0].outcome, record_pb2.ACCEPTED)

    def sale(self):
        type(self).number += 1
        return sale(self.number)

    def good(self):
        return append_request([self.sale()]).SerializeToString()

    def log_size(self):
        return self.stub.GetStatus(service_pb2.GetStatusRequest(), timeout=10).size

    def ends(self, raw):
        """The daemon says goodbye or hangs up; a timeout would be an error."""
        raw.wait_for(h2.GOAWAY)

    def test_a_hand_made_call_works_so_the_others_test_what_they_say(self):
        before = self.log_size()
        with Raw(self.daemon) as raw:
            raw.call(APPEND, message(self.good()))
            got = raw.wait_for(h2.DATA, h2.RST_STREAM, h2.GOAWAY)
            self.assertEqual(got[0], h2.DATA)
        self.assertEqual(self.log_size(), before + 1)

    def test_no_http_at_all(self):
        for data in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 5000, b"\x16\x03\x01" * 99,
                     h2.PREFACE[:-1] + b"X", b"\xff" * 100_000):
            with Raw(self.daemon, speak=False) as raw:
                raw.send(data)
                raw.socket.settimeout(3)
                self.assertIsNone(raw.wait_for(h2.DATA))

    def test_a_preface_that_never_ends_holds_nobody_up(self):
        with Raw(self.daemon, speak=False) as raw:
            raw.send(h2.PREFACE[:10])
            self.assertGreater(self.log_size(), 0)

    def test_a_call_cut_short_at_every_byte_appends_nothing(self):
        before = self.log_size()
        whole = (h2.PREFACE + frame(h2.SETTINGS, 0, 0) +
                 frame(h2.HEADERS, h2.END_HEADERS, 1,
                       request_headers(APPEND, bearer(self.daemon))) +
                 frame(h2.DATA, h2.END_STREAM, 1, message(self.good())))
        for cut in range(0, len(whole), 3):
            with Raw(self.daemon, speak=False) as raw:
                raw.send(whole[:cut])
        self.assertEqual(self.log_size(), before)

    def test_flipped_bits_never_hurt_others(self):
        rng = random.Random(7)
        for turn in range(300):
            whole = bytearray(h2.PREFACE + frame(h2.SETTINGS, 0, 0) +
                              frame(h2.HEADERS, h2.END_HEADERS, 1,
                                    request_headers(APPEND)) +
                              frame(h2.DATA, h2.END_STREAM, 1, message(self.good())))
            start = len(h2.PREFACE) if turn % 4 else 0
            for _ in range(rng.randint(1, 4)):
                whole[rng.randrange(start, len(whole))] ^= 1 << rng.randrange(8)
            with Raw(self.daemon, speak=False, unix=True) as raw:
                raw.send(bytes(whole))
        until(lambda: self.log_size() > 0)

    def test_frames_of_absurd_sizes_and_kinds_end_their_connection(self):
        absurd = (
            b"\xff\xff\xff\x00\x00\x00\x00\x00\x01",             # 16 MiB of DATA on idle
            frame(h2.DATA, 0, 1, b"x" * 10),                      # DATA before HEADERS
            frame(h2.HEADERS, h2.END_HEADERS, 2, b""),            # even stream
            frame(h2.HEADERS, h2.END_HEADERS, 0, b"\x82"),        # stream 0
            frame(h2.SETTINGS, 0, 0, b"12345"),                   # not a multiple of 6
            frame(h2.WINDOW_UPDATE, 0, 0, b"\0\0\0\0"),           # by nothing
            frame(h2.WINDOW_UPDATE, 0, 0, b"\x7f\xff\xff\xff") * 2,
            frame(h2.PING, 0, 0, b"short"),
            frame(h2.CONTINUATION, 0, 1, b"x"),
            frame(h2.HEADERS, h2.END_HEADERS, 1, b"\xff" * 40),   # no HPACK
            frame(h2.RST_STREAM, 0, 77, b"\0\0\0\0"))
        for data in absurd:
            with Raw(self.daemon) as raw:
                raw.send(data)
                self.assertIsNotNone(raw.wait_for(h2.GOAWAY), data[:12])

    def test_unknown_frames_are_passed_over(self):
        with Raw(self.daemon) as raw:
            raw.send(frame(0x55, 0xff, 0, b"what") + frame(0xfe, 0, 3, b""))
            raw.call(STATUS, message(b""))
            self.assertEqual(raw.wait_for(h2.DATA, h2.GOAWAY)[0], h2.DATA)

    def test_headers_without_end_or_bound_are_cut_off(self):
        with Raw(self.daemon) as raw:
            raw.send(frame(h2.HEADERS, 0, 1, request_headers(APPEND, bearer(self.daemon))))
            block = literal("x-large", "y" * 10_000)
            alive = True
            for _ in range(400):
                alive = alive and raw.send(frame(h2.CONTINUATION, 0, 1, block))
            self.ends(raw)
        with Raw(self.daemon) as raw:
            raw.call(STATUS, message(b""), 1, ("x-large", "y" * 15_000),
                     ("x-more", "z" * 15_000))
            got = raw.wait_for(h2.DATA, h2.RST_STREAM, h2.GOAWAY, h2.HEADERS)
            self.assertNotEqual(got[0], h2.DATA)

    def test_a_flood_of_empty_frames_ends_its_connection(self):
        floods = (frame(h2.PING, 0, 0, b"12345678"), frame(h2.SETTINGS, 0, 0),
                  frame(h2.HEADERS, h2.END_HEADERS, 1,
                        request_headers(APPEND, bearer(self.daemon))))
        for flood in floods[:2]:
            with Raw(self.daemon) as raw:
                for _ in range(200):
                    if not raw.send(flood * 50):
                        break
                self.ends(raw)
        with Raw(self.daemon) as raw:
            raw.send(floods[2])
            for _ in range(200):
                if not raw.send(frame(h2.DATA, 0, 1) * 50):
                    break
            self.ends(raw)

    def test_calls_begun_and_reset_for_ever_end_their_connection(self):
        with Raw(self.daemon) as raw:
            for stream in range(1, 8001, 2):
                if not raw.send(frame(h2.HEADERS, h2.END_HEADERS, stream,
                                      request_headers(APPEND, bearer(self.daemon))) +
                                frame(h2.RST_STREAM, 0, stream, b"\0\0\0\x08")):
                    break
            self.ends(raw)

    def test_a_message_that_claims_gigabytes_is_not_waited_for(self):
        for size in (0xffffffff, 0x7fffffff, 5 << 20):
            with Raw(self.daemon) as raw:
                raw.call(APPEND, message(b"x" * 100, size=size), end=False)
                got = raw.wait_for(h2.HEADERS, h2.RST_STREAM, h2.GOAWAY)
                self.assertTrue(got[0] != h2.HEADERS or got[1] & h2.END_STREAM, got)

    def test_half_a_message_and_garbage_behind_a_message_are_refused(self):
        before = self.log_size()
        with Raw(self.daemon) as raw:
            raw.call(APPEND, message(self.good())[:-4])
            self.assertIsNotNone(raw.wait_for(h2.HEADERS, h2.RST_STREAM))
            raw.call(APPEND, message(self.good(), flag=7), 3)
            self.assertIsNotNone(raw.wait_for(h2.HEADERS, h2.RST_STREAM))
            raw.call(APPEND, b"", 5)
            self.assertIsNotNone(raw.wait_for(h2.HEADERS, h2.RST_STREAM))
            raw.call(APPEND, b"\0\0", 7)
            self.assertIsNotNone(raw.wait_for(h2.HEADERS, h2.RST_STREAM))
        self.assertEqual(self.log_size(), before)

    def test_requests_that_are_not_grpc_are_told_so(self):
        for method, content in (("GET", "application/grpc"), ("POST", "text/html"),
                                ("POST", "application/json")):
            with Raw(self.daemon) as raw:
                raw.send(frame(h2.HEADERS, h2.END_HEADERS | h2.END_STREAM, 1,
                               request_headers(STATUS, bearer(self.daemon), method=method,
                                               content=content)))
                got = raw.wait_for(h2.HEADERS, h2.RST_STREAM, h2.GOAWAY, h2.DATA)
                self.assertNotEqual(got[0], h2.DATA)

    def test_absurd_protobuf_in_every_method_is_an_answer(self):
        rng = random.Random(3)
        channel = self.daemon.channel()
        absurd = [b"\xff" * 20, b"\x0a\xff\xff\xff\xff\x7f", b"\x0a" * 1000, b"\x0b" * 500,
                  b"\x7a\x05abcde", b"\x08" + b"\xff" * 12, b"\x0a\x80\x80\x80\x80\x10"]
        absurd += [bytes(rng.randrange(256) for _ in range(rng.randint(1, 60)))
                   for _ in range(40)]
        seen = 0
        for method in service_pb2.DESCRIPTOR.services_by_name["Daybook"].methods:
            if method.name in ("Subscribe", "WatchFindings", "RebuildView",
                               "AppendStream"):
                continue
            call = channel.unary_unary(f"/daybook.v1.Daybook/{method.name}")
            for payload in absurd:
                try:
                    call(payload, timeout=10)
                except Exception as error:                       # grpc.RpcError
                    self.assertNotIn(error.code().name,
                                     ("DEADLINE_EXCEEDED", "UNAVAILABLE", "UNKNOWN",
                                      "INTERNAL"), (method.name, payload, error))
                    seen += 1
        self.assertGreater(seen, 100)

    def test_a_timeout_that_is_no_timeout_is_refused_or_ignored(self):
        for text in ("", "-1S", "99999999999S", "1X", "S"):
            with Raw(self.daemon) as raw:
                raw.call(STATUS, message(b""), 1, ("grpc-timeout", text))
                self.assertIsNotNone(raw.wait_for(h2.HEADERS, h2.RST_STREAM, h2.DATA))

    def test_a_window_of_nothing_gets_no_bytes_and_hurts_nobody(self):
        with Raw(self.daemon, window=0) as raw:
            raw.call(STATUS, message(b""))
            self.assertEqual(raw.wait_for(h2.HEADERS, h2.GOAWAY)[0], h2.HEADERS)
            raw.socket.settimeout(0.2)
            with self.assertRaises(TimeoutError):
                raw.wait_for(h2.DATA)
            raw.socket.settimeout(10)
            raw.send(frame(h2.WINDOW_UPDATE, 0, 1, struct.pack(">I", 100_000)))
            self.assertEqual(raw.wait_for(h2.DATA)[0], h2.DATA)

    def test_the_log_is_as_the_good_clients_wrote_it(self):
        for logged in read_log(self.stub, include_refused=True):
            self.assertTrue(logged.event.WhichOneof("body"))


if __name__ == "__main__":
    unittest.main()
