"""The normal form of a rule: two rules of one normal form give the same verdicts on every record.

Definitions and parameters are put in their places; `nodes` does the rest. A rule is a short tuple of numbers of nodes.
The other way round nothing is claimed. Readings and unset parameters stay free, since an example may assume any option
and any value of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, TypeAlias, TypeGuard, assert_never

from pykala.policy.model import Policy, Rule
from pykala.quality.mutate.nodes import Nodes, Number
from pykala_dsl import core
from pykala_dsl.operators import CompareOp
from pykala_dsl.typesys import (
    CalendarTimeType,
    CountType,
    DateType,
    ListType,
    MoneyType,
    Period,
    SetType,
    Type,
)

Env: TypeAlias = Mapping[str, int]
"""The depth at which each bound name is bound."""

_CENT: Final = Fraction(1, 100)


@dataclass(slots=True)
class Normalizer(Nodes):
    """Makes normal forms; rules are comparable where one normalizer made them."""

    def rule(self, policy: Policy, rule: Rule) -> tuple[Any, ...]:
        """Return the normal form of a rule in its policy."""
        return _RuleForm(self, policy, rule).form()


@dataclass(slots=True)
class _RuleForm:
    normal: Normalizer
    policy: Policy
    rule: Rule
    _defined: dict[tuple[str, bool], Number] = field(default_factory=dict)
    _readings: set[str] = field(default_factory=set)

    def form(self) -> tuple[Any, ...]:
        normal, rule = self.normal, self.rule
        env: Env = {}
        elements: tuple[Number, ...] = ()
        if rule.for_each is not None:
            elements = self._bound(rule.for_each, {})
            env = {rule.for_each.name: 0}
        yes, no = normal.truth(True), normal.truth(False)
        when = self._expr(rule.when, env) if rule.when is not None else yes
        require = self._expr(rule.require, env)
        unless = tuple((item.name, self._expr(item.condition, env)) for item in rule.unless)
        pending = self._expr(rule.pending_while, env) if rule.pending_while is not None else no
        chosen = tuple((name, self.policy.readings[name].chosen) for name in sorted(self._readings))
        return elements, when, require, unless, pending, chosen

    # ------------------------------------------------------------------ expressions

    def _expr(self, expr: core.Expr, env: Env) -> Number:
        normal = self.normal
        match expr:
            case core.Constant(value, kind):
                return self._constant(value, kind)
            case core.AsOf():
                return normal.number("as_of")
            case core.Root(record, subject):
                return normal.number("root", record, subject)
            case core.FieldRead(base, declared):
                inner = self._expr(base, env)
                above = normal.node(inner)
                known = above[0] in ("root", "local") or (above[0] == "field" and above[4])
                certain = known and (declared.required or declared.absence == "none")
                return normal.number("field", inner, declared.name, _is_count(declared.type), certain)
            case core.PairSide(base, side):
                return normal.number("side", self._expr(base, env), side)
            case core.Local(name):
                return normal.number("local", env[name])
            case core.DefinitionRead(name, in_rule):
                return self._definition(name, in_rule)
            case core.ParameterRead(name, kind):
                own = self.policy.parameters[name].value
                return normal.number("parameter", name) if own is None else self._constant(own, kind)
            case core.ReadingRead(name):
                self._readings.add(name)
                return normal.number("reading", name)
            case core.MakeSet(items):
                return normal.number("set", tuple(sorted({self._expr(item, env) for item in items})))
            case core.MakeRange(low, high):
                return normal.number("range", self._expr(low, env), self._expr(high, env))
            case core.Not(operand):
                return normal.negation(self._expr(operand, env))
            case core.And(operands):
                return normal.all_of([self._expr(operand, env) for operand in operands])
            case core.Or(operands):
                return normal.any_of([self._expr(operand, env) for operand in operands])
            case core.Compare(op, left, right):
                return self._compare(op, left, right, env)
            case core.In(item, collection):
                return self._in(item, collection, env)
            case core.Includes(collection, part):
                return normal.number("includes", self._expr(collection, env), self._expr(part, env))
            case core.IsPresent(operand):
                return normal.number("present", self._expr(operand, env))
            case core.DueBy(event, limit):
                return normal.number("due", self._expr(event, env), self._expr(limit, env))
            case core.IsLate(event, limit):
                return normal.number("late", self._expr(event, env), self._expr(limit, env))
            case core.Arithmetic():
                return self._arithmetic(expr, env)
            case core.If(condition, yes, no):
                return normal.choice(self._expr(condition, env), self._expr(yes, env), self._expr(no, env))
            case core.Every(binder, body):
                over, where = self._bound(binder, env)
                inner = self._expr(body, _inside(binder, env))
                return normal.number("every", over, normal.any_of([normal.negation(where), inner]))
            case core.Some(binder, body):
                over, where = self._bound(binder, env)
                parts = [where] if body is None else [where, self._expr(body, _inside(binder, env))]
                return normal.number("some", over, normal.all_of(parts))
            case core.AtLeast(least, binder, body):
                inner = self._expr(body, _inside(binder, env))
                return normal.number("at least", self._expr(least, env), *self._bound(binder, env), inner)
            case core.Count(binder):
                return normal.number("count", *self._bound(binder, env))
            case core.CountDistinct(key, binder):
                inner = self._expr(key, _inside(binder, env))
                return normal.number("distinct", *self._bound(binder, env), inner)
            case core.Each(binder):
                return normal.number("each", *self._bound(binder, env))
            case core.The(binder):
                return normal.number("the", *self._bound(binder, env))
            case core.Aggregate(name, value, binder):
                inner = self._expr(value, _inside(binder, env))
                return normal.number("aggregate", name, *self._bound(binder, env), inner)
            case core.Extremum(name, values):
                return normal.number("extremum", name, tuple(sorted({self._expr(value, env) for value in values})))
            case core.Pairs(listed, name, key):
                own = self._expr(key, {**env, name: len(env)})
                return normal.number("pairs", self._expr(listed, env), own)
            case core.Call(function, arguments):
                return self._call(function, arguments, env)
            case _:
                assert_never(expr)

    def _constant(self, value: core.Value, kind: Type) -> Number:
        match value:
            case bool():
                return self.normal.truth(value)
            case datetime.date():
                return self.normal.number("const", "date", Fraction(value.toordinal()))
            case Period(months, days):
                unit = kind.unit if isinstance(kind, CalendarTimeType) else "mixed"
                if unit == "mixed":
                    return self.normal.number("const", "mixed", (months, days))
                return self.normal.number("const", unit, Fraction(months + days))
            case str():
                return self.normal.number("const", "enum", value)
            case _:
                return self.normal.number("const", "number", Fraction(value))

    def _definition(self, name: str, in_rule: bool) -> Number:
        key = (name, in_rule)
        if key not in self._defined:
            own = self.rule.definitions if in_rule else self.policy.definitions
            self._defined[key] = self._expr(own[name].expr, self._env_of_definition(in_rule))
        return self._defined[key]

    def _env_of_definition(self, in_rule: bool) -> Env:
        binder = self.rule.for_each
        return {binder.name: 0} if in_rule and binder is not None else {}

    def _bound(self, binder: core.Binder, env: Env) -> tuple[Number, Number]:
        """Return what a binder goes through and the condition on its elements, those of a list defined by `each` too."""
        inside = _inside(binder, env)
        where = self._expr(binder.where, inside) if binder.where is not None else self.normal.truth(True)
        collection, where = self._collection(binder.collection, env, len(env), where)
        return self.normal.number("over", len(env), collection), where

    def _collection(self, collection: core.Expr, env: Env, depth: int, where: Number) -> tuple[Number, Number]:
        if isinstance(collection, core.DefinitionRead):
            own = self.rule.definitions if collection.in_rule else self.policy.definitions
            if not isinstance(own[collection.name].expr, core.Each):
                return self._definition(collection.name, collection.in_rule), where
            env, collection = self._env_of_definition(collection.in_rule), own[collection.name].expr
        if not isinstance(collection, core.Each):
            return self._expr(collection, env), where
        binder = collection.binder
        if binder.where is not None:
            # The element stands as deep as the name that it is bound to here.
            padded = {**env, **{f" {at}": at for at in range(len(env), depth)}, binder.name: depth}
            where = self.normal.all_of([where, self._expr(binder.where, padded)])
        return self._collection(binder.collection, env, depth, where)

    # ------------------------------------------------------------------ tests and arithmetic

    def _compare(self, op: CompareOp, left: core.Expr, right: core.Expr, env: Env) -> Number:
        one, other = self._expr(left, env), self._expr(right, env)
        if isinstance(left.type, ListType | SetType):
            return self.normal.number("same", op, *sorted((one, other)))
        return self.normal.comparison(op, one, other, self._grid_of_both(left, right))

    def _in(self, item: core.Expr, collection: core.Expr, env: Env) -> Number:
        normal = self.normal
        value = self._expr(item, env)
        match collection:
            case core.MakeRange(low, high):
                return normal.all_of([self._compare(">=", item, low, env), self._compare("<=", item, high, env)])
            case core.MakeSet(items):
                members = {self._expr(member, env) for member in items}
                if len(members) == 1:
                    return normal.comparison("=", value, members.pop(), None)
                return normal.number("in", value, tuple(sorted(members)))
            case _:
                return normal.number("in", value, self._expr(collection, env))

    def _grid_of_both(self, left: core.Expr, right: core.Expr) -> Fraction | None:
        """Return the grid of the side that is not a constant, or of both where they share one."""
        one, other = self._grid(left), self._grid(right)
        if self._is_constant(left):
            return other
        if self._is_constant(right):
            return one
        return one if one == other else None

    def _is_constant(self, expr: core.Expr) -> bool:
        match expr:
            case core.Constant():
                return True
            case core.ParameterRead(name):
                return self.policy.parameters[name].value is not None
            case _:
                return False

    def _grid(self, expr: core.Expr) -> Fraction | None:
        """Return what every value of an expression is a multiple of; None where that is not certain."""
        match expr:
            case core.Count() | core.CountDistinct():
                return Fraction(1)
            case core.FieldRead() | core.AsOf():
                return _grid_of_field(expr.type)
            case core.ParameterRead() if isinstance(expr.type, CountType | DateType | CalendarTimeType):
                return Fraction(1)
            case core.DefinitionRead(name, in_rule):
                own = self.rule.definitions if in_rule else self.policy.definitions
                return self._grid(own[name].expr)
            case core.If(_, left, right) | core.Arithmetic("+" | "-", left, right) if not _is_whole(expr.type):
                one, other = self._grid(left), self._grid(right)
                return one if one == other else None
            case core.Aggregate(name, value) if name != "average":
                return self._grid(value)
            case core.Call(function, arguments):
                if function == "round":
                    step = arguments[1]
                    return Fraction(step.value) if isinstance(step, core.Constant) and _is_number(step.value) else None
                return Fraction(1) if _is_whole(expr.type) or isinstance(expr.type, CalendarTimeType) else None
            case core.Constant(value) if isinstance(expr.type, MoneyType) and _is_number(value):
                return _CENT if (Fraction(value) / _CENT).denominator == 1 else None
            case core.Constant() if isinstance(expr.type, CountType | CalendarTimeType):
                return Fraction(1)
            case _:
                return Fraction(1) if _is_whole(expr.type) else None

    def _arithmetic(self, expr: core.Arithmetic, env: Env) -> Number:
        normal, op = self.normal, expr.op
        left, right = self._expr(expr.left, env), self._expr(expr.right, env)
        if op == "-" and isinstance(expr.left.type, DateType) and isinstance(expr.right.type, DateType):
            return normal.difference(left, right)
        sign = {"+": 1, "-": -1}.get(op)
        amount = normal.node(right)
        # A count that is not certain has bounds, and loses them when something is added: it stays as it is.
        if sign is not None and amount[0] == "const" and not isinstance(expr.left.type, CountType):
            if isinstance(expr.left.type, DateType):
                if amount[1] == "days":
                    return normal.shifted(left, sign * amount[2])
            elif isinstance(amount[2], Fraction):
                return normal.shifted(left, sign * amount[2])
        return normal.number("arithmetic", op, left, right)

    def _call(self, function: str, arguments: Sequence[core.Expr], env: Env) -> Number:
        normal = self.normal
        values = [self._expr(argument, env) for argument in arguments]
        if function == "length":
            (stretch,) = values
            if normal.node(stretch)[0] == "range":
                return normal.number("length", *normal.node(stretch)[1:])
        if function == "overlap":
            values.sort()
        return normal.number("call", function, *values)


def _inside(binder: core.Binder, env: Env) -> Env:
    return {**env, binder.name: len(env)}


def _is_count(kind: Type) -> bool:
    return isinstance(kind, CountType)


def _is_whole(kind: Type) -> bool:
    return isinstance(kind, DateType)


def _is_number(value: object) -> TypeGuard[int | Fraction]:
    return isinstance(value, int | Fraction) and not isinstance(value, bool) and value > 0


def _grid_of_field(kind: Type) -> Fraction | None:
    match kind:
        case CountType() | DateType() | CalendarTimeType():
            return Fraction(1)
        case MoneyType():
            return _CENT
        case _:
            return None
