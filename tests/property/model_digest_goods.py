"""Sections h s t c g p y q k v of the digest, and what positions and skus have of them."""

from canonical import ints, names
from model_state import CLOUD, PHYSICAL

HOLDERS = dict(agent=1, location=2)
WINDOW_MAX = 366
AGES = 13
OF_SKU = ("issued", "returned", "passed", "sold", "retail", "friend units", "friend amount",
          "stranger units", "stranger amount")


# -------------------------------------------------------------- more of P, S and L rows

def days_of(state, position, *what):
    """(day, sums of WHAT) for the days of a position that a window may reach."""
    oldest = state.local_day(state.clock) - WINDOW_MAX
    mine = [f for f in state.facts if f[1] == position and f[0] in what and f[2] > oldest]
    return [(day, *(sum(x for fact, _, on, x in mine if (fact, on) == (name, day))
                    for name in what))
            for day in sorted({f[2] for f in mine})]


def flows_of(state, position):
    out = ints(state.tiers.get(position, 0), state.first_days.get(position, 0))
    for what in (("received", "change"), ("sold", "passed")):
        days = days_of(state, position, *what)
        out += ints(len(days), *(number for row in days for number in row))
    return out


def sku_more(state, name, sku):
    there = [(p, state.units_at(p)) for p in state.positions if p[4] == name]
    return ints(bool(sku["superseded_by"]),
                sum(n for p, n in there if p[1] == "agent" and p[3] == CLOUD),
                sum(n for p, n in there if p[1] == "location" and p[3] == PHYSICAL))


# ------------------------------------------------------------------- what is counted

def holder_rows(state):
    return [ints(HOLDERS[kind]) + names(name) +
            ints(state.active_months.get(name, 0) if kind == "agent" else 0,
                 state.bought.get(name, 0) if kind == "agent" else 0,
                 undelivered(state, name) if kind == "agent" else 0,
                 sum(state.units_at(p) for p in state.positions if p[1:3] == (kind, name)))
            for kind, name in state.holders]


def undelivered(state, agent):
    return sum(-state.balance(2010, name) for name, order in state.orders.items()
               if order["seller"] == agent and order["fulfilment"] == 2)


def sku_day_rows(state):
    facts = [f for f in state.facts if f[0].startswith("sku ")]
    return [names(sku) +
            ints(day, *(sum(x for what, of, on, x in facts
                            if (what, of, on) == ("sku " + name, sku, day))
                        for name in OF_SKU))
            for sku, day in dict.fromkeys((f[1], f[2]) for f in facts)]


def tier_rows(state):
    rows = []
    for key in dict.fromkeys(f[:2] for f in state.tier_facts):
        mine = [f for f in state.tier_facts if f[:2] == key]
        sums = [sum(f[part] for f in mine if f[2] == what)
                for what in ("bought", "passed", "sold") for part in (3, 4)]
        rows.append(names(key[0]) + ints(key[1], *sums))
    return rows


def cohort_rows(state):
    months = [state.local_month(agent["enrolled_at"]) for agent in state.agents.values()]
    return [ints(month, months.count(month)) +
            ints(*(sum(x for of, at, fact, x in state.cohort_facts
                       if (of, at, fact) == (month, age, what))
                   for age in range(AGES) for what in ("bought", "sold", "active")))
            for month in dict.fromkeys(months)]


# --------------------------------------------------------------- guards, and who asked

def guard_set_rows(state):
    return [names(s.name) + ints(s.version, s.valid_from) for s in state.guard_sets]


def band_rows(state):
    return [names(b["band"]) + ints(b["revision"]) +
            names(b["sku"], b["rank"], b["region"], b["channel"]) +
            ints(b["min_price"], b["max_price"], b["mode"], b["valid_from"])
            for b in state.bands]


def territory_rows(state):
    return [names(name, t["agent"], t["region"], t["channel"]) +
            ints(t["exclusive"], t["valid_from"], t["valid_to"] or 0, t["revoked_at"] or 0)
            for name, t in state.territories.items()]


def request_rows(state):
    return [names(name, r["agent"], r["sku"]) +
            ints(r["place"], r["qty"], r["unit_price"], r["claimed"], r["arrived"],
                 r["asked"])
            for name, r in state.requests.items()]


def buyback_rows(state):
    return [names(name, b["agent"], b["sku"], b["lot"]) + ints(b["qty"], b["settled"])
            for name, b in state.buybacks.items()]


def sighting_rows(state):
    return [ints(s["position"]) + names(s["agent"], s["sku"], s["source"]) + ints(s["day"])
            for s in state.sightings]


COUNTED = (("h", holder_rows), ("s", sku_day_rows), ("t", tier_rows), ("c", cohort_rows))
ASKED = (("g", guard_set_rows), ("p", band_rows), ("y", territory_rows),
         ("q", request_rows), ("k", buyback_rows))
