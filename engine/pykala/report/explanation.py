"""What `pykala explain` prints: explanations in, rows for people out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Final

from pykala.evaluate.explain import Explanation, Mark, Part, StepLine, explain
from pykala.evaluate.result import Result
from pykala.handbook.words import pick
from pykala.policy.model import Lang
from pykala.report.style import Row, Segment, Style, row, write_rows
from pykala.report.text import Wording
from pykala.report.wording import SYMBOLS, tell, unreviewed_rows

_SHOWN: Final = 15
_MARKS: Final[dict[Mark, tuple[str, str, str]]] = {
    "yes": ("kyllä", "ja", "yes"),
    "no": ("ei", "nej", "no"),
    "open": ("avoinna", "öppet", "open"),
    "unknown": ("ei tiedossa", "inte känt", "not known"),
}
_MARK_STYLES: Final[dict[Mark, Style]] = {"yes": "pass", "no": "fail", "open": "pending", "unknown": "unknown"}


def write_explanations(
    results: Iterable[Result],
    wording: Wording,
    out: IO[str],
    *,
    width: int | None = None,
    color: bool | None = None,
) -> None:
    """Write why verdicts are what they are."""
    write_rows(explanation_rows(results, wording), out, width=width, color=color)


def explanation_rows(results: Iterable[Result], wording: Wording) -> Iterator[Row]:
    """Yield the rows of explanations, an empty one between two."""
    for index, result in enumerate(results):
        if index:
            yield row()
        yield from _rows(result, explain(result, wording.of(result.policy), wording.register), wording.lang)
    if mark := list(unreviewed_rows(wording.lang)):
        yield row()
        yield from mark


def _rows(result: Result, told: Explanation, lang: Lang) -> Iterator[Row]:
    style: Style = "dim" if result.verdict == "not_applicable" else result.verdict
    what = ", ".join(filter(None, [told.title, told.element, told.record_id]))
    yield row(
        Segment(f"{SYMBOLS[result.verdict]} {told.verdict}", style),
        "  ",
        Segment(what, "bold"),
        f" · {told.policy} ({tell('version', lang, told.version)}) · {result.record}",
        hang=2,
    )
    margin = 4 + max(
        [len(part.role_word) for part in told.parts]
        + [len(tell(key, lang)) for key in ("facts", "undecided", "nearest", "source", "reading", "due date")]
    )
    if told.message:
        yield row(told.message, indent=2)
    yield row()
    for part in told.parts:
        yield from _part_rows(part, lang, margin)
    yield from _listed(tell("due date", lang), [told.due] if told.due else [], margin)
    parameters = [
        f"{item.label}: {item.value} · {', '.join([tell('parameter', lang, item.name), *item.cite])}"
        for item in told.parameters
    ]
    facts = [f"{item.label}: {item.value} · {item.path}" for item in told.facts[:_SHOWN]]
    if len(told.facts) > _SHOWN:
        facts.append(tell("so many more", lang, len(told.facts) - _SHOWN))
    yield from _listed(tell("facts", lang), facts + parameters, margin)
    yield from _listed(tell("reading", lang), [*told.readings, *told.contested], margin)
    yield from _listed(tell("undecided", lang), told.undecided, margin)
    yield from _listed(tell("nearest", lang), [told.nearest] if told.nearest else [], margin)
    sources = [
        f"{cite.title}{f', «{cite.place}»' if cite.place else ''}: {cite.source}/{cite.statement}"
        for cite in told.citations
    ]
    yield from _listed(tell("source", lang), sources, margin)


def _part_rows(part: Part, lang: Lang, margin: int) -> Iterator[Row]:
    head = part.role_word
    lines: tuple[StepLine, ...] = part.lines
    if part.title:
        yield _labelled(head, margin, Segment(part.title), right=pick(_MARKS[part.mark], lang), mark=part.mark)
        head = ""
    for line in lines:
        step = 2 * (line.depth + (1 if part.title else 0))
        mark = pick(_MARKS[line.mark], lang) if line.mark else ""
        found = line.found if line.found != mark else ""
        yield _labelled(
            head,
            margin,
            Segment(" " * step + line.text),
            right="   ".join(filter(None, [found, mark])),
            mark=line.mark,
            step=step,
        )
        head = ""


def _labelled(head: str, margin: int, *left: Segment, right: str = "", mark: Mark | None = None, step: int = 0) -> Row:
    return row(
        Segment(head.ljust(margin - 2), "dim"),
        *left,
        right=right,
        right_style=_MARK_STYLES[mark] if mark else "dim",
        indent=2,
        hang=margin + 2 + step,
    )


def _listed(head: str, lines: Iterable[str], margin: int) -> Iterator[Row]:
    for index, line in enumerate(lines):
        yield _labelled("" if index else head, margin, Segment(line))
