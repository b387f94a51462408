"""Single mistakes of planners, each in a copy of the small repository in `planner/`: one diagnostic, at the right words.

An entry of `planner_mistakes.yaml` names a file and replaces `find`, which must stand in it once, by `write` (the whole
file where there is no `find`). The diagnostic lies in what was written, or else on the `line` of `place`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pykala.policy.loader import load_policies
from pykala.policy.strict_yaml import compose, load_source, plain
from pykala.quality.examples import run_examples
from pykala.quality.lint import lint
from pykala_dsl.codes import CODES
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError
from pykala_dsl.render import render

HERE = Path(__file__).parent
PLANNER = HERE / "planner"


@dataclass(frozen=True)
class Mistake:
    """One entry of the table."""

    mistake: str
    file: str
    write: str
    code: str
    words: str
    help: str
    find: str | None = None
    place: str | None = None
    line: str | None = None
    severity: str = "error"


def mistakes() -> list[Mistake]:
    """Return the table."""
    path = HERE / "planner_mistakes.yaml"
    return [Mistake(**entry) for entry in plain(compose(load_source(path, path.name)))]


def diagnostics(folder: Path) -> list[Diagnostic]:
    """Return what `pykala lint` says of a folder."""
    try:
        found = lint(load_policies(folder, cache=False), register=False)
        return [item for item in found if item.severity != "note"]
    except DiagnosticsError as error:
        return list(error.diagnostics)


def spoil(mistake: Mistake, folder: Path) -> range:
    """Make the mistake in a copy of the repository; return where in the file it stands."""
    shutil.copytree(PLANNER, folder)
    path = folder / mistake.file
    text = path.read_text(encoding="utf-8")
    if mistake.find is None:
        path.write_text(mistake.write, encoding="utf-8")
        return range(len(mistake.write) + 1)
    assert text.count(mistake.find) == 1, f"the anchor stands {text.count(mistake.find)} times in {mistake.file}"
    at = text.index(mistake.find)
    path.write_text(text.replace(mistake.find, mistake.write), encoding="utf-8")
    return range(at, at + len(mistake.write) + 1)


MISTAKES = mistakes()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.mistake)
def test_a_mistake_gives_one_diagnostic_at_the_words_to_change(mistake: Mistake, tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    written = spoil(mistake, folder)
    found = diagnostics(folder)
    assert [(item.code, item.severity) for item in found] == [(mistake.code, mistake.severity)]
    (diagnostic,) = found
    source, span = diagnostic.source, diagnostic.span
    assert source.path == (folder / (mistake.place or mistake.file)).as_posix()
    assert source.text[span.start : span.end] == mistake.words
    if mistake.line is None:
        assert span.start in written
    else:
        assert source.line(diagnostic.line).strip() == mistake.line
    assert diagnostic.help is not None
    assert mistake.help in diagnostic.help
    _assert_well_said(diagnostic)


def _assert_well_said(diagnostic: Diagnostic) -> None:
    message = diagnostic.message
    assert diagnostic.code in CODES
    assert message == message.strip().removesuffix(".").replace("\n", " ")
    assert message[0] == message[0].lower()
    assert render(diagnostic).startswith(f"{diagnostic.severity}[{diagnostic.code}]: {message}")


def test_nothing_is_wrong_with_the_repository_itself() -> None:
    assert diagnostics(PLANNER) == []
    assert [outcome.name for outcome in run_examples(load_policies(PLANNER, cache=False)) if not outcome.passed] == []


def test_each_mistake_has_a_name_of_its_own() -> None:
    names = [mistake.mistake for mistake in MISTAKES]
    assert sorted(set(names)) == sorted(names)
