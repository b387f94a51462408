"""What a document is made of, whatever its format: form fields, lines of text, tables. Readers give pieces; `placing`
finds out which fact each of them holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pykala.records.record import RecordProblem


@dataclass(frozen=True, slots=True)
class Field:
    """A form field of a PDF, or a content control of Word: its name, its title for people, and what is in it.

    `value` is None where it was left empty, true or false for a check box. `in_text`: its text is a piece of its own too.
    """

    place: str
    name: str
    title: str
    value: str | bool | tuple[str, ...] | None
    in_text: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text file, or a paragraph; an empty one parts what stands above from what stands below."""

    place: str
    text: str
    indented: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a table: the texts of its cells, one for each column; None where a cell reaches over from the left."""

    place: str
    cells: tuple[str | None, ...]

    @property
    def filled(self) -> tuple[str, ...]:
        """Return the texts of the cells that hold any."""
        return tuple(cell for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    rows: tuple[GridRow, ...]


Piece: TypeAlias = Field | Line | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader found in a file, in its order.

    `head` is text that tells which document it is but holds no facts. `unplaced` is what cannot be read as a fact by
    any mapping.
    """

    shown: str
    pieces: tuple[Piece, ...]
    head: str = ""
    unplaced: tuple[RecordProblem, ...] = ()
