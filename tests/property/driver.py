"""Runs build/tests/books_driver over lines and reads its answers."""

import json
import os
import subprocess

from streams import to_json

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("BOOKS_DRIVER", os.path.join(ROOT, "build/tests/books_driver"))
TIMEOUT_SECONDS = 120


def run(lines, key="0"):
    """The answers to LINES, texts or events; a crash is the last of them, as a dict."""
    texts = [line if isinstance(line, str) else to_json(line) for line in lines]
    done = subprocess.run([PROGRAM, key], input="".join(text + "\n" for text in texts),
                          capture_output=True, text=True, errors="replace",
                          timeout=TIMEOUT_SECONDS)
    answers = [json.loads(text) for text in done.stdout.splitlines()]
    if done.returncode != 0 or len(answers) != len(texts):
        answers.append(dict(outcome="CRASH", exit=done.returncode,
                            stderr=done.stderr[-2000:]))
    return answers


def crash_in(answers):
    if answers and answers[-1].get("outcome") == "CRASH":
        return answers[-1]
    return None
