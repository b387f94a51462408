"""`pykala template`: a workbook that people fill in, in each language, and that is read back."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from command_line import ROOT, Run
from pykala.policy.model import LANGUAGES, UNREVIEWED, Lang
from pykala.records.cells import NONE, YES
from pykala.records.readers import read_records
from pykala.records.tables import tables_of
from pykala.records.vocabulary import Vocabulary, load_vocabulary
from pykala_dsl.typesys import Period


@pytest.fixture(scope="module", name="vocabulary")
def _vocabulary() -> Vocabulary:
    return load_vocabulary(ROOT / "policies" / "records")


def made(run: Run, tmp_path: Path, lang: Lang, kind: str = "case") -> Any:
    done = run("template", kind, "-o", tmp_path / f"{kind}.xlsx", "--lang", lang)
    assert 0 == done.code, done.err
    return openpyxl.load_workbook(tmp_path / f"{kind}.xlsx")


def fill(sheet: Any, row: int, **cells: Any) -> None:
    """Write cells under their labels."""
    columns = {str(cell.value).removesuffix(" *"): cell.column for cell in sheet[2]}
    for label, value in cells.items():
        sheet.cell(row, columns[label], value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_filled_in_under_its_labels_is_the_record(
    run: Run, tmp_path: Path, vocabulary: Vocabulary, lang: Lang
) -> None:
    def label(record: str, field: str) -> str:
        return vocabulary.field_label(record, field).get(lang)

    def member(enum: str, name: str) -> str:
        return vocabulary.member_label(enum, name).get(lang)

    book = made(run, tmp_path, lang)
    case, days = book.worksheets[1], book[label("case", "days")]
    own = days.cell(2, 1).value.removesuffix(" *")
    fill(
        case,
        3,
        **{
            label("case", "id"): "A-1",
            label("case", "service"): member("service", "work_trial"),
            label("case.decision", "made_on"): datetime.date(2025, 4, 1),
            label("case", "days_used"): 2,
            label("case", "applies_for_allowance"): YES[lang],
            label("case", "ended_on"): NONE[lang],
            label("case", "phasings"): NONE[lang],
        },
    )
    fill(
        days,
        3,
        **{
            own: "A-1",
            label("case.days[]", "date"): datetime.date(2025, 5, 2),
            label("case.days[]", "length"): "5:40",
            label("case.days[]", "status"): member("case.days[].status", "delivered"),
            label("case.days[]", "flex"): YES[lang],
        },
    )
    book.save(tmp_path / "filled.xlsx")
    records, problems = read_records([tmp_path / "filled.xlsx"], vocabulary)
    assert [] == problems
    assert [
        {
            "record": "case",
            "id": "A-1",
            "service": "work_trial",
            "decision": {"made_on": datetime.date(2025, 4, 1)},
            "days_used": 2,
            "applies_for_allowance": True,
            "ended_on": None,
            "phasings": [],
            "days": [{"date": datetime.date(2025, 5, 2), "length": 340, "status": "delivered", "flex": {}}],
        }
    ] == [dict(record.data) for record in records]


def test_every_kind_has_a_template_whose_columns_are_all_read(run: Run, tmp_path: Path, vocabulary: Vocabulary) -> None:
    for kind in vocabulary.kinds.values():
        book = made(run, tmp_path, "sv", kind.name)
        tables = tables_of(vocabulary, kind)
        assert [table.name for table in tables] == [
            sheet.cell(1, 1).value.partition(": ")[0].removeprefix("pykala ") for sheet in book.worksheets[1:-1]
        ]
        labels = [[cell.value for cell in sheet[2]] for sheet in book.worksheets[1:-1]]
        assert [] == [row for row in labels if len(row) != len(set(row))]
        assert ([], []) == read_records([tmp_path / f"{kind.name}.xlsx"], vocabulary)


def test_names_are_hidden_lists_offered_and_required_columns_marked(run: Run, tmp_path: Path) -> None:
    book = made(run, tmp_path, "en")
    sheet = book.worksheets[1]
    assert "Instructions" == book.sheetnames[0]
    assert "“none”" in "".join(str(row[0].value) for row in book.worksheets[0].iter_rows())
    assert sheet.row_dimensions[1].hidden
    assert "hidden" == book["_lists"].sheet_state
    assert "pykala case: id" == sheet["A1"].value
    assert "Identifier *" == sheet["A2"].value
    names = {cell.value: cell.column_letter for cell in sheet[1]}
    assert "yyyy-mm-dd" == sheet.column_dimensions[names["decision.made_on"]].number_format
    assert "@" == sheet.column_dimensions[names["provider_id"]].number_format
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    where = next(formula for cells, formula in offered.items() if f"{names['service']}3" in cells.split())
    letter = where.split("$")[1]
    words = [cell.value for cell in book["_lists"][letter] if cell.value is not None]
    assert "work try-out" in words
    assert "none" == words[-1]


def test_a_file_that_is_there_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.xlsx").write_text("mine", encoding="utf-8")
    done = run("template", "case", "-o", tmp_path / "case.xlsx")
    assert 2 == done.code
    assert "is there already" in done.err
    assert "mine" == (tmp_path / "case.xlsx").read_text(encoding="utf-8")


def test_an_unknown_kind_and_a_wrong_ending_are_refused(run: Run, tmp_path: Path) -> None:
    assert "no kind of record 'caes'" in run("template", "caes", "-o", tmp_path / "case.xlsx").err
    assert "does not end in .xlsx" in run("template", "case", "-o", tmp_path / "case.csv").err


def test_columns_may_be_moved(run: Run, tmp_path: Path, vocabulary: Vocabulary) -> None:
    book = made(run, tmp_path, "fi")
    sheet = book.worksheets[1]
    sheet.insert_cols(1)
    for row, value in enumerate((sheet["C1"].value, sheet["C2"].value, "työkokeilu"), 1):
        sheet.cell(row, 1, value)
    sheet.delete_cols(3)
    sheet["B3"] = "A-1"
    book.save(tmp_path / "moved.xlsx")
    records, problems = read_records([tmp_path / "moved.xlsx"], vocabulary)
    assert [] == problems
    assert [{"record": "case", "id": "A-1", "service": "work_trial"}] == [dict(record.data) for record in records]


def test_a_workbook_is_checked_like_any_record(run: Run, tmp_path: Path) -> None:
    book = made(run, tmp_path, "fi")
    book.worksheets[1].cell(3, 1, "A-1")
    book.worksheets[1].cell(3, 2, "työkokeilu")
    book.save(tmp_path / "filled.xlsx")
    done = run("check", tmp_path / "filled.xlsx", "--as-of", "2025-10-31", "--fail-on", "never")
    assert 0 == done.code, done.err
    assert "A-1" in done.out


def test_instructions_in_a_language_that_no_native_reader_has_reviewed_say_so(run: Run, tmp_path: Path) -> None:
    told = {}
    for lang in LANGUAGES:
        (tmp_path / lang).mkdir()
        rows = made(run, tmp_path / lang, lang).worksheets[0].iter_rows()
        told[lang] = UNREVIEWED["sv"] in [row[0].value for row in rows]
    assert told == {"fi": False, "sv": True, "en": False}


@pytest.mark.parametrize(("lang", "expected"), [("fi", "d.m.yyyy"), ("sv", "d.m.yyyy"), ("en", "yyyy-mm-dd")])
def test_dates_are_shown_as_in_the_language(run: Run, tmp_path: Path, lang: Lang, expected: str) -> None:
    sheet = made(run, tmp_path, lang).worksheets[1]
    names = {cell.value: cell.column_letter for cell in sheet[1]}
    assert expected == sheet.column_dimensions[names["decision.made_on"]].number_format


def test_rows_of_lists_choose_among_the_ids_of_the_records(run: Run, tmp_path: Path) -> None:
    book = made(run, tmp_path, "fi", "certificate")
    rules = book["Käynnit ja tapaamiset"].data_validations.dataValidation
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in rules}
    assert "'Osallistumistodistus'!$A$3:$A$5000" == offered["A3"]
    assert book["Osallistumistodistus"]["A2"].value == "Todistuksen tunnus *"


def test_what_is_found_out_is_not_asked_for(run: Run, tmp_path: Path) -> None:
    asked = {cell.value for cell in made(run, tmp_path, "en", "certificate").worksheets[1][1]}
    assert "client_code" in asked
    assert "client_code_valid" not in asked


@pytest.mark.parametrize(
    ("length", "notice"),
    [("5 tuntia 40 minuuttia", "2 viikkoa"), ("5 tim 40 min", "14 dagar"), ("5:40", "2 weeks")],
)
def test_times_may_be_written_in_the_language(tmp_path: Path, length: str, notice: str) -> None:
    schema = """\
record: case
type: object
required: [record, id]
properties:
  record: {const: case}
  id: {type: string}
  length: {type: string, format: exact-time}
  notice: {type: string, format: days}
"""
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "case.yaml").write_text(schema, encoding="utf-8")
    (tmp_path / "case.csv").write_text(f"id,length,notice\nA,{length},{notice}\n", encoding="utf-8")
    records, problems = read_records([tmp_path / "case.csv"], load_vocabulary(tmp_path / "records"))
    assert [] == problems
    assert [(340, Period(0, 14))] == [(record.data["length"], record.data["notice"]) for record in records]
