"""A diagnostic as text for people, and as plain data for programs."""

from __future__ import annotations

import unicodedata
from typing import Any

from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.source import Source, Span

_TAB = 4
_LONGEST = 160
_BEFORE = 60
_COLORS = {"error": "1;31", "warning": "1;33", "gutter": "1;34", "bold": "1", "mark": "1;31"}


def render(d: Diagnostic, *, color: bool = False) -> str:
    """Return a diagnostic as lines of text: what is wrong, where, and what to write instead.

    >>> from pykala_dsl.source import Source, Span
    >>> source = Source("p.yaml", "require: day.lenght")
    >>> print(render(Diagnostic("unknown-field", "unknown field `lenght`", source, (Label(Span(13, 19)),))))
    error[unknown-field]: unknown field `lenght`
     --> p.yaml:1:14
      |
    1 | require: day.lenght
      |              ^^^^^^
    """
    paint = _paint if color else _plain
    groups = _by_source(d)
    width = max(len(str(line)) for _, lines in groups for line in lines)
    gutter = " " * width
    head = paint(d.severity, f"{d.severity}[{d.code}]") + paint("bold", f": {_safe(d.message)}")
    out = [head]
    for number, (source, lines) in enumerate(groups):
        first = d.labels[0] if number == 0 else lines[min(lines)][0]
        line, column = source.position(first.span.start)
        arrow = "-->" if number == 0 else ":::"
        out.append(f"{gutter}{paint('gutter', arrow)} {_safe(source.path)}:{line}:{column}")
        out.append(paint("gutter", f"{gutter} |"))
        previous = None
        for line, labels in sorted(lines.items()):
            if previous is not None and line > previous + 1:
                out.append(paint("gutter", "..."))
            previous = line
            text, marks = _line(source, line, labels)
            out.append(f"{paint('gutter', f'{line:>{width}} |')} {text}".rstrip())
            out += [f"{paint('gutter', f'{gutter} |')} {paint('mark', mark)}" for mark in marks]
    if d.help is not None:
        first_line, *more = d.help.splitlines() or [""]
        out.append(f"{gutter} {paint('gutter', '=')} {paint('bold', 'help')}: {_safe(first_line)}")
        out += [f"{gutter}         {_safe(line)}".rstrip() for line in more]
    return "\n".join(out)


def as_json(d: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as plain data; lines and columns count from 1, an end column is the one after the last."""
    return {
        "code": d.code,
        "severity": d.severity,
        "message": d.message,
        **_place(d.source, d.span),
        "labels": [{**_place(label.source or d.source, label.span), "text": label.text} for label in d.labels],
        "help": d.help,
    }


def _place(source: Source, span: Span) -> dict[str, Any]:
    line, column = source.position(span.start)
    end_line, end_column = source.position(max(span.start, span.end))
    return {"path": source.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _by_source(d: Diagnostic) -> list[tuple[Source, dict[int, list[Label]]]]:
    """Return the labels by source (the diagnostic's own first) and by the line they begin on."""
    groups: dict[Source, dict[int, list[Label]]] = {d.source: {}} if d.labels[0].source is None else {}
    for label in d.labels:
        source = label.source or d.source
        line = source.position(label.span.start)[0]
        groups.setdefault(source, {}).setdefault(line, []).append(label)
    return [(source, lines) for source, lines in groups.items() if lines]


def _line(source: Source, number: int, labels: list[Label]) -> tuple[str, list[str]]:
    """Return a line of the source as it is shown, and the rows of marks and texts below it."""
    raw = source.line(number)
    begin = source.position(labels[0].span.start)[1] - 1
    offset = labels[0].span.start - begin
    shown, columns = _columns(raw, begin)
    spans: list[tuple[int, int, str]] = []
    for label in labels:
        start = min(label.span.start - offset, len(raw))
        # A place that runs over several lines is marked to the end of its first one.
        end = min(label.span.end - offset, len(raw.rstrip()))
        left = columns[start]
        right = max(columns[max(end, start)], left + 1)
        spans.append((left, right, _safe(label.text)))
    spans.sort(key=lambda span: (span[0], span[1]))
    return shown, _marks(spans)


def _marks(spans: list[tuple[int, int, str]]) -> list[str]:
    row = [" "] * max(right for _, right, _ in spans)
    for left, right, _ in spans:
        row[left:right] = "^" * (right - left)
    texts = [(left, right, text) for left, right, text in spans if text]
    first = "".join(row)
    # The text of the last mark stands beside it, if nothing reaches past it; the others stand below, from the right.
    if texts and texts[-1] == spans[-1] and spans[-1][1] == len(row):
        first += f" {texts.pop()[2]}"
    return [first, *(" " * left + text for left, _, text in reversed(texts))]


def _columns(raw: str, begin: int) -> tuple[str, list[int]]:
    """Return the shown line and the screen column of each character (one more: of the end).

    Tabs become spaces, what cannot be seen a replacement character; a very long line is cut around `begin`.
    """
    cut = max(0, begin - _BEFORE) if len(raw) > _LONGEST else 0
    shown, at = ("…", 1) if cut else ("", 0)
    columns = [0] * cut
    for character in raw[cut:]:
        columns.append(at)
        if at >= _LONGEST:
            continue
        if character == "\t":
            step = _TAB - at % _TAB
            shown += " " * step
        else:
            step = _width(character)
            shown += character if character.isprintable() or not step else "\ufffd"
        at += step
    columns.append(at)
    return (shown + "…" if at >= _LONGEST else shown), columns


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _safe(text: str) -> str:
    """Return a text without characters that a terminal would act on."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _paint(kind: str, text: str) -> str:
    return f"\x1b[{_COLORS[kind]}m{text}\x1b[0m"


def _plain(_: str, text: str) -> str:
    return text
