"""PDF forms: the fields of an AcroForm. The text of a page is never read for facts, since its order tells nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pykala.records.documents.pieces import Document, Field
from pykala.records.record import RecordProblem

# The flags of a button: one of several, and one that is only pressed.
_RADIO = 1 << 15
_PUSH = 1 << 16
# What the library raises for a file that is damaged, beside its own errors.
_DAMAGED = (LookupError, ValueError, TypeError, AttributeError, RecursionError, OverflowError, EOFError, OSError)


def read_pdf(path: Path, shown: str) -> Document | RecordProblem:
    """Return the form fields of a PDF, or why it cannot be read."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    with _quiet():
        try:
            reader = PdfReader(path)
            # A form that is only protected against changes opens with the empty password.
            if reader.is_encrypted and not reader.decrypt(""):
                return _locked(shown)
            pages = _pages(reader)
            fields = reader.get_fields() or {}
            found = [field for name, given in fields.items() if (field := _field(shown, name, given, pages))]
            if not found:
                return _without_fields(reader, shown)
            notes = tuple(_notes(reader, shown))
            head = reader.pages[0].extract_text() if reader.pages else ""
        except DependencyError:
            return _locked(shown)
        except (PyPdfError, *_DAMAGED):
            message = "the file cannot be read: it is no PDF, or a damaged one"
            return RecordProblem(shown, "unreadable-file", "", message, "open it in a PDF reader and save it anew")
    return Document(shown, tuple(found), head, notes)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the library says of odd files from standard error: what matters becomes a problem."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _locked(shown: str) -> RecordProblem:
    message = "the file cannot be read: the PDF is encrypted"
    return RecordProblem(shown, "unreadable-file", "", message, "save it without a password")


def _without_fields(reader: Any, shown: str) -> RecordProblem:
    form = reader.trailer["/Root"].get("/AcroForm")
    if form is not None and "/XFA" in form.get_object():
        message = "the PDF is an XFA form, whose fields only Adobe's own programs read"
        return RecordProblem(shown, "no-form", "", message, "save it as an ordinary PDF form (AcroForm)")
    if any(page.extract_text().strip() for page in reader.pages):
        message = "the PDF has no form fields: its form was flattened or printed, or it never had any"
        help_ = "save the filled form with its fields, or give the document as Word or text"
    else:
        message, help_ = (
            "the PDF holds pictures alone: a scan cannot be read",
            "give the form itself, or a text with labels",
        )
    return RecordProblem(shown, "no-form", "", message, help_)


def _pages(reader: Any) -> dict[str, int]:
    """Return the first page of each field."""
    pages: dict[str, int] = {}
    for number, page in enumerate(reader.pages, 1):
        for mark in _marks(page):
            if mark.get("/Subtype") == "/Widget":
                pages.setdefault(_name(mark), number)
    return pages


def _marks(page: Any) -> Iterator[Any]:
    for mark in page.get("/Annots") or ():
        yield mark.get_object()


def _name(mark: Any) -> str:
    parts: list[str] = []
    while mark is not None and len(parts) < 100:
        if "/T" in mark:
            parts.append(_string(mark["/T"]))
        parent = mark.get("/Parent")
        mark = None if parent is None else parent.get_object()
    return ".".join(reversed(parts))


def _notes(reader: Any, shown: str) -> Iterator[RecordProblem]:
    """Yield the texts that someone has typed upon a page beside the fields."""
    for number, page in enumerate(reader.pages, 1):
        for mark in _marks(page):
            if mark.get("/Subtype") in ("/FreeText", "/Text") and _string(mark.get("/Contents", "")).strip():
                message = "a note typed upon the page is no form field, and was not read"
                yield RecordProblem(f"{shown}, page {number}", "unplaced-text", "", message, "write it into a field")


def _field(shown: str, name: str, given: Any, pages: dict[str, int]) -> Field | None:
    """Return a field with its value; None for what holds none: groups, signatures, buttons that are pressed."""
    name = _string(name)
    kind, flags = given.get("/FT"), int(given.get("/Ff", 0))
    place = f"{shown}, page {pages[name]}, field `{name}`" if name in pages else f"{shown}, field `{name}`"
    title = _string(given.get("/TU", ""))
    written = given.get("/V")
    value: str | bool | tuple[str, ...] | None
    match kind:
        case "/Tx" | "/Ch" if isinstance(written, list):
            value = tuple(_shown_choice(given, str(each)) for each in written) or None
        case "/Tx":
            value = _text(written)
        case "/Ch":
            text = _text(written)
            value = None if text is None else _shown_choice(given, text)
        case "/Btn" if not flags & _PUSH:
            states = [state for state in given.get("/_States_", ()) if state != "/Off"]
            on = None if written is None or written == "/Off" else str(written).removeprefix("/")
            if flags & _RADIO or len(states) > 1:
                value = None if on is None else _numbered_choice(given, on)
            else:
                value = on is not None
        case _:
            return None
    return Field(place, name, title, value)


def _text(written: Any) -> str | None:
    if written is None:
        return None
    return _string(written).replace("\r\n", "\n").replace("\r", "\n").strip() or None


def _string(written: Any) -> str:
    """Return a string of the file; one whose letters the library does not know is given as bytes."""
    return written.decode("latin-1") if isinstance(written, bytes) else str(written)


def _shown_choice(given: Any, value: str) -> str:
    """Return what a choice shows to people where the file has another word for machines."""
    for option in given.get("/Opt") or ():
        pair = option.get_object() if hasattr(option, "get_object") else option
        if isinstance(pair, list) and len(pair) == 2 and str(pair[0]) == value:
            return str(pair[1])
    return value


def _numbered_choice(given: Any, value: str) -> str:
    """Return the word of a radio button; some programs write its number among the words in `/Opt`."""
    options = given.get("/Opt") or ()
    return str(options[int(value)]) if value.isdecimal() and int(value) < len(options) else value
