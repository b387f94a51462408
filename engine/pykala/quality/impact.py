"""Whose verdicts a change turns: both sides judge the same records, and what differs is counted by rule and direction.

In: two sides, and a way to read the records as often as they are needed. Out: an `Impact` as data. The records are
judged one after another; kept are the verdicts of the first side, and in the end the records of a few examples.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pykala.evaluate.check import RecordVerdicts, Unjudged, check_stream
from pykala.evaluate.result import Result
from pykala.policy.loader import PolicySet
from pykala.policy.model import Policy, Verdict
from pykala.quality.diff import diff_policies
from pykala.records.record import Found, RecordProblem

SHOWN = 3
Outcome: TypeAlias = Verdict | Literal["none"]
"""A verdict, or `none` where a side has no such rule, or does not judge the record by it."""
RuleName: TypeAlias = tuple[str, str]
"""The policy's id and the rule's id, those of the second side."""
Direction: TypeAlias = tuple[Outcome, Outcome]
Reader: TypeAlias = Callable[[PolicySet], Iterable[Found]]
"""Reads the records anew, by the vocabulary of a side."""


@dataclass(frozen=True, slots=True)
class ImpactSide:
    """One side: its policies, and the policy (`id` or `id@version`) that judges alone, where one does."""

    name: str
    policies: PolicySet
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """One verdict that differs: the record, the element, and the result of each side, with its reason."""

    record_id: str
    record: str
    at: str | None
    before: Result | None
    after: Result | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One direction in which verdicts of a rule turn: how many, of which records, and a few examples."""

    direction: Direction
    verdicts: int
    records: tuple[str, ...]
    examples: tuple[Turned, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleImpact:
    """What a change does to one rule. `rule` is of the second side where it is there."""

    policy: Policy
    rule_id: str
    turns: tuple[Turn, ...]

    @property
    def name(self) -> str:
        """Return `policy/rule`."""
        return f"{self.policy.id}/{self.rule_id}"

    @property
    def records(self) -> int:
        """Return how many records have a verdict of the rule that turns."""
        return len({record for turn in self.turns for record in turn.records})


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change does to the verdicts on a case book."""

    before: str
    after: str
    as_of: datetime.date
    records: int
    """How many records either side judged."""
    turned: int
    """How many of them have a verdict that differs."""
    rules: tuple[RuleImpact, ...]
    problems: tuple[RecordProblem, ...]


@dataclass(slots=True)
class _Count:
    verdicts: int = 0
    records: dict[str, None] = field(default_factory=dict)
    shown: list[tuple[str, str | None]] = field(default_factory=list)


_Verdicts: TypeAlias = dict[tuple[RuleName, str | None], Verdict]


def impact(
    before: ImpactSide,
    after: ImpactSide,
    read: Reader,
    as_of: datetime.date,
    *,
    others: Reader | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Impact:
    """Return whose verdicts differ between two sides, and why.

    `others` reads the records that rules may read beside the subjects. The records are read once for each side, and
    once more for the reasons of the examples.
    """
    renamed = _renamed(before, after)
    problems: dict[RecordProblem, None] = {}
    first: dict[tuple[str, str], _Verdicts] = {}
    for found in _judged(before, read, others, as_of, problems, progress):
        first[found.record.kind, found.record.id] = _verdicts(found.results, renamed)
    counts: dict[RuleName, dict[Direction, _Count]] = {}
    policies = {policy.id: policy for side in (before, after) for policy in side.policies.policies}
    judged = len(first)
    turned: set[tuple[str, str]] = set()

    def compare(key: tuple[str, str], old: _Verdicts, new: _Verdicts) -> None:
        for (rule, at), direction in _differences(old, new):
            turned.add(key)
            count = counts.setdefault(rule, {}).setdefault(direction, _Count())
            count.verdicts += 1
            count.records[key[1]] = None
            if len(count.shown) < SHOWN and all(record != key[1] for record, _ in count.shown):
                count.shown.append((key[1], at))

    for found in _judged(after, read, others, as_of, problems, progress):
        key = (found.record.kind, found.record.id)
        judged += key not in first
        compare(key, first.pop(key, {}), _verdicts(found.results, {}))
    for key, old in first.items():  # what the second side does not judge at all
        compare(key, old, {})
    wanted = {record for by in counts.values() for count in by.values() for record, _ in count.shown}
    reasons = [
        _reasons(side, read, others, as_of, wanted, names) if wanted else {}
        for side, names in ((before, renamed), (after, {}))
    ]
    return Impact(
        before.name,
        after.name,
        as_of,
        judged,
        len(turned),
        tuple(_rules(counts, policies, after, reasons[0], reasons[1])),
        tuple(problems),
    )


def _judged(
    side: ImpactSide,
    read: Reader,
    others: Reader | None,
    as_of: datetime.date,
    problems: dict[RecordProblem, None],
    progress: Callable[[int, int], None] | None,
    *,
    reasons: bool = False,
) -> Iterator[RecordVerdicts]:
    beside = others(side.policies) if others is not None else ()
    stream = check_stream(
        side.policies,
        read(side.policies),
        as_of,
        others=beside,
        only=side.only,
        bare=not reasons,
        reasons=reasons,
        progress=progress,
    )
    for found in stream:
        match found:
            case RecordVerdicts():
                yield found
            case RecordProblem():
                problems.setdefault(found)
            case Unjudged():
                pass


def _verdicts(results: Iterable[Result], renamed: Mapping[RuleName, RuleName]) -> _Verdicts:
    found: _Verdicts = {}
    for result in results:
        rules = result.policy.rules if result.for_policy else (result.rule,)
        for rule in rules:
            name = (result.policy.id, rule.id)
            found[renamed.get(name, name), result.at] = result.verdict
    return found


def _differences(old: _Verdicts, new: _Verdicts) -> Iterator[tuple[tuple[RuleName, str | None], Direction]]:
    """Yield the verdicts that differ. An element that one side leaves out does not concern its rule."""
    rules = [{rule for rule, _ in side} for side in (old, new)]
    for key in dict.fromkeys((*new, *old)):
        rule, _ = key
        one: Outcome = old.get(key) or ("not_applicable" if rule in rules[0] else "none")
        other: Outcome = new.get(key) or ("not_applicable" if rule in rules[1] else "none")
        if one != other:
            yield key, (one, other)


def _renamed(before: ImpactSide, after: ImpactSide) -> dict[RuleName, RuleName]:
    """Return the rules of the first side that have another id on the second, and the same meaning."""
    found: dict[RuleName, RuleName] = {}
    for old, new in _pairs(before, after):
        for change in diff_policies(old, new).rules:
            if change.before is not None and change.after is not None and change.before.id != change.after.id:
                found[old.id, change.before.id] = (new.id, change.after.id)
    return found


def _pairs(before: ImpactSide, after: ImpactSide) -> Iterator[tuple[Policy, Policy]]:
    def of(side: ImpactSide) -> dict[str, Policy]:
        versioned = "@" in (side.only or "")
        return {
            policy.id if versioned else policy.name: policy
            for policy in side.policies.policies
            if side.only in (None, policy.id, policy.name)
        }

    old, new = of(before), of(after)
    return ((old[name], new[name]) for name in old if name in new)


_Reasons: TypeAlias = dict[tuple[str, RuleName, str | None], Result]


def _reasons(
    side: ImpactSide,
    read: Reader,
    others: Reader | None,
    as_of: datetime.date,
    wanted: set[str],
    renamed: Mapping[RuleName, RuleName],
) -> _Reasons:
    """Return the results of the example records on a side, with their reasons."""

    def only_wanted(policies: PolicySet) -> Iterator[Found]:
        return (found for found in read(policies) if not isinstance(found, RecordProblem) and found.id in wanted)

    def beside(policies: PolicySet) -> Iterator[Found]:
        # Any record of the call may stand beside an example.
        if others is not None:
            yield from others(policies)
        kinds = {kind for policy in policies.policies for kind in policy.with_records}
        for found in read(policies):
            if not isinstance(found, RecordProblem) and found.kind in kinds and found.id not in wanted:
                yield found

    found: _Reasons = {}
    for verdicts in _judged(side, only_wanted, beside, as_of, {}, None, reasons=True):
        for result in verdicts.results:
            for rule in result.policy.rules if result.for_policy else (result.rule,):
                name = (result.policy.id, rule.id)
                found[result.record_id, renamed.get(name, name), result.at] = result
    return found


def _rules(
    counts: Mapping[RuleName, Mapping[Direction, _Count]],
    policies: Mapping[str, Policy],
    after: ImpactSide,
    old: _Reasons,
    new: _Reasons,
) -> Iterator[RuleImpact]:
    order = {
        (policy.id, rule.id): at
        for at, (policy, rule) in enumerate((p, r) for p in after.policies.policies for r in p.rules)
    }
    for name in sorted(counts, key=lambda each: (order.get(each, len(order)), each)):
        turns = []
        for direction, count in sorted(counts[name].items(), key=lambda item: (-len(item[1].records), item[0])):
            examples = []
            for record_id, at in count.shown:
                pair = [_result(results, record_id, name, at) for results in (old, new)]
                known = pair[1] or pair[0]
                if known is not None:
                    examples.append(Turned(record_id, known.record, at, pair[0], pair[1]))
            turns.append(Turn(direction, count.verdicts, tuple(count.records), tuple(examples)))
        versions = after.policies.versions(name[0])
        yield RuleImpact(versions[-1] if versions else policies[name[0]], name[1], tuple(turns))


def _result(results: _Reasons, record_id: str, rule: RuleName, at: str | None) -> Result | None:
    return results.get((record_id, rule, at)) or results.get((record_id, rule, None))


# ---------------------------------------------------------------------- what was meant


@dataclass(frozen=True, slots=True)
class Expected:
    """A change that was meant. `records`: how many, where the file says it."""

    rule: str
    direction: Direction
    records: int | None = None


def unexpected(found: Impact, expected: Iterable[Expected]) -> tuple[list[Expected], list[Expected]]:
    """Return the changes that nobody meant, and those that were meant and do not come (in that number)."""
    wanted = {(item.rule, item.direction): item for item in expected}
    got = {(rule.name, turn.direction): len(turn.records) for rule in found.rules for turn in rule.turns}
    surplus = [
        Expected(rule, direction, count)
        for (rule, direction), count in got.items()
        if (rule, direction) not in wanted or wanted[rule, direction].records not in (None, count)
    ]
    missing = [item for key, item in wanted.items() if key not in got or item.records not in (None, got[key])]
    return surplus, missing
