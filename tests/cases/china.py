"""Cases of Chinese authorities and courts. Amounts are in fen."""

from case import case
from stream import ENGINE_OF_PLATFORM, Stream

YUAN = 100
BEIJING = 8 * 60


def book(name, start, seed):
    stream = Stream(name, "CNY", start, seed=seed, utc_offset_minutes=BEIJING)
    stream.sku()
    stream.plan(ENGINE_OF_PLATFORM)
    return stream


def pay_heads(stream, agent, sponsor_of, amounts):
    """Sponsors of AGENT, nearest first, get AMOUNTS because it joined."""
    payee = sponsor_of.get(agent)
    for distance, amount in enumerate(amounts, 1):
        if not payee:
            return
        stream.report(payee, amount, "RECRUITING", distance, agent=agent)
        payee = sponsor_of.get(payee)


@case("""Yunji, Hangzhou Binjiang 2017: 365 yuan a year to open a shop, over 300,000 shop
      owners; mentor at 160 recruits, 30 direct and 130 indirect; partner at 1,000 recruits.
      Scaled down 1 to 100: 3,000 owners, two partners with exactly 1,000 recruits, 18
      mentors with exactly 30 and 130. What rewards came to is ours.""",
      "cn,science", {"CN-A7-1": "MET", "CN-A7-2": "MET", "CN-A7-3": "MET",
                     "CN-37-30x3": "MET", "CN-37-120": "MET", "CN-37-5": "NOT_MET"},
      dict(entry_payments=(365 * YUAN * 3000, 1), fees=(365 * YUAN * 3000, 1),
           persons=(3000, 1), accounts=(3000, 1), participants=(3000, 1),
           headcount_pay=(18 * 160 * 60 * YUAN, 1), max_paid_distance=(2, 1)))
def yunji_2017(seed):
    stream = book("yunji", "2016-01-01", seed)
    sponsor_of, mentors = {}, []

    def owner(sponsor=""):
        name = f"owner{len(sponsor_of) + 1}"
        sponsor_of[name] = sponsor
        stream.at(len(sponsor_of) * 360 // 3000)
        stream.join(name, sponsor)
        stream.fee(name, 365 * YUAN)
        return name

    def mentor(sponsor=""):
        name = owner(sponsor)
        mentors.append(name)
        direct = [owner(name) for _ in range(30)]
        below = direct + [owner(stream.rng.choice(direct)) for _ in range(130)]
        for agent in below:
            paid = 1 if sponsor_of[agent] == name else 2
            stream.report(name, 60 * YUAN, "RECRUITING", paid, agent=agent)
        return below

    sellers = []
    for _ in range(2):
        partner = owner()
        for _ in range(34):
            owner(partner)
        for _ in range(6):
            sellers += mentor(partner)
    for _ in range(6):
        sellers += mentor()
    while len(sponsor_of) < 3000:
        owner()
    for number, seller in enumerate(sellers[:1000]):
        stream.at(360 + number % 10)
        order = stream.sale(100 * YUAN, seller, f"c{number}")
        stream.report(sponsor_of[seller], 5 * YUAN, "RETAIL", 1, order)
    return stream


@case("""Weilai Jishi 2019: accounts frozen on suspicion, no finding read; 399 yuan pack to
      join; 1.5 million paying users and 1.5 billion yuan of turnover by the company's own
      claim. Scaled down 1 to 1,000.""",
      "cn", {"CN-A7-2": "MET", "CN-A7-1": "NOT_MET"},
      dict(entry_payments=(399 * YUAN * 1500, 1), revenue=(1_500_000 * YUAN, 1),
           persons=(1500, 1)))
def weilai_jishi_2019(seed):
    stream = book("weilai", "2018-06-01", seed)
    for number in range(1500):
        stream.at(number // 8)
        sponsor = f"u{stream.rng.randrange(number)}" if number else ""
        stream.join(f"u{number}", sponsor)
        stream.fee(f"u{number}", 399 * YUAN, "KIT")
    rest = 1_500_000 - 399 * 1500
    for number in range(rest // 500):
        stream.at(190 + number // 20)
        stream.sale(500 * YUAN, f"u{number % 1500}", f"c{number}")
    return stream


LADDER = ((16, 500_000), (882, 28_000), (967, 8_000), (3_739, 3_000), (9_494, 600))


@case("""Pingdingshan 2020, a reseller of cosmetics: 15,098 agents who bought their level,
      16 at 500,000 yuan, 882 at 28,000, 967 at 8,000, 3,739 at 3,000, 9,494 at 600:
      57,345,400 yuan, cost 29,285,395.88, gain 28,060,004.12. Not scaled. Who brought whom
      is ours: each level below the one before; so is what was paid for heads.""",
      "cn", {"CN-A7-2": "MET", "CN-A7-1": "MET", "CN-37-30x3": "MET", "CN-37-120": "MET",
             "CN-37-250W": "MET", "CN-A7-3": "NOT_MET"},
      dict(entry_payments=(5_734_540_000, 1), revenue=(5_734_540_000, 1),
           accounts=(15_098, 1), persons=(15_098, 1), participants=(15_098, 1),
           fees=(0, 1)))
def pingdingshan_2020(seed):
    assert sum(n for n, _ in LADDER) == 15_098
    assert sum(n * yuan for n, yuan in LADDER) * YUAN == 5_734_540_000
    assert 5_734_540_000 - 2_928_539_588 == 2_806_000_412
    stream = book("pingdingshan", "2018-01-01", seed)
    above, number = [""], 0
    for level, (count, yuan) in enumerate(LADDER, 1):
        here = []
        for _ in range(count):
            name = f"a{number}"
            stream.at(number // 42)
            stream.join(name, stream.rng.choice(above))
            stream.restock(name, yuan // 100, 100 * YUAN)
            stream.rank(name, f"level{level}", "PURCHASE_VOLUME", yuan * YUAN)
            here.append(name)
            number += 1
        above = here
    for name in above[:100]:
        stream.report("a0", 10 * YUAN, "RECRUITING", 4, agent=name)
    return stream


@case("""Quanshan, Jiangsu 2020: 37,500 members, 150 million yuan. Not scaled: 4,000 yuan
      each. The tree, and what was paid for heads and on sales, are ours.""",
      "cn", {"CN-A7-1": "MET", "CN-A7-2": "MET", "CN-A7-3": "MET", "CN-37-30x3": "MET",
             "CN-37-120": "MET", "CN-37-250W": "MET", "CN-37-5": "NOT_MET"},
      dict(entry_payments=(150_000_000 * YUAN, 1), persons=(37_500, 1),
           headcount_pay=(37_499 * 400 * YUAN, 1), largest_persons=(37_500, 1)))
def quanshan_2020(seed):
    stream = book("quanshan", "2018-03-01", seed)
    sponsor_of = {}
    for number in range(37_500):
        name = f"m{number}"
        sponsor_of[name] = f"m{stream.rng.randrange(number)}" if number else ""
        stream.at(number // 75)
        stream.join(name, sponsor_of[name])
        fee = stream.fee(name, 4_000 * YUAN)
        if number:
            stream.report(sponsor_of[name], 400 * YUAN, "RECRUITING", 1, fee, name)
    for number in range(1, 501):
        stream.at(505)
        order = stream.sale(50 * YUAN, f"m{number}", f"c{number}")
        stream.report(sponsor_of[f"m{number}"], 2 * YUAN, "RETAIL", 1, order)
    return stream


@case("""Kunshan, Jiangsu 2020: over 2,000 people, over 10 million yuan. Ours: 2,001 at
      5,000 yuan.""",
      "cn", {"CN-A7-2": "MET"},
      dict(entry_payments=(2_001 * 5_000 * YUAN, 1), persons=(2_001, 1)))
def kunshan_2020(seed):
    stream = book("kunshan", "2019-01-01", seed)
    for number in range(2_001):
        stream.at(number // 8)
        stream.join(f"p{number}", f"p{stream.rng.randrange(number)}" if number else "")
        stream.fee(f"p{number}", 5_000 * YUAN, "TRAINING")
    return stream


@case("""Jinhu, Jiangsu 2021, sent to the police: 606 persons, over 6 million yuan. Ours:
      10,000 yuan each, 1,000 of it to who brought them.""",
      "cn", {"CN-A7-1": "MET", "CN-A7-2": "MET", "CN-37-30x3": "MET", "CN-37-120": "MET",
             "CN-37-250W": "MET"},
      dict(entry_payments=(6_060_000 * YUAN, 1), persons=(606, 1),
           headcount_pay=(605 * 1_000 * YUAN, 1)))
def jinhu_2021(seed):
    stream = book("jinhu", "2020-05-01", seed)
    for number in range(606):
        name, sponsor = f"p{number}", f"p{(number - 1) // 5}" if number else ""
        stream.at(number // 4)
        stream.join(name, sponsor)
        stream.fee(name, 10_000 * YUAN)
        if sponsor:
            stream.report(sponsor, 1_000 * YUAN, "RECRUITING", 1, agent=name)
    return stream


# Units of a pack, price in yuan, and, which is ours, how many bought it.
PACKS = ((1_800, 194_400, 2), (120, 15_360, 6), (24, 3_552, 20), (2, 360, 60), (1, 198, 200))


@case("""Jingshan 2021: packs of 1,800 units for 194,400 yuan (108 each), 120 for 15,360
      (128), 24 for 3,552 (148), 2 for 360 (180), 1 for 198. How many bought which is ours,
      and that a tenth of the units reached consumers.""",
      "cn,science", {"CN-A7-2": "MET"},
      dict(entry_payments=(sum(n * yuan for _, yuan, n in PACKS) * YUAN, 1),
           revenue=(sum(n * yuan for _, yuan, n in PACKS) * YUAN + 512 * 200 * YUAN, 1),
           sell_through=(512, 5_120)))
def jingshan_2021(seed):
    stream = book("jingshan", "2020-01-01", seed)
    above, number, large = [""], 0, []
    for level, (units, yuan, count) in enumerate(PACKS, 1):
        here = []
        for _ in range(count):
            name = f"a{number}"
            number += 1
            stream.at(100 + number * 80 // 288)
            stream.join(name, stream.rng.choice(above))
            stream.restock(name, units, yuan * YUAN // units)
            stream.rank(name, f"level{level}", "PURCHASE_VOLUME", yuan * YUAN)
            here.append(name)
        large += here if units == 1_800 else []
        above = here
    for unit in range(512):
        stream.at(181)
        stream.own_goods(large[unit % 2], f"c{unit}", 1, 200 * YUAN)
    return stream


YE_JINGSHENG = """Ye Jingsheng, a guiding case of the procuratorates: over 30,000 members,
      over 18,000 of them dealers who had paid a deposit, over 150 million yuan; pay by
      recruits. Ours: 30,001 members, 18,001 dealers at 8,400 yuan."""


@case(YE_JINGSHENG + " The opinion of 2013 was not in force in 2011.",
      "cn", {"CN-A7-1": "MET", "CN-A7-2": "MET", "CN-37-30x3": "MET",
             "CN-37-120": "NOT_APPLICABLE", "CN-37-250W": "NOT_APPLICABLE",
             "CN-37-30x3-2022": "NOT_APPLICABLE"},
      dict(entry_payments=(18_001 * 8_400 * YUAN, 1), accounts=(30_001, 1),
           participants=(18_001, 1)))
def ye_jingsheng(seed):
    stream = book("ye", "2011-01-01", seed)
    sponsor_of = {}
    for number in range(30_001):
        name = f"m{number}"
        below = min(number, 18_001)
        sponsor_of[name] = f"m{stream.rng.randrange(below)}" if number else ""
        stream.at(number // 60)
        stream.join(name, sponsor_of[name])
        if number < 18_001:
            stream.fee(name, 8_400 * YUAN, "UPGRADE")
            pay_heads(stream, name, sponsor_of, (500 * YUAN,))
    return stream


@case(YE_JINGSHENG + " By the law of a later day.",
      "cn", {"CN-A7-1": "MET", "CN-A7-2": "MET", "CN-37-30x3": "MET", "CN-37-120": "MET",
             "CN-37-250W": "MET"}, options=("--law", "2018-01-01"))
def ye_jingsheng_by_later_law(seed):
    return ye_jingsheng(seed)


@case("""Fuyang, Hangzhou: a company was fined for seven verified members and about twenty
      people: the administrative offence has no number of persons or levels. Ours: a fee of
      1,000 yuan, 100 of it for each who was brought.""",
      "cn", {"CN-A7-1": "MET", "CN-A7-2": "MET", "CN-A7-3": "NOT_MET",
             "CN-37-30x3": "NOT_MET", "CN-37-15": "NOT_MET", "CN-37-120": "NOT_MET",
             "CN-37-250W": "NOT_MET", "CN-37-60": "NOT_MET"},
      dict(entry_payments=(20 * 1_000 * YUAN, 1), persons=(20, 1)))
def fuyang(seed):
    stream = book("fuyang", "2018-01-01", seed)
    for number in range(20):
        name, sponsor = f"p{number}", "p0" if number else ""
        stream.at(number)
        stream.join(name, sponsor)
        stream.fee(name, 1_000 * YUAN)
        if sponsor:
            stream.report(sponsor, 100 * YUAN, "RECRUITING", 1, agent=name)
    return stream
