"""The sample records that the demo shows: what is notable about each, one line each."""

from __future__ import annotations

import datetime
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from pykala.evaluate.check import CheckReport, check_records
from pykala.evaluate.result import Result
from pykala.policy.loader import PolicySet, load_policies
from pykala.records.readers import read_records
from pykala.records.record import Record

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
AS_OF = datetime.date(2025, 10, 31)


class Notable(NamedTuple):
    """What a sample must answer. `element` is the date or number that the element is known by."""

    file: str
    policy: str
    rule: str
    verdict: str
    element: str | None = None
    detail: str | None = None
    """The exception, the due date, or `contested=option`/`undecided=name`."""
    as_of: datetime.date = AS_OF


SAMPLES = [
    # a clean case, and its documents
    Notable("cases/trial-clean.json", "work-trial", "rehab-start", "pass"),
    Notable("cases/trial-clean.json", "work-trial", "work-phase-start", "pass"),
    Notable("cases/trial-clean.json", "work-trial", "day-quota", "pass"),
    Notable("cases/trial-clean.json", "work-trial", "total-duration", "pass"),
    Notable("cases/trial-clean.json", "work-trial", "meeting-at-contract-address", "pass", "2025-05-05"),
    Notable("cases/trial-clean.json", "certificate-duty", "certificate-for-day", "pass", "2025-06-05"),
    Notable("cases/trial-clean.json", "work-trial", "meetings-as-described", "unknown", None, "undecided=planning_meetings"),
    Notable("documents/invoice-clean.json", "work-trial-billing", "billed-days-are-delivered", "pass", "2025-06-05"),
    Notable("documents/invoice-clean.json", "work-trial-billing", "meal-price-unpaid-only", "pass", "2025-06-05"),
    Notable("documents/invoice-clean.json", "work-trial-billing", "meal-amount", "pass", "2025-06-05"),
    Notable("documents/certificate-clean.json", "certificates", "certificate-name-and-code", "pass"),
    Notable("documents/certificate-clean.json", "certificates", "certificate-split-periods", "pass", "2025-06-05"),
    # several deviations
    Notable("cases/trial-deviations.yaml", "work-trial", "rehab-start", "fail"),
    Notable("cases/trial-deviations.yaml", "work-trial", "work-phase-start", "fail"),
    Notable("cases/trial-deviations.yaml", "work-trial", "day-length", "fail", "2025-06-19"),
    Notable("cases/trial-deviations.yaml", "work-trial", "day-work-share", "fail", "2025-06-24"),
    Notable("cases/trial-deviations.yaml", "work-trial", "flex-not-for-workplace", "fail", "2025-06-27"),
    Notable("cases/trial-deviations.yaml", "work-trial", "day-length", "fail", "2025-06-27"),
    Notable("cases/trial-deviations.yaml", "work-trial", "days-used", "fail"),
    Notable("cases/trial-deviations.yaml", "work-trial", "final-discussion-place", "fail", "2025-07-18"),
    Notable("cases/trial-deviations.yaml", "work-trial", "final-discussion-length", "fail", "2025-07-18"),
    Notable("cases/trial-deviations.yaml", "certificate-duty", "certificate-for-meeting", "fail", "2025-06-02"),
    Notable("documents/invoice-deviations.yaml", "work-trial-billing", "sick-day-not-billable", "fail", "2025-07-02"),
    Notable("documents/invoice-deviations.yaml", "work-trial-billing", "billed-days-are-delivered", "fail", "2025-06-19"),
    Notable("documents/invoice-deviations.yaml", "work-trial-billing", "meal-price-unpaid-only", "fail", "2025-07-18"),
    Notable("documents/invoice-deviations.yaml", "work-trial-billing", "meal-price-unpaid-only", "pass", "2025-06-16", "contested=by_client"),
    Notable("documents/invoice-deviations.yaml", "work-trial-billing", "meal-price-content", "fail", "2025-07-09"),
    Notable("documents/invoice-deviations.yaml", "work-trial-billing", "meals-provider-bears-cost", "fail", "2025-07-10"),
    Notable("documents/invoice-deviations.yaml", "work-trial-billing", "price-type-in-appendix", "fail", "2025-05-19"),
    Notable("documents/certificate-deficient.yaml", "certificates", "certificate-name-and-code", "fail"),
    Notable("documents/certificate-deficient.yaml", "certificates", "certificate-code-form", "not_applicable"),
    Notable("documents/certificate-deficient.yaml", "certificates", "certificate-service-name", "fail"),
    Notable("documents/certificate-deficient.yaml", "certificates", "certificate-visit-length", "fail", "2025-06-16"),
    Notable("documents/certificate-deficient.yaml", "certificates", "certificate-absence-and-reason", "fail", "2025-07-02"),
    Notable("documents/certificate-deficient.yaml", "certificates", "certificate-renewed-on-change", "fail"),
    Notable("documents/certificate-deficient.yaml", "certificates", "certificate-given-to-client", "fail"),
    # excused
    Notable("cases/trial-flex.json", "work-trial", "day-length", "excused", "2025-07-01", "flex"),
    Notable("cases/trial-flex.json", "work-trial", "day-work-share", "excused", "2025-07-03", "flex"),
    Notable("cases/trial-flex.json", "work-trial", "flex-as-described", "unknown", "2025-07-01", "undecided=shorter_days_allowed"),
    Notable("documents/certificate-flex.yaml", "certificates", "certificate-flex-days", "pass", "2025-07-01"),
    Notable("documents/certificate-flex.yaml", "certificates", "certificate-flex-days", "fail", "2025-07-10"),
    Notable("documents/certificate-flex.yaml", "certificates", "certificate-flex-reason", "fail"),
    Notable("cases/trial-illness.yaml", "work-trial", "work-phase-start", "excused", None, "sickness"),
    Notable("documents/feedback-illness.json", "feedback", "sickness-extension-in-feedback", "pass"),
    Notable("documents/feedback-without-extension.yaml", "feedback", "sickness-extension-in-feedback", "fail"),
    Notable("documents/feedback-without-extension.yaml", "feedback", "feedback-form", "pass"),
    Notable("documents/feedback-not-sent.yaml", "feedback", "sickness-extension-in-feedback", "pending"),
    Notable("documents/feedback-illness.json", "feedback", "feedback-on-time", "unknown", None, "undecided=feedback_limit"),
    Notable("cases/trial-phasing.json", "work-trial", "work-phase-start", "excused", None, "open_applications"),
    Notable("cases/trial-phasing.json", "work-trial", "phasing-three-weeks", "pass", "2025-06-05"),
    Notable("cases/trial-later-start.yaml", "work-trial", "work-phase-start", "excused", None, "confirmed_later"),
    Notable("cases/coaching-interpreter.json", "work-coaching", "rehab-start", "excused", None, "interpreter"),
    Notable("cases/trial-video.json", "work-trial", "final-discussion-place", "excused", "2025-07-25", "workplace_not_possible"),
    Notable("cases/trial-employer-break.yaml", "work-trial", "employer-break", "pass", "2025-07-07"),
    Notable("cases/coaching-flex-weeks.yaml", "work-coaching", "flexed-days-paid", "pass", "2025-06-02"),
    # pending
    Notable("cases/trial-just-begun.yaml", "work-trial", "rehab-start", "pending", None, "2025-11-06"),
    Notable("cases/trial-just-begun.yaml", "work-trial", "rehab-start", "fail", as_of=datetime.date(2025, 11, 7)),
    Notable("cases/trial-pending.json", "work-trial", "work-phase-start", "pending", None, "2025-11-20"),
    Notable("cases/trial-pending.json", "work-trial", "total-duration", "pending", None, "2026-03-20"),
    Notable("cases/coaching-running.yaml", "work-coaching", "total-duration", "pending", None, "2026-08-18"),
    Notable("cases/coaching-running.yaml", "work-coaching", "final-discussion-held", "pending"),
    Notable("documents/audit-running.json", "audits", "audit-report-deadline", "pending", None, "2025-11-03"),
    Notable("documents/audit-running.json", "audits", "minor-fixed-by-response", "pending", "1", "2025-11-17"),
    # facts missing
    Notable("cases/trial-missing-facts.yaml", "work-trial", "rehab-start", "unknown", None, "undecided=decision.received_by_provider_on"),
    Notable("cases/trial-missing-facts.yaml", "work-trial", "day-length", "unknown", "2025-06-11", "undecided=days[4].length"),
    Notable("cases/trial-missing-facts.yaml", "work-trial", "day-length", "unknown", "2025-06-24", "undecided=days[12].flex.reason"),
    Notable("cases/trial-missing-facts.yaml", "work-trial", "day-work-share", "unknown", "2025-06-16", "undecided=days[7].at_workplace"),
    Notable("cases/trial-missing-facts.yaml", "work-trial", "final-discussion-length", "unknown", "2025-07-17", "undecided=meetings[6].length"),
    Notable("cases/trial-missing-facts.yaml", "certificate-duty", "certificate-for-meeting", "unknown", "2025-07-17", "undecided=applies_for_allowance"),
    Notable("cases/trial-video.json", "work-trial", "video-cap", "unknown", None, "undecided=video_meetings"),
    Notable("cases/trial-clean.json", "work-trial", "video-cap", "pass"),
    # before and after the change of wording
    Notable("cases/trial-before-change.json", "work-trial", "day-length-before-change", "unknown", "2025-02-14", "undecided=six_hours"),
    Notable("cases/trial-before-change.json", "work-trial", "day-length", "fail", "2025-02-20"),
    Notable("cases/trial-before-change.json", "work-trial", "day-work-share", "fail", "2025-03-04"),
    Notable("cases/trial-april.yaml", "work-trial", "day-length-before-change", "unknown", "2025-04-15", "undecided=day_of_change"),
    Notable("cases/trial-april.yaml", "work-trial", "day-length-before-change", "pass", "2025-04-16"),
    Notable("cases/trial-around-change.json", "work-trial", "day-length-before-change", "pass", "2025-04-30"),
    Notable("cases/trial-around-change.json", "work-trial", "longer-day", "pass", "2025-05-02"),
    # contested
    Notable("cases/trial-contested.yaml", "work-trial", "work-phase-start", "pass", None, "contested=not_before"),
    Notable("cases/trial-contested.yaml", "work-trial", "final-discussion-length", "pass", "2025-07-24", "contested=exact"),
    Notable("documents/certificate-ascension.json", "certificates", "certificate-split-periods", "fail", "2025-05-26", "contested=does_not_split"),
    # limits
    Notable("cases/trial-over-quota.json", "work-trial", "day-quota", "fail"),
    Notable("documents/invoice-over-quota.json", "work-trial-billing", "total-of-billed-days", "fail"),
    Notable("cases/trial-over-time.yaml", "work-trial", "total-duration", "fail"),
    Notable("cases/coaching-unpaid-day.json", "work-coaching", "coaching-days-paid", "fail", "2025-06-16"),
    Notable("cases/coaching-unpaid-day.json", "work-coaching", "coaching-days-paid", "unknown", "2025-07-08", "undecided=own_business"),
    Notable("documents/invoice-coaching-meals.yaml", "work-trial-billing", "meal-price-not-in-coaching", "fail", "2025-06-23"),
    Notable("cases/coaching-long-illness.yaml", "work-coaching", "sickness-contact-kela", "fail", "2025-05-12"),
    Notable("cases/coaching-long-illness.yaml", "work-coaching", "work-phase-start", "fail"),
    Notable("cases/coaching-long-closure.json", "work-coaching", "employer-break", "unknown", "2025-07-07", "undecided=longer_break"),
    Notable("cases/coaching-long-closure.json", "work-coaching", "coaches-substitute", "fail", "2025-07-30"),
    # providers, audits, statistics
    Notable("documents/provider.yaml", "work-trial-provider", "coach-team-of-three", "fail"),
    Notable("documents/provider.yaml", "work-trial-provider", "coach-team-of-three", "pass", as_of=datetime.date(2025, 9, 30)),
    Notable("documents/provider.yaml", "work-trial-provider", "client-rights", "unknown", None, "undecided=consents_recorded"),
    Notable("documents/audit.yaml", "audits", "audit-basis", "fail"),
    Notable("documents/audit.yaml", "audits", "audit-report-deadline", "fail"),
    Notable("documents/audit.yaml", "audits", "escalate-response", "fail"),
    Notable("documents/audit.yaml", "audits", "escalate-safety-major", "fail"),
    Notable("documents/audit.yaml", "audits", "class-of-known-defect", "unknown", "2", "undecided=repeated_class"),
    Notable("documents/audit.yaml", "audits", "nonconformities-counted", "pass"),
    Notable("documents/statistics-2024.yaml", "statistics", "total-between-largest-and-sum", "pass"),
    Notable("documents/statistics-2024.yaml", "statistics", "rounded-total", "pass"),
]  # fmt: skip


@cache
def policies() -> PolicySet:
    return load_policies(ROOT / "policies")


@cache
def samples() -> dict[str, Record]:
    records, problems = read_records([DATA / "cases", DATA / "documents"], policies().vocabulary)
    assert problems == []
    return {Path(record.origin).relative_to(DATA).as_posix(): record for record in records}


@cache
def report(as_of: datetime.date) -> CheckReport:
    return check_records(policies(), list(samples().values()), as_of, reasons=False)


def results(notable: Notable) -> list[Result]:
    return [
        result
        for result in report(notable.as_of).results
        if Path(result.record).relative_to(DATA).as_posix() == notable.file
        and (result.policy.id, result.rule.id) == (notable.policy, notable.rule)
        and notable.element in (None, str(result.element_key))
    ]


@pytest.mark.parametrize("notable", SAMPLES, ids=lambda n: f"{Path(n.file).stem}-{n.rule}-{n.element or n.as_of}")
def test_a_sample_gets_its_notable_verdict(notable: Notable) -> None:
    found = results(notable)
    assert {notable.verdict} == {result.verdict for result in found}
    match (notable.detail or "").split("=", 1):
        case ["contested", option]:
            assert all(option in {other.option for other in result.contested} for result in found)
        case ["undecided", name]:
            assert all(name in {cause.name for cause in result.undecided} for result in found)
        case [detail] if detail:
            assert {detail} == {str(result.due or result.exception) for result in found}


def test_every_sample_is_spoken_for() -> None:
    """A sample about which nothing is expected would show nothing; the contract is read beside the others."""
    assert set(samples()) - {sample.file for sample in SAMPLES} == {"documents/contract.yaml"}


def test_the_samples_belong_together() -> None:
    assert report(AS_OF).problems == ()


def test_the_clean_case_has_no_deviation() -> None:
    """The sources leave numbers out, so some rules answer `unknown`; nothing else stands between it and a pass."""
    clean = [result for result in report(AS_OF).results if result.record.endswith("trial-clean.json")]
    assert {result.verdict for result in clean} == {"pass", "not_applicable", "unknown"}
    assert [result.rule.id for result in clean if result.contested] == []
    assert {cause.kind for result in clean for cause in result.undecided} == {"parameter"}


BROKEN = {
    "alias-bomb.yaml": {"alias"},
    "code-as-id.json": {"personal-code"},
    "duplicate-key.json": {"duplicate-key"},
    "duplicate-key.yaml": {"duplicate-key"},
    "empty.json": {"empty-file"},
    "empty.yaml": {"empty-file"},
    "no-id.yaml": {"missing-field"},
    "no-such-day.yaml": {"bad-value"},
    "not-json.json": {"not-json"},
    "not-utf8.json": {"not-utf8"},
    "tab.yaml": {"tab"},
    "unknown-kind.yaml": {"unknown-kind"},
    "wrong-types.json": {"unknown-field", "bad-value", "wrong-type"},
}


def test_each_broken_file_is_named_with_what_is_wrong() -> None:
    records, problems = read_records([DATA / "broken"], policies().vocabulary)
    found: dict[str, set[str]] = {}
    for problem in problems:
        found.setdefault(Path(problem.origin).name, set()).add(problem.code)
    assert records == []
    assert found == BROKEN


def test_no_sample_holds_a_personal_identity_code_outside_the_artificial_range() -> None:
    codes = [
        code
        for path in sorted(DATA.rglob("*.*"))
        for code in re.findall(
            r"\b\d{6}[-+A-FU-Y](\d{3})[0-9A-Y]\b", path.read_text(encoding="utf-8", errors="replace")
        )
    ]
    assert codes
    assert [code for code in codes if not code.startswith("9")] == []
