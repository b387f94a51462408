"""Every language case, on the reference interpreter: type, value, outcomes, what is undecided, diagnostics."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

import pytest

import language_cases
from language_cases import Case
from pykala.evaluate.expression import Evaluation, evaluate_expression
from pykala.records.build import build_record
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.checker import Checker
from pykala_dsl.describe import describe
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError
from pykala_dsl.parser import parse_expression
from pykala_dsl.printer import print_node
from pykala_dsl.scope import Scope
from pykala_dsl.source import Fragment
from pykala_dsl.typesys import EnumType, RecordType, Type

CASES = [*language_cases.cases()]
TABLES = [*language_cases.table_cases()]
_TYPES: dict[str, str] = {"count": "1", "money": "1 EUR", "exact time": "1 h", "date": "2025-01-01"}


@dataclass(frozen=True)
class Checked:
    """What the checker made of a case."""

    expr: core.Expr | None
    diagnostics: tuple[Diagnostic, ...]
    definitions: dict[str, core.Expr]
    parameters: dict[str, tuple[Type, core.Value | None]]


def check(case: Case) -> Checked:
    """Return the typed core of a case's expression, or the diagnostics that keep it from having one."""
    subject = language_cases.vocabulary_of({"case": case.fields}).kinds["case"].type
    parameters = {name: _parameter(spec) for name, spec in case.parameters.items()}
    readings = {name: EnumType(name, tuple(spec["options"])) for name, spec in case.readings.items()}
    scope = Scope(subject, parameters={n: kind for n, (kind, _) in parameters.items()}, readings=readings)
    fragment = Fragment.of(case.expr)
    checker = Checker(fragment.source)
    try:
        definitions = language_cases.check_definitions(case.defs, scope, checker)
        scope = replace(scope, definitions=definitions)
        expr = checker.value(parse_expression(fragment), scope)
    except DiagnosticsError as error:
        return Checked(None, error.diagnostics, {}, parameters)
    failed = any(diagnostic.severity == "error" for diagnostic in checker.diagnostics)
    return Checked(None if failed else expr, tuple(checker.diagnostics), definitions, parameters)


def evaluate(case: Case, checked: Checked) -> Evaluation:
    """Return what a case's expression comes to on its facts."""
    assert checked.expr is not None
    vocabulary = language_cases.vocabulary_of({"case": case.fields})
    record = build_record(vocabulary, "case", {"record": "case", "id": "A-1", **case.given}, "case")
    assert isinstance(record, Record), record
    return evaluate_expression(
        checked.expr,
        {"case": record},
        datetime.date.fromisoformat(case.as_of),
        definitions=checked.definitions,
        parameters={name: value for name, (_, value) in checked.parameters.items()},
        readings={n: (tuple(spec["options"]), spec.get("chosen")) for n, spec in case.readings.items()},
    )


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case.expected], ids=str)
def test_a_mistake_gives_one_diagnostic_at_its_place(case: Case) -> None:
    diagnostics = check(case).diagnostics
    assert [case.expected["error"]] == [diagnostic.code for diagnostic in diagnostics]
    if "at" in case.expected:
        span = diagnostics[0].span
        assert case.expected["at"] == case.expr[span.start : span.end]
    assert diagnostics[0].help


@pytest.mark.parametrize("case", [case for case in CASES if "error" not in case.expected], ids=str)
def test_a_case_comes_to_what_it_says(case: Case) -> None:
    checked = check(case)
    wanted = [case.expected["warning"]] if "warning" in case.expected else []
    assert wanted == [diagnostic.code for diagnostic in checked.diagnostics]
    assert checked.expr is not None
    if "type" in case.expected:
        assert case.expected["type"] == describe(checked.expr.type)
    if "outcome" not in case.expected and "value" not in case.expected:
        return
    found = evaluate(case, checked)
    if "outcome" in case.expected:
        assert set(case.expected["outcome"]) == set(found.outcomes or ())
    elif case.expected["value"] == "unknown":
        assert found.value is None
        assert found.causes
    else:
        assert _value(case.expected["value"], case) == found.value
    if "due" in case.expected:
        assert datetime.date.fromisoformat(case.expected["due"]) == found.due
    if "undecided" in case.expected:
        assert sorted(case.expected["undecided"]) == sorted(cause.name for cause in found.causes)
    if "kinds" in case.expected:
        assert set(case.expected["kinds"]) == {cause.kind for cause in found.causes}


@pytest.mark.parametrize("case", TABLES, ids=str)
def test_the_truth_tables_hold_in_every_cell(case: Case) -> None:
    assert set(case.expected["outcome"]) == set(evaluate(case, check(case)).outcomes or ())


@pytest.mark.parametrize("case", [case for case in CASES if "open-operand" not in str(case.expected)], ids=str)
def test_printing_and_parsing_again_gives_the_same_expression(case: Case) -> None:
    try:
        node = parse_expression(Fragment.of(case.expr))
    except DiagnosticsError:
        assert "error" in case.expected
        return
    assert node == parse_expression(Fragment.of(print_node(node)))


def _parameter(spec: dict[str, Any]) -> tuple[Type, core.Value | None]:
    literal = str(spec.get("value") or _TYPES[spec["type"]])
    checker = Checker(Fragment.of(literal).source)
    expr = checker.value(parse_expression(Fragment.of(literal)), Scope(RecordType("case")))
    assert isinstance(expr, core.Constant)
    return expr.type, expr.value if "value" in spec else None


def _value(text: object, case: Case) -> object:
    checker = Checker(Fragment.of(str(text)).source)
    expr = checker.value(parse_expression(Fragment.of(str(text))), Scope(RecordType("case")))
    return evaluate_expression(expr, {}, datetime.date.fromisoformat(case.as_of)).value
