"""What `pykala explain` prints: explanations in, rows for people out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Final

from pykala.evaluate.explain import Explanation, Mark, Part, StepLine, element_text, explain, result_title
from pykala.evaluate.result import Result
from pykala.handbook.words import NBSP, pick, verdict_word
from pykala.policy.model import Lang, Verdict
from pykala.report.style import Row, Segment, Style, row, write_rows
from pykala.report.text import Wording, explain_command
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
    """Yield the rows of explanations, an empty one between two.

    Of several elements of a record's list, those that have nothing to tell are named in one row for each verdict;
    where none has, the first of them is explained.
    """
    groups: dict[tuple[str, str, str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.record, result.record_id, result.policy.name, result.rule.id), []).append(result)
    between = False
    for group in groups.values():
        telling = [result for result in group if result.tells]
        quiet = [result for result in group if not result.tells]
        explained, named = (telling, quiet) if telling else (quiet[:1], quiet[1:])
        for result in explained:
            if between:
                yield row()
            between = True
            yield from _rows(result, explain(result, wording.of(result.policy), wording.register), wording.lang)
        if named:
            yield row()
            yield from _named_rows(named, wording)
    if mark := list(unreviewed_rows(wording.lang)):
        yield row()
        yield from mark


def _named_rows(results: list[Result], wording: Wording) -> Iterator[Row]:
    """Yield a row for each verdict that needs no reason, with its elements, and the command that explains one."""
    by_verdict: dict[Verdict, list[Result]] = {}
    for result in results:
        by_verdict.setdefault(result.verdict, []).append(result)
    for verdict, group in by_verdict.items():
        words = wording.of(group[0].policy)
        names = ", ".join(filter(None, (element_text(result, words) for result in group)))
        yield row(
            Segment(f"{SYMBOLS[verdict]} {verdict_word(verdict, wording.lang)}", _verdict_style(verdict)),
            "  ",
            Segment(result_title(group[0], wording.lang), "bold"),
            f", {group[0].record_id}: {names}",
            hang=2,
        )
    # A command that is to be copied is never broken.
    yield row(Segment(explain_command(results[0]).replace(" ", NBSP), "dim"), indent=2)


def _verdict_style(verdict: Verdict) -> Style:
    return "dim" if verdict == "not_applicable" else verdict


def _rows(result: Result, told: Explanation, lang: Lang) -> Iterator[Row]:
    what = ", ".join(filter(None, [told.title, told.element, told.record_id]))
    yield row(
        Segment(f"{SYMBOLS[result.verdict]} {told.verdict}", _verdict_style(result.verdict)),
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
