"""`pykala due`: what falls due when."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pykala.cli import common


@click.command("due")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@common.judging
@common.format_option("text", "json")
def command(records: tuple[Path, ...], call: common.Call, fmt: str) -> None:
    """List the duties of RECORDs that are still open, the soonest first."""
    policy_set = call.load()
    report = call.check(policy_set, records, reasons=False)
    common.print_problems(report.problems)
    with common.open_output(call.output) as stream:
        if fmt == "json":
            import json

            from pykala.report.due import due_json

            stream.write(json.dumps(due_json(report), ensure_ascii=False, indent=2) + "\n")
        else:
            from pykala.report.due import write_due
            from pykala.report.text import Wording

            wording = Wording(policy_set.vocabulary, call.lang, policy_set.register)
            write_due(report, wording, stream, color=common.use_color(stream))
    if report.problems:
        sys.exit(2)
