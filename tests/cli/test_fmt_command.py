"""`pykala fmt`: what it writes, what it leaves alone, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Run
from policy_repository import Repository, repository

MESSY = "require: day.length>=shortest_day\n"


@pytest.fixture
def folder(tmp_path: Path) -> Repository:
    """Return a repository that is laid out, but for one expression."""
    return repository(tmp_path)


def test_files_are_laid_out_in_place_and_stay_so(run: Run, folder: Repository) -> None:
    done = run("fmt", "--policies", folder.directory)
    assert done.code == 0
    assert "laid out" in done.out
    assert "require: day.length >= shortest_day" in (folder.directory / "trial" / "2025.yaml").read_text("utf-8")
    again = run("fmt", folder.directory, "--check")
    assert (again.code, again.out) == (0, "0 files would change, 4 left as they are\n")


def test_a_check_names_the_files_and_writes_nothing(run: Run, folder: Repository) -> None:
    run("fmt", folder.directory)
    path = folder.directory / "trial" / "2025.yaml"
    messy = path.read_text("utf-8").replace("require: day.length >= shortest_day\n", MESSY)
    path.write_text(messy, encoding="utf-8")
    done = run("fmt", folder.directory, "--check")
    assert done.code == 1
    assert f"would change {path.as_posix()}" in done.out
    assert messy == path.read_text("utf-8")


def test_a_difference_shows_the_lines(run: Run, folder: Repository) -> None:
    run("fmt", folder.directory)
    path = folder.directory / "trial" / "2025.yaml"
    path.write_text(path.read_text("utf-8").replace("require: day.length >= shortest_day\n", MESSY), encoding="utf-8")
    done = run("fmt", path, "--diff")
    assert done.code == 1
    assert "-    require: day.length>=shortest_day\n+    require: day.length >= shortest_day\n" in done.out


def test_a_broken_file_is_named_and_the_others_are_laid_out(run: Run, folder: Repository) -> None:
    folder.write(
        "trial/broken.yaml", "language: 1\npolicy: trial\nrules:\n  - id: a\n    require: day.length >= >= 6 h\n"
    )
    done = run("fmt", folder.directory)
    assert done.code == 2
    assert "broken.yaml:5:" in done.err
    assert "1 could not be read" in done.out
    assert "require: day.length >= shortest_day" in (folder.directory / "trial" / "2025.yaml").read_text("utf-8")


def test_a_path_that_is_not_there(run: Run) -> None:
    done = run("fmt", "no-such.yaml")
    assert done.code == 2
    assert "there is no file or folder 'no-such.yaml'" in done.err


def test_a_file_that_is_none_of_ours(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("a: 1\n", encoding="utf-8")
    done = run("fmt", other)
    assert done.code == 2
    assert "no policy, no schema of records, no source and no contents" in done.err
    assert other.read_text("utf-8") == "a: 1\n"
