"""The JSON Schemas of every report that programs read.

In: a report's name. Out: its schema. The schemas stand beside this module; what two of them say stands in one.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

REPORTS: Final = ("results", "due", "diagnostics", "examples", "mutation", "diff", "impact", "trace", "fields", "show")
"""The names of the reports: `pykala.NAME/1`."""
_OF_RESULTS: Final = {"impact": ("text", "verdict", "value", "fact", "step", "reason")}
"""What a schema takes from that of the results."""


def report_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a report.

    Examples:
        >>> report_schema("trace")["title"]
        'Statements and the rules that answer them: pykala.trace/1'
    """
    schema: dict[str, Any] = json.loads(files("pykala.report").joinpath(f"{name}.schema.json").read_text("utf-8"))
    for part in _OF_RESULTS.get(name, ()):
        schema["$defs"][part] = report_schema("results")["$defs"][part]
    return schema


def format_of(name: str) -> str:
    """Return the format of a report, as its documents say it."""
    return f"pykala.{name}/1"
