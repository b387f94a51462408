"""Whether a condition can hold at all: a proof that it cannot, or nothing.

In: conditions of the typed core, with definitions and numbers put in their places. A condition is taken apart into
alternatives; each alternative bounds the facts that it compares (ranges of numbers and dates, names, yes/no). An
alternative whose bounds leave no value cannot hold. What is not understood is taken as possible, so that `False` is sure
and `True` is not.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from pykala.policy.model import Policy, Rule
from pykala_dsl import core
from pykala_dsl.operators import MIRRORED, NEGATED, CompareOp
from pykala_dsl.typesys import BoolType, CountType, DateType, EnumType, ListType, SetType

MOST_ALTERNATIVES = 128
_RELATIONS: Mapping[CompareOp, frozenset[str]] = {
    "=": frozenset("="),
    "!=": frozenset("<>"),
    "<": frozenset("<"),
    "<=": frozenset("<="),
    ">": frozenset(">"),
    ">=": frozenset(">="),
}


@dataclass(frozen=True, slots=True)
class Literal:
    """A test of a condition, or its opposite."""

    expr: core.Expr
    holds: bool


Alternative: TypeAlias = frozenset[Literal]


@dataclass(frozen=True, slots=True)
class Opened:
    """A policy's definitions and numbers, to be put in the places of their names.

    Readings stay free: the choice is the planner's to change, and an example may assume any option.
    """

    policy: Policy
    rule: Rule | None = None

    def expr(self, expr: core.Expr) -> core.Expr:
        """Return what a name stands for: the expression of a definition, the value of a parameter."""
        match expr:
            case core.DefinitionRead(name, True) if self.rule is not None:
                return self.expr(self.rule.definitions[name].expr)
            case core.DefinitionRead(name, False):
                return self.expr(self.policy.definitions[name].expr)
            case core.ParameterRead(name, kind):
                value = self.policy.parameters[name].value
                return expr if value is None else core.Constant(value, kind, expr.span)
            case _:
                return expr


def can_hold(conditions: Iterable[tuple[core.Expr, bool]], opened: Opened) -> bool:
    """Return False where it is proved that the conditions cannot hold together; each is wanted to hold, or not to."""
    alternatives: list[Alternative] = [frozenset()]
    for expr, holds in conditions:
        found = _alternatives(expr, holds, opened)
        if found is None or len(found) * len(alternatives) > MOST_ALTERNATIVES:
            continue  # one condition less to prove it with
        alternatives = [one | other for one in alternatives for other in found]
    return any(_is_possible(each, opened) for each in alternatives)


def conjuncts(expr: core.Expr, opened: Opened) -> Iterator[core.Expr]:
    """Yield the conditions that must all hold for an expression to hold, definitions opened."""
    known = opened.expr(expr)
    if isinstance(known, core.And):
        for operand in known.operands:
            yield from conjuncts(operand, opened)
    else:
        yield known


# ---------------------------------------------------------------------- alternatives


def _alternatives(expr: core.Expr, holds: bool, opened: Opened) -> list[Alternative] | None:
    """Return the alternatives of a condition, None where they are too many. None of them: it can never hold."""
    expr = opened.expr(expr)
    match expr:
        case core.Constant(value) if isinstance(value, bool):
            return [frozenset()] if value == holds else []
        case core.Not(operand):
            return _alternatives(operand, not holds, opened)
        case core.And(operands) | core.Or(operands):
            if isinstance(expr, core.And) == holds:
                return _product([_alternatives(operand, holds, opened) for operand in operands])
            return _union([_alternatives(operand, holds, opened) for operand in operands])
        case core.In(item, core.MakeRange(low, high)):
            bounds = (_compare(">=", item, low, expr), _compare("<=", item, high, expr))
            return _alternatives(core.And(bounds, expr.type, expr.span), holds, opened)
        case core.In(item, core.MakeSet(members)):
            tests = tuple(_compare("=", item, member, expr) for member in members)
            return (
                _alternatives(core.Or(tests, expr.type, expr.span), holds, opened) if tests else ([] if holds else None)
            )
        case core.If(condition, yes, no) if isinstance(expr.type, BoolType):
            first = _product([_alternatives(condition, True, opened), _alternatives(yes, holds, opened)])
            return _union(
                [first, _product([_alternatives(condition, False, opened), _alternatives(no, holds, opened)])]
            )
        case _:
            return [frozenset([Literal(expr, holds)])]


def _compare(op: CompareOp, left: core.Expr, right: core.Expr, whole: core.Expr) -> core.Compare:
    return core.Compare(op, left, right, whole.type, whole.span)


def _union(parts: list[list[Alternative] | None]) -> list[Alternative] | None:
    found: list[Alternative] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found if len(found) <= MOST_ALTERNATIVES else None


def _product(parts: list[list[Alternative] | None]) -> list[Alternative] | None:
    found: list[Alternative] = [frozenset()]
    for part in parts:
        if part is None:
            continue  # weaker, and still true
        found = [one | other for one in found for other in part]
        if len(found) > MOST_ALTERNATIVES:
            return None
    return found


# ---------------------------------------------------------------------- bounds


@dataclass(slots=True)
class _Bounds:
    """The values that are left of one thing: a range, names that it is or is not, or a truth."""

    low: core.Value | None = None
    high: core.Value | None = None
    low_open: bool = False
    high_open: bool = False
    not_equal: set[core.Value] = field(default_factory=set)
    members: set[core.Value] | None = None

    def is_empty(self, kind: core.Expr) -> bool:
        """Return whether no value is left; between whole numbers and dates there is none."""
        if self.members is not None and not self.members - self.not_equal:
            return True
        low, high = self._edge(kind, 1), self._edge(kind, -1)
        if low is None or high is None:
            return False
        if _amount(low) > _amount(high):
            return True
        if _amount(low) == _amount(high):
            return self._is_open(kind) or low in self.not_equal
        return False

    def _is_open(self, kind: core.Expr) -> bool:
        return not _is_whole(kind) and (self.low_open or self.high_open)

    def _edge(self, kind: core.Expr, step: int) -> core.Value | None:
        value, is_open = (self.low, self.low_open) if step > 0 else (self.high, self.high_open)
        if value is None or not is_open or not _is_whole(kind):
            return value
        if isinstance(value, datetime.date):
            edge = value.toordinal() + step
            return datetime.date.fromordinal(edge) if 1 <= edge <= datetime.date.max.toordinal() else value
        return value + step if isinstance(value, int) else value


def _is_possible(alternative: Alternative, opened: Opened) -> bool:
    bounds: dict[core.Expr, _Bounds] = {}
    pairs: dict[tuple[core.Expr, core.Expr], frozenset[str]] = {}
    facts: dict[core.Expr, bool] = {}
    for literal in alternative:
        expr = literal.expr
        if isinstance(expr, core.Compare) and not isinstance(expr.left.type, ListType | SetType):
            op: CompareOp = expr.op if literal.holds else NEGATED[expr.op]
            left, right = opened.expr(expr.left), opened.expr(expr.right)
            if isinstance(left, core.Constant) and not isinstance(right, core.Constant):
                left, right, op = right, left, MIRRORED[op]
            if isinstance(left, core.Constant) and isinstance(right, core.Constant):
                if not _holds(op, left.value, right.value):
                    return False
            elif isinstance(right, core.Constant):
                own = bounds.setdefault(left, _of_kind(left))
                _narrow(own, op, right.value)
                if own.is_empty(left):
                    return False
            else:
                key, relation = ((left, right), op) if repr(left) <= repr(right) else ((right, left), MIRRORED[op])
                pairs[key] = pairs.get(key, frozenset("<=>")) & _RELATIONS[relation]
                if not pairs[key]:
                    return False
        elif facts.setdefault(expr, literal.holds) != literal.holds:
            return False
    return True


def _of_kind(expr: core.Expr) -> _Bounds:
    if isinstance(expr.type, EnumType):
        return _Bounds(members=set(expr.type.members))
    if isinstance(expr.type, CountType) and isinstance(expr, core.Count | core.CountDistinct):
        return _Bounds(low=0)
    return _Bounds()


def _narrow(bounds: _Bounds, op: CompareOp, value: core.Value) -> None:
    match op:
        case "=":
            if bounds.members is not None:
                bounds.members &= {value}
            elif not isinstance(value, str | bool):
                _narrow(bounds, ">=", value)
                _narrow(bounds, "<=", value)
            elif bounds.members is None:
                bounds.members = {value}
        case "!=":
            bounds.not_equal.add(value)
        case ">" | ">=":
            own = bounds.low
            if own is None or _amount(value) > _amount(own) or (_amount(value) == _amount(own) and op == ">"):
                bounds.low, bounds.low_open = value, op == ">"
        case "<" | "<=":
            own = bounds.high
            if own is None or _amount(value) < _amount(own) or (_amount(value) == _amount(own) and op == "<"):
                bounds.high, bounds.high_open = value, op == "<"


def _holds(op: CompareOp, left: core.Value, right: core.Value) -> bool:
    if op in ("=", "!="):
        return (left == right) == (op == "=")
    one, other = _amount(left), _amount(right)
    return one < other if op == "<" else one <= other if op == "<=" else one > other if op == ">" else one >= other


def _amount(value: core.Value) -> Fraction:
    """Return a value that can be ordered with others of its type; months and days never meet in one comparison."""
    match value:
        case datetime.date():
            return Fraction(value.toordinal())
        case bool() | int() | Fraction():
            return Fraction(value)
        case str():
            return Fraction(0)
        case _:
            return Fraction(value.months * 1_000_000 + value.days)


def _is_whole(expr: core.Expr) -> bool:
    return isinstance(expr.type, CountType | DateType)
