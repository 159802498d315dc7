"""Cases of the United States. Amounts are in cents."""

from case import case
from stream import ENGINE_OF_PLATFORM, Stream

DOLLAR = 100
# Most of these cases made the rule that they are judged by: the law of a later day.
LATER_LAW = ("--law", "2024-12-31")
MONTHS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365, 396, 424)


def book(name, start, seed, platform=True):
    stream = Stream(name, "USD", start, seed=seed)
    stream.sku()
    if platform:
        stream.plan(ENGINE_OF_PLATFORM)
    return stream


@case("""Amway 1979, found to be no pyramid: no fee for recruiting; a bonus only for who
      resold seventy in a hundred of what he bought and to ten customers; what is unsold is
      bought back. The figures are ours: fifty distributors, twenty units a month; ten of
      them, others each month, fail and are paid nothing.""",
      "us,science",
      {"US-KOSCOT-1": "NOT_MET", "US-KOSCOT-2": "NOT_MET", "US-AMW-70": "MET",
       "US-AMW-10": "MET", "US-AMW-BB": "MET", "US-OMNI": "MET"},
      dict(fees=(0, 1), headcount_pay=(0, 1), resale_70_share=(240, 240),
           ten_customers_share=(240, 240), enforcement_share=(60, 60),
           buyback_honoured=(60, 60), untraced_share=(0, 240 * 1_400)),
      options=LATER_LAW)
def amway_1979(seed):
    stream = book("amway", "1978-01-01", seed)
    names = [f"d{n}" for n in range(50)]
    sponsor = {name: names[(n - 1) // 3] if n else "" for n, name in enumerate(names)}
    for name in names:
        stream.join(name, sponsor[name])
    for month in range(6):
        for number, name in enumerate(names):
            fails = number % 5 == month % 5
            stream.at(MONTHS[month] + 1)
            stream.restock(name, 20, 10 * DOLLAR)
            stream.at(MONTHS[month] + 10)
            orders = [stream.own_goods(name, f"c{name}.{buyer}", 2, 14 * DOLLAR)
                      for buyer in range(3 if fails else 10)]
            if not fails:
                for order in orders:
                    stream.report(name, 140, "RETAIL", 0, order)
    for name in ("d48", "d49"):
        stream.at(MONTHS[6])
        stream.restock(name, 30, 10 * DOLLAR)
        stream.at(MONTHS[6] + 1)
        stream.buyback(name, 30, 10 * DOLLAR, 900_000)
    return stream


@case("""BurnLounge, ninth circuit 2014: in 2006 packages were 92.6 % of revenue and music
      4.9 %; 96.8 % of who bought a package became Moguls, 93.84 % of Moguls never recouped;
      about 56,000 consumers. Scaled down about 1 to 43: 1,291 packages, 1,250 Moguls, 77
      of whom recouped. The price of a package is ours, so that the shares are exact, and
      so is the size of the rewards.""",
      "us,science",
      {"US-BURN-PKG": "MET", "US-KOSCOT-1": "MET", "US-KOSCOT-2": "MET"},
      dict(package_share=((1_291 * 13_890, 19_365_000), (1_250 * 13_890, 19_365_000)),
           recouped_share=(77, 1_250), revenue=(19_365_000, 1), accounts=(1_291, 1)),
      options=LATER_LAW)
def burnlounge_2014(seed):
    price, revenue = 13_890, 19_365_000
    assert 1_291 * price * 1_000 == 926 * revenue
    assert round(1_250 / 1_291, 3) == 0.968 and 1_250 - 77 == 1_250 * 0.9384
    stream = book("burnlounge", "2005-11-01", seed)
    names = [f"b{n}" for n in range(1_291)]
    for number, name in enumerate(names):
        stream.at(number * 380 // 1_291)
        stream.join(name, stream.rng.choice(names[:number]) if number else "")
        if number < 1_250:
            fee = stream.fee(name, price, "KIT")
            if number >= 77:
                stream.report(f"b{number % 77}", 2_000, "RECRUITING", 1, fee, name)
        else:
            stream.sale(price, buyer=name)
            stream.rank(name, "retailer", "PURCHASE_VOLUME", price)
    music = 49 * revenue // 1_000
    for number in range(942):
        stream.at(50 + number % 340)
        order = stream.sale(1_000, names[number % 77], f"c{number}")
        stream.report(names[number % 77], 50, "RETAIL", 0, order)
    stream.sale(music - 942_000, buyer="c0")
    stream.at(390)
    stream.sale(revenue - 1_291 * price - music)
    return stream


@case("""Fortune Hi-Tech Marketing 2013, settled: over 98 % lost more than they made, at
      least 88 % did not recoup the enrolment fee. Ours: 1,000 who joined for 249 dollars,
      and paid 200 more for goods; 880 were paid nothing, 100 got 300, 20 got 5,000.""",
      "us,science", {"US-KOSCOT-1": "MET", "US-KOSCOT-2": "MET", "SC-LOSS": "MET"},
      dict(recouped_share=(120, 1_000), loss_share=(980, 1_000),
           never_paid_share=(880, 1_000)))
def fhtm_2013(seed):
    stream = book("fhtm", "2010-01-01", seed)
    paid = {f"f{n}": 5_000 if n < 20 else 300 for n in range(120)}
    for number in range(1_000):
        name = f"f{number}"
        stream.at(number // 10)
        stream.join(name, f"f{number % 120 if number >= 120 else 0}" if number else "")
        stream.fee(name, 249 * DOLLAR)
        stream.restock(name, 2, 100 * DOLLAR)
    stream.at(101)
    for name, amount in paid.items():
        stream.report(name, amount * DOLLAR, "RECRUITING", 1)
    stream.at(500)
    stream.sale(1_000 * DOLLAR, "f0", "customer")
    return stream


@case("""Vemma 2015: 600 dollar pack and 150 dollars a month; 28 % of all who bought were
      customers, 70 % after 149,431 affiliates had been renamed. Scaled down about 1 to 100:
      3,550 buyers, 2,556 of them affiliates, 1,491 of whom are then called customers.""",
      "us,science", {"US-VEM-50": "MET", "US-VEM-HEADS": "AT_RISK", "US-VEM-RECLASS": "MET",
                     "US-VEM-OWN": "AT_RISK", "US-KOSCOT-2": "AT_RISK",
                     "US-KOSCOT-1": "MET", "SC-X": "AT_RISK"},
      dict(customer_head_share=((994, 3_550), (2_485, 3_550)),
           reclassified=(1_491, 3_550)), options=LATER_LAW)
def vemma_2015(seed):
    stream = book("vemma", "2014-08-01", seed)
    names = [f"v{n}" for n in range(2_556)]
    sponsor = {}
    for number, name in enumerate(names):
        stream.at(number // 30)
        sponsor[name] = stream.rng.choice(names[:number]) if number else ""
        stream.join(name, sponsor[name])
        stream.sale(600 * DOLLAR, buyer=name, kind="SELF", qty=4)
        stream.rank(name, "affiliate", "PURCHASE_VOLUME", 600 * DOLLAR)
    for month in (4, 5):
        stream.at(MONTHS[month] + 1)
        for name in names:
            order = stream.sale(150 * DOLLAR, buyer=name, kind="SELF")
            if sponsor[name]:
                stream.report(sponsor[name], 20 * DOLLAR, "SELL_IN", 1, order)
        for number in range(994):
            stream.sale(75 * DOLLAR, names[number % 300], f"c{number}")
    stream.at(MONTHS[6])
    for name in names[-1_491:]:
        stream.leave(name, "now a customer")
    stream.at(MONTHS[6] + 1)
    for name in names[-1_491:]:
        order = stream.sale(150 * DOLLAR, sponsor[name] if names.index(sponsor[name])
                            < 2_556 - 1_491 else names[0], name)
        stream.report(names[0], 20 * DOLLAR, "RETAIL", 1, order)
    return stream


@case("""Torres v. SGE (Ignite), fifth circuit 2016, only the class was certified: over 86 %
      lost money, about 329 dollars to join. Ours: 1,000 who joined, 861 of whom are paid
      nothing; all pay is for the energy that customers bought.""",
      "us,science", {"US-KOSCOT-2": "NOT_MET", "US-KOSCOT-1": "MET", "SC-LOSS": "MET"},
      dict(loss_share=(861, 1_000), fees=(329 * DOLLAR * 1_000, 1)))
def torres_2016(seed):
    stream = book("ignite", "2009-01-01", seed)
    for number in range(1_000):
        stream.at(number // 10)
        stream.join(f"t{number}", f"t{(number - 1) // 4}" if number else "")
        stream.fee(f"t{number}", 329 * DOLLAR)
    for number in range(139):
        for bill in range(4):
            stream.at(130 + 120 * bill)
            order = stream.sale(500 * DOLLAR, f"t{number}", f"c{number}.{bill}")
            stream.report(f"t{number}", 85 * DOLLAR, "RETAIL", 0, order)
    return stream


@case("""Forsage, complaint of 2022: no product; money of later participants went to earlier
      ones; about 88 % lost; 99.93 % of what was paid in went back to participants. Ours:
      1,000 participants who paid 100 each, 120 of whom got it.""",
      "us,eu,science",
      {"US-KOSCOT-1": "MET", "US-KOSCOT-2": "MET", "SC-X": "MET", "SC-LOSS": "MET",
       "EU-14": "MET", "IN-PYR": "MET"},
      dict(external_ratio=(0, 10_000_000), untraced_share=(9_993_000, 9_993_000),
           recruit_share=(9_993_000, 9_993_000), loss_share=(880, 1_000)),
      options=LATER_LAW)
def forsage_2022(seed):
    stream = book("forsage", "2020-02-01", seed)
    for number in range(1_000):
        stream.at(number // 5)
        stream.join(f"w{number}", f"w{number // 2}" if number else "")
        fee = stream.fee(f"w{number}", 100 * DOLLAR, "UPGRADE")
        if number < 119:
            stream.report(f"w{number}", 830 * DOLLAR, "RECRUITING", 1, fee)
        elif number == 119:
            stream.report("w119", 1_160 * DOLLAR, "RECRUITING", 1, fee)
    stream.at(600)
    stream.leave("w999")
    return stream


@case("""In the way of Neora, where the regulator did not prove the second part in 2023: a
      fee for the kit, most revenue from customers who are no participants, the rest from
      participants who buy for their own use and need not. All figures are ours.""",
      "us,science", {"US-KOSCOT-1": "MET", "US-KOSCOT-2": "NOT_MET"},
      dict(external_ratio=((6_000 * 50 * DOLLAR, 408_000 * DOLLAR),
                           (8_000 * 50 * DOLLAR, 408_000 * DOLLAR)),
           untraced_share=((2_000, 14_000), (0, 14_000))))
def neora_like(seed):
    stream = book("neora", "2022-01-01", seed)
    for number in range(400):
        stream.at(number // 10)
        stream.join(f"n{number}", f"n{(number - 1) // 3}" if number else "")
        stream.fee(f"n{number}", 20 * DOLLAR, "KIT")
    for number in range(6_000):
        stream.at(45 + number // 24)
        order = stream.sale(50 * DOLLAR, f"n{number % 400}", f"c{number % 2_000}")
        stream.report(f"n{number % 400}", 2, "RETAIL", 0, order)
    for number in range(2_000):
        stream.at(45 + number // 10)
        order = stream.sale(50 * DOLLAR, buyer=f"n{1 + number % 399}", kind="SELF")
        stream.report(f"n{number % 399 // 3}", 1, "SELL_IN", 1, order)
    return stream
