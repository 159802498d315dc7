"""The bodies of registrations, revocations, erasures and digests; sealed texts."""

import base64

import ed25519
from model_trust import IN_FORCE

SOURCES = ("shop", "desk", "till")
RIGHTS = ([], [], [300], [301, 503], [100, 200, 700, 713, 710], [700] * 64)
BOXES = [base64.b64encode(bytes([1]) + bytes([n]) * (41 + n)).decode() for n in range(3)]


def coded(text):
    return base64.b64encode(text).decode()


class TrustBodies:
    """Needs rng, model and maybe() of whoever inherits it."""

    def source_name(self):
        return self.maybe(0.96, self.rng.choice(SOURCES),
                          self.rng.choice(("nobody", "daybook", "")))

    def public_key(self):
        return coded(self.maybe(0.9, self.rng.choice(ed25519.KEYS),
                                self.rng.choice(ed25519.NO_KEYS)))

    def source_registered(self):
        rng, source = self.rng, self.source_name()
        last = len(self.model.keys_of(source))
        return dict(source=source, ed25519_public_key=self.public_key(),
                    revision=self.maybe(0.85, last + 1,
                                        rng.choice((1, last, last + 2, 2**32 - 1))),
                    may_send=list(rng.choice(RIGHTS)))

    def source_key_revoked(self):
        rng, source = self.rng, self.source_name()
        in_force = [key for key in self.model.state.source_keys
                    if key["state"] == IN_FORCE]
        if in_force and rng.random() < 0.7:
            key = rng.choice(in_force)
            return dict(source=key["source"], revision=key["revision"],
                        reason=self.maybe(0.5, "stolen"))
        return dict(source=source, revision=rng.choice(
            (1, 2, len(self.model.keys_of(source)) + 1)))

    def subject_erased(self):
        return dict(subject=self.maybe(0.9, self.rng.choice(("c0", "c1", "c2", "p-1")),
                                       self.new("subject", 60)),
                    reason=self.maybe(0.2, "asked"))

    def digest_recorded(self):
        rng, size = self.rng, self.model.size
        digest = bytes.fromhex(self.model.digest())
        if rng.random() < 0.15:
            digest = bytes([digest[0] ^ 1]) + digest[1:]
        return dict(digest=coded(digest), size=self.maybe(
            0.85, size, rng.choice((size + 1, max(size, 1) - 1, size + 2**32,
                              str(2**64 - 1)))))

    # --------------------------------------------------------------------- sealed texts

    def sealed(self):
        rng = self.rng
        return [dict(subject=rng.choice(("c0", "c1")), box=rng.choice(BOXES))
                for _ in range(rng.choice((1, 1, 2, 16)))]

    def broken_sealed(self):
        rng, boxes = self.rng, self.sealed()
        chance = rng.random()
        if chance < 0.2:
            return [boxes[0]] * 17
        if chance < 0.5:
            boxes[-1]["subject"] = rng.choice(("", "tab\tid", "x" * 64, "x" * 65))
        else:
            boxes[-1]["box"] = coded(bytes(rng.choice((0, 1, 41, 42, 4137, 4138))))
        return boxes
