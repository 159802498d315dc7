"""Cases of the European Union, and what goes by the book anywhere."""

from case import case
from stream import ENGINE_OF_PLATFORM, Stream


@case("""Loterie Nationale (Lucky4All), C-667/15: a pyramid of eight levels, 10 euro to
      join and 43 a month; an indirect link between what is paid in and out is enough. Ours:
      255 players, three months, who was paid what.""",
      "eu,science", {"EU-14": "MET"},
      dict(fees=(255 * (1_000 + 3 * 4_300), 1), largest_levels=(8, 1),
           entry_payments=(255 * (1_000 + 3 * 4_300), 1)))
def lucky4all_2016(seed):
    stream = Stream("lucky", "EUR", "2014-01-01", seed=seed)
    stream.plan(ENGINE_OF_PLATFORM)
    for number in range(255):
        name, sponsor = f"l{number}", f"l{(number - 1) // 2}" if number else ""
        stream.at(number // 10)
        stream.join(name, sponsor)
        fee = stream.fee(name, 1_000)
        if sponsor:
            stream.report(sponsor, 500, "RECRUITING", 1, fee, name)
    for month in range(3):
        stream.at(31 * (month + 1))
        for number in range(255):
            fee = stream.fee(f"l{number}", 4_300, "RENEWAL")
            if number:
                stream.report(f"l{(number - 1) // 2}", 2_000, "RECRUITING", 1, fee)
    return stream


@case("""4finance, C-515/12: 0.01 litas to register, 10 or 20 litas for each who was brought:
      what is paid out is not financed by what is paid in. Ours: 400 who registered, 150 of
      whom brought somebody for 10 and 150 for 20, and loans that were paid for.""",
      "eu,science", {"EU-14": "NOT_MET"},
      dict(fees=(400, 1), entrant_money_share=(400, 150 * 1_000 + 150 * 2_000),
           recruit_share=(450_000, 450_000)))
def finance4_2014(seed):
    stream = Stream("4finance", "LTL", "2010-01-01", seed=seed)
    stream.sku("loan")
    stream.plan(ENGINE_OF_PLATFORM)
    for number in range(400):
        name = f"k{number}"
        sponsor = f"k{number - 100}" if number >= 100 else ""
        stream.at(number // 3)
        stream.join(name, sponsor)
        fee = stream.fee(name, 1)
        if sponsor:
            amount = 1_000 if number < 250 else 2_000
            stream.report(sponsor, amount, "RECRUITING", 1, fee, name)
    for number in range(1_000):
        stream.at(140 + number // 20)
        stream.sale(2_500, buyer=f"borrower{number}", sku="loan")
    return stream


@case("""No case: shops that sell to consumers and bring in others, with a plan of two
      levels on retail alone, no fee and no purchase. Team pay is there all the same: the
      text of article 7 knows no lawful number of levels.""",
      "cn,us,eu,science",
      {"CN-A7-1": "NOT_MET", "CN-A7-2": "NOT_MET", "CN-A7-3": "MET", "CN-37-5": "MET",
       "CN-WX-2": "MET", "US-KOSCOT-1": "NOT_MET", "US-KOSCOT-2": "NOT_MET",
       "EU-14": "NOT_MET", "IN-PYR": "NOT_MET"},
      dict(rewards=(2_000 * 1_000 + 1_950 * 500, 1), headcount_pay=(0, 1),
           untraced_share=(0, 2_000 * 1_000 + 1_950 * 500), max_paid_distance=(1, 1)))
def two_level_retail(seed):
    stream = Stream("shops", "CNY", "2024-01-01", seed=seed, utc_offset_minutes=480)
    stream.sku()
    stream.plan(dict(name="pay_max_depth", value=2),
                dict(name="rate_ppm", value=100_000, level=1),
                dict(name="rate_ppm", value=50_000, level=2))
    for number in range(40):
        stream.join(f"s{number}", "s0" if number else "")
    for number in range(2_000):
        stream.at(1 + number // 10)
        stream.sale(10_000, f"s{number % 40}", f"c{number % 700}")
    return stream


@case("""No case: the same with one level.""",
      "cn,us,eu,science",
      {"CN-A7-1": "NOT_MET", "CN-A7-2": "NOT_MET", "CN-A7-3": "NOT_MET",
       "CN-WX-2": "MET", "US-KOSCOT-1": "NOT_MET", "US-KOSCOT-2": "NOT_MET",
       "EU-14": "NOT_MET"},
      dict(rewards=(2_000 * 1_000, 1), max_paid_distance=(0, 1),
           not_own_retail=(0, 1), team_pay=(0, 1)))
def one_level_retail(seed):
    stream = Stream("shops", "CNY", "2024-01-01", seed=seed, utc_offset_minutes=480)
    stream.sku()
    stream.plan(dict(name="rate_ppm", value=100_000, level=1))
    for number in range(40):
        stream.join(f"s{number}", "s0" if number else "")
    for number in range(2_000):
        stream.at(1 + number // 10)
        stream.sale(10_000, f"s{number % 40}", f"c{number % 700}")
    return stream
