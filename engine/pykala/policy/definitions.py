"""Definitions checked when they are first asked for, so that they may use one another in any order and over files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pykala.policy.entries import DefinitionEntry
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.typesys import ErrorType

ERROR = ErrorType()


class LazyDefinitions(Mapping[str, core.Expr]):
    """The typed core of definitions by name.

    A definition that comes back to itself is read as an error type. Whether that is a cycle is told from what
    comes out: a name that turned out to be an enum's member (`day.status = delivered` inside `delivered`) is none.
    """

    def __init__(
        self,
        entries: Mapping[str, DefinitionEntry],
        check: Callable[[DefinitionEntry], core.Expr],
        diagnostics: Callable[[], int],
        report: Callable[[Diagnostic], None],
    ) -> None:
        self._entries = entries
        self._check = check
        self._count = diagnostics
        self._report = report
        self._done: dict[str, core.Expr] = {}
        self._open: list[str] = []
        self._loops: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, name: str) -> core.Expr:
        if name in self._done:
            return self._done[name]
        entry = self._entries[name]
        if name in self._open:
            self._loops[self._open[-1]] = (*self._open[self._open.index(name) :], name)
            return _error(entry)
        self._open.append(name)
        before = self._count()
        expr = self._check(entry)
        self._open.pop()
        loop = self._loops.pop(name, None)
        if loop is not None and self._count() == before and poisoned(expr):
            self._report_loop(entry, loop)
            expr = _error(entry)
        self._done[name] = expr
        return expr

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def _report_loop(self, entry: DefinitionEntry, loop: tuple[str, ...]) -> None:
        message = f"`{loop[0]}` is defined by itself: {' → '.join(loop)}"
        hint = "a definition may only use others that do not come back to it"
        if loop[0] == loop[1]:
            hint = f"a definition may not use itself; if `{loop[0]}` is meant as a value, the field has no such value"
        self._report(Diagnostic("cyclic-definition", message, entry.source, (Label(entry.span),), hint))


def poisoned(expr: core.Expr) -> bool:
    """Return whether anything in an expression has no type."""
    return any(isinstance(part.type, ErrorType) for part in core.walk(expr))


def _error(entry: DefinitionEntry) -> core.Expr:
    return core.Constant(False, ERROR, entry.span)
