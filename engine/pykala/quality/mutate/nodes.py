"""The nodes of normal forms and the laws that join them: equal numbers, equal meaning.

Negations stand at the tests, constants are folded, strict comparisons on a grid of whole steps (counts, days, cents)
are weak ones. What is unknown stays free: `a or not a` is not folded.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from pykala_dsl.operators import MIRRORED, NEGATED, CompareOp

Number: TypeAlias = int
"""The number of a node."""
Node: TypeAlias = tuple[Any, ...]


@dataclass(slots=True)
class Nodes:
    """Numbers nodes, and keeps what has the same meaning under one number."""

    _numbers: dict[Node, Number] = field(default_factory=dict)
    _nodes: list[Node] = field(default_factory=list)

    def number(self, *node: Any) -> Number:
        """Return the number of a node."""
        found = self._numbers.get(node)
        if found is None:
            found = self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
        return found

    def node(self, number: Number) -> Node:
        """Return the node of a number."""
        return self._nodes[number]

    # ------------------------------------------------------------------ conditions

    def truth(self, value: bool) -> Number:
        """Return what is always true, or never."""
        return self.number("const", "bool", value)

    def all_of(self, parts: Iterable[Number]) -> Number:
        """Return the conjunction: flat, sorted, each part once."""
        return self._connect("and", True, parts)

    def any_of(self, parts: Iterable[Number]) -> Number:
        """Return the disjunction: flat, sorted, each part once."""
        return self._connect("or", False, parts)

    def _connect(self, word: str, neutral: bool, parts: Iterable[Number]) -> Number:
        flat = self._flat(word, parts)
        flat = self._flat(word, [self._beside(part, flat, word) for part in sorted(flat)])
        if self.truth(not neutral) in flat:
            return self.truth(not neutral)
        flat.discard(self.truth(neutral))
        flat -= set(self._said_by_others(flat, word))
        if len(flat) < 2:
            return flat.pop() if flat else self.truth(neutral)
        return self.number(word, tuple(sorted(flat)))

    def _flat(self, word: str, parts: Iterable[Number]) -> set[Number]:
        flat: set[Number] = set()
        for part in parts:
            node = self.node(part)
            flat.update(node[1] if node[0] == word else [part])
        return flat

    def _beside(self, part: Number, others: set[Number], word: str) -> Number:
        """Return what a part comes to beside the others: `b` for `not a and b` in `a or not a and b`.

        That holds of an `a` that is never unknown. Of any `a`, `x < y and b` stands for `x <= y and b` beside `x = y`.
        """
        inner = {"and": "or", "or": "and"}[word]
        node = self.node(part)
        if node[0] != inner:
            return part
        found = []
        for own in node[1]:
            if self._is_certain(own) and self.negation(own) in others:
                continue
            if self._is_certain(own) and own in others:
                return self.truth(word == "and")
            found.append(self._strict_beside(own, others) if word == "or" else own)
        return self._connect(inner, inner == "and", found)

    def _is_certain(self, part: Number) -> bool:
        """Return whether a test is never unknown: that something is there, where it is known whether it is."""
        node = self.node(part)
        node = self.node(node[1]) if node[0] == "not" else node
        read = self.node(node[1]) if node[0] == "present" else ("",)
        return read[0] == "field" and bool(read[4])

    def _strict_beside(self, part: Number, others: set[Number]) -> Number:
        node = self.node(part)
        if node[0] != "cmp" or node[1] not in ("<=", ">="):
            return part
        _, op, left, right, offset, grid = node
        if self.number("cmp", "=", left, right, offset, grid) not in others:
            return part
        return self._ordered("<" if op == "<=" else ">", left, right, offset, grid)

    def _said_by_others(self, parts: set[Number], word: str) -> Iterator[Number]:
        """Yield `x is present` beside `x.f is present`, and in a disjunction the same of `is missing`.

        That holds where it is known whether there is an x: else the two hang on different facts.
        """
        for part in parts:
            node = self.node(part)
            if word == "or":
                node = self.node(node[1]) if node[0] == "not" else ("",)
            if node[0] != "present":
                continue
            read = self.node(node[1])
            while read[0] == "field":
                base = self.node(read[1])
                if base[0] == "field" and base[4]:
                    held = self.number("present", read[1])
                    yield held if word == "and" else self.number("not", held)
                read = base

    def negation(self, part: Number) -> Number:
        """Return the opposite of a plain condition, pushed to its tests."""
        match self.node(part):
            case ("const", "bool", value):
                return self.truth(not value)
            case ("not", inner):
                return int(inner)
            case ("and", parts):
                return self.any_of(map(self.negation, parts))
            case ("or", parts):
                return self.all_of(map(self.negation, parts))
            case ("cmp", op, left, right, offset, grid):
                return self._ordered(NEGATED[op], left, right, offset, grid)
            case ("every", collection, body):
                return self.number("some", collection, self.negation(body))
            case ("some", collection, body):
                return self.number("every", collection, self.negation(body))
            case ("if", condition, yes, no):
                return self.choice(condition, self.negation(yes), self.negation(no))
            case _:
                return self.number("not", part)

    def choice(self, condition: Number, yes: Number, no: Number) -> Number:
        """Return `if condition then yes else no`; of a condition and its opposite, the one numbered first decides."""
        match self.node(condition):
            case ("const", "bool", value):
                return yes if value else no
        if yes == no:
            return yes
        other = self.negation(condition)
        if other < condition:
            condition, yes, no = other, no, yes
        return self.number("if", condition, yes, no)

    # ------------------------------------------------------------------ comparisons

    def comparison(self, op: CompareOp, left: Number, right: Number, grid: Fraction | None) -> Number:
        """Return `left op right`, the values being multiples of `grid` if it is given; constants stand on the right."""
        if op in ("=", "!=") and (day := self._working_day(left, right) or self._working_day(right, left)):
            return day if op == "=" else self.negation(day)
        left, before = self.without_offset(left)
        right, after = self.without_offset(right)
        return self._ordered(op, left, right, after - before, grid)

    def _working_day(self, moved: Number, day: Number) -> Number | None:
        """Return that a day is a working day, where it is compared with the next or the last one."""
        node = self.node(moved)
        if node[0] == "call" and node[1].startswith("working_day_on_or_") and node[2] == day:
            return self.number("working", day)
        return None

    def _ordered(self, op: CompareOp, left: Number, right: Number, offset: Fraction, grid: Fraction | None) -> Number:
        """Return `left op right + offset`."""
        one, other = self.node(left), self.node(right)
        constant, turned = other[0] == "const", one[0] == "const"
        if (turned and not constant) or (not constant and not turned and right < left):
            return self._ordered(MIRRORED[op], right, left, -offset, grid)
        if turned and constant:
            return self._folded(op, one, other, offset)
        if offset and constant:
            right, offset = self.shifted(right, offset), Fraction(0)
            if self.node(right)[0] != "const":
                right, offset = self.without_offset(right)
        if grid is None:
            return self.number("cmp", op, left, right, offset, None)
        return self._on_grid(op, left, right, offset, grid)

    def _folded(self, op: CompareOp, one: Node, other: Node, offset: Fraction) -> Number:
        a, b = _amount(one[2]), _amount(other[2])
        if one[1] in ("mixed", "text") or type(a) is not type(b):
            return self.number("cmp", op, self.number(*one), self.number(*other), offset, None)
        b = b + offset if isinstance(b, Fraction) else b
        holds = {"=": a == b, "!=": a != b}
        if op not in holds:
            holds |= {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
        return self.truth(holds[op])

    def _on_grid(self, op: CompareOp, left: Number, right: Number, offset: Fraction, grid: Fraction) -> Number:
        """Return a comparison of multiples of a grid: never a strict one, and against a multiple."""
        limit = self.node(right)
        if limit[0] == "const" and isinstance(limit[2], int | Fraction):
            found = self._against_number(op, left, limit[1], Fraction(limit[2]), grid)
            return found if found is not None else self.number("cmp", op, left, right, offset, grid)
        if op == "<":
            return self._weak("<=", left, right, offset - grid, grid)
        if op == ">":
            return self._weak(">=", left, right, offset + grid, grid)
        return self._weak(op, left, right, offset, grid)

    def _weak(self, op: CompareOp, left: Number, right: Number, offset: Fraction, grid: Fraction) -> Number:
        if offset and self.node(right)[0] == "const":
            right, offset = self.shifted(right, offset), Fraction(0)
        return self.number("cmp", op, left, right, offset, grid)

    def _against_number(self, op: CompareOp, left: Number, unit: str, limit: Fraction, grid: Fraction) -> Number | None:
        kind = self.node(left)[0]
        counted = kind in ("count", "distinct")
        if op in ("=", "!="):
            if not (counted and limit == 0):
                return None
            op = "<=" if op == "=" else ">="
            limit = limit if op == "<=" else limit + 1
        weak, limit = _nearest_on_grid(op, limit, grid)
        upwards = weak == ">="
        if counted and (limit <= 0 if upwards else limit < 0):
            return self.truth(upwards)
        if kind == "count" and limit == (1 if upwards else 0):
            _, collection, body = self.node(left)
            some = self.number("some", collection, body)
            return some if upwards else self.negation(some)
        if kind == "length" and limit >= (1 if upwards else 0):
            # How long a range of at least one day is, is how far its end lies from its start, and one more.
            _, low, high = self.node(left)
            return self.comparison(weak, self.difference(high, low), self.number("const", unit, limit - 1), grid)
        return self.number("cmp", weak, left, self.number("const", unit, limit), Fraction(0), grid)

    # ------------------------------------------------------------------ values

    def shifted(self, value: Number, offset: Fraction) -> Number:
        """Return a value plus a number of its own unit; of a date, days."""
        if not offset:
            return value
        match self.node(value):
            case ("const", "date", ordinal):
                day = ordinal + offset
                if datetime.date.min.toordinal() <= day <= datetime.date.max.toordinal():
                    return self.number("const", "date", day)
            case ("const", unit, amount) if isinstance(amount, Fraction):
                return self.number("const", unit, amount + offset)
            case ("offset", inner, own):
                return self.shifted(inner, own + offset)
        return self.number("offset", value, offset)

    def without_offset(self, value: Number) -> tuple[Number, Fraction]:
        """Return a value without the number that is added to it, and that number."""
        match self.node(value):
            case ("offset", inner, own) if self.node(inner)[0] != "const":
                return inner, own
        return value, Fraction(0)  # beyond the ends of the calendar a date keeps what is added to it: it has no value

    def difference(self, later: Number, earlier: Number) -> Number:
        """Return the days between two dates."""
        later, after = self.without_offset(later)
        earlier, before = self.without_offset(earlier)
        return self.shifted(self.number("between", later, earlier), after - before)


def _nearest_on_grid(op: CompareOp, limit: Fraction, grid: Fraction) -> tuple[CompareOp, Fraction]:
    """Return the weak comparison with a multiple of the grid that says the same of its multiples."""
    steps = limit / grid
    match op:
        case "<":
            return "<=", (math.ceil(steps) - 1) * grid
        case "<=":
            return "<=", math.floor(steps) * grid
        case ">":
            return ">=", (math.floor(steps) + 1) * grid
        case _:
            return ">=", math.ceil(steps) * grid


def _amount(value: Any) -> Any:
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value
