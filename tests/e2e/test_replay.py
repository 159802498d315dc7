"""`daybook replay`: an export decided again without the daemon."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

import forger
from daybook_client import (COMMAND, Daemon, append_request, digest_of, event, opened,
                            record_pb2, sale, service_pb2, until)
from transparency import Export


def replay(path, *options):
    return subprocess.run([COMMAND, "replay", path, *options], capture_output=True,
                          text=True, timeout=120, check=False)


class Replay(unittest.TestCase):
    """One book with refusals, a recorded digest and a close of a period, exported once."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="daybook-e2e-replay-")
        cls.addClassCleanup(shutil.rmtree, cls.place, True)
        cls.dir = os.path.join(cls.place, "deep", "down", "x")
        daemon = Daemon()
        cls.addClassCleanup(daemon.close)
        stub, _ = opened(daemon)
        for seq in range(1, 4):
            sales = [sale(1000 * seq + i) for i in range(300)]
            sales[7] = sale(1000 * seq + 7, paid=999)  # refused: not the sum of its lines
            cls.size = stub.Append(append_request(sales, "s", seq)).size
        stub.RecordDigest(service_pb2.RecordDigestRequest())
        cls.digest = digest_of(stub)
        cls.size = stub.GetStatus(service_pb2.GetStatusRequest()).size
        until(lambda: stub.GetStatus(service_pb2.GetStatusRequest()).checkpoint_size ==
              cls.size)
        done = subprocess.run([COMMAND, "--server", f"unix:{daemon.socket}", "export",
                               cls.dir], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done
        with open(os.path.join(daemon.data, "keys", "log.vkey"), encoding="ascii") as file:
            cls.key = file.read().strip()
        cls.leaves = Export(cls.dir).records

    def test_everything_comes_out_as_it_was_written(self):
        done = replay(self.dir, "--key", self.key, "--format", "json")
        self.assertEqual(done.returncode, 0, done)
        told = json.loads(done.stdout)
        self.assertEqual(told["digest"], self.digest[1])
        self.assertEqual((told["proof"], told["difference"]), ("PROVED", ""))
        self.assertEqual((int(told["records"]), int(told["refused"]), int(told["digests"])),
                         (self.size, 3, 1))

    def test_who_vouches_for_nobody_is_told_so(self):
        done = replay(self.dir)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("nobody vouched for", done.stdout)
        self.assertEqual(json.loads(replay(self.dir, "--format", "json").stdout)["proof"],
                         "UNVOUCHED")

    def test_another_key_is_no_proof(self):
        done = replay(self.dir, "--key", forger.vkey()[0])
        self.assertEqual(done.returncode, 6, done)
        self.assertIn("not replayed", done.stderr)

    def forged(self, change):
        """An export whose operator signed records that CHANGE made."""
        leaves = [bytes(leaf) for leaf in self.leaves]
        where = change(leaves)
        folder = tempfile.mkdtemp(dir=self.place)
        key = forger.write_export(folder, leaves, {})
        return where, replay(folder, "--key", key)

    def differs(self, change, words):
        where, done = self.forged(change)
        self.assertEqual(done.returncode, 6, done)
        self.assertIn(f"record {where}: ", done.stderr)
        self.assertIn(words, done.stderr)

    def records(self, leaves, outcome):
        for i, leaf in enumerate(leaves):
            record = record_pb2.Record.FromString(leaf)
            if record.outcome == outcome:
                yield i, record

    def test_a_sale_said_to_be_refused_that_was_not(self):
        def change(leaves):
            at, _ = next(self.records(leaves, record_pb2.REFUSED))
            record = record_pb2.Record.FromString(leaves[at])
            record.outcome = record_pb2.ACCEPTED
            record.ClearField("refusal")
            leaves[at] = record.SerializeToString(deterministic=True)
            return at
        self.differs(change, "written ACCEPTED, comes out REFUSED AMOUNT_MISMATCH")

    def test_another_figure_in_a_refusal(self):
        def change(leaves):
            at, record = next(self.records(leaves, record_pb2.REFUSED))
            record.refusal.limit += 1
            leaves[at] = record.SerializeToString(deterministic=True)
            return at
        self.differs(change, "do not decide it as logged")

    def test_a_deed_moved_to_a_day_that_no_daemon_took_it_on(self):
        def change(leaves):
            at, record = next(self.records(leaves, record_pb2.REFUSED))
            sent = event(0)
            sent.ParseFromString(record.event)
            sent.effective_at.FromJsonString("9999-12-31T00:00:00Z")
            record.event = sent.SerializeToString(deterministic=True)
            leaves[at] = record.SerializeToString(deterministic=True)
            return at
        self.differs(change, "effective_at is ahead of recorded_at")

    def test_an_amount_that_was_changed_shows_in_the_recorded_digest(self):
        def change(leaves):
            for at, record in self.records(leaves, record_pb2.ACCEPTED):
                sent = event(0)
                sent.ParseFromString(record.event)
                if sent.HasField("sale_recorded"):
                    sent.sale_recorded.lines[0].unit_price += 1
                    sent.sale_recorded.paid += sent.sale_recorded.lines[0].qty
                    record.event = sent.SerializeToString(deterministic=True)
                    leaves[at] = record.SerializeToString(deterministic=True)
                    return len(leaves) - 1
            return None
        self.differs(change, "DIGEST")

    def test_any_record_is_proved_without_the_daemon(self):
        last = self.size - 1
        receipts = os.path.join(self.place, "receipts")
        done = subprocess.run([COMMAND, "receipt", "position", f"0,255,256,511,{last}",
                               "--export", self.dir, "--out", receipts],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done)
        done = subprocess.run([COMMAND, "verify", receipts, "--key", self.key, "--format",
                               "csv"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual([line.split(",")[0] for line in done.stdout.splitlines()[1:]],
                         ["0", "255", "256", "511", str(last)])
        for position, status in ((str(self.size), 5), ("x", 2), ("1,,2", 2)):
            done = subprocess.run([COMMAND, "receipt", "position", position, "--export",
                                   self.dir], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, status, done)

    def test_what_is_no_export(self):
        done = replay(self.place)
        self.assertEqual(done.returncode, 2, done)
        self.assertIn("no checkpoint", done.stderr)
        self.assertEqual(replay(os.path.join(self.place, "none")).returncode, 1)


if __name__ == "__main__":
    unittest.main()
