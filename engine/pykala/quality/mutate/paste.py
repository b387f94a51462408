"""An example as lines of YAML, ready to be pasted under `examples:`; and the changes that lead from one record to another."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from pykala.policy.model import Example, Policy
from pykala_dsl.printer import number_text
from pykala_dsl.unchecked import print_value

WIDTH: Final = 110
# What YAML reads as a text without quotes, and nothing else: names, dates, quantities.
_BARE = re.compile(r"[A-Za-zÅÄÖåäö][\w ]*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9][0-9.]* [A-Za-z%][\w% ]*")
_PLAIN_PATH = re.compile(r"[A-Za-zÅÄÖåäö_][\w.]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What an example changes in the typical record."""

    given: Mapping[str, Any]
    not_given: tuple[str, ...]


def changes_between(typical: Mapping[str, Any], wanted: Mapping[str, Any]) -> Changes:
    """Return what must be given and left out for one record to become another.

    >>> changes_between({"a": 1, "days": [{"b": 1}]}, {"days": [{"b": 2}, {"b": 3}]})
    Changes(given={'days[0].b': 2, 'days[1]': {'b': 3}}, not_given=('a',))
    """
    given: dict[str, Any] = {}
    not_given: list[str] = []
    _between(typical, wanted, "", given, not_given)
    return Changes(given, tuple(not_given))


def _between(one: Any, other: Any, path: str, given: dict[str, Any], not_given: list[str]) -> None:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in [*one, *(name for name in other if name not in one)]:
            inner = f"{path}.{name}" if path else name
            if name not in other:
                not_given.append(inner)
            elif name not in one:
                given[inner] = other[name]
            else:
                _between(one[name], other[name], inner, given, not_given)
    elif isinstance(one, list) and isinstance(other, list) and one and len(one) <= len(other):
        for at, (mine, wanted) in enumerate(zip(one, other, strict=False)):
            _between(mine, wanted, f"{path}[{at}]", given, not_given)
        given.update({f"{path}[{at}]": other[at] for at in range(len(one), len(other))})
    elif one != other or type(one) is not type(other):
        given[path] = other


def paste_lines(example: Example, policy: Policy) -> list[str]:
    """Return the lines of an example, as they stand under `examples:` before the common indent."""
    lines: list[str] = []
    if example.given:
        lines += _mapping("given", {path: example.given[path] for path in example.given})
    if example.not_given:
        lines.append(f"not_given: {_flow(list(example.not_given))}")
    if example.as_of is not None:
        lines.append(f"as_of: {example.as_of.isoformat()}")
    if example.parameters:
        values = {name: print_value(value, policy.parameters[name].type) for name, value in example.parameters.items()}
        lines.append("parameters: {" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}")
    if example.readings:
        lines += _mapping("readings", example.readings)
    lines.append(f"expect: {_flow(list(example.expect)) if example.each else example.expect[0]}")
    if example.because is not None:
        lines.append(f"because: {_flow(list(example.because))}")
    if example.exception is not None:
        lines.append(f"exception: {example.exception}")
    if example.tests:
        tests = [str(statement) for statement in example.tests]
        lines.append(f"tests: {tests[0] if len(tests) == 1 else _flow(tests)}")
    return [f"{'- ' if at == 0 else '  '}{line}" for at, line in enumerate(lines)]


def _mapping(key: str, values: Mapping[str, Any]) -> list[str]:
    """Return a mapping on one line where it fits, else each key on a line of its own."""
    line = f"{key}: {_flow(values)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"{key}:", *(f"  {_key(name)}: {_flow(value)}" for name, value in values.items())]


def _flow(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Fraction():
            return number_text(Fraction(value))
        case datetime.date():
            return value.isoformat()
        case Mapping():
            return "{" + ", ".join(f"{_key(name)}: {_flow(inner)}" for name, inner in value.items()) + "}"
        case str():
            return _scalar(value)
        case Sequence():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case _:
            raise AssertionError(value)


def _key(name: str) -> str:
    return name if _PLAIN_PATH.fullmatch(name) and name not in _WORDS else _scalar(name)


def _scalar(text: str) -> str:
    if _BARE.fullmatch(text) and text == text.strip() and text.lower() not in _WORDS:
        return text
    return '"' + "".join(_escaped(text)) + '"'


def _escaped(text: str) -> Iterator[str]:
    for character in text:
        if character in '"\\':
            yield "\\" + character
        elif character.isprintable():
            yield character
        else:
            yield f"\\U{ord(character):08x}"
