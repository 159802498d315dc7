"""A published case as data: what was published, a generator, what is expected of it."""

from dataclasses import dataclass, field
from typing import Callable

ALL = {}  # by name, in the order they are defined


@dataclass
class Case:
    name: str
    module: str  # that defines it
    build: Callable  # gives a Stream
    published: str  # what stands in the sources, and what of it is ours
    packs: str
    version: int  # of the generator: rises when its events change
    seed: int
    verdicts: dict  # rule -> the word
    # metric -> (numerator, denominator) of both readings, or ((...), (...))
    figures: dict = field(default_factory=dict)
    options: tuple = ()  # more for `daybook report pyramid`

    def stream(self):
        return self.build(self.seed)


def case(published, packs, verdicts, figures=None, version=1, seed=1, options=()):
    """For a function that makes a Stream."""
    def take(build):
        name = build.__name__
        assert name not in ALL, name
        ALL[name] = Case(name, build.__module__, build, " ".join(published.split()), packs,
                         version, seed, verdicts, figures or {}, options)
        return build
    return take
