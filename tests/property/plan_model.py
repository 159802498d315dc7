"""Plans once more: parameters, what of them is refused, terms, splits and tax.

Written from src/plan/README.md and src/books/MONEY.md.  A plan is kept as the list of
parameters that was published; whatever is asked of it is looked up in that list.
"""

LEVELS_MAX, BRACKETS_MAX, METHODS_MAX = 16, 8, 8
AMOUNT_MAX = 9_200_000_000_000
MILLION = 1_000_000
FOREVER = 2**63 - 1

# name: (unit, choices or None, default, least, most, scopes).  Scopes: s(ku or category),
# r(ank), R(ank needed), l(evel needed), m(ay be repeated).
CATALOGUE = {
    "pay_max_depth": ("number", None, 1, 1, 16, ""),
    "enroll_max_depth": ("number", None, 0, 0, 4096, ""),
    "base": ("choice", "PAID LIST PAID_EX_TAX MARGIN", "PAID", 0, 0, ""),
    "discount_bearer": ("choice", "PRORATA PLATFORM SELLER", "PRORATA", 0, 0, ""),
    "accrue_on": ("choice", "PAID RECEIVED", "PAID", 0, 0, ""),
    "mode": ("choice", "LEVELS DIFFERENTIAL", "LEVELS", 0, 0, ""),
    "compression": ("choice", "NONE SKIP_INACTIVE TO_PLATFORM", "NONE", 0, 0, ""),
    "self_purchase": ("choice", "NONE DISCOUNT COMMISSION", "NONE", 0, 0, ""),
    "attribution": ("choice", "SELLER_FIRST BOUND_FIRST", "SELLER_FIRST", 0, 0, ""),
    "engine": ("choice", "DAYBOOK PLATFORM", "DAYBOOK", 0, 0, ""),
    "pays_on_sell_in": ("number", None, 0, 0, 1, ""),
    "pays_on_self": ("number", None, 0, 0, 1, ""),
    "holder_ship_commission": ("number", None, 0, 0, 1, ""),
    "include_paid_by_balance": ("number", None, 0, 0, 1, ""),
    "rate_ppm": ("number", None, 0, 0, MILLION, "slr"),
    "fixed_amount": ("number", None, None, 0, AMOUNT_MAX, "slr"),
    "later_rate_ppm": ("number", None, None, 0, MILLION, "slr"),
    "step_down_days": ("number", None, 0, 0, 3650, ""),
    "differential_rate_ppm": ("number", None, 0, 0, MILLION, "R"),
    "peer_rate_ppm": ("number", None, 0, 0, MILLION, ""),
    "peer_generations": ("number", None, 0, 0, 16, ""),
    "order_pool_cap_ppm": ("number", None, 0, 0, MILLION, ""),
    "agent_period_cap": ("number", None, 0, 0, AMOUNT_MAX, ""),
    "own_retail_cap_ppm": ("number", None, 0, 0, MILLION, ""),
    "platform_fee_ppm": ("number", None, 0, 0, MILLION, ""),
    "window_days": ("number", None, 7, 0, 3650, "s"),
    "hold_extra_days": ("number", None, 0, 0, 365, "r"),
    "binding_days": ("number", None, 0, 0, 36500, ""),
    "enrol_reward": ("number", None, 0, 0, AMOUNT_MAX, "l"),
    "fee_rate_ppm": ("number", None, 0, 0, MILLION, "l"),
    "rank_criterion": ("choice", "MATURED_RETAIL REPEAT_RATE REFUND_RATE TRAINING "
                       "TEAM_RETAIL PURCHASE_VOLUME HEAD_COUNT", None, 0, AMOUNT_MAX,
                       "Rm"),
    "min_payout": ("number", None, 1, 1, AMOUNT_MAX, ""),
    "payout_daily_limit": ("number", None, 0, 0, AMOUNT_MAX, ""),
    "payout_monthly_limit": ("number", None, 0, 0, AMOUNT_MAX, ""),
    "payout_method": ("choice", None, None, 0, 0, "m"),
    "payee_unchanged_days": ("number", None, 0, 0, 365, ""),
    "one_open_payout": ("number", None, 0, 0, 1, ""),
    "approval_above": ("number", None, 0, 0, AMOUNT_MAX, ""),
    "fee_bearer": ("choice", "PLATFORM AGENT", "PLATFORM", 0, 0, ""),
    "cancel_unsent_on_clawback": ("number", None, 0, 0, 1, ""),
    "clawback_recovery_ppm": ("number", None, MILLION, 1, MILLION, ""),
    "writeoff_limit": ("number", None, 0, 0, AMOUNT_MAX, ""),
    "close_unknown_days": ("number", None, 0, 0, 365, ""),
    "tax_flat_allowance": ("number", None, 0, 0, AMOUNT_MAX, ""),
    "tax_flat_allowance_up_to": ("number", None, 0, 0, AMOUNT_MAX, ""),
    "tax_share_allowance_ppm": ("number", None, 0, 0, MILLION, ""),
    "tax_bracket_up_to": ("number", None, None, 1, AMOUNT_MAX, "l"),
    "tax_bracket_rate_ppm": ("number", None, 0, 0, MILLION, "l"),
    "tax_bracket_deduction": ("number", None, 0, 0, AMOUNT_MAX, "l"),
    "acknowledge": ("choice", "SELL_IN RECRUITING HEAD_COUNT", None, 0, 0, "m"),
}
RATES = ("rate_ppm", "later_rate_ppm")
PAID_BY_LEVEL = (*RATES, "fixed_amount", "enrol_reward", "fee_rate_ppm")
ALLOWANCES = ("tax_flat_allowance", "tax_flat_allowance_up_to", "tax_share_allowance_ppm")


class BadPlan(Exception):
    """Parameter INDEX cannot stand."""

    def __init__(self, rule, index, member, measured=None, limit=None):
        super().__init__(rule, index, member)
        self.rule, self.index, self.member = rule, index, member
        self.measured, self.limit = measured, limit


def scope_of(p):
    return (p["level"], p["sku"], p["category"], p["rank"])


# ------------------------------------------------------------------- what is refused

def check_alone(i, p):
    if p["name"] not in CATALOGUE:
        raise BadPlan("PLAN_PARAMETER_UNKNOWN", i, "name")
    unit, choices, _, least, most, scopes = CATALOGUE[p["name"]]

    def bad_value(member, measured=None, limit=None):
        raise BadPlan("PLAN_PARAMETER_VALUE", i, member, measured, limit)

    def bad_scope(member):
        raise BadPlan("PLAN_PARAMETER_SCOPE", i, member)

    if (unit == "choice") != bool(p["choice"]):
        bad_value("choice")
    if choices and p["choice"] not in choices.split():
        bad_value("choice")
    if p["value"] < least:
        bad_value("value", p["value"], least)
    if p["value"] > most:
        bad_value("value", p["value"], most)
    if p["sku"] and "s" not in scopes:
        bad_scope("sku")
    if p["category"] and ("s" not in scopes or p["sku"]):
        bad_scope("category")
    if bool(p["rank"]) and "r" not in scopes and "R" not in scopes:
        bad_scope("rank")
    if not p["rank"] and "R" in scopes:
        bad_scope("rank")
    for member in ("channel", "region"):
        if p[member]:
            bad_scope(member)
    levels = 0
    if "l" in scopes:
        levels = BRACKETS_MAX if p["name"].startswith("tax_") else LEVELS_MAX
    if not (levels > 0) <= p["level"] <= levels:
        bad_scope("level")


def check_pairs(parameters, i):
    p = parameters[i]
    for other in parameters[:i]:
        names = {p["name"], other["name"]}
        about_one = (len(names) == 1 or
                     ("fixed_amount" in names and names & set(RATES)))
        if not about_one or scope_of(p) != scope_of(other):
            continue
        if "m" not in CATALOGUE[p["name"]][5] or p["choice"] == other["choice"]:
            raise BadPlan("PLAN_CONTRADICTION", i, "name")


def check_one(plan, i):
    p = plan.parameters[i]
    name, value, level = p["name"], p["value"], p["level"]

    def contradiction(member):
        raise BadPlan("PLAN_CONTRADICTION", i, member)

    if name in PAID_BY_LEVEL and level > plan.value("pay_max_depth"):
        contradiction("level")
    if name == "later_rate_ppm" and not plan.value("step_down_days"):
        contradiction("name")
    if (name in ("differential_rate_ppm", "peer_rate_ppm", "peer_generations") and value and
            plan.value("mode") != "DIFFERENTIAL"):
        contradiction("name")
    if name == "payout_method":
        n = sum(q["name"] == name for q in plan.parameters[:i + 1])
        if n > METHODS_MAX:
            raise BadPlan("LIMIT_REACHED", i, "choice", n, METHODS_MAX)
    rated = [q["level"] for q in plan.parameters if q["name"] == "tax_bracket_rate_ppm"]
    up_to = {}
    for q in plan.parameters:
        if q["name"] == "tax_bracket_up_to":
            up_to.setdefault(q["level"], q["value"])
    if name in ALLOWANCES and not rated:
        contradiction("name")
    if name == "tax_flat_allowance" and value and not plan.value(
            "tax_flat_allowance_up_to"):
        contradiction("value")
    if name == "tax_bracket_rate_ppm" and level > 1:
        if level - 1 not in rated or level - 1 not in up_to:
            contradiction("level")
    if name in ("tax_bracket_up_to", "tax_bracket_deduction") and level not in rated:
        contradiction("level")
    if name == "tax_bracket_up_to":
        if level >= max(rated):
            contradiction("level")
        if level - 1 in up_to and value <= up_to[level - 1]:
            contradiction("value")


def check_ceiling(parameters, i):
    """Nothing pays more than it brings in, with the parameters up to I."""
    def most(names, level=None):
        return max((q["value"] for q in parameters[:i + 1] if q["name"] in names and
                    level in (None, q["level"])), default=0)
    levels = range(1, LEVELS_MAX + 1)
    sums = (sum(most(RATES, level) for level in levels),
            most(("differential_rate_ppm",)) +
            most(("peer_rate_ppm",)) * most(("peer_generations",)),
            sum(most(("fee_rate_ppm",), level) for level in levels))
    if max(sums) > MILLION:
        raise BadPlan("PLAN_CONTRADICTION", i, "value")


def risk_of(p):
    if p["name"] in ("pays_on_sell_in", "pays_on_self") and p["value"]:
        return "SELL_IN"
    if p["name"] in ("enrol_reward", "fee_rate_ppm") and p["value"]:
        return "RECRUITING"
    if p["name"] == "rank_criterion" and p["choice"] in ("PURCHASE_VOLUME", "HEAD_COUNT"):
        return "HEAD_COUNT"
    return None


def check_plan(plan):
    for i, p in enumerate(plan.parameters):
        check_alone(i, p)
    for i in range(len(plan.parameters)):
        check_pairs(plan.parameters, i)
        check_one(plan, i)
        check_ceiling(plan.parameters, i)
    for i, p in enumerate(plan.parameters):
        if risk_of(p) and risk_of(p) not in plan.choices("acknowledge"):
            raise BadPlan("PLAN_RISK", i, "choice" if p["choice"] else "value")


# ------------------------------------------------------------------------- a plan

class Plan:
    """NUMBER 0 is no plan: the defaults."""

    def __init__(self, parameters=(), name="none", version=0, number=0, valid_from=0,
                 valid_to=None):
        self.parameters = list(parameters)
        self.name, self.version, self.number = name, version, number
        self.valid_from, self.valid_to = valid_from, valid_to

    def value(self, name, level=0):
        """What nothing narrows."""
        unit, _, default, *_ = CATALOGUE[name]
        for p in self.parameters:
            if p["name"] == name and scope_of(p) == (level, "", "", ""):
                return p["choice"] if unit == "choice" else p["value"]
        return default

    def choices(self, name):
        return [p["choice"] for p in self.parameters if p["name"] == name]

    def term(self, names, level=0, sku="", category="", rank=""):
        """(name, value) of the most specific parameter of NAMES, or None."""
        scopes = ([(level, sku, "", rank), (level, sku, "", "")] if sku else []) + (
            [(level, "", category, rank), (level, "", category, "")] if category else []
        ) + [(level, "", "", rank), (level, "", "", "")]
        for scope in scopes:
            for p in self.parameters:
                if p["name"] in names and scope_of(p) == scope:
                    return p["name"], p["value"]
        return None

    def pays_on_recruiting(self):
        return any(risk_of(p) == "RECRUITING" for p in self.parameters)

    def skus_named(self):
        return [(i, p["sku"]) for i, p in enumerate(self.parameters) if p["sku"]]

    def tax_due(self, gross):
        """Tax on all that a payee gets in one month; rounded down once, at the end."""
        rates = {p["level"]: p["value"] for p in self.parameters
                 if p["name"] == "tax_bracket_rate_ppm"}
        if not rates:
            return 0
        if gross <= self.value("tax_flat_allowance_up_to"):
            taxable = max(0, gross - self.value("tax_flat_allowance")) * MILLION
        else:
            taxable = gross * (MILLION - self.value("tax_share_allowance_ppm"))
        for level in sorted(rates):
            up_to = self.value("tax_bracket_up_to", level)
            if level == max(rates) or taxable <= up_to * MILLION:
                tax = taxable * rates[level] // MILLION**2
                return max(0, tax - self.value("tax_bracket_deduction", level))
        return 0


# ------------------------------------------------------------------------- division

def split_claims(claims):
    """Largest remainder over (base, ppm): the pool is what all of them make together."""
    exact = [base * rate for base, rate in claims]
    parts = [e // MILLION for e in exact]
    left = sum(exact) // MILLION - sum(parts)
    by_remainder = sorted(range(len(claims)), key=lambda i: (-(exact[i] % MILLION), i))
    for i in by_remainder[:left]:
        parts[i] += 1
    return parts


def split_weights(total, weights):
    """TOTAL divided by WEIGHTS, largest remainder."""
    whole = sum(weights)
    parts = [total * w // whole for w in weights]
    left = total - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[:left]:
        parts[i] += 1
    return parts


def retained(accrued, base, refunded):
    return accrued * (base - refunded) // base
