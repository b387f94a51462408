"""The values an expression can take while it is evaluated.

A known value is a plain `core.Value`. What is not known is `Absent` (surely not there) or `Unknown`; both carry
what a comparison with them would hang on. Counts that are not certain are `Bounds`; lists, sets and date
ranges used as lists are `Things`.
"""

from __future__ import annotations

import datetime
import operator
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from pykala.evaluate.outcomes import FALSE, MET, NOTHING, TRUE, Causes, Truth, truth_of, unsure
from pykala_dsl import core
from pykala_dsl.operators import CompareOp
from pykala_dsl.typesys import CountType, Period, Type


@dataclass(frozen=True, slots=True)
class Missing:
    """No value. `path` is given for a record's object that is not there: a field of it has a path of its own."""

    causes: Causes
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Absent(Missing):
    """Recorded as none, not happened, not found, or without a value (an empty aggregate, a division by zero)."""


@dataclass(frozen=True, slots=True)
class Unknown(Missing):
    """Not known."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A count between two bounds, both included; no upper bound where `high` is None.

    `presence`: whether it is there at all; a count that a record lacks is still not below zero (c11).
    """

    low: int
    high: int | None
    causes: Causes
    presence: Literal["given", "none", "unknown"] = "given"


@dataclass(frozen=True, slots=True)
class Element:
    """A record, an object in it, or an element of its list."""

    record: str
    path: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two elements that follow one another."""

    previous: Thing
    next: Thing
    path: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range, both ends included."""

    low: Thing
    high: Thing


@dataclass(frozen=True, slots=True)
class Member:
    """An element of a list: its value and path, whether it belongs, and the filters that say so."""

    value: Thing
    path: str
    belongs: Truth = TRUE
    filters: tuple[core.Binder, ...] = ()


@dataclass(frozen=True, slots=True)
class Things:
    """The members of a list or a set. `absent`: the record has no such list, which is then empty."""

    members: tuple[Member, ...]
    absent: bool = False


Thing: TypeAlias = (
    bool
    | int
    | Fraction
    | str
    | datetime.date
    | Period
    | Absent
    | Unknown
    | Bounds
    | Element
    | Neighbours
    | Stretch
    | Things
)
EMPTY_LIST = Things(())
NO_LIST = Things((), absent=True)
NOT_HAPPENED = Absent(NOTHING)


def lacking(absent: bool, causes: Causes, kind: Type, path: str | None = None) -> Absent | Unknown | Bounds:
    """Return what a fact that is not there stands for: a count is at least 0 all the same."""
    if isinstance(kind, CountType):
        return Bounds(0, None, causes, "none" if absent else "unknown")
    return (Absent if absent else Unknown)(causes, path)


def exact(thing: Thing) -> Thing:
    """Return the value as arithmetic takes it: a count that is not certain is unknown."""
    if not isinstance(thing, Bounds):
        return thing
    return (Absent if thing.presence == "none" else Unknown)(thing.causes)


def or_absent(value: core.Value | None, causes: Causes) -> Thing:
    """Return the value, or that there is none."""
    return value if value is not None else Absent(causes)


def either(condition: Causes, yes: Thing, no: Thing) -> Thing:
    """Return the value of both branches if they are equal, else that it is unknown (c13)."""
    if isinstance(yes, Absent) and isinstance(no, Absent):
        return Absent(yes.causes | no.causes)
    if not isinstance(yes, Missing) and yes == no:
        return yes
    return Unknown(condition | causes_of(yes, no))


def causes_of(*things: Thing) -> Causes:
    """Return what the values hang on."""
    return NOTHING.union(*(thing.causes for thing in things if isinstance(thing, Missing | Bounds)))


def known(thing: Thing) -> core.Value | None:
    """Return the plain value, or None where it is not known or not a plain value."""
    if isinstance(thing, Missing | Bounds | Element | Neighbours | Stretch | Things):
        return None
    return thing


def bounds(low: int, high: int | None, causes: Causes) -> int | Bounds:
    """Return a count: a plain number where the bounds meet."""
    return low if low == high else Bounds(low, high, causes)


@lru_cache(maxsize=4096)
def text_key(text: str) -> str:
    """Return a text as it is compared: NFC, trimmed, single spaces, without case.

    >>> text_key("  Pääkatu   1 ") == text_key("PÄÄKATU 1")
    True
    """
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())


def truth_of_thing(thing: Thing) -> Truth:
    """Return a yes/no value as a condition."""
    if isinstance(thing, bool):
        return TRUE if thing else FALSE
    return unsure(causes_of(thing))


def thing_of_truth(truth: Truth) -> bool | Unknown:
    """Return a condition as a yes/no value."""
    return truth.mask == MET if truth.sure else Unknown(truth.causes)


def compare(op: CompareOp, left: Thing, right: Thing) -> Truth:
    """Return the comparison of two single values; unknown where a side is missing, by bounds where it is a count."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return truth_of(_HOLDS[op](left, right))
    if isinstance(left, Missing) or isinstance(right, Missing):
        return unsure(causes_of(left, right))
    if isinstance(left, Bounds) or isinstance(right, Bounds):
        return _compare_bounds(op, _as_bounds(left), _as_bounds(right))
    if isinstance(left, str) and isinstance(right, str):
        left, right = text_key(left), text_key(right)
    return truth_of(_HOLDS[op](left, right))


# What is compared as it is; nearly all comparisons are of these.
_PLAIN = frozenset((bool, int, Fraction, datetime.date))
_HOLDS: Mapping[CompareOp, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_Limits: TypeAlias = tuple[int | Fraction, int | Fraction | None, Causes]


def _as_bounds(thing: Thing) -> _Limits:
    if isinstance(thing, Bounds):
        return thing.low, thing.high, thing.causes
    number = thing if isinstance(thing, int | Fraction) else 0
    return number, number, NOTHING


def _compare_bounds(op: CompareOp, left: _Limits, right: _Limits) -> Truth:
    match op:
        case "<":
            return _below(left, right, strict=True)
        case "<=":
            return _below(left, right, strict=False)
        case ">":
            return _below(right, left, strict=True)
        case ">=":
            return _below(right, left, strict=False)
        case "=" | "!=":
            pass
    (low_a, high_a, causes_a), (low_b, high_b, causes_b) = left, right
    apart = (high_a is not None and high_a < low_b) or (high_b is not None and high_b < low_a)
    same = low_a == high_a == low_b == high_b
    if apart or same:
        return truth_of(same == (op == "="))
    return unsure(causes_a | causes_b)


def _below(left: _Limits, right: _Limits, *, strict: bool) -> Truth:
    (low_a, high_a, causes_a), (low_b, high_b, causes_b) = left, right
    if high_a is not None and (high_a < low_b if strict else high_a <= low_b):
        return TRUE
    if high_b is not None and (low_a >= high_b if strict else low_a > high_b):
        return FALSE
    return unsure(causes_a | causes_b)
