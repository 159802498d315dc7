"""A book with signed batches, and what is written of it: an export, a backup, receipts, the
data directory itself."""

import os
import shutil
import subprocess
import tempfile

from daybook_client import (COMMAND, Daemon, append_request, opened, sale, service_pb2,
                            until)
from test_signed import key_of, registered, signed

RECORDS = 700


class World:
    """PLACE has the folders `export`, `backup`, `data` and the files `receipts`, `key`, and
    `older`, the checkpoint of the export when it had half of the records."""

    def __init__(self, records=RECORDS, per_batch=20):
        self.place = tempfile.mkdtemp(prefix="daybook-e2e-verify-")
        self.data = self.path("data")
        self.daemon = Daemon(data=self.data)
        try:
            self._fill(records, per_batch)
            self._write()
            assert self.daemon.stop() == 0, self.daemon.diag()
        except BaseException:
            self.daemon.close()
            self.close()
            raise
        self.daemon.close()
        shutil.copy(os.path.join(self.data, "keys", "log.vkey"), self.path("key"))

    def path(self, *names):
        return os.path.join(self.place, *names)

    def command(self, *arguments):
        done = subprocess.run([COMMAND, "--server", f"unix:{self.daemon.socket}", *arguments],
                              capture_output=True, check=False)
        assert done.returncode == 0, (arguments, done)
        return done.stdout

    def _fill(self, records, per_batch):
        stub, size = opened(self.daemon)
        self.key = key_of(1)
        answer = stub.Append(append_request(
            [registered("s", 1, self.key), registered("t", 1, key_of(2), 300)], "office"))
        for person in ("ann", "bob"):
            stub.SealText(service_pb2.SealTextRequest(subject=person, text=b"1 Main Street"))
        seq, size = 0, answer.size
        while size < records:
            seq += 1
            # Every batch but the first has a duplicate, which is a gap.
            stride = 5 * per_batch
            events = [sale(stride * seq + i) for i in range(per_batch)]
            if seq > 1:
                events.insert(7, sale(stride * (seq - 1)))
            size = stub.Append(signed(self.key, events, "s", seq, seq % 2 == 0)).size
            if size > records // 2 and not os.path.exists(self.path("older")):
                self.command("export", self.path("export"))
                shutil.copy(self.path("export", "checkpoint"), self.path("older"))
        stub.Append(signed(key_of(2), [sale(9_000_000)], "t", 1))
        size = stub.Append(append_request([sale(9_000_001)], "plain", 1)).size
        until(lambda: stub.GetStatus(service_pb2.GetStatusRequest()).checkpoint_size == size)
        self.size = size

    def _write(self):
        self.command("export", self.path("export"))
        self.command("backup", self.path("backup"))
        with open(self.path("receipts"), "wb") as file:
            for position in (0, 1, 5, 300, self.size - 1):
                file.write(self.command("receipt", "position", str(position)))

    def close(self):
        shutil.rmtree(self.place, True)


def verify_by(path, *options):
    return subprocess.run([COMMAND, "verify", path, "--quiet", *options],
                          capture_output=True, text=True, timeout=120, check=False)


def verify(path, key, *more):
    return verify_by(path, "--key", key, *more)
