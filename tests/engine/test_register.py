"""The register of sources: what a file may say, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_repository import REGISTER, repository, underlined
from pykala.policy.model import Citation, Text
from pykala.policy.sources import load_register, register_of
from pykala_dsl.diagnostics import Diagnostic
from pykala_dsl.source import Source, Span


def read(text: str) -> list[Diagnostic]:
    return register_of([Source("sources/slides-2025.yaml", text)])[1]


def test_a_source_and_its_statements(tmp_path: Path) -> None:
    register = load_register(repository(tmp_path).directory)
    assert register.sources["slides-2025"].title == Text("Partner meeting", "Partner meeting", "Partner meeting")
    assert register.sources["slides-2025"].date.get("en") == "2025"
    first, second = register.statements.values()
    assert (str(first), first.kind, first.checkable, first.services) == (
        "slides-2025/day-length",
        "obligation",
        "yes",
        ("work-trial",),
    )
    assert first.says.sv == "En dag är 6 timmar."
    assert (second.services, second.severity, second.why_not.fi) == ((), "minor", "Not all grounds are recorded.")


def test_a_statement_may_say_since_when_and_how_it_was_read() -> None:
    extra = "    in_force: {first_day: 2025-04-01, note: the day is open}\n    reading: {chosen: a, alternative: b, why: c}\n"
    register, errors = register_of([Source("x.yaml", REGISTER + extra)])
    assert errors == []
    statement = register.statements["slides-2025", "flex"]
    assert str(statement.in_force.first_day) == "2025-04-01"
    assert statement.in_force_note.fi == "the day is open"
    assert statement.reading is not None
    assert statement.reading.why.en == "c"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: obligation", "kind: obligatory", ("bad-choice", "obligatory")),
        ('checkable: "yes"', "checkable: maybe", ("bad-choice", "maybe")),
        ("severity: minor", "severity: tiny", ("bad-choice", "tiny")),
        ("- id: flex", "- id: day-length", ("name-clash", "day-length")),
        ("- id: flex", "- id: Flex entry", ("bad-name", "Flex entry")),
        ("    service: all\n", "    servise: all\n", ("unknown-key", "servise")),
        ("source: slides-2025", "sauce: slides-2025", ("unknown-key", "sauce")),
        ("title: Partner meeting\n", "", ("missing-key", "source")),
        ("place: A rehabilitation day", "place: {de: x}", ("unknown-key", "de")),
    ],
)
def test_a_mistake_is_found_at_its_place(old: str, new: str, expected: tuple[str, str]) -> None:
    assert old in REGISTER
    assert underlined(read(REGISTER.replace(old, new))[0]) == expected


def test_a_language_that_a_statement_lacks_is_a_finding() -> None:
    register, errors = register_of([Source("x.yaml", REGISTER.replace("sv: En dag är 6 timmar., ", ""))])
    assert errors == []
    assert [(item.code, item.message) for item in register.findings] == [
        ("missing-translation", "what statement `day-length` says is missing in Swedish")
    ]


def test_a_citation_that_points_nowhere_says_what_is_near(tmp_path: Path) -> None:
    register = load_register(repository(tmp_path).directory)
    source = Source("p.yaml", "cite: slides-2025/flexx")

    def check(cited: str, statement: str) -> tuple[str, str | None] | None:
        found = register.check(Citation(cited, statement, Span(6, 23)), source)
        return None if found is None else (found.code, found.help)

    assert check("slides-2025", "flex") is None
    assert check("slides-2025", "flexx") == ("unknown-statement", "did you mean `slides-2025/flex`?")
    assert check("slides-2025", "something-else") == ("unknown-statement", "see `sources/slides-2025.yaml`")
    assert check("slides-2024", "flex") == ("unknown-source", "did you mean `slides-2025`?")


def test_two_files_of_one_source_are_an_error(tmp_path: Path) -> None:
    errors = repository(tmp_path).write("sources/again.yaml", REGISTER).errors()
    assert "name-clash" in {item.code for item in errors}
