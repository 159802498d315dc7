#!/usr/bin/python3
"""An export and receipts of a book, for people who have nothing of ours.

The first argument, if there is one, is the checker in Go: ./tlog_check.go."""

import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

# pylint: disable=wrong-import-position
import check_receipts
from verify_world import World, verify

# A third level of tiles.
RECORDS = 66_000


def must_fail(text, at, vkey):
    try:
        check_receipts.check_all(text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1:], vkey)
    except Exception:  # pylint: disable=broad-except
        return
    raise AssertionError(f"a changed letter is believed: {at}, {text[at - 40:at + 40]!r}")


def check_python(world, vkey):
    with open(world.path("receipts"), encoding="utf-8", newline="") as file:
        text = file.read()
    positions = [index for index, _ in check_receipts.check_all(text, vkey)]
    assert positions == [0, 1, 5, 300, world.size - 1], positions
    chance = random.Random(1)
    for _ in range(300):
        must_fail(text, chance.randrange(len(text)), vkey)
    print("receipts:", len(positions), "proved")


def check_go(world, vkey, checker):
    run = [checker, world.path("export"), vkey, world.path("older")]
    subprocess.run(run, check=True)
    place = world.path("export", "tile", "entries", "007")
    with open(place, "rb") as file:
        content = file.read()
    with open(place, "wb") as file:
        file.write(content[:-9] + bytes([content[-9] ^ 4]) + content[-8:])
    failed = subprocess.run(run, capture_output=True, text=True, check=False)
    assert failed.returncode != 0 and "is not that of its hash" in failed.stderr, failed


def main():
    world = World(RECORDS, 1000)
    try:
        with open(world.path("key"), encoding="ascii") as file:
            vkey = file.read().strip()
        assert verify(world.path("export"), vkey).returncode == 0
        check_python(world, vkey)
        if len(sys.argv) > 1:
            check_go(world, vkey, sys.argv[1])
    finally:
        world.close()


main()
