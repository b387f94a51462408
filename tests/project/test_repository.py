"""The repository about itself: public names, cheap imports, codes in step with tests and pages."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pykala
from pykala_dsl.codes import CODES
from pykala_dsl.functions import FUNCTIONS

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    """Return the files that git tracks."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_every_public_name_can_be_had() -> None:
    assert sorted(pykala.__all__) == pykala.__all__
    assert [] == [name for name in pykala.__all__ if not hasattr(pykala, name)]


def test_importing_the_package_imports_none_of_the_heavy_libraries() -> None:
    heavy = "{'yaml', 'lark', 'jsonschema', 'rich', 'holidays'}"
    code = f"import sys, pykala; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_libraries_of_one_purpose_have_one_home_each() -> None:
    used = re.compile(r"^\s*(?:import|from) (lark|yaml|pypdf|docx|stdnum)\b", re.MULTILINE)
    modules = [path for root in ("dsl", "engine") for path in sorted((ROOT / root).rglob("*.py"))]
    homes = {(found, path.stem) for path in modules for found in used.findall(path.read_text(encoding="utf-8"))}
    assert homes == {
        ("lark", "parser"),
        ("yaml", "strict_yaml"),
        ("pypdf", "pdf"),
        ("docx", "word"),
        ("stdnum", "identifiers"),
    }


def test_the_grammar_is_part_of_the_package() -> None:
    assert "expr" in files("pykala_dsl").joinpath("grammar.lark").read_text(encoding="utf-8")


def test_every_function_has_its_section_in_the_reference() -> None:
    reference = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    assert [] == [name for name, item in FUNCTIONS.items() if f'id="{item.anchor}"' not in reference]


def test_every_code_that_the_source_raises_is_registered() -> None:
    sources = [path for path in tracked() if path.suffix == ".py" and path.parts[-3] != "tests"]
    raised = set()
    for path in sources:
        if path.is_relative_to(ROOT / "tests"):
            continue
        text = path.read_text(encoding="utf-8")
        raised |= set(re.findall(r"Diagnostic\(\s*\"([a-z-]+)\"", text))
        raised |= set(re.findall(r"self\._(?:fail|report)\(\s*\"([a-z-]+)\"", text))
    assert set() == raised - set(CODES)


def test_no_tracked_file_is_generated_or_large() -> None:
    found = tracked()
    assert [] == [path.name for path in found if path.stat().st_size > 1024 * 1024]
    assert [] == [path for path in found if path.is_relative_to(ROOT / "site")]


def test_no_tracked_file_names_a_place_outside_the_repository() -> None:
    outside = re.compile(r"(?<![\w.<-])/(?:root|home|work|tmp)/[a-z.]|" + re.escape("../" + "shared"))
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in tracked()}
    assert [] == [str(path.relative_to(ROOT)) for path, text in texts.items() if outside.search(text)]


def test_no_real_personal_identity_code_is_in_the_repository() -> None:
    code = re.compile(r"\b\d{6}[-+A-FU-Y](\d{3})[0-9A-Z]\b")
    texts = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in tracked()}
    found = [
        (name, match.group(0))
        for name, text in texts.items()
        for match in code.finditer(text)
        if not 900 <= int(match.group(1)) <= 999
    ]
    assert [] == found
