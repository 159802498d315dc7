"""Guards of goods on their way to agents: the table of "Guard sets" in src/books/GOODS.md.

Measures and sums over windows are those of model_goods.
"""

from model_findings import OF_AGENT, OF_LOCATION, OF_LOT, OF_SKU
from plan_model import MILLION

INT64_MAX = 2**63 - 1
ENTRY_FEES = (1, 2)  # JOINING, KIT
SUPERSEDED, EXPIRED = 1, 2


def at_most_int64(number):
    return min(number, INT64_MAX)


class Distribution:
    """Needs state, a State; mixed into Model."""

    def goods_out_check(self, holder, sku, lot, field):
        """A line of goods goes to agent HOLDER; "" by GoodsShipped: GOODS_STATE."""
        subject = (OF_AGENT, holder) if holder else (OF_LOT, lot)
        if holder and self.state.skus[sku]["superseded_by"]:
            self.broken("goods_out", "GOODS_STATE", subject, SUPERSEDED, 0, field=field)
        expires = self.state.lots[lot]["expires_on"] if lot else None
        if expires is not None and expires <= self.state.clock:
            self.broken("goods_out", "GOODS_STATE", subject, EXPIRED, 0, field=field)

    def push_down_check(self, receiver, sku, qty, field):
        """QTY of SKU is about to be transferred to agent RECEIVER: PUSHED_DOWN."""
        rank = self.state.agents[receiver]["rank"]
        most = self.guard_number("max_purchase_to_sales_ppm")
        free = self.guard_number("free_units", sku, rank)
        window = self.guard_number("window_days")
        m = self.measure(receiver, sku, window)
        bought = m["received"] + qty
        if bought * MILLION > most * m["sold"] and m["stock"] + qty > free:
            ratio = bought * MILLION // m["sold"] if m["sold"] else INT64_MAX
            self.broken("push_down", "PUSHED_DOWN", (OF_AGENT, receiver),
                        at_most_int64(ratio), most, field=field, agent=receiver,
                        window=window)

    def network_check(self, sku, field):
        """SKU was issued to an agent: NETWORK_SELL_THROUGH."""
        window, limit = (self.guard_number(name)
                         for name in ("window_days", "network_alarm_ppm"))
        sums = self.network(sku, window)
        issued = sums["issued"] - sums["returned"]
        if issued >= self.guard_number("network_min_units"):
            sold = max(0, sums["sold"]) * MILLION // issued
            if sold < limit:
                self.broken("network", "NETWORK_SELL_THROUGH", (OF_SKU, sku),
                            at_most_int64(sold), limit, field=field, window=window)

    def multi_count_check(self, sku):
        """SKU was transferred from agent to agent: MULTI_COUNT."""
        window, limit = (self.guard_number(name)
                         for name in ("window_days", "max_multi_count_ppm"))
        sums = self.network(sku, window)
        if sums["retail"] >= self.guard_number("network_min_units"):
            counted = (sums["issued"] + sums["passed"]) * MILLION // sums["retail"]
            if counted > limit:
                self.broken("multi_count", "MULTI_COUNT", (OF_SKU, sku),
                            at_most_int64(counted), limit, window=window)

    def cloud_check(self, sku, may_refuse, field):
        """SKU's cloud grew (MAY_REFUSE) or its brand fell: CLOUD_COVERAGE."""
        cloud, brand = self.cloud_of(sku), self.brand_of(sku)
        least = self.guard_number("min_coverage_ppm")
        if cloud > 0 and brand * MILLION // cloud < least:
            self.broken("cloud", "CLOUD_COVERAGE", (OF_SKU, sku),
                        at_most_int64(brand * MILLION // cloud), least, field=field,
                        may_refuse=may_refuse)

    def profiteering_check(self, body):
        """SkuDefined: PROFITEERING."""
        made_for, most = body["factory_price"], self.guard_number("max_markup_ppm")
        if made_for > 0:
            markup = body["list_price"] * MILLION // made_for
            if markup > most:
                self.broken("profiteering", "PROFITEERING", (OF_SKU, body["sku"]),
                            at_most_int64(markup), most, field="list_price")

    def count_check(self, holder, difference):
        """StockCounted found DIFFERENCE at HOLDER, (kind, name): COUNT_DIFFERENCE."""
        tolerance = self.guard_number("count_tolerance")
        kind = OF_AGENT if holder[0] == "agent" else OF_LOCATION
        if abs(difference) > tolerance:
            self.broken("count", "COUNT_DIFFERENCE", (kind, holder[1]), abs(difference),
                        tolerance)

    def entry_fee_check(self, body):
        """FeeCharged: ENTRY_FEE."""
        most = self.guard_number("entry_fee_limit")
        if body["is_condition"] and body["kind"] in ENTRY_FEES and body["amount"] > most:
            self.broken("entry_fee", "ENTRY_FEE", (OF_AGENT, body["agent"]),
                        body["amount"], most, field="amount")

    def friend_price_check(self, order, number, qty, amount, day):
        """A friend's line is recognised, not yet counted: FRIEND_PRICE."""
        sku = order["lines"][number]["sku"]
        units, s = self.strangers(sku, day)
        least, tolerance = (self.guard_number(name) for name in (
            "friend_min_units", "friend_tolerance_ppm"))
        if not qty or units < least:
            return
        if amount * MILLION // qty * units > s * (MILLION + tolerance):
            self.broken("friend_price", "FRIEND_PRICE", (OF_AGENT, order["seller"]),
                        amount // qty, s // units)
