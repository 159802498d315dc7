"""Random guard sets: small limits, so that small worlds meet them, some with one mistake."""

from model_guards import GUARDS
from model_state import DAY

MODES = ("OFF", "FLAG", "REFUSE")
# Numbers by guard, name: (values, may it be narrowed: g(oods), r(ank)).
NUMBERS = {
    "standing": dict(agreement_version=((0, 1, 2), "")),
    "receivable": dict(receivable_limit=((0, 20), "")),
    "starter": dict(starter_days=((0, 2, 30), ""), starter_units=((5, 20, 60), "r")),
    "sell_through": dict(
        window_days=((1, 2, 7, 30, 366), ""), min_units=((0, 1, 10), ""),
        min_sell_through_ppm=((1, 100_000, 400_000, 1_000_000), "gr"),
        free_units=((0, 3, 10), "gr")),
    "cover": dict(max_cover_days=((1, 10, 45), "gr"), window_days=((2, 7, 30), ""),
                  free_units=((0, 3, 10), "gr")),
    "holding": dict(max_units=((10, 30, 100), "gr"), max_value=((900, 5_000), "r")),
    "frequency": dict(max_restocks=((1, 2, 3), ""), restock_period_days=((5, 7, 30), ""),
                      restock_interval_days=((0, 1, 3), "")),
    "aged": dict(aged_days=((1, 3, 30, 366), "")),
    "rank_buy": dict(rank_buy_factor_ppm=((1_000_000, 1_500_000, 3_333_333), "")),
    "needs_request": dict(request_days=((1, 3, 30), "")),
    "joining": dict(joining_days=((0, 3, 30, 366), ""), joining_value=((0, 300, 5_000), "r")),
    "entry_fee": dict(entry_fee_limit=((0, 50, 150), "")),
    "territory": dict(territory_days=((1, 5, 30), ""), territory_breaches=((1, 2, 3), "")),
    "sightings": dict(sighting_days=((1, 5, 30), ""), min_sightings=((1, 2, 3), ""),
                      sighting_sources=((1, 2), "")),
    "cloud": dict(min_coverage_ppm=((0, 500_000, 1_000_000, 3_333_333), "")),
    "match": dict(ship_days=((0, 1, 3), ""), pay_days=((0, 1, 3), "")),
    "fake_order": dict(
        fake_limit=((1, 30, 60, 100), ""), fake_related=((0, 20, 60), ""),
        fake_shared_hash=((0, 40, 100), ""), fake_repeat=((0, 30), ""),
        fake_cycle=((0, 40, 100), ""), fake_contest=((0, 10), ""),
        fake_unscanned=((0, 20, 60), ""), fake_quick_refund=((0, 40), ""),
        fake_repeat_orders=((2, 3), ""), fake_repeat_days=((1, 3, 30), ""),
        fake_refund_hours=((0, 12, 24, 48), ""), fake_contest_days=((0, 1, 5), "")),
    "exposure": dict(max_exposure=((0, 100, 1_500), "r")),
    "cycle": dict(cycle_length=((2, 3, 4), ""), cycle_days=((1, 5, 30), "")),
    "bindings": dict(max_bindings=((1, 2), "")),
    "flooding": dict(max_shares=((1, 2), "")),
    "network": dict(network_alarm_ppm=((0, 100_000, 1_000_000), ""),
                    network_min_units=((1, 5, 20), "")),
    "multi_count": dict(max_multi_count_ppm=((0, 1_000_000, 3_000_000), ""),
                        network_min_units=((1, 5), "")),
    "push_down": dict(max_purchase_to_sales_ppm=((0, 1_000_000, 3_333_333), ""),
                      free_units=((0, 3, 10), "gr")),
    "profiteering": dict(max_markup_ppm=((1_000_000, 2_000_000, 33_333_333), "")),
    "friend_price": dict(friend_min_units=((1, 3), ""),
                         friend_tolerance_ppm=((0, 50_000), "")),
    "count": dict(count_tolerance=((0, 2), "")),
    "buyback": dict(buyback_days=((1, 5, 365), ""), buyback_ppm=((0, 900_000, 1_000_000), ""),
                    buyback_lot=((0, 1), "")),
}


class GuardBodies:
    """Needs what Plans needs."""

    hot = ()  # guards that a world is about

    def guard_mode(self, guard):
        if guard in self.hot:
            return self.rng.choice(("FLAG", "FLAG", "REFUSE", "REFUSE", "REFUSE", "OFF"))
        return self.rng.choice(MODES + ("FLAG",))

    def numbers_of(self, guard):
        rng, found = self.rng, []
        for name, (values, scopes) in NUMBERS.get(guard, {}).items():
            if rng.random() < (0.9 if guard in self.hot else 0.5):
                found.append(dict(name=name, value=rng.choice(values)))
            if scopes and rng.random() < 0.3:
                scope = self.narrowed()
                if "g" not in scopes:
                    scope = dict(rank=rng.choice(("gold", "rank0", "rank1", "rank2")))
                found.append(dict(name=name, value=rng.choice(values), **scope))
        return found

    def guard_parameters(self):
        rng = self.rng
        share = 0.08 if self.hot else 0.3
        chosen = [guard for guard in GUARDS if guard in self.hot or rng.random() < share]
        found = []
        for guard in chosen:
            if rng.random() < 0.95:
                found.append(dict(name=guard, choice=self.guard_mode(guard)))
            found += self.numbers_of(guard)
        rng.shuffle(found)
        return self.without_contradictions(found)

    def without_contradictions(self, parameters):
        """Nothing twice, and limits that can all hold."""
        found = {}
        for p in parameters:
            found.setdefault((p["name"], p.get("sku"), p.get("category"), p.get("rank")), p)
        for (name, *scope), p in list(found.items()):
            most = found.get(("max_units", *scope))
            if name in ("starter_units", "free_units") and most:
                p["value"] = min(p["value"], most["value"])
        return list(found.values())

    def with_guard_mistake(self, parameters):
        rng = self.rng
        one = dict(rng.choice(parameters or [dict(name="cover", choice="FLAG")]))
        chance = rng.randrange(9)
        if chance == 0:
            one["name"] = rng.choice(("no_such_thing", "Cover", "cover ", "sightings_min"))
        elif chance == 1:
            one["value"] = rng.choice((-1, 2**63 - 1, -2**63, 0, 367, 1_000_001, 36_501))
        elif chance == 2:
            one[rng.choice(("channel", "region", "sku", "category", "rank"))] = "x"
        elif chance == 3:
            one["level"] = rng.choice((1, 16))
        elif chance == 4:
            one["choice"] = rng.choice(("", "NEVER", "REFUSE", "refuse"))
        elif chance == 5:
            one = dict(name="free_units", value=5, sku=rng.choice(("nobody", "s0")))
        elif chance == 6:
            one = rng.choice((dict(name="free_units", value=1_000),
                              dict(name="max_units", value=0),
                              dict(name="starter_units", value=1_000),
                              dict(name="restock_interval_days", value=100)))
        elif chance == 7:
            one = dict(name=rng.choice(list(NUMBERS["fake_order"])),
                       value=rng.choice((0, 1, 1_001, 10_001)))
        parameters.insert(rng.randint(0, len(parameters)), one)
        return parameters

    def guard_set_published(self):
        rng = self.rng
        name = rng.choice(("gs0", "gs0", "gs1"))
        last = max([s.version for s in self.model.state.guard_sets if s.name == name],
                   default=0)
        parameters = self.guard_parameters()
        if rng.random() < 0.12:
            parameters = self.with_guard_mistake(parameters)
        return dict(guard_set=name, version=last + rng.choice((1,) * 15 + (2,)),
                    valid_from=rng.choice((None,) * 5 + (self.now - DAY, self.now + DAY)),
                    parameters=parameters, approver="ann")
