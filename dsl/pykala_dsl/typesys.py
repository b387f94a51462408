"""The types of the language and the values they hold.

Values at run time are plain Python: `bool`, `str`, `datetime.date`, `Period`, and `int | Fraction` for every
kind of quantity (a count, a number, minutes of exact time, euros, a share as a fraction of one). What a
number measures is known from the type of the expression alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from pykala_dsl.source import Source, Span

Absence: TypeAlias = Literal["none", "unknown"]


class Period(NamedTuple):
    """Calendar time: whole months, then whole days."""

    months: int
    days: int


@dataclass(frozen=True, slots=True)
class BoolType:
    """Yes or no. `duty` marks an expression that can also be open (`due by` stands in it)."""

    duty: bool = False


@dataclass(frozen=True, slots=True)
class CountType:
    """A whole number of things, at least 0 in a record."""


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number that need not be whole."""


@dataclass(frozen=True, slots=True)
class MoneyType:
    """Euros."""


@dataclass(frozen=True, slots=True)
class ShareType:
    """A share of a whole: `0.5 %` is 1/200."""


@dataclass(frozen=True, slots=True)
class ExactTimeType:
    """Hours and minutes, held in minutes."""


@dataclass(frozen=True, slots=True)
class CalendarTimeType:
    """Calendar time: in days (and weeks), in months (and years), or `mixed` (a sum of both, good for addition alone)."""

    unit: Literal["days", "months", "mixed"]


@dataclass(frozen=True, slots=True)
class DateType:
    """A calendar date."""


@dataclass(frozen=True, slots=True)
class TextType:
    """Text from a record; there are no text literals."""


@dataclass(frozen=True, slots=True)
class EnumType:
    """One of a closed set of names. Two enum types go together if one's members contain the other's."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldType:
    """A property of a record type: its type, what "not given" means, and where it is declared."""

    name: str
    type: Type
    required: bool = False
    absence: Absence = "unknown"
    event: bool = False
    judged: bool = False
    private: bool = False
    source: Source | None = field(default=None, compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record or an element of a list: named fields. Equal by name (`case`, `case.days[]`)."""

    name: str
    fields: dict[str, FieldType] = field(compare=False, repr=False, hash=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of records or of plain values. `identified_by` names the property that people know an element by."""

    element: Type
    identified_by: str | None = None


@dataclass(frozen=True, slots=True)
class PairType:
    """Two neighbours of a list: `gap.previous`, `gap.next`."""

    element: Type


@dataclass(frozen=True, slots=True)
class RangeType:
    """`a .. b`; a range of dates also stands for the list of its dates."""

    bound: Type


@dataclass(frozen=True, slots=True)
class SetType:
    """`{a, b}`."""

    element: Type


@dataclass(frozen=True, slots=True)
class ErrorType:
    """The type of an expression that has been reported already; silences what follows from it."""


Type: TypeAlias = (
    BoolType
    | CountType
    | NumberType
    | MoneyType
    | ShareType
    | ExactTimeType
    | CalendarTimeType
    | DateType
    | TextType
    | EnumType
    | RecordType
    | ListType
    | PairType
    | RangeType
    | SetType
    | ErrorType
)
