"""The register: what each source document states, statement by statement, in our words.

In: the files of `policies/sources/`. Out: a `Register`, which citations are looked up in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pykala.policy.model import Citation, InForce, Text
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label
from pykala_dsl.source import Source, Span

if TYPE_CHECKING:
    from pykala.policy.reading import NodeReader
    from pykala.policy.strict_yaml import Mapping as YamlMapping
    from pykala.policy.strict_yaml import YamlNode

StatementKind: TypeAlias = Literal[
    "definition",
    "fact",
    "obligation",
    "prohibition",
    "permission",
    "exception",
    "deadline",
    "quota",
    "sanction",
    "process",
    "advisory",
]
Checkable: TypeAlias = Literal["yes", "partly", "no"]
StatedSeverity: TypeAlias = Literal["unspecified", "major", "minor", "suggestion"]
KINDS: tuple[StatementKind, ...] = get_args(StatementKind)
CHECKABLE: tuple[Checkable, ...] = get_args(Checkable)
STATED_SEVERITIES: tuple[StatedSeverity, ...] = get_args(StatedSeverity)
SOURCE_KEYS = ("source", "title", "document", "statements")
DOCUMENT_KEYS = ("kind", "date", "publisher", "note")
STATEMENT_KEYS = (
    "id",
    "place",
    "service",
    "kind",
    "checkable",
    "says",
    "why_not",
    "reading",
    "in_force",
    "severity",
    "unverified",
    "page",
)


@dataclass(frozen=True, slots=True)
class StatementReading:
    """Which of two readings of a statement was chosen, and why."""

    chosen: Text
    alternative: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a source document says. `services` is empty where it concerns all of them.

    `unverified`: read from a copy of unknown age, and to be shown as such. `page`: the page of the handbook that gives
    an advice, which no rule can test: a phase, `contacts` or `background`.
    """

    source_id: str
    id: str
    place: Text
    services: tuple[str, ...]
    kind: StatementKind
    checkable: Checkable
    says: Text
    why_not: Text
    reading: StatementReading | None
    in_force: InForce
    in_force_note: Text
    severity: StatedSeverity
    unverified: bool
    page: str | None
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.source_id}/{self.id}"


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A source document: its title and what is known about it."""

    id: str
    title: Text
    kind: Text
    date: Text
    publisher: Text
    note: Text
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Register:
    """Every source and every statement, in the order of the files. `findings` are for the linter."""

    sources: Mapping[str, SourceDocument] = field(default_factory=dict)
    statements: Mapping[tuple[str, str], Statement] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()

    def find(self, citation: Citation) -> Statement | None:
        """Return the statement that a citation names, or None."""
        return self.statements.get((citation.source, citation.statement))

    def check(self, citation: Citation, source: Source) -> Diagnostic | None:
        """Return what is wrong with a citation that stands in a file, or None."""
        if self.find(citation) is not None:
            return None
        from pykala_dsl.suggest import closest

        slash = citation.span.start + len(citation.source)
        if citation.source not in self.sources:
            near = closest(citation.source, self.sources)
            hint = f"did you mean `{near}`?" if near else "the sources are the files of `sources/`"
            span = Span(citation.span.start, min(slash, citation.span.end))
            return Diagnostic("unknown-source", f"unknown source `{citation.source}`", source, (Label(span),), hint)
        near = closest(citation.statement, (name for owner, name in self.statements if owner == citation.source))
        hint = f"did you mean `{citation.source}/{near}`?" if near else f"see `sources/{citation.source}.yaml`"
        message = f"`{citation.source}` has no statement `{citation.statement}`"
        return Diagnostic("unknown-statement", message, source, (Label(citation.span),), hint)


def load_register(directory: Path) -> Register:
    """Return the register of a policies directory; raise `DiagnosticsError` with everything wrong in it."""
    from pykala.policy.paths import repository_files

    return read_register(repository_files(directory).sources)


def read_register(paths: Iterable[Path]) -> Register:
    """Return the register of the files given; raise `DiagnosticsError` with everything wrong in them."""
    from pykala.policy.paths import shown_path
    from pykala.policy.strict_yaml import load_source

    diagnostics: list[Diagnostic] = []
    sources: list[Source] = []
    for path in paths:
        try:
            sources.append(load_source(path, shown_path(path)))
        except DiagnosticsError as error:
            diagnostics.extend(error.diagnostics)
    register, found = register_of(sources)
    diagnostics.extend(found)
    if diagnostics:
        raise DiagnosticsError(diagnostics)
    return register


def register_of(sources: Iterable[Source]) -> tuple[Register, list[Diagnostic]]:
    """Return the register of the texts given, and what is wrong in them."""
    from pykala.policy.reading import NodeReader
    from pykala.policy.strict_yaml import compose

    documents: dict[str, SourceDocument] = {}
    statements: dict[tuple[str, str], Statement] = {}
    diagnostics: list[Diagnostic] = []
    findings: list[Diagnostic] = []
    for source in sources:
        try:
            root = compose(source)
        except DiagnosticsError as error:
            diagnostics.extend(error.diagnostics)
            continue
        reader = NodeReader(source)
        head = reader.mapping(root, "a source file")
        document = None if head is None else _document(head, reader)
        if head is not None and document is not None:
            if document.id in documents:
                hint = "put all statements of a source in one file"
                reader.report("name-clash", f"there is already a source `{document.id}`", document.span, hint)
            documents.setdefault(document.id, document)
            for statement in _statements(head, document.id, reader):
                _add(statement, statements, reader)
        diagnostics.extend(reader.diagnostics)
        findings.extend(reader.findings)
    return Register(documents, statements, tuple(findings)), diagnostics


def _add(statement: Statement, statements: dict[tuple[str, str], Statement], reader: NodeReader) -> None:
    key = (statement.source_id, statement.id)
    if key in statements:
        hint = "give each statement an id of its own"
        reader.report("name-clash", f"there is already a statement `{statement.id}`", statement.span, hint)
    statements.setdefault(key, statement)


def _document(head: YamlMapping, reader: NodeReader) -> SourceDocument | None:
    at = head.entries[0][0].span if head.entries else head.span
    reader.keys(head, SOURCE_KEYS, ("source", "title", "statements"), "this source", at)
    name = reader.identifier(head.get("source"), "a source's id")
    about = reader.mapping(head.get("document"), "`document`")
    if about is not None:
        reader.keys(about, DOCUMENT_KEYS, (), "`document`", about.span)

    def text(key: str) -> Text:
        return Text() if about is None else _text(about, key, f"the document's {key}", reader)

    if name is None:
        return None
    title = _text(head, "title", "the source's title", reader)
    return SourceDocument(
        name.text, title, text("kind"), text("date"), text("publisher"), text("note"), reader.source, name.span
    )


def _statements(head: YamlMapping, source_id: str, reader: NodeReader) -> Iterable[Statement]:
    for item in reader.items(head.get("statements"), "`statements`"):
        node = reader.mapping(item, "a statement")
        if node is None:
            continue
        found = _statement(node, source_id, reader)
        if found is not None:
            yield found


def _statement(node: YamlMapping, source_id: str, reader: NodeReader) -> Statement | None:
    at = node.entries[0][0].span if node.entries else node.span
    name = reader.identifier(node.get("id"), "a statement's id")
    what = f"statement `{name}`" if name else "this statement"
    reader.keys(node, STATEMENT_KEYS, ("id", "kind", "checkable", "says"), what, at)
    kind = reader.choice(node.get("kind"), KINDS, "a kind of statement")
    checkable = reader.choice(node.get("checkable"), CHECKABLE, "`checkable`")
    severity = reader.choice(node.get("severity"), STATED_SEVERITIES, "a severity")
    in_force, note = _in_force(node.get("in_force"), what, reader)
    statement = Statement(
        source_id=source_id,
        id=name.text if name else "",
        place=_text(node, "place", f"the place of {what}", reader),
        services=_services(node.get("service"), reader),
        kind=next((item for item in KINDS if item == kind), "fact"),
        checkable=next((item for item in CHECKABLE if item == checkable), "no"),
        says=_text(node, "says", f"what {what} says", reader),
        why_not=_text(node, "why_not", f"why {what} is not checkable", reader),
        reading=_reading(node.get("reading"), what, reader),
        in_force=in_force,
        in_force_note=note,
        severity=next((item for item in STATED_SEVERITIES if item == severity), "unspecified"),
        unverified=reader.choice(node.get("unverified"), ("true", "false"), "`unverified`") == "true",
        page=page.text if (page := reader.identifier(node.get("page"), "a page")) else None,
        source=reader.source,
        span=name.span if name else at,
    )
    return statement if name else None


def _services(node: YamlNode | None, reader: NodeReader) -> tuple[str, ...]:
    found = [text for item in reader.one_or_more(node) if (text := reader.text(item, "a service")) is not None]
    return () if found == ["all"] else tuple(found)


def _reading(node: YamlNode | None, what: str, reader: NodeReader) -> StatementReading | None:
    found = reader.mapping(node, f"the reading of {what}")
    if found is None:
        return None
    at = found.entries[0][0].span if found.entries else found.span
    reader.keys(found, ("chosen", "alternative", "why"), ("chosen",), f"the reading of {what}", at)
    texts = [_text(found, key, f"the reading of {what}", reader) for key in ("chosen", "alternative", "why")]
    return StatementReading(*texts)


def _in_force(node: YamlNode | None, what: str, reader: NodeReader) -> tuple[InForce, Text]:
    found = reader.mapping(node, f"`in_force` of {what}")
    if found is None:
        return InForce(), Text()
    reader.keys(found, ("first_day", "last_day", "note"), (), f"`in_force` of {what}", found.span)
    return reader.in_force(found), _text(found, "note", f"the note of {what}", reader)


def _text(node: YamlMapping, key: str, what: str, reader: NodeReader) -> Text:
    scalar = node.key(key)
    return Text() if scalar is None else reader.language_map(node.get(key), what, scalar.span, plain=True)
