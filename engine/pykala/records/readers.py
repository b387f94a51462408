"""Records out of files: JSON, JSON Lines and YAML, one or several in a file, tables, and folders of them.

Records come one after another: JSON Lines are read line by line and tables row by row, so that their size does not
matter; a JSON or YAML file is read whole, up to a limit. Nothing here raises for what a file holds: each mistake is one
`RecordProblem`, and the other records are still read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, NoReturn

from pykala.records.build import build_record
from pykala.records.ids import FirstPlaces
from pykala.records.progress import Progress, untold
from pykala.records.record import Found, Record, RecordProblem
from pykala.records.vocabulary import Vocabulary

MAX_DEPTH = 100
MAX_JSON_BYTES = 200_000_000
MAX_YAML_BYTES = 20_000_000
MAX_LINE_BYTES = 20_000_000

Item = tuple[str, Any]
"""Where a record stands, and its plain data."""


def iter_records(
    paths: Iterable[Path | str],
    vocabulary: Vocabulary,
    *,
    kind: str | None = None,
    mapping: str | None = None,
    progress: Progress = untold,
    apart_from: Iterable[Path] = (),
) -> Iterator[Found]:
    """Yield the records of files and folders in the order given, each when it is read, and what could not be read.

    The key `record` tells a record's kind, unless `kind` does. An id stands once for each kind. `mapping` names the
    one that documents are read by, where the one that fits best is not meant. Files in `apart_from` are left out: a
    report that is written into the folder that is read.
    """
    tables: set[Path] = set()
    with FirstPlaces() as ids:
        for path in _files(paths, apart_from):
            if isinstance(path, RecordProblem):
                yield path
                continue
            if path.suffix.lower() in _DOCUMENTS:
                items: Iterator[Item | Found] = _document(path, vocabulary, kind, mapping, progress)
            else:
                items = _read(path, vocabulary, kind, tables, progress)
            for item in items:
                for found in [item] if isinstance(item, RecordProblem | Record) else _build(vocabulary, item, kind):
                    yield found if isinstance(found, RecordProblem) else _once(found, ids)


def read_records(
    paths: Iterable[Path | str], vocabulary: Vocabulary, *, kind: str | None = None, mapping: str | None = None
) -> tuple[list[Record], list[RecordProblem]]:
    """Return all records of files and folders, and what could not be read: `iter_records` for input that is small."""
    records: list[Record] = []
    problems: list[RecordProblem] = []
    for found in iter_records(paths, vocabulary, kind=kind, mapping=mapping):
        if isinstance(found, Record):
            records.append(found)
        else:
            problems.append(found)
    return records, problems


def count_bytes(paths: Iterable[Path | str]) -> int:
    """Return how many bytes reading these files and folders tells its progress of."""
    return sum(path.stat().st_size for path in _files(paths) if isinstance(path, Path) and path.is_file())


def _once(record: Record, ids: FirstPlaces) -> Found:
    first = ids.first(record.kind, record.id, record.origin)
    if first == record.origin:
        return record
    message = f"the {record.kind} `{record.id}` is in {first} too"
    help_ = "give each record an id of its own, or leave one of them out"
    return RecordProblem(record.origin, "duplicate-id", "id", message, help_, kind=record.kind)


def _read(
    path: Path, vocabulary: Vocabulary, kind: str | None, tables: set[Path], progress: Progress
) -> Iterator[Item | Found]:
    ending = path.suffix.lower()
    if ending in _TABLES:
        from pykala.records.tabular import read_tables

        return read_tables(path, vocabulary, kind=kind, done=tables, progress=progress)
    return _json_lines(path, progress) if ending in _LINES else _items(path, progress)


def _document(
    path: Path, vocabulary: Vocabulary, kind: str | None, mapping: str | None, progress: Progress
) -> Iterator[Found]:
    from pykala.records.documents import read_document

    yield from read_document(path, vocabulary, kind=kind, mapping=mapping)
    if path.is_file():
        progress(path.stat().st_size)


def _build(vocabulary: Vocabulary, item: Item, kind: str | None) -> Sequence[Found]:
    origin, data = item
    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else "nothing" if data is None else "a single value"
        help_ = "write keys and values, such as `record: case` and `id: A-17`"
        return [RecordProblem(origin, "not-a-record", "", f"{what}, where a record should be", help_)]
    named = data.get("record") if kind is None else kind
    if named is None:
        known = " or ".join(f"`record: {name}`" for name in sorted(vocabulary.kinds)[:3])
        return [RecordProblem(origin, "no-kind", "record", "the record does not say what it is", f"write {known}, …")]
    built = build_record(vocabulary, named if isinstance(named, str) else str(named), data, origin)
    return [built] if isinstance(built, Record) else built


def _files(paths: Iterable[Path | str], apart_from: Iterable[Path] = ()) -> Iterator[Path | RecordProblem]:
    """Yield the files, each once, and what is none."""
    done = {path.resolve() for path in apart_from}
    for given in paths:
        path = Path(given)
        shown = path.as_posix()
        if path.is_dir():
            found = sorted(
                (
                    inner
                    for inner in path.rglob("*")
                    if inner.suffix.lower() in _ALL
                    and not any(part.startswith((".", "~$")) for part in inner.relative_to(path).parts)
                    and inner.is_file()
                ),
                key=lambda inner: inner.relative_to(path).parts,
            )
            if not found:
                yield RecordProblem(shown, "no-records", "", "the folder holds no records", f"records end in {_KNOWN}")
        elif path.suffix.lower() not in _ALL and path.exists():
            message = f"files that end in `{path.suffix}` cannot be read"
            yield RecordProblem(shown, "unknown-ending", "", message, f"use {_KNOWN}")
            continue
        else:
            found = [path]
        for inner in found:
            where = inner.resolve()
            if where not in done:
                done.add(where)
                yield inner


def _items(path: Path, progress: Progress) -> Iterator[Item | RecordProblem]:
    """Yield what a file that is read whole holds, record by record."""
    shown = path.as_posix()
    reader, limit = _WHOLE.get(path.suffix.lower(), (_json_items, MAX_JSON_BYTES))
    try:
        size = path.stat().st_size
        if size > limit:
            message = f"the file is {size // 1_000_000} MB; at most {limit // 1_000_000} MB are read"
            yield RecordProblem(
                shown, "file-too-big", "", message, "split it, or write one record on a line as `.jsonl`"
            )
            return
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        yield _unreadable(shown, error)
        return
    if not data.strip():
        yield _empty(shown)
        return
    yield from reader(data, shown)
    progress(len(data))


def _json_lines(path: Path, progress: Progress) -> Iterator[Item | RecordProblem]:
    """Yield the records of JSON Lines, one line in memory at a time."""
    shown = path.as_posix()
    try:
        stream = path.open("rb")
    except (OSError, ValueError) as error:
        yield _unreadable(shown, error)
        return
    empty = True
    with stream:
        try:
            for number, line in enumerate(_lines(stream, progress), 1):
                if line is None:
                    message = f"the line is longer than {MAX_LINE_BYTES // 1_000_000} MB, the most that a record may be"
                    yield RecordProblem(shown, "file-too-big", "", message, "write one record on a line", number)
                elif line.strip():
                    read = _read_json(line, shown, number)
                    yield read if isinstance(read, RecordProblem) else (f"{shown}:{number}", read[0])
                empty = empty and line is not None and not line.strip()
        except OSError as error:
            yield _unreadable(shown, error)
            return
    if empty:
        yield _empty(shown)


def _lines(stream: IO[bytes], progress: Progress) -> Iterator[bytes | None]:
    """Yield the lines of a file; None for one that is too long to be held."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        progress(len(line))
        own = line.removesuffix(b"\n")
        if len(own) <= MAX_LINE_BYTES:
            yield own
            continue
        while not line.endswith(b"\n") and (line := stream.readline(MAX_LINE_BYTES)):
            progress(len(line))
        yield None


def _unreadable(shown: str, error: OSError | ValueError) -> RecordProblem:
    if isinstance(error, FileNotFoundError):
        return RecordProblem(shown, "unreadable-file", "", "no such file", "check the path")
    reason = (getattr(error, "strerror", None) or "its name is not one").lower()
    return RecordProblem(shown, "unreadable-file", "", f"the file cannot be read: {reason}", None)


def _empty(shown: str) -> RecordProblem:
    return RecordProblem(shown, "empty-file", "", "the file is empty", "write a record in it, or leave it out")


def _several(shown: str, data: Any) -> Iterator[Item | RecordProblem]:
    if not isinstance(data, list):
        yield shown, data
    elif not data:
        yield RecordProblem(shown, "no-records", "", "the list in the file is empty", "leave the file out")
    else:
        yield from ((f"{shown}[{number}]", item) for number, item in enumerate(data))


def _yaml_items(data: bytes, shown: str) -> Iterator[Item | RecordProblem]:
    from pykala.policy.strict_yaml import compose, plain, source_of_bytes
    from pykala_dsl.diagnostics import DiagnosticsError

    try:
        plain_data = plain(compose(source_of_bytes(data, shown)))
    except DiagnosticsError as error:
        for found in error.diagnostics:
            yield RecordProblem(shown, found.code, "", found.message, found.help, found.line, found.column)
        return
    yield from _several(shown, plain_data)


def _json_items(data: bytes, shown: str) -> Iterator[Item | RecordProblem]:
    read = _read_json(data, shown)
    if isinstance(read, RecordProblem):
        yield read
    else:
        yield from _several(shown, read[0])


class _RefusedJsonError(ValueError):
    """Something that the JSON reader takes and we do not."""

    def __init__(self, code: str, message: str, help_: str) -> None:
        self.problem = (code, message, help_)
        super().__init__(message)


def _read_json(data: bytes, shown: str, line: int | None = None) -> tuple[Any] | RecordProblem:
    try:
        text = data.decode("utf-8-sig")
        value = _DECODER.decode(text)
        if _too_deep(value):
            raise RecursionError
    except UnicodeDecodeError as error:
        at = line or data[: error.start].count(b"\n") + 1
        column = len(data[: error.start].rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = f"the file is not UTF-8: the byte {data[error.start]:02X} is no letter of it"
        return RecordProblem(shown, "not-utf8", "", message, "save the file as UTF-8", at, column)
    except json.JSONDecodeError as error:
        message, help_ = _worded(error)
        return RecordProblem(shown, "not-json", "", message, help_, line or error.lineno, error.colno)
    except _RefusedJsonError as error:
        code, message, help_ = error.problem
        return RecordProblem(shown, code, "", message, help_, line)
    except RecursionError:
        return RecordProblem(
            shown, "too-deep", "", f"nested more than {MAX_DEPTH} levels deep", "write it in fewer levels", line
        )
    return (value,)


_JSON_WORDS = (
    ("Expecting property name", "a key in double quotes is wanted here", "take away a comma before `}`, or add quotes"),
    ("Expecting ':'", "a colon is wanted after the key", 'write `"key": value`'),
    ("Expecting ','", "a comma or a closing bracket is wanted here", "add what is missing before this place"),
    ("Expecting value", "a value is wanted here", "write a text in double quotes, a number, `true`, `false` or `null`"),
    ("Illegal trailing comma", "a comma before a closing bracket", "take the comma away"),
    ("Unterminated string", "the double quote is not closed", 'write `"` where the text ends'),
    ("Invalid control character", "a line break or a tab inside a text", r"write `\n` or `\t`"),
    ("Invalid \\", "a backslash that says nothing", r"write it twice, `\\`"),
    (
        "Extra data",
        "text after the end of the JSON",
        "put several records in a list, `[…, …]`, or one on a line as `.jsonl`",
    ),
)


def _worded(error: json.JSONDecodeError) -> tuple[str, str | None]:
    for begin, message, help_ in _JSON_WORDS:
        if error.msg.startswith(begin):
            return f"not JSON: {message}", help_
    return "not JSON", "compare it with a file that works"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        shown = "".join(char for char in twice[:60] if char.isprintable())
        raise _RefusedJsonError("duplicate-key", f"`{shown}` stands twice in one group of fields", "keep one of them")
    return out


def _number(text: str) -> int | Fraction:
    if len(text) > 60 or re.search(r"[eE][-+]?0*[0-9]{3,}", text):
        raise _RefusedJsonError("bad-value", "a number of more than 60 digits", "put an identifier in quotes")
    return Fraction(text) if re.search("[.eE]", text) else int(text)


def _constant(text: str) -> NoReturn:
    raise _RefusedJsonError("not-json", f"not JSON: `{text}` is no number", "write `null` where there is no value")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=_number, parse_int=_number, parse_constant=_constant)


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


_Reader = Callable[[bytes, str], Iterator[Item | RecordProblem]]
_WHOLE: dict[str, tuple[_Reader, int]] = {
    ".json": (_json_items, MAX_JSON_BYTES),
    ".yaml": (_yaml_items, MAX_YAML_BYTES),
    ".yml": (_yaml_items, MAX_YAML_BYTES),
}
_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".xlsx", ".xlsm", ".parquet")
_DOCUMENTS = (".pdf", ".docx", ".txt", ".doc", ".docm", ".dotx", ".odt", ".rtf")
"""Only the first three are read; the others say so, since a document is never passed over."""
_ALL = (".json", *_LINES, ".yaml", ".yml", *_TABLES, *_DOCUMENTS)
_KNOWN = ", ".join(f"`{ending}`" for ending in _ALL if ending not in _DOCUMENTS[3:])
