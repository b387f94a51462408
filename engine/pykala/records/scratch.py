"""A temporary database on the disk, for what may be too much for memory."""

from __future__ import annotations

import sqlite3

CACHE_KIB = 8192


def open_scratch() -> sqlite3.Connection:
    """Return an empty database that no other program can open, and that is gone when it is closed or the program ends.

    It stays in memory up to the size of its cache. SQLite puts its file into the folder that `SQLITE_TMPDIR` or
    `TMPDIR` names, else into `/var/tmp`.
    """
    # The empty name asks for a private file, which is deleted as soon as it is open.
    base = sqlite3.connect("", isolation_level=None)
    base.execute("PRAGMA journal_mode = OFF")
    base.execute("PRAGMA synchronous = OFF")
    base.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    base.execute("BEGIN")
    return base
