"""The pages of `docs/diagnostics/`: reading one, and running the policy files that it shows.

A block begins with a comment that says where its lines stand: `# in a rule`, `# in a policy`, or the path of a whole
file. What a block leaves out is filled in from the small repository below.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from pykala.policy.loader import load_policies
from pykala.quality.lint import lint
from pykala_dsl.diagnostics import DiagnosticsError

PAGES = Path(__file__).parent.parent / "docs" / "diagnostics"

_HEADER = re.compile(r"^# (in a rule|in a policy|policies/\S+\.(?:yaml|lock))\n", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

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
    "title": '{fi: "Sääntö", sv: "Regel", en: "Rule"}',
    "severity": "unrated",
    "cite": "guide/day-length",
    "require": "ended_on due by first_meeting.date + 5 months",
}
FILES = {
    "policies/records/case.yaml": """\
$schema: "https://json-schema.org/draft/2020-12/schema"
record: case
label: {fi: "Tapaus", sv: "Ärende", en: "Case"}
type: object
required: [record, id]
additionalProperties: false
properties:
  record: {const: case}
  id: {type: string, label: {fi: "Tunnus", sv: "Id", en: "Id"}}
  service:
    type: string
    label: {fi: "Palvelu", sv: "Tjänst", en: "Service"}
    enum: [work_trial, work_coaching]
    enum_labels:
      work_trial: {fi: "Työkokeilu", sv: "Arbetsprövning", en: "Work try-out"}
      work_coaching: {fi: "Työhönvalmennus", sv: "Arbetsträning", en: "Job coaching"}
  decision:
    type: object
    label: {fi: "Päätös", sv: "Beslut", en: "Decision"}
    additionalProperties: false
    properties:
      made_on: {type: string, format: date, label: {fi: "Päivä", sv: "Dag", en: "Day"}}
      received_on: {type: string, format: date, label: {fi: "Päivä", sv: "Dag", en: "Day"}}
  first_meeting:
    type: object
    label: {fi: "Ensimmäinen tapaaminen", sv: "Första mötet", en: "First meeting"}
    additionalProperties: false
    properties:
      date: {type: string, format: date, label: {fi: "Päivä", sv: "Dag", en: "Day"}}
  confirmed_on: {type: string, format: date, label: {fi: "Vahvistettu", sv: "Bekräftat", en: "Confirmed"}}
  ended_on:
    {type: string, format: date, event: true, absence: none, label: {fi: "Päättyi", sv: "Slutade", en: "Ended"}}
  visits: {type: integer, label: {fi: "Käyntejä", sv: "Besök", en: "Visits"}}
  price: {type: string, format: money, label: {fi: "Hinta", sv: "Pris", en: "Price"}}
  goal: {type: string, label: {fi: "Tavoite", sv: "Mål", en: "Goal"}}
  days:
    type: array
    label: {fi: "Päivät", sv: "Dagar", en: "Days"}
    identified_by: date
    items:
      type: object
      label: {fi: "Päivä", sv: "Dag", en: "Day"}
      additionalProperties: false
      required: [date]
      properties:
        date: {type: string, format: date, label: {fi: "Päivä", sv: "Dag", en: "Date"}}
        length: {type: string, format: exact-time, label: {fi: "Pituus", sv: "Längd", en: "Length"}}
        status:
          type: string
          label: {fi: "Tila", sv: "Läge", en: "Status"}
          enum: [planned, delivered, absent_sick]
          enum_labels:
            planned: {fi: "suunniteltu", sv: "planerad", en: "planned"}
            delivered: {fi: "toteutunut", sv: "genomförd", en: "delivered"}
            absent_sick: {fi: "sairaana", sv: "sjuk", en: "absent, sick"}
""",
    "policies/records/invoice.yaml": """\
$schema: "https://json-schema.org/draft/2020-12/schema"
record: invoice
label: {fi: "Lasku", sv: "Faktura", en: "Invoice"}
type: object
required: [record, id]
additionalProperties: false
properties:
  record: {const: invoice}
  id: {type: string, label: {fi: "Tunnus", sv: "Id", en: "Id"}}
  paid_on: {type: string, format: date, label: {fi: "Maksettu", sv: "Betald", en: "Paid"}}
""",
    "policies/sources/guide.yaml": """\
source: guide
title: {fi: "Ohje", sv: "Anvisning", en: "Guide"}
statements:
  - id: day-length
    kind: obligation
    checkable: "yes"
    says:
      fi: "Päivä kestää vähintään 6 tuntia."
      sv: "En dag varar minst 6 timmar."
      en: "A day lasts at least 6 hours."
""",
}


@dataclass(frozen=True)
class Page:
    """A page: its heading, its summary, and the two blocks with their languages."""

    title: str
    summary: str
    wrong: tuple[str, str]
    right: tuple[str, str]
    why: str

    @property
    def runs(self) -> bool:
        """Return whether the blocks are policy files: a few mistakes cannot be shown in one."""
        return self.wrong[0] == self.right[0] == "yaml"


def read_page(path: Path) -> Page:
    """Return a page of the fixed form; fail where it has another."""
    text = path.read_text(encoding="utf-8")
    match text.split("\n## "):
        case [top, wrong, right, why] if [part.split("\n", 1)[0] for part in (wrong, right, why)] == [
            "Wrong",
            "Right",
            "Why",
        ]:
            title, _, summary = top.removeprefix("# ").partition("\n\n")
            blocks = [_BLOCK.findall(part) for part in (wrong, right)]
            assert [len(found) for found in blocks] == [1, 1], f"{path.name} has not one block in each part"
            return Page(title, summary.strip(), blocks[0][0], blocks[1][0], why.split("\n", 1)[1].strip())
    raise AssertionError(f"{path.name} has not the parts Wrong, Right and Why")


def diagnostics_of(block: str, directory: Path) -> tuple[set[str], set[str]]:
    """Return the codes of the errors, and those of the linter, of the files of a block."""
    for name, text in _files(block).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    try:
        policies = load_policies(directory / "policies", cache=False)
    except DiagnosticsError as error:
        return {item.code for item in error.diagnostics}, set()
    return set(), {item.code for item in lint(policies, as_of=datetime.date(2026, 1, 1))}


def _files(block: str) -> dict[str, str]:
    parts = _HEADER.split(block)
    assert not parts[0], f"a block begins with a comment that says where it stands, not with {parts[0][:40]!r}"
    files = dict(FILES)
    for header, text in zip(parts[1::2], parts[2::2], strict=True):
        if header == "in a rule":
            files["policies/example/2025.yaml"] = _policy(_rule(text))
        elif header == "in a policy":
            files["policies/example/2025.yaml"] = _policy(text if _has(text, "rules") else text + _rule(""))
        else:
            files[header] = text
    if not any(name.split("/")[1] not in ("records", "sources") for name in files):
        files["policies/example/2025.yaml"] = _policy(_rule(""))
    return files


def _policy(text: str) -> str:
    return "".join(f"{key}: {value}\n" for key, value in HEAD.items() if not _has(text, key)) + text


def _rule(text: str) -> str:
    lines = [f"{key}: {value}" for key, value in RULE.items() if not _has(text, key)] + text.splitlines()
    return "rules:\n" + "".join(
        f"{'  - ' if not index else '    '}{line}".rstrip() + "\n" for index, line in enumerate(lines)
    )


def _has(text: str, key: str) -> bool:
    return re.search(rf"^{key}:", text, re.MULTILINE) is not None
