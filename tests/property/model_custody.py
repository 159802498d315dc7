"""Scans of lots and serials on their way: "Lots and custody" in src/books/GOODS.md."""

from model_findings import OF_BOOK, OF_LOT
from model_state import must


class Custody:
    """Needs state, a State; mixed into Model."""

    def on_custody_scanned(self, body, at):
        named = body["lot"]
        must(not named or named in self.state.lots, "LOT_UNKNOWN", "lot")
        lot, times = self.scan_serial(body)
        subject = (OF_LOT, lot) if lot else (OF_BOOK, self.state.book["book"])
        if times > 1:
            self.broken("custody", "SERIAL_TWICE", subject, times, 1)
        if lot:
            self.check_lot(body, subject, self.state.lots[lot])
        if body["seal_broken"]:
            self.broken("custody", "SEAL_BROKEN", subject, 1, 0)

    def scan_serial(self, body):
        """The lot of a scan, and how often a consumer scanned its serial, if now, too."""
        if not body["serial"]:
            return body["lot"], 0
        serial = self.state.serials.setdefault(body["serial"], dict(lot="", scans=0))
        serial["lot"] = serial["lot"] or body["lot"]
        by_consumer = body["actor_class"] == "CONSUMER"
        serial["scans"] += by_consumer
        return body["lot"] or serial["lot"], by_consumer and serial["scans"]

    def check_lot(self, body, subject, lot):
        intended = lot["intended_region"]
        if body["region"] and intended and body["region"] != intended:
            self.broken("custody", "DIVERSION", subject, 1, 0)
        if body["claimed_seller"] and not self.had_lot(body["claimed_seller"], subject[1]):
            self.broken("custody", "CUSTODY_CHAIN", subject, 1, 0)
        serial = body["serial"].encode()
        first, last = lot["serial_from"].encode(), lot["serial_to"].encode()
        if serial and first and last and not (
                len(serial) == len(first) == len(last) and first <= serial <= last):
            self.broken("custody", "CUSTODY_CHAIN", subject, 2, 0)

    def had_lot(self, seller, lot):
        """Did agent SELLER ever have a position of a good of LOT?"""
        return any(kind == "agent" and holder == seller and of == lot
                   for _, kind, holder, _, _, of in self.state.positions)
