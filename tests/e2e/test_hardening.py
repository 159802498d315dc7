"""What the daemon has given up: modes of its files, rights of its process, what is left
behind by a crash; and what it says to a supervisor."""

import contextlib
import os
import pwd
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

import grpc

from daybook_client import (BUILD, COMMAND, DAEMON, ROOT, SLOW, Daemon, Stub, append_request,
                            opening, service_pb2, until)

UNITS = os.path.join(ROOT, "daemon", "systemd")
IS_ROOT = os.geteuid() == 0


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def all_below(folder):
    yield folder
    for base, dirs, names in os.walk(folder):
        for name in dirs + names:
            yield os.path.join(base, name)


def status(stub):
    return stub.GetStatus(service_pb2.GetStatusRequest(), timeout=20)


def nobody_can_enter(folder):
    """NOBODY needs to reach what is his: mkdtemp() makes folders for the owner alone."""
    os.chmod(folder, 0o711)


class Files(unittest.TestCase):
    def setUp(self):
        before = os.umask(0)
        self.addCleanup(os.umask, before)

    def assert_private(self, folder):
        for path in all_below(folder):
            mode = os.lstat(path).st_mode
            self.assertEqual(stat.S_IMODE(mode) & 0o077, 0, f"{path}: {oct(mode)}")

    def test_no_file_is_anybody_elses(self):
        keys = tempfile.mkdtemp(prefix="daybook-e2e-keys-")
        self.addCleanup(shutil.rmtree, keys, True)
        with Daemon("--keys", os.path.join(keys, "keys"), "--save-every", "1") as daemon:
            stub = daemon.stub()
            stub.Append(append_request(opening()))
            stub.SealText(service_pb2.SealTextRequest(subject="A1", text=b"x"))
            stub.GetCheckpoint(service_pb2.GetCheckpointRequest(at_least_size=1))
            self.assert_private(daemon.data)
            self.assert_private(keys)
            self.assertEqual(daemon.stop(), 0)
            self.assert_private(daemon.data)
            self.assert_private(keys)

    def test_keys_that_others_may_read_are_refused(self):
        with Daemon() as daemon:
            daemon.stop()
            for name in (".", "master.key", "log.key", "subjects", "subjects/slots",
                         "access/data.mdb"):
                path = os.path.normpath(os.path.join(daemon.data, "keys", name))
                mode = stat.S_IMODE(os.stat(path).st_mode)
                os.chmod(path, mode | 0o040)
                done = subprocess.run(daemon.arguments(), capture_output=True, text=True,
                                      check=False, timeout=60)
                self.assertEqual(done.returncode, 1, name)
                self.assertIn(path, done.stderr)
                self.assertIn("chmod go-rwx", done.stderr)
                os.chmod(path, mode)
            daemon.start()

    def test_a_wrong_key_file_is_told_before_anything_is_opened(self):
        folder = tempfile.mkdtemp(prefix="daybook-e2e-key-")
        self.addCleanup(shutil.rmtree, folder, True)
        for name, text in (("right", "12" * 32), ("wrong", "13" * 32), ("none", "12")):
            with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                file.write(text + "\n")
            os.chmod(file.name, 0o600)
        with Daemon("--key-file", os.path.join(folder, "right")) as daemon:
            daemon.stop()
            for name, word in (("wrong", "not the key"), ("none", "holds no key")):
                arguments = [a.replace("/right", "/" + name) for a in daemon.arguments()]
                done = subprocess.run(arguments, capture_output=True, text=True, check=False,
                                      timeout=60)
                self.assertEqual(done.returncode, 1)
                self.assertIn(word, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            daemon.start()


class Unit(unittest.TestCase):
    def test_the_first_token_does_not_stay_in_the_journal(self):
        with open(os.path.join(UNITS, "daybookd.service"), encoding="ascii") as file:
            lines = file.read().splitlines()
        self.assertIn("StandardOutput=null", lines)
        self.assertIn("StandardError=journal", lines)


class Process(unittest.TestCase):
    def daemon(self, *options, **named):
        daemon = Daemon(*options, **named)
        self.addCleanup(daemon.close)
        return daemon

    def test_no_new_privileges_and_nothing_to_dump(self):
        daemon = self.daemon()
        pid = daemon.process.pid
        self.assertEqual(status_of(pid)["NoNewPrivs"], "1")
        self.assertEqual(resource.prlimit(pid, resource.RLIMIT_CORE), (0, 0))
        # The files in /proc of who cannot be dumped are root's.
        self.assertEqual(os.stat(f"/proc/{pid}/mem").st_uid, 0)

    def test_a_crash_leaves_no_core_file(self):
        daemon = self.daemon()
        daemon.process.send_signal(signal.SIGABRT)
        self.assertEqual(daemon.process.wait(60) & 0x7f != 0, True)
        status_word = daemon.process.returncode
        self.assertTrue(status_word == -signal.SIGABRT or SLOW, status_word)
        for path in all_below(daemon.data):
            self.assertNotIn("core", os.path.basename(path))
        daemon.process = None

    def test_core_files_are_allowed_if_asked_for(self):
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        daemon = self.daemon("--allow-core-files")
        self.assertEqual(resource.prlimit(daemon.process.pid, resource.RLIMIT_CORE)[1], hard)

    def test_secrets_are_in_neither_arguments_nor_environment_nor_words(self):
        daemon = self.daemon()
        stub = daemon.stub()
        secret = stub.CreateToken(service_pb2.CreateTokenRequest(
            name="shop", roles=["ROLE_INGEST"])).secret
        with open(os.path.join(daemon.data, "keys", "master.key"), "rb") as file:
            master = file.read().strip()
        for name in ("cmdline", "environ"):
            with open(f"/proc/{daemon.process.pid}/{name}", "rb") as file:
                text = file.read()
            for one in (secret.encode(), master, daemon.token.encode()):
                self.assertNotIn(one, text)
        for one in (secret, master.decode(), daemon.token):
            self.assertNotIn(one, daemon.diag())

    @unittest.skipUnless(IS_ROOT, "only root becomes somebody else")
    def test_another_user_has_no_rights_but_the_files(self):
        nobody = pwd.getpwnam("nobody")
        daemon = Daemon("--user", "nobody", start=False)
        self.addCleanup(daemon.close)
        daemon.start()
        pid = daemon.process.pid
        for task in os.listdir(f"/proc/{pid}/task"):
            fields = status_of(f"{pid}/task/{task}")
            self.assertEqual(set(fields["Uid"].split()), {str(nobody.pw_uid)})
            self.assertEqual(set(fields["Gid"].split()), {str(nobody.pw_gid)})
            self.assertEqual(fields["Groups"].split(), [])
            self.assertEqual(int(fields["CapEff"], 16), 0)
            self.assertEqual(int(fields["CapPrm"], 16), 0)
        stub = daemon.stub()
        stub.Append(append_request(opening()))
        stub.GetCheckpoint(service_pb2.GetCheckpointRequest(at_least_size=1))
        stub.SealText(service_pb2.SealTextRequest(subject="A1", text=b"x"))
        self.assertEqual(daemon.stop(), 0)
        for path in all_below(daemon.data):
            self.assertEqual(os.lstat(path).st_uid, nobody.pw_uid, path)
        daemon.start()
        self.assertGreater(status(daemon.stub()).size, 0)

    @unittest.skipUnless(IS_ROOT, "only root becomes somebody else")
    def test_what_is_not_roots_or_has_another_name_is_not_given_away(self):
        folder = tempfile.mkdtemp(prefix="daybook-e2e-given-")
        self.addCleanup(shutil.rmtree, folder, True)
        data = os.path.join(folder, "data")
        os.mkdir(data, 0o700)
        nobody_can_enter(folder)
        other = os.path.join(folder, "other")
        for path in (other, os.path.join(data, "daemons")):
            with open(path, "w", encoding="ascii"):
                pass
        os.link(other, os.path.join(data, "linked"))
        os.symlink(other, os.path.join(data, "pointed"))
        os.chown(os.path.join(data, "daemons"), 1, 1)
        daemon = Daemon("--user", "nobody", data=data)
        self.addCleanup(daemon.close)
        self.assertEqual(os.stat(other).st_uid, 0)
        self.assertEqual(os.stat(os.path.join(data, "daemons")).st_uid, 1)
        self.assertEqual(os.stat(os.path.join(data, "log")).st_uid,
                         pwd.getpwnam("nobody").pw_uid)

    def test_a_user_that_does_not_exist_is_told(self):
        data = tempfile.mkdtemp(prefix="daybook-e2e-")
        self.addCleanup(shutil.rmtree, data, True)
        done = subprocess.run([DAEMON, "--data", data, "--user", "no-such-user"],
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn('there is no user "no-such-user"', done.stderr)


class Supervisor:
    """A socket that is told what a daemon says of itself."""

    def __init__(self, test):
        self.folder = tempfile.mkdtemp(prefix="daybook-e2e-notify-")
        test.addCleanup(shutil.rmtree, self.folder, True)
        self.path = os.path.join(self.folder, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        test.addCleanup(self.socket.close)
        self.socket.bind(self.path)
        self.socket.settimeout(0.05)
        self.lines = []

    def has(self, start):
        with contextlib.suppress(TimeoutError):
            while True:
                self.lines += self.socket.recv(4096).decode().splitlines()
        return [line for line in self.lines if line.startswith(start)]

    def wait_for(self, start, process):
        """The lines that begin with START; who has ended, or says nothing, is heard out."""
        try:
            return until(lambda: self.has(start) or process.poll() is not None,
                         60 if SLOW else 20) and self.lines_of(start)
        except AssertionError:
            process.kill()
            raise AssertionError(f"no {start} among {self.lines}; {process.wait()}: "
                                 + process.stderr.read()) from None

    def lines_of(self, start):
        lines = self.has(start)
        assert lines, f"no {start} among {self.lines}"
        return lines


# What systemd does between fork and exec: sockets from 3 on, and who they are for.
LAUNCHER = """
import os, sys
count = int(sys.argv[1])
for target, fd in enumerate(map(int, sys.argv[2].split(",") if count else ()), 100):
    os.dup2(fd, target)
for i in range(count):
    os.dup2(100 + i, 3 + i, inheritable=True)
if count:
    os.environ["LISTEN_PID"], os.environ["LISTEN_FDS"] = str(os.getpid()), str(count)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Supervised(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="daybook-e2e-super-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.data = os.path.join(self.folder, "data")

    def launch(self, sockets, *options, **environment):
        fds = [one.fileno() for one in sockets]
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, str(len(fds)), ",".join(map(str, fds)), DAEMON,
             "--data", self.data, "--no-clock", *options], pass_fds=fds, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=dict(os.environ, **environment))
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()

    def listening(self, family, address):
        one = socket.socket(family, socket.SOCK_STREAM)
        self.addCleanup(one.close)
        one.bind(address)
        one.listen(16)
        return one

    def test_it_says_when_it_is_ready_alive_reloading_and_stopping(self):
        supervisor = Supervisor(self)
        process = self.launch([], NOTIFY_SOCKET=supervisor.path)
        supervisor.wait_for("READY=1", process)
        self.assertIn(f"unix:{self.data}/daybook.sock",
                      supervisor.wait_for("STATUS=", process)[0])
        supervisor.wait_for("WATCHDOG=1", process)
        self.assertEqual(supervisor.has("STOPPING=1"), [])
        process.terminate()
        supervisor.wait_for("STOPPING=1", process)
        self.assertEqual(process.wait(60), 0)

    def test_nothing_is_said_before_it_is_ready(self):
        supervisor = Supervisor(self)
        process = self.launch([], "--listen", "nonsense", NOTIFY_SOCKET=supervisor.path)
        self.assertEqual(process.wait(60), 1)
        self.assertEqual(supervisor.has(""), [])

    def test_sockets_that_were_handed_over_are_served_and_no_others(self):
        path = os.path.join(self.folder, "handed.sock")
        handed = self.listening(socket.AF_UNIX, path)
        tcp = self.listening(socket.AF_INET, ("127.0.0.1", 0))
        supervisor = Supervisor(self)
        process = self.launch([handed, tcp], NOTIFY_SOCKET=supervisor.path)
        port = tcp.getsockname()[1]
        where = supervisor.wait_for("STATUS=", process)[0]
        self.assertIn(f"unix:{path}", where)
        self.assertIn(f"127.0.0.1:{port}", where)
        self.assertFalse(os.path.exists(os.path.join(self.data, "daybook.sock")))
        with grpc.insecure_channel(f"unix:{path}") as channel:
            secret = Stub(channel).CreateToken(service_pb2.CreateTokenRequest(
                name="t", roles=["ROLE_READ"]), timeout=20).secret
            self.assertEqual(status(Stub(channel)).size, 0)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            reply = Stub(channel).GetStatus(service_pb2.GetStatusRequest(), timeout=20,
                                            metadata=(("authorization", f"Bearer {secret}"),))
            self.assertEqual(reply.size, 0)
        process.terminate()
        self.assertEqual(process.wait(60), 0)
        self.assertTrue(os.path.exists(path), "the socket is systemd's")

    def test_a_socket_for_other_machines_needs_a_certificate(self):
        tcp = self.listening(socket.AF_INET, ("0.0.0.0", 0))
        process = self.launch([tcp])
        self.assertEqual(process.wait(60), 1)
        self.assertIn("--tls-certificate", process.stderr.read())

    def test_what_does_not_listen_is_refused(self):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.addCleanup(one.close)
        process = self.launch([one])
        self.assertEqual(process.wait(60), 1)
        self.assertIn("no stream socket that listens", process.stderr.read())


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here")
class Units(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="daybook-e2e-units-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        for name in ("daybookd.service", "daybookd.socket"):
            with open(os.path.join(UNITS, name), encoding="utf-8") as file:
                text = file.read()
            text = text.replace("@PREFIX@/bin/daybookd", DAEMON)
            # No man page and no user are installed here.
            text = re.sub("(?m)^Documentation=.*$", "", text)
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(text)

    def analyze(self, *arguments):
        return subprocess.run(["systemd-analyze", "--no-pager", *arguments],
                              capture_output=True, text=True, check=False, timeout=60)

    def test_the_units_are_well_formed(self):
        done = self.analyze("verify", *(os.path.join(self.folder, name)
                                        for name in os.listdir(self.folder)))
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 0)

    def test_the_service_is_as_shut_as_it_was(self):
        done = self.analyze("security", "--offline=true", "--threshold=12",
                            os.path.join(self.folder, "daybookd.service"))
        self.assertEqual(done.returncode, 0, done.stdout)

    @unittest.skipUnless(shutil.which("strace") and not SLOW, "strace is not here")
    def test_every_system_call_is_one_that_the_unit_allows(self):
        trace = os.path.join(self.folder, "trace")
        data = os.path.join(self.folder, "data")
        daemon = subprocess.Popen(["strace", "-f", "-o", trace, DAEMON, "--data", data],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            until(lambda: "ready on" in daemon.stderr.readline())
            subprocess.run([COMMAND, "--data", data, "seal", "A1"], input=b"text", check=True,
                           capture_output=True, timeout=20)
            time.sleep(0.5)
        finally:
            child = subprocess.run(["pgrep", "-P", str(daemon.pid)], capture_output=True,
                                   text=True, check=False).stdout.split()
            for pid in child:
                os.kill(int(pid), signal.SIGTERM)
            daemon.wait(20)
            daemon.stderr.close()
        allowed = (self.calls("@system-service") - self.calls("@privileged")
                   - self.calls("@resources") - self.calls("@keyring"))
        with open(trace, encoding="utf-8", errors="replace") as file:
            used = set(re.findall(r"(?m)^\d+ +([a-z_0-9]+)\(", file.read()))
        self.assertGreater(len(used), 20)
        self.assertEqual(used - allowed, set())

    def calls(self, name):
        found = set()
        for line in self.analyze("syscall-filter", name).stdout.splitlines()[1:]:
            word = line.strip()
            if word.startswith("@"):
                found |= self.calls(word)
            elif word and not word.startswith("#"):
                found.add(word)
        return found


if __name__ == "__main__":
    unittest.main()
