"""What gathers for one field of one collected record: surely brought values, doubtful ones, and what they come to.

A value is certain only where no member in doubt could change it. Amounts are exact.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any, Final, assert_never

from pykala.evaluate.values import text_key
from pykala.records.collection import How


class _Mark(Enum):
    UNKNOWN = "unknown"
    ALWAYS = "always"


UNKNOWN: Final = _Mark.UNKNOWN
"""Stands for a value that is not certain."""
ALWAYS: Final = _Mark.ALWAYS
"""Stands for the year of what holds in every year."""


def key_of(value: Any) -> Hashable:
    """Return a value as it is compared with others: texts as the language compares them, lists by their members."""
    if isinstance(value, str):
        return text_key(value)
    return tuple(key_of(item) for item in value) if isinstance(value, tuple | list) else value


@dataclass(slots=True)
class Cell:
    """The members of one field: `holes` are sure ones whose value is not known, `doubts` may or may not belong."""

    values: dict[Hashable, Any] = field(default_factory=dict)
    total: Fraction | int = 0
    elements: list[dict[str, Any]] = field(default_factory=list)
    holes: int = 0
    maybe: dict[Hashable, Any] = field(default_factory=dict)
    doubts: int = 0
    endless: bool = False
    """Whether it is not known how many members there are."""

    def add(self, how: How, value: Any) -> None:
        """Take in what a member surely brings; UNKNOWN where its value is not known."""
        if value is UNKNOWN:
            self.holes += 1
        elif how == "sum":
            self.total += value
        else:
            self.values.setdefault(key_of(value), value)

    def doubt(self, value: Any, *, endless: bool = False) -> None:
        """Take in what may be a member, with its value where that is known."""
        self.endless = self.endless or endless
        if value is UNKNOWN:
            self.doubts += 1
        else:
            self.maybe.setdefault(key_of(value), value)


def merged(cells: Iterable[Cell], doubtful: Iterable[Cell]) -> Cell:
    """Return what sure members of several cells make together; of the doubtful cells, only the doubt."""
    out = Cell()
    for cell in cells:
        for key, value in cell.values.items():
            out.values.setdefault(key, value)
        out.total += cell.total
        out.elements += cell.elements
        out.holes += cell.holes
        _add_doubt(out, cell)
    for cell in doubtful:
        _add_doubt(out, cell)
    return out


def _add_doubt(out: Cell, cell: Cell) -> None:
    out.maybe |= cell.maybe
    out.doubts += cell.doubts
    out.endless = out.endless or cell.endless


def result(cell: Cell, how: How) -> Any:
    """Return the value of a field, or UNKNOWN where a doubt or a missing value could change it.

    >>> cell = Cell()
    >>> cell.add("count", "K-1"), cell.doubt("K-1"), result(cell, "count")
    (None, None, 1)
    >>> cell.doubt("K-2"), result(cell, "count")
    (None, <_Mark.UNKNOWN: 'unknown'>)
    """
    certain = not cell.holes and not cell.doubts and not cell.endless
    match how:
        case "count" | "values":
            if not certain or any(key not in cell.values for key in cell.maybe):
                return UNKNOWN
            return len(cell.values) if how == "count" else list(cell.values.values())
        case "sum":
            return cell.total if certain and not cell.maybe else UNKNOWN
        case "earliest" | "latest":
            if not certain or cell.maybe or not cell.values:
                return UNKNOWN
            return min(cell.values.values()) if how == "earliest" else max(cell.values.values())
        case "value":
            # Each record that says it says the same: one more in doubt takes nothing away.
            return next(iter(cell.values.values())) if len(cell.values) == 1 and not cell.holes else UNKNOWN
        case _:
            assert_never(how)
