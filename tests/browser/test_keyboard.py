"""The keyboard alone: where each Tab leads, what shows it, and the link past the menu."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

PAGES = (
    "index.html",
    "work-trial/day-length/index.html",
    "services/work-trial/start/index.html",
    "calculator/index.html",
)

HERE = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  window.stops = window.stops || [];
  const before = window.stops[window.stops.length - 1];
  if (before === at) return null;  // the parts of a date are stops within one field
  const again = window.stops.includes(at);
  window.stops.push(at);
  return {
    what: at.outerHTML.slice(0, 120),
    end: at === document.body || again,
    shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    forward: !before || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING),
    part: (at.closest('header, main, footer') || at).localName,
  };
}"""
LEFT = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled && !window.stops.includes(each))
  .map(each => each.outerHTML.slice(0, 120))"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Return what each Tab led to, from the top of the page to its end."""
    stops: list[dict[str, Any]] = []
    for _ in range(2000):
        page.keyboard.press("Tab")
        stop = page.evaluate(HERE)
        if stop is None:
            continue
        if stop["end"]:
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("path", PAGES)
def test_every_stop_is_reached_in_order_and_shown(page: Page, disk: str, path: str) -> None:
    page.goto(disk + path)
    stops = walk(page)
    assert [] == page.evaluate(LEFT)
    assert [] == [stop["what"] for stop in stops if not stop["shown"]]
    assert [] == [stop["what"] for stop in stops if not stop["seen"]]
    assert [] == [stop["what"] for stop in stops if not stop["forward"]]
    parts = [stop["part"] for stop in stops[1:]]
    assert ["header", "main", "footer"] == list(dict.fromkeys(parts))


@pytest.mark.parametrize("path", PAGES)
def test_the_first_stop_leads_past_the_menu(page: Page, disk: str, path: str) -> None:
    page.goto(disk + path)
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("at => at.className") == "md-skip"
    page.keyboard.press("Enter")
    assert page.locator("h1").get_attribute("id") == page.evaluate("decodeURIComponent(location.hash.slice(1))")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("at => Boolean(at.closest('article, main ~ footer, footer'))")


def test_what_is_folded_opens_by_keyboard(page: Page, disk: str) -> None:
    page.goto(disk + "work-trial/day-length/index.html")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None


def test_no_single_letter_does_anything(page: Page, disk: str) -> None:
    page.goto(disk + "work-trial/day-length/index.html")
    for key in ("f", "s", "/", "n", "p", ",", "."):
        page.keyboard.press(key)
    assert "BODY" == page.evaluate("document.activeElement.tagName")
    assert page.url == disk + "work-trial/day-length/index.html"
