"""Signed batches, with signatures made and verified in Python from TRUST.md alone."""

import base64
import hashlib
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (Ed25519PrivateKey,
                                                               Ed25519PublicKey)
from google.protobuf import json_format

from daybook_client import (COMMAND, DAY, T0, Daemon, Event, digest_of, event, failure_of,
                            opened, opening, record_pb2, sale, service_pb2, until)

ACCEPTED, DUPLICATE = record_pb2.ACCEPTED, record_pb2.DUPLICATE
INVALID = record_pb2.INVALID
BOOK = "shop"
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def sha256(data):
    return hashlib.sha256(data).digest()


def key_of(number):
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def public(key):
    return key.public_key().public_bytes(*RAW)


def text_of(hashes, source, seq, atomic=False, book=BOOK, count=None):
    digest = base64.b64encode(sha256(b"".join(hashes))).decode()
    return (f"daybook batch v1\n{book}\n{source}\n{seq}\n{int(atomic)}\n"
            f"{len(hashes) if count is None else count}\n{digest}\n").encode()


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7f | 0x80])
        value >>= 7
    return out + bytes([value])


def batch_of(events):
    """An EventBatch of EVENTS, which are bytes."""
    return b"".join(b"\x0a" + varint(len(one)) + one for one in events)


def signed(key, events, source, seq, atomic=False, book=BOOK, signature=None):
    """The request of EVENTS with KEY's signature."""
    events = [one if isinstance(one, bytes) else one.SerializeToString() for one in events]
    if signature is None:
        signature = key.sign(text_of([sha256(one) for one in events], source, seq, atomic,
                                     book))
    return service_pb2.AppendRequest(source=source, batch_seq=seq, atomic=atomic,
                                     batch=batch_of(events), signature=signature)


def registered(source, revision, key, *may_send):
    return event(T0 + DAY, source_registered=dict(
        source=source, revision=revision, ed25519_public_key=public(key),
        may_send=may_send))


def revoked(source, revision):
    return event(T0 + DAY, source_key_revoked=dict(source=source, revision=revision,
                                                   reason="laptop lost"))


# ----------------------------------------------------------------- an export, verified

class Export:
    """The records and gaps of a folder that `daybook export` wrote."""

    def __init__(self, folder):
        with open(os.path.join(folder, "checkpoint"), encoding="utf-8") as file:
            self.size = int(file.read().split("\n")[1])
        self.leaves = []
        for index in range((self.size + 255) // 256):
            self._read(folder, index, min(256, self.size - 256 * index))
        self.records = [record_pb2.Record.FromString(leaf) for leaf in self.leaves]
        self.gaps = {}
        with open(os.path.join(folder, "daybook", "gaps"), "rb") as file:
            data = file.read()
        while data:
            position, count = int.from_bytes(data[:8], "big"), int.from_bytes(data[8:12], "big")
            assert position not in self.gaps and count > 0
            entries = [data[12 + 36 * i:48 + 36 * i] for i in range(count)]
            self.gaps[position] = {int.from_bytes(e[:4], "big"): e[4:] for e in entries}
            data = data[12 + 36 * count:]

    def _read(self, folder, index, width):
        assert index < 1000
        name = os.path.join(folder, "tile", "entries", f"{index:03}")
        with open(name if width == 256 else f"{name}.p/{width}", "rb") as file:
            data = file.read()
        for _ in range(width):
            size = int.from_bytes(data[:2], "big")
            self.leaves.append(data[2:2 + size])
            data = data[2 + size:]
        assert not data

    def verify_seals(self):
        """Every batch of a source with a key, by the key in force there; their number."""
        keys, seals, at, used = {}, 0, 0, set()
        while at < self.size:
            record = self.records[at]
            key = keys.get(record.source)
            assert record.HasField("seal") == (key is not None), at
            end = at + 1
            if key is not None:
                while (end < self.size and not self.records[end].HasField("seal") and
                       (self.records[end].source, self.records[end].batch_seq) ==
                       (record.source, record.batch_seq)):
                    end += 1
                self._verify_batch(key, at, end)
                used.add(at)
                seals += 1
            for one in self.records[at:end]:
                self._learn(keys, one)
            at = end
        assert set(self.gaps) <= used
        return seals

    def _verify_batch(self, key, first, end):
        record, seal = self.records[first], self.records[first].seal
        hashes = dict(self.gaps.get(first, {}))
        for one in self.records[first:end]:
            assert one.index not in hashes
            hashes[one.index] = sha256(one.event)
        assert sorted(hashes) == list(range(seal.events)), first
        hashes = [hashes[index] for index in range(seal.events)]
        assert sha256(b"".join(hashes)) == seal.events_digest
        assert key[0] == seal.revision
        key[1].verify(seal.signature, text_of(hashes, record.source, record.batch_seq,
                                              seal.atomic))

    @staticmethod
    def _learn(keys, record):
        if record.outcome != ACCEPTED:
            return
        body = Event.FromString(record.event)
        if body.HasField("source_registered"):
            new = body.source_registered
            keys[new.source] = (new.revision,
                                Ed25519PublicKey.from_public_bytes(new.ed25519_public_key))


class Base(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.stub, self.size = opened(self.daemon)
        self.key = key_of(1)

    def office(self, *events, stub=None):
        """EVENTS unsigned and unnumbered; their results."""
        request = service_pb2.AppendRequest(
            source="office", batch=batch_of([one.SerializeToString() for one in events]))
        return list((stub or self.stub).Append(request).results)

    def register(self, source="s", revision=1, key=None, may_send=()):
        result = self.office(registered(source, revision, key or self.key, *may_send))[0]
        self.assertEqual(result.outcome, ACCEPTED, result)

    def revoke(self, source="s", revision=1):
        self.assertEqual(self.office(revoked(source, revision))[0].outcome, ACCEPTED)

    def outcomes(self, request):
        return [result.outcome for result in self.stub.Append(request).results]

    def assert_fails(self, request, code, reason, **fields):
        before = digest_of(self.stub)
        failed = failure_of(self.stub.Append, request)
        self.assertEqual((failed.code.name, failed.reason), (code, reason), failed)
        self.assertEqual(failed.fields, {"source": request.source,
                                         "batch_seq": str(request.batch_seq), **fields})
        self.assertEqual(digest_of(self.stub), before)

    def assert_bad(self, request):
        self.assert_fails(request, "UNAUTHENTICATED", "SIGNATURE_BAD")

    def export(self):
        folder = tempfile.mkdtemp(prefix="daybook-e2e-export-")
        self.addCleanup(shutil.rmtree, folder, True)
        subprocess.run([COMMAND, "--server", self.daemon.address, "export", folder],
                       check=True, capture_output=True, env=self.daemon.environment())
        return Export(folder)


class Admission(Base):
    def test_a_signed_batch_is_taken(self):
        self.register()
        self.assertEqual(self.outcomes(signed(self.key, [sale(1), sale(2)], "s", 1)),
                         [ACCEPTED, ACCEPTED])
        self.assertEqual(self.outcomes(signed(self.key, [sale(3)], "s", 2, atomic=True)),
                         [ACCEPTED])

    def test_an_unsigned_batch_of_a_source_with_a_key_is_not(self):
        self.register()
        for seq in (0, 1, 9):
            self.assert_fails(signed(None, [sale(1)], "s", seq, signature=b""),
                              "UNAUTHENTICATED", "SIGNATURE_MISSING")
        self.assert_fails(signed(self.key, [sale(1)], "s", 0), "INVALID_ARGUMENT",
                          "SIGNED_UNNUMBERED")

    def test_a_signature_without_a_key_is_not(self):
        self.assert_fails(signed(self.key, [sale(1)], "s", 1), "FAILED_PRECONDITION",
                          "SOURCE_UNREGISTERED")
        self.register("other")
        self.assert_fails(signed(self.key, [sale(1)], "s", 1), "FAILED_PRECONDITION",
                          "SOURCE_UNREGISTERED")

    def test_a_signature_is_for_one_batch(self):
        self.register()
        self.register("other")
        sales = [sale(1), sale(2), sale(3)]
        request = signed(self.key, sales, "s", 1)
        self.assert_bad(signed(key_of(2), sales, "s", 1))
        # Of another book, of another source, under another number.
        self.assert_bad(signed(self.key, sales, "s", 1, book="shop2"))
        self.assert_bad(signed(self.key, sales, "s", 2, signature=request.signature))
        self.assert_bad(signed(self.key, sales, "other", 1, signature=request.signature))
        # All or none where each was meant, and the other way round.
        self.assert_bad(signed(self.key, sales, "s", 1, True, signature=request.signature))
        whole = signed(self.key, sales, "s", 1, True)
        self.assert_bad(signed(self.key, sales, "s", 1, signature=whole.signature))
        # Other events: changed, in another order, fewer, more.
        for events in ([sale(1), sale(2), sale(3, qty=2)], sales[::-1], sales[:2], sales[1:],
                       sales + [sale(4)], [sale(1), sale(2), sale(2)],
                       [sales[0].SerializeToString() + b"\x12\x01x", *sales[1:]]):
            self.assert_bad(signed(self.key, events, "s", 1, signature=request.signature))
        self.assertEqual(self.outcomes(request), [ACCEPTED] * 3)

    def test_signatures_of_other_forms(self):
        self.register()
        good = signed(self.key, [sale(1)], "s", 1).signature
        order = 2**252 + 27742317777372353535851937790883648493
        s = int.from_bytes(good[32:], "little")
        chance = random.Random(4)
        forms = [good[:63], good + b"\0", b"x", b"\0" * 64,
                 # The same point with S above the order (RFC 8032 section 8.4).
                 good[:32] + (s + order).to_bytes(32, "little"),
                 b"\1" + b"\0" * 63, good[32:] + good[:32]]
        for _ in range(64):
            bit = chance.randrange(512)
            forms.append(bytes(byte ^ (1 << bit % 8 if i == bit // 8 else 0)
                               for i, byte in enumerate(good)))
        for form in forms:
            self.assert_bad(signed(None, [sale(1)], "s", 1, signature=form))
        self.assertEqual(self.outcomes(signed(None, [sale(1)], "s", 1, signature=good)),
                         [ACCEPTED])

    def test_replays(self):
        self.register()
        requests = [signed(self.key, [sale(seq)], "s", seq) for seq in range(1, 6)]
        # Out of order they leave gaps, twice they get their first reply.
        failed = failure_of(self.stub.Append, requests[1])
        self.assertEqual((failed.reason, failed.fields["expected"]), ("BATCH_GAP", "1"))
        first = [self.stub.Append(request) for request in requests]
        for kill in (None, False, True):
            if kill is not None:
                self.daemon.restart(kill=kill)
                self.stub = self.daemon.stub()
            for request, reply in zip(requests, first):
                again = self.stub.Append(request)
                self.assertTrue(again.repeated_batch)
                again.repeated_batch = False
                self.assertEqual(again, reply)
            # A repeat is signed like every batch.
            self.assert_bad(signed(key_of(2), [sale(1)], "s", 1))
            self.assert_fails(signed(None, [sale(1)], "s", 1, signature=b""),
                              "UNAUTHENTICATED", "SIGNATURE_MISSING")
        failed = failure_of(self.stub.Append, signed(self.key, [sale(9)], "s", 1))
        self.assertEqual(failed.reason, "BATCH_CONFLICT")
        self.assertEqual(digest_of(self.stub)[0], self.size + 6)

    def test_a_batch_of_another_book(self):
        """What one daemon took the other does not, though key, source and number agree."""
        with Daemon() as other:
            stub = other.stub()
            stub.Append(service_pb2.AppendRequest(
                source="office", batch=batch_of([one.SerializeToString()
                                                 for one in opening("shop-2")])))
            stub.Append(service_pb2.AppendRequest(
                source="office",
                batch=batch_of([registered("s", 1, self.key).SerializeToString()])))
            request = signed(self.key, [sale(1)], "s", 1, book="shop-2")
            self.assertEqual(stub.Append(request).results[0].outcome, ACCEPTED)
            self.register()
            self.assert_bad(request)

    def test_the_key_before_is_of_no_use(self):
        self.register()
        old, new = self.key, key_of(2)
        self.stub.Append(signed(old, [sale(1)], "s", 1))
        # By the source itself: the batch that brings a key is signed by the one before.
        rotation = [sale(2), registered("s", 2, new), sale(3)]
        self.assert_bad(signed(new, rotation, "s", 2))
        self.assertEqual(self.outcomes(signed(old, rotation, "s", 2)), [ACCEPTED] * 3)
        self.assert_bad(signed(old, [sale(4)], "s", 3))
        self.assertEqual(self.outcomes(signed(new, [sale(4)], "s", 3)), [ACCEPTED])
        # A repeat of before, too.
        self.assert_bad(signed(old, [sale(1)], "s", 1))
        self.assertTrue(self.stub.Append(signed(new, [sale(1)], "s", 1)).repeated_batch)

    def test_a_revoked_source(self):
        self.register()
        self.stub.Append(signed(self.key, [sale(1)], "s", 1))
        self.revoke()
        for kill in (None, True):
            if kill is not None:
                self.daemon.restart(kill=kill)
                self.stub = self.daemon.stub()
            for request in (signed(self.key, [sale(2)], "s", 2),
                            signed(self.key, [sale(1)], "s", 1),
                            signed(None, [sale(2)], "s", 0, signature=b"")):
                self.assert_fails(request, "PERMISSION_DENIED", "SOURCE_REVOKED")
        self.register(revision=2, key=key_of(2))
        self.assert_bad(signed(self.key, [sale(2)], "s", 2))
        self.assertEqual(self.outcomes(signed(key_of(2), [sale(2)], "s", 2)), [ACCEPTED])

    def test_a_dry_run_asks_for_nothing(self):
        self.register()
        for signature in (b"", b"x", b"\0" * 64):
            request = signed(None, [sale(1)], "s", 0, signature=signature)
            request.dry_run = True
            self.assertEqual(self.outcomes(request), [ACCEPTED])

    def test_in_a_stream(self):
        """A bad signature ends the stream behind the replies to what came before."""
        self.register()
        requests = [signed(self.key, [sale(seq)], "s", seq) for seq in range(1, 20)]
        requests[12].signature = requests[11].signature
        replies = []

        def read():
            for reply in self.stub.AppendStream(iter(requests)):
                replies.append(reply)
        failed = failure_of(read)
        self.assertEqual(failed.reason, "SIGNATURE_BAD")
        self.assertEqual(failed.fields["batch_seq"], "13")
        source = self.stub.GetSource(service_pb2.GetSourceRequest(source="s"))
        self.assertEqual(source.last_batch_seq, 12)


class Rights(Base):
    def test_only_what_the_rights_name(self):
        for revision, (may_send, good) in enumerate(
                (((301,), True), ((300,), True), ((302, 600, 700), False), ((), True),
                 ((401, 301), True), ((3 * 100 + 2,), False)), 1):
            self.register(revision=revision, may_send=may_send)
            result = self.stub.Append(signed(self.key, [sale(revision)], "s",
                                             revision)).results[0]
            if good:
                self.assertEqual(result.outcome, ACCEPTED, may_send)
                continue
            self.assertEqual(result.outcome, INVALID)
            self.assertEqual((result.fault.fault, result.fault.field, result.fault.value),
                             (record_pb2.NOT_PERMITTED, "body", "301"))
        self.assertEqual(self.export().verify_seals(), 4)

    def test_only_an_admin_governs(self):
        ingest = self.daemon.stub(token=self.daemon.new_token("till", "ROLE_INGEST"))
        events = [registered("s", 1, self.key), revoked("s", 1), sale(1),
                  event(T0 + DAY, subject_erased=dict(subject="p", reason="asked")),
                  event(T0 + DAY, digest_recorded=dict(size=1, digest=b"\0" * 32))]
        results = self.office(*events, stub=ingest)
        self.assertEqual(results[2].outcome, ACCEPTED)
        for index, number in ((0, "707"), (1, "708"), (3, "709"), (4, "713")):
            self.assertEqual(results[index].outcome, INVALID)
            self.assertEqual((results[index].fault.fault, results[index].fault.value),
                             (record_pb2.NOT_PERMITTED, number))
        # A key with every right does not help; its caller is who he is.
        self.register()
        request = signed(self.key, [registered("s", 2, key_of(2))], "s", 1)
        self.assertEqual(ingest.Append(request).results[0].outcome, INVALID)

    def test_a_token_for_other_sources(self):
        token = self.daemon.new_token("till", "ROLE_INGEST", sources=["s", "t"])
        stub = self.daemon.stub(token=token)
        self.register()
        failed = failure_of(stub.Append, signed(self.key, [sale(1)], "u", 1))
        self.assertEqual((failed.code.name, failed.reason, failed.fields["source"]),
                         ("PERMISSION_DENIED", "SOURCE_NOT_YOURS", "u"))
        self.assertEqual(stub.Append(signed(self.key, [sale(1)], "s", 1)).results[0].outcome,
                         ACCEPTED)

    def test_keys_are_listed(self):
        for source, revision, key, may in (("s", 1, 1, (301,)), ("s", 2, 2, ()),
                                           ("t", 1, 3, (300, 601))):
            self.register(source, revision, key_of(key), may)
        self.revoke("s", 2)
        for _ in range(2):
            reply = self.stub.ListSourceKeys(service_pb2.ListSourceKeysRequest())
            self.assertEqual(reply.size, self.size + 4)
            self.assertEqual(
                [(key.source, key.revision, key.ed25519_public_key, list(key.may_send),
                  key.position, key.ended_position_plus_one, key.revoked)
                 for key in reply.keys],
                [("s", 1, public(key_of(1)), [301], self.size, self.size + 2, False),
                 ("s", 2, public(key_of(2)), [], self.size + 1, self.size + 4, True),
                 ("t", 1, public(key_of(3)), [300, 601], self.size + 2, 0, False)])
            one = self.stub.ListSourceKeys(service_pb2.ListSourceKeysRequest(source="s"))
            self.assertEqual(list(one.keys), list(reply.keys[:2]))
            failed = failure_of(self.stub.ListSourceKeys,
                                service_pb2.ListSourceKeysRequest(source="u"))
            self.assertEqual((failed.code.name, failed.reason),
                             ("NOT_FOUND", "SOURCE_UNKNOWN"))
            self.daemon.restart(kill=True)
            self.stub = self.daemon.stub()


class Seals(Base):
    """Whoever has the export can verify every signed batch."""

    def mixed(self, number):
        """Invalid events and duplicates around what is logged."""
        return [b"?", sale(1).SerializeToString(), sale(number).SerializeToString(), b"",
                sale(number, paid=1).SerializeToString(),
                sale(number + 1, paid=1).SerializeToString(),
                sale(number + 2).SerializeToString(), sale(number).SerializeToString(),
                sale(number, qty=-1).SerializeToString()]

    def test_seals_over_restarts(self):
        self.register()
        self.register("t", 1, key_of(7), (301,))
        self.stub.Append(signed(self.key, [sale(1), sale(2)], "s", 1))
        self.stub.Append(signed(self.key, self.mixed(10), "s", 2))
        # Duplicates alone leave nothing, what is rolled back neither.
        self.stub.Append(signed(self.key, [sale(1), sale(2)], "s", 3))
        self.assertTrue(self.stub.Append(signed(self.key, self.mixed(20), "s", 4, True))
                        .rolled_back)
        self.stub.Append(signed(self.key, [sale(30), sale(1)], "s", 5, True))
        self.stub.Append(signed(key_of(7), [revoked("s", 1), sale(40)], "t", 1))
        self.office(sale(41))
        self.stub.Append(signed(self.key, [registered("s", 2, key_of(2)), sale(42)], "s", 6))
        self.stub.Append(signed(key_of(2), [sale(43), registered("s", 3, key_of(3)),
                                            sale(44)], "s", 7))
        self.stub.Append(signed(key_of(3), [sale(45)], "s", 8))
        leaves = None
        for kill in (None, False, True):
            if kill is not None:
                self.daemon.restart(kill=kill)
                self.stub = self.daemon.stub()
            export = self.export()
            self.assertEqual(export.verify_seals(), 7)
            self.assertTrue(leaves is None or leaves == export.leaves)
            leaves = export.leaves
            seals = [record.seal for record in export.records if record.HasField("seal")]
            self.assertEqual([(seal.events, seal.revision, seal.atomic) for seal in seals],
                             [(2, 1, False), (9, 1, False), (2, 1, True), (2, 1, False),
                              (2, 1, False), (3, 2, False), (1, 3, False)])

    def test_a_forged_export_is_seen(self):
        """The verifier above does see what was changed."""
        def sealed(export):
            return next(one for one in export.records if one.HasField("seal"))

        self.register()
        self.stub.Append(signed(self.key, self.mixed(10), "s", 1))
        for change in (lambda e: e.gaps.clear(),
                       lambda e: setattr(e.records[-1], "event", e.records[-2].event),
                       lambda e: setattr(e.records[-1], "source", "t"),
                       lambda e: sealed(e).ClearField("seal"),
                       lambda e: setattr(sealed(e).seal, "atomic", True)):
            export = self.export()
            self.assertEqual(export.verify_seals(), 1)
            change(export)
            with self.assertRaises((AssertionError, InvalidSignature)):
                export.verify_seals()

    def test_the_largest_batch(self):
        """All events but one are duplicates; the answer and the hashes of all are kept."""
        sales = [sale(number) for number in range(10_000)]
        self.office(*sales[:-1])
        self.register()
        request = signed(self.key, sales, "s", 1)
        reply = self.stub.Append(request)
        self.assertEqual([result.outcome for result in reply.results],
                         [DUPLICATE] * 9999 + [ACCEPTED])
        self.daemon.restart(kill=True)
        self.stub = self.daemon.stub()
        self.assertTrue(self.stub.Append(request).repeated_batch)
        export = self.export()
        self.assertEqual(export.verify_seals(), 1)
        self.assertEqual(len(export.gaps[self.size + 10_000]), 9999)

    def test_killed_while_signed_batches_come(self):
        """What was acknowledged is there with its seal, whatever moment it was."""
        self.register()
        chance = random.Random(9)
        seq = acknowledged = 0
        for _ in range(4):
            requests = [signed(self.key, self.mixed(100 * n), "s", n)
                        for n in range(seq + 1, seq + 400)]
            killer = threading.Timer(chance.uniform(0.02, 0.3), self.daemon.kill)
            killer.start()
            try:
                for reply in self.stub.AppendStream(iter(requests)):
                    acknowledged = reply.batch_seq
            except Exception:               # pylint: disable=broad-except
                pass
            killer.join()
            self.daemon.restart()
            self.stub = self.daemon.stub()
            seq = self.stub.GetSource(
                service_pb2.GetSourceRequest(source="s")).last_batch_seq
            self.assertGreaterEqual(seq, acknowledged)
            self.assertEqual(self.export().verify_seals(), seq)
        self.assertGreater(seq, 0)


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class Verbs(Base):
    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp(prefix="daybook-e2e-keys-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_it(self, *arguments, status=0, text=None):
        done = subprocess.run([COMMAND, "--server", self.daemon.address, *arguments],
                              input=text, capture_output=True, text=True, timeout=60,
                              check=False, env=self.daemon.environment())
        self.assertEqual(done.returncode, status, (arguments, done.stdout, done.stderr))
        return done.stdout if status == 0 else done.stderr

    def lines(self, events):
        return "".join(json_format.MessageToJson(one, indent=None) + "\n" for one in events)

    def new_key(self, name="s.key"):
        return self.run_it("source", "new-key", self.path(name)).strip()

    def test_from_a_new_key_to_its_end(self):
        digits = self.new_key()
        with open(self.path("s.key"), encoding="ascii") as file:
            seed = bytes.fromhex(file.read())
        self.assertEqual(public(Ed25519PrivateKey.from_private_bytes(seed)).hex(), digits)
        self.assertEqual(os.stat(self.path("s.key")).st_mode & 0o777, 0o600)
        self.run_it("source", "register", "s", "--key", self.path("s.key"), "--may",
                    "SaleRecorded,600")
        sales = [sale(number) for number in range(2500)]
        self.run_it("append", "-", "--source", "s", "--sign", self.path("s.key"), "--batch",
                    "300", text=self.lines(sales))
        self.run_it("append", "-", "--source", "s", "--sign", self.path("s.key"), "--atomic",
                    text=self.lines([sale(1), sale(9000)]))
        self.assertEqual(self.export().verify_seals(), 10)
        # Unsigned, and by another key.
        self.assertIn("SIGNATURE_MISSING",
                      self.run_it("append", "-", "--source", "s", status=1,
                                  text=self.lines([sale(9001)])))
        other = self.new_key("other.key")
        self.assertIn("SIGNATURE_BAD",
                      self.run_it("append", "-", "--source", "s", "--sign",
                                  self.path("other.key"), status=1,
                                  text=self.lines([sale(9001)])))
        # The next key, by its digits, takes its place.
        self.run_it("source", "register", "s", "--key", other)
        self.run_it("append", "-", "--source", "s", "--sign", self.path("other.key"),
                    text=self.lines([sale(9001)]))
        self.run_it("source", "revoke", "s", "--revision", "1", "--reason", "x", status=3)
        self.run_it("source", "revoke", "s", "--revision", "2", "--reason", "laptop lost")
        self.assertIn("SOURCE_REVOKED",
                      self.run_it("append", "-", "--source", "s", "--sign",
                                  self.path("other.key"), status=1,
                                  text=self.lines([sale(9002)])))
        self.assertEqual(self.export().verify_seals(), 11)
        keys = json.loads(self.run_it("source", "keys", "--format", "json"))["keys"]
        self.assertEqual([(key["revision"], key["revoked"], key["maySend"]) for key in keys],
                         [(1, False, [301, 600]), (2, True, [])])
        table = self.run_it("source", "keys", "s")
        for word in ("followed", "revoked", "SaleRecorded 600", "all", digits, other):
            self.assertIn(word, table)
        self.assertEqual(len(self.run_it("source", "keys", "--format", "csv")
                             .splitlines()), 3)
        self.run_it("source", "keys", "nobody", status=5)

    def test_rights_are_told(self):
        self.new_key()
        self.run_it("source", "register", "s", "--key", self.path("s.key"), "--may",
                    "order_placed", "--may", "302")
        errors = self.path("errors")
        self.run_it("append", "-", "--source", "s", "--sign", self.path("s.key"),
                    "--errors", errors, status=4, text=self.lines([sale(1)]))
        with open(errors, encoding="utf-8") as file:
            self.assertIn("NOT_PERMITTED", file.read())
        self.assertIn("did you mean SaleRecorded",
                      self.run_it("source", "register", "s", "--key",
                                  self.path("s.key"), "--may", "SaleRecordet", status=2))

    def test_keys_that_are_none(self):
        self.new_key()
        self.run_it("source", "new-key", self.path("s.key"), status=1)
        arguments = ("append", "-", "--source", "s", "--sign")
        self.run_it(*arguments, self.path("s.key"), "--unnumbered", status=2)
        for content, mode in (("", 0o600), ("00" * 31, 0o600), ("0" * 63 + "g", 0o600),
                              ("00" * 32 + "\n\n", 0o600), ("00" * 33, 0o600),
                              ("00" * 32, 0o644), ("00" * 32, 0o640)):
            with open(self.path("bad"), "w", encoding="ascii") as file:
                file.write(content)
            os.chmod(self.path("bad"), mode)
            self.run_it(*arguments, self.path("bad"), status=1, text="")
            self.run_it("source", "register", "s", "--key", self.path("bad"), status=1)
        self.run_it(*arguments, self.path("nowhere"), status=1, text="")
        self.run_it("source", "register", "s", status=2)
        self.run_it("source", "revoke", "s", "--revision", "1", status=2)
        # Small order, and no point at all.
        for digits in ("01" + "00" * 31, "02" + "00" * 31):
            self.assertIn("KEY_UNUSABLE", self.run_it("source", "register", "s", "--key",
                                                      digits, status=4))

    def test_the_daemon_dies_and_comes_back(self):
        """A command that signs goes on where it was, and every batch is sealed."""
        self.new_key()
        self.run_it("source", "register", "s", "--key", self.path("s.key"))
        with open(self.path("sales"), "w", encoding="utf-8") as file:
            file.write(self.lines(sale(number) for number in range(20_000)))
        command = subprocess.Popen([COMMAND, "--server", self.daemon.address, "append",
                                    self.path("sales"), "--source", "s", "--sign",
                                    self.path("s.key"), "--batch", "50", "--quiet"],
                                   env=self.daemon.environment())
        stub = self.daemon.stub()
        for _ in range(2):
            seq = stub.GetSource(service_pb2.GetSourceRequest(source="s")).last_batch_seq
            until(lambda: stub.GetSource(service_pb2.GetSourceRequest(  # noqa: B023
                source="s")).last_batch_seq > seq + 20 or command.poll() is not None)
            self.daemon.restart(kill=True)
            stub = self.daemon.stub()
            time.sleep(0.1)
        self.assertEqual(command.wait(60), 0)
        self.assertEqual(digest_of(stub)[0], self.size + 1 + 20_000)
        self.assertEqual(self.export().verify_seals(), 400)


if __name__ == "__main__":
    unittest.main()
