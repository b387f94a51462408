"""A rule in words, part by part: what the handbook prints and an explanation quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pykala.handbook.phrases import Labels, Phrases, Scope
from pykala.handbook.words import say, within, word
from pykala.policy.model import Rule
from pykala_dsl import core
from pykala_dsl.typesys import DateType, FieldType, ListType, RecordType, Type

Missing: TypeAlias = Literal["required", "unknown", "event", "none"]

LONG = 76
"""A quantifier whose words are longer than this is broken into a line and its indented body."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a condition and how deep it stands."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class NamedLines:
    """A named part of a rule (an exception, an amount): its name in the file, its title, its words."""

    name: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class NeededFact:
    """A fact that a rule reads: its path in the vocabulary (`days[].length`), its label, and what is special about it.

    `missing` says what it means that the fact is not given: the record is refused (`required`), nothing is known
    (`unknown`), it has not happened (`event`), or there is none (`none`).
    """

    path: str
    label: str
    judged: bool
    private: bool
    missing: Missing


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule in one language. A part that the rule does not have is empty."""

    applies_to: str
    condition: tuple[Line, ...]
    requirement: tuple[Line, ...]
    exceptions: tuple[NamedLines, ...]
    pending: tuple[Line, ...]
    amounts: tuple[NamedLines, ...]
    terms: tuple[NamedLines, ...]
    """What the definitions with a label mean that the other parts name."""
    facts: tuple[NeededFact, ...]
    wholes: tuple[NeededFact, ...]
    """The lists and the parts of a record that the facts stand in."""


@dataclass(frozen=True, slots=True)
class Verbalizer(Phrases):
    """The words of one policy in one language: expressions, values, whole rules, and the names of facts."""

    def rule(self, rule: Rule) -> RuleWords:
        """Return the words of a rule."""
        return _rule_words(self, rule)

    def condition_lines(self, expr: core.Expr, rule: Rule | None = None) -> list[Line]:
        """Return an expression as lines: each part of an `and` or `or` on a line of its own, one step deeper."""
        return list(_lines(self, expr, self.scope(rule), 0, positive=True))

    def fact_label(self, path: str, keys: Mapping[str, str] | None = None) -> str:
        """Return what a path of a record is called: `days[3].length` is `length (rehabilitation day 8.5.2025)`.

        `keys` gives the words by which people know an element; one that is not there is counted from 1.
        """
        return _fact_label(self, path, keys or {})


def _rule_words(words: Phrases, rule: Rule) -> RuleWords:
    lang = words.lang
    applies_to = words.record_label(words.policy.record) if rule.for_each is None else words.binder(rule.for_each, rule)

    def lines(expr: core.Expr | None) -> tuple[Line, ...]:
        return () if expr is None else tuple(_lines(words, expr, words.scope(rule), 0, positive=True))

    return RuleWords(
        applies_to=applies_to,
        condition=lines(rule.when),
        requirement=lines(rule.require),
        exceptions=tuple(
            NamedLines(item.name, within(item.title.get(lang) or item.name), lines(item.condition))
            for item in rule.unless
        ),
        pending=lines(rule.pending_while),
        amounts=tuple(
            NamedLines(name, within(item.label.get(lang) or name), (Line(0, words.expr(item.expr, rule)),))
            for name, item in rule.computes.items()
        ),
        terms=tuple(_terms(words, rule)),
        facts=tuple(_needed(words, rule, wholes=False)),
        wholes=tuple(_needed(words, rule, wholes=True)),
    )


def _lines(words: Phrases, expr: core.Expr, scope: Scope, depth: int, *, positive: bool) -> Iterator[Line]:
    lang = words.lang
    match expr:
        case core.Not():
            yield from _lines(words, expr.operand, scope, depth, positive=not positive)
        case core.And() | core.Or():
            both = isinstance(expr, core.And)
            header = ("all of" if both else "any of") if positive else ("not all of" if both else "none of")
            yield Line(depth, word(header, lang))
            for operand in expr.operands:
                yield from _lines(words, operand, scope, depth + 1, positive=True)
        case core.DefinitionRead() if (found := words.definition(expr, scope)) and not found.label.get(lang):
            yield from _lines(words, found.expr, words.definition_scope(expr, scope), depth, positive=positive)
        case core.Every() if words.is_composite(expr.body, scope) or len(words.text(expr, scope)) > LONG:
            run = words.elements(expr.binder, scope)
            one = words.binder_one(run)
            yield Line(depth, f"{say('every' if positive else 'not every', lang, element=one)}:")
            yield from _lines(words, expr.body, scope.bind(expr.binder.name, run.label), depth + 1, positive=True)
        case core.Some() if len(words.condition(expr, scope, positive=positive)) > LONG and (
            conditions := list(_conditions(words, expr.binder, expr.body, scope))
        ):
            run = words.elements(expr.binder, scope)
            if positive:
                head = say("some", lang, element=say("where line one", lang, element=run.one))
            else:
                head = say("no element", lang, elements=say("where line many", lang, elements=run.many))
            yield Line(depth, head)
            for condition, its_scope in conditions:
                yield from _lines(words, condition, its_scope, depth + 1, positive=True)
        case core.Each() if len(words.text(expr, scope)) > LONG and (
            conditions := list(_conditions(words, expr.binder, None, scope))
        ):
            yield Line(depth, say("where line many", lang, elements=words.elements(expr.binder, scope).many))
            for condition, its_scope in conditions:
                yield from _lines(words, condition, its_scope, depth + 1, positive=True)
        case core.DueBy() if positive and isinstance(words.opened(expr.limit, scope)[0], core.If):
            head = say("due by", lang, right="").strip()
            yield Line(depth, f"{say('is', lang, left=words.text(expr.event, scope), right=head)}:")
            yield from _choice(words, expr.limit, scope, depth + 1)
        case core.If() if words.is_composite(expr, scope):
            yield Line(depth, word("if line", lang))
            yield from _lines(words, expr.condition, scope, depth + 1, positive=True)
            yield Line(depth, word("then line", lang))
            yield from _lines(words, expr.yes, scope, depth + 1, positive=positive)
            yield Line(depth, word("else line", lang))
            yield from _lines(words, expr.no, scope, depth + 1, positive=positive)
        case _:
            text = words.text(expr, scope) if positive else words.condition(expr, scope, positive=False)
            yield Line(depth, text)


def _conditions(
    words: Phrases, binder: core.Binder, body: core.Expr | None, scope: Scope
) -> Iterator[tuple[core.Expr, Scope]]:
    """Yield the conditions on an element one by one: what an `and` joins stands on lines of its own."""

    def parts(condition: core.Expr, scope: Scope) -> Iterator[tuple[core.Expr, Scope]]:
        condition, scope = words.opened(condition, scope)
        if isinstance(condition, core.And):
            for operand in condition.operands:
                yield from parts(operand, scope)
        else:
            yield condition, scope

    run = words.elements(binder, scope)
    for condition, its_scope in run.where:
        yield from parts(condition, its_scope)
    if body is not None:
        yield from parts(body, scope.bind(binder.name, run.label))


def _choice(words: Phrases, expr: core.Expr, scope: Scope, depth: int) -> Iterator[Line]:
    """Yield a value that hangs on conditions as lines: if this, then that, otherwise another."""
    expr, scope = words.opened(expr, scope)
    if not isinstance(expr, core.If):
        yield Line(depth, words.text(expr, scope))
        return
    yield Line(depth, word("if line", words.lang))
    yield from _lines(words, expr.condition, scope, depth + 1, positive=True)
    yield Line(depth, word("then line", words.lang))
    yield from _choice(words, expr.yes, scope, depth + 1)
    yield Line(depth, word("else line", words.lang))
    yield from _choice(words, expr.no, scope, depth + 1)


def _needed(words: Phrases, rule: Rule, *, wholes: bool) -> list[NeededFact]:
    """Return the facts that a rule reads, or the wholes that they stand in, each once, in the order they are met."""
    found: dict[str, NeededFact] = {}
    for expr in _read_by(words, rule):
        if not isinstance(expr, core.FieldRead) or _is_whole(expr.type) != wholes:
            continue
        path = _fact_path(words, expr)
        if path is not None and path not in found:
            label, field = _fact_label(words, path, {}), expr.field
            found[path] = NeededFact(path, label, field.judged, field.private, _missing(field))
    return list(found.values())


def _is_whole(type_: Type) -> bool:
    return isinstance(type_.element if isinstance(type_, ListType) else type_, RecordType)


def _missing(field: FieldType) -> Missing:
    if field.required:
        return "required"
    if field.absence == "unknown":
        return "unknown"
    return "event" if field.event or isinstance(field.type, DateType) else "none"


def _terms(words: Phrases, rule: Rule) -> Iterator[NamedLines]:
    """Yield the meaning of each definition with a label that the rule names, in the order they are met."""
    scope = words.scope(rule)
    seen: set[tuple[str, bool]] = set()
    for expr in _read_by(words, rule):
        if not isinstance(expr, core.DefinitionRead) or (expr.name, expr.in_rule) in seen:
            continue
        seen.add((expr.name, expr.in_rule))
        found = words.definition(expr, scope)
        if found is not None and (label := within(found.label.get(words.lang))):
            inner = words.definition_scope(expr, scope)
            yield NamedLines(expr.name, label, tuple(_lines(words, found.expr, inner, 0, positive=True)))


def _fact_label(words: Phrases, path: str, keys: Mapping[str, str]) -> str:
    policy = words.policy
    names = path.split(".")
    owners: list[str] = []
    type_: Type = policy.subject
    if names[0] in policy.with_types:
        type_ = policy.with_types[names[0]]
        owners.append(words.record_label(names[0]))
        names = names[1:]
    done = path.split(".")[:1] if owners else []
    for part in names:
        name, bracket, index = part.partition("[")
        done.append(part)
        label = words.field_label(type_, name)
        field = type_.fields.get(name) if isinstance(type_, RecordType) else None
        if field is None:
            owners.append(label)
            break
        type_ = field.type
        if bracket and isinstance(type_, ListType):
            type_ = type_.element
            known = keys.get(".".join(done))
            number = f"{int(index[:-1]) + 1}" if index[:-1].isdigit() else ""
            if isinstance(type_, RecordType):
                label = words.element_label(type_)
            label = " ".join(filter(None, [label, known or number]))
        owners.append(label)
    last, *rest = reversed(owners or [path])
    return say("path", words.lang, field=last, base=", ".join(rest)) if rest else last


def _read_by(words: Phrases, rule: Rule) -> Iterator[core.Expr]:
    parts: Iterable[core.Expr | core.Binder | None] = (
        rule.for_each,
        rule.when,
        rule.require,
        *(item.condition for item in rule.unless),
        rule.pending_while,
        *(item.expr for item in rule.computes.values()),
    )
    seen: set[tuple[str, bool]] = set()

    def opened(expr: core.Expr | core.Binder) -> Iterator[core.Expr]:
        for part in core.walk(expr):
            yield part
            if isinstance(part, core.DefinitionRead) and (part.name, part.in_rule) not in seen:
                seen.add((part.name, part.in_rule))
                definition = words.definition(part, Scope(rule.id))
                if definition is not None:
                    yield from opened(definition.expr)

    for part in parts:
        if part is not None:
            yield from opened(part)


def _fact_path(words: Phrases, expr: core.FieldRead) -> str | None:
    """Return the vocabulary's path of a field: record types are named by theirs (`case.days[]`)."""
    owner = expr.base.type
    if not isinstance(owner, RecordType):
        return None
    path = f"{owner.name}.{expr.field.name}"
    return re.sub(rf"^{re.escape(words.policy.subject.name)}\.", "", path)


__all__ = ["Labels", "Line", "NamedLines", "NeededFact", "RuleWords", "Verbalizer"]
