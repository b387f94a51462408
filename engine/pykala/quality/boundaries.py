"""Where the rules of a policy compare a fact with something: the places at which a verdict can turn.

In: a checked policy. Out: a `Boundary` for each fact that some condition compares, with what it is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pykala.policy.model import Policy, Rule
from pykala_dsl import core
from pykala_dsl.typesys import BoolType, EnumType, FieldType


@dataclass(frozen=True, slots=True)
class Place:
    """A fact of the subject: its field's names from the record, or from an element of one of its lists.

    `local` is the name that the element is bound to while `others` are evaluated.
    """

    names: tuple[str, ...]
    list: tuple[str, ...] | None = None
    local: str | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """A fact and what it is compared with; none where it is a yes/no or a name that is asked for by itself.

    `counted`: it is the number of a list's elements that is compared, not a fact; `place` is then the list.
    """

    rule: Rule
    place: Place
    field: FieldType | None
    others: tuple[core.Expr, ...] = ()
    counted: bool = False


def boundaries(policy: Policy) -> list[Boundary]:
    """Return every place of a policy's rules once for each rule, in the order of the rules."""
    found: dict[tuple[str, Place, tuple[core.Expr, ...]], Boundary] = {}
    for rule in policy.rules:
        for item in _Search(policy, rule).run():
            found.setdefault((rule.id, item.place, item.others), item)
    return list(found.values())


_Lists = Mapping[str, tuple[str, ...] | None]
"""The path of the list that each bound name goes through; None where it is no list of the subject."""


class _Search:
    def __init__(self, policy: Policy, rule: Rule) -> None:
        self.policy, self.rule = policy, rule
        self.seen: set[tuple[str, bool]] = set()
        self.own: _Lists = {}

    def run(self) -> Iterator[Boundary]:
        rule = self.rule
        if rule.for_each is not None:
            self.own = self._bound(rule.for_each, {})
            yield from self._binder(rule.for_each, {})
        for expr in (rule.when, rule.require, rule.pending_while, *(item.condition for item in rule.unless)):
            if expr is not None:
                yield from self._visit(expr, self.own)

    def _visit(self, expr: core.Expr, lists: _Lists) -> Iterator[Boundary]:
        match expr:
            case core.DefinitionRead(name, in_rule):
                if (name, in_rule) not in self.seen:
                    self.seen.add((name, in_rule))
                    definitions = self.rule.definitions if in_rule else self.policy.definitions
                    yield from self._visit(definitions[name].expr, self.own if in_rule else {})
                return
            case core.Compare(_, left, right):
                yield from self._compared(left, (right,), lists)
                yield from self._compared(right, (left,), lists)
            case core.In(item, core.MakeRange(low, high)):
                yield from self._compared(item, (low, high), lists)
            case core.In(item, core.MakeSet(members)):
                yield from self._compared(item, members, lists)
            case core.DueBy(event, limit) | core.IsLate(event, limit):
                yield from self._compared(event, (limit,), lists)
            case core.IsPresent(operand):
                yield from self._compared(operand, (), lists)
            case core.FieldRead() if isinstance(expr.type, BoolType):
                yield from self._compared(expr, (), lists)
            case (
                core.Every(binder=binder)
                | core.Some(binder=binder)
                | core.AtLeast(binder=binder)
                | core.Count(binder=binder)
                | core.CountDistinct(binder=binder)
                | core.Each(binder=binder)
                | core.The(binder=binder)
                | core.Aggregate(binder=binder)
            ):
                yield from self._binder(binder, lists)
                inner = self._bound(binder, lists)
                for name in ("body", "key", "value"):
                    part = getattr(expr, name, None)
                    if part is not None:
                        yield from self._visit(part, inner)
                return
            case _:
                pass
        for child in core.children(expr):
            yield from self._visit(child, lists)

    def _binder(self, binder: core.Binder, lists: _Lists) -> Iterator[Boundary]:
        yield from self._visit(binder.collection, lists)
        if binder.where is not None:
            yield from self._visit(binder.where, self._bound(binder, lists))

    def _bound(self, binder: core.Binder, lists: _Lists) -> _Lists:
        return {**lists, binder.name: self._list(binder.collection)}

    def _list(self, expr: core.Expr) -> tuple[str, ...] | None:
        """Return the path of the subject's list that an expression takes its elements from."""
        match expr:
            case core.FieldRead():
                place = _place(expr, {})
                return place.names if place is not None and place.list is None else None
            case core.DefinitionRead(name, in_rule):
                definitions = self.rule.definitions if in_rule else self.policy.definitions
                return self._list(definitions[name].expr)
            case core.Each(binder):
                return self._list(binder.collection)
            case _:
                return None

    def _compared(self, expr: core.Expr, others: tuple[core.Expr, ...], lists: _Lists) -> Iterator[Boundary]:
        if isinstance(expr, core.Count):
            path = self._list(expr.binder.collection)
            if path is not None:
                yield Boundary(self.rule, Place(path), None, others, counted=True)
            return
        if isinstance(expr, core.FieldRead):
            place = _place(expr, lists)
            if place is not None:
                bound = {place.local} if place.local else set()
                fitting = tuple(other for other in others if _free(other) <= bound)
                if fitting or not others or isinstance(expr.type, EnumType):
                    yield Boundary(self.rule, place, expr.field, fitting)


def _place(expr: core.FieldRead, lists: _Lists) -> Place | None:
    names: tuple[str, ...] = ()
    base: core.Expr = expr
    while isinstance(base, core.FieldRead):
        names = (base.field.name, *names)
        base = base.base
    match base:
        case core.Root(subject=True):
            return Place(names)
        case core.Local(name) if lists.get(name) is not None:
            return replace(Place(names), list=lists[name], local=name)
        case _:
            return None


def _free(expr: core.Expr) -> set[str]:
    """Return the names that an expression reads and does not bind itself."""
    if isinstance(expr, core.Local):
        return {expr.name}
    binder = getattr(expr, "binder", None)
    inner = set().union(*(_free(child) for child in core.children(expr)))
    return inner - {binder.name} if isinstance(binder, core.Binder) else inner
