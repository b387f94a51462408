"""Records that no policy judges are named in every report, and a call for a policy that is not there fails."""

from __future__ import annotations

import datetime
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import pykala
from policy_repository import CASE, CERTIFICATE, REGISTER, SMALL
from pykala.evaluate.check import CheckReport
from pykala.policy.loader import PolicySet, load_policies
from pykala.report.json_report import JsonLines, report_json
from pykala.report.schemas import report_schema
from pykala.report.text import Wording, write_check
from report_samples import replay

AS_OF = datetime.date(2025, 6, 30)
RECORDS = (
    {"record": "case", "id": "judged", "service": "work_trial"},
    {"record": "case", "id": "elsewhere", "service": "other"},
    {"record": "certificate", "id": "alone", "written_on": "2025-05-05"},
)


@pytest.fixture
def policies(tmp_path: Path) -> PolicySet:
    for name, text in {
        "records/case.yaml": CASE,
        "records/certificate.yaml": CERTIFICATE,
        "sources/slides-2025.yaml": REGISTER,
        "small/1.yaml": SMALL,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return load_policies(tmp_path, cache=False)


@pytest.fixture
def report(policies: PolicySet) -> CheckReport:
    return pykala.check(policies, RECORDS[:2], as_of=AS_OF)


def test_a_record_that_no_policy_judges_is_named(report: CheckReport) -> None:
    assert [result.record_id for result in report.results] == ["judged"]
    assert [record.id for record in report.unjudged] == ["elsewhere"]


def test_a_record_that_stands_beside_a_judged_one_is_not_lost(policies: PolicySet) -> None:
    with_both = pykala.check(policies, (RECORDS[0], RECORDS[2]), as_of=AS_OF)
    assert [(result.verdict, with_both.unjudged) for result in with_both.results] == [("pass", ())]
    assert [record.id for record in pykala.check(policies, RECORDS[2:], as_of=AS_OF).unjudged] == ["alone"]


def test_the_report_in_json_names_it(report: CheckReport, policies: PolicySet) -> None:
    data = report_json(report, policies.vocabulary)
    out = io.StringIO()
    replay(report, JsonLines(out, AS_OF, policies.vocabulary))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    expected = {"record": "", "record_id": "elsewhere", "kind": "case"}
    assert data["unjudged"] == [expected]
    assert [line for line in lines if line["type"] == "unjudged"] == [{"type": "unjudged", **expected}]
    assert data["summary"]["unjudged"] == 1
    schema = report_schema("results")
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(data)))
    for line in lines:
        jsonschema.Draft202012Validator({**schema["$defs"]["line"], "$defs": schema["$defs"]}).validate(line)


def test_the_report_in_words_names_it(report: CheckReport, policies: PolicySet) -> None:
    out = io.StringIO()
    write_check(report, Wording(policies.vocabulary, "en"), out, width=100, color=False)
    assert "No policy judges: elsewhere (case)\n" in out.getvalue()
    many = replace(report, unjudged=report.unjudged * 12)
    out = io.StringIO()
    write_check(many, Wording(policies.vocabulary, "fi"), out, width=1000, color=False)
    assert "elsewhere (case), ja 2 muuta\n" in out.getvalue()


def test_a_policy_that_is_not_there_is_no_empty_report(policies: PolicySet) -> None:
    with pytest.raises(ValueError, match="there is no policy 'smal'"):
        pykala.check(policies, RECORDS, as_of=AS_OF, policy="smal")
    assert [result.record_id for result in pykala.check(policies, RECORDS[:1], as_of=AS_OF, policy="small@1").results]


def test_a_version_without_rules_judges_nothing(tmp_path: Path, policies: PolicySet) -> None:
    later = SMALL[: SMALL.index("rules:")].replace('version: "1"', 'version: "2"')
    later = later.replace("subject: case\n", "amends: small@1\ndrop: {rules: [feedback]}\nselected_by: decided_on\n")
    (tmp_path / "small/2.yaml").write_text(later + "in_force: {first_day: 2025-01-01}\n", encoding="utf-8")
    first = SMALL.replace("subject: case\n", "subject: case\nselected_by: decided_on\n")
    (tmp_path / "small/1.yaml").write_text(first, encoding="utf-8")
    both = load_policies(tmp_path, cache=False)
    bare = {"record": "case", "id": "bare", "decided_on": "2025-02-02"}
    found = pykala.check(both, [bare], as_of=AS_OF)
    assert (found.results, found.problems, [record.id for record in found.unjudged]) == ((), (), ["bare"])
    undated = pykala.check(both, [{"record": "case", "id": "undated", "service": "work_trial"}], as_of=AS_OF)
    assert [(result.policy.version, result.verdict) for result in undated.results] == [("1", "unknown")]
