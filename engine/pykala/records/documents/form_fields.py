"""Form fields into facts: texts, check boxes that make up a choice, numbered fields that make up rows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeAlias

from pykala.records.documents.facts import Facts, Row
from pykala.records.documents.mapping import ROW, DocumentMapping, Entry, Rows, meant
from pykala.records.documents.pieces import Field
from pykala.records.tables import fold
from pykala_dsl.suggest import closest
from pykala_dsl.typesys import BoolType, ListType

_Found: TypeAlias = tuple[Entry | Rows, tuple[str, int] | None, str | None]


class FormFields:
    """Takes the form fields of a document one after another; `finish` takes what only several of them say."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.names = _Names(facts.mapping)
        self.ticks: dict[str, tuple[str, list[str]]] = {}
        self.numbered: dict[str, dict[int, Row]] = {}
        self.texts: set[str] = set()
        """What the fields hold: in Word, a line of text may be that of a field."""
        self.box_places: set[str] = set()
        """The paragraphs whose check boxes were placed by their names."""

    def take(self, piece: Field) -> None:
        """Place a form field."""
        found = self._find(piece)
        if found is None:
            self._without_place(piece)
            return
        target, row, box = found
        if isinstance(piece.value, str):
            self.texts.add(fold(piece.value))
        elif piece.in_text and isinstance(piece.value, bool):
            self.box_places.add(piece.place.partition(", field")[0])
        if isinstance(target, Rows):
            self._lines(target, piece)
        elif row is not None:
            path, number = row
            element = self.numbered.setdefault(path, {}).setdefault(number, Row(piece.place))
            if box is None:
                self.facts.put_in_row(path, element, target, _written(piece.value), piece.place)
            elif piece.value is True:
                self.facts.put_in_row(path, element, replace(target, values={"x": box}), "x", piece.place)
        elif box is not None:
            _, ticked = self.ticks.setdefault(target.path, (piece.place, []))
            if piece.value is True:
                ticked.append(box)
        else:
            self.facts.put(target, _written(piece.value), piece.place)

    def _find(self, piece: Field) -> _Found | None:
        found = self.names.find(piece.name)
        if found is not None or piece.in_text:
            return found
        # A form whose fields have other names may still tell people what they are.
        entry = meant(self.facts.labels, piece.title)
        return None if entry is None else (entry, None, None)

    def _without_place(self, piece: Field) -> None:
        mapping = self.facts.mapping
        if piece.in_text or not piece.value or mapping.ignores_field(piece.name):
            return
        near = closest(piece.name, mapping.fields())
        message = f"`{mapping.name}` has no place for this form field, which is filled in"
        help_ = f"did you mean `{near}`?" if near else "add it to the mapping, or list it under `ignored`"
        self.facts.unplaced("unplaced-field", piece.place, message, help_)

    def _lines(self, rows: Rows, piece: Field) -> None:
        """Take in a list that stands in one field, an element on each line."""
        self.facts.lists.setdefault(rows.path, [])
        for line in piece.value.split("\n") if isinstance(piece.value, str) else ():
            if self.facts.is_none(rows, line):
                self.facts.say_none(rows, piece.place)
            else:
                self.facts.put_written_row(rows, line, piece.place)

    def finish(self) -> None:
        """Take in choices and rows, once every field and every line is known."""
        for path, (place, ticked) in self.ticks.items():
            kind = self.facts.columns[path].type
            if isinstance(kind, ListType):
                self.facts.set(path, ticked, place)
            elif len(ticked) > 1:
                message = "several boxes are ticked, where one may be"
                self.facts.broken("bad-value", place, path, message, "leave one of them")
            elif isinstance(kind, BoolType):
                self.facts.set(path, ticked[0] == "yes" if ticked else None, place)
            else:
                self.facts.set(path, ticked[0] if ticked else None, place)
        for path, numbered in self.numbered.items():
            # A row that was left empty is no element.
            filled = [row for _, row in sorted(numbered.items()) if any(row.values.values())]
            if path in self.facts.inner:
                self.facts.add_rows(path, filled)
            else:
                values = [value for row in filled for given in row.values.values() for value in given]
                self.facts.set(path, values, numbered[min(numbered)].place)


class _Names:
    """The form fields of a mapping, those of rows by their pattern."""

    def __init__(self, mapping: DocumentMapping) -> None:
        self.exact: dict[str, tuple[Entry | Rows, str | None]] = {}
        self.patterns: list[tuple[re.Pattern[str], str, Entry, str | None]] = []
        for entry in mapping.entries:
            self._add(entry, entry.path)
        for rows in mapping.lists:
            self.exact |= dict.fromkeys(rows.names, (rows, None))
            for column in rows.columns:
                self._add(column, rows.path)

    def _add(self, entry: Entry, path: str) -> None:
        names: list[tuple[str, str | None]] = [(name, None) for name in entry.names]
        for name, box in [*names, *entry.boxes.items()]:
            if ROW in name:
                pattern = re.compile("([0-9]{1,4})".join(map(re.escape, name.split(ROW))))
                self.patterns.append((pattern, path, entry, box))
            else:
                self.exact[name] = (entry, box)

    def find(self, name: str) -> _Found | None:
        """Return what a form field holds: the entry, the list and the number of its row, the word of its box."""
        if name in self.exact:
            target, box = self.exact[name]
            return target, None, box
        for pattern, path, entry, box in self.patterns:
            if found := pattern.fullmatch(name):
                return entry, (path, int(found[1])), box
        return None


def _written(value: str | bool | tuple[str, ...] | None) -> str:
    """Return what a form field says as a text, a check box as a tick."""
    match value:
        case None:
            return ""
        case bool():
            return "☒" if value else "☐"
        case tuple():
            return "; ".join(value)
        case _:
            return value
