"""Versions of a policy: which days each is in force, whether they overlap or leave gaps, which one judges a record."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from pykala.policy.model import InForce, Policy
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.source import Span

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Missing:
    """The date that picks the version is not in the record: its path, and the versions in question."""

    path: str
    candidates: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """No version is in force on the record's date; `words` name the gap."""

    date: datetime.date
    path: str
    words: str
    candidates: tuple[Policy, ...]


Selection: TypeAlias = Policy | Missing | Uncovered


def by_policy(policies: Iterable[Policy]) -> dict[str, tuple[Policy, ...]]:
    """Return the versions of each policy, the earliest first."""
    groups: dict[str, list[Policy]] = {}
    for policy in policies:
        groups.setdefault(policy.id, []).append(policy)
    return {name: tuple(sorted(group, key=_begins)) for name, group in groups.items()}


def days_in_force(versions: Sequence[Policy]) -> list[tuple[Policy, InForce]]:
    """Return the versions of one policy with the days on which each is in force, the earliest first.

    Without a last day, a version ends on the day before the next one begins.
    """
    ordered = sorted(versions, key=_begins)
    found: list[tuple[Policy, InForce]] = []
    for policy, following in zip(ordered, [*ordered[1:], None], strict=True):
        last = policy.in_force.last_day
        if last is None and following is not None and following.in_force.first_day is not None:
            last = following.in_force.first_day - ONE_DAY
        found.append((policy, InForce(policy.in_force.first_day, last)))
    return found


def select(versions: Sequence[Policy], records: Mapping[str, Record]) -> Selection:
    """Return the version of a policy that judges a record, by the record's own date.

    `records` holds the subject and what stands beside it, by kind. A policy with one version that is always
    in force needs no date.
    """
    timeline = days_in_force(versions)
    first = timeline[0][0]
    if len(timeline) == 1 and timeline[0][1] == InForce():
        return first
    selected_by = timeline[-1][0].selected_by
    if selected_by is None:
        return timeline[-1][0]
    path, value = read_path(selected_by, records)
    if not isinstance(value, datetime.date):
        return Missing(path, tuple(policy for policy, _ in timeline))
    for policy, days in timeline:
        if _covers(days, value):
            return policy
    return Uncovered(value, path, _gap(timeline, value), tuple(policy for policy, _ in timeline))


def read_path(expr: core.Expr, records: Mapping[str, Record]) -> tuple[str, object]:
    """Return a path of fields as text, and what stands there: None where nothing is given."""
    names: list[str] = []
    base = expr
    while isinstance(base, core.FieldRead):
        names.insert(0, base.field.name)
        base = base.base
    if not isinstance(base, core.Root):
        return ".".join(names), None
    record = records.get(base.record)
    value: object = None if record is None else record.data
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return ".".join(names if base.subject else (base.record, *names)), value


def check_versions(policies: Sequence[Policy], places: Mapping[str, Span]) -> list[Diagnostic]:
    """Return overlaps (errors) and gaps (warnings) of versions; `places` has each version's `in_force` by name."""
    found: list[Diagnostic] = []
    for versions in by_policy(policies).values():
        timeline = days_in_force(versions)
        for (earlier, days), (later, later_days) in pairwise(timeline):
            found.extend(_between(earlier, days, later, later_days, places))
        found.extend(_selectors(versions, places))
    return found


def _between(
    earlier: Policy, days: InForce, later: Policy, later_days: InForce, places: Mapping[str, Span]
) -> Iterable[Diagnostic]:
    span = places[later.name]
    begins = later_days.first_day
    same_start = begins == days.first_day
    if begins is None or same_start or (days.last_day is not None and begins <= days.last_day):
        since = "since always" if begins is None else f"on {begins}"
        labels = (Label(span), Label(places[earlier.name], f"`{earlier.name}`", earlier.source))
        message = f"`{later.name}` is in force {since}, when `{earlier.name}` still is"
        hint = "let one end on the day before the other begins"
        if same_start:
            hint = "give each version a `first_day` of its own"
        yield Diagnostic("version-overlap", message, later.source, labels, hint)
    elif days.last_day is not None and days.last_day + ONE_DAY < begins:
        gap = f"{days.last_day + ONE_DAY} .. {begins - ONE_DAY}"
        message = f"no version of `{later.id}` is in force in {gap}"
        hint = "move a day so that the versions meet, or leave the gap if nothing is judged in it"
        yield Diagnostic("version-gap", message, later.source, (Label(span),), hint, "warning")


def _selectors(versions: Sequence[Policy], places: Mapping[str, Span]) -> Iterable[Diagnostic]:
    if len(versions) < 2:
        return
    paths = {
        policy.name: None if policy.selected_by is None else read_path(policy.selected_by, {})[0] for policy in versions
    }
    first = versions[0]
    for policy in versions:
        span = places[policy.name] if policy.selected_by is None else policy.selected_by.span
        if paths[policy.name] is None:
            hint = "add `selected_by: decision.made_on` (a date of the record) to each version"
            message = f"`{policy.id}` has several versions, and `{policy.name}` has no `selected_by`"
            yield Diagnostic("missing-key", message, policy.source, (Label(policy.span),), hint)
        elif paths[first.name] is not None and paths[policy.name] != paths[first.name]:
            message = f"`{policy.name}` is picked by another date than `{first.name}`"
            hint = f"write `selected_by: {paths[first.name]}` in both"
            yield Diagnostic("selected-by-differs", message, policy.source, (Label(span),), hint)


def _covers(days: InForce, date: datetime.date) -> bool:
    return (days.first_day is None or days.first_day <= date) and (days.last_day is None or date <= days.last_day)


def _gap(timeline: Sequence[tuple[Policy, InForce]], date: datetime.date) -> str:
    before = [days.last_day for _, days in timeline if days.last_day is not None and days.last_day < date]
    after = [days.first_day for _, days in timeline if days.first_day is not None and days.first_day > date]
    policy = timeline[0][0].id
    parts = []
    if before:
        parts.append(f"one ends on {max(before)}")
    if after:
        parts.append(f"one begins on {min(after)}")
    return f"no version of {policy} is in force on {date}: " + ", ".join(parts)


def _begins(policy: Policy) -> tuple[datetime.date, str]:
    return policy.in_force.first_day or datetime.date.min, policy.version
