"""What would settle the unknown verdicts, over all records: a work list for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Final

from pykala.evaluate.explain import element_keys, element_text, result_title, undecided_text
from pykala.evaluate.result import Result, Undecided
from pykala.handbook.numbers import date
from pykala.report.style import Row, Segment, row, write_rows
from pykala.report.text import Checked, Wording
from pykala.report.wording import counted, tell

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


def work_list(results: Iterable[Result]) -> dict[tuple[str, str], list[Task]]:
    """Return what to find out, by record; first what settles the most verdicts alone, then what the most wait for."""
    waiting: dict[tuple[str, str], dict[tuple[str, str], list[Result]]] = {}
    causes: dict[tuple[str, str], Undecided] = {}
    for result in results:
        if result.verdict != "unknown":
            continue
        of_record = waiting.setdefault((result.record, result.record_id), {})
        for item in result.undecided:
            of_record.setdefault((item.kind, item.name), []).append(result)
            causes.setdefault((item.kind, item.name), item)
    return {
        record: sorted(
            (Task(causes[key], tuple(found)) for key, found in by_cause.items()),
            key=lambda task: (-task.settles, -len(task.results)),
        )
        for record, by_cause in waiting.items()
    }


def write_worklist(
    report: Checked, wording: Wording, out: IO[str], *, width: int | None = None, color: bool | None = None
) -> None:
    """Write the work list for people."""
    write_rows(worklist_rows(report, wording), out, width=width, color=color)


def worklist_rows(report: Checked, wording: Wording) -> Iterator[Row]:
    """Yield a record and below it what to find out, with the rules that wait for it."""
    lang = wording.lang
    tasks = work_list(report.results)
    for (_, record_id), found in tasks.items():
        yield row(Segment(record_id, "bold"), right=counted("open point", len(found), lang))
        for task in found:
            first = task.results[0]
            words = wording.of(first.policy)
            keys = {path: key for result in task.results for path, key in element_keys(result, words).items()}
            # "Alone" is said of the whole task: it settles everything that waits for it.
            cause = Undecided(task.cause.kind, task.cause.name, task.settles == len(task.results))
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
    if not tasks:
        yield row(tell("nothing undecided", lang))
    unknown = sum(result.verdict == "unknown" for result in report.results)
    yield row(
        Segment(f"{counted('unknown', unknown, lang)} · {tell('as of', lang, date(report.as_of, lang))}", "dim"),
    )
