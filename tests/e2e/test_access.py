"""Who may do what: roles, tokens, sources, personal fields, and the record of it. What is
right is read from src/proof/TRUST.md, so that a method without a row there fails."""

import contextlib
import glob
import itertools
import os
import re
import socket
import subprocess
import threading
import time
import unittest

import grpc

from daybook_client import (COMMAND, DAY, NO_LIMITS, ROOT, SERVICE, SLOW, T0, Daemon, Failure,
                            Stub, _streams, append_request, event, failure_of, health_pb2,
                            opened, record_pb2, reflection_pb2, sale, service_pb2,
                            until, us_of, with_token)

ROLES = ("ingest", "read", "finance", "regulator", "admin")
ACCEPTED = record_pb2.ACCEPTED
METHODS = {method.name: method for method in SERVICE.methods}
REFLECTION = reflection_pb2.DESCRIPTOR.services_by_name["ServerReflection"]
HEALTH = health_pb2.DESCRIPTOR.services_by_name["Health"]
FAILURES_MAX = 10
LET_IN_S = 20 if SLOW else 5


def section_nine():
    with open(os.path.join(ROOT, "src", "proof", "TRUST.md"), encoding="utf-8") as file:
        return file.read().split("\n## 9.")[1].split("\n## ")[0]


def rights():
    """Of each method the roles that may call it."""
    out = {}
    rows = [line for line in section_nine().splitlines() if line.startswith("|")]
    assert tuple(rows[0].strip("|").replace(" ", "").split("|")[1:]) == ROLES, rows[0]
    for row in rows[2:]:
        names, *marks = (cell.strip() for cell in row.strip().strip("|").split("|"))
        roles = {role for role, mark in zip(ROLES, marks, strict=True) if mark == "x"}
        for name in names.replace(",", " ").split():
            assert name not in out, f"{name} stands twice"
            out[name] = roles
    return out


def recorded():
    text = re.search(r"one entry for each call of:(.*?), whatever", section_nine(), re.S)
    return set(text[1].replace(",", " ").split())


RIGHTS = rights()
RECORDED = recorded()


def request_of(name, **fields):
    return getattr(service_pb2, METHODS[name].input_type.name)(**fields)


def ends(stub, name, request=None, timeout=0.3):
    """How a call ends, None if well; one that is let in and goes on ends as None, too."""
    request = request_of(name) if request is None else request
    method = getattr(stub, name)
    sends, streams = _streams(METHODS[name])
    try:
        if streams:
            call = method(iter((request,)) if sends else request, timeout=timeout)
            for _ in call:
                call.cancel()
                return None
        else:
            method(request, timeout=LET_IN_S)
    except grpc.RpcError as error:
        if streams and error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
            return None
        return Failure(error)
    return None


def is_denied(failure):
    return failure is not None and failure.code in (grpc.StatusCode.UNAUTHENTICATED,
                                                    grpc.StatusCode.PERMISSION_DENIED)


class Elsewhere:
    """The daemon's port again, from other addresses of this machine: each connection comes
    from the next one of 127.NET.0.0/16."""

    numbers = itertools.count(1)

    def __init__(self, daemon, net=9):
        self.daemon, self.net = daemon, net
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                here = self.listener.accept()[0]
                number = next(self.numbers)
                source = f"127.{self.net}.{number // 250}.{number % 250 + 1}"
                there = socket.create_connection(("127.0.0.1", self.daemon.port),
                                                 source_address=(source, 0))
                threading.Thread(target=self._join, args=(here, there), daemon=True).start()

    def _join(self, here, there):
        with here, there:
            back = threading.Thread(target=self._copy, args=(there, here), daemon=True)
            back.start()
            self._copy(here, there)
            back.join()

    @staticmethod
    def _copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def stub(self, token=""):
        channel = grpc.insecure_channel(self.address, NO_LIMITS)
        self.daemon.channels.append(channel)
        return Stub(with_token(channel, token) if token else channel)

    def close(self):
        self.listener.close()


def entries(stub, **asked):
    return list(stub.ListAccess(service_pb2.ListAccessRequest(**asked)).entries)


class Table(unittest.TestCase):
    def test_every_method_has_a_row_and_every_row_methods(self):
        self.assertEqual(set(RIGHTS) - {"reflection"}, set(METHODS))
        self.assertLessEqual(RECORDED, set(METHODS))
        for name, roles in RIGHTS.items():
            self.assertIn("admin", roles, name)


class Roles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.addClassCleanup(cls.daemon.close)
        cls.admin, _ = opened(cls.daemon)
        cls.tokens = {role: cls.daemon.new_token(role, "ROLE_" + role.upper())
                      for role in ROLES}

    def test_each_role_may_call_what_the_table_says(self):
        for role in ROLES:
            stub = self.daemon.stub(token=self.tokens[role])
            for name in METHODS:
                failure = ends(stub, name)
                if role in RIGHTS[name]:
                    self.assertFalse(is_denied(failure), (role, name, failure))
                    continue
                self.assertTrue(is_denied(failure), (role, name, failure))
                self.assertEqual((failure.code.name, failure.reason),
                                 ("PERMISSION_DENIED", "ROLE"), (role, name))
                self.assertEqual(failure.fields["method"], name)
                self.assertEqual(set(failure.fields["roles"].split(", ")), RIGHTS[name])

    def test_roles_add_up(self):
        token = self.daemon.new_token("both", "ROLE_READ", "ROLE_INGEST")
        stub = self.daemon.stub(token=token)
        for name, roles in RIGHTS.items():
            if name != "reflection":
                self.assertEqual(not is_denied(ends(stub, name)),
                                 bool(roles & {"read", "ingest"}), name)

    def test_without_a_token_there_is_only_health(self):
        stub = self.daemon.stub(token="")
        for name in METHODS:
            failure = ends(stub, name)
            self.assertIsNotNone(failure, name)
            self.assertEqual((failure.code.name, failure.reason),
                             ("UNAUTHENTICATED", "TOKEN_MISSING"), name)
        channel = self.daemon.channel(token="")
        health = Stub(channel, HEALTH, health_pb2)
        self.assertEqual(health.Check(health_pb2.HealthCheckRequest()).status, 1)
        next(iter(health.Watch(health_pb2.HealthCheckRequest())))
        mirror = Stub(channel, REFLECTION, reflection_pb2)
        asked = reflection_pb2.ServerReflectionRequest(list_services="*")
        failure = failure_of(mirror.ServerReflectionInfo, iter((asked,)))
        self.assertEqual(failure.reason, "TOKEN_MISSING")

    def test_without_a_token_nobody_hears_which_methods_there_are(self):
        for token, code in (("", "UNAUTHENTICATED"), (self.tokens["read"], "UNIMPLEMENTED")):
            asks = self.daemon.channel(token=token).unary_unary("/daybook.v1.Daybook/N\xf6")
            self.assertEqual(failure_of(asks, b"").code.name, code)

    def test_any_role_may_ask_for_reflection(self):
        asked = reflection_pb2.ServerReflectionRequest(list_services="*")
        for role in RIGHTS["reflection"]:
            mirror = Stub(self.daemon.channel(token=self.tokens[role]), REFLECTION,
                          reflection_pb2)
            self.assertEqual(len(list(mirror.ServerReflectionInfo(iter((asked,))))), 1)

    def test_at_the_unix_socket_its_owner_needs_no_token_but_one_that_is_shown_counts(self):
        stub = self.daemon.stub(unix=True)
        caller = stub.GetCaller(service_pb2.GetCallerRequest())
        self.assertEqual((caller.name, list(caller.roles)),
                         (f"unix:{os.geteuid()}", [service_pb2.ROLE_ADMIN]))
        channel = with_token(grpc.insecure_channel(f"unix:{self.daemon.socket}", NO_LIMITS),
                             self.tokens["read"])
        self.daemon.channels.append(channel)
        caller = Stub(channel).GetCaller(service_pb2.GetCallerRequest())
        self.assertEqual((caller.name, list(caller.roles)), ("read", [service_pb2.ROLE_READ]))
        # On one connection, each call is who it says it is.
        plain = grpc.insecure_channel(f"unix:{self.daemon.socket}", NO_LIMITS)
        self.daemon.channels.append(plain)
        for token, name in (("read", "read"), (None, f"unix:{os.geteuid()}"),
                            ("finance", "finance"), (None, f"unix:{os.geteuid()}"),
                            ("read", "read")):
            one = with_token(plain, self.tokens[token]) if token else plain
            self.assertEqual(Stub(one).GetCaller(service_pb2.GetCallerRequest()).name, name)

    def test_bad_tokens_are_told_apart_and_let_nobody_in(self):
        elsewhere = Elsewhere(self.daemon)
        self.addCleanup(elsewhere.close)
        admin = self.daemon.stub(unix=True)
        made = [admin.CreateToken(service_pb2.CreateTokenRequest(
            name=name, roles=["ROLE_ADMIN"], valid_seconds=1)) for name in ("gone", "late")]
        admin.RevokeToken(service_pb2.RevokeTokenRequest(id=made[0].token.id))
        good = self.tokens["admin"]
        wrong = good[:-1] + ("x" if good[-1] != "x" else "y")
        until(lambda: time.time() * 1e6 > us_of(made[1].token.expires_at))
        bad = {wrong: "TOKEN_UNKNOWN", made[0].secret: "TOKEN_REVOKED",
               made[1].secret: "TOKEN_EXPIRED", "nonsense": "TOKEN_UNKNOWN"}
        for token, reason in bad.items():
            names = iter(METHODS)
            # A few from each address: more are not looked at.
            while some := list(itertools.islice(names, 8)):
                stub = elsewhere.stub(token)
                for name in some:
                    failure = ends(stub, name)
                    self.assertIsNotNone(failure, (reason, name))
                    self.assertEqual((failure.code.name, failure.reason),
                                     ("UNAUTHENTICATED", reason), name)

    def test_a_caller_with_sources_sends_as_these_only(self):
        token = self.daemon.new_token("till", "ROLE_INGEST", "ROLE_READ",
                                      sources=["till", "till-2"])
        stub = self.daemon.stub(token=token)
        self.assertEqual(list(stub.GetCaller(service_pb2.GetCallerRequest()).sources),
                         ["till", "till-2"])
        before = stub.GetStatus(service_pb2.GetStatusRequest()).size
        for source in ("shop", "til", "till-20"):
            request = append_request([sale(f"x{source}", at=0)], source, 1)
            for failure in (failure_of(stub.Append, request),
                            failure_of(stub.AppendStream, iter((request,)))):
                self.assertEqual((failure.code.name, failure.reason),
                                 ("PERMISSION_DENIED", "SOURCE_NOT_YOURS"))
                self.assertEqual(failure.fields["source"], source)
        self.assertEqual(stub.GetStatus(service_pb2.GetStatusRequest()).size, before)
        for source in ("till", "till-2"):
            reply = stub.Append(append_request([sale(f"x{source}", at=0)], source, 1))
            self.assertEqual(reply.results[0].outcome, ACCEPTED)


class Tokens(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.admin = self.daemon.stub(unix=True)

    def make(self, name="ann", roles=("ROLE_READ",), **more):
        return self.admin.CreateToken(service_pb2.CreateTokenRequest(name=name, roles=roles,
                                                                     **more))

    def listed(self, **more):
        return {token.id: token for token in
                self.admin.ListTokens(service_pb2.ListTokensRequest(**more)).tokens}

    def test_what_is_no_token_is_not_made(self):
        for reason, field, fields in (
                ("FIELD_MISSING", "name", dict(name="")),
                ("ID", "name", dict(name="x" * 65)), ("ID", "name", dict(name="a\nb")),
                ("ID", "name", dict(name="unix:0")),
                ("FIELD_MISSING", "roles", dict(roles=())),
                ("ROLE", "roles", dict(roles=(0,))), ("ROLE", "roles", dict(roles=(6,))),
                ("LIMIT", "sources", dict(sources=[f"s{i}" for i in range(9)])),
                ("FIELD_MISSING", "sources", dict(sources=[""])),
                ("TIME", "valid_seconds", dict(valid_seconds=2**63)),
                ("CERTIFICATE", "certificate_sha256", dict(certificate_sha256=b"short"))):
            failure = failure_of(self.make, **{"name": "ann", "roles": (2,), **fields})
            self.assertEqual((failure.code.name, failure.reason),
                             ("INVALID_ARGUMENT", reason), fields)
            self.assertIn(field, failure.fields)
        self.assertEqual(len(self.listed(all=True)), 1)  # the first one

    def test_tokens_outlive_the_daemon_and_die_for_good(self):
        made = self.make(sources=["a", "b"], valid_seconds=86400)
        self.assertRegex(made.secret, r"^dbk_[a-z0-9]{16}_[A-Za-z0-9_-]{43}$")
        self.assertIn(made.token.id, made.secret)
        self.daemon.restart(kill=True)
        self.admin = self.daemon.stub(unix=True)
        caller = self.daemon.stub(token=made.secret).GetCaller(service_pb2.GetCallerRequest())
        self.assertEqual((caller.name, list(caller.roles), list(caller.sources)),
                         ("ann", [service_pb2.ROLE_READ], ["a", "b"]))
        self.assertEqual(caller.expires_at, made.token.expires_at)
        kept = self.listed()[made.token.id]
        self.assertEqual(kept.created_by, f"unix:{os.geteuid()}")
        self.assertGreater(us_of(kept.last_used_at), 0)
        self.assertEqual(us_of(kept.last_used_at) % 60_000_000, 0)
        gone = self.admin.RevokeToken(service_pb2.RevokeTokenRequest(id=made.token.id))
        self.assertGreater(us_of(gone.revoked_at), 0)
        self.assertNotIn(made.token.id, self.listed())
        self.assertIn(made.token.id, self.listed(all=True))
        self.daemon.restart(kill=True)
        self.admin = self.daemon.stub(unix=True)
        failure = failure_of(self.daemon.stub(token=made.secret).GetStatus,
                             service_pb2.GetStatusRequest())
        self.assertEqual(failure.reason, "TOKEN_REVOKED")
        failure = failure_of(self.admin.RevokeToken,
                             service_pb2.RevokeTokenRequest(id="nobody"))
        self.assertEqual((failure.code.name, failure.reason), ("NOT_FOUND", "TOKEN_UNKNOWN"))

    def test_a_long_call_ends_with_its_token(self):
        opened(self.daemon)
        for reason, more in (("TOKEN_REVOKED", {}), ("TOKEN_EXPIRED", {"valid_seconds": 1})):
            made = self.make("long", ("ROLE_ADMIN",), **more)
            stub = self.daemon.stub(token=made.secret)
            calls = [stub.Subscribe(service_pb2.SubscribeRequest()),
                     stub.WatchFindings(service_pb2.WatchFindingsRequest()),
                     stub.AppendStream(iter(threading.Event().wait, 1))]
            next(iter(calls[0]))
            if not more:
                self.admin.RevokeToken(service_pb2.RevokeTokenRequest(id=made.token.id))
            begin = time.monotonic()
            for call in calls:
                failure = failure_of(lambda stream: stream, call)
                self.assertEqual((failure.code.name, failure.reason),
                                 ("UNAUTHENTICATED", reason))
            self.assertLess(time.monotonic() - begin, 20 if SLOW else 3.5)

    def test_a_call_that_waits_ends_with_its_token(self):
        made = self.make("late", ("ROLE_ADMIN",))
        shown = [("authorization", f"Bearer {made.secret}")]
        channel = self.daemon.channel(token="")
        asks = channel.stream_unary("/daybook.v1.Daybook/CreateToken",
                                    service_pb2.CreateTokenRequest.SerializeToString,
                                    service_pb2.CreateTokenReply.FromString)
        gone = threading.Event()

        def after():
            gone.wait()
            yield service_pb2.CreateTokenRequest(name="heir", roles=["ROLE_ADMIN"])

        calls = [asks.future(after(), metadata=shown), Stub(channel).GetAgent.future(
            service_pb2.GetAgentRequest(agent="a1", at_least_size=10 ** 12),
            timeout=60, metadata=shown)]
        until(lambda: [one for one in entries(self.admin) if one.method == "GetAgent"])
        time.sleep(0.1)
        self.admin.RevokeToken(service_pb2.RevokeTokenRequest(id=made.token.id))
        time.sleep(10 if SLOW else 2)
        gone.set()
        for call in calls:
            failure = failure_of(lambda call: call.result(), call)
            self.assertEqual((failure.code.name, failure.reason),
                             ("UNAUTHENTICATED", "TOKEN_REVOKED"))
        self.assertNotIn("heir", [one.name for one in self.listed(all=True).values()])

    def test_who_guesses_waits_and_others_do_not(self):
        good = self.daemon.token
        channel = self.daemon.channel(token="")
        known = Stub(with_token(channel, good))
        self.assertIsNone(ends(known, "GetStatus"))
        stub = self.daemon.stub(token="dbk_" + "a" * 16 + "_" + "b" * 43)
        reasons = [ends(stub, "GetStatus").reason for _ in range(FAILURES_MAX + 5)]
        self.assertEqual(reasons, ["TOKEN_UNKNOWN"] * FAILURES_MAX + ["TOO_MANY_FAILURES"] * 5)
        failure = ends(self.daemon.stub(token=good), "GetStatus")
        self.assertEqual((failure.code.name, failure.reason),
                         ("RESOURCE_EXHAUSTED", "TOO_MANY_FAILURES"))
        # Whoever was known before goes on, until it guesses as well.
        self.assertIsNone(ends(known, "GetStatus"))
        guess = Stub(with_token(channel, "dbk_" + "a" * 16 + "_" + "b" * 43))
        self.assertEqual(ends(guess, "GetStatus").reason, "TOO_MANY_FAILURES")
        self.assertEqual(ends(known, "GetStatus").reason, "TOO_MANY_FAILURES")
        elsewhere = Elsewhere(self.daemon, net=8)
        self.addCleanup(elsewhere.close)
        self.assertIsNone(ends(elsewhere.stub(good), "GetStatus"))
        self.assertIsNone(ends(self.admin, "GetStatus"))
        health = Stub(self.daemon.channel(token=""), HEALTH, health_pb2)
        self.assertEqual(health.Check(health_pb2.HealthCheckRequest()).status, 1)
        # A flood of them is told of once, not once each.
        denied = [entry for entry in entries(self.admin) if entry.method == "GetStatus"]
        self.assertEqual([entry.status for entry in denied], [8] + [16] * FAILURES_MAX)

    def test_the_first_token_is_printed_once_and_a_secret_is_nowhere_else(self):
        with open(self.daemon.out_path, encoding="ascii") as file:
            self.assertRegex(file.read(), r"\Aadmin token: dbk_\S{60}\n\Z")
        secrets = [self.daemon.token, self.make().secret]
        for secret in secrets:
            ends(self.daemon.stub(token=secret), "GetStatus")
        self.nowhere(secrets)
        self.daemon.restart()
        with open(self.daemon.out_path, encoding="ascii") as file:
            self.assertEqual(file.read().count("admin token"), 1)
        self.nowhere(secrets)

    def nowhere(self, secrets):
        paths = [self.daemon.diag_path, *glob.glob(self.daemon.data + "/**", recursive=True)]
        paths += [f"/proc/{self.daemon.process.pid}/{name}" for name in ("cmdline", "environ")]
        for path in paths:
            if os.path.isfile(path):
                with contextlib.suppress(PermissionError), open(path, "rb") as file:
                    data = file.read()
                    for secret in secrets:
                        self.assertNotIn(secret[21:].encode(), data, path)
                        self.assertNotIn(secret[21:37].encode(), data, path)

    @unittest.skipUnless(os.path.exists(COMMAND), "the command is not built")
    def test_the_verbs(self):
        def run(*arguments, token=None, status=0):
            server = self.daemon.address if token else f"unix:{self.daemon.socket}"
            done = subprocess.run([COMMAND, "--server", server, *arguments], text=True,
                                  capture_output=True, timeout=30, check=False,
                                  env={**os.environ, "DAYBOOK_TOKEN": token or ""}
                                  if token else None)
            self.assertEqual(done.returncode, status, (arguments, done.stdout, done.stderr))
            return done.stdout
        secret = run("token", "new", "till", "--role", "ingest", "--role", "read", "--source",
                     "till", "--days", "2")
        self.assertRegex(secret, r"\Adbk_[a-z0-9]{16}_[A-Za-z0-9_-]{43}\n\Z")
        secret = secret.strip()
        self.assertIn("ingest read", run("whoami", token=secret))
        self.assertIn('"name":"till"', run("whoami", "--format", "json", token=secret))
        self.assertIn("till", run("token", "list"))
        run("token", "list", token=secret, status=1)
        run("agent", "A17", token=secret, status=5)
        shown = run("access", "--about", "A17", "--format", "csv").splitlines()
        self.assertEqual(len(shown), 2, shown)
        self.assertIn("GetAgent,agent=A17,NOT_FOUND", shown[1])
        self.assertEqual(len(run("access", "--caller", "till", "--format", "csv")
                             .splitlines()), 3)
        run("token", "revoke", secret[4:20])
        run("whoami", token=secret, status=1)
        self.assertNotIn("till", run("token", "list"))
        self.assertIn("till", run("token", "list", "--all", "--format", "jsonl"))
        run("token", "revoke", "nobody", status=5)
        run("token", "new", "till", "--role", "boss", status=2)
        run("token", "new", "till", status=2)


def strip(message):
    """MESSAGE without its personal fields, by the rule of TRUST.md, written anew here."""
    out = type(message).FromString(message.SerializeToString())
    names = set()
    _strip(out, names)
    return out, names


def _strip(message, names):
    for field, value in message.ListFields():
        name = field.name
        if name in ("actor", "sealed", "hash") or (name.endswith("_hash") and name not in (
                "balances_hash", "evidence_hash", "file_hash", "leaf_hash")):
            names.add(name)
            message.ClearField(name)
        elif field.message_type is not None:
            for part in value if field.label == field.LABEL_REPEATED else (value,):
                _strip(part, names)
    if message.DESCRIPTOR.name == "Refusal" and message.field in ("actor", "payee_hash"):
        message.ClearField("value")


class Persons(unittest.TestCase):
    """A book in which every personal field is filled, seen by everybody."""

    MORE = {"GetAgent": dict(agent="a1"), "GetOrder": dict(order="o1"), "GetLot": dict(lot="L1"),
            "ListMovements": dict(holder="a1"), "GetContest": dict(contest="c"),
            "GetSource": dict(source="opener"), "Subscribe": dict(stop_at_head=True),
            "GetAgentStatement": dict(agent="a1"), "WatchFindings": dict(once=True),
            "GetStatement": dict(code="1000"), "GetPayout": dict(payout="w1")}

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.addClassCleanup(cls.daemon.close)
        cls.admin, _ = opened(cls.daemon)
        sealed = cls.admin.SealText(service_pb2.SealTextRequest(subject="a1", text=b"Main St"))
        hashes = {name: name.encode() for name in ("buyer_device_hash", "buyer_address_hash",
                                                   "buyer_payee_hash")}
        events = [
            event(T0 + DAY, agent_verified=dict(
                agent="a1", revision=1, id_hash=b"id", payee_hash=b"p", device_hash=b"d",
                address_hash=b"a")),
            sale(1, buyer="c1", **hashes),
            event(T0 + 2 * DAY, order_placed=dict(
                order="o2", seller="a1", buyer="c1", channel="shop",
                lines=[dict(line=1, sku="s1", qty=1, unit_price=1000)], **hashes)),
            event(T0 + 2 * DAY, order_paid=dict(order="o2", psp="pay", psp_txn="pp",
                                                amount=1000, payer_hash=b"payer")),
            event(T0 + 3 * DAY, payout_requested=dict(payout="w1", agent="a1", gross=1,
                                                      payee_hash=b"p"))]
        for one in events:
            one.actor = "clerk-7"
            one.sealed.add().CopyFrom(sealed.sealed)
        cls.reply = cls.admin.Append(append_request(events, "opener", 2))
        bad = [r for r in cls.reply.results if r.outcome not in (ACCEPTED, record_pb2.REFUSED)]
        assert not bad, bad

    def replies(self, token, name):
        stub = self.daemon.stub(token=token)
        request = request_of(name, **self.MORE.get(name, {}))
        if "at_least_size" in request.DESCRIPTOR.fields_by_name:
            request.at_least_size = self.reply.size
        if "include_refused" in request.DESCRIPTOR.fields_by_name:
            request.include_refused = True
        try:
            out = getattr(stub, name)(request, timeout=LET_IN_S)
            return list(out) if hasattr(out, "__next__") else [out]
        except grpc.RpcError as error:
            return Failure(error)

    def test_read_gets_every_answer_without_personal_fields_and_the_others_with(self):
        read = self.daemon.new_token("reader", "ROLE_READ")
        both = self.daemon.new_token("both", "ROLE_READ", "ROLE_INGEST")
        others = [self.daemon.new_token(role, "ROLE_" + role.upper())
                  for role in ("finance", "regulator")]
        seen, compared = set(), 0
        for name, roles in RIGHTS.items():
            # What differs from call to call is not about persons.
            if "read" not in roles or name in ("reflection", "GetCaller", "GetStatus",
                                               "GetCheckpoint"):
                continue
            whole = self.replies(self.daemon.token, name)
            if isinstance(whole, Failure):
                self.assertEqual(self.replies(read, name).reason, whole.reason, name)
                continue
            compared += 1
            less, names = zip(*map(strip, whole)) if whole else ((), ())
            seen |= set().union(*names)
            self.assertEqual(self.replies(read, name), list(less), name)
            self.assertEqual(self.replies(both, name), list(less), name)
            for token in others:
                self.assertEqual(self.replies(token, name), whole, name)
        self.assertGreater(compared, 20)
        self.assertEqual(seen, {"actor", "sealed", "id_hash", "payee_hash", "device_hash",
                                "address_hash", "buyer_device_hash", "buyer_address_hash",
                                "buyer_payee_hash", "payer_hash"})

    def test_who_may_seal_gets_what_was_sealed(self):
        stub = self.daemon.stub(token=self.daemon.new_token("in", "ROLE_INGEST"))
        reply = stub.SealText(service_pb2.SealTextRequest(subject="a1", text=b"Main St"))
        self.assertGreater(len(reply.sealed.box), 40)

    def test_what_comes_later_is_stripped_too(self):
        stub = self.daemon.stub(token=self.daemon.new_token("live", "ROLE_READ"))
        call = stub.Subscribe(service_pb2.SubscribeRequest(
            from_position=self.admin.GetStatus(service_pb2.GetStatusRequest()).size))
        later = sale(77)
        later.actor = "clerk-8"
        self.admin.Append(append_request([later], "late", 1))
        got = next(one for reply in call for one in reply.events)
        call.cancel()
        self.assertEqual((got.event.actor, got.event.sale_recorded.order), ("", "o77"))


class Record(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.admin = self.daemon.stub(unix=True)

    def test_every_recorded_method_leaves_an_entry_and_no_other(self):
        opened(self.daemon)
        token = self.daemon.new_token("auditor", "ROLE_ADMIN")
        stub = self.daemon.stub(token=token)
        ended = {}
        for name in METHODS:
            ended[name] = ends(stub, name)
        got = {}
        for entry in entries(self.admin, caller="auditor", page_size=1000):
            self.assertNotIn(entry.method, got, "twice")
            got[entry.method] = entry
        self.assertEqual(set(got), RECORDED)
        for name, entry in got.items():
            self.assertEqual(entry.token_id, token[4:20])
            self.assertRegex(entry.peer, r"^127\.0\.0\.1:\d+$")
            self.assertLess(abs(us_of(entry.at) - time.time() * 1e6), 60e6)
            if ended[name] is not None and not _streams(METHODS[name])[1]:
                self.assertEqual(entry.status, ended[name].code.value[0], name)

    def test_denials_of_every_kind_are_recorded(self):
        denied = [name for name, roles in RIGHTS.items()
                  if not roles & {"read", "ingest"} and name != "reflection"]
        for number, name in enumerate(denied):
            if number % 10 == 0:  # more of one token are counted
                token = self.daemon.new_token("reader", "ROLE_READ", "ROLE_INGEST",
                                              sources=["a"])
                stub = self.daemon.stub(token=token)
            self.assertEqual(ends(stub, name).reason, "ROLE")
        failure_of(stub.Append, append_request([sale(1)], "b", 1))
        got = [(entry.method, entry.status) for entry in entries(self.admin, caller="reader")]
        self.assertEqual(sorted(got), sorted([(name, 7) for name in [*denied, "Append"]]))
        for _ in range(5):
            ends(self.daemon.stub(token=""), "GetAgent")
        ends(self.daemon.stub(token=token[:-2] + "zz"), "GetAgent")
        got = [entry for entry in entries(self.admin) if entry.method == "GetAgent"]
        self.assertEqual([(e.caller, e.token_id, e.status) for e in got], [("", "", 16)] * 2)

    def test_denials_of_one_token_are_told_and_then_counted(self):
        token = self.daemon.new_token("reader", "ROLE_READ")
        stub = self.daemon.stub(token=token)
        for _ in range(17):
            self.assertEqual(ends(stub, "ListTokens").reason, "ROLE")
        self.assertEqual(len(entries(self.admin, caller="reader")), 10)
        self.daemon.restart()
        got = entries(self.daemon.stub(unix=True), caller="reader")
        self.assertEqual([len(got), got[0].about], [11, "7 more within a minute"])

    def test_it_tells_about_whom_and_can_be_asked(self):
        stub, _ = opened(self.daemon)
        for agent in ("a1", "a2", "a1", "nobody"):
            ends(stub, "GetAgent", request_of("GetAgent", agent=agent))
        ends(stub, "GetOrder", request_of("GetOrder", order="a1"))
        ends(stub, "GetReceipts", request_of("GetReceipts", statement=dict(agent="a2")))
        ends(stub, "SealText", request_of("SealText", subject="a7", text=b"Main St"))
        self.assertEqual([one.about for one in entries(self.admin, about="a7")],
                         ["subject=a7"])
        about = [entry.about for entry in entries(self.admin, about="a1")]
        self.assertEqual(about, ["order=a1", "agent=a1", "agent=a1"])
        about = [entry.about for entry in entries(self.admin, about="a2")]
        self.assertEqual(about, ["statement.agent=a2", "agent=a2"])
        self.assertEqual([entry.status for entry in entries(self.admin, about="nobody")], [5])
        whole, token = [], ""
        while True:
            reply = self.admin.ListAccess(service_pb2.ListAccessRequest(page_size=2,
                                                                        page_token=token))
            whole += reply.entries
            self.assertLessEqual(len(reply.entries), 2)
            token = reply.next_page_token
            if not token:
                break
        self.assertEqual(whole, entries(self.admin))
        numbers = [entry.number for entry in whole]
        self.assertEqual(numbers, list(range(len(whole), 0, -1)))
        middle = whole[2].at
        request = service_pb2.ListAccessRequest()
        getattr(request, "from").CopyFrom(middle)
        self.assertEqual(list(self.admin.ListAccess(request).entries), whole[:3])
        self.assertEqual(entries(self.admin, to=middle), whole[3:])
        for bad, reason in ((dict(page_token="x"), "PAGE_TOKEN"),
                            (dict(page_size=1001), "PAGE_SIZE")):
            failure = failure_of(self.admin.ListAccess, service_pb2.ListAccessRequest(**bad))
            self.assertEqual(failure.reason, reason)

    def test_it_is_on_disk_within_a_second(self):
        stub, _ = opened(self.daemon)
        for number in range(3):
            ends(stub, "GetAgent", request_of("GetAgent", agent=f"x{number}"))
            time.sleep(1 if not SLOW else 3)
            self.daemon.restart(kill=True)
            self.admin, stub = self.daemon.stub(unix=True), self.daemon.stub()
            self.assertEqual([e.about for e in entries(self.admin, about=f"x{number}")],
                             [f"agent=x{number}"])

    def test_a_stream_is_there_while_it_runs_and_tells_its_end_later(self):
        stub, _ = opened(self.daemon)
        call = stub.Subscribe(service_pb2.SubscribeRequest())
        next(iter(call))
        self.assertEqual([e.status for e in entries(self.admin)], [0])
        time.sleep(0.7)
        call.cancel()
        until(lambda: entries(self.admin)[0].status == 1)
        self.daemon.restart()
        self.admin = self.daemon.stub(unix=True)
        self.assertEqual([(e.method, e.status) for e in entries(self.admin)],
                         [("Subscribe", 1)])


if __name__ == "__main__":
    unittest.main()
