"""A small book with every kind of posting, whose names are what exports fear most.

Only what the programs of this project print and read: proto3 JSON lines go in by
`daybook append`, payouts by the verbs of `daybook payout`.
"""

import csv
import json
import os
import subprocess
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))

# Two blanks, marks of comments and of virtual postings, what looks like a date or an
# amount, blanks at the ends, a space beyond ASCII, what looks encoded already.
BOSS = " (boss) "
ANN = "ann  ; [2024-01-01]:x"
BOB = "鲍勃\u3000\u00a0=1,000.00 @ 2"
EVE = "%25 \"eve\" {*}"
PSP = "支付;  pay:[1]"
BANK = "bank: no. 1  "
CHANNEL = "! shop, 店 铺 | #1"
PLAN = "plan; x=1  date:2024-02-30"
ORDER = "o:1 ;  date:2024-13-45, x:"
PAYOUT = "P  (1)"
BONUS = "~ monthly"
LOT = "批次 ; L=1"
GUARDS = "rules; of: the house"

DAY = 86400
OPENED = 1704067200  # 2024-01-01T00:00:00Z

# Of the chart of accounts: what nothing posts to yet.
UNUSED_CODES = {5040, 5900}


def at(days, seconds=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(OPENED + days * DAY + seconds))


def event(days, **body):
    return {"effectiveAt": at(days), **body}


def sale(days, order, seller, qty=10, holder=False, delivered=True, price=10000):
    body = {"order": order, "kind": "RETAIL", "seller": seller, "channel": CHANNEL,
            "fulfilment": "HOLDER_SHIP" if holder else "BRAND_SHIP",
            "lines": [{"line": 1, "sku": "s", "qty": str(qty), "unitPrice": str(price)}],
            "paid": str(qty * price), "psp": PSP, "pspTxn": "t " + order}
    if delivered:
        body["deliveredAt"] = at(days)
    return event(days, saleRecorded=body)


def refund(days, name, order, amount):
    return event(days, refundApproved={"refund": name, "order": order, "line": 1,
                                       "amount": str(amount)})


def plan():
    numbers = [("pay_max_depth", 2, 0), ("rate_ppm", 100000, 1), ("rate_ppm", 50000, 2),
               ("platform_fee_ppm", 50000, 0), ("enrol_reward", 700, 1),
               ("tax_bracket_rate_ppm", 100000, 1)]
    parameters = [{"name": name, "value": str(value), **({"level": level} if level else {})}
                  for name, value, level in numbers]
    parameters.append({"name": "acknowledge", "choice": "RECRUITING"})
    return event(0, planPublished={"plan": PLAN, "version": 1, "validFrom": at(0),
                                   "parameters": parameters})


def people():
    for agent, sponsor in ((BOSS, ""), (ANN, BOSS), (BOB, ANN), (EVE, BOB)):
        yield event(0, agentEnrolled={"agent": agent, "sponsor": sponsor})
        yield event(0, agentVerified={"agent": agent, "revision": 1, "payeeHash": "AAEC"})


def trade():
    """The first ten days: sales of all kinds, returns, disputes, holds, fees."""
    yield event(0, stockIssued={
        "transfer": "i", "to": {"agent": ANN}, "paid": "100000", "psp": PSP, "pspTxn": "i",
        "lines": [{"line": 1, "sku": "s", "qty": "100", "unitPrice": "1000"}]})
    yield sale(1, ORDER, BOB)
    yield sale(1, "own goods", ANN, holder=True)
    yield sale(1, "on its way", BOB, delivered=False)
    yield sale(1, "disputed", EVE)
    yield sale(1, "held", EVE)
    yield refund(2, "r1", ORDER, 20000)
    yield refund(2, "r2", "on its way", 30000)
    yield event(2, refundPaid={"refund": "r1", "psp": PSP, "pspRef": "p1"})
    yield event(2, commissionHeld={"hold": "h1", "order": "held", "reason": "looked at",
                                   "approver": "x"})
    yield event(2, chargebackOpened={"chargeback": "c", "order": "disputed",
                                     "amount": "70000", "psp": PSP})
    yield refund(2, "r3", "disputed", 60000)
    yield event(3, chargebackLost={"chargeback": "c"})
    yield event(3, depositReceived={"agent": ANN, "amount": "5000", "ref": "d1"})
    yield event(3, depositReturned={"agent": ANN, "amount": "2000", "ref": "d2"})
    yield event(3, feeCharged={"fee": "f", "agent": EVE, "kind": "KIT", "amount": "9900",
                               "psp": PSP, "pspTxn": "f"})
    yield event(3, pspSettled={"psp": PSP, "batch": "b", "gross": "50000", "fee": "300"})
    yield event(3, stockReturned={
        "document": "back", "agent": ANN, "reason": "unsold",
        "lines": [{"line": 1, "sku": "s", "qty": "3", "unitPrice": "900"}]})
    yield event(4, holdReleased={"hold": "h1", "reason": "fine", "approver": "x"})
    yield event(9, clockAdvanced={})
    yield event(9, bonusAwarded={"bonus": BONUS, "period": "2024-01", "pool": "3000",
                                 "metric": "TRAINING",
                                 "shares": [{"agent": BOSS, "amount": "3000"}]})
    yield event(9, manualAdjustment={"adjustment": "m", "agent": BOSS, "amount": "1234",
                                     "reason": "miscounted", "approver1": "x",
                                     "approver2": "y"})
    yield event(9, commissionHeld={"hold": "h2", "agent": BOSS, "reason": "asked",
                                   "approver": "x"})
    yield event(9, holdReleased={"hold": "h2", "reason": "answered", "approver": "x"})


def guarded():
    """Goods under guards: asked for, sent on, counted, scanned, seen, bought back; and
    what was found, seen and settled."""
    def line(qty, lot=LOT, price=800):
        return {"line": 1, "sku": "s", "lot": lot, "qty": str(qty), "unitPrice": str(price)}

    modes = [{"name": name, "choice": "FLAG"} for name in
             ("sell_through", "custody", "count", "cycle", "flooding", "sightings")]
    yield event(9, guardSetPublished={
        "guardSet": GUARDS, "version": 1, "approver": "x", "parameters": [
            *modes, {"name": "holding", "choice": "REFUSE"},
            {"name": "max_units", "value": "500", "sku": "s"},
            {"name": "max_shares", "value": "1"}]})
    yield event(9, lotRegistered={"lot": LOT, "sku": "s", "qty": "50", "serialFrom": "A",
                                  "serialTo": "C", "intendedRegion": "north"})
    yield event(9, priceBandSet={"band": "=b", "revision": 1, "sku": "s",
                                 "minPrice": "100", "mode": "FLAG"})
    yield event(9, territoryAssigned={"assignment": "t", "agent": BOB, "region": "north",
                                      "exclusive": True})
    yield event(9, territoryRevoked={"assignment": "t", "reason": "over"})
    yield event(9, restockRequested={"request": "+q", "agent": ANN, "sku": "s",
                                     "qty": "30", "unitPrice": "800"})
    yield event(9, stockIssued={
        "transfer": "q1", "to": {"agent": ANN}, "order": "+q", "paid": "24000", "psp": PSP,
        "pspTxn": "q1", "lines": [line(30)]})
    for name, giver, to in (("m1", ANN, EVE), ("m2", EVE, ANN)):
        yield event(9, stockTransferred={"transfer": name, "from": {"agent": giver},
                                         "to": {"agent": to}, "lines": [line(2)]})
    yield event(9, stockCounted={"count": "n", "line": 1, "holder": {"agent": ANN},
                                 "sku": "s", "lot": LOT, "counted": "29"})
    yield event(9, custodyScanned={"scan": "c1", "lot": LOT, "serial": "B",
                                   "region": "south", "actorClass": "CONSUMER"})
    for number in (1, 2):
        yield event(9, observationRecorded={"observation": f"w{number}", "code": "SHARE",
                                            "subject": EVE})
    yield event(9, priceObserved={"observation": "p", "sku": "s", "price": "1",
                                  "holder": {"agent": EVE}})
    yield event(9, buybackRequested={"request": "-b", "agent": ANN, "sku": "s", "lot": LOT,
                                     "qty": "10"})
    yield event(9, buybackSettled={
        "document": "b1", "request": "-b", "agent": ANN, "sku": "s", "lot": LOT,
        "qty": "10", "unitPricePaid": "800", "pricePpm": 900000, "deductions": "1",
        "amount": "7199"})
    yield event(9, overrideGranted={
        "override": "v", "guard": "RESTOCK_HOLDING", "subject": ANN, "approver1": "x",
        "approver2": "y", "expiresAt": at(30), "reason": "a fair"})
    yield event(9, findingAcknowledged={"finding": "1", "action": "a", "reason": "seen"})
    yield event(9, findingResolved={"finding": "1", "action": "b", "reason": "settled",
                                    "approver": "x"})


def afterwards():
    """What was paid out goes back, and is got back in every way there is."""
    yield refund(14, "r4", ORDER, 80000)
    yield refund(14, "r5", "own goods", 50000)
    yield event(14, clawbackRepaid={"agent": ANN, "amount": "500", "ref": "k1"})
    yield event(14, clawbackWrittenOff={"agent": BOB, "amount": "100", "ref": "k2",
                                        "approver1": "x", "approver2": "y",
                                        "reason": "small"})
    yield sale(15, "later", BOB, qty=2)
    yield event(15, clockAdvanced={})
    yield event(23, clockAdvanced={})


class Book:
    """A daemon on a fresh directory, with everything in its book."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="daybook-export-")
        self.data = os.path.join(self.folder, "book")
        with open(self.path("diag"), "wb") as diag:
            self.daemon = subprocess.Popen(
                [os.path.join(BUILD, "daybookd"), "--data", self.data, "--no-clock"],
                stdin=subprocess.DEVNULL, stdout=diag, stderr=diag)
        end = time.monotonic() + 60
        while self.daybook("status", check=False).returncode != 0:
            if self.daemon.poll() is not None or time.monotonic() > end:
                raise AssertionError("the daemon is not ready")
            time.sleep(0.02)

    def path(self, name):
        return os.path.join(self.folder, name)

    def daybook(self, *arguments, check=True, given=None, **more):
        done = subprocess.run(
            [os.path.join(BUILD, "daybook"), "--data", self.data, *arguments],
            input=given, capture_output=True, encoding="utf-8", check=False, **more)
        if check and done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.returncode}: {done.stderr}")
        return done

    def json(self, *arguments):
        return json.loads(self.daybook(*arguments, "--format", "json").stdout)

    def append(self, events, source="shop"):
        lines = [item if isinstance(item, str) else json.dumps(item) for item in events]
        self.daybook("append", "--source", source, "-", given="\n".join(lines) + "\n")

    def fill(self):
        self.append([event(0, bookOpened={"book": "all: of it", "currency": "CNY",
                                          "exponent": 2, "utcOffsetMinutes": 480}),
                     event(0, skuDefined={"sku": "s", "revision": 1}), plan()])
        self.append(people())
        self.append(trade())
        self.append(guarded())
        self.pay_out(10)
        self.append(afterwards())
        self.append([event(24, taxRemitted={"period": "2024-01", "ref": "x",
                                            "amount": "100"})])

    def step(self, source, *arguments):
        self.append(self.daybook("payout", *arguments).stdout.splitlines(), source)

    def pay_out(self, day):
        """One is rejected, one fails, one is settled and comes back, one is settled."""
        self.step("maker", "propose", "--min", "1", "--prefix", PAYOUT, "--at", at(day))
        rows = self.json("payout", "list")["payouts"]
        name_of = {row["agent"]: row["payout"] for row in rows}
        self.step("checker", "reject", name_of[EVE], "--at", at(day, 1))
        self.step("checker", "approve", "--at", at(day, 2))
        self.step("maker", "batch", "--batch", "b", "--out", self.path("bank.csv"),
                  "--at", at(day, 3))
        self.step("maker", "send", "--provider", BANK, "--at", at(day, 4))
        with open(self.path("bank.csv"), newline="", encoding="utf-8") as text:
            net = {row["agent"]: row["net"] for row in csv.DictReader(text)}
        told = [(BOSS, "failed", ""), (ANN, "settled", "0.50"), (BOB, "settled", "")]
        self.statement(day, [(name_of[agent], status, net[agent], fee)
                             for agent, status, fee in told])
        part = f"{float(net[ANN]) / 4:.2f}"
        self.statement(day + 1, [(name_of[ANN], "returned", part, "")])

    def statement(self, day, rows):
        path = self.path("statement.csv")
        with open(path, "w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(("request_no", "provider_ref", "status", "amount", "fee"))
            for number, (request, status, amount, fee) in enumerate(rows):
                writer.writerow((request, f"ref {day} {number}", status, amount, fee))
        self.step("clerk", "reconcile", "--provider", BANK, "--events", "--at", at(day, 5),
                  path)

    def close(self):
        self.daemon.terminate()
        return self.daemon.wait(60)
