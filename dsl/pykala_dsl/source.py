"""Positions: a text with its lines, and where an expression inside it came from.

Every later stage speaks of places as `Span`s of one `Source`: offsets in characters of the file's text
(normalised to NFC). Only the rendering of a diagnostic turns them into lines and columns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in a source's text."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of `other`."""
        return Span(self.start, other.end)


@dataclass(frozen=True, slots=True)
class Source:
    """A text and the path it is known by; equal by path and text."""

    path: str
    text: str
    _line_starts: list[int] = field(default_factory=list, compare=False, repr=False)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, both counted from 1, columns in characters."""
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of a line (counted from 1) without its line break."""
        starts = self._starts()
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def _starts(self) -> list[int]:
        if not self._line_starts:
            starts, at = [0], self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._line_starts.extend(starts)
        return self._line_starts


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text to parse, and the offset in the source of each of its characters.

    `offsets` has one entry more than `text` has characters: the last is the offset of the end. For a raw
    slice of the file it is a `range`; for a quoted YAML scalar with escapes it is a tuple.
    """

    source: Source
    text: str
    offsets: Sequence[int]

    @classmethod
    def of(cls, text: str, path: str = "<expression>") -> Fragment:
        """Return a fragment that is a whole source of its own."""
        return cls(Source(path, text), text, range(len(text) + 1))

    @classmethod
    def slice(cls, source: Source, start: int, end: int) -> Fragment:
        """Return the raw slice of a source's text."""
        return cls(source, source.text[start:end], range(start, end + 1))

    def span(self, start: int, end: int) -> Span:
        """Return the source's span of the characters `start` to `end` (excluded) of this fragment.

        An empty range at the end of the text gives the position of the end.
        """
        first = self.offsets[start]
        # Where the next character begins, so that an escape at the end is inside as a whole.
        last = self.offsets[end] if end > start else first
        return Span(first, last)
