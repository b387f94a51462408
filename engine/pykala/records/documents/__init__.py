"""Documents: PDF forms, Word and plain text with labels, read as records through a mapping of the kind and language.

`pdf`, `word` and `text` turn a file into pieces; `choosing` finds the mapping that fits; `placing` makes the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pykala.records.documents.choosing import choose_mapping
from pykala.records.documents.pieces import Document
from pykala.records.documents.placing import place_document
from pykala.records.record import Record, RecordProblem
from pykala.records.vocabulary import Vocabulary

MAX_BYTES = 50_000_000
MAX_TEXT_BYTES = 2_000_000
_Reader = Callable[[Path, str], Document | RecordProblem]


def read_document(
    path: Path, vocabulary: Vocabulary, *, kind: str | None = None, mapping: str | None = None
) -> Iterator[Record | RecordProblem]:
    """Yield the record of a document and what has no place in it, or why it cannot be read.

    `kind` leaves the mappings of that kind alone to choose from; `mapping` names the one to read by.
    """
    document = _opened(path)
    if isinstance(document, RecordProblem):
        yield document
        return
    chosen = choose_mapping(document, vocabulary.documents, kind, mapping)
    if isinstance(chosen, RecordProblem):
        yield chosen
        return
    yield from place_document(document, chosen, vocabulary)


def _opened(path: Path) -> Document | RecordProblem:
    shown = path.as_posix()
    try:
        size, most = path.stat().st_size, MAX_TEXT_BYTES if path.suffix.lower() == ".txt" else MAX_BYTES
        if size > most:
            message = f"the file is {size // 1_000_000} MB; of such a document at most {most // 1_000_000} MB are read"
            return RecordProblem(shown, "file-too-big", "", message, "give the document alone, without its pictures")
        if size == 0:
            return RecordProblem(shown, "empty-file", "", "the file is empty", "write in it, or leave it out")
        return _reader(path.suffix.lower())(path, shown)
    except FileNotFoundError:
        return RecordProblem(shown, "unreadable-file", "", "no such file", "check the path")
    except OSError as error:
        reason = (error.strerror or "not possible").lower()
        return RecordProblem(shown, "unreadable-file", "", f"the file cannot be read: {reason}", None)


def _reader(ending: str) -> _Reader:
    match ending:
        case ".pdf":
            return _pdf
        case ".docx":
            return _word
        case ".txt":
            from pykala.records.documents.text import read_text

            return read_text
        case _:
            return _old


def _pdf(path: Path, shown: str) -> Document | RecordProblem:
    from pykala.records.sheets import library

    if (missing := library("pypdf", "documents", shown)) is not None:
        return missing
    from pykala.records.documents.pdf import read_pdf

    return read_pdf(path, shown)


def _word(path: Path, shown: str) -> Document | RecordProblem:
    from pykala.records.sheets import library

    if (missing := library("docx", "documents", shown)) is not None:
        return missing
    from pykala.records.documents.word import read_word

    return read_word(path, shown)


def _old(path: Path, shown: str) -> RecordProblem:
    message = f"documents that end in `{path.suffix}` cannot be read"
    return RecordProblem(shown, "unknown-ending", "", message, "open it in Word and save it as `.docx`")
