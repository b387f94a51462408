"""Limits in words: a `Deadline` and a verbalizer in, what must come by when and counted from what out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pykala.handbook.deadlines import Bound, Condition, Deadline, Way, counted_expr, settled
from pykala.handbook.phrases import Scope
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import joined, say, word
from pykala_dsl import core
from pykala_dsl.operators import CompareOp
from pykala_dsl.typesys import DateType

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
