"""The printer: a syntax tree in, its canonical text out, on one line.

`parse(print(e)) == e` for every tree that the parser can return. Brackets stand where the grammar needs them,
and where `and` meets `or`; quantities are written with a space and the unit in its canonical spelling.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import assert_never

from pykala_dsl import nodes
from pykala_dsl.nodes import Binder, Node

# How tightly a form binds, loosest first. `_OPEN` are the forms that reach as far right as they can.
_OPEN, _OR, _AND, _NOT, _TEST, _RANGE, _SUM, _PRODUCT, _PATH = range(9)
_SINGULAR: dict[nodes.Unit, str] = {"days": "day", "weeks": "week", "months": "month", "years": "year"}


def print_node(node: Node | Binder) -> str:
    """Return the canonical text of an expression or a binder.

    >>> from pykala_dsl.parser import parse_expression
    >>> from pykala_dsl.source import Fragment
    >>> print_node(parse_expression(Fragment.of("a and b  or x>=1h30min")))
    '(a and b) or x >= 1 h 30 min'
    """
    if isinstance(node, Binder):
        return _binder(node)
    text = _at(node, _OPEN)
    if text.startswith("{"):
        # An expression may not begin with a set: YAML would take it for a mapping.
        end = _closing_brace(text)
        return f"({text[:end]}){text[end:]}"
    return text


def number_text(value: Fraction) -> str:
    """Return a number as a decimal without trailing zeros; raises `ValueError` where it has no end or is negative."""
    scale, rest = 0, value.denominator
    while rest != 1:
        if rest % 2 and rest % 5:
            raise ValueError(f"{value} has no end as a decimal")
        rest = (value * 10 ** (scale + 1)).denominator
        scale += 1
    if value < 0:
        raise ValueError(f"{value} is negative")
    digits = str(value.numerator * 10**scale // value.denominator).rjust(scale + 1, "0")
    return f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits


def _at(node: Node, level: int, *, open_end: bool = True) -> str:
    """Return the text of a node where the grammar asks for `level`; `open_end`: an open form may stand last here."""
    own = _level(node)
    bare = open_end and level <= _NOT if own == _OPEN else own >= level
    return _text(node, open_end) if bare else f"({_text(node, True)})"


def _level(node: Node) -> int:
    match node:
        case nodes.Quantifier() | nodes.Each() | nodes.The() | nodes.IfElse():
            return _OPEN
        case nodes.Logic():
            return _OR if node.op == "or" else _AND
        case nodes.Not():
            return _NOT
        case (
            nodes.Compare() | nodes.Membership() | nodes.Includes() | nodes.Presence() | nodes.DueBy() | nodes.IsLate()
        ):
            return _TEST
        case nodes.RangeOf():
            return _RANGE
        case nodes.Arithmetic():
            return _SUM if node.op in ("+", "-") else _PRODUCT
        case (
            nodes.Number()
            | nodes.Quantity()
            | nodes.Date()
            | nodes.Truth()
            | nodes.Name()
            | nodes.Field()
            | nodes.SetOf()
            | nodes.CountOf()
            | nodes.CountDistinct()
            | nodes.Aggregate()
            | nodes.Extremum()
            | nodes.Pairs()
            | nodes.Call()
        ):
            return _PATH
        case _:
            assert_never(node)


def _text(node: Node, open_end: bool) -> str:
    match node:
        case nodes.Number():
            return number_text(node.value)
        case nodes.Quantity():
            return " ".join(_amount(amount, unit) for amount, unit in node.parts)
        case nodes.Date():
            return node.value.isoformat()
        case nodes.Truth():
            return "true" if node.value else "false"
        case nodes.Name():
            return node.name
        case nodes.Field():
            return f"{_at(node.base, _PATH)}.{node.name}"
        case nodes.SetOf():
            return "{" + ", ".join(_at(item, _RANGE, open_end=False) for item in node.items) + "}"
        case nodes.RangeOf():
            return f"{_closed(node.low, _SUM)} .. {_closed(node.high, _SUM)}"
        case nodes.Not():
            return f"not {_at(node.operand, _NOT, open_end=open_end)}"
        case nodes.Logic():
            return _logic(node, open_end)
        case nodes.Compare():
            return f"{_closed(node.left, _RANGE)} {node.op} {_closed(node.right, _RANGE)}"
        case nodes.Membership():
            word = "not in" if node.negated else "in"
            return f"{_closed(node.item, _RANGE)} {word} {_closed(node.collection, _RANGE)}"
        case nodes.Includes():
            return f"{_closed(node.collection, _RANGE)} includes {_closed(node.part, _RANGE)}"
        case nodes.Presence():
            return f"{_closed(node.operand, _RANGE)} is {'present' if node.present else 'missing'}"
        case nodes.DueBy():
            return f"{_closed(node.event, _RANGE)} due by {_closed(node.limit, _RANGE)}"
        case nodes.IsLate():
            return f"{_closed(node.event, _RANGE)} is late for {_closed(node.limit, _RANGE)}"
        case nodes.Arithmetic():
            left, right = (_SUM, _PRODUCT) if node.op in ("+", "-") else (_PRODUCT, _PATH)
            return f"{_closed(node.left, left)} {node.op} {_closed(node.right, right)}"
        case nodes.IfElse():
            return f"if {_at(node.condition, _OPEN)} then {_at(node.yes, _OPEN)} else {_at(node.no, _OPEN)}"
        case nodes.Quantifier():
            return _quantifier(node)
        case nodes.Each():
            return f"each {_binder(node.binder)}"
        case nodes.The():
            return f"the {_binder(node.binder)}"
        case nodes.CountOf():
            what = node.what
            return f"count({_binder(what) if isinstance(what, Binder) else _closed(what, _RANGE)})"
        case nodes.CountDistinct():
            return f"count(distinct {_distinct_key(node.key)} for {_binder(node.binder)})"
        case nodes.Aggregate():
            return f"{node.name}({_closed(node.value, _RANGE)} for {_binder(node.binder)})"
        case nodes.Extremum():
            return f"{node.name}({', '.join(_closed(value, _RANGE) for value in node.values)})"
        case nodes.Pairs():
            return f"pairs({_closed(node.collection, _RANGE)} by {'.'.join(node.key)})"
        case nodes.Call():
            return f"{node.name}({', '.join(_at(argument, _OPEN) for argument in node.arguments)})"
        case _:
            assert_never(node)


def _closed(node: Node, level: int) -> str:
    return _at(node, level, open_end=False)


def _logic(node: nodes.Logic, open_end: bool) -> str:
    last = len(node.operands) - 1
    # Operands of both connectives stand at the level of `not`: where `and` meets `or`, brackets are written.
    parts = [_at(part, _NOT, open_end=open_end and i == last) for i, part in enumerate(node.operands)]
    return f" {node.op} ".join(parts)


def _quantifier(node: nodes.Quantifier) -> str:
    words: list[str] = [node.word]
    match node.count:
        case None:
            pass
        case nodes.Number() | nodes.Name():
            words.append(_text(node.count, False))
        case count:
            words.append(f"({_at(count, _OPEN)})")
    words.append(_binder(node.binder))
    if node.body is not None:
        words += ["satisfies", _at(node.body, _OPEN)]
    return " ".join(words)


def _binder(node: Binder) -> str:
    text = f"{node.name} in {_closed(node.collection, _RANGE)}"
    return text if node.where is None else f"{text} where {_closed(node.where, _OR)}"


def _distinct_key(key: Node) -> str:
    text = _closed(key, _RANGE)
    # `count(distinct of ...)` would be a share of something called `distinct`; `count(distinct {` is as it stands.
    return f"({text})" if re.match(r"of(?!\w)", text) else text


def _amount(amount: Fraction, unit: nodes.Unit) -> str:
    text = number_text(amount)
    if unit == "EUR" and re.fullmatch(r"[0-9]+\.[0-9]", text):
        text += "0"
    return f"{text} {_SINGULAR.get(unit, unit) if amount == 1 else unit}"


def _closing_brace(text: str) -> int:
    depth = 0
    for i, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if not depth:
            return i + 1
    raise AssertionError(text)
