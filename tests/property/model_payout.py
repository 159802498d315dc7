"""Payouts: asked for, approved, sent, and what comes back; tax withheld.

Written from src/books/MONEY.md, "Payouts".
"""

from model_state import (APPROVED, ASKED, BATCHED, CANCELLED, DAY, DRAWN, FAILED, HELD,
                         MATURED, ON_OTHER, OPEN_PAYOUT, REJECTED, RETURNED_WHOLE, SENT,
                         SETTLED, TAX_BACK, UNKNOWN, Refused, must)

ITEMS_MAX = 65_536
OVERRIDABLE = ("PAYOUT_MINIMUM", "PAYOUT_DAILY_LIMIT", "PAYOUT_MONTHLY_LIMIT",
               "PAYEE_CHANGED", "PAYOUT_OPEN", "RESTOCK_STANDING", "RESTOCK_RECEIVABLE",
               "RESTOCK_STARTER", "RESTOCK_SELL_THROUGH", "RESTOCK_COVER",
               "RESTOCK_HOLDING", "RESTOCK_FREQUENCY", "RESTOCK_GOODS_STATE",
               "RESTOCK_AGED", "RESTOCK_PRICE", "RESTOCK_RANK_BUY", "RESTOCK_NOT_ASKED",
               "JOINING_PURCHASE", "TERRITORY", "EXPOSURE", "PUSHED_DOWN",
               "BUYBACK_INELIGIBLE")


class Payouts:
    """Needs state, a State; mixed into Model."""

    def known_payout(self, name, states, field="payout"):
        must(name in self.state.payouts, "PAYOUT_NOT_FOUND", field)
        payout = self.state.payouts[name]
        if payout["state"] not in states:
            raise Refused("PAYOUT_STATE", field, payout["state"], states)
        return payout

    def not_suspended(self, payout, field="payout"):
        must(self.state.agents[payout["agent"]]["state"] != 2, "AGENT_NOT_ACTIVE", field)

    def open_payouts(self, agent):
        return [p for p in self.state.payouts.values()
                if p["agent"] == agent and p["state"] in OPEN_PAYOUT]

    # ------------------------------------------------------------------------- request

    def may(self, agent, at, condition, rule, field, measured=0, limit=0):
        """A rule that an override lets pass once."""
        if condition:
            return
        for override in reversed(self.state.overrides.values()):
            if (override["guard"] == rule and override["subject"] == agent and
                    override["used"] is None and
                    self.state.clock < override["expires_at"]):
                override["used"] = self.size
                return
        raise Refused(rule, field, measured, limit)

    def on_payout_requested(self, body, at):
        state, name, gross = self.state, body["agent"], body["gross"]
        plan = state.plan_at(state.clock)
        agent = self.known_agent(name, "agent")
        must(agent["state"] != 2, "AGENT_NOT_ACTIVE", "agent")
        payee = state.purses[name]["payee"] if name in state.purses else b""
        must(payee, "PAYEE_NOT_VERIFIED", "agent")
        must(body["payee_hash"] == payee, "PAYEE_DIFFERS", "payee_hash")
        purse = state.purse(name)
        days, age = plan.value("payee_unchanged_days"), state.clock - purse["payee_since"]
        self.may(name, at, age >= days * DAY, "PAYEE_CHANGED", "payee_hash",
                 max(0, age // DAY), days)
        methods = plan.choices("payout_method")
        must(not methods or body["method"] in methods, "PAYOUT_METHOD", "method")
        least = plan.value("min_payout")
        self.may(name, at, gross >= least, "PAYOUT_MINIMUM", "gross", gross, least)
        self.may(name, at, not (plan.value("one_open_payout") and self.open_payouts(name)),
                 "PAYOUT_OPEN", "agent")
        available = -state.balance(2120, name)
        must(gross <= available, "AVAILABLE_INSUFFICIENT", "gross", gross, available)
        self.start_sums(purse, state.clock)
        for rule, limit, so_far in (
                ("PAYOUT_DAILY_LIMIT", plan.value("payout_daily_limit"), "day_sum"),
                ("PAYOUT_MONTHLY_LIMIT", plan.value("payout_monthly_limit"), "month_sum")):
            asked = purse[so_far] + gross
            self.may(name, at, not limit or asked <= limit, rule, "gross", asked, limit)
            purse[so_far] = asked
        self.ask(body, plan, purse, at)
        self.exposure_payout(name)

    def start_sums(self, purse, at):
        day, month = self.state.local_day(at) + 1, self.state.local_month(at) + 1
        if purse["day"] != day:
            purse.update(day=day, day_sum=0)
        if purse["month"] != month:
            purse.update(month=month, month_sum=0)

    def ask(self, body, plan, purse, at):
        name, gross = body["agent"], body["gross"]
        self.state.post((2120, name), (2140, name), gross, "DRAWN", body["payout"])
        approved = gross <= plan.value("approval_above")
        payout = dict(
            name=body["payout"], agent=name, state=APPROVED if approved else ASKED,
            method=body["method"], provider="", batch="", gross=gross, tax=0, fee=0,
            returned=0, items=[], day=purse["day"], month=purse["month"], asked_at=at,
            source=self.event.source, actor=self.event.actor, tax_month=None, borne=0)
        left = gross
        for e in reversed(self.drawable(name)):
            part = min(left, e["open"])
            if part:
                payout["items"].append((e["number"], part))
                self.lower(e, part)
            left -= part
        assert left == 0
        must(len(payout["items"]) <= ITEMS_MAX, "PAYOUT_ITEMS", "gross")
        self.state.payouts[body["payout"]] = payout

    def on_payout_approved(self, body, at):
        payout = self.known_payout(body["payout"], (ASKED,))
        self.not_suspended(payout)
        same_actor = self.event.actor and self.event.actor == payout["actor"]
        must(self.event.source != payout["source"], "SECOND_PERSON", "")
        must(not same_actor, "SECOND_PERSON", "actor")
        payout["state"] = APPROVED

    # ----------------------------------------------------------------------- given back

    def on_payout_rejected(self, body, at):
        self.give_up(self.known_payout(body["payout"], (ASKED,)), REJECTED)

    def on_payout_cancelled(self, body, at):
        self.give_up(self.known_payout(body["payout"], (ASKED, APPROVED)), CANCELLED)

    def give_up(self, payout, to, nets=True):
        payout["state"] = to
        agent = payout["agent"]
        self.state.post((2140, agent), (2120, agent), payout["gross"], "GIVEN_BACK",
                        payout["name"])
        self.leave_sums(payout)
        self.items_back(payout, payout["gross"], nets)

    def leave_sums(self, payout):
        purse = self.state.purses[payout["agent"]]
        for period in ("day", "month"):
            if purse[period] == payout[period]:
                purse[period + "_sum"] = max(0, purse[period + "_sum"] - payout["gross"])

    def items_back(self, payout, amount, nets=True):
        """AMOUNT of a payout, now in 2120, is the agent's earnings again."""
        agent, given = payout["agent"], []
        for number, most in payout["items"]:
            part = min(amount, most)
            amount -= part
            if part:
                given.append((self.give_item(self.state.earning(number), part), part))
        if amount:
            e = self.add_earning(agent, TAX_BACK, MATURED, amount, basis=ON_OTHER)
            self.chain(agent).insert(0, e["number"])
            self.settle(e)
            given.append((e, amount))
        free = [(e, part) for e, part in given if e["state"] == MATURED]
        if nets and free:
            self.net(agent, [e for e, _ in free], sum(part for _, part in free))

    def give_item(self, e, part):
        held = self.is_held(e)
        if held:
            self.state.post((2120, e["agent"]), (2130, e["agent"]), part, "HELD",
                            e["order"])
        if e["state"] == DRAWN:
            self.chain(e["agent"]).insert(0, e["number"])
            e["state"] = HELD if held else MATURED
        e["open"] += part
        return e

    # --------------------------------------------------------------------- on its way

    def on_payout_batched(self, body, at):
        total = 0
        for i, name in enumerate(body["payouts"]):
            payout = self.known_payout(name, (APPROVED,), f"payouts[{i}]")
            self.withhold(payout, at)
            payout.update(state=BATCHED, batch=body["batch"])
            total += payout["gross"] - payout["tax"]
        must(body["total"] == total, "AMOUNT_MISMATCH", "total", body["total"], total)

    def net_of(self, payout):
        return payout["gross"] - payout["tax"]

    def on_payout_sent(self, body, at):
        payout = self.known_payout(body["payout"], (APPROVED, BATCHED))
        self.not_suspended(payout)
        if payout["state"] == APPROVED:
            self.withhold(payout, at)
        payout.update(state=SENT, provider=body["provider"])
        agent = payout["agent"]
        self.state.post((2140, agent), (2150, agent), self.net_of(payout), "SENT",
                        payout["name"])

    def same_provider(self, payout, body):
        must(body["provider"] == payout["provider"], "PROVIDER_DIFFERS", "provider")

    def on_payout_settled(self, body, at):
        payout = self.known_payout(body["payout"], (SENT, UNKNOWN))
        self.same_provider(payout, body)
        state, net, fee = self.state, self.net_of(payout), body["fee"]
        agent_bears = state.plan_at(at).value("fee_bearer") == "AGENT"
        must(not agent_bears or fee <= net, "AMOUNT_MISMATCH", "fee", fee, net)
        bank = (1010, body["provider"])
        payout.update(state=SETTLED, fee=fee, borne=fee if agent_bears else 0)
        state.post((2150, payout["agent"]), bank, net, "PAID", payout["name"])
        if not agent_bears:
            state.post((5035, body["provider"]), bank, fee, "PAID", payout["name"])

    def on_payout_unknown(self, body, at):
        self.known_payout(body["payout"], (SENT,))["state"] = UNKNOWN

    def on_payout_failed(self, body, at):
        payout = self.known_payout(body["payout"], (SENT, UNKNOWN))
        if not body["final"]:
            payout["state"] = UNKNOWN
            return
        payout["state"] = FAILED
        agent, net = payout["agent"], self.net_of(payout)
        self.state.post((2150, agent), (2120, agent), net, "GIVEN_BACK", payout["name"])
        self.leave_sums(payout)
        self.items_back(payout, net + self.tax_back(payout, at))

    def on_payout_returned(self, body, at):
        payout, amount = self.known_payout(body["payout"], (SETTLED,)), body["amount"]
        self.same_provider(payout, body)
        most = self.net_of(payout) - payout["borne"]
        must(amount <= most, "RETURN_EXCEEDS_PAYOUT", "amount", amount, most)
        payout.update(state=RETURNED_WHOLE, returned=amount)
        self.state.post((1010, body["provider"]), (2120, payout["agent"]), amount,
                        "RETURNED", payout["name"])
        if amount == most:
            self.leave_sums(payout)
            amount += self.tax_back(payout, at)
        self.items_back(payout, amount)

    # ----------------------------------------------------------------------------- tax

    def month_name(self, month):
        return f"{1970 + month // 12:04}-{month % 12 + 1:02}"

    def period(self, name):
        return self.state.periods.setdefault(name, {
            "closed": 0, "remitted": 0, "from": 0, "to": 0, "hash": bytes(32)})

    def withhold(self, payout, at):
        state, agent, gross = self.state, payout["agent"], payout["gross"]
        if state.agents[agent]["employee"]:
            return
        plan, month = state.plan_at(at), state.local_month(at)
        sums = state.tax_months.setdefault((agent, month), dict(gross=0, tax=0))
        tax = min(gross, max(0, plan.tax_due(sums["gross"] + gross) - sums["tax"]))
        sums["gross"] += gross
        sums["tax"] += tax
        payout.update(tax=tax, tax_month=month)
        if tax:
            name = self.month_name(month)
            self.period(name)
            state.post((2140, agent), (2160, name), tax, "TAX", payout["name"])

    def tax_back(self, payout, at):
        """Tax that is the agent's again; posts it."""
        state, agent, month = self.state, payout["agent"], payout["tax_month"]
        if month is None:
            return 0
        name, sums = self.month_name(month), state.tax_months[agent, month]
        if state.periods.get(name, {}).get("remitted"):
            return 0
        gross = sums["gross"] - payout["gross"]
        back = max(0, sums["tax"] - state.plan_at(at).tax_due(gross))
        sums["gross"] = gross
        sums["tax"] -= back
        state.post((2160, name), (2120, agent), back, "TAX_BACK", payout["name"])
        return back

    def on_tax_remitted(self, body, at):
        account = (2160, body["period"])
        withheld = -self.state.balance(*account)
        must(body["amount"] <= withheld, "TAX_EXCEEDED", "amount", body["amount"], withheld)
        self.period(body["period"])["remitted"] = 1
        self.state.post(account, (1010, "bank"), body["amount"])
