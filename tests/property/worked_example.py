"""The model alone, against figures worked out by hand.

Plan: level 1 has 12.5 %, level 2 has 2.5 % of what is paid, 7 days after receipt.  A
consumer bound to a1, whose sponsor is a2, buys for 199.00.  Who writes the model and who
checks it share no code here: the figures are in the text.
"""

from model import Model

DAY = 86_400 * 1_000_000
START = 20_000 * DAY
CANCELS = dict(name="cancel_unsent_on_clawback", value=1)
TAX = (("tax_flat_allowance", 0, 80_000), ("tax_flat_allowance_up_to", 0, 400_000),
       ("tax_share_allowance_ppm", 0, 200_000), ("tax_bracket_up_to", 1, 2_000_000),
       ("tax_bracket_up_to", 2, 5_000_000), ("tax_bracket_rate_ppm", 1, 200_000),
       ("tax_bracket_rate_ppm", 2, 300_000), ("tax_bracket_rate_ppm", 3, 400_000),
       ("tax_bracket_deduction", 2, 200_000), ("tax_bracket_deduction", 3, 700_000))


class Story:
    """Events by the day, all of which must be accepted."""

    def __init__(self, *parameters):
        self.model = Model()
        self.n = 0
        rates = [dict(name="pay_max_depth", value=2),
                 dict(name="rate_ppm", level=1, value=125_000),
                 dict(name="rate_ppm", level=2, value=25_000)]
        self.tell(0, "book_opened", book="b", currency="CNY", exponent=2)
        self.tell(0, "sku_defined", sku="s", revision=1)
        self.tell(0, "agent_enrolled", agent="a2")
        self.tell(0, "agent_enrolled", agent="a1", sponsor="a2")
        self.tell(0, "agent_verified", agent="a1", revision=1, payee_hash="AAEC")
        self.tell(0, "customer_bound", binding="b", customer="c", agent="a1")
        self.tell(0, "plan_published", plan="p", version=1,
                  parameters=rates + list(parameters))

    def tell(self, day, kind, source="shop", **body):
        verdict = self.model.take({"effective_at": START + int(day * DAY), "source": source,
                                   kind: body})
        assert verdict["outcome"] == "ACCEPTED", (kind, verdict)
        return [tuple(posting[:3]) for posting in verdict["postings"]]

    def sell(self, day, order, amount):
        return self.tell(day, "sale_recorded", order=order, buyer="c", channel="web",
                         lines=[dict(line=1, sku="s", qty=1, unit_price=amount)],
                         paid=amount, psp="psp", psp_txn=order)

    def deliver(self, day, order):
        return self.tell(day, "receipt_confirmed", order=order, line=1)

    def wait(self, day):
        return self.tell(day, "clock_advanced")

    def refund(self, day, order, amount):
        self.n += 1
        return self.tell(day, "refund_approved", refund=f"r{self.n}", order=order, line=1,
                         amount=amount)

    def draw(self, day, amount=2488):
        return self.tell(day, "payout_requested", payout="p1", agent="a1", gross=amount,
                         payee_hash="AAEC", method="bank")

    def approve(self, day):
        return self.tell(day, "payout_approved", source="finance", payout="p1", action="y")

    def send(self, day):
        return self.tell(day, "payout_sent", payout="p1", provider="bk", request_no="1")

    def pay_out(self, day):
        self.draw(day)
        self.approve(day)
        self.send(day)
        return self.tell(day, "payout_settled", payout="p1", provider="bk",
                         provider_ref="1")

    def matured(self):
        """The 199.00 are sold, received, and their commission is available."""
        self.sell(0, "o1", 19_900)
        self.deliver(2, "o1")
        self.wait(9)

    def has(self, **balances):
        """a1_1110=5: the balance of account 1110 of a1, debit positive."""
        for name, amount in balances.items():
            owner, _, number = name.rpartition("_")
            found = self.model.state.balance(int(number), owner)
            assert found == amount, f"{name}: {found}, not {amount}"


def the_example():
    story = Story()
    assert story.sell(0, "o1", 19_900) == [
        (1020, "psp", 19_900), (2010, "o1", -19_900), (1140, "o1", 2985),
        (2110, "a1", -2488), (2110, "a2", -497)]
    story.tell(1, "psp_settled", psp="psp", batch="1", gross=19_900, fee=119)
    assert story.deliver(2, "o1") == [
        (2010, "o1", 19_900), (4010, "web", -19_900), (5010, "p", 2985), (1140, "o1", -2985)]
    assert story.wait(8.99999) == []
    assert story.wait(9) == [
        (2110, "a1", 2488), (2120, "a1", -2488), (2110, "a2", 497), (2120, "a2", -497)]
    assert story.draw(10) == [(2120, "a1", 2488), (2140, "a1", -2488)]
    assert story.approve(11) == []
    assert story.send(11) == [(2140, "a1", 2488), (2150, "a1", -2488)]
    assert story.tell(11, "payout_settled", payout="p1", provider="bk",
                      provider_ref="1") == [(2150, "a1", 2488), (1010, "bk", -2488)]
    assert story.refund(12, "o1", 19_900) == [
        (4090, "web", 19_900), (2015, "o1", -19_900), (1110, "a1", 2488), (5010, "p", -2488),
        (2120, "a2", 497), (5010, "p", -497)]
    story.tell(13, "refund_paid", refund="r1", psp="psp", psp_ref="1")
    story.has(a1_1110=2488, a2_2120=0, p_5010=0, web_4010=-19_900, web_4090=19_900)
    bank = story.model.state.balance(1010, "psp") + story.model.state.balance(1010, "bk")
    assert bank + story.model.state.balance(1020, "psp") == -2607
    story.sell(20, "o2", 12_000)
    story.deliver(22, "o2")
    assert story.wait(29) == [
        (2110, "a1", 1500), (2120, "a1", -1500), (2120, "a1", 1500), (1110, "a1", -1500),
        (2110, "a2", 300), (2120, "a2", -300)]
    story.sell(30, "o3", 16_000)
    story.deliver(32, "o3")
    story.wait(39)
    story.has(a1_1110=0, a1_2120=-1012, a2_2120=-700)
    return story


def refunded_in_the_window():
    for parts in ((9950,), (4975, 4975)):
        story = Story()
        story.sell(0, "o1", 19_900)
        story.deliver(2, "o1")
        for i, part in enumerate(parts):
            story.refund(3 + i, "o1", part)
        story.has(a1_2110=-1244, a2_2110=-248, p_5010=1492)


def refunded_before_receipt():
    story = Story()
    story.sell(0, "o1", 19_900)
    assert story.refund(1, "o1", 19_900) == [
        (2010, "o1", 19_900), (2015, "o1", -19_900), (2110, "a1", 2488), (1140, "o1", -2488),
        (2110, "a2", 497), (1140, "o1", -497)]
    story.has(p_5010=0, o1_1140=0, web_4010=0)


def refunded_while_asked_for():
    for approves in (False, True):
        story = Story(CANCELS)
        story.matured()
        story.draw(10)
        if approves:
            story.approve(10)
        assert story.refund(11, "o1", 19_900)[2:6] == [
            (2140, "a1", 2488), (2120, "a1", -2488), (2120, "a1", 2488), (5010, "p", -2488)]
        story.has(a1_1110=0, a1_2140=0, a1_2120=0)
        assert story.model.state.payouts["p1"]["state"] == 8


def refunded_while_sent():
    story = Story(CANCELS)
    story.matured()
    story.draw(10)
    story.approve(10)
    story.send(10)
    story.refund(11, "o1", 19_900)
    story.has(a1_1110=2488, a1_2150=-2488)
    story.tell(12, "payout_failed", payout="p1", action="f", final=True)
    story.has(a1_1110=0, a1_2150=0, a1_2120=0)


def refunded_and_bounced():
    story = Story()
    story.matured()
    story.pay_out(10)
    story.refund(12, "o1", 19_900)
    assert story.tell(13, "payout_returned", payout="p1", provider="bk", provider_ref="1",
                      amount=2488) == [
        (1010, "bk", 2488), (2120, "a1", -2488), (2120, "a1", 2488), (1110, "a1", -2488)]
    story.has(a1_1110=0, a1_2120=0)


def charged_back_when_refunded():
    story = Story()
    story.sell(0, "o1", 19_900)
    story.tell(1, "chargeback_opened", chargeback="k", order="o1", amount=19_900, psp="psp")
    story.has(a1_2130=-2488, a1_2110=0)
    story.refund(2, "o1", 19_900)
    lost = {"effective_at": START + 3 * DAY, "chargeback_lost": dict(chargeback="k")}
    assert story.model.take(lost)["rule"] == "NOTHING_TO_REVERSE"
    story.has(a1_2130=0, a1_2110=0)


def recovered_by_halves():
    story = Story(dict(name="clawback_recovery_ppm", value=500_000))
    story.matured()
    story.pay_out(10)
    story.refund(12, "o1", 19_900)
    story.sell(20, "o2", 12_000)
    story.deliver(22, "o2")
    story.wait(29)
    story.has(a1_1110=2488 - 750, a1_2120=-750)


def taxed_by_the_month():
    table = [dict(name=name, level=level, value=value) for name, level, value in TAX]
    story = Story(dict(name="approval_above", value=10**9), *table)
    story.tell(1, "manual_adjustment", adjustment="j", agent="a1", amount=600_000,
               reason="why", approver1="ann", approver2="bob")
    for payout, gross in (("p1", 100_000), ("p2", 400_000)):
        story.tell(1, "payout_requested", payout=payout, agent="a1", gross=gross,
                   payee_hash="AAEC")
    assert story.send(1)[:2] == [(2140, "a1", 4000), (2160, "2024-10", -4000)]
    assert story.tell(1, "payout_sent", payout="p2", provider="bk", request_no="2")[:2] == [
        (2140, "a1", 76_000), (2160, "2024-10", -76_000)]
    assert story.tell(2, "payout_failed", payout="p1", action="f", final=True) == [
        (2150, "a1", 96_000), (2120, "a1", -96_000), (2160, "2024-10", 16_000),
        (2120, "a1", -16_000)]
    story.has(a1_2120=-212_000, a1_2150=-324_000)


EXAMPLES = (the_example, refunded_in_the_window, refunded_before_receipt,
            refunded_while_asked_for, refunded_while_sent, refunded_and_bounced,
            charged_back_when_refunded, recovered_by_halves, taxed_by_the_month)

if __name__ == "__main__":
    for example in EXAMPLES:
        example()
