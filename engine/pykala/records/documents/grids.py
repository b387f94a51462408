"""Tables into facts: one with headers holds the elements of a list, any other holds labels and values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pykala.records.documents.facts import Facts, Row, says_anything
from pykala.records.documents.lines import Lines, labelled
from pykala.records.documents.mapping import Entry, Rows, meant
from pykala.records.documents.pieces import Grid, GridRow, Line
from pykala.records.documents.values import is_blank

_Columns: TypeAlias = tuple[Entry | None, ...]
# In how many rows at the top of a table headers are looked for.
_TOP = 3


@dataclass(frozen=True, slots=True)
class _Header:
    """The row of headers of a table, and the lists that it can be, each with the columns in their order."""

    number: int
    lists: tuple[tuple[Rows, _Columns], ...]


class Grids:
    """Takes the tables of a document."""

    def __init__(self, facts: Facts, lines: Lines) -> None:
        self.facts = facts
        self.lines = lines

    def take(self, grid: Grid) -> None:
        """Place a table."""
        header = self._header(grid)
        if header is None:
            self._labels_and_values(grid.rows)
            return
        above = grid.rows[: header.number]
        self._labels_and_values(tuple(row for row in above if not any(self._heading(cell) for cell in row.filled)))
        titles = grid.rows[header.number]
        if len(header.lists) > 1:
            shown = " or ".join(f"`{rows.shown}`" for rows, _ in header.lists)
            help_ = "write its heading above it, or in its first row"
            self.facts.broken("unplaced-row", titles.place, "", f"a table that can be {shown}", help_)
            return
        rows, columns = header.lists[0]
        for cell, column in zip(titles.cells, columns, strict=True):
            if cell and column is None:
                message = f"a column that `{rows.shown}` does not have; it was not read"
                self.facts.unplaced("unplaced-text", titles.place, message, "add its label to the mapping")
        self.facts.lists.setdefault(rows.path, [])
        for row in grid.rows[header.number + 1 :]:
            self._element(rows, columns, row)

    # ------------------------------------------------------------------ a list

    def _header(self, grid: Grid) -> _Header | None:
        above = self._heading_above(grid)
        for number, row in enumerate(grid.rows[:_TOP]):
            fitting = []
            for rows in self.facts.mapping.lists:
                within = self.facts.within[rows.path]
                columns = tuple(meant(within, cell or "") for cell in row.cells)
                if _count(columns) * 2 > len(row.filled):
                    fitting.append((rows, columns))
            fitting = [each for each in fitting if each[0] is above] or fitting
            if fitting and (above is not None or len(row.filled) > 1):
                most = max(_count(columns) for _, columns in fitting)
                return _Header(number, tuple(each for each in fitting if _count(each[1]) == most))
        return None

    def _heading(self, text: str) -> Rows | None:
        return meant(self.facts.headings, text)

    def _heading_above(self, grid: Grid) -> Rows | None:
        """Return the list whose heading stands in the first row of a table, or is the last text above it."""
        first = grid.rows[0].filled if grid.rows else ()
        if len(first) == 1 and (rows := self._heading(first[0])) is not None:
            return rows
        pieces = self.facts.document.pieces
        at = next(number for number, piece in enumerate(pieces) if piece is grid)
        for piece in reversed(pieces[:at]):
            match piece:
                case Line(text=text) if says_anything(text) and not self.facts.mapping.ignores_text(text):
                    return next((rows for label, _ in labelled(text) if (rows := self._heading(label))), None)
                case Grid():
                    return None
        return None

    def _element(self, rows: Rows, columns: _Columns, row: GridRow) -> None:
        """Place a row of a table; one without anything in it is no element."""
        filled = [cell for cell in row.filled if not is_blank(cell)]
        if len(filled) == 1 and self.facts.is_none(rows, filled[0]):
            self.facts.say_none(rows, row.place)
            return
        if not filled:
            return
        element = Row(row.place)
        self.facts.lists[rows.path].append(element)
        for number, cell in enumerate(row.cells):
            column = columns[number] if number < len(columns) else None
            if column is not None:
                self.facts.put_in_row(rows.path, element, column, cell or "", row.place)
            elif not is_blank(cell or ""):
                message = f"a value in a column that `{rows.shown}` does not have"
                help_ = "add the column to the mapping, or empty it"
                self.facts.broken("unplaced-row", row.place, rows.path, message, help_)

    # ------------------------------------------------------------------ labels and values

    def _labels_and_values(self, rows: tuple[GridRow, ...]) -> None:
        """Place labels with their values beside them, or in the row below."""
        at = 0
        while at < len(rows):
            row, at = rows[at], at + 1
            if at < len(rows) and self._is_header(row, rows[at]):
                for label, value in zip(row.cells, rows[at].cells, strict=True):
                    if label is not None and (entry := self._label(label)) is not None:
                        self.facts.put(entry, value or "", rows[at].place)
                at += 1
            else:
                self._pairs(row)

    def _is_header(self, row: GridRow, below: GridRow) -> bool:
        """Return whether the cells of a row are labels of different fields, and those below it none."""
        named = [self._label(cell) for cell in row.cells if cell is not None]
        paths = {entry.path for entry in named if entry is not None}
        values = [cell for cell in below.cells if cell is not None and self._label(cell) is not None]
        return 1 < len(named) == len(paths) and len(row.cells) == len(below.cells) and not values

    def _pairs(self, row: GridRow) -> None:
        """Place a row of labels, each with its value in the same cell or in the next."""
        cells = [cell for cell in row.cells if cell is not None]
        at = 0
        while at < len(cells):
            cell, at = cells[at], at + 1
            entry, value = self._named(cell)
            if entry is None:
                for text in cell.split("\n"):
                    self.lines.take(Line(row.place, text.strip()))
                self.lines.close()
                continue
            if not value:
                value, at = (cells[at] if at < len(cells) else ""), at + 1
            self.facts.put(entry, value, row.place)

    def _label(self, cell: str) -> Entry | None:
        """Return the field whose label a cell is, and nothing more."""
        return meant(self.facts.labels, cell)

    def _named(self, cell: str) -> tuple[Entry | None, str]:
        """Return the field that a cell names, and the value in the same cell."""
        for label, value in labelled(cell.replace("\n", "\t", 1)):
            if (entry := self._label(label)) is not None:
                return entry, value
        return None, ""


def _count(columns: _Columns) -> int:
    return sum(column is not None for column in columns)
