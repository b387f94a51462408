"""An expression of the typed core in, every change of one thing in it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final, Literal, TypeAlias, assert_never, get_args

from pykala.quality.mutate.steps import steps_from
from pykala_dsl import core
from pykala_dsl.operators import AggregateName, CompareOp
from pykala_dsl.source import Span
from pykala_dsl.typesys import BoolType, CalendarTimeType, DateType, EnumType, Period, RangeType
from pykala_dsl.unchecked import print_core

MutantClass: TypeAlias = Literal[
    "number",
    "date",
    "strictness",
    "exception",
    "connective",
    "quantifier",
    "condition",
    "comparison",
    "member",
    "reading",
    "aggregate",
    "function",
]
CLASSES: Final[tuple[MutantClass, ...]] = get_args(MutantClass)
EXACT: Final[frozenset[MutantClass]] = frozenset({"number", "date", "strictness", "exception"})
"""What a source states exactly: all of these must be noticed, where it is cited beside others by its own examples."""

_STRICTNESS: Final[dict[CompareOp, CompareOp]] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_SWAPPED: Final[dict[AggregateName, AggregateName]] = {
    "earliest": "latest",
    "latest": "earliest",
    "min": "max",
    "max": "min",
    "sum": "max",
    "average": "max",
}
_OTHER_FUNCTION: Final = {
    "working_day_on_or_after": "working_day_on_or_before",
    "working_day_on_or_before": "working_day_on_or_after",
}
LONGEST_TEXT: Final = 100
_DAY: Final = core.Constant(Period(0, 1), CalendarTimeType("days"), Span(0, 0))

_CONNECTING: Final = (core.And, core.Or, core.Not, core.If, core.Every, core.Some, core.AtLeast)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the whole expression after it, what was changed (`span`) and how, in the words of the language.

    `site` and `instead` are the smallest test around the change, before and after: with `words` None they are what it
    is called by.
    """

    kind: MutantClass
    whole: core.Expr
    span: Span
    words: str | None
    site: core.Expr
    instead: core.Expr

    def text(self) -> str:
        """Return the change in the words of the language: `day.length >= 6 h -> … > …`."""
        return self.words or describe_change(print_core(self.site), print_core(self.instead))


@dataclass(frozen=True, slots=True)
class BinderChange:
    """One change of a binder."""

    kind: MutantClass
    whole: core.Binder
    span: Span
    words: str | None
    site: core.Expr | None
    instead: core.Expr | None

    def text(self) -> str:
        """Return the change in the words of the language."""
        if self.words is not None or self.site is None or self.instead is None:
            return self.words or ""
        return describe_change(print_core(self.site), print_core(self.instead))


def describe_change(before: str, after: str) -> str:
    """Return a change in words; of a long text after it, only what differs.

    >>> describe_change("a >= 6 h", "a > 6 h")
    'a >= 6 h -> a > 6 h'
    """
    if len(before) + len(after) <= LONGEST_TEXT:
        return f"{before} -> {after}"
    old, new = before.split(" "), after.split(" ")
    head = _in_common(old, new)
    tail = min(_in_common(old[::-1], new[::-1]), len(new) - head, len(old) - head)
    if head + tail == len(new):
        head = max(head - 1, 0)  # something is only left out: the word before the gap is shown
    middle = " ".join(new[head : len(new) - tail])
    return f"{before} -> {'… ' if head else ''}{middle}{' …' if tail else ''}"


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def changes_of(expr: core.Expr) -> Iterator[Change]:
    """Yield every change of an expression: its own first, then those inside it, in the order of the text."""
    yield from _own_changes(expr)
    for child, fill in core.holes(expr):
        for change in changes_of(child):
            if change.site is child and isinstance(child, core.FieldRead) and not isinstance(expr, _CONNECTING):
                continue  # a yes/no field that is read as a value, not as a condition
            yield _around(change, expr, fill(change.whole))


def changes_of_binder(binder: core.Binder) -> Iterator[BinderChange]:
    """Yield every change of a binder: its filter dropped, then those inside it."""
    if binder.where is not None:
        words = f"{_element(binder)} without `where {print_core(binder.where)}`"
        yield BinderChange("condition", replace(binder, where=None), binder.where.span, words, None, None)
    for child, fill in core.holes(binder):
        for change in changes_of(child):
            yield BinderChange(change.kind, fill(change.whole), change.span, change.words, change.site, change.instead)


def _around(change: Change, parent: core.Expr, whole: core.Expr) -> Change:
    """Return a change with its parent around it; the parent is its site until a whole test is."""
    if change.words is None and not _is_test(change.site):
        return replace(change, whole=whole, site=parent, instead=whole)
    return replace(change, whole=whole)


def _is_test(expr: core.Expr) -> bool:
    return isinstance(expr.type, BoolType)


# ---------------------------------------------------------------------- changes of one node


def _own_changes(expr: core.Expr) -> Iterator[Change]:
    match expr:
        case core.Constant():
            yield from _other_constants(expr)
        case core.And(operands):
            yield _worded("connective", expr, core.Or(operands, expr.type, expr.span), f"and -> or: {print_core(expr)}")
            yield from _operands_dropped(expr, operands)
        case core.Or(operands):
            yield _worded(
                "connective", expr, core.And(operands, expr.type, expr.span), f"or -> and: {print_core(expr)}"
            )
            yield from _operands_dropped(expr, operands)
        case core.Not(operand):
            yield _swap("connective", expr, operand)
        case core.Compare():
            yield from _other_comparisons(expr)
        case core.In():
            yield from _other_membership(expr)
        case core.MakeSet(items) if len(items) > 1:
            for at, item in enumerate(items):
                left = replace(expr, items=(*items[:at], *items[at + 1 :]))
                words = f"{_set(expr)} without `{print_core(item)}`"
                yield Change("member", left, item.span, words, expr, left)
        case core.Includes() | core.IsPresent() | core.IsLate():
            yield _negated(expr)
            if isinstance(expr, core.IsLate):
                yield from _limit_moved(expr)
        case core.DueBy():
            yield from _limit_moved(expr)
        case core.FieldRead() if expr.type == BoolType():
            yield _negated(expr)
        case core.Every(binder, body):
            words = f"every {_element(binder)} -> some"
            yield _worded("quantifier", expr, core.Some(binder, body, expr.type, expr.span), words)
            yield from _in_binder(expr, binder)
        case core.Some(binder, body):
            yield from _every_instead(expr)
            yield from _in_binder(expr, binder)
        case core.AtLeast(_, binder) | core.Count(binder) | core.Each(binder) | core.The(binder):
            yield from _in_binder(expr, binder)
        case core.CountDistinct(_, binder):
            yield _swap("aggregate", expr, core.Count(binder, expr.type, expr.span))
            yield from _in_binder(expr, binder)
        case core.Aggregate(name, _, binder):
            yield _swap("aggregate", expr, replace(expr, name=_SWAPPED[name]))
            yield from _in_binder(expr, binder)
        case core.Extremum(name):
            yield _swap("aggregate", expr, replace(expr, name=_SWAPPED[name]))
        case core.If(condition, yes, no):
            words = f"then and else changed places: if {print_core(condition)}"
            yield _worded("condition", expr, replace(expr, yes=no, no=yes), words)
        case core.Call(function, arguments):
            if function in _OTHER_FUNCTION:
                yield _swap("function", expr, replace(expr, function=_OTHER_FUNCTION[function]))
            if function == "round" or function in _OTHER_FUNCTION:
                yield _swap("function", expr, arguments[0])
            if function in ("length", "overlap"):
                for at, argument in enumerate(arguments):
                    for shorter in _shorter_ranges(argument):
                        others = (*arguments[:at], shorter, *arguments[at + 1 :])
                        yield _swap("date", expr, replace(expr, arguments=others))
        case core.Arithmetic("+" | "-" as op, left, right) if not isinstance(right.type, DateType):
            turned: Literal["+", "-"] = "-" if op == "+" else "+"
            yield _swap("function", expr, replace(expr, op=turned))
        case (
            core.AsOf()
            | core.Root()
            | core.FieldRead()
            | core.PairSide()
            | core.Local()
            | core.DefinitionRead()
            | core.ParameterRead()
            | core.ReadingRead()
            | core.MakeSet()
            | core.MakeRange()
            | core.Arithmetic()
            | core.Pairs()
        ):
            return
        case _:
            assert_never(expr)


def _swap(kind: MutantClass, expr: core.Expr, instead: core.Expr) -> Change:
    return Change(kind, instead, expr.span, None, expr, instead)


def _worded(kind: MutantClass, expr: core.Expr, instead: core.Expr, words: str) -> Change:
    return Change(kind, instead, expr.span, words, expr, instead)


def _negated(expr: core.Expr) -> Change:
    return _swap("comparison", expr, core.Not(expr, BoolType(), expr.span))


def _other_constants(expr: core.Constant) -> Iterator[Change]:
    kind: MutantClass = "date" if isinstance(expr.type, DateType) else "number"
    for value in steps_from(expr.value, expr.type):
        yield _swap(kind, expr, replace(expr, value=value))
    if isinstance(expr.value, bool):
        yield _swap("condition", expr, replace(expr, value=not expr.value))


def _operands_dropped(expr: core.And | core.Or, operands: Sequence[core.Expr]) -> Iterator[Change]:
    word = "and" if isinstance(expr, core.And) else "or"
    for at, operand in enumerate(operands):
        rest = (*operands[:at], *operands[at + 1 :])
        left = rest[0] if len(rest) == 1 else replace(expr, operands=rest)
        yield Change("condition", left, operand.span, f"without `{word} {print_core(operand)}`", expr, left)


def _other_comparisons(expr: core.Compare) -> Iterator[Change]:
    match expr.op:
        case "=" if isinstance(expr.left, core.Count | core.CountDistinct):
            yield _swap("comparison", expr, replace(expr, op="!="))
            for op in (">=", "<="):
                yield _swap("quantifier", expr, replace(expr, op=op))
        case "=":
            yield _swap("comparison", expr, replace(expr, op="!="))
        case "!=":
            yield _swap("comparison", expr, replace(expr, op="="))
        case "<" | "<=" | ">" | ">=" as op:
            yield _swap("strictness", expr, replace(expr, op=_STRICTNESS[op]))
        case _:
            assert_never(expr.op)
    for at, (side, other) in enumerate(((expr.left, expr.right), (expr.right, expr.left))):
        if isinstance(side, core.Constant) and isinstance(side.type, EnumType):
            swapped = _other_member(side, (side,), other)
            if swapped is not None:
                changed = replace(expr, left=swapped) if at == 0 else replace(expr, right=swapped)
                kind: MutantClass = "reading" if isinstance(other, core.ReadingRead) else "member"
                yield Change(kind, changed, side.span, None, expr, changed)


def _other_member(
    member: core.Constant, taken: Sequence[core.Expr], beside: core.Expr | None = None
) -> core.Constant | None:
    """Return the member after this one in the enum of what it is compared with, leaving out those that stand there."""
    kind = member.type
    if beside is not None and isinstance(beside.type, EnumType) and member.value in beside.type.members:
        kind = beside.type
    if not isinstance(kind, EnumType) or member.value not in kind.members:
        return None
    used = {item.value for item in taken if isinstance(item, core.Constant)}
    at = kind.members.index(str(member.value))
    others = [name for name in (*kind.members[at + 1 :], *kind.members[:at]) if name not in used]
    return replace(member, value=others[0]) if others else None


def _other_membership(expr: core.In) -> Iterator[Change]:
    item, collection = expr.item, expr.collection
    yield _negated(expr)
    match collection:
        case core.MakeSet(items):
            for at, member in enumerate(items):
                swapped = _other_member(member, items, item) if isinstance(member, core.Constant) else None
                if swapped is not None:
                    changed = replace(
                        expr, collection=replace(collection, items=(*items[:at], swapped, *items[at + 1 :]))
                    )
                    words = f"{print_core(expr)}: {print_core(member)} -> {print_core(swapped)}"
                    yield Change("member", changed, member.span, words, expr, changed)
        case core.MakeRange(low, high):
            yes_no, span = BoolType(), expr.span
            ends: tuple[tuple[CompareOp, CompareOp, str], ...] = ((">", "<=", "first"), (">=", "<", "last"))
            for above, below, end in ends:
                parts = (
                    core.Compare(above, item, low, yes_no, span),
                    core.Compare(below, item, high, yes_no, span),
                )
                words = f"{print_core(expr)} without its {end} value"
                yield _worded("strictness", expr, core.And(parts, yes_no, span), words)
        case _:
            pass


def _limit_moved(expr: core.DueBy | core.IsLate) -> Iterator[Change]:
    for op in ("-", "+"):
        day = replace(_DAY, span=expr.limit.span)
        moved = core.Arithmetic("-" if op == "-" else "+", expr.limit, day, expr.limit.type, expr.limit.span)
        changed = replace(expr, limit=moved)
        yield Change("date", changed, expr.limit.span, None, expr, changed)


def _every_instead(expr: core.Some) -> Iterator[Change]:
    binder, body = expr.binder, expr.body
    if body is None:
        binder, body = replace(binder, where=None), binder.where
    if body is None:
        return
    words = f"some {_element(expr.binder)} -> every"
    yield _worded("quantifier", expr, core.Every(binder, body, expr.type, expr.span), words)


_Bound: TypeAlias = (
    core.Every | core.Some | core.AtLeast | core.Count | core.CountDistinct | core.Each | core.The | core.Aggregate
)


def _in_binder(expr: _Bound, binder: core.Binder) -> Iterator[Change]:
    if binder.where is not None:
        whole = replace(expr, binder=replace(binder, where=None))
        words = f"{_element(binder)} without `where {print_core(binder.where)}`"
        yield Change("condition", whole, binder.where.span, words, expr, whole)
    for shorter in _shorter_ranges(binder.collection):
        whole = replace(expr, binder=replace(binder, collection=shorter))
        yield Change("date", whole, binder.collection.span, None, expr, whole)


def _shorter_ranges(expr: core.Expr) -> Iterator[core.Expr]:
    """Yield a range of dates with its last day left out."""
    if isinstance(expr, core.MakeRange) and expr.type == RangeType(DateType()):
        high = core.Arithmetic("-", expr.high, replace(_DAY, span=expr.high.span), expr.high.type, expr.high.span)
        yield replace(expr, high=high)


def _set(expr: core.MakeSet) -> str:
    # An expression that begins with a set is printed in brackets.
    return print_core(expr).removeprefix("(").removesuffix(")")


def _element(binder: core.Binder) -> str:
    return print_core(replace(binder, where=None))
