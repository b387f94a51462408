"""`pykala trace`: the matrix of sources and rules, in its four forms."""

from __future__ import annotations

import csv
import io
import json

from command_line import Run

SOURCE = "work-trial-2025"


def test_json_has_the_contract_keys_and_every_statement(run: Run) -> None:
    rows = json.loads(run("trace", SOURCE, "--format", "json").out)
    assert 147 == len(rows)
    assert {"source", "statement", "checkable", "rules", "page"} == set(rows[0])
    found = {row["statement"]: row for row in rows}
    assert ["work-coaching/day-length", "work-trial/day-length"] == sorted(
        name for name in found["day-length"]["rules"] if name.endswith("/day-length")
    )
    assert [] == found["auditor-secrecy"]["rules"]


def test_every_checkable_statement_of_the_source_is_answered(run: Run) -> None:
    done = run("trace", SOURCE, "--open")
    assert 0 == done.code, done.out


def test_csv_and_markdown_have_a_row_for_each_statement(run: Run) -> None:
    table = list(csv.DictReader(io.StringIO(run("trace", SOURCE, "--format", "csv", "--lang", "en").out)))
    assert 147 == len(table)
    assert 147 + 2 == len(run("trace", SOURCE, "--format", "markdown").out.splitlines())


def test_a_source_that_there_is_not(run: Run) -> None:
    done = run("trace", "work-trail-2025")
    assert 2 == done.code
    assert "did you mean work-trial-2025" in done.err


def test_a_rule_of_several_versions_is_named_once(run: Run) -> None:
    rows = json.loads(run("trace", "--format", "json").out)
    twice = [row["statement"] for row in rows if len(row["rules"]) != len(set(row["rules"]))]
    assert [] == twice
