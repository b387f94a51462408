"""The printer and the parser agree on every tree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pykala_dsl.diagnostics import DiagnosticsError
from pykala_dsl.nodes import Binder, Node
from pykala_dsl.parser import parse_binder, parse_expression
from pykala_dsl.printer import print_node
from pykala_dsl.render import as_json, render
from pykala_dsl.source import Fragment
from strategies import binders, expressions
from tries import tries

_SETTINGS = tries(120)


@_SETTINGS
@given(expressions())
def test_what_is_printed_is_read_back(tree: Node) -> None:
    assert parse_expression(Fragment.of(print_node(tree))) == tree


@_SETTINGS
@given(binders(expressions(6)))
def test_what_is_printed_of_a_binder_is_read_back(tree: Binder) -> None:
    assert parse_binder(Fragment.of(print_node(tree))) == tree


@_SETTINGS
@given(expressions())
def test_the_spacing_does_not_matter(tree: Node) -> None:
    text = print_node(tree)
    assert parse_expression(Fragment.of("  " + text.replace(" ", "\n   ") + "\n")) == tree


_WORDS = st.sampled_from(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "then",
        "else",
        "where",
        "satisfies",
        "every",
        "some",
        "no",
        "exactly",
        "each",
        "the",
        "includes",
        "due",
        "by",
        "of",
        "for",
        "distinct",
        "present",
        "missing",
        "late",
        "at",
        "least",
        "most",
        "count(",
        "sum(",
        "pairs(",
        "min(",
        "f(",
        "(",
        ")",
        "{",
        "}",
        ",",
        ".",
        "..",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "a",
        "b.c",
        "day",
        "days",
        "1",
        "2.5",
        "6h",
        "30",
        "min",
        "2",
        "weeks",
        "EUR",
        "2025-01-01",
        "2025-02-30",
        "one",
        "two",
        "all",
        "between",
        "to",
        "==",
        "1-2",
        "6,5",
        '"',
        "'",
        "ä",
        "@",
        ":",
        "[",
        "]",
        "1",
        "000",
        "€",
    ]
)


@tries(500)
@given(st.lists(_WORDS, max_size=12).map(" ".join) | st.text(max_size=30))
def test_any_text_gives_a_tree_or_one_diagnostic_that_can_be_shown(text: str) -> None:
    for parse in (parse_expression, parse_binder):
        try:
            tree = parse(Fragment.of(text))
        except DiagnosticsError as error:
            (diagnostic,) = error.diagnostics
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
            assert diagnostic.help
            assert render(diagnostic)
            assert as_json(diagnostic)
        else:
            assert parse(Fragment.of(print_node(tree))) == tree
