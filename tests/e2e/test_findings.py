"""Findings: raised, added to, acknowledged and resolved while somebody watches; the same
after a restart and after kill -9."""

import itertools
import queue
import threading
import time
import unittest

from daybook_client import (DAY, T0, Daemon, append_request, digest_of, event, failure_of,
                            grpc, record_pb2, service_pb2, until)

OPEN, ACKNOWLEDGED, RESOLVED = (service_pb2.FINDING_OPEN, service_pb2.FINDING_ACKNOWLEDGED,
                                service_pb2.FINDING_RESOLVED)
RULE = record_pb2.Rule.Name
SERIAL = itertools.count(1)
# A change is told at once, or when the pause between two looks is over: a second.
SOON_S = 10


def opening(lots=3):
    """Lots l1, l2... are meant for the north; whoever scans one elsewhere is told."""
    return [event(T0, book_opened=dict(book="shop", currency="CNY", exponent=2)),
            event(T0, sku_defined=dict(sku="s1", revision=1, list_price=1000)),
            event(T0, agent_enrolled=dict(agent="a1")),
            *(event(T0, lot_registered=dict(lot=f"l{i}", sku="s1", qty=100,
                                            intended_region="north"))
              for i in range(1, lots + 1)),
            event(T0, guard_set_published=dict(
                guard_set="g", version=1, approver="desk", parameters=[
                    dict(name="custody", choice="FLAG"),
                    dict(name="count", choice="FLAG")]))]


def scan(lot, **more):
    """DIVERSION (red) of LOT."""
    more.setdefault("region", "south")
    return event(T0 + DAY, custody_scanned=dict(scan=f"scan{next(SERIAL)}", lot=lot, **more))


def unseal(lot):
    """SEAL_BROKEN (amber) of LOT."""
    return scan(lot, region="north", seal_broken=True)


def acknowledged(finding, reason="seen"):
    return event(T0 + DAY, finding_acknowledged=dict(
        finding=str(finding), action=f"a{next(SERIAL)}", reason=reason))


def resolved(finding, reason="done"):
    return event(T0 + DAY, finding_resolved=dict(
        finding=str(finding), action=f"a{next(SERIAL)}", reason=reason, approver="zoe"))


class Watch:
    """WatchFindings in a thread of its own; chunks are taken one by one."""

    def __init__(self, stub, **request):
        self.chunks, self.position, self.failure = queue.Queue(), 0, None
        self.call = stub.WatchFindings(service_pb2.WatchFindingsRequest(**request))
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            for chunk in self.call:
                self.chunks.put(chunk)
        except grpc.RpcError as error:
            self.failure = error
        self.chunks.put(None)

    def next(self, timeout=SOON_S):
        """The next chunk with findings; None at the end."""
        while True:
            chunk = self.chunks.get(timeout=timeout)
            if chunk is None:
                return None
            self.position = chunk.next_position
            if chunk.findings:
                return chunk

    def first(self):
        """The position that the first chunk tells."""
        self.position = self.chunks.get(timeout=SOON_S).next_position
        return self.position

    def end(self):
        self.call.cancel()
        self.thread.join(SOON_S)
        assert not self.thread.is_alive()


class Findings(unittest.TestCase):
    def start(self, lots=3):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.stub = self.daemon.stub()
        return self.append(*opening(lots))

    def restart(self, kill=False):
        self.daemon.restart(kill)
        self.stub = self.daemon.stub()

    def append(self, *events):
        """All of EVENTS are accepted; the size of the log."""
        reply = self.stub.Append(append_request(events))
        for result in reply.results:
            self.assertEqual(result.outcome, record_pb2.ACCEPTED, result)
        return reply.size

    def refused(self, one):
        result = self.stub.Append(append_request([one])).results[0]
        self.assertEqual(result.outcome, record_pb2.REFUSED)
        return RULE(result.refusal.rule)

    def findings(self, **request):
        return list(self.stub.ListFindings(
            service_pb2.ListFindingsRequest(**request)).findings)

    def watch(self, stub=None, **request):
        watch = Watch(stub or self.stub, **request)
        self.addCleanup(watch.end)
        return watch

    # ------------------------------------------------------------------------ a life

    def test_a_watch_sees_the_life_of_a_finding(self):
        size = self.start()
        watch = self.watch()
        self.assertEqual(watch.first(), size)

        size = self.append(scan("l1"))
        chunk = watch.next()
        self.assertGreaterEqual(chunk.next_position, size)
        [found] = chunk.findings
        self.assertEqual((found.finding, RULE(found.rule), found.guard, found.guard_set,
                          found.subject_kind, found.subject, found.red, found.state,
                          found.count, found.position, list(found.evidence)),
                         (1, "DIVERSION", "custody", "g", "lot", "l1", True, OPEN, 1,
                          size - 1, [size - 1]))

        self.append(scan("l1"))
        self.assertEqual([f.count for f in watch.next().findings], [2])
        self.append(acknowledged(1, "we look"))
        [found] = watch.next().findings
        self.assertEqual((found.state, found.reason), (ACKNOWLEDGED, "we look"))
        self.assertEqual(self.refused(acknowledged(1)), "FINDING_STATE")
        size = self.append(resolved(1, "came back"))
        [found] = watch.next().findings
        self.assertEqual((found.state, found.reason, found.resolved_position_plus_one),
                         (RESOLVED, "came back", size))
        self.assertEqual(self.refused(resolved(1)), "FINDING_STATE")
        self.append(scan("l1"))
        [found] = watch.next().findings
        self.assertEqual((found.finding, found.state, found.count), (2, OPEN, 1))
        self.assertEqual([f.finding for f in self.findings(all=True)], [2, 1])
        self.assertEqual([f.finding for f in self.findings()], [2])

    def test_the_same_findings_after_a_restart_and_a_kill(self):
        self.start()
        self.append(scan("l1"), scan("l2"), unseal("l2"), unseal("l3"), scan("l1"))
        self.append(acknowledged(2), resolved(1))
        self.append(scan("l1"), scan("l1"))
        before, digest = self.findings(all=True), digest_of(self.stub)
        self.assertEqual([(f.finding, f.state, f.count) for f in before],
                         [(5, OPEN, 2), (4, OPEN, 1), (3, OPEN, 1), (2, ACKNOWLEDGED, 1),
                          (1, RESOLVED, 2)])
        chain = dict(rule=record_pb2.DIVERSION, subject_kind="lot", subject="l1", all=True)
        self.assertEqual([f.finding for f in self.findings(**chain)], [5, 1])
        card = self.stub.GetScorecard(service_pb2.GetScorecardRequest())
        for kill in (False, True, True):
            self.restart(kill)
            self.assertEqual(self.findings(all=True), before)
            self.assertEqual([f.finding for f in self.findings(**chain)], [5, 1])
            self.assertEqual(digest_of(self.stub), digest)
            self.assertEqual(self.stub.GetScorecard(service_pb2.GetScorecardRequest()), card)
        # And they go on where they were.
        self.append(unseal("l3"))
        self.assertEqual(self.findings(rule=record_pb2.SEAL_BROKEN)[0].count, 2)

    # ------------------------------------------------------------------- watching on

    def test_a_watch_goes_on_after_a_kill_where_it_was(self):
        self.start()
        watch = self.watch()
        self.append(scan("l1"), scan("l2"))
        self.assertEqual([f.finding for f in watch.next().findings], [1, 2])
        position = watch.position
        self.daemon.kill()
        self.daemon.close_channels()
        self.daemon.start()
        self.stub = self.daemon.stub()
        self.append(acknowledged(2), scan("l3"))
        watch = self.watch(from_position=position)
        self.assertEqual([(f.finding, f.state) for f in watch.next().findings],
                         [(2, ACKNOWLEDGED), (3, OPEN)])

    def test_once_ends_at_the_head(self):
        size = self.start()
        self.append(scan("l1"), unseal("l1"))

        def once(**request):
            chunks = list(self.stub.WatchFindings(
                service_pb2.WatchFindingsRequest(once=True, **request)))
            return [f.finding for c in chunks for f in c.findings], chunks[-1].next_position

        self.assertEqual(once(), ([1, 2], size + 2))
        self.assertEqual(once(red_only=True), ([1], size + 2))
        self.assertEqual(once(from_position=size + 1), ([2], size + 2))
        self.assertEqual(once(from_position=size + 2), ([], size + 2))
        failure = failure_of(self.stub.WatchFindings, service_pb2.WatchFindingsRequest(
            from_position=size + 3))
        self.assertEqual((failure.code, failure.reason, failure.fields["from_position"]),
                         (grpc.StatusCode.OUT_OF_RANGE, "POSITION", str(size + 3)))

    def test_red_only_keeps_silent_about_amber(self):
        self.start()
        watch = self.watch(red_only=True)
        watch.first()
        self.append(unseal("l1"))
        self.append(scan("l2"))
        self.assertEqual([f.finding for f in watch.next().findings], [2])

    def test_many_watch_a_busy_book_and_all_see_how_it_ends(self):
        lots = 40
        self.start(lots)
        other = self.daemon.stub()
        watches = [self.watch(other if i % 2 else self.stub) for i in range(24)]
        for watch in watches:
            watch.first()
        for turn in range(60):
            self.append(scan(f"l{turn % lots + 1}"), unseal(f"l{turn * 7 % lots + 1}"))
        for number in range(1, 21):
            self.append(acknowledged(number))
        size = self.append(*(resolved(number) for number in range(5, 15)))
        want = {f.finding: f for f in self.findings(all=True, page_size=1000)}
        for watch in watches:
            seen = {}
            while watch.position < size:
                chunk = watch.next()
                numbers = [f.finding for f in chunk.findings]
                self.assertEqual(numbers, sorted(set(numbers)))
                seen.update((f.finding, f) for f in chunk.findings)
            self.assertEqual(seen, want)

    # ---------------------------------------------------------------------- the ends

    def test_a_quiet_watch_is_told_where_the_log_is(self):
        self.start()
        watch = self.watch()
        watch.first()
        size = self.append(event(T0 + DAY, clock_advanced={}))
        end = time.monotonic() + 20
        while watch.first() < size:
            self.assertLess(time.monotonic(), end)

    def test_a_watch_ends_at_its_deadline_and_with_the_daemon(self):
        self.start()
        failure = failure_of(self.stub.WatchFindings, service_pb2.WatchFindingsRequest(),
                             timeout=0.3)
        self.assertEqual(failure.code, grpc.StatusCode.DEADLINE_EXCEEDED)
        watch = self.watch()
        watch.first()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertIsNone(watch.next())
        self.assertEqual(watch.failure.code(), grpc.StatusCode.UNAVAILABLE)

    def test_watches_that_are_left_do_no_harm(self):
        self.start()
        for _ in range(200):
            call = self.stub.WatchFindings(service_pb2.WatchFindingsRequest())
            self.append(scan("l1"))
            call.cancel()
        until(lambda: self.findings()[0].count == 200, 5)
        self.assertTrue(self.daemon.is_alive())

    # ------------------------------------------------------------------------ limits

    def test_streams_of_a_connection_are_bounded_as_those_of_subscribe(self):
        self.start()
        calls = [self.stub.WatchFindings(service_pb2.WatchFindingsRequest())
                 for _ in range(250)]
        for call in calls:
            next(call)
        # There is room for questions beside them.
        self.append(scan("l1"))
        for call in calls:
            self.assertEqual([f.finding for f in next(call).findings], [1])
            call.cancel()


if __name__ == "__main__":
    unittest.main()
