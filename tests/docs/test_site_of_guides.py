"""The hand-written pages make a site: every link leads somewhere, and the references are made from the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

import pykala
from command_line import ROOT
from pykala.cli.main import cli
from pykala.cli.reference import command_line, on_page_markdown
from pykala.report.schemas import REPORTS

DOCS = ROOT / "docs"
INDEX = (DOCS / "index.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the hand-written pages, built as strictly as it can be."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    alone = os.environ | {"PYKALA_HANDBOOK": "false"}
    done = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_site_is_built_without_a_warning_and_shows_every_public_name(site: Path) -> None:
    page = (site / "reference" / "api.html").read_text(encoding="utf-8")
    shown = set(re.findall(r'<h3 id="([\w.]+)"', page))
    home = {name: getattr(getattr(pykala, name), "__module__", "") for name in pykala.__all__}
    missing = [name for name in pykala.__all__ if not {f"pykala.{name}", f"{home[name]}.{name}"} & shown]
    assert [] == missing


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    pages = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html") if page.name != "404.html"}
    places = {page: set(re.findall(r'\b(?:id|name)="([^"]+)"', text)) for page, text in pages.items()}
    broken = []
    for page, text in pages.items():
        for link in re.findall(r'href="([^":]+)"', text):
            path, _, place = unquote(link).partition("#")
            to = (page.parent / path).resolve() if path else page
            if not to.exists() or (place and to in places and place not in places[to]):
                broken.append(f"{page.relative_to(site)}: {link}")
    assert [] == broken


def test_no_page_is_too_heavy(site: Path) -> None:
    assert [] == [str(page) for page in site.rglob("*.html") if page.stat().st_size > 300_000]


def test_a_page_of_commands_is_made_from_the_commands(site: Path) -> None:
    page = (site / "reference" / "command-line.html").read_text(encoding="utf-8")
    assert "<!-- commands -->" not in page
    assert 'id="new-rule"' in page
    assert on_page_markdown("no mark") == "no mark"


def test_a_page_of_reports_is_made_from_their_schemas(site: Path) -> None:
    page = (site / "reference" / "reports.html").read_text(encoding="utf-8")
    assert [] == [name for name in REPORTS if f'id="{name}"' not in page]
    assert "<!-- reports -->" not in page


def test_every_command_and_option_stands_in_the_reference() -> None:
    text = command_line()
    context = click.Context(cli)
    groups = [(name, cli.get_command(context, name)) for name in cli.list_commands(context)]
    sections = dict(
        zip(re.findall(r"^## `pykala (.+?)`", text, re.M), re.split(r"^## .*$", text, flags=re.M)[1:], strict=True)
    )
    for name, command in groups:
        assert command is not None
        inner = command.commands if isinstance(command, click.Group) else {"": command}
        for rest, each in inner.items():
            section = sections.pop(f"{name} {rest}".strip())
            options = [opt for option in each.params if isinstance(option, click.Option) for opt in option.opts]
            assert [] == [option for option in options if option not in section]
    assert {} == sections


def test_every_guide_and_decision_is_linked_from_the_first_page() -> None:
    pages = {str(path.relative_to(DOCS)) for path in (*DOCS.glob("*/*.md"), *DOCS.glob("*.md"))}
    translated = {page for page in pages if page.endswith((".fi.md", ".sv.md"))}
    listed = {page for page in pages if not page.startswith("diagnostics/")} | {"diagnostics/index.md"}
    wanted = listed - translated - {"index.md"}
    assert set() == wanted - set(re.findall(r"\]\(([^)#]+)\)", INDEX))


def test_the_translated_first_pages_lead_to_pages_that_there_are() -> None:
    for lang in ("fi", "sv"):
        links = re.findall(r"\]\(([^)#]+)\)", (DOCS / f"index.{lang}.md").read_text(encoding="utf-8"))
        assert links
        assert [] == [link for link in links if not (DOCS / link).exists()]
