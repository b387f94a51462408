"""What is wrong with a policy file, as data.

A stage gathers `Diagnostic` values and never formats them; `render` turns them into text.
Messages follow one form: lower case, no full stop, one line, backticks round what the user wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pykala_dsl.source import Source, Span

Severity = Literal["error", "warning", "note"]
"""A note says what is worth knowing of a file that is right: it never fails a call."""


@dataclass(frozen=True, slots=True)
class Label:
    """A place, and what is to be said about it. `source` is None where it is the diagnostic's own."""

    span: Span
    text: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong: code, message, the places (the first one is the offence), and what to write."""

    code: str
    message: str
    source: Source
    labels: tuple[Label, ...]
    help: str | None = None
    severity: Severity = "error"

    @property
    def span(self) -> Span:
        """Return the place of the offence."""
        return self.labels[0].span

    @property
    def line(self) -> int:
        """Return the line of the offence, from 1."""
        return self.source.position(self.span.start)[0]

    @property
    def column(self) -> int:
        """Return the column of the offence, from 1, in characters."""
        return self.source.position(self.span.start)[1]


class DiagnosticsError(Exception):
    """Raised once by a stage that cannot go on, with everything it found."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sort_diagnostics(diagnostics))
        super().__init__("; ".join(f"{d.code}: {d.message}" for d in self.diagnostics))


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics by file, position and code, each once."""
    unique = dict.fromkeys(diagnostics)
    return sorted(unique, key=lambda d: (d.source.path, d.span.start, d.span.end, d.code, d.message))
