"""The rules of the house: guards, lots, price bands and territories.  The data has
none of them; they are put on it, to see what they would have said of real trade.
"""

import collections

from invoices import is_goods
from retail_rows import EXPONENT, seconds

GUARD_SET = "house"
PUBLISHED = seconds("2010-11-30 09:00:00")
VALID_FROM = "2010-12-01T00:00:00Z"

# The gate of a restock.
WINDOW_DAYS = 30
RECEIVABLE_LIMIT = 100  # major units, like all money here
STARTER_DAYS, STARTER_UNITS = 30, 500
MIN_SELL_THROUGH_PPM = 600000
FREE_UNITS = 200
MAX_COVER_DAYS = 45
MAX_VALUE = 20000
MAX_RESTOCKS, RESTOCK_PERIOD_DAYS = 4, 30
AGED_DAYS = 90
RANK_BUY_FACTOR = 3

# What is only told.
JOINING_DAYS, JOINING_VALUE = 30, 500
NETWORK_ALARM_PPM, NETWORK_MIN_UNITS = 200000, 100
MAX_MULTI_COUNT_PPM = 3000000
MAX_PURCHASE_TO_SALES_PPM = 3000000

REFUSING = ("standing", "receivable", "starter", "sell_through", "cover", "holding",
            "frequency", "goods_state", "aged", "restock_price", "rank_buy")

# All others but two.  needs_request: agents of the data asked for no more than the
# large lines that sell_in.py asks for.  match: the data has receipts and no shipments.
TELLING = ("joining", "entry_fee", "territory", "sightings", "cloud", "fake_order",
           "exposure", "cycle", "bindings", "flooding", "network", "multi_count",
           "push_down", "custody", "goods_out", "profiteering", "friend_price", "count",
           "buyback", "buyback_exit")

LOT_SKUS = 5  # those that most lines name
LOT_REGION = "United Kingdom"
LOT_ROUND = 1000

# A price band for every sku with a lot, of its list price.
BAND_CHANNEL = "uk"
BAND_MIN_PERCENT, BAND_MAX_PERCENT = 80, 150

TERRITORIES = 3
HOME = ("United Kingdom", "Unspecified")


def minor(amount):
    return str(amount * 10 ** EXPONENT)


def parameters():
    numbers = (
        ("window_days", WINDOW_DAYS), ("receivable_limit", minor(RECEIVABLE_LIMIT)),
        ("starter_days", STARTER_DAYS), ("starter_units", STARTER_UNITS),
        ("min_sell_through_ppm", MIN_SELL_THROUGH_PPM), ("free_units", FREE_UNITS),
        ("max_cover_days", MAX_COVER_DAYS), ("max_value", minor(MAX_VALUE)),
        ("max_restocks", MAX_RESTOCKS), ("restock_period_days", RESTOCK_PERIOD_DAYS),
        ("aged_days", AGED_DAYS), ("rank_buy_factor_ppm", RANK_BUY_FACTOR * 1000000),
        ("joining_days", JOINING_DAYS), ("joining_value", minor(JOINING_VALUE)),
        ("network_alarm_ppm", NETWORK_ALARM_PPM),
        ("network_min_units", NETWORK_MIN_UNITS),
        ("max_multi_count_ppm", MAX_MULTI_COUNT_PPM),
        ("max_purchase_to_sales_ppm", MAX_PURCHASE_TO_SALES_PPM))
    return ([{"name": name, "choice": "REFUSE"} for name in REFUSING]
            + [{"name": name, "choice": "FLAG"} for name in TELLING]
            + [{"name": name, "value": str(value)} for name, value in numbers])


def publish_guards(stream):
    stream.add(PUBLISHED, "guardSetPublished", {
        "guardSet": GUARD_SET, "version": 1, "validFrom": VALID_FROM,
        "parameters": parameters(), "approver": "brand-desk-2"})


# ------------------------------------------------------------------------------- lots

def serial(sku, number):
    return f"{sku}-{number:06}"


def register_lots(stream, invoices):
    """One lot each of the skus that most lines name, as large as all that the data
    sells of it; returns {sku: lot}."""
    lines, units = collections.Counter(), collections.Counter()
    for invoice in invoices:
        for row in invoice.goods:
            lines[row.sku] += 1
            units[row.sku] += max(row.qty, 0)
    lot_of = {}
    for sku in sorted(lines, key=lambda sku: (-lines[sku], sku))[:LOT_SKUS]:
        lot_of[sku] = "LOT-" + sku
        stream.add(PUBLISHED, "lotRegistered", {
            "lot": lot_of[sku], "sku": sku,
            "qty": str((units[sku] // LOT_ROUND + 1) * LOT_ROUND),
            "serialFrom": serial(sku, 1), "serialTo": serial(sku, 999999),
            "intendedRegion": LOT_REGION})
    return lot_of


# -------------------------------------------------------------- prices, territories

def set_bands(stream, skus, list_price):
    """Returns {sku: (lowest price, highest)}."""
    bands = {}
    for sku in skus:
        low, high = bands[sku] = (list_price[sku] * BAND_MIN_PERCENT // 100,
                                  list_price[sku] * BAND_MAX_PERCENT // 100)
        stream.add(PUBLISHED, "priceBandSet", {
            "band": "BAND-" + sku, "revision": 1, "sku": sku, "channel": BAND_CHANNEL,
            "minPrice": str(low), "maxPrice": str(high), "mode": "FLAG",
            "validFrom": VALID_FROM})
    return bands


def assign_territories(stream, invoices, agent_of):
    """In each of the countries abroad with most retail lines, the reseller who bought
    most there is to sell alone; returns {country: agent}."""
    lines = collections.Counter()
    bought = collections.defaultdict(collections.Counter)  # by country
    for invoice in invoices:
        if invoice.is_cancellation or invoice.country in HOME:
            continue
        if invoice.reseller:
            bought[invoice.country][invoice.customer] += sum(
                row.qty for row in invoice.goods if is_goods(row.sku))
        else:
            lines[invoice.country] += len(invoice.goods)
    countries = sorted((country for country in lines if bought[country]),
                       key=lambda country: (-lines[country], country))
    alone = {}
    for country in countries[:TERRITORIES]:
        units = bought[country]
        best = min(units, key=lambda customer: (-units[customer], customer))
        alone[country] = agent_of[best]
        stream.add(PUBLISHED, "territoryAssigned", {
            "assignment": "ALONE-" + country, "agent": alone[country],
            "region": country, "exclusive": True, "validFrom": VALID_FROM})
    return alone
