"""The pieces of a document and a mapping in, a record out, and everything that has no place in it."""

from __future__ import annotations

from collections.abc import Iterator

from pykala.records.documents.facts import Facts
from pykala.records.documents.form_fields import FormFields
from pykala.records.documents.grids import Grids
from pykala.records.documents.lines import Lines
from pykala.records.documents.mapping import DocumentMapping
from pykala.records.documents.pieces import Document, Field, Grid, Line
from pykala.records.record import Record, RecordProblem
from pykala.records.vocabulary import Vocabulary


def place_document(
    document: Document, mapping: DocumentMapping, vocabulary: Vocabulary
) -> Iterator[Record | RecordProblem]:
    """Yield what could not be placed or read, and the record where nothing stands against judging it."""
    facts = Facts(document, mapping, vocabulary)
    fields = FormFields(facts)
    for piece in document.pieces:
        if isinstance(piece, Field):
            fields.take(piece)
    lines = Lines(facts, fields)
    grids = Grids(facts, lines)
    for piece in document.pieces:
        match piece:
            case Line():
                lines.take(piece)
            case Grid():
                lines.close()
                grids.take(piece)
    lines.close()
    fields.finish()
    yield from facts.record()
