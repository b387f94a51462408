"""What a picture says, as an outline: its boxes and the Markdown beside it are both made from it, so that they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pykala.handbook import markup
from pykala.handbook.pictures.drawing import PLAIN, STRONG, Paragraph
from pykala.handbook.verbalize import Line


@dataclass(frozen=True, slots=True)
class Entry:
    """A text and what stands under it. A strong one is a heading of its box."""

    text: str
    under: tuple[Entry, ...] = ()
    strong: bool = False


def entries(lines: Sequence[Line]) -> tuple[Entry, ...]:
    """Return the lines of a condition as entries; a line that is deeper stands under the one before."""
    found: list[Entry] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and lines[end].depth > lines[at].depth:
            end += 1
        found.append(Entry(lines[at].text, entries(lines[at + 1 : end])))
        at = end
    return tuple(found)


def capital(label: str) -> str:
    """Return a label as it stands alone: the first letter large."""
    return label[:1].upper() + label[1:]


def paragraphs(found: Iterable[Entry], level: int = 0) -> Iterator[Paragraph]:
    """Yield the paragraphs of a box: strong ones and sentences flush, the others as a list under them."""
    for entry in found:
        yield Paragraph(
            entry.text,
            STRONG if entry.strong else PLAIN,
            level,
            "" if entry.strong or entry.text.endswith(".") else "–",
        )
        yield from paragraphs(entry.under, level + (not entry.strong))


def markdown(found: Iterable[Entry], *, numbered: bool = False, depth: int = 0) -> str:
    """Return entries as a list in Markdown."""
    lines = []
    for entry in found:
        text = markup.text(entry.text)
        lines.append(f"{'    ' * depth}{'1.' if numbered else '-'} {f'**{text}**' if entry.strong else text}")
        if entry.under:
            lines.append(markdown(entry.under, depth=depth + 1))
    return "\n".join(lines)
