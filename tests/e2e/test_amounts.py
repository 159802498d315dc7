"""Amounts at the edge, through the whole stack: the largest that an event may name, one
more than that, and sums that an int64 does not hold."""

import unittest

from daybook_client import DAY, T0, Event, digest_of, event, record_pb2, set_time
from money_client import (MoneyTest, adjustment, amount_paths, clock, filled, refund, request,
                          sold, step)

MOST = 9_200_000_000_000        # DBK_AMOUNT_MAX
INT64_MAX = 2**63 - 1
HALF = 2**62 - 1                # what events may use of a side of agents' claims


class Amounts(MoneyTest):
    def trial_balance(self):
        reply = self.ask("GetTrialBalance", at_least_size=self.size())
        lines = {line.code: line for line in reply.lines}
        for line in lines.values():
            self.assertEqual(line.balance, line.debits - line.credits)
            self.assertGreaterEqual(min(line.debits, line.credits), 0)
        self.assertEqual(sum(line.balance for line in lines.values()), 0)
        self.assertEqual((reply.total_debits, reply.total_credits, reply.difference), (
            min(INT64_MAX, sum(line.debits for line in lines.values())),
            min(INT64_MAX, sum(line.credits for line in lines.values())), 0))
        return {code: line.balance for code, line in lines.items() if line.balance}

    def comes_back(self):
        """The daemon goes on, also after a kill, and finds the same books."""
        want = digest_of(self.stub), self.trial_balance()
        self.restart(kill=True)
        self.assertEqual((digest_of(self.stub), self.trial_balance()), want)

    def test_the_largest_amount_goes_from_the_sale_to_the_bank_and_back(self):
        self.start(plan=dict(rates=(1_000_000,)))
        at = T0 + 2 * DAY
        self.append("shop", sold(1, T0 + DAY, MOST), clock(at))
        self.assertEqual(self.money().available, MOST)
        self.append("bea-app", request("p1", at, MOST))
        self.append("finance", step("approved", "p1", at), step("batched", "p1", at, MOST),
                    step("sent", "p1", at), step("settled", "p1", at, fee=MOST))
        self.assertEqual(self.trial_balance()[1010], -2 * MOST)
        self.append("shop", refund("r1", "o-1", MOST - 1, at))
        self.assertEqual(self.money().receivable, MOST - 1)
        self.append("shop", refund("r2", "o-1", 1, at))
        self.assertEqual(self.money().total, -MOST)
        self.append("bank", step("returned", "p1", at, MOST))
        money = self.money()
        self.assertEqual((money.total, money.available, money.receivable), (0, 0, 0))
        self.append("office", adjustment("a", at, MOST, deduct=False),
                    adjustment("b", at, MOST))
        self.assertEqual(self.money().total, 0)
        lines = self.ask("GetAgentStatement", agent="bea").lines
        self.assertEqual(sum(line.amount for line in lines), 0)
        self.assertEqual(self.earnings_of("o-1"), [(MOST, MOST, 0)])
        self.restart(kill=True)
        self.assertEqual(self.money().total, 0)

    def earnings_of(self, order):
        return [(e.accrued, e.reversed, e.open)
                for e in self.ask("GetOrder", order=order).earnings]

    def test_one_unit_more_is_invalid_wherever_an_amount_stands(self):
        self.start()
        before, tried = digest_of(self.stub), 0
        for body in Event.DESCRIPTOR.oneofs_by_name["body"].fields:
            if body.name in ("rank_changed", "plan_published", "guard_set_published",
                             "observation_recorded"):
                continue
            for path, text in amount_paths(body.message_type):
                for amount in (MOST + 1, INT64_MAX):
                    one = Event()
                    set_time(one.effective_at, T0 + DAY)
                    getattr(one, body.name).CopyFrom(filled(body.message_type, path, amount))
                    result = self.send("x", one).results[0]
                    fault = record_pb2.Fault.Name(result.fault.fault)
                    self.assertEqual(result.outcome, record_pb2.INVALID, one)
                    if fault != "NOT_SUPPORTED":
                        self.assertEqual(result.fault.field, text)
                        self.assertEqual((fault, result.fault.value),
                                         ("AMOUNT_TOO_LARGE", str(amount)), text)
                        tried += 1
        self.assertGreater(tried, 80)
        # Each fits, their product or sum does not.
        for more in (dict(qty=2, paid=MOST), dict(qty=MOST, paid=MOST),
                     dict(shipping=1, paid=MOST),
                     dict(lines=[dict(line=i, sku="s1", qty=1, unit_price=MOST)
                                 for i in (1, 2)], paid=MOST)):
            result = self.send("x", sold(1, T0 + DAY, MOST, **more)).results[0]
            self.assertEqual(result.outcome, record_pb2.INVALID, more)
            self.assertEqual(record_pb2.Fault.Name(result.fault.fault), "AMOUNT_TOO_LARGE")
        self.assertEqual(digest_of(self.stub), before)

    def test_a_base_beyond_int64_is_refused_and_the_next_sale_is_taken(self):
        at, most = T0 + DAY, INT64_MAX // MOST
        for base, field in (("LIST", "list_price"), ("MARGIN", "factory_price")):
            self.start(plan=dict(base=base, rates=(1,)))
            self.append("office", event(at, sku_defined=dict(sku="s1", revision=2,
                                                             **{field: MOST})))
            self.refused("AMOUNT_OVERFLOW", "shop", sold(1, at, 1, qty=most + 1))
            self.append("shop", sold(2, at, 1, qty=most), sold(3, at, MOST))
            want = {"LIST": [most * MOST // 10**6, MOST // 10**6], "MARGIN": [0, 0]}[base]
            self.assertEqual([sum(e[0] for e in self.earnings_of(order))
                              for order in ("o-2", "o-3")], want)
            self.comes_back()

    # What somebody can get wrong: the largest amount for each unit of goods.
    ABSURD = dict(rates=(), parameters=[dict(name="fixed_amount", value=MOST, level=1)])

    def test_claims_stop_at_half_an_int64_and_the_book_goes_on(self):
        self.start(plan=self.ABSURD)
        at, units = T0 + DAY, 250_000
        self.append("shop", sold(1, at, 1, qty=units), sold(2, at, 1, qty=units))
        left = HALF - 2 * units * MOST
        for number, qty in ((3, units), (4, left // MOST + 1), (5, INT64_MAX // MOST),
                            (6, INT64_MAX // MOST + 1)):
            refusal = self.refused("AMOUNT_OVERFLOW", "shop", sold(number, at, 1, qty=qty))
            self.assertEqual(refusal.field, "amount")
        self.append("shop", sold(7, at, 1, qty=left // MOST))
        earned = (2 * units + left // MOST) * MOST
        self.assertEqual(self.money().total, earned)
        self.refused("AMOUNT_OVERFLOW", "shop", sold(8, at, 1))
        # Who earns nothing sells on; what is due is done, whatever the sums.
        self.append("shop", sold(9, at, MOST, seller=""), clock(at + DAY))
        self.assertEqual(self.money().available, earned)
        self.comes_back()
        at += DAY
        rest = left % MOST
        self.refused("AMOUNT_OVERFLOW", "office",
                     adjustment("a", at, rest + 1, deduct=False))
        self.append("office", adjustment("b", at, rest, deduct=False),
                    event(at, commission_held=dict(hold="h", agent="bea")))
        self.assertEqual(self.money().held, HALF)
        self.refused("AMOUNT_OVERFLOW", "office", event(at, hold_released=dict(hold="h")))
        # All of it back, and the sums of the book as a whole exceed an int64.
        self.append("shop", refund("r1", "o-1", units - 1, at), refund("r2", "o-1", 1, at),
                    refund("r3", "o-2", units, at), refund("r4", "o-7", left // MOST, at))
        self.assertEqual(self.money().total, rest)
        self.assertEqual(self.earnings_of("o-1"), [(units * MOST, units * MOST, 0)])
        self.comes_back()
        statement = self.ask("GetAgentStatement", agent="bea")
        self.assertEqual(sum(line.amount for line in statement.lines), rest)
        self.append("shop", sold(10, at, 1, seller=""))

    def test_a_debt_of_any_size_is_netted_to_the_unit(self):
        self.start(plan=dict(**self.ABSURD, clawback_recovery_ppm=333_333))
        at, units = T0 + DAY, 200_000
        self.append("shop", sold(1, at, 1, qty=units), clock(at + DAY))
        at += DAY
        for number in (1, 2):
            self.append("app", request(f"p{number}", at, MOST))
        self.append("finance", *[step(kind, "p1", at) for kind in ("approved", "sent",
                                                                   "settled")])
        self.append("shop", refund("r", "o-1", units, at))
        self.assertEqual(self.money().receivable, 2 * MOST)
        self.append("shop", sold(2, at, 1, qty=3), clock(at + DAY))
        netted = 3 * MOST * 333_333 // 1_000_000
        money = self.money()
        self.assertEqual((money.available, money.receivable),
                         (3 * MOST - netted, 2 * MOST - netted))
        self.append("shop", sold(3, at, 1, qty=units), clock(at + 2 * DAY))
        money = self.money()
        self.assertEqual((money.receivable, money.total),
                         (0, (units + 3) * MOST - MOST))
        self.comes_back()

    def test_tax_and_limits_of_the_largest_payouts_are_worked_out_to_the_unit(self):
        tax = [dict(name="tax_bracket_rate_ppm", value=999_999, level=1)]
        self.start(plan=dict(rates=(), payout_monthly_limit=MOST, parameters=tax + self.ABSURD[
            "parameters"]))
        at = T0 + DAY
        self.append("shop", sold(1, at, 1, qty=10), clock(at + DAY))
        self.append("app", request("p1", at, MOST))
        self.refused("PAYOUT_MONTHLY_LIMIT", "app", request("p2", at, 1))
        self.append("finance", step("approved", "p1", at), step("sent", "p1", at))
        payout = self.payout("p1").payout
        self.assertEqual((payout.tax, payout.net), (MOST * 999_999 // 1_000_000,
                                                    MOST - MOST * 999_999 // 1_000_000))
        self.append("bank", step("failed", "p1", at))
        self.assertEqual(self.money().available, 10 * MOST)
        self.comes_back()


if __name__ == "__main__":
    unittest.main()
