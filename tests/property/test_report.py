#!/usr/bin/python3
"""Figures of `daybook report pyramid` against a naive model, over random books.

SEED=  the first seed (default: drawn, and printed)      N=  books (60)
LENGTH=  events of a book (250)      BUILD=  build

A daemon takes the stream and exports; the command reads the export; the model takes the
same stream by itself.  Compared are the outcome of every event, every figure that is
listed, every figure that a rule compared, with the rule's parameters and days, and what
a plain judge makes of these.
"""

import collections
import datetime
import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

import report_client                                                # noqa: E402
import worked_report                                                # noqa: E402
from daybook_client import record_pb2                               # noqa: E402
from report_model_judge import Judge                                # noqa: E402
from report_model_results import Study                              # noqa: E402
from report_streams import Generator                                # noqa: E402

SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
N = int(os.environ.get("N", 60))
LENGTH = int(os.environ.get("LENGTH", 250))
PACKS = os.path.join(report_client.ROOT, "src", "rules", "packs")
NOT_MODELLED = set()  # metrics that the model does not know
EPOCH = datetime.date(1970, 1, 1)
FAILURES_SHOWN = 30
AMOUNT = 2  # FigureUnit


def pack_files():
    """Those that the judge reads, too: a build may be older."""
    return [os.path.join(PACKS, name + ".json") for name in ("cn", "us", "eu", "science")]


def day_of(text, absent):
    return (datetime.date.fromisoformat(text) - EPOCH).days if text else absent


def agree(found, expected):
    """Readings: of what is not known only the state counts."""
    return all(a == b or (a[0] == b[0] != "KNOWN") for a, b in zip(found, expected))


def asked(report):
    """(where, figure, parameters, first day, day behind) of all figures of a report."""
    for figure in report.figures:
        yield "listed", figure, parameters_of(figure), None, None
    for verdict in report.verdicts:
        for compared in verdict.compared:
            if compared.figure.metric:
                yield (verdict.rule, compared.figure, parameters_of(compared.figure),
                       day_of(verdict.in_force_from, -10**9),
                       day_of(verdict.in_force_to, 10**9))


def parameters_of(figure):
    return {p.name: p.value for p in figure.parameters}


class Chosen:
    """A window, a part of the network and a market, for the command and for the model."""

    def __init__(self, rng, facts):
        days = sorted({fact.day for fact in facts})
        self.first = self.behind = None
        if days and rng.random() < 0.5:
            self.first, self.behind = sorted(rng.sample(
                range(days[0] - 5, days[-1] + 40), 2))
            if rng.random() < 0.3:
                self.first = None
            elif rng.random() < 0.3:
                self.behind = None
        joined = [fact.agent for fact in facts if fact.kind == "JOINED"]
        self.tops = rng.sample(joined, rng.choice((1, 2))) if rng.random() < 0.3 else []
        self.market = rng.choice((0, 50, 10**6))

    def options(self):
        text = {"--from": self.first, "--to": self.behind}
        return ([word for name, day in text.items() if day is not None
                 for word in (name, (EPOCH + datetime.timedelta(days=day)).isoformat())] +
                [word for top in self.tops for word in ("--agent", top)] +
                (["--market", str(self.market)] if self.market else []))


def differences(seed, counts):
    """What the command and the model do not agree on, in one book."""
    rng = random.Random(seed)
    generator = Generator(rng, LENGTH)
    events = generator.stream()
    facts = generator.taker.facts
    counts.update(fact.kind for fact in facts)
    chosen = Chosen(rng, facts)
    with report_client.Exported(events, must_accept=False) as export:
        accepted = [outcome == record_pb2.ACCEPTED for outcome in export.outcomes]
        if accepted.count(True) != generator.taker.model.accepted:
            yield "outcomes", accepted.count(True), generator.taker.model.accepted
        report = export.pyramid(",".join(pack_files()), *chosen.options())
    study = Study(facts, chosen.first, chosen.behind, chosen.market, chosen.tops)
    if not study.counted() and chosen.behind is None:
        return  # the end of such a window is nowhere
    for where, figure, parameters, first, behind in asked(report):
        study.interval(study.begin if first is None else first,
                       study.cut if behind is None else behind)
        expected = study.measure(figure.metric, parameters)
        if expected is None:
            NOT_MODELLED.add(figure.metric)
            continue
        found = report_client.reading(figure.strict), report_client.reading(figure.lenient)
        counts["figures"] += 1
        counts["known " + figure.metric] += found[0][0] == "KNOWN" and found[0][1] != 0
        if not agree(found, expected):
            yield (f"{where}: {figure.metric} {parameters or ''} "
                   f"{' '.join(chosen.options())}", found, expected)
    yield from wrong_verdicts(report, study, counts)


def wrong_verdicts(report, study, counts):
    """What a plain judge makes of the same figures."""
    book = dict(currency=report.basis.currency, exponent=report.basis.exponent)
    measured = {(verdict.rule, number): (
        [report_client.reading(one.figure.strict), report_client.reading(one.figure.lenient)],
        one.figure.population, one.figure.unit == AMOUNT)
                for verdict in report.verdicts for number, one in enumerate(verdict.compared)}
    judge = Judge(book, study.counted(),
                  any(fact.name == "licence" for fact in study.of_everybody("MARKED")),
                  measured)
    for verdict in report.verdicts:
        found, expected = report_client.word(verdict), judge.word(verdict.rule)
        counts["verdict " + found] += 1
        if found != expected:
            yield f"verdict: {verdict.rule}", found, expected


def main():
    began = time.monotonic()
    for example in worked_report.EXAMPLES:
        example()
    print(f"SEED={SEED} N={N} LENGTH={LENGTH}", flush=True)
    counts, failed = collections.Counter(), collections.Counter()
    for seed in range(SEED, SEED + N):
        for what, found, expected in differences(seed, counts):
            failed[what.split(": ")[-1].split(" ")[0]] += 1
            if sum(failed.values()) <= FAILURES_SHOWN:
                print(f"FAILED SEED={seed} {what}: found {found}, expected {expected}",
                      flush=True)
    listed = ", ".join(f"{name} {n}" for name, n in sorted(counts.items()))
    print(f"met: {listed}")
    print(f"not modelled: {', '.join(sorted(NOT_MODELLED)) or 'none'}")
    print(f"{counts['figures']} figures of {N} books, {sum(failed.values())} differ "
          f"({dict(failed)}), {time.monotonic() - began:.0f} s")
    return 1 if failed or NOT_MODELLED else 0


if __name__ == "__main__":
    sys.exit(main())
