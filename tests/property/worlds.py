"""Small worlds in which the money of agents gets far.

A few agents, ranked and verified, goods enough, whole days: sales are paid and received,
earnings mature on the very second of other events, payouts come back, and every stream
leans towards some of the rules.
"""

from bodies_plan import CATEGORIES, RANKS, said
from model_payout import OVERRIDABLE
from model_state import APPROVED, ASKED, DAY, SECOND
from streams import MONEY_WEIGHTS, START, Generator

OTHER_WEIGHTS = dict(
    sale_recorded=34, order_placed=4, order_paid=7, receipt_confirmed=16, refund_approved=18,
    refund_requested=2, refund_paid=2, clock_advanced=7, customer_bound=4,
    customer_unbound=1, rank_changed=3, sponsor_changed=2, agent_suspended=2,
    agent_reinstated=4, agent_enrolled=2, agent_verified=2, sku_defined=2,
    goods_shipped=1, order_cancelled=1, source_registered=2, source_key_revoked=1,
    subject_erased=1, digest_recorded=1)
# What a world leans towards: the beginnings of the kinds of its events.
LEANINGS = (
    (), ("payout", "tax"), ("payout_requested", "refund_a", "payout_c"),
    ("commission_h", "hold", "order_f", "order_c", "chargeback"),
    ("contest", "bonus", "team", "order_f", "order_c"), ("override", "payout_r"),
    ("commission_r",), ("fee", "agent_e", "agent_v"),
    ("payout_s", "payout_f", "payout_r", "tax", "commission_h", "hold"),
    ("period", "payout_s", "payout_u"), ("plan", "rank", "sponsor", "sku"),
    ("manual", "refund_a", "payout_requested"), ("agent_s", "agent_r", "rank"),
    ("customer",), ("source", "subject", "digest"))
POOLS = ("s", "l", "a", "c", "p", "bk", "rule", "w", "con", "bonus", "team")


class World(Generator):
    def __init__(self, rng):
        super().__init__(rng, money=True)
        self.n = 0
        self.weights = dict(MONEY_WEIGHTS, **OTHER_WEIGHTS)
        leaning = rng.choice(LEANINGS)
        for kind in self.weights:
            if leaning and kind.startswith(leaning):
                self.weights[kind] *= 5
        self.orders_wanted = 100
        self.leaning = leaning
        self.must_say = self.obligatory(leaning)

    def obligatory(self, leaning):
        """What the plans of this world always say."""
        rng, found = self.rng, []
        if "refund_a" in leaning or rng.random() < 0.3:
            found += [said("cancel_unsent_on_clawback", 1),
                      said("clawback_recovery_ppm", rng.choice((333_333, 1_000_000)))]
        if "override" in leaning:
            found += [rng.choice((said("one_open_payout", 1), said("min_payout", 300),
                                  said("payout_daily_limit", 100),
                                  said("payout_monthly_limit", 120),
                                  said("payee_unchanged_days", 2)))]
        if "fee" in leaning:
            found += [said("acknowledge", "RECRUITING"),
                      said("fee_rate_ppm", rng.choice((33_333, 250_001)), level=1),
                      said("enrol_reward", 7, level=1),
                      said("engine", rng.choice(("DAYBOOK", "DAYBOOK", "PLATFORM")))]
        if "period" in leaning:
            found.append(said("close_unknown_days", rng.choice((0, 1, 3))))
        if rng.random() < 0.15:
            found += [said("acknowledge", "SELL_IN"), said("pays_on_sell_in", 1),
                      said("pays_on_self", 1)]
        if rng.random() < 0.15:
            found.append(said("self_purchase", "COMMISSION"))
        if "customer" in leaning:
            found.append(said("attribution", rng.choice(("BOUND_FIRST", "SELLER_FIRST"))))
        if rng.random() < (0.7 if "rank" in leaning else 0.15):
            found += [said("pay_max_depth", 4), *self.by_rank()]
        elif rng.random() < 0.4:
            found += [said("rate_ppm", rate, level=1, **scope) for rate, scope in zip(
                rng.sample((11_111, 22_222, 33_333, 44_444), 4),
                (dict(sku="s0"), dict(sku="s0", rank=RANKS[0]),
                 dict(sku="s0", rank=RANKS[1]), dict(category="tea", rank=RANKS[0])))]
        if rng.random() < 0.2:
            found += [said("agent_period_cap", rng.choice((30, 60))),
                      said("own_retail_cap_ppm", 300_000)]
        return found

    def parameters(self):
        names = {p["name"] for p in self.must_say} - {"rate_ppm"}
        return self.must_say + [p for p in super().parameters() if p["name"] not in names]

    # ----------------------------------------------------------------- names and times

    def new(self, letter, count, known=()):
        """A name that is new, unless there are to be few of these."""
        if letter in POOLS or self.rng.random() < 0.02:
            return super().new(letter, count, known)
        self.n += 1
        return f"{letter}-{self.n}"

    def known(self, table, stranger="nobody"):
        if table and self.rng.random() < 0.997:
            return self.rng.choice(list(table))
        return stranger

    def tick(self):
        rng = self.rng
        if len(self.sent) < 15:
            return
        self.now += rng.choice((0, 0, 0, DAY // 2, DAY // 2, DAY))
        if rng.random() < 0.05:
            self.now += rng.choice((2, 7, 7, 30)) * DAY
        self.at = self.now
        if rng.random() < 0.1:
            self.at = max(START, self.at - rng.randint(0, 4) * DAY // 2)

    def event(self, kind, body, ticks=True):
        raw = super().event(kind, body, ticks)
        if self.rng.random() < 0.4:
            raw["actor"] = self.rng.choice(("ann", "bob"))
        return raw

    def next(self):
        if self.rng.random() < 0.06:
            return super().next()
        return self.fresh(self.pick_kind())

    # -------------------------------------------------------------------- what there is

    def opening(self):
        rng = self.rng
        yield self.event("book_opened", dict(book="book", currency="CNY", exponent=2,
                                             utc_offset_minutes=rng.choice((0, 480))))
        for i in range(rng.choice((1, 2, 3))):
            yield self.event("sku_defined", dict(
                sku=f"s{i}", revision=1, list_price=rng.choice((0, 100, 250)),
                factory_price=rng.choice((0, 40)), category=rng.choice(("", *CATEGORIES)),
                return_window_days=rng.choice((0, 0, 2)),
                not_commissionable=rng.random() < 0.12))
        agents = rng.choice((2, 3, 4, 5))
        for i in range(agents):
            yield self.event("agent_enrolled", dict(
                agent=f"a{i}", sponsor=f"a{i - 1}" if i else "", rank=rng.choice(RANKS[:3]),
                employee=rng.random() < 0.12, customer=f"c{i}" if i % 2 else ""))
        for i in range(agents):
            yield self.event("agent_verified", dict(agent=f"a{i}", revision=1,
                                                    payee_hash="AAEC"))
            lines = [dict(line=n + 1, sku=sku, qty=500)
                     for n, sku in enumerate(self.model.state.skus)]
            if rng.random() < 0.5:
                yield self.event("stock_issued", dict(transfer=f"t{i}",
                                                      to={"agent": f"a{i}"}, lines=lines))
        for i in range(rng.choice((0, 1, 2))):
            yield self.fresh("customer_bound")
        yield self.fresh("plan_published")
        if "rank" in self.leaning and agents > 2:
            yield self.event("agent_suspended", dict(agent="a1", action="x"))

    def order_placed(self):
        rng, state = self.rng, self.model.state
        kind = rng.choice((1,) * 12 + (2, 3, 3, 4))
        if said("pays_on_sell_in", 1) in self.must_say and rng.random() < 0.4:
            kind = rng.choice((2, 3))
        by_holder = kind != 3 and rng.random() < 0.2
        seller = self.agent() if rng.random() < 0.8 else ""
        if "customer" in self.leaning:
            seller = self.maybe(0.4, seller)
        if by_holder:
            stocked = [p[2] for p in state.positions if p[1] == "agent"]
            seller = rng.choice(stocked or [seller or "a0"])
        buyer = rng.choice(("c0", "c1", "c2", "c3", "c5", ""))
        if seller and rng.random() < 0.1:
            buyer = "c" + seller[1:]
        if kind in (2, 3):
            buyer = self.agent()
        lines = [self.small_line(number) for number in rng.choice(((1,), (1,), (1, 2)))]
        return dict(order=self.new("o", 9), kind=kind, seller=seller, buyer=buyer,
                    channel=rng.choice(("web", "web", "shop")),
                    fulfilment=2 if by_holder else 1, lines=lines,
                    shipping=rng.choice((0, 0, 0, 7)),
                    attributions=self.maybe(0.12, self.attributions(), None))

    def small_line(self, number):
        rng = self.rng
        qty, price = rng.choice((1, 1, 2, 3)), rng.choice((100, 100, 199, 1234, 19_900))
        whole = qty * price
        return dict(line=number, sku=self.known(self.model.state.skus), qty=qty,
                    unit_price=price,
                    discount=rng.choice((0, 0, 0, 0, whole // 3, whole)),
                    tax=rng.choice((0, 0, 0, whole // 9)))

    def customer_bound(self):
        days = self.rng.choice((None, 1, 1, 2, 7))
        return super().customer_bound() | dict(
            expires_at=None if days is None else self.at + days * DAY // 2)

    def contest_opened(self):
        body = super().contest_opened()
        begins = self.now - self.rng.choice((0, 1, 2, 14)) * DAY // 2
        ends = begins + self.rng.choice((1, 2, 4, 16, 40)) * DAY // 2
        dues = [second * SECOND for second, *_ in self.model.state.dues]
        if dues and self.rng.random() < 0.5:
            ends = max(begins + 1, self.rng.choice(dues) + self.rng.choice((0, 0, 1)))
        return body | {"from": begins, "to": ends}

    # ------------------------------------------------------------------ things to lean on

    def override_granted(self):
        """Often of the rule that refused a payout last."""
        body = super().override_granted()
        for rule, agent in reversed(self.wishes):
            if self.rng.random() < 0.8:
                body |= dict(guard=rule, subject=agent, expires_at=self.at + self.rng.choice(
                    (DAY // 2, DAY, 9 * DAY, 60 * DAY)))
                break
        return body

    def payout_requested(self):
        body = super().payout_requested()
        if self.wishes and self.rng.random() < 0.3:
            agent = self.wishes[-1][1]
            available = -self.model.state.balance(2120, agent)
            body |= dict(agent=agent, gross=max(1, available // self.rng.choice((1, 2, 4))))
        return body

    @property
    def wishes(self):
        """(rule, agent) of payouts that an override would have let pass."""
        return [(verdict["rule"], raw["payout_requested"].get("agent", ""))
                for raw, verdict in zip(self.sent, self.verdicts)
                if verdict.get("rule") in OVERRIDABLE and "payout_requested" in raw]

    def refund_approved(self):
        """At times of the money that is asked for at the moment."""
        body = super().refund_approved()
        state = self.model.state
        asking = {p["agent"] for p in state.payouts.values()
                  if p["state"] in (ASKED, APPROVED)}
        earned = [e for e in state.earnings if e["agent"] in asking and e["order"] and
                  e["kind"] in (1, 2) and e["accrued"] > e["reversed"]]
        if earned and self.rng.random() < 0.4:
            e = self.rng.choice(earned)
            line = state.orders[e["order"]]["lines"][e["line"]]
            body |= dict(order=e["order"], line=e["line"], qty=0,
                         amount=max(1, self.part(line["amount"] - line["refunded"])))
        return body
