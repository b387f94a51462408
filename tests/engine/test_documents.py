"""Documents: what a PDF form, a Word document and a text with labels become, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data import make_documents
from pykala.policy.strict_yaml import compose, load_source, plain
from pykala.records.readers import read_records
from pykala.records.record import Record
from pykala.records.vocabulary import Vocabulary, load_vocabulary

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(
    path
    for path in (ROOT / "tests" / "data" / "documents").glob("[cf]*")
    if path.stem.startswith(("certificate-", "feedback-")) and path.stem != "feedback-not-sent"
)
# Worked out when the certificate is read, and not written on it.
DERIVED = ("client_code_valid",)


@pytest.fixture(scope="module", name="vocabulary")
def _vocabulary() -> Vocabulary:
    return load_vocabulary(ROOT / "policies" / "records")


def facts(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.data.items() if name not in DERIVED}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("lang", ["fi", "sv"])
@pytest.mark.parametrize("ending", ["pdf", "docx", "txt"])
def test_a_document_holds_the_facts_of_its_twin(
    vocabulary: Vocabulary, tmp_path: Path, sample: Path, lang: str, ending: str
) -> None:
    twin = plain(compose(load_source(sample, sample.name)))
    expected, _ = read_records([sample], vocabulary)
    path = tmp_path / f"{sample.stem}.{ending}"
    make_documents.write_document(twin, lang, path)
    actual, problems = read_records([path], vocabulary)
    assert [] == problems
    assert [facts(record) for record in expected] == [facts(record) for record in actual]
