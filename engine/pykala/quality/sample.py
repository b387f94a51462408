"""A synthetic case book: records of a policy's kind, ordinary ones and ones beside its boundaries.

In: a checked policy and a seed. Out: plain data of records, the same for the same seed on any machine. Each record
begins as the policy's typical record or as one of its examples, is moved in time, gets lists of other lengths, and has
some of its facts set to just below, at or just above what the policy compares them with.
"""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

from pykala.evaluate.facts import World
from pykala.evaluate.interpreter import Interpreter
from pykala.evaluate.values import Element, known
from pykala.handbook.numbers import canonical
from pykala.policy.model import InForce, Policy
from pykala.policy.versions import days_in_force, read_path
from pykala.quality.boundaries import Boundary, boundaries
from pykala.quality.examples import DEFAULT_AS_OF, example_data
from pykala.quality.mutate.steps import steps_from
from pykala.records.build import build_record
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.typesys import BoolType, EnumType, ListType, RecordType, Type

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet

Data: TypeAlias = dict[str, Any]

# How often a record is an example at first, gets longer lists, hugs a count, lacks a fact.
_EXAMPLES, _LONGER, _COUNTED, _LACKING = 0.3, 0.6, 0.4, 0.25
_CHANGES = (0, 1, 1, 1, 2, 2, 3, 5)
_LONGEST = 120
_WEEKS = 26
_TRIES = 4
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY = datetime.timedelta(days=1)


def sample_records(policies: PolicySet, policy: Policy, count: int, seed: int = 0) -> Iterator[Data]:
    """Yield plain data of so many records that a policy judges, and of those that its examples have beside them.

    A record is named `<policy>-00001`; one beside it has the same number and names the subject where its kind can.
    """
    book = _Book.of(policies, policy)
    for number in range(1, count + 1):
        # Each record has numbers of its own, so that a longer book begins like a shorter one.
        yield from book.record(number, Random(f"{seed}/{policy.id}/{number}"))


@dataclass(slots=True)
class _Book:
    policies: PolicySet
    policy: Policy
    days: InForce
    facts: list[Boundary]
    counts: dict[tuple[str, ...], list[Boundary]]
    bases: list[tuple[Data, dict[str, Data]]]
    ordinary: tuple[Data, dict[str, Data]]
    readings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, policies: PolicySet, policy: Policy) -> _Book:
        found = boundaries(policy)
        counts: dict[tuple[str, ...], list[Boundary]] = {}
        for item in found:
            if item.counted:
                counts.setdefault(item.place.names, []).append(item)
        versions = policies.versions(policy.id) or (policy,)
        days = next((days for each, days in days_in_force(versions) if each.name == policy.name), policy.in_force)
        whole: Data = copy.deepcopy(dict(policy.typical))
        whole.pop("as_of", None)
        others = {kind: data for kind in policy.with_records if isinstance(data := whole.pop(kind, None), dict)}
        bases = [example_data(policy, example)[:2] for rule in policy.rules for example in rule.examples]
        readings = {name: reading.chosen or next(iter(reading.options)) for name, reading in policy.readings.items()}
        facts = [item for item in found if not item.counted]
        return cls(policies, policy, days, facts, counts, bases, (whole, others), readings)

    def record(self, number: int, random: Random) -> Iterator[Data]:
        """Yield a subject and the records beside it."""
        name = f"{self.policy.id}-{number:05d}"
        kind = self.policy.record
        for tried in range(_TRIES):
            plain = tried == _TRIES - 1
            base = (
                random.choice(self.bases) if self.bases and not plain and random.random() < _EXAMPLES else self.ordinary
            )
            data, others = copy.deepcopy(base)
            if not plain:
                self._move(data, others, random)
                self._lengthen(data, random)
                for _ in range(random.choice(_CHANGES)):
                    self._change(data, name, random)
                if random.random() < _LACKING:
                    self._lose(data, random)
            linked = self._linked(name, others)
            if all(self._fits(own, each) for own, each in ((kind, {"id": name, **data}), *linked)):
                yield {"record": kind, "id": name, **_written(data)}
                yield from ({"record": own, **_written(each)} for own, each in linked)
                return
        raise ValueError(f"the typical record of {self.policy.name} does not fit its schema")

    def _linked(self, name: str, others: dict[str, Data]) -> list[tuple[str, Data]]:
        """Return the records beside the subject that can name it; another one could belong to any subject."""
        found = []
        link = f"{self.policy.record}_id"
        for kind, data in others.items():
            if link in self.policy.with_types[kind].fields:
                found.append((kind, {"id": f"{name}-{kind}", **data, link: name}))
        return found

    def _fits(self, kind: str, data: Data) -> bool:
        return isinstance(build_record(self.policies.vocabulary, kind, copy.deepcopy(data), "sample"), Record)

    # ------------------------------------------------------------------ time and lists

    def _move(self, data: Data, others: dict[str, Data], random: Random) -> None:
        """Move every date by the same number of weeks, as far as the version stays the one in force."""
        weeks = random.randint(-_WEEKS, _WEEKS)
        moved = _moved(data, weeks)
        if self._in_force(moved):
            data.update(moved)
            for each in others.values():
                each.update(_moved(each, weeks))

    def _in_force(self, data: Data) -> bool:
        if self.policy.selected_by is None:
            return True
        _, value = read_path(self.policy.selected_by, {self.policy.record: Record(self.policy.record, "", data)})
        date = _date(value)
        first, last = self.days.first_day, self.days.last_day
        return date is None or ((first is None or first <= date) and (last is None or date <= last))

    def _lengthen(self, data: Data, random: Random) -> None:
        for name, declared in self.policy.subject.fields.items():
            items = data.get(name)
            if not isinstance(declared.type, ListType) or not isinstance(items, list) or not items:
                continue
            if not isinstance(declared.type.element, RecordType) or random.random() > _LONGER:
                continue
            wanted = len(items) + int(random.expovariate(1 / 6))
            counted = self.counts.get((name,), [])
            if counted and random.random() < _COUNTED:
                limit = self._limit(random.choice(counted), data)
                wanted = wanted if limit is None else limit + random.choice((-1, 0, 1))
            data[name] = _of_length(items, min(max(wanted, 0), _LONGEST), declared.type.identified_by, random)

    def _limit(self, item: Boundary, data: Data) -> int | None:
        value = self._value(item.others[0], data, None, item) if item.others else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    # ------------------------------------------------------------------ facts

    def _change(self, data: Data, name: str, random: Random) -> None:
        """Set one fact to a value beside a boundary of a rule, or turn a yes/no or a name."""
        if not self.facts:
            return
        item = random.choice(self.facts)
        element = _element(data, item, random)
        if element is None or item.field is None:
            return
        value = self._beside(item, data, element, random)
        if value is not None:
            _put(element, item.place.names, value)

    def _beside(self, item: Boundary, data: Data, element: Data, random: Random) -> Any:
        assert item.field is not None
        kind = item.field.type
        if isinstance(kind, BoolType):
            return random.random() < 0.5
        if isinstance(kind, EnumType):
            named = [other.value for other in item.others if isinstance(other, core.Constant)]
            return random.choice(named if named and random.random() < 0.5 else kind.members)
        if not item.others:
            return None
        value = self._value(random.choice(item.others), data, element, item)
        if value is None or isinstance(value, bool):
            return None
        return _plain(random.choice([value, *steps_from(value, kind)]), kind)

    def _value(self, expr: core.Expr, data: Data, element: Data | None, item: Boundary) -> core.Value | None:
        """Return what a fact is compared with, for the record as it is."""
        record = build_record(self.policies.vocabulary, self.policy.record, {"id": "sample", **copy.deepcopy(data)}, "")
        if not isinstance(record, Record):
            return None
        parameters = {name: parameter.value for name, parameter in self.policy.parameters.items()}
        world = World(
            self.policy.record,
            {self.policy.record: record},
            DEFAULT_AS_OF,
            self.policy.definitions,
            item.rule.definitions,
            parameters,
        )
        run = Interpreter(world, self.readings, source=item.rule.source)
        place = item.place
        bound: Element | None = None
        if place.list is not None and place.local is not None and element is not None:
            items = _at(data, place.list)
            at = next(number for number, each in enumerate(items) if each is element)
            path = f"{'.'.join(place.list)}[{at}]"
            bound = Element(self.policy.record, path, _at(record.data, place.list)[at])
        for_each = item.rule.for_each
        if for_each is not None and bound is None:
            return None if _reads_element(expr, item) else known(run.value(expr))
        if for_each is not None and place.local == for_each.name:
            run.enter(for_each.name, bound)
        elif bound is not None and place.local is not None:
            if _reads_element(expr, item):
                return None
            run.locals[place.local] = bound
        return known(run.value(expr))

    def _lose(self, data: Data, random: Random) -> None:
        """Leave out a fact that the rules read, or say that there is none."""
        given = [
            (element, item)
            for item in self.facts
            if (element := _element(data, item, random)) is not None
            and item.field is not None
            and not item.field.required
            and len(item.place.names) == 1
            and item.place.names[0] in element
        ]
        if given:
            element, item = random.choice(given)
            if random.random() < 0.2:
                element[item.place.names[0]] = None
            else:
                del element[item.place.names[0]]


def _reads_element(expr: core.Expr, item: Boundary) -> bool:
    """Return whether an expression needs the element of the rule's `for each`, by a definition of the rule."""
    return any(isinstance(part, core.DefinitionRead) and part.in_rule for part in core.walk(expr))


def _element(data: Data, item: Boundary, random: Random) -> Data | None:
    """Return the object that the fact of a boundary stands in: the record, or some element of the list."""
    if item.place.list is None:
        return data
    items = _at(data, item.place.list)
    found = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    return random.choice(found) if found else None


def _at(data: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _put(element: Data, names: tuple[str, ...], value: Any) -> None:
    for name in names[:-1]:
        inner = element.get(name)
        if not isinstance(inner, dict):
            inner = element[name] = {}
        element = inner
    element[names[-1]] = value


def _of_length(items: list[Any], wanted: int, key: str | None, random: Random) -> list[Any]:
    """Return a list of so many elements; further ones are like some that are there, on the weekdays after them."""
    found = items[:wanted]
    taken = {each.get(key) for each in found if isinstance(each, dict)} if key else set()
    while len(found) < wanted:
        element = copy.deepcopy(random.choice(items))
        if key is not None and isinstance(element, dict) and (own := _date(element.get(key))) is not None:
            day = own
            while day.isoformat() in taken or day.weekday() >= 5:
                day += _DAY
            taken.add(day.isoformat())
            element = _each_date(element, partial(_later, (day - own).days))
        elif key is not None and isinstance(element, dict) and isinstance(element.get(key), str):
            element[key] = f"{element[key]}-{len(found)}"
        found.append(element)
    if key is not None and all(isinstance(each, dict) and _date(each.get(key)) is not None for each in found):
        found.sort(key=lambda each: str(each[key]))
    return found


def _later(days: int, date: datetime.date) -> datetime.date:
    return date + datetime.timedelta(days=days)


def _moved(data: Data, weeks: int) -> Data:
    moved = _each_date(data, partial(_later, 7 * weeks))
    assert isinstance(moved, dict)
    return moved


def _each_date(data: Any, change: Callable[[datetime.date], datetime.date]) -> Any:
    """Return data with every date in it changed."""
    if isinstance(data, dict):
        return {key: _each_date(value, change) for key, value in data.items()}
    if isinstance(data, list):
        return [_each_date(value, change) for value in data]
    date = _date(data)
    return data if date is None else change(date).isoformat()


def _date(value: object) -> datetime.date | None:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def _plain(value: core.Value, kind: Type) -> Any:
    return canonical(value, kind)


def _written(data: Any) -> Any:
    """Return data as JSON takes it: numbers that are not whole as decimals."""
    if isinstance(data, dict):
        return {key: _written(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_written(value) for value in data]
    if isinstance(data, Fraction):
        return data.numerator if data.denominator == 1 else float(data)
    return data
