"""The facts of one document as they are found, what stood against them, and the record that they make.

What a document holds and no field takes leaves the record to be judged: the fact is not given then, and not given is
never a pass. A value that cannot be read, a row of a list that cannot be placed and a field that is given twice leave
it unjudged, since its verdicts could be others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from pykala.records.build import build_record
from pykala.records.cells import CellError, says_none
from pykala.records.documents.mapping import DocumentMapping, Entry, Rows
from pykala.records.documents.pieces import Document
from pykala.records.documents.values import is_blank, read_value, split_written
from pykala.records.record import Record, RecordProblem
from pykala.records.tables import Column, fold, tables_of
from pykala.records.vocabulary import Vocabulary
from pykala_dsl.typesys import ListType, RecordType

_WORD = re.compile(r"[^\W_]")


def says_anything(text: str) -> bool:
    """Return whether a text holds a letter or a digit: a line that is only drawn does not."""
    return _WORD.search(text) is not None


@dataclass(slots=True)
class Row:
    """One element of a list: its values by path, each with its place."""

    place: str
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


class Facts:
    """Gathers the facts of one document."""

    def __init__(self, document: Document, mapping: DocumentMapping, vocabulary: Vocabulary) -> None:
        self.document = document
        self.mapping = mapping
        self.vocabulary = vocabulary
        tables = {table.path: table for table in tables_of(vocabulary, vocabulary.kinds[mapping.kind])}
        self.columns = {column.name: column for column in tables[()].columns}
        self.inner = {
            rows.path: {column.name: column for column in tables[(rows.path,)].columns} for rows in mapping.lists
        }
        self.labels = {label: entry for entry in mapping.entries for label in entry.labels}
        self.headings = {heading: rows for rows in mapping.lists for heading in rows.headings}
        self.within = {
            rows.path: {label: column for column in rows.columns for label in column.labels} for rows in mapping.lists
        }
        self.values: dict[str, Any] = {}
        self.places: dict[str, str] = {}
        self.lists: dict[str, list[Row]] = {}
        self.said_none: dict[str, str] = {}
        """The lists that the document says to be empty, with the place where it does."""
        self.found: list[RecordProblem] = list(document.unplaced)
        self.is_judged = True

    # ------------------------------------------------------------------ what is wrong

    def unplaced(self, code: str, place: str, message: str, help_: str) -> None:
        """List what has no place; the record is judged without it."""
        self.found.append(RecordProblem(place, code, "", message, help_))

    def broken(self, code: str, place: str, path: str, message: str, help_: str | None) -> None:
        """List what leaves the record unjudged."""
        self.found.append(RecordProblem(place, code, path, message, help_))
        self.is_judged = False

    # ------------------------------------------------------------------ fields of the record

    def put(self, entry: Entry, written: str, place: str) -> None:
        """Take in the value of a field."""
        column = self.columns[entry.path]
        try:
            if entry.written and column.role == "group":
                self._put_group(entry, written, place)
                return
            value = read_value(entry, column, written)
        except CellError as error:
            self.broken("bad-value", place, entry.path, error.message, error.help)
            return
        self.set(entry.path, value, place)

    def _put_group(self, entry: Entry, written: str, place: str) -> None:
        group = f"{entry.path}."
        inside = {name.removeprefix(group): column for name, column in self.columns.items() if name.startswith(group)}
        if is_blank(written) or not says_anything(written) or says_none(written) or fold(written) in entry.none:
            self.set(entry.path, None, place)
            return
        parts = split_written(entry.written, inside, written)
        if parts is None:
            shown = self._shown_pattern(entry.written[0], inside)
            self.broken("bad-value", place, entry.path, f"the value is not written as {shown}", "write it so")
            return
        for name, text in parts.items():
            self.put(Entry(group + name, inside[name].label.get(self.mapping.lang)), text, place)

    def _shown_pattern(self, pattern: str, columns: Mapping[str, Column]) -> str:
        for name, column in columns.items():
            pattern = pattern.replace(f"{{{name}}}", f"({column.labels[-1].get(self.mapping.lang)})")
        return f"`{pattern}`"

    def set(self, path: str, value: Any, place: str) -> None:
        """Take in a value that has been read; what was left empty yields to what was filled in elsewhere."""
        before = self.values.get(path)
        if path in self.values and before != value and not _is_empty(value) and not _is_empty(before):
            message = f"`{path}` is given twice, and not the same both times"
            self.broken("given-twice", place, path, message, f"keep one of them; the other is in {self.places[path]}")
        elif path not in self.values or not _is_empty(value):
            self.values[path], self.places[path] = value, place

    # ------------------------------------------------------------------ elements of lists

    def put_in_row(self, path: str, row: Row, entry: Entry, written: str, place: str) -> None:
        """Take in the value of a field of an element; a list of plain values has rows of one value each."""
        columns = self.inner.get(path)
        column = self.columns[path] if columns is None else columns[entry.path]
        try:
            value = read_value(entry, column, written)
        except CellError as error:
            self.broken("bad-value", place, f"{path}.{entry.path}", error.message, error.help)
            return
        row.values[entry.path], row.places[entry.path] = value, place

    def put_written_row(self, rows: Rows, text: str, place: str) -> None:
        """Take in an element that stands in one line of text."""
        parts = split_written(rows.written, self.inner[rows.path], text) if rows.written else None
        if parts is None:
            self.no_row(rows, place)
            return
        row = Row(place)
        self.lists.setdefault(rows.path, []).append(row)
        known = {column.path: column for column in rows.columns}
        for name, written in parts.items():
            self.put_in_row(rows.path, row, known.get(name) or Entry(name, name), written, place)

    def add_rows(self, path: str, rows: list[Row]) -> None:
        """Take in elements from form fields; in Word they can be those of a table at the same time."""
        known = self.lists.setdefault(path, [])
        if not known:
            known += rows
        elif [row.values for row in known] != [row.values for row in rows]:
            message = f"`{path}` is given twice, and not the same both times"
            where = rows[0].place if rows else known[0].place
            self.broken("given-twice", where, path, message, "keep one of them")

    def say_none(self, rows: Rows, place: str) -> None:
        """Take in that a list is said to have no elements."""
        self.lists.setdefault(rows.path, [])
        self.said_none.setdefault(rows.path, place)

    def no_row(self, rows: Rows, place: str) -> None:
        """List a line that stands among the elements of a list and is none."""
        columns = ", ".join(f"`{column.shown}: …`" for column in rows.columns[:3])
        help_ = f"write {columns}, each on a line, or a table with these headers" if columns else "see its mapping"
        self.broken("unplaced-row", place, rows.path, f"a line under `{rows.shown}` that is no row of it", help_)

    def is_none(self, rows: Rows, text: str) -> bool:
        """Return whether a text says that a list has no elements."""
        return says_none(text) or fold(text).rstrip(".") in rows.none or not says_anything(text)

    # ------------------------------------------------------------------ the record

    def record(self) -> Iterator[Record | RecordProblem]:
        """Yield the problems, and the record where it is judged."""
        for path, place in self.said_none.items():
            if self.lists[path]:
                message = f"the document says that there are no `{path}`, and gives some"
                self.broken("given-twice", place, path, message, "keep one of them")
        data, places = self._data()
        self._check_absences(self.vocabulary.kinds[self.mapping.kind].type, data, "")
        yield from self.found
        built = build_record(self.vocabulary, self.mapping.kind, data, self.document.shown, discreet=True)
        if not isinstance(built, Record):
            for problem in built:
                yield replace(problem, origin=_place_of(problem.path, places, self.document.shown))
        elif self.is_judged:
            yield built

    def _data(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the plain data of the record, and where each value stands."""
        data = _nested(self.values, self.columns)
        places = dict(self.places)
        for path, rows in self.lists.items():
            data[path] = [_nested(row.values, self.inner[path]) for row in rows]
            for number, row in enumerate(rows):
                places[f"{path}[{number}]"] = row.place
                places |= {f"{path}[{number}].{name}": place for name, place in row.places.items()}
        for path in self.mapping.unmentioned:
            _silent(data, path, self.columns)
        if not data.get("id"):
            # A document without a number of its own is known by the name of its file.
            data["id"] = PurePath(self.document.shown).stem
        return data, places

    def _check_absences(self, record: RecordType, data: Mapping[str, Any], prefix: str) -> None:
        """Report fields that the document does not show, where not given would mean that there is none."""
        for name, declared in record.fields.items():
            path = prefix + name
            value, kind = data.get(name), declared.type
            if declared.absence == "none" and name not in data and path not in self.mapping.unmentioned:
                message = f"`{path}` is not in the document, and not given would mean that there is none"
                help_ = "add its label, and leave it empty where there is none"
                self.broken("missing-place", self.document.shown, path, message, help_)
            elif isinstance(kind, RecordType) and isinstance(value, dict):
                self._check_absences(kind, value, f"{path}.")
            elif isinstance(kind, ListType) and isinstance(kind.element, RecordType) and value:
                # One element speaks for the others: they come from one table.
                self._check_absences(
                    kind.element, {key: each for row in value for key, each in row.items()}, f"{path}."
                )


def _silent(data: dict[str, Any], path: str, columns: Mapping[str, Column]) -> None:
    """Say that there is none of what the document is silent of."""
    *groups, name = path.split(".")
    into: Any = data
    for group in groups:
        into = into.get(group)
        if not isinstance(into, dict):
            return
    if name not in into:
        into[name] = [] if isinstance(columns[path].type, ListType) else None


def _is_empty(value: Any) -> bool:
    return value is None or value == []


def _nested(flat: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    """Return values by path as groups within groups; a group all of whose places were left empty is none."""
    out: dict[str, Any] = {}
    groups = {name for name, column in columns.items() if column.role == "group"}
    for path, value in flat.items():
        *steps, name = path.split(".")
        into = out
        for step in steps:
            inner = into.get(step)
            into[step] = into = inner if isinstance(inner, dict) else {}
        if not (path in groups and isinstance(into.get(name), dict)):
            into[name] = value
    return {name: _or_none(value) for name, value in out.items()}


def _or_none(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        return value
    inner = {name: _or_none(each) for name, each in value.items()}
    return None if all(_is_empty(each) for each in inner.values()) else inner


def _place_of(path: str, places: Mapping[str, str], shown: str) -> str:
    while path and path not in places:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return places.get(path, shown)
