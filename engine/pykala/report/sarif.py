"""SARIF 2.1.0, within the limits of GitHub's code scanning.

In: findings, and what went wrong with the input. Out: the log as data. Rule ids are stable, lines count from 1, and
fingerprints stay when lines are put in above. Of more results than GitHub shows, the heaviest are kept, and the log says
how many were left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from pykala.report.findings import Finding, Level

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS: Final = 5000
_ORDER: Final[dict[Level, int]] = {"error": 0, "warning": 1, "note": 2, "none": 3}


def sarif_text(findings: Sequence[Finding], *, errors: Sequence[Finding] = (), help_url: str | None = None) -> str:
    """Return the text of a SARIF log.

    `errors` are what the tool could not read: they are told as notifications, not as results. `help_url` is where the
    handbook or the documentation is published; without it, rules carry their help as text alone.
    """
    return json.dumps(sarif_log(findings, errors=errors, help_url=help_url), ensure_ascii=False, indent=1) + "\n"


def sarif_log(
    findings: Sequence[Finding], *, errors: Sequence[Finding] = (), help_url: str | None = None
) -> dict[str, Any]:
    """Return a SARIF log as data."""
    from importlib.metadata import version

    kept = sorted(findings, key=lambda item: _ORDER[item.level])[:MOST_RESULTS]
    chosen = {id(item) for item in kept}
    shown = [item for item in findings if id(item) in chosen]
    ids = list(dict.fromkeys(item.rule for item in shown))
    first = {item.rule: item for item in reversed(shown)}
    notices = [_notification(item) for item in errors]
    if len(shown) < len(findings):
        text = f"{len(findings) - len(shown)} more results were left out"
        notices.append({"level": "warning", "message": {"text": text}})
    invocation: dict[str, Any] = {"executionSuccessful": not errors}
    if notices:
        invocation["toolExecutionNotifications"] = notices
    driver = {
        "name": "Pykala",
        "semanticVersion": version("pykala"),
        "rules": [_rule(first[name], help_url) for name in ids],
    }
    seen: Counter[str] = Counter()
    results = []
    for item in shown:
        seen[item.fingerprint] += 1
        results.append(_result(item, ids.index(item.rule), seen[item.fingerprint]))
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(item: Finding, help_url: str | None) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": item.rule,
        "shortDescription": {"text": item.title},
        "help": {"text": item.help or item.title},
    }
    if help_url is not None and item.page:
        rule["helpUri"] = f"{help_url.rstrip('/')}/{item.page}"
    return rule


def _result(item: Finding, index: int, number: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": item.rule,
        "ruleIndex": index,
        "kind": item.kind,
        "level": item.level,
        "message": {"text": item.message},
        "locations": [_location(item)],
        "partialFingerprints": {"pykala/v1": f"{item.fingerprint}:{number}"},
    }
    return result


def _location(item: Finding) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": max(item.line, 1)}
    if item.column is not None:
        region["startColumn"] = max(item.column, 1)
    if item.end_line is not None and item.end_column is not None:
        region |= {"endLine": item.end_line, "endColumn": item.end_column}
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _uri(item.file)}, "region": region}}
    if item.subject:
        place["logicalLocations"] = [{"fullyQualifiedName": item.subject}]
    return place


def _notification(item: Finding) -> dict[str, Any]:
    return {
        "level": "error",
        "descriptor": {"id": item.rule},
        "message": {"text": item.message},
        "locations": [_location(item)],
    }


def _uri(path: str) -> str:
    """Return a path as a URI reference, relative where the path is."""
    return quote(path.replace("\\", "/"), safe="/")
