"""The report of a check for programs: `pykala.results/1`, as one document or as JSON Lines.

The contract is `results.schema.json` beside this module. Keys come in one order, numbers that are not whole
are text in the language's own notation (`"30.00 EUR"`, `"5 h 40 min"`), and a private value is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias

from pykala.evaluate.because import TextCache, because_json, value_json
from pykala.evaluate.explain import message_text, nearest_text
from pykala.evaluate.result import Result
from pykala.handbook.verbalize import Labels, Verbalizer
from pykala.policy.model import LANGUAGES, VERDICTS, Citation
from pykala.report.text import Checked, by_record

if TYPE_CHECKING:
    from pykala.policy.sources import Register
    from pykala.records.record import Record, RecordProblem

FORMAT: Final = "pykala.results/1"
HANDBOOK: Final = "handbook/"
Reasons: TypeAlias = Literal["all", "telling", "none"]
"""Which results carry their reason tree: all, those with something to tell (neither in order nor not applicable), none."""


def results_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report; a line of JSON Lines is its `#/$defs/line`."""
    schema: dict[str, Any] = json.loads(files("pykala.report").joinpath("results.schema.json").read_text("utf-8"))
    return schema


def report_json(
    report: Checked,
    vocabulary: Labels,
    register: Register | None = None,
    *,
    handbook_url: str = HANDBOOK,
    reasons: Reasons = "telling",
) -> dict[str, Any]:
    """Return the whole report as data; `reasons` says which results carry their reason tree."""
    writer = _Writer(vocabulary, register, handbook_url, reasons)
    return {
        **_head(report),
        "results": [writer.result(result) for result in report.results],
        "unjudged": [_unjudged(record) for record in report.unjudged],
        "errors": [_error(problem) for problem in report.problems],
        "summary": _summary(report),
    }


def report_lines(
    report: Checked,
    vocabulary: Labels,
    register: Register | None = None,
    *,
    handbook_url: str = HANDBOOK,
    reasons: Reasons = "telling",
) -> Iterator[dict[str, Any]]:
    """Yield the report line by line: the run, results, records without one, errors, the summary; `type` says which."""
    writer = _Writer(vocabulary, register, handbook_url, reasons)
    yield {"type": "run", **_head(report)}
    for result in report.results:
        yield {"type": "result", **writer.result(result)}
    for record in report.unjudged:
        yield {"type": "unjudged", **_unjudged(record)}
    for problem in report.problems:
        yield {"type": "error", **_error(problem)}
    yield {"type": "summary", **_summary(report)}


def write_json(data: dict[str, Any], out: IO[str]) -> None:
    """Write a document: a key a line, of a list an item a line, letters as they are.

    So a large report is still quick to write (the encoder that indents is not), and two of them can be compared.
    """
    before = "{"
    for key, value in data.items():
        out.write(f"{before}\n{json.dumps(key)}: ")
        before = ","
        if isinstance(value, list) and value:
            items = ",\n".join(json.dumps(item, ensure_ascii=False) for item in value)
            out.write(f"[\n{items}\n]")
        else:
            out.write(json.dumps(value, ensure_ascii=False))
    out.write("\n}\n")


def write_json_lines(lines: Iterator[dict[str, Any]], out: IO[str]) -> None:
    """Write objects one a line."""
    for line in lines:
        out.write(json.dumps(line, ensure_ascii=False, separators=(", ", ": ")) + "\n")


def result_json(
    result: Result,
    vocabulary: Labels,
    register: Register | None = None,
    *,
    handbook_url: str = HANDBOOK,
    reasons: Reasons = "telling",
) -> dict[str, Any]:
    """Return one result as data."""
    return _Writer(vocabulary, register, handbook_url, reasons).result(result)


class _Writer:
    def __init__(self, vocabulary: Labels, register: Register | None, handbook_url: str, reasons: Reasons) -> None:
        self.vocabulary, self.register, self.reasons = vocabulary, register, reasons
        self.handbook_url = handbook_url if handbook_url.endswith("/") else handbook_url + "/"
        self.cache: TextCache = {}
        self.verbalizers: dict[str, list[Verbalizer]] = {}

    def words(self, result: Result) -> list[Verbalizer]:
        """Return the words of the result's policy in each language."""
        name = result.policy.name
        if name not in self.verbalizers:
            self.verbalizers[name] = [Verbalizer(self.vocabulary, result.policy, lang) for lang in LANGUAGES]
        return self.verbalizers[name]

    def result(self, result: Result) -> dict[str, Any]:
        """Return one result as data; the message and the nearest change are given for a deviation alone."""
        words = self.words(result)
        failed = result.verdict == "fail"
        nearest = {each.lang: nearest_text(result, each) for each in words} if failed else {}
        return {
            "record": result.record,
            "record_id": result.record_id,
            "policy": result.policy.id,
            "version": result.policy.version,
            "rule": None if result.for_policy else result.rule.id,
            "verdict": result.verdict,
            "severity": "unrated" if result.for_policy else str(result.rule.severity),
            "at": result.at,
            "due": result.due.isoformat() if result.due else None,
            "exception": result.exception,
            "undecided": [{"kind": item.kind, "name": item.name, "alone": item.alone} for item in result.undecided],
            "contested": [
                {"reading": item.reading, "option": item.option, "verdict": item.verdict} for item in result.contested
            ],
            "values": {name: value_json(value, type_) for name, (value, type_) in result.values.items()},
            "message": {each.lang: message_text(result, each) for each in words} if failed else None,
            "nearest": nearest if any(nearest.values()) else None,
            "cite": [] if result.for_policy else [self._cite(cite) for cite in result.rule.cite],
            "because": because_json(result, self.vocabulary, self.cache) if self._tells(result) else None,
            "help": f"{self.handbook_url}{result.policy.id}/" + ("" if result.for_policy else f"{result.rule.id}/"),
        }

    def _tells(self, result: Result) -> bool:
        quiet = result.verdict in ("pass", "not_applicable") and not result.contested
        return self.reasons == "all" or (self.reasons == "telling" and not quiet)

    def _cite(self, cite: Citation) -> dict[str, Any]:
        found = self.register.statements.get((cite.source, cite.statement)) if self.register else None
        place = found.place.get("fi") if found else ""
        return {"source": cite.source, "statement": cite.statement, "place": place or None}


def _head(report: Checked) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "as_of": report.as_of.isoformat(),
        "policies": [
            {"policy": policy.id, "version": policy.version, "sha256": policy.sha256} for policy in report.policies
        ],
    }


def _unjudged(record: Record) -> dict[str, str]:
    return {"record": record.origin, "record_id": record.id, "kind": record.kind}


def _error(problem: RecordProblem) -> dict[str, Any]:
    return {
        "record": problem.origin,
        "code": problem.code,
        "path": problem.path,
        "message": problem.message,
        "help": problem.help,
        "line": problem.line,
        "column": problem.column,
    }


def _summary(report: Checked) -> dict[str, int]:
    counts: dict[str, int] = {
        verdict: sum(result.verdict == verdict for result in report.results) for verdict in VERDICTS
    }
    return {
        "records": len(by_record(report.results)),
        **counts,
        "unjudged": len(report.unjudged),
        "errors": len(report.problems),
    }
