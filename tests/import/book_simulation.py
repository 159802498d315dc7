"""A tiny book: decides the converter's events by the rules of trade and stock alone,
and asks goods_simulation.py what the gate of a restock and other guards say.

It shares no code with the converter, so that two independent readings of the rules
must agree on what is accepted.  Only what the converter sends is known here; any other
field or event fails loudly.
"""

import collections
import json

from goods_simulation import Goods


class Refusal(Exception):
    """The text is the name of a rule of proto/daybook/v1/record.proto."""


class Order:
    def __init__(self, sale):
        self.left = {0: int(sale.get("shipping", 0))}  # money not refunded, by line
        self.units = {}  # not returned, by line
        self.sku = {}
        self.received = "deliveredAt" in sale
        self.buyer = sale.get("buyer", "")
        self.holder = sale["seller"] if sale["fulfilment"] == "HOLDER_SHIP" else ""
        for line in sale["lines"]:
            number, qty = line["line"], int(line["qty"])
            self.left[number] = qty * int(line.get("unitPrice", 0))
            self.units[number] = qty
            self.sku[number] = line["sku"]


class Book:
    def __init__(self):
        self.open = False
        self.skus = set()
        self.sponsor = {}
        self.stock = collections.Counter()
        self.orders = {}
        self.refunds = {}  # approved and not paid
        self.keys = set()
        self.refused = collections.Counter()
        self.accepted = 0
        self.before_receipt = 0  # refunds, accepted ones
        self.goods = Goods()
        self.lot_of = {}
        self.asked = {}  # what is left of allowed requests: [agent, sku, qty]

    def take(self, line):
        event = json.loads(line)
        self.goods.begin(event.pop("effectiveAt"))
        (kind, body), = event.items()
        try:
            getattr(self, kind)(body)
            self.accepted += 1
        except Refusal as refusal:
            self.refused[str(refusal)] += 1

    def hold(self, *key):
        if key in self.keys:
            raise Refusal("CONFLICT")
        self.keys.add(key)

    def known_agent(self, agent):
        if agent not in self.sponsor:
            raise Refusal("AGENT_UNKNOWN")

    def known_skus(self, lines):
        if any(line["sku"] not in self.skus for line in lines):
            raise Refusal("SKU_UNKNOWN")

    def known_lots(self, lines):
        """A sku with a lot is never without it."""
        assert all(line.get("lot") == self.lot_of.get(line["sku"]) for line in lines)

    def move(self, agent, lines, sign):
        self.known_lots(lines)
        units = collections.Counter()
        for line in lines:
            units[line["sku"]] += int(line["qty"])
        if sign < 0 and any(self.stock[agent, sku] < qty for sku, qty in units.items()):
            raise Refusal("STOCK_INSUFFICIENT")
        for sku, qty in units.items():
            self.stock[agent, sku] += sign * qty

    @staticmethod
    def amount(lines):
        return sum(int(line["qty"]) * int(line.get("unitPrice", 0)) for line in lines)

    def bookOpened(self, body):
        if self.open:
            raise Refusal("BOOK_ALREADY_OPEN")
        assert body == {"book": "online-retail", "currency": "GBP", "exponent": 3}
        self.open = True

    def skuDefined(self, body):
        assert self.open and body["revision"] == 1
        assert int(body.get("listPrice", 1)) > 0
        self.hold("sku", body["sku"])
        self.skus.add(body["sku"])
        self.goods.list_price[body["sku"]] = int(body.get("listPrice", 0))

    def guardSetPublished(self, body):
        assert self.open and body["version"] == 1
        self.hold("guards", body["guardSet"], body["version"])
        self.goods.publish(body)

    def lotRegistered(self, body):
        self.known_skus([body])
        self.hold("lot", body["lot"])
        self.lot_of[body["sku"]] = body["lot"]
        self.goods.lot[body["lot"]] = body

    def priceBandSet(self, body):
        assert body["revision"] == 1 and body["mode"] == "FLAG"
        self.known_skus([body])
        self.hold("band", body["band"])
        self.goods.band[body["sku"]] = body

    def territoryAssigned(self, body):
        self.known_agent(body["agent"])
        assert body["exclusive"] and body["region"] not in self.goods.territory
        self.hold("territory", body["assignment"])
        self.goods.territory[body["region"]] = body["agent"]

    def custodyScanned(self, body):
        self.hold("scan", body["scan"])
        self.goods.scan(body)

    def agentEnrolled(self, body):
        if body["agent"] in self.sponsor:
            raise Refusal("AGENT_EXISTS")
        if body.get("sponsor", "") and body["sponsor"] not in self.sponsor:
            raise Refusal("SPONSOR_UNKNOWN")
        self.sponsor[body["agent"]] = body.get("sponsor", "")
        self.goods.joined[body["agent"]] = self.goods.day

    def agentVerified(self, body):
        self.known_agent(body["agent"])
        assert body["revision"] == 1 and len(body["payeeHash"]) == 44
        self.hold("verification", body["agent"], body["revision"])
        self.goods.verified.add(body["agent"])

    def planPublished(self, body):
        assert self.open and body["version"] == 1
        self.hold("plan", body["plan"], body["version"])

    def sponsorChanged(self, body):
        agent, sponsor = body["agent"], body["newSponsor"]
        self.known_agent(agent)
        if body["approver1"] == body["approver2"]:
            raise Refusal("APPROVERS_NOT_TWO")
        if self.sponsor[agent] != body.get("oldSponsor", ""):
            raise Refusal("SPONSOR_STALE")
        if sponsor not in self.sponsor:
            raise Refusal("SPONSOR_UNKNOWN")
        above = sponsor
        while above:
            if above == agent:
                raise Refusal("SPONSOR_CYCLE")
            above = self.sponsor[above]
        self.hold("change", body["change"])
        self.sponsor[agent] = sponsor

    def restockRequested(self, body):
        self.known_agent(body["agent"])
        self.known_skus([body])
        agent, sku, qty = body["agent"], body["sku"], int(body["qty"])
        rule = self.goods.ask(agent, sku, qty)
        if rule:
            raise Refusal(rule)
        self.hold("request", body["request"])
        self.asked[body["request"]] = [agent, sku, qty]

    def claim(self, body):
        if "order" not in body:
            return
        request = self.asked[body["order"]]
        for line in body["lines"]:
            assert request[:2] == [body["to"]["agent"], line["sku"]]
            request[2] -= int(line["qty"])
        assert request[2] == 0, "asked for, and not delivered whole"

    def stockIssued(self, body):
        agent, paid = body["to"]["agent"], int(body.get("paid", 0))
        self.known_agent(agent)
        self.known_skus(body["lines"])
        if paid != self.amount(body["lines"]):
            raise Refusal("AMOUNT_MISMATCH")
        self.hold("transfer", body["transfer"])
        if paid:
            self.hold("payment", body["psp"], body["pspTxn"])
        self.claim(body)
        self.move(agent, body["lines"], 1)
        self.goods.issue(agent, body["lines"], paid)

    def stockTransferred(self, body):
        giver, receiver = body["from"]["agent"], body["to"]["agent"]
        self.known_agent(receiver)
        self.hold("transfer", body["transfer"])
        self.move(giver, body["lines"], -1)
        self.move(receiver, body["lines"], 1)
        self.goods.transfer(giver, receiver, body["lines"])

    def stockReturned(self, body):
        self.known_agent(body["agent"])
        self.known_skus(body["lines"])
        self.move(body["agent"], body["lines"], -1)
        self.hold("document", body["document"])
        self.goods.give_back(body["agent"], body["lines"])

    def saleRecorded(self, body):
        self.known_agent(body["seller"])
        self.known_skus(body["lines"])
        total = self.amount(body["lines"]) + int(body.get("shipping", 0))
        if int(body["paid"]) != total:
            raise Refusal("AMOUNT_MISMATCH")
        if body["fulfilment"] == "HOLDER_SHIP":
            assert "deliveredAt" in body, "stock moves at the sale in this book"
            self.move(body["seller"], body["lines"], -1)
        self.hold("order", body["order"])
        self.hold("payment", body["psp"], body["pspTxn"])
        self.known_lots(body["lines"])
        self.orders[body["order"]] = Order(body)
        self.goods.place(body)
        if "deliveredAt" in body:
            self.reach(self.orders[body["order"]])

    def reach(self, order):
        for line, units in order.units.items():
            self.goods.reach(order, order.sku[line], units)

    def receiptConfirmed(self, body):
        order = self.orders.get(body["order"])
        if order is None:
            raise Refusal("ORDER_UNKNOWN")
        if order.received:
            raise Refusal("ALREADY_RECEIVED")
        assert any(order.units.values()), "nothing of the order is left to arrive"
        order.received = True
        self.reach(order)

    def refundApproved(self, body):
        order = self.orders.get(body["order"])
        if order is None:
            raise Refusal("ORDER_UNKNOWN")
        line, qty = body.get("line", 0), int(body.get("qty", 0))
        amount = int(body.get("amount", 0))
        if line not in order.left:
            raise Refusal("ORDER_LINE_UNKNOWN")
        if amount > order.left[line]:
            raise Refusal("REFUND_EXCEEDS_LINE")
        if qty > order.units.get(line, 0):
            raise Refusal("RETURN_EXCEEDS_LINE")
        self.before_receipt += not order.received
        self.hold("refund", body["refund"])
        order.left[line] -= amount
        if line:
            order.units[line] -= qty
            self.goods.hand_over(order, order.sku[line], -qty)
        if "restockTo" in body:
            self.stock[body["restockTo"]["agent"], order.sku[line]] += qty
        if amount:
            self.refunds[body["refund"]] = amount

    def refundPaid(self, body):
        if self.refunds.pop(body["refund"], None) is None:
            raise Refusal("REFUND_UNKNOWN")
        self.hold("payment", body["psp"], body["pspRef"])
