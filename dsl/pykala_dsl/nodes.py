"""The syntax of an expression: what the parser returns and the printer prints.

A closed union of frozen dataclasses. Names are not resolved and nothing is typed here; the checker turns
these nodes into the typed core (`pykala_dsl.core`). Spans do not take part in equality, so
`parse(print(e)) == e`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from pykala_dsl.operators import AggregateName as AggregateName
from pykala_dsl.operators import ArithmeticOp as ArithmeticOp
from pykala_dsl.operators import CompareOp as CompareOp
from pykala_dsl.source import Span

QuantifierWord: TypeAlias = Literal["every", "some", "no", "exactly", "at least", "at most"]
Unit: TypeAlias = Literal["h", "min", "days", "weeks", "months", "years", "EUR", "%"]


def _span() -> Span:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Number:
    """A number without a unit: `45`, `0.5`."""

    value: Fraction
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, or hours and minutes together.

    `parts` holds (amount, unit) pairs as written: `1 h 30 min` is ((1, "h"), (30, "min")); every other unit
    stands alone. Units are canonical (`day` is read as `days`).
    """

    parts: tuple[tuple[Fraction, Unit], ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date: `2025-04-01`."""

    value: datetime.date
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name: a bound variable, definition, parameter, field, record or enum member."""

    name: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Field:
    """`base.name`; `name_span` covers the name alone."""

    base: Node
    name: str
    name_span: Span = _span()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class SetOf:
    """`{a, b}`; at least one item."""

    items: tuple[Node, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class RangeOf:
    """`low .. high`, both ends included."""

    low: Node
    high: Node
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Not:
    """`not operand`."""

    operand: Node
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b and c` or `a or b`: one node for a run of the same connective, two operands or more."""

    op: Literal["and", "or"]
    operands: tuple[Node, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`."""

    op: CompareOp
    left: Node
    right: Node
    op_span: Span = _span()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Membership:
    """`item in collection`, or `item not in collection` where `negated`."""

    item: Node
    collection: Node
    negated: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Includes:
    """`collection includes part`."""

    collection: Node
    part: Node
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Presence:
    """`operand is present`, or `operand is missing` where not `present`."""

    operand: Node
    present: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DueBy:
    """`event due by limit`: a duty (met, open or broken)."""

    event: Node
    limit: Node
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class IsLate:
    """`event is late for limit`: the yes/no form of a deadline."""

    event: Node
    limit: Node
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right`; `of` takes a share on its left."""

    op: ArithmeticOp
    left: Node
    right: Node
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class IfElse:
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Binder:
    """`name in collection where condition`."""

    name: str
    collection: Node
    where: Node | None
    name_span: Span = _span()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantifier:
    """`every/some/no/exactly n/at least n/at most n binder satisfies body`.

    `count` is given for the three counting words alone; `body` is never None for `every`.
    """

    word: QuantifierWord
    count: Node | None
    binder: Binder
    body: Node | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Each:
    """`each binder`: the list of the elements that the binder lets through."""

    binder: Binder
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class The:
    """`the binder`: the one element that the binder lets through."""

    binder: Binder
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class CountOf:
    """`count(binder)` or `count(list)`."""

    what: Binder | Node
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class CountDistinct:
    """`count(distinct key for binder)`."""

    key: Node
    binder: Binder
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum(value for binder)` and its five siblings."""

    name: AggregateName
    value: Node
    binder: Binder
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Extremum:
    """`min(a, b)`, `max`, `earliest`, `latest` (also `sum`, `average`) of two or more values."""

    name: AggregateName
    values: tuple[Node, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Pairs:
    """`pairs(list by key.path)`: each two neighbours in the order of the key."""

    collection: Node
    key: tuple[str, ...]
    key_span: Span = _span()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Call:
    """`name(arguments)`: a builtin function, or `reading(name)`."""

    name: str
    arguments: tuple[Node, ...]
    name_span: Span = _span()
    span: Span = _span()


Node: TypeAlias = (
    Number
    | Quantity
    | Date
    | Truth
    | Name
    | Field
    | SetOf
    | RangeOf
    | Not
    | Logic
    | Compare
    | Membership
    | Includes
    | Presence
    | DueBy
    | IsLate
    | Arithmetic
    | IfElse
    | Quantifier
    | Each
    | The
    | CountOf
    | CountDistinct
    | Aggregate
    | Extremum
    | Pairs
    | Call
)
