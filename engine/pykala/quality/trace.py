"""The matrix of sources and rules: which rules answer each statement of the register, with how many examples.

In: checked policies. Out: a row for each statement, in the order of the register.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pykala.handbook.addresses import statement_place
from pykala.policy.sources import Checkable, Statement
from pykala_dsl.source import Source

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet


@dataclass(frozen=True, slots=True)
class TracedRule:
    """A rule that cites a statement: `policy/rule`, and its examples; `tagged` counts those that name the statement."""

    name: str
    examples: int
    tagged: int


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A statement and what answers it. `page` is where the handbook tells of it."""

    statement: Statement
    rules: tuple[TracedRule, ...]

    @property
    def checkable(self) -> Checkable:
        """Return whether records can decide it: `yes`, `partly` or `no`."""
        return self.statement.checkable

    @property
    def page(self) -> str:
        """Return the place of the statement in the handbook, from its top folder."""
        return statement_place(self.statement.source_id, self.statement.id)

    @property
    def is_open(self) -> bool:
        """Return whether the statement wants a rule and has none."""
        return self.checkable != "no" and not self.rules


def trace(policies: PolicySet) -> list[TraceRow]:
    """Return a row for each statement of the register, in its order; rules in the order of the policies."""
    answers: dict[tuple[str, str], list[TracedRule]] = {}
    for key, rule in _cited(policies):
        answers.setdefault(key, []).append(rule)
    return [TraceRow(item, tuple(answers.get(key, ()))) for key, item in policies.register.statements.items()]


def _cited(policies: PolicySet) -> Iterator[tuple[tuple[str, str], TracedRule]]:
    seen: set[tuple[str, Source, int]] = set()
    for policy in policies.policies:
        for rule in policy.rules:
            # A rule that a version takes over from another is one rule.
            place = (f"{policy.id}/{rule.id}", rule.source, rule.span.start)
            if place in seen:
                continue
            seen.add(place)
            for citation in dict.fromkeys(rule.cite):
                tagged = sum(citation in example.tests for example in rule.examples)
                traced = TracedRule(f"{policy.id}/{rule.id}", len(rule.examples), tagged)
                yield (citation.source, citation.statement), traced
