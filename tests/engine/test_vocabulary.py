"""The vocabulary: types and words from JSON Schemas, and what cannot be said in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pykala.policy.model import Text
from pykala.records.build import build_record
from pykala.records.record import Record
from pykala.records.vocabulary import Vocabulary, load_vocabulary
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ExactTimeType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    ShareType,
    TextType,
)

HEAD = """\
record: case
label: {fi: Tapaus, sv: Ärende, en: Case}
type: object
required: [record, id]
additionalProperties: false
properties:
  record: {const: case}
  id: {type: string, label: {fi: Tunnus, sv: Nummer, en: Id}}
"""

CASE = (
    HEAD
    + """\
  service: {$ref: "#/$defs/service", label: {fi: Palvelu, sv: Tjänst, en: Service}}
  decision:
    type: object
    additionalProperties: false
    label: {fi: Päätös, sv: Beslut, en: Decision}
    properties:
      made_on:
        type: string
        format: date
        event: true
        absence: none
        label: {fi: Päätöspäivä, sv: Beslutsdag, en: Date of the decision}
        describe: {fi: Päivä jona päätettiin, sv: Dagen för beslutet, en: The day it was made}
  days:
    type: array
    absence: none
    label: {fi: Kuntoutuspäivät, sv: Rehabiliteringsdagar, en: Rehabilitation days}
    identified_by: date
    items:
      type: object
      label: {fi: Kuntoutuspäivä, sv: Rehabiliteringsdag, en: Rehabilitation day}
      required: [date]
      properties:
        date: {type: string, format: date, label: {fi: Päivä, sv: Dag, en: Date}}
        length: {type: string, format: exact-time, label: {fi: Päivän pituus, sv: Dagens längd, en: Length of the day}}
        flex:
          type: object
          absence: none
          label: {fi: Jousto, sv: Flexibilitet, en: Flex}
          properties:
            reason:
              enum: [health, other]
              enum_labels:
                health: {fi: terveys, sv: hälsa, en: health}
                other: {fi: muu, sv: annan, en: other}
              label: {fi: Syy, sv: Orsak, en: Reason}
  codes:
    type: array
    label: {fi: Koodit, sv: Koder, en: Codes}
    items: {type: string, enum: [a1, b2], enum_labels: {a1: {fi: A, sv: A, en: A}, b2: {fi: B, sv: B, en: B}}}
  suitable: {type: boolean, judged: true, label: {fi: Sopiva, sv: Lämplig, en: Suitable}}
  visits: {type: integer, label: {fi: Käynnit, sv: Besök, en: Visits}}
  score: {type: number, minimum: 0.5, label: {fi: Pisteet, sv: Poäng, en: Score}}
  price: {type: string, format: money, label: {fi: Hinta, sv: Pris, en: Price}}
  part: {type: string, format: share, label: {fi: Osuus, sv: Andel, en: Share}}
  notice: {type: string, format: days, label: {fi: Varoaika, sv: Frist, en: Notice}}
  term: {type: string, format: months, label: {fi: Kausi, sv: Period, en: Term}}
  coach: {type: string, private: true, label: {fi: Valmentaja, sv: Coach, en: Coach}}
$defs:
  service:
    type: string
    enum: [work_trial, therapy]
    enum_labels:
      work_trial: {fi: työkokeilu, sv: arbetsprövning, en: work try-out}
      therapy: {fi: terapia, sv: terapi, en: therapy}
"""
)


def load(tmp_path: Path, *texts: str) -> Vocabulary:
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    return load_vocabulary(tmp_path)


def diagnostics(tmp_path: Path, *texts: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(DiagnosticsError) as raised:
        load(tmp_path, *texts)
    return raised.value.diagnostics


@pytest.fixture(name="vocabulary")
def _vocabulary(tmp_path: Path) -> Vocabulary:
    return load(tmp_path, CASE)


def test_each_schema_type_becomes_a_type_of_the_language(vocabulary: Vocabulary) -> None:
    case = vocabulary.kinds["case"].type
    assert {name: field.type for name, field in case.fields.items()} == {
        "id": TextType(),
        "service": EnumType("service", ("work_trial", "therapy")),
        "decision": RecordType("case.decision"),
        "days": ListType(RecordType("case.days[]"), "date"),
        "codes": ListType(EnumType("case.codes[]", ("a1", "b2"))),
        "suitable": BoolType(),
        "visits": CountType(),
        "score": NumberType(),
        "price": MoneyType(),
        "part": ShareType(),
        "notice": CalendarTimeType("days"),
        "term": CalendarTimeType("months"),
        "coach": TextType(),
    }
    days = case.fields["days"].type
    assert isinstance(days, ListType)
    assert isinstance(days.element, RecordType)
    assert {name: field.type for name, field in days.element.fields.items()} == {
        "date": DateType(),
        "length": ExactTimeType(),
        "flex": RecordType("case.days[].flex"),
    }
    flex = days.element.fields["flex"].type
    assert isinstance(flex, RecordType)
    assert flex.fields["reason"].type == EnumType("case.days[].flex.reason", ("health", "other"))


def test_keywords_of_our_own(vocabulary: Vocabulary) -> None:
    fields = vocabulary.kinds["case"].type.fields
    decision = fields["decision"].type
    assert isinstance(decision, RecordType)
    made_on = decision.fields["made_on"]
    assert (made_on.event, made_on.absence, made_on.required) == (True, "none", False)
    assert (fields["id"].required, fields["suitable"].judged, fields["coach"].private) == (True, True, True)
    assert (fields["days"].absence, fields["visits"].absence) == ("none", "unknown")


def test_a_field_knows_the_line_it_is_declared_on(vocabulary: Vocabulary) -> None:
    field = vocabulary.kinds["case"].type.fields["suitable"]
    assert field.source is not None
    assert field.span is not None
    assert field.source.line(field.source.position(field.span.start)[0]).startswith("  suitable: {")
    assert field.source.text[field.span.start : field.span.end] == "suitable"


def test_labels(vocabulary: Vocabulary) -> None:
    assert vocabulary.field_label("case.days[]", "length") == Text("Päivän pituus", "Dagens längd", "Length of the day")
    assert vocabulary.field_label("case", "service").sv == "Tjänst"
    assert vocabulary.member_label("service", "therapy").fi == "terapia"
    assert vocabulary.member_label("case.days[].flex.reason", "health").sv == "hälsa"
    assert vocabulary.element_label("case.days[]").fi == "Kuntoutuspäivä"
    assert vocabulary.element_label("case").en == "Case"


def test_a_name_without_a_label_stands_for_itself(vocabulary: Vocabulary) -> None:
    assert vocabulary.field_label("case", "some_thing").fi == "some thing"
    assert vocabulary.member_label("nothing", "work_trial").en == "work trial"


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("length", "case.days[].length"),
        ("LENGTH", "case.days[].length"),
        ("pituus", "case.days[].length"),
        ("längd", "case.days[].length"),
        ("dagens la\u0308ngd", "case.days[].length"),
        ("lenght", "case.days[].length"),
        ("pitus", "case.days[].length"),
        ("kuntoutuspäivä", "case.days"),
        ("jona päätettiin", "case.decision.made_on"),
        ("terapia", "case.service"),
        ("case.days[].date", "case.days[].date"),
    ],
)
def test_a_field_is_found_by_any_of_its_words(vocabulary: Vocabulary, word: str, path: str) -> None:
    assert vocabulary.search(word)[0].path == path


def test_a_hit_says_what_the_field_is(vocabulary: Vocabulary) -> None:
    (hit,) = vocabulary.search("Beslutsdag")
    assert (hit.kind, hit.path, hit.type_words) == ("case", "case.decision.made_on", "date")
    assert (hit.label.fi, hit.describe.en) == ("Päätöspäivä", "The day it was made")


def test_no_word_finds_all_fields_and_a_strange_word_none(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.search("")) == 18
    assert vocabulary.search("xyzzyplugh") == []


def test_a_vocabulary_without_faults_has_no_diagnostics(vocabulary: Vocabulary) -> None:
    assert vocabulary.diagnostics == ()


PROPERTY = "  x: {type: boolean, label: {fi: X, sv: X, en: X}}\n"

# What stands under `properties:` (or a whole file), the code, the line, and the text that is underlined.
FAULTS = [
    ("  x: {type: boolean, lable: 1}\n", "unknown-keyword", "lable"),
    ("  x: {type: bool}\n", "unknown-type", "bool"),
    ("  x: {type: [string, 'null']}\n", "unknown-type", "[string, 'null']"),
    ("  x: {absence: none}\n", "missing-type", "x"),
    ("  x: {type: string, format: dtae}\n", "unknown-format", "dtae"),
    ("  x: {type: integer, format: date}\n", "bad-keyword", "format"),
    ('  x: {$ref: "#/$defs/servce"}\n', "unknown-ref", '"#/$defs/servce"'),
    ('  x: {$ref: "other.yaml"}\n', "unknown-ref", '"other.yaml"'),
    ("  where: {type: boolean}\n", "reserved-word", "where"),
    ("  x: {enum: [some, other]}\n", "reserved-word", "some"),
    ("  x: {enum: [two-words]}\n", "bad-name", "two-words"),
    ("  dayLength: {type: boolean}\n", "bad-name", "dayLength"),
    ('  "1st": {type: boolean}\n', "bad-name", '"1st"'),
    ("  x: {enum: [a, a]}\n", "duplicate-member", "a"),
    ("  x: {enum: [a, 1.5]}\n", "bad-name", "1.5"),
    ("  x: {enum: []}\n", "bad-keyword", "[]"),
    ("  x: {enum: [abc], enum_labels: {abd: {fi: a, sv: b, en: c}}}\n", "unknown-member", "abd"),
    ("  x: {type: string, event: true}\n", "bad-keyword", "event"),
    ("  x: {type: string, judged: true}\n", "bad-keyword", "judged"),
    ("  x: {type: boolean, judged: maybe}\n", "bad-keyword", "maybe"),
    ("  x: {type: boolean, absence: nothing}\n", "bad-keyword", "nothing"),
    ("  x: {type: object, required: [y], properties: {y: {type: boolean, absence: none}}}\n", "bad-keyword", "absence"),
    ("  x: {type: object, required: [z], properties: {y: {type: boolean}}}\n", "unknown-property", "z"),
    ("  x: {type: object, additionalProperties: true, properties: {y: {type: boolean}}}\n", "bad-keyword", "true"),
    (
        "  x: {type: array, items: {type: array, items: {type: boolean}}}\n",
        "nested-list",
        "{type: array, items: {type: boolean}}",
    ),
    ("  x: {type: array}\n", "missing-type", "x"),
    (
        "  x: {type: array, identified_by: dat, items: {type: object, properties: {date: {type: boolean}}}}\n",
        "bad-identifier",
        "dat",
    ),
    ("  x: {type: array, identified_by: y, items: {type: boolean}}\n", "bad-identifier", "y"),
    ("  x: {type: boolean, identified_by: y}\n", "bad-keyword", "identified_by"),
    ("  x: {type: boolean, label: {se: X}}\n", "bad-label", "se"),
    ("  x: {type: boolean, label: X}\n", "bad-label", "X"),
    ("  x: {type: integer, minimum: many}\n", "bad-schema", "minimum"),
    ("  x: {type: string, pattern: [a]}\n", "bad-schema", "pattern"),
    ("  x: yes\n", "bad-schema", "x"),
    (
        '  x: {$ref: "#/$defs/a"}\n$defs:\n  a: {type: object, properties: {b: {$ref: "#/$defs/a"}}}\n',
        "recursive-ref",
        '"#/$defs/a"',
    ),
    ("  x: {type: boolean}\n  x: {type: string}\n", "duplicate-key", "x"),
]


@pytest.mark.parametrize(("text", "code", "underlined"), FAULTS, ids=[f"{f[1]} {f[2]}" for f in FAULTS])
def test_a_fault_is_named_at_its_place(tmp_path: Path, text: str, code: str, underlined: str) -> None:
    errors = [d for d in diagnostics(tmp_path, HEAD + text) if d.severity == "error"]
    (found,) = errors
    assert (found.code, found.source.text[found.span.start : found.span.end]) == (code, underlined)
    assert found.line > HEAD.count("\n")


def test_a_file_that_is_no_schema_of_records(tmp_path: Path) -> None:
    (found,) = [d for d in diagnostics(tmp_path, HEAD.replace("record: case\n", "", 1)) if d.severity == "error"]
    assert found.code == "missing-kind"
    assert [d.code for d in diagnostics(tmp_path, "- a\n")] == ["bad-schema"]


def test_two_files_of_one_kind(tmp_path: Path) -> None:
    (found,) = diagnostics(tmp_path, HEAD, HEAD)
    assert (found.code, found.source.path) == ("duplicate-kind", (tmp_path / "1.yaml").as_posix())


def test_the_properties_that_every_record_has(tmp_path: Path) -> None:
    text = HEAD.replace("  record: {const: case}\n", "").replace("[record, id]", "[id]")
    assert [d.code for d in diagnostics(tmp_path, text)] == ["missing-property"]


def test_one_name_for_two_enums(tmp_path: Path) -> None:
    enum = '  x: {{$ref: "#/$defs/e", label: {{fi: X, sv: X, en: X}}}}\n$defs:\n  e: {{enum: [{0}], enum_labels: {{{0}: {{fi: X, sv: X, en: X}}}}}}\n'
    (found,) = diagnostics(tmp_path, HEAD + enum.format("a"), HEAD.replace("case", "visit") + enum.format("b"))
    assert found.code == "conflicting-enum"


def test_the_same_enum_in_two_files_is_one(tmp_path: Path) -> None:
    enum = '  x: {$ref: "#/$defs/e", label: {fi: X, sv: X, en: X}}\n$defs:\n  e: {enum: [a], enum_labels: {a: {fi: X, sv: X, en: X}}}\n'
    vocabulary = load(tmp_path, HEAD + enum, HEAD.replace("case", "visit") + enum)
    assert vocabulary.kinds["case"].type.fields["x"].type == vocabulary.kinds["visit"].type.fields["x"].type


def test_labels_that_are_missing_are_warnings(tmp_path: Path) -> None:
    text = (
        HEAD
        + "  x: {enum: [a, b], enum_labels: {a: {fi: A, sv: A, en: A}}, label: {fi: X, en: X}}\n  y: {type: boolean}\n"
    )
    found = load(tmp_path, text).diagnostics
    assert [(d.code, d.severity, d.message) for d in found] == [
        ("missing-label", "warning", "`b` has no label"),
        ("missing-label", "warning", "the label of `x` is missing in Swedish"),
        ("missing-label", "warning", "`y` has no label"),
    ]


def test_errors_of_all_files_come_together(tmp_path: Path) -> None:
    found = diagnostics(
        tmp_path, HEAD + "  x: {type: bool}\n", "a: b: c\n", HEAD.replace("case", "visit") + "  if: {type: boolean}\n"
    )
    assert [d.code for d in found if d.severity == "error"] == ["unknown-type", "colon-in-text", "reserved-word"]


def test_a_folder_without_schemas(tmp_path: Path) -> None:
    assert [d.code for d in diagnostics(tmp_path)] == ["no-vocabulary"]


def test_the_published_schema_is_a_schema_in_the_language_asked_for(vocabulary: Vocabulary) -> None:
    schema = vocabulary.json_schema("case", "sv")
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == "Ärende"
    assert schema["properties"]["price"] == {
        "type": ["string", "number", "null"],
        "minimum": 0,
        "x-format": "money",
        "pattern": schema["properties"]["price"]["pattern"],
        "title": "Pris",
    }
    assert schema["properties"]["id"] == {"type": "string", "title": "Nummer"}
    assert schema["properties"]["coach"]["x-private"] is True
    assert schema["$defs"]["service"]["x-enum-labels"] == {"work_trial": "arbetsprövning", "therapy": "terapi"}


AGREE: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"service": "therapy", "decision": {"made_on": "2025-01-01"}}, True),
    ({"service": None, "decision": None, "days": None, "price": None}, True),
    ({"service": "laku"}, False),
    ({"decision": {"made_by": "x"}}, False),
    ({"days": [{"date": "2025-01-01", "length": "5 h 40 min", "flex": {"reason": "other"}}]}, True),
    ({"days": [{"length": "6 h"}]}, False),
    ({"days": [{"date": None}]}, False),
    ({"days": [None]}, False),
    ({"days": [{"date": "2025-01-01", "length": "5:40"}]}, False),
    ({"days": [{"date": "2025-01-01", "length": "PT5H40M"}]}, True),
    ({"price": "30.00 EUR"}, True),
    ({"price": 30}, True),
    ({"price": "30.005 EUR"}, False),
    ({"price": "-1 EUR"}, False),
    ({"part": "0.5 %"}, True),
    ({"part": "half"}, False),
    ({"notice": "2 weeks"}, True),
    ({"notice": "2 months"}, False),
    ({"term": "1 year"}, True),
    ({"term": "P"}, False),
    ({"visits": -1}, False),
    ({"visits": 3}, True),
    ({"score": 0}, False),
    ({"codes": ["a1", "c"]}, False),
    ({"suitable": "yes"}, False),
    ({"colour": "red"}, False),
]


@pytest.mark.parametrize(("given", "fits"), AGREE)
def test_the_published_schema_takes_what_the_reader_takes(
    vocabulary: Vocabulary, given: dict[str, Any], fits: bool
) -> None:
    record = {"record": "case", "id": "A-1", **given}
    published = Draft202012Validator(vocabulary.json_schema("case"))
    assert published.is_valid(record) == fits
    assert isinstance(build_record(vocabulary, "case", record, "a.json"), Record) == fits
