"""The calculator's form: it is filled in by a link from a rule, answers, and complains in words."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from browser.handbook_files import LANGUAGES, SitePage

RULE = "work-trial/rehab-start/index.html"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_link_of_a_rule_fills_the_form_in(page: Page, base: str, lang: str, pages: list[SitePage]) -> None:
    rule = next(each for each in pages if (each.lang, each.path) == (lang, RULE))
    page.goto(base + rule.url)
    page.locator("a[href*='calculator/index.html#']").first.click()
    page.wait_for_url("**/calculator/index.html#work-trial/rehab-start")
    assert "work-trial/rehab-start" == page.locator("#calculator-limit").input_value()
    page.locator("#calculator-start").fill("2025-05-05")
    page.locator("#calculator button").click()
    assert "2025" in page.locator("#calculator-result strong").first.inner_text()
    page.locator("#calculator-result a").first.click()
    page.wait_for_url(base + rule.url)


def test_a_form_without_a_day_is_told_what_is_missing(page: Page, disk: str) -> None:
    page.goto(disk + "en/calculator/index.html#work-trial/rehab-start")
    page.locator("#calculator button").click()
    assert page.locator("#calculator-error").inner_text()
    assert "true" == page.locator("#calculator-start").get_attribute("aria-invalid")
    assert page.locator("#calculator-start").evaluate("field => field === document.activeElement")


def test_the_form_works_by_keyboard(page: Page, disk: str) -> None:
    page.goto(disk + "calculator/index.html")
    page.locator("#calculator-limit").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("05052025")
    page.keyboard.press("Enter")
    assert page.locator("#calculator-result strong").first.inner_text()
