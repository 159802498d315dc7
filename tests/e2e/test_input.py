"""What a source may send wrong: every event gets a clear answer, nothing else suffers."""

import time
import unittest

from daybook_client import (DAY, T0, Daemon, Event, append_request, batch_of, event,
                            failure_of, opened, opening, read_log, record_pb2, sale,
                            service_pb2, set_time)

ACCEPTED, DUPLICATE = record_pb2.ACCEPTED, record_pb2.DUPLICATE
REFUSED, INVALID = record_pb2.REFUSED, record_pb2.INVALID


def field(number, kind, payload):
    return bytes([number << 3 | kind]) + payload


class Input(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.stub, _ = opened(cls.daemon)
        cls.count = 0

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()

    def send(self, *events):
        reply = self.stub.Append(append_request(events))
        self.assertEqual(len(reply.results), len(events))
        return reply.results

    def one(self, sent):
        return self.send(sent)[0]

    def sale(self, **more):
        type(self).count += 1
        return sale(1000 + self.count, **more)

    def invalid(self, sent, fault, field_name, value=None):
        if isinstance(sent, bytes):
            batch = b"\x0a" + bytes([len(sent) & 127 | 128, len(sent) >> 7]) + sent
            result = self.stub.Append(append_request(batch)).results[0]
        else:
            result = self.one(sent)
        self.assertEqual(result.outcome, INVALID, result)
        self.assertEqual(record_pb2.Fault.Name(result.fault.fault), fault, result)
        self.assertEqual(result.fault.field, field_name, result)
        if value is not None:
            self.assertEqual(result.fault.value, value, result)

    def refused(self, sent, rule, field_name, measured=None, limit=None, value=None):
        result = self.one(sent)
        self.assertEqual(result.outcome, REFUSED, result)
        self.assertEqual(record_pb2.Rule.Name(result.refusal.rule), rule, result)
        self.assertEqual(result.refusal.field, field_name, result)
        for name, want in (("measured", measured), ("limit", limit), ("value", value)):
            if want is not None:
                self.assertEqual(getattr(result.refusal, name), want, result)

    # -------------------------------------------------------------------------- ids

    def test_ids_empty_too_long_not_utf8_or_with_controls_are_invalid(self):
        self.invalid(self.sale(lines=[]), "LINES_MISSING", "lines")
        self.invalid(event(T0 + DAY, agent_enrolled=dict()), "FIELD_MISSING", "agent")
        self.invalid(event(T0 + DAY, agent_enrolled=dict(agent="x" * 65)), "ID_TOO_LONG",
                     "agent")
        self.invalid(event(T0 + DAY, agent_enrolled=dict(agent="a\tb")),
                     "ID_CONTROL_CHARACTER", "agent")
        self.invalid(event(T0 + DAY, agent_enrolled=dict(agent="ok", sponsor="y" * 65)),
                     "ID_TOO_LONG", "sponsor")
        bad = event(T0 + DAY, agent_enrolled=dict(agent="zz")).SerializeToString()
        self.invalid(bad.replace(b"zz", b"\xff\xfe"), "ID_NOT_UTF8", "agent")

    def test_an_id_of_64_bytes_and_one_in_chinese_are_taken(self):
        for name in ("x" * 64, "名字" * 10):
            result = self.one(event(T0 + DAY, agent_enrolled=dict(agent=name)))
            self.assertEqual(result.outcome, ACCEPTED, result)
            agent = self.stub.GetAgent(service_pb2.GetAgentRequest(
                agent=name, at_least_size=result.position + 1))
            self.assertEqual(agent.agent, name)

    def test_a_source_without_a_name_or_with_a_bad_one_is_told(self):
        for name in ("", "x" * 65, "a\nb"):
            request = service_pb2.AppendRequest(source=name, batch=batch_of(self.sale()))
            failed = failure_of(self.stub.Append, request)
            self.assertEqual((failed.code.name, failed.reason),
                             ("INVALID_ARGUMENT", "SOURCE"))
            self.assertIn("source", failed.fields)

    # ---------------------------------------------------------------------- amounts

    def test_amounts_zero_negative_and_overflowing_are_invalid(self):
        self.invalid(self.sale(qty=-1), "AMOUNT_NEGATIVE", "lines[0].qty", "-1")
        self.invalid(self.sale(qty=0), "AMOUNT_ZERO", "lines[0].qty")
        self.invalid(self.sale(paid=-5), "AMOUNT_NEGATIVE", "paid", "-5")
        self.invalid(self.sale(paid=0), "AMOUNT_ZERO", "paid")
        self.invalid(self.sale(price=2**63 - 1, paid=1), "AMOUNT_TOO_LARGE",
                     "lines[0].unit_price", str(2**63 - 1))
        self.invalid(self.sale(price=-2**63, paid=1), "AMOUNT_NEGATIVE",
                     "lines[0].unit_price", str(-2**63))

    def test_a_product_that_overflows_is_not_wrapped_around(self):
        result = self.one(self.sale(qty=9 * 10**12, price=9 * 10**12, paid=1))
        self.assertIn(result.outcome, (REFUSED, INVALID))
        self.assertIn("line", result.fault.field + result.refusal.field)

    def test_a_paid_amount_other_than_the_total_is_refused_with_both(self):
        self.refused(self.sale(paid=999), "AMOUNT_MISMATCH", "paid", 999, 1000)

    # ------------------------------------------------------------------------ dates

    def test_a_date_before_the_book_is_refused(self):
        self.refused(self.sale(at=-2 * DAY), "BEFORE_BOOK", "effective_at")

    def test_dates_in_the_future_out_of_range_too_fine_or_missing_are_invalid(self):
        ahead = event(int(time.time() * 1e6) + 600 * 10**6, agent_enrolled=dict(agent="f"))
        self.invalid(ahead, "TIME_IN_FUTURE", "effective_at")
        fine = event(T0 + DAY, agent_enrolled=dict(agent="f"))
        fine.effective_at.nanos = 1
        self.invalid(fine, "TIME_TOO_FINE", "effective_at")
        for seconds, nanos in ((-1, 0), (253402300800, 0), (1, 10**9), (1, -1)):
            wrong = event(T0 + DAY, agent_enrolled=dict(agent="f"))
            wrong.effective_at.seconds, wrong.effective_at.nanos = seconds, nanos
            self.invalid(wrong, "TIME_OUT_OF_RANGE", "effective_at")
        none = Event()
        none.agent_enrolled.agent = "f"
        self.invalid(none, "FIELD_MISSING", "effective_at")

    def test_a_late_event_is_accepted(self):
        self.assertEqual(self.one(self.sale(at=-DAY + 10)).outcome, ACCEPTED)

    # ------------------------------------------------------------- shape of an event

    def test_unknown_fields_and_enum_values_are_invalid(self):
        good = self.sale().SerializeToString()
        self.invalid(good + field(15, 0, b"\x01"), "UNKNOWN_FIELD", "", "15")
        wrong = self.sale()
        wrong.sale_recorded.kind = 9
        self.invalid(wrong, "UNKNOWN_ENUM_VALUE", "kind", "9")

    def test_an_event_without_a_body_or_with_half_a_body_is_invalid(self):
        bare = Event()
        set_time(bare.effective_at, T0 + DAY)
        self.invalid(bare, "BODY_MISSING", "body")
        self.invalid(self.sale().SerializeToString()[:-3], "MALFORMED", "")

    def test_events_that_the_books_do_not_take_yet_say_so(self):
        self.invalid(event(T0 + DAY, semantics_adopted=dict(semantics=2)),
                     "NOT_SUPPORTED", "body", "710")

    def test_the_rest_of_a_batch_is_not_touched_by_bad_neighbours(self):
        before = self.stub.GetStatus(service_pb2.GetStatusRequest())
        results = self.send(self.sale(), self.sale(qty=-1), self.sale(paid=1),
                            self.sale())
        self.assertEqual([result.outcome for result in results],
                         [ACCEPTED, INVALID, REFUSED, ACCEPTED])
        after = self.stub.GetStatus(service_pb2.GetStatusRequest())
        self.assertEqual(after.size - before.size, 3)
        self.assertEqual(after.invalid - before.invalid, 1)

    # ----------------------------------------------------------------- what is unknown

    def test_unknown_sku_agent_order_and_sponsor_are_refused_by_name(self):
        self.refused(self.sale(lines=[dict(line=1, sku="nil", qty=1, unit_price=1000)]),
                     "SKU_UNKNOWN", "lines[0].sku", value="nil")
        self.refused(self.sale(seller="nil"), "AGENT_UNKNOWN", "seller", value="nil")
        self.refused(event(T0 + DAY, order_paid=dict(order="nil", psp="p", psp_txn="u1",
                                                     amount=5)),
                     "ORDER_UNKNOWN", "order", value="nil")
        self.refused(event(T0 + DAY, agent_enrolled=dict(agent="new", sponsor="nil")),
                     "SPONSOR_UNKNOWN", "sponsor", value="nil")
        self.refused(event(T0 + DAY, stock_consumed=dict(
            document="d0", holder=dict(agent="nil"), kind=1,
            lines=[dict(line=1, sku="s1", qty=1)])), "AGENT_UNKNOWN", "holder", value="nil")

    # -------------------------------------------------------------- money, goods, keys

    def test_a_refund_above_what_was_paid_is_refused(self):
        order = self.sale(qty=2)
        self.assertEqual(self.one(order).outcome, ACCEPTED)
        name = order.sale_recorded.order
        refund = dict(refund="r" + name, order=name, line=1, amount=2001)
        self.refused(event(T0 + 2 * DAY, refund_approved=refund), "REFUND_EXCEEDS_LINE",
                     "amount", 2001, 2000)
        part = dict(order="p" + name, seller="a1", lines=[
            dict(line=1, sku="s1", qty=1, unit_price=1000)])
        self.send(event(T0 + DAY, order_placed=part),
                  event(T0 + DAY, order_paid=dict(order="p" + name, psp="pay",
                                                  psp_txn="half" + name, amount=400)))
        self.refused(event(T0 + 2 * DAY, refund_approved=dict(
            refund="q" + name, order="p" + name, line=1, amount=500)),
            "REFUND_EXCEEDS_PAID", "amount", 500, 400)

    def test_a_payment_above_the_order_is_refused(self):
        self.one(event(T0 + DAY, order_placed=dict(order="over", seller="a1", lines=[
            dict(line=1, sku="s1", qty=1, unit_price=1000)])))
        self.refused(event(T0 + DAY, order_paid=dict(order="over", psp="pay",
                                                     psp_txn="over", amount=1001)),
                     "PAYMENT_EXCEEDS_ORDER", "amount", 1001, 1000)

    def test_more_units_back_than_were_sold_are_refused(self):
        order = self.sale(qty=2)
        self.one(order)
        name = order.sale_recorded.order
        self.refused(event(T0 + 2 * DAY, refund_approved=dict(
            refund="u" + name, order=name, line=1, amount=10, qty=3)),
            "RETURN_EXCEEDS_LINE", "qty", 3, 2)

    def test_selling_what_is_not_there_is_refused_with_what_is(self):
        self.refused(event(T0 + DAY, stock_consumed=dict(
            document="much", holder=dict(agent="a1"), kind=1,
            lines=[dict(line=1, sku="s1", qty=100_000)])),
            "STOCK_INSUFFICIENT", "lines[0].qty", 100_000, 100)
        self.refused(self.sale(seller="a2", fulfilment=2,
                               delivered_at=dict(seconds=(T0 + DAY) // 10**6)),
                     "STOCK_INSUFFICIENT", "lines[0].qty", 1, 0)

    def test_two_different_events_under_one_key_name_the_first_and_the_field(self):
        first = self.sale()
        position = self.one(first).position
        self.assertEqual(self.one(first).outcome, DUPLICATE)
        other = Event.FromString(first.SerializeToString())
        other.sale_recorded.region = "north"
        result = self.one(other)
        self.assertEqual(record_pb2.Rule.Name(result.refusal.rule), "CONFLICT")
        self.assertEqual(result.refusal.field, "region")
        self.assertEqual(result.refusal.other_position_plus_one, position + 1)
        again = self.sale(psp_txn=first.sale_recorded.psp_txn)
        self.refused(again, "PAYMENT_KEY_USED", "psp_txn")

    def test_a_refused_event_may_come_again_when_its_cause_is_gone(self):
        sent = self.sale(seller="later")
        self.refused(sent, "AGENT_UNKNOWN", "seller")
        self.one(event(T0 + DAY, agent_enrolled=dict(agent="later", sponsor="root")))
        self.assertEqual(self.one(sent).outcome, ACCEPTED)

    def test_nothing_goes_into_a_book_that_is_not_open(self):
        with Daemon() as daemon:
            stub = daemon.stub()
            result = stub.Append(append_request([sale(1)])).results[0]
            self.assertEqual(record_pb2.Rule.Name(result.refusal.rule), "BOOK_NOT_OPEN")
            reply = stub.Append(append_request(opening() + opening("other")[:1]))
            self.assertEqual(reply.results[0].outcome, ACCEPTED)
            self.assertEqual(record_pb2.Rule.Name(reply.results[-1].refusal.rule),
                             "BOOK_ALREADY_OPEN")

    def test_every_record_holds_the_event_as_it_was_sent(self):
        sent = self.sale()
        position = self.one(sent).position
        logged = read_log(self.stub, from_position=position)[0]
        self.assertEqual(logged.position, position)
        self.assertEqual(logged.event, sent)


if __name__ == "__main__":
    unittest.main()
