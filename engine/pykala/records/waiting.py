"""Records that wait until all of them are known: some are read beside others, and those may come later.

In: records one after another. Out: those to be judged in the order in which they came, and for each the others that it
may be read with. While they are few they wait in memory; then they move into a temporary database on the disk.
"""

from __future__ import annotations

import pickle
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pykala.records.record import Record

if TYPE_CHECKING:
    import sqlite3

MOST_RECORDS = 2_000
MOST_BYTES = 30_000_000
"""So many records, of about so many bytes, wait in memory."""
FEW = 3
"""So many of the records that agree are told; whoever asks wants the only one, or to name a few."""

Links: TypeAlias = Sequence[tuple[str, object]]
"""Fields that hold the id of a record (`case_id`), with what they are to agree with."""
Numbered: TypeAlias = tuple[int, Record]


class Waiting:
    """The records of a call. Those of the kinds in `linked` can be found by the ids that they hold."""

    def __init__(self, linked: Collection[str]) -> None:
        self._linked = frozenset(linked)
        self._store: _Store = _InMemory()
        self._counts: Counter[str] = Counter()
        self._judged_counts: Counter[str] = Counter()
        self._bytes = 0
        self._judged = array("q")
        self._first = array("q")
        """For each record to be judged the number of the first that is equal to it: its own, mostly."""
        self._marked = bytearray()

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def add(self, record: Record, *, judged: bool) -> None:
        """Take in a record: one to be judged, or one to stand beside others. Equal ones stand beside others once."""
        number = first = len(self._marked)
        findable = record.kind in self._linked
        if findable:
            twins = (twin for twin, other in self._store.called(record.kind, record.id) if other == record)
            first = next(twins, number)
            findable = first == number
        if findable:
            self._counts[record.kind] += 1
        elif not judged:
            return
        self._marked.append(True)
        if judged:
            self._judged_counts[record.kind] += 1
            self._judged.append(number)
            self._first.append(first)
            self._marked[first] = False
        self._store.put(number, record, findable=findable)
        if isinstance(self._store, _InMemory):
            self._bytes += _size(record.data)
            if len(self._marked) > MOST_RECORDS or self._bytes > MOST_BYTES:
                self._store = _OnDisk(self._store)

    def judged(self) -> Iterator[Numbered]:
        """Yield the records to be judged with the numbers that they are marked by."""
        for number, first in zip(self._judged, self._first, strict=True):
            yield first, self._store.get(number)

    def judged_count(self, kind: str | None = None) -> int:
        """Return how many records are to be judged, of a kind or in all."""
        return len(self._judged) if kind is None else self._judged_counts[kind]

    def count(self, kind: str) -> int:
        """Return how many different records of a kind can be found beside others."""
        return self._counts[kind]

    def agreeing(self, kind: str, own: object, links: Links) -> list[Numbered]:
        """Return the first few records of a kind that contradict none of the ids.

        Their own id is `own`, unless that is None, and each field that `links` names is as given there, unless they
        do not have it.
        """
        if own is None:
            return self._store.agreeing(kind, links)
        found = self._store.called(kind, own) if isinstance(own, str) else ()
        return [(number, record) for number, record in found if agrees(record, links)][:FEW]

    def mark(self, number: int) -> None:
        """Remember that a record has been judged, or stood beside one."""
        self._marked[number] = True

    def unmarked(self) -> Iterator[Record]:
        """Yield the records to be judged that have no mark."""
        for number, first in zip(self._judged, self._first, strict=True):
            if not self._marked[first]:
                yield self._store.get(number)


def agrees(record: Record, links: Links) -> bool:
    """Return whether a record contradicts none of the ids: a field that it does not have agrees with everything."""
    return all(record.data.get(name) in (None, value) for name, value in links)


def _size(value: object) -> int:
    """Return about how many bytes data takes in memory."""
    match value:
        case dict():
            return 100 + sum(50 + _size(inner) for inner in value.values())
        case list():
            return 60 + sum(map(_size, value))
        case str():
            return 50 + len(value)
        case _:
            return 30


class _Store(Protocol):
    def put(self, number: int, record: Record, *, findable: bool) -> None: ...

    def get(self, number: int) -> Record: ...

    def called(self, kind: str, own: str) -> list[Numbered]: ...

    def agreeing(self, kind: str, links: Links) -> list[Numbered]: ...

    def close(self) -> None: ...


class _InMemory:
    def __init__(self) -> None:
        self.rows: list[tuple[Record, bool]] = []
        self._called: dict[tuple[str, str], list[Numbered]] = {}
        self._of_kind: dict[str, list[Numbered]] = {}

    def put(self, number: int, record: Record, *, findable: bool) -> None:
        self.rows.append((record, findable))
        if findable:
            self._called.setdefault((record.kind, record.id), []).append((number, record))
            self._of_kind.setdefault(record.kind, []).append((number, record))

    def get(self, number: int) -> Record:
        return self.rows[number][0]

    def called(self, kind: str, own: str) -> list[Numbered]:
        return self._called.get((kind, own), [])

    def agreeing(self, kind: str, links: Links) -> list[Numbered]:
        found: list[Numbered] = []
        for number, record in self._of_kind.get(kind, ()):
            if agrees(record, links):
                found.append((number, record))
                if len(found) == FEW:
                    break
        return found

    def close(self) -> None:
        """There is nothing to close."""


class _OnDisk:
    """Rows of pickled records, and beside them the ids that they hold, a column for each field that holds one.

    Records of a kind that hold the same fields have one `shape`: which of the fields matter is then the same for
    all of them, so that an index over these fields finds those that agree.
    """

    def __init__(self, before: _InMemory) -> None:
        from pykala.records.scratch import open_scratch

        self._base: sqlite3.Connection = open_scratch()
        self._base.execute("CREATE TABLE waiting (number INTEGER PRIMARY KEY, record BLOB)")
        self._base.execute("CREATE TABLE linked (number INTEGER PRIMARY KEY, kind TEXT, id TEXT, shape INTEGER)")
        self._base.execute("CREATE INDEX called ON linked (kind, id, number)")
        self._columns: dict[str, str] = {}
        self._shapes: dict[tuple[str, tuple[str, ...]], int] = {}
        self._indexes: set[tuple[str, ...]] = set()
        for number, (record, findable) in enumerate(before.rows):
            self.put(number, record, findable=findable)

    def put(self, number: int, record: Record, *, findable: bool) -> None:
        packed = pickle.dumps((record.kind, record.id, dict(record.data), record.origin), pickle.HIGHEST_PROTOCOL)
        self._base.execute("INSERT INTO waiting VALUES (?, ?)", (number, packed))
        if findable:
            held = {name: value for name, value in record.data.items() if name.endswith("_id") and value is not None}
            shape = self._shapes.setdefault((record.kind, tuple(sorted(held))), len(self._shapes))
            columns = ["number", "kind", "id", "shape", *map(self._column, held)]
            values = [number, record.kind, record.id, shape, *map(_key, held.values())]
            marks = ", ".join("?" * len(values))
            self._base.execute(f"INSERT INTO linked ({', '.join(columns)}) VALUES ({marks})", values)

    def _column(self, name: str) -> str:
        if name not in self._columns:
            self._columns[name] = f"link{len(self._columns)}"
            self._base.execute(f"ALTER TABLE linked ADD COLUMN {self._columns[name]} TEXT")
        return self._columns[name]

    def get(self, number: int) -> Record:
        (packed,) = self._base.execute("SELECT record FROM waiting WHERE number = ?", (number,)).fetchone()
        return Record(*pickle.loads(packed))

    def called(self, kind: str, own: str) -> list[Numbered]:
        rows = self._base.execute("SELECT number FROM linked WHERE kind = ? AND id = ? ORDER BY number", (kind, own))
        return [(number, self.get(number)) for (number,) in rows]

    def agreeing(self, kind: str, links: Links) -> list[Numbered]:
        found: list[int] = []
        for (own, held), shape in self._shapes.items():
            # A field that is to agree with two values does so with neither.
            wanted = {(self._columns[name], _key(value)) for name, value in links if name in held}
            if own == kind and len(dict(wanted)) == len(wanted):
                found += self._of_shape(shape, sorted(wanted))
        return [(number, self.get(number)) for number in sorted(found)[:FEW]]

    def _of_shape(self, shape: int, wanted: list[tuple[str, str]]) -> list[int]:
        columns = tuple(column for column, _ in wanted)
        if columns not in self._indexes:
            self._indexes.add(columns)
            name = "_".join(("by_shape", *columns))
            self._base.execute(f"CREATE INDEX {name} ON linked ({', '.join(('shape', *columns, 'number'))})")
        where = " AND ".join(f"{column} = ?" for column in ("shape", *columns))
        values: list[Any] = [shape, *(value for _, value in wanted)]
        rows = self._base.execute(f"SELECT number FROM linked WHERE {where} ORDER BY number LIMIT {FEW}", values)
        return [number for (number,) in rows]

    def close(self) -> None:
        self._base.close()


def _key(value: object) -> str:
    """Return an id as it is stored; what is no text never equals one."""
    return value if isinstance(value, str) else f"\0{value!r}"
