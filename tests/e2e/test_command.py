"""The command: what a script relies on. Its author tests more."""

import json
import os
import subprocess
import tempfile
import unittest

from google.protobuf import json_format

from daybook_client import (COMMAND, DAY, Daemon, digest_of, opened, opening, sale,
                            service_pb2)


def line(event):
    return json_format.MessageToJson(event, indent=None) + "\n"


def json_values(text):
    """The values that TEXT is made of, in lines or not."""
    values, decoder = [], json.JSONDecoder()
    while text.strip():
        value, end = decoder.raw_decode(text.lstrip())
        values.append(value)
        text = text.lstrip()[end:]
    return values


@unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
class Command(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)

    def run_it(self, *arguments, status=0, text=None, server=None):
        done = subprocess.run([COMMAND, "--server", server or self.daemon.address,
                               *arguments], input=text, capture_output=True, text=True,
                              timeout=30, check=False, env=self.daemon.environment())
        self.assertEqual(done.returncode, status, (arguments, done.stdout, done.stderr))
        return done.stdout

    def size(self):
        return digest_of(self.daemon.stub())[0]

    def test_append_from_a_file_and_from_standard_input(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("".join(line(event) for event in opening()))
            file.flush()
            self.run_it("append", file.name)
        self.assertEqual(self.size(), len(opening()))
        self.run_it("append", "-", text=line(sale(1)) + "\n" + line(sale(2)))
        self.assertEqual(self.size(), len(opening()) + 2)

    def test_exit_status_tells_refused_from_invalid(self):
        opened(self.daemon)
        self.run_it("append", "-", text=line(sale(1)))
        self.run_it("append", "-", text=line(sale(1)))  # a duplicate is no failure
        self.run_it("append", "-", text=line(sale(2, paid=1)), status=3)
        self.run_it("append", "-", text=line(sale(3, qty=-1)), status=4)
        self.run_it("append", "-", status=4, text=line(sale(4, qty=-1)) +
                    line(sale(5, paid=1)))

    def test_a_dry_run_writes_nothing(self):
        _, size = opened(self.daemon)
        self.run_it("append", "--dry-run", "-", text=line(sale(1)))
        self.run_it("append", "--dry-run", "-", text=line(sale(1, paid=3)), status=3)
        self.assertEqual(self.size(), size)

    def test_verbs_print_tables_csv_and_json(self):
        opened(self.daemon)
        self.run_it("append", "-", text="".join(line(sale(i, at=i + DAY))
                                                for i in range(5)))
        for verb in (("status",), ("trial-balance",), ("balances",), ("stock",),
                     ("statement", "1020", "pay"), ("agent", "a1"), ("order", "o1"),
                     ("log",), ("digest",)):
            for format_ in ("table", "csv", "json"):
                out = self.run_it(*verb, "--format", format_)
                self.assertTrue(out.strip(), verb)
                if format_ == "json":
                    json_values(out)
        digest = self.daemon.stub().GetDigest(service_pb2.GetDigestRequest())
        self.assertIn(digest.digest.hex(), self.run_it("digest"))

    def test_unix_sockets_and_daemons_that_are_not_there(self):
        opened(self.daemon)
        self.run_it("status", server=f"unix:{self.daemon.socket}")
        done = subprocess.run([COMMAND, "--server", "127.0.0.1:1", "status"],
                              capture_output=True, text=True, timeout=30, check=False)
        self.assertNotIn(done.returncode, (0, 3, 4))
        self.assertIn("127.0.0.1:1", done.stderr)


if __name__ == "__main__":
    unittest.main()
