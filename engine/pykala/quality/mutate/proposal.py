"""The example that would notice a mutant: a record found by search, near one that the rule's examples already have."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final

from pykala.evaluate.rules import evaluate_rule
from pykala.policy.model import Citation, Example, Policy, Rule, Text
from pykala.quality.examples import (
    DEFAULT_AS_OF,
    ExampleRecords,
    assumed_policy,
    differences_from,
    example_data,
    example_records,
)
from pykala.quality.mutate.moves import Reads, State, moves, reads_in, usual_value
from pykala.quality.mutate.mutants import Mutant, reads_of, verdict_expressions
from pykala.quality.mutate.paste import changes_between, paste_lines
from pykala.quality.mutate.watch import NOT_REACHED, Answer, Seen, Watch, distance, see
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from pykala.records.vocabulary import Vocabulary

MOST_STEPS: Final = 300_000
STEPS_OF_A_RECORD: Final = 60
STEPS_IN_A_TURN: Final = 20
MOST_REASONS: Final = 25
MOST_OF_OTHERS: Final = 30
_KINDS: Final = ("verdict", "exception", "because")
"""By what a record can tell, the plainest first."""
MOST_COMBINATIONS: Final = 8


@dataclass(order=True, slots=True)
class _Open:
    """A record to go on from: the nearer to the verdict the change shows, the sooner.

    Its steps are taken in turns, the likeliest first, so that many records get a few before one gets all.
    """

    rank: int
    turn: int
    number: int
    steps: Iterator[State] = field(compare=False)


@dataclass(slots=True)
class Proposer:
    """Finds examples for the mutants of one rule that its own examples do not notice."""

    policy: Policy
    rule: Rule
    vocabulary: Vocabulary
    most_steps: int = MOST_STEPS
    """How many expressions may be evaluated in search of one example; what making a record costs is counted too."""

    def propose(self, mutant: Mutant, wanted: Sequence[Citation]) -> Example | None:
        """Return an example that the rule meets and the mutant does not, or None where none was found within the bounds."""
        search = _Search(self, mutant)
        found = search.find()
        if found is None:
            return None
        state, kind = found
        return search.example(search.least(state, kind), wanted, kind)

    def copy_of(self, number: int, wanted: Sequence[Citation]) -> Example:
        """Return the example of a number, from 1, tagged with the first of the wanted statements."""
        example = self.rule.examples[number - 1]
        return replace(example, caption=Text(), tests=(wanted[0],))

    def lines(self, example: Example) -> list[str]:
        """Return an example as lines to paste."""
        return paste_lines(example, self.policy)

    def noticed_by(self, example: Example, mutant: Mutant) -> bool:
        """Return whether an example notices a mutant."""
        made = example_records(self.policy, example, self.vocabulary)
        if isinstance(made, Diagnostic):
            return False
        results = evaluate_rule(
            mutant.rule, assumed_policy(mutant.policy, example), made.records, made.as_of, reasons=False
        )
        return any(True for _ in differences_from(example, results))

    def states(self, reads: Reads) -> Iterator[State]:
        """Yield what the examples of the rule describe, the typical record, and what other rules say of the same fields."""
        typical = Example(Text(), {}, (), None, ("pass",), False, None, None, (), self.rule.source, self.rule.span)
        for example in (*self.rule.examples, typical, *self._examples_of_others(reads)):
            subject, others, as_of = example_data(self.policy, example)
            yield State({**subject, **others}, as_of, dict(example.parameters), dict(example.readings))

    def _examples_of_others(self, reads: Reads) -> list[Example]:
        """Return the examples of the policy's other rules that give the fields which stand nearest to the change."""
        ranks: dict[str, int] = {}
        for (_, name), rank in reads.fields.items():
            ranks[name] = min(rank, ranks.get(name, rank))
        found: list[tuple[Fraction, int, Example]] = []
        for rule in self.policy.rules:
            if rule.id != self.rule.id:
                for example in rule.examples:
                    names = {name for name in _names_in(example.given) if name in ranks}
                    if names:
                        nearness = sum((Fraction(1, 1 + ranks[name]) for name in names), Fraction(0))
                        found.append((-nearness, len(found), example))
        return [example for _, _, example in heapq.nsmallest(MOST_OF_OTHERS, found, key=lambda each: each[:2])]


@dataclass(slots=True)
class _Search:
    owner: Proposer
    mutant: Mutant
    watch: Watch = field(init=False)
    reads: Reads = field(init=False)
    left: int = field(init=False)
    reasons_left: int = MOST_REASONS
    todo: list[_Open] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    number: int = 0
    second_best: list[tuple[State, str]] = field(default_factory=list)
    """Records that tell the mutant from the rule by the exception or by what is undecided."""
    readings_changed: tuple[str, ...] = ()
    """Readings that the changed test asks for."""

    def __post_init__(self) -> None:
        policy, rule, mutant = self.owner.policy, self.owner.rule, self.mutant
        self.watch = Watch.of(policy, rule, mutant)
        self.left = self.owner.most_steps
        if mutant.site is not None:
            self.readings_changed = tuple(
                part.name for part in core.walk(mutant.site) if isinstance(part, core.ReadingRead)
            )
        names = reads_of(policy, rule, verdict_expressions(rule))
        self.reads = reads_in(policy, _exprs_from_the_change(policy, rule, mutant), names)

    # ------------------------------------------------------------------ the search

    def find(self) -> tuple[State, str] | None:
        """Return a record that tells the mutant from the rule, and by what: verdict, exception or because."""
        for state in self.owner.states(self.reads):
            for begun in self._begun(state):
                if self._tells(begun, turn=0):
                    return begun, "verdict"
        while self.todo and self.left > 0:
            here = heapq.heappop(self.todo)
            states = list(islice(here.steps, STEPS_IN_A_TURN))
            for state in states:
                if self._tells(state, turn=here.turn + 1):
                    return state, "verdict"
            if states:
                self._open(here.rank, here.turn + 1, here.steps)
        return min(self.second_best, key=lambda each: _KINDS.index(each[1]), default=None)

    def _tells(self, state: State, *, turn: int) -> bool:
        """Return whether a record surely gives one verdict under the rule and another under the mutant; else keep it.

        Where the rule's own answer is `unknown`, a while is spent on looking for a plainer record.
        """
        key = state.key()
        if key in self.visited or self.left <= 0:
            return False
        self.visited.add(key)
        seen = self._see(state)
        if seen is None:
            return False
        own, changed = seen
        kind = self._told_by(state, own, changed)
        if kind == "verdict" and "unknown" not in own.answer.verdicts:
            return True
        if kind is not None:
            self.second_best.append((state, kind))
        if kind == "verdict":
            self.left = min(self.left, self.owner.most_steps // 10)
        self._open(distance(own, changed), turn, moves(self.owner.policy, state, self.reads, own.compared))
        return False

    def _open(self, rank: int, turn: int, steps: Iterator[State]) -> None:
        self.number += 1
        heapq.heappush(self.todo, _Open(rank, turn, self.number, steps))

    def _begun(self, state: State) -> Iterator[State]:
        """Yield a record, and where the rule reads parameters that are not set, one beside which they are.

        Many open readings make many combinations: then they are settled, and changed one at a time.
        """
        policy = self.owner.policy
        usual = {name: value for name in self.reads.parameters for value in usual_value(policy.parameters[name].type)}
        still_open = {
            name: tuple(policy.readings[name].options)
            for name in self.reads.readings
            if policy.readings[name].chosen is None and self.mutant.place != f"readings.{name}"
        }
        if math.prod(map(len, still_open.values())) > MOST_COMBINATIONS:
            for at in (0, -1):
                settled = {name: options[at] for name, options in still_open.items()}
                yield replace(state, readings={**settled, **state.readings}, parameters={**usual, **state.parameters})
            return
        yield state
        if usual:
            yield replace(state, parameters={**usual, **state.parameters})
        for name in self.readings_changed:
            for option in still_open.get(name, ()):
                yield replace(state, readings={**state.readings, name: option})

    def _see(self, state: State) -> tuple[Seen, Seen] | None:
        """Return what the rule and the mutant come to, or None where the state is no record."""
        self.left -= STEPS_OF_A_RECORD
        policy, mutant = self.owner.policy, self.mutant
        example = self.bare_example(state)
        made = example_records(policy, example, self.owner.vocabulary)
        if isinstance(made, Diagnostic):
            return None
        own = see(self.owner.rule, made.policy, made, self.watch.own)
        changed = see(mutant.rule, assumed_policy(mutant.policy, example), made, self.watch.changed)
        self.left -= own.steps + changed.steps
        return own, changed

    def _told_by(self, state: State, own: Seen, changed: Seen) -> str | None:
        if own.answer.verdicts != changed.answer.verdicts:
            return "verdict"
        if own.answer.exceptions != changed.answer.exceptions and _one_exception(own.answer):
            return "exception"
        if "unknown" in own.answer.verdicts and distance(own, changed) < NOT_REACHED and self.reasons_left > 0:
            self.reasons_left -= 1
            if self._reasons(state, changed=False) != self._reasons(state, changed=True):
                return "because"
        return None

    def told(self, state: State) -> str | None:
        """Return by what a record tells the mutant from the rule."""
        seen = self._see(state)
        return self._told_by(state, *seen) if seen is not None else None

    def _reasons(self, state: State, *, changed: bool) -> tuple[str, ...]:
        example = self.bare_example(state)
        made = example_records(self.owner.policy, example, self.owner.vocabulary)
        assert isinstance(made, ExampleRecords)
        rule, policy = self.owner.rule, made.policy
        if changed:
            rule, policy = self.mutant.rule, assumed_policy(self.mutant.policy, example)
        results = evaluate_rule(rule, policy, made.records, made.as_of, reasons=False)
        return tuple(sorted({item.name for result in results for item in result.undecided}))

    # ------------------------------------------------------------------ the example

    def least(self, state: State, kind: str) -> State:
        """Return the record with as few changes to the typical one as tell the mutant from the rule in the same way."""
        simpler = True
        while simpler:
            simpler = False
            for tried in self._simpler(state):
                self.reasons_left = 1
                seen = self._see(tried)
                if seen is not None and self._told_by(tried, *seen) == kind:
                    state, simpler = tried, True
                    break
        return state

    def _simpler(self, state: State) -> Iterator[State]:
        example = self.bare_example(state)
        for path in example.given:
            rest = {other: value for other, value in example.given.items() if other != path}
            yield from self._described(replace(example, given=rest))
        for path in example.not_given:
            rest_of = tuple(other for other in example.not_given if other != path)
            yield from self._described(replace(example, not_given=rest_of))
        if example.as_of is not None:
            yield from self._described(replace(example, as_of=None))
        for name in state.parameters:
            yield replace(state, parameters={each: v for each, v in state.parameters.items() if each != name})
        for name in state.readings:
            yield replace(state, readings={each: v for each, v in state.readings.items() if each != name})

    def _described(self, example: Example) -> Iterator[State]:
        from pykala.quality.examples import PathError

        try:
            subject, others, as_of = example_data(self.owner.policy, example)
        except PathError:
            return
        yield State({**subject, **others}, as_of, example.parameters, example.readings)

    def bare_example(self, state: State) -> Example:
        """Return the example that describes a record, without what it expects."""
        typical = {name: value for name, value in self.owner.policy.typical.items() if name != "as_of"}
        changes = changes_between(typical, state.data)
        usual = self.owner.policy.typical.get("as_of", DEFAULT_AS_OF.isoformat())
        as_of = state.as_of if state.as_of.isoformat() != usual else None
        return Example(
            Text(),
            changes.given,
            changes.not_given,
            as_of,
            ("unknown",),
            False,
            None,
            None,
            (),
            self.owner.rule.source,
            self.owner.rule.span,
            state.parameters,
            state.readings,
        )

    def example(self, state: State, wanted: Sequence[Citation], kind: str) -> Example | None:
        """Return the example of a record with what the rule answers; None where it cannot be told as an example."""
        seen = self._see(state)
        if seen is None:
            return None
        answer = seen[0].answer
        alike = len(set(answer.verdicts)) == 1
        changed = seen[1].answer
        each = not alike or (kind == "verdict" and set(changed.verdicts) == set(answer.verdicts))
        verdicts = answer.verdicts if each else answer.verdicts[:1]
        made = replace(
            self.bare_example(state),
            expect=verdicts,
            each=each,
            tests=tuple(wanted[:1]),
            exception=next((name for name in answer.exceptions if name), None) if kind == "exception" else None,
            because=self._reasons(state, changed=False) if kind == "because" else None,
        )
        return made if self.owner.noticed_by(made, self.mutant) else None


def _names_in(given: object) -> Iterator[str]:
    """Yield the names of the fields that an example gives, those in its paths and inside its values."""
    match given:
        case Mapping():
            for name, value in given.items():
                yield from re.findall(r"[^\W\d]\w*", name)
                yield from _names_in(value)
        case list():
            for value in given:
                yield from _names_in(value)


def _one_exception(answer: Answer) -> bool:
    return len({name for name in answer.exceptions if name is not None}) == 1


def _exprs_from_the_change(policy: Policy, rule: Rule, mutant: Mutant) -> Iterable[core.Expr]:
    """Yield what the rule reads, the changed test and its definitions first, then its place, then the rest."""
    near: list[core.Expr] = []
    if mutant.site is not None:
        near.append(mutant.site)
    elif mutant.place.startswith("parameters."):
        name = mutant.place.removeprefix("parameters.")
        near += [expr for expr in _everything(policy, rule) if _reads_parameter(expr, name)]
    found = reads_of(policy, rule, near)
    own = [rule.definitions[name].expr for name in found["own"]]
    shared = [policy.definitions[name].expr for name in found["define"]]
    yield from (*near, *own, *shared)
    yield from _everything(policy, rule)


def _everything(policy: Policy, rule: Rule) -> list[core.Expr]:
    parts: list[core.Expr] = []
    for part in verdict_expressions(rule):
        parts += list(core.children(part)) if isinstance(part, core.Binder) else [part]
    found = reads_of(policy, rule, parts)
    parts += [rule.definitions[name].expr for name in found["own"]]
    return parts + [policy.definitions[name].expr for name in found["define"]]


def _reads_parameter(expr: core.Expr, name: str) -> bool:
    return any(isinstance(part, core.ParameterRead) and part.name == name for part in core.walk(expr))
