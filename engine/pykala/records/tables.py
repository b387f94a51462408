"""The tables that records of a kind are written in: one for the record, one for each list, joined by the record's id.

A group of fields stands in the table it belongs to (`decision.made_on`). A list inside a list has a table too, with
a column more that tells which element of the outer list its row belongs to (`days.date`).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pykala.policy.model import LANGUAGES, Text
from pykala.records.vocabulary import RecordKind, Vocabulary
from pykala_dsl.typesys import CountType, EnumType, FieldType, ListType, RecordType, TextType, Type

MAX_TITLE = 31
"""How long the name of a sheet may be in Excel."""

Role: TypeAlias = Literal["kind", "id", "parent", "number", "value", "group", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a property of the record or element, or what ties the row to its record.

    The roles: `kind` the kind of the record, `id` its id, `parent` and `number` the element of the outer list,
    `value` a property, `group` whether a group of fields is there at all, `list` a list that is none or in one cell.
    """

    name: str
    role: Role
    type: Type
    labels: tuple[Text, ...]
    """What the column is called; the first is the best, and unlike the others of its table."""
    describe: Text
    required: bool
    choices: dict[str, str]
    """The members of an enum by their names and labels in all languages."""

    @property
    def label(self) -> Text:
        """Return the label that a template shows."""
        return self.labels[0]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: a sheet of a workbook, a CSV file or a Parquet file."""

    kind: str
    path: tuple[str, ...]
    """The lists it is in: empty for the record, (`days`, `meals`) for the meals of days; a group is `a.b`."""
    label: Text
    element: Type
    identified_by: str | None
    columns: tuple[Column, ...]
    headers: dict[str, tuple[Column, ...]]
    """The columns that a header can mean, by its folded text."""

    @property
    def name(self) -> str:
        """Return the name for machines: `case`, `case.days`, `case.days.meals`."""
        return ".".join((self.kind, *self.path))


def fold(text: str) -> str:
    """Return a text as names and labels are compared: letter case, spaces and the mark of required columns aside."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).removesuffix("*").rstrip()


def tables_of(vocabulary: Vocabulary, kind: RecordKind) -> list[Table]:
    """Return the tables of a kind, the record's own first and each list before the lists inside it."""
    return list(_Layout(vocabulary, kind).tables(kind.type, (), kind.label, None))


@dataclass(frozen=True, slots=True)
class _Layout:
    vocabulary: Vocabulary
    kind: RecordKind

    def tables(
        self,
        element: Type,
        path: tuple[str, ...],
        label: Text,
        found_by: str | None,
        *,
        outer: Column | None = None,
        tie: Column | None = None,
    ) -> Iterator[Table]:
        """Yield a table and those inside it; `outer` ties its rows to the outer list, `tie` those inside to it."""
        inner = list(self._columns(element, "", top=not path)) if isinstance(element, RecordType) else []
        own = {column.name for column in inner}
        columns = [*self._ties(path, own, outer), *inner]
        if not isinstance(element, RecordType):
            columns.append(self._column("value", "value", element, (label,), required=True))
        columns = _told_apart(columns)
        headers: dict[str, tuple[Column, ...]] = {}
        for column in columns:
            called = {fold(text) for labels in column.labels for text in _texts(labels)}
            for word in called - {fold(column.name)}:
                headers[word] = (*headers.get(word, ()), column)
        # A name is sure; a label that is another column's name is not its label here.
        headers |= {fold(column.name): (column,) for column in columns}
        yield Table(self.kind.name, path, label, element, found_by, tuple(columns), headers)
        if isinstance(element, RecordType):
            for name, declared, words in self._lists(element, ""):
                kind = declared.type
                assert isinstance(kind, ListType)
                inside = self._tie(name, kind, words)
                yield from self.tables(kind.element, (*path, name), words, kind.identified_by, outer=tie, tie=inside)

    def _ties(self, path: tuple[str, ...], own: set[str], outer: Column | None) -> Iterator[Column]:
        id_label = self.vocabulary.field_label(self.kind.name, "id")
        if not path:
            yield self._column("record", "kind", TextType(), (Text("Tietueen laji", "Posttyp", "Kind of record"),))
            return
        told = _joined(self.kind.label, id_label)
        name = "record_id" if "id" in own else "id"
        yield self._column(name, "id", TextType(), (told, id_label), required=True)
        if outer is not None and len(path) > 1:
            if outer.name:
                yield outer
            label = _joined(outer.labels[1], Text("järjestysnumero", "ordningsnummer", "number"))
            yield self._column(f"{path[-2]}.number", "number", CountType(), (label,))

    def _tie(self, name: str, kind: ListType, label: Text) -> Column:
        """Return the column by which the tables inside a list name its element; nameless where nothing tells it."""
        element = kind.element
        words = self.vocabulary.element_label(element.name) if isinstance(element, RecordType) else label
        key = element.fields.get(kind.identified_by or "") if isinstance(element, RecordType) else None
        if key is None or not isinstance(element, RecordType):
            return self._column("", "parent", TextType(), (label, words))
        told = self.vocabulary.field_label(element.name, key.name)
        return self._column(f"{name}.{key.name}", "parent", key.type, (_joined(words, told), words))

    def _columns(
        self, record: RecordType, prefix: str, group: Text | None = None, *, top: bool = False
    ) -> Iterator[Column]:
        lists: list[Column] = []
        for name, declared in record.fields.items():
            words = self.vocabulary.field_label(record.name, name)
            labels = (words,) if group is None else (words, _joined(group, words))
            describe = self.vocabulary.field_description(record.name, name)
            path = prefix + name
            kind = declared.type
            if top and name in ("record", "id"):
                if name == "id":
                    yield self._column(path, "id", kind, labels, describe=describe, required=True)
            elif isinstance(kind, RecordType):
                yield self._column(path, "group", kind, labels, describe=describe)
                yield from self._columns(kind, f"{path}.", words)
            elif isinstance(kind, ListType):
                lists.append(self._column(path, "list", kind, labels, describe=describe))
            else:
                required = declared.required and not prefix
                yield self._column(path, "value", kind, labels, describe=describe, required=required)
        yield from lists

    def _lists(self, record: RecordType, prefix: str) -> Iterator[tuple[str, FieldType, Text]]:
        for name, declared in record.fields.items():
            if isinstance(declared.type, RecordType):
                yield from self._lists(declared.type, f"{prefix}{name}.")
            elif isinstance(declared.type, ListType):
                yield prefix + name, declared, self.vocabulary.field_label(record.name, name)

    def _column(
        self,
        name: str,
        role: Role,
        kind: Type,
        labels: tuple[Text, ...],
        *,
        describe: Text | None = None,
        required: bool = False,
    ) -> Column:
        enum = kind.element if isinstance(kind, ListType) else kind
        choices: dict[str, str] = {}
        if isinstance(enum, EnumType):
            called = [
                (word, member)
                for member in enum.members
                for word in {fold(text) for text in _texts(self.vocabulary.member_label(enum.name, member))}
            ]
            uses = Counter(word for word, _ in called)
            # A label of two members says neither; the names are sure.
            choices = {word: member for word, member in called if uses[word] == 1}
            choices |= {fold(member): member for member in enum.members}
        return Column(name, role, kind, labels, describe or Text(), required, choices)


def _told_apart(columns: list[Column]) -> list[Column]:
    """Return columns whose first labels differ in each language: the label with its group, else with the name."""
    uses = Counter(word for column in columns for word in {fold(text) for text in _texts(column.labels[0])})
    out = []
    for column in columns:
        first = column.labels[0]
        own = {fold(text) for text in _texts(first)}
        # Its own first label counts once for itself.
        free = (
            label
            for label in column.labels
            if all(uses[word] <= (word in own) for word in {fold(text) for text in _texts(label)})
        )
        best = next(free, None) or Text(*(f"{first.get(lang)} ({column.name})" for lang in LANGUAGES))
        out.append(replace(column, labels=(best, *(label for label in column.labels if label != best))))
    return out


def _joined(first: Text, second: Text) -> Text:
    return Text(*(f"{first.get(lang)}: {second.get(lang)}" for lang in LANGUAGES))


def _texts(text: Text) -> list[str]:
    return [found for lang in LANGUAGES if (found := getattr(text, lang))]
