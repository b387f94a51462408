"""What is worth saying of policies that are correct: texts, citations, examples and names that are missing or idle."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from pykala.policy.model import Definition, Parameter, Policy, Reading, Rule, Text
from pykala.policy.once import once
from pykala.policy.uses import names_read, rule_expressions
from pykala.quality.dead import dead_parts
from pykala.quality.guards import unguarded
from pykala.quality.suppressions import apply_suppressions
from pykala.quality.translations import stale_translations
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic, Label, Severity
from pykala_dsl.source import Source
from pykala_dsl.typesys import BoolType, EnumType, ListType, SetType, TextType

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet

_Named: TypeAlias = Parameter | Definition | Reading


def lint(policies: PolicySet, *, as_of: datetime.date | None = None, register: bool = True) -> list[Diagnostic]:
    """Return the findings of a repository that loads, by file and position, less those that its files suppress.

    `as_of` is the date on which suppressions must hold; without one, they hold whatever their last day. `register`: also
    the statements of the register that no rule and no page answers.
    """
    return apply_suppressions(findings(policies, register=register), policies, as_of)


def findings(policies: PolicySet, *, register: bool = True) -> list[Diagnostic]:
    """Return every finding, suppressed or not: they hang on the files alone."""
    everything = (*policies.policies, *policies.libraries)
    found = [*policies.diagnostics, *policies.vocabulary.diagnostics]
    for policy in everything:
        found.extend(_policy(policy, policies))
        found.extend(_examples(policy, policies))
    found.extend(_unused(everything))
    if register:
        found.extend(_uncited(policies, everything))
    found.extend(stale_translations(policies.directory))
    return once(found)


def _policy(policy: Policy, policies: PolicySet) -> Iterator[Diagnostic]:
    # What is inherited or included is spoken of in the file where it stands.
    versions = policies.versions(policy.id) or (policy,)
    for rule in policy.rules:
        if rule.source == policy.source:
            yield from _rule(rule, policy)
            yield from _cited(rule, policy, policies)
            yield from unguarded(rule, policy)
            yield from dead_parts(rule, policy, versions)
            yield from _unused_in_rule(rule)
            yield from _stale_equivalents(rule, policy)
    for parameter in policy.parameters.values():
        if parameter.source == policy.source and parameter.value is None and _is_needed(parameter, policy):
            hint = "fill it in, here or with `--parameters FILE`, once a source gives it"
            message = f"parameter `{parameter.name}` has no value, and rules that need it answer `unknown`"
            yield _finding("unset-parameter", message, parameter, hint, "note")
        if parameter.source == policy.source:
            yield from _not_in_force(parameter, policy, policies)
        if parameter.source == policy.source and parameter.value is not None and not parameter.cite:
            hint = "add `cite: source/statement`, so that readers see where the number comes from"
            yield _finding("missing-citation", f"parameter `{parameter.name}` cites no statement", parameter, hint)
        if parameter.source == policy.source and parameter.label == Text():
            hint = "add `label: {fi: …, sv: …, en: …}`; the handbook shows it"
            yield _finding("missing-translation", f"parameter `{parameter.name}` has no label", parameter, hint)


def _rule(rule: Rule, policy: Policy) -> Iterator[Diagnostic]:
    if rule.title == Text():
        hint = "add `title:` with `fi`, `sv` and `en`"
        yield _finding("missing-title", f"rule `{rule.id}` has no title", rule, hint, "error")
    if not rule.cite:
        hint = "add `cite: source/statement`; each rule rests on a statement of the register"
        yield _finding("missing-citation", f"rule `{rule.id}` cites no statement", rule, hint, "error")
    verdicts = {verdict for example in rule.examples for verdict in example.expect}
    if not verdicts:
        hint = "add `examples:` on both sides of each boundary"
        yield _finding("missing-example", f"rule `{rule.id}` has no example", rule, hint)
    elif not _hangs_on_unset(rule, policy):
        wanted = ("pass",) if _is_certain(rule) else ("pass", "fail")
        missing = [word for word in wanted if word not in verdicts]
        if missing:
            hint = f"add an example that expects `{missing[0]}`"
            message = f"no example of rule `{rule.id}` expects {' or '.join(missing)}"
            yield _finding("one-sided-examples", message, rule, hint)


def _cited(rule: Rule, policy: Policy, policies: PolicySet) -> Iterator[Diagnostic]:
    """Yield what is wrong with a rule as the answer to the statements that it cites."""
    yield from _not_in_force(rule, policy, policies)
    partly = [
        cite
        for cite in rule.cite
        if (statement := policies.register.find(cite)) is not None and statement.checkable == "partly"
    ]
    if partly and rule.note == Text():
        hint = "add `note:` and say what records cannot decide; the register says it in `why_not`"
        message = f"rule `{rule.id}` answers a part of `{partly[0]}`, and does not say which"
        yield _finding("partly-without-note", message, rule, hint)
    if (
        rule.message
        and _compares_amounts(rule)
        and not any(part.value is not None for parts in rule.message.values() for part in parts)
    ):
        hint = "name the value that was found, like `{day.length}`"
        yield _finding("message-without-value", f"the message of rule `{rule.id}` names no value", rule, hint)


def _compares_amounts(rule: Rule) -> bool:
    """Return whether a rule turns on a number or a date, which a reader of its message wants to see."""
    return any(
        isinstance(part, core.Compare)
        and isinstance(part.left, core.FieldRead | core.Aggregate | core.Arithmetic)
        and not isinstance(part.left.type, BoolType | EnumType | TextType | ListType | SetType)
        for part in core.walk(rule.require)
    )


def _not_in_force(entry: Rule | Parameter, policy: Policy, policies: PolicySet) -> Iterator[Diagnostic]:
    """Yield the statements that are cited and in force on no day of the policy's."""
    # A version that may still be followed is in use beyond the day on which another one takes its place.
    own_first, own_last = policy.in_force.first_day, policy.followed_until or policy.in_force.last_day
    for cite in entry.cite:
        statement = policies.register.find(cite)
        if statement is None:
            continue
        first, last = statement.in_force.first_day, statement.in_force.last_day
        late = first is not None and own_last is not None and first > own_last
        early = last is not None and own_first is not None and last < own_first
        if late or early:
            days = f"{first or ''} .. {last or ''}".strip()
            hint = "cite what the source says for the days of this version, or correct `in_force`"
            message = f"`{cite}` is in force in {days}, and `{policy.name}` is not"
            label = Label(cite.span)
            yield Diagnostic("statement-not-in-force", message, entry.source, (label,), hint, "warning")


def _is_needed(parameter: Parameter, policy: Policy) -> bool:
    return any(
        parameter.name in names_read(rule_expressions(rule), _exprs(policy.definitions), _exprs(rule.definitions))[0]
        for rule in policy.rules
    )


def _examples(policy: Policy, policies: PolicySet) -> Iterator[Diagnostic]:
    """Yield what keeps the examples of a policy from being run; all of them hang on the typical record."""
    from pykala.quality.examples import example_records, typical_mistake

    if policy.name in {library.name for library in policies.libraries} and not policy.typical:
        return  # its rules are tried on the records of the policies that include it
    mistake = typical_mistake(policy, _inherited(policy, policies), policies.vocabulary)
    if mistake is not None:
        yield mistake
        return
    for rule in policy.rules:
        if rule.source != policy.source and not policy.typical:
            continue  # what is included is told by a typical record alone
        for example in rule.examples:
            made = example_records(policy, example, policies.vocabulary)
            if isinstance(made, Diagnostic):
                yield made


def _inherited(policy: Policy | None, policies: PolicySet) -> Iterator[Source]:
    """Yield the file of a version, and those of the versions that it amends."""
    while policy is not None:
        yield policy.source
        policy = policies.find(policy.amends) if policy.amends is not None else None


def _is_certain(rule: Rule) -> bool:
    """Return whether a rule asks nothing, and tells by its `when` alone what a definition or permission covers."""
    return isinstance(rule.require, core.Constant) and rule.require.value is True


def _hangs_on_unset(rule: Rule, policy: Policy) -> bool:
    """Return whether a parameter without a value or an open reading may keep a rule from a firm verdict."""
    parameters, readings, _ = names_read(rule_expressions(rule), _exprs(policy.definitions), _exprs(rule.definitions))
    return any(policy.parameters[name].value is None for name in parameters) or any(
        policy.readings[name].chosen is None for name in readings
    )


def _unused(policies: Iterable[Policy]) -> Iterator[Diagnostic]:
    """Yield the entries that no version uses: what one includes may be there for another."""
    used: set[tuple[str, str, int]] = set()
    entries: dict[tuple[str, str, int], tuple[str, _Named]] = {}
    for policy in policies:
        groups: tuple[Mapping[str, _Named], ...] = (policy.parameters, policy.readings, policy.definitions)
        for what, group, read in zip(("parameter", "reading", "definition"), groups, _read(policy), strict=True):
            for name, entry in group.items():
                key = (what, entry.source.path, entry.span.start)
                entries[key] = (what, entry)
                if name in read:
                    used.add(key)
    for key, (what, entry) in entries.items():
        if key not in used:
            hint = "use it in a rule, or remove it"
            yield _finding("unused-name", f"{what} `{entry.name}` is used nowhere", entry, hint)


def _read(policy: Policy) -> tuple[set[str], set[str], set[str]]:
    """Return the parameters, readings and definitions that a policy's rules and head read."""
    head = [expr for expr in (policy.applies_to, policy.selected_by) if expr is not None]
    definitions = _exprs(policy.definitions)
    parameters, readings, used = names_read(head, definitions, {})
    for rule in policy.rules:
        more = names_read(rule_expressions(rule), definitions, _exprs(rule.definitions))
        parameters, readings, used = parameters | more[0], readings | more[1], used | more[2]
    return parameters, readings, used


def _unused_in_rule(rule: Rule) -> Iterator[Diagnostic]:
    read = {
        part.name
        for expr in rule_expressions(rule)
        for part in core.walk(expr)
        if isinstance(part, core.DefinitionRead) and part.in_rule
    }
    for name, entry in rule.definitions.items():
        if name not in read:
            message = f"definition `{name}` of rule `{rule.id}` is used nowhere"
            yield _finding("unused-name", message, entry, "use it in the rule, or remove it")


def _stale_equivalents(rule: Rule, policy: Policy) -> Iterator[Diagnostic]:
    """Yield the names under `equivalent` that no mutant of the rule has: what they explained has changed."""
    if not rule.equivalent:
        return
    from pykala.quality.mutate.mutants import distinct_mutants
    from pykala_dsl.suggest import closest

    names = [mutant.name for mutant in distinct_mutants(policy, rule).mutants]
    for item in rule.equivalent:
        if item.mutant not in names:
            near = closest(item.mutant, names)
            hint = f"did you mean `{near}`?" if near else "remove it, or take its name from `pykala test --mutate`"
            message = f"rule `{rule.id}` has no mutant `{item.mutant}`"
            yield Diagnostic("stale-equivalent", message, rule.source, (Label(item.span),), hint, "warning")


def _uncited(policies: PolicySet, everything: Iterable[Policy]) -> Iterator[Diagnostic]:
    cited = {(cite.source, cite.statement) for policy in everything for rule in policy.rules for cite in rule.cite}
    for key, statement in policies.register.statements.items():
        if statement.kind == "advisory" and statement.page is None:
            hint = "add `page:`, the phase on whose page readers find it, `contacts` or `background`"
            message = f"the advice `{statement.id}` stands on no page of the handbook"
            yield Diagnostic("missing-page", message, statement.source, (Label(statement.span),), hint)
        if statement.checkable != "no" and key not in cited:
            hint = f'write a rule that cites `{statement}`, or say `checkable: "no"` and why'
            message = f"no rule cites the checkable statement `{statement.id}`"
            yield Diagnostic("uncited-statement", message, statement.source, (Label(statement.span),), hint)


def _exprs(definitions: Mapping[str, Definition]) -> dict[str, core.Expr]:
    return {name: definition.expr for name, definition in definitions.items()}


def _finding(
    code: str,
    message: str,
    entry: Rule | _Named,
    hint: str,
    severity: Severity = "warning",
) -> Diagnostic:
    return Diagnostic(code, message, entry.source, (Label(entry.span),), hint, severity)
