"""What holds for every well-typed expression on every record that fits its schema."""

from __future__ import annotations

import datetime
import locale
import os
import time
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import language_cases
import record_strategies
import typed_strategies
from pykala.evaluate.expression import Evaluation, evaluate_expression
from pykala.quality.mutate.changes import changes_of
from pykala.quality.mutate.normal import Normalizer
from pykala_dsl import core, nodes
from pykala_dsl.checker import Checker
from pykala_dsl.parser import parse_expression
from pykala_dsl.printer import print_node
from pykala_dsl.scope import Scope
from pykala_dsl.source import Fragment, Source
from pykala_dsl.unchecked import print_core
from tries import tries

AS_OF = datetime.date(2025, 6, 30)
SUBJECT = language_cases.vocabulary_of({"case": typed_strategies.FIELDS}).kinds["case"].type
POLICY = record_strategies.shipped().policies[0]
BARE = replace(POLICY.rules[0], for_each=None, definitions={}, when=None, unless=(), pending_while=None)
LIMITED = tries(150)


def checked(node: nodes.Node) -> core.Expr:
    """Return the typed core of a generated expression; the checker has to accept it."""
    checker = Checker(Source("generated", ""))
    expr = checker.value(node, Scope(SUBJECT))
    assert [item.message for item in checker.diagnostics if item.severity == "error"] == []
    return expr


def outcome(expr: core.Expr, data: dict[str, Any]) -> Evaluation:
    return evaluate_expression(expr, {"case": typed_strategies.build(data)}, AS_OF)


@LIMITED
@given(typed_strategies.conditions(), typed_strategies.records())
def test_a_checked_expression_never_raises_and_always_has_an_outcome(node: nodes.Node, data: dict[str, Any]) -> None:
    found = outcome(checked(node), data)
    assert found.outcomes
    assert len(found.outcomes) == 1 or found.causes


@LIMITED
@given(typed_strategies.conditions())
def test_the_printed_form_is_the_same_expression(node: nodes.Node) -> None:
    assert checked(node) == checked(parse_expression(Fragment.of(print_node(node))))


@LIMITED
@given(typed_strategies.conditions())
def test_the_core_written_back_is_the_same_core(node: nodes.Node) -> None:
    expr = checked(node)
    assert checked(parse_expression(Fragment.of(print_core(expr)))) == expr


@LIMITED
@given(typed_strategies.conditions(), typed_strategies.records())
def test_changes_that_are_said_to_change_nothing_change_no_outcome(node: nodes.Node, data: dict[str, Any]) -> None:
    expr = checked(node)
    policy, normalizer = POLICY, Normalizer()

    def form(condition: core.Expr) -> object:
        return normalizer.rule(policy, replace(BARE, require=condition))

    forms: dict[object, tuple[object, object]] = {}
    for condition in (expr, *(change.whole for change in changes_of(expr))):
        found = outcome(condition, data)
        expected = forms.setdefault(form(condition), (found.outcomes, found.due))
        assert (found.outcomes, found.due) == expected, print_core(condition)


@LIMITED
@given(typed_strategies.conditions(), typed_strategies.records(), st.randoms())
def test_the_order_of_keys_changes_nothing(node: nodes.Node, data: dict[str, Any], random: Any) -> None:
    keys = list(data)
    random.shuffle(keys)
    expr = checked(node)
    assert outcome(expr, data) == outcome(expr, {key: data[key] for key in keys})


@tries(40)
@given(typed_strategies.conditions(), typed_strategies.records())
def test_locale_and_time_zone_change_nothing(node: nodes.Node, data: dict[str, Any]) -> None:
    expr = checked(node)
    expected = outcome(expr, data)
    before, zone = locale.setlocale(locale.LC_ALL), os.environ.get("TZ")
    try:
        for setting, other in (("C", "Pacific/Kiritimati"), ("", "America/Anchorage")):
            locale.setlocale(locale.LC_ALL, setting)
            os.environ["TZ"] = other
            time.tzset()
            assert expected == outcome(expr, data)
    finally:
        locale.setlocale(locale.LC_ALL, before)
        os.environ.pop("TZ", None)
        if zone is not None:
            os.environ["TZ"] = zone
        time.tzset()
