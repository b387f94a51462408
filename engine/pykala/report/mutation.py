"""What mutation found: text for people, JSON, and the forms that machines annotate files with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Literal, TypeAlias

from pykala.quality.mutate.changes import CLASSES, EXACT
from pykala.quality.mutate.run import MutantResult, RuleMutation, Stale, Thresholds, living, score_of
from pykala.report.findings import Finding

FORMAT = "pykala.mutation/1"
Form: TypeAlias = Literal["text", "json", "junit", "sarif", "github", "markdown"]
FORMS: tuple[Form, ...] = ("text", "json", "junit", "sarif", "github", "markdown")


def mutation_report(form: Form, rules: Sequence[RuleMutation], thresholds: Thresholds) -> str:
    """Return what mutation found in a form."""
    match form:
        case "text":
            return mutation_text(rules, thresholds)
        case "json":
            return mutation_json(rules, thresholds)
        case "junit":
            return _junit(rules)
        case "sarif":
            from pykala.report.sarif import sarif_text

            return sarif_text(list(of_mutation(rules)))
        case "github":
            from pykala.report.github import annotation

            return "".join(f"{annotation(item)}\n" for item in of_mutation(rules))
        case "markdown":
            return "".join(f"{line}\n" for line in _markdown(rules, thresholds))


# ---------------------------------------------------------------------- text


def mutation_text(rules: Sequence[RuleMutation], thresholds: Thresholds) -> str:
    """Return the mutants that live, rule by rule, then the scores."""
    lines: list[str] = []
    for rule in rules:
        if rule.failing:
            lines += [f"{rule.name} · {_not_tried(rule)}", ""]
        elif living(rule) or rule.stale:
            lines.append(f"{rule.name} · {score_of([rule])}")
            shown: set[int] = set()
            lines += [line for one in living(rule) for line in _living(rule, one, shown)]
            lines += [line for stale in rule.stale for line in _stale(stale)]
            lines.append("")
    return "\n".join([*lines, *_scores(rules, thresholds)]) + "\n"


def _not_tried(rule: RuleMutation) -> str:
    numbers = ", ".join(f"#{number}" for number in rule.failing)
    word = "example" if len(rule.failing) == 1 else "examples"
    return f"not tried: the rule does not answer as {word} {numbers} says; see `pykala test`"


def _living(rule: RuleMutation, result: MutantResult, shown: set[int]) -> Iterator[str]:
    """Yield what lives and where it stands, and the example that would notice it, where it is the first that needs it."""
    yield f"  {result.kind}: {result.name}"
    yield f"    --> {result.file}:{result.line}:{result.column}"
    if result.status == "untagged":
        yield f"    {_untagged(result)}"
    if result.proposal is None:
        if result.searched:
            yield f"    {_NOT_FOUND}"
        return
    if result.proposal in shown:
        yield f"    proposal {result.proposal + 1} above would notice it"
        return
    shown.add(result.proposal)
    yield f"    proposal {result.proposal + 1}, to paste under `examples:`"
    yield from (f"      {line}" for line in rule.proposals[result.proposal].split("\n"))


_NOT_FOUND = "no record was found that tells it from the rule: perhaps there is none"


def _untagged(result: MutantResult) -> str:
    return f"example #{result.by} notices it, but none with `tests: {' or '.join(result.wanted)}`"


def _stale(stale: Stale) -> Iterator[str]:
    yield f"  under `equivalent`, {_why_stale(stale)}: {stale.mutant}"
    yield f"    --> {stale.file}:{stale.line}:{stale.column}"


def _why_stale(stale: Stale) -> str:
    return "but an example notices it" if stale.noticed else "but the rule has no such mutant, or it is proved already"


def _scores(rules: Sequence[RuleMutation], thresholds: Thresholds) -> Iterator[str]:
    for name, own in _by_policy(rules):
        verdict = "  below the threshold" if thresholds.missed(own) else ""
        exact, rest = score_of(own, exact=True), score_of(own, exact=False)
        yield f"{name:<34} exact {exact!s:<16} rest {rest!s:<18}{verdict}".rstrip()
    yield ""
    yield " · ".join(f"{kind} {score}" for kind in CLASSES if (score := score_of(rules, kind=kind)).total)
    yield _summary(rules)


def _summary(rules: Sequence[RuleMutation]) -> str:
    left_out = sum(rule.left_out for rule in rules)
    explained = sum(result.status == "equivalent" for rule in rules for result in rule.results)
    parts = [f"{left_out} more are provably no change, or the same as another"] if left_out else []
    parts += [f"{explained} are explained under `equivalent`"] if explained else []
    return "; ".join([f"{score_of(rules)} of the mutants of {len(rules)} rules are killed", *parts])


def _by_policy(rules: Sequence[RuleMutation]) -> Iterator[tuple[str, list[RuleMutation]]]:
    for name, group in groupby(rules, lambda rule: f"{rule.policy}@{rule.version}"):
        yield name, list(group)


# ---------------------------------------------------------------------- JSON


def mutation_json(rules: Sequence[RuleMutation], thresholds: Thresholds) -> str:
    """Return everything that came of the mutants as JSON."""
    body = {
        "format": FORMAT,
        "thresholds": {"exact": thresholds.exact, "rest": thresholds.rest},
        "policies": [_policy(own, thresholds) for _, own in _by_policy(rules)],
        "rules": [_rule(rule) for rule in rules],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _policy(own: Sequence[RuleMutation], thresholds: Thresholds) -> dict[str, Any]:
    def score(exact: bool) -> dict[str, int]:
        found = score_of(own, exact=exact)
        return {"killed": found.killed, "total": found.total}

    return {
        "policy": own[0].policy,
        "version": own[0].version,
        "exact": score(exact=True),
        "rest": score(exact=False),
        "reached": not thresholds.missed(own),
    }


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


# ---------------------------------------------------------------------- for machines that annotate


def of_mutation(rules: Sequence[RuleMutation]) -> Iterator[Finding]:
    """Yield what lives, reasons that are not needed, and rules that could not be tried, as findings."""
    for rule in rules:
        subject = f"{rule.policy}@{rule.version}/{rule.rule}"
        if rule.failing:
            yield Finding(
                rule="failed-example",
                title="an example has another verdict than it expects",
                level="error",
                message=f"{rule.rule}: {_not_tried(rule)}",
                file=rule.file,
                line=rule.line,
                subject=subject,
            )
        for result in living(rule):
            yield Finding(
                rule=f"mutant-{result.kind}",
                title=f"no example notices a change ({result.kind})",
                level="error" if result.kind in EXACT else "warning",
                message=f"{rule.rule}: {_what_lives(result)}",
                file=result.file,
                line=result.line,
                column=result.column,
                help=_help(rule, result),
                subject=f"{subject} {result.name}",
            )
        for stale in rule.stale:
            yield Finding(
                rule="stale-equivalent",
                title="a reason under `equivalent` is not needed",
                level="error",
                message=f"{rule.rule}: `{stale.mutant}` stands under `equivalent`, {_why_stale(stale)}",
                file=stale.file,
                line=stale.line,
                column=stale.column,
                subject=f"{subject} {stale.mutant}",
            )


def _what_lives(result: MutantResult) -> str:
    if result.status == "untagged":
        return f"{result.name}: {_untagged(result)}"
    return f"no example notices the change {result.name}"


def _help(rule: RuleMutation, result: MutantResult) -> str:
    if result.proposal is not None:
        return f"paste under `examples:`\n{rule.proposals[result.proposal]}"
    return _NOT_FOUND if result.searched else ""


def _junit(rules: Sequence[RuleMutation]) -> str:
    from pykala.report.junit import Case, Suite, junit_xml

    def case(rule: RuleMutation, result: MutantResult) -> Case:
        where = f"{rule.policy}@{rule.version}.{rule.rule}"
        if result.status in ("killed", "equivalent"):
            return Case(where, result.name, file=result.file, line=result.line)
        return Case(
            where,
            result.name,
            "failure",
            _what_lives(result),
            _help(rule, result),
            result.kind,
            result.file,
            result.line,
        )

    def others(rule: RuleMutation) -> Iterator[Case]:
        where = f"{rule.policy}@{rule.version}.{rule.rule}"
        if rule.failing:
            yield Case(where, "examples", "error", _not_tried(rule), "", "failed-example", rule.file, rule.line)
        for stale in rule.stale:
            message = f"under `equivalent`, {_why_stale(stale)}"
            yield Case(where, stale.mutant, "failure", message, "", "stale-equivalent", stale.file, stale.line)

    suites = [
        Suite(name, tuple(each for rule in own for each in (*(case(rule, r) for r in rule.results), *others(rule))))
        for name, own in _by_policy(rules)
    ]
    return junit_xml("pykala test --mutate", suites)


def _markdown(rules: Sequence[RuleMutation], thresholds: Thresholds) -> Iterator[str]:
    from pykala.report.markdown_report import escaped, findings_markdown

    yield from findings_markdown("pykala test --mutate", list(of_mutation(rules)), escaped(_summary(rules)))
    yield ""
    yield "| policy | numbers, dates, strictness, exceptions | the rest | |"
    yield "|---|--:|--:|---|"
    for name, own in _by_policy(rules):
        verdict = "below" if thresholds.missed(own) else ""
        yield f"| {escaped(name)} | {score_of(own, exact=True)} | {score_of(own, exact=False)} | {verdict} |"
    for rule in rules:
        if rule.proposals:
            yield from ("", f"Examples for {escaped(rule.name)}:", "", "```yaml")
            yield from (line for proposal in rule.proposals for line in proposal.split("\n"))
            yield "```"
