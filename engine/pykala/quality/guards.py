"""Expressions that are well typed and may still surprise: values that an empty list does not have, duties over none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pykala.policy.model import Definition, Policy, Rule
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.source import Source
from pykala_dsl.typesys import BoolType

_NO_VALUE_OF_NOTHING = ("average", "earliest", "latest", "min", "max")


def unguarded(rule: Rule, policy: Policy) -> Iterator[Diagnostic]:
    """Yield the comparisons of a rule with a value that an empty list does not have, and its duties over a list."""
    opened = _opened(rule, policy)
    guarded = rule.when is not None and any(
        isinstance(part, core.Count | core.Some) for part in _walk(rule.when, opened)
    )
    for required, expr in ((True, rule.require), *((False, item.condition) for item in rule.unless)):
        for part in core.walk(expr):
            match part:
                case core.Compare(_, left, right) if not guarded:
                    for side in (left, right):
                        yield from _without_value(side, rule, opened)
                # In an exception, an empty list means that there is no ground for it.
                case core.Some(_, body) if required and body is not None and body.type == BoolType(duty=True):
                    yield Diagnostic(
                        "duty-over-list",
                        "a duty of `some` element is broken, not open, while the list is empty",
                        rule.source,
                        (Label(part.span),),
                        "write `earliest(x.date for x in list) due by D`, where elements without a date have not happened",
                        "warning",
                    )
                case _:
                    pass


def _without_value(side: core.Expr, rule: Rule, opened: Mapping[tuple[str, bool], Definition]) -> Iterator[Diagnostic]:
    source: Source = rule.source
    found = side
    while isinstance(found, core.DefinitionRead) and (found.name, found.in_rule) in opened:
        found = opened[found.name, found.in_rule].expr
    if isinstance(found, core.Aggregate) and found.name in _NO_VALUE_OF_NOTHING:
        yield Diagnostic(
            "unguarded-aggregate",
            f"`{found.name}` of an empty list has no value, and the comparison is then unknown",
            source,
            (Label(side.span),),
            "say in `when` that there is one: `count(list) >= 1`",
            "warning",
        )


def _opened(rule: Rule, policy: Policy) -> dict[tuple[str, bool], Definition]:
    own = {(name, True): definition for name, definition in rule.definitions.items()}
    return {**{(name, False): definition for name, definition in policy.definitions.items()}, **own}


def _walk(expr: core.Expr, opened: Mapping[tuple[str, bool], Definition]) -> Iterator[core.Expr]:
    for part in core.walk(expr):
        yield part
        if isinstance(part, core.DefinitionRead) and (part.name, part.in_rule) in opened:
            yield from _walk(opened[part.name, part.in_rule].expr, opened)
