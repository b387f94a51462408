"""Annotations of GitHub's actions: one workflow command a line.

In: findings. Out: lines such as `::error file=…,line=…,title=…::…`.
"""

from __future__ import annotations

from pykala.report.findings import Finding, Level

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice", "none": "notice"}


def annotation(item: Finding) -> str:
    """Return the line that annotates a finding."""
    places = {"file": item.file, "line": str(item.line)}
    if item.column is not None:
        places["col"] = str(item.column)
    if item.end_line is not None and item.end_column is not None:
        places |= {"endLine": str(item.end_line), "endColumn": str(item.end_column)}
    places["title"] = item.rule
    listed = ",".join(f"{key}={_property(value)}" for key, value in places.items())
    return f"::{_COMMANDS[item.level]} {listed}::{_data(item.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
