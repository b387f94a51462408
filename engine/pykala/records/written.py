"""Core values back to plain data, as a file says them: what `build` reads, written."""

from __future__ import annotations

from typing import Any

from pykala.handbook.numbers import canonical
from pykala_dsl.typesys import ListType, RecordType


def written(kind: RecordType, data: Any) -> dict[str, Any]:
    """Return the fields of a record as plain data, in the order in which the kind declares them.

    Amounts are exact: money to the cent, times and shares in the language's own notation.
    """
    return {name: _value(declared.type, data[name]) for name, declared in kind.fields.items() if name in data}


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, RecordType):
        return written(kind, value)
    if isinstance(kind, ListType):
        return [_value(kind.element, item) for item in value]
    return canonical(value, kind)
