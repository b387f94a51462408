"""One rule on one set of records: verdicts, what they hang on, amounts, reasons.

The rule is evaluated once for each combination of the open readings that it uses; the verdicts that these
can give are united (c8), and settled as one (c5).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from pykala.evaluate.expression import readings_in
from pykala.evaluate.facts import Guess, Notes, Shared, World
from pykala.evaluate.interpreter import Interpreter
from pykala.evaluate.nearest import nearest_change
from pykala.evaluate.outcomes import (
    BROKEN,
    FALSE,
    MET,
    NOTHING,
    TRUE,
    Causes,
    Truth,
    all_of,
    any_of,
    latest_due,
    parts_that_matter,
    possible_verdicts,
    settle,
)
from pykala.evaluate.recording import Recorder
from pykala.evaluate.result import Cause, Contested, Nearest, Reason, Result, Undecided, WithReasons, tells
from pykala.evaluate.undecided import MOST_TRIES, Assumed, Judge, list_undecided, values_to_try
from pykala.evaluate.values import Element, Member, Neighbours, Thing, Things, Unknown, known
from pykala.policy.model import Definition, Policy, Rule, Verdict
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.typesys import BoolType, EnumType, ListType, Type

_WHOLE = Member(True, "")
"""What a rule without `for each` judges."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one combination of readings gives."""

    verdicts: frozenset[Verdict]
    causes: Causes
    due: datetime.date | None
    exception: str | None


@dataclass(frozen=True, slots=True)
class _Settled:
    verdict: Verdict
    causes: Causes
    due: datetime.date | None
    exception: str | None


_NOT_APPLICABLE = _Judged(frozenset({"not_applicable"}), NOTHING, None, None)
_UNKNOWN = _Judged(frozenset({"unknown"}), NOTHING, None, None)


def evaluate_rule(
    rule: Rule, policy: Policy, records: Mapping[str, Record], as_of: datetime.date, *, reasons: WithReasons = True
) -> list[Result]:
    """Return the verdicts of a rule: one, or one for each element of its list in the order of the record.

    `records` holds by kind the subject and those of `with` that are given.
    """
    return _Run(_plan(rule, policy), policy, _world(rule, policy, records, as_of)).results(reasons)


def judge_rule(
    rule: Rule,
    policy: Policy,
    records: Mapping[str, Record],
    as_of: datetime.date,
    *,
    interpreter: Callable[..., Interpreter] = Interpreter,
) -> list[Result]:
    """Return the verdicts of a rule alone: with due dates and exceptions, without what they hang on, amounts and reasons.

    `interpreter` evaluates its parts: one that watches shows what becomes of them.
    """
    world = _world(rule, policy, records, as_of)
    return _Run(_plan(rule, policy), policy, world, bare=True, interpreter=interpreter).results(False)


def _world(rule: Rule, policy: Policy, records: Mapping[str, Record], as_of: datetime.date) -> World:
    parameters = {name: parameter.value for name, parameter in policy.parameters.items()}
    return World(policy.record, records, as_of, policy.definitions, rule.definitions, parameters)


class PolicyRules:
    """The rules of a policy, ready for one record after another: what they hang on is found out once."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._parameters = {name: parameter.value for name, parameter in policy.parameters.items()}
        exprs = _exprs(policy.definitions)
        self._readings = {name: tuple(sorted(readings_in([expr], exprs, {}))) for name, expr in exprs.items()}
        self._plans = [_plan(rule, policy) for rule in policy.rules]

    def evaluate(
        self, records: Mapping[str, Record], as_of: datetime.date, *, reasons: WithReasons = True, bare: bool = False
    ) -> list[Result]:
        """Return the verdicts of all rules as `evaluate_rule` gives them, or as `judge_rule` does where `bare`."""
        policy = self.policy
        world = World(policy.record, records, as_of, policy.definitions, {}, self._parameters)
        world = replace(world, shared=Shared(self._readings))
        results = []
        for plan in self._plans:
            own = replace(world, rule_definitions=plan.rule.definitions)
            results += _Run(plan, policy, own, bare=bare).results(False if bare else reasons)
        return results


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known of a rule before any record: the readings that it hangs on, the values that its messages show."""

    rule: Rule
    open: tuple[str, ...]
    chosen: Mapping[str, str]
    of_list: frozenset[str]
    """The readings that the list of `for each` hangs on."""
    shown: tuple[core.Expr, ...]


def _plan(rule: Rule, policy: Policy) -> _Plan:
    used = readings_used(rule, policy)
    chosen = {name: chosen for name in used if (chosen := policy.readings[name].chosen) is not None}
    of_list: set[str] = set()
    if rule.for_each is not None and chosen:
        of_list = readings_in([rule.for_each], _exprs(policy.definitions), _exprs(rule.definitions))
    shown = dict.fromkeys(part.value for parts in rule.message.values() for part in parts if part.value is not None)
    return _Plan(rule, tuple(name for name in used if name not in chosen), chosen, frozenset(of_list), tuple(shown))


class _Run:
    def __init__(
        self,
        plan: _Plan,
        policy: Policy,
        world: World,
        *,
        bare: bool = False,
        interpreter: Callable[..., Interpreter] = Interpreter,
    ) -> None:
        self.bare, self.interpreter = bare, interpreter
        self.plan, self.rule, self.policy, self.world = plan, plan.rule, policy, world
        self.record = world.records[policy.record]
        self.open, self.chosen = plan.open, plan.chosen
        self._recorders: dict[tuple[tuple[str, str], ...], Recorder] = {}

    # ------------------------------------------------------------------ results

    def results(self, reasons: WithReasons) -> list[Result]:
        runs = list(self._interpreters())
        if self.rule.for_each is None:
            return [self._result(_WHOLE, runs, [TRUE] * len(runs), reasons, contested=not self.bare)]
        lists = [run.bound(self.rule.for_each) for _, run in runs]
        if any(isinstance(things, Unknown) for things in lists):
            return [self._without_list(reasons)]
        found = [_by_path(things) for things in lists]
        results = []
        for member in _merged([*found, *self._lists_otherwise()]):
            belongs = [own[member.path].belongs if member.path in own else FALSE for own in found]
            inside = any(member.path in own for own in found)
            result = self._result(member, runs, belongs, reasons, contested=not (self.bare and inside))
            if inside or result.contested:
                results.append(result)
        return results or [Result(self._origin, self.record.id, self.policy, self.rule, "not_applicable")]

    def _without_list(self, reasons: WithReasons) -> Result:
        """Return the one result of a rule whose list is not known: it may still be certain that it does not apply."""
        notes = Notes()
        settled = self._unseen(self._interpreters(notes=notes))
        undecided: tuple[Undecided, ...] = ()
        reason = None
        if settled.verdict == "unknown" and not self.bare:

            def judge(assumed: Assumed) -> tuple[Verdict, Causes]:
                found = self._unseen(self._interpreters(assumed, notes=notes))
                return found.verdict, found.causes

            tries = values_to_try(settled.causes, notes, self.policy.readings, self.world.as_of)
            undecided = _marked(list_undecided(settled.causes, judge, tries), notes)
        elif reasons is True:
            readings = {name: next(iter(self.policy.readings[name].options)) for name in self.open}
            reason = self._reason(Member(Unknown(NOTHING), ""), [(readings, _NOT_APPLICABLE)], settled.verdict)
        return Result(
            self._origin, self.record.id, self.policy, self.rule, settled.verdict, undecided=undecided, reason=reason
        )

    def _unseen(self, runs: Iterable[tuple[dict[str, str], Interpreter]]) -> _Settled:
        """Settle a rule whose elements are not known: it does not apply where `when` is false for any of them.

        Once the list is known each element has a verdict of its own, so that nothing is left to settle here.
        """
        judged = []
        for readings, run in runs:
            run.enter(None, None)
            things = run.bound(self.rule.for_each) if self.rule.for_each is not None else Things(())
            own = _NOT_APPLICABLE
            if isinstance(things, Unknown):
                self._enter(run, Member(things, ""))
                when = self._truth(run, self.rule.when, TRUE)
                if when.mask != BROKEN:
                    own = replace(_UNKNOWN, causes=things.causes | when.causes)
            judged.append((readings, own))
        return self._settle(judged)

    def _lists_otherwise(self) -> Iterator[dict[str, Member]]:
        """Yield the elements that there would be if a chosen reading that the list hangs on were chosen otherwise."""
        binder = self.rule.for_each
        if binder is None or not self.plan.of_list:
            return
        for name, option in self._alternatives():
            if name in self.plan.of_list:
                for _, run in self._interpreters(chosen={name: option}):
                    yield _by_path(run.bound(binder))

    @property
    def _origin(self) -> str:
        return self.record.origin or self.record.kind

    def _result(
        self,
        member: Member,
        runs: list[tuple[dict[str, str], Interpreter]],
        belongs: list[Truth],
        reasons: WithReasons,
        *,
        contested: bool,
    ) -> Result:
        judged = []
        for (readings, run), own in zip(runs, belongs, strict=True):
            self._enter(run, member)
            judged.append((readings, self._judge(run, own)))
        settled = self._settle(judged)
        name = None if member is _WHOLE else member.path
        first = runs[0][1]
        amounts = ({}, {}) if self.bare else self._amounts([run for _, run in runs], settled.verdict)
        nearest: Nearest | None = None
        if settled.verdict == "fail" and len(runs) == 1 and not self.bare:
            nearest = nearest_change(first, self.rule.require)
        others = tuple(self._contested(member, settled.verdict)) if contested else ()
        told = tells(settled.verdict, others) if reasons == "telling" else reasons
        return Result(
            record=self._origin,
            record_id=self.record.id,
            policy=self.policy,
            rule=self.rule,
            verdict=settled.verdict,
            at=name,
            element_key=None if name is None else self._key(member.value),
            due=settled.due,
            exception=settled.exception,
            undecided=self._undecided(member, settled) if settled.verdict == "unknown" and not self.bare else (),
            contested=others,
            values=amounts[0],
            message_values=amounts[1],
            reason=self._reason(member, judged, settled.verdict) if told else None,
            nearest=nearest,
        )

    def _key(self, value: Thing) -> core.Value | None:
        """Return what people know the element by; of a pair of neighbours, the later one's."""
        binder = self.rule.for_each
        collection = binder.collection if binder else None
        if isinstance(collection, core.Pairs):
            collection = collection.collection
        if isinstance(value, Neighbours):
            value = value.next
        kind = collection.type if collection is not None else None
        if isinstance(value, Element) and isinstance(kind, ListType) and kind.identified_by:
            key = value.data.get(kind.identified_by)
            return key if key is None or not isinstance(key, dict | list) else None
        return known(value)

    # ------------------------------------------------------------------ verdicts

    def _interpreters(
        self, assumed: Assumed | None = None, chosen: Mapping[str, str] | None = None, notes: Notes | None = None
    ) -> Iterator[tuple[dict[str, str], Interpreter]]:
        """Yield an interpreter for each combination of the open readings, with what is assumed or chosen otherwise."""
        assumed = assumed or {}
        fixed = {**self.chosen, **(chosen or {})}
        options = [self._options(name, assumed) for name in self.open]
        for combination in product(*options):
            readings = dict(zip(self.open, combination, strict=True))
            yield (
                readings,
                self.interpreter(
                    self.world, {**fixed, **readings}, source=self.rule.source, assumed=assumed, notes=notes
                ),
            )

    def _options(self, name: str, assumed: Assumed) -> tuple[str, ...]:
        tried = assumed.get(Cause("reading", name))
        return (tried,) if isinstance(tried, str) else tuple(self.policy.readings[name].options)

    def _enter(self, run: Interpreter, member: Member) -> None:
        binder = self.rule.for_each
        run.enter(binder.name if binder else None, member.value)

    def _again(self, member: Member, runs: Iterable[tuple[dict[str, str], Interpreter]]) -> _Settled:
        """Judge an element in other circumstances; whether it belongs to the list is found anew."""
        judged = []
        for readings, run in runs:
            run.enter(None, None)
            belongs = all_of([run.passes(binder, member) for binder in member.filters])
            self._enter(run, member)
            judged.append((readings, self._judge(run, belongs)))
        return self._settle(judged)

    def _judge(self, run: Interpreter, belongs: Truth) -> _Judged:
        """Return the verdicts that the parts of the rule leave possible (c5), taken as independent."""
        rule = self.rule
        if belongs.mask == BROKEN:
            return _NOT_APPLICABLE
        when = self._truth(run, rule.when, TRUE)
        if when.mask == BROKEN:
            return _NOT_APPLICABLE
        require = self._truth(run, rule.require, TRUE)
        tried: list[Truth] = []
        holds: str | None = None
        pending = FALSE
        if require.mask != MET:
            for exception in rule.unless:
                run.source = exception.source
                tried.append(run.truth(exception.condition))
                if tried[-1].mask == MET:
                    holds = exception.name
                    break
            if holds is None:
                pending = self._truth(run, rule.pending_while, FALSE)
        parts = (belongs, when, require, any_of(tried), pending)
        masks = tuple(part.mask for part in parts)
        verdicts = possible_verdicts(*masks)
        causes = NOTHING
        if len(verdicts) > 1:
            matter = parts_that_matter(*masks)
            causes = _union(part.causes for part, matters in zip(parts, matter, strict=True) if matters)
        due = latest_due((require, *tried)) if "pending" in verdicts else None
        return _Judged(verdicts, causes, due, holds)

    def _truth(self, run: Interpreter, expr: core.Expr | None, default: Truth) -> Truth:
        if expr is None:
            return default
        run.source = self.rule.source
        return run.truth(expr)

    def _settle(self, judged: list[tuple[dict[str, str], _Judged]]) -> _Settled:
        verdicts: frozenset[Verdict] = frozenset().union(*(each.verdicts for _, each in judged))
        verdict = settle(verdicts)
        causes = NOTHING
        if verdict == "unknown":
            causes = _union(each.causes for _, each in judged) | _readings_that_matter(judged)
        due = min((each.due for _, each in judged if each.due), default=None) if verdict == "pending" else None
        held = {each.exception for _, each in judged}
        exception = None
        if verdict == "excused":
            exception = next((item.name for item in self.rule.unless if item.name in held), None)
        return _Settled(verdict, causes, due, exception)

    # ------------------------------------------------------------------ what it hangs on

    def _undecided(self, member: Member, settled: _Settled) -> tuple[Undecided, ...]:
        notes = Notes()
        self._again(member, self._interpreters(notes=notes))
        tries = values_to_try(settled.causes, notes, self.policy.readings, self.world.as_of)

        def judge(assumed: Assumed) -> tuple[Verdict, Causes]:
            found = self._again(member, self._interpreters(assumed, notes=notes if _guesses(assumed) else None))
            return found.verdict, found.causes

        causes = settled.causes | self._readings_behind(settled.causes, judge, tries)
        if len(causes) == 1:
            # Only where every value can be tried is it certain that a single cause does not decide.
            tries = {cause: tried for cause, tried in tries.items() if _is_small(notes.types.get(cause))}
        elif causes != settled.causes:
            tries = values_to_try(causes, notes, self.policy.readings, self.world.as_of)
        return _marked(list_undecided(causes, judge, tries), notes)

    def _readings_behind(self, causes: Causes, judge: Judge, tries: Mapping[Cause, Sequence[Thing | Guess]]) -> Causes:
        """Return the open readings that the verdict comes to hang on once a missing fact is given.

        While the fact is missing each option leaves the same verdicts possible, so that they do not show before.
        """
        hidden = frozenset(Cause("reading", name) for name in self.open) - causes
        found = NOTHING
        values = ((cause, value) for cause, tried in tries.items() for value in tried)
        for cause, value in islice(values, MOST_TRIES):
            if found == hidden:
                break
            found |= hidden & judge({cause: value})[1]
        return found

    def _contested(self, member: Member, verdict: Verdict) -> Iterator[Contested]:
        for name, option in self._alternatives():
            other = self._again(member, self._interpreters(chosen={name: option})).verdict
            if other != verdict:
                yield Contested(name, option, other)

    def _alternatives(self) -> Iterator[tuple[str, str]]:
        """Yield the options of chosen readings that were not chosen."""
        for name, chosen in self.chosen.items():
            for option in self.policy.readings[name].options:
                if option != chosen:
                    yield name, option

    # ------------------------------------------------------------------ amounts and reasons

    def _amounts(
        self, runs: list[Interpreter], verdict: Verdict
    ) -> tuple[dict[str, tuple[core.Value | None, Type]], dict[core.Expr, core.Value | None]]:
        """Return the computed amounts and the values of a deviation's message.

        Each is None unless every reading gives the same.
        """
        if verdict == "not_applicable":
            return {}, {}
        values: dict[str, tuple[core.Value | None, Type]] = {
            name: (_agreed(runs, item.expr, item), item.expr.type) for name, item in self.rule.computes.items()
        }
        shown = self.plan.shown if verdict == "fail" else ()
        return values, {expr: _agreed(runs, expr, None) for expr in shown}

    def _reason(self, member: Member, judged: list[tuple[dict[str, str], _Judged]], verdict: Verdict) -> Reason | None:
        """Return the steps under the readings that give the verdict, or under the first ones where none alone does."""
        if member is not _WHOLE and verdict == "not_applicable" and self.rule.when is None:
            return None
        readings = next((each for each, own in judged if settle(own.verdicts) == verdict), judged[0][0])
        recorder = self._recorder(readings)
        self._enter(recorder, member)
        rule = self.rule
        when = recorder.record(rule.when, rule.source) if rule.when is not None else None
        if when is not None and when[0].mask == BROKEN:
            return Reason(when[1], None, (), None)
        truth, require = recorder.record(rule.require, rule.source)
        unless = []
        pending = None
        if truth.mask != MET:
            for exception in rule.unless:
                truth, step = recorder.record(exception.condition, exception.source)
                unless.append((exception, step))
                if truth.mask == MET:
                    break
            else:
                if rule.pending_while is not None:
                    pending = recorder.record(rule.pending_while, rule.source)[1]
        return Reason(when[1] if when else None, require, tuple(unless), pending)

    def _recorder(self, readings: dict[str, str]) -> Recorder:
        """Return the recorder of a combination of readings, which keeps the policy's definitions between elements."""
        key = tuple(readings.items())
        if key not in self._recorders:
            self._recorders[key] = Recorder(self.world, {**self.chosen, **readings}, source=self.rule.source)
        return self._recorders[key]


def _agreed(runs: list[Interpreter], expr: core.Expr, definition: Definition | None) -> core.Value | None:
    values = []
    for run in runs:
        if definition is not None:
            run.source = definition.source
        values.append(known(run.value(expr)))
    return values[0] if all(value == values[0] for value in values) else None


def _is_small(kind: Type | None) -> bool:
    return isinstance(kind, BoolType | EnumType)


def _guesses(assumed: Assumed) -> bool:
    return any(isinstance(value, Guess) for value in assumed.values())


def _union(causes: Iterable[Causes]) -> Causes:
    return NOTHING.union(*causes)


def _by_path(things: Things | Unknown) -> dict[str, Member]:
    return {member.path: member for member in things.members} if isinstance(things, Things) else {}


def _merged(found: list[dict[str, Member]]) -> list[Member]:
    """Return the members of all lists in the order of the first; those that only a later one has stand after their neighbour."""
    order = list(found[0])
    for own in found[1:]:
        at = 0
        for path in own:
            if path in order:
                at = order.index(path) + 1
            else:
                order.insert(at, path)
                at += 1
    return [next(own[path] for own in found if path in own) for path in order]


def _readings_that_matter(judged: list[tuple[dict[str, str], _Judged]]) -> Causes:
    """Return the open readings whose options give different verdicts, the other readings being the same."""
    found = set()
    for name in judged[0][0]:
        groups: dict[tuple[tuple[str, str], ...], set[frozenset[Verdict]]] = {}
        for readings, own in judged:
            rest = tuple(item for item in readings.items() if item[0] != name)
            groups.setdefault(rest, set()).add(own.verdicts)
        if any(len(verdicts) > 1 for verdicts in groups.values()):
            found.add(Cause("reading", name))
    return frozenset(found)


def _marked(undecided: tuple[Undecided, ...], notes: Notes) -> tuple[Undecided, ...]:
    """Return the causes, those marked that are recorded but lie ahead of the check."""
    return tuple(replace(each, ahead=Cause(each.kind, each.name) in notes.ahead) for each in undecided)


def readings_used(rule: Rule, policy: Policy) -> tuple[str, ...]:
    """Return the readings that a rule's verdict, amounts and message ask for, in the policy's order."""
    exprs: list[core.Expr | core.Binder] = [rule.require, *(exception.condition for exception in rule.unless)]
    exprs += [part for part in (rule.for_each, rule.when, rule.pending_while) if part is not None]
    exprs += [definition.expr for definition in rule.computes.values()]
    exprs += [part.value for parts in rule.message.values() for part in parts if part.value is not None]
    found = readings_in(exprs, _exprs(policy.definitions), _exprs(rule.definitions))
    return tuple(name for name in policy.readings if name in found)


def _exprs(definitions: Mapping[str, Definition]) -> dict[str, core.Expr]:
    return {name: definition.expr for name, definition in definitions.items()}
