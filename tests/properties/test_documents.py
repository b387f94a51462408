"""What must hold for every document: nothing in it is dropped, nothing makes the reader fail, no value is shown."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import make_samples
from document_reading import shipped
from pykala.records.documents.mapping import readings_of
from pykala.records.readers import read_records
from pykala.records.vocabulary import Vocabulary
from tries import tries

TOKEN = "Qwxyz"
SHAPES = (
    "{token}",
    "{token} sanoi jotakin",
    "{token}: 13.6.2025",
    "Muuta: {token}",
    "Syy: {token}",
    "Laadittu: {token}",
    "Laatija: {token}",
    "Nimi {token}",
    "Käynnit: {token}",
    "Poissaolot: {token} 3.6.2025",
    "3.6.2025, {token}",
    "3.6.2025   {token}",
    "{token}   13.6.2025",
    "  {token}",
    "- {token}",
    "☒ {token}",
    "[ ] {token}",
    "Annettu kenelle: ☐ {token}",
    "Kuntoutuspalvelu: ☒ {token} ☐ työkokeilu",
    "Jakso alkaa: {token}",
    "Käyntipäivä | Kesto | {token}",
    "Kuntoutusaika: 2.6.–13.6.2025 {token}",
    "Joustopäivät: 1.7.2025, {token}",
)


@pytest.fixture(scope="module", name="vocabulary")
def _vocabulary() -> Vocabulary:
    return shipped()


@pytest.fixture(scope="module", name="samples")
def _samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    make_samples.write_samples(folder)
    return folder


@given(data=st.data())
def test_a_line_of_a_text_is_in_the_record_or_in_a_problem(
    vocabulary: Vocabulary, samples: Path, tmp_path: Path, data: st.DataObject
) -> None:
    lines = (samples / "certificate.fi.txt").read_text(encoding="utf-8").split("\n")
    shape = data.draw(st.sampled_from(SHAPES))
    at = data.draw(st.integers(0, len(lines)))
    blanks = data.draw(st.lists(st.integers(0, len(lines)), max_size=3))
    lines.insert(at, shape.format(token=TOKEN))
    for blank in blanks:
        lines.insert(blank, "")
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    records, problems = read_records([path], vocabulary, mapping="certificate.fi")
    read = any(TOKEN in str(dict(record.data)) for record in records)
    assert read or problems
    assert TOKEN not in str(problems)


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_exception(vocabulary: Vocabulary, tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    records, problems = read_records([path], vocabulary, mapping="certificate.fi")
    assert len(records) + len(problems) >= 1


@given(st.text(max_size=80))
def test_the_plainest_reading_of_a_label_is_its_own(text: str) -> None:
    """What is left of a label can be read again, and stays what it is."""
    plainest = list(readings_of(text))[-1]
    assert plainest in list(readings_of(plainest))


@given(seed=st.integers(0, 2**32), ending=st.sampled_from(["pdf", "docx", "txt"]))
@tries(30)
def test_a_damaged_document_is_a_record_or_a_problem(
    vocabulary: Vocabulary, samples: Path, tmp_path: Path, seed: int, ending: str
) -> None:
    chance = random.Random(seed)
    source = samples / f"certificate.fi.{ending}"
    path = tmp_path / f"a.{ending}"
    if ending == "docx" and chance.random() < 0.8:
        # Bytes that are changed inside the zip reach the reader of XML.
        with zipfile.ZipFile(source) as parts:
            content = {name: parts.read(name) for name in parts.namelist()}
        content["word/document.xml"] = _damaged(content["word/document.xml"], chance)
        with zipfile.ZipFile(path, "w") as parts:
            for name, data in content.items():
                parts.writestr(name, data)
    else:
        path.write_bytes(_damaged(source.read_bytes(), chance))
    records, problems = read_records([path], vocabulary)
    assert len(records) + len(problems) >= 1


def _damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randrange(1, 40)]
            case _:
                changed[at:at] = chance.randbytes(chance.randrange(1, 9))
    return bytes(changed)
