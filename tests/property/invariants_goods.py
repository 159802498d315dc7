"""What must hold of goods, guards and findings in every state: GOODS.md.

Each check gives None or what is wrong; they look at sums from another side than the model
that made them.
"""

from model_findings import EVIDENCE_KEPT, RED, RED_RULES, RESOLVED


def wrong_findings(state):
    """A finding not resolved is the newest of its rule and subject; evidence is sound."""
    newest = {}
    for i, f in enumerate(state.findings, 1):
        name, seen, key = f"finding {i}", f["evidence"], (f["rule"], f["subject"])
        if sorted(set(seen)) != seen or seen[0] != f["first"] or seen[-1] > f["last"]:
            return f"{name}: evidence {seen} of {f['first']} to {f['last']}"
        if len(seen) != min(f["count"], EVIDENCE_KEPT):
            return f"{name}: {f['count']} times, but {len(seen)} pieces of evidence"
        if f["count"] <= EVIDENCE_KEPT and seen[-1] != f["last"]:
            return f"{name}: the last position is not evidence"
        if newest.get(key, RESOLVED) != RESOLVED:
            return f"{name}: another one of the same is not resolved"
        if (f["severity"] == RED) != (f["rule"] in RED_RULES):
            return f"{name}: severity {f['severity']} of {f['rule']}"
        newest[key] = f["state"]
    return None


def wrong_watches(state):
    """Who has a red finding is watched; nobody is watched who is no agent."""
    for f in state.findings:
        if f["subject"][0] == 1 and f["severity"] == RED and (
                f["subject"][1] not in state.watches):
            return f"{f['subject'][1]} has a red finding and is not watched"
    strangers = set(state.watches) - set(state.agents)
    return f"watched, but no agents: {sorted(strangers)}" if strangers else None


def wrong_edges(state):
    latest = state.local_day(state.clock) if state.book else 0
    for (_, giver, to), day in state.edges.items():
        if giver == to or not {giver, to} <= set(state.agents) or day > latest:
            return f"an edge from {giver} to {to} on day {day}"
    return None


def wrong_scores(state):
    """Forgery is looked at of retail orders with two parties, paid for; flags stay."""
    for name, order in state.orders.items():
        looked_at = (order["kind"] == 1 and order["seller"] and order["buyer"] and
                     not order["direct"])
        if order["score"] and not looked_at:
            return f"{name} has a score"
        whole = state.paid(order) == order["total"] and not order["direct"]
        if bool(order["paid_second"]) != bool(whole and order["payments"]):
            return f"{name} was paid whole at {order['paid_second']}"
        flagged = any(h["order"] == name and h["rule"] == "FAKE_ORDER" for h in state.holds)
        if any(f["rule"] == "FAKE_ORDER" and f["subject"] == (4, name)
               for f in state.findings) and not flagged:
            return f"{name} has a finding FAKE_ORDER and no flag"
    return None


def wrong_rows_of_orders(state):
    for name, customer in state.customers.items():
        seller, number, _ = customer["row"]
        mine = [o for o in state.orders.values()
                if (o["kind"], o["buyer"], o["seller"]) == (1, name, seller) and
                o["paid_second"]]
        if bool(seller) != bool(number) or number > len(mine):
            return f"{name} has a row of {number} orders with {seller!r}"
    return None


def wrong_timers(state):
    """What has a timer comes once; it waits as long as it is not done."""
    waiting = sorted(what[1] for _, _, what in state.dues if what[0] == "timer")
    not_done = [i for i, t in enumerate(state.timers, 1) if not t["done"]]
    if waiting != not_done:
        return f"timers {not_done} wait, but {waiting} are due"
    early = [t["name"] for t in state.timers
             if t["done"] and t["second"] * 1_000_000 > state.clock]
    return f"timers came before their time: {early}" if early else None


def sold_by_sku(state, is_mine):
    found = {}
    for what, of, _, units in state.facts:
        if is_mine(what, of):
            sku = of[4] if what == "sold" else of
            found[sku] = found.get(sku, 0) + units
    return {sku: units for sku, units in found.items() if units}


def wrong_sales(state):
    """What counts as sold is what consumers have of lines that count."""
    with_buyers = {}
    for name, order in state.orders.items():
        for line in order["lines"].values():
            if not line["sold"]:
                continue
            flags = [h for h in state.holds if h["order"] == name and h["rule"] and
                     not h["released"]]
            if (order["kind"], order["fulfilment"]) != (1, 2) or flags or order["linked"]:
                return f"a line of {name} counts as sold"
            if not line["recognised"] or order["direct"]:
                return f"a line of {name} counts as sold before it is revenue"
            units = with_buyers.get(line["sku"], 0) + line["qty"] - line["returned"]
            with_buyers[line["sku"]] = units
    with_buyers = {sku: units for sku, units in with_buyers.items() if units}
    by_position = sold_by_sku(state, lambda what, of: what == "sold")
    by_day = sold_by_sku(state, lambda what, of: what == "sku sold")
    if not with_buyers == by_position == by_day:
        return f"sold: {with_buyers}, of positions {by_position}, of days {by_day}"
    return None


def wrong_flows(state):
    """The changes of all days are what a position of an agent holds."""
    changes = {}
    for what, of, _, units in state.facts:
        if what == "change":
            changes[of] = changes.get(of, 0) + units
    for position in state.positions:
        there, told = state.units_at(position), changes.get(position, 0)
        if position[1] == "agent" and there != told:
            return f"{position} holds {there}, and changed by {told}"
    return None


def wrong_claims(state):
    for name, r in state.requests.items():
        if not 0 <= r["arrived"] <= r["claimed"] <= r["qty"]:
            return f"request {name}: {r}"
    for name, b in state.buybacks.items():
        if not 0 <= b["settled"] <= b["qty"]:
            return f"buy-back {name}: {b}"
    return None


def wrong_lots(state):
    """No more of a lot has left the supply than was made."""
    for good in state.goods:
        made = state.lots[good[1]]["qty"] if good[1] else 0
        if made and -state.units_of_good(good, ("supply",)) > made:
            return f"more of lot {good[1]} is out than the {made} that were made"
    return None


def wrong_territories(state):
    """Nobody has to share what it has alone."""
    alone = [t for t in state.territories.values()
             if t["exclusive"] and t["revoked_at"] is None]
    for i, a in enumerate(alone):
        for b in alone[:i]:
            if (a["agent"] != b["agent"] and a["region"] == b["region"] and
                    (a["channel"] == b["channel"] or "" in (a["channel"], b["channel"])) and
                    (b["valid_to"] is None or a["valid_from"] < b["valid_to"]) and
                    (a["valid_to"] is None or b["valid_from"] < a["valid_to"])):
                return f"{a} and {b}"
    return None


CHECKS = (wrong_findings, wrong_watches, wrong_edges, wrong_scores, wrong_rows_of_orders,
          wrong_timers, wrong_sales, wrong_flows, wrong_claims, wrong_lots,
          wrong_territories)
