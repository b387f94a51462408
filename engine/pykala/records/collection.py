"""What a record schema says under `collect:`: how a record of its kind is gathered from records of other kinds.

A `Collection` groups by keys and, where it has years, by the calendar year. Its `Stream`s are the records, or the
elements of one of their lists, that it is gathered from; its fields say what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from pykala.policy.model import Text
from pykala_dsl import core
from pykala_dsl.source import Source
from pykala_dsl.typesys import CountType, DateType, FieldType, RecordType, Type

Period: TypeAlias = Literal["year", "rolling", "always"]
"""One record for each calendar year; one for all time, in which rules find rolling years; one without any time."""
How: TypeAlias = Literal["count", "sum", "earliest", "latest", "value", "values"]
"""`count` and `values` take each value once; `value` is the one that all give."""

PERIODS: Final[tuple[Period, ...]] = get_args(Period)
HOWS: Final[tuple[How, ...]] = get_args(How)
OF_THE_YEAR: Final[Mapping[str, Type]] = {"year": CountType(), "first_day": DateType(), "last_day": DateType()}
"""Names that the fields of a yearly record can use for its own year."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Records of one kind, or elements of their lists: which of them take part, when they were, what they belong to."""

    name: str
    kind: str
    for_each: core.Binder | None
    where: core.Expr | None
    dated: core.Expr | None
    keys: Mapping[str, core.Expr]
    source: Source = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """A field that an expression over the collected record itself gives: a constant, its year, a sum over its list."""

    field: FieldType
    expr: core.Expr


@dataclass(frozen=True, slots=True)
class Gathered:
    """A field with one value for all that its streams bring; the expression is checked for each stream."""

    field: FieldType
    how: How
    exprs: Mapping[str, core.Expr]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with an element for each record or element that its streams bring."""

    field: FieldType
    element: RecordType
    exprs: Mapping[str, Mapping[str, core.Expr]]


@dataclass(frozen=True, slots=True)
class Grouped:
    """A list with an element for each value of a key. `streams` are all that bring such values."""

    field: FieldType
    element: RecordType
    by: str
    fields: tuple[Gathered, ...]
    streams: tuple[str, ...]


CollectedField: TypeAlias = Derived | Gathered | Listed | Grouped


@dataclass(frozen=True, slots=True)
class Collection:
    """One way to collect records of a kind; `fields` are in the order of the file.

    One `on_request` is collected only where it is asked for by name or key.
    """

    name: str
    kind: RecordType
    label: Text
    by: tuple[str, ...]
    period: Period
    streams: Mapping[str, Stream]
    fields: tuple[CollectedField, ...]
    source: Source = field(compare=False, repr=False)
    on_request: bool = False

    @property
    def source_kinds(self) -> tuple[str, ...]:
        """Return the kinds of records that it is collected from, each once."""
        return tuple(dict.fromkeys(stream.kind for stream in self.streams.values()))


def streams_of(each: CollectedField) -> Iterable[str]:
    """Return the names of the streams that bring a field's values."""
    match each:
        case Gathered() | Listed():
            return each.exprs
        case Grouped():
            return each.streams
        case Derived():
            return ()


def asked_for(collections: Iterable[Collection], word: str | None = None) -> list[Collection]:
    """Return the ways to collect that a word names, by their name or one of their keys (`provider` for `provider_id`).

    No word: those that are not on request. A key that both kinds have means the ones that are not.
    """
    fitting = [each for each in collections if word is None or word == each.name or {word, f"{word}_id"} & set(each.by)]
    return [each for each in fitting if not each.on_request] or ([] if word is None else fitting)


def may_be_blank(element: RecordType) -> bool:
    """Return whether an element of which nothing is given says nothing at all, so that it can stand for "perhaps one"."""
    return not any(each.required or each.absence == "none" for each in element.fields.values())
