"""Records against a repository of policies: which version judges which record, with which others beside it.

In: records that fit their schemas. Out: results in the order of the records, then of the policy files, the
rules and the elements; and what is wrong with the call itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pykala.evaluate.expression import Evaluation, evaluate_expression
from pykala.evaluate.result import Result, Undecided
from pykala.evaluate.rules import evaluate_rule
from pykala.policy.model import Policy, Rule
from pykala.policy.versions import Missing, Uncovered, by_policy, select
from pykala.records.record import Record, RecordProblem


class Policies(Protocol):
    """What a check needs of a `PolicySet`."""

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Return the versions of all policies that records are judged by."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check returns: the verdicts, what is wrong with the input, the date, and the versions that judged.

    `unjudged` are the records that no policy judges and that none was judged with, so that no record gets lost.
    """

    results: tuple[Result, ...]
    problems: tuple[RecordProblem, ...]
    as_of: datetime.date
    policies: tuple[Policy, ...]
    unjudged: tuple[Record, ...] = ()

    def with_problems(self, problems: Iterable[RecordProblem]) -> CheckReport:
        """Return the report with more problems, those of reading the records, before its own."""
        return replace(self, problems=(*problems, *self.problems))


def check_records(
    policy_set: Policies,
    records: Sequence[Record],
    as_of: datetime.date,
    *,
    others: Sequence[Record] = (),
    only: str | None = None,
    reasons: bool = True,
) -> CheckReport:
    """Return the verdicts of every policy that applies on every record.

    A policy finds the other records that it may read among `others` and the records themselves: by the id that
    one names the other with, else the only one of its kind. `only` judges by one policy: `id`, or `id@version`
    whatever the record's own date says.
    """
    versions = _versions(policy_set.policies, only)
    pool = _Pool(records, others)
    results: list[Result] = []
    problems: dict[RecordProblem, None] = {}
    used: dict[str, Policy] = {}
    seen: set[tuple[str, str]] = set()
    for record in records:
        for group in versions:
            if group[0].record != record.kind:
                continue
            beside = pool.beside(record, group)
            if isinstance(beside, RecordProblem):
                problems.setdefault(beside)
                seen.add((record.kind, record.id))
                continue
            found = _judge(group, beside, as_of, reasons, forced="@" in (only or ""))
            if isinstance(found, RecordProblem):
                problems.setdefault(found)
                seen.add((record.kind, record.id))
                continue
            if found:
                seen.update((other.kind, other.id) for other in beside.values())
            results.extend(found)
            used.update({result.policy.name: result.policy for result in found})
    ordered = tuple(policy for policy in policy_set.policies if policy.name in used)
    unjudged = tuple(record for record in records if (record.kind, record.id) not in seen)
    return CheckReport(tuple(results), tuple(problems), as_of, ordered, unjudged)


def _versions(policies: Sequence[Policy], only: str | None) -> list[tuple[Policy, ...]]:
    if only is not None and "@" in only:
        return [(policy,) for policy in policies if policy.name == only]
    return [group for name, group in by_policy(policies).items() if only in (None, name)]


# ---------------------------------------------------------------------- which version


def _judge(
    versions: tuple[Policy, ...], records: Mapping[str, Record], as_of: datetime.date, reasons: bool, *, forced: bool
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
            return [
                result
                for rule in chosen.rules
                for result in evaluate_rule(rule, chosen, records, as_of, reasons=reasons)
            ]
        case Missing(path, candidates):
            return _without_date(path, candidates, records, as_of)
        case Uncovered(_, path, words, candidates):
            if all(_applies(policy, records, as_of).surely("broken") for policy in candidates):
                return []
            hint = "a version that covers the date is missing from the policies, or the date is wrong"
            return RecordProblem(_origin(subject), "no-version", path, words, hint)


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
        Result(_origin(subject), subject.id, policy, rule, "unknown", undecided=undecided)
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
    return Result(_origin(subject), subject.id, policy, rule, "unknown", undecided=undecided, for_policy=True)


def _origin(record: Record) -> str:
    return record.origin or record.kind


# ---------------------------------------------------------------------- which records beside it


class _Pool:
    """The records of a call, by kind, for one to be found beside another."""

    def __init__(self, records: Sequence[Record], others: Sequence[Record]) -> None:
        self._records = records
        self._all: dict[str, list[Record]] = {}
        for record in (*others, *records):
            known = self._all.setdefault(record.kind, [])
            if record not in known:
                known.append(record)

    def beside(self, subject: Record, versions: Sequence[Policy]) -> dict[str, Record] | RecordProblem:
        """Return the subject and the records that its policy may read, by kind, or why they cannot be told."""
        found = {subject.kind: subject}
        wanted = {kind: need for policy in versions for kind, need in policy.with_records.items()}
        for kind, need in wanted.items():
            other = self._find(subject, kind)
            if isinstance(other, RecordProblem):
                return other
            if other is not None:
                found[kind] = other
            elif need == "required":
                return RecordProblem(
                    _origin(subject),
                    "record-not-given",
                    kind,
                    f"the rules of {versions[-1].id} read a {kind} beside the {subject.kind}, and none is given",
                    f"give the {kind} in the same call",
                )
        return found

    def _find(self, subject: Record, kind: str) -> Record | RecordProblem | None:
        known = self._all.get(kind, [])
        fitting = [record for record in known if _fits(subject, record)]
        if len(fitting) > 1:
            ids = ", ".join(f"`{record.id}`" for record in fitting[:3])
            return RecordProblem(
                _origin(subject),
                "several-records",
                f"{kind}_id",
                f"several records of the kind {kind} could stand beside this one: {ids}",
                f"name the one that is meant in `{kind}_id`, or give only that one",
            )
        if fitting or not known:
            return fitting[0] if fitting else None
        named = subject.data.get(f"{kind}_id")
        pair = len(known) == 1 and sum(record.kind == subject.kind for record in self._records) == 1
        if named is None and not pair:
            return None
        return RecordProblem(
            _origin(subject),
            "records-differ",
            f"{kind}_id",
            f"the {kind} that is given belongs to another {subject.kind}, or to another client or provider",
            "give the records of one client; their ids must agree",
        )


def _fits(subject: Record, other: Record) -> bool:
    """Return whether two records may belong together: the ids by which they name each other or a third agree."""
    named, back = subject.data.get(f"{other.kind}_id"), other.data.get(f"{subject.kind}_id")
    if (named is not None and named != other.id) or (back is not None and back != subject.id):
        return False
    shared = [name for name in subject.data if name.endswith("_id") and other.data.get(name) is not None]
    return all(subject.data[name] in (None, other.data[name]) for name in shared)
