"""Findings as Markdown, for a summary of a run or a comment on a pull request.

In: findings and a heading. Out: lines. Nothing that a file or a record says can be taken for Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pykala.report.findings import Finding

MOST_ROWS = 200
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&-])")


def findings_markdown(heading: str, findings: Sequence[Finding], summary: str) -> Iterator[str]:
    """Yield a heading, the findings as a table, the first ones where they are many, and a summary."""
    yield f"### {heading}"
    yield ""
    if findings:
        yield "| | | |"
        yield "|---|---|---|"
        for item in findings[:MOST_ROWS]:
            place = f"{escaped(item.file)}:{item.line}"
            yield f"| {item.level if item.kind == 'fail' else 'unknown'} | {place} | {escaped(item.message)} ({escaped(item.rule)}) |"
        if len(findings) > MOST_ROWS:
            yield f"| | | … {len(findings) - MOST_ROWS} |"
        yield ""
    yield summary


def escaped(text: str) -> str:
    """Return a text in which Markdown sees words alone."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
