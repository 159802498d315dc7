"""From a stream to its report: a daemon takes the events, exports, and the command reads
the export as an examiner would."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

from google.protobuf import json_format

from daybook_client import (COMMAND, ROOT, SLOW, Daemon, Event, append_request, record_pb2)
from daybook.report.v1 import report_pb2

sys.path.insert(0, os.path.join(ROOT, "tests", "cases"))
from case import ALL                                                # noqa: E402
from to_proto import Converter                                      # noqa: E402

TIMEOUT_SECONDS = 600 if SLOW else 120
STATES = {0: "KNOWN", 1: "EMPTY", 2: "OUTSIDE"}


class Exported:
    """The export of EVENTS, (microseconds, kind, body), in a folder of its own."""

    def __init__(self, events, must_accept=True):
        self.place = tempfile.mkdtemp(prefix="daybook-e2e-report-")
        self.folder = os.path.join(self.place, "x")
        self.outcomes = []
        try:
            with Daemon() as daemon:
                self.append(daemon.stub(), events, must_accept)
                subprocess.run([COMMAND, "--server", f"unix:{daemon.socket}", "export",
                                self.folder], check=True, capture_output=True, text=True,
                               timeout=TIMEOUT_SECONDS)
        except BaseException:
            self.close()
            raise

    def append(self, stub, events, must_accept):
        messages = Converter(Event).batches(events)
        requests = (append_request(batch, "case", seq)
                    for seq, batch in enumerate(messages, 1))
        for reply in stub.AppendStream(requests, timeout=TIMEOUT_SECONDS):
            self.outcomes += [result.outcome for result in reply.results]
            for result in reply.results:
                if must_accept:
                    assert result.outcome == record_pb2.ACCEPTED, (
                        events[len(self.outcomes) - len(reply.results)], result)

    def command(self, *arguments):
        done = subprocess.run([COMMAND, "report", *arguments], capture_output=True,
                              timeout=TIMEOUT_SECONDS, check=False)
        assert done.returncode == 0, (arguments, done.stderr.decode())
        return done.stdout

    def pyramid(self, packs, *options):
        """The PyramidReport, as read from its JSON."""
        text = self.command("pyramid", self.folder, "--pack", packs, "--format", "json",
                            *options)
        json.loads(text)
        return json_format.Parse(text, report_pb2.PyramidReport())

    def close(self):
        shutil.rmtree(self.place, True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def wrong_in(case):
    """(what, expected, found) of all that the report on a case of tests/cases has not as
    expected."""
    with Exported(case.stream().ordered()) as export:
        report = export.pyramid(case.packs, *case.options)
    words, measured, wrong = verdicts(report), figures(report), []
    for rule, expected in case.verdicts.items():
        if words.get(rule) != expected:
            wrong.append((rule, expected, words.get(rule)))
    for metric, expected in case.figures.items():
        both = expected if isinstance(expected[0], tuple) else (expected, expected)
        known = tuple(("KNOWN", *ratio) for ratio in both)
        if measured.get(metric) != known:
            wrong.append((metric, known, measured.get(metric)))
    return wrong


def tests_of(*modules):
    """A test for each case that MODULES define, by name."""
    def test_of(case):
        def test(self):
            self.assertEqual(wrong_in(case), [], "(what, expected, found)")
        test.__doc__ = f"{case.name}, generator {case.version}, seed {case.seed}"
        return test
    names = [module.__name__ for module in modules]
    return {f"test_{case.name}": test_of(case) for case in ALL.values()
            if case.module in names}


def verdicts(report):
    """rule -> its word, of all packs."""
    return {verdict.rule: word(verdict) for verdict in report.verdicts}


def word(verdict):
    """The word of a RuleVerdict."""
    field = verdict.DESCRIPTOR.fields_by_name["verdict"]
    return field.enum_type.values_by_number[verdict.verdict].name


def reading(of):
    """(state, numerator, denominator) of a Reading."""
    return STATES[of.state], of.numerator, of.denominator


def figures(report):
    """metric -> its strict and its lenient reading, with parameters absent."""
    return {figure.metric: (reading(figure.strict), reading(figure.lenient))
            for figure in report.figures}
