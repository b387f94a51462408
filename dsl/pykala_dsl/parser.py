"""The parser: a fragment of text in, a syntax tree (`pykala_dsl.nodes`) or diagnostics out.

The one module that knows lark. Its tree ends here: `_BUILD` has one function for each alias of `grammar.lark`,
and what the parser cannot read becomes a diagnostic in a planner's words (`pykala_dsl.hints`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from pykala_dsl import hints, nodes
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label
from pykala_dsl.hints import Mistake
from pykala_dsl.source import Fragment, Span

_Entry: TypeAlias = Literal["expression", "binding"]
MAX_DEPTH = 100
_UNITS: dict[str, nodes.Unit] = {
    "h": "h",
    "min": "min",
    "day": "days",
    "days": "days",
    "week": "weeks",
    "weeks": "weeks",
    "month": "months",
    "months": "months",
    "year": "years",
    "years": "years",
    "EUR": "EUR",
    "%": "%",
}
# Aliases that add no level to the tree.
_FLAT = frozenset({"expression", "binding", "ors", "ands", "bracket"})
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]+|%)")


def parse_expression(fragment: Fragment) -> nodes.Node:
    """Return the expression that a fragment holds; raises `DiagnosticsError` with what is wrong with it.

    >>> parse_expression(Fragment.of("day.length >= 6 h")).op
    '>='
    """
    return cast("nodes.Node", _parse(fragment, "expression"))


def parse_binder(fragment: Fragment) -> nodes.Binder:
    """Return the binder (`day in days where ...`) that a fragment holds; raises `DiagnosticsError`.

    >>> parse_binder(Fragment.of("day in days")).name
    'day'
    """
    return cast("nodes.Binder", _parse(fragment, "binding"))


def _parse(fragment: Fragment, entry: _Entry) -> nodes.Node | nodes.Binder:
    if not fragment.text.strip():
        raise _error(fragment, hints.empty(entry))
    tree, mistake = _tree(fragment.text, entry)
    spelling = hints.misspelling(fragment.text)
    if spelling is not None and (mistake is None or spelling.start <= mistake.start):
        mistake = spelling
    if entry == "expression":
        mistake = hints.leading(fragment.text) or mistake
    if mistake is not None:
        raise _error(fragment, mistake)
    try:
        return cast("nodes.Node | nodes.Binder", _Builder(fragment).build(tree))
    except _MistakeError as error:
        raise _error(fragment, error.mistake) from None


def _tree(text: str, entry: _Entry) -> tuple[Any, Mistake | None]:
    from lark.exceptions import UnexpectedInput, UnexpectedToken

    try:
        return _lark().parse(text, start=entry), None
    except UnexpectedInput as error:
        at = error.pos_in_stream
        if at is None or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
            at = len(text)
        stopped: Any = error.interactive_parser
        return None, hints.explain(text, at, frozenset(stopped.accepts()))


@cache
def _lark() -> Any:
    """Return the parser, built once per process (about 50 ms, so late)."""
    from lark import Lark

    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", start=["expression", "binding"], maybe_placeholders=False)


def _error(fragment: Fragment, mistake: Mistake) -> DiagnosticsError:
    label = Label(fragment.span(mistake.start, mistake.end))
    return DiagnosticsError([Diagnostic(mistake.code, mistake.message, fragment.source, (label,), mistake.help)])


class _MistakeError(Exception):
    """Raised while the nodes are built; turned into a diagnostic by `_parse`."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake
        super().__init__(mistake.message)


class _Builder:
    """Turns lark's tree into nodes, from the leaves up and without recursion."""

    def __init__(self, fragment: Fragment) -> None:
        self.fragment = fragment

    def build(self, tree: Any) -> Any:
        built: dict[int, Any] = {}
        depth: dict[int, int] = {}
        for subtree in tree.iter_subtrees():
            children = subtree.children
            inner = max((depth.get(id(child), 0) for child in children), default=0)
            depth[id(subtree)] = inner + (subtree.data not in _FLAT)
            if inner > MAX_DEPTH:
                raise _MistakeError(hints.too_deep(MAX_DEPTH, len(self.fragment.text)))
            parts = [built.get(id(child), child) for child in children]
            built[id(subtree)] = _BUILD[subtree.data](self, parts)
        return built[id(tree)]

    def at(self, part: Any) -> Span:
        """Return the place of a token, a node, or a list of operands."""
        if isinstance(part, list):
            return self.at(part[0])
        if hasattr(part, "start_pos"):
            return self.fragment.span(part.start_pos, part.end_pos)
        return cast("Span", part.span)

    def over(self, parts: Sequence[Any]) -> Span:
        return self.at(parts[0]).to(self.at(parts[-1]))


def _number(b: _Builder, p: list[Any]) -> nodes.Node:
    return nodes.Number(Fraction(str(p[0])), b.at(p[0]))


def _quantity(b: _Builder, p: list[Any]) -> nodes.Node:
    parts = tuple((Fraction(amount), _UNITS[unit]) for amount, unit in _AMOUNT.findall(str(p[0])))
    return nodes.Quantity(parts, b.at(p[0]))


def _date(b: _Builder, p: list[Any]) -> nodes.Node:
    try:
        return nodes.Date(datetime.date.fromisoformat(str(p[0])), b.at(p[0]))
    except ValueError:
        raise _MistakeError(hints.bad_date(str(p[0]), p[0].start_pos)) from None


def _count_name(b: _Builder, p: list[Any]) -> nodes.Node:
    mistake = hints.number_word(str(p[0]), p[0].start_pos)
    if mistake is not None:
        raise _MistakeError(mistake)
    return nodes.Name(str(p[0]), b.at(p[0]))


def _bracket(b: _Builder, p: list[Any]) -> nodes.Node:
    # Brackets are not a node: they widen the place of what stands in them.
    return cast("nodes.Node", replace(p[1], span=b.over(p)))


def _operands(_: _Builder, p: list[Any]) -> list[Any]:
    """Return the operands of a run so far, without the connectives between them."""
    return [p[0]] if len(p) == 2 else [*p[0], p[1]]


def _run(op: Literal["and", "or"]) -> Callable[[_Builder, list[Any]], nodes.Node]:
    def build(b: _Builder, p: list[Any]) -> nodes.Node:
        return nodes.Logic(op, (*p[0], p[1]), b.over(p))

    return build


def _any_of_all(b: _Builder, p: list[Any]) -> nodes.Node:
    inner = nodes.Logic("and", (*p[1], p[2]), b.over(p[1:]))
    return nodes.Logic("or", (*p[0], inner), b.over(p))


def _quantifier(b: _Builder, p: list[Any]) -> nodes.Node:
    body = p[3] if len(p) == 4 else None
    return nodes.Quantifier(cast("nodes.QuantifierWord", str(p[0])), None, p[1], body, b.over(p))


def _counting(b: _Builder, p: list[Any]) -> nodes.Node:
    word = cast("nodes.QuantifierWord", " ".join(str(p[0]).split()))
    return nodes.Quantifier(word, p[1], p[2], p[4] if len(p) == 5 else None, b.over(p))


def _binder(b: _Builder, p: list[Any]) -> nodes.Binder:
    return nodes.Binder(str(p[0]), p[2], p[4] if len(p) == 5 else None, b.at(p[0]), b.over(p))


def _presence(b: _Builder, p: list[Any]) -> nodes.Node:
    return nodes.Presence(p[0], p[1].type == "IS_PRESENT", b.over(p))


def _pairs(b: _Builder, p: list[Any]) -> nodes.Node:
    return nodes.Pairs(p[2], tuple(str(part) for part in p[4:-1:2]), b.over(p[4:-1]), b.over(p))


_BUILD: dict[str, Callable[[_Builder, list[Any]], Any]] = {
    "expression": lambda _, p: p[0],
    "binding": lambda _, p: p[0],
    "ors": _operands,
    "ands": _operands,
    "all_of": _run("and"),
    "any_of": _run("or"),
    "any_of_all": _any_of_all,
    "negation": lambda b, p: nodes.Not(p[1], b.over(p)),
    "quantifier": _quantifier,
    "counting": _counting,
    "each": lambda b, p: nodes.Each(p[1], b.over(p)),
    "the": lambda b, p: nodes.The(p[1], b.over(p)),
    "if_else": lambda b, p: nodes.IfElse(p[1], p[3], p[5], b.over(p)),
    "binder": _binder,
    "count_name": _count_name,
    "bracket": _bracket,
    "compare": lambda b, p: nodes.Compare(cast("nodes.CompareOp", str(p[1])), p[0], p[2], b.at(p[1]), b.over(p)),
    "member": lambda b, p: nodes.Membership(p[0], p[2], p[1].type == "NOT_IN", b.over(p)),
    "includes": lambda b, p: nodes.Includes(p[0], p[2], b.over(p)),
    "presence": _presence,
    "is_late": lambda b, p: nodes.IsLate(p[0], p[2], b.over(p)),
    "due_by": lambda b, p: nodes.DueBy(p[0], p[2], b.over(p)),
    "range_of": lambda b, p: nodes.RangeOf(p[0], p[2], b.over(p)),
    "arithmetic": lambda b, p: nodes.Arithmetic(cast("nodes.ArithmeticOp", str(p[1])), p[0], p[2], b.over(p)),
    "field": lambda b, p: nodes.Field(p[0], str(p[2]), b.at(p[2]), b.over(p)),
    "number": _number,
    "quantity": _quantity,
    "date": _date,
    "truth": lambda b, p: nodes.Truth(p[0].type == "TRUE", b.at(p[0])),
    "name": lambda b, p: nodes.Name(str(p[0]), b.at(p[0])),
    "set_of": lambda b, p: nodes.SetOf(tuple(p[1::2]), b.over(p)),
    "count_of": lambda b, p: nodes.CountOf(p[2], b.over(p)),
    "count_distinct": lambda b, p: nodes.CountDistinct(p[3], p[5], b.over(p)),
    "aggregate": lambda b, p: nodes.Aggregate(cast("nodes.AggregateName", str(p[0])), p[2], p[4], b.over(p)),
    "extremum": lambda b, p: nodes.Extremum(cast("nodes.AggregateName", str(p[0])), tuple(p[2:-1:2]), b.over(p)),
    "pairs": _pairs,
    "call": lambda b, p: nodes.Call(str(p[0]), tuple(p[2:-1:2]), b.at(p[0]), b.over(p)),
}
