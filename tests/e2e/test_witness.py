"""Checkpoints that need a quorum: witnesses that are good, slow, down, that lie, and that know
better."""

import os
import time
import unittest

import grpc

from daybook_client import SLOW, Daemon, append_request, failure_of, opened, sale, until
from test_checkpoint import Book, append, checkpoint_of, status_of
from transparency import Checkpoint, Key
from witness import Witness, WitnessKey


class Witnessed(Book):
    def witnesses(self, *names):
        out = [Witness(name) for name in names]
        for one in out:
            self.addCleanup(lambda one=one: one.server and one.stop())
        return out

    def policy(self, witnesses, quorum, log=""):
        path = os.path.join(self.folder(), "policy")
        with open(path, "w", encoding="utf-8") as file:
            file.write("# who cosigns\n" + log)
            file.writelines(one.policy_line() for one in witnesses)
            names = " ".join(one.name for one in witnesses)
            if quorum == "none":
                file.write("quorum none\n")
            else:
                file.write(f"group all-of-them {quorum} {names}\nquorum all-of-them\n")
        return path

    def start(self, witnesses, quorum, *options, know=True):
        daemon = self.daemon("--witness-policy", self.policy(witnesses, quorum), *options)
        vkey = status_of(daemon.stub()).verifier_key
        for one in witnesses if know else ():
            one.know(vkey)
        return daemon, daemon.stub(), Key(vkey)

    def cosigners(self, note, witnesses):
        return {one.name for one in witnesses if WitnessKey(one.vkey).has_cosigned(note)}

    def never_published(self, stub, size, seconds=1.5):
        failure = failure_of(checkpoint_of, stub, size, seconds)
        self.assertEqual(failure.code, grpc.StatusCode.DEADLINE_EXCEEDED)


class Quorums(Witnessed):
    def test_all_cosign_and_every_line_verifies(self):
        witnesses = self.witnesses("w1.example", "w2.example", "w3.example")
        daemon, stub, key = self.start(witnesses, 3)
        opened(daemon)
        for number in range(10):
            size = append(stub, number)
            one = checkpoint_of(stub, size)
            self.assertEqual(self.cosigners(one.note, witnesses),
                             {w.name for w in witnesses})
            self.assertEqual(Checkpoint(one.note, key).size, one.size)
        # What each has signed is remembered: a round takes one request each.
        self.assertLessEqual(sum(w.statuses.count(409) for w in witnesses), 3)
        self.assertEqual(status_of(stub).checkpoint_trouble, "")
        self.check_signed(stub)
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        for one in witnesses:
            one.statuses.clear()
        daemon.start()
        stub = daemon.stub()
        self.assertEqual(self.cosigners(checkpoint_of(stub).note, witnesses),
                         {w.name for w in witnesses})
        checkpoint_of(stub, append(stub, 100))
        self.assertTrue(all(set(w.statuses) == {200} for w in witnesses))
        with open(os.path.join(daemon.data, "tree", "checkpoint"), "rb") as file:
            self.assertEqual(file.read(), checkpoint_of(stub).note)
        self.assertFalse(os.path.exists(os.path.join(daemon.data, "tree", "signed")))

    def test_without_a_memory_a_witness_says_where_it_is(self):
        witnesses = self.witnesses("w1.example")
        daemon, stub, _ = self.start(witnesses, 1)
        opened(daemon)
        checkpoint_of(stub, append(stub, 1, 30))
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        os.unlink(os.path.join(daemon.data, "tree", "witnesses"))
        witnesses[0].statuses.clear()
        daemon.start()
        checkpoint_of(daemon.stub(), append(daemon.stub(), 100))
        self.assertEqual(witnesses[0].statuses[:2], [409, 200])

    def test_a_quorum_of_two_with_one_slow_and_one_down(self):
        witnesses = self.witnesses("a.example", "b.example", "slow.example", "down.example")
        witnesses[2].delay = 1
        daemon, stub, _ = self.start(witnesses, 2)
        witnesses[3].stop()
        opened(daemon)
        began = time.monotonic()
        for number in range(10):
            one = checkpoint_of(stub, append(stub, number))
            self.assertLessEqual({"a.example", "b.example"},
                                 self.cosigners(one.note, witnesses))
        self.assertLess(time.monotonic() - began, 30 if SLOW else 8)
        # The slow one's comes later, to the same checkpoint.
        until(lambda: "slow.example" in self.cosigners(checkpoint_of(stub).note, witnesses))
        self.assertEqual(status_of(stub).checkpoint_trouble, "")

    def test_without_a_quorum_nothing_is_published_until_it_is_back(self):
        witnesses = self.witnesses("a.example", "b.example")
        daemon, stub, key = self.start(witnesses, 2)
        _, size = opened(daemon)
        published = checkpoint_of(stub, size).note
        witnesses[1].stop()
        size = append(stub, 1)
        self.never_published(stub, size)
        self.assertEqual(Checkpoint(checkpoint_of(stub).note, key).size,
                         Checkpoint(published, key).size)
        self.assertIn("b.example", status_of(stub).checkpoint_trouble)
        with open(os.path.join(daemon.data, "tree", "signed"), "rb") as file:
            self.assertEqual(Checkpoint(file.read(), key).size, size)
        # Acknowledgements do not wait for witnesses.
        for number in range(2, 20):
            size = append(stub, number)
        daemon.restart(kill=True)
        stub = daemon.stub()
        self.assertEqual(Checkpoint(checkpoint_of(stub).note, key).size,
                         Checkpoint(published, key).size)
        witnesses[1].start()
        self.assertEqual(self.cosigners(checkpoint_of(stub, size, 30).note, witnesses),
                         {"a.example", "b.example"})
        until(lambda: status_of(stub).checkpoint_trouble == "")
        self.check_signed(stub, published)

    def test_liars_do_not_count(self):
        for lie in ("signature", "other", "empty", "junk", "huge"):
            witnesses = self.witnesses("good.example", "liar.example")
            witnesses[1].lie = lie
            daemon, stub, key = self.start(witnesses, 2)
            _, size = opened(daemon)
            self.never_published(stub, size, 1)
            self.assertIn("liar.example", status_of(stub).checkpoint_trouble, lie)
            witnesses[1].lie = None
            note = checkpoint_of(stub, size, 30).note
            self.assertEqual(self.cosigners(note, witnesses),
                             {"good.example", "liar.example"})
            daemon.close()

    def test_refusals_are_told(self):
        for status, words in ((404, "does not know"), (403, "does not trust"),
                              (500, "500"), (422, "another tree")):
            witnesses = self.witnesses("no.example")
            witnesses[0].refuse = status
            daemon, stub, _ = self.start(witnesses, 1)
            _, size = opened(daemon)
            self.never_published(stub, size, 1)
            self.assertIn(words, status_of(stub).checkpoint_trouble)
            # It is not asked over and over.
            self.assertLess(len(witnesses[0].statuses), 8)
            daemon.close()

    def test_a_policy_without_a_quorum_publishes_and_asks_all_the_same(self):
        witnesses = self.witnesses("w.example")
        daemon, stub, _ = self.start(witnesses, "none")
        _, size = opened(daemon)
        checkpoint_of(stub, size)
        until(lambda: self.cosigners(checkpoint_of(stub).note, witnesses))
        witnesses[0].stop()
        checkpoint_of(stub, append(stub, 1), 3)

    def test_cleartext_beyond_this_machine_is_warned_of(self):
        one, = self.witnesses("one.example")
        path = self.policy([one], "none")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for host, warned in (("127.0.0.1", False), ("localhost", False), ("[::1]", False),
                             ("127.evil.invalid", True), ("localhost.invalid", True)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace("127.0.0.1", host))
            daemon = self.daemon("--witness-policy", path)
            self.assertEqual("in cleartext" in daemon.diag(), warned, host)
            daemon.stop()

    def test_policies_that_cannot_be(self):
        other = Witness("other.example")
        self.addCleanup(other.stop)
        foreign = "log " + other.vkey.replace("+", "+", 1) + "\n"
        for text, words in (("nonsense\n", "1"), ("", "quorum"),
                            (foreign + "quorum none\n", "1")):
            path = os.path.join(self.folder(), "policy")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            daemon = Daemon("--witness-policy", path, start=False)
            self.addCleanup(daemon.close)
            daemon.spawn()
            self.assertEqual(daemon.process.wait(20), 1)
            self.assertIn("witness-policy", daemon.diag())
            self.assertIn(words, daemon.diag())
            daemon.process = None


class Forks(Witnessed):
    def test_a_machine_that_was_cloned_whole(self):
        """The seat's copy says that it is at home; the witness knows better."""
        witnesses = self.witnesses("w.example")
        daemon, stub, key = self.start(witnesses, 1)
        opened(daemon)
        size = append(stub, 0, 10)
        published = checkpoint_of(stub, size).note
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        clone = self.daemon(*daemon.options, "--adopt", data=self.copied(daemon.data))
        theirs = append(clone.stub(), 1000, 5)
        signed = checkpoint_of(clone.stub(), theirs).note
        self.assertEqual(self.cosigners(signed, witnesses), {"w.example"})
        # The first one goes on with less: it hears that there is more elsewhere.
        daemon.start()
        stub = daemon.stub()
        append(stub, 2000)
        until(lambda: "STALE" in status_of(stub).checkpoint_trouble)
        failure = failure_of(stub.Append, append_request([sale(2001)], "s"))
        self.assertEqual((failure.code, failure.reason),
                         (grpc.StatusCode.FAILED_PRECONDITION, "STALE_LOG"))
        self.never_published(stub, size + 1, 1)
        self.assertEqual(Checkpoint(checkpoint_of(stub).note, key).size,
                         Checkpoint(published, key).size)
        # For good: also after a restart, before anything is appended.
        daemon.restart()
        stub = daemon.stub()
        failure = failure_of(stub.Append, append_request([sale(2002)], "s"))
        self.assertEqual(failure.reason, "STALE_LOG")
        # The clone goes on.
        checkpoint_of(clone.stub(), append(clone.stub(), 3000))

    def test_a_clone_that_has_grown_further_is_told_by_the_proof(self):
        witnesses = self.witnesses("w.example")
        daemon, stub, key = self.start(witnesses, 1)
        opened(daemon)
        size = append(stub, 0, 10)
        published = checkpoint_of(stub, size).note
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        clone = self.daemon(*daemon.options, "--adopt", data=self.copied(daemon.data))
        checkpoint_of(clone.stub(), append(clone.stub(), 1000, 5))
        clone.close_channels()
        self.assertEqual(clone.stop(), 0)
        daemon.start()
        stub = daemon.stub()
        size = append(stub, 2000, 7)
        self.never_published(stub, size)
        self.assertIn("another tree", status_of(stub).checkpoint_trouble)
        self.assertEqual(Checkpoint(checkpoint_of(stub).note, key).size,
                         Checkpoint(published, key).size)
        self.assertIn(422, witnesses[0].statuses)

    def test_one_that_claims_more_stops_nothing_that_goes_on_without_it(self):
        witnesses = self.witnesses("w.example", "liar.example")
        daemon, stub, _ = self.start(witnesses, 1)
        _, size = opened(daemon)
        checkpoint_of(stub, size)
        witnesses[1].claim = 10 ** 9
        for number in range(1, 4):
            one = checkpoint_of(stub, append(stub, number))
            self.assertEqual(self.cosigners(one.note, witnesses), {"w.example"})

    def test_those_who_claim_more_stop_the_log_until_they_are_taken_out(self):
        witnesses = self.witnesses("w.example", "liar.example")
        daemon, stub, _ = self.start(witnesses, 2)
        _, size = opened(daemon)
        checkpoint_of(stub, size)
        witnesses[1].claim = 10 ** 9
        append(stub, 1)
        until(lambda: "STALE" in status_of(stub).checkpoint_trouble)
        self.assertEqual(failure_of(stub.Append, append_request([sale(2)], "s")).reason,
                         "STALE_LOG")
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        daemon.options = ["--witness-policy", self.policy(witnesses[:1], 1), "--no-clock"]
        daemon.start()
        stub = daemon.stub()
        checkpoint_of(stub, append(stub, 3))
        self.check_signed(stub)


if __name__ == "__main__":
    unittest.main()
