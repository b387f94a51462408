"""The reports of a check that machines read beside JSON: JUnit, SARIF, GitHub's annotations, Markdown.

In: what a check finds, piece by piece. Out: a file. Annotations are written at once; the others need the whole, and keep
what they will write of each verdict, not the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, Literal, TypeAlias, assert_never

from pykala.evaluate.check import Judgement, RecordVerdicts, Unjudged
from pykala.evaluate.result import Result
from pykala.records.record import RecordProblem
from pykala.report.findings import Finding, of_judgement, of_problem, of_result
from pykala.report.github import annotation
from pykala.report.junit import Case, Suite, junit_xml
from pykala.report.markdown_report import findings_markdown
from pykala.report.sarif import sarif_text
from pykala.report.tally import Tally
from pykala.report.text import Wording

Machine: TypeAlias = Literal["junit", "sarif", "github", "markdown"]
MACHINES: tuple[Machine, ...] = ("junit", "sarif", "github", "markdown")


@dataclass(slots=True)
class MachineReport:
    """Writes one of the forms for machines."""

    form: Machine
    out: IO[str]
    wording: Wording
    help_url: str | None = None
    _findings: list[Finding] = field(default_factory=list)
    _errors: list[Finding] = field(default_factory=list)
    _suites: list[Suite] = field(default_factory=list)

    def take(self, found: Judgement) -> None:
        """Keep what a check finds, or write its annotation."""
        if self.form == "junit":
            self._suites += self._suite(found)
            return
        findings = list(of_judgement(found, self.wording, open_too=self.form == "sarif"))
        if self.form == "github":
            self.out.writelines(f"{annotation(item)}\n" for item in findings)
        elif isinstance(found, RecordProblem):
            self._errors += findings
        else:
            self._findings += findings

    def end(self, tally: Tally) -> None:
        """Write what had to wait for the end."""
        match self.form:
            case "junit":
                self.out.write(junit_xml("pykala check", self._suites))
            case "sarif":
                self.out.write(sarif_text(self._findings, errors=self._errors, help_url=self.help_url))
            case "markdown":
                counts = f"{tally.records} records, {tally.verdicts['fail']} deviations in {tally.failing}"
                summary = f"{counts}, {tally.verdicts['unknown']} undecided, {tally.problems} errors."
                lines = findings_markdown("pykala check", [*self._errors, *self._findings], summary)
                self.out.writelines(f"{line}\n" for line in lines)
            case "github":
                return
            case _:
                assert_never(self.form)

    def _suite(self, found: Judgement) -> list[Suite]:
        match found:
            case RecordVerdicts(record, results):
                return [Suite(f"{record.kind} {record.id}", tuple(self._case(result) for result in results))]
            case RecordProblem():
                item = of_problem(found)
                case = Case("input", item.subject, "error", item.message, item.message, item.rule, item.file, item.line)
                return [Suite(item.file, (case,))]
            case Unjudged(record):
                case = Case("input", record.id, "skipped", "no policy judges this record")
                return [Suite(f"{record.kind} {record.id}", (case,))]
            case _:
                assert_never(found)

    def _case(self, result: Result) -> Case:
        name = result.rule.id + (f" {result.at}" if result.at else "")
        classname = f"{result.policy.id}.{result.rule.id}"
        findings = [of_result(result, self.wording)]
        match result.verdict:
            case "fail":
                item = findings[0]
                severity = str(result.rule.severity)
                return Case(classname, name, "failure", item.message, item.message, severity, item.file, item.line)
            case "unknown":
                return Case(classname, name, "skipped", f"unknown: {findings[0].message}")
            case "pending" | "not_applicable":
                return Case(classname, name, "skipped", result.verdict.replace("_", " "))
            case "pass" | "excused":
                return Case(classname, name)
            case _:
                assert_never(result.verdict)
