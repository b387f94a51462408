"""What concerns a service: its own policies, the shared ones, and those of their rules and statements that touch it."""

from __future__ import annotations

import re
from typing import Final

from pykala.policy.contents import Service
from pykala.policy.loader import PolicySet
from pykala.policy.model import LANGUAGES, Policy, Rule
from pykala.policy.sources import Statement

_CONTACT: Final = re.compile(r"\w@\w|\b0\d{1,2} \d{3}")
"""A mailbox or a telephone number."""


def service_policies(policies: PolicySet, service: str) -> list[Policy]:
    """Return the policies of a service, then the shared ones that concern it; every version of each."""
    found = policies.contents.services.get(service)
    names = dict.fromkeys((service, *(found.also if found is not None else ())))
    return [policy for name in names for policy in policies.policies if policy.service == name]


def rule_concerns(policies: PolicySet, service: str, policy: Policy, rule: Rule) -> bool:
    """Return whether a rule concerns a service: its own do, a shared one where a statement that it cites does."""
    found = policies.contents.services.get(service)
    if policy.service == service or found is None:
        return True
    cited = [statement for cite in rule.cite if (statement := policies.register.find(cite)) is not None]
    return any(concerns(each, found) for each in cited)


def concerns(statement: Statement, service: Service) -> bool:
    """Return whether a statement concerns a service: it names it, or names none and so concerns all."""
    return not statement.services or not set(statement.services).isdisjoint(service.members)


def contacts_of(policies: PolicySet) -> list[Statement]:
    """Return the statements that give a mailbox, a line or another way to get in touch."""
    return [each for each in policies.register.statements.values() if _is_contact(each)]


def _is_contact(statement: Statement) -> bool:
    return statement.page == "contacts" or any(_CONTACT.search(statement.says.get(lang)) for lang in LANGUAGES)
