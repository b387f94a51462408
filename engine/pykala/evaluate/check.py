"""Records against a repository of policies: which version judges which record, with which others beside it.

In: records that fit their schemas. Out: results in the order of the records, then of the policy files, the
rules and the elements; and what is wrong with the call itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, assert_never

from pykala.evaluate.beside import Beside, origin_of
from pykala.evaluate.expression import Evaluation, evaluate_expression
from pykala.evaluate.result import Result, Undecided, WithReasons
from pykala.evaluate.rules import PolicyRules
from pykala.policy.model import Policy, Rule
from pykala.policy.versions import Missing, Uncovered, by_policy, select
from pykala.records.record import Found, Record, RecordProblem
from pykala.records.waiting import Waiting

JudgePolicy: TypeAlias = Callable[[Policy, Mapping[str, Record]], list[Result]]
"""How a version judges a record and those beside it."""


class Policies(Protocol):
    """What a check needs of a `PolicySet`."""

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Return the versions of all policies that records are judged by."""


@dataclass(frozen=True, slots=True)
class RecordVerdicts:
    """What the policies say of one record, in the order of the policy files, the rules and the elements."""

    record: Record
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A record that no policy judges and that none was judged with."""

    record: Record


Judgement: TypeAlias = RecordVerdicts | RecordProblem | Unjudged
"""What a check finds: the verdicts on a record, what is wrong with the input, a record that would else be lost."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that a check finds: the verdicts, what is wrong with the input, the date, and the versions that judged.

    `unjudged` are the records that no policy judges and that none was judged with, so that no record gets lost.
    """

    results: tuple[Result, ...]
    problems: tuple[RecordProblem, ...]
    as_of: datetime.date
    policies: tuple[Policy, ...]
    unjudged: tuple[Record, ...] = ()


def check_stream(
    policy_set: Policies,
    records: Iterable[Found],
    as_of: datetime.date,
    *,
    others: Iterable[Found] = (),
    only: str | None = None,
    reasons: WithReasons = True,
    bare: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Judgement]:
    """Yield the verdicts of every policy that applies on every record, one record after another.

    `records` and `others` may be longer than the memory holds: they are read first, since a record may be read
    beside one that came before, and wait on the disk if they are many. Records come in their order, with what is
    wrong before the verdicts; those that no policy judges come last. A policy finds the other records that it may
    read among `others` and the records themselves: by the id that one names the other with, else the only one of
    its kind. `only` judges by one policy: `id`, or `id@version` whatever the record's own date says. `progress` is
    told how many of how many records have been judged. `bare` verdicts come without what they hang on, amounts and
    reasons.
    """
    versions = _versions(policy_set.policies, only)
    rules: dict[str, PolicyRules] = {}

    def judge(policy: Policy, together: Mapping[str, Record]) -> list[Result]:
        if policy.name not in rules:
            rules[policy.name] = PolicyRules(policy)
        return rules[policy.name].evaluate(together, as_of, reasons=reasons, bare=bare)

    with Waiting({kind for group in versions for policy in group for kind in policy.with_records}) as waiting:
        for source, judged in ((others, False), (records, True)):
            for found in source:
                if isinstance(found, RecordProblem):
                    yield found
                else:
                    waiting.add(found, judged=judged)
        for done, (number, record) in enumerate(waiting.judged()):
            if progress is not None:
                progress(done, waiting.judged_count())
            yield from _check_record(versions, waiting, number, record, as_of, judge, forced="@" in (only or ""))
        yield from map(Unjudged, waiting.unmarked())


def _check_record(
    versions: Sequence[tuple[Policy, ...]],
    waiting: Waiting,
    number: int,
    record: Record,
    as_of: datetime.date,
    judge: JudgePolicy,
    *,
    forced: bool,
) -> Iterator[RecordVerdicts | RecordProblem]:
    """Yield what is wrong with a record and its verdicts; mark it and those beside it where there is either."""
    results: list[Result] = []
    problems: dict[RecordProblem, None] = {}
    beside = Beside(waiting, record)
    for group in versions:
        if group[0].record != record.kind:
            continue
        others = beside.of(group)
        if isinstance(others, RecordProblem):
            # A policy that surely does not concern the record needs none beside it.
            alone = {record.kind: record}
            if forced or not all(_applies(policy, alone, as_of).surely("broken") for policy in group):
                problems.setdefault(others)
            continue
        together = {record.kind: record, **{kind: other for kind, (_, other) in others.items()}}
        found = _judge(group, together, as_of, judge, forced=forced)
        if isinstance(found, RecordProblem):
            problems.setdefault(found)
        elif found:
            results += found
            for other, _ in others.values():
                waiting.mark(other)
    if results or problems:
        waiting.mark(number)
    yield from problems
    if results:
        yield RecordVerdicts(record, tuple(results))


def check_records(
    policy_set: Policies,
    records: Iterable[Found],
    as_of: datetime.date,
    *,
    others: Iterable[Found] = (),
    only: str | None = None,
    reasons: WithReasons = True,
) -> CheckReport:
    """Return all that `check_stream` finds at once, for records that are few enough to be held."""
    results: list[Result] = []
    problems: list[RecordProblem] = []
    unjudged: list[Record] = []
    for found in check_stream(policy_set, records, as_of, others=others, only=only, reasons=reasons):
        match found:
            case RecordVerdicts(_, verdicts):
                results += verdicts
            case RecordProblem():
                problems.append(found)
            case Unjudged(record):
                unjudged.append(record)
            case _:
                assert_never(found)
    used = {result.policy.name for result in results}
    policies = tuple(policy for policy in policy_set.policies if policy.name in used)
    return CheckReport(tuple(results), tuple(problems), as_of, policies, tuple(unjudged))


def _versions(policies: Sequence[Policy], only: str | None) -> list[tuple[Policy, ...]]:
    if only is not None and "@" in only:
        return [(policy,) for policy in policies if policy.name == only]
    return [group for name, group in by_policy(policies).items() if only in (None, name)]


# ---------------------------------------------------------------------- which version


def _judge(
    versions: tuple[Policy, ...],
    records: Mapping[str, Record],
    as_of: datetime.date,
    judge: JudgePolicy,
    *,
    forced: bool,
) -> list[Result] | RecordProblem:
    """Return the verdicts of the version that judges the record, or why none does (c18)."""
    subject = records[versions[0].record]
    chosen = versions[0] if forced else select(versions, records)
    match chosen:
        case Policy(rules=()):
            return []
        case Policy():
            applies = _applies(chosen, records, as_of)
            if applies.surely("broken"):
                return []
            if not applies.surely("met"):
                return [_for_policy(chosen, subject, applies)]
            return judge(chosen, records)
        case Missing(path, candidates):
            return _without_date(path, candidates, records, as_of)
        case Uncovered(_, path, words, candidates):
            if all(_applies(policy, records, as_of).surely("broken") for policy in candidates):
                return []
            hint = "a version that covers the date is missing from the policies, or the date is wrong"
            return RecordProblem(origin_of(subject), "no-version", path, words, hint)


def _without_date(
    path: str, candidates: Sequence[Policy], records: Mapping[str, Record], as_of: datetime.date
) -> list[Result]:
    """Return that each rule of the versions in question hangs on the date that picks one."""
    subject = records[candidates[0].record]
    applying = [(policy, _applies(policy, records, as_of)) for policy in candidates]
    applying = [(policy, applies) for policy, applies in applying if policy.rules]
    possible = [policy for policy, applies in applying if not applies.surely("broken")]
    if not possible:
        return []
    if all(not applies.surely("met") for policy, applies in applying if policy in possible):
        latest = next(each for each in reversed(applying) if not each[1].surely("broken"))
        return [_for_policy(latest[0], subject, latest[1])]
    rules: dict[str, tuple[Policy, Rule]] = {}
    for policy in reversed(possible):
        for rule in policy.rules:
            rules.setdefault(rule.id, (policy, rule))
    undecided = (Undecided("fact", path, True),)
    return [
        Result(origin_of(subject), subject.id, policy, rule, "unknown", undecided=undecided)
        for policy, rule in rules.values()
    ]


def _applies(policy: Policy, records: Mapping[str, Record], as_of: datetime.date) -> Evaluation:
    if policy.applies_to is None:
        return Evaluation(frozenset({"met"}), None, frozenset())
    return evaluate_expression(
        policy.applies_to,
        records,
        as_of,
        definitions={name: definition.expr for name, definition in policy.definitions.items()},
        parameters={name: parameter.value for name, parameter in policy.parameters.items()},
        readings={name: (tuple(reading.options), reading.chosen) for name, reading in policy.readings.items()},
        subject=policy.record,
        source=policy.source,
    )


def _for_policy(policy: Policy, subject: Record, applies: Evaluation) -> Result:
    undecided = tuple(Undecided(c.kind, c.name, len(applies.causes) == 1) for c in sorted(applies.causes))
    rule = policy.rules[0]
    return Result(origin_of(subject), subject.id, policy, rule, "unknown", undecided=undecided, for_policy=True)
