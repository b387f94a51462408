"""The pages on diagnostics are in step with the codes, and what they show is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostic_pages import PAGES, diagnostics_of, read_page
from pykala_dsl.codes import CODES

# What no text of a policy file can show: files and folders, encodings, and depths that no page has room for.
NOT_SHOWN = {
    "bad-character",
    "bad-overlay",
    "file-too-big",
    "nested-too-deep",
    "no-policies",
    "no-vocabulary",
    "not-utf8",
    "too-deep",
    "unreadable-file",
}
SHOWN = sorted(set(CODES) - NOT_SHOWN)


def test_each_code_has_a_page_and_each_page_a_code() -> None:
    assert sorted(CODES) == sorted(page.stem for page in PAGES.glob("*.md") if page.stem != "index")


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_page_has_the_fixed_form_and_the_summary_of_its_code(code: str) -> None:
    page = read_page(PAGES / f"{code}.md")
    assert (code, CODES[code].summary, code not in NOT_SHOWN) == (page.title, page.summary, page.runs)
    assert page.why.endswith(".")


@pytest.mark.parametrize("code", SHOWN)
def test_what_a_page_calls_wrong_raises_its_code_alone(code: str, tmp_path: Path) -> None:
    errors, findings = diagnostics_of(read_page(PAGES / f"{code}.md").wrong[1], tmp_path)
    assert {code} == errors or (not errors and code in findings)


@pytest.mark.parametrize("code", SHOWN)
def test_what_a_page_calls_right_raises_nothing(code: str, tmp_path: Path) -> None:
    errors, findings = diagnostics_of(read_page(PAGES / f"{code}.md").right[1], tmp_path)
    assert set() == errors
    assert code not in findings


def test_the_index_lists_each_code_with_its_summary() -> None:
    lines = (PAGES / "index.md").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line.startswith("| [")]
    assert sorted(f"| [{code}]({code}.md) | {CODES[code].summary} |" for code in CODES) == sorted(
        line.replace("&#124;", "|") for line in listed
    )
