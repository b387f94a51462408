"""`pykala check`: records against policies."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from pykala.cli import common
from pykala.policy.model import Lang

if TYPE_CHECKING:
    from pykala.evaluate.check import CheckReport
    from pykala.policy.loader import PolicySet

_WEIGHT = {"suggestion": 1, "minor": 2, "major": 3}


@click.command("check")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@common.judging
@common.format_option("text", "json", "jsonl")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write another report to a file (repeatable): text, json or jsonl.",
)
@click.option(
    "--fail-on",
    type=click.Choice(("major", "minor", "suggestion", "unknown", "never")),
    default="minor",
    show_default=True,
    help="The lightest deviation that makes the exit code 1; unrated counts as minor. `unknown`: whatever is not decided, too.",
)
@click.option("--undecided", is_flag=True, help="Print what would settle the unknown verdicts, as a work list.")
@click.option("--all", "show_all", is_flag=True, help="List what is in order, too.")
def command(
    records: tuple[Path, ...],
    call: common.Call,
    fmt: str,
    reports: tuple[str, ...],
    fail_on: str,
    undecided: bool,
    show_all: bool,
) -> None:
    """Evaluate RECORDs (files or folders) and print deviations grouped by record, with the source."""
    started = time.perf_counter()
    extra = [_report_file(text) for text in reports]
    if undecided and fmt != "text":
        common.fail(
            "--undecided prints a work list for people", "leave out --format, or read `undecided` of each result"
        )
    policy_set = call.load()
    report = call.check(policy_set, records, reasons=fmt != "text" or bool(extra))
    common.print_problems(report.problems)
    elapsed = time.perf_counter() - started if call.output is None and sys.stdout.isatty() else None
    with common.open_output(call.output) as stream:
        _write(report, policy_set, fmt, call.lang, stream, undecided=undecided, show_all=show_all, elapsed=elapsed)
    for name, path in extra:
        with common.open_output(path) as stream:
            _write(report, policy_set, name, call.lang, stream, undecided=False, show_all=show_all, elapsed=None)
    sys.exit(_exit_code(report, fail_on))


def _report_file(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if name not in ("text", "json", "jsonl") or not equals or not path:
        common.fail(f"--report wants FORMAT=FILE, not {text!r}", "for example --report json=results.json")
    return name, Path(path)


def _write(
    report: CheckReport,
    policy_set: PolicySet,
    fmt: str,
    lang: Lang,
    stream: IO[str],
    *,
    undecided: bool,
    show_all: bool,
    elapsed: float | None,
) -> None:
    if fmt != "text":
        from pykala.report.json_report import report_json, report_lines, write_json, write_json_lines

        if fmt == "json":
            write_json(report_json(report, policy_set.vocabulary, policy_set.register), stream)
        else:
            write_json_lines(report_lines(report, policy_set.vocabulary, policy_set.register), stream)
        return
    from pykala.report.text import Wording, write_check

    wording = Wording(policy_set.vocabulary, lang, policy_set.register)
    color = common.use_color(stream)
    if undecided:
        from pykala.report.worklist import write_worklist

        write_worklist(report, wording, stream, color=color)
    else:
        write_check(report, wording, stream, show_all=show_all, elapsed=elapsed, color=color)


def _exit_code(report: CheckReport, fail_on: str) -> int:
    """Return 2 where the input was wrong, else 1 where something is at or above the level, else 0."""
    if report.problems:
        return 2
    if fail_on == "never":
        return 0
    if fail_on == "unknown":
        return int(any(result.verdict in ("fail", "unknown", "pending") for result in report.results))
    level = _WEIGHT[fail_on]
    return int(any(r.verdict == "fail" and _WEIGHT[r.rule.severity.heaviest] >= level for r in report.results))
