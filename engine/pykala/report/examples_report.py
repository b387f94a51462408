"""What came of examples, and what they reach: as text, JSON and JUnit.

In: outcomes of examples, and a `Coverage`. Out: texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from pykala.policy.model import Lang
from pykala.quality.coverage import Coverage, Point, PointKind
from pykala.quality.examples import ExampleOutcome
from pykala.report.junit import Case, Suite, junit_xml

_KINDS: dict[PointKind, str] = {
    "rule": "rules judged",
    "exception": "exceptions that excuse",
    "version": "days on which a version changes",
    "condition": "conditions seen true and false",
}
SHOWN = 40


def examples_text(outcomes: Sequence[ExampleOutcome], lang: Lang) -> str:
    """Return the examples that fail, each with its place and what differs, and the count of all."""
    lines = []
    for outcome in outcomes:
        if outcome.passed:
            continue
        line, column = outcome.example.source.position(outcome.example.span.start)
        caption = outcome.example.caption.get(lang)
        lines.append(f"FAILED {outcome.policy.name} {outcome.rule.id} · {caption}".rstrip(" ·"))
        lines.append(f"  --> {outcome.example.source.path}:{line}:{column}")
        lines.append(f"  {outcome.detail}")
        lines.append("")
    failed = sum(1 for outcome in outcomes if not outcome.passed)
    rules = len({(outcome.policy.name, outcome.rule.id) for outcome in outcomes})
    lines.append(f"{len(outcomes) - failed} of {len(outcomes)} examples of {rules} rules pass")
    return "\n".join(lines) + "\n"


def coverage_text(found: Coverage) -> str:
    """Return what the examples do not reach, place by place, and the shares."""
    lines: list[str] = []
    missing = list(found.missing())
    for policy, points in groupby(missing[:SHOWN], key=lambda point: point.policy):
        lines.append(policy)
        lines += [f"  {line}" for point in points for line in _point_lines(point)]
    if len(missing) > SHOWN:
        lines.append(f"… and {len(missing) - SHOWN} more; --format json lists all")
    if lines:
        lines.append("")
    lines += [f"{_KINDS[kind]}: {found.share(kind)}" for kind in _KINDS]
    lines.append(f"in all: {found.share()}")
    return "\n".join(lines) + "\n"


def _point_lines(point: Point) -> Iterator[str]:
    what = {"rule": "rule", "exception": "exception", "version": "version", "condition": "condition"}[point.kind]
    never = {
        "rule": "is never judged",
        "exception": "never excuses",
        "version": f"has no example of {' and '.join(point.missing)}",
        "condition": f"is never {' nor '.join(point.missing)}",
    }[point.kind]
    text = point.text if len(point.text) <= 70 else f"{point.text[:69]}…"
    yield f"{point.file}:{point.line}:{point.column}: {what} `{text}` {never}"


def examples_json(outcomes: Iterable[ExampleOutcome], found: Coverage | None = None) -> str:
    """Return the outcomes, and what they reach where that was asked for."""

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

    body: dict[str, Any] = {"format": "pykala.examples/1", "examples": [row(outcome) for outcome in outcomes]}
    if found is not None:
        body["coverage"] = _coverage_json(found)
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _coverage_json(found: Coverage) -> dict[str, Any]:
    def share(kind: PointKind | None) -> dict[str, Any]:
        own = found.share(kind)
        return {"reached": own.reached, "total": own.total}

    return {
        "total": share(None),
        **{kind: share(kind) for kind in _KINDS},
        "missing": [
            {
                "kind": point.kind,
                "policy": point.policy,
                "rule": point.rule,
                "text": point.text,
                "missing": list(point.missing),
                "file": point.file,
                "line": point.line,
                "column": point.column,
            }
            for point in found.missing()
        ],
    }


def examples_junit(outcomes: Iterable[ExampleOutcome]) -> str:
    """Return the outcomes as JUnit XML: a suite for each version of a policy, a case for each example."""
    suites = []
    for name, group in groupby(outcomes, key=lambda outcome: outcome.policy.name):
        cases = []
        for outcome in group:
            line, _ = outcome.example.source.position(outcome.example.span.start)
            caption = outcome.example.caption.get("en")
            cases.append(
                Case(
                    classname=f"{outcome.policy.name}.{outcome.rule.id}",
                    name=f"{outcome.rule.id} #{outcome.number}" + (f" {caption}" if caption else ""),
                    outcome="passed" if outcome.passed else "error" if outcome.diagnostic else "failure",
                    message=outcome.detail,
                    text=f"{outcome.example.source.path}:{line}\n{outcome.detail}",
                    kind=outcome.diagnostic.code if outcome.diagnostic else "verdict",
                    file=outcome.example.source.path,
                    line=line,
                )
            )
        suites.append(Suite(name, tuple(cases)))
    return junit_xml("pykala test", suites)
