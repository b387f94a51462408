"""Documents on the command line: a certificate against its case, a mapping that is named, what is wrong in one line."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from command_line import ROOT, Run
from data import make_documents, make_samples

CASE = make_samples.CASE.relative_to(ROOT)


@pytest.fixture(name="certificate")
def _certificate(tmp_path: Path) -> Path:
    path = tmp_path / "certificate.pdf"
    make_documents.write_document(make_samples.plain(make_samples.CERTIFICATE), "fi", path)
    return path


def test_a_certificate_is_checked_against_its_case(run: Run, certificate: Path) -> None:
    done = run("check", certificate, "--with", CASE, "--as-of", "2025-10-31")
    assert (1, "") == (done.code, done.err)
    assert "Joustopäivä 10.7.2025 puuttuu todistuksesta." in done.out
    assert "Todistukseen on merkitty joustopäiviä, mutta niitä ei ole perusteltu." in done.out


def test_the_verdicts_of_a_document_are_explained(run: Run, certificate: Path) -> None:
    done = run("explain", certificate, "--with", CASE, "--as-of", "2025-10-31", "--rule", "certificate-flex-reason")
    assert 0 == done.code, done.err
    assert "T-03-1" in done.out


def test_no_report_shows_a_name_or_a_code_of_a_document(run: Run, certificate: Path) -> None:
    for form in ("text", "json", "jsonl"):
        done = run("check", certificate, "--with", CASE, "--as-of", "2025-10-31", "--all", "--format", form)
        assert "999W" not in done.out + done.err
        assert "000 000 000" not in done.out + done.err


def test_what_has_no_place_ends_the_call_with_2_and_the_record_is_judged(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "certificate.txt"
    path.write_text("Osallistumistodistus\nTodistuksen numero: T-1\nLempiväri: sininen\n", encoding="utf-8")
    done = run("check", path, "--as-of", "2025-10-31", "--format", "json")
    assert 2 == done.code
    assert f"error[unplaced-text]: {path.as_posix()}:3: a label that `certificate.fi` does not know" in done.err
    assert {"T-1"} == {result["record_id"] for result in json.loads(done.out)["results"]}


def test_a_mapping_can_be_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Asian tunnus: T-1\nKuntoutuspalvelu: työkokeilu\n", encoding="utf-8")
    done = run("check", path, "--as-of", "2025-10-31")
    assert 2 == done.code
    assert "help: say which it is, for example with `--mapping certificate.fi`" in done.err
    done = run("check", path, "--mapping", "certificate.fi", "--as-of", "2025-10-31", "--fail-on", "never")
    assert (0, "") == (done.code, done.err)
    done = run("check", path, "--mapping", "certificate.se")
    assert (2, "error: no mapping of documents 'certificate.se'\n  = help: did you mean certificate.sv?\n") == (
        done.code,
        done.err,
    )


@pytest.mark.parametrize(("ending", "library"), [("pdf", "pypdf"), ("docx", "docx")])
def test_a_library_that_is_not_installed_is_named_with_its_extra(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, library: str
) -> None:
    (tmp_path / f"a.{ending}").write_bytes(b"x")
    monkeypatch.setitem(sys.modules, library, None)
    done = run("check", tmp_path / f"a.{ending}")
    assert 2 == done.code
    assert "help: install it with `pip install 'pykala[documents]'`" in done.err


def test_a_mistake_in_a_mapping_is_a_diagnostic_at_its_place(run: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    path = tmp_path / "policies" / "records" / "documents" / "certificate.fi.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  written_on:", "  writen_on:"), encoding="utf-8")
    done = run("lint", "--policies", tmp_path / "policies")
    assert 1 == done.code
    assert "error[unknown-field]: unknown field `writen_on` of certificate" in done.out
    assert "help: did you mean `written_on`?" in done.out


def test_the_schema_of_mappings_is_published(run: Run) -> None:
    done = run("schema", "mapping")
    assert 0 == done.code
    assert "recognised_by" in json.loads(done.out)["properties"]
