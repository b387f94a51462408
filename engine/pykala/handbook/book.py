"""Everything that the pages are made from, gathered once: checked policies, their versions, and what every example gave.

In: a `PolicySet`. Out: a `Book`, and an `Edition` of it in each language. Examples are run here, and one that no longer
answers as its rule's file says stops the build: no page shows an example that is not true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pykala.evaluate.result import Result
from pykala.evaluate.rules import evaluate_rule
from pykala.handbook.addresses import RESERVED, policy_page, rule_page
from pykala.handbook.site_words import SITE_WORDS
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import pick
from pykala.policy.loader import PolicySet
from pykala.policy.model import Citation, Example, InForce, Lang, Policy, Reading, Rule
from pykala.policy.sources import Statement
from pykala.policy.versions import by_policy, days_in_force
from pykala.quality.examples import ExampleRecords, differences_from, example_records
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label


@dataclass(frozen=True, slots=True)
class Shown:
    """An example and what its rule answers to it."""

    example: Example
    made: ExampleRecords
    results: tuple[Result, ...]


@dataclass(frozen=True, eq=False)
class Book:
    """The policies with what their examples gave, by the policy's name and the rule's id."""

    policies: PolicySet
    shown: Mapping[tuple[str, str], tuple[Shown, ...]] = field(repr=False)

    @cached_property
    def versions(self) -> dict[str, list[tuple[Policy, InForce]]]:
        """Return the versions of each policy with their days in force, the earliest first."""
        return {name: days_in_force(group) for name, group in by_policy(self.policies.policies).items()}

    @cached_property
    def newest(self) -> dict[str, Policy]:
        """Return the newest version of each policy, in the order of the files."""
        return {name: versions[-1][0] for name, versions in self.versions.items()}

    @cached_property
    def citing(self) -> dict[tuple[str, str], list[tuple[Policy, Rule]]]:
        """Return the rules that cite each statement, those of the newest versions first."""
        found: dict[tuple[str, str], list[tuple[Policy, Rule]]] = {}
        for policy, rule in self.rules():
            for cite in dict.fromkeys(rule.cite):
                found.setdefault((cite.source, cite.statement), []).append((policy, rule))
        return found

    def rules(self) -> Iterator[tuple[Policy, Rule]]:
        """Yield each rule with the newest version that has it, then those that only older versions have."""
        for versions in self.versions.values():
            seen: set[str] = set()
            for policy, _ in reversed(versions):
                for rule in policy.rules:
                    if rule.id not in seen:
                        seen.add(rule.id)
                        yield policy, rule

    def readings(self, policy_id: str) -> dict[str, tuple[Policy, Reading]]:
        """Return the readings of a policy by name, each with the newest version that has it."""
        found: dict[str, tuple[Policy, Reading]] = {}
        for policy, _ in reversed(self.versions[policy_id]):
            for name, reading in policy.readings.items():
                found.setdefault(name, (policy, reading))
        return found

    @cached_property
    def _origins(self) -> frozenset[str]:
        found = {f"source:{name}" for name in self.policies.register.sources}
        found |= {f"service:{name}" for name in self.policies.contents.services}
        found |= {f"statement:{'/'.join(key)}" for key in self.policies.register.statements}
        for policy in self.policies.policies:
            found.add(f"policy:{policy.name}")
            found |= {f"rule:{policy.name}/{rule.id}" for rule in policy.rules}
            found |= {f"parameter:{policy.name}/{name}" for name in policy.parameters}
            found |= {f"reading:{policy.name}/{name}" for name in policy.readings}
        return frozenset(found)

    def knows(self, origin: str) -> bool:
        """Return whether what a block names as its origin is there."""
        return origin in self._origins

    def is_newest(self, policy: Policy) -> bool:
        """Return whether no later version of the policy is there."""
        return self.newest[policy.id] == policy

    def policy_path(self, policy: Policy) -> str:
        """Return the page of a version of a policy."""
        return policy_page(policy.id, None if self.is_newest(policy) else policy.version)

    def rule_path(self, policy: Policy, rule: Rule) -> str:
        """Return the page of a rule in a version of its policy."""
        last = next(each for each, _ in reversed(self.versions[policy.id]) if each.rule(rule.id) is not None)
        return rule_page(policy.id, rule.id, None if last == policy else policy.version)


@dataclass(frozen=True, eq=False)
class Edition:
    """A book in one language."""

    book: Book
    lang: Lang
    _made: dict[str, Verbalizer] = field(default_factory=dict, repr=False)

    @property
    def title(self) -> str:
        """Return what the handbook is called."""
        return self.book.policies.contents.title.get(self.lang) or self.say("site")

    def words(self, policy: Policy) -> Verbalizer:
        """Return the words of a policy."""
        if policy.name not in self._made:
            self._made[policy.name] = Verbalizer(self.book.policies.vocabulary, policy, self.lang)
        return self._made[policy.name]

    def say(self, key: str, /, *args: object) -> str:
        """Return a fixed word or sentence of the handbook with its parts put in."""
        return pick(SITE_WORDS[key], self.lang).format(*args)

    def statement(self, cite: Citation) -> Statement:
        """Return the entry of the register that a citation names; the loader has checked that it is there."""
        found = self.book.policies.register.find(cite)
        assert found is not None
        return found


def make_book(policies: PolicySet) -> Book:
    """Return the book of a repository's policies, with every example run.

    Raises:
        DiagnosticsError: where an example does not answer as its file says, or a policy has a name of the handbook's own.
    """
    _check_names(policies)
    rules = [(policy, rule) for policy in policies.policies for rule in policy.rules]
    found: list[Diagnostic] = []
    shown: dict[tuple[str, str], tuple[Shown, ...]] = {}
    for policy, rule in rules:
        came: list[Shown] = []
        for example in rule.examples:
            one = _run(policy, rule, example, policies)
            if isinstance(one, Diagnostic):
                found.append(one)
            else:
                came.append(one)
        shown[policy.name, rule.id] = tuple(came)
    if found:
        raise DiagnosticsError(found)
    return Book(policies, shown)


def _run(policy: Policy, rule: Rule, example: Example, policies: PolicySet) -> Shown | Diagnostic:
    made = example_records(policy, example, policies.vocabulary)
    if isinstance(made, Diagnostic):
        return made
    results = evaluate_rule(rule, made.policy, made.records, made.as_of, reasons=False)
    if differences := "; ".join(differences_from(example, results)):
        hint = "`pykala test` says more; the handbook shows only examples that are true"
        return Diagnostic("bad-example", differences, example.source, (Label(example.span),), hint)
    return Shown(example, made, tuple(results))


def _check_names(policies: PolicySet) -> None:
    taken = [policy for policy in policies.policies if policy.id in RESERVED]
    if taken:
        hint = "give the policy another id"
        raise DiagnosticsError(
            Diagnostic(
                "bad-name",
                f"the handbook has a page `{policy.id}` of its own",
                policy.source,
                (Label(policy.span),),
                hint,
            )
            for policy in taken
        )
