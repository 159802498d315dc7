"""Sealed boxes by src/proof/TRUST.md section 8 alone: what a platform needs to open those
of its own persons, and what lies in the folder of keys.

XChaCha20-Poly1305 as RFC 8439 and draft-irtf-cfrg-xchacha describe it, in plain Python.
"""

import hashlib
import os
import struct

VERSION = b"\x01"
NONCE, TAG, SLOT = 24, 16, 128
OVERHEAD = len(VERSION) + NONCE + TAG


def _rotate(x, n):
    return (x << n | x >> 32 - n) & 0xFFFFFFFF


def _quarter(s, a, b, c, d):
    for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
        s[z] = _rotate(s[z] ^ s[x], n)


def _rounds(state):
    s = list(state)
    for _ in range(10):
        for i in range(4):
            _quarter(s, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            _quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return s


_CONSTANTS = struct.unpack("<4I", b"expand 32-byte k")


def hchacha20(key, nonce16):
    s = _rounds((*_CONSTANTS, *struct.unpack("<8I", key), *struct.unpack("<4I", nonce16)))
    return struct.pack("<8I", *s[:4], *s[12:])


def _chacha20(key, counter, nonce12, size):
    out = b""
    while len(out) < size:
        state = (*_CONSTANTS, *struct.unpack("<8I", key), counter,
                 *struct.unpack("<3I", nonce12))
        out += struct.pack("<16I", *((a + b) & 0xFFFFFFFF
                                     for a, b in zip(_rounds(state), state)))
        counter += 1
    return out[:size]


def _xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def _poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i:i + 16] + b"\x01", "little")) * r
        total %= (1 << 130) - 5
    total += int.from_bytes(key[16:], "little")
    return (total & (1 << 128) - 1).to_bytes(16, "little")


def _pad(data):
    return data + bytes(-len(data) % 16)


def _tag(key, nonce12, about, sealed):
    return _poly1305(_chacha20(key, 0, nonce12, 32),
                     _pad(about) + _pad(sealed) + struct.pack("<QQ", len(about), len(sealed)))


def seal(key, nonce, about, text):
    """What libsodium calls crypto_aead_xchacha20poly1305_ietf_encrypt."""
    inner, nonce12 = hchacha20(key, nonce[:16]), bytes(4) + nonce[16:]
    sealed = _xor(text, _chacha20(inner, 1, nonce12, len(text)))
    return sealed + _tag(inner, nonce12, about, sealed)


def box_open(key, about, box):
    """The text of BOX, or None."""
    if len(box) < OVERHEAD or box[:1] != VERSION:
        return None
    nonce, sealed, tag = box[1:25], box[25:-TAG], box[-TAG:]
    inner, nonce12 = hchacha20(key, nonce[:16]), bytes(4) + nonce[16:]
    if _tag(inner, nonce12, about, sealed) != tag:
        return None
    return _xor(sealed, _chacha20(inner, 1, nonce12, len(sealed)))


def about_of(subject):
    return b"daybook sealed v1\n" + subject.encode()


def seal_text(key, subject, text):
    """The box of TEXT: the same each time."""
    about = about_of(subject)
    nonce = hashlib.blake2b(about + b"\0" + text, digest_size=32, key=key).digest()[:NONCE]
    return VERSION + nonce + seal(key, nonce, about, text)


# ------------------------------------------------------------------ the folder of keys

def master_key(keys):
    with open(os.path.join(keys, "master.key"), encoding="ascii") as file:
        return bytes.fromhex(file.read())


def subject_keys(keys, subject):
    """Every key of SUBJECT that can still be had from any file of the folder."""
    master, about, found = master_key(keys), b"subject:" + subject.encode(), []
    with open(os.path.join(keys, "subjects", "slots"), "rb") as file:
        data = file.read()
    for at in range(0, len(data), SLOT):
        key = box_open(master, about, data[at:at + 32 + OVERHEAD])
        if key is not None:
            found.append(key)
    return found
