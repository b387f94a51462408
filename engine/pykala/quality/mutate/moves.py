"""Records a step away from a record: one fact with another value, one element more or less.

The values tried are those that the rule compares with: its constants, the dates and numbers met while it was
evaluated, their neighbours one step away, and what lies a period before or after a date.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final, TypeAlias, TypeGuard, TypeVar

from pykala.evaluate.calendar import add_period, is_working_day, subtract_period
from pykala.policy.model import Policy
from pykala.quality.mutate.steps import ONE_DAY, plain, steps_from
from pykala.records.literals import READERS, read_date
from pykala_dsl import core
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ExactTimeType,
    FieldType,
    ListType,
    MoneyType,
    NumberType,
    Period,
    RecordType,
    ShareType,
    TextType,
    Type,
)
from pykala_dsl.unchecked import print_value

_Any = TypeVar("_Any")
Steps: TypeAlias = tuple[str | int, ...]
MOST_VALUES: Final = 40
LONGEST_LIST: Final = 60
_LEFT_OUT: Final = object()
_GRIDS: Final[Mapping[type, Fraction]] = {
    MoneyType: Fraction(1, 100),
    NumberType: Fraction(1, 1000),
    ShareType: Fraction(1, 100_000),
}
"""What the amounts tried are multiples of; other amounts are whole."""


@dataclass(frozen=True, slots=True)
class State:
    """What an example may describe: the whole record as data, the date of the check, what is assumed beside it."""

    data: Mapping[str, Any]
    as_of: datetime.date
    parameters: Mapping[str, core.Value] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)

    def key(self) -> str:
        """Return a text that two states share where they are the same."""
        return repr((self.data, self.as_of, self.parameters, self.readings))


@dataclass(frozen=True, slots=True)
class Reads:
    """What a rule reads: fields by the name of their record and their own, those near a change first; constants; names."""

    fields: Mapping[tuple[str, str], int]
    """Fields in the order in which they are varied."""
    constants: tuple[tuple[core.Value, Type], ...]
    parameters: tuple[str, ...]
    """Unset ones."""
    readings: tuple[str, ...]
    as_of: bool
    weekdays: bool
    """Whether it matters which days are working days."""


def reads_in(policy: Policy, exprs: Iterable[core.Expr], names: Mapping[str, Iterable[str]]) -> Reads:
    """Return what expressions read; `names` are the parameters and readings among it, through definitions too."""
    fields: dict[tuple[str, str], int] = {}
    constants: dict[tuple[core.Value, Type], None] = {}
    as_of = weekdays = False
    for expr in exprs:
        for part in core.walk(expr):
            match part:
                case core.FieldRead(base, declared):
                    owner = base.type.name if isinstance(base.type, RecordType) else ""
                    fields.setdefault((owner, declared.name), len(fields))
                case core.Constant(value, kind):
                    constants.setdefault((value, kind))
                case core.AsOf() | core.DueBy() | core.IsLate():
                    as_of = True
                case core.Call(function):
                    weekdays = weekdays or "week" in function or "working" in function
                case _:
                    pass
    unset = []
    for name in names["parameters"]:
        parameter = policy.parameters[name]
        if parameter.value is None:
            unset.append(name)
        else:
            constants.setdefault((parameter.value, parameter.type))
    return Reads(fields, tuple(constants), tuple(unset), tuple(names["readings"]), as_of, weekdays)


def moves(
    policy: Policy, state: State, reads: Reads, compared: Sequence[tuple[core.Value, core.Value]]
) -> Iterator[State]:
    """Yield the states one step away, those that vary what stands near the change first."""
    pool = _Pool.of(policy, state, reads, compared)
    found = list(_Walk(policy, state, reads, pool).moves())
    found.sort(key=lambda each: _cost(*each[0]))
    yield from (each for _, each in found)


def _cost(rank: int, odd: int, number: int) -> float:
    """Return how late a step is tried: far fields, odd steps and unlikely values each wait for the others."""
    return rank + 2 * odd + number / 3


# ---------------------------------------------------------------------- values worth trying


@dataclass(slots=True)
class _Pool:
    """Values to try, by what they are, the likeliest first."""

    dates: list[datetime.date]
    numbers: list[int | Fraction]
    periods: list[Period]
    texts: list[str]
    members: list[str]

    @classmethod
    def of(cls, policy: Policy, state: State, reads: Reads, compared: Sequence[tuple[core.Value, core.Value]]) -> _Pool:
        pool = cls([], [], [], [], [])
        constants = [value for value, _ in reads.constants]
        met = [value for pair in compared for value in pair]
        periods = [value for value in (*constants, *met) if isinstance(value, Period) and _can_be_written(value)]
        near = [value for value in (*met, *constants) if isinstance(value, datetime.date)]
        written = [*near, state.as_of, *_dates_in(state.data)]
        pool.dates = _once(
            [
                *(day for date in near for day in _around(date)),
                *(day for date in _once(written) for day in _periods_from(date, periods)),
                *(day for date in written for day in _around(date)),
            ]
        )
        if reads.weekdays:
            pool.dates = _once(day for date in pool.dates[:6] for day in (date, *_days_off_after(date)))
        numbers = [value for value in (*met, *constants) if _is_number(value)]
        pool.numbers = _once([*numbers, *_makes_equal(compared)])
        pool.periods = _once(periods)
        pool.texts = _once([*(value for value in met if isinstance(value, str)), "a", "b"])
        pool.members = _once([value for value in constants if isinstance(value, str)])
        return pool

    def values(self, kind: Type, now: core.Value | None) -> Iterator[core.Value]:
        """Yield values of a type."""
        match kind:
            case BoolType():
                yield from (True, False)
            case EnumType(_, members):
                yield from _once([*(name for name in self.members if name in members), *members])
            case DateType():
                yield from self.dates
            case CalendarTimeType("days"):
                days = [period for period in self.periods if not period.months]
                yield from _once([each for period in days for each in (period, *steps_from(period, kind))])
            case CalendarTimeType():
                months = [period for period in self.periods if not period.days]
                yield from _once([each for period in months for each in (period, *steps_from(period, kind))])
            case CountType() | NumberType() | MoneyType() | ShareType() | ExactTimeType():
                yield from self._amounts(kind, now)
            case TextType():
                yield from self.texts
            case _:
                return

    def _amounts(self, kind: Type, now: core.Value | None) -> Iterator[core.Value]:
        found: list[int | Fraction] = []
        for number in self.numbers:
            found += [number, *(value for value in steps_from(number, kind) if _is_number(value))]
        if _is_number(now):
            # What is short of a limit in a sum or a difference is added here, or taken away.
            found += [now + number for number in self.numbers] + [now - number for number in self.numbers]
            found += [value for value in steps_from(now, kind) if _is_number(value)]
        found += [0, 1, 2]
        grid = _GRIDS.get(type(kind), Fraction(1))
        for value in _once(found):
            if value >= 0 and Fraction(value / grid).denominator == 1:
                yield value


def _makes_equal(compared: Iterable[tuple[core.Value, core.Value]]) -> Iterator[int | Fraction]:
    for left, right in compared:
        if _is_number(left) and _is_number(right) and left != right:
            yield plain(abs(Fraction(right) - Fraction(left)))


def _around(date: datetime.date) -> Iterator[datetime.date]:
    yield date
    if date > datetime.date.min:
        yield date - ONE_DAY
    if date < datetime.date.max:
        yield date + ONE_DAY


def _days_off_after(date: datetime.date) -> Iterator[datetime.date]:
    """Yield the next Saturday and the next weekday off after a date, each with the days beside it."""
    ahead = [date + step * ONE_DAY for step in range(1, 220) if date.year < 2100]
    saturday = next((day for day in ahead if day.weekday() == 5), date)
    holiday = next((day for day in ahead if day.weekday() < 5 and is_working_day(day) is False), date)
    yield from (saturday, *_around(holiday))


def _periods_from(date: datetime.date, periods: Iterable[Period]) -> Iterator[datetime.date]:
    for period in periods:
        for found in (add_period(date, period), subtract_period(date, period)):
            if found is not None:
                yield from _around(found)


def _dates_in(data: Any) -> Iterator[datetime.date]:
    match data:
        case Mapping():
            for value in data.values():
                yield from _dates_in(value)
        case list():
            for value in data:
                yield from _dates_in(value)
        case str():
            if (found := read_date(data)) is not None:
                yield found


def _can_be_written(period: Period) -> bool:
    """Return whether a record can say a period: an average of days need not be whole, a difference may be negative."""
    return all(isinstance(part, int) and part >= 0 for part in period)


def _is_number(value: object) -> TypeGuard[int | Fraction]:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def usual_value(kind: Type) -> Iterator[core.Value]:
    """Yield a value to begin with for a parameter that is not set."""
    match kind:
        case CalendarTimeType("days"):
            yield Period(0, 14)
        case CalendarTimeType():
            yield Period(1, 0)
        case ExactTimeType():
            yield 60
        case MoneyType():
            yield 100
        case ShareType():
            yield Fraction(1, 10)
        case CountType() | NumberType():
            yield 2
        case _:
            return


def _once(values: Iterable[_Any]) -> list[_Any]:
    return list(dict.fromkeys(values))


# ---------------------------------------------------------------------- the steps


@dataclass(slots=True)
class _Walk:
    """Goes through a record by its type; each step has a rank: how far its field stands from the change, then how odd it is."""

    policy: Policy
    state: State
    reads: Reads
    pool: _Pool

    def moves(self) -> Iterator[tuple[tuple[int, int, int], State]]:
        whole = self.policy.subject
        yield from self._of_record(whole, self.state.data, (), virtual=False)
        for kind, own in self.policy.with_types.items():
            data = self.state.data.get(kind)
            if isinstance(data, Mapping):
                yield (10, 2, 0), self._with((kind,), _LEFT_OUT)
                yield from self._of_record(own, data, (kind,), virtual=False)
            else:
                yield from self._new_record(own, (kind,), 2)
        if self.reads.as_of:
            for at, day in enumerate(self.pool.dates[:MOST_VALUES]):
                yield (3, 0, at), replace(self.state, as_of=day)
        yield from self._assumptions()

    def _assumptions(self) -> Iterator[tuple[tuple[int, int, int], State]]:
        for at, name in enumerate(self.reads.readings):
            for option in self.policy.readings[name].options:
                if self.state.readings.get(name) != option:
                    assumed = {**self.state.readings, name: option}
                    yield (at, 0, 0), replace(self.state, readings=assumed)
        for at, name in enumerate(self.reads.parameters):
            kind = self.policy.parameters[name].type
            for number, value in enumerate(_once([*self.pool.values(kind, None), *usual_value(kind)])):
                if number < MOST_VALUES:
                    values = {**self.state.parameters, name: value}
                    yield (at, 0, number), replace(self.state, parameters=values)

    def _of_record(
        self, kind: RecordType, data: Mapping[str, Any], at: Steps, *, virtual: bool
    ) -> Iterator[tuple[tuple[int, int, int], State]]:
        for name, declared in kind.fields.items():
            rank = self.reads.fields.get((kind.name, name))
            if rank is not None:
                yield from self._of_field(declared, data.get(name), name in data, (*at, name), rank, virtual=virtual)

    def _of_field(
        self, declared: FieldType, value: Any, given: bool, at: Steps, rank: int, *, virtual: bool
    ) -> Iterator[tuple[tuple[int, int, int], State]]:
        kind = declared.type
        odd = 3 if virtual else 0
        if given and not declared.required:
            yield (rank, odd, 1), self._with(at, _LEFT_OUT)
        if not declared.required and (not given or value is not None):
            yield (rank, odd, 2), self._with(at, None)
        match kind:
            case RecordType():
                if isinstance(value, Mapping):
                    yield from self._of_record(kind, value, at, virtual=virtual)
                else:
                    yield from self._new_record(kind, at, rank)
            case ListType(element):
                yield from self._of_list(element, kind.identified_by, value, at, rank)
            case _:
                now = _value(kind, value)
                for number, tried in enumerate(self.pool.values(kind, now)):
                    if number >= MOST_VALUES:
                        break
                    if tried != now or isinstance(tried, bool) != isinstance(now, bool):
                        yield (rank, odd, number), self._with(at, _written(tried, kind))

    def _new_record(self, kind: RecordType, at: Steps, rank: int) -> Iterator[tuple[tuple[int, int, int], State]]:
        made = self._least(kind)
        yield (rank, 1, 0), self._with(at, made)
        inner = replace(self.state, data=_put(self.state.data, at, made))
        yield from _Walk(self.policy, inner, self.reads, self.pool)._of_record(kind, made, at, virtual=True)

    def _of_list(
        self, element: Type, key: str | None, value: Any, at: Steps, rank: int
    ) -> Iterator[tuple[tuple[int, int, int], State]]:
        items = value if isinstance(value, list) else []
        if items:
            yield (rank, 2, 0), self._with(at, [])
            for number in reversed(range(min(len(items), 8))):
                yield (rank, 1, 7 - number), self._with(at, [*items[:number], *items[number + 1 :]])
        if isinstance(element, RecordType):
            for number, item in enumerate(items[:8]):
                if isinstance(item, Mapping):
                    yield from self._of_record(element, item, (*at, number), virtual=False)
        if not isinstance(element, RecordType):
            for number, tried in enumerate(self.pool.values(element, None)):
                if number < MOST_VALUES:
                    yield (rank, 1, number), self._with(at, [*items, _written(tried, element)])
        elif len(items) < LONGEST_LIST:
            new = copy.deepcopy(items[-1]) if items else self._least(element)
            yield (rank, 1, 0), self._with(at, [*items, new])
            if items and key is not None and (moved := _next_key(new, key)) is not None:
                yield (rank, 1, 1), self._with(at, [*items, moved])
            inner = replace(self.state, data=_put(self.state.data, at, [*items, new]))
            walk = _Walk(self.policy, inner, self.reads, self.pool)
            yield from walk._of_record(element, new, (*at, len(items)), virtual=True)
        yield from self._resized(items, key, at, rank)

    def _resized(
        self, items: list[Any], key: str | None, at: Steps, rank: int
    ) -> Iterator[tuple[tuple[int, int, int], State]]:
        """Yield the list at the lengths that are counted up to, its last element repeated, each a day later."""
        if not items:
            return
        lengths = {
            int(number) + step
            for number in self.pool.numbers
            if Fraction(number).denominator == 1
            for step in (-1, 0, 1)
            if 0 < number + step <= LONGEST_LIST
        }
        for length in sorted(lengths):
            made = list(items[:length])
            while len(made) < length:
                last = made[-1]
                made.append((key and _next_key(last, key)) or copy.deepcopy(last))
            if len(made) != len(items):
                yield (rank, 2, length), self._with(at, made)

    def _least(self, kind: RecordType) -> dict[str, Any]:
        """Return a record of the fields that it must have."""
        return {
            name: self._some_value(declared.type)
            for name, declared in kind.fields.items()
            if declared.required and name not in ("record", "id")
        }

    def _some_value(self, kind: Type) -> Any:
        match kind:
            case RecordType():
                return self._least(kind)
            case ListType():
                return []
            case DateType():
                return self.state.as_of.isoformat()
            case _:
                first = next(iter(self.pool.values(kind, None)), None)
                return _written(first if first is not None else Period(0, 1), kind)

    def _with(self, at: Steps, value: Any) -> State:
        return replace(self.state, data=_put(self.state.data, at, value))


def _put(data: Any, at: Steps, value: Any) -> Any:
    """Return data with a value at some steps, or without it; objects on the way are made."""
    step, rest = at[0], at[1:]
    if isinstance(step, int):
        items = list(data or [])
        if step == len(items):
            items.append({})
        items[step] = _put(items[step], rest, value) if rest else value
        return items
    fields = dict(data or {})
    if rest:
        fields[step] = _put(fields.get(step), rest, value)
    elif value is _LEFT_OUT:
        fields.pop(step, None)
    else:
        fields[step] = value
    return fields


def _next_key(item: Any, key: str) -> Any:
    """Return a copy of an element whose key, a date, is a day later."""
    found = read_date(item.get(key)) if isinstance(item, Mapping) else None
    if found is None or found == datetime.date.max:
        return None
    return {**copy.deepcopy(dict(item)), key: (found + ONE_DAY).isoformat()}


def _value(kind: Type, written: Any) -> core.Value | None:
    """Return what a record's value is to the rule; None where it is none, or no single value."""
    match kind:
        case BoolType() | EnumType() | TextType() | CountType() | NumberType():
            found: core.Value | None = written if not isinstance(written, list | Mapping) else None
            return found
    name = _FORMATS.get(type(kind))
    if isinstance(kind, CalendarTimeType):
        name = "days" if kind.unit == "days" else "months"
    read: Callable[[object], Any] | None = READERS.get(name) if name else None
    return read(written) if read else None


_FORMATS: Final[Mapping[type, str]] = {
    DateType: "date",
    ExactTimeType: "exact-time",
    MoneyType: "money",
    ShareType: "share",
}


def _written(value: core.Value, kind: Type) -> Any:
    """Return a value as a record says it: names, numbers and yes or no as they are, the rest with their unit."""
    if isinstance(kind, BoolType | EnumType | TextType | CountType | NumberType):
        return value
    return print_value(value, kind)
