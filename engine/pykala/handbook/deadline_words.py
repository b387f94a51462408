"""Limits in words: a `Deadline` and a verbalizer in, what must come by when and counted from what out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from pykala.handbook import numbers
from pykala.handbook.calculator_words import CALCULATOR_WORDS
from pykala.handbook.deadlines import (
    Bound,
    Condition,
    Deadline,
    Move,
    Pick,
    Step,
    Turn,
    Way,
    counted_expr,
    last_day,
    rule_deadlines,
    settled,
)
from pykala.handbook.phrases import Scope
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import joined, pick, say, word
from pykala.policy.model import Lang, Policy, Rule
from pykala.policy.uses import rule_expressions
from pykala_dsl import core
from pykala_dsl.operators import CompareOp
from pykala_dsl.typesys import CalendarTimeType, DateType

_OPERATORS: Final[dict[Bound, CompareOp]] = {"by": "<=", "before": "<", "from": ">=", "after": ">"}


@dataclass(frozen=True, slots=True)
class WayWords:
    """One way of counting in words.

    `steps` is the limit with everything opened down to the base (`1 month (time for planning) after first meeting
    held`); `base_means` says what a base is that hangs on several facts; `unset` holds labels of parameters.
    """

    conditions: tuple[str, ...]
    base: str
    base_means: str
    steps: str
    unset: tuple[str, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class DeadlineWords:
    """A limit in one language: `event` · `by` (`at the latest last day for the report`) · counted from `base`.

    `limit` is what the rule calls the limit; `base` is "" where the ways count from different dates.
    """

    event: str
    by: str
    limit: str
    base: str
    conditions: tuple[str, ...]
    ways: tuple[WayWords, ...]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit as a row of a checklist: what · by when · counted from. Every part is in the nominative.

    `counted_from` is "" where the limit is a date of its own; `exception` is the title of the exception that sets it.
    `parameters` names the numbers it takes.
    """

    what: str
    by: str
    counted_from: str
    exception: str
    parameters: tuple[str, ...]


def limit_rows(policy: Policy, rule: Rule, verbalizer: Verbalizer) -> tuple[LimitRow, ...]:
    """Return the limits of a rule as rows of a checklist, events with one limit on one row.

    Left out are limits that the chosen readings make idle, and days before which nothing may happen that are given
    once for all: they bound what a rule judges and are no deadline.
    """
    rows: dict[tuple[str, str, str], LimitRow] = {}
    for deadline in rule_deadlines(policy, rule):
        if not is_due(deadline):
            continue
        row = _row(deadline, rule, verbalizer)
        key = (row.by, row.counted_from, row.exception)
        known = rows.get(key)
        if known is None:
            rows[key] = row
        elif row.what not in known.what.split(EVENTS_APART):
            rows[key] = replace(known, what=f"{known.what}{EVENTS_APART}{row.what}")
    return tuple(rows.values())


EVENTS_APART: Final = ", "


def is_due(deadline: Deadline) -> bool:
    """Return whether a limit is one that a provider watches."""
    begins = deadline.bound in ("from", "after") and all(way.fixed is not None for way in deadline.ways)
    return deadline.part != "when" and deadline.stands and not begins


def awaited(policy: Policy, rule: Rule, verbalizer: Verbalizer) -> tuple[str, ...]:
    """Return what a rule waits for while its time runs: the events of `due by`, each with its limit."""
    if not any(isinstance(part, core.DueBy) for expr in rule_expressions(rule) for part in core.walk(expr)):
        return ()
    duties = (each for each in rule_deadlines(policy, rule) if each.duty and is_due(each))
    rows = (_row(each, rule, verbalizer) for each in duties)
    return tuple(_each_once(say("is", verbalizer.lang, left=row.what, right=row.by) for row in rows))


def _row(deadline: Deadline, rule: Rule, verbalizer: Verbalizer) -> LimitRow:
    scope = _scope(deadline, verbalizer)
    ways = deadline.standing
    either = word("or", verbalizer.lang)
    exceptions = [item.title.get(verbalizer.lang) for item in rule.unless if item.name == deadline.exception]
    sources = [verbalizer.text(way.base, scope) for way in ways if way.steps and way.fixed is None]
    return LimitRow(
        what=event_words(deadline, verbalizer),
        by=by_whichever_way(deadline, ways, verbalizer),
        counted_from=joined(_each_once(sources), either),
        exception="".join(exceptions),
        parameters=tuple(_each_once(name for way in ways for name in way.parameters)),
    )


def by_whichever_way(deadline: Deadline, ways: Sequence[Way], verbalizer: Verbalizer) -> str:
    """Return by when in any of the ways; where only the move to a working day is left open, that is said."""
    lang = verbalizer.lang
    turning = [way for way in ways if way.turns]
    if len(ways) == 2 and len(turning) == 1 and _without_turns(ways[0]) == _without_turns(ways[1]):
        asked = [core.walk(condition.expr) for condition in turning[0].conditions]
        if all(any(isinstance(part, core.ReadingRead) for part in parts) for parts in asked):
            shown = by_when(deadline, turning[0], verbalizer)
            return f"{shown.removesuffix(')')}: {_say('open question', lang)})" if shown.endswith(")") else shown
    return joined(_each_once(by_when(deadline, way, verbalizer) for way in ways), word("or", lang))


def _without_turns(way: Way) -> tuple[core.Expr, tuple[Step, ...]]:
    return way.base, tuple(step for step in way.steps if not isinstance(step, Turn))


def event_words(deadline: Deadline, verbalizer: Verbalizer) -> str:
    """Return what has to come; where the check itself must fall within the limit, that something is valid."""
    if isinstance(deadline.event, core.AsOf):
        return pick(CALCULATOR_WORDS["valid"], verbalizer.lang)
    return verbalizer.text(deadline.event, _scope(deadline, verbalizer))


def base_words(deadline: Deadline, way: Way, verbalizer: Verbalizer) -> str:
    """Return the date that a way counts from."""
    return verbalizer.text(way.base, _scope(deadline, verbalizer))


def by_when(deadline: Deadline, way: Way, verbalizer: Verbalizer) -> str:
    """Return the limit of a way without the date it counts from: `14 days`, `at the earliest 1 month`."""
    bound = deadline.bound
    if way.fixed is not None and not way.unset and (day := last_day(deadline, way.fixed, way)) is not None:
        bound, text = ("by" if bound in ("by", "before") else "from"), numbers.date(day, verbalizer.lang)
    elif way.steps:
        text = steps_words(way.steps, verbalizer)
    else:
        text = base_words(deadline, way, verbalizer)
    return text if bound == "by" else verbalizer.limit(_OPERATORS[bound], DateType(), text)


def steps_words(steps: Sequence[Step], verbalizer: Verbalizer) -> str:
    """Return the steps of a way in short: `1 month + 21 days (on a weekend or holiday the next working day)`."""
    lang, parts = verbalizer.lang, list[str]()
    for step in steps:
        match step:
            case Move():
                amount = _amount(step, verbalizer)
                follows = bool(parts) and step.forward
                text = amount if step.forward else _say("before", lang, amount)
                if follows:
                    parts[-1] = f"{parts[-1]} + {text}"
                else:
                    parts.append(text)
            case Turn(function):
                turn = _say(f"turn {function}", lang)
                parts[-1:] = [f"{parts[-1]} ({turn})"] if parts else [turn]
            case Pick(name, ways):
                parts.append(f"{word(name, lang)} ({' / '.join(steps_words(way, verbalizer) for way in ways)})")
            case _:
                assert_never(step)
    return "; ".join(parts) or _say("same day", lang)


def _amount(move: Move, verbalizer: Verbalizer) -> str:
    if move.period is None:
        return verbalizer.text(move.amount, Scope())
    return verbalizer.value(move.period, CalendarTimeType("months" if move.period.months else "days"))


def _say(key: str, lang: Lang, *parts: str) -> str:
    return pick(CALCULATOR_WORDS[key], lang).format(*parts)


def _each_once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def words(deadline: Deadline, verbalizer: Verbalizer) -> DeadlineWords:
    """Return the words of a limit."""
    scope = _scope(deadline, verbalizer)

    def said(conditions: tuple[Condition, ...]) -> tuple[str, ...]:
        return tuple(_condition(item, verbalizer, scope) for item in conditions)

    def way_words(way: Way) -> WayWords:
        return WayWords(
            conditions=said(way.conditions),
            base=verbalizer.text(way.base, scope),
            base_means="" if way.one_date else _meaning(way.base, verbalizer, scope),
            steps=verbalizer.text(counted_expr(way), scope),
            unset=tuple(verbalizer.parameter_label(name) for name in way.unset),
            stands=settled(deadline.policy, way.conditions) is not False,
        )

    limit = verbalizer.text(deadline.limit, scope)
    base = deadline.base
    return DeadlineWords(
        event=verbalizer.text(deadline.event, scope),
        by=verbalizer.limit(_OPERATORS[deadline.bound], DateType(), limit),
        limit=limit,
        base="" if base is None else verbalizer.text(base, scope),
        conditions=said(deadline.conditions),
        ways=tuple(way_words(way) for way in deadline.ways),
    )


def _condition(condition: Condition, verbalizer: Verbalizer, scope: Scope) -> str:
    """Return a condition in words; one on a reading names the option that is left rather than the one that is not."""
    match condition.expr:
        case core.Compare("=" | "!=" as op, core.ReadingRead(name) as read, core.Constant(option)):
            options = verbalizer.policy.readings[name].options
            left = [each for each in options if (each == option) == ((op == "=") == condition.holds)]
            items = joined([verbalizer.option(name, each) for each in left], word("or", verbalizer.lang))
            return say("is", verbalizer.lang, left=verbalizer.text(read, scope), right=items)
        case _:
            return verbalizer.condition(condition.expr, scope, positive=condition.holds)


def _scope(deadline: Deadline, verbalizer: Verbalizer) -> Scope:
    scope = verbalizer.scope(deadline.policy.rule(deadline.rule_id))
    for binder in deadline.binders:
        scope = scope.bind(binder.name, verbalizer.elements(binder, scope).label)
    return scope


def _meaning(base: core.Expr, verbalizer: Verbalizer, scope: Scope) -> str:
    """Return what a named date hangs on: the words of its definition."""
    while isinstance(base, core.DefinitionRead) and (found := verbalizer.definition(base, scope)) is not None:
        scope = verbalizer.definition_scope(base, scope)
        base = found.expr
    return verbalizer.text(base, scope)
