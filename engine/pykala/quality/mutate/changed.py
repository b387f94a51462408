"""Two states of the same policies in, the rules out whose verdicts or examples may have changed between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pykala.policy.model import Policy, Rule, Text
from pykala.quality.mutate.mutants import reads_of, verdict_expressions

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet


def changed_rules(before: PolicySet, after: PolicySet) -> set[tuple[str, str]]:
    """Return the rules that are new or differ, as (`policy@version`, rule): by what they say, read, cite and are tested on.

    Texts for people, and where something stands in its file, do not count.
    """
    old = {(policy.name, rule.id): _essence(policy, rule) for policy in before.policies for rule in policy.rules}
    return {
        (policy.name, rule.id)
        for policy in after.policies
        for rule in policy.rules
        if old.get((policy.name, rule.id)) != _essence(policy, rule)
    }


def _essence(policy: Policy, rule: Rule) -> tuple[Any, ...]:
    reads = reads_of(policy, rule, verdict_expressions(rule))
    examples = [replace(item, caption=Text()) for item in rule.examples]
    return (
        rule.for_each,
        rule.when,
        rule.require,
        rule.pending_while,
        [(item.name, item.condition, _names(item.cite)) for item in rule.unless],
        {name: rule.definitions[name].expr for name in reads["own"]},
        {name: policy.definitions[name].expr for name in reads["define"]},
        {name: _parameter(policy, name) for name in reads["parameters"]},
        {name: (tuple(policy.readings[name].options), policy.readings[name].chosen) for name in reads["readings"]},
        _names(rule.cite),
        [item.mutant for item in rule.equivalent],
        examples,
        dict(policy.typical),
    )


def _parameter(policy: Policy, name: str) -> tuple[Any, ...]:
    parameter = policy.parameters[name]
    return parameter.type, parameter.value, _names(parameter.cite)


def _names(cite: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(statement) for statement in cite)
