"""The library's front door: load policies, check records, explain verdicts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pykala.evaluate.check import CheckReport
    from pykala.evaluate.explain import Explanation
    from pykala.evaluate.result import Result
    from pykala.policy.loader import PolicySet
    from pykala.policy.model import Lang
    from pykala.records.record import Record, RecordProblem

RecordInput: TypeAlias = "Record | Mapping[str, Any] | str | Path"


def load(directory: str | Path = "policies", *, parameters: str | Path | None = None, cache: bool = True) -> PolicySet:
    """Return the checked policies of a folder.

    `parameters` names a file of values for parameters that the policies leave unset; `cache=False` reads and
    checks the files anew.

    Raises:
        DiagnosticsError: with everything that is wrong with the files.

    >>> policies = load("policies")
    >>> policies.find("work-trial").title.en
    'Work try-out'
    """
    from pykala.policy.loader import load_policies

    policies = load_policies(Path(directory), cache=cache)
    if parameters is None:
        return policies
    from pykala.policy.overlay import apply_overlay

    return apply_overlay(policies, Path(parameters))


def check(
    policies: PolicySet,
    records: Iterable[RecordInput],
    *,
    as_of: datetime.date,
    others: Iterable[RecordInput] = (),
    policy: str | None = None,
    kind: str | None = None,
    reasons: bool = True,
) -> CheckReport:
    """Return the verdicts of the policies on records, in the order of the records, and what is wrong with the input.

    A record is one that was read before, plain data as from JSON, or a path to a file or a folder. `others` are
    records that rules may read beside the subject. `policy` (`id` or `id@version`) judges by that one alone; `kind`
    says what the records are where they do not. Without `reasons` the verdicts come faster and carry no tree.

    Raises:
        ValueError: if no policy is called `policy`.

    >>> policies = load("policies")
    >>> case = {"record": "case", "id": "A-1", "service": "work_trial", "decision": {"made_on": "2025-05-05"}}
    >>> report = check(policies, [case], as_of=datetime.date(2025, 6, 30))
    >>> report.problems
    ()
    """
    from pykala.evaluate.check import check_records

    if policy is not None and not any(policy in (each.id, each.name) for each in policies.policies):
        raise ValueError(f"there is no policy {policy!r}")
    found, problems = _records(policies, records, kind)
    beside, more = _records(policies, others, None)
    report = check_records(policies, found, as_of, others=beside, only=policy, reasons=reasons)
    return report.with_problems((*problems, *more))


def explain(policies: PolicySet, result: Result, lang: Lang = "fi") -> Explanation:
    """Return why a verdict is what it is, in the words of a language. The result needs its reasons."""
    from pykala.evaluate.explain import explain as explained
    from pykala.handbook.verbalize import Verbalizer

    return explained(result, Verbalizer(policies.vocabulary, result.policy, lang), policies.register)


def _records(
    policies: PolicySet, given: Iterable[RecordInput], kind: str | None
) -> tuple[list[Record], list[RecordProblem]]:
    from pykala.records.build import build_record
    from pykala.records.readers import read_records
    from pykala.records.record import Record, RecordProblem

    records: list[Record] = []
    problems: list[RecordProblem] = []
    paths: list[Path] = []
    for item in given:
        if isinstance(item, Record):
            records.append(item)
        elif isinstance(item, str | Path):
            paths.append(Path(item))
        else:
            own = kind or item.get("record")
            if not isinstance(own, str):
                problems.append(
                    RecordProblem("", "no-kind", "record", "the record does not say what it is", "write `record: case`")
                )
                continue
            built = build_record(policies.vocabulary, own, dict(item), "")
            if isinstance(built, Record):
                records.append(built)
            else:
                problems.extend(built)
    if paths:
        read, wrong = read_records(paths, policies.vocabulary, kind=kind)
        records.extend(read)
        problems.extend(wrong)
    return records, problems
