"""Records out of tables: CSV folders, workbooks and Parquet give what the JSON record gives, or say what is wrong."""

from __future__ import annotations

import datetime
import json
import random
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data import make_files
from pykala.records.readers import read_records
from pykala.records.record import Record, RecordProblem
from pykala.records.tables import tables_of
from pykala.records.vocabulary import Vocabulary, load_vocabulary
from pykala_dsl.typesys import Period

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(
    path
    for folder in ("cases", "documents")
    for path in (ROOT / "tests" / "data" / folder).glob("*.json")
    if '"record"' in path.read_text(encoding="utf-8")
)
SCHEMA = """\
record: case
label: {fi: Tapaus, sv: Ärende, en: Case}
type: object
required: [record, id]
properties:
  record: {const: case}
  id: {type: string, label: {fi: Tunniste, sv: Beteckning, en: Identifier}}
  service:
    label: {fi: Palvelu, sv: Tjänst, en: Service}
    enum: [work_trial, therapy]
    enum_labels: {work_trial: {fi: työkokeilu, sv: arbetsprövning, en: work try-out}}
  decision:
    type: object
    label: {fi: Päätös, sv: Beslut, en: Decision}
    properties: {made_on: {type: string, format: date, label: {fi: Päätöspäivä, sv: Beslutsdag, en: Decided on}}}
  days:
    type: array
    identified_by: date
    label: {fi: Päivät, sv: Dagar, en: Days}
    items:
      type: object
      label: {fi: Päivä, sv: Dag, en: Day}
      required: [date]
      properties:
        date: {type: string, format: date, label: {fi: Päivämäärä, sv: Datum, en: Date}}
        length: {type: string, format: exact-time, label: {fi: Kesto, sv: Längd, en: Length}}
        meals:
          type: array
          identified_by: kind
          label: {fi: Ateriat, sv: Måltider, en: Meals}
          items: {type: object, properties: {kind: {type: string}}}
  codes: {type: array, items: {enum: [a, b]}}
  price: {type: string, format: money, label: {fi: Hinta, sv: Pris, en: Price}}
  part: {type: string, format: share}
  notice: {type: string, format: days}
  score: {type: number}
  visits: {type: integer}
  suitable: {type: boolean, label: {fi: Sopiva, sv: Lämplig, en: Suitable}}
  place: {type: string}
"""


@pytest.fixture(scope="module", name="vocabulary")
def _vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = tmp_path_factory.mktemp("records")
    (folder / "case.yaml").write_text(SCHEMA, encoding="utf-8")
    return load_vocabulary(folder)


@pytest.fixture(scope="module", name="shipped")
def _shipped() -> Vocabulary:
    return load_vocabulary(ROOT / "policies" / "records")


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    """Write a workbook; `__` in the name of a sheet is a dot."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("__", "."))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def read(vocabulary: Vocabulary, path: Path, kind: str | None = None) -> tuple[list[Record], list[RecordProblem]]:
    return read_records([path], vocabulary, kind=kind)


def value(vocabulary: Vocabulary, tmp_path: Path, name: str, cell: Any) -> Any:
    """Return what a cell of one field becomes; the problem's message where it is none."""
    path = workbook(tmp_path / "case.xlsx", case=[["id", name], ["A-1", cell]])
    records, problems = read(vocabulary, path)
    if problems:
        return problems[0].message
    data: Any = records[0].data
    for step in name.split("."):
        data = data.get(step, "not given")
    return data


def found_by(vocabulary: Vocabulary, kind: str) -> Mapping[str, str]:
    return {
        table.name: table.identified_by
        for table in tables_of(vocabulary, vocabulary.kinds[kind])
        if table.identified_by
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", ["csv", "semicolon", "workbook", "backwards"])
def test_tables_of_a_sample_give_the_record_that_its_json_gives(
    shipped: Vocabulary, tmp_path: Path, sample: Path, form: str
) -> None:
    expected, _ = read_records([sample], shipped)
    raw = json.loads(sample.read_text(encoding="utf-8"))
    rows = make_files.tables(raw, found_by(shipped, raw["record"]))
    path = tmp_path / "case.xlsx"
    match form:
        case "csv" | "semicolon":
            path = tmp_path / "tables"
            make_files.write_csv(rows, path, delimiter=";" if form == "semicolon" else ",")
        case _:
            make_files.write_workbook(rows, path, backwards=form == "backwards")
    actual, problems = read_records([path], shipped)
    assert [] == problems
    assert [dict(record.data) for record in expected] == [dict(record.data) for record in actual]


def test_nested_parquet_gives_the_records_that_the_json_gives(shipped: Vocabulary, tmp_path: Path) -> None:
    samples = [path for path in SAMPLES if path.stem.startswith(("coaching", "trial"))]
    raw = [json.loads(path.read_text(encoding="utf-8")) for path in samples]
    make_files.write_parquet(raw, tmp_path / "case.parquet")
    expected, _ = read_records(samples, shipped)
    actual, problems = read_records([tmp_path], shipped)
    assert [] == problems
    assert [dict(record.data) for record in expected] == [dict(record.data) for record in actual]


def test_the_script_writes_files_that_are_read(shipped: Vocabulary, tmp_path: Path) -> None:
    make_files.main(tmp_path)
    expected, _ = read_records([make_files.SAMPLE], shipped)
    for path in (tmp_path / "csv", tmp_path / "case.xlsx", tmp_path / "case.parquet"):
        actual, problems = read_records([path], shipped)
        assert [] == problems
        assert [dict(record.data) for record in expected] == [dict(record.data) for record in actual]


def test_unsorted_rows_find_their_records(shipped: Vocabulary, tmp_path: Path) -> None:
    """The days of several cases in one sheet, shuffled but in the order of each case."""
    samples = [path for path in SAMPLES if path.stem.startswith("trial")]
    all_rows: make_files.Rows = {}
    for sample in samples:
        raw = json.loads(sample.read_text(encoding="utf-8"))
        for table, lines in make_files.tables(raw, make_files.FOUND_BY).items():
            all_rows.setdefault(table, []).extend(lines)
    lots = random.Random(1)
    for table, lines in all_rows.items():
        if table != "case":
            order = sorted(line["id"] for line in lines)
            lots.shuffle(order)
            waiting = {own: [line for line in lines if line["id"] == own] for own in set(order)}
            all_rows[table] = [waiting[own].pop(0) for own in order]
    make_files.write_workbook(all_rows, tmp_path / "cases.xlsx")
    expected, _ = read_records(samples, shipped)
    actual, problems = read_records([tmp_path / "cases.xlsx"], shipped)
    assert [] == problems
    assert [dict(record.data) for record in expected] == [dict(record.data) for record in actual]


@pytest.mark.parametrize(
    ("name", "cell", "expected"),
    [
        ("service", "Työkokeilu", "work_trial"),
        ("service", "arbetsprövning", "work_trial"),
        ("service", "work try-out", "work_trial"),
        ("service", "work_trial", "work_trial"),
        ("service", "therapy", "therapy"),
        ("service", "tehrapy", "`tehrapy` is none of the names that fit"),
        ("suitable", "kyllä", True),
        ("suitable", "Nej", False),
        ("suitable", True, True),
        ("suitable", "ei ole", None),
        ("suitable", "finns inte", None),
        ("suitable", "none", None),
        ("suitable", "  ", "not given"),
        ("suitable", 1, "`1` is not yes or no"),
        ("decision.made_on", datetime.datetime.fromisoformat("2025-04-01"), datetime.date(2025, 4, 1)),
        ("decision.made_on", "1.4.2025", datetime.date(2025, 4, 1)),
        ("decision.made_on", "2025-04-01", datetime.date(2025, 4, 1)),
        ("decision.made_on", "31.2.2025", "`2025-02-31` is no day of the calendar"),
        ("decision.made_on", "04/01/2025", "`04/01/2025` is not a date"),
        ("decision.made_on", 45748, "`45748` is not a date"),
        ("price", 30.1, Fraction(301, 10)),
        ("price", "30,10 €", Fraction(301, 10)),
        ("price", "30.10 EUR", Fraction(301, 10)),
        ("price", "1,200", "`1,200` is not money"),
        ("part", "0,5 %", Fraction(1, 200)),
        ("part", 0.005, "`0.005` is not a share"),
        ("score", 0.1, Fraction(1, 10)),
        ("score", "2,5", Fraction(5, 2)),
        ("visits", "3", 3),
        ("visits", 3.0, 3),
        ("notice", "2 weeks", Period(0, 14)),
        ("place", 17, "17"),
        ("place", "#N/A", "the cell holds the Excel error `#N/A`"),
        ("codes", "a; b", ["a", "b"]),
        ("codes", "ei ole", []),
        ("days", "none", []),
        ("days", "yes", "a list of several fields does not fit in one cell"),
        ("decision", "yes", {}),
        ("decision", "none", None),
    ],
)
def test_a_cell_becomes_an_exact_value_or_a_problem(
    vocabulary: Vocabulary, tmp_path: Path, name: str, cell: Any, expected: Any
) -> None:
    assert expected == value(vocabulary, tmp_path, name, cell)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (datetime.time(5, 40), 340),
        (datetime.timedelta(hours=25, minutes=30), 1530),
        ("5:40", 340),
        ("5:40:30", Fraction(681, 2)),
        ("5 h 40 min", 340),
        ("1,5 h", 90),
    ],
)
def test_times_are_read_as_excel_and_people_write_them(
    vocabulary: Vocabulary, tmp_path: Path, cell: Any, minutes: int | Fraction
) -> None:
    days = [["id", "date", "length"], ["A-1", "2025-04-01", cell]]
    records, problems = read(vocabulary, workbook(tmp_path / "c.xlsx", case=[["id"], ["A-1"]], case__days=days))
    assert [] == problems
    assert [{"date": datetime.date(2025, 4, 1), "length": minutes}] == records[0].data["days"]


def test_a_share_that_excel_shows_as_per_cent_is_one(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", case=[["id", "part"], ["A-1", 0.005]])
    book = openpyxl.load_workbook(path)
    book["case"]["B2"].number_format = "0.0 %"
    book.save(path)
    records, problems = read(vocabulary, path)
    assert [] == problems
    assert Fraction(1, 200) == records[0].data["part"]


@pytest.mark.parametrize(
    ("case", "days", "ids", "date", "made"),
    [
        ("Tapaus", "Päivät", ["Tunniste", "Tapaus: Tunniste"], "Päivämäärä", "Päätöspäivä"),
        ("Ärende", "Dagar", ["Beteckning", "Beteckning"], "DATUM *", "Beslut: Beslutsdag"),
        ("case", "case.days", ["id", "id"], "date", "decision.made_on"),
        ("Case", "days", ["Identifier *", "record_id"], "Date", "Decided on"),
    ],
)
def test_labels_of_any_language_and_names_are_accepted(
    vocabulary: Vocabulary, tmp_path: Path, case: str, days: str, ids: list[str], date: str, made: str
) -> None:
    path = workbook(
        tmp_path / "c.xlsx",
        **{case: [[ids[0], made], ["A-1", "2025-04-01"]], days: [[ids[1], date], ["A-1", "2025-05-01"]]},
    )
    records, problems = read(vocabulary, path)
    assert [] == problems
    assert {"made_on": datetime.date(2025, 4, 1)} == records[0].data["decision"]
    assert [{"date": datetime.date(2025, 5, 1)}] == records[0].data["days"]


def test_what_cannot_be_placed_is_listed_and_the_rest_is_read(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "c.xlsx",
        case=[["id", "plcae", "place"], ["A-1", "x", "Oulu"], [], [None, None, "Turku"], ["A-2", None, "Vaasa"]],
        case__days=[["id", "date"], ["A-1", "2025-04-01"], ["A-9", "2025-04-01"], ["A-9", "2025-04-02"], [None, "x"]],
        notes=[["a"], ["b"]],
        _hidden=[["a"]],
        Ohje=[["a"]],
    )
    records, problems = read(vocabulary, path)
    assert [("A-1", "Oulu", 1), ("A-2", "Vaasa", 0)] == [
        (record.id, record.data["place"], len(record.data.get("days", []))) for record in records
    ]
    assert [
        ("c.xlsx, sheet case, row 1", "unknown-column", "`case` has no column `plcae`; it was not read"),
        ("c.xlsx, sheet case, row 4", "unplaced-row", "the row has no id"),
        ("c.xlsx, sheet case.days, row 5", "unplaced-row", "the row does not say which case it belongs to"),
        (
            "c.xlsx, sheet notes",
            "unknown-table",
            "`notes` is no kind of record and no list of one; its rows were not read",
        ),
        (
            "c.xlsx, sheet case.days, row 3",
            "unplaced-row",
            "no case has the id `A-9` that the row names (and 1 more rows of this table)",
        ),
    ] == [(p.origin.removeprefix(f"{tmp_path.as_posix()}/"), p.code, p.message) for p in problems]
    assert "did you mean `place`?" == problems[0].help


def test_a_broken_row_is_named_with_sheet_and_row_and_the_other_records_are_read(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "c.xlsx",
        case=[["id"], ["A-1"], ["A-2"]],
        Päivät=[["id", "date", "length"], ["A-2", "2025-04-01"], ["A-1", "2025-04-01"], ["A-1", "2025-04-02", "long"]],
    )
    records, problems = read(vocabulary, path)
    assert ["A-2"] == [record.id for record in records]
    assert [(f"{path.as_posix()}, sheet Päivät, row 4", "days[1].length", "`long` is not exact time")] == [
        (problem.origin, problem.path, problem.message) for problem in problems
    ]


def test_a_required_field_that_is_empty_is_named_with_its_row(vocabulary: Vocabulary, tmp_path: Path) -> None:
    days: list[list[Any]] = [["id", "date", "length"], ["A-1", None, "1:00"]]
    _, problems = read(vocabulary, workbook(tmp_path / "c.xlsx", case=[["id"], ["A-1"]], case__days=days))
    assert [("c.xlsx, sheet case.days, row 2", "days[0].date", "missing-field")] == [
        (problem.origin.removeprefix(f"{tmp_path.as_posix()}/"), problem.path, problem.code) for problem in problems
    ]


def test_rows_of_a_list_inside_a_list_go_to_the_row_they_name(vocabulary: Vocabulary, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "case.csv").write_text("id\nA-1\n", encoding="utf-8")
    (folder / "case.days.csv").write_text("id;date\nA-1;1.4.2025\nA-1;2.4.2025\n", encoding="utf-8")
    (folder / "case.days.meals.csv").write_text(
        "id,days.date,days.number,kind\nA-1,2025-04-02,,lunch\nA-1,,1,dinner\n", encoding="utf-8"
    )
    records, problems = read(vocabulary, folder)
    assert [] == problems
    assert [["dinner"], ["lunch"]] == [[meal["kind"] for meal in day["meals"]] for day in records[0].data["days"]]


def test_a_row_that_fits_no_row_or_several_of_the_outer_list_is_a_problem(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    (tmp_path / "case.csv").write_text("id\nA-1\nA-2\n", encoding="utf-8")
    (tmp_path / "case.days.csv").write_text("id,date\nA-1,2025-04-01\nA-1,2025-04-01\n", encoding="utf-8")
    (tmp_path / "case.days.meals.csv").write_text(
        "id,days.date,kind\nA-1,2025-04-01,lunch\nA-1,2025-04-03,lunch\nA-1,,lunch\n", encoding="utf-8"
    )
    records, problems = read(vocabulary, tmp_path / "case.csv")
    assert ["A-2"] == [record.id for record in records]
    assert [
        "`case.days` has several rows of this record with the `date` `2025-04-01` that the row names",
        "`case.days` has no row of this record with the `date` `2025-04-03` that the row names",
        "the row does not say which row of `case.days` it belongs to",
    ] == [problem.message for problem in problems]
    assert "count the rows in the column `days.number`" == problems[0].help


def test_none_and_rows_together_are_a_problem(vocabulary: Vocabulary, tmp_path: Path) -> None:
    days: list[list[Any]] = [["id", "date"], ["A-1", "2025-04-01"]]
    path = workbook(
        tmp_path / "c.xlsx",
        case=[["id", "days", "decision", "decision.made_on"], ["A-1", "none"], ["A-2", None, "none", "2025-04-01"]],
        case__days=days,
    )
    records, problems = read(vocabulary, path)
    assert [] == records
    assert ["sheet case.days, row 2", "sheet case, row 3"] == [p.origin.partition(", ")[2] for p in problems]


def test_a_file_of_any_name_is_of_the_kind_that_the_caller_names(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "march.csv").write_text("id\nA-1\n", encoding="utf-8")
    (tmp_path / "march.days.csv").write_text("id,date\nA-1,2025-03-01\n", encoding="utf-8")
    records, problems = read(vocabulary, tmp_path, "case")
    assert [] == problems
    assert [1] == [len(record.data["days"]) for record in records]
    assert ["unknown-table", "unknown-table"] == [problem.code for problem in read(vocabulary, tmp_path)[1]]


def test_an_id_that_stands_twice_is_a_problem(vocabulary: Vocabulary, tmp_path: Path) -> None:
    records, problems = read(vocabulary, workbook(tmp_path / "c.xlsx", case=[["id"], ["A-1"], ["A-1"]]))
    assert 1 == len(records)
    assert [("duplicate-id", f"{(tmp_path / 'c.xlsx').as_posix()}, sheet case, row 3")] == [
        (problem.code, problem.origin) for problem in problems
    ]


def test_a_formula_without_a_saved_value_is_not_taken_for_an_empty_cell(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", case=[["id", "visits"], ["A-1", "=1+1"]])
    records, problems = read(vocabulary, path)
    assert [] == records
    assert ["the cell holds a formula without a saved value"] == [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("c.xlsx", b"no workbook", "unreadable-file"),
        ("c.xlsx", b"", "empty-file"),
        ("case.csv", "id,place\nA-1,Jyv\u00e4skyl\u00e4\n".encode("latin-1"), "not-utf8"),
        ("case.csv", b'id,place\nA-1,"open\n', "unreadable-file"),
        ("case.csv", b"place\nOulu\n", "unknown-column"),
        ("case.csv", b"id,place\nA-1,Oulu,more\n", "unknown-column"),
        ("case.parquet", b"no parquet", "unreadable-file"),
        ("notes.csv", b"id\nA-1\n", "unknown-table"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_a_problem(
    vocabulary: Vocabulary, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert [code] == [problem.code for problem in read(vocabulary, tmp_path / name)[1]]


@pytest.mark.parametrize(
    ("name", "module", "extra"), [("c.xlsx", "openpyxl", "excel"), ("case.parquet", "pyarrow", "parquet")]
)
def test_a_missing_library_is_one_problem_that_names_the_extra(
    vocabulary: Vocabulary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    (tmp_path / name).write_bytes(b"anything")
    monkeypatch.setitem(sys.modules, module, None)
    _, problems = read(vocabulary, tmp_path / name)
    assert [("missing-library", f"install it with `pip install 'pykala[{extra}]'`")] == [
        (problem.code, problem.help) for problem in problems
    ]


def test_no_record_is_read_where_one_of_its_tables_breaks_off(vocabulary: Vocabulary, tmp_path: Path) -> None:
    """Without the rows after the break, verdicts on the records could be others."""
    (tmp_path / "case.csv").write_text("id\nA-1\n", encoding="utf-8")
    (tmp_path / "case.days.csv").write_bytes(b"id,date\nA-1,2025-04-01\nA-1,2025-04-02\nA-1,\xe4\n")
    records, problems = read(vocabulary, tmp_path)
    assert [] == records
    assert ["not-utf8"] == [problem.code for problem in problems]
    assert problems[0].message.endswith("; none of the records that belong to it is read")
