"""Big input on the command line: a bar where somebody watches, nothing where nobody does, reports beside the records."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from command_line import ROOT, Run
from pykala.cli import progress

CASE = ROOT / "tests/data/cases/trial-pending.json"
AS_OF = ("--as-of", "2025-06-30")
CHECK = "import sys; from pykala.cli import progress; progress.LEAST_BYTES = {least}; from pykala.cli.main import main; main()"


def on_a_terminal(*arguments: str, least: int = 0, environment: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return what a check writes to standard output, which is piped, and to standard error, a terminal."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "TERM")}
    with subprocess.Popen(
        [sys.executable, "-c", CHECK.format(least=least), "check", str(CASE), *AS_OF, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env={**plain, "TERM": "xterm-256color", **(environment or {})},
    ) as process:
        os.close(theirs)
        seen = b""
        try:
            while part := os.read(ours, 65536):
                seen += part
        except OSError:
            # The other end of the terminal is closed.
            pass
        out = process.communicate()[0]
    os.close(ours)
    return out, seen.decode()


def test_a_bar_shows_on_a_terminal_while_a_big_input_is_read() -> None:
    out, seen = on_a_terminal("--lang", "en")
    assert "reading" in seen
    assert "checking" in seen
    assert "\x1b" not in out
    assert "1 record" in out


def test_the_bar_has_no_colour_where_none_is_wanted() -> None:
    seen = on_a_terminal(environment={"NO_COLOR": "1"})[1]
    assert "luetaan" in seen
    assert "\x1b[3" not in seen.replace("\x1b[?25", "")


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}])
def test_there_is_no_bar_where_nobody_watches(environment: dict[str, str]) -> None:
    assert on_a_terminal(environment=environment)[1] == ""


def test_there_is_no_bar_for_a_small_input() -> None:
    assert on_a_terminal(least=progress.LEAST_BYTES)[1] == ""


def test_a_report_in_the_folder_of_the_records_is_not_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(CASE.read_text(encoding="utf-8"), encoding="utf-8")
    call = ("check", tmp_path, *AS_OF, "--fail-on", "never", "--format", "json", "-o", tmp_path / "out.json")
    first = run(*call, "--report", f"jsonl={tmp_path / 'lines.jsonl'}")
    written = (tmp_path / "out.json").read_text(encoding="utf-8")
    again = run(*call, "--report", f"jsonl={tmp_path / 'lines.jsonl'}")
    assert (first.code, again.code, again.err) == (0, 0, "")
    assert written == (tmp_path / "out.json").read_text(encoding="utf-8")
    assert json.loads(written)["summary"]["records"] == 1


def test_a_report_never_overwrites_a_record(run: Run, tmp_path: Path) -> None:
    record = tmp_path / "a.json"
    record.write_text(CASE.read_text(encoding="utf-8"), encoding="utf-8")
    done = run("check", record, *AS_OF, "-o", record)
    assert done.code == 2
    assert "would be read and written by the same call" in done.err
    assert record.read_text(encoding="utf-8") == CASE.read_text(encoding="utf-8")


def test_a_broken_line_is_named_and_the_rest_is_judged(run: Run, tmp_path: Path) -> None:
    line = json.dumps(json.loads(CASE.read_text(encoding="utf-8")))
    other = line.replace('"id": "', '"id": "B-', 1)
    (tmp_path / "a.jsonl").write_text(f"{line}\n{line[:100]}\n{other}\n", encoding="utf-8")
    done = run("check", tmp_path / "a.jsonl", *AS_OF, "--format", "json")
    assert done.code == 2
    assert f"error[not-json]: {(tmp_path / 'a.jsonl').as_posix()}:2:" in done.err
    report = json.loads(done.out)
    assert (report["summary"]["records"], [error["line"] for error in report["errors"]]) == (2, [2])


def test_a_broken_row_of_an_unsorted_workbook_is_named_and_the_rest_is_judged(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    days = book.create_sheet("case.days")
    days.append(["id", "date", "status", "phase", "length"])
    for own, date, length in (
        ("A-2", "2025-05-06", "6 h"),
        ("A-1", "2025-05-06", "6 h"),
        ("A-2", "2025-05-05", "long"),
        ("A-1", "2025-05-05", "5 h"),
    ):
        days.append([own, date, "delivered", "workplace", length])
    cases = book.create_sheet("case")
    cases.append(["id", "service", "decision", "decision.made_on"])
    for own in ("A-2", "A-1"):
        cases.append([own, "work_trial", "yes", "2025-04-10"])
    book.save(tmp_path / "a.xlsx")
    done = run("check", tmp_path / "a.xlsx", *AS_OF, "--format", "json")
    assert done.code == 2
    assert "a.xlsx, sheet case.days, row 4" in done.err
    report = json.loads(done.out)
    assert {result["record_id"] for result in report["results"]} == {"A-1"}
    short = [r["at"] for r in report["results"] if r["rule"] == "day-length" and r["verdict"] == "fail"]
    assert short == ["days[1]"]
