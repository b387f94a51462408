from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any, get_args

import jsonschema
import pytest

from pykala.evaluate.check import RecordVerdicts
from pykala.records.record import Record
from pykala.report import json_report
from pykala.report.json_document import write_json
from pykala.report.json_report import JsonLines, JsonReport, Reasons, report_json
from pykala.report.schemas import report_schema
from report_samples import PROBLEM, REGISTER, Report, Samples, replay
from word_samples import VOCABULARY

KEYS = [
    "record",
    "record_id",
    "policy",
    "version",
    "rule",
    "verdict",
    "severity",
    "at",
    "due",
    "exception",
    "undecided",
    "contested",
    "values",
    "message",
    "nearest",
    "cite",
    "because",
    "help",
]


@pytest.fixture(scope="module")
def samples() -> Samples:
    return Samples()


def reports(samples: Samples) -> dict[str, Report]:
    policies = (samples.policy,)
    every = (
        samples.short_day(),
        samples.pending(),
        samples.pending(None),
        samples.unknown(),
        samples.contested(),
        samples.result(samples.day_length, verdict="excused", exception="flex", at="days[1]"),
        samples.result(samples.day_length, verdict="not_applicable"),
        samples.result(samples.interpreter, verdict="unknown", for_policy=True),
    )
    return {
        "passing": Report((samples.result(samples.start),), policies=policies),
        "failing": Report((samples.short_day(),), policies=policies),
        "unknown": Report((samples.unknown(),), policies=policies),
        "errored": Report((), (PROBLEM,), policies=policies),
        "empty": Report(),
        "everything": Report(every, (PROBLEM,), policies=policies),
    }


def written(report: Report) -> str:
    out = io.StringIO()
    replay(report, JsonReport(out, report.as_of, VOCABULARY, REGISTER))
    return out.getvalue()


def lines_of(report: Report) -> list[dict[str, Any]]:
    out = io.StringIO()
    replay(report, JsonLines(out, report.as_of, VOCABULARY, REGISTER))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def validate(data: Any, pointer: str = "") -> None:
    schema = report_schema("results")
    target = {**schema, "$ref": pointer} if pointer else schema
    if pointer:
        target = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": pointer}
    jsonschema.Draft202012Validator(target, format_checker=jsonschema.FormatChecker()).validate(data)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema("results"))


@pytest.mark.parametrize("name", ["passing", "failing", "unknown", "errored", "empty", "everything"])
def test_a_report_keeps_the_contract(samples: Samples, name: str) -> None:
    report = reports(samples)[name]
    validate(report_json(report, VOCABULARY, REGISTER))
    validate(report_json(report, VOCABULARY, None, reasons="none"))
    validate(json.loads(written(report)))
    for line in lines_of(report):
        validate(line, "#/$defs/line")


def test_the_schema_refuses_what_is_not_in_the_contract(samples: Samples) -> None:
    data = report_json(reports(samples)["failing"], VOCABULARY, REGISTER)
    data["results"][0]["verdict"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        validate(data)


def test_a_deviation_carries_all_its_keys_in_one_order(samples: Samples) -> None:
    result = report_json(reports(samples)["failing"], VOCABULARY, REGISTER)["results"][0]
    assert list(result) == KEYS
    shown = {key: value for key, value in result.items() if key not in ("because", "message", "nearest")}
    assert shown == {
        "record": "cases/a.json",
        "record_id": "A-17",
        "policy": "work-trial",
        "version": "2025-04",
        "rule": "day-length",
        "verdict": "fail",
        "severity": "unrated",
        "at": "days[3]",
        "due": None,
        "exception": None,
        "undecided": [],
        "contested": [],
        "values": {"shortfall": "20 min"},
        "cite": [{"source": "work-trial-2025", "statement": "day-length", "place": "Täsmennys palvelukuvaukseen"}],
        "help": "handbook/work-trial/day-length/",
    }
    assert list(result["message"]) == ["fi", "sv", "en"]


def test_only_a_deviation_has_a_message(samples: Samples) -> None:
    results = report_json(reports(samples)["everything"], VOCABULARY, REGISTER)["results"]
    assert [result["verdict"] for result in results if result["message"] is not None] == ["fail"]


def test_reasons_are_told_where_there_is_something_to_tell(samples: Samples) -> None:
    passed = samples.result(samples.day_length, reason=samples.short_day_reason(3, 360))
    report = Report((samples.short_day(), passed))
    told: dict[Reasons, list[bool]] = {
        reasons: [
            result["because"] is not None
            for result in report_json(report, VOCABULARY, REGISTER, reasons=reasons)["results"]
        ]
        for reasons in get_args(Reasons)
    }
    assert told == {"all": [True, True], "telling": [True, False], "none": [False, False]}


def test_a_verdict_for_a_whole_policy_has_no_rule(samples: Samples) -> None:
    result = report_json(reports(samples)["everything"], VOCABULARY, REGISTER)["results"][-1]
    assert (result["rule"], result["cite"], result["help"]) == (None, [], "handbook/work-trial/")


def test_help_leads_to_the_handbook_that_is_given(samples: Samples) -> None:
    report = reports(samples)["failing"]
    data = report_json(report, VOCABULARY, REGISTER, handbook_url="https://handbook.example/fi")
    assert data["results"][0]["help"] == "https://handbook.example/fi/work-trial/day-length/"


def test_the_summary_counts_each_verdict(samples: Samples) -> None:
    assert report_json(reports(samples)["everything"], VOCABULARY, REGISTER)["summary"] == {
        "records": 1,
        "pass": 1,
        "fail": 1,
        "excused": 1,
        "pending": 2,
        "unknown": 2,
        "not_applicable": 1,
        "unjudged": 0,
        "errors": 1,
    }


def test_an_error_of_the_input_says_where(samples: Samples) -> None:
    assert report_json(reports(samples)["errored"], VOCABULARY, REGISTER)["errors"] == [
        {
            "record": "cases/b.json",
            "code": "bad-date",
            "path": "decision.made_on",
            "message": "`2025-02-30` is not a date",
            "help": None,
            "line": 3,
            "column": 14,
        }
    ]


def test_json_lines_hold_the_same_results_one_a_line(samples: Samples) -> None:
    report = reports(samples)["everything"]
    lines = lines_of(report)
    assert [line["type"] for line in lines] == ["run", "error", "policy", *["result"] * 8, "summary"]
    whole = report_json(report, VOCABULARY, REGISTER)
    told = [{key: value for key, value in line.items() if key != "type"} for line in lines]
    assert told == [
        {"format": whole["format"], "as_of": whole["as_of"]},
        *whole["errors"],
        *whole["policies"],
        *whole["results"],
        whole["summary"],
    ]


def test_a_result_is_written_when_it_is_found(samples: Samples) -> None:
    report = reports(samples)["failing"]
    for form in (JsonReport, JsonLines):
        out = io.StringIO()
        writer = form(out, report.as_of, VOCABULARY, REGISTER)
        writer.take(RecordVerdicts(Record("case", "A-17", {}), report.results))
        assert '"verdict": "fail"' in out.getvalue()


def test_a_document_is_written_the_same_each_time_with_its_letters(samples: Samples) -> None:
    report = reports(samples)["failing"]
    assert written(report) == written(report)
    assert "Täsmennys palvelukuvaukseen" in written(report)


@pytest.mark.parametrize("name", ["empty", "passing", "errored", "everything"])
def test_a_document_that_is_written_piece_by_piece_is_the_whole_one(samples: Samples, name: str) -> None:
    report = reports(samples)[name]
    # The versions that judged are those of the results.
    report = replace(report, policies=report.policies if report.results else ())
    data = report_json(report, VOCABULARY, REGISTER)
    whole = io.StringIO()
    write_json(data, whole)
    assert written(report) == whole.getvalue()
    assert json.loads(whole.getvalue()) == data
    lists = [value for value in data.values() if isinstance(value, list) and value]
    assert whole.getvalue().count("\n") == 2 + len(data) + sum(len(items) + 1 for items in lists)


def test_errors_wait_on_the_disk_where_they_are_many(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_report, "MOST_ERROR_BYTES", 100)
    report = Report((), tuple(replace(PROBLEM, line=line) for line in range(50)))
    assert [error["line"] for error in json.loads(written(report))["errors"]] == list(range(50))
