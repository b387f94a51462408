"""The vocabulary: what records hold, read from `policies/records/*.yaml` (JSON Schema 2020-12 with keywords of our own).

In come the files, out comes a `Vocabulary` with a type and labels for each field; `declare` does the checking.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pykala.policy.model import LANGUAGES, Lang, Text
from pykala_dsl.describe import describe
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label
from pykala_dsl.source import Source, Span
from pykala_dsl.typesys import EnumType, FieldType, ListType, RecordType, Type

if TYPE_CHECKING:
    from pykala.records.collection import Collection
    from pykala.records.declare import Declarations
    from pykala.records.documents.mapping import DocumentMapping

DOCUMENTS = "documents"
"""The folder, beside the schemas, of the files that say where facts stand in documents."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class RecordKind:
    """One kind of record: its type, its schema as plain data, its label."""

    name: str
    type: RecordType
    schema: dict[str, Any] = field(repr=False)
    label: Text
    source: Source = field(repr=False)
    describe: Text
    collections: tuple[Collection, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What people call a field."""

    label: Text
    describe: Text


@dataclass(frozen=True, slots=True)
class FieldHit:
    """A field that fits a word that someone looked for; `path` begins with the kind."""

    kind: str
    path: str
    field: FieldType
    label: Text
    describe: Text
    type_words: str


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """All kinds of records, and the words for their fields, list elements and enum members."""

    kinds: Mapping[str, RecordKind]
    diagnostics: tuple[Diagnostic, ...] = ()
    """Warnings: a vocabulary with errors does not load."""
    fields: Mapping[tuple[str, str], FieldWords] = field(default_factory=dict, repr=False)
    elements: Mapping[str, Text] = field(default_factory=dict, repr=False)
    members: Mapping[tuple[str, str], Text] = field(default_factory=dict, repr=False)
    documents: Sequence[DocumentMapping] = field(default=(), repr=False)
    """Where the facts of a record stand in a document (PDF form, Word, text), by kind and language."""

    def field_label(self, record_type_name: str, field_name: str) -> Text:
        """Return the label of a field, or its own name where it has none."""
        words = self.fields.get((record_type_name, field_name))
        return words.label if words is not None and words.label != Text() else _own(field_name)

    def field_description(self, record_type_name: str, field_name: str) -> Text:
        """Return the description of a field, empty where it has none."""
        words = self.fields.get((record_type_name, field_name))
        return words.describe if words is not None else Text()

    def member_label(self, enum_name: str, member: str) -> Text:
        """Return the label of an enum's member, or the member itself where it has none."""
        return self.members.get((enum_name, member)) or _own(member)

    def element_label(self, record_type_name: str) -> Text:
        """Return what one element of a list is called (by its type, `case.days[]`), or one record of a kind."""
        if record_type_name in self.elements:
            return self.elements[record_type_name]
        return _own(record_type_name.removesuffix("[]").rpartition(".")[2])

    def all_fields(self) -> Iterator[FieldHit]:
        """Yield every field of every kind, in the order of the files."""
        for kind in self.kinds.values():
            yield from self._under(kind.name, kind.type)

    def search(self, word: str) -> list[FieldHit]:
        """Return the fields that fit a word by name, label or description in any language, the best first.

        Letter case is of no account. Where nothing fits, words that are spelt nearly so do. No word: all fields.
        """
        wanted = _fold(word)
        hits = list(self.all_fields())
        if not wanted:
            return hits
        ranked = [(rank, number, hit) for number, hit in enumerate(hits) if (rank := self._rank(hit, wanted)) < _NO_FIT]
        if not ranked:
            ranked = [
                (rank, number, hit)
                for number, hit in enumerate(hits)
                if (rank := 100 - max(_similarity(wanted, part) for part in self._words(hit))) <= 100 - 75
            ]
        return [hit for _, _, hit in sorted(ranked, key=lambda entry: entry[:2])]

    def json_schema(self, kind: str, lang: Lang = "en") -> dict[str, Any]:
        """Return the JSON Schema of a kind for editors, with titles and descriptions in one language."""
        from pykala.records.schemas import published_schema

        return published_schema(self.kinds[kind].schema, lang)

    def _under(self, kind: str, record: RecordType) -> Iterator[FieldHit]:
        for name, declared in record.fields.items():
            path = f"{record.name}.{name}"
            words = self.fields.get((record.name, name), FieldWords(Text(), Text()))
            yield FieldHit(
                kind, path, declared, self.field_label(record.name, name), words.describe, describe(declared.type)
            )
            inner = declared.type.element if isinstance(declared.type, ListType) else declared.type
            if isinstance(inner, RecordType):
                yield from self._under(kind, inner)

    def _rank(self, hit: FieldHit, wanted: str) -> int:
        labels = [_fold(text) for text in _texts(hit.label)]
        labels += self._element_words(hit)
        if wanted == _fold(hit.field.name) or wanted in labels:
            return 0
        if wanted == _fold(hit.path):
            return 0
        if any(text.startswith(wanted) for text in (_fold(hit.field.name), *labels)):
            return 1
        if wanted in _fold(hit.field.name) or any(wanted in text for text in labels):
            return 2
        if wanted in _fold(hit.path) and "." in wanted:
            return 3
        if any(wanted in _fold(text) for text in (*_texts(hit.describe), *self._member_words(hit.field.type))):
            return 4
        return _NO_FIT

    def _element_words(self, hit: FieldHit) -> list[str]:
        kind = hit.field.type
        if isinstance(kind, ListType) and isinstance(kind.element, RecordType):
            return [_fold(text) for text in _texts(self.element_label(kind.element.name))]
        return []

    def _member_words(self, kind: Type) -> list[str]:
        kind = kind.element if isinstance(kind, ListType) else kind
        if not isinstance(kind, EnumType):
            return []
        return [word for member in kind.members for word in (member, *_texts(self.member_label(kind.name, member)))]

    def _words(self, hit: FieldHit) -> set[str]:
        """Return the single words that a misspelling is compared with, and the whole names and labels."""
        whole = {_fold(hit.field.name), *(_fold(text) for text in _texts(hit.label)), *self._element_words(hit)}
        return whole | {part for text in whole for part in text.replace("_", " ").split() if len(part) > 3}


_NO_FIT = 9


def load_vocabulary(directory: Path) -> Vocabulary:
    """Return the vocabulary of a `records` directory; raise `DiagnosticsError` with everything that is wrong."""
    vocabulary, diagnostics = read_vocabulary(directory)
    if vocabulary is None or any(diagnostic.severity == "error" for diagnostic in diagnostics):
        raise DiagnosticsError(diagnostics)
    return vocabulary


def read_vocabulary(directory: Path) -> tuple[Vocabulary | None, list[Diagnostic]]:
    """Return the vocabulary of a `records` directory and everything that is wrong; None where a schema is.

    A mapping of documents or a `collect:` that is wrong leaves the vocabulary whole, so that policies can still be checked against it.
    """
    from pykala.policy.strict_yaml import compose, load_source
    from pykala.records.declare import Declarations

    paths = sorted(path for suffix in ("yaml", "yml") for path in directory.glob(f"*.{suffix}") if path.is_file())
    if not paths:
        nothing = Diagnostic(
            "no-vocabulary",
            "no files that say what records hold",
            Source(directory.as_posix(), ""),
            (Label(Span(0, 0)),),
            "write one file for each kind of record, such as `records/case.yaml`",
        )
        return None, [nothing]
    declarations = Declarations()
    for path in paths:
        try:
            source = load_source(path, path.as_posix())
            declarations.add(source, compose(source))
        except DiagnosticsError as error:
            declarations.diagnostics += error.diagnostics
    if any(diagnostic.severity == "error" for diagnostic in declarations.diagnostics):
        return None, declarations.diagnostics
    vocabulary = Vocabulary(
        _with_collections(declarations),
        tuple(declarations.diagnostics),
        declarations.fields,
        declarations.elements,
        declarations.members,
    )
    if not (directory / DOCUMENTS).is_dir():
        return vocabulary, declarations.diagnostics
    from pykala.records.documents.mapping_file import read_mappings

    mappings, found = read_mappings(directory / DOCUMENTS, vocabulary)
    return replace(vocabulary, documents=mappings), [*declarations.diagnostics, *found]


def _with_collections(declarations: Declarations) -> dict[str, RecordKind]:
    """Return the kinds with what they say under `collect:`, which may name any other kind."""
    if not declarations.collects:
        return declarations.kinds
    from pykala.records.collect_entries import read_collections

    types = {name: kind.type for name, kind in declarations.kinds.items()}
    out = dict(declarations.kinds)
    for name, node in declarations.collects.items():
        kind = out[name]
        collections, found = read_collections(node, kind.source, kind.type, types)
        declarations.diagnostics += found
        out[name] = replace(kind, collections=collections)
    return out


def _own(name: str) -> Text:
    words = name.replace("_", " ")
    return Text(words, words, words)


def _texts(text: Text) -> list[str]:
    return [found for lang in LANGUAGES if (found := getattr(text, lang))]


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _similarity(wanted: str, word: str) -> int:
    return round(100 * difflib.SequenceMatcher(None, wanted, word).ratio())
