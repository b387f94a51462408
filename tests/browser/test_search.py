"""The search: it finds a rule in each language, by mouse and by keyboard, from a server and from the disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from browser.handbook_files import LANGUAGES, SitePage

RULE = "work-trial/day-length/index.html"
MANY = 20
"""More stops than the header has before the search."""


def title(site: Path, lang: str) -> str:
    """Return the title of the rule that is looked for."""
    found = re.search(r"<h1\b[^>]*>(.*?)</h1>", SitePage(site, lang, RULE).html)
    assert found is not None
    return found[1]


def result(page: Page) -> Locator:
    return page.locator(f"#site-search a[href$='/{RULE}']")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_is_found_by_mouse(page: Page, base: str, site: Path, lang: str) -> None:
    page.goto(base + SitePage(site, lang, "contacts/index.html").url)
    page.get_by_role("searchbox").click()
    page.get_by_role("searchbox").fill(title(site, lang))
    result(page).click()
    page.wait_for_url(base + SitePage(site, lang, RULE).url)
    assert title(site, lang) == page.locator("h1").inner_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_is_found_by_keyboard_alone(page: Page, base: str, site: Path, lang: str) -> None:
    page.goto(base + SitePage(site, lang, "index.html").url)
    for _ in range(MANY):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role') || document.activeElement.type") == "search":
            break
    page.keyboard.type(title(site, lang))
    result(page).wait_for()
    assert re.search(r"\d", page.get_by_role("status").inner_text())
    place = page.locator("#site-search a").evaluate_all(
        "(all, end) => all.findIndex(each => each.getAttribute('href').endsWith(end))", f"/{RULE}"
    )
    page.keyboard.press("Enter")
    for _ in range(place):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(base + SitePage(site, lang, RULE).url)


def test_escape_closes_the_results_and_stays_in_the_field(page: Page, disk: str) -> None:
    page.goto(disk + "index.html")
    page.get_by_role("searchbox").fill("tulkki")
    page.locator("#site-search a").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".search__panel").is_hidden()
    assert page.get_by_role("searchbox").evaluate("field => field === document.activeElement")


def test_leaving_the_results_closes_them(page: Page, disk: str) -> None:
    page.goto(disk + "index.html")
    page.get_by_role("searchbox").fill("tulkki")
    page.locator("#site-search a").first.wait_for()
    page.get_by_role("link", name="Svenska").focus()
    assert page.locator(".search__panel").is_hidden()


def test_a_word_that_is_nowhere_is_said_to_be_nowhere(page: Page, disk: str) -> None:
    page.goto(disk + "en/index.html")
    page.get_by_role("searchbox").fill("interpreter")
    page.locator("#site-search a").first.wait_for()
    page.get_by_role("searchbox").fill("zzzxqw")
    page.wait_for_function("document.querySelector('#site-search ol').children.length === 0")
    assert page.get_by_role("status").inner_text().startswith("No ")


def test_no_index_is_read_before_the_search_is_used(page: Page, disk: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(disk + "index.html", wait_until="load")
    assert [] == [url for url in asked if "search_index" in url or "workers" in url]
