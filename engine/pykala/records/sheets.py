"""Where tables come from: the sheets of an Excel workbook, CSV files and Parquet files, read row by row.

Each source yields `Sheet` values; a sheet yields its rows with their numbers. Nothing is held but the row at hand
(and, in a workbook, what openpyxl holds of its shared texts).
"""

from __future__ import annotations

import csv
import importlib
import io
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pykala.records.cells import Percent
from pykala.records.progress import CountedFile, Progress, Share, untold
from pykala.records.record import RecordProblem

MAX_FILE_BYTES = 500_000_000
MAX_UNPACKED_BYTES = 4_000_000_000
ENDINGS = (".csv", ".xlsx", ".xlsm", ".parquet")

# What openpyxl and the unpacking raise for a workbook that is damaged or locked.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    EOFError,
    OSError,
    RuntimeError,
)

Row: TypeAlias = tuple[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell whose formula was never calculated, so that the file holds no value for it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it stands in a file; the first row holds its headers."""

    title: str
    origin: str
    """The file, and the sheet in it."""
    rows: Callable[[], Iterator[Row | RecordProblem]]
    by_line: bool = False
    """Whether a row is a line of a text file."""

    def place(self, row: int) -> str:
        """Return where a row stands, as a problem names it."""
        return f"{self.origin}:{row}" if self.by_line else f"{self.origin}, row {row}"


def open_sheets(path: Path, title: str, progress: Progress = untold) -> Iterator[Sheet | RecordProblem]:
    """Yield the tables of a file; a CSV or Parquet file is one, called `title`."""
    shown = path.as_posix()
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        yield RecordProblem(shown, "unreadable-file", "", "no such file", "check the path")
        return
    except OSError as error:
        yield _unreadable(shown, (error.strerror or "not possible").lower())
        return
    if size > MAX_FILE_BYTES:
        message = f"the file is {size // 1_000_000} MB; at most {MAX_FILE_BYTES // 1_000_000} MB are read"
        yield RecordProblem(shown, "file-too-big", "", message, "split it into several files")
    elif size == 0:
        yield RecordProblem(shown, "empty-file", "", "the file is empty", "write a record in it, or leave it out")
    elif path.suffix.lower() == ".csv":
        yield Sheet(title, shown, lambda: _csv_rows(path, progress), by_line=True)
    elif path.suffix.lower() == ".parquet":
        yield from _parquet_sheets(path, title, progress)
    else:
        yield from _workbook_sheets(path, progress)


def _unreadable(shown: str, reason: str, help_: str | None = None) -> RecordProblem:
    return RecordProblem(shown, "unreadable-file", "", f"the file cannot be read: {reason}", help_)


def library(name: str, extra: str, shown: str) -> RecordProblem | None:
    """Return the problem that a library of an extra is not installed, or None where it is."""
    try:
        importlib.import_module(name)
    except ImportError:
        return RecordProblem(
            shown,
            "missing-library",
            "",
            f"the library `{name}`, which reads this file, is not installed",
            f"install it with `pip install 'pykala[{extra}]'`",
        )
    return None


def _csv_rows(path: Path, progress: Progress) -> Iterator[Row | RecordProblem]:
    shown = path.as_posix()
    try:
        file = io.BufferedReader(CountedFile(path, progress))
        with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as stream:
            start = stream.readline()
            stream.seek(0)
            reader = csv.reader(stream, delimiter=_delimiter(start), strict=True)
            line = 1
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: the byte {error.object[error.start]:02X} is no letter of it"
        yield RecordProblem(shown, "not-utf8", "", message, "save the file as UTF-8")
    except csv.Error as error:
        yield _unreadable(f"{shown}:{line}", str(error), "look for a double quote that is not closed")
    except OSError as error:
        yield _unreadable(shown, (error.strerror or "not possible").lower())


def _delimiter(header: str) -> str:
    """Return what parts the columns: the one of comma, semicolon and tab that stands most often in the headers."""
    return max(",;\t", key=header.count)


def _parquet_sheets(path: Path, title: str, progress: Progress) -> Iterator[Sheet | RecordProblem]:
    shown = path.as_posix()
    if (missing := library("pyarrow", "parquet", shown)) is not None:
        yield missing
        return
    yield Sheet(title, shown, lambda: _parquet_rows(path, progress))


def _parquet_rows(path: Path, progress: Progress) -> Iterator[Row | RecordProblem]:
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            yield 0, list(names)
            number = itertools.count(1)
            part = Share(progress, path.stat().st_size, file.metadata.num_rows)
            for batch in file.iter_batches(batch_size=1000):
                for row in batch.to_pylist():
                    yield next(number), [row[name] for name in names]
                part.step(batch.num_rows)
    except (pyarrow.ArrowException, ValueError, OSError) as error:
        yield _unreadable(path.as_posix(), "it is no Parquet file, or a damaged one", str(error).splitlines()[0][:100])


def _workbook_sheets(path: Path, progress: Progress) -> Iterator[Sheet | RecordProblem]:
    shown = path.as_posix()
    if (missing := library("openpyxl", "excel", shown)) is not None:
        yield missing
        return
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with ExitStack() as opened:
        try:
            with zipfile.ZipFile(path) as parts:
                if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES:
                    yield RecordProblem(shown, "file-too-big", "", "the workbook unpacks to more than 4 GB", "split it")
                    return
                formulas = any(
                    part.filename.startswith("xl/worksheets/") and _has_formula(parts, part)
                    for part in parts.infolist()
                )
            file = opened.enter_context(io.BufferedReader(CountedFile(path, progress)))
            book = opened.enter_context(closing(load_workbook(file, read_only=True, data_only=True)))
            twin = opened.enter_context(closing(load_workbook(path, read_only=True))) if formulas else None
        except (InvalidFileException, *_DAMAGED):
            help_ = "open it in Excel and save it as `.xlsx`, without a password"
            yield _unreadable(shown, "it is no Excel workbook, or a damaged one", help_)
            return
        for sheet in book.worksheets:
            other = twin[sheet.title] if twin is not None else None
            yield Sheet(sheet.title, f"{shown}, sheet {sheet.title}", _SheetRows(sheet, other, shown))


def _has_formula(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    rest = b""
    with parts.open(part) as stream:
        while chunk := stream.read(1 << 20):
            if b"<f>" in rest + chunk or b"<f " in rest + chunk:
                return True
            rest = chunk[-2:]
    return False


@dataclass(frozen=True, slots=True)
class _SheetRows:
    """The rows of a sheet; `twin` is the same sheet with its formulas in place of their values."""

    sheet: Any
    twin: Any
    shown: str

    def __call__(self) -> Iterator[Row | RecordProblem]:
        """Yield the rows, with the number that Excel shows beside each."""
        self.sheet.reset_dimensions()
        rows: Iterable[Any] = self.sheet.iter_rows()
        formulas: Iterable[Any] = itertools.repeat(())
        if self.twin is not None:
            self.twin.reset_dimensions()
            formulas = self.twin.iter_rows(values_only=True)
        number = 0
        try:
            for number, (row, written) in enumerate(zip(rows, formulas, strict=False), 1):
                values = [_cell_value(cell) for cell in row]
                for at, formula in enumerate(written):
                    if at < len(values) and values[at] is None and formula is not None:
                        values[at] = Formula()
                yield number, values
        except _DAMAGED:
            yield _unreadable(f"{self.shown}, sheet {self.sheet.title}, after row {number}", "the sheet is damaged")


def _cell_value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        return Percent(value)
    return value
