"""`daybook verify`: one changed byte anywhere, a file too many, a record forged."""

import base64
import hashlib
import json
import os
import random
import shutil
import tempfile
import time
import unittest

import forger
import store_pages as pages
from daybook_client import Daemon, Event, append_request, opened, record_pb2, sale
from test_signed import revoked
from transparency import Export, Tree, files_below, leaf_hash, read
from verify_world import World, verify, verify_by
from witness import Witness

# A long run: FLIPS=5000 tests/e2e/run test_verify.py
FLIPS = int(os.environ.get("FLIPS", "150"))


def write(content, *names):
    with open(os.path.join(*names), "wb") as file:
        file.write(content)


def flipped(content, at, bit):
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1:]


class VerifyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.key = cls.world.path("key")

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def copy(self, name):
        place = tempfile.mkdtemp(prefix="daybook-e2e-verify-copy-")
        self.addCleanup(shutil.rmtree, place, True)
        return shutil.copytree(self.world.path(name), os.path.join(place, name))

    def good(self, path):
        done = verify(path, self.key)
        self.assertEqual(done.returncode, 0, done)

    def found(self, path, *words, note=None):
        """Exit 6, and some finding has all WORDS."""
        done = verify(path, self.key)
        self.assertEqual(done.returncode, 6, (note, done))
        for word in words:
            self.assertIn(word, done.stdout + done.stderr, note)


class Exports(VerifyTest):
    def setUp(self):
        self.dir = self.copy("export")

    def change(self, name, content):
        """It is found, names the file, and all is as before."""
        before = read(self.dir, name)
        write(content, self.dir, name)
        # A wrong gap is found as a batch without its events.
        self.found(self.dir, "gaps" if name == "daybook/gaps" else name,
                   note=(name, len(before), len(content)))
        write(before, self.dir, name)

    def test_what_was_written_is_good(self):
        self.good(self.dir)
        done = verify(self.dir, read(self.key).decode().strip(), "--format", "json")
        self.assertEqual(done.returncode, 0)
        self.assertIn(f'"records":"{self.world.size}"', done.stdout)

    def test_one_changed_bit_in_every_file(self):
        chance = random.Random(1)
        for name in sorted(files_below(self.dir)):
            content = read(self.dir, name)
            places = {0, 1, 2, 3, len(content) // 2, len(content) - 1}
            places |= {chance.randrange(len(content)) for _ in range(12)}
            for at in sorted(places):
                self.change(name, flipped(content, at, chance.randrange(8)))

    def test_changed_bits_anywhere(self):
        chance, names = random.Random(2), sorted(files_below(self.dir))
        sizes = [os.path.getsize(os.path.join(self.dir, name)) for name in names]
        for name in chance.choices(names, sizes, k=FLIPS):
            content = read(self.dir, name)
            self.change(name, flipped(content, chance.randrange(len(content)),
                                      chance.randrange(8)))

    def test_every_byte_of_the_checkpoint_and_of_the_key(self):
        for name in ("checkpoint", "daybook/key"):
            content = read(self.dir, name)
            for at in range(len(content)):
                self.change(name, flipped(content, at, at % 8))

    def test_files_that_are_longer_or_shorter(self):
        for name in sorted(files_below(self.dir)):
            content = read(self.dir, name)
            for other in (content[:-1], content[:len(content) // 2], b"", content + b"\0",
                          content + content, content[1:]):
                self.change(name, other)

    def test_files_that_are_missing_renamed_too_many_or_swapped(self):
        names = sorted(files_below(self.dir))
        for name in names:
            path = os.path.join(self.dir, name)
            os.rename(path, path + "x")
            self.found(self.dir, name, note=name)
            os.rename(path + "x", path)
            shutil.copy(path, path + "~")
            self.found(self.dir, name + "~", note=name)
            os.unlink(path + "~")
            os.rename(path, path + ".real")
            os.symlink(path + ".real", path)
            self.found(self.dir, name, note=name)
            os.unlink(path)
            os.rename(path + ".real", path)
        for a, b in (("tile/0/000", "tile/0/001"), ("tile/entries/000", "tile/entries/001")):
            one, two = read(self.dir, a), read(self.dir, b)
            write(two, self.dir, a)
            write(one, self.dir, b)
            self.found(self.dir, a)
            self.found(self.dir, b)
            write(one, self.dir, a)
            write(two, self.dir, b)
        os.mkdir(os.path.join(self.dir, "daybook", "more"))
        self.good(self.dir)
        os.mkfifo(os.path.join(self.dir, "daybook", "more", "pipe"))
        self.found(self.dir, "daybook/more/pipe")

    def test_another_key(self):
        vkey = read(self.key).decode().strip()
        name = vkey.split("+", 2)[0]
        public = bytes([1]) + bytes.fromhex(
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        number = hashlib.sha256(name.encode() + b"\n" + public).hexdigest()[:8]
        other = f"{name}+{number}+{base64.b64encode(public).decode()}"
        done = verify(self.dir, other)
        self.assertEqual(done.returncode, 6, done)
        self.assertIn("not signed by a key that was given", done.stdout)
        self.assertEqual(verify(self.dir, "no key").returncode, 2)
        self.assertEqual(verify(self.dir, os.path.join(self.dir, "checkpoint")).returncode, 2)
        self.assertEqual(verify(self.dir + "x", self.key).returncode, 1)


class Stores(VerifyTest):
    """A backup and a data directory: what is changed is found, or nobody reads it."""

    def setUp(self):
        self.place = {name: self.copy(name) for name in ("backup", "data")}

    def names(self, kind):
        """Files that say something: locks and sockets do not."""
        return sorted(name for name in files_below(self.place[kind])
                      if os.path.basename(name) not in ("LOCK", "lock.mdb"))

    def outcome(self, kind, name, content, what):
        """True if it was found; else it must be irrelevant."""
        place = self.place[kind]
        before = read(place, name)
        write(content, place, name)
        done = verify(place, self.key)
        write(before, place, name)
        self.assertIn(done.returncode, (0, 6), (kind, name, what, done))
        if done.returncode == 0:
            self.irrelevant(name, before, content, what)
        return done.returncode == 6

    def irrelevant(self, name, before, content, what):
        if name == "keys/master.key":
            # The other case of a digit, or blanks behind them.
            self.assertEqual(before.strip().lower(), content.strip().lower(), what)
        elif name == "keys/subjects/slots":
            # Of 128 bytes a box has 73, the key's 32 and 41 around them.
            self.assertEqual(*[[slots[at:at + 73] for at in range(0, len(slots), 128)]
                               for slots in (before, content)], what)
        else:
            self.assertEqual(os.path.basename(name), "data.mdb", (name, what))
            self.assertEqual(pages.content(before), pages.content(content), (name, what))

    def flip(self, kind, name, places, chance):
        content = read(self.place[kind], name)
        for at in places:
            bit = chance.randrange(8)
            self.outcome(kind, name, flipped(content, at, bit), (at, bit))

    def test_what_was_written_is_good(self):
        for kind in self.place:
            self.good(self.place[kind])

    def test_one_changed_bit_in_every_file(self):
        chance = random.Random(3)
        for kind in self.place:
            for name in self.names(kind):
                size = os.path.getsize(os.path.join(self.place[kind], name))
                self.flip(kind, name, sorted({0, size // 2, size - 1} |
                                             {chance.randrange(size) for _ in range(4)}),
                          chance)

    def test_headers_of_pages(self):
        """Of every fourth page of every store, one bit of its header or first nodes."""
        chance = random.Random(4)
        for name in self.names("data"):
            if os.path.basename(name) == "data.mdb":
                size = os.path.getsize(os.path.join(self.place["data"], name))
                self.flip("data", name, [page + chance.randrange(40)
                                         for page in range(0, size, 4 * 4096)][:25], chance)

    def test_changed_bits_anywhere(self):
        chance = random.Random(5)
        for kind in self.place:
            names = self.names(kind)
            sizes = [os.path.getsize(os.path.join(self.place[kind], name)) for name in names]
            for name in chance.choices(names, sizes, k=FLIPS // 2):
                self.flip(kind, name, [chance.randrange(sizes[names.index(name)])], chance)

    def test_every_kind_of_file_is_watched(self):
        """In most places of a file of ours a changed bit is found."""
        chance = random.Random(6)
        for name in ("tree/0", "tree/1", "tree/checkpoint", "keys/seat", "keys/log.key",
                     "keys/check", "keys/log.vkey"):
            content = read(self.place["data"], name)
            for at in [chance.randrange(len(content)) for _ in range(4)]:
                self.assertTrue(self.outcome("data", name, flipped(content, at, 0), at), name)

    def test_files_that_are_cut_or_missing(self):
        for kind in self.place:
            for name in self.names(kind):
                content = read(self.place[kind], name)
                if name == "keys/subjects/slots" and not content:
                    continue
                for other in (b"", content[:len(content) // 2]):
                    found = self.outcome(kind, name, other, len(other))
                    self.assertTrue(found, (kind, name, len(other)))
                path = os.path.join(self.place[kind], name)
                os.rename(path, path + ".away")
                done = verify(self.place[kind], self.key)
                os.rename(path + ".away", path)
                if name == "keys/master.key":
                    # It may be in another place; then the boxes stay closed.
                    self.assertEqual(done.returncode, 0, done)
                else:
                    self.assertEqual(done.returncode, 6, (kind, name, done))

    def test_the_log_of_another(self):
        other = World(300)
        self.addCleanup(other.close)
        for part in ("log", "tree", "keys"):
            place = self.copy("data")
            shutil.rmtree(os.path.join(place, part))
            shutil.copytree(os.path.join(other.data, part), os.path.join(place, part))
            self.found(place, note=part)

    def test_a_daemon_that_was_killed(self):
        """What was not finished is no damage."""
        daemon = Daemon(start=False)
        self.addCleanup(daemon.close)
        for number in range(8):
            daemon.start()
            stub = opened(daemon)[0] if number == 0 else daemon.stub()
            for seq in range(3 * number + 1, 3 * number + 4):
                stub.Append(append_request([sale(1000 * seq + i) for i in range(400)], "s",
                                           seq))
            daemon.close_channels()
            time.sleep(number * 0.03)
            daemon.kill()
            done = verify(daemon.data, os.path.join(daemon.data, "keys", "log.vkey"))
            self.assertEqual(done.returncode, 0, (number, done))

    def test_a_daemon_at_work(self):
        with Daemon(data=self.place["data"], start=False) as daemon:
            daemon.options += ["--adopt"]
            daemon.start()
            done = verify(self.place["data"], self.key)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn("another process", done.stderr)


class Forgeries(VerifyTest):
    """The tree is right and signed: what then is found is what sources have signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = Export(cls.world.path("export"))
        cls.leaves, cls.gaps = export.records, export.gaps

    def setUp(self):
        self.records = [record_pb2.Record.FromString(leaf) for leaf in self.leaves]
        self.gaps = {position: dict(hashes) for position, hashes in type(self).gaps.items()}
        place = tempfile.mkdtemp(prefix="daybook-e2e-forged-")
        self.addCleanup(shutil.rmtree, place, True)
        self.dir = os.path.join(place, "x")

    def write(self, leaves=None):
        leaves = leaves or [one.SerializeToString() for one in self.records]
        shutil.rmtree(self.dir, True)
        return forger.write_export(self.dir, leaves, self.gaps)

    def forged(self, *words):
        done = verify(self.dir, self.write())
        self.assertEqual(done.returncode, 6, done)
        for word in words:
            self.assertIn(word, done.stdout)

    def first_of(self, source, number=3):
        """The first record of the NUMBERth signed batch of SOURCE."""
        return [at for at, one in enumerate(self.records)
                if one.source == source and one.HasField("seal")][number]

    def renumber(self):
        for at, one in enumerate(self.records):
            one.position = at

    def test_what_is_written_here_is_good(self):
        done = verify(self.dir, self.write(), "--format", "json")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads(done.stdout)["seals"],
                         str(sum(one.HasField("seal") for one in self.records)))

    def test_a_forged_seal(self):
        at = self.first_of("s")
        seal = self.records[at].seal
        for field, value in (("signature", flipped(seal.signature, 5, 1)),
                             ("events_digest", flipped(seal.events_digest, 5, 1)),
                             ("events", seal.events + 1), ("revision", 2),
                             ("atomic", not seal.atomic)):
            before = record_pb2.Record.FromString(self.leaves[at]).seal
            setattr(self.records[at].seal, field, value)
            self.forged(f" {at}  ")
            self.records[at].seal.CopyFrom(before)

    def test_an_event_that_was_not_signed(self):
        at = self.first_of("s") + 2
        body = Event.FromString(self.records[at].event)
        body.sale_recorded.order += "x"
        self.records[at].event = body.SerializeToString()
        self.forged("are not those that were signed")

    def test_events_left_out_added_or_in_another_order(self):
        at, first = self.first_of("s") + 2, self.first_of("s")
        gone = self.records.pop(at)
        self.gaps = {p - (p > at): g for p, g in self.gaps.items()}
        self.renumber()
        self.forged("records and gaps do not give them")
        # Told as a gap it is all there: that a batch is whole does not say it was logged.
        self.gaps.setdefault(first, {})[gone.index] = hashlib.sha256(gone.event).digest()
        self.assertEqual(verify(self.dir, self.write()).returncode, 0)
        self.setUp()
        self.records[at].event, self.records[at + 1].event = (self.records[at + 1].event,
                                                              self.records[at].event)
        self.forged("are not those that were signed")
        self.setUp()
        at = self.first_of("s", 4)
        added = record_pb2.Record.FromString(self.leaves[at - 1])
        added.index += 1
        self.records.insert(at, added)
        self.gaps = {p + (p >= at): g for p, g in self.gaps.items()}
        self.renumber()
        self.forged("records and gaps do not give them")

    def test_an_unsigned_record_of_a_signed_source(self):
        for source in ("s", "t"):
            self.setUp()
            self.records[-1].source = source
            self.forged(f'is not signed, and source "{source}" has a key')
        self.setUp()
        at = self.first_of("s")
        self.records[at].ClearField("seal")
        self.forged("is not signed")

    def test_a_signed_record_of_a_source_without_a_key(self):
        at = next(i for i, one in enumerate(self.records) if one.source == "office")
        del self.records[at]
        self.gaps = {p - 1: g for p, g in self.gaps.items()}
        self.renumber()
        self.forged('source "s" has no key')

    def test_a_source_that_does_more_than_it_may(self):
        at = self.first_of("t", 0)
        place = next(i for i, one in enumerate(self.records)
                     if one.source == "office" and one.index == 1)
        body = Event.FromString(self.records[place].event)
        body.source_registered.may_send[:] = [200, 302]
        self.records[place].event = body.SerializeToString()
        self.forged('source "t" may not send events of type 301', f" {at}  ")

    def test_a_revoked_key(self):
        at = self.first_of("s", 5)
        gone = record_pb2.Record.FromString(self.leaves[-1])
        gone.source, gone.batch_seq = "office", 0
        gone.recorded_at.CopyFrom(self.records[at].recorded_at)
        gone.event = revoked("s", 1).SerializeToString()
        self.records.insert(at, gone)
        self.gaps = {p + (p >= at): g for p, g in self.gaps.items()}
        self.renumber()
        self.forged('when the key of source "s" was revoked')

    def test_gaps(self):
        at = next(iter(self.gaps))
        index, digest = next(iter(self.gaps[at].items()))
        self.gaps[at][index] = flipped(digest, 0, 0)
        self.forged("are not those that were signed")
        self.gaps[at] = {index + 1: digest}
        self.forged("records and gaps do not give them")
        del self.gaps[at]
        self.forged("records and gaps do not give them")
        self.gaps[at] = {index: digest, 900: digest}
        self.forged(f" {at}  ")
        self.gaps[at] = {index: digest}
        self.gaps[at + 1] = {0: digest}
        self.forged("gaps are told of it")
        del self.gaps[at + 1]
        self.gaps[len(self.records)] = {0: digest}
        self.forged("daybook/gaps")

    def test_places_and_times(self):
        self.records[300].position = 301
        self.forged("says that it is record 301")
        self.setUp()
        self.records[300].recorded_at.seconds -= 3600
        self.forged("recorded before the one before")
        self.setUp()
        self.records[300], self.records[301] = self.records[301], self.records[300]
        self.forged("says that it is record")

    def test_records_in_another_form(self):
        for other in (self.leaves[300] + b"\x08\0", b"", self.leaves[300][:-1], b"\xff" * 9):
            leaves = self.leaves[:300] + [other] + self.leaves[301:]
            done = verify(self.dir, self.write(leaves))
            self.assertEqual(done.returncode, 6, done)
            self.assertIn("is no record", done.stdout)

    def test_tiles_made_again_under_the_old_signature(self):
        folder = self.copy("export")
        a, b = 400, 401
        leaves = list(self.leaves)
        leaves[a], leaves[b] = leaves[b], leaves[a]
        forger.write_tiles(folder, leaves)
        self.found(folder, "its root is not that of the tiles")
        for size in (len(leaves) - 1, 512, 1):
            shutil.rmtree(os.path.join(folder, "tile"))
            forger.write_tiles(folder, self.leaves[:size])
            self.found(folder, "is missing", note=size)

    def test_a_policy(self):
        self.write()
        witnesses = [Witness("w1"), Witness("w2")]
        for one in witnesses:
            self.addCleanup(one.stop)
        note = read(self.dir, "checkpoint")
        text = note.split(b"\n\n")[0] + b"\n"
        names = "group both all w1 w2\nquorum both\n"
        policy = os.path.join(os.path.dirname(self.dir), "policy")

        def outcome(log, *lines):
            forger.put((log + "".join(one.policy_line() for one in witnesses) +
                        names).encode(), policy)
            forger.put(note + b"".join(lines), self.dir, "checkpoint")
            return verify_by(self.dir, "--policy", policy).returncode

        log = f"log {forger.vkey()[0]}\n"
        both = [one.cosign(text) for one in witnesses]
        self.assertEqual(outcome(log, *both), 0)
        self.assertEqual(outcome(log, both[0]), 6)
        self.assertEqual(outcome(log), 6)
        witnesses[1].lie = "signature"
        self.assertEqual(outcome(log, both[0], witnesses[1].cosign(text)), 6)
        # Who says nothing of the log has to give a key.
        self.assertEqual(outcome("", *both), 2)
        forger.put(note + both[0], self.dir, "checkpoint")
        done = verify(self.dir, forger.vkey()[0], "--format", "json")
        self.assertEqual((done.returncode, json.loads(done.stdout)["unchecked"]), (0, 1))

    def test_checkpoints(self):
        key = self.write()
        tree = Tree(leaf_hash(leaf) for leaf in self.leaves)
        text = forger.checkpoint(len(self.leaves), tree.root()).split("\n\n")[0] + "\n"
        for other in (text + "more\n", text.replace("forged", "other"),
                      text.replace(str(len(self.leaves)), "0" + str(len(self.leaves))),
                      text.replace(str(len(self.leaves)), str(2**63))):
            forger.put(forger.signed_note(other).encode(), self.dir, "checkpoint")
            self.assertEqual(verify(self.dir, key).returncode, 6, other)
        forger.put(forger.signed_note(text).encode(), self.dir, "checkpoint")
        self.assertEqual(verify(self.dir, key).returncode, 0)


class Receipts(VerifyTest):
    def setUp(self):
        self.text = read(self.world.path("receipts"))
        self.path = self.world.path("changed")

    def check(self, text):
        write(text, self.path)
        return verify(self.path, self.key)

    def test_what_was_written_is_good(self):
        self.good(self.world.path("receipts"))
        done = verify(self.world.path("receipts"), self.key, "--format", "jsonl")
        self.assertEqual(len(done.stdout.splitlines()), 5, done)
        self.assertIn("SaleRecorded".replace("S", "s", 1), done.stdout)

    def test_every_byte_of_one(self):
        one = b"c2sp.org/tlog-proof@v1\n" + self.text.split(b"c2sp.org/tlog-proof@v1\n")[2]
        self.assertEqual(self.check(one).returncode, 0)
        head = one.index(b"\n") + 1
        for at in range(head):
            self.assertEqual(self.check(flipped(one, at, at % 8)).returncode, 6, at)
        # Many behind one another; none is proved, so no line is under the names.
        for begin in range(head, len(one), 100):
            places = range(begin, min(begin + 100, len(one)))
            done = self.check(b"".join(flipped(one, at, at % 8) for at in places))
            self.assertEqual(done.returncode, 6, begin)
            self.assertLessEqual(len(done.stdout.splitlines()), 1, done.stdout)
            for number in range(1, len(places) + 1):
                self.assertIn(f"receipt {number}, ", done.stderr, begin)
        for at in [*range(0, len(one), 9), len(one) - 1]:
            self.assertEqual(self.check(one[:at]).returncode, 6, at)

    def test_one_bad_receipt_among_good_ones(self):
        parts = self.text.split(b"c2sp.org/tlog-proof@v1\n")
        parts[3] = parts[3].replace(b"index 5\n", b"index 4\n")
        done = self.check(b"c2sp.org/tlog-proof@v1\n".join(parts))
        self.assertEqual(done.returncode, 6)
        self.assertIn("receipt 3", done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 5, done.stdout)

    def test_parts_of_others(self):
        parts = [b"c2sp.org/tlog-proof@v1\n" + part
                 for part in self.text.split(b"c2sp.org/tlog-proof@v1\n")[1:]]
        a, b = parts[1].split(b"\n"), parts[2].split(b"\n")
        for line in (1, 2, 3, 4):
            mixed = a[:line] + [b[line]] + a[line + 1:]
            if mixed != a:
                self.assertEqual(self.check(b"\n".join(mixed)).returncode, 6, line)
        self.assertEqual(self.check(b"x" + self.text).returncode, 6)
        self.assertEqual(self.check(self.text + b"x").returncode, 6)
        self.assertEqual(self.check(b"").returncode, 6)


if __name__ == "__main__":
    unittest.main()
