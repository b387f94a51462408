"""From the cell of a table to the plain value of a record: labels to names, Excel's dates and times to texts.

Nothing is refused here but what no reading fits; a value that does not fit its field is left as it is written, and
`build_record` says what is wrong with it.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from pykala.policy.model import Lang
from pykala.records.tables import Column, fold
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ExactTimeType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    ShareType,
    TextType,
    Type,
)

YES: Final[dict[Lang, str]] = {"fi": "kyllä", "sv": "ja", "en": "yes"}
NO: Final[dict[Lang, str]] = {"fi": "ei", "sv": "nej", "en": "no"}
NONE: Final[dict[Lang, str]] = {"fi": "ei ole", "sv": "finns inte", "en": "none"}
"""What a cell says where the record says that there is none; an empty cell says nothing."""

_YES = {*map(fold, YES.values()), "true"}
_NO = {*map(fold, NO.values()), "false"}
_NONE = {*map(fold, NONE.values()), "null"}
_CLOCK = re.compile(r"([0-9]{1,5}):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})", re.ASCII)
_NAMED = re.compile(r"(?:den )?([0-9]{1,2})\.? ([^\W\d_]+) ([0-9]{4})")
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "tammikuuta januari january",
            "helmikuuta februari february",
            "maaliskuuta mars march",
            "huhtikuuta april",
            "toukokuuta maj may",
            "kesäkuuta juni june",
            "heinäkuuta juli july",
            "elokuuta augusti august",
            "syyskuuta september",
            "lokakuuta oktober october",
            "marraskuuta november",
            "joulukuuta december",
        ),
        1,
    )
    for word in words.split()
}
# Units as people write them in the three languages, and as records do.
_UNITS = (
    (r"h|t|tunti|tuntia|tim|timme|timmar|hours?", "h"),
    (r"min|minuutti|minuuttia|minut|minuter|minutes?", "min"),
    (r"pv|päivä|päivää|vrk|dag|dagar|days?", "days"),
    (r"vk|viikko|viikkoa|vecka|veckor|weeks?", "weeks"),
    (r"kk|kuukausi|kuukautta|månad|månader|mån|months?", "months"),
    (r"v|vuosi|vuotta|år|years?", "years"),
)
_UNIT = re.compile("|".join(rf"(?P<{unit}>(?<=[0-9 ])(?:{words})\b\.?)" for words, unit in _UNITS), re.IGNORECASE)
# A comma before three digits may part thousands: such a number is not guessed at.
_COMMA = re.compile(r"(?<![0-9.,])([0-9]{1,15}),([0-9]{1,2}|[0-9]{4,15})(?![0-9.,])", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)
_EURO = re.compile(r"€|euroa?\b|eur\b", re.IGNORECASE)
_EXCEL_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")


@dataclass(frozen=True, slots=True)
class Percent:
    """A number in a cell that shows it as per cent: the value itself, 0.005 for 0.5 %."""

    value: int | float


class NotGiven:
    """The type of `NOT_GIVEN`."""


NOT_GIVEN: Final = NotGiven()
"""What an empty cell says."""


class CellError(ValueError):
    """Why a cell says nothing: `message` and `help` as a problem has them."""

    def __init__(self, message: str, help_: str) -> None:
        self.message = message
        self.help = help_
        super().__init__(message)


def is_empty(value: object) -> bool:
    """Return whether a cell is empty: nothing, or spaces."""
    return value is None or isinstance(value, NotGiven) or (isinstance(value, str) and not value.strip())


def says_none(text: str) -> bool:
    """Return whether a text is one of the words that say that there is none."""
    return fold(text) in _NONE


def read_cell(column: Column, value: Any) -> Any:
    """Return the plain value of a cell, `NOT_GIVEN` for an empty one, None for one that says that there is none.

    Raises:
        CellError: where the cell holds no value at all, such as Excel's `#N/A`.
    """
    if is_empty(value):
        return NOT_GIVEN
    if isinstance(value, str) and _EXCEL_ERROR.fullmatch(value.strip()):
        raise CellError(f"the cell holds the Excel error `{value.strip()}`", "correct the formula, or write the value")
    if isinstance(value, dict | list | tuple):
        return given_parts(value)
    if isinstance(value, str):
        word = fold(value)
        if word in column.choices and isinstance(column.type, EnumType):
            return column.choices[word]
        if word in _NONE:
            return [] if isinstance(column.type, ListType) else None
    match column.type:
        case ListType(element):
            return _list(column, element, value)
        case RecordType():
            return _group(value)
        case _:
            return _value(column.type, column.choices, value)


def given_parts(value: Any) -> Any:
    """Return nested data of a Parquet cell without the parts that are not given."""
    match value:
        case dict():
            return {name: given_parts(inner) for name, inner in value.items() if inner is not None}
        case list() | tuple():
            return [given_parts(inner) for inner in value]
        case datetime.timedelta() | datetime.time():
            return _time(value)
        case _:
            return value


def read_id(value: Any) -> str | None:
    """Return the id that a cell holds: its text, or a whole number as text; None where it holds none."""
    text = None if is_empty(value) else _text(value)
    return text.strip() if isinstance(text, str) else None


def _list(column: Column, element: Type, value: Any) -> Any:
    if isinstance(element, RecordType):
        raise CellError(
            "a list of several fields does not fit in one cell",
            f"write its rows in the table of the list, and here nothing, or `{NONE['en']}` where there are none",
        )
    parts = [part.strip() for part in value.split(";") if part.strip()] if isinstance(value, str) else [value]
    return [_value(element, column.choices, part) for part in parts]


def _group(value: Any) -> Any:
    word = fold(value) if isinstance(value, str) else value
    if word is True or word in _YES:
        return {}
    if word is False or word in _NO:
        return None
    raise CellError(
        "a group of fields takes no value of its own",
        f"write `{YES['en']}` where there is one, `{NONE['en']}` where there is none, or nothing",
    )


def _value(kind: Type, choices: dict[str, str], value: Any) -> Any:
    if isinstance(value, Percent) and not isinstance(kind, ShareType):
        value = value.value
    match kind:
        case EnumType():
            return choices.get(fold(value), value) if isinstance(value, str) else value
        case BoolType():
            word = fold(value) if isinstance(value, str) else value
            return True if word in _YES else False if word in _NO else value
        case DateType():
            return _date(value)
        case ExactTimeType():
            return _time(value)
        case CalendarTimeType():
            return _in_units(value) if isinstance(value, str) else value
        case CountType() | NumberType():
            return _number(value)
        case MoneyType():
            return _money(value)
        case ShareType():
            return _share(value)
        case TextType():
            return _text(value)
        case _:
            return value


def _date(value: Any) -> Any:
    match value:
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime():
            return value.isoformat(sep=" ")
        case datetime.date():
            return value.isoformat()
        case str() if found := _DOTTED.fullmatch(value.strip()):
            return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        case str() if (found := _NAMED.fullmatch(fold(value))) and found[2] in _MONTHS:
            return f"{found[3]}-{_MONTHS[found[2]]:02}-{int(found[1]):02}"
        case _:
            return value


def _time(value: Any) -> Any:
    match value:
        case datetime.time():
            # Excel holds a part of a day; what someone wrote is the nearest second.
            micro = (value.hour * 3600 + value.minute * 60 + value.second) * 1_000_000 + value.microsecond
            return _seconds(round(Fraction(micro, 1_000_000)))
        case datetime.timedelta():
            return _seconds(round(Fraction(value // datetime.timedelta(microseconds=1), 1_000_000)))
        case str() if found := _CLOCK.fullmatch(value.strip()):
            return _seconds(int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0))
        case str():
            return _in_units(value)
        case datetime.datetime() | datetime.date():
            return value.isoformat()
        case _:
            return value


def _in_units(text: str) -> str:
    """Return a duration with its units as records write them: `5 h 40 min` for `5 tuntia 40 minuuttia`."""
    if text.strip().startswith("P"):
        return text
    return _UNIT.sub(lambda found: str(found.lastgroup), _point(text))


def _seconds(count: int) -> str:
    return f"{count // 60} min" if count % 60 == 0 else f"PT{count}S"


def _number(value: Any) -> Any:
    match value:
        case str() if _NUMBER.fullmatch(text := _point(value)):
            return Fraction(text) if "." in text else int(text)
        case _:
            return value


def _money(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = _point(_EURO.sub("", value))
    return f"{text} EUR" if _NUMBER.fullmatch(text) else value


def _share(value: Any) -> Any:
    match value:
        case Percent():
            hundredfold = format((Decimal(repr(value.value)) * 100).normalize(), "f")
            return f"{hundredfold} %"
        case str():
            return _point(value)
        case _:
            return value


def _text(value: Any) -> Any:
    match value:
        case bool():
            return value
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime.datetime() | datetime.date() | datetime.time():
            return _date(value) if isinstance(value, datetime.date) else value.isoformat()
        case _:
            return value


def _point(text: str) -> str:
    """Return a text with the decimal comma of a number written as a point."""
    return _COMMA.sub(r"\1.\2", text.replace("\u00a0", " ")).strip()
