"""Where the facts of a record stand in a document: what a mapping file says, ready to be looked up.

A mapping is for one kind of record and one language. It names labels (of Word and plain text), form fields (of PDF and
of Word's content controls) and headings, and the property of the record that each of them holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pykala.policy.model import Lang
from pykala.records.tables import fold

T = TypeVar("T")

ROW = "{n}"
"""What stands for the number of a row in the name of a form field."""

_NUMBERING = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s+(?=[^\W\d])")
_REMARK = re.compile(r"\s*\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one property stands: `path` is that of the record, or of an element of the list that it belongs to.

    `labels`, `none` and the keys of `values` are folded; `names` are form fields, `boxes` check boxes with the word that
    a tick says; `written` are patterns such as `{from}–{until}`, `none` what is written where there is none.
    """

    path: str
    shown: str
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    boxes: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    written: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the elements of a list stand: under a heading, in a table, in numbered form fields, or in one field."""

    path: str
    shown: str
    headings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    columns: tuple[Entry, ...] = ()
    written: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentMapping:
    """What a mapping file says. `name` is that of the file: `certificate.fi`."""

    name: str
    kind: str
    lang: Lang
    entries: tuple[Entry, ...]
    lists: tuple[Rows, ...]
    recognised_by: tuple[str, ...] = ()
    ignored_texts: tuple[str, ...] = ()
    ignored_fields: tuple[str, ...] = ()
    unmentioned: tuple[str, ...] = ()
    """Properties of which such a document can be silent, and then says that there is none."""

    def ignores_text(self, text: str) -> bool:
        """Return whether a text is one of those that hold no fact."""
        return any(_fits(pattern, spaced(text)) for pattern in self.ignored_texts)

    def ignores_field(self, name: str) -> bool:
        """Return whether a form field is one of those that hold no fact."""
        return any(_fits(pattern, name) for pattern in self.ignored_fields)

    def words(self) -> Iterator[str]:
        """Yield every label and heading, folded, by which such a document can be told."""
        for entry in self.entries:
            yield from entry.labels
        for rows in self.lists:
            yield from rows.headings
            for column in rows.columns:
                yield from column.labels

    def fields(self) -> Iterator[str]:
        """Yield the name of every form field, `{n}` standing for the number of a row."""
        for entry in self.entries:
            yield from (*entry.names, *entry.boxes)
        for rows in self.lists:
            yield from rows.names
            for column in rows.columns:
                yield from (*column.names, *column.boxes)


def spaced(text: str) -> str:
    """Return a text as texts without facts are compared: letter case and the number of spaces aside."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


def readings_of(text: str) -> Iterator[str]:
    """Yield what a label in a document can be called: as it stands, without its number, without a remark in brackets.

    >>> list(readings_of("3. Käyntipäivä (pp.kk.vvvv):"))[-1]
    'käyntipäivä'
    """
    word = fold(text.strip().rstrip(":").rstrip())
    yield word
    bare = _NUMBERING.sub("", word, count=1) if _NUMBERING.match(word) else word
    if bare != word:
        yield bare
    plain = _REMARK.sub("", bare)
    if plain != bare:
        yield plain


def meant(words: Mapping[str, T], text: str) -> T | None:
    """Return what a label in a document means, or None where it is none of the words."""
    return next((words[word] for word in readings_of(text) if word in words), None)
