"""Random books for reports: small networks that trade, pay and quarrel for a year or two.

Streams are lists of (microseconds, kind, body).  The generator looks at the model that has
taken the events before, so that most of them are accepted; the others stay in the stream.
"""

from report_model_facts import Facts

DAY = 86_400_000_000
# 2009-12-01, 2013-06-01, 2016-06-01, 2020-01-01, 2021-06-01, 2022-06-01: laws begin and
# end, and four years later is still no future.
STARTS = tuple(second * 1_000_000 for second in (
    1_259_625_600, 1_370_044_800, 1_464_739_200, 1_577_836_800, 1_622_505_600,
    1_654_041_600))
HASH = "{:<32}"
METRICS = ("MATURED_RETAIL", "TEAM_RETAIL", "TRAINING", "PURCHASE_VOLUME", "HEAD_COUNT",
           "REPEAT_RATE", "looks")

WEIGHTS = dict(
    join=10, identify=4, move=3, rank=4, mark=1, leave=2, fee=8, deposit=3, deposit_back=2,
    issue=8, restock_order=4, sale=22, own_sale=14, direct_sale=5, anonymous_sale=4, own_use=5, agent_buys=6,
    linked_sale=2, place=4, pay=6, receive=4, transfer=7, use=4, lose=2, give_back=2, count=2,
    ask_refund=4, reject_refund=2, refund=6, dispute=2, lose_dispute=2, flag=4, clear=3,
    ask_buyback=3, settle_buyback=3, report=10, bonus=2, adjust=2, payout=6, payout_step=10,
    payout_back=3, plan=1, guards=1)


def said(name, value, **scope):
    member = "choice" if isinstance(value, str) else "value"
    return {"name": name, member: value, **scope}


class Generator:
    def __init__(self, rng, length=250):
        self.rng, self.length = rng, length
        self.taker = Facts()
        self.events, self.n = [], 0
        self.now = self.start = rng.choice(STARTS)
        self.currency, self.exponent = rng.choice((("CNY", 2), ("CNY", 2), ("USD", 2),
                                                   ("GBP", 2), ("KRW", 0), ("KWD", 3)))
        self.offset = rng.choice((0, 0, 480, -300))
        self.step = rng.choice((1, 2, 3)) * 500 * DAY // (2 * length)
        self.weights = dict(WEIGHTS)
        for name in rng.sample(sorted(WEIGHTS), 8):
            self.weights[name] *= rng.choice((0, 3))
        self.weights["join"] = max(self.weights["join"], 5)

    # ------------------------------------------------------------------------- what is there

    @property
    def state(self):
        return self.taker.model.state

    def name(self, kind):
        self.n += 1
        return f"{kind}{self.n}"

    def agent(self):
        agents = list(self.state.agents)
        active = [name for name in agents if self.state.agents[name]["state"] == 1]
        if not agents:
            return "nobody"
        return self.rng.choice(active if active and self.rng.random() < 0.93 else agents)

    def customer(self):
        return f"c{self.rng.randrange(12)}"

    def price(self):
        return self.rng.choice((1, 7, 50, 99, 100, 250, 1_000))

    def order(self, *kinds):
        orders = [order for order in self.state.orders.values()
                  if not kinds or order["kind"] in kinds]
        return self.rng.choice(orders[-20:]) if orders else None

    def held(self):
        """(agent, sku, units) of a position with goods."""
        there = [(p[2], p[4], self.state.units_at(p)) for p in self.state.positions
                 if p[1] == "agent" and p[3] == 1]
        there = [one for one in there if one[2] > 0]
        return self.rng.choice(there) if there else None

    def send(self, event, **body):
        at = self.now
        if self.rng.random() < 0.04:
            at = max(self.start, at - self.rng.randrange(40) * DAY)
        self.send_at(at, event, **body)

    def send_at(self, at, event, **body):
        event = (at, event, body)
        self.taker.take(event)
        self.events.append(event)

    def stream(self):
        self.send_at(self.start, "book_opened", book="b", currency=self.currency,
                     exponent=self.exponent, utc_offset_minutes=self.offset)
        for number, sku in enumerate(("s0", "s1")):
            self.send("sku_defined", sku=sku, revision=1, list_price=100 + number)
        if self.rng.random() < 0.85:
            self.do_plan()
        for _ in range(4):
            self.do_join()
        kinds = list(self.weights)
        while len(self.events) < self.length:
            self.now += self.rng.randrange(2 * self.step)
            chosen = self.rng.choices(kinds, [self.weights[kind] for kind in kinds])[0]
            getattr(self, "do_" + chosen)()
        return self.events

    # ------------------------------------------------------------------------- plans, guards

    def do_plan(self):
        rng, parameters = self.rng, []
        version = 1 + sum(plan.name == "p" for plan in self.state.plans)
        if rng.random() < 0.35:
            parameters.append(said("engine", "PLATFORM"))
        depth = rng.randrange(1, 5)
        parameters += [said("pay_max_depth", depth),
                       said("window_days", rng.choice((0, 0, 7))),
                       said("approval_above", 10**9),
                       said("acknowledge", "HEAD_COUNT"), said("acknowledge", "RECRUITING"),
                       said("acknowledge", "SELL_IN")]
        parameters += [said("rate_ppm", rng.randrange(20_000, 200_000), level=level)
                       for level in range(1, depth + 1)]
        for name, value in (("accrue_on", "RECEIVED"), ("pays_on_sell_in", 1),
                            ("pays_on_self", 1), ("holder_ship_commission", 1),
                            ("self_purchase", "COMMISSION"),
                            ("compression", "SKIP_INACTIVE")):
            if rng.random() < 0.4:
                parameters.append(said(name, value))
        for level in range(1, depth + 1):
            if rng.random() < 0.3:
                parameters.append(said("enrol_reward", rng.randrange(1, 40), level=level))
            if rng.random() < 0.3:
                parameters.append(said("fee_rate_ppm", 100_000, level=level))
        more = {}
        if rng.random() < 0.3:
            more["valid_to"] = self.now + rng.randrange(20, 200) * DAY
        self.send("plan_published", plan="p", version=version, parameters=parameters, **more)

    def do_guards(self):
        version = 1 + len(self.state.guard_sets)
        self.send("guard_set_published", guard_set="g", version=version,
                  parameters=[said("cycle", "FLAG")])

    # ---------------------------------------------------------------------------- people

    def do_join(self):
        rng, more = self.rng, {}
        if rng.random() < 0.25:
            more["customer"] = f"c{rng.randrange(20)}"
        if rng.random() < 0.4:
            more["cooling_off_until"] = self.now + rng.randrange(20) * DAY // 2
        sponsor = self.agent() if self.state.agents and rng.random() < 0.8 else ""
        self.send("agent_enrolled", agent=self.name("a"), sponsor=sponsor, **more)

    def do_identify(self):
        agent = self.agent()
        revision = self.state.agents.get(agent, dict(revision=0))["revision"] + 1
        body = dict(agent=agent, revision=revision,
                    payee_hash=HASH.format("pay" + agent).encode())
        if self.rng.random() < 0.8:
            body["id_hash"] = HASH.format(f"id{self.rng.randrange(8)}").encode()
        self.send("agent_verified", **body)

    def do_move(self):
        agent = self.agent()
        old = self.state.agents.get(agent, dict(sponsor=""))["sponsor"]
        self.send("sponsor_changed", change=self.name("ch"), agent=agent, old_sponsor=old,
                  new_sponsor=self.agent() if self.rng.random() < 0.85 else "",
                  approver1="x", approver2="y")

    def do_rank(self):
        agent = self.agent()
        old = self.state.agents.get(agent, dict(rank=""))["rank"]
        self.send("rank_changed", agent=agent, period=self.name("per"), old_rank=old,
                  new_rank=self.rng.choice(("", "gold")), value=self.rng.randrange(500),
                  metric=self.rng.choice(METRICS))

    def do_mark(self):
        code = self.rng.choice(("prior_sanction", "direct_selling_licence", "visit"))
        subject = "number 7" if self.rng.random() < 0.3 else self.agent()
        self.send("observation_recorded", observation=self.name("ob"), subject=subject,
                  code=code, value=self.rng.choice((0, 1, 1)))

    def do_leave(self):
        self.send("agent_terminated", agent=self.agent(), action=self.name("act"))

    def do_fee(self):
        name = self.name("fee")
        self.send("fee_charged", fee=name, agent=self.agent(), amount=self.price(),
                  kind=self.rng.choice(("JOINING", "KIT", "TRAINING", "RENEWAL", "UPGRADE")),
                  psp="pay", psp_txn=name, is_condition=self.rng.random() < 0.5)

    def do_deposit(self):
        self.send("deposit_received", agent=self.agent(), amount=self.price(),
                  ref=self.name("dep"))

    def do_deposit_back(self):
        there = [(name, -self.state.balance(2180, name)) for name in self.state.agents]
        there = [one for one in there if one[1] > 0]
        agent, held = self.rng.choice(there) if there else (self.agent(), 1)
        self.send("deposit_returned", agent=agent, ref=self.name("dep"),
                  amount=self.rng.choice((held, self.rng.randrange(1, held + 1), held + 1)))

    # ----------------------------------------------------------------------------- goods in

    def sku(self):
        return self.rng.choice(("s0", "s0", "s1"))

    def do_issue(self):
        name, qty, price = self.name("is"), self.rng.randrange(1, 30), self.price()
        body = dict(transfer=name, to=dict(agent=self.agent()),
                    lines=[dict(line=1, sku=self.sku(), qty=qty, unit_price=price)])
        if self.rng.random() < 0.85:
            body.update(psp="pay", psp_txn=name, paid=qty * price)
        self.send("stock_issued", **body)

    def do_restock_order(self):
        agent = self.agent()
        self.sell(kind="RESTOCK", buyer=agent)

    # ------------------------------------------------------------------------------ orders

    def lines(self, qty=None, sku=None):
        made = [dict(line=1, sku=sku or self.sku(), qty=qty or self.rng.randrange(1, 6),
                     unit_price=self.price())]
        if sku is None and self.rng.random() < 0.25:
            other = "s1" if made[0]["sku"] == "s0" else "s0"
            made.append(dict(line=2, sku=other, qty=self.rng.randrange(1, 4),
                             unit_price=self.price(), discount=self.rng.choice((0, 1))))
        return made

    def sell(self, lines=None, delivered=None, direct=False, **more):
        name, lines = self.name("o"), lines or self.lines()
        shipping = self.rng.choice((0, 0, 0, 10))
        total = shipping + sum(line["qty"] * line["unit_price"] - line.get("discount", 0)
                               for line in lines)
        body = dict(order=name, lines=lines, shipping=shipping, paid=total,
                    channel="shop", **more)
        if not direct:
            body.update(psp="pay", psp_txn=name)
        if delivered if delivered is not None else self.rng.random() < 0.85:
            body["delivered_at"] = self.now
        self.send("sale_recorded", **body)

    def do_sale(self):
        self.sell(seller=self.agent(), buyer=self.customer())

    def do_own_sale(self):
        held = self.held()
        if held:
            agent, sku, there = held
            qty = self.rng.randrange(1, min(there, 6) + 1)
            self.sell(self.lines(qty, sku), seller=agent, fulfilment="HOLDER_SHIP",
                      buyer=self.customer() if self.rng.random() < 0.85 else "")

    def do_direct_sale(self):
        held = self.held()
        if held:
            agent, sku, there = held
            self.sell(self.lines(self.rng.randrange(1, there + 1), sku), direct=True,
                      seller=agent, fulfilment="HOLDER_SHIP", buyer=self.customer())

    def do_anonymous_sale(self):
        self.sell(seller=self.agent() if self.rng.random() < 0.7 else "")

    def do_own_use(self):
        self.sell(kind="SELF", buyer=self.agent())

    def do_agent_buys(self):
        self.sell(seller=self.agent() if self.rng.random() < 0.6 else "",
                  buyer=self.agent())

    def do_linked_sale(self):
        agent = self.agent()
        self.sell(seller=agent, buyer=self.customer(),
                  buyer_payee_hash=HASH.format("pay" + agent).encode())

    def do_place(self):
        self.send("order_placed", order=self.name("o"), seller=self.agent(),
                  buyer=self.customer() if self.rng.random() < 0.8 else self.agent(),
                  channel="shop", lines=self.lines(), shipping=self.rng.choice((0, 10)))

    def do_pay(self):
        waiting = [order for order in self.state.orders.values()
                   if not order["direct"] and self.state.paid(order) < order["total"]]
        if waiting:
            order, name = self.rng.choice(waiting), self.name("t")
            left = order["total"] - self.state.paid(order)
            part = left if self.rng.random() < 0.7 else self.rng.randrange(1, left + 1)
            self.send("order_paid", order=order["name"], psp="pay", psp_txn=name,
                      amount=part)

    def do_receive(self):
        waiting = [order["name"] for order in self.state.orders.values()
                   if any(n and not line["received"] for n, line in order["lines"].items())]
        if waiting:
            self.send("receipt_confirmed", order=self.rng.choice(waiting), method="USER")

    # ------------------------------------------------------------------- what goes back

    def refund_terms(self):
        order = self.order()
        if not order:
            return None
        numbers = [n for n in order["lines"]]
        number = self.rng.choice(numbers)
        line = order["lines"][number]
        amount = line["amount"] - line["refunded"]
        if self.rng.random() < 0.5 and amount:
            amount = self.rng.randrange(1, amount + 1)
        qty = self.rng.randrange(0, line["qty"] - line["returned"] + 1)
        terms = dict(refund=self.name("r"), order=order["name"], line=number,
                     amount=amount, qty=qty)
        if self.rng.random() < 0.3:
            terms["restock_to"] = dict(agent=self.agent())
        elif order["seller"] and order["fulfilment"] == 2:
            terms["restock_to"] = dict(agent=order["seller"])
        return terms

    def do_ask_refund(self):
        terms = self.refund_terms()
        if terms:
            terms.pop("restock_to", None)
            self.send("refund_requested", **terms)

    def do_reject_refund(self):
        asked = [name for name, refund in self.state.refunds.items()
                 if refund["state"] == "REQUESTED"]
        if asked:
            self.send("refund_rejected", refund=self.rng.choice(asked), reason="no")

    def do_refund(self):
        terms = self.refund_terms()
        if terms:
            self.send("refund_approved", **terms)

    def do_dispute(self):
        order = self.order()
        if order and self.state.paid(order):
            self.send("chargeback_opened", chargeback=self.name("cb"), order=order["name"],
                      amount=self.rng.randrange(1, self.state.paid(order) + 1), psp="pay")

    def do_lose_dispute(self):
        cases = [name for name, case in self.state.chargebacks.items() if case["state"] == 1]
        if cases:
            self.send(self.rng.choice(("chargeback_lost", "chargeback_lost",
                                       "chargeback_won")), chargeback=self.rng.choice(cases))

    def do_flag(self):
        order = self.order()
        if order:
            self.send("order_flagged", order=order["name"],
                      rule=self.rng.choice(("r1", "r2")), revision=self.rng.randrange(1, 3))

    def do_clear(self):
        flags = [hold for hold in self.state.holds if hold["rule"] and not hold["released"]]
        if flags:
            flag = self.rng.choice(flags)
            self.send("order_cleared", order=flag["order"], rule=flag["rule"],
                      revision=flag["revision"])

    # ------------------------------------------------------------------------- goods out

    def do_transfer(self):
        held = self.held()
        if held:
            agent, sku, there = held
            self.send("stock_transferred", transfer=self.name("tr"), to=dict(
                agent=self.agent()), lines=[dict(
                    line=1, sku=sku, qty=self.rng.randrange(1, there + 1),
                    unit_price=self.rng.choice((0, 50, 99)))], **{"from": dict(agent=agent)})

    def consume(self, *kinds):
        held = self.held()
        if held:
            agent, sku, there = held
            self.send("stock_consumed", document=self.name("d"), holder=dict(agent=agent),
                      kind=self.rng.choice(kinds),
                      lines=[dict(line=1, sku=sku, qty=self.rng.randrange(1, there + 1))])

    def do_use(self):
        self.consume("CONSUMED_SELF_USE")

    def do_lose(self):
        self.consume("CONSUMED_SAMPLE", "CONSUMED_LOSS")

    def do_give_back(self):
        held = self.held()
        if held:
            agent, sku, there = held
            self.send("stock_returned", document=self.name("d"), agent=agent, lines=[dict(
                line=1, sku=sku, qty=self.rng.randrange(1, there + 1),
                unit_price=self.price())])

    def do_count(self):
        held = self.held()
        if held:
            agent, sku, there = held
            self.send("stock_counted", count=self.name("n"), line=1, sku=sku,
                      holder=dict(agent=agent),
                      counted=max(0, there + self.rng.randrange(-3, 4)))

    def do_ask_buyback(self):
        held = self.held()
        if held:
            agent, sku, there = held
            self.send("buyback_requested", request=self.name("bb"), agent=agent, sku=sku,
                      qty=self.rng.randrange(1, there + 1))

    def do_settle_buyback(self):
        asked = [(name, b) for name, b in self.state.buybacks.items()
                 if b["settled"] < b["qty"]]
        if not asked:
            return
        name, one = self.rng.choice(asked)
        qty = self.rng.randrange(1, one["qty"] - one["settled"] + 1)
        price, ppm = self.price(), self.rng.choice((900_000, 850_000, 1_000_000))
        orders = [order["name"] for order in self.state.orders.values()
                  if order["kind"] == 3 and order["buyer"] == one["agent"]]
        more = dict(order=self.rng.choice(orders), line=1) if orders else {}
        self.send("buyback_settled", document=self.name("d"), request=name,
                  agent=one["agent"], sku=one["sku"], qty=qty, unit_price_paid=price,
                  price_ppm=ppm, amount=qty * price * ppm // 1_000_000, **more)

    # -------------------------------------------------------------------------------- pay

    def do_report(self):
        rng, order = self.rng, self.order()
        body = dict(commission=self.name("co"), payee=self.agent(), amount=self.price(),
                    basis=rng.choice(("BASIS_RETAIL", "BASIS_RETAIL", "BASIS_SELL_IN",
                                      "BASIS_RECRUITING", "BASIS_OTHER")),
                    distance=rng.choice((0, 0, 1, 2, 3)))
        if body["basis"] == "BASIS_RECRUITING":
            if self.taker.fees and rng.random() < 0.5:
                body["cause_order"] = rng.choice(sorted(self.taker.fees))
        elif order and rng.random() < 0.95:
            body.update(cause_order=order["name"], cause_line=1)
        self.send("commission_reported", **body)

    def do_bonus(self):
        agents = sorted({self.agent() for _ in range(2)})
        shares = [dict(agent=agent, amount=self.rng.randrange(1, 60)) for agent in agents]
        self.send("bonus_awarded", bonus=self.name("bo"), period="x",
                  pool=sum(share["amount"] for share in shares), shares=shares,
                  metric=self.rng.choice(METRICS[:6]))

    def do_adjust(self):
        self.send("manual_adjustment", adjustment=self.name("ad"), agent=self.agent(),
                  deduct=self.rng.random() < 0.4, amount=self.rng.randrange(1, 50),
                  reason="so", approver1="x", approver2="y")

    def do_payout(self):
        rich = [name for name in self.state.agents
                if -self.state.balance(2120, name) > 0 and name in self.state.purses]
        if rich:
            agent = self.rng.choice(rich)
            there = -self.state.balance(2120, agent)
            self.send("payout_requested", payout=self.name("po"), agent=agent,
                      gross=self.rng.randrange(1, there + 1), method="BANK",
                      payee_hash=HASH.format("pay" + agent).encode())

    def do_payout_step(self):
        under_way = [(name, p["state"]) for name, p in self.state.payouts.items()
                     if p["state"] in (2, 4)]
        if not under_way:
            return
        name, now = self.rng.choice(under_way)
        ref = self.name("ref")
        if now == 2:
            self.send("payout_sent", payout=name, provider="bank", request_no=ref)
        else:
            self.send("payout_settled", payout=name, provider="bank", provider_ref=ref,
                      fee=self.rng.choice((0, 1)))

    def do_payout_back(self):
        for name, payout in self.state.payouts.items():
            ref = self.name("ref")
            if payout["state"] == 1:
                self.send("payout_rejected", payout=name, action=ref,
                          reason=self.rng.choice(("", "why")))
                return
            if payout["state"] == 6 and self.rng.random() < 0.3:
                self.send("payout_returned", payout=name, provider="bank", provider_ref=ref,
                          amount=self.rng.randrange(1, max(2, self.taker.model.net_of(payout))))
                return
