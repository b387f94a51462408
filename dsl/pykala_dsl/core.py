"""The typed core: what the checker emits and every reader consumes.

Smaller than the syntax: names are resolved, quantities are values, `no` and `not in` are negations, and a
counting quantifier is a comparison with `Count`, so that two spellings of one thing cannot differ.
Each node has a `type` and a `span` (in the source of the rule or definition it stands in).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cache
from typing import Literal, TypeAlias, TypeVar

from pykala_dsl.operators import AggregateName, ArithmeticOp, CompareOp
from pykala_dsl.source import Span
from pykala_dsl.typesys import FieldType, Period, Type

Value: TypeAlias = bool | int | Fraction | str | datetime.date | Period


def _span() -> Span:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant, an enum member's name included (its type is then the enum)."""

    value: Value
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AsOf:
    """The date of the check."""

    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Root:
    """A whole record: the subject, or another record of `with` (then `record` is its kind)."""

    record: str
    subject: bool
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FieldRead:
    """`base.name`, where the base is a `Root`, a `Local` or another read that gives a record."""

    base: Expr
    field: FieldType
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PairSide:
    """`gap.previous` or `gap.next`."""

    base: Expr
    side: Literal["previous", "next"]
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Local:
    """A variable bound by a binder."""

    name: str
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DefinitionRead:
    """A definition of the policy or of the rule (`in_rule`: it may use the rule's element)."""

    name: str
    in_rule: bool
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ParameterRead:
    """A parameter of the policy; it may be unset."""

    name: str
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ReadingRead:
    """`reading(name)`: its type is an enum of the reading's options."""

    name: str
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class MakeSet:
    """`{a, b}`."""

    items: tuple[Expr, ...]
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class MakeRange:
    """`low .. high`, both ends included."""

    low: Expr
    high: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Not:
    """Negation of a plain condition (never of a duty)."""

    operand: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    operands: tuple[Expr, ...]
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more."""

    operands: tuple[Expr, ...]
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two values of like type; both sides may be a `Count` (bounds), and `=`/`!=` compare lists as sets."""

    op: CompareOp
    left: Expr
    right: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class In:
    """`item in collection`: a set, a range, or a list of plain values."""

    item: Expr
    collection: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Includes:
    """Every element of `part` is in `collection`."""

    collection: Expr
    part: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class IsPresent:
    """`operand is present`; `is missing` is its negation."""

    operand: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DueBy:
    """A duty: the event (a date) has come by the limit (a date)."""

    event: Expr
    limit: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class IsLate:
    """The event came after the limit, or has not come and the limit has passed."""

    event: Expr
    limit: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * / of`; the types of the operands say which operation it is (date + months, money / money, …)."""

    op: ArithmeticOp
    left: Expr
    right: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then yes else no`."""

    condition: Expr
    yes: Expr
    no: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Binder:
    """`name in collection where where`; the collection is a list, or a range of dates."""

    name: str
    collection: Expr
    where: Expr | None
    element: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Every:
    """Every element satisfies the body (a condition or a duty)."""

    binder: Binder
    body: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Some:
    """Some element satisfies the body (a condition or a duty; None: it is there at all)."""

    binder: Binder
    body: Expr | None
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` elements satisfy a body that is a duty. (Plain conditions become `Compare` with `Count`.)"""

    count: Expr
    binder: Binder
    body: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Count:
    """How many elements pass the binder (and the body, folded into its `where`)."""

    binder: Binder
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class CountDistinct:
    """How many different values the key takes."""

    key: Expr
    binder: Binder
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Each:
    """The list of the elements that pass the binder."""

    binder: Binder
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class The:
    """The one element that passes the binder: none, an absent value; several, unknown."""

    binder: Binder
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum`, `average`, `earliest`, `latest`, `min` or `max` of a value over a list."""

    name: AggregateName
    value: Expr
    binder: Binder
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Extremum:
    """The same of two or more values."""

    name: AggregateName
    values: tuple[Expr, ...]
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Pairs:
    """Neighbours of a list in the order of a key; the key reads the local `name`."""

    collection: Expr
    name: str
    key: Expr
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Call:
    """A builtin function of `pykala_dsl.functions`."""

    function: str
    arguments: tuple[Expr, ...]
    type: Type
    span: Span = _span()


Expr: TypeAlias = (
    Constant
    | AsOf
    | Root
    | FieldRead
    | PairSide
    | Local
    | DefinitionRead
    | ParameterRead
    | ReadingRead
    | MakeSet
    | MakeRange
    | Not
    | And
    | Or
    | Compare
    | In
    | Includes
    | IsPresent
    | DueBy
    | IsLate
    | Arithmetic
    | If
    | Every
    | Some
    | AtLeast
    | Count
    | CountDistinct
    | Each
    | The
    | Aggregate
    | Extremum
    | Pairs
    | Call
)


_Whole = TypeVar("_Whole", bound=Expr | Binder)


def children(expr: Expr | Binder) -> Iterator[Expr]:
    """Yield the expressions directly inside an expression or a binder, in the order they stand in."""
    if isinstance(expr, Constant):
        return
    kind: type = type(expr)
    for name in _field_names(kind):
        value = getattr(expr, name)
        if isinstance(value, Binder):
            yield from children(value)
        elif isinstance(value, tuple) and not isinstance(value, Period):
            yield from (part for part in value if not isinstance(part, str))
        elif name in _CHILD_FIELDS and value is not None and not isinstance(value, str):
            yield value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


_CHILD_FIELDS = frozenset(
    [
        "base",
        "operand",
        "left",
        "right",
        "low",
        "high",
        "item",
        "collection",
        "part",
        "event",
        "limit",
        "condition",
        "yes",
        "no",
        "where",
        "body",
        "count",
        "key",
        "value",
    ]
)


def holes(expr: _Whole) -> Iterator[tuple[Expr, Callable[[Expr], _Whole]]]:
    """Yield each of the `children` with a function that returns the whole with another expression in its place."""
    if isinstance(expr, Constant):
        return
    kind: type = type(expr)
    for name in _field_names(kind):
        value = getattr(expr, name)
        if isinstance(value, Binder):
            for child, fill in holes(value):
                yield child, _through(expr, name, fill)
        elif isinstance(value, tuple) and not isinstance(value, Period):
            for at, child in enumerate(value):
                yield child, _in_row(expr, name, value, at)
        elif name in _CHILD_FIELDS and value is not None and not isinstance(value, str):
            yield value, _in_field(expr, name)


def _through(expr: _Whole, name: str, fill: Callable[[Expr], Binder]) -> Callable[[Expr], _Whole]:
    return lambda new: replace(expr, **{name: fill(new)})  # type: ignore[arg-type]


def _in_row(expr: _Whole, name: str, row: tuple[Expr, ...], at: int) -> Callable[[Expr], _Whole]:
    return lambda new: replace(expr, **{name: (*row[:at], new, *row[at + 1 :])})  # type: ignore[arg-type]


def _in_field(expr: _Whole, name: str) -> Callable[[Expr], _Whole]:
    return lambda new: replace(expr, **{name: new})  # type: ignore[arg-type]


def walk(expr: Expr | Binder) -> Iterator[Expr]:
    """Yield an expression (not a binder) and everything inside it, outermost first."""
    if not isinstance(expr, Binder):
        yield expr
    for child in children(expr):
        yield from walk(child)
