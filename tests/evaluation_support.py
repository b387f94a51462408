"""Small policies written as text, for tests of evaluation: one kind `case`, and `plan` as another record."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import language_cases
from pykala.evaluate.result import Result
from pykala.evaluate.rules import evaluate_rule
from pykala.policy.loader import load_text
from pykala.policy.model import Policy
from pykala.policy.sources import Register
from pykala.records.build import build_record
from pykala.records.record import Record
from pykala.records.vocabulary import Vocabulary

FIELDS = {
    "a": "yes/no",
    "b": "yes/no",
    "c": "yes/no",
    "suitable": "yes/no, judged",
    "n": "count",
    "m": "count",
    "amount": "money",
    "x": "exact time",
    "y": "exact time",
    "limit": "date",
    "start": "date",
    "done_on": "date, none, event",
    "sent_on": "date, none",
    "until": "date",
    "status": "enum {open, closed, lost}",
    "sickness": "record",
    "sickness.phase": "enum {planning, workplace}",
    "sickness.remote": "yes/no",
    "dates": "list of date",
    "days[].date": "date",
    "days[].length": "exact time",
    "days[].status": "enum {delivered, absent}",
    "days[].done_on": "date, none",
    "days[].paid": "yes/no",
    "notes": "list, none",
    "notes[].kind": "enum {short, long}",
}
PLAN = {"case_id": "text", "agreed": "yes/no", "hours": "exact time", "until": "date", "items[].date": "date"}
AS_OF = datetime.date(2025, 6, 30)
HEAD = """\
language: 1
policy: small
version: "1"
title: {fi: "x", sv: "x", en: "x"}
service: small
subject: case
with: {plan: optional}
parameters:
  six: {value: 6 h, label: {fi: "x", sv: "x", en: "x"}}
  cap: {value: unset, type: count, label: {fi: "x", sv: "x", en: "x"}}
  price: {value: unset, type: money, label: {fi: "x", sv: "x", en: "x"}}
  shortest: {value: unset, type: exact time, label: {fi: "x", sv: "x", en: "x"}}
readings:
  wide: {question: {fi: "x", sv: "x", en: "x"}, options: {yes_wide: {fi: "x", sv: "x", en: "x"}, no_wide: {fi: "x", sv: "x", en: "x"}}, chosen: open, why: {fi: "x", sv: "x", en: "x"}}
  late: {question: {fi: "x", sv: "x", en: "x"}, options: {moved: {fi: "x", sv: "x", en: "x"}, kept: {fi: "x", sv: "x", en: "x"}}, chosen: open, why: {fi: "x", sv: "x", en: "x"}}
  leaning: {question: {fi: "x", sv: "x", en: "x"}, options: {strict: {fi: "x", sv: "x", en: "x"}, mild: {fi: "x", sv: "x", en: "x"}}, chosen: strict, why: {fi: "x", sv: "x", en: "x"}}
"""


def vocabulary() -> Vocabulary:
    """Return the vocabulary of the small policies."""
    return language_cases.vocabulary_of({"case": FIELDS, "plan": PLAN})


def policy_of(rule: str, define: str = "", head: str = HEAD) -> Policy:
    """Return a policy of one rule, written without its id; `define` holds the policy's definitions."""
    body = "".join(f"  {line}\n" for line in rule.strip("\n").splitlines())
    definitions = "define:\n" + "".join(f"  {line}\n" for line in define.strip().splitlines()) if define else ""
    text = f"{head}{definitions}rules:\n- id: the-rule\n  severity: unrated\n  title: {{fi: x, sv: x, en: x}}\n{body}"
    policy, found = load_text(text, "small.yaml", vocabulary(), Register())
    errors = [f"{item.code}: {item.message}" for item in found if item.severity == "error"]
    assert policy is not None, errors
    return policy


def record_of(given: Mapping[str, Any], kind: str = "case", name: str = "A-1") -> Record:
    """Return a record of plain data."""
    record = build_record(vocabulary(), kind, {"record": kind, "id": name, **given}, f"{name}.json")
    assert isinstance(record, Record), record
    return record


def results_of(
    rule: str,
    given: Mapping[str, Any],
    *,
    define: str = "",
    plan: Mapping[str, Any] | None = None,
    as_of: datetime.date = AS_OF,
) -> list[Result]:
    """Return what a rule comes to on a case."""
    policy = policy_of(rule, define)
    records = {"case": record_of(given)}
    if plan is not None:
        records["plan"] = record_of(plan, "plan", "P-1")
    return evaluate_rule(policy.rules[0], policy, records, as_of)


def verdict_of(rule: str, given: Mapping[str, Any], **more: Any) -> str:
    """Return the one verdict of a rule on a case."""
    (result,) = results_of(rule, given, **more)
    return result.verdict


def undecided_of(rule: str, given: Mapping[str, Any], **more: Any) -> list[str]:
    """Return what the one verdict hangs on; what could decide by itself carries an exclamation mark."""
    (result,) = results_of(rule, given, **more)
    assert result.verdict == "unknown", result.verdict
    return [f"{item.name}{'!' if item.alone else ''}" for item in result.undecided]
