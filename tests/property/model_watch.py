"""Findings, watches, custody, guards of distribution, cycles, forged orders, exposure,
the three flows and timers: hooks that the other rules call.

Written from src/books/GOODS.md.  A guard that fails calls guard_fail() of model_guards.
"""


class Watching:
    """Needs state, a State; mixed into Model."""

    # ------------------------------------------------------------------ findings, watches

    def finding_note(self, rule, subject, measured, limit, window):
        """SUBJECT: (kind, name).  Once per record; the event may still be refused."""

    def red_findings(self, agent):
        """Red findings on AGENT that are not resolved."""
        return 0

    def on_finding_acknowledged(self, body, at):
        pass

    def on_finding_resolved(self, body, at):
        pass

    def watch(self, agent):
        """The row of a watched agent, made if need be."""
        return self.state.watches.setdefault(agent, dict(
            agreement_version=0, binding_day=0, bindings=0, share_day=0, shares=0,
            breach_day=0, breaches=0))

    def watch_enrolled(self, body):
        """AgentEnrolled was accepted so far."""

    def watch_binding(self, agent, at):
        """CustomerBound to AGENT: counts, BINDINGS_PER_DAY."""

    def on_observation_recorded(self, body, at):
        pass

    # ---------------------------------------------------------------------------- custody

    def on_custody_scanned(self, body, at):
        pass

    # ----------------------------------------------------------------------- distribution

    def goods_out_check(self, holder, sku, lot, field):
        """A line of goods goes to agent HOLDER; "" by GoodsShipped: GOODS_STATE."""

    def push_down_check(self, receiver, sku, qty, field):
        """QTY of SKU is about to be transferred to agent RECEIVER: PUSHED_DOWN."""

    def network_check(self, sku, field):
        """SKU was issued to an agent: NETWORK_SELL_THROUGH."""

    def multi_count_check(self, sku):
        """SKU was transferred from agent to agent: MULTI_COUNT."""

    def cloud_check(self, sku, may_refuse, field):
        """SKU's cloud grew (MAY_REFUSE) or its brand fell: CLOUD_COVERAGE."""

    def profiteering_check(self, body):
        """SkuDefined: PROFITEERING."""

    def count_check(self, holder, difference):
        """StockCounted found DIFFERENCE at HOLDER, (kind, name): COUNT_DIFFERENCE."""

    def entry_fee_check(self, body):
        """FeeCharged: ENTRY_FEE."""

    def friend_price_check(self, order, number, qty, amount, day):
        """A friend's line is recognised, not yet counted: FRIEND_PRICE."""

    # ----------------------------------------------------------------------------- cycles

    def cycle_transfer(self, giver, receiver, at):
        """StockTransferred from agent to agent: GOODS_CYCLE, and the edge of goods."""

    # ------------------------------------------------------------ forged orders, exposure

    def forgery_paid(self, order, at, field):
        """A payment made ORDER paid whole: row of orders, edge of money, FAKE_ORDER."""

    def forgery_unscanned(self, order):
        """Units were received that no shipment was reported for."""

    def forgery_refund(self, order, at):
        """A refund of ORDER was approved."""

    def exposure_payment(self, order):
        """A payment of ORDER, at the end of the event's own trade: EXPOSURE."""

    def exposure_payout(self, agent):
        """PayoutRequested, after its other rules: EXPOSURE."""

    # ------------------------------------------------------------------ matching, timers

    def matching_paid(self, order, at):
        """A payment made ORDER paid whole."""

    def matching_shipped(self, order, at):
        """Goods of ORDER were shipped."""

    def matching_received(self, order, unshipped):
        """Units of ORDER were received, UNSHIPPED of them without any shipment."""

    def matching_refunded(self, order, number):
        """A refund of a line of ORDER was approved."""

    def timer_agent(self, agent, due):
        """AgentTerminated with buyback_due DUE."""

    def timer_come(self, number):
        """The due ("timer", NUMBER) of run_dues() has come."""
