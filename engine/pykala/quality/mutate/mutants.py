"""A rule in, its mutants out: every change of one thing that its verdict hangs on, definitions and parameters included.

A mutant is named by its place in the rule and the change in the words of the language, so that its name stays the
same whatever else is edited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pykala.policy.model import Citation, Definition, Policy, Rule, UnlessException
from pykala.quality.mutate.changes import EXACT, BinderChange, Change, MutantClass, changes_of, changes_of_binder
from pykala.quality.mutate.normal import Normalizer
from pykala.quality.mutate.steps import steps_from
from pykala_dsl import core
from pykala_dsl.source import Source, Span
from pykala_dsl.typesys import BoolType, DateType
from pykala_dsl.unchecked import print_value

LONGEST_NAME = 180


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one thing changed, and the policy that it stands in with what it shares changed.

    `name` identifies the mutant within its rule; `place` is the key of the rule or the policy that it stands under.
    """

    name: str
    kind: MutantClass
    place: str
    policy: Policy
    rule: Rule
    source: Source
    span: Span
    site: core.Expr | None


def mutants_of(policy: Policy, rule: Rule) -> list[Mutant]:
    """Return the mutants of a rule in the order of its parts, then of the definitions, parameters and readings it reads."""
    found = [*_of_rule(policy, rule), *_of_shared(policy, rule)]
    seen: dict[str, int] = {}
    named = []
    for mutant in found:
        name = _short(mutant.name)
        seen[name] = seen.get(name, 0) + 1
        named.append(replace(mutant, name=name if seen[name] == 1 else f"{name} ({seen[name]})"))
    return named


@dataclass(frozen=True, slots=True)
class Distinct:
    """The mutants of a rule that may differ from it and from one another; how many were left out as provably the same."""

    mutants: tuple[Mutant, ...]
    same_as_rule: int
    same_as_another: int


def distinct_mutants(policy: Policy, rule: Rule) -> Distinct:
    """Return the mutants of a rule without those whose normal form is the rule's own or another mutant's.

    Of several that say the same, one stands for all: the first whose class is exact, else the first.
    """
    normalizer = Normalizer()
    own = normalizer.rule(policy, rule)
    found: dict[object, Mutant] = {}
    same_as_rule = same_as_another = 0
    for mutant in mutants_of(policy, rule):
        form = normalizer.rule(mutant.policy, mutant.rule)
        if form == own:
            same_as_rule += 1
        elif form not in found:
            found[form] = mutant
        else:
            same_as_another += 1
            if mutant.kind in EXACT and found[form].kind not in EXACT:
                found[form] = mutant
    return Distinct(tuple(found.values()), same_as_rule, same_as_another)


def verdict_expressions(rule: Rule) -> Iterator[core.Expr | core.Binder]:
    """Yield what the verdict of a rule is made of; its message and its amounts do not change it."""
    for part in (rule.for_each, rule.when, rule.require, *(item.condition for item in rule.unless), rule.pending_while):
        if part is not None:
            yield part


def reads_of(policy: Policy, rule: Rule, exprs: Iterable[core.Expr | core.Binder]) -> dict[str, dict[str, None]]:
    """Return the names that expressions hang on, through definitions too: `define` (the policy's), `own`, `parameters`, `readings`."""
    found: dict[str, dict[str, None]] = {kind: {} for kind in ("own", "define", "parameters", "readings")}
    todo = list(exprs)
    while todo:
        for part in core.walk(todo.pop(0)):
            match part:
                case core.ParameterRead(name):
                    found["parameters"].setdefault(name)
                case core.ReadingRead(name):
                    found["readings"].setdefault(name)
                case core.DefinitionRead(name, in_rule):
                    names = found["own" if in_rule else "define"]
                    if name not in names:
                        names.setdefault(name)
                        todo.append((rule.definitions if in_rule else policy.definitions)[name].expr)
                case _:
                    pass
    return found


# ---------------------------------------------------------------------- the rule's own parts


def _of_rule(policy: Policy, rule: Rule) -> Iterator[Mutant]:
    def changed(change: Change | BinderChange, place: str, new: Rule, source: Source = rule.source) -> Mutant:
        name = f"{place}: {change.text()}"
        return Mutant(name, change.kind, place, policy, new, source, change.span, change.site)

    def dropped(kind: MutantClass, place: str, new: Rule, expr: core.Expr, source: Source = rule.source) -> Mutant:
        return Mutant(f"without {place}", kind, place, policy, new, source, expr.span, expr)

    if rule.for_each is not None:
        for binding in changes_of_binder(rule.for_each):
            yield changed(binding, "for each", replace(rule, for_each=binding.whole))
    if rule.when is not None:
        yield dropped("condition", "when", replace(rule, when=None), rule.when)
        for change in changes_of(rule.when):
            yield changed(change, "when", replace(rule, when=change.whole))
    for change in changes_of(rule.require):
        yield changed(change, "require", replace(rule, require=change.whole))
    for at, item in enumerate(rule.unless):
        place = exception_place(item)
        rest = (*rule.unless[:at], *rule.unless[at + 1 :])
        yield dropped("exception", place, replace(rule, unless=rest), item.condition, item.source)
        for change in changes_of(item.condition):
            new = (*rule.unless[:at], replace(item, condition=change.whole), *rule.unless[at + 1 :])
            yield changed(change, place, replace(rule, unless=new), item.source)
    if rule.pending_while is not None:
        yield dropped("condition", "pending while", replace(rule, pending_while=None), rule.pending_while)
        for change in changes_of(rule.pending_while):
            yield changed(change, "pending while", replace(rule, pending_while=change.whole))


# ---------------------------------------------------------------------- what the rule reads


def _of_shared(policy: Policy, rule: Rule) -> Iterator[Mutant]:
    reads = reads_of(policy, rule, verdict_expressions(rule))
    for name in reads["own"]:
        for change, definitions in _redefined(rule.definitions, name):
            place = f"define.{name}"
            new = replace(rule, definitions=definitions)
            source = rule.definitions[name].source
            yield Mutant(f"{place}: {change.text()}", change.kind, place, policy, new, source, change.span, change.site)
    for name in reads["define"]:
        for change, definitions in _redefined(policy.definitions, name):
            place = f"define.{name}"
            other = replace(policy, definitions=definitions)
            source = policy.definitions[name].source
            yield Mutant(f"{place}: {change.text()}", change.kind, place, other, rule, source, change.span, change.site)
    for name in reads["parameters"]:
        yield from _of_parameter(policy, rule, name)
    for name in reads["readings"]:
        reading = policy.readings[name]
        for option in reading.options:
            if option != reading.chosen:
                other = replace(policy, readings={**policy.readings, name: replace(reading, chosen=option)})
                words = f"readings.{name}: {reading.chosen or 'open'} -> {option}"
                yield Mutant(words, "reading", f"readings.{name}", other, rule, reading.source, reading.span, None)


def _redefined(definitions: Mapping[str, Definition], name: str) -> Iterator[tuple[Change, Mapping[str, Definition]]]:
    definition = definitions[name]
    for change in changes_of(definition.expr):
        yield change, {**definitions, name: replace(definition, expr=change.whole)}


def _of_parameter(policy: Policy, rule: Rule, name: str) -> Iterator[Mutant]:
    parameter = policy.parameters[name]
    if parameter.value is None or isinstance(parameter.type, BoolType):
        return
    kind: MutantClass = "date" if isinstance(parameter.type, DateType) else "number"
    was = print_value(parameter.value, parameter.type)
    for value in steps_from(parameter.value, parameter.type):
        other = replace(policy, parameters={**policy.parameters, name: replace(parameter, value=value)})
        words = f"parameters.{name}: {was} -> {print_value(value, parameter.type)}"
        yield Mutant(words, kind, f"parameters.{name}", other, rule, parameter.source, parameter.span, None)


def _short(name: str) -> str:
    """Return a name of bounded length, its middle left out; a digest of the whole keeps it from meeting another."""
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    half = (LONGEST_NAME - 11) // 2
    return f"{name[:half]} … {name[-half:]} ~{digest}"


def exception_place(exception: UnlessException) -> str:
    """Return the place of an exception in its rule."""
    return f"unless.{exception.name}"


def cited_for(policy: Policy, rule: Rule, mutant: Mutant) -> tuple[Citation, ...]:
    """Return the statements of which one must be tagged by an example that notices a mutant; none where any will do.

    They are what the changed thing cites itself, where the rule cites it too: the exception it stands in, the
    parameter, or the parameters (else the readings) that the changed test reads. Where that is nothing, they are all
    that the rule cites.
    """
    if len(rule.cite) < 2:
        return ()
    exception = next((item for item in rule.unless if mutant.place == exception_place(item)), None)
    if exception is not None:
        return exception.cite or rule.cite
    own: list[Citation] = []
    if mutant.place.startswith("parameters."):
        own = list(policy.parameters[mutant.place.removeprefix("parameters.")].cite)
    elif mutant.site is not None:
        reads = reads_of(policy, rule, [mutant.site])
        own = [cite for name in reads["parameters"] for cite in policy.parameters[name].cite]
        own = own or [cite for name in reads["readings"] for cite in policy.readings[name].cite]
    near = tuple(cite for cite in rule.cite if cite in own)
    return near or rule.cite
