"""Texts of persons: sealed, sent, opened by those who may, and forgotten for good."""

import json
import os
import shutil
import subprocess
import unittest

import grpc

import sealed_box
from daybook_client import (COMMAND, OUTCOME, T0, Daemon, append_request, batch_of, event,
                            failure_of, opening, read_log, sale, service_pb2)

TEXT = "Rue Haute 5, 8000 Bruges, +32 470 00 00 00".encode()
ROLES = ("INGEST", "READ", "FINANCE", "REGULATOR", "ADMIN")


def seal(stub, subject, text=TEXT):
    return stub.SealText(service_pb2.SealTextRequest(subject=subject, text=text)).sealed


def open_at(stub, position):
    return stub.OpenSealed(service_pb2.OpenSealedRequest(position=position, reason="a test"))


def open_box(stub, sealed):
    return stub.OpenSealed(service_pb2.OpenSealedRequest(sealed=sealed, reason="a test"))


def erasure(subject, at=T0 + 9):
    return event(at, subject_erased=dict(subject=subject, reason="asked for"))


def files_below(folder):
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            if os.path.isfile(path):
                yield path


def files_with(folder, needle):
    found = []
    for path in files_below(folder):
        with open(path, "rb") as file:
            if needle in file.read():
                found.append(os.path.relpath(path, folder))
    return sorted(found)


class Boxes(unittest.TestCase):
    """The form of a box, by the drafts' own numbers."""

    def test_hchacha20_gives_what_the_draft_says(self):
        got = sealed_box.hchacha20(bytes(range(32)),
                                   bytes.fromhex("000000090000004a0000000031415927"))
        self.assertEqual(got.hex(), "82413b4227b27bfed30e42508a877d73"
                                    "a0f9e4d58a74a853c12ec41326d3ecdc")

    def test_xchacha20_poly1305_gives_what_the_draft_says(self):
        text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one "
                b"tip for the future, sunscreen would be it.")
        key, nonce = bytes(range(0x80, 0xa0)), bytes(range(0x40, 0x58))
        about = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
        sealed = sealed_box.seal(key, nonce, about, text)
        self.assertEqual(sealed[:16].hex(), "bd6d179d3e83d43b9576579493c0e939")
        self.assertEqual(sealed[-16:].hex(), "c0875924c1c7987947deafd8780acf49")
        self.assertEqual(sealed_box.box_open(key, about, b"\x01" + nonce + sealed), text)
        self.assertIsNone(sealed_box.box_open(key, about + b"x", b"\x01" + nonce + sealed))


class Sealed(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.keys = os.path.join(self.daemon.data, "keys")

    def start(self, subjects=("A17",)):
        """An open book, and a sale with a sealed text of each subject: its position."""
        self.stub = self.daemon.stub()
        reply = self.stub.Append(append_request(opening(), "opener", 1))
        self.sale = sale(1)
        self.sale.sealed.extend(seal(self.stub, subject) for subject in subjects)
        self.assertEqual(self.send(self.sale).outcome, OUTCOME.Value("ACCEPTED"))
        return reply.size

    def send(self, *events, stub=None):
        return (stub or self.stub).Append(append_request(events)).results[0]

    def erase(self, subject="A17"):
        result = self.send(erasure(subject))
        self.assertEqual(result.outcome, OUTCOME.Value("ACCEPTED"), result)
        self.wait_for_checkpoint(result.position + 1)
        return result.position

    def wait_for_checkpoint(self, size):
        return self.stub.GetCheckpoint(service_pb2.GetCheckpointRequest(at_least_size=size))

    def proof_of(self, position, size):
        return self.stub.GetInclusionProof(
            service_pb2.GetInclusionProofRequest(position=position, size=size))

    def assert_erased(self, position):
        texts = open_at(self.stub, position).texts
        self.assertEqual([(t.subject, t.text, t.erased) for t in texts], [("A17", b"", True)])
        self.assertEqual(sealed_box.subject_keys(self.keys, "A17"), [])

    def test_who_may_seal_and_who_may_open(self):
        position = self.start()
        for role in ROLES:
            stub = self.daemon.stub(token=self.daemon.new_token(role, f"ROLE_{role}"))
            if role in ("INGEST", "ADMIN"):
                self.assertEqual(seal(stub, "A17").box, self.sale.sealed[0].box)
            else:
                self.assertEqual(failure_of(seal, stub, "A17").reason, "ROLE", role)
            if role in ("REGULATOR", "ADMIN"):
                self.assertEqual(open_at(stub, position).texts[0].text, TEXT)
                self.assertEqual(open_box(stub, self.sale.sealed[0]).texts[0].text, TEXT)
            else:
                failure = failure_of(open_at, stub, position)
                self.assertEqual((failure.code, failure.reason),
                                 (grpc.StatusCode.PERMISSION_DENIED, "ROLE"), role)

    def test_opening_is_in_the_access_record(self):
        position = self.start()
        open_at(self.stub, position)
        entries = self.stub.ListAccess(service_pb2.ListAccessRequest()).entries
        opened = [entry for entry in entries if entry.method == "OpenSealed"]
        self.assertEqual(len(opened), 1)
        self.assertIn("a test", opened[0].about)

    def test_an_event_with_boxes_sent_again_is_a_duplicate(self):
        position = self.start()
        again = sale(1)
        again.sealed.append(seal(self.stub, "A17"))
        self.daemon.restart()
        self.stub = self.daemon.stub()
        result = self.send(again)
        self.assertEqual((result.outcome, result.position),
                         (OUTCOME.Value("DUPLICATE"), position))
        other = sale(1)
        other.sealed.append(seal(self.stub, "A17", b"another address"))
        self.assertEqual(self.send(other).outcome, OUTCOME.Value("REFUSED"))

    def test_a_platform_opens_and_makes_boxes_by_the_specification(self):
        self.start()
        keys = sealed_box.subject_keys(self.keys, "A17")
        self.assertEqual(len(keys), 1)
        box = self.sale.sealed[0].box
        self.assertEqual(sealed_box.box_open(keys[0], sealed_box.about_of("A17"), box), TEXT)
        for text in (b"x", b"a" * 63, b"b" * 64, b"c" * 65, bytes(range(256)) * 16):
            made = sealed_box.seal_text(keys[0], "A17", text)
            self.assertEqual(seal(self.stub, "A17", text).box, made)
            sealed = service_pb2.OpenSealedRequest(reason="r").sealed
            sealed.subject, sealed.box = "A17", made
            self.assertEqual(open_box(self.stub, sealed).texts[0].text, text)

    def test_forged_boxes_and_strangers_are_told_apart(self):
        self.start()
        sealed = type(self.sale.sealed[0])()
        sealed.CopyFrom(self.sale.sealed[0])
        sealed.subject = "A18"
        failure = failure_of(open_box, self.stub, sealed)
        self.assertEqual((failure.code, failure.reason),
                         (grpc.StatusCode.NOT_FOUND, "SUBJECT_UNKNOWN"))
        seal(self.stub, "A18")
        self.assertEqual(failure_of(open_box, self.stub, sealed).reason, "BOX")
        sealed.subject, sealed.box = "A17", sealed.box[:-1] + bytes([sealed.box[-1] ^ 1])
        self.assertEqual(failure_of(open_box, self.stub, sealed).reason, "BOX")

    def test_who_was_erased_is_gone_and_the_record_is_not(self):
        position = self.start()
        size = self.wait_for_checkpoint(position + 1).size
        before, proof = read_log(self.stub)[position], self.proof_of(position, size)
        self.erase()
        self.assert_erased(position)
        after = read_log(self.stub)[position]
        self.assertEqual(before.SerializeToString(), after.SerializeToString())
        self.assertEqual(after.event.sealed[0].box, self.sale.sealed[0].box)
        self.assertEqual(proof, self.proof_of(position, size))
        failure = failure_of(seal, self.stub, "A17", b"again")
        self.assertEqual((failure.code, failure.reason, failure.fields),
                         (grpc.StatusCode.FAILED_PRECONDITION, "SUBJECT_ERASED",
                          {"subject": "A17"}))
        self.assertEqual(self.send(erasure("A17")).outcome, OUTCOME.Value("DUPLICATE"))

    def test_others_stay_when_one_is_erased(self):
        position = self.start(("A17", "A18"))
        self.erase()
        texts = open_at(self.stub, position).texts
        self.assertEqual([(t.subject, t.text, t.erased) for t in texts],
                         [("A17", b"", True), ("A18", TEXT, False)])

    def test_a_kill_behind_the_answer_leaves_nothing(self):
        position = self.start()
        self.send(erasure("A17"))
        self.daemon.restart(kill=True)
        self.stub = self.daemon.stub()
        self.wait_for_checkpoint(position + 2)
        self.assert_erased(position)

    def test_keys_from_a_backup_die_at_the_start(self):
        position = self.start()
        self.daemon.stop()
        backup = self.daemon.data + ".subjects"
        shutil.copytree(os.path.join(self.keys, "subjects"), backup)
        self.addCleanup(shutil.rmtree, backup, True)
        self.daemon.restart()
        self.stub = self.daemon.stub()
        self.assertEqual(open_at(self.stub, position).texts[0].text, TEXT)
        self.erase()
        for names in (("data.mdb", "slots"), ("slots",), ("data.mdb",)):
            self.daemon.stop()
            for name in names:
                shutil.copy(os.path.join(backup, name),
                            os.path.join(self.keys, "subjects", name))
            self.daemon.restart()
            self.stub = self.daemon.stub()
            self.assert_erased(position)
            self.assertEqual(failure_of(seal, self.stub, "A17").reason, "SUBJECT_ERASED")

    def test_the_whole_folder_of_keys_from_a_backup_does_not_bring_anybody_back(self):
        position = self.start()
        self.wait_for_checkpoint(position + 1)
        self.daemon.stop()
        backup = self.daemon.data + ".keys"
        shutil.copytree(self.keys, backup)
        self.addCleanup(shutil.rmtree, backup, True)
        self.daemon.restart()
        self.stub = self.daemon.stub()
        self.erase()
        self.daemon.stop()
        shutil.rmtree(self.keys)
        shutil.copytree(backup, self.keys)
        self.daemon.options.append("--adopt")
        self.daemon.restart()
        self.stub = self.daemon.stub()
        self.assert_erased(position)

    def test_the_text_is_in_no_file(self):
        position = self.start()
        data, box = self.daemon.data, self.sale.sealed[0].box
        self.wait_for_checkpoint(position + 1)
        self.assertEqual(files_with(data, TEXT), [])
        self.assertIn("log/data.mdb", files_with(data, box))
        open_at(self.stub, position)
        self.erase()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(files_with(data, TEXT), [])
        self.assertIn("log/data.mdb", files_with(data, box))
        self.assertEqual(sealed_box.subject_keys(self.keys, "A17"), [])

    def test_only_an_admin_erases(self):
        self.start()
        stub = self.daemon.stub(token=self.daemon.new_token("shop", "ROLE_INGEST"))
        result = self.send(erasure("A17"), stub=stub)
        self.assertEqual(result.outcome, OUTCOME.Value("INVALID"))
        self.assertEqual(seal(self.stub, "A17").box, self.sale.sealed[0].box)

    def test_many_are_sealed_at_once_and_each_has_one_key(self):
        self.start()
        futures = [self.stub.SealText.future(service_pb2.SealTextRequest(
            subject=f"B{i % 8}", text=TEXT)) for i in range(64)]
        boxes = {}
        for i, future in enumerate(futures):
            boxes.setdefault(i % 8, set()).add(future.result().sealed.box)
        self.assertEqual([len(some) for some in boxes.values()], [1] * 8)
        for i in range(8):
            self.assertEqual(len(sealed_box.subject_keys(self.keys, f"B{i}")), 1)

    def command(self, *arguments, text=None, status=0):
        done = subprocess.run([COMMAND, *arguments, "--server", f"unix:{self.daemon.socket}"],
                              input=text, capture_output=True, check=False, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout.decode(), done.stderr.decode()

    def test_the_command_seals_opens_and_erases(self):
        position = self.start()
        out, _ = self.command("seal", "A17", text=TEXT + b"\n")
        sealed = json.loads(out)
        self.assertEqual(sealed["subject"], "A17")
        out, _ = self.command("unseal", "--position", str(position), "--reason", "test")
        self.assertEqual(out, f"A17: {TEXT.decode()}\n")
        out, _ = self.command("unseal", "--json", "-", "--reason", "test",
                              text=json.dumps(sealed).encode())
        self.assertEqual(out, f"A17: {TEXT.decode()}\n")
        again = ("erase", "A17", "--reason", "asked for", "--at", "2024-02-01T00:00:00Z")
        out, _ = self.command(*again)
        self.assertIn("subject A17 is erased by the record at position", out)
        out, _ = self.command("unseal", "--position", str(position), "--reason", "test")
        self.assertEqual(out, "A17: (erased)\n")
        out, _ = self.command(*again)
        self.assertIn("already", out)
        _, err = self.command("seal", "A17", text=TEXT, status=1)
        self.assertIn("erased", err)

    def test_the_command_says_what_is_wrong(self):
        self.start()
        self.assertIn("--reason", self.command("erase", "A17", status=2)[1])
        self.assertIn("--reason", self.command("unseal", "--position", "0", status=2)[1])
        self.assertIn("one of them", self.command("unseal", "--reason", "r", status=2)[1])
        self.assertIn("no number", self.command("unseal", "--position", "x", "--reason", "r",
                                                status=2)[1])
        self.assertIn("JSON", self.command("unseal", "--json", "-", "--reason", "r",
                                           text=b"{", status=2)[1])
        self.assertIn("longer", self.command("seal", "A17", text=b"x" * 5000, status=1)[1])
        self.assertIn("text", self.command("seal", "A17", text=b"", status=2)[1])

    def test_what_a_terminal_would_obey_is_not_printed(self):
        self.start()
        out, _ = self.command("seal", "A19", text=b"\x1b[2Jgone\x07")
        out, _ = self.command("unseal", "--json", "-", "--reason", "r", text=out.encode())
        self.assertEqual(out, "A19: ?[2Jgone?\n")


if __name__ == "__main__":
    unittest.main()
