"""Watching a rule and its mutant on one record: how far from the change their evaluations differ.

The expressions around a change are ranked by their distance from the verdict: a part of the rule has rank 0, what
stands in it 1, and so on; definitions come after the parts. The lower the rank at which the two differ, the nearer a
record is to one that tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from pykala.evaluate.facts import Notes
from pykala.evaluate.interpreter import Interpreter
from pykala.evaluate.outcomes import Truth
from pykala.evaluate.rules import judge_rule
from pykala.evaluate.values import Thing, known
from pykala.policy.model import Policy, Rule, Verdict
from pykala.quality.examples import ExampleRecords
from pykala.quality.mutate.mutants import Mutant
from pykala_dsl import core

NOT_REACHED: Final = 1_000_000
_IN_DEFINITION: Final = 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict as an example can expect it: for each element the verdict, the exception and the day it falls due."""

    verdicts: tuple[Verdict, ...]
    exceptions: tuple[str | None, ...]


@dataclass(slots=True)
class Seen:
    """What one evaluation came to: its answer, the outcomes of the watched expressions by rank, the values compared."""

    answer: Answer
    outcomes: Mapping[tuple[int, int], list[object]]
    compared: list[tuple[core.Value, core.Value]]
    steps: int
    """How many expressions were evaluated."""


@dataclass(slots=True)
class Watch:
    """The ranked expressions of a rule and of its mutant, by identity."""

    own: dict[int, tuple[int, int]] = field(default_factory=dict)
    changed: dict[int, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy, rule: Rule, mutant: Mutant) -> Watch:
        """Return what to watch for a mutant of a rule."""
        watch = cls()
        touched = _touched(policy, rule, mutant)
        for at, (one, other) in enumerate(_pairs(policy, rule, mutant)):
            watch._add(one, other, touched, 0 if at < _PARTS + len(rule.unless) else _IN_DEFINITION, at)
        return watch

    def _add(self, one: core.Expr, other: core.Expr, touched: set[tuple[str, str]], rank: int, at: int) -> None:
        if one is other and not _reads_touched(one, touched):
            return
        key = (rank, at)
        self.own[id(one)] = key
        self.changed[id(other)] = key
        pairs = list(zip(core.children(one), core.children(other), strict=False))
        if type(one) is type(other) and len(pairs) == len(list(core.children(one))) == len(list(core.children(other))):
            for number, (inner, changed) in enumerate(pairs):
                self._add(inner, changed, touched, rank + 1, at * 100 + number)


def see(rule: Rule, policy: Policy, made: ExampleRecords, ranks: Mapping[int, tuple[int, int]]) -> Seen:
    """Return what a rule comes to on the records of an example, watching the ranked expressions."""
    outcomes: dict[tuple[int, int], list[object]] = {}
    notes = _Comparisons()
    watching = partial(_Watching, ranks=ranks, outcomes=outcomes, comparisons=notes)
    results = judge_rule(rule, policy, made.records, made.as_of, interpreter=watching)
    answer = Answer(tuple(each.verdict for each in results), tuple(each.exception for each in results))
    return Seen(answer, outcomes, notes.pairs, notes.steps)


def distance(own: Seen, changed: Seen) -> int:
    """Return the lowest rank at which two evaluations differ."""
    ranks = [
        key[0]
        for key, outcomes in own.outcomes.items()
        if key in changed.outcomes and outcomes != changed.outcomes[key]
    ]
    return min(ranks, default=NOT_REACHED)


class _Comparisons(Notes):
    """Keeps the known values that were compared with one another, and counts the steps."""

    __slots__ = ("pairs", "steps")

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[core.Value, core.Value]] = []
        self.steps = 0

    def compared(self, one: Thing, other: Thing) -> None:
        left, right = known(one), known(other)
        if left is not None and right is not None:
            self.pairs.append((left, right))


class _Watching(Interpreter):
    """Evaluates every operand, and keeps what became of the ranked expressions."""

    thorough = True

    def __init__(
        self,
        *world: Any,
        ranks: Mapping[int, tuple[int, int]],
        outcomes: dict[tuple[int, int], list[object]],
        comparisons: _Comparisons,
        **others: Any,
    ) -> None:
        super().__init__(*world, **{**others, "notes": comparisons})
        self._ranks, self._outcomes, self._comparisons = ranks, outcomes, comparisons

    def truth(self, expr: core.Expr) -> Truth:
        self._comparisons.steps += 1
        found = super().truth(expr)
        key = self._ranks.get(id(expr))
        if key is not None:
            self._outcomes.setdefault(key, []).append(found.mask)
        return found

    def value(self, expr: core.Expr) -> Thing:
        self._comparisons.steps += 1
        found = super().value(expr)
        key = self._ranks.get(id(expr))
        if key is not None:
            self._outcomes.setdefault(key, []).append(found)
        return found


# ---------------------------------------------------------------------- what a change touches

_PARTS: Final = 4


def _pairs(policy: Policy, rule: Rule, mutant: Mutant) -> Iterator[tuple[core.Expr, core.Expr]]:
    """Yield the expressions of a rule beside the mutant's: the parts that both have, then the definitions."""
    nothing = core.Constant(True, rule.require.type, rule.span)
    others = {item.name: item.condition for item in mutant.rule.unless}
    yield _filter(rule, nothing), _filter(mutant.rule, nothing)
    yield rule.when or nothing, mutant.rule.when or nothing
    yield rule.require, mutant.rule.require
    yield rule.pending_while or nothing, mutant.rule.pending_while or nothing
    for item in rule.unless:
        yield item.condition, others.get(item.name, item.condition)
    for name, definition in rule.definitions.items():
        yield definition.expr, mutant.rule.definitions[name].expr
    for name, definition in policy.definitions.items():
        yield definition.expr, mutant.policy.definitions[name].expr


def _filter(rule: Rule, nothing: core.Expr) -> core.Expr:
    return nothing if rule.for_each is None else rule.for_each.where or nothing


def _touched(policy: Policy, rule: Rule, mutant: Mutant) -> set[tuple[str, str]]:
    """Return the names through which a change reaches other expressions: definitions, parameters, readings."""
    touched = {
        ("parameter", name)
        for name, parameter in policy.parameters.items()
        if mutant.policy.parameters[name] is not parameter
    }
    touched |= {
        ("reading", name) for name, reading in policy.readings.items() if mutant.policy.readings[name] is not reading
    }
    own, shared = rule.definitions, policy.definitions
    touched |= {("own", name) for name, each in own.items() if mutant.rule.definitions[name] is not each}
    touched |= {("define", name) for name, each in shared.items() if mutant.policy.definitions[name] is not each}
    grew = bool(touched)
    while grew:
        more = {("own", name) for name, each in own.items() if _reads_touched(each.expr, touched)}
        more |= {("define", name) for name, each in shared.items() if _reads_touched(each.expr, touched)}
        grew = not more <= touched
        touched |= more
    return touched


def _reads_touched(expr: core.Expr, touched: set[tuple[str, str]]) -> bool:
    return bool(touched) and any(_name_read(part) in touched for part in core.walk(expr))


def _name_read(expr: core.Expr) -> tuple[str, str] | None:
    match expr:
        case core.ParameterRead(name):
            return "parameter", name
        case core.ReadingRead(name):
            return "reading", name
        case core.DefinitionRead(name, in_rule):
            return ("own" if in_rule else "define"), name
        case _:
            return None
