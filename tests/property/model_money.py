"""Who earns how much, when: accrual, recognition, the return window, refunds.

Written from src/books/MONEY.md, "Accrual", and the table of postings in README.md.
"""

from model_state import (COMMISSION, DAY, EXPECTED, ON_RECRUITING, ON_RETAIL, ON_SELL_IN,
                         PENDING, PROCEEDS, RECRUITING, SECOND, SECONDS_MAX, UNASSIGNED,
                         must, second_of)
from plan_model import MILLION, retained, split_claims, split_weights

RETAIL, SELF, RESTOCK, SAMPLE = 1, 2, 3, 4
HOLDER_SHIP = 2
NO_UPLINE, INELIGIBLE, SELF_PURCHASE, AGENT_CAP, RETAIL_CAP, NO_SELLER = range(1, 7)
DISTANCE_MAX = 255
INT64_MAX = 2**63 - 1


class Money:
    """Needs state, a State; mixed into Model."""

    # ------------------------------------------------------------------ things that fall due

    def schedule(self, what, second):
        self.state.n_due += 1
        self.state.dues.append((min(second, SECONDS_MAX), self.state.n_due, what))

    def run_dues(self):
        state = self.state
        state.is_due = True
        while True:
            due = [d for d in state.dues if d[0] * SECOND <= state.clock]
            if not due:
                break
            state.dues.remove(min(due))
            what = min(due)[2]
            if what[0] == "line":
                self.mature_line(state.orders[what[1]], what[2])
            elif what[0] == "timer":
                self.timer_come(what[1])
            else:
                self.mature(state.earning(what[1]))
        state.is_due = False

    def mature_line(self, order, number):
        line = order["lines"][number]
        line["matured"] = True
        for e in self.state.earnings_of(order["name"], number):
            self.mature(e)
        if not self.flags_of(order["name"]):
            self.score(order, number, line["amount"] - line["refunded"])

    def score(self, order, number, amount):
        """AMOUNT of a matured line for, or if negative off, what contests count."""
        sold = [e for e in self.state.earnings_of(order["name"], number)
                if e["state"] != UNASSIGNED and e["distance"] == 0]
        if order["kind"] != RETAIL or not number or not sold or not amount:
            return
        when = order["lines"][number]["when"] * SECOND
        for contest in self.state.contests.values():
            if not contest["closed"] and contest["from"] <= when < contest["to"]:
                scores = contest["scores"]
                scores[sold[0]["agent"]] = scores.get(sold[0]["agent"], 0) + amount

    # ------------------------------------------------------------------------- accrual

    def is_paid_whole(self, order):
        return self.state.paid(order) == order["total"]

    def on_paid_whole(self, order, at):
        """A payment has just made an order paid whole."""
        state = self.state
        plan = state.plan_at(at)
        order["plan"], order["accrued"] = plan.number, True
        if plan.number and plan.value("accrue_on") == "PAID":
            self.accrue(order, list(order["lines"]), at)
        if order["kind"] == RETAIL and order["buyer"]:
            customer = state.customers[order["buyer"]]
            customer["first_day"] = customer["first_day"] or state.local_day(at) + 1

    def accrues(self, plan, order, number):
        line = order["lines"][number]
        if number == 0 or line["amount"] == 0:
            return False
        if self.state.skus[line["sku"]]["not_commissionable"]:
            return False
        if order["fulfilment"] == HOLDER_SHIP and not plan.value("holder_ship_commission"):
            return False
        kind = order["kind"]
        return (kind == RETAIL or (kind == SELF and plan.value("pays_on_self")) or
                (kind == RESTOCK and plan.value("pays_on_sell_in")))

    def accrue(self, order, numbers, at):
        plan = self.state.plan(order["plan"])
        made = []
        deferred = expense = 0
        for number in numbers:
            if not plan.number or not self.accrues(plan, order, number):
                continue
            line = order["lines"][number]
            line["accrued"] = True
            new = self.accrue_line(plan, order, number, at)
            made += new
            posted = sum(e["accrued"] for e in new if self.is_posted(e))
            if line["recognised"] or order["kind"] == RESTOCK:
                expense += posted
            else:
                deferred += posted
        state = self.state
        must(max(deferred, expense) <= INT64_MAX, "AMOUNT_OVERFLOW", "amount")
        state.post_one(1140, order["name"], deferred)
        state.post_one(5010, plan.name, expense, "ACCRUED", order["name"])
        posted = [e for e in made if self.is_posted(e)]
        for e in posted:
            state.post_one(2110, e["agent"], -e["accrued"], "ACCRUED", order["name"])
        for e in posted:
            self.settle(e)
        for e in made:
            line = order["lines"][e["line"]]
            self.reverse(e, e["accrued"] -
                         retained(e["accrued"], line["amount"], line["refunded"]))

    def bound_agent(self, order, at):
        if order["kind"] in (SELF, RESTOCK):
            return order["buyer"]
        customer = self.state.customers.get(order["buyer"])
        if not customer or (customer["expires_at"] is not None and
                            customer["expires_at"] <= at):
            return ""
        return customer["agent"]

    def people(self, plan, order, at, count):
        """(agent or "", distance) of levels 1 to COUNT."""
        agents = self.state.agents
        both = [order["seller"], self.bound_agent(order, at)]
        if plan.value("attribution") == "BOUND_FIRST":
            both.reverse()
        name = both[0] or both[1]
        if order["attributions"]:
            name = order["attributions"][0]["agent"]
        people = [(name, 0)]
        while len(people) < count:
            name, distance = people[-1]
            up, steps = name and agents[name]["sponsor"], 1
            if plan.value("compression") == "SKIP_INACTIVE":
                while up and agents[up]["state"] != 1:
                    up, steps = agents[up]["sponsor"], steps + 1
            people.append((up, min(distance + (steps if up else 1), DISTANCE_MAX)))
        return people

    def shares(self, plan, order, number, at):
        """(level, agent, distance, rate or None, fixed or None), without those of 0."""
        people = self.people(plan, order, at, plan.value("pay_max_depth"))
        if plan.value("mode") == "DIFFERENTIAL":
            found = self.differential(plan, people)
        else:
            found = [(level, agent, distance,
                      *self.level_share(plan, order, number, level, agent, at))
                     for level, (agent, distance) in enumerate(people, 1)]
        if order["fulfilment"] == HOLDER_SHIP:
            found = [share for share in found if share[0] != 1]
        return people[0][0], [share for share in found if share[3] or share[4]]

    def level_share(self, plan, order, number, level, agent, at):
        sku = order["lines"][number]["sku"]
        scope = dict(level=level, sku=sku, category=self.state.skus[sku]["category"],
                     rank=self.state.agents[agent]["rank"] if agent else "")
        days = plan.value("step_down_days")
        first = 0
        if order["kind"] == RETAIL and order["buyer"]:
            first = self.state.customers[order["buyer"]]["first_day"]
        if days and first and self.state.local_day(at) > first - 1 + days:
            later = plan.term(("later_rate_ppm",), **scope)
            if later:
                return later[1], None
        name, value = plan.term(("rate_ppm", "fixed_amount"), **scope) or ("rate_ppm", 0)
        return (value, None) if name == "rate_ppm" else (None, value)

    def differential(self, plan, people):
        found, best, peers = [], 0, 0
        for level, (agent, distance) in enumerate(people, 1):
            if not agent:
                break
            rank = self.state.agents[agent]["rank"]
            rate = plan.term(("differential_rate_ppm",), rank=rank)
            rate = rate[1] if rate else 0
            if rate > best:
                found.append((level, agent, distance, rate - best, None))
            elif rate == best > 0 and peers < plan.value("peer_generations"):
                found.append((level, agent, distance, plan.value("peer_rate_ppm"), None))
                peers += 1
            if self.state.agents[agent]["state"] == 1:
                best = max(best, rate)
        return found

    def base(self, plan, order, number, level):
        line = order["lines"][number]
        sku = self.state.skus[line["sku"]]
        kind, bearer = plan.value("base"), plan.value("discount_bearer")
        price = {"LIST": sku["list_price"], "MARGIN": sku["factory_price"]}.get(kind, 0)
        must(price * line["qty"] <= INT64_MAX, "AMOUNT_OVERFLOW", "amount")
        base = {"LIST": price * line["qty"],
                "PAID": line["amount"],
                "PAID_EX_TAX": line["amount"] - line["tax"],
                "MARGIN": line["amount"] - price * line["qty"]}[kind]
        if kind != "LIST" and (bearer == "PLATFORM" or (bearer == "SELLER" and level > 1)):
            base += line["discount"]
        base = max(0, base)
        if not plan.value("include_paid_by_balance"):
            base = base * (order["total"] - order["paid_by_balance"]) // order["total"]
        return base

    def amounts(self, plan, order, number, shares):
        """(rate, base, amount) of every share."""
        line = order["lines"][number]
        rated = [share for share in shares if share[3]]
        bases = [self.base(plan, order, number, share[0]) for share in rated]
        parts = split_claims([(base, share[3]) for base, share in zip(bases, rated)])
        found = []
        for share in shares:
            if share[3]:
                at = rated.index(share)
                found.append((share[3], bases[at], parts[at]))
            else:
                found.append((0, line["qty"], share[4] * line["qty"]))
        whole = sum(amount for *_, amount in found)
        must(whole <= INT64_MAX, "AMOUNT_OVERFLOW", "amount")
        cap = plan.value("order_pool_cap_ppm")
        most = line["amount"] * cap // MILLION
        if cap and whole > most:
            parts = split_weights(most, [amount for *_, amount in found])
            found = [(rate, base, part) for (rate, base, _), part in zip(found, parts)]
        return found

    def accrue_line(self, plan, order, number, at):
        state, line = self.state, order["lines"][number]
        first, shares = self.shares(plan, order, number, at)
        amounts = self.amounts(plan, order, number, shares)
        is_own = (order["kind"] == RETAIL and first and order["buyer"] and
                  state.customers[order["buyer"]]["person"] == first and
                  plan.value("self_purchase") != "COMMISSION")
        has_caps = plan.value("agent_period_cap") or plan.value("own_retail_cap_ppm")
        if (order["kind"] == RETAIL and has_caps and first and not is_own and
                state.agents[first]["state"] == 1):
            self.cap_purse(first, at)["cap_retail"] += line["amount"]
        made = []
        for (level, agent, distance, *_), (rate, base, amount) in zip(shares, amounts):
            one = dict(order=order["name"], line=number, level=level, distance=distance,
                       basis=ON_RETAIL if order["kind"] == RETAIL else ON_SELL_IN,
                       plan=plan.number, rate=rate, base=base)
            pieces = [(agent, amount)]
            if level == 1 and order["attributions"]:
                weights = [part["weight_ppm"] for part in order["attributions"]]
                pieces = [(part["agent"], piece) for part, piece in zip(
                    order["attributions"], split_weights(amount, weights))]
            for name, piece in pieces:
                made += self.assign(plan, name, piece, one, is_own, at)
        return made

    def assign(self, plan, agent, amount, one, is_own, at):
        state = self.state
        if not amount:
            return []
        if is_own:
            left, why = 0, SELF_PURCHASE
        elif not agent:
            left, why = 0, NO_SELLER if one["level"] == 1 else NO_UPLINE
        elif state.agents[agent]["state"] != 1:
            left, why = 0, INELIGIBLE
        else:
            left, why = self.capped(plan, agent, amount, at)
        to = EXPECTED if plan.value("engine") == "PLATFORM" else PENDING
        made = []
        if left:
            made.append(self.add_earning(agent, COMMISSION, to, left, **one))
        if amount - left:
            made.append(self.add_earning(agent, COMMISSION, UNASSIGNED, amount - left,
                                         holds=why, **one))
        return made

    def cap_purse(self, agent, at):
        """The purse of an agent with sums of the local month of the clock."""
        purse = self.state.purse(agent)
        month = self.state.local_month(self.state.clock) + 1
        if purse["cap_month"] != month:
            purse.update(cap_month=month, cap_accrued=0, cap_retail=0)
        return purse

    def capped(self, plan, agent, amount, at):
        """What the caps leave of AMOUNT, and which of them cut it."""
        cap, share = plan.value("agent_period_cap"), plan.value("own_retail_cap_ppm")
        if not cap and not share:
            return amount, 0
        purse = self.cap_purse(agent, at)
        room = [(INT64_MAX, AGENT_CAP)]
        if cap:
            room.append((max(0, cap - purse["cap_accrued"]), AGENT_CAP))
        if share:
            most = purse["cap_retail"] * share // MILLION
            room.append((max(0, most - purse["cap_accrued"]), RETAIL_CAP))
        most, why = min(room)
        purse["cap_accrued"] += min(amount, most)
        return min(amount, most), why

    # --------------------------------------------------------------------- recognition

    def recognise(self, order, at):
        """After a payment and after a receipt: revenue, what it cost, and when it matures."""
        if order["direct"] or not self.is_paid_whole(order):
            return
        accrues_now = (order["accrued"] and self.state.plan(
            order["plan"]).value("accrue_on") == "RECEIVED")
        now = [n for n, line in order["lines"].items()
               if line["received"] and not line["recognised"] and not line["settled"]]
        for number in now:
            order["lines"][number]["settled"] = True
        if order["kind"] != RESTOCK:
            self.recognise_lines(order, now)
        cost = [e for n in now for e in self.state.earnings_of(order["name"], n)
                if e["kind"] == COMMISSION and self.is_posted(e)]
        if accrues_now:
            self.accrue(order, now, at)
        if order["kind"] != RESTOCK:
            amount = sum(e["accrued"] - e["reversed"] for e in cost)
            self.state.post((5010, self.state.plan(order["plan"]).name),
                            (1140, order["name"]), amount, "RECOGNISED", order["name"])
        self.schedule_lines(order)
        self.verified_recognise(order, now, at)

    def recognise_lines(self, order, now):
        lines = [order["lines"][n] for n in now]
        for line in lines:
            line["recognised"] = True
        amount = sum(line["amount"] - line["refunded"] for line in lines)
        if order["fulfilment"] == HOLDER_SHIP:
            self.recognise_proceeds(order, now, amount)
        else:
            self.state.post((2010, order["name"]), self.sale_account(order), amount)

    def recognise_proceeds(self, order, now, amount):
        state, plan = self.state, self.state.plan(order["plan"])
        fee, why = plan.value("platform_fee_ppm"), ("PROCEEDS", order["name"])
        state.post_one(2010, order["name"], amount, *why)
        made = []
        for number in now:
            line = order["lines"][number]
            claim = line["amount"] - line["amount"] * fee // MILLION
            if not claim:
                continue
            kept = retained(claim, line["amount"], line["refunded"])
            made.append(self.add_earning(
                order["seller"], PROCEEDS, PENDING, claim, order=order["name"], line=number,
                basis=ON_RETAIL, plan=plan.number, rate=MILLION - fee, base=line["amount"],
                reversed=claim - kept))
            state.post_one(2110, order["seller"], -kept, *why)
            amount -= kept
        state.post_one(4050, plan.name, -amount, *why)
        for e in made:
            self.settle(e)

    def schedule_lines(self, order):
        for number, line in order["lines"].items():
            earnings = self.state.earnings_of(order["name"], number)
            if (line["received"] and (line["recognised"] or order["kind"] == RESTOCK) and
                    any(self.is_posted(e) for e in earnings) and not line["scheduled"]):
                line["scheduled"] = True
                line["when"] = min(SECONDS_MAX, line["when"] + 86_400 * self.days_of(
                    order, line, earnings))
                self.schedule(("line", order["name"], number), line["when"])

    def days_of(self, order, line, earnings):
        plan = self.state.plan(order["plan"])
        first = next(e for e in earnings if e["state"] != UNASSIGNED)
        extra = plan.term(("hold_extra_days",), rank=first["rank"])
        extra = extra[1] if extra else plan.value("hold_extra_days")
        if not line["sku"]:
            return plan.value("window_days") + extra
        sku = self.state.skus[line["sku"]]
        own = plan.term(("window_days",), sku=line["sku"])
        by_category = plan.term(("window_days",), category=sku["category"])
        if own and line["sku"] in [p["sku"] for p in plan.parameters
                                   if p["name"] == "window_days"]:
            return own[1] + extra
        if sku["return_window_days"]:
            return sku["return_window_days"] + extra
        return (by_category[1] if by_category else plan.value("window_days")) + extra

    # ----------------------------------------------------------------------- recruiting

    def recruit(self, agent, fee, at):
        """Pay for AGENT's joining, or for a FEE of it, if the plan does."""
        state, plan = self.state, self.state.plan_at(at)
        names = state.sponsors_above(agent) + [""] * plan.value("pay_max_depth")
        levels = range(1, plan.value("pay_max_depth") + 1)
        if fee:
            rates = [plan.value("fee_rate_ppm", level) for level in levels]
            amounts = split_claims([(fee, rate) for rate in rates])
        else:
            rates = [0 for _ in levels]
            amounts = [plan.value("enrol_reward", level) for level in levels]
        to = EXPECTED if plan.value("engine") == "PLATFORM" else PENDING
        made = [self.add_earning(name, RECRUITING, to, amount, level=level, distance=level,
                                 basis=ON_RECRUITING, plan=plan.number, rate=rate, base=fee)
                for level, rate, amount, name in zip(levels, rates, amounts, names)
                if amount and name and state.agents[name]["state"] == 1]
        if to == EXPECTED:
            return
        state.post_one(5010, plan.name, sum(e["accrued"] for e in made), "RECRUITED")
        for e in made:
            state.post_one(2110, e["agent"], -e["accrued"], "RECRUITED")
            self.schedule(("earning", e["number"]),
                          second_of(at) + plan.value("window_days") * DAY // SECOND)

    # -------------------------------------------------------------------------- refunds

    def refund_amount(self, order, number, amount, credit):
        """AMOUNT of a line goes back to the buyer, by way of the account CREDIT."""
        line, state = order["lines"][number], self.state
        before = line["refunded"]
        if order["direct"] or not amount:
            line["refunded"] += amount
            return
        if not line["recognised"] and order["kind"] != RESTOCK:
            state.post_one(2010, order["name"], amount)
        elif order["fulfilment"] == HOLDER_SHIP:
            self.reverse_proceeds(order, number, amount)
        else:
            state.post_one(*self.return_account(order), amount)
        state.post_one(*credit, -amount)
        line["refunded"] += amount
        self.reverse_line(order, number, before)
        if line["matured"]:
            self.score(order, number, -amount)

    def parts_of(self, order, amount):
        """AMOUNT divided over the lines of an order by what is left of them."""
        left = [line["amount"] - line["refunded"] for line in order["lines"].values()]
        return split_weights(amount, left)
