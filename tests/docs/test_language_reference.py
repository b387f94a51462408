"""The examples of the language reference are run, and its anchors are kept."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import language_cases
from pykala.evaluate.expression import Evaluation, evaluate_expression
from pykala.policy import strict_yaml
from pykala.records.build import build_record
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.checker import Checker
from pykala_dsl.diagnostics import DiagnosticsError
from pykala_dsl.functions import FUNCTIONS
from pykala_dsl.parser import parse_expression
from pykala_dsl.scope import Scope
from pykala_dsl.source import Fragment, Source
from pykala_dsl.typesys import BoolType, EnumType, RecordType, Type
from pykala_dsl.words import RESERVED

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
TEXT = PAGE.read_text(encoding="utf-8")
TODAY = "2025-06-30"
_OUTCOMES = {"true": {"met"}, "false": {"broken"}, "unknown": {"met", "broken"}}
_UNSET = {"count": "1"}


def blocks(info: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the fenced blocks with this info string: the number of their first line, and their lines."""
    lines = TEXT.splitlines()
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and line == f"```{info}":
            start = number
        elif start is not None and line == "```":
            yield start + 1, lines[start : number - 1]
            start = None


def plain(text: str) -> Any:
    return strict_yaml.plain(strict_yaml.compose(Source("<example>", text)))


@dataclass(frozen=True)
class Example:
    """One line of an example: an expression, what the record says, and what the expression comes to."""

    line: int
    expression: str
    expected: str
    given: Mapping[str, Any]
    as_of: str

    def __str__(self) -> str:
        return f"{self.line}: {self.expression}"


def examples() -> Iterator[Example]:
    for start, lines in blocks("pykala"):
        given: dict[str, Any] = {}
        as_of = TODAY
        for number, line in enumerate(lines, start):
            if line.startswith("# given"):
                facts = line.removeprefix("# given").strip()
                given = {} if facts == "nothing" else dict(plain("{" + facts + "}"))
                as_of = str(given.pop("as_of", TODAY))
            else:
                expression, arrow, expected = line.rpartition(" → ")
                assert arrow, f"line {number} of the page has no arrow"
                yield Example(number, expression, expected, given, as_of)


EXAMPLES = [*examples()]
((_, _field_lines),) = blocks("pykala-fields")
FIELDS = dict(line.split(": ", 1) for line in _field_lines)
((_, _policy_lines),) = blocks("pykala-policy")
POLICY: dict[str, Any] = plain("\n".join(_policy_lines) + "\n")


def parameter(spec: Mapping[str, Any]) -> tuple[Type, core.Value | None]:
    constant = literal(str(spec["value"]) if "value" in spec else _UNSET[spec["type"]])
    return constant.type, constant.value if "value" in spec else None


def literal(text: str) -> core.Constant:
    fragment = Fragment.of(text)
    constant = Checker(fragment.source).value(parse_expression(fragment), Scope(RecordType("case")))
    assert isinstance(constant, core.Constant)
    return constant


PARAMETERS = {name: parameter(spec) for name, spec in POLICY["parameters"].items()}
READINGS = {name: (tuple(spec["options"]), spec.get("chosen")) for name, spec in POLICY["readings"].items()}
VOCABULARY = language_cases.vocabulary_of({"case": FIELDS})


def scope() -> Scope:
    readings = {name: EnumType(name, options) for name, (options, _) in READINGS.items()}
    kinds = {name: kind for name, (kind, _) in PARAMETERS.items()}
    outer = Scope(VOCABULARY.kinds["case"].type, parameters=kinds, readings=readings)
    checker = Checker(Source("<policy>", ""))
    definitions = language_cases.check_definitions(POLICY["define"], outer, checker)
    assert checker.diagnostics == []
    return Scope(outer.subject, parameters=kinds, readings=readings, definitions=definitions)


SCOPE = scope()


def check(text: str) -> core.Expr | list[str]:
    """Return the typed core of an expression, or the codes of what is wrong with it."""
    fragment = Fragment.of(text)
    checker = Checker(fragment.source)
    try:
        expr = checker.value(parse_expression(fragment), SCOPE)
    except DiagnosticsError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    errors = [diagnostic.code for diagnostic in checker.diagnostics if diagnostic.severity == "error"]
    return errors or expr


def evaluate(expr: core.Expr, example: Example) -> Evaluation:
    record = build_record(VOCABULARY, "case", {"record": "case", "id": "A-1", **example.given}, "case")
    assert isinstance(record, Record), record
    return evaluate_expression(
        expr,
        {"case": record},
        datetime.date.fromisoformat(example.as_of),
        definitions=SCOPE.definitions,
        parameters={name: value for name, (_, value) in PARAMETERS.items()},
        readings=READINGS,
    )


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.expected.startswith("error ")], ids=str)
def test_a_mistake_on_the_page_gives_the_diagnostic_that_it_says(example: Example) -> None:
    assert [example.expected.removeprefix("error ")] == check(example.expression)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e.expected.startswith("error ")], ids=str)
def test_an_example_on_the_page_comes_to_what_it_says(example: Example) -> None:
    expr = check(example.expression)
    assert not isinstance(expr, list), expr
    found = evaluate(expr, example)
    if isinstance(expr.type, BoolType):
        expected = _OUTCOMES.get(example.expected) or set(example.expected.split(" or "))
        assert expected == set(found.outcomes or ())
        assert expr.type.duty == (example.expected not in _OUTCOMES)
    elif example.expected == "unknown":
        assert found.value is None
    else:
        constant = literal(example.expected)
        assert (constant.value, type(constant.type)) == (found.value, type(expr.type))


def sections() -> dict[str, str]:
    """Return the text below each heading of the third level."""
    found = re.split(r"^### (.+)$", TEXT, flags=re.MULTILINE)
    return {
        title: re.split(r"^## ", body, flags=re.MULTILINE)[0]
        for title, body in zip(found[1::2], found[2::2], strict=True)
    }


def test_the_page_has_hundreds_of_examples() -> None:
    assert len(EXAMPLES) >= 200


def test_each_heading_has_an_anchor_of_its_own() -> None:
    anchors = re.findall(r'<a id="([a-z-]+)"></a>', TEXT)
    assert sorted(set(anchors)) == sorted(anchors)
    headings = re.findall(r"^(.*)\n#{2,3} (.+)$", TEXT, flags=re.MULTILINE)
    assert [title for before, title in headings if not before.startswith('<a id="')] == []


def test_each_link_inside_the_page_leads_somewhere() -> None:
    anchors = set(re.findall(r'<a id="([a-z-]+)"></a>', TEXT))
    assert set(re.findall(r"\]\(#([a-z-]+)\)", TEXT)) - anchors == set()


def test_each_operator_list_form_and_function_says_what_missing_gives() -> None:
    exempt = {"Names", "Words of the language"}
    part = TEXT[TEXT.index("## Operators") : TEXT.index("## What is not known")]
    titles = re.findall(r"^### (.+)$", part, flags=re.MULTILINE)
    assert [t for t in titles if t not in exempt and "**Missing:**" not in sections()[t]] == []
    assert [t for t in titles if t not in exempt and "```pykala\n" not in sections()[t]] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_stands_on_the_page_with_its_own_examples(name: str) -> None:
    function = FUNCTIONS[name]
    (body,) = [text for title, text in sections().items() if title.startswith(f"`{name}(")]
    assert f'<a id="{function.anchor}"></a>\n### `{name}(' in TEXT
    shown = {(e.expression, e.expected) for e in EXAMPLES}
    for expression, result in function.examples:
        assert shown & {(expression, result), (f"{expression} = {result}", "true")}
        assert expression in body


def test_the_reserved_words_on_the_page_are_those_of_the_language() -> None:
    text = sections()["Words of the language"].split("They are written")[0]
    assert sorted(RESERVED) == sorted(re.findall("`([a-z]+)`", text))
