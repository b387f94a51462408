"""A record: data that fits its schema, with every value in the form that the evaluator works on.

`data` is plain nested `dict` and `list` with the vocabulary's names; leaves are core values (`bool`, `int`,
`Fraction`, `str`, `date`, `Period`), or None where the record says "none". A property that was not given
is not in its dict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Record:
    """One record of one kind (`case`, `invoice`, …). `origin` names the file, and the place in it if it holds several."""

    kind: str
    id: str
    data: Mapping[str, Any] = field(repr=False)
    origin: str = ""


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """Why a record could not be read or does not fit its schema: an error of the input, never a verdict."""

    origin: str
    code: str
    path: str
    message: str
    help: str | None = None
    line: int | None = None
    column: int | None = None
    kind: str | None = None
    """The kind of the record, where it is known."""


Found: TypeAlias = Record | RecordProblem
"""What a reader finds at one place: a record, or why there is none."""
