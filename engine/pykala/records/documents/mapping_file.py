"""The mapping files of `records/documents/`: YAML in, `DocumentMapping` values out, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pykala.policy.model import LANGUAGES, Lang
from pykala.policy.paths import shown_path
from pykala.policy.reading import NodeReader
from pykala.policy.strict_yaml import Mapping as YamlMapping
from pykala.policy.strict_yaml import Scalar, YamlNode, compose, load_source
from pykala.records.documents.mapping import ROW, DocumentMapping, Entry, Rows, spaced
from pykala.records.tables import Column, Table, fold, tables_of
from pykala.records.vocabulary import RecordKind, Vocabulary
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError
from pykala_dsl.source import Source, Span
from pykala_dsl.suggest import closest
from pykala_dsl.typesys import BoolType, EnumType, ListType, RecordType

MAPPING_KEYS = ("record", "lang", "recognised_by", "fields", "lists", "ignored", "unmentioned")
ENTRY_KEYS = ("label", "field", "boxes", "values", "written", "none")
LIST_KEYS = ("heading", "field", "columns", "written", "none")
IGNORED_KEYS = ("texts", "fields")
YES_NO = ("yes", "no")

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def read_mappings(directory: Path, vocabulary: Vocabulary) -> tuple[tuple[DocumentMapping, ...], list[Diagnostic]]:
    """Return the mappings of a folder in the order of their names, and everything that is wrong with the files."""
    found: list[DocumentMapping] = []
    diagnostics: list[Diagnostic] = []
    for path in sorted(path for ending in ("yaml", "yml") for path in directory.glob(f"*.{ending}") if path.is_file()):
        try:
            source = load_source(path, shown_path(path))
            root = compose(source)
        except DiagnosticsError as error:
            diagnostics.extend(error.diagnostics)
            continue
        file = _File(source, path.stem, vocabulary)
        mapping = file.read(root)
        diagnostics.extend(file.reader.diagnostics)
        if mapping is not None:
            found.append(mapping)
    return tuple(found), diagnostics


@dataclass(slots=True)
class _Names:
    """What is taken in one scope: labels of one list, or form fields of the file."""

    what: str
    """What such a word is, as in "`Päivä` is the label of …"."""
    owners: dict[str, str] = field(default_factory=dict)

    def take(self, reader: NodeReader, word: str, owner: str, scalar: Scalar) -> None:
        """Claim a word for a property; report it where another has it."""
        first = self.owners.setdefault(word, owner)
        if first != owner:
            message = f"`{scalar.text}` is {self.what} of `{first}` too"
            reader.report("name-clash", message, scalar.span, "a document would not tell which one is meant")


class _File:
    """The walk over one mapping file."""

    def __init__(self, source: Source, name: str, vocabulary: Vocabulary) -> None:
        self.reader = NodeReader(source)
        self.name = name
        self.vocabulary = vocabulary
        self.lang: Lang = "fi"
        self.fields = _Names("the form field")
        self.labels = _Names("the label")
        self.tables: dict[tuple[str, ...], Table] = {}
        self.kind = ""

    def read(self, root: YamlNode) -> DocumentMapping | None:
        """Return the mapping, or None where something is wrong with it."""
        reader = self.reader
        head = reader.mapping(root, "a mapping of a document")
        if head is None:
            return None
        at = head.entries[0][0].span if head.entries else head.span
        reader.keys(head, MAPPING_KEYS, ("record", "lang"), "this mapping", at)
        kind = self._kind(head.get("record"))
        lang = reader.choice(head.get("lang"), LANGUAGES, "a language")
        if kind is None or lang is None:
            return None
        self.lang = next(each for each in LANGUAGES if each == lang)
        self.kind = kind.name
        self.tables = {table.path: table for table in tables_of(self.vocabulary, kind)}
        entries = tuple(self._entries(head))
        lists = tuple(self._lists(head, {label: each.path for each in reversed(entries) for label in each.labels}))
        within = {label for rows in lists for column in rows.columns for label in column.labels}
        entries = self._with_own_labels(entries, self.tables[()], self.labels, within)
        texts, fields = self._ignored(head.get("ignored"))
        unmentioned = tuple(self._unmentioned(head))
        self._check_absences(kind, entries, lists, unmentioned, at)
        mapping = DocumentMapping(
            self.name,
            kind.name,
            self.lang,
            entries,
            lists,
            tuple(fold(text) for text in self._texts(head.get("recognised_by"), "a text of such a document")),
            texts,
            fields,
            unmentioned,
        )
        return None if reader.diagnostics else mapping

    def _kind(self, node: YamlNode | None) -> RecordKind | None:
        found = self.reader.scalar(node, "`record`")
        if found is None:
            return None
        kind = self.vocabulary.kinds.get(found.text)
        if kind is None:
            near = closest(found.text, self.vocabulary.kinds)
            known = ", ".join(f"`{name}`" for name in sorted(self.vocabulary.kinds))
            hint = f"did you mean `{near}`?" if near else f"write one of {known}"
            self.reader.report("unknown-record-kind", f"there is no kind of record `{found.text}`", found.span, hint)
        return kind

    # ------------------------------------------------------------------ properties

    def _entries(self, head: YamlMapping) -> Iterator[Entry]:
        table = self.tables[()]
        for key, node in self.reader.entries(head.get("fields"), "`fields`"):
            column = self._column(table, key)
            if column is None:
                continue
            if _is_rows(column):
                hint = f"write `{key.text}:` under `lists`"
                self.reader.report("wrong-shape", f"`{key.text}` is a list of several fields", key.span, hint)
                continue
            yield self._entry(column, key, node, table, self.labels, in_rows=False)

    def _lists(self, head: YamlMapping, above: dict[str, str]) -> Iterator[Rows]:
        own = self.tables[()]
        for key, node in self.reader.entries(head.get("lists"), "`lists`"):
            table = self.tables.get((key.text,))
            if table is None or not isinstance(table.element, RecordType):
                self._no_list(own, key)
                continue
            column = next(column for column in own.columns if column.name == key.text)
            shown = column.label.get(self.lang)
            if isinstance(node, Scalar) and node.is_null:
                node = YamlMapping((), node.span)
            found = self.reader.mapping(node, f"`{key.text}`")
            if found is None:
                continue
            self.reader.keys(found, LIST_KEYS, (), f"`{key.text}`", key.span)
            headings = self._claimed(found.get("heading"), "a heading", key.text, self.labels)
            names = self._field_names(found.get("field"), key.text, numbered=False)
            labels = _Names("the label", dict(above))
            columns = []
            for name, inner in self.reader.entries(found.get("columns"), f"the columns of `{key.text}`"):
                each = self._column(table, name)
                if each is not None:
                    columns.append(self._entry(each, name, inner, table, labels, in_rows=True))
            written = self._written(found.get("written"), {each.name: each for each in table.columns})
            shown_columns = self._with_own_labels(tuple(columns), table, labels)
            yield Rows(
                key.text,
                shown,
                self._own(headings, column, self.labels),
                names,
                shown_columns,
                written,
                self._none(found),
            )

    def _no_list(self, own: Table, key: Scalar) -> None:
        lists = [path[0] for path, table in self.tables.items() if len(path) == 1 and _is_record(table)]
        column = next((column for column in own.columns if column.name == key.text), None)
        if column is not None:
            message, hint = f"`{key.text}` is no list of several fields", f"write `{key.text}:` under `fields`"
            self.reader.report("wrong-shape", message, key.span, hint)
            return
        near = closest(key.text, lists)
        known = ", ".join(f"`{name}`" for name in lists)
        hint = f"did you mean `{near}`?" if near else f"the lists are {known}" if lists else "it has none"
        self.reader.report("unknown-field", f"unknown list `{key.text}` of {self.kind}", key.span, hint)

    def _column(self, table: Table, key: Scalar) -> Column | None:
        known = {column.name: column for column in table.columns if column.role in ("value", "id", "group", "list")}
        if table.path:
            known = {name: column for name, column in known.items() if column.role in ("value", "group")}
        column = known.get(key.text)
        if column is None:
            near = closest(key.text, known)
            hint = f"did you mean `{near}`?" if near else f"see `pykala fields {self.kind}`"
            self.reader.report("unknown-field", f"unknown field `{key.text}` of {table.name}", key.span, hint)
        return column

    def _entry(
        self, column: Column, key: Scalar, node: YamlNode, table: Table, labels: _Names, *, in_rows: bool
    ) -> Entry:
        reader, name = self.reader, key.text
        shown = column.label.get(self.lang)
        if isinstance(node, Scalar):
            # A label alone, or nothing: the label of the vocabulary.
            given = None if node.is_null else node
            return Entry(name, shown, self._claimed(given, f"the label of `{name}`", name, labels))
        found = reader.mapping(node, f"`{name}`", 'write a label, or keys such as `label: "…"`')
        if found is None:
            return Entry(name, shown)
        reader.keys(found, ENTRY_KEYS, (), f"`{name}`", key.span)
        numbered = in_rows or isinstance(column.type, ListType)
        group = f"{name}."
        inside = {each.name.removeprefix(group): each for each in table.columns if each.name.startswith(group)}
        if found.get("written") is not None and not inside:
            where = found.key("written")
            assert where is not None
            hint = "leave it out, or write it at the list or group"
            reader.report("wrong-shape", f"`{name}` holds no fields that a text could hold", where.span, hint)
        owner = f"{table.name}.{name}"
        return Entry(
            name,
            shown,
            self._claimed(found.get("label"), f"the label of `{name}`", name, labels),
            self._field_names(found.get("field"), owner, numbered=numbered, in_rows=in_rows),
            self._boxes(found, column, owner, in_rows=in_rows),
            self._values(found, column),
            self._written(found.get("written"), inside) if inside else (),
            self._none(found),
        )

    # ------------------------------------------------------------------ words

    def _texts(self, node: YamlNode | None, what: str) -> list[str]:
        return [found.text for item in self.reader.one_or_more(node) if (found := self.reader.scalar(item, what))]

    def _none(self, found: YamlMapping) -> tuple[str, ...]:
        return tuple(fold(text) for text in self._texts(found.get("none"), "what is written where there is none"))

    def _claimed(self, node: YamlNode | None, what: str, owner: str, names: _Names) -> tuple[str, ...]:
        """Return the labels of a node, folded; each belongs to one property."""
        out = []
        for item in self.reader.one_or_more(node):
            found = self.reader.scalar(item, what)
            if found is not None:
                word = fold(found.text.rstrip(":"))
                names.take(self.reader, word, owner, found)
                out.append(word)
        return tuple(dict.fromkeys(out))

    def _own(
        self, labels: tuple[str, ...], column: Column, names: _Names, taken: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Return labels and those that the vocabulary has in this language, where no other property has them."""
        own = [word for text in column.labels if (word := fold(text.get(self.lang))) not in taken]
        free = [word for word in own if names.owners.setdefault(word, column.name) == column.name]
        return tuple(dict.fromkeys((*labels, *free)))

    def _with_own_labels(
        self, entries: Iterable[Entry], table: Table, names: _Names, taken: Collection[str] = ()
    ) -> tuple[Entry, ...]:
        columns = {column.name: column for column in table.columns}
        return tuple(replace(each, labels=self._own(each.labels, columns[each.path], names, taken)) for each in entries)

    def _field_names(
        self, node: YamlNode | None, owner: str, *, numbered: bool, in_rows: bool = False
    ) -> tuple[str, ...]:
        out = []
        for item in self.reader.one_or_more(node):
            found = self.reader.scalar(item, "the name of a form field")
            if found is None:
                continue
            self._check_number(found, numbered=numbered, in_rows=in_rows)
            self.fields.take(self.reader, found.text, owner, found)
            out.append(found.text)
        return tuple(out)

    def _check_number(self, found: Scalar, *, numbered: bool, in_rows: bool) -> None:
        count = found.text.count(ROW)
        if count > 1 or (count and not numbered):
            message = f"`{ROW}` stands for the number of a row, and this is no list"
            message = f"`{ROW}` stands twice in a name" if count > 1 else message
            self.reader.report("bad-placeholder", message, found.span, "write the name of one field")
        elif in_rows and not count:
            message = "the field of a list has no row number in its name"
            self.reader.report("bad-placeholder", message, found.span, f"write `{ROW}` where the number stands")

    def _boxes(self, found: YamlMapping, column: Column, owner: str, *, in_rows: bool) -> dict[str, str]:
        out: dict[str, str] = {}
        for key, node in self.reader.entries(found.get("boxes"), "`boxes`"):
            member = self._member(column, key)
            scalar = self.reader.scalar(node, "the name of a check box")
            if member is not None and scalar is not None:
                self._check_number(scalar, numbered=in_rows, in_rows=in_rows)
                self.fields.take(self.reader, scalar.text, f"{owner} ({member})", scalar)
                out[scalar.text] = member
        return out

    def _values(self, found: YamlMapping, column: Column) -> dict[str, str]:
        out: dict[str, str] = {}
        for key, node in self.reader.entries(found.get("values"), "`values`"):
            scalar = self.reader.scalar(node, "what a word means")
            member = None if scalar is None else self._member(column, scalar)
            if member is not None:
                out[fold(key.text)] = member
        return out

    def _member(self, column: Column, scalar: Scalar) -> str | None:
        kind = column.type.element if isinstance(column.type, ListType) else column.type
        known: Iterable[str]
        match kind:
            case EnumType(_, members):
                known = members
            case BoolType():
                known = YES_NO
            case _:
                hint = "leave it out: they are for words of a choice, and for yes and no"
                message = f"`{column.name}` is no choice among words"
                self.reader.report("wrong-shape", message, scalar.span, hint)
                return None
        if scalar.text in known:
            return scalar.text
        near = closest(scalar.text, known)
        hint = f"did you mean `{near}`?" if near else "write one of " + ", ".join(f"`{each}`" for each in known)
        self.reader.report("unknown-member", f"`{scalar.text}` is no value of `{column.name}`", scalar.span, hint)
        return None

    def _written(self, node: YamlNode | None, columns: Mapping[str, Column]) -> tuple[str, ...]:
        out = []
        for item in self.reader.one_or_more(node):
            found = self.reader.scalar(item, "how the values are written")
            if found is None:
                continue
            out.append(found.text)
            names = PLACEHOLDER.findall(found.text)
            if not names or re.search("[{}]", PLACEHOLDER.sub("", found.text)):
                hint = "write each field in braces, like `{from}–{until}`"
                self.reader.report("bad-placeholder", "no field stands in braces here", found.span, hint)
            for name in names:
                if name not in columns or columns[name].role != "value":
                    near = closest(name, columns)
                    hint = f"did you mean `{{{near}}}`?" if near else f"see `pykala fields {self.kind}`"
                    at = found.span.start + self.reader.source.text[found.span.start : found.span.end].find(name)
                    self.reader.report("unknown-field", f"unknown field `{name}`", Span(at, at + len(name)), hint)
        return tuple(out)

    # ------------------------------------------------------------------ what has no place

    def _ignored(self, node: YamlNode | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = self.reader.mapping(node, "`ignored`")
        if found is None:
            return (), ()
        self.reader.keys(found, IGNORED_KEYS, (), "`ignored`", found.span)
        texts = self._texts(found.get("texts"), "a text without facts")
        return tuple(map(spaced, texts)), tuple(self._texts(found.get("fields"), "the name of a form field"))

    def _unmentioned(self, head: YamlMapping) -> Iterator[str]:
        for item in self.reader.one_or_more(head.get("unmentioned")):
            found = self.reader.scalar(item, "a field")
            if found is None:
                continue
            first, _, rest = found.text.partition(".")
            table = self.tables.get((first,)) if rest else None
            inner = found if table is None else Scalar(rest, found.style, found.span, found.fragment)
            if self._column(table or self.tables[()], inner) is not None:
                yield found.text

    def _check_absences(
        self, kind: RecordKind, entries: Iterable[Entry], lists: Iterable[Rows], unmentioned: Iterable[str], at: Span
    ) -> None:
        """Report properties whose absence says that there is none, and for which the mapping has no place."""
        placed = {entry.path for entry in entries} | set(unmentioned)
        for rows in lists:
            placed |= {rows.path, *(f"{rows.path}.{column.path}" for column in rows.columns)}
        silent = list(_silent(kind.type, "", placed))
        if silent and not self.reader.diagnostics:
            named = ", ".join(f"`{name}`" for name in silent)
            message = f"nothing is said of {named}, whose absence means that there is none"
            hint = "say where it stands, or list it under `unmentioned` if such a document would be silent of it"
            self.reader.report("missing-place", message, at, hint)


def _silent(record: RecordType, prefix: str, placed: set[str]) -> Iterator[str]:
    for name, declared in record.fields.items():
        path = prefix + name
        inner = declared.type.element if isinstance(declared.type, ListType) else declared.type
        within = path in placed or any(each.startswith(f"{path}.") for each in placed)
        if declared.absence == "none" and not within:
            yield path
        elif isinstance(inner, RecordType) and within:
            yield from _silent(inner, f"{path}.", placed)


def _is_rows(column: Column) -> bool:
    return isinstance(column.type, ListType) and isinstance(column.type.element, RecordType)


def _is_record(table: Table) -> bool:
    return isinstance(table.element, RecordType)
