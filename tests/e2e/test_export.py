"""Exports and backups: whole, increased, killed, out of room, restored."""

import os
import random
import shutil
import struct
import subprocess
import tempfile
import time
import unittest

from daybook_client import (COMMAND, SLOW, Daemon, append_request, digest_of, opened,
                            record_pb2, sale, service_pb2, until)
from test_signed import key_of, registered, sha256, signed
from transparency import Export, Forged, Tree, check_consistency, files_below, read

KILLS = 6 if SLOW else 16


class ExportTest(unittest.TestCase):
    verb = "export"

    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(lambda: self.daemon.close())
        self.stub, self.size = opened(self.daemon)
        self.seq = 0
        place = tempfile.mkdtemp(prefix="daybook-e2e-export-")
        self.addCleanup(shutil.rmtree, place, True)
        self.place = place
        self.dir = os.path.join(place, "x")

    def append(self, count, per_batch=500):
        while count > 0:
            some = min(count, per_batch)
            self.seq += 1
            self.size = self.stub.Append(append_request(
                [sale(self.seq * 10_000 + i) for i in range(some)], "s", self.seq)).size
            count -= some

    def start(self, folder=None, daemon=None, verb=None):
        socket = (daemon or self.daemon).socket
        return subprocess.Popen([COMMAND, "--server", f"unix:{socket}", verb or self.verb,
                                 folder or self.dir], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run_it(self, *arguments, status=0, **named):
        process = self.start(*arguments, **named)
        out, words = process.communicate(timeout=120)
        self.assertEqual(process.returncode, status, (out, words))
        return words if status else out


class Exports(ExportTest):
    def checked(self, others=()):
        export = Export(self.dir, others)
        self.assertEqual(export.checkpoint.size, self.size)
        return export

    def test_sizes_around_the_edges_of_tiles(self):
        before = None
        for size in (9, 10, 255, 256, 257, 511, 512, 1000, 1000):
            self.append(size - self.size)
            self.assertIn(f"{size} records", self.run_it())
            export = self.checked()
            if before:
                check_consistency(before.checkpoint.size, before.checkpoint.root, size,
                                  export.checkpoint.root, export.tree.consistency(
                                      before.checkpoint.size, size))
                self.assertEqual(export.records[:len(before.records)], before.records)
            before = export

    def test_the_second_level_of_tiles(self):
        self.append(66_000 - self.size, 5000)
        self.run_it()
        export = self.checked()
        self.assertIn("tile/2/000.p/1", files_below(self.dir))
        self.append(700)
        self.run_it()
        self.assertEqual(self.checked().records[:len(export.records)], export.records)

    def test_files_of_others_are_left_alone(self):
        self.append(300)
        self.run_it()
        for name in ("index.html", "tile/readme", "tile/0/notes.txt"):
            with open(os.path.join(self.dir, name), "w", encoding="ascii") as file:
                file.write("mine")
        self.append(300)
        self.run_it()
        self.checked({"index.html", "tile/readme", "tile/0/notes.txt"})

    def test_another_log_and_another_folder_are_refused(self):
        self.append(300)
        self.run_it()
        before = {name: read(self.dir, name) for name in files_below(self.dir)}
        other = Daemon()
        self.addCleanup(other.close)
        opened(other)
        words = self.run_it(daemon=other, status=2)
        self.assertIn("another log", words)
        self.assertEqual(before, {name: read(self.dir, name)
                                  for name in files_below(self.dir)})
        folder = os.path.join(self.place, "full")
        os.mkdir(folder)
        with open(os.path.join(folder, "thing"), "w", encoding="ascii") as file:
            file.write("mine")
        self.assertIn("no export", self.run_it(folder, status=2))
        self.assertEqual(files_below(folder), {"thing"})
        self.run_it(os.path.join(folder, "thing"), status=1)
        with open(os.path.join(self.place, "file"), "wb"):
            pass
        self.run_it(os.path.join(self.place, "file", "deep"), status=1)
        self.run_it(os.path.join(self.place, "new", "deep"))

    def test_a_damaged_folder_is_not_added_to(self):
        self.append(600)
        self.run_it()
        self.append(100)
        width = (self.size - 100) % 256
        for name in ("checkpoint", "daybook/key", "tile/1/000.p/2",
                     f"tile/0/002.p/{width}", f"tile/entries/002.p/{width}"):
            path, content = os.path.join(self.dir, name), read(self.dir, name)
            for bad in (content[:20] + bytes([content[20] ^ 1]) + content[21:],
                        content[:-1], content + b"x", None):
                if bad is None:
                    os.unlink(path)
                else:
                    with open(path, "wb") as file:
                        file.write(bad)
                if bad is None and name == "checkpoint":
                    continue  # as after a run that was killed: it begins anew
                process = self.start()
                _, words = process.communicate(timeout=60)
                self.assertIn(process.returncode, (1, 2), (name, words))
                self.assertTrue(words, name)
            with open(path, "wb") as file:
                file.write(content)
        self.run_it()
        self.checked()

    def test_killed_at_any_moment_and_run_again(self):
        dice = random.Random(1)
        for turn in range(KILLS):
            self.append(dice.randint(1, 3000))
            kept = read(self.dir, "checkpoint") if turn and self.has_checkpoint() else None
            process = self.start()
            time.sleep(dice.random() * 0.04)
            process.kill()
            process.communicate()
            if self.has_checkpoint() and read(self.dir, "checkpoint") == kept:
                self.check_covered()
            if turn % 3 == 2:
                self.run_it()
                self.checked()

    def has_checkpoint(self):
        return os.path.exists(os.path.join(self.dir, "checkpoint"))

    def check_covered(self):
        """What an interrupted run left over does not matter to what was there."""
        from transparency import Checkpoint, Key, leaf_hash, bundle_entries, tiles_of
        key = Key(read(self.dir, "daybook/key").decode())
        checkpoint = Checkpoint(read(self.dir, "checkpoint"), key)
        entries = {index: read(self.dir, path) for path, (level, index, _)
                   in tiles_of(checkpoint.size).items() if level == "entries"}
        records = [r for index in sorted(entries) for r in bundle_entries(entries[index])]
        self.assertEqual(Tree(map(leaf_hash, records)).root(), checkpoint.root)

    def test_two_at_once(self):
        self.append(5000)
        both = [self.start() for _ in range(2)]
        words = [process.communicate(timeout=60)[1] for process in both]
        codes = sorted(process.returncode for process in both)
        self.assertIn(codes, ([0, 0], [0, 1]), words)
        self.checked()

    def test_a_full_disk(self):
        if os.geteuid() != 0:
            self.skipTest("not root: no file system of its own")
        disk = os.path.join(self.place, "disk")
        os.mkdir(disk)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk],
                              capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest("mount is not permitted")
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=False)
        self.dir = os.path.join(disk, "x")
        self.append(500)
        self.run_it()
        kept = self.checked()
        self.append(8000, 2000)
        self.assertIn("No space", self.run_it(status=1))
        self.assertEqual(read(self.dir, "checkpoint"), kept.checkpoint.note)
        self.check_covered()
        subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True)
        self.run_it()
        self.checked()

    def test_the_daemon_is_killed_meanwhile(self):
        self.append(20_000, 5000)
        process = self.start()
        time.sleep(0.02)
        self.daemon.restart(kill=True)
        _, words = process.communicate(timeout=60)
        self.assertIn(process.returncode, (0, 1), words)
        self.run_it()
        self.checked()

    def test_a_changed_record_is_noticed(self):
        self.append(700)
        self.run_it()
        forged = os.path.join(self.place, "forged")
        shutil.copytree(self.dir, forged)
        path = os.path.join(forged, "tile/entries/001")
        content = bytearray(read(forged, "tile/entries/001"))
        content[40] ^= 1
        with open(path, "wb") as file:
            file.write(content)
        with self.assertRaises(Forged):
            Export(forged)


    def test_what_was_signed_and_not_logged_is_told_once(self):
        key = key_of(7)
        self.size = self.stub.Append(append_request(
            [registered("shop", 1, key)], "office", 1)).size
        wanted = {}
        for turn in range(1, 6):
            events = [sale(turn * 100), sale(turn * 100), sale(turn * 100, qty=-1),
                      sale(turn * 100 + 1), sale(1 if turn > 1 else 100, qty=-3)]
            position = self.size
            reply = self.stub.Append(signed(key, events, "shop", turn))
            self.size = reply.size
            wanted[position] = {
                i: sha256(one.SerializeToString()) for i, one in enumerate(events)
                if reply.results[i].outcome in (record_pb2.DUPLICATE, record_pb2.INVALID)}
            self.assertGreater(len(wanted[position]), 1)
            self.append(turn % 3)
            if turn % 2:
                self.run_it()
                self.assertEqual(self.checked().gaps, wanted)
        with open(os.path.join(self.dir, "daybook/gaps"), "ab") as file:
            file.write(struct.pack(">QII", self.size + 5, 1, 0) + bytes(32) + b"cut")
        self.append(1)
        self.run_it()
        self.assertEqual(self.checked().gaps, wanted)


class Backups(ExportTest):
    verb = "backup"

    def restored(self, *options):
        """A daemon on a copy of the backup."""
        data = os.path.join(self.place, f"restored-{time.monotonic_ns()}")
        shutil.copytree(self.dir, data)
        daemon = Daemon(*options, data=data)
        self.addCleanup(daemon.close)
        return daemon

    def test_a_backup_is_a_data_directory_without_keys(self):
        self.append(3000)
        self.assertIn(f"{self.size} records", self.run_it())
        names = {name.split("/")[0] for name in files_below(self.dir)}
        self.assertEqual(names, {"log", "tree"})
        secret = read(self.daemon.data, "keys/master.key").strip()
        for name in files_below(self.dir):
            self.assertNotIn(secret, read(self.dir, name))
        digest, daemon = digest_of(self.stub), self.restored()
        stub = daemon.stub()
        self.assertEqual(digest_of(stub), digest)
        for request in (service_pb2.GetTrialBalanceRequest(at_least_size=self.size),):
            self.assertEqual(stub.GetTrialBalance(request),
                             self.stub.GetTrialBalance(request))
        ours, theirs = (s.GetCheckpoint(service_pb2.GetCheckpointRequest(
            at_least_size=self.size)) for s in (self.stub, stub))
        self.assertEqual(ours.root, theirs.root)
        self.assertNotEqual(ours.verifier_key, theirs.verifier_key)
        again = stub.Append(append_request([sale(self.seq * 10_000 + i) for i in range(500)],
                                           "s", self.seq))
        self.assertTrue(again.repeated_batch)

    def test_increased_and_restored_each_time(self):
        dice = random.Random(2)
        for turn in range(5):
            self.append(dice.randint(1, 2000))
            if turn == 3:
                shutil.rmtree(os.path.join(self.dir, "tree"))
            if turn == 4:
                path = os.path.join(self.dir, "tree", "0")
                content = bytearray(read(self.dir, "tree", "0"))
                content[-1] ^= 1
                with open(path, "wb") as file:
                    file.write(content)
            out = self.run_it()
            self.assertIn(f"proved up to {self.size}", out)
        self.run_it()
        daemon = self.restored()
        self.assertEqual(digest_of(daemon.stub()), digest_of(self.stub))

    def test_killed_at_any_moment_and_run_again(self):
        dice = random.Random(3)
        for turn in range(KILLS):
            self.append(dice.randint(1, 4000), 1000)
            process = self.start()
            time.sleep(dice.random() * 0.05)
            process.kill()
            process.communicate()
            if turn % 5 == 4:
                self.assertIn(f"proved up to {self.size}", self.run_it())
        self.run_it()
        daemon = self.restored()
        self.assertEqual(digest_of(daemon.stub()), digest_of(self.stub))

    def test_a_backup_restored_over_newer_keys_does_not_start(self):
        self.append(500)
        self.run_it()
        self.append(500)
        until(lambda: self.stub.GetStatus(service_pb2.GetStatusRequest()).checkpoint_size
              == self.size)
        keys = os.path.join(self.place, "keys")
        self.assertEqual(self.daemon.stop(), 0)
        shutil.copytree(os.path.join(self.daemon.data, "keys"), keys)
        with self.assertRaises(AssertionError) as caught:
            self.restored("--keys", keys, "--adopt")
        self.assertIn("not ready (1)", str(caught.exception))

    def test_with_keys_of_that_moment_it_goes_on_as_the_same_log(self):
        self.append(500)
        self.run_it()
        key = self.stub.GetCheckpoint(service_pb2.GetCheckpointRequest()).verifier_key
        self.assertEqual(self.daemon.stop(), 0)
        keys = os.path.join(self.place, "keys")
        shutil.copytree(os.path.join(self.daemon.data, "keys"), keys)
        daemon = self.restored("--keys", keys, "--adopt")
        stub = daemon.stub()
        self.assertEqual(key, stub.GetCheckpoint(
            service_pb2.GetCheckpointRequest()).verifier_key)
        stub.Append(append_request([sale(10**7 + i) for i in range(100)], "t"))
        self.assertIn("100 of them new", self.run_it(daemon=daemon))
        self.run_it(os.path.join(self.place, "y"), daemon=daemon, verb="export")

    def test_another_log_and_another_folder_are_refused(self):
        self.append(300)
        self.run_it()
        other = Daemon()
        self.addCleanup(other.close)
        opened(other)
        self.run_it(daemon=other, status=2)
        folder = os.path.join(self.place, "full")
        os.mkdir(folder)
        with open(os.path.join(folder, "thing"), "w", encoding="ascii") as file:
            file.write("mine")
        self.run_it(folder, status=2)
        self.assertEqual(files_below(folder), {"thing"})
        self.run_it(self.daemon.data, status=1)  # where the daemon itself writes
        self.assertIn("0 of them new", self.run_it())


if __name__ == "__main__":
    unittest.main()
