"""Lines for people: rows of styled words in, text of a given width out; colour on a terminal alone.

A row is laid out by our own few lines, so that what is piped is the same as what is seen; rich only paints it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import IO, TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console

Style: TypeAlias = Literal["", "bold", "dim", "pass", "fail", "excused", "pending", "unknown", "contested"]

PIPED_WIDTH: Final = 100
GAP: Final = 3
_PAINT: Final[dict[Style, str]] = {
    "": "",
    "bold": "bold",
    "dim": "dim",
    "pass": "green",
    "fail": "bold red",
    "excused": "cyan",
    "pending": "yellow",
    "unknown": "magenta",
    "contested": "blue",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """Some words in one style."""

    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line before it is laid out: words on the left, which wrap, and words on the right, which do not.

    `indent` is where the first line begins, `hang` where the ones that follow do.
    """

    left: tuple[Segment, ...] = ()
    right: tuple[Segment, ...] = ()
    indent: int = 0
    hang: int = 0


def row(*left: Segment | str, right: str = "", right_style: Style = "dim", indent: int = 0, hang: int = 0) -> Row:
    """Return a row; a bare text has no style."""
    parts = tuple(Segment(part) if isinstance(part, str) else part for part in left)
    return Row(parts, (Segment(right, right_style),) if right else (), indent, hang or indent)


def cell_width(text: str) -> int:
    """Return how many columns a text takes on a terminal: wide letters two, combining marks none."""
    return sum(
        0
        if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(letter) in ("W", "F")
        else 1
        for letter in text
    )


def cleaned(text: str) -> str:
    """Return a text without anything that a terminal would obey: control letters, line breaks, turned direction."""
    if text.isprintable():
        return text
    spaced = " ".join(text.split("\n"))
    return "".join("\ufffd" if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in spaced)


def layout(row_: Row, width: int) -> Iterator[tuple[Segment, ...]]:
    """Yield the lines of a row, each at most `width` wide where its words allow it, without spaces at the end.

    No-break spaces have done their work by then and are written as plain ones: people search and copy these lines.
    """
    for line in _laid_out(row_, width):
        runs = groupby(line, key=lambda part: part.style)
        yield tuple(Segment("".join(part.text for part in run).replace("\u00a0", " "), style) for style, run in runs)


def _laid_out(row_: Row, width: int) -> Iterator[tuple[Segment, ...]]:
    right_width = sum(cell_width(cleaned(part.text)) for part in row_.right)
    lines = list(_wrapped(row_, width))
    if not row_.right:
        yield from lines
        return
    last = lines[-1] if lines else (Segment(" " * row_.indent),)
    room = width - sum(cell_width(part.text) for part in last) - right_width
    right = tuple(Segment(cleaned(part.text), part.style) for part in row_.right)
    yield from lines[:-1]
    if room >= GAP:
        yield (*last, Segment(" " * room), *right)
    else:
        yield last
        yield (Segment(" " * max(width - right_width, row_.hang)), *right)


def _wrapped(row_: Row, width: int) -> Iterator[tuple[Segment, ...]]:
    line: list[Segment] = [Segment(" " * row_.indent)] if row_.indent else []
    used, empty = row_.indent, True
    for part in row_.left:
        # Only a plain space may end a line: a number keeps its unit by a no-break space.
        for index, piece in enumerate(cleaned(part.text).split(" ")):
            gap = 1 if index and not empty else 0
            size = cell_width(piece)
            if not empty and used + gap + size > width and piece and index:
                yield _trimmed(line)
                line, used, empty, gap = ([Segment(" " * row_.hang)] if row_.hang else []), row_.hang, True, 0
            if index and not empty:
                line.append(Segment(" ", part.style))
            elif index and empty and piece == "":
                continue
            line.append(Segment(piece, part.style))
            used, empty = used + gap + size, False
    if not empty or not row_.left:
        yield _trimmed(line)


def _trimmed(line: list[Segment]) -> tuple[Segment, ...]:
    kept = list(line)
    while kept and not kept[-1].text.strip(" "):
        kept.pop()
    return tuple(kept)


def write_rows(rows: Iterable[Row], out: IO[str], *, width: int | None = None, color: bool | None = None) -> None:
    """Write rows to a stream: painted on a terminal (NO_COLOR is honoured), plain and of one width where piped."""
    row_writer(out, width=width, color=color)(rows)


def row_writer(out: IO[str], *, width: int | None = None, color: bool | None = None) -> Callable[[Iterable[Row]], None]:
    """Return what writes rows to a stream, for a report that is written piece by piece."""
    if not (out.isatty() if color is None else color):
        size = width or _width_of(out)
        return lambda rows: out.writelines(f"{line}\n" for line in plain_lines(rows, size))
    from rich.console import Console

    console = Console(file=out, highlight=False, markup=False, emoji=False, force_terminal=color)
    return lambda rows: _paint(rows, console, width or console.width)


def _paint(rows: Iterable[Row], console: Console, width: int) -> None:
    from rich.text import Text

    for one in rows:
        for line_ in layout(one, width):
            painted = Text(no_wrap=True, overflow="ignore", end="")
            for part in line_:
                painted.append(part.text, _PAINT[part.style])
            console.print(painted, soft_wrap=True, end="\n")


def _width_of(out: IO[str]) -> int:
    """Return the width of a terminal, else the one width of what is piped."""
    import shutil

    return shutil.get_terminal_size().columns if out.isatty() else PIPED_WIDTH


def plain_lines(rows: Iterable[Row], width: int = PIPED_WIDTH) -> Iterator[str]:
    """Yield the lines of rows as plain text."""
    for one in rows:
        for line in layout(one, width):
            yield "".join(part.text for part in line).rstrip(" ")
