"""Who may sign a log: backups, copies, forks, damaged trees, kills; and what is signed."""

import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

import grpc

from daybook_client import (DAEMON, SLOW, Daemon, Event, append_request, digest_of, event,
                            failure_of, opened, record_pb2, sale, service_pb2, until)
from test_proofs import whole_log
from transparency import Checkpoint, Key, Tree, leaf_hash

KILLS = 4 if SLOW else 12


def checkpoint_of(stub, at_least=0, timeout=20):
    """Where others wait already, the daemon does not keep a thread for so long."""
    end = time.monotonic() + timeout
    while True:
        try:
            return stub.GetCheckpoint(
                service_pb2.GetCheckpointRequest(at_least_size=at_least),
                timeout=max(end - time.monotonic(), 0.1))
        except grpc.RpcError as error:
            if (error.code() != grpc.StatusCode.DEADLINE_EXCEEDED
                    or time.monotonic() >= end):
                raise


def status_of(stub):
    return stub.GetStatus(service_pb2.GetStatusRequest())


def append(stub, first, count=1, source="s"):
    """The size of the log behind it."""
    return stub.Append(append_request([sale(first + i) for i in range(count)], source)).size


def tree_of(stub):
    return Tree(leaf_hash(record) for record in whole_log(stub))


def everything_below(folder):
    """Names and bytes, but for what a start may always touch."""
    out = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if name not in ("LOCK", "lock.mdb", "daybook.sock"):
                with open(path, "rb") as file:
                    out[os.path.relpath(path, folder)] = file.read()
    return out


class Book(unittest.TestCase):
    def daemon(self, *options, **named):
        daemon = Daemon(*options, **named)
        self.addCleanup(daemon.close)
        return daemon

    def folder(self):
        out = tempfile.mkdtemp(prefix="daybook-e2e-copy-")
        self.addCleanup(shutil.rmtree, out, True)
        return out

    def copied(self, data, to=None):
        """A copy as `cp -a` makes it."""
        to = to or os.path.join(self.folder(), "copy")
        subprocess.run(["cp", "-a", data, to], check=True)
        return to

    def refused(self, word, data, *options):
        """A start in DATA ends with status 1 and WORD, and changes nothing but names."""
        before = everything_below(data)
        done = subprocess.run([DAEMON, "--data", data, "--no-clock", *options],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn(word + ": ", done.stderr)
        self.assertEqual(everything_below(data), before)
        return done.stderr

    def check_signed(self, stub, *notes):
        """NOTES and the newest checkpoint are of this very log."""
        key = Key(status_of(stub).verifier_key)
        tree = tree_of(stub)
        newest = checkpoint_of(stub, len(tree.leaves)).note
        for note in (*notes, newest):
            signed = Checkpoint(note, key)
            self.assertEqual(signed.root, tree.root(signed.size))
        return key, len(tree.leaves)


class Checkpoints(Book):
    def test_an_empty_book_has_a_checkpoint_of_the_empty_tree(self):
        stub = self.daemon().stub()
        checkpoint = until(lambda: checkpoint_of(stub))
        key = Key(checkpoint.verifier_key)
        self.assertEqual(Checkpoint(checkpoint.note, key).root, Tree().root())
        self.assertEqual(checkpoint.size, 0)
        self.assertRegex(key.name, "^daybook/[0-9a-f]{16}$")

    def test_what_is_acknowledged_is_signed_within_a_quarter_of_a_second(self):
        stub, _ = opened(self.daemon())
        waits = []
        for number in range(10 if SLOW else 40):
            size = append(stub, number)
            began = time.monotonic()
            self.assertGreaterEqual(checkpoint_of(stub, size).size, size)
            waits.append(time.monotonic() - began)
            time.sleep(random.random() * 0.05)
        waits.sort()
        # The specification's bound, and what a busy machine puts on top.
        self.assertLess(waits[len(waits) // 2], 0.25)
        self.assertLess(waits[-1], 5 if SLOW else 1)
        self.check_signed(stub)

    def test_a_name_of_its_own(self):
        daemon = self.daemon("--origin", "books.example/shop")
        self.assertEqual(Key(status_of(daemon.stub()).verifier_key).name,
                         "books.example/shop")
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        for name, words in (("books.example/other", "books.example/shop"),
                            ("two words", "two words")):
            done = subprocess.run([DAEMON, "--data", daemon.data, "--origin", name],
                                  capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)
        daemon.start()

    def test_options_that_do_not_go_together(self):
        data = self.folder()
        config = os.path.join(data, "conf")
        with open(config, "w", encoding="ascii") as file:
            file.write("adopt = yes\n")
        for options, words in (
                (["--config", config], "adopt"),
                (["--key-file", "a", "--passphrase-file", "b"], "passphrase-file"),
                (["--tls-key", "a"], "tls-certificate"),
                (["--tls-certificate", "a"], "tls-key"),
                (["--client-ca", "a"], "tls-certificate"),
                (["--client-crl", "a"], "client-ca"),
                (["--client-certificates-required"], "client-ca"),
                (["--digest-every", "never"], "never"),
                (["--access-days", "36501"], "36501"), (["--keys", ""], "keys")):
            done = subprocess.run([DAEMON, "--data", os.path.join(data, "x"), *options],
                                  capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 2, options)
            self.assertIn(words, done.stderr)
        self.assertFalse(os.path.exists(os.path.join(data, "x")))

    def test_a_key_file_a_passphrase_and_keys_elsewhere(self):
        secrets, keys = self.folder(), os.path.join(self.folder(), "k")
        for option, text in (("--key-file", "5a" * 32 + "\n"),
                             ("--passphrase-file", "a horse and a battery\n")):
            file = os.path.join(secrets, option.strip("-"))
            with open(file, "w", encoding="ascii") as out:
                out.write(text)
            os.chmod(file, 0o600)
            daemon = self.daemon("--keys", keys + option, option, file)
            stub, _ = opened(daemon)
            self.check_signed(stub)
            daemon.restart(kill=True)
            self.check_signed(daemon.stub())
            self.assertFalse(os.path.exists(os.path.join(daemon.data, "keys")))
            self.assertFalse(os.path.exists(os.path.join(keys + option, "master.key")))
            daemon.close_channels()
            self.assertEqual(daemon.stop(), 0)
            with open(file, "a", encoding="ascii") as out:
                out.seek(0)
                out.truncate()
                out.write(text.replace("a", "b"))
            done = subprocess.run([DAEMON, "--data", daemon.data, *daemon.options],
                                  capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            shutil.rmtree(keys + option)

    def test_the_digest_is_logged_by_itself_and_when_asked_for(self):
        daemon = self.daemon("--digest-every", "1")
        stub, size = opened(daemon)
        until(lambda: status_of(stub).size > size)
        time.sleep(1.5)
        self.assertEqual(status_of(stub).size, size + 1, "an unchanged book has one")
        self.assertEqual(append(stub, 1), size + 2)
        before = digest_of(stub)
        result = stub.RecordDigest(service_pb2.RecordDigestRequest()).results[0]
        self.assertEqual((result.outcome, result.position), (record_pb2.ACCEPTED, before[0]))
        self.check_signed(stub)
        record = record_pb2.Record.FromString(whole_log(stub)[before[0]])
        body = Event.FromString(record.event).digest_recorded
        self.assertEqual((body.size, body.digest.hex()), before)
        self.assertEqual(record.source, "daybook")


class Kills(Book):
    def test_checkpoints_follow_one_another_through_kills(self):
        """Every checkpoint that anybody saw is one of the log that there is at the end."""
        daemon = self.daemon()
        opened(daemon)
        notes, number = {}, 0
        for _ in range(KILLS):
            stub, stopping = daemon.stub(), threading.Event()

            def look(stub=stub, stopping=stopping):
                while not stopping.is_set():
                    try:
                        one = checkpoint_of(stub)
                    except grpc.RpcError:
                        return
                    notes.setdefault(one.size, set()).add(one.note)
                    seen.append(one.size)
            seen = []
            watcher = threading.Thread(target=look)
            watcher.start()
            end = time.monotonic() + random.random() * (1 if SLOW else 0.6)
            while time.monotonic() < end:
                append(stub, number, 20)
                number += 20
            daemon.kill()
            stopping.set()
            watcher.join()
            self.assertEqual(seen, sorted(seen))
            daemon.close_channels()
            daemon.start()
            largest = max(notes, default=0)
            self.assertGreaterEqual(until(lambda d=daemon: checkpoint_of(d.stub())).size,
                                    largest)
        self.assertTrue(all(len(same) == 1 for same in notes.values()))
        self.check_signed(daemon.stub(), *(min(same) for same in notes.values()))
        self.assertGreater(len(notes), KILLS)

    def test_killed_while_it_starts(self):
        """From the first file on."""
        for turn in range(30 if SLOW else 60):
            daemon = self.daemon(start=False)
            daemon.spawn()
            time.sleep(turn * 0.0007)
            daemon.kill()
            daemon.start()
            if turn % 10 == 0:
                stub, _ = opened(daemon)
                self.check_signed(stub)
            daemon.close()


class Refusals(Book):
    def test_a_restored_backup_is_stale(self):
        daemon = self.daemon()
        stub, _ = opened(daemon)
        append(stub, 0, 50)
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        older = self.copied(os.path.join(daemon.data, "log"))
        daemon.start()
        size = append(daemon.stub(), 100, 50)
        note = checkpoint_of(daemon.stub(), size).note
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        newer = self.copied(os.path.join(daemon.data, "log"))
        # Keys and seat are newer than what was brought back.
        for leave in (("books", "views"), ("tree",)):
            shutil.rmtree(os.path.join(daemon.data, "log"))
            for name in leave:
                shutil.rmtree(os.path.join(daemon.data, name))
            self.copied(older, os.path.join(daemon.data, "log"))
            text = self.refused("STALE", daemon.data)
            self.assertIn(str(size), text)
            self.refused("STALE", daemon.data, "--adopt")
        # With the newest log all is well again; the tree is made anew.
        shutil.rmtree(os.path.join(daemon.data, "log"))
        self.copied(newer, os.path.join(daemon.data, "log"))
        daemon.start()
        self.check_signed(daemon.stub(), note)
        daemon.restart()
        # Records lost for good: other keys, which everybody sees.
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        for name in ("log", "books", "views", "tree"):
            shutil.rmtree(os.path.join(daemon.data, name))
        self.copied(older, os.path.join(daemon.data, "log"))
        old_key = Key(checkpoint_vkey(daemon.data))
        daemon.options += ["--keys", os.path.join(self.folder(), "other")]
        daemon._token = None
        daemon.start()
        key, _ = self.check_signed(daemon.stub(unix=True))
        self.assertNotEqual(key.id, old_key.id)

    def test_a_copy_does_not_start_beside_the_first(self):
        daemon = self.daemon()
        stub, _ = opened(daemon)
        size = append(stub, 0, 50)
        note = checkpoint_of(stub, size).note
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        copy = self.copied(daemon.data)
        self.refused("COPY", copy)
        self.refused("COPY", copy)
        daemon.start()
        append(daemon.stub(), 100)
        # The first one is gone for good, says the operator.
        daemon.close_channels()
        daemon.kill()
        other = self.daemon("--adopt", data=copy)
        self.check_signed(other.stub(), note)
        other.options.remove("--adopt")
        other.restart()
        append(other.stub(), 200)
        self.check_signed(other.stub(), note)
        # What both had signed is one log; what they signed since is not.
        other.close_channels()
        self.assertEqual(other.stop(), 0)
        shutil.rmtree(os.path.join(daemon.data, "log"))
        self.copied(os.path.join(copy, "log"), os.path.join(daemon.data, "log"))
        self.refused("FORK", daemon.data)
        self.refused("FORK", daemon.data, "--adopt")
        shutil.rmtree(os.path.join(daemon.data, "tree"))
        self.refused("FORK", daemon.data, "--adopt")

    def test_a_copy_of_a_running_directory(self):
        daemon = self.daemon()
        stub, _ = opened(daemon)
        append(stub, 0, 50)
        copy = os.path.join(self.folder(), "copy")
        subprocess.run(["cp", "-a", daemon.data, copy], check=False)
        self.refused("COPY", copy)

    def test_only_the_keys_or_only_the_data_are_copied(self):
        daemon = self.daemon()
        opened(daemon)
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        keys = self.copied(os.path.join(daemon.data, "keys"))
        self.refused("COPY", daemon.data, "--keys", keys)
        data = self.copied(daemon.data)
        self.refused("COPY", data, "--keys", os.path.join(daemon.data, "keys"))
        daemon.start()

    def test_moved_keys_and_data_are_no_copy(self):
        daemon = self.daemon()
        opened(daemon)
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        moved = daemon.data + ".moved"
        os.rename(daemon.data, moved)
        self.addCleanup(shutil.rmtree, moved, True)
        other = self.daemon(data=moved)
        self.check_signed(other.stub())

    def test_keys_of_which_a_part_is_gone_are_broken(self):
        for name in ("seat", "log.key"):
            daemon = self.daemon()
            stub, size = opened(daemon)
            note = checkpoint_of(stub, size).note
            key = Key(status_of(stub).verifier_key)
            daemon.close_channels()
            self.assertEqual(daemon.stop(), 0)
            os.unlink(os.path.join(daemon.data, "keys", name))
            self.refused("BROKEN", daemon.data)
            daemon.options.append("--adopt")
            daemon.start()
            notes = [note] if name == "seat" else []
            self.assertEqual(self.check_signed(daemon.stub(), *notes)[0].id == key.id,
                             name == "seat")
            daemon.options.remove("--adopt")
            daemon.restart()
            self.check_signed(daemon.stub(), *notes)

    def test_a_broken_seat_does_not_go_back_behind_the_checkpoint(self):
        daemon = self.daemon()
        stub, _ = opened(daemon)
        append(stub, 0, 50)
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        older = self.copied(os.path.join(daemon.data, "log"))
        daemon.start()
        checkpoint_of(daemon.stub(), append(daemon.stub(), 100, 50))
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        shutil.rmtree(os.path.join(daemon.data, "log"))
        self.copied(older, os.path.join(daemon.data, "log"))
        os.unlink(os.path.join(daemon.data, "keys", "seat"))
        self.refused("BROKEN", daemon.data)
        self.refused("BROKEN", daemon.data, "--adopt")


def checkpoint_vkey(data):
    with open(os.path.join(data, "keys", "log.vkey"), encoding="utf-8") as file:
        return file.read()


class Damage(Book):
    def test_a_tree_that_is_gone_cut_or_overwritten_is_made_again(self):
        daemon = self.daemon()
        stub, _ = opened(daemon)
        for i in range(4):
            size = append(stub, 1000 * i, 500)
        note = checkpoint_of(stub, size).note
        tree = os.path.join(daemon.data, "tree")

        def cut(name):
            os.truncate(os.path.join(tree, name),
                        os.path.getsize(os.path.join(tree, name)) // 2)

        def spoil(name):
            with open(os.path.join(tree, name), "r+b") as file:
                file.seek(-32, os.SEEK_END)
                file.write(b"\0" * 32)
        for damage in (lambda: shutil.rmtree(tree), lambda: cut("0"), lambda: cut("1"),
                       lambda: spoil("0"), lambda: spoil("1"),
                       lambda: os.unlink(os.path.join(tree, "checkpoint")),
                       lambda: spoil("checkpoint")):
            daemon.close_channels()
            self.assertEqual(daemon.stop(), 0)
            damage()
            daemon.start()
            stub = daemon.stub()
            checkpoint_of(stub, size)
            size = append(stub, 10_000 + size)
            self.check_signed(stub, note)


if __name__ == "__main__":
    unittest.main()
