"""axe finds nothing on any page in any language.

What colours a text has hangs on its tag and classes alone, so contrast is measured on pages that together show every
shape of each kind (`handbook_files.shape`), loaded as a reader loads them. Every other rule is tried on these and on
every Finnish page, which are put into the tab that is open: the other languages have the same pages in other words.
`EVERY_PAGE=1` (`make test-browser-all`) loads and measures every page of every language. Dark colours and a narrow screen
are tried on the longest page of each kind in each language.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from browser.handbook_files import SitePage, one_of_each_kind, one_of_each_shape

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PARTS = 24
"""How many tests the pages are dealt out to, for workers to share."""
RUN = """(options) => axe.run(document, options).then(found => found.violations.map(
  each => [each.id, each.nodes.map(node => node.html.slice(0, 200) + ' ' + node.failureSummary)[0]]))"""

PUT = """([lang, title, body]) => {
  document.documentElement.lang = lang; document.title = title; document.body.innerHTML = body;
}"""


def violations(page: Page, *, contrast: bool = True) -> list[Any]:
    """Return what axe finds on the page that is open."""
    options: dict[str, Any] = {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False}
    if not contrast:
        options["rules"] = {"color-contrast": {"enabled": False}}
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE};0")
    found: list[Any] = page.evaluate(RUN, options)
    return found


def put(page: Page, one: SitePage) -> None:
    """Put the content of a page into the tab that is open, which has the site's styles already."""
    title = one.html.partition("<title>")[2].partition("</title>")[0]
    body = one.html.partition("<body")[2].partition(">")[2].partition("</body>")[0]
    page.evaluate(PUT, [one.lang, title, body])


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_page(browser: Browser, disk: str, pages: list[SitePage], part: int) -> None:
    shown = set(pages) if os.environ.get("EVERY_PAGE") else set(one_of_each_shape(pages))
    tried = [one for one in pages if one in shown or one.lang == "fi"]
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce")
    wrong = {}
    styled = False
    for one in tried[part::PARTS]:
        if one in shown or not styled:
            styled = one.kind != "404"  # which has few styles of its own
            page.goto(disk + one.url, wait_until="domcontentloaded")
        else:
            put(page, one)
        if found := violations(page, contrast=one in shown):
            wrong[one.url] = found
    page.close()
    assert {} == wrong


@pytest.mark.parametrize("kind", ["dark", "narrow"])
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_axe_finds_nothing_in_the_dark_or_on_a_narrow_screen(
    browser: Browser, disk: str, pages: list[SitePage], lang: str, kind: str
) -> None:
    page = browser.new_page(
        viewport={"width": 1280 if kind == "dark" else 320, "height": 900},
        color_scheme="dark" if kind == "dark" else "light",
        reduced_motion="reduce",
    )
    wrong = {}
    for one in one_of_each_kind([each for each in pages if each.lang == lang]):
        page.goto(disk + one.url, wait_until="domcontentloaded")
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        if found := violations(page):
            wrong[one.url] = found
    page.close()
    assert {} == wrong


def test_axe_finds_nothing_in_the_results_of_the_search(page: Page, disk: str) -> None:
    page.goto(disk + "index.html")
    page.get_by_role("searchbox").fill("tulkki")
    page.locator("#site-search a").first.wait_for()
    assert [] == violations(page)


def test_axe_finds_what_is_wrong(page: Page, disk: str) -> None:
    """The check itself: a faint text and an image without a text are found."""
    page.goto(disk + "index.html")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=color:#bbb>a faint text</p><img>')"
    )
    assert {"color-contrast", "image-alt"} <= {name for name, _ in violations(page)}
