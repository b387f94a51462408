"""The calculator's page: every limit has its place on it, its tables are the engine's, its data is what the script reads."""

from __future__ import annotations

import datetime
import html
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from py_mini_racer import MiniRacer

import pykala
from policy_repository import HEAD, repository
from pykala.handbook import numbers
from pykala.handbook.addresses import CALCULATOR, calculator_place
from pykala.handbook.book import Book, Edition, make_book
from pykala.handbook.calculator_words import CALCULATOR_WORDS
from pykala.handbook.deadline_words import is_due
from pykala.handbook.deadlines import deadlines, rule_deadlines
from pykala.handbook.page import Page, untraced
from pykala.handbook.pages.calculator import SCRIPT, calculator
from pykala.handbook.words import pick
from pykala.policy.model import LANGUAGES, Lang

THEME = Path(pykala.__file__).parent / "handbook" / "theme"
DATA = re.compile(r'<script type="application/json" id="calculator-data">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def book() -> Book:
    return make_book(pykala.load("policies"))


@pytest.fixture(scope="module", params=LANGUAGES)
def edition(book: Book, request: pytest.FixtureRequest) -> Edition:
    lang: Lang = request.param
    return Edition(book, lang)


@pytest.fixture(scope="module")
def page(edition: Edition) -> Page:
    return calculator(edition)


def ids(page: Page) -> list[str]:
    return re.findall(r'\bid="([^"]*)"', page.markdown)


def test_every_rule_with_a_limit_has_its_place(page: Page, edition: Edition) -> None:
    """The place that a rule's own page leads to is there once, whether the limit can be counted or not."""
    found = Counter(ids(page))
    assert [name for name, times in found.items() if times > 1] == []
    for policy in edition.book.policies.policies:
        for rule in policy.rules:
            if any(is_due(each) for each in rule_deadlines(policy, rule)):
                place = calculator_place(edition.book.rule_path(policy, rule))
                assert place.startswith(f"{CALCULATOR}#")
                assert place.partition("#")[2] in found


def test_nothing_on_the_page_leads_nowhere(page: Page, edition: Edition) -> None:
    """Each block with a number names rules and parameters that are there."""
    assert list(untraced(page)) == []
    assert [origin for block in page.blocks for origin in block.origins if not edition.book.knows(origin)] == []


def test_the_form_offers_what_the_data_holds(page: Page) -> None:
    """Each option of the list is a limit of the data, each limit an option and a place on the page."""
    (written,) = DATA.findall(page.markdown)
    limits = json.loads(written)["limits"]
    options = [html.unescape(value) for value in re.findall(r'<option value="([^"]+)"', page.markdown)]
    assert options == list(limits)
    assert set(options) <= set(ids(page))
    assert (THEME / SCRIPT).is_file()
    assert f'<script src="../{SCRIPT}"></script>' in page.markdown


def test_the_tables_say_what_the_script_counts(page: Page, edition: Edition) -> None:
    """Every worked date of every table, given to the script with the page's own data, comes to the day beside it."""
    (written,) = DATA.findall(page.markdown)
    engine = MiniRacer()
    engine.eval((THEME / SCRIPT).read_text("utf-8"))
    engine.eval(
        f"var data = pykalaCalculator.read({json.dumps(written)}); var calendar = pykalaCalculator.makeCalendar(data.years, data.free);"
    )
    dates = {
        f"{numbers.weekday(day.weekday(), edition.lang)} {numbers.date(day, edition.lang)}": str(day)
        for day in (datetime.date(2020, 1, 1) + datetime.timedelta(at) for at in range(366 * 10))
    }
    compared = 0
    for block in page.blocks:
        keys = re.findall(r'<span id="([^"]*)"></span>', block.text)
        rows = re.findall(r'<tr><th scope="row"[^>]*>(.*?)</th>(.*)<td[^>]*>[^<]*</td></tr>', block.text)
        for key in keys if rows else ():
            for start, cells in rows:
                call = f"answer(data, data.limits[{json.dumps(key)}], pykalaCalculator.parseDate('{dates[start]}'), calendar)"
                answer = json.loads(str(engine.eval(f"JSON.stringify(pykalaCalculator.{call})")))
                assert [rows_of_way[0][1] for rows_of_way in answer] == re.findall(r"<td[^>]*>(.*?)</td>", cells)
                compared += 1
    assert compared >= 150


def test_no_word_is_of_another_language(page: Page, edition: Edition) -> None:
    """What the page says around the policies' own words is of its language."""
    text = html.unescape(page.markdown)
    others = {
        text_
        for key, texts in CALCULATOR_WORDS.items()
        for text_ in texts
        if key not in ("caption", "exception") and " " in text_ and "{" not in text_
    } - {pick(texts, edition.lang) for texts in CALCULATOR_WORDS.values()}
    assert [each for each in others if each in text] == []


def test_a_repository_without_limits_has_a_page_without_a_form(tmp_path: Path) -> None:
    """No empty list to choose from, no data, no script."""
    found = Edition(make_book(repository(tmp_path).load()), "en")
    text = calculator(found).markdown
    assert "<form" not in text
    assert "<script" not in text


def test_a_text_cannot_end_the_script(tmp_path: Path) -> None:
    """What a planner writes stays text in the data, in the form and in the tables."""
    rule = """\
define:
  decided: {label: {fi: "</script><b>y", sv: "</script><b>y", en: "</script><b>y"}, value: decided_on}
rules:
  - id: in-time
    severity: unrated
    title: {fi: "</script><b>x", sv: "</script><b>x", en: "</script><b>x"}
    cite: slides-2025/day-length
    require: feedback_on due by decided + 2 weeks
    examples:
      - given: {feedback_on: 2025-05-10, decided_on: 2025-05-01}
        as_of: 2025-05-20
        expect: pass
      - given: {feedback_on: 2025-05-18, decided_on: 2025-05-01}
        as_of: 2025-05-20
        expect: fail
"""
    policies = repository(tmp_path, HEAD + "typical: {service: work_trial}\n" + rule).load()
    assert len(deadlines(policies.policies[0])) == 1
    text = calculator(Edition(make_book(policies), "en")).markdown
    assert text.count("</script>") == 2
    assert "<b>" not in text
    (written,) = DATA.findall(text)
    assert "</script><b>y" in json.loads(written)["said"]
    assert list(json.loads(written)["limits"]) == ["trial/in-time"]
    assert '<option value="trial/in-time">&lt;/script&gt;&lt;b&gt;x: feedback</option>' in text
