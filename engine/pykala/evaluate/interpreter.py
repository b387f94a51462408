"""The reference meaning of the typed core: one expression, one set of records, one choice for each reading.

In: core, records, the date of the check. Out: a `Truth` for a yes/no expression, a `Thing` for any other. It
cannot raise on data that fits the types. Anchors (c1 …) are sections of the language's meaning.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, assert_never

from pykala.evaluate import calendar, deadlines, operations, over_lists
from pykala.evaluate.facts import Facts, Guess, Notes, World
from pykala.evaluate.outcomes import (
    BROKEN,
    FALSE,
    MET,
    NOTHING,
    TRUE,
    Causes,
    Truth,
    all_of,
    any_of,
    negation,
    one_or_other,
    truth_of,
    unsure,
)
from pykala.evaluate.result import Cause
from pykala.evaluate.values import (
    Absent,
    Bounds,
    Member,
    Neighbours,
    Stretch,
    Thing,
    Things,
    Unknown,
    causes_of,
    compare,
    either,
    exact,
    known,
    or_absent,
    thing_of_truth,
    truth_of_thing,
)
from pykala_dsl import core
from pykala_dsl.source import Source
from pykala_dsl.typesys import BoolType, ListType, SetType

LONGEST_LIST_OF_DATES = 3660
NO_SOURCE = Source("", "")
_Mode: TypeAlias = Literal["truth", "value", "event"]


class Interpreter:
    """Evaluates expressions in one world under one choice of readings.

    `assumed` gives facts, parameters and records that the world does not have, to see what they would settle.
    Definitions are evaluated when they are first read: once for the world, once per element for a rule's own.
    """

    thorough = False
    """Whether every operand of a connective is evaluated, also where the outcome is certain before."""

    def __init__(
        self,
        world: World,
        readings: Mapping[str, str],
        *,
        source: Source = NO_SOURCE,
        assumed: Mapping[Cause, Thing | Guess] | None = None,
        notes: Notes | None = None,
    ) -> None:
        self.world = world
        self.readings = readings
        self.source = source
        self.notes = notes
        self.facts = Facts(world, assumed or {}, notes)
        self.locals: dict[str, Thing] = {}
        self._frame: dict[str, Thing] = {}
        # What is assumed or noted while a definition is evaluated is this interpreter's own.
        self._shared = world.shared if not assumed and notes is None and not self.thorough else None
        self._of_policy: dict[tuple[object, ...], Any] = {} if self._shared is None else self._shared.values
        self._of_rule: dict[tuple[object, ...], Any] = {}

    def enter(self, name: str | None, element: Thing | None) -> None:
        """Bind the element of a rule's `for each`, which the rule's own definitions may read."""
        self._frame = {} if name is None or element is None else {name: element}
        self.locals = dict(self._frame)
        self._of_rule = {}

    # ------------------------------------------------------------------ conditions and duties

    def truth(self, expr: core.Expr) -> Truth:
        """Return the outcomes that a yes/no expression may have."""
        match expr:
            case core.And(operands):
                return self._all(operands)
            case core.Or(operands):
                return self._any(operands)
            case core.Not(operand):
                return negation(self.truth(operand))
            case core.Compare(op, left, right):
                one, other = self.value(left), self.value(right)
                if isinstance(left.type, ListType | SetType) or isinstance(right.type, ListType | SetType):
                    same = all_of((self._includes(one, other), self._includes(other, one)))
                    return same if op == "=" else negation(same)
                self._note(one, other)
                return compare(op, one, other)
            case core.In(item, collection):
                return self._in(self.value(item), self.value(collection))
            case core.Includes(collection, part):
                return self._includes(self.value(collection), self.value(part))
            case core.IsPresent(operand):
                return _present(self.value(operand))
            case core.DueBy(event, limit):
                return deadlines.due_by(*self._deadline(event, limit), self.world.as_of)
            case core.IsLate(event, limit):
                return deadlines.is_late(*self._deadline(event, limit), self.world.as_of)
            case core.If(condition, yes, no):
                chosen = self.truth(condition)
                if chosen.sure:
                    return self.truth(yes if chosen.mask == MET else no)
                return one_or_other(chosen, self.truth(yes), self.truth(no))
            case core.Every():
                return over_lists.every(self, expr)
            case core.Some():
                return over_lists.some(self, expr)
            case core.AtLeast():
                return over_lists.at_least_so_many(self, expr)
            case core.DefinitionRead():
                found: Truth = self._definition(expr, "truth")
                return found
            case _:
                return truth_of_thing(self.value(expr))

    def _all(self, operands: tuple[core.Expr, ...]) -> Truth:
        parts = []
        for operand in operands:
            part = self.truth(operand)
            if part.mask == BROKEN and not self.thorough:
                return FALSE
            parts.append(part)
        return all_of(parts)

    def _any(self, operands: tuple[core.Expr, ...]) -> Truth:
        parts = []
        for operand in operands:
            part = self.truth(operand)
            if part.mask == MET and not self.thorough:
                return TRUE
            parts.append(part)
        return any_of(parts)

    def _in(self, item: Thing, collection: Thing) -> Truth:
        """Return whether a value is in a set, list or range; a range is false outside the bound that is known (c14)."""
        match collection:
            case Stretch(low, high):
                self._note(item, low)
                self._note(item, high)
                return all_of((compare(">=", item, low), compare("<=", item, high)))
            case Things(members):
                return any_of([self._is_member(item, member) for member in members])
            case _:
                self._note(item, collection)
                return unsure(causes_of(collection))

    def _is_member(self, item: Thing, member: Member) -> Truth:
        self._note(item, member.value)
        same = compare("=", item, member.value)
        return same if member.belongs.mask == MET else all_of((member.belongs, same))

    def _includes(self, collection: Thing, part: Thing) -> Truth:
        if isinstance(part, Things):
            return all_of([over_lists.implied(m.belongs, self._in(m.value, collection)) for m in part.members])
        return unsure(causes_of(collection, part))

    def _note(self, one: Thing, other: Thing) -> None:
        if self.notes:
            self.notes.compared(one, other)

    # ------------------------------------------------------------------ deadlines

    def _deadline(self, event: core.Expr, limit: core.Expr) -> tuple[Thing, Thing]:
        came, last_day = self.event(event), self.value(limit)
        self._note(came, last_day)
        self._note(last_day, self.world.as_of)
        return came, last_day

    def event(self, expr: core.Expr) -> Thing:
        """Return the date of an event; absent where it has not happened, a date after the check's included (c4)."""
        match expr:
            case core.DefinitionRead():
                found: Thing = self._definition(expr, "event")
            case core.If(condition, yes, no):
                chosen = self.truth(condition)
                if chosen.sure:
                    found = self.event(yes if chosen.mask == MET else no)
                else:
                    found = either(chosen.causes, self.event(yes), self.event(no))
            case core.Aggregate("earliest" | "latest" as name, value, binder):
                found = over_lists.event_of_list(self, name, value, binder)
            case core.Extremum("earliest" | "latest" as name, values):
                found = deadlines.event_among(name, [self.event(value) for value in values])
            case _:
                found = self.value(expr)
        return deadlines.happened(found, self.world.as_of)

    # ------------------------------------------------------------------ values

    def value(self, expr: core.Expr) -> Thing:
        """Return the value of an expression; a yes/no expression gives true, false or unknown."""
        match expr:
            case core.FieldRead(base, declared):
                return self.facts.read(self.value(base), declared)
            case core.Constant(value):
                return value
            case core.Local(name):
                return self.locals[name]
            case core.DefinitionRead():
                if isinstance(expr.type, BoolType):
                    return thing_of_truth(self.truth(expr))
                found: Thing = self._definition(expr, "value")
                return found
            case core.ParameterRead(name, kind):
                return self.facts.parameter(name, kind)
            case core.ReadingRead(name):
                return self.readings[name]
            case core.AsOf():
                return self.world.as_of
            case core.Root(record, subject):
                return self.facts.root(record, subject)
            case core.PairSide(base, side):
                pair = self.value(base)
                if isinstance(pair, Neighbours):
                    return pair.previous if side == "previous" else pair.next
                return Unknown(causes_of(pair))
            case core.MakeSet(items):
                return Things(tuple(Member(self.value(item), "") for item in items))
            case core.MakeRange(low, high):
                return Stretch(self.value(low), self.value(high))
            case core.Arithmetic():
                return self._arithmetic(expr)
            case core.If(condition, yes, no) if not isinstance(expr.type, BoolType):
                chosen = self.truth(condition)
                if chosen.sure:
                    return self.value(yes if chosen.mask == MET else no)
                return either(chosen.causes, self.value(yes), self.value(no))
            case core.Count(binder):
                return over_lists.count(self, binder)
            case core.CountDistinct(key, binder):
                return over_lists.count_distinct(self, key, binder)
            case core.Each(binder):
                return self.bound(binder)
            case core.The():
                return over_lists.the_one(self, expr)
            case core.Aggregate():
                return over_lists.aggregate(self, expr)
            case core.Extremum(name, values):
                return over_lists.extremum(self, name, values, expr.type)
            case core.Pairs():
                return over_lists.pairs(self, expr)
            case core.Call(function, arguments):
                return self._call(expr, function, arguments)
            case (
                core.Not()
                | core.And()
                | core.Or()
                | core.If()
                | core.Compare()
                | core.In()
                | core.Includes()
                | core.IsPresent()
                | core.DueBy()
                | core.IsLate()
                | core.Every()
                | core.Some()
                | core.AtLeast()
            ):
                return thing_of_truth(self.truth(expr))
            case _:
                assert_never(expr)

    def _definition(self, expr: core.DefinitionRead, mode: _Mode) -> Any:
        """Return a definition's truth, value or event, evaluated when it is first asked for."""
        cache = self._of_rule if expr.in_rule else self._of_policy
        key: tuple[object, ...] = (expr.name, mode)
        if self._shared is not None and not expr.in_rule:
            key += tuple(self.readings[name] for name in self._shared.readings[expr.name])
        if key not in cache:
            definition = (self.world.rule_definitions if expr.in_rule else self.world.definitions)[expr.name]
            outer_locals, outer_source = self.locals, self.source
            self.locals, self.source = dict(self._frame) if expr.in_rule else {}, definition.source
            match mode:
                case "truth":
                    cache[key] = self.truth(definition.expr)
                case "value":
                    cache[key] = self.value(definition.expr)
                case "event":
                    cache[key] = self.event(definition.expr)
                case _:
                    assert_never(mode)
            self.locals, self.source = outer_locals, outer_source
        return cache[key]

    def _arithmetic(self, expr: core.Arithmetic) -> Thing:
        left, right = exact(self.value(expr.left)), exact(self.value(expr.right))
        if expr.op == "-":
            self._note(left, right)
        one, other = known(left), known(right)
        if one is None or other is None:
            return Unknown(causes_of(left, right))
        return self.or_no_value(expr, operations.calculate(expr.op, one, other))

    def _call(self, expr: core.Expr, function: str, arguments: tuple[core.Expr, ...]) -> Thing:
        values: list[Any] = []
        missing: list[Thing] = []
        for argument in arguments:
            thing = exact(self.value(argument))
            parts = (thing.low, thing.high) if isinstance(thing, Stretch) else (thing,)
            missing += [part for part in parts if known(part) is None]
            if len(parts) == 2:
                self._note(*parts)
            values.append(parts if len(parts) == 2 else thing)
        if missing:
            return Unknown(causes_of(*missing))
        return self.or_no_value(expr, operations.FUNCTIONS[function](*values))

    def or_no_value(self, expr: core.Expr, value: core.Value | None) -> Thing:
        """Return the value of an operation, or that the expression has none."""
        return or_absent(value, NOTHING if value is not None else self.no_value(expr))

    def no_value(self, expr: core.Expr) -> Causes:
        """Return the cause that names an expression without a value by its text."""
        text = " ".join(self.source.text[expr.span.start : expr.span.end].split())
        return frozenset({Cause("no_value", text or type(expr).__name__.lower())})

    # ------------------------------------------------------------------ lists

    def binding(self, name: str, member: Member) -> Binding:
        """Bind a name to a member while the body of a binder is evaluated."""
        return Binding(self.locals, name, member)

    def things(self, expr: core.Expr) -> Things | Unknown:
        """Return a list's members; a range of dates stands for its dates."""
        match self.value(expr):
            case Things() as things:
                return things
            case Stretch(low, high):
                if not (isinstance(low, datetime.date) and isinstance(high, datetime.date)):
                    return Unknown(causes_of(low, high))
                days = calendar.days_in_range(low, high)
                if days > LONGEST_LIST_OF_DATES:
                    return Unknown(self.no_value(expr))
                dates = [datetime.date.fromordinal(low.toordinal() + day) for day in range(days)]
                return Things(tuple(Member(date, date.isoformat()) for date in dates))
            case other:
                return Unknown(causes_of(other))

    def bound(self, binder: core.Binder) -> Things | Unknown:
        """Return the members that pass a binder's filter, or may."""
        things = self.things(binder.collection)
        if binder.where is None or isinstance(things, Unknown):
            return things
        members = []
        for member in things.members:
            belongs = self.passes(binder, member)
            if belongs.mask != BROKEN:
                if member.belongs.mask != MET:
                    belongs = all_of((member.belongs, belongs))
                members.append(Member(member.value, member.path, belongs, (*member.filters, binder)))
        return Things(tuple(members))

    def passes(self, binder: core.Binder, member: Member) -> Truth:
        """Return whether a member passes a binder's own filter."""
        if binder.where is None:
            return TRUE
        with self.binding(binder.name, member):
            return self.truth(binder.where)


class Binding:
    """A name that stands for a member inside a `with`."""

    __slots__ = ("_locals", "_member", "_name", "_outer")

    def __init__(self, locals_: dict[str, Thing], name: str, member: Member) -> None:
        self._locals, self._name, self._member = locals_, name, member

    def __enter__(self) -> None:
        self._outer = self._locals.get(self._name)
        self._locals[self._name] = self._member.value

    def __exit__(self, *_: object) -> None:
        if self._outer is None:
            del self._locals[self._name]
        else:
            self._locals[self._name] = self._outer


def _present(thing: Thing) -> Truth:
    match thing:
        case Unknown(causes) | Bounds(_, _, causes, "unknown"):
            return unsure(causes)
        case Absent() | Bounds(_, _, _, "none") | Things(_, True):
            return FALSE
        case _:
            return truth_of(True)
