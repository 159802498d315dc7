"""Guard sets, what becomes of a guard that fails, price bands, sightings, territories.

Written from src/books/GOODS.md; the catalogue and what cannot be published follow
src/guard.  A set is kept as the list of parameters that was published.
"""

from model_goods import MILLION
from model_money import RETAIL
from model_state import Refused, must

AMOUNT_MAX = QTY_MAX = 9_200_000_000_000
OFF, FLAG, REFUSE = 1, 2, 3
MODES = ("", "OFF", "FLAG", "REFUSE")
AGENT, SKU, LOT, ORDER, LOCATION, BOOK = range(1, 7)  # kinds of subjects of findings

GUARDS = (
    "standing", "receivable", "starter", "sell_through", "cover", "holding", "frequency",
    "goods_state", "aged", "restock_price", "rank_buy", "needs_request", "joining",
    "entry_fee", "territory", "sightings", "cloud", "match", "fake_order", "exposure",
    "cycle", "bindings", "flooding", "network", "multi_count", "push_down", "custody",
    "goods_out", "profiteering", "friend_price", "count", "buyback", "buyback_exit")
ONLY_FLAG = ("sightings", "match", "flooding", "multi_count", "custody", "friend_price",
             "count", "buyback_exit")
# name: (default, least, most, scopes): s(ku or category), r(ank).
NUMBERS = {
    "window_days": (30, 1, 366, ""),
    "agreement_version": (0, 0, 2**32 - 1, ""),
    "receivable_limit": (0, 0, AMOUNT_MAX, ""),
    "starter_days": (30, 0, 366, ""),
    "starter_units": (100, 0, QTY_MAX, "r"),
    "min_sell_through_ppm": (600_000, 0, MILLION, "sr"),
    "min_units": (1, 0, QTY_MAX, ""),
    "free_units": (10, 0, QTY_MAX, "sr"),
    "max_cover_days": (45, 0, 36_500, "sr"),
    "max_units": (-1, 0, QTY_MAX, "sr"),
    "max_value": (-1, 0, AMOUNT_MAX, "r"),
    "max_restocks": (4, 1, 1000, ""),
    "restock_period_days": (30, 1, 366, ""),
    "restock_interval_days": (0, 0, 366, ""),
    "aged_days": (90, 1, 366, ""),
    "rank_buy_factor_ppm": (3_000_000, MILLION, 1000 * MILLION, ""),
    "request_days": (30, 1, 366, ""),
    "joining_days": (30, 0, 366, ""),
    "joining_value": (0, 0, AMOUNT_MAX, "r"),
    "entry_fee_limit": (0, 0, AMOUNT_MAX, ""),
    "territory_days": (30, 1, 366, ""),
    "territory_breaches": (1, 1, MILLION, ""),
    "sighting_days": (30, 1, 366, ""),
    "min_sightings": (3, 1, 1000, ""),
    "sighting_sources": (2, 1, 100, ""),
    "min_coverage_ppm": (MILLION, 0, 10 * MILLION, ""),
    "ship_days": (7, 0, 366, ""),
    "pay_days": (7, 0, 366, ""),
    "fake_limit": (100, 1, 10_000, ""),
    "fake_related": (60, 0, 1000, ""),
    "fake_shared_hash": (100, 0, 1000, ""),
    "fake_repeat": (30, 0, 1000, ""),
    "fake_cycle": (100, 0, 1000, ""),
    "fake_contest": (10, 0, 1000, ""),
    "fake_unscanned": (20, 0, 1000, ""),
    "fake_quick_refund": (40, 0, 1000, ""),
    "fake_repeat_orders": (5, 2, MILLION, ""),
    "fake_repeat_days": (7, 1, 366, ""),
    "fake_refund_hours": (24, 0, 8784, ""),
    "fake_contest_days": (3, 0, 366, ""),
    "max_exposure": (0, 0, AMOUNT_MAX, "r"),
    "cycle_length": (4, 2, 8, ""),
    "cycle_days": (90, 1, 366, ""),
    "max_bindings": (50, 1, QTY_MAX, ""),
    "max_shares": (50, 1, QTY_MAX, ""),
    "network_alarm_ppm": (200_000, 0, MILLION, ""),
    "network_min_units": (100, 1, QTY_MAX, ""),
    "max_multi_count_ppm": (3 * MILLION, 0, 1000 * MILLION, ""),
    "max_purchase_to_sales_ppm": (3 * MILLION, 0, 1000 * MILLION, ""),
    "max_markup_ppm": (10 * MILLION, 0, MILLION**2, ""),
    "friend_min_units": (10, 1, QTY_MAX, ""),
    "friend_tolerance_ppm": (50_000, 0, 1000 * MILLION, ""),
    "count_tolerance": (0, 0, QTY_MAX, ""),
    "buyback_days": (365, 1, 366, ""),
    "buyback_ppm": (900_000, 0, MILLION, ""),
    "buyback_lot": (0, 0, 1, ""),
}
# Of one scope the first is never above the second.
PAIRS = (("starter_units", "max_units"), ("free_units", "max_units"),
         ("restock_interval_days", "restock_period_days"))


class GuardSet:
    """VERSION 0 is none: every guard is off."""

    def __init__(self, parameters=(), name="", version=0, number=0, valid_from=0):
        self.parameters = list(parameters)
        self.name, self.version, self.number = name, version, number
        self.valid_from = valid_from

    def mode(self, guard):
        for p in self.parameters:
            if p["name"] == guard:
                mode = MODES.index(p["choice"])
                return FLAG if mode == REFUSE and guard in ONLY_FLAG else mode
        return OFF

    def number_of(self, name, sku="", category="", rank=""):
        scopes = ([(sku, "", rank), (sku, "", "")] if sku else []) + (
            [("", category, rank), ("", category, "")] if category else []) + [
                ("", "", rank), ("", "", "")]
        for scope in scopes:
            for p in self.parameters:
                if p["name"] == name and scope_of(p) == scope:
                    return p["value"]
        return NUMBERS[name][0]


def scope_of(p):
    return p["sku"], p["category"], p["rank"]


def bad(rule, i, member, measured=None, limit=None):
    raise Refused(rule, f"parameters[{i}].{member}", measured, limit)


def check_alone(i, p):
    if p["name"] in GUARDS:
        if p["choice"] not in MODES[1:]:
            bad("GUARD_PARAMETER_VALUE", i, "choice")
        if p["value"]:
            bad("GUARD_PARAMETER_VALUE", i, "value", p["value"], 0)
        scopes = ""
    elif p["name"] in NUMBERS:
        _, least, most, scopes = NUMBERS[p["name"]]
        if p["choice"]:
            bad("GUARD_PARAMETER_VALUE", i, "choice")
        if not least <= p["value"] <= most:
            bad("GUARD_PARAMETER_VALUE", i, "value", p["value"],
                least if p["value"] < least else most)
    else:
        bad("GUARD_PARAMETER_UNKNOWN", i, "name")
    if p["sku"] and "s" not in scopes:
        bad("GUARD_PARAMETER_SCOPE", i, "sku")
    if p["category"] and ("s" not in scopes or p["sku"]):
        bad("GUARD_PARAMETER_SCOPE", i, "category")
    if p["rank"] and "r" not in scopes:
        bad("GUARD_PARAMETER_SCOPE", i, "rank")
    for member in ("channel", "region", "level"):
        if p[member]:
            bad("GUARD_PARAMETER_SCOPE", i, member)


def check_pair(parameters, i, j):
    """Of the scope of an earlier one J."""
    a, b = parameters[i], parameters[j]
    if scope_of(a) != scope_of(b):
        return
    if a["name"] == b["name"]:
        bad("GUARD_CONTRADICTION", i, "name")
    for low, high in PAIRS:
        values = {p["name"]: p["value"] for p in (a, b)}
        if set(values) == {low, high} and values[low] > values[high]:
            bad("GUARD_CONTRADICTION", i, "value", a["value"], b["value"])


def check_parameters(parameters):
    for i, p in enumerate(parameters):
        check_alone(i, p)
    for i in range(len(parameters)):
        for j in range(i):
            check_pair(parameters, i, j)


class Guards:
    """Needs state, a State; mixed into Model."""

    # ---------------------------------------------------------------------------- sets

    def on_guard_set_published(self, body, at):
        state = self.state
        last = max((s.version for s in state.guard_sets if s.name == body["guard_set"]),
                   default=0)
        must(body["version"] == last + 1, "GUARD_VERSION_GAP", "version", body["version"],
             last + 1)
        check_parameters(body["parameters"])
        for i, p in enumerate(body["parameters"]):
            must(not p["sku"] or p["sku"] in state.skus, "SKU_UNKNOWN",
                 f"parameters[{i}].sku")
        begins = at if body["valid_from"] is None else body["valid_from"]
        state.guard_sets.append(GuardSet(body["parameters"], body["guard_set"],
                                         body["version"], len(state.guard_sets) + 1,
                                         begins))

    def guard_set(self):
        """The one in force at the clock."""
        there = [s for s in self.state.guard_sets if s.valid_from <= self.state.clock]
        return max(there, key=lambda s: (s.valid_from, s.number), default=GuardSet())

    def guard_mode(self, guard):
        return self.guard_set().mode(guard)

    def guard_is_on(self, guard):
        return self.guard_mode(guard) != OFF

    def guard_number(self, name, sku="", rank=""):
        category = self.state.skus[sku]["category"] if sku else ""
        return self.guard_set().number_of(name, sku, category, rank)

    def guard_fail(self, guard, rule, field, subject, measured, limit, agent="", window=0,
                   mode=None):
        """A guard that is not off has failed.  SUBJECT: (kind, name).  AGENT: whose
        override lets it pass; MODE: of a price band."""
        mode = mode or self.guard_mode(guard)
        if mode == FLAG:
            self.finding_note(rule, subject, measured, limit, window)
        elif agent:
            self.may(agent, self.event.effective_at, False, rule, field, measured, limit)
        else:
            raise Refused(rule, field, measured, limit)

    # -------------------------------------------------------------------------- prices

    def on_price_band_set(self, body, at):
        bands = self.state.bands
        last = max((b["revision"] for b in bands if b["band"] == body["band"]), default=0)
        must(body["revision"] == last + 1, "BAND_REVISION_GAP", "revision",
             body["revision"], last + 1)
        must(not body["sku"] or body["sku"] in self.state.skus, "SKU_UNKNOWN", "sku")
        begins = at if body["valid_from"] is None else body["valid_from"]
        bands.append(dict(body, valid_from=begins))

    def band_of(self, time, **line):
        """The revision that counts for a line of SKU, RANK, REGION, CHANNEL, or None."""
        counting = {}
        for number, band in enumerate(self.state.bands):
            if band["valid_from"] <= time:
                counting.setdefault(band["band"], []).append((number, band))
        found = []
        for revisions in counting.values():
            number, band = max(revisions,
                               key=lambda r: (r[1]["valid_from"], r[1]["revision"]))
            if all(band[part] in ("", value) for part, value in line.items()):
                weight = sum(w for part, w in (("sku", 8), ("rank", 4), ("region", 2),
                                               ("channel", 1)) if band[part])
                found.append((weight, number, band))
        best = max(found, key=lambda f: f[:2])[2] if found else None
        return best if best and best["mode"] != OFF else None

    def bound_broken(self, band, price):
        """The bound of BAND that PRICE breaks, or None."""
        if band and price < band["min_price"]:
            return band["min_price"]
        if band and 0 < band["max_price"] < price:
            return band["max_price"]
        return None

    def rank_of(self, agent):
        return self.state.agents[agent]["rank"] if agent else ""

    def check_bands(self, order, at):
        if order["kind"] != RETAIL:
            return
        lines = [line for line in order["lines"].values() if line["sku"]]
        for i, line in enumerate(lines):
            if not line["qty"]:
                continue
            price = line["amount"] // line["qty"]
            band = self.band_of(at, sku=line["sku"], rank=self.rank_of(order["seller"]),
                                region=order["region"], channel=order["channel"])
            bound = self.bound_broken(band, price)
            if bound is not None:
                subject = ((AGENT, order["seller"]) if order["seller"]
                           else (SKU, line["sku"]))
                self.guard_fail("", "PRICE_BAND", f"lines[{i}].unit_price", subject, price,
                                bound, mode=band["mode"])

    def on_price_observed(self, body, at):
        state, sku = self.state, body["sku"]
        must(sku in state.skus, "SKU_UNKNOWN", "sku")
        self.known_holder(body["holder"], "holder")
        if not self.guard_is_on("sightings"):
            return
        agent = body["holder"][1] if body["holder"][0] == "agent" else ""
        band = self.band_of(at, sku=sku, rank=self.rank_of(agent), region="",
                            channel=body["channel"])
        if self.bound_broken(band, body["price"]) is None:
            return
        state.sightings.append(dict(position=self.size, agent=agent, sku=sku,
                                    source=self.event.source, day=self.event_day()))
        days = self.guard_number("sighting_days")
        same = [s for s in state.sightings if (s["agent"], s["sku"]) == (agent, sku) and
                self.in_window(s["day"], days)]
        least, sources = self.guard_number("min_sightings"), {s["source"] for s in same}
        if len(same) >= least and len(sources) >= self.guard_number("sighting_sources"):
            self.guard_fail("sightings", "PRICE_SIGHTED", "",
                            (AGENT, agent) if agent else (SKU, sku), len(same), least)

    # --------------------------------------------------------------------- territories

    def on_territory_assigned(self, body, at):
        self.active_agent(body["agent"], "agent")
        begins = at if body["valid_from"] is None else body["valid_from"]
        ends = body["valid_to"]
        must(ends is None or ends > begins, "TERRITORY_STATE", "valid_to")
        if body["exclusive"]:
            for other in self.state.territories.values():
                must(not self.overlaps(body, begins, ends, other), "TERRITORY_OVERLAP",
                     "region")
        self.state.territories[body["assignment"]] = dict(
            agent=body["agent"], region=body["region"], channel=body["channel"],
            exclusive=body["exclusive"], valid_from=begins, valid_to=ends, revoked_at=None)

    def overlaps(self, body, begins, ends, other):
        if (not other["exclusive"] or other["agent"] == body["agent"] or
                other["revoked_at"] is not None or other["region"] != body["region"]):
            return False
        channels = other["channel"], body["channel"]
        if channels[0] != channels[1] and "" not in channels:
            return False
        return ((other["valid_to"] is None or begins < other["valid_to"]) and
                (ends is None or other["valid_from"] < ends))

    def on_territory_revoked(self, body, at):
        there = self.state.territories.get(body["assignment"])
        must(there, "TERRITORY_UNKNOWN", "assignment")
        must(there["revoked_at"] is None, "TERRITORY_STATE", "assignment")
        there["revoked_at"] = self.state.clock

    def territory_holds(self, territory, order, at):
        return (territory["region"] == order["region"] and
                territory["channel"] in ("", order["channel"]) and
                territory["valid_from"] <= at and
                (territory["valid_to"] is None or at < territory["valid_to"]) and
                (territory["revoked_at"] is None or at < territory["revoked_at"]))

    def check_territory(self, order, at):
        seller = order["seller"]
        if (order["kind"] != RETAIL or not seller or not order["region"] or
                not self.guard_is_on("territory")):
            return
        holding = [t for t in self.state.territories.values()
                   if self.territory_holds(t, order, at)]
        is_breach = (any(t["exclusive"] and t["agent"] != seller for t in holding) and
                     not any(t["agent"] == seller for t in holding))
        if not is_breach:
            return
        if self.guard_mode("territory") == REFUSE:
            self.guard_fail("territory", "TERRITORY", "region", (AGENT, seller), 1, 0,
                            seller)
            return
        watch, today = self.watch(seller), self.today()
        days, most = (self.guard_number("territory_days"),
                      self.guard_number("territory_breaches"))
        if not watch["breaches"] or today - watch["breach_day"] >= days:
            watch.update(breach_day=today, breaches=0)
        watch["breaches"] += 1
        if watch["breaches"] >= most:
            self.guard_fail("territory", "TERRITORY", "region", (AGENT, seller),
                            watch["breaches"], most)
