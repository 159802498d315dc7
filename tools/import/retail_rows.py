"""The rows of the Online Retail data, read strictly.

Money is an int in thousandths of a pound everywhere: four rows have three decimals,
and a ledger has no use for floating point.  Times are seconds since 1970; the data
holds shop time in London without a zone, which is kept as it stands and called UTC.
"""

import contextlib
import csv
import functools
import io
import re
import subprocess
from datetime import datetime, timezone
from typing import NamedTuple

COLUMNS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate",
           "UnitPrice", "CustomerID", "Country"]

EXPONENT = 3


class BadRow(Exception):
    """A row that is not what the data's README promises; the text names it."""


class Row(NamedTuple):
    number: int  # of the data row, from 0
    invoice: str
    sku: str
    qty: int
    at: int
    price: int  # of one unit, thousandths of a pound
    customer: str  # "C-17850", or "" for an anonymous one
    country: str

    @property
    def amount(self):
        return self.qty * self.price

    @property
    def is_cancellation(self):
        return self.invoice.startswith("C")


@contextlib.contextmanager
def open_text(path):
    """PATH as text; a name ending in .zst is decompressed by the zstd command."""
    if not path.endswith(".zst"):
        with open(path, newline="", encoding="utf-8") as text:
            yield text
        return
    try:
        process = subprocess.Popen(["zstd", "-dc", "--", path], stdout=subprocess.PIPE)
    except FileNotFoundError:
        raise BadRow(f"{path}: the zstd command is needed (package zstd)") from None
    with process, io.TextIOWrapper(process.stdout, "utf-8", newline="") as text:
        yield text
    if process.returncode:
        raise BadRow(f"{path}: zstd ended with status {process.returncode}")


@functools.lru_cache(maxsize=None)
def minor_units(text):
    """Pounds as written, "2.55", in thousandths: 2550.  Exact or ValueError."""
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d{1,3}))?", text)
    if not match:
        raise ValueError(f"not an amount with at most {EXPONENT} decimals")
    sign, whole, part = match.groups()
    value = int(whole) * 1000 + int((part or "").ljust(EXPONENT, "0"))
    return -value if sign else value


@functools.lru_cache(maxsize=None)
def seconds(text):
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    return int(moment.replace(tzinfo=timezone.utc).timestamp())


@functools.lru_cache(maxsize=None)
def customer_id(text):
    """"17850.0" is how a spreadsheet exported customer 17850."""
    if not text:
        return ""
    match = re.fullmatch(r"(\d+)(?:\.0)?", text)
    if not match:
        raise ValueError("not a customer number")
    return "C-" + match.group(1)


def parse_row(number, fields):
    try:
        invoice, sku, _, qty, at, price, customer, country = fields
        return Row(number, invoice, sku, int(qty), seconds(at), minor_units(price),
                   customer_id(customer), country)
    except ValueError as error:
        raise BadRow(f"data row {number + 1}: {error}: {fields}") from None


def read_rows(path):
    """Every row of PATH in order."""
    with open_text(path) as text:
        reader = csv.reader(text)
        header = next(reader, None)
        if header != COLUMNS:
            raise BadRow(f"{path}: the first line is {header}, expected {COLUMNS}")
        return [parse_row(number, fields) for number, fields in enumerate(reader)]
