"""A policy as the rest of the engine sees it: loaded, checked, effective (amendments and inclusions applied).

Everything is frozen data. Expressions are typed core; nothing here parses, evaluates or prints.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from pykala_dsl import core
from pykala_dsl.source import Source, Span
from pykala_dsl.typesys import EnumType, RecordType, Type

Lang: TypeAlias = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Lang, ...] = ("fi", "sv", "en")
UNREVIEWED: Mapping[Lang, str] = MappingProxyType(
    {"sv": "De svenska texterna har inte granskats av någon med svenska som modersmål."}
)
"""What readers of a language are told whose texts no native reader has reviewed; without an entry when one has."""
Verdict: TypeAlias = Literal["pass", "fail", "excused", "pending", "unknown", "not_applicable"]
VERDICTS: tuple[Verdict, ...] = ("pass", "fail", "excused", "pending", "unknown", "not_applicable")
AuditClass: TypeAlias = Literal["major", "minor", "suggestion"]
Responsible: TypeAlias = Literal["provider", "kela", "client", "auditor"]
"""Who must act, so that a rule is kept."""
RESPONSIBLE: tuple[Responsible, ...] = ("provider", "kela", "client", "auditor")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the three languages. A language that the file does not give is None (a lint finding, not an error)."""

    fi: str | None = None
    sv: str | None = None
    en: str | None = None

    def get(self, lang: Lang) -> str:
        """Return the text in a language, else in Finnish, Swedish or English, whichever is there first, else ""."""
        own: str | None = getattr(self, lang)
        return own or self.fi or self.sv or self.en or ""


@dataclass(frozen=True, slots=True)
class Severity:
    """The audit's class, a pair where the auditor decides (heavier first), or nothing where no source rates it."""

    classes: tuple[AuditClass, ...] = ()

    @property
    def heaviest(self) -> AuditClass:
        """Return the class that `--fail-on` compares: unrated counts as minor, a pair as its heavier member."""
        return self.classes[0] if self.classes else "minor"

    def __str__(self) -> str:
        return "/".join(self.classes) or "unrated"


@dataclass(frozen=True, slots=True)
class Citation:
    """A statement of the register: `work-trial-2025/day-length`."""

    source: str
    statement: str
    span: Span = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.source}/{self.statement}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number with a name. `value` is None where the sources do not give it (`unset`)."""

    name: str
    type: Type
    value: core.Value | None
    label: Text
    cite: tuple[Citation, ...]
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    note: Text = Text()


@dataclass(frozen=True, slots=True)
class Reading:
    """A question that the source leaves open. `chosen` is None where it stays open."""

    name: str
    question: Text
    options: Mapping[str, Text]
    chosen: str | None
    why: Text
    cite: tuple[Citation, ...]
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> EnumType:
        """Return the enum of the options."""
        return EnumType(f"reading {self.name}", tuple(self.options))


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression of the policy or of one rule."""

    name: str
    expr: core.Expr
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    label: Text = Text()


@dataclass(frozen=True, slots=True)
class UnlessException:
    """A named exception of a rule. `cite` says which of the rule's statements it comes from, where there are several."""

    name: str
    title: Text
    condition: core.Expr
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    cite: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class MessagePart:
    """A piece of a message: plain text, or a value to be shown."""

    text: str
    value: core.Expr | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A rule's example: changes to the typical record, what is assumed beside it, and what is expected."""

    caption: Text
    given: Mapping[str, Any]
    not_given: tuple[str, ...]
    as_of: datetime.date | None
    expect: tuple[Verdict, ...]
    each: bool
    """Whether `expect` was a list (one verdict per element, in order) rather than one word for all."""
    because: tuple[str, ...] | None
    exception: str | None
    tests: tuple[Citation, ...]
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    parameters: Mapping[str, core.Value] = field(default_factory=dict)
    """Values that the example assumes for parameters which the sources leave unset."""
    readings: Mapping[str, str] = field(default_factory=dict)
    """Options that the example assumes to be chosen."""


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A mutant that no example can notice, by its name in the report of `pykala test --mutate`, and the reason."""

    mutant: str
    why: Text
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One check. `for_each` binds the element that `when`, `require` and the rest may use."""

    id: str
    phase: str | None
    severity: Severity
    title: Text
    note: Text
    cite: tuple[Citation, ...]
    for_each: core.Binder | None
    definitions: Mapping[str, Definition]
    when: core.Expr | None
    require: core.Expr
    unless: tuple[UnlessException, ...]
    pending_while: core.Expr | None
    computes: Mapping[str, Definition]
    message: Mapping[Lang, tuple[MessagePart, ...]]
    examples: tuple[Example, ...]
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    equivalent: tuple[Equivalent, ...] = ()
    """Changes of this rule that make no difference."""
    responsible: Responsible | None = None
    """Who must act; None where neither the rule nor its file says so."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The days on which a version is in force, both ends included; None is open."""

    first_day: datetime.date | None = None
    last_day: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """Another version that may still be followed, to a limit."""

    also: str
    last_day: datetime.date
    cite: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding of the linter that a file does not want to hear of, why, and the last day on which that holds.

    `at` is the rule, parameter, definition or reading that it stands at; None: the whole file.
    """

    check: str
    at: str | None
    why: Text
    until: datetime.date
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy, effective: what it amends and includes is already in it."""

    id: str
    version: str
    title: Text
    service: str
    subject: RecordType
    record: str
    """The kind of the subject: `case`."""
    with_records: Mapping[str, Literal["optional", "required"]]
    with_types: Mapping[str, RecordType]
    applies_to: core.Expr | None
    selected_by: core.Expr | None
    in_force: InForce
    transition: Transition | None
    followed_until: datetime.date | None
    """The last day on which a later version lets this one still be followed; None where none says so."""
    amends: str | None
    includes: tuple[str, ...]
    readings: Mapping[str, Reading]
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    typical: Mapping[str, Any]
    rules: tuple[Rule, ...]
    sha256: str
    """The digest of the file and of everything it includes or amends."""
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    note: Text = Text()
    suppressions: tuple[Suppression, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """Return `id@version`."""
        return f"{self.id}@{self.version}"

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


EMPTY: Mapping[str, Any] = MappingProxyType({})
