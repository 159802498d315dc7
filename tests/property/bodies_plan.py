"""Random plans: most of them sound and different in everything, some with one mistake."""

from model_state import DAY
from plan_model import AMOUNT_MAX, CATALOGUE

RATES = (1, 25_000, 50_000, 100_000, 125_000, 199_999, 333_333)
RANKS = ("gold", "rank0", "rank1", "rank2")
CATEGORIES = ("tea", "soap")
# Small amounts are taxed, so that streams of small sales meet every bracket.
TABLE = (("tax_flat_allowance", 0, 80), ("tax_flat_allowance_up_to", 0, 400),
         ("tax_share_allowance_ppm", 0, 200_000), ("tax_bracket_up_to", 1, 2_000),
         ("tax_bracket_up_to", 2, 5_000), ("tax_bracket_rate_ppm", 1, 200_000),
         ("tax_bracket_rate_ppm", 2, 300_000), ("tax_bracket_rate_ppm", 3, 400_000),
         ("tax_bracket_deduction", 2, 200), ("tax_bracket_deduction", 3, 700))
# What a plan may say besides: name, chance, values or choices.
BESIDES = (
    ("base", 0.4, ("LIST", "PAID_EX_TAX", "MARGIN", "PAID")),
    ("discount_bearer", 0.3, ("PLATFORM", "SELLER")),
    ("include_paid_by_balance", 0.3, (1,)),
    ("accrue_on", 0.3, ("RECEIVED", "PAID")),
    ("compression", 0.3, ("SKIP_INACTIVE", "TO_PLATFORM")),
    ("self_purchase", 0.2, ("COMMISSION", "DISCOUNT")),
    ("attribution", 0.3, ("BOUND_FIRST",)),
    ("engine", 0.08, ("PLATFORM",)),
    ("holder_ship_commission", 0.4, (1,)),
    ("order_pool_cap_ppm", 0.2, (1, 50_000, 100_001, 150_000)),
    ("agent_period_cap", 0.15, (5, 40, 1_000)),
    ("own_retail_cap_ppm", 0.15, (10_000, 300_000)),
    ("platform_fee_ppm", 0.5, (0, 15_000, 66_667, 1_000_000)),
    ("hold_extra_days", 0.2, (1, 3)),
    ("binding_days", 0.2, (1, 30)),
    ("enroll_max_depth", 0.15, (1, 2, 3)),
    ("min_payout", 0.3, (2, 20)),
    ("payout_daily_limit", 0.2, (50, 5_000)),
    ("payout_monthly_limit", 0.2, (80, 9_000)),
    ("payee_unchanged_days", 0.15, (1, 2)),
    ("one_open_payout", 0.2, (1,)),
    ("approval_above", 0.7, (10, 1_000, AMOUNT_MAX, AMOUNT_MAX)),
    ("fee_bearer", 0.4, ("AGENT",)),
    ("cancel_unsent_on_clawback", 0.5, (1,)),
    ("clawback_recovery_ppm", 0.3, (1, 333_333, 500_000)),
    ("writeoff_limit", 0.2, (3, 100)),
    ("close_unknown_days", 0.2, (1, 3)),
)


def said(name, value, **scope):
    """One parameter; a text is a choice."""
    what = dict(choice=value) if isinstance(value, str) else dict(value=value)
    return dict(name=name, **what, **scope)


class Plans:
    """Needs rng, model, now and maybe() of whoever inherits it."""

    def narrowed(self, by_rank=True):
        rng, state = self.rng, self.model.state
        scope = {}
        chance = rng.random()
        if chance < 0.4 and state.skus:
            scope["sku"] = rng.choice(list(state.skus))
        elif chance < 0.7:
            scope["category"] = rng.choice(CATEGORIES)
        if by_rank and (not scope or rng.random() < 0.3):
            scope["rank"] = rng.choice(RANKS)
        return scope

    def by_level(self, depth):
        rng, found = self.rng, []
        for level in range(1, depth + 1):
            most = 900_000 // depth
            name = "fixed_amount" if rng.random() < 0.15 else "rate_ppm"
            value = (rng.choice((0, 3, 7, 100)) if name == "fixed_amount"
                     else min(most, rng.choice(RATES)))
            found.append(said(name, value, level=level))
            for _ in range(rng.choice((0, 0, 1, 2))):
                found.append(said("rate_ppm", min(most, rng.choice(RATES)), level=level,
                                  **self.narrowed()))
        if rng.random() < 0.3:
            found.append(said("step_down_days", rng.choice((1, 5, 30))))
            found.append(said("later_rate_ppm", min(900_000 // depth, rng.choice(RATES)),
                              level=rng.randint(1, depth)))
        return found

    def by_rank(self):
        rng = self.rng
        found = [said("mode", "DIFFERENTIAL")]
        for rank in rng.sample(RANKS, rng.randint(1, 4)):
            found.append(said("differential_rate_ppm", rng.choice(RATES), rank=rank))
        if rng.random() < 0.6:
            found += [said("peer_rate_ppm", rng.choice((0, 10_000, 33_333))),
                      said("peer_generations", rng.choice((1, 2, 3)))]
        return found

    def risky(self):
        rng, found = self.rng, []
        if rng.random() < 0.3:
            found += [said("acknowledge", "SELL_IN"),
                      said("pays_on_sell_in", rng.choice((0, 1, 1))),
                      said("pays_on_self", rng.choice((0, 1, 1)))]
        if rng.random() < 0.25:
            found += [said("acknowledge", "RECRUITING"),
                      said("enrol_reward", rng.choice((0, 5, 33)), level=1),
                      said("fee_rate_ppm", rng.choice((0, 99_999)), level=1)]
        if rng.random() < 0.25:
            found += [said("acknowledge", "HEAD_COUNT"),
                      dict(name="rank_criterion", choice="HEAD_COUNT", value=3,
                           rank="gold")]
        return found

    def parameters(self):
        rng = self.rng
        depth = rng.choice((1, 2, 2, 3, 4))
        found = [said("pay_max_depth", depth)]
        found += self.by_level(depth) if rng.random() < 0.85 else self.by_rank()
        if rng.random() < 0.8:
            found.append(said("window_days", rng.choice((0, 1, 2, 7, 14))))
        if rng.random() < 0.2:
            found.append(said("window_days", rng.choice((0, 1, 30)),
                              **self.narrowed(by_rank=False) or {"category": "tea"}))
        found += [said(name, rng.choice(values)) for name, chance, values in BESIDES
                  if rng.random() < chance]
        if rng.random() < 0.2:
            found.append(said("hold_extra_days", 2, rank=rng.choice(RANKS)))
        if rng.random() < 0.5:
            found += [said(name, value, level=level) for name, level, value in TABLE]
        if rng.random() < 0.2:
            found += [said("payout_method", method)
                      for method in rng.sample(("bank", "card", "cash"), rng.randint(1, 3))]
        found += self.risky()
        if self.is_huge and rng.random() < 0.7:
            found.append(said("fixed_amount", AMOUNT_MAX, level=1, sku="s0"))
        rng.shuffle(found)
        return found

    def without_doubles(self, parameters):
        """A plan says a thing of one scope once."""
        seen, out = set(), []
        for p in parameters:
            key = (p["name"], p.get("level"), p.get("sku"), p.get("category"),
                   p.get("rank"))
            if p["name"] in ("fixed_amount", "rate_ppm", "later_rate_ppm"):
                key = ("pay" if p["name"] != "later_rate_ppm" else "later", *key[1:])
            if key not in seen or p["name"] in ("payout_method", "acknowledge"):
                out.append(p)
            seen.add(key)
        return out

    def with_mistake(self, parameters):
        rng = self.rng
        one = dict(rng.choice(parameters))
        chance = rng.randrange(9)
        if chance == 0:
            one["name"] = "no_such_thing"
        elif chance == 1:
            one["value"] = rng.choice((-1, AMOUNT_MAX + 1, 2_000_000, 2**63 - 1, -2**63))
        elif chance == 2:
            one[rng.choice(("channel", "region", "sku", "category", "rank"))] = "x"
        elif chance == 3:
            one["level"] = rng.choice((0, 1, 5, 9, 16))
        elif chance == 4:
            one["choice"] = rng.choice(("", "NEVER", "PAID"))
        elif chance == 5:
            one = rng.choice((said("enrol_reward", 5, level=1), said("pays_on_self", 1),
                              dict(name="rank_criterion", choice="HEAD_COUNT",
                                   rank="gold")))
            return [p for p in parameters if p["name"] != "acknowledge"] + [one]
        elif chance == 6:
            return parameters + [said("payout_method", f"m{i}") for i in range(9)]
        elif chance == 7:
            one = said("rate_ppm", 1_000_000, level=1, sku="nobody")
        else:
            one = said(rng.choice(list(CATALOGUE)), rng.choice((0, 1, 7, "PAID")),
                       level=rng.choice((0, 1, 2)))
        parameters.insert(rng.randint(0, len(parameters)), one)
        return parameters

    def plan_published(self):
        rng, plans = self.rng, self.model.state.plans
        name = rng.choice(("pl0", "pl0", "pl1"))
        last = max((p.version for p in plans if p.name == name), default=0)
        parameters = self.without_doubles(self.parameters())
        if rng.random() < 0.15:
            parameters = self.with_mistake(parameters)
        begins = rng.choice((None, None, None, None, self.now - DAY,
                             self.now + DAY))
        ends = (begins or self.now) + rng.choice((0, 1, 10 * DAY))
        return dict(plan=name, version=last + rng.choice((1,) * 12 + (0, 2)),
                    valid_from=begins, valid_to=self.maybe(0.15, ends, None),
                    parameters=parameters, approver="ann")
