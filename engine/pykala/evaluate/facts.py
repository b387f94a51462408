"""Facts, parameters and records as an expression reads them, and what stands for those that are not there (c2)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pykala.evaluate.result import Cause
from pykala.evaluate.values import (
    NO_LIST,
    Absent,
    Bounds,
    Element,
    Member,
    Missing,
    Thing,
    Things,
    Unknown,
    causes_of,
    known,
    lacking,
)
from pykala.policy.model import Definition
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    FieldType,
    ListType,
    Period,
    RecordType,
    TextType,
    Type,
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What a policy's own definitions come to on one set of records, kept for all its rules.

    `readings` names the readings that each definition hangs on: under the same options its value is the same.
    """

    readings: Mapping[str, tuple[str, ...]]
    values: dict[tuple[object, ...], Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that an evaluation may read: the records by kind, the date, definitions, parameters.

    `lists` keeps the lists of the records as they are evaluated, `shared` what definitions came to.
    """

    subject: str
    records: Mapping[str, Record]
    as_of: datetime.date
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    rule_definitions: Mapping[str, Definition] = field(default_factory=dict)
    parameters: Mapping[str, core.Value | None] = field(default_factory=dict)
    lists: dict[tuple[str, str], Things] = field(default_factory=dict, compare=False, repr=False)
    shared: Shared | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class Notes:
    """What was met on the way: the type of each cause, the values it was compared with, the events that lie ahead."""

    types: dict[Cause, Type] = field(default_factory=dict)
    seen: dict[Cause, set[core.Value]] = field(default_factory=dict)
    ahead: set[Cause] = field(default_factory=set)

    def compared(self, one: Thing, other: Thing) -> None:
        """Remember what a value that is not known was compared with."""
        for missing, value in ((one, other), (other, one)):
            plain = known(value)
            if isinstance(missing, Missing | Bounds) and plain is not None:
                for cause in missing.causes:
                    self.seen.setdefault(cause, set()).add(plain)


@dataclass(frozen=True, slots=True)
class Guess:
    """A try at a record that was not given: every field read from it takes its candidate of this number."""

    number: int


class Facts:
    """Reads fields and parameters; `assumed` stands in for what the world does not have."""

    def __init__(self, world: World, assumed: Mapping[Cause, Thing | Guess], notes: Notes | None) -> None:
        self.world = world
        self.assumed = assumed
        self.notes = notes

    def root(self, kind: str, subject: bool) -> Thing:
        """Return a whole record; unknown, with one cause, where it is not given (c20)."""
        record = self.world.records.get(self.world.subject if subject else kind)
        if record is None:
            return Unknown(frozenset({Cause("record", kind)}))
        return Element(kind, "" if subject else kind, record.data)

    def parameter(self, name: str, kind: Type) -> Thing:
        """Return a parameter's value; an unset count is still at least 0."""
        value = self.world.parameters.get(name)
        if value is not None:
            return value
        cause = Cause("parameter", name)
        tried = self._try(cause, kind)
        return tried if tried is not None else lacking(False, frozenset({cause}), kind)

    def read(self, base: Thing, declared: FieldType) -> Thing:
        """Return a field of a record, an object or an element; a date that marks an event may lie ahead."""
        name = declared.name
        if isinstance(base, Element):
            path = f"{base.path}.{name}" if base.path else name
            raw = base.data.get(name)
            if raw is None:
                absent = name in base.data or (declared.absence == "none" and not declared.required)
            elif planned(base, declared, self.world.as_of) is not None:
                absent = True
                if self.notes:
                    self.notes.ahead.add(Cause("fact", path))
            else:
                return self._wrap(raw, base.record, path)
        elif isinstance(base, Missing) and base.path is not None:
            path, absent = f"{base.path}.{name}", isinstance(base, Absent)
        elif isinstance(base, Missing):
            return self._of_missing(base, declared)
        else:
            return Unknown(causes_of(base))
        cause = Cause("judgement" if declared.judged else "fact", path)
        if (tried := self._try(cause, declared.type)) is not None:
            return tried
        if absent and isinstance(declared.type, ListType) and isinstance(base, Element):
            return NO_LIST
        return lacking(absent, frozenset({cause}), declared.type, path if _is_object(declared.type) else None)

    def _of_missing(self, base: Missing, declared: FieldType) -> Thing:
        """Return a field of a record that was not given, or of an element that was not found."""
        for cause in base.causes:
            guess = self.assumed.get(cause)
            if isinstance(guess, Guess):
                seen = self.notes.seen.get(cause, ()) if self.notes else ()
                tries = candidates(declared.type, seen, self.world.as_of)
                return tries[guess.number % len(tries)]
        return lacking(isinstance(base, Absent), base.causes, declared.type)

    def _try(self, cause: Cause, kind: Type) -> Thing | None:
        if self.notes:
            self.notes.types[cause] = kind
        found = self.assumed.get(cause)
        return None if isinstance(found, Guess) else found

    def _wrap(self, raw: Any, record: str, path: str) -> Thing:
        if isinstance(raw, list):
            key = record, path
            if key not in self.world.lists:
                members = []
                for index, item in enumerate(raw):
                    at = f"{path}[{index}]"
                    members.append(Member(self._wrap(item, record, at), at))
                self.world.lists[key] = Things(tuple(members))
            return self.world.lists[key]
        if isinstance(raw, dict):
            return Element(record, path, raw)
        thing: Thing = raw if raw is not None else Absent(frozenset({Cause("fact", path)}))
        return thing


def _is_object(kind: Type) -> bool:
    return isinstance(kind, RecordType)


_EARLY, _LATE = datetime.date(1900, 1, 1), datetime.date(2999, 12, 31)
_ONE_DAY = datetime.timedelta(days=1)
_OTHER_TEXT = "\N{WHITE QUESTION MARK ORNAMENT}"
_HUGE = 10**9


def planned(base: Thing, declared: FieldType, as_of: datetime.date) -> datetime.date | None:
    """Return the date that an event is recorded for, where it lies after the check's: it has not happened yet."""
    raw = base.data.get(declared.name) if isinstance(base, Element) and declared.event else None
    return raw if isinstance(raw, datetime.date) and raw > as_of else None


def candidates(kind: Type, seen: Iterable[core.Value], as_of: datetime.date) -> list[Thing]:
    """Return values worth trying for a fact of a type: those that it was compared with, their neighbours, extremes.

    The last tries say that it is recorded as none.
    """
    none: Thing = Absent(frozenset())
    match kind:
        case BoolType():
            return [True, False, none]
        case EnumType(_, members):
            return [*members, none]
        case DateType():
            near = sorted(day for day in {*seen, as_of} if isinstance(day, datetime.date))
            return [_LATE, _EARLY, *near, *_around(near), none]
        case CalendarTimeType(unit):
            counts = sorted({value.months + value.days for value in seen if isinstance(value, Period)})
            spans = (_HUGE // 1000, 0, *(n + step for n in counts for step in (-1, 0, 1)))
            return [*(Period(n, 0) if unit == "months" else Period(0, n) for n in spans), none]
        case ListType(element):
            listed = tuple(Member(value, "") for value in _sorted(seen)) or (Member(_an_element(element), ""),)
            return [Things(()), Things(listed), NO_LIST]
        case RecordType():
            return [none, Element("", "", {})]
        case CountType():
            numbers = sorted({n for n in seen if isinstance(n, int)})
            return [0, _HUGE, *(n for value in numbers for n in (value - 1, value, value + 1) if n >= 0), none]
        case _:
            if not isinstance(kind, TextType):
                amounts = sorted(n for n in seen if isinstance(n, int | Fraction))
                return [0, _HUGE, *(n for value in amounts for n in (value - 1, value, value + 1)), none]
            return [*_sorted(value for value in seen if isinstance(value, str)), _OTHER_TEXT, none]


def _around(days: list[datetime.date]) -> list[datetime.date]:
    safe = [day for day in days if datetime.date.min < day < datetime.date.max]
    return [day + step for day in safe for step in (-_ONE_DAY, _ONE_DAY)]


def _an_element(kind: Type) -> Thing:
    return Element("", "", {}) if isinstance(kind, RecordType) else Unknown(frozenset())


def _sorted(values: Iterable[core.Value]) -> list[core.Value]:
    return sorted(values, key=lambda value: (type(value).__name__, str(value)))
