"""The last stage of loading: an `Effective` version in, a checked `Policy` out.

Every expression goes through the checker of the file that it stands in; all that is wrong is gathered.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pykala.policy.definitions import LazyDefinitions
from pykala.policy.effective import Effective
from pykala.policy.entries import (
    Assumed,
    DefinitionEntry,
    Entries,
    ExampleEntry,
    ExprEntry,
    MessageEntry,
    ParameterEntry,
    Placed,
    RuleEntry,
)
from pykala.policy.model import (
    Citation,
    Definition,
    Example,
    Lang,
    MessagePart,
    Parameter,
    Policy,
    Reading,
    Rule,
    UnlessException,
)
from pykala.policy.once import DECLARED
from pykala.policy.places import word_of_example
from pykala.policy.sources import Register
from pykala.policy.uses import readings_of, root_of, rule_expressions
from pykala_dsl import core, nodes
from pykala_dsl.checker import Checker
from pykala_dsl.describe import describe, how_to_write, unify
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.scope import Scope
from pykala_dsl.source import Source, Span
from pykala_dsl.suggest import closest
from pykala_dsl.typesys import (
    BoolType,
    CountType,
    DateType,
    ErrorType,
    ListType,
    NumberType,
    PairType,
    RangeType,
    RecordType,
    SetType,
    Type,
)

if TYPE_CHECKING:
    from pykala.records.vocabulary import Vocabulary

_Check: TypeAlias = Callable[[DefinitionEntry], core.Expr]
_Named = TypeVar("_Named", ParameterEntry, Reading, DefinitionEntry)
_Declared = TypeVar("_Declared", Parameter, Reading)
MAX_COMBINATIONS = 32
LITERALS = (nodes.Number, nodes.Quantity, nodes.Date, nodes.Truth)


@dataclass(frozen=True, slots=True)
class Built:
    """A policy, None where it has errors, and everything found: errors and warnings."""

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]


def build_policy(effective: Effective, vocabulary: Vocabulary, register: Register) -> Built:
    """Return the checked policy of an effective version."""
    builder = _Builder(effective, vocabulary, register)
    policy = builder.build()
    diagnostics = builder.diagnostics
    failed = any(item.severity == "error" for item in diagnostics)
    return Built(None if failed else policy, tuple(diagnostics))


@dataclass(slots=True)
class _Builder:
    effective: Effective
    vocabulary: Vocabulary
    register: Register
    found: list[Diagnostic] = field(default_factory=list)
    checkers: dict[Source, Checker] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        return [*self.found, *(item for checker in self.checkers.values() for item in checker.diagnostics)]

    def build(self) -> Policy | None:
        effective, file = self.effective, self.effective.file
        subject = self._kind(effective.subject)
        with_types = {name: self._kind(place) for name, (_, place) in effective.with_records.items()}
        known = {name: kind for name, kind in with_types.items() if kind is not None}
        if subject is None or len(known) < len(with_types):
            return None
        if subject.name in known:
            place = effective.with_records[subject.name][1]
            self._clash(
                subject.name, "the subject", place.source, place.span, "remove it: the subject is there already"
            )
        parameters = {name: self._parameter(entry) for name, entry in effective.entries.parameters.items()}
        self.parameters = parameters
        scope = Scope(subject=subject, records=known)
        free = self._free_names(scope)
        scope = replace(
            scope,
            parameters={name: entry.type for name, entry in parameters.items() if name in free.parameters},
            readings={name: entry.type for name, entry in free.readings.items()},
        )
        lazy = self._lazy(free.definitions, lambda entry: self._value(entry, full))
        full = replace(scope, definitions=lazy)
        definitions = self._definitions(free.definitions, lazy)
        self._check_readings(effective.entries.readings.values())
        rules = tuple(self._rule(entry, full, lazy) for entry in effective.entries.rules.values())
        if file.transition is not None:
            self._cite(file.transition.cite, file.source)
        return Policy(
            id=file.id.text,
            version=file.version.text,
            title=effective.title,
            service=effective.service,
            subject=subject,
            record=effective.subject.text,
            with_records={name: mode for name, (mode, _) in effective.with_records.items()},
            with_types=known,
            applies_to=self._condition_of(effective.applies_to, full, "in `applies_to`"),
            selected_by=self._selected_by(full),
            in_force=file.in_force,
            transition=file.transition,
            followed_until=effective.followed_until,
            amends=file.amends.text if file.amends else None,
            includes=tuple(name.text for name in file.includes),
            readings=dict(effective.entries.readings),
            parameters=parameters,
            definitions=definitions,
            typical=dict(effective.typical),
            rules=tuple(rule for rule in rules if rule is not None),
            sha256=_digest(effective.sources, effective.followed_until),
            source=file.source,
            span=file.id.span,
            note=file.note,
            suppressions=file.suppressions,
        )

    # ------------------------------------------------------------------ names

    def _kind(self, place: Placed) -> RecordType | None:
        kind = self.vocabulary.kinds.get(place.text)
        if kind is not None:
            return kind.type
        near = closest(place.text, self.vocabulary.kinds)
        hint = f"did you mean `{near}`?" if near else "the kinds are the files of `records/`"
        self._report("unknown-record-kind", f"there is no kind of record `{place}`", place.source, place.span, hint)
        return None

    def _free_names(self, bare: Scope) -> Entries:
        """Return the parameters, readings and definitions without those that take a name which means something already.

        Those are reported; elsewhere the name keeps its first meaning.
        """
        entries = self.effective.entries
        taken: dict[str, str] = {}

        def free(group: Mapping[str, _Named], what: str) -> dict[str, _Named]:
            kept: dict[str, _Named] = {}
            for name, entry in group.items():
                already = bare.taken(name) or taken.get(name)
                if already is not None:
                    self._clash(name, already, entry.source, entry.span, f"choose another name for {what}")
                    continue
                kept[name] = entry
                taken[name] = f"{what} of the policy"
            return kept

        return Entries(
            parameters=free(entries.parameters, "a parameter"),
            readings=free(entries.readings, "a reading"),
            definitions=free(entries.definitions, "a definition"),
        )

    def _clash(self, name: str, already: str, source: Source, span: Span, hint: str) -> None:
        self._report("shadowed-name", f"`{name}` is already {already}", source, span, hint)

    def _cite(self, cite: Iterable[Citation], source: Source) -> None:
        for citation in cite:
            found = self.register.check(citation, source)
            if found is not None:
                self.found.append(found)

    def _check_readings(self, readings: Iterable[Reading]) -> None:
        for reading in readings:
            self._cite(reading.cite, reading.source)

    # ------------------------------------------------------------------ parameters and definitions

    def _parameter(self, entry: ParameterEntry) -> Parameter:
        self._cite(entry.cite, entry.source)
        value: core.Value | None = None
        kind: Type = entry.type or ErrorType()
        if entry.value is not None:
            kind, value = self._literal(entry, entry.value)
        elif entry.from_transition:
            kind, value = DateType(), self._followed_until(entry)
        return Parameter(entry.name, kind, value, entry.label, entry.cite, entry.source, entry.span, entry.note)

    def _followed_until(self, entry: ParameterEntry) -> datetime.date | None:
        if self.effective.followed_until is None:
            message = f"no version has a `transition` that names `{self.effective.file.name}`"
            hint = (
                f"write `transition: {{also: {self.effective.file.name}, last_day: …}}` in the version that replaces it"
            )
            self._report("bad-transition", message, entry.source, entry.value_span, hint)
        return self.effective.followed_until

    def _literal(self, entry: ParameterEntry, node: nodes.Node) -> tuple[Type, core.Value | None]:
        if not isinstance(node, LITERALS):
            hint = "write a number with its unit, a date, true or false; or move the expression to `define`"
            if isinstance(node, nodes.Name):
                hint = "write a number with its unit, a date, true or false; or `unset` where the source gives none"
            message = f"the value of parameter `{entry.name}` is not a plain value"
            self._report("not-a-literal", message, entry.source, entry.value_span, hint)
            return ErrorType(), None
        constant = self._checker(entry.source).value(node, Scope(RecordType("")))
        if not isinstance(constant, core.Constant):
            return ErrorType(), None
        if entry.type is None or entry.type == constant.type or isinstance(constant.type, ErrorType):
            return constant.type, constant.value
        if isinstance(entry.type, NumberType) and isinstance(constant.type, CountType):
            return entry.type, constant.value
        span = entry.type_span or entry.span
        message = f"`type` says {describe(entry.type)}, and the value is {describe(constant.type)}"
        self._report("parameter-type", message, entry.source, span, "remove `type`: the value says it")
        return ErrorType(), None

    def _lazy(self, entries: Mapping[str, DefinitionEntry], check: _Check) -> LazyDefinitions:
        return LazyDefinitions(entries, check, lambda: len(self.diagnostics), self.found.append)

    def _value(self, entry: DefinitionEntry, scope: Scope, *, shown: bool = False) -> core.Expr:
        if entry.node is None:
            return core.Constant(False, ErrorType(), entry.span)
        expr = self._checker(entry.source).value(entry.node, scope)
        return self._showable(expr, entry.source) if shown else expr

    def _definitions(
        self, entries: Mapping[str, DefinitionEntry], exprs: Mapping[str, core.Expr]
    ) -> dict[str, Definition]:
        return {
            name: Definition(name, exprs[name], entry.source, entry.span, entry.label)
            for name, entry in entries.items()
        }

    def _showable(self, expr: core.Expr, source: Source) -> core.Expr:
        shown = expr.type.element if isinstance(expr.type, ListType) else expr.type
        if isinstance(shown, BoolType) and shown.duty:
            hint = "show its dates, or ask with `is late for` whether it came after the limit"
            message = "a duty with `due by` can be open, so that it is no yes or no to show"
            self._report("not-showable", message, source, expr.span, hint)
        elif isinstance(shown, RecordType | PairType | SetType | RangeType | ListType):
            hint = "show one of its fields, or a count"
            message = f"{describe(expr.type)} cannot be shown as a value"
            self._report("not-showable", message, source, expr.span, hint)
        return expr

    # ------------------------------------------------------------------ the head

    def _condition_of(self, entry: ExprEntry | None, scope: Scope, where: str) -> core.Expr | None:
        return None if entry is None else self._checker(entry.source).condition(entry.node, scope, where=where)

    def _selected_by(self, scope: Scope) -> core.Expr | None:
        entry, file = self.effective.selected_by, self.effective.file
        if entry is None:
            if file.in_force.first_day is not None or file.in_force.last_day is not None:
                hint = "add `selected_by: decision.made_on` (a date of the record), so that a version can be picked"
                message = "`in_force` stands without `selected_by`"
                self._report("missing-key", message, file.source, file.in_force_span, hint)
            return None
        checker = self._checker(entry.source)
        before = len(checker.diagnostics)
        expr = checker.value(entry.node, scope, DateType())
        if len(checker.diagnostics) > before:
            return None
        root = root_of(expr)
        hint = "name one date field of the record, like `decision.made_on`"
        if root is None or not isinstance(expr.type, DateType):
            message = "`selected_by` must be a date field"
            self._report("bad-selected-by", message, entry.source, entry.node.span, hint)
        elif not root.subject and self.effective.with_records[root.record][0] != "required":
            message = f"`selected_by` reads `{root.record}`, which may be left out"
            hint = f"write `with: {{{root.record}: required}}`, or take a date of the subject"
            self._report("bad-selected-by", message, entry.source, entry.node.span, hint)
        return expr

    # ------------------------------------------------------------------ rules

    def _rule(self, entry: RuleEntry, scope: Scope, definitions: LazyDefinitions) -> Rule | None:
        checker = self._checker(entry.source)
        before = len(checker.diagnostics)
        rule = self._checked_rule(entry, scope, definitions, checker)
        checker.diagnostics[before:] = _first_of_each_name(checker.diagnostics[before:])
        return rule

    def _checked_rule(
        self, entry: RuleEntry, scope: Scope, definitions: LazyDefinitions, checker: Checker
    ) -> Rule | None:
        self._cite(entry.cite, entry.source)
        for exception in entry.unless:
            self._cite(exception.cite, exception.source)
        for_each = None
        if entry.for_each is not None:
            if entry.for_each.name in scope.readings:
                span = entry.for_each.name_span
                self._clash(entry.for_each.name, "a reading", entry.source, span, "choose another name")
            for_each, scope = checker.binder(entry.for_each, scope)
        for name, definition in entry.define.items():
            already = scope.taken(name) or ("a reading" if name in scope.readings else None)
            if already is not None:
                hint = "choose another name for the definition"
                self._clash(name, already, definition.source, definition.span, hint)
        lazy = self._lazy(entry.define, lambda item: self._value(item, inner))
        inner = replace(scope, rule_definitions=lazy)
        rule_definitions = self._definitions(entry.define, lazy)
        when = None if entry.when is None else checker.condition(entry.when, inner, where="in `when`")
        require = self._duty(entry.require, inner, checker, "in `require`")
        unless = tuple(
            UnlessException(item.name, item.title, condition, item.source, item.span, item.cite)
            for item in entry.unless
            if (condition := self._duty(item.node, inner, checker, "in `unless`")) is not None
        )
        pending_while = None
        if entry.pending_while is not None:
            pending_while = checker.condition(entry.pending_while, inner, where="in `pending while`")
        computed = {name: self._value(item, inner, shown=True) for name, item in entry.computes.items()}
        message = self._message(entry, replace(inner, computed=computed), checker)
        examples = tuple(self._example(item, entry) for item in entry.examples)
        if require is None:
            return None
        rule = Rule(
            id=entry.id,
            phase=entry.phase,
            severity=entry.severity,
            title=entry.title,
            note=entry.note,
            cite=entry.cite,
            for_each=for_each,
            definitions=rule_definitions,
            when=when,
            require=require,
            unless=unless,
            pending_while=pending_while,
            computes=self._definitions(entry.computes, computed),
            message=message,
            examples=examples,
            source=entry.source,
            span=entry.span,
            equivalent=entry.equivalent,
            responsible=entry.responsible,
        )
        self._count_combinations(rule, definitions)
        return rule

    def _duty(self, node: nodes.Node | None, scope: Scope, checker: Checker, where: str) -> core.Expr | None:
        return None if node is None else checker.condition(node, scope, duty=True, where=where)

    def _message(self, entry: RuleEntry, scope: Scope, checker: Checker) -> dict[Lang, tuple[MessagePart, ...]]:
        def part(item: MessageEntry) -> MessagePart:
            if item.node is None:
                return MessagePart(item.text)
            return MessagePart("", self._showable(checker.value(item.node, scope), entry.source))

        return {lang: tuple(part(item) for item in items) for lang, items in entry.message.items()}

    # ------------------------------------------------------------------ examples

    def _example(self, entry: ExampleEntry, rule: RuleEntry) -> Example:
        example = entry.example
        self._cite(example.tests, example.source)
        names = [item.name for item in rule.unless]
        if example.exception is not None and example.exception not in names:
            near = closest(example.exception, names)
            hint = f"did you mean `{near}`?" if near else "name one of the rule's exceptions"
            message = f"rule `{rule.id}` has no exception `{example.exception}`"
            span = word_of_example(example, "exception", example.exception)
            self._report("unknown-entry", message, example.source, span, hint)
        parameters = {name.text: self._assumed(name, value) for name, value in entry.parameters.items()}
        readings = {name.text: option.text for name, option in entry.readings.items() if self._option(name, option)}
        if not parameters and not readings:
            return example
        known = {name: value for name, value in parameters.items() if value is not None}
        return replace(example, parameters=known, readings=readings)

    def _assumed(self, name: Placed, assumed: Assumed) -> core.Value | None:
        """Return the value that an example assumes, None where there is none to assume."""
        parameter = self._declared(name, self.parameters, "parameter")
        if parameter is None or assumed.node is None:
            return None
        if parameter.value is not None:
            if parameter.source == name.source:
                hint = "remove it: only what is `unset` can be assumed; the number of the policy is what examples test"
                self._report("bad-example", f"parameter `{name}` has a value", name.source, name.span, hint)
            return None  # the version that an example is inherited by gives the number
        wanted = parameter.type
        hint = how_to_write(wanted) or "write a number with its unit, a date, true or false"
        if not isinstance(assumed.node, LITERALS):
            message = f"the value of parameter `{name}` is not a plain value"
            self._report("not-a-literal", message, name.source, assumed.span, hint)
            return None
        constant = self._checker(name.source).value(assumed.node, Scope(RecordType("")))
        if isinstance(constant, core.Constant) and unify(constant.type, wanted) == wanted:
            return constant.value
        message = f"parameter `{name}` is {describe(wanted)}, and this is {describe(constant.type)}"
        self._report("bad-example", message, name.source, assumed.span, hint)
        return None

    def _option(self, name: Placed, option: Placed) -> bool:
        reading = self._declared(name, self.effective.entries.readings, "reading")
        if reading is None or option.text in reading.options:
            return reading is not None
        hint = "its options are " + ", ".join(f"`{each}`" for each in reading.options)
        message = f"reading `{name}` has no option `{option}`"
        self._report("unknown-entry", message, option.source, option.span, hint)
        return False

    def _declared(self, name: Placed, entries: Mapping[str, _Declared], what: str) -> _Declared | None:
        if name.text in entries:
            return entries[name.text]
        near = closest(name.text, entries)
        hint = f"did you mean `{near}`?" if near else f"name a {what} of this policy"
        message = f"`{self.effective.file.id}` has no {what} `{name}`"
        self._report("unknown-entry", message, name.source, name.span, hint)
        return None

    def _count_combinations(self, rule: Rule, definitions: Mapping[str, core.Expr]) -> None:
        readings = self.effective.entries.readings
        used = readings_of(rule_expressions(rule), definitions, {n: d.expr for n, d in rule.definitions.items()})
        open_ones = [name for name in sorted(used) if name in readings and readings[name].chosen is None]
        count = prod(len(readings[name].options) for name in open_ones)
        if count > MAX_COMBINATIONS:
            listed = ", ".join(f"`{name}`" for name in open_ones)
            message = f"rule `{rule.id}` hangs on {count} combinations of open readings: {listed}"
            hint = f"choose an option of some, or split the rule; at most {MAX_COMBINATIONS} combinations"
            self._report("too-many-readings", message, rule.source, rule.span, hint)

    # ------------------------------------------------------------------ diagnostics

    def _checker(self, source: Source) -> Checker:
        if source not in self.checkers:
            entries = self.effective.entries.parameters.items()
            values = {name: Label(entry.value_span, DECLARED, entry.source) for name, entry in entries}
            self.checkers[source] = Checker(source, values)
        return self.checkers[source]

    def _report(self, code: str, message: str, source: Source, span: Span, hint: str | None) -> None:
        self.found.append(Diagnostic(code, message, source, (Label(span),), hint))


def _first_of_each_name(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics with each unknown name once: a binder misspelt would else be reported wherever it is used."""
    seen: set[str] = set()
    found = []
    for item in diagnostics:
        if item.code == "unknown-name":
            if item.message in seen:
                continue
            seen.add(item.message)
        found.append(item)
    return found


def _digest(sources: Iterable[Source], followed_until: datetime.date | None) -> str:
    digest = hashlib.sha256()
    if followed_until is not None:
        digest.update(f"until {followed_until}:".encode())
    for source in sources:
        data = source.text.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()
