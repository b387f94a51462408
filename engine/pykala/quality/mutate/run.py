"""Policies in, what their examples notice of every mutant out: rule by rule, on several processes.

What comes back is plain data in the order of the policies, their rules and the mutants, however the work was shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from pykala.policy.model import Equivalent, Example, Policy, Rule
from pykala.quality.mutate.changes import EXACT, MutantClass
from pykala.quality.mutate.killing import Examples, Noticed, is_tagged
from pykala.quality.mutate.mutants import Mutant, distinct_mutants
from pykala.quality.mutate.proposal import Proposer
from pykala.quality.processes import shared_out

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet
    from pykala.records.vocabulary import Vocabulary

Status: TypeAlias = Literal["killed", "untagged", "survived", "equivalent"]
Place: TypeAlias = tuple[str, int, int]
"""A file, a line and a column."""


@dataclass(frozen=True, slots=True)
class MutantResult:
    """What came of a mutant.

    `survived`: no example notices it. `untagged`: one does (`by`, its number from 1), but none that is tagged with a
    statement of `wanted`. `equivalent`: no example notices it, and the rule says why none can. `proposal` is the
    place among the rule's proposals of an example that would notice it as it must be; None where none was found.
    """

    name: str
    kind: MutantClass
    status: Status
    by: int | None
    wanted: tuple[str, ...]
    file: str
    line: int
    column: int
    proposal: int | None = None
    searched: bool = False
    """Whether an example was looked for."""

    @property
    def lives(self) -> bool:
        """Return whether no example notices it as it must be, and nothing says why none can."""
        return self.status in ("survived", "untagged")


@dataclass(frozen=True, slots=True)
class Stale:
    """A reason why a mutant makes no difference that is not needed: there is none of that name, or an example notices it."""

    mutant: str
    noticed: bool
    file: str
    line: int
    column: int

    @property
    def place(self) -> Place:
        """Return where the reason stands."""
        return self.file, self.line, self.column


@dataclass(frozen=True, slots=True)
class RuleMutation:
    """What came of the mutants of a rule; where an example fails on the rule itself, nothing can be said.

    `left_out`: how many more there would be that provably are the same as the rule, or as another mutant.
    `proposals` are examples in lines of YAML that would notice those which live.
    """

    policy: str
    version: str
    rule: str
    file: str
    line: int
    results: tuple[MutantResult, ...] = ()
    failing: tuple[int, ...] = ()
    left_out: int = 0
    stale: tuple[Stale, ...] = ()
    proposals: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return `policy@version rule`."""
        return f"{self.policy}@{self.version} {self.rule}"


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants there are, and how many are killed."""

    killed: int = 0
    total: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.killed + other.killed, self.total + other.total)

    def reaches(self, percent: int) -> bool:
        """Return whether at least so many in a hundred are killed; where there is none, nothing is missed."""
        return self.killed * 100 >= percent * self.total

    def __str__(self) -> str:
        if not self.total:
            return "–"
        return f"{self.killed * 100 // self.total} % ({self.killed}/{self.total})"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How many mutants in a hundred must be killed: of what a source states exactly, and of the rest."""

    exact: int = 100
    rest: int = 90

    def missed(self, rules: Sequence[RuleMutation]) -> bool:
        """Return whether the rules of one policy stay below."""
        exact, rest = score_of(rules, exact=True), score_of(rules, exact=False)
        return not (exact.reaches(self.exact) and rest.reaches(self.rest))


def living(rule: RuleMutation) -> list[MutantResult]:
    """Return the mutants of a rule that live."""
    return [result for result in rule.results if result.lives]


def score_of(rules: Sequence[RuleMutation], *, exact: bool | None = None, kind: MutantClass | None = None) -> Score:
    """Return the score of rules: of one class, of the exact ones, of the rest, or of all."""
    counted = [
        result
        for rule in rules
        for result in rule.results
        if result.status != "equivalent"
        and (kind is None or result.kind == kind)
        and (exact is None or (result.kind in EXACT) == exact)
    ]
    return Score(sum(result.status == "killed" for result in counted), len(counted))


def run_mutation(
    policies: PolicySet,
    wanted: Callable[[Policy, Rule], bool] = lambda policy, rule: True,
    *,
    jobs: int | None = None,
    propose: bool = True,
) -> list[RuleMutation]:
    """Return what came of the mutants of the wanted rules, each version by itself."""
    tasks = [
        (at, number)
        for at, policy in enumerate(policies.policies)
        for number, rule in enumerate(policy.rules)
        if wanted(policy, rule)
    ]

    def work(task: tuple[int, int]) -> RuleMutation:
        policy = policies.policies[task[0]]
        return mutate_rule(policy, policy.rules[task[1]], policies.vocabulary, propose=propose)

    return _needless(policies, shared_out(work, tasks, jobs=jobs))


def mutate_rule(policy: Policy, rule: Rule, vocabulary: Vocabulary, *, propose: bool = True) -> RuleMutation:
    """Return what came of the mutants of one rule; `propose`: with examples that would notice those which live."""
    examples = Examples.of(policy, rule, vocabulary)
    place = (policy.id, policy.version, rule.id, rule.source.path, rule.source.position(rule.span.start)[0])
    failing = examples.failing()
    if failing:
        return RuleMutation(*place, failing=tuple(failing))
    distinct = distinct_mutants(policy, rule)
    explained = {equivalent.mutant for equivalent in rule.equivalent}
    results = []
    proposals = _Proposals(Proposer(policy, rule, vocabulary))
    for mutant in distinct.mutants:
        noticed = examples.judge(mutant)
        result = _result(mutant, noticed, mutant.name in explained)
        if propose and result.lives:
            result = replace(result, proposal=proposals.of(mutant, noticed), searched=True)
        results.append(result)
    return RuleMutation(
        *place,
        results=tuple(results),
        left_out=distinct.same_as_rule + distinct.same_as_another,
        stale=tuple(_stale(rule, results)),
        proposals=tuple("\n".join(proposals.proposer.lines(example)) for example in proposals.examples),
    )


@dataclass(slots=True)
class _Proposals:
    """Examples that would notice the mutants that live: as few as one search after another gives."""

    proposer: Proposer
    examples: list[Example] = field(default_factory=list)

    def of(self, mutant: Mutant, noticed: Noticed) -> int | None:
        """Return the place of an example that notices a mutant as it must be; None where none is found."""
        for at, example in enumerate(self.examples):
            if is_tagged(example, noticed.wanted) and self.proposer.noticed_by(example, mutant):
                return at
        if noticed.by is not None:
            found: Example | None = self.proposer.copy_of(noticed.by, noticed.wanted)
        else:
            found = self.proposer.propose(mutant, noticed.wanted)
        if found is None:
            return None
        self.examples.append(found)
        return len(self.examples) - 1


def _stale(rule: Rule, results: Iterable[MutantResult]) -> Iterator[Stale]:
    found = {result.name: result.status for result in results}
    for equivalent in rule.equivalent:
        if found.get(equivalent.mutant) != "equivalent":
            yield Stale(equivalent.mutant, equivalent.mutant in found, *_place(rule, equivalent))


def _place(rule: Rule, equivalent: Equivalent) -> Place:
    return (rule.source.path, *rule.source.position(equivalent.span.start))


def _needless(policies: PolicySet, found: Iterable[RuleMutation]) -> list[RuleMutation]:
    """Return the rules with those reasons alone that no policy needs: a shared rule meets other records in each."""
    shared = Counter(
        _place(rule, equivalent)
        for policy in policies.policies
        for rule in policy.rules
        for equivalent in rule.equivalent
    )
    rules = list(found)
    stale = Counter(each.place for rule in rules for each in rule.stale)
    return [
        replace(rule, stale=tuple(each for each in rule.stale if stale[each.place] == shared[each.place]))
        for rule in rules
    ]


def _result(mutant: Mutant, noticed: Noticed, explained: bool) -> MutantResult:
    if noticed.by is None:
        status: Status = "equivalent" if explained else "survived"
    else:
        status = "killed" if noticed.tagged else "untagged"
    line, column = mutant.source.position(mutant.span.start)
    wanted = tuple(str(statement) for statement in noticed.wanted)
    return MutantResult(mutant.name, mutant.kind, status, noticed.by, wanted, mutant.source.path, line, column)
