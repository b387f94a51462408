"""The limits that a calculator can count, as data for its script and as tables of worked dates.

In: policies and their words. Out: `CountedLimit`s, the days that the engine counts for chosen start dates, and the
data from which `calculator.js` counts the same. The script gets months and days to add and the days that are no
working days, year by year; outside those years it has to say that it cannot tell.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, assert_never

from pykala.evaluate import calendar
from pykala.handbook.calculator_words import CALCULATOR_WORDS
from pykala.handbook.deadline_words import base_words, event_words, is_due, steps_words, words
from pykala.handbook.deadlines import Bound, Deadline, Move, Pick, Step, Turn, Way, last_day, rule_deadlines, take
from pykala.handbook.forms import forms
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import pick
from pykala.policy.model import Lang, Policy, Rule
from pykala_dsl import core

Json: TypeAlias = Mapping[str, Any]
YEARS_AHEAD: Final = 10
"""How far the holidays reach beyond the latest year that the policies speak of."""
_DATE_PARTS: Final = {"d": "{day}", "M": "{month}", "MMMM": "{name}", "y": "{year}"}
_ONE_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CountedLimit:
    """A limit of a rule that one start date and the policy's numbers give, in each of its `ways`.

    `deadlines` are the rule's limits that are counted so: the same day for several events.
    """

    policy: Policy
    rule: Rule
    base: core.Expr
    ways: tuple[Way, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def deadline(self) -> Deadline:
        """Return the first of its limits: they differ in the event alone."""
        return self.deadlines[0]

    @property
    def bound(self) -> Bound:
        """Return on which side of the day the event stands."""
        return self.deadline.bound

    @property
    def counting(self) -> tuple[Any, ...]:
        """Return how it is counted, whatever the numbers are called: limits that share this share their days."""
        return self.bound, tuple(_plain(way.steps) for way in self.ways)


def counted_limits(policy: Policy, rule: Rule) -> tuple[CountedLimit, ...]:
    """Return the limits of a rule that a calculator can count, in the order in which the rule sets them."""
    found: dict[tuple[object, ...], list[Deadline]] = {}
    ways: dict[tuple[object, ...], tuple[core.Expr, tuple[Way, ...]]] = {}
    for deadline in rule_deadlines(policy, rule):
        if not is_due(deadline):
            continue
        counted = [way for way in deadline.standing if way.counted and way.fixed is None]
        for base in dict.fromkeys(way.base for way in counted):
            own = tuple(way for way in counted if way.base == base)
            key = (base, deadline.bound, deadline.exception, own)
            found.setdefault(key, []).append(deadline)
            ways[key] = base, own
    return tuple(CountedLimit(policy, rule, *ways[key], tuple(group)) for key, group in found.items())


def uncounted(policy: Policy, rule: Rule) -> Iterator[Deadline]:
    """Yield the limits of a rule that no start date alone gives."""
    for deadline in rule_deadlines(policy, rule):
        if is_due(deadline) and not any(way.counted and way.fixed is None for way in deadline.standing):
            yield deadline


# ---------------------------------------------------------------------- worked dates


@dataclass(frozen=True, slots=True)
class WorkedDay:
    """A start date, why it is shown, and the last day in each way of a limit."""

    start: datetime.date
    reason: str
    days: tuple[datetime.date | None, ...]


def worked_days(limit: CountedLimit, year: int) -> tuple[WorkedDay, ...]:
    """Return days that show how a limit is counted, in the order of the start dates.

    Month ends, a leap day and the year's end as starts; starts whose day, before any move to a working day, falls on
    a Saturday, Midsummer Eve or Christmas Eve.
    """
    leap = next(each for each in range(year, year - 8, -1) if _is_leap(each))
    wednesday = next(day for day in _days(datetime.date(year, 3, 8), 7) if day.weekday() == 2)
    starts = {
        datetime.date(year, 1, 31): "end of month",
        datetime.date(leap, 1, 31): "leap year",
        datetime.date(leap, 2, 29): "leap day",
        wednesday: "ordinary day",
        datetime.date(year, 8, 31): "end of month",
        datetime.date(year, 12, 31): "year end",
    }
    spring = datetime.date(year, 4, 1)
    saturday = next((day for day in _days(spring, 40) if (end := _unmoved(limit, day)) and end.weekday() == 5), None)
    eves = {
        "meets midsummer": _start_that_meets(limit, calendar.midsummer_eve(year)),
        "meets christmas": _start_that_meets(limit, datetime.date(year, 12, 24)),
    }
    meeting = {"meets saturday": saturday, **eves}
    starts |= {start: reason for reason, start in meeting.items() if start is not None}
    return tuple(
        WorkedDay(start, starts[start], tuple(last_day(limit.deadline, start, way) for way in limit.ways))
        for start in sorted(starts)
    )


def _start_that_meets(limit: CountedLimit, day: datetime.date) -> datetime.date | None:
    """Return the latest start whose day is that one before any move, within three years on either side."""
    around = _days(day + 3 * 366 * _ONE_DAY, 6 * 366, -1)
    return next((start for start in around if _unmoved(limit, start) == day), None)


def _unmoved(limit: CountedLimit, start: datetime.date) -> datetime.date | None:
    """Return the day in the first way of a limit, without any move to a working day."""
    return take([step for step in limit.ways[0].steps if not isinstance(step, Turn)], start)


def _days(first: datetime.date, count: int, step: int = 1) -> Iterator[datetime.date]:
    return (first + at * step * _ONE_DAY for at in range(count))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


# ---------------------------------------------------------------------- the years and the script's data


def years(policies: Iterable[Policy]) -> tuple[int, int]:
    """Return the years for which working days are told: those of the policies' versions and examples, and ten more."""
    dates = [
        day
        for policy in policies
        for day in (
            policy.in_force.first_day,
            policy.in_force.last_day,
            *(example.as_of for rule in policy.rules for example in rule.examples),
        )
        if day is not None
    ]
    found = [day.year for day in dates] or [2025]
    return min(found), max(found) + YEARS_AHEAD


def free_weekdays(first: int, last: int) -> list[datetime.date]:
    """Return the days from Monday to Friday of the years that are no working days."""
    start, end = datetime.date(first, 1, 1), datetime.date(last, 12, 31)
    days = _days(start, calendar.days_in_range(start, end))
    return [day for day in days if day.weekday() < 5 and calendar.is_working_day(day) is False]


def script_data(limits: Mapping[str, CountedLimit], span: tuple[int, int], lang: Lang, words_of: Words) -> Json:
    """Return what the script needs: the limits by key, the days that are no working days, and the words.

    A text of a limit is the number of its place in `said`, since many limits say the same. What it is called stands in
    the list that it is chosen from, the link to its rule at its place among the worked dates.
    """
    said = _Said()
    found = {key: _limit_data(limit, words_of[limit.policy.name], said) for key, limit in limits.items()}
    texts = ("last day", "first day", "counted from", "how", "under", "moved", "not moved", "several", "rule")
    errors = ("no day", "bad date", "no date", "no limit")
    own = {key: pick(CALCULATOR_WORDS[key], lang) for key in (*texts, *errors)}
    first, last = span
    return {
        "pattern": forms(lang).date % _DATE_PARTS,
        "months": list(forms(lang).months),
        "weekdays": list(forms(lang).weekdays),
        "texts": {**own, "no day": own["no day"].format(f"{first}–{last}")},
        "years": [first, last],
        "free": [day.isoformat() for day in free_weekdays(first, last)],
        "said": said.texts,
        "limits": found,
    }


Words: TypeAlias = Mapping[str, Verbalizer]
"""The words of each policy by its name."""


@dataclass(frozen=True, slots=True)
class _Said:
    """Texts, each once."""

    texts: list[str] = field(default_factory=list)

    def place(self, text: str) -> int:
        """Return the number of a text."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)


def _limit_data(limit: CountedLimit, verbalizer: Verbalizer, said: _Said) -> Json:
    return {
        "base": said.place(base_words(limit.deadline, limit.ways[0], verbalizer)),
        "bound": limit.bound,
        "ways": [
            {
                "under": said.place(under),
                "how": said.place(steps_words(way.steps, verbalizer)),
                "steps": _plain(way.steps),
            }
            for way, under in zip(limit.ways, conditions(limit, verbalizer), strict=True)
        ],
    }


def limit_title(limit: CountedLimit, verbalizer: Verbalizer) -> str:
    """Return what a limit is called: the rule's title, the events, the exception that sets it."""
    lang = verbalizer.lang
    events = ", ".join(dict.fromkeys(event_words(each, verbalizer) for each in limit.deadlines))
    title = f"{limit.rule.title.get(lang) or limit.rule.id}: {events}"
    names = [item.title.get(lang) for item in limit.rule.unless if item.name == limit.deadline.exception]
    return title + "".join(f" ({pick(CALCULATOR_WORDS['exception'], lang).format(name)})" for name in names)


def conditions(limit: CountedLimit, verbalizer: Verbalizer) -> list[str]:
    """Return under which conditions each way of a limit applies, "" for none."""
    told = words(limit.deadline, verbalizer)
    own = dict(zip(limit.deadline.ways, told.ways, strict=True))
    return ["; ".join(own[way].conditions) for way in limit.ways]


def _plain(steps: Sequence[Step]) -> tuple[Any, ...]:
    """Return steps as the script reads them: `["+", months, days]`, `["working_day_on_or_after"]`, `["latest", …]`."""
    found: list[tuple[Any, ...]] = []
    for step in steps:
        match step:
            case Move(forward, _, period):
                assert period is not None, "a counted limit has every number"
                found.append(("+" if forward else "-", int(period.months), int(period.days)))
            case Turn(function):
                found.append((function,))
            case Pick(name, ways):
                found.append((name, *(_plain(way) for way in ways)))
            case _:
                assert_never(step)
    return tuple(found)
