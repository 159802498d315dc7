"""Every rule that a stream can drive, at, below and above its number.  No case: all
streams are as small as the rule allows."""

from case import case
from stream import DAY, ENGINE_OF_PLATFORM, Stream

CROWD = 40  # people, sales, rewards: above every minimum population
LAST_DAY = 120


def book(currency="CNY", exponent=2, plan=(ENGINE_OF_PLATFORM,)):
    """Forty who joined for nothing, the first above all others."""
    stream = Stream("edge", currency, "2025-01-01", exponent)
    stream.sku()
    if plan:
        stream.plan(*plan)
    for number in range(CROWD):
        stream.join(f"a{number}", "a0" if number else "")
    stream.at(1)
    return stream


def ended(stream):
    """A fact that says nothing, long behind the others."""
    stream.at(LAST_DAY)
    stream.identity("a0", "somebody")
    return stream


def edges(rule, packs, build, *expected, options=()):
    """EXPECTED: (knob, verdict of RULE in the stream that BUILD makes of it)."""
    for knob, verdict in expected:
        name = f"{rule}_{knob}".replace("-", "_").replace("/", "_").replace(" ", "_")
        name = "".join(c for c in name if c.isalnum() or c == "_")

        def make(seed, knob=knob):
            return ended(build(knob))
        make.__name__ = name
        case(f"No case: {rule} with {knob}.", packs, {rule: verdict}, options=options)(make)


def pay(stream, amount, basis, distance=1, count=1, payee="a0", order=""):
    """AMOUNT in COUNT parts."""
    for number in range(count):
        part = amount * (number + 1) // count - amount * number // count
        if part:
            stream.report(payee, part, basis, distance, order)


# ------------------------------------------------------------------- heads, fees, teams

def heads(amount):
    stream = book()
    pay(stream, amount, "RECRUITING")
    return stream


def entry(what):
    stream = book()
    if what == "a fee that is no condition":
        stream.fee("a1", 1, is_condition=False)
    elif what == "a fee of 1":
        stream.fee("a1", 1)
    elif what == "a rank by purchases":
        stream.rank("a1", "gold", "PURCHASE_VOLUME", 1)
    elif what == "a rank by retail":
        stream.rank("a1", "gold", "MATURED_RETAIL", 1)
    elif what.startswith("a deposit"):
        stream.deposit("a1", 1)
        if what.endswith("given back"):
            stream.deposit("a1", 1, is_back=True)
    return stream


ENTRY = (("nothing", "NOT_MET"), ("a fee that is no condition", "NOT_MET"),
         ("a fee of 1", "MET"), ("a rank by purchases", "MET"), ("a rank by retail", "NOT_MET"),
         ("a deposit", "AT_RISK"), ("a deposit given back", "NOT_MET"))


def depth(distance):
    stream = book()
    order = stream.sale(100, "a1", "c")
    stream.report("a0", 1, "RETAIL", distance, order)
    return stream


edges("CN-A7-1", "cn", heads, (0, "NOT_MET"), (1, "MET"))
edges("IN-PYR", "eu", heads, (0, "NOT_MET"), (1, "MET"))
edges("CN-A7-2", "cn", entry, *ENTRY)
edges("US-KOSCOT-1", "us", entry, *ENTRY)
edges("IN-FEE", "eu", entry, *ENTRY)
edges("CN-A7-3", "cn", depth, (0, "NOT_MET"), (1, "MET"), (2, "MET"))
edges("US-ADV-1", "us", depth, (0, "NOT_MET"), (1, "MET"))
edges("CN-WX-2", "cn", depth, (1, "MET"), (2, "MET"), (3, "NOT_MET"))
edges("KR-ML", "eu", depth, (1, "NOT_MET"), (2, "MET"))


def team(traced):
    """Of 10,000 that are paid so much is paid on verified sales below."""
    stream = book()
    for number in range(CROWD):
        order = stream.sale(1_000, "a1", f"c{number}")
        pay(stream, traced * (number + 1) // CROWD - traced * number // CROWD, "RETAIL", 1,
            order=order)
    pay(stream, 10_000 - traced, "OTHER")
    return stream


edges("CN-37-5", "cn", team, (8_000, "MET"), (8_001, "MET"), (7_999, "AT_RISK"),
      (7_601, "AT_RISK"), (7_500, "NOT_MET"))
edges("US-KOSCOT-2", "us", team, (4_999, "MET"), (5_000, "AT_RISK"), (5_001, "AT_RISK"),
      (5_300, "NOT_MET"))
edges("SC-TRACE", "science", team, (4_999, "MET"), (5_000, "AT_RISK"), (5_300, "NOT_MET"))


# ------------------------------------------------------------- licensed direct selling

def licensed(build):
    def make(knob):
        stream = build(knob)
        stream.mark("direct_selling_licence")
        return stream
    return make


def cap(amount):
    stream = book()
    order = stream.sale(10_000, "a1", "c")
    stream.report("a1", amount, "RETAIL", 0, order)
    return stream


def wait(days):
    """January's pay is paid out DAYS behind the month."""
    stream = book(plan=(dict(name="rate_ppm", value=100_000, level=1),
                        dict(name="window_days", value=0),
                        dict(name="approval_above", value=10**9)))
    stream.add("agent_verified", agent="a1", revision=1, payee_hash=b"p" * 32)
    stream.sale(10_000, "a1", "c")
    stream.at(30 + days)
    stream.add("payout_requested", payout="p", agent="a1", gross=1_000, method="BANK",
               payee_hash=b"p" * 32)
    stream.add("payout_sent", payout="p", provider="bank", request_no="1")
    stream.add("payout_settled", payout="p", provider="bank", provider_ref="1")
    return stream


def cooling(days):
    """One is told DAYS and all others 90; or nobody is told anything."""
    stream = Stream("edge", "CNY", "2025-01-01")
    for number in range(CROWD):
        until = stream.clock + ((days or 0) if number == 7 else 90) * DAY + DAY // 2
        stream.join(f"a{number}", **({} if days is None else dict(cooling_off_until=until)))
    return stream


def denied(days):
    """One return is granted early, one that was asked for after DAYS is denied."""
    stream = book()
    orders = [stream.sale(100, "a1", f"c{number}") for number in range(2)]
    stream.at(3)
    stream.add("refund_requested", refund="r1", order=orders[0], line=1, amount=100, qty=1)
    stream.at(1 + days)
    stream.clock += DAY // 2
    stream.add("refund_requested", refund="r2", order=orders[1], line=1, amount=100, qty=1)
    stream.add("refund_rejected", refund="r2", reason="no")
    return stream


def given_back(ppm):
    stream = book()
    stream.restock("a1", 1_000, 1_000)
    stream.buyback("a1", 1_000, 1_000, ppm)
    return stream


def settled_after(days):
    """One is settled at once, one after DAYS or not by the end of the records."""
    stream = book()
    stream.restock("a1", 1_000, 1_000)
    stream.buyback("a1", 10, 1_000, 1_000_000, days=0)
    stream.buyback("a1", 10, 1_000, 1_000_000, days=days or 99)
    if not days:
        stream.events.pop()
    stream.at(40)
    stream.sale(100, "a1", "c")
    return stream


def other_pay(basis):
    stream = book()
    order = stream.sale(100, "a1", "c")
    pay(stream, 10, basis, 0, payee="a1", order=order if basis == "RETAIL" else "")
    return stream


edges("CN-DS-14", "cn", entry, ("a fee of 1", "NOT_APPLICABLE"))
edges("CN-DS-14", "cn", licensed(entry), ("nothing", "NOT_MET"),
      ("a rank by purchases", "MET"))
edges("CN-DS-24a", "cn", licensed(other_pay), ("RETAIL", "NOT_MET"), ("OTHER", "MET"),
      ("RECRUITING", "MET"))
edges("CN-DS-24b", "cn", licensed(cap), (3_000, "NOT_MET"), (3_001, "MET"))
edges("CN-DS-24c", "cn", licensed(wait), (31, "NOT_MET"), (32, "MET"))
edges("CN-DS-17", "cn", licensed(cooling), (60, "NOT_MET"), (59, "MET"),
      (None, "INSUFFICIENT"))
edges("CN-DS-25", "cn", licensed(denied), (30, "MET"), (31, "NOT_MET"))
edges("CN-DS-25-S", "cn", licensed(given_back), (1_000_000, "NOT_MET"), (999_000, "MET"))
edges("CN-DS-25-7", "cn", licensed(settled_after), (7, "NOT_MET"), (8, "MET"),
      (0, "AT_RISK"))
edges("CN-DS-24b", "cn", cap, (3_002, "MET"), options=("--suppose", "direct_selling_licence"))
edges("CN-CP-25", "cn", denied, (7, "MET"), (8, "NOT_MET"))
edges("UK-14", "eu", cooling, (14, "NOT_MET"), (13, "MET"), (0, "MET"), (None, "INSUFFICIENT"))
edges("TW-30", "eu", cooling, (30, "NOT_MET"), (29, "MET"), (None, "INSUFFICIENT"))
edges("US-ST-90/12", "us", given_back, (900_000, "NOT_MET"), (899_000, "MET"))
edges("TW-90", "eu", given_back, (900_000, "NOT_MET"), (899_000, "MET"))


def suspicion(flags):
    stream = book()
    for number in range(flags):
        order = stream.sale(100, "a1", f"c{number}")
        stream.add("order_flagged", order=order, rule="WASH", revision=1)
        stream.add("order_cleared", order=order, rule="WASH", revision=1)
    return stream


def explained(reason):
    stream = book(plan=())
    stream.add("agent_verified", agent="a1", revision=1, payee_hash=b"p" * 32)
    stream.add("manual_adjustment", adjustment="x", agent="a1", amount=100, reason="so",
               approver1="x", approver2="y")
    stream.add("payout_requested", payout="p", agent="a1", gross=100, method="BANK",
               payee_hash=b"p" * 32)
    stream.add("payout_rejected", payout="p", action="1", reason=reason)
    return stream


edges("CN-EC-17", "cn", suspicion, (0, "NOT_MET"), (1, "MET"))
edges("SC-WASH", "science", suspicion, (0, "NOT_MET"), (1, "MET"))
edges("CN-PI-24", "cn", explained, ("a reason", "NOT_MET"), ("", "MET"))
edges("CN-EC-31", "cn", heads, (2, "MET"))


# ---------------------------------------------------------- agents by month, their goods

def resellers(build_one):
    """Forty agents who each buy ten units and are paid for what they sell; KNOB of them
    are as BUILD_ONE makes them."""
    def make(knob):
        stream = book("USD")
        for number in range(CROWD):
            name = f"a{number}"
            stream.restock(name, 10, 1_000)
            fails = number >= CROWD - knob
            units, buyers, paid = build_one(fails)
            order = ""
            for unit in range(units):
                order = stream.own_goods(name, f"{name}c{unit % buyers}", 1, 2_000)
            if paid:
                stream.report(name, 100, "RETAIL", 0, order)
        return stream
    return make


edges("US-AMW-70", "us", resellers(lambda fails: (6 if fails else 7, 7, True)),
      (0, "MET"), (2, "MET"), (3, "AT_RISK"), (4, "NOT_MET"))
edges("US-AMW-10", "us", resellers(lambda fails: (10, 9 if fails else 10, True)),
      (0, "MET"), (2, "MET"), (3, "AT_RISK"), (4, "NOT_MET"))
edges("US-OMNI", "us", resellers(lambda fails: (6, 6, fails)),
      (0, "MET"), (2, "MET"), (3, "AT_RISK"), (4, "NOT_MET"))


def honoured(units):
    stream = book()
    stream.restock("a1", 100, 1_000)
    stream.buyback("a1", units, 1_000, 1_000_000)
    stream.add("buyback_requested", request="more", agent="a1", sku="goods", qty=100 - units)
    return stream


edges("US-AMW-BB", "us", honoured, (95, "MET"), (94, "AT_RISK"), (90, "NOT_MET"))


def outside(amount):
    """a1 brings so much from a stranger and 1,000 of its own."""
    stream = book("USD")
    order = stream.sale(amount, "a1", "c")
    stream.sale(1_000, buyer="a1", kind="SELF")
    stream.report("a1", 10, "RETAIL", 0, order)
    return stream


def own_pay(basis):
    stream = book("USD")
    order = stream.sale(1_000, buyer="a1", kind="SELF")
    stream.report("a1", 10, basis, 0 if basis == "SELL_IN" else 1, order)
    return stream


edges("US-VEM-50", "us", outside, (1_000, "MET"), (999, "MET"), (1_001, "NOT_MET"))
edges("US-VEM-OWN", "us", own_pay, ("SELL_IN", "MET"), ("OTHER", "NOT_MET"))


def renamed(count):
    """Of a hundred buyers COUNT were agents and no longer are."""
    stream = book("USD")
    for number in range(100 - count):
        stream.sale(100, buyer=f"c{number}")
    for number in range(1, count + 1):
        stream.fee(f"a{number}", 100, is_condition=False)
        stream.leave(f"a{number}")
    return stream


edges("US-VEM-RECLASS", "us", renamed, (11, "MET"), (10, "AT_RISK"), (8, "NOT_MET"))


# ----------------------------------------------------------------- where the money is from

def income(retail):
    """Of 10,000 so much is from verified customers, the rest of stock that agents buy."""
    stream = book("USD")
    for number in range(CROWD):
        stream.sale(retail * (number + 1) // CROWD - retail * number // CROWD,
                    buyer=f"c{number}")
    if retail < 10_000:
        stream.restock("a1", 1, 10_000 - retail)
    return stream


def packages(fees):
    stream = book("USD")
    for number in range(CROWD):
        part = fees * (number + 1) // CROWD - fees * number // CROWD
        stream.fee(f"a{number}", part)
    stream.sale(10_000 - fees, buyer="c")
    return stream


edges("US-HLF-80", "us", income, (8_000, "MET"), (7_999, "AT_RISK"), (7_500, "NOT_MET"))
edges("SC-X", "science", income, (4_999, "MET"), (5_000, "AT_RISK"), (5_300, "NOT_MET"))
edges("SC-X-10", "science", income, (999, "MET"), (1_000, "AT_RISK"), (1_100, "NOT_MET"))
edges("US-BURN-PKG", "us", packages, (5_001, "MET"), (5_000, "AT_RISK"), (4_700, "NOT_MET"))


def own_use_pay(amount):
    """Of 9,000 that is paid so much is for own use below, the rest for retail below."""
    stream = book("USD")
    for number in range(CROWD):
        order = stream.sale(1_000, "a1", f"c{number}")
        rest = 9_000 - amount
        pay(stream, rest * (number + 1) // CROWD - rest * number // CROWD, "RETAIL",
            order=order)
    pay(stream, amount, "SELL_IN", order=stream.sale(1_000, buyer="a1", kind="SELF"))
    return stream


edges("US-HLF-13", "us", own_use_pay, (3_000, "MET"), (3_001, "AT_RISK"), (3_200, "NOT_MET"))
edges("US-HLF-23", "us", own_use_pay, (2_999, "MET"), (3_200, "NOT_MET"))


def own_use(amount):
    stream = book("USD")
    stream.sale(amount, buyer="a1", kind="SELF")
    return stream


def receipts(direct):
    stream = book("USD")
    for number in range(CROWD):
        order = stream.sale(1_000, "a1", f"c{number}" if number >= direct else "")
        stream.report("a1", 10, "RETAIL", 0, order)
    return stream


edges("US-HLF-RPC", "us", own_use, (20_000, "NOT_MET"), (20_001, "MET"))
edges("US-HLF-RCPT", "us", receipts, (0, "MET"), (1, "AT_RISK"), (3, "NOT_MET"))


def loaded(count):
    """COUNT of forty still sit on all that they bought."""
    stream = book("USD")
    stream.at(LAST_DAY - 20)
    stream.fee("a1", 1)
    for number in range(CROWD):
        stream.restock(f"a{number}", 10, 1_000)
        if number >= count:
            stream.own_goods(f"a{number}", f"c{number}", 10, 1_500)
    return stream


edges("US-ST-LOAD", "us", loaded, (11, "MET"), (10, "AT_RISK"), (8, "NOT_MET"))
edges("TW-19-3", "eu", loaded, (11, "MET"), (10, "AT_RISK"), (8, "NOT_MET"))
edges("SC-DOI", "science", loaded, (11, "MET"), (10, "AT_RISK"), (8, "NOT_MET"))


# -------------------------------------------------------------------------------- Europe

def introductions(knob):
    """(fees, pay for introductions, other pay)."""
    fees, recruiting, other = knob
    stream = book("EUR")
    if fees:
        stream.fee("a1", fees)
    pay(stream, recruiting, "RECRUITING")
    pay(stream, other, "OTHER")
    return stream


edges("EU-14", "eu", introductions, ((501, 501, 499), "MET"), ((0, 501, 499), "NOT_MET"),
      ((501, 500, 500), "NOT_MET"), ((500, 501, 499), "NOT_MET"))


def first_week(knob):
    """An amount that is paid on a day, the day of joining being 1."""
    amount, day = knob
    stream = book("GBP")
    stream.at(day - 1)
    stream.fee("a1", amount)
    return stream


edges("UK-200/7", "eu", first_week, ((20_000, 7), "NOT_MET"), ((20_001, 7), "MET"),
      ((20_001, 8), "NOT_MET"))


def price(amount):
    stream = book("KRW", 0)
    stream.sale(amount, buyer="c")
    return stream


def allowance(amount):
    stream = book("KRW", 0)
    order = stream.sale(10_000, "a1", "c")
    pay(stream, amount, "RETAIL", 0, order=order, payee="a1")
    return stream


edges("KR-PRICE", "eu", price, (2_000_000, "NOT_MET"), (2_000_001, "MET"))
edges("KR-35", "eu", allowance, (3_501, "MET"), (3_500, "AT_RISK"), (3_300, "NOT_MET"))
edges("TW-18", "eu", introductions, ((0, 501, 499), "MET"), ((0, 500, 500), "AT_RISK"),
      ((0, 470, 530), "NOT_MET"))
