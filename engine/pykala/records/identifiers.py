"""Identity codes in records: whether one is well formed, found out when the record is read.

The schema says which field holds a code (`identifier`) and which yes/no field tells whether its form is right
(`well_formed`), so that no rule handles the code itself. The forms are those of python-stdnum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _is_personal_code(text: str) -> bool:
    from stdnum.fi import hetu

    # Codes of 900 to 999 are given for a time, to people without another; they are well formed.
    return hetu.is_valid(text, allow_temporary=True)


def _is_business_id(text: str) -> bool:
    from stdnum.fi import ytunnus

    return ytunnus.is_valid(text)


IDENTIFIERS: dict[str, Callable[[str], bool]] = {
    "personal-identity-code": _is_personal_code,
    "business-id": _is_business_id,
}
"""The kinds of codes that a schema can name, with what tells whether a text is a well-formed one."""


def is_well_formed(identifier: str, text: str) -> bool:
    """Return whether a text is a well-formed code of a kind: its length, its letters, its date, its check character.

    >>> is_well_formed("personal-identity-code", "010190-999W"), is_well_formed("personal-identity-code", "010190-999K")
    (True, False)
    """
    return IDENTIFIERS[identifier](text)


def told_forms(schema: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return what a schema's yes/no fields tell of codes: the field, the code's field, the kind of code."""
    properties = schema.get("properties", {})
    return tuple(
        (name, code, properties[code]["identifier"])
        for name, each in properties.items()
        if (code := each.get("well_formed")) is not None
    )
