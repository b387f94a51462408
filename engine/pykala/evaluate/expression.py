"""One expression by itself: for language cases, for tools that try an expression, and for `applies_to`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from pykala.evaluate.facts import World
from pykala.evaluate.interpreter import NO_SOURCE, Interpreter
from pykala.evaluate.outcomes import NOTHING, Causes, Truth
from pykala.evaluate.recording import plain_value
from pykala.evaluate.result import Cause, OutcomeName
from pykala.evaluate.values import causes_of
from pykala.policy.model import EMPTY, Definition
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.source import Source, Span
from pykala_dsl.typesys import BoolType


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an expression comes to: outcomes for a yes/no one, else a value (None: not known), and what that hangs on."""

    outcomes: frozenset[OutcomeName] | None
    value: object | None
    causes: Causes
    due: datetime.date | None = None

    def surely(self, outcome: OutcomeName) -> bool:
        """Return whether this outcome alone is possible."""
        return self.outcomes == frozenset({outcome})


def evaluate_expression(
    expr: core.Expr,
    records: Mapping[str, Record],
    as_of: datetime.date,
    *,
    definitions: Mapping[str, core.Expr] = EMPTY,
    parameters: Mapping[str, core.Value | None] = EMPTY,
    readings: Mapping[str, tuple[Sequence[str], str | None]] = EMPTY,
    subject: str | None = None,
    source: Source = NO_SOURCE,
) -> Evaluation:
    """Return the outcomes or the value of an expression on the records, by kind; the first is the subject unless one is named.

    A reading is its options and the chosen one; an open one (None) is tried with every option, and what these
    give is united.
    """
    named = {name: Definition(name, each, source, Span(0, 0)) for name, each in definitions.items()}
    world = World(subject or next(iter(records), ""), records, as_of, named, named, parameters)
    used = readings_in([expr], definitions, definitions)
    still_open = [name for name, (_, chosen) in readings.items() if chosen is None and name in used]
    fixed = {name: chosen for name, (_, chosen) in readings.items() if chosen is not None}
    found = []
    for options in product(*(readings[name][0] for name in still_open)):
        tried = dict(zip(still_open, options, strict=True))
        run = Interpreter(world, {**fixed, **tried}, source=source)
        found.append((tried, _evaluate(run, expr)))
    return _united(found)


def readings_in(
    exprs: Iterable[core.Expr | core.Binder],
    definitions: Mapping[str, core.Expr],
    rule_definitions: Mapping[str, core.Expr],
) -> set[str]:
    """Return the readings that expressions ask for, directly or through definitions."""
    found: set[str] = set()
    seen: set[tuple[str, bool]] = set()
    todo = list(exprs)
    while todo:
        for expr in core.walk(todo.pop()):
            if isinstance(expr, core.ReadingRead):
                found.add(expr.name)
            elif isinstance(expr, core.DefinitionRead) and (expr.name, expr.in_rule) not in seen:
                seen.add((expr.name, expr.in_rule))
                todo.append((rule_definitions if expr.in_rule else definitions)[expr.name])
    return found


def _evaluate(run: Interpreter, expr: core.Expr) -> Evaluation:
    if isinstance(expr.type, BoolType):
        truth: Truth = run.truth(expr)
        return Evaluation(truth.outcomes, None, truth.causes, truth.due)
    thing = run.value(expr)
    value = plain_value(thing)
    return Evaluation(None, value, causes_of(thing))


def _united(found: list[tuple[dict[str, str], Evaluation]]) -> Evaluation:
    first = found[0][1]
    if all(each == first for _, each in found):
        return first
    causes = NOTHING.union(*(each.causes for _, each in found))
    for name in found[0][0]:
        groups: dict[tuple[tuple[str, str], ...], set[tuple[object, object]]] = {}
        for tried, each in found:
            rest = tuple(item for item in tried.items() if item[0] != name)
            groups.setdefault(rest, set()).add((each.outcomes, each.value))
        if any(len(values) > 1 for values in groups.values()):
            causes |= {Cause("reading", name)}
    if first.outcomes is None:
        same = all(each.value == first.value for _, each in found)
        return Evaluation(None, first.value if same else None, causes)
    outcomes: frozenset[OutcomeName] = frozenset().union(*(each.outcomes or () for _, each in found))
    due = min((each.due for _, each in found if each.due), default=None)
    return Evaluation(outcomes, None, causes if len(outcomes) > 1 else NOTHING, due)
