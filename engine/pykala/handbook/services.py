"""What concerns a service: its own policies, the shared ones, and those of their rules and statements that touch it."""

from __future__ import annotations

import re
from typing import Final

from pykala.policy.contents import Service
from pykala.policy.loader import PolicySet
from pykala.policy.model import LANGUAGES, Policy, Rule
from pykala.policy.sources import Statement
from pykala_dsl import core

_CONTACT: Final = re.compile(r"\w@\w|\b0\d{1,2} \d{3}")
"""A mailbox or a telephone number."""


def service_policies(policies: PolicySet, service: str) -> list[Policy]:
    """Return the policies of a service, then the shared ones that concern it; every version of each."""
    found = policies.contents.services.get(service)
    names = dict.fromkeys((service, *(found.also if found is not None else ())))
    return [policy for name in names for policy in policies.policies if policy.service == name]


def rule_concerns(policies: PolicySet, service: str, policy: Policy, rule: Rule) -> bool:
    """Return whether a rule concerns a service: its own do, a shared one where a statement that it cites does.

    A rule that by its own condition is for other services alone does not, whatever it cites.
    """
    found = policies.contents.services.get(service)
    if found is None or found.shared:
        return policy.service == service or found is None
    if any(_is_for_others(expr, found, policies) for expr in (policy.applies_to, rule.when) if expr is not None):
        return False
    cited = [statement for cite in rule.cite if (statement := policies.register.find(cite)) is not None]
    return policy.service == service or any(concerns(each, found) for each in cited)


def _is_for_others(condition: core.Expr, service: Service, policies: PolicySet) -> bool:
    """Return whether a condition asks for a service, and this one is not among those that it names."""
    known = {name for each in policies.contents.services.values() for name in each.members}
    parts = condition.operands if isinstance(condition, core.And) else (condition,)
    named = (_services_asked_for(part) for part in parts)
    return any(asked and asked <= known and asked.isdisjoint(service.members) for asked in named)


def _services_asked_for(condition: core.Expr) -> set[object]:
    """Return the members that `service = a`, `service in {a, b}` or `services includes {a}` names, else nothing."""
    match condition:
        case core.Compare("=", core.FieldRead() as read, core.Constant(value)) if "service" in read.field.name:
            return {value}
        case core.In(core.FieldRead() as read, core.MakeSet() as names) if "service" in read.field.name:
            return {item.value for item in names.items if isinstance(item, core.Constant)}
        case core.Includes(core.FieldRead() as read, core.MakeSet() as names) if "service" in read.field.name:
            return {item.value for item in names.items if isinstance(item, core.Constant)}
        case _:
            return set()


def concerns(statement: Statement, service: Service) -> bool:
    """Return whether a statement concerns a service: it names it, or names none and so concerns all."""
    return not statement.services or not set(statement.services).isdisjoint(service.members)


def contacts_of(policies: PolicySet) -> list[Statement]:
    """Return the statements that give a mailbox, a line or another way to get in touch."""
    return [each for each in policies.register.statements.values() if _is_contact(each)]


def _is_contact(statement: Statement) -> bool:
    return statement.page == "contacts" or any(_CONTACT.search(statement.says.get(lang)) for lang in LANGUAGES)
