"""Records: exact values out of plain data and files, and one clear problem for each mistake."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykala.records import ids, literals, readers
from pykala.records.build import build_record
from pykala.records.readers import count_bytes, iter_records, read_records
from pykala.records.record import Record, RecordProblem
from pykala.records.vocabulary import Vocabulary, load_vocabulary
from pykala_dsl.typesys import Period

SCHEMA = """\
record: case
type: object
required: [record, id]
properties:
  record: {const: case}
  id: {type: string}
  service: {enum: [work_trial, therapy]}
  decision: {type: object, properties: {made_on: {type: string, format: date}}}
  days:
    type: array
    identified_by: date
    items:
      type: object
      required: [date]
      properties:
        date: {type: string, format: date}
        length: {type: string, format: exact-time}
  price: {type: string, format: money}
  part: {type: string, format: share}
  notice: {type: string, format: days}
  term: {type: string, format: months}
  visits: {type: integer, maximum: 100}
  score: {type: number}
  suitable: {type: boolean}
  place: {type: string, maxLength: 20}
  coach: {type: string, private: true}
  client:
    type: object
    private: true
    properties:
      born_on: {type: string, format: date}
      group: {enum: [young, old]}
"""
VISIT = (
    "record: visit\ntype: object\nrequired: [record, id]\nproperties: {record: {const: visit}, id: {type: string}}\n"
)


@pytest.fixture(scope="module", name="vocabulary")
def _vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = tmp_path_factory.mktemp("records")
    (folder / "case.yaml").write_text(SCHEMA, encoding="utf-8")
    (folder / "visit.yaml").write_text(VISIT, encoding="utf-8")
    return load_vocabulary(folder)


def built(vocabulary: Vocabulary, **fields: Any) -> Record:
    record = build_record(vocabulary, "case", {"record": "case", "id": "A-1", **fields}, "a.json")
    assert isinstance(record, Record), record
    return record


def problems(vocabulary: Vocabulary, **fields: Any) -> list[RecordProblem]:
    found = build_record(vocabulary, "case", {"record": "case", "id": "A-1", **fields}, "a.json")
    assert isinstance(found, list), found
    return found


def only(vocabulary: Vocabulary, **fields: Any) -> RecordProblem:
    (found,) = problems(vocabulary, **fields)
    return found


def test_leaves_become_core_values(vocabulary: Vocabulary) -> None:
    record = built(
        vocabulary,
        service="therapy",
        decision={"made_on": "2025-04-01"},
        days=[{"date": "2025-04-02", "length": "5 h 40 min"}],
        price="30.50 EUR",
        part="0.5 %",
        notice="2 weeks",
        term="1 year",
        visits=3,
        score=Fraction(5, 2),
        suitable=True,
        place="Pa\u0308a\u0308katu 1",
    )
    assert (record.kind, record.id, record.origin) == ("case", "A-1", "a.json")
    assert record.data == {
        "record": "case",
        "id": "A-1",
        "service": "therapy",
        "decision": {"made_on": date(2025, 4, 1)},
        "days": [{"date": date(2025, 4, 2), "length": 340}],
        "price": Fraction(61, 2),
        "part": Fraction(1, 200),
        "notice": Period(0, 14),
        "term": Period(12, 0),
        "visits": 3,
        "score": Fraction(5, 2),
        "suitable": True,
        "place": "Pääkatu 1",
    }


def test_null_is_recorded_as_none_and_what_is_not_given_is_not_there(vocabulary: Vocabulary) -> None:
    record = built(vocabulary, service=None, decision={"made_on": None}, days=[{"date": "2025-04-02", "length": None}])
    assert record.data == {
        "record": "case",
        "id": "A-1",
        "service": None,
        "decision": {"made_on": None},
        "days": [{"date": date(2025, 4, 2), "length": None}],
    }


def test_numbers_of_a_library_call_are_made_exact(vocabulary: Vocabulary) -> None:
    record = built(vocabulary, score=0.1, price=Decimal("30.10"), visits=3.0, decision={"made_on": date(2025, 4, 1)})
    assert [record.data[name] for name in ("score", "price", "visits")] == [Fraction(1, 10), Fraction(301, 10), 3]
    assert isinstance(record.data["visits"], int)
    assert record.data["decision"] == {"made_on": date(2025, 4, 1)}


def test_the_kind_given_beats_the_one_that_the_data_name(vocabulary: Vocabulary) -> None:
    record = build_record(vocabulary, "visit", {"record": "case", "id": "V-1"}, "v.json")
    assert record == Record("visit", "V-1", {"record": "visit", "id": "V-1"}, "v.json")


# What is given, the code, the path, and parts of message and help.
MISTAKES: list[tuple[dict[str, Any], str, str, str, str]] = [
    ({"servce": "therapy"}, "unknown-field", "servce", "`servce`", "did you mean `service`?"),
    ({"days": [{"date": "2025-04-01", "lenght": "6 h"}]}, "unknown-field", "days[0].lenght", "`lenght`", "`length`"),
    ({"xyzzy": 1}, "unknown-field", "xyzzy", "`xyzzy`", "pykala fields case"),
    ({"id": 17}, "wrong-type", "id", "`17` is not text", "put it in quotes"),
    ({"id": None}, "wrong-type", "id", "null", "required"),
    ({"service": "work-trial"}, "bad-value", "service", "`work-trial`", "did you mean `work_trial`?"),
    ({"service": "zzz"}, "bad-value", "service", "`zzz`", "`work_trial`, `therapy`"),
    ({"service": 3}, "wrong-type", "service", "`3` is not text", "quotes"),
    ({"decision": {"made_on": "2025-02-30"}}, "bad-value", "decision.made_on", "no day of the calendar", "month"),
    (
        {"decision": {"made_on": "1.4.2025"}},
        "bad-value",
        "decision.made_on",
        "`1.4.2025` is not a date",
        "`2025-04-01`",
    ),
    ({"decision": {"made_on": "20250401"}}, "bad-value", "decision.made_on", "is not a date", "`2025-04-01`"),
    ({"decision": {"made_on": 20250401}}, "wrong-type", "decision.made_on", "is not a date", "`2025-04-01`"),
    ({"decision": "2025-04-01"}, "wrong-type", "decision", "is not a group of fields", "under it"),
    ({"days": {"date": "2025-04-01"}}, "wrong-type", "days", "a group of fields is not a list", "write a list"),
    ({"days": [{"length": "6 h"}]}, "missing-field", "days[0].date", "`date` is not given", ""),
    ({"days": [None]}, "wrong-type", "days[0]", "null", ""),
    ({"days": [{"date": "2025-04-01", "length": "5:40"}]}, "bad-value", "days[0].length", "`5:40`", "`5 h 40 min`"),
    ({"days": [{"date": "2025-04-01", "length": 340}]}, "wrong-type", "days[0].length", "`340`", "`5 h 40 min`"),
    ({"price": "30,00 EUR"}, "bad-value", "price", "`30,00 EUR` is not money", "`30.00 EUR`"),
    ({"price": "30 €"}, "bad-value", "price", "is not money", "`30.00 EUR`"),
    ({"price": Fraction("30.005")}, "bad-value", "price", "`30.005` has more than two decimals", "whole cents"),
    ({"price": -1}, "bad-value", "price", "`-1` is not money", ""),
    ({"part": "0.5"}, "bad-value", "part", "`0.5` is not a share", "`0.5 %`"),
    ({"notice": "2 months"}, "bad-value", "notice", "a time in days", "`2 weeks`"),
    ({"term": "30 days"}, "bad-value", "term", "a time in months", "`1 year`"),
    ({"visits": Fraction(5, 2)}, "wrong-type", "visits", "`2.5` is not a count", "whole number"),
    ({"visits": True}, "wrong-type", "visits", "`true` is not a count", "whole number"),
    ({"visits": -1}, "bad-value", "visits", "`-1` is too small", "at least 0"),
    ({"visits": 101}, "bad-value", "visits", "`101` is too large", "at most 100"),
    ({"visits": 10**5000}, "wrong-type", "visits", "hundreds of digits", "whole number"),
    ({"score": "3"}, "wrong-type", "score", "`3` is not a number", "without quotes"),
    ({"score": float("nan")}, "wrong-type", "score", "`nan`", "number"),
    ({"suitable": "yes"}, "wrong-type", "suitable", "`yes` is not yes or no", "`true` or `false`"),
    ({"place": "x" * 21}, "bad-value", "place", "is too long", "20"),
    ({"place": "x\ud800"}, "bad-value", "place", "half a character", ""),
    ({"coach": 12345}, "wrong-type", "coach", "the value is not text", "quotes"),
    ({"client": {"born_on": "1.4.1988"}}, "bad-value", "client.born_on", "the value is not a date", "`2025-04-01`"),
    ({"client": {"group": "middle"}}, "bad-value", "client.group", "the value is none", "`young`, `old`"),
    ({"client": "Matti"}, "wrong-type", "client", "the value is not a group", ""),
    ({"id": "010180-923A"}, "personal-code", "id", "identity code", "another id"),
]


@pytest.mark.parametrize(
    ("fields", "code", "path", "message", "help_part"), MISTAKES, ids=[f"{m[1]} {m[2]}" for m in MISTAKES]
)
def test_a_mistake_is_one_problem_in_a_readers_words(
    vocabulary: Vocabulary, fields: dict[str, Any], code: str, path: str, message: str, help_part: str
) -> None:
    found = only(vocabulary, **fields)
    assert (found.code, found.path, found.origin) == (code, path, "a.json")
    assert message in found.message
    assert help_part in (found.help or "")


@pytest.mark.parametrize("fields", [m[0] for m in MISTAKES if m[2].startswith(("client", "coach"))])
def test_a_private_value_is_never_shown(vocabulary: Vocabulary, fields: dict[str, Any]) -> None:
    found = only(vocabulary, **fields)
    shown = f"{found.message} {found.help}"
    for value in ("12345", "1.4.1988", "middle", "Matti"):
        assert value not in shown


def test_an_identity_code_in_a_wrong_place_is_not_shown(vocabulary: Vocabulary) -> None:
    assert only(vocabulary, service="010180-923A").message == "`…` is none of the names that fit"


def test_control_characters_are_not_shown(vocabulary: Vocabulary) -> None:
    assert "\x1b" not in only(vocabulary, service="\x1b[31m").message


def test_all_mistakes_of_a_record_come_together(vocabulary: Vocabulary) -> None:
    found = problems(
        vocabulary,
        servce="therapy",
        decision={"made_on": "2025-02-30"},
        days=[{"length": "5:40"}, {"date": "2025-04-01", "length": 3}],
    )
    assert {(problem.code, problem.path) for problem in found} == {
        ("unknown-field", "servce"),
        ("bad-value", "decision.made_on"),
        ("missing-field", "days[0].date"),
        ("bad-value", "days[0].length"),
        ("wrong-type", "days[1].length"),
    }


def test_a_missing_id(vocabulary: Vocabulary) -> None:
    found = build_record(vocabulary, "case", {"record": "case"}, "a.json")
    assert isinstance(found, list)
    assert [(problem.code, problem.path) for problem in found] == [("missing-field", "id")]


LITERALS: list[tuple[Callable[[str], object], str, object]] = [
    (literals.read_exact_time, "6 h", 360),
    (literals.read_exact_time, "1.5 h", 90),
    (literals.read_exact_time, "5h40min", 340),
    (literals.read_exact_time, "0 min", 0),
    (literals.read_exact_time, "0.5 min", Fraction(1, 2)),
    (literals.read_exact_time, "PT5H40M", 340),
    (literals.read_exact_time, "PT90S", Fraction(3, 2)),
    (literals.read_exact_time, "PT", None),
    (literals.read_exact_time, "", None),
    (literals.read_exact_time, "40 min 5 h", None),
    (literals.read_exact_time, "-1 h", None),
    (literals.read_exact_time, "٣ h", None),
    (literals.read_money, "30 EUR", 30),
    (literals.read_money, "30.1 EUR", Fraction(301, 10)),
    (literals.read_money, "EUR 30", None),
    (literals.read_money, "9" * 400 + " EUR", None),
    (literals.read_share, "100%", 1),
    (literals.read_share, "0,5 %", None),
    (literals.read_days, "1 day", Period(0, 1)),
    (literals.read_days, "2 weeks 3 days", Period(0, 17)),
    (literals.read_days, "P2W", Period(0, 14)),
    (literals.read_days, "P", None),
    (literals.read_months, "13 months", Period(13, 0)),
    (literals.read_months, "1 year 2 months", Period(14, 0)),
    (literals.read_months, "P1Y1M", Period(13, 0)),
    (literals.read_date, "2024-02-29", date(2024, 2, 29)),
    (literals.read_date, "2025-02-29", None),
    (literals.read_date, "2025-4-1", None),
    (literals.read_date, "２０２５-04-01", None),
]


@pytest.mark.parametrize(("reader", "text", "expected"), LITERALS)
def test_literals(reader: Callable[[str], object], text: str, expected: object) -> None:
    assert reader(text) == expected


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "days", "date", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
_FIELDS = ["id", "service", "decision", "days", "price", "part", "visits", "score", "suitable", "coach", "client", "x"]


@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON))
def test_any_data_is_a_record_or_problems(vocabulary: Vocabulary, data: dict[str, Any]) -> None:
    found = build_record(vocabulary, "case", data, "a.json")
    assert isinstance(found, Record) or found


def write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def read(vocabulary: Vocabulary, *paths: Path, kind: str | None = None) -> tuple[list[str], list[str]]:
    """Return ids and codes."""
    records, found = read_records(paths, vocabulary, kind=kind)
    return [record.id for record in records], [problem.code for problem in found]


def test_a_file_holds_one_record_or_several(vocabulary: Vocabulary, tmp_path: Path) -> None:
    write(
        tmp_path,
        a_json='{"record": "case", "id": "A"}',
        b_json='[{"record": "case", "id": "B"}, {"record": "visit", "id": "C"}]',
        c_jsonl='{"record": "case", "id": "D"}\n\n{"record": "case", "id": "E"}\n',
        d_yaml="record: case\nid: F\n",
        e_yml="- {record: case, id: G}\n- {record: visit, id: H}\n",
    )
    records, found = read_records([tmp_path], vocabulary)
    assert found == []
    names = {"a.json": "A", "b.json[0]": "B", "b.json[1]": "C", "c.jsonl:1": "D", "c.jsonl:3": "E"}
    names |= {"d.yaml": "F", "e.yml[0]": "G", "e.yml[1]": "H"}
    assert {record.origin.removeprefix(f"{tmp_path.as_posix()}/"): record.id for record in records} == names
    assert [record.kind for record in records if record.id in "CH"] == ["visit", "visit"]


def test_folders_are_read_in_the_order_of_their_names(vocabulary: Vocabulary, tmp_path: Path) -> None:
    for name in ("b__1_json", "a__2_json", "a__1_json", "c_json", "_hidden_json", "notes_md"):
        write(tmp_path, **{name: json.dumps({"record": "case", "id": name})})
    assert read(vocabulary, tmp_path) == (["a__1_json", "a__2_json", "b__1_json", "c_json"], [])


def test_a_file_named_twice_is_read_once(vocabulary: Vocabulary, tmp_path: Path) -> None:
    write(tmp_path, a_json='{"record": "case", "id": "A"}')
    assert read(vocabulary, tmp_path / "a.json", tmp_path) == (["A"], [])


def test_json_numbers_are_exact(vocabulary: Vocabulary, tmp_path: Path) -> None:
    write(tmp_path, a_json='{"record": "case", "id": "A", "score": 0.1, "price": 30.10, "visits": 3.0}')
    records, found = read_records([tmp_path], vocabulary)
    assert found == []
    assert [records[0].data[name] for name in ("score", "price", "visits")] == [Fraction(1, 10), Fraction(301, 10), 3]


def test_a_kind_given_overrides_the_records(vocabulary: Vocabulary, tmp_path: Path) -> None:
    write(tmp_path, a_json='[{"id": "A"}, {"record": "case", "id": "B"}]')
    records, found = read_records([tmp_path / "a.json"], vocabulary, kind="visit")
    assert ([(r.kind, r.id) for r in records], found) == ([("visit", "A"), ("visit", "B")], [])


GOOD = '{"record": "case", "id": "good"}'
BOMB = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"

# A file beside a good one, the one code it gives, and where.
BROKEN: list[tuple[str, str | bytes, str, int | None, int | None]] = [
    ("x.json", '{"record": "case",\n "id": }', "not-json", 2, 8),
    ("x.json", "{'record': 'case'}", "not-json", 1, 2),
    ("x.json", '{"record": "case", "id": "A"} x', "not-json", 1, 31),
    ("x.json", "[" * 100_000, "too-deep", None, None),
    ("x.json", "[" * 200 + "]" * 200, "too-deep", None, None),
    ("x.json", '{"id": "A", "id": "B"}', "duplicate-key", None, None),
    ("x.json", '{"record": "case", "id": "A", "score": NaN}', "not-json", None, None),
    ("x.json", '{"record": "case", "id": "A", "score": 1e999999999}', "bad-value", None, None),
    ("x.json", '{"record": "case", "id": "A", "score": ' + "9" * 5000 + "}", "bad-value", None, None),
    ("x.json", b'{"record": "case",\n"id": "\xe4"}', "not-utf8", 2, 8),
    ("x.json", b"\xff\xfe{\x00}\x00", "not-utf8", 1, 1),
    ("x.json", " \n", "empty-file", None, None),
    ("x.json", "[]", "no-records", None, None),
    ("x.json", "3", "not-a-record", None, None),
    ("x.json", "null", "not-a-record", None, None),
    ("x.json", '[{"record": "case", "id": "A"}, 3]', "not-a-record", None, None),
    ("x.json", "[[]]", "not-a-record", None, None),
    ("x.json", '{"id": "A"}', "no-kind", None, None),
    ("x.json", '{"record": "cse", "id": "A"}', "unknown-kind", None, None),
    ("x.json", '{"record": {"a": 1}, "id": "A"}', "unknown-kind", None, None),
    ("x.json", '{"record": "case"}', "missing-field", None, None),
    ("x.json", '{"record": "case", "id": "A", "decision": {"made_on": "2025-02-30"}}', "bad-value", None, None),
    ("x.jsonl", '{"record": "case", "id": "A"}\n{"record": "case", "id": \n', "not-json", 2, 26),
    ("x.jsonl", '\n{"record": "case", "id": "A", "id": "B"}\n', "duplicate-key", 2, None),
    ("x.jsonl", b'{"record": "case", "id": "A"}\n"\xe4"\n', "not-utf8", 2, 2),
    ("x.yaml", "record: case\nid: A\nid: B\n", "duplicate-key", 3, 1),
    ("x.yaml", "record: case\nid: A: B\n", "colon-in-text", 2, 6),
    ("x.yaml", BOMB, "alias", 1, 4),
    ("x.yaml", "a: " + "[" * 200, "too-deep", 1, 103),
    ("x.yaml", "record: case\nid: 17\n", "wrong-type", None, None),
    ("x.yaml", "record: case\n---\nrecord: case\n", "several-documents", 2, 1),
    ("x.yaml", b"record: \xe4", "not-utf8", 1, 9),
    ("x.yaml", "# nothing\n", "empty-file", 1, 1),
]


@pytest.mark.parametrize(("name", "content", "code", "line", "column"), BROKEN)
def test_a_broken_file_is_one_problem_and_the_others_are_read(
    vocabulary: Vocabulary,
    tmp_path: Path,
    name: str,
    content: str | bytes,
    code: str,
    line: int | None,
    column: int | None,
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "z.json").write_text(GOOD, encoding="utf-8")
    records, found = read_records([tmp_path], vocabulary)
    assert [(p.code, p.line, p.column) for p in found] == [(code, line, column)]
    assert found[0].origin.startswith(path.as_posix())
    assert "good" in [record.id for record in records]
    assert found[0].message == found[0].message.strip()


def test_the_other_records_of_a_list_are_read(vocabulary: Vocabulary, tmp_path: Path) -> None:
    write(tmp_path, a_json='[{"record": "case", "id": 1}, {"record": "case", "id": "B"}]')
    records, found = read_records([tmp_path / "a.json"], vocabulary)
    assert [record.id for record in records] == ["B"]
    assert [(p.origin, p.path) for p in found] == [((tmp_path / "a.json").as_posix() + "[0]", "id")]


def test_paths_that_hold_nothing(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path, a_md="x")
    paths = (tmp_path / "none.json", tmp_path / "empty", tmp_path / "a.md", tmp_path / "none")
    expected = ["unreadable-file", "no-records", "unknown-ending", "unreadable-file"]
    assert read(vocabulary, *paths) == ([], expected)


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
def test_a_file_that_may_not_be_opened(vocabulary: Vocabulary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    write(tmp_path, a_json=GOOD)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert read(vocabulary, tmp_path / "a.json") == ([], ["unreadable-file"])


def test_an_id_stands_once_for_each_kind(vocabulary: Vocabulary, tmp_path: Path) -> None:
    write(
        tmp_path,
        a_json='[{"record": "case", "id": "A"}, {"record": "visit", "id": "A"}]',
        b_json='{"record": "case", "id": "A"}',
    )
    records, found = read_records([tmp_path], vocabulary)
    assert [(record.kind, record.id) for record in records] == [("case", "A"), ("visit", "A")]
    (problem,) = found
    assert (problem.code, problem.path) == ("duplicate-id", "id")
    assert problem.origin.endswith("b.json")
    assert "a.json[0]" in problem.message


def test_a_problem_of_a_line_names_the_line(vocabulary: Vocabulary, tmp_path: Path) -> None:
    write(tmp_path, a_jsonl=GOOD + '\n{"record": "case", "id": "B", "visits": -1}\n')
    _, found = read_records([tmp_path / "a.jsonl"], vocabulary)
    assert [p.origin for p in found] == [(tmp_path / "a.jsonl").as_posix() + ":2"]


def test_records_come_while_the_file_is_still_being_read(vocabulary: Vocabulary, tmp_path: Path) -> None:
    lines = [f'{{"record": "case", "id": "A-{number}"}}\n' for number in range(3)]
    (tmp_path / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    told: list[int] = []
    found = iter_records([tmp_path], vocabulary, progress=told.append)
    so_far = []
    for record in found:
        assert isinstance(record, Record)
        so_far.append((record.id, sum(told)))
    assert so_far == [(f"A-{number}", len(lines[0]) * (number + 1)) for number in range(3)]
    assert count_bytes([tmp_path]) == sum(told)


def test_a_line_that_is_too_long_for_a_record_is_named_and_the_rest_is_read(
    vocabulary: Vocabulary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MAX_LINE_BYTES", 40)
    line = '{"record": "case", "id": "%s"}'
    text = "\n".join([line % "A-1", line % ("x" * 100), line % ("A" * 12), line % ("B" * 13)])
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    records, found = read_records([tmp_path], vocabulary)
    assert [record.id for record in records] == ["A-1", "A" * 12]
    assert [(problem.code, problem.line) for problem in found] == [("file-too-big", 2), ("file-too-big", 4)]


def test_an_id_that_stands_twice_is_found_however_many_there_are(
    vocabulary: Vocabulary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "IN_MEMORY", 3)
    lines = [f'{{"record": "case", "id": "A-{number % 6}"}}' for number in range(8)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    records, found = read_records([tmp_path], vocabulary)
    assert [record.id for record in records] == [f"A-{number}" for number in range(6)]
    where = (tmp_path / "a.jsonl").as_posix()
    assert [(problem.origin, problem.message) for problem in found] == [
        (f"{where}:7", f"the case `A-0` is in {where}:1 too"),
        (f"{where}:8", f"the case `A-1` is in {where}:2 too"),
    ]


CERTIFICATE = """\
record: certificate
type: object
required: [record, id]
properties:
  record: {const: certificate}
  id: {type: string}
  code: {type: string, private: true, identifier: personal-identity-code}
  code_valid: {type: boolean, well_formed: code}
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((f"010190{sign}999W", True) for sign in "+-UVWXYABCDEF"),
        ("010190–999W", True),
        ("010190-999K", False),
        ("310290-999W", False),
        ("010190G999W", False),
        ("010190-99", False),
        ("", False),
    ],
)
def test_whether_an_identity_code_is_well_formed_is_found_out(tmp_path: Path, code: str, expected: bool) -> None:
    """The letters beside `-` and `A` are those of the decree of 2022; a code of 900 to 999 is a temporary one."""
    (tmp_path / "certificate.yaml").write_text(CERTIFICATE, encoding="utf-8")
    built = build_record(load_vocabulary(tmp_path), "certificate", {"id": "T-1", "code": code}, "")
    assert isinstance(built, Record)
    assert built.data["code_valid"] is expected


def test_no_code_tells_nothing_of_a_form(tmp_path: Path) -> None:
    (tmp_path / "certificate.yaml").write_text(CERTIFICATE, encoding="utf-8")
    built = build_record(load_vocabulary(tmp_path), "certificate", {"id": "T-1", "code": None}, "")
    assert isinstance(built, Record)
    assert "code_valid" not in built.data


def test_a_record_that_misjudges_its_own_code_is_refused_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / "certificate.yaml").write_text(CERTIFICATE, encoding="utf-8")
    data = {"id": "T-1", "code": "010190-999K", "code_valid": True}
    built = build_record(load_vocabulary(tmp_path), "certificate", data, "")
    assert isinstance(built, list)
    assert [("bad-value", "code_valid")] == [(problem.code, problem.path) for problem in built]
    assert "010190" not in str(built)
