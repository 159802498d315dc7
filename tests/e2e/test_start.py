"""How a daemon starts, or says why it does not: one clear line and the right status."""

import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time
import unittest

from daybook_client import (DAEMON, READY_S, Daemon, append_request, digest_of, free_port,
                            opened, sale, service_pb2)

FAILED, USAGE = 1, 2


class Start(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="daybook-e2e-start-")
        self.addCleanup(shutil.rmtree, self.dir, True)
        self.data = os.path.join(self.dir, "data")

    def daemon(self, *options, **named):
        daemon = Daemon(*options, **named)
        self.addCleanup(daemon.close)
        return daemon

    def run_it(self, *arguments, **named):
        return subprocess.run([DAEMON, *arguments], capture_output=True, text=True,
                              timeout=READY_S, check=False, **named)

    def fails(self, status, words, *arguments, **named):
        done = self.run_it(*arguments, **named)
        self.assertEqual(done.returncode, status, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        return done

    def test_help_and_version_go_to_stdout(self):
        for option, word in (("--help", "usage: daybookd"), ("--version", "daybookd 0.")):
            done = self.run_it(option)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(word, done.stdout)

    def test_wrong_usage_names_the_option_and_ends_with_2(self):
        for arguments, words in (
                ((), ["--data"]),
                (("--data",), ["--data"]),
                (("--data", self.data, "more"), ["more"]),
                (("--data", self.data, "--nothing"), ["--nothing"]),
                (("--data", self.data, "--readers", "0"), ["readers", '"0"']),
                (("--data", self.data, "--readers", "many"), ["readers", "many"]),
                (("--data", self.data, "--readers", "17"), ["readers", "17"]),
                (("--data", self.data, "--max-log-bytes", "5"), ["max-log-bytes", '"5"']),
                (("--data", self.data, "--max-log-bytes", "9Q"), ["9Q"]),
                (("--data", self.data, "--save-every", "-1"), ["save-every", "-1"]),
                (("--data", self.data, "--no-clock=yes"), ["--no-clock=yes"]),
                (("--data", self.data, "--config", "/nothing"), ["/nothing"])):
            self.fails(USAGE, words, *arguments)
        self.assertFalse(os.path.exists(self.data))

    def test_a_configuration_file_is_read_and_its_mistakes_have_a_line(self):
        config = os.path.join(self.dir, "conf")
        for text, words in (("# fine\n\nreaders = x\n", [":3", "readers", "x"]),
                            ("nonsense\n", [":1", "nonsense"]),
                            ("colour = red\n", [":1", "colour"]),
                            ("no-clock = perhaps\n", [":1", "no-clock", "perhaps"])):
            with open(config, "w", encoding="ascii") as file:
                file.write(text)
            self.fails(USAGE, words, "--data", self.data, "--config", config)
        port = free_port()
        with open(config, "w", encoding="ascii") as file:
            file.write(f"listen = 127.0.0.1:{port}  # here\nreaders = 1\n"
                       "no-clock = no\n")
        self.daemon("--config", config)
        socket.create_connection(("127.0.0.1", port)).close()

    def test_addresses_that_cannot_be_listened_at(self):
        long = "unix:" + os.path.join(self.dir, "x" * 120)
        for address, words in (
                ("nonsense", ["nonsense"]), ("127.0.0.1", ["127.0.0.1"]),
                ("127.0.0.1:99999", ["99999"]), ("example.org:80", ["example.org"]),
                ("0.0.0.0:7400", ["0.0.0.0", "loopback"]),
                ("[::]:7400", ["[::]", "loopback"]),
                (long, ["x" * 120, "longer"]),
                ("unix:/nothing/at/all", ["/nothing/at/all"])):
            self.fails(FAILED, words, "--data", self.data, "--listen", address)

    def test_a_port_that_is_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.fails(FAILED, [str(port), "in use"], "--data", self.data, "--listen",
                       f"127.0.0.1:{port}")

    def test_a_port_of_the_systems_choice_is_told(self):
        diag = os.path.join(self.dir, "diag")
        with open(diag, "wb") as file:
            process = subprocess.Popen([DAEMON, "--data", self.data, "--listen",
                                        "127.0.0.1:0"], stderr=file)
        end = time.monotonic() + READY_S
        text = ""
        while "ready on" not in text and time.monotonic() < end:
            with open(diag, encoding="utf-8") as file:
                text = file.read()
            time.sleep(0.01)
        try:
            port = int(text.rsplit(":", 1)[1])
            self.assertGreater(port, 0)
            socket.create_connection(("127.0.0.1", port)).close()
        finally:
            process.terminate()
            process.wait()

    def test_a_signal_right_behind_the_word_ready_stops_in_order(self):
        for _ in range(20):
            daemon = self.daemon()
            self.assertEqual(daemon.stop(), 0, daemon.diag())
            daemon.close()

    def test_a_second_daemon_on_the_directory_is_turned_away(self):
        daemon = self.daemon()
        stub, _ = opened(daemon)
        self.fails(FAILED, [daemon.data, str(daemon.process.pid)], "--data", daemon.data,
                   "--listen", f"127.0.0.1:{free_port()}")
        self.assertTrue(stub.Append(append_request([sale(1)])).results)
        daemon.kill()
        daemon.start()

    def test_a_stale_socket_is_taken_over_and_a_living_one_is_not(self):
        daemon = self.daemon()
        daemon.kill()
        self.assertTrue(stat.S_ISSOCK(os.stat(daemon.socket).st_mode))
        daemon.start()
        digest_of(daemon.stub(unix=True))
        self.fails(FAILED, [daemon.socket, "answers"], "--data", self.data, "--listen",
                   f"unix:{daemon.socket}")
        digest_of(daemon.stub(unix=True))
        file = os.path.join(self.dir, "file")
        with open(file, "w", encoding="ascii") as out:
            out.write("precious")
        self.fails(FAILED, [file, "not a socket"], "--data", self.data, "--listen",
                   f"unix:{file}")
        self.assertEqual(os.path.getsize(file), 8)

    def test_the_socket_and_the_directory_are_for_their_owner(self):
        daemon = self.daemon(data=self.data)
        self.assertEqual(stat.S_IMODE(os.stat(daemon.socket).st_mode) & 0o077, 0)
        self.assertEqual(stat.S_IMODE(os.stat(self.data).st_mode) & 0o077, 0)

    def test_directories_that_cannot_be_used(self):
        file = os.path.join(self.dir, "file")
        with open(file, "w", encoding="ascii"):
            pass
        self.fails(FAILED, [file], "--data", file)
        self.fails(FAILED, ["/nothing/at/all"], "--data", "/nothing/at/all")
        self.fails(FAILED, ["/proc/daybook"], "--data", "/proc/daybook")

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "no setpriv")
    def test_a_directory_without_the_right_to_write(self):
        os.mkdir(self.data, 0o555)
        os.chmod(self.dir, 0o755)
        command = [DAEMON, "--data", self.data]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                       *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=READY_S,
                              check=False)
        self.assertEqual(done.returncode, FAILED, done.stderr)
        self.assertIn(self.data, done.stderr)
        self.assertIn("denied", done.stderr)

    def stopped(self):
        daemon = self.daemon("--save-every", "50")
        stub, _ = opened(daemon)
        stub.Append(append_request([sale(i) for i in range(100)], "s", 1))
        digest = digest_of(stub)
        daemon.close_channels()
        self.assertEqual(daemon.stop(), 0)
        return daemon, digest

    def patch_format(self, path, name):
        with open(path, "rb") as file:
            data = file.read()
        old = b"format\x01\0\0\0" + name
        self.assertIn(old, data)
        with open(path, "wb") as file:
            file.write(data.replace(old, b"format\x63\0\0\0" + name))

    def test_a_log_of_a_newer_version_is_left_alone(self):
        daemon, _ = self.stopped()
        path = os.path.join(daemon.data, "log", "data.mdb")
        self.patch_format(path, b"log")
        with open(path, "rb") as file:
            before = file.read()
        self.fails(FAILED, ["99"], "--data", daemon.data)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_views_and_books_of_a_newer_version_are_made_anew(self):
        daemon, digest = self.stopped()
        for root, _, names in os.walk(daemon.data):
            for name in names:
                path = os.path.join(root, name)
                if name == "data.mdb" and "/log" not in root:
                    for kind in (b"daybook ledger view", b"books", b"daybook books",
                                 b"saved books"):
                        with open(path, "rb") as file:
                            if b"format\x01\0\0\0" + kind in file.read():
                                self.patch_format(path, kind)
        daemon.start()
        self.assertEqual(digest_of(daemon.stub()), digest)
        daemon.stub().GetTrialBalance(service_pb2.GetTrialBalanceRequest(
            at_least_size=digest[0]), timeout=10)

    def test_garbage_in_the_directory_is_passed_over(self):
        daemon, digest = self.stopped()
        for name in ("lost+found", "views/old", "books/x"):
            os.makedirs(os.path.join(daemon.data, name))
        for name in ("core", "notes.txt", "log/note", "views/note"):
            with open(os.path.join(daemon.data, name), "wb") as file:
                file.write(b"\0\xff" * 999)
        daemon.start()
        self.assertEqual(digest_of(daemon.stub()), digest)

    def test_a_log_that_is_damaged_is_named_and_left_alone(self):
        for damage in ("cut", "empty", "noise"):
            daemon, _ = self.stopped()
            path = os.path.join(daemon.data, "log", "data.mdb")
            size = os.path.getsize(path)
            with open(path, "r+b") as file:
                if damage == "noise":
                    file.write(os.urandom(size))
                else:
                    file.truncate(0 if damage == "empty" else size // 3)
            done = self.run_it("--data", daemon.data)
            self.assertEqual(done.returncode, FAILED, (damage, done.stderr))
            self.assertIn("log", done.stderr)

    def test_damaged_views_and_books_are_made_anew(self):
        for part in ("views/ledger", "books"):
            for damage in ("cut", "empty", "noise", "part"):
                daemon, digest = self.stopped()
                for root, _, names in os.walk(os.path.join(daemon.data, part)):
                    for name in names:
                        path = os.path.join(root, name)
                        size = os.path.getsize(path)
                        if size < 4096:
                            continue
                        with open(path, "r+b") as file:
                            if damage == "part":
                                file.seek(size // 2)
                                file.write(os.urandom(min(4096, size // 4)))
                            elif damage == "noise":
                                file.write(os.urandom(size))
                            else:
                                file.truncate(0 if damage == "empty" else size // 3)
                try:
                    daemon.start()
                except AssertionError as error:
                    self.fail(f"{part} {damage}: {error}")
                stub = daemon.stub()
                self.assertEqual(digest_of(stub), digest, (part, damage))
                if damage != "part":
                    balance = stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(
                        at_least_size=digest[0]), timeout=10)
                    self.assertEqual(balance.lines[0].debits, 100_000)
                daemon.close()


if __name__ == "__main__":
    unittest.main()
