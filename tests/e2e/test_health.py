"""grpc.health.v1 and grpc.reflection.v1."""

import threading
import unittest

import grpc
from google.protobuf import descriptor_pb2

from daybook_client import (Daemon, Stub, failure_of, health_pb2, opened, reflection_pb2,
                            service_pb2)

Check = health_pb2.HealthCheckRequest
SERVING, NOT_SERVING = 1, 2


class Health(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.close)
        self.health = Stub(self.daemon.channel(),
                           health_pb2.DESCRIPTOR.services_by_name["Health"], health_pb2)

    def test_check_knows_the_whole_and_the_service(self):
        for name in ("", "daybook.v1.Daybook"):
            self.assertEqual(self.health.Check(Check(service=name)).status, SERVING)
        self.assertEqual(failure_of(self.health.Check, Check(service="nil")).code.name,
                         "NOT_FOUND")

    def test_watch_tells_not_serving_when_the_daemon_stops(self):
        seen, first = [], threading.Event()

        def watch():
            try:
                for reply in self.health.Watch(Check()):
                    seen.append(reply.status)
                    first.set()
            except grpc.RpcError:
                pass
        thread = threading.Thread(target=watch)
        thread.start()
        self.assertTrue(first.wait(10))
        self.assertEqual(self.daemon.stop(), 0)
        thread.join(10)
        self.assertEqual(seen, [SERVING, NOT_SERVING])

    def test_a_watch_of_an_unknown_service_goes_on(self):
        call = self.health.Watch(Check(service="nil"))
        self.assertEqual(next(call).status, 3)  # SERVICE_UNKNOWN
        call.cancel()

    def test_calls_that_are_under_way_end_when_the_daemon_stops(self):
        stub, _ = opened(self.daemon)
        feed = stub.Subscribe(service_pb2.SubscribeRequest())
        next(feed)
        self.assertEqual(self.daemon.stop(timeout=5), 0)
        with self.assertRaises(grpc.RpcError) as caught:
            for _ in feed:
                pass
        self.assertEqual(caught.exception.code().name, "UNAVAILABLE")


class Reflection(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        reflection = Stub(cls.daemon.channel(), reflection_pb2.DESCRIPTOR.services_by_name[
            "ServerReflection"], reflection_pb2)
        cls.ask = staticmethod(lambda **question: next(reflection.ServerReflectionInfo(
            iter([reflection_pb2.ServerReflectionRequest(**question)]))))

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()

    def test_the_services_are_listed(self):
        names = {service.name for service in
                 self.ask(list_services="*").list_services_response.service}
        self.assertLessEqual({"daybook.v1.Daybook", "grpc.health.v1.Health",
                              "grpc.reflection.v1.ServerReflection"}, names)

    def test_a_symbol_brings_its_file_and_what_that_needs(self):
        for symbol in ("daybook.v1.Daybook", "daybook.v1.Daybook.Append",
                       "daybook.v1.EventBatch", "daybook.v1.Rule"):
            answer = self.ask(file_containing_symbol=symbol)
            files = {}
            for data in answer.file_descriptor_response.file_descriptor_proto:
                file = descriptor_pb2.FileDescriptorProto.FromString(data)
                files[file.name] = file
            self.assertTrue(files, symbol)
            todo = list(files.values())
            while todo:
                for name in todo.pop().dependency:
                    if name in files:
                        continue
                    more = self.ask(file_by_filename=name).file_descriptor_response
                    for data in more.file_descriptor_proto:
                        file = descriptor_pb2.FileDescriptorProto.FromString(data)
                        if file.name not in files:
                            files[file.name] = file
                            todo.append(file)
                    self.assertIn(name, files)

    def test_what_is_not_there_is_not_found(self):
        for question in (dict(file_containing_symbol="nil.Nothing"),
                         dict(file_by_filename="nil.proto")):
            self.assertEqual(self.ask(**question).error_response.error_code,
                             grpc.StatusCode.NOT_FOUND.value[0])


if __name__ == "__main__":
    unittest.main()
