"""Word documents: paragraphs, tables, content controls, and the parts that are easily passed over."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from document_reading import Reading, reading, shipped
from pykala.records.vocabulary import Vocabulary

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


@pytest.fixture(scope="module", name="vocabulary")
def _vocabulary() -> Vocabulary:
    return shipped()


class Word:
    """A Word document while it is being written."""

    def __init__(self, *lines: str) -> None:
        self.file: Any = docx.Document()
        self.file.add_heading("Osallistumistodistus", 0)
        for line in ("Todistuksen numero: T-1", *lines):
            self.file.add_paragraph(line)

    def table(self, *rows: list[str]) -> Any:
        """Add a table."""
        table = self.file.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        return table

    def inside(self, text: str, xml: str) -> None:
        """Add a paragraph with a text and something that the library does not write."""
        self.file.add_paragraph(text)._p.append(parse_xml(xml.replace(">", f" {NAMES}>", 1)))

    def read(self, vocabulary: Vocabulary, folder: Path) -> Reading:
        """Return what is read of it."""
        self.file.save(str(folder / "a.docx"))
        return reading(vocabulary, folder / "a.docx")


def control(tag: str, text: str, properties: str = "") -> str:
    """Return a content control with a name."""
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/>{properties}</w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def test_paragraphs_hold_labels_and_lists(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word("Laatija:\tLaatijan nimi", "Kuntoutusaika: 2.6.–13.6.2025", "Annettu kenelle: ☒ asiakkaalle ☐ Kelaan")
    word.file.add_heading("Käynnit", 2)
    word.file.add_paragraph("10.6.2025, 60 min", style="List Bullet")
    word.file.add_paragraph("11.6.2025, 1,5 h", style="List Bullet")
    found = word.read(vocabulary, tmp_path)
    assert [] == found.problems
    assert {
        "author_name": "Laatijan nimi",
        "covered": {"from": date(2025, 6, 2), "until": date(2025, 6, 13)},
        "given_to": ["client"],
        "visits": [{"date": date(2025, 6, 10), "length": 60}, {"date": date(2025, 6, 11), "length": 90}],
    } == found.facts


def test_labels_stand_beside_above_or_in_the_cell_of_their_values(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word()
    table = word.table(
        ["Laatija", "Laatijan nimi", "Puhelin", ""],
        ["Laadittu:", "13.6.2025", "Antamispäivä: 14.6.2025", "Jouston syy\ntoimintakyky"],
        ["", "", "", ""],
    )
    table.rows[2].cells[0].merge(table.rows[2].cells[2]).text = "Asian tunnus"
    table.rows[2].cells[3].text = "T-1"
    word.file.add_paragraph()
    word.table(["Kuntoutus alkaa", "Kuntoutus päättyy"], ["2.6.2025", "13.6.2025"])
    found = word.read(vocabulary, tmp_path)
    assert [] == found.problems
    assert {
        "author_name": "Laatijan nimi",
        "author_phone": None,
        "written_on": date(2025, 6, 13),
        "given_on": date(2025, 6, 14),
        "flex_reason": "toimintakyky",
        "case_id": "T-1",
        "covered": {"from": date(2025, 6, 2), "until": date(2025, 6, 13)},
    } == found.facts


def test_a_value_that_reads_like_a_label_is_a_value(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word()
    word.table(["Laatijan nimi", "Laatijan nimi"], ["Puhelin", "Laatija"])
    assert {"author_name": "Laatijan nimi", "author_phone": "Laatija"} == word.read(vocabulary, tmp_path).facts


@pytest.mark.parametrize("where", ["above", "inside"])
def test_a_table_with_headers_is_the_list_of_its_heading(vocabulary: Vocabulary, tmp_path: Path, where: str) -> None:
    word = Word()
    rows = [["Jakso alkaa", "Jakso päättyy"], ["16.6.2025", "20.6.2025"], ["", ""]]
    if where == "above":
        word.file.add_heading("Tulevat jaksot", 2)
        word.table(*rows)
    else:
        table = word.table(["", ""], *rows)
        table.rows[0].cells[0].merge(table.rows[0].cells[1]).text = "Tulevat jaksot"
    found = word.read(vocabulary, tmp_path)
    assert ([], {"coming": [{"from": date(2025, 6, 16), "until": date(2025, 6, 20)}]}) == (found.problems, found.facts)


def test_a_table_that_can_be_two_lists_is_not_guessed_at(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word()
    word.table(["Jakso alkaa", "Jakso päättyy"], ["16.6.2025", "20.6.2025"])
    found = word.read(vocabulary, tmp_path)
    assert found.facts is None
    assert [("unplaced-row", "a table that can be `Kuntoutusjaksot` or `Tulevat kuntoutusjaksot ja -päivät`")] == [
        (problem.code, problem.message) for problem in found.problems
    ]


def test_an_empty_table_says_that_the_list_is_empty(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word()
    word.table(["Käyntipäivä", "Kesto"], ["ei käyntejä", ""])
    assert {"visits": []} == word.read(vocabulary, tmp_path).facts


def test_a_column_without_a_place_is_listed_and_its_values_leave_the_record_unjudged(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    word = Word()
    word.table(["Käyntipäivä", "Kesto", "Paikka"], ["10.6.2025", "60 min", ""])
    found = word.read(vocabulary, tmp_path)
    assert ["unplaced-text"] == found.codes
    assert {"visits": [{"date": date(2025, 6, 10), "length": 60}]} == found.facts
    word.table(["Käyntipäivä", "Kesto", "Paikka"], ["10.6.2025", "60 min", "Salainen"])
    found = word.read(vocabulary, tmp_path)
    assert ["unplaced-text", "unplaced-text", "unplaced-row"] == found.codes
    assert f"{(tmp_path / 'a.docx').as_posix()}, table 2, row 2" == found.problems[-1].origin
    assert found.facts is None
    assert "Salainen" not in str(found.problems)


def test_content_controls_are_form_fields_and_text_at_once(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word()
    word.inside("Laatija: ", control("laatijan_nimi", "Laatijan nimi"))
    word.inside("Outo otsikko: ", control("asian_tunnus", "T-1"))
    word.inside("Laadittu: ", control("laadittu", "Valitse päivä", "<w:showingPlcHdr/>"))
    word.inside("Puhelin: ", control("tuntematon", "000"))
    ticked = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'
    word.inside("Asiakas ", control("annettu_asiakkaalle", "☒", ticked))
    found = word.read(vocabulary, tmp_path)
    assert [] == found.problems
    assert {
        "author_name": "Laatijan nimi",
        "case_id": "T-1",
        "written_on": None,
        "author_phone": "000",
        "given_to": ["client"],
    } == found.facts


def test_numbered_controls_in_a_table_with_headers_are_its_rows_once(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word()
    table = word.table(["Käyntipäivä", "Kesto"], ["", ""])
    for cell, name, value in zip(table.rows[1].cells, ("pvm", "kesto"), ("10.6.2025", "60 min"), strict=True):
        xml = control(f"kaynti_1_{name}", value).replace(">", f" {NAMES}>", 1)
        cell.paragraphs[0]._p.append(parse_xml(xml))
    found = word.read(vocabulary, tmp_path)
    assert ([], {"visits": [{"date": date(2025, 6, 10), "length": 60}]}) == (found.problems, found.facts)


def test_what_the_library_passes_over_is_read(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word()
    word.file.sections[0].header.paragraphs[0].text = "Asian tunnus: T-1"
    word.file.sections[0].footer.paragraphs[0].text = "Puhelin: 000"
    word.file.element.body.insert(
        2,
        parse_xml(
            f"<w:sdt {NAMES}><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>Laatija: A</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    word.inside(
        "",
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>Laadittu: 13.6.2025</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
    )
    box = '<w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData>'
    word.inside("Annettu kenelle: asiakkaalle ", f'<w:r><w:fldChar w:fldCharType="begin">{box}</w:fldChar></w:r>')
    word.file.paragraphs[-1].runs[0].text = "Annettu kenelle: "
    word.file.paragraphs[-1].add_run(" asiakkaalle")
    found = word.read(vocabulary, tmp_path)
    assert [] == found.problems
    assert {
        "case_id": "T-1",
        "author_name": "A",
        "written_on": date(2025, 6, 13),
        "given_to": ["client"],
        "author_phone": "000",
    } == found.facts


def test_page_numbers_are_no_text(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word("Laadittu: 13.6.2025")
    word.inside("", '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    found = word.read(vocabulary, tmp_path)
    assert ([], {"written_on": date(2025, 6, 13)}) == (found.problems, found.facts)


def test_comments_are_listed_as_not_read(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word("Laadittu: 13.6.2025")
    word.file.add_comment(word.file.paragraphs[-1].runs, text="Salainen", author="A")
    found = word.read(vocabulary, tmp_path)
    assert [("unplaced-text", "the comments of the document were not read")] == [
        (problem.code, problem.message) for problem in found.problems
    ]
    assert {"written_on": date(2025, 6, 13)} == found.facts


@pytest.mark.parametrize("change", ["ins", "moveTo"])
def test_tracked_changes_leave_the_document_unread(vocabulary: Vocabulary, tmp_path: Path, change: str) -> None:
    word = Word()
    word.inside("Laadittu: ", f'<w:{change} w:id="1" w:author="A"><w:r><w:t>13.6.2025</w:t></w:r></w:{change}>')
    found = word.read(vocabulary, tmp_path)
    assert ["tracked-changes"] == found.codes
    assert found.facts is None


def test_places_are_counted_as_people_count(vocabulary: Vocabulary, tmp_path: Path) -> None:
    word = Word("", "Laadittu: joskus")
    word.table(["Antamispäivä", "joskus"])
    shown = (tmp_path / "a.docx").as_posix()
    assert [(f"{shown}, paragraph 3", "written_on"), (f"{shown}, table 1, row 1", "given_on")] == [
        (problem.origin, problem.path) for problem in word.read(vocabulary, tmp_path).problems
    ]


@pytest.mark.parametrize("size", [5, 400, -100])
def test_a_damaged_document_is_one_line(vocabulary: Vocabulary, tmp_path: Path, size: int) -> None:
    Word().read(vocabulary, tmp_path)
    path = tmp_path / "a.docx"
    path.write_bytes(path.read_bytes()[:size])
    assert ["unreadable-file"] == reading(vocabulary, path).codes
