"""`pykala lint`: fixes, suppressions, notes, accepted translations."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Run
from policy_repository import POLICY, REGISTER, Repository, repository

UNCHECKED = REGISTER.replace("checkable: partly", 'checkable: "no"')


@pytest.fixture
def folder(tmp_path: Path) -> Repository:
    """Return a repository with nothing wrong in it."""
    return repository(tmp_path).write("sources/slides-2025.yaml", UNCHECKED)


def policy(folder: Repository, *changes: tuple[str, str]) -> Path:
    """Write the policy with some texts changed, and return its file."""
    text = POLICY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder.directory / "trial" / "2025.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_is_found_in_a_whole_repository(run: Run, folder: Repository) -> None:
    done = run("lint", folder.directory)
    assert (done.code, done.out) == (0, "0 errors, 0 warnings in 1 policy files\n")


def test_a_misspelt_field_and_key_are_mended(run: Run, folder: Repository) -> None:
    path = policy(folder, ("day.length >= shortest_day", "day.lenght >= shortest_day"), ("severity:", "severty:"))
    done = run("lint", folder.directory, "--fix")
    assert done.code == 0, done.out
    assert "2 mended" in done.err
    assert path.read_text("utf-8") == POLICY


def test_what_is_used_nowhere_is_taken_away_with_its_comment(run: Run, folder: Repository) -> None:
    idle = "define:\n  # Nobody needs it.\n  idle: 45\n"
    path = policy(folder, ("define:\n", idle))
    done = run("lint", folder.directory, "--fix")
    assert "definition `idle` is used nowhere" in done.err
    assert path.read_text("utf-8") == POLICY


def test_the_last_entry_goes_with_its_heading(run: Run, folder: Repository) -> None:
    reading = """\
readings:
  open_question:
    question: {fi: a, sv: a, en: a}
    options: {one: {fi: a, sv: a, en: a}, other: {fi: b, sv: b, en: b}}
    chosen: open
"""
    path = policy(folder, ("parameters:\n", f"{reading}parameters:\n"))
    run("lint", folder.directory, "--fix")
    assert path.read_text("utf-8") == POLICY


def test_what_a_person_must_decide_is_left(run: Run, folder: Repository) -> None:
    path = policy(folder, ("day.length >= shortest_day", "day.length >= 1 day"))
    before = path.read_text("utf-8")
    done = run("lint", folder.directory, "--fix")
    assert done.code == 1
    assert "mended" not in done.err
    assert path.read_text("utf-8") == before


def test_a_suppression_holds_until_its_last_day(run: Run, folder: Repository) -> None:
    suppress = 'suppress:\n  - {check: one-sided-examples, at: day-length, why: "later", until: 2026-06-30}\n'
    policy(folder, ("parameters:\n", f"{suppress}parameters:\n"), ("expect: fail", "expect: pass"))
    assert run("lint", folder.directory, "--strict", "--as-of", "2026-06-30").code == 0
    done = run("lint", folder.directory, "--strict", "--as-of", "2026-07-01")
    assert done.code == 1
    assert "warning[one-sided-examples]" in done.out
    assert "warning[expired-suppression]: the last day was 2026-06-30" in done.out


def test_notes_are_shown_when_asked_for_and_never_fail(run: Run, folder: Repository) -> None:
    policy(folder, ("{value: 6 h,", "{value: unset, type: exact time,"))
    done = run("lint", folder.directory, "--strict")
    assert done.code == 0
    assert done.out == "0 errors, 0 warnings, 1 note in 1 policy files\n"
    assert "note[unset-parameter]" in run("lint", folder.directory, "--notes").out


def test_a_text_that_changes_makes_its_translations_stale(run: Run, folder: Repository) -> None:
    assert "texts accepted in" in run("lint", folder.directory, "--accept-translations").err
    policy(folder, ("title: {fi: Pituus", "title: {fi: Kesto"))
    done = run("lint", folder.directory)
    assert done.out.count("warning[stale-translation]") == 2
    assert "the text in Swedish is older than the one in Finnish" in done.out
    run("lint", folder.directory, "--accept-translations")
    assert "stale" not in run("lint", folder.directory).out


def test_a_new_text_and_another_order_are_not_stale(run: Run, folder: Repository) -> None:
    run("lint", folder.directory, "--accept-translations")
    other = POLICY[POLICY.index("  - id: day-length") :].replace("- id: day-length", "- id: other")
    policy(folder, ("rules:\n", f"rules:\n{other}"))
    assert "stale" not in run("lint", folder.directory).out
