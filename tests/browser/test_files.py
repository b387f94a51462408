"""The files of the site, read without a browser: links, languages, sizes, and what a page loads."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from browser.handbook_files import LANGUAGES, Anchors, SitePage, read_anchors, target

LARGEST = 300_000


@pytest.fixture(scope="module")
def anchors(pages: list[SitePage]) -> dict[SitePage, Anchors]:
    return {page: read_anchors(page.html) for page in pages}


def test_every_link_leads_to_a_page_and_a_place_on_it(anchors: dict[SitePage, Anchors]) -> None:
    places = {page.file: {"", *found.places} for page, found in anchors.items()}
    broken = []
    for page, found in anchors.items():
        for link in dict.fromkeys(found.links):
            if re.match(r"[a-z]+:", link):
                continue
            file, place = target(page, link)
            if not file.is_file() or place not in places.get(file, {""}):
                broken.append(f"{page.url}: {link}")
    assert [] == broken


def test_no_id_stands_twice_on_a_page(anchors: dict[SitePage, Anchors]) -> None:
    twice = {page.url: [id_ for id_, n in Counter(found.places).items() if n > 1] for page, found in anchors.items()}
    assert {} == {url: ids for url, ids in twice.items() if ids}


def test_no_page_loads_anything_from_another_host(pages: list[SitePage]) -> None:
    loads = re.compile(r"<(?:script|img|iframe|source|link)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^>]*>")
    assert {} == {page.url: found for page in pages if (found := loads.findall(page.html))}


def test_no_page_is_too_large(pages: list[SitePage]) -> None:
    assert {} == {page.url: size for page in pages if (size := page.file.stat().st_size) > LARGEST}


def test_every_page_is_there_in_every_language_and_says_which(pages: list[SitePage]) -> None:
    own = {lang: {page.path for page in pages if page.lang == lang} for lang in LANGUAGES}
    generated = {lang: {path for path in paths if not path.startswith("developers/")} for lang, paths in own.items()}
    assert generated["fi"] == generated["sv"] == generated["en"]
    wrong = [page.url for page in pages if f'<html lang="{page.lang}"' not in page.html]
    assert [] == wrong


def test_the_languages_on_a_page_lead_to_the_same_page(pages: list[SitePage]) -> None:
    links = re.compile(r'<a href="([^"]*)" lang="(\w\w)" hreflang="\2"')
    wrong = []
    for page in pages:
        if page.kind in {"404", "guide"}:
            continue
        found = {lang: target(page, link)[0] for link, lang in links.findall(page.html)}
        if found != {lang: SitePage(page.site, lang, page.path).file for lang in LANGUAGES}:
            wrong.append(page.url)
    assert [] == wrong


def test_every_page_has_one_heading_that_is_in_its_title(pages: list[SitePage]) -> None:
    wrong = []
    for page in pages:
        headings = re.findall(r"<h1\b[^>]*>(.*?)</h1>", page.html, flags=re.DOTALL)
        title = page.html.partition("<title>")[2].partition("</title>")[0]
        if len(headings) != 1 or not title.strip():
            wrong.append(page.url)
    assert [] == wrong
