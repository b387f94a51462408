"""What expressions hang on: the parameters, readings and definitions that they read, the record they start from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pykala.policy.model import Rule
from pykala_dsl import core


def rule_expressions(rule: Rule) -> Iterable[core.Expr]:
    """Yield every expression of a rule, its definitions and amounts included, its message too."""
    if rule.for_each is not None:
        yield from core.children(rule.for_each)
    for definition in (*rule.definitions.values(), *rule.computes.values()):
        yield definition.expr
    yield from (expr for expr in (rule.when, rule.require, rule.pending_while) if expr is not None)
    yield from (item.condition for item in rule.unless)
    yield from (part.value for parts in rule.message.values() for part in parts if part.value is not None)


def names_read(
    exprs: Iterable[core.Expr], definitions: Mapping[str, core.Expr], own: Mapping[str, core.Expr]
) -> tuple[set[str], set[str], set[str]]:
    """Return the parameters, readings and policy definitions that expressions hang on, through definitions too."""
    parameters: set[str] = set()
    readings: set[str] = set()
    read: set[str] = set()
    todo, seen = list(exprs), set[tuple[str, bool]]()
    while todo:
        for part in core.walk(todo.pop()):
            match part:
                case core.ParameterRead(name):
                    parameters.add(name)
                case core.ReadingRead(name):
                    readings.add(name)
                case core.DefinitionRead(name, in_rule):
                    if not in_rule:
                        read.add(name)
                    target = (own if in_rule else definitions).get(name)
                    if target is not None and (name, in_rule) not in seen:
                        seen.add((name, in_rule))
                        todo.append(target)
                case _:
                    pass
    return parameters, readings, read


def readings_of(
    exprs: Iterable[core.Expr], definitions: Mapping[str, core.Expr], own: Mapping[str, core.Expr]
) -> set[str]:
    """Return the readings that expressions hang on, directly or by definitions."""
    return names_read(exprs, definitions, own)[1]


def root_of(expr: core.Expr | None) -> core.Root | None:
    """Return the record that a plain path of fields starts from; None where it is no such path."""
    if not isinstance(expr, core.FieldRead):
        return None
    base: core.Expr = expr
    while isinstance(base, core.FieldRead):
        base = base.base
    return base if isinstance(base, core.Root) else None
