"""A collected record completed by one that people wrote: what they know stays, what both say must agree."""

from __future__ import annotations

from typing import Any

from pykala.records.collect_cells import key_of
from pykala_dsl.typesys import FieldType, ListType, RecordType


def complete(
    kind: RecordType, collected: dict[str, Any], given: Any, conflicts: list[str], path: str = ""
) -> dict[str, Any]:
    """Return the fields of both; a field on which they differ is left out, and its path kept in `conflicts`.

    Private fields never enter. Lists whose elements people know by a property are completed element by element.
    """
    out = dict(collected)
    for name, declared in kind.fields.items():
        if name not in given or declared.private or (not path and name == "id"):
            continue
        where = f"{path}.{name}" if path else name
        value = _public(declared, given[name])
        if name not in collected:
            out[name] = value
        elif (both := _both(declared, collected[name], value, conflicts, where)) is not _DIFFER:
            out[name] = both
        else:
            del out[name]
            conflicts.append(where)
    return out


_DIFFER = object()


def _both(declared: FieldType, collected: Any, given: Any, conflicts: list[str], path: str) -> Any:
    kind = declared.type
    if isinstance(kind, RecordType) and isinstance(collected, dict) and isinstance(given, dict):
        return complete(kind, collected, given, conflicts, path)
    if isinstance(kind, ListType) and isinstance(kind.element, RecordType) and kind.identified_by:
        return _lists(kind, kind.element, kind.identified_by, collected, given, conflicts, path)
    if isinstance(kind, ListType) and isinstance(collected, list) and isinstance(given, list):
        same = {key_of(item) for item in collected} == {key_of(item) for item in given}
        return collected if same else _DIFFER
    return collected if key_of(collected) == key_of(given) else _DIFFER


def _lists(
    kind: ListType, element: RecordType, by: str, collected: Any, given: Any, conflicts: list[str], path: str
) -> Any:
    if not isinstance(given, list):
        return _DIFFER
    own = {key_of(item.get(by)): item for item in given if item.get(by) is not None}
    if len(own) < len(given):
        return _DIFFER
    out = []
    for number, item in enumerate(collected):
        other = own.pop(key_of(item.get(by)), None) if item.get(by) is not None else None
        out.append(item if other is None else complete(element, item, other, conflicts, f"{path}[{number}]"))
    return [*out, *own.values()]


def _public(declared: FieldType, value: Any) -> Any:
    kind = declared.type
    if isinstance(kind, RecordType) and isinstance(value, dict):
        return complete(kind, {}, value, [], declared.name)
    if isinstance(kind, ListType) and isinstance(kind.element, RecordType) and isinstance(value, list):
        return [complete(kind.element, {}, item, [], declared.name) for item in value]
    return value
