"""Records of one kind, collected from many of others: a stream of records in, one record for each key (and year) out.

What a record does not say is never guessed. One whose key or date is not known may belong to any of the collected
records, so a count or a sum that it could change is left out, and a list gets an element of which nothing is given.
"""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias

from pykala.evaluate.facts import World
from pykala.evaluate.interpreter import Interpreter
from pykala.evaluate.outcomes import BROKEN, MET, TRUE, all_of
from pykala.evaluate.recording import plain_value
from pykala.evaluate.values import Absent, Unknown
from pykala.records.build import build_record
from pykala.records.collect_cells import ALWAYS, UNKNOWN, Cell, key_of, merged, result
from pykala.records.collect_merge import complete
from pykala.records.collection import (
    OF_THE_YEAR,
    CollectedField,
    Collection,
    Derived,
    Gathered,
    Grouped,
    Listed,
    Stream,
    asked_for,
    may_be_blank,
)
from pykala.records.record import Record, RecordProblem
from pykala.records.vocabulary import RecordKind, Vocabulary
from pykala.records.written import written
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


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A field that could not be filled in a record, and the source kinds that it would have come from."""

    record_id: str
    path: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """What collecting gives: the records as plain data, what is wrong, and what stayed open.

    `read` counts the records that it rests on by kind, `unused` those of other kinds, `absent` names the kinds that
    were wanted and not there. `left_to_people` are fields that nothing collects.
    """

    records: tuple[dict[str, Any], ...]
    problems: tuple[RecordProblem, ...]
    as_of: datetime.date
    read: dict[str, int]
    unused: dict[str, int]
    absent: tuple[str, ...]
    unplaced: tuple[Unplaced, ...]
    unfilled: tuple[Unfilled, ...]
    left_to_people: tuple[str, ...]
    unmatched: tuple[str, ...] = ()


def collect_records(
    vocabulary: Vocabulary,
    kind: str,
    items: Iterable[Record | RecordProblem],
    as_of: datetime.date,
    *,
    year: int | None = None,
    only: Iterable[str] | None = None,
) -> Collected:
    """Return the records of a kind that the given ones make, with what could not be placed or filled.

    `year` collects one calendar year (for rolling years: those that end in it); `only` names the ways to collect.
    Records are read once and not kept, but for those of the kind itself: they complete what is collected.
    """
    known = vocabulary.kinds[kind]
    chosen = asked_for(known.collections) if only is None else [each for each in known.collections if each.name in only]
    gatherers = [_Gatherer(each, as_of, year if each.period != "always" else None) for each in chosen]
    wanted = dict.fromkeys(name for each in chosen for name in each.source_kinds)
    read = dict.fromkeys(wanted, 0)
    unused: dict[str, int] = {}
    problems: list[RecordProblem] = []
    completing: list[Record] = []
    broken: set[tuple[str, str | None]] = set()
    for item in items:
        if isinstance(item, RecordProblem):
            problems.append(item)
            # Several mistakes of one record are one record; without a place, nobody knows.
            if not item.origin or (item.origin, item.kind) not in broken:
                broken.add((item.origin, item.kind))
                for gatherer in gatherers:
                    gatherer.miss(item.kind)
        elif item.kind == kind:
            completing.append(item)
        elif item.kind in read:
            read[item.kind] += 1
            for gatherer in gatherers:
                gatherer.add(item)
        else:
            unused[item.kind] = unused.get(item.kind, 0) + 1
    for record in completing:
        for gatherer in gatherers:
            if _is_of(record, gatherer.collection, known.collections):
                gatherer.seed(record)
    finish = _Finish(vocabulary, known, chosen, read, problems)
    for gatherer in gatherers:
        finish.take(gatherer)
    finish.complete(completing)
    return Collected(
        tuple(finish.records()),
        tuple(problems),
        as_of,
        {name: count for name, count in read.items() if count},
        unused,
        tuple(name for name, count in read.items() if not count),
        tuple(dict.fromkeys(each for gatherer in gatherers for each in gatherer.unplaced)),
        tuple(finish.unfilled),
        tuple(_left_to_people(known, chosen)),
        tuple(finish.unmatched),
    )


def _left_to_people(kind: RecordKind, chosen: list[Collection]) -> Iterator[str]:
    filled = {each.field.name for collection in chosen for each in collection.fields}
    filled |= {name for collection in chosen for name in collection.by}
    for name in kind.type.fields:
        if name != "id" and name not in filled:
            yield name


# ---------------------------------------------------------------------- reading


@dataclass(slots=True)
class _Gatherer:
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
            self._fed[stream.name] = [each for each in self.collection.fields if stream.name in _streams(each)]

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
            for stream in (self.collection.streams[name] for name in _streams(each))
        )

    def keys_within(self, name: str, place: Place) -> dict[Hashable, Any]:
        """Return the values of a grouped list's key in a record."""
        *keys, year = place
        found = {**self.inner.get((name, (*keys, year)), {}), **self.inner.get((name, (*keys, ALWAYS)), {})}
        return dict(sorted(found.items(), key=lambda each: str(each[0])))


def _streams(each: CollectedField) -> Iterable[str]:
    match each:
        case Gathered() | Listed():
            return each.exprs
        case Grouped():
            return each.streams
        case Derived():
            return ()


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


# ---------------------------------------------------------------------- writing


@dataclass(slots=True)
class _Made:
    id: str
    collection: Collection
    data: dict[str, Any]
    identity: dict[str, Any]


@dataclass(slots=True)
class _Finish:
    """From what was gathered to records."""

    vocabulary: Vocabulary
    kind: RecordKind
    chosen: list[Collection]
    read: dict[str, int]
    problems: list[RecordProblem]
    made: list[_Made] = field(default_factory=list)
    unfilled: list[Unfilled] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    passed_on: list[Record] = field(default_factory=list)

    def take(self, gatherer: _Gatherer) -> None:
        collection = gatherer.collection
        for place, named in gatherer.records():
            identity = dict(zip(collection.by, named, strict=False))
            parts = [str(each) for each in named if each is not ALWAYS]
            if gatherer.year is not None and collection.period == "rolling":
                parts.append(str(gatherer.year))
            if len(self.chosen) > 1 or not collection.by:
                parts = [collection.name, *parts]
            made = _Made("-".join(parts), collection, dict(identity), identity)
            self.made.append(made)
            for each in collection.fields:
                self._fill(made, each, gatherer, place)

    def _fill(self, made: _Made, each: CollectedField, gatherer: _Gatherer, place: Place) -> None:
        name, value = each.field.name, UNKNOWN
        kinds = tuple(dict.fromkeys(made.collection.streams[stream].kind for stream in _streams(each)))
        if isinstance(each, Derived):
            value = self._derived(made, each, place, gatherer.as_of)
        elif any(self.read[kind] for kind in kinds):
            value = self._gathered(made, each, gatherer, place)
        if value is UNKNOWN:
            self.unfilled.append(Unfilled(made.id, name, kinds))
        else:
            made.data[name] = value

    def _derived(self, made: _Made, each: Derived, place: Place, as_of: datetime.date) -> Any:
        own = {"record": self.kind.name, "id": made.id, **made.data}
        run = Interpreter(
            World(self.kind.name, {self.kind.name: Record(self.kind.name, made.id, own)}, as_of),
            {},
            source=made.collection.source,
        )
        if isinstance(year := place[-1], int):
            of_year = (year, datetime.date(year, 1, 1), datetime.date(year, 12, 31))
            run.locals.update(zip(OF_THE_YEAR, of_year, strict=True))
        value = plain_value(run.value(each.expr))
        if value is None:
            return UNKNOWN
        if isinstance(each.expr, core.Constant | core.Local):
            made.identity[each.field.name] = value
        return list(value) if isinstance(value, tuple) else value

    def _gathered(self, made: _Made, each: Gathered | Listed | Grouped, gatherer: _Gatherer, place: Place) -> Any:
        cell = gatherer.cell(each.field.name, place)
        copied = isinstance(each, Listed) or (isinstance(each, Gathered) and each.how == "values")
        if copied and not gatherer.has_record(each, place):
            return UNKNOWN
        if isinstance(each, Gathered):
            value = result(cell, each.how)
            return list(value) if isinstance(value, tuple) else value
        if isinstance(each, Listed):
            return self._in_doubt(each, cell.elements, cell.doubts, endless=cell.endless)
        elements = []
        keys = gatherer.keys_within(each.field.name, place)
        for key, written_as in keys.items():
            element = {each.by: written_as}
            for inside in each.fields:
                path = f"{each.field.name}.{inside.field.name}"
                kinds = tuple(dict.fromkeys(made.collection.streams[stream].kind for stream in inside.exprs))
                value = UNKNOWN
                if any(self.read[kind] for kind in kinds):
                    value = result(gatherer.cell(path, place, (key,)), inside.how)
                if value is UNKNOWN:
                    self.unfilled.append(Unfilled(made.id, f"{path} ({written_as})", kinds))
                else:
                    element[inside.field.name] = value
            elements.append(element)
        perhaps = cell.doubts + sum(1 for key in cell.maybe if key not in keys)
        return self._in_doubt(each, elements, perhaps, endless=cell.endless)

    def _in_doubt(self, each: Listed | Grouped, elements: list[Any], doubts: int, *, endless: bool) -> Any:
        """Return a list with an element of which nothing is given for each that may be missing from it."""
        if endless and each.field.absence == "none":
            doubts = max(1, doubts)
        elif endless or (doubts and not may_be_blank(each.element)):
            return UNKNOWN
        return [*elements, *({} for _ in range(doubts))]

    # ------------------------------------------------------------------ completing

    def complete(self, given: list[Record]) -> None:
        """Let records of the collected kind, which say what only people know, complete those that they belong to."""
        taken: dict[int, Record] = {}
        for record in given:
            fitting = [
                made
                for made in self.made
                if _is_of(record, made.collection, self.kind.collections) and _belongs(record, made)
            ]
            if len(fitting) > 1:
                ids = ", ".join(f"`{made.id}`" for made in fitting[:3])
                self._problem(
                    record,
                    "several-records",
                    "id",
                    f"the record could complete any of {ids}",
                    "give it the keys and the year of one of them, or its id",
                )
            elif not fitting:
                self.unmatched.append(record.origin)
                self.passed_on.append(record)
            elif (first := taken.setdefault(id(fitting[0]), record)) is not record:
                self._problem(
                    record,
                    "several-records",
                    "id",
                    f"`{fitting[0].id}` is completed by {first.origin} already",
                    "put what people know of it into one record",
                )
            else:
                self._complete(fitting[0], record)

    def _complete(self, made: _Made, record: Record) -> None:
        conflicts: list[str] = []
        made.data = complete(self.kind.type, made.data, record.data, conflicts)
        made.id = record.id
        for path in conflicts:
            self._problem(
                record,
                "facts-differ",
                path,
                "the record says something else than the records that it completes",
                "take it out here, or correct the others; until then the fact is left open",
            )

    def _problem(self, record: Record, code: str, path: str, message: str, hint: str) -> None:
        self.problems.append(RecordProblem(record.origin, code, path, message, hint))

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the records as plain data, in the order of their kind's fields; each of them can be read again."""
        all_made = [(made.id, made.data) for made in self.made]
        all_made += [(each.id, complete(self.kind.type, {}, each.data, [])) for each in self.passed_on]
        for name, data in all_made:
            plain = {"record": self.kind.name, "id": name, **written(self.kind.type, {**data, "id": name})}
            built = build_record(self.vocabulary, self.kind.name, plain, f"collected {self.kind.name} {name}")
            if isinstance(built, Record):
                yield plain
            else:
                self.problems += built


def _constants(collection: Collection) -> dict[str, Any]:
    fields = collection.fields
    return {e.field.name: e.expr.value for e in fields if isinstance(e, Derived) and isinstance(e.expr, core.Constant)}


def _is_of(record: Record, collection: Collection, others: Iterable[Collection]) -> bool:
    """Return whether a record of the kind is one that this way collects: it says the same of what tells the ways apart."""
    constants = [_constants(each) for each in others]
    own = _constants(collection)
    for name in {name for each in constants for name in each}:
        said = record.data.get(name)
        if said is None and name in own and not all(name in each for each in constants):
            return False
        if said is not None and said != own.get(name):
            return False
    return True


def _year_of(record: Record, collection: Collection) -> int | None:
    for each in collection.fields:
        if isinstance(each, Derived) and isinstance(each.expr, core.Local):
            said = record.data.get(each.field.name)
            if said is not None:
                return said.year if isinstance(said, datetime.date) else int(said)
    return None


def _belongs(record: Record, made: _Made) -> bool:
    if record.id == made.id:
        return True
    said = {name: record.data.get(name) for name in made.identity}
    if any(said[name] is None for name in made.collection.by):
        return False
    return all(value is None or key_of(value) == key_of(made.identity[name]) for name, value in said.items())
