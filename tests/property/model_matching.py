"""Three flows that should meet, and timers: written from src/books/GOODS.md."""

from model_findings import OF_AGENT, OF_ORDER
from model_forgery import STORE_PICKUP
from model_state import DAY, SECOND, second_of

TIMER_ORDER, TIMER_AGENT = 1, 2


class Matching:
    """Needs state, a State; mixed into Model."""

    def add_timer(self, kind, name, second):
        self.state.timers.append(dict(kind=kind, name=name, second=second, done=False))
        self.schedule(("timer", len(self.state.timers)), second)

    def timer_after(self, order, at, days):
        self.add_timer(TIMER_ORDER, order["name"],
                       second_of(at) + self.guard_number(days) * DAY // SECOND)

    def matching_paid(self, order, at):
        """A payment made ORDER paid whole."""
        is_open = any(not line["received"] for n, line in order["lines"].items() if n)
        if (self.guard_is_on("match") and is_open and
                not order["direct"] and not order["issued"]):
            self.timer_after(order, at, "ship_days")

    def matching_shipped(self, order, at):
        """Goods of ORDER were shipped."""
        if self.guard_is_on("match") and self.state.paid(order) < order["total"]:
            self.timer_after(order, at, "pay_days")

    def fail_match(self, rule, order, measured):
        self.broken("match", rule, (OF_ORDER, order["name"]), measured, 0)

    def matching_received(self, order, unshipped):
        """Units of ORDER were received, UNSHIPPED of them without any shipment."""
        if unshipped and order["fulfilment"] != STORE_PICKUP:
            self.fail_match("RECEIVED_UNSHIPPED", order, unshipped)

    def matching_refunded(self, order, number):
        """A refund of a line of ORDER was approved."""
        line = order["lines"][number]
        if (number and line["received"] and line["refunded"] == line["amount"] > 0 and
                line["returned"] < line["qty"]):
            self.fail_match("REFUNDED_NOT_RETURNED", order, line["qty"] - line["returned"])

    def timer_agent(self, agent, due):
        """AgentTerminated with buyback_due DUE."""
        self.add_timer(TIMER_AGENT, agent, second_of(due))

    def timer_come(self, number):
        """The due ("timer", NUMBER) of run_dues() has come."""
        timer = self.state.timers[number - 1]
        timer["done"] = True
        if timer["kind"] == TIMER_ORDER:
            self.order_timer(self.state.orders[timer["name"]])
        else:
            self.agent_timer(timer["name"])

    def order_timer(self, order):
        """Whatever guard set is in force by now."""
        state, name = self.state, order["name"]
        if order["cancelled"] or order["issued"]:
            return
        lines = [(n, line) for n, line in order["lines"].items() if n]
        unshipped = sum(line["qty"] - line["returned"] - state.in_transit(name, n)
                        for n, line in lines if not line["received"])
        gone = any(line["received"] or state.in_transit(name, n) for n, line in lines)
        owed = order["total"] - state.paid(order)
        if not owed and unshipped:
            self.finding_note("PAID_NOT_SHIPPED", (OF_ORDER, name), unshipped, 0, 0)
        elif owed and gone:
            self.finding_note("SHIPPED_NOT_PAID", (OF_ORDER, name), owed, 0, 0)

    def agent_timer(self, agent):
        units = self.units_of(agent)
        if units > 0:
            self.broken("buyback_exit", "BUYBACK_OVERDUE", (OF_AGENT, agent), units, 0)
