"""Plain text with labels: `Label: value`, line by line."""

from __future__ import annotations

from pathlib import Path

from pykala.records.documents.pieces import Document, Line
from pykala.records.record import RecordProblem


def read_text(path: Path, shown: str) -> Document | RecordProblem:
    """Return the lines of a text file, or why it cannot be read."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"the file is not UTF-8: the byte {data[error.start]:02X} is no letter of it"
        return RecordProblem(f"{shown}:{line}", "not-utf8", "", message, "save the file as UTF-8")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    return Document(
        shown,
        tuple(
            Line(f"{shown}:{number}", line.strip(), indented=line[:1].isspace()) for number, line in enumerate(lines, 1)
        ),
    )
