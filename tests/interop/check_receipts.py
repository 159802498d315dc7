#!/usr/bin/python3
"""check_receipts.py FILE VKEY: receipts, checked from C2SP tlog-proof, tlog-checkpoint,
signed-note and RFC 9162 alone; a page of code that anybody may read before believing it."""

import base64
import hashlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIRST = "c2sp.org/tlog-proof@v1"


def sha256(data):
    return hashlib.sha256(data).digest()


def unbase64(text):
    out = base64.b64decode(text, validate=True)
    assert base64.b64encode(out).decode() == text, "base64 in another form"
    return out


def read_key(vkey):
    name, number, key = vkey.strip().split("+", 2)
    key = unbase64(key)
    assert key[0] == 1 and sha256(f"{name}\n".encode() + key)[:4].hex() == number, "key"
    return name, bytes.fromhex(number), Ed25519PublicKey.from_public_bytes(key[1:])


def read_note(note, key):
    """Size and root of a checkpoint that KEY has signed."""
    name, number, public = key
    text, signatures = note.split("\n\n")
    origin, size, root = text.split("\n")
    assert origin == name and size == str(int(size)), "checkpoint"
    assert signatures.endswith("\n"), "cut"
    mine = [unbase64(line.split(" ")[2]) for line in signatures[:-1].split("\n")
            if line.startswith(f"\N{EM DASH} {name} ")]
    mine = [one[4:] for one in mine if one[:4] == number]
    assert mine, "not signed"
    for signature in mine:
        public.verify(signature, f"{text}\n".encode())
    return int(size), unbase64(root)


def root_of(leaf, index, size, hashes):
    at, last, out = index, size - 1, leaf
    for one in hashes:
        assert last > 0, "too many hashes"
        if at % 2 == 1 or at == last:
            out = sha256(b"\1" + one + out)
            while at % 2 == 0 and at > 0:
                at, last = at // 2, last // 2
        else:
            out = sha256(b"\1" + out + one)
        at, last = at // 2, last // 2
    assert last == 0, "too few hashes"
    return out


def position_of(record):
    """Field 1 of a Record; 0 is not written."""
    out, shift, at = 0, 0, 1
    while record[0] == 8:
        out |= (record[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if record[at - 1] < 128:
            break
    return out


def check(receipt, key):
    """The position of the record that RECEIPT proves, and the record."""
    head, note = receipt.split("\n\n", 1)
    first, extra, index, *hashes = head.split("\n")
    assert first == FIRST and extra.startswith("extra ") and index.startswith("index ")
    record, index = unbase64(extra[6:]), int(index[6:])
    # The proof does not bind the size of the tree: it is the one that was signed.
    size, root = read_note(note, key)
    assert index < size and position_of(record) == index, "position"
    assert root_of(sha256(b"\0" + record), index, size,
                   [unbase64(one) for one in hashes]) == root, "not in the tree"
    return index, record


def check_all(text, vkey):
    parts = text.split(FIRST + "\n")
    assert parts[0] == "" and len(parts) > 1, "no receipts"
    return [check(f"{FIRST}\n{part}", read_key(vkey)) for part in parts[1:]]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        print("receipts:", len(check_all(file.read(), sys.argv[2])), "proved")
