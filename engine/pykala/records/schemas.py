"""JSON Schemas made from the vocabulary's own: one for editors, one to validate records with.

Both let optional properties be null ("recorded as none") and know our formats; neither is ever written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pykala.policy.model import Lang

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Schema = dict[str, Any]

_NUMBER = r"[0-9]+(\.[0-9]+)?"
_ISO_TIME = r"PT(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+S)?"
PATTERNS = {
    "exact-time": rf"^\s*({_NUMBER}\s*h(\s*{_NUMBER}\s*min)?|{_NUMBER}\s*min|{_ISO_TIME})\s*$",
    "money": r"^\s*[0-9]+(\.[0-9]{1,2})?\s*EUR\s*$",
    "share": rf"^\s*{_NUMBER}\s*%\s*$",
    "days": r"^\s*([0-9]+\s*weeks?(\s*[0-9]+\s*days?)?|[0-9]+\s*days?|P(?=[0-9])([0-9]+W)?([0-9]+D)?)\s*$",
    "months": r"^\s*([0-9]+\s*years?(\s*[0-9]+\s*months?)?|[0-9]+\s*months?|P(?=[0-9])([0-9]+Y)?([0-9]+M)?)\s*$",
}
_EXTENSIONS = {
    "absence": "x-absence",
    "event": "x-event",
    "judged": "x-judged",
    "private": "x-private",
    "identified_by": "x-identified-by",
    "identifier": "x-identifier",
    "well_formed": "x-well-formed",
    "record": "x-record",
}


def published_schema(schema: Schema, lang: Lang) -> Schema:
    """Return the schema of one kind for editors: standard keywords, ours under `x-…`, texts in one language."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_published(schema, lang, optional=False)}


def _published(schema: Schema, lang: Lang, *, optional: bool) -> Schema:
    out: Schema = {}
    for key, value in schema.items():
        match key:
            case "label":
                out["title"] = _in_language(value, lang)
            case "describe":
                out["description"] = _in_language(value, lang)
            case "enum_labels":
                out["x-enum-labels"] = {member: _in_language(text, lang) for member, text in value.items()}
            case "properties":
                required = set(schema.get("required", ()))
                out[key] = {
                    name: _published(inner, lang, optional=name not in required) for name, inner in value.items()
                }
            case "items":
                out[key] = _published(value, lang, optional=False)
            case "$defs":
                out[key] = {name: _published(inner, lang, optional=False) for name, inner in value.items()}
            case "format" if value in PATTERNS:
                out["x-format"] = value
                out["pattern"] = PATTERNS[value]
            case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf":
                out[key] = _json_number(value)
            case "collect":
                pass
            case _ if key in _EXTENSIONS:
                out[_EXTENSIONS[key]] = value
            case _:
                out[key] = value
    if schema.get("type") == "object":
        out["additionalProperties"] = False
    if schema.get("format") == "money":
        out |= {"type": ["string", "number"], "minimum": 0}
    if schema.get("type") == "integer":
        out["minimum"] = max(0, out.get("minimum", 0))
    return _nullable(out) if optional else out


def _nullable(schema: Schema) -> Schema:
    if "$ref" in schema:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return {**rest, "anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}]}
    if "const" in schema:
        return schema
    out = dict(schema)
    if "type" in out:
        kinds = out["type"] if isinstance(out["type"], list) else [out["type"]]
        out["type"] = [*kinds, "null"]
    if "enum" in out:
        out["enum"] = [*out["enum"], None]
    return out


def validator(schema: Schema) -> Validator:
    """Return a validator of records of one kind: references resolved, numbers exact, formats left to the conversion."""
    checked: Validator = _validator_class()(resolved(schema))
    return checked


def resolved(schema: Schema) -> Schema:
    """Return a schema as records are validated by: references resolved, optional properties nullable."""
    return _inlined(schema, schema.get("$defs", {}), optional=False, private=False)


def metaschema_errors(schema: Schema) -> Iterator[list[str | int]]:
    """Yield the path of each thing in a schema that JSON Schema 2020-12 does not allow."""
    checker = _validator_class()
    seen: set[tuple[str | int, ...]] = set()
    for error in checker(checker.META_SCHEMA).iter_errors(_standard_part(schema)):
        path = tuple(error.absolute_path)
        if path not in seen:
            seen.add(path)
            yield list(path)


def _standard_part(schema: Schema) -> Schema:
    """Return a schema without the labels, which are most of it and say nothing to JSON Schema."""
    out: Schema = {}
    for key, value in schema.items():
        if key in ("label", "describe", "enum_labels", "collect"):
            continue
        if key in ("properties", "$defs") and isinstance(value, dict):
            out[key] = {n: _standard_part(inner) if isinstance(inner, dict) else inner for n, inner in value.items()}
        elif key == "items" and isinstance(value, dict):
            out[key] = _standard_part(value)
        else:
            out[key] = value
    return out


def _inlined(schema: Schema, defs: Schema, *, optional: bool, private: bool) -> Schema:
    if "$ref" in schema:
        target = defs[schema["$ref"].removeprefix("#/$defs/")]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    private = private or schema.get("private") is True
    out: Schema = {"private": True} if private else {}
    for key, value in schema.items():
        match key:
            case "properties":
                required = set(schema.get("required", ()))
                out[key] = {
                    name: _inlined(inner, defs, optional=name not in required, private=private)
                    for name, inner in value.items()
                }
            case "items":
                out[key] = _inlined(value, defs, optional=False, private=private)
            case "label" | "describe" | "enum_labels" | "$defs" | "$schema" | "$id" | "record" | "collect":
                pass
            case _:
                out[key] = value
    if "enum" in out:
        out.setdefault("type", "string")
    if out.get("type") == "object":
        out["additionalProperties"] = False
    if out.get("type") == "integer":
        out["minimum"] = max(0, out.get("minimum", 0))
    if out.get("format") == "money":
        out["type"] = ["string", "number"]
    return _nullable(out) if optional else out


def _validator_class() -> Any:
    from jsonschema import Draft202012Validator, validators

    base: Any = Draft202012Validator
    library: Any = validators
    types = base.TYPE_CHECKER.redefine_many({"integer": _is_integer, "number": _is_number})
    return library.extend(base, type_checker=types)


def _is_number(_: object, value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _is_integer(_: object, value: object) -> bool:
    return _is_number(_, value) and isinstance(value, int | Fraction) and value.denominator == 1


def _in_language(text: Any, lang: Lang) -> str:
    for wanted in (lang, "fi", "sv", "en"):
        if isinstance(text, dict) and text.get(wanted):
            return str(text[wanted])
    return ""


def _json_number(value: Any) -> Any:
    """Return a number as JSON can write it; the bounds of schemas are short decimals."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value
