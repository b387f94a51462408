"""The samples of every form: each gives the facts and the verdicts of its JSON twin, and is written the same each time."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import pykala
from data import make_documents, make_samples
from pykala.evaluate.result import Result
from pykala.policy.loader import PolicySet
from pykala.records.readers import read_records

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2025, 10, 31)
NAMES = [
    "csv",
    "case.xlsx",
    "case.parquet",
    "case.json",
    "case.jsonl",
    "case.yaml",
    *(
        f"{kind}.{lang}.{ending}"
        for kind in ("certificate", "feedback")
        for lang in ("fi", "sv")
        for ending in ("txt", "docx", "pdf")
    ),
]
TWINS = {"csv": make_samples.CASE, "case": make_samples.CASE} | {
    "certificate": make_samples.CERTIFICATE,
    "feedback": make_samples.FEEDBACK,
}
BESIDE = {"feedback": ROOT / "tests" / "data" / "cases" / "trial-illness.yaml"}


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    written = make_samples.write_samples(folder)
    assert [folder / name for name in sorted(NAMES)] == sorted(written)
    return folder


@pytest.fixture(scope="module", name="policies")
def _policies() -> PolicySet:
    return pykala.load(ROOT / "policies", parameters=ROOT / "tests" / "data" / "demo-parameters.yaml")


def verdicts(policies: PolicySet, path: Path) -> list[tuple[Any, ...]]:
    """Return the verdicts on a record, a case beside a document, without the file that they come from."""
    kind = path.name.partition(".")[0].partition("-")[0]
    beside = [] if kind in ("csv", "case", "trial") else [BESIDE.get(kind, make_samples.CASE)]
    report = pykala.check(policies, [path], as_of=AS_OF, others=beside)
    assert () == report.problems

    def told(result: Result) -> tuple[Any, ...]:
        return result.record_id, result.policy.name, result.rule.id, result.verdict, result.undecided

    return [told(result) for result in report.results]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gets_the_verdicts_of_its_twin(policies: PolicySet, folder: Path, name: str) -> None:
    expected = verdicts(policies, TWINS[name.partition(".")[0]])
    actual = verdicts(policies, folder / name)
    assert {"pass", "not_applicable"} < {each[3] for each in expected}  # and a deviation or an exception
    assert expected == actual


def test_a_certificate_is_checked_against_its_case(policies: PolicySet, folder: Path) -> None:
    """The flex day of 10 July stands in the case and not in the certificate."""
    report = pykala.check(policies, [folder / "certificate.fi.pdf"], as_of=AS_OF, others=[folder / "case.xlsx"])
    missing = [
        result.element_key
        for result in report.results
        if result.rule.id == "certificate-flex-days" and result.verdict == "fail"
    ]
    assert [datetime.date(2025, 7, 10)] == missing


@pytest.mark.parametrize("lang", ["fi", "sv"])
@pytest.mark.parametrize("ending", ["pdf", "docx", "txt"])
@pytest.mark.parametrize(
    ("change", "rule", "verdict"),
    [
        ({}, "certificate-visit-length", "pass"),
        # The meeting took 45 minutes and the travel 30.
        ({"visits": [{"date": "2025-05-26", "length": "75 min"}]}, "certificate-visit-length", "fail"),
        ({"visits": [{"date": "2025-05-26", "length": "1 h 15 min"}]}, "certificate-visit-length", "fail"),
        ({"visits": [{"date": "2025-05-26", "length": None}]}, "certificate-visit-length", "fail"),
        ({"periods": [{"from": "2025-06-05", "until": "2025-06-13"}]}, "certificate-period-dates", "pass"),
        ({"periods": [{"from": "2025-06-13", "until": "2025-06-05"}]}, "certificate-period-dates", "fail"),
        ({"single_days": [{"date": "2025-06-05", "remote": False}]}, "certificate-day-date", "pass"),
        ({"single_days": [{"date": "2025-06-07", "remote": False}]}, "certificate-day-date", "fail"),
        ({"service_name": "work_coaching"}, "certificate-service-name", "fail"),
        ({"client_code": "010190-999K"}, "certificate-code-form", "fail"),
        ({"client_code": None}, "certificate-name-and-code", "fail"),
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value),
)
def test_a_fact_of_a_document_turns_its_verdict(
    policies: PolicySet, tmp_path: Path, lang: str, ending: str, change: dict[str, Any], rule: str, verdict: str
) -> None:
    twin = make_samples.plain(ROOT / "tests" / "data" / "documents" / "certificate-clean.json") | change
    path = tmp_path / f"certificate.{ending}"
    make_documents.write_document(twin, lang, path)
    case = ROOT / "tests" / "data" / "cases" / "trial-clean.json"
    report = pykala.check(policies, [path], as_of=AS_OF, others=[case], policy="certificates")
    assert () == report.problems
    assert [verdict] == [result.verdict for result in report.results if result.rule.id == rule]


def test_all_samples_of_a_folder_are_read(policies: PolicySet, folder: Path) -> None:
    records, problems = read_records([folder], policies.vocabulary)
    # The same record in several forms stands in the folder several times, which is said of each but the first.
    assert {"duplicate-id"} == {problem.code for problem in problems}
    assert [("case", "T-03"), ("certificate", "T-03-1"), ("feedback", "P-04b")] == [
        (record.kind, record.id) for record in records
    ]
    assert len(NAMES) == len(records) + len(problems)


def test_the_samples_are_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    make_samples.write_samples(tmp_path)

    def digests(top: Path) -> dict[str, str]:
        files = sorted(path for path in top.rglob("*") if path.is_file())
        return {path.relative_to(top).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    assert digests(folder) == digests(tmp_path)
