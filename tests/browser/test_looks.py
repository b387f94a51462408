"""What a page looks like: dark and light, on a narrow screen, enlarged, with wide letters, printed, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from browser.handbook_files import SitePage, one_of_each_kind

RULE = "work-trial/day-length/index.html"
WIDE_LETTERS = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
OVER = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll('*')].filter(each => each.checkVisibility() && !each.closest('svg *')
    && each.getBoundingClientRect().right > width + 1 && getComputedStyle(each).clipPath === 'none'
    && !each.closest('.hidden-text, thead, caption, pre *')).map(each => each.outerHTML.slice(0, 100))
    .concat(document.documentElement.scrollWidth > width ? ['the page scrolls sideways'] : []);
}"""


def scheme(page: Page) -> str | None:
    found: str | None = page.locator("body").get_attribute("data-md-color-scheme")
    return found


def test_the_colours_follow_the_system_until_the_reader_chooses(page: Page, base: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(base + "index.html")
    assert "slate" == scheme(page)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[data-handbook=theme]").click()
    assert "default" == scheme(page)
    assert dark != page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto(base + "sv/contacts/index.html")
    assert "default" == scheme(page)


@pytest.mark.parametrize(
    ("width", "height", "css"),
    [
        (320, 640, ""),
        (320, 256, ""),
        (768, 1024, ""),
        (1024, 768, ""),
        (320, 640, WIDE_LETTERS),
        (1280, 900, WIDE_LETTERS),
    ],
    ids=["narrow", "enlarged to 400 %", "middle", "middle with columns", "narrow with wide letters", "wide letters"],
)
def test_nothing_sticks_out(
    context: BrowserContext, disk: str, pages: list[SitePage], width: int, height: int, css: str
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    wrong = {}
    for one in one_of_each_kind(pages):
        page.goto(disk + one.url, wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        if css:
            page.add_style_tag(content=css)
        if over := page.evaluate(OVER):
            wrong[one.url] = over[-3:]
    assert {} == wrong


def test_a_page_is_printed_without_what_is_for_the_screen(page: Page, disk: str) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(disk + RULE)
    for part in (".menu", ".languages", ".search", "[data-handbook=theme]", ".contents"):
        assert page.locator(part).is_hidden(), part
    assert page.locator("h1").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details table").first.is_visible()
    assert "rgb(255, 255, 255)" == page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details table").first.is_hidden()


def test_a_verdict_is_told_in_words_beside_its_sign(page: Page, disk: str) -> None:
    page.goto(disk + RULE)
    told = page.locator(".verdict").all_text_contents()
    assert told
    assert [] == [text for text in told if len(text.split()) < 2]


def test_a_page_can_be_read_and_used_without_scripts(browser: Browser, base: str, pages: list[SitePage]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for one in one_of_each_kind([each for each in pages if each.lang == "fi" and each.kind != "404"]):
        page.goto(base + one.url, wait_until="load")
        assert page.locator("h1").is_visible(), one.url
        assert page.locator(".menu a").first.is_visible(), one.url
        assert page.locator("#site-search").is_hidden(), one.url
        assert page.locator("[data-handbook=theme]").is_hidden(), one.url
    page.goto(base + RULE)
    page.get_by_role("link", name="English").click()
    page.wait_for_url(f"{base}en/{RULE}")
    page.locator(".menu a").nth(1).click()
    page.wait_for_url(f"{base}en/calculator/index.html")
    assert page.locator("form#calculator").is_hidden()
    assert page.locator("article table").first.is_visible()
    context.close()


def test_a_link_into_a_folded_part_opens_it(page: Page, disk: str) -> None:
    page.goto(disk + RULE)
    page.evaluate("document.querySelector('details table').id = 'inside'")
    page.evaluate("location.hash = 'inside'")
    page.wait_for_function("document.querySelector('details').open")
