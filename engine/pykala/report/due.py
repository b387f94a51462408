"""What falls due when, soonest first: pending results in, data or rows for people out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from pykala.evaluate.because import text_json
from pykala.evaluate.explain import element_text, result_title
from pykala.evaluate.result import Result
from pykala.handbook.numbers import date
from pykala.report.style import Row, Segment, row, write_rows
from pykala.report.text import Checked, Wording, days_left
from pykala.report.wording import counted, tell

FORMAT = "pykala.due/1"


@dataclass(frozen=True, slots=True)
class Due:
    """A duty that is still open. `due` is None where no date can say it, `days_left` then too."""

    due: datetime.date | None
    days_left: int | None
    result: Result


def due_list(report: Checked) -> list[Due]:
    """Return the open duties, the soonest first; those without a date come last, in the order of the records."""
    pending = [result for result in report.results if result.verdict == "pending"]
    found = [Due(result.due, (result.due - report.as_of).days if result.due else None, result) for result in pending]
    return sorted(found, key=lambda item: (item.due is None, item.due or report.as_of))


def due_json(report: Checked) -> dict[str, Any]:
    """Return the open duties as data."""
    return {
        "format": FORMAT,
        "as_of": report.as_of.isoformat(),
        "due": [
            {
                "due": item.due.isoformat() if item.due else None,
                "days_left": item.days_left,
                "record": item.result.record,
                "record_id": item.result.record_id,
                "policy": item.result.policy.id,
                "version": item.result.policy.version,
                "rule": item.result.rule.id,
                "at": item.result.at,
                "title": text_json(item.result.rule.title),
            }
            for item in due_list(report)
        ],
    }


def write_due(
    report: Checked, wording: Wording, out: IO[str], *, width: int | None = None, color: bool | None = None
) -> None:
    """Write the open duties for people."""
    write_rows(due_rows(report, wording), out, width=width, color=color)


def due_rows(report: Checked, wording: Wording) -> Iterator[Row]:
    """Yield a row for each open duty, then their number and the date of the check."""
    lang = wording.lang
    duties = due_list(report)
    dates = [date(item.due, lang) if item.due else tell("no due date", lang) for item in duties]
    left = [days_left(item.due, report.as_of, lang) if item.due else "" for item in duties]
    widths = max(map(len, dates), default=0), max(map(len, left), default=0)
    for item, day, days in zip(duties, dates, left, strict=True):
        words = wording.of(item.result.policy)
        title = result_title(item.result, lang)
        element = element_text(item.result, words)
        soon = item.days_left is not None and item.days_left <= 7
        yield row(
            Segment(day.rjust(widths[0]), "bold" if soon else ""),
            "  ",
            Segment(days.rjust(widths[1]), "pending" if soon else "dim"),
            "  ",
            Segment(item.result.record_id, "bold"),
            f" · {title}" + (f", {element}" if element else ""),
            hang=sum(widths) + 4,
        )
    if not duties:
        yield row(tell("nothing due", lang))
    yield row(
        Segment(f"{counted('pending', len(duties), lang)} · {tell('as of', lang, date(report.as_of, lang))}", "dim")
    )
