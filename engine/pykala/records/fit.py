"""Whether data surely fits a schema, found without the JSON Schema library, which takes longer to load than a check.

It is asked first, and answers "no" also where it is not sure: then the library decides, and words the mistakes.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

_ANNOTATIONS = frozenset(
    (
        *("default", "deprecated", "description", "examples", "format", "readOnly", "title", "writeOnly"),
        *("absence", "event", "identified_by", "identifier", "judged", "private", "well_formed"),
    )
)


def surely_fits(schema: dict[str, Any], data: Any) -> bool:
    """Return whether data fits a schema whose references are resolved; false, too, where a keyword is not known here."""
    for keyword, wanted in schema.items():
        match keyword:
            case "type":
                kinds = wanted if isinstance(wanted, list) else [wanted]
                if not any(_is(kind, data) for kind in kinds):
                    return False
            case "enum":
                if not (data is None or isinstance(data, str)) or data not in wanted:
                    return False
            case "const":
                if not isinstance(data, str) or data != wanted:
                    return False
            case "required":
                if isinstance(data, dict) and not all(name in data for name in wanted):
                    return False
            case "properties":
                if isinstance(data, dict) and not all(
                    surely_fits(wanted[k], v) for k, v in data.items() if k in wanted
                ):
                    return False
            case "additionalProperties":
                if wanted is not False or (
                    isinstance(data, dict) and not data.keys() <= schema.get("properties", {}).keys()
                ):
                    return False
            case "items":
                if isinstance(data, list) and not all(surely_fits(wanted, item) for item in data):
                    return False
            case "minimum":
                if _is("number", data) and data < wanted:
                    return False
            case "maximum":
                if _is("number", data) and data > wanted:
                    return False
            case _ if keyword not in _ANNOTATIONS:
                return False
    return True


def _is(kind: str, data: Any) -> bool:
    match kind:
        case "null":
            return data is None
        case "boolean":
            return isinstance(data, bool)
        case "string":
            return isinstance(data, str)
        case "array":
            return isinstance(data, list)
        case "object":
            return isinstance(data, dict)
        case "number":
            return isinstance(data, int | Fraction) and not isinstance(data, bool)
        case "integer":
            return _is("number", data) and data.denominator == 1
        case _:
            return False
