"""The library's front door: load policies, check records, explain verdicts, collect records over many others."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pykala.evaluate.check import CheckReport, Judgement
    from pykala.evaluate.explain import Explanation
    from pykala.evaluate.result import Result, WithReasons
    from pykala.policy.loader import PolicySet
    from pykala.policy.model import Lang
    from pykala.records.collect import Collected
    from pykala.records.progress import Progress
    from pykala.records.record import Found, Record

RecordInput: TypeAlias = "Record | Mapping[str, Any] | str | Path"


def load(directory: str | Path = "policies", *, parameters: str | Path | None = None, cache: bool = True) -> PolicySet:
    """Return the checked policies of a folder.

    `parameters` names a file of values for parameters that the policies leave unset; `cache=False` reads and
    checks the files anew.

    Raises:
        DiagnosticsError: with everything that is wrong with the files.

    Examples:
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
    mapping: str | None = None,
    reasons: bool = True,
) -> CheckReport:
    """Return the verdicts of the policies on records, in the order of the records, and what is wrong with the input.

    A record is one that was read before, plain data as from JSON, or a path to a file or a folder. `others` are
    records that rules may read beside the subject. `policy` (`id` or `id@version`) judges by that one alone; `kind`
    says what the records are where they do not, and `mapping` (`certificate.sv`) which mapping documents are read by
    where the one that fits best is not meant. Without `reasons` the verdicts come faster and carry no tree. The
    report holds everything in memory; `check_stream` gives the same piece by piece.

    Raises:
        ValueError: if no policy is called `policy`.

    Examples:
        >>> policies = load("policies")
        >>> case = {"record": "case", "id": "A-1", "service": "work_trial", "decision": {"made_on": "2025-05-05"}}
        >>> report = check(policies, [case], as_of=datetime.date(2025, 6, 30))
        >>> report.problems
        ()
    """
    from pykala.evaluate.check import check_records

    _known(policies, policy)
    return check_records(
        policies,
        _records(policies, records, kind, mapping),
        as_of,
        others=_records(policies, others),
        only=policy,
        reasons=reasons,
    )


def check_stream(
    policies: PolicySet,
    records: Iterable[RecordInput],
    *,
    as_of: datetime.date,
    others: Iterable[RecordInput] = (),
    policy: str | None = None,
    kind: str | None = None,
    mapping: str | None = None,
    reasons: WithReasons = True,
    read: Progress | None = None,
    judged: Callable[[int, int], None] | None = None,
    apart_from: Iterable[Path] = (),
) -> Iterator[Judgement]:
    """Yield what `check` returns piece by piece: the verdicts on one record after another, problems as they are met.

    So any number of records is checked in bounded memory: what has to wait does so in a temporary database on the
    disk. `read` is told how many more bytes of the files have been read, `judged` how many of how many records have
    been judged. `reasons` may be "telling": then what is in order carries none, and comes faster. Files in
    `apart_from` are not read, though they stand in a folder that is.

    Raises:
        ValueError: if no policy is called `policy`.

    Examples:
        >>> policies = load("policies")
        >>> case = {"record": "case", "id": "A-1", "service": "work_trial", "decision": {"made_on": "2025-05-05"}}
        >>> for found in check_stream(policies, [case], as_of=datetime.date(2025, 6, 30)):
        ...     print(found.record.id, sorted({result.verdict for result in found.results}))
        A-1 ['not_applicable', 'pending', 'unknown']
    """
    from pykala.evaluate.check import check_stream as stream

    _known(policies, policy)
    return stream(
        policies,
        _records(policies, records, kind, mapping, read, apart_from),
        as_of,
        others=_records(policies, others, read=read, apart_from=apart_from),
        only=policy,
        reasons=reasons,
        progress=judged,
    )


def collect(
    policies: PolicySet,
    kind: str,
    records: Iterable[RecordInput],
    *,
    as_of: datetime.date,
    year: int | None = None,
    by: str | None = None,
) -> Collected:
    """Return records of a kind that others make, such as a provider's billing year from its invoices, and what stayed open.

    `year` collects one calendar year (for rolling years, those that end in it); `by` is what the records are grouped
    by, or the name of one way to collect. Records of the kind itself complete the collected ones.

    Raises:
        ValueError: if records of the kind are not collected, or not by that.

    Examples:
        >>> policies = load("policies")
        >>> invoice = {"record": "invoice", "id": "L-1", "service": "therapy", "provider_id": "P-1", "form_id": "T-1"}
        >>> collected = collect(policies, "billing_year", [invoice], as_of=datetime.date(2025, 6, 30))
        >>> collected.records[0]["settlement_forms"]
        [{'form_id': 'T-1', 'submitted_on': None}]
    """
    from pykala.records.collect import collect_records
    from pykala.records.collection import asked_for

    known = policies.vocabulary.kinds.get(kind)
    chosen = asked_for(known.collections, by) if known is not None else []
    if not chosen:
        raise ValueError(f"there is no way to collect {kind!r}" + (f" by {by!r}" if by is not None else ""))
    items = _records(policies, records)
    names = [each.name for each in chosen]
    return collect_records(policies.vocabulary, kind, items, as_of, year=year, only=names)


def explain(policies: PolicySet, result: Result, lang: Lang = "fi") -> Explanation:
    """Return why a verdict is what it is, in the words of a language. The result needs its reasons."""
    from pykala.evaluate.explain import explain as explained
    from pykala.handbook.verbalize import Verbalizer

    return explained(result, Verbalizer(policies.vocabulary, result.policy, lang), policies.register)


def _known(policies: PolicySet, policy: str | None) -> None:
    if policy is not None and not any(policy in (each.id, each.name) for each in policies.policies):
        raise ValueError(f"there is no policy {policy!r}")


def _records(
    policies: PolicySet,
    given: Iterable[RecordInput],
    kind: str | None = None,
    mapping: str | None = None,
    read: Progress | None = None,
    apart_from: Iterable[Path] = (),
) -> Iterator[Found]:
    """Yield the records that are given as such, then those of the files."""
    from pykala.records.build import build_record
    from pykala.records.progress import untold
    from pykala.records.readers import iter_records
    from pykala.records.record import Record, RecordProblem

    paths: list[Path] = []
    for item in given:
        if isinstance(item, Record):
            yield item
        elif isinstance(item, str | Path):
            paths.append(Path(item))
        else:
            own = kind or item.get("record")
            if isinstance(own, str):
                built = build_record(policies.vocabulary, own, dict(item), "")
                yield from [built] if isinstance(built, Record) else built
            else:
                message = "the record does not say what it is"
                yield RecordProblem("", "no-kind", "record", message, "write `record: case`")
    yield from iter_records(
        paths, policies.vocabulary, kind=kind, mapping=mapping, progress=read or untold, apart_from=apart_from
    )
