"""The reason of a verdict for programs: a `Result` in, plain data for JSON out.

Values are exact and in the language's own notation; a private fact is there without its value.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from pykala.evaluate.explain import is_private
from pykala.evaluate.result import Fact, Result, Step
from pykala.handbook.numbers import canonical
from pykala.handbook.verbalize import Labels, Verbalizer
from pykala.policy.model import LANGUAGES, Text
from pykala_dsl import core
from pykala_dsl.typesys import ListType, Period, Type

TextCache: TypeAlias = dict[tuple[str, str, int], dict[str, str]]
"""The words of expressions by policy, rule and identity: a policy's expressions outlive a report on it."""


def because_json(result: Result, vocabulary: Labels, cache: TextCache | None = None) -> dict[str, Any] | None:
    """Return the reason as data: the parts that were evaluated, each a tree; None where no reason was recorded.

    `cache` keeps the words of expressions from one result to the next.
    """
    if result.reason is None:
        return None
    tree = _Tree(result, vocabulary, {} if cache is None else cache)
    reason = result.reason
    return {
        "when": tree.of(reason.when),
        "require": tree.of(reason.require),
        "unless": [
            {"name": item.name, "title": text_json(item.title), "reason": tree.of(step)} for item, step in reason.unless
        ],
        "pending_while": tree.of(reason.pending_while),
    }


def text_json(text: Text) -> dict[str, str | None]:
    """Return a text as an object of its languages."""
    return {lang: getattr(text, lang) for lang in LANGUAGES}


def value_json(value: object, type_: Type) -> Any:
    """Return a value as the contract writes it: exact, in the language's own notation; lists as lists."""
    if value is None:
        return None
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        element = type_.element if isinstance(type_, ListType) else type_
        return [value_json(item, element) for item in value]
    if isinstance(value, bool | int | Fraction | str | datetime.date | Period):
        return canonical(value, type_)
    return "recorded"


@dataclass(frozen=True, slots=True)
class _Tree:
    result: Result
    vocabulary: Labels
    cache: TextCache

    def text(self, expr: core.Expr) -> dict[str, str]:
        """Return an expression in words, in each language."""
        policy, rule = self.result.policy, self.result.rule
        key = (policy.name, rule.id, id(expr))
        if key not in self.cache:
            words = (Verbalizer(self.vocabulary, policy, lang) for lang in LANGUAGES)
            self.cache[key] = {each.lang: each.expr(expr, rule) for each in words}
        return self.cache[key]

    def of(self, step: Step | None) -> dict[str, Any] | None:
        """Return a step and what is inside it; steps that only pass a value on are left out."""
        if step is None:
            return None
        node: dict[str, Any] = {"text": self.text(step.expr)}
        if step.element is not None:
            node["at"] = step.element
        if step.outcomes is not None:
            node["outcomes"] = [name for name in ("met", "open", "broken") if name in step.outcomes]
        elif not is_private(step):
            node["value"] = value_json(step.value, step.expr.type)
        if isinstance(step.expr, core.ParameterRead):
            node["parameter"] = step.expr.name
        if isinstance(step.expr, core.ReadingRead):
            node["reading"] = step.expr.name
        if step.fact is not None:
            node["fact"] = fact_json(step.fact)
        inner = [self.of(child) for child in _told(step)]
        if inner:
            node["steps"] = inner
        return node


def fact_json(fact: Fact) -> dict[str, Any]:
    """Return a fact as data; a private one without its value."""
    data: dict[str, Any] = {"record": fact.record, "path": fact.path, "state": fact.state}
    if fact.private:
        return {**data, "private": True}
    ahead = {"planned": fact.planned.isoformat()} if fact.planned is not None else {}
    return {**data, "value": value_json(fact.value, fact.type), **ahead}


def _told(step: Step) -> Iterator[Step]:
    """Yield the steps worth telling inside a step: constants, roots and variables are passed through."""
    for child in step.steps:
        if isinstance(child.expr, core.Constant | core.Root | core.Local | core.AsOf) and child.fact is None:
            yield from _told(child)
        else:
            yield child
