"""Keys of sources, erased subjects, recorded digests: src/proof/TRUST.md, section 4."""

from canonical import ints, names
from model_state import must

IN_FORCE, FOLLOWED, REVOKED = range(3)


class Trust:
    """Needs state, size and digest_before; mixed into Model."""

    def keys_of(self, source):
        return [key for key in self.state.source_keys if key["source"] == source]

    def on_source_registered(self, body, at):
        former = self.keys_of(body["source"])
        must(body["revision"] == len(former) + 1, "SOURCE_REVISION_GAP", "revision",
             body["revision"], len(former) + 1)
        if former and former[-1]["state"] == IN_FORCE:
            former[-1]["state"] = FOLLOWED
        self.state.source_keys.append(dict(
            source=body["source"], revision=body["revision"],
            key=body["ed25519_public_key"], rights=body["may_send"], state=IN_FORCE))

    def on_source_key_revoked(self, body, at):
        keys = self.keys_of(body["source"])
        must(keys, "SOURCE_UNKNOWN", "source")
        must(keys[-1]["revision"] == body["revision"] and keys[-1]["state"] == IN_FORCE,
             "SOURCE_STATE", "revision")
        keys[-1]["state"] = REVOKED

    def on_subject_erased(self, body, at):
        pass

    def on_digest_recorded(self, body, at):
        must(body["size"] == self.size, "DIGEST_SIZE", "size",
             min(body["size"], 2**63 - 1), self.size)
        must(body["digest"].hex() == self.digest_before, "DIGEST_DIFFERS", "digest")


def key_rows(state):
    """Section z, which is there if it has a row."""
    return [names(key["source"]) + ints(key["revision"]) + key["key"] +
            ints(len(key["rights"]), *key["rights"], key["state"])
            for key in state.source_keys]


def wrong_keys(state):
    """What cannot be of the keys of sources."""
    newest = {key["source"]: key for key in state.source_keys}
    for key in state.source_keys:
        if key["state"] == IN_FORCE and key is not newest[key["source"]]:
            return f"two keys of {key['source']} are in force"
        if key["state"] == FOLLOWED and key is newest[key["source"]]:
            return f"the newest key of {key['source']} is followed by none"
    return None
