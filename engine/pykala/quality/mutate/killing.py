"""The mutants of a rule against its examples: which are noticed, and by an example of the right statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pykala.evaluate.rules import evaluate_rule, judge_rule
from pykala.policy.model import Citation, Example, Policy, Rule
from pykala.quality.examples import ExampleRecords, assumed_policy, differences_from, example_records
from pykala.quality.mutate.changes import EXACT
from pykala.quality.mutate.mutants import Mutant, cited_for
from pykala_dsl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from pykala.records.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Noticed:
    """What the examples of a rule say of a mutant.

    `by` is the number of the example that notices it, from 1; None where none does. `wanted` are the statements of
    which one must be tagged by such an example, `tagged` whether one is.
    """

    by: int | None
    wanted: tuple[Citation, ...]
    tagged: bool


@dataclass(slots=True)
class Examples:
    """The examples of one rule, with their records made once; those that noticed something last are asked first."""

    policy: Policy
    rule: Rule
    records: Mapping[int, ExampleRecords]
    order: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, policy: Policy, rule: Rule, vocabulary: Vocabulary) -> Examples:
        """Return the examples of a rule; those that describe no record are left to `pykala test`."""
        made = {at: example_records(policy, example, vocabulary) for at, example in enumerate(rule.examples)}
        records = {at: found for at, found in made.items() if not isinstance(found, Diagnostic)}
        return cls(policy, rule, records, list(records))

    def failing(self) -> list[int]:
        """Return the numbers, from 1, of the examples that the rule itself does not meet: nothing can be said with them."""
        return [
            at + 1
            for at in range(len(self.rule.examples))
            if at not in self.records or self.notices(at, self.policy, self.rule)
        ]

    def judge(self, mutant: Mutant) -> Noticed:
        """Return whether an example notices a mutant, those with the wanted tag being asked first."""
        wanted = cited_for(self.policy, self.rule, mutant) if mutant.kind in EXACT else ()
        tagged = [at for at in self.order if is_tagged(self.rule.examples[at], wanted)]
        by = self._first(tagged, mutant)
        if by is not None:
            return Noticed(by, wanted, True)
        by = self._first([at for at in self.order if at not in tagged], mutant)
        return Noticed(by, wanted, False)

    def _first(self, order: Iterable[int], mutant: Mutant) -> int | None:
        for at in order:
            if self.notices(at, mutant.policy, mutant.rule):
                self.order.remove(at)
                self.order.insert(0, at)
                return at + 1
        return None

    def notices(self, at: int, policy: Policy, rule: Rule) -> bool:
        """Return whether an example expects something else than a rule answers."""
        example, made = self.rule.examples[at], self.records[at]
        policy = assumed_policy(policy, example)
        if example.because is None:
            results = judge_rule(rule, policy, made.records, made.as_of)
        else:
            results = evaluate_rule(rule, policy, made.records, made.as_of, reasons=False)
        return any(True for _ in differences_from(example, results))


def is_tagged(example: Example, wanted: tuple[Citation, ...]) -> bool:
    """Return whether an example says that it tests one of the statements; where none is asked for, any example does."""
    return not wanted or any(statement in wanted for statement in example.tests)
