"""Plans published, other money of agents, teams and contests, reports, and the close.

Written from src/books/MONEY.md.
"""

import model_digest
import plan_model
from model_payout import OVERRIDABLE
from model_state import (ADJUSTMENT, BONUS, COMMISSION, DAY, ON_OTHER, ON_RECRUITING,
                         ON_RETAIL, ON_SELL_IN, UNASSIGNED, UNKNOWN, must)

PLANS_MAX = 65_535
OPEN_CONTESTS_MAX = 64
BANK = (1010, "bank")
METRICS = {"MATURED_RETAIL": ON_RETAIL, "REPEAT_RATE": ON_RETAIL, "REFUND_RATE": ON_RETAIL,
           "TEAM_RETAIL": ON_RETAIL, "TRAINING": ON_OTHER}
RISKY_METRICS = {"HEAD_COUNT": ON_RECRUITING, "PURCHASE_VOLUME": ON_SELL_IN}
CONTEST_METRICS = ("MATURED_RETAIL", "TEAM_RETAIL")
(NONE, NO_CAUSE, NO_STANDING, DUPLICATE, WRONG_PAYEE, WRONG_AMOUNT) = range(6)


class Control:
    """Needs state, a State; mixed into Model."""

    def two_approvers(self, body):
        must(body["approver1"] and body["approver2"] and
             body["approver1"] != body["approver2"], "APPROVERS_NOT_TWO", "approver2")

    def with_reason(self, body):
        must(body["reason"], "REASON_MISSING", "reason")

    # --------------------------------------------------------------------------- plans

    def on_plan_published(self, body, at):
        state = self.state
        last = max((plan.version for plan in state.plans if plan.name == body["plan"]),
                   default=0)
        must(body["version"] == last + 1, "PLAN_VERSION_GAP", "version", body["version"],
             last + 1)
        begins = at if body["valid_from"] is None else body["valid_from"]
        must(body["valid_to"] is None or body["valid_to"] > begins, "PLAN_VALIDITY",
             "valid_to")
        plan = plan_model.Plan(body["parameters"], body["plan"], body["version"],
                               len(state.plans) + 1, begins, body["valid_to"])
        try:
            plan_model.check_plan(plan)
        except plan_model.BadPlan as bad:
            must(False, bad.rule, f"parameters[{bad.index}].{bad.member}", bad.measured,
                 bad.limit)
        for i, sku in plan.skus_named():
            must(sku in state.skus, "SKU_UNKNOWN", f"parameters[{i}].sku")
        must(plan.number <= PLANS_MAX, "LIMIT_REACHED", "plan")
        state.plans.append(plan)

    # ------------------------------------------------------------ other money of agents

    def on_deposit_received(self, body, at):
        self.known_agent(body["agent"], "agent")
        self.state.post(BANK, (2180, body["agent"]), body["amount"])

    def on_deposit_returned(self, body, at):
        self.known_agent(body["agent"], "agent")
        there = -self.state.balance(2180, body["agent"])
        must(body["amount"] <= there, "DEPOSIT_EXCEEDED", "amount", body["amount"], there)
        self.state.post((2180, body["agent"]), BANK, body["amount"])

    def on_fee_charged(self, body, at):
        agent = self.known_agent(body["agent"], "agent")
        must(agent["state"] != 3, "AGENT_NOT_ACTIVE", "agent")
        self.entry_fee_check(body)
        if body["psp"]:
            self.state.post((1020, body["psp"]), (4040, body["agent"]), body["amount"])
        self.recruit(body["agent"], body["amount"], at)

    def within_owed(self, body):
        owed = self.owed(body["agent"])
        must(body["amount"] <= owed, "CLAWBACK_EXCEEDED", "amount", body["amount"], owed)

    def on_clawback_repaid(self, body, at):
        self.known_agent(body["agent"], "agent")
        self.within_owed(body)
        self.state.post(BANK, (1110, body["agent"]), body["amount"], "REPAID")

    def on_clawback_written_off(self, body, at):
        self.known_agent(body["agent"], "agent")
        self.two_approvers(body)
        self.with_reason(body)
        self.within_owed(body)
        limit = self.state.plan_at(at).value("writeoff_limit")
        must(not limit or body["amount"] <= limit, "WRITEOFF_LIMIT", "amount",
             body["amount"], limit)
        self.state.post((5020, body["agent"]), (1110, body["agent"]), body["amount"],
                        "WRITTEN_OFF")

    def on_bonus_awarded(self, body, at):
        state, pool = self.state, body["pool"]
        metrics = dict(METRICS)
        if "HEAD_COUNT" in state.plan_at(at).choices("acknowledge"):
            metrics |= RISKY_METRICS
        must(body["metric"] in metrics, "BONUS_METRIC", "metric")
        whole = sum(share["amount"] for share in body["shares"])
        must(whole == pool, "AMOUNT_MISMATCH", "pool", pool, whole)
        contest = state.contests.get(body["bonus"])
        if contest:
            must(contest["closed"], "CONTEST_STATE", "bonus")
            left = contest["pool"] - contest["awarded"]
            must(pool <= left, "POOL_EXCEEDED", "pool", pool, left)
            contest["awarded"] += pool
        for i, share in enumerate(body["shares"]):
            self.active_agent(share["agent"], f"shares[{i}].agent")
        state.post_one(5015, body["bonus"], pool, "BONUS")
        for share in body["shares"]:
            self.credit(share["agent"], BONUS, metrics[body["metric"]], share["amount"],
                        "BONUS")

    def on_manual_adjustment(self, body, at):
        state, agent, amount = self.state, body["agent"], body["amount"]
        self.known_agent(agent, "agent")
        self.two_approvers(body)
        self.with_reason(body)
        if body["reverses"]:
            must(body["reverses"] in state.adjustments, "ADJUSTMENT_UNKNOWN", "reverses")
            other = state.adjustments[body["reverses"]]
            must(other["agent"] == agent and other["amount"] == amount and
                 other["deduct"] != body["deduct"] and not other["reversed"],
                 "ADJUSTMENT_STATE", "reverses")
            other["reversed"] = 1
        state.adjustments[body["adjustment"]] = dict(
            agent=agent, deduct=body["deduct"], amount=amount, reversed=0)
        if body["deduct"]:
            left = self.draw_newest(agent, amount)
            state.post_one(2120, agent, amount - left, "ADJUSTED")
            state.post_one(1110, agent, left, "ADJUSTED")
            state.post_one(5016, agent, -amount, "ADJUSTED")
        else:
            state.post_one(5016, agent, amount, "ADJUSTED")
            self.credit(agent, ADJUSTMENT, ON_OTHER, amount, "ADJUSTED")

    # --------------------------------------------------------------- teams and contests

    def on_team_formed(self, body, at):
        self.active_agent(body["leader"], "leader")
        self.state.teams[body["team"]] = body["leader"]
        self.state.members[body["team"], body["leader"]] = False

    def on_team_member_changed(self, body, at):
        must(body["team"] in self.state.teams, "TEAM_UNKNOWN", "team")
        if body["removed"]:
            self.known_agent(body["member"], "member")
        else:
            self.active_agent(body["member"], "member")
        key = (body["team"], body["member"])
        is_member = self.state.members.get(key) is False
        must(is_member == body["removed"], "TEAM_STATE", "member")
        self.state.members[key] = body["removed"]

    def on_contest_opened(self, body, at):
        contests = self.state.contests
        must(body["metric"] in CONTEST_METRICS, "BONUS_METRIC", "metric")
        n_open = sum(not contest["closed"] for contest in contests.values())
        must(n_open < OPEN_CONTESTS_MAX, "LIMIT_REACHED", "contest", n_open + 1,
             OPEN_CONTESTS_MAX)
        contests[body["contest"]] = {
            "metric": CONTEST_METRICS.index(body["metric"]) + 1, "closed": False,
            "from": body["from"], "to": body["to"], "pool": body["pool"], "awarded": 0,
            "scores": {}}

    def on_contest_closed(self, body, at):
        must(body["contest"] in self.state.contests, "CONTEST_UNKNOWN", "contest")
        contest = self.state.contests[body["contest"]]
        must(not contest["closed"] and contest["to"] <= at, "CONTEST_STATE", "contest")
        contest["closed"] = True

    def on_override_granted(self, body, at):
        self.two_approvers(body)
        must(body["guard"] in OVERRIDABLE, "OVERRIDE_GUARD", "guard")
        self.known_agent(body["subject"], "subject")
        must(body["expires_at"] is not None and body["expires_at"] > self.state.clock,
             "OVERRIDE_EXPIRED", "expires_at")
        self.state.purse(body["subject"])
        self.state.overrides[body["override"]] = dict(
            guard=body["guard"], subject=body["subject"], used=None,
            expires_at=body["expires_at"])

    # ------------------------------------------------------------------------- reports

    def on_commission_reported(self, body, at):
        payee = body["payee"] if body["payee"] in self.state.agents else ""
        line = (body["cause_order"], body["cause_line"])
        difference, e = self.differs(body, payee, line, at)
        order = self.state.orders.get(line[0])
        is_there = order is not None and line[1] in order["lines"]
        self.state.reports.append(dict(
            position=self.size, payee=payee, line=line if is_there else None,
            basis=body["basis"],
            distance=body["distance"], difference=difference, amount=body["amount"],
            earning=e["number"] if e else 0,
            expected=e["accrued"] - e["reversed"] if e else 0))

    def differs(self, body, payee, line, at):
        """The difference of a report, and the earning that it should be or None."""
        state = self.state
        has_standing = payee and state.agents[payee]["state"] == 1
        if body["basis"] == ON_RECRUITING:
            if not state.plan_at(at).pays_on_recruiting():
                return NO_CAUSE, None
            return NONE if has_standing else NO_STANDING, None
        fitting = self.fitting(body, line)
        if not fitting:
            return NO_CAUSE, None
        own = [e for e in fitting if e["agent"] == payee]
        e = (own or fitting)[0]
        if not has_standing:
            return NO_STANDING, e
        if any((r["payee"], r["line"], r["distance"]) == (payee, line, body["distance"])
               for r in state.reports):
            return DUPLICATE, e
        if not own:
            return WRONG_PAYEE, e
        is_right = body["amount"] == e["accrued"] - e["reversed"]
        return NONE if is_right else WRONG_AMOUNT, e

    def fitting(self, body, line):
        """Earnings at the distance of a report."""
        order = self.state.orders.get(line[0])
        if body["basis"] == ON_OTHER or not order or not order["accrued"] or not line[1]:
            return []
        return [e for e in self.state.earnings_of(*line)
                if e["kind"] == COMMISSION and e["state"] != UNASSIGNED and
                e["distance"] == body["distance"]]

    # ----------------------------------------------------------------------- the close

    def balances_hash(self, name, begins, ends):
        return model_digest.balances_hash(self.state, name, begins, ends)

    def hash_after(self, at, name, begins, ends):
        """What an event at AT has to say of the balances."""
        if self.state.book is None:
            return bytes(32)
        before = self.state.save()
        self.state.clock = max(self.state.clock, at)
        self.run_dues()
        digest = self.balances_hash(name, begins, ends)
        self.state.restore(before)
        return digest

    def on_period_closed(self, body, at):
        state, begins, ends = self.state, body["from"], body["to"]
        last = state.closed_until
        must(last is None or begins == last, "PERIOD_GAP", "from", begins, last)
        must(ends <= state.clock, "PERIOD_AHEAD", "to", ends, state.clock)
        days = state.plan_at(at).value("close_unknown_days")
        stale = [p for p in state.payouts.values()
                 if p["state"] == UNKNOWN and p["asked_at"] < ends - days * DAY]
        must(not stale, "PERIOD_OPEN_ITEMS", "to", len(stale))
        digest = self.balances_hash(body["period"], begins, ends)
        must(body["balances_hash"] == digest, "BALANCES_DIFFER", "balances_hash")
        period = self.period(body["period"])
        period.update({"closed": 1, "from": begins, "to": ends, "hash": digest})
        state.closed_until = ends
