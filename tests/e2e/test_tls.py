"""TLS: who is let in with which certificate, what others hear, and who takes too long."""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
import unittest

import grpc

import raw_http2 as h2
from daybook_client import (COMMAND, DAEMON, NO_LIMITS, ROOT, Daemon, Stub, append_request,
                            failure_of, free_port, opened, read_log, record_pb2, sale,
                            service_pb2, until, with_token)
from raw_http2 import Raw, bearer, frame, message, request_headers

APPEND = "/daybook.v1.Daybook/Append"
APPEND_STREAM = "/daybook.v1.Daybook/AppendStream"
STATUS = service_pb2.GetStatusRequest()
ACCEPTED = record_pb2.ACCEPTED

# Limits of limits.h.
HELLO_S = 10
HANDSHAKES = 512
OF_ONE_ADDRESS = 256

FILES = tempfile.mkdtemp(prefix="daybook-e2e-tls-")


def setUpModule():
    subprocess.run([os.path.join(ROOT, "tests", "lib", "certificates.sh"), FILES], check=True)


def tearDownModule():
    shutil.rmtree(FILES)


def path(name):
    return os.path.join(FILES, name)


def pair(name):
    return path(name + ".pem"), path(name + ".key")


class TlsDaemon(Daemon):
    """Listens for TLS, too; its certificate is a copy that tests may replace."""

    def __init__(self, *options, certificate="server", host="127.0.0.1", **more):
        self.files = tempfile.mkdtemp(prefix="daybook-e2e-tls-")
        self.tls_port = free_port()
        self.use(certificate)
        super().__init__("--listen", f"tls:{host}:{self.tls_port}", "--tls-certificate",
                         self.file("pem"), "--tls-key", self.file("key"), *options, **more)

    def file(self, kind):
        return os.path.join(self.files, "daemon." + kind)

    def use(self, name):
        for kind in ("pem", "key"):
            shutil.copy(path(f"{name}.{kind}"), self.file(kind) + ".new")
            os.rename(self.file(kind) + ".new", self.file(kind))

    @property
    def tls_address(self):
        return f"tls:localhost:{self.tls_port}"

    def tls_stub(self, token=None, client=None):
        shown = (read(client + ".key"), read(client + ".pem")) if client else (None, None)
        channel = grpc.secure_channel(
            f"localhost:{self.tls_port}",
            grpc.ssl_channel_credentials(read("ca.pem"), *shown), NO_LIMITS)
        self.channels.append(channel)
        token = self.token if token is None else token
        return Stub(with_token(channel, token) if token else channel)

    def close(self):
        super().close()
        shutil.rmtree(self.files, ignore_errors=True)


def context(ca="ca", client=None, protocols=("h2",), newest=ssl.TLSVersion.TLSv1_3):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(path(ca + ".pem"))
    if client:
        made.load_cert_chain(*pair(client))
    if protocols:
        made.set_alpn_protocols(list(protocols))
    made.maximum_version = newest
    return made


class RawTls(Raw):
    """Frames by hand through TLS."""

    def __init__(self, daemon, speak=True, **more):
        plain = socket.create_connection(("127.0.0.1", daemon.tls_port))
        plain.settimeout(10)
        self.headers = (bearer(daemon),)
        self.socket = context(**more).wrap_socket(plain, server_hostname="localhost")
        self.bytes = b""
        if speak:
            self.send(h2.PREFACE + frame(h2.SETTINGS, 0, 0))


def read(name):
    with open(path(name), "rb") as file:
        return file.read()


def run(*arguments, env=None, timeout=30):
    clean = {key: value for key, value in os.environ.items()
             if not key.startswith("DAYBOOK_")}
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True,
                          timeout=timeout, check=False, env={**clean, **(env or {})})


class OneDaemon(unittest.TestCase):
    """A daemon that takes certificates of clients, and does not want them."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = TlsDaemon("--client-ca", path("ca.pem"), "--client-crl",
                               path("crl.pem"))
        cls.stub, cls.size = opened(cls.daemon)
        cls.number = 0

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()

    def tearDown(self):
        """Whatever a test did: who comes in well is served."""
        self.assertTrue(self.daemon.is_alive(), self.daemon.diag())
        self.assertEqual(self.append(self.daemon.tls_stub()), ACCEPTED)

    def append(self, stub):
        type(self).number += 1
        reply = stub.Append(append_request([sale(self.number)]), timeout=10)
        return reply.results[0].outcome

    def ask(self, *more, token=True, **named):
        env = {"DAYBOOK_TOKEN": self.daemon.token} if token else {}
        return run("--server", self.daemon.tls_address, *more, "status",
                   env={**env, **named})


class Command(OneDaemon):
    def refused(self, done, words):
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(words, done.stderr)
        self.assertEqual(done.stdout, "")

    def test_it_is_told_whom_to_trust(self):
        for done in (self.ask("--ca", path("ca.pem")),
                     self.ask(DAYBOOK_CA=path("ca.pem")),
                     self.ask("--ca", path("ca.pem"), "--crl", path("crl.pem"))):
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_by_address(self):
        address = f"tls:127.0.0.1:{self.daemon.tls_port}"
        done = run("--server", address, "--ca", path("ca.pem"), "status",
                   env={"DAYBOOK_TOKEN": self.daemon.token})
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_tokens_of_files(self):
        name = path("token")
        with open(name, "w", encoding="ascii") as file:
            file.write(self.daemon.token + "\n")
        os.chmod(name, 0o600)
        trusted = ("--ca", path("ca.pem"))
        for done in (self.ask(*trusted, "--token-file", name, token=False),
                     self.ask(*trusted, token=False, DAYBOOK_TOKEN_FILE=name)):
            self.assertEqual(done.returncode, 0, done.stderr)
        self.refused(self.ask(*trusted, token=False), "TOKEN_MISSING")
        os.chmod(name, 0o644)
        self.refused(self.ask(*trusted, "--token-file", name, token=False),
                     "everybody on this machine may read")
        self.refused(self.ask(*trusted, "--token-file", path("none")), "No such file")

    def test_nobody_is_trusted_unasked(self):
        self.refused(self.ask(), "not from a CA that is trusted here")
        self.refused(self.ask("--ca", path("other-ca.pem")),
                     "not from a CA that is trusted here")
        self.refused(self.ask("--ca", path("none.pem")), "none.pem: No such file")
        self.refused(self.ask("--ca", path("ca.key")), "ca.key: ")

    def test_lists_of_others_and_of_the_past(self):
        for crl, words in (("other-crl", "not of the certificate's CA"),
                           ("old-crl", "CRL has expired")):
            self.refused(self.ask("--ca", path("ca.pem"), "--crl", path(crl + ".pem")), words)

    def test_cleartext_to_the_door_of_tls(self):
        done = run("--server", f"127.0.0.1:{self.daemon.tls_port}", "status")
        self.refused(done, "does it want tls:HOST:PORT?")

    def test_tls_to_the_door_of_cleartext(self):
        done = run("--server", f"tls:{self.daemon.address}", "--ca", path("ca.pem"), "status")
        self.refused(done, "does not speak TLS")

    def test_certificates_that_it_shows(self):
        trusted = ("--ca", path("ca.pem"))
        for name, words in (("client-gone", "our certificate is revoked"),
                            ("stranger", "our certificate is not from a CA"),
                            ("self", "our certificate is not from a CA")):
            certificate, key = pair(name)
            self.refused(self.ask(*trusted, "--certificate", certificate,
                                  "--certificate-key", key), words)
        certificate, key = pair("client-old")
        self.refused(self.ask(*trusted, "--certificate", certificate, "--certificate-key",
                              key), "client-old.pem: the certificate has expired")
        self.refused(self.ask(*trusted, "--certificate", path("client.pem")), "go together")
        certificate, key = pair("client")
        done = self.ask(*trusted, "--certificate", certificate, "--certificate-key", key)
        self.assertEqual(done.returncode, 0, done.stderr)


class OtherServers(unittest.TestCase):
    def serve(self, name, *options):
        """openssl's own server with certificate NAME; its port."""
        port = free_port()
        certificate, key = pair(name)
        server = subprocess.Popen(
            ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", certificate,
             "-key", key, "-quiet", *options], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def stop():
            server.kill()
            server.stdin.close()
            server.wait()
        self.addCleanup(stop)

        def answers():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                return True
        until(answers)
        return port

    def refused(self, words, name, *options, crl=()):
        done = run("--server", f"tls:localhost:{self.serve(name, *options)}", "--ca",
                   path("ca.pem"), *crl, "status")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(words, done.stderr)

    def test_the_command_refuses_them(self):
        alpn = ("-alpn", "h2")
        self.refused("the certificate is of other.example, 192.0.2.1, not localhost", "other",
                     *alpn)
        self.refused("certificate has expired", "expired", *alpn)
        self.refused("certificate is not yet valid", "early", *alpn)
        self.refused("not from a CA that is trusted here", "stranger", *alpn)
        self.refused("self-signed", "self", *alpn)
        self.refused("the certificate is revoked", "revoked", *alpn,
                     crl=("--crl", path("crl.pem")))
        self.refused("does not speak HTTP/2 (ALPN)", "server")
        self.refused("it does not speak TLS 1.3", "server", "-tls1_2", *alpn)


class Doors(unittest.TestCase):
    def start(self, *options):
        with tempfile.TemporaryDirectory(prefix="daybook-e2e-") as data:
            done = subprocess.run([DAEMON, "--data", data, "--no-clock", *options],
                                  capture_output=True, text=True, timeout=20, check=False)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_cleartext_stays_on_this_machine(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.7:7400"):
            said = self.start("--listen", address)
            self.assertIn(f"{address} is not a loopback address", said)
            self.assertIn("--tls-certificate", said)
        self.assertIn("TLS needs --tls-certificate", self.start("--listen", "tls:127.0.0.1:0"))
        for bad in ("tls:", "tls:x", "tls:unix:/x", "tls:example.com:1"):
            self.assertIn("numeric host", self.start("--listen", bad, "--tls-certificate",
                                                     *self.options("server")))

    def options(self, name):
        certificate, key = pair(name)
        return certificate, "--tls-key", key

    def test_certificates_that_cannot_be_used(self):
        for name, words in (("expired", "expired.pem: the certificate has expired"),
                            ("early", "early.pem: the certificate is not yet valid"),
                            ("none", "none.pem: No such file")):
            self.assertIn(words, self.start("--listen", "tls:127.0.0.1:0",
                                            "--tls-certificate", *self.options(name)))
        self.assertIn("is the key of another certificate", self.start(
            "--listen", "tls:127.0.0.1:0", "--tls-certificate", path("server.pem"),
            "--tls-key", path("client.key")))
        shutil.copy(path("server.key"), path("open.key"))
        os.chmod(path("open.key"), 0o644)
        self.assertIn("everybody on this machine may read", self.start(
            "--listen", "tls:127.0.0.1:0", "--tls-certificate", path("server.pem"),
            "--tls-key", path("open.key")))


class Handshakes(OneDaemon):
    def refused(self, *reasons, **how):
        with self.assertRaises((ssl.SSLError, ConnectionError)) as caught:
            with RawTls(self.daemon, **how) as raw:
                # A server that refuses a client's certificate says so after its hello.
                raw.socket.recv(100)
                raise ConnectionError("it was let in")
        self.assertTrue(any(reason in str(caught.exception) for reason in reasons),
                        caught.exception)

    def test_no_version_before_1_3(self):
        self.refused("protocol version", newest=ssl.TLSVersion.TLSv1_2)

    def test_no_other_protocol(self):
        for protocols in ((), ("http/1.1",), ("h2c", "h3")):
            self.refused("no application protocol", protocols=protocols)

    def test_strangers(self):
        self.refused("unknown ca", client="stranger")
        self.refused("unknown ca", client="self")
        self.refused("certificate revoked", client="client-gone")
        self.refused("certificate expired", client="client-old")
        # One of a server's is none of a client's.
        self.refused("unsupported certificate", client="server")

    def test_openssl_comes_in(self):
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.daemon.tls_port}", "-alpn",
             "h2", "-CAfile", path("ca.pem"), "-verify_return_error", "-verify_hostname",
             "localhost"], input="", capture_output=True, text=True, errors="replace",
            timeout=20, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("ALPN protocol: h2", done.stdout)
        self.assertIn("TLSv1.3", done.stdout)
        self.assertNotIn("Post-Handshake New Session Ticket", done.stdout)

    def test_cleartext_hears_nothing_of_the_book(self):
        for data in (h2.PREFACE + frame(h2.SETTINGS, 0, 0), b"GET / HTTP/1.1\r\n\r\n",
                     b"\0" * 5000, os.urandom(100_000), b"\x16\x03\x01\xff\xff" + b"x" * 99):
            with socket.create_connection(("127.0.0.1", self.daemon.tls_port)) as plain:
                plain.settimeout(5)
                got = b""
                with contextlib.suppress(ConnectionError):
                    plain.sendall(data)
                    while chunk := plain.recv(4096):
                        got += chunk
                # At most an alert.
                self.assertLessEqual(len(got), 7, got)

    def hello(self):
        """The bytes of a good first flight."""
        come, go = ssl.MemoryBIO(), ssl.MemoryBIO()
        shaking = context().wrap_bio(come, go, server_hostname="localhost")
        with self.assertRaises(ssl.SSLWantReadError):
            shaking.do_handshake()
        return go.read()

    def test_cut_handshakes(self):
        hello = self.hello()
        for size in (*range(0, len(hello), 37), len(hello) - 1, len(hello)):
            for reset in (False, True):
                plain = socket.create_connection(("127.0.0.1", self.daemon.tls_port))
                plain.sendall(hello[:size])
                if reset:
                    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                     struct.pack("ii", 1, 0))
                plain.close()
        # And byte by byte it works.
        come, go = ssl.MemoryBIO(), ssl.MemoryBIO()
        shaking = context().wrap_bio(come, go, server_hostname="localhost")
        with socket.create_connection(("127.0.0.1", self.daemon.tls_port)) as plain:
            plain.settimeout(10)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                try:
                    shaking.do_handshake()
                    done = True
                except ssl.SSLWantReadError:
                    done = False
                for byte in go.read():
                    plain.sendall(bytes([byte]))
                if done:
                    break
                come.write(plain.recv(7))
        self.assertEqual(shaking.selected_alpn_protocol(), "h2")

    def test_more_handshakes_than_there_is_room_for(self):
        waiting = []
        self.addCleanup(lambda: [plain.close() for plain in waiting])
        for _ in range(HANDSHAKES + 50):
            waiting.append(socket.create_connection(("127.0.0.1", self.daemon.tls_port)))
        # A good client comes in, and the oldest are gone.
        self.assertEqual(self.append(self.daemon.tls_stub()), ACCEPTED)
        for plain in waiting[:10]:
            plain.settimeout(5)
            with contextlib.suppress(ConnectionError):
                self.assertEqual(plain.recv(1), b"")
        waiting[-1].setblocking(False)
        with self.assertRaises(BlockingIOError):
            waiting[-1].recv(1)
        until(lambda: "more were not let in" in self.daemon.diag())


class Calls(OneDaemon):
    def test_a_client_with_a_token(self):
        stub = self.daemon.tls_stub()
        self.assertEqual(self.append(stub), ACCEPTED)
        self.assertEqual(failure_of(self.daemon.tls_stub(token="").GetStatus, STATUS).reason,
                         "TOKEN_MISSING")

    def test_a_client_with_a_certificate(self):
        admin = self.daemon.stub(unix=True)
        der = ssl.PEM_cert_to_DER_cert(read("client.pem").decode())
        admin.CreateToken(service_pb2.CreateTokenRequest(
            name="till", roles=["ROLE_INGEST"],
            certificate_sha256=hashlib.sha256(der).digest()))
        shown = self.daemon.tls_stub(token="", client="client")
        self.assertEqual(shown.GetCaller(service_pb2.GetCallerRequest()).name, "till")
        self.assertEqual(self.append(shown), ACCEPTED)
        self.assertEqual(failure_of(shown.GetDigest, service_pb2.GetDigestRequest()).reason,
                         "ROLE")
        other = self.daemon.tls_stub(token="", client="client-2")
        self.assertNotEqual(failure_of(other.GetStatus, STATUS).reason, None)
        # A token that is shown counts more than the certificate.
        both = self.daemon.tls_stub(client="client")
        self.assertNotEqual(both.GetCaller(service_pb2.GetCallerRequest()).name, "till")

    def test_large_batches_and_the_whole_log(self):
        stub = self.daemon.tls_stub()
        events = [sale(100_000 + i) for i in range(5000)]
        reply = stub.Append(append_request(events), timeout=60)
        self.assertEqual({result.outcome for result in reply.results}, {ACCEPTED})
        through = [logged.SerializeToString() for logged in read_log(stub)]
        self.assertEqual(through, [logged.SerializeToString()
                                   for logged in read_log(self.stub)])

    def test_who_does_not_read_holds_up_nobody(self):
        stub = self.daemon.tls_stub()
        stub.Append(append_request([sale(200_000 + i) for i in range(3000)]), timeout=60)
        with RawTls(self.daemon) as raw:
            request = service_pb2.SubscribeRequest().SerializeToString()
            for stream in range(1, 40, 2):
                raw.call("/daybook.v1.Daybook/Subscribe", message(request), stream)
            for _ in range(20):
                self.assertEqual(self.append(stub), ACCEPTED)

    def test_floods(self):
        for flood in (frame(h2.PING, 0, 0, b"12345678"), frame(h2.SETTINGS, 0, 0)):
            with RawTls(self.daemon) as raw:
                for _ in range(200):
                    if not raw.send(flood * 50):
                        break
                raw.wait_for(h2.GOAWAY)
        with RawTls(self.daemon) as raw:
            headers = request_headers(APPEND, *raw.headers)
            for stream in range(1, 20_000, 2):
                if not raw.send(frame(h2.HEADERS, h2.END_HEADERS, stream, headers) +
                                frame(h2.RST_STREAM, 0, stream, b"\0\0\0\x08")):
                    break
            with contextlib.suppress(ssl.SSLError):
                raw.wait_for(h2.GOAWAY)

    def test_a_vanishing_client(self):
        whole = message(append_request([sale(300_000)]).SerializeToString())
        for share in (1, 9, len(whole) - 1):
            raw = RawTls(self.daemon)
            raw.send(frame(h2.HEADERS, h2.END_HEADERS, 1,
                           request_headers(APPEND_STREAM, *raw.headers)) +
                     frame(h2.DATA, 0, 1, whole)[:9 + share])
            raw.close(reset=share == 9)
        self.assertEqual([logged for logged in read_log(self.stub)
                          if logged.event.sale_recorded.order == "o300000"], [])


class TakingTime(OneDaemon):
    """Everybody waits at once, so that all of it takes one limit of time."""

    def test_who_does_not_say_hello_has_to_go(self):
        tls = ("127.0.0.1", self.daemon.tls_port)
        plain = ("127.0.0.1", self.daemon.port)
        silent, half = socket.create_connection(tls), socket.create_connection(tls)
        half.sendall(b"\x16\x03\x01\x01")
        quiet = socket.create_connection(plain)
        preface = socket.create_connection(plain)
        preface.sendall(h2.PREFACE)
        shaken = RawTls(self.daemon, speak=False)
        begun = Raw(self.daemon)
        begun.send(frame(h2.HEADERS, 0, 1, request_headers(APPEND)[:20]))
        good, also = RawTls(self.daemon), Raw(self.daemon)
        slow = socket.create_connection(plain)
        began = time.monotonic()
        closed = {}

        def watch(name, what):
            what.settimeout(HELLO_S + 10)
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                while what.recv(4096):
                    pass
            closed[name] = time.monotonic() - began

        def trickle():
            with contextlib.suppress(OSError):
                for byte in h2.PREFACE:
                    slow.sendall(bytes([byte]))
                    time.sleep(1)
        names = {"silent": silent, "half a record": half, "quiet": quiet,
                 "preface": preface, "shaken": shaken.socket, "headers": begun.socket,
                 "trickle": slow}
        threads = [threading.Thread(target=watch, args=pair_) for pair_ in names.items()]
        threads.append(threading.Thread(target=trickle))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for name in names:
            self.assertIn(name, closed)
            self.assertTrue(HELLO_S - 2 <= closed[name] <= HELLO_S + 4, closed)
        # Those who have said it are still there.
        for raw in (good, also):
            raw.call("/daybook.v1.Daybook/GetStatus", message(b""))
            self.assertEqual(raw.wait_for(h2.DATA, h2.GOAWAY)[0], h2.DATA)
            raw.close()
        for what in (silent, half, quiet, preface, slow):
            what.close()
        shaken.close()
        begun.close()


class Required(unittest.TestCase):
    def test_only_who_shows_a_certificate_comes_in(self):
        with TlsDaemon("--client-ca", path("ca.pem"),
                       "--client-certificates-required") as daemon:
            trusted = ("--server", daemon.tls_address, "--ca", path("ca.pem"))
            env = {"DAYBOOK_TOKEN": daemon.token}
            done = run(*trusted, "status", env=env)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("it wants a client certificate", done.stderr)
            certificate, key = pair("client")
            done = run(*trusted, "--certificate", certificate, "--certificate-key", key,
                       "status", env=env)
            self.assertEqual(done.returncode, 0, done.stderr)
            until(lambda: "the client shows no certificate" in daemon.diag())


class Renewal(unittest.TestCase):
    def serial(self, daemon):
        with RawTls(daemon) as raw:
            return raw.socket.getpeercert()["subject"][0][0][1]

    def hang_up(self, daemon, words):
        before = daemon.diag().count(words)
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: daemon.diag().count(words) > before)

    def test_while_calls_are_under_way(self):
        with TlsDaemon() as daemon:
            opened(daemon)
            stub = daemon.tls_stub()
            go_on, replies = threading.Event(), []

            def requests():
                number = 0
                while not go_on.is_set():
                    number += 1
                    yield append_request([sale(number)], "renewal", number)
                    time.sleep(0.002)

            def append():
                replies.extend(stub.AppendStream(requests()))
            thread = threading.Thread(target=append)
            thread.start()
            self.assertEqual(self.serial(daemon), "server")
            for name in ("renewed", "server", "renewed"):
                daemon.use(name)
                self.hang_up(daemon, "was read again")
                self.assertEqual(self.serial(daemon), name)
            # What cannot be used changes nothing.
            daemon.use("expired")
            self.hang_up(daemon, "the certificate in use stays: ")
            self.assertIn("has expired", daemon.diag())
            self.assertEqual(self.serial(daemon), "renewed")
            shutil.copy(path("server.pem"), daemon.file("pem"))
            self.hang_up(daemon, "the certificate in use stays: ")
            self.assertEqual(self.serial(daemon), "renewed")
            os.unlink(daemon.file("pem"))
            self.hang_up(daemon, "the certificate in use stays: ")
            self.assertEqual(self.serial(daemon), "renewed")
            go_on.set()
            thread.join(20)
            self.assertFalse(thread.is_alive())
            self.assertGreater(len(replies), 10)
            self.assertEqual({reply.results[0].outcome for reply in replies}, {ACCEPTED})

    def test_revoked_since(self):
        with TlsDaemon("--client-ca", path("ca.pem"), "--client-crl",
                       path("now-crl.pem"), start=False) as daemon:
            shutil.copy(path("empty-crl.pem"), path("now-crl.pem"))
            daemon.start()
            with RawTls(daemon, client="client-gone") as raw:
                self.assertIsNotNone(raw.wait_for(h2.SETTINGS))
            shutil.copy(path("crl.pem"), path("now-crl.pem"))
            self.hang_up(daemon, "was read again")
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                with RawTls(daemon, client="client-gone") as raw:
                    raw.socket.recv(1)

    def test_without_a_certificate(self):
        with Daemon() as daemon:
            daemon.process.send_signal(signal.SIGHUP)
            until(lambda: "no certificate to be read again" in daemon.diag())
            self.assertTrue(daemon.is_alive())


def address_of_this_machine():
    """One that is not loopback; None if there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        name = probe.getsockname()[0]
    return None if name.startswith("127.") else name


class FromAfar(unittest.TestCase):
    def test_one_address_does_not_take_every_place(self):
        host = address_of_this_machine()
        if host is None:
            self.skipTest("this machine has the loopback interface only")
        with TlsDaemon(host="0.0.0.0") as daemon:
            opened(daemon)
            here = []
            self.addCleanup(lambda: [one.close() for one in here])

            def come():
                one = socket.create_connection((host, daemon.tls_port), 5)
                here.append(one)
                return one
            for _ in range(OF_ONE_ADDRESS):
                come()
            one_more = come()
            with contextlib.suppress(ConnectionError):
                self.assertEqual(one_more.recv(1), b"")
            until(lambda: re.search(rf"{re.escape(host)}:\d+ was not let in: there are too "
                                    "many connections", daemon.diag()))
            # Others find room, and so does this one when somebody has left.
            self.assertEqual(daemon.tls_stub().GetStatus(STATUS, timeout=10).book, "shop")
            here[0].close()

            def let_in():
                one = come()
                one.settimeout(0.3)
                try:
                    return one.recv(1) != b""
                except socket.timeout:
                    return True
                except ConnectionError:
                    return False
            until(let_in)

    def test_one_of_whom_no_call_is_let_in_leaves_after_a_minute(self):
        host = address_of_this_machine()
        if host is None:
            self.skipTest("this machine has the loopback interface only")
        with TlsDaemon(host="0.0.0.0") as daemon:
            opened(daemon)
            options = (*NO_LIMITS, ("grpc.ssl_target_name_override", "localhost"))
            channels = [grpc.secure_channel(f"{host}:{daemon.tls_port}",
                                            grpc.ssl_channel_credentials(read("ca.pem")),
                                            (*options, ("grpc.use_local_subchannel_pool", 1)))
                        for _ in range(2)]
            daemon.channels += channels
            begin = time.monotonic()
            known = Stub(with_token(channels[0], daemon.token)).Subscribe(
                service_pb2.SubscribeRequest())
            next(iter(known))
            watch = channels[1].unary_stream("/grpc.health.v1.Health/Watch")(b"")
            with self.assertRaises(grpc.RpcError) as ended:
                for _ in watch:
                    pass
            self.assertEqual(ended.exception.code(), grpc.StatusCode.UNAVAILABLE)
            self.assertGreater(time.monotonic() - begin, 55)
            self.assertIn("none of its calls was let in", daemon.diag())
            self.assertTrue(known.is_active())
            known.cancel()


if __name__ == "__main__":
    unittest.main()
