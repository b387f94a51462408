"""The limits of rules as data: what must have come by which day, counted from which date.

In: a checked policy. Out: a `Deadline` for each `due by`, for each comparison with a date that is counted or
fixed, in the order of the rules. The steps of a limit are those of the typed core, and `last_day` takes them
with the engine's own arithmetic: the handbook has no calendar of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final, Literal, TypeAlias, assert_never

from pykala.evaluate import calendar, operations
from pykala.policy.model import Policy, Rule
from pykala_dsl import core
from pykala_dsl.operators import CompareOp
from pykala_dsl.typesys import BoolType, CalendarTimeType, DateType, Period

Bound: TypeAlias = Literal["by", "before", "from", "after"]
"""On which side of the limit the event stands: `by` and `from` include the day itself."""
Part: TypeAlias = Literal["require", "unless", "when"]

_BOUNDS: Final[dict[CompareOp, Bound]] = {"<=": "by", "<": "before", ">=": "from", ">": "after"}
_MIRRORED: Final[dict[Bound, Bound]] = {"by": "from", "from": "by", "before": "after", "after": "before"}
_TURNS: Final = ("next_weekday", "working_day_on_or_after", "working_day_on_or_before")


@dataclass(frozen=True, slots=True)
class Move:
    """So much calendar time later or earlier. `period` is None where a parameter of the amount is unset."""

    forward: bool
    amount: core.Expr
    period: Period | None
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """To a weekday or working day, by the function of the language that says how."""

    function: str


@dataclass(frozen=True, slots=True)
class Pick:
    """The earliest or the latest of several ways to go on from one date."""

    name: Literal["earliest", "latest"]
    ways: tuple[tuple[Step, ...], ...]


Step: TypeAlias = Move | Turn | Pick


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that must hold, or must not."""

    expr: core.Expr
    holds: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a limit is counted: under which conditions, from which date, by which steps.

    `base` is what cannot be taken apart further. It is `one_date` where a reader can say it (a date of the record,
    the earliest or latest of a list), `fixed` where the policy gives it; else it hangs on several facts.
    """

    conditions: tuple[Condition, ...]
    base: core.Expr
    steps: tuple[Step, ...]
    one_date: bool
    fixed: datetime.date | None = None
    unset: tuple[str, ...] = ()
    """The parameters without which no day can be told."""

    @property
    def counted(self) -> bool:
        """Return whether a start date alone gives the last day, by at least one step."""
        return self.one_date and bool(self.steps) and not self.unset

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of the parameters that the steps take, each once."""
        moves = (step for step in flat(self.steps) if isinstance(step, Move))
        return tuple(dict.fromkeys(name for move in moves for name in move.parameters))

    @property
    def turns(self) -> bool:
        """Return whether a step may move the day to a weekday or a working day."""
        return any(isinstance(step, Turn) for step in flat(self.steps))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit of a rule: the event stands `by`, `before`, `from` or `after` a date that is counted in one of `ways`.

    `duty` tells `due by` and `is late for` from a comparison. `conditions` are what the rule asks of readings and
    facts before this limit counts; `binders` are the quantifiers around it, outermost first.
    """

    policy: Policy = field(compare=False, repr=False)
    rule_id: str
    part: Part
    exception: str | None
    duty: bool
    bound: Bound
    event: core.Expr
    limit: core.Expr
    ways: tuple[Way, ...]
    conditions: tuple[Condition, ...] = ()
    binders: tuple[core.Binder, ...] = ()

    @property
    def base(self) -> core.Expr | None:
        """Return the date that every way counts from; None where they differ."""
        bases = dict.fromkeys(way.base for way in self.ways)
        return next(iter(bases)) if len(bases) == 1 else None

    @property
    def unset(self) -> tuple[str, ...]:
        """Return the parameters of its ways that have no value, each once."""
        return tuple(dict.fromkeys(name for way in self.ways for name in way.unset))

    @property
    def stands(self) -> bool:
        """Return whether the chosen readings let this limit count; facts and open readings are left to the reader."""
        return settled(self.policy, self.conditions) is not False

    @property
    def standing(self) -> tuple[Way, ...]:
        """Return the ways that the chosen readings leave; several where facts or an open reading decide."""
        return tuple(way for way in self.ways if settled(self.policy, way.conditions) is not False)


def deadlines(policy: Policy) -> tuple[Deadline, ...]:
    """Return the limits of a policy's rules, in the order of the rules and of what stands in them."""
    return tuple(found for rule in policy.rules for found in rule_deadlines(policy, rule))


def rule_deadlines(policy: Policy, rule: Rule) -> tuple[Deadline, ...]:
    """Return the limits of one rule, each once: what it requires, then its exceptions, then its condition."""
    reader = _Reader(policy, rule)
    found = list(reader.read(rule.require, "require"))
    events = {item.event for item in found}
    for exception in rule.unless:
        # A comparison in an exception moves the limit of the rule's own event, or is a mere ground for it.
        moved = reader.read(exception.condition, "unless", exception.name)
        found += [item for item in moved if item.duty or item.event in events]
    if rule.when is not None:
        found += [item for item in reader.read(rule.when, "when") if item.duty]
    return tuple(dict.fromkeys(found))


def last_day(deadline: Deadline, start: datetime.date, way: Way | None = None) -> datetime.date | None:
    """Return the last day on which the event is in time (for `from` and `after`: the first), counted from `start`.

    Without `way`, by the only one that the chosen readings leave. A fixed date needs no start. None where no day can
    be told: a parameter is unset, several ways stand, or the day lies where the calendar knows no holidays.
    """
    if way is None:
        standing = deadline.standing
        if len(standing) != 1:
            return None
        way = standing[0]
    limit = None if way.unset else take(way.steps, way.fixed or start)
    if limit is None or deadline.bound in ("by", "from"):
        return limit
    return calendar.add_period(limit, Period(0, -1 if deadline.bound == "before" else 1))


def take(steps: Sequence[Step], start: datetime.date) -> datetime.date | None:
    """Return the date that the steps lead to, or None where one of them has no answer."""
    day: core.Value | None = start
    for step in steps:
        if not isinstance(day, datetime.date):
            return None
        match step:
            case Move(forward, _, period):
                day = None if period is None else operations.calculate("+" if forward else "-", day, period)
            case Turn(function):
                day = operations.FUNCTIONS[function](day)
            case Pick(name, ways):
                days = [take(way, day) for way in ways]
                known = [found for found in days if found is not None]
                day = None if len(known) < len(days) else operations.aggregate(name, known, DateType())
            case _:
                assert_never(step)
    return day if isinstance(day, datetime.date) else None


def flat(steps: Iterable[Step]) -> Iterator[Move | Turn]:
    """Yield the steps with those of every `Pick` in its place."""
    for step in steps:
        if isinstance(step, Pick):
            for way in step.ways:
                yield from flat(way)
        else:
            yield step


def counted_expr(way: Way) -> core.Expr:
    """Return a way as one expression over its base: the limit with everything that it names opened."""
    return _with_steps(way.base, way.steps)


def _with_steps(base: core.Expr, steps: Sequence[Step]) -> core.Expr:
    for step in steps:
        kind, span = DateType(), base.span
        match step:
            case Move(forward, amount):
                base = core.Arithmetic("+" if forward else "-", base, amount, kind, span)
            case Turn(function):
                base = core.Call(function, (base,), kind, span)
            case Pick(name, ways):
                start = base
                base = core.Extremum(name, tuple(_with_steps(start, way) for way in ways), kind, span)
            case _:
                assert_never(step)
    return base


def settled(policy: Policy, conditions: Iterable[Condition]) -> bool | None:
    """Return whether the chosen readings make all conditions hold, or one fail; None where they do not decide."""
    answers = [_settled(policy, condition) for condition in conditions]
    return False if False in answers else None if None in answers else True


def _settled(policy: Policy, condition: Condition) -> bool | None:
    match condition.expr:
        case core.Not(operand):
            return _settled(policy, Condition(operand, not condition.holds))
        case core.And(operands) | core.Or(operands):
            every = isinstance(condition.expr, core.And) == condition.holds
            answers = [_settled(policy, Condition(operand, condition.holds)) for operand in operands]
            decisive = not every
            return decisive if decisive in answers else None if None in answers else every
        case core.Compare("=" | "!=" as op, core.ReadingRead(name), core.Constant(option)):
            chosen = policy.readings[name].chosen
            return None if chosen is None else ((chosen == option) == (op == "=")) == condition.holds
        case core.In(core.ReadingRead(name), core.MakeSet(items)):
            chosen = policy.readings[name].chosen
            options = [item.value for item in items if isinstance(item, core.Constant)]
            return None if chosen is None else (chosen in options) == condition.holds
        case _:
            return None


# ---------------------------------------------------------------------- where a rule sets a limit


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a rule an expression stands, and what surrounds it."""

    part: Part
    exception: str | None
    conditions: tuple[Condition, ...] = ()
    binders: tuple[core.Binder, ...] = ()
    named: frozenset[tuple[str, bool]] = frozenset()
    """The definitions that were opened on the way."""

    def given(self, *conditions: Condition) -> _Place:
        return replace(self, conditions=(*self.conditions, *conditions))

    def inside(self, binder: core.Binder) -> _Place:
        return replace(self, binders=(*self.binders, binder))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the limits of one rule out of its expressions."""

    policy: Policy
    rule: Rule

    def read(self, expr: core.Expr, part: Part, exception: str | None = None) -> Iterator[Deadline]:
        """Yield the limits that an expression sets where it must hold."""
        yield from self._read(expr, _Place(part, exception), holds=True)

    def _read(self, expr: core.Expr, place: _Place, *, holds: bool) -> Iterator[Deadline]:
        match expr:
            case core.And(operands) | core.Or(operands):
                # `reading(r) = a or X due by D`: the limit counts where the reading is another one.
                asked = isinstance(expr, core.And) == holds
                readings = {at: Condition(each, asked) for at, each in enumerate(operands) if _asks_reading(each)}
                for at, operand in enumerate(operands):
                    beside = [condition for other, condition in readings.items() if other != at]
                    yield from self._read(operand, place.given(*beside), holds=holds)
            case core.Not(operand):
                yield from self._read(operand, place, holds=not holds)
            case core.If(condition, yes, no) if isinstance(expr.type, BoolType):
                yield from self._read(yes, place.given(Condition(condition, True)), holds=holds)
                yield from self._read(no, place.given(Condition(condition, False)), holds=holds)
            case core.Every(binder, body):
                yield from self._read(body, place.inside(binder), holds=holds)
            case core.Some(binder, body):
                # What selects the elements of a named condition describes it; in the rule itself it is asked for.
                if binder.where is not None and not place.named:
                    yield from self._read(binder.where, place.inside(binder), holds=holds)
                if body is not None:
                    yield from self._read(body, place.inside(binder), holds=holds)
            case core.AtLeast(_, binder, body):
                yield from self._read(body, place.inside(binder), holds=holds)
            case core.DueBy(event, limit):
                yield self._deadline(place, True, "by", event, limit)
            case core.IsLate(event, limit):
                yield self._deadline(place, True, "by", event, limit)
            case core.Compare(op, left, right) if holds and op in _BOUNDS and isinstance(left.type, DateType):
                yield from self._compared(place, _BOUNDS[op], left, right)
            case core.In(item, core.MakeRange(low, high)) if holds and isinstance(item.type, DateType):
                yield from self._compared(place, "from", item, low)
                yield from self._compared(place, "by", item, high)
            case core.DefinitionRead(name, in_rule) if (name, in_rule) not in place.named:
                inner = replace(place, named=place.named | {(name, in_rule)})
                yield from self._read(self._definition(expr), inner, holds=holds)
            case _:
                pass

    def _compared(self, place: _Place, bound: Bound, left: core.Expr, right: core.Expr) -> Iterator[Deadline]:
        """Yield the limit of a comparison where one side is counted or fixed; two plain dates only have an order."""
        if _is_limit(self.ways(right)):
            yield self._deadline(place, False, bound, left, right)
        elif _is_limit(self.ways(left)):
            yield self._deadline(place, False, _MIRRORED[bound], right, left)

    def _deadline(self, place: _Place, duty: bool, bound: Bound, event: core.Expr, limit: core.Expr) -> Deadline:
        return Deadline(
            policy=self.policy,
            rule_id=self.rule.id,
            part=place.part,
            exception=place.exception,
            duty=duty,
            bound=bound,
            event=event,
            limit=limit,
            ways=self.ways(limit),
            conditions=place.conditions,
            binders=place.binders,
        )

    # ------------------------------------------------------------------ how a limit is counted

    def ways(self, expr: core.Expr) -> tuple[Way, ...]:
        """Return the ways in which a date is counted, those aside whose conditions contradict each other."""
        found = tuple(way for way in self._ways(expr) if _is_possible(way.conditions))
        return found if len(found) <= _MOST_WAYS else (Way((), expr, (), one_date=False),)

    def _ways(self, expr: core.Expr) -> Iterator[Way]:
        match expr:
            case core.Constant(datetime.date() as day):
                yield Way((), expr, (), one_date=True, fixed=day)
            case core.ParameterRead(name):
                given = self.policy.parameters[name].value
                value = given if isinstance(given, datetime.date) else None
                yield Way((), expr, (), one_date=True, fixed=value, unset=() if value else (name,))
            case core.DefinitionRead():
                inner = self.ways(self._definition(expr))
                plain = len(inner) == 1 and not inner[0].steps
                yield from (replace(inner[0], base=expr),) if plain else inner
            case core.If(condition, yes, no):
                for side, holds in ((yes, True), (no, False)):
                    for way in self.ways(side):
                        yield replace(way, conditions=(Condition(condition, holds), *way.conditions))
            case core.Arithmetic("+" | "-" as op, left, right):
                date, period = (right, left) if isinstance(left.type, CalendarTimeType) else (left, right)
                yield from self._moved(expr, date, period, forward=op == "+")
            case core.Call(function, (argument,)) if function in _TURNS:
                for way in self.ways(argument):
                    yield replace(way, steps=(*way.steps, Turn(function)))
            case core.Extremum(name, values):
                yield from self._picked(expr, "earliest" if name in ("earliest", "min") else "latest", values)
            case core.Aggregate(_, value):
                yield Way((), expr, (), one_date=not any(isinstance(part, _COUNTED) for part in core.walk(value)))
            case _:
                yield Way((), expr, (), one_date=isinstance(expr, _DATES))

    def _moved(self, whole: core.Expr, date: core.Expr, period: core.Expr, *, forward: bool) -> Iterator[Way]:
        amounts = list(self._amounts(period))
        if any(not self._is_fixed(amount) for _, amount in amounts):
            yield Way((), whole, (), one_date=False)
            return
        for way, (conditions, amount) in product(self.ways(date), amounts):
            value = self._value(amount)
            names = tuple(part.name for part in core.walk(amount) if isinstance(part, core.ParameterRead))
            move = Move(forward, amount, value if isinstance(value, Period) else None, names)
            missing = tuple(name for name in names if self.policy.parameters[name].value is None)
            yield replace(
                way,
                conditions=(*way.conditions, *conditions),
                steps=(*way.steps, move),
                unset=tuple(dict.fromkeys((*way.unset, *missing))),
            )

    def _picked(
        self, whole: core.Expr, name: Literal["earliest", "latest"], values: tuple[core.Expr, ...]
    ) -> Iterator[Way]:
        choices = list(product(*(self.ways(value) for value in values)))
        if len({way.base for choice in choices for way in choice}) != 1:
            yield Way((), whole, (), one_date=False)
            return
        for choice in choices:
            yield Way(
                tuple(condition for way in choice for condition in way.conditions),
                choice[0].base,
                (Pick(name, tuple(way.steps for way in choice)),),
                choice[0].one_date,
                choice[0].fixed,
                tuple(dict.fromkeys(name for way in choice for name in way.unset)),
            )

    def _amounts(self, expr: core.Expr) -> Iterator[tuple[tuple[Condition, ...], core.Expr]]:
        """Yield the amounts of calendar time that an expression may stand for, each with its conditions."""
        match expr:
            case core.DefinitionRead():
                yield from self._amounts(self._definition(expr))
            case core.If(condition, yes, no):
                for side, holds in ((yes, True), (no, False)):
                    for conditions, amount in self._amounts(side):
                        yield (Condition(condition, holds), *conditions), amount
            case _:
                yield (), expr

    def _is_fixed(self, expr: core.Expr) -> bool:
        parts = (core.Constant, core.ParameterRead, core.Arithmetic)
        return all(isinstance(part, parts) for part in core.walk(expr))

    def _value(self, expr: core.Expr) -> core.Value | None:
        match expr:
            case core.Constant(value):
                return value
            case core.ParameterRead(name):
                return self.policy.parameters[name].value
            case core.Arithmetic(op, left, right):
                one, other = self._value(left), self._value(right)
                return None if one is None or other is None else operations.calculate(op, one, other)
            case _:
                return None

    def _definition(self, read: core.DefinitionRead) -> core.Expr:
        return (self.rule.definitions if read.in_rule else self.policy.definitions)[read.name].expr


_MOST_WAYS: Final = 32
"""More ways than this nobody reads: such a limit is told in words only."""
_DATES: Final = (core.FieldRead, core.AsOf, core.PairSide, core.Local, core.The)
_COUNTED: Final = (core.Arithmetic, core.Call, core.If)


def _is_limit(ways: Sequence[Way]) -> bool:
    return any(way.steps or way.fixed is not None or way.unset or not way.one_date for way in ways)


def _is_possible(conditions: Iterable[Condition]) -> bool:
    found: dict[core.Expr, bool] = {}
    return all(found.setdefault(condition.expr, condition.holds) == condition.holds for condition in conditions)


def _asks_reading(expr: core.Expr) -> bool:
    match expr:
        case core.Compare("=" | "!=", core.ReadingRead(), core.Constant()) | core.In(core.ReadingRead(), _):
            return True
        case core.Not(operand):
            return _asks_reading(operand)
        case _:
            return False
