"""Goods, guards and findings for end-to-end tests: documents of goods, guard sets, agents
who sell, and a test case that has a daemon with such a book."""

import itertools

from daybook_client import (DAY, T0, Daemon, digest_of, event, read_log, record_pb2,
                            service_pb2, set_time)
from money_client import ACCEPTED, REFUSED, MoneyTest, clock

NAMES = itertools.count(1)
AGENTS = ("ann", "bea", "cid", "dan")
OFFICE = 480  # UTC+8


def fresh(kind):
    return f"{kind}{next(NAMES)}"


def agent(name):
    return dict(agent=name)


def location(name):
    return dict(location=name)


def lines(qty, sku="s1", lot="", price=0):
    return [dict(line=1, sku=sku, lot=lot, qty=qty, unit_price=price)]


def issued(at, to, qty, place="PHYSICAL", **line):
    to = agent(to) if isinstance(to, str) else to
    return event(at, stock_issued=dict(transfer=fresh("i"), to=to, place=place,
                                       lines=lines(qty, **line)))


def passed(at, giver, to, qty, place="PHYSICAL", **line):
    giver, to = (agent(one) if isinstance(one, str) else one for one in (giver, to))
    return event(at, stock_transferred={
        "transfer": fresh("t"), "from": giver, "to": to, "from_place": place,
        "to_place": place, "lines": lines(qty, **line)})


def returned(at, giver, qty, **line):
    return event(at, stock_returned=dict(document=fresh("r"), agent=giver, reason="unsold",
                                         lines=lines(qty, **line)))


def consumed(at, holder, qty, kind="CONSUMED_SAMPLE", **line):
    return event(at, stock_consumed=dict(document=fresh("c"), holder=agent(holder),
                                         kind=kind, lines=lines(qty, **line)))


def counted(at, holder, qty, sku="s1", lot=""):
    return event(at, stock_counted=dict(count=fresh("n"), line=1, holder=agent(holder),
                                        sku=sku, lot=lot, counted=qty))


def retail(at, seller, qty, buyer=None, price=1000, sku="s1", lot="", **more):
    """A consumer has QTY of the seller's own goods, and paid."""
    name = fresh("o")
    body = dict(order=name, seller=seller, buyer=buyer or fresh("consumer"),
                channel="shop", psp="pay", psp_txn=name, paid=qty * price,
                fulfilment="HOLDER_SHIP", lines=lines(qty, sku, lot, price))
    out = event(at, sale_recorded={**body, **more})
    set_time(out.sale_recorded.delivered_at, at)
    return out


def asked(at, who, qty, price=500, sku="s1", request=None):
    return event(at, restock_requested=dict(request=request or fresh("q"), agent=who,
                                            sku=sku, qty=qty, unit_price=price))


def lot(at, name, qty, sku="s1", **more):
    return event(at, lot_registered=dict(lot=name, sku=sku, qty=qty, **more))


def bought_back(at, who, qty, price, ppm=900_000, deductions=0, **more):
    amount = qty * price * ppm // 1_000_000 - deductions
    return event(at, buyback_settled=dict(
        document=fresh("b"), agent=who, sku="s1", qty=qty, unit_price_paid=price,
        price_ppm=ppm, deductions=deductions, **{"amount": amount, **more}))


def scanned(at, **body):
    return event(at, custody_scanned=dict(scan=fresh("x"), **body))


def override(at, guard, subject, approvers=("x", "y"), days=10, name=None):
    out = event(at, override_granted=dict(
        override=name or fresh("v"), guard=guard, subject=subject, reason="asked for",
        approver1=approvers[0], approver2=approvers[1]))
    set_time(out.override_granted.expires_at, at + days * DAY)
    return out


def numbers(**named):
    return [dict(name=name, value=value) for name, value in named.items()]


def modes(**named):
    return [dict(name=name, choice=choice) for name, choice in named.items()]


def guard_set(at, version, *parameters, name="house"):
    return event(at, guard_set_published=dict(guard_set=name, version=version,
                                              approver="desk", parameters=[
                                                  one for some in parameters
                                                  for one in some]))


def newcomer(at, name, sponsor="ann"):
    return [event(at, agent_enrolled=dict(agent=name, sponsor=sponsor)),
            event(at, agent_verified=dict(agent=name, revision=1, payee_hash=b"\x01" * 32))]


def opening(at=T0, offset=OFFICE, agents=AGENTS):
    """Each of AGENTS is sponsored by the one before; s1 and s2 cost 10.00."""
    out = [event(at, book_opened=dict(book="goods", currency="CNY", exponent=2,
                                      utc_offset_minutes=offset))]
    out += [event(at, sku_defined=dict(sku=sku, revision=1, list_price=1000,
                                       factory_price=200)) for sku in ("s1", "s2")]
    for sponsor, name in zip(("", *agents), agents):
        out += newcomer(at, name, sponsor)
    return out


# Every guard there is, and narrow: all of it is found and nothing refused.
EVERY_GUARD = modes(**{name: "FLAG" for name in (
    "standing receivable starter sell_through cover holding frequency goods_state aged "
    "restock_price rank_buy needs_request joining entry_fee territory sightings cloud match "
    "fake_order exposure cycle bindings flooding network multi_count push_down custody "
    "goods_out profiteering friend_price count buyback buyback_exit").split()}) + numbers(
        starter_days=0, free_units=0, max_units=5, max_restocks=1, joining_days=99,
        min_sightings=1, sighting_sources=1, fake_limit=10, network_min_units=1,
        max_multi_count_ppm=0, friend_min_units=1, friend_tolerance_ppm=0)


def flow(at, turn):
    """A day in the life of goods, number TURN: every event is accepted, much is found."""
    ann, bea, cid = (AGENTS[(turn + i) % 3] for i in range(3))
    name, serial = f"n{turn}", f"S{turn % 3}"
    order = dict(order="p" + name, seller=bea, buyer=f"c{turn % 2}", channel="shop",
                 region="north", fulfilment="HOLDER_SHIP", lines=lines(2, price=700 + turn))
    return [
        issued(at, ann, 20, lot="L1", price=400), issued(at, bea, 30, price=500),
        issued(at, cid, 5, "CLOUD"), issued(at, location("depot"), 1),
        passed(at, bea, cid, 4, price=550), passed(at, cid, bea, 2, price=600),
        passed(at, bea, ann, 1, price=650), passed(at, ann, bea, 1, price=650),
        asked(at, ann, 9 + turn), asked(at, ann, 3), returned(at, bea, 1, price=300),
        retail(at, bea, 4, price=700), retail(at, bea, 3, buyer="friend", price=900),
        retail(at, ann, 1, buyer=cid, lot="L1"), counted(at, cid, turn % 4),
        event(at, order_placed=order),
        event(at, order_paid=dict(order=order["order"], psp="pay", psp_txn=name,
                                  amount=1400 + 2 * turn)),
        event(at, goods_shipped=dict(shipment=name, order=order["order"], line=1, qty=1)),
        event(at, receipt_confirmed=dict(order=order["order"])),
        event(at, refund_approved=dict(refund=name, order=order["order"], line=1,
                                       amount=1400 + 2 * turn)),
        event(at, customer_bound=dict(binding=name, customer="k" + name, agent=ann)),
        event(at, observation_recorded=dict(observation=name, code="SHARE", subject=ann)),
        event(at, price_observed=dict(observation="s" + name, sku="s1", price=1,
                                      holder=agent(ann))),
        event(at, fee_charged=dict(fee=name, agent=cid, kind="JOINING", is_condition=True,
                                   amount=5, psp="pay", psp_txn="f" + name)),
        scanned(at, lot="L1", serial=serial, region="south", actor_class="CONSUMER",
                claimed_seller="dan"),
        event(at, buyback_requested=dict(request=name, agent=bea, sku="s1", qty=2)),
        bought_back(at, bea, 1, 500, 800_000, request=name)]


def flow_opening(at):
    return [lot(at, "L1", 1_000_000, serial_from="S0", serial_to="S9",
                intended_region="north"),
            event(at, price_band_set=dict(band="b", revision=1, sku="s1", min_price=500,
                                          max_price=800, mode="FLAG")),
            event(at, territory_assigned=dict(assignment="y", agent="dan", region="north",
                                              exclusive=True)),
            event(at, customer_bound=dict(binding="f", customer="friend", agent="bea"))]


class GoodsTest(MoneyTest):
    """Time is that of DAY number self.today, at noon of the book, unless a test says
    otherwise."""

    def begin(self, *options, at=T0, offset=OFFICE, agents=AGENTS, **named):
        self.daemon = Daemon(*options, **named)
        self.addCleanup(self.daemon.close)
        self.stub = self.daemon.stub()
        self.versions = itertools.count(1)
        self.offset, self.opened_at = offset, at
        self.append("office", *opening(at, offset, agents))

    def at(self, number):
        """Noon of day NUMBER of the book, in its own time."""
        return self.opened_at + number * DAY + DAY // 2 - self.offset * 60_000_000

    def clock(self, number):
        self.append("clock", clock(self.at(number)))

    def guards(self, at, *parameters):
        self.append("office", guard_set(at, next(self.versions), *parameters))

    def one(self, event_of, source="shop", **flags):
        return self.send(source, event_of, **flags).results[0]

    def refusal(self, event_of, rule, field=None, measured=None, limit=None):
        """EVENT_OF is refused by RULE, and leaves no trace but the refusal."""
        result = self.one(event_of)
        told = result.refusal
        self.assertEqual((record_pb2.Rule.Name(told.rule), result.outcome),
                         (rule, REFUSED), result)
        for name, want in (("field", field), ("measured", measured), ("limit", limit)):
            if want is not None:
                self.assertEqual(getattr(told, name), want, result)
        return result

    def accepted(self, event_of):
        result = self.one(event_of)
        self.assertEqual(result.outcome, ACCEPTED, result)
        return result

    def findings(self, **fields):
        """By rule and subject: state, count, measured, limit; newest first, resolved too."""
        return [(record_pb2.Rule.Name(one.rule), one.subject, one.count, one.measured,
                 one.limit) for one in self.finding_rows(**fields)]

    def finding_rows(self, **fields):
        fields.setdefault("all", True)
        out, token = [], ""
        while True:
            page = self.ask("ListFindings", page_token=token, at_least_size=self.size(),
                            **fields)
            out += page.findings
            token = page.next_page_token
            if not token:
                return out

    def stock(self, holder, **fields):
        positions = self.ask("ListStock", holder=holder, at_least_size=self.size(),
                             **fields).positions
        return sum(one.on_hand for one in positions)

    def goods(self, who, sku="s1", window=0):
        rows = self.ask("ListGoods", agent=who, sku=sku, window_days=window,
                        at_least_size=self.size()).goods
        return rows[0] if rows else service_pb2.Goods()

    def refusals(self):
        """What was refused, by position, with its numbers."""
        return [(one.position, record_pb2.Rule.Name(one.refusal.rule), one.refusal.field,
                 one.refusal.measured, one.refusal.limit, one.refusal.would_pass_plus_one)
                for one in read_log(self.stub, include_refused=True)
                if one.outcome == REFUSED]

    def at_once_as(self, name, events):
        """Each of EVENTS at the same moment, by a connection and a source of its own."""
        return self.at_once([(f"{name}{i}", [one]) for i, one in enumerate(events)])

    def everything(self):
        """What must not depend on how the daemon came to be where it is."""
        size = self.size()
        return (digest_of(self.stub), self.refusals(), self.finding_rows(),
                self.ask("ListStock", page_size=1000, at_least_size=size),
                self.ask("ListGoods", page_size=1000, at_least_size=size),
                self.ask("ListRestocks", at_least_size=size),
                self.ask("ListGuardSets", at_least_size=size))

    def same_when_decided_again(self):
        """The log alone gives the same digest, refusals, findings and stock."""
        want = self.everything()
        for dropped in (("views",), ("books",), ("views", "books")):
            self.daemon.close_channels()
            self.assertEqual(self.daemon.stop(), 0, self.daemon.diag())
            self.daemon.drop(*dropped)
            self.restart()
            self.assertEqual(self.everything(), want, dropped)
        for _ in self.stub.RebuildView(service_pb2.RebuildViewRequest()):
            pass
        self.assertEqual(self.everything(), want)
