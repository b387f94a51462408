"""No page asks another host for anything, complains, or fails to load a part; `context` hears each and fails."""

from __future__ import annotations

from playwright.sync_api import Page

from browser.handbook_files import SitePage, one_of_each_kind


def test_every_kind_of_page_loads_quietly(page: Page, base: str, pages: list[SitePage]) -> None:
    for one in one_of_each_kind(pages):
        page.goto(base + one.url, wait_until="load")


def test_an_address_without_a_page_is_answered_in_three_languages(page: Page, server: str) -> None:
    answer = page.goto(server + "no/such/page/")
    assert answer is not None
    assert 404 == answer.status
    assert ["fi", "sv", "en"] == page.locator("h1 [lang]").evaluate_all("all => all.map(each => each.lang)")
    assert 40 < page.locator("main").evaluate("main => main.getBoundingClientRect().left")
