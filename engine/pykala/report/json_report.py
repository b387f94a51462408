"""The report of a check for programs: `pykala.results/1`, as one document or as JSON Lines.

The contract is `results.schema.json` beside this module. Keys come in one order, numbers that are not whole
are text in the language's own notation (`"30.00 EUR"`, `"5 h 40 min"`), and a private value is not there.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias, assert_never

from pykala.evaluate.because import TextCache, because_json, value_json
from pykala.evaluate.check import Judgement, RecordVerdicts, Unjudged
from pykala.evaluate.explain import message_text, nearest_text
from pykala.evaluate.result import Result
from pykala.handbook.addresses import HANDBOOK, policy_page, rule_page
from pykala.handbook.verbalize import Labels, Verbalizer
from pykala.policy.model import LANGUAGES, VERDICTS, Citation, Policy
from pykala.records.record import Record, RecordProblem
from pykala.report.json_document import Document, encoded
from pykala.report.tally import Tally
from pykala.report.text import Checked, tally_of

if TYPE_CHECKING:
    import datetime

    from pykala.policy.sources import Register

FORMAT: Final = "pykala.results/1"
MOST_ERROR_BYTES: Final = 1_000_000
"""So much text of errors waits in memory."""
Reasons: TypeAlias = Literal["all", "telling", "none"]
"""Which results carry their reason tree: all, those with something to tell (neither in order nor not applicable), none."""


def _page(result: Result) -> str:
    """Return the page of the handbook that tells of a result."""
    return policy_page(result.policy.id) if result.for_policy else rule_page(result.policy.id, result.rule.id)


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
        **_head(report.as_of),
        "results": [writer.result(result) for result in report.results],
        "unjudged": [_unjudged(record) for record in report.unjudged],
        "errors": [_error(problem) for problem in report.problems],
        "policies": [_policy(policy) for policy in report.policies],
        "summary": _summary(tally_of(report)),
    }


class JsonReport:
    """Writes the report as one document, each result when it is found.

    Errors may come at any time and stand after the results: until then they wait, on the disk if they are many.
    """

    def __init__(
        self,
        out: IO[str],
        as_of: datetime.date,
        vocabulary: Labels,
        register: Register | None = None,
        *,
        handbook_url: str = HANDBOOK,
        reasons: Reasons = "telling",
    ) -> None:
        self._writer = _Writer(vocabulary, register, handbook_url, reasons)
        self._document = Document(out)
        self._errors: IO[str] | None = None
        for key, value in _head(as_of).items():
            self._document.value(key, value)
        self._document.begin("results")
        self._list = "results"

    def take(self, found: Judgement) -> None:
        """Write the verdicts on a record, or that it has none; keep what is wrong for the end."""
        match found:
            case RecordVerdicts(_, results):
                for result in results:
                    self._document.item(self._writer.result(result))
            case Unjudged(record):
                self._begin_unjudged()
                self._document.item(_unjudged(record))
            case RecordProblem():
                if self._errors is None:
                    from tempfile import SpooledTemporaryFile

                    # Closed by `end`; it is gone with the program, too.
                    self._errors = SpooledTemporaryFile(  # noqa: SIM115
                        MOST_ERROR_BYTES, "w+", encoding="utf-8", errors="surrogatepass", newline="\n"
                    )
                self._errors.write(encoded(_error(found)) + "\n")
            case _:
                assert_never(found)

    def _begin_unjudged(self) -> None:
        if self._list == "results":
            self._document.close()
            self._document.begin("unjudged")
            self._list = "unjudged"

    def end(self, tally: Tally) -> None:
        """Write what is wrong, the versions that judged and the summary."""
        self._begin_unjudged()
        self._document.close()
        self._document.begin("errors")
        if self._errors is not None:
            self._errors.seek(0)
            for line in self._errors:
                self._document.item_text(line.rstrip("\n"))
            self._errors.close()
        self._document.close()
        self._document.value("policies", [_policy(policy) for policy in sorted(tally.policies.values(), key=_by_name)])
        self._document.value("summary", _summary(tally))
        self._document.end()


class JsonLines:
    """Writes the report as lines, each when it is found; `type` says what it is.

    First the run; a version before the first of its results; results, errors, records without a verdict; the summary.
    """

    def __init__(
        self,
        out: IO[str],
        as_of: datetime.date,
        vocabulary: Labels,
        register: Register | None = None,
        *,
        handbook_url: str = HANDBOOK,
        reasons: Reasons = "telling",
    ) -> None:
        self._out = out
        self._writer = _Writer(vocabulary, register, handbook_url, reasons)
        self._told: set[str] = set()
        self._line("run", _head(as_of))

    def take(self, found: Judgement) -> None:
        """Write a line for each result, error and record without a verdict."""
        match found:
            case RecordVerdicts(_, results):
                for result in results:
                    if result.policy.name not in self._told:
                        self._told.add(result.policy.name)
                        self._line("policy", _policy(result.policy))
                    self._line("result", self._writer.result(result))
            case Unjudged(record):
                self._line("unjudged", _unjudged(record))
            case RecordProblem():
                self._line("error", _error(found))
            case _:
                assert_never(found)

    def end(self, tally: Tally) -> None:
        """Write the summary."""
        self._line("summary", _summary(tally))

    def _line(self, type_: str, data: dict[str, Any]) -> None:
        self._out.write(encoded({"type": type_, **data}) + "\n")


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
            "help": self.handbook_url + _page(result),
        }

    def _tells(self, result: Result) -> bool:
        return self.reasons == "all" or (self.reasons == "telling" and result.tells)

    def _cite(self, cite: Citation) -> dict[str, Any]:
        found = self.register.statements.get((cite.source, cite.statement)) if self.register else None
        place = found.place.get("fi") if found else ""
        return {"source": cite.source, "statement": cite.statement, "place": place or None}


def _head(as_of: datetime.date) -> dict[str, str]:
    return {"format": FORMAT, "as_of": as_of.isoformat()}


def _policy(policy: Policy) -> dict[str, str]:
    return {"policy": policy.id, "version": policy.version, "sha256": policy.sha256}


def _by_name(policy: Policy) -> tuple[str, str]:
    return policy.id, policy.version


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


def _summary(tally: Tally) -> dict[str, int]:
    counts: dict[str, int] = {verdict: tally.verdicts[verdict] for verdict in VERDICTS}
    return {"records": tally.records, **counts, "unjudged": tally.unjudged, "errors": tally.problems}
