"""Word documents: paragraphs, tables and content controls, in the order in which people read them.

python-docx opens the file; the walk over its elements is ours, since the library passes over content controls,
text boxes and the ticks of check boxes without a word.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pykala.records.documents.pieces import Document, Field, Grid, GridRow, Line, Piece
from pykala.records.record import RecordProblem

MAX_UNPACKED_BYTES = 200_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_CHANGES = tuple(_W + name for name in ("ins", "del", "moveFrom", "moveTo"))
# Parts beside the body that hold text; comments hold remarks.
_PARTS = ("header", "footer", "footnotes", "endnotes")
_SYMBOLS = {"F0FE": "☑", "F0FD": "☒", "F0FC": "☑", "F0FB": "☒", "F0A8": "☐", "F06F": "☐", "F071": "☐"}
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    EOFError,
    OSError,
    RuntimeError,
)


def read_word(path: Path, shown: str) -> Document | RecordProblem:
    """Return the pieces of a Word document, or why it cannot be read."""
    import docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES:
                return RecordProblem(shown, "file-too-big", "", "the document unpacks to more than 200 MB", "split it")
        file = docx.Document(str(path))
        roots = list(_roots(file))
        if any(root.find(f".//{change}") is not None for _, root in roots for change in _CHANGES):
            message = "the document has tracked changes, so that it does not say which text holds"
            return RecordProblem(shown, "tracked-changes", "", message, "accept or reject them in Word, and save it")
        pieces: list[Piece] = []
        for where, root in roots:
            pieces += _Walk(shown, where).blocks(root)
            pieces.append(Line(shown, ""))
        return Document(shown, tuple(pieces), unplaced=tuple(_comments(file, shown)))
    except (OpcError, *_DAMAGED):
        message = "the file cannot be read: it is no Word document, or a damaged or locked one"
        help_ = "open it in Word and save it as `.docx`, without a password"
        return RecordProblem(shown, "unreadable-file", "", message, help_)


def _roots(file: Any) -> Iterator[tuple[str, Any]]:
    """Yield the headers, the body, and the rest, each with what it is called."""
    others: list[tuple[str, Any]] = []
    for rel in file.part.rels.values():
        kind = rel.reltype.rpartition("/")[2]
        if kind in _PARTS and not rel.is_external:
            others.append((kind, _element(rel.target_part)))
    yield from (each for each in others if each[0] == "header")
    yield "", file.element.body
    yield from (each for each in others if each[0] != "header")


def _element(part: Any) -> Any:
    from docx.oxml import parse_xml

    return part.element if hasattr(part, "element") else parse_xml(part.blob)


def _comments(file: Any, shown: str) -> Iterator[RecordProblem]:
    for rel in file.part.rels.values():
        if rel.reltype.endswith("/comments") and _element(rel.target_part).find(f".//{_W}t") is not None:
            message = "the comments of the document were not read"
            yield RecordProblem(
                shown, "unplaced-text", "", message, "write what is a fact into the text, or delete them"
            )


class _Walk:
    """The walk over one part of a document."""

    def __init__(self, shown: str, where: str) -> None:
        self.shown = shown
        self.where = where
        self.paragraphs = 0
        self.tables = 0

    def blocks(self, parent: Any) -> Iterator[Piece]:
        """Yield the pieces of the body, a header, a text box."""
        for element in parent:
            match element.tag.removeprefix(_W) if isinstance(element.tag, str) else "":
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._table(element)
                case "sdt":
                    yield from self._control(element, f"{self.shown}, paragraph {self.paragraphs + 1}")
                    if not _is_placeholder(element):
                        yield from self.blocks(_content(element))
                case "footnote" | "endnote" | "customXml" | "smartTag":
                    yield from self.blocks(element)

    def _place(self, what: str) -> str:
        where = f", {self.where}" if self.where else ""
        return f"{self.shown}{where}, {what}"

    def _paragraph(self, element: Any) -> Iterator[Piece]:
        text = _text(element)
        self.paragraphs += bool(text.strip())
        place = self._place(f"paragraph {self.paragraphs}")
        for control in element.iter(f"{_W}sdt"):
            yield from self._control(control, place)
        style = element.find(f"{_W}pPr/{_W}pStyle")
        name = "" if style is None else str(style.get(f"{_W}val")).casefold()
        is_heading = name.startswith(("heading", "otsikko", "rubrik", "title"))
        indent = element.find(f"{_W}pPr/{_W}ind")
        is_list = element.find(f"{_W}pPr/{_W}numPr") is not None or name.startswith(("list", "luettelo", "lista"))
        indented = is_list or (indent is not None and (indent.get(f"{_W}left") or "0") not in ("0", "-1"))
        for number, line in enumerate(text.split("\n")):
            stripped = line.strip()
            yield Line(place, stripped, indented=indented or number > 0, is_heading=is_heading)
        for box in _text_boxes(element):
            yield from _Walk(self.shown, self.where or "text box").blocks(box)

    def _table(self, element: Any) -> Iterator[Piece]:
        self.tables += 1
        name = f"table {self.tables}"
        rows: list[GridRow] = []
        inner: list[Any] = []
        for number, row in enumerate(_through_controls(element, f"{_W}tr"), 1):
            place = self._place(f"{name}, row {number}")
            cells: list[str | None] = []
            before = row.find(f"{_W}trPr/{_W}gridBefore")
            cells += [None] * (0 if before is None else int(before.get(f"{_W}val", 0)))
            for cell in _through_controls(row, f"{_W}tc"):
                lines = [_text(paragraph) for paragraph in _through_controls(cell, f"{_W}p")]
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                width = 1 if span is None else int(span.get(f"{_W}val", 1))
                cells += ["\n".join(lines).strip(), *[None] * (width - 1)]
                inner += _through_controls(cell, f"{_W}tbl")
            for control in row.iter(f"{_W}sdt"):
                yield from self._control(control, place)
            rows.append(GridRow(place, tuple(cells)))
        yield Grid(tuple(rows))
        for each in inner:
            yield from self._table(each)

    def _control(self, element: Any, place: str) -> Iterator[Field]:
        """Yield a content control that has a name."""
        properties = element.find(f"{_W}sdtPr")
        if properties is None:
            return
        tag, alias = (properties.find(f"{_W}{name}") for name in ("tag", "alias"))
        names = [each.get(f"{_W}val") for each in (tag, alias) if each is not None]
        if not names or not names[0]:
            return
        title = names[-1] or ""
        box = properties.find(f"{_W14}checkbox")
        value: str | bool | None
        if box is not None:
            checked = box.find(f"{_W14}checked")
            value = checked is not None and checked.get(f"{_W14}val") in ("1", "true")
        elif _is_placeholder(element):
            value = None
        else:
            value = "\n".join(_text(each) for each in _paragraphs(_content(element))).strip() or None
        yield Field(f"{place}, field `{names[0]}`", names[0], title, value, in_text=True)


def _content(control: Any) -> Any:
    found = control.find(f"{_W}sdtContent")
    return () if found is None else found


def _paragraphs(content: Any) -> Iterator[Any]:
    """Yield the paragraphs of a control; one inside a paragraph has none, and is itself the text."""
    if content is None or isinstance(content, tuple):
        return
    inner = list(content.iter(f"{_W}p"))
    yield from inner or [content]


def _is_placeholder(control: Any) -> bool:
    return control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None


def _through_controls(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the children of a name, those inside content controls included."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag == f"{_W}sdt" and not _is_placeholder(element):
            yield from _through_controls(_content(element), tag)


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    """Yield what stands in the text boxes of a paragraph; Word keeps a second copy of each for old programs."""
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(str(parent.tag).endswith("}Fallback") for parent in box.iterancestors()):
            yield box


def _text(element: Any) -> str:
    """Return the text of a paragraph: with ticks of check boxes, without hints of empty controls and page numbers."""
    out: list[str] = []
    # Whether each open field of Word (a code and its result) is one of page numbers.
    fields: list[bool] = []
    _gather(element, out, fields)
    return "".join(out).replace("\u00a0", " ")


def _gather(element: Any, out: list[str], fields: list[bool]) -> None:
    for child in element:
        name = child.tag.removeprefix(_W) if isinstance(child.tag, str) else ""
        match name:
            case "t":
                if not any(fields):
                    out.append(child.text or "")
            case "tab" | "ptab":
                out.append("\t")
            case "br" | "cr":
                out.append("\n")
            case "noBreakHyphen":
                out.append("-")
            case "sym":
                out.append(_SYMBOLS.get(str(child.get(f"{_W}char")).upper(), "�"))
            case "fldChar":
                _open_or_close(child, out, fields)
            case "instrText":
                if fields and "PAGE" in (child.text or ""):
                    fields[-1] = True
            case "fldSimple" if "PAGE" in str(child.get(f"{_W}instr")):
                pass
            case "sdt":
                if not _is_placeholder(child):
                    _gather(_content(child), out, fields)
            case "pPr" | "rPr" | "tabs" | "del" | "pict" | "drawing" | "object" | "p":
                pass
            case _ if str(child.tag).endswith(("}AlternateContent", "}Fallback")):
                pass
            case _:
                _gather(child, out, fields)


def _open_or_close(child: Any, out: list[str], fields: list[bool]) -> None:
    match child.get(f"{_W}fldCharType"):
        case "begin":
            fields.append(False)
            box = child.find(f"{_W}ffData/{_W}checkBox")
            if box is not None:
                given = box.find(f"{_W}checked")
                state = box.find(f"{_W}default") if given is None else given
                ticked = state is not None and state.get(f"{_W}val", "1") not in ("0", "false")
                out.append("☒" if ticked else "☐")
        case "end":
            if fields:
                fields.pop()
