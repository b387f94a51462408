"""A policy file as written: its entries with their places, expressions parsed but not checked.

What it amends and includes is still a name here; `effective` puts files together, `build` checks the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from pykala.policy.model import (
    Citation,
    Equivalent,
    Example,
    InForce,
    Lang,
    Reading,
    Responsible,
    Severity,
    Suppression,
    Text,
    Transition,
)
from pykala_dsl import nodes
from pykala_dsl.diagnostics import Diagnostic
from pykala_dsl.source import Source, Span
from pykala_dsl.typesys import Type

DropKind: TypeAlias = Literal["rules", "parameters", "define", "readings"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of the file and where it stands."""

    text: str
    source: Source
    span: Span

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """A parameter: `value` is None for `unset` (`type` is given then, and may be given else) and for `transition`."""

    name: str
    value: nodes.Node | None
    type: Type | None
    label: Text
    cite: tuple[Citation, ...]
    note: Text
    source: Source
    span: Span
    value_span: Span
    type_span: Span | None = None
    from_transition: bool = False
    """Whether its value is the last day of the transition that names this version."""


@dataclass(frozen=True, slots=True)
class DefinitionEntry:
    """A definition or a computed amount."""

    name: str
    node: nodes.Node | None
    label: Text
    source: Source
    span: Span


@dataclass(frozen=True, slots=True)
class UnlessEntry:
    """An exception of a rule."""

    name: str
    title: Text
    node: nodes.Node | None
    source: Source
    span: Span
    cite: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A piece of a message: text, or the expression of a placeholder."""

    text: str
    node: nodes.Node | None = None


@dataclass(frozen=True, slots=True)
class ExampleEntry:
    """An example, and what it assumes: values of parameters, options of readings."""

    example: Example
    parameters: Mapping[Placed, Assumed]
    readings: Mapping[Placed, Placed]


@dataclass(frozen=True, slots=True)
class Assumed:
    """The value that an example assumes for a parameter; None where it could not be parsed, which has been reported."""

    node: nodes.Node | None
    span: Span


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule. An expression that could not be parsed is None, and has been reported."""

    id: str
    phase: str | None
    severity: Severity
    title: Text
    note: Text
    cite: tuple[Citation, ...]
    for_each: nodes.Binder | None
    define: Mapping[str, DefinitionEntry]
    when: nodes.Node | None
    require: nodes.Node | None
    unless: tuple[UnlessEntry, ...]
    pending_while: nodes.Node | None
    computes: Mapping[str, DefinitionEntry]
    message: Mapping[Lang, tuple[MessageEntry, ...]]
    examples: tuple[ExampleEntry, ...]
    source: Source
    span: Span
    equivalent: tuple[Equivalent, ...] = ()
    responsible: Responsible | None = None
    """Who must act, by the rule itself or else by the file it stands in."""


@dataclass(frozen=True, slots=True)
class Drop:
    """An inherited entry that an amending version removes."""

    kind: DropKind
    name: Placed


@dataclass(frozen=True, slots=True)
class Entries:
    """The named entries of a file, or of several put together."""

    rules: Mapping[str, RuleEntry] = field(default_factory=dict)
    parameters: Mapping[str, ParameterEntry] = field(default_factory=dict)
    definitions: Mapping[str, DefinitionEntry] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExprEntry:
    """An expression of the head (`applies_to`, `selected_by`) and the file it stands in."""

    node: nodes.Node
    source: Source


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """One policy file. `findings` are for the linter and do not keep the file from being used."""

    id: Placed
    version: Placed
    title: Text | None
    service: str | None
    subject: Placed | None
    with_records: Mapping[str, tuple[Literal["optional", "required"], Placed]]
    applies_to: ExprEntry | None
    selected_by: ExprEntry | None
    in_force: InForce
    in_force_span: Span
    transition: Transition | None
    transition_span: Span | None
    amends: Placed | None
    drop: tuple[Drop, ...]
    includes: tuple[Placed, ...]
    entries: Entries
    typical: Mapping[str, Any] | None
    note: Text
    source: Source
    suppressions: tuple[Suppression, ...] = ()
    responsible: Responsible | None = None
    """Who must act by its rules that do not say so themselves."""
    findings: tuple[Diagnostic, ...] = ()
    names_lost: bool = False
    """Whether names of this file may have gone unread: they then only seem unknown."""

    @property
    def name(self) -> str:
        """Return `id@version`."""
        return f"{self.id}@{self.version}"
