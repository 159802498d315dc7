"""Checkpoints, proofs and receipts, checked by another program's hands."""

import os
import random
import subprocess
import time
import unittest

from daybook_client import (COMMAND, SLOW, Daemon, Event, append_request, failure_of, opened,
                            read_log, record_pb2, sale, service_pb2, until)
from money_client import DAY, T0, MoneyTest, request, sold, step
from transparency import (Checkpoint, Forged, Key, Receipt, Tree, check_consistency,
                          check_inclusion, leaf_hash, receipts_in)

MANY = 4_000 if SLOW else 20_000
TURNS = 100 if SLOW else 500


class Proofs(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.stub, self.size = opened(self.daemon)
        self.key = Key(self.checkpoint().verifier_key)

    def checkpoint(self, at_least=0, **named):
        return self.stub.GetCheckpoint(
            service_pb2.GetCheckpointRequest(at_least_size=at_least), **named)

    def inclusion(self, position, size=0):
        return self.stub.GetInclusionProof(service_pb2.GetInclusionProofRequest(
            position=position, size=size))

    def consistency(self, old, size=0):
        return self.stub.GetConsistencyProof(service_pb2.GetConsistencyProofRequest(
            from_size=old, to_size=size))

    def receipts(self, **of):
        return self.stub.GetReceipts(service_pb2.GetReceiptsRequest(**of))

    def append(self, first, count, source="s"):
        self.size = self.stub.Append(append_request(
            [sale(i) for i in range(first, first + count)], source)).size

    def tree(self):
        """Of all records, as receipts have them."""
        records = []
        while len(records) < self.size:
            reply = self.receipts(position=len(records))
            records.append(Receipt(reply.receipts[0].proof, self.key).record)
        return Tree(leaf_hash(record) for record in records)

    def test_all_proofs_of_a_small_log(self):
        self.append(0, 70 - self.size)
        tree = self.tree()
        signed = Checkpoint(self.checkpoint(self.size).note, self.key)
        self.assertEqual((signed.size, signed.root), (70, tree.root()))
        for size in range(1, self.size + 1):
            root = tree.root(size)
            for position in range(size):
                proof = self.inclusion(position, size)
                self.assertEqual((proof.position, proof.size, proof.root, proof.leaf_hash),
                                 (position, size, root, tree.leaves[position]))
                self.assertEqual(list(proof.hashes), tree.inclusion(position, size))
                check_inclusion(proof.leaf_hash, position, size, root, proof.hashes)
            for old in range(size + 1):
                proof = self.consistency(old, size)
                self.assertEqual((proof.from_size, proof.to_size), (old, size))
                self.assertEqual((proof.from_root, proof.to_root), (tree.root(old), root))
                self.assertEqual(list(proof.hashes), tree.consistency(old, size))
                check_consistency(old, proof.from_root, size, root, proof.hashes)

    def test_random_proofs_of_a_large_log(self):
        dice = random.Random(6962)
        for first in range(0, MANY, 2000):
            self.append(first, 2000)
        tree = Tree(leaf_hash(record) for record in whole_log(self.stub))
        self.assertEqual(len(tree.leaves), self.size)
        edges = [1, 2, 255, 256, 257, 511, 512, 513, self.size - 1, self.size]
        for turn in range(TURNS):
            size = edges[turn] if turn < len(edges) else dice.randint(1, self.size)
            position, old = dice.randrange(size), dice.randint(0, size)
            self.assertEqual(list(self.inclusion(position, size).hashes),
                             tree.inclusion(position, size))
            proof = self.consistency(old, size)
            self.assertEqual(list(proof.hashes), tree.consistency(old, size))
            self.assertEqual(proof.to_root, tree.root(size))
        self.daemon.restart(kill=True)
        self.stub = self.daemon.stub()
        proof = self.consistency(self.size - 1)
        self.assertEqual((proof.to_size, proof.to_root), (self.size, tree.root()))

    def test_what_one_has_just_written_is_waited_for(self):
        for i in range(30):
            self.append(i, 1)
            ask = i % 4
            if ask == 0:
                signed = Checkpoint(self.checkpoint(self.size).note, self.key)
                self.assertGreaterEqual(signed.size, self.size)
            elif ask == 1:
                self.assertGreaterEqual(self.inclusion(self.size - 1).size, self.size)
            elif ask == 2:
                self.assertEqual(self.consistency(3, self.size).to_size, self.size)
            else:
                Receipt(self.receipts(order=f"o{i}").receipts[0].proof, self.key)

    def test_checkpoints_follow_one_another(self):
        before = Checkpoint(self.checkpoint(self.size).note, self.key)
        for i in range(20):
            self.append(i * 7, 7)
            now = Checkpoint(self.checkpoint(self.size).note, self.key)
            proof = self.consistency(before.size, now.size)
            check_consistency(before.size, before.root, now.size, now.root, proof.hashes)
            before = now
            if i % 5 == 4:
                self.daemon.restart(kill=i % 2 == 0)
                self.stub = self.daemon.stub()
        status = self.stub.GetStatus(service_pb2.GetStatusRequest())
        self.assertEqual(status.checkpoint_size, before.size)
        self.assertEqual(Key(status.verifier_key).id, self.key.id)
        self.assertEqual(status.checkpoint_trouble, "")

    def test_what_is_not_there_has_no_proof(self):
        far = self.size + 100
        for call, ask, reason, fields in (
                (self.inclusion, (far,), "POSITION", {"position": str(far)}),
                (self.inclusion, (self.size,), "POSITION", {"position": str(self.size)}),
                (self.inclusion, (3, 3), "POSITION", {"position": "3"}),
                (self.inclusion, (0, far), "SIZE", {"size": str(far)}),
                (self.consistency, (far,), "SIZE", {"from_size": str(far)}),
                (self.consistency, (1, far), "SIZE", {"to_size": str(far)}),
                (self.consistency, (5, 4), "SIZE", {"from_size": "5"})):
            failed = failure_of(call, *ask)
            self.assertEqual((failed.code.name, failed.reason, failed.fields),
                             ("OUT_OF_RANGE", reason, fields), ask)
        failed = failure_of(self.receipts, position=2**64 - 1)
        self.assertEqual((failed.code.name, failed.reason), ("OUT_OF_RANGE", "POSITION"))
        failed = failure_of(self.checkpoint, far, timeout=0.5)
        self.assertEqual(failed.code.name, "DEADLINE_EXCEEDED")

    def test_who_waits_for_the_far_future_keeps_nobody_from_answers(self):
        far = [self.stub.GetCheckpoint.future(service_pb2.GetCheckpointRequest(
            at_least_size=10**9), timeout=3600) for _ in range(8)]
        until(lambda: self.stub.GetStatus(service_pb2.GetStatusRequest(), timeout=10))
        for i in range(5):
            self.append(i, 1)
            self.stub.GetStatus(service_pb2.GetStatusRequest(), timeout=20)
        began = time.monotonic()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertLess(time.monotonic() - began, 10 if SLOW else 5)
        for call in far:
            call.cancel()

    def test_receipts_that_cannot_be_given(self):
        for of, code, reason in (
                ({}, "INVALID_ARGUMENT", "FIELD_MISSING"),
                ({"payout": ""}, "INVALID_ARGUMENT", "FIELD_MISSING"),
                ({"order": ""}, "INVALID_ARGUMENT", "FIELD_MISSING"),
                ({"statement": {}}, "INVALID_ARGUMENT", "FIELD_MISSING"),
                ({"position": 0, "limit": 1001}, "INVALID_ARGUMENT", "LIMIT"),
                ({"payout": "none"}, "NOT_FOUND", "PAYOUT_UNKNOWN"),
                ({"order": "none"}, "NOT_FOUND", "ORDER_UNKNOWN"),
                ({"statement": {"agent": "none"}}, "NOT_FOUND", "AGENT_UNKNOWN")):
            failed = failure_of(self.receipts, **of)
            self.assertEqual((failed.code.name, failed.reason), (code, reason), of)

    def test_every_changed_letter_of_a_receipt_is_noticed(self):
        self.append(0, 5)
        text = self.receipts(position=7).receipts[0].proof
        Receipt(text, self.key)
        for at in range(len(text)):
            forged = text[:at] + bytes([text[at] ^ 1]) + text[at + 1:]
            with self.assertRaises((Forged, ValueError, IndexError), msg=text[at - 9:at + 9]):
                Receipt(forged, self.key)


def groups_of(chunks):
    """The values of groups by number, whole, with their first positions."""
    values = {}
    for chunk in chunks:
        for one in chunk.groups:
            position, before = values.get(one.number, (one.first_position, b""))
            assert position == one.first_position
            values[one.number] = position, before + one.value
    return values


def whole_log(stub):
    """The bytes of all records, by ReadLog."""
    values = groups_of(stub.ReadLog(service_pb2.ReadLogRequest()))
    return [record for _, value in values.values() for record in records_of(value)]


def records_of(value):
    """Of a group of the log; src/log/README.md."""
    count, batches = (int.from_bytes(value[at:at + 4], "little") for at in (36, 40))
    at = 48 + batches
    ends = [int.from_bytes(value[at + 4 * i:at + 4 * i + 4], "little")
            for i in range(count + 1)]
    begin = at + 4 * (count + 1)
    return [value[begin + ends[i]:begin + ends[i + 1]] for i in range(count)]


class Receipts(MoneyTest):
    def receipts(self, **of):
        reply = self.ask("GetReceipts", **of)
        self.key = Key(self.ask("GetCheckpoint").verifier_key)
        out = [Receipt(receipt.proof, self.key) for receipt in reply.receipts]
        for receipt, proof in zip(reply.receipts, out):
            record = record_pb2.Record.FromString(proof.record)
            body = Event.FromString(record.event).WhichOneof("body")
            self.assertEqual((receipt.position, record.position), (proof.index,) * 2)
            self.assertEqual(receipt.type, Event.DESCRIPTOR.fields_by_name[body].number)
            self.assertEqual(receipt.type_name.lower(), body.replace("_", ""))
            self.assertEqual(proof.checkpoint.size, reply.size)
        self.assertEqual([proof.index for proof in out],
                         sorted({proof.index for proof in out}))
        return [Event.FromString(record_pb2.Record.FromString(proof.record).event)
                for proof in out], reply.left_out

    def test_payouts(self):
        self.start()
        at = T0 + DAY
        self.append("shop", sold(1, at))
        self.append("payer", request("p1", at + 1, 500))
        self.append("checker", step("approved", "p1", at + 2))
        events, left = self.receipts(payout="p1")
        self.assertEqual(([e.WhichOneof("body") for e in events], left),
                         (["payout_approved"], 0))
        self.append("bank", step("sent", "p1", at + 3), step("settled", "p1", at + 4))
        events, _ = self.receipts(payout="p1")
        self.assertEqual(events[0].payout_settled.payout, "p1")
        events, left = self.receipts(payout="p1", all=True)
        self.assertEqual(([e.WhichOneof("body") for e in events], left),
                         (["payout_requested", "payout_approved", "payout_sent",
                           "payout_settled"], 0))
        events, left = self.receipts(payout="p1", all=True, limit=1)
        self.assertEqual(([e.WhichOneof("body") for e in events], left),
                         (["payout_settled"], 3))

    def test_orders_and_statements(self):
        self.start()
        at = T0 + DAY
        for i in range(1, 31):
            self.append("shop", sold(i, at + i))
        events, _ = self.receipts(order="o-7")
        self.assertEqual([e.sale_recorded.order for e in events], ["o-7"])
        events, _ = self.receipts(order="o-7", all=True)
        self.assertEqual([e.sale_recorded.order for e in events], ["o-7"])
        events, left = self.receipts(statement=dict(agent="bea"))
        self.assertEqual([e.sale_recorded.order for e in events],
                         [f"o-{i}" for i in range(1, 31)])
        self.assertEqual(left, 0)
        events, left = self.receipts(statement=dict(agent="bea"), limit=4)
        self.assertEqual([e.sale_recorded.order for e in events],
                         [f"o-{i}" for i in range(27, 31)])
        self.assertGreaterEqual(left, 26)
        stamps = {}
        for name, us in (("from", at + 5), ("to", at + 8)):
            stamps[name] = dict(seconds=us // 10**6, nanos=us % 10**6 * 1000)
        events, _ = self.receipts(statement=dict(agent="bea", **stamps))
        self.assertEqual([e.sale_recorded.order for e in events], ["o-5", "o-6", "o-7"])

    def command(self, *words):
        return subprocess.run([COMMAND, "--server", f"unix:{self.daemon.socket}", "receipt",
                               *words], capture_output=True, check=False, timeout=60)

    def test_the_command_writes_receipts_and_nothing_else(self):
        self.start()
        at = T0 + DAY
        self.append("shop", *[sold(i, at + i) for i in range(1, 4)])
        self.key = Key(self.ask("GetCheckpoint").verifier_key)
        done = self.command("statement", "bea")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(len(receipts_in(done.stdout, self.key)), 3)
        path = os.path.join(self.daemon.data, "r.tlog-proof")
        done = self.command("position", "3", "--out", path)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        with open(path, "rb") as file:
            self.assertEqual([r.index for r in receipts_in(file.read(), self.key)], [3])
        done = self.command("statement", "bea", "--limit", "1")
        self.assertEqual(len(receipts_in(done.stdout, self.key)), 1)
        self.assertIn(b"left out", done.stderr)
        for words, status in ((("position", "x"), 2), (("payout", "none"), 5),
                              (("thing", "x"), 2), (("order",), 2),
                              (("order", "o-1", "--from", "2024-01-01"), 2),
                              (("position", "99999999"), 1)):
            self.assertEqual(self.command(*words).returncode, status, words)


class ReadLog(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.stub, self.size = opened(self.daemon)

    def read(self, group=0, position=0):
        chunks = list(self.stub.ReadLog(service_pb2.ReadLogRequest(
            from_group=group, from_position=position)))
        self.assertEqual([bool(chunk.HasField("checkpoint")) for chunk in chunks],
                         [False] * (len(chunks) - 1) + [True])
        for chunk in chunks:
            self.assertLess(chunk.ByteSize(), 1024 * 1024 + 4096)
            self.assertEqual(chunk.size, chunks[-1].checkpoint.size)
        return groups_of(chunks), chunks[-1].checkpoint

    def test_the_log_comes_whole_and_from_any_group(self):
        for i in range(20):
            self.size = self.stub.Append(append_request(
                [sale(i * 50 + j) for j in range(50)], "s", i + 1)).size
        self.stub.Append(append_request([sale(0)], "s", 21))  # a group without records
        values, checkpoint = self.read()
        self.assertEqual(checkpoint.size, self.size)
        self.assertEqual(list(values), list(range(len(values))))
        records = [record for _, value in values.values() for record in records_of(value)]
        self.assertEqual(Tree(map(leaf_hash, records)).root(), checkpoint.root)
        opened_ones = [record_pb2.Record.FromString(record) for record in records]
        self.assertEqual([r.position for r in opened_ones], list(range(self.size)))
        logged = read_log(self.stub, include_refused=True)
        self.assertEqual([l.event.SerializeToString() for l in logged],
                         [r.event for r in opened_ones])
        for number, (position, _) in values.items():
            again, _ = self.read(number, position)
            self.assertEqual(again, {n: v for n, v in values.items() if n >= number})
        again, _ = self.read(0, self.size - 1)
        self.assertEqual(max(again), len(values) - 1)
        self.assertEqual(again[min(again)], values[min(again)])
        self.assertEqual(self.read(len(values), self.size)[0], {})
        for group, position in ((1, 0), (0, self.size + 1), (len(values) + 1, self.size),
                                (3, values[3][0] + 1), (2**64 - 1, 2**64 - 1)):
            failed = failure_of(self.stub.ReadLog, service_pb2.ReadLogRequest(
                from_group=group, from_position=position))
            self.assertEqual((failed.code.name, failed.reason),
                             ("FAILED_PRECONDITION", "LOG_DIFFERS"), (group, position))

    def test_a_group_above_a_message_comes_in_parts(self):
        events = [sale(i, lines=[dict(line=n + 1, sku="s1", qty=1, unit_price=1)
                                 for n in range(200)], paid=200) for i in range(900)]
        self.size = self.stub.Append(append_request(events, "s", 1)).size
        values, checkpoint = self.read()
        self.assertGreater(max(len(value) for _, value in values.values()), 2 * 1024 * 1024)
        records = [record for _, value in values.values() for record in records_of(value)]
        self.assertEqual(Tree(map(leaf_hash, records)).root(), checkpoint.root)

    def test_it_goes_on_while_the_log_grows(self):
        stream = self.stub.ReadLog(service_pb2.ReadLogRequest())
        reply = self.stub.Append(append_request([sale(i) for i in range(500)], "s", 1))
        chunks = list(stream)
        self.assertGreaterEqual(chunks[-1].checkpoint.size, self.size)
        until(lambda: self.read()[1].size >= reply.size)

    def test_it_is_not_for_everybody(self):
        for role, allowed in (("ROLE_INGEST", False), ("ROLE_READ", False),
                              ("ROLE_FINANCE", False), ("ROLE_REGULATOR", True)):
            stub = self.daemon.stub(token=self.daemon.new_token("x", role))
            if allowed:
                self.assertTrue(list(stub.ReadLog(service_pb2.ReadLogRequest())))
            else:
                failed = failure_of(stub.ReadLog, service_pb2.ReadLogRequest())
                self.assertEqual((failed.code.name, failed.reason),
                                 ("PERMISSION_DENIED", "ROLE"))


if __name__ == "__main__":
    unittest.main()
