"""Which mapping fits a document: the one whose labels and form fields stand in it most often."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pykala.records.documents.mapping import ROW, DocumentMapping, readings_of
from pykala.records.documents.pieces import Document, Field, Grid, Line
from pykala.records.record import RecordProblem
from pykala.records.tables import fold

# How much more a text of such documents alone weighs than a label, and how many labels make a document at least.
_RECOGNISED = 5
_LEAST = 2


def choose_mapping(
    document: Document, mappings: Sequence[DocumentMapping], kind: str | None, name: str | None
) -> DocumentMapping | RecordProblem:
    """Return the mapping that fits a document best, among those of a kind or the one of a name; or why none does."""
    if name is not None:
        named = next((mapping for mapping in mappings if mapping.name == name), None)
        return named or _unknown(document, mappings, name)
    possible = [mapping for mapping in mappings if kind in (None, mapping.kind)]
    if not possible:
        what = f"documents of the kind {kind}" if kind else "documents"
        help_ = "write one in `records/documents/`, or give the record as JSON, YAML or a table"
        return RecordProblem(document.shown, "no-mapping", "", f"no mapping says where facts stand in {what}", help_)
    words, names = set(_words(document)), {piece.name for piece in document.pieces if isinstance(piece, Field)}
    scores = {mapping.name: _score(mapping, document, words, names) for mapping in possible}
    best = max(scores.values())
    fitting = [mapping for mapping in possible if scores[mapping.name] == best]
    if best < _LEAST:
        known = ", ".join(f"`{mapping.name}`" for mapping in possible[:6])
        help_ = f"say which it is with `--mapping`: {known}; or write a mapping for it"
        message = "no mapping knows the labels or form fields of this document"
        return RecordProblem(document.shown, "unknown-document", "", message, help_)
    if len(fitting) > 1:
        shown = " and ".join(f"`{mapping.name}`" for mapping in fitting[:3])
        help_ = f"say which it is, for example with `--mapping {fitting[0].name}`"
        return RecordProblem(document.shown, "ambiguous-document", "", f"{shown} fit this document equally well", help_)
    return fitting[0]


def _unknown(document: Document, mappings: Sequence[DocumentMapping], name: str) -> RecordProblem:
    from pykala_dsl.suggest import closest

    near = closest(name, [mapping.name for mapping in mappings])
    known = ", ".join(f"`{mapping.name}`" for mapping in mappings) or "none"
    help_ = f"did you mean `{near}`?" if near else f"the mappings are {known}"
    return RecordProblem(document.shown, "unknown-mapping", "", f"there is no mapping `{name}`", help_)


def _score(mapping: DocumentMapping, document: Document, words: set[str], names: set[str]) -> int:
    known = len(words & set(mapping.words()))
    for name in mapping.fields():
        if ROW in name:
            pattern = re.compile(r"[0-9]+".join(map(re.escape, name.split(ROW))))
            known += any(pattern.fullmatch(each) for each in names)
        else:
            known += name in names
    head = fold(document.head)
    told = any(text in words or text in head for text in mapping.recognised_by)
    return known + _RECOGNISED * told


def _words(document: Document) -> Iterator[str]:
    """Yield everything in a document that could be a label or a heading."""
    for piece in document.pieces:
        match piece:
            case Field(title=title):
                yield from readings_of(title)
            case Line(text=text):
                yield from readings_of(text)
                yield from readings_of(text.partition(":")[0])
                for cell in re.split(r"\t|\s{2,}|[|;]", text):
                    yield from readings_of(cell)
            case Grid(rows):
                for row in rows:
                    for cell in row.filled:
                        yield from readings_of(cell.partition("\n")[0])
                        yield from readings_of(cell.partition(":")[0])
