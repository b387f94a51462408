"""The language cases as data: reading them, and turning their short field declarations into a vocabulary.

Every reader of the core (the interpreter today) takes its cases from here, so that two readers cannot be
tested on different ones.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from pykala.policy import strict_yaml
from pykala.policy.definitions import LazyDefinitions
from pykala.policy.entries import DefinitionEntry
from pykala.policy.model import Text
from pykala.records.vocabulary import Vocabulary, load_vocabulary
from pykala_dsl import core
from pykala_dsl.checker import Checker
from pykala_dsl.parser import parse_expression
from pykala_dsl.scope import Scope
from pykala_dsl.source import Fragment

FOLDER = Path(__file__).parent / "language"
CASE_FILES = ("logic", "values", "readings", "notes")

_FORMATS = {
    "exact time": "exact-time",
    "date": "date",
    "money": "money",
    "share": "share",
    "days": "days",
    "months": "months",
}
_TYPES = {"yes/no": "boolean", "count": "integer", "number": "number", "text": "string"}


@dataclass(frozen=True)
class Case:
    """One case: an expression, the facts it is given, and what it must come to."""

    file: str
    it: str
    expr: str
    fields: Mapping[str, str]
    given: Mapping[str, Any]
    as_of: str
    parameters: Mapping[str, Any]
    readings: Mapping[str, Any]
    defs: Mapping[str, str]
    expected: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file}: {self.it}"


def read_yaml(name: str) -> Any:
    """Return the plain data of a file of the folder."""
    path = FOLDER / f"{name}.yaml"
    return strict_yaml.plain(strict_yaml.compose(strict_yaml.load_source(path, path.name)))


def cases() -> Iterator[Case]:
    """Yield every case of the case files."""
    for name in CASE_FILES:
        data = read_yaml(name)
        for case in data["cases"]:
            known = {"it", "expr", "given", "as_of", "defs"}
            yield Case(
                file=name,
                it=case["it"],
                expr=case["expr"],
                fields=data["fields"],
                given=case.get("given", {}),
                as_of=case.get("as_of", data["as_of"]),
                parameters=data.get("parameters", {}),
                readings=data.get("readings", {}),
                defs=case.get("defs", {}),
                expected={key: value for key, value in case.items() if key not in known},
            )


def table_cases() -> Iterator[Case]:
    """Yield a case for each cell of the truth tables."""
    data = read_yaml("tables")
    operands, names = data["operands"], {"M": "met", "O": "open", "B": "broken"}

    def cell(it: str, expr: str, letters: str) -> Case:
        outcome = [names[letter] for letter in letters]
        return Case("tables", it, expr, data["fields"], data["given"], data["as_of"], {}, {}, {}, {"outcome": outcome})

    for op in ("and", "or"):
        for left, row in data["tables"][op].items():
            for right, letters in row.items():
                yield cell(f"{left} {op} {right}", f"{operands[left]} {op} {operands[right]}", letters)
    for operand, letters in data["tables"]["not"].items():
        yield cell(f"not {operand}", f"not {operands[operand]}", letters)
    for condition, row in data["tables"]["if"].items():
        for branches, letters in row.items():
            yes, no = (operands[branch] for branch in branches.split("/"))
            yield cell(f"if {condition} {branches}", f"if {operands[condition]} then {yes} else {no}", letters)


def vocabulary_of(kinds: Mapping[str, Mapping[str, str]]) -> Vocabulary:
    """Return the vocabulary of short declarations: `days[].length: exact time`, `flex: record, none`."""
    return _vocabulary(json.dumps({kind: dict(fields) for kind, fields in kinds.items()}, sort_keys=True))


@cache
def _vocabulary(declared: str) -> Vocabulary:
    with tempfile.TemporaryDirectory() as folder:
        for kind, fields in json.loads(declared).items():
            schema = _schema(kind, fields)
            (Path(folder) / f"{kind}.yaml").write_text(json.dumps(schema, ensure_ascii=False), encoding="utf-8")
        return load_vocabulary(Path(folder))


def _schema(kind: str, fields: Mapping[str, str]) -> dict[str, Any]:
    root: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "record": kind,
        "label": _label(kind),
        "type": "object",
        "required": ["record", "id"],
        "additionalProperties": False,
        "properties": {"record": {"const": kind}, "id": {"type": "string", "label": _label("id")}},
    }
    for path, spec in fields.items():
        _place(root, path, spec)
    return root


def _place(root: dict[str, Any], path: str, spec: str) -> None:
    here = root
    parts = path.split(".")
    for part in parts[:-1]:
        name = part.removesuffix("[]")
        below = here["properties"].setdefault(name, {"label": _label(name), **_object()})
        if part.endswith("[]"):
            if below.get("type") != "array":
                below.clear()
                below.update({"type": "array", "label": _label(name), "items": {"label": _label(name), **_object()}})
            below = below["items"]
        here = below
    name = parts[-1]
    schema = {"label": _label(name), **_property(spec)}
    there = here["properties"].get(name)
    if there is None:
        here["properties"][name] = schema
    else:
        there.update({key: value for key, value in schema.items() if key in ("absence", "event", "judged", "private")})


def _object() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {}}


def _property(spec: str) -> dict[str, Any]:
    enum = re.search(r"enum \{([^}]*)\}", spec)
    words = re.sub(r"\{[^}]*\}", "", spec)
    base, *marks = [part.strip() for part in words.split(",")]
    schema: dict[str, Any] = {}
    for mark in marks:
        schema |= {"absence": "none"} if mark == "none" else {mark: True}
    if base == "list":
        return schema | {"type": "array", "items": _object()}
    if base.startswith("list of"):
        item = "enum {" + enum.group(1) + "}" if enum else base.removeprefix("list of").strip()
        return schema | {"type": "array", "items": _property(item)}
    if enum:
        members = [member.strip() for member in enum.group(1).split(",")]
        return schema | {"type": "string", "enum": members, "enum_labels": {m: _label(m) for m in members}}
    if base == "record":
        return schema | _object()
    if base in _FORMATS:
        return schema | {"type": "string", "format": _FORMATS[base]}
    return schema | {"type": _TYPES[base]}


def _label(name: str) -> dict[str, str]:
    return dict.fromkeys(("fi", "sv", "en"), name.replace("_", " "))


def check_definitions(texts: Mapping[str, str], scope: Scope, checker: Checker) -> dict[str, core.Expr]:
    """Return the typed core of definitions given as texts; they may use one another in any order."""

    def entry(name: str, text: str) -> DefinitionEntry:
        fragment = Fragment.of(text)
        return DefinitionEntry(name, parse_expression(fragment), Text(), fragment.source, fragment.span(0, len(text)))

    def check(found: DefinitionEntry) -> core.Expr:
        assert found.node is not None
        return checker.value(found.node, replace(scope, definitions=lazy))

    entries = {name: entry(name, text) for name, text in texts.items()}
    lazy: Mapping[str, core.Expr] = {}
    lazy = LazyDefinitions(entries, check, lambda: len(checker.diagnostics), checker.diagnostics.append)
    return dict(lazy)
