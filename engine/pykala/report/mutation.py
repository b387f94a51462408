"""What mutation found, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pykala.quality.mutate.changes import CLASSES, EXACT
from pykala.quality.mutate.run import MutantResult, RuleMutation, Stale, Thresholds, score_of

FORMAT = "pykala.mutation/1"


def mutation_text(rules: Sequence[RuleMutation], thresholds: Thresholds) -> str:
    """Return the mutants that live, rule by rule, then the scores."""
    lines: list[str] = []
    for rule in rules:
        if rule.failing:
            numbers = ", ".join(f"#{number}" for number in rule.failing)
            lines += [f"{rule.name} · not tried: example {numbers} fails on the rule itself; see `pykala test`", ""]
            continue
        living = [result for result in rule.results if result.status in ("survived", "untagged")]
        if living or rule.stale:
            lines.append(f"{rule.name} · {score_of([rule])}")
            shown: set[int] = set()
            lines += [line for one in living for line in _living(rule, one, shown)]
            lines += [line for stale in rule.stale for line in _stale(stale)]
            lines.append("")
    return "\n".join([*lines, *_scores(rules, thresholds)]) + "\n"


def _living(rule: RuleMutation, result: MutantResult, shown: set[int]) -> Iterator[str]:
    """Yield what lives and where it stands, and the example that would notice it, where it is the first that needs it."""
    yield f"  {result.kind}: {result.name}"
    yield f"    --> {result.file}:{result.line}:{result.column}"
    if result.status == "untagged":
        yield f"    example #{result.by} notices it, but none with `tests: {' or '.join(result.wanted)}`"
    if result.proposal is None:
        if result.searched:
            yield "    no record was found that tells it from the rule: perhaps there is none"
        return
    if result.proposal in shown:
        yield f"    proposal {result.proposal + 1} above would notice it"
        return
    shown.add(result.proposal)
    yield f"    proposal {result.proposal + 1}, to paste under `examples:`"
    yield from (f"      {line}" for line in rule.proposals[result.proposal].split("\n"))


def _stale(stale: Stale) -> Iterator[str]:
    why = "an example notices it" if stale.noticed else "the rule has no such mutant"
    yield f"  under `equivalent`, but {why}: {stale.mutant}"
    yield f"    --> {stale.file}:{stale.line}:{stale.column}"


def _scores(rules: Sequence[RuleMutation], thresholds: Thresholds) -> Iterator[str]:
    for name, group in groupby(rules, lambda rule: f"{rule.policy}@{rule.version}"):
        own = list(group)
        verdict = "  below the threshold" if thresholds.missed(own) else ""
        yield f"{name:<34} exact {score_of(own, exact=True)!s:<16} rest {score_of(own, exact=False)!s:<16}{verdict}".rstrip()
    yield ""
    yield " · ".join(f"{kind} {score}" for kind in CLASSES if (score := score_of(rules, kind=kind)).total)
    yield f"{score_of(rules)} of the mutants of {len(rules)} rules are killed"


def mutation_json(rules: Sequence[RuleMutation], thresholds: Thresholds) -> str:
    """Return everything that came of the mutants as JSON."""
    body = {
        "format": FORMAT,
        "thresholds": {"exact": thresholds.exact, "rest": thresholds.rest},
        "rules": [_rule(rule) for rule in rules],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: RuleMutation) -> dict[str, Any]:
    return {
        "policy": rule.policy,
        "version": rule.version,
        "rule": rule.rule,
        "failing_examples": list(rule.failing),
        "left_out": rule.left_out,
        "stale": [
            {
                "mutant": stale.mutant,
                "noticed": stale.noticed,
                "file": stale.file,
                "line": stale.line,
                "column": stale.column,
            }
            for stale in rule.stale
        ],
        "mutants": [
            {
                "mutant": result.name,
                "class": result.kind,
                "exact": result.kind in EXACT,
                "status": result.status,
                "example": result.by,
                "wanted": list(result.wanted),
                "file": result.file,
                "line": result.line,
                "column": result.column,
                "proposal": None if result.proposal is None else rule.proposals[result.proposal],
            }
            for result in rule.results
        ],
    }
