"""How each language writes numbers, money, shares and dates: what CLDR says, read by Babel once and kept.

Nothing comes from the machine's locale: a language's locale and the form of its dates stand here by name. Babel
costs a start of the program more than a small check does, so what is needed of it is kept in the user's cache
until Babel or this module changes (docs/decisions/0006-forms-of-cldr.md).
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pykala.policy.cache import cache_folder, read_kept, write_kept
from pykala.policy.model import LANGUAGES, Lang

LOCALES: Final[dict[Lang, tuple[str, str]]] = {
    "fi": ("fi_FI", "medium"),
    "sv": ("sv_FI", "short"),
    "en": ("en_GB", "long"),
}
"""The locale of each language, and which of its date forms is written: `8.5.2025`, in English `8 May 2025`."""

MINUS: Final = "−"
"""The minus sign of all three languages: CLDR has it for Finnish and Swedish, and a hyphen for English."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one language. What a value is put into has its place as `%s`, a date's parts by CLDR's letters."""

    decimal_mark: str
    group_mark: str
    share: str
    money: str
    date: str
    months: tuple[str, ...]
    """The names of the months as they stand alone, from January."""
    weekdays: tuple[str, ...]
    """The names of the weekdays as they stand alone, from Monday."""


def forms(lang: Lang) -> Forms:
    """Return the forms of a language."""
    return _all_forms()[lang]


@cache
def _all_forms() -> dict[Lang, Forms]:
    kept = cache_folder() / f"{_key()}.forms"
    found = read_kept(kept)
    if isinstance(found, dict):
        return found
    import pickle

    read = {lang: read_forms(lang) for lang in LANGUAGES}
    write_kept(kept, pickle.dumps(read))
    return read


def read_forms(lang: Lang) -> Forms:
    """Return the forms of a language as Babel has them."""
    from babel import Locale
    from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

    name, date_form = LOCALES[lang]
    locale = Locale.parse(name)
    share, money = locale.percent_formats[None], locale.currency_formats["standard"]
    euros = f"{money.prefix[0]}%s{money.suffix[0]}".replace("¤", get_currency_symbol("EUR", locale))
    months, weekdays = locale.months["stand-alone"]["wide"], locale.days["stand-alone"]["wide"]
    return Forms(
        decimal_mark=get_decimal_symbol(locale),
        group_mark=get_group_symbol(locale),
        share=f"{share.prefix[0]}%s{share.suffix[0].replace('%', '%%')}",
        money=euros,
        date=locale.date_formats[date_form].format,
        months=tuple(months[number] for number in range(1, 13)),
        weekdays=tuple(weekdays[number] for number in range(7)),
    )


def _key() -> str:
    """Return what identifies the forms without importing Babel: which files say them, and when they were written."""
    spec = importlib.util.find_spec("babel")
    parts = [sys.version]
    for origin in (__file__, spec.origin if spec is not None else None):
        if origin is not None:
            found = Path(origin).stat()
            parts.append(f"{origin} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
