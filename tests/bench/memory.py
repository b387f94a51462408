"""Measure the memory and time of `pykala check` on big input: a JSON Lines file and an unsorted workbook.

    .venv/bin/python tests/bench/memory.py [--megabytes 200] [--rows 50000] [--only jsonl|xlsx] [--keep FOLDER]

The records are the sample cases under other ids; they are made anew in a temporary folder. Not a test: the figures are
the machine's as much as the program's.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests"))
DAY = "2025-10-31"


def sample_cases() -> list[dict[str, Any]]:
    """Return the sample cases as plain data."""
    import yaml

    files = sorted((TOP / "tests" / "data" / "cases").iterdir())
    # YAML reads JSON, too.
    raw = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    return [json.loads(json.dumps(case, default=str)) for case in raw if case.get("record") == "case"]


def cases() -> Iterator[dict[str, Any]]:
    """Yield the sample cases again and again, each under an id of its own."""
    samples = sample_cases()
    for number in itertools.count():
        yield {**samples[number % len(samples)], "id": f"K-{number:07}"}


def write_json_lines(path: Path, size: int) -> int:
    """Write cases up to a size; return how many. One line in the middle is broken."""
    written = count = 0
    with path.open("w", encoding="utf-8") as out:
        for case in cases():
            line = json.dumps(case, ensure_ascii=False) + "\n"
            written += out.write(line if count != 100 else line[: len(line) // 2] + "\n")
            count += 1
            if written >= size:
                return count
    raise AssertionError


def write_workbook(path: Path, rows: int) -> int:
    """Write a workbook of about so many rows, shuffled on each sheet; return how many cases it holds."""
    from openpyxl import Workbook

    from data import make_files
    from pykala.records.tables import tables_of
    from pykala.records.vocabulary import load_vocabulary

    vocabulary = load_vocabulary(TOP / "policies" / "records")
    found_by = {t.name: t.identified_by for t in tables_of(vocabulary, vocabulary.kinds["case"]) if t.identified_by}
    sheets: dict[str, list[dict[str, Any]]] = {}
    count = 0
    for case in cases():
        count += 1
        for name, lines in make_files.tables(case, found_by).items():
            sheets.setdefault(name, []).extend(lines)
        if sum(map(len, sheets.values())) >= rows:
            break
    sheets["case"][0]["decision.made_on"] = "no day"
    shuffle = random.Random(1).shuffle
    book = Workbook(write_only=True)
    for name, lines in sheets.items():
        headers = make_files.headers(lines)
        shuffle(lines)
        sheet = book.create_sheet(name)
        sheet.append(headers)
        for line in lines:
            sheet.append([make_files.in_excel(line.get(header)) for header in headers])
    book.save(path)
    return count


def measure(name: str, path: Path, count: int, *options: str) -> None:
    """Check a file in a process of its own; print its time, what it needed at most, and what it wrote."""
    code = (
        "import resource, sys; from pykala.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    with tempfile.TemporaryFile("w+") as errors:
        out = path.with_suffix(".out")
        command = [sys.executable, "-c", code, "check", str(path), "--as-of", DAY, "-o", str(out), *options]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        subprocess.run(command, cwd=TOP, stderr=errors, check=True, env={**os.environ, "NO_COLOR": "1"})
        elapsed = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        errors.seek(0)
        *problems, peak = errors.read().splitlines()
    size = path.stat().st_size / 1e6
    print(
        f"{name:24} {size:6.0f} MB {count:7} cases: at most {int(peak) / 1024:6.0f} MiB, {elapsed:7.1f} s"
        f" ({computed:.1f} s computing, {count / computed:.0f} cases a second), {out.stat().st_size / 1e6:.0f} MB written"
    )
    for problem in problems[:4]:
        print(f"  {problem}")
    out.unlink()


def main() -> None:
    """Make the files, measure and print."""
    parser = argparse.ArgumentParser(description="Measure the memory and time of pykala check on big input.")
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--only", choices=("jsonl", "xlsx"))
    parser.add_argument("--format", action="append", choices=("text", "json", "jsonl"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for fmt in given.format or ("text",):
            if given.only != "xlsx":
                path = Path(folder) / "cases.jsonl"
                count = write_json_lines(path, given.megabytes * 1_000_000)
                measure(f"JSON Lines, {fmt}", path, count, "--format", fmt)
            if given.only != "jsonl":
                path = Path(folder) / "cases.xlsx"
                count = write_workbook(path, given.rows)
                measure(f"workbook, {fmt}", path, count, "--format", fmt)


if __name__ == "__main__":
    main()
