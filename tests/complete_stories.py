"""The complete stories: what each must answer, how firm the verdicts are, rule by rule, and why some are not.

`python tests/complete_stories.py` prints the table for people. A story is a file of records of one course of
rehabilitation, or of one provider's year, with every fact that a complete record carries; `parameters.yaml` holds
an invented number for each that the sources leave out. So a verdict of `unknown` can have one cause alone: a
question that the source leaves open.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pykala.evaluate.check import CheckReport, check_records
from pykala.evaluate.result import Result
from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.model import VERDICTS, Policy, Verdict
from pykala.policy.overlay import apply_overlay
from pykala.records.readers import read_records
from pykala.records.record import Record

ROOT = Path(__file__).parents[1]
COMPLETE = ROOT / "tests" / "data" / "complete"
ENTRY = re.compile(r"(?P<rule>\S+?/\S+?)(?: on (?P<record>\S+?))?(?: at (?P<at>[^:]+?))?(?:: (?P<open>.+))?")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a story must answer: the verdict of a rule, on one record or on all, on some elements or on all."""

    verdict: Verdict
    rule: str
    record: str | None
    at: tuple[str, ...]
    open_questions: tuple[str, ...]
    """The readings that an expected `unknown` hangs on."""

    def __str__(self) -> str:
        on = f" on {self.record}" if self.record else ""
        return f"{self.rule}{on}{' at ' + ', '.join(self.at) if self.at else ''}"

    def covers(self, result: Result) -> bool:
        """Return whether the expectation speaks of a result."""
        return (
            rule_name(result) == self.rule
            and self.record in (None, result.record_id)
            and (not self.at or element(result) in self.at)
        )


@dataclass(frozen=True, slots=True)
class Story:
    """One story: its records, the day of the check, and what is expected of it."""

    name: str
    records: tuple[Record, ...]
    as_of: datetime.date
    expected: tuple[Expectation, ...]


@dataclass(slots=True)
class Row:
    """How often a rule gave each verdict over all stories.

    `open` are the unknown verdicts that an open reading alone withholds: with any of its options they are known.
    `by_reading` says which verdicts those options would give, and the readings asked.
    """

    counts: Counter[str] = field(default_factory=Counter)
    open: int = 0
    by_reading: dict[str, set[str]] = field(default_factory=dict)

    @property
    def decided(self) -> int:
        """Return how many verdicts say whether the requirement is met."""
        return self.counts["pass"] + self.counts["fail"] + self.counts["excused"]

    @property
    def unknown(self) -> int:
        """Return how many are unknown for another reason than an open reading."""
        return self.counts["unknown"] - self.open

    @property
    def share(self) -> float | None:
        """Return the share of firm verdicts among those of records that the rule concerns.

        Not applicable is firm too, but counted apart, since it would hide a rule that never decides. Pending is
        apart because it is right only until its day.
        """
        asked = self.decided + self.counts["unknown"]
        return self.decided / asked if asked else None


def rule_name(result: Result) -> str:
    """Return `policy/rule`, the same for all versions of the policy."""
    return f"{result.policy.id}/{result.rule.id}"


def element(result: Result) -> str:
    """Return what people know the element by."""
    return str(result.element_key)


# ---------------------------------------------------------------------- the files


@cache
def policies() -> PolicySet:
    """Return the shipped policies with an invented number for each unset parameter."""
    return apply_overlay(load_policies(ROOT / "policies"), COMPLETE / "parameters.yaml")


@cache
def rule_names() -> tuple[str, ...]:
    """Return the shipped rules as `policy/rule`, in the order of the policies."""
    shipped = load_policies(ROOT / "policies").policies
    return tuple(dict.fromkeys(f"{policy.id}/{rule.id}" for policy in shipped for rule in policy.rules))


@cache
def services() -> dict[str, set[str]]:
    """Return the rules of each service that has several; of a single rule the share says nothing."""
    found: dict[str, set[str]] = {}
    for policy in load_policies(ROOT / "policies").policies:
        found.setdefault(policy.service, set()).update(f"{policy.id}/{rule.id}" for rule in policy.rules)
    return {service: rules for service, rules in found.items() if len(rules) > 1}


@cache
def limits() -> Mapping[str, Mapping[str, Any]]:
    """Return which rules can never fail, or be firm only where a reading is chosen, and why."""
    loaded: Mapping[str, Mapping[str, Any]] = yaml.safe_load((COMPLETE / "limits.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def stories() -> dict[str, Story]:
    """Return the stories by name."""
    expected = yaml.safe_load((COMPLETE / "expected.yaml").read_text(encoding="utf-8"))
    found: dict[str, Story] = {}
    for path in sorted((COMPLETE / "stories").glob("*.yaml")):
        records, problems = read_records([path], policies().vocabulary)
        if problems:
            raise ValueError(f"{path.name}: {problems[0].path}: {problems[0].message}")
        entries = dict(expected.pop(path.stem))
        as_of = entries.pop("as_of")
        found[path.stem] = Story(path.stem, tuple(records), as_of, tuple(_expectations(entries)))
    if expected:
        raise ValueError(f"no such story: {', '.join(expected)}")
    return found


def _expectations(entries: Mapping[Verdict, Sequence[str]]) -> Iterator[Expectation]:
    for verdict, lines in entries.items():
        if verdict not in VERDICTS:
            raise ValueError(f"no such verdict: {verdict}")
        for line in lines:
            entry = ENTRY.fullmatch(line)
            if entry is None:
                raise ValueError(f"not `POLICY/RULE on RECORD at ELEMENT: READING`: {line}")
            several = [tuple(re.split(r", *", entry[part])) if entry[part] else () for part in ("at", "open")]
            yield Expectation(verdict, entry["rule"], entry["record"], several[0], several[1])


# ---------------------------------------------------------------------- the verdicts


@cache
def report(story: str) -> CheckReport:
    """Return the verdicts on the records of a story, which are read beside each other."""
    told = stories()[story]
    return check_records(policies(), told.records, told.as_of, reasons=False)


def readings_asked(result: Result) -> list[str] | None:
    """Return the open readings that an unknown verdict hangs on, or None if it hangs on something else too."""
    if any(cause.kind != "reading" for cause in result.undecided):
        return None
    return [cause.name for cause in result.undecided]


def with_options(story: str, result: Result) -> dict[tuple[str, ...], str]:
    """Return the verdict that each combination of options of the open readings would give."""
    told = stories()[story]
    subject = next(each for each in told.records if each.id == result.record_id and each.kind == result.policy.record)
    asked = readings_asked(result) or []
    found: dict[tuple[str, ...], str] = {}
    for options in itertools.product(*(result.policy.readings[name].options for name in asked)):
        chosen = dict(zip(asked, options, strict=True))
        tried = _choosing(result.policy, chosen, result)
        answers = check_records(
            _One((tried,)), [subject], told.as_of, others=told.records, only=tried.name, reasons=False
        )
        found[options] = next((each.verdict for each in answers.results if each.at == result.at), "not_applicable")
    return found


@dataclass(frozen=True, slots=True)
class _One:
    policies: tuple[Policy, ...]


def _choosing(policy: Policy, chosen: Mapping[str, str], result: Result) -> Policy:
    """Return the policy with one rule, and with readings chosen that it leaves open."""
    readings = {
        name: replace(reading, chosen=chosen.get(name, reading.chosen)) for name, reading in policy.readings.items()
    }
    return replace(policy, readings=readings, rules=(result.rule,))


@cache
def rows() -> dict[str, Row]:
    """Return how firm the verdicts of each rule are over all stories, in the order of the policies."""
    found = {name: Row() for name in rule_names()}
    for name in stories():
        for result in report(name).results:
            row = found[rule_name(result)]
            row.counts[result.verdict] += 1
            if result.verdict != "unknown" or readings_asked(result) is None:
                continue
            given = with_options(name, result)
            row.open += "unknown" not in given.values()
            for verdict in given.values():
                row.by_reading.setdefault(verdict, set()).update(readings_asked(result) or [])
    return found


def together(several: Iterable[Row]) -> Row:
    """Return the counts of several rules as one."""
    total = Row()
    for row in several:
        total.counts.update(row.counts)
        total.open += row.open
    return total


def least_share(of: str) -> float:
    """Return a floor of `limits.yaml`."""
    return float(limits()["least_share"][of].removesuffix(" %")) / 100


def table() -> str:
    """Return the rules and their verdicts as a table in text."""
    columns = ("pass", "fail", "excused", "pending", "n/a", "open", "unknown", "firm")
    lines = [f"{'rule':<58}" + "".join(f"{column:>9}" for column in columns) + "  open readings"]
    lines += [_line(name, row) for name, row in rows().items()]
    lines.append(_line(f"{len(rows())} rules, {len(stories())} stories", together(rows().values())))
    lines.append("firm: pass, fail and excused among all but pending and n/a; open: unknown for an open reading alone")
    return "\n".join(lines)


def _line(name: str, row: Row) -> str:
    counts = [row.counts[verdict] for verdict in ("pass", "fail", "excused", "pending", "not_applicable")]
    share = "" if row.share is None else f"{row.share:.0%}"
    readings = ", ".join(sorted(set().union(*row.by_reading.values())))
    numbers = "".join(f"{count or '':>9}" for count in (*counts, row.open, row.unknown))
    return f"{name:<58}{numbers}{share:>9}  {readings}".rstrip()


if __name__ == "__main__":
    print(table())
