"""How wide a text is at most, and where it is broken: text in, lines that fit in a width out.

The reader's font is not known. The widths are those of DejaVu Sans rounded up, one of the widest fonts that a page is
shown in; a line that fits by this measure fits in the narrower ones too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CLASSES: Final[tuple[tuple[str, float, float], ...]] = (
    (" \u00a0.,:;'’|ijlI", 0.34, 0.40),
    ("ftrJ!()[]-‐/·", 0.42, 0.50),
    ("abcdeghknopqsuvxyzåäöéšž0123456789?–", 0.64, 0.72),
    ("ABCDEFGHKLNOPQRSTUVXYZÅÄÖ", 0.79, 0.86),
    ("w", 0.82, 0.93),
)
_WIDEST: Final = (1.0, 1.12)
_WIDTHS: Final = {letter: (plain, bold) for letters, plain, bold in _CLASSES for letter in letters}

_VOWELS: Final = "aeiouyåäöéáüAEIOUYÅÄÖÉÁÜ"
_SYLLABLE: Final = re.compile(rf"(?=[^\W\d_{_VOWELS}][{_VOWELS}])")
"""Before a consonant and a vowel: a syllable begins there in Finnish, and a word may be broken in the others too."""
_AFTER_MARK: Final = re.compile(r"(?<=[-–/])(?=\w)")
_SPACES: Final = re.compile(r"[ \n]+")
"""Where a line may end; a space that does not break is none."""
HYPHEN: Final = "‐"
_LEAST: Final = 3
"""So many letters at least stand on each side of a hyphen."""


@dataclass(frozen=True, slots=True)
class Font:
    """A size in the units of a picture (pixels where it is shown in full width) and whether it is bold."""

    size: float
    bold: bool = False

    @property
    def leading(self) -> float:
        """Return how far apart lines stand."""
        return round(self.size * 1.35, 1)


def text_width(text: str, font: Font) -> float:
    """Return how wide a text is at most.

    >>> text_width("il", Font(10))
    6.8
    """
    return round(sum(_WIDTHS.get(letter, _WIDEST)[font.bold] for letter in text) * font.size, 2)


def wrap(text: str, width: float, font: Font) -> list[str]:
    """Return the text as lines that are no wider than `width`; a word that is too wide is broken by a hyphen.

    A line that ends between two words keeps the space, which needs no room, so that copied text reads as it should.

    >>> wrap("kuntoutus ja kuntoutuskokonaisuus", 104, Font(15))
    ['kuntoutus ja ', 'kuntoutus‐', 'kokonaisuus']
    """
    lines: list[str] = []
    line = ""
    for word in filter(None, _SPACES.split(text)):
        joined = f"{line} {word}" if line else word
        if text_width(joined, font) <= width:
            line = joined
            continue
        if line and text_width(word, font) <= width:
            lines.append(f"{line} ")
            line = word
            continue
        *before, line = _broken(line, word, width, font)
        lines += before
    return [*lines, line]


def _broken(line: str, word: str, width: float, font: Font) -> list[str]:
    """Return the lines of a word that is wider than a whole line; it begins on a line of its own."""
    lines = [f"{line} "] if line else []
    rest = word
    while text_width(rest, font) > width:
        at, mark = _break(rest, width, font)
        lines.append(rest[:at] + mark)
        rest = rest[at:]
    return [*lines, rest]


def _break(word: str, width: float, font: Font) -> tuple[int, str]:
    """Return where the first line of a word ends, and the mark that ends it."""
    places = [(found.start(), "") for found in _AFTER_MARK.finditer(word)]
    places += [(found.start(), HYPHEN) for found in _SYLLABLE.finditer(word)]
    fitting = [
        (at, mark)
        for at, mark in places
        if _LEAST <= at <= len(word) - _LEAST and text_width(word[:at] + mark, font) <= width
    ]
    marked = [place for place in fitting if not place[1]]
    if marked or fitting:
        return max(marked or fitting)
    return next(
        (at, HYPHEN) for at in range(len(word), 0, -1) if at == 1 or text_width(word[:at] + HYPHEN, font) <= width
    )
