"""Numbers, money, shares, dates and names of days are written as CLDR says, whatever the machine's locale."""

from __future__ import annotations

import datetime
import locale
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from pykala.handbook import forms as forms_module
from pykala.handbook import numbers
from pykala.handbook.forms import LOCALES, MINUS, Forms, forms, read_forms
from pykala.policy.model import LANGUAGES, Lang

each_language = pytest.mark.parametrize("lang", LANGUAGES)
decimals = st.decimals(-(10**9), 10**9, allow_nan=False, places=4).map(lambda value: value + 0)
cents = st.decimals(-(10**9), 10**9, allow_nan=False, places=2).map(lambda value: value + 0)


def signed(text: str) -> str:
    """Return what Babel wrote with the minus sign that all three languages have here."""
    return text.replace("-", MINUS)


def test_the_forms_are_those_that_are_written_in_finland() -> None:
    said = {lang: (form.decimal_mark, form.group_mark, form.share, form.money, form.date) for lang, form in both()}
    assert said == {
        "fi": (",", "\xa0", "%s\xa0%%", "%s\xa0€", "%(d)s.%(M)s.%(y)s"),
        "sv": (",", "\xa0", "%s\xa0%%", "%s\xa0€", "%(d)s.%(M)s.%(y)s"),
        "en": (".", ",", "%s%%", "€%s", "%(d)s %(MMMM)s %(y)s"),
    }


def test_names_of_days_and_months_stand_alone() -> None:
    """In the nominative: Finnish has another form inside a date."""
    assert {lang: (form.weekdays[0], form.weekdays[6], form.months[0], form.months[11]) for lang, form in both()} == {
        "fi": ("maanantai", "sunnuntai", "tammikuu", "joulukuu"),
        "sv": ("måndag", "söndag", "januari", "december"),
        "en": ("Monday", "Sunday", "January", "December"),
    }
    assert (numbers.weekday(3, "fi"), numbers.month(5, "sv"), numbers.weekday(3, "en")) == (
        "torstai",
        "maj",
        "Thursday",
    )


def both() -> Iterator[tuple[Lang, Forms]]:
    """Yield each language with its forms."""
    return ((lang, forms(lang)) for lang in LANGUAGES)


@each_language
def test_values_are_written_as_babel_writes_them(lang: Lang) -> None:
    name, date_form = LOCALES[lang]

    @given(decimals, cents, st.dates())
    def check(value: Decimal, amount: Decimal, day: datetime.date) -> None:
        written = format_decimal(value, locale=name, decimal_quantization=False)
        assert signed(written) == numbers.number(Fraction(value), lang)
        assert signed(format_currency(amount, "EUR", locale=name)) == numbers.money(Fraction(amount), lang)
        share = format_percent(value, locale=name, decimal_quantization=False)
        assert signed(share) == numbers.share(Fraction(value), lang)
        assert format_date(day, date_form, locale=name) == numbers.date(day, lang)

    check()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return an empty folder for what is kept; nothing has been read yet."""
    monkeypatch.setenv("PYKALA_CACHE_DIR", str(tmp_path / "cache"))
    forms_module._all_forms.cache_clear()
    yield tmp_path / "cache"
    forms_module._all_forms.cache_clear()


def test_babel_is_asked_once_and_what_it_said_is_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = forms("sv")
    forms_module._all_forms.cache_clear()
    monkeypatch.setattr(forms_module, "read_forms", None)
    assert expected == forms("sv")
    assert [path.suffix for path in kept.iterdir()] == [".forms"]


@pytest.mark.parametrize("content", [b"", b"nonsense"])
def test_what_is_kept_and_not_whole_is_read_anew(kept: Path, content: bytes) -> None:
    assert forms("fi") == read_forms("fi")
    (file,) = kept.iterdir()
    file.write_bytes(content)
    forms_module._all_forms.cache_clear()
    assert forms("fi") == read_forms("fi")


def test_the_locale_of_the_machine_changes_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {lang: read_forms(lang) for lang in LANGUAGES}
    for variable in ("LANG", "LC_ALL", "LC_TIME", "LC_NUMERIC", "LANGUAGE"):
        monkeypatch.setenv(variable, "de_DE.UTF-8")
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "C")
        assert expected == {lang: forms(lang) for lang in LANGUAGES}
    finally:
        locale.setlocale(locale.LC_ALL, before)
