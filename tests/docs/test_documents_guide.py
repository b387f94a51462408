"""The guide to documents: its table of keys names every key that there is, and its text every mapping."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from document_reading import RECORDS
from pykala.records.documents.mapping_file import ENTRY_KEYS, LIST_KEYS, MAPPING_KEYS

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "documents.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", sorted({*MAPPING_KEYS, *ENTRY_KEYS, *LIST_KEYS}))
def test_the_guide_explains_every_key(key: str) -> None:
    explained = re.search(r"^\| key \| says \|\n(.*?)\n\n", GUIDE, re.DOTALL | re.MULTILINE)
    assert explained is not None
    assert f"`{key}`" in explained[1]


def test_the_guide_names_the_mappings_that_are_shipped() -> None:
    names = sorted(path.stem for path in (RECORDS / "documents").glob("*.yaml"))
    assert [] == [name for name in names if f"`{name}`" not in GUIDE]
