"""An expression's canonical text over several lines, broken where a reader would pause.

In: the one line of `printer`. Out: lines that parse to the same tree, since a line break is a space.
"""

from __future__ import annotations

import re

_PAUSES = frozenset({"and", "or", "where", "satisfies", "then", "else"})


def wrap_expression(text: str, width: int) -> list[str]:
    """Return the lines of a canonical text, each at most `width` characters where its words allow that.

    A line begins with a connective, `where`, `satisfies`, `then` or `else` where it can.

    >>> wrap_expression("every day in days where day.status = delivered satisfies day.length >= 6 h", 50)
    ['every day in days where day.status = delivered', 'satisfies day.length >= 6 h']
    """
    lines: list[str] = []
    for piece in _pieces(text):
        if lines and len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += f" {piece}"
        elif len(piece) <= width:
            lines.append(piece)
        else:
            lines.extend(_words(piece, width))
    return lines


def _pieces(text: str) -> list[str]:
    pieces: list[list[str]] = [[]]
    for word in text.split(" "):
        if word in _PAUSES and pieces[-1]:
            pieces.append([])
        pieces[-1].append(word)
    return [" ".join(piece) for piece in pieces]


def _words(piece: str, width: int) -> list[str]:
    """Return the lines of a piece that is too long, broken between words but never inside a quantity."""
    lines: list[str] = []
    for word in re.findall(r"(?:\(*\d[\d.]* \S+|\S+)(?: (?=\d[\d.]* (?:min)\b)\d[\d.]* min\S*)?", piece):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
