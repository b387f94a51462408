"""PDF forms: fields of every sort, and one clear line for each PDF that is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from document_reading import reading, shipped
from pykala.records.vocabulary import Vocabulary


@pytest.fixture(scope="module", name="vocabulary")
def _vocabulary() -> Vocabulary:
    return shipped()


Draw = Callable[[Any, int], None]


def text(name: str, value: str = "", label: str = "") -> Draw:
    def draw(canvas: Any, y: int) -> None:
        canvas.acroForm.textfield(name=name, value=value, tooltip=label, x=50, y=y, maxlen=1000, fieldFlags="multiline")

    return draw


def box(name: str, ticked: bool) -> Draw:
    return lambda canvas, y: canvas.acroForm.checkbox(name=name, checked=ticked, x=50, y=y)


def radio(name: str, value: str, chosen: bool) -> Draw:
    return lambda canvas, y: canvas.acroForm.radio(name=name, value=value, selected=chosen, x=50, y=y)


def choice(name: str, value: str, *options: tuple[str, str]) -> Draw:
    return lambda canvas, y: canvas.acroForm.choice(
        name=name, value=value, options=[(" ", " "), *options], x=50, y=y, width=100, height=16
    )


def page(canvas: Any, y: int) -> None:
    """Begin another page."""
    canvas.showPage()
    canvas.drawString(50, y, "Sivu 2")


def form(path: Path, *fields: Draw, title: str = "Osallistumistodistus", encrypt: Any = None) -> Path:
    """Write a form with its fields below each other."""
    canvas: Any = Canvas(str(path), invariant=1, encrypt=encrypt)
    if title:
        canvas.drawString(50, 800, title)
    for number, draw in enumerate(fields):
        draw(canvas, 760 - 25 * (number % 28))
    canvas.save()
    return path


NUMBER = text("todistuksen_numero", "T-1")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([text("laadittu", "13.6.2025")], {"written_on": date(2025, 6, 13)}),
        ([text("laadittu", " ")], {"written_on": None}),
        ([text("joustopaivat", "1.7.2025\n3.7.2025")], {"flex_days": [date(2025, 7, 1), date(2025, 7, 3)]}),
        ([text("joustopaivat")], {"flex_days": []}),
        (
            [choice("kuntoutuspalvelu", "työkokeilu", ("työkokeilu", "1"), ("työhönvalmennus", "2"))],
            {"service_name": "work_trial"},
        ),
        ([choice("kuntoutuspalvelu", " ", ("työkokeilu", "1"))], {"service_name": None}),
        (
            [radio("kuntoutuspalvelu", "teak", False), radio("kuntoutuspalvelu", "work_trial", True)],
            {"service_name": "work_trial"},
        ),
        (
            [radio("kuntoutuspalvelu", "teak", False), radio("kuntoutuspalvelu", "work_trial", False)],
            {"service_name": None},
        ),
        ([box("annettu_asiakkaalle", True), box("annettu_kelaan", False)], {"given_to": ["client"]}),
        ([box("annettu_asiakkaalle", False), box("annettu_kelaan", False)], {"given_to": []}),
        ([text("kuntoutus_alkaa"), text("kuntoutus_paattyy")], {"covered": None}),
        (
            [text("kuntoutus_alkaa", "2.6.2025"), text("kuntoutus_paattyy")],
            {"covered": {"from": date(2025, 6, 2), "until": None}},
        ),
    ],
)
def test_a_field_says_what_its_sort_can_say(
    vocabulary: Vocabulary, tmp_path: Path, fields: list[Draw], expected: dict[str, Any]
) -> None:
    found = reading(vocabulary, form(tmp_path / "a.pdf", NUMBER, *fields))
    assert ([], expected) == (found.problems, found.facts)


def test_numbered_fields_are_rows_in_the_order_of_their_numbers(vocabulary: Vocabulary, tmp_path: Path) -> None:
    fields = [
        text("paiva_10_pvm", "20.6.2025"),
        box("paiva_10_etapaiva", True),
        page,
        text("paiva_2_pvm", "12.6.2025"),
        box("paiva_2_etapaiva", False),
        text("paiva_3_pvm"),
        box("paiva_3_etapaiva", False),
    ]
    found = reading(vocabulary, form(tmp_path / "a.pdf", NUMBER, *fields))
    assert [] == found.problems
    assert {
        "single_days": [{"date": date(2025, 6, 12), "remote": False}, {"date": date(2025, 6, 20), "remote": True}]
    } == found.facts


def test_a_field_with_another_name_is_known_by_what_it_tells_people(vocabulary: Vocabulary, tmp_path: Path) -> None:
    found = reading(vocabulary, form(tmp_path / "a.pdf", NUMBER, text("f17", "13.6.2025", "Laadittu:")))
    assert ([], {"written_on": date(2025, 6, 13)}) == (found.problems, found.facts)


def test_two_boxes_make_yes_and_no(vocabulary: Vocabulary, tmp_path: Path) -> None:
    base = [text("palautteen_numero", "P-1"), text("lahetetty", "15.8.2025"), text("saapunut")]

    def is_short(yes: bool, no: bool) -> Any:
        path = form(tmp_path / "a.pdf", *base, box("lyhyt_kylla", yes), box("lyhyt_ei", no), title="Kuntoutuspalaute")
        found = reading(vocabulary, path)
        return found.codes if found.facts is None else found.facts["is_short"]

    assert [True, False, None, ["bad-value"]] == [
        is_short(True, False),
        is_short(False, True),
        is_short(False, False),
        is_short(True, True),
    ]


def test_the_title_on_the_page_tells_which_form_it_is(vocabulary: Vocabulary, tmp_path: Path) -> None:
    shared = text("asian_tunnus", "T-1"), text("kuntoutuspalvelu", "työkokeilu")
    assert ["ambiguous-document"] == reading(vocabulary, form(tmp_path / "a.pdf", *shared, title="Lomake")).codes
    found = reading(vocabulary, form(tmp_path / "b.pdf", *shared))
    assert ([], {"case_id": "T-1", "service_name": "work_trial"}) == (found.problems, found.facts)


def test_a_filled_field_without_a_place_is_listed_with_its_page(vocabulary: Vocabulary, tmp_path: Path) -> None:
    fields = (
        NUMBER,
        page,
        text("oma_kentta", "Salainen"),
        text("laaditttu", "Salainen"),
        text("tyhja"),
        text("tulosta", "x"),
    )
    found = reading(vocabulary, form(tmp_path / "a.pdf", *fields))
    shown = (tmp_path / "a.pdf").as_posix()
    assert [
        (
            "unplaced-field",
            f"{shown}, page 2, field `oma_kentta`",
            "add it to the mapping, or list it under `ignored`",
        ),
        ("unplaced-field", f"{shown}, page 2, field `laaditttu`", "did you mean `laadittu`?"),
    ] == [(problem.code, problem.origin, problem.help) for problem in found.problems]
    assert {} == found.facts
    assert "Salainen" not in str(found.problems)


def test_a_broken_value_is_named_with_page_and_field(vocabulary: Vocabulary, tmp_path: Path) -> None:
    fields = (
        NUMBER,
        text("kaynti_1_pvm", "Salainen"),
        text("kaynti_1_kesto", "45 min"),
        text("jakso_1_alkaa", "31.6.2025"),
    )
    found = reading(vocabulary, form(tmp_path / "a.pdf", *fields))
    shown = (tmp_path / "a.pdf").as_posix()
    assert found.facts is None
    assert {
        (f"{shown}, page 1, field `kaynti_1_pvm`", "visits[0].date", "the value is not a date"),
        (f"{shown}, page 1, field `jakso_1_alkaa`", "periods[0].from", "the value is no day of the calendar"),
    } == {(problem.origin, problem.path, problem.message) for problem in found.problems}


def changed(path: Path, change: Callable[[pypdf.PdfWriter], None]) -> Path:
    """Write a PDF anew with a change that reportlab cannot make."""
    writer = pypdf.PdfWriter(clone_from=path)
    change(writer)
    writer.write(path)
    return path


def test_a_note_typed_upon_the_page_is_listed(vocabulary: Vocabulary, tmp_path: Path) -> None:
    def note(writer: pypdf.PdfWriter) -> None:
        mark = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/FreeText"),
                NameObject("/Contents"): TextStringObject("Salainen"),
                NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (0, 0, 9, 9)]),
            }
        )
        writer.add_annotation(0, mark)

    found = reading(vocabulary, changed(form(tmp_path / "a.pdf", NUMBER, text("laadittu", "13.6.2025")), note))
    assert [("unplaced-text", f"{(tmp_path / 'a.pdf').as_posix()}, page 1")] == [
        (problem.code, problem.origin) for problem in found.problems
    ]
    assert {"written_on": date(2025, 6, 13)} == found.facts


def test_an_xfa_form_is_named_as_such(vocabulary: Vocabulary, tmp_path: Path) -> None:
    def xfa(writer: pypdf.PdfWriter) -> None:
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): ArrayObject()})

    found = reading(vocabulary, changed(form(tmp_path / "a.pdf"), xfa))
    assert [("no-form", "save it as an ordinary PDF form (AcroForm)")] == [(p.code, p.help) for p in found.problems]


def test_a_flattened_form_and_a_scan_are_told_apart(vocabulary: Vocabulary, tmp_path: Path) -> None:
    flat = reading(vocabulary, form(tmp_path / "flat.pdf", title="Osallistumistodistus Laadittu: 13.6.2025"))
    scan = reading(vocabulary, form(tmp_path / "scan.pdf", title=""))
    assert [
        ("no-form", "the PDF has no form fields: its form was flattened or printed, or it never had any"),
        ("no-form", "the PDF holds pictures alone: a scan cannot be read"),
    ] == [(problem.code, problem.message) for problem in (*flat.problems, *scan.problems)]


def test_an_encrypted_pdf_says_so_unless_it_opens_without_a_password(vocabulary: Vocabulary, tmp_path: Path) -> None:
    fields = NUMBER, text("laadittu", "13.6.2025")
    locked = form(tmp_path / "locked.pdf", *fields, encrypt=StandardEncryption("secret"))
    found = reading(vocabulary, locked)
    assert [("unreadable-file", "the file cannot be read: the PDF is encrypted")] == [
        (problem.code, problem.message) for problem in found.problems
    ]
    guarded = form(tmp_path / "guarded.pdf", *fields, encrypt=StandardEncryption("", ownerPassword="secret"))
    assert {"written_on": date(2025, 6, 13)} == reading(vocabulary, guarded).facts


@pytest.mark.parametrize("size", [0, 5, 300, -40])
def test_a_damaged_pdf_is_one_line_without_noise(
    vocabulary: Vocabulary, tmp_path: Path, capsys: pytest.CaptureFixture[str], size: int
) -> None:
    path = form(tmp_path / "a.pdf", NUMBER)
    path.write_bytes(path.read_bytes()[:size])
    found = reading(vocabulary, path)
    assert found.facts is None
    assert 1 == len(found.problems)
    assert found.codes[0] in ("unreadable-file", "empty-file", "no-form")
    assert ("", "") == capsys.readouterr()
