"""Mistakes that can be seen in the characters alone: signs of other languages, dates and numbers written otherwise.

Some of them would even parse (`2025-4-1` is a subtraction), so the parser looks for them in every text.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at `start` to `end` of an expression's text, and what to write instead."""

    code: str
    message: str
    start: int
    end: int
    help: str


# Longest first, where one begins another.
_OPERATORS: dict[str, str] = {
    "===": "write `=`",
    "!==": "write `!=`",
    "==": "write `=`",
    "=>": "write `>=`, or `then` after an `if`",
    "=<": "write `<=`",
    "=!": "write `!=`",
    "<>": "write `!=`",
    ":=": "write `=`; a name is given a value by an entry of `define`",
    "->": "write `then` after an `if`",
    "&&": "write `and`",
    "||": "write `or`",
    "**": "write the multiplication out, `x * x`",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not` before a condition, or `!=` between two values",
    "^": "write the multiplication out, `x * x`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "×": "write `*`",
    "·": "write `*`",
    "÷": "write `/`",
    "−": "write `-`",
    "–": "write `-` for a subtraction, or `..` for a range",
    "—": "write `-` for a subtraction, or `..` for a range",
    "…": "write `..`",
    "§": "a citation stands in `cite`, not in an expression",
}

_PATTERN = re.compile(
    r"""
    (?P<quote> "[^"]*" | '[^']*' | [“”„«»][^“”„«»"]*[“”«»"] | [‘’‚][^‘’‚']*[‘’'] | ["'“”„«»‘’‚`´] )
  | (?P<dots> (?<![\w.]) [0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{4}|[0-9]{2})? (?![\w.]) )
  | (?P<iso> (?<![\w.-]) [0-9]{4}-(?![0-9]{2}-[0-9]{2}(?!\w))[0-9]{1,2}-[0-9]{1,2} [\w:]* )
  | (?P<reversed> (?<![\w.-]) [0-9]{1,2}-[0-9]{1,2}-[0-9]{4} (?!\w) )
  | (?P<slashes> (?<![\w.]) (?:[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}) (?!\w) )
  | (?P<month> (?<![\w.-]) [0-9]{4}-(?:0[1-9]|1[0-2]) (?![\w-]) )
  | (?P<dash> (?<![\w.-]) (?![0-9]{4}-[0-9]{2}-[0-9]{2}(?!\w)) [0-9]+(?:\.[0-9]+)?[-–—][0-9]+(?:\.[0-9]+)? )
  | (?P<clock> (?<![\w.]) [0-9]{1,2}:[0-9]{2} (?!\w) )
  | (?P<euro> € )
  | (?P<spaced> (?<![\w.-]) [0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+ (?![\w]) )
  | (?P<long> [0-9]{16,} )
  | (?P<operator> """
    + "|".join(re.escape(sign) for sign in _OPERATORS if sign not in ("!", "&", "|"))
    + r""" | !(?!=) | & | \| )
    """,
    re.VERBOSE,
)


def misspelling(text: str) -> Mistake | None:
    """Return the first mistake that the characters of a text show."""
    found = _PATTERN.search(text)
    return _mistake(found) if found else None


def _mistake(found: re.Match[str]) -> Mistake:
    text, (start, end) = found.group(), found.span()
    kind = found.lastgroup
    if kind == "quote":
        inner = text.strip("\"'“”„«»‘’‚`´")
        advice = f"write `{inner}` without the quotes" if inner.isidentifier() else "names stand without quotes"
        return Mistake("quoted-name", "names are not quoted", start, end, advice)
    if kind in ("dots", "iso", "reversed", "slashes", "month"):
        return Mistake("date-format", f"`{text}` is not how a date is written", start, end, _date_advice(text))
    if kind == "dash":
        low, high = re.split("[-–—]", text)
        advice = f"write `{low} .. {high}` for a range, or `{low} - {high}` with spaces for a subtraction"
        return Mistake("dash-range", f"`{text}` could be a range or a subtraction", start, end, advice)
    if kind == "clock":
        hours, minutes = (int(part) for part in text.split(":"))
        parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0 or hours == 0)
        return Mistake("clock-time", f"`{text}` is a time of the clock", start, end, f"write `{' '.join(parts)}`")
    if kind == "euro":
        return Mistake("euro-sign", "`€` is not a unit", start, end, "write `EUR` after the number, as in `1000 EUR`")
    if kind == "spaced":
        joined = re.sub(r"\D", "", text)
        return Mistake("thousands-space", f"`{text}` is a number with a space in it", start, end, f"write `{joined}`")
    if kind == "long":
        return Mistake("long-number", "a number has at most 15 digits", start, end, "write a smaller number")
    return Mistake("foreign-operator", f"`{text}` is not an operator here", start, end, _OPERATORS[text])


def _date_advice(text: str) -> str:
    parts = [int(part) for part in re.findall("[0-9]+", text)]
    if len(parts) >= 3:
        year, month, day = parts[:3] if parts[0] > 31 else reversed(parts[:3])
        try:
            return f"write `{datetime.date(year + 2000 * (year < 100), month, day).isoformat()}`"
        except ValueError:
            pass
    return "write year, month and day, as in `2025-04-01`"
