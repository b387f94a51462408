"""Quantifiers, counts and aggregates: what is said of the members of a list, some of which may not be certain.

The functions take the interpreter that evaluates the bodies.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from pykala.evaluate import operations
from pykala.evaluate.deadlines import event_among
from pykala.evaluate.outcomes import (
    BROKEN,
    FALSE,
    MET,
    NOTHING,
    OPEN,
    TRUE,
    Truth,
    all_of,
    any_of,
    at_least,
    negation,
    one_or_other,
    unsure,
)
from pykala.evaluate.result import Cause
from pykala.evaluate.values import (
    Absent,
    Bounds,
    Member,
    Neighbours,
    Thing,
    Things,
    Unknown,
    bounds,
    causes_of,
    exact,
    known,
    text_key,
)
from pykala_dsl import core
from pykala_dsl.operators import AggregateName
from pykala_dsl.typesys import BoolType, Type

if TYPE_CHECKING:
    from pykala.evaluate.interpreter import Interpreter


def every(interpreter: Interpreter, expr: core.Every) -> Truth:
    """Return whether every member satisfies the body; one that may not belong counts where the body fails (c10)."""
    things = interpreter.bound(expr.binder)
    if isinstance(things, Unknown):
        return _over_unknown_list(things, expr.type)
    parts = []
    for member in things.members:
        with interpreter.binding(expr.binder.name, member):
            part = implied(member.belongs, interpreter.truth(expr.body))
        if part.mask == BROKEN:
            return FALSE
        parts.append(part)
    return all_of(parts)


def some(interpreter: Interpreter, expr: core.Some) -> Truth:
    """Return whether some member satisfies the body."""
    things = interpreter.bound(expr.binder)
    if isinstance(things, Unknown):
        return _over_unknown_list(things, expr.type)
    parts = []
    for member in things.members:
        part = _satisfies(interpreter, expr.binder.name, member, expr.body)
        if part.mask == MET:
            return TRUE
        parts.append(part)
    return any_of(parts)


def at_least_so_many(interpreter: Interpreter, expr: core.AtLeast) -> Truth:
    """Return whether at least so many members satisfy a duty."""
    count, things = interpreter.value(expr.count), interpreter.bound(expr.binder)
    if isinstance(things, Unknown):
        return TRUE if count == 0 else _over_unknown_list(things, expr.type)
    parts = [_satisfies(interpreter, expr.binder.name, member, expr.body) for member in things.members]
    if isinstance(count, int):
        return at_least(count, parts)
    low, high = (count.low, count.high) if isinstance(count, Bounds) else (0, None)
    last = len(parts) + 1 if high is None else min(high, len(parts) + 1)
    condition = unsure(causes_of(count))
    result = at_least(low, parts)
    for number in range(low + 1, last + 1):
        result = one_or_other(condition, result, at_least(number, parts))
    return result


def implied(condition: Truth, result: Truth) -> Truth:
    """Return the result where the condition holds; met where it does not."""
    return result if condition.mask == MET else any_of((negation(condition), result))


def _satisfies(interpreter: Interpreter, name: str, member: Member, body: core.Expr | None) -> Truth:
    if body is None:
        return member.belongs
    with interpreter.binding(name, member):
        part = interpreter.truth(body)
    return part if member.belongs.mask == MET else all_of((member.belongs, part))


def _over_unknown_list(things: Unknown, kind: Type) -> Truth:
    duty = isinstance(kind, BoolType) and kind.duty
    return Truth(MET | OPEN | BROKEN if duty else MET | BROKEN, things.causes)


def count(interpreter: Interpreter, binder: core.Binder) -> Thing:
    """Return how many members there are: those surely in, those possibly in (c11)."""
    things = interpreter.bound(binder)
    if isinstance(things, Unknown):
        return Bounds(0, None, things.causes)
    unsure_of = [member.belongs.causes for member in things.members if member.belongs.mask != MET]
    total = len(things.members)
    return bounds(total - len(unsure_of), total, NOTHING.union(*unsure_of))


def count_distinct(interpreter: Interpreter, key: core.Expr, binder: core.Binder) -> Thing:
    """Return how many different keys there are; a missing one may equal another or differ from all."""
    things = interpreter.bound(binder)
    if isinstance(things, Unknown):
        return Bounds(0, None, things.causes)
    sure: set[object] = set()
    possible: set[object] = set()
    sure_without_key, without_key, causes = False, 0, NOTHING
    for member in things.members:
        with interpreter.binding(binder.name, member):
            thing = interpreter.value(key)
        certain = member.belongs.mask == MET
        value = known(thing)
        causes |= causes_of(thing) if certain else causes_of(thing) | member.belongs.causes
        if value is None:
            without_key += 1
            sure_without_key |= certain
        else:
            (sure if certain else possible).add(text_key(value) if isinstance(value, str) else value)
    low = len(sure) or (1 if sure_without_key else 0)
    return bounds(low, len(sure | possible) + without_key, causes)


def the_one(interpreter: Interpreter, expr: core.The) -> Thing:
    """Return the one member; absent where there is none, unknown where there are several."""
    things = interpreter.bound(expr.binder)
    if isinstance(things, Unknown):
        return things
    sure = [member for member in things.members if member.belongs.mask == MET]
    if len(sure) > 1:
        return Unknown(frozenset(Cause("fact", member.path) for member in sure))
    if len(things.members) > len(sure):
        return Unknown(NOTHING.union(*(m.belongs.causes for m in things.members if m.belongs.mask != MET)))
    return sure[0].value if sure else Absent(interpreter.no_value(expr))


def aggregate(interpreter: Interpreter, expr: core.Aggregate) -> Thing:
    """Return the aggregate; unknown where a member or a filter is, and only a sum has a value of no members (c12)."""
    things = interpreter.bound(expr.binder)
    if isinstance(things, Unknown):
        return things
    values: list[core.Value] = []
    causes, certain = NOTHING, True
    for member in things.members:
        with interpreter.binding(expr.binder.name, member):
            thing = exact(interpreter.value(expr.value))
        plain = known(thing)
        if plain is None or member.belongs.mask != MET:
            certain = False
            causes |= causes_of(thing) | member.belongs.causes
        else:
            values.append(plain)
    if not certain:
        return Unknown(causes)
    return interpreter.or_no_value(expr, operations.aggregate(expr.name, values, expr.value.type))


def event_of_list(
    interpreter: Interpreter, name: Literal["earliest", "latest"], value: core.Expr, binder: core.Binder
) -> Thing:
    """Return an event that is the earliest or the latest of a list's."""
    things = interpreter.bound(binder)
    if isinstance(things, Unknown):
        return things
    dates: list[Thing] = []
    for member in things.members:
        if member.belongs.mask != MET:
            dates.append(Unknown(member.belongs.causes))
        else:
            with interpreter.binding(binder.name, member):
                dates.append(interpreter.event(value))
    return event_among(name, dates)


def extremum(interpreter: Interpreter, name: AggregateName, values: tuple[core.Expr, ...], kind: Type) -> Thing:
    """Return the earliest, latest, least or most of single values; unknown where one is missing."""
    things = [exact(interpreter.value(value)) for value in values]
    plain = [value for thing in things if (value := known(thing)) is not None]
    if len(plain) < len(things):
        return Unknown(causes_of(*things))
    found = operations.aggregate(name, plain, kind)
    return found if found is not None else Unknown(NOTHING)


def pairs(interpreter: Interpreter, expr: core.Pairs) -> Thing:
    """Return neighbours by the key, ties in the order of the record; a missing key makes them unknown (c10)."""
    things = interpreter.things(expr.collection)
    if isinstance(things, Unknown) or len(things.members) < 2:
        return things if isinstance(things, Unknown) else Things(())
    keyed: list[tuple[Any, Member]] = []
    causes, certain = NOTHING, True
    for member in things.members:
        with interpreter.binding(expr.name, member):
            key = interpreter.value(expr.key)
        if known(key) is None or member.belongs.mask != MET:
            certain = False
            causes |= causes_of(key) | member.belongs.causes
        keyed.append((key, member))
    if not certain:
        return Unknown(causes)
    ordered = [member for _, member in sorted(keyed, key=lambda pair: pair[0])]
    found = []
    for previous, following in pairwise(ordered):
        path = f"{previous.path}..{following.path}"
        found.append(Member(Neighbours(previous.value, following.value, path), path))
    return Things(tuple(found))
