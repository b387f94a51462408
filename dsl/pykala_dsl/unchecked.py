"""The typed core back to syntax: what a planner would write for an expression of the core.

The core has fewer forms than the syntax, so that the way back is one of several: `count(l) >= 1` is written
`at least 1 …`, quantities in the unit that leaves no rest. Numbers that have no end as a decimal, or are negative,
cannot be written; they do not come from the checker.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import assert_never

from pykala_dsl import core, nodes
from pykala_dsl.printer import print_node
from pykala_dsl.source import Span
from pykala_dsl.typesys import CalendarTimeType, EnumType, ExactTimeType, MoneyType, Period, ShareType, Type

_NOWHERE = Span(0, 0)
_COUNTING: dict[str, nodes.QuantifierWord] = {"=": "exactly", ">=": "at least", "<=": "at most"}


def print_core(expr: core.Expr | core.Binder) -> str:
    """Return the canonical text of an expression or a binder of the core."""
    return print_node(_binder(expr) if isinstance(expr, core.Binder) else syntax_of(expr))


def print_value(value: core.Value, kind: Type) -> str:
    """Return a value as a literal of the language: `1 h 30 min`, `0.5 %`, `2025-04-01`."""
    return print_node(_literal(value, kind))


def syntax_of(expr: core.Expr) -> nodes.Node:
    """Return the syntax of an expression of the core."""
    match expr:
        case core.Constant(value, kind):
            return _literal(value, kind)
        case core.AsOf():
            return _name("as_of")
        case core.Root(record):
            return _name(record)
        case core.FieldRead(core.Root(_, True), declared):
            return _name(declared.name)
        case core.FieldRead(base, declared):
            return _field(base, declared.name)
        case core.PairSide(base, side):
            return _field(base, side)
        case core.Local(name) | core.DefinitionRead(name) | core.ParameterRead(name):
            return _name(name)
        case core.ReadingRead(name):
            return nodes.Call("reading", (_name(name),), _NOWHERE, _NOWHERE)
        case core.MakeSet(items):
            return nodes.SetOf(_all(items), _NOWHERE)
        case core.MakeRange(low, high):
            return nodes.RangeOf(syntax_of(low), syntax_of(high), _NOWHERE)
        case core.Not(operand):
            return _negation(operand)
        case core.And(operands):
            return nodes.Logic("and", _all(operands), _NOWHERE)
        case core.Or(operands):
            return nodes.Logic("or", _all(operands), _NOWHERE)
        case core.Compare():
            return _comparison(expr)
        case core.In(item, collection):
            return nodes.Membership(syntax_of(item), syntax_of(collection), False, _NOWHERE)
        case core.Includes(collection, part):
            return nodes.Includes(syntax_of(collection), syntax_of(part), _NOWHERE)
        case core.IsPresent(operand):
            return nodes.Presence(syntax_of(operand), True, _NOWHERE)
        case core.DueBy(event, limit):
            return nodes.DueBy(syntax_of(event), syntax_of(limit), _NOWHERE)
        case core.IsLate(event, limit):
            return nodes.IsLate(syntax_of(event), syntax_of(limit), _NOWHERE)
        case core.Arithmetic(op, left, right):
            return nodes.Arithmetic(op, syntax_of(left), syntax_of(right), _NOWHERE)
        case core.If(condition, yes, no):
            return nodes.IfElse(syntax_of(condition), syntax_of(yes), syntax_of(no), _NOWHERE)
        case core.Every(binder, body):
            return nodes.Quantifier("every", None, _binder(binder), syntax_of(body), _NOWHERE)
        case core.Some(binder, body):
            return nodes.Quantifier("some", None, _binder(binder), syntax_of(body) if body else None, _NOWHERE)
        case core.AtLeast(count, binder, body):
            return nodes.Quantifier("at least", syntax_of(count), _binder(binder), syntax_of(body), _NOWHERE)
        case core.Count(binder):
            return nodes.CountOf(syntax_of(binder.collection) if _whole(binder) else _binder(binder), _NOWHERE)
        case core.CountDistinct(key, binder):
            return nodes.CountDistinct(syntax_of(key), _binder(binder), _NOWHERE)
        case core.Each(binder):
            return nodes.Each(_binder(binder), _NOWHERE)
        case core.The(binder):
            return nodes.The(_binder(binder), _NOWHERE)
        case core.Aggregate(name, value, binder):
            return nodes.Aggregate(name, syntax_of(value), _binder(binder), _NOWHERE)
        case core.Extremum(name, values):
            return nodes.Extremum(name, _all(values), _NOWHERE)
        case core.Pairs(collection, _, key):
            return nodes.Pairs(syntax_of(collection), tuple(_key(key)), _NOWHERE, _NOWHERE)
        case core.Call(function, arguments):
            return nodes.Call(function, _all(arguments), _NOWHERE, _NOWHERE)
        case _:
            assert_never(expr)


def _all(exprs: tuple[core.Expr, ...]) -> tuple[nodes.Node, ...]:
    return tuple(syntax_of(each) for each in exprs)


def _name(name: str) -> nodes.Name:
    return nodes.Name(name, _NOWHERE)


def _field(base: core.Expr, name: str) -> nodes.Field:
    return nodes.Field(syntax_of(base), name, _NOWHERE, _NOWHERE)


def _binder(binder: core.Binder) -> nodes.Binder:
    where = syntax_of(binder.where) if binder.where is not None else None
    return nodes.Binder(binder.name, syntax_of(binder.collection), where, _NOWHERE, _NOWHERE)


def _whole(binder: core.Binder) -> bool:
    """Return whether a binder is the one that the checker makes for `count(list)`."""
    return binder.name == "it" and binder.where is None


def _negation(operand: core.Expr) -> nodes.Node:
    match operand:
        case core.Some(binder, body):
            return nodes.Quantifier("no", None, _binder(binder), syntax_of(body) if body else None, _NOWHERE)
        case core.In(item, collection):
            return nodes.Membership(syntax_of(item), syntax_of(collection), True, _NOWHERE)
        case core.IsPresent(read):
            return nodes.Presence(syntax_of(read), False, _NOWHERE)
        case _:
            return nodes.Not(syntax_of(operand), _NOWHERE)


def _comparison(expr: core.Compare) -> nodes.Node:
    word = _COUNTING.get(expr.op)
    if word is not None and isinstance(expr.left, core.Count) and not _whole(expr.left.binder):
        return nodes.Quantifier(word, syntax_of(expr.right), _binder(expr.left.binder), None, _NOWHERE)
    return nodes.Compare(expr.op, syntax_of(expr.left), syntax_of(expr.right), _NOWHERE, _NOWHERE)


def _key(key: core.Expr) -> list[str]:
    return [*_key(key.base), key.field.name] if isinstance(key, core.FieldRead) else []


def _literal(value: core.Value, kind: Type) -> nodes.Node:
    match value:
        case bool():
            return nodes.Truth(value, _NOWHERE)
        case datetime.date():
            return nodes.Date(value, _NOWHERE)
        case str():
            return _name(value)
        case Period(months, 0) if months or kind == CalendarTimeType("months"):
            return nodes.Quantity(((Fraction(months), "months"),), _NOWHERE)
        case Period(0, days):
            return nodes.Quantity(((Fraction(days), "days"),), _NOWHERE)
        case Period(months, days):
            parts = (_literal(Period(months, 0), kind), _literal(Period(0, days), kind))
            return nodes.Arithmetic("+", *parts, _NOWHERE)
        case int() | Fraction():
            return _quantity(Fraction(value), kind)
        case _:
            assert_never(value)


def _quantity(number: Fraction, kind: Type) -> nodes.Node:
    match kind:
        case ExactTimeType():
            hours, minutes = divmod(number, 60)
            if hours and minutes:
                return nodes.Quantity(((Fraction(hours), "h"), (minutes, "min")), _NOWHERE)
            return nodes.Quantity(((Fraction(hours), "h"),) if hours else ((minutes, "min"),), _NOWHERE)
        case MoneyType():
            return nodes.Quantity(((number, "EUR"),), _NOWHERE)
        case ShareType():
            return nodes.Quantity(((number * 100, "%"),), _NOWHERE)
        case EnumType():
            raise AssertionError(number)
        case _:
            return nodes.Number(number, _NOWHERE)
