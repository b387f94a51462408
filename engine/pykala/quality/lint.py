"""What is worth saying of policies that are correct: texts, citations, examples and names that are missing or idle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from pykala.policy.model import Definition, Parameter, Policy, Reading, Rule, Text
from pykala.policy.once import once
from pykala.policy.uses import names_read, rule_expressions
from pykala.quality.guards import unguarded
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic, Label, Severity
from pykala_dsl.source import Source

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet

_Named: TypeAlias = Parameter | Definition | Reading


def lint(policies: PolicySet, *, uncited: bool = False) -> list[Diagnostic]:
    """Return the findings of a repository that loads, by file and position.

    `uncited`: also the checkable statements of the register that no rule cites.
    """
    everything = (*policies.policies, *policies.libraries)
    found = [*policies.diagnostics, *policies.vocabulary.diagnostics]
    for policy in everything:
        found.extend(_policy(policy))
        found.extend(_examples(policy, policies))
    found.extend(_unused(everything))
    if uncited:
        found.extend(_uncited(policies, everything))
    return once(found)


def _policy(policy: Policy) -> Iterator[Diagnostic]:
    # What is inherited or included is spoken of in the file where it stands.
    for rule in policy.rules:
        if rule.source == policy.source:
            yield from _rule(rule, policy)
            yield from unguarded(rule, policy)
            yield from _unused_in_rule(rule)
    for parameter in policy.parameters.values():
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


def _uncited(policies: PolicySet, everything: Iterable[Policy]) -> Iterator[Diagnostic]:
    cited = {(cite.source, cite.statement) for policy in everything for rule in policy.rules for cite in rule.cite}
    for key, statement in policies.register.statements.items():
        if statement.kind == "advisory" and statement.page is None:
            hint = "add `page:`, the phase on whose page readers find it, `contacts` or `background`"
            message = f"the advice `{statement.id}` stands on no page of the handbook"
            yield Diagnostic("missing-page", message, statement.source, (Label(statement.span),), hint, "warning")
        if statement.checkable != "no" and key not in cited:
            hint = f'write a rule that cites `{statement}`, or say `checkable: "no"` and why'
            message = f"no rule cites the checkable statement `{statement.id}`"
            yield Diagnostic("uncited-statement", message, statement.source, (Label(statement.span),), hint, "warning")


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
