"""`pykala test`: the examples of the policies as tests."""

from __future__ import annotations

import fnmatch
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pykala.cli import common, mutation
from pykala.policy.model import Lang, Policy, Rule

if TYPE_CHECKING:
    from pykala.quality.examples import ExampleOutcome


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common.policies_option
@common.lang_option
@click.option("--run", "pattern", help="Run only rules whose `policy/rule` fits this pattern (`work-trial/day-*`).")
@mutation.mutation_options
@common.format_option("text", "json")
@common.output_option
def command(
    paths: tuple[Path, ...],
    directory: Path,
    lang: Lang,
    pattern: str | None,
    fmt: str,
    output: Path | None,
    mutate: bool,
    **mutation_options: Any,
) -> None:
    """Run the examples of every rule. Exit code: 0 each has the verdict it expects, 1 one has not."""
    from pykala.quality.examples import run_examples

    if len(paths) == 1 and (paths[0] / "records").is_dir():
        directory, paths = paths[0], ()
    policy_set = common.load(directory)

    def wanted(policy: Policy, rule: Rule) -> bool:
        return _wanted(policy, rule, paths, pattern)

    if mutate:
        mutation.run(policy_set, wanted, pattern=pattern, fmt=fmt, output=output, **mutation_options)
        return
    outcomes = [outcome for outcome in run_examples(policy_set) if wanted(outcome.policy, outcome.rule)]
    if pattern is not None and not outcomes:
        common.fail(f"no example of a rule fits {pattern!r}", "write policy/rule, for example `work-trial/day-*`")
    with common.open_output(output) as stream:
        stream.write(_json(outcomes) if fmt == "json" else _text(outcomes, lang))
    if any(not outcome.passed for outcome in outcomes):
        sys.exit(1)


def _wanted(policy: Policy, rule: Rule, paths: tuple[Path, ...], pattern: str | None) -> bool:
    if pattern is not None and not fnmatch.fnmatchcase(f"{policy.id}/{rule.id}", pattern):
        return False
    own = Path(rule.source.path).resolve()
    return not paths or any(own.is_relative_to(path.resolve()) for path in paths)


def _text(outcomes: list[ExampleOutcome], lang: Lang) -> str:
    lines = []
    for outcome in outcomes:
        if outcome.passed:
            continue
        line, column = outcome.example.source.position(outcome.example.span.start)
        lines.append(
            f"FAILED {outcome.policy.name} {outcome.rule.id} · {outcome.example.caption.get(lang)}".rstrip(" ·")
        )
        lines.append(f"  --> {outcome.example.source.path}:{line}:{column}")
        lines.append(f"  {outcome.detail}")
        lines.append("")
    failed = sum(1 for outcome in outcomes if not outcome.passed)
    rules = len({(outcome.policy.name, outcome.rule.id) for outcome in outcomes})
    lines.append(f"{len(outcomes) - failed} of {len(outcomes)} examples of {rules} rules pass")
    return "\n".join(lines) + "\n"


def _json(outcomes: list[ExampleOutcome]) -> str:
    import json

    def row(outcome: ExampleOutcome) -> dict[str, Any]:
        line, column = outcome.example.source.position(outcome.example.span.start)
        return {
            "policy": outcome.policy.id,
            "version": outcome.policy.version,
            "rule": outcome.rule.id,
            "file": outcome.example.source.path,
            "line": line,
            "column": column,
            "expected": list(outcome.expected),
            "got": list(outcome.got),
            "passed": outcome.passed,
            "detail": outcome.detail,
        }

    body = {"format": "pykala.examples/1", "examples": [row(outcome) for outcome in outcomes]}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
