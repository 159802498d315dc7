"""No room: the log's limit and a full disk. Nothing acknowledged is lost, reading goes
on, and appending goes on when there is room."""

import os
import shutil
import subprocess
import tempfile
import unittest

import grpc

from daybook_client import (Daemon, Failure, append_request, digest_of, failure_of, opened,
                            read_log, record_pb2, sale, service_pb2, until)


class Full(unittest.TestCase):
    def daemon(self, *options, **named):
        daemon = Daemon(*options, **named)
        self.addCleanup(daemon.close)
        return daemon

    def append_until_full(self, stub, seq=1, most=4000, per_batch=200):
        """The number of the batch that failed, and its Failure."""
        while seq < most:
            events = [sale(seq * per_batch + i) for i in range(per_batch)]
            try:
                reply = stub.Append(append_request(events, "s", seq), timeout=20)
            except grpc.RpcError as error:
                return seq, Failure(error)
            self.assertEqual(reply.results[-1].outcome, record_pb2.ACCEPTED)
            seq += 1
        raise AssertionError("never full")

    def status(self, stub):
        return stub.GetStatus(service_pb2.GetStatusRequest(), timeout=20)

    def check_readable(self, stub, records):
        self.assertEqual(len(read_log(stub)), records)
        self.assertEqual(digest_of(stub)[0], records)
        balance = stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(), timeout=20)
        self.assertEqual(balance.difference, 0)

    def test_the_limit_of_the_log(self):
        daemon = self.daemon("--max-log-bytes", "1M")
        stub, size = opened(daemon)
        seq, failed = self.append_until_full(stub)
        self.assertEqual((failed.code.name, failed.reason),
                         ("RESOURCE_EXHAUSTED", "LOG_FULL"))
        records = size + (seq - 1) * 200
        status = self.status(stub)
        self.assertTrue(status.read_only)
        self.assertTrue(status.read_only_reason)
        self.assertEqual(status.size, records)
        self.assertLess(status.log_bytes, 1 << 21)
        for _ in range(3):
            self.check_readable(stub, records)
            again = failure_of(stub.Append, append_request([sale(10**6 + i)
                                                            for i in range(2000)], "t", 1))
            self.assertEqual(again.reason, "LOG_FULL")
        self.assertEqual(self.status(stub).size, records)
        daemon.restart(kill=True)
        self.check_readable(daemon.stub(), records)
        daemon.options = ["--max-log-bytes", "4M"]
        daemon.restart()
        stub = daemon.stub()
        self.check_readable(stub, records)
        source = stub.GetSource(service_pb2.GetSourceRequest(source="s"))
        self.assertEqual(source.last_batch_seq, seq - 1)
        events = [sale(seq * 200 + i) for i in range(200)]
        reply = stub.Append(append_request(events, "s", seq))
        self.assertEqual(reply.results[-1].outcome, record_pb2.ACCEPTED)
        self.assertFalse(self.status(stub).read_only)

    def mount(self, mib=24):
        if os.geteuid() != 0:
            self.skipTest("not root: no file system of its own")
        place = tempfile.mkdtemp(prefix="daybook-e2e-disk-")
        self.addCleanup(shutil.rmtree, place, True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "none", place],
                              capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest("mount is not permitted")
        self.addCleanup(subprocess.run, ["umount", "-l", place], check=False)
        return place

    def fill(self, place, leave=0):
        """Everything but LEAVE bytes goes into a file."""
        path = os.path.join(place, "ballast")
        room = os.statvfs(place)
        bytes_ = room.f_bavail * room.f_bsize - leave
        with open(path, "wb") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, max(bytes_, 4096))
            except OSError:
                pass
        return path

    def test_a_full_disk_is_told_read_and_left_when_there_is_room(self):
        place = self.mount()
        daemon = self.daemon("--save-every", "2000", data=os.path.join(place, "data"))
        self.addCleanup(lambda: os.path.exists(daemon.diag_path)
                        and os.unlink(daemon.diag_path))
        daemon.diag_path = place.rstrip("/") + ".diag"
        daemon.restart()
        stub, size = opened(daemon)
        stub.Append(append_request([sale(i) for i in range(100)], "s", 1))
        ballast = self.fill(place, leave=600 * 1024)
        seq, failed = self.append_until_full(stub, 2, per_batch=100)
        self.assertEqual((failed.code.name, failed.reason),
                         ("RESOURCE_EXHAUSTED", "DISK_FULL"), failed)
        records = size + (seq - 1) * 100
        status = self.status(stub)
        self.assertTrue(status.read_only)
        self.assertTrue(status.read_only_reason)
        self.check_readable(stub, records)
        digest = digest_of(stub)

        # No room for a second view either: the first one goes on answering.
        failed = failure_of(stub.RebuildView, service_pb2.RebuildViewRequest(), timeout=20)
        self.assertEqual(failed.code.name, "RESOURCE_EXHAUSTED", failed)
        self.check_readable(stub, records)

        # A kill on the full disk: the next daemon reads, and does not fail again and again.
        for kill in (True, False, True):
            daemon.restart(kill=kill)
            stub = daemon.stub()
            self.check_readable(stub, records)
            self.assertEqual(digest_of(stub), digest)
        again = failure_of(stub.Append, append_request(
            [sale(10**6 + i) for i in range(3000)], "t", 1))
        self.assertEqual(again.reason, "DISK_FULL")
        # A repeat of what was acknowledged needs no room.
        last = stub.Append(append_request([sale((seq - 1) * 100 + i) for i in range(100)],
                                          "s", seq - 1))
        self.assertTrue(last.repeated_batch)

        os.unlink(ballast)
        request = append_request([sale(seq * 100 + i) for i in range(100)], "s", seq)
        reply = until(lambda: self.accepted(stub, request))
        self.assertEqual(reply.results[-1].outcome, record_pb2.ACCEPTED)
        self.assertFalse(self.status(stub).read_only)
        size = records + 100
        until(lambda: self.status(stub).views[0].size == size)
        # Signatures, too, come back by themselves.
        self.assertGreaterEqual(stub.GetCheckpoint(service_pb2.GetCheckpointRequest(
            at_least_size=size), timeout=20).size, size)
        until(lambda: self.status(stub).checkpoint_trouble == "")
        self.check_readable(stub, size)
        digest = digest_of(stub)
        balance = stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest())
        daemon.restart()
        stub = daemon.stub()
        self.assertEqual(digest_of(stub), digest)
        self.assertEqual(stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(
            at_least_size=size)), balance)
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        daemon.drop("views", "books")
        daemon.start()
        self.assertEqual(digest_of(daemon.stub()), digest)

    def accepted(self, stub, request):
        try:
            return stub.Append(request, timeout=5)
        except grpc.RpcError:
            return None

    def test_no_room_for_the_views_after_they_were_dropped(self):
        """The log fits, its views do not: what then? It serves what it can and says so."""
        place = self.mount(12)
        daemon = self.daemon(data=os.path.join(place, "data"))
        daemon.diag_path = place.rstrip("/") + ".diag"
        self.addCleanup(lambda: os.path.exists(daemon.diag_path)
                        and os.unlink(daemon.diag_path))
        daemon.restart()
        stub, size = opened(daemon)
        for seq in range(1, 11):
            stub.Append(append_request([sale(seq * 1000 + i) for i in range(1000)],
                                       "s", seq))
        digest = digest_of(stub)
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        daemon.drop("views", "books")
        ballast = self.fill(place, leave=256 * 1024)
        daemon.start()
        stub = daemon.stub()
        self.assertEqual(digest_of(stub), digest)
        self.assertEqual(len(read_log(stub)), size + 10_000)
        os.unlink(ballast)
        reply = until(lambda: self.accepted(stub, append_request([sale(10**7)], "s", 11)))
        self.assertEqual(reply.results[0].outcome, record_pb2.ACCEPTED)
        balance = stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(
            at_least_size=size + 10_001), timeout=20)
        self.assertEqual(balance.lines[0].debits, 10_001_000)
        daemon.restart()
        self.assertEqual(digest_of(daemon.stub())[0], size + 10_001)


if __name__ == "__main__":
    unittest.main()
