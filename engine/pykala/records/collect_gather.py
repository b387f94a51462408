"""The first half of collecting: records one after another in; what they bring, by key and year, kept in cells."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias

from pykala.evaluate.facts import World
from pykala.evaluate.interpreter import Interpreter
from pykala.evaluate.outcomes import BROKEN, MET, TRUE, all_of
from pykala.evaluate.recording import plain_value
from pykala.evaluate.values import Absent, Unknown
from pykala.records.collect_cells import ALWAYS, UNKNOWN, Cell, key_of, merged
from pykala.records.collection import (
    CollectedField,
    Collection,
    Derived,
    Gathered,
    Grouped,
    Listed,
    Stream,
    streams_of,
)
from pykala.records.record import Record
from pykala_dsl import core

Place: TypeAlias = tuple[Any, ...]
"""The keys of a record, and its year last: `ALWAYS` for what holds in every year, UNKNOWN for what is not known."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A record that may belong to several collected ones, since it does not say to which; `facts` are its paths."""

    origin: str
    kind: str
    id: str
    facts: tuple[str, ...]
    collection: str


@dataclass(slots=True)
class Gatherer:
    """One way to collect, while the records go by."""

    collection: Collection
    as_of: datetime.date
    year: int | None
    cells: dict[tuple[str, Place], Cell] = field(default_factory=dict)
    groups: dict[Place, Place] = field(default_factory=dict)
    """The places of the records to be, compared as texts are, with their keys as first written."""
    inner: dict[tuple[str, Place], dict[Hashable, Any]] = field(default_factory=dict)
    known: set[tuple[str, Place]] = field(default_factory=set)
    """The keys of which an undated stream has a record, which may have an empty list."""
    unplaced: list[Unplaced] = field(default_factory=list)
    _by_kind: dict[str, list[Stream]] = field(default_factory=dict)
    _fed: dict[str, list[CollectedField]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for stream in self.collection.streams.values():
            self._by_kind.setdefault(stream.kind, []).append(stream)
            self._fed[stream.name] = [each for each in self.collection.fields if stream.name in streams_of(each)]

    def add(self, record: Record) -> None:
        """Take in a record."""
        for stream in self._by_kind.get(record.kind, ()):
            run = Interpreter(World(stream.kind, {stream.kind: record}, self.as_of), {}, source=stream.source)
            if stream.for_each is None:
                self._known(stream, run)
                self._member(stream, record, run, TRUE)
                continue
            things = run.bound(stream.for_each)
            if isinstance(things, Unknown):
                self._unlisted(stream, record, run, things)
                continue
            self._known(stream, run)
            for member in things.members:
                run.enter(stream.for_each.name, member.value)
                self._member(stream, record, run, member.belongs)

    def miss(self, kind: str | None) -> None:
        """Take in that a record could not be read: it may belong anywhere. No kind: it may be one of any, or many."""
        nowhere = (UNKNOWN,) * (len(self.collection.by) + 1)
        for stream in self.collection.streams.values():
            if kind in (None, stream.kind):
                self._put(stream, nowhere, None, sure=False, endless=kind is None or stream.for_each is not None)

    def _unlisted(self, stream: Stream, record: Record, run: Interpreter, things: Unknown) -> None:
        """Take in that a record does not give the list whose elements are collected."""
        if stream.where is not None and _independent(stream.where, stream) and run.truth(stream.where).mask == BROKEN:
            return
        place = self._place(self._keys(stream, run), UNKNOWN)
        if place is not None:
            self._note(record, {cause.name for cause in things.causes})
            self._put(stream, place, run, sure=False, endless=True)

    def _known(self, stream: Stream, run: Interpreter) -> None:
        if stream.dated is None:
            self.known.add((stream.name, tuple(key_of(each) for each in self._keys(stream, run))))

    def _keys(self, stream: Stream, run: Interpreter) -> tuple[Any, ...]:
        """Return the keys that the elements of a record's list have in common."""
        exprs = (stream.keys.get(name) for name in self.collection.by)
        return tuple(self._value(run, expr) if _independent(expr, stream) else UNKNOWN for expr in exprs)

    def _member(self, stream: Stream, record: Record, run: Interpreter, belongs: Any) -> None:
        truth = belongs
        if stream.where is not None:
            truth = all_of((belongs, run.truth(stream.where)))
        if truth.mask == BROKEN:
            return
        facts = set() if truth.mask == MET else {cause.name for cause in truth.causes}
        keys = [self._value(run, stream.keys[name], facts) for name in self.collection.by]
        dated: Any = ALWAYS
        if stream.dated is not None:
            dated = self._date(stream, stream.dated, record, run, facts)
            if isinstance(dated, datetime.date) and dated > self.as_of:
                return
            if self.collection.period == "rolling" and self.year is None:
                dated = ALWAYS
        place = self._place(keys, dated)
        if place is None:
            return
        if facts:
            self._note(record, facts)
        self._put(stream, place, run, sure=truth.mask == MET and UNKNOWN not in place, endless=False)

    def _value(self, run: Interpreter, expr: core.Expr | None, facts: set[str] | None = None) -> Any:
        """Return a plain value, UNKNOWN where it is not known or recorded as none; `facts` gathers what it hangs on."""
        if expr is None:
            return UNKNOWN
        thing = run.value(expr)
        value = plain_value(thing)
        if value is None or isinstance(value, tuple):
            if facts is not None:
                found = {cause.name for cause in getattr(thing, "causes", ())}
                facts |= found or {_named(expr)}
            return UNKNOWN
        return value

    def _date(self, stream: Stream, expr: core.Expr, record: Record, run: Interpreter, facts: set[str]) -> Any:
        """Return the date of a member, also of an event that has not come by the day of collecting."""
        timed = self.collection.period == "year" or self.year is not None
        value = self._value(run, expr, facts if timed else None)
        if value is not UNKNOWN:
            return value
        later = Interpreter(World(stream.kind, {stream.kind: record}, datetime.date.max), {}, source=stream.source)
        later.locals.update(run.locals)
        return self._value(later, expr)

    def _place(self, keys: Sequence[Any], dated: Any) -> Place | None:
        """Return where a member belongs, None where that is outside the year asked for."""
        year = dated.year if isinstance(dated, datetime.date) else dated
        if isinstance(year, int) and self.year is not None:
            if self.collection.period == "rolling":
                if year not in (self.year - 1, self.year):
                    return None
                year = ALWAYS
            elif year != self.year:
                return None
        if self.collection.period != "year" and year is not UNKNOWN:
            year = ALWAYS
        place = (*keys, year)
        compared = tuple(key_of(each) for each in place)
        if UNKNOWN not in keys:
            self.groups.setdefault(compared, place)
        return compared

    def _note(self, record: Record, facts: set[str]) -> None:
        self.unplaced.append(
            Unplaced(record.origin, record.kind, record.id, tuple(sorted(facts)), self.collection.name)
        )

    def _put(self, stream: Stream, place: Place, run: Interpreter | None, *, sure: bool, endless: bool) -> None:
        for each in self._fed[stream.name]:
            match each:
                case Gathered(declared, how, exprs):
                    value = self._content(run, exprs[stream.name], stream, endless=endless)
                    self._into(declared.name, place, how, value, sure=sure, endless=endless)
                case Listed(declared, _, exprs):
                    cell = self.cells.setdefault((declared.name, place), Cell())
                    if sure and run is not None:
                        cell.elements.append(_element(run, exprs[stream.name]))
                    else:
                        cell.doubt(UNKNOWN, endless=endless)
                case Grouped():
                    self._group(each, stream, place, run, sure=sure, endless=endless)
                case Derived():
                    pass

    def _group(
        self, each: Grouped, stream: Stream, place: Place, run: Interpreter | None, *, sure: bool, endless: bool
    ) -> None:
        name = each.field.name
        by = self._content(run, stream.keys[each.by], stream, endless=endless)
        key = key_of(by)
        if sure and by is not UNKNOWN:
            self.inner.setdefault((name, place), {}).setdefault(key, by)
        else:
            self.cells.setdefault((name, place), Cell()).doubt(by, endless=endless and by is UNKNOWN)
        for inside in each.fields:
            if stream.name in inside.exprs:
                value = self._content(run, inside.exprs[stream.name], stream, endless=endless)
                where = (*place, key)
                belongs = sure and by is not UNKNOWN
                self._into(f"{name}.{inside.field.name}", where, inside.how, value, sure=belongs, endless=endless)

    def _into(self, name: str, place: Place, how: Any, value: Any, *, sure: bool, endless: bool) -> None:
        cell = self.cells.setdefault((name, place), Cell())
        if sure:
            cell.add(how, value)
        else:
            # However many there are, they bring the one value that is known.
            cell.doubt(value, endless=endless and value is UNKNOWN)

    def _content(self, run: Interpreter | None, expr: core.Expr, stream: Stream, *, endless: bool) -> Any:
        """Return what a member brings, UNKNOWN where that is not known: of elements that are not there, what they share."""
        if run is None or (endless and not _independent(expr, stream)):
            return UNKNOWN
        value = plain_value(run.value(expr))
        return UNKNOWN if value is None else value

    def seed(self, record: Record) -> None:
        """Let there be a record for one that people wrote, although nothing else may belong to it."""
        said = [record.data.get(name) for name in self.collection.by]
        year = ALWAYS if self.collection.period != "year" else _year_of(record, self.collection)
        asked = year is ALWAYS or self.year in (None, year)
        if None not in said and year is not None and asked:
            place = (*said, year)
            self.groups.setdefault(tuple(key_of(each) for each in place), place)

    # ------------------------------------------------------------------ looking up

    def records(self) -> Iterator[tuple[Place, Place]]:
        """Yield the places of the records to be made, and their keys as written, in the order of keys and years."""
        years: set[Any] = {compared[-1] for compared in self.groups if isinstance(compared[-1], int)}
        if self.collection.period != "year":
            years = {ALWAYS}
        elif self.year is not None:
            years = {self.year}
        found: dict[Place, Place] = {}
        for compared, place in self.groups.items():
            # What holds in every year, or in one that is not known, belongs to a record in each.
            for year in [compared[-1]] if isinstance(compared[-1], int) else sorted(years):
                found.setdefault((*compared[:-1], year), (*place[:-1], year))
        yield from sorted(found.items(), key=lambda each: tuple(str(part) for part in each[0]))

    def cell(self, name: str, place: Place, inner: tuple[Hashable, ...] = ()) -> Cell:
        """Return what surely belongs to a place, with the doubt of every place that may be the same one."""
        *keys, year = place
        sure: list[Cell] = []
        doubtful: list[Cell] = []
        choices = [*((key, UNKNOWN) for key in keys), tuple(dict.fromkeys((year, ALWAYS, UNKNOWN)))]
        for tried in product(*choices, *((key, UNKNOWN) for key in inner)):
            if (cell := self.cells.get((name, tried))) is not None:
                (doubtful if UNKNOWN in tried else sure).append(cell)
        return merged(sure, doubtful)

    def has_record(self, each: Gathered | Listed | Grouped, place: Place) -> bool:
        """Return whether a list is known to be whole: undated streams have a record with its keys, or are dated."""
        return all(
            stream.dated is not None or (stream.name, place[:-1]) in self.known
            for stream in (self.collection.streams[name] for name in streams_of(each))
        )

    def keys_within(self, name: str, place: Place) -> dict[Hashable, Any]:
        """Return the values of a grouped list's key in a record."""
        *keys, year = place
        found = {**self.inner.get((name, (*keys, year)), {}), **self.inner.get((name, (*keys, ALWAYS)), {})}
        return dict(sorted(found.items(), key=lambda each: str(each[0])))


def _independent(expr: core.Expr | None, stream: Stream) -> bool:
    """Return whether an expression of a stream does not need the element."""
    name = stream.for_each.name if stream.for_each else None
    return expr is not None and not any(isinstance(e, core.Local) and e.name == name for e in core.walk(expr))


def _named(expr: core.Expr) -> str:
    return expr.field.name if isinstance(expr, core.FieldRead) else "?"


def _element(run: Interpreter, exprs: Any) -> dict[str, Any]:
    """Return an element with the values that are known; what is recorded as none stays so."""
    out: dict[str, Any] = {}
    for name, expr in exprs.items():
        thing = run.value(expr)
        value = plain_value(thing)
        if value is not None:
            out[name] = list(value) if isinstance(value, tuple) else value
        elif isinstance(thing, Absent):
            out[name] = None
    return out


def _year_of(record: Record, collection: Collection) -> int | None:
    for each in collection.fields:
        if isinstance(each, Derived) and isinstance(each.expr, core.Local):
            said = record.data.get(each.field.name)
            if said is not None:
                return said.year if isinstance(said, datetime.date) else int(said)
    return None
