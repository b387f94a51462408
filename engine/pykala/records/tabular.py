"""Records out of tables: the rows of the lists joined to the row of their record by its id.

The rows wait in a temporary SQLite database, which spills to the disk, so that sheets need not be sorted and only one
record at a time is put together in memory. What cannot be placed (a sheet, a column, a row) is one `RecordProblem`.
A record with a broken row is not judged: without the row, its verdicts could be others.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pykala.policy.model import LANGUAGES
from pykala.records.build import PERSONAL_CODE, build_record
from pykala.records.cells import NOT_GIVEN, CellError, is_empty, read_cell, read_id
from pykala.records.progress import Progress, Share, untold
from pykala.records.record import Found, Record, RecordProblem
from pykala.records.scratch import open_scratch
from pykala.records.sheets import ENDINGS, Formula, Sheet, open_sheets
from pykala.records.tables import MAX_TITLE, Column, Table, fold, tables_of
from pykala.records.vocabulary import Vocabulary
from pykala_dsl.typesys import RecordType

INSTRUCTIONS = {"fi": "Ohje", "sv": "Anvisning", "en": "Instructions"}
"""The sheet of a template that holds no records; sheets whose name begins with `_` hold none either."""


def read_tables(
    path: Path, vocabulary: Vocabulary, *, kind: str | None, done: set[Path], progress: Progress = untold
) -> Iterator[Found]:
    """Yield the records of a workbook, or of a CSV or Parquet file and those beside it that belong to it.

    `case.csv`, `case.days.csv` and `case.days.meals.parquet` in one folder belong together. Files in `done` were
    read before; those read now are added. Half of the progress is taking in the rows, half is joining them.
    """
    if path.resolve() in done:
        return
    size = 0
    with _Join(vocabulary, kind) as join:
        for member in _set_of(path):
            done.add(member.resolve())
            own = member.stat().st_size if member.exists() else 0
            size += own
            rows = Share(progress, own // 2, own)
            for sheet in open_sheets(member, member.stem, rows.step):
                yield from join.take(sheet) if isinstance(sheet, Sheet) else (join.cut_short(sheet),)
            rows.end()
        if join.whole:
            joined = Share(progress, size - size // 2, join.count())
            for found in join.records():
                yield found
                joined.step()


def _set_of(path: Path) -> list[Path]:
    if path.suffix.lower() not in (".csv", ".parquet") or not path.exists():
        return [path]
    head = path.name.partition(".")[0]
    return sorted(
        other
        for other in path.parent.iterdir()
        if other.suffix.lower() in ENDINGS[:1] + ENDINGS[-1:] and other.name.partition(".")[0] == head
    )


@dataclass(slots=True)
class _Waiting:
    """A row that waits for its record: its values by path, and what ties it to an element of the outer list."""

    values: dict[str, Any]
    parent: Any = None
    number: Any = None
    problems: list[RecordProblem] = field(default_factory=list)


class _Join:
    """Takes in sheets, gives out records."""

    def __init__(self, vocabulary: Vocabulary, kind: str | None) -> None:
        self.vocabulary = vocabulary
        self.kind = kind if kind in vocabulary.kinds else None
        # The tables of a kind stand in one piece, so that its rows are a range of table numbers.
        self.tables = [table for each in vocabulary.kinds.values() for table in tables_of(vocabulary, each)]
        self.titles: dict[str, list[int]] = {}
        self.cut_titles: dict[str, list[int]] = {}
        for number, table in enumerate(self.tables):
            for title in _titles(table):
                self.titles.setdefault(title, []).append(number)
            for title in _titles(table, MAX_TITLE):
                self.cut_titles.setdefault(title, []).append(number)
        self.kinds: set[str] = set()
        self.whole = True
        """Whether each table could be read to its end."""

    def __enter__(self) -> _Join:
        self.base = open_scratch()
        self.base.execute("CREATE TABLE waiting (number INTEGER, id TEXT, place TEXT, row BLOB)")
        return self

    def __exit__(self, *_: object) -> None:
        self.base.close()

    def take(self, sheet: Sheet) -> Iterator[RecordProblem]:
        """Take in the rows of a sheet; yield what cannot be placed."""
        if sheet.title.startswith("_") or fold(sheet.title) in map(fold, INSTRUCTIONS.values()):
            return
        number: int | None = None
        columns: list[Column | None] | None = None
        named = False
        for found in sheet.rows():
            if isinstance(found, RecordProblem):
                yield self.cut_short(found)
                continue
            line, cells = found
            if all(is_empty(cell) for cell in cells):
                continue
            if columns is None:
                marked = _marked(cells)
                named = marked is not None
                number = self._table(sheet, marked)
                if number is None:
                    yield self._unknown_table(sheet)
                    return
                self.kinds.add(self.tables[number].kind)
                columns, problems = _columns(self.tables[number], sheet, line, cells, marked)
                yield from problems
                if not any(columns):
                    return
            elif named:
                # The row of labels under the row of names.
                named = False
            elif number is not None:
                yield from self._row(number, sheet.place(line), columns, cells)

    def cut_short(self, problem: RecordProblem) -> RecordProblem:
        """Return the problem of a table that could not be read to its end: any record may lack rows then."""
        self.whole = False
        return replace(problem, message=f"{problem.message}; none of the records that belong to it is read")

    def _table(self, sheet: Sheet, marked: str | None) -> int | None:
        """Return the number of the table that a sheet holds, by the mark of a template, else by its title."""
        title = fold(marked or sheet.title)
        if title not in self.titles and title not in self.cut_titles and self.kind is not None:
            # A file of any name, where the caller says what it holds: `march.csv`, `march.days.csv`.
            _, dot, rest = title.partition(".")
            title = f"{self.kind}{dot}{rest}"
        # A whole title is surer than one that Excel has cut off.
        numbers = self.titles.get(title) or self.cut_titles.get(title, [])
        if len(numbers) > 1:
            wanted = {self.kind} if self.kind else self.kinds
            numbers = [number for number in numbers if self.tables[number].kind in wanted]
        return numbers[0] if len(numbers) == 1 else None

    def _unknown_table(self, sheet: Sheet) -> RecordProblem:
        from pykala_dsl.suggest import closest

        kinds = {self.kind} if self.kind else self.kinds
        known = [table.name for table in self.tables if not kinds or table.kind in kinds]
        near = closest(sheet.title, [*known, *(name.partition(".")[2] for name in known)])
        some = ", ".join(f"`{name}`" for name in known[:4])
        return RecordProblem(
            sheet.origin,
            "unknown-table",
            "",
            f"`{sheet.title}` is no kind of record and no list of one; its rows were not read",
            f"did you mean `{near}`?" if near else f"call it {some}, …, or by its label",
        )

    def _row(
        self, number: int, place: str, columns: Sequence[Column | None], cells: list[Any]
    ) -> Iterator[RecordProblem]:
        table = self.tables[number]
        own: str | None = None
        row = _Waiting({})
        for at, cell in enumerate(cells):
            column = columns[at] if at < len(columns) else None
            if is_empty(cell):
                continue
            if column is None:
                if at >= len(columns):
                    message = f"a value in column {at + 1}, which has no header"
                    yield RecordProblem(place, "unknown-column", "", message, "give the column a name, or empty it")
                continue
            if isinstance(cell, Formula):
                message = "the cell holds a formula without a saved value"
                help_ = "open the workbook in Excel and save it, or write the value"
                row.problems.append(RecordProblem(place, "bad-cell", column.name, message, help_))
                continue
            try:
                if _is_id(column, table):
                    own = read_id(cell)
                    continue
                value = read_cell(column, cell)
            except CellError as error:
                row.problems.append(RecordProblem(place, "bad-cell", column.name, error.message, error.help))
                continue
            match column.role:
                case "kind":
                    if fold(str(cell)) not in _titles(self.tables[number]):
                        message = f"the row says that it is of another kind than `{table.kind}`"
                        help_ = "move it to the table of its kind"
                        row.problems.append(RecordProblem(place, "unplaced-row", "record", message, help_))
                case "parent":
                    row.parent = value
                case "number":
                    row.number = value
                case _ if value is not NOT_GIVEN:
                    row.values[column.name] = value
        if own is None:
            message = (
                "the row has no id" if not table.path else f"the row does not say which {table.kind} it belongs to"
            )
            yield from row.problems
            help_ = "write the id of the record in the row"
            yield RecordProblem(place, "unplaced-row", "id", message, help_, kind=table.kind)
            return
        self.base.execute("INSERT INTO waiting VALUES (?, ?, ?, ?)", (number, own, place, pickle.dumps(row)))

    def count(self) -> int:
        """Return how many records there are rows of."""
        firsts = ", ".join(str(first) for first, _ in self._ranges())
        found = self.base.execute(f"SELECT count(*) FROM waiting WHERE number IN ({firsts})").fetchone()
        return int(found[0])

    def records(self) -> Iterator[Found]:
        """Yield the records in the order of their rows, then the rows whose record is nowhere."""
        self.base.execute("CREATE INDEX by_id ON waiting (id, number)")
        for first, last in self._ranges():
            found = self.base.execute("SELECT id, place, row FROM waiting WHERE number = ? ORDER BY rowid", (first,))
            for own, place, row in found:
                yield from self._record(first, last, own, place, pickle.loads(row))
            lost = self.base.execute(
                "SELECT number, id, place, count(*) FROM waiting AS lost WHERE number > ? AND number <= ? AND NOT EXISTS"
                " (SELECT 1 FROM waiting AS own WHERE own.id = lost.id AND own.number = ?)"
                " GROUP BY number, id ORDER BY min(rowid)",
                (first, last, first),
            )
            for number, own, place, count in lost:
                yield self._lost(self.tables[number], own, place, count)

    def _ranges(self) -> Iterator[tuple[int, int]]:
        firsts = [number for number, table in enumerate(self.tables) if not table.path]
        for first, following in zip(firsts, [*firsts[1:], len(self.tables)], strict=True):
            yield first, following - 1

    def _lost(self, table: Table, own: str, place: str, count: int) -> RecordProblem:
        more = f" (and {count - 1} more rows of this table)" if count > 1 else ""
        message = f"no {table.kind} has the id {_shown(own)} that the row names{more}"
        help_ = f"add the {table.kind} to the table `{table.kind}`, or correct the id"
        return RecordProblem(place, "unplaced-row", "id", message, help_, kind=table.kind)

    def _record(self, first: int, last: int, own: str, place: str, row: _Waiting) -> Iterator[Found]:
        made = _Making({"id": own}, place)
        made.fill(made.data, row.values, "", place)
        made.problems += row.problems
        rows = self.base.execute(
            "SELECT number, place, row FROM waiting WHERE id = ? AND number > ? AND number <= ? ORDER BY number, rowid",
            (own, first, last),
        )
        for number, at, inner in rows:
            made.add(self.tables[number], pickle.loads(inner), at)
        if made.problems:
            yield from (replace(problem, kind=self.tables[first].kind) for problem in made.problems)
            return
        built = build_record(self.vocabulary, self.tables[first].kind, made.data, place)
        if isinstance(built, Record):
            yield built
        else:
            yield from (made.placed(problem) for problem in built)


class _Making:
    """One record while its rows are put together; remembers which row each element came from."""

    def __init__(self, data: dict[str, Any], place: str) -> None:
        self.data = data
        self.places: dict[str, str] = {"": place}
        self.problems: list[RecordProblem] = []
        self.in_cells: set[str] = set()

    def fill(self, into: dict[str, Any], values: dict[str, Any], at: str, place: str) -> None:
        """Write the values of a row into the record or an element, each at its path."""
        for path, value in values.items():
            *groups, name = path.split(".")
            target: Any = into
            for group in groups:
                target = target.setdefault(group, {}) if isinstance(target, dict) else None
            if not isinstance(target, dict):
                message = f"`{path}` is given, and the row says that there is no `{'.'.join(groups)}`"
                self._fail(place, "bad-cell", at + path, message, "empty one of the two cells")
            elif value == {} and isinstance(target.get(name), dict):
                pass
            elif value is None and target.get(name) is not None:
                message = f"the row says that there is no `{path}`, and gives fields of it"
                self._fail(place, "bad-cell", at + path, message, "empty one of the two cells")
            else:
                target[name] = value
                if isinstance(value, list):
                    self.in_cells.add(at + path)

    def add(self, table: Table, row: _Waiting, place: str) -> None:
        """Add an element to its list."""
        self.problems += row.problems
        into: Any = self.data
        at = ""
        if len(table.path) > 1:
            into, at = self._outer(table, row, place)
            if into is None:
                return
        *groups, name = table.path[-1].split(".")
        for group in groups:
            into = into.setdefault(group, {}) if isinstance(into, dict) else None
        path = at + table.path[-1]
        elements = into.setdefault(name, []) if isinstance(into, dict) else None
        if not isinstance(elements, list) or path in self.in_cells:
            message = f"the row belongs to `{path}`, which a cell of the outer table says is none, or gives itself"
            self._fail(place, "bad-cell", path, message, "empty that cell, or take the rows away")
            return
        marked = f"{path}[{len(elements)}]"
        self.places[marked] = place
        if isinstance(table.element, RecordType):
            element: dict[str, Any] = {}
            elements.append(element)
            self.fill(element, row.values, f"{marked}.", place)
        elif "value" in row.values:
            elements.append(row.values["value"])
        else:
            self._fail(place, "unplaced-row", path, "the row holds no value", "write the value, or take the row away")

    def _outer(self, table: Table, row: _Waiting, place: str) -> tuple[Any, str]:
        """Return the element of the outer list that a row belongs to, and the path of its fields; or report it."""
        data: Any = self.data
        for step in table.path[-2].split("."):
            data = data.get(step) if isinstance(data, dict) else None
        elements = data if isinstance(data, list) else []
        outer = ".".join((table.kind, *table.path[:-1]))
        tie = next((column.name for column in table.columns if column.role == "parent"), None)
        if row.number is not None:
            found = [row.number - 1] if isinstance(row.number, int) and 0 < row.number <= len(elements) else []
            wanted = f"number {_shown(str(row.number))}"
        elif row.parent is not None and tie is not None:
            key = tie.rpartition(".")[2]
            found = [at for at, element in enumerate(elements) if element.get(key) == row.parent]
            wanted = f"`{key}` {_shown(str(row.parent))}"
        else:
            help_ = f"write `{tie or table.path[-2] + '.number'}`"
            message = f"the row does not say which row of `{outer}` it belongs to"
            self._fail(place, "unplaced-row", table.path[-1], message, help_)
            return None, ""
        if len(found) != 1:
            several = "several rows" if found else "no row"
            message = f"`{outer}` has {several} of this record with the {wanted} that the row names"
            help_ = f"count the rows in the column `{table.path[-2]}.number`" if found else "correct it, or add the row"
            self._fail(place, "unplaced-row", table.path[-1], message, help_)
            return None, ""
        return elements[found[0]], f"{table.path[-2]}[{found[0]}]."

    def placed(self, problem: RecordProblem) -> RecordProblem:
        """Return a problem of the record with the row that it comes from."""
        path = problem.path
        while path not in self.places:
            path = path[: max(path.rfind("."), path.rfind("["), 0)] if not path.endswith("]") else _unindexed(path)
        return replace(problem, origin=self.places[path])

    def _fail(self, place: str, code: str, path: str, message: str, help_: str) -> None:
        self.problems.append(RecordProblem(place, code, path, message, help_))


def _unindexed(path: str) -> str:
    return path[: path.rfind("[")]


def _titles(table: Table, length: int | None = None) -> set[str]:
    """Return what a sheet of the table may be called: its name with or without the kind, its label, each cut off."""
    titles = [table.name, ".".join(table.path), *(getattr(table.label, lang) or "" for lang in LANGUAGES)]
    return {fold(title[:length]) for title in titles if title}


def _marked(cells: Sequence[Any]) -> str | None:
    """Return the table that the hidden first row of a template names: `pykala case.days: id` in one of its cells."""
    marks = (cell for cell in cells if isinstance(cell, str) and cell.startswith(MARK_BEGIN) and MARK in cell)
    mark = next(marks, None)
    return None if mark is None else mark.removeprefix(MARK_BEGIN).partition(MARK)[0]


MARK_BEGIN = "pykala "
MARK = ": "


def _columns(
    table: Table, sheet: Sheet, line: int, cells: Sequence[Any], marked: str | None
) -> tuple[list[Column | None], list[RecordProblem]]:
    """Return the column of each header, None where it is none, and what is wrong with the headers."""
    columns: list[Column | None] = []
    problems: list[RecordProblem] = []
    place = sheet.place(line) if line else sheet.origin

    def fail(message: str, help_: str) -> None:
        problems.append(RecordProblem(place, "unknown-column", "", message, help_))

    for cell in cells:
        text = "" if is_empty(cell) else str(cell).strip()
        if marked is not None and text.startswith(MARK_BEGIN):
            text = text.partition(MARK)[2]
        if not text:
            columns.append(None)
            continue
        fitting = table.headers.get(fold(text), ())
        if not fitting and table.path and fold(text) in ("id", "record_id"):
            fitting = tuple(column for column in table.columns if column.role == "id")
        # A label that a column shares with a group or list is that of the column.
        fitting = tuple(c for c in fitting if c.role not in ("group", "list")) or fitting
        column = fitting[0] if len(fitting) == 1 else None
        if column is None:
            names = ", ".join(f"`{column.name}`" for column in fitting)
            if fitting:
                fail(f"the header {_shown(text)} can be {names}; the column was not read", f"write one of {names}")
            else:
                fail(f"`{table.name}` has no column {_shown(text)}; it was not read", _nearest(table, text))
        elif column in columns:
            fail(f"the column `{column.name}` stands twice; the second was not read", "keep one of them")
            column = None
        columns.append(column)
    if not any(column is not None and (column.role == "id" or _is_id(column, table)) for column in columns):
        fail(f"`{table.name}` has no column of ids; its rows were not read", "add the column `id`, the record's id")
        columns = [None] * len(columns)
    return columns, problems


def _is_id(column: Column, table: Table) -> bool:
    return column.role == "id" or (not table.path and column.name == "id")


def _nearest(table: Table, text: str) -> str:
    from pykala_dsl.suggest import closest

    near = closest(fold(text), table.headers)
    return f"did you mean `{near}`?" if near else f"see `pykala fields {table.kind}`"


def _shown(text: str) -> str:
    """Return a text of a file as a message shows it: short, on one line, without identity codes."""
    text = "".join(char if char.isprintable() else "�" for char in PERSONAL_CODE.sub("…", text))
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"
