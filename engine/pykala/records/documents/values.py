"""From what someone wrote in a document to the plain value of a record, beside what `cells` reads in any table.

An empty place is None: in a document it was left empty, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pykala.records.cells import CellError, NotGiven, read_cell, says_none
from pykala.records.documents.mapping import Entry
from pykala.records.tables import Column, fold
from pykala_dsl.typesys import BoolType, DateType, EnumType, ExactTimeType, ListType, RecordType, TextType, Type

_TICKED = "☒☑✓✔"
_UNTICKED = "☐□❑❏"
_BOX = re.compile(rf"(?P<on>[{_TICKED}]|[\[(][xX][\])])|(?P<off>[{_UNTICKED}]|[\[(] ?[\])])")
# Dotted or underlined space for handwriting.
_BLANK = re.compile(r"_{3,}|\.{3,}|…+")
_DASHES = frozenset("-–—")
_PARTS = re.compile(r"\s*[;\n]\s*|,\s+")
_DATE_PARTS = re.compile(r"\s*[;,\n]\s*")
_AND = re.compile(r"\s+(?:ja|sekä|och|samt|and)\s+")
_DAY = r"[0-9]{1,2}\.?"
_SHORT_DATE = re.compile(r"([0-9]{1,2})\.?(?:\s?([0-9]{1,2})\.?)?")
_FULL_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_WRITTEN_DATE = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{_DAY}(?:\s?{_DAY})?(?:\s?[0-9]{{4}})?|{_DAY} [^\W\d_]+ [0-9]{{4}}"
_WRITTEN_TIME = r"[0-9][0-9.,:]*(?:\s?[^\W\d_]+\.?(?:\s?[0-9]+(?:\s?[^\W\d_]+\.?)?)?)?"


def has_box(text: str) -> bool:
    """Return whether a text holds a check box, ticked or not."""
    return _BOX.search(text) is not None


def is_blank(text: str) -> bool:
    """Return whether a place was left empty: nothing, or the line that was there to be written on."""
    return not _BLANK.sub("", text).strip()


def read_value(entry: Entry, column: Column, written: str) -> Any:
    """Return the plain value of a text; None where it was left empty, an empty list for a list.

    Raises:
        CellError: where the text says nothing that the field can hold.
    """
    text = written.replace("\u00a0", " ").strip()
    nothing: Any = [] if isinstance(column.type, ListType) else None
    if not isinstance(column.type, TextType) or is_blank(text):
        text = _BLANK.sub(" ", text).strip()
    if has_box(text) and (not isinstance(column.type, TextType) or _BOX.match(text)):
        boxes = _boxes(text)
        ticked = [word for word, is_ticked in boxes if is_ticked]
        if len(boxes) == 1 and not boxes[0][0] and isinstance(column.type, BoolType):
            return bool(ticked)
        for word, is_ticked in boxes:
            if not is_ticked and word:
                _check_word(entry, column, word)
        if not ticked:
            return nothing
        if isinstance(column.type, ListType):
            return [_single(entry, column, column.type.element, word) for word in ticked]
        if len(ticked) > 1:
            raise CellError("several boxes are ticked, where one may be", "leave one of them")
        text = ticked[0] or "x"
    if not text or text in _DASHES or says_none(text) or fold(text) in entry.none:
        return nothing
    match column.type:
        case ListType(element) if not isinstance(element, RecordType):
            return [_single(entry, column, element, part) for part in _parts(element, text, known_words(entry, column))]
        case _:
            return _single(entry, column, column.type, text)


def known_words(entry: Entry, column: Column) -> Mapping[str, str]:
    """Return the words of a choice, folded, with the member that each of them means."""
    return {**column.choices, **entry.values}


def _boxes(text: str) -> list[tuple[str, bool]]:
    """Return the word behind each box, and whether it is ticked."""
    boxes = list(_BOX.finditer(text))
    before = text[: boxes[0].start()].strip()
    if before:
        raise CellError("a text before the first box", "write the word of each box behind it")
    ends = [box.start() for box in boxes[1:]] + [len(text)]
    return [
        (text[box.end() : end].strip(" \t\n,;.:"), box["on"] is not None) for box, end in zip(boxes, ends, strict=True)
    ]


def _check_word(entry: Entry, column: Column, word: str) -> None:
    """Refuse a word behind an unticked box that is none of the choice: something else may be written there."""
    kind = column.type.element if isinstance(column.type, ListType) else column.type
    match kind:
        case EnumType():
            known = fold(word) in known_words(entry, column)
        case BoolType():
            known = isinstance(_single(entry, column, kind, word), bool)
        case _:
            known = isinstance(kind, TextType)
    if not known:
        raise CellError("a word behind a box is none of the choice", "add it to `values` in the mapping")


def _single(entry: Entry, column: Column, kind: Type, text: str) -> Any:
    word = fold(text)
    known = entry.values.get(word)
    match kind:
        case BoolType() if known is not None or word == "x":
            return known != "no"
        case EnumType() if known is not None:
            return known
        case TextType():
            return _cell(column, kind, text)
        case _:
            return _cell(column, kind, " ".join(text.split()))


def _cell(column: Column, kind: Type, text: str) -> Any:
    read = read_cell(replace(column, type=kind), text)
    return None if isinstance(read, NotGiven) else read


def _parts(element: Type, text: str, words: Mapping[str, str]) -> list[str]:
    """Return the values of a list that are written one after another."""
    if isinstance(element, DateType):
        parts = [part for piece in _DATE_PARTS.split(text) for part in _AND.split(piece)]
        return full_dates([part.strip() for part in parts if part.strip()])
    if isinstance(element, TextType):
        return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    # A word of the list may hold a comma or an "and" itself.
    parts = [text] if fold(text) in words else _PARTS.split(text)
    return [
        part.strip()
        for piece in parts
        for part in ([piece] if fold(piece) in words else _AND.split(piece))
        if part.strip()
    ]


def full_dates(parts: list[str]) -> list[str]:
    """Return dates with the month and the year that they share with the one behind them.

    >>> full_dates(["1.", "3.", "7.7.2025"])
    ['1.7.2025', '3.7.2025', '7.7.2025']
    """
    out: list[str] = []
    behind: re.Match[str] | None = None
    for part in reversed(parts):
        short, full = _SHORT_DATE.fullmatch(part), _FULL_DATE.fullmatch(part)
        if full is not None:
            behind = full
        elif short is not None and behind is not None:
            part = f"{short[1]}.{short[2] or behind[2]}.{behind[3]}"
        out.append(part)
    return out[::-1]


def split_written(patterns: tuple[str, ...], columns: Mapping[str, Column], text: str) -> dict[str, str] | None:
    """Return the text of each field in a text that fits one of the patterns, or None where it fits none.

    In `2.–6.6.2025` the first date has the month and the year of the second.
    """
    text = " ".join(text.split())
    for pattern in patterns:
        found = _compiled(pattern, columns).fullmatch(text)
        if found is None:
            continue
        parts = {name.replace("__", "."): part.strip() for name, part in found.groupdict().items()}
        dates = [name for name in parts if isinstance(columns[name].type, DateType)]
        parts |= dict(zip(dates, full_dates([parts[name] for name in dates]), strict=True))
        return parts
    return None


def _compiled(pattern: str, columns: Mapping[str, Column]) -> re.Pattern[str]:
    out = []
    for number, part in enumerate(re.split(r"\{([^{}]*)\}", pattern)):
        if number % 2:
            match columns[part].type:
                case DateType():
                    value = _WRITTEN_DATE
                case ExactTimeType():
                    value = _WRITTEN_TIME
                case _:
                    value = ".+?"
            out.append(f"(?P<{part.replace('.', '__')}>{value})")
        else:
            literal = "".join(
                r"[-–—]" if char in _DASHES else r"\s+" if char.isspace() else re.escape(char) for char in part.strip()
            )
            out.append(rf"\s*{literal}\s*" if literal else r"\s+" if part else "")
    return re.compile("".join(out))
