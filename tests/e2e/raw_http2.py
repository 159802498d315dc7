"""HTTP/2 frames by hand, for bytes that no library would send."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = (
    0, 1, 3, 4, 6, 7, 8, 9)
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(
        ">BBI", kind, flags, stream) + payload


def literal(name, value):
    """A header, literal without indexing, as HPACK wants it (RFC 7541, 6.2.2)."""
    def text(raw):
        raw = raw if isinstance(raw, bytes) else raw.encode()
        if len(raw) < 127:
            return bytes([len(raw)]) + raw
        rest, out = len(raw) - 127, b"\x7f"
        while rest >= 128:
            out, rest = out + bytes([rest & 127 | 128]), rest >> 7
        return out + bytes([rest]) + raw
    return b"\0" + text(name) + text(value)


def request_headers(path, *more, method="POST", content="application/grpc"):
    return b"".join([literal(":method", method), literal(":scheme", "http"),
                     literal(":path", path), literal(":authority", "x"),
                     literal("content-type", content), literal("te", "trailers"),
                     *(literal(*pair) for pair in more)])


def message(payload, flag=0, size=None):
    return struct.pack(">BI", flag, len(payload) if size is None else size) + payload


def bearer(daemon):
    """The header that lets a call in over TCP."""
    return "authorization", f"Bearer {daemon.token}"


class Raw:
    """A connection; SPEAK sends preface and settings first. UNIX: to the Unix socket, where
    nobody has to show a token."""

    def __init__(self, daemon, speak=True, window=None, unix=False):
        self.headers = () if unix else (bearer(daemon),)
        if unix:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(daemon.socket)
        else:
            self.socket = socket.create_connection(("127.0.0.1", daemon.port))
        self.socket.settimeout(10)
        self.bytes = b""
        if speak:
            settings = b"" if window is None else struct.pack(">HI", 4, window)
            self.send(PREFACE + frame(SETTINGS, 0, 0, settings))

    def send(self, data):
        """False if the daemon has hung up."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def call(self, path, payload, stream=1, *more, end=True):
        headers = request_headers(path, *self.headers, *more)
        return self.send(frame(HEADERS, END_HEADERS, stream, headers) +
                         frame(DATA, END_STREAM if end else 0, stream, payload))

    def frames(self):
        """Frames until the daemon hangs up."""
        while True:
            while len(self.bytes) < 9 or len(self.bytes) < 9 + self._size():
                try:
                    got = self.socket.recv(65536)
                except ConnectionError:
                    return
                if not got:
                    return
                self.bytes += got
            size = self._size()
            kind, flags, stream = struct.unpack(">BBI", self.bytes[3:9])
            payload, self.bytes = self.bytes[9:9 + size], self.bytes[9 + size:]
            if kind == SETTINGS and not flags & ACK:
                self.send(frame(SETTINGS, ACK, 0))
            yield kind, flags, stream, payload

    def _size(self):
        return int.from_bytes(self.bytes[:3], "big")

    def wait_for(self, *kinds):
        """The first frame of KINDS, None if the daemon hangs up before."""
        for got in self.frames():
            if got[0] in kinds:
                return got
        return None

    def close(self, reset=False):
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack("ii", 1, 0))
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
