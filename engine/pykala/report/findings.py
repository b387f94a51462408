"""What is wrong where, for machines that annotate files: SARIF, GitHub's annotations, JUnit and Markdown speak of these.

In: diagnostics of policy files, outcomes of examples, verdicts and problems of records. Out: `Finding` values.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pykala.evaluate.check import Judgement, RecordVerdicts
from pykala.evaluate.explain import element_keys, message_text, result_title, undecided_text
from pykala.evaluate.result import Result
from pykala.handbook.addresses import diagnostic_page, rule_page
from pykala.handbook.words import NBSP
from pykala.policy.model import Lang
from pykala.quality.examples import ExampleOutcome
from pykala.records.record import RecordProblem
from pykala.report.text import Wording
from pykala_dsl.codes import CODES
from pykala_dsl.diagnostics import Diagnostic

Level: TypeAlias = Literal["error", "warning", "note", "none"]
Kind: TypeAlias = Literal["fail", "open"]
_LEVELS: dict[str, Level] = {"major": "error", "minor": "warning", "suggestion": "note"}
_LINE = re.compile(r"(.*?):(\d+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to be shown at a place. `rule` is stable: a code, or `policy/rule`. Lines and columns count from 1.

    `kind`: `open` where it could not be decided. `subject` is the record and element that a verdict is about.
    """

    rule: str
    title: str
    level: Level
    message: str
    file: str
    line: int = 1
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    help: str = ""
    page: str = ""
    """Where the handbook or the documentation tells more, from its top folder."""
    kind: Kind = "fail"
    subject: str = ""

    @property
    def fingerprint(self) -> str:
        """Return what stays the same when lines are put in above: the rule, the file, what it is about, what it says."""
        text = "\n".join((self.rule, self.file, self.subject, self.message))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def of_diagnostics(diagnostics: Iterable[Diagnostic]) -> Iterator[Finding]:
    """Yield the findings of policy files."""
    for item in diagnostics:
        end_line, end_column = item.source.position(item.span.end)
        known = CODES.get(item.code)
        yield Finding(
            rule=item.code,
            title=known.summary if known is not None else item.code,
            level=item.severity,
            message=item.message + (f"; {item.help}" if item.help else ""),
            file=item.source.path,
            line=item.line,
            column=item.column,
            end_line=end_line,
            end_column=end_column,
            help=item.help or "",
            page=diagnostic_page(item.code),
        )


def of_examples(outcomes: Iterable[ExampleOutcome]) -> Iterator[Finding]:
    """Yield the examples that do not have the verdict that they expect."""
    for outcome in outcomes:
        if outcome.passed:
            continue
        line, column = outcome.example.source.position(outcome.example.span.start)
        yield Finding(
            rule="failed-example",
            title="an example has another verdict than it expects",
            level="error",
            message=f"{outcome.rule.id}: {outcome.detail}",
            file=outcome.example.source.path,
            line=line,
            column=column,
            subject=outcome.name,
        )


def of_judgement(found: Judgement, wording: Wording, *, open_too: bool = True) -> Iterator[Finding]:
    """Yield the deviations of a record and, with `open_too`, what could not be decided; of a problem, one."""
    match found:
        case RecordVerdicts(_, results):
            for result in results:
                if result.verdict == "fail" or (open_too and result.verdict == "unknown"):
                    yield of_result(result, wording)
        case RecordProblem():
            yield of_problem(found)
        case _:
            return


def of_problem(problem: RecordProblem) -> Finding:
    """Return the finding of a record that could not be read or does not fit its schema."""
    file, line = _place(problem.origin)
    path = f"{problem.path}: " if problem.path else ""
    help_ = f"; {problem.help}" if problem.help else ""
    return Finding(
        rule=problem.code,
        title="a record cannot be read, or does not fit its schema",
        level="error",
        message=f"{path}{problem.message}{help_}",
        file=file,
        line=problem.line or line,
        column=problem.column,
        subject=problem.origin,
    )


def of_result(result: Result, wording: Wording) -> Finding:
    """Return the finding of a verdict: a deviation, or what could not be decided and what that hangs on."""
    words, lang = wording.of(result.policy), wording.lang
    if result.verdict == "fail":
        text = message_text(result, words) or result_title(result, lang)
        level: Level = _LEVELS[result.rule.severity.heaviest]
    else:
        keys = element_keys(result, words)
        text = "; ".join(undecided_text(words, item, keys) for item in result.undecided)
        level = "none"
    file, line = _place(result.record)
    at = f" {result.at}" if result.at else ""
    return Finding(
        rule=f"{result.policy.id}/{result.rule.id}",
        title=_title(result, lang),
        level=level,
        message=f"{result.record_id}: {text}".replace(NBSP, " "),
        file=file,
        line=line,
        page=rule_page(result.policy.id, result.rule.id),
        kind="fail" if result.verdict == "fail" else "open",
        subject=f"{result.record_id}{at}",
    )


def _title(result: Result, lang: Lang) -> str:
    return result.rule.title.get(lang) or result.rule.id


def _place(origin: str) -> tuple[str, int]:
    """Return the file and the line of where a record stands: `cases.jsonl:12`, `cases.xlsx, sheet case, row 3`."""
    file = origin.partition(", sheet ")[0]
    found = _LINE.fullmatch(file)
    if found is not None:
        return found.group(1), max(int(found.group(2)), 1)
    return re.sub(r"\[\d+\]$", "", file), 1
