"""What the examples of policies reach: rules, exceptions, the days on which versions change, and each condition both ways.

In: checked policies. Out: a `Point` for each thing that examples can reach, with what was seen of it. Conditions are
the yes/no expressions of the typed core, definitions included, each seen true and seen false somewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from pykala.evaluate.observing import Observed
from pykala.evaluate.rules import judge_rule
from pykala.policy.model import Policy, Rule
from pykala.policy.uses import names_read
from pykala.policy.versions import days_in_force, read_path
from pykala.quality.examples import example_records
from pykala.quality.processes import shared_out
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic
from pykala_dsl.source import Source, Span
from pykala_dsl.typesys import BoolType

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet

PointKind: TypeAlias = Literal["rule", "exception", "version", "condition"]
_Key: TypeAlias = tuple[str, int, int]
"""Where an expression stands: its file, the first and the last character."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that examples can reach. `wanted` names what should be seen, `seen` what was."""

    kind: PointKind
    policy: str
    rule: str
    """The rule that it belongs to; empty for a version, and for a definition of the policy."""
    text: str
    wanted: tuple[str, ...]
    seen: tuple[str, ...]
    file: str
    line: int
    column: int

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what no example shows."""
        return tuple(word for word in self.wanted if word not in self.seen)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many are reached."""

    reached: int = 0
    total: int = 0

    @property
    def percent(self) -> float:
        """Return the share in a hundred; of nothing, all is reached."""
        return 100.0 if not self.total else 100 * self.reached / self.total

    def __str__(self) -> str:
        return f"{int(self.percent)} % ({self.reached}/{self.total})" if self.total else "–"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything that examples can reach, in the order of the policies."""

    points: tuple[Point, ...]

    def share(self, kind: PointKind | None = None, policy: str | None = None) -> Share:
        """Return how much is reached: of one kind and one policy (`id@version`), or of all."""
        chosen = [p for p in self.points if kind in (None, p.kind) and policy in (None, p.policy)]
        wanted = sum(len(point.wanted) for point in chosen)
        return Share(wanted - sum(len(point.missing) for point in chosen), wanted)

    def missing(self) -> Iterator[Point]:
        """Yield the points of which something is not seen."""
        return (point for point in self.points if point.missing)


@dataclass(slots=True)
class _Seen:
    """What the examples of one policy show."""

    conditions: dict[_Key, set[bool]] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)
    exceptions: set[tuple[str, str]] = field(default_factory=set)
    dates: set[datetime.date] = field(default_factory=set)


def coverage(
    policies: PolicySet, wanted: Callable[[Policy, Rule], bool] = lambda policy, rule: True, *, jobs: int | None = None
) -> Coverage:
    """Return what the examples of the wanted rules reach."""

    def look(at: int) -> _Seen:
        policy = policies.policies[at]
        return _seen(policies, policy, [rule for rule in policy.rules if wanted(policy, rule)])

    numbers = range(len(policies.policies))
    shown = dict(zip(numbers, shared_out(look, list(numbers), jobs=jobs), strict=True))
    points: list[Point] = []
    for at, policy in enumerate(policies.policies):
        rules = [rule for rule in policy.rules if wanted(policy, rule)]
        days = next((days for each, days in days_in_force(policies.versions(policy.id)) if each is policy), None)
        points += _points(policy, rules, shown[at], days is not None and bool(rules))
    return Coverage(tuple(_together(points)))


def _seen(policies: PolicySet, policy: Policy, rules: Iterable[Rule]) -> _Seen:
    seen = _Seen()
    for rule in rules:
        sources = _sources(policy, rule)

        def observe(expr: core.Expr, holds: bool, sources: Mapping[int, Source] = sources) -> None:
            source = sources.get(id(expr))
            if source is not None:
                seen.conditions.setdefault(_key(source, expr.span), set()).add(holds)

        watched = partial(Observed, observe=observe)
        for example in rule.examples:
            made = example_records(policy, example, policies.vocabulary)
            if isinstance(made, Diagnostic):
                continue
            if policy.selected_by is not None:
                _, date = read_path(policy.selected_by, made.records)
                if isinstance(date, datetime.date):
                    seen.dates.add(date)
            for result in judge_rule(rule, made.policy, made.records, made.as_of, interpreter=watched):
                if result.verdict in ("pass", "fail", "excused", "pending"):
                    seen.rules.add(rule.id)
                if result.verdict == "excused" and result.exception is not None:
                    seen.exceptions.add((rule.id, result.exception))
    return seen


def _sources(policy: Policy, rule: Rule) -> dict[int, Source]:
    """Return the file of each yes/no expression that a rule evaluates, by identity."""
    found: dict[int, Source] = {}
    for expr, source in _conditions(policy, rule):
        for part in core.walk(expr):
            if isinstance(part.type, BoolType) and not isinstance(part, core.Constant):
                found[id(part)] = source
    return found


def _conditions(policy: Policy, rule: Rule) -> Iterator[tuple[core.Expr, Source]]:
    """Yield the expressions of a rule that its verdicts hang on, and the definitions that they read."""
    parts = [rule.when, rule.require, rule.pending_while, *(item.condition for item in rule.unless)]
    if rule.for_each is not None:
        parts += core.children(rule.for_each)
    own = {name: definition.expr for name, definition in rule.definitions.items()}
    definitions = {name: definition.expr for name, definition in policy.definitions.items()}
    exprs = [part for part in parts if part is not None]
    yield from ((expr, rule.source) for expr in exprs)
    yield from ((expr, rule.source) for expr in own.values())
    _, _, read = names_read(exprs, definitions, own)
    for name in read:
        yield policy.definitions[name].expr, policy.definitions[name].source


def _key(source: Source, span: Span) -> _Key:
    return source.path, span.start, span.end


def _points(policy: Policy, rules: Iterable[Rule], seen: _Seen, dated: bool) -> Iterator[Point]:
    def point(
        kind: PointKind, rule: str, text: str, wanted: tuple[str, ...], shown: tuple[str, ...], at: tuple[Source, Span]
    ) -> Point:
        source, span = at
        line, column = source.position(span.start)
        return Point(kind, policy.name, rule, text, wanted, shown, source.path, line, column)

    if dated:
        days = (policy.in_force.first_day, policy.in_force.last_day)
        wanted = tuple(day.isoformat() for day in days if day is not None)
        if wanted:
            shown = tuple(day for day in wanted if datetime.date.fromisoformat(day) in seen.dates)
            yield point("version", "", policy.name, wanted, shown, (policy.source, policy.span))
    for rule in rules:
        shown = ("judged",) if rule.id in seen.rules else ()
        yield point("rule", rule.id, rule.id, ("judged",), shown, (rule.source, rule.span))
        for item in rule.unless:
            shown = ("excused",) if (rule.id, item.name) in seen.exceptions else ()
            yield point("exception", rule.id, item.name, ("excused",), shown, (item.source, item.span))
        for expr, source in _conditions(policy, rule):
            for part in core.walk(expr):
                if not isinstance(part.type, BoolType) or isinstance(part, core.Constant | core.DefinitionRead):
                    continue
                key = _key(source, part.span)
                values = seen.conditions.get(key, set())
                shown = tuple(word for word, value in (("true", True), ("false", False)) if value in values)
                text = " ".join(source.text[part.span.start : part.span.end].split())
                yield point("condition", rule.id, text, ("true", "false"), shown, (source, part.span))


def _together(points: Iterable[Point]) -> Iterator[Point]:
    """Yield points, each place of a file once: what one version does not show of a shared rule, another may."""
    merged: dict[tuple[PointKind, str, int, int, str], Point] = {}
    for item in points:
        key = (item.kind, item.file, item.line, item.column, item.text)
        other = merged.get(key)
        if other is None or item.kind == "version":
            merged[key] = item
        else:
            seen = tuple(word for word in item.wanted if word in (*other.seen, *item.seen))
            merged[key] = Point(
                other.kind,
                other.policy,
                other.rule,
                other.text,
                other.wanted,
                seen,
                other.file,
                other.line,
                other.column,
            )
    yield from merged.values()
