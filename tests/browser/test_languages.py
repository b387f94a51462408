"""The language switch: on every kind of page it leads to the same page in the other languages."""

from __future__ import annotations

from playwright.sync_api import Page

from browser.handbook_files import SitePage, one_of_each_kind

NAMES = {"sv": "Svenska", "en": "English", "fi": "Suomi"}


def test_the_switch_leads_to_the_same_page_in_the_other_language(page: Page, base: str, pages: list[SitePage]) -> None:
    wrong = []
    for one in one_of_each_kind([each for each in pages if each.lang == "fi" and each.kind not in {"404", "guide"}]):
        page.goto(base + one.url, wait_until="domcontentloaded")
        for lang, name in NAMES.items():
            page.get_by_role("banner").get_by_role("link", name=name, exact=True).click()
            page.wait_for_load_state("domcontentloaded")
            at, says = page.url, page.locator("html").get_attribute("lang")
            current = page.locator(".languages [aria-current]").inner_text()
            if (at, says, current) != (base + SitePage(one.site, lang, one.path).url, lang, name):
                wrong.append((one.url, at, says, current))
    assert [] == wrong


def test_a_page_of_the_guides_leads_to_the_guides_in_the_other_language(
    page: Page, base: str, pages: list[SitePage]
) -> None:
    guide = max((each for each in pages if each.kind == "guide" and each.lang == "en"), key=lambda each: each.path)
    page.goto(base + guide.url)
    page.get_by_role("link", name="Suomi", exact=True).click()
    assert base + "developers/index.html" == page.url
    assert "fi" == page.locator("html").get_attribute("lang")
