"""`pykala impact`: whose verdicts a change turns, and why."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pykala.cli import common
from pykala.cli.diff_command import load_sides
from pykala.policy.model import Lang

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet
    from pykala.quality.impact import Reader
    from pykala.records.record import Found


@click.command("impact")
@click.argument("before")
@click.argument("after")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@common.policies_option
@click.option("--policy", "only", metavar="ID[@VERSION]", help="Judge by this policy alone.")
@common.as_of_option
@common.with_option
@common.kind_option
@common.parameters_option
@common.lang_option
@common.format_option("text", "markdown", "json")
@common.output_option
@click.option(
    "--expect",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The changes that are meant; any other makes the exit code 1.",
)
@click.option(
    "--write-expect", type=click.Path(path_type=Path), metavar="FILE", help="Write the changes found as such a file."
)
def command(
    before: str,
    after: str,
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
    expect: Path | None,
    write_expect: Path | None,
) -> None:
    """Judge RECORDs by BEFORE and by AFTER, and print whose verdicts differ, by rule and direction.

    Each side is POLICY@VERSION, a folder of policies, a revision of git, or `.`. Exit code: 0 where nothing changes but
    what --expect lists, 1 where something else does, 2 where something could not be read.
    """
    from pykala.quality.expected import expected_text, read_expected
    from pykala.quality.impact import Expected, ImpactSide, impact, unexpected
    from pykala.report.impact_report import ImpactWords, impact_json, impact_lines

    expected = read_expected(expect) if expect is not None else []
    one, other = load_sides(before, after, directory)
    if only is not None and one.version is not None:
        common.fail("--policy goes with folders and revisions", "two versions judge alone already; leave it out")
    sides = []
    for side in (one, other):
        policies = _with_parameters(side.policies, parameters)
        if only is not None:
            common.find_policies(policies, only)
        sides.append(ImpactSide(side.name, policies, side.version.name if side.version is not None else only))

    def reader(paths: Iterable[Path]) -> Reader:
        def read(policies: PolicySet) -> Iterable[Found]:
            from pykala.records.readers import iter_records

            return iter_records(paths, policies.vocabulary, kind=kind)

        return read

    found = impact(sides[0], sides[1], reader(records), common.today(as_of), others=reader(others) if others else None)
    surplus, missing = unexpected(found, expected)
    for problem in found.problems:
        common.print_problem(problem)
    labels = (sides[0].policies.vocabulary, sides[1].policies.vocabulary)
    with common.open_output(output) as stream:
        if fmt == "json":
            import json

            stream.write(json.dumps(impact_json(found, *labels, surplus, missing), ensure_ascii=False, indent=2) + "\n")
        else:
            words = ImpactWords(lang, *labels)
            lines = impact_lines(
                found, words, surplus, missing, declared=expect is not None, markdown=fmt == "markdown"
            )
            stream.writelines(f"{line}\n" for line in lines)
    if write_expect is not None:
        turns = [Expected(rule.name, turn.direction, len(turn.records)) for rule in found.rules for turn in rule.turns]
        with common.open_output(write_expect) as stream:
            stream.write(expected_text(turns))
    if found.problems:
        sys.exit(2)
    if surplus or missing:
        sys.exit(1)


def _with_parameters(policies: PolicySet, parameters: Path | None) -> PolicySet:
    if parameters is None:
        return policies
    from pykala.policy.overlay import apply_overlay

    return apply_overlay(policies, parameters)
