"""The same evaluation with its steps written down: an interpreter that leaves a tree of reasons.

Nothing is derived again afterwards; explanations and reports read the tree.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from pykala.evaluate.facts import World, planned
from pykala.evaluate.interpreter import NO_SOURCE, Binding, Interpreter
from pykala.evaluate.outcomes import Truth
from pykala.evaluate.result import Fact, Step
from pykala.evaluate.values import Absent, Bounds, Element, Member, Missing, Thing, Things, known
from pykala_dsl import core
from pykala_dsl.source import Source


def plain_value(thing: Thing) -> object | None:
    """Return a value as results carry it: a plain value, a tuple for a list of them, None where it is not known."""
    if isinstance(thing, Things):
        values = [known(member.value) for member in thing.members]
        certain = all(member.belongs.sure for member in thing.members) and None not in values
        return tuple(values) if certain else None
    return known(thing)


class Recorder(Interpreter):
    """An interpreter that keeps a step for each expression it evaluates."""

    thorough = True

    def __init__(self, world: World, readings: Mapping[str, str], *, source: Source = NO_SOURCE) -> None:
        super().__init__(world, readings, source=source)
        self._steps: list[list[Step]] = [[]]
        self._elements: list[str] = []
        self._depths: list[int] = [0]
        self._known: dict[tuple[str, bool], tuple[Step, ...]] = {}

    def record(self, expr: core.Expr, source: Source) -> tuple[Truth, Step]:
        """Return the outcomes of an expression and how they came about."""
        self.source = source
        self._steps = [[]]
        truth = self.truth(expr)
        return truth, self._steps[0][-1]

    def enter(self, name: str | None, element: Thing | None) -> None:
        """Bind the rule's element; what its own definitions came to is recorded anew."""
        super().enter(name, element)
        self._known = {key: steps for key, steps in self._known.items() if not key[1]}

    def truth(self, expr: core.Expr) -> Truth:
        """Return the outcomes of a yes/no expression and keep a step."""
        with self._step() as steps:
            truth = super().truth(expr)
        self._keep(expr, steps, truth=truth)
        return truth

    def value(self, expr: core.Expr) -> Thing:
        """Return the value of an expression and keep a step."""
        fact = None
        with self._step() as steps:
            if isinstance(expr, core.FieldRead):
                base = self.value(expr.base)
                if isinstance(expr.base, core.FieldRead | core.Root | core.Local):
                    steps.clear()
                thing = self.facts.read(base, expr.field)
                fact = _fact(expr, base, thing, self.world.as_of)
            else:
                thing = super().value(expr)
        self._keep(expr, steps, thing=thing, fact=fact)
        return thing

    def event(self, expr: core.Expr) -> Thing:
        """Return the date of an event and keep a step."""
        with self._step() as steps:
            thing = super().event(expr)
        self._keep(expr, steps, thing=thing)
        return thing

    def passes(self, binder: core.Binder, member: Member) -> Truth:
        """Return whether a member passes a filter; the steps are kept only where that is not certain."""
        with self._step() as steps:
            truth = super().passes(binder, member)
        if not truth.sure:
            self._steps[-1].extend(steps)
        return truth

    def binding(self, name: str, member: Member) -> Binding:
        """Bind a name to a member, whose path the steps of the body carry."""
        return _RecordedBinding(self.locals, name, member, self._elements)

    @contextmanager
    def _step(self) -> Iterator[list[Step]]:
        steps: list[Step] = []
        self._steps.append(steps)
        self._depths.append(len(self._elements))
        yield steps
        self._steps.pop()
        self._depths.pop()

    def _keep(
        self,
        expr: core.Expr,
        steps: list[Step],
        *,
        truth: Truth | None = None,
        thing: Thing | None = None,
        fact: Fact | None = None,
    ) -> None:
        inner = tuple(steps)
        outcomes = truth.outcomes if truth is not None else None
        if len(inner) == 1 and inner[0].expr is expr:
            fact = fact or inner[0].fact
            outcomes = outcomes or inner[0].outcomes
            inner = inner[0].steps
        if isinstance(expr, core.DefinitionRead):
            key = (expr.name, expr.in_rule)
            inner = inner or self._known.get(key, ())
            self._known[key] = inner
        element = self._elements[-1] if len(self._elements) > self._depths[-1] else None
        value = plain_value(thing) if thing is not None else None
        self._steps[-1].append(Step(expr, outcomes, value, fact, element, inner))


class _RecordedBinding(Binding):
    __slots__ = ("_elements", "_path")

    def __init__(self, locals_: dict[str, Thing], name: str, member: Member, elements: list[str]) -> None:
        super().__init__(locals_, name, member)
        self._elements, self._path = elements, member.path

    def __enter__(self) -> None:
        self._elements.append(self._path)
        super().__enter__()

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._elements.pop()


def _fact(expr: core.FieldRead, base: Thing, thing: Thing, as_of: datetime.date) -> Fact | None:
    path: str | None = None
    if isinstance(base, Element | Missing) and base.path is not None:
        path = f"{base.path}.{expr.field.name}" if base.path else expr.field.name
    if path is None:
        return None
    value: Any = known(thing)
    ahead = planned(base, expr.field, as_of)
    return Fact(_record(expr, base), path, _state(thing), value, expr.type, _is_private(expr), ahead)


def _state(thing: Thing) -> Literal["given", "none", "unknown"]:
    match thing:
        case Absent() | Bounds(_, _, _, "none") | Things(_, True):
            return "none"
        case Missing() | Bounds():
            return "unknown"
        case _:
            return "given"


def _record(expr: core.Expr, base: Thing) -> str:
    if isinstance(base, Element) and base.record:
        return base.record
    while isinstance(expr, core.FieldRead | core.PairSide):
        expr = expr.base
    return expr.record if isinstance(expr, core.Root) else ""


def _is_private(expr: core.Expr) -> bool:
    while isinstance(expr, core.FieldRead):
        if expr.field.private:
            return True
        expr = expr.base
    return False
