"""What differs between two versions of a policy, or two whole repositories: meaning and words, never layout.

In: loaded policies. Out: differences as data; `report.diff_report` puts them into words. Expressions are compared as
typed core, so that another spelling of one thing is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Generic, Literal, TypeAlias, TypeVar, get_args

from pykala.handbook.addresses import policy_page, rule_page
from pykala.policy.loader import PolicySet
from pykala.policy.model import Definition, Parameter, Policy, Reading, Rule
from pykala.policy.sources import Statement
from pykala.policy.uses import names_read, rule_expressions
from pykala.records.collection import Collection
from pykala_dsl import core
from pykala_dsl.typesys import FieldType, ListType, RecordType, TextType, Type

Action: TypeAlias = Literal["added", "removed", "changed"]
HeadPart: TypeAlias = Literal[
    "title", "service", "subject", "with", "applies_to", "selected_by", "in_force", "transition", "note"
]
RulePart: TypeAlias = Literal[
    "title",
    "phase",
    "responsible",
    "severity",
    "cite",
    "for each",
    "define",
    "when",
    "require",
    "unless",
    "pending while",
    "computes",
    "message",
    "note",
    "examples",
]
MEANING: frozenset[RulePart] = frozenset(("for each", "define", "when", "require", "unless", "pending while"))
"""The parts of a rule that its verdicts hang on."""

_T = TypeVar("_T")
_Entry = TypeVar("_Entry", Parameter, Reading, Definition)


@dataclass(frozen=True, slots=True)
class Changed(Generic[_T]):
    """Something with a name on both sides; None on the side where it is not there."""

    name: str
    before: _T | None
    after: _T | None

    @property
    def action(self) -> Action:
        """Return whether it was added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that differs, or that hangs on something that does.

    `parts` are those of the rule itself that differ; `hangs_on` names the parameters, definitions and readings that it
    reads and that differ. A rule of another id and the same meaning has been renamed: then `before` has the old id.
    """

    before: Rule | None
    after: Rule | None
    parts: tuple[RulePart, ...] = ()
    hangs_on: tuple[str, ...] = ()

    @property
    def action(self) -> Action:
        """Return whether the rule was added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def id(self) -> str:
        """Return the id of the rule, the new one where it has been renamed."""
        rule = self.after or self.before
        assert rule is not None
        return rule.id

    @property
    def changes_verdicts(self) -> bool:
        """Return whether some verdict may differ: another meaning, not only other words."""
        return self.action != "changed" or bool(self.hangs_on) or not MEANING.isdisjoint(self.parts)


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """What differs between two versions, or between one version on both sides. None on the side where it is not there."""

    before: Policy | None
    after: Policy | None
    head: tuple[HeadPart, ...] = ()
    parameters: tuple[Changed[Parameter], ...] = ()
    readings: tuple[Changed[Reading], ...] = ()
    definitions: tuple[Changed[Definition], ...] = ()
    rules: tuple[RuleChange, ...] = ()

    @property
    def action(self) -> Action:
        """Return whether the version was added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def policy(self) -> Policy:
        """Return the version, the later one where there are two."""
        policy = self.after or self.before
        assert policy is not None
        return policy

    @property
    def is_empty(self) -> bool:
        """Return whether nothing differs."""
        return self.action == "changed" and not (
            self.head or self.parameters or self.readings or self.definitions or self.rules
        )

    @property
    def pages(self) -> tuple[str, ...]:
        """Return the pages of the handbook that change, from its top folder."""
        if self.action != "changed":
            return (policy_page(self.policy.id), *(rule_page(self.policy.id, rule.id) for rule in self.policy.rules))
        ids = dict.fromkeys(
            rule.id
            for change in self.rules
            if change.parts != ("examples",) or change.hangs_on
            for rule in (change.before, change.after)
            if rule is not None
        )
        own = (policy_page(self.policy.id),) if not self.is_empty else ()
        return (*own, *(rule_page(self.policy.id, rule) for rule in ids))


@dataclass(frozen=True, slots=True)
class RepositoryDiff:
    """What differs between two repositories: their policies, the fields of their records, their register."""

    policies: tuple[PolicyDiff, ...] = ()
    fields: tuple[Changed[FieldType], ...] = ()
    """By path: `case.days[].length`."""
    statements: tuple[Changed[Statement], ...] = ()
    collections: tuple[Changed[Collection], ...] = ()
    """By kind and name: `billing_year.from_invoices`."""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing differs."""
        return not (self.policies or self.fields or self.statements or self.collections)


# ---------------------------------------------------------------------- two versions


def diff_policies(before: Policy, after: Policy) -> PolicyDiff:
    """Return what differs between two versions."""
    parameters = _changed(before.parameters, after.parameters)
    readings = _changed(before.readings, after.readings)
    definitions = _changed(before.definitions, after.definitions)
    moved = {
        *(item.name for item in parameters if _value(item.before) != _value(item.after)),
        *(item.name for item in readings if _choice(item.before) != _choice(item.after)),
        *(item.name for item in definitions if _expr(item.before) != _expr(item.after)),
    }
    return PolicyDiff(
        before,
        after,
        tuple(part for part in _HEAD if _head(before, part) != _head(after, part)),
        parameters,
        readings,
        definitions,
        tuple(_rules(before, after, moved)),
    )


_HEAD: tuple[HeadPart, ...] = get_args(HeadPart)


def _head(policy: Policy, part: HeadPart) -> object:
    match part:
        case "subject":
            return policy.record
        case "with":
            return dict(policy.with_records)
        case "transition":
            return policy.transition, policy.followed_until
        case _:
            return getattr(policy, part)


def _changed(before: Mapping[str, _Entry], after: Mapping[str, _Entry]) -> tuple[Changed[_Entry], ...]:
    names = dict.fromkeys((*before, *after))
    return tuple(
        Changed(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _value(parameter: Parameter | None) -> object:
    return None if parameter is None else (parameter.type, parameter.value)


def _choice(reading: Reading | None) -> object:
    return None if reading is None else (tuple(reading.options), reading.chosen)


def _expr(definition: Definition | None) -> object:
    return None if definition is None else definition.expr


def _rules(before: Policy, after: Policy, moved: set[str]) -> Iterator[RuleChange]:
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    gone = {name: rule for name, rule in old.items() if name not in new}
    renamed: dict[str, Rule] = {}
    for name, rule in new.items():
        twin = next((other for other in gone.values() if name not in old and _meaning(other) == _meaning(rule)), None)
        if twin is not None:
            renamed[name] = gone.pop(twin.id)
    for name, rule in new.items():
        earlier = old.get(name) or renamed.get(name)
        if earlier is None:
            yield RuleChange(None, rule)
            continue
        parts = tuple(part for part in _PARTS if _part(earlier, part) != _part(rule, part))
        hangs_on = tuple(sorted(moved & (_reads(earlier, before) | _reads(rule, after))))
        if parts or hangs_on or name in renamed:
            yield RuleChange(earlier, rule, parts, hangs_on)
    yield from (RuleChange(rule, None) for rule in gone.values())


_PARTS: tuple[RulePart, ...] = get_args(RulePart)


def _part(rule: Rule, part: RulePart) -> object:
    match part:
        case "for each":
            return rule.for_each
        case "define":
            return dict(rule.definitions)
        case "pending while":
            return rule.pending_while
        case "computes":
            return dict(rule.computes)
        case "message":
            return dict(rule.message)
        case _:
            return getattr(rule, part)


def _meaning(rule: Rule) -> list[object]:
    return [_part(rule, part) for part in _PARTS if part in MEANING]


def _reads(rule: Rule, policy: Policy) -> set[str]:
    definitions = {name: definition.expr for name, definition in policy.definitions.items()}
    own = {name: definition.expr for name, definition in rule.definitions.items()}
    return set().union(*names_read(rule_expressions(rule), definitions, own))


# ---------------------------------------------------------------------- two repositories


def diff_repositories(before: PolicySet, after: PolicySet, *, policy: str | None = None) -> RepositoryDiff:
    """Return what differs between two repositories; `policy` (`id` or `id@version`) narrows it to one policy.

    Libraries are compared in the policies that include them.
    """
    old, new = _by_name(before.policies, policy), _by_name(after.policies, policy)
    policies: list[PolicyDiff] = []
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name), new.get(name)
        found = diff_policies(one, other) if one is not None and other is not None else PolicyDiff(one, other)
        if not found.is_empty:
            policies.append(found)
    if policy is not None:
        return RepositoryDiff(tuple(policies))
    return RepositoryDiff(
        tuple(policies), _fields(before, after), _statements(before, after), _collections(before, after)
    )


def _by_name(policies: Iterable[Policy], only: str | None) -> dict[str, Policy]:
    return {policy.name: policy for policy in policies if only in (None, policy.id, policy.name)}


def _fields(before: PolicySet, after: PolicySet) -> tuple[Changed[FieldType], ...]:
    old, new = dict(_paths(before)), dict(_paths(after))
    return tuple(
        Changed(path, old.get(path), new.get(path))
        for path in dict.fromkeys((*old, *new))
        if _shape(old.get(path)) != _shape(new.get(path))
    )


def _paths(policies: PolicySet) -> Iterator[tuple[str, FieldType]]:
    for name, kind in policies.vocabulary.kinds.items():
        yield from _within(kind.type, name)


def _within(type_: Type, path: str) -> Iterator[tuple[str, FieldType]]:
    match type_:
        case RecordType(fields=fields):
            for name, field in fields.items():
                yield f"{path}.{name}", field
                yield from _within(field.type, f"{path}.{name}")
        case ListType(element=element):
            yield from _within(element, f"{path}[]")
        case _:
            return


def _shape(field: FieldType | None) -> object:
    """Return what a field says of itself, without what stands inside it, which has a path of its own."""
    if field is None:
        return None
    inner: object = field.type
    if isinstance(field.type, RecordType):
        inner = "record"
    elif isinstance(field.type, ListType):
        inner = ("list", "record" if isinstance(field.type.element, RecordType) else field.type.element)
    return replace(field, type=TextType()), inner


def _collections(before: PolicySet, after: PolicySet) -> tuple[Changed[Collection], ...]:
    old, new = (
        {f"{kind}.{each.name}": each for kind, known in policies.vocabulary.kinds.items() for each in known.collections}
        for policies in (before, after)
    )
    names = dict.fromkeys((*old, *new))
    return tuple(Changed(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def _statements(before: PolicySet, after: PolicySet) -> tuple[Changed[Statement], ...]:
    old, new = before.register.statements, after.register.statements
    keys = dict.fromkeys((*old, *new))
    return tuple(Changed("/".join(key), old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key))


# ---------------------------------------------------------------------- numbers


def numbers_changed(before: object, after: object) -> list[tuple[core.Constant, core.Constant]] | None:
    """Return the constants that differ between two expressions that are alike but for them; None where they are not."""
    if isinstance(before, core.Constant) and isinstance(after, core.Constant):
        return [] if before == after else [(before, after)] if before.type == after.type else None
    if type(before) is not type(after):
        return None
    if isinstance(before, tuple):
        assert isinstance(after, tuple)
        if len(before) != len(after):
            return None
        pairs = list(zip(before, after, strict=True))
    elif is_dataclass(before) and not isinstance(before, type):
        pairs = [(getattr(before, f.name), getattr(after, f.name)) for f in fields(before) if f.compare]
    else:
        return [] if before == after else None
    found: list[tuple[core.Constant, core.Constant]] = []
    for one, other in pairs:
        inner = numbers_changed(one, other)
        if inner is None:
            return None
        found += inner
    return found
