"""What LMDB reads of its file: the values of every table, by the newest header alone."""

import struct

HEADER = 16


class Gone(Exception):
    """A page that is not there."""


def page(data, size, number):
    if (number + 1) * size > len(data):
        raise Gone(number)
    return data[number * size:(number + 1) * size]


def tree(raw):
    pad, flags, depth, branches, leaves, overflows, entries, root = struct.unpack(
        "<IHHQQQQQ", raw)
    return pad, flags, depth, entries, root


def walk(data, size, root, depth):
    """(key, value, flags) in order."""
    raw = page(data, size, root)
    lower, = struct.unpack_from("<H", raw, 12)
    for i in range((lower - HEADER) // 2):
        at, = struct.unpack_from("<H", raw, HEADER + 2 * i)
        low, high, flags, ksize = struct.unpack_from("<HHHH", raw, at)
        key, value = raw[at + 8:at + 8 + ksize], at + 8 + ksize
        if depth > 1:
            yield from walk(data, size, low | high << 16 | flags << 32, depth - 1)
            continue
        length = low | high << 16
        if flags & 1:
            first, = struct.unpack_from("<Q", raw, value)
            yield key, data[first * size + HEADER:first * size + HEADER + length], 0
        else:
            yield key, raw[value:value + length], flags


def content(data):
    """Every table with its entries, and the free pages."""
    size, = struct.unpack_from("<I", data, HEADER + 24)
    metas = [page(data, size, i)[HEADER:] for i in (0, 1)]
    numbers = [struct.unpack_from("<Q", meta, 32 + 96)[0] for meta in metas]
    meta = metas[numbers[1] > numbers[0]]
    out = {"number": max(numbers)}
    for name, at in (("free", 24), ("main", 72)):
        _, _, depth, _, root = tree(meta[at:at + 48])
        out[name] = [] if depth == 0 else list(walk(data, size, root, depth))
    # A list of free pages may have room behind its end.
    out["free"] = [(key, value[:8 + 8 * struct.unpack_from("<Q", value)[0]])
                   for key, value, _ in out["free"]]
    for key, value, _ in list(out["main"]):
        _, table_flags, depth, entries, root = tree(value)
        rows = [] if depth == 0 else list(walk(data, size, root, depth))
        out[key] = table_flags, entries, rows
    out["main"] = [key for key, _, _ in out["main"]]
    return out
