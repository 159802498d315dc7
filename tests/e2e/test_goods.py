"""Goods: a restock that is asked for, refused and allowed, and tried without being sent; who
sits on what; a lot from the brand to the buyer; orders whose three flows do not meet. All of
it again after a restart, after kill -9 and over a view that was built anew."""

import unittest

from daybook_client import (DAY, T0, digest_of, event, failure_of, grpc, record_pb2,
                            service_pb2, set_time)
from money_client import ACCEPTED, REFUSED, MoneyTest, clock

PLACE = {"PHYSICAL": 1, "CLOUD": 2}


def issued(name, at, to, qty, lot="", order=""):
    return event(at, stock_issued=dict(
        transfer=name, to=to, order=order,
        lines=[dict(line=1, sku="s1", lot=lot, qty=qty, unit_price=600)]))


def passed(name, at, giver, receiver, qty, lot=""):
    return event(at, stock_transferred=dict(
        transfer=name, to=dict(agent=receiver), lines=[dict(line=1, sku="s1", lot=lot,
                                                            qty=qty)],
        **{"from": dict(agent=giver)}))


def sold_out_of_stock(order, at, qty, seller="bea", lot=""):
    """The seller's own goods, paid and received by a consumer: they count as sold."""
    out = event(at, sale_recorded=dict(
        order=order, seller=seller, buyer=f"of-{order}", fulfilment=2, paid=qty * 1000,
        psp="pay", psp_txn=order, lines=[dict(line=1, sku="s1", lot=lot, qty=qty,
                                              unit_price=1000)]))
    set_time(out.sale_recorded.delivered_at, at)
    return out


def asked(name, at, qty, agent="bea"):
    return event(at, restock_requested=dict(request=name, agent=agent, sku="s1", qty=qty,
                                            unit_price=600, place=PLACE["PHYSICAL"]))


def guards(at, version=1, **more):
    """MORE are parameters by name, texts choices."""
    return event(at, guard_set_published=dict(
        guard_set="house", version=version, approver="desk",
        parameters=[dict(name=name, **{"choice" if isinstance(value, str) else "value": value})
                    for name, value in more.items()]))


class Goods(MoneyTest):
    def stocked(self, **named):
        """bea has 40 of s1 from ann, who has 20 more; bea sold 10. Two gates are closed."""
        self.start(**named)
        self.append("office", guards(T0, sell_through="REFUSE", cover="FLAG",
                                     max_cover_days=10, match="FLAG"))
        self.append("shop", issued("t1", T0 + DAY, dict(agent="ann"), 60),
                    passed("t2", T0 + DAY, "ann", "bea", 40),
                    sold_out_of_stock("o1", T0 + 2 * DAY, 10))

    def answers(self):
        """What is compared before and after a restart: replies without their sizes."""
        out = [digest_of(self.stub)]
        for method, fields in (("ListGoods", {}), ("ListGoods", {"largest_first": True}),
                               ("ListGoods", {"by_agent": True, "window_days": 366}),
                               ("ListRestocks", {}), ("ListBuybacks", {}),
                               ("ListMismatches", {}), ("GetLot", {"lot": "L1"}),
                               ("ListStock", {"lot": "L1"})):
            try:
                reply = self.ask(method, at_least_size=self.size(), **fields)
                out.append(reply.SerializeToString(deterministic=True))
            except grpc.RpcError as error:
                out.append((error.code(), fields))
        return out

    def stays(self):
        before = self.answers()
        for kill in (False, True):
            self.restart(kill)
            self.assertEqual(self.answers(), before)
        self.daemon.close_channels()
        self.daemon.stop()
        self.daemon.drop("views")
        self.daemon.start()
        self.stub = self.daemon.stub()
        self.assertEqual(self.answers(), before)

    def goods(self, agent="bea", **fields):
        rows = self.ask("ListGoods", agent=agent, at_least_size=self.size(), **fields).goods
        self.assertEqual(len(rows), 1)
        return rows[0]

    def failed(self, code, reason, method, **fields):
        failure = failure_of(self.ask, method, **fields)
        self.assertEqual((failure.code, failure.reason), (code, reason))
        return failure.fields

    # --------------------------------------------------------------------- restocks

    def test_a_restock_is_refused_then_allowed_then_arrives(self):
        self.stocked()
        # 10 of 40 are sold: 25 %, and 60 % are asked for.
        result = self.send("app", asked("r1", T0 + 3 * DAY, 5)).results[0]
        self.assertEqual((result.outcome, result.refusal.rule),
                         (REFUSED, record_pb2.RESTOCK_SELL_THROUGH))
        self.assertEqual((result.refusal.measured, result.refusal.limit), (250_000, 600_000))
        self.assertEqual([(c.guard, c.passed) for c in result.checks],
                         [("sell_through", False), ("cover", False)])
        # Nothing at all would pass.
        self.assertEqual(result.would_pass_plus_one, 1)
        self.assertFalse(self.ask("ListRestocks").restocks)
        self.append("shop", sold_out_of_stock("o2", T0 + 4 * DAY, 20))
        result = self.send("app", asked("r2", T0 + 5 * DAY, 5)).results[0]
        self.assertEqual(result.outcome, ACCEPTED, result)
        # 30 sold in 30 days: the 10 in stock and 5 more last 15 days, which is flagged.
        self.assertEqual([(c.guard, c.passed, c.measured) for c in result.checks],
                         [("sell_through", True, 750_000), ("cover", False, 15)])
        self.assertEqual(len(result.findings), 1)
        row = self.ask("ListRestocks", agent="bea").restocks[0]
        self.assertEqual((row.request, row.qty, row.claimed, row.arrived), ("r2", 5, 0, 0))
        self.assertEqual(self.goods().incoming, 5)
        self.append("shop", issued("t3", T0 + 6 * DAY, dict(agent="bea"), 5, order="r2"))
        row = self.ask("ListRestocks").restocks[0]
        self.assertEqual((row.claimed, row.arrived), (5, 5))
        self.assertEqual((self.goods().incoming, self.goods().stock), (0, 15))
        self.stays()

    def test_a_dry_run_says_the_same_and_leaves_nothing(self):
        self.stocked()
        one = asked("r1", T0 + 3 * DAY, 5)
        before, size = digest_of(self.stub), self.size()
        tried = self.send("app", one, dry_run=True).results[0]
        self.assertEqual((digest_of(self.stub), self.size()), (before, size))
        real = self.send("app", one).results[0]
        self.assertEqual((tried.outcome, tried.refusal.rule, tried.would_pass_plus_one),
                         (real.outcome, real.refusal.rule, real.would_pass_plus_one))
        self.assertEqual(list(tried.checks), list(real.checks))
        self.assertGreater(self.size(), size)

    # ------------------------------------------------------------------------ goods

    def test_who_sits_on_what(self):
        self.stocked()
        row = self.goods()
        self.assertEqual((row.stock, row.received, row.sold, row.open), (30, 40, 10, 0))
        self.assertEqual((row.sell_through_ppm, row.cover_days, row.tier), (250_000, 90, 2))
        self.assertEqual((row.value, list(row.aged)), (30_000, [30, 0, 0, 0, 0]))
        row = self.goods("ann")
        self.assertEqual((row.stock, row.passed, row.cover_days, row.tier), (20, 40, -1, 1))
        largest = self.ask("ListGoods", largest_first=True, page_size=1)
        self.assertEqual([g.agent for g in largest.goods], ["bea"])
        self.assertEqual(largest.window_days, 30)
        # A hundred days later nothing moved in the window, and what is left is old.
        self.append("shop", clock(T0 + 101 * DAY))
        row = self.goods()
        self.assertEqual((row.open, row.received, row.sold, row.cover_days), (30, 0, 0, -1))
        self.assertEqual(list(row.aged), [0, 0, 0, 30, 0])
        self.assertEqual(self.goods(window_days=366).sold, 10)
        self.stays()

    def test_pages_of_goods_are_all_of_them(self):
        self.start()
        people = [f"p{i}" for i in range(40)]
        self.append("office", *(event(T0, agent_enrolled=dict(agent=p)) for p in people))
        self.append("shop", *(issued(f"t{i}", T0 + DAY, dict(agent=p), i + 1)
                              for i, p in enumerate(people)))
        rows, token = [], ""
        while True:
            reply = self.ask("ListGoods", page_size=7, page_token=token)
            rows += [(g.agent, g.stock) for g in reply.goods]
            token = reply.next_page_token
            if not token:
                break
        self.assertEqual(rows, [(p, i + 1) for i, p in enumerate(people)])
        for by_agent in (False, True):
            reply = self.ask("ListGoods", largest_first=True, page_size=3, by_agent=by_agent)
            self.assertEqual([(g.agent, g.stock) for g in reply.goods],
                             [("p39", 40), ("p38", 39), ("p37", 38)])
            self.assertFalse(reply.next_page_token)

    # ------------------------------------------------------------------------- a lot

    def test_a_lot_from_the_brand_to_the_buyer(self):
        self.start()
        self.append("office", event(T0, lot_registered=dict(
            lot="L1", sku="s1", qty=100, intended_region="north", serial_from="a",
            serial_to="b")))
        self.append("shop", issued("t1", T0 + DAY, dict(location="w1"), 50, lot="L1"),
                    event(T0 + 2 * DAY, stock_issued=dict(
                        transfer="t2", to=dict(agent="ann"),
                        lines=[dict(line=1, sku="s1", lot="L1", qty=30)],
                        **{"from": dict(location="w1")})),
                    passed("t3", T0 + 3 * DAY, "ann", "bea", 12, lot="L1"),
                    sold_out_of_stock("o1", T0 + 4 * DAY, 5, lot="L1"))
        lot = self.ask("GetLot", lot="L1", at_least_size=self.size())
        self.assertEqual((lot.sku, lot.qty, lot.issued, lot.consumed), ("s1", 100, 50, 5))
        self.assertEqual((lot.intended_region, lot.serial_from), ("north", "a"))
        self.assertEqual({(h.holder, h.holder_kind): h.on_hand for h in lot.holders},
                         {("w1", "location"): 20, ("ann", "agent"): 18, ("bea", "agent"): 7})
        self.assertFalse(lot.holders_truncated)
        chain = [(x.holder, x.qty, x.balance, x.reason, x.order, x.buyer) for x in lot.lines]
        self.assertEqual([line[:3] for line in chain],
                         [("w1", 50, 50), ("w1", -30, 20), ("ann", 30, 30), ("ann", -12, 18),
                          ("bea", 12, 12), ("bea", -5, 7)])
        self.assertEqual(chain[-1][3:], ("sold", "o1", "of-o1"))
        paged, token = [], ""
        while True:
            page = self.ask("GetLot", lot="L1", page_size=2, page_token=token)
            paged += list(page.lines)
            token = page.next_page_token
            # What comes between two pages does not show.
            self.append("shop", sold_out_of_stock(f"later-{len(paged)}", T0 + 5 * DAY, 1,
                                                  lot="L1"))
            if not token:
                break
        self.assertEqual(paged, list(lot.lines))
        stock = self.ask("ListStock", lot="L1", largest_first=True, by_holder=True,
                         at_least_size=self.size())
        self.assertEqual([(p.holder, p.lot, p.on_hand) for p in stock.positions],
                         [("w1", "L1", 20), ("ann", "L1", 18), ("bea", "L1", 4)])
        self.stays()

    # ---------------------------------------------------------------- the three flows

    def test_orders_whose_flows_do_not_meet(self):
        self.start()
        lines = [dict(line=1, sku="s1", qty=2, unit_price=500)]
        names = ("paid", "shipped", "arrived", "fine")
        self.append("shop", issued("t1", T0, dict(location="w1"), 50),
                    *(event(T0 + DAY, order_placed=dict(order=name, seller="bea", buyer="c",
                                                        lines=lines)) for name in names))
        for name in ("paid", "fine"):
            self.append("shop", event(T0 + 2 * DAY, order_paid=dict(
                order=name, psp="pay", psp_txn=name, amount=1000)))
        for name in ("shipped", "arrived", "fine"):
            self.append("shop", event(T0 + 2 * DAY, goods_shipped=dict(
                order=name, shipment=f"of-{name}", line=1, qty=2,
                holder=dict(location="w1"))))
        for name in ("arrived", "fine"):
            self.append("shop", event(T0 + 3 * DAY, receipt_confirmed=dict(order=name)))
        kinds = {row.order: [service_pb2.Mismatch.Name(k)[len("MISMATCH_"):]
                             for k in row.kinds]
                 for row in self.ask("ListMismatches").orders}
        self.assertEqual(kinds, {"paid": ["PAID_NOT_SHIPPED"],
                                 "shipped": ["SHIPPED_NOT_PAID", "SHIPPED_NOT_RECEIVED"],
                                 "arrived": ["SHIPPED_NOT_PAID", "RECEIVED_NOT_PAID"]})
        row = self.ask("ListMismatches", kind=service_pb2.MISMATCH_PAID_NOT_SHIPPED).orders[0]
        self.assertEqual((row.order, row.seller, row.buyer, row.total, row.paid, row.units,
                          row.age_days), ("paid", "bea", "c", 1000, 1000, 2, 2))
        self.assertEqual(len(self.ask("ListMismatches", older_than_days=2).orders), 3)
        self.assertFalse(self.ask("ListMismatches", older_than_days=3).orders)
        self.stays()

    # --------------------------------------------------------------- what is not known

    def test_what_the_book_does_not_know_is_said(self):
        self.stocked()
        for method, field, reason in (("ListGoods", "agent", "AGENT_UNKNOWN"),
                                      ("ListGoods", "sku", "SKU_UNKNOWN"),
                                      ("GetLot", "lot", "LOT_UNKNOWN"),
                                      ("ListStock", "lot", "LOT_UNKNOWN"),
                                      ("ListRestocks", "agent", "AGENT_UNKNOWN"),
                                      ("ListBuybacks", "agent", "AGENT_UNKNOWN"),
                                      ("ListMismatches", "seller", "AGENT_UNKNOWN")):
            fields = self.failed(grpc.StatusCode.NOT_FOUND, reason, method, **{field: "zed"})
            self.assertEqual(fields[field], "zed")
        fields = self.failed(grpc.StatusCode.INVALID_ARGUMENT, "DAYS", "ListGoods",
                             window_days=367)
        self.assertEqual(fields["window_days"], "367")
        for method in ("ListGoods", "ListRestocks", "ListBuybacks", "ListMismatches"):
            self.failed(grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN", method,
                        page_token="zz")


if __name__ == "__main__":
    unittest.main()
