"""Records of the shipped vocabulary: made from their types, or from the records of examples by changing facts.

Values hug the boundaries of the policy that is to judge them: the constants of its core and its parameters,
and what lies next to them.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import strategies as st

from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.model import Policy, Rule
from pykala.quality.examples import ExampleRecords, example_records
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ExactTimeType,
    FieldType,
    ListType,
    MoneyType,
    NumberType,
    Period,
    RecordType,
    ShareType,
    TextType,
    Type,
)

Data: TypeAlias = dict[str, Any]
Step: TypeAlias = str | int
Reads: TypeAlias = frozenset[tuple[str, str]]
TOP = Path(__file__).parents[1]
IDENTITY = ("record", "id")
DAY = datetime.timedelta(days=1)


@cache
def shipped() -> PolicySet:
    """Return the policies of this repository."""
    return load_policies(TOP / "policies")


def policy(name: str) -> Policy:
    """Return a shipped policy."""
    return next(each for each in shipped().policies if each.name == name)


@dataclass(frozen=True, slots=True)
class World:
    """What a policy judges: the data of its subject and of the other records that are given, by kind; the date."""

    policy: str
    data: Mapping[str, Data]
    as_of: datetime.date

    @property
    def records(self) -> dict[str, Record]:
        """Return the records, as the evaluator takes them."""
        return {kind: Record(kind, str(data["id"]), data) for kind, data in self.data.items()}

    def changed(self, kind: str, path: tuple[Step, ...], value: Any) -> World:
        """Return the world with one value put in its place; objects on the way to it are made."""
        data = copy.deepcopy(self.data[kind])
        _put(data, path, value)
        return replace(self, data={**self.data, kind: data})

    def without(self, kind: str, path: tuple[Step, ...]) -> World:
        """Return the world with one fact not given."""
        data = copy.deepcopy(self.data[kind])
        inner: Any = data
        for step in path[:-1]:
            inner = inner[step]
        inner.pop(path[-1], None)
        return replace(self, data={**self.data, kind: data})


def _put(data: Data, path: tuple[Step, ...], value: Any) -> None:
    inner: Any = data
    for step in path[:-1]:
        if isinstance(step, str) and inner.get(step) is None:
            inner[step] = {}
        inner = inner[step]
    inner[path[-1]] = value


# ---------------------------------------------------------------------- places for facts


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands or could stand: an optional field of a record, of an object in it, of a list's element."""

    kind: str
    path: tuple[Step, ...]
    owner: str
    declared: FieldType
    given: bool

    def name(self, subject: str) -> str:
        """Return the path as results write it."""
        text = "" if self.kind == subject else self.kind
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text


def places(world: World, reads: Reads | None = None) -> list[Place]:
    """Return every optional field of a world that may be changed, of those that are read."""
    own = policy(world.policy)
    kinds = {own.record: own.subject, **own.with_types}
    return [
        place
        for kind, data in world.data.items()
        for place in _places(kind, kinds[kind], data, ())
        if reads is None or (place.owner, place.declared.name) in reads
    ]


def _places(kind: str, type_: RecordType, data: Data, path: tuple[Step, ...]) -> Iterator[Place]:
    for name, declared in type_.fields.items():
        if not path and name in IDENTITY:
            continue
        here = (*path, name)
        if not declared.required:
            yield Place(kind, here, type_.name, declared, name in data)
        value = data.get(name)
        if isinstance(declared.type, RecordType) and isinstance(value, dict):
            yield from _places(kind, declared.type, value, here)
        elif isinstance(declared.type, ListType) and isinstance(declared.type.element, RecordType):
            for index, item in enumerate(value or []):
                yield from _places(kind, declared.type.element, item, (*here, index))


def expressions(own: Policy, rule: Rule | None = None) -> Iterator[core.Expr]:
    """Yield what a policy consists of, or one rule and the definitions that it rests on, with everything inside."""
    parts: list[core.Expr | core.Binder | None] = []
    if rule is None:
        parts += [definition.expr for definition in own.definitions.values()]
        parts += [own.applies_to, own.selected_by]
    for each in own.rules if rule is None else [rule]:
        parts += [each.for_each, each.when, each.require, each.pending_while]
        parts += [exception.condition for exception in each.unless]
        parts += [item.expr for item in (*each.definitions.values(), *each.computes.values())]
    met: set[str] = set()
    while parts:
        part = parts.pop()
        for expr in core.walk(part) if part is not None else ():
            yield expr
            if rule is None or not isinstance(expr, core.DefinitionRead) or expr.in_rule:
                continue
            if expr.name not in met:
                met.add(expr.name)
                parts.append(own.definitions[expr.name].expr)


@cache
def read_by(name: str, rule_id: str | None = None) -> Reads:
    """Return the fields that a policy, or one of its rules, may read: the record type's name and the field's."""
    own = policy(name)
    return frozenset(
        (expr.base.type.name, expr.field.name)
        for expr in expressions(own, own.rule(rule_id) if rule_id else None)
        if isinstance(expr, core.FieldRead) and isinstance(expr.base.type, RecordType)
    )


# ---------------------------------------------------------------------- values


@dataclass(frozen=True, slots=True)
class Edges:
    """Values that a policy compares with, and what lies next to them."""

    dates: tuple[datetime.date, ...]
    amounts: Mapping[type, tuple[int | Fraction, ...]]
    days: tuple[int, ...]
    months: tuple[int, ...]


@cache
def edges(name: str) -> Edges:
    """Return the edges of a policy, from the constants of its core, its parameters and its days in force."""
    own = policy(name)
    found = [(expr.value, expr.type) for expr in expressions(own) if isinstance(expr, core.Constant)]
    found += [(each.value, each.type) for each in own.parameters.values() if each.value is not None]
    dates = {datetime.date(2025, 6, 30), *(value for value, _ in found if isinstance(value, datetime.date))}
    dates |= {day for day in (own.in_force.first_day, own.in_force.last_day) if day is not None}
    days, months, amounts = {0, 7}, {0, 1}, dict[type, set[int | Fraction]]()
    for value, type_ in found:
        if isinstance(value, Period):
            days.add(value.days)
            months.add(value.months)
        elif isinstance(value, int | Fraction) and not isinstance(value, bool):
            amounts.setdefault(type(type_), set()).update(
                {value - 1, value, value + 1} if value else {value, value + 1}
            )
    near = {day + DAY * step for day in dates for step in (-1, 0, 1)}
    base = datetime.date(2025, 6, 2)
    near |= {base + DAY * (count + step) for count in days for step in (-1, 0, 1)}
    near |= {base + DAY * (round(30.5 * count) + step) for count in months for step in (-1, 0, 1)}
    return Edges(
        tuple(sorted(near)),
        {kind: tuple(sorted(values)) for kind, values in amounts.items()},
        tuple(sorted({max(0, count + step) for count in days for step in (-1, 0, 1)})),
        tuple(sorted({max(0, count + step) for count in months for step in (-1, 0, 1)})),
    )


_EXTREME = (datetime.date.min, datetime.date.max)
_TEXTS = ("", "Pääkatu 1", "  pääkatu   1", "Sivukatu 2", "\N{LATIN SMALL LETTER SHARP S}")


def values(type_: Type, near: Edges, reads: Reads | None = None, *, longest: int = 3) -> st.SearchStrategy[Any]:
    """Return values that a record can hold for a type; objects and elements hold the fields that are read."""
    match type_:
        case BoolType():
            return st.booleans()
        case EnumType(_, members):
            return st.sampled_from(members)
        case TextType():
            return st.sampled_from(_TEXTS)
        case DateType():
            often = st.sampled_from(near.dates)
            return st.one_of(often, often, often, often, st.sampled_from(_EXTREME))
        case CountType():
            return st.sampled_from(sorted({0, 1, 2, 3, *_at_least_zero(near, CountType)}, key=int))
        case NumberType() | ShareType() | MoneyType():
            some = [Fraction(1, 200), Fraction(1), *_at_least_zero(near, type(type_))]
            return st.sampled_from([_cents(value) if isinstance(type_, MoneyType) else value for value in some])
        case ExactTimeType():
            return st.sampled_from([0, 30, 345, *_at_least_zero(near, ExactTimeType), 10**6])
        case CalendarTimeType(unit):
            if unit == "months":
                return st.sampled_from(near.months).map(lambda count: Period(count, 0))
            return st.sampled_from(near.days).map(lambda count: Period(0, count))
        case ListType(element):
            return st.lists(values(element, near, reads, longest=2), max_size=longest)
        case RecordType():
            return objects(type_, near, reads)
        case _:
            raise AssertionError(type_)


def _at_least_zero(near: Edges, kind: type) -> list[int | Fraction]:
    return [value for value in near.amounts.get(kind, ()) if value >= 0]


def _cents(value: int | Fraction) -> int | Fraction:
    return Fraction(round(value * 100), 100)


_STATES = {
    "all given": ("given",),
    "most given": ("given",) * 8 + ("none", "left out"),
    "some given": ("given", "given", "none", "left out", "left out"),
}


@st.composite
def objects(draw: st.DrawFn, type_: RecordType, near: Edges, reads: Reads | None = None) -> Data:
    """Return the fields of a record, an object or an element: each optional one given, recorded as none, or left out."""
    states = _STATES[draw(st.sampled_from(sorted(_STATES)))]
    data: Data = {}
    for name, declared in type_.fields.items():
        if name in IDENTITY and type_.name.isidentifier():
            continue
        if declared.required:
            data[name] = draw(values(declared.type, near, reads))
        elif reads is None or (type_.name, name) in reads:
            state = draw(st.sampled_from(states))
            if state != "left out":
                data[name] = draw(values(declared.type, near, reads)) if state == "given" else None
    return data


def dates_of_check(name: str) -> st.SearchStrategy[datetime.date]:
    """Return dates of the check near a policy's edges."""
    return st.sampled_from(edges(name).dates)


@st.composite
def worlds(draw: st.DrawFn, name: str) -> World:
    """Return any records that a policy may judge, with the fields that it reads."""
    own, near, reads = policy(name), edges(name), read_by(name)
    data = {own.record: draw(objects(own.subject, near, reads))}
    for kind, need in own.with_records.items():
        if need == "required" or draw(st.booleans()):
            data[kind] = draw(objects(own.with_types[kind], near, reads))
    named = {kind: {"record": kind, "id": f"{kind}-1", **each} for kind, each in data.items()}
    return World(name, named, draw(dates_of_check(name)))


# ---------------------------------------------------------------------- examples' records, changed


@cache
def seeds(name: str) -> tuple[tuple[str, World], ...]:
    """Return the records of a policy's examples, each with the id of its rule."""
    own = policy(name)
    found = []
    for rule in own.rules:
        for example in rule.examples:
            made = example_records(own, example, shipped().vocabulary)
            if isinstance(made, ExampleRecords):
                data = {kind: dict(record.data) for kind, record in made.records.items()}
                found.append((rule.id, World(name, data, made.as_of)))
    return tuple(found)


@st.composite
def changed_examples(draw: st.DrawFn, name: str, most: int = 4) -> World:
    """Return an example's records with some of the facts that the policy reads deleted, set to null or changed."""
    _, world = draw(st.sampled_from(seeds(name)))
    for _ in range(draw(st.integers(0, most))):
        place = draw(st.sampled_from(places(world, read_by(name))))
        how = draw(st.sampled_from(("leave out", "none", "change", "change")))
        if how == "leave out":
            world = world.without(place.kind, place.path)
        else:
            value = draw(values(place.declared.type, edges(name), read_by(name))) if how == "change" else None
            world = world.changed(place.kind, place.path, value)
    if draw(st.integers(0, 3)) == 0:
        world = replace(world, as_of=draw(dates_of_check(name)))
    return world


# ---------------------------------------------------------------------- as people write them


def written(type_: Type, value: Any) -> Any:
    """Return a value of a record as its file says it."""
    if value is None:
        return None
    match type_:
        case DateType():
            return value.isoformat()
        case ExactTimeType():
            return f"{value // 60} h {value % 60} min" if isinstance(value, int) else f"{float(value)} min"
        case MoneyType():
            return f"{int(value * 100) // 100}.{int(value * 100) % 100:02} EUR"
        case ShareType():
            return f"{float(value * 100)} %"
        case CalendarTimeType("months"):
            return f"{value.months} months"
        case CalendarTimeType():
            return f"{value.days} days"
        case ListType(element):
            return [written(element, item) for item in value]
        case RecordType():
            known = type_.fields
            return {key: written(known[key].type, item) if key in known else item for key, item in value.items()}
        case _:
            return value
