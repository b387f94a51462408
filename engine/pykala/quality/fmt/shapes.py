"""How each part of a policy repository's files is laid out: the order of its keys, and what its values are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pykala.policy.contents_file import CONTENTS_KEYS, SERVICE_KEYS
from pykala.policy.model import LANGUAGES
from pykala.policy.policy_file import HEAD_KEYS
from pykala.policy.rule_entries import EQUIVALENT_KEYS, EXAMPLE_KEYS, EXCEPTION_KEYS, RULE_KEYS
from pykala.policy.sources import DOCUMENT_KEYS, SOURCE_KEYS, STATEMENT_KEYS

Leaf: TypeAlias = Literal["data", "word", "expression", "binder", "text"]
"""`data` and `word` stay as they are written; `text` is for people; the others are parsed and printed."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping. Keys that are not in `order` follow in the order of the file; `other` is the shape of their values."""

    order: tuple[str, ...] = ()
    values: Mapping[str, Shape] = field(default_factory=dict)
    other: Shape = "data"
    lines: bool = False
    """Whether it always stands on lines of its own; else in braces, where it did and still fits a line."""
    close: bool = False
    """Whether it stands in braces wherever it fits a line."""
    alone: Leaf = "data"
    """What a single value in its place is."""
    apart: tuple[str, ...] = ()
    """The keys before which a blank line stands."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list. `apart`: a blank line stands between its items."""

    item: Shape = "data"
    apart: bool = False
    lines: bool = False


Shape: TypeAlias = Leaf | Keys | Items

_BY_LANGUAGE: Mapping[str, Shape] = dict.fromkeys(LANGUAGES, "text")
# What is read as prose stands on lines of its own; what is a name stays short.
PROSE = Keys(LANGUAGES, _BY_LANGUAGE, "text", lines=True, alone="text")
LABEL = Keys(LANGUAGES, _BY_LANGUAGE, "text", close=True, alone="text")

_DEFINITION = Keys(("label", "value"), {"label": LABEL, "value": "expression"}, lines=True, alone="expression")
_DEFINITIONS = Keys(other=_DEFINITION, lines=True)
_EXCEPTION = Keys(EXCEPTION_KEYS, {"title": LABEL, "if": "expression"}, lines=True, alone="expression")
_EXCEPTIONS = Keys(other=_EXCEPTION, lines=True)
_PARAMETER = Keys(
    ("value", "type", "label", "cite", "note"),
    {"value": "expression", "type": "word", "label": LABEL, "note": PROSE},
    lines=True,
)
_READING = Keys(
    ("question", "options", "chosen", "why", "cite"),
    {"question": PROSE, "options": Keys(other=LABEL, lines=True), "why": PROSE},
    lines=True,
)
_EXAMPLE = Keys(
    EXAMPLE_KEYS,
    {"it": LABEL, "given": Keys(), "parameters": Keys(other="expression"), "readings": Keys()},
)
_EQUIVALENT = Keys(EQUIVALENT_KEYS, {"mutant": "data", "why": PROSE}, lines=True)
_RULE = Keys(
    RULE_KEYS,
    {
        "title": PROSE,
        "note": PROSE,
        "for each": "binder",
        "define": _DEFINITIONS,
        "when": "expression",
        "require": "expression",
        "unless": _EXCEPTIONS,
        "pending while": "expression",
        "computes": _DEFINITIONS,
        "message": PROSE,
        "examples": Items(_EXAMPLE, lines=True),
        "equivalent": Items(_EQUIVALENT, lines=True),
    },
    lines=True,
)
POLICY = Keys(
    HEAD_KEYS,
    {
        "title": PROSE,
        "note": PROSE,
        "applies_to": "expression",
        "selected_by": "expression",
        "with": Keys(),
        "in_force": Keys(("first_day", "last_day")),
        "transition": Keys(("also", "last_day", "cite")),
        "suppress": Items(Keys(("check", "at", "why", "until"), {"why": LABEL}), lines=True),
        "readings": Keys(other=_READING, lines=True),
        "parameters": Keys(other=_PARAMETER, lines=True),
        "define": _DEFINITIONS,
        "typical": Keys(lines=True),
        "rules": Items(_RULE, apart=True, lines=True),
    },
    lines=True,
    apart=("readings", "parameters", "define", "typical", "rules"),
)
_STATED_READING = Keys(
    ("chosen", "alternative", "why"), dict.fromkeys(("chosen", "alternative", "why"), PROSE), lines=True
)
_STATEMENT = Keys(
    STATEMENT_KEYS,
    {
        "says": PROSE,
        "why_not": PROSE,
        "place": PROSE,
        "reading": _STATED_READING,
        "in_force": Keys(("first_day", "last_day", "note"), {"note": PROSE}),
    },
    lines=True,
)
SOURCE = Keys(
    SOURCE_KEYS,
    {
        "title": PROSE,
        "document": Keys(DOCUMENT_KEYS, {"note": PROSE}),
        "statements": Items(_STATEMENT, lines=True),
    },
    lines=True,
    apart=("statements",),
)
_SERVICE = Keys(SERVICE_KEYS, {"title": LABEL, "for_whom": PROSE}, lines=True)
CONTENTS = Keys(
    CONTENTS_KEYS,
    {
        "title": LABEL,
        "about": PROSE,
        "services": Keys(other=_SERVICE, lines=True),
        "phases": Keys(other=LABEL, lines=True),
    },
    lines=True,
    apart=("services", "phases"),
)
_PROPERTY_VALUES: dict[str, Shape] = {"label": LABEL, "describe": PROSE, "enum_labels": Keys(other=LABEL, lines=True)}
_PROPERTY = Keys(values=_PROPERTY_VALUES)
_PROPERTY_VALUES |= {
    "properties": Keys(other=_PROPERTY, lines=True),
    "$defs": Keys(other=_PROPERTY, lines=True),
    "items": _PROPERTY,
}
RECORD = Keys(values=_PROPERTY_VALUES, lines=True)
"""A schema keeps the order of its keys, which says more than any order of ours would."""
