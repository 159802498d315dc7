"""The feed: from a position, filtered, caught up, live, and resumed."""

import threading
import unittest

from daybook_client import (DAY, T0, Daemon, append_request, event, failure_of, opened,
                            read_log, sale, service_pb2)

Request = service_pb2.SubscribeRequest


class Feed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.stub, _ = opened(cls.daemon)
        cls.stub.Append(append_request(
            [sale(1), sale(2, seller="a2"), sale(3, paid=1), sale(4, seller="a3"),
             event(T0 + DAY, order_placed=dict(order="p1", seller="a2", lines=[
                 dict(line=1, sku="s1", qty=1, unit_price=500)])),
             event(T0 + DAY, order_paid=dict(order="p1", psp="pay", psp_txn="x", amount=500)),
             event(T0 + DAY, stock_transferred=dict(
                 transfer="m1", to=dict(agent="a3"), lines=[
                     dict(line=1, sku="s1", qty=5)], **{"from": dict(agent="a1")}))],
            "feeder", 1))
        cls.all = read_log(cls.stub, include_refused=True)

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()

    def positions(self, **request):
        request.setdefault("stop_at_head", True)
        return [logged.position for reply in self.stub.Subscribe(Request(**request))
                for logged in reply.events]

    def test_everything_comes_once_in_order_with_what_the_log_knows(self):
        self.assertEqual([logged.position for logged in self.all],
                         list(range(len(self.all))))
        self.assertEqual(self.all[-1].source, "feeder")
        self.assertEqual([logged.index for logged in self.all[-7:]], list(range(7)))
        self.assertTrue(all(logged.recorded_at.seconds for logged in self.all))

    def test_from_every_position_on(self):
        for start in range(len(self.all)):
            self.assertEqual(self.positions(from_position=start, include_refused=True),
                             list(range(start, len(self.all))))

    def test_a_position_beyond_the_log_is_told(self):
        failed = failure_of(self.stub.Subscribe, Request(from_position=10**6,
                                                         stop_at_head=True))
        self.assertEqual(failed.code.name, "OUT_OF_RANGE")
        self.assertTrue(failed.reason)

    def test_filters_give_what_a_filter_of_all_gives(self):
        def kind(logged):
            return logged.event.DESCRIPTOR.fields_by_name[
                logged.event.WhichOneof("body")].number

        def wanted(test, refused=False):
            return [logged.position for logged in self.all
                    if (refused or logged.outcome == 1) and test(logged)]

        self.assertEqual(self.positions(), wanted(lambda logged: True))
        self.assertEqual(self.positions(types=[301]), wanted(lambda l: kind(l) == 301))
        self.assertEqual(self.positions(types=[300]),
                         wanted(lambda l: 300 <= kind(l) < 400))
        self.assertEqual(self.positions(types=[201, 600], include_refused=True),
                         wanted(lambda l: kind(l) == 201 or kind(l) >= 600, True))
        self.assertEqual(self.positions(source="feeder"),
                         wanted(lambda l: l.source == "feeder"))
        self.assertEqual(self.positions(order="p1"), wanted(
            lambda l: kind(l) in (302, 304)))
        for agent in ("a1", "a2", "a3", "root"):
            self.assertEqual(self.positions(agent=agent), wanted(
                lambda l: f'"{agent}"' in str(l.event)), agent)
        self.assertEqual(self.positions(agent="nobody"), [])
        self.assertEqual(self.positions(limit=3), [0, 1, 2])
        self.assertEqual(self.positions(types=[301], limit=1, stop_at_head=False),
                         wanted(lambda l: kind(l) == 301)[:1])

    def test_caught_up_then_live_without_gap_or_repeat(self):
        with Daemon() as daemon:
            stub, size = opened(daemon)
            total = size + 600
            got, first = [], threading.Event()

            def follow():
                call = stub.Subscribe(Request(include_refused=True))
                for reply in call:
                    got.extend(logged.position for logged in reply.events)
                    first.set()
                    if got and got[-1] == total - 1:
                        call.cancel()
                        return
            thread = threading.Thread(target=follow)
            thread.start()
            self.assertTrue(first.wait(10))
            other = daemon.stub()
            for number in range(300):
                other.Append(append_request([sale(number), sale(number, paid=7)]))
            thread.join(20)
            self.assertFalse(thread.is_alive())
            self.assertEqual(got, list(range(total)))

    def test_next_position_resumes_after_a_kill_without_repeats(self):
        with Daemon() as daemon:
            stub, size = opened(daemon)
            next_position, got = 0, []
            for turn in range(5):
                stub.Append(append_request([sale(turn * 100 + i) for i in range(50)]))
                for reply in stub.Subscribe(Request(from_position=next_position,
                                                    types=[301], stop_at_head=True)):
                    got.extend(logged.position for logged in reply.events)
                    next_position = reply.next_position
                daemon.restart(kill=True)
                stub = daemon.stub()
            self.assertEqual(got, list(range(size, size + 250)))
            self.assertEqual(next_position, size + 250)

    def test_a_quiet_feed_hears_the_head_now_and_then(self):
        for reply in self.stub.Subscribe(Request(types=[503]), timeout=9):
            if not reply.events and reply.size == len(self.all):
                self.assertEqual(reply.next_position, len(self.all))
                break
        else:
            self.fail("no heartbeat")

    def test_a_feed_ends_at_its_deadline(self):
        failed = failure_of(self.stub.Subscribe, Request(), timeout=0.3)
        self.assertEqual(failed.code.name, "DEADLINE_EXCEEDED")

    def test_what_no_feed_can_mean_is_told(self):
        failed = failure_of(self.stub.Subscribe, Request(types=[1] * 1000))
        self.assertEqual(failed.code.name, "INVALID_ARGUMENT")
        self.assertTrue(failed.reason)


if __name__ == "__main__":
    unittest.main()
