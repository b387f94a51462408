"""The nearest of the names that exist, for "did you mean"."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def closest(word: str, candidates: Iterable[str], *, wrong: int | None = None) -> str | None:
    """Return the candidate nearest to a word, or None where more than half of its letters would be wrong.

    `wrong`: how many letters may be, in place of half of them.

    Upper case, accents, underscores and hyphens do not count; of two that are equally near, the first in the
    alphabet is taken.

    >>> closest("lenght", ["length", "date"])
    'length'
    """
    wanted = _fold(word)
    best: tuple[int, str] | None = None
    for candidate in sorted(set(candidates)):
        most = len(wanted) // 2 if wrong is None else wrong
        limit = most if best is None else best[0] - 1
        distance = _distance(wanted, _fold(candidate), limit)
        if distance <= limit:
            best = (distance, candidate)
    return best[1] if best else None


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if letter not in "_-" and not unicodedata.combining(letter))


def _distance(a: str, b: str, limit: int) -> int:
    """Return how many letters to add, drop, change or swap; more than `limit` where there are more."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
