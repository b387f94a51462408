"""Lines of text into facts: `Label: value`, a value below its label, blocks and rows under the heading of a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pykala.records.documents.facts import Facts, Row, says_anything
from pykala.records.documents.form_fields import FormFields
from pykala.records.documents.mapping import Entry, Rows, meant
from pykala.records.documents.pieces import Line
from pykala.records.documents.values import has_box, split_written
from pykala.records.tables import fold
from pykala_dsl.suggest import closest
from pykala_dsl.typesys import BoolType, EnumType, ListType, TextType

CELLS = re.compile(r"\t+|\s{2,}|\s*[|;]\s*")
"""What parts the columns of a table that is written as text."""
# What may part a label from its value, beside a colon.
_GAP = re.compile(r"\t|\s{2,}|\.{3,}|_{3,}|…")
_BULLET = re.compile(r"[-–•*·]\s+")
MAX_LABEL_WORDS = 6


@dataclass(slots=True)
class _Open:
    """What the next line may belong to: a field, or a list with the columns of a table in the text."""

    entry: Entry | None = None
    place: str = ""
    lines: list[str] = field(default_factory=list)
    has_colon: bool = False
    rows: Rows | None = None
    row: Row | None = None
    entry_in_row: Entry | None = None
    columns: tuple[Entry, ...] = ()
    is_after_blank: bool = False


class Lines:
    """Takes the lines of a document one after another; `close` ends what is open."""

    def __init__(self, facts: Facts, fields: FormFields) -> None:
        self.facts = facts
        self.fields = fields
        self.open = _Open()

    def take(self, line: Line) -> None:
        """Place a line."""
        if not says_anything(line.text) and not has_box(line.text):
            self._blank()
            return
        if self.facts.mapping.ignores_text(line.text):
            return
        if self.open.rows is not None and self._in_list(self.open.rows, line):
            return
        if self._begins(line):
            return
        if self._continues(line):
            self.open.lines.append(line.text)
        else:
            self._stray(line)

    def close(self) -> None:
        """Take in the value of the field that is open."""
        entry, place, lines = self.open.entry, self.open.place, self.open.lines
        self.open = _Open()
        if entry is not None:
            self.facts.put(entry, "\n".join(lines), place)

    def _blank(self) -> None:
        """Note an empty line: it ends the value of a field, and the row of a list."""
        if self.open.entry is None:
            self.open.is_after_blank = True
        else:
            self.close()

    def _begins(self, line: Line) -> bool:
        """Open what a line names: a field with its value, or a list; false where it names nothing."""
        for label, value in labelled(line.text):
            entry = meant(self.facts.labels, label)
            if entry is not None:
                self.close()
                self.open = _Open(entry, line.place, [value] if value else [], has_colon=":" in line.text)
                return True
            rows = meant(self.facts.headings, label)
            if rows is not None:
                self.close()
                self.open = _Open(rows=rows, place=line.place)
                self.facts.lists.setdefault(rows.path, [])
                if value and self.facts.is_none(rows, value):
                    self.facts.say_none(rows, line.place)
                elif value:
                    for part in re.split(r"\s*;\s*", value):
                        self.facts.put_written_row(rows, part, line.place)
                return True
        return False

    def _continues(self, line: Line) -> bool:
        """Return whether a line belongs to the field above it: its value below its label, a box, or more of a text."""
        entry = self.open.entry
        if entry is None or line.is_heading or self._is_box_of_field(line):
            return False
        kind = self.facts.columns[entry.path].type
        inner = kind.element if isinstance(kind, ListType) else kind
        if has_box(line.text) and isinstance(inner, BoolType | EnumType):
            return True
        if line.indented:
            return True
        if _looks_labelled(line.text):
            return False
        if self.open.lines or not self.open.has_colon:
            return isinstance(kind, ListType) or isinstance(inner, TextType) or not self.open.lines
        if isinstance(kind, TextType):
            # A sentence that happens to stand there would make an empty field look filled in.
            message = "a text stands under this empty label, and may be its value or not"
            help_ = "write the value on the line of its label or indent it, or leave an empty line between"
            self.facts.broken("unplaced-text", line.place, entry.path, message, help_)
        return True

    def _is_box_of_field(self, line: Line) -> bool:
        """Return whether a line shows check boxes that were placed by their names."""
        return line.place in self.fields.box_places and has_box(line.text)

    def _stray(self, line: Line) -> None:
        """List a line that is nothing that the mapping knows."""
        mapping = self.facts.mapping
        label, _, rest = line.text.partition(":")
        is_in_field = not {fold(rest), fold(line.text)}.isdisjoint(self.fields.texts)
        if is_in_field or self._is_box_of_field(line) or fold(line.text) in mapping.recognised_by:
            # A content control that was placed by its name; the title of the document.
            return
        self.close()
        is_labelled = _looks_labelled(line.text)
        near = closest(label, mapping.words()) if is_labelled else None
        # The text itself is not shown: it can hold a name.
        message = f"{'a label' if is_labelled else 'a text without a label'} that `{mapping.name}` does not know"
        help_ = f"did you mean `{near}`?" if near else "add its label to the mapping, or the text under `ignored`"
        self.facts.unplaced("unplaced-text", line.place, f"{message}; it was not read", help_)

    # ------------------------------------------------------------------ lists

    def _in_list(self, rows: Rows, line: Line) -> bool:
        """Place a line in the list that is open; false where it belongs elsewhere."""
        placed: tuple[Callable[[Rows, Line], bool], ...] = (self._header, self._column)
        if any(place(rows, line) for place in placed):
            self.open.is_after_blank = False
            return True
        begins = (
            meant(self.facts.labels, label) or meant(self.facts.headings, label) for label, _ in labelled(line.text)
        )
        if any(begins):
            return False
        if self.facts.is_none(rows, line.text):
            self.facts.say_none(rows, line.place)
            return True
        if self._cells(rows, line) or self._written(rows, line) or self._more(rows, line):
            return True
        if line.is_heading or (self.open.is_after_blank and not re.search(r"\d", line.text)):
            return False
        self.facts.no_row(rows, line.place)
        return True

    def _header(self, rows: Rows, line: Line) -> bool:
        """Take a line of column labels as the header of a table."""
        cells = CELLS.split(line.text)
        named = [column for cell in cells if (column := meant(self.facts.within[rows.path], cell)) is not None]
        if self.open.columns or len(cells) < 2 or len(named) < len(cells):
            return False
        self.open.columns = tuple(named)
        return True

    def _column(self, rows: Rows, line: Line) -> bool:
        """Take `Label: value` as a field of the element at hand, or of the next one."""
        for label, value in labelled(line.text):
            column = meant(self.facts.within[rows.path], label)
            if column is None:
                continue
            if self.open.row is None or self.open.is_after_blank or column.path in self.open.row.values:
                self.open.row = Row(line.place)
                self.facts.lists[rows.path].append(self.open.row)
            self.facts.put_in_row(rows.path, self.open.row, column, value, line.place)
            self.open.entry_in_row = column
            return True
        return False

    def _cells(self, rows: Rows, line: Line) -> bool:
        cells = CELLS.split(line.text)
        if not self.open.columns or len(cells) != len(self.open.columns):
            return False
        row = Row(line.place)
        self.facts.lists[rows.path].append(row)
        for column, cell in zip(self.open.columns, cells, strict=True):
            self.facts.put_in_row(rows.path, row, column, cell, line.place)
        return True

    def _written(self, rows: Rows, line: Line) -> bool:
        text = _BULLET.sub("", line.text, count=1) if _BULLET.match(line.text) else line.text
        if not rows.written or split_written(rows.written, self.facts.inner[rows.path], text) is None:
            return False
        self.facts.put_written_row(rows, text, line.place)
        return True

    def _more(self, rows: Rows, line: Line) -> bool:
        """Take a line without a label as more of the text above it."""
        row, last = self.open.row, self.open.entry_in_row
        if row is None or last is None or self.open.is_after_blank or _looks_labelled(line.text):
            return False
        before = row.values.get(last.path)
        if not isinstance(self.facts.inner[rows.path][last.path].type, TextType) or not isinstance(before, str):
            return False
        row.values[last.path] = f"{before}\n{line.text}"
        return True


def labelled(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to part a line into a label and its value: at each colon, at a gap, the whole as a label.

    >>> list(labelled("Päivä: 1.4.2025"))
    [('Päivä', '1.4.2025'), ('Päivä: 1.4.2025', '')]
    """
    for found in list(re.finditer(":", text))[:4]:
        yield text[: found.start()], text[found.end() :].strip()
    gap = _GAP.search(text)
    if gap is not None:
        yield text[: gap.start()], text[gap.end() :].strip()
    yield text, ""


def _looks_labelled(text: str) -> bool:
    label, colon, _ = text.partition(":")
    return bool(colon) and len(label) <= 60 and len(label.split()) <= MAX_LABEL_WORDS
