"""Commands about policies: lint, test, show, fields, schema. Output, exit codes, wrong calls."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from command_line import ROOT, Run
from pykala.policy.model import UNREVIEWED


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a copy of some shipped policies that a test may break."""
    for name in ("records", "sources", "vocational", "work-trial"):
        shutil.copytree(ROOT / "policies" / name, tmp_path / "policies" / name)
    return tmp_path / "policies"


def test_lint_finds_no_error_in_what_is_shipped(run: Run) -> None:
    done = run("lint")
    assert (0, "") == (done.code, done.err)
    assert "0 errors" in done.out


def test_lint_shows_a_typo_at_its_place_and_fails(run: Run, repository: Path) -> None:
    target = repository / "vocational" / "2025.yaml"
    text = target.read_text(encoding="utf-8")
    assert "day.length >= shortest_day" in text
    target.write_text(text.replace("day.length >= shortest_day", "day.lenght >= shortest_day", 1), encoding="utf-8")
    done = run("lint", "--policies", repository)
    assert done.code == 1
    assert "error[unknown-field]: unknown field `lenght` of day" in done.out
    assert "did you mean `length`?" in done.out
    line = 1 + text[: text.index("day.length >= shortest_day")].count("\n")
    assert f"2025.yaml:{line}:" in done.out


def test_lint_writes_json_that_names_file_line_and_code(run: Run, repository: Path) -> None:
    target = repository / "work-trial" / "2025.yaml"
    target.write_text(target.read_text(encoding="utf-8").replace("subject: case", "subject: cse", 1), encoding="utf-8")
    done = run("lint", "--policies", repository, "--format", "json")
    body = json.loads(done.out)
    assert done.code == 1
    assert "pykala.diagnostics/1" == body["format"]
    first = body["diagnostics"][0]
    assert {"code", "message", "severity", "help"} <= set(first)


def test_lint_can_be_narrowed_to_a_file(run: Run) -> None:
    done = run("lint", "policies/sources")
    assert done.code == 0


def test_lint_of_a_path_that_is_not_there(run: Run) -> None:
    done = run("lint", "no-such-file.yaml")
    assert done.code == 2
    assert "error: there is no file or folder" in done.err


def test_a_folder_without_policies_is_an_error_of_the_call(run: Run, tmp_path: Path) -> None:
    done = run("show", "work-trial", "--policies", tmp_path / "nothing")
    assert done.code == 2
    assert "error[no-policies]" in done.err
    assert "Traceback" not in done.err


def test_every_example_of_the_shipped_policies_passes(run: Run) -> None:
    done = run("test")
    assert done.code == 0, done.out
    assert "examples of" in done.out


def test_one_rule_can_be_run_alone(run: Run) -> None:
    done = run("test", "--run", "work-trial/day-length", "--format", "json")
    body = json.loads(done.out)
    assert done.code == 0
    assert {"day-length"} == {row["rule"] for row in body["examples"]}


def test_a_pattern_that_fits_nothing_is_an_error(run: Run) -> None:
    done = run("test", "--run", "no-such/rule")
    assert done.code == 2
    assert "no rule fits the pattern" in done.err


def test_an_example_with_a_wrong_expectation_fails_at_its_place(run: Run, repository: Path) -> None:
    target = repository / "work-trial" / "2025.yaml"
    text = target.read_text(encoding="utf-8")
    at = text.index("expect: pass")
    target.write_text(text[:at] + "expect: fail" + text[at + len("expect: pass") :], encoding="utf-8")
    done = run("test", "--policies", repository)
    assert done.code == 1
    assert "FAILED work-trial@2025" in done.out
    assert "expected fail, got" in done.out


def test_show_prints_a_version_with_what_it_includes(run: Run) -> None:
    done = run("show", "work-trial", "--lang", "en")
    assert done.code == 0
    assert done.out.startswith("Work try-out · work-trial@2025")
    assert "  day-length · " in done.out
    assert "not in the sources" in done.out


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fi", "vastuutaho: asiakas"), ("sv", "ansvarig: klient"), ("en", "responsible: client")],
)
def test_show_says_who_must_act(run: Run, lang: str, words: str) -> None:
    assert f"    {words}\n" in run("show", "certificate-duty", "--lang", lang).out


def test_show_of_an_unknown_policy_suggests_one(run: Run) -> None:
    done = run("show", "work-trail")
    assert done.code == 2
    assert "did you mean work-trial" in done.err


def test_show_as_json_has_every_language(run: Run) -> None:
    body = json.loads(run("show", "work-coaching@2025", "--format", "json").out)
    assert {"fi", "sv", "en"} == set(body["title"])
    assert {rule["responsible"] for rule in body["rules"]} == {"provider"}


def test_fields_are_found_by_a_label_in_any_language(run: Run) -> None:
    for word in ("pituus", "längd", "length"):
        assert "case.days[].length" in run("fields", word).out


def test_a_word_that_fits_no_field(run: Run) -> None:
    done = run("fields", "xyzzyxyzzy")
    assert done.code == 2
    assert "no field fits" in done.err


@pytest.mark.parametrize(
    "what", ["policy", "register", "mapping", "contents", "results", "case", "invoice", "certificate"]
)
def test_schemas_are_valid_json_schemas(run: Run, what: str) -> None:
    schema = json.loads(run("schema", what).out)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_a_schema_that_there_is_not(run: Run) -> None:
    done = run("schema", "nothing")
    assert done.code == 2
    assert "there are schemas for policy" in done.err


def test_a_misspelt_command_suggests_one(run: Run) -> None:
    done = run("chekc")
    assert done.code == 2
    assert "did you mean check?" in done.err


@pytest.mark.parametrize(("lang", "marked"), [("fi", False), ("sv", True), ("en", False)])
@pytest.mark.parametrize(
    "words",
    [("show", "laku"), ("fields", "läheinen"), ("trace", "laku-2023"), ("trace", "laku-2023", "--format", "markdown")],
    ids=" ".join,
)
def test_a_language_that_no_native_reader_has_reviewed_is_marked(
    run: Run, words: tuple[str, ...], lang: str, marked: bool
) -> None:
    done = run(*words, "--lang", lang)
    assert (0, marked) == (done.code, UNREVIEWED["sv"] in done.out)
