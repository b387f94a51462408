"""`pykala due`: what falls due when."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pykala.cli import common
from pykala.report.due import DueReport
from pykala.report.tally import Tally
from pykala.report.text import Wording


@click.command("due")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@common.judging
@common.format_option("text", "json")
def command(records: tuple[Path, ...], call: common.Call, fmt: str) -> None:
    """List the duties of RECORDs that are still open, the soonest first."""
    policy_set = call.load()
    found = call.check(policy_set, records, reasons=False)
    tally = Tally()
    with common.open_output(call.output) as stream:
        wording = Wording(policy_set.vocabulary, call.lang, policy_set.register)
        report = DueReport(stream, wording, call.as_of, as_json=fmt == "json", color=common.use_color(stream))
        for each in found:
            tally.take(each)
            report.take(each)
        report.end(tally)
    if tally.problems:
        sys.exit(2)
