"""A temporary database on the disk, for what may be too much for memory."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")
CACHE_KIB = 8192
MOST_ROWS = 20_000
"""So many rows are sorted in memory."""


def open_scratch() -> sqlite3.Connection:
    """Return an empty database that no other program can open, and that is gone when it is closed or the program ends.

    It stays in memory up to the size of its cache. SQLite puts its file into the folder that `SQLITE_TMPDIR` or
    `TMPDIR` names, else into `/var/tmp`.
    """
    import sqlite3

    # The empty name asks for a private file, which is deleted as soon as it is open.
    base = sqlite3.connect("", isolation_level=None)
    base.execute("PRAGMA journal_mode = OFF")
    base.execute("PRAGMA synchronous = OFF")
    base.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    base.execute("BEGIN")
    return base


class SortedRows(Generic[T]):
    """Gives rows in the order of their keys, those with equal keys as they came: in memory while they are few."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, T]] = []
        self._base: sqlite3.Connection | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, key: str, row: T) -> None:
        """Take in a row."""
        self._count += 1
        self._rows.append((key, row))
        if len(self._rows) > MOST_ROWS:
            if self._base is None:
                self._base = open_scratch()
                self._base.execute("CREATE TABLE rows (key TEXT, row BLOB)")
            self._move(self._base)

    def __iter__(self) -> Iterator[T]:
        if self._base is None:
            yield from (row for _, row in sorted(self._rows, key=lambda pair: pair[0]))
            return
        self._move(self._base)
        for (row,) in self._base.execute("SELECT row FROM rows ORDER BY key, rowid"):
            yield pickle.loads(row)

    def _move(self, base: sqlite3.Connection) -> None:
        base.executemany("INSERT INTO rows VALUES (?, ?)", ((key, pickle.dumps(row)) for key, row in self._rows))
        self._rows.clear()
