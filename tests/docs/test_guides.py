"""Every block of the hand-written pages is run, and every command that their sentences name is one that there is."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from guide_blocks import ROOT, Session, blocks_of, differs, holds, known
from pykala_dsl.diagnostics import DiagnosticsError

# The reference of the language and the diagnostics have tests of their own.
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in (
        *(path for path in (ROOT / "docs").glob("*.md") if path.stem != "language"),
        # The planner's guide is a link to `policies/README.md`.
        *(path for path in (ROOT / "docs" / "guides").glob("*.md") if not path.is_symlink()),
        *(ROOT / "docs" / "reference").glob("*.md"),
        *(ROOT / "docs" / "decisions").glob("*.md"),
        ROOT / "README.md",
        ROOT / "policies" / "README.md",
    )
)
_INLINE = re.compile(r"(?<!`)`(pykala [^`]+)`(?!`)")


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what a reader finds in the repository."""
    folder = tmp_path_factory.mktemp("guides") / "repository"
    for name in ("policies", "tests/data"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_is_run_and_does_what_the_page_says(
    page: str,
    shipped: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocks = [*blocks_of((ROOT / page).read_text(encoding="utf-8"))]
    folder = tmp_path / "repository"
    if blocks:
        shutil.copytree(shipped, folder)
        monkeypatch.chdir(folder)
    monkeypatch.setenv("PYKALA_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    session = Session(folder)
    wrong = []
    for block in blocks:
        try:
            told = session.run(block)
        except DiagnosticsError as error:
            told = "\n".join(f"{each.code}: {each.message}" for each in error.diagnostics)
        if told:
            wrong.append(f"{page}:{block.line}\n{told}")
    assert not wrong, "\n\n".join(wrong)


def test_the_first_page_of_a_new_repository_does_what_it_says(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYKALA_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    session = Session(tmp_path)
    session.run_line("pykala init . --service pilot --year 2026")
    assert session.code == 0, session.printed
    blocks = [*blocks_of((tmp_path / "README.md").read_text(encoding="utf-8"))]
    assert [""] == [session.run(block) for block in blocks]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_in_a_sentence_is_one_that_there_is(page: str) -> None:
    text = re.sub(r"^( *)```.*?^\1```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert [] == [said for said in _INLINE.findall(text) if not known(shlex.split(said.replace("\n", " ")))]


def test_a_block_that_nothing_runs_is_wrong(tmp_path: Path) -> None:
    (block,) = blocks_of("words\n\n```toml\na = 1\n```\n")
    assert Session(tmp_path).run(block) == "nothing runs a block of toml"


def test_blocks_are_found_in_lists_and_with_longer_fences() -> None:
    page = "- a\n\n  <!-- tests: exit 1 -->\n  ```console\n  $ pykala\n  ```\n\n````text\n```\n````\n"
    assert [(block.line, block.how, block.text) for block in blocks_of(page)] == [
        (4, "exit 1", "$ pykala\n"),
        (8, "", "```\n"),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a\n", "a\nb\n", False),
        ("a\n…\n", "a\nb\nc\n", True),
        ("…\nc\n", "a\nb\nc\n", True),
        ("a … c\n", "a b c\n", True),
        ("a … c\n", "a b d\n", False),
        ("a\n…\nd\n", "a\nb\nc\n", False),
    ],
)
def test_an_ellipsis_stands_for_what_is_cut_and_for_nothing_else(shown: str, printed: str, same: bool) -> None:
    assert same == (not differs(shown, printed))


def test_a_part_stands_in_a_whole_by_its_keys_and_in_its_order() -> None:
    whole = {"a": [{"b": 1, "c": "x"}, {"b": 2}], "d": True}
    assert holds(whole, {"a": [{"b": 1}, {"b": 2}]})
    assert not holds(whole, {"a": [{"b": 2}, {"b": 1}]})
    assert not holds(whole, {"d": 1})


def test_a_command_whose_exit_code_is_not_told_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = blocks_of("```console\n$ pykala lint\n```\n")
    assert Session(tmp_path).run(block).startswith("$ pykala lint\nleft with 2")
    (block,) = blocks_of("```console\n$ pykala lint\n…\n$ echo $?\n2\n```\n")
    assert Session(tmp_path).run(block) == ""
