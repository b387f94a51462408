"""What `pykala lint --fix` mends by itself: misspelt names, and entries that are used nowhere.

In: diagnostics. Out: edits of their files, and the texts after them. A fix is made only where one thing can be meant: a
name is replaced where the help asks "did you mean" for exactly what is underlined, and an idle entry is taken away with
the comments above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pykala.policy.strict_yaml import Mapping, Sequence, YamlNode, compose
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError
from pykala_dsl.source import Source, Span

_MEANT = re.compile(r"did you mean `([^`]+)`\?(?:  \(.*\))?")
RENAMED = frozenset(
    (
        "bad-choice",
        "unknown-entry",
        "unknown-field",
        "unknown-key",
        "unknown-member",
        "unknown-name",
        "unknown-reading",
        "unknown-record-kind",
        "unknown-statement",
        "unknown-version",
    )
)
REMOVED = frozenset(("unused-name", "unused-suppression", "expired-suppression"))


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a file, and what to write in its place."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file with its edits made, and what they mended."""

    source: Source
    text: str
    diagnostics: tuple[Diagnostic, ...]


def fix_of(diagnostic: Diagnostic) -> Edit | None:
    """Return the edit that mends a diagnostic, or None where a person must decide."""
    if diagnostic.code in REMOVED:
        return _removal(diagnostic)
    meant = _MEANT.fullmatch(diagnostic.help or "")
    if diagnostic.code in RENAMED and meant is not None and diagnostic.span.end > diagnostic.span.start:
        return Edit(diagnostic.span, meant.group(1))
    return None


def fix_all(diagnostics: Iterable[Diagnostic]) -> list[Fixed]:
    """Return the files that can be mended, each with its edits made; of two edits of one place, the first is made."""
    by_file: dict[Source, list[tuple[Edit, Diagnostic]]] = {}
    for diagnostic in diagnostics:
        edit = fix_of(diagnostic)
        if edit is not None:
            by_file.setdefault(diagnostic.source, []).append((edit, diagnostic))
    return [_fixed(source, edits) for source, edits in by_file.items()]


def _fixed(source: Source, edits: list[tuple[Edit, Diagnostic]]) -> Fixed:
    edits = sorted(edits, key=lambda pair: (pair[0].span.start, -pair[0].span.end))
    text, at = "", 0
    made: list[Diagnostic] = []
    for edit, diagnostic in edits:
        if edit.span.start < at:
            continue
        text += source.text[at : edit.span.start] + edit.text
        at = edit.span.end
        made.append(diagnostic)
    return Fixed(source, text + source.text[at:], tuple(made))


# ---------------------------------------------------------------------- taking an entry away


def _removal(diagnostic: Diagnostic) -> Edit | None:
    """Return the edit that takes an entry away: its lines, the comments above it, and its mapping if nothing is left."""
    try:
        root = compose(diagnostic.source)
    except DiagnosticsError:
        return None
    found = next(_entries(root, diagnostic.span.start, None), None)
    if found is None:
        return None
    start, end = found
    text = diagnostic.source.text
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" -") != "" or text[end:].partition("\n")[0].strip() not in ("", "\n"):
        return None  # inside braces, where a person sees better what to leave
    while line and text[text.rfind("\n", 0, line - 1) + 1 : line].lstrip().startswith("#"):
        line = text.rfind("\n", 0, line - 1) + 1
    stop = text.find("\n", end)
    return Edit(Span(line, len(text) if stop < 0 else stop + 1), "")


def _entries(node: YamlNode, at: int, alone: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
    """Yield where the entry that begins at an offset begins and ends, or the one around it that it would leave empty."""
    if isinstance(node, Mapping):
        parts = [(key.span.start, value) for key, value in node.entries]
    elif isinstance(node, Sequence):
        parts = [(item.span.start, item) for item in node.items]
    else:
        return
    for start, value in parts:
        own = (start, value.span.end)
        whole = alone if len(parts) == 1 and alone is not None else own
        if start == at:
            yield whole
            return
        yield from _entries(value, at, whole)
