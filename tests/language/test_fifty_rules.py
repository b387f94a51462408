"""Fifty rules on real statements, each through the whole way: file, parser, checker, evaluator, verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest

import language_cases
from pykala.policy.loader import load_text
from pykala.policy.sources import Register
from pykala.quality.examples import run_policy

LATER = "2029-12-31"
"""The date of the check where an example does not say: everything it tells has happened."""
RULES: list[dict[str, Any]] = language_cases.read_yaml("rules")


def policy_text(entry: dict[str, Any]) -> str:
    """Return a policy file that holds the entry's one rule."""
    rule = {**entry["rule"], "examples": [_example(example) for example in entry["examples"]]}
    head = {
        "language": 1,
        "policy": "one-rule",
        "version": "1",
        "title": _text("one rule"),
        "service": "one",
        "subject": entry["record"],
        "with": entry.get("with", {}),
        "parameters": {name: {**spec, "label": _text(name)} for name, spec in entry.get("parameters", {}).items()},
        "readings": {name: _reading(name, spec) for name, spec in entry.get("readings", {}).items()},
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items() if value != {}]
    lines += _block("define", entry.get("define", {}), "")
    lines.append("rules:")
    first = "- "
    for key, value in rule.items():
        if key in ("unless", "define", "computes"):
            lines += _block(key, value, "  ")
        elif key == "examples":
            lines.append("  examples:")
            lines += [f"  - {json.dumps(example, ensure_ascii=False)}" for example in value]
        else:
            lines.append(f"{first}{key}: {value}")
        first = "  "
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("entry", RULES, ids=[entry["statement"] for entry in RULES])
def test_each_example_has_the_verdict_it_expects(entry: dict[str, Any]) -> None:
    kinds = {entry["record"]: _own(entry, None)}
    for other in entry.get("with", {}):
        kinds[other] = _own(entry, other)
    vocabulary = language_cases.vocabulary_of(kinds)
    policy, found = load_text(policy_text(entry), "one-rule.yaml", vocabulary, Register())
    errors = [(item.code, item.message, item.line) for item in found if item.severity == "error"]
    assert [error for error in errors if error[0] != "missing-translation"] == []
    assert policy is not None
    outcomes = run_policy(policy, vocabulary)
    assert len(entry["examples"]) == len(outcomes)
    assert [
        (str(outcome.example.caption), outcome.expected, outcome.got) for outcome in outcomes if not outcome.passed
    ] == []


def _own(entry: dict[str, Any], other: str | None) -> dict[str, str]:
    """Return the fields of the subject, or of another record, where their paths begin with its name."""
    others = tuple(f"{name}." for name in entry.get("with", {}))
    if other is None:
        return (
            {path: spec for path, spec in entry["fields"].items() if not path.startswith(others)}
            if others
            else dict(entry["fields"])
        )
    prefix = f"{other}."
    return {path.removeprefix(prefix): spec for path, spec in entry["fields"].items() if path.startswith(prefix)}


def _example(example: dict[str, Any]) -> dict[str, Any]:
    given = dict(example["given"])
    return {"it": example["it"], "as_of": given.pop("as_of", LATER), "given": given, "expect": example["expect"]}


def _reading(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    options = {option: _text(option) for option in spec["options"]}
    return {"question": _text(name), "options": options, "chosen": spec["chosen"], "why": _text("silent")}


def _block(key: str, entries: dict[str, str], indent: str) -> list[str]:
    return [f"{indent}{key}:", *(f"{indent}  {name}: {text}" for name, text in entries.items())] if entries else []


def _text(words: str) -> dict[str, str]:
    return dict.fromkeys(("fi", "sv", "en"), words)
