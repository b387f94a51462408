"""`pykala check`: records against policies."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from pykala.cli import common
from pykala.report.tally import TELLING, Tally, Writer
from pykala.report.text import Wording

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet

_WEIGHT = {"suggestion": 1, "minor": 2, "major": 3}


@click.command("check")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@common.judging
@common.format_option("text", "json", "jsonl", "junit", "sarif", "github", "markdown")
@common.report_option("text", "json", "jsonl", "junit", "sarif", "github", "markdown")
@common.help_url_option
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
    reports: tuple[tuple[str, Path], ...],
    help_url: str | None,
    fail_on: str,
    undecided: bool,
    show_all: bool,
) -> None:
    """Evaluate RECORDs (files or folders) and print deviations grouped by record, with the source."""
    started = time.perf_counter()
    if undecided and fmt != "text":
        common.fail(
            "--undecided prints a work list for people", "leave out --format, or read `undecided` of each result"
        )
    policy_set = call.load()
    paths = [path for _, path in reports]
    told = {fmt, *(name for name, _ in reports)} != {"text"}
    found = call.check(policy_set, records, reasons="telling" if told else False, outputs=paths)
    tally = Tally()
    with ExitStack() as files:
        stream, *others = (files.enter_context(common.open_output(path)) for path in (call.output, *paths))
        if undecided:
            writers = [_work_list(policy_set, call, stream)]
        else:
            timed = started if call.output is None and sys.stdout.isatty() else None
            writers = [_writer(policy_set, call, fmt, stream, help_url, show_all=show_all, started=timed)]
        for (name, _), other in zip(reports, others, strict=True):
            writers.append(_writer(policy_set, call, name, other, help_url, show_all=show_all))
        for each in found:
            tally.take(each)
            for writer in writers:
                writer.take(each)
        for writer in writers:
            writer.end(tally)
    sys.exit(_exit_code(tally, fail_on))


def _writer(
    policy_set: PolicySet,
    call: common.Call,
    fmt: str,
    out: IO[str],
    help_url: str | None,
    *,
    show_all: bool,
    started: float | None = None,
) -> Writer:
    if fmt not in ("text", "json", "jsonl"):
        from pykala.report.machine import MACHINES, MachineReport

        form = next(each for each in MACHINES if each == fmt)
        return MachineReport(form, out, Wording(policy_set.vocabulary, call.lang, policy_set.register), help_url)
    if fmt != "text":
        from pykala.report.json_report import JsonLines, JsonReport

        make = JsonReport if fmt == "json" else JsonLines
        return make(out, call.as_of, policy_set.vocabulary, policy_set.register)
    from pykala.report.text import TextReport

    return TextReport(
        out,
        Wording(policy_set.vocabulary, call.lang, policy_set.register),
        call.as_of,
        show_all=show_all,
        elapsed=None if started is None else lambda: time.perf_counter() - started,
        color=common.use_color(out),
    )


def _work_list(policy_set: PolicySet, call: common.Call, out: IO[str]) -> Writer:
    from pykala.report.worklist import WorkList

    wording = Wording(policy_set.vocabulary, call.lang, policy_set.register)
    return WorkList(out, wording, call.as_of, color=common.use_color(out))


def _exit_code(tally: Tally, fail_on: str) -> int:
    """Return 2 where the input was wrong, else 1 where something is at or above the level, else 0."""
    if tally.problems:
        return 2
    if fail_on == "never":
        return 0
    if fail_on == "unknown":
        return int(any(tally.verdicts[verdict] for verdict in TELLING))
    level = _WEIGHT[fail_on]
    return int(any(_WEIGHT[severity] >= level for severity in tally.deviations))
