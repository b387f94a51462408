"""Values in words: a value and its type in, the text of a language (or the language's own notation) out.

The digits are exact and made here; what stands between and around them is CLDR's (`forms`), never the machine's
locale. Money is rounded to cents here and nowhere else; nothing else is rounded unless it has no exact decimal
form, and then the text says `≈`.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Final

from pykala.handbook.forms import MINUS, forms
from pykala.handbook.words import NBSP, word
from pykala.policy.model import Lang
from pykala_dsl.core import Value
from pykala_dsl.functions import WEEKDAYS
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    EnumType,
    ExactTimeType,
    MoneyType,
    Period,
    ShareType,
    Type,
)

_DAY_FORMS: Final[dict[Lang, tuple[str, str]]] = {
    "fi": ("päivä", "päivää"),
    "sv": ("dag", "dagar"),
    "en": ("day", "days"),
}
_MONTH_FORMS: Final[dict[Lang, tuple[str, str]]] = {
    "fi": ("kuukausi", "kuukautta"),
    "sv": ("månad", "månader"),
    "en": ("month", "months"),
}


def round_half_away(value: Fraction, digits: int) -> Fraction:
    """Return the value rounded to so many decimals, a half away from zero."""
    scaled = abs(value) * 10**digits
    whole = (scaled + Fraction(1, 2)).__floor__()
    return Fraction(whole if value >= 0 else -whole, 10**digits)


def exact_decimal(value: Fraction) -> str | None:
    """Return the decimal notation of a fraction (`-0.25`), or None where no finite one is exact."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    return fixed(value, max(twos, fives))


def fixed(value: Fraction, digits: int) -> str:
    """Return the value with exactly so many decimals, a half rounded away from zero."""
    rounded = round_half_away(value, digits)
    text = str(abs(rounded.numerator) * 10**digits // rounded.denominator).rjust(digits + 1, "0")
    sign = "-" if rounded < 0 else ""
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def _localised(decimal: str, lang: Lang) -> str:
    """Return a decimal notation with the language's separators and minus sign."""
    form = forms(lang)
    sign, digits = (MINUS, decimal[1:]) if decimal.startswith("-") else ("", decimal)
    whole, point, rest = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", form.group_mark)
    return f"{sign}{grouped}{form.decimal_mark if point else ''}{rest}"


def number(value: int | Fraction, lang: Lang) -> str:
    """Return a number: `1 000,5` or `1,000.5`; one without an exact decimal form is rounded and marked `≈`."""
    fraction = Fraction(value)
    exact = exact_decimal(fraction)
    return _localised(exact, lang) if exact is not None else f"≈{NBSP}{_localised(fixed(fraction, 2), lang)}"


def date(value: datetime.date, lang: Lang) -> str:
    """Return a date: `8.5.2025`, or `8 May 2025` in English."""
    form = forms(lang)
    return form.date % {"d": value.day, "M": value.month, "MMMM": form.months[value.month - 1], "y": value.year}


def weekday(number: int, lang: Lang) -> str:
    """Return the name of a weekday, from 0 for Monday: `maanantai`, `måndag`, `Monday`."""
    return forms(lang).weekdays[number]


def month(number: int, lang: Lang) -> str:
    """Return the name of a month, from 1 for January: `tammikuu`, `januari`, `January`."""
    return forms(lang).months[number - 1]


def money(value: int | Fraction, lang: Lang) -> str:
    """Return euros with two decimals: `30,00 €`, or `€30.00` in English."""
    text = _localised(fixed(Fraction(value), 2), lang)
    sign = MINUS if text.startswith(MINUS) else ""
    return sign + forms(lang).money % text.removeprefix(MINUS)


def share(value: int | Fraction, lang: Lang) -> str:
    """Return a share of one as a percentage: `0,5 %`, or `0.5%` in English."""
    return forms(lang).share % number(Fraction(value) * 100, lang)


def exact_time(minutes: int | Fraction, lang: Lang) -> str:
    """Return hours and minutes: `5 h 40 min`."""
    value = Fraction(minutes)
    sign = MINUS if value < 0 else ""
    hours, rest = divmod(abs(value), 60)
    parts = [f"{number(hours, lang)}{NBSP}h"] if hours else []
    if rest or not hours:
        parts.append(f"{number(rest, lang)}{NBSP}min")
    return sign + " ".join(parts)


def days(count: int | Fraction, lang: Lang) -> str:
    """Return a number of days in words: `1 day`, `14 days`."""
    return f"{number(count, lang)}{NBSP}{_DAY_FORMS[lang][count not in (1, -1)]}"


def calendar_time(period: Period, lang: Lang) -> str:
    """Return calendar time: `1 month`, `14 days`, `1 month 3 days`."""
    parts = []
    if period.months:
        parts.append(f"{number(period.months, lang)}{NBSP}{_MONTH_FORMS[lang][period.months not in (1, -1)]}")
    if period.days or not parts:
        parts.append(days(period.days, lang))
    return " ".join(parts)


def plain_value(value: Value, type_: Type, lang: Lang) -> str:
    """Return a value in words. Enum members that have labels are the verbalizer's; here they stand as written."""
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if isinstance(value, Period):
        months_alone = isinstance(type_, CalendarTimeType) and type_.unit == "months" and not any(value)
        return f"0{NBSP}{_MONTH_FORMS[lang][1]}" if months_alone else calendar_time(value, lang)
    if isinstance(value, datetime.date):
        return date(value, lang)
    if isinstance(value, str):
        if isinstance(type_, EnumType) and type_.name == "weekday" and value in WEEKDAYS:
            return weekday(WEEKDAYS.index(value), lang)
        return value
    if isinstance(type_, MoneyType):
        return money(value, lang)
    if isinstance(type_, ShareType):
        return share(value, lang)
    if isinstance(type_, ExactTimeType):
        return exact_time(value, lang)
    return number(value, lang)


def canonical(value: Value, type_: Type) -> str | int | bool:
    """Return a value for programs: whole counts and yes/no as they are, all else in the language's own notation.

    Exact: a fraction without a finite decimal is written `1/3`, with its unit.
    """
    if isinstance(value, bool) or isinstance(type_, BoolType):
        return bool(value)
    if isinstance(value, Period):
        parts = [f"{value.months} {'month' if abs(value.months) == 1 else 'months'}"] if value.months else []
        if value.days or not parts:
            parts.append(f"{value.days} {'day' if abs(value.days) == 1 else 'days'}")
        return " + ".join(parts)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    fraction = Fraction(value)
    if isinstance(type_, MoneyType):
        cents = fraction * 100
        return f"{fixed(fraction, 2) if cents.denominator == 1 else _exact(fraction)} EUR"
    if isinstance(type_, ShareType):
        return f"{_exact(fraction * 100)} %"
    if isinstance(type_, ExactTimeType):
        hours, rest = divmod(abs(fraction), 60)
        text = " ".join([*([f"{hours} h"] if hours else []), *([f"{_exact(rest)} min"] if rest or not hours else [])])
        return f"-{text}" if fraction < 0 else text
    return int(fraction) if fraction.denominator == 1 else _exact(fraction)


def _exact(value: Fraction) -> str:
    return exact_decimal(value) or str(value)
