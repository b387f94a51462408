"""`pykala docs`: the site of a small repository, and what a wrong call or a wrong page is told."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import Run
from pykala.cli import docs_command


@pytest.fixture(name="repository")
def _repository(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    assert run("init", folder, "--service", "meals", "--title", "Ateriat", "--year", "2025").code == 0
    return folder


def test_a_new_repository_has_a_handbook_in_three_languages(run: Run, repository: Path) -> None:
    done = run("docs", "build", "--policies", repository / "policies", "-o", repository / "handbook")
    assert (0, "") == (done.code, done.err)
    site = repository / "handbook"
    for folder, lang, words in (("", "fi", "Vaatimus"), ("sv/", "sv", "Krav"), ("en/", "en", "Requirement")):
        page = (site / f"{folder}meals/day-length/index.html").read_text("utf-8")
        assert f'<html lang="{lang}"' in page
        assert words in page
        assert "5 h 59 min" in page.replace("\u00a0", " ")
    assert (site / "search" / "search_index.js").read_text("utf-8").startswith("var __index = {")


def test_each_page_leads_to_itself_in_the_other_languages(run: Run, repository: Path) -> None:
    assert run("docs", "build", "--policies", repository / "policies", "-o", repository / "handbook").code == 0
    site = repository / "handbook"
    count = 0
    for page in site.rglob("index.html"):
        own = page.relative_to(site).as_posix().removeprefix("sv/").removeprefix("en/")
        links = dict(re.findall(r'<a href="([^"]+)" lang="(\w+)"', page.read_text("utf-8")))
        assert {"fi", "sv", "en"} == set(links.values())
        for href, lang in links.items():
            count += 1
            expected = site / ("" if lang == "fi" else lang) / own
            assert expected == (page.parent / href).resolve()
            assert expected.is_file()
    assert count > 3 * 30


def test_a_page_written_by_hand_stands_in_the_site_of_its_language(run: Run, repository: Path) -> None:
    docs = repository / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Guides\n\n[more](more.md)\n", "utf-8")
    (docs / "more.md").write_text("# More\n", "utf-8")
    (docs / "more.fi.md").write_text("# Lisää\n\n[englanniksi](other.md)\n", "utf-8")
    (docs / "other.md").write_text("# Other\n", "utf-8")
    assert run("docs", "build", "--policies", repository / "policies", "-o", repository / "handbook").code == 0
    written = repository / "handbook" / "en" / "developers"
    assert "More" in (written / "more.html").read_text("utf-8")
    assert "Lisää" in (repository / "handbook" / "developers" / "more.html").read_text("utf-8")
    assert not (repository / "handbook" / "sv" / "developers" / "more.html").exists()
    own = (repository / "handbook" / "developers" / "more.html").read_text("utf-8")
    assert '<a href="../en/developers/other.html" hreflang="en" lang="en">englanniksi</a>' in own
    links = dict(re.findall(r'<a href="([^"]+)" lang="(\w+)"', own))
    assert links == {"more.html": "fi", "../sv/developers/index.html": "sv", "../en/developers/more.html": "en"}
    assert (repository / "handbook" / "sv" / "developers" / "index.html").exists()


def test_a_link_that_leads_nowhere_stops_the_build(run: Run, repository: Path) -> None:
    (repository / "docs").mkdir()
    (repository / "docs" / "index.md").write_text("# Guides\n\n[lost](lost.md)\n", "utf-8")
    done = run("docs", "build", "--policies", repository / "policies", "-o", repository / "handbook")
    assert done.code == 2
    assert "lost.md" in done.err
    assert not (repository / "handbook").exists()


def test_an_example_that_is_not_true_stops_the_build_at_its_line(run: Run, repository: Path) -> None:
    path = next((repository / "policies" / "meals").iterdir())
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('{given: {"days[0].length": 6 h}, expect: pass', '{given: {"days[0].length": 6 h}, expect: fail'),
        "utf-8",
    )
    done = run("docs", "build", "--policies", repository / "policies", "-o", repository / "handbook")
    assert done.code == 2
    assert "error[bad-example]: expected fail, got pass" in done.err
    assert re.search(r"2025\.yaml:\d+:\d+", done.err)


def test_settings_that_are_none_are_told_in_a_line(run: Run, repository: Path) -> None:
    (repository / "mkdocs.yml").write_text("- site_name\n", "utf-8")
    done = run("docs", "build", "--lang", "fi", "--policies", repository / "policies", "-o", repository / "handbook")
    assert done.code == 2
    assert done.err.startswith("error: mkdocs.yml: it holds no settings")


def test_only_an_empty_folder_or_an_older_handbook_is_overwritten(run: Run, repository: Path) -> None:
    done = run("docs", "build", "--policies", repository / "policies", "-o", repository)
    assert done.code == 2
    assert "holds something else than a handbook" in done.err
    assert (repository / "policies").is_dir()
    for _ in range(2):
        again = run(
            "docs", "build", "--lang", "fi", "--policies", repository / "policies", "-o", repository / "handbook"
        )
        assert (0, "") == (again.code, again.err)
    assert not (repository / "handbook" / "sv").exists()


def test_the_served_site_follows_its_files_and_survives_a_mistake(repository: Path) -> None:
    """One process through the life of an edit: built, broken (the last good site stays), mended."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = next((repository / "policies" / "meals").iterdir())
    good = path.read_text("utf-8")
    command = [sys.executable, "-m", "pykala", "docs", "serve", "--lang", "fi", "--port", str(port)]
    log = repository.parent / "serve.log"
    with log.open("w") as out, subprocess.Popen(command, cwd=repository, stdout=out, stderr=out) as process:
        try:
            url = f"http://127.0.0.1:{port}/meals/day-length/"
            assert _until(lambda: "5 h 59 min" in _page(url)), log.read_text("utf-8")
            path.write_text(good.replace("require: day.length", "require: day.lengt"), "utf-8")
            assert _until(lambda: "error[unknown-field]" in log.read_text("utf-8"))
            assert "5 h 59 min" in _page(url)
            changed = good.replace("value: 6 h", "value: 7 h").replace(": 6 h}, expect: pass", ": 7 h}, expect: pass")
            path.write_text(changed.replace("5 h 59 min", "6 h 59 min"), "utf-8")
            assert _until(lambda: "6 h 59 min" in _page(url)), log.read_text("utf-8")
        finally:
            process.terminate()
    assert "Traceback" not in log.read_text("utf-8")


def _page(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return str(answer.read().decode("utf-8")).replace("\u00a0", " ")
    except OSError:
        return ""


def _until(holds: Callable[[], bool]) -> bool:
    """Return whether something comes to hold within a minute."""
    for _ in range(300):
        if holds():
            return True
        time.sleep(0.2)
    return False


def test_without_policies_the_build_says_where_it_looked(run: Run, tmp_path: Path) -> None:
    done = run("docs", "build", "--policies", tmp_path / "none", "-o", tmp_path / "site")
    assert done.code == 2
    assert "there is no folder of policies" in done.err


def test_without_its_libraries_the_command_names_the_extra(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs_command, "find_spec", lambda name: None)
    done = run("docs", "build", "--policies", repository / "policies")
    assert done.code == 2
    assert "pip install 'pykala[docs]'" in done.err


def test_a_site_of_one_language_is_built_again_and_told_by_its_first_page(run: Run, repository: Path) -> None:
    call = ("docs", "build", "--lang", "sv", "--policies", repository / "policies", "-o", repository / "handbook")
    for _ in range(2):
        done = run(*call)
        assert done.code == 0, done.err
        assert done.out.rstrip().endswith("/handbook/sv/index.html")
