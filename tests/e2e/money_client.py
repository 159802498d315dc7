"""Agents' money for end-to-end tests: a plan, people, sales, payouts, and a test case
that has a daemon with such a book."""

import itertools
import threading
import time
import unittest

from google.protobuf.descriptor import FieldDescriptor

from daybook_client import (DAY, OUTCOME, READY_S, T0, Daemon, append_request, event,
                            record_pb2, sale, service_pb2, set_time)

PAYEE = b"\x07" * 32
ACCEPTED, DUPLICATE, REFUSED = (record_pb2.ACCEPTED, record_pb2.DUPLICATE,
                                record_pb2.REFUSED)
STATES = ("requested", "approved", "batched", "sent", "unknown", "settled", "rejected",
          "cancelled", "failed", "returned")
# The steps that lead a payout to a state.
PATHS = {"requested": (), "approved": ("approved",), "batched": ("approved", "batched"),
         "sent": ("approved", "sent"), "unknown": ("approved", "sent", "unknown"),
         "settled": ("approved", "sent", "settled"), "rejected": ("rejected",),
         "cancelled": ("cancelled",), "failed": ("approved", "sent", "failed"),
         "returned": ("approved", "sent", "settled", "returned")}
SERIAL = itertools.count(1)


def now_us():
    return time.time_ns() // 1000


def plan(at, version=1, window=0, rates=(100_000, 20_000), parameters=(), **more):
    """Level 1 gets 10 %, level 2 gets 2 %; MORE are parameters by name, texts choices."""
    out = [dict(name="pay_max_depth", value=len(rates) or 1),
           dict(name="window_days", value=window)]
    out += [dict(name="rate_ppm", value=rate, level=level)
            for level, rate in enumerate(rates, 1)]
    out += [dict(name=name, **{"choice" if isinstance(value, str) else "value": value})
            for name, value in more.items()]
    return event(at, plan_published=dict(plan="retail", version=version, approver="desk",
                                         parameters=[*out, *parameters]))


def opening(at, people=(("ann", ""), ("bea", "ann")), **more):
    """ann sponsors bea; whoever is there may be paid out."""
    events = [event(at, book_opened=dict(book="shop", currency="CNY", exponent=2)),
              event(at, sku_defined=dict(sku="s1", revision=1, list_price=1000)),
              plan(at, **more)]
    for agent, sponsor in people:
        events += [event(at, agent_enrolled=dict(agent=agent, sponsor=sponsor)),
                   event(at, agent_verified=dict(agent=agent, revision=1,
                                                 payee_hash=PAYEE))]
    return events


def sold(number, at, amount=100_000, delivered=True, seller="bea", **more):
    """A sale by bea out of the brand's stock; bea gets 10 %, ann 2 %."""
    out = sale(f"-{number}", at=0, seller=seller, price=amount, buyer=f"c{number}", **more)
    set_time(out.effective_at, at)
    if delivered:
        set_time(out.sale_recorded.delivered_at, at)
    return out


def request(payout, at, gross, agent="bea"):
    return event(at, payout_requested=dict(payout=payout, agent=agent, gross=gross,
                                           method="BANK", payee_hash=PAYEE))


def step(kind, payout, at, gross=100, provider="bank", **more):
    """PAYOUT shall take a step; no two such events have a name in common."""
    name = f"n{next(SERIAL)}"
    fields = {"batched": dict(batch=name, payouts=[payout], total=gross),
              "sent": dict(payout=payout, provider=provider, request_no=name),
              "settled": dict(payout=payout, provider=provider, provider_ref=name),
              "returned": dict(payout=payout, provider=provider, provider_ref=name,
                               amount=gross),
              "failed": dict(payout=payout, action=name, final=True)}.get(
                  kind, dict(payout=payout, action=name))
    return event(at, **{"payout_" + kind.replace("_once", ""): {**fields, **more}})


def clock(at):
    return event(at, clock_advanced={})


def refund(name, order, amount, at, line=1, qty=0):
    return event(at, refund_approved=dict(refund=name, order=order, line=line, qty=qty,
                                          amount=amount))


def adjustment(name, at, amount, agent="bea", deduct=True):
    return event(at, manual_adjustment=dict(
        adjustment=name, agent=agent, deduct=deduct, amount=amount, reason="a mistake",
        approver1="x", approver2="y"))


def received(order, at):
    return event(at, receipt_confirmed=dict(order=order))


def lr1(base, rates):
    """Largest remainder: the pool is what all rates give together."""
    pool = base * sum(rates) // 1_000_000
    parts = [base * rate // 1_000_000 for rate in rates]
    order = sorted(range(len(rates)), key=lambda i: (-(base * rates[i] % 1_000_000), i))
    for i in order[:pool - sum(parts)]:
        parts[i] += 1
    return parts


def retained(accrued, amount, refunded):
    return accrued * (amount - refunded) // amount


def amount_paths(descriptor):
    """Where int64 numbers stand in a message: field numbers, and the path as text."""
    for field in descriptor.fields:
        text = field.name + "[0]" * (field.label == FieldDescriptor.LABEL_REPEATED)
        if field.type == FieldDescriptor.TYPE_INT64:
            yield (field.number,), text
        elif field.message_type and field.message_type.file.package == "daybook.v1":
            for path, rest in amount_paths(field.message_type):
                yield (field.number, *path), f"{text}.{rest}"


def filled(descriptor, path, amount):
    """A message with something in every field, and AMOUNT in the one of PATH."""
    message = descriptor._concrete_class()
    for field in descriptor.fields:
        rest = path[1:] if path and path[0] == field.number else None
        if field.message_type is None:
            value = {FieldDescriptor.TYPE_STRING: "x", FieldDescriptor.TYPE_BYTES: b"x",
                     FieldDescriptor.TYPE_BOOL: False}.get(field.type, 1)
            value = amount if rest == () else value
        elif field.message_type.file.package == "daybook.v1":
            value = filled(field.message_type, rest, amount)
        else:
            set_time(getattr(message, field.name), T0 + DAY)
            continue
        if field.label == FieldDescriptor.LABEL_REPEATED:
            getattr(message, field.name).append(value)
        elif field.message_type:
            getattr(message, field.name).CopyFrom(value)
        else:
            setattr(message, field.name, value)
    return message


class MoneyTest(unittest.TestCase):
    def start(self, *options, at=T0, **named):
        plan_of = named.pop("plan", {})
        self.daemon = Daemon(*options, **named)
        self.addCleanup(self.daemon.close)
        self.stub = self.daemon.stub()
        self.append("office", *opening(at, **plan_of))

    def restart(self, kill=False):
        self.daemon.restart(kill)
        self.stub = self.daemon.stub()

    def send(self, source, *events, **flags):
        return self.stub.Append(append_request(events, source, 0, **flags))

    def append(self, source, *events):
        """All of EVENTS are accepted; the size of the log."""
        reply = self.send(source, *events)
        for result in reply.results:
            self.assertEqual(result.outcome, ACCEPTED, result)
        return reply.size

    def refused(self, rule, source, one):
        result = self.send(source, one).results[0]
        self.assertEqual((OUTCOME.Name(result.outcome),
                          record_pb2.Rule.Name(result.refusal.rule)), ("REFUSED", rule))
        return result.refusal

    def ask(self, method, **fields):
        call = getattr(self.stub, method)
        message = next(m for m in service_pb2.DESCRIPTOR.services_by_name["Daybook"].methods
                       if m.name == method).input_type._concrete_class
        return call(message(**fields))

    def size(self):
        return self.ask("GetStatus").size

    def money(self, agent="bea"):
        return self.ask("GetAgentStatement", agent=agent, at_least_size=self.size(),
                        figures_only=True).closing

    def payout(self, name):
        return self.ask("GetPayout", payout=name)

    def at_once(self, batches):
        """Each of BATCHES, (source, events), at the same moment by a connection of its own;
        the results in the order of BATCHES."""
        barrier, results = threading.Barrier(len(batches)), [None] * len(batches)

        def deliver(number, source, events):
            stub = self.daemon.stub(ready=True)
            barrier.wait(READY_S)
            results[number] = stub.Append(append_request(events, source, 1)).results

        threads = [threading.Thread(target=deliver, args=(number, *batch))
                   for number, batch in enumerate(batches)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results
