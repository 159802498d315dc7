"""The tree of RFC 6962, notes, proofs and exports, written from the specifications alone:
RFC 6962 section 2.1, C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof."""

import base64
import hashlib
import os
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256


class Forged(Exception):
    """It does not prove what it says."""


def must(condition, words):
    if not condition:
        raise Forged(words)


def decode(text):
    """Base64 in its one form: Python's own takes other bits behind the end."""
    out = base64.b64decode(text, validate=True)
    must(base64.b64encode(out).decode() == text, "base64 in another form")
    return out


# ------------------------------------------------------------------------------ tree

def leaf_hash(record):
    return hashlib.sha256(b"\0" + record).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    """The largest power of two below N."""
    return 1 << (n - 1).bit_length() - 1


class Tree:
    """All leaves, and every subtree asked for so far."""

    def __init__(self, leaves=()):
        self.leaves = list(leaves)
        self.kept = {}

    def range(self, begin, end):
        """MTH(D[begin:end])."""
        if begin == end:
            return hashlib.sha256(b"").digest()
        if end - begin == 1:
            return self.leaves[begin]
        key = begin, end
        if key not in self.kept:
            middle = begin + split(end - begin)
            self.kept[key] = node_hash(self.range(begin, middle), self.range(middle, end))
        return self.kept[key]

    def root(self, size=None):
        return self.range(0, len(self.leaves) if size is None else size)

    def inclusion(self, position, size):
        """PATH(m, D[n]) of section 2.1.1."""
        def path(m, begin, end):
            if end - begin == 1:
                return []
            k = split(end - begin)
            if m < k:
                return [*path(m, begin, begin + k), self.range(begin + k, end)]
            return [*path(m - k, begin + k, end), self.range(begin, begin + k)]
        return path(position, 0, size)

    def consistency(self, old, size):
        """PROOF(m, D[n]) of section 2.1.2."""
        def subproof(m, begin, end, whole):
            if m == end - begin:
                return [] if whole else [self.range(begin, end)]
            k = split(end - begin)
            if m <= k:
                return [*subproof(m, begin, begin + k, whole), self.range(begin + k, end)]
            return [*subproof(m - k, begin + k, end, False), self.range(begin, begin + k)]
        return subproof(old, 0, size, True) if 0 < old < size else []


def check_inclusion(leaf, position, size, root, hashes):
    """RFC 9162 section 2.1.3.2."""
    must(position < size, "position behind the tree")
    at, last, result = position, size - 1, leaf
    for one in hashes:
        must(last, "too many hashes")
        if at & 1 or at == last:
            result = node_hash(one, result)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            result = node_hash(result, one)
        at, last = at >> 1, last >> 1
    must(last == 0 and result == root, "not in the tree")


def check_consistency(old, old_root, size, root, hashes):
    """RFC 9162 section 2.1.4.2."""
    if old == size or old == 0:
        must(not hashes and (old == 0 or old_root == root), "not the same tree")
        return
    path = list(hashes)
    if old & old - 1 == 0:
        path.insert(0, old_root)
    must(path, "no proof")
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        must(last, "too many hashes")
        if at & 1 or at == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, one)
        at, last = at >> 1, last >> 1
    must(last == 0 and first == old_root and second == root, "not a beginning")


# ------------------------------------------------------------------------------ notes

class Key:
    """A vkey of signed-note: NAME+HEX+BASE64."""

    def __init__(self, vkey):
        self.name, number, key = vkey.strip().split("+", 2)
        self.id, key = bytes.fromhex(number), decode(key)
        must(key[0] == 1 and len(key) == 33, "no Ed25519 key")
        must(hashlib.sha256(self.name.encode() + b"\n" + key).digest()[:4] == self.id,
             "key id")
        self.public = Ed25519PublicKey.from_public_bytes(key[1:])


class Checkpoint:
    """A note, whose signature by KEY is checked."""

    def __init__(self, note, key):
        text, separator, signatures = note.rpartition(b"\n\n")
        must(separator and note.endswith(b"\n"), "no note")
        text += b"\n"
        lines = text.decode().split("\n")
        must(len(lines) == 4 and lines[3] == "", "not exactly three lines")
        self.origin, self.size = lines[0], int(lines[1])
        must(lines[1] == str(self.size), "a size in another form")
        self.root = decode(lines[2])
        must(self.origin == key.name and len(self.root) == 32, "origin or root")
        verified = 0
        for line in signatures.decode().splitlines():
            dash, name, value = line.split(" ")
            must(dash == "\N{EM DASH}", "no signature line")
            value = decode(value)
            if name == key.name and value[:4] == key.id:
                try:
                    key.public.verify(value[4:], text)
                except InvalidSignature:
                    raise Forged("signature") from None
                verified += 1
        must(verified == 1, "not signed")
        self.note = note


class Receipt:
    """One tlog-proof; RECORD is its extra data."""

    def __init__(self, text, key):
        head, _, note = text.partition(b"\n\n")
        lines = head.decode().split("\n")
        must(lines[0] == "c2sp.org/tlog-proof@v1", "first line")
        must(lines[1].startswith("extra ") and lines[2].startswith("index "), "lines")
        self.record = decode(lines[1][6:])
        self.index = int(lines[2][6:])
        self.hashes = [decode(line) for line in lines[3:]]
        self.checkpoint = Checkpoint(note, key)
        check_inclusion(leaf_hash(self.record), self.index, self.checkpoint.size,
                        self.checkpoint.root, self.hashes)


def receipts_in(text, key):
    """Several, one after the other."""
    parts = text.split(b"c2sp.org/tlog-proof@v1\n")
    must(parts[0] == b"", "something before the first receipt")
    return [Receipt(b"c2sp.org/tlog-proof@v1\n" + part, key) for part in parts[1:]]


# ------------------------------------------------------------------------------ exports

def tile_path(level, index, width=WIDTH):
    digits = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        digits = f"x{index % 1000:03}/{digits}"
    return f"tile/{level}/{digits}" + (f".p/{width}" if width < WIDTH else "")


def tiles_of(size):
    """Paths of the tiles and bundles of a tree, with level, index and width."""
    out, level, hashes = {}, 0, size
    while hashes:
        for index in range((hashes + WIDTH - 1) // WIDTH):
            width = min(WIDTH, hashes - index * WIDTH)
            out[tile_path(level, index, width)] = level, index, width
            if level == 0:
                out[tile_path("entries", index, width)] = "entries", index, width
        level, hashes = level + 1, hashes // WIDTH
    return out


def files_below(folder):
    return {os.path.relpath(os.path.join(place, name), folder)
            for place, _, names in os.walk(folder) for name in names}


def read(folder, *names):
    with open(os.path.join(folder, *names), "rb") as file:
        return file.read()


def bundle_entries(bundle):
    at, out = 0, []
    while at < len(bundle):
        size, = struct.unpack_from(">H", bundle, at)
        must(at + 2 + size <= len(bundle), "a bundle is cut")
        out.append(bundle[at + 2:at + 2 + size])
        at += 2 + size
    return out


class Export:
    """A folder, all of which is checked: files, hashes, root, signature."""

    def __init__(self, folder, others=()):
        self.key = Key(read(folder, "daybook/key").decode())
        self.checkpoint = Checkpoint(read(folder, "checkpoint"), self.key)
        tiles = tiles_of(self.checkpoint.size)
        found = files_below(folder) - {"checkpoint", "daybook/key", "daybook/gaps", *others}
        must(found == set(tiles), f"files: {sorted(found ^ set(tiles))[:5]}")
        self.records, levels = [], {}
        for path, (level, index, width) in sorted(tiles.items(), key=lambda t: t[1][1]):
            content = read(folder, path)
            if level == "entries":
                entries = bundle_entries(content)
                must(len(entries) == width, path)
                self.records += entries
            else:
                must(len(content) == 32 * width, path)
                levels.setdefault(level, []).extend(
                    content[i:i + 32] for i in range(0, len(content), 32))
        self.tree = Tree(leaf_hash(record) for record in self.records)
        must(self.tree.leaves == levels.get(0, []), "leaves")
        for level in range(1, len(levels)):
            step = WIDTH ** level
            must(levels[level] == [self.tree.range(i * step, (i + 1) * step)
                                   for i in range(len(levels[level]))], f"level {level}")
        must(self.tree.root() == self.checkpoint.root, "root")
        self.gaps = self.read_gaps(read(folder, "daybook/gaps"))

    @staticmethod
    def read_gaps(content):
        at, out, last = 0, {}, -1
        while at < len(content):
            position, count = struct.unpack_from(">QI", content, at)
            must(position > last and count > 0, "gaps do not rise")
            at, last, out[position] = at + 12, position, {}
            for _ in range(count):
                index, = struct.unpack_from(">I", content, at)
                out[position][index] = content[at + 4:at + 36]
                must(len(out[position][index]) == 32, "gaps are cut")
                at += 36
        return out
