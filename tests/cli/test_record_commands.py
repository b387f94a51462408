"""Commands about records: check, explain, due. Output, exit codes, wrong input; the good records are still judged."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from command_line import ROOT, Run

CASES = "tests/data/cases"
BROKEN = sorted((ROOT / "tests/data/broken").iterdir())
AS_OF = ("--as-of", "2025-10-31")


def test_a_deviation_is_printed_with_its_message_and_source_and_fails_the_call(run: Run) -> None:
    done = run("check", f"{CASES}/trial-deviations.yaml", *AS_OF, "--lang", "en")
    assert done.code == 1
    assert "✗ fail" in done.out
    assert "lasted 5 h 59 min" in done.out
    assert "§ Work try-out" in done.out
    assert "as of 31 October 2025" in done.out


@pytest.mark.parametrize(
    ("level", "code"), [("never", 0), ("major", 0), ("minor", 1), ("suggestion", 1), ("unknown", 1)]
)
def test_fail_on_says_what_makes_the_exit_code_one(run: Run, level: str, code: int) -> None:
    assert code == run("check", f"{CASES}/trial-deviations.yaml", *AS_OF, "--fail-on", level).code


def test_unknown_trips_the_call_only_when_asked(run: Run) -> None:
    path = f"{CASES}/trial-missing-facts.yaml"
    body = json.loads(run("check", path, *AS_OF, "--format", "json").out)
    assert body["summary"]["unknown"] > 0
    assert body["summary"]["fail"] == 0
    assert 0 == run("check", path, *AS_OF).code
    assert 1 == run("check", path, *AS_OF, "--fail-on", "unknown").code


def test_json_fits_its_published_schema_and_names_no_clock(run: Run) -> None:
    schema = json.loads(run("schema", "results").out)
    first = run("check", CASES, *AS_OF, "--format", "json").out
    jsonschema.Draft202012Validator(schema).validate(json.loads(first))
    assert first == run("check", CASES, *AS_OF, "--format", "json").out
    body = json.loads(first)
    assert "2025-10-31" == body["as_of"]
    verdicts = ("pass", "fail", "excused", "pending", "unknown", "not_applicable")
    assert len(body["results"]) == sum(body["summary"][verdict] for verdict in verdicts)


def test_json_lines_are_one_object_a_line(run: Run) -> None:
    lines = run("check", f"{CASES}/trial-clean.json", *AS_OF, "--format", "jsonl").out.splitlines()
    kinds = [json.loads(line)["type"] for line in lines]
    assert "run" == kinds[0]
    assert "summary" == kinds[-1]
    assert {"policy", "result"} == set(kinds[1:-1])


def test_reports_are_written_beside_the_output(run: Run, tmp_path: Path) -> None:
    file, text = tmp_path / "r.json", tmp_path / "r.txt"
    done = run("check", f"{CASES}/trial-clean.json", *AS_OF, "--report", f"json={file}", "-o", text)
    assert "" == done.out
    assert "pykala.results/1" == json.loads(file.read_text(encoding="utf-8"))["format"]
    assert "T-" in text.read_text(encoding="utf-8") or "kunnossa" in text.read_text(encoding="utf-8")


def test_a_report_without_a_file_is_a_wrong_call(run: Run) -> None:
    done = run("check", f"{CASES}/trial-clean.json", "--report", "json")
    assert done.code == 2
    assert "--report wants FORMAT=FILE" in done.err


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_broken_input_is_an_error_and_the_good_record_is_still_judged(run: Run, path: Path) -> None:
    good = f"{CASES}/trial-clean.json"
    done = run("check", path.relative_to(ROOT), good, *AS_OF, "--format", "json")
    body = json.loads(done.out)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert body["errors"]
    assert {str(path.relative_to(ROOT))} == {error["record"].split("[")[0] for error in body["errors"]}
    assert {good} == {result["record"] for result in body["results"]}
    lines = [line for line in done.err.splitlines() if line.startswith("error[")]
    assert len(body["errors"]) == len(lines)


@pytest.mark.parametrize(
    ("what", "words"),
    [("no-such-file.json", "no-such-file.json"), ("docs/decisions", "docs/decisions")],
)
def test_a_path_with_no_records_is_one_clear_line(run: Run, what: str, words: str) -> None:
    done = run("check", what, *AS_OF)
    assert done.code == 2
    lines = [line for line in done.err.splitlines() if line.startswith("error[")]
    assert 1 == len(lines)
    assert words in lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as-of", "30.6.2025"), "is not a date; write year-month-day"),
        (("--as-of", "2025-02-30"), "is not a date"),
        (("--policy", "work-trail"), "did you mean work-trial"),
        (("--policy", "work-trial@1999"), "no policy 'work-trial@1999'"),
        (("--kind", "recipe"), "no kind of record 'recipe'"),
        (("--lang", "de"), "'de' is not one of 'fi', 'sv', 'en'"),
        (("--format", "xml"), "'xml' is not one of"),
        (("--policies", "no-such-folder"), "there is no folder of policies"),
        (("--parameters", "no-such-file.yaml"), "no-such-file.yaml"),
        (("--undecided", "--format", "json"), "--undecided prints a work list"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_call_ends_with_two_and_says_what_to_write(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run("check", f"{CASES}/trial-clean.json", *arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


def test_parameters_from_a_file_settle_what_hangs_on_them(run: Run, tmp_path: Path) -> None:
    overlay = tmp_path / "ours.yaml"
    overlay.write_text("work-trial:\n  video_meetings: 3\n", encoding="utf-8")
    path = f"{CASES}/trial-video.json"

    def verdicts(*arguments: str) -> tuple[list[str], str]:
        body = json.loads(run("check", path, *AS_OF, "--policy", "work-trial", "--format", "json", *arguments).out)
        return [r["verdict"] for r in body["results"] if r["rule"] == "video-cap"], body["policies"][0]["sha256"]

    before, digest = verdicts()
    after, other = verdicts("--parameters", str(overlay))
    assert ["unknown"] == before
    assert after[0] in ("pass", "fail")
    assert digest != other


def test_a_document_without_its_case_is_unknown_and_names_the_case(run: Run) -> None:
    invoice = "tests/data/documents/invoice-deviations.yaml"
    body = json.loads(run("check", invoice, *AS_OF, "--format", "json").out)
    billed = [result for result in body["results"] if result["rule"] == "billed-days-are-delivered"]
    assert {"unknown", "fail"} == {result["verdict"] for result in billed}  # a day billed twice fails without the case
    assert {("record", "case")} == {(u["kind"], u["name"]) for result in billed for u in result["undecided"]}


def test_a_document_is_judged_with_the_case_given_beside_it(run: Run) -> None:
    invoice = "tests/data/documents/invoice-deviations.yaml"
    case = f"{CASES}/trial-deviations.yaml"
    body = json.loads(run("check", invoice, "--with", case, *AS_OF, "--format", "json").out)
    assert {invoice} == {result["record"] for result in body["results"]}
    billed = [result for result in body["results"] if result["rule"] == "billed-days-are-delivered"]
    assert {"pass", "fail"} == {result["verdict"] for result in billed}


def test_explain_prints_the_rule_the_facts_and_the_source(run: Run) -> None:
    done = run("explain", f"{CASES}/trial-deviations.yaml", "--rule", "day-length", "--at", "3", *AS_OF, "--lang", "en")
    assert done.code == 0
    assert "5 h 59 min" in done.out
    assert "parameter shortest_day" in done.out
    assert "nearest change" in done.out


def test_explain_without_an_element_names_those_in_order(run: Run) -> None:
    done = run("explain", f"{CASES}/trial-deviations.yaml", "--rule", "day-length", *AS_OF, "--lang", "en")
    assert [line.partition("  ")[0] for line in done.out.splitlines() if line.startswith(("✗", "✓"))] == [
        "✗ fail",
        "✗ fail",
        "✓ pass",
    ]
    assert "--rule day-length --at 0" in done.out


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_explain_speaks_every_language(run: Run, lang: str) -> None:
    done = run("explain", f"{CASES}/trial-deviations.yaml", "--rule", "day-length", "--at", "3", *AS_OF, "--lang", lang)
    assert done.code == 0
    assert "5 h 59 min" in done.out


def test_explain_of_a_rule_that_there_is_not(run: Run) -> None:
    done = run("explain", f"{CASES}/trial-clean.json", "--rule", "day-lenght")
    assert done.code == 2
    assert "did you mean day-length" in done.err


def test_explain_of_an_element_that_there_is_not(run: Run) -> None:
    done = run("explain", f"{CASES}/trial-clean.json", "--rule", "day-length", "--at", "999", *AS_OF)
    assert done.code == 2
    assert "gives no verdict here" in done.err


def test_due_lists_the_soonest_first(run: Run) -> None:
    body = json.loads(run("due", CASES, "--as-of", "2025-06-10", "--format", "json").out)
    days = [row["due"] for row in body["due"] if row["due"] is not None]
    assert days
    assert sorted(days) == days


def test_the_work_list_names_what_would_settle_the_unknown_verdicts(run: Run) -> None:
    done = run("check", f"{CASES}/trial-missing-facts.yaml", *AS_OF, "--undecided", "--lang", "en")
    assert "not recorded:" in done.out
    assert "would settle it alone" in done.out


def test_no_private_value_is_printed(run: Run, tmp_path: Path) -> None:
    record = tmp_path / "certificate.json"
    record.write_text(
        json.dumps(
            {"record": "certificate", "id": "K-1", "client_name": "Testi Testinen", "client_code": "010190-999W"}
        ),
        encoding="utf-8",
    )
    done = run("check", record, "--with", f"{CASES}/trial-clean.json", *AS_OF, "--format", "json", "--all")
    assert "Testinen" not in done.out + done.err
    assert "010190-999W" not in done.out + done.err
