"""The second half of collecting: what was gathered in; a record for each key and year out, completed by given ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pykala.evaluate.facts import World
from pykala.evaluate.interpreter import Interpreter
from pykala.evaluate.recording import plain_value
from pykala.records.build import build_record
from pykala.records.collect_cells import ALWAYS, UNKNOWN, key_of, result
from pykala.records.collect_gather import Gatherer, Place
from pykala.records.collect_merge import complete
from pykala.records.collection import (
    OF_THE_YEAR,
    CollectedField,
    Collection,
    Derived,
    Gathered,
    Grouped,
    Listed,
    may_be_blank,
    streams_of,
)
from pykala.records.record import Record, RecordProblem
from pykala.records.vocabulary import RecordKind, Vocabulary
from pykala.records.written import written
from pykala_dsl import core


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A field that could not be filled in a record, and the source kinds that it would have come from."""

    record_id: str
    path: str
    kinds: tuple[str, ...]


@dataclass(slots=True)
class _Made:
    id: str
    collection: Collection
    data: dict[str, Any]
    identity: dict[str, Any]


@dataclass(slots=True)
class Finish:
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

    def take(self, gatherer: Gatherer) -> None:
        """Make the records of what one way to collect has gathered."""
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

    def _fill(self, made: _Made, each: CollectedField, gatherer: Gatherer, place: Place) -> None:
        name, value = each.field.name, UNKNOWN
        kinds = tuple(dict.fromkeys(made.collection.streams[stream].kind for stream in streams_of(each)))
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

    def _gathered(self, made: _Made, each: Gathered | Listed | Grouped, gatherer: Gatherer, place: Place) -> Any:
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
                if is_of(record, made.collection, self.kind.collections) and _belongs(record, made)
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


def is_of(record: Record, collection: Collection, others: Iterable[Collection]) -> bool:
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


def _belongs(record: Record, made: _Made) -> bool:
    if record.id == made.id:
        return True
    said = {name: record.data.get(name) for name in made.identity}
    if any(said[name] is None for name in made.collection.by):
        return False
    return all(value is None or key_of(value) == key_of(made.identity[name]) for name, value in said.items())
