"""Findings that a policy file does not want to hear of: each suppression has a reason and a last day.

In: findings and the policies they are of. Out: the findings that remain, and what is wrong with the suppressions: one
whose last day has passed holds no longer, and one that holds nothing back is to be removed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pykala.policy.model import Definition, Parameter, Policy, Reading, Rule, Suppression
from pykala_dsl.diagnostics import Diagnostic, Label, sort_diagnostics
from pykala_dsl.source import Source

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet


def apply_suppressions(
    findings: Iterable[Diagnostic], policies: PolicySet, as_of: datetime.date | None
) -> list[Diagnostic]:
    """Return what is left of findings on a date; None: whatever the last day of a suppression."""
    suppressed = {policy.source: policy for policy in (*policies.policies, *policies.libraries) if policy.suppressions}
    if not suppressed:
        return list(findings)
    used: set[tuple[Source, Suppression]] = set()
    left: list[Diagnostic] = []
    places = {source: _places(policy) for source, policy in suppressed.items()}
    for finding in findings:
        policy = suppressed.get(finding.source)
        found = None if policy is None else _fitting(finding, policy, places[finding.source])
        if found is None:
            left.append(finding)
            continue
        used.add((finding.source, found))
        if as_of is not None and found.until < as_of:
            left.append(finding)
    for source, policy in suppressed.items():
        for item in policy.suppressions:
            left += _about(item, source, (source, item) in used, as_of)
    return sort_diagnostics(left)


def _fitting(finding: Diagnostic, policy: Policy, places: Mapping[str, tuple[int, int]]) -> Suppression | None:
    if finding.severity == "error":
        return None
    for item in policy.suppressions:
        if item.check != finding.code:
            continue
        if item.at is None:
            return item
        start, end = places.get(item.at, (-1, -1))
        if start <= finding.span.start < end:
            return item
    return None


def _about(item: Suppression, source: Source, used: bool, as_of: datetime.date | None) -> list[Diagnostic]:
    label = (Label(item.span),)
    if not used:
        hint = "remove it, or correct `check` and `at`"
        message = f"nothing is found that `{item.check}` would be said of"
        return [Diagnostic("unused-suppression", message, source, label, hint, "warning")]
    if as_of is not None and item.until < as_of:
        hint = "mend what it holds back, or give it a new reason and a later day"
        return [Diagnostic("expired-suppression", f"the last day was {item.until}", source, label, hint, "warning")]
    return []


def _places(policy: Policy) -> dict[str, tuple[int, int]]:
    """Return where each named entry of a file begins, and where the next one does."""
    entries: list[tuple[str, Rule | Parameter | Reading | Definition]] = [
        *((rule.id, rule) for rule in policy.rules),
        *policy.parameters.items(),
        *policy.readings.items(),
        *policy.definitions.items(),
    ]
    own = sorted((entry.span.start, name) for name, entry in entries if entry.source == policy.source)
    ends = [start for start, _ in own[1:]] + [len(policy.source.text)]
    return {name: (start, end) for (start, name), end in zip(own, ends, strict=True)}
