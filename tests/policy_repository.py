"""A small policy repository as text, and what loading it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from pykala.policy.loader import PolicySet, load_policies
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError

CASE = """\
$schema: "https://json-schema.org/draft/2020-12/schema"
record: case
label: {fi: Tapaus, sv: Ärende, en: Case}
type: object
required: [record, id]
additionalProperties: false
properties:
  record: {const: case}
  id: {type: string, label: {fi: Tunniste, sv: Beteckning, en: Identifier}}
  service: {$ref: "#/$defs/service", label: {fi: Palvelu, sv: Tjänst, en: Service}}
  decided_on: {type: string, format: date, label: {fi: Päätöspäivä, sv: Beslutsdag, en: Date of decision}}
  feedback_on: {type: string, format: date, absence: none, label: {fi: Palaute, sv: Respons, en: Feedback}}
  days:
    type: array
    identified_by: date
    label: {fi: Päivät, sv: Dagar, en: Days}
    items:
      type: object
      label: {fi: Päivä, sv: Dag, en: Day}
      additionalProperties: false
      required: [date]
      properties:
        date: {type: string, format: date, label: {fi: Päivä, sv: Datum, en: Date}}
        length: {type: string, format: exact-time, label: {fi: Kesto, sv: Längd, en: Length}}
        status: {$ref: "#/$defs/status", label: {fi: Tila, sv: Status, en: Status}}
        flex:
          type: object
          absence: none
          label: {fi: Jousto, sv: Flex, en: Flex}
          additionalProperties: false
          properties:
            reason: {$ref: "#/$defs/reason", label: {fi: Syy, sv: Orsak, en: Reason}}
$defs:
  service:
    type: string
    enum: [work_trial, other]
    enum_labels: {work_trial: {fi: a, sv: a, en: a}, other: {fi: b, sv: b, en: b}}
  status:
    type: string
    enum: [delivered, cancelled]
    enum_labels: {delivered: {fi: a, sv: a, en: a}, cancelled: {fi: b, sv: b, en: b}}
  reason:
    type: string
    enum: [health, other]
    enum_labels: {health: {fi: a, sv: a, en: a}, other: {fi: b, sv: b, en: b}}
"""
CERTIFICATE = """\
$schema: "https://json-schema.org/draft/2020-12/schema"
record: certificate
label: {fi: Todistus, sv: Intyg, en: Certificate}
type: object
required: [record, id]
additionalProperties: false
properties:
  record: {const: certificate}
  id: {type: string, label: {fi: Tunniste, sv: Beteckning, en: Identifier}}
  written_on: {type: string, format: date, label: {fi: Päiväys, sv: Datum, en: Date}}
"""
REGISTER = """\
source: slides-2025
title: Partner meeting
document: {kind: slides, date: "2025"}
statements:
  - id: day-length
    place: A rehabilitation day
    service: [work-trial]
    kind: obligation
    checkable: "yes"
    says: {fi: Päivä on 6 tuntia., sv: En dag är 6 timmar., en: A day is 6 hours.}
  - id: flex
    service: all
    kind: exception
    checkable: partly
    says: A day may be shorter.
    why_not: Not all grounds are recorded.
    severity: minor
"""
HEAD = """\
language: 1
policy: trial
version: "2025"
title: {fi: Kokeilu, sv: Prövning, en: Trial}
service: work-trial
subject: case
"""
RULE = """\
  - id: day-length
    severity: unrated
    title: {fi: Pituus, sv: Längd, en: Length}
    cite: slides-2025/day-length
    for each: day in delivered
    require: day.length >= shortest_day
    unless:
      flex: day.flex is present
    computes:
      shortfall: shortest_day - day.length
    message:
      fi: "Päivä {day.date} kesti {day.length}; puuttuu {shortfall}."
      sv: "Dagen {day.date} tog {day.length}; {shortfall} saknas."
      en: "Day {day.date} took {day.length}; {shortfall} short."
    examples:
      - given: {"days[0]": {length: 6 h}}
        expect: pass
      - given: {"days[0]": {length: 5 h 59 min}}
        expect: fail
      - not_given: "days[0].length"
        expect: unknown
        because: ["days[0].length"]
      - it: flex lifts it
        given: {"days[0]": {length: 4 h, flex: {reason: health}}}
        expect: [excused]
        exception: flex
"""
BODY = (
    """\
parameters:
  shortest_day: {value: 6 h, label: {fi: lyhin, sv: kortast, en: shortest}, cite: slides-2025/day-length}
define:
  delivered: each day in days where day.status = delivered
typical:
  service: work_trial
  days:
    - {date: 2025-05-05, status: delivered, length: 6 h}
rules:
"""
    + RULE
)
POLICY = HEAD + BODY
SMALL = """\
language: 1
policy: small
version: "1"
title: {fi: "x", sv: "x", en: "x"}
service: small
subject: case
with: {certificate: optional}
applies_to: service = work_trial
rules:
  - id: feedback
    severity: unrated
    title: {fi: "x", sv: "x", en: "x"}
    cite: [slides-2025/day-length]
    require: feedback_on is present or certificate.written_on is present
"""
"""A policy of one rule, which reads a certificate beside the case, where there is one."""


@dataclass(frozen=True)
class Repository:
    """A policies directory that a test writes in."""

    directory: Path

    def write(self, path: str, text: str) -> Repository:
        """Write a file, its text without the common indent."""
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
        return self

    def load(self, *, cache: bool = False) -> PolicySet:
        """Return the policies."""
        return load_policies(self.directory, cache=cache)

    def errors(self) -> list[Diagnostic]:
        """Return what is wrong with the policies."""
        try:
            self.load()
        except DiagnosticsError as error:
            return list(error.diagnostics)
        return []


def repository(directory: Path, policy: str = POLICY) -> Repository:
    """Return a repository with two kinds of records, a register, and a policy."""
    made = Repository(directory / "policies")
    made.write("records/case.yaml", CASE).write("records/certificate.yaml", CERTIFICATE)
    return made.write("sources/slides-2025.yaml", REGISTER).write("trial/2025.yaml", policy)


def place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    """Return the code, line and column of a diagnostic."""
    return diagnostic.code, diagnostic.line, diagnostic.column


def underlined(diagnostic: Diagnostic) -> tuple[str, str]:
    """Return the code of a diagnostic and the text it points at."""
    span = diagnostic.span
    return diagnostic.code, diagnostic.source.text[span.start : span.end]
