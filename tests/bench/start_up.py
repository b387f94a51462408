"""Print what `pykala check` of one case costs as a whole process: cold, warm, and where the time goes.

    .venv/bin/python tests/bench/start_up.py [--runs 15] [RECORD]

Not a test: the figures are the machine's as much as the program's. The least of the runs is the steadiest figure.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
CASE = "tests/data/cases/trial-clean.json"
DAY = "2025-10-31"
GOAL = 0.5
PHASES = f"""
import json, sys, time
from pathlib import Path
marks = [("", time.perf_counter())]
def mark(name):
    marks.append((name, time.perf_counter()))
import io, datetime
from pykala.cli import main, check_command
mark("import the command line")
from pykala.cli import common
from pykala.policy import loader, cache
mark("import the loader")
path = cache.cache_file(Path("policies"))
mark("key of the cache")
policies = cache.read_cache(path) or loader.load_policies(Path("policies"))
mark("read the cache")
import pykala, pykala.evaluate.check, pykala.records.readers
mark("import evaluation")
from pykala.records.readers import read_records
records, problems = read_records([Path(sys.argv[1])], policies.vocabulary)
mark("read the record")
report = pykala.evaluate.check.check_records(policies, records, datetime.date.fromisoformat("{DAY}"), reasons=False)
mark("evaluate")
from pykala.report.text import Wording, write_check
mark("import the report")
write_check(report, Wording(policies.vocabulary, "fi", policies.register), io.StringIO())
mark("write the report")
print(json.dumps([[name, after - before] for (_, before), (name, after) in zip(marks, marks[1:])]))
print(json.dumps(sorted(n for n in ("babel", "yaml", "lark", "jsonschema", "rich", "holidays", "inspect") if n in sys.modules)))
"""


def processor_time() -> float:
    """Return the seconds that the processes started so far have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command: list[str], environment: dict[str, str]) -> tuple[float, str]:
    """Return how long a command took and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - started
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return elapsed, done.stdout


def show(name: str, seconds: list[float]) -> None:
    """Print the least and the middle of the figures."""
    print(f"{name:32} {min(seconds):7.3f} s  (median {statistics.median(seconds):.3f} s)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure pykala check of one case as a whole process.")
    parser.add_argument("record", nargs="?", default=CASE)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    check = [str(Path(sys.executable).with_name("pykala")), "check", given.record, "--as-of", DAY]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_CACHE_HOME": folder}
        environment.pop("PYKALA_CACHE_DIR", None)
        cold = run(check, environment)[0]
        kept = next(Path(folder).rglob("*.policies")).stat().st_size
        computed = processor_time()
        warm = [run(check, environment)[0] for _ in range(given.runs)]
        computed = (processor_time() - computed) / given.runs
        bare = [run([sys.executable, "-c", "pass"], environment)[0] for _ in range(given.runs)]
        phases: dict[str, list[float]] = {}
        heavy: list[str] = []
        for _ in range(given.runs):
            figures, modules = run([sys.executable, "-c", PHASES, given.record], environment)[1].splitlines()[-2:]
            heavy = json.loads(modules)
            for name, seconds in json.loads(figures):
                phases.setdefault(name, []).append(seconds)
    show("cold (files checked anew)", [cold])
    show("warm", warm)
    print(f"{'  of which computing':32} {computed:7.3f} s  (mean; the rest is waiting for other programs)")
    show("  Python alone", bare)
    for name, seconds in phases.items():
        show(f"  {name}", seconds)
    print(f"the cache: {kept / 1024:.0f} KiB; heavy modules imported: {', '.join(heavy) or 'none'}")
    print(f"the goal of {GOAL} s is {'met' if statistics.median(warm) < GOAL else 'not met'}")


if __name__ == "__main__":
    main()
