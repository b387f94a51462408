"""`pykala due`: what falls due when."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from pykala.cli import common
from pykala.policy.model import Lang


@click.command("due")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@common.policies_option
@common.policy_option
@common.as_of_option
@common.with_option
@common.kind_option
@common.parameters_option
@common.lang_option
@common.format_option("text", "json")
@common.output_option
def command(
    records: tuple[Path, ...],
    directory: Path,
    only: str | None,
    as_of: datetime.date | None,
    others: tuple[Path, ...],
    kind: str | None,
    parameters: Path | None,
    lang: Lang,
    fmt: str,
    output: Path | None,
) -> None:
    """List the duties of RECORDs that are still open, the soonest first."""
    policy_set = common.load(directory, parameters=parameters, only=only)
    report = common.check(policy_set, records, common.today(as_of), others=others, only=only, kind=kind, reasons=False)
    common.print_problems(report.problems)
    with common.open_output(output) as stream:
        if fmt == "json":
            import json

            from pykala.report.due import due_json

            stream.write(json.dumps(due_json(report), ensure_ascii=False, indent=2) + "\n")
        else:
            from pykala.report.due import write_due
            from pykala.report.text import Wording

            wording = Wording(policy_set.vocabulary, lang, policy_set.register)
            write_due(report, wording, stream, color=common.use_color(stream))
    if report.problems:
        sys.exit(2)
