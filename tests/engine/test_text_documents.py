"""Texts with labels: where values stand, how people write them, and what is said of what has no place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from document_reading import Reading, reading, shipped
from pykala.records.readers import read_records
from pykala.records.vocabulary import Vocabulary, load_vocabulary

HEAD = "Osallistumistodistus\nTodistuksen numero: T-1\n"


@pytest.fixture(scope="module", name="vocabulary")
def _vocabulary() -> Vocabulary:
    return shipped()


def text(vocabulary: Vocabulary, folder: Path, body: str, head: str = HEAD) -> Reading:
    path = folder / "todistus.txt"
    path.write_text(head + body, encoding="utf-8")
    return reading(vocabulary, path)


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ("Laadittu: 13.6.2025", "written_on", date(2025, 6, 13)),
        ("Laadittu: 13. 6. 2025", "written_on", date(2025, 6, 13)),
        ("Laadittu: 2025-06-13", "written_on", date(2025, 6, 13)),
        ("Laadittu: 13. kesäkuuta 2025", "written_on", date(2025, 6, 13)),
        ("LAADITTU :  13.6.2025", "written_on", date(2025, 6, 13)),
        ("7. Laadittu (pp.kk.vvvv): 13.6.2025", "written_on", date(2025, 6, 13)),
        ("Laadittu\t13.6.2025", "written_on", date(2025, 6, 13)),
        ("Laadittu ........ 13.6.2025", "written_on", date(2025, 6, 13)),
        ("Laadittu\n13.6.2025", "written_on", date(2025, 6, 13)),
        ("Laadittu:\n13.6.2025", "written_on", date(2025, 6, 13)),
        ("Laadittu:", "written_on", None),
        ("Laadittu: ________", "written_on", None),
        ("Laadittu: -", "written_on", None),
        ("Laadittu: ei ole", "written_on", None),
        ("Kuntoutuspalvelu: Työkokeilu", "service_name", "work_trial"),
        ("Kuntoutuspalvelu: TEAK", "service_name", "teak"),
        ("Kuntoutuspalvelu: arbetsprövning", "service_name", "work_trial"),
        ("Kuntoutuspalvelu: ☐ työhönvalmennus ☒ työkokeilu", "service_name", "work_trial"),
        ("Kuntoutuspalvelu:\n[ ] työhönvalmennus\n[x] työkokeilu", "service_name", "work_trial"),
        ("Annettu kenelle: asiakkaalle ja Kelaan", "given_to", ["client", "kela"]),
        ("Annettu kenelle: (x) asiakkaalle ( ) Kelaan", "given_to", ["client"]),
        ("Annettu kenelle: ☐ asiakkaalle ☐ Kelaan", "given_to", []),
        ("Annettu kenelle:", "given_to", []),
        ("Kuntoutusaika: 2.6.2025–13.6.2025", "covered", {"from": date(2025, 6, 2), "until": date(2025, 6, 13)}),
        ("Kuntoutusaika: 26.5. - 13.6.2025", "covered", {"from": date(2025, 5, 26), "until": date(2025, 6, 13)}),
        ("Kuntoutusaika: 2–13.6.2025", "covered", {"from": date(2025, 6, 2), "until": date(2025, 6, 13)}),
        ("Kuntoutusaika:", "covered", None),
        ("Kuntoutus alkaa: 2.6.2025", "covered", {"from": date(2025, 6, 2)}),
        ("Kuntoutus alkaa:\nKuntoutus päättyy:", "covered", None),
        ("Joustopäivät: 1.7.2025; 3.7.2025", "flex_days", [date(2025, 7, 1), date(2025, 7, 3)]),
        ("Joustopäivät: 1., 3. ja 7.7.2025", "flex_days", [date(2025, 7, day) for day in (1, 3, 7)]),
        ("Joustopäivät: 30.6. ja 1.7.2025", "flex_days", [date(2025, 6, 30), date(2025, 7, 1)]),
        ("Joustopäivät:\n1.7.2025\n3.7.2025", "flex_days", [date(2025, 7, 1), date(2025, 7, 3)]),
        ("Joustopäivät: ei joustopäiviä", "flex_days", []),
        ("Jouston syy: toimintakyky\nheikkeni", "flex_reason", "toimintakyky\nheikkeni"),
        ("Jouston syy: työkyky (x) ja ... muuta", "flex_reason", "työkyky (x) ja ... muuta"),
        ("Jouston syy\n  toimintakyky: huono\n  kunto", "flex_reason", "toimintakyky: huono\nkunto"),
    ],
)
def test_a_value_is_read_as_people_write_it(
    vocabulary: Vocabulary, tmp_path: Path, body: str, name: str, expected: Any
) -> None:
    found = text(vocabulary, tmp_path, body)
    assert ([], {name: expected}) == (found.problems, found.facts)


@pytest.mark.parametrize(
    "body",
    [
        "Käynnit\n  Käyntipäivä: 10.6.2025\n  Kesto: 60 min\n\n  Käyntipäivä: 11.6.2025\n  Kesto: 1 h 30 min",
        "Käynnit\nKäyntipäivä: 10.6.2025\nKesto: 1:00\nKäyntipäivä: 11.6.2025\nKesto: 1,5 h",
        "Käynnit\nKäyntipäivä   Kesto\n10.6.2025     1 h\n11.6.2025     1 h 30 min",
        "Käynnit\n\nKäyntipäivä | Kesto\n------------|------\n10.6.2025 | 1 tunti\n11.6.2025 | 1,5 tuntia",
        "Käynnit:\n- 10.6.2025, 60 min\n- 11.6.2025, 90 min",
        "Käynnit: 10.6.2025, 60 min; 11.6.2025, 90 minuuttia",
    ],
)
def test_the_elements_of_a_list_may_be_blocks_a_table_or_lines(
    vocabulary: Vocabulary, tmp_path: Path, body: str
) -> None:
    found = text(vocabulary, tmp_path, body)
    visits = [{"date": date(2025, 6, 10), "length": 60}, {"date": date(2025, 6, 11), "length": 90}]
    assert ([], {"visits": visits}) == (found.problems, found.facts)


@pytest.mark.parametrize("body", ["Käynnit", "Käynnit:\n  ei käyntejä", "Käynnit: -", "Käynnit\n----"])
def test_a_heading_with_nothing_under_it_says_that_there_is_none(
    vocabulary: Vocabulary, tmp_path: Path, body: str
) -> None:
    found = text(vocabulary, tmp_path, body)
    assert ([], {"visits": []}) == (found.problems, found.facts)


def test_what_follows_a_list_is_read_as_before(vocabulary: Vocabulary, tmp_path: Path) -> None:
    body = "Poissaolot\nPäivämäärä: 3.6.2025\nSyy: pitkä\nselitys\n\nTulevat jaksot\n2.–6.6.2025\nLaadittu: 13.6.2025"
    found = text(vocabulary, tmp_path, body)
    assert [] == found.problems
    assert {
        "absences": [{"date": date(2025, 6, 3), "reason": "pitkä\nselitys"}],
        "coming": [{"from": date(2025, 6, 2), "until": date(2025, 6, 6)}],
        "written_on": date(2025, 6, 13),
    } == found.facts


def test_a_label_that_is_not_there_is_not_given_and_an_empty_one_is_none(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    found = text(vocabulary, tmp_path, "Henkilötunnus:")
    assert {"client_code": None} == found.facts


def test_a_mapping_says_of_what_such_a_document_is_silent(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HEAD, encoding="utf-8")
    records, problems = read_records([tmp_path / "a.txt"], vocabulary)
    assert [] == problems
    assert [{"record": "certificate", "id": "T-1", "replaced_on": None}] == [dict(record.data) for record in records]


def test_a_document_without_a_number_is_known_by_its_file(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "T-99.txt").write_text("Osallistumistodistus\nLaadittu: 13.6.2025\nLaatija: A", encoding="utf-8")
    records, _ = read_records([tmp_path / "T-99.txt"], vocabulary)
    assert ["T-99"] == [record.id for record in records]


@pytest.mark.parametrize(
    ("body", "line", "help_"),
    [
        ("Lempiväri: sininen", 3, "add its label to the mapping, or the text under `ignored`"),
        ("Laadittuu: 13.6.2025", 3, "did you mean `laadittu`?"),
        ("\nKiitos osallistumisesta!", 4, "add its label to the mapping, or the text under `ignored`"),
        ("Laadittu: 13.6.2025\nHelsingissä", 4, "add its label to the mapping, or the text under `ignored`"),
        ("Käynnit: ei ole\n\nMuuta kerrottavaa", 5, "add its label to the mapping, or the text under `ignored`"),
    ],
)
def test_what_has_no_place_is_listed_and_the_record_judged(
    vocabulary: Vocabulary, tmp_path: Path, body: str, line: int, help_: str
) -> None:
    found = text(vocabulary, tmp_path, body)
    assert [("unplaced-text", f"{(tmp_path / 'todistus.txt').as_posix()}:{line}", help_)] == [
        (problem.code, problem.origin, problem.help) for problem in found.problems
    ]
    assert found.facts is not None


@pytest.mark.parametrize(
    ("body", "code", "line", "path"),
    [
        ("Laadittu: joskus kesällä", "bad-value", 3, "written_on"),
        ("Laadittu: 31.6.2025", "bad-value", 3, "written_on"),
        ("Laadittu: 13.6.25", "bad-value", 3, "written_on"),
        ("Kuntoutuspalvelu: työkoeilu", "bad-value", 3, "service_name"),
        ("Kuntoutuspalvelu: ☒ työhönvalmennus ☒ työkokeilu", "bad-value", 3, "service_name"),
        ("Kuntoutusaika: kesäkuu", "bad-value", 3, "covered"),
        ("Joustopäivät: 1.7.–3.7.2025", "bad-value", 3, "flex_days[0]"),
        ("Joustopäivät: 1.7.2025\nja kolmas", "bad-value", 3, "flex_days[1]"),
        ("Käynnit\nKäyntipäivä: 10.6.2025\nKesto: pitkä", "bad-value", 5, "visits[0].length"),
        ("Käynnit\n10.6.2025 aamulla", "unplaced-row", 4, "visits"),
        ("Käynnit\nyksi käynti kesäkuussa", "unplaced-row", 4, "visits"),
        ("Käynnit: ei ole\n\nKävi vielä 12.6.2025", "unplaced-row", 5, "visits"),
        ("Laadittu: 13.6.2025\nLaadittu: 14.6.2025", "given-twice", 4, "written_on"),
        ("Jouston syy:\nTodistus annetaan asiakkaalle.", "unplaced-text", 4, "flex_reason"),
        ("Käynnit: ei käyntejä\n10.6.2025, 60 min", "given-twice", 3, "visits"),
        ("Käynnit\n10.6.2025, 60 min\nEi käyntejä.", "given-twice", 5, "visits"),
        ("Annettu kenelle: ☒ asiakkaalle ☐ naapurille", "bad-value", 3, "given_to"),
        ("Annettu kenelle: asiakkaalle ☒", "bad-value", 3, "given_to"),
        ("Kuntoutuspalvelu: ✗ työkokeilu", "bad-value", 3, "service_name"),
    ],
)
def test_what_cannot_be_read_leaves_the_record_unjudged(
    vocabulary: Vocabulary, tmp_path: Path, body: str, code: str, line: int, path: str
) -> None:
    found = text(vocabulary, tmp_path, body)
    assert [(code, f"{(tmp_path / 'todistus.txt').as_posix()}:{line}", path)] == [
        (problem.code, problem.origin, problem.path) for problem in found.problems
    ]
    assert found.facts is None


def test_the_same_value_twice_is_one(vocabulary: Vocabulary, tmp_path: Path) -> None:
    found = text(vocabulary, tmp_path, "Laadittu:\nLaadittu: 13.6.2025\nPäiväys: 13. kesäkuuta 2025")
    assert ([], {"written_on": date(2025, 6, 13)}) == (found.problems, found.facts)


def test_no_message_shows_what_a_document_holds(vocabulary: Vocabulary, tmp_path: Path) -> None:
    secret = "Salainen 010190-999W"
    body = "\n".join(
        (
            f"{secret}: {secret}",
            f"Laadittu: {secret}",
            f"Kuntoutuspalvelu: {secret}",
            f"Kuntoutusaika: {secret}",
            f"Joustopäivät: {secret}",
            f"Nimi: {secret}",
            f"Nimi: toinen {secret}",
            "Jouston syy:",
            secret,
            f"Käynnit\n{secret}",
            f"Käyntipäivä: {secret}",
        )
    )
    found = text(vocabulary, tmp_path, body)
    assert found.facts is None
    assert len(found.problems) >= 8
    assert [] == [problem for problem in found.problems if "Salainen" in str(problem) or "999W" in str(problem)]


def test_texts_that_a_mapping_ignores_are_left_out(vocabulary: Vocabulary, tmp_path: Path) -> None:
    found = text(vocabulary, tmp_path, "Sivu 1 / 2\nAllekirjoitus ja nimenselvennys\nLaadittu: 13.6.2025")
    assert ([], {"written_on": date(2025, 6, 13)}) == (found.problems, found.facts)


# ---------------------------------------------------------------------- which mapping


def test_the_language_is_told_by_the_labels(vocabulary: Vocabulary, tmp_path: Path) -> None:
    found = text(vocabulary, tmp_path, "Upprättat: 13.6.2025\n", "Intygets nummer: T-1\n")
    assert ([], {"written_on": date(2025, 6, 13)}) == (found.problems, found.facts)


def test_a_document_that_fits_two_mappings_is_not_guessed_at(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Asian tunnus: T-1\nKuntoutuspalvelu: työkokeilu\n", encoding="utf-8")
    found = reading(vocabulary, path)
    assert ["ambiguous-document"] == found.codes
    assert "`certificate.fi` and `feedback.fi` fit this document equally well" == found.problems[0].message
    assert {"case_id": "T-1", "service_name": "work_trial"} == reading(vocabulary, path, kind="certificate").facts
    assert {"case_id": "T-1", "service_name": "work_trial"} == reading(vocabulary, path, mapping="certificate.fi").facts


def test_a_document_that_no_mapping_knows(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Hei!\nMitä kuuluu?\n", encoding="utf-8")
    assert ["unknown-document"] == reading(vocabulary, path).codes
    assert ["no-mapping"] == reading(vocabulary, path, kind="invoice").codes
    unknown = reading(vocabulary, path, mapping="certificate.se")
    assert [("unknown-mapping", "did you mean `certificate.sv`?")] == [(p.code, p.help) for p in unknown.problems]


# ---------------------------------------------------------------------- absence that says something


FEEDBACK = "Kuntoutuspalaute\nPalautteen numero: P-1\nKuntoutuspalvelu: työkokeilu\n"


def test_a_field_whose_absence_says_that_there_is_none_must_be_in_the_document(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    found = text(vocabulary, tmp_path, "Lähetetty: 15.8.2025\n", FEEDBACK)
    assert [("missing-place", "received_on")] == [(problem.code, problem.path) for problem in found.problems]
    assert found.facts is None
    found = text(vocabulary, tmp_path, "Lähetetty: 15.8.2025\nSaapunut Kelaan:\n", FEEDBACK)
    assert ([], {"service": "work_trial", "sent_on": date(2025, 8, 15), "received_on": None}) == (
        found.problems,
        found.facts,
    )


CASE = """\
record: case
type: object
required: [record, id]
properties:
  record: {const: case}
  id: {type: string, label: {fi: "Numero", sv: "Nummer", en: "Number"}}
  days:
    type: array
    label: {fi: "Päivät", sv: "Dagar", en: "Days"}
    items:
      type: object
      properties:
        date: {type: string, format: date, label: {fi: "Päivä", sv: "Dag", en: "Day"}}
        flex: {type: string, absence: none, label: {fi: "Jousto", sv: "Flex", en: "Flex"}}
"""


def test_a_column_whose_absence_says_that_there_is_none_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "records" / "documents").mkdir(parents=True)
    (tmp_path / "records" / "case.yaml").write_text(CASE, encoding="utf-8")
    mapping = "record: case\nlang: fi\nfields: {id: null}\nlists: {days: {columns: {date: null, flex: null}}}\n"
    (tmp_path / "records" / "documents" / "case.fi.yaml").write_text(mapping, encoding="utf-8")
    vocabulary = load_vocabulary(tmp_path / "records")
    found = text(vocabulary, tmp_path, "Päivät\nPäivä: 2.6.2025\n", "Numero: A-1\n")
    assert [("missing-place", "days.flex")] == [(problem.code, problem.path) for problem in found.problems]
    assert found.facts is None
    found = text(vocabulary, tmp_path, "Päivät\nPäivä: 2.6.2025\nJousto:\n", "Numero: A-1\n")
    assert ([], {"days": [{"date": date(2025, 6, 2), "flex": None}]}) == (found.problems, found.facts)


# ---------------------------------------------------------------------- files


def test_a_text_that_is_not_utf8(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Nimi: x\nLaatija: Äiti".encode("latin-1"))
    found = reading(vocabulary, tmp_path / "a.txt")
    assert [("not-utf8", f"{(tmp_path / 'a.txt').as_posix()}:2")] == [(p.code, p.origin) for p in found.problems]


def test_a_text_of_another_system(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(
        "\ufeffOsallistumistodistus\r\nLaadittu: 13.6.2025\r\nJouston syy: a\r\nb\r\n".encode()
    )
    found = reading(vocabulary, tmp_path / "a.txt")
    assert ([], {"written_on": date(2025, 6, 13), "flex_reason": "a\nb"}) == (found.problems, found.facts)


@pytest.mark.parametrize("ending", ["doc", "docm", "odt", "rtf"])
def test_other_text_documents_say_that_they_are_not_read(vocabulary: Vocabulary, tmp_path: Path, ending: str) -> None:
    (tmp_path / f"a.{ending}").write_bytes(b"x")
    for path in (tmp_path / f"a.{ending}", tmp_path):
        found = reading(vocabulary, path)
        assert [("unknown-ending", "open it in Word and save it as `.docx`")] == [
            (p.code, p.help) for p in found.problems
        ]


def test_a_text_that_is_far_too_long(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 2_000_001)
    assert ["file-too-big"] == reading(vocabulary, tmp_path / "a.txt").codes
