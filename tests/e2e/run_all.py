"""Runs the test files of this folder, two at a time, and counts."""

import glob
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def run(name):
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-B", "-m", "unittest", "-v", name[:-3]],
                          capture_output=True, text=True, check=False)
    return name, time.monotonic() - began, done.stdout + done.stderr, done.returncode


def main():
    names = sys.argv[1:] or sorted(glob.glob("test_*.py"))
    # The messages are made once, before two files would make them at the same time.
    subprocess.run([sys.executable, "-B", "-c", "import daybook_client"], check=True)
    passed = failed = skipped = 0
    complaints = []
    with ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        for name, seconds, output, status in pool.map(run, names):
            good = len(re.findall(r"\.\.\. ok$", output, re.M))
            skips = re.findall(r"^(\w+).*\.\.\. skipped (.*)$", output, re.M)
            bad = len(re.findall(r"^(?:FAIL|ERROR): ", output, re.M))
            if status != 0 and bad == 0:
                bad = 1
            print(f"  {name}: {good} ok, {bad} not, {seconds:.1f} s")
            for test, why in skips:
                print(f"    {test} skipped: {why}")
            if status != 0:
                print(output)
                complaints += re.findall(r"^(?:FAIL|ERROR): .*$", output, re.M) or [name]
            sys.stdout.flush()
            passed, failed, skipped = passed + good, failed + bad, skipped + len(skips)
    for complaint in complaints:
        print(complaint)
    print(f"e2e: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
