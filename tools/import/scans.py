"""What consumers scan: one in so many units of a lot that an agent sold, once.  A few
labels were copied, and a few buyers name another seller than the book does.
"""

import house

SCAN_PERCENT = 25  # of the lines of a lot that agents ship
COPIED_PERCENT = 4  # of scans, that read the label of the one before
OTHER_SELLER_PERCENT = 2


class Scans:
    def __init__(self, draw, agents, stock, lot_of, stream, facts):
        self._draw = draw
        self._agents = agents
        self._stock = stock
        self._lot_of = lot_of
        self._stream = stream
        self._facts = facts
        self._last = {}  # serial, by sku

    def sold(self, invoice, order, rows, holder):
        for line, row in enumerate(rows, 1):
            if row.sku in self._lot_of and (
                    self._draw.percent("scan", order, line) < SCAN_PERCENT):
                self._scan(invoice, f"{order}-{line}", row.sku, holder)

    def _scan(self, invoice, name, sku, holder):
        serial = house.serial(sku, 1 + self._draw.number("serial", name) % 999999)
        if self._draw.percent("copied", name) < COPIED_PERCENT:
            serial = self._last.get(sku, serial)
        self._last[sku] = serial
        seller = holder
        if self._draw.percent("other seller", name) < OTHER_SELLER_PERCENT:
            seller = self._draw.one_of(self._agents, "named seller", name)
        self._stream.add(invoice.at, "custodyScanned", {
            "scan": "S" + name, "lot": self._lot_of[sku], "serial": serial,
            "region": invoice.country, "actorClass": "CONSUMER",
            "claimedSeller": seller})
        self._facts.add(invoice.at, "scan", sku, serial, invoice.country,
                        self._stock.had(seller, sku))
