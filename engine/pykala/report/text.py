"""What `pykala check` and `pykala explain` print: results in, rows for people out.

Deviations come first, then what waits, what is undecided and what hangs on a reading, grouped by record; what
is in order is only counted. Errors of the input are the command's to print, on standard error; here they are counted.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final, Protocol

from pykala.evaluate import explain as words_of
from pykala.evaluate.check import Judgement, RecordVerdicts, Unjudged
from pykala.evaluate.result import Result
from pykala.handbook.numbers import date
from pykala.handbook.verbalize import Labels, Verbalizer
from pykala.handbook.words import NBSP, SEVERITY_WORDS, pick, verdict_word
from pykala.policy.model import Lang, Policy, Verdict
from pykala.report.style import Row, Segment, Style, row, row_writer, write_rows
from pykala.report.tally import TELLING, Tally, by_record
from pykala.report.wording import CONTESTED_SYMBOL, SYMBOLS, counted, tell, unreviewed_rows

if TYPE_CHECKING:
    from pykala.policy.sources import Register
    from pykala.records.record import Record, RecordProblem

_SHOWN: Final = 3
_STYLES: Final[dict[Verdict, Style]] = {
    "pass": "pass",
    "fail": "fail",
    "excused": "excused",
    "pending": "pending",
    "unknown": "unknown",
    "not_applicable": "dim",
}
_ORDER: Final[tuple[Verdict, ...]] = ("fail", "pending", "unknown", "excused", "pass", "not_applicable")


class Checked(Protocol):
    """What a check returned: see `pykala.evaluate.check.CheckReport`."""

    @property
    def results(self) -> Sequence[Result]:
        """Return the verdicts in the order of the records."""

    @property
    def problems(self) -> Sequence[RecordProblem]:
        """Return what is wrong with the input."""

    @property
    def as_of(self) -> datetime.date:
        """Return the date of the check."""

    @property
    def policies(self) -> Sequence[Policy]:
        """Return the versions that judged."""

    @property
    def unjudged(self) -> Sequence[Record]:
        """Return the records that no policy judges."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of all policies of a run in one language, and the register that citations point into."""

    vocabulary: Labels
    lang: Lang
    register: Register | None = None
    _verbalizers: dict[str, Verbalizer] = field(default_factory=dict, repr=False, compare=False)

    def of(self, policy: Policy) -> Verbalizer:
        """Return the words of one policy."""
        if policy.name not in self._verbalizers:
            self._verbalizers[policy.name] = Verbalizer(self.vocabulary, policy, self.lang)
        return self._verbalizers[policy.name]


class TextReport:
    """Writes the report of a check for people: each record that has something to say, then the count of everything.

    `elapsed` is asked at the end for the seconds that the check took, where they are to be told.
    """

    def __init__(
        self,
        out: IO[str],
        wording: Wording,
        as_of: datetime.date,
        *,
        show_all: bool = False,
        elapsed: Callable[[], float] | None = None,
        width: int | None = None,
        color: bool | None = None,
    ) -> None:
        self._wording, self._as_of, self._show_all, self._elapsed = wording, as_of, show_all, elapsed
        self._write = row_writer(out, width=width, color=color)

    def take(self, found: Judgement) -> None:
        """Write the verdicts on a record; problems are the command's to print."""
        if isinstance(found, RecordVerdicts):
            self._write(record_rows(found.results, self._wording, self._as_of, show_all=self._show_all))

    def end(self, tally: Tally) -> None:
        """Write the counts."""
        elapsed = None if self._elapsed is None else self._elapsed()
        self._write(closing_rows(tally, self._wording.lang, self._as_of, elapsed))


def write_check(
    report: Checked,
    wording: Wording,
    out: IO[str],
    *,
    show_all: bool = False,
    elapsed: float | None = None,
    width: int | None = None,
    color: bool | None = None,
) -> None:
    """Write the report of a check for people."""
    write_rows(check_rows(report, wording, show_all=show_all, elapsed=elapsed), out, width=width, color=color)


def check_rows(
    report: Checked, wording: Wording, *, show_all: bool = False, elapsed: float | None = None
) -> Iterator[Row]:
    """Yield the rows of a check: the records that have something to say, then the count of everything."""
    for results in by_record(report.results).values():
        yield from record_rows(results, wording, report.as_of, show_all=show_all)
    yield from closing_rows(tally_of(report), wording.lang, report.as_of, elapsed)


def tally_of(report: Checked) -> Tally:
    """Return the counts of a report."""
    tally = Tally()
    for results in by_record(report.results).values():
        tally.take_results(results)
    for problem in report.problems:
        tally.take(problem)
    for record in report.unjudged:
        tally.take(Unjudged(record))
    return tally


def closing_rows(tally: Tally, lang: Lang, as_of: datetime.date, elapsed: float | None = None) -> Iterator[Row]:
    """Yield the rows at the end of a check: the records that no policy judges, the count of everything last."""
    if tally.unjudged:
        # None is left out in silence.
        shown = [f"{record.id} ({record.origin or record.kind})" for record in tally.first_unjudged]
        if tally.unjudged > len(shown):
            shown.append(tell("so many more", lang, tally.unjudged - len(shown)))
        yield row(Segment(tell("no policy", lang, ", ".join(shown)), "dim"))
        yield row()
    yield from unreviewed_rows(lang)
    yield _summary(tally, lang, as_of, elapsed)


def _summary(tally: Tally, lang: Lang, as_of: datetime.date, elapsed: float | None) -> Row:
    counts = tally.verdicts
    fails = counted("fail", counts["fail"], lang)
    if tally.failing:
        fails += f" {_IN[lang]}{counted('in records', tally.failing, lang)}"
    parts: list[tuple[str, Style]] = [
        (counted("record", tally.records, lang), "bold"),
        (counted("in order", tally.in_order, lang), "pass" if tally.in_order else ""),
        (fails, "fail" if tally.failing else ""),
        (counted("pending", counts["pending"], lang), "pending" if counts["pending"] else ""),
        (counted("unknown", counts["unknown"], lang), "unknown" if counts["unknown"] else ""),
        (counted("error", tally.problems, lang), "fail" if tally.problems else ""),
    ]
    segments: list[Segment] = []
    for text, style in parts:
        segments += [Segment(" · ", "dim")] if segments else []
        segments.append(Segment(text, style))
    right = tell("as of", lang, date(as_of, lang))
    if elapsed is not None:
        hundredths = f"{elapsed:.2f}"
        right += " · " + tell("seconds", lang, hundredths if lang == "en" else hundredths.replace(".", ","))
    return row(*segments, right=right)


_IN: Final[dict[Lang, str]] = {"fi": "", "sv": "i ", "en": "in "}


def record_rows(
    results: Sequence[Result], wording: Wording, as_of: datetime.date, *, show_all: bool = False
) -> Iterator[Row]:
    """Yield the rows of a record, if it has something to say or all are to be shown, and an empty one."""
    if not show_all and not any(result.verdict in TELLING or result.contested for result in results):
        return
    lang = wording.lang
    policies = {result.policy.name: result.policy for result in results}
    # The policy with the most to say is the record's service; what is shared between services comes after it.
    weight = Counter(result.policy.name for result in results)
    titles = ", ".join(
        f"{policy.title.get(lang) or policy.id} ({_version(policy, lang)})"
        for policy in sorted(policies.values(), key=lambda policy: -weight[policy.name])
    )
    counts = [
        counted(verdict, count, lang)
        for verdict in _ORDER
        if (verdict in (*TELLING, "excused") or show_all)
        and (count := sum(result.verdict == verdict for result in results))
    ]
    yield row(Segment(results[0].record_id, "bold"), f" · {titles}", right=" · ".join(counts), hang=2)
    for verdict in _ORDER:
        if verdict in (*TELLING, "excused") or show_all:
            chosen = [result for result in results if result.verdict == verdict]
            for group in _by_rule(chosen):
                yield from _group_rows(group, wording, as_of)
    yield from _contested_rows(results, wording)
    yield row()


def _version(policy: Policy, lang: Lang) -> str:
    """Return the version that judges, and until when it may be followed where a later one has taken its place."""
    if policy.followed_until is None:
        return tell("version", lang, policy.version)
    return tell("old version", lang, policy.version, date(policy.followed_until, lang))


def _by_rule(results: Iterable[Result]) -> list[list[Result]]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.policy.name, result.rule.id), []).append(result)
    return list(groups.values())


def _group_rows(group: list[Result], wording: Wording, as_of: datetime.date) -> Iterator[Row]:
    """Yield one rule's results of one verdict on one record: a head, then what each element has to say."""
    first, lang = group[0], wording.lang
    words = wording.of(first.policy)
    style = _STYLES[first.verdict]
    margin = _margin(lang)
    head: list[Segment] = [
        Segment(f"{SYMBOLS[first.verdict]} ", style),
        Segment(verdict_word(first.verdict, lang).ljust(margin - 6) + "  ", style),
        Segment(words_of.result_title(first, lang), "bold" if first.verdict == "fail" else ""),
    ]
    if first.verdict == "fail" and first.rule.severity.classes:
        classes = "/".join(pick(SEVERITY_WORDS[item], lang) for item in first.rule.severity.classes)
        head.append(Segment(f" · {classes}", "dim"))
    if first.verdict == "pending" and len(group) == 1 and first.at is None:
        yield row(*head, right=due_text(first, as_of, lang), right_style="", indent=2, hang=margin)
        return
    yield row(*head, right=_elements(group, words), right_style="", indent=2, hang=margin)
    match first.verdict:
        case "fail":
            yield from _told(group, words, lambda result: words_of.message_text(result, words), margin)
            for result in group[:1]:
                nearest = words_of.nearest_text(result, words)
                if nearest:
                    yield row(Segment(f"{tell('nearest', lang)}: {nearest}", "dim"), indent=margin)
            yield from _source_rows(first, wording, margin)
        case "pending":
            yield from _told(group, words, lambda result: due_text(result, as_of, lang), margin)
        case "unknown":
            yield from _told(group, words, lambda result: _undecided(result, words), margin)
        case "excused":
            yield from _told(group, words, lambda result: words_of.exception_title(result, lang), margin)
        case "pass" | "not_applicable":
            return


def _told(group: list[Result], words: Verbalizer, text: _Telling, margin: int) -> Iterator[Row]:
    """Yield what the elements say: each text once, with its elements where there are several; the first few."""
    texts: dict[str, list[Result]] = {}
    for result in group:
        texts.setdefault(text(result), []).append(result)
    told = [(said, results) for said, results in texts.items() if said]
    for said, results in told[:_SHOWN]:
        # A message that does not name its element is told apart by it.
        names = [words_of.element_text(result, words) for result in results]
        apart = len(told) > 1 and all(names) and not any(name in said for name in names)
        yield row(f"{', '.join(names)}: {said}" if apart else said, indent=margin)
    rest = [result for _, results in told[_SHOWN:] for result in results]
    if rest:
        names = [words_of.element_text(result, words) for result in rest]
        listed = ", ".join(filter(None, names[:_SHOWN])) + (", …" if len(names) > _SHOWN else "")
        yield row(Segment(tell("more", words.lang, len(rest), listed), "dim"), indent=margin)


class _Telling(Protocol):
    def __call__(self, result: Result, /) -> str: ...


def _elements(group: list[Result], words: Verbalizer) -> str:
    names = [name for result in group if (name := words_of.element_text(result, words))]
    if len(names) <= _SHOWN:
        return ", ".join(names)
    binder = group[0].rule.for_each
    label = words.element_label(binder.element) if binder else ""
    return tell("times", words.lang, len(names), label) if label else str(len(names))


def _source_rows(result: Result, wording: Wording, margin: int) -> Iterator[Row]:
    """Yield the sources with their places, each once, and the command that explains."""
    places: dict[str, dict[str, None]] = {}
    for cite in words_of.citations(result, wording.lang, wording.register):
        places.setdefault(cite.title, {})[f"«{cite.place}»" if cite.place else cite.statement] = None
    for title, found in places.items():
        yield row(Segment(f"§ {title}: {', '.join(found)}", "dim"), indent=margin, hang=margin + 2)
    # A command that is to be copied is never broken.
    yield row(Segment(explain_command(result).replace(" ", NBSP), "dim"), indent=margin)


def explain_command(result: Result) -> str:
    """Return the command that explains a result."""
    command = f"pykala explain {shell_word(result.record)} --rule {result.rule.id}"
    index = (result.at or "").rpartition("[")[2].removesuffix("]")
    return f"{command} --at {index}" if index.isdigit() else command


def shell_word(text: str) -> str:
    """Return a file name as a shell takes it."""
    import shlex

    return shlex.quote(text)


def due_text(result: Result, as_of: datetime.date, lang: Lang) -> str:
    """Return by when a pending duty is due and how long that is, or that no date can say it."""
    if result.due is None:
        return tell("no due date", lang)
    return tell("due", lang, date(result.due, lang), days_left(result.due, as_of, lang))


def days_left(due: datetime.date, as_of: datetime.date, lang: Lang) -> str:
    """Return how many days are left, in words."""
    days = (due - as_of).days
    return tell("today", lang) if days == 0 else counted("days left", days, lang)


def _undecided(result: Result, words: Verbalizer) -> str:
    keys = words_of.element_keys(result, words)
    return "; ".join(words_of.undecided_text(words, item, keys) for item in result.undecided)


def _contested_rows(results: Sequence[Result], wording: Wording) -> Iterator[Row]:
    lang = wording.lang
    margin = _margin(lang)
    groups: dict[tuple[str, str, str], list[Result]] = {}
    for result in results:
        words = wording.of(result.policy)
        for item in result.contested:
            key = (result.policy.name, result.rule.id, words_of.contested_text(words, item))
            groups.setdefault(key, []).append(result)
    for (_, _, text), group in groups.items():
        first = group[0]
        yield row(
            Segment(f"{CONTESTED_SYMBOL} ", "contested"),
            Segment(tell("contested", lang).ljust(margin - 6) + "  ", "contested"),
            words_of.result_title(first, lang),
            right=_elements(group, wording.of(first.policy)),
            right_style="",
            indent=2,
            hang=margin,
        )
        yield row(f"{verdict_word(first.verdict, lang)}; {text}", indent=margin)


def _margin(lang: Lang) -> int:
    """Return the column at which titles begin: two, the symbol, the longest word of what is always shown."""
    shown = [verdict_word(verdict, lang) for verdict in (*TELLING, "excused")] + [tell("contested", lang)]
    return 4 + max(map(len, shown)) + 2
