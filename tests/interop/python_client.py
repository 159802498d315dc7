"""A client as the README describes one, from the .proto files alone.

usage: DAYBOOK_TOKEN=... python_client.py ADDRESS FOLDER-OF-GENERATED-MESSAGES
"""

import os
import sys

import grpc

sys.path.insert(0, sys.argv[2])
from daybook.v1 import event_pb2, record_pb2, service_pb2          # noqa: E402


def method(channel, name, request, reply, kind="unary_unary"):
    call = getattr(channel, kind)(f"/daybook.v1.Daybook/{name}",
                                  request_serializer=request.SerializeToString,
                                  response_deserializer=reply.FromString)
    token = (("authorization", "Bearer " + os.environ["DAYBOOK_TOKEN"]),)
    return lambda asked: call(asked, metadata=token)


def at(second, **body):
    event = event_pb2.Event(**body)
    event.effective_at.seconds = 1_704_067_200 + second
    return event


def main():
    channel = grpc.insecure_channel(sys.argv[1])
    append = method(channel, "Append", service_pb2.AppendRequest, service_pb2.AppendReply)
    stream = method(channel, "AppendStream", service_pb2.AppendRequest,
                    service_pb2.AppendReply, "stream_stream")
    source = method(channel, "GetSource", service_pb2.GetSourceRequest, service_pb2.Source)
    stock = method(channel, "ListStock", service_pb2.ListStockRequest,
                   service_pb2.ListStockReply)
    subscribe = method(channel, "Subscribe", service_pb2.SubscribeRequest,
                       service_pb2.SubscribeReply, "unary_stream")

    last = source(service_pb2.GetSourceRequest(source="python")).last_batch_seq
    batch = service_pb2.EventBatch(events=[
        at(0, book_opened=event_pb2.BookOpened(book="py", currency="EUR", exponent=2)),
        at(1, sku_defined=event_pb2.SkuDefined(sku="tea", revision=1)),
        at(2, agent_enrolled=event_pb2.AgentEnrolled(agent="ann")),
        at(3, stock_issued=event_pb2.StockIssued(
            transfer="t1", to=event_pb2.Holder(agent="ann"),
            lines=[event_pb2.StockLine(line=1, sku="tea", qty=40, unit_price=3)])),
        at(4, stock_consumed=event_pb2.StockConsumed(
            document="d1", holder=event_pb2.Holder(agent="ann"),
            kind=event_pb2.CONSUMED_RETAIL,
            lines=[event_pb2.StockLine(line=1, sku="tea", qty=41)]))])
    reply = append(service_pb2.AppendRequest(source="python", batch_seq=last + 1,
                                             batch=batch.SerializeToString()))
    outcomes = [result.outcome for result in reply.results]
    assert outcomes == [record_pb2.ACCEPTED] * 4 + [record_pb2.REFUSED], reply
    refusal = reply.results[4].refusal
    assert refusal.rule == record_pb2.STOCK_INSUFFICIENT, refusal
    assert (refusal.field, refusal.measured, refusal.limit) == ("lines[0].qty", 41, 40)

    position = stock(service_pb2.ListStockRequest(holder="ann",
                                                  at_least_size=reply.size)).positions[0]
    assert (position.on_hand, position.received_value) == (40, 120), position

    requests = (service_pb2.AppendRequest(
        source="python", batch_seq=last + 2 + i, batch=service_pb2.EventBatch(
            events=[at(10 + i, agent_enrolled=event_pb2.AgentEnrolled(
                agent=f"p{i}", sponsor="ann"))]).SerializeToString()) for i in range(20))
    assert [got.batch_seq for got in stream(requests)] == list(range(last + 2, last + 22))

    followed = [event.position for part in subscribe(service_pb2.SubscribeRequest(
        agent="ann", stop_at_head=True)) for event in part.events]
    assert len(followed) == 22, followed
    print("python: ok")


if __name__ == "__main__":
    main()
