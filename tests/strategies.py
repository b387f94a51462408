"""Hypothesis strategies: every tree that the parser can return."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from pykala_dsl import nodes
from pykala_dsl.nodes import Binder, Node
from pykala_dsl.source import Span
from pykala_dsl.words import AGGREGATES, NUMBER_WORDS, RESERVED

SPAN = Span(0, 0)
SOFT_WORDS = ["count", "sum", "min", "pairs", "by", "of", "for", "distinct", "present", "missing", "late", "at", "h"]
_NAMES = ["a", "b", "day", "days", "length", "työpäivä", "x1", "_", "all", "one", "EUR"]
_CALLABLE = ["reading", "length", "overlap", "round", "weekday", "näin", "by", "of", "distinct", "h"]


def names() -> st.SearchStrategy[str]:
    """Return names that the grammar takes: plain ones, soft words, and any letters at all."""
    letters = st.text(st.characters(categories=("Ll", "Lu", "Nd"), max_codepoint=0x24F), min_size=1, max_size=6)
    free = letters.filter(lambda text: text.isidentifier() and text not in RESERVED)
    return st.sampled_from(_NAMES + SOFT_WORDS) | free


def decimals() -> st.SearchStrategy[Fraction]:
    """Return numbers that can be written: not negative, with up to four decimals."""
    whole, part = st.integers(0, 10**9), st.integers(0, 4)
    return st.builds(lambda digits, places: Fraction(digits, 10**places), whole, part)


def quantities() -> st.SearchStrategy[nodes.Quantity]:
    """Return quantities of every unit, hours and minutes together among them."""
    units = st.sampled_from(["h", "min", "days", "weeks", "months", "years", "EUR", "%"])
    single = st.tuples(decimals(), units).map(lambda part: (part,))
    both = st.tuples(decimals(), decimals()).map(lambda pair: ((pair[0], "h"), (pair[1], "min")))
    parts: st.SearchStrategy[Any] = single | both
    return parts.map(lambda found: nodes.Quantity(found, SPAN))


def name_nodes() -> st.SearchStrategy[Node]:
    """Return bare names."""
    return names().map(lambda text: nodes.Name(text, SPAN))


def leaves() -> st.SearchStrategy[Node]:
    """Return literals and names."""
    return st.one_of(
        decimals().map(lambda value: nodes.Number(value, SPAN)),
        quantities(),
        st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31)).map(lambda day: nodes.Date(day, SPAN)),
        st.booleans().map(lambda value: nodes.Truth(value, SPAN)),
        name_nodes(),
    )


def binders(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Binder]:
    """Return binders, with and without `where`."""
    return st.builds(
        lambda name, collection, where: Binder(name, collection, where, SPAN, SPAN),
        names(),
        inner,
        st.none() | inner,
    )


def _compound(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    over = binders(inner)
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    counts = st.one_of(
        decimals().map(lambda value: nodes.Number(value, SPAN)),
        name_nodes().filter(lambda node: isinstance(node, nodes.Name) and node.name.lower() not in NUMBER_WORDS),
        inner.filter(lambda node: not isinstance(node, nodes.Name)),
    )
    aggregates = st.sampled_from(sorted(AGGREGATES))
    build: list[st.SearchStrategy[Any]] = [
        st.builds(lambda base, name: nodes.Field(base, name, SPAN, SPAN), inner, names()),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: nodes.SetOf(tuple(items), SPAN)),
        st.builds(lambda low, high: nodes.RangeOf(low, high, SPAN), inner, inner),
        inner.map(lambda operand: nodes.Not(operand, SPAN)),
        st.builds(lambda op, operands: nodes.Logic(op, operands, SPAN), st.sampled_from(["and", "or"]), some),
        st.builds(
            lambda op, left, right: nodes.Compare(op, left, right, SPAN, SPAN),
            st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
            inner,
            inner,
        ),
        st.builds(lambda x, c, negated: nodes.Membership(x, c, negated, SPAN), inner, inner, st.booleans()),
        st.builds(lambda whole, part: nodes.Includes(whole, part, SPAN), inner, inner),
        st.builds(lambda operand, present: nodes.Presence(operand, present, SPAN), inner, st.booleans()),
        st.builds(lambda event, limit: nodes.DueBy(event, limit, SPAN), inner, inner),
        st.builds(lambda event, limit: nodes.IsLate(event, limit, SPAN), inner, inner),
        st.builds(
            lambda op, left, right: nodes.Arithmetic(op, left, right, SPAN),
            st.sampled_from(["+", "-", "*", "/", "of"]),
            inner,
            inner,
        ),
        st.builds(lambda a, b, c: nodes.IfElse(a, b, c, SPAN), inner, inner, inner),
        st.builds(lambda b, body: nodes.Quantifier("every", None, b, body, SPAN), over, inner),
        st.builds(
            lambda word, b, body: nodes.Quantifier(word, None, b, body, SPAN),
            st.sampled_from(["some", "no"]),
            over,
            st.none() | inner,
        ),
        st.builds(
            lambda word, count, b, body: nodes.Quantifier(word, count, b, body, SPAN),
            st.sampled_from(["exactly", "at least", "at most"]),
            counts,
            over,
            st.none() | inner,
        ),
        over.map(lambda b: nodes.Each(b, SPAN)),
        over.map(lambda b: nodes.The(b, SPAN)),
        st.builds(lambda what: nodes.CountOf(what, SPAN), over | inner),
        st.builds(lambda key, b: nodes.CountDistinct(key, b, SPAN), inner, over),
        st.builds(lambda name, value, b: nodes.Aggregate(name, value, b, SPAN), aggregates, inner, over),
        st.builds(lambda name, values: nodes.Extremum(name, values, SPAN), aggregates, some),
        st.builds(
            lambda collection, key: nodes.Pairs(collection, tuple(key), SPAN, SPAN),
            inner,
            st.lists(names(), min_size=1, max_size=2),
        ),
        st.builds(
            lambda name, arguments: nodes.Call(name, tuple(arguments), SPAN, SPAN),
            st.sampled_from(_CALLABLE),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ]
    return st.one_of(build)


def expressions(max_leaves: int = 12) -> st.SearchStrategy[Node]:
    """Return trees of every kind of node (not typed: the parser knows no types)."""
    return st.recursive(leaves(), _compound, max_leaves=max_leaves)
