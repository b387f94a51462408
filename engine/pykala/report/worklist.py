"""What would settle the unknown verdicts, over all records: a work list for people."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final

from pykala.evaluate.check import Judgement, RecordVerdicts
from pykala.evaluate.explain import element_keys, element_text, result_title, undecided_text
from pykala.evaluate.result import Result, Undecided
from pykala.handbook.numbers import date
from pykala.policy.model import Lang
from pykala.report.style import Row, Segment, row, row_writer
from pykala.report.tally import Tally, by_record
from pykala.report.text import Checked, Wording
from pykala.report.wording import counted, tell, unreviewed_rows

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to find out for one record, and the results that wait for it."""

    cause: Undecided
    results: tuple[Result, ...]

    @property
    def settles(self) -> int:
        """Return how many of the results this one could decide alone."""
        return sum(
            item.alone
            for result in self.results
            for item in result.undecided
            if (item.kind, item.name) == (self.cause.kind, self.cause.name)
        )


def work_list(results: Iterable[Result]) -> list[Task]:
    """Return what to find out for a record; first what settles the most verdicts alone, then what the most wait for."""
    waiting: dict[tuple[str, str], list[Result]] = {}
    causes: dict[tuple[str, str], Undecided] = {}
    for result in results:
        if result.verdict == "unknown":
            for item in result.undecided:
                waiting.setdefault((item.kind, item.name), []).append(result)
                causes.setdefault((item.kind, item.name), item)
    tasks = [Task(causes[key], tuple(found)) for key, found in waiting.items()]
    return sorted(tasks, key=lambda task: (-task.settles, -len(task.results)))


class WorkList:
    """Writes what would settle the unknown verdicts, one record after another."""

    def __init__(
        self,
        out: IO[str],
        wording: Wording,
        as_of: datetime.date,
        *,
        width: int | None = None,
        color: bool | None = None,
    ) -> None:
        self._wording, self._as_of = wording, as_of
        self._write = row_writer(out, width=width, color=color)

    def take(self, found: Judgement) -> None:
        """Write what is to be found out for a record."""
        if isinstance(found, RecordVerdicts):
            self._write(task_rows(found.results, self._wording))

    def end(self, tally: Tally) -> None:
        """Write how many verdicts are unknown."""
        self._write(_closing_rows(tally.verdicts["unknown"], self._wording.lang, self._as_of))


def worklist_rows(report: Checked, wording: Wording) -> Iterator[Row]:
    """Yield the work list of a whole report."""
    for results in by_record(report.results).values():
        yield from task_rows(results, wording)
    unknown = sum(result.verdict == "unknown" for result in report.results)
    yield from _closing_rows(unknown, wording.lang, report.as_of)


def _closing_rows(unknown: int, lang: Lang, as_of: datetime.date) -> Iterator[Row]:
    if not unknown:
        yield row(tell("nothing undecided", lang))
    yield from unreviewed_rows(lang)
    yield row(Segment(f"{counted('unknown', unknown, lang)} · {tell('as of', lang, date(as_of, lang))}", "dim"))


def task_rows(results: Sequence[Result], wording: Wording) -> Iterator[Row]:
    """Yield a record and below it what to find out, with the rules that wait for it; nothing where all is known."""
    tasks = work_list(results)
    if not tasks:
        return
    lang = wording.lang
    yield row(Segment(results[0].record_id, "bold"), right=counted("open point", len(tasks), lang))
    for task in tasks:
        first = task.results[0]
        words = wording.of(first.policy)
        keys = {path: key for result in task.results for path, key in element_keys(result, words).items()}
        # "Alone" is said of the whole task: it settles everything that waits for it.
        ahead = any(each.ahead for result in task.results for each in result.undecided if each.name == task.cause.name)
        cause = Undecided(task.cause.kind, task.cause.name, task.settles == len(task.results), ahead)
        yield row(
            Segment("? ", "unknown"),
            undecided_text(words, cause, keys),
            right=counted("verdict", len(task.results), lang),
            indent=2,
            hang=4,
        )
        titles: dict[str, list[str]] = {}
        for each in task.results:
            titles.setdefault(result_title(each, lang), []).append(element_text(each, words))
        for title, elements in titles.items():
            named = [name for name in elements if name]
            shown = ", ".join(named[:_SHOWN]) + (f", … ({len(named)})" if len(named) > _SHOWN else "")
            yield row(Segment(f"{title}: {shown}" if shown else title, "dim"), indent=4, hang=6)
    yield row()
