"""What falls due when, soonest first: pending results in, data or rows for people out.

Duties are sorted as a whole before the first is written; they wait on the disk if they are many.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from pykala.evaluate.because import text_json
from pykala.evaluate.check import Judgement, RecordVerdicts
from pykala.evaluate.explain import element_text, result_title
from pykala.evaluate.result import Result
from pykala.handbook.numbers import date
from pykala.policy.model import Lang, Text
from pykala.records.scratch import SortedRows
from pykala.report.json_document import Document
from pykala.report.style import Row, Segment, row, write_rows
from pykala.report.tally import Tally
from pykala.report.text import Checked, Wording, days_left
from pykala.report.wording import counted, tell, unreviewed_rows

FORMAT = "pykala.due/1"
_LAST = "~"
"""The key of a duty without a date, behind all dates."""


@dataclass(frozen=True, slots=True)
class Due:
    """A duty that is still open. `due` is None where no date can say it; `title` and `element` are for people."""

    due: datetime.date | None
    record: str
    record_id: str
    policy: str
    version: str
    rule: str
    at: str | None
    rule_title: Text
    title: str
    element: str

    def days_left(self, as_of: datetime.date) -> int | None:
        """Return how many days are left."""
        return None if self.due is None else (self.due - as_of).days


class DueList:
    """The open duties, the soonest first; those without a date come last, in the order of the records."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._rows: SortedRows[Due] = SortedRows()

    def take(self, results: Iterable[Result]) -> None:
        """Take in the results of a record."""
        for result in results:
            if result.verdict == "pending":
                self._rows.add(result.due.isoformat() if result.due else _LAST, self._due(result))

    def _due(self, result: Result) -> Due:
        return Due(
            result.due,
            result.record,
            result.record_id,
            result.policy.id,
            result.policy.version,
            result.rule.id,
            result.at,
            result.rule.title,
            result_title(result, self._wording.lang),
            element_text(result, self._wording.of(result.policy)),
        )

    def __iter__(self) -> Iterator[Due]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class DueReport:
    """Writes the open duties at the end, as text or as data."""

    def __init__(
        self, out: IO[str], wording: Wording, as_of: datetime.date, *, as_json: bool = False, color: bool | None = None
    ) -> None:
        self._out, self._as_of, self._lang = out, as_of, wording.lang
        self._as_json, self._color = as_json, color
        self._duties = DueList(wording)

    def take(self, found: Judgement) -> None:
        """Take in what a check finds."""
        if isinstance(found, RecordVerdicts):
            self._duties.take(found.results)

    def end(self, _: Tally) -> None:
        """Write the duties."""
        if not self._as_json:
            write_rows(rows_of(self._duties, self._lang, self._as_of), self._out, color=self._color)
            return
        document = Document(self._out)
        for key, value in _head(self._as_of).items():
            document.value(key, value)
        document.begin("due")
        for item in self._duties:
            document.item(_json(item, self._as_of))
        document.close()
        document.end()


def due_json(report: Checked, wording: Wording) -> dict[str, Any]:
    """Return the open duties of a whole report as data."""
    return {**_head(report.as_of), "due": [_json(item, report.as_of) for item in _list_of(report, wording)]}


def due_rows(report: Checked, wording: Wording) -> Iterator[Row]:
    """Yield the rows of a whole report's open duties."""
    return rows_of(_list_of(report, wording), wording.lang, report.as_of)


def _list_of(report: Checked, wording: Wording) -> DueList:
    duties = DueList(wording)
    duties.take(report.results)
    return duties


def _head(as_of: datetime.date) -> dict[str, str]:
    return {"format": FORMAT, "as_of": as_of.isoformat()}


def _json(item: Due, as_of: datetime.date) -> dict[str, Any]:
    return {
        "due": item.due.isoformat() if item.due else None,
        "days_left": item.days_left(as_of),
        "record": item.record,
        "record_id": item.record_id,
        "policy": item.policy,
        "version": item.version,
        "rule": item.rule,
        "at": item.at,
        "title": text_json(item.rule_title),
    }


def rows_of(duties: DueList, lang: Lang, as_of: datetime.date) -> Iterator[Row]:
    """Yield a row for each open duty, then their number and the date of the check."""
    widths = [0, 0]
    for item in duties:
        widths = [max(width, len(text)) for width, text in zip(widths, _when(item, lang, as_of), strict=True)]
    for item in duties:
        day, days = _when(item, lang, as_of)
        left = item.days_left(as_of)
        soon = left is not None and left <= 7
        yield row(
            Segment(day.rjust(widths[0]), "bold" if soon else ""),
            "  ",
            Segment(days.rjust(widths[1]), "pending" if soon else "dim"),
            "  ",
            Segment(item.record_id, "bold"),
            f" · {item.title}" + (f", {item.element}" if item.element else ""),
            hang=sum(widths) + 4,
        )
    if not len(duties):
        yield row(tell("nothing due", lang))
    yield from unreviewed_rows(lang)
    yield row(Segment(f"{counted('pending', len(duties), lang)} · {tell('as of', lang, date(as_of, lang))}", "dim"))


def _when(item: Due, lang: Lang, as_of: datetime.date) -> tuple[str, str]:
    if item.due is None:
        return tell("no due date", lang), ""
    return date(item.due, lang), days_left(item.due, as_of, lang)
