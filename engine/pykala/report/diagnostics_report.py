"""What the linter says, for programs: JSON, JSON Lines, JUnit, SARIF, GitHub's annotations, Markdown.

In: diagnostics. Out: the text of a report.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from pykala.report.findings import of_diagnostics
from pykala.report.github import annotation
from pykala.report.junit import Case, Suite, junit_xml
from pykala.report.markdown_report import findings_markdown
from pykala.report.sarif import sarif_text
from pykala_dsl.diagnostics import Diagnostic
from pykala_dsl.render import as_json

FORMAT: Final = "pykala.diagnostics/1"


def report(form: str, diagnostics: Sequence[Diagnostic], summary: str, help_url: str | None = None) -> str:
    """Return the report in one of the forms for programs."""
    match form:
        case "json":
            body = {"format": FORMAT, "diagnostics": [as_json(item) for item in diagnostics]}
            return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
        case "jsonl":
            return "".join(json.dumps(as_json(item), ensure_ascii=False) + "\n" for item in diagnostics)
        case "junit":
            return _junit(diagnostics)
        case "sarif":
            return sarif_text(list(of_diagnostics(diagnostics)), help_url=help_url)
        case "github":
            return "".join(f"{annotation(item)}\n" for item in of_diagnostics(diagnostics))
        case "markdown":
            lines = findings_markdown("pykala lint", list(of_diagnostics(diagnostics)), summary)
            return "".join(f"{line}\n" for line in lines)
        case _:
            raise ValueError(f"no form of report is called {form!r}")


def _junit(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a suite for each file with findings; where there is none, one case that passes, since CI asks for one."""
    suites = []
    for file, group in groupby(of_diagnostics(diagnostics), key=lambda item: item.file):
        cases = tuple(
            Case(
                classname=file,
                name=f"{item.rule} line {item.line}",
                outcome="failure" if item.level == "error" else "skipped",
                message=item.message,
                text=f"{item.file}:{item.line}:{item.column}\n{item.message}",
                kind=item.rule,
                file=item.file,
                line=item.line,
            )
            for item in group
        )
        suites.append(Suite(file, cases))
    return junit_xml("pykala lint", suites or [Suite("policies", (Case("policies", "lint"),))])
