"""Which ids have been met: in memory while they are few, then in a temporary database on the disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

IN_MEMORY = 10_000
"""So many ids are held in memory."""


class FirstPlaces:
    """Remembers where each id of each kind stood first."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], str] = {}
        self._base: sqlite3.Connection | None = None

    def __enter__(self) -> FirstPlaces:
        return self

    def __exit__(self, *_: object) -> None:
        if self._base is not None:
            self._base.close()

    def first(self, kind: str, own: str, origin: str) -> str:
        """Return where the id stood first: `origin`, where it has not been met before."""
        if self._base is None:
            first = self._places.setdefault((kind, own), origin)
            if len(self._places) > IN_MEMORY:
                self._move()
            return first
        added = self._base.execute("INSERT OR IGNORE INTO places VALUES (?, ?, ?)", (kind, own, os.fsencode(origin)))
        if added.rowcount:
            return origin
        row = self._base.execute("SELECT origin FROM places WHERE kind = ? AND id = ?", (kind, own)).fetchone()
        return os.fsdecode(row[0])

    def _move(self) -> None:
        from pykala.records.scratch import open_scratch

        self._base = open_scratch()
        self._base.execute(
            "CREATE TABLE places (kind TEXT, id TEXT, origin BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID"
        )
        rows = ((kind, own, os.fsencode(origin)) for (kind, own), origin in self._places.items())
        self._base.executemany("INSERT INTO places VALUES (?, ?, ?)", rows)
        self._places.clear()
