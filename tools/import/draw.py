"""Seeded choices that do not depend on the order in which they are made."""

import hashlib


class Draw:
    """A number for every question; the same seed and question give the same number,
    in any version of Python and after any change elsewhere in the data."""

    def __init__(self, seed):
        self._seed = hashlib.sha256(f"{seed}/".encode())

    def number(self, *question):
        digest = self._seed.copy()
        digest.update("/".join(map(str, question)).encode())
        return int.from_bytes(digest.digest()[:8], "big")

    def percent(self, *question):
        """0 to 99."""
        return self.number(*question) % 100

    def one_of(self, choices, *question):
        return choices[self.number(*question) % len(choices)]

    def shuffled(self, names, question):
        return sorted(names, key=lambda name: (self.number(question, name), name))
