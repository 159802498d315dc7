"""Daybook events as lines of proto3 JSON, in the order in which they are sent.

Field names, and which of them are strings, follow proto/daybook/v1/event.proto and
the JSON mapping of Protocol Buffers: an int64 travels as a string, fields at their
default are left out.
"""

import collections
import functools
import itertools
import json
from datetime import datetime, timezone


@functools.lru_cache(maxsize=None)
def rfc3339(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def order_line(number, sku, qty, price, lot=""):
    """A line of an order; a line of a stock document looks the same here."""
    line = {"line": number, "sku": sku, "qty": str(qty)}
    if lot:
        line["lot"] = lot
    if price:
        line["unitPrice"] = str(price)
    return line


class EventStream:
    """Collects events; they leave in the order of the time at which they are sent,
    and of their arrival here where that is the same."""

    def __init__(self):
        self._lines = []
        self.sent = collections.Counter()  # by type
        self.refusals = collections.Counter()  # by rule, as expected
        self.sums = collections.Counter()  # money by (type, field), accepted ones only

    def __len__(self):
        return len(self._lines)

    def add(self, at, kind, body, *, send_at=None, refused=None):
        """The fact KIND of time AT.  SEND_AT: told later than it happened.  REFUSED:
        the rule by which the daemon is expected to turn it down."""
        text = json.dumps({kind: body}, separators=(",", ":"))
        line = f'{{"effectiveAt":"{rfc3339(at)}",{text[1:]}\n'
        self._lines.append((at if send_at is None else send_at, len(self._lines), line))
        self.sent[kind] += 1
        if refused:
            self.refusals[refused] += 1
            return
        for field in ("paid", "amount"):
            self.sums[kind, field] += int(body.get(field, 0))

    def lines(self):
        return [line for _, _, line in sorted(self._lines)]

    def months(self):
        """("2010-11", lines), ... by the time at which they are sent."""
        for month, group in itertools.groupby(
                sorted(self._lines), key=lambda entry: rfc3339(entry[0])[:7]):
            yield month, [line for _, _, line in group]
