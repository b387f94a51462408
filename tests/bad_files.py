"""The fixtures of `tests/bad/`: wrong files with what is expected of them at the end of the failing line.

A fixture holds cases, each begun by a line `==== title`. A case begins with a comment that says where its lines stand:
`# in a rule`, `# in a policy`, `# in a schema` (a property) or the path of a whole file. What it leaves out is filled
in from the small repository below, in which nothing is wrong.

An expectation is `#! code "part of the message or the help" ~"what is underlined"`, the last of which may be left out;
several may stand on a line. Before the files are loaded it is blanked with spaces, so that no column moves. `␉` stands
for a tab and `␇` for a control character, which editors would not show.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pykala.policy.loader import load_policies
from pykala.quality.lint import lint
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError

FOLDER = Path(__file__).parent / "bad"

_TITLE = re.compile(r"^==== (.+)\n", re.MULTILINE)
_HEADER = re.compile(r"^# (in a rule|in a policy|in a schema|policies/\S+)\n", re.MULTILINE)
_MARKER = re.compile(r'#!((?: [a-z0-9-]+ "[^"]*"(?: ~"[^"]*")?)+) *$')
_EXPECTED = re.compile(r' ([a-z0-9-]+) "([^"]*)"(?: ~"([^"]*)")?')

POLICY = "policies/example/2025.yaml"
EXTRA = "policies/records/extra.yaml"
HEAD = {
    "language": "1",
    "policy": "example",
    "version": '"2025"',
    "title": '{fi: "Esimerkki", sv: "Exempel", en: "Example"}',
    "service": "work-trial",
    "subject": "case",
}
RULE = {
    "id": "example",
    "severity": "unrated",
    "title": '{fi: "Sääntö", sv: "Regel", en: "Rule"}',
    "cite": "guide/visits",
    "require": "visits >= 1",
    "examples": "[{given: {visits: 1}, expect: pass}, {given: {visits: 0}, expect: fail}]",
}
SCHEMA = """\
record: extra
label: {fi: "Muu", sv: "Annan", en: "Other"}
type: object
required: [record, id]
additionalProperties: false
properties:
  record: {const: extra}
  id: {type: string, label: {fi: "Tunnus", sv: "Id", en: "Id"}}
"""
FILES = {
    "policies/records/case.yaml": """\
record: case
label: {fi: "Tapaus", sv: "Ärende", en: "Case"}
type: object
required: [record, id]
additionalProperties: false
properties:
  record: {const: case}
  id: {type: string, label: {fi: "Tunnus", sv: "Id", en: "Id"}}
  service: {$ref: "#/$defs/service", label: {fi: "Palvelu", sv: "Tjänst", en: "Service"}}
  decision:
    type: object
    label: {fi: "Päätös", sv: "Beslut", en: "Decision"}
    properties:
      made_on: {type: string, format: date, label: {fi: "Päivä", sv: "Dag", en: "Day"}}
  started_on: {type: string, format: date, label: {fi: "Alkoi", sv: "Började", en: "Started"}}
  ended_on:
    {type: string, format: date, event: true, absence: none, label: {fi: "Päättyi", sv: "Slutade", en: "Ended"}}
  visits: {type: integer, label: {fi: "Käyntejä", sv: "Besök", en: "Visits"}}
  price: {type: string, format: money, label: {fi: "Hinta", sv: "Pris", en: "Price"}}
  goal: {type: string, label: {fi: "Tavoite", sv: "Mål", en: "Goal"}}
  työpäivä: {type: boolean, label: {fi: "Työpäivä", sv: "Arbetsdag", en: "Working day"}}
  meals:
    type: array
    label: {fi: "Ateriat", sv: "Måltider", en: "Meals"}
    items: {$ref: "#/$defs/meal"}
  days:
    type: array
    label: {fi: "Päivät", sv: "Dagar", en: "Days"}
    identified_by: date
    items:
      type: object
      label: {fi: "Päivä", sv: "Dag", en: "Day"}
      required: [date]
      properties:
        date: {type: string, format: date, label: {fi: "Päivä", sv: "Dag", en: "Date"}}
        length: {type: string, format: exact-time, label: {fi: "Pituus", sv: "Längd", en: "Length"}}
        status: {$ref: "#/$defs/status", label: {fi: "Tila", sv: "Läge", en: "Status"}}
$defs:
  service:
    enum: [work_trial, therapy]
    enum_labels:
      work_trial: {fi: "Työkokeilu", sv: "Arbetsprövning", en: "Work try-out"}
      therapy: {fi: "Terapia", sv: "Terapi", en: "Therapy"}
  status:
    enum: [planned, delivered]
    enum_labels:
      planned: {fi: "suunniteltu", sv: "planerad", en: "planned"}
      delivered: {fi: "toteutunut", sv: "genomförd", en: "delivered"}
  meal:
    enum: [lunch, dinner]
    enum_labels:
      lunch: {fi: "lounas", sv: "lunch", en: "lunch"}
      dinner: {fi: "päivällinen", sv: "middag", en: "dinner"}
""",
    "policies/records/invoice.yaml": SCHEMA.replace("extra", "invoice")
    + '  paid_on: {type: string, format: date, label: {fi: "Maksettu", sv: "Betald", en: "Paid"}}\n',
    "policies/sources/guide.yaml": """\
source: guide
title: {fi: "Ohje", sv: "Anvisning", en: "Guide"}
statements:
  - id: visits
    kind: obligation
    checkable: "yes"
    says: {fi: "Käyntejä on yksi.", sv: "Ett besök.", en: "One visit."}
""",
}


@dataclass(frozen=True)
class Expected:
    """What a marker asks for."""

    file: str
    line: int
    code: str
    part: str
    underlined: str | None

    def fits(self, found: Diagnostic, file: str) -> bool:
        """Return whether a diagnostic is the one expected."""
        said = f"{found.message} {found.help or ''}"
        shown = found.source.text[found.span.start : found.span.end]
        return (
            (file, found.line, found.code) == (self.file, self.line, self.code)
            and self.part in said
            and self.underlined in (None, shown)
        )


@dataclass(frozen=True)
class Case:
    """One case: its files without their markers, and what is expected."""

    name: str
    files: Mapping[str, str]
    expected: tuple[Expected, ...]


def cases() -> Iterator[Case]:
    """Yield the cases of all fixtures."""
    for path in sorted(FOLDER.glob("*.yaml")):
        parts = _TITLE.split(path.read_text(encoding="utf-8"))
        for title, text in zip(parts[1::2], parts[2::2], strict=True):
            yield _case(f"{path.stem}: {title}", text)


def diagnostics(case: Case, folder: Path) -> list[tuple[str, Diagnostic]]:
    """Return everything that is said of a case's files, each with the file it is said of."""
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    found: list[Diagnostic]
    try:
        policies = load_policies(folder / "policies", cache=False)
    except DiagnosticsError as error:
        found = [item for item in error.diagnostics if item.severity == "error"]
    else:
        found = lint(policies, as_of=datetime.date(2026, 1, 1))
    return [(item.source.path.removeprefix(f"{folder.as_posix()}/"), item) for item in found]


def _case(name: str, text: str) -> Case:
    files: dict[str, str] = {}
    expected: list[Expected] = []
    for file, content in _files(text).items():
        lines = []
        for number, line in enumerate(content.split("\n"), 1):
            marker = _MARKER.search(line)
            if marker:
                for code, part, underlined in _EXPECTED.findall(marker[1]):
                    expected.append(Expected(file, number, code, part, underlined or None))
                line = line[: marker.start()] + " " * len(marker[0])
            lines.append(line)
        files[file] = "\n".join(lines).replace("␉", "\t").replace("␇", "\a")
    return Case(name, files, tuple(expected))


def _files(text: str) -> dict[str, str]:
    parts = _HEADER.split(text)
    assert not parts[0].strip(), f"a case begins with a comment that says where it stands, not with {parts[0][:40]!r}"
    files = {POLICY: _policy(_rule("")), **FILES}
    for header, content in zip(parts[1::2], parts[2::2], strict=True):
        match header:
            case "in a rule":
                files[POLICY] = _policy(_rule(content))
            case "in a policy":
                files[POLICY] = _policy(content if _has(content, "rules") else content + _rule(""))
            case "in a schema":
                files[EXTRA] = SCHEMA + "".join(f"  {line}\n" if line else "\n" for line in content.splitlines())
            case _:
                files[header] = content
    return files


def _policy(text: str) -> str:
    return "".join(f"{key}: {value}\n" for key, value in HEAD.items() if not _has(text, key)) + text


def _rule(text: str) -> str:
    lines = [f"{key}: {value}" for key, value in RULE.items() if not _has(text, key)] + text.splitlines()
    return "rules:\n" + "".join(
        f"{'    ' if index else '  - '}{line}\n" if line else "\n" for index, line in enumerate(lines)
    )


def _has(text: str, key: str) -> bool:
    return re.search(rf"^{key}:", text, re.MULTILINE) is not None
