"""Writes a certificate and a feedback as people keep them, by ordinary tools: a PDF form, a Word document, a text.

The words here are written for themselves, not taken from the mappings: a mapping that does not know them is wrong.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One line of a form, or a list with its columns: the property, the label, the name of the form field.

    `choice` is what a drop-down list offers; `boxes` are the names of check boxes, by the word that each of them says.
    """

    path: str
    label: str
    field: str = ""
    columns: tuple[Part, ...] = ()
    choice: tuple[str, ...] = ()
    boxes: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """A document of one kind in one language."""

    title: str
    parts: tuple[Part, ...]
    words: Mapping[str, str]
    hours: str = "h"


def _date(text: str) -> str:
    day = datetime.date.fromisoformat(text)
    return f"{day.day}.{day.month}.{day.year}"


VOCATIONAL = ("work_trial", "work_coaching")
CERTIFICATE: dict[str, Form] = {
    "fi": Form(
        "Osallistumistodistus",
        (
            Part("id", "Todistuksen numero", "todistuksen_numero"),
            Part("case_id", "Asian tunnus", "asian_tunnus"),
            Part("client_name", "Asiakkaan nimi", "asiakkaan_nimi"),
            Part("client_code", "Henkilötunnus", "henkilotunnus"),
            Part("service_name", "Kuntoutuspalvelu", "kuntoutuspalvelu", choice=VOCATIONAL),
            Part("covered.from", "Kuntoutus alkaa", "kuntoutus_alkaa"),
            Part("covered.until", "Kuntoutus päättyy", "kuntoutus_paattyy"),
            Part(
                "periods",
                "Kuntoutusjaksot",
                columns=(
                    Part("from", "Jakso alkaa", "jakso_{n}_alkaa"),
                    Part("until", "Jakso päättyy", "jakso_{n}_paattyy"),
                ),
            ),
            Part(
                "visits",
                "Käynnit ja tapaamiset",
                columns=(
                    Part("date", "Käyntipäivä", "kaynti_{n}_pvm"),
                    Part("length", "Kesto ilman matka-aikaa", "kaynti_{n}_kesto"),
                ),
            ),
            Part(
                "single_days",
                "Yksittäiset kuntoutuspäivät",
                columns=(
                    Part("date", "Kuntoutuspäivä", "paiva_{n}_pvm"),
                    Part("remote", "Etäpäivä", "paiva_{n}_etapaiva"),
                ),
            ),
            Part(
                "absences",
                "Poissaolot",
                columns=(
                    Part("date", "Poissaolopäivä", "poissaolo_{n}_pvm"),
                    Part("reason", "Syy", "poissaolo_{n}_syy"),
                ),
            ),
            Part(
                "coming",
                "Tulevat jaksot ja päivät",
                columns=(
                    Part("from", "Jakso alkaa", "tuleva_{n}_alkaa"),
                    Part("until", "Jakso päättyy", "tuleva_{n}_paattyy"),
                ),
            ),
            Part("flex_days", "Käytetyt joustopäivät", "joustopaivat"),
            Part("flex_reason", "Joustopäivien perustelu", "joustopaivien_perustelu"),
            Part("author_name", "Todistuksen laatija", "laatijan_nimi"),
            Part("author_phone", "Puhelinnumero", "laatijan_puhelin"),
            Part("written_on", "Laadittu", "laadittu"),
            Part("replaces.certificate_id", "Korvaa todistuksen", "korvaa_todistuksen"),
            Part("replaces.changed_on", "Tieto muuttunut", "tieto_muuttunut"),
            Part("facts_changed_on", "Todistuksen tieto muuttui", "todistuksen_tieto_muuttui"),
            Part(
                "given_to",
                "Annettu kenelle",
                boxes={"client": "annettu_asiakkaalle", "kela": "annettu_kelaan", "other": "annettu_muulle"},
            ),
            Part("given_on", "Antamispäivä", "annettu"),
            Part("guided_to_omakela_on", "Ohjattu OmaKelaan", "ohjattu_omakelaan"),
            Part("told_to_deliver_on", "Neuvottu toimittamaan uusi todistus", "neuvottu_toimittamaan"),
        ),
        {
            "work_trial": "työkokeilu",
            "work_coaching": "työhönvalmennus",
            "client": "asiakkaalle",
            "kela": "Kelaan",
            "other": "muulle",
            "yes": "kyllä",
            "no": "ei",
        },
    ),
    "sv": Form(
        "Intyg över deltagande i rehabilitering",
        (
            Part("id", "Intygets nummer", "intygets_nummer"),
            Part("case_id", "Ärendenummer", "arendets_nummer"),
            Part("client_name", "Klientens namn", "klientens_namn"),
            Part("client_code", "Personbeteckning", "personbeteckning"),
            Part("service_name", "Rehabiliteringstjänst", "rehabiliteringstjanst", choice=VOCATIONAL),
            Part("covered.from", "Rehabiliteringen börjar", "rehabiliteringen_borjar"),
            Part("covered.until", "Rehabiliteringen slutar", "rehabiliteringen_slutar"),
            Part(
                "periods",
                "Rehabiliteringsperioder",
                columns=(
                    Part("from", "Perioden börjar", "period_{n}_borjar"),
                    Part("until", "Perioden slutar", "period_{n}_slutar"),
                ),
            ),
            Part(
                "visits",
                "Besök och möten",
                columns=(
                    Part("date", "Besöksdag", "besok_{n}_datum"),
                    Part("length", "Längd utan restid", "besok_{n}_langd"),
                ),
            ),
            Part(
                "single_days",
                "Enstaka rehabiliteringsdagar",
                columns=(
                    Part("date", "Rehabiliteringsdag", "dag_{n}_datum"),
                    Part("remote", "Distansdag", "dag_{n}_distansdag"),
                ),
            ),
            Part(
                "absences",
                "Frånvaro",
                columns=(
                    Part("date", "Frånvarodag", "franvaro_{n}_datum"),
                    Part("reason", "Orsak", "franvaro_{n}_orsak"),
                ),
            ),
            Part(
                "coming",
                "Kommande perioder och dagar",
                columns=(
                    Part("from", "Perioden börjar", "kommande_{n}_borjar"),
                    Part("until", "Perioden slutar", "kommande_{n}_slutar"),
                ),
            ),
            Part("flex_days", "Använda flexdagar", "flexdagar"),
            Part("flex_reason", "Motivering till flexdagarna", "motivering_till_flexdagarna"),
            Part("author_name", "Intyget upprättat av", "upprattarens_namn"),
            Part("author_phone", "Telefonnummer", "upprattarens_telefon"),
            Part("written_on", "Upprättat", "upprattat"),
            Part("replaces.certificate_id", "Ersätter intyget", "ersatter_intyget"),
            Part("replaces.changed_on", "Uppgiften ändrad", "uppgiften_andrad"),
            Part("facts_changed_on", "En uppgift i intyget ändrades", "intygets_uppgift_andrad"),
            Part(
                "given_to",
                "Överlämnat till",
                boxes={
                    "client": "overlamnat_till_klienten",
                    "kela": "overlamnat_till_fpa",
                    "other": "overlamnat_till_annan",
                },
            ),
            Part("given_on", "Överlämnat den", "overlamnat"),
            Part("guided_to_omakela_on", "Hänvisad till MittFPA", "hanvisad_till_mittfpa"),
            Part("told_to_deliver_on", "Uppmanad att lämna in det nya intyget", "uppmanad_att_lamna_in"),
        ),
        {
            "work_trial": "arbetsprövning",
            "work_coaching": "arbetsträning",
            "client": "klient",
            "kela": "FPA",
            "other": "annan",
            "yes": "ja",
            "no": "nej",
        },
        hours="tim",
    ),
}
FEEDBACK: dict[str, Form] = {
    "fi": Form(
        "Kuntoutuspalaute",
        (
            Part("id", "Palautteen numero", "palautteen_numero"),
            Part("case_id", "Asian tunnus", "asian_tunnus"),
            Part("service", "Kuntoutuspalvelu", "kuntoutuspalvelu", choice=VOCATIONAL),
            Part("form", "Lomake", "lomake", choice=("ku148", "own_form")),
            Part("is_short", "Lyhyt palaute", boxes={"yes": "lyhyt_kylla", "no": "lyhyt_ei"}),
            Part("sent_on", "Lähetetty", "lahetetty"),
            Part("received_on", "Saapunut Kelaan", "saapunut"),
            Part(
                "mentions_sickness_extension",
                "Sairastumisesta johtuva pidennys mainitaan",
                boxes={"yes": "pidennys_kylla", "no": "pidennys_ei"},
            ),
            Part("attachments", "Liitteet", boxes={"gas": "liite_gas", "ku5": "liite_ku5", "other": "liite_muu"}),
        ),
        {
            "work_trial": "työkokeilu",
            "work_coaching": "työhönvalmennus",
            "ku148": "KU148",
            "own_form": "oma lomake",
            "gas": "GAS-lomake",
            "ku5": "KU5",
            "other": "muu liite",
            "yes": "kyllä",
            "no": "ei",
        },
    ),
    "sv": Form(
        "Rehabiliteringsrespons",
        (
            Part("id", "Responsens nummer", "responsens_nummer"),
            Part("case_id", "Ärendenummer", "arendets_nummer"),
            Part("service", "Rehabiliteringstjänst", "rehabiliteringstjanst", choice=VOCATIONAL),
            Part("form", "Blankett", "blankett", choice=("ku148", "own_form")),
            Part("is_short", "Kortfattad respons", boxes={"yes": "kort_ja", "no": "kort_nej"}),
            Part("sent_on", "Skickad", "skickad"),
            Part("received_on", "Mottagen av FPA", "mottagen"),
            Part(
                "mentions_sickness_extension",
                "Förlängningen på grund av sjukdom nämns",
                boxes={"yes": "forlangning_ja", "no": "forlangning_nej"},
            ),
            Part("attachments", "Bilagor", boxes={"gas": "bilaga_gas", "ku5": "bilaga_ku5", "other": "bilaga_annan"}),
        ),
        {
            "work_trial": "arbetsprövning",
            "work_coaching": "arbetsträning",
            "ku148": "KU148",
            "own_form": "egen blankett",
            "gas": "GAS-blankett",
            "ku5": "KU5",
            "other": "annan bilaga",
            "yes": "ja",
            "no": "nej",
        },
        hours="tim",
    ),
}
FORMS = {"certificate": CERTIFICATE, "feedback": FEEDBACK}


def at(record: Record, path: str) -> Any:
    """Return the value at a path, None within a group that is none; raise `KeyError` where it is not given."""
    value: Any = record
    for step in path.split("."):
        value = None if value is None else value[step]
    return value


def given(record: Record, form: Form) -> Iterator[tuple[Part, Any]]:
    """Yield the parts of a form that a record says something of, with what it says."""
    for part in form.parts:
        try:
            yield part, at(record, part.path)
        except KeyError:
            continue


def shown(value: Any, form: Form) -> str:
    """Return a value as a person writes it."""
    match value:
        case None:
            return ""
        case bool():
            return form.words["yes" if value else "no"]
        case list():
            return ", ".join(shown(each, form) for each in value)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return _date(value)
        case str() if re.fullmatch(r"\d+ h( \d+ min)?", value):
            return value.replace("h", form.hours)
        case _:
            return form.words.get(str(value), str(value))


def is_ticked(name: str, value: Any) -> bool:
    """Return whether the box of a word is ticked: one of several, or of yes and no."""
    return name in value if isinstance(value, list) else value is {"yes": True, "no": False}[name]


def ticked(part: Part, value: Any, form: Form) -> str:
    """Return a choice among several as check boxes."""
    return "  ".join(f"{'☒' if is_ticked(name, value) else '☐'} {form.words[name]}" for name in part.boxes)


def write_text(record: Record, form: Form, path: Path) -> None:
    """Write a text with a label on each line, and a block of labels for each element of a list."""
    lines = [form.title.upper(), "=" * len(form.title), ""]
    for part, value in given(record, form):
        if part.columns:
            lines += ["", part.label]
            for element in value or ():
                lines += [f"  {column.label}: {shown(element.get(column.path), form)}" for column in part.columns]
                lines.append("")
        elif part.boxes:
            lines.append(f"{part.label}: {ticked(part, value, form)}".replace("☒", "[x]").replace("☐", "[ ]"))
        else:
            lines.append(f"{part.label}: {shown(value, form)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_word(record: Record, form: Form, path: Path) -> None:
    """Write a Word document: a table of labels and values, a table with headers for each list."""
    import docx

    document: Any = docx.Document()
    document.add_heading(form.title, 0)
    table: Any = None
    for part, value in given(record, form):
        if part.columns:
            table = None
            document.add_heading(part.label, 2)
            inner = document.add_table(rows=1, cols=len(part.columns))
            for cell, column in zip(inner.rows[0].cells, part.columns, strict=True):
                cell.text = column.label
            for element in [*(value or ()), {}]:
                cells = inner.add_row().cells
                for cell, column in zip(cells, part.columns, strict=True):
                    cell.text = shown(element.get(column.path), form)
            document.add_paragraph()
            continue
        if table is None:
            table = document.add_table(rows=0, cols=2)
        cells = table.add_row().cells
        cells[0].text = part.label
        cells[1].text = ticked(part, value, form) if part.boxes else shown(value, form)
    document.save(str(path))
    settle(path)


def write_pdf(record: Record, form: Form, path: Path) -> None:
    """Write a PDF with form fields: texts, a choice, check boxes, numbered rows."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    canvas: Any = Canvas(str(path), pagesize=A4, invariant=1)
    fields = canvas.acroForm
    top = A4[1] - 60
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(50, top, form.title)
    canvas.setFont("Helvetica", 8)
    y: int = int(top) - 10

    def down(by: int = 21) -> int:
        nonlocal y
        y -= by
        if y < 50:
            canvas.showPage()
            canvas.setFont("Helvetica", 8)
            y = int(top)
        return y

    def text(name: str, label: str, value: str, x: int, width: int) -> None:
        fields.textfield(
            name=name, tooltip=label, value=value, x=x, y=y - 4, width=width, height=16, fontSize=8, maxlen=1000
        )

    for part, value in given(record, form):
        if part.columns:
            canvas.drawString(50, down(), part.label)
            for number, element in enumerate([*(value or ()), {}], 1):
                down()
                for at_x, column in zip((60, 300), part.columns, strict=True):
                    name = column.field.replace("{n}", str(number))
                    canvas.drawString(at_x, y, column.label)
                    if column.path == "remote":
                        fields.checkbox(name=name, checked=bool(element.get("remote")), x=at_x + 110, y=y - 4, size=14)
                    else:
                        text(name, column.label, shown(element.get(column.path), form), at_x + 110, 110)
        elif part.choice:
            canvas.drawString(50, down(), part.label)
            options = [(form.words[name], name) for name in part.choice]
            fields.choice(
                name=part.field,
                tooltip=part.label,
                value=shown(value, form),
                options=[("", ""), *options],
                x=230,
                y=y - 4,
                width=180,
                height=16,
            )
        elif part.boxes:
            canvas.drawString(50, down(), part.label)
            for x, (name, field) in zip((230, 340, 450), part.boxes.items(), strict=False):
                fields.checkbox(name=field, checked=is_ticked(name, value), x=x, y=y - 4, size=14)
                canvas.drawString(x + 20, y, form.words[name])
        else:
            canvas.drawString(50, down(), part.label)
            text(part.field, part.label, shown(value, form), 230, 300)
    canvas.save()


def settle(path: Path) -> None:
    """Write a zipped document anew with one date for all its parts, so that the same record gives the same bytes."""
    with zipfile.ZipFile(path) as file:
        parts = [(info.filename, _undated(file.read(info))) for info in file.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts:
            file.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def _undated(data: bytes) -> bytes:
    return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>2025-01-01T00:00:00Z", data)


WRITERS = {"txt": write_text, "docx": write_word, "pdf": write_pdf}


def write_document(record: Record, lang: str, path: Path) -> None:
    """Write a record as the document that the ending of the path asks for."""
    WRITERS[path.suffix[1:]](record, FORMS[record["record"]][lang], path)
