"""`pykala trace`: which rules answer what the sources state."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pykala.cli import common
from pykala.policy.model import Lang

if TYPE_CHECKING:
    from pykala.quality.trace import TraceRow


@click.command("trace")
@click.argument("source", required=False)
@common.policies_option
@common.lang_option
@common.format_option("text", "markdown", "csv", "json")
@common.output_option
@click.option(
    "--open", "only_open", is_flag=True, help="Only statements that want a rule and have none; exit code 1 if any."
)
def command(source: str | None, directory: Path, lang: Lang, fmt: str, output: Path | None, only_open: bool) -> None:
    """Print the matrix source → statement → rules → examples, of every SOURCE or of one."""
    from pykala.quality.trace import trace

    policy_set = common.load(directory)
    if source is not None and source not in policy_set.register.sources:
        from pykala_dsl.suggest import closest

        near = closest(source, policy_set.register.sources)
        known = ", ".join(policy_set.register.sources)
        common.fail(f"no source {source!r}", f"did you mean {near}?" if near else f"known: {known}")
    rows = [row for row in trace(policy_set) if source in (None, row.statement.source_id)]
    shown = [row for row in rows if row.is_open] if only_open else rows
    with common.open_output(output) as stream:
        match fmt:
            case "json":
                import json

                stream.write(json.dumps([_data(row) for row in shown], ensure_ascii=False, indent=2) + "\n")
            case "csv":
                import csv

                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow(["source", "statement", "checkable", "rules", "examples", "page", "says"])
                writer.writerows(_cells(row, lang) for row in shown)
            case "markdown":
                stream.write(_markdown(shown, lang))
                common.echo_unreviewed(lang, stream)
            case _:
                stream.write(_text(shown, lang) + _summary(rows) + "\n")
                common.echo_unreviewed(lang, stream)
    if only_open and shown:
        sys.exit(1)


def _data(row: TraceRow) -> dict[str, Any]:
    return {
        "source": row.statement.source_id,
        "statement": row.statement.id,
        "checkable": row.checkable,
        "rules": [rule.name for rule in row.rules],
        "page": row.page,
    }


def _cells(row: TraceRow, lang: Lang) -> list[str]:
    rules = " ".join(rule.name for rule in row.rules)
    examples = str(sum(rule.examples for rule in row.rules))
    says = row.statement.says.get(lang)
    return [row.statement.source_id, row.statement.id, row.checkable, rules, examples, row.page, says]


def _markdown(rows: Sequence[TraceRow], lang: Lang) -> str:
    lines = ["| statement | checkable | rules | examples | says |", "|---|---|---|--:|---|"]
    for row in rows:
        says = row.statement.says.get(lang).replace("|", "\\|")
        rules = "<br>".join(f"`{rule.name}`" for rule in row.rules) or "–"
        examples = sum(rule.examples for rule in row.rules)
        lines.append(f"| `{row.statement}` | {row.checkable} | {rules} | {examples} | {says} |")
    return "\n".join(lines) + "\n"


def _text(rows: Iterable[TraceRow], lang: Lang) -> str:
    lines = []
    for row in rows:
        mark = "!" if row.is_open else " "
        lines.append(f"{mark} {row.statement} · {row.checkable}")
        lines.append(f"    {row.statement.says.get(lang)}")
        for rule in row.rules:
            tagged = f", {rule.tagged} tagged" if rule.tagged else ""
            lines.append(f"    → {rule.name} ({rule.examples} examples{tagged})")
        lines.append("")
    return "\n".join(lines) + ("\n" if lines else "")


def _summary(rows: Sequence[TraceRow]) -> str:
    counts = Counter(row.checkable for row in rows)
    answered = sum(row.checkable != "no" and not row.is_open for row in rows)
    wanted = counts["yes"] + counts["partly"]
    return (
        f"{len(rows)} statements: {counts['yes']} checkable, {counts['partly']} partly, {counts['no']} not; "
        f"{answered} of {wanted} answered by rules"
    )
