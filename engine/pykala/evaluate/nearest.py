"""The nearest change that would turn a deviation: where one comparison with a known limit is what failed."""

from __future__ import annotations

import datetime
from fractions import Fraction

from pykala.evaluate import over_lists
from pykala.evaluate.calendar import days_between, plain
from pykala.evaluate.interpreter import Interpreter
from pykala.evaluate.outcomes import BROKEN, MET
from pykala.evaluate.result import Nearest
from pykala.evaluate.values import Element, Missing, Stretch, Thing, Things, known
from pykala_dsl import core
from pykala_dsl.operators import MIRRORED, CompareOp
from pykala_dsl.typesys import DateType, Period


def nearest_change(interpreter: Interpreter, expr: core.Expr) -> Nearest | None:
    """Return the one fact and the limit that it misses, or None where more than one thing failed."""
    match expr:
        case core.And(operands):
            broken = [operand for operand in operands if interpreter.truth(operand).mask == BROKEN]
            return nearest_change(interpreter, broken[0]) if len(broken) == 1 else None
        case core.DefinitionRead(name, in_rule):
            if in_rule:
                return nearest_change(interpreter, interpreter.world.rule_definitions[name].expr)
            return nearest_change(interpreter, interpreter.world.definitions[name].expr)
        case core.If(condition, yes, no):
            chosen = interpreter.truth(condition)
            return nearest_change(interpreter, yes if chosen.mask == MET else no) if chosen.sure else None
        case core.Every(binder, body):
            return _of_every(interpreter, binder, body)
        case core.Compare(op, left, right):
            found = _of_comparison(interpreter, op, left, right)
            return found or _of_comparison(interpreter, MIRRORED[op], right, left)
        case core.In(item, collection):
            return _of_range(interpreter, item, interpreter.value(collection))
        case core.DueBy(event, limit):
            return _of_deadline(interpreter, event, interpreter.value(limit))
        case _:
            return None


def _of_every(interpreter: Interpreter, binder: core.Binder, body: core.Expr) -> Nearest | None:
    things = interpreter.bound(binder)
    failing = []
    for member in things.members if isinstance(things, Things) else ():
        with interpreter.binding(binder.name, member):
            if over_lists.implied(member.belongs, interpreter.truth(body)).mask == BROKEN:
                failing.append(member)
    if len(failing) != 1:
        return None
    with interpreter.binding(binder.name, failing[0]):
        return nearest_change(interpreter, body)


def _of_comparison(interpreter: Interpreter, op: CompareOp, subject: core.Expr, against: core.Expr) -> Nearest | None:
    limit, value = known(interpreter.value(against)), known(interpreter.value(subject))
    if limit is None or value is None:
        return None
    if isinstance(subject, core.Count | core.CountDistinct):
        return Nearest(None, subject, op, limit, value, subject.type, _difference(value, limit))
    path = _path(interpreter, subject)
    return Nearest(path, None, op, limit, value, subject.type, _difference(value, limit)) if path else None


def _of_range(interpreter: Interpreter, item: core.Expr, collection: Thing) -> Nearest | None:
    path, value = _path(interpreter, item), known(interpreter.value(item))
    if not isinstance(collection, Stretch) or path is None or value is None:
        return None
    for op, bound in ((">=", collection.low), ("<=", collection.high)):
        limit = known(bound)
        if limit is not None and _misses(value, op, limit):
            side: CompareOp = ">=" if op == ">=" else "<="
            return Nearest(path, None, side, limit, value, item.type, _difference(value, limit))
    return None


def _of_deadline(interpreter: Interpreter, event: core.Expr, limit: Thing) -> Nearest | None:
    path, came = _path(interpreter, event), known(interpreter.event(event))
    if path is None or not isinstance(limit, datetime.date):
        return None
    late = came if isinstance(came, datetime.date) else interpreter.world.as_of
    return Nearest(path, None, "<=", limit, came, DateType(), Period(0, days_between(limit, late)))


def _misses(value: core.Value, op: str, limit: core.Value) -> bool:
    if isinstance(value, datetime.date) and isinstance(limit, datetime.date):
        return value < limit if op == ">=" else value > limit
    if isinstance(value, int | Fraction) and isinstance(limit, int | Fraction):
        return value < limit if op == ">=" else value > limit
    return isinstance(value, Period) and isinstance(limit, Period) and (value < limit if op == ">=" else value > limit)


def _difference(value: core.Value, limit: core.Value) -> core.Value | None:
    match value, limit:
        case bool(), _:
            return None
        case datetime.date(), datetime.date():
            return Period(0, abs(days_between(value, limit)))
        case Period(), Period():
            return Period(abs(value.months - limit.months), abs(value.days - limit.days))
        case (int() | Fraction(), int() | Fraction()):
            return plain(abs(Fraction(value) - Fraction(limit)))
        case _:
            return None


def _path(interpreter: Interpreter, expr: core.Expr) -> str | None:
    if not isinstance(expr, core.FieldRead):
        return None
    base = interpreter.value(expr.base)
    if isinstance(base, Element):
        return f"{base.path}.{expr.field.name}" if base.path else expr.field.name
    return f"{base.path}.{expr.field.name}" if isinstance(base, Missing) and base.path else None
