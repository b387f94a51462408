"""From plain data to a `Record`: structure by the schema, leaves as core values, mistakes in a reader's words."""

from __future__ import annotations

import datetime
import decimal
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, assert_never
from weakref import WeakKeyDictionary

from pykala.records.fit import surely_fits
from pykala.records.literals import (
    READERS,
    read_date,
    read_days,
    read_exact_time,
    read_money,
    read_months,
    read_share,
)
from pykala.records.record import Record, RecordProblem
from pykala.records.vocabulary import RecordKind, Vocabulary
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ErrorType,
    ExactTimeType,
    FieldType,
    ListType,
    MoneyType,
    NumberType,
    PairType,
    RangeType,
    RecordType,
    SetType,
    ShareType,
    TextType,
    Type,
)

if TYPE_CHECKING:
    from jsonschema import FormatChecker
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

PERSONAL_CODE = re.compile(r"\b[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z]\b", re.IGNORECASE)
_RESOLVED: WeakKeyDictionary[RecordKind, dict[str, Any]] = WeakKeyDictionary()
_FORMS: WeakKeyDictionary[RecordKind, tuple[tuple[str, str, str], ...]] = WeakKeyDictionary()
_VALIDATORS: WeakKeyDictionary[RecordKind, Validator] = WeakKeyDictionary()


def build_record(
    vocabulary: Vocabulary, kind: str, data: Any, origin: str, *, discreet: bool = False
) -> Record | list[RecordProblem]:
    """Return the record that plain data makes, or what is wrong with it: one problem for each mistake.

    The kind is the one given, whatever the data say of themselves. `discreet`: no message shows a value, as where
    anything can stand in a field by mistake, a name too.
    """
    known = vocabulary.kinds.get(kind)
    if known is None:
        return [_unknown_kind(vocabulary, kind, origin)]
    if not isinstance(data, dict):
        return [RecordProblem(origin, "not-a-record", "", f"{_shown(data)} is no record", _RECORD_HELP)]
    data = _plain({**data, "record": kind})
    problems = [*_tell_forms(known, data, origin), *_structure(known, data, origin, discreet)]
    values: Any = None
    if not problems:
        reader = _Leaves(origin)
        values = reader.record(known.type, data, "", private=discreet)
        problems = reader.problems
    if not problems and PERSONAL_CODE.search(data["id"]):
        problems = [
            RecordProblem(
                origin,
                "personal-code",
                "id",
                "the id is a personal identity code, which no report may show",
                "give the record another id",
            )
        ]
    if problems:
        return [replace(problem, kind=kind) for problem in problems]
    return Record(kind, values["id"], {"record": kind, **values}, origin)


_HUGE = "a number of hundreds of digits"
_RECORD_HELP = "write keys and values, such as `record: case` and `id: A-17`"


def _unknown_kind(vocabulary: Vocabulary, kind: str, origin: str) -> RecordProblem:
    near = _closest(kind, vocabulary.kinds)
    known = ", ".join(f"`{name}`" for name in sorted(vocabulary.kinds))
    return RecordProblem(
        origin,
        "unknown-kind",
        "record",
        f"no records are of the kind {_shown(kind)}",
        f"did you mean `{near}`?" if near else f"write one of {known}",
    )


def _plain(value: Any) -> Any:
    """Return data with numbers exact and dates as text; a library's caller may give floats, decimals and dates."""
    match value:
        case dict():
            return {
                unicodedata.normalize("NFC", key) if isinstance(key, str) else str(key): _plain(inner)
                for key, inner in value.items()
            }
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case datetime.date() if not isinstance(value, datetime.datetime):
            return value.isoformat()
        case float() | decimal.Decimal():
            # The shortest decimal that stands for the float is what someone wrote.
            text = repr(value) if isinstance(value, float) else str(value)
            return Fraction(text) if re.fullmatch(r"[-+0-9.eE]{1,40}", text) and _small(text) else text
        case int() | Fraction() if value.numerator.bit_length() > 2000:
            # No quantity is that large, and Python refuses to print it.
            return _HUGE
        case _:
            return value


def _small(text: str) -> bool:
    exponent = re.split("[eE]", text)[1:]
    return not exponent or abs(int(exponent[0])) <= 400


def _resolved(kind: RecordKind) -> dict[str, Any]:
    if kind not in _RESOLVED:
        from pykala.records.schemas import resolved

        _RESOLVED[kind] = resolved(kind.schema)
    return _RESOLVED[kind]


def _tell_forms(kind: RecordKind, data: dict[str, Any], origin: str) -> Iterator[RecordProblem]:
    """Add to data whether its identity codes are well formed; yield where the record itself says otherwise."""
    if kind not in _FORMS:
        from pykala.records.identifiers import told_forms

        _FORMS[kind] = told_forms(kind.schema)
    for name, code, identifier in _FORMS[kind]:
        text = data.get(code)
        if not isinstance(text, str):
            continue
        from pykala.records.identifiers import is_well_formed

        found = is_well_formed(identifier, text)
        if data.get(name) in (None, found):
            data[name] = found
        elif isinstance(data[name], bool):
            message = f"the record says of `{code}` what its form does not bear out"
            help_ = "correct one of the two, or leave this one out: it is found out when the record is read"
            yield RecordProblem(origin, "bad-value", name, message, help_)


def _validator(kind: RecordKind) -> Validator:
    if kind not in _VALIDATORS:
        from pykala.records.schemas import validator

        _VALIDATORS[kind] = validator(kind.schema)
    return _VALIDATORS[kind]


def _format_checker() -> FormatChecker:
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, reader in READERS.items():
        checker.checks(name)(lambda value, reader=reader: value is None or reader(_trim(value)) is not None)
    return checker


def _structure(kind: RecordKind, data: dict[str, Any], origin: str, discreet: bool) -> list[RecordProblem]:
    if surely_fits(_resolved(kind), data):
        return []
    checker = _validator(kind)
    if checker.is_valid(data):
        return []
    # The conversion of the leaves reads their formats; here they are read only to report all mistakes together.
    strict: Any = checker.evolve(format_checker=_format_checker())
    problems = [problem for error in strict.iter_errors(data) for problem in _worded(kind, error, origin, discreet)]
    # One mistake may break several keywords of a schema: a wrong type says more than what follows from it.
    first: dict[str, RecordProblem] = {}
    for problem in problems:
        if problem.path not in first or problem.code == "wrong-type":
            first[problem.path] = problem
    return list(first.values())


def _worded(kind: RecordKind, error: ValidationError, origin: str, discreet: bool) -> Iterator[RecordProblem]:
    path = _path(error.absolute_path)
    schema: Any = error.schema
    instance: Any = error.instance
    bound: Any = error.validator_value
    private = discreet or schema.get("private") is True
    shown = "the value" if private else _shown(instance)
    help_: str | None
    match error.validator:
        case "additionalProperties":
            for name in instance:
                if name not in schema["properties"]:
                    near = _closest(name, (known for known in schema["properties"] if known != "record"))
                    where = f"{path}.{name}" if path else name
                    help_ = f"did you mean `{near}`?" if near else f"see `pykala fields {kind.name}`"
                    yield RecordProblem(origin, "unknown-field", where, f"unknown field {_shown(name, '`')}", help_)
        case "required":
            for name in schema["required"]:
                if name not in instance:
                    where = f"{path}.{name}" if path else name
                    help_ = "write `id:` and what the record is known by" if name == "id" else f"write `{name}: …`"
                    yield RecordProblem(origin, "missing-field", where, f"`{name}` is not given", help_)
        case "type" if instance is None:
            yield RecordProblem(
                origin, "wrong-type", path, "null, where a value must be", "write the value; this field is required"
            )
        case "type":
            wanted, help_ = _wanted(schema, instance)
            yield RecordProblem(origin, "wrong-type", path, f"{shown} is not {wanted}", help_)
        case "enum":
            members = [member for member in schema["enum"] if member is not None]
            near = _closest(instance, members) if isinstance(instance, str) and not private else None
            listed = ", ".join(f"`{member}`" for member in members[:12]) + (", …" if len(members) > 12 else "")
            help_ = f"did you mean `{near}`?" if near else f"write one of {listed}"
            yield RecordProblem(origin, "bad-value", path, f"{shown} is none of the names that fit", help_)
        case "minimum" | "exclusiveMinimum":
            help_ = f"write {'at least' if error.validator == 'minimum' else 'more than'} {_number(bound)}"
            yield RecordProblem(origin, "bad-value", path, f"{shown} is too small", help_)
        case "maximum" | "exclusiveMaximum":
            help_ = f"write {'at most' if error.validator == 'maximum' else 'less than'} {_number(bound)}"
            yield RecordProblem(origin, "bad-value", path, f"{shown} is too large", help_)
        case "format":
            message, help_ = _misread(str(bound), instance, shown)
            yield RecordProblem(origin, "bad-value", path, message, help_)
        case "minLength" | "maxLength":
            size = "short" if error.validator == "minLength" else "long"
            yield RecordProblem(origin, "bad-value", path, f"{shown} is too {size}", f"the limit is {bound}")
        case "minItems" | "maxItems":
            size = "few" if error.validator == "minItems" else "many"
            yield RecordProblem(origin, "bad-value", path, f"too {size} elements", f"the limit is {bound}")
        case "uniqueItems":
            yield RecordProblem(origin, "bad-value", path, "an element stands in the list twice", "keep one of them")
        case _:
            yield RecordProblem(origin, "bad-value", path, f"{shown} does not fit the schema", None)


def _wanted(schema: Any, instance: Any) -> tuple[str, str | None]:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    match schema.get("format"), kinds[0]:
        case str(fmt), _ if fmt in _HOW:
            return _HOW[fmt]
        case _, "string":
            numeric = isinstance(instance, int | Fraction | bool)
            return "text", "put it in quotes" if numeric else "write one text"
        case _, "boolean":
            return "yes or no", "write `true` or `false`, without quotes"
        case _, "integer":
            return "a count", "write a whole number, for example `3`, without quotes"
        case _, "number":
            return "a number", "write a number, for example `3` or `0.5`, without quotes"
        case _, "array":
            return "a list", "write a list, even if it has one element"
        case _:
            return "a group of fields", "write the fields under it, each with its name"


_HOW: dict[str, tuple[str, str]] = {
    "date": ("a date", "write year-month-day, for example `2025-04-01`"),
    "exact-time": ("exact time", "write hours and minutes, for example `5 h 40 min`"),
    "money": ("money", "write euros with at most two decimals, for example `30.00 EUR`"),
    "share": ("a share", "write per cent with the sign, for example `0.5 %`"),
    "days": ("a time in days", "write days or weeks, for example `14 days` or `2 weeks`"),
    "months": ("a time in months", "write months or years, for example `13 months` or `1 year`"),
}


def _misread(fmt: str, written: Any, shown: str) -> tuple[str, str]:
    """Return what is wrong with a value that its format does not read, and what to write."""
    wanted, help_ = _HOW[fmt]
    if fmt == "date" and isinstance(written, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return f"{shown} is no day of the calendar", "see how many days the month has"
    if fmt == "money" and isinstance(written, Fraction):
        return f"{shown} has more than two decimals", "round it to whole cents"
    return f"{shown} is not {wanted}", help_


class _Leaves:
    """Turns the leaves of data that fits its schema into core values."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.problems: list[RecordProblem] = []

    def record(self, kind: RecordType, data: Any, path: str, *, private: bool) -> Any:
        out: dict[str, Any] = {}
        for name, value in data.items():
            declared = kind.fields.get(name)
            if declared is not None:
                out[name] = self.field(declared, value, f"{path}.{name}" if path else name, private=private)
        return out

    def field(self, declared: FieldType, value: Any, path: str, *, private: bool) -> Any:
        return None if value is None else self.value(declared.type, value, path, private or declared.private)

    def value(self, kind: Type, value: Any, path: str, private: bool) -> Any:
        match kind:
            case BoolType() | EnumType():
                return value
            case CountType():
                return int(value)
            case NumberType():
                return int(value) if value.denominator == 1 else value
            case TextType():
                return self._text(value, path, private)
            case DateType():
                return self._literal("date", read_date(_trim(value)), value, path, private)
            case ExactTimeType():
                return self._literal("exact-time", read_exact_time(_trim(value)), value, path, private)
            case MoneyType():
                return self._literal("money", read_money(_trim(value)), value, path, private)
            case ShareType():
                return self._literal("share", read_share(_trim(value)), value, path, private)
            case CalendarTimeType("days"):
                return self._literal("days", read_days(_trim(value)), value, path, private)
            case CalendarTimeType():
                return self._literal("months", read_months(_trim(value)), value, path, private)
            case ListType(element):
                return [self.value(element, item, f"{path}[{n}]", private) for n, item in enumerate(value)]
            case RecordType():
                return self.record(kind, value, path, private=private)
            case PairType() | RangeType() | SetType() | ErrorType():
                raise AssertionError(f"no property has the type {kind}")
            case _:
                assert_never(kind)

    def _literal(self, fmt: str, value: Any, written: Any, path: str, private: bool) -> Any:
        if value is None:
            message, help_ = _misread(fmt, written, "the value" if private else _shown(written))
            self.problems.append(RecordProblem(self.origin, "bad-value", path, message, help_))
        return value

    def _text(self, value: str, path: str, private: bool) -> str:
        if any("\ud800" <= char <= "\udfff" for char in value):
            message = "the text has half a character in it"
            self.problems.append(
                RecordProblem(self.origin, "bad-value", path, message, "write the file anew from where it came")
            )
        return unicodedata.normalize("NFC", value)


def _trim(value: Any) -> Any:
    return value.strip(" ") if isinstance(value, str) else value


def _path(steps: Iterable[str | int]) -> str:
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _shown(value: Any, quote: str = "`") -> str:
    """Return a value as a message shows it: one short line, without control characters and identity codes."""
    match value:
        case dict():
            return "a group of fields"
        case list():
            return "a list"
        case None:
            return "null"
        case bool():
            text = "true" if value else "false"
        case int() | Fraction():
            text = _number(value)
        case _:
            text = PERSONAL_CODE.sub("…", str(value))
            text = "".join(char if char.isprintable() else "�" for char in text)
    return quote + (text if len(text) <= 60 else text[:59] + "…") + quote


def _number(value: int | Fraction) -> str:
    if value.denominator == 1:
        return str(int(value))
    with decimal.localcontext(decimal.Context(prec=30)):
        return format((decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)).normalize(), "f")[:60]


def _closest(word: str, candidates: Iterable[str]) -> str | None:
    from pykala_dsl.suggest import closest

    return closest(word, candidates)
