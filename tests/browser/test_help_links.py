"""The `help` of every verdict that `pykala check` gives leads to the page of its rule."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import pykala
from browser.handbook_files import SitePage
from pykala.policy.model import LANGUAGES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def results() -> list[dict[str, Any]]:
    command = ["check", "tests/data/cases", "--format", "json", "--as-of", "2025-10-31", "--fail-on", "never"]
    done = subprocess.run([sys.executable, "-m", "pykala", *command], cwd=ROOT, capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def heading(page: SitePage) -> str:
    found = re.search(r"<h1\b[^>]*>(.*?)</h1>", page.html, flags=re.DOTALL)
    return html.unescape(re.sub("<[^>]*>", "", found[1])) if found else "no heading"


def test_each_verdict_leads_to_the_page_of_its_rule(results: list[dict[str, Any]], site: Path) -> None:
    policies = {policy.name: policy for policy in pykala.load(ROOT / "policies").policies}
    wrong = {}
    for result in results:
        rule = policies[f"{result['policy']}@{result['version']}"].rule(result["rule"])
        for lang in LANGUAGES:
            page = SitePage(site, lang, f"{result['help'].removeprefix('handbook/')}index.html")
            title = "" if rule is None else rule.title.get(lang)
            if not page.file.is_file() or heading(page) != title:
                wrong[page.url] = title
    assert results
    assert {} == wrong


def test_a_help_link_opens_in_a_browser(results: list[dict[str, Any]], page: Page, server: str, site: Path) -> None:
    for link in list(dict.fromkeys(result["help"] for result in results))[:5]:
        page.goto(server.removesuffix("handbook/") + link)
        own = SitePage(site, "fi", f"{link.removeprefix('handbook/')}index.html")
        assert heading(own) == page.locator("h1").inner_text()
