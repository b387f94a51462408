"""`pykala diff`: what differs between two versions, in words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pykala.cli import common
from pykala.policy.model import Lang

if TYPE_CHECKING:
    from pykala.quality.sides import Side


@click.command("diff")
@click.argument("before")
@click.argument("after", default=".")
@common.policies_option
@click.option("--policy", "only", metavar="ID[@VERSION]", help="Compare this policy alone.")
@common.lang_option
@common.format_option("text", "markdown", "json")
@common.output_option
@click.option("--exit-code", is_flag=True, help="Exit with 1 where something differs.")
def command(
    before: str,
    after: str,
    directory: Path,
    only: str | None,
    lang: Lang,
    fmt: str,
    output: Path | None,
    exit_code: bool,
) -> None:
    """Print what differs between BEFORE and AFTER: rules, numbers, texts, dates, pages of the handbook.

    Each is POLICY@VERSION, a folder of policies, a revision of git (main, HEAD~1), or `.`, the policies as they are
    now, which is what AFTER is unless given. Another layout of the same file is no difference.
    """
    from pykala.quality.diff import RepositoryDiff, diff_policies, diff_repositories
    from pykala.report.diff_report import DiffWords, diff_json, diff_lines

    one, other = load_sides(before, after, directory)
    if one.version is not None and other.version is not None:
        found = diff_policies(one.version, other.version)
        diff = RepositoryDiff(() if found.is_empty else (found,))
    else:
        if only is not None and not any(
            only in (policy.id, policy.name) for side in (one, other) for policy in side.policies.policies
        ):
            common.find_policies(other.policies, only)
        diff = diff_repositories(one.policies, other.policies, policy=only)
    vocabularies = (one.policies.vocabulary, other.policies.vocabulary)
    with common.open_output(output) as stream:
        if fmt == "json":
            import json

            stream.write(json.dumps(diff_json(diff, *vocabularies), ensure_ascii=False, indent=2) + "\n")
        else:
            words = DiffWords(lang, *vocabularies)
            stream.writelines(
                f"{line}\n" for line in diff_lines(diff, words, "markdown" if fmt == "markdown" else "text")
            )
            common.echo_unreviewed(lang, stream)
    if exit_code and not diff.is_empty:
        sys.exit(1)


def load_sides(before: str, after: str, directory: Path) -> tuple[Side, Side]:
    """Return the two sides that a call names; what names nothing ends the call."""
    sides = common.side(before, directory), common.side(after, directory)
    if (sides[0].version is None) != (sides[1].version is None):
        common.fail(
            f"{before!r} and {after!r} cannot be compared",
            "name two versions, POLICY@VERSION, or two folders or revisions and --policy",
        )
    return sides
