"""Every fixture gives the diagnostics that its lines name, and nothing else; together they give every code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bad_files import FILES, Case, cases, diagnostics
from policy_repository import repository
from pykala.policy.loader import load_policies
from pykala.policy.overlay import apply_overlay
from pykala.policy.strict_yaml import MAX_BYTES, load_source
from pykala_dsl.codes import CODES
from pykala_dsl.diagnostics import DiagnosticsError

CASES = tuple(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fixture_gives_the_diagnostics_of_its_lines(case: Case, tmp_path: Path) -> None:
    found = diagnostics(case, tmp_path)
    expected = list(case.expected)
    surplus = []
    for file, item in found:
        fitting = next((one for one in expected if one.fits(item, file)), None)
        if fitting is None:
            shown = item.source.text[item.span.start : item.span.end]
            surplus.append((file, item.line, item.code, item.message, item.help, shown))
        else:
            expected.remove(fitting)
    assert (surplus, expected) == ([], [])


def test_nothing_is_wrong_with_what_the_cases_are_filled_in_from(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name.endswith("nothing is wrong"))
    assert case.expected == ()
    assert diagnostics(case, tmp_path) == []


def _not_utf8(folder: Path) -> None:
    path = folder / "f.yaml"
    path.write_bytes(b"a: \xe4\n")
    load_source(path, "f.yaml")


def _too_big(folder: Path) -> None:
    path = folder / "f.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    load_source(path, "f.yaml")


def _no_file(folder: Path) -> None:
    load_source(folder / "f.yaml", "f.yaml")


def _no_policies(folder: Path) -> None:
    load_policies(folder / "policies", cache=False)


def _no_overlay(folder: Path) -> None:
    policies = repository(folder).load()
    path = folder / "numbers.yaml"
    path.write_text("other: {shortest_day: 6 h}\n", encoding="utf-8")
    apply_overlay(policies, path)


def _no_vocabulary(folder: Path) -> None:
    (folder / "sources").mkdir()
    (folder / "sources" / "guide.yaml").write_text(FILES["policies/sources/guide.yaml"], encoding="utf-8")
    load_policies(folder, cache=False)


# What no text of a fixture can show.
ELSEWHERE: dict[str, Callable[[Path], None]] = {
    "not-utf8": _not_utf8,
    "file-too-big": _too_big,
    "unreadable-file": _no_file,
    "no-policies": _no_policies,
    "bad-overlay": _no_overlay,
    "no-vocabulary": _no_vocabulary,
}


@pytest.mark.parametrize(("code", "load"), ELSEWHERE.items(), ids=ELSEWHERE.keys())
def test_what_is_wrong_with_the_files_themselves(code: str, load: Callable[[Path], None], tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError) as raised:
        load(tmp_path)
    assert [item.code for item in raised.value.diagnostics] == [code]


def test_every_code_is_raised_by_a_fixture() -> None:
    raised = {one.code for case in CASES for one in case.expected} | ELSEWHERE.keys()
    assert sorted(CODES.keys() - raised) == []
    assert sorted(raised - CODES.keys()) == []
