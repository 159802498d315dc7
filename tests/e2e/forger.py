"""Exports written in Python, with whatever records and key: what an operator could forge."""

import base64
import hashlib
import os
import struct

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from transparency import WIDTH, Tree, leaf_hash, tiles_of

RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
ORIGIN = "forged.example/log"
SECRET = Ed25519PrivateKey.from_private_bytes(b"f" * 32)


def vkey():
    public = b"\1" + SECRET.public_key().public_bytes(*RAW)
    number = hashlib.sha256(ORIGIN.encode() + b"\n" + public).digest()[:4]
    return f"{ORIGIN}+{number.hex()}+{base64.b64encode(public).decode()}", number


def signed_note(text):
    signature = base64.b64encode(vkey()[1] + SECRET.sign(text.encode())).decode()
    return f"{text}\n\N{EM DASH} {ORIGIN} {signature}\n"


def checkpoint(size, root):
    return signed_note(f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n")


def put(content, *names):
    path = os.path.join(*names)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def write_tiles(folder, leaves):
    """Bundles and tiles over LEAVES; the tree."""
    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    for path, (level, index, width) in tiles_of(len(leaves)).items():
        if level == "entries":
            some = leaves[index * WIDTH:index * WIDTH + width]
            content = b"".join(struct.pack(">H", len(one)) + one for one in some)
        else:
            step = WIDTH ** level
            content = b"".join(tree.range(i * step, (i + 1) * step)
                               for i in range(index * WIDTH, index * WIDTH + width))
        put(content, folder, path)
    return tree


def write_gaps(folder, gaps):
    content = b""
    for position, hashes in sorted(gaps.items()):
        content += struct.pack(">QI", position, len(hashes))
        content += b"".join(struct.pack(">I", index) + one
                            for index, one in sorted(hashes.items()))
    put(content, folder, "daybook", "gaps")


def write_export(folder, leaves, gaps):
    """Signed with SECRET; the verifier key."""
    tree = write_tiles(folder, leaves)
    write_gaps(folder, gaps)
    put(f"{vkey()[0]}\n".encode(), folder, "daybook", "key")
    put(checkpoint(len(leaves), tree.root()).encode(), folder, "checkpoint")
    return vkey()[0]
