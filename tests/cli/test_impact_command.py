"""`pykala impact` and `pykala sample`: exit codes, forms, the file of expected changes, wrong calls."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Run
from policy_repository import POLICY, repository


@pytest.fixture
def book(run: Run, tmp_path: Path) -> tuple[Path, Path, Path]:
    """Return two folders of policies, the second with a longer shortest day, and a case book."""
    before = repository(tmp_path / "before").directory
    after = repository(tmp_path / "after", POLICY.replace("value: 6 h", "value: 6 h 30 min")).directory
    records = tmp_path / "book.jsonl"
    assert run("sample", "--policy", "trial", "-n", "30", "--policies", before, "-o", records).code == 0
    return before, after, records


def test_a_change_that_nobody_meant_fails(run: Run, book: tuple[Path, Path, Path]) -> None:
    done = run("impact", *book, "--lang", "en", "--as-of", "2025-12-31")
    assert done.code == 1
    assert "trial/day-length" in done.out
    assert "pass → fail:" in done.out
    assert "No expected changes are declared." in done.out


def test_a_change_that_is_declared_passes(run: Run, book: tuple[Path, Path, Path], tmp_path: Path) -> None:
    expect = tmp_path / "impact.expect.yaml"
    run("impact", *book, "--as-of", "2025-12-31", "--write-expect", expect)
    done = run("impact", *book, "--lang", "en", "--as-of", "2025-12-31", "--expect", expect)
    assert (done.code, done.err) == (0, "")
    assert "The changes are the expected ones." in done.out
    # The other way round, none of them comes.
    back = run("impact", book[1], book[0], book[2], "--lang", "en", "--as-of", "2025-12-31", "--expect", expect)
    assert back.code == 1
    assert "Expected changes that did not come:" in back.out


def test_nothing_differs_from_itself(run: Run, book: tuple[Path, Path, Path]) -> None:
    done = run("impact", book[0], book[0], book[2], "--lang", "en", "--as-of", "2025-12-31")
    assert done.code == 0
    assert "No verdict changes" in done.out


def test_the_forms_for_pull_requests_and_programs(run: Run, book: tuple[Path, Path, Path]) -> None:
    markdown = run("impact", *book, "--lang", "sv", "--as-of", "2025-12-31", "--format", "markdown").out
    assert "| `trial/day-length` Längd | i sin ordning → avvikelse |" in markdown
    data = json.loads(run("impact", *book, "--as-of", "2025-12-31", "--format", "json").out)
    assert data["format"] == "pykala.impact/1"
    turn = data["rules"][0]["turns"][0]
    assert (turn["from"], turn["to"]) == ("pass", "fail")
    assert len(turn["examples"]) == 3
    assert turn["examples"][0]["before"]["why"]["en"].startswith("pass:")
    assert data["unexpected"][0]["rule"] == "trial/day-length"


def test_a_broken_record_is_named_and_the_others_are_judged(
    run: Run, book: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text(book[2].read_text("utf-8") + '{"record": "case", "id": "X", "days": 3}\n', encoding="utf-8")
    done = run("impact", book[0], book[1], broken, "--lang", "en", "--as-of", "2025-12-31")
    assert done.code == 2
    assert "broken.jsonl:" in done.err
    assert "pass → fail:" in done.out


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("changes:\n  - {rule: trial/day-length, from: pas, to: fail}\n", "did you mean `pass`?"),
        ("change: []\n", "unknown key `change`"),
        ("changes:\n  - {rule: a/b, from: pass, to: fail, records: few}\n", "no number of records"),
    ],
)
def test_a_wrong_file_of_expected_changes(
    run: Run, book: tuple[Path, Path, Path], tmp_path: Path, text: str, part: str
) -> None:
    expect = tmp_path / "expect.yaml"
    expect.write_text(text, encoding="utf-8")
    done = run("impact", *book, "--expect", expect)
    assert done.code == 2
    assert part in done.err
    assert "expect.yaml:" in done.err


def test_a_sample_of_a_policy_that_there_is_not(run: Run) -> None:
    done = run("sample", "--policy", "work-trail")
    assert done.code == 2
    assert "did you mean work-trial?" in done.err
