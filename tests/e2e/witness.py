"""A witness of C2SP tlog-witness, written from the specification, with the ways in which one
can be bad; and its cosignatures as tlog-cosignature has them."""

import base64
import contextlib
import hashlib
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (Ed25519PrivateKey,
                                                               Ed25519PublicKey)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from transparency import Checkpoint, Forged, Key, Tree, check_consistency, decode

COSIGNATURE = b"\4"


def cosigned(text, when):
    """What is signed of a checkpoint's TEXT."""
    return b"cosignature/v1\ntime %d\n" % when + text


class WitnessKey:
    """A vkey of a witness, for those who check."""

    def __init__(self, vkey):
        self.name, number, key = vkey.split("+", 2)
        self.id, key = bytes.fromhex(number), decode(key)
        assert key[:1] == COSIGNATURE and len(key) == 33
        self.public = Ed25519PublicKey.from_public_bytes(key[1:])

    def has_cosigned(self, note):
        """Whether a line of NOTE is of this key and verifies."""
        text, _, lines = note.rpartition(b"\n\n")
        for line in lines.decode().splitlines():
            _, name, value = line.split(" ")
            value = decode(value)
            if name != self.name or value[:4] != self.id:
                continue
            when, = struct.unpack(">Q", value[4:12])
            try:
                self.public.verify(value[12:], cosigned(text + b"\n", when))
            except InvalidSignature:
                return False
            return abs(when - time.time()) < 600
        return False


class Witness:
    """Listens on a port of its own; its state is one checkpoint a log."""

    def __init__(self, name):
        self.name = name
        self.private = Ed25519PrivateKey.generate()
        self.logs = {}      # origin: key
        self.latest = {}    # origin: (size, root)
        self.statuses = []  # of all answers
        self.delay = 0      # seconds before an answer
        self.refuse = None  # a status for everybody
        self.lie = None     # "signature", "other", "empty", "junk", "huge"
        self.claim = None   # a size for every 409
        self.lock = threading.Lock()
        self.server = None
        self.connections = []
        self.port = 0
        self.start()

    def start(self):
        witness = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                witness.connections.append(self.connection)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(witness.delay)
                status, answer, kind = witness.answer(self.path, body)
                witness.statuses.append(status)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(answer)

            def log_message(self, *_):
                pass
        ThreadingHTTPServer.request_queue_size = 64
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,),
                         daemon=True).start()

    def stop(self):
        """Nobody is there any more; also those who are connected are cut off."""
        self.server.shutdown()
        self.server.server_close()
        self.server = None
        for one in self.connections:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.connections.clear()

    @property
    def vkey(self):
        public = COSIGNATURE + self.private.public_key().public_bytes(Encoding.Raw,
                                                                      PublicFormat.Raw)
        number = hashlib.sha256(self.name.encode() + b"\n" + public).digest()[:4]
        return f"{self.name}+{number.hex()}+{base64.b64encode(public).decode()}"

    def policy_line(self):
        return f"witness {self.name} {self.vkey} http://127.0.0.1:{self.port}/w/\n"

    def know(self, vkey):
        key = Key(vkey)
        self.logs[key.name] = key

    def cosign(self, text):
        when = int(time.time())
        signature = self.private.sign(cosigned(text, when))
        if self.lie == "signature":
            signature = bytes([signature[0] ^ 1]) + signature[1:]
        number = bytes.fromhex(self.vkey.split("+")[1])
        value = base64.b64encode(number + struct.pack(">Q", when) + signature).decode()
        return f"\N{EM DASH} {self.name} {value}\n".encode()

    def answer(self, path, body):
        if self.refuse:
            return self.refuse, b"", "text/plain"
        if path != "/w/add-checkpoint":
            return 404, b"", "text/plain"
        with self.lock:
            return self.judge(body)

    def judge(self, body):
        head, _, note = body.partition(b"\n\n")
        lines = head.decode().split("\n")
        word, old = lines[0].split(" ")
        if word != "old" or old != str(int(old)) or len(lines) > 64:
            return 400, b"", "text/plain"
        proof, old = [decode(line) for line in lines[1:]], int(old)
        key = self.logs.get(note.split(b"\n")[0].decode())
        if key is None:
            return 404, b"", "text/plain"
        try:
            checkpoint = Checkpoint(note, key)
        except Forged:
            return 403, b"", "text/plain"
        if old > checkpoint.size:
            return 400, b"", "text/plain"
        size, root = self.latest.get(key.name, (0, Tree().root()))
        if self.claim is not None or old != size:
            size = size if self.claim is None else self.claim
            return 409, b"%d\n" % size, "text/x.tlog.size"
        try:
            if old == checkpoint.size and root != checkpoint.root:
                raise Forged("another root")
            check_consistency(old, root, checkpoint.size, checkpoint.root, proof)
        except Forged:
            return 422, b"", "text/plain"
        self.latest[key.name] = checkpoint.size, checkpoint.root
        text = note.rpartition(b"\n\n")[0] + b"\n"
        if self.lie == "other":
            text = text.replace(b"\n%d\n" % checkpoint.size,
                                b"\n%d\n" % (checkpoint.size + 1))
        answer = {"empty": b"", "junk": b"\xff\0 no line at all", "huge": b"x" * 1_000_000
                  }.get(self.lie) if self.lie in ("empty", "junk", "huge") else None
        return 200, self.cosign(text) if answer is None else answer, "text/plain"
