"""What the end-to-end tests share: a daemon in a fresh directory, and a client.

The client is made from the .proto files alone: protoc writes the messages into
$E2E_DIR, and the methods are read from the service's descriptor.
"""

import atexit
import contextlib
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import grpc

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
DAEMON = os.path.join(BUILD, "daybookd")
COMMAND = os.path.join(BUILD, "daybook")

# Sanitizers are slow; waits grow, counts shrink.
SLOW = "san-" in BUILD
READY_S = 60 if SLOW else 20


def _make_messages():
    out = os.environ.get("E2E_DIR")
    if not out:
        out = tempfile.mkdtemp(prefix="daybook-e2e-proto-")
        atexit.register(shutil.rmtree, out, True)
    if not os.path.exists(os.path.join(out, "daybook", "v1", "service_pb2.py")):
        files = glob.glob(os.path.join(ROOT, "proto", "**", "*.proto"), recursive=True)
        # google/rpc's statuses are two small messages; nobody needs a package for them.
        with open(os.path.join(out, "e2e_status.proto"), "w", encoding="utf-8") as file:
            file.write('syntax = "proto3"; package e2e;\n'
                       "message Any { string type_url = 1; bytes value = 2; }\n"
                       "message Status { int32 code = 1; string message = 2;"
                       " repeated Any details = 3; }\n"
                       "message ErrorInfo { string reason = 1; string domain = 2;"
                       " map<string, string> metadata = 3; }\n")
        # Not the package grpc: that name is the library's.
        files = [file for file in files if os.sep + "grpc" + os.sep not in file]
        subprocess.run(["protoc", "-I", os.path.join(ROOT, "proto"), "-I", out,
                        "--python_out", out, *files,
                        os.path.join(out, "e2e_status.proto")], check=True)
        for name in ("health/v1/health.proto", "reflection/v1/reflection.proto"):
            target = os.path.join(out, "g", os.path.basename(name))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(os.path.join(ROOT, "proto", "grpc", name), target)
            subprocess.run(["protoc", "-I", os.path.dirname(target), "--python_out", out,
                            target], check=True)
    sys.path.insert(0, out)


_make_messages()
import e2e_status_pb2 as status_pb2                                 # noqa: E402
import health_pb2                                                   # noqa: E402
import reflection_pb2                                               # noqa: E402
from daybook.v1 import event_pb2, record_pb2, service_pb2           # noqa: E402

Event = event_pb2.Event
SERVICE = service_pb2.DESCRIPTOR.services_by_name["Daybook"]
OUTCOME = record_pb2.Outcome
NO_LIMITS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1),
             ("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]


class Stub:
    """Methods of SERVICE by their names, over CHANNEL."""

    def __init__(self, channel, service=SERVICE, module=service_pb2):
        for method in service.methods:
            sends = getattr(module, "DESCRIPTOR") and _class_of(method.input_type)
            takes = _class_of(method.output_type)
            kind = {(False, False): channel.unary_unary, (False, True): channel.unary_stream,
                    (True, True): channel.stream_stream}[_streams(method)]
            setattr(self, method.name, kind(f"/{service.full_name}/{method.name}",
                                            request_serializer=sends.SerializeToString,
                                            response_deserializer=takes.FromString))


def _class_of(descriptor):
    from google.protobuf import symbol_database
    return symbol_database.Default().GetPrototype(descriptor)


def _streams(method):
    from google.protobuf import descriptor_pb2
    proto = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(proto)
    return proto.client_streaming, proto.server_streaming


# --------------------------------------------------------------------------- callers

class _CallDetails(grpc.ClientCallDetails):
    def __init__(self, details, metadata):
        self.method, self.timeout = details.method, details.timeout
        self.credentials = details.credentials
        self.wait_for_ready = getattr(details, "wait_for_ready", None)
        self.compression = getattr(details, "compression", None)
        self.metadata = metadata


class _Bearer(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor,
              grpc.StreamStreamClientInterceptor):
    """Shows a token with every call."""

    def __init__(self, token):
        self.pair = ("authorization", f"Bearer {token}")

    def _go_on(self, continuation, details, request):
        metadata = (*(details.metadata or ()), self.pair)
        return continuation(_CallDetails(details, metadata), request)

    intercept_unary_unary = _go_on
    intercept_unary_stream = _go_on
    intercept_stream_stream = _go_on


def with_token(channel, token):
    """CHANNEL, every call of which shows TOKEN."""
    return grpc.intercept_channel(channel, _Bearer(token))


# ---------------------------------------------------------------------------- daemon

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """One daemon and its data directory; both go when the test ends.

    The events of these tests are of another time, so the daemon's own clock is off
    unless a test asks for it.
    """

    def __init__(self, *options, data=None, start=True, command=DAEMON, clock=False):
        self.own = data is None
        self.data = data or tempfile.mkdtemp(prefix="daybook-e2e-")
        self.options = list(options) + ([] if clock else ["--no-clock"])
        self.command = command
        self.port = free_port()
        self.socket = os.path.join(self.data, "daybook.sock")
        self.diag_path = self.data.rstrip("/") + ".diag"
        self.out_path = self.data.rstrip("/") + ".out"
        self.process = None
        self._token = None
        self.channels = []
        if start:
            self.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def arguments(self):
        return [self.command, "--data", self.data, "--listen", f"unix:{self.socket}",
                "--listen", self.address, *self.options]

    def spawn(self):
        with open(self.diag_path, "ab") as diag, open(self.out_path, "ab") as out:
            self.diag_from = diag.tell()
            self.process = subprocess.Popen(self.arguments(), stdin=subprocess.DEVNULL,
                                            stdout=out, stderr=diag)

    def start(self):
        self.spawn()
        end = time.monotonic() + READY_S
        while "ready on" not in self.diag():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the daemon is not ready ({self.process.poll()}): "
                                     + self.diag())
            time.sleep(0.003)
        return self

    def diag(self):
        with open(self.diag_path, encoding="utf-8", errors="replace") as file:
            file.seek(self.diag_from)
            return file.read()

    @property
    def token(self):
        """An admin's: the one that the first start printed, or else a new one."""
        if self._token is None:
            with open(self.out_path, encoding="ascii", errors="replace") as file:
                lines = [line for line in file if line.startswith("admin token: ")]
            self._token = (lines[-1].split()[-1] if lines else
                           self.new_token("tests", "ROLE_ADMIN"))
        return self._token

    def new_token(self, name, *roles, **more):
        """The secret of a new token, asked for as a user of this machine."""
        request = service_pb2.CreateTokenRequest(name=name, roles=roles, **more)
        return self.stub(unix=True).CreateToken(request).secret

    def environment(self):
        """For the command."""
        return dict(os.environ, DAYBOOK_TOKEN=self.token)

    def channel(self, unix=False, token=None):
        """Over TCP calls show TOKEN (an admin's; "": none)."""
        target = f"unix:{self.socket}" if unix else self.address
        channel = grpc.insecure_channel(target, NO_LIMITS)
        self.channels.append(channel)
        if not unix and token is None:
            token = self.token
        return with_token(channel, token) if token else channel

    def stub(self, unix=False, ready=False, token=None):
        """READY connects first, and again if need be: in a program of many threads grpc 1.51
        now and then takes another thread's errno for its own connect's, and fails."""
        channel = self.channel(unix, token)
        if ready:
            grpc.channel_ready_future(channel).result(READY_S)
        return Stub(channel)

    def close_channels(self):
        for channel in self.channels:
            channel.close()
        self.channels.clear()

    def stop(self, timeout=30):
        """SIGTERM; the exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the daemon does not stop: " + self.diag())
        self.process = None
        return status

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def restart(self, kill=False):
        self.close_channels()
        if self.process is not None:
            if kill:
                self.kill()
            else:
                assert self.stop() == 0, self.diag()
        return self.start()

    def drop(self, *names):
        """Delete what comes back from the log; the daemon does not run."""
        for name in names:
            shutil.rmtree(os.path.join(self.data, name))

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def close(self):
        self.close_channels()
        try:
            if self.is_alive() and SLOW:
                # Leaks are looked for at the end of a process that ends by itself.
                assert self.stop(60) == 0, self.diag()
            elif self.is_alive():
                self.kill()
        finally:
            self.process = None
            complaints = self.complaints()
            if self.own:
                shutil.rmtree(self.data, ignore_errors=True)
                for path in (self.diag_path, self.out_path):
                    with contextlib.suppress(OSError):
                        os.unlink(path)
        assert not complaints, complaints

    def complaints(self):
        """What sanitizers and assertions said, from the first daemon to the last."""
        with contextlib.suppress(OSError):
            with open(self.diag_path, encoding="utf-8", errors="replace") as file:
                text = file.read()
            if any(word in text for word in ("runtime error", "Sanitizer", ": bug:")):
                return text
        return ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


# ------------------------------------------------------------------------ statuses

class Failure:
    """How a call ended: code, reason and fields, as a client reads them."""

    def __init__(self, error):
        self.code = error.code()
        self.text = error.details()
        self.reason, self.fields = None, {}
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                status = status_pb2.Status.FromString(value)
                for detail in status.details:
                    info = status_pb2.ErrorInfo.FromString(detail.value)
                    self.reason, self.fields = info.reason, dict(info.metadata)

    def __repr__(self):
        return f"{self.code} {self.reason} {self.fields} {self.text!r}"


def failure_of(call, *args, **named):
    """The Failure of a call that must fail."""
    try:
        result = call(*args, **named)
        if hasattr(result, "__next__"):
            for _ in result:
                pass
    except grpc.RpcError as error:
        return Failure(error)
    raise AssertionError("the call did not fail")


# -------------------------------------------------------------------------- events

T0 = 1_704_067_200_000_000  # 2024-01-01T00:00:00Z in microseconds
HOUR = 3_600_000_000
DAY = 24 * HOUR


def set_time(stamp, us):
    stamp.seconds, stamp.nanos = us // 1_000_000, us % 1_000_000 * 1000


def us_of(stamp):
    return stamp.seconds * 1_000_000 + stamp.nanos // 1000


def event(at, **bodies):
    out = Event()
    set_time(out.effective_at, at)
    for name, body in bodies.items():
        message = getattr(out, name)
        message.SetInParent()
        message.MergeFrom(type(message)(**body))
    return out


def batch_of(*events):
    return service_pb2.EventBatch(events=events).SerializeToString()


def append_request(events, source="", seq=0, **flags):
    batch = events if isinstance(events, bytes) else batch_of(*events)
    return service_pb2.AppendRequest(source=source or "test", batch_seq=seq, batch=batch,
                                     **flags)


def opening(book="shop"):
    """A book with skus, agents, stock at agent a1 and at warehouse w1."""
    events = [event(T0, book_opened=dict(book=book, currency="CNY", exponent=2))]
    for i in (1, 2):
        events.append(event(T0 + i, sku_defined=dict(sku=f"s{i}", revision=1,
                                                     list_price=1000)))
    for agent, sponsor in (("root", ""), ("a1", "root"), ("a2", "a1"), ("a3", "a1")):
        events.append(event(T0 + 3, agent_enrolled=dict(agent=agent, sponsor=sponsor)))
    for number, holder in enumerate((dict(agent="a1"), dict(location="w1"))):
        events.append(event(T0 + 4, stock_issued=dict(
            transfer=f"open{number}", to=holder,
            lines=[dict(line=1, sku="s1", qty=100)])))
    return events


def sale(number, at=None, seller="a1", paid=None, qty=1, price=1000, **more):
    body = dict(order=f"o{number}", seller=seller, channel="shop", psp="pay",
                psp_txn=f"t{number}", lines=[dict(line=1, sku="s1", qty=qty,
                                                  unit_price=price)])
    body["paid"] = qty * price if paid is None else paid
    body.update(more)
    return event(T0 + DAY + (number * 1000 if at is None else at), sale_recorded=body)


def opened(daemon, source="opener"):
    """A stub of a daemon whose book is open, and the size of its log."""
    stub = daemon.stub()
    reply = stub.Append(append_request(opening(), source, 1))
    for result in reply.results:
        assert result.outcome == record_pb2.ACCEPTED, result
    return stub, reply.size


def digest_of(stub):
    reply = stub.GetDigest(service_pb2.GetDigestRequest())
    return reply.size, reply.digest.hex()


def until(what, timeout=20, step=0.005):
    """Poll WHAT until it gives something true; that."""
    end = time.monotonic() + timeout
    while True:
        result = what()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError("waited too long")
        time.sleep(step)


def read_log(stub, size=0, **filters):
    """All records, refused ones too, until the head."""
    request = service_pb2.SubscribeRequest(stop_at_head=True, **filters)
    return [logged for reply in stub.Subscribe(request) for logged in reply.events]
